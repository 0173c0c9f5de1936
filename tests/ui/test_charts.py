"""The chart area: what is drawn is what was computed, moves without a full draw, fits, and leaves the program whole."""

from __future__ import annotations

import csv
import gc
import io
import subprocess
import sys
import weakref
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QResizeEvent
from PySide6.QtWidgets import QComboBox, QToolButton, QToolTip

from advisor.brief import Brief, Limit
from advisor.explanation import compare
from advisor.materials import read_table
from advisor.problems import AdvisorError
from advisor.properties import CRITERIA
from advisor.sentences import Num
from ui import words
from ui.charts import compare as chart_compare
from ui.charts import map as chart_map
from ui.charts import style as chart_style_module
from ui.charts import why as chart_why
from ui.charts.controls import MaterialCombo
from ui.charts.look import chart_style
from ui.charts.panel import CHARTS, ChartPanel
from ui.charts.style import View, short_names, spread
from ui.charts.twin import picture
from ui.session import Session
from ui.theme import Theme, palette, stylesheet, theme

KEYS = tuple(chart.key for chart in CHARTS)
SMALL, LARGE = (820, 246), (1200, 420)


@pytest.fixture
def session(qapp, monkeypatch) -> Iterator[Session]:
    """The real session over the bundled table; win shares are no matter of these charts."""
    monkeypatch.setattr(Session, "start_certainty", lambda self: None)
    made = Session(brief=Brief(product="mini-hike-daypack"))
    yield made
    made.close()


def shown(qtbot, session: Session, look: Theme, size: tuple[int, int] = SMALL, key: str = "why") -> ChartPanel:
    panel = ChartPanel(session, look)
    qtbot.addWidget(panel)
    panel.setPalette(palette(look))
    panel.resize(*size)
    panel.show()
    panel.finish_loading()
    panel.show_chart(key)
    paint(panel)
    return panel


def drawn(panel: ChartPanel) -> Any:
    """The artists of the chart on screen."""
    return panel.canvas().artists


def paint(panel: ChartPanel) -> np.ndarray:
    """The panel's pixels after everything that is due has been done."""
    QGuiApplication.processEvents()
    image = panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[:, :, :3].copy()  # the picture's memory goes with it


def prioritise(session: Session, criterion: str, value: float) -> None:
    session.update("priority", key="k", priorities={**session.brief.priorities, criterion: value})
    session.flush()


def texts(panel: ChartPanel) -> list[Text]:
    """Every text that can be seen on the canvas."""
    figure = panel.canvas().figure
    found = [text for axes in figure.axes for text in axes.texts]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def boxes(panel: ChartPanel) -> list[tuple[str, Any]]:
    renderer = panel.canvas().get_renderer()
    return [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts(panel)]


# --- loading ----------------------------------------------------------------------------------------------------------


def test_building_and_showing_the_panel_needs_no_matplotlib(tmp_path):
    code = (
        "import os, sys; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from ui.charts.panel import ChartPanel\n"
        "from ui.session import Session\n"
        "from ui.theme import theme\n"
        "session = Session(); panel = ChartPanel(session, theme('light')); panel.resize(820, 246)\n"
        "early = 'matplotlib' in sys.modules or 'pandas' in sys.modules\n"
        "panel.show(); panel.repaint()\n"
        "[app.processEvents() for _ in range(5)]\n"
        "print(early, panel.body.currentWidget() is not panel.loading)\n"
        "session.close()\n"
    )
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


@pytest.mark.parametrize("first", [False, True], ids=["fresh", "matplotlib there already"])
def test_importing_figures_without_solid_axes_leaves_these_to_whoever_wants_them(first):
    code = (
        "import sys, warnings; warnings.simplefilter('error')\n"
        + ("import matplotlib.figure\n" if first else "")
        + "from ui.charts.panel import import_figure\n"
        "import_figure(); import_figure()\n"
        "from matplotlib.figure import Figure\n"
        "from matplotlib.projections import get_projection_names\n"
        "print('mpl_toolkits.mplot3d' in sys.modules, '3d' in get_projection_names(), len(Figure().subplots(1, 2)))\n"
        "from mpl_toolkits.mplot3d import Axes3D\n"
        "print(isinstance(Axes3D, type))\n"
    )
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.split() == [str(first), str(first), "2", "True"]


