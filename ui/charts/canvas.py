"""Canvas: a Matplotlib figure in a Qt widget that draws its still parts once and blits what moves."""

from __future__ import annotations

import sys
import traceback
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg  # noqa: TID253 - only the panel imports this, late
from matplotlib.collections import Collection  # noqa: TID253 - the same
from matplotlib.figure import Figure  # noqa: TID253 - the same
from matplotlib.lines import Line2D  # noqa: TID253 - the same
from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from advisor.answer import Answer
from ui.charts.block import Block, block_all
from ui.charts.stamp import Stamp, stamp_all
from ui.charts.style import DPI, Artists, Drawing, Style, View, say_empty

#: How far the pointer may go in a click, px.
_STILL = 4
#: What the pointer looks like over parts that can be dragged.
_CURSORS = {"index": Qt.CursorShape.SizeAllCursor, "box": Qt.CursorShape.CrossCursor}


def _is_empty(artist: object) -> bool:
    """Whether there is nothing of an artist to draw, which costs Matplotlib a tenth of a millisecond to find out."""
    if isinstance(artist, Collection):
        return not len(artist.get_paths())
    return isinstance(artist, Line2D) and not np.size(artist.get_xdata())


class ChartCanvas(FigureCanvasQTAgg):
    """One chart on screen.

    The still part (grid, ticks, captions) is drawn on a resize, a change of theme, and when :meth:`Drawing.move` says
    that it no longer holds; its pixels are kept. Everything else is restore, draw the moving artists, repaint.

    Signals:
        pointed(object, QPoint): the pointer is over a table row (None: over none), and where, in global px.
        clicked(object): a table row was clicked (None: empty ground).
        stepped(int): an arrow key asks for the next (1) or the one before (-1) in the ranking.
        dragged(str, QPoint, QPoint, bool): a part of the drawing is dragged: its name, where the pointer went down and
            where it is (px from the upper left), and whether it was let go of there.
        keyed(int): one of the further keys the drawing takes.
    """

    pointed = Signal(object, QPoint)
    clicked = Signal(object)
    stepped = Signal(int)
    dragged = Signal(str, QPoint, QPoint, bool)
    keyed = Signal(int)

    def __init__(self, drawing: Drawing, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(Figure(dpi=DPI))
        self.setParent(parent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 120)
        self.drawing = drawing
        self.style_ = style
        self.artists: Artists | None = None
        self.answer: Answer | None = None
        self.view: View | None = None
        self.full_draws = 0
        self._background: Any = None
        self._pending = True
        self._told: set[tuple[str, str, int]] = set()
        #: The part held down, where it was taken, and whether it has been moved since.
        self._grab, self._start, self._moved = "", QPoint(), False
        self.mpl_connect("draw_event", self._keep_background)

    # --- what is shown -------------------------------------------------------------------------------------------

    def show_state(self, answer: Answer, view: View) -> None:
        """Show this; a canvas that is not on screen does so when it is next painted."""
        if answer is self.answer and view == self.view and not self._pending:
            return
        self.answer, self.view = answer, view
        if self.isVisible():
            self._catch_up()
        else:
            self._pending = True

    def restyle(self, style: Style) -> None:
        """Draw all anew in another style."""
        self.style_ = style
        self._forget()

    def _forget(self) -> None:
        """The still part no longer holds."""
        self.artists = None
        self._background = None
        self.draw_idle()

    def draw_idle(self) -> None:
        """Draw soon; off screen, when it is next painted."""
        if self.isVisible():
            super().draw_idle()
        else:
            self._pending = True

    def _catch_up(self) -> None:
        self._pending = False
        answer, view = self.answer, self.view
        if answer is None or view is None:
            return
        if self.artists is None or self._background is None:
            self._forget()
            return
        try:
            if self.drawing.move(self.artists, answer, view):
                self.restore_region(self._background)
                self._draw_moving()
                self.update()
            else:
                self._forget()
        except Exception as error:  # noqa: BLE001 - a chart's fault must reach the error channel, not end the drag
            self._tell(error)

    def _draw_moving(self) -> None:
        assert self.artists is not None
        renderer = self.get_renderer()
        for kind, artists in groupby(self.artists.moving, key=type):
            if kind is Stamp:
                stamp_all(renderer, artists)  # type: ignore[arg-type]  # they are of that type
            elif kind is Block:
                block_all(renderer, artists)  # type: ignore[arg-type]  # the same
            else:
                for artist in artists:
                    if not _is_empty(artist):
                        artist.draw(renderer)

    # --- Matplotlib ----------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the still part and keep it, then the moving one. Errors go to ``sys.excepthook``, once each."""
        try:
            if self.artists is None and self.answer is not None and self.view is not None:
                self.figure.clear()
                self.artists = self.drawing.draw(self.figure, self.answer, self.view, self.style_)
                self._pending = False
            super().draw()
        except Exception as error:  # noqa: BLE001 - Matplotlib would print it and go on
            self._tell(error)
            self._say_fault()

    def _say_fault(self) -> None:
        """Where a chart cannot be drawn, say so in its place; another answer or size is tried anew."""
        say = self.style_.speech.say
        self.artists = say_empty(self.figure, self.style_, say("fault"), say("fault-more"))
        self._pending = False
        super().draw()

    def _keep_background(self, _event: object) -> None:
        """The still part stands: keep its pixels, and put the moving artists over it."""
        if self.artists is None:
            return  # nothing to show has come yet
        self.full_draws += 1
        self._background = self.copy_from_bbox(self.figure.bbox)
        self._draw_moving()

    def _tell(self, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        last = frames[-1] if frames else None
        key = (type(error).__name__, last.filename if last else "", (last.lineno or 0) if last else 0)
        if key not in self._told:
            self._told.add(key)
            sys.excepthook(type(error), error, error.__traceback__)

    # --- Qt ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size or device pixel ratio: everything is drawn anew."""
        self.artists = None
        self._background = None
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Catch up with what changed while hidden, then paint."""
        if self._pending:
            self._catch_up()
            if self._background is None:
                self.draw()
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(self.style_.accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            painter.end()

    def _row_at(self, at: QPoint) -> int | None:
        if self.artists is None:
            return None
        return self.drawing.row_at(self.artists, at.x(), at.y())

    def _grab_at(self, at: QPoint) -> str:
        """The part of the drawing that can be dragged at a point, "" for none."""
        grab_at = getattr(self.drawing, "grab_at", None)
        return str(grab_at(self.artists, at.x(), at.y())) if grab_at is not None and self.artists is not None else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held down; else say what lies under the pointer."""
        at = event.position().toPoint()
        if self._grab:
            self._moved = self._moved or (at - self._start).manhattanLength() > _STILL
            if self._moved:
                self.dragged.emit(self._grab, self._start, at, False)
            return
        row = self._row_at(at)
        if row is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif (grab := self._grab_at(at)) in _CURSORS:
            self.setCursor(_CURSORS[grab])
        else:
            self.unsetCursor()
        self.pointed.emit(row, event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go through the ranking, some keys are the drawing's; everything else is the window's."""
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
        if step is not None:
            self.stepped.emit(step)
        elif key.name in getattr(self.drawing, "KEYS", ()):
            self.keyed.emit(key.value)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Not Matplotlib's."""
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a click with the first button, or hold of what can be dragged."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        self._grab, self._start, self._moved = self._grab_at(at), at, False
        if not self._grab:
            self.clicked.emit(self._row_at(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of what was dragged; where nothing moved, it was a click."""
        if event.button() != Qt.MouseButton.LeftButton or not self._grab:
            return
        grab, self._grab = self._grab, ""
        if self._moved:
            self.dragged.emit(grab, self._start, event.position().toPoint(), True)
        else:
            self.clicked.emit(self._row_at(self._start))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nothing more than the first press."""

    def enterEvent(self, event: QEvent) -> None:
        """Nothing: Matplotlib's own pointer events are not used."""

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over nothing any more."""
        self.pointed.emit(None, QPoint())
