"""Painting: what painted widgets share: boxes and lines of text in reading direction, the focus ring, demand bars."""

from __future__ import annotations

import unicodedata
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.theme import Theme, pattern_brush

Tone = Literal["neutral", "good", "warn", "bad"]
Align = Literal["start", "centre", "end"]


def round_pen(colour: QColor, width: float) -> QPen:
    """A pen with round ends and corners."""
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def focus_ring(painter: QPainter, rect: QRectF, look: Theme, radius: float) -> None:
    """The ring inside ``rect`` that says that the keyboard's focus is here."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(round_pen(look.colour("accent"), 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


_LTR, _RTL = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
_STILL = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
#: Flags of one line by where it stands and whether reading goes from right to left; put together once, as every line
#: of every frame needs them.
_SIDES: dict[tuple[str, bool], int] = {
    ("start", False): (_STILL | Qt.AlignmentFlag.AlignLeft).value,
    ("start", True): (_STILL | Qt.AlignmentFlag.AlignRight).value,
    ("centre", False): (_STILL | Qt.AlignmentFlag.AlignHCenter).value,
    ("centre", True): (_STILL | Qt.AlignmentFlag.AlignHCenter).value,
    ("end", False): (_STILL | Qt.AlignmentFlag.AlignRight).value,
    ("end", True): (_STILL | Qt.AlignmentFlag.AlignLeft).value,
}


def draw_line(painter: QPainter, rect: QRectF, text: str, align: Align, direction: Qt.LayoutDirection) -> None:
    """Draw one line of text, centred in height, aligned in reading direction.

    Text without a right-to-left letter runs left to right even in a right-to-left window: "≤ 300 g/m²" would
    otherwise turn into "g/m² 300 ≥" there, which says the opposite. Callers that put such a term inside an Arabic
    sentence isolate it with U+2066 and U+2069.
    """
    mirrored = direction is _RTL
    held = painter.layoutDirection()
    turns = mirrored and any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
    painter.setLayoutDirection(_RTL if turns else _LTR)
    painter.drawText(rect, _SIDES[align, mirrored], text)
    painter.setLayoutDirection(held)


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


class Box:
    """A cell in reading direction: lengths count from the edge where reading starts."""

    __slots__ = ("direction", "mirrored", "rect", "width")

    def __init__(self, rect: QRect, direction: Qt.LayoutDirection) -> None:
        self.rect = rect
        self.width = rect.width()
        self.direction = direction
        self.mirrored = direction is Qt.LayoutDirection.RightToLeft

    def at(self, x: float, width: float, height: float | None = None) -> QRectF:
        """``width`` px from ``x`` on, as high as the row or ``height`` px about its middle."""
        rect = self.rect
        left = rect.right() + 1 - x - width if self.mirrored else rect.left() + x
        if height is None:
            return QRectF(left, rect.top(), width, rect.height() - 1)
        return QRectF(left, rect.top() + (rect.height() - 1 - height) / 2, width, height)
