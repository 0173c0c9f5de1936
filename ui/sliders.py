"""Sliders: one handle or two over a scale of values, worked by pointer, wheel, keys and assistive technology.

Sliders carry a float value and two signals: ``moved(float)`` at every change the user makes and ``settled()`` once
when a drag is let go or a key released; ``setValue`` emits neither. Keys: arrows 1/100 of the travel (with Shift
1/1000), Page 1/10, Home and End. To assistive technology a slider is a slider from 0 to 100 (per cent of its travel);
the value in words and units is the accessible description, which ``set_text`` keeps up to date. The inherited integer
signals (``valueChanged`` and so on) serve that channel only: connect ``moved`` and ``settled``.
"""

from __future__ import annotations

import html
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from ui.theme import TARGET, Theme, blend, pattern_brush
from ui.widgets import Themed

Segment = tuple[float, float, str]
"""A stretch of a leader strip: from value, to value, who leads there."""

_HANDLE: Final = 14  # px across
_TRACK: Final = 4  # px high
_SLIM: Final = 4  # px high: a strip that takes no room of its own
_STEP: Final = 0.01
_FINE: Final = 0.001
_PAGE: Final = 0.1
_SNAP: Final = 0.012  # share of the travel


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
        mark = None if value is None else self._scale.to_position(value)
        if mark != self._mark:
            self._mark = mark
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

    # Events come as soon as a slider has a parent, before its constructor is through.
    _has_strip = False
    _slim = False
    _tip_source: Callable[[ValueSlider], str] | None = None
    _strip_source: Callable[[ValueSlider, Segment], str] | None = None

    def __init__(
        self, look: Theme, name: str, scale: Scale | None = None, *, ink: str = "accent", parent: QWidget | None = None
    ) -> None:
        super().__init__(scale or Scale.linear(0, 1), parent)
        self._look = look
        self._ink = ink
        self._strip: tuple[Segment, ...] = ()
        self._first = ""
        self._dragging = False
        self._hot = False
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_strip(self, segments: Sequence[Segment] | None, first: str = "", *, slim: bool = False) -> None:
        """Show under the track who leads at each value.

        Args:
            segments: (from, to, text) in values, rising; the text is the tool tip. Empty draws an even strip, None
                takes the strip away.
            first: the text of today's first; segments with another text are hatched.
            slim: a thinner strip, in the height of a slider without one.
        """
        had = self._has_strip, self._slim
        strip = tuple(segments or ())
        if had == (segments is not None, slim) and (strip, first) == (self._strip, self._first):
            return
        self._has_strip, self._slim = segments is not None, slim
        self._strip, self._first = strip, first
        if had != (self._has_strip, self._slim):
            self.updateGeometry()
        self.update()

    def set_tip_source(self, source: Callable[[ValueSlider], str]) -> None:
        """Ask for the tool tip when somebody wants to read it, instead of keeping one up to date."""
        self._tip_source = source

    def toolTip(self) -> str:
        """What the tool tip says now."""
        return super().toolTip() if self._tip_source is None else self._tip_source(self)

    def set_strip_source(self, source: Callable[[ValueSlider, Segment], str]) -> None:
        """Have a stretch of the strip put into words when somebody asks; else its text serves."""
        self._strip_source = source

    def strip(self) -> tuple[Segment, ...]:
        """The strip as given."""
        return self._strip

    def strip_words(self) -> list[str]:
        """The stretches of the strip in words."""
        return [self._stretch_words(segment) for segment in self._strip]

    def _stretch_words(self, segment: Segment) -> str:
        return segment[2] if self._strip_source is None else self._strip_source(self, segment)

    def held(self) -> bool:
        """Whether the hand holds it: by the pointer or with the keys."""
        return self._dragging or self.hasFocus()

    def strip_text_at(self, value: float) -> str:
        """Who leads at a value, as given to ``set_strip``; "" where nothing is known."""
        return next((text for low, high, text in self._strip if low <= value <= high), "")

    def sizeHint(self) -> QSize:
        return QSize(120, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self._height())

    def _height(self) -> int:
        return TARGET + 8 if self._has_strip and not self._slim else TARGET

    def _strip_rect(self) -> QRectF:
        a, b = sorted((_x_of(0, self.width(), False), _x_of(1, self.width(), False)))
        if self._slim:
            return QRectF(a, self._middle() + _HANDLE / 2 + 2, b - a, _SLIM)
        return QRectF(a, self._middle() + _HANDLE / 2 + 2, b - a, 8)

    def _middle(self) -> float:
        if self._has_strip and self._slim:
            return (self.height() - _SLIM - 2) / 2
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
            value = self._scale.to_value(position)
            text = next((self._stretch_words(one) for one in self._strip if one[0] <= value <= one[1]), "")
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        if self._tip_source is not None and event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.toolTip(), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The platform's key for "what is this": what the pointer would be told, tool tip and strip together.
        if event.key() == Qt.Key.Key_F1 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self.told(), self)
            event.accept()
            return
        super().keyPressEvent(event)

    def told(self) -> str:
        """Tool tip and strip in words, as Shift+F1 shows them."""
        lines = [html.escape(line) for line in self.strip_words()]
        return "<br>".join(part for part in (self.toolTip(), *lines) if part)

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
        #: The values set last, and where the handles stood then.
        self._stand: tuple[float, ...] = ()
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
        stand = (low, high, self._low.position(), self._high.position())
        if stand == self._stand:
            return  # shown already, and not moved since
        for handle in (self._low, self._high):
            handle.set_travel()
        self._low.setValue(low)
        self._high.setValue(high)
        self._limit()
        self._stand = (low, high, self._low.position(), self._high.position())
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
