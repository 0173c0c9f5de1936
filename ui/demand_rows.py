"""Rows of the material panel's demands: what is had of what is asked, why, and a level set by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from advisor.properties import properties
from ui import words
from ui.painting import focus_ring, paint_demand
from ui.rows import Prose, Row
from ui.theme import TARGET, Theme, icon_pixmap, space
from ui.widgets import Pressable, Themed

State = Literal["met", "missed", "gap", "unknown", "dropped", "free"]


@dataclass(frozen=True, slots=True)
class DemandFace:
    """What a demand's row shows."""

    state: State
    name: str
    text: str
    share: float | None
    edited: bool


class DemandRow(Row):
    """A demand: tick or cross, name, bar, what the cloth has of what is asked, and a button for its menu."""

    _SIGN: Final = 15  # px for tick or cross
    _NAME: Final = 68  # px up to where bars begin, so that they line up
    _BAR: Final = 44
    _LEAST_BAR: Final = 14
    _MORE: Final = TARGET - 4  # px the text leaves to the button, whose dots stand at its far end

    def __init__(self, look: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(look, key, parent)
        self._shown: DemandFace | None = None
        self.open = False
        self.more = _More(look, self)
        self.more.clicked.connect(self._more_clicked)

    def show_face(self, face: DemandFace, spoken: str, menu: str) -> None:
        """Show other figures; ``spoken`` is the row, ``menu`` its button to assistive technology."""
        if face == self._shown:
            return
        self._shown = face
        self.setAccessibleName(spoken)
        self.more.setAccessibleName(menu)
        self.more.setToolTip(menu)
        self.update()

    @property
    def face(self) -> DemandFace | None:
        """What the row shows."""
        return self._shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        x = 0 if self._mirrored() else self.width() - TARGET
        self.more.setGeometry(QRect(x, 0, TARGET, self.height()))
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self.resizeEvent(QResizeEvent(self.size(), self.size()))
        super().changeEvent(event)

    @Slot()
    def _more_clicked(self) -> None:
        self.menu_wanted.emit(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        face, look = self._shown, self._look
        if face is None:
            return
        dim = face.state in ("unknown", "dropped", "free")
        sign = self._box(0, 12)
        if face.state in ("met", "missed"):
            shape, tone = ("check", look.good) if face.state == "met" else ("cross", look.warn)
            pixmap = icon_pixmap(shape, tone, 12, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(sign.left(), (self.height() - 12) / 2), pixmap)
        else:
            painter.setFont(self._small)
            painter.setPen(look.colour("warn" if face.state == "gap" else "ink3"))
            painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "?" if face.state in ("gap", "unknown") else "–")
        room = self.width() - self._MORE
        words_wide = QFontMetrics(self._small, self).horizontalAdvance(face.text) + 3
        name_from, bar_from = self._SIGN, self._SIGN + self._NAME
        bar = 0
        if dim:
            words_from = min(bar_from + 20, max(bar_from, room - words_wide))
        else:
            # Long figures take room from the bar: it shows again what the figures say.
            bar = min(self._BAR, max(self._LEAST_BAR, room - words_wide - 4 - bar_from))
            words_from = bar_from + bar + 4
        name_box = self._box(name_from, (bar_from if bar else words_from) - name_from - 3)
        if face.edited:
            _pencil(painter, self._box(name_from, 10), look, self._mirrored())
            name_box = self._box(name_from + 12, name_box.width() - 12)
        self._write(painter, name_box, self._face, "ink3" if dim else "ink", face.name)
        if bar:
            paint_demand(
                painter, self._box(bar_from, bar), look, face.share, face.state == "met", mirrored=self._mirrored()
            )
        ink = "ink3" if dim else "ink2"
        self._write(painter, self._box(words_from, room - words_from), self._small, ink, face.text, end=True)


def _pencil(painter: QPainter, box: QRectF, look: Theme, mirrored: bool) -> None:
    """The mark of a level set by hand."""
    painter.save()
    painter.translate(box.center())
    if mirrored:
        painter.scale(-1, 1)
    pen = QPen(look.colour("accent"), 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(QPointF(-2, 2), QPointF(4, -4))
    painter.setPen(QPen(look.colour("accent"), 1.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(-4, 4), QPointF(-2, 2))
    painter.restore()


class _More(Pressable):
    """The three dots at the end of a row."""

    def sizeHint(self) -> QSize:
        return QSize(TARGET, TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self.underMouse() or self.hasFocus()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("accent" if active else "edge"))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        middle = QRectF(self.rect()).center() + QPointF(-3 if mirrored else 3, 0)
        for step in (-4, 0, 4):
            painter.drawEllipse(middle + QPointF(0, step), 1.4, 1.4)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), self._look, 4)


class LevelEditor(QFrame):
    """Sets a demand's level by hand: level, reason, Set and Cancel; Enter sets, Escape cancels.

    Signals: ``done(float, str)`` with level and reason, ``cancelled()``.
    """

    done = Signal(float, str)
    cancelled = Signal()

    def __init__(self, key: str, level: float | None, because: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        item = properties()[key]
        low, high = item.scale
        self._kept, self._shown = level, 0.0
        self.level = QDoubleSpinBox(self)
        self.level.setDecimals(item.decimals)
        self.level.setRange(-1e6 if low is None else low, 1e6 if high is None else high)
        self.level.setGroupSeparatorShown(True)
        self.level.setSuffix(f" {words.unit(key)}" if words.unit(key) else "")
        start = level if level is not None else sum(item.plausible or (0.0, 0.0)) / 2
        self.level.setValue(start)
        self._shown = self.level.value()
        self.level.setAccessibleName(self.tr("Level of {name}").format(name=words.label(key)))
        self.level.setFixedWidth(118)
        self.because = QLineEdit(because, self)
        self.because.setPlaceholderText(self.tr("Reason"))
        self.because.setAccessibleName(self.tr("Reason for the level of {name}").format(name=words.label(key)))
        self.set_button = QPushButton(self.tr("Set"), self)
        self.set_button.setProperty("kind", "primary")
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for row in (top, bottom):
            row.setSpacing(space(1))
        top.addWidget(self.level)
        top.addWidget(self.because, 1)
        bottom.addStretch(1)
        bottom.addWidget(self.cancel_button)
        bottom.addWidget(self.set_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 2, 8, 6)
        box.setSpacing(space(1))
        box.addLayout(top)
        box.addLayout(bottom)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_button.clicked.connect(self._set)
        self.cancel_button.clicked.connect(self.cancelled)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (enter and self.cancel_button.hasFocus()):
            self.cancelled.emit()
        elif enter:
            self._set()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _set(self) -> None:
        value = self.level.value()
        # A level that was only looked at keeps the digits the field does not show.
        kept = self._kept if self._kept is not None and value == self._shown else value
        self.done.emit(kept, self.because.text().strip())


class DemandEntry(QWidget, Themed):
    """One demand of the list: its row, and below it the reason and the editor when they are open."""

    def __init__(self, look: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.key = key
        self.row = DemandRow(look, key, self)
        self.detail: Prose | None = None
        self.editor: LevelEditor | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.row)

    def show_detail(self, text: str) -> None:
        """Open the reason, or put it into other words; "" closes it."""
        if self.detail is None:
            if not text:
                return
            self.detail = Prose(self._look, kind="caption", ink="ink2", lead=15, trail=10, below=5, parent=self)
            self._box.insertWidget(1, self.detail)
        self.detail.setVisible(bool(text))
        if text:
            self.detail.show_text(text)

    def open_editor(self, level: float | None, because: str) -> LevelEditor:
        """Open the editor below the row."""
        self.close_editor()
        self.editor = LevelEditor(self.key, level, because, self)
        self._box.addWidget(self.editor)
        self.editor.level.setFocus(Qt.FocusReason.OtherFocusReason)
        self.editor.level.selectAll()
        return self.editor

    def close_editor(self) -> None:
        """Close the editor, whatever stands in it."""
        if self.editor is not None:
            self._box.removeWidget(self.editor)
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None
