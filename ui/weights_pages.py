"""Weights pages: an order, swings, best and worst, pairs, figures - each a way to say, or work out, what matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer
from advisor.elicitation import (
    FROM_FIGURES,
    Extremes,
    Judged,
    Level,
    Swing,
    best_and_worst,
    from_figures,
    from_groups,
    pairwise,
    rank_order,
    swing_weights,
)
from advisor.properties import GROUPS
from ui import words
from ui.brief_parts import figure_text
from ui.combos import Combo, Item
from ui.sliders import Scale, ValueSlider
from ui.theme import TARGET, Theme, fill_group, group_of, space
from ui.widgets import ElidedLabel

_KEY: Final = Qt.ItemDataRole.UserRole


def level_text(level: Level) -> str:
    """A level's figures in their units; with names where more than one property makes the criterion."""
    if len(level.figures) == 1:
        return words.figure(*level.figures[0])
    return ", ".join(f"{words.short(key)} {words.figure(key, figure)}" for key, figure in level.figures)


def criterion_dot(look: Theme, criterion: str, ratio: float) -> QIcon:
    """The mark of a criterion's group, as an icon for this many pixels a point."""
    pixmap = QPixmap(round(12 * ratio), round(12 * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    fill_group(painter, QRectF(1, 1, 10, 10), group_of(criterion), look, ratio)
    painter.end()
    return QIcon(pixmap)


def prose(text: str, parent: QWidget) -> QLabel:
    """A paragraph that wraps."""
    label = QLabel(text, parent)
    label.setWordWrap(True)
    return label


class OrderList(QListWidget):
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


class RankPage(QWidget):
    """The improvements in an order."""

    changed = Signal()

    def __init__(self, look: Theme, ranges: tuple[Swing, ...], weights: Mapping[str, float], parent: QWidget) -> None:
        super().__init__(parent)
        self._ranges, self.touched = ranges, False
        self.list = OrderList(self)
        self.list.setAccessibleName(self.tr("Improvements, the most welcome first"))
        for swing in sorted(ranges, key=lambda one: -weights[one.criterion] * one.width):
            text = self.tr("{name}: from {worst} to {best}").format(
                name=words.criterion(swing.criterion), worst=level_text(swing.worst), best=level_text(swing.best)
            )
            item = QListWidgetItem(criterion_dot(look, swing.criterion, self.devicePixelRatioF()), text, self.list)
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
            prose(
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


class Scrolled(QScrollArea):
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

    def grid(self) -> QGridLayout:
        """A grid for its rows, laid into it: no air between rows, some between columns and before the bar."""
        grid = QGridLayout(self.inside)
        grid.setContentsMargins(0, 0, space(2), 0)
        grid.setHorizontalSpacing(space(2))
        grid.setVerticalSpacing(0)
        return grid


class SwingPage(QWidget):
    """Points for what going from worst to best is worth."""

    changed = Signal()

    def __init__(self, look: Theme, ranges: tuple[Swing, ...], weights: Mapping[str, float], parent: QWidget) -> None:
        super().__init__(parent)
        self._ranges, self.touched = ranges, False
        self.sliders: dict[str, ValueSlider] = {}
        self._texts: dict[str, ElidedLabel] = {}
        scroll = Scrolled(self)
        grid = scroll.grid()
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
            prose(
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


class PairPage(QWidget):
    """The six groups compared two at a time; inside a group the present proportions stay."""

    changed = Signal()

    def __init__(self, look: Theme, present: Mapping[str, float], parent: QWidget) -> None:
        super().__init__(parent)
        self._present, self.touched = present, False
        self.sliders: dict[tuple[str, str], ValueSlider] = {}
        self._texts: dict[tuple[str, str], ElidedLabel] = {}
        scroll = Scrolled(self)
        grid = scroll.grid()
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
            prose(
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


def _picked(combo: Combo) -> str:
    return str(combo.currentData(_KEY) or "")


class BestWorstPage(QWidget):
    """The most and the least welcome improvement, and how far every other stands from the two."""

    changed = Signal()

    def __init__(self, look: Theme, ranges: tuple[Swing, ...], weights: Mapping[str, float], parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._ranges, self.touched = look, ranges, False
        worth = {one.criterion: weights[one.criterion] * one.width for one in ranges}
        order = sorted(worth, key=lambda key: -worth[key])
        top, bottom = (order[0], order[-1]) if order else ("", "")
        most, least = (worth[top], worth[bottom]) if order else (0.0, 0.0)
        items = [Item(key, words.criterion(key)) for key in worth]
        self.best = Combo(self.tr("Most welcome improvement"), items, self)
        self.worst = Combo(self.tr("Least welcome improvement"), items, self)
        self.ahead: dict[str, ValueSlider] = {}
        self.over: dict[str, ValueSlider] = {}
        self._said: dict[str, tuple[ElidedLabel, ElidedLabel]] = {}
        self._rows: dict[str, tuple[QWidget, ...]] = {}
        scroll = Scrolled(self)
        grid = scroll.grid()
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self._heads = (
            ElidedLabel(look, ink="ink2", kind="caption", parent=scroll.inside),
            ElidedLabel(look, ink="ink2", kind="caption", parent=scroll.inside),
        )
        for column, head in zip((1, 3), self._heads, strict=True):
            head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(head, 0, column, 1, 2)
        for number, swing in enumerate(ranges, start=1):
            key, name = swing.criterion, words.criterion(swing.criterion)
            span = self.tr("from {worst} to {best}").format(worst=level_text(swing.worst), best=level_text(swing.best))
            title = ElidedLabel(look, name, parent=scroll.inside)
            title.setFixedWidth(86)
            title.setToolTip(f"{name}: {span}")
            parts: list[QWidget] = [title]
            labels = []
            for sliders, ratio in (
                (self.ahead, most / worth[key] if worth[key] > 0 else 9.0),
                (self.over, worth[key] / least if least > 0 else 9.0),
            ):
                slider = ValueSlider(look, name, Scale.linear(1, 9), ink=group_of(key), parent=scroll.inside)
                slider.setAccessibleDescription(span)
                slider.setValue(float(min(9, max(1, round(ratio)))))
                slider.setMinimumWidth(52)
                slider.moved.connect(self._moved)
                times = ElidedLabel(look, ink="ink2", align="end", parent=scroll.inside)
                times.setFixedWidth(34)
                sliders[key] = slider
                labels.append(times)
                parts += [slider, times]
            for column, part in enumerate(parts):
                grid.addWidget(part, number, column)
            grid.setRowMinimumHeight(number, TARGET)
            self._said[key] = labels[0], labels[1]
            self._rows[key] = tuple(parts)
        grid.setRowStretch(len(ranges) + 1, 1)
        self.consistency = QLabel(self)
        self.consistency.setWordWrap(True)
        ends = QGridLayout()
        ends.setHorizontalSpacing(space(3))
        for column, (text, combo) in enumerate(
            ((self.tr("Most welcome"), self.best), (self.tr("Least welcome"), self.worst))
        ):
            label = QLabel(text, self)
            label.setBuddy(combo)
            ends.addWidget(label, 0, column)
            ends.addWidget(combo, 1, column)
            combo.chosen.connect(self._chosen)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, space(2), 0, 0)
        box.setSpacing(space(2))
        box.addWidget(
            prose(
                self.tr(
                    "Name the improvement from worst to best you want most and the one you want least. Then say for "
                    "each how many times as much the one is worth, and how many times as much as the other."
                ),
                self,
            )
        )
        box.addLayout(ends)
        box.addWidget(scroll, 1)
        box.addWidget(self.consistency)
        if order:
            self.best.show_key(top)
            self.worst.show_key(bottom)
        self._say()

    def judged(self) -> Extremes | None:
        """What the judgements come to; None where there is nothing to compare, or one improvement is both ends."""
        best, worst = _picked(self.best), _picked(self.worst)
        if len(self._ranges) < 2 or best == worst:
            return None
        ahead = {key: float(round(slider.value())) for key, slider in self.ahead.items()}
        over = {key: float(round(slider.value())) for key, slider in self.over.items()}
        # How far the best is above the worst is asked once, on the worst's line.
        ahead[best], over[worst], over[best] = 1.0, 1.0, ahead[worst]
        return best_and_worst(best, worst, ahead, over, self._ranges)

    def found(self) -> dict[str, float] | None:
        """Priorities of these judgements; None before any was given."""
        judged = self.judged() if self.touched else None
        return None if judged is None else dict(judged.priorities)

    @Slot(float)
    def _moved(self, _value: float) -> None:
        self.touched = True
        self._say()
        self.changed.emit()

    @Slot(str)
    def _chosen(self, _key: str) -> None:
        self.touched = True
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        best, worst = _picked(self.best), _picked(self.worst)
        for head, text, key in zip(
            self._heads,
            (self.tr("{name}, times as much"), self.tr("times as much as {name}")),
            (best, worst),
            strict=True,
        ):
            head.set_text(text.format(name=words.criterion(key)) if key else "")
        for key, labels in self._said.items():
            for slider, label in zip((self.ahead[key], self.over[key]), labels, strict=True):
                text = self.tr("× {times}").format(times=words.number(round(slider.value())))
                label.set_text(text)
                slider.set_text(text)
            # The ends are not compared with themselves, and with each other only once.
            self._rows[key][1].setVisible(key != best)
            self._rows[key][2].setVisible(key != best)
            self._rows[key][3].setVisible(key not in (best, worst))
            self._rows[key][4].setVisible(key not in (best, worst))
        self.consistency.setText(self._consistency_text())

    def _consistency_text(self) -> str:
        judged = self.judged()
        if judged is None:
            return self.tr("The most and the least welcome have to be two different ones.") if self._ranges else ""
        if not self.touched:
            return self.tr("The sliders start from the present priorities, in whole numbers.")
        ratio = words.number(judged.ratio, 2)
        if judged.worst is None:
            return self.tr("Consistency ratio {ratio}: the judgements agree in full.").format(ratio=ratio)
        key, worst = judged.worst, _picked(self.worst)
        ahead, over = round(self.ahead[key].value()), round(self.over[key].value())
        text = (
            self.tr("Consistency ratio {ratio}: the judgements hang together. Least so {name}: ")
            if judged.consistent
            else self.tr("Consistency ratio {ratio}, above 0.10. Think again about {name}: ")
        ).format(ratio=ratio, name=words.criterion(key))
        return text + self.tr("{ahead} times and {over} times make {product}, you say {said} for {worst}.").format(
            ahead=words.number(ahead),
            over=words.number(over),
            product=words.number(ahead * over),
            said=words.number(round(self.ahead[worst].value())),
            worst=words.criterion(worst),
        )


class FiguresPage(QWidget):
    """Weights from how the figures spread, with the warning that they say nothing of what matters."""

    changed = Signal()

    def __init__(self, answer: Answer, ranges: tuple[Swing, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._answer, self._ranges = answer, ranges
        self.warning = QLabel(self)
        self.warning.setWordWrap(True)
        self.warning.setText(
            self.tr(
                "<b>These weights say how the figures spread, not what matters to anybody.</b> They change with every "
                "cloth that comes or goes, and a criterion all cloths share weighs nothing however much it matters. "
                "Look at them beside your own; take them over only if you have none."
            )
        )
        self.group = QButtonGroup(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, space(2), 0, 0)
        box.setSpacing(space(2))
        box.addWidget(self.warning)
        texts = {
            "entropy": (
                self.tr("Entropy"),
                self.tr("A criterion whose values are spread unevenly over the cloths weighs more (Shannon)."),
            ),
            "critic": (
                self.tr("CRITIC"),
                self.tr("A criterion weighs more if it varies and does not go along with the others."),
            ),
            "merec": (
                self.tr("MEREC"),
                self.tr(
                    "A criterion weighs more if leaving it out moves the scores more. Values below 0.01 count as 0.01."
                ),
            ),
        }
        self.choices: dict[str, QRadioButton] = {}
        for key in FROM_FIGURES:
            name, about = texts[key]
            choice = QRadioButton(name, self)
            choice.setAccessibleDescription(about)
            choice.setEnabled(bool(ranges))
            choice.toggled.connect(self._toggled)
            self.group.addButton(choice)
            self.choices[key] = choice
            line = prose(about, self)
            line.setProperty("ink", "2")
            line.setIndent(22)
            box.addWidget(choice)
            box.addWidget(line)
        box.addStretch(1)

    def found(self) -> dict[str, float] | None:
        """Priorities by the method chosen; None before one is."""
        for key, choice in self.choices.items():
            if choice.isChecked():
                asked = {swing.criterion for swing in self._ranges}
                locks = [key for key in self._answer.terms.priorities if key not in asked]
                return from_figures(self._answer, key, locks)[0]
        return None

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        if on:
            self.changed.emit()
