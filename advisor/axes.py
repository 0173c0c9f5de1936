"""Axes: what a map of materials is spanned by: properties or expressions of columns, fronts, index lines, boxes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.brief import Brief, Limit
from advisor.index import columns_of, figures_of, table_index
from advisor.layers import terms
from advisor.materials import Floats, Table
from advisor.methods import pareto
from advisor.problems import AdvisorError, Problem
from advisor.properties import numeric_keys, properties
from advisor.values import screen

#: Most columns an expression on an axis may have: its range looks at every corner of theirs.
MOST_COLUMNS = 6
#: By how much a column is moved to see which way an expression goes with it.
_STEP = 0.01


@dataclass(frozen=True, eq=False)
class Axis:
    """What stands along one axis.

    Attributes:
        key: the property, or the expression as it was given.
        property: the property's key, "" for an expression.
        columns: the numeric columns behind it.
        unit: as printed; "" for grades and ratings, "1" for a plain number.
        low, figures, high: one a material, NaN for a gap. The range of an expression is the least and the greatest
            figure over all corners of its columns' ranges (exact where it rises or falls throughout with each).
        direction: ``more``, ``less`` or ``none``: which side is better. An expression takes it from its columns where
            they agree, else larger is better, as in a material index (Ashby).
    """

    key: str
    property: str
    columns: tuple[str, ...]
    unit: str
    low: Floats
    figures: Floats
    high: Floats
    direction: str


@lru_cache(maxsize=16)
def axis(table: Table, key: str) -> Axis:
    """The axis of a property or of an expression such as ``tear_strength_n / areal_mass_g_m2``.

    Raises:
        AdvisorError: it is neither (see :func:`advisor.index.index`), or has more than ``MOST_COLUMNS`` columns.
    """
    if key in numeric_keys():
        item, column = properties()[key], table.column(key)
        unit = "" if item.unit in ("grade", "rating") else item.unit
        low, figures, high = (array[:, column] for array in (table.low, table.typical, table.high))
        return Axis(key, key, (key,), unit, low, figures, high, item.direction)
    found = table_index(table, key)
    used = columns_of(key, numeric_keys())
    if not 1 <= len(used) <= MOST_COLUMNS:
        few = "it has no column" if not used else f"it has {len(used)} columns"
        raise AdvisorError(
            Problem("wrong-expression", few, f"give one to {MOST_COLUMNS} columns of the table", value=key[:80])
        )
    typical, bottom, top = (
        {name: array[:, table.column(name)] for name in used} for array in (table.typical, table.low, table.high)
    )
    corners = itertools.product((bottom, top), repeat=len(used))
    ends = [figures_of(key, {name: end[name] for name, end in zip(used, ends, strict=True)}) for ends in corners]
    ends.append(found.figures)
    stack = np.stack(ends)
    gap = np.isnan(found.figures)
    least = np.where(np.isnan(stack), np.inf, stack).min(axis=0)
    most = np.where(np.isnan(stack), -np.inf, stack).max(axis=0)
    least, most = np.where(gap, np.nan, least), np.where(gap, np.nan, most)
    return Axis(key, "", used, found.unit, least, found.figures, most, _direction(key, typical, found.figures))


def _direction(expression: str, columns: dict[str, Floats], now: Floats) -> str:
    """Which side of an expression is better, by what its columns are better at."""
    wanted = set()
    for name, figures in columns.items():
        direction = properties()[name].direction
        if direction == "none":
            continue
        moved = figures_of(expression, {**columns, name: figures + _STEP * np.maximum(np.abs(figures), 1e-6)})
        steps = np.sign((moved - now)[np.isfinite(moved - now)])
        rises = {1: True, -1: False}.get(int(np.sign(steps.sum()))) if len(steps) else None
        if rises is not None:
            wanted.add("more" if rises == (direction == "more") else "less")
    return wanted.pop() if len(wanted) == 1 else "more"


def front(x: Axis, y: Axis, among: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Rows on the Pareto front of two axes among some materials, from the least to the greatest figure across.

    A material is on it when none of the others is at least as good on both and better on one. Empty where an axis
    has no better side.
    """
    if "none" in (x.direction, y.direction):
        return np.zeros(0, dtype=np.intp)
    rows = np.flatnonzero(among & np.isfinite(x.figures + y.figures))
    across, up = (
        own.figures[rows] * (1.0 if own.direction == "more" else -1.0) for own in (x, y)
    )  # more is better on both
    # What some other beats on both is left out first, so that the full comparison is of few whatever the length.
    order = np.lexsort((-up, -across))
    best = np.maximum.accumulate(up[order])
    rows = rows[order[up[order] >= best]]
    if not len(rows):
        return rows
    goals = ["max" if own.direction == "more" else "min" for own in (x, y)]
    chosen = rows[pareto(np.stack((x.figures[rows], y.figures[rows]), axis=1), goals, who=False).steps["front"]]
    return np.asarray(chosen[np.lexsort((y.figures[chosen], x.figures[chosen]))])


