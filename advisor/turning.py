"""What it takes: the smallest change of a figure, priority, demand, limit or budget that puts a material first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer, additive, solve
from advisor.brief import Brief, DemandEdit, Limit
from advisor.certainty import QUANTILES, Stopped, contenders, figures, quantiles
from advisor.demands import Demand
from advisor.explanation import limit_sentence
from advisor.materials import Floats, Table
from advisor.priorities import LEAST, MOST, with_priority
from advisor.properties import CRITERIA, properties
from advisor.ranking import TIE
from advisor.sentences import Num, Sentence
from advisor.tipping import at_slider, priority_lines, stability, tipping_of_slider
from advisor.values import (
    FOLDS,
    HUNDRED_SCALE_STEP,
    TEMPERATURE_SPAN_K,
    Curve,
    Member,
    cell_range,
    demand_curve,
    fold,
    values,
)

#: A material wins when it scores this much more than any other that passes: just beyond a shared rank.
AHEAD = 2 * TIE
#: The same on Σ priority × value, whatever the priorities sum to.
_AHEAD_SUM = AHEAD * MOST * len(CRITERIA)
#: Steps from a demand's level towards each end of what is plausible; the nearest that turns the order is then bisected.
_LEVELS = 48
_HALVINGS = 60
#: Changes of a demand smaller than this part of its measure are not told.
_LEAST_STEP = 1e-6
#: Priorities that are all but 0 ask for nothing; a joint change leaves one point among them at least.
_LEAST_SUM = 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """One change that puts a material first.

    Attributes:
        kind: ``figure``, ``priority``, ``demand``, ``limit`` (one in force), ``new_limit`` or ``budget``.
        key: property (figure, demand, limit), ``certificates`` or ``family`` (limits in words), criterion (priority),
            or ``price_target`` / ``price_ceiling``.
        now: where it stands, None for a missing figure and for a limit that is not in force.
        then: where it must go, in its unit; NaN for a limit in words, and for one that must go altogether.
        effort: size of the change by its own measure: for a figure the part of its range on that side that is used up
            (above 1: beyond the range), for a priority points, for a new limit the part of the passing materials it
            shuts out, else the change over the level (°C: over 15 K; grades: over one grade; a limit taken away: 1).
        within: figures only: whether ``then`` lies inside the figure's range.
        end: limits only: ``at_least`` or ``at_most``, "" for one in words.
        number: limits in force only: place among the brief's terms' limits.
        word: new limits in words only: the certificate or the family tag asked for.
    """

    kind: str
    key: str
    now: float | None
    then: float
    effort: float
    within: bool = True
    end: str = ""
    number: int = -1
    word: str = ""


@dataclass(frozen=True)
class Turning:
    """What it takes for one material to win, each part the smallest of its kind, None where there is none.

    Attributes:
        row: table row; ``leads``: it is first already (then nothing else is filled in).
        figure: the smallest change of one of its figures, one within its range before any beyond.
        priority, demand, limit, budget: the smallest single change of each; a limit may also have to go altogether.
        new_limit: the limit not in force yet that shuts out all before it and the fewest others.
        joint: all priorities after the smallest joint change (Euclidean on the sliders within 0..10), None where none
            does; criteria whose share is locked keep it.
        distance: Euclidean size of the joint change in points.
    """

    row: int
    leads: bool = False
    figure: Change | None = None
    priority: Change | None = None
    demand: Change | None = None
    limit: Change | None = None
    new_limit: Change | None = None
    budget: Change | None = None
    joint: dict[str, float] | None = None
    distance: float = math.nan


def what_it_takes(answer: Answer, row: int, stop: Callable[[], bool] = lambda: False) -> Turning:
    """The smallest change of each kind that puts a material first.

    A material that is screened out cannot win by priorities or demands; a limit, the budget or the very figure that
    fails its limit may let it in.

    Raises:
        Stopped: ``stop`` said so on the way.
    """
    answer = additive(answer)
    order = answer.ranking.passing_rows()
    if len(order) and int(order[0]) == row:
        return Turning(row, leads=True)
    joint = joint_change(answer, row)
    now = np.asarray([answer.terms.priorities[key] for key in CRITERIA])
    distance = math.nan if joint is None else float(np.linalg.norm([joint[key] for key in CRITERIA] - now))
    return Turning(
        row,
        figure=figure_change(answer, row),
        priority=priority_change(answer, row),
        demand=demand_change(answer, row, stop),
        limit=limit_change(answer, row),
        new_limit=new_limit_change(answer, row),
        budget=budget_change(answer, row, stop),
        joint=joint,
        distance=distance,
    )


def apply(answer: Answer, row: int, change: Change, part: float = 1.0) -> Answer:
    """The answer after a change, or after ``part`` of it (a missing figure has no part: it is there or not)."""
    answer = additive(answer)
    table, brief = answer.table, answer.brief
    now = change.then if change.now is None else change.now
    then = change.then if part == 1 else now + part * (change.then - now)
    if change.kind == "figure":
        return solve(with_figure(table, row, change.key, then), brief)
    return solve(table, brief_after(answer, replace(change, then=then)))


def brief_after(answer: Answer, change: Change) -> Brief:
    """The brief with a change of anything but a figure made in it."""
    brief = answer.brief
    if change.kind == "priority":
        return replace(brief, priorities=with_priority(answer.terms.priorities, brief.locks, change.key, change.then))
    if change.kind == "demand":
        return replace(brief, demands={**brief.demands, change.key: DemandEdit(change.then)})
    if change.kind == "limit":
        return _with_limit(answer, change.number, change.end, change.then)
    if change.kind == "new_limit":
        return replace(brief, limits=(*brief.limits, _new_limit(change)))
    return at_slider(brief, change.key, change.then)


def with_figure(table: Table, row: int, key: str, figure: float) -> Table:
    """The table with one typical figure changed, its range widened to hold it (a gap becomes a point)."""
    column = table.column(key)
    arrays = {}
    for end, pick in (("low", np.fmin), ("typical", None), ("high", np.fmax)):
        array = getattr(table, end).copy()
        array[row, column] = figure if pick is None else pick(array[row, column], figure)
        arrays[end] = array
    return replace(table, **arrays)


# Figures --------------------------------------------------------------------------------------------------------------


def figure_change(answer: Answer, row: int) -> Change | None:
    """The smallest change of one figure of a material that puts it first; one within its range before any beyond."""
    top = _top(answer, row)
    found = [
        change
        for number in range(len(answer.values.members))
        if (change := _figure_of(answer, row, number, top)) is not None
    ]
    found.sort(key=lambda change: (not change.within, change.effort, change.key))
    rivals = [row, *([top] if top is not None else [])]
    small = solve(answer.table.take(rivals), answer.brief)
    for change in found:
        # The other scores do not move, so the best of them stands for all.
        after = apply(small, 0, change)
        if after.ranking.passing and int(after.ranking.order[0]) == 0:
            return change
    return None


def _top(answer: Answer, row: int) -> int | None:
    """The best passing row but this one."""
    return next((int(other) for other in answer.ranking.passing_rows()[:2] if other != row), None)


def _figure_of(answer: Answer, row: int, number: int, top: int | None) -> Change | None:
    """The nearest figure of one property at which the material would lead, whether or not it passes."""
    member = answer.values.members[number]
    place = CRITERIA.index(member.criterion)
    weight = float(answer.ranking.weights[place])
    missing = bool(answer.values.gaps[row, number])
    bottom, upper = (float(array[row]) for array in cell_range(answer.table, member.property)[:2])
    figure = float(answer.table.typical[row, answer.table.column(member.property)])
    needed = 0.0
    if top is not None:
        lack = float(answer.ranking.scores[top] - answer.ranking.scores[row]) + AHEAD
        needed = float(answer.values.typical[row, place]) + (lack / weight if weight > 0 else math.inf * lack)
    curve = member.curve
    if answer.values.places:
        curve = criterion_curve(answer, row, number)
    else:
        others = [
            float(_worth(answer, [row], other)[0])
            for other, one in enumerate(answer.values.members)
            if one.criterion == member.criterion and other != number
        ]
        if FOLDS.get(member.criterion, "lowest") == "mean":
            needed = needed * (len(others) + 1) - sum(others)
        elif others and min(others) < needed:
            return None
    # A missing figure is looked for from the worse end of what is plausible.
    worse = bottom if member.curve.value[-1] >= member.curve.value[0] else upper
    start = worse if missing else figure
    low, high = _allowed(answer, row, member.property)
    then = nearest_figure(curve, start, needed, low, high)
    item = properties()[member.property]
    if then is None or not _on_scale(then, item.scale) or (item.unit != "°C" and then < 0):
        return None
    if missing:
        return Change(
            "figure", member.property, None, then, _share(worse, then, upper - bottom), bottom <= then <= upper
        )
    room = upper - figure if then > figure else figure - bottom
    return Change("figure", member.property, figure, then, _share(figure, then, room), bottom <= then <= upper)


def _share(now: float, then: float, room: float) -> float:
    if room > 0:
        return abs(then - now) / room
    return 1 + abs(then - now) / max(abs(now), 1e-9)


def _on_scale(figure: float, scale: tuple[float | None, float | None]) -> bool:
    return (scale[0] is None or figure >= scale[0]) and (scale[1] is None or figure <= scale[1])


def _allowed(answer: Answer, row: int, key: str) -> tuple[float, float]:
    """Ends between which a figure passes the limits on its property that the material fails now."""
    low, high = -math.inf, math.inf
    for number, limit in enumerate(answer.screen.limits):
        if limit.property == key and answer.screen.fails[row, number]:
            low = max(low, -math.inf if limit.at_least is None else limit.at_least)
            high = min(high, math.inf if limit.at_most is None else limit.at_most)
    return low, high


def nearest_figure(
    curve: Curve, start: float, needed: float, low: float = -math.inf, high: float = math.inf
) -> float | None:
    """The figure nearest to ``start`` in low..high that is worth ``needed`` or more; None where none is."""
    if low > high:
        return None
    knots = [x for x in curve.x if low < x < high]
    points = [*([low] if math.isfinite(low) else []), *knots, *([high] if math.isfinite(high) else [])]
    inside = min(max(start, low), high)
    points = sorted({*points, inside})
    worth = curve(np.asarray(points)).tolist()
    if worth[points.index(inside)] >= needed:
        return inside
    best: float | None = None
    for (x0, y0), (x1, y1) in zip(
        zip(points, worth, strict=True), zip(points[1:], worth[1:], strict=True), strict=False
    ):
        if max(y0, y1) < needed or (y0 >= needed and y1 >= needed):
            reached = [x for x, y in ((x0, y0), (x1, y1)) if y >= needed]
        else:
            cross = x0 + (x1 - x0) * (needed - y0) / (y1 - y0)
            reached = [_worth_at_least(curve, cross, needed, x0 if y0 >= needed else x1)]
        for x in reached:
            if best is None or abs(x - start) < abs(best - start):
                best = x
    return best


def _worth_at_least(curve: Curve, figure: float, needed: float, towards: float) -> float:
    """``figure``, moved by rounding steps towards the better side until its worth is reached."""
    step = abs(figure) * 1e-15 + 1e-300
    for _ in range(60):
        if float(np.interp(figure, curve.x, curve.value)) >= needed:
            return figure
        figure = min(figure + step, towards) if towards > figure else max(figure - step, towards)
        step *= 2
    return towards


def criterion_curve(answer: Answer, row: int, number: int) -> Curve:
    """What a material's whole criterion is worth over one of its figures, the others as they stand, at every place.

    A minimum and a mean of piecewise linear curves and constants are piecewise linear, and so is their weighted sum.
    """
    key, criterion = answer.values.members[number].property, answer.values.members[number].criterion
    parts: list[tuple[float, list[Curve], list[float]]] = []
    knots: set[float] = set()
    for share, counted in answer.values.by_place:
        own = [member for member in counted if member.criterion == criterion]
        curves = [member.curve for member in own if member.property == key]
        fixed = [
            float(values(answer.table.take([row]), (member,), answer.brief.gaps).typical[0, CRITERIA.index(criterion)])
            for member in own
            if member.property != key
        ]
        parts.append((share, curves, fixed))
        for curve in curves:
            knots |= set(curve.x)
            for worth in fixed if FOLDS.get(criterion, "lowest") == "lowest" else ():
                for (x0, y0), (x1, y1) in pairwise(zip(curve.x, curve.value, strict=True)):
                    if min(y0, y1) < worth < max(y0, y1):
                        knots.add(x0 + (x1 - x0) * (worth - y0) / (y1 - y0))
    at = np.asarray(sorted(knots))
    total = np.zeros(len(at))
    for share, curves, fixed in parts:
        cells = [curve(at) for curve in curves] + [np.full(len(at), worth) for worth in fixed]
        total += share * (fold(criterion, cells) if cells else np.ones(len(at)))
    return Curve(tuple(at.tolist()), tuple(total.tolist()))


def _worth(answer: Answer, rows: Sequence[int], number: int) -> Floats:
    """Values of one member for some rows, gaps as the brief's policy has them."""
    member = answer.values.members[number]
    alone = values(answer.table.take(rows), (member,), answer.brief.gaps)
    return alone.typical[:, CRITERIA.index(member.criterion)]


