"""Certainty: how often each material takes each place in the trials, and whose score leads along one priority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection  # noqa: TID253 - drawing files are imported late
from matplotlib.figure import Figure  # noqa: TID253 - the same
from matplotlib.lines import Line2D  # noqa: TID253 - the same
from numpy.typing import NDArray

from advisor.answer import Answer, solve
from advisor.certainty import RANKS, Acceptability, Certainty, contenders
from advisor.explanation import SCORE_DECIMALS, place_label, trials_sentence
from advisor.materials import Floats
from advisor.priorities import LEAST, MOST, held_shares
from advisor.properties import CRITERIA
from advisor.sentences import Num, Sentence
from advisor.tipping import Stretch, leaders, priority_lines
from ui.charts.block import Block
from ui.charts.figures import OWN_SIGN, grades_line, own_criteria, place_words, signed
from ui.charts.style import (
    Artists,
    Box,
    Speech,
    Style,
    Twin,
    View,
    digits_of,
    elide,
    fit_name,
    mix,
    nice_step,
    place_axes,
    put,
    say_empty,
    sheet,
    short_names,
    size_px,
    span,
    spread,
    ticks_between,
    width_of,
)

#: The first so many materials that pass are shown, and the selected and the hovered one beside them.
SHOWN = 8
#: Room for a head line, for what stands at the foot, and px a row at least and at most.
_TOP, _FOOT = 27, 28
_PITCH = (15.0, 36.0)
#: Share of ink in the bar's part of place 1, 2, … 10.
_SHADES = (0.82, 0.64, 0.37, 0.32, 0.275, 0.235, 0.20, 0.165, 0.135, 0.105)
#: Share of its ink that a bar keeps while the next one is worked out.
_PALE = 0.45
#: The same of its figures, which must be read all the while.
STALE = 0.65
#: A table longer than this has its lead looked for among its first materials while it moves, so many of them.
LONG, AHEAD = 5_000, 300
#: Digits of a priority.
_POINTS = 1
_MOST_TICKS = 9
_STRIP = 8
#: A narrower figure (px) holds the bars alone; the words still tell where the lead changes.
_PAIRED = 600.0


@dataclass
class StripRow:
    """The moving parts of one material's bar."""

    place: Any
    name: Any
    first: Block
    figures: list[Any]
    whisker: Line2D
    leads: Any


@dataclass
class Line:
    """The moving parts of one material's score line."""

    line: Line2D
    place: Any
    name: Any


@dataclass
class CertaintyArtists(Artists):
    """The moving parts and where they may move."""

    captions: Any = None
    axes: Any = None
    bar: tuple[float, float] = (0, 0)  # left and right of the bars, px
    wide: float = 0  # right end of the left half
    body: tuple[float, float] = (0, 0)  # bottom and top of rows and lines, px
    plot: tuple[float, float, float, float] = (0, 0, 0, 0)
    names_at: float = 0
    capacity: int = SHOWN
    strips: list[StripRow] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    hover: Block | None = None
    parts: Any = None
    note: Any = None
    limits: tuple[float, float] | None = None
    grid: Any = None
    ticks: list[Any] = field(default_factory=list)
    leaders: Any = None
    now: Line2D | None = None
    now_text: Any = None
    knots: Line2D | None = None
    drops: Any = None
    caption: Any = None
    tipping: Any = None
    stretches: list[Block] = field(default_factory=list)
    winners: list[Any] = field(default_factory=list)
    told: tuple[Any, ...] = ()  # what the bars stand for
    rows: tuple[int, ...] = ()
    rows_of_lines: tuple[int, ...] = ()
    row_y: tuple[float, ...] = ()
    label_y: tuple[float, ...] = ()


# --- what is drawn ----------------------------------------------------------------------------------------------------


def shown_rows(answer: Answer, view: View, most: int = SHOWN + 1) -> tuple[int, ...]:
    """The first materials that pass, and the selected one at its place among them or behind."""
    first = [int(row) for row in answer.ranking.passing_rows()[: min(SHOWN, most)]]
    if view.selected is not None and view.selected not in first:
        first = [*first[: most - 1], view.selected]
    return tuple(first)


