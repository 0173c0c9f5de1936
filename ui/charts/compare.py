"""Compare: what two to six materials are worth in each criterion, as profile lines or a radar, with demand marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection  # noqa: TID253 - drawing files are imported late
from matplotlib.figure import Figure  # noqa: TID253 - the same
from matplotlib.lines import Line2D  # noqa: TID253 - the same
from matplotlib.patches import Rectangle  # noqa: TID253 - the same

from advisor.answer import Answer
from advisor.explanation import SCORE_DECIMALS
from advisor.properties import CRITERIA
from advisor.ranking import reaches
from advisor.sentences import Num
from advisor.values import FOLDS, MET_VALUE
from ui.charts.block import Block
from ui.charts.figures import criterion_lines, grades_line, has_own, own_criteria, place_words, with_signs
from ui.charts.style import (
    Artists,
    Speech,
    Style,
    Twin,
    View,
    elide,
    fit_name,
    group_of,
    mix,
    near,
    place_axes,
    put,
    say_empty,
    sheet,
    short_names,
    size_px,
    span,
    spread,
    width_of,
)

#: At most this many lines; the session holds no more.
MOST = 6
#: Marker, dashes and share of ink by place in the comparison: a line is known by its shape, never by a hue.
LOOKS: tuple[tuple[str, Any, float], ...] = (
    ("o", "solid", 1.0),
    ("s", (0, (5, 2)), 0.85),
    ("^", (0, (1.5, 1.5)), 0.85),
    ("D", (0, (6, 2, 1.5, 2)), 0.7),
    ("v", (0, (3, 1.5)), 0.7),
    ("P", (0, (1, 3)), 0.85),
)
_TOP = 30
_STRIP, _STRIP_GAP = 16, 5
_ROW = 15


@dataclass
class Profile:
    """The moving parts of one material's line."""

    line: Line2D
    met: Line2D
    missed: Line2D
    name: Any
    score: Any


@dataclass
class CompareArtists(Artists):
    """The moving parts, and what of the answer the still part stands for."""

    axes: Any = None
    free: tuple[str, ...] = ()
    marks: tuple[tuple[int, float, bool], ...] = ()
    room: tuple[float, float] = (0, 0)
    profiles: list[Profile] = field(default_factory=list)
    leaders: Any = None
    bars: list[Block] = field(default_factory=list)
    tallest: Any = None
    rows: tuple[int, ...] = ()
    #: Dots in the markers whose figures are the user's own: in filled ones and in hollow ones.
    own: list[Line2D] = field(default_factory=list)


def demand_marks(answer: Answer) -> tuple[tuple[int, float, bool], ...]:
    """(criterion place, value where its demand is just met, whether reaching it means every demand is met).

    A criterion that averages, or that counts more than its demands, can be worth that much and still miss one.
    """
    found = []
    for place, criterion in enumerate(CRITERIA):
        own = [member for member in answer.values.members if member.criterion == criterion]
        asked = [member for member in own if member.demand is not None and member.demand.level is not None]
        if not asked:
            continue
        lowest = FOLDS.get(criterion, "lowest") == "lowest" and not answer.values.places
        exact = len(own) == len(asked) and (len(own) == 1 or lowest)
        levels = [float(member.curve(np.array([member.demand.level]))[0]) for member in asked if member.demand]
        found.append((place, max(levels) if exact else MET_VALUE, exact))
    return tuple(found)


def free_runs(free: Sequence[str]) -> list[tuple[int, int]]:
    """First and last place of each run of criteria nothing is asked of."""
    runs: list[tuple[int, int]] = []
    for place, criterion in enumerate(CRITERIA):
        if criterion in free:
            if runs and runs[-1][1] == place - 1:
                runs[-1] = (runs[-1][0], place)
            else:
                runs.append((place, place))
    return runs


def missed(answer: Answer, row: int) -> frozenset[int]:
    """Places of the criteria in which a material misses a demand or its figure is not known."""
    found = set()
    for member in answer.values.members:
        demand = member.demand
        if demand is None or demand.level is None:
            continue
        figure = float(answer.table.typical[row, answer.table.column(member.property)])
        if not reaches(figure, demand):
            found.add(CRITERIA.index(member.criterion))
    return frozenset(found)


