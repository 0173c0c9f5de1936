"""The list of the ranking: its columns, how a row is painted, gliding, and what pointer and keys do."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import cache
from typing import Final

import numpy as np
from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from advisor.properties import GROUPS, properties
from ui import words
from ui.painting import Box, draw_line, focus_ring
from ui.ranking_model import Cell, Column, Facts, Index, RankingModel, Rows
from ui.swatches import Cloth, swatch_pixmap
from ui.theme import Theme, blend, fill_group, icon_pixmap, interface_font
from ui.widgets import Themed

ROW: Final = 38
"""Height of a material's row, px."""
CUT_ROW: Final = 24
"""Height of the row that parts the screened out from the rest, px."""
GLIDE_MS: Final = 150
"""How long a row takes to its new place."""
SWATCH: Final = 28
PAD: Final = 12  # px at the ends of a row
GAP: Final = 8  # px between columns
DOMINATED: Final = 18  # px at the end of a name for the mark of dominated materials
MARK: Final = 22  # px behind the bar for the mark of gaps
_COMMAND: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


PICTURES: Final = 600
"""Pictures of cells kept; a row in sight takes seven."""
_BAR_HIGH: Final = 16  # px

_FIXED: Final = {Column.PLACE: 66, Column.DEMANDS: 72, Column.SCORE: 48, Column.LEADS: 58, Column.PRICE: 64}
"""Widths of the columns that hold one short text, px."""
PROPERTY: Final = 66
"""Width of a property's column, px."""
_LEAST_NAME, _LEAST_BAR = 150, 120
_NAME_BESIDE: Final = 184  # px of a name that property columns leave


