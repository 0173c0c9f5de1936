"""Question page: a choice between two cloths at a time, what is settled by now, and answers that can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Final

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from advisor.elicitation import Level
from advisor.questions import LEAST_QUESTIONS, MOST_QUESTIONS, Interview, Question
from ui import words
from ui.painting import draw_line, focus_ring
from ui.theme import TARGET, Theme, fill_group, group_of, interface_font, space
from ui.weights_pages import level_text, prose
from ui.widgets import Pressable, Themed

#: Cloths named among those that can still win.
_CHANCES: Final = 3


class _Card(Pressable):
    """One of the two cloths of a question: two criteria, each with its figures."""

    _LINE: Final = 20

    def __init__(self, look: Theme, title: str, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._title = title
        self._levels: tuple[Level, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_levels(self, levels: tuple[Level, ...]) -> None:
        """Show another cloth; also its accessible name."""
        self._levels = levels
        self.setText("; ".join(f"{words.criterion(one.criterion)} {level_text(one)}" for one in levels))
        self.setAccessibleName(f"{self._title}: {self.text()}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        lines = sum(2 + len(level.figures) for level in self._levels)
        return QSize(200, 44 + self._LINE * lines)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, rtl = self._look, self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(look.colour("accent" if self.underMouse() else "edge"), 1))
        painter.setBrush(look.colour("panel"))
        painter.drawRoundedRect(body, 8, 8)
        width, top = self.width() - 28, 12.0
        self._line(painter, QRectF(14, top, width, self._LINE), self._title, "ink2", bold=False)
        top += self._LINE
        for level in self._levels:
            top += self._LINE / 2
            fill_group(
                painter,
                QRectF(self.width() - 24 if rtl else 14, top + 5, 10, 10),
                group_of(level.criterion),
                look,
                self.devicePixelRatioF(),
            )
            room = QRectF(14 if rtl else 32, top, width - 18, self._LINE)
            self._line(painter, room, words.criterion(level.criterion), "ink2", bold=False)
            several = len(level.figures) > 1
            for key, figure in level.figures:
                top += self._LINE
                text = words.figure(key, figure)
                room.moveTop(top)
                self._line(painter, room, f"{words.short(key)} {text}" if several else text, "ink", bold=True)
            top += self._LINE
        if self.hasFocus():
            focus_ring(painter, body, look, 8)

    def _line(self, painter: QPainter, room: QRectF, text: str, ink: str, *, bold: bool) -> None:
        face = interface_font("body", bold=bold)
        painter.setFont(face)
        painter.setPen(self._look.colour(ink))
        text = QFontMetrics(face, self).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        draw_line(painter, room, text, "start", self.layoutDirection())


class _Chances(QWidget, Themed):
    """The cloths that can still win, each with the share of the weights under which it is first, as bars."""

    _LINE: Final = 20

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: list[tuple[str, float, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_chances(self, lines: Sequence[tuple[str, float, str]]) -> None:
        """Show (name, share 0..1, share in words), likeliest first."""
        self._lines = list(lines)
        self.setAccessibleName("; ".join(f"{name} {text}" for name, _, text in lines))
        self.setToolTip("\n".join(f"{name} {text}" for name, _, text in lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._LINE * _CHANCES)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, rtl = self._look, self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        face = interface_font("body")
        metrics = QFontMetrics(face, self)
        painter.setFont(face)
        wide = self.width()
        number, bar = 44, min(150, wide // 3)
        for line, (name, share, text) in enumerate(self._lines):
            top = line * self._LINE
            room = QRectF(number + bar + 10 if rtl else 0, top, wide - number - bar - 10, self._LINE)
            painter.setPen(look.colour("ink"))
            short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, int(room.width()))
            draw_line(painter, room, short, "start", self.layoutDirection())
            track = QRectF(number if rtl else wide - number - bar, top + 7, bar, 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("line"))
            painter.drawRoundedRect(track, 3, 3)
            filled = QRectF(track)
            filled.setWidth(max(3.0, share * bar))
            if rtl:
                filled.moveRight(track.right())
            painter.setBrush(look.colour("accent"))
            painter.drawRoundedRect(filled, 3, 3)
            painter.setPen(look.colour("ink2"))
            room = QRectF(0 if rtl else wide - number, top, number, self._LINE)
            draw_line(painter, room, text, "end", self.layoutDirection())


class QuestionPage(QWidget):
    """A choice between two cloths at a time, until who wins is settled.

    Answers so far are listed; one that is pressed is asked again. Answers that contradict each other are marked, and it
    is said that they do.
    """

    changed = Signal()

    def __init__(self, look: Theme, start: Interview, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._names = names
        self._past: list[Interview] = []
        self._again: int | None = None
        self.now = start
        self.progress = QLabel(self)
        self.asked = prose(self.tr("Two cloths, alike in everything else. Which one would you rather have?"), self)
        self.first = _Card(look, self.tr("This one"), self)
        self.second = _Card(look, self.tr("Or this one"), self)
        self.equal = QPushButton(self.tr("Equally good"), self)
        self.back = QPushButton(self.tr("Back"), self)
        self.again = QPushButton(self.tr("Begin again"), self)
        self.clash = QLabel(self)
        self.clash.setWordWrap(True)
        self.clash.setProperty("ink", "warn")
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.chances = _Chances(look, self)
        self.answers = QListWidget(self)
        self.answers.setAccessibleName(self.tr("Your answers so far; Enter asks one again"))
        self.answers.setToolTip(self.tr("Double-click or press Enter to answer one again"))
        self.answers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.answers.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.answers.setMinimumHeight(3 * TARGET)
        self.answers.itemActivated.connect(self._activated)
        cards = QHBoxLayout()
        cards.setSpacing(space(3))
        for card in (self.first, self.second):
            cards.addWidget(card, 1)
        row = QHBoxLayout()
        row.addWidget(self.equal)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.again)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, space(2), 0, 0)
        box.setSpacing(space(2))
        box.addWidget(self.asked)
        box.addWidget(self.progress)
        box.addLayout(cards)
        box.addLayout(row)
        box.addWidget(self.clash)
        box.addWidget(self.state)
        box.addWidget(self.chances)
        box.addWidget(self.answers, 1)
        self.first.clicked.connect(self._first)
        self.second.clicked.connect(self._second)
        self.equal.clicked.connect(self._equal)
        self.back.clicked.connect(self._back)
        self.again.clicked.connect(self._begin)
        self._show()

    def found(self) -> dict[str, float] | None:
        """Central priorities of the replies; None before the first."""
        return dict(self.now.priorities) if self.now.replies else None

    def asking(self) -> Question | None:
        """The question on screen: the next one, or the one that is being answered again."""
        return self.now.question if self._again is None else self.now.replies[self._again][0]

    def _show(self) -> None:
        question = self.asking()
        for part in (self.first, self.second, self.equal, self.asked):
            part.setVisible(question is not None)
        self.back.setEnabled(bool(self._past) or self._again is not None)
        self.again.setEnabled(bool(self._past))
        count = len(self.now.replies)
        if question is not None:
            self.first.set_levels(question.first)
            self.second.set_levels(question.second)
        if self._again is not None:
            self.progress.setText(self.tr("Question {number} once more").format(number=words.number(self._again + 1)))
        elif question is not None:
            self.progress.setText(
                self.tr("Question {number}, of {least} to {most}").format(
                    number=words.number(count + 1),
                    least=words.number(LEAST_QUESTIONS),
                    most=words.number(MOST_QUESTIONS),
                )
            )
        else:
            self.progress.setText(
                self.tr("Done: {count} questions.").format(count=words.number(count))
                if count
                else self.tr("Nothing to ask.")
            )
        self._show_clash()
        self._show_state()
        self._list()

    def _show_clash(self) -> None:
        clash = self.now.conflict
        self.clash.setVisible(bool(clash))
        if not clash:
            return
        numbers = self.tr(", ").join(words.number(number + 1) for number in clash)
        set_aside = self.tr(", ").join(words.number(number + 1) for number in sorted(self.now.doubted))
        self.clash.setText(
            self.tr(
                "Answers {numbers} do not go together, which happens easily. Press the one you meant otherwise below, "
                "and answer it again. Until then answer {aside} does not count."
            ).format(numbers=numbers, aside=set_aside)
        )

    def _show_state(self) -> None:
        leader = self.now.leader
        if leader is None:
            self.state.setText(self.tr("No cloth passes the limits."))
            self.chances.show_chances(())
            return
        chances = self.now.chances
        self.state.setText(
            self.tr("Settled so far: {share} %. First among all weights that agree with your answers:").format(
                share=words.number(floor(100 * self.now.settled))
            )
        )
        self.state.setToolTip(
            self.tr("{name} is first, or within 0.01 of it, for {share} % of them; {count} cloths can win.").format(
                name=self._names[leader],
                share=words.number(floor(100 * self.now.settled)),
                count=words.number(len(chances)),
            )
        )
        self.chances.show_chances(
            [
                (self._names[row], share, self.tr("{share} %").format(share=words.number(100 * share)))
                for row, share in chances[:_CHANCES]
            ]
        )

    def _list(self) -> None:
        clash = set(self.now.conflict)
        with QSignalBlocker(self.answers):
            self.answers.clear()
            for number, (question, reply) in enumerate(self.now.replies):
                text = self._reply_text(question, reply)
                if number in clash:
                    text = self.tr("{number}. ⚠ {answer}").format(number=words.number(number + 1), answer=text)
                else:
                    text = self.tr("{number}. {answer}").format(number=words.number(number + 1), answer=text)
                item = QListWidgetItem(text, self.answers)
                item.setToolTip(text)
                item.setSizeHint(QSize(0, TARGET))
            if clash:
                self.answers.setCurrentRow(min(clash))
            elif self.now.replies:
                self.answers.scrollToBottom()

    def _reply_text(self, question: Question, reply: str) -> str:
        # What each cloth has over the other says enough; the rest is the other way round.
        one, other = question.gain.best, question.loss.best
        if reply == "second":
            one, other = other, one
        parts = {"one": _level_words(one), "other": _level_words(other)}
        if reply == "equal":
            return self.tr("{one} is worth as much as {other}").format(**parts)
        return self.tr("{one} rather than {other}").format(**parts)

    def _reply(self, reply: str) -> None:
        self._past.append(self.now)
        if self._again is None:
            self.now = self.now.answered(reply)
        else:
            self.now = self.now.revised(self._again, reply)
            self._again = None
        self._show()
        if self.now.question is None:
            self.back.setFocus()
        self.changed.emit()

    @Slot()
    def _first(self) -> None:
        self._reply("first")

    @Slot()
    def _second(self) -> None:
        self._reply("second")

    @Slot()
    def _equal(self) -> None:
        self._reply("equal")

    @Slot(QListWidgetItem)
    def _activated(self, item: QListWidgetItem) -> None:
        self._again = self.answers.row(item)
        self._show()
        self.first.setFocus()

    @Slot()
    def _back(self) -> None:
        if self._again is not None:
            self._again = None
        else:
            self.now = self._past.pop()
        self._show()
        self.changed.emit()

    @Slot()
    def _begin(self) -> None:
        self.now = self._past[0]
        self._past.clear()
        self._again = None
        self._show()
        self.changed.emit()


def _level_words(level: Level) -> str:
    return f"{words.criterion(level.criterion)} {level_text(level)}"
