"""Lab reports and samples in the window: typed, judged, laid over the table, told, undone; and what to test next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, Climate
from advisor.grades import measured_share
from advisor.laboratory import MOST_PHOTO, LabReport, Reading, Result, Sample, effect, effect_sentences, order_sentences
from advisor.merge import OwnFigure
from advisor.problems import Problem
from advisor.turning import probe_sentence, probes
from ui import words
from ui.charts.figures import figure_words, has_own, own_criteria, with_signs
from ui.charts.look import speech
from ui.evidence_section import FIRST_PROBES, EvidenceSection
from ui.laboratory_dialog import LaboratoryDialog, ResultCard, typed_figure, units_for
from ui.material_panel import MaterialPanel
from ui.own_figures_dialog import FROM, OwnFiguresDialog
from ui.ranking_model import Column, RankingModel
from ui.row_menu import RowMenu
from ui.sample_card import SampleDialog, dropped_photo, photo_of
from ui.session import Session
from ui.theme import TARGET, Theme, theme

# Popups ask the window system for the keyboard and to be raised; the offscreen one has neither.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)", extend=True
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Numbers as the domain's own English prints them."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def look() -> Theme:
    return theme("light")


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(brief=Brief(product="mini-hike-daypack", climate=Climate("Lagos")))
    yield made
    made.close()


@pytest.fixture
def first(session: Session) -> str:
    return session.answer.table.ids[int(session.answer.ranking.order[0])]


def opened(session: Session, look: Theme, material: str, qtbot: QtBot, **more: object) -> LaboratoryDialog:
    dialog = LaboratoryDialog(session, look, material, None, **more)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def type_in(card: ResultCard, key: str, **fields: str) -> None:
    card.choose(key)
    for name, text in fields.items():
        card.fields[name].setText(text)
    card.edited.emit()


def fill(dialog: LaboratoryDialog, warp: str, weft: str) -> None:
    for line, text in ((dialog.laboratory, "Intertek Lagos"), (dialog.number, "NG-4711"), (dialog.lot, "L7")):
        line.setText(text)
    type_in(dialog.cards[0], "tear_strength_n", warp=warp, weft=weft)


def settled(dialog: LaboratoryDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog._soon.isActive())


def report(material: str, warp: float = 60.0, weft: float = 40.0) -> LabReport:
    tear = Result("tear_strength_n", "ASTM D2261", "N", Reading(warp), Reading(weft))
    return LabReport(material, "Intertek Lagos", "NG-4711", "2026-03-02", "L7", (tear,))


# The dialog -----------------------------------------------------------------------------------------------------------


def test_a_report_is_judged_as_it_is_typed_and_says_what_it_changed(
    session: Session, look: Theme, first: str, qtbot: QtBot
) -> None:
    dialog = opened(session, look, first, qtbot)
    assert not dialog.enter.isEnabled()
    fill(dialog, "20", "20")
    settled(dialog, qtbot)
    assert dialog.cards[0].said.text().startswith("Tear 20 of 44 N: misses by 24 N")
    qtbot.waitUntil(lambda: "trials" in dialog.told.text(), timeout=20_000)
    assert dialog.told.text().endswith(
        f"takes the first place from {session.answer.table.names[session.answer.table.index[first]]}."
    )
    assert dialog.enter.isEnabled()
    before, certain = session.answer, session.ascertain()
    noted: list[Problem] = []
    session.noted.connect(noted.append)
    dialog.accept()
    found = effect(before, session.answer, first, (certain, session.ascertain()))
    assert found is not None
    told = " ".join(words.words(sentence) for sentence in effect_sentences(found))
    assert [problem.message for problem in noted] == [f"Lab report NG-4711 entered. {told}"]
    assert session.selection.material == first
    table = session.answer.table
    assert table.grade(table.index[first], "tear_strength_n") == "A"
    assert session.undo_label == "Lab report NG-4711 entered"
    session.undo()
    session.flush()
    assert session.answer.table is before.table and session.stock.reports == ()


def test_another_test_is_refused_where_it_is_typed(session: Session, look: Theme, first: str, qtbot: QtBot) -> None:
    dialog = opened(session, look, first, qtbot)
    fill(dialog, "60", "50")
    card = dialog.add_result("abrasion_cycles")
    type_in(card, "abrasion_cycles", single="20000")
    card.method.setEditText("Martindale ISO 12947-2")
    settled(dialog, qtbot)
    assert "another scale" in card.said.text() and "ASTM D3884" in card.said.text()
    assert not dialog.enter.isEnabled()
    card.removed.emit()
    settled(dialog, qtbot)
    assert dialog.enter.isEnabled() and len(dialog.cards) == 1


def test_what_is_no_number_is_named(session: Session, look: Theme, first: str, qtbot: QtBot) -> None:
    dialog = opened(session, look, first, qtbot)
    fill(dialog, "sixty", "40")
    settled(dialog, qtbot)
    assert "Warp" in dialog.cards[0].said.text() and "sixty" in dialog.cards[0].said.text()
    assert not dialog.enter.isEnabled()


def test_a_report_needs_laboratory_and_number(session: Session, look: Theme, first: str, qtbot: QtBot) -> None:
    dialog = opened(session, look, first, qtbot)
    fill(dialog, "60", "50")
    dialog.number.setText("")
    dialog._changed()
    settled(dialog, qtbot)
    assert not dialog.enter.isEnabled() and "Report number" in dialog._wrong.text()


def test_the_first_line_is_about_what_is_asked_or_missed_most(
    session: Session, look: Theme, first: str, qtbot: QtBot
) -> None:
    named = opened(session, look, first, qtbot, about="hydrostatic_head_mm")
    assert named.cards[0].key == "hydrostatic_head_mm"
    worst = session.answer.worst_miss(session.answer.table.index[first])
    assert worst is not None
    plain = opened(session, look, first, qtbot)
    assert plain.cards[0].key == worst.property


def test_changing_a_report_starts_from_it_and_takes_its_place(
    session: Session, look: Theme, first: str, qtbot: QtBot
) -> None:
    session.use_stock(session.stock.with_report(report(first)), "x")
    session.flush()
    dialog = opened(session, look, first, qtbot, report=session.stock.reports[0])
    assert dialog.report() == report(first)
    dialog.cards[0].fields["weft"].setText("50")
    dialog.cards[0].edited.emit()
    settled(dialog, qtbot)
    dialog.accept()
    assert session.stock.reports == (report(first, 60.0, 50.0),)


def test_figures_are_read_in_either_spelling() -> None:
    assert typed_figure("12.5") == 12.5 and typed_figure("12,5") == 12.5
    assert units_for("tensile_strength_n")[0] == "N" and "lbf/in" in units_for("tensile_strength_n")


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_every_control_has_a_name_and_room(
    session: Session, look: Theme, first: str, qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    for dialog in (LaboratoryDialog(session, look, first), SampleDialog(session, look, first)):
        qtbot.addWidget(dialog)
        dialog.setLayoutDirection(direction)
        dialog.show()
        for widget in dialog.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
                inner = isinstance(widget, QLineEdit) and isinstance(widget.parent(), QComboBox)
                assert inner or widget.accessibleName() or getattr(widget, "text", str)(), widget
                assert widget.height() >= (TARGET - 2 if inner else TARGET), widget
        dialog.apply_theme(look)


# The sample -----------------------------------------------------------------------------------------------------------


def picture(wide: int = 1600, high: int = 1200) -> QImage:
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(QColor("#406080"))
    return image


def test_a_sample_is_kept_and_undone(session: Session, look: Theme, first: str, qtbot: QtBot) -> None:
    answer = session.answer
    dialog = SampleDialog(session, look, first)
    qtbot.addWidget(dialog)
    dialog.state.setCurrentIndex(dialog.state.findData("received"))
    dialog.date.setText("2026-02-01")
    dialog.drawer.setText("B 12")
    dialog.hand.setPlainText("crisp")
    dialog.picture.dropped.emit(photo_of(picture()))
    dialog.accept()
    kept = session.stock.sample(first)
    assert kept is not None
    assert (kept.state, kept.drawer, kept.hand, kept.since) == ("received", "B 12", "crisp", "2026-02-01")
    assert 0 < len(kept.photo) <= MOST_PHOTO
    shown = QImage.fromData(kept.photo)
    assert (shown.width(), shown.height()) == (960, 720)
    session.flush()
    assert session.answer.table is answer.table, "nothing is ranked anew"
    again = SampleDialog(session, look, first)
    qtbot.addWidget(again)
    again.state.setCurrentIndex(again.state.findData("approved"))
    again.accept()
    later = session.stock.sample(first)
    assert later is not None and [state for state, _ in later.dates] == ["received", "approved"]
    session.undo()
    session.undo()
    assert session.stock.samples == ()


def test_a_wrong_day_is_not_kept(session: Session, look: Theme, first: str, qtbot: QtBot) -> None:
    dialog = SampleDialog(session, look, first)
    qtbot.addWidget(dialog)
    dialog.date.setText("1.2.26")
    dialog.accept()
    assert session.stock.samples == () and dialog._wrong.text()


def test_only_pictures_become_photos(session: Session, look: Theme, first: str, tmp_path: Path, qtbot: QtBot) -> None:
    good, bad = tmp_path / "cloth.png", tmp_path / "cloth.jpg"
    picture(40, 30).save(str(good))
    bad.write_text("no picture", encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(good))])
    assert dropped_photo(mime)
    mime.setUrls([QUrl.fromLocalFile(str(bad))])
    assert dropped_photo(mime) == b""
    dialog = SampleDialog(session, look, first)
    qtbot.addWidget(dialog)
    dialog.picture.dropped.emit(b"")
    assert dialog._wrong.text()


# The section of the panel ---------------------------------------------------------------------------------------------


@pytest.fixture
def panel(session: Session, look: Theme, qtbot: QtBot) -> MaterialPanel:
    made = MaterialPanel(session, look)
    qtbot.addWidget(made)
    made.resize(276, 632)
    made.show()
    session.ascertain()
    return made


def test_the_meter_says_how_much_is_measured(panel: MaterialPanel, session: Session, first: str) -> None:
    share = measured_share(session.answer, session.answer.table.index[first])
    assert share is not None
    assert panel.meter.text == f"{share * 100:.0f} % of this score rests on measured or supplier figures"
    session.use_stock(session.stock.with_report(report(first)), "x")
    session.flush()
    more = measured_share(session.answer, session.answer.table.index[first])
    assert more is not None and more > share
    session.select(first)
    assert panel.meter.text.startswith(f"{more * 100:.0f} %")


def test_what_to_test_next_is_the_domain_s_list(panel: MaterialPanel, session: Session, qtbot: QtBot) -> None:
    section = panel.evidence
    found = probes(session.answer)
    shown = [line for line in section.probes if not line.isHidden()]
    assert [line.probe for line in shown] == list(found[:FIRST_PROBES])
    assert [line.accessibleName() for line in shown] == [
        words.words(probe_sentence(session.answer, probe)) for probe in found[:FIRST_PROBES]
    ]
    own = sum(probe.row == session.selected_row() for probe in found)
    assert f"{own} of its figures" in section.alarm.text()
    section.copy_order(shown[0])
    expected = [words.words(sentence) for sentence in order_sentences(session.answer, found[0])]
    assert QGuiApplication.clipboard().text().splitlines() == expected
    session.update("Water", priorities={"water": 9.0})
    session.flush()
    assert all(line.dim for line in section.probes) and not shown[0].order.isEnabled()
    qtbot.waitUntil(lambda: session.probes is not None, timeout=20_000)
    assert not any(line.dim for line in section.probes)


def test_a_cloth_far_down_has_no_alarm(panel: MaterialPanel, session: Session) -> None:
    session.select(session.answer.table.ids[int(session.answer.ranking.passing_rows()[-1])])
    assert panel.evidence.alarm.text().startswith("No figure of this cloth")


def test_probes_are_worked_out_only_for_who_looks(session: Session, look: Theme, qtbot: QtBot) -> None:
    hidden = EvidenceSection(session, look)
    qtbot.addWidget(hidden)
    session.ascertain()
    assert session.probes is None


def test_a_figure_to_test_starts_its_report(panel: MaterialPanel, session: Session, qtbot: QtBot) -> None:
    line = panel.evidence.probes[0]
    assert line.probe is not None
    menu = panel.evidence.probe_menu(line)
    assert [action.isEnabled() for action in menu.actions()] == [True, True, True]
    menu.actions()[1].trigger()
    dialog = next(child for child in panel.window().findChildren(LaboratoryDialog))
    assert dialog.cards[0].key == line.probe.property
    dialog.reject()


def test_reports_are_listed_opened_set_aside_and_deleted(panel: MaterialPanel, session: Session, first: str) -> None:
    session.use_stock(session.stock.with_report(report(first)), "x")
    session.flush()
    session.select(first)
    section = panel.evidence
    (line,) = (row for row in section.reports if not row.isHidden())
    assert "NG-4711" in line.accessibleName() and line.counts
    card = section.open_card(line)
    assert card is not None
    text = card.text.toPlainText()
    assert "warp 60 N · weft 40 N" in text and "met by the middle" in text and "lot L7" in text
    card.close()
    section.report_menu(line).actions()[2].trigger()
    session.flush()
    assert session.stock.overrides == () and not line.counts and session.stock.reports
    section.report_menu(line).actions()[3].trigger()
    session.flush()
    assert [mark.report for mark in session.stock.overrides] == [True] and not line.partial
    section.report_menu(line).actions()[4].trigger()
    session.flush()
    assert session.stock.reports == () and line.isHidden()


def test_the_sample_stands_in_the_panel(panel: MaterialPanel, session: Session, first: str) -> None:
    assert panel.evidence.sample.lines()[0] == "No sample yet"
    kept = Sample(first, "approved", "B 12", "crisp", photo_of(picture()), (("approved", "2026-02-01"),))
    session.use_stock(session.stock.with_sample(kept), "x")
    session.flush()
    session.select(first)
    assert panel.evidence.sample.lines() == ("Approved · drawer B 12", "since 2026-02-01 · crisp")
    assert not panel.evidence.sample.photo.isNull()


def test_the_evidence_card_shows_report_and_what_it_stands_over(
    panel: MaterialPanel, session: Session, first: str
) -> None:
    table = session.answer.table
    row = table.index[first]
    base = words.figure("tear_strength_n", float(table.typical[row, table.column("tear_strength_n")]))
    session.use_stock(session.stock.with_report(report(first)), "x")
    session.flush()
    session.select(first)
    line = panel.datasheet._figures["tear_strength_n"]
    assert line.own and base in line.accessibleName() and "lab report" in line.accessibleName()
    card = panel.datasheet.open_evidence("tear_strength_n")
    assert card is not None
    text = card.text.toPlainText()
    assert "lab report NG-4711, Intertek Lagos, 2026-03-02, lot L7" in text and "ASTM D2261" in text
    assert f"Below it, the table: {base}" in text and "rule-R5-R6-tear" in text
    card.close()
    panel.datasheet.menu("tear_strength_n").actions()[1].trigger()
    session.flush()
    assert not session.stock.overrides and not line.own


def test_an_own_figure_shows_what_it_stands_over(panel: MaterialPanel, session: Session, first: str) -> None:
    session.use_stock(session.stock.with_figures([OwnFigure(first, "price_usd_m2", 1.4, because="quote of Ado")]), "x")
    session.flush()
    session.select(first)
    card = panel.datasheet.open_evidence("price_usd_m2")
    assert card is not None
    text = card.text.toPlainText()
    assert "From: quote of Ado" in text and "Below it, the table: " in text
    card.close()


def test_labels_are_buddies_of_their_fields(session: Session, look: Theme, first: str, qtbot: QtBot) -> None:
    dialog = opened(session, look, first, qtbot)
    buddies = {label.buddy() for label in dialog.findChildren(QLabel)}
    assert {dialog.laboratory, dialog.number, dialog.date, dialog.lot} <= buddies


# Marks of overrides ---------------------------------------------------------------------------------------------------


def test_an_override_is_marked_in_the_row_its_tips_and_the_charts(session: Session, first: str, qtbot: QtBot) -> None:
    stock = session.stock.with_report(report(first, 100.0, 90.0))
    session.use_stock(stock.with_figures([OwnFigure(first, "price_usd_m2", 1.25, because="Ado")]), "x")
    session.flush()
    model = RankingModel(session)
    table = session.answer.table
    base = session.stock.under
    row = table.index[first]
    facts = model.facts_of(row)
    tear = words.figure("tear_strength_n", float(base.typical[row, base.column("tear_strength_n")]))
    price = words.figure("price_usd_m2", float(base.typical[row, base.column("price_usd_m2")]))
    assert len(facts.over) == 2 and facts.price_over
    assert any("lab report NG-4711" in text and tear in text for text in facts.over)
    assert any("your figure (Ado)" in text and price in text for text in facts.over)
    line = model.index(0, int(Column.PRICE))
    assert price in model.data(line, Qt.ItemDataRole.ToolTipRole)
    assert "lab report" in model.data(model.index(0, int(Column.MATERIAL)), Qt.ItemDataRole.ToolTipRole)
    other = table.index[table.ids[int(session.answer.ranking.order[-1])]]
    assert model.facts_of(other).over == () and not model.facts_of(other).price_over
    assert has_own(table) and own_criteria(session.answer, row) == {"tear", "price"}
    told = speech()
    said = figure_words(session.answer, row, "tear_strength_n", told)
    assert f"stands over {tear}" in said
    assert with_signs(session.answer, (row, other), ("a", "b")) == ["a •", "b"]


def test_overrides_are_taken_back_in_the_row_s_menu(session: Session, look: Theme, first: str, qtbot: QtBot) -> None:
    stock = session.stock.with_report(report(first, 100.0, 90.0))
    session.use_stock(stock.with_figures([OwnFigure(first, "price_usd_m2", 1.25)]), "x")
    session.flush()
    model = RankingModel(session)
    owner = QWidget()
    qtbot.addWidget(owner)
    menu = RowMenu(session, model, look, first, owner)
    below = next(action.menu() for action in menu.actions() if action.text() == "Take back an override")
    assert isinstance(below, QMenu)
    assert [action.text().partition(" ")[0] for action in below.actions()] == ["Tear", "Fabric", "", "All"]
    below.actions()[0].trigger()
    session.flush()
    assert [mark.property for mark in session.stock.marks[first]] == ["price_usd_m2"]
    session.undo()
    session.flush()
    below.actions()[3].trigger()
    session.flush()
    assert session.stock.marks == {} and session.answer.table.over == {}
    assert {"Enter lab report…", "Sample…"} <= {action.text() for action in menu.actions()}


def test_the_demands_mark_a_figure_that_was_laid_over(panel: MaterialPanel, session: Session, first: str) -> None:
    session.use_stock(session.stock.with_report(report(first)), "x")
    session.flush()
    session.select(first)
    faces = {key: entry.row.face for key, entry in panel.demands._entries.items()}
    marked = [key for key, face in faces.items() if face is not None and face.text.startswith(words.OVER_SIGN)]
    assert marked == ["tear_strength_n"]
    assert panel._name.text().endswith(words.OVER_SIGN)


def test_a_picture_dropped_on_the_panel_is_the_sample_s_photo(
    panel: MaterialPanel, session: Session, first: str, tmp_path: Path
) -> None:
    def drop(path: Path) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(QPoint(10, 10), Qt.DropAction.CopyAction, mime, left, none)
        panel.dragEnterEvent(enter)
        taken.append(enter.isAccepted())
        if enter.isAccepted():
            panel.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, mime, left, none))

    taken: list[bool] = []
    noted: list[Problem] = []
    session.noted.connect(noted.append)
    picture(64, 48).save(str(tmp_path / "cloth.png"))
    (tmp_path / "broken.png").write_text("no picture", encoding="utf-8")
    (tmp_path / "table.csv").write_text("name", encoding="utf-8")
    for name in ("table.csv", "broken.png", "cloth.png"):
        drop(tmp_path / name)
    assert taken == [False, True, True]
    assert [problem.code for problem in noted] == ["not-a-picture"]
    kept = session.stock.sample(first)
    assert kept is not None and kept.photo and kept.state == "requested"
    assert session.undo_label == "Photo kept"


def test_own_figures_list_reports_with_where_they_are_from(
    session: Session, look: Theme, first: str, qtbot: QtBot
) -> None:
    stock = session.stock.with_report(report(first))
    session.use_stock(stock.with_figures([OwnFigure(first, "price_usd_m2", 1.4, because="quote of Ado")]), "x")
    session.flush()
    dialog = OwnFiguresDialog(session, look)
    qtbot.addWidget(dialog)
    model = dialog.figures.model()
    told = {model.index(row, 1).data(): model.index(row, FROM).data() for row in range(model.rowCount())}
    assert told["Tear strength"].startswith("lab report NG-4711") and told["Fabric price"] == "quote of Ado"
    dialog.figures.selectRow(0)
    dialog.take_back.click()
    assert [mark.property for mark in session.stock.overrides] == ["price_usd_m2"]
    dialog.take_all.click()
    assert session.stock.overrides == () and session.stock.reports