# Priorities -----------------------------------------------------------------------------------------------------------


def priority_change(answer: Answer, row: int) -> Change | None:
    """The smallest change of one priority that puts a material first, exact: scores are straight lines in it."""
    if not answer.screen.passes[row]:
        return None
    others = answer.screen.passes.copy()
    others[row] = False
    best: Change | None = None
    for criterion in CRITERIA:
        now = answer.terms.priorities[criterion]
        height, slope = priority_lines(answer, criterion)
        lead, gain = height[row] - height[others] - _AHEAD_SUM, slope[row] - slope[others]
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = -lead / gain
        low = float(crossing[gain > 0].max(initial=LEAST))
        high = float(crossing[gain < 0].min(initial=MOST))
        if low > high or (lead[gain == 0] < 0).any():
            continue
        then = min(max(now, low), high)
        if best is None or abs(then - now) < best.effort:
            best = Change("priority", criterion, now, then, abs(then - now))
    return best


def joint_change(answer: Answer, row: int) -> dict[str, float] | None:
    """All priorities after the smallest joint change that puts a material first, or None.

    Minimises the Euclidean length of the change of the sliders that are not locked, under: the material scores more
    than any other that passes, every slider stays within 0..10, locked criteria keep their share. It is a least
    distance problem, solved exactly by non-negative least squares (Lawson & Hanson 1974, chapter 23).
    """
    if not answer.screen.passes[row]:
        return None
    now = np.asarray([answer.terms.priorities[key] for key in CRITERIA])
    total = float(now.sum())
    locked = [place for place, key in enumerate(CRITERIA) if key in answer.brief.locks] if total > 0 else []
    free = [place for place in range(len(CRITERIA)) if place not in locked]
    held = now[locked] / total if locked else np.zeros(0)
    left = 1.0 - float(held.sum())
    if not free or left <= 1e-12:
        return None
    # Sliders from the free ones: a locked one is its share of the sum, which the free ones decide.
    spread = np.zeros((len(CRITERIA), len(free)))
    spread[free, range(len(free))] = 1.0
    spread[locked] = (held / left)[:, None]
    start = now[free]
    worth = answer.values.typical
    rivals = answer.screen.passes.copy()
    rivals[row] = False
    apart = (worth[row] - worth[np.flatnonzero(rivals)]) @ spread
    bounds = np.vstack((spread, -spread, spread.sum(axis=0)[None, :]))
    ends = np.concatenate((np.full(len(CRITERIA), LEAST), np.full(len(CRITERIA), -MOST), [_LEAST_SUM]))
    chosen: list[int] = []
    step = np.zeros(len(free))
    # One rival after the other: the one that still leads most joins the constraints.
    while len(apart):
        lack = apart @ (start + step) - _AHEAD_SUM
        worst = int(lack.argmin())
        if lack[worst] >= -1e-12 * MOST:
            break
        if worst in chosen:
            return None  # asked for already, and not to be had
        chosen.append(worst)
        rows = np.vstack((apart[chosen], bounds))
        wanted = np.concatenate((np.full(len(chosen), 1.01 * _AHEAD_SUM), ends)) - rows @ start
        found = least_distance(rows, wanted)
        if found is None:
            return None
        step = found
    moved = np.clip(spread @ (start + step), LEAST, MOST)
    return dict(zip(CRITERIA, moved.tolist(), strict=True))