# Index lines ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IndexLine:
    """Where a material index M = x^a · y^b has one value: ``level`` = ln M. More of M is better.

    ``text`` is the expression as given, "" for the usual one of the axes.
    """

    a: float
    b: float
    level: float = 0.0
    text: str = ""

    def merit(self, x: Floats | float, y: Floats | float) -> Floats:
        """ln M of figures; NaN where one of them is missing or not above zero."""
        across, up = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        with np.errstate(all="ignore"):
            found = self.a * np.log(across) + self.b * np.log(up)
        return np.where((across > 0) & (up > 0), found, np.nan)

    def better(self, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Which materials are on the better side of the line or on it."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.merit(x, y) >= self.level - 1e-12 * max(1.0, abs(self.level)))

    def upward(self, x: Floats) -> Floats:
        """Figures upward on the line over figures across (``b`` is not 0)."""
        with np.errstate(all="ignore"):
            return np.asarray(np.exp((self.level - self.a * np.log(x)) / self.b))


def usual_line(x: Axis, y: Axis) -> IndexLine:
    """The plain index of two axes: what is better with more multiplies, what is better with less divides.

    An axis with no better side divides across and multiplies upward, as a strength over a mass does.
    """
    return IndexLine(
        {"more": 1.0, "less": -1.0}.get(x.direction, -1.0), {"more": 1.0, "less": -1.0}.get(y.direction, 1.0)
    )


def line_of(expression: str, x: Axis, y: Axis) -> IndexLine:
    """The index line of an expression of the two axes' own properties; its exponents are the line's slope.

    Raises:
        AdvisorError: the expression is none, an axis is an expression itself, a column is on neither axis, or it is no
            product of powers, so that it has no line.
    """
    if not x.property or not y.property:
        raise AdvisorError(
            Problem("wrong-expression", "an axis is an expression itself", "put single properties on both axes")
        )
    names = columns_of(expression, numeric_keys())
    for name in names:
        if name not in (x.property, y.property):
            raise AdvisorError(
                Problem("wrong-expression", f'"{name}" is on neither axis', "put it on one, or leave it out")
            )
    across, up = np.array([1.0, 2.0, 1.0, 3.0, 1.0, 5.0]), np.array([1.0, 1.0, 2.0, 1.0, 3.0, 7.0])
    columns = {x.property: 11.0 * across, y.property: 13.0 * up}
    with np.errstate(all="ignore"):
        logs = np.log(figures_of(expression, columns))
        rises = np.stack((np.log(across), np.log(up)), axis=1)[1:]
        powers, *_ = np.linalg.lstsq(rises, np.nan_to_num(logs[1:] - logs[0]), rcond=None)
        straight = np.isfinite(logs).all() and np.allclose(rises @ powers, logs[1:] - logs[0], atol=1e-9)
    a, b = (float(round(power, 9)) for power in powers)
    if not straight or not (a or b) or x.property == y.property:
        raise AdvisorError(
            Problem(
                "wrong-expression",
                f'"{expression[:80]}" is no product of powers of the two axes, so it has no line',
                f"write one like {y.property} ** 0.5 / {x.property}",
            )
        )
    return IndexLine(a, b, text=expression)


def level_of_best(line: IndexLine, x: Floats, y: Floats, count: int) -> float | None:
    """The level with the ``count`` best materials on its better side, halfway to the next; None without a figure."""
    merits = np.sort(line.merit(x, y))
    merits = merits[np.isfinite(merits)][::-1]
    if not len(merits):
        return None
    last = min(count, len(merits)) - 1
    after = merits[merits < merits[last] - 1e-12]
    return float((merits[last] + after[0]) / 2) if len(after) else float(merits[last])


# Boxes ----------------------------------------------------------------------------------------------------------------


def box_limits(x: Axis, y: Axis, box: tuple[float, float, float, float]) -> tuple[Limit, ...]:
    """The limits a box (least and greatest across, least and greatest upward) stands for.

    Of each property only the ends count beyond which it is worse, both where it has no better side. Ends are rounded to
    as few figures as put the same materials inside. An expression is no property and makes no limit.
    """
    found: dict[str, Limit] = {}
    for own, (least, most) in ((x, box[:2]), (y, box[2:])):
        if not own.property:
            continue
        low, high = own.direction != "less", own.direction != "more"
        limit = found.get(own.property, Limit(property=own.property))
        if low:
            limit = replace(limit, at_least=_rounded(own, least, True))
        if high:
            limit = replace(limit, at_most=_rounded(own, most, False))
        found[own.property] = limit
    return tuple(found.values())


def _rounded(own: Axis, level: float, least: bool) -> float:
    """A level with few figures that parts the materials as the exact one does, within the closed scale."""
    item = properties()[own.property]
    bottom, top = item.scale
    level = max(level, bottom) if bottom is not None else level
    level = min(level, top) if top is not None else level

    def side(at: float) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):
            return np.asarray(own.figures >= at if least else own.figures <= at)

    wanted = side(level)
    digits = item.decimals
    if level:
        for figures in (1, 2, 3, 4):
            places = min(digits, figures - 1 - math.floor(math.log10(abs(level))))
            rounded = round(level, places)
            if np.array_equal(side(rounded), wanted) and (figures > 1 or abs(rounded - level) <= 0.05 * abs(level)):
                return float(rounded)
    scale = 10.0**digits
    # No finer than the property is printed: outward, so that nothing inside is lost.
    return (math.floor(level * scale) if least else math.ceil(level * scale)) / scale


def with_limits(limits: Sequence[Limit], added: Sequence[Limit]) -> tuple[Limit, ...]:
    """A brief's limits with others put in: an end given anew takes the place of the one on the same property."""
    found = list(limits)
    for limit in added:
        place = next((number for number, held in enumerate(found) if held.property == limit.property), None)
        if place is None:
            found.append(limit)
            continue
        held = found[place]
        found[place] = replace(
            held,
            at_least=held.at_least if limit.at_least is None else limit.at_least,
            at_most=held.at_most if limit.at_most is None else limit.at_most,
        )
    return tuple(found)


def would_pass(table: Table, brief: Brief, limits: tuple[Limit, ...]) -> int:
    """How many materials would pass with these limits in the place of the brief's."""
    return int(screen(table, terms(replace(brief, limits=limits)).limits).passes.sum())
