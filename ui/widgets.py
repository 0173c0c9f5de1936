"""Small controls the window is put together from: labels, links, chips, badges, headings and a wrapping layout.

One mechanism for light and dark: every widget takes the ``Theme`` in its constructor, paints itself with the theme's
tokens, and is repainted by ``apply_theme(theme)``; ``restyle(root, theme)`` does that for a whole window. The
application's style sheet is not needed by them and does not disturb them.

Texts are the caller's, already translated and with numbers in the user's locale. Everything mirrors with
``layoutDirection``. Everything that can be clicked can also be reached by Tab and worked by keys, has a hit area of at
least 24 px, and shows its focus.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QMargins, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLayout, QLayoutItem, QSizePolicy, QToolTip, QWidget

from ui.painting import Align, Tone, draw_line, focus_ring, round_pen
from ui.theme import TARGET, Theme, blend, interface_font, space

HOVER: Final = 0.08
"""Share of the accent in the ground of a chip under the pointer; with more its text could not be read."""


class Themed:
    """Mixin of everything that paints itself: holds the theme and repaints when it changes."""

    _look: Theme

    def apply_theme(self, look: Theme) -> None:
        """Take another theme and repaint."""
        self._look = look
        if isinstance(self, QWidget):
            self.updateGeometry()
            self.update()


def restyle(root: QWidget, look: Theme) -> None:
    """Apply a theme to ``root`` and every themed widget inside it."""
    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget, Themed):
            widget.apply_theme(look)


class ElidedLabel(QWidget, Themed):
    """One line of text that ends in an ellipsis where there is no room, with the whole text as tool tip then.

    Args:
        look: the theme.
        text: the text.
        ink: the colour token, e.g. ``"ink2"``.
        kind: a name of ``theme.TYPE``.
        align: ``"start"``, ``"centre"`` or ``"end"`` in reading direction.
        mode: where to cut: ``Qt.TextElideMode.ElideRight`` (the end) or ``ElideMiddle``.
    """

    def __init__(
        self,
        look: Theme,
        text: str = "",
        *,
        ink: str = "ink",
        kind: str = "body",
        bold: bool = False,
        align: Align = "start",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._ink, self._mode = look, ink, mode
        self._face: QFont = interface_font(kind, bold=bold)
        self._align: Align = align
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text; also its accessible name."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            # Where the text has no say in the width, nothing around it need be laid out anew.
            if not self._width_given():
                self.updateGeometry()
            self.update()

    def _width_given(self) -> bool:
        """Whether the width is the same whatever the text."""
        given = self.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored
        return given or self.minimumWidth() == self.maximumWidth()

    def set_ink(self, ink: str) -> None:
        """Change the colour token."""
        if ink != self._ink:
            self._ink = ink
            self.update()

    def elided(self) -> bool:
        """Whether the text is cut at the present width."""
        return self._metrics().horizontalAdvance(self._text) > self.width()

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._face, self)

    def sizeHint(self) -> QSize:
        metrics = self._metrics()
        return QSize(metrics.horizontalAdvance(self._text) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:
        metrics = self._metrics()
        return QSize(min(self.sizeHint().width(), metrics.horizontalAdvance("MM…")), metrics.height())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip and not self.toolTip():
            if self.elided():
                QToolTip.showText(event.globalPos(), self._text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._face)
        painter.setPen(self._look.colour(self._ink))
        text = self._metrics().elidedText(self._text, self._mode, self.width())
        draw_line(painter, QRectF(self.rect()), text, self._align, self.layoutDirection())


class Pressable(QAbstractButton, Themed):
    """A painted button; Enter presses it as well as Space."""

    def __init__(self, look: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class LinkButton(Pressable):
    """An action that reads as a link: accent text, underlined under the pointer and with the focus."""

    def __init__(self, look: Theme, text: str, *, kind: str = "caption", parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._face = interface_font(kind)
        self.setText(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show another text; also its accessible name."""
        if text == self.text():
            return  # with whatever name it was given for assistive technology
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._face, self)
        return QSize(max(TARGET, metrics.horizontalAdvance(self.text()) + 6), max(TARGET, metrics.height() + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = QFont(self._face)
        face.setUnderline(self.underMouse() and self.isEnabled())
        painter.setFont(face)
        painter.setPen(self._look.colour("accent" if self.isEnabled() else "ink3"))
        draw_line(painter, QRectF(self.rect()), self.text(), "centre", self.layoutDirection())
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()).adjusted(0, 2, 0, -2), self._look, 4)


class SectionHeader(QWidget, Themed):
    """A section's title in small capitals, with links at the far end.

    Args:
        look: the theme.
        title: the title; it elides before the links do.
        links: texts of the links, in reading order.

    Signals: ``link_clicked(int)`` with the link's place in ``links``.
    """

    link_clicked = Signal(int)

    def __init__(self, look: Theme, title: str, links: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._title = ElidedLabel(look, title, ink="ink3", kind="caps", parent=self)
        self._title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(0.5))
        row.addWidget(self._title)
        self._links: list[LinkButton] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_links(links)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.set_text(title)

    def set_links(self, links: Sequence[str]) -> None:
        """Change the links; those whose number stays keep their widgets, so that focus stays too."""
        layout = self.layout()
        assert layout is not None
        while len(self._links) > len(links):
            gone = self._links.pop()
            layout.removeWidget(gone)
            gone.deleteLater()
        for i, text in enumerate(links):
            if i < len(self._links):
                self._links[i].set_text(text)
            else:
                button = LinkButton(self._look, text, parent=self)
                button.clicked.connect(self._on_clicked)
                layout.addWidget(button)
                self._links.append(button)

    def link(self, index: int) -> LinkButton:
        """The button of a link, to hang a menu or a tool tip on."""
        return self._links[index]

    @Slot()
    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, LinkButton) and sender in self._links:
            self.link_clicked.emit(self._links.index(sender))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), TARGET)

    def apply_theme(self, look: Theme) -> None:
        super().apply_theme(look)
        self._title.apply_theme(look)
        for button in self._links:
            button.apply_theme(look)


