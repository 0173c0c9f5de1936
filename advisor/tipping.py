"""Tipping points: who leads at every position of a slider, and how far each may move before the first places change.

The order by score is the order by Σ priority × value, a straight line in one priority, so what is said of priorities is
exact: the leader is the upper envelope of these lines. Climate, budget and quantity move demands, whose formulas bend
and step; there crossings are bisected, and no stretch wider than 1/2,048 of the slider is overlooked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer, additive, solve
from advisor.brief import Brief
from advisor.certainty import Stopped
from advisor.climate import SLIDERS, find_place, slider_points
from advisor.layers import terms
from advisor.materials import Floats, Table
from advisor.priorities import LEAST, MOST, held_shares
from advisor.properties import CRITERIA
from advisor.values import FOLDS

#: A stretch of a slider and the table row that leads there: from, to (in the slider's unit), row.
Stretch = tuple[float, float, int]

Rows = NDArray[np.intp]

#: Lines closer than this in height and slope are one line; the id decides, as it does in the ranking.
_SAME = 1e-10
#: Stretches narrower than this are rounding noise where several lines meet in one point.
_SLIVER = 1e-9


def leaders(answer: Answer, criterion: str) -> tuple[Stretch, ...]:
    """Who leads among the passing materials at each priority 0..10 of one criterion, the rest as the brief has it.

    The order by score is the order by Σ priority × value, a straight line in one priority; locks that hold their share
    keep it straight, since held priorities grow with the sum of the others. The leader is the upper envelope of these
    lines: one pass leaves those that rise above the highest floor (a line's lower end), the envelope is walked along
    the few that are left.

    Returns:
        Stretches that follow each other from 0 to 10 without a gap; empty where no material passes.
    """
    if not answer.ranking.passing:
        return ()
    height, slope = priority_lines(answer, criterion)
    end = height + MOST * slope
    floor = np.minimum(height, end)
    passes = answer.screen.passes
    rows = np.flatnonzero(passes & (np.maximum(height, end) >= floor[passes].max() - _SAME))
    height, slope = height[rows], slope[rows]
    ids = [answer.table.ids[row] for row in rows]
    found: list[Stretch] = []
    at = LEAST
    lead = _foremost(np.flatnonzero(height >= height.max() - _SAME), height, slope, ids)
    while True:
        steeper = np.flatnonzero(slope > slope[lead] + _SAME)
        until, following = MOST, -1
        if len(steeper):
            crossing = (height[lead] - height[steeper]) / (slope[steeper] - slope[lead])
            nearest = float(crossing.min())
            if nearest < MOST:
                until = max(nearest, at)
                following = _foremost(steeper[crossing == crossing.min()], height, slope, ids)
        if following < 0:
            return (*found, (at, until, int(rows[lead])))
        if until - at > _SLIVER:
            found.append((at, until, int(rows[lead])))
            at = until
        lead = following


@dataclass(frozen=True, slots=True)
class Stability:
    """How far one priority may move while the order at the top stays.

    Attributes:
        criterion: criterion key; ``now``: where its slider stands.
        first: (from, to) in which today's first place stays first.
        three: (from, to) in which the first three places stay the same three in the same order.
        same_three: (from, to) in which they stay the same three in whatever order.
    """

    criterion: str
    now: float
    first: tuple[float, float]
    three: tuple[float, float]
    same_three: tuple[float, float]


def stability(answer: Answer, criterion: str) -> Stability | None:
    """The exact intervals of one priority in which the first place, and the first three, stay; None where none passes.

    Ties within an interval count as staying. At the very point where every priority would be 0 all sixteen weigh the
    same, which is no longer this line; the interval is that of the slider just off that point.
    """
    answer = additive(answer)
    order = answer.ranking.passing_rows()
    if not len(order):
        return None
    now = answer.terms.priorities[criterion]
    height, slope = priority_lines(answer, criterion)
    passes = answer.screen.passes

    def while_ahead(rows: Rows, below: NDArray[np.bool_]) -> tuple[float, float]:
        """Where each of these rows stays ahead of all below; today's order holds today, whatever rounding says."""
        low, high = LEAST, MOST
        for row in rows.tolist():
            lead, gain = height[row] - height[below], slope[row] - slope[below]
            with np.errstate(divide="ignore", invalid="ignore"):
                crossing = -lead / gain
            low = max(low, float(crossing[gain > _SAME].max(initial=LEAST)))
            high = min(high, float(crossing[gain < -_SAME].min(initial=MOST)))
        return min(low, now), max(high, now)

    places = []
    for place in range(min(3, len(order))):
        below = passes.copy()
        below[order[: place + 1]] = False
        places.append(while_ahead(order[place : place + 1], below))
    three = max(low for low, _ in places), min(high for _, high in places)
    below = passes.copy()
    below[order[:3]] = False
    return Stability(criterion, now, places[0], three, while_ahead(order[:3], below))


@lru_cache(maxsize=1)
def _totals(answer: Answer) -> Floats:
    """Σ priority × value of every table row as the sliders stand."""
    return np.asarray(answer.values.typical @ np.asarray([answer.terms.priorities[key] for key in CRITERIA]))


def priority_lines(answer: Answer, criterion: str) -> tuple[Floats, Floats]:
    """Σ priority × value of every table row along one priority's slider: height at 0, and slope a point."""
    values, priorities = answer.values.typical, answer.terms.priorities
    column = CRITERIA.index(criterion)
    held = held_shares(priorities, answer.brief.locks, criterion)
    left = 1.0 - sum(held.values())
    if held and left <= 1e-12:
        # The locks hold everything: the slider moves nothing.
        return additive(answer).ranking.scores, np.zeros(len(answer.table))
    slope = values[:, column].copy()
    if not held:
        return _totals(answer) - priorities[criterion] * slope, slope
    others = [0.0 if key == criterion or key in held else priorities[key] for key in CRITERIA]
    along = values @ np.asarray([held.get(key, 0.0) / left for key in CRITERIA])
    return values @ np.asarray(others) + sum(others) * along, slope + along


def _foremost(tied: Rows, height: Floats, slope: Floats, ids: Sequence[str]) -> int:
    """Of the lines that meet in a point, the one that leads just beyond it; of several that coincide, the first id."""
    best = int(tied[slope[tied].argmax()])
    twins = np.flatnonzero((abs(height - height[best]) <= _SAME) & (abs(slope - slope[best]) <= _SAME))
    return best if len(twins) == 1 else min(twins.tolist(), key=lambda row: ids[row])


# Sliders that move demands --------------------------------------------------------------------------------------------

#: Sliders of the budget and the order beside those of the climate.
ORDER_SLIDERS = ("price_target", "price_ceiling", "order_quantity")
#: Sliders of the service life, with their ends: years, days of a year, share of daylight outdoors.
SERVICE_SLIDERS = {"life_years": (0.5, 15.0), "days_per_year": (5.0, 365.0), "outdoor_share": (0.0, 1.0)}
#: Every slider :func:`tipping_of_slider` knows.
TIPPING_SLIDERS = (*SLIDERS, *ORDER_SLIDERS, *SERVICE_SLIDERS)
#: Share of a slider's travel that is looked at at least: two stretches of one leader with a narrower one between them,
#: that cannot be told apart by bounds, count as one.
_FINEST = 1 / 2048
#: Crossings are bisected to this share of the travel.
_EXACT = 1e-9


def slider_range(brief: Brief, key: str) -> tuple[float, float]:
    """Ends of a slider in its unit, the lower first.

    Sliders of climate and service life end where the window's do; several places have the scale of no place.
    Money and quantity, which have no end of their own, run from a quarter of the present figure (of the order quantity
    a tenth) to four times (ten times) it.

    Raises:
        KeyError: there is no such slider.
    """
    if key in SLIDERS:
        shares = brief.climate.shares
        place = brief.climate.place if not shares else shares[0][0] if len(shares) == 1 else ""
        points = slider_points(key, find_place(place) if place else None)
        ends = sorted(value for _, value in (points[0], points[-1]))
        return ends[0], ends[1]
    if key in SERVICE_SLIDERS:
        return SERVICE_SLIDERS[key]
    settled = terms(brief)
    if key == "order_quantity":
        return settled.order_quantity / 10, settled.order_quantity * 10
    now = {"price_target": settled.price_target, "price_ceiling": settled.price_ceiling}[key]
    return now / 4, now * 4


def at_slider(brief: Brief, key: str, value: float) -> Brief:
    """The brief with one slider moved (climate, budget, quantity or service life); nothing else moves with it."""
    if key in SERVICE_SLIDERS:
        service = replace(
            brief.service,
            life_years=value if key == "life_years" else brief.service.life_years,
            days_per_year=value if key == "days_per_year" else brief.service.days_per_year,
            outdoor_share=value if key == "outdoor_share" else brief.service.outdoor_share,
        )
        return replace(brief, service=service)
    if key == "order_quantity":
        return replace(brief, order_quantity=value)
    if key in ORDER_SLIDERS:
        settled = terms(brief)
        end = key.removeprefix("price_")
        # Left alone, the other end of the band would follow by the product's ratio.
        band = replace(brief.price, target=settled.price_target, ceiling=settled.price_ceiling)
        return replace(brief, price=replace(band, **{end: value}))
    return replace(brief, climate=replace(brief.climate, inputs={**brief.climate.inputs, key: value}))


def tipping_of_slider(
    table: Table, brief: Brief, key: str, stop: Callable[[], bool] = lambda: False
) -> tuple[Stretch, ...]:
    """Who leads at each position of a slider of the climate, budget, quantity or service life.

    Along such a slider every demand moves one way, so a value curve's worth of a figure does too, and over any stretch
    each criterion of each material stays between its values at the two ends. Where these bounds leave no other material
    a chance, the leader is proved; elsewhere the stretch is halved. Crossings are bisected to 1e-9 of the travel.

    Returns:
        Stretches (from, to, row) that follow each other over :func:`slider_range`; row −1 where no material passes.

    Raises:
        Stopped: ``stop`` said so on the way.
        KeyError: there is no such slider.
    """
    brief = replace(brief, method="additive")
    low, high = slider_range(brief, key)
    if high <= low:
        order = solve(table, brief).ranking.passing_rows()
        return ((low, high, int(order[0]) if len(order) else -1),)
    return _Search(table, brief, key, (low, high), np.arange(len(table)), stop).stretches()


@dataclass(frozen=True, eq=False)
class _Point:
    """The answer at one position of a slider: travel 0..1, values, who passes and who leads (−1: nobody)."""

    travel: float
    values: Floats
    passes: NDArray[np.bool_]
    lead: int


#: A search leaves rows behind when fewer than this part of them have a chance left.
_NARROW = 0.5


class _Search:
    """One slider of one brief, over the materials that could lead somewhere on a stretch of it."""

    def __init__(
        self, table: Table, brief: Brief, key: str, ends: tuple[float, float], rows: Rows, stop: Callable[[], bool]
    ) -> None:
        self.brief, self.key, self.ends, self.stop = brief, key, ends, stop
        self.low, self.high = ends
        self.table, self.rows = table, rows
        self.known: dict[int, NDArray[np.bool_]] = {}
        settled = terms(brief).weights()
        self.weights = np.asarray([settled[name] for name in CRITERIA])

    def point(self, travel: float) -> _Point:
        if self.stop():
            raise Stopped
        value = self.low + (self.high - self.low) * travel
        answer = solve(self.table, at_slider(self.brief, self.key, value))
        order = answer.ranking.passing_rows()
        return _Point(travel, answer.values.typical, answer.screen.passes, int(order[0]) if len(order) else -1)

    def _chances(self, left: _Point, right: _Point) -> Rows:
        """Rows that could lead between two points, by the bounds of their scores."""
        most = np.maximum(left.values, right.values) @ self.weights
        least = np.minimum(left.values, right.values) @ self.weights
        always, ever = left.passes & right.passes, left.passes | right.passes
        floor = least[always].max(initial=-np.inf)
        return np.flatnonzero(ever & (most >= floor - _SLIVER))

    def _proved(self, left: _Point, right: _Point) -> bool:
        """Whether the leader of both ends leads all the way between."""
        lead = left.lead
        rivals = left.passes | right.passes
        if lead < 0:
            return not rivals.any()
        if not (left.passes[lead] and right.passes[lead]):
            return False
        most = np.maximum(left.values, right.values)
        least = np.minimum(left.values[lead], right.values[lead])
        apart = most - least
        # Two that are worth the same at both ends of a stretch over which neither moves stay the same.
        still = (left.values == right.values) & (left.values[lead] == right.values[lead])
        apart = np.where(still, left.values - left.values[lead], apart)
        # With every figure no better, no position of the demand makes it worth more.
        apart = np.where(self._no_better(lead), np.minimum(apart, 0.0), apart)
        gap = apart @ self.weights
        rivals[lead] = False
        return bool((gap[rivals] < 0).all() if rivals.any() else True)

    def _no_better(self, lead: int) -> NDArray[np.bool_]:
        """(rows × 16) True where every figure of a criterion is no better than the leader's."""
        if lead not in self.known:
            self.known[lead] = self._compared(lead)
        return self.known[lead]

    def _compared(self, lead: int) -> NDArray[np.bool_]:
        answer = solve(self.table, at_slider(self.brief, self.key, self.low))
        found = np.zeros((len(self.table), len(CRITERIA)), dtype=bool)
        for place, criterion in enumerate(CRITERIA):
            own = [member for member in answer.values.members if member.criterion == criterion]
            if criterion in self.brief.curves or FOLDS.get(criterion, "lowest") not in ("lowest", "mean"):
                continue
            whole = np.ones(len(self.table), dtype=bool)
            for member in own:
                figures = self.table.typical[:, self.table.column(member.property)]
                better = member.curve.value[-1] >= member.curve.value[0]
                whole &= (figures <= figures[lead]) if better else (figures >= figures[lead])
            found[:, place] = whole
        return found

    def stretches(self) -> tuple[Stretch, ...]:
        found: list[tuple[float, float, int]] = []
        self._between(self.point(0.0), self.point(1.0), found)
        joined: list[Stretch] = []
        for begin, until, row in found:
            low, high = (self.low + (self.high - self.low) * travel for travel in (begin, until))
            if joined and joined[-1][2] == row:
                joined[-1] = (joined[-1][0], high, row)
            else:
                joined.append((low, high, row))
        return tuple(joined)

    def _row(self, lead: int) -> int:
        return int(self.rows[lead]) if lead >= 0 else -1

    def _narrowed(self, kept: Rows) -> _Search:
        """The same search over some of its rows."""
        table = self.table.take(kept.tolist())
        return _Search(table, self.brief, self.key, self.ends, self.rows[kept], self.stop)

    def _between(self, left: _Point, right: _Point, found: list[tuple[float, float, int]]) -> None:
        """Add (from, to, table row) between two points, travel 0..1."""
        width = right.travel - left.travel
        if left.lead == right.lead:
            if width <= _FINEST or self._proved(left, right):
                found.append((left.travel, right.travel, self._row(left.lead)))
                return
        elif width <= _EXACT:
            at = (left.travel + right.travel) / 2
            found += [(left.travel, at, self._row(left.lead)), (at, right.travel, self._row(right.lead))]
            return
        kept = self._chances(left, right)
        if 0 < len(kept) <= _NARROW * len(self.rows):
            self._narrowed(kept)._between(_part(left, kept), _part(right, kept), found)
            return
        middle = self.point((left.travel + right.travel) / 2)
        self._between(left, middle, found)
        self._between(middle, right, found)


def _part(point: _Point, kept: Rows) -> _Point:
    """A point over some of its rows; its leader is among them."""
    lead = int(np.searchsorted(kept, point.lead)) if point.lead >= 0 else -1
    return _Point(point.travel, point.values[kept], point.passes[kept], lead)
