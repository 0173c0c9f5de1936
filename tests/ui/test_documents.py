"""Files in the real window: projects saved, reopened, recovered and refused; recent files, several briefs, Ctrl+F."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from advisor import archive
from advisor.brief import Brief, Climate
from advisor.builder import ClothSpec
from advisor.files import shipped
from advisor.intake import read_table
from advisor.materials import bundled
from advisor.merge import OwnFigure
from advisor.project import Choice, Decision, KeptQuote, MadeOn, Project, Records, read_project
from advisor.quotes import Quote
from advisor.stock import Stock
from ui.revision_dialog import RevisionDialog
from ui.session import Session
from ui.theme import theme
from ui.window import MainWindow

PACK = Brief(product="mini-hike-daypack", climate=Climate(place="Lagos"), market=("NG",))
Button = QMessageBox.StandardButton


def make(qtbot: QtBot, folder: Path, brief: Brief = PACK) -> MainWindow:
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    made = MainWindow(Session(brief=brief), theme("light"), settings, folder / "state")
    made.documents.ask_unsaved = lambda: Button.Discard  # type: ignore[method-assign]
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    return made


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = make(qtbot, tmp_path)
    yield made
    made.session.close()
    made.close()


def put_in(window: MainWindow, folder: Path) -> None:
    """Put something of every kind into the window, as a user would."""
    session = window.session
    first, second = session.table.ids[:2]
    path = folder / "office.csv"
    path.write_text("id,name,areal_mass_g_m2,price_usd_m2\noffice-1,Office 600D,310,2.1\n", encoding="utf-8")
    stock, _ = session.stock.trial(read_table(path), "add")
    session.use_stock(stock, "Table added")
    session.use_stock(session.stock.with_cloth(ClothSpec(warp_denier=500.0, mass_g_m2=240.0)), "Cloth")
    session.use_stock(session.stock.with_figures([OwnFigure(first, "price_usd_m2", 0.9, because="mill")]), "Price")
    quote = KeptQuote(Quote(second, "Kano Mills", "Oxford", "", "USD", 2.0, "m2"), "remembered")
    session.use_records(session.records.with_quotes([quote]), "Quotes")
    session.remark(second, "ask for a swatch")
    session.update("Sun", priorities={"sun": 9.25})
    session.pin(second)
    session.show_columns(("tear_strength_n",))
    session.flush()


def choose(monkeypatch: pytest.MonkeyPatch, path: Path, kind: str = "") -> list[str]:
    """Let the next save dialog choose a file; the filters it offered are noted."""
    asked: list[str] = []

    def chosen(_parent: Any, _title: str, start: str, kinds: str) -> tuple[str, str]:
        asked.extend([start, kinds])
        return str(path), kind or kinds.split(";;")[0]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", chosen)
    return asked


# Saving and opening ---------------------------------------------------------------------------------------------------


def test_all_that_was_put_in_is_there_again_in_another_window(window, qtbot, tmp_path, monkeypatch) -> None:
    put_in(window, tmp_path)
    session = window.session
    assert window.isWindowModified()
    asked = choose(monkeypatch, tmp_path / "lagos", "Projects (*.project.json)")
    window._actions["save"].trigger()
    assert asked[1].startswith("Projects")
    file = tmp_path / "lagos.project.json"
    assert file.exists()
    assert not window.isWindowModified()
    assert "lagos" in window.windowTitle()
    other = make(qtbot, tmp_path / "second", Brief())
    assert other.documents.open_path(file)
    assert other.notices.text == ""
    again = other.session
    assert again.brief == session.brief
    assert again.records == session.records
    assert again.remarks == {session.table.ids[1]: "ask for a swatch"}
    assert again.selection.pinned == session.table.ids[1]
    assert again.selection.columns == ("tear_strength_n",)
    for name in ("order", "scores", "low", "high", "contributions"):
        assert getattr(again.answer.ranking, name).tobytes() == getattr(session.answer.ranking, name).tobytes()
    assert again.answer.table.sha256 == session.answer.table.sha256
    assert again.ascertain().win_share.tobytes() == session.ascertain().win_share.tobytes()
    assert not again.modified and not again.undo_label
    shown = [other.ranking.model.material(row) for row in range(other.ranking.model.rowCount())]
    assert shown == [window.ranking.model.material(row) for row in range(window.ranking.model.rowCount())]
    saved = file.read_bytes()
    other.documents.save()
    assert file.read_bytes() == saved
    other.close()


def test_a_brief_is_saved_as_a_brief_where_there_is_no_more(window, tmp_path, monkeypatch) -> None:
    asked = choose(monkeypatch, tmp_path / "pack")
    assert window.documents.save()
    assert asked[1].startswith("Briefs")
    assert json.loads((tmp_path / "pack.brief.json").read_text())["format"] == "material-advisor-brief"
    assert window.session.kind == "brief"


def test_a_brief_that_has_become_more_asks_what_to_save(window, tmp_path, monkeypatch) -> None:
    file = tmp_path / "pack.brief.json"
    window.session.save(file)
    put_in(window, tmp_path)
    window.documents.ask_kind = lambda: None
    assert not window.documents.save()
    window.documents.ask_kind = lambda: "brief"
    assert window.documents.save()
    assert "brief alone" in window.notices.text
    assert json.loads(file.read_text())["priorities"] == {"sun": 9.25}
    assert window.session.modified
    choose(monkeypatch, tmp_path / "pack.project.json")
    window.documents.ask_kind = lambda: "project"
    assert window.documents.save()
    assert not window.session.modified
    assert (window.session.path, window.session.kind) == (tmp_path / "pack.project.json", "project")


def test_the_question_what_to_save_is_asked_in_words(window, tmp_path, qtbot) -> None:
    texts: list[str] = []

    def answer() -> None:
        box = next(child for child in window.findChildren(QMessageBox) if child.isVisible())
        texts.extend(button.text() for button in box.buttons())
        next(button for button in box.buttons() if "alone" in button.text()).click()

    QTimer.singleShot(0, answer)
    assert window.documents.ask_kind() == "brief"
    assert any("project" in text for text in texts)


def test_a_file_changed_on_disk_is_not_written_over_unasked(window, tmp_path, monkeypatch) -> None:
    file = tmp_path / "lagos.project.json"
    put_in(window, tmp_path)
    window.session.save(file)
    theirs = Project(Brief(title="theirs")).to_bytes()
    file.write_bytes(theirs)
    window.session.update("Rain", priorities={"water": 1.0})
    documents = window.documents
    documents.ask_changed = lambda path: ""
    assert not documents.save()
    assert file.read_bytes() == theirs
    choose(monkeypatch, tmp_path / "mine.project.json")
    documents.ask_changed = lambda path: "other"
    assert documents.save()
    assert file.read_bytes() == theirs
    assert read_project(tmp_path / "mine.project.json").brief.priorities == {"water": 1.0}
    documents.open_path(file)
    window.session.update("a", title="mine again")
    file.write_bytes(theirs + b" ")
    documents.ask_changed = lambda path: "overwrite"
    assert documents.save()
    assert read_project(file).brief.title == "mine again"


def test_a_newer_project_is_shown_and_never_written_over(window, tmp_path, monkeypatch) -> None:
    file = tmp_path / "later.project.json"
    document = Project(replace(PACK, title="Later")).to_json()
    content = json.dumps({**document, "version": 7, "bags": [1]})
    file.write_text(content)
    assert window.documents.open_path(file)
    assert "newer program" in window.notices.text
    assert "read-only" in window.windowTitle()
    window.session.update("Title", title="Changed")
    choose(monkeypatch, file)
    assert not window.documents.save()
    assert file.read_text() == content
    assert "newer program" in window.notices.text
    choose(monkeypatch, tmp_path / "copy.project.json")
    assert window.documents.save()
    assert read_project(tmp_path / "copy.project.json").brief.title == "Changed"
    assert "read-only" not in window.windowTitle()


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"format": "material-advisor-import-profile"}', '{"format": "material-advisor-project", "version": 1}',
     '{"format": "material-advisor-project", "version": 1, "briefs": [3], "table": 4}'],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_one_line_and_changes_nothing(window, tmp_path, content) -> None:
    put_in(window, tmp_path)
    session = window.session
    before = session.brief, session.stock, session.records, session.answer
    file = tmp_path / "x.project.json"
    file.write_text(content)
    assert not window.documents.open_path(file)
    assert window.notices.text
    assert "\n" not in window.notices.text
    assert (session.brief, session.stock, session.records, session.answer) == before
    assert session.path is None


def test_documents_and_tables_are_told_apart_when_dropped(window, tmp_path) -> None:
    file = tmp_path / "no-ending"
    file.write_bytes(Project(replace(PACK, title="Dropped project")).to_bytes())

    def drop(path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        none = Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
        window.dropEvent(event)

    drop(file)
    assert window.session.title == "Dropped project"
    assert window.session.kind == "project"
    table = tmp_path / "own.csv"
    table.write_text("name,areal_mass_g_m2\nMine,222\n")
    drop(table)
    dialogs = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    assert len(dialogs) == 1
    dialogs[0].reject()


def test_opening_another_document_asks_only_for_what_would_be_lost(window, tmp_path) -> None:
    brief, project = tmp_path / "a.brief.json", tmp_path / "b.project.json"
    brief.write_text(json.dumps(PACK.to_json()))
    project.write_bytes(Project(PACK).to_bytes())
    asked: list[int] = []

    def refuse() -> QMessageBox.StandardButton:
        asked.append(1)
        return Button.Cancel

    window.documents.ask_unsaved = refuse
    first = window.session.table.ids[0]
    window.session.use_stock(window.session.stock.with_figures([OwnFigure(first, "moq_m", 7.0)]), "Own")
    window.documents.drop(brief)  # own figures outside a project stay
    assert not asked
    assert window.session.stock.figures
    assert window.session.modified
    window.documents.drop(project)
    assert asked
    assert window.session.kind == "brief"
    window.documents.ask_unsaved = lambda: Button.Discard
    window.documents.drop(project)
    assert not window.session.stock.figures
    window.session.use_stock(window.session.stock.with_figures([OwnFigure(first, "moq_m", 7.0)]), "Own")
    window.documents.new()
    assert not window.session.stock.figures  # a project's figures go with it


def test_undo_and_the_dirty_mark_cover_tables_remarks_and_quotes(window, tmp_path) -> None:
    window.session.save(tmp_path / "a.project.json")
    put_in(window, tmp_path)
    session = window.session
    whole = session.stock, session.records, session.brief
    while session.undo_label:
        session.undo()
    assert not session.modified
    assert not window._title.toolTip().endswith("not saved")
    while session.redo_label:
        session.redo()
    assert (session.stock, session.records, session.brief) == whole
    assert window._title.toolTip().endswith("not saved")


def test_no_place_change_is_shown_against_another_document(window, tmp_path) -> None:
    file = tmp_path / "b.project.json"
    file.write_bytes(Project(Brief(product="commuter-urban-pack", climate=Climate("Oslo"))).to_bytes())
    changes: list[int] = []
    session = window.session
    session.answered.connect(
        lambda answer: changes.extend(abs(session.place_change(row)) for row in range(len(answer.table)))
    )
    window.documents.open_path(file)
    assert changes and not any(changes)


# Recovery -------------------------------------------------------------------------------------------------------------


def test_a_whole_project_is_offered_after_a_lost_run(window, qtbot, tmp_path) -> None:
    put_in(window, tmp_path)
    recovery = window._recovery
    assert recovery is not None and recovery._lock is not None
    recovery.keep()
    recovery._lock.unlock()  # as a power cut does: the lock goes with the process, the file stays
    session = window.session
    again = make(qtbot, tmp_path, Brief())
    assert "Unsaved work" in again.notices.text
    button = next(one for one in again.notices.findChildren(QPushButton) if one.isVisibleTo(again))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert again.session.answer.ranking.scores.tobytes() == session.answer.ranking.scores.tobytes()
    assert again.session.records == session.records
    assert again.session.modified
    again.close()
    window._recovery = None


# Recent files and several briefs --------------------------------------------------------------------------------------


def test_recent_files_are_offered_and_remembered(window, qtbot, tmp_path) -> None:
    for name in ("one", "two"):
        file = tmp_path / f"{name}.project.json"
        file.write_bytes(Project(replace(PACK, title=name)).to_bytes())
        window.documents.open_path(file)
    window.documents._fill_recent()
    texts = [action.text() for action in window.documents.recent_menu.actions() if action.text()]
    assert texts == ["two.project.json", "one.project.json", "Forget these"]
    (tmp_path / "two.project.json").unlink()
    other = make(qtbot, tmp_path)
    other.documents._fill_recent()
    gone, there, *_ = other.documents.recent_menu.actions()
    assert not gone.isEnabled()
    other.documents.recent_menu.triggered.emit(there)
    assert other.session.title == "one"
    forget = other.documents.recent_menu.actions()[-1]
    other.documents.recent_menu.triggered.emit(forget)
    assert other.documents.recent == ()
    other.close()


def test_a_project_holds_several_briefs_of_which_one_is_worked_on(window, tmp_path, monkeypatch) -> None:
    session, documents = window.session, window.documents
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: ("Lagos", True))
    documents.ask_title()
    assert session.brief.title == "Lagos"

    def pick(text: str) -> None:
        documents._fill_briefs()
        documents.briefs_menu.triggered.emit(
            next(action for action in documents.briefs_menu.actions() if action.text() == text)
        )

    pick("New version of this brief")
    assert [brief.title for brief in session.briefs] == ["Lagos 2", "Lagos"]
    session.update("Dubai", climate=Climate("Dubai"))
    pick("Lagos")
    session.flush()
    assert session.answer.brief.climate.place == "Lagos"
    assert [brief.title for brief in session.briefs] == ["Lagos", "Lagos 2"]
    assert "2 briefs" in window._briefs_button.text()
    session.undo()
    assert session.brief.title == "Lagos 2"
    session.redo()
    file = tmp_path / "both.project.json"
    session.save(file)
    session.new()
    documents.open_path(file)
    assert [brief.climate.place for brief in session.briefs] == ["Lagos", "Dubai"]
    pick("Remove this brief")
    assert [brief.title for brief in session.briefs] == ["Lagos 2"]
    session.undo()
    assert len(session.briefs) == 2


def test_ctrl_f_puts_the_cursor_into_the_search(window, qtbot) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.ranking.header.search.hasFocus()


# What changed since ---------------------------------------------------------------------------------------------------


def older(factor: float) -> Any:
    """The shipped table as an earlier one: the price of the cloth that leads now was another."""
    table = bundled()
    session = Session(brief=PACK)
    row = int(session.answer.ranking.order[0])
    session.close()
    arrays = {}
    for name in ("low", "typical", "high"):
        arrays[name] = getattr(table, name).copy()
        arrays[name][row, table.column("price_usd_m2")] *= factor
    return replace(table, **arrays, sha256="5" * 64, version="2025.03")


def test_a_project_on_another_table_offers_what_changed_since(window, tmp_path) -> None:
    old = older(6.0)
    archive.keep(tmp_path / "state" / "tables" / f"{old.sha256}{archive.SUFFIX}", old)
    first = window.session.answer.table.ids[int(window.session.answer.ranking.order[0])]
    decided = Decision((Choice("body", first, "", 4),), "why not", when="2025-03-01")
    records = Records(made_on=MadeOn("materials.csv", old.sha256), decisions=(decided,))
    file = tmp_path / "old.project.json"
    file.write_bytes(Project(PACK, Stock(bundled()), records).to_bytes())
    assert window.documents.open_path(file)
    assert "another version of the table" in window.notices.text
    button = next(one for one in window.notices.findChildren(QPushButton) if one.isVisibleTo(window))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = next(found for found in window.findChildren(RevisionDialog) if found.isVisible())
    found = dialog.revision
    assert found is not None and not found.holds
    assert found.leads == first
    assert "does not hold" in dialog.verdict.text()
    assert "2025.03" in dialog.about.text()
    cells = [dialog.figures.item(0, column).text() for column in range(5)]
    assert "decides" in cells[4]
    assert dialog.decisions.item(0, 2).text().strip("\u200e") == "4"
    assert dialog.decisions.item(0, 3).text().strip("\u200e") == "1"
    window.session.save(file)
    assert json.loads(file.read_text())["table"]["sha256"] == old.sha256
    dialog.go_on.click()
    assert window.session.records.made_on is None
    window.session.save(file)
    assert json.loads(file.read_text())["table"]["sha256"] == bundled().sha256
    assert window.documents.open_path(file)
    assert window.notices.text == ""


def test_an_older_table_that_is_not_kept_is_asked_for(window, tmp_path) -> None:
    records = Records(made_on=MadeOn("materials.csv", "7" * 64))
    file = tmp_path / "old.project.json"
    file.write_bytes(Project(PACK, Stock(bundled()), records).to_bytes())
    window.documents.open_path(file)
    dialog = window.documents.show_revision()
    assert isinstance(dialog, RevisionDialog)
    assert dialog.revision is None
    assert "not on this computer" in dialog.verdict.text()
    dialog.take(tmp_path / "nothing.csv")
    assert dialog.revision is None
    assert "nothing.csv" in dialog.about.text()
    dialog.take(shipped("data", "datapackage.json"))
    assert dialog.revision is not None and dialog.revision.holds
    assert "same table" in dialog.about.text()
    dialog.close()


def test_saving_a_project_keeps_the_table_it_is_made_on(window, tmp_path, monkeypatch) -> None:
    put_in(window, tmp_path)
    choose(monkeypatch, tmp_path / "p.project.json")
    assert window.documents.save()
    assert (tmp_path / "state" / "tables" / f"{bundled().sha256}{archive.SUFFIX}").exists()