class Chip(Pressable):
    """A small rounded label, toned by judgement, that may be pressed and may be taken away.

    Args:
        look: the theme.
        text: what it says; judgement must be in the words too, the tone only helps.
        tone: ``neutral``, ``good``, ``warn`` or ``bad``.
        removable: whether it ends in a cross; Delete and Backspace press the cross.

    Signals: ``clicked()`` on the label, ``removed()`` on the cross.
    """

    removed = Signal()

    _PAD: Final = 8
    _CROSS: Final = 18

    def __init__(
        self, look: Theme, text: str, tone: Tone = "neutral", *, removable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, parent)
        self._face = interface_font("caption")
        self._tone: Tone = tone
        self._removable = removable
        self.setText(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if not removable:
            self.setCursor(Qt.CursorShape.ArrowCursor)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_pressable(self, on: bool) -> None:
        """Whether the label itself does something: it then takes focus and shows a hand."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on or self._removable else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if on or self._removable else Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._face, self)
        width = metrics.horizontalAdvance(self.text()) + 2 * self._PAD + (self._CROSS - 4 if self._removable else 0)
        return QSize(width, TARGET)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 48), TARGET)

    def _cross_rect(self) -> QRect:
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            return QRect(0, 0, self._CROSS + 4, self.height())
        return QRect(self.width() - self._CROSS - 4, 0, self._CROSS + 4, self.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._removable and self.isDown() and self._cross_rect().contains(event.position().toPoint()):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip and not self.toolTip():
            if self.width() < self.sizeHint().width():
                QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, tone = self._look, self._tone
        metrics = QFontMetrics(self._face, self)
        high = min(self.height(), metrics.height() + 5)
        body = QRectF(0.5, (self.height() - high) / 2 + 0.5, self.width() - 1, high - 1)
        plain = tone == "neutral"
        ground = look.colour("panel") if plain else look.colour(f"chip_{tone}")
        ink = look.colour("ink2") if plain else look.colour(tone)
        if self.underMouse() and self.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            ground = blend(look.accent, ground, HOVER)
        painter.setPen(QPen(look.colour("line"), 1) if plain else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(body, body.height() / 2, body.height() / 2)
        room = self.rect().adjusted(self._PAD, 0, -self._PAD, 0)
        if self._removable:
            cross = self._cross_rect()
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                room.setLeft(cross.right() - 2)
            else:
                room.setRight(cross.left() + 2)
            at = QPointF(cross.center()) + QPointF(0.5, 0.5)
            painter.setPen(round_pen(ink, 1.3))
            painter.drawLine(at + QPointF(-2.5, -2.5), at + QPointF(2.5, 2.5))
            painter.drawLine(at + QPointF(-2.5, 2.5), at + QPointF(2.5, -2.5))
        painter.setFont(self._face)
        painter.setPen(ink)
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width() + 1)
        draw_line(painter, QRectF(room), text, "start", self.layoutDirection())
        if self.hasFocus():
            focus_ring(painter, body.adjusted(-0.5, -0.5, 0.5, 0.5), look, body.height() / 2)


class GradeBadge(QWidget, Themed):
    """The grade of the evidence behind a figure, A to D, in a small frame; dashed for D, which is judgement.

    Args:
        look: the theme.
        grade: ``A``, ``B``, ``C`` or ``D``; "" draws an empty frame for a gap.
        tip: what the grade means, as tool tip and to assistive technology.
    """

    def __init__(self, look: Theme, grade: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._face = interface_font("caption")
        self._grade = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_grade(grade, tip)

    def set_grade(self, grade: str, tip: str = "") -> None:
        """Show another grade."""
        self._grade = grade
        self.setToolTip(tip)
        self.setAccessibleName(grade or "–")
        self.setAccessibleDescription(tip)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(20, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = self._look
        pen = QPen(look.colour("edge" if self._grade == "D" else "line"), 1)
        if self._grade == "D":
            pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(self._face)
        painter.setPen(look.colour("ink2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._grade)


# --- Layout -----------------------------------------------------------------------------------------------------------


class FlowLayout(QLayout):
    """Lays widgets in rows in reading direction and wraps; items wider than a row are cut to it."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 4, row_gap: int = 0) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap, self._row_gap = gap, row_gap
        self.setContentsMargins(QMargins(0, 0, 0, 0))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, place=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _lay(self, rect: QRect, *, place: bool) -> int:
        margins = self.contentsMargins()
        box = rect.marginsRemoved(margins)
        owner = self.parentWidget()
        mirrored = owner is not None and owner.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = y = line = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            width = min(size.width(), box.width())
            if x and x + width > box.width():
                x, y, line = 0, y + line + self._row_gap, 0
            if place:
                left = box.right() + 1 - x - width if mirrored else box.left() + x
                item.setGeometry(QRect(QPoint(left, box.top() + y), QSize(width, size.height())))
            x += width + self._gap
            line = max(line, size.height())
        return y + line + margins.top() + margins.bottom()
