"""Slope: places in two answers, from place to place: the first materials of both and the selected one; what moved most.

A line goes from a material's place in the other answer to its place now. Of a material that stands further down than
the places drawn in full, the place is printed below the gap. Risers are solid, fallers dashed; the accent is the
selected one's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection  # noqa: TID253 - drawing files are imported late
from matplotlib.figure import Figure  # noqa: TID253 - the same
from matplotlib.lines import Line2D  # noqa: TID253 - the same

from advisor.answer import Answer
from advisor.certainty import Certainty
from advisor.explanation import place_label
from advisor.materials import Table
from advisor.moves import PlaceMove, place_moves
from advisor.sentences import Num, Sentence
from ui.charts.figures import grades_line, with_signs
from ui.charts.style import (
    Artists,
    Cell,
    Speech,
    Style,
    Twin,
    View,
    elide,
    fit_name,
    mix,
    put,
    say_empty,
    sheet,
    short_names,
    size_px,
    width_of,
)

#: Places drawn in full on each side, at most; rows of a table twin; digits of scores in it.
FIRST, TWIN_ROWS, DIGITS = 12, 1000, 3
#: Places of a table twin that are labelled as level or not; further down they are numbers.
LABELLED = 100
#: Most materials there can be: the first of both sides and the selected one.
_MOST = 2 * FIRST + 1
_ROW, _TOP, _FOOT = 15.0, 32.0, 8.0
#: Rows stand further apart where there is room; what is said stands in paragraphs, each with its sign before it.
_WIDEST_ROW, _BETWEEN, _SIGN = 22.0, 5.0, 15.0
#: Room of a place's number beside a line's end, and of the gap above the places further down.
_NUMBER, _GAP = 34.0, 0.6


@dataclass(frozen=True)
class Track:
    """One material's line.

    Attributes:
        row: its row in the table now; ``material`` its id.
        before, after: places, 0 for screened out, None where that table lacks it; was, now: the same as labelled.
        left, right: rows from the top at which its ends are drawn, None where that table lacks it.
    """

    row: int
    material: str
    before: int | None
    after: int
    left: float | None
    right: float
    was: str = ""
    now: str = ""


@dataclass
class SlopeArtists(Artists):
    """The moving parts, and where they lie (px from the lower left)."""

    sheet: Any = None
    ends: tuple[float, float] = (0, 0)
    names: float = 0
    pane: tuple[float, float] = (0, 0)
    top: float = 0
    rows: int = 0
    pitch: float = _ROW
    tracks: tuple[Track, ...] = ()
    #: The present table: a click selects in it, whichever table the places shown are of.
    table: Table | None = None
    heads: list[Any] = field(default_factory=list)
    lines: Any = None
    marks: list[Any] = field(default_factory=list)
    left: list[tuple[Any, Any]] = field(default_factory=list)
    right: list[tuple[Any, Any]] = field(default_factory=list)
    told: list[tuple[Any, Any]] = field(default_factory=list)
    gaps: Any = None


# --- what is shown ----------------------------------------------------------------------------------------------------


def other_of(answer: Answer, view: View) -> Answer:
    """The answer this one is measured against; itself where there is none."""
    return answer if view.other is None else view.other


def seen(answer: Answer, view: View) -> tuple[Answer, View]:
    """The answer whose places are shown, and the view with the materials picked as rows of its table."""
    shown = view.shown
    if shown is None or shown is answer:
        return answer, view
    if shown.table is answer.table:
        return shown, view
    selected, hovered = (
        None if row is None else shown.table.index.get(answer.table.ids[row]) for row in (view.selected, view.hovered)
    )
    return shown, replace(view, selected=selected, hovered=hovered)


def tracks_of(answer: Answer, other: Answer, view: View, room: int) -> tuple[Track, ...]:
    """The first materials of both answers and the selected one, as many as ``room`` rows hold, in today's order."""
    selected = view.selected
    full = min(FIRST, room, max(answer.ranking.passing, other.ranking.passing, 1))
    for first in range(full, 0, -1):
        tracks, used = _tracks(answer, other, selected, first)
        if used <= room or first == 1:
            return tuple(_labelled(answer, other, view, track) for track in tracks)
    return ()


