"""Ranking: weights × values to scores, places with ties, contributions, misses; what lets the screened out in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from advisor.demands import Demand
from advisor.late import LONG, Late, columns_of
from advisor.materials import Floats, Table
from advisor.properties import properties
from advisor.sentences import Num, Sentence
from advisor.values import Screen, Values, demand_curve, property_values

#: Scores closer than this share a rank.
TIE = 1e-9
#: Digits a miss is given at most beyond its property's own where both numbers would read the same.
_MORE_DIGITS = 3
#: Rows summed at a time.
_BLOCK = 16_384


@dataclass(frozen=True, slots=True)
class Miss:
    """A demand a material misses: what it has of what is asked, in the property's unit (``have`` None: not known)."""

    property: str
    have: float | None
    level: float
    value: float

    def sentence(self) -> Sentence:
        """The miss in words: "water 1,000 of 1,310 mm", with digits enough to tell the two numbers apart."""
        item = properties()[self.property]
        digits = item.decimals
        if self.have is not None:
            while digits < item.decimals + _MORE_DIGITS and f"{self.have:.{digits}f}" == f"{self.level:.{digits}f}":
                digits += 1
        values = {
            "name": item.short,
            "level": Num(self.level, digits),
            "unit": "" if item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit}),
        }
        if self.have is None:
            return Sentence("miss-unknown", values)
        return Sentence("miss", {**values, "have": Num(self.have, digits)})


@dataclass(frozen=True, eq=False)
class Ranking:
    """The ordered result.

    Attributes:
        order: table rows, best first; those screened out after those that pass, nearest to passing first.
        ranks: place by table row (ties share one), 0 for screened out.
        passing: how many pass; the first ``passing`` entries of ``order``.
        scores, low, high: by table row; low and high take every figure at its worse and better end. Under a method
            that is not additive the score is that method's own and has no such ends: both repeat it.
        contributions: (materials × 16) weight × value; a row sums to its additive score.
        weights: the sixteen weights, summing to 1.
        method: what orders: ``additive``, or one of ``methods.SECOND_METHODS`` over the value matrix of the table.
        higher_is_better: False for VIKOR and SPOTIS.
    """

    order: NDArray[np.intp]
    ranks: NDArray[np.intp]
    passing: int
    scores: Floats
    low: Floats
    high: Floats
    contributions: Floats
    weights: Floats
    method: str = "additive"
    higher_is_better: bool = True

    @cached_property
    def place(self) -> NDArray[np.intp]:
        """Position in ``order`` by table row."""
        found = np.empty_like(self.order)
        found[self.order] = np.arange(len(self.order))
        return found

    def passing_rows(self) -> NDArray[np.intp]:
        """Table rows that pass, best first."""
        return self.order[: self.passing]

    def level_with(self, row: int) -> NDArray[np.intp]:
        """The rows that share the place of one that passes, itself among them, in their order."""
        rank = int(self.ranks[row])
        end = rank
        while end < self.passing and self.ranks[self.order[end]] == rank:
            end += 1
        return self.order[rank - 1 : end]

    def above(self, first: int, second: int) -> bool:
        """Whether one of two rows that pass stands before the other in the order."""
        places = int(self.ranks[first]), int(self.ranks[second])
        if places[0] != places[1]:
            return places[0] < places[1]
        level = self.level_with(first).tolist()
        return bool(level.index(first) < level.index(second))


