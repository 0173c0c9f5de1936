"""The Table menu: dialogs open from it, measured figures alone and back, export and template, evidence told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, Climate
from advisor.grades import measured_share, only_grades
from advisor.intake import read_table
from advisor.materials import bundled
from advisor.merge import OwnFigure
from ui import words
from ui.cloth_dialog import ClothDialog
from ui.intake_dialog import IntakeDialog
from ui.laboratory_dialog import LaboratoryDialog
from ui.own_figures_dialog import OwnFiguresDialog
from ui.sample_card import SampleDialog
from ui.session import Session
from ui.theme import theme
from ui.window import MainWindow

PACK = Brief(product="mini-hike-daypack", climate=Climate(place="Lagos"), market=("NG",))


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    session = Session(brief=PACK)
    made = MainWindow(session, theme("light"), state_folder=tmp_path / "state")
    made.documents.ask_unsaved = lambda: QMessageBox.StandardButton.Discard  # type: ignore[method-assign]
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    yield made
    made.close()


def opened(window: MainWindow, kind: type[QDialog]) -> QDialog:
    found = [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]
    assert len(found) == 1
    return found[0]


def test_measured_figures_alone_and_all_of_them_again(window: MainWindow) -> None:
    action, session = window._actions["measured"], window.session
    action.trigger()
    session.flush()
    assert action.isChecked()
    plain = only_grades(bundled(), "AB")
    assert np.array_equal(session.answer.table.typical, plain.typical, equal_nan=True)
    assert "A and B alone" in window._table_button.text()
    session.undo()
    session.flush()
    assert not action.isChecked()
    assert session.table is bundled()
    session.redo()
    session.flush()
    action.trigger()
    session.flush()
    assert session.table is bundled()
    assert not action.isChecked()


def test_the_status_line_tells_what_the_first_place_rests_on(window: MainWindow) -> None:
    answer = window.session.answer
    share = measured_share(answer, int(answer.ranking.order[0]))
    assert window._evidence.text() == (
        f"Evidence behind first place: {words.number(100 * share)} % measured or supplier"
    )
    window._actions["measured"].trigger()
    window.session.flush()
    answer = window.session.answer
    share = measured_share(answer, int(answer.ranking.order[0]))
    assert f"{words.number(100 * share)} %" in window._evidence.text()
    window.session.use_table(bundled().take(()), "Nothing")
    window.session.flush()
    assert window._evidence.text() == ""


def test_own_figures_are_counted_on_the_table_button(window: MainWindow) -> None:
    session = window.session
    figure = OwnFigure(session.table.ids[0], "price_usd_m2", 3.0)
    session.use_stock(session.stock.with_figures([figure]), "Price")
    session.flush()
    assert window._table_button.text().startswith("Table: bundled")
    assert window._table_button.text().endswith(" + 1 own")


def test_dialogs_open_from_the_menu(window: MainWindow) -> None:
    menu = window._table_button.menu()
    names = [action.text() for action in menu.actions() if action.text()]
    assert names == [
        "Bundled table", "Open a table…", "Paste a table…", "Add quotes…", "Design a cloth…",
        "Enter lab report…", "Sample…", "Own figures…", "Measured and supplier figures alone (A, B)",
        "What changed since…", "Missing figures: worse end", "Missing figures: mean",
        "Missing figures: better end", "Export the table…", "Blank template…",
    ]  # fmt: skip
    for name, kind in (
        ("cloth", ClothDialog), ("report", LaboratoryDialog), ("sample", SampleDialog), ("own", OwnFiguresDialog),
    ):  # fmt: skip
        window._actions[name].trigger()
        opened(window, kind).reject()
    QGuiApplication.clipboard().setText("")
    window._actions["paste"].trigger()
    opened(window, IntakeDialog).reject()


def test_a_dropped_table_is_shown_before_it_is_used(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("name,areal_mass_g_m2\nMine,222\n", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none))
    dialog = opened(window, IntakeDialog)
    assert isinstance(dialog, IntakeDialog)
    qtbot.waitUntil(lambda: dialog.use.isEnabled(), timeout=20_000)
    assert window.session.table is bundled()
    dialog.use.click()
    window.session.flush()
    assert window.session.table.names == ("Mine",)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_table_is_exported_with_own_figures_and_comes_back_the_same(
    window: MainWindow, tmp_path: Path, ending: str
) -> None:
    session = window.session
    figure = OwnFigure(session.table.ids[0], "areal_mass_g_m2", 199.0)
    session.use_stock(session.stock.with_figures([figure]), "Mass")
    path = tmp_path / f"out.{ending}"
    window.documents.export_table(path)
    again = read_table(path)
    assert again.ids == session.table.ids
    assert again.grade(0, "areal_mass_g_m2") == "own"
    assert np.allclose(again.typical, session.table.typical, equal_nan=True)


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_the_datasheet_marks_an_own_figure_and_takes_it_back(window: MainWindow) -> None:
    session, sheet = window.session, window.material.datasheet
    row = int(session.answer.ranking.order[0])
    first, name = session.table.ids[row], session.table.names[row]
    before = float(session.table.typical[row, session.table.column("price_usd_m2")])
    session.select(first)
    assert not sheet._figures["price_usd_m2"].own
    session.use_stock(
        session.stock.with_figures([OwnFigure(first, "price_usd_m2", before + 1, because="Kano Mills")]),
        f"Price of {name}",
    )
    session.flush()
    line = sheet._figures["price_usd_m2"]
    assert line.own
    assert "your figure over the table's" in line.accessibleName()
    assert not sheet._figures["tear_strength_n"].own
    card = sheet.open_evidence("price_usd_m2")
    assert "stands over the table's" in card.text.toPlainText()
    assert "Kano Mills" in card.text.toPlainText()
    card.close()
    evidence, back = sheet.menu("price_usd_m2").actions()
    assert evidence.isEnabled()
    back.trigger()
    session.flush()
    assert session.table is bundled()
    assert not sheet._figures["price_usd_m2"].own
    assert not sheet.menu("price_usd_m2").actions()[1].isEnabled()
    session.undo()
    session.flush()
    assert sheet._figures["price_usd_m2"].own


def test_the_panel_and_the_status_line_tell_the_same_evidence(window: MainWindow) -> None:
    session = window.session
    for _ in range(2):
        answer = session.answer
        first = int(answer.ranking.order[0])
        session.select(answer.table.ids[first])
        share = f"{words.number(100 * measured_share(answer, first))} %"
        assert window.material.meter.text.startswith(share)
        assert share in window._evidence.text()
        window._actions["measured"].trigger()
        session.flush()