def least_distance(rows: Floats, wanted: Floats) -> Floats | None:
    """The shortest x with rows @ x ≥ wanted, or None where there is none (Lawson & Hanson's LDP)."""
    if (wanted <= 0).all():
        return np.zeros(rows.shape[1])
    stacked = np.vstack((rows.T, wanted))
    target = np.zeros(len(stacked))
    target[-1] = 1.0
    solved = non_negative_least_squares(stacked, target)
    residual = stacked @ solved - target
    if -residual[-1] < 1e-12:
        return None
    found = np.asarray(-residual[:-1] / residual[-1])
    # Where there is none the residual is 0 up to rounding, and what it points to meets nothing.
    return found if (rows @ found >= wanted - 1e-9 * (1 + np.abs(wanted))).all() else None


def non_negative_least_squares(matrix: Floats, target: Floats) -> Floats:
    """The x ≥ 0 that minimises |matrix @ x − target|, by the active set method of Lawson & Hanson (1974, ch. 23)."""
    count = matrix.shape[1]
    found = np.zeros(count)
    active = np.zeros(count, dtype=bool)
    pull = matrix.T @ (target - matrix @ found)
    tolerance = 1e-13 * float(np.abs(matrix).sum(axis=0).max())
    for _ in range(30 * count):
        waiting = np.where(active, -np.inf, pull)
        if waiting.max() <= tolerance:
            break
        active[int(waiting.argmax())] = True
        while True:
            trial = np.zeros(count)
            trial[active] = np.linalg.lstsq(matrix[:, active], target, rcond=None)[0]
            low = active & (trial <= 0)
            if not low.any():
                break
            back = found[low] / (found[low] - trial[low])
            found = found + float(back.min()) * (trial - found)
            active &= found > 1e-15
            found[~active] = 0.0
        found = trial
        pull = matrix.T @ (target - matrix @ found)
    return found


