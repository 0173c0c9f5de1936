"""Elicitation: priorities from judgements people can make - swings, an order, pairs, the best and the worst."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer
from advisor.methods import VALUE_FLOOR
from advisor.priorities import MOST
from advisor.problems import AdvisorError, Problem
from advisor.properties import CRITERIA, GROUPS, properties
from advisor.sentences import Num, Sentence
from advisor.turning import criterion_curve
from advisor.values import Curve, Member, fold
from advisor.weighting import (
    MOST_INCONSISTENT,
    Judgement,
    ahp,
    best_worst_linear,
    critic,
    entropy,
    merec,
    rank_order_centroid,
)

#: A criterion whose values differ by less among the passing materials is not asked about: its weight hardly moves them.
LEAST_SWING: Final = 0.05


# What a criterion's best and worst are here ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Level:
    """A value of one criterion that a passing material has, with that material's figures.

    Attributes:
        criterion: key.
        value: 0..1.
        row: the material.
        figures: (property, figure in the property's unit) of all that make the criterion.
    """

    criterion: str
    value: float
    row: int
    figures: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Swing:
    """What one criterion can gain among the passing materials: from its worst to its best level."""

    criterion: str
    worst: Level
    best: Level

    @property
    def width(self) -> float:
        """Gain in value, 0..1."""
        return self.best.value - self.worst.value


def _members(answer: Answer, criterion: str) -> list[tuple[int, Member]]:
    return [(number, member) for number, member in enumerate(answer.values.members) if member.criterion == criterion]


def _known(answer: Answer, criterion: str) -> NDArray[np.intp]:
    """Passing rows that have every figure of a criterion."""
    rows = np.asarray(answer.ranking.passing_rows(), dtype=np.intp)
    own = np.array([number for number, _ in _members(answer, criterion)], dtype=np.intp)
    return rows[~answer.values.gaps[np.ix_(rows, own)].any(axis=1)] if len(own) else rows[:0]


def levels(answer: Answer, criterion: str, count: int = 2) -> tuple[Level, ...]:
    """Up to ``count`` levels of a criterion from worst to best, about evenly spread, each one a passing material has.

    Materials with a gap in the criterion lend no level. Empty where none is known or all are the same.
    """
    rows = _known(answer, criterion)
    values = answer.values.typical[rows, CRITERIA.index(criterion)]
    if not len(rows) or values.max() - values.min() < 1e-9:
        return ()
    found: dict[float, Level] = {}
    for aim in np.linspace(values.min(), values.max(), count):
        place = int(np.argmin(np.abs(values - aim)))
        row, value = int(rows[place]), float(values[place])
        figures = tuple(
            (member.property, float(answer.table.typical[row, answer.table.column(member.property)]))
            for _, member in _members(answer, criterion)
        )
        found.setdefault(round(value, 9), Level(criterion, value, row, figures))
    return tuple(found[value] for value in sorted(found))


def swings(answer: Answer) -> tuple[Swing, ...]:
    """Worst and best of every criterion that tells the passing materials apart, in criterion order."""
    found = []
    for criterion in CRITERIA:
        ends = levels(answer, criterion)
        if len(ends) == 2 and ends[1].value - ends[0].value >= LEAST_SWING:
            found.append(Swing(criterion, ends[0], ends[1]))
    return tuple(found)


# Priorities from judgements -------------------------------------------------------------------------------------------


def scaled(weights: Mapping[str, float]) -> dict[str, float]:
    """Priorities in the proportion of weights, the largest 10.

    Raises:
        AdvisorError: a weight is negative or no number, or all are 0.
    """
    if any(not weight >= 0 or weight == float("inf") for weight in weights.values()):
        raise AdvisorError(Problem("wrong-judgement", "a weight below 0 is no judgement", "give 0 or more"))
    most = max(weights.values(), default=0.0)
    if most <= 0:
        raise AdvisorError(Problem("wrong-judgement", "nothing matters at all", "give at least one criterion points"))
    return {key: MOST * (weight / most) for key, weight in weights.items()}


def swing_weights(points: Mapping[str, float], ranges: Sequence[Swing]) -> dict[str, float]:
    """Priorities from swing points (von Winterfeldt & Edwards 1986).

    Points say what going from worst to best is worth, so a weight on the fixed value scale is points / width: the same
    points for a narrower swing mean a heavier criterion.

    Args:
        points: criterion -> 0..100; a criterion without a swing is refused.
        ranges: :func:`swings` of the answer they were given for.

    Raises:
        AdvisorError: points outside 0..100, on a criterion without a swing, or all 0.
    """
    width = {swing.criterion: swing.width for swing in ranges}
    for key, given in points.items():
        if key not in width or not 0 <= given <= 100:
            hint = "points go from 0 to 100" if key in width else "all that pass are alike in it"
            raise AdvisorError(Problem("wrong-judgement", f"{given:g} points are no judgement", hint, column=key))
    return scaled({key: given / width[key] for key, given in points.items()})


def rank_order(order: Sequence[str], ranges: Sequence[Swing] = ()) -> dict[str, float]:
    """Priorities from an order of importance, the most important first (rank-order centroid, SMARTER).

    Args:
        order: criteria, each once.
        ranges: where what was ordered are swings from worst to best, these; the centroid weights then belong to the
            swings and are divided by their widths. Without them criteria themselves were ordered.

    Raises:
        AdvisorError: nothing is ordered, or a criterion stands twice.
    """
    if not order or len(set(order)) < len(order):
        raise AdvisorError(Problem("wrong-judgement", "this is no order", "name each criterion once"))
    width = {swing.criterion: swing.width for swing in ranges}
    parts = rank_order_centroid(len(order)).weights
    return scaled({key: float(part) / width.get(key, 1.0) for key, part in zip(order, parts, strict=True)})


@dataclass(frozen=True)
class Judged:
    """Priorities from pairwise judgements.

    Attributes:
        priorities: what was compared (criteria, or groups) -> 0..10.
        ratio: consistency ratio; 0 is fully consistent.
        consistent: whether the judgements hang together (0.10 and below).
        worst: the two whose judgement lies farthest from all others, None where all agree.
        judgement: that judgement, given and implied.
    """

    priorities: Mapping[str, float]
    ratio: float
    consistent: bool
    worst: tuple[str, str] | None
    judgement: Judgement | None


def pairwise(keys: Sequence[str], judgements: Mapping[tuple[str, str], float]) -> Judged:
    """Priorities by the analytic hierarchy process.

    Args:
        keys: what is compared.
        judgements: (first, second) -> how many times as important the first is, 1/9..9; a pair left out counts as 1.

    Raises:
        AdvisorError: a judgement lies outside 1/9..9.
    """
    places = {key: number for number, key in enumerate(keys)}
    matrix = np.eye(len(keys)) + np.where(np.eye(len(keys)) > 0, 0.0, 1.0)
    for (first, second), given in judgements.items():
        if not 1 / 9 - 1e-9 <= given <= 9 + 1e-9:
            raise AdvisorError(
                Problem("wrong-judgement", f"{given:g} is no judgement", "judgements go from 1/9 to 9", column=first)
            )
        matrix[places[first], places[second]], matrix[places[second], places[first]] = given, 1.0 / given
    found = ahp(matrix)
    worst = (keys[found.worst.first], keys[found.worst.second]) if found.worst else None
    priorities = scaled(dict(zip(keys, found.weights.tolist(), strict=True)))
    return Judged(priorities, found.ratio, found.consistent, worst, found.worst)


@dataclass(frozen=True)
class Extremes:
    """Priorities from comparing everything with the most and with the least important.

    Attributes:
        priorities: what was compared -> 0..10.
        ratio: input-based consistency ratio, 0 fully consistent; see ``weighting.LinearBestWorst``.
        consistent: whether the judgements hang together (``MOST_INCONSISTENT`` and below).
        worst: the one whose two judgements agree least with how far the best was said to be above the worst; None where
            all agree.
    """

    priorities: Mapping[str, float]
    ratio: float
    consistent: bool
    worst: str | None


def best_and_worst(
    best: str,
    worst: str,
    best_to_others: Mapping[str, float],
    others_to_worst: Mapping[str, float],
    ranges: Sequence[Swing] = (),
) -> Extremes:
    """Priorities by the best-worst method, linear model; both mappings name everything compared, 1..9, 1 for itself.

    Args:
        best, worst: keys of the most and the least important.
        best_to_others: key -> how many times as important the best is.
        others_to_worst: key -> how many times as important it is as the worst.
        ranges: where what was compared are swings from worst to best, these; weights are divided by their widths.

    Raises:
        AdvisorError: a judgement lies outside 1..9, or that of the best or worst with itself is not 1.
    """
    keys = list(best_to_others)
    ahead, over = [best_to_others[key] for key in keys], [others_to_worst[key] for key in keys]
    found = best_worst_linear(ahead, over, keys.index(best), keys.index(worst))
    width = {swing.criterion: swing.width for swing in ranges}
    weights = dict(zip(keys, found.weights.tolist(), strict=True))
    priorities = scaled({key: weight / width.get(key, 1.0) for key, weight in weights.items()})
    named = None if found.worst is None else keys[found.worst]
    return Extremes(priorities, found.ratio, found.ratio <= MOST_INCONSISTENT, named)


#: Ways to weigh by the figures alone.
FROM_FIGURES: Final = ("entropy", "critic", "merec")


def from_figures(answer: Answer, method: str, locks: Collection[str] = ()) -> tuple[dict[str, float], str]:
    """Priorities from how the passing materials' values spread, with the warning that belongs to them.

    Values below 0.01 count as 0.01 for MEREC, whose figures have to be above 0. Criteria all that pass are alike in
    are left out: nothing can be said of them.

    Args:
        answer: whose passing materials are looked at.
        method: one of ``FROM_FIGURES``.
        locks: criteria to leave out.

    Raises:
        AdvisorError: nothing tells the passing materials apart.
    """
    criteria = [swing.criterion for swing in swings(answer) if swing.criterion not in locks]
    if not criteria:
        raise AdvisorError(Problem("wrong-judgement", "all that pass are alike", "nothing can be weighed by figures"))
    rows = answer.ranking.passing_rows()
    columns = np.array([CRITERIA.index(key) for key in criteria], dtype=np.intp)
    values = answer.values.typical[np.ix_(rows, columns)]
    if method == "merec":
        found = merec(np.maximum(values, VALUE_FLOOR), ["max"] * len(criteria))
    else:
        found = {"entropy": entropy, "critic": critic}[method](values)
    return scaled(dict(zip(criteria, found.weights.tolist(), strict=True))), found.warning


def from_groups(groups: Mapping[str, float], present: Mapping[str, float]) -> dict[str, float]:
    """Criteria's priorities from those of their groups: inside a group the present proportions stay.

    Groups compete as wholes: a group's weight is shared out among its criteria, equally where all of them are at 0.
    """
    found: dict[str, float] = {}
    for group, weight in groups.items():
        own = GROUPS[group]
        total = sum(present[key] for key in own)
        for key in own:
            found[key] = weight * (present[key] / total if total > 0 else 1 / len(own))
    return scaled(found)


def applied(found: Mapping[str, float], present: Mapping[str, float], locks: Collection[str] = ()) -> dict[str, float]:
    """All sixteen priorities once elicited ones are taken over, the largest 10.

    Locked criteria, and those nothing was elicited for, keep their share of the sum; the rest share what is left in
    the proportion found. Where the kept ones hold everything nothing changes.
    """
    total = sum(present.values())
    moving = {key: weight for key, weight in found.items() if key not in locks}
    kept = {key: present[key] / total if total > 0 else 1 / len(CRITERIA) for key in CRITERIA if key not in moving}
    left, heap = 1.0 - sum(kept.values()), sum(moving.values())
    if heap <= 0 or (left <= 1e-12 and total > 0):
        return {key: float(present[key]) for key in CRITERIA}
    shares = kept | {key: left * weight / heap for key, weight in moving.items()}
    most = max(shares.values())
    return {key: round(MOST * shares[key] / most, 3) for key in CRITERIA}


# Equivalent change ----------------------------------------------------------------------------------------------------

#: Why a criterion has no equivalent change.
NO_EQUIVALENT: Final = ("free", "gap", "flat", "no-weight", "no-price")


@dataclass(frozen=True)
class Equivalent:
    """What a change of one criterion's property is worth in money, for one material under the present priorities.

    Attributes:
        criterion: key.
        key: the property whose figure decides the criterion here; "" where nothing is asked of it.
        figure: the material's figure; NaN for a gap.
        better: +1 where more is better from there, -1 where less is; 0 without an equivalent.
        change: size of the change (> 0, the property's unit) worth one unit of the price; None where there is none.
        worth: price units (USD/m²) that one unit of the property is worth; None likewise.
        step: a round change that stays on the straight part of the curve; None likewise.
        reason: why there is none, one of ``NO_EQUIVALENT``; "" where there is one.
    """

    criterion: str
    key: str
    figure: float
    better: int
    change: float | None
    worth: float | None
    step: float | None
    reason: str

    @property
    def step_worth(self) -> float | None:
        """What the round change is worth in price units."""
        return None if self.worth is None or self.step is None else self.worth * self.step


@dataclass(frozen=True)
class _Slope:
    member: Member | None
    figure: float
    slope: float  # of the criterion's value, signed, towards better
    room: float  # length of the straight part
    reason: str


def _towards_better(curve: Curve, figure: float) -> tuple[float, float]:
    """Signed slope on the side where the value rises, and how far that straight part goes; 0 where neither rises."""
    knots = np.array(curve.x)
    found: list[tuple[float, float]] = []
    for sign in (1.0, -1.0):
        ahead = knots[knots > figure] if sign > 0 else knots[knots < figure]
        if not len(ahead):
            continue
        until = float(ahead.min() if sign > 0 else ahead.max())
        rise = float(np.interp(until, curve.x, curve.value) - np.interp(figure, curve.x, curve.value))
        if rise > 1e-12 and until != figure:
            found.append((rise / (until - figure), abs(until - figure)))
    return max(found, key=lambda one: abs(one[0]), default=(0.0, 0.0))


def _slope(answer: Answer, row: int, criterion: str) -> _Slope:
    """How a criterion's value answers to the figure that decides it."""
    own = _members(answer, criterion)
    if not own:
        return _Slope(None, float("nan"), 0.0, 0.0, "free")
    figures = [float(answer.table.typical[row, answer.table.column(member.property)]) for _, member in own]
    first = own[0][1]
    if any(figure != figure for figure in figures):
        missing = next(number for number, figure in enumerate(figures) if figure != figure)
        return _Slope(own[missing][1], float("nan"), 0.0, 0.0, "gap")
    worths = [float(member.curve(np.array([figure]))[0]) for (_, member), figure in zip(own, figures, strict=True)]
    whole = float(fold(criterion, [np.array([worth]) for worth in worths])[0])
    if answer.values.places:
        # Each place folds for itself: what the criterion is worth over one figure is their weighted mean.
        for figure, (number, member) in zip(figures, own, strict=True):
            slope, room = _towards_better(criterion_curve(answer, row, number), figure)
            if slope:
                return _Slope(member, figure, slope, room, "")
        return _Slope(first, figures[0], 0.0, 0.0, "flat")
    # A probe of the fold tells how much of a member's gain the criterion takes on, whatever the rule of folding.
    best = _Slope(first, figures[0], 0.0, 0.0, "flat")
    for number, (_, member) in enumerate(own):
        slope, room = _towards_better(member.curve, figures[number])
        nudge = 1e-6
        raised = [np.array([worth + (nudge if other == number else 0.0)]) for other, worth in enumerate(worths)]
        taken = (float(fold(criterion, raised)[0]) - whole) / nudge
        if taken > 1e-6 and slope:
            others = [worth for other, worth in enumerate(worths) if other != number]
            if taken > 0.999 and others:
                room = min(room, (min(others) - worths[number]) / abs(slope)) or room
            return _Slope(member, figures[number], slope * taken, room, "")
    return best


def _price_slope(answer: Answer, row: int) -> tuple[float, bool]:
    """Value lost per unit of price: where the material stands, else on the falling part of the curve (then False)."""
    own = _members(answer, "price")
    if not own:
        return 0.0, False
    curve = own[0][1].curve
    figure = float(answer.table.typical[row, answer.table.column(own[0][1].property)])
    falls = [
        (x, after, (a - b) / (after - x))
        for x, after, a, b in zip(curve.x, curve.x[1:], curve.value, curve.value[1:], strict=False)
        if a > b and after - x > 1e-9
    ]
    if not falls:
        return 0.0, False
    for x, after, slope in falls:
        if x <= figure < after:
            return slope, True
    return min(falls, key=lambda one: min(abs(one[0] - figure), abs(one[1] - figure)) if figure == figure else 0)[
        2
    ], False


def price_is_local(answer: Answer, row: int) -> bool:
    """Whether the material's own price lies where the price curve falls; else money counts as between its ends."""
    return _price_slope(answer, row)[1]


def _round_step(size: float) -> float:
    """The greatest 1, 2 or 5 times a power of ten not above ``size``."""
    power = 10.0 ** floor(log10(size))
    return max(part * power for part in (1.0, 2.0, 5.0) if part * power <= size * (1 + 1e-9))


def equivalents(answer: Answer, row: int) -> tuple[Equivalent, ...]:
    """For every criterion but the price: the change of its deciding property worth one unit of the price.

    Around the material's own figures: slope of the value curve towards better × weight, over slope of the price curve
    × weight. Where a criterion is the lowest of several properties the lowest one decides. Where the material's price
    lies on a flat part (under the target, over the ceiling) the price counts as between target and ceiling; see
    :func:`price_is_local`.
    """
    weights = answer.terms.weights()
    money = weights["price"] * _price_slope(answer, row)[0]
    found = []
    for criterion in CRITERIA:
        if criterion == "price":
            continue
        at = _slope(answer, row, criterion)
        key = at.member.property if at.member else ""
        gain = weights[criterion] * abs(at.slope)
        reason = at.reason or ("no-weight" if gain <= 1e-15 else "no-price" if money <= 1e-15 else "")
        if reason:
            found.append(Equivalent(criterion, key, at.figure, 0, None, None, None, reason))
            continue
        step = _round_step(min(at.room, max(abs(at.figure) * 0.2, at.room * 0.1)))
        better = 1 if at.slope > 0 else -1
        found.append(Equivalent(criterion, key, at.figure, better, money / gain, gain / money, step, ""))
    return tuple(found)


def equivalent_sentence(one: Equivalent) -> Sentence | None:
    """An equivalent change in words, "Mass −20 g/m² is worth 0.24 USD/m² here"; None where there is none."""
    if one.step is None or one.step_worth is None:
        return None
    item = properties()[one.key]
    digits = max(0, -floor(log10(one.step) + 1e-9))
    cents = 2 if one.step_worth >= 0.095 else min(6, 1 - floor(log10(one.step_worth)))
    return Sentence(
        "equivalent",
        {
            "name": item.short,
            "change": Num(one.better * one.step, digits, signed=True),
            "unit": "" if item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit}),
            "money": Num(one.step_worth, cents),
        },
    )
