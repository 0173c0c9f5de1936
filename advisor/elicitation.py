"""Elicitation: priorities from judgements people can make - swings, an order, pairs, a few trade-off questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import floor, log, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer
from advisor.materials import Floats
from advisor.priorities import MOST
from advisor.problems import AdvisorError, Problem
from advisor.properties import CRITERIA, GROUPS
from advisor.turning import least_distance
from advisor.values import Curve, Member, fold
from advisor.weighting import Judgement, ahp, best_worst, rank_order_centroid

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
    return {key: MOST * weight / most for key, weight in weights.items()}


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


def best_and_worst(
    best: str, worst: str, best_to_others: Mapping[str, float], others_to_worst: Mapping[str, float]
) -> Judged:
    """Priorities by the best-worst method; both mappings name every criterion compared, 1..9, 1 for itself.

    The worst judgement is the one farthest, by ratio, from what the weights make of it.

    Raises:
        AdvisorError: a judgement lies outside 1..9, or that of the best or worst with itself is not 1.
    """
    keys = list(best_to_others)
    ahead, over = [best_to_others[key] for key in keys], [others_to_worst[key] for key in keys]
    top, bottom = keys.index(best), keys.index(worst)
    found = best_worst(ahead, over, top, bottom)
    weights = found.weights
    given = [(top, place, ahead[place]) for place in range(len(keys)) if place != top]
    given += [(place, bottom, over[place]) for place in range(len(keys)) if place not in (top, bottom)]
    judged = [Judgement(a, b, said, float(weights[a] / weights[b])) for a, b, said in given]
    farthest = max(judged, key=lambda one: abs(log(one.given / one.implied)), default=None)
    if farthest is not None and abs(log(farthest.given / farthest.implied)) <= 1e-6:
        farthest = None
    named = (keys[farthest.first], keys[farthest.second]) if farthest else None
    priorities = scaled(dict(zip(keys, weights.tolist(), strict=True)))
    return Judged(priorities, found.ratio, found.ratio <= 0.10, named, farthest)


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


# Trade-off questions --------------------------------------------------------------------------------------------------

#: Questions asked at most.
MOST_QUESTIONS: Final = 12
#: Share of the consistent weights for which the winner has to be the same.
SETTLED: Final = 0.95
#: Scores this near are level: the last digit printed.
LEVEL: Final = 0.01
#: "Equal" means: worth the same within this ratio.
EQUAL_RATIO: Final = 1.15
#: Replies.
REPLIES: Final = ("first", "second", "equal")
_POINTS: Final = 800
_STEPS: Final = 30
_LEVELS: Final = 5
_SEED: Final = 20260
_MOST_ROWS: Final = 500
_FIRST_PLACES: Final = 100


@dataclass(frozen=True)
class Question:
    """A choice between two cloths that are alike in all but two criteria.

    The first cloth has ``gain.best`` and ``loss.worst``, the second ``gain.worst`` and ``loss.best``.
    """

    gain: Swing
    loss: Swing

    @property
    def first(self) -> tuple[Level, Level]:
        """The first cloth's levels in the two criteria."""
        return self.gain.best, self.loss.worst

    @property
    def second(self) -> tuple[Level, Level]:
        """The second cloth's levels in the two criteria."""
        return self.gain.worst, self.loss.best

    def reply(self, weights: Mapping[str, float]) -> str:
        """What somebody with these weights would say."""
        there = weights[self.gain.criterion] * self.gain.width
        back = weights[self.loss.criterion] * self.loss.width
        if there <= back * EQUAL_RATIO and back <= there * EQUAL_RATIO:
            return "equal"
        return "first" if there > back else "second"


