"""Small controls the window is put together from: sliders, chips, badges, bars, headings and a wrapping layout.

One mechanism for light and dark: every widget takes the ``Theme`` in its constructor, paints itself with the theme's
tokens, and is repainted by ``apply_theme(theme)``; ``restyle(root, theme)`` does that for a whole window. The
application's style sheet is not needed by them and does not disturb them.

Texts are the caller's, already translated and with numbers in the user's locale. Everything mirrors with
``layoutDirection``. Everything that can be clicked can also be reached by Tab and worked by keys, has a hit area of at
least 24 px, and shows its focus.

Sliders carry a float value and two signals: ``moved(float)`` at every change the user makes and ``settled()`` once
when a drag is let go or a key released; ``setValue`` emits neither. Keys: arrows 1/100 of the travel (with Shift
1/1000), Page 1/10, Home and End. To assistive technology a slider is a slider from 0 to 100 (per cent of its travel);
the value in words and units is the accessible description, which ``set_text`` keeps up to date. The inherited integer
signals (``valueChanged`` and so on) serve that channel only: connect ``moved`` and ``settled``.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, Literal

from PySide6.QtCore import QEvent, QMargins, QPoint, QPointF, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QToolTip,
    QWidget,
)

from ui.theme import (
    TARGET,
    Theme,
    blend,
    group_pattern,
    icon_pixmap,
    interface_font,
    pattern_brush,
    space,
)

Tone = Literal["neutral", "good", "warn", "bad"]
Align = Literal["start", "centre", "end"]
Segment = tuple[float, float, str]
"""A stretch of a leader strip: from value, to value, who leads there."""

_HANDLE: Final = 14  # px across
_TRACK: Final = 4  # px high
_STEP: Final = 0.01
_FINE: Final = 0.001
_PAGE: Final = 0.1
_SNAP: Final = 0.012  # share of the travel


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


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _focus_ring(painter: QPainter, rect: QRectF, look: Theme, radius: float) -> None:
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(look.colour("accent"), 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


# --- Scales -----------------------------------------------------------------------------------------------------------


class Scale:
    """A piecewise linear map between a slider's travel (0..1) and a value.

    Args:
        points: (position, value) pairs, positions rising from 0 to 1, values strictly rising or strictly falling.

    Raises:
        ValueError: fewer than two points, or they do not run as said.
    """

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        positions = [float(p) for p, _ in points]
        values = [float(v) for _, v in points]
        if len(points) < 2 or positions[0] != 0 or positions[-1] != 1:
            raise ValueError("a scale runs from position 0 to position 1")
        steps = list(zip(positions, positions[1:], values, values[1:], strict=False))
        rising = values[-1] > values[0]
        if any(p1 <= p0 or v1 == v0 or (v1 > v0) is not rising for p0, p1, v0, v1 in steps):
            raise ValueError("positions rise, values only rise or only fall")
        self._positions, self._values = positions, values
        self._sign = 1.0 if rising else -1.0

    @classmethod
    def linear(cls, low: float, high: float) -> Scale:
        """The straight scale from ``low`` to ``high``."""
        return cls([(0, low), (1, high)])

    def to_value(self, position: float) -> float:
        """The value at a position; positions outside 0..1 give the ends."""
        return self._between(min(1.0, max(0.0, position)), self._positions, self._values)

    def to_position(self, value: float) -> float:
        """The position of a value, 0..1; values outside the scale give the ends."""
        keys = [self._sign * v for v in self._values]
        return self._between(min(keys[-1], max(keys[0], self._sign * value)), keys, self._positions)

    @staticmethod
    def _between(at: float, keys: Sequence[float], out: Sequence[float]) -> float:
        i = min(len(keys) - 2, max(0, bisect_right(keys, at) - 1))
        share = (at - keys[i]) / (keys[i + 1] - keys[i])
        # Weighted this way round, both ends come out exactly.
        return out[i] * (1 - share) + out[i + 1] * share


# --- Sliders ----------------------------------------------------------------------------------------------------------


class _Travel(QAbstractSlider):
    """Position, keys, wheel and the assistive channel of one handle; knows nothing of pixels.

    QAbstractSlider is the base because Qt then gives assistive technology a real slider with a value interface; its
    integer range is 0..100, per cent of travel, and mirrors the true float position.
    """

    moved = Signal(float)
    settled = Signal()

    def __init__(self, scale: Scale, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._position = 0.0
        self._mark: float | None = None
        self._floor, self._ceil = 0.0, 1.0
        self._inside = False
        self._unsettled = False
        with QSignalBlocker(self):
            self.setOrientation(Qt.Orientation.Horizontal)
            self.setRange(0, 100)
            self.setSingleStep(1)
            self.setPageStep(10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # The base works in whole per cent; a float value in the scale's unit is what everybody else means by "value".
    def value(self) -> float:  # type: ignore[override]  # float in the scale's unit, not the base's per cent
        """The value, in the scale's unit."""
        return self._scale.to_value(self._position)

    def setValue(self, value: float) -> None:
        """Set the value without emitting anything; it is held inside the scale and the travel."""
        self._place(self._scale.to_position(value))

    def position(self) -> float:
        """Where the handle stands, 0..1 of the travel."""
        return self._position

    def set_text(self, text: str) -> None:
        """The value in words and units, for assistive technology and as what a caller may show beside it."""
        self.setAccessibleDescription(text)

    def set_mark(self, value: float | None) -> None:
        """Show a tick at a value (the place's own, say); the handle snaps to it. None takes it away."""
        self._mark = None if value is None else self._scale.to_position(value)
        self.update()

    def set_travel(self, floor: float | None = None, ceil: float | None = None) -> None:
        """Limit the handle to values between ``floor`` and ``ceil``; None frees that end. Emits nothing."""
        ends = (
            0.0 if floor is None else self._scale.to_position(floor),
            1.0 if ceil is None else self._scale.to_position(ceil),
        )
        self._floor, self._ceil = min(ends), max(ends)
        self._place(self._position)

    def set_scale(self, scale: Scale) -> None:
        """Change the scale; the value stays if the new scale holds it. Mark and travel are reset."""
        value = self.value()
        self._scale, self._mark, self._floor, self._ceil = scale, None, 0.0, 1.0
        self.setValue(value)

    def _place(self, position: float) -> bool:
        position = min(self._ceil, max(self._floor, position))
        if position == self._position:
            return False
        self._position = position
        self._inside = True
        with QSignalBlocker(self):
            super().setValue(round(position * 100))
        self._inside = False
        self.update()
        return True

    def _user_place(self, position: float, *, snap: bool) -> None:
        """The user moves the handle; ``moved`` follows if it really moves."""
        if snap and self._mark is not None and abs(position - self._mark) <= _SNAP:
            position = self._mark
        if self._place(position):
            self._unsettled = True
            self.moved.emit(self.value())

    def _settle(self) -> None:
        if self._unsettled:
            self._unsettled = False
            self.settled.emit()

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        # Reached from outside only when assistive technology sets a value; our own writes pass through `_place`.
        if change is QAbstractSlider.SliderChange.SliderValueChange and not self._inside:
            self._user_place(super().value() / 100, snap=False)
            self._settle()
        super().sliderChange(change)

    def _mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, fine = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = _FINE if fine else _STEP
        forward = -1 if self._mirrored() else 1
        moves = {
            Qt.Key.Key_Right: step * forward,
            Qt.Key.Key_Left: -step * forward,
            Qt.Key.Key_Up: step,
            Qt.Key.Key_Down: -step,
            Qt.Key.Key_PageUp: _PAGE,
            Qt.Key.Key_PageDown: -_PAGE,
            Qt.Key.Key_Home: -2.0,
            Qt.Key.Key_End: 2.0,
        }
        if key not in moves or event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        ):
            event.ignore()
            return
        # Counted in whole fine steps so that a hundred arrows cross the travel exactly.
        self._user_place(round((self._position + moves[Qt.Key(key)]) / _FINE) * _FINE, snap=False)
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()
            return
        self._settle()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._settle()  # the key's release may go elsewhere
        super().focusOutEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()  # so that a panel scrolls past its sliders without changing them
            return
        turn = event.angleDelta().y() or event.angleDelta().x()
        step = _FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        self._user_place(self._position + step * turn / 120, snap=False)
        self._settle()
        event.accept()

    # The base's mouse handling knows pages and repeat; ours is the track's.
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()


