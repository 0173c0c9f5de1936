"""Slope: places against another answer, what moved and why in words; and the radar of Compare."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from advisor.answer import Answer, solve
from advisor.bench import long_table
from advisor.brief import Brief, Climate, Limit
from advisor.moves import PlaceMove, place_moves
from advisor.problems import AdvisorError
from advisor.properties import CRITERIA
from advisor.sentences import Num
from ui import words
from ui.charts import compare as chart_compare
from ui.charts import slope as chart_slope
from ui.charts.head import CompareControls
from ui.charts.look import speech
from ui.charts.panel import ChartPanel
from ui.charts.radar import MOST, RadarArtists, spokes_of
from ui.charts.slope_controls import SlopeControls
from ui.charts.style import View
from ui.session import Session
from ui.theme import Theme, palette, theme

SMALL, LARGE = (820, 246), (1200, 420)
BRIEF = Brief(product="mini-hike-daypack")


@pytest.fixture
def session(qapp, monkeypatch) -> Iterator[Session]:
    """The real session over the bundled table; win shares are no matter of these charts."""
    monkeypatch.setattr(Session, "start_certainty", lambda self: None)
    made = Session(brief=BRIEF)
    yield made
    made.close()


def shown(qtbot, session: Session, look: Theme, size: tuple[int, int] = LARGE, key: str = "slope") -> ChartPanel:
    panel = ChartPanel(session, look)
    qtbot.addWidget(panel)
    panel.setPalette(palette(look))
    panel.resize(*size)
    panel.show()
    panel.finish_loading()
    panel.show_chart(key)
    paint(panel)
    return panel


def paint(panel: ChartPanel) -> None:
    QGuiApplication.processEvents()
    panel.grab()


def drawn(panel: ChartPanel) -> Any:
    return panel.canvas().artists


def controls(panel: ChartPanel) -> SlopeControls:
    found = panel.controls["slope"]
    assert isinstance(found, SlopeControls)
    return found


def against(panel: ChartPanel, place: str) -> None:
    own = controls(panel)
    number = own.against.findText(place)
    own.against.setCurrentIndex(number)
    own.against.activated.emit(number)
    paint(panel)


def texts(panel: ChartPanel) -> list[Text]:
    found = [text for axes in panel.canvas().figure.axes for text in axes.texts]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def said(panel: ChartPanel) -> str:
    return " ".join(text.get_text() for text in texts(panel))


def no_text_meets_another(panel: ChartPanel, least: int = 8) -> None:
    renderer, edge = panel.canvas().get_renderer(), panel.canvas().figure.bbox
    found = [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts(panel)]
    assert len(found) > least
    for place, (name, box) in enumerate(found):
        assert box.x0 >= -0.5 and box.x1 <= edge.x1 + 0.5 and box.y0 >= -0.5 and box.y1 <= edge.y1 + 0.5, name
        for other_name, other in found[place + 1 :]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 1 or up <= 1, (name, other_name)


def prioritise(session: Session, key: str = "k", **values: float) -> None:
    session.update("priority", key=key, priorities={**session.brief.priorities, **values})
    session.flush()


# --- what is shown ----------------------------------------------------------------------------------------------------


def two(session: Session) -> tuple[Answer, Answer]:
    return session.answer, solve(session.table, replace(BRIEF, climate=Climate(place="Lagos")))


@pytest.mark.parametrize("room", [6, 10, 13, 22, 40])
def test_tracks_fit_the_room_and_hold_the_first_of_both(session, room):
    answer, other = two(session)
    selected = int(answer.ranking.order[-1])
    tracks = chart_slope.tracks_of(answer, other, View(selected), room)
    rows = [track.row for track in tracks]
    assert len(set(rows)) == len(rows) and selected in rows
    assert int(answer.ranking.order[0]) in rows and int(other.ranking.order[0]) in rows
    for slots in ([track.right for track in tracks], [track.left for track in tracks if track.left is not None]):
        assert max(slots) + 1 <= room
        assert min(np.diff(sorted(slots))) >= 1 - 1e-9
    for track in tracks:
        assert track.after == answer.ranking.ranks[track.row] and track.before == other.ranking.ranks[track.row]
    orders = sorted(tracks, key=lambda track: track.right)
    places = [int(answer.ranking.place[track.row]) for track in orders]
    assert places == sorted(places)


def test_twelve_places_are_shown_where_there_is_room(session):
    answer, other = two(session)
    rows = {track.row for track in chart_slope.tracks_of(answer, other, View(), 60)}
    assert set(answer.ranking.order[:12].tolist()) | set(other.ranking.order[:12].tolist()) == rows


def test_the_lines_end_at_the_places_of_both_answers(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    against(panel, "Lagos")
    artists = drawn(panel)
    other = controls(panel).other()
    assert other.brief.climate.place == "Lagos"
    assert len(artists.lines.get_segments()) == len(artists.tracks)
    for place, track in enumerate(artists.tracks):
        for rank, texts_ in ((track.before, artists.left), (track.after, artists.right)):
            assert texts_[place][0].get_text() == (words.number(rank) if rank else "out")
        row = session.table.index[track.material]
        assert (track.before, track.after) == (other.ranking.ranks[row], session.answer.ranking.ranks[row])


def test_colour_is_the_accent_or_ink_and_the_way_is_told_by_dashes(qtbot, session, look):
    panel = shown(qtbot, session, look)
    against(panel, "Lagos")
    style = panel.canvas().style_
    selected = session.selected_row()
    view = panel.view()
    ways = set()
    for track in drawn(panel).tracks:
        ink, _, dashes = chart_slope._ink(style, track, view)
        assert (ink == style.accent) == (track.row == selected)
        assert (dashes == "solid") == (track.after <= (track.before or 0))
        ways.add(dashes == "solid")
        red, green, blue = (int(ink[at : at + 2], 16) for at in (1, 3, 5))
        assert track.row == selected or max(red, green, blue) - min(red, green, blue) < 40  # no hue
    assert ways == {True, False}


def test_what_moved_most_is_told_in_the_domains_words(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    against(panel, "Lagos")
    answer, other = session.answer, controls(panel).other()
    tracks = drawn(panel).tracks
    moves = {move.material: move for move in place_moves(other, answer, [track.material for track in tracks])}
    told = said(panel)
    assert f"{sum(track.material in moves for track in tracks)} of these {len(tracks)} change place" in told
    shown_moves = chart_slope.moves_of(answer, other, tracks)
    own = moves[session.table.ids[session.selected_row() or 0]]
    for move in (own, shown_moves[0]):
        assert move.sentence() == moves[move.material].sentence()
        assert words.words(move.sentence()) in told
    spans = [abs(move.before - move.after) for move in shown_moves if move.before and move.after]
    assert spans == sorted(spans, reverse=True)


def test_a_click_on_a_line_tells_its_sentence(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    against(panel, "Lagos")
    artists = drawn(panel)
    track = next(track for track in artists.tracks if track.after and track.row != session.selected_row())
    left, right = artists.ends
    for x, slot in ((left, track.left), (right + 30, track.right)):
        session.select("")
        paint(panel)
        y = panel.canvas().height() - chart_slope._y(drawn(panel), slot)
        qtbot.mouseClick(panel.canvas(), Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
        assert session.selection.material == track.material
        paint(panel)
        among = [track.material for track in drawn(panel).tracks]
        found = place_moves(controls(panel).other(), session.answer, among)
        move = next(move for move in found if move.material == track.material)
        assert words.words(move.sentence()) in said(panel)
        tip = chart_slope.tip(session.answer, panel.view(), track.row, speech()).split("\n")
        assert tip[0] == words.words(move.sentence()) and tip[1].startswith("Score ")
        assert tip[2].startswith("Figures by grade: ")


# --- against what -----------------------------------------------------------------------------------------------------


def test_at_first_it_is_the_brief_before_the_last_change(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    assert "Nothing has moved" in said(panel)
    prioritise(session, "a", lightness=10.0, price=0.0)
    paint(panel)
    assert panel.view().other is session.before is not session.answer
    assert "before the last change" in said(panel) and "change place" in said(panel)


def test_another_place_keeps_everything_else_of_the_brief(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    against(panel, "Lagos")
    prioritise(session, lightness=9.0)
    other = controls(panel).other()
    assert other.brief == replace(session.brief, climate=Climate(place="Lagos"))
    assert other is controls(panel).other()  # worked out once an answer


def test_a_brief_file_is_measured_against(qtbot, session, tmp_path: Path):
    panel = shown(qtbot, session, theme("light"))
    brief = replace(BRIEF, title="Harbour bag", climate=Climate(place="Lagos"))
    path = tmp_path / "harbour.brief.json"
    path.write_text(json.dumps(brief.to_json()), encoding="utf-8")
    controls(panel).use_file(path)
    paint(panel)
    assert "Harbour bag" in said(panel)
    expected = solve(session.table, brief).ranking.ranks
    assert np.array_equal(controls(panel).other().ranking.ranks, expected)
    prioritise(session, lightness=9.0)
    assert np.array_equal(controls(panel).other().ranking.ranks, expected)  # the file's brief stays as it is
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(AdvisorError):
        controls(panel).use_file(path)
    assert controls(panel).against.currentText() == "Harbour bag"


def test_a_material_the_other_table_lacks_has_one_end(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    first = session.table.ids[int(session.answer.ranking.order[0])]
    keep = [row for row, key in enumerate(session.table.ids) if key != first]
    whole = session.table
    session.use_table(whole.take(keep), "fewer")
    session.flush()
    session.use_table(whole, "whole")
    session.flush()
    paint(panel)
    track = next(track for track in drawn(panel).tracks if track.material == first)
    assert track.left is None and track.before is None
    session.select(first)
    paint(panel)
    assert "not in the other table" in said(panel)
    no_text_meets_another(panel)


# --- fits and moves ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_nothing_collides_whatever_moved(qtbot, session, look, size):
    panel = shown(qtbot, session, look, size)
    against(panel, "Lagos")
    for row in session.answer.ranking.order[[0, 5, 40, -1]].tolist():
        session.select(session.table.ids[row])
        paint(panel)
        no_text_meets_another(panel)
    session.update("limit", limits=(Limit(property="areal_mass_g_m2", at_most=200.0),))
    session.flush()
    against(panel, "before the last change")
    no_text_meets_another(panel)
    assert "out" in [number.get_text() for number, _ in drawn(panel).right]


def test_a_priority_moves_it_without_a_full_draw(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    against(panel, "Lagos")
    draws = panel.canvas().full_draws
    before = np.asarray(panel.canvas().buffer_rgba()).copy()
    for value in (6.0, 8.0, 10.0):
        prioritise(session, lightness=value)
        paint(panel)
    assert panel.canvas().full_draws == draws
    assert (np.asarray(panel.canvas().buffer_rgba()) != before).any()


def test_a_long_table_looks_only_at_the_materials_shown(qtbot, qapp, monkeypatch):
    monkeypatch.setattr(Session, "start_certainty", lambda self: None)
    session = Session(long_table(3000), BRIEF)
    panel = shown(qtbot, session, theme("light"), SMALL)
    asked: list[int] = []

    def counted(before: Answer, after: Answer, among: list[str]) -> tuple[PlaceMove, ...]:
        asked.append(len(among))
        return place_moves(before, after, among)

    monkeypatch.setattr(chart_slope, "place_moves", counted)
    prioritise(session, lightness=9.0)
    paint(panel)
    assert asked and max(asked) <= 2 * chart_slope.FIRST + 1
    session.close()


# --- table, words, files ----------------------------------------------------------------------------------------------


def test_its_table_holds_places_scores_and_reasons(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    against(panel, "Lagos")
    answer, other = session.answer, controls(panel).other()
    twin = panel.twin_of()
    assert len(twin.rows) == len(answer.table) and {len(row) for row in twin.rows} == {len(twin.heads)}
    assert "Place, Lagos" in twin.heads and "Score, now" in twin.heads
    moves = {move.name: move for move in place_moves(other, answer)}
    for row, line in zip(answer.ranking.order.tolist(), twin.rows, strict=True):
        assert line[0] == answer.table.names[row]
        figures = [cell.value for cell in line[3:6] if isinstance(cell, Num)]
        then, now = (float(item.ranking.scores[row]) for item in (other, answer))
        assert figures == pytest.approx([then, now, now - then])
        assert bool(line[6]) == (line[0] in moves)


def test_it_says_itself_in_words(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    against(panel, "Lagos")
    told = panel.canvas().accessibleDescription()
    moves = chart_slope.moves_of(session.answer, controls(panel).other(), drawn(panel).tracks)
    assert "Lagos" in told and session.table.names[session.selected_row() or 0] in told
    assert any(words.words(move.sentence()) in told for move in moves)


def test_exports_open(qtbot, session, tmp_path: Path):
    panel = shown(qtbot, session, theme("dark"))
    against(panel, "Lagos")
    for kind in ("png", "svg", "csv"):
        panel.export(tmp_path / f"chart.{kind}")
    assert (tmp_path / "chart.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    root = ET.fromstring((tmp_path / "chart.svg").read_text(encoding="utf-8"))
    told = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Lagos" in told and "change place" in told
    lines = list(csv.reader(io.StringIO((tmp_path / "chart.csv").read_text(encoding="utf-8-sig"))))
    assert len(lines) == len(session.table) + 1


def test_a_bare_view_is_drawn_against_itself(session):
    told = chart_slope.describe(session.answer, View(selected=0), speech())
    assert "Nothing has moved" in told


# --- radar ------------------------------------------------------------------------------------------------------------


def radar(qtbot, session: Session, look: Theme, size: tuple[int, int] = LARGE) -> ChartPanel:
    panel = shown(qtbot, session, look, size, "compare")
    own = panel.controls["compare"]
    assert isinstance(own, CompareControls) and not own.radar.isChecked()
    own.radar.click()
    session.compare(tuple(session.table.ids[row] for row in session.answer.ranking.order[[0, 3, 20, 45, 60]].tolist()))
    paint(panel)
    return panel


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_the_radar_fits(qtbot, session, look, size):
    panel = radar(qtbot, session, look, size)
    assert isinstance(drawn(panel), RadarArtists)
    no_text_meets_another(panel, 16)


def test_the_radar_draws_the_values_of_at_most_four(qtbot, session):
    panel = radar(qtbot, session, theme("light"))
    artists, answer = drawn(panel), session.answer
    assert artists.rows == session.compared_rows()[:MOST] and len(artists.rows) == 4
    assert "the first 4 of 5" in said(panel)
    places = list(spokes_of(answer))
    assert not set(answer.values.free) & {CRITERIA[place] for place in places}
    for row, (line, met, lacking) in zip(artists.rows, artists.lines, strict=True):
        reach = np.hypot(line.get_xdata() - artists.centre[0], line.get_ydata() - artists.centre[1])[:-1]
        values = answer.values.typical[row][places]
        low = reach[values.argmin()]
        grown = (reach - low) * (values.max() - values.min()) / (reach.max() - low)
        assert grown == pytest.approx(values - values.min(), abs=1e-9)
        assert len(lacking.get_xdata()) == len(chart_compare.missed(answer, row) & set(places))
        assert len(met.get_xdata()) + len(lacking.get_xdata()) == len(places)
        assert words.number(float(answer.ranking.scores[row]), 3) in said(panel)


def test_the_radar_moves_and_is_clicked_like_the_profile(qtbot, session):
    panel = radar(qtbot, session, theme("light"))
    draws = panel.canvas().full_draws
    prioritise(session, lightness=9.0)
    paint(panel)
    artists = drawn(panel)
    assert panel.canvas().full_draws == draws
    row = artists.rows[2]
    x, y = artists.lines[2][0].get_data()
    place = int(np.argmax(np.abs(x - artists.lines[0][0].get_xdata()) + np.abs(y - artists.lines[0][0].get_ydata())))
    found = chart_compare.row_at(artists, float(x[place]), panel.canvas().height() - float(y[place]))
    assert found == row
    panel.controls["compare"].radar.click()  # type: ignore[attr-defined]
    paint(panel)
    assert isinstance(drawn(panel), chart_compare.CompareArtists)
