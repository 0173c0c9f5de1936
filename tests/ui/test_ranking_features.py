"""What the ranking offers beyond its order: weakest demand, dominance, an incumbent, filters, columns, a row menu."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from advisor.brief import Brief, Climate, Limit
from advisor.materials import bundled
from advisor.substitutes import departures, distances
from ui import words
from ui.material_panel import MaterialPanel
from ui.ranking_filter import FilterPopup, Span
from ui.ranking_model import Column, Sort
from ui.ranking_rows import column_widths, columns_in
from ui.ranking_table import BEYOND, FILTERS, RankingView
from ui.row_menu import RemarkEditor, RowMenu, row_text
from ui.session import MOST_COLUMNS, Session
from ui.theme import theme

BRIEF = Brief(
    product="hydration-pack",
    climate=Climate(place="Bogotá"),
    limits=(Limit(property="areal_mass_g_m2", at_most=300.0),),
)
SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
TIP = int(Qt.ItemDataRole.ToolTipRole)


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
    made.resize(820, 400)
    made.show()
    return made


def ids(view: RankingView) -> list[str]:
    """Ids in the order shown; "" is the row that parts."""
    return [view.model.material(row) for row in range(view.model.rowCount())]


def text(view: RankingView, row: int, column: Column, role: int = int(Qt.ItemDataRole.DisplayRole)) -> str:
    return str(view.model.index(row, column).data(role))


def named(view: QWidget, name: str) -> QAbstractButton:
    found = [widget for widget in view.findChildren(QAbstractButton) if widget.accessibleName() == name]
    assert len(found) == 1, f"{len(found)} controls are called {name!r}"
    return found[0]


def click(qtbot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


# Order by weakest demand ----------------------------------------------------------------------------------------------


def test_the_weakest_demand_orders_the_list_and_gives_its_places(view, session, qtbot):
    click(qtbot, named(view, "Order: By weakest demand"))
    answer, passing = session.answer, session.answer.ranking.passing
    table = answer.table
    assert ids(view)[:passing] == [table.ids[row] for row in answer.by_weakest.order[:passing].tolist()]
    for row in range(passing):
        place = int(answer.by_weakest.ranks[table.index[ids(view)[row]]])
        assert text(view, row, Column.PLACE).removesuffix("=") == str(place)
    assert "worth" in text(view, 0, Column.PLACE, TIP)
    assert view.order_line.isVisible() and view.order_line.text().startswith("Places by weakest demand")


def test_nothing_else_changes_and_the_way_back_is_a_press(view, session, qtbot):
    before, answer, brief = ids(view), session.answer, session.brief
    scores = {key: text(view, row, Column.SCORE) for row, key in enumerate(before) if key}
    selected = session.selected_row()
    click(qtbot, named(view, "Order: By weakest demand"))
    assert session.answer is answer and session.brief is brief and not session.undo_label
    assert {key: text(view, row, Column.SCORE) for row, key in enumerate(ids(view)) if key} == scores
    assert session.selected_row() == selected
    click(qtbot, named(view, "Back to score"))
    assert ids(view) == before
    assert not view.order_line.isVisible()
    assert named(view, "Order: By score").isChecked()


def test_the_order_by_weakest_demand_follows_a_new_answer_and_says_where_all_are_level(view, session):
    session.order_by("weakest")
    session.update("place", climate=Climate(place="Accra"))
    session.flush()
    assert session.selection.order == "weakest" == view.model.order
    assert session.answer.by_weakest.level
    assert view.order_line.text().startswith("All are level in their weakest demand")


def test_arrows_change_the_order(view, session, qtbot):
    button = named(view, "Order: By score")
    qtbot.keyClick(button, Qt.Key.Key_Right)
    assert session.selection.order == "weakest"


# Dominated ------------------------------------------------------------------------------------------------------------


def test_a_dominated_material_is_marked_and_says_by_whom(view, session):
    answer, marked = session.answer, 0
    for row in range(answer.ranking.passing):
        number = answer.table.index[ids(view)[row]]
        found, facts = answer.dominated(number), view.model.facts(row)
        assert bool(facts.dominated) == (found is not None)
        if found is not None:
            marked += 1
            said = f"no better than {answer.table.names[found.by]} in any criterion"
            assert said in text(view, row, Column.MATERIAL, SPOKEN)
            assert said in text(view, row, Column.MATERIAL, TIP)
    assert 0 < marked < answer.ranking.passing


# The incumbent --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_row_is_painted_to_its_end_also_where_no_column_reaches(view, session, direction):
    # No bar scrolls the pinned row, so it is wider than its columns.
    session.pin(ids(view)[20])
    view.setLayoutDirection(direction)
    QApplication.processEvents()
    rows = view.pinned.viewport()
    taken = sum(view.pinned.columnWidth(column) for column in range(view.incumbent.columnCount()))
    assert taken < rows.width()
    shot = QImage(rows.size(), QImage.Format.Format_RGB32)
    shot.fill(QColor("#ff00ff"))
    rows.render(shot)
    grounds = {shot.pixelColor(x, 4).name() for x in (0, rows.width() - 1)}
    assert grounds == {view.pinned._delegate.grounds()[0].name()}


def test_the_pinned_material_stays_on_top_and_keeps_its_place(view, session):
    before, chosen = ids(view), ids(view)[20]
    session.pin(chosen)
    assert view.pinned.isVisible()
    assert view.incumbent.material(0) == chosen and view.incumbent.rowCount() == 1
    assert ids(view) == before
    assert view.incumbent.facts(0).place == view.model.facts(20).place
    view.list.verticalScrollBar().setValue(view.list.verticalScrollBar().maximum())
    assert view.pinned.geometry().bottom() < view.list.geometry().top()
    session.pin("")
    assert not view.pinned.isVisible() and view.incumbent.rowCount() == 0


@pytest.mark.parametrize("beyond", BEYOND)
def test_rows_name_clear_differences_and_the_tip_names_all(view, session, beyond):
    chosen = ids(view)[0]
    session.pin(chosen)
    session.differ_beyond(beyond)
    table = session.answer.table
    incumbent, seen = table.index[chosen], 0
    for row in range(1, session.answer.ranking.passing):
        number = table.index[ids(view)[row]]
        found = departures(table, number, incumbent, beyond / 100)
        sub, tip = view.model.facts(row).sub, text(view, row, Column.MATERIAL, TIP)
        for item in found:
            share = f"{words.short(item.property)} {words.number(100 * item.share, signed=True)} %"
            assert (share in sub) != item.doubtful
            assert share in tip
            seen += 1
        if not any(not item.doubtful for item in found):
            assert sub == f"no clear difference over {beyond} %"
    assert seen


def test_the_nearest_substitutes_come_first(view, session):
    chosen = ids(view)[5]
    session.pin(chosen)
    view.sort_by_nearness()
    answer, passing = session.answer, session.answer.ranking.passing
    apart = distances(answer.values.typical, answer.ranking.weights, answer.table.index[chosen])
    shown = [apart[answer.table.index[key]] for key in ids(view)[:passing]]
    assert ids(view)[0] == chosen
    assert shown == sorted(shown)
    session.pin("")
    assert view.model.sorting is None and not view.sort_line.isVisible()


def test_the_chip_says_how_much_and_its_cross_lets_go(view, session, qtbot):
    session.pin(ids(view)[3])
    chip = view.strip.chip("pin")
    assert chip is not None and chip.text() == "Differences over 25 %"
    menu = view._pin_menu()
    assert [action.text() for action in menu.actions()[:3]] == [f"Show differences over {at} %" for at in BEYOND]
    menu.actions()[0].trigger()
    assert session.selection.beyond == 10
    assert view.strip.chip("pin").text() == "Differences over 10 %"
    menu.close()
    qtbot.keyClick(view.strip.chip("pin"), Qt.Key.Key_Delete)
    assert session.selection.pinned == "" and view.strip.chip("pin") is None


def test_the_material_panel_pins_what_it_shows(session, qtbot):
    panel = MaterialPanel(session, theme("light"))
    qtbot.addWidget(panel)
    panel.show()
    material = session.answer.table.ids[session.selected_row()]
    button = next(found for found in panel.findChildren(QAbstractButton) if found.text() == "Pin")
    click(qtbot, button)
    assert session.selection.pinned == material and button.isChecked()
    assert "Let go" in button.toolTip()
    click(qtbot, button)
    assert session.selection.pinned == "" and not button.isChecked()


def test_a_pin_goes_with_a_table_that_lacks_the_material(view, session):
    session.pin(ids(view)[0])
    gone = session.answer.table.index[session.selection.pinned]
    rest = np.setdiff1d(np.arange(len(bundled())), [gone])
    session.use_table(bundled().take(rest.tolist()), "Table")
    session.flush()
    assert session.selection.pinned == "" and not view.pinned.isVisible()


# Filters and sort keys ------------------------------------------------------------------------------------------------


@pytest.fixture
def popup(view, session) -> Iterator[FilterPopup]:
    session.ascertain()
    made = view.open_filters(FILTERS, view.filter_button)
    yield made
    made.close()


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
@pytest.mark.parametrize("number", range(len(FILTERS)))
def test_a_handle_narrows_the_rows_and_leaves_places_alone(view, session, qtbot, popup, number):
    places = {key: text(view, row, Column.PLACE) for row, key in enumerate(ids(view)) if key}
    one = popup.filters[number]
    handle = one.slider.handles()[0]
    qtbot.keyClick(handle, Qt.Key.Key_PageUp)
    low = round(one.slider.values()[0], one.field.decimals)
    figures = view.model.field(FILTERS[number]).figures
    expected = {session.answer.table.ids[row] for row in np.flatnonzero(figures >= low).tolist()}
    assert set(filter(None, ids(view))) == expected
    assert 0 < len(expected) < len(places)
    assert all(text(view, row, Column.PLACE) == places[key] for row, key in enumerate(ids(view)) if key)
    chip = view.strip.chip(FILTERS[number])
    assert chip is not None and words.number(low, one.field.decimals) in chip.text()
    chip.removed.emit()
    assert set(filter(None, ids(view))) == set(places) and view.strip.chip(FILTERS[number]) is None


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_the_histogram_says_how_many_it_lets_through_and_who_is_hidden_without_a_figure(view, session, popup):
    one = popup.filters[0]
    one.slider.handles()[0]._user_place(0.5, snap=False)
    kept = len([key for key in ids(view) if key])
    said = one.bars.accessibleName()
    screened = len(session.answer.table) - session.answer.ranking.passing
    assert f"{kept} materials" in said and f"{screened} without the figure hidden" in said
    one.clear()
    assert view.model.filters == {}


def test_a_filter_holds_what_it_prints(view, session):
    """The lowest score shown, as printed, lets the row through whose score prints so."""
    passing = session.answer.ranking.passing
    shown = text(view, passing - 1, Column.SCORE)
    view._put_filters({"score": Span(None, float(shown))})
    assert ids(view)
    assert {text(view, row, Column.SCORE) for row, key in enumerate(ids(view)) if key} == {shown}


def test_one_press_clears_all_filters_and_filters_stay_through_a_new_answer(view, session, qtbot):
    everything = ids(view)
    view._put_filters({"price": Span(None, 1.0), "areal_mass_g_m2": Span(100.0, None)})
    narrowed = set(filter(None, ids(view)))
    session.update("recycled", priorities={"recycled": 10.0})
    session.flush()
    assert set(filter(None, ids(view))) == narrowed
    session.undo()
    session.flush()
    click(qtbot, named(view, "Clear filters"))
    assert ids(view) == everything and not view.clear_link.isVisible()


def test_where_it_is_narrow_filters_share_a_chip_that_clears_them(view):
    everything = ids(view)
    view._put_filters({"price": Span(None, 1.0), "areal_mass_g_m2": Span(100.0, None)})
    assert view.strip.chip("price") is not None and view.strip.chip("filters") is None
    view.resize(600, 400)
    chip = view.strip.chip("filters")
    assert view.strip.chip("price") is None and chip is not None
    assert chip.text() == "2 filters" and "≤ 1.00" in chip.toolTip()
    chip.removed.emit()
    assert ids(view) == everything and view.strip.chip("filters") is None


def test_filters_that_leave_nothing_say_so(view, qtbot):
    view._put_filters({"price": Span(1e6, None)})
    assert view.model.rowCount() == 0 and view.empty.isVisible()
    click(qtbot, view.empty.link)
    assert view.model.rowCount()


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_a_heading_opens_its_own_histogram(view, qtbot):
    qtbot.keyClick(named(view, "Sort by price"), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    found = [popup for popup in view.findChildren(FilterPopup) if popup.isVisible()]
    assert [one.field.key for one in found[0].filters] == ["price"]
    found[0].close()


def test_shift_adds_a_sort_key(view, session, qtbot):
    click(qtbot, named(view, "Sort by demands met"))
    qtbot.mouseClick(named(view, "Sort by price"), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    assert view.model.sorts == (Sort("demands", True), Sort("price", False))
    answer = session.answer
    price = answer.table.typical[:, answer.table.column("price_usd_m2")]
    rows = view.model.table_rows()[: answer.ranking.passing].tolist()
    keys = [(-int(answer.met[row]), float(np.nan_to_num(price[row], nan=np.inf))) for row in rows]
    assert keys == sorted(keys)
    assert view.sort_line.text().startswith("Sorted by demands, highest first; ")
    assert named(view, "Sort by price").accessibleDescription() == "sorted, lowest first, key 2"
    qtbot.mouseClick(named(view, "Sort by price"), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    assert view.model.sorts == (Sort("demands", True), Sort("price", True))
    qtbot.keyClick(named(view, "Sort by price"), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert view.model.sorts == (Sort("demands", True),)
    click(qtbot, named(view, "Sort by price"))
    assert view.model.sorts == (Sort("price", False),)


# Columns and remarks --------------------------------------------------------------------------------------------------


def test_chosen_properties_become_columns_that_sort_and_show_the_tables_figures(view, session, qtbot):
    session.show_columns(("areal_mass_g_m2", "cold_flex_c"))
    assert view.model.columnCount() == len(Column) + 2
    table = session.answer.table
    for number, key in enumerate(("areal_mass_g_m2", "cold_flex_c")):
        figures = table.typical[:, table.column(key)]
        for row in (0, 7, view.model.rowCount() - 1):
            index = view.model.index(row, len(Column) + number)
            figure = float(figures[table.index[ids(view)[row]]])
            shown = "ask mill" if np.isnan(figure) else words.number(figure)
            assert index.data() == shown
            assert shown in index.data(SPOKEN) or "ask the mill" in index.data(SPOKEN)
            assert words.label(key) in index.data(TIP).replace("&amp;", "&")
    click(qtbot, named(view, "Sort by " + words.label("areal_mass_g_m2")))
    rows = view.model.table_rows()[: session.answer.ranking.passing]
    masses = table.typical[rows, table.column("areal_mass_g_m2")]
    assert list(masses) == sorted(masses, reverse=True)
    session.show_columns(())
    assert view.model.columnCount() == len(Column) and view.model.sorting is None
    assert view.header.properties == ()


def test_columns_beyond_the_room_wait_for_a_wider_window(view, session):
    keys = ("areal_mass_g_m2", "cold_flex_c", "tear_strength_n", "abrasion_cycles", "moq_m")
    session.show_columns(keys)
    assert session.selection.columns == keys[:MOST_COLUMNS]
    view.resize(640, 400)
    few = len(view.model.columns)
    assert few < MOST_COLUMNS and "wider window" in view.columns_button.toolTip()
    view.resize(1100, 400)
    assert view.model.columns == keys[:MOST_COLUMNS] and "wider" not in view.columns_button.toolTip()
    view.resize(640, 400)
    assert len(view.model.columns) == few


@pytest.mark.parametrize("total", [560, 810, 1000, 1600])
@pytest.mark.parametrize("wanted", range(MOST_COLUMNS + 1))
def test_columns_fill_the_width_and_leave_room_for_names(total, wanted):
    extra = columns_in(total, wanted)
    widths = column_widths(total, extra)
    assert sum(widths) == total and len(widths) == len(Column) + extra
    assert not extra or widths[Column.MATERIAL] >= 184


def test_the_menu_of_columns_takes_and_gives_back(view, session):
    menu = view.columns_menu()
    leaf = next(
        action
        for sub in menu.actions()
        if sub.menu() is not None
        for action in sub.menu().actions()
        if action.data() == "tear_strength_n"
    )
    leaf.trigger()
    assert session.selection.columns == ("tear_strength_n",)
    menu.close()
    menu = view.columns_menu()
    next(action for action in menu.actions() if action.data() == "").trigger()
    assert session.selection.columns == ()
    menu.close()


def test_a_remark_stands_in_the_row_and_goes_with_the_brief(view, session):
    key = ids(view)[2]
    session.remark(key, "  sample\nordered ")
    assert session.remarks == {key: "sample ordered"}
    assert view.model.facts(2).sub.startswith("“sample ordered”")
    assert "Your remark: sample ordered" in text(view, 2, Column.MATERIAL, TIP)
    assert "sample ordered" in text(view, 2, Column.MATERIAL, SPOKEN)
    assert session.undo_label == "Remark"
    session.undo()
    assert session.remarks == {} and "sample" not in view.model.facts(2).sub
    session.remark(key, "again")
    session.new()
    assert session.remarks == {}


# The row menu ---------------------------------------------------------------------------------------------------------


def choose(view: RankingView, material: str, start: str) -> None:
    """Choose the enabled entry that begins so from the menu of a material."""
    menu = view.row_menu(material)
    found = [action for action in menu.actions() if action.text().startswith(start)]
    assert len(found) == 1 and found[0].isEnabled()
    found[0].trigger()
    menu.close()


def test_the_menu_compares_measures_and_pins(view, session):
    keys = ids(view)
    choose(view, keys[4], "Compare")
    assert session.selection.compared == (keys[4],)
    choose(view, keys[4], "Take out")
    assert session.selection.compared == ()
    choose(view, keys[4], "Measure ")
    assert (session.selection.material, session.selection.rival) == (keys[0], keys[4])
    choose(view, keys[6], "Pin")
    assert session.selection.pinned == keys[6]
    choose(view, keys[6], "Unpin")
    assert session.selection.pinned == ""
    choose(view, keys[6], "Find its nearest")
    assert session.selection.pinned == keys[6] == ids(view)[0]
    assert view.model.sorts == (Sort("near", False),)


def test_the_worst_miss_becomes_a_limit_that_can_be_undone(view, session):
    answer = session.answer
    row = next(row for row in answer.ranking.passing_rows().tolist() if answer.worst_miss(row) is not None)
    key = answer.worst_miss(row).property
    choose(view, answer.table.ids[row], "Make its worst miss a limit")
    session.flush()
    assert session.brief.limits[-1].property == key
    demand = next(demand for demand in answer.asked if demand.property == key)
    limit = session.brief.limits[-1]
    assert (limit.at_least if demand.sense == "at_least" else limit.at_most) == pytest.approx(demand.level, rel=0.01)
    assert session.undo_label.startswith("Limit: ")
    session.undo()
    session.flush()
    assert session.brief == BRIEF


def test_a_material_that_misses_nothing_offers_no_limit(view, session):
    session.update("drop", demands=dict.fromkeys((demand.property for demand in session.answer.demands), None))
    session.flush()
    menu = view.row_menu(ids(view)[0])
    entry = next(action for action in menu.actions() if action.text().startswith("Make its worst"))
    assert not entry.isEnabled()
    menu.close()


def test_a_copied_row_is_a_guarded_table(view, session):
    session.ascertain()
    key = ids(view)[1]
    session.show_columns(("areal_mass_g_m2",))
    session.remark(key, "=HYPERLINK(1)")
    choose(view, key, "Copy row")
    heads, cells = (line.split("\t") for line in QGuiApplication.clipboard().text().splitlines())
    row = dict(zip(heads, cells, strict=True))
    answer, number = session.answer, session.answer.table.index[key]
    assert row["Remark"] == "'=HYPERLINK(1)"
    assert row["Material"] == answer.table.names[number] and row["Id"] == key
    assert float(row["Score"]) == round(float(answer.ranking.scores[number]), 2)
    assert f"{words.label('areal_mass_g_m2')} (g/m²)" in row
    out = row_text(view.model, int(answer.ranking.order[-1])).splitlines()
    assert len(out) == 2 and dict(zip(out[0].split("\t"), out[1].split("\t"), strict=True))["Score"] == ""


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_evidence_opens_as_a_card(view, session):
    menu = view.row_menu(ids(view)[0])
    below = next(action.menu() for action in menu.actions() if action.menu() is not None)
    price = next(action for action in below.actions() if action.text().startswith(words.short("price_usd_m2")))
    assert len(below.actions()) == session.answer.asked_count + 1
    card = menu.open_evidence(str(price.data()).split(":")[1])
    assert session.answer.table.names[session.answer.table.index[ids(view)[0]]] in card.windowTitle()
    card.close()
    menu.close()


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Keyboard, QContextMenuEvent.Reason.Mouse])
def test_the_menu_opens_by_key_on_the_selected_and_by_pointer_on_the_row_under_it(view, session, reason):
    session.select(ids(view)[1])
    at = view.list.visualRect(view.model.index(3, Column.SCORE)).center()
    event = QContextMenuEvent(reason, at, view.list.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.list.viewport(), event)
    menu = next(found for found in view.findChildren(RowMenu) if found.isVisible())
    row = 1 if reason is QContextMenuEvent.Reason.Keyboard else 3
    assert menu.actions()[0].text() == text(view, row, Column.MATERIAL)
    menu.close()


def test_the_parting_row_has_no_menu(view):
    asked: list[str] = []
    view.list.asked.connect(lambda material, _at: asked.append(material))
    view.list.scrollTo(view.model.index(view.model.cut, 0))
    at = QPoint(40, view.list.rowViewportPosition(view.model.cut) + 5)
    QApplication.sendEvent(view.list.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, at))
    assert asked == []


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_a_remark_is_written_in_a_line_at_the_row(view, session, qtbot):
    key = ids(view)[1]
    choose(view, key, "Remark")
    editor = next(found for found in view.findChildren(RemarkEditor) if found.isVisible())
    qtbot.keyClicks(editor.line, "ask for a sample")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert session.remarks == {key: "ask for a sample"}
    choose(view, key, "Change the remark")
    editor = next(found for found in view.findChildren(RemarkEditor) if found.isVisible())
    qtbot.keyClicks(editor.line, "x")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert session.remarks == {key: "ask for a sample"}


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_shift_and_f10_open_the_menu_once(view, session, qtbot):
    session.select(ids(view)[2])
    qtbot.keyClick(view.list, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    at = QPoint(10, 10)
    QApplication.sendEvent(view.list, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, at))
    shown = [found for found in view.findChildren(RowMenu) if found.isVisible()]
    assert [menu.actions()[0].text() for menu in shown] == [text(view, 2, Column.MATERIAL)]
    shown[0].close()


def test_a_word_no_material_bears_is_looked_for_among_trade_names_and_other_languages(view):
    table = view.model.answer.table

    def found(words: str) -> set[str]:
        view.header.search.setText(words)
        return set(ids(view)) - {""}

    fibres = {key: fibre.casefold() for key, fibre in zip(table.ids, table.text["fibre"], strict=True)}
    assert not any("dyneema" in name.casefold() for name in table.names)
    assert "ultra-200" in found("dyneema") <= {key for key, fibre in fibres.items() if "uhmwpe" in fibre}
    assert "nylon-420d-oxford-tpu" in found("nailon") <= {key for key, fibre in fibres.items() if "nylon" in fibre}
    assert found("nailon ripstop") < found("nailon"), "every word counts"
    assert found("nylon") >= found("nailon"), "words that materials bear are found as before"
    assert found("no-such-cloth") == set()
