"""Help: every published case is listed with its result, every key with its command, every source with its terms."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QDialog

from advisor import proof
from advisor.methods import copras
from advisor.proof import prove
from ui.help import AboutDialog, KeysDialog, ProofDialog
from ui.session import Session
from ui.theme import theme
from ui.window import MainWindow


def texts(dialog, column: int) -> list[str]:
    return [dialog.table.item(row, column).text() for row in range(dialog.table.rowCount())]


def test_the_proof_lists_every_case_as_the_command_line_does(qtbot):
    dialog = ProofDialog(theme("light"))
    qtbot.addWidget(dialog)
    dialog.show()
    results = prove()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == len(results), timeout=20_000)
    assert f"{len(results)} of {len(results)}" in dialog.said.text()
    assert texts(dialog, 0) == ["✓ as printed"] * len(results)
    assert texts(dialog, 1) == [result.method for result in results]
    dialog.close()


def test_a_broken_method_is_red_and_stands_first(qtbot, look, monkeypatch):
    def broken(*given):
        right = copras(*given)
        return replace(right, scores=right.scores[::-1].copy())

    monkeypatch.setattr(proof, "copras", broken)
    dialog = ProofDialog(look)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.table.rowCount() > 0, timeout=20_000)
    failed = [result for result in prove() if not result.passed]
    assert len(failed) == 1
    assert f"{len(prove()) - 1} of {len(prove())}" in dialog.said.text() and dialog.said.property("ink") == "bad"
    assert "NOT" in texts(dialog, 0)[0] and texts(dialog, 1)[0] == failed[0].method
    red = [dialog.table.item(row, 0).foreground().color() == look.colour("bad") for row in range(3)]
    assert red == [True, False, False]
    dialog.close()


def test_keys_and_sources_are_listed(qtbot):
    session = Session()
    window = MainWindow(session, theme("light"))
    qtbot.addWidget(window)
    keys = KeysDialog(window.actions(), window)
    assert "Undo" in texts(keys, 1)
    assert all(texts(keys, 0))
    about = AboutDialog(window)
    assert any("Japan Meteorological Agency" in text for text in texts(about, 1))
    assert any("CC BY 4.0" in text for text in texts(about, 1))
    assert "MIT" in about.said.text()
    session.close()


@pytest.mark.parametrize("name", ["proof", "keys", "about"])
def test_the_help_menu_opens_each_sheet(qtbot, name):
    session = Session()
    window = MainWindow(session, theme("light"))
    qtbot.addWidget(window)
    window.show()
    next(action for action in window.actions() if action.objectName() == name).trigger()
    sheets = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    assert len(sheets) == 1
    sheets[0].close()
    session.close()