def _rows(view: View) -> tuple[int, ...]:
    return view.compared[:MOST]


def draw(figure: Figure, answer: Answer, view: View, style: Style) -> Artists:
    """The criteria with their demand marks; lines, weights and end labels are the moving part."""
    say = style.speech.say
    if len(answer.table) == 0:
        return say_empty(figure, style, say("empty"))
    if len(_rows(view)) < 2:
        return say_empty(figure, style, say("one-only"), say("one-only-more"))
    if view.radar:
        from ui.charts import radar

        return radar.draw(figure, answer, view, style)
    captions = sheet(figure, style)
    width, height = size_px(figure)
    left = max(36.0, min(width_of(say("weight"), style), 90.0) + 12)
    right = max(150.0, min(236.0, 0.265 * width))
    slot = (width - left - right) / len(CRITERIA)
    names = [style.speech.criterion(key) for key in CRITERIA]
    lines = _lines_for(names, slot, style)
    below = _STRIP + _STRIP_GAP + lines * _ROW + 10
    plot = (slot * len(CRITERIA), max(height - _TOP - below, 40))
    axes = place_axes(figure, style, (left, below, left + plot[0], below + plot[1]))
    span(axes, style, -0.5, len(CRITERIA) - 0.5)
    axes.set_ylim(-0.03, 1.05)
    marks = demand_marks(answer)
    found = CompareArtists(style, axes=axes, free=answer.values.free, marks=marks, room=(right, plot[1]))

    for value in (0.0, 0.5, 1.0):
        axes.axhline(value, color=style.line2, linewidth=1, zorder=0)
        digits = 1 if value == 0.5 else 0
        label = style.speech.number(value, digits)
        put(axes, -0.5 - 8 / slot, value, label, style, ink=style.ink3, ha="right", va="center")
    for place, criterion in enumerate(CRITERIA):
        if criterion not in answer.values.free:
            axes.axvline(place, color=style.line2, linewidth=1, zorder=0)
    for first, last in free_runs(answer.values.free):
        wide = last - first + 1
        ground = mix(style.line, style.panel, 0.5)
        axes.add_patch(Rectangle((first - 0.5, -0.03), wide, 1.08, facecolor=ground, linewidth=0, zorder=0.1))
        words = say("nothing-asked")
        flat = width_of(words, style) <= wide * slot - 6
        words = words if flat else elide(words, plot[1] - 8, style)
        put(axes, (first + last) / 2, 0.5, words, style, ink=style.ink3, va="center", rotation=0 if flat else 90)
    for place, value, exact in marks:
        dashes: Any = "solid" if exact else (0, (2, 1.5))
        ends = (place - 0.32, place + 0.32)
        colour = style.ink3 if exact else style.edge
        axes.add_line(Line2D(ends, (value, value), color=colour, linewidth=2, linestyle=dashes, zorder=1))
    _draw_names(captions, names, style, (left, slot, below), lines)
    _draw_key(captions, style, height, not all(mark[2] for mark in marks), has_own(answer.table))
    _add_moving(found, captions, (left, slot, below))
    _fill(found, answer, view)
    return found


def _lines_for(names: Sequence[str], slot: float, style: Style) -> int:
    """How many lines names take turns on so that none meets another: at most three."""
    wide = [width_of(name, style) for name in names]
    if all(width <= slot - 6 for width in wide):
        return 1
    free = all((one + other) / 2 + 5 <= 2 * slot for one, other in zip(wide, wide[2:], strict=False))
    return 2 if free else 3


def _draw_names(captions: Any, names: Sequence[str], style: Style, at: tuple[float, float, float], stride: int) -> None:
    """Criterion names under the weight bars, on ``stride`` lines in turn; cut only where two would meet."""
    left, slot, below = at
    foot = below - _STRIP - _STRIP_GAP
    wide = [width_of(name, style) for name in names]
    edge = size_px(captions.get_figure(root=True))[0] - 4
    for place, name in enumerate(names):
        x = left + slot * (place + 0.5)
        row = place % stride
        if row:
            captions.add_line(
                Line2D((x, x), (foot - 2, foot - row * _ROW + 2), color=style.line, linewidth=1, zorder=1)
            )
        room = wide[place]
        for other in (place - stride, place + stride):
            if 0 <= other < len(names) and (wide[place] + wide[other]) / 2 + 5 > stride * slot:
                room = min(room, max(stride * slot - 5, 2 * (stride * slot - 5) - wide[other]))
        room = min(room, 2 * (x - 4), 2 * (edge - x))
        put(captions, x, foot - 14 - row * _ROW, elide(name, room, style), style, ink=style.ink2)