def test_before_loading_the_panel_says_so(qtbot, session):
    panel = ChartPanel(session, theme("light"))
    qtbot.addWidget(panel)
    assert panel.body.currentWidget() is panel.loading
    panel.finish_loading()
    assert panel.body.currentWidget() is panel.canvas("why")


# --- drawn ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_a_chart_is_drawn(qtbot, session, look, key):
    panel = shown(qtbot, session, look, key=key)
    canvas = panel.canvas()
    assert len(drawn(panel).moving) > 5
    pixels = np.asarray(canvas.buffer_rgba())
    ground = np.array([int(look.panel[at : at + 2], 16) for at in (1, 3, 5)])
    assert np.any(pixels[:, :, :3] != ground, axis=2).mean() > 0.02
    assert np.any(paint(panel) != paint(panel)[-4, -40], axis=2).mean() > 0.02


@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_seen(qtbot, session, look, key):
    panel = shown(qtbot, session, look, key=key)
    pixels = np.asarray(panel.canvas().buffer_rgba())[:, :, :3].astype(int)
    for text, (name, box) in zip(texts(panel), boxes(panel), strict=True):
        ink = np.array([int(str(text.get_color())[at : at + 2], 16) for at in (1, 3, 5)])
        rows = slice(pixels.shape[0] - round(box.y1), pixels.shape[0] - round(box.y0))
        away = np.abs(pixels[rows, round(box.x0) : round(box.x1)] - ink).sum(axis=2)
        assert (away < 120).sum() > 4, name


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("key", KEYS)
def test_no_text_leaves_the_figure_or_meets_another(qtbot, session, look, key, size):
    panel = shown(qtbot, session, look, size, key)
    session.select("polyester-600d-oxford-pu")
    session.compare(tuple(session.table.ids[row] for row in (0, 11, 45, 65, 90, 110)))
    paint(panel)
    edge = panel.canvas().figure.bbox
    found = boxes(panel)
    assert len(found) > 8
    for name, box in found:
        assert box.x0 >= -0.5 and box.x1 <= edge.x1 + 0.5, name
        assert box.y0 >= -0.5 and box.y1 <= edge.y1 + 0.5, name
    for place, (name, box) in enumerate(found):
        for other_name, other in found[place + 1 :]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 1 or up <= 1, (name, other_name)


@pytest.mark.parametrize("key", KEYS)
def test_no_text_is_smaller_than_eleven_px(qtbot, session, key):
    panel = shown(qtbot, session, theme("light"), key=key)
    assert panel.canvas().figure.dpi == 72  # so that points are px
    assert min(float(text.get_fontsize()) for text in texts(panel)) >= 11


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_blitting_lands_where_a_full_draw_does_at_every_pixel_ratio(qtbot, session, ratio):
    panel = shown(qtbot, session, theme("light"), key="map")
    canvas = panel.canvas()
    canvas._set_device_pixel_ratio(ratio)
    canvas.resizeEvent(_resize(canvas))
    canvas.draw()
    prioritise(session, "lightness", 9.0)
    session.select("polyester-600d-oxford-pu")
    moved = np.asarray(canvas.buffer_rgba()).copy()
    canvas._forget()
    canvas.draw()
    assert moved.shape == np.asarray(canvas.buffer_rgba()).shape
    assert (moved != np.asarray(canvas.buffer_rgba())).any(axis=2).mean() < 0.001


def _resize(canvas):
    return QResizeEvent(canvas.size(), canvas.size())


# --- true -------------------------------------------------------------------------------------------------------------


def test_why_prints_the_explanations_steps_and_they_add_up(qtbot, session):
    panel = shown(qtbot, session, theme("light"), LARGE)
    session.select("polyester-600d-oxford-pu")
    session.against("nylon-420d-packcloth-pu")
    paint(panel)
    a, b = session.selected_row(), session.rival_row()
    found = compare(session.answer, a, b)
    bars = chart_why.bars_of(session.answer, a, b, 8)
    assert sum(bar.step for bar in bars) == sum(found.steps) == round(found.gap * 1000)
    steps = {item.criterion: step for item, step in zip(found.differences, found.steps, strict=True)}
    seen = [text.get_text() for text in texts(panel)]
    for bar in bars:
        sign = "▲" if bar.step > 0 else "▼"
        assert f"{sign} {words.number(bar.step / 1000, 3, True)}" in seen
        if bar.criterion:
            assert bar.step == steps[bar.criterion]
            assert words.criterion(bar.criterion) in seen
    for row in (a, b):
        assert words.number(float(session.answer.ranking.scores[row]), 3) in seen


