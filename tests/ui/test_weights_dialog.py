"""Weights dialog: every way of asking previews its first three and is one undo step; locks hold; keys are enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.elicitation import equivalents, rank_order, swings
from advisor.properties import CRITERIA
from advisor.questions import LEAST_QUESTIONS, MOST_QUESTIONS
from advisor.turning import moving_together, together_sentence
from ui import words
from ui.brief_panel import BriefPanel
from ui.session import Session
from ui.theme import Theme, stylesheet, theme
from ui.weights_dialog import WeightsDialog
from ui.weights_pages import level_text
from ui.widgets import ElidedLabel, LinkButton

LAGOS = Brief(product="mini-hike-daypack", climate=Climate(place="Lagos"))
RANK, SWING, QUESTIONS, PAIRS, EXTREMES, FIGURES = range(6)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(brief=LAGOS)
    made.flush()
    yield made
    made.close()


def opened(qtbot: QtBot, session: Session, look: Theme | None = None) -> WeightsDialog:
    made = WeightsDialog(session, look or theme("light"))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(qtbot: QtBot, session: Session) -> Iterator[WeightsDialog]:
    made = opened(qtbot, session)
    yield made
    made.reject()


def say_something(dialog: WeightsDialog, tab: int) -> None:
    dialog.tabs.setCurrentIndex(tab)
    if tab == RANK:
        dialog.rank.list.setCurrentRow(dialog.rank.list.count() - 1)
        QTest.keyClick(dialog.rank.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    elif tab == SWING:
        QTest.keyClick(dialog.swing.sliders["lightness"], Qt.Key.Key_Home)
    elif tab == QUESTIONS:
        QTest.keyClick(dialog.questions.first, Qt.Key.Key_Return)
    elif tab == PAIRS:
        QTest.keyClick(dialog.pairs.sliders["protection", "carry"], Qt.Key.Key_End)
    elif tab == EXTREMES:
        QTest.keyClick(dialog.extremes.ahead["lightness"], Qt.Key.Key_End)
    else:
        QTest.keyClick(dialog.figures.choices["critic"], Qt.Key.Key_Space)


def shown_three(dialog: WeightsDialog) -> list[str]:
    return dialog.first_three.text().split("\n")


def test_nothing_said_changes_nothing(dialog: WeightsDialog, session: Session) -> None:
    for tab in range(6):
        dialog.tabs.setCurrentIndex(tab)
        assert dialog.priorities() is None
        assert not dialog.use.isEnabled()
    first = session.answer.table.names[int(session.answer.ranking.order[0])]
    assert first in shown_three(dialog)[0]


@pytest.mark.parametrize("tab", range(6))
def test_each_way_previews_and_is_one_undo_step(dialog: WeightsDialog, session: Session, tab: int) -> None:
    say_something(dialog, tab)
    given = dialog.priorities()
    assert given is not None
    assert max(given.values()) == 10
    trial = solve(session.table, replace(session.brief, priorities=given))
    lines = shown_three(dialog)
    assert len(lines) == 3
    for row, line in zip(trial.ranking.order[:3].tolist(), lines, strict=True):
        assert trial.table.names[row] in line
        assert words.score(float(trial.ranking.scores[row])) in line
    dialog.use.click()
    session.flush()
    assert session.answer.ranking.order.tolist() == trial.ranking.order.tolist()
    assert session.undo_label.startswith("Priorities from")
    session.undo()
    session.flush()
    assert session.brief == LAGOS
    assert not session.undo_label


def test_the_order_on_screen_is_the_order_that_counts(dialog: WeightsDialog, session: Session) -> None:
    say_something(dialog, RANK)
    order = dialog.rank.list.order()
    ranges = swings(session.answer)
    assert sorted(order) == sorted(swing.criterion for swing in ranges)
    assert dialog.rank.found() == rank_order(order, ranges)
    top = order[0]
    dialog.rank.list.setCurrentRow(0)
    dialog.rank.down.click()
    assert dialog.rank.list.order()[1] == top
    dialog.rank.up.click()
    assert dialog.rank.list.order() == order
    dialog.rank.up.click()
    assert dialog.rank.list.order() == order


def test_dragging_a_row_counts_too(dialog: WeightsDialog) -> None:
    rows = dialog.rank.list
    order = rows.order()
    rows.model().moveRow(rows.rootIndex(), 2, rows.rootIndex(), 0)
    assert rows.order() == [order[2], order[0], order[1], *order[3:]]
    assert dialog.priorities() is not None


@pytest.mark.parametrize("tab", range(6))
def test_locked_shares_stay(qtbot: QtBot, session: Session, tab: int) -> None:
    session.update("locks", locks=("price", "water"))
    dialog = opened(qtbot, session)
    before = session.answer.terms.weights()
    say_something(dialog, tab)
    dialog.use.click()
    session.flush()
    after = session.answer.terms.weights()
    for key in ("price", "water"):
        assert after[key] == pytest.approx(before[key], abs=2e-4)
    assert any(abs(after[key] - before[key]) > 1e-3 for key in CRITERIA)


def test_questions_end_and_go_back(dialog: WeightsDialog) -> None:
    dialog.tabs.setCurrentIndex(QUESTIONS)
    page = dialog.questions
    first = page.first.text()
    question = page.now.question
    assert question is not None
    for level in question.first:
        assert words.criterion(level.criterion) in page.first.accessibleName()
        assert level_text(level) in page.first.accessibleName()
    count = 0
    while page.now.question is not None:
        (page.first, page.equal, page.second)[count % 3].click()
        count += 1
    assert LEAST_QUESTIONS <= count <= MOST_QUESTIONS
    assert not page.first.isVisible()
    assert page.answers.count() == count
    assert words.number(count) in page.progress.text()
    page.back.click()
    assert page.first.isVisible()
    page.again.click()
    assert page.first.text() == first
    assert dialog.priorities() is None


def test_a_slip_is_shown_and_either_answer_can_be_given_again(dialog: WeightsDialog) -> None:
    dialog.tabs.setCurrentIndex(QUESTIONS)
    page = dialog.questions
    while not page.now.checks:
        (page.first if len(page.now.replies) % 2 else page.second).click()
    meant = "second" if page.now.answered("first").doubted else "first"
    (page.second if meant == "first" else page.first).click()
    assert page.clash.isVisible()
    clash = page.now.conflict
    assert len(clash) >= 2
    for number in clash:
        assert words.number(number + 1) in page.clash.text()
        item = page.answers.item(number)
        assert item is not None and "⚠" in item.text()
    # An answer is chosen with the keys, and given again the other way round.
    last = page.answers.count() - 1
    page.answers.setCurrentRow(last)
    page.answers.setFocus()
    QTest.keyClick(page.answers, Qt.Key.Key_Return)
    question = page.asking()
    assert question is not None and question == page.now.replies[last][0]
    assert level_text(question.first[0]) in page.first.accessibleName()
    (page.first if meant == "first" else page.second).click()
    assert page.now.replies[last][1] == meant
    assert page.now.conflict == () and not page.clash.isVisible()
    page.back.click()
    assert page.now.conflict == clash
    assert dialog.use.isEnabled()


def test_what_is_settled_so_far_is_shown(dialog: WeightsDialog, session: Session) -> None:
    dialog.tabs.setCurrentIndex(QUESTIONS)
    page = dialog.questions
    page.first.click()
    row, share = page.now.chances[0]
    told = page.chances.accessibleName()
    assert told.startswith(session.answer.table.names[row]) and words.number(100 * share) in told
    assert "Settled so far" in page.state.text()


def test_best_and_worst_name_the_judgement_to_think_again_about(dialog: WeightsDialog) -> None:
    dialog.tabs.setCurrentIndex(EXTREMES)
    page = dialog.extremes
    for number, key in ((page.best.findText("Water"), "water"), (page.worst.findText("Sun"), "sun")):
        combo = page.best if key == "water" else page.worst
        combo.setCurrentIndex(number)
        combo.activated.emit(number)
    for slider in (*page.ahead.values(), *page.over.values()):
        slider.setValue(3)
    page.ahead["sun"].setValue(9)
    QTest.keyClick(page.over["price"], Qt.Key.Key_End)
    judged = page.judged()
    assert judged is not None and not judged.consistent
    assert judged.worst == "price"  # 3 × 9 against 9
    assert words.criterion("price") in page.consistency.text()
    assert words.number(27) in page.consistency.text()
    assert not page.ahead["water"].isVisible() and not page.over["sun"].isVisible()
    found = dialog.priorities()
    assert found is not None
    page.worst.setCurrentIndex(page.worst.findText("Water"))
    page.worst.activated.emit(page.worst.currentIndex())
    assert dialog.priorities() is None and "two different" in page.consistency.text()


def test_weights_from_figures_stand_under_their_warning(dialog: WeightsDialog) -> None:
    dialog.tabs.setCurrentIndex(FIGURES)
    seen = []
    for choice in dialog.figures.choices.values():
        choice.setFocus()
        QTest.keyClick(choice, Qt.Key.Key_Space)
        assert dialog.figures.warning.isVisible() and "not what matters" in dialog.figures.warning.text()
        seen.append(dialog.priorities())
    assert len({tuple(sorted(found.items())) for found in seen if found}) == 3


def test_cancel_leaves_everything_as_it_was(qtbot: QtBot, session: Session) -> None:
    before, answer = session.brief, session.answer
    for tab in range(6):
        dialog = opened(qtbot, session)
        say_something(dialog, tab)
        assert dialog.priorities() is not None
        dialog.reject()
        session.flush()
        assert session.brief is before and session.answer is answer
        assert not session.undo_label


def test_criteria_that_move_together_are_told_with_what_merging_would_do(qtbot: QtBot) -> None:
    session = Session(brief=Brief(product="kids-mini-backpack", climate=Climate(place="Berlin")))
    session.flush()
    dialog = opened(qtbot, session)
    pairs = moving_together(session.answer)
    assert pairs
    for pair in pairs:
        assert words.words(together_sentence(session.answer, pair)) in dialog.together.text()
    panel = BriefPanel(session, theme("light"))
    qtbot.addWidget(panel)
    panel.show()
    panel.show_answer(session.answer)
    session.ascertain()
    alarms = [label for label in panel.findChildren(ElidedLabel) if label.isVisible() and "⚠" in label.text()]
    assert [words.criterion(pairs[0].one) in label.text() for label in alarms] == [True]
    assert words.words(together_sentence(session.answer, pairs[0])) in alarms[0].accessibleDescription()
    dialog.reject()
    session.close()


def test_pairs_that_clash_name_the_pair(dialog: WeightsDialog) -> None:
    page = dialog.pairs
    assert "hang together" in page.consistency.text()
    dialog.tabs.setCurrentIndex(PAIRS)
    QTest.keyClick(page.sliders["protection", "durability"], Qt.Key.Key_Home)
    QTest.keyClick(page.sliders["durability", "carry"], Qt.Key.Key_Home)
    QTest.keyClick(page.sliders["protection", "carry"], Qt.Key.Key_End)
    judged = page.judged()
    assert judged.worst is not None
    assert not judged.consistent
    for group in judged.worst:
        assert words.group(group) in page.consistency.text()


def test_every_criterion_lists_its_equivalent_change(dialog: WeightsDialog, session: Session) -> None:
    row = session.selected_row()
    assert row is not None
    texts = {
        key: (dialog.table.item(number, 0).text(), dialog.table.item(number, 2).text())
        for number, key in enumerate(CRITERIA)
    }
    found = equivalents(session.answer, row)
    assert {one.criterion for one in found} | {"price"} == set(CRITERIA)
    for one in found:
        name, text = texts[one.criterion]
        assert name == words.criterion(one.criterion)
        assert ("is worth" in text) is (one.change is not None)
        assert text
        if one.step_worth is not None and one.step_worth >= 0.095:
            assert words.number(one.step_worth, 2) in text


def test_controls_have_names_and_room(qtbot: QtBot, session: Session, look: Theme) -> None:
    dialog = opened(qtbot, session, look)
    dialog.setStyleSheet(stylesheet(look))
    for tab in range(6):
        dialog.tabs.setCurrentIndex(tab)
        QApplication.processEvents()
        for button in dialog.findChildren(QAbstractButton):
            if button.isVisible() and button.text():
                assert button.height() >= 24
                assert button.accessibleName() or button.text()
    extremes = (*dialog.extremes.ahead.values(), *dialog.extremes.over.values())
    for slider in (*dialog.swing.sliders.values(), *dialog.pairs.sliders.values(), *extremes):
        assert slider.accessibleName()
    dialog.reject()


def test_no_material_passing_is_said(qtbot: QtBot, session: Session) -> None:
    from advisor.brief import Limit

    session.update("none", limits=(Limit(property="areal_mass_g_m2", at_most=1.0, judge="always"),))
    dialog = opened(qtbot, session)
    assert "No cloth passes" in dialog.first_three.text()
    for tab in range(6):
        dialog.tabs.setCurrentIndex(tab)
    dialog.reject()


def test_the_header_of_the_priorities_opens_it(qtbot: QtBot, session: Session) -> None:
    panel = BriefPanel(session, theme("light"))
    qtbot.addWidget(panel)
    panel.show()
    panel.show_answer(session.answer)
    next(link for link in panel.findChildren(LinkButton) if link.text() == "help me set these").click()
    opened_here = panel.findChildren(WeightsDialog)
    assert len(opened_here) == 1
    assert opened_here[0].isVisible()
    opened_here[0].reject()
