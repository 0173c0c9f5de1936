"""Map: expressions on its axes, the Pareto front, the index line that is dragged, and the box that becomes limits."""

from __future__ import annotations

import csv
import io
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
from PySide6.QtTest import QTest

from advisor.answer import solve
from advisor.axes import axis, front, line_of, usual_line
from advisor.bench import long_table
from advisor.brief import Brief, Limit
from advisor.explanation import limit_sentence
from ui import words
from ui.charts import map as chart_map
from ui.charts.look import chart_style, speech
from ui.charts.map_controls import ExpressionDialog, MapControls, chip_words
from ui.charts.panel import ChartPanel
from ui.charts.style import View
from ui.charts.twin import picture
from ui.session import Session
from ui.theme import Theme, palette, stylesheet, theme

SMALL, LARGE = (820, 246), (1200, 420)
INDEX = "tear_strength_n / areal_mass_g_m2"


@pytest.fixture
def session(qapp, monkeypatch) -> Iterator[Session]:
    """The real session over the bundled table; win shares are no matter of this chart."""
    monkeypatch.setattr(Session, "start_certainty", lambda self: None)
    made = Session(brief=Brief(product="mini-hike-daypack"))
    yield made
    made.close()


def shown(qtbot, session: Session, look: Theme, size: tuple[int, int] = LARGE) -> ChartPanel:
    panel = ChartPanel(session, look)
    qtbot.addWidget(panel)
    panel.setPalette(palette(look))
    panel.setStyleSheet(stylesheet(look) + panel.styleSheet())
    panel.resize(*size)
    panel.show()
    panel.finish_loading()
    panel.show_chart("map")
    paint(panel)
    return panel


def paint(panel: ChartPanel) -> None:
    QGuiApplication.processEvents()
    panel.grab()


def controls(panel: ChartPanel) -> MapControls:
    found = panel.controls["map"]
    assert isinstance(found, MapControls)
    return found


def drawn(panel: ChartPanel) -> Any:
    return panel.canvas().artists


def texts(panel: ChartPanel) -> list[Text]:
    found = [text for axes in panel.canvas().figure.axes for text in axes.texts]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def said(panel: ChartPanel) -> list[str]:
    return [text.get_text() for text in texts(panel)]


def plot_point(panel: ChartPanel, x: float, y: float) -> QPoint:
    """Where a point of the plot, px from its lower left corner, lies on the canvas."""
    axes, canvas = drawn(panel).axes, panel.canvas()
    at = axes.transData.transform((x, y)) * 72 / canvas.figure.dpi
    return QPoint(round(at[0]), round(canvas.height() - at[1]))


def drag(panel: ChartPanel, start: QPoint, end: QPoint, done: bool = True) -> None:
    canvas = panel.canvas()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 5):
        QTest.mouseMove(canvas, start + (end - start) * step / 4)
        QGuiApplication.processEvents()
    if done:
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
        QGuiApplication.processEvents()


def mark_out(panel: ChartPanel, box: tuple[float, float, float, float]) -> None:
    """Drag a rubber band over these figures."""
    x_scale, y_scale = drawn(panel).scales
    start = plot_point(panel, x_scale.at(box[0]), y_scale.at(box[3]))
    drag(panel, start, plot_point(panel, x_scale.at(box[1]), y_scale.at(box[2])))


def no_text_meets_another(panel: ChartPanel) -> None:
    renderer, edge = panel.canvas().get_renderer(), panel.canvas().figure.bbox
    found = [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts(panel)]
    assert len(found) > 8
    for place, (name, box) in enumerate(found):
        assert box.x0 >= -0.5 and box.x1 <= edge.x1 + 0.5 and box.y0 >= -0.5 and box.y1 <= edge.y1 + 0.5, name
        for other_name, other in found[place + 1 :]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 1 or up <= 1, (name, other_name)


