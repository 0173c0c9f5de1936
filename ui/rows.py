"""What the material panel's sections are made of: margins that mirror, prose that wraps, rows that open."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QMargins, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui import words
from ui.painting import draw_line, focus_ring
from ui.theme import TARGET, Theme, blend, interface_font
from ui.widgets import Pressable, Themed


class Section(QWidget, Themed):
    """A block of a panel's column. Its margins mirror with the reading direction; Qt mirrors items only."""

    def __init__(self, look: Theme, parent: QWidget | None = None, *, first: bool = False) -> None:
        super().__init__(parent)
        self._look = look
        self._insets: list[tuple[QVBoxLayout, QMargins]] = []
        self.box = QVBoxLayout(self)
        self.box.setSpacing(0)
        self.inset(self.box, QMargins(14, 10 if first else 5, 0, 8))

    @property
    def mirrored(self) -> bool:
        """Whether reading goes from right to left."""
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def inset(self, box: QVBoxLayout, margins: QMargins) -> None:
        """Give a layout of the section margins that mirror; ``margins`` are those from left to right."""
        self._insets.append((box, margins))
        self._mirror()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._mirror()
        super().changeEvent(event)

    def _mirror(self) -> None:
        for box, margins in self._insets:
            ends = (margins.left(), margins.right())
            left, right = reversed(ends) if self.mirrored else ends
            box.setContentsMargins(left, margins.top(), right, margins.bottom())


def isolated(text: str, mirrored: bool) -> str:
    """A figure with its unit kept in one piece inside right-to-left text (first-strong marks would turn it round)."""
    return f"\u2066{text}\u2069" if mirrored else text


def reveal(widget: QWidget) -> None:
    """Scroll so that a part of a panel is seen."""
    area = scroll_area(widget)
    if area is not None:
        area.ensureWidgetVisible(widget, 0, 8)


def scroll_area(widget: QWidget) -> QScrollArea | None:
    """What a part of a panel scrolls in."""
    found = widget.parentWidget()
    while found is not None and not isinstance(found, QScrollArea):
        found = found.parentWidget()
    return found


def dragging() -> bool:
    """Whether the left button is held down: until it is let go, nothing on screen should jump."""
    return bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)


