"""Radar: Compare on request as a star of criteria, for at most four materials; what nothing is asked of is left out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection  # noqa: TID253 - drawing files are imported late
from matplotlib.figure import Figure  # noqa: TID253 - the same
from matplotlib.lines import Line2D  # noqa: TID253 - the same
from numpy.typing import NDArray

from advisor.answer import Answer
from advisor.explanation import SCORE_DECIMALS
from advisor.properties import CRITERIA
from ui.charts.compare import LOOKS, demand_marks, missed
from ui.charts.figures import with_signs
from ui.charts.style import (
    Artists,
    Style,
    View,
    elide,
    fit_name,
    mix,
    near,
    place_axes,
    put,
    sheet,
    short_names,
    size_px,
    span,
    spread,
    width_of,
)

#: At most this many stars: more of them cannot be told apart.
MOST = 4
_LABELS, _LEADER, _ROW = 108.0, 26.0, 15.0
#: The value 0 is a ring of its own, so that spokes near it can be told apart.
_HOLE = 0.12


@dataclass
class RadarArtists(Artists):
    """The moving parts, and what of the answer the still part stands for."""

    axes: Any = None
    spokes: tuple[int, ...] = ()
    marks: tuple[tuple[int, float, bool], ...] = ()
    centre: tuple[float, float] = (0, 0)
    radius: float = 0
    column: tuple[float, float, float] = (0, 0, 0)
    lines: list[tuple[Line2D, Line2D, Line2D]] = field(default_factory=list)
    keys: list[tuple[Line2D, Any, Any]] = field(default_factory=list)
    note: Any = None
    rows: tuple[int, ...] = ()


def spokes_of(answer: Answer) -> tuple[int, ...]:
    """Places of the criteria drawn: those something is asked of, all where these are too few for a star."""
    asked = tuple(place for place, key in enumerate(CRITERIA) if key not in answer.values.free)
    return asked if len(asked) >= 3 else tuple(range(len(CRITERIA)))


def rows_of(view: View) -> tuple[int, ...]:
    """The materials drawn."""
    return view.compared[:MOST]


def draw(figure: Figure, answer: Answer, view: View, style: Style) -> Artists:
    """Spokes with their names and demand marks stand still; stars and their names move."""
    captions = sheet(figure, style)
    width, height = size_px(figure)
    axes = place_axes(figure, style, (0, 0, width, height))
    span(axes, style, 0, width)
    axes.set_ylim(0, height)
    radius = max(min(height / 2 - 18, (width - 2 * (_LABELS + _LEADER) - 150) / 2), 20.0)
    found = RadarArtists(style, axes=axes, spokes=spokes_of(answer), marks=demand_marks(answer), radius=radius)
    found.centre = (12 + _LABELS + _LEADER + radius, height / 2)
    left = found.centre[0] + radius + _LEADER + _LABELS + 24
    found.column = (left, min(width - 12, left + 400), height)
    _draw_web(found, captions)
    _draw_names(found, captions, answer)
    _add_moving(found, captions)
    _fill(found, answer, view)
    return found


def _angles(found: RadarArtists) -> NDArray[np.float64]:
    return np.asarray(np.pi / 2 - 2 * np.pi * np.arange(len(found.spokes)) / len(found.spokes))


def _points(found: RadarArtists, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values 0..1 on the spokes, in px."""
    reach = found.radius * (_HOLE + (1 - _HOLE) * values)
    angles = _angles(found)
    return np.stack((found.centre[0] + reach * np.cos(angles), found.centre[1] + reach * np.sin(angles)), axis=1)