# Demands, limits, budget ----------------------------------------------------------------------------------------------


def demand_change(answer: Answer, row: int, stop: Callable[[], bool] = lambda: False) -> Change | None:
    """The smallest change of one demand's level that puts a material first, by that demand's own measure."""
    if not answer.screen.passes[row]:
        return None
    best: Change | None = None
    for number, member in enumerate(answer.values.members):
        if stop():
            raise Stopped
        if member.demand is None or member.curve != demand_curve(member.demand):
            continue
        if not _same_everywhere(answer, member.criterion):
            continue  # each place asks its own: there is no one level that moves
        change = _level_of(answer, row, number, member.demand, math.inf if best is None else best.effort)
        if change is not None and (best is None or change.effort < best.effort):
            best = change
    return best


def _same_everywhere(answer: Answer, criterion: str) -> bool:
    """Whether a criterion counts with the same curves at every place."""
    curves = [
        tuple((member.property, member.curve) for member in counted if member.criterion == criterion)
        for _, counted in answer.values.by_place
    ]
    return all(one == curves[0] for one in curves)


def level_step(key: str, level: float) -> float:
    """By what a change of a demand's level is measured: 15 K, one grade, or the level itself."""
    item = properties()[key]
    if item.unit == "°C":
        return TEMPERATURE_SPAN_K
    if item.kind == "grade":
        return HUNDRED_SCALE_STEP if item.scale == (0, 100) else 1.0
    return max(abs(level), 1e-9)


def _level_of(answer: Answer, row: int, number: int, demand: Demand, within: float) -> Change | None:
    member = answer.values.members[number]
    assert demand.level is not None
    item = properties()[demand.property]
    ends = item.plausible or (0.0, 0.0)
    low = max(ends[0], -math.inf if item.scale[0] is None else item.scale[0])
    high = min(ends[1], math.inf if item.scale[1] is None else item.scale[1])
    wins = _level_judge(answer, row, number)
    if wins is None:
        return None
    now, step = demand.level, level_step(demand.property, demand.level)
    best: Change | None = None
    for end in (low, high):
        reach = end - now
        if reach * (1 if end == high else -1) <= 0:
            continue
        # At a scale's closed end the curve jumps (ample and asked fall together); that is no change of what is asked.
        if wins(now + math.copysign(_LEAST_STEP * step, reach)):
            continue
        before = now
        for at in now + reach * np.linspace(0, 1, _LEVELS + 1)[1:] ** 2:
            if abs(before - now) / step >= within:
                break
            if wins(float(at)):
                then = _bisect(wins, before, float(at))
                change = Change("demand", member.property, now, then, abs(then - now) / step)
                if best is None or change.effort < best.effort:
                    best = change
                break
            before = float(at)
    return best


def _bisect(wins: Callable[[float], bool], losing: float, winning: float) -> float:
    """The winning end of the narrowest stretch between the two over which the order turns."""
    for _ in range(_HALVINGS):
        middle = (losing + winning) / 2
        if middle in (losing, winning):
            break
        if wins(middle):
            winning = middle
        else:
            losing = middle
    return winning


def _level_judge(answer: Answer, row: int, number: int) -> Callable[[float], bool] | None:
    """Whether the material leads at a level of one demand; None where the criterion weighs nothing."""
    members = answer.values.members
    member = members[number]
    place = CRITERIA.index(member.criterion)
    weight = float(answer.ranking.weights[place])
    if weight <= 0:
        return None
    base = answer.ranking.scores - weight * answer.values.typical[:, place]
    # Whoever stays below the material even when worth all in this criterion, and it nothing, is no rival.
    rivals = answer.screen.passes & (base + weight >= base[row] - TIE)
    rivals[row] = False
    rows = [row, *np.flatnonzero(rivals).tolist()]
    table, base = answer.table.take(rows), base[rows]
    own = [other for other, one in enumerate(members) if one.criterion == member.criterion]

    def wins(level: float) -> bool:
        assert member.demand is not None
        moved = Member(
            member.property,
            member.criterion,
            demand_curve(replace(member.demand, level=level)),
            replace(member.demand, level=level),
        )
        counted = tuple(moved if other == number else members[other] for other in own)
        scores = base + weight * values(table, counted, answer.brief.gaps).typical[:, place]
        return bool(len(scores) == 1 or scores[0] >= scores[1:].max() + AHEAD)

    return wins