def _x_of(position: float, width: int, mirrored: bool) -> float:
    """The handle's centre for a position; the track is inset so that the handle never leaves the widget."""
    inset = _HANDLE / 2 + 2
    along = inset + position * (width - 2 * inset)
    return width - along if mirrored else along


def _position_of(x: float, width: int, mirrored: bool) -> float:
    inset = _HANDLE / 2 + 2
    along = (width - x if mirrored else x) - inset
    return along / max(1.0, width - 2 * inset)


def _paint_track(
    painter: QPainter, look: Theme, width: int, y: float, fill: tuple[float, float], colour: QColor, mirrored: bool
) -> None:
    ends = sorted((_x_of(0, width, mirrored), _x_of(1, width, mirrored)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("line"))
    painter.drawRoundedRect(QRectF(ends[0], y - _TRACK / 2, ends[1] - ends[0], _TRACK), 2, 2)
    a, b = sorted((_x_of(fill[0], width, mirrored), _x_of(fill[1], width, mirrored)))
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(a, y - _TRACK / 2, b - a, _TRACK), 2, 2)


def _paint_handle(
    painter: QPainter, look: Theme, x: float, y: float, colour: QColor, *, hot: bool, focus: bool
) -> None:
    if focus:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blend(look.accent, look.panel, 0.3))
        painter.drawEllipse(QPointF(x, y), _HANDLE / 2 + 3.5, _HANDLE / 2 + 3.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("accent"), 1.5))
        painter.drawEllipse(QPointF(x, y), _HANDLE / 2 + 3, _HANDLE / 2 + 3)
    painter.setPen(QPen(colour, 2))
    painter.setBrush(blend(colour, look.panel, 0.25) if hot else look.colour("panel"))
    painter.drawEllipse(QPointF(x, y), _HANDLE / 2 - 1, _HANDLE / 2 - 1)