def rank(table: Table, values: Values, screened: Screen, weights: Sequence[float], method: str = "additive") -> Ranking:
    """Order a table by additive value, score = Σ weight × value, or by another method over the same values."""
    shares = np.asarray(weights, dtype=np.float64)
    # Summed product by product: a contribution shown is one of those the score was summed from, bit for bit.
    scores, higher = weighed(values.typical, shares), True
    if method != "additive":
        from advisor.methods import second_opinion  # most briefs order by the additive value

        opinion = second_opinion(method, values.typical, shares)
        scores, higher = opinion.scores, opinion.higher_is_better
    names = _name_places(table)
    inside, outside, short = _parted(screened)
    merit = scores if higher else -scores
    ordered = merit[inside]
    falling = np.argsort(ordered)[::-1]
    inside, ordered = inside[falling], ordered[falling]
    if len(inside):
        # Scores that chain within the tie width share a rank; inside a tie the id decides, so that rounding never does.
        apart = ordered[:-1] - ordered[1:] > TIE
        group = np.concatenate(([0], np.cumsum(apart)))
        level = _level(apart)
        inside[level] = inside[level][np.lexsort((names[inside[level]], group[level]))]
        first = np.flatnonzero(np.concatenate(([True], apart)))[group]
    else:
        first = np.zeros(0, dtype=np.intp)
    level = _level(short[1:] != short[:-1])
    outside = outside.copy()
    outside[level] = outside[level][np.lexsort((names[outside[level]], -merit[outside[level]], short[level]))]
    ranks = np.zeros(len(table), dtype=np.intp)
    ranks[inside] = first + 1
    return Ranking(
        order=np.concatenate((inside, outside)).astype(np.intp, copy=False),
        ranks=ranks,
        passing=len(inside),
        scores=scores,
        # Summed in the same order as the score, so that rounding never puts an end of the range past it.
        low=_sums(values.low, shares) if method == "additive" else scores,
        high=_sums(values.high, shares) if method == "additive" else scores,
        contributions=_products(values.typical, shares),
        weights=shares,
        method=method,
        higher_is_better=higher,
    )


def weighed(values: Floats, shares: Floats) -> Floats:
    """Σ weight × value of each row, column by column: the same bits for a row whatever rows stand around it."""
    columns = columns_of(values)
    total = np.empty(len(values))
    part = np.empty(min(_BLOCK, len(values)))
    # Block by block, so that sums and products stay in the processor's cache.
    for start in range(0, len(values), _BLOCK):
        block = total[start : start + _BLOCK]
        product = part[: len(block)]
        np.multiply(columns[0][start : start + _BLOCK], shares[0], out=block)
        for column, share in zip(columns[1:], shares[1:], strict=True):
            block += np.multiply(column[start : start + _BLOCK], share, out=product)
    return total


def _sums(values: Floats, shares: Floats) -> Floats:
    """:func:`weighed`, of a long table row by row where it is asked for."""
    if len(values) <= LONG:
        return weighed(values, shares)

    def rows(chosen: Any) -> Floats:
        return weighed(values[chosen], shares)

    return cast(Floats, Late((len(values),), rows))


def _products(values: Floats, shares: Floats) -> Floats:
    """Weight × value, of a long table row by row where it is asked for."""
    if len(values) <= LONG:
        return np.asarray(np.multiply(values, shares, order="F"))

    def rows(chosen: Any) -> Floats:
        return np.asarray(np.multiply(values[chosen], shares, order="F"))

    return cast(Floats, Late(values.shape, rows))


