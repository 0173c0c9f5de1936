"""The ranking as the user sees it: order, selection, search, sorting, the screened out, the weights bar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QPersistentModelIndex, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from advisor.__main__ import ranking_json
from advisor.answer import Answer
from advisor.brief import Brief, Climate, Limit
from advisor.explanation import banner, group_totals, limit_failure, place_label, remedies
from advisor.materials import Table, bundled
from advisor.properties import CRITERIA, GROUPS
from ui import words
from ui.ranking_header import WeightsBar
from ui.ranking_model import Column, Sort
from ui.ranking_rows import ROW, column_widths
from ui.ranking_table import RankingView
from ui.session import Session
from ui.theme import Theme, theme

BRIEF = Brief(
    product="kids-mini-backpack",
    climate=Climate(place="Accra"),
    limits=(Limit(property="areal_mass_g_m2", at_most=300.0),),
)
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def session(qtbot) -> Iterator[Session]:
    made = Session(brief=BRIEF)
    yield made
    made.close()


@pytest.fixture
def view(session: Session, qtbot) -> RankingView:
    made = RankingView(session, theme("light"))
    qtbot.addWidget(made)
    made.set_motion(False)
    made.resize(820, 362)
    made.show()
    return made


def ids(view: RankingView) -> list[str]:
    """Ids in the order shown; "" is the row that parts."""
    return [view.model.material(row) for row in range(view.model.rowCount())]


def expected(answer: Answer) -> list[str]:
    order = [answer.table.ids[row] for row in answer.ranking.order.tolist()]
    cut = answer.ranking.passing
    return [*order[:cut], "", *order[cut:]] if cut < len(order) else order


def text(view: RankingView, row: int, column: Column, role: int = int(Qt.ItemDataRole.DisplayRole)) -> str:
    return str(view.model.index(row, column).data(role))


def named(view: QWidget, name: str) -> QWidget:
    found = [widget for widget in view.findChildren(QWidget) if widget.accessibleName() == name]
    assert len(found) == 1, f"{len(found)} controls are called {name!r}"
    return found[0]


def current(view: RankingView) -> str:
    return view.model.material(view.list.currentIndex().row())


def prioritise(session: Session, **priorities: float) -> None:
    session.update("priorities", priorities={**session.brief.priorities, **priorities})
    session.flush()


# Order ----------------------------------------------------------------------------------------------------------------


def test_rows_follow_the_order_when_a_priority_moves(view, session):
    assert ids(view) == expected(session.answer)
    before = ids(view)
    prioritise(session, recycled=10.0, lightness=0.0)
    assert ids(view) == expected(session.answer) != before


def test_a_new_order_is_a_layout_change_and_same_order_only_new_data(view, session, qtbot):
    seen: list[str] = []
    model: QAbstractItemModel = view.model
    model.modelReset.connect(lambda: seen.append("reset"))
    model.layoutChanged.connect(lambda: seen.append("layout"))
    model.dataChanged.connect(lambda: seen.append("data"))
    prioritise(session, recycled=10.0, lightness=0.0)
    assert "layout" in seen and "reset" not in seen
    seen.clear()
    session.update("title", title="New")
    session.flush()
    assert "data" in seen and not {"layout", "reset"} & set(seen)


def test_selection_follows_the_material(view, session):
    chosen = ids(view)[4]
    session.select(chosen)
    held = QPersistentModelIndex(view.model.index(4, Column.SCORE))
    prioritise(session, recycled=10.0, lightness=0.0)
    assert current(view) == chosen
    assert view.model.material(held.row()) == chosen
    assert ids(view).index(chosen) != 4


def test_without_a_choice_the_first_place_is_selected(view, session):
    prioritise(session, recycled=10.0, lightness=0.0)
    assert session.selection.material == ""
    assert current(view) == ids(view)[0]


def test_rows_that_move_between_passing_and_screened_out_keep_the_parting_row_between(view, session):
    for ceiling in (300.0, 120.0, 20.0, 5000.0, 300.0):
        session.update("limit", limits=(Limit(property="areal_mass_g_m2", at_most=ceiling),))
        session.flush()
        assert ids(view) == expected(session.answer)
        heights = [view.list.rowHeight(row) for row in range(view.model.rowCount())]
        odd = [row for row, height in enumerate(heights) if height != ROW]
        assert odd == ([view.model.cut] if view.model.cut >= 0 else [])


def test_another_table_takes_the_place_of_the_first(view, session):
    session.select(ids(view)[2])
    table = bundled()
    session.use_table(table.take([5, 3, 9]), "Table")
    session.flush()
    assert [key for key in ids(view) if key] == [key for key in expected(session.answer) if key]
    assert len([key for key in ids(view) if key]) == 3
    session.undo()
    session.flush()
    assert ids(view) == expected(session.answer)


# Numbers --------------------------------------------------------------------------------------------------------------


def test_numbers_shown_are_those_of_the_ranking_in_json(view, session):
    certain = session.ascertain()
    entries = {entry["id"]: entry for entry in ranking_json(session.answer, certain)["ranking"]}
    prices = bundled().typical[:, bundled().column("price_usd_m2")]
    for row, key in enumerate(ids(view)):
        if not key:
            continue
        entry = entries[key]
        facts = view.model.facts(row)
        number = session.answer.table.index[key]
        assert text(view, row, Column.MATERIAL) == entry["name"]
        assert text(view, row, Column.DEMANDS) == f"{entry['demands_met']} of {entry['demands_asked']}"
        assert facts.misses == (entry["worst_miss"] is not None)
        assert facts.gaps == tuple(entry["gaps"])
        assert (facts.low, facts.high) == (entry["score_low"], entry["score_high"])
        assert sum(facts.groups) == pytest.approx(entry["score"], abs=1e-12)
        assert dict(zip(GROUPS, facts.groups, strict=True)) == group_totals(session.answer, number)
        assert text(view, row, Column.PLACE) == place_label(session.answer, certain, number)
        if entry["passes"]:
            assert text(view, row, Column.SCORE) == words.number(entry["score"], 2)
            assert text(view, row, Column.LEADS) == f"{words.number(100 * entry['win_share'])} %"
        else:
            assert text(view, row, Column.SCORE) == text(view, row, Column.LEADS) == "–"
        price = float(prices[number])
        assert text(view, row, Column.PRICE) == ("ask mill" if np.isnan(price) else words.number(price, 2))


def test_every_painted_number_is_there_for_a_screen_reader(view, session):
    session.ascertain()
    for column in (Column.PLACE, Column.DEMANDS, Column.SCORE, Column.LEADS, Column.PRICE):
        shown = text(view, 0, column).removesuffix("=")
        assert shown in text(view, 0, column, SPOKEN)
    bar = text(view, 0, Column.BAR, SPOKEN)
    facts = view.model.facts(0)
    for part in (*facts.groups, facts.low, facts.high):
        assert words.number(part, 2) in bar
    out = len(session.answer.table) - session.answer.ranking.passing
    assert f"{out} materials" in text(view, view.model.cut, Column.PLACE, SPOKEN)


def test_the_tool_tip_holds_name_contributions_misses_and_gaps(view, session):
    answer = session.answer
    first = int(answer.ranking.order[0])
    tip = text(view, 0, Column.BAR, int(Qt.ItemDataRole.ToolTipRole))
    assert answer.table.names[first] in tip
    for criterion, part in zip(CRITERIA, answer.ranking.contributions[first].tolist(), strict=True):
        assert words.criterion(criterion) in tip
        assert words.number(part, 3) in tip
    for _, miss in answer.misses(first):
        assert miss is None or words.words(miss.sentence()) in tip


def test_the_tip_of_leads_in_says_what_was_varied(view, session):
    session.ascertain()
    tip = text(view, 0, Column.LEADS, int(Qt.ItemDataRole.ToolTipRole))
    assert "of 100 trials" in tip and "priorities ±3" in tip


def test_shares_are_marked_as_old_while_new_ones_are_worked_out(view, session):
    session.ascertain()
    assert view.model.current
    shown = text(view, 0, Column.LEADS)
    session.update("title", title="New")
    session.flush()
    assert not view.model.current
    assert text(view, 0, Column.LEADS) == shown
    assert "being worked out" in text(view, 0, Column.LEADS, SPOKEN)
    session.ascertain()
    assert view.model.current


def test_place_changes_are_those_since_the_last_change(view, session):
    before = {key: place for place, key in enumerate(ids(view))}
    prioritise(session, recycled=10.0, lightness=0.0)
    moved = 0
    for row in range(session.answer.ranking.passing):
        key = view.model.material(row)
        change = view.model.facts(row).moved
        assert change == before[key] - row
        moved += change != 0
        if change > 0:
            assert text(view, row, Column.PLACE, SPOKEN).endswith(f"up by {change}")
    assert moved


# Banner ---------------------------------------------------------------------------------------------------------------


def test_the_banner_says_what_the_explanation_says(view, session):
    sentence = banner(session.answer)
    assert sentence is not None
    assert view.banner.isVisible()
    assert view.banner.text() == view.banner.accessibleName() == words.words(sentence)


def test_the_banner_goes_when_a_material_meets_every_demand(view, session):
    dropped = dict.fromkeys((demand.property for demand in session.answer.demands), None)
    session.update("drop", demands=dropped)
    session.flush()
    assert banner(session.answer) is None
    assert not view.banner.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_remedies_open_in_a_small_window(view, session, qtbot):
    qtbot.mouseClick(named(view, "Remedies"), Qt.MouseButton.LeftButton)
    popup = next(widget for widget in view.findChildren(QWidget) if widget.isWindow() and widget.isVisible())
    said = {label.accessibleName() for label in popup.findChildren(QWidget)}
    assert {words.words(remedy) for remedy in remedies(session.answer)} <= said
    popup.close()


def test_no_material_passing_is_said_and_the_nearest_come_first(view, session):
    session.update("limit", limits=(Limit(property="areal_mass_g_m2", at_most=20.0),))
    session.flush()
    assert view.model.cut == 0
    assert view.banner.text() == words.words(banner(session.answer))
    assert not view.banner.link.isVisible()
    assert current(view) == ids(view)[1]


# The screened out -----------------------------------------------------------------------------------------------------


def test_screened_out_rows_say_which_limits_fail_and_by_how_much(view, session):
    answer = session.answer
    for row in range(view.model.cut + 1, view.model.rowCount()):
        number = answer.table.index[view.model.material(row)]
        failures = [
            words.words(limit_failure(answer, number, limit))
            for limit in np.flatnonzero(answer.screen.fails[number]).tolist()
        ]
        chips = view.model.facts(row).chips
        assert chips[0] == (failures[0], "bad")
        if len(failures) == 2:
            assert chips[1] == (failures[1], "bad")
        tip = text(view, row, Column.MATERIAL, int(Qt.ItemDataRole.ToolTipRole))
        for failure in failures:
            assert failure.replace("&", "&amp;") in tip


# Search and sort ------------------------------------------------------------------------------------------------------


def test_search_filters_rows_and_leaves_places_alone(view, session, qtbot):
    places = {view.model.material(row): text(view, row, Column.PLACE) for row in range(view.model.rowCount())}
    search = named(view, "Search materials")
    assert isinstance(search, QLineEdit)
    qtbot.keyClicks(search, "RPET oxford")
    shown = [key for key in ids(view) if key]
    table = session.answer.table
    assert 0 < len(shown) < len(table)
    for key in shown:
        row = table.index[key]
        said = " ".join((key, table.names[row], *(table.text[name][row] for name in ("family", "fibre", "weave"))))
        assert "rpet" in said.casefold() and "oxford" in said.casefold()
        assert text(view, view.model.row_of(key), Column.PLACE) == places[key]
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert ids(view) == expected(session.answer)


def test_search_finds_coatings_and_stays_through_a_new_answer(view, session, qtbot):
    search = named(view, "Search materials")
    qtbot.keyClicks(search, "silicone")
    shown = set(filter(None, ids(view)))
    assert shown
    prioritise(session, recycled=10.0, lightness=0.0)
    assert set(filter(None, ids(view))) == shown


def test_a_search_that_finds_nothing_says_so_and_how_to_go_on(view, session, qtbot):
    search = named(view, "Search materials")
    qtbot.keyClicks(search, "xyzzy")
    assert view.model.rowCount() == 0
    assert named(view, "No material matches “xyzzy”").isVisible()
    qtbot.mouseClick(named(view, "Clear search"), Qt.MouseButton.LeftButton)
    assert ids(view) == expected(session.answer)


@pytest.mark.parametrize(
    "name", ["Sort by price", "Sort by demands met", "Sort by score", "Sort by how often it leads"]
)
def test_sorting_goes_up_down_and_back(view, session, qtbot, name):
    session.ascertain()
    button = named(view, name)
    seen = []
    for _ in range(2):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert view.sort_line.isVisible() and button.accessibleDescription().startswith("sorted")
        seen.append(button.accessibleDescription())
        assert sorted(filter(None, ids(view))) == sorted(session.answer.table.ids)
        assert view.model.cut == session.answer.ranking.passing
    assert len(set(seen)) == 2
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert ids(view) == expected(session.answer)
    assert not view.sort_line.isVisible()


def test_sorting_by_price_puts_what_is_missing_last_either_way(qtbot):
    table = bundled()
    column = table.column("price_usd_m2")
    typical, low, high = table.typical.copy(), table.low.copy(), table.high.copy()
    for figures in (typical, low, high):
        figures[::3, column] = np.nan
    session = Session(table=replace_figures(table, low, typical, high), brief=replace(BRIEF, limits=()))
    view = RankingView(session, theme("light"))
    qtbot.addWidget(view)
    for descending in (False, True):
        view.model.sort_by(Sort("price", descending))
        rows = view.model.table_rows()[: session.answer.ranking.passing]
        prices = typical[rows, column]
        known = prices[~np.isnan(prices)]
        assert np.isnan(prices[len(known) :]).all() and len(known) < len(prices)
        assert list(known) == sorted(known, reverse=descending)
    session.close()


def replace_figures(table: Table, low: np.ndarray, typical: np.ndarray, high: np.ndarray) -> Table:
    return Table(table.name, table.ids, table.names, table.text, low, typical, high, table.grades, table.sha256)


def test_a_gap_is_marked_in_the_row_spoken_and_in_the_tip(qtbot):
    table = bundled()
    column = table.column("tear_strength_n")
    typical, low, high = table.typical.copy(), table.low.copy(), table.high.copy()
    for figures in (typical, low, high):
        figures[:, column] = np.nan
    session = Session(table=replace_figures(table, low, typical, high), brief=BRIEF)
    view = RankingView(session, theme("light"))
    qtbot.addWidget(view)
    assert "tear_strength_n" in view.model.facts(0).gaps
    said = f"ask the mill: {words.short('tear_strength_n')}"
    assert said in text(view, 0, Column.BAR, SPOKEN)
    assert said in text(view, 0, Column.BAR, int(Qt.ItemDataRole.ToolTipRole))
    session.close()


def test_pressing_a_group_of_the_weights_sorts_by_what_it_gives(view, session, qtbot):
    bar = named(view, "Weights of the criterion groups")
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(20, 15))
    assert view.model.sorting == Sort("protection", True)
    rows = view.model.table_rows()[: session.answer.ranking.passing].tolist()
    given = [group_totals(session.answer, row)["protection"] for row in rows]
    assert given == sorted(given, reverse=True)
    qtbot.mouseClick(named(view, "Back to the order"), Qt.MouseButton.LeftButton)
    assert ids(view) == expected(session.answer)


# Selection, comparison, keys ------------------------------------------------------------------------------------------


def spot(view: RankingView, row: int, column: Column = Column.SCORE) -> QPoint:
    return view.list.visualRect(view.model.index(row, column)).center()


def test_a_click_selects_and_solves_nothing(view, session, qtbot):
    answers: list[object] = []
    session.answered.connect(answers.append)
    qtbot.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=spot(view, 3))
    assert session.selection.material == ids(view)[3] == current(view)
    session.flush()
    assert answers == []


def test_control_and_shift_put_materials_into_the_comparison(view, session, qtbot):
    at = view.list.viewport()
    qtbot.mouseClick(at, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spot(view, 2))
    qtbot.mouseClick(at, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spot(view, 4))
    assert session.selection.compared == (ids(view)[2], ids(view)[4])
    assert session.selection.material == ""
    qtbot.mouseClick(at, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spot(view, 2))
    assert session.selection.compared == (ids(view)[4],)
    session.compare(())
    session.select(ids(view)[1])
    qtbot.mouseClick(at, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, spot(view, 3))
    assert session.selection.compared == tuple(ids(view)[1:4])


def test_the_swatch_is_a_tick_for_the_comparison(view, session, qtbot):
    cell = view.list.visualRect(view.model.index(2, Column.MATERIAL))
    swatch = QPoint(cell.left() + 14, cell.center().y())
    qtbot.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=swatch)
    assert session.selection.compared == (ids(view)[2],)
    assert session.selection.material == ""


def test_the_pointer_is_told_to_the_session(view, session, qtbot):
    qtbot.mouseMove(view.list.viewport(), spot(view, 2))
    assert session.selection.hovered == ids(view)[2]


def test_keys_walk_the_rows_and_step_over_the_parting_row(view, session, qtbot):
    rows, keys = view.list, ids(view)
    session.select(keys[0])
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert session.selection.material == keys[1]
    qtbot.keyClick(rows, Qt.Key.Key_Up)
    qtbot.keyClick(rows, Qt.Key.Key_Up)
    assert session.selection.material == keys[0]
    qtbot.keyClick(rows, Qt.Key.Key_End)
    assert session.selection.material == keys[-1]
    qtbot.keyClick(rows, Qt.Key.Key_PageUp)
    assert keys.index(session.selection.material) < len(keys) - 2
    qtbot.keyClick(rows, Qt.Key.Key_Home)
    assert session.selection.material == keys[0]
    cut = view.model.cut
    session.select(keys[cut - 1])
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert session.selection.material == keys[cut + 1]
    qtbot.keyClick(rows, Qt.Key.Key_Up)
    assert session.selection.material == keys[cut - 1]
    qtbot.keyClick(rows, Qt.Key.Key_Space)
    assert session.selection.compared == (keys[cut - 1],)


def test_a_material_selected_elsewhere_comes_into_sight(view, session):
    last = ids(view)[-1]
    session.select(last)
    rect = view.list.visualRect(view.list.currentIndex())
    assert current(view) == last
    assert view.list.viewport().rect().contains(rect.center())


def test_typing_on_the_rows_searches(view, session, qtbot):
    qtbot.keyClick(view.list, Qt.Key.Key_N)
    search = named(view, "Search materials")
    assert isinstance(search, QLineEdit)
    assert search.text() == "n"


# Weights --------------------------------------------------------------------------------------------------------------


def shares(session: Session) -> dict[str, float]:
    weights = session.answer.terms.weights()
    return {group: sum(weights[key] for key in own) for group, own in GROUPS.items()}


def test_dragging_an_edge_moves_weight_between_the_two_groups_beside_it(view, session, qtbot):
    bar = named(view, "Weights of the criterion groups")
    assert isinstance(bar, WeightsBar)
    before, brief = shares(session), session.brief
    edge = bar.edge_at("protection")
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(edge, 15))
    qtbot.mouseMove(bar, QPoint(edge - 30, 15))
    session.flush()
    after = shares(session)
    assert after["protection"] == pytest.approx(before["protection"] - 30 / bar.scale(), abs=0.01)
    assert after["protection"] + after["durability"] == pytest.approx(before["protection"] + before["durability"])
    for group in ("carry", "looks", "planet", "supply"):
        assert after[group] == pytest.approx(before[group])
    qtbot.mouseMove(bar, QPoint(edge, 15))
    session.flush()
    assert session.brief == brief
    qtbot.mouseMove(bar, QPoint(edge + 20, 15))
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(edge + 20, 15))
    session.flush()
    assert shares(session)["protection"] > before["protection"]
    session.undo()
    session.flush()
    assert session.brief == brief


def test_keys_move_weight_too(view, session, qtbot):
    bar = named(view, "Weights of the criterion groups")
    before = shares(session)
    qtbot.keyClick(bar, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    session.flush()
    assert shares(session)["protection"] == pytest.approx(before["protection"] + 0.01)


# Looks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_it_paints_in_both_looks_and_directions(session, qtbot, look: Theme, direction):
    view = RankingView(session, theme("light"))
    qtbot.addWidget(view)
    view.apply_theme(look)
    view.setLayoutDirection(direction)
    view.resize(820, 362)
    view.show()
    session.ascertain()
    prioritise(session, recycled=10.0, lightness=0.0)
    image = view.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, 820, 2) for y in range(60, 340, 2)}
    assert {look.protection, look.panel, look.sel} <= colours


def test_header_and_rows_share_one_scale(view, session):
    bar = named(view, "Weights of the criterion groups")
    cell = view.list.visualRect(view.model.index(0, Column.BAR))
    left = bar.mapTo(view, QPoint(0, 0)).x()
    assert left == view.list.viewport().mapTo(view, cell.topLeft()).x()
    assert bar.width() == cell.width()


@pytest.mark.parametrize("total", [560, 620, 810, 1000, 1600])
def test_columns_fill_the_width(total):
    assert sum(column_widths(total)) == total
    assert min(column_widths(total)) >= 40


def test_every_control_has_a_name_and_room_for_a_finger(view):
    for control in view.findChildren(QWidget):
        if isinstance(control, QAbstractButton | QLineEdit | WeightsBar) and control.isVisible():
            if control.parent() is named(view, "Search materials"):
                continue  # Qt's own clear button carries its action's text
            assert control.accessibleName()
            assert control.height() >= 24 and control.width() >= 24


def test_rows_glide_to_their_new_place_and_not_while_a_button_is_held(session, qtbot, monkeypatch):
    monkeypatch.setattr("ui.ranking_rows.reduced_motion", lambda: False)
    view = RankingView(session, theme("light"))
    qtbot.addWidget(view)
    view.resize(820, 362)
    view.show()
    prioritise(session, recycled=10.0, lightness=0.0)
    assert view.list.gliding()
    qtbot.waitUntil(lambda: not view.list.gliding())
    monkeypatch.setattr("ui.ranking_rows.QGuiApplication.mouseButtons", staticmethod(lambda: Qt.MouseButton.LeftButton))
    prioritise(session, recycled=0.0, lightness=10.0)
    assert not view.list.gliding()


def test_an_empty_table_is_said(qtbot):
    session = Session(table=bundled().take([]), brief=BRIEF)
    view = RankingView(session, theme("light"))
    qtbot.addWidget(view)
    view.show()
    assert named(view, "The table holds no material").isVisible()
    session.close()