def score_lines(answer: Answer, criterion: str, rows: Sequence[int], at: Floats) -> Floats:
    """(rows × positions) scores 0..1 with one priority at each of these positions, locks held as the brief says.

    The line of :func:`advisor.tipping.priority_lines` over the sum of the priorities there, so it may bend.
    """
    height, slope = priority_lines(answer, criterion)
    chosen = np.asarray(rows, dtype=np.intp)
    priorities = answer.terms.priorities
    held = held_shares(priorities, answer.brief.locks, criterion)
    left = 1.0 - sum(held.values())
    if held and left <= 1e-12:
        return np.repeat(height[chosen][:, None], len(at), axis=1)  # the locks hold every weight
    others = sum(value for key, value in priorities.items() if key != criterion and key not in held)
    total = (others + at) / left
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (height[chosen][:, None] + slope[chosen][:, None] * at) / total
    # Where every priority is 0, all sixteen weigh the same.
    even = answer.values.typical[chosen].mean(axis=1)[:, None]
    return np.asarray(np.where(total > 0, found, even), dtype=np.float64)


def lead_among(answer: Answer, view: View) -> tuple[Answer, NDArray[np.intp] | None]:
    """The answer the lead is looked for in, and its rows in the whole table (None: it is the whole).

    While the next trials of a very long table are worked out (a hand is on a slider, most likely) that is its first
    :data:`AHEAD` materials; what stands still is looked for among all.
    """
    if view.current or len(answer.table) <= LONG:
        return answer, None
    rows = answer.ranking.order[:AHEAD]
    if view.selected is not None and view.selected not in rows:
        rows = np.append(rows, view.selected)
    return solve(answer.table.take(rows.tolist()), answer.brief), np.asarray(rows, dtype=np.intp)


def crossings(stretches: Sequence[Stretch]) -> tuple[tuple[float, int, int], ...]:
    """(priority, who leads below it, who leads above it) wherever the lead changes hands from stretch to stretch."""
    return tuple((low, before[2], row) for before, (low, _, row) in pairwise(stretches))


def shares_of(counted: Acceptability | None, row: int) -> Floats | None:
    """Share of trials in which a table row takes place 1, 2, …; None where it was not drawn."""
    if counted is None:
        return None
    places = np.flatnonzero(counted.rows == row)
    return counted.ranks[int(places[0])] if len(places) else None


@lru_cache(maxsize=2)
def _errors(certain: Certainty) -> Floats:
    return certain.errors()


def _leads(view: View, row: int, speech: Speech) -> tuple[str, str] | None:
    """Trials led of 100 and their error bar, as text."""
    certain = view.certainty
    if certain is None:
        return None
    share, error = float(certain.win_share[row]), float(_errors(certain)[row])
    return speech.number(100 * share), speech.number(100 * error, 1)


# --- drawing ----------------------------------------------------------------------------------------------------------