@dataclass(frozen=True, eq=False)
class Interview:
    """Questions answered so far and the weights that agree with them. Frozen; :meth:`answered` gives the next one.

    Attributes:
        criteria: those asked about.
        values: (contenders × criteria) values.
        rows: the contenders' table rows.
        base: (contenders,) score from criteria not asked about (locked, or all but alike), which keep their share.
        left: share of all weight that the criteria asked about have between them.
        candidates: questions that can be asked.
        replies: (question, reply) so far.
        doubted: numbers of replies set aside because the others contradict them, least plausible first.
        points: (points × criteria) sampled weights that agree with all replies not set aside, each summing to 1.
    """

    criteria: tuple[str, ...]
    values: Floats
    rows: NDArray[np.intp]
    base: Floats
    left: float
    candidates: tuple[Question, ...]
    replies: tuple[tuple[Question, str], ...]
    doubted: tuple[int, ...]
    points: Floats

    @cached_property
    def central(self) -> dict[str, float]:
        """Mean of the consistent weights, summing to 1. The best under them has the least expected regret."""
        mean = self.points.mean(axis=0)
        return dict(zip(self.criteria, (mean / mean.sum()).tolist(), strict=True)) if self.criteria else {}

    @cached_property
    def priorities(self) -> dict[str, float]:
        """The central weights as priorities of the criteria asked about."""
        return scaled(self.central) if self.criteria else {}

    @cached_property
    def _regret(self) -> Floats:
        """(points × contenders) how far each is behind the best."""
        scores = self.left * (self.points @ self.values.T) + self.base
        return np.asarray(scores.max(axis=1, keepdims=True) - scores)

    @cached_property
    def leader(self) -> int | None:
        """Row that leads under the central weights; None where nothing passes."""
        return int(self.rows[np.argmin(self._regret.mean(axis=0))]) if len(self.rows) else None

    @cached_property
    def settled(self) -> float:
        """Share of the consistent weights for which the leader is first, or level with the first."""
        if not len(self.rows):
            return 1.0
        return float((self._regret[:, np.argmin(self._regret.mean(axis=0))] <= LEVEL).mean())

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to ask."""
        return self.question is None

    @cached_property
    def question(self) -> Question | None:
        """The question whose reply tells most about who wins; None once the winner is settled or twelve are asked."""
        if self.settled >= SETTLED or len(self.replies) >= MOST_QUESTIONS or not self.candidates:
            return None
        place = {key: number for number, key in enumerate(self.criteria)}
        gain = np.array([place[one.gain.criterion] for one in self.candidates])
        loss = np.array([place[one.loss.criterion] for one in self.candidates])
        up = np.array([one.gain.width for one in self.candidates])
        down = np.array([one.loss.width for one in self.candidates])
        first = (self.points[:, gain] * up > self.points[:, loss] * down).astype(np.float64)
        part = first.mean(axis=0)
        # Mutual information of reply and winner; between equals the more even split.
        wins = np.zeros_like(self._regret)
        wins[np.arange(len(wins)), self._regret.argmin(axis=1)] = 1.0 / len(wins)
        wins = wins[:, wins.any(axis=0)]
        won = wins.sum(axis=0)
        here = first.T @ wins
        merit = _entropy(won[None, :]) - _entropy(here) - _entropy(np.maximum(won - here, 0.0))
        even = part * (1 - part)
        merit = merit + 0.01 * even
        asked = {(one.gain, one.loss) for one, _ in self.replies}
        for number, one in enumerate(self.candidates):
            if (one.gain, one.loss) in asked:
                merit[number] = -1.0
        best = int(np.argmax(merit))
        return self.candidates[best] if even[best] > 0 and merit[best] > 0 else None

    def answered(self, reply: str) -> Interview:
        """The interview after the present question was answered: ``first``, ``second`` or ``equal``.

        Raises:
            ValueError: nothing is asked, or that is no reply.
        """
        if self.question is None or reply not in REPLIES:
            raise ValueError(f"{reply} answers nothing")
        return self.with_replies((*self.replies, (self.question, reply)))

    def with_replies(self, replies: Sequence[tuple[Question, str]]) -> Interview:
        """The interview with these replies in the place of its own, contradictions resolved.

        Where no weights agree with all replies, the least plausible are set aside one by one until some do.
        """
        held = list(range(len(replies)))
        doubted: list[int] = []
        point = self._inside([replies[number] for number in held])
        while point is None:
            gone = self._least_plausible(replies, held)
            held.remove(gone)
            doubted.append(gone)
            point = self._inside([replies[number] for number in held])
        spaces = self._spaces([replies[number] for number in held])
        kept = self.points[(self.points @ spaces.T >= 0).all(axis=1)] if len(spaces) else self.points
        start = kept if len(kept) >= 20 else np.vstack((kept, point[None, :]))
        points = _walk(start, spaces, np.random.Generator(np.random.PCG64(_SEED + len(replies))))
        return replace(self, replies=tuple(replies), doubted=tuple(doubted), points=points)

    def _spaces(self, replies: Sequence[tuple[Question, str]]) -> Floats:
        """Half-spaces, row · weights ≥ 0, of some replies."""
        place = {key: number for number, key in enumerate(self.criteria)}
        found = []
        for question, reply in replies:
            row = np.zeros(len(self.criteria))
            gain, loss = place[question.gain.criterion], place[question.loss.criterion]
            if reply == "equal":
                for a, b in ((EQUAL_RATIO, 1.0), (-1.0, -EQUAL_RATIO)):
                    one = row.copy()
                    one[gain], one[loss] = a * question.gain.width, -b * question.loss.width
                    found.append(one)
            else:
                sign = 1.0 if reply == "first" else -1.0
                row[gain], row[loss] = sign * question.gain.width, -sign * question.loss.width
                found.append(row)
        return np.array(found).reshape(-1, len(self.criteria))

    def _inside(self, replies: Sequence[tuple[Question, str]]) -> Floats | None:
        """Weights inside all half-spaces, None where there are none."""
        spaces = self._spaces(replies)
        rows = np.vstack((np.eye(len(self.criteria)), spaces))
        # Half-spaces through the origin have an inside exactly where they can all be kept by a margin.
        found = least_distance(rows, np.ones(len(rows)))
        if found is None or not (rows @ found > 0).all():
            return None
        return np.asarray(found / found.sum())

    def _least_plausible(self, replies: Sequence[tuple[Question, str]], held: Sequence[int]) -> int:
        """The reply most likely a slip, if every reply may be one: those that make peace by going come first."""
        draws = np.random.Generator(np.random.PCG64(_SEED)).dirichlet(np.ones(len(self.criteria)), 8000)
        place = {key: number for number, key in enumerate(self.criteria)}
        right = np.empty((len(draws), len(held)))
        for column, number in enumerate(held):
            question, reply = replies[number]
            there = draws[:, place[question.gain.criterion]] * question.gain.width
            back = draws[:, place[question.loss.criterion]] * question.loss.width
            ahead = np.log(there / back)
            lead = log(EQUAL_RATIO) - np.abs(ahead) if reply == "equal" else ahead * (1 if reply == "first" else -1)
            right[:, column] = 1 / (1 + np.exp(-4.0 * np.clip(lead, -20, 20)))
        likely = right.prod(axis=1)
        wrong = ((1 - right) * likely[:, None]).sum(axis=0)
        peace = [self._inside([replies[other] for other in held if other != number]) is not None for number in held]
        ranked = sorted(range(len(held)), key=lambda column: (not peace[column], -wrong[column], -column))
        return held[ranked[0]]


def _entropy(parts: Floats) -> Floats:
    """Entropy of each row of unscaled shares, times their sum."""
    total = parts.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(parts > 0, np.log(parts / total), 0.0)
    return np.asarray(-(parts * logs).sum(axis=1))


def _walk(start: Floats, spaces: Floats, chance: np.random.Generator) -> Floats:
    """Weights uniform over the part of the simplex inside all half-spaces: hit-and-run from consistent weights."""
    count = start.shape[1]
    points = start[np.arange(_POINTS) % len(start)].copy()
    if count < 2:
        return points
    room = np.hstack((points, np.maximum(points @ spaces.T, 0.0)))
    for _ in range(_STEPS):
        way = chance.standard_normal(points.shape)
        way -= way.mean(axis=1, keepdims=True)
        speed = np.hstack((way, way @ spaces.T))
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = -room / speed
        low = np.where(speed > 0, reach, -np.inf).max(axis=1)
        high = np.where(speed < 0, reach, np.inf).min(axis=1)
        step = low + (high - low) * chance.random(len(points))
        step = np.where(np.isfinite(step), step, 0.0)
        room = np.maximum(room + step[:, None] * speed, 0.0)
    points = room[:, :count]
    return np.asarray(points / points.sum(axis=1, keepdims=True))


def interview(answer: Answer) -> Interview:
    """An interview about the present passing materials, before the first question.

    All weights are possible to begin with. Every level shown is one that a passing material has. Deterministic: the
    same answer and the same replies lead to the same questions.
    """
    ranges = [swing for swing in swings(answer) if swing.criterion not in answer.brief.locks]
    criteria = tuple(swing.criterion for swing in ranges)
    places = np.array([CRITERIA.index(key) for key in criteria], dtype=np.intp)
    others = np.array([number for number, key in enumerate(CRITERIA) if key not in criteria], dtype=np.intp)
    shares = np.array([answer.terms.weights()[key] for key in CRITERIA])
    left = 1.0 - float(shares[others].sum())
    points = np.random.Generator(np.random.PCG64(_SEED)).dirichlet(np.ones(max(len(criteria), 1)), _POINTS)
    points = points[:, : len(criteria)]
    rows = np.asarray(answer.ranking.passing_rows(), dtype=np.intp)
    matrix = answer.values.typical
    base = matrix[np.ix_(rows, others)] @ shares[others]
    if len(rows) > _MOST_ROWS:
        # Of a long list those that lead somewhere; the rest could only win between two of the points.
        asked = np.ascontiguousarray(matrix[np.ix_(rows, places)])
        first = [int(np.argmax(left * (asked @ point) + base)) for point in points[::3]]
        chosen = np.unique([*first, *range(_FIRST_PLACES)])
        rows, base = rows[chosen], base[chosen]
    parts: dict[str, list[Swing]] = {}
    for swing in ranges:
        steps = levels(answer, swing.criterion, _LEVELS)
        parts[swing.criterion] = [
            Swing(swing.criterion, steps[0], step) for step in steps[1:] if step.value - steps[0].value >= LEAST_SWING
        ]
    candidates = []
    for number, one in enumerate(criteria):
        for other in criteria[number + 1 :]:
            for gain in parts[one]:
                # One of the two swings the whole way: smaller steps on both sides only ask the same again.
                candidates += [
                    Question(gain, loss) for loss in parts[other] if gain is parts[one][-1] or loss is parts[other][-1]
                ]
    return Interview(
        criteria=criteria,
        values=np.ascontiguousarray(matrix[np.ix_(rows, places)]),
        rows=rows,
        base=base,
        left=left,
        candidates=tuple(candidates),
        replies=(),
        doubted=(),
        points=points,
    )


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