def test_why_draws_gains_first_and_ends_at_the_score(session):
    answer = session.answer
    a, b = (session.table.index[key] for key in ("nylon-420d-packcloth-pu", "polyester-600d-oxford-pu"))
    bars = chart_why.bars_of(answer, a, b, 6)
    gaps = [bar.gap for bar in bars if bar.criterion]
    assert gaps == sorted(gaps, reverse=True)
    assert len(bars) <= 6
    total = float(answer.ranking.scores[b]) + sum(bar.gap for bar in bars)
    assert total == pytest.approx(float(answer.ranking.scores[a]), abs=0.001)


def test_why_hatches_differences_within_the_ranges_and_dashes_losses(qtbot, session):
    panel = shown(qtbot, session, theme("light"), LARGE)
    session.select("nylon-420d-packcloth-pu")
    session.against("polyester-600d-oxford-pu")
    paint(panel)
    artists = drawn(panel)
    bars = chart_why.bars_of(session.answer, session.selected_row(), session.rival_row(), artists.slots - 2)
    assert {bar.step > 0 for bar in bars} == {True, False}
    for bar, patch in zip(bars, artists.bars, strict=False):
        assert bool(patch.get_hatch()) == bar.doubtful
        assert (patch.get_linestyle() == "solid") == (bar.step > 0)
    assert any(bar.doubtful for bar in bars) == artists.key.get_visible()


def test_compare_draws_the_values_and_says_the_scores(qtbot, session):
    panel = shown(qtbot, session, theme("light"), LARGE, "compare")
    chosen = ("polyester-600d-oxford-pu", "nylon-420d-packcloth-pu", "nylon-30d-ripstop-sil")
    session.compare(chosen)
    paint(panel)
    artists = drawn(panel)
    seen = [text.get_text() for text in texts(panel)]
    for number, key in enumerate(chosen):
        row = session.table.index[key]
        line = artists.profiles[number].line
        assert np.array_equal(line.get_ydata(), session.answer.values.typical[row])
        assert words.number(float(session.answer.ranking.scores[row]), 3) in seen
        lacking = set(artists.profiles[number].missed.get_xdata().tolist())
        missed = {CRITERIA.index(_criterion(d.property)) for d, miss in session.answer.misses(row) if miss is not None}
        assert lacking == missed
    looks = {
        (p.met.get_marker(), str(p.line.get_linestyle()), p.line._dash_pattern[1] is None) for p in artists.profiles[:3]
    }
    assert len(looks) == 3
    assert not any(p.line.get_visible() for p in artists.profiles[3:])


def _criterion(key: str) -> str:
    from advisor.properties import properties

    return properties()[key].criterion


def test_compare_greys_what_nothing_is_asked_of(qtbot, session):
    panel = shown(qtbot, session, theme("light"), key="compare")
    assert "nothing asked" not in [text.get_text() for text in texts(panel)]
    session.update("drop", demands={demand.property: None for demand in session.answer.demands})
    session.flush()
    paint(panel)
    free = session.answer.values.free
    assert free
    runs = chart_compare.free_runs(free)
    assert sum(last - first + 1 for first, last in runs) == len(free)
    assert [text.get_text() for text in texts(panel)].count("nothing asked") == len(runs)


def test_map_puts_every_known_figure_in_its_place(qtbot, session):
    panel = shown(qtbot, session, theme("light"), LARGE, "map")
    artists = drawn(panel)
    table = session.table
    mass, abrasion = (chart_map.figures(table, key) for key in ("areal_mass_g_m2", "abrasion_cycles"))
    known = np.isfinite(mass) & np.isfinite(abrasion)
    rows, points = artists.bubble_rows, artists.bubbles
    assert sorted(rows.tolist()) == np.flatnonzero(known).tolist()
    order = np.argsort(mass[known])
    assert (np.diff(artists.x[known][order]) >= 0).all()
    assert np.allclose(points.get_offsets(), np.stack((artists.x[rows], artists.y[rows]), axis=1))
    hollow = points.get_facecolors()[:, 3] == 0
    assert np.array_equal(hollow, ~session.answer.screen.passes[rows])