def _draw_key(captions: Any, style: Style, height: float, partial: bool, own: bool) -> None:
    """What the marks mean, on the top line."""
    say = style.speech.say
    y = height - 16
    x = 12.0
    width = size_px(captions.get_figure(root=True))[0]
    entries = [("", say("value-key")), ("mark", say("met-key")), ("ring", say("missed-key"))]
    if own:
        entries.append(("", say("own-key")))
    if partial:
        entries.insert(2, ("part", say("part-key")))
    for kind, words in entries:
        if kind in ("mark", "part"):
            dashes: Any = "solid" if kind == "mark" else (0, (2, 1.5))
            ink = style.ink3 if kind == "mark" else style.edge
            captions.add_line(Line2D((x, x + 14), (y + 4, y + 4), color=ink, linewidth=2, linestyle=dashes))
            x += 20
        elif kind == "ring":
            ring = Line2D((x + 5,), (y + 4,), marker="o", markersize=6, linestyle="none")
            ring.set(markerfacecolor=style.panel, markeredgecolor=style.ink2, markeredgewidth=1.4)
            captions.add_line(ring)
            x += 16
        words = elide(words, width - x - 4, style)
        put(captions, x, y, words, style, ink=style.ink3, ha="left")
        x += width_of(words, style) + 18


def _add_moving(found: CompareArtists, captions: Any, at: tuple[float, float, float]) -> None:
    style, axes = found.style, found.axes
    left, slot, below = at
    base = below - _STRIP_GAP
    for place, key in enumerate(CRITERIA):
        x = left + slot * (place + 0.2)
        bar = Block((x, base), slot * 0.6, 0, facecolor=style.of_criterion(key), linewidth=0, zorder=2)
        found.bars.append(found.add(captions.add_patch(bar)))
    label = style.speech.say("weight")
    put(captions, left - 5, base - 12, elide(label, left - 8, style), style, ink=style.ink3, ha="right")
    x = left + slot * len(CRITERIA) + 8
    found.tallest = found.add(put(captions, x, base - 12, "", style, ink=style.ink3, ha="left"))
    found.leaders = found.add(LineCollection([], colors=style.line, linewidths=1, zorder=1))
    found.leaders.set_clip_on(False)
    axes.add_collection(found.leaders, autolim=False)
    for number in range(MOST):
        # The first is the upper one: lines are laid from the last to the first.
        layer = 20 - 2 * number
        line = found.add(axes.add_line(Line2D([], [], zorder=layer)))
        met = found.add(axes.add_line(Line2D([], [], linestyle="none", zorder=layer + 1)))
        lacking = found.add(axes.add_line(Line2D([], [], linestyle="none", zorder=layer + 1)))
        for part in (line, met, lacking):
            part.set_clip_on(False)
        name = found.add(put(axes, 0, 0, "", style, ha="left", va="center"))
        score = found.add(put(axes, 0, 0, "", style, ha="right", va="center"))
        found.profiles.append(Profile(line, met, lacking, name, score))
    for ink in (style.panel, style.ink):
        dots = found.add(axes.add_line(Line2D([], [], marker="o", markersize=2.6, linestyle="none", zorder=30)))
        dots.set(markerfacecolor=ink, markeredgewidth=0, clip_on=False)
        found.own.append(dots)
    found.moving.sort(key=lambda artist: artist.get_zorder())


def move(artists: Artists, answer: Answer, view: View) -> bool:
    """Lines, weights and labels of another answer; False where criteria are asked, freed or marked otherwise."""
    rows = _rows(view)
    if view.radar:
        from ui.charts import radar

        return isinstance(artists, radar.RadarArtists) and radar.move(artists, answer, view)
    if not isinstance(artists, CompareArtists) or len(rows) < 2:
        return False
    if artists.free != answer.values.free or artists.marks != demand_marks(answer):
        return False
    _fill(artists, answer, view)
    return True


