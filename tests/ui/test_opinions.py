"""Opinions: the status line opens a table of methods with their first three and the reason of each that differs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, Climate, Limit
from advisor.opinions import opinions, reason_sentence
from ui import words
from ui.opinions import MethodsLine, OpinionsDialog
from ui.session import Session
from ui.theme import TARGET, Theme
from ui.window import MainWindow

DUBAI = Brief(product="mini-hike-daypack", climate=Climate(place="Dubai"))


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(brief=DUBAI)
    made.flush()
    yield made
    made.close()


def cell(dialog: OpinionsDialog, row: int, column: int) -> str:
    item = dialog.table.item(row, column)
    assert item is not None
    return item.text()


def test_each_method_has_its_first_three_likeness_and_reason(qtbot: QtBot, session: Session) -> None:
    dialog = OpinionsDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    answer = session.answer
    found = opinions(answer)
    assert dialog.table.rowCount() == len(found.opinions) + 1
    assert found.agreeing < len(found.opinions)
    for row, one in enumerate(found.opinions, start=1):
        for place, material in enumerate(one.three):
            assert answer.table.names[material] in cell(dialog, row, 1).split("\n")[place]
        assert cell(dialog, row, 2) == words.number(one.similarity, 2)
        if one.reason is not None:
            assert cell(dialog, row, 4) == words.words(reason_sentence(answer, one.reason))
        else:
            assert "same cloth" in cell(dialog, row, 4)
    session.update("elsewhere", climate=Climate(place="Berlin"))
    session.flush()
    session.ascertain()
    names = session.answer.table.names
    assert names[int(session.answer.ranking.order[0])] in cell(dialog, 0, 1)
    dialog.close()


def test_the_status_line_opens_it_by_mouse_and_by_key(qtbot: QtBot, session: Session, look: Theme) -> None:
    window = MainWindow(session, look)
    qtbot.addWidget(window)
    window.show()
    session.ascertain()
    line = window.findChild(MethodsLine)
    assert line is not None and line.isVisible() and line.height() >= 24
    found = opinions(session.answer)
    assert words.number(found.agreeing) in line.accessibleName()
    assert words.words(found.sentence) in line.accessibleDescription()
    line.click()
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    sheets = [sheet for sheet in window.findChildren(QDialog) if isinstance(sheet, OpinionsDialog)]
    assert len(sheets) == 2
    for sheet in sheets:
        sheet.close()


def test_nothing_is_said_of_methods_where_nobody_is_left_to_compare(
    qtbot: QtBot, session: Session, look: Theme
) -> None:
    window = MainWindow(session, look)
    qtbot.addWidget(window)
    window.show()
    session.ascertain()
    line = window.findChild(MethodsLine)
    assert line is not None and line.isVisible()
    session.update("none", limits=(Limit(property="areal_mass_g_m2", at_most=1.0, judge="always"),))
    session.flush()
    session.ascertain()
    assert not line.isVisible()
    session.undo()  # a window with unsaved work asks before it closes


def test_rows_are_as_high_as_their_text_once_the_window_is_laid_out(qtbot: QtBot, session: Session):
    dialog = OpinionsDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    for row in range(dialog.table.rowCount()):
        need = dialog.table.sizeHintForRow(row)
        assert need <= dialog.table.rowHeight(row) <= need + TARGET