def _draw_web(found: RadarArtists, captions: Any) -> None:
    style = found.style
    count = len(found.spokes)
    for value in (0.0, 0.5, 1.0):
        ring = _points(found, np.full(count, value))
        closed = np.vstack((ring, ring[:1]))
        captions.add_line(Line2D(closed[:, 0], closed[:, 1], color=style.line, linewidth=1, zorder=0))
    ends, starts = _points(found, np.ones(count)), _points(found, np.zeros(count))
    for start, end in zip(starts, ends, strict=True):
        captions.add_line(Line2D((start[0], end[0]), (start[1], end[1]), color=style.line2, linewidth=1, zorder=0))
    # The rim carries the groups' colours, as the weight bars of the profile do.
    half = np.pi / count
    for place, angle in zip(found.spokes, _angles(found).tolist(), strict=True):
        arc = np.linspace(angle - half * 0.92, angle + half * 0.92, 12)
        x, y = (found.centre[axis] + (found.radius + 4) * turn(arc) for axis, turn in enumerate((np.cos, np.sin)))
        colour = style.of_criterion(CRITERIA[place])
        captions.add_line(Line2D(x, y, color=colour, linewidth=3, solid_capstyle="butt", zorder=1))
    for place, value, exact in found.marks:
        if place not in found.spokes:
            continue
        number = found.spokes.index(place)
        values = np.zeros(count)
        values[number] = value
        x, y = _points(found, values)[number]
        angle = _angles(found)[number] + np.pi / 2
        half_x, half_y = 6 * math.cos(angle), 6 * math.sin(angle)
        dashes: Any = "solid" if exact else (0, (2, 1.5))
        colour = style.ink3 if exact else style.edge
        ends_x, ends_y = (x - half_x, x + half_x), (y - half_y, y + half_y)
        captions.add_line(Line2D(ends_x, ends_y, color=colour, linewidth=2, linestyle=dashes, zorder=1))


def _draw_names(found: RadarArtists, captions: Any, answer: Answer) -> None:
    """The criteria's names in two columns beside the star, each tied to its spoke."""
    style = found.style
    height = found.column[2]
    rim = _points(found, np.ones(len(found.spokes)))
    rim = found.centre + (rim - found.centre) * (found.radius + 7) / found.radius
    leaders = []
    for side in (1, -1):
        own = [
            number
            for number, angle in enumerate(_angles(found).tolist())
            if (math.cos(angle) > 1e-9 or (abs(math.cos(angle)) <= 1e-9 and math.sin(angle) > 0)) == (side > 0)
        ]
        heights = spread([float(rim[number, 1]) for number in own], _ROW, 9, height - 9)
        x = found.centre[0] + side * (found.radius + _LEADER)
        for number, y in zip(own, heights, strict=True):
            name = elide(style.speech.criterion(CRITERIA[found.spokes[number]]), _LABELS, style)
            put(captions, x, y, name, style, ink=style.ink2, ha="left" if side > 0 else "right", va="center")
            leaders.append([tuple(rim[number]), (x - side * 10, y), (x - side * 4, y)])
    captions.add_collection(LineCollection(leaders, colors=style.line, linewidths=1, zorder=0), autolim=False)


def _add_moving(found: RadarArtists, captions: Any) -> None:
    style, axes = found.style, found.axes
    for number in range(MOST):
        layer = 20 - 2 * number
        line = found.add(axes.add_line(Line2D([], [], zorder=layer)))
        met, lacking = (found.add(axes.add_line(Line2D([], [], linestyle="none", zorder=layer + 1))) for _ in range(2))
        found.lines.append((line, met, lacking))
        key = found.add(axes.add_line(Line2D([], [], zorder=2)))
        name = found.add(put(axes, 0, 0, "", style, ha="left", va="center"))
        score = found.add(put(axes, 0, 0, "", style, ha="right", va="center"))
        found.keys.append((key, name, score))
    left, _, height = found.column
    found.note = found.add(put(axes, left, height - 20 - 24 * (MOST + 0.5), "", style, ink=style.ink3, ha="left"))
    speech = style.speech
    room = found.column[1] - left
    for place, (kind, code) in enumerate((("mark", "met-key"), ("ring", "missed-key"), ("", "radar-scale"))):
        y = 12 + 16 * (2 - place)
        if kind == "mark":
            captions.add_line(Line2D((left, left + 14), (y + 4, y + 4), color=style.ink3, linewidth=2))
        elif kind == "ring":
            ring = Line2D((left + 7,), (y + 4,), marker="o", markersize=6, linestyle="none")
            ring.set(markerfacecolor=style.panel, markeredgecolor=style.ink2, markeredgewidth=1.4)
            captions.add_line(ring)
        x = left + 22 if kind else left
        put(captions, x, y, elide(speech.say(code), room - (x - left), style), style, ink=style.ink3, ha="left")
    found.moving.sort(key=lambda artist: artist.get_zorder())


