"""Values: figures to 0..1 along curves with fixed anchors, folded into sixteen criteria; limits passed or failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from advisor.brief import Brief, Limit
from advisor.demands import Demand
from advisor.late import KEPT, LONG, Columns, Late
from advisor.layers import Terms
from advisor.materials import Floats, Table
from advisor.properties import CRITERIA, Property, properties

Rows = NDArray[np.intp]

#: How several properties make one criterion; a criterion of one property needs no rule.
FOLDS: dict[str, str] = {
    "water": "lowest",
    "temperature": "lowest",
    "availability": "lowest",
    "colour": "mean",
    "footprint": "mean",
}

#: Value of a demand just met, and the two ends of its curve: unusable at 0.4 × the demand, ample at 1.5 ×.
MET_VALUE, UNUSABLE_SHARE, AMPLE_SHARE = 0.8, 0.4, 1.5
#: The same ends for temperatures (K).
TEMPERATURE_SPAN_K = 15.0
#: One grade of a hundred-point picture scale (spray rating).
HUNDRED_SCALE_STEP = 10.0


@dataclass(frozen=True)
class Curve:
    """A value curve: piecewise linear through (x, value) points, flat beyond them; x rises."""

    x: tuple[float, ...]
    value: tuple[float, ...]

    def __call__(self, figures: Floats) -> Floats:
        """Values of an array of figures (NaN stays NaN)."""
        return np.asarray(np.interp(figures, self.x, self.value), dtype=np.float64)

    def bounds(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Least and greatest value over each range low..high, turning points inside the range included."""
        at_low, at_high = self(low), self(high)
        least, most = np.minimum(at_low, at_high), np.maximum(at_low, at_high)
        rising = all(a <= b for a, b in zip(self.value, self.value[1:], strict=False))
        falling = all(a >= b for a, b in zip(self.value, self.value[1:], strict=False))
        if not rising and not falling:
            for x, value in zip(self.x, self.value, strict=True):
                inside = (low < x) & (x < high)
                least = np.where(inside, np.minimum(least, value), least)
                most = np.where(inside, np.maximum(most, value), most)
        return least, most

    def mean(self, low: float, high: float) -> float:
        """Mean value over the range (a figure known only to lie in it)."""
        if high <= low:
            return float(np.interp(low, self.x, self.value))
        knots = np.array([low, *(x for x in self.x if low < x < high), high])
        return float(np.trapezoid(np.interp(knots, self.x, self.value), knots) / (high - low))


@dataclass(frozen=True)
class Member:
    """One property's part in a criterion: its curve, and the demand behind it where there is one."""

    property: str
    criterion: str
    curve: Curve
    demand: Demand | None = None


PlaceMembers = tuple[float, tuple[Member, ...]]
"""A place's share of the order and the properties that count there."""


@dataclass(frozen=True, eq=False)
class Values:
    """What every material is worth in every criterion.

    Attributes:
        members: the properties that count, criterion by criterion.
        low, typical, high: (materials × 16) values 0..1; ``typical`` is the one that is scored, gaps at the end the
            brief's policy names; low and high take every figure at its worse and better end.
        gaps: (materials × members) True where a figure that counts is missing.
        free: criteria nothing is asked of (1 for all).
            Of a long table the three matrices are :class:`~advisor.late.Late`.
        places: where the score is weighted by several places' shares, each one's share and its own members; the values
            are then the weighted mean of the places' values, and the curve of a member the mean of theirs. Else empty.
    """

    members: tuple[Member, ...]
    low: Floats
    typical: Floats
    high: Floats
    gaps: NDArray[np.bool_]
    free: tuple[str, ...]
    places: tuple[PlaceMembers, ...] = ()

    @property
    def by_place(self) -> tuple[PlaceMembers, ...]:
        """``places``, or the members with all of the share."""
        return self.places or ((1.0, self.members),)