def _fill(found: CompareArtists, answer: Answer, view: View) -> None:
    style, speech = found.style, found.style.speech
    rows = _rows(view)
    right, height = found.room
    slot = found.axes.bbox.width / len(CRITERIA) * 72 / found.axes.get_figure(root=True).dpi
    labels = with_signs(answer, rows, short_names([answer.table.names[row] for row in rows]))
    own: tuple[list[tuple[int, float]], list[tuple[int, float]]] = ([], [])
    ends = [float(answer.values.typical[row, -1]) for row in rows]
    per_px = 1.08 / height
    heights = spread(
        [end + 1e-6 * float(answer.ranking.scores[row]) for row, end in zip(rows, ends, strict=True)],
        15 * per_px,
        0.02,
        1.0,
    )
    x_end = len(CRITERIA) - 1
    x_name = x_end + 0.5 + 24 / slot
    x_score = x_end + 0.5 + (right - 14) / slot
    leaders = []
    xs = np.arange(len(CRITERIA))
    for number, profile in enumerate(found.profiles):
        shown = number < len(rows)
        for part in (profile.line, profile.met, profile.missed, profile.name, profile.score):
            part.set_visible(shown)
        if not shown:
            continue
        row = rows[number]
        marker, dashes, share = LOOKS[number]
        chosen = row == view.selected
        ink = style.accent if chosen else mix(style.ink, style.panel, share)
        values = answer.values.typical[row]
        lacking = np.isin(xs, sorted(missed(answer, row)))
        profile.line.set_data(xs, values)
        profile.line.set(color=ink, linewidth=2.2 if chosen else 1.3, linestyle=dashes)
        for part, which, fill in ((profile.met, ~lacking, ink), (profile.missed, lacking, style.panel)):
            part.set_data(xs[which], values[which])
            part.set(marker=marker, markersize=6.5 if chosen else 5.5)
            part.set(markerfacecolor=fill, markeredgecolor=ink, markeredgewidth=1.3)
        for place in (CRITERIA.index(key) for key in own_criteria(answer, row)):
            own[int(lacking[place])].append((place, float(values[place])))
        y = heights[number]
        score = speech.number(float(answer.ranking.scores[row]), SCORE_DECIMALS)
        score_room = width_of(score, style, bold=True)
        room = right - 14 - 24 - score_room - 10
        _label(profile, (x_name, x_score, y), fit_name(labels[number], room, style, bold=chosen), score)
        for text in (profile.name, profile.score):
            text.set(color=ink if chosen else style.ink2, fontweight="bold" if chosen else "normal")
        leaders.append([(x_end + 0.14, ends[number]), (x_end + 0.5 + 8 / slot, y), (x_end + 0.5 + 18 / slot, y)])
    for dots, points in zip(found.own, own, strict=True):
        dots.set_data(*(zip(*points, strict=True) if points else ((), ())))
    found.leaders.set_segments(leaders)
    found.leaders.set_color(style.edge)
    found.rows = rows
    weights = answer.ranking.weights
    largest = float(weights.max()) or 1.0
    for bar, weight in zip(found.bars, weights.tolist(), strict=True):
        tall = _STRIP * weight / largest
        bar.set_height(-tall)
    found.tallest.set_text(speech.say("tallest", share=speech.number(100 * largest)))


def _label(profile: Profile, at: tuple[float, float, float], name: str, score: str) -> None:
    profile.name.set(x=at[0], y=at[2], text=name)
    profile.score.set(x=at[1], y=at[2], text=score)


