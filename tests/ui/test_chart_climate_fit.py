"""Climate fit: each demand beside what a material has of it, in its unit and on one scale; met and missed as judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolTip

from advisor.brief import Brief, Climate, DemandEdit, Limit
from advisor.materials import Table
from advisor.properties import properties
from advisor.ranking import reaches
from advisor.sentences import Num
from advisor.values import AMPLE_SHARE, UNUSABLE_SHARE, demand_curve
from ui import words
from ui.charts import climate_fit as chart
from ui.charts.look import speech
from ui.charts.panel import ChartPanel
from ui.charts.style import View
from ui.charts.twin import picture
from ui.session import Session
from ui.theme import Theme, theme

SMALL, LARGE = (820, 246), (1200, 420)
CLOTH = "rpet-600d-oxford-pu"


@pytest.fixture
def session(qapp, monkeypatch) -> Iterator[Session]:
    """The real session over the bundled table; win shares are no matter of this chart."""
    monkeypatch.setattr(Session, "start_certainty", lambda self: None)
    made = Session(brief=Brief(product="mini-hike-daypack", climate=Climate(place="Lagos")))
    made.select(CLOTH)
    yield made
    made.close()


def shown(qtbot, session: Session, look: Theme | None = None, size: tuple[int, int] = SMALL) -> ChartPanel:
    panel = ChartPanel(session, look or theme("light"))
    qtbot.addWidget(panel)
    panel.resize(*size)
    panel.show()
    panel.finish_loading()
    panel.show_chart("climate-fit")
    drawn(panel)
    return panel


def drawn(panel: ChartPanel) -> Any:
    QGuiApplication.processEvents()
    panel.grab()
    return panel.canvas().artists


def seen(panel: ChartPanel) -> list[Text]:
    found = [text for axes in panel.canvas().figure.axes for text in axes.texts]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def row_of(panel: ChartPanel, key: str) -> Any:
    return next(row for row in drawn(panel).rows if row.key == key)


def without(table: Table, row: int, key: str) -> Table:
    """The table with one figure not known."""
    column = table.column(key)
    sides = {name: getattr(table, name).copy() for name in ("low", "typical", "high")}
    for side in sides.values():
        side[row, column] = np.nan
    return replace(table, **sides)


# --- the scale --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["Lagos", "Oslo", "Dubai"])
def test_a_share_is_one_or_more_exactly_where_the_demand_is_met(session, place):
    session.update("place", climate=Climate(place=place))
    session.flush()
    answer = session.answer
    for demand in answer.asked:
        for figure in answer.table.typical[:, answer.table.column(demand.property)].tolist():
            if not np.isnan(figure):
                assert (chart.share(demand, figure) >= 1 - 1e-9) == reaches(figure, demand), (demand.property, figure)


def test_unusable_and_ample_stand_where_the_value_curve_has_them(session):
    for demand in session.answer.asked:
        curve = demand_curve(demand)
        ends = dict(zip(curve.value, curve.x, strict=True))
        assert chart.share(demand, ends[0.0]) == pytest.approx(UNUSABLE_SHARE), demand.property
        if ends[1.0] != demand.level:
            assert chart.share(demand, ends[1.0]) == pytest.approx(AMPLE_SHARE), demand.property
        assert chart.share(demand, demand.level) == pytest.approx(1.0)


def test_better_figures_never_reach_less(session):
    for demand in session.answer.asked:
        low, high = properties()[demand.property].plausible or (0.0, 100.0)
        figures = np.linspace(low, high, 60)
        shares = [chart.share(demand, float(figure)) for figure in figures]
        if demand.sense == "at_most":
            shares.reverse()
        assert all(a <= b for a, b in pairwise(shares)), demand.property


# --- the rows ---------------------------------------------------------------------------------------------------------


def printed(key: str, figure: float | None) -> str:
    """A figure as the chart prints it: a grade or rating says that it is one."""
    assert figure is not None
    kind = properties()[key].unit
    text = words.figure(key, figure)
    return f"{kind} {text}" if kind in ("grade", "rating") else text


def test_every_demand_stands_there_with_both_figures_in_their_unit(qtbot, session):
    panel = shown(qtbot, session)
    answer, row = session.answer, session.selected_row()
    assert {found.key for found in drawn(panel).rows} == {demand.property for demand in answer.demands}
    misses = {demand.property: miss for demand, miss in answer.misses(row)}
    for demand in answer.demands:
        own = row_of(panel, demand.property)
        figure = float(answer.table.typical[row, answer.table.column(demand.property)])
        assert own.has.get_text() == printed(demand.property, figure)
        sign = "≥" if demand.sense == "at_least" else "≤"
        assert own.asks.get_text() == f"{sign} {printed(demand.property, demand.level)}"
        assert own.sign.get_text() == ("✓" if misses[demand.property] is None else "✗")
        assert own.grade.get_text() == answer.table.grade(row, demand.property)
    assert f"meets {answer.met[row]} of {answer.asked_count} demands" in drawn(panel).place.get_text()


def test_bars_are_shares_and_whiskers_are_ranges(qtbot, session):
    panel = shown(qtbot, session, size=LARGE)
    artists = drawn(panel)
    spans = [segment for segment in artists.whiskers.get_segments() if segment[0][1] == segment[1][1]]
    for fit in chart.fits(session.answer, session.selected_row()):
        own = row_of(panel, fit.key)
        start, end = own.track
        reached = min(chart.share(fit.demand, fit.typical), chart.REACH)
        assert own.bar.get_width() == pytest.approx(max(reached / chart.REACH * (end - start), 1.5))
        ends = sorted(min(chart.share(fit.demand, side), chart.REACH) for side in (fit.low, fit.high))
        places = [start + (end - start) * value / chart.REACH for value in ends]
        if places[1] - places[0] > 2:
            across = [sorted(segment[:, 0].tolist()) for segment in spans if segment[0][1] == own.y]
            assert any(found == pytest.approx(places) for found in across), fit.key


def test_met_is_filled_and_missed_is_dashed(qtbot, session):
    panel = shown(qtbot, session)
    states = set()
    for fit in chart.fits(session.answer, session.selected_row()):
        bar = row_of(panel, fit.key).bar
        states.add(fit.state)
        assert (bar.get_linewidth() == 0) == (fit.state == "met")
    assert {"met", "could", "missed"} <= states


def test_demands_stand_by_what_drives_them(qtbot, session):
    found = [demand.property for demand in chart.ordered(session.answer.demands)]
    drivers = [chart.driver_of(key) for key in found]
    assert drivers[0] == "driver-rain" and drivers[-1] == "driver-use"
    assert sorted(set(drivers), key=drivers.index) == [key for i, key in enumerate(drivers) if drivers[i - 1] != key]
    shown_ = [text.get_text() for text in seen(shown(qtbot, session))]
    for word in ("rain", "sun", "humidity", "heat", "cold", "dust, salt", "use"):
        assert shown_.count(word) == 1


def test_the_first_place_stands_pale_beside_another_material(qtbot, session):
    panel = shown(qtbot, session)
    first = int(session.answer.ranking.order[0])
    assert session.table.names[first] in drawn(panel).first.get_text()
    assert any(row.pale.get_visible() for row in drawn(panel).rows)
    session.select(session.table.ids[first])
    assert drawn(panel).first.get_text() == ""
    assert not any(row.pale.get_visible() for row in drawn(panel).rows)


def test_a_figure_that_is_not_known_is_said_and_hatched(qtbot, session):
    row = session.selected_row()
    session.use_table(without(session.table, row, "uv_strength_retention_pct"), "gap")
    session.flush()
    panel = shown(qtbot, session)
    own = row_of(panel, "uv_strength_retention_pct")
    assert own.has.get_text() == "not known" and own.sign.get_text() == "?"
    assert not own.bar.get_visible() and own.ground.get_hatch()
    assert "Not known: " in panel.canvas().accessibleDescription()


def test_a_dropped_and_an_unknown_demand_are_shown_as_such(qtbot, session):
    session.update("drop", demands={"hydrostatic_head_mm": None})
    session.flush()
    panel = shown(qtbot, session)
    own = row_of(panel, "hydrostatic_head_mm")
    assert own.asks.get_text() == "dropped" and own.sign.get_text() == ""
    assert not own.bar.get_visible() and own.has.get_text() != "not known"
    demands = tuple(
        replace(demand, level=None) if demand.property == "heat_limit_c" else demand
        for demand in session.answer.demands
    )
    open_ = replace(session.answer, demands=demands)
    fit = next(fit for fit in chart.fits(open_, session.selected_row()) if fit.key == "heat_limit_c")
    assert fit.state == "open"
    assert picture(chart, open_, View(selected=session.selected_row()), theme("light"), SMALL)[:4] == b"\x89PNG"


def test_no_demands_at_all_is_said(qtbot, session):
    bare = replace(session.answer, demands=())
    content = picture(chart, bare, View(selected=0), theme("light"), SMALL, "svg").decode()
    assert "Neither climate nor use asks anything" in content
    assert "Neither climate" in chart.describe(bare, View(selected=0), speech())


def test_a_screened_out_material_still_shows_its_fit(qtbot, session):
    panel = shown(qtbot, session)
    session.update("limit", limits=(Limit(property="areal_mass_g_m2", at_most=1.0),))
    session.flush()
    artists = drawn(panel)
    assert artists.place.get_text().startswith("screened out")
    assert sum(row.bar.get_visible() for row in artists.rows) > 8
    assert artists.first.get_text() == ""


# --- live -------------------------------------------------------------------------------------------------------------


def test_a_climate_slider_moves_bars_and_demands_without_a_full_draw(qtbot, session):
    panel = shown(qtbot, session)
    own = row_of(panel, "hydrostatic_head_mm")
    before, draws = (own.asks.get_text(), own.bar.get_width()), panel.canvas().full_draws
    for month in (430.0, 400.0, 300.0, 200.0):
        inputs = {**session.brief.climate.inputs, "wettest_month_mm": month}
        session.update("rain", key="r", climate=replace(session.brief.climate, inputs=inputs))
        session.flush()
        demand = next(d for d in session.answer.demands if d.property == "hydrostatic_head_mm")
        own = row_of(panel, "hydrostatic_head_mm")
        assert own.asks.get_text() == f"≥ {printed(demand.property, demand.level)}"
    assert (own.asks.get_text(), own.bar.get_width()) != before
    assert panel.canvas().full_draws == draws


def test_blitting_lands_where_a_full_draw_does(qtbot, session):
    panel = shown(qtbot, session)
    session.select("nylon-420d-packcloth-pu")
    drawn(panel)
    canvas = panel.canvas()
    moved = np.asarray(canvas.buffer_rgba()).copy()
    canvas._forget()
    canvas.draw()
    assert (moved != np.asarray(canvas.buffer_rgba())).any(axis=2).mean() < 0.001


def test_a_demand_more_is_drawn_anew(qtbot, session):
    panel = shown(qtbot, session)
    count = len(drawn(panel).rows)
    session.update("ask", demands={"spray_rating": DemandEdit(80.0, "the client asks")})
    session.flush()
    assert len(drawn(panel).rows) == count + 1
    assert row_of(panel, "spray_rating").asks.get_text().startswith("≥ rating 80")


# --- seen and said ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("edited", [False, True], ids=["plain", "edited"])
def test_no_text_leaves_the_figure_or_meets_another(qtbot, session, look, size, edited):
    panel = shown(qtbot, session, look, size)
    if edited:
        session.use_table(without(session.table, session.selected_row(), "tear_strength_n"), "gap")
        session.update("ask", demands={"spray_rating": DemandEdit(80.0, "asked"), "hydrostatic_head_mm": None})
        session.flush()
        drawn(panel)
    found = seen(panel)
    renderer, edge = panel.canvas().get_renderer(), panel.canvas().figure.bbox
    boxes = [(text.get_text(), Text.get_window_extent(text, renderer)) for text in found]
    assert len(boxes) > 60
    assert min(float(text.get_fontsize()) for text in found) >= 11
    for place, (name, box) in enumerate(boxes):
        assert box.x0 >= -0.5 and box.x1 <= edge.x1 + 0.5 and box.y0 >= -0.5 and box.y1 <= edge.y1 + 0.5, name
        for other_name, other in boxes[place + 1 :]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 1 or up <= 1, (name, other_name)


@pytest.mark.parametrize("size", [(300, 160), (500, 200)])
def test_small_pictures_say_what_they_leave_out(session, size):
    content = picture(chart, session.answer, View(selected=0), theme("light"), size, "svg").decode()
    assert "more in the" in content


def test_pointing_at_a_demand_tells_why_it_is_asked(qtbot, session, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, widget: said.append(text))
    panel = shown(qtbot, session)
    canvas, artists = panel.canvas(), drawn(panel)
    names = session.table.names
    for demand in session.answer.demands:
        own = row_of(panel, demand.property)
        at = QPoint(round(own.track[0] + 4), round(canvas.height() - own.y))
        under = chart.row_at(artists, at.x(), at.y())
        assert under == session.selected_row()
        canvas.pointed.emit(under, canvas.mapToGlobal(at))
        for part in (words.words(demand.because), words.label(demand.property), names[session.selected_row()]):
            assert part.replace("&", "&amp;").replace("<", "&lt;") in said[-1]
        assert names[int(session.answer.ranking.order[0])] in said[-1]
    assert session.selection.hovered == CLOTH
    corner = chart.row_at(artists, canvas.width() - 20, 16)
    assert corner == session.answer.ranking.order[0]
    assert chart.row_at(artists, 5, canvas.height() - 4) is None


def test_pointing_at_an_edited_demand_tells_the_formula_too(qtbot, session):
    session.update("set", demands={"hydrostatic_head_mm": DemandEdit(3000.0, "monsoon trips")})
    session.flush()
    panel = shown(qtbot, session)
    own = row_of(panel, "hydrostatic_head_mm")
    y = panel.canvas().height() - own.y
    told = chart.tip_at(drawn(panel), own.track[0] + 2, y, session.answer, panel.view(), speech())
    demand = next(d for d in session.answer.demands if d.property == "hydrostatic_head_mm")
    assert "monsoon trips" in told
    assert words.words(demand.formula_because) in told
    assert words.figure("hydrostatic_head_mm", demand.formula_level) in told


def test_the_twin_holds_every_demand_with_its_reason(qtbot, session):
    panel = shown(qtbot, session)
    twin = panel.twin_of()
    demands = chart.ordered(session.answer.demands)
    assert len(twin.rows) == len(demands) + 1
    for demand, cells in zip(demands, twin.rows, strict=False):
        decimals = properties()[demand.property].decimals
        assert cells[1] == words.label(demand.property)
        assert cells[4] == Num(demand.level, decimals)
        assert cells[-1] == words.words(demand.because)
        column = session.table.column(demand.property)
        assert cells[6] == Num(float(session.table.typical[session.selected_row(), column]), decimals)


def test_the_words_name_every_miss_with_both_figures(qtbot, session):
    panel = shown(qtbot, session)
    said = panel.canvas().accessibleDescription()
    assert session.table.names[session.selected_row()] in said
    for demand, miss in session.answer.misses(session.selected_row()):
        figure = session.table.typical[session.selected_row(), session.table.column(demand.property)]
        sign = "≥" if demand.sense == "at_least" else "≤"
        own, level = printed(demand.property, float(figure)), printed(demand.property, demand.level)
        assert (miss is not None) == (f"{words.label(demand.property)} {own}, asked {sign} {level}" in said)
