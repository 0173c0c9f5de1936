"""Priorities: the slider of one criterion."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.painting import focus_ring
from ui.sliders import Scale, Segment, ValueSlider
from ui.theme import TARGET, Theme, group_pattern, icon_pixmap
from ui.widgets import ElidedLabel, Pressable, Themed


class _Lock(Pressable):
    """The padlock at the end of a priority: closed and filled, or open and outlined."""

    def __init__(self, look: Theme, name: str, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedSize(TARGET, TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        closed = self.isChecked()
        shown = closed or self.underMouse() or self.hasFocus()
        colour = self._look.ink2 if shown else self._look.edge
        pixmap = icon_pixmap("lock" if closed else "unlock", colour, 14, self.devicePixelRatioF())
        painter.drawPixmap(QPointF((self.width() - 14) / 2, (self.height() - 14) / 2), pixmap)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), self._look, 4)


class _GroupDot(QWidget, Themed):
    """The key of a criterion's group: a small square in the group's colour and pattern."""

    def __init__(self, look: Theme, group: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._group = look, group
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for brush in (self._look.group(self._group), group_pattern(self._group, self._look, self.devicePixelRatioF())):
            painter.setBrush(brush)
            painter.drawRoundedRect(QRectF(self.rect()), 2, 2)


class PrioritySlider(QWidget, Themed):
    """One criterion's priority, 0 to 10: name, slider in the group's colour over a strip of leaders, share, lock.

    Args:
        look: the theme.
        name: the criterion's name.
        group: its criterion group, which gives the colour.
        lock_name: accessible name and tool tip of the lock, e.g. "Hold Water".
        name_width, share_width: widths of the first and third column, px, so that rows line up.

    Signals: ``moved(float)``, ``settled()`` as a slider's; ``lock_toggled(bool)`` when the user presses the lock.
    """

    moved = Signal(float)
    settled = Signal()
    lock_toggled = Signal(bool)

    def __init__(
        self,
        look: Theme,
        name: str,
        group: str,
        lock_name: str,
        *,
        name_width: int = 84,
        share_width: int = 38,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.slider = ValueSlider(look, name, Scale.linear(0, 10), ink=group, parent=self)
        self.slider.set_strip(())
        self._lock = _Lock(look, lock_name, self)
        self._share = ElidedLabel(look, ink="ink2", align="end", parent=self)
        self._share.setFixedWidth(share_width)
        label = ElidedLabel(look, name, parent=self)
        label.setFixedWidth(name_width - 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(_GroupDot(look, group, self))
        row.addSpacing(6)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._share)
        row.addSpacing(2)
        row.addWidget(self._lock)
        self.slider.moved.connect(self.moved)
        self.slider.settled.connect(self.settled)
        self._lock.clicked.connect(self.lock_toggled)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def value(self) -> float:
        """The priority, 0 to 10."""
        return self.slider.value()

    def setValue(self, value: float) -> None:
        """Set the priority without emitting."""
        self.slider.setValue(value)

    def set_share(self, text: str) -> None:
        """The criterion's share of all priorities, as text ("12 %"); also told to assistive technology."""
        self._share.set_text(text)
        self.slider.set_text(text)

    def locked(self) -> bool:
        """Whether the lock is closed."""
        return self._lock.isChecked()

    def set_locked(self, locked: bool) -> None:
        """Close or open the lock without emitting."""
        self._lock.setChecked(locked)

    def set_strip(self, segments: Sequence[Segment], first: str = "") -> None:
        """Who leads at each priority: see ``ValueSlider.set_strip``."""
        self.slider.set_strip(segments, first)