# --- fits -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_nothing_collides_with_everything_on(qtbot, session, look, size):
    session.update("limit", limits=(Limit(property="areal_mass_g_m2", at_most=250.0),))
    session.flush()
    panel = shown(qtbot, session, look, size)
    own = controls(panel)
    own.index.setChecked(True)
    own.ranges.setChecked(True)
    for key in ("areal_mass_g_m2", "price_usd_m2", INDEX):
        own.set_axis(0, key)
        for row in session.answer.ranking.order[[0, 9, 40]].tolist():
            session.select(session.table.ids[row])
            paint(panel)
            no_text_meets_another(panel)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_the_head_holds_every_control_uncut(qtbot, session, look, size):
    panel = shown(qtbot, session, look, size)
    own = controls(panel)
    for button in (own.index, own.show_):
        assert button.width() >= button.sizeHint().width() and button.height() >= 24
        assert panel.rect().contains(button.mapTo(panel, button.rect().bottomRight()))
    assert own.show_.mapTo(panel, own.show_.rect().topRight()).x() < panel.as_table.geometry().left()
    assert panel.tabs.geometry().right() <= own.across.mapTo(panel, own.across.rect().topLeft()).x()


def test_names_stand_clear_of_one_another_at_every_index_level(qtbot, session):
    panel = shown(qtbot, session, theme("light"), SMALL)
    controls(panel).index.setChecked(True)
    draws = panel.canvas().full_draws
    for _ in range(12):
        qtbot.keyClick(panel.canvas(), Qt.Key.Key_Left)
        paint(panel)
        no_text_meets_another(panel)
    assert panel.canvas().full_draws == draws


# --- expressions ------------------------------------------------------------------------------------------------------


