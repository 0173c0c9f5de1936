"""Import of a table: seen before it is used, every problem with its cell, remembered columns, undone in one step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, Climate
from advisor.headers import Meaning
from advisor.intake import read_table
from advisor.materials import bundled
from advisor.merge import table_csv
from ui.intake_dialog import IntakeDialog
from ui.own_figures_dialog import OwnFiguresDialog
from ui.session import Session
from ui.theme import stylesheet, theme

PACK = Brief(product="mini-hike-daypack", climate=Climate(place="Lagos"), market=("NG",))
LIGHT = theme("light")

TWELVE = """name,areal_mass_g_m2,tear_strength_n,abrasion_cycles,abrasion_method,hydrostatic_head_mm,spray_rating,Shade
Oxford 600D,260,48,700,Martindale,1500,80,A1
Cordura 500,abc,60,900,ASTM D3884,3000,85,A2
Ripstop 70,70,#N/A,400,ASTM D3884,2000,180,A3
,150,30,300,ASTM D3884,1000,80,A4
Canvas 12oz,12,88,,,300,50,A5
Oxford 600D,265,49,710,Taber,1600,80,A6
Heavy pack,-40,75,1200,ASTM D3884,5000,90,A7
Lining 210,60,12,100,ASTM D3884,500,70
Film laminate,180,12-May,600,ASTM D3884,20000,95,A9
Bubble,9999999999,40,500,ASTM D3884,100,70,A13
"""


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(brief=PACK)
    yield made
    made.close()


@pytest.fixture
def open_dialog(qtbot: QtBot, session: Session, tmp_path: Path):
    """Opens a file in the dialog and waits until it is read."""
    opened: list[IntakeDialog] = []

    def show(path: Path) -> IntakeDialog:
        dialog = IntakeDialog(session, LIGHT, tmp_path / "profiles")
        opened.append(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        with qtbot.waitSignal(dialog.settled, timeout=20_000):
            dialog.open_file(path)
        return dialog

    yield show
    for dialog in opened:
        dialog.reject()


def german_list(tmp_path: Path) -> Path:
    """Masses and prices of bundled cloths as a German office writes them; one mass and every price differ."""
    table = bundled()
    mass = table.typical[:, table.column("areal_mass_g_m2")]
    rows = ["Artikel;Gewicht (g/m²);Preis EUR/m;Farbe"]
    for row in range(8):
        figure = float(mass[row]) + (10.5 if row == 1 else 0)
        rows.append(f"{table.names[row]};{str(figure).replace('.', ',')};{3 + row},25;blau")
    path = tmp_path / "preise.csv"
    path.write_bytes("\r\n".join(rows).encode("cp1252"))
    return path


def change(qtbot: QtBot, dialog: IntakeDialog, work) -> None:
    with qtbot.waitSignal(dialog.settled, timeout=20_000):
        work()


def told(dialog: IntakeDialog) -> list[str]:
    return [dialog.told.problem(row).code for row in range(dialog.told.rowCount())]


def shown(dialog: IntakeDialog, row: int, column: int) -> str:
    return str(dialog.rows.index(row, column).data())


def test_a_semicolon_file_with_decimal_comma_is_shown_as_it_will_be_read(open_dialog, session, tmp_path) -> None:
    before = session.answer
    dialog = open_dialog(german_list(tmp_path))
    assert "decimal comma" in dialog._about.text()
    assert "WINDOWS-1252" in dialog._about.text()
    keys = [column.meaning and column.meaning.key for column in dialog.plan.columns]
    assert keys == ["name", "areal_mass_g_m2", "price_usd_m2", None]
    mass = bundled().typical[0, bundled().column("areal_mass_g_m2")]
    assert shown(dialog, 0, 1) == f"{mass:.0f}"
    assert dialog.mode == "override"
    assert "override those of the bundled table: 1, of 1 materials" in dialog._summary.text()
    assert "no-rate" in told(dialog)
    session.flush()
    assert session.answer is before


def test_used_figures_override_are_marked_and_come_off_by_undo(qtbot, open_dialog, session, tmp_path) -> None:
    dialog = open_dialog(german_list(tmp_path))
    QTest.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    session.flush()
    table = bundled()
    assert session.table.grade(1, "areal_mass_g_m2") == "own"
    assert session.table.grade(0, "areal_mass_g_m2") == table.grade(0, "areal_mass_g_m2")
    assert session.undo_label == "Figures of preise.csv"
    session.undo()
    session.flush()
    assert session.table is table


def test_a_rate_and_a_width_turn_prices_by_length_into_prices_by_area(qtbot, open_dialog, session, tmp_path) -> None:
    dialog = open_dialog(german_list(tmp_path))
    assert not dialog._money.isHidden()
    change(qtbot, dialog, lambda: dialog._rate.setValue(1.1))
    change(qtbot, dialog, lambda: dialog._width.setValue(150))
    assert "no-rate" not in told(dialog)
    price = bundled().column("price_usd_m2")
    assert dialog.reading.table.typical[0, price] == pytest.approx(3.25 * 1.1 / 1.5)
    assert shown(dialog, 0, 2) == f"{3.25 * 1.1 / 1.5:.2f}"
    assert {entry.property for entry in dialog.trial.merged.overrides} == {"price_usd_m2", "areal_mass_g_m2"}


def test_a_workbook_with_units_in_the_header_is_converted(open_dialog, session, tmp_path) -> None:
    path = tmp_path / "lab.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Spring")
    sheet.write_row(0, 0, ["Material", "Weight (oz/yd²)", "Tear strength (lbf)"])
    for number in range(5):
        sheet.write_row(1 + number, 0, [f"Own cloth {number}", 6 + number, 10 + number])
    book.add_worksheet("Autumn")
    book.close()
    dialog = open_dialog(path)
    assert dialog.mode == "replace"
    assert shown(dialog, 0, 1) == "203"
    assert shown(dialog, 0, 2) == "44"
    assert dialog._sheets.count() == 2
    assert "5 materials take the place of" in dialog._summary.text()
    dialog.use.click()
    session.flush()
    assert session.table.names == tuple(f"Own cloth {number}" for number in range(5))


def test_every_problem_is_listed_at_once_and_nothing_can_be_used(open_dialog, session, tmp_path) -> None:
    path = tmp_path / "twelve.csv"
    path.write_text(TWELVE, encoding="utf-8")
    before = session.table
    dialog = open_dialog(path)
    expected = {
        "mixed-methods", "not-a-number", "formula-error", "off-scale", "no-name", "duplicate-id", "impossible",
        "wrong-width", "slipped-unit", "unknown-column",
    }  # fmt: skip
    assert expected <= set(told(dialog))
    assert dialog.told.count() >= 12
    assert not dialog.use.isEnabled()
    assert "keep this table from being used: " in dialog._summary.text()
    dialog.accept()
    assert session.table is before
    assert not session.undo_label


def test_a_click_on_a_problem_jumps_to_its_cell(open_dialog, tmp_path) -> None:
    path = tmp_path / "twelve.csv"
    path.write_text(TWELVE, encoding="utf-8")
    dialog = open_dialog(path)
    row = told(dialog).index("off-scale")
    dialog.problems.clicked.emit(dialog.told.index(row, 0))
    at = dialog.preview.currentIndex()
    assert dialog.rows.headerData(at.row(), Qt.Orientation.Vertical) == "4"
    assert "180" in str(at.data())
    assert "Off the scale" in str(at.data(Qt.ItemDataRole.AccessibleTextRole))
    column = told(dialog).index("unknown-column")
    dialog.problems.clicked.emit(dialog.told.index(column, 0))
    assert dialog.columns.rows[7].meaning.hasFocus()


def test_problems_are_filtered_by_kind(open_dialog, tmp_path) -> None:
    path = tmp_path / "twelve.csv"
    path.write_text(TWELVE, encoding="utf-8")
    dialog = open_dialog(path)
    dialog._filter_buttons["warning"].click()
    assert {dialog.told.problem(row).severity for row in range(dialog.told.rowCount())} == {"warning"}
    dialog._filter_buttons["error"].click()
    assert dialog.told.rowCount() == dialog.told.count("error")
    dialog._filter_buttons[""].click()
    assert dialog.told.rowCount() == dialog.told.count()


def test_a_column_left_out_takes_its_problems_along(qtbot, open_dialog, tmp_path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("name,areal_mass_g_m2,tear_strength_n\nA,200,x\nB,210,40\n", encoding="utf-8")
    dialog = open_dialog(path)
    assert "not-a-number" in told(dialog)
    change(qtbot, dialog, lambda: dialog._column_chosen(2, None))
    assert "not-a-number" not in told(dialog)
    assert dialog.use.isEnabled()


def test_what_is_wrong_can_be_left_out_each_piece_listed(qtbot, open_dialog, session, tmp_path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(TWELVE, encoding="utf-8")
    dialog = open_dialog(path)
    assert dialog.spare.isVisibleTo(dialog) and not dialog.spare.isChecked() and not dialog.use.isEnabled()
    errors = dialog.told.count("error")
    change(qtbot, dialog, dialog.spare.click)
    assert dialog.reading is not None and dialog.reading.table is not None
    assert dialog.told.count("error") == 0 and len(dialog.reading.dropped) == errors
    assert f"listed under Problems: {errors}" in dialog._summary.text()
    with qtbot.waitSignal(session.answered):
        dialog.use.click()
    assert "Cordura 500" in session.answer.table.names and "Oxford 600D" in session.answer.table.names
    row = session.answer.table.names.index("Cordura 500")
    assert np.isnan(session.answer.table.typical[row, session.answer.table.column("areal_mass_g_m2")])
    assert len(session.answer.table.warnings) >= errors
    with qtbot.waitSignal(session.answered):
        session.undo()
    assert session.answer.table is bundled()


def test_choosing_property_and_unit_reads_the_column_anew(qtbot, open_dialog, tmp_path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("name,Zzz\nA,6\nB,7\n", encoding="utf-8")
    dialog = open_dialog(path)
    row = dialog.columns.rows[1]
    change(qtbot, dialog, lambda: row.meaning.chosen.emit("areal_mass_g_m2|typical"))
    assert shown(dialog, 0, 1) == "▲ \u20686\u2069"  # a slipped unit, by the look of it
    change(qtbot, dialog, lambda: row.unit.chosen.emit("oz/yd²"))
    assert shown(dialog, 0, 1) == "203"
    assert dialog.plan.columns[1].meaning == Meaning("areal_mass_g_m2", "typical", "oz/yd²", why="chosen")


def test_the_columns_are_remembered_for_the_next_file_like_it(qtbot, open_dialog, session, tmp_path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("name,Zzz\nA,6\nB,7\n", encoding="utf-8")
    dialog = open_dialog(path)
    row = dialog.columns.rows[1]
    change(qtbot, dialog, lambda: row.meaning.chosen.emit("areal_mass_g_m2|typical"))
    change(qtbot, dialog, lambda: row.unit.chosen.emit("oz/yd²"))
    dialog.accept()
    later = tmp_path / "december.csv"
    later.write_text("name,Zzz\nC,8\n", encoding="utf-8")
    again = open_dialog(later)
    assert shown(again, 0, 1) == "271"
    assert "odd.csv" in again._recalled.text()
    change(qtbot, again, again._forget.click)
    assert again.plan.columns[1].meaning is None


def test_a_table_is_added_below_the_one_that_is_ranked(qtbot, open_dialog, session, tmp_path) -> None:
    path = tmp_path / "more.csv"
    path.write_text("name,areal_mass_g_m2,tear_strength_n\nNew one,200,40\nNew two,210,44\n", encoding="utf-8")
    dialog = open_dialog(path)
    change(qtbot, dialog, lambda: dialog.set_mode("add"))
    assert "2 materials join" in dialog._summary.text()
    dialog.accept()
    session.flush()
    assert session.table.names[-2:] == ("New one", "New two")
    assert session.table.names[: len(bundled())] == bundled().names


def test_ids_that_are_taken_are_told_and_the_other_ways_stay_open(qtbot, open_dialog, session, tmp_path) -> None:
    path = tmp_path / "same.csv"
    path.write_bytes(table_csv(bundled()))
    dialog = open_dialog(path)
    assert dialog.mode == "override"
    assert "Nothing changes" in dialog._summary.text()
    assert not dialog.use.isEnabled()
    change(qtbot, dialog, lambda: dialog.set_mode("add"))
    assert "id-taken" in told(dialog)
    assert not dialog.use.isEnabled()
    change(qtbot, dialog, lambda: dialog.set_mode("replace"))
    assert dialog.use.isEnabled()


def big_file(tmp_path: Path) -> Path:
    path = tmp_path / "big.csv"
    lines = [f"Cloth {number};{100 + number % 300},5;{20 + number % 60}" for number in range(20_000)]
    path.write_text("\n".join(["name;areal_mass_g_m2;tear_strength_n", *lines]), encoding="utf-8")
    return path


def test_a_long_file_is_read_with_progress_and_can_be_stopped(qtbot, session, tmp_path) -> None:
    path = big_file(tmp_path)
    dialog = IntakeDialog(session, LIGHT)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.open_file(path)
    assert dialog.busy
    change(qtbot, dialog, dialog.stop)
    assert not dialog.busy
    assert "Nothing has changed" in dialog._about.text()
    assert not dialog.use.isEnabled()
    done: list[int] = []
    dialog._progress.valueChanged.connect(done.append)
    change(qtbot, dialog, dialog._again.click)
    assert done == sorted(done)
    assert done[-1] == 1000
    assert dialog.rows.rowCount() == 20_000
    assert shown(dialog, 19_999, 1) == f"{100 + 19_999 % 300 + 0.5:.0f}"
    dialog.reject()
    assert session.table is bundled()


def test_closing_while_reading_leaves_nothing_behind(qtbot, session, tmp_path) -> None:
    dialog = IntakeDialog(session, LIGHT)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.open_file(big_file(tmp_path))
    dialog.reject()
    assert not dialog.isVisible()
    assert session.table is bundled()


def test_what_is_no_table_is_refused_with_its_reason(open_dialog, session, tmp_path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(bytes(range(256)) * 40)
    dialog = open_dialog(path)
    assert "Not a table" in dialog._refused.text()
    assert dialog.use.isHidden()
    assert session.table is bundled()
    missing = open_dialog(tmp_path / "nowhere.csv")
    assert "File not readable" in missing._refused.text()


def test_copied_cells_are_read_at_once_and_an_empty_clipboard_asks_for_them(qtbot, session) -> None:
    dialog = IntakeDialog(session, LIGHT)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    QGuiApplication.clipboard().setText("nothing of the kind")
    dialog.paste()
    assert dialog._pages.currentIndex() == 0
    dialog._paste.setPlainText("Name\tMass (g/m²)\nMine\t222\n")
    change(qtbot, dialog, dialog._read_paste.click)
    assert shown(dialog, 0, 1) == "222"
    change(qtbot, dialog, lambda: dialog.paste("Name\tMass (g/m²)\nMine\t223\n"))
    assert shown(dialog, 0, 1) == "223"
    dialog.reject()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_every_control_is_named_and_large_enough(open_dialog, tmp_path, direction) -> None:
    dialog = open_dialog(german_list(tmp_path))
    dialog.setLayoutDirection(direction)
    dialog.setStyleSheet(stylesheet(LIGHT))
    for control in dialog.findChildren(QWidget):
        if isinstance(control, QAbstractButton | QComboBox) and control.isVisibleTo(dialog):
            name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
            if name or isinstance(control, QComboBox):
                assert name
                assert control.height() >= 24, name
    assert dialog.minimumSizeHint().width() <= 1000
    dialog.apply_theme(theme("dark"))
    assert dialog.grab().width() == dialog.width()


def test_own_figures_are_listed_and_taken_back_one_by_one(qtbot, open_dialog, session, tmp_path) -> None:
    dialog = open_dialog(german_list(tmp_path))
    change(qtbot, dialog, lambda: dialog._rate.setValue(1.1))
    change(qtbot, dialog, lambda: dialog._width.setValue(150))
    dialog.accept()
    listed = OwnFiguresDialog(session, LIGHT)
    listed.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(listed)
    listed.show()
    count = listed.figures.model().rowCount()
    assert count == len(session.stock.overrides) == 9
    listed.figures.selectRow(0)
    gone = session.stock.overrides[0]
    listed.take_back.click()
    assert listed.figures.model().rowCount() == count - 1
    row = session.table.index[gone.id]
    place = session.table.column(gone.property)
    assert session.table.typical[row, place] == bundled().typical[row, place]
    listed.take_all.click()
    assert session.table is bundled()
    session.undo()
    session.undo()
    assert len(session.stock.overrides) == count
    listed.accept()


def test_the_ranking_is_that_of_the_same_table_read_without_a_window(open_dialog, session, tmp_path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("name;areal_mass_g_m2;price_usd_m2\nA;200,5;3,1\nB;150;4,2\n", encoding="utf-8")
    open_dialog(path).accept()
    session.flush()
    plain = read_table(path)
    assert np.array_equal(session.table.typical, plain.typical, equal_nan=True)
    assert session.table.sha256 == plain.sha256
