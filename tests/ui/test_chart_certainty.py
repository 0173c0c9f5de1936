"""Certainty: bars are the trials, lines are the scores, crossings are where the lead changes; pale, never blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolTip

from advisor.answer import solve
from advisor.bench import long_table
from advisor.brief import Brief, CertaintySettings, Climate, Limit
from advisor.certainty import RANKS
from advisor.priorities import with_priority
from advisor.properties import CRITERIA
from advisor.sentences import Num
from advisor.tipping import leaders
from ui import words
from ui.charts import certainty as chart
from ui.charts.head import nearest_tipping
from ui.charts.look import chart_style, speech
from ui.charts.panel import ChartPanel
from ui.charts.style import View
from ui.charts.twin import picture
from ui.session import Session
from ui.theme import Theme, theme

SMALL, LARGE = (820, 246), (1200, 420)


@pytest.fixture
def session(qapp, monkeypatch) -> Iterator[Session]:
    """Trials are worked out when a test says so (``session.ascertain()``), never in the background."""
    monkeypatch.setattr(Session, "start_certainty", lambda self: None)
    settings = CertaintySettings(samples=400)
    made = Session(brief=Brief(product="mini-hike-daypack", climate=Climate(place="Lagos"), certainty=settings))
    yield made
    made.close()


def shown(qtbot, session: Session, look: Theme | None = None, size: tuple[int, int] = SMALL) -> ChartPanel:
    panel = ChartPanel(session, look or theme("light"))
    qtbot.addWidget(panel)
    panel.resize(*size)
    panel.show()
    panel.finish_loading()
    panel.show_chart("certainty")
    QGuiApplication.processEvents()
    panel.grab()
    return panel


def drawn(panel: ChartPanel) -> Any:
    QGuiApplication.processEvents()
    panel.grab()
    return panel.canvas().artists


def prioritise(session: Session, criterion: str, value: float) -> None:
    session.update("priority", key="k", priorities={**session.brief.priorities, criterion: value})
    session.flush()


def seen(panel: ChartPanel) -> list[Text]:
    drawn(panel)
    found = [text for axes in panel.canvas().figure.axes for text in axes.texts]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


# --- the trials -------------------------------------------------------------------------------------------------------


def test_every_bar_says_how_often_its_material_leads(qtbot, session):
    panel = shown(qtbot, session)
    certain = session.ascertain()
    artists = drawn(panel)
    assert artists.rows == tuple(session.answer.ranking.order[:8])
    for row, strip in zip(artists.rows, artists.strips, strict=False):
        count = words.number(100 * float(certain.win_share[row]))
        error = words.number(100 * float(certain.errors()[row]), 1)
        assert strip.leads.get_text() == f"{count} of 100 ± {error}"


def test_the_parts_of_a_bar_are_as_long_as_their_shares(qtbot, session):
    panel = shown(qtbot, session, size=LARGE)
    session.ascertain()
    artists = drawn(panel)
    counted = session.acceptability
    start, end = artists.bar
    edges = np.array([path.vertices[:, 0].max() for path in artists.parts.get_paths()])
    for row, strip in zip(artists.rows, artists.strips, strict=False):
        shares = counted.ranks[list(counted.rows).index(row)]
        first = strip.first
        assert first.get_x() == start
        assert first.get_width() == pytest.approx(shares[0] * (end - start), abs=1.6)
        assert first.get_hatch()
        middle = strip.leads.get_position()[1]
        own = [
            edge
            for edge, path in zip(edges, artists.parts.get_paths(), strict=True)
            if path.vertices[:, 1].min() < middle < path.vertices[:, 1].max() and edge < end
        ]
        reached = max([*own, first.get_x() + first.get_width()])
        assert reached == pytest.approx(start + shares.sum() * (end - start), abs=2.6)


def test_figures_in_the_bars_are_the_shares(qtbot, session):
    panel = shown(qtbot, session, size=LARGE)
    session.ascertain()
    artists = drawn(panel)
    count = 0
    for row, strip in zip(artists.rows, artists.strips, strict=False):
        shares = chart.shares_of(session.acceptability, row)
        for place, text in enumerate(strip.figures):
            if text.get_visible():
                count += 1
                assert text.get_text() == words.number(100 * float(shares[place]))
    assert count > 20


def test_what_was_varied_is_said_with_draws_and_seed(qtbot, session):
    panel = shown(qtbot, session)
    session.ascertain()
    drawn(panel)
    assert drawn(panel).note.get_text() == "Trials over data ranges and priorities ±3: 400 draws, seed 1"
    session.update("fixed", certainty=CertaintySettings(data=False, priorities="unknown", samples=300, seed=7))
    session.flush()
    session.ascertain()
    assert drawn(panel).note.get_text() == "Trials with priorities unknown, data as printed: 300 draws, seed 7"


def test_before_the_first_trials_the_chart_says_that_they_are_under_way(qtbot, session):
    panel = shown(qtbot, session)
    artists = drawn(panel)
    assert artists.note.get_text() == "Trials are being worked out"
    assert len(artists.parts.get_paths()) == len(artists.rows)  # the empty bars stand already
    assert artists.lines[0].line.get_visible()


def test_trials_of_before_are_shown_pale_until_the_next_are_there(qtbot, session):
    panel = shown(qtbot, session)
    session.ascertain()
    artists = drawn(panel)
    row = artists.rows[0]
    told, strong = artists.strips[0].leads.get_text(), artists.strips[0].first.get_facecolor()
    draws = panel.canvas().full_draws
    session.update("title", title="another")
    session.flush()
    assert drawn(panel).rows[0] == row
    strip = artists.strips[0]
    assert strip.leads.get_text() == told
    assert strip.first.get_visible() and sum(strip.first.get_facecolor()[:3]) > sum(strong[:3])
    assert artists.note.get_text().startswith("Pale")
    session.ascertain()
    drawn(panel)
    assert artists.strips[0].first.get_facecolor() == strong
    assert panel.canvas().full_draws == draws


def test_trials_of_another_table_are_not_shown(qtbot, session):
    panel = shown(qtbot, session)
    session.ascertain()
    session.use_table(session.table.take(range(20, 40)), "others")
    session.flush()
    artists = drawn(panel)
    assert panel.view().certainty is None
    assert artists.note.get_text() == "Trials are being worked out"


def test_places_are_only_counted_while_the_chart_is_on_screen(qtbot, session):
    panel = shown(qtbot, session)
    panel.show_chart("why")
    session.ascertain()
    assert session.acceptability is None
    panel.show_chart("certainty")
    prioritise(session, "water", 9.0)
    session.ascertain()
    assert session.acceptability is not None


def test_places_arrive_from_the_background(qtbot, qapp):
    made = Session(brief=Brief(certainty=CertaintySettings(samples=200)))
    try:
        made.count_places(True)
        with qtbot.waitSignal(made.counted, timeout=20_000):
            made.start_certainty()
        whole = made.answer.acceptability()
        assert np.array_equal(made.acceptability.ranks, whole.ranks)
        with qtbot.waitSignal(made.counted, timeout=20_000):
            prioritise(made, "water", 9.0)
            assert made.acceptability is None
        now: Any = made.acceptability
        assert np.array_equal(now.ranks, made.answer.acceptability().ranks)
    finally:
        made.close()


def test_the_selected_material_is_shown_wherever_it_stands(qtbot, session):
    panel = shown(qtbot, session)
    session.ascertain()
    far = int(session.answer.ranking.passing_rows()[40])
    session.select(session.table.ids[far])
    artists = drawn(panel)
    assert artists.rows[-1] == far and len(artists.rows) == 9
    assert far in artists.rows_of_lines
    session.update("limit", limits=(Limit(family=("nylon",)),))
    session.flush()
    out = int(np.flatnonzero(~session.answer.screen.passes)[0])
    session.select(session.table.ids[out])
    session.ascertain()
    artists = drawn(panel)
    assert artists.rows[-1] == out
    assert artists.strips[len(artists.rows) - 1].leads.get_text() == "screened out"
    assert session.table.names[out] in chart.describe(session.answer, panel.view(), speech())


# --- the lines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locks", [(), ("water", "price")], ids=["free", "locked"])
@pytest.mark.parametrize("criterion", ["lightness", "water"])
def test_a_score_line_is_the_score_with_that_priority(session, criterion, locks):
    brief = replace(session.brief, locks=locks)
    answer = solve(session.table, brief)
    at = np.array([0.0, 1.5, 5.0, 10.0])
    rows = answer.ranking.order[:6].tolist()
    lines = chart.score_lines(answer, criterion, rows, at)
    for column, value in enumerate(at):
        moved = with_priority(answer.terms.priorities, locks, criterion, float(value))
        there = solve(session.table, replace(brief, priorities=moved))
        assert lines[:, column] == pytest.approx(there.ranking.scores[rows], abs=1e-12)


def test_where_every_priority_is_zero_the_lines_still_stand(session):
    brief = replace(session.brief, priorities=dict.fromkeys(CRITERIA, 0.0))
    answer = solve(session.table, brief)
    lines = chart.score_lines(answer, "water", [0, 1], np.array([0.0, 5.0]))
    assert np.isfinite(lines).all()
    assert lines[:, 0] == pytest.approx(answer.ranking.scores[[0, 1]])


def test_crossings_are_where_the_lead_changes_and_are_marked_on_the_line(qtbot, session):
    panel = shown(qtbot, session, size=LARGE)
    artists = drawn(panel)
    along = panel.view().along
    tips = chart.crossings(leaders(session.answer, along))
    assert tips
    xs, ys = artists.knots.get_data()
    for (low, below, above), x, y in zip(tips, xs, ys, strict=True):
        assert x == low
        for nudge, leader in ((-1e-6, below), (1e-6, above)):
            priorities = {**session.answer.terms.priorities, along: low + nudge}
            there = solve(session.table, replace(session.brief, priorities=priorities))
            assert there.ranking.order[0] == leader
            assert y == pytest.approx(there.ranking.scores[leader], abs=1e-5)
        assert above in artists.rows_of_lines
    low, below, above = min(tips, key=lambda tip: abs(tip[0] - session.answer.terms.priorities[along]))
    named = session.table.names[above if low >= session.answer.terms.priorities[along] else below]
    assert named in artists.tipping.get_text() and words.number(low, 2) in artists.tipping.get_text()


def test_the_chart_opens_along_the_nearest_tipping_point(session):
    answer = session.answer
    nearest = {
        key: min(
            (abs(low - answer.terms.priorities[key]) for low, _, _ in chart.crossings(leaders(answer, key))),
            default=np.inf,
        )
        for key in CRITERIA
    }
    assert nearest[nearest_tipping(answer)] == min(nearest.values())


def test_the_priority_is_chosen_by_list_and_todays_value_is_marked(qtbot, session):
    panel = shown(qtbot, session)
    controls: Any = panel.controls["certainty"]
    draws = panel.canvas().full_draws
    place = controls.along.findData("price")
    controls.along.setCurrentIndex(place)
    controls.along.activated.emit(place)
    artists = drawn(panel)
    assert artists.caption.get_text() == "score along Price"
    now = session.answer.terms.priorities["price"]
    assert list(artists.now.get_xdata()) == [now, now]
    prioritise(session, "price", 8.5)
    assert list(drawn(panel).now.get_xdata()) == [8.5, 8.5]
    assert artists.now_text.get_text() == "now 8.5"
    assert panel.canvas().full_draws == draws


def test_while_something_moves_the_chart_keeps_to_the_priority_it_shows(qtbot, session):
    panel = shown(qtbot, session)
    session.ascertain()
    kept = panel.view().along
    for value in (0.0, 3.0, 9.0):
        for key in ("water", "price", "lightness"):
            prioritise(session, key, value)
            assert panel.view().along == kept
    session.ascertain()
    assert panel.view().along == nearest_tipping(session.answer)


# --- seen -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_no_text_leaves_the_figure_or_meets_another(qtbot, session, look, size):
    panel = shown(qtbot, session, look, size)
    session.ascertain()
    far = session.table.ids[int(session.answer.ranking.passing_rows()[40])]
    for material in ("", far):
        session.select(material)
        found = seen(panel)
        renderer = panel.canvas().get_renderer()
        edge = panel.canvas().figure.bbox
        boxes = [(text.get_text(), Text.get_window_extent(text, renderer)) for text in found]
        assert len(boxes) > 30
        assert min(float(text.get_fontsize()) for text in found) >= 11
        for place, (name, box) in enumerate(boxes):
            assert box.x0 >= -0.5 and box.x1 <= edge.x1 + 0.5 and box.y0 >= -0.5 and box.y1 <= edge.y1 + 0.5, name
            for other_name, other in boxes[place + 1 :]:
                across = min(box.x1, other.x1) - max(box.x0, other.x0)
                up = min(box.y1, other.y1) - max(box.y0, other.y0)
                assert across <= 1 or up <= 1, (name, other_name)


@pytest.mark.parametrize("size", [(300, 160), (480, 220)])
def test_a_narrow_chart_keeps_the_bars_and_leaves_the_lines_to_a_wider_one(qtbot, session, size):
    panel = shown(qtbot, session)
    session.ascertain()
    content = picture(chart, session.answer, panel.view(), theme("light"), size, "svg").decode()
    assert "of 100" in content and "score along" not in content
    panel.resize(500, 246)
    artists = drawn(panel)
    assert artists.axes is None and artists.rows
    assert chart.row_at(artists, 60, panel.canvas().height() - artists.row_y[1]) == artists.rows[1]
    prioritise(session, "water", 9.5)
    assert drawn(panel).rows == tuple(session.answer.ranking.order[: len(artists.rows)])


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ink", [1.0, chart._PALE], ids=["current", "pale"])
def test_figures_can_be_read_on_every_shade(look, ink):
    style = chart_style(look)
    for place in range(RANKS):
        ground, text = (
            _luminance(colour) for colour in (chart._shade(style, place, ink), chart._on_shade(style, place, ink))
        )
        assert (max(ground, text) + 0.05) / (min(ground, text) + 0.05) >= 4.5, place


def test_blitting_lands_where_a_full_draw_does(qtbot, session):
    panel = shown(qtbot, session)
    session.ascertain()
    prioritise(session, "lightness", 6.0)
    session.ascertain()
    drawn(panel)
    canvas: Any = panel.canvas()
    moved = np.asarray(canvas.buffer_rgba()).copy()
    canvas._forget()
    canvas.draw()
    # The score axis stays where it was while it serves; all else is the same.
    half = int(canvas.artists.wide)
    assert (moved[:, :half] != np.asarray(canvas.buffer_rgba())[:, :half]).any(axis=2).mean() < 0.001


# --- linked -----------------------------------------------------------------------------------------------------------


def test_bars_lines_and_labels_are_their_materials(qtbot, session, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, widget: said.append(text))
    panel = shown(qtbot, session, size=LARGE)
    session.ascertain()
    artists = drawn(panel)
    canvas = panel.canvas()
    height = canvas.height()
    for row, y in zip(artists.rows, artists.row_y, strict=True):
        assert chart.row_at(artists, 60, height - y) == row
    for row, y in zip(artists.rows_of_lines, artists.label_y, strict=True):
        assert chart.row_at(artists, artists.names_at + 30, height - y) == row
    scale = canvas.figure.dpi / 72
    line = artists.lines[0].line
    x, y = artists.axes.transData.transform((line.get_xdata()[-1], line.get_ydata()[-1])) / scale
    assert chart.row_at(artists, x - 1, height - y) == artists.rows_of_lines[0]
    third = artists.rows[2]
    spot = QPoint(80, round(height - artists.row_y[2]))
    canvas.pointed.emit(third, canvas.mapToGlobal(spot))
    assert session.selection.hovered == session.table.ids[third]
    assert "of 100 trials" in said[-1]
    assert drawn(panel).hover.get_visible()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot)
    assert session.selected_row() == third


def test_the_twin_holds_every_material_drawn_and_its_numbers(qtbot, session):
    panel = shown(qtbot, session)
    certain = session.ascertain()
    twin = panel.twin_of()
    answer = session.answer
    assert len(twin.rows) == answer.ranking.passing
    for row, cells in zip(answer.ranking.order.tolist(), twin.rows, strict=False):
        assert cells[1] == answer.table.names[row]
        assert cells[3] == Num(100 * float(certain.win_share[row]))
        shares = chart.shares_of(session.acceptability, row)
        assert cells[5 : 5 + RANKS] == tuple(Num(100 * float(share)) for share in shares)
    spans = [cells[-1] for cells in twin.rows if cells[-1]]
    assert len(spans) == len({row for _, _, row in leaders(answer, panel.view().along)})


def test_the_words_say_how_often_and_where_the_lead_changes(qtbot, session):
    panel = shown(qtbot, session)
    certain = session.ascertain()
    said = panel.canvas().accessibleDescription()
    first = int(session.answer.ranking.order[0])
    assert f"{session.table.names[first]} leads in {words.number(100 * float(certain.win_share[first]))} of 100" in said
    for _, _, row in leaders(session.answer, panel.view().along):
        assert session.table.names[row] in said


def test_a_long_table_in_motion_is_looked_at_from_the_top_and_wholly_at_rest(qapp):
    session = Session(long_table(6000), Brief(product="mini-hike-daypack"))
    answer = session.answer
    at_rest, moving = View(current=True), View(selected=int(answer.ranking.order[-1]), current=False)
    assert chart.lead_among(answer, at_rest) == (answer, None)
    among, rows = chart.lead_among(answer, moving)
    assert rows is not None and len(rows) == chart.AHEAD + 1 and rows[-1] == moving.selected
    assert [among.table.ids[place] for place in range(len(rows))] == [answer.table.ids[row] for row in rows.tolist()]
    grid = np.linspace(0.0, 10.0, 5)
    one = chart.score_lines(among, "water", [0, 5], grid)
    other = chart.score_lines(answer, "water", rows[[0, 5]].tolist(), grid)
    assert np.allclose(one, other, atol=1e-12)
    session.close()