def test_an_expression_stands_along_an_axis_with_its_unit(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    controls(panel).set_axis(1, INDEX)
    paint(panel)
    own = axis(session.table, INDEX)
    artists = drawn(panel)
    assert np.allclose(artists.y, artists.scales[1](own.figures), equal_nan=True)
    assert "Tear / Mass, N·m²/g, log scale" in said(panel)
    assert controls(panel).upward.currentText() == "Tear / Mass"
    row = session.table.index["nylon-70d-taffeta-pu"]
    tip = chart_map.tip(session.answer, panel.view(), row, speech())
    digits = chart_map.decimals_of(own)
    assert f"Tear / Mass: {words.number(float(own.figures[row]), digits)} N·m²/g" in tip
    twin = chart_map.table(session.answer, panel.view(), speech())
    assert "Tear / Mass, N·m²/g" in twin.heads
    assert len({len(line) for line in (twin.heads, *twin.rows)}) == 1


def test_the_editor_tells_units_and_errors_in_one_line(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    own = controls(panel)
    combo = own.upward
    last = combo.count() - 1
    combo.setCurrentIndex(last)
    combo.activated.emit(last)
    dialog = own.findChild(ExpressionDialog)
    assert dialog is not None
    assert own.options(View()).y == "abrasion_cycles"  # until there is an expression the axis stays
    dialog.line.setText(INDEX)
    assert "N·m²/g" in dialog.told.text() and dialog.ok.isEnabled()
    for wrong, hint in (("tear_strengt_n", "tear_strength_n"), ("tear_strength_n + areal_mass_g_m2", "one unit")):
        dialog.line.setText(wrong)
        assert hint in dialog.told.text() and "\n" not in dialog.told.text()
        assert not dialog.ok.isEnabled()
    dialog.line.setText(INDEX)
    dialog.accept()
    assert own.options(View()).y == INDEX
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    assert INDEX not in [combo.itemData(number) for number in range(combo.count())]


def test_an_expression_another_table_cannot_bear_gives_way_and_says_so(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    controls(panel).set_axis(0, "moq_m / price_usd_m2")
    noted: list[Any] = []
    session.noted.connect(noted.append)
    table = session.table
    free = table.typical.copy()
    free[:, table.column("price_usd_m2")] = 0.0
    session.use_table(replace(table, typical=free), "free")
    session.flush()
    paint(panel)
    assert panel.view().x == "areal_mass_g_m2"
    assert noted and len(texts(panel)) > 8


# --- front ------------------------------------------------------------------------------------------------------------


def test_the_front_is_drawn_named_and_read_out(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    answer = session.answer
    x, y = (axis(answer.table, key) for key in ("areal_mass_g_m2", "abrasion_cycles"))
    rows = front(x, y, answer.screen.passes)
    artists = drawn(panel)
    assert artists.front.tolist() == rows.tolist()
    assert f"Pareto front, {len(rows)}" in said(panel)
    across, up = artists.front_line.get_data()
    corners = set(zip(np.round(across, 6).tolist(), np.round(up, 6).tolist(), strict=True))
    assert {(round(float(artists.x[row]), 6), round(float(artists.y[row]), 6)) for row in rows} <= corners
    told = panel.canvas().accessibleDescription()
    assert all(answer.table.names[row] in told for row in rows)
    twin = chart_map.table(answer, panel.view(), speech())
    place = twin.heads.index("Pareto front")
    assert sum(line[place] == "yes" for line in twin.rows) == len(rows)


def test_no_material_that_passes_lies_beyond_the_front(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    artists = drawn(panel)
    passing = session.answer.screen.passes & np.isfinite(artists.x + artists.y)
    line = np.column_stack(artists.front_line.get_data())
    for row in np.flatnonzero(passing):
        left = line[line[:, 0] <= artists.x[row] + 1e-6]
        assert not len(left) or artists.y[row] <= left[:, 1].max() + 1e-6


def test_the_front_goes_when_it_is_switched_off(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    controls(panel).front.setChecked(False)
    paint(panel)
    assert not len(drawn(panel).front) and not any(text.startswith("Pareto") for text in said(panel))


# --- index line -------------------------------------------------------------------------------------------------------


def test_the_index_line_counts_and_lifts_its_better_side(qtbot, session, look):
    panel = shown(qtbot, session, look)
    controls(panel).index.setChecked(True)
    paint(panel)
    line, artists = controls(panel).line, drawn(panel)
    assert line is not None
    x, y = (axis(session.table, key) for key in ("areal_mass_g_m2", "abrasion_cycles"))
    assert (line.a, line.b) == (usual_line(x, y).a, usual_line(x, y).b)
    better = line.better(x.figures, y.figures)
    passing = int((better & (session.answer.ranking.ranks > 0)).sum())
    named = next(text for text in said(panel) if text.startswith("Abrasion / Mass"))
    assert named.endswith(f": {int(better.sum())}, {passing} of them pass")
    inks: dict[bool, set[Any]] = {True: set(), False: set()}
    faces = artists.bubbles.get_facecolors().tolist()
    for row, ink in zip(artists.bubble_rows.tolist(), faces, strict=True):
        if session.answer.screen.passes[row]:
            inks[bool(better[row])].add(tuple(ink))
    assert len(inks[True]) == len(inks[False]) == 1 and inks[True] != inks[False]


def test_the_index_line_is_straight_on_log_axes_with_the_slope_of_its_exponents(session):
    x, y = (axis(session.table, key) for key in ("areal_mass_g_m2", "abrasion_cycles"))
    scales = (chart_map.Scale(30, 800, True, 600), chart_map.Scale(40, 20000, True, 300))
    for expression, slope in (
        ("abrasion_cycles / areal_mass_g_m2", 1),
        ("abrasion_cycles ** 0.5 / areal_mass_g_m2", 2),
    ):
        line = line_of(expression, x, y)
        line = replace(line, level=float(line.merit(200.0, 1000.0)))
        path = chart_map.index_path(scales, line)
        figures = np.log10(np.stack([scale.figure(part) for scale, part in zip(scales, path.T, strict=True)]))
        rises = np.diff(figures[1]) / np.diff(figures[0])
        assert rises == pytest.approx(slope)


def test_dragging_the_index_line_takes_it_along_without_a_full_draw(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    own = controls(panel)
    own.index.setChecked(True)
    paint(panel)
    before, draws, steps = own.line, panel.canvas().full_draws, session.undo_label
    path = drawn(panel).index_path
    start = path[len(path) // 3]
    drag(panel, plot_point(panel, *start), plot_point(panel, start[0], start[1] - 60))
    assert before is not None and own.line is not None and own.line.level < before.level
    path = drawn(panel).index_path
    assert np.interp(start[0], path[:, 0], path[:, 1]) == pytest.approx(start[1] - 60, abs=2)
    assert panel.canvas().full_draws == draws
    assert session.undo_label == steps  # nothing of it is part of the brief
    own.index.click()
    paint(panel)
    assert own.line is None and not len(drawn(panel).index_path)
    assert session.undo_label == steps


def test_the_index_line_goes_by_keys_too(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    own = controls(panel)
    own.index.setChecked(True)
    paint(panel)
    assert own.line is not None
    level = own.line.level
    qtbot.keyClick(panel.canvas(), Qt.Key.Key_Right)
    assert own.line.level > level
    qtbot.keyClick(panel.canvas(), Qt.Key.Key_Escape)
    assert own.line is None and not own.index.isChecked()


def test_axes_below_zero_have_no_index_line(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    own = controls(panel)
    own.index.setChecked(True)
    own.set_axis(0, "cold_flex_c")
    paint(panel)
    assert own.line is None and not own.index.isEnabled()


# --- box --------------------------------------------------------------------------------------------------------------


def test_a_box_becomes_limits_in_one_step_of_undo(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    own = controls(panel)
    draws = panel.canvas().full_draws
    mark_out(panel, (70.0, 240.0, 900.0, 9000.0))
    assert panel.canvas().full_draws == draws
    assert own.bar is not None and own.bar.isVisible()
    limits = own.bar.chosen()
    assert [(limit.property, limit.at_least is None) for limit in limits] == [
        ("areal_mass_g_m2", True),
        ("abrasion_cycles", False),
    ]
    assert limits[0].at_most == pytest.approx(240.0, rel=0.05) and limits[1].at_least == pytest.approx(900.0, rel=0.05)
    chips = [chip.text() for chip in own.bar.chips]
    assert chips == [chip_words(limit) for limit in limits]
    assert chips[0] == f"Mass ≤ {words.figure('areal_mass_g_m2', limits[0].at_most)}"
    promised = own.bar.passing.text()
    assert panel.canvas().rect().contains(own.bar.geometry())
    own.bar.add.click()
    session.flush()
    assert session.brief.limits == limits
    assert words.number(session.answer.ranking.passing) == promised.split(" ")[0]
    assert all(words.words(limit_sentence(limit)) in session.undo_label for limit in limits)
    assert not own.bar.isVisible() and panel.view().box is None
    session.undo()
    session.flush()
    assert session.brief.limits == ()


def test_a_chip_switched_off_is_not_asked(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    own = controls(panel)
    mark_out(panel, (70.0, 240.0, 900.0, 9000.0))
    assert own.bar is not None
    own.bar.chips[0].click()
    kept = own.bar.chosen()
    assert [limit.property for limit in kept] == ["abrasion_cycles"]
    own.bar.add.click()
    session.flush()
    assert session.brief.limits == kept


def test_a_box_is_let_go_of_by_key_and_by_another_axis(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    own = controls(panel)
    assert own.bar is not None
    mark_out(panel, (70.0, 240.0, 900.0, 9000.0))
    qtbot.keyClick(panel.canvas(), Qt.Key.Key_Escape)
    assert panel.view().box is None and not own.bar.isVisible()
    mark_out(panel, (70.0, 240.0, 900.0, 9000.0))
    own.set_axis(0, "price_usd_m2")
    assert panel.view().box is None and not own.bar.isVisible()
    assert session.brief.limits == ()


def test_an_expression_makes_no_limit(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    own = controls(panel)
    own.set_axis(1, INDEX)
    paint(panel)
    mark_out(panel, (70.0, 240.0, 0.2, 0.8))
    assert own.bar is not None
    assert [limit.property for limit in own.bar.chosen()] == ["areal_mass_g_m2"]


def test_a_click_still_selects_where_a_box_could_begin(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    row = session.table.index["nylon-70d-taffeta-pu"]
    at = plot_point(panel, float(drawn(panel).x[row]), float(drawn(panel).y[row]))
    qtbot.mouseClick(panel.canvas(), Qt.MouseButton.LeftButton, pos=at)
    assert session.selection.material == session.table.ids[chart_map.row_at(drawn(panel), at.x(), at.y()) or 0]
    assert panel.view().box is None


# --- long tables ------------------------------------------------------------------------------------------------------


def test_above_five_thousand_points_their_density_is_drawn(session):
    points = np.random.default_rng(3).normal(200, 40, (9000, 2))
    cells, counts = chart_map.hexagons(points[:, 0], points[:, 1], 9.0)
    assert counts.sum() == len(points) and len(cells) == len(counts)
    away = np.hypot(*(cells[:, None, :] - cells[None]).transpose(2, 0, 1)) + 99 * np.eye(len(cells))
    assert away.min() == pytest.approx(9.0)
    for point in points[:200]:
        # The cell of a point is the one whose centre is nearest, and it is among those that hold points.
        assert np.hypot(*(cells - point).T).min() <= 9.0 / np.sqrt(3) + 1e-9


def test_a_long_table_has_a_key_to_its_density_and_moves_without_a_full_draw(qtbot, monkeypatch, qapp):
    monkeypatch.setattr(Session, "start_certainty", lambda self: None)
    session = Session(long_table(5200), Brief(product="mini-hike-daypack"))
    panel = shown(qtbot, session, theme("light"), SMALL)
    assert "darker: more of them" in said(panel)
    controls(panel).index.setChecked(True)
    paint(panel)
    no_text_meets_another(panel)
    draws = panel.canvas().full_draws
    session.update("priority", key="k", priorities={**session.brief.priorities, "lightness": 9.0})
    session.flush()
    paint(panel)
    assert panel.canvas().full_draws == draws
    session.close()


# --- files ------------------------------------------------------------------------------------------------------------


def test_exports_hold_the_front_and_the_line(qtbot, session, tmp_path: Path):
    panel = shown(qtbot, session, theme("dark"))
    controls(panel).index.setChecked(True)
    controls(panel).set_axis(1, INDEX)
    paint(panel)
    for kind in ("png", "svg", "csv"):
        panel.export(tmp_path / f"chart.{kind}")
    root = ET.fromstring((tmp_path / "chart.svg").read_text(encoding="utf-8"))
    told = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Pareto front" in told and "of them pass" in told
    assert (tmp_path / "chart.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    lines = list(csv.DictReader(io.StringIO((tmp_path / "chart.csv").read_text(encoding="utf-8-sig"))))
    line = controls(panel).line
    assert line is not None
    x, y = axis(session.table, "areal_mass_g_m2"), axis(session.table, INDEX)
    assert sum(row["Better side"] == "yes" for row in lines) == int(line.better(x.figures, y.figures).sum())


@pytest.mark.parametrize(
    "x", ["cold_flex_c", "recycled_content_pct", "mildew_rating", f"({INDEX}) ** 2", "-price_usd_m2"]
)
def test_any_axis_is_drawn_with_ranges_and_line(session, x):
    answer = solve(session.table, session.brief)
    own, up = axis(answer.table, x), axis(answer.table, "tear_strength_n")
    view = View(selected=0, x=x, y="tear_strength_n", ranges=True, index=usual_line(own, up))
    for size in ((820, 212), (300, 160)):
        assert picture(chart_map, answer, view, theme("light"), size)[:4] == b"\x89PNG"


def test_formulas_are_written_as_people_do():
    say = chart_style(theme("light")).speech
    assert chart_map.formula_words("tear_strength_n**2*areal_mass_g_m2^0.5", say) == "Tear² · Mass^0.5"