def test_map_draws_the_demand_and_the_limit_of_its_axes(qtbot, session):
    session.update("limit", limits=(Limit(property="areal_mass_g_m2", at_most=250.0),))
    session.flush()
    panel = shown(qtbot, session, theme("light"), LARGE, "map")
    seen = [text.get_text() for text in texts(panel)]
    level = next(d.level for d in session.answer.demands if d.property == "abrasion_cycles")
    assert f"demand ≥ {words.figure('abrasion_cycles', level)}" in seen
    assert f"limit ≤ {words.figure('areal_mass_g_m2', 250.0)}" in seen


def test_hull_holds_every_point_and_takes_its_corners_from_them():
    points = np.random.default_rng(1).normal(size=(400, 2))
    corners = chart_map.hull(points)
    edges = np.roll(corners, -1, axis=0) - corners
    for corner, edge in zip(corners, edges, strict=True):
        away = points - corner
        assert (edge[0] * away[:, 1] - edge[1] * away[:, 0] >= -1e-9).all()
    assert all((points == corner).all(axis=1).any() for corner in corners)


def test_end_labels_are_spread_and_keep_their_order():
    assert spread([0.5, 0.5, 0.5], 0.1, 0, 1) == pytest.approx([0.4, 0.5, 0.6])
    found = spread([0.0, 0.02, 0.9, 0.0], 0.15, 0.0, 1.0)
    assert min(np.diff(sorted(found))) >= 0.15 - 1e-9 and min(found) >= 0 and max(found) <= 1
    crowd = spread([1.0] * 6, 0.15, 0.0, 1.0)
    assert max(crowd) <= 1 and min(np.diff(sorted(crowd))) >= 0.15 - 1e-9


def test_short_names_still_tell_materials_apart():
    assert short_names(["A 600D, PU", "B 420D, PU"]) == ["A 600D", "B 420D"]
    assert short_names(["A 600D, PU", "A 600D, TPU"]) == ["A 600D, PU", "A 600D, TPU"]


# --- live -------------------------------------------------------------------------------------------------------------


def _state(panel: ChartPanel) -> bytes:
    return bytes(np.asarray(panel.canvas().buffer_rgba()).tobytes())


@pytest.mark.parametrize("key", KEYS)
def test_a_priority_moves_the_chart_without_a_full_draw(qtbot, session, key):
    panel = shown(qtbot, session, theme("light"), key=key)
    session.select("polyester-600d-oxford-pu")
    paint(panel)
    canvas = panel.canvas()
    before, draws = _state(panel), canvas.full_draws
    for value in (5.5, 6.0, 7.0, 8.5, 10.0):
        prioritise(session, "lightness", value)
        paint(panel)
    assert _state(panel) != before
    assert canvas.full_draws == draws


