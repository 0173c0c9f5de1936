"""The material panel says what the domain says, edits the brief by the session, and opens every cell's evidence."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDoubleSpinBox,
    QLineEdit,
    QListView,
    QMenu,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, CertaintySettings, Climate, DemandEdit, Limit
from advisor.demands import Demand
from advisor.explanation import parted, standing
from advisor.files import shipped
from advisor.materials import bundled, sources
from advisor.properties import properties
from ui import words
from ui.datasheet import IMPORTANT
from ui.evidence_card import span_text
from ui.material_panel import MaterialPanel
from ui.session import Session
from ui.theme import TARGET, Theme, theme

# Popups ask the window system for the keyboard and to be raised; the offscreen one has neither.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)", extend=True
)
ACCRA = Brief(product="kids-mini-backpack", climate=Climate("Accra"), certainty=CertaintySettings(samples=200))
CLOTH = "polyester-600d-oxford-pu"
HEAD = "hydrostatic_head_mm"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Numbers as the domain's own English prints them."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def session(qapp: object) -> Iterator[Session]:
    made = Session(brief=ACCRA)
    made.ascertain()
    yield made
    made.close()


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> MaterialPanel:
    return _panel(session, qtbot)


def _panel(session: Session, qtbot: QtBot, look: Theme | None = None) -> MaterialPanel:
    made = MaterialPanel(session, look or theme("light"))
    qtbot.addWidget(made)
    made.resize(276, 632)
    made.show()
    QApplication.processEvents()  # prose that wraps has its height only once the column is laid out
    return made


def _button(panel: QWidget, start: str) -> QAbstractButton:
    """The visible button whose accessible name, or else text, begins so."""
    found = [
        button
        for button in panel.findChildren(QAbstractButton)
        if (button.accessibleName() or button.text()).startswith(start) and button.isVisibleTo(panel)
    ]
    assert len(found) == 1, (start, [button.accessibleName() for button in found])
    return found[0]


def _texts(panel: QWidget) -> list[str]:
    """Accessible names of everything seen, in the order the parts were made."""
    return [child.accessibleName() for child in panel.findChildren(QWidget) if child.isVisibleTo(panel)]


def _row(session: Session) -> int:
    row = session.selected_row()
    assert row is not None
    return row


def _spin(panel: QWidget) -> QDoubleSpinBox:
    return next(field for field in panel.findChildren(QDoubleSpinBox) if field.accessibleName().startswith("Level of"))


def _demand(session: Session, key: str) -> Demand:
    return next(demand for demand in session.answer.demands if demand.property == key)


def _trigger(menu: QMenu, text: str) -> None:
    action = next(action for action in menu.actions() if action.text() == text)
    assert action.isEnabled()
    menu.popup(QPoint(0, 0))
    action.trigger()
    menu.close()


def _able(menu: QMenu) -> dict[str, bool]:
    found = {action.text(): action.isEnabled() for action in menu.findChildren(QAction) if action.text()}
    menu.deleteLater()
    return found


def test_sentences_are_the_domains(panel: MaterialPanel, session: Session) -> None:
    for material in ("", CLOTH, session.answer.table.ids[int(session.answer.ranking.order[-1])]):
        session.select(material)
        row = _row(session)
        told = [parted(sentence) for sentence in standing(session.answer, row, session.certainty)]
        said = [words.words(reason) for reason, _ in told]
        shown = _texts(panel)
        assert [text for text in shown if text in said] == said
        assert session.answer.table.names[row] in shown


def test_numbers_in_a_sentence_stand_out_and_change_no_letter(session: Session) -> None:
    for sentence in standing(session.answer, _row(session), session.certainty):
        text, spans = words.rich(sentence)
        assert text == words.words(sentence)
        for start, length in spans:
            assert any(sign.isdigit() for sign in text[start : start + length])


def test_trials_are_dimmed_not_lost_while_they_are_worked_out(panel: MaterialPanel, session: Session) -> None:
    leads = [text for text in _texts(panel) if text.startswith("It leads in")]
    assert len(leads) == 1
    session.update("Price", priorities={"price": 6.0})
    session.flush()
    assert session.certainty is None
    assert len([text for text in _texts(panel) if text.startswith("It leads in")]) == 1
    session.ascertain()
    said = words.words(standing(session.answer, _row(session), session.certainty)[-2])
    assert said in _texts(panel)


def test_trials_never_worked_out_read_as_dots(qtbot: QtBot) -> None:
    session = Session(brief=ACCRA)
    panel = _panel(session, qtbot)
    assert "…" in _texts(panel)
    session.ascertain()
    assert "…" not in _texts(panel)
    session.close()


def test_demands_show_the_tables_figures_and_the_rankings_count(panel: MaterialPanel, session: Session) -> None:
    for material in (CLOTH, "cotton-duck-10oz", session.answer.table.ids[0]):
        if material not in session.answer.table.index:
            continue
        session.select(material)
        answer, row = session.answer, _row(session)
        assert _button(panel, f"{answer.met[row]} of {answer.asked_count} met").isEnabled()
        for demand, miss in answer.misses(row):
            have = float(answer.table.typical[row, answer.table.column(demand.property)])
            line = _button(panel, f"{words.short(demand.property)}: ").accessibleName()
            assert demand.level is not None
            assert words.number(demand.level, properties()[demand.property].decimals) in line
            if math.isnan(have):
                assert "ask the mill" in line
            else:
                assert words.number(have, properties()[demand.property].decimals) in line
                assert line.endswith("missed" if miss else "met")


def test_datasheet_shows_the_tables_figures_ranges_and_grades(panel: MaterialPanel, session: Session) -> None:
    _button(panel, "all 45").click()
    for material in session.answer.table.ids[::17]:
        session.select(material)
        table, row = session.answer.table, _row(session)
        for key, item in properties().items():
            line = _button(panel, f"{words.label(key)}: ").accessibleName()
            if not item.numeric:
                text = table.text[key][row].replace("|", " · ")
                assert text in line if text else "ask the mill" in line
                continue
            place = table.column(key)
            if math.isnan(table.typical[row, place]):
                assert "ask the mill" in line
                continue
            assert words.figure(key, float(table.typical[row, place])) in line
            assert span_text(key, float(table.low[row, place]), float(table.high[row, place])) in line
            assert f"; {table.grade(row, key)}:" in line


def test_datasheet_is_folded_to_ten_until_all_is_asked_for(panel: MaterialPanel) -> None:
    def shown() -> int:
        labels = tuple(f"{words.label(key)}: " for key in properties())
        return sum(text.startswith(labels) for text in _texts(panel))

    assert shown() == len(IMPORTANT) == 10
    _button(panel, "all 45").click()
    assert shown() == len(properties()) == 45
    _button(panel, "the 10").click()
    assert shown() == 10


def test_gaps_read_ask_the_mill(panel: MaterialPanel, session: Session) -> None:
    table = session.answer.table
    place = table.column("wash_fastness_grade")
    row = next(row for row in range(len(table)) if math.isnan(table.typical[row, place]))
    session.select(table.ids[row])
    _button(panel, "all 45").click()
    line = _button(panel, "Wash fastness: ")
    assert line.accessibleName() == "Wash fastness: not known, ask the mill"
    line.click()
    card = panel.findChild(QTextBrowser)
    assert "ask the mill" in card.toPlainText()
    card.window().close()


def test_a_demand_the_cloth_has_no_figure_for_says_so(qtbot: QtBot) -> None:
    table = bundled()
    place = table.column(HEAD)
    typical = table.typical.copy()
    typical[table.index[CLOTH], place] = math.nan
    session = Session(replace(table, typical=typical), ACCRA)
    session.select(CLOTH)
    panel = _panel(session, qtbot)
    assert _button(panel, "Head: ").accessibleName() == "Head: 1,310 mm asked, not known: ask the mill"
    assert "Hydrostatic head, new: not known, ask the mill" in _texts(panel)
    session.close()


def test_setting_a_level_changes_the_brief_marks_it_and_undo_takes_it_back(
    panel: MaterialPanel, session: Session, qtbot: QtBot
) -> None:
    session.select(CLOTH)
    _trigger(panel.demands.demand_menu(HEAD), "Set the level…")
    level = _spin(panel)
    reason = next(field for field in panel.findChildren(QLineEdit) if field.accessibleName().startswith("Reason for"))
    level.setValue(1000)
    qtbot.keyClicks(reason, "client accepts")
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    assert session.brief.demands == {HEAD: DemandEdit(1000.0, "client accepts")}
    assert session.undo_label == "Hydrostatic head, new: 1,310 mm → 1,000 mm"
    session.flush()
    line = _button(panel, "Head: ")
    assert line.accessibleName() == "Head: 1,000 of 1,000 mm, met, set by you"
    line.click()
    detail = next(text for text in _texts(panel) if text.startswith("set by you: client accepts"))
    formula = _demand(session, HEAD).formula_because
    assert formula is not None
    assert f"The formula asks 1,310 mm: {words.words(formula)}" in detail
    session.undo()
    session.flush()
    assert session.brief == ACCRA
    assert _button(panel, "Head: ").accessibleName() == "Head: 1,000 of 1,310 mm, missed"


def test_looking_at_a_level_changes_nothing(panel: MaterialPanel, session: Session, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        _trigger(panel.demands.demand_menu(HEAD), "Set the level…")
        level = _spin(panel)
        qtbot.keyClick(level, key)
        assert session.brief == ACCRA
        assert not session.undo_label
        assert not any(text.startswith("Level of") for text in _texts(panel))


def test_dropping_and_restoring_a_demand(panel: MaterialPanel, session: Session) -> None:
    _trigger(panel.demands.demand_menu(HEAD), "Drop it")
    assert session.brief.demands == {HEAD: None}
    assert session.undo_label == "Drop Hydrostatic head, new"
    session.flush()
    assert _button(panel, "Head: ").accessibleName() == "Head: dropped by you"
    able = _able(panel.demands.demand_menu(HEAD))
    assert able == {"Set the level…": True, "Drop it": False, "Make it a limit": False, "Back to the formula's": True}
    _trigger(panel.demands.demand_menu(HEAD), "Back to the formula's")
    assert session.brief.demands == {}
    session.flush()
    assert "1,310 mm" in _button(panel, "Head: ").accessibleName()


def test_a_demand_becomes_a_limit_no_stricter_than_itself(panel: MaterialPanel, session: Session) -> None:
    for key in (HEAD, "hydrolysis_weeks", "water_pickup_g_m2"):
        demand = _demand(session, key)
        _trigger(panel.demands.demand_menu(key), "Make it a limit")
        limit = session.brief.limits[-1]
        assert limit.property == key
        item = properties()[key]
        assert demand.level is not None
        if demand.sense == "at_least":
            assert limit.at_most is None
            assert limit.at_least is not None
            assert 0 <= demand.level - limit.at_least < 10**-item.decimals
        else:
            assert limit.at_least is None
            assert limit.at_most is not None
            assert 0 <= limit.at_most - demand.level < 10**-item.decimals
        assert session.undo_label.startswith("Limit: ")
        session.flush()
        assert not _able(panel.demands.demand_menu(key))["Make it a limit"]
    assert len(session.brief.limits) == 3
    session.undo()
    assert len(session.brief.limits) == 2


def test_a_new_limit_takes_the_place_of_an_older_one_on_the_same_end(panel: MaterialPanel, session: Session) -> None:
    kept = Limit(property=HEAD, at_least=500.0, at_most=9000.0)
    session.update("Limits", limits=(Limit(property=HEAD, at_least=400.0), kept))
    session.flush()
    _trigger(panel.demands.demand_menu(HEAD), "Make it a limit")
    assert session.brief.limits == (kept, Limit(property=HEAD, at_least=1309.0))


def test_asking_for_what_nothing_asks(panel: MaterialPanel, session: Session, qtbot: QtBot) -> None:
    menu = panel.demands.ask_menu()
    assert "Hydrostatic head, new" not in [action.text() for action in menu.actions()]
    _trigger(menu, "Recycled content")
    assert "Recycled: nothing asked" in _texts(panel)
    level = _spin(panel)
    level.setValue(50)
    qtbot.keyClick(level, Qt.Key.Key_Return)
    assert session.brief.demands == {"recycled_content_pct": DemandEdit(50.0)}
    session.flush()
    assert "of 50 %" in _button(panel, "Recycled: ").accessibleName()
    _trigger(panel.demands.demand_menu("recycled_content_pct"), "Drop it")
    assert session.brief.demands == {}
    session.flush()
    assert not any(text.startswith("Recycled: ") for text in _texts(panel))


def test_unknown_inputs_and_free_criteria_are_listed(panel: MaterialPanel, session: Session) -> None:
    session.update("A summit", climate=Climate("Alps 2960 m (Zugspitze summit)"))  # no temperatures are carried for it
    session.flush()
    assert _demand(session, "mildew_rating").level is None
    assert _button(panel, "Mildew: ").accessibleName() == "Mildew: not known, nothing is asked"
    free = session.answer.values.free
    assert free
    names = ", ".join(words.criterion(key) for key in free)
    assert f"Nothing asked, 1 for all: {names}" in _texts(panel)


def test_reasons_open_for_one_and_for_all(panel: MaterialPanel, session: Session) -> None:
    because = words.words(_demand(session, HEAD).because)

    def reasons() -> list[str]:
        return [text for text in _texts(panel) if "\nGrade " in text]

    assert reasons() == []
    _button(panel, "Head: ").click()
    assert len(reasons()) == 1
    assert reasons()[0].startswith(because)
    count = _button(panel, f"{session.answer.met[_row(session)]} of ")
    count.click()
    assert len(reasons()) == session.answer.asked_count
    count.click()
    assert reasons() == []


def test_evidence_of_a_cell_lists_its_records(panel: MaterialPanel, session: Session, qtbot: QtBot) -> None:
    session.select(CLOTH)
    with shipped("data", "evidence.csv").open(encoding="utf-8", newline="") as stream:
        records = [
            record
            for record in csv.DictReader(stream)
            if record["material"] == CLOTH and record["property"] == "areal_mass_g_m2"
        ]
    assert len(records) > 1
    assert panel.findChild(QTextBrowser) is None
    line = _button(panel, "Mass per area: ")
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    card = panel.findChild(QTextBrowser)
    text = card.toPlainText()
    assert session.answer.table.names[session.answer.table.index[CLOTH]] in text
    for record in records:
        source = sources()[record["source_id"]]
        figure = words.number(float(record["typical"]), 0)
        span = span_text("areal_mass_g_m2", float(record["low"]), float(record["high"]))
        for part in (figure, span, record["unit"], record["test_method"], record["note"]):
            assert part in text
        for part in (source.title, source.year, source.url):
            assert part in text
        assert f"{record['grade']}: " in text
    card.window().close()


def test_words_have_evidence_too(panel: MaterialPanel, session: Session) -> None:
    session.select(CLOTH)
    _button(panel, "all 45").click()
    _button(panel, "Coating: ").click()
    card = panel.findChild(QTextBrowser)
    for record in session.answer.table.cell(session.answer.table.index[CLOTH], "coating").records:
        assert record.text in card.toPlainText()
        assert sources()[record.source_id].title in card.toPlainText()
    card.window().close()


def test_sources_of_the_material_are_listed_once_each(panel: MaterialPanel, session: Session) -> None:
    session.select(CLOTH)
    used = {
        record.source_id for (material, _), found in bundled().records.items() if material == CLOTH for record in found
    }
    _button(panel, f"all {len(used)}").click()
    shown = [text for text in _texts(panel) if "; figures here: " in text]
    assert len(shown) == len(used)
    for name in used:
        assert any(text.startswith(f"{sources()[name].title}; ") for text in shown)
    line = next(button for button in panel.findChildren(QAbstractButton) if button.accessibleName() == shown[0])
    line.click()
    card = panel.findChild(QTextBrowser)
    assert shown[0].split("; ")[0] in card.toPlainText()
    assert "Behind: " in card.toPlainText()
    card.window().close()


def test_compare_adds_and_takes_away(panel: MaterialPanel, session: Session) -> None:
    session.select(CLOTH)
    button = _button(panel, "Compare")
    button.click()
    assert list(session.selection.compared) == [CLOTH]
    assert button.isChecked()
    button.click()
    assert not session.selection.compared
    assert not button.isChecked()
    others = tuple(key for key in session.answer.table.ids if key != CLOTH)[:6]
    session.compare(others)
    assert not button.isEnabled()


def test_measuring_against_any_material(panel: MaterialPanel, session: Session, qtbot: QtBot) -> None:
    session.select(CLOTH)
    table = session.answer.table
    other = int(session.answer.ranking.order[7])
    _button(panel, "Measure against").click()
    search = next(field for field in panel.findChildren(QLineEdit) if field.accessibleName() == "Search materials")
    names = panel.findChild(QListView).model()
    assert names.rowCount() == len(table)  # all but itself, and the usual one
    search.setText(table.ids[other])
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert session.selection.rival == table.ids[other]
    said = _texts(panel)
    assert any(f"against {table.names[other]}" in text for text in said)
    assert any(text.startswith(table.names[table.index[CLOTH]]) and table.names[other] in text for text in said)
    qtbot.keyClick(_button(panel, "Measured against"), Qt.Key.Key_Delete)
    assert session.selection.rival == ""


def test_copying_the_datasheet_gives_guarded_cells(panel: MaterialPanel, session: Session) -> None:
    table = session.answer.table
    row = table.index[CLOTH]
    names = tuple("=1+1\tx" if at == row else name for at, name in enumerate(table.names))
    odd = replace(table, names=names, text={**table.text, "name": names})
    session.use_table(odd, "odd")
    session.flush()
    session.select(CLOTH)
    _button(panel, "Copy").click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert {line.count("\t") for line in lines} == {6}
    cells = {line.split("\t")[0]: line.split("\t") for line in lines}
    assert len(cells) == len(properties()) + 1
    assert cells["Name"][1] == "'=1+1 x"
    mass = table.column("areal_mass_g_m2")
    figures = [float(ends[row, mass]) for ends in (table.typical, table.low, table.high)]
    assert [float(cell) for cell in cells["Mass per area"][1:4]] == pytest.approx(figures, abs=0.5)
    assert float(cells["Cold flex"][1]) < 0
    for line in lines:
        for cell in line.split("\t"):
            assert cell[:1] not in ("=", "+", "@")
            if cell.startswith("-"):
                float(cell)


def test_an_empty_table_says_what_to_do(session: Session, qtbot: QtBot) -> None:
    panel = _panel(session, qtbot)
    session.use_table(bundled().take(()), "Nothing")
    session.flush()
    assert any("No material to show" in text for text in _texts(panel))
    assert not any(text.startswith("Mass per area") for text in _texts(panel))
    session.undo()
    session.flush()
    assert any(text.startswith("Mass per area") for text in _texts(panel))


def test_a_table_without_the_chosen_material_falls_back_to_the_first(panel: MaterialPanel, session: Session) -> None:
    session.select(CLOTH)
    table = bundled()
    session.use_table(table.take([row for row in range(len(table)) if table.ids[row] != CLOTH][:5]), "Fewer")
    session.flush()
    assert session.answer.table.names[_row(session)] in _texts(panel)


def test_figures_of_the_users_own_say_so(session: Session, qtbot: QtBot) -> None:
    table = bundled()
    session.use_table(replace(table, records={}, grades=(table.grades > 0).astype("int8") * 5), "Own")
    session.flush()
    panel = _panel(session, qtbot)
    line = _button(panel, "Mass per area: ")
    assert line.accessibleName().endswith("; Your own figure")
    line.click()
    card = panel.findChild(QTextBrowser)
    assert "no source is recorded" in card.toPlainText()
    assert "No source is recorded for these figures." in _texts(panel)
    card.window().close()


def test_hovering_elsewhere_does_not_disturb(panel: MaterialPanel, session: Session) -> None:
    before = _texts(panel)
    session.hover(session.answer.table.ids[5])
    assert _texts(panel) == before


def test_rows_are_worked_by_keys_and_large_enough(panel: MaterialPanel, session: Session, qtbot: QtBot) -> None:
    # What comes from the background makes the column longer; it is laid out in its own turn.
    qtbot.waitUntil(lambda: not session.working and _button(panel, "Head: ").height() >= TARGET, timeout=20_000)
    for button in panel.findChildren(QAbstractButton):
        if button.isVisibleTo(panel):
            assert button.accessibleName() or button.text()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
            assert button.height() >= TARGET
            assert button.width() >= TARGET
    first = _button(panel, "Head: ")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert _button(panel, "Aged head: ").hasFocus()
    qtbot.keyClick(_button(panel, "Aged head: "), Qt.Key.Key_Tab)
    assert panel.focusWidget().accessibleName() == "Change the demand on Aged head"


def test_it_mirrors_and_takes_either_theme(session: Session, look: Theme, qtbot: QtBot) -> None:
    panel = _panel(session, qtbot)
    panel.apply_theme(look)
    left = panel.grab().toImage()
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    right = panel.grab().toImage()
    assert left != right
    menu = _button(panel, "Change the demand on Head")
    assert menu.mapTo(panel, QPoint(0, 0)).x() < panel.width() / 2


def test_a_panel_no_longer_wanted_is_freed(session: Session, qtbot: QtBot) -> None:
    panel = MaterialPanel(session, theme("light"))
    panel.show()
    panel.close()
    with qtbot.waitSignal(panel.destroyed):
        panel.deleteLater()
    session.update("Price", priorities={"price": 6.0})
    session.flush()


def test_a_dispute_is_one_line_that_opens_to_what_both_sides_say(session: Session, qtbot: QtBot):
    session.edit(replace(ACCRA, product="mini-hike-daypack", climate=Climate("Lagos"), market=("NG",)), "Lagos")
    session.flush()
    panel = _panel(session, qtbot)
    answer = session.answer
    row = next(row for row in answer.ranking.order.tolist() if any(parted(s)[1] for s in standing(answer, row, None)))
    session.select(answer.table.ids[row])
    both = [words.words(side) for sentence in standing(answer, row, None) for side in parted(sentence)[1]]
    link = _button(panel, "Contested: what both sides say")
    assert both[0] not in " ".join(_texts(panel)) and both[0] in link.accessibleDescription()
    link.click()
    assert both[0] in " ".join(_texts(panel))
    _button(panel, "Contested: what both sides say").click()
    assert both[0] not in " ".join(_texts(panel))