def demand_curve(demand: Demand) -> Curve:
    """The curve of a demand: 0 where unusable, 0.8 at the demand, 1 where ample, flat beyond.

    Raises:
        ValueError: the demand has no level.
    """
    if demand.level is None:
        raise ValueError(f"{demand.property} has no level")
    item = properties()[demand.property]
    level, at_least = demand.level, demand.sense == "at_least"
    worst, best = _ends(item, level, at_least)
    bottom, top = item.scale
    closed_end = top if at_least else bottom
    if closed_end is not None:
        best = min(best, closed_end) if at_least else max(best, closed_end)
    if best == level:
        points = [(worst, 0.0), (level, 1.0)]
    else:
        points = [(worst, 0.0), (level, MET_VALUE), (best, 1.0)]
    if worst == level:
        # A demand for nothing at all (0 of a thing where less is better) leaves no room to fall short by degrees.
        worst = np.nextafter(level, -np.inf if at_least else np.inf)
        points[0] = (float(worst), 0.0)
    points.sort()
    return Curve(tuple(x for x, _ in points), tuple(value for _, value in points))


def _ends(item: Property, level: float, at_least: bool) -> tuple[float, float]:
    sign = 1 if at_least else -1
    if item.unit == "°C":
        return level - sign * TEMPERATURE_SPAN_K, level + sign * TEMPERATURE_SPAN_K
    if item.kind == "grade":
        step = HUNDRED_SCALE_STEP if item.scale == (0, 100) else 1.0
        return level - sign * step, level + sign * step
    if at_least:
        return UNUSABLE_SHARE * level, AMPLE_SHARE * level
    return level / UNUSABLE_SHARE, level / AMPLE_SHARE


def price_curve(target: float, ceiling: float) -> Curve:
    """1 at or under the target, 0 at the ceiling."""
    if ceiling <= target:
        return Curve((target, float(np.nextafter(target, np.inf))), (1.0, 0.0))
    return Curve((target, ceiling), (1.0, 0.0))


def members(brief: Brief, terms: Terms, demands: Sequence[Demand]) -> tuple[Member, ...]:
    """The properties that count under a brief, in criterion order.

    A property counts with the curve of its demand, else with its own anchors, else not at all. A curve the brief edits
    replaces that of the criterion's first property that counts.
    """
    asked: Mapping[str, Demand] = {demand.property: demand for demand in demands if demand.asked}
    found: list[Member] = []
    for criterion in CRITERIA:
        own: list[Member] = []
        for key, item in properties().items():
            if item.criterion != criterion:
                continue
            demand = asked.get(key)
            if demand is not None:
                own.append(Member(key, criterion, demand_curve(demand), demand))
            elif key == "price_usd_m2":
                own.append(Member(key, criterion, price_curve(terms.price_target, terms.price_ceiling)))
            elif item.curve:
                own.append(Member(key, criterion, Curve(*zip(*item.curve, strict=True))))
        if own and criterion in brief.curves:
            edited = Curve(*zip(*brief.curves[criterion], strict=True))
            own[0] = Member(own[0].property, criterion, edited, own[0].demand)
        found.extend(own)
    return tuple(found)


def fold(criterion: str, parts: Sequence[Floats]) -> Floats:
    """Several properties' values as one criterion's."""
    if len(parts) == 1:
        return parts[0]
    stack = np.stack(parts)
    return np.asarray(stack.min(axis=0) if FOLDS.get(criterion, "lowest") == "lowest" else stack.mean(axis=0))


def cell_range(table: Table, key: str) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Low and high of one property for every material, gaps spread over the plausible range, and where the gaps are."""
    column = table.column(key)
    missing = np.isnan(table.typical[:, column])
    plausible = properties()[key].plausible
    bottom, top = plausible if plausible else (0.0, 0.0)
    return (
        np.where(missing, bottom, table.low[:, column]),
        np.where(missing, top, table.high[:, column]),
        missing,
    )


@lru_cache(maxsize=48)
def _column(table: Table, key: str) -> tuple[Floats, NDArray[np.bool_]]:
    """One property's figures side by side in memory, and where they are missing."""
    figures = np.ascontiguousarray(table.typical[:, table.column(key)])
    missing = np.isnan(figures)
    for found in (figures, missing):
        found.setflags(write=False)
    return figures, missing


