"""Weights dialog: four ways to say what matters - an order, swings, questions, pairs - with who would lead then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import floor, log10
from typing import Final

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer, solve
from advisor.elicitation import (
    Equivalent,
    Judged,
    Level,
    Swing,
    applied,
    equivalents,
    from_groups,
    pairwise,
    price_is_local,
    rank_order,
    swing_weights,
    swings,
)
from advisor.properties import CRITERIA, GROUPS
from advisor.questions import MOST_QUESTIONS, Interview, Question, interview
from ui import words
from ui.brief_parts import figure_text
from ui.painting import draw_line, focus_ring
from ui.session import Session
from ui.sliders import Scale, ValueSlider
from ui.theme import TARGET, Theme, fill_group, group_of, interface_font, space
from ui.widgets import ElidedLabel, Pressable, Themed

_SIZE: Final = (1040, 610)
_KEY: Final = Qt.ItemDataRole.UserRole
_PRICE: Final = "price_usd_m2"


def level_text(level: Level) -> str:
    """A level's figures in their units; with names where more than one property makes the criterion."""
    if len(level.figures) == 1:
        return words.figure(*level.figures[0])
    return ", ".join(f"{words.short(key)} {words.figure(key, figure)}" for key, figure in level.figures)


def _dot(look: Theme, criterion: str, ratio: float) -> QIcon:
    pixmap = QPixmap(round(12 * ratio), round(12 * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    fill_group(painter, QRectF(1, 1, 10, 10), group_of(criterion), look, ratio)
    painter.end()
    return QIcon(pixmap)


def _prose(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    return label


class _OrderList(QListWidget):
    """Criteria in order of importance; dragged, or moved with Alt and the arrow keys."""

    reordered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.model().rowsMoved.connect(self._moved)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_by(step)
            return
        super().keyPressEvent(event)

    def move_by(self, step: int) -> None:
        """Move the current criterion up (-1) or down (1)."""
        at = self.currentRow()
        to = at + step
        if at < 0 or not 0 <= to < self.count():
            return
        with QSignalBlocker(self.model()):
            item = self.takeItem(at)
        self.insertItem(to, item)
        self.setCurrentRow(to)
        self.reordered.emit()

    def order(self) -> list[str]:
        """The criteria, the most important first."""
        return [str(self.item(number).data(_KEY)) for number in range(self.count())]

    @Slot()
    def _moved(self) -> None:
        self.reordered.emit()


class _RankPage(QWidget):
    """The improvements in an order."""

    changed = Signal()

    def __init__(self, look: Theme, ranges: tuple[Swing, ...], weights: Mapping[str, float], parent: QWidget) -> None:
        super().__init__(parent)
        self._ranges, self.touched = ranges, False
        self.list = _OrderList(self)
        self.list.setAccessibleName(self.tr("Improvements, the most welcome first"))
        for swing in sorted(ranges, key=lambda one: -weights[one.criterion] * one.width):
            text = self.tr("{name}: from {worst} to {best}").format(
                name=words.criterion(swing.criterion), worst=level_text(swing.worst), best=level_text(swing.best)
            )
            item = QListWidgetItem(_dot(look, swing.criterion, self.devicePixelRatioF()), text, self.list)
            item.setData(_KEY, swing.criterion)
            item.setToolTip(text)
            item.setSizeHint(QSize(0, TARGET))
        self.list.setCurrentRow(0)
        self.list.reordered.connect(self._reordered)
        self.up = QPushButton(self.tr("Move up"), self)
        self.down = QPushButton(self.tr("Move down"), self)
        self.up.clicked.connect(self._up)
        self.down.clicked.connect(self._down)
        row = QHBoxLayout()
        row.addWidget(self.up)
        row.addWidget(self.down)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, space(2), 0, 0)
        box.addWidget(
            _prose(
                self.tr(
                    "Think of a cloth that is at its worst in everything. Which one would you improve first, "
                    "which next? Drag, or press Alt with an arrow key."
                ),
                self,
            )
        )
        box.addWidget(self.list, 1)
        box.addLayout(row)

    def found(self) -> dict[str, float] | None:
        """Priorities of that order; None before it was touched."""
        return rank_order(self.list.order(), self._ranges) if self.touched else None

    @Slot()
    def _reordered(self) -> None:
        self.touched = True
        self.changed.emit()

    @Slot()
    def _up(self) -> None:
        self.list.move_by(-1)

    @Slot()
    def _down(self) -> None:
        self.list.move_by(1)


class _Scrolled(QScrollArea):
    """Rows that scroll down only."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.inside = QWidget(self)
        self.setWidget(self.inside)
        self.inside.setAutoFillBackground(False)


class _SwingPage(QWidget):
    """Points for what going from worst to best is worth."""

    changed = Signal()

    def __init__(self, look: Theme, ranges: tuple[Swing, ...], weights: Mapping[str, float], parent: QWidget) -> None:
        super().__init__(parent)
        self._ranges, self.touched = ranges, False
        self.sliders: dict[str, ValueSlider] = {}
        self._texts: dict[str, ElidedLabel] = {}
        scroll = _Scrolled(self)
        grid = QGridLayout(scroll.inside)
        grid.setContentsMargins(0, 0, space(2), 0)
        grid.setHorizontalSpacing(space(2))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        most = max((weights[one.criterion] * one.width for one in ranges), default=0.0)
        for number, swing in enumerate(ranges):
            name = words.criterion(swing.criterion)
            span = self.tr("from {worst} to {best}").format(worst=level_text(swing.worst), best=level_text(swing.best))
            slider = ValueSlider(look, name, Scale.linear(0, 100), ink=group_of(swing.criterion), parent=scroll.inside)
            slider.setAccessibleDescription(span)
            slider.setValue(round(100 * weights[swing.criterion] * swing.width / most) if most > 0 else 50)
            slider.setMinimumWidth(90)
            slider.moved.connect(self._moved)
            points = ElidedLabel(look, ink="ink2", align="end", parent=scroll.inside)
            points.setFixedWidth(30)
            title = ElidedLabel(look, name, parent=scroll.inside)
            title.setFixedWidth(96)
            detail = ElidedLabel(look, span, ink="ink2", kind="caption", parent=scroll.inside)
            detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            for column, widget in enumerate((title, detail, slider, points)):
                grid.addWidget(widget, number, column)
            self.sliders[swing.criterion], self._texts[swing.criterion] = slider, points
        grid.setRowStretch(len(ranges), 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, space(2), 0, 0)
        box.addWidget(
            _prose(
                self.tr(
                    "Give 100 to the improvement you want most, and the others points beside it: 50 is worth half as "
                    "much. The sliders start from the present priorities."
                ),
                self,
            )
        )
        box.addWidget(scroll, 1)
        self._say()

    def points(self) -> dict[str, float]:
        """Points by criterion, whole."""
        return {key: float(round(slider.value())) for key, slider in self.sliders.items()}

    def found(self) -> dict[str, float] | None:
        """Priorities of these points; None before any was moved, or where all are 0."""
        points = self.points()
        return swing_weights(points, self._ranges) if self.touched and any(points.values()) else None

    @Slot(float)
    def _moved(self, _value: float) -> None:
        self.touched = True
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        for key, points in self.points().items():
            self._texts[key].set_text(words.number(points))
            self.sliders[key].set_text(self.tr("{points} points").format(points=words.number(points)))


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


class _QuestionPage(QWidget):
    """A choice between two cloths at a time, until who wins is settled."""

    changed = Signal()

    def __init__(self, look: Theme, start: Interview, names: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._names = names
        self._past: list[Interview] = []
        self.now = start
        self.progress = QLabel(self)
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.asked = _prose(self.tr("Two cloths, alike in everything else. Which one would you rather have?"), self)
        self.first = _Card(look, self.tr("This one"), self)
        self.second = _Card(look, self.tr("Or this one"), self)
        self.equal = QPushButton(self.tr("Equally good"), self)
        self.back = QPushButton(self.tr("Back"), self)
        self.again = QPushButton(self.tr("Begin again"), self)
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
        box.setSpacing(space(3))
        box.addWidget(self.asked)
        box.addWidget(self.progress)
        box.addLayout(cards)
        box.addLayout(row)
        box.addWidget(self.state)
        box.addStretch(1)
        self.first.clicked.connect(self._first)
        self.second.clicked.connect(self._second)
        self.equal.clicked.connect(self._equal)
        self.back.clicked.connect(self._back)
        self.again.clicked.connect(self._again)
        self._show()

    def found(self) -> dict[str, float] | None:
        """Central priorities of the replies; None before the first."""
        return dict(self.now.priorities) if self.now.replies else None

    def _show(self) -> None:
        question = self.now.question
        for button in (self.first, self.second, self.equal):
            button.setVisible(question is not None)
        self.asked.setVisible(question is not None)
        self.back.setEnabled(bool(self._past))
        self.again.setEnabled(bool(self._past))
        if question is not None:
            self._ask(question)
        else:
            self.progress.setText(
                self.tr("Done: {count} questions.").format(count=words.number(len(self.now.replies)))
                if self.now.replies
                else self.tr("Nothing to ask.")
            )
        leader = self.now.leader
        if leader is None:
            self.state.setText(self.tr("No cloth passes the limits."))
            return
        self.state.setText(
            self.tr("{name} leads for {share} % of all weights that agree with your answers.").format(
                name=self._names[leader], share=words.number(floor(100 * self.now.settled))
            )
        )

    def _ask(self, question: Question) -> None:
        self.progress.setText(
            self.tr("Question {number}, at most {most}").format(
                number=words.number(len(self.now.replies) + 1), most=words.number(MOST_QUESTIONS)
            )
        )
        self.first.set_levels(question.first)
        self.second.set_levels(question.second)

    def _reply(self, reply: str) -> None:
        self._past.append(self.now)
        self.now = self.now.answered(reply)
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

    @Slot()
    def _back(self) -> None:
        self.now = self._past.pop()
        self._show()
        self.changed.emit()

    @Slot()
    def _again(self) -> None:
        self.now = self._past[0]
        self._past.clear()
        self._show()
        self.changed.emit()


class _PairPage(QWidget):
    """The six groups compared two at a time; inside a group the present proportions stay."""

    changed = Signal()

    def __init__(self, look: Theme, present: Mapping[str, float], parent: QWidget) -> None:
        super().__init__(parent)
        self._present, self.touched = present, False
        self.sliders: dict[tuple[str, str], ValueSlider] = {}
        self._texts: dict[tuple[str, str], ElidedLabel] = {}
        scroll = _Scrolled(self)
        grid = QGridLayout(scroll.inside)
        grid.setContentsMargins(0, 0, space(2), 0)
        grid.setHorizontalSpacing(space(2))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        groups = list(GROUPS)
        pairs = [(one, other) for number, one in enumerate(groups) for other in groups[number + 1 :]]
        for number, (one, other) in enumerate(pairs):
            names = words.group(one), words.group(other)
            label = self.tr("{first} against {second}").format(first=names[0], second=names[1])
            # To the second's side the second counts for more.
            slider = ValueSlider(look, label, Scale.linear(-8, 8), parent=scroll.inside)
            slider.set_mark(0)
            slider.setValue(0)
            slider.moved.connect(self._moved)
            start, end = (
                ElidedLabel(look, names[0], parent=scroll.inside),
                ElidedLabel(look, names[1], parent=scroll.inside),
            )
            said = ElidedLabel(look, ink="ink2", align="end", parent=scroll.inside)
            for widget, width in ((start, 84), (end, 84), (said, 130)):
                widget.setFixedWidth(width)
            shown: tuple[QWidget, ...] = (start, slider, end, said)
            for column, part in enumerate(shown):
                grid.addWidget(part, number, column)
            self.sliders[one, other], self._texts[one, other] = slider, said
        grid.setRowStretch(len(pairs), 1)
        self.consistency = QLabel(self)
        self.consistency.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, space(2), 0, 0)
        box.addWidget(
            _prose(
                self.tr(
                    "Move each handle towards the group that matters more, up to nine times as much. "
                    "Inside a group the present proportions stay."
                ),
                self,
            )
        )
        box.addWidget(scroll, 1)
        box.addWidget(self.consistency)
        self._say()

    def judged(self) -> Judged:
        """What the judgements come to."""
        given = {}
        for pair, slider in self.sliders.items():
            step = round(slider.value(), 1)
            given[pair] = 1.0 / (1 + step) if step > 0 else float(1 - step)
        return pairwise(list(GROUPS), given)

    def found(self) -> dict[str, float] | None:
        """Priorities of these judgements; None before any was given."""
        return from_groups(self.judged().priorities, self._present) if self.touched else None

    @Slot(float)
    def _moved(self, _value: float) -> None:
        self.touched = True
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        for (one, other), slider in self.sliders.items():
            step = round(slider.value(), 1)
            text = (
                self.tr("{name} × {times}").format(
                    name=words.group(other if step > 0 else one), times=figure_text(1 + abs(step))
                )
                if step
                else self.tr("equal")
            )
            self._texts[one, other].set_text(text)
            slider.set_text(text)
        judged = self.judged()
        ratio = words.number(judged.ratio, 2)
        if judged.consistent or judged.worst is None or judged.judgement is None:
            text = self.tr("Consistency ratio {ratio}: the judgements hang together.").format(ratio=ratio)
        else:
            given, implied = judged.judgement.given, judged.judgement.implied
            first, second = judged.worst
            if given < 1:
                first, second, given, implied = second, first, 1 / given, 1 / implied
            text = self.tr(
                "Consistency ratio {ratio}, above 0.10. Think again about {first} against {second}: "
                "you say {given} times, all of them together come to {implied}."
            ).format(
                ratio=ratio,
                first=words.group(first),
                second=words.group(second),
                given=figure_text(given),
                implied=figure_text(implied, 2),
            )
        self.consistency.setText(text)


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
        self.setMinimumSize(760, 480)
        self.resize(*_SIZE)
        ranges = tuple(swing for swing in swings(answer) if swing.criterion not in brief.locks)
        present = answer.terms.priorities
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName(self.tr("Ways to set priorities"))
        self.rank = _RankPage(look, ranges, present, self)
        self.swing = _SwingPage(look, ranges, present, self)
        self.questions = _QuestionPage(look, interview(answer), tuple(answer.table.names), self)
        self.pairs = _PairPage(look, present, self)
        self._pages = (self.rank, self.swing, self.questions, self.pairs)
        titles = (self.tr("Rank them"), self.tr("Swing"), self.tr("Questions"), self.tr("Pairwise"))
        for page, title in zip(self._pages, titles, strict=True):
            self.tabs.addTab(page, title)
        self.rank.changed.connect(self._preview)
        self.swing.changed.connect(self._preview)
        self.questions.changed.connect(self._preview)
        self.pairs.changed.connect(self._preview)
        self.tabs.currentChanged.connect(self._preview)
        self.first_three = QLabel(self)
        self.first_three.setTextFormat(Qt.TextFormat.PlainText)
        self.first_three.setWordWrap(True)
        self._cells: dict[str, tuple[QTableWidgetItem, QTableWidgetItem, QTableWidgetItem]] = {}
        self.table = self._table()
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setProperty("ink", "ink2")
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
            cells[0].setIcon(_dot(self._look, key, self.devicePixelRatioF()))

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