def _level(apart: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Places that share their group with a neighbour, by whether each is apart from the next.

    Only these need sorting by the keys behind the first: a long table has few of them.
    """
    ends = np.concatenate(([True], apart, [True]))
    return np.flatnonzero(~(ends[:-1] & ends[1:]))


@lru_cache(maxsize=4)
def _name_places(table: Table) -> NDArray[np.intp]:
    """Where each material stands by its id, which decides a tie."""
    found = np.argsort(np.argsort(np.asarray(table.ids, dtype=np.str_), kind="stable"), kind="stable")
    found.setflags(write=False)
    return found


@lru_cache(maxsize=4)
def _parted(screened: Screen) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Table rows that pass; those that do not, nearest to passing first; and how far those are from it."""
    inside, outside = np.flatnonzero(screened.passes), np.flatnonzero(~screened.passes)
    short = _shortfall(screened)[outside]
    order = np.argsort(short)
    found = inside, outside[order], short[order]
    for part in found:
        part.setflags(write=False)
    return found


@lru_cache(maxsize=4)
def _shortfall(screened: Screen) -> Floats:
    """How far a material is from passing: failed limits counted, each numeric one by its relative distance up to 1."""
    total = np.zeros(screened.fails.shape[0])
    for number, limit in enumerate(screened.limits):
        ends = [abs(end) for end in (limit.at_least, limit.at_most) if end is not None]
        scale = max([*ends, 1e-9])
        off = screened.by[:, number] / scale
        off = np.where(np.isnan(off), 1.0, np.minimum(off, 1.0))
        total += np.where(screened.fails[:, number], 1.0 + off, 0.0)
    return total


def misses(table: Table, values: Values, demands: Sequence[Demand], row: int) -> tuple[tuple[Demand, Miss | None], ...]:
    """Every demand asked, with the material's miss or None where it is met; a missing figure is a miss.

    A demand on a property that feeds no criterion (a sector's rub fastness) is not scored, but counts here.
    """
    curves = {member.property: member.curve for member in values.members}
    found: list[tuple[Demand, Miss | None]] = []
    for demand in demands:
        if not demand.asked or demand.level is None:
            continue
        figure = float(table.typical[row, table.column(demand.property)])
        if np.isnan(figure):
            found.append((demand, Miss(demand.property, None, demand.level, 0.0)))
        elif reaches(figure, demand):
            found.append((demand, None))
        else:
            curve = curves.get(demand.property) or demand_curve(demand)
            found.append((demand, Miss(demand.property, figure, demand.level, float(curve(np.array([figure]))[0]))))
    return tuple(found)


def reaches(figure: float, demand: Demand) -> bool:
    """Whether a figure meets a demand (rounding noise of 1e-9 forgiven)."""
    if demand.level is None:
        return True
    slack = 1e-9 * max(1.0, abs(demand.level))
    return figure >= demand.level - slack if demand.sense == "at_least" else figure <= demand.level + slack


@lru_cache(maxsize=64)
def _meets(table: Table, key: str, sense: str, level: float) -> NDArray[np.bool_]:
    """Materials that meet a level, by table row; a missing figure meets none. Kept: an edit moves few of the levels."""
    figures = table.typical[:, table.column(key)]
    slack = 1e-9 * max(1.0, abs(level))
    good: NDArray[np.bool_] = figures >= level - slack if sense == "at_least" else figures <= level + slack
    good.setflags(write=False)
    return good


def met_counts(table: Table, demands: Sequence[Demand]) -> tuple[NDArray[np.intp], int]:
    """Demands met by every material, and how many are asked."""
    met = np.zeros(len(table), dtype=np.uint8)
    asked = 0
    for demand in demands:
        if demand.asked and demand.level is not None:
            asked += 1
            met += _meets(table, demand.property, demand.sense, demand.level).view(np.uint8)
    return met.astype(np.intp), asked


def lowest_values(table: Table, values: Values, demands: Sequence[Demand], rows: NDArray[np.intp]) -> Floats:
    """The value of the worst miss (see :func:`worst_miss`) for each of these table rows, 1 where nothing is missed."""
    curves = {member.property: member.curve for member in values.members}
    lowest = np.ones(len(rows))
    for demand in demands:
        if demand.asked and demand.level is not None:
            missed = ~_meets(table, demand.property, demand.sense, demand.level)[rows]
            curve = curves.get(demand.property) or demand_curve(demand)
            worth = curve(table.typical[rows, table.column(demand.property)])
            lowest[missed] = np.minimum(lowest, np.where(np.isnan(worth), 0.0, worth))[missed]
    return lowest


def weakest_values(table: Table, values: Values, demands: Sequence[Demand], gaps: str) -> Floats:
    """The lowest value among the demands asked, by table row; 1 where nothing is asked.

    Unlike in :func:`lowest_values` a demand met counts with its own value, 0.8 just met to 1 ample. A missing figure
    counts at the end ``gaps``, the brief's policy, names.
    """
    curves = {member.property: member.curve for member in values.members}
    lowest = np.ones(len(table))
    for demand in demands:
        if demand.asked and demand.level is not None:
            curve = curves.get(demand.property) or demand_curve(demand)
            np.minimum(lowest, property_values(table, demand.property, curve, gaps), out=lowest)
    return lowest


@dataclass(frozen=True, eq=False)
class WeakestOrder:
    """The materials ordered by their weakest demand.

    Attributes:
        order: table rows: those that pass, best weakest value first, then the screened out as the ranking has them.
        ranks: place by table row (ties share one), 0 for screened out.
        lowest: the value each is ordered by, by table row.
        level: whether all that pass have the same lowest value, so that only the score orders them.
    """

    order: NDArray[np.intp]
    ranks: NDArray[np.intp]
    lowest: Floats
    level: bool


def weakest_order(table: Table, ranking: Ranking, lowest: Floats) -> WeakestOrder:
    """Order the materials that pass by their lowest value, then by score; level in both share a place, ids apart."""
    inside = ranking.passing_rows()
    merit = ranking.scores if ranking.higher_is_better else -ranking.scores
    # ``inside`` stands by score, and by id where scores are level; a stable sort keeps that where values are level.
    inside = inside[np.argsort(-lowest[inside], kind="stable")]
    falling = lowest[inside]
    steps = falling[:-1] - falling[1:]
    level = _groups(falling)
    noisy = (steps > 0) & (steps <= TIE)
    if noisy.any():
        # Rounding noise has parted what is level: those groups go back to the order of score and id.
        at = np.flatnonzero(np.isin(level, level[1:][noisy]))
        names, own = _name_places(table), level[at]
        mixed = inside[at]
        mixed = mixed[np.lexsort((names[mixed], -merit[mixed], own))]
        inside[at] = mixed[np.lexsort((names[mixed], _groups(merit[mixed], own)))]
    fine = _groups(merit[inside], level)
    ranks = np.zeros(len(ranking.order), dtype=np.intp)
    ranks[inside] = np.searchsorted(fine, fine, side="left") + 1
    return WeakestOrder(
        order=np.concatenate((inside, ranking.order[ranking.passing :])),
        ranks=ranks,
        lowest=lowest,
        level=len(inside) < 2 or float(np.ptp(lowest[inside])) <= TIE,
    )


def _groups(falling: Floats, within: NDArray[np.intp] | None = None) -> NDArray[np.intp]:
    """Number of the group of each of these falling figures; figures that chain within the tie width share one."""
    if not len(falling):
        return np.zeros(0, dtype=np.intp)
    apart = falling[:-1] - falling[1:] > TIE
    if within is not None:
        apart |= within[:-1] != within[1:]
    return np.concatenate(([0], np.cumsum(apart))).astype(np.intp)


def worst_miss(table: Table, values: Values, demands: Sequence[Demand], row: int) -> Miss | None:
    """The miss that weighs most: the lowest value on its demand's curve, a missing figure first."""
    missed = [miss for _, miss in misses(table, values, demands, row) if miss is not None]
    if not missed:
        return None
    return min(missed, key=lambda miss: (miss.value, miss.have is not None, miss.property))


class Relaxed(NamedTuple):
    """What would let a material in that fails one limit only.

    Attributes:
        level: where the limit would have to stand, in the property's unit; None where it would have to go altogether.
        place: the place the material would then take; None where the limit also moves the scores (price ceiling).
    """

    level: float | None
    place: int | None


def relaxed(screened: Screen, ranking: Ranking, row: int) -> Relaxed | None:
    """What relaxing its one failed limit would do for a material; None with several, or where a figure is missing.

    Others that the same step would let in are counted, so the place is the one it would really take.
    """
    failed = np.flatnonzero(screened.fails[row])
    if len(failed) != 1:
        return None
    number = int(failed[0])
    limit = screened.limits[number]
    joining = screened.fails[:, number] & (screened.fails.sum(axis=1) == 1)
    level: float | None = None
    if limit.property:
        by = float(screened.by[row, number])
        if math.isnan(by) or (limit.at_least is not None and limit.at_most is not None):
            return None
        scale = 10.0 ** properties()[limit.property].decimals
        if limit.at_most is not None:
            # Rounded outwards, so that the level as printed lets it in.
            level = math.ceil((limit.at_most + by) * scale - 1e-6) / scale
            step = level - limit.at_most
        else:
            assert limit.at_least is not None
            level = math.floor((limit.at_least - by) * scale + 1e-6) / scale
            step = limit.at_least - level
        joining &= screened.by[:, number] <= step + 1e-9
    if limit.origin == "budget":
        return Relaxed(level, None)
    merit = ranking.scores if ranking.higher_is_better else -ranking.scores
    return Relaxed(level, int((merit[screened.passes | joining] > merit[row] + TIE).sum()) + 1)