@lru_cache(maxsize=48)
def property_values(table: Table, key: str, curve: Curve, gaps: str) -> Floats:
    """What one property is worth for every material; a missing figure at the end the policy ``gaps`` names.

    Kept, as an edit moves the curves of few properties.
    """
    figures, missing = _column(table, key)
    found = curve(figures)
    if missing.any():
        plausible = properties()[key].plausible or (0.0, 0.0)
        ends = curve.bounds(np.array([plausible[0]]), np.array([plausible[1]]))
        stand_in = ends[0][0] if gaps == "cautious" else ends[1][0] if gaps == "hopeful" else curve.mean(*plausible)
        found = np.where(missing, stand_in, found)
    found.setflags(write=False)
    return found


@lru_cache(maxsize=48)
def _property_ends(table: Table, key: str, curve: Curve) -> tuple[Floats, Floats]:
    """Least and greatest value of one property for every material."""
    least, most = curve.bounds(*cell_range(table, key)[:2])
    for found in (least, most):
        found.setflags(write=False)
    return least, most


def _ends_of(table: Table, key: str, curve: Curve, rows: Rows) -> tuple[Floats, Floats]:
    """:func:`_property_ends` of these rows alone."""
    column = table.column(key)
    missing = np.isnan(table.typical[rows, column])
    bottom, top = properties()[key].plausible or (0.0, 0.0)
    low, high = table.low[rows, column], table.high[rows, column]
    return curve.bounds(np.where(missing, bottom, low), np.where(missing, top, high))


@lru_cache(maxsize=4)
def _gaps(table: Table, keys: tuple[str, ...]) -> NDArray[np.bool_]:
    """Where each of these properties is missing."""
    found = np.zeros((len(table), len(keys)), dtype=bool)
    for number, key in enumerate(keys):
        found[:, number] = _column(table, key)[1]
    found.setflags(write=False)
    return found


@lru_cache(maxsize=48)
def _criterion_values(table: Table, criterion: str, own: tuple[tuple[str, Curve], ...], gaps: str) -> Floats:
    """One criterion's values, folded from those of its properties; 1 for all where nothing is asked."""
    if not own:
        return np.ones(len(table))
    return fold(criterion, [property_values(table, key, curve, gaps) for key, curve in own])


def values(table: Table, counted: Sequence[Member], gaps: str) -> Values:
    """Value matrices of a table under these members; ``gaps`` is the brief's policy for missing figures.

    Those of a long table are worked out late: what is scored column by column, the ends row by row.
    """
    counted = tuple(counted)
    parts = {
        criterion: tuple((member.property, member.curve) for member in counted if member.criterion == criterion)
        for criterion in CRITERIA
    }
    scored = [_criterion_values(table, criterion, own, gaps) for criterion, own in parts.items()]
    shape = (len(table), len(CRITERIA))

    single: dict[int, tuple[Floats, Floats]] = {}

    def both(rows: Rows | slice) -> tuple[Floats, Floats]:
        """Both ends; of a single row kept, as whoever asks for the one asks for the other."""
        one = int(rows[0]) if not isinstance(rows, slice) and len(rows) == 1 else -1
        if one in single:
            return single[one]
        size = shape if isinstance(rows, slice) else (len(rows), shape[1])
        found = np.ones(size, order="F"), np.ones(size, order="F")
        for place, (criterion, own) in enumerate(parts.items()):
            if own:
                ends = [
                    _property_ends(table, *item) if isinstance(rows, slice) else _ends_of(table, *item, rows)
                    for item in own
                ]
                for matrix, side in zip(found, zip(*ends, strict=True), strict=True):
                    matrix[:, place] = fold(criterion, side)
        if one >= 0:
            if len(single) >= KEPT:
                single.clear()
            single[one] = found
        return found

    def low(rows: Rows | slice) -> Floats:
        return both(rows)[0]

    def high(rows: Rows | slice) -> Floats:
        return both(rows)[1]

    typical = Columns(scored)
    free = tuple(criterion for criterion, own in parts.items() if not own)
    missing = _gaps(table, tuple(member.property for member in counted))
    if len(table) > LONG:
        found = Values(
            counted,
            cast(Floats, Late(shape, low)),
            cast(Floats, typical),
            cast(Floats, Late(shape, high)),
            missing,
            free,
        )
    else:
        least, most = both(slice(None))
        found = Values(counted, least, typical.whole(), most, missing, free)
    return found