def _labelled(answer: Answer, other: Answer, view: View, track: Track) -> Track:
    """With its places as the ranking labels them."""
    old = other.table.index.get(track.material)
    was = "" if old is None else place_label(other, view.other_levels, old)
    return replace(track, was=was, now=place_label(answer, view.levels, track.row))


def _tracks(answer: Answer, other: Answer, selected: int | None, first: int) -> tuple[tuple[Track, ...], float]:
    table, there = answer.table, other.table
    now = [int(row) for row in answer.ranking.passing_rows()[:first]]
    then = [table.index.get(there.ids[row]) for row in other.ranking.passing_rows()[:first].tolist()]
    rows = dict.fromkeys([*now, *(row for row in then if row is not None), *([] if selected is None else [selected])])
    places: dict[int, tuple[int | None, int]] = {}
    for row in rows:
        old = there.index.get(table.ids[row])
        # Where it stands in the order; the screened out stand behind all that pass.
        before = None if old is None else int(other.ranking.place[old])
        places[row] = (before, int(answer.ranking.place[row]))
    left, right = (
        _slots({row: both[side] for row, both in places.items()}, first, ranking.passing)
        for side, ranking in enumerate((other.ranking, answer.ranking))
    )
    found = []
    for row in sorted(places, key=lambda row: places[row][1]):
        material = table.ids[row]
        old = there.index.get(material)
        was = None if old is None else int(other.ranking.ranks[old])
        found.append(Track(row, material, was, int(answer.ranking.ranks[row]), left.get(row), right[row]))
    deepest = max((slot for side in (left, right) for slot in side.values()), default=0.0)
    return tuple(found), deepest + 1


def _slots(places: dict[int, int | None], first: int, passing: int) -> dict[int, float]:
    """Rows from the top: the first places where they are, the others in their order below a gap."""
    known = sorted((place, row) for row, place in places.items() if place is not None)
    found: dict[int, float] = {}
    below = 0
    start = min(first, passing)
    for place, row in known:
        if place < start:
            found[row] = float(place)
        else:
            found[row] = start + (_GAP if start else 0.0) + below
            below += 1
    return found


def moves_of(answer: Answer, other: Answer, tracks: Sequence[Track]) -> tuple[PlaceMove, ...]:
    """What moved among the materials shown, the furthest first; the screened out count as behind all that pass.

    What is level with the same place on both sides has not moved for a reader.
    """
    last = max(answer.ranking.passing, other.ranking.passing) + 1
    labels = {track.material: (track.was, track.now) for track in tracks}
    found = [
        move
        for move in place_moves(other, answer, [track.material for track in tracks])
        if labels[move.material][0] != labels[move.material][1]
    ]
    return tuple(
        sorted(
            found, key=lambda move: (-abs((move.before or last) - (move.after or last)), -abs(move.score), move.name)
        )
    )


def _told(answer: Answer, other: Answer, view: View, row: int, speech: Speech, among: Sequence[Track] = ()) -> str:
    """One material's move in words."""
    material, name = answer.table.ids[row], answer.table.names[row]
    ids = dict.fromkeys([material, *(track.material for track in among)])
    moved = next((move for move in place_moves(other, answer, ids) if move.material == material), None)
    now = place_label(answer, view.levels, row)
    if moved is not None:
        was = place_label(other, view.other_levels, other.table.index[material])
        if was != now:
            return _move_words(answer, other, moved, (was, now), speech)
    if material not in other.table.index:
        return speech.say("slope-appears", name=name)
    if answer.ranking.ranks[row]:
        return speech.say("slope-stays", name=name, place=now)
    return speech.say("slope-stays-out", name=name)


def _move_words(answer: Answer, other: Answer, move: PlaceMove, labels: tuple[str, str], speech: Speech) -> str:
    """A move with its reason; where the tables differ also the figures behind the criterion that moved it."""
    told = speech.sentence(move.sentence(*labels))
    if other.table is answer.table:
        return told
    row, old = answer.table.index[move.material], other.table.index[move.material]
    main = move.main()
    changed = []
    for key in dict.fromkeys(item.property for item in answer.values.members if item.criterion == main):
        was, now = (float(one.table.typical[at, one.table.column(key)]) for one, at in ((other, old), (answer, row)))
        if was != now and not (np.isnan(was) and np.isnan(now)):
            before, after = speech.figure(key, was), speech.figure(key, now)
            changed.append(speech.say("slope-figure", name=speech.short(key), before=before, after=after))
    return speech.say("slope-because", move=told, figures=", ".join(changed)) if changed else told


