"""Header of the ranking: the search field, the weights as a bar that can be dragged, and headings that sort."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from html import escape
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QToolTip, QWidget

from advisor.properties import CRITERIA, GROUPS
from ui import words
from ui.painting import Box, draw_line, focus_ring
from ui.ranking_model import paragraphs
from ui.ranking_rows import GAP, MARK, PAD
from ui.theme import Theme, blend, fill_group, icon, interface_font
from ui.widgets import Pressable, Themed


@cache
def _pale(colour: str, panel: str) -> QColor:
    """A group's ground in the bar, under its share."""
    return blend(colour, panel, 0.26)


class SearchField(QLineEdit):
    """The search field: Escape empties it, Down and Enter go to the rows."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SortButton(Pressable):
    """A column's heading; pressed, it sorts by the column, and says so by an arrow. With Shift it adds a sort key.

    Signals: ``asked()`` for the column's filter: the menu key, a right click, or Alt and Down.
    """

    asked = Signal()

    def __init__(self, look: Theme, key: str, end: int, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.key = key
        self._end = end  # px between text and the cell's far edge; -1: the text starts at the near one
        self.adding = False  # whether the last press held Shift
        self._descending: bool | None = None
        self._sorted: tuple[bool | None, int] = (None, 0)
        self._face = interface_font("caption")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_sorted(self, descending: bool | None, rank: int = 0) -> None:
        """Show an arrow: down for highest first, up for lowest, None for none; ``rank`` among several keys is said."""
        if (descending, rank) == self._sorted:
            return
        self._sorted = (descending, rank)
        self._descending = descending
        state = ""
        if descending is not None:
            state = self.tr("sorted, highest first") if descending else self.tr("sorted, lowest first")
            if rank:
                state = self.tr("{state}, key {rank}").format(state=state, rank=words.number(rank))
        self.setAccessibleDescription(state)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.asked.emit()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.asked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._look
        active = self._descending is not None
        painter.setFont(self._face)
        lively = active or self.underMouse() or self.hasFocus()
        painter.setPen(look.colour("ink" if lively else "ink3"))
        box = Box(self.rect(), self.layoutDirection())
        room = box.width - max(self._end, 0) - 1
        text = QFontMetrics(self._face).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        width = QFontMetrics(self._face).horizontalAdvance(text)
        x = PAD if self._end < 0 else box.width - self._end - width - 1
        draw_line(painter, box.at(x, width + 2), text, "start", self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if active:
            middle = box.at(x - 10, 7, 6).center()
            down = 1 if self._descending else -1
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent"))
            painter.drawPolygon(
                QPolygonF(
                    [middle + QPointF(-3.5, -2 * down), middle + QPointF(3.5, -2 * down), middle + QPointF(0, 3 * down)]
                )
            )
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()).adjusted(0, 4, 0, -4), look, 4)


class WeightsBar(QWidget, Themed):
    """The weights as one stacked bar on the rows' scale; its edges move weight from group to group.

    Press a group to sort by what it gives. By keys: arrows choose a group, Enter sorts, Ctrl and an arrow moves 1 % of
    all weight across the group's far edge.

    Signals:
        sorted_by(str): a group was pressed.
        dragged(str, str, float): near group, far group, share of all weight moved over the edge between them since
            the press; positive towards the far group.
        pressed(), let_go(): around a drag.
    """

    sorted_by = Signal(str)
    dragged = Signal(str, str, float)
    pressed = Signal()
    let_go = Signal()

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._face = interface_font("caption", bold=True)
        self._shares: dict[str, float] = dict.fromkeys(GROUPS, 1 / len(GROUPS))
        self._weights: dict[str, float] = dict.fromkeys(CRITERIA, 0.0)
        self._chosen = next(iter(GROUPS))
        self._drag: tuple[str, str, float] | None = None
        self._sorted: frozenset[str] = frozenset()
        self.adding = False  # whether the last press held Shift
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_weights(self, weights: Sequence[float]) -> None:
        """Show the sixteen weights."""
        by_key = dict(zip(CRITERIA, weights, strict=True))
        if by_key == self._weights:
            return  # a demand moved, no priority
        self._weights = by_key
        self._shares = {group: sum(by_key[key] for key in own) for group, own in GROUPS.items()}
        self.setAccessibleDescription(
            ", ".join(
                self.tr("{name} {share} %").format(name=words.group(group), share=self.share_text(group))
                for group in GROUPS
            )
        )
        self.update()

    def _parts(self, group: str) -> str:
        """The shares of a group's criteria, in words."""
        return ", ".join(
            self.tr("{name} {share} %").format(name=words.criterion(key), share=words.number(100 * self._weights[key]))
            for key in GROUPS[group]
        )

    def show_sorted(self, groups: Collection[str]) -> None:
        """Mark the groups the rows are sorted by."""
        if groups != self._sorted:
            self._sorted = frozenset(groups)
            self.update()

    def share_text(self, group: str) -> str:
        """A group's share in per cent, as printed."""
        return words.number(100 * self._shares[group])

    def scale(self) -> float:
        """Pixels of weight 1."""
        return max(1.0, self.width() - MARK)

    def _spans(self) -> list[tuple[str, int, int]]:
        found, start = [], 0.0
        for group, share in self._shares.items():
            end = start + share
            found.append((group, round(start * self.scale()), round(end * self.scale())))
            start = end
        return [span for span in found if span[2] > span[1]]

    def _along(self, x: float) -> float:
        return self.width() - x if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else x

    def _edge(self, x: float) -> tuple[str, str] | None:
        spans = self._spans()
        near = [(abs(end - x), group, after[0]) for (group, _, end), after in pairwise(spans)]
        if not near or min(near)[0] > 5:
            return None
        return min(near)[1:]

    def _group(self, x: float) -> str:
        return next((group for group, start, end in self._spans() if start <= x < end), "")

    def edge_at(self, near: str) -> int:
        """Where the far edge of a group is, px from the widget's left."""
        end = next(end for group, _, end in self._spans() if group == near)
        return round(self._along(end))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._look
        box = Box(self.rect(), self.layoutDirection())
        metrics = QFontMetrics(self._face)
        painter.setFont(self._face)
        dpr = self.devicePixelRatioF()
        for group, start, end in self._spans():
            wide = max(end - start - 1, 1)
            seat = box.at(start, wide, 20)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_pale(look.token(group), look.panel))
            painter.drawRoundedRect(seat, 3, 3)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            fill_group(painter, QRectF(seat.left(), seat.bottom() - 3, seat.width(), 3), group, look, dpr)
            share = self.share_text(group)
            full = self.tr("{name} {share}").format(name=words.group(group), share=share)
            text = next((text for text in (full, share) if metrics.horizontalAdvance(text) <= wide - 6), "")
            painter.setPen(look.colour("ink"))
            draw_line(painter, seat.adjusted(4, 0, -4, -3), text, "start", self.layoutDirection())
            if group in self._sorted or (self.hasFocus() and group == self._chosen):
                focus_ring(painter, seat.adjusted(-1, -2, 1, 2), look, 4)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            group = self._group(self._along(event.pos().x()))
            if group:
                head = self.tr("{name} {share} %").format(name=words.group(group), share=self.share_text(group))
                help_text = self.tr("Press to sort by it; drag an edge to move weight between groups")
                lines = [f"<b>{escape(head)}</b>", escape(self._parts(group)), escape(help_text)]
                QToolTip.showText(event.globalPos(), paragraphs(lines), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        x = self._along(event.position().x())
        edge = self._edge(x)
        if edge is not None:
            self._drag = (*edge, x)
            self.pressed.emit()
            return
        group = self._group(x)
        if group:
            self._chosen = group
            self.adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.sorted_by.emit(group)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = self._along(event.position().x())
        if self._drag is not None:
            near, far, start = self._drag
            self.dragged.emit(near, far, (start - x) / self.scale())
            return
        over = self._edge(x)
        self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = None
            self.let_go.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = [group for group, _, _ in self._spans()]
        ahead, back = Qt.Key.Key_Right, Qt.Key.Key_Left
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            ahead, back = back, ahead
        key = event.key()
        if key in (ahead, back) and shown:
            place = shown.index(self._chosen) if self._chosen in shown else 0
            step = 1 if key == ahead else -1
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if place + 1 < len(shown):
                    self.pressed.emit()
                    self.dragged.emit(shown[place], shown[place + 1], -0.01 * step)
                    self.let_go.emit()
            else:
                self._chosen = shown[min(max(place + step, 0), len(shown) - 1)]
                self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.sorted_by.emit(self._chosen)
        else:
            super().keyPressEvent(event)


class RankingHeader(QWidget):
    """Search field, weights and headings over the columns of the list."""

    HEIGHT: Final = 40

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(self.HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look = look
        self.place = SortButton(look, "", -1, self)
        self.search = SearchField(self)
        self.clear = self.search.addAction(icon("close", look, "ink3"), QLineEdit.ActionPosition.TrailingPosition)
        self.clear.setVisible(False)
        # The application's tool buttons are taller than this field.
        self.search.setStyleSheet("QToolButton { min-height: 0; padding: 0; border: 0; background: transparent; }")
        self.weights = WeightsBar(look, self)
        self.demands = SortButton(look, "demands", GAP, self)
        self.score = SortButton(look, "score", GAP, self)
        self.leads = SortButton(look, "leads", GAP, self)
        self.price = SortButton(look, "price", PAD, self)
        self._cells: tuple[QWidget, ...] = (
            self.place, self.search, self.weights, self.demands, self.score, self.leads, self.price,
        )  # fmt: skip
        self.properties: tuple[SortButton, ...] = ()

    def buttons(self) -> tuple[SortButton, ...]:
        """The headings that sort."""
        return self.demands, self.score, self.leads, self.price, *self.properties

    def show_properties(self, keys: Sequence[str]) -> tuple[SortButton, ...]:
        """Put up headings for these properties; the ones that are new are returned, to be connected."""
        held = {button.key: button for button in self.properties}
        for key in held.keys() - set(keys):
            held[key].hide()
            held[key].deleteLater()
        fresh = []
        for key in keys:
            if key in held:
                continue
            button = held[key] = SortButton(self._look, key, PAD, self)
            button.setText(words.short(key))
            button.setAccessibleName(self.tr("Sort by {name}").format(name=words.label(key)))
            tip = self.tr("{name} in {unit}") if words.unit(key) else "{name}"
            button.setToolTip(tip.format(name=words.label(key), unit=words.unit(key)))
            button.show()
            fresh.append(button)
        self.properties = tuple(held[key] for key in keys)
        return tuple(fresh)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self.clear.setIcon(icon("close", look, "ink3"))
        for cell in (*self._cells, *self.properties):
            if isinstance(cell, Themed):
                cell.apply_theme(look)
        self.update()

    def arrange(self, widths: Sequence[int]) -> None:
        """Stand over columns of these widths."""
        box = Box(QRect(0, 0, self.width(), self.HEIGHT), self.layoutDirection())
        x = 0
        for cell, width in zip((*self._cells, *self.properties), widths, strict=True):
            if cell is self.search:
                seat = box.at(x, width - GAP, 28)
            elif cell is self.weights:
                seat = box.at(x, width, 30)
            else:
                seat = box.at(x, width, 38)
            cell.setGeometry(seat.toRect())
            x += width

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), self._look.colour("line"))