def limit_change(answer: Answer, row: int) -> Change | None:
    """The smallest change of one limit in force (the price ceiling apart) that puts a material first.

    A material that fails one limit only may be let in, where need be by taking one of the user's own limits away; one
    that passes may win by a limit that shuts out all before it.
    """
    fails = np.flatnonzero(answer.screen.fails[row])
    found: list[Change] = []
    if len(fails) > 1:
        return None
    for number, limit in enumerate(answer.screen.limits):
        if limit.origin == "budget" or (len(fails) and int(fails[0]) != number):
            continue
        if len(fails) and limit in answer.brief.limits and (not limit.property or answer.screen.unknown[row, number]):
            # In words, or failed by a figure that is not known: there is no level that lets it in.
            key = limit.property or ("certificates" if limit.certificate else "family")
            found.append(Change("limit", key, None, math.nan, 1.0, number=number))
        if not limit.property:
            continue
        for end in ("at_least", "at_most"):
            change = _limit_to(answer, row, number, limit, end, bool(len(fails)))
            if change is not None:
                found.append(change)
    found.sort(key=lambda change: change.effort)
    for change in found:
        after = apply(answer, row, change)
        if after.ranking.passing and int(after.ranking.order[0]) == row:
            return change
    return None


def _limit_to(answer: Answer, row: int, number: int, limit: Limit, end: str, let_in: bool) -> Change | None:
    now = limit.at_least if end == "at_least" else limit.at_most
    if now is None:
        return None
    table = answer.table
    column = table.column(limit.property)
    better_is_high = (end == "at_least") == (limit.judge == "could")
    deciding = (table.high if better_is_high else table.low)[:, column]
    own = float(deciding[row])
    if let_in:
        if math.isnan(own) or (own >= now if end == "at_least" else own <= now):
            return None
        return Change("limit", limit.property, now, own, abs(own - now) / max(abs(now), 1e-9), end=end, number=number)
    before = answer.ranking.order[: answer.ranking.place[row]]
    ahead = deciding[before]
    if not len(ahead) or np.isnan(ahead).any():
        return None
    if end == "at_least":
        then = float(np.nextafter(ahead.max(), np.inf))
        keeps = math.isnan(own) or own >= then
    else:
        then = float(np.nextafter(ahead.min(), -np.inf))
        keeps = math.isnan(own) or own <= then
    if not keeps or then < 0 <= now:
        return None
    return Change("limit", limit.property, now, then, abs(then - now) / max(abs(now), 1e-9), end=end, number=number)


def new_limit_change(answer: Answer, row: int) -> Change | None:
    """The limit not in force yet that puts a passing material first and shuts out the fewest that pass.

    Tried are the harmless end of every property (at least where more is better, at most where less is; both where
    neither is) just beyond all that stand before the material, the certificates it has and the family tags it carries.
    The price is left to the ceiling.
    """
    if not answer.ranking.ranks[row]:
        return None
    table = answer.table
    passing = answer.ranking.passing_rows()
    before = passing[: answer.ranking.place[row]]
    if not len(before):
        return None
    found: list[Change] = []

    def offer(key: str, then: float, shut_out: int, end: str = "", word: str = "") -> None:
        found.append(Change("new_limit", key, None, then, shut_out / len(passing), end=end, word=word))

    for key, item in properties().items():
        if not item.numeric or key == "price_usd_m2":
            continue
        column = table.column(key)
        for end, good in (("at_least", item.direction != "less"), ("at_most", item.direction != "more")):
            deciding = (table.high if end == "at_least" else table.low)[:, column]
            own, ahead = float(deciding[row]), deciding[before]
            in_force = any(one.property == key and getattr(one, end) is not None for one in answer.screen.limits)
            # A figure that is not known passes: such a limit would shut nobody out for sure.
            if not good or in_force or math.isnan(own) or np.isnan(ahead).any():
                continue
            worst = float(ahead.max() if end == "at_least" else ahead.min())
            if own <= worst if end == "at_least" else own >= worst:
                continue
            out = deciding[passing] <= worst if end == "at_least" else deciding[passing] >= worst
            offer(key, float(np.nextafter(worst, own)), int(out.sum()), end)
    for name in sorted(table.certificates[row]):
        having = np.array([any(name in one for one in table.certificates[other]) for other in passing.tolist()])
        if not having[: len(before)].any():
            offer("certificates", math.nan, int((~having).sum()), word=name)
    for tag in sorted({part.strip() for part in table.text["family"][row].casefold().split("|")} - {""}):
        having = np.array([tag in table.tags[other] for other in passing.tolist()])
        if not having[: len(before)].any():
            offer("family", math.nan, int((~having).sum()), word=tag)
    found.sort(key=lambda change: (change.effort, change.key, change.word))
    for change in found:
        after = apply(answer, row, change)
        if after.ranking.passing and int(after.ranking.order[0]) == row:
            return change
    return None


def _new_limit(change: Change) -> Limit:
    """The limit a change sets."""
    if change.key == "certificates":
        return Limit(certificate=change.word)
    if change.key == "family":
        return Limit(family=(change.word,))
    at_least = change.end == "at_least"
    return Limit(change.key, change.then if at_least else None, None if at_least else change.then)


