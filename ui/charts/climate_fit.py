"""Climate fit: what climate and use ask beside what a material has, each demand on one scale of shares reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection  # noqa: TID253 - drawing files are imported late
from matplotlib.figure import Figure  # noqa: TID253 - the same
from matplotlib.lines import Line2D  # noqa: TID253 - the same

from advisor.answer import Answer
from advisor.demands import Demand
from advisor.explanation import SCORE_DECIMALS
from advisor.properties import properties
from advisor.ranking import reaches
from advisor.sentences import Num
from advisor.values import AMPLE_SHARE, UNUSABLE_SHARE, demand_curve
from ui.charts.block import Block
from ui.charts.figures import place_words
from ui.charts.style import (
    BODY,
    LEAD,
    SMALL,
    Artists,
    Speech,
    Style,
    Twin,
    View,
    elide,
    fit_name,
    longest,
    mix,
    put,
    say_empty,
    sheet,
    size_px,
    width_of,
)

#: What of the climate (by the code of its text) drives which properties; every other demand comes from the use.
DRIVERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("driver-rain", ("hydrostatic_head_mm", "hydrostatic_head_aged_mm", "spray_rating")),
    ("driver-sun", ("uv_strength_retention_pct", "light_fastness_grade")),
    ("driver-humidity", ("hydrolysis_weeks", "mildew_rating", "water_pickup_g_m2")),
    ("driver-heat", ("heat_limit_c",)),
    ("driver-cold", ("cold_flex_c",)),
    ("driver-dust", ("abrasion_cycles", "tear_strength_n")),
)
#: Right end of the scale: a bar that reaches further ends in an arrow.
REACH = 1.6
_TOP, _FOOT = 42, 26
_PITCH = (16.0, 26.0)
#: Rows at least this high (px) stand in one column instead of two.
_ONE_COLUMN = 19.0
_GAP, _SIGN, _GRADE = 7, 12.0, 13.0
#: Bars no shorter than this, px, where leaving out what drives the demands makes room for them.
_LEAST_TRACK = 44.0


@dataclass(frozen=True)
class Fit:
    """A demand with what a material has of it.

    Attributes:
        driver: what asks it, by the code of its text: ``driver-rain`` … ``driver-dust``, or ``driver-use``.
        low, typical, high: the material's figures in the property's unit, NaN where not known.
        state: ``met``, ``missed``, ``could`` (missed, but met within its range), ``unknown`` (the material's figure),
            ``dropped`` or ``open`` (the demand's level is not known).
    """

    demand: Demand
    driver: str
    low: float
    typical: float
    high: float
    grade: str
    state: str

    @property
    def key(self) -> str:
        """The property."""
        return self.demand.property


def driver_of(key: str) -> str:
    """What of the climate a property's demand comes from, ``driver-use`` where from none of it."""
    return next((driver for driver, keys in DRIVERS if key in keys), "driver-use")


def ordered(demands: Sequence[Demand]) -> tuple[Demand, ...]:
    """Demands by driver, rain first and use last; within one by the order of the criteria."""
    order = {driver: place for place, (driver, _) in enumerate(DRIVERS)}
    return tuple(sorted(demands, key=lambda demand: order.get(driver_of(demand.property), len(order))))


def fits(answer: Answer, row: int) -> tuple[Fit, ...]:
    """Every demand, by driver, with what one material has."""
    found = []
    for demand in ordered(answer.demands):
        column = answer.table.column(demand.property)
        low, typical, high = (
            float(side[row, column]) for side in (answer.table.low, answer.table.typical, answer.table.high)
        )
        if demand.dropped:
            state = "dropped"
        elif demand.level is None:
            state = "open"
        elif np.isnan(typical):
            state = "unknown"
        elif reaches(typical, demand):
            state = "met"
        else:
            best = high if demand.sense == "at_least" else low
            state = "could" if reaches(best, demand) else "missed"
        grade = "" if np.isnan(typical) else answer.table.grade(row, demand.property)
        found.append(Fit(demand, driver_of(demand.property), low, typical, high, grade, state))
    return tuple(found)


def share(demand: Demand, figure: float) -> float:
    """How much of a demand a figure reaches: 1 at the demand, 0.4 where unusable, 1.5 where ample; NaN for a gap.

    Where the property is counted in amounts this is figure over demand (demand over figure where less is better).
    Temperatures and grades have no such ratio: there the ends of the value curve, 15 K or one grade to either side,
    stand for 0.4 and 1.5, and all between is in proportion.
    """
    level = demand.level
    if level is None or np.isnan(figure):
        return float("nan")
    item = properties()[demand.property]
    at_least = demand.sense == "at_least"
    if item.unit != "°C" and item.kind != "grade" and level > 0:
        if at_least:
            return max(figure, 0.0) / level
        return level / figure if figure > 0 else float("inf")
    curve = demand_curve(demand)
    ends = sorted(zip(curve.value, curve.x, strict=True))
    worst, best = ends[0][1], ends[-1][1]
    away = (figure - level) if at_least else (level - figure)
    if away >= 0:
        room = abs(best - level)
        return 1.0 if room == 0 else 1.0 + (AMPLE_SHARE - 1) * away / room
    room = abs(level - worst)
    return max(0.0, 1.0 + (1 - UNUSABLE_SHARE) * away / room) if room else 0.0


# --- drawing ----------------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """The moving parts of one demand."""

    key: str
    y: float
    tall: float
    track: tuple[float, float]
    ends: tuple[float, float]  # right edges of what it has and of what is asked
    room: tuple[float, float]
    box: tuple[float, float, float, float]
    ground: Block
    bar: Block
    pale: Block
    has: Any
    asks: Any
    sign: Any
    grade: Any


@dataclass
class FitArtists(Artists):
    """The moving parts, and the properties the still part has rows for."""

    keys: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    whiskers: Any = None
    beyond: Line2D | None = None
    title: Any = None
    place: Any = None
    first: Any = None
    selected: int | None = None
    leader: int | None = None
    first_at: tuple[float, float, float] = (0, 0, 0)
    width: float = 0
    height: float = 0


def draw(figure: Figure, answer: Answer, view: View, style: Style) -> Artists:
    """Names, drivers and scales; bars, ranges and figures are the moving part."""
    say = style.speech.say
    if len(answer.table) == 0 or view.selected is None:
        return say_empty(figure, style, say("empty"))
    if not answer.demands:
        return say_empty(figure, style, say("no-demands"), say("no-demands-more"))
    captions = sheet(figure, style)
    width, height = size_px(figure)
    demands = ordered(answer.demands)
    found = FitArtists(style, keys=tuple(demand.property for demand in demands), width=width, height=height)
    room = height - _TOP - _FOOT
    columns = 1 if room / len(demands) >= _ONE_COLUMN or width < 560 else 2
    blocks = _split(demands, columns, max(1, int(room // _PITCH[0])))
    pitch = min(max(room / max(len(block) for block in blocks), _PITCH[0]), _PITCH[1])
    hidden = len(demands) - sum(len(block) for block in blocks)
    found.whiskers = LineCollection([], colors=style.ink, linewidths=1.3, zorder=6)
    wide = (width - 12 * (columns + 1)) / columns
    widths = [_widths(answer, block, style) for block in blocks]
    if min(_track(wide, own) for own in widths) < _LEAST_TRACK:  # bars that can be read come before what drives them
        widths = [replace(own, driver=0.0) for own in widths]
    track = max(min(_track(wide, own) for own in widths), 24.0)
    for number, block in enumerate(blocks):
        left = 12 + number * (wide + 12)
        _add_block(found, captions, answer, block, (left, left + wide, pitch), widths[number], track)
        if number:
            captions.add_line(
                Line2D((left - 6,) * 2, (_FOOT - 2, height - 26), color=style.line2, linewidth=1, zorder=0)
            )
    captions.add_collection(found.whiskers, autolim=False)
    found.add(found.whiskers)
    ahead = "<" if style.mirrored else ">"
    found.beyond = found.add(captions.add_line(Line2D([], [], marker=ahead, markersize=6, linestyle="none", zorder=7)))
    found.beyond.set(markerfacecolor=style.ink, markeredgewidth=0)
    found.title = found.add(put(captions, 12, height - 19, "", style, size=BODY, ink=style.ink, bold=True, ha="left"))
    found.place = found.add(put(captions, 12, height - 19, "", style, size=BODY, ink=style.ink2, ha="left"))
    found.first = found.add(put(captions, width - 12, height - 19, "", style, ink=style.ink3, ha="right"))
    more = [say("rows-more", count=style.speech.number(hidden))] if hidden else []
    keys = [" · ".join([*more, say(code)]) for code in ("fit-key", "fit-short", "fit-least")]
    put(captions, 12, 8, longest(keys, width - 24, style), style, ink=style.ink3, ha="left")
    found.moving.sort(key=lambda artist: artist.get_zorder())
    _fill(found, answer, view)
    return found


def _split(demands: Sequence[Demand], columns: int, most: int) -> list[Sequence[Demand]]:
    """Rows of each column: cut where a driver ends, as near to the middle as may be, where that fits."""
    if columns == 1:
        return [demands[:most]]
    half = len(demands) / 2
    cuts = [
        at
        for at in range(1, len(demands))
        if driver_of(demands[at - 1].property) != driver_of(demands[at].property)
        and at <= most
        and len(demands) - at <= most
    ]
    cut = min(cuts, key=lambda at: abs(at - half)) if cuts else min(-(-len(demands) // 2), most)
    return [demands[:cut], demands[cut : cut + most]]


def _level(demand: Demand, speech: Speech) -> str:
    """What is asked, as printed."""
    if demand.dropped:
        return speech.say("asks-dropped")
    return _asked(demand, demand.level, speech)


def _figure(speech: Speech, key: str, value: float) -> str:
    """A figure with its unit; a grade or rating says that it is one."""
    kind = properties()[key].unit
    text = speech.figure(key, value)
    known = kind in ("grade", "rating") and not np.isnan(value)
    return speech.say(f"{kind}-figure", figure=text) if known else text


def _asked(demand: Demand, level: float | None, speech: Speech) -> str:
    if level is None:
        return speech.say("asks-unknown")
    code = "asks-least" if demand.sense == "at_least" else "asks-most"
    return speech.say(code, level=_figure(speech, demand.property, level))


@dataclass(frozen=True)
class Widths:
    """Room in px for the texts of a column of rows."""

    driver: float
    name: float
    has: float
    asks: float


def _widths(answer: Answer, demands: Sequence[Demand], style: Style) -> Widths:
    """Room for drivers and names, for what is had (the longest figures of the whole table) and what is asked."""
    speech = style.speech
    driver = max(width_of(speech.say(driver_of(demand.property)), style) for demand in demands)
    name = max(width_of(speech.short(demand.property), style) for demand in demands)
    has = width_of(speech.say("unknown"), style)
    for demand in demands:
        figures = answer.table.typical[:, answer.table.column(demand.property)]
        known = figures[np.isfinite(figures)]
        for end in (float(known.min()), float(known.max())) if len(known) else ():
            has = max(has, width_of(_figure(speech, demand.property, end), style, bold=True))
    # A digit more while a slider moves needs no full draw.
    asks = max(width_of(_level(demand, speech), style) for demand in demands) + 5
    return Widths(driver, name, has, max(asks, width_of(speech.say("asks-dropped"), style)))


def _track(wide: float, widths: Widths) -> float:
    """What a column of that width leaves for the bars."""
    gaps = (6 if widths.driver else 5) * _GAP
    return wide - widths.driver - widths.name - widths.has - widths.asks - _SIGN - _GRADE - gaps


def _add_block(
    found: FitArtists,
    captions: Any,
    answer: Answer,
    demands: Sequence[Demand],
    at: tuple[float, float, float],
    widths: Widths,
    track: float,
) -> None:
    """One column of rows with its scale."""
    style, speech = found.style, found.style.speech
    left, right, pitch = at
    has, asks = widths.has, widths.asks
    asks_end = right - _GRADE - _SIGN - 2 * _GAP
    has_end = asks_end - asks - _GAP
    end = round(has_end - has - _GAP)
    start = round(end - track)
    # In a narrow picture what drives a demand gives way to its name, and the name to the figures.
    spare = max(start - left - 2 * _GAP, 20.0)
    driver, name, names_at = widths.driver, widths.name, left + widths.driver + _GAP
    if not driver or driver + name > spare + 1:
        driver, name, names_at = 0.0, min(name, spare + _GAP), left
    top = found.height - _TOP
    bottom = top - pitch * len(demands)
    _draw_scale(captions, style, (start, end), (bottom, top))
    heads = (("supply", has_end, has), ("asks", asks_end, asks))
    for code, x, room in heads:
        put(captions, x, top + 5, elide(speech.say(code), room, style), style, ink=style.ink3, ha="right")
    if width_of(speech.say("grade-unit"), style) <= right - asks_end - 4:
        put(captions, right, top + 5, speech.say("grade-unit"), style, ink=style.ink3, ha="right")
    tall = round(min(pitch - 7, 13))
    held = ""
    for number, demand in enumerate(demands):
        y = round(top - pitch * (number + 0.5))
        own = driver_of(demand.property)
        if own != held and driver:
            if held:
                line = Line2D((left, right), (y + pitch / 2,) * 2, color=style.line2, linewidth=1, zorder=0)
                captions.add_line(line)
            words = elide(speech.say(own), driver, style)
            put(captions, left, y, words, style, ink=style.ink3, ha="left", va="center_baseline")
            held = own
        words = elide(speech.short(demand.property), name, style)
        put(captions, names_at, y, words, style, ink=style.ink2, ha="left", va="center_baseline")
        colour = style.of_criterion(properties()[demand.property].criterion)
        ground = found.add(captions.add_patch(Block((start, y), end - start, 0, linewidth=0, zorder=1)))
        bar = found.add(captions.add_patch(Block((start, y), 0, 0, zorder=3, edgecolor=colour)))
        pale = found.add(captions.add_patch(Block((start, y), 0, 0, linewidth=0, zorder=3)))
        texts = [
            found.add(put(captions, x, y, "", style, ha=ha, va="center_baseline", bold=bold, size=size))
            for x, ha, bold, size in (
                (has_end, "right", True, SMALL),
                (asks_end, "right", False, SMALL),
                (asks_end + _GAP + _SIGN / 2, "center", True, LEAD),
                (right, "right", False, SMALL),
            )
        ]
        found.rows.append(
            Row(
                demand.property,
                y,
                tall,
                (start, end),
                (has_end, asks_end),
                (has, asks),
                (left, y - pitch / 2, right, y + pitch / 2),
                ground,
                bar,
                pale,
                *texts,
            )
        )


def _draw_scale(captions: Any, style: Style, across: tuple[float, float], up: tuple[float, float]) -> None:
    """The common demand line, and where a figure is unusable or ample."""
    start, end = across
    bottom, top = up
    say = style.speech.say
    taken = (0.0, 0.0)
    for value, code in ((1.0, "demand"), (AMPLE_SHARE, "ample"), (UNUSABLE_SHARE, "unusable")):
        x = round(start + (end - start) * value / REACH)
        main = code == "demand"
        line = Line2D((x, x), (bottom, top + (3 if main else 0)), zorder=5 if main else 2)
        line.set(color=style.ink2 if main else style.edge, linewidth=1.4 if main else 1)
        if not main:
            line.set_linestyle((0, (1.5, 2.5)))
        captions.add_line(line)
        words = say(code)
        half = width_of(words, style) / 2
        free = main or (x + half + 6 <= taken[0] or x - half - 6 >= taken[1])
        if free and x - half >= start - 20 and x + half <= end + 16:
            put(captions, x, top + 5, words, style, ink=style.ink2 if main else style.ink3)
            if main:
                taken = (x - half, x + half)


def move(artists: Artists, answer: Answer, view: View) -> bool:
    """Bars and figures of another answer or material; False where other properties are asked or a text needs room."""
    if not isinstance(artists, FitArtists) or view.selected is None:
        return False
    demands = ordered(answer.demands)
    if artists.keys != tuple(demand.property for demand in demands) or not artists.rows:
        return False
    by_key = {demand.property: demand for demand in demands}
    style = artists.style
    if any(width_of(_level(by_key[row.key], style.speech), style) > row.room[1] for row in artists.rows):
        return False
    _fill(artists, answer, view)
    return True


def first_place(answer: Answer, row: int | None) -> int | None:
    """The material at the first place where it is another than this one and passes."""
    if not answer.ranking.passing:
        return None
    first = int(answer.ranking.order[0])
    return None if first == row else first


def _fill(found: FitArtists, answer: Answer, view: View) -> None:
    assert view.selected is not None
    found.selected, found.leader = view.selected, first_place(answer, view.selected)
    own = {fit.key: fit for fit in fits(answer, view.selected)}
    other = {fit.key: fit for fit in fits(answer, found.leader)} if found.leader is not None else {}
    whiskers: list[list[tuple[float, float]]] = []
    beyond: list[tuple[float, float]] = []
    for row in found.rows:
        _fill_row(found, row, own[row.key], other.get(row.key), whiskers, beyond)
    found.whiskers.set_segments(whiskers)
    assert found.beyond is not None
    found.beyond.set_data([x for x, _ in beyond], [y for _, y in beyond])
    _fill_title(found, answer, view)


def _at(row: Row, value: float) -> float:
    start, end = row.track
    return start + (end - start) * min(max(value, 0.0), REACH) / REACH


def _fill_row(
    found: FitArtists,
    row: Row,
    fit: Fit,
    other: Fit | None,
    whiskers: list[list[tuple[float, float]]],
    beyond: list[tuple[float, float]],
) -> None:
    style, speech = found.style, found.style.speech
    colour = style.of_criterion(properties()[fit.key].criterion)
    tall = row.tall
    asked = fit.state not in ("dropped", "open")
    ground = fit.state == "unknown"
    row.ground.set(y=row.y - tall / 2, height=tall, facecolor=style.panel if ground else style.line2)
    row.ground.set(hatch="...." if ground else None, hatch_linewidth=0.8)
    row.ground.set_hatchcolor(style.edge)
    reached = share(fit.demand, fit.typical) if asked else float("nan")
    known = not np.isnan(reached)
    row.bar.set_visible(known)
    if known:
        met = fit.state == "met"
        wide = max(_at(row, reached) - row.track[0], 1.5)
        row.bar.set(y=row.y - tall / 2, height=tall, width=wide)
        row.bar.set(
            facecolor=colour if met else mix(colour, style.panel, 0.2),
            linewidth=0 if met else 1.2,
            linestyle="solid" if met else (0, (3, 2)),
        )
        ends = sorted(_at(row, share(fit.demand, side)) for side in (fit.low, fit.high))
        if ends[1] - ends[0] >= 1.5:
            low, high = ends
            whiskers.append([(low, row.y), (high, row.y)])
            whiskers += [[(x, row.y - 3), (x, row.y + 3)] for x in ends if x < row.track[1] - 0.5]
        if max(reached, *(share(fit.demand, side) for side in (fit.low, fit.high))) > REACH:
            beyond.append((row.track[1] - 2, row.y))
    pale = share(other.demand, other.typical) if other is not None and asked else float("nan")
    row.pale.set_visible(not np.isnan(pale))
    if not np.isnan(pale):
        row.pale.set(y=row.y - tall / 2 - 3, height=2, width=max(_at(row, pale) - row.track[0], 1.5))
        row.pale.set_facecolor(mix(colour, style.panel, 0.55))
    row.has.set(text=elide(_figure(speech, fit.key, fit.typical), row.room[0] + 4, style, bold=True))
    row.has.set(color=style.ink if known else style.ink3, fontweight="bold" if known else "normal")
    row.asks.set(text=_level(fit.demand, speech), color=style.ink2 if asked else style.ink3)
    signs = {
        "met": ("✓", style.good),
        "missed": ("✗", style.warn),
        "could": ("✗", style.warn),
        "unknown": ("?", style.warn),
    }
    sign, ink = signs.get(fit.state, ("", style.ink3))
    row.sign.set(text=sign, color=ink)
    row.grade.set(text=_short_grade(fit.grade), color=style.ink3)


def _short_grade(grade: str) -> str:
    """A to D as they stand; a figure of the user's own is a dot beside them."""
    return grade if len(grade) <= 1 else "•"


def _fill_title(found: FitArtists, answer: Answer, view: View) -> None:
    style, speech = found.style, found.style.speech
    row, leader = found.selected, found.leader
    assert row is not None
    say = speech.say
    names = answer.table.names
    score = speech.score(float(answer.ranking.scores[row]))
    told = [
        place_words(answer, view, row, score, speech),
        _meets(answer, row, speech),
    ]
    place = " · ".join(told)
    other = say("first-key", name=fit_name(names[leader], 0.26 * found.width, style)) if leader is not None else ""
    right = width_of(other, style) + 24 if other else 0
    room = found.width - 24 - right - width_of(place, style, BODY) - 16
    name = fit_name(names[row], max(room, 60), style, BODY, True)
    found.title.set_text(name)
    x = 12 + width_of(name, style, BODY, True) + 14
    found.place.set(x=x, text=elide(place, found.width - 12 - right - x, style, BODY))
    found.first.set_text(other)
    found.first_at = (found.width - 12 - width_of(other, style), found.width, found.height - 24)


def _meets(answer: Answer, row: int, speech: Speech) -> str:
    if not answer.asked_count:
        return speech.say("meets-none")
    met, asked = speech.number(int(answer.met[row])), speech.number(answer.asked_count)
    return speech.say("meets", met=met, asked=asked)


# --- words and numbers ------------------------------------------------------------------------------------------------


def _state(fit: Fit, speech: Speech) -> str:
    codes = {"met": "met", "missed": "missed", "could": "could", "unknown": "unknown", "dropped": "asks-dropped"}
    return speech.say(codes.get(fit.state, "asks-unknown"))


def table(answer: Answer, view: View, speech: Speech) -> Twin:
    """A demand a row: what asks it, level, unit and grade; what the material and the first place have; the reason."""
    say = speech.say
    row = view.selected
    if row is None:
        return Twin((say("col-property"),), ())
    leader = first_place(answer, row)
    names = answer.table.names
    rows = [row] if leader is None else [row, leader]
    heads = [
        say("col-driver"),
        say("col-property"),
        say("col-unit"),
        say("col-sense"),
        say("col-level"),
        say("col-demand-grade"),
    ]
    for own in rows:
        name = names[own]
        heads += [name, say("col-low", name=name), say("col-high", name=name), say("col-grade", name=name)]
        heads += [say("col-share"), say("col-state")]
    heads.append(say("col-because"))
    body = []
    columns = [fits(answer, own) for own in rows]
    for number, demand in enumerate(ordered(answer.demands)):
        item = properties()[demand.property]
        level = _level(demand, speech) if demand.dropped or demand.level is None else Num(demand.level, item.decimals)
        cells: list[str | Num] = [
            say(driver_of(demand.property)),
            speech.label(demand.property),
            _unit(demand.property, speech),
            say("at-least" if demand.sense == "at_least" else "at-most"),
            level,
            demand.grade,
        ]
        for column in columns:
            fit = column[number]
            figures = (fit.typical, fit.low, fit.high)
            cells += [say("unknown") if np.isnan(figure) else Num(figure, item.decimals) for figure in figures]
            reached = share(demand, fit.typical) if fit.state not in ("dropped", "open") else float("nan")
            cells += [fit.grade, Num(100 * reached) if np.isfinite(reached) else "", _state(fit, speech)]
        cells.append(speech.sentence(demand.because))
        body.append(tuple(cells))
    score: list[str | Num] = [say("col-score"), "", "", "", "", ""]
    for own in rows:
        score += [Num(float(answer.ranking.scores[own]), SCORE_DECIMALS), "", "", "", "", _meets(answer, own, speech)]
    body.append((*score, ""))
    return Twin(tuple(heads), tuple(body))


def _unit(key: str, speech: Speech) -> str:
    kind = properties()[key].unit
    return speech.say(f"{kind}-unit") if kind in ("grade", "rating") else speech.unit(key)


def describe(answer: Answer, view: View, speech: Speech) -> str:
    """How many demands the material meets, and each that it misses with both figures."""
    row = view.selected
    if row is None:
        return speech.say("empty")
    if not answer.demands:
        return f"{answer.table.names[row]}. {speech.say('no-demands')}"
    found = fits(answer, row)
    told = []
    for code, states in (("say-misses", ("missed", "could")), ("say-unknown", ("unknown",))):
        own = [
            speech.say(
                "say-of",
                name=speech.label(fit.key),
                figure=_figure(speech, fit.key, fit.typical),
                level=_level(fit.demand, speech),
            )
            for fit in found
            if fit.state in states
        ]
        if own:
            told.append(speech.say(code, list="; ".join(own)))
    meets = _meets(answer, row, speech)
    return speech.say("say-fit", name=answer.table.names[row], meets=meets, misses=" ".join(told)).strip()


def _row_under(artists: FitArtists, x: float, y: float) -> Row | None:
    up = artists.height - y
    x = artists.style.across(x, artists.width)
    for row in artists.rows:
        left, bottom, right, top = row.box
        if left <= x <= right and bottom <= up < top:
            return row
    return None


def row_at(artists: Artists, x: float, y: float) -> int | None:
    """Every row is the selected material's; the name at the upper right is that of the first place."""
    if not isinstance(artists, FitArtists):
        return None
    if (
        artists.leader is not None
        and artists.style.across(x, artists.width) >= artists.first_at[0]
        and artists.height - y >= artists.first_at[2]
    ):
        return artists.leader
    return artists.selected if _row_under(artists, x, y) is not None else None


def tip_at(artists: Artists, x: float, y: float, answer: Answer, view: View, speech: Speech) -> str:
    """The demand under the pointer: its level, why it is asked, and what either material has of it."""
    under = _row_under(artists, x, y) if isinstance(artists, FitArtists) else None
    if under is None or view.selected is None:
        return ""
    rows = [own for own in (view.selected, first_place(answer, view.selected)) if own is not None]
    found = [next(fit for fit in fits(answer, own) if fit.key == under.key) for own in rows]
    demand = found[0].demand
    label = speech.label(under.key)
    if demand.dropped or demand.level is None:
        lines = [speech.say("tip-not-asked", name=label, state=_level(demand, speech))]
    else:
        lines = [speech.say("tip-asks", name=label, level=_level(demand, speech), grade=demand.grade)]
    lines.append(speech.sentence(demand.because))
    lines += [speech.sentence(extra) for extra in (demand.clip, *demand.notes) if extra is not None]
    if demand.formula_because is not None:
        level = _asked(demand, demand.formula_level, speech)
        lines.append(speech.say("tip-formula", level=level, because=speech.sentence(demand.formula_because)))
    for own, fit in zip(rows, found, strict=True):
        name = answer.table.names[own]
        if np.isnan(fit.typical):
            lines.append(speech.say("tip-gap", name=name))
            continue
        low, typical, high = (_figure(speech, under.key, figure) for figure in (fit.low, fit.typical, fit.high))
        grade = speech.say("own") if fit.grade == "own" else fit.grade
        code = "tip-figure" if low != high else "tip-point"
        figure = speech.say(code, name=name, figure=typical, low=low, high=high, grade=grade)
        lines.append(speech.say("tip-state", figure=figure, state=_state(fit, speech)))
    return "\n".join(lines)


def tip(answer: Answer, view: View, row: int, speech: Speech) -> str:
    """Name, place, score and how many demands it meets."""
    score = speech.score(float(answer.ranking.scores[row]))
    place = place_words(answer, view, row, score, speech)
    return "\n".join((answer.table.names[row], place, _meets(answer, row, speech)))
