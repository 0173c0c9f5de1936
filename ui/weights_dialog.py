"""Weights dialog: ways to say what matters, a tab each, with who would lead then and what a change is worth."""

from __future__ import annotations

from dataclasses import replace
from math import floor, log10
from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer, solve
from advisor.elicitation import Equivalent, applied, equivalents, price_is_local, swings
from advisor.properties import CRITERIA
from advisor.questions import interview
from advisor.turning import moving_together, together_sentence
from ui import words
from ui.question_page import QuestionPage
from ui.session import Session
from ui.theme import TARGET, Theme, space
from ui.weights_pages import BestWorstPage, FiguresPage, PairPage, RankPage, Scrolled, SwingPage, criterion_dot
from ui.widgets import Themed

_SIZE: Final = (1080, 640)
_PRICE: Final = "price_usd_m2"


class WeightsDialog(QDialog, Themed):
    """Helps to set priorities: a tab for each way of asking, and what would come of the answers.

    Args:
        session: whose brief the priorities go into, one undo step.
        look: the theme.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        session.flush()
        self._answer = session.answer
        answer, brief = self._answer, session.brief
        self.setWindowTitle(self.tr("Help with priorities"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(640, 340)
        self.resize(QSize(*_SIZE).boundedTo(self.screen().availableSize()))
        ranges = tuple(swing for swing in swings(answer) if swing.criterion not in brief.locks)
        present = answer.terms.priorities
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName(self.tr("Ways to set priorities"))
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.rank = RankPage(look, ranges, present, self)
        self.swing = SwingPage(look, ranges, present, self)
        self.questions = QuestionPage(look, interview(answer), tuple(answer.table.names), self)
        self.pairs = PairPage(look, present, self)
        self.extremes = BestWorstPage(look, ranges, present, self)
        self.figures = FiguresPage(answer, ranges, self)
        self._pages = (self.rank, self.swing, self.questions, self.pairs, self.extremes, self.figures)
        titles = (
            self.tr("Rank them"),
            self.tr("Swing"),
            self.tr("Questions"),
            self.tr("Pairwise"),
            self.tr("Best-worst"),
            self.tr("From figures"),
        )
        for page, title in zip(self._pages, titles, strict=True):
            if page is self.questions:
                room = Scrolled(self.tabs)
                room.setWidget(page)
                self.tabs.addTab(room, title)
            else:
                self.tabs.addTab(page, title)
        for number, title in enumerate(titles):
            self.tabs.setTabToolTip(number, title)
        self.rank.changed.connect(self._preview)
        self.swing.changed.connect(self._preview)
        self.questions.changed.connect(self._preview)
        self.pairs.changed.connect(self._preview)
        self.extremes.changed.connect(self._preview)
        self.figures.changed.connect(self._preview)
        self.tabs.currentChanged.connect(self._preview)
        self.first_three = QLabel(self)
        self.first_three.setTextFormat(Qt.TextFormat.PlainText)
        self.first_three.setWordWrap(True)
        self._cells: dict[str, tuple[QTableWidgetItem, QTableWidgetItem, QTableWidgetItem]] = {}
        self.table = self._table()
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setProperty("ink", "2")
        self.together = QLabel(self)
        self.together.setWordWrap(True)
        self.together.setProperty("ink", "warn")
        self.use = QPushButton(self.tr("Use these priorities"), self)
        self.use.setDefault(True)
        self.use.setMinimumWidth(self.use.sizeHint().width() + space(6))  # the style sheet's bold face is wider
        self.use.clicked.connect(self._use)
        close = QPushButton(self.tr("Cancel"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        for button in self.findChildren(QPushButton):
            if button is not self.use:
                button.setAutoDefault(False)
        side = QVBoxLayout()
        side.setSpacing(space(2))
        self._heading = QLabel(self)
        side.addWidget(self._heading)
        side.addWidget(self.first_three)
        side.addWidget(self.table, 1)
        side.addWidget(self.together)
        side.addWidget(self.note)
        both = QHBoxLayout()
        both.setSpacing(space(4))
        both.addWidget(self.tabs, 6)
        both.addLayout(side, 5)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self.use)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(space(2))
        box.addLayout(both, 1)
        box.addLayout(buttons)
        self._preview()

    def _table(self) -> QTableWidget:
        table = QTableWidget(len(CRITERIA), 3, self)
        table.setAccessibleName(self.tr("Share of each criterion, and what a change is worth"))
        table.setHorizontalHeaderLabels([self.tr("Criterion"), self.tr("Share, %"), self.tr("Equivalent change")])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setMinimumSectionSize(TARGET)
        table.verticalHeader().setDefaultSectionSize(TARGET)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, 108)
        header.resizeSection(1, 72)
        for number, key in enumerate(CRITERIA):
            cells = (QTableWidgetItem(words.criterion(key)), QTableWidgetItem(), QTableWidgetItem())
            for column, cell in enumerate(cells):
                table.setItem(number, column, cell)
            self._cells[key] = cells
        self._paint_dots()
        return table

    def _paint_dots(self) -> None:
        for key, cells in self._cells.items():
            cells[0].setIcon(criterion_dot(self._look, key, self.devicePixelRatioF()))

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        super().apply_theme(look)
        self._paint_dots()

    def priorities(self) -> dict[str, float] | None:
        """What the tab in front comes to, locks kept; None before anything was said there."""
        found = self._pages[self.tabs.currentIndex()].found()
        if found is None:
            return None
        return applied(found, self._answer.terms.priorities, self._session.brief.locks)

    def trial(self) -> Answer:
        """The answer those priorities would give."""
        given = self.priorities()
        if given is None:
            return self._answer
        return solve(self._session.table, replace(self._answer.brief, priorities=given))

    @Slot()
    def _preview(self) -> None:
        trial = self.trial()
        said = self.priorities() is not None
        self.use.setEnabled(said)
        self._heading.setText(self.tr("First three with these priorities") if said else self.tr("First three now"))
        lines = [
            self.tr("{place}. {name}, {score}").format(
                place=words.number(int(trial.ranking.ranks[row])),
                name=trial.table.names[row],
                score=words.score(float(trial.ranking.scores[row])),
            )
            for row in trial.ranking.passing_rows()[:3].tolist()
        ]
        self.first_three.setText("\n".join(lines) if lines else self.tr("No cloth passes the limits."))
        before, after = self._answer.terms.weights(), trial.terms.weights()
        row = self._session.selected_row()
        worth = {one.criterion: one for one in equivalents(trial, row)} if row is not None else {}
        for key in CRITERIA:
            now, then = words.number(100 * before[key]), words.number(100 * after[key])
            text = then if now == then else self.tr("{now} → {then}").format(now=now, then=then)
            if key in self._session.brief.locks:
                text = self.tr("{share} locked").format(share=text)
            _, share, cell = self._cells[key]
            share.setText(text)
            one = worth.get(key)
            cell.setText(self._worth_text(one) if one else self._no_row(key, row))
            cell.setToolTip(self._worth_tip(one) if one else "")
        alarms = [words.words(together_sentence(trial, pair)) for pair in moving_together(trial)]
        self.together.setText("\n".join(alarms))
        self.together.setVisible(bool(alarms))
        if row is None:
            self.note.setText("")
            return
        name = trial.table.names[row]
        self.note.setText(
            self.tr("Equivalent change: around the figures of {name}.").format(name=name)
            if price_is_local(trial, row)
            else self.tr(
                "Equivalent change: around the figures of {name}; money as between target and ceiling."
            ).format(name=name)
        )

    def _no_row(self, key: str, row: int | None) -> str:
        return self.tr("the measure") if key == "price" and row is not None else ""

    def _worth_text(self, one: Equivalent) -> str:
        if one.step is None or one.step_worth is None:
            return {
                "free": self.tr("nothing asked"),
                "gap": self.tr("figure not known"),
                "flat": self.tr("more earns nothing"),
                "no-weight": self.tr("no weight"),
                "no-price": self.tr("price has no weight"),
            }[one.reason]
        return self.tr("{change} is worth {money}").format(change=self._change(one), money=_money(one.step_worth))

    def _worth_tip(self, one: Equivalent) -> str:
        if one.change is None or one.step is None or one.step_worth is None:
            return ""
        digits = max(0, 1 - floor(log10(one.change))) if one.change < 10 else 0
        amount = f"{words.number(one.change, digits)} {words.unit(one.key)}".strip()
        return self.tr("{name} {change} is worth {money}; {unit} buys {amount}.").format(
            name=words.label(one.key),
            change=self._change(one),
            money=_money(one.step_worth),
            unit=_money(1.0),
            amount=amount,
        )

    def _change(self, one: Equivalent) -> str:
        assert one.step is not None
        digits = max(0, -floor(log10(one.step) + 1e-9))
        return _whole(f"{words.number(one.better * one.step, digits, signed=True)} {words.unit(one.key)}".strip())

    @Slot()
    def _use(self) -> None:
        given = self.priorities()
        if given is None:
            return
        label = (
            self.tr("Priorities from a ranking"),
            self.tr("Priorities from swings"),
            self.tr("Priorities from questions"),
            self.tr("Priorities from pairs"),
            self.tr("Priorities from best and worst"),
            self.tr("Priorities from figures"),
        )[self.tabs.currentIndex()]
        self._session.update(label, priorities=given)
        self.accept()


def _money(amount: float) -> str:
    """An amount in the price's unit; small ones with the digits they need."""
    digits = 2 if amount >= 0.095 or amount <= 0 else min(6, 1 - floor(log10(amount)))
    return _whole(f"{words.number(amount, digits)} {words.unit(_PRICE)}")


def _whole(figure: str) -> str:
    """A figure with sign and unit that keeps its order inside a text that runs the other way."""
    return f"\u2066{figure}\u2069" if QGuiApplication.isRightToLeft() else figure