def move(artists: RadarArtists, answer: Answer, view: View) -> bool:
    """Stars of another answer; False where criteria are asked or marked otherwise."""
    if len(rows_of(view)) < 2 or artists.spokes != spokes_of(answer) or artists.marks != demand_marks(answer):
        return False
    _fill(artists, answer, view)
    return True


def _fill(found: RadarArtists, answer: Answer, view: View) -> None:
    style, speech = found.style, found.style.speech
    rows = rows_of(view)
    found.rows = rows
    left, right, height = found.column
    names = with_signs(answer, rows, short_names([answer.table.names[row] for row in rows]))
    spokes = np.array(found.spokes)
    for number, (line, met, lacking) in enumerate(found.lines):
        key, name, score = found.keys[number]
        shown = number < len(rows)
        for part in (line, met, lacking, key, name, score):
            part.set_visible(shown)
        if not shown:
            continue
        row = rows[number]
        marker, dashes, share = LOOKS[number]
        chosen = row == view.selected
        ink = style.accent if chosen else mix(style.ink, style.panel, share)
        points = _points(found, answer.values.typical[row][spokes])
        short = np.isin(spokes, sorted(missed(answer, row)))
        line.set_data(np.append(points[:, 0], points[0, 0]), np.append(points[:, 1], points[0, 1]))
        line.set(color=ink, linewidth=2.2 if chosen else 1.3, linestyle=dashes)
        for part, which, fill in ((met, ~short, ink), (lacking, short, style.panel)):
            part.set_data(points[which, 0], points[which, 1])
            part.set(marker=marker, markersize=6 if chosen else 5)
            part.set(markerfacecolor=fill, markeredgecolor=ink, markeredgewidth=1.2)
        y = height - 22 - 22 * number
        key.set_data((left, left + 13, left + 26), (y, y, y))
        key.set(color=ink, linewidth=2.2 if chosen else 1.3, linestyle=dashes, marker=marker, markevery=[1])
        key.set(markersize=6, markerfacecolor=ink, markeredgecolor=ink)
        figure = speech.number(float(answer.ranking.scores[row]), SCORE_DECIMALS)
        room = right - left - 34 - width_of(figure, style, bold=True) - 10
        name.set(x=left + 34, y=y, text=fit_name(names[number], room, style, bold=chosen))
        score.set(x=right, y=y, text=figure)
        for text in (name, score):
            text.set(color=ink if chosen else style.ink2, fontweight="bold" if chosen else "normal")
    cut = len(view.compared) > MOST
    words = speech.say("radar-most", most=speech.number(MOST), count=speech.number(len(view.compared))) if cut else ""
    found.note.set_text(elide(words, right - left, style))


def nearest(artists: RadarArtists, x: float, y: float) -> tuple[int, int | None] | None:
    """The row whose star or name lies at a point, and the place of the criterion there (None on the name)."""
    width, height = size_px(artists.axes.get_figure(root=True))
    x, up = artists.style.across(x, width), height - y
    best: tuple[float, int, int | None] | None = None
    for number, row in enumerate(artists.rows):
        points = np.column_stack(artists.lines[number][0].get_data())
        spoke = int(np.hypot(points[:-1, 0] - x, points[:-1, 1] - up).argmin())
        found: tuple[float, int, int | None] = (near(points.tolist(), x, up), row, artists.spokes[spoke])
        if x >= artists.column[0] - 4 and abs(up - (artists.column[2] - 22 - 22 * number)) <= 10:
            found = (0.0, row, None)
        if found[0] <= 9 and (best is None or found[0] < best[0]):
            best = found
    return best and (best[1], best[2])


def row_at(artists: RadarArtists, x: float, y: float) -> int | None:
    """The material whose star or name is nearest to the point, within a few px."""
    found = nearest(artists, x, y)
    return found[0] if found else None