def _with_limit(answer: Answer, number: int, end: str, value: float) -> Brief:
    """The brief with one end of one of its terms' limits moved, or the whole limit gone where there is no end.

    A layer's limit that is moved becomes the user's own.
    """
    limit = answer.screen.limits[number]
    if not end:
        return replace(answer.brief, limits=tuple(one for one in answer.brief.limits if one != limit))
    moved = (
        replace(limit, origin="user", at_least=value)
        if end == "at_least"
        else replace(limit, origin="user", at_most=value)
    )
    kept = list(answer.brief.limits)
    if limit in kept:
        kept[kept.index(limit)] = moved
    else:
        kept.append(moved)
    return replace(answer.brief, limits=tuple(kept))


def budget_change(answer: Answer, row: int, stop: Callable[[], bool] = lambda: False) -> Change | None:
    """The smallest change of the target or the ceiling price, within a quarter and four times it, that makes it win."""
    best: Change | None = None
    for key, now in (("price_target", answer.terms.price_target), ("price_ceiling", answer.terms.price_ceiling)):
        for low, high, lead in tipping_of_slider(answer.table, answer.brief, key, stop):
            if lead != row:
                continue
            inside = 4e-9 * 4 * now  # crossings are known to 1e-9 of the travel
            then = low + inside if now < low else high - inside if now > high else now
            effort = abs(then - now) / now
            if low <= then <= high and (best is None or effort < best.effort):
                best = Change("budget", key, now, then, effort)
    return best


# Which figure to test next --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Probe:
    """What knowing one figure for certain would be worth, all others as they stand.

    Attributes:
        row, property: whose figure.
        chance: share of the figure's draws (triangular over its range, uniform for a gap) in which another material
            than today's first would lead.
        gain: expected gain of score by choosing after the test instead of now (expected value of perfect information
            on this one figure).
        turns_at: the figure nearest to the present one at which the first place changes hands.
    """

    row: int
    property: str
    chance: float
    gain: float
    turns_at: float | None


def probes(answer: Answer) -> tuple[Probe, ...]:
    """The figures that, if wrong within their range, would change the winner; the most worth testing first.

    Each figure is varied alone. The first place falls when one of its own figures is worse; any other takes it when one
    of its figures is better.
    """
    answer = additive(answer)
    rows = contenders(answer.values, answer.ranking)
    if len(rows) < 2:
        return ()
    order = answer.ranking.passing_rows()
    first, second = int(order[0]), int(order[1])
    scores, weights = answer.ranking.scores, answer.ranking.weights
    chosen = np.sort(rows)
    found: list[Probe] = []
    members = answer.values.members
    for place, criterion in enumerate(CRITERIA):
        own = [number for number, member in enumerate(members) if member.criterion == criterion]
        if not own or weights[place] <= 0:
            continue
        standing = {number: _worth(answer, chosen.tolist(), number) for number in own}
        for number in own:
            drawn, moves = quantiles(
                answer.table, members[number].property, members[number].curve, tuple(chosen.tolist())
            )
            parts = [
                drawn if other == number else np.broadcast_to(standing[other][:, None], drawn.shape) for other in own
            ]
            worth = fold(criterion, parts)
            if answer.values.places and not _same_everywhere(answer, criterion):
                worth = np.stack(
                    [
                        criterion_curve(answer, row, number)(figures(answer.table, members[number].property, row))
                        for row in chosen.tolist()
                    ]
                )
            shift = weights[place] * (worth - answer.values.typical[chosen, place][:, None])
            after = scores[chosen][:, None] + shift
            # What the choice made after the test has over the one made now.
            over = np.where((chosen == first)[:, None], scores[second] - after, after - scores[first])
            turned = over > AHEAD
            unknown = (chosen == first) & answer.values.gaps[first, number]
            for at in np.flatnonzero(moves & (turned.any(axis=1) | unknown)):
                row = int(chosen[at])
                if answer.values.gaps[row, number]:
                    # A gap passes limits that the figure, once known, may fail.
                    passes = _passes(answer, members[number].property, row)
                    turned[at] = turned[at] & passes if row != first else turned[at] | ~passes
                    over[at] = np.where(passes, over[at], 0.0)
                if not turned[at].any():
                    continue
                gain = float(np.maximum(over[at], 0).mean())
                chance = float(np.count_nonzero(turned[at])) / QUANTILES
                found.append(
                    Probe(row, members[number].property, chance, gain, _turning_figure(answer, row, number, turned[at]))
                )
    found.sort(key=lambda probe: (-probe.gain, probe.row, probe.property))
    return tuple(found)


def _passes(answer: Answer, key: str, row: int) -> NDArray[np.bool_]:
    """Which of a cell's drawn figures pass the limits on its property."""
    drawn = figures(answer.table, key, row)
    passes = np.ones(len(drawn), dtype=bool)
    for limit in answer.screen.limits:
        if limit.property == key:
            passes &= drawn >= (-math.inf if limit.at_least is None else limit.at_least)
            passes &= drawn <= (math.inf if limit.at_most is None else limit.at_most)
    return passes


def _turning_figure(answer: Answer, row: int, number: int, turned: NDArray[np.bool_]) -> float | None:
    """The drawn figure nearest to the typical one at which the order turns."""
    drawn = figures(answer.table, answer.values.members[number].property, row)
    figure = float(answer.table.typical[row, answer.table.column(answer.values.members[number].property)])
    turning = drawn[turned]
    if math.isnan(figure):
        better = answer.values.members[number].curve.value
        return float(turning.min() if better[-1] >= better[0] else turning.max())
    return float(turning[np.abs(turning - figure).argmin()])