def values_by_place(table: Table, counted: Sequence[Member], places: Sequence[PlaceMembers], gaps: str) -> Values:
    """:func:`values`, weighted by the places' shares where there are several.

    Σ share × (Σ weight × value at the place) is Σ weight × (Σ share × value), so the weighted mean of the places'
    values is scored like any other. ``counted`` are the members of the strictest demands: they name what is missing.
    """
    whole = values(table, counted, gaps)
    if not places:
        return whole
    low, typical, high = (np.zeros((len(table), len(CRITERIA)), order="F") for _ in range(3))
    for share, own in places:
        one = values(table, own, gaps)
        for total, part in ((low, one.low), (typical, one.typical), (high, one.high)):
            total += share * part
    mixed = tuple(replace(member, curve=_mixed_curve(member, places)) for member in counted)
    return replace(whole, members=mixed, low=low, typical=typical, high=high, places=tuple(places))


def _mixed_curve(member: Member, places: Sequence[PlaceMembers]) -> Curve:
    """The weighted mean of one property's curves; a place that asks nothing of it has it worth 1."""
    own = [(share, next((m.curve for m in there if m.property == member.property), None)) for share, there in places]
    if all(curve == own[0][1] for _, curve in own):
        return own[0][1] or member.curve
    knots = tuple(sorted({x for _, curve in own if curve is not None for x in curve.x}))
    at = np.asarray(knots)
    total = sum((share * (np.ones(len(at)) if curve is None else curve(at)) for share, curve in own), np.zeros(len(at)))
    return Curve(knots, tuple(total.tolist()))


@dataclass(frozen=True, eq=False)
class Screen:
    """Limits judged over a table.

    Attributes:
        limits: the limits in force.
        fails: (materials × limits) True where the material does not meet the limit.
        by: same shape, how far off in the property's unit; NaN where the limit is no figure or the figure is missing.
        unknown: same shape, True where it passes or fails only because the figure or certificate is not known.
    """

    limits: tuple[Limit, ...]
    fails: NDArray[np.bool_]
    by: Floats
    unknown: NDArray[np.bool_]

    @cached_property
    def passes(self) -> NDArray[np.bool_]:
        """True for materials that meet every limit."""
        return np.asarray(~self.fails.any(axis=1), dtype=np.bool_)

    def near_misses(self, number: int, most: int = 5) -> tuple[int, ...]:
        """Rows that fail limit ``number`` and no other, the one least off first; those without the figure last."""
        alone = np.flatnonzero(self.fails[:, number] & (self.fails.sum(axis=1) == 1))
        return tuple(alone[np.argsort(self.by[alone, number], kind="stable")][:most].tolist())


def screen(table: Table, limits: Sequence[Limit]) -> Screen:
    """Judge every material against every limit: ``could`` takes its range's better end, ``always`` the worse."""
    shape = (len(table), len(limits))
    fails, unknown = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    by = np.full(shape, np.nan)
    for number, limit in enumerate(limits):
        if limit.certificate:
            wanted = limit.certificate.casefold()
            fails[:, number] = [not any(wanted in name for name in names) for names in table.certificates]
            unknown[:, number] = [not names for names in table.certificates]
        elif limit.family:
            wanted_words = {word.casefold() for word in limit.family}
            fails[:, number] = [not (wanted_words & words) for words in table.tags]
        else:
            column = table.column(limit.property)
            low, high = table.low[:, column], table.high[:, column]
            missing = np.isnan(table.typical[:, column])
            better_high, better_low = (high, low) if limit.judge == "could" else (low, high)
            short = np.zeros(len(table))
            if limit.at_least is not None:
                short = np.maximum(short, limit.at_least - better_high)
            if limit.at_most is not None:
                short = np.maximum(short, better_low - limit.at_most)
            fails[:, number] = np.where(missing, limit.judge == "always", short > 0)
            by[:, number] = np.where(missing | (short <= 0), np.nan, short)
            unknown[:, number] = missing
    return Screen(tuple(limits), fails, by, unknown)