def draw(figure: Figure, answer: Answer, view: View, style: Style) -> Artists:
    """Heads and the key of places; bars, lines and every figure are the moving part."""
    say = style.speech.say
    if len(answer.table) == 0:
        return say_empty(figure, style, say("empty"))
    if answer.ranking.passing == 0:
        return say_empty(figure, style, say("nothing-passes"), say("nothing-passes-more"))
    captions = sheet(figure, style)
    width, height = size_px(figure)
    found = CertaintyArtists(style, captions=captions)
    sample = say("leads-of", count=style.speech.number(88), error=style.speech.number(8.8, 1))
    leads_room = max(width_of(sample, style), width_of(say("leads-head"), style)) + 10
    paired = width >= _PAIRED
    found.wide = round(0.55 * width) if paired else round(width - 12)
    name_room = min(max((0.17 if paired else 0.28) * width, 80.0), 250.0)
    start = round(12 + 20 + name_room + 8)
    end = round(max(found.wide - leads_room, start + 40))
    found.bar = float(start), float(end)
    found.body = _FOOT, max(height - _TOP, _FOOT + 40)
    found.capacity = max(2, min(SHOWN + 1, int((found.body[1] - found.body[0]) // _PITCH[0])))
    _draw_key(found, style, height)
    _add_strip(found)
    if paired:
        _add_plot(found, width, height)
    # What is drawn alike is drawn together.
    found.moving.sort(key=lambda artist: (artist.get_zorder(), type(artist).__name__))
    _fill(found, answer, view)
    return found


def _add_plot(found: CertaintyArtists, width: float, height: float) -> None:
    """The right half: the slider's scale from 0 to 10, and what moves over it."""
    style, captions = found.style, found.captions
    left = found.wide + 22 + width_of(style.speech.number(0.88, 2), style) + 8
    labels = min(max(0.185 * width, 70.0), 240.0)
    right = max(width - labels - 12, left + 60)
    bottom, top = _FOOT + 16, max(height - 52, _FOOT + 56)
    found.plot = left, bottom, right, top
    found.names_at = right + 10
    found.axes = place_axes(captions.get_figure(root=True), style, found.plot)
    span(found.axes, style, LEAST, MOST)
    captions.add_line(Line2D((found.wide + 10,) * 2, (12, height - 12), color=style.line2, linewidth=1, zorder=0))
    for value in range(0, 11, 2):
        x = left + (right - left) * value / MOST
        put(captions, x, bottom - 15, style.speech.number(value), style, ink=style.ink3)
    captions.add_line(Line2D((left, right), (bottom - 1, bottom - 1), color=style.line, linewidth=1, zorder=0))
    _add_lines(found, width, height)


def _shade(style: Style, place: int, ink: float = 1.0) -> str:
    return mix(style.ink, style.panel, _SHADES[place] * ink)


def _on_shade(style: Style, place: int, ink: float) -> str:
    """What is read on a part of the bar."""
    return style.panel if _SHADES[place] * ink >= 0.5 else style.ink


def _draw_key(found: CertaintyArtists, style: Style, height: float) -> None:
    """Ten shades with the places they stand for, over the bars; what the column beside them says."""
    say = style.speech.say
    start, end = found.bar
    captions = found.captions
    cell = min(20.0, (end - start) / RANKS)
    for place in range(RANKS):
        x = start + place * cell
        box = captions.add_patch(Block((x, height - 22), cell - 1, 14, linewidth=0, zorder=1))
        box.set_facecolor(_shade(style, place))
        if place == 0:
            _hatch(box, style, 1.0)
        text = style.speech.number(place + 1)
        if width_of(text, style) <= cell - 1:
            put(captions, x + (cell - 1) / 2, height - 19, text, style, ink=_on_shade(style, place, 1.0))
    words = elide(say("place-key"), start - 20, style)
    put(captions, start - 8, height - 19, words, style, ink=style.ink3, ha="right")
    room = found.wide - (start + RANKS * cell) - 6
    head = elide(say("leads-head"), room, style)
    put(captions, found.wide, height - 19, head, style, ink=style.ink3, ha="right")


def _hatch(box: Block, style: Style, ink: float) -> None:
    """Place 1 is known by its pattern too."""
    box.set(hatch="////", hatch_linewidth=1)
    box.set_hatchcolor(mix(style.panel, _shade(style, 0, ink), 0.22))


def _add_strip(found: CertaintyArtists) -> None:
    style, captions = found.style, found.captions
    found.hover = found.add(captions.add_patch(Block((0, 0), 0, 0, linewidth=0, zorder=0)))
    # One artist for all parts but the hatched ones: a hundred rectangles of their own would cost half a frame.
    found.parts = found.add(PolyCollection([], linewidths=0, antialiaseds=False, zorder=1))
    captions.add_collection(found.parts, autolim=False)
    for _ in range(found.capacity):
        first = found.add(captions.add_patch(Block((0, 0), 0, 0, linewidth=0, zorder=2, visible=False)))
        figures = [found.add(put(captions, 0, 0, "", style, va="center_baseline")) for _ in range(RANKS)]
        whisker = found.add(captions.add_line(Line2D([], [], linewidth=1.2, zorder=6)))
        place = found.add(put(captions, 0, 0, "", style, ink=style.ink3, ha="right", va="center_baseline"))
        name = found.add(put(captions, 0, 0, "", style, ha="left", va="center_baseline"))
        leads = found.add(put(captions, 0, 0, "", style, ha="right", va="center_baseline"))
        found.strips.append(StripRow(place, name, first, figures, whisker, leads))
    found.note = found.add(put(captions, 12, 8, "", style, ink=style.ink3, ha="left"))


def _add_lines(found: CertaintyArtists, width: float, height: float) -> None:
    style, captions, axes = found.style, found.captions, found.axes
    left, _, _, top = found.plot
    found.grid = found.add(LineCollection([], colors=style.line2, linewidths=1, zorder=0))
    axes.add_collection(found.grid, autolim=False)
    for _ in range(_MOST_TICKS):
        found.ticks.append(found.add(put(captions, left - 8, 0, "", style, ink=style.ink3, ha="right", va="center")))
    found.drops = found.add(LineCollection([], colors=style.edge, linewidths=1, linestyles=(0, (2, 2)), zorder=1))
    axes.add_collection(found.drops, autolim=False)
    found.now = found.add(axes.add_line(Line2D([], [], color=style.accent, linewidth=1.4, zorder=2)))
    found.leaders = found.add(LineCollection([], colors=style.line, linewidths=1, zorder=1))
    found.leaders.set_clip_on(False)
    captions.add_collection(found.leaders, autolim=False)
    for number in range(found.capacity):
        line = found.add(axes.add_line(Line2D([], [], zorder=20 - 2 * number)))
        name = found.add(put(captions, found.names_at, 0, "", style, ha="left", va="center"))
        place = found.add(put(captions, found.names_at + 17, 0, "", style, ha="right", va="center"))
        found.lines.append(Line(line, place, name))
    found.knots = found.add(axes.add_line(Line2D([], [], marker="o", linestyle="none", markersize=6.5, zorder=40)))
    found.knots.set(markerfacecolor=style.panel, markeredgecolor=style.ink, markeredgewidth=1.5)
    for _ in range(len(CRITERIA)):
        box = found.add(captions.add_patch(Block((0, top + 4), 0, _STRIP, linewidth=0, zorder=1, visible=False)))
        found.stretches.append(box)
        found.winners.append(found.add(put(captions, 0, top + 7 + _STRIP, "", style)))
    found.caption = found.add(put(captions, found.wide + 22, height - 19, "", style, ink=style.ink3, ha="left"))
    found.now_text = found.add(put(captions, 0, height - 19, "", style, ink=style.accent, ha="right"))
    found.tipping = found.add(put(captions, width - 12, 8, "", style, ink=style.ink3, ha="right"))


def move(artists: Artists, answer: Answer, view: View) -> bool:
    """Bars, lines and figures of another answer or other trials; False where nothing passes, or nothing did."""
    if not isinstance(artists, CertaintyArtists) or answer.ranking.passing == 0:
        return False
    _fill(artists, answer, view)
    return True


def _fill(found: CertaintyArtists, answer: Answer, view: View) -> None:
    found.rows = shown_rows(answer, view, found.capacity)
    _fill_strip(found, answer, view)
    if found.axes is not None:
        _fill_lines(found, answer, view)


def _fill_strip(found: CertaintyArtists, answer: Answer, view: View) -> None:
    style, speech = found.style, found.style.speech
    foot, top = found.body
    rows = found.rows
    places = tuple(place_label(answer, view.levels, row) for row in rows)
    seen = (view.certainty, view.acceptability, view.current, view.selected, view.hovered)
    told = (answer.table, rows, places, *seen)
    if told == found.told:
        return  # a slider moves, the order stays and the next trials are under way
    found.told = told
    pitch = min(max((top - foot) / len(rows), _PITCH[0]), _PITCH[1])
    tall = round(min(pitch - 4, 20))
    ink = 1.0 if view.current else _PALE
    found.row_y = tuple(round(top - pitch * (number + 0.5)) for number in range(len(rows)))
    assert found.hover is not None
    marked = view.hovered if view.hovered in rows else None
    found.hover.set_visible(marked is not None)
    if marked is not None:
        y = found.row_y[rows.index(marked)]
        found.hover.set(x=6, y=y - pitch / 2, width=found.wide - 2, height=pitch)
        found.hover.set_facecolor(mix(style.accent, style.panel, 0.10))
    parts: list[tuple[Box, str]] = []
    names = short_names([answer.table.names[row] for row in rows])
    for number, strip in enumerate(found.strips):
        shown = number < len(rows)
        for part in (strip.place, strip.name, strip.leads):
            part.set_visible(shown)
        if not shown:
            strip.whisker.set_visible(False)
            for part in (strip.first, *strip.figures):
                part.set_visible(False)
            continue
        row, y = rows[number], found.row_y[number]
        chosen = row == view.selected
        rank = int(answer.ranking.ranks[row])
        start, end = found.bar
        strip.place.set(x=30, y=y, text=places[number])
        name = _name(answer, row, names[number], start - 8 - 36, style, chosen)
        strip.name.set(x=36, y=y, text=name, color=style.accent if chosen else style.ink2)
        strip.name.set_fontweight("bold" if chosen else "normal")
        bottom = round(y - tall / 2)
        parts.append(((start, bottom, end, bottom + tall), style.line2))
        shares = shares_of(view.acceptability, row) if rank else None
        parts += _fill_bar(found, strip, shares, (bottom, tall), ink)
        _fill_leads(found, strip, view, row, (y, tall), rank)
    boxes = [[(x, y), (right, y), (right, up), (x, up)] for (x, y, right, up), _ in parts]
    found.parts.set_verts(np.array(boxes, dtype=float))  # of an array the paths are made at once
    found.parts.set_facecolor([colour for _, colour in parts])
    found.note.set_text(elide(_note(answer, view, speech), found.wide - 16, style))


def _name(answer: Answer, row: int, name: str, room: float, style: Style, bold: bool) -> str:
    """A material's name in its room, with the sign where figures that count are the user's own."""
    if not own_criteria(answer, row):
        return fit_name(name, room, style, bold=bold)
    return signed(fit_name(name, room - width_of(f" {OWN_SIGN}", style, bold=bold), style, bold=bold), True)


def _fill_bar(
    found: CertaintyArtists, strip: StripRow, shares: Floats | None, at: tuple[float, float], ink: float
) -> list[tuple[Box, str]]:
    """Sets the first part of one bar and its figures where they have room; the other parts, each with its colour."""
    style, speech = found.style, found.style.speech
    start, end = found.bar
    bottom, tall = at
    edge = 0.0
    found_parts: list[tuple[Box, str]] = []
    strip.first.set_visible(False)
    for place, text in enumerate(strip.figures):
        share = 0.0 if shares is None else float(shares[place])
        left, right = (round(start + (end - start) * value) for value in (edge, edge + share))
        edge += share
        wide = right - left
        text.set_visible(False)
        if wide <= 0:
            continue
        gap = 1 if wide > 2 and edge < 1 else 0
        colour = _shade(style, place, ink)
        if place == 0:
            strip.first.set(x=left, y=bottom, width=wide - gap, height=tall, facecolor=colour, visible=True)
            _hatch(strip.first, style, ink)
        else:
            found_parts.append(((left, bottom, right - gap, bottom + tall), colour))
        label = speech.number(100 * share)
        if wide - gap >= width_of(label, style) + 5 and tall >= 11:
            middle = left + (wide - gap) / 2, bottom + tall / 2
            text.set(x=middle[0], y=middle[1], text=label, visible=True, color=_on_shade(style, place, ink))
    return found_parts


def _fill_leads(
    found: CertaintyArtists, strip: StripRow, view: View, row: int, at: tuple[float, float], rank: int
) -> None:
    """How often it leads, with its error bar in figures and as a whisker at the end of the first part."""
    style, say = found.style, found.style.speech.say
    y, tall = at
    certain = view.certainty
    told = _leads(view, row, style.speech)
    strip.whisker.set_visible(False)
    text, colour = "", style.ink3
    if not rank:
        room = found.wide - found.bar[1] - 8
        text = elide(say("screened"), room, style)
    elif told is not None and certain is not None:
        text = say("leads-of", count=told[0], error=told[1])
        colour = style.ink if view.current else mix(style.ink, style.panel, STALE)
        start, end = found.bar
        share, error = float(certain.win_share[row]), float(_errors(certain)[row])
        low, high = (start + (end - start) * min(max(value, 0.0), 1.0) for value in (share - error, share + error))
        if high - low >= 6:
            whisker_ink = style.accent if view.current else mix(style.accent, style.panel, _PALE)
            foot = y - tall / 2 + 3  # under the figures
            ends = [foot - 2, foot + 2, foot, foot, foot + 2, foot - 2]
            strip.whisker.set_data([low, low, low, high, high, high], ends)
            strip.whisker.set(color=whisker_ink, visible=True)
    strip.leads.set(x=found.wide, y=y, text=text, color=colour)


def _note(answer: Answer, view: View, speech: Speech) -> str:
    """What was varied, how often, from which seed; and whether it is of this answer."""
    certain = view.certainty
    if certain is None:
        return speech.say("working")
    if not view.current:
        return speech.say("working-pale")
    settings = certain.settings
    code = f"varied-{'data' if settings.data else 'nothing'}-{settings.priorities}"
    return speech.say(
        "varied",
        varied=speech.sentence(Sentence(code)),
        count=speech.number(settings.samples),
        seed=speech.number(settings.seed),
    )


def _rule(found: CertaintyArtists, low: float, high: float) -> None:
    """Put the score axis where the lines are; it stays while that still serves."""
    style = found.style
    _, bottom, _, top = found.plot
    span = max(high - low, 0.01)
    if found.limits is None or not (
        found.limits[0] <= low and high <= found.limits[1] and span > 0.4 * (found.limits[1] - found.limits[0])
    ):
        step = nice_step(span, max(2, min(5, int((top - bottom) // 30))))
        foot = max(0.0, np.floor((low - 0.03 * span) / step) * step)
        head = min(np.ceil((high + 0.03 * span) / step) * step, max(1.0, high))
        found.limits = float(foot), float(max(head, foot + step))
    found.axes.set_ylim(*found.limits)
    step = nice_step(found.limits[1] - found.limits[0], max(2, min(5, int((top - bottom) // 24))))
    digits = max(2, digits_of(step))
    ticks = ticks_between(*found.limits, step)[:_MOST_TICKS]
    found.grid.set_segments([[(LEAST, tick), (MOST, tick)] for tick in ticks])
    scale = (top - bottom) / (found.limits[1] - found.limits[0])
    for place, text in enumerate(found.ticks):
        text.set_visible(place < len(ticks))
        if place < len(ticks):
            y = bottom + (ticks[place] - found.limits[0]) * scale
            text.set(y=y, text=style.speech.number(ticks[place], digits))


def _line_rows(
    found: CertaintyArtists, answer: Answer, view: View, tips: Sequence[tuple[float, int, int]]
) -> list[int]:
    """Whose lines are drawn: those of the strip; who leads beyond a crossing takes the place of the last of them."""
    rows = list(found.rows)
    missing = [row for row in dict.fromkeys(row for _, *both in tips for row in both) if row not in rows]
    spare = [row for row in reversed(rows[1:]) if row != view.selected]
    leading = {row for _, *both in tips for row in both}
    for row in missing:
        if len(rows) < found.capacity:
            rows.append(row)
            continue
        out = next((other for other in spare if other not in leading), None)
        if out is None:
            break
        spare.remove(out)
        rows[rows.index(out)] = row
    return rows


def _fill_lines(found: CertaintyArtists, answer: Answer, view: View) -> None:
    style, speech = found.style, found.style.speech
    criterion = view.along or CRITERIA[0]
    among, there = lead_among(answer, view)
    stretches = leaders(among, criterion)
    if there is not None:
        stretches = tuple((low, high, int(there[row])) for low, high, row in stretches)
    tips = crossings(stretches)
    rows = _line_rows(found, answer, view, tips)
    now = float(answer.terms.priorities[criterion])
    grid = np.unique(np.concatenate((np.linspace(LEAST, MOST, 41), [low for low, _, _ in tips])))
    drawn = [*rows, *(row for _, _, row in tips)]
    if there is not None:
        known = {row: place for place, row in enumerate(there.tolist())}
        drawn = [known[row] for row in drawn]
    everyone = score_lines(among, criterion, drawn, grid)
    scores = everyone[: len(rows)]
    knots = [float(line[grid == low][0]) for line, (low, _, _) in zip(everyone[len(rows) :], tips, strict=True)]
    _rule(found, float(scores.min()), float(scores.max()))
    assert found.limits is not None and found.now is not None and found.knots is not None
    _, bottom, right, top = found.plot
    scale = (top - bottom) / (found.limits[1] - found.limits[0])
    ends = [bottom + (float(line[-1]) - found.limits[0]) * scale for line in scores]
    label_y = spread([end - 1e-3 * place for place, end in enumerate(ends)], 14, bottom + 2, top + 6)
    first = int(answer.ranking.order[0])
    joins = []
    names = short_names([answer.table.names[row] for row in rows])
    room = size_px(found.axes.get_figure(root=True))[0] - 12 - found.names_at
    for number, part in enumerate(found.lines):
        shown = number < len(rows)
        part.line.set_visible(shown)
        part.place.set_visible(shown)
        part.name.set_visible(shown)
        if not shown:
            continue
        row = rows[number]
        chosen, pointed = row == view.selected, row == view.hovered
        ink = style.accent if chosen else style.ink if row == first or pointed else style.edge
        part.line.set_data(grid, scores[number])
        part.line.set(color=ink, linewidth=2.4 if chosen or pointed else 1.8 if row == first else 1.1)
        part.line.set_zorder(24 if chosen else 23 if row == first else 10)
        place = place_label(answer, view.levels, row)
        name = _name(answer, row, names[number], room - 22, style, chosen)
        part.place.set(y=label_y[number], text=place, color=ink if chosen else style.ink3)
        part.name.set(x=found.names_at + 22, y=label_y[number], text=name)
        part.name.set(color=ink if chosen else style.ink if row == first else style.ink2)
        part.name.set_fontweight("bold" if chosen else "normal")
        joins.append([(right + 1, ends[number]), (found.names_at - 3, label_y[number])])
    found.leaders.set_segments(joins)
    found.rows_of_lines = tuple(rows)
    found.label_y = tuple(label_y)
    found.now.set_data([now, now], found.limits)
    found.knots.set_data([low for low, _, _ in tips], knots)
    found.drops.set_segments(
        [[(low, knot), (low, found.limits[1])] for (low, _, _), knot in zip(tips, knots, strict=True)]
    )
    _fill_band(found, answer, stretches, first)
    value = speech.say("now", value=speech.number(now, _POINTS))
    wide = width_of(value, style)
    caption = elide(speech.say("along", name=speech.criterion(criterion)), right - found.wide - 22 - wide - 10, style)
    found.caption.set_text(caption)
    found.now_text.set(x=right, text=value)
    figure_width = size_px(found.axes.get_figure(root=True))[0]
    found.tipping.set_text(elide(_tipping_words(answer, stretches, now, speech), figure_width - found.wide - 32, style))


def _tipping_words(answer: Answer, stretches: Sequence[Stretch], now: float, speech: Speech) -> str:
    """The crossing nearest to where the priority stands, in words."""
    names = answer.table.names
    tips = crossings(stretches)
    if not tips:
        return speech.say("tips-never", name=names[stretches[0][2]])
    low, below, above = min(tips, key=lambda tip: abs(tip[0] - now))
    code, row = ("tips-at", above) if low >= now else ("tips-below", below)
    return speech.say(code, value=speech.number(low, 2), name=names[row])


def _fill_band(found: CertaintyArtists, answer: Answer, stretches: Sequence[Stretch], first: int) -> None:
    """Over the lines, who leads where: hatched where it is another than the first place; named where there is room."""
    style = found.style
    left, _, right, _ = found.plot
    per_point = (right - left) / MOST
    for number, (box, text) in enumerate(zip(found.stretches, found.winners, strict=True)):
        shown = number < len(stretches)
        box.set_visible(shown)
        text.set_visible(False)
        if not shown:
            continue
        low, high, row = stretches[number]
        x, wide = left + low * per_point, (high - low) * per_point
        box.set(x=x, width=max(wide - (1 if number < len(stretches) - 1 else 0), 1))
        other = row != first
        box.set(facecolor=style.panel if other else style.line, hatch="////" if other else None, hatch_linewidth=1)
        box.set_hatchcolor(style.ink3)
        room = wide - 6
        if room >= 48:
            name = fit_name(answer.table.names[row], room, style)
            text.set(x=x + wide / 2, text=name, visible=True, color=style.ink2)


# --- words and numbers ------------------------------------------------------------------------------------------------


def _told_rows(answer: Answer, view: View) -> list[int]:
    """Every material the trials draw, in its place, and the selected one."""
    drawn = contenders(answer.values, answer.ranking)
    rows = [int(row) for row in drawn[np.argsort(answer.ranking.place[drawn], kind="stable")]]
    if view.selected is not None and view.selected not in rows:
        rows.append(view.selected)
    return rows


def table(answer: Answer, view: View, speech: Speech) -> Twin:
    """Materials down: trials led with their error, trials in each of the first ten places, where it leads along."""
    say = speech.say
    along = view.along or CRITERIA[0]
    heads = (
        say("col-place"),
        say("col-material"),
        say("col-score"),
        say("col-leads"),
        say("col-error"),
        *(say("col-takes", place=speech.number(place + 1)) for place in range(RANKS)),
        say("col-along", name=speech.criterion(along)),
    )
    stretches = leaders(answer, along)
    rows = []
    for row in _told_rows(answer, view):
        rank = int(answer.ranking.ranks[row])
        shares = shares_of(view.acceptability, row) if rank else None
        certain = view.certainty if rank else None
        leads = "" if certain is None else Num(100 * float(certain.win_share[row]))
        error = "" if certain is None else Num(100 * float(_errors(certain)[row]), 1)
        own = [
            say("stretch", low=speech.number(low, 2), high=speech.number(high, 2))
            for low, high, leader in stretches
            if leader == row
        ]
        rows.append(
            (
                Num(rank) if rank else say("screened"),
                answer.table.names[row],
                Num(float(answer.ranking.scores[row]), SCORE_DECIMALS),
                leads,
                error,
                *("" if shares is None else Num(100 * float(shares[place])) for place in range(RANKS)),
                ", ".join(own),
            )
        )
    return Twin(heads, tuple(rows))


def describe(answer: Answer, view: View, speech: Speech) -> str:
    """How often the selected material and the first lead, and where the lead changes hands."""
    if answer.ranking.passing == 0:
        return speech.say("nothing-passes")
    names = answer.table.names
    first = int(answer.ranking.order[0])
    parts = []
    for row in dict.fromkeys(row for row in (view.selected, first) if row is not None):
        told = _leads(view, row, speech)
        if not answer.ranking.ranks[row]:
            parts.append(speech.say("say-screened", name=names[row]))
        elif told is None or view.certainty is None or not view.current:
            parts.append(speech.say("say-no-trials", name=names[row]))
        else:
            varied = trials_sentence(view.certainty, row).values["varied"]
            words = speech.sentence(varied) if isinstance(varied, Sentence) else ""
            parts.append(speech.say("say-trials", name=names[row], count=told[0], varied=words, error=told[1]))
    along = view.along or CRITERIA[0]
    stretches = "; ".join(
        speech.say("say-stretch", low=speech.number(low, 2), high=speech.number(high, 2), name=names[row])
        for low, high, row in leaders(answer, along)
    )
    now = speech.number(float(answer.terms.priorities[along]), _POINTS)
    parts.append(speech.say("say-tips", criterion=speech.criterion(along), value=now, stretches=stretches))
    return " ".join(parts)


def row_at(artists: Artists, x: float, y: float) -> int | None:
    """The material whose bar, line or end label lies at the point."""
    if not isinstance(artists, CertaintyArtists) or not artists.rows:
        return None
    figure = artists.captions.get_figure(root=True)
    width, height = size_px(figure)
    up = height - y
    raw, x = x, artists.style.across(x, width)
    if x <= artists.wide + 4:
        pitch = artists.row_y[0] - artists.row_y[1] if len(artists.row_y) > 1 else _PITCH[0]
        for row, middle in zip(artists.rows, artists.row_y, strict=True):
            if abs(up - middle) <= pitch / 2:
                return row
        return None
    if artists.axes is None:
        return None
    if x >= artists.names_at - 6:
        for row, middle in zip(artists.rows_of_lines, artists.label_y, strict=True):
            if abs(up - middle) <= 7.5:
                return row
        return None
    scale = figure.dpi / 72
    best: tuple[float, int] | None = None
    for row, part in zip(artists.rows_of_lines, artists.lines, strict=False):
        points = artists.axes.transData.transform(np.column_stack(part.line.get_data())) / scale
        points = points[np.argsort(points[:, 0], kind="stable")]
        if not points[0, 0] - 4 <= raw <= points[-1, 0] + 4:
            continue
        away = abs(float(np.interp(raw, points[:, 0], points[:, 1])) - up)
        if away <= 7 and (best is None or away < best[0]):
            best = (away, row)
    return best[1] if best else None


def tip(answer: Answer, view: View, row: int, speech: Speech) -> str:
    """Name, place and score; how often it leads, comes among the first three and the first ten."""
    rank = int(answer.ranking.ranks[row])
    score = speech.score(float(answer.ranking.scores[row]))
    lines = [answer.table.names[row]]
    lines.append(place_words(answer, view, row, score, speech))
    told = _leads(view, row, speech)
    if not rank:
        return "\n".join(lines)
    if told is None or not view.current:
        return "\n".join((*lines, speech.say("working")))
    lines.append(speech.say("leads-tip", count=told[0], error=told[1]))
    shares = shares_of(view.acceptability, row)
    if shares is not None:
        three, ten = (speech.number(100 * float(shares[:most].sum())) for most in (3, RANKS))
        lines.append(speech.say("places-tip", three=three, ten=ten))
    return "\n".join(filter(None, (*lines, grades_line(answer, row, speech))))


def tip_at(artists: Artists, x: float, y: float, answer: Answer, view: View, speech: Speech) -> str:
    """The part of a bar under the pointer, or the score of a line at the priority there; then all the tip says."""
    row = row_at(artists, x, y)
    if row is None or not isinstance(artists, CertaintyArtists):
        return ""
    width, _ = size_px(artists.captions.get_figure(root=True))
    across = artists.style.across(x, width)
    start, end = artists.bar
    told = ""
    shares = shares_of(view.acceptability, row)
    if start <= across < end and shares is not None and view.current and answer.ranking.ranks[row]:
        place = int(np.searchsorted(np.cumsum(shares), (across - start) / (end - start), side="right"))
        if place < RANKS:
            count = speech.number(100 * float(shares[place]))
            told = speech.say("tip-takes", place=speech.number(place + 1), count=count)
    elif artists.axes is not None and artists.plot[0] <= across <= artists.plot[2]:
        left, _, right, _ = artists.plot
        at = LEAST + (MOST - LEAST) * (across - left) / (right - left)
        score = float(score_lines(answer, view.along or CRITERIA[0], [row], np.array([at]))[0, 0])
        told = speech.say("tip-along", value=speech.number(at, 1), score=speech.number(score, SCORE_DECIMALS))
    name, *rest = tip(answer, view, row, speech).split("\n")
    return "\n".join(filter(None, (name, told, *rest)))
