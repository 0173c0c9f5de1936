"""Unsaved work: kept within a second, brought back after a lost run, gone after a good end, one slot a window."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from advisor.brief import Brief
from advisor.builder import ClothSpec
from advisor.materials import bundled
from advisor.merge import OwnFigure
from advisor.problems import AdvisorError
from advisor.project import Project
from ui.recovery import MOST_ROWS, Recovery
from ui.session import Session
from ui.theme import theme
from ui.window import MainWindow


@pytest.fixture
def session(qapp):
    made = Session()
    yield made
    made.close()


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("unsaved-*.json"))


def held(path: Path) -> dict[str, Any]:
    """The project a slot holds."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["project"]
    return found


def lose(recovery: Recovery) -> None:
    """End a run as a power cut does: the lock goes with the process, the file stays."""
    assert recovery._lock is not None
    recovery._lock.unlock()
    recovery.deleteLater()


def test_a_change_is_kept_and_a_saved_brief_is_not(session, tmp_path, qtbot):
    recovery = Recovery(session, tmp_path / "state")
    session.update("Water", priorities={"water": 9.0})
    qtbot.waitUntil(lambda: bool(kept(tmp_path / "state")), timeout=5000)
    assert held(kept(tmp_path / "state")[0])["briefs"][0]["priorities"] == {"water": 9}
    session.save(tmp_path / "pack.brief.json")
    qtbot.waitUntil(lambda: not kept(tmp_path / "state"), timeout=5000)
    recovery.close()


def test_a_lost_run_is_brought_back(session, tmp_path):
    folder = tmp_path / "state"
    lost = Recovery(session, folder)
    session.update("Water", priorities={"water": 9.0}, title="Half done")
    lost.keep()
    lose(lost)
    again = Session()
    recovery = Recovery(again, folder)
    assert [found.project.brief.title for found in recovery.found] == ["Half done"]
    recovery.restore()
    assert again.brief == session.brief
    assert again.modified
    assert again.path is None
    assert len(kept(folder)) == 1
    recovery.close()
    again.close()
    assert kept(folder) == []


def test_two_windows_do_not_share_a_slot(session, tmp_path):
    folder = tmp_path / "state"
    other = Session(brief=Brief(product="kids-mini-backpack"))
    first, second = Recovery(session, folder), Recovery(other, folder)
    session.update("a", title="first")
    other.update("b", title="second")
    first.keep()
    second.keep()
    assert {held(path)["briefs"][0]["title"] for path in kept(folder)} == {"first", "second"}
    assert second.found == ()
    first.close()
    second.close()
    other.close()


def test_a_torn_or_foreign_file_is_passed_over(session, tmp_path):
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "unsaved-0.unsaved.json").write_text('{"format": "material-adv')
    (folder / "unsaved-1.brief.json").write_text('{"format": "another"}')
    slot = {"format": "material-advisor-unsaved", "version": 1, "file": "", "file_hash": "", "kind": "project"}
    (folder / "unsaved-2.unsaved.json").write_text(json.dumps({**slot, "project": {"format": "?"}}))
    (folder / "unsaved-3.unsaved.json").write_text(json.dumps({**slot, "file": 7}))
    (folder / "unsaved-4.unsaved.json").write_text(json.dumps(slot))
    (folder / "unsaved-5.unsaved.json").write_text(json.dumps({**slot, "aside": 7, "project": {}}))
    whole = {**slot, "project": Project().to_json()}
    (folder / "unsaved-6.unsaved.json").write_text(json.dumps({**whole, "aside": [["adds", "../x"]]}))
    (folder / "unsaved-7.unsaved.json").write_text(json.dumps({**whole, "aside": [["adds", "gone"]]}))
    recovery = Recovery(session, folder)
    assert recovery.found == ()
    session.update("a", title="mine")
    recovery.keep()
    assert any("mine" in path.read_text() for path in kept(folder))
    recovery.close()


def test_a_folder_that_cannot_be_made_stops_nothing(session, tmp_path):
    (tmp_path / "state").write_text("a file stands here")
    recovery = Recovery(session, tmp_path / "state")
    session.update("a", title="mine")
    recovery.keep()
    recovery.close()


