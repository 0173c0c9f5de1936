"""Strip at the head of the ranking: what the places go by, what is filtered or pinned, and what more can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.painting import draw_line, focus_ring, round_pen
from ui.ranking_rows import PAD
from ui.theme import TARGET, Theme, interface_font, space
from ui.widgets import Chip, Pressable, Themed

ORDERS: Final = ("score", "weakest")


class OrderChoice(Pressable):
    """One of the orders to choose from; the chosen one is underlined like a tab."""

    def __init__(self, look: Theme, key: str, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.key = key
        self._faces = (interface_font("caption"), interface_font("caption", bold=True))
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        # As wide as in bold, so that nothing moves when the choice does.
        return QSize(QFontMetrics(self._faces[1], self).horizontalAdvance(self.text()) + 12, TARGET + 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            strip = self.parentWidget()
            others = [choice for choice in strip.findChildren(OrderChoice) if choice is not self] if strip else []
            if others:
                others[0].setFocus(Qt.FocusReason.TabFocusReason)
                others[0].click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, on = self._look, self.isChecked()
        painter.setFont(self._faces[on])
        painter.setPen(look.colour("ink" if on or self.underMouse() else "ink3"))
        draw_line(painter, QRectF(self.rect()), self.text(), "centre", self.layoutDirection())
        if on:
            painter.fillRect(QRect(4, self.height() - 2, self.width() - 8, 2), look.colour("accent"))
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()).adjusted(0, 2, 0, -3), look, 4)


class MenuButton(Pressable):
    """A quiet button with an arrow, which opens something below it."""

    def __init__(self, look: Theme, text: str, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._face = interface_font("caption")
        self.setText(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._face, self).horizontalAdvance(self.text()) + 24, TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._look
        ink = look.colour("accent" if self.underMouse() or self.hasFocus() else "ink2")
        painter.setFont(self._face)
        painter.setPen(ink)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        room = QRectF(self.rect()).adjusted(16 if mirrored else 5, 0, -5 if mirrored else -16, 0)
        draw_line(painter, room, self.text(), "start", self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(round_pen(ink, 1.4))
        middle = QPointF(10 if mirrored else self.width() - 10, self.height() / 2)
        painter.drawPolyline([middle + QPointF(*at) for at in ((-3, -1.5), (0, 1.5), (3, -1.5))])
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()).adjusted(0, 1, 0, -1), look, 4)


class RankingStrip(QWidget, Themed):
    """Orders to choose from, chips of what narrows the list, and buttons at the far end.

    Signals:
        ordered(str): an order was chosen, one of ``ORDERS``.
        pressed(str), removed(str): a chip was pressed, or its cross, by the chip's key.
    """

    ordered = Signal(str)
    pressed = Signal(str)
    removed = Signal(str)
    HEIGHT: Final = 30

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setFixedHeight(self.HEIGHT)
        self.setAccessibleName(self.tr("Order and filters"))
        self._choices = {key: OrderChoice(look, key, self) for key in ORDERS}
        self._choices["score"].setText(self.tr("By score"))
        self._choices["score"].setToolTip(self.tr("Places by score: weight × value, summed"))
        self._choices["weakest"].setText(self.tr("By weakest demand"))
        self._choices["weakest"].setToolTip(
            self.tr("Places by the lowest value among the demands asked, then by score: nothing makes up for it")
        )
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(PAD - 6, 0, PAD - 6, 0)
        self._row.setSpacing(space(1))
        for choice in self._choices.values():
            choice.setAccessibleName(self.tr("Order: {name}").format(name=choice.text()))
            choice.clicked.connect(self._chosen)
            self._row.addWidget(choice)
        self._row.addSpacing(space(2))
        self._chip_at = self._row.count()
        self._row.addStretch(1)
        self._chips: dict[str, Chip] = {}

    def add_button(self, button: QWidget) -> None:
        """Put a button at the far end."""
        self._row.addWidget(button)

    def show_order(self, order: str) -> None:
        """Mark the order in force."""
        if self._choices[order].isChecked():
            return
        self._choices[order].setChecked(True)
        for choice in self._choices.values():
            choice.update()

    def show_chips(self, chips: Sequence[tuple[str, str, str]]) -> None:
        """Show these chips: key, text, what a press does ("" for nothing); each ends in a cross."""
        wanted = {key for key, _, _ in chips}
        for key in [key for key in self._chips if key not in wanted]:
            gone = self._chips.pop(key)
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, (key, text, tip) in enumerate(chips):
            chip = self._chips.get(key)
            if chip is None:
                chip = self._chips[key] = Chip(self._look, text, removable=True, parent=self)
                chip.setObjectName(key)
                chip.clicked.connect(self._chip_pressed)
                chip.removed.connect(self._chip_removed)
                self._row.insertWidget(self._chip_at + place, chip)
            chip.setText(text)
            chip.setAccessibleName(self.tr("{text}; Delete takes it away").format(text=text))
            chip.setToolTip("\n".join(filter(None, (text, tip))))
            chip.updateGeometry()
            chip.update()

    def chip(self, key: str) -> Chip | None:
        """The chip of a key, to open something below it."""
        return self._chips.get(key)

    @Slot()
    def _chosen(self) -> None:
        choice = self.sender()
        if isinstance(choice, OrderChoice):
            self.ordered.emit(choice.key)

    @Slot()
    def _chip_pressed(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip):
            self.pressed.emit(chip.objectName())

    @Slot()
    def _chip_removed(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip):
            self.removed.emit(chip.objectName())

    def apply_theme(self, look: Theme) -> None:
        super().apply_theme(look)
        for part in self.findChildren(QWidget):
            if isinstance(part, Themed):
                part.apply_theme(look)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), self._look.colour("line2"))