def table(answer: Answer, view: View, speech: Speech) -> Twin:
    """Criteria down, materials across: values 0 to 1, with the weight of each criterion and where its demand is met."""
    rows = _rows(view)
    marks = {place: value for place, value, _ in demand_marks(answer)}
    heads = (
        speech.say("col-criterion"),
        speech.say("col-group"),
        speech.say("col-weight"),
        speech.say("met-key"),
        *(answer.table.names[row] for row in rows),
    )
    body = []
    for place, key in enumerate(CRITERIA):
        asked = Num(marks[place], 1) if place in marks else speech.say("nothing-asked") if _free(answer, key) else ""
        values = (Num(float(answer.values.typical[row, place]), SCORE_DECIMALS) for row in rows)
        weight = Num(100 * float(answer.ranking.weights[place]), 1)
        body.append((speech.criterion(key), speech.group(group_of(key)), weight, asked, *values))
    scores = (Num(float(answer.ranking.scores[row]), SCORE_DECIMALS) for row in rows)
    body.append((speech.say("col-score"), "", Num(100.0, 1), "", *scores))
    return Twin(heads, tuple(body))


def _free(answer: Answer, criterion: str) -> bool:
    return criterion in answer.values.free


def describe(answer: Answer, view: View, speech: Speech) -> str:
    """Each material with its score, its best and its weakest criterion that counts."""
    rows = _rows(view)
    if len(rows) < 2:
        return speech.say("one-only")
    counted = [place for place, key in enumerate(CRITERIA) if key not in answer.values.free] or [0]
    parts = []
    for row in rows:
        values = answer.values.typical[row, counted]
        parts.append(
            speech.say(
                "say-one",
                name=answer.table.names[row],
                score=speech.number(float(answer.ranking.scores[row]), SCORE_DECIMALS),
                best=speech.criterion(CRITERIA[counted[int(values.argmax())]]),
                worst=speech.criterion(CRITERIA[counted[int(values.argmin())]]),
            )
        )
    return speech.say("say-compare", count=speech.number(len(rows)), materials=" ".join(parts))


def _nearest(artists: CompareArtists, x: float, y: float) -> tuple[int, int | None] | None:
    """The row whose line or label lies at a point, and the place of the criterion there (None on the label)."""
    figure = artists.axes.get_figure(root=True)
    scale = figure.dpi / 72
    up = size_px(figure)[1] - y
    to_px = artists.axes.transData.transform
    best: tuple[float, int, int | None] | None = None
    for row, profile in zip(artists.rows, artists.profiles, strict=False):
        points = to_px(np.column_stack(profile.line.get_data())) / scale
        away, place = near(points.tolist(), x, up), int(np.abs(points[:, 0] - x).argmin())
        found: tuple[float, int, int | None] = (away, row, place)
        (left, middle), (end, _) = (to_px(text.get_position()) / scale for text in (profile.name, profile.score))
        if min(left, end) - 20 <= x <= max(left, end) + 20 and abs(middle - up) <= 8:
            found = (0.0, row, None)
        if found[0] <= 9 and (best is None or found[0] < best[0]):
            best = found
    return best and (best[1], best[2])


def row_at(artists: Artists, x: float, y: float) -> int | None:
    """The material whose line or end label is nearest to the point, within a few px."""
    if not isinstance(artists, CompareArtists):
        from ui.charts import radar

        return radar.row_at(artists, x, y) if isinstance(artists, radar.RadarArtists) else None
    found = _nearest(artists, x, y)
    return found[0] if found else None


def tip_at(artists: Artists, x: float, y: float, answer: Answer, view: View, speech: Speech) -> str:
    """The criterion under the pointer on a line or star: what the material is worth in it, and the figures behind."""
    if isinstance(artists, CompareArtists):
        found = _nearest(artists, x, y)
    else:
        from ui.charts import radar

        found = radar.nearest(artists, x, y) if isinstance(artists, radar.RadarArtists) else None
    if found is None or found[1] is None:
        return ""
    row, place = found[0], found[1]
    key = CRITERIA[place]
    value = speech.number(float(answer.values.typical[row, place]), 2)
    weight = speech.number(100 * float(answer.ranking.weights[place]))
    head = speech.say("tip-value", name=speech.criterion(key), value=value, weight=weight)
    return "\n".join((answer.table.names[row], head, *criterion_lines(answer, row, key, speech)))


def tip(answer: Answer, view: View, row: int, speech: Speech) -> str:
    """Name, place, score, and the grades of the figures behind it."""
    score = speech.number(float(answer.ranking.scores[row]), SCORE_DECIMALS)
    place = place_words(answer, view, row, score, speech)
    return "\n".join(filter(None, (answer.table.names[row], place, grades_line(answer, row, speech))))
