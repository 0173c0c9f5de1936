"""Cloth builder in the window: the row follows the form, every figure names its rule, the cloth joins the ranking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.builder import ClothSpec, as_table, mill_specification, neighbours, predict
from advisor.materials import bundled
from ui import words
from ui.cloth_dialog import START, ClothDialog
from ui.cloth_model import FIGURE, RANGE, REAL, RULE
from ui.session import Session
from ui.theme import Theme, stylesheet, theme

PACK = Brief(product="mini-hike-daypack", climate=Climate(place="Lagos"), market=("NG",))


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(brief=PACK)
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot: QtBot, session: Session) -> Iterator[ClothDialog]:
    made = ClothDialog(session, theme("light"))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.reject()


def cell(dialog: ClothDialog, key: str, column: int) -> str:
    row = next(at for at in range(dialog.model.rowCount()) if dialog.model.key(at) == key)
    return str(dialog.model.index(row, column).data())


def choose(combo: QComboBox, word: str) -> None:
    combo.setCurrentIndex(combo.findData(word))


def test_every_figure_of_the_prediction_stands_there_with_range_and_rule(dialog: ClothDialog) -> None:
    prediction = predict(START)
    for row in range(dialog.model.rowCount()):
        key = dialog.model.key(row)
        found = prediction.cells.get(key)
        if found is None:
            assert cell(dialog, key, FIGURE) == "ask the mill"
            continue
        if found.typical is not None:
            assert cell(dialog, key, FIGURE) == words.figure(key, found.typical)
        rule = prediction.rule(key)
        if rule:
            assert rule.removeprefix("rule-") in cell(dialog, key, RULE)
            assert rule.removeprefix("rule-") in dialog.model.about(row)
        else:
            assert cell(dialog, key, RULE) == "as specified"
    assert cell(dialog, "tear_strength_n", RANGE)


def test_the_row_follows_the_form(qtbot: QtBot, dialog: ClothDialog) -> None:
    before = cell(dialog, "tear_strength_n", FIGURE)
    dialog._warp.setValue(1000)
    qtbot.waitUntil(lambda: cell(dialog, "tear_strength_n", FIGURE) != before)
    figure = predict(ClothSpec("nylon", 1000.0, None, "oxford", None, "PU", "", None, ("DWR",)))
    assert cell(dialog, "tear_strength_n", FIGURE) == words.figure(
        "tear_strength_n", figure.cells["tear_strength_n"].typical
    )
    choose(dialog._coating, "silicone")
    qtbot.waitUntil(lambda: not dialog._chemistry.isEnabled())
    assert "silicone" in dialog._title.text()
    assert dialog.spec().chemistry == ""


def test_the_nearest_real_cloth_stands_beside_it(dialog: ClothDialog) -> None:
    table = bundled()
    near = neighbours(predict(START), table)
    assert dialog._real.currentData() == table.ids[near[0].row]
    assert dialog._real.count() == 3
    mass = table.typical[near[0].row, table.column("areal_mass_g_m2")]
    assert words.figure("areal_mass_g_m2", mass) in cell(dialog, "areal_mass_g_m2", REAL)
    dialog._real.setCurrentIndex(1)
    other = table.typical[near[1].row, table.column("areal_mass_g_m2")]
    assert words.figure("areal_mass_g_m2", other) in cell(dialog, "areal_mass_g_m2", REAL)


def test_what_cannot_be_is_said_at_once_and_can_be_mended(qtbot: QtBot, dialog: ClothDialog) -> None:
    choose(dialog._fibre, "cotton")
    qtbot.waitUntil(lambda: dialog.prediction is None)
    assert "bought by its mass" in dialog._wrong.text()
    assert dialog._wrong.isVisible()
    assert not dialog.add.isEnabled()
    assert not dialog.copy.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    dialog._mass.setValue(400)
    choose(dialog._coating, "wax")
    qtbot.waitUntil(lambda: dialog.prediction is not None)
    assert dialog.add.isEnabled()


def test_a_doubtful_mass_is_warned_of_and_still_worked_out(qtbot: QtBot, dialog: ClothDialog) -> None:
    dialog._mass.setValue(900)
    qtbot.waitUntil(lambda: dialog._wrong.isVisible())
    assert "unusual" in dialog._wrong.text()
    assert dialog.add.isEnabled()


def test_the_place_told_is_the_place_it_takes(dialog: ClothDialog, session: Session) -> None:
    answer = solve(as_table(bundled(), START), PACK)
    place = int(answer.ranking.ranks[-1])
    assert f"place {place} of {answer.ranking.passing}" in dialog._place.text()
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert int(session.answer.ranking.ranks[-1]) == place
    assert session.table.ids[-1] in session.table.predicted
    assert session.selection.material == session.table.ids[-1]
    assert "added" in session.undo_label
    session.undo()
    session.flush()
    assert session.table is bundled()


def test_the_mill_specification_goes_to_the_clipboard(dialog: ClothDialog, session: Session) -> None:
    dialog.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Mill specification: Nylon 420D oxford")
    asked = [demand for demand in session.answer.demands if demand.asked]
    assert asked
    assert "because:" in text
    assert dialog._copied.text() == "Copied."


def test_a_line_says_its_rule_in_full(dialog: ClothDialog) -> None:
    row = next(at for at in range(dialog.model.rowCount()) if dialog.model.key(at) == "tear_strength_n")
    dialog.figures.selectRow(row)
    assert "R5-R6-tear" in dialog._rule.text()
    assert "denier" in dialog._rule.text()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_every_control_is_named_and_large_enough(dialog: ClothDialog, look: Theme, direction) -> None:
    dialog.setLayoutDirection(direction)
    dialog.setStyleSheet(stylesheet(look))
    dialog.apply_theme(look)
    fields = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)
    for control in dialog.findChildren(QWidget):
        if not isinstance(control, fields) or not control.isVisibleTo(dialog):
            continue
        if isinstance(control.parentWidget(), QAbstractSpinBox | QComboBox):
            continue
        name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
        if isinstance(control, QAbstractButton) and not name:
            continue  # the corner of the list
        assert name
        assert control.height() >= 24, name
    assert dialog.minimumSizeHint().width() <= 1000
    assert not dialog.grab().isNull()


def test_the_specification_is_saved_for_the_mill(qtbot: QtBot, tmp_path: Path) -> None:
    session = Session(brief=Brief(product="mini-hike-daypack", climate=Climate("Lagos")))
    dialog = ClothDialog(session, theme("light"))
    qtbot.addWidget(dialog)
    assert dialog.prediction is not None
    dialog.save_specification(tmp_path / "mill.xlsx")
    assert (tmp_path / "mill.xlsx").read_bytes()[:2] == b"PK" and "mill.xlsx" in dialog._copied.text()
    dialog.save_specification(tmp_path / "mill.txt")
    text = (tmp_path / "mill.txt").read_text(encoding="utf-8")
    assert text == mill_specification(dialog.prediction, session.answer.demands) and "tolerance: " in text
    dialog.save_specification(tmp_path / "nowhere" / "mill.xlsx")
    assert dialog._wrong.isVisibleTo(dialog)
    session.close()