# Criteria that move together ------------------------------------------------------------------------------------------

#: From this correlation on two criteria are said to move together.
TOGETHER = 0.9
#: Of fewer materials a correlation says nothing.
_LEAST_ROWS = 5


@dataclass(frozen=True, slots=True)
class Together:
    """Two criteria that rise and fall together over the passing materials: what they share counts twice.

    Attributes:
        one, other: criterion keys; ``r``: Pearson correlation of their values.
        first: row that leads when the two are merged (each at half its priority).
        kept: how many of today's first three stay among them.
    """

    one: str
    other: str
    r: float
    first: int
    kept: int


def moving_together(answer: Answer) -> tuple[Together, ...]:
    """Pairs of criteria with |r| > 0.9 over the passing materials, strongest first, with the effect of merging them.

    Criteria that weigh nothing, do not vary, or stand on fewer than five materials are left out. Merging halves the two
    priorities, so that the pair weighs as much as one of them did on average.
    """
    answer = additive(answer)
    rows = answer.ranking.passing_rows()
    if len(rows) < _LEAST_ROWS:
        return ()
    worth = answer.values.typical[rows]
    varies = [
        place for place in range(len(CRITERIA)) if np.ptp(worth[:, place]) > 1e-9 and answer.ranking.weights[place] > 0
    ]
    if len(varies) < 2:
        return ()
    table_of_r = np.atleast_2d(np.corrcoef(worth[:, varies], rowvar=False))
    found: list[Together] = []
    for left in range(len(varies)):
        for right in range(left + 1, len(varies)):
            r = float(table_of_r[left, right])
            if abs(r) <= TOGETHER:
                continue
            one, other = CRITERIA[varies[left]], CRITERIA[varies[right]]
            halved = {
                key: level / 2 if key in (one, other) else level for key, level in answer.terms.priorities.items()
            }
            merged = solve(answer.table, replace(answer.brief, priorities=halved)).ranking.order
            kept = len(set(merged[:3].tolist()) & set(rows[:3].tolist()))
            found.append(Together(one, other, r, int(merged[0]), kept))
    found.sort(key=lambda pair: (-abs(pair.r), pair.one, pair.other))
    return tuple(found)


#: Kinds of single changes, in the order they are told.
KINDS = ("figure", "priority", "demand", "limit", "new_limit", "budget")


# In words -------------------------------------------------------------------------------------------------------------


def turning_sentences(answer: Answer, turning: Turning) -> tuple[Sentence, ...]:
    """What it takes, one sentence a kind of change; none for a material that leads already."""
    if turning.leads:
        return ()
    changes: list[Change | None] = [getattr(turning, kind) for kind in KINDS]
    found = [change_sentence(answer, turning.row, change) for change in changes if change is not None]
    if turning.joint is not None:
        found.append(joint_sentence(answer, turning))
    nothing = none_sentence(answer, turning)
    return tuple(found) if nothing is None else (*found, nothing)


def none_sentence(answer: Answer, turning: Turning) -> Sentence | None:
    """Which kinds of change hold none that puts the material first; None where each does, or it leads."""
    passes = bool(answer.ranking.ranks[turning.row])
    nothing = []
    for kind in KINDS if passes else ("figure", "limit", "budget"):
        change: Change | None = getattr(turning, kind)
        if change is None:
            nothing.append(Sentence(f"turn-kind-{kind}"))
        elif not change.within:
            nothing.append(Sentence("turn-kind-within"))
    if turning.joint is None and passes:
        nothing.append(Sentence("turn-kind-joint"))
    if turning.leads or not nothing:
        return None
    return Sentence("turn-none", {"name": answer.table.names[turning.row], "kinds": tuple(nothing)})


def change_sentence(answer: Answer, row: int, change: Change) -> Sentence:
    """One change in words, rounded away from where it stands: never smaller than needed."""
    names: dict[str, object] = {"name": answer.table.names[row]}
    up = change.now is None or change.then > change.now
    if change.kind == "priority":
        what: object = Sentence(f"criterion-{change.key}")
        return Sentence(
            "turn-priority",
            {**names, "what": what, "now": Num(change.now or 0.0, 1), "then": _beyond(change.then, 2, up)},
        )
    if change.kind == "budget":
        prices = {"now": Num(change.now or 0.0, 2), "then": _beyond(change.then, 2, up)}
        return Sentence("turn-target" if change.key == "price_target" else "turn-ceiling", {**names, **prices})
    if change.kind in ("limit", "new_limit"):
        return _limit_sentence(answer, row, change)
    item = properties()[change.key]
    unit: object = "" if item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit})
    digits = item.decimals
    if change.now is None:
        better = next(one.curve.value for one in answer.values.members if one.property == change.key)
        up = better[-1] >= better[0]
    elif abs(change.then - change.now) < 10.0**-digits:
        digits += 2
    then = _beyond(change.then, digits, up)
    values_of: dict[str, object] = {**names, "what": item.label, "then": then, "unit": unit}
    if change.now is not None:
        values_of["now"] = Num(change.now, digits)
    if change.kind == "figure":
        if change.now is None:
            return Sentence("turn-gap-up" if up else "turn-gap-down", values_of)
        low, high = (float(array[row]) for array in cell_range(answer.table, change.key)[:2])
        values_of |= {"low": Num(low, digits), "high": Num(high, digits)}
        return Sentence("turn-figure" if change.within else "turn-figure-beyond", values_of)
    return Sentence("turn-demand", values_of)