def columns_in(total: int, wanted: int) -> int:
    """How many of ``wanted`` property columns find room in ``total`` px beside names and bars."""
    free = total - sum(_FIXED.values()) - _NAME_BESIDE - _LEAST_BAR
    return max(0, min(wanted, free // PROPERTY))


def column_widths(total: int, extra: int = 0) -> tuple[int, ...]:
    """Widths of the seven columns and ``extra`` property columns in ``total`` px.

    The bar takes what the others leave, names give way first.
    """
    rest = max(0, total - sum(_FIXED.values()) - extra * PROPERTY)
    least = _NAME_BESIDE if extra else _LEAST_NAME
    name = min(max(least, round(rest * 0.52)), max(rest - _LEAST_BAR, 110))
    return (
        _FIXED[Column.PLACE],
        name,
        max(rest - name, 40),
        _FIXED[Column.DEMANDS],
        _FIXED[Column.SCORE],
        _FIXED[Column.LEADS],
        _FIXED[Column.PRICE],
        *([PROPERTY] * extra),
    )


@cache
def _hover(accent: str, panel: str) -> QColor:
    """A row's ground under the pointer."""
    return blend(accent, panel, 0.06)


def _content_key(column: int, facts: Facts, model: RankingModel) -> tuple[object, ...]:
    """Everything a cell's looks depend on beside its size, its ground and what all rows share."""
    if column == Column.PLACE:
        return facts.place, facts.moved, facts.passes, facts.id == model.pinned
    if column == Column.MATERIAL:
        return facts.id, facts.sub, bool(facts.dominated), bool(facts.over)
    if column == Column.BAR:
        return facts.chips
    if column == Column.DEMANDS:
        return facts.met, facts.misses
    if column == Column.SCORE:
        return facts.score, facts.passes
    if column == Column.LEADS:
        return facts.leads, facts.passes, model.current
    if column == Column.PRICE:
        return facts.price, facts.priced, facts.price_over
    return facts.cells[column - len(Column)]


@cache
def _group_of(key: str) -> str:
    """The criterion group a property feeds, "" for none."""
    criterion = properties()[key].criterion
    return next((group for group, own in GROUPS.items() if criterion in own), "")


def _write(painter: QPainter, box: Box, rect: QRectF, text: str, ink: QColor, trailing: bool = False) -> None:
    """One line at the near or the far end of ``rect``, in reading direction."""
    painter.setPen(ink)
    draw_line(painter, rect, text, "end" if trailing else "start", box.direction)


# --- Painting ---------------------------------------------------------------------------------------------------------


class RowDelegate(QStyledItemDelegate, Themed):
    """Paints every cell of the ranking; all of it mirrors with the reading direction."""

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._name = interface_font("body", bold=True)
        self._place = interface_font("lead", bold=True)
        self._body = interface_font("body")
        self._caption = interface_font("caption")
        self._swatches: dict[tuple[str, str], Cloth] = {}
        self._pictures: dict[tuple[object, ...], QPixmap] = {}
        self._strips: dict[str, QPixmap] = {}
        #: What the kept pictures hold for: table, device pixel ratio and reading direction.
        self._context: tuple[object, ...] = ()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, ROW)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        super().apply_theme(look)
        self._pictures.clear()
        self._strips.clear()

    def grounds(self) -> tuple[QColor, QColor, QColor]:
        """What a row lies on: usually, under the pointer, and selected."""
        look = self._look
        return look.colour("panel"), _hover(look.accent, look.panel), look.colour("sel")

    def ground(self, painter: QPainter, rect: QRect, ground: int) -> None:
        """A row's surface, one of :meth:`grounds`, and the line under it."""
        painter.fillRect(rect, self.grounds()[ground])
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), self._look.colour("line2"))

    def row(
        self,
        painter: QPainter,
        y: int,
        cells: Sequence[tuple[int, int]],
        facts: Facts,
        model: RankingModel,
        ground: int,
        direction: Qt.LayoutDirection,
    ) -> None:
        """Paint a material's row at a height, cells given by their left edge and width.

        Cells whose words recur from frame to frame are painted once and kept, ground and all. Where a pixel is no
        whole number of device pixels a picture would blur, so there all is painted afresh.
        """
        ratio = painter.device().devicePixelRatio()
        context = (model.answer.table, ratio, direction)
        if context != self._context:
            self._context = context
            self._pictures.clear()
            self._strips.clear()
        keep = ratio == int(ratio)
        for column, (x, wide) in enumerate(cells):
            live = column == Column.BAR and facts.passes
            if live or not keep or wide < 1:
                rect = QRect(x, y, wide, ROW)
                self.ground(painter, rect, ground)
                self._content(painter, Box(rect, direction), column, facts, model)
                continue
            key = (column, wide, ground, *_content_key(column, facts, model))
            picture = self._pictures.get(key)
            if picture is None:
                picture = QPixmap(round(wide * ratio), round(ROW * ratio))
                picture.setDevicePixelRatio(ratio)
                picture.fill(self.grounds()[ground])
                inner = QPainter(picture)
                rect = QRect(0, 0, wide, ROW)
                self.ground(inner, rect, ground)
                self._content(inner, Box(rect, direction), column, facts, model)
                inner.end()
                if len(self._pictures) >= PICTURES:
                    del self._pictures[next(iter(self._pictures))]
                self._pictures[key] = picture
            painter.drawPixmap(x, y, picture)

    def part(self, painter: QPainter, rect: QRect, text: str, direction: Qt.LayoutDirection) -> None:
        """The row that parts the screened out from the rest."""
        painter.fillRect(rect, self._look.colour("bg"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), self._look.colour("line2"))
        painter.setFont(self._caption)
        painter.setPen(self._look.colour("ink2"))
        draw_line(painter, QRectF(rect.adjusted(PAD, 0, -PAD, 0)), text, "start", direction)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, RankingModel)
        facts = model.facts(index.row())
        if facts is not None:
            self._content(painter, Box(QRect(option.rect), option.direction), index.column(), facts, model)

    def _content(self, painter: QPainter, box: Box, column: int, facts: Facts, model: RankingModel) -> None:
        if column == Column.PLACE:
            self._paint_place(painter, box, facts, facts.id == model.pinned)
        elif column == Column.MATERIAL:
            self._paint_material(painter, box, facts, model)
        elif column == Column.BAR:
            if facts.passes:
                self._paint_bar(painter, box, facts)
            else:
                self._paint_chips(painter, box, facts)
        elif column == Column.DEMANDS:
            self._paint_demands(painter, box, facts)
        elif column >= len(Column):
            self._paint_cell(painter, box, facts.cells[column - len(Column)])
        else:
            self._paint_number(painter, box, facts, Column(column), model.current)

    def _paint_place(self, painter: QPainter, box: Box, facts: Facts, pinned: bool) -> None:
        look = self._look
        if pinned:
            pin = icon_pixmap("pin", look.accent, 14, painter.device().devicePixelRatio())
            painter.drawPixmap(box.at(box.width - 18, 14, 14).topLeft(), pin)
        painter.setFont(self._place)
        metrics = QFontMetrics(self._place)
        width = metrics.horizontalAdvance(facts.place)
        _write(painter, box, box.at(PAD, width + 2), facts.place, look.colour("ink" if facts.passes else "ink3"))
        if not facts.moved:
            return
        ink = look.colour("good" if facts.moved > 0 else "bad")
        x = PAD + width + 3
        seat = box.at(x, 7)
        middle = seat.center()
        up = -1 if facts.moved > 0 else 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPolygon(
            QPolygonF(
                [
                    middle + QPointF(-3.5, -3 * up),
                    middle + QPointF(3.5, -3 * up),
                    middle + QPointF(0, 3 * up),
                ]
            )
        )
        painter.setFont(self._caption)
        count = words.number(abs(facts.moved))
        room = box.width - x - (26 if pinned else 8)
        if QFontMetrics(self._caption).horizontalAdvance(count) <= room:  # else the arrow alone; the tip has the number
            _write(painter, box, box.at(x + 8, room), count, ink)

    def swatch_rect(self, rect: QRect, direction: Qt.LayoutDirection) -> QRectF:
        """Where the swatch of a row stands in its cell."""
        return Box(rect, direction).at(0, SWATCH, SWATCH)

    def _paint_material(self, painter: QPainter, box: Box, facts: Facts, model: RankingModel) -> None:
        look = self._look
        table = model.answer.table
        cloth = self._swatches.get((table.sha256, facts.id))
        if cloth is None:
            text = {key: cells[facts.row] for key, cells in table.text.items()}
            denier = float(table.typical[facts.row, table.column("yarn_denier")])
            cloth = Cloth.of_row({**text, "yarn_denier": "" if math.isnan(denier) else str(denier)})
            if len(self._swatches) > 2000:
                self._swatches.clear()
            self._swatches[table.sha256, facts.id] = cloth
        dpr = painter.device().devicePixelRatio()
        seat = box.at(0, SWATCH, SWATCH)
        painter.drawPixmap(seat.topLeft(), swatch_pixmap(cloth, SWATCH, look, dpr))
        x = SWATCH + 9
        room = box.at(x, box.width - x - GAP)
        if facts.dominated:
            room = box.at(x, box.width - x - GAP - DOMINATED)
            self._paint_dominated(painter, box)
        painter.setFont(self._name)
        metrics = QFontMetrics(self._name)
        sign = f" {words.OVER_SIGN}" if facts.over else ""
        wide = int(room.width()) - (metrics.horizontalAdvance(sign) if sign else 0)
        name = metrics.elidedText(facts.name, Qt.TextElideMode.ElideMiddle, wide) + sign
        _write(painter, box, QRectF(room.left(), room.top() + 3, room.width(), 17), name, look.colour("ink"))
        painter.setFont(self._caption)
        sub = QFontMetrics(self._caption).elidedText(facts.sub, Qt.TextElideMode.ElideRight, int(room.width()))
        _write(painter, box, QRectF(room.left(), room.top() + 19, room.width(), 15), sub, look.colour("ink3"))

    def _paint_dominated(self, painter: QPainter, box: Box) -> None:
        """A short bar under a longer one: somebody else reaches at least as far in everything."""
        look = self._look
        x = box.width - GAP - DOMINATED + 5
        seat = box.at(x, 11, 11).translated(0, -7)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for top, width, ink in ((1.5, 11.0, "ink3"), (6.5, 6.0, "ink2")):
            line = QRectF(seat.right() - width if box.mirrored else seat.left(), seat.top() + top, width, 3)
            painter.fillRect(line, look.colour(ink))

    def check(self, painter: QPainter, swatch: QRectF, direction: Qt.LayoutDirection, on: bool) -> None:
        """The mark on a swatch of what is compared, or, open, of what could be."""
        look = self._look
        left = direction is Qt.LayoutDirection.RightToLeft
        middle = swatch.bottomLeft() + QPointF(2, -2) if left else swatch.bottomRight() + QPointF(-2, -2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("panel" if on else "edge"), 1.4))
        painter.setBrush(look.colour("accent" if on else "panel"))
        painter.drawEllipse(middle, 7, 7)
        painter.setPen(
            QPen(
                look.colour("on_accent" if on else "ink3"),
                1.6,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([middle + QPointF(*at) for at in ((-3, 0), (-0.8, 2.4), (3.2, -2.4))]))

    def _paint_bar(self, painter: QPainter, box: Box, facts: Facts) -> None:
        look = self._look
        scale = box.width - MARK
        dpr = painter.device().devicePixelRatio()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        # On a whole device pixel, so that patterns come out as in their strips.
        top = math.floor((box.rect.top() + (ROW - 1 - _BAR_HIGH) / 2) * dpr + 0.5) / dpr
        start = 0.0
        for group, part in zip(GROUPS, facts.groups, strict=True):
            end = start + part
            a, b = round(start * scale), round(end * scale)
            # A gap parts neighbours; a part of one pixel is shown all the same.
            wide = b - a - 1 if b - a > 1 else b - a
            if wide > 0:
                left = box.rect.right() + 1 - a - wide if box.mirrored else box.rect.left() + a
                strip = self._strip(group, wide, dpr)
                painter.drawPixmap(QPointF(left, top), strip, QRectF(0, 0, wide * dpr, _BAR_HIGH * dpr))
            start = end
        low, high = facts.low * scale, facts.high * scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        halo = QColor(look.colour("panel"))
        halo.setAlpha(170)
        for colour, grow in ((halo, 1.0), (look.colour("ink"), 0.0)):
            line = box.at(low, max(high - low, 1), 1.5)
            painter.fillRect(line.adjusted(-grow, -grow, grow, grow), colour)
            for x in (low, high):
                painter.fillRect(box.at(x - 0.75, 1.5, 9).adjusted(-grow, -grow, grow, grow), colour)
        if facts.gaps:
            seat = box.at(box.width - MARK + 3, 13, 13)
            pen = QPen(look.colour("warn"), 1.2, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([2, 1.6])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(seat)
            painter.setFont(self._caption)
            painter.setPen(look.colour("warn"))
            painter.drawText(seat, int(Qt.AlignmentFlag.AlignCenter), "?")

    def _strip(self, group: str, wide: int, dpr: float) -> QPixmap:
        """A group's colour and pattern, at least so many px wide: segments are cut from its start."""
        held = self._strips.get(group)
        if held is None or held.width() < wide * dpr:
            held = QPixmap(math.ceil(max(2 * wide, 200) * dpr), math.ceil(_BAR_HIGH * dpr))
            held.setDevicePixelRatio(dpr)
            held.fill(self._look.group(group))
            painter = QPainter(held)
            fill_group(painter, QRectF(0, 0, held.width() / dpr, _BAR_HIGH), group, self._look, dpr)
            painter.end()
            self._strips[group] = held
        return held

    def _paint_chips(self, painter: QPainter, box: Box, facts: Facts) -> None:
        look = self._look
        painter.setFont(self._caption)
        metrics = QFontMetrics(self._caption)
        chips = facts.chips[:2]
        high = 17
        top = box.rect.top() + (ROW - 1 - high * len(chips) - (len(chips) - 1)) / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (text, tone) in enumerate(chips):
            room = box.width - GAP
            text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room - 16)
            seat = box.at(0, metrics.horizontalAdvance(text) + 16, high)
            seat.moveTop(top + number * (high + 1))
            seat.adjust(0.5, 0.5, -0.5, -0.5)
            plain = tone == "neutral"
            painter.setPen(QPen(look.colour("line"), 1) if plain else Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("panel" if plain else f"chip_{tone}"))
            painter.drawRoundedRect(seat, high / 2, high / 2)
            painter.setPen(look.colour("ink2" if plain else tone))
            draw_line(painter, seat, text, "centre", box.direction)

    def _paint_demands(self, painter: QPainter, box: Box, facts: Facts) -> None:
        look = self._look
        painter.setFont(self._body)
        width = QFontMetrics(self._body).horizontalAdvance(facts.met)
        x = box.width - GAP - width - 1
        _write(painter, box, box.at(x, width + 2), facts.met, look.colour("ink2"))
        middle = box.at(x - 11, 7, 7).center()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = look.colour("warn" if facts.misses else "good")
        painter.setPen(QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if facts.misses:
            painter.drawLine(middle + QPointF(-2.6, -2.6), middle + QPointF(2.6, 2.6))
            painter.drawLine(middle + QPointF(-2.6, 2.6), middle + QPointF(2.6, -2.6))
        else:
            painter.drawPolyline(QPolygonF([middle + QPointF(*at) for at in ((-3.4, 0.2), (-1, 2.6), (3.4, -2.8))]))

    def _paint_number(self, painter: QPainter, box: Box, facts: Facts, column: Column, current: bool) -> None:
        look = self._look
        ink = look.colour("ink2" if facts.passes else "ink3")
        text, face = f"{words.OVER_SIGN} {facts.price}" if facts.price_over else facts.price, self._body
        end = GAP
        if column is Column.SCORE:
            text, face, ink = facts.score, self._name, look.colour("ink" if facts.passes else "ink3")
        elif column is Column.LEADS:
            text = facts.leads
            if not current:
                ink = look.colour("ink3")
        else:
            end = PAD
            ink = look.colour("ink2")
            if not facts.priced:
                face, ink = self._caption, look.colour("warn")
        painter.setFont(face)
        _write(painter, box, box.at(0, box.width - end), text, ink, trailing=True)

    def _paint_cell(self, painter: QPainter, box: Box, cell: Cell) -> None:
        """A property's figure over a bar with its range; the bar has its criterion group's colour, if it has one."""
        look = self._look
        painter.setFont(self._body if cell.known else self._caption)
        top = box.at(4, box.width - 4 - PAD, 16).translated(0, -7)
        text = f"{words.OVER_SIGN} {cell.text}" if cell.over else cell.text
        _write(painter, box, top, text, look.colour("ink2" if cell.known else "warn"), trailing=True)
        if not cell.known:
            return
        wide = box.width - GAP - PAD
        track = box.at(GAP, wide, 6).translated(0, 9)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(track, look.colour("line2"))
        bar = box.at(GAP, max(1, round(cell.at * wide)), 6).translated(0, 9)
        group = _group_of(cell.key)
        if group:
            fill_group(painter, bar, group, look, painter.device().devicePixelRatio())
        else:
            painter.fillRect(bar, look.colour("edge"))
        reach = box.at(GAP + cell.low * wide, max(1.0, (cell.high - cell.low) * wide), 1).translated(0, 9)
        painter.fillRect(reach, look.colour("ink"))


# --- The list ---------------------------------------------------------------------------------------------------------


def reduced_motion() -> bool:
    """Whether the desktop asks for no movement."""
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


class RankingList(QTableView):
    """The rows, painted whole so that they can glide; it only shows what the session has selected.

    Signals:
        picked(str): the user goes to a material.
        ticked(str, bool): the user puts a material into the comparison or takes it out; True for all up to it.
        pointed(str): the pointer is over a material, "" for none.
        typed(str): the user types a word.
        asked(str, QPoint): the user asks for a material's menu; where, on the screen.
    """

    picked = Signal(str)
    ticked = Signal(str, bool)
    pointed = Signal(str)
    typed = Signal(str)
    asked = Signal(str, QPoint)

    def __init__(self, model: RankingModel, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look
        self._compared: frozenset[str] = frozenset()
        self._hovered = ""
        self._cut = -1
        self._motion = True
        self._starts: dict[int, float] = {}
        self._held: tuple[object, Rows, int] | None = None
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE_MS)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._step)
        self._glide.finished.connect(self._stop)
        self._delegate = RowDelegate(look, self)
        # Before there are rows: a header that shows asks for the words of two hundred of them.
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setStyleSheet("QTableView, QTableView:focus { border: 0; background: transparent; }")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        # Every pixel is painted here: nothing under the rows need be.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._size_cut()

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self._delegate.apply_theme(look)
        self.viewport().update()

    def set_motion(self, on: bool) -> None:
        """Whether rows glide to a new place."""
        self._motion = on
        if not on:
            self._stop()

    def mark(self, compared: Collection[str], hovered: str) -> None:
        """Which materials are compared and which one is pointed at."""
        if (frozenset(compared), hovered) != (self._compared, self._hovered):
            self._compared, self._hovered = frozenset(compared), hovered
            self.viewport().update()

    def set_columns(self, widths: Sequence[int]) -> None:
        """Set the widths of the columns."""
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            header.resizeSection(column, width)

    # Gliding

    def hold(self) -> None:
        """Remember where rows stand, before they change."""
        moving = self._motion and self.isVisible() and not reduced_motion()
        # While a slider or edge is being dragged rows follow the pointer at once.
        moving = moving and QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
        self._held = (self._model.answer.table, self._model.table_rows(), self._cut) if moving else None
        painted = {number: y for number, y in self._painted().items() if number >= 0} if moving else {}
        self._starts = painted

    def release(self) -> None:
        """Let rows glide from where they stood to where they stand now."""
        # Qt puts the new order's layout off, and would paint every row once more when it gets to it.
        self.executeDelayedItemsLayout()
        self._size_cut()
        held, painted = self._held, self._starts
        self._held, self._starts = None, {}
        self._glide.stop()
        if held is None or held[0] is not self._model.answer.table:
            self.viewport().update()
            return
        before = np.full(len(self._model.answer.table), -1, dtype=np.intp)
        rows = held[1]
        inside = np.flatnonzero(rows >= 0)
        before[rows[inside]] = inside
        offset = self.verticalScrollBar().value()
        high = self.viewport().height()
        now = self._model.table_rows()
        starts: dict[int, float] = {}
        for row in self._visible():
            number = int(now[row])
            if number < 0 or before[number] < 0:
                continue
            end = float(self.rowViewportPosition(row))
            start = painted.get(number, float(_top(int(before[number]), held[2]) - offset))
            # From outside, rows come in from just beyond the edge.
            start = min(max(start, -float(ROW)), float(high))
            if abs(start - end) >= 1:
                starts[number] = start
        self._starts = starts
        if starts:
            self._glide.start()
        self.viewport().update()

    @Slot(object)
    def _step(self, _value: object) -> None:
        self.viewport().update()

    @Slot()
    def _stop(self) -> None:
        self._glide.stop()
        self._starts = {}
        self.viewport().update()

    def gliding(self) -> bool:
        """Whether rows are on their way."""
        return self._glide.state() is QVariantAnimation.State.Running

    def _painted(self) -> dict[int, float]:
        """Table row -> where it is painted just now, for the rows in sight."""
        rows = self._model.table_rows()
        share = float(self._glide.currentValue() or 0.0) if self.gliding() else 1.0
        found: dict[int, float] = {}
        for row in self._visible():
            end = float(self.rowViewportPosition(row))
            number = int(rows[row])
            start = self._starts.get(number, end) if share < 1 else end
            found[number] = start + (end - start) * share
        return found

    def _visible(self) -> range:
        count = len(self._model.table_rows())
        if not count:
            return range(0)
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, (count if last < 0 else last + 1))

    def _size_cut(self) -> None:
        """Give the parting row its height, wherever it is now."""
        header = self.verticalHeader()
        cut = self._model.cut
        # Where it only moves, the list is as long as before: word of it would have every row painted once more.
        moves = cut >= 0 and 0 <= self._cut < header.count()
        held = header.blockSignals(True) if moves else False
        for row in {self._cut, *self._odd_rows()} - {cut}:
            if 0 <= row < header.count():
                header.resizeSection(row, ROW)
        if cut >= 0 and header.sectionSize(cut) != CUT_ROW:
            header.resizeSection(cut, CUT_ROW)
        if moves:
            header.blockSignals(held)
        self._cut = cut

    def _odd_rows(self) -> tuple[int, ...]:
        """Rows in sight whose height went along with a row that moved."""
        header = self.verticalHeader()
        return tuple(row for row in self._visible() if header.sectionSize(row) != ROW)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        model, delegate = self._model, self._delegate
        rows = model.table_rows()
        width, high = self.viewport().width(), self.viewport().height()
        current = self.currentIndex().row()
        direction = self.layoutDirection()
        header = self.horizontalHeader()
        cells = [(self.columnViewportPosition(at), header.sectionSize(at)) for at in range(model.columnCount())]
        taken = sum(wide for _, wide in cells)
        beyond = 0 if direction is Qt.LayoutDirection.RightToLeft else taken
        painted = self._painted()
        visible: Sequence[int] = self._visible()
        low = self._low_end(visible)
        if low < high:
            painter.fillRect(QRect(0, low, width, high - low), self._look.colour("panel"))
        if self._starts:
            painter.fillRect(QRect(0, 0, width, low), self._look.colour("panel"))  # rows on their way leave gaps
            visible = sorted(visible, key=lambda row: int(rows[row]) in self._starts)
        for row in visible:
            number = int(rows[row])
            y = round(painted[number])
            if number < 0:
                delegate.part(painter, QRect(0, y, width, CUT_ROW), model.cut_text(), direction)
                continue
            facts = model.facts_of(number)
            hovered = facts.id == self._hovered
            ground = 2 if row == current else int(hovered)
            delegate.row(painter, y, cells, facts, model, ground, direction)
            if taken < width:  # no column reaches there, and nothing but this paints it
                delegate.ground(painter, QRect(beyond, y, width - taken, ROW), ground)
            if hovered or facts.id in self._compared:
                x, wide = cells[Column.MATERIAL]
                seat = delegate.swatch_rect(QRect(x, y, wide, ROW), direction)
                delegate.check(painter, seat, direction, facts.id in self._compared)
            if row == current and self.hasFocus():
                focus_ring(painter, QRectF(0, y, width, ROW - 1), self._look, 4)

    def _low_end(self, visible: Sequence[int]) -> int:
        """Where the last row in sight ends, px."""
        if not visible:
            return 0
        last = visible[-1]
        return self.rowViewportPosition(last) + (CUT_ROW if last == self._cut else ROW)

    # The user's side

    def _over_swatch(self, at: QPoint) -> str:
        """Id of the material whose swatch lies under a point, or ""."""
        row, column = self.rowAt(at.y()), self.columnAt(at.x())
        if row < 0 or column != Column.MATERIAL:
            return ""
        cell = QRect(self.columnViewportPosition(column), self.rowViewportPosition(row), self.columnWidth(column), ROW)
        seat = self._delegate.swatch_rect(cell, self.layoutDirection()).adjusted(-3, -4, 6, 4)
        return self._model.material(row) if seat.contains(QPointF(at)) else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        material = self._model.material(self.rowAt(at.y()))
        if event.button() is not Qt.MouseButton.LeftButton or not material:
            event.ignore()
            return
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if extend or event.modifiers() & Qt.KeyboardModifier.ControlModifier or self._over_swatch(at):
            self.ticked.emit(material, extend)
        else:
            self.picked.emit(material)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        self.pointed.emit(self._model.material(self.rowAt(at.y())))
        over = bool(self._over_swatch(at))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._ask_current()
        elif material := self._model.material(self.rowAt(event.pos().y())):
            self.asked.emit(material, self.viewport().mapToGlobal(event.pos()))

    def _ask_current(self) -> None:
        """Ask for the menu of the selected material, at its name; brought into sight if need be."""
        index = self.currentIndex()
        if material := self._model.material(index.row()):
            self.scrollTo(index)
            cell = self.visualRect(index)
            mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            at = cell.bottomRight() if mirrored else cell.bottomLeft()
            self.asked.emit(material, self.viewport().mapToGlobal(at))

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit("")
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            material = self._over_swatch(event.pos())
            if material:
                tip = self.tr("Take out of the comparison") if material in self._compared else self.tr("Compare")
                QToolTip.showText(event.globalPos(), tip, self)
                return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        count = len(self._model.table_rows())
        page = max(1, self.viewport().height() // ROW - 1)
        key = event.key()
        steps = {
            Qt.Key.Key_Up: (row - 1, -1),
            Qt.Key.Key_Down: (row + 1, 1),
            Qt.Key.Key_PageUp: (row - page, -1),
            Qt.Key.Key_PageDown: (row + page, 1),
            Qt.Key.Key_Home: (0, 1),
            Qt.Key.Key_End: (count - 1, -1),
        }
        if key in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            target, way = steps[Qt.Key(key)]
            target = min(max(target, 0), count - 1)
            if not self._model.material(target):
                # Step over the row that parts; at an end, stay.
                target += way if self._model.material(target + way) else -way
            if material := self._model.material(target):
                self.picked.emit(material)
        elif key == Qt.Key.Key_Space and self._model.material(row):
            self.ticked.emit(self._model.material(row), False)
        elif key == Qt.Key.Key_F10 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._ask_current()  # the menu key's stand-in where a keyboard lacks one
        elif event.text().strip() and event.text().isprintable() and not event.modifiers() & _COMMAND:
            self.typed.emit(event.text())
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


def _top(row: int, cut: int) -> int:
    """Where a row stands in the whole list, px."""
    return row * ROW - (ROW - CUT_ROW if 0 <= cut < row else 0)
