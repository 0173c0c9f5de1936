"""Map: every material as a bubble between two properties or expressions, with families, ranges and lines (Ashby).

Drawn over the points: demands and limits of the axes, the Pareto front of what passes, an index line with its better
side, and the box being marked out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection  # noqa: TID253 - drawing files are imported late
from matplotlib.figure import Figure  # noqa: TID253 - the same
from matplotlib.lines import Line2D  # noqa: TID253 - the same
from matplotlib.markers import MarkerStyle  # noqa: TID253 - the same
from matplotlib.patches import Polygon  # noqa: TID253 - the same
from matplotlib.path import Path  # noqa: TID253 - the same
from matplotlib.transforms import IdentityTransform  # noqa: TID253 - the same
from numpy.typing import NDArray

from advisor.answer import Answer
from advisor.axes import Axis, IndexLine, axis, front
from advisor.explanation import SCORE_DECIMALS
from advisor.materials import Table
from advisor.problems import AdvisorError
from advisor.properties import properties
from advisor.sentences import Num
from ui.charts.figures import has_own, own_rows, place_words
from ui.charts.style import (
    SMALL,
    Artists,
    Box,
    Cell,
    Speech,
    Style,
    Twin,
    View,
    digits_of,
    elide,
    fit_name,
    mix,
    nice_step,
    overlaps,
    place_axes,
    put,
    say_empty,
    sheet,
    short_names,
    size_px,
    ticks_between,
    width_of,
)

Floats = NDArray[np.float64]

#: Names written beside points, at most; rows of a table twin; points drawn as bubbles of their own.
LABELS, TWIN_ROWS, BUBBLES = 9, 1000, 600
#: Points beyond which their density is drawn, and the width of its cells in px.
DENSE, _CELL = 5000, 9.0
#: Further keys the canvas passes on: the index line one step, and everything marked out let go of.
KEYS = ("Key_Left", "Key_Right", "Key_Escape")
#: A family's marker, in the order families appear in the table; the last one serves all further ones.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "h", "*")
_LEFT, _TOP, _BOTTOM = 52, 26, 36
_LEGEND = (96.0, 176.0)
_LABEL_ROOM = 168
#: Diameter of a bubble in px by score: fixed anchors, so that no material changes another one's size.
_SIZES = ((0.3, 5.0), (0.9, 13.0))
#: What is screened out is no larger than this, px: it must not drown what passes.
_OUT = 6.0


@dataclass(frozen=True)
class Scale:
    """One axis: figures to px from the plot's lower or left edge."""

    low: float
    high: float
    log: bool
    px: float

    def __call__(self, figures: Floats) -> Floats:
        """Positions in px; NaN where a figure is missing or cannot stand on a log axis."""
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.log:
                at = (np.log10(figures) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
                at = np.where(figures > 0, at, np.nan)
            else:
                at = (figures - self.low) / (self.high - self.low)
        return np.asarray(at * self.px, dtype=np.float64)

    def figure(self, px: Floats | float) -> Floats:
        """The figures at positions in px."""
        share = np.asarray(px, dtype=np.float64) / self.px
        if self.log:
            return np.asarray(self.low * (self.high / self.low) ** share)
        return np.asarray(self.low + share * (self.high - self.low))

    def at(self, figure: float) -> float:
        """One figure's position in px."""
        return float(self(np.array([figure]))[0])


@dataclass
class MapArtists(Artists):
    """The moving parts, and what the still part stands for."""

    axes: Any = None
    right: float = 0
    table: Table | None = None
    own: tuple[Axis, Axis] | None = None
    keys: tuple[str, str, bool, bool] = ("", "", False, False)
    scales: tuple[Scale, Scale] | None = None
    columns: tuple[str, ...] = ()
    extents: tuple[tuple[float, float], ...] = ()
    x: Floats = field(default_factory=lambda: np.zeros(0))
    y: Floats = field(default_factory=lambda: np.zeros(0))
    bubbles: Any = None
    bubble_rows: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    thin: bool = False
    front_of: tuple[Any, ...] = ()
    front: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    front_line: Any = None
    spots: dict[tuple[int, float], tuple[Floats, Floats]] = field(default_factory=dict)
    beside: dict[int, tuple[tuple[Any, ...], Box | None]] = field(default_factory=dict)
    index_line: Any = None
    index_hint: Any = None
    index_path: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    veil: Any = None
    box: Any = None
    outlines: dict[int, Floats] = field(default_factory=dict)
    family: Any = None
    leaders: Any = None
    lines: Any = None
    line_names: list[Any] = field(default_factory=list)
    ranges: Any = None
    cross: Any = None
    ring: Any = None
    hover_ring: Any = None
    chosen: Any = None
    own_dots: Any = None
    labels: list[Any] = field(default_factory=list)
    kept: list[Box] = field(default_factory=list)
    bands: list[Box] = field(default_factory=list)
    levels: tuple[Any, ...] = ()
    labelled: tuple[Any, ...] = ()


# --- figures ----------------------------------------------------------------------------------------------------------


def axis_of(table: Table, key: str) -> Axis:
    """The axis of a property or an expression; one without a figure where the table has none for it."""
    try:
        return axis(table, key)
    except AdvisorError:
        none = np.full(len(table), np.nan)
        return Axis(key, "", (), "", none, none, none, "none")


def figures(table: Table, key: str) -> Floats:
    """Typical figures of a property or an expression, NaN for gaps."""
    return axis_of(table, key).figures


@lru_cache(maxsize=16)
def decimals_of(own: Axis) -> int:
    """Digits after the point a figure of an axis is printed with; about three figures of an expression."""
    if own.property:
        return properties()[own.property].decimals
    sizes = np.abs(own.figures[np.isfinite(own.figures) & (own.figures != 0)])
    return max(0, min(6, 2 - math.floor(math.log10(float(np.median(sizes)))))) if len(sizes) else 2


_RAISED = str.maketrans({"2": "²", "3": "³"})


def raised(text: str) -> str:
    """Whole powers of two and three as they are written: m^2 is m²."""
    return re.sub(r"\^([23])(?![\d.])", lambda found: found[1].translate(_RAISED), text)


def formula_words(expression: str, speech: Speech) -> str:
    """An expression with the short names of its columns: "Tear / Mass"."""
    text = re.sub(r"\s*\*\*\s*|\s*\^\s*", "^", expression.strip())
    text = re.sub(r"\s*\*\s*", " · ", text)
    text = re.sub(r"\s*/\s*", " / ", text)
    items = properties()
    return raised(re.sub(r"[A-Za-z_]\w*", lambda word: speech.short(word[0]) if word[0] in items else word[0], text))


def _name(own: Axis, speech: Speech) -> str:
    return speech.label(own.property) if own.property else formula_words(own.key, speech)


def _short(own: Axis, speech: Speech) -> str:
    return speech.short(own.property) if own.property else formula_words(own.key, speech)


def title_of(own: Axis, speech: Speech, log: bool = False) -> str:
    """An axis' name with its unit."""
    if own.property:
        return speech.axis(own.property, log)
    name = _name(own, speech)
    if own.unit not in ("", "1"):
        name = speech.say("with-unit", name=name, unit=raised(own.unit))
    return speech.say("log", name=name) if log else name


def figure_of(own: Axis, value: float, speech: Speech) -> str:
    """A figure of an axis with its unit."""
    if own.property:
        return speech.figure(own.property, value)
    text = speech.number(value, decimals_of(own))
    return text if own.unit in ("", "1") else speech.say("index-level", figure=text, unit=raised(own.unit))


@lru_cache(maxsize=2)
def families(table: Table) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Main families (first tag) in table order, at most as many as there are markers; and each material's number."""
    firsts = [text.split("|")[0].strip() for text in table.text["family"]]
    names = list(dict.fromkeys(firsts))
    number = {name: min(place, len(MARKERS) - 1) for place, name in enumerate(names)}
    shown = names[: len(MARKERS)]
    if len(names) > len(MARKERS):
        shown[-1] = "…"
    return tuple(shown), np.array([number[name] for name in firsts], dtype=np.intp)


def levels(answer: Answer, key: str) -> tuple[tuple[float, bool, bool], ...]:
    """(level, at least?, is a limit?) of the demand and the limits on a property."""
    found = [
        (float(demand.level), demand.sense == "at_least", False)
        for demand in answer.asked
        if demand.property == key and demand.level is not None
    ]
    for limit in answer.screen.limits:
        if limit.property == key:
            found += [(float(limit.at_least), True, True)] if limit.at_least is not None else []
            found += [(float(limit.at_most), False, True)] if limit.at_most is not None else []
    return tuple(dict.fromkeys(found))


def extent_of(values: Floats, log: bool) -> tuple[float, float] | None:
    """Least and greatest known figure (above zero for a log axis), or None where there is none."""
    known = values[np.isfinite(values)]
    if log:
        known = known[known > 0]
    return (float(known.min()), float(known.max())) if len(known) else None


def scale_for(extent: tuple[float, float], marks: Sequence[float], log: bool, px: float) -> Scale:
    """An axis that holds all figures and marks with a little room."""
    low, high = extent
    marks = [mark for mark in marks if mark > 0] if log else list(marks)
    # A mark far off would squeeze the materials into a corner: it is left to stand outside.
    for mark in marks:
        near = low / 8 < mark < high * 8 if log else 2 * low - high < mark < 2 * high - low
        if near:
            low, high = min(low, mark), max(high, mark)
    if log:
        room = max(0.055 * math.log10(high / low), 0.06)
        return Scale(low / 10**room, high * 10**room, True, px)
    room = max(0.055 * (high - low), 1e-3 * max(abs(high), 1.0) if high == low else 0.0)
    bottom = low - room
    return Scale(0.0 if low >= 0 > bottom else bottom, high + room, False, px)


def ticks_of(scale: Scale, gap: float) -> list[float]:
    """Round figures at least about ``gap`` px apart."""
    if not scale.log:
        step = nice_step(scale.high - scale.low, max(2, int(scale.px // gap)))
        return ticks_between(scale.low, scale.high, step)
    decades = range(math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high)) + 1)
    per_decade = scale.px / math.log10(scale.high / scale.low)
    parts = (1, 2, 5) if per_decade * math.log10(2) >= gap else (1, 3) if per_decade * 0.47 >= gap else (1,)
    found = [part * 10.0**power for power in decades for part in parts]
    found = [tick for tick in found if scale.low <= tick <= scale.high]
    if len(found) < 2:
        step = nice_step(scale.high - scale.low, max(2, int(scale.px // gap)))
        found = [tick for tick in ticks_between(scale.low, scale.high, step) if tick > 0]
    return found


def hull(points: Floats) -> Floats:
    """Convex hull of points (n × 2), counter-clockwise (Andrew's monotone chain)."""
    if len(points) > 512:
        # Extremes along many directions: near enough for a soft outline, and linear in the number of points.
        angles = np.linspace(0, 2 * np.pi, 128, endpoint=False)
        ways = np.stack((np.cos(angles), np.sin(angles)))
        points = points[np.unique((points @ ways).argmax(axis=0))]
    points = np.unique(points, axis=0)
    if len(points) < 3:
        return points

    def half(rows: Floats) -> list[Floats]:
        chain: list[Floats] = []
        for point in rows:
            while len(chain) > 1:
                a, b = chain[-1] - chain[-2], point - chain[-2]
                if a[0] * b[1] - a[1] * b[0] > 0:
                    break
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return np.array(half(points) + half(points[::-1]))


def _soft(points: Floats, radius: float) -> Floats:
    """The hull, ``radius`` px wider all round with round corners."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    circle = radius * np.stack((np.cos(angles), np.sin(angles)), axis=1)
    return hull((hull(points)[:, None, :] + circle[None, :, :]).reshape(-1, 2))


# --- drawing ----------------------------------------------------------------------------------------------------------


def draw(figure: Figure, answer: Answer, view: View, style: Style) -> Artists:
    """Axes, family outlines and legend stand still; bubbles, ranges, demand lines and names move."""
    say = style.speech.say
    table = answer.table
    if len(table) == 0:
        return say_empty(figure, style, say("empty"))
    width, height = size_px(figure)
    right = _legend_width(table, style)
    plot = (max(width - _LEFT - right, 80.0), max(height - _TOP - _BOTTOM, 40.0))
    own = axis_of(table, view.x), axis_of(table, view.y)
    x_raw, y_raw = own[0].figures, own[1].figures
    log_x, log_y = _can_log(x_raw, view.log_x), _can_log(y_raw, view.log_y)
    marks = levels(answer, view.x), levels(answer, view.y)
    x_extent, y_extent = extent_of(x_raw, log_x), extent_of(y_raw, log_y)
    if x_extent is None or y_extent is None or not np.isfinite(x_raw + y_raw).any():
        return say_empty(figure, style, say("no-figures"), say("no-figures-more"))
    x_scale = scale_for(x_extent, [mark[0] for mark in marks[0]], log_x, plot[0])
    y_scale = scale_for(y_extent, [mark[0] for mark in marks[1]], log_y, plot[1])
    captions = sheet(figure, style)
    axes = place_axes(figure, style, (_LEFT, _BOTTOM, _LEFT + plot[0], _BOTTOM + plot[1]))
    axes.set_xlim(0, plot[0])
    axes.set_ylim(0, plot[1])
    found = MapArtists(style, axes=axes, right=right, table=table, own=own, keys=_keys(view), scales=(x_scale, y_scale))
    found.extents = (x_extent, y_extent)
    found.columns = tuple(dict.fromkeys((*own[0].columns, *own[1].columns)))
    found.x, found.y = x_scale(x_raw), y_scale(y_raw)
    found.thin = len(table) > BUBBLES
    _draw_axes(found, captions, view, (log_x, log_y))
    _draw_families(found, captions, style)
    missing = int((~np.isfinite(found.x + found.y)).sum())
    if missing:
        words = say("not-shown", count=style.speech.number(missing))
        put(captions, width - right - 4, height - 16, words, style, ink=style.ink3, ha="right")
    _add_moving(found)
    _fill(found, answer, view)
    return found


def _keys(view: View) -> tuple[str, str, bool, bool]:
    return view.x, view.y, view.log_x, view.log_y


def _can_log(values: Floats, wanted: bool) -> bool:
    """A log axis is for figures above zero; where too many are not, the axis is linear."""
    known = values[np.isfinite(values)]
    return wanted and len(known) > 0 and bool((known > 0).mean() >= 0.9)


def _draw_axes(found: MapArtists, captions: Any, view: View, log: tuple[bool, bool]) -> None:
    style, axes, speech = found.style, found.axes, found.style.speech
    assert found.scales is not None and found.own is not None
    x_scale, y_scale = found.scales
    axes.add_line(Line2D((0, x_scale.px), (0, 0), color=style.line, linewidth=1, zorder=0))
    for vertical, scale in enumerate(found.scales):
        ticks = ticks_of(scale, 30 if vertical else 58)
        steps = [b - a for a, b in pairwise(ticks)] or [1.0]
        for tick in ticks:
            digits = digits_of(min(steps)) if not scale.log else max(0, -math.floor(math.log10(tick) + 1e-9))
            text = speech.number(tick, digits)
            at = scale.at(tick)
            if vertical:
                axes.add_line(Line2D((0, x_scale.px), (at, at), color=style.line2, linewidth=1, zorder=0))
                x, side = (x_scale.px + 8, "left") if style.mirrored else (-8, "right")
                put(axes, x, at, text, style, ink=style.ink3, ha=side, va="center")
            else:
                axes.add_line(Line2D((at, at), (0, y_scale.px), color=style.line2, linewidth=1, zorder=0))
                half = width_of(text, style) / 2
                before, after = (found.right, _LEFT) if style.mirrored else (_LEFT, found.right)
                x = min(max(at, half - before + 2), x_scale.px + after - half - 2)
                put(axes, x, -15, text, style, ink=style.ink3)
    width, height = size_px(captions.get_figure(root=True))
    title = elide(title_of(found.own[1], speech, log[1]), width - found.right - 190, style)
    put(captions, 12, height - 16, title, style, ink=style.ink2, ha="left")
    title = elide(title_of(found.own[0], speech, log[0]), x_scale.px, style)
    put(captions, _LEFT + x_scale.px, 6, title, style, ink=style.ink2, ha="right")


def _draw_families(found: MapArtists, captions: Any, style: Style) -> None:
    """A soft outline with its name for each family of three or more, and the legend of markers at the right."""
    assert found.table is not None
    names, number = families(found.table)
    shown = np.isfinite(found.x + found.y)
    counts = [int((shown & (number == place)).sum()) for place in range(len(names))]
    ground = mix(style.ink, style.panel, 0.05 if not style.dark else 0.07)
    for place, count in enumerate(counts):
        if count < 3:
            continue
        rows = np.flatnonzero(shown & (number == place))
        outline = _soft(np.stack((found.x[rows], found.y[rows]), axis=1), 8)
        found.outlines[place] = outline
        edge = mix(style.ink, style.panel, 0.16)
        found.axes.add_patch(Polygon(outline, closed=True, facecolor=ground, edgecolor="none", zorder=0.4, alpha=0.55))
        found.axes.add_patch(Polygon(outline, closed=True, facecolor="none", edgecolor=edge, linewidth=0.8, zorder=0.6))
    if len(found.table) > DENSE:
        _draw_density(found, style)
    elif found.thin:
        axes = found.axes
        dots = Line2D(found.x[shown], found.y[shown], linestyle="none", marker=".", markersize=2, color=style.ink3)
        dots.set(zorder=0.8, alpha=0.35, markeredgewidth=0)
        axes.add_line(dots)
    _draw_legend(
        captions,
        style,
        (found.right, len(found.table) > DENSE, bool(own_rows(found.table, found.columns).any())),
        [(name, count) for name, count in zip(names, counts, strict=True)],
    )


def _draw_density(found: MapArtists, style: Style) -> None:
    """How many materials lie where: six-sided cells, darker by powers of the count."""
    shown = np.isfinite(found.x + found.y)
    cells, counts = hexagons(found.x[shown], found.y[shown], _CELL)
    share = np.log1p(counts) / np.log1p(counts.max())
    # Steps of a few greys: a reader can tell no more of them apart, and each is one colour.
    greys = [mix(style.ink, style.panel, 0.08 + 0.5 * step / 7) for step in range(8)]
    inks = [greys[round(7 * part)] for part in share.tolist()]
    angles = np.pi / 6 + np.arange(6) * np.pi / 3
    corner = _CELL / math.sqrt(3) * np.stack((np.cos(angles), np.sin(angles)), axis=1)
    shapes = PolyCollection(list(cells[:, None, :] + corner[None]), facecolors=inks, edgecolors="none", zorder=0.7)
    shapes.set_antialiased(False)
    found.axes.add_collection(shapes, autolim=False)


def hexagons(x: Floats, y: Floats, wide: float) -> tuple[Floats, Floats]:
    """Centres of the six-sided cells, ``wide`` px across, that hold points, and how many each holds."""
    high = wide * math.sqrt(3)
    first = np.stack((np.round(x / wide), np.round(y / high)), axis=1)
    second = np.stack((np.floor(x / wide), np.floor(y / high)), axis=1)
    near = (x / wide - first[:, 0]) ** 2 + 3 * (y / high - first[:, 1]) ** 2
    far = (x / wide - second[:, 0] - 0.5) ** 2 + 3 * (y / high - second[:, 1] - 0.5) ** 2
    doubled = np.where((near < far)[:, None], 2 * first, 2 * second + 1).astype(np.int64)
    cells, counts = np.unique(doubled, axis=0, return_counts=True)
    return np.asarray(cells * np.array((wide / 2, high / 2)), dtype=np.float64), counts.astype(np.float64)


def _legend_width(table: Table, style: Style) -> float:
    """Room the legend wants at the right, px."""
    say = style.speech.say
    texts = [*(style.speech.translate("families", name) for name in families(table)[0])]
    texts += [say("passes"), say("screened"), say("larger")]
    texts += ([say("own-mark")] if has_own(table) else []) + ([say("denser")] if len(table) > DENSE else [])
    widest = max(width_of(text, style) for text in texts)
    return min(max(widest + 44, _LEGEND[0]), _LEGEND[1])


def _draw_legend(
    captions: Any, style: Style, room: tuple[float, bool, bool], entries: Sequence[tuple[str, int]]
) -> None:
    say = style.speech.say
    right, dense, own = room
    width, height = size_px(captions.get_figure(root=True))
    left = width - right + 18
    wide = right - 34
    rows: list[tuple[str, bool, float, str]] = []
    markers = [(MARKERS[place], name) for place, (name, count) in enumerate(entries) if count]
    tail = [("o", True, 6.0, say("passes")), ("o", False, 5.0, say("screened")), ("", True, 0.0, say("larger"))]
    tail += [("h", True, 0.0, say("denser"))] if dense else []
    tail += [("o", False, 4.5, say("own-mark"))] if own else []
    free = int((height - 20) // 15) - len(tail)
    rows = [(marker, True, 6.0, style.speech.translate("families", name)) for marker, name in markers[: max(free, 0)]]
    y = height - 16.0
    for marker, solid, size, words in [*rows, *tail]:
        if marker and not size:
            for x, share in ((left - 4, 0.15), (left + 4, 0.5)):
                cell = Line2D((x,), (y + 4,), marker=marker, markersize=7, linestyle="none")
                cell.set(markerfacecolor=mix(style.ink, style.panel, share), markeredgewidth=0)
                captions.add_line(cell)
        elif marker:
            key = Line2D((left,), (y + 4,), marker=marker, markersize=size, linestyle="none")
            plain = words not in (say("passes"), say("screened"))
            ink = style.ink3 if plain else style.ink2
            key.set(markerfacecolor=ink if solid and not plain else style.panel, markeredgecolor=ink, markeredgewidth=1)
            captions.add_line(key)
        else:
            for x, across in ((left - 4, 4.0), (left + 3, 7.0)):
                dot = Line2D((x,), (y + 4,), marker="o", markersize=across, linestyle="none")
                dot.set(markerfacecolor=style.ink2, markeredgewidth=0)
                captions.add_line(dot)
        put(captions, left + 12, y, elide(words, wide, style), style, ink=style.ink3, ha="left")
        y -= 15


def _add_moving(found: MapArtists) -> None:
    style, axes, add = found.style, found.axes, found.add
    assert found.table is not None
    found.family = add(PolyCollection([], facecolors="none", edgecolors=style.ink3, linewidths=1.1, zorder=0.9))
    axes.add_collection(found.family, autolim=False)
    found.veil = add(PolyCollection([], facecolors=style.panel, edgecolors="none", alpha=0.62, zorder=0.95))
    axes.add_collection(found.veil, autolim=False)
    found.front_line = add(axes.add_line(Line2D([], [], zorder=2)))
    found.front_line.set(color=style.ink2, linewidth=1.6, linestyle=(0, (0.1, 2.2)), dash_capstyle="round")
    found.index_line = add(axes.add_line(Line2D([], [], color=style.ink, linewidth=1.4, zorder=4.5)))
    found.index_line.set(marker="o", markersize=8, markerfacecolor=style.panel, markeredgewidth=1.4)
    found.index_hint = add(LineCollection([], colors=style.ink, linewidths=1.4, zorder=4.5))
    axes.add_collection(found.index_hint, autolim=False)
    found.box = add(PolyCollection([], facecolors=mix(style.accent, style.panel, 0.5), linewidths=1.2, zorder=4.6))
    found.box.set_facecolor((*_rgb(style.accent), 0.10))
    found.box.set_edgecolor(style.accent)
    axes.add_collection(found.box, autolim=False)
    found.leaders = add(LineCollection([], colors=style.ink3, linewidths=0.8, zorder=6))
    axes.add_collection(found.leaders, autolim=False)
    found.lines = add(LineCollection([], colors=style.ink2, linewidths=1.2, zorder=1))
    axes.add_collection(found.lines, autolim=False)
    found.ranges = add(
        PolyCollection([], facecolors="none", edgecolors=mix(style.ink, style.panel, 0.3), linewidths=0.8)
    )
    axes.add_collection(found.ranges, autolim=False)
    shown = np.isfinite(found.x + found.y)
    if not found.thin:
        _, number = families(found.table)
        rows = np.flatnonzero(shown)
        rows = rows[np.argsort(number[rows], kind="stable")]
        _add_bubbles(found, rows, [MARKERS[place] for place in number[rows].tolist()])
    found.cross = add(LineCollection([], colors=style.accent, linewidths=1.2, zorder=4))
    axes.add_collection(found.cross, autolim=False)
    found.chosen = add(axes.add_line(Line2D([], [], linestyle="none", zorder=5)))
    found.ring = add(axes.add_line(Line2D([], [], linestyle="none", marker="o", markersize=16, zorder=5)))
    found.ring.set(markerfacecolor="none", markeredgecolor=style.accent, markeredgewidth=1.8)
    found.hover_ring = add(axes.add_line(Line2D([], [], linestyle="none", marker="o", markersize=15, zorder=5)))
    found.hover_ring.set(markerfacecolor="none", markeredgecolor=style.ink, markeredgewidth=1.2)
    # A dot in the point of a material with a figure of the user's own on either axis.
    marked = np.flatnonzero(own_rows(found.table, found.columns) & shown)
    found.own_dots = add(axes.add_line(Line2D(found.x[marked], found.y[marked], linestyle="none", zorder=5.2)))
    found.own_dots.set(marker="o", markersize=4.5, markerfacecolor=style.panel, markeredgecolor=style.ink)
    found.own_dots.set(markeredgewidth=1.4)
    for line in (found.ring, found.hover_ring, found.chosen):
        line.set_clip_on(False)
    # Names stand on a little ground of their own, so that points behind them do not run into the letters.
    ground = {"facecolor": style.panel, "edgecolor": "none", "alpha": 0.75, "boxstyle": "square,pad=0.08"}
    for _ in range(6):
        text = put(axes, 0, 0, "", style, ink=style.ink2, ha="left", va="center", zorder=7)
        text.set_bbox(dict(ground, alpha=0.85))
        found.line_names.append(add(text))
    for _ in range(LABELS):
        text = put(axes, 0, 0, "", style, ink=style.ink, ha="left", va="center", zorder=8)
        text.set_bbox(ground)
        found.labels.append(add(text))


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _add_bubbles(found: MapArtists, rows: NDArray[np.intp], markers: Sequence[str]) -> None:
    """All bubbles as one artist, each with its family's marker."""
    points = np.stack((found.x[rows], found.y[rows]), axis=1)
    shapes = [_shape(marker) for marker in markers]
    made = PathCollection(shapes, offsets=points, offset_transform=found.axes.transData, linewidths=0.8, zorder=3)
    made.set_transform(IdentityTransform())
    found.axes.add_collection(made, autolim=False)
    found.bubbles, found.bubble_rows = found.add(made), rows


@lru_cache(maxsize=len(MARKERS))
def _shape(marker: str) -> Path:
    own = MarkerStyle(marker)
    return own.get_path().transformed(own.get_transform())


def move(artists: Artists, answer: Answer, view: View) -> bool:
    """Bubbles, ranges, demands and names of another answer; False where the axes or the table are others."""
    if not isinstance(artists, MapArtists) or artists.scales is None:
        return False
    if artists.table is not answer.table or artists.keys != _keys(view):
        return False
    for scale, extent, key in zip(artists.scales, artists.extents, (view.x, view.y), strict=True):
        wanted = scale_for(extent, [mark[0] for mark in levels(answer, key)], scale.log, scale.px)
        # The axis stays while all that belongs on it is on it and it is not half empty.
        slack = 0.02 * scale.px
        if scale.at(wanted.low) < -slack * 2 or scale.at(wanted.high) > scale.px + slack * 2:
            return False
        if scale.at(wanted.high) - scale.at(wanted.low) < 0.6 * scale.px:
            return False
    _fill(artists, answer, view)
    return True


def _fill(found: MapArtists, answer: Answer, view: View) -> None:
    better = better_side(found, view)
    if not found.thin and len(found.bubble_rows):
        _fill_bubbles(found, answer, better)
    if found.thin:
        _fill_thin(found, answer, better)
    _fill_front(found, answer, view)
    _fill_marks(found, answer, view)
    path = np.column_stack(found.front_line.get_data()).astype(np.float64)
    for (x0, y0), (x1, y1) in pairwise(path.tolist()):
        found.bands.append((min(x0, x1) - 2, min(y0, y1) - 2, max(x0, x1) + 2, max(y0, y1) + 2))
    _fill_index(found, answer, view, better)
    _fill_box(found, view)
    _fill_picked(found, answer, view)
    _fill_labels(found, answer, view)


def _fill_bubbles(found: MapArtists, answer: Answer, better: NDArray[np.bool_] | None) -> None:
    """Size by score; filled where it passes, darkest the first three, or those on the better side of an index line."""
    style, rows, ranking = found.style, found.bubble_rows, answer.ranking
    shares = (("ink", 1.0), ("fill", 0.5), ("faint", 0.38), ("faded", 0.16))
    ink, fill, faint, faded = (np.array((*_rgb(mix(style.ink, style.panel, share)), 1.0)) for _, share in shares)
    panel, none = np.array((*_rgb(style.panel), 1.0)), np.zeros(4)
    on = (ranking.ranks[rows] > 0)[:, None]
    if better is None:
        leading = np.isin(rows, ranking.passing_rows()[:3])[:, None]
        faces, edges = np.where(leading, ink, fill), np.where(on, panel, faint)
    else:
        # Of the two sides of an index line the better one stands out, the other steps back.
        over = better[rows][:, None]
        faces, edges = np.where(over, ink, faded), np.where(on, panel, np.where(over, faint, faded))
    found.bubbles.set_sizes(_diameters(answer, rows) ** 2)
    found.bubbles.set_facecolors(np.where(on, faces, none))
    found.bubbles.set_edgecolors(edges)


def _diameters(answer: Answer, rows: NDArray[np.intp]) -> Floats:
    """Diameters of bubbles in px."""
    scores, sizes = zip(*_SIZES, strict=True)
    found = np.interp(answer.ranking.scores[rows], scores, sizes)
    return np.asarray(np.where(answer.ranking.ranks[rows] > 0, found, np.minimum(found, _OUT)), dtype=np.float64)


def _diameter(answer: Answer, row: int) -> float:
    return float(_diameters(answer, np.array([row]))[0])


def _fill_thin(found: MapArtists, answer: Answer, better: NDArray[np.bool_] | None) -> None:
    """A very long table: all points stand still as dots, the first of the ranking move as bubbles."""
    rows = answer.ranking.order[: min(BUBBLES // 2, max(answer.ranking.passing, 1))]
    rows = rows[np.isfinite(found.x[rows] + found.y[rows])]
    if found.bubbles is None:
        _add_bubbles(found, rows, "o")
        found.moving.sort(key=lambda artist: artist.get_zorder())
    points, found.bubble_rows = found.bubbles, rows
    points.set_offsets(np.stack((found.x[rows], found.y[rows]), axis=1))
    points.set_sizes(_diameters(answer, rows) ** 2)
    plain, faded = (mix(found.style.ink, found.style.panel, share) for share in (0.55, 0.2))
    points.set_facecolors(plain if better is None else [found.style.ink if good else faded for good in better[rows]])
    points.set_edgecolors(found.style.panel)


def _range_box(found: MapArtists, row: int) -> Box | None:
    """Low and high of a material on both axes in px, or None where a figure is missing."""
    assert found.scales is not None
    if not np.isfinite(found.x[row] + found.y[row]):
        return None
    assert found.own is not None
    ends = []
    for scale, own, at in zip(found.scales, found.own, (found.x[row], found.y[row]), strict=True):
        for figure in (own.low[row], own.high[row]):
            px = scale.at(float(figure))
            ends.append(float(at) if math.isnan(px) and figure > 0 else 0.0 if math.isnan(px) else px)
    return ends[0], ends[2], ends[1], ends[3]


def _ellipse(box: Box, x: float, y: float) -> Floats:
    """Four quarter ellipses round (x, y) that reach the four ends of the range."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    cosine, sine = np.cos(angles), np.sin(angles)
    across = np.where(cosine >= 0, box[2] - x, x - box[0])
    up = np.where(sine >= 0, box[3] - y, y - box[1])
    return np.stack((x + across * cosine, y + up * sine), axis=1)


def _fill_picked(found: MapArtists, answer: Answer, view: View) -> None:
    style = found.style
    outlined: list[int] = []
    if view.ranges:
        outlined = [int(row) for row in answer.ranking.order[:300]]
    picked = [row for row in (view.selected, view.hovered) if row is not None]
    shapes, inks, crosses = [], [], []
    faint = mix(style.ink, style.panel, 0.17 if not style.dark else 0.24)
    for row in dict.fromkeys([*outlined, *picked]):
        box = _range_box(found, row)
        if box is None:
            continue
        x, y = float(found.x[row]), float(found.y[row])
        shapes.append(_ellipse(box, x, y))
        inks.append(style.accent if row == view.selected else style.ink if row in picked else faint)
        if row == view.selected:
            crosses += [[(box[0], y), (box[2], y)], [(x, box[1]), (x, box[3])]]
            crosses += [[(end, y - 3), (end, y + 3)] for end in (box[0], box[2])]
            crosses += [[(x - 3, end), (x + 3, end)] for end in (box[1], box[3])]
    found.ranges.set_verts(shapes)
    found.ranges.set_edgecolors(inks or "none")
    found.cross.set_segments(crosses)
    for ring, ringed, extra in ((found.ring, view.selected, 7.0), (found.hover_ring, view.hovered, 5.0)):
        ring.set_visible(False)
        if ringed is not None and np.isfinite(found.x[ringed] + found.y[ringed]):
            ring.set_visible(True)
            ring.set_data([found.x[ringed]], [found.y[ringed]])
            ring.set_markersize(_diameter(answer, ringed) + extra)
    chosen = view.selected
    shown = chosen is not None and bool(np.isfinite(found.x[chosen] + found.y[chosen]))
    found.chosen.set_visible(shown)
    if shown and chosen is not None:
        _, number = families(answer.table)
        good = bool(answer.ranking.ranks[chosen])
        found.chosen.set_data([found.x[chosen]], [found.y[chosen]])
        found.chosen.set(
            marker=MARKERS[int(number[chosen])], markersize=_diameter(answer, chosen), markeredgecolor=style.accent
        )
        found.chosen.set_markerfacecolor(style.accent if good else style.panel)
        outline = found.outlines.get(int(number[chosen]))
        found.family.set_verts([] if outline is None else [outline])
    else:
        found.family.set_verts([])


def _fill_marks(found: MapArtists, answer: Answer, view: View) -> None:
    """Demand lines dashed, limit lines solid, each named at its end."""
    assert found.scales is not None
    style, speech = found.style, found.style.speech
    x_scale, y_scale = found.scales
    segments, dashes, names = [], [], []
    found.kept, found.bands = [], []
    for vertical, (scale, key) in enumerate(((x_scale, view.x), (y_scale, view.y))):
        for level, least, limit in levels(answer, key)[:2]:
            at = scale.at(level)
            if not 0 <= at <= scale.px:
                continue
            code = f"{'limit' if limit else 'demand'}-{'least' if least else 'most'}"
            words = speech.say(code, level=speech.figure(key, level))
            wide = width_of(words, style)
            if vertical:
                segments.append([(0.0, at), (x_scale.px, at)])
                found.bands.append((0.0, at - 2, x_scale.px, at + 2))
                x, y = x_scale.px - wide - 2, at + 8 if at + 18 < y_scale.px else at - 9
            else:
                segments.append([(at, 0.0), (at, y_scale.px)])
                found.bands.append((at - 2, 0.0, at + 2, y_scale.px))
                x, y = (at + 5 if at + 8 + wide < x_scale.px else at - 5 - wide), y_scale.px - 7
            dashes.append("solid" if limit else (0, (4, 2.5)))
            box = (x - 2, y - 7, x + wide + 2, y + 7)
            if any(overlaps(box, other) for other in found.kept):
                y -= 15
                box = (x - 2, y - 7, x + wide + 2, y + 7)
            found.kept.append(box)
            names.append((x, y, words))
    found.lines.set_segments(segments)
    found.lines.set_linestyles(dashes or ["solid"])
    for place, text in enumerate(found.line_names):
        text.set_visible(place < len(names))
        if place < len(names):
            text.set(x=names[place][0], y=names[place][1], text=names[place][2])


def better_side(found: MapArtists, view: View) -> NDArray[np.bool_] | None:
    """Which materials are on the better side of the index line, None without one."""
    if view.index is None or found.own is None:
        return None
    return view.index.better(found.own[0].figures, found.own[1].figures) & np.isfinite(found.x + found.y)


def _front_rows(answer: Answer, own: tuple[Axis, Axis]) -> NDArray[np.intp]:
    return front(*own, answer.screen.passes)


def _fill_front(found: MapArtists, answer: Answer, view: View) -> None:
    """The Pareto front of what passes as steps round the worse side; worked out anew only where others pass."""
    assert found.own is not None
    if not view.front:
        found.front, found.front_of = np.zeros(0, dtype=np.intp), ()
    elif found.front_of != (answer.screen,):
        found.front_of = (answer.screen,)
        rows = _front_rows(answer, found.own)
        found.front = rows[np.isfinite(found.x[rows] + found.y[rows])]
    rows = found.front
    if len(rows) < 2:
        found.front_line.set_data([], [])
        return
    x, y = found.x[rows], found.y[rows]
    steps: list[tuple[float, float]] = []
    # What lies behind a step is beaten by the member at its outer corner.
    less = found.own[0].direction == "less"
    for (x0, y0), (x1, y1) in pairwise(zip(x.tolist(), y.tolist(), strict=True)):
        steps += [(x0, y0), (x1, y0) if less else (x0, y1)]
    steps.append((float(x[-1]), float(y[-1])))
    found.front_line.set_data(*zip(*steps, strict=True))


def _say_beside(found: MapArtists, place: int, words: str, spots: Sequence[tuple[float, float]]) -> None:
    """A line's name where it hides least beside one of these spots; not at all where there is no room."""
    assert found.scales is not None
    text, style = found.line_names[place], found.style
    state = (tuple(found.kept), tuple(found.bands), words, tuple(spots))
    held = found.beside.get(place)
    if held is not None and held[0] == state:
        # The same name about the same lines: placing it again would come out the same.
        found.kept += [held[1]] if held[1] is not None else []
        text.set_visible(held[1] is not None)
        return
    found.beside[place] = (state, None)
    text.set_visible(False)
    width, height = found.scales[0].px, found.scales[1].px
    shown = np.isfinite(found.x + found.y) if not found.thin else np.zeros(len(found.x), dtype=bool)
    points = np.stack((found.x[shown], found.y[shown]), axis=1)
    words = elide(words, width - 12, style)
    wide = width_of(words, style)
    for must in (False, True):
        for spot in spots:
            box = _free_box(found.kept, found.bands, _spots_about(points, spot, (wide, width, height)), must)
            if box is not None:
                found.kept.append(box)
                found.beside[place] = (state, box)
                text.set(x=box[0] + 2, y=(box[1] + box[3]) / 2, text=words, visible=True)
                return


def _fill_index(found: MapArtists, answer: Answer, view: View, better: NDArray[np.bool_] | None) -> None:
    """The index line with a grip and the way to its better side, the worse side veiled in a long table, both named."""
    assert found.scales is not None and found.own is not None
    speech = found.style.speech
    line = view.index
    found.index_path = np.zeros((0, 2)) if line is None else index_path(found.scales, line)
    path = found.index_path
    found.index_line.set_data(path[:, 0], path[:, 1])
    found.index_line.set_markevery([len(path) // 2] if len(path) else None)
    segments: list[Any] = []
    veil: list[Any] = []
    if line is not None and len(path):
        middle = path[len(path) // 2]
        ahead = _uphill(found.scales, line, middle)
        side = np.array((-ahead[1], ahead[0]))
        tip = middle + 22 * ahead
        segments = [[middle + 4.5 * ahead, tip], [tip - 5 * ahead + 4 * side, tip], [tip - 5 * ahead - 4 * side, tip]]
        if found.thin:
            # The line drawn on past both ends, and all that from there downhill.
            reach = 2 * (found.scales[0].px + found.scales[1].px)
            ends = [
                end + reach * (end - near) / max(float(np.hypot(*(end - near))), 1e-9)
                for end, near in ((path[0], path[1]), (path[-1], path[-2]))
            ]
            whole = np.vstack((ends[0], path, ends[1]))
            veil = [np.concatenate((whole, whole[::-1] - 2 * reach * ahead))]
        # Names leave the grip and the way uphill free.
        low, high = np.minimum(middle, tip) - 7, np.maximum(middle, tip) + 7
        found.kept.append((float(low[0]), float(low[1]), float(high[0]), float(high[1])))
    found.index_hint.set_segments(segments)
    found.veil.set_verts(veil)
    for place in (4, 5):
        found.line_names[place].set_visible(False)
    if line is not None and better is not None and len(path):
        spots = [tuple(path[int(share * (len(path) - 1))]) for share in (0.8, 0.2, 0.6, 0.35, 0.95)]
        _say_beside(found, 4, index_words(answer, found.own, line, better, speech), spots)
    if len(found.front):
        rows = found.front[[-1, 0, len(found.front) // 2]]
        spots = [(float(found.x[row]), float(found.y[row])) for row in rows]
        _say_beside(found, 5, speech.say("front", count=speech.number(len(found.front))), spots)


def index_path(scales: tuple[Scale, Scale], line: IndexLine) -> Floats:
    """The part of an index line that lies inside the plot, n × 2 px from its lower left corner."""
    x_scale, y_scale = scales
    if not line.b:
        upright = x_scale.at(math.exp(min(max(line.level / line.a, -700.0), 700.0)))
        path = np.array([(upright, 0.0), (upright, y_scale.px)])
        return path if 0 <= upright <= x_scale.px else np.zeros((0, 2))
    across = np.linspace(0.0, x_scale.px, 241)
    up = y_scale(line.upward(x_scale.figure(across)))
    with np.errstate(invalid="ignore"):
        inside = np.flatnonzero((up >= 0) & (up <= y_scale.px))
    if not len(inside):
        return np.zeros((0, 2))
    first, last = max(int(inside[0]) - 1, 0), min(int(inside[-1]) + 2, len(across))
    path = np.stack((across[first:last], np.clip(up[first:last], -1e4, 1e4)), axis=1)
    path = np.asarray(path[np.isfinite(path).all(axis=1)])
    return path if len(path) > 1 else np.zeros((0, 2))


def _uphill(scales: tuple[Scale, Scale], line: IndexLine, at: Floats) -> Floats:
    """The way, one px long, in which the index rises fastest at a point of the plot."""
    merits = []
    for across, up in ((1.0, 0.0), (0.0, 1.0)):
        ends = [
            line.merit(scales[0].figure(at[0] + sign * across), scales[1].figure(at[1] + sign * up)) for sign in (1, -1)
        ]
        merits.append(float(ends[0] - ends[1]))
    way = np.nan_to_num(np.array(merits))
    long = float(np.hypot(*way))
    return np.asarray(way / long) if long else np.array((0.0, 1.0))


def index_words(
    answer: Answer, own: tuple[Axis, Axis], line: IndexLine, better: NDArray[np.bool_], speech: Speech
) -> str:
    """An index line's name: the index, its level, and how many lie on its better side."""
    name = formula_words(line.text, speech) if line.text else _usual_name(own, line, speech)
    level = math.exp(min(max(line.level, -700.0), 700.0))
    digits = max(0, min(6, 2 - math.floor(math.log10(level)))) if level > 0 else 0
    return speech.say(
        "index",
        index=name,
        level=speech.number(level, digits),
        count=speech.number(int(better.sum())),
        passing=speech.number(int((better & (answer.ranking.ranks > 0)).sum())),
    )


def _usual_name(own: tuple[Axis, Axis], line: IndexLine, speech: Speech) -> str:
    names = [_short(item, speech) for item in own]
    names = [name if item.property else f"({name})" for name, item in zip(names, own, strict=True)]
    above = [name for name, power in zip(names[::-1], (line.b, line.a), strict=True) if power > 0]
    below = [name for name, power in zip(names[::-1], (line.b, line.a), strict=True) if power < 0]
    return " / ".join((" · ".join(above) or "1", *below))


def _fill_box(found: MapArtists, view: View) -> None:
    """The box being marked out."""
    assert found.scales is not None
    if view.box is None:
        found.box.set_verts([])
        return
    x_scale, y_scale = found.scales
    x0, x1 = (min(max(x_scale.at(figure), 0.0), x_scale.px) for figure in view.box[:2])
    y0, y1 = (min(max(y_scale.at(figure), 0.0), y_scale.px) for figure in view.box[2:])
    found.box.set_verts([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]])


def _fill_labels(found: MapArtists, answer: Answer, view: View) -> None:
    """Names beside the points looked at and the first of the ranking, where there is room for them."""
    assert found.scales is not None
    style = found.style
    shown = np.isfinite(found.x + found.y)
    first = [int(row) for row in answer.ranking.passing_rows()[: LABELS * 3]]
    wanted = [row for row in (view.selected, view.hovered) if row is not None]
    rows = [row for row in dict.fromkeys([*wanted, *view.compared, *_spread_over(found.front), *first]) if shown[row]]
    state = (tuple(rows), tuple(found.kept), view.selected, view.hovered, tuple(found.bands))
    if state == found.labelled:
        return  # the same names around the same points: placing them again would come out the same
    found.labelled = state
    most = max(3, min(LABELS, int(found.scales[0].px * found.scales[1].px / 14000)))
    names = dict(zip(rows, short_names([answer.table.names[row] for row in rows]), strict=True))
    width, height = found.scales[0].px, found.scales[1].px
    # In a very long table names keep clear of the bubbles; its dots are everywhere.
    clear = found.bubble_rows if found.thin else np.flatnonzero(shown)
    points = np.stack((found.x[clear], found.y[clear]), axis=1)
    taken = list(found.kept)
    placed: list[tuple[int, float, float]] = []
    leaders = []
    for row in rows:
        if len(placed) == most:
            break
        must, chosen = row in wanted, row == view.selected
        name = names[row] = fit_name(names[row], _LABEL_ROOM, style, bold=chosen)
        wide = width_of(name, style, SMALL, chosen)
        at = (float(found.x[row]), float(found.y[row]))
        spots = None if found.thin else found.spots.get((row, wide))
        if spots is None:
            spots = found.spots[row, wide] = _spots_about(points, at, (wide, width, height))
        box = _free_box(taken, found.bands, spots, must)
        if box is None:
            continue
        taken.append(box)
        placed.append((row, box[0] + 2, (box[1] + box[3]) / 2))
        near = (min(max(at[0], box[0]), box[2]), min(max(at[1], box[1] + 3), box[3] - 3))
        if math.hypot(near[0] - at[0], near[1] - at[1]) > 14:
            leaders.append([at, near])
    found.leaders.set_segments(leaders)
    for place, text in enumerate(found.labels):
        text.set_visible(place < len(placed))
        if place < len(placed):
            row, x, y = placed[place]
            chosen = row == view.selected
            text.set(x=x, y=y, text=names[row], fontweight="bold" if chosen else "normal")
            text.set_color(style.accent if chosen else style.ink)


def _spread_over(rows: NDArray[np.intp]) -> list[int]:
    """Up to four of the front's members, from one end to the other: the rest is for the first of the ranking."""
    return (
        [int(row) for row in rows[np.unique(np.linspace(0, len(rows) - 1, 4).round().astype(int))]] if len(rows) else []
    )


def _spots(x: float, y: float, wide: float) -> list[tuple[float, float]]:
    """Where a label's left end and middle may lie about a point, nearest first."""
    found = [(x + 11, y), (x - 11 - wide, y), (x - wide / 2, y + 17), (x - wide / 2, y - 17)]
    for across, up in ((8, 14), (14, 26), (24, 40), (44, 22), (30, 56)):
        for side in (up, -up):
            found += [(x + across, y + side), (x - across - wide, y + side)]
    return found


def _spots_about(points: Floats, at: tuple[float, float], room: tuple[float, float, float]) -> tuple[Floats, Floats]:
    """Boxes a label of that width may have about ``at``, and what each costs: points hidden, distance."""
    wide, width, height = room
    spots = np.array(_spots(*at, wide))
    boxes = np.stack((spots[:, 0] - 2, spots[:, 1] - 7, spots[:, 0] + wide + 2, spots[:, 1] + 7), axis=1)
    fits = (boxes[:, 0] >= 0) & (boxes[:, 2] <= width) & (boxes[:, 1] >= 0) & (boxes[:, 3] <= height)
    boxes, numbers = boxes[fits], np.flatnonzero(fits)
    # Every box against every point at once: a loop over the spots is the dearer way.
    around = boxes + np.array((-4.0, -3.0, 4.0, 3.0))
    hidden = _meet(around, np.concatenate((points, points), axis=1)).sum(axis=1)
    return boxes, hidden + 0.12 * numbers


def _free_box(taken: Sequence[Box], bands: Sequence[Box], spots: tuple[Floats, Floats], must: bool) -> Box | None:
    """The spot that hides least: clear of labels always, of lines and points if possible; None where there is none."""
    boxes, cost = spots
    if len(taken) and len(boxes):
        free = ~_meet(boxes, np.array(taken)).any(axis=1)
        boxes, cost = boxes[free], cost[free]
    if not len(boxes):
        return None
    if len(bands):
        cost = cost + 3 * _meet(boxes, np.array(bands)).sum(axis=1)
    best = int(cost.argmin())
    if not must and cost[best] > 4:
        return None
    left, bottom, right, top = boxes[best].tolist()
    return left, bottom, right, top


def _meet(boxes: Floats, others: Floats) -> NDArray[np.bool_]:
    """Which boxes (rows) share any area with which others (columns)."""
    one, two = boxes[:, None, :], others[None, :, :]
    across = (one[..., 0] < two[..., 2]) & (two[..., 0] < one[..., 2])
    return np.asarray(across & (one[..., 1] < two[..., 3]) & (two[..., 1] < one[..., 3]))


# --- in words and numbers ---------------------------------------------------------------------------------------------


def table(answer: Answer, view: View, speech: Speech, most: int | None = TWIN_ROWS) -> Twin:
    """Materials in the order of the ranking with both figures, their ranges and grades; at most ``most`` rows."""
    source = answer.table
    heads = [speech.say("col-material"), speech.say("col-family"), speech.say("col-place"), speech.say("col-score")]
    both = axis_of(source, view.x), axis_of(source, view.y)
    for own in both:
        name = _short(own, speech)
        heads += [title_of(own, speech), speech.say("col-low", name=name), speech.say("col-high", name=name)]
        heads.append(speech.say("col-grade", name=name))
    members = set(_front_rows(answer, both).tolist()) if view.front else set()
    heads += [speech.say("col-front")] if view.front else []
    better = None if view.index is None else view.index.better(both[0].figures, both[1].figures)
    heads += [] if better is None else [speech.say("col-better")]
    rows = []
    for row in answer.ranking.order[:most].tolist():
        rank = int(answer.ranking.ranks[row])
        cells: list[Cell] = [
            source.names[row],
            source.text["family"][row].split("|")[0].strip(),
            Num(rank) if rank else speech.say("screened"),
            Num(float(answer.ranking.scores[row]), SCORE_DECIMALS),
        ]
        for own in both:
            for array in (own.figures, own.low, own.high):
                figure = float(array[row])
                cells.append("" if math.isnan(figure) else Num(figure, decimals_of(own)))
            cells.append(_grades(source, row, own, speech))
        cells += [speech.say("yes") if row in members else ""] if view.front else []
        cells += [] if better is None else [speech.say("yes") if better[row] else ""]
        rows.append(tuple(cells))
    return Twin(tuple(heads), tuple(rows))


def _grades(table: Table, row: int, own: Axis, speech: Speech) -> str:
    """Evidence grade of a figure; of an expression those of its columns."""
    grades = dict.fromkeys(table.grade(row, key) for key in own.columns)
    return ", ".join(speech.say("own") if grade == "own" else grade for grade in grades if grade)


def describe(answer: Answer, view: View, speech: Speech) -> str:
    """What stands against what, how many pass, where the selected material lies, and what is on the front."""
    both = axis_of(answer.table, view.x), axis_of(answer.table, view.y)
    x, y = (title_of(own, speech) for own in both)
    shown = np.isfinite(both[0].figures + both[1].figures)
    passing = answer.ranking.ranks > 0
    counts = {"count": speech.number(int(shown.sum())), "passing": speech.number(int((shown & passing).sum()))}
    row = view.selected
    if row is None:
        parts = [speech.say("say-map-bare", x=x, y=y, **counts)]
    else:
        first, second = (_figure_words(answer, row, own, speech) for own in both)
        name = answer.table.names[row]
        parts = [speech.say("say-map", x=x, y=y, name=name, first=first, second=second, **counts)]
    members = _front_rows(answer, both) if view.front and len(answer.table) <= DENSE else ()
    if len(members):
        parts.append(speech.say("say-front", names="; ".join(answer.table.names[member] for member in members)))
    if view.index is not None:
        better = view.index.better(both[0].figures, both[1].figures) & shown
        count, good = (speech.number(int(rows.sum())) for rows in (better, better & passing))
        parts.append(speech.say("say-index", count=count, passing=good))
    return " ".join(parts)


def _figure_words(answer: Answer, row: int, own: Axis, speech: Speech) -> str:
    typical = float(own.figures[row])
    name = _name(own, speech)
    if math.isnan(typical):
        return speech.say("tip-gap", name=name)
    digits = decimals_of(own)
    low, high = float(own.low[row]), float(own.high[row])
    words = {
        "name": name,
        "figure": figure_of(own, typical, speech),
        "grade": _grades(answer.table, row, own, speech),
    }
    if low == high:
        return speech.say("tip-point", **words)
    return speech.say("tip-figure", low=speech.number(low, digits), high=speech.number(high, digits), **words)


def grab_at(artists: Artists, x: float, y: float) -> str:
    """``index`` on the index line, ``box`` elsewhere in the plot, "" outside it."""
    at = plot_at(artists, x, y)
    if at is None or not isinstance(artists, MapArtists) or artists.scales is None:
        return ""
    path = artists.index_path
    if len(path):
        dense = np.concatenate([np.linspace(a, b, 9) for a, b in pairwise(path)]) if len(path) < 40 else path
        if float(np.hypot(dense[:, 0] - at[0], dense[:, 1] - at[1]).min()) <= 6:
            return "index"
    inside = 0 <= at[0] <= artists.scales[0].px and 0 <= at[1] <= artists.scales[1].px
    return "box" if inside else ""


def plot_at(artists: Artists | None, x: float, y: float) -> tuple[float, float] | None:
    """A point of the figure (px from the upper left) in px from the plot's lower left corner."""
    if not isinstance(artists, MapArtists) or artists.scales is None:
        return None
    width, height = size_px(artists.axes.get_figure(root=True))
    left = width - _LEFT - artists.scales[0].px if artists.style.mirrored else _LEFT
    return x - left, height - y - _BOTTOM


def row_at(artists: Artists, x: float, y: float) -> int | None:
    """The material whose point is nearest, within 10 px."""
    at = plot_at(artists, x, y)
    if at is None or not isinstance(artists, MapArtists) or not len(artists.x):
        return None
    with np.errstate(invalid="ignore"):
        away = np.hypot(artists.x - at[0], artists.y - at[1])
    away = np.where(np.isfinite(away), away, np.inf)
    row = int(away.argmin())
    return row if away[row] <= 10 else None


def tip(answer: Answer, view: View, row: int, speech: Speech) -> str:
    """Name, place, and both figures with range and grade."""
    score = speech.number(float(answer.ranking.scores[row]), SCORE_DECIMALS)
    place = place_words(answer, view, row, score, speech)
    lines = [answer.table.names[row], place]
    both = axis_of(answer.table, view.x), axis_of(answer.table, view.y)
    lines += [_figure_words(answer, row, own, speech) for own in dict.fromkeys(both)]
    if view.front and len(answer.table) <= DENSE and row in _front_rows(answer, both):
        lines.append(speech.say("front-tip"))
    if view.index is not None and view.index.better(both[0].figures, both[1].figures)[row]:
        lines.append(speech.say("better-tip"))
    return "\n".join(lines)