def _limit_sentence(answer: Answer, row: int, change: Change) -> Sentence:
    """A limit moved, taken away or set, in words; as printed it puts the material first too."""
    passing = answer.ranking.passing
    values_of: dict[str, object] = {
        "name": answer.table.names[row],
        "count": Num(round(change.effort * passing)),
        "passing": Num(passing),
    }
    if change.kind == "limit" and not change.end:
        return Sentence("turn-limit-gone", {**values_of, "limit": limit_sentence(answer.screen.limits[change.number])})
    if not change.end:
        code = "turn-set-certificate" if change.key == "certificates" else "turn-set-family"
        return Sentence(code, {**values_of, "word": change.word})
    item = properties()[change.key]
    values_of |= {
        "what": item.label,
        "unit": "" if item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit}),
        "then": _between(answer, row, change, item.decimals),
    }
    end = "least" if change.end == "at_least" else "most"
    if change.kind == "new_limit":
        return Sentence(f"turn-set-{end}", values_of)
    return Sentence(f"turn-limit-{end}", {**values_of, "now": Num(change.now or 0.0, item.decimals)})


def _between(answer: Answer, row: int, change: Change, digits: int) -> Num:
    """A limit's level with as few digits as still shut out all before the material and let it pass itself."""
    table, column = answer.table, answer.table.column(change.key)
    judge = "could" if change.number < 0 else answer.screen.limits[change.number].judge
    up = change.end == "at_least"
    own = float((table.high if up == (judge == "could") else table.low)[row, column])
    sign = 1.0 if up else -1.0
    # From the exact level on and no further than the material's own figure, where that is known.
    for places in range(digits, digits + 4):
        scale = 10.0**places
        steps = change.then * scale
        level = (math.ceil(steps) if up else math.floor(steps)) / scale
        if math.isnan(own) or sign * level <= sign * own:
            return Num(level, places)
    return Num(own if math.isfinite(own) else change.then, digits + 4)


def _beyond(value: float, digits: int, up: bool) -> Num:
    """A number rounded away from where it came from, so that the change as printed is no smaller than needed."""
    scale = 10**digits
    steps = value * scale
    rounded = round(steps) if abs(steps - round(steps)) < 1e-6 else math.ceil(steps) if up else math.floor(steps)
    return Num(rounded / scale, digits)


def joint_sentence(answer: Answer, turning: Turning) -> Sentence:
    """The smallest joint change in words: the sliders that move by a tenth of a point or more, largest move first."""
    assert turning.joint is not None
    now = answer.terms.priorities
    moved = sorted(CRITERIA, key=lambda key: -abs((turning.joint or {})[key] - now[key]))
    parts = tuple(
        Sentence(
            "turn-part",
            {"what": Sentence(f"criterion-{key}"), "now": Num(now[key], 1), "then": Num(turning.joint[key], 1)},
        )
        for key in moved[:4]
        if abs(turning.joint[key] - now[key]) >= 0.05
    )
    more = sum(1 for key in moved if abs(turning.joint[key] - now[key]) >= 0.05) - len(parts)
    values_of: dict[str, object] = {
        "name": answer.table.names[turning.row],
        "parts": parts,
        "distance": Num(turning.distance, 1),
    }
    if not parts:
        return Sentence("turn-joint-hair", {"name": answer.table.names[turning.row]})
    return (
        Sentence("turn-joint-more", {**values_of, "more": Num(more)}) if more > 0 else Sentence("turn-joint", values_of)
    )


def stability_sentences(answer: Answer, most: int = 3) -> tuple[Sentence, ...]:
    """The priorities whose slider takes the first place from today's first soonest, with the interval that keeps it."""
    found = []
    for criterion in CRITERIA:
        steady = stability(answer, criterion)
        if steady is None or steady.first == (LEAST, MOST):
            continue
        low, high = steady.first
        room = min(steady.now - low if low > LEAST else math.inf, high - steady.now if high < MOST else math.inf)
        found.append((room, criterion, low, high))
    found.sort()
    return tuple(
        Sentence("stays-first", {"what": Sentence(f"criterion-{criterion}"), "low": Num(low, 1), "high": Num(high, 1)})
        for _, criterion, low, high in found[:most]
    )


def probe_sentence(answer: Answer, probe: Probe) -> Sentence:
    """The figure to test next in words."""
    item = properties()[probe.property]
    figure = float(answer.table.typical[probe.row, answer.table.column(probe.property)])
    then, first = probe.turns_at or 0.0, int(answer.ranking.order[0]) == probe.row
    if math.isnan(figure):
        better = next(one.curve.value for one in answer.values.members if one.property == probe.property)
        up = (better[-1] >= better[0]) != first
    else:
        up = then > figure
    digits = item.decimals
    if not math.isnan(figure) and abs(then - figure) < 10.0**-digits:
        digits += 2
    values_of: dict[str, object] = {
        "name": answer.table.names[probe.row],
        "what": item.label,
        "count": Num(100 * probe.chance),
        "then": _beyond(then, digits, up),
        "unit": "" if item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit}),
    }
    if first:
        return Sentence("probe-first-up" if up else "probe-first-down", values_of)
    return Sentence("probe-other-up" if up else "probe-other-down", values_of)


def together_sentence(answer: Answer, pair: Together) -> Sentence:
    """The double-counting alarm in words, with the effect of merging."""
    values_of: dict[str, object] = {
        "one": Sentence(f"criterion-{pair.one}"),
        "other": Sentence(f"criterion-{pair.other}"),
        "r": Num(pair.r, 2),
        "kept": Num(pair.kept),
        "name": answer.table.names[pair.first],
    }
    stays = pair.first == int(answer.ranking.order[0])
    effect = Sentence("merged-stays" if stays else "merged-turns", values_of)
    return Sentence("together" if pair.r > 0 else "against", {**values_of, "effect": effect})