class ValueSlider(_Travel, Themed):
    """A horizontal slider: track with fill, round handle, an optional mark and an optional strip of leaders below.

    Args:
        look: the theme.
        name: accessible name, e.g. "Rain".
        scale: how the travel maps to values; default 0..1 straight.
        ink: the token of fill and handle: ``accent``, or a criterion group where the slider is that group's.

    Signals: ``moved(float)``, ``settled()``; see the module's note.
    """

    def __init__(
        self, look: Theme, name: str, scale: Scale | None = None, *, ink: str = "accent", parent: QWidget | None = None
    ) -> None:
        super().__init__(scale or Scale.linear(0, 1), parent)
        self._look = look
        self._ink = ink
        self._strip: tuple[Segment, ...] = ()
        self._first = ""
        self._has_strip = False
        self._dragging = False
        self._hot = False
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_strip(self, segments: Sequence[Segment] | None, first: str = "") -> None:
        """Show under the track who leads at each value.

        Args:
            segments: (from, to, text) in values, rising; the text is the tool tip. Empty draws an even strip, None
                takes the strip away.
            first: the text of today's first; segments with another text are hatched.
        """
        had = self._has_strip
        self._has_strip = segments is not None
        self._strip, self._first = tuple(segments or ()), first
        if had is not self._has_strip:
            self.updateGeometry()
        self.update()

    def strip_text_at(self, value: float) -> str:
        """Who leads at a value, as given to ``set_strip``; "" where nothing is known."""
        return next((text for low, high, text in self._strip if low <= value <= high), "")

    def sizeHint(self) -> QSize:
        return QSize(120, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self._height())

    def _height(self) -> int:
        return TARGET + 8 if self._has_strip else TARGET

    def _strip_rect(self) -> QRectF:
        a, b = sorted((_x_of(0, self.width(), False), _x_of(1, self.width(), False)))
        return QRectF(a, self._middle() + _HANDLE / 2 + 2, b - a, 8)

    def _middle(self) -> float:
        return (self.height() - 8) / 2 - 1 if self._has_strip else self.height() / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, mirrored, middle, width = self._look, self._mirrored(), self._middle(), self.width()
        colour = look.colour(self._ink) if self.isEnabled() else look.colour("edge")
        if self._has_strip:
            self._paint_strip(painter)
        _paint_track(painter, look, width, middle, (0, self._position), colour, mirrored)
        painter.setPen(QPen(look.colour("ink3"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for end in (self._floor, self._ceil):
            if 0 < end < 1:
                x = _x_of(end, width, mirrored)
                painter.drawLine(QPointF(x, middle - 4), QPointF(x, middle + 4))
        x = _x_of(self._position, width, mirrored)
        if self._mark is not None:
            at = _x_of(self._mark, width, mirrored)
            painter.drawLine(QPointF(at, middle - 5), QPointF(at, middle + 5))
            if abs(at - x) < _HANDLE / 2:  # under the handle the mark would be lost: let it stand out of it
                painter.drawLine(QPointF(at, middle - _HANDLE / 2 - 3), QPointF(at, middle - _HANDLE / 2 + 1))
        _paint_handle(
            painter, look, x, middle, colour, hot=self._dragging or (self._hot and self.isEnabled()),
            focus=self.hasFocus(),
        )  # fmt: skip

    def _paint_strip(self, painter: QPainter) -> None:
        look, mirrored, box = self._look, self._mirrored(), self._strip_rect()
        painter.fillRect(box, look.colour("line"))
        ground, hatch = look.colour("line2"), pattern_brush("rising", look.ink3, self.devicePixelRatioF())
        ends = []
        for low, high, text in self._strip:
            a, b = sorted(_x_of(self._scale.to_position(v), self.width(), mirrored) for v in (low, high))
            ends += [a, b]
            if text != self._first:
                part = QRectF(a, box.top(), b - a, box.height())
                painter.fillRect(part, ground)
                painter.setBrushOrigin(part.topLeft())
                painter.fillRect(part, hatch)
        painter.setPen(QPen(look.colour("panel"), 1))
        for x in ends:
            if box.left() + 1 < x < box.right() - 1:
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def event(self, event: QEvent) -> bool:
        on_strip = self._has_strip and isinstance(event, QHelpEvent) and event.y() >= self._strip_rect().top() - 1
        if on_strip and isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            position = _position_of(event.x(), self.width(), self._mirrored())
            text = self.strip_text_at(self._scale.to_value(position))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hot = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hot = False
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._dragging = True
        self._drag_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._drag_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging and event.button() is Qt.MouseButton.LeftButton:
            self._dragging = False
            self._settle()
            self.update()

    def _drag_to(self, event: QMouseEvent) -> None:
        x = event.position().x()
        # A press on the handle itself must not move it: only a press beside it, or a drag, does.
        pressed = event.type() is QEvent.Type.MouseButtonPress
        handle = _x_of(self._position, self.width(), self._mirrored())
        if pressed:
            self._grip = x - handle if abs(x - handle) <= _HANDLE / 2 else 0.0
            if self._grip:
                self.update()
                return
        self._user_place(_position_of(x - self._grip, self.width(), self._mirrored()), snap=True)
        self.update()

    _grip = 0.0


class _Handle(_Travel, Themed):
    """One of a PairSlider's handles: a focus stop and a slider of its own; the pair moves and paints it."""

    def __init__(self, look: Theme, name: str, scale: Scale, parent: QWidget) -> None:
        super().__init__(scale, parent)
        self._look = look
        self.hot = False
        self.setAccessibleName(name)
        self.resize(TARGET, TARGET)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._look.colour("accent" if self.isEnabled() else "edge")
        middle = TARGET / 2
        _paint_handle(painter, self._look, middle, middle, colour, hot=self.hot, focus=self.hasFocus())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the pair turns it to the handle that has the focus


class PairSlider(QWidget, Themed):
    """A slider with two handles that cannot cross, a target and a ceiling, with the fill between them.

    Args:
        look: the theme.
        name: accessible name of the whole.
        low_name, high_name: accessible names of the two handles, e.g. "Target price", "Highest price".
        scale: how the travel maps to values; must rise.

    Signals: ``moved(float low, float high)`` while either moves, ``settled()`` when it is let go.
    """

    moved = Signal(float, float)
    settled = Signal()

    def __init__(
        self, look: Theme, name: str, low_name: str, high_name: str, scale: Scale, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(name)
        self._low = _Handle(look, low_name, scale, self)
        self._high = _Handle(look, high_name, scale, self)
        self._scale = scale
        self._dragged: _Handle | None = None
        self._grip = 0.0
        self._high.setValue(scale.to_value(1))
        self._limit()
        for handle in (self._low, self._high):
            handle.moved.connect(self._on_moved)
            handle.settled.connect(self.settled)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def values(self) -> tuple[float, float]:
        """The two values, lower first."""
        return self._low.value(), self._high.value()

    def set_values(self, low: float, high: float) -> None:
        """Set both without emitting; given the wrong way round they are exchanged."""
        low, high = min(low, high), max(low, high)
        for handle in (self._low, self._high):
            handle.set_travel()
        self._low.setValue(low)
        self._high.setValue(high)
        self._limit()
        self._arrange()

    def set_texts(self, low: str, high: str) -> None:
        """The two values in words and units, for assistive technology."""
        self._low.set_text(low)
        self._high.set_text(high)

    def handles(self) -> tuple[QAbstractSlider, QAbstractSlider]:
        """The two focus stops, for tab order and tool tips."""
        return self._low, self._high

    def sizeHint(self) -> QSize:
        return QSize(120, TARGET)

    def minimumSizeHint(self) -> QSize:
        return QSize(56, TARGET)

    def _limit(self) -> None:
        """Each handle's travel ends at the other."""
        self._low.set_travel(None, self._high.value())
        self._high.set_travel(self._low.value(), None)

    @Slot(float)
    def _on_moved(self, _value: float) -> None:
        self._limit()
        self._arrange()
        self.moved.emit(*self.values())

    def _arrange(self) -> None:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        top = (self.height() - TARGET) // 2
        for handle in (self._low, self._high):
            handle.move(round(_x_of(handle.position(), self.width(), mirrored) - TARGET / 2), top)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._arrange()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        fill = (self._low.position(), self._high.position())
        colour = self._look.colour("accent" if self.isEnabled() else "edge")
        _paint_track(painter, self._look, self.width(), self.height() / 2, fill, colour, mirrored)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = event.position().x()
        position = _position_of(x, self.width(), mirrored)
        low, high = self._low, self._high
        if low.position() == high.position():  # on top of each other: the side of the press decides
            handle = high if position > high.position() or high.position() <= 0 else low
        else:
            nearer_low = abs(position - low.position()) < abs(position - high.position())
            handle = low if nearer_low else high
        handle.setFocus(Qt.FocusReason.MouseFocusReason)
        handle.raise_()
        handle.hot = True
        self._dragged = handle
        offset = x - _x_of(handle.position(), self.width(), mirrored)
        self._grip = offset if abs(offset) <= _HANDLE / 2 else 0.0
        if not self._grip:
            handle._user_place(position, snap=True)
        handle.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            x = event.position().x() - self._grip
            self._dragged._user_place(_position_of(x, self.width(), mirrored), snap=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None and event.button() is Qt.MouseButton.LeftButton:
            handle, self._dragged = self._dragged, None
            handle.hot = False
            handle.update()
            handle._settle()

    def wheelEvent(self, event: QWheelEvent) -> None:
        for handle in (self._low, self._high):
            if handle.hasFocus():
                _Travel.wheelEvent(handle, event)
                return
        event.ignore()


# --- Texts ------------------------------------------------------------------------------------------------------------


def draw_line(painter: QPainter, rect: QRectF, text: str, align: Align, direction: Qt.LayoutDirection) -> None:
    """Draw one line of text, centred in height, aligned in reading direction.

    Text without a right-to-left letter runs left to right even in a right-to-left window: "≤ 300 g/m²" would
    otherwise turn into "g/m² 300 ≥" there, which says the opposite. Callers that put such a term inside an Arabic
    sentence isolate it with U+2066 and U+2069.
    """
    mirrored = direction is Qt.LayoutDirection.RightToLeft
    side = {
        "start": Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft,
        "centre": Qt.AlignmentFlag.AlignHCenter,
        "end": Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight,
    }[align]
    painter.save()
    turns = mirrored and any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if turns else Qt.LayoutDirection.LeftToRight)
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute, text)
    painter.restore()


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
            self.updateGeometry()
            self.update()

    def set_ink(self, ink: str) -> None:
        """Change the colour token."""
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


class _Pressable(QAbstractButton, Themed):
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


class LinkButton(_Pressable):
    """An action that reads as a link: accent text, underlined under the pointer and with the focus."""

    def __init__(self, look: Theme, text: str, *, kind: str = "caption", parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._face = interface_font(kind)
        self.setText(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

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
            _focus_ring(painter, QRectF(self.rect()).adjusted(0, 2, 0, -2), self._look, 4)


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
        """Change the title."""
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
                self._links[i].setText(text)
                self._links[i].setAccessibleName(text)
                self._links[i].updateGeometry()
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


class Chip(_Pressable):
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

    def set_tone(self, tone: Tone) -> None:
        """Change the tone."""
        self._tone = tone
        self.update()

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
            ground = blend(look.accent, ground, 0.1)
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
            painter.setPen(_pen(ink, 1.3))
            painter.drawLine(at + QPointF(-2.5, -2.5), at + QPointF(2.5, 2.5))
            painter.drawLine(at + QPointF(-2.5, 2.5), at + QPointF(2.5, -2.5))
        painter.setFont(self._face)
        painter.setPen(ink)
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width() + 1)
        draw_line(painter, QRectF(room), text, "start", self.layoutDirection())
        if self.hasFocus():
            _focus_ring(painter, body.adjusted(-0.5, -0.5, 0.5, 0.5), look, body.height() / 2)


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


def paint_demand(
    painter: QPainter, rect: QRectF, look: Theme, share: float | None, met: bool, *, mirrored: bool = False
) -> None:
    """Paint a demand bar into ``rect``: how far the value reaches towards the demand, which stands at four fifths.

    Met is a solid fill in ``good`` that reaches the mark; missed is a hatched fill in ``warn`` with an outline that
    stops short of it, so shape tells as much as colour.

    Args:
        share: value over demand as "more is better" (0 and up; drawn to 1.25), None where the value is unknown.
    """
    bar = QRectF(rect.left(), rect.center().y() - 3.5, rect.width(), 7)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("line"))
    painter.drawRoundedRect(bar, 2, 2)
    if share is not None:
        reach = max(0.0, min(1.25, share)) / 1.25
        if not met:
            reach = min(reach, 0.8 - 2 / max(1.0, rect.width()))
        width = max(3.0, reach * bar.width())
        fill = QRectF(bar.right() - width if mirrored else bar.left(), bar.top(), width, bar.height())
        tone = look.colour("good" if met else "warn")
        painter.setBrush(tone)
        painter.drawRoundedRect(fill, 2, 2)
        if not met:
            inner = fill.adjusted(1.5, 1.5, -1.5, -1.5)
            if inner.width() > 0:
                painter.setBrushOrigin(inner.topLeft())
                ratio = painter.device().devicePixelRatio()
                painter.fillRect(inner, look.colour("panel"))
                painter.fillRect(inner, pattern_brush("rising", tone.name(), ratio))
    x = bar.left() + bar.width() * (0.2 if mirrored else 0.8)
    painter.setPen(QPen(look.colour("ink"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QPointF(x, bar.top() - 3), QPointF(x, bar.bottom() + 3))


class DemandBar(QWidget, Themed):
    """How far a value reaches towards what is demanded, with a tick or a cross in front.

    Args:
        look: the theme.
        name: accessible name, e.g. "Water".

    Set it with ``show_demand``.
    """

    def __init__(self, look: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._share: float | None = None
        self._met = False
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_demand(self, share: float | None, met: bool, text: str) -> None:
        """Show a value against its demand.

        Args:
            share: value over demand as "more is better"; None where the value is unknown.
            met: whether the demand is met; unknown is never met.
            text: both figures in words, for the tool tip and assistive technology ("1,000 of 1,310 mm, missed").
        """
        self._share, self._met = share, met and share is not None
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(72, 18)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        look = self._look
        box = QRectF(self.rect())
        sign = QRectF(0 if not mirrored else box.width() - 12, box.center().y() - 6, 12, 12)
        if self._share is None:
            painter.setFont(interface_font("caption"))
            painter.setPen(look.colour("ink3"))
            painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "?")
        else:
            shape, tone = ("check", look.good) if self._met else ("cross", look.warn)
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(sign.topLeft(), icon_pixmap(shape, tone, 12, ratio))
        bar = box.adjusted(0, 0, -17, 0) if mirrored else box.adjusted(17, 0, 0, 0)
        paint_demand(painter, bar, look, self._share, self._met, mirrored=mirrored)


# --- Priorities -------------------------------------------------------------------------------------------------------


class _Lock(_Pressable):
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
            _focus_ring(painter, QRectF(self.rect()), self._look, 4)


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