# --- drawing ----------------------------------------------------------------------------------------------------------


def draw(figure: Figure, answer: Answer, view: View, style: Style) -> Artists:
    """Everything moves: only the room it has stands still."""
    if len(answer.table) == 0:
        return say_empty(figure, style, style.speech.say("empty"))
    width, height = size_px(figure)
    captions = sheet(figure, style)
    found = SlopeArtists(style, sheet=captions, top=height - _TOP)
    found.rows = max(1, int((height - _TOP - _FOOT) // _ROW))
    pane = min(max(0.31 * width, 120.0), 400.0)
    found.pane = (width - pane, width - 12)
    free = width - pane - 24 - 12
    found.names = min(max(0.31 * free - _NUMBER, 40.0), 210.0)
    found.ends = (12 + found.names + _NUMBER + 6, 12 + free - found.names - _NUMBER - 6)
    captions.add_line(Line2D((width - pane - 12,) * 2, (_FOOT, height - 10), color=style.line2, linewidth=1, zorder=0))
    _add_moving(found)
    found.table = answer.table
    _fill(found, *seen(answer, view))
    return found


def _add_moving(found: SlopeArtists) -> None:
    style, axes, add = found.style, found.sheet, found.add
    found.gaps = add(LineCollection([], colors=style.line, linewidths=1, linestyles=[(0, (1, 3))], zorder=1))
    axes.add_collection(found.gaps, autolim=False)
    found.lines = add(LineCollection([], zorder=2, capstyle="round"))
    axes.add_collection(found.lines, autolim=False)
    for _ in range(3):
        found.marks.append(add(axes.add_line(Line2D([], [], linestyle="none", marker="o", zorder=3))))
    left, right = found.ends
    for x, side in ((left, "right"), (right, "left")):
        found.heads.append(add(put(axes, x, found.top + 16, "", style, ink=style.ink2, ha=side)))
    found.heads.append(add(put(axes, (left + right) / 2, found.top + 16, "", style, ink=style.ink3)))
    sides = ((found.left, left, -1, "right"), (found.right, right, 1, "left"))
    for texts, x, way, align in sides:
        for _ in range(_MOST):
            number = add(put(axes, x + way * 7, 0, "", style, ha=align, va="center"))
            name = add(put(axes, x + way * _NUMBER, 0, "", style, ha=align, va="center"))
            texts.append((number, name))
    for _ in range(found.rows + 2):
        sign = add(put(axes, found.pane[0], 0, "", style, ink=style.ink3, ha="left", va="center"))
        found.told.append((sign, add(put(axes, found.pane[0], 0, "", style, ha="left", va="center"))))


def move(artists: Artists, answer: Answer, view: View) -> bool:
    """Lines, places, names and words of another answer; False where there was nothing to draw."""
    if not isinstance(artists, SlopeArtists) or len(answer.table) == 0:
        return False
    artists.table = answer.table
    _fill(artists, *seen(answer, view))
    return True


def _y(found: SlopeArtists, slot: float) -> float:
    return found.top - (slot + 0.5) * found.pitch


def _ink(style: Style, track: Track, view: View) -> tuple[str, float, Any]:
    """Colour, width and dashes of a line: who it is by the accent, which way it goes by its dashes."""
    last = 1 << 30
    was = last if track.before is None else track.before or last
    now = track.after or last
    dashes: Any = (0, (4, 2.5)) if now > was else "solid"
    if track.row == view.selected:
        return style.accent, 2.4, dashes
    if track.row == view.hovered:
        return style.ink, 2.0, dashes
    if now == was:
        return mix(style.ink, style.panel, 0.3), 1.0, dashes
    return mix(style.ink, style.panel, 0.75), 1.3, dashes


def _fill(found: SlopeArtists, answer: Answer, view: View) -> None:
    style, speech = found.style, found.style.speech
    other = other_of(answer, view)
    found.tracks = tracks_of(answer, other, view, found.rows)
    deepest = max((max(track.right, track.left or 0.0) for track in found.tracks), default=0.0) + 1
    found.pitch = min(max((found.top - _FOOT) / deepest, _ROW), _WIDEST_ROW)
    left, right = found.ends
    segments, inks, widths, dashes = [], [], [], []
    ends: list[list[tuple[float, float]]] = [[], [], []]
    for track in found.tracks:
        ink, wide, dash = _ink(style, track, view)
        kind = 2 if track.row == view.selected else 1 if wide > 1.2 else 0
        ends[kind].append((right, _y(found, track.right)))
        if track.left is None:
            continue
        ends[kind].append((left, _y(found, track.left)))
        segments.append([(left, _y(found, track.left)), (right, _y(found, track.right))])
        inks.append(ink)
        widths.append(wide)
        dashes.append(dash)
    order = np.argsort(widths, kind="stable").tolist()
    found.lines.set_segments([segments[place] for place in order])
    found.lines.set_color([inks[place] for place in order] or "none")
    found.lines.set_linewidths([widths[place] for place in order] or [1.0])
    found.lines.set_linestyles([dashes[place] for place in order] or ["solid"])
    looks = ((mix(style.ink, style.panel, 0.3), 4.0), (mix(style.ink, style.panel, 0.75), 5.0), (style.accent, 7.0))
    for marks, points, (ink, size) in zip(found.marks, ends, looks, strict=True):
        marks.set_data(*(zip(*points, strict=True) if points else ([], [])))
        marks.set(markersize=size, markerfacecolor=ink, markeredgewidth=0)
    _fill_names(found, answer, view)
    _fill_gaps(found)
    _fill_told(found, answer, other, view)
    spread = right - left
    now = elide(view.shown_name or speech.say("slope-now"), found.names + _NUMBER, style)
    then = elide(view.other_name or speech.say("slope-now"), found.names + _NUMBER, style)
    for text, words in zip(found.heads, (then, now), strict=False):
        text.set_text(words)
    falls = any(_ink(style, track, view)[2] != "solid" for track in found.tracks)
    keys = [speech.say("slope-by-down"), speech.say("slope-down")] if falls else [speech.say("slope-by")]
    found.heads[2].set_text(next((key for key in keys if width_of(key, style) <= spread - 40), ""))


def _fill_names(found: SlopeArtists, answer: Answer, view: View) -> None:
    style, speech = found.style, found.style.speech
    rows = [track.row for track in found.tracks]
    names = with_signs(answer, rows, short_names([answer.table.names[row] for row in rows]))
    for texts, before in ((found.left, True), (found.right, False)):
        for place, (number, text) in enumerate(texts):
            track = found.tracks[place] if place < len(found.tracks) else None
            slot = None if track is None else track.left if before else track.right
            number.set_visible(slot is not None)
            text.set_visible(slot is not None)
            if track is None or slot is None:
                continue
            rank = track.before if before else track.after
            chosen = track.row == view.selected
            ink = style.accent if chosen else style.ink if track.row == view.hovered else style.ink2
            y = _y(found, slot)
            label = track.was if before else track.now
            number.set(y=y, text=label if rank else speech.say("slope-out"), color=ink)
            name = fit_name(names[place], found.names, style, bold=chosen)
            text.set(y=y, text=name, color=ink, fontweight="bold" if chosen else "normal")
            if not rank:
                # The word is wider than a number: the name gives way.
                room = found.names - max(0.0, width_of(number.get_text(), style) + 12 - _NUMBER)
                text.set_text(fit_name(names[place], room, style, bold=chosen))
                way = -1 if before else 1
                text.set_x((found.ends[0] if before else found.ends[1]) + way * (_NUMBER + found.names - room))
            else:
                text.set_x(found.ends[0] - _NUMBER if before else found.ends[1] + _NUMBER)


def _fill_gaps(found: SlopeArtists) -> None:
    """A dotted rule on the side where places below it are further down than they are drawn."""
    segments = []
    for side, x, way in ((0, found.ends[0], -1), (1, found.ends[1], 1)):
        slots = [slot for track in found.tracks if (slot := (track.left, track.right)[side]) is not None]
        broken = sorted(slot for slot in slots if slot % 1)
        if broken:
            y = _y(found, broken[0]) + found.pitch * (1 + _GAP) / 2
            segments.append([(x + way * 4, y), (x + way * (_NUMBER + found.names), y)])
    found.gaps.set_segments(segments)


def _fill_told(found: SlopeArtists, answer: Answer, other: Answer, view: View) -> None:
    """Beside the lines: how many moved, the selected one's move, and the furthest moves, in words."""
    style, speech = found.style, found.style.speech
    room = found.pane[1] - found.pane[0]
    moves = moves_of(answer, other, found.tracks)
    y = found.top + 20
    texts = iter(found.told)
    left = len(found.told)

    def tell(words: str, ink: str, sign: str = "", bold: bool = False, most: int = 3) -> bool:
        """Put one paragraph below the last; False where there is no room for the whole of it."""
        nonlocal y, left
        indent = _SIGN if sign else 0.0
        lines = lines_of(words, room - indent, style, most) if not bold else [elide(words, room, style, bold=True)]
        if len(lines) > left or y - _ROW * (len(lines) - 1) < _FOOT + 4:
            return False
        for number, line in enumerate(lines):
            mark, text = next(texts)
            mark.set(y=y, text=sign if number == 0 else "", color=ink, visible=bool(sign) and number == 0)
            text.set(x=found.pane[0] + indent, y=y, text=line, color=ink, visible=True)
            text.set_fontweight("bold" if bold else "normal")
            y -= _ROW
        left -= len(lines)
        y -= _BETWEEN
        return True

    if moves:
        lead = speech.say("slope-moved", moved=speech.number(len(moves)), count=speech.number(len(found.tracks)))
        tell(lead, style.ink, bold=True)
    else:
        tell(speech.say("slope-same"), style.ink, bold=True)
        tell(speech.say("slope-same-more"), style.ink3)
    own = None if view.selected is None else answer.table.ids[view.selected]
    signs = {item.material: _sign(item) for item in moves}
    if view.selected is not None and own is not None:
        tell(_told(answer, other, view, view.selected, speech, found.tracks), style.accent, signs.get(own, ""), most=5)
    labels = {track.material: (track.was, track.now) for track in found.tracks}
    for item in moves:
        if item.material == own:
            continue
        words = _move_words(answer, other, item, labels[item.material], speech)
        if not tell(words, style.ink2, signs[item.material], most=4):
            break
    for mark, text in texts:
        mark.set_visible(False)
        text.set_visible(False)


def _sign(item: PlaceMove) -> str:
    return "▲" if item.higher else "▼"


def lines_of(text: str, room: float, style: Style, most: int) -> list[str]:
    """A text on at most ``most`` lines of ``room`` px, the last cut where it must be."""
    found: list[str] = []
    rest = text.split(" ")
    space = width_of(" ", style)
    while rest:
        if len(found) == most - 1:
            found.append(elide(" ".join(rest), room, style))
            break
        count, wide = 1, width_of(rest[0], style)
        while count < len(rest) and (wide := wide + space + width_of(rest[count], style)) <= room:
            count += 1
        found.append(elide(" ".join(rest[:count]), room, style))
        rest = rest[count:]
    return found


# --- in words and numbers ---------------------------------------------------------------------------------------------


def table(answer: Answer, view: View, speech: Speech) -> Twin:
    """Materials in the order shown with place and score in both answers, what the score rose by, and most by what."""
    answer, view = seen(answer, view)
    other, then, now = other_of(answer, view), view.other_name, view.shown_name or speech.say("slope-now")
    place, score = speech.say("col-place"), speech.say("col-score")
    heads = [speech.say("col-material")]
    heads += [speech.say("col-of", name=name, other=which) for name in (place, score) for which in (then, now)]
    heads += [speech.say("col-rise"), speech.say("col-by"), speech.say("col-part")]
    rows: list[tuple[Cell, ...]] = []
    shown = answer.ranking.order[:TWIN_ROWS].tolist()
    moved = {item.material: item for item in place_moves(other, answer, [answer.table.ids[row] for row in shown])}
    for row in shown:
        material = answer.table.ids[row]
        old = other.table.index.get(material)
        item = moved.get(material)
        after = float(answer.ranking.scores[row])
        before = None if old is None else float(other.ranking.scores[old])
        cells: list[Cell] = [answer.table.names[row]]
        cells.append(speech.say("slope-new") if old is None else _place(other, view.other_levels, old, speech))
        cells.append(_place(answer, view.levels, row, speech))
        cells += ["" if before is None else Num(before, DIGITS), Num(after, DIGITS)]
        cells.append("" if before is None else Num(after - before, DIGITS, signed=True))
        cells.append("" if item is None else speech.sentence(Sentence(f"criterion-{item.main()}")))
        cells.append("" if item is None else Num(item.parts[item.main()], DIGITS, signed=True))
        rows.append(tuple(cells))
    return Twin(tuple(heads), tuple(rows))


def _place(answer: Answer, levels: Certainty | None, row: int, speech: Speech) -> Cell:
    """A place as the ranking labels it: a number, or a text where it is shared."""
    rank = int(answer.ranking.ranks[row])
    if not rank:
        return speech.say("screened")
    label = place_label(answer, levels, row) if answer.ranking.place[row] < LABELLED else str(rank)
    return Num(rank) if label == str(rank) else label


def describe(answer: Answer, view: View, speech: Speech) -> str:
    """What is measured against what, the selected one's move, and the furthest moves."""
    answer, view = seen(answer, view)
    other = other_of(answer, view)
    tracks = tracks_of(answer, other, view, FIRST + 4)
    labels = {track.material: (track.was, track.now) for track in tracks}
    moves = moves_of(answer, other, tracks)
    moved = speech.say("slope-moved", moved=speech.number(len(moves)), count=speech.number(len(tracks)))
    return speech.say(
        "say-slope",
        other=view.other_name,
        now=view.shown_name or speech.say("slope-now"),
        selected="" if view.selected is None else _told(answer, other, view, view.selected, speech, tracks),
        moved=moved if moves else speech.say("slope-same"),
        moves=". ".join(_move_words(answer, other, item, labels[item.material], speech) for item in moves[:5]),
    ).strip()


def row_at(artists: Artists, x: float, y: float) -> int | None:
    """The material whose line, place or name lies at the point, within a few px."""
    if not isinstance(artists, SlopeArtists):
        return None
    width, height = size_px(artists.sheet.get_figure(root=True))
    up = height - y
    x = artists.style.across(x, width)
    left, right = artists.ends
    best: tuple[float, int] | None = None
    for track in artists.tracks:
        start = None if track.left is None else _y(artists, track.left)
        end = _y(artists, track.right)
        if x < left:
            away = 99.0 if start is None else abs(up - start)
        elif x > right:
            away = abs(up - end) if x <= right + _NUMBER + artists.names else 99.0
        elif start is None:
            away = float(np.hypot(x - right, up - end))
        else:
            slope = (end - start) / max(right - left, 1.0)
            away = abs(up - start - slope * (x - left)) / float(np.hypot(1.0, slope))
        if away <= 7 and (best is None or away < best[0]):
            best = (away, track.row)
    if best is None or artists.table is None:
        return None
    material = next(track.material for track in artists.tracks if track.row == best[1])
    return artists.table.index.get(material)


def tip(answer: Answer, view: View, row: int, speech: Speech) -> str:
    """The material's move in words, its scores, and the grades of the figures behind them."""
    material = answer.table.ids[row]
    answer, view = seen(answer, view)
    other = other_of(answer, view)
    if material not in answer.table.index:
        return ""
    row = answer.table.index[material]
    told = [_told(answer, other, view, row, speech, tracks_of(answer, other, view, FIRST))]
    old = other.table.index.get(answer.table.ids[row])
    ends = ((other, old), (answer, row))
    scores = [speech.score(float(one.ranking.scores[at])) for one, at in ends if at is not None]
    told.append(speech.say("tip-scores", scores=" → ".join(scores)))
    return "\n".join(filter(None, (*told, grades_line(answer, row, speech))))