def test_only_the_chart_on_screen_is_drawn(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    other = panel.canvas("map")
    prioritise(session, "lightness", 9.0)
    paint(panel)
    assert other.full_draws == 0
    panel.show_chart("map")
    paint(panel)
    assert other.full_draws == 1
    assert other.answer is session.answer


def test_a_hidden_panel_catches_up_when_it_is_shown(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    panel.hide()
    session.select("polyester-600d-oxford-pu")
    panel.show()
    paint(panel)
    assert panel.canvas().view.selected == session.table.index["polyester-600d-oxford-pu"]


def test_another_table_is_drawn_and_a_lost_selection_survives(qtbot, session):
    panel = shown(qtbot, session, theme("light"), key="map")
    session.select("polyester-600d-oxford-pu")
    session.compare(("polyester-600d-oxford-pu", "nylon-420d-packcloth-pu"))
    session.use_table(session.table.take([0, 1, 2, 3]), "fewer")
    session.flush()
    for key in KEYS:
        panel.show_chart(key)
        paint(panel)
        assert panel.canvas().answer is session.answer


def test_another_theme_redraws_in_its_colours(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    panel.apply_theme(theme("dark"))
    paint(panel)
    pixel = np.asarray(panel.canvas().buffer_rgba())[2, 2, :3]
    assert "#" + "".join(f"{part:02x}" for part in pixel) == theme("dark").panel


def test_an_error_in_a_chart_reaches_the_excepthook_once(qtbot, session, monkeypatch):
    panel = shown(qtbot, session, theme("light"))
    assert panel.isVisible()
    heard: list[type] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: heard.append(kind))

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(chart_why, "move", broken)
    prioritise(session, "water", 9.0)
    prioritise(session, "water", 8.0)
    assert heard == [ZeroDivisionError]


# --- linked -----------------------------------------------------------------------------------------------------------


def _point(panel: ChartPanel, row: int) -> QPoint:
    canvas = panel.canvas()
    x, y = drawn(panel).axes.transData.transform((drawn(panel).x[row], drawn(panel).y[row]))
    scale = canvas.figure.dpi / 72
    return QPoint(round(x / scale), round(canvas.height() - y / scale))


@pytest.fixture
def tips(monkeypatch) -> list[str]:
    """What tool tips would say."""
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, widget: said.append(text))
    return said


def test_a_click_on_the_map_selects_and_the_pointer_hovers(qtbot, session, tips):
    panel = shown(qtbot, session, theme("light"), LARGE, "map")
    row = session.table.index["nylon-70d-taffeta-pu"]
    at = _point(panel, row)
    near = chart_map.row_at(drawn(panel), at.x(), at.y())
    panel.canvas().pointed.emit(near, panel.canvas().mapToGlobal(at))
    assert session.selection.hovered == session.table.ids[near]
    assert session.table.names[near] in tips[-1]
    qtbot.mouseClick(panel.canvas(), Qt.MouseButton.LeftButton, pos=at)
    assert session.selection.material == session.table.ids[near]
    assert near is not None and np.hypot(*(np.array(_point(panel, near).toTuple()) - at.toTuple())) <= 10
    tip = chart_map.tip(session.answer, panel.view(), row, panel.canvas().style_.speech)
    assert "Nylon 70D taffeta, PU" in tip
    assert (
        words.figure("areal_mass_g_m2", float(session.table.typical[row, session.table.column("areal_mass_g_m2")]))
        in tip
    )
    assert session.table.grade(row, "areal_mass_g_m2") in tip


def test_arrow_keys_on_a_chart_go_through_the_ranking(qtbot, session):
    panel = shown(qtbot, session, theme("light"), key="map")
    order = session.answer.ranking.order
    for key, place in ((Qt.Key.Key_Up, 0), (Qt.Key.Key_Down, 1), (Qt.Key.Key_Down, 2), (Qt.Key.Key_Up, 1)):
        qtbot.keyClick(panel.canvas(), key)
        assert session.selected_row() == order[place]


def test_the_pointer_elsewhere_does_not_redraw_a_chart_that_does_not_show_it(qtbot, session):
    panel = shown(qtbot, session, theme("light"), key="compare")
    view = panel.canvas().view
    session.hover("nylon-70d-taffeta-pu")
    assert panel.canvas().view is view


def test_a_click_beside_every_point_selects_nothing(qtbot, session):
    panel = shown(qtbot, session, theme("light"), LARGE, "map")
    qtbot.mouseClick(panel.canvas(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert session.selection.material == ""


def test_both_ends_of_why_are_chosen_by_list(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    upper, lower = (
        next(combo for combo in panel.findChildren(MaterialCombo) if combo.accessibleName() == name)
        for name in ("Material explained", "Material it is measured against")
    )
    for combo in (upper, lower):
        combo.fill()
        assert combo.count() > 20
    lower.activated.emit(5)
    assert session.rival_row() == session.answer.ranking.order[5]
    assert session.selected_row() == session.answer.ranking.order[0]
    upper.fill()
    upper.activated.emit(3)
    assert session.selected_row() == session.answer.ranking.order[3]
    assert session.rival_row() == session.answer.ranking.order[5]
    assert lower.currentText() == session.table.names[int(session.answer.ranking.order[5])]


def test_axes_and_scales_of_the_map_are_chosen_by_list(qtbot, session):
    panel = shown(qtbot, session, theme("light"), key="map")
    combo = next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == "Across")
    place = combo.findData("price_usd_m2")
    combo.setCurrentIndex(place)
    combo.activated.emit(place)
    show = next(b for b in panel.findChildren(QToolButton) if b.accessibleName() == "What the map shows")
    log = next(entry for entry in show.menu().actions() if entry.text() == "Across: log scale")
    log.setChecked(False)
    paint(panel)
    assert panel.view().x == "price_usd_m2" and not panel.view().log_x
    assert "Fabric price, USD/m²" in [text.get_text() for text in texts(panel)]


@pytest.mark.parametrize("x", ["cold_flex_c", "recycled_content_pct", "mildew_rating", "air_permeability_l_m2_s"])
def test_axes_with_zero_or_less_are_drawn_too(session, x):
    view = View(selected=0, x=x, y="tear_strength_n", ranges=True)
    for size in ((820, 212), (300, 160)):
        assert picture(chart_map, session.answer, view, theme("light"), size)[:4] == b"\x89PNG"


def test_compare_menu_adds_and_takes_away_between_two_and_six(qtbot, session):
    panel = shown(qtbot, session, theme("light"), key="compare")
    controls: Any = panel.controls["compare"]
    controls._fill()
    entry = next(a for a in controls.menu.actions() if a.isCheckable() and not a.isChecked())
    controls._chosen(entry)
    assert len(session.selection.compared) == 4
    session.compare(session.selection.compared[:2])
    controls._fill()
    assert not any(a.isEnabled() for a in controls.menu.actions() if a.isChecked())


# --- nothing to show --------------------------------------------------------------------------------------------------


def _one_material(tmp_path: Path) -> Path:
    path = tmp_path / "one.csv"
    path.write_text("id,name,family,areal_mass_g_m2\nonly,Only cloth,nylon,100\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("key", KEYS)
def test_one_material_gets_a_chart_or_a_reason(qtbot, tmp_path, monkeypatch, key):
    monkeypatch.setattr(Session, "start_certainty", lambda self: None)
    session = Session(read_table(_one_material(tmp_path)))
    panel = shown(qtbot, session, theme("light"), key=key)
    assert texts(panel)
    assert panel.canvas().accessibleDescription()
    session.close()


@pytest.mark.parametrize("key", KEYS)
def test_nothing_passing_gets_a_chart_or_a_reason(qtbot, session, key):
    panel = shown(qtbot, session, theme("light"), key=key)
    session.update("limit", limits=(Limit(property="areal_mass_g_m2", at_most=1.0),))
    session.flush()
    paint(panel)
    assert session.answer.ranking.passing == 0
    assert texts(panel)
    session.undo()
    session.flush()
    paint(panel)
    assert len(texts(panel)) > 5


# --- table, words, files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_the_table_twin_holds_the_charts_numbers(qtbot, session, key):
    panel = shown(qtbot, session, theme("light"), key=key)
    panel.as_table.setChecked(True)
    paint(panel)
    assert panel.body.currentWidget() is panel.twin
    model = panel.twin.model()
    cells = {str(model.index(r, c).data()) for r in range(model.rowCount()) for c in range(model.columnCount())}
    score = words.number(float(session.answer.ranking.scores[session.selected_row()]), 3)
    assert score in cells
    prioritise(session, "lightness", 9.0)
    now = {str(model.index(r, c).data()) for r in range(model.rowCount()) for c in range(model.columnCount())}
    assert words.number(float(session.answer.ranking.scores[session.selected_row()]), 3) in now
    assert now != cells


def test_the_step_column_of_whys_twin_adds_up(session):
    view = View(selected=int(session.answer.ranking.order[4]), rival=int(session.answer.ranking.order[9]))
    twin = chart_why.table(session.answer, view, chart_style(theme("light")).speech)
    steps = [cell.value for cell in (row[4] for row in twin.rows) if isinstance(cell, Num)]
    assert sum(steps[:-1]) == pytest.approx(steps[-1])
    assert len(steps) == len(CRITERIA) + 1


@pytest.mark.parametrize("key", KEYS)
def test_a_chart_says_itself_in_words(qtbot, session, key):
    panel = shown(qtbot, session, theme("light"), key=key)
    said = panel.canvas().accessibleDescription()
    assert session.table.names[session.selected_row()] in said
    assert panel.canvas().accessibleName()


@pytest.mark.parametrize("key", KEYS)
def test_exports_open(qtbot, session, tmp_path, key):
    panel = shown(qtbot, session, theme("dark"), key=key)
    for kind in ("png", "svg", "csv"):
        panel.export(tmp_path / f"chart.{kind}")
    assert (tmp_path / "chart.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    root = ET.fromstring((tmp_path / "chart.svg").read_text(encoding="utf-8"))
    said = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert words.criterion("recycled") in said or "Mass per area" in said or "score" in said
    lines = list(csv.reader(io.StringIO((tmp_path / "chart.csv").read_text(encoding="utf-8-sig"))))
    assert len(lines) > 10 and len({len(line) for line in lines}) == 1
    again = (tmp_path / "chart.svg").read_bytes()
    panel.export(tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").read_bytes() == again


def test_an_export_in_an_unknown_format_is_refused(qtbot, session, tmp_path):
    panel = shown(qtbot, session, theme("light"))
    with pytest.raises(AdvisorError, match="not written in this format"):
        panel.export(tmp_path / "chart.bmp")
    assert not list(tmp_path.glob("chart*"))


@pytest.mark.parametrize("key", KEYS)
def test_names_with_any_signs_are_drawn(qtbot, session, tmp_path, key):
    table = session.table.take(range(6))
    names = ("$a_b$ {x} %s", "尼龙 210D, PU", "نايلون 420D", "<b>bold</b> & more", "x" * 300, " ")
    session.use_table(replace(table, names=names), "odd")
    session.flush()
    panel = shown(qtbot, session, theme("light"), key=key)
    for row in range(6):
        session.select(table.ids[row])
        paint(panel)
    for kind in ("png", "svg", "csv"):
        panel.export(tmp_path / f"chart.{kind}")
    ET.fromstring((tmp_path / "chart.svg").read_text(encoding="utf-8"))


def test_no_exported_cell_is_a_formula(qtbot, session, tmp_path, monkeypatch):
    table = session.table.take(range(5))
    evil = replace(table, names=("=1+1", *table.names[1:]))
    session.use_table(evil, "evil")
    session.flush()
    panel = shown(qtbot, session, theme("light"), key="map")
    panel.export(tmp_path / "chart.csv")
    panel.copy_table()
    for content in ((tmp_path / "chart.csv").read_text(encoding="utf-8-sig"), QGuiApplication.clipboard().text()):
        assert "'=1+1" in content


def test_copying_puts_the_table_on_the_clipboard(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    panel.copy_table()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == len(CRITERIA) + 2
    assert {line.count("\t") for line in lines} == {5}


# --- the panel itself -------------------------------------------------------------------------------------------------


def test_every_control_has_a_name_and_a_target_to_hit(qtbot, session, look):
    panel = shown(qtbot, session, look)
    panel.window().setStyleSheet(stylesheet(look) + panel.styleSheet())
    for key in KEYS:
        panel.show_chart(key)
        paint(panel)
        kinds: tuple[Any, ...] = (QComboBox, QToolButton)
        for kind in kinds:
            for control in panel.findChildren(kind):
                if control.isVisible() and control.window() is panel:
                    assert control.accessibleName() or control.text()
                    assert control.height() >= 24 and control.width() >= 24
                    assert panel.rect().contains(control.mapTo(panel, control.rect().center()))


def test_the_panel_mirrors(qtbot, session):
    panel = shown(qtbot, session, theme("light"))
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    paint(panel)
    assert panel.tabs.geometry().center().x() > panel.more.geometry().center().x()


def test_texts_of_charts_are_all_used():
    folder = Path(chart_style_module.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    built = {f"{kind}-{end}" for kind in ("demand", "limit") for end in ("least", "most")} | {
        *(f"{kind}-{what}" for kind in ("grade", "rating") for what in ("unit", "figure")),
    }
    assert [code for code in chart_style_module.TEXTS if source.count(f'"{code}"') < 2 and code not in built] == []


def test_a_panel_let_go_of_is_gone_at_once(qapp, session):
    panel = ChartPanel(session, theme("light"))
    panel.finish_loading()
    for key in KEYS:
        panel.show_chart(key)
        panel.canvas().draw()
    gone = weakref.ref(panel)
    gc.disable()  # a cycle through a widget would only be found by the collector, at a moment Qt may not bear
    try:
        del panel
        assert gone() is None
    finally:
        gc.enable()
    session.select("polyester-600d-oxford-pu")