def test_the_window_offers_what_was_kept_and_restores_it(qtbot, session, tmp_path):
    folder = tmp_path / "state"
    lost = Recovery(session, folder)
    session.update("a", title="Half done", product="commuter-urban-pack")
    lost.keep()
    lose(lost)
    again = Session()
    window = MainWindow(again, theme("light"), None, folder)
    window.documents.ask_unsaved = lambda: QMessageBox.StandardButton.Discard  # type: ignore[method-assign]
    qtbot.addWidget(window)
    window.show()
    assert "Unsaved work" in window.notices.text
    button = window.notices.findChildren(QPushButton)[0]
    assert button.isVisibleTo(window)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert again.brief.title == "Half done"
    assert window.notices.text == ""
    window.close()
    assert kept(folder) == []


def test_an_offer_that_is_dismissed_is_forgotten(qtbot, session, tmp_path):
    folder = tmp_path / "state"
    lost = Recovery(session, folder)
    session.update("a", title="Half done")
    lost.keep()
    lose(lost)
    again = Session()
    window = MainWindow(again, theme("light"), None, folder)
    qtbot.addWidget(window)
    window.show()
    window.notices._dismiss()
    assert again.brief == Brief()
    assert kept(folder) == []
    window.close()


def test_the_whole_project_is_brought_back_with_the_file_it_belongs_to(session, tmp_path):
    folder, file = tmp_path / "state", tmp_path / "lagos.project.json"
    lost = Recovery(session, folder)
    first = session.table.ids[0]
    session.update("Title", title="Lagos")
    session.save(file)
    session.use_stock(
        session.stock.with_figures([OwnFigure(first, "price_usd_m2", 9.5)]).with_cloth(ClothSpec(warp_denier=420.0)),
        "Own",
    )
    session.remark(first, "ask again")
    session.flush()
    lost.keep()
    lose(lost)
    again = Session()
    recovery = Recovery(again, folder)
    recovery.restore()
    assert again.answer.ranking.scores.tobytes() == session.answer.ranking.scores.tobytes()
    assert again.remarks == {first: "ask again"}
    assert (again.path, again.kind, again.modified) == (file, "project", True)
    again.save(file)
    assert not again.modified
    assert json.loads(file.read_text())["overrides"][0]["typical"] == 9.5
    recovery.close()
    again.close()


def test_work_brought_back_does_not_go_over_a_file_changed_meanwhile(session, tmp_path):
    folder, file = tmp_path / "state", tmp_path / "lagos.brief.json"
    lost = Recovery(session, folder)
    session.save(file)
    session.update("a", title="mine")
    lost.keep()
    lose(lost)
    file.write_text(json.dumps(Brief(title="theirs").to_json()))
    again = Session()
    recovery = Recovery(again, folder)
    recovery.restore()
    assert (again.path, again.kind) == (file, "brief")
    with pytest.raises(AdvisorError, match="somebody else"):
        again.save(file)
    recovery.close()
    again.close()


def test_a_brief_kept_by_an_earlier_program_is_brought_back(qapp, tmp_path):
    (tmp_path / "unsaved-0.brief.json").write_text(json.dumps(Brief(title="Older").to_json()))
    again = Session()
    recovery = Recovery(again, tmp_path)
    recovery.restore()
    assert again.brief.title == "Older"
    assert again.modified
    recovery.close()
    again.close()
    assert kept(tmp_path) == []


@pytest.mark.parametrize("mode", ["replace", "add"])
def test_long_tables_are_kept_aside_once_and_brought_back(session, tmp_path, mode):
    folder = tmp_path / "state"
    table = bundled()
    rows = [number % len(table) for number in range(MOST_ROWS + 5)]
    ids = tuple(f"own-{number}" for number in range(len(rows)))
    long = table.take(rows)
    long = replace(long, name="long.csv", ids=ids, text={**long.text, "id": ids}, records={}, sha256="8" * 64)
    lost = Recovery(session, folder)
    stock, _ = session.stock.trial(long, mode)
    session.use_stock(stock.with_figures([OwnFigure("own-3", "price_usd_m2", 1.25)]), "Long")
    session.flush()
    lost.keep()
    assert kept(folder)[0].stat().st_size < 5000
    lose(lost)
    again = Session()
    recovery = Recovery(again, folder)
    recovery.restore()
    assert again.table.sha256 == session.table.sha256
    assert again.answer.ranking.scores.tobytes() == session.answer.ranking.scores.tobytes()
    assert again.records == session.records
    assert list((folder / "unsaved-tables").iterdir())
    recovery.close()
    again.close()
    assert not list((folder / "unsaved-tables").iterdir())