class Prose(QWidget, Themed):
    """Wrapped text with bold stretches, laid out once per text and width and painted from there.

    A QLabel would build a document at every change; at slider speed that is most of the frame.
    """

    def __init__(
        self, look: Theme, *, kind: str = "body", ink: str = "ink", bold: bool = False, spacing: float = 1.25,
        lead: int = 0, trail: int = 0, below: int = 0, steady: bool = False, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._look, self._ink, self._spacing = look, ink, spacing
        self._lead, self._trail, self._below = lead, trail, below
        self._face = interface_font(kind, bold=bold)
        self._strong = QTextCharFormat()
        self._strong.setFontWeight(QFont.Weight.DemiBold)
        self._text = ""
        self._spans: tuple[words.Span, ...] = ()
        self._laid: tuple[int, QTextLayout, int] | None = None
        self._held: dict[int, tuple[int, QTextLayout, int]] = {}
        #: Whether a drag never makes it lower (:meth:`relax` does, afterwards), and the height kept that way.
        self._steady, self._floor = steady, 0
        # Neither Fixed nor Minimum: both would hold a layout to the hint, which is of whatever width there was then.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """What stands there."""
        return self._text

    def show_text(self, text: str, spans: tuple[words.Span, ...] = (), ink: str = "") -> None:
        """Show another text; paragraphs are parted by line feeds."""
        if ink and ink != self._ink:
            self._ink = ink
            self.update()
        if text == self._text and spans == self._spans:
            return
        before = self.heightForWidth(self.width()) if self.width() > 0 else -1
        self._text, self._spans, self._laid = text, spans, None
        self._held.clear()
        self.setAccessibleName(text)
        if self.width() <= 0:
            self.updateGeometry()
        elif (high := self._lay(self.width())[2]) < before and self._steady and dragging():
            self._floor = before
        elif high != before:
            self._floor = 0
            self.updateGeometry()
        self.update()

    def set_ink(self, ink: str) -> None:
        """Write in another colour token."""
        if ink != self._ink:
            self._ink = ink
            self.update()

    def relax(self) -> None:
        """Give back the room a longer text took before: in a drag it is kept, so that nothing below jumps."""
        if self._floor:
            self._floor = 0
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(self._lay(width)[2], self._floor)

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 40 else 240
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, QFontMetrics(self._face, self).height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._laid = None
            self._held.clear()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._look.colour(self._ink))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self._lay(self.width())[1].draw(painter, QPointF(self._trail if mirrored else self._lead, 0))

    def _lay(self, width: int) -> tuple[int, QTextLayout, int]:
        if self._laid is not None and self._laid[0] == width:
            return self._laid
        if (held := self._held.get(width)) is not None:
            self._laid = held
            return held
        layout = QTextLayout(self._text.replace("\n", "\u2028"), self._face)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        option.setTextDirection(self.layoutDirection())
        option.setAlignment(Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft)
        layout.setTextOption(option)
        formats = []
        for start, length in self._spans:
            stretch = QTextLayout.FormatRange()
            stretch.start, stretch.length, stretch.format = start, length, self._strong
            formats.append(stretch)
        layout.setFormats(formats)
        layout.beginLayout()
        y = 0.0
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(1, width - self._lead - self._trail))
            room = line.height() * self._spacing
            line.setPosition(QPointF(0, y + (room - line.height()) / 2))
            y += room
        layout.endLayout()
        self._laid = (width, layout, math.ceil(y) + self._below)
        # A column is asked for its height at several widths before it settles on one.
        if len(self._held) > 3:
            self._held.clear()
        self._held[width] = self._laid
        return self._laid


class Row(Pressable):
    """A painted line of a list: a click or Enter opens it, Up and Down go to its neighbours.

    Signals: ``tip_wanted(QPoint)``, so that tool tips are put into words only when somebody reads them;
    ``menu_wanted(QPoint)``, both with a global position.
    """

    tip_wanted = Signal(QPoint)
    menu_wanted = Signal(QPoint)

    def __init__(self, look: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.key = key
        self._face, self._bold = interface_font("body"), interface_font("body", bold=True)
        self._small = interface_font("caption")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, TARGET)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, TARGET)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _go(self, step: int) -> None:
        """Focus the row above or below, in this list or the next."""
        area = scroll_area(self)
        if area is None:
            return
        rows = [row for row in area.findChildren(Row) if row.isVisibleTo(area)]
        rows.sort(key=lambda row: row.mapTo(area, QPoint(0, 0)).y())
        at = rows.index(self) + step
        if 0 <= at < len(rows):
            rows[at].setFocus(Qt.FocusReason.TabFocusReason)
            reveal(rows[at])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self.tip_wanted.emit(event.globalPos())
            return True
        return super().event(event)

    def _mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _box(self, left: float, width: float) -> QRectF:
        """A stretch of the row given in reading direction."""
        x = self.width() - left - width if self._mirrored() else left
        return QRectF(x, 0, width, self.height())

    def _ground(self, painter: QPainter) -> None:
        """Hover and focus."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(blend(self._look.accent, self._look.panel, 0.08))
            painter.drawRoundedRect(area, 4, 4)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), self._look, 4)

    def _write(self, painter: QPainter, box: QRectF, face: QFont, ink: str, text: str, end: bool = False) -> None:
        """One line of text; ``end`` puts it at the far end in reading direction."""
        painter.setFont(face)
        painter.setPen(self._look.colour(ink))
        shown = QFontMetrics(face, self).elidedText(text, Qt.TextElideMode.ElideRight, math.ceil(box.width()))
        draw_line(painter, box, shown, "end" if end else "start", self.layoutDirection())
