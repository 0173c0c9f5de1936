"""Material panel: one material in full (why it stands where it does, its demands, its datasheet and the evidence)."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTextBrowser,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer
from advisor.brief import DemandEdit, Limit
from advisor.certainty import Certainty
from advisor.demands import Demand
from advisor.evidence import Evidence, Source
from advisor.explanation import above_sentence, compare, flip_sentence, limit_sentence, rival, standing, trials_sentence
from advisor.files import plain_cell
from advisor.materials import Table, sources
from advisor.properties import CRITERIA, properties
from advisor.ranking import reaches
from advisor.sentences import Sentence
from advisor.values import MET_VALUE
from ui import words
from ui.painting import paint_demand
from ui.session import COMPARED, Selection, Session
from ui.swatches import Cloth, swatch_pixmap
from ui.theme import TARGET, Theme, blend, icon_pixmap, interface_font, space
from ui.widgets import Chip, FlowLayout, GradeBadge, SectionHeader, Themed, restyle

#: What the folded datasheet shows: a figure of every kind a cloth is bought by.
IMPORTANT: Final = (
    "areal_mass_g_m2",
    "tensile_strength_n",
    "tear_strength_n",
    "abrasion_cycles",
    "hydrostatic_head_mm",
    "uv_strength_retention_pct",
    "hydrolysis_weeks",
    "recycled_content_pct",
    "ghg_kg_co2e_m2",
    "price_usd_m2",
)
#: Sources shown before the rest is asked for.
FIRST_SOURCES: Final = 5
#: Sentences that name what would turn the place; the trials stand before them.
_FLIPS: Final = ("flip-down", "flip-up", "no-flip")
_WIDTH, _HEIGHT = 276, 632
_SWATCH = 56
_POPUP = QSize(360, 420)

State = Literal["met", "missed", "gap", "unknown", "dropped", "free"]


def span_text(key: str, low: float, high: float) -> str:
    """A range in the property's decimals, "" where it is a point: "225–300", "−36 to −20"."""
    if math.isnan(low) or math.isnan(high) or low == high:
        return ""
    decimals = properties()[key].decimals
    ends = {"low": words.number(low, decimals), "high": words.number(high, decimals)}
    if ends["low"] == ends["high"]:
        return ""
    if low < 0 or high < 0:
        return QCoreApplication.translate("MaterialPanel", "{low} to {high}").format(**ends)
    return QCoreApplication.translate("MaterialPanel", "{low}–{high}").format(**ends)


def grade_words(grade: str) -> str:
    """What an evidence grade means."""
    if grade == "A":
        return QCoreApplication.translate("MaterialPanel", "A: standard, maker's sheet or measurement")
    if grade == "B":
        return QCoreApplication.translate("MaterialPanel", "B: supplier or guide")
    if grade == "C":
        return QCoreApplication.translate("MaterialPanel", "C: derived by a stated rule")
    if grade == "D":
        return QCoreApplication.translate("MaterialPanel", "D: judgement, a working value")
    if grade == "own":
        return QCoreApplication.translate("MaterialPanel", "Your own figure")
    return QCoreApplication.translate("MaterialPanel", "Not known: ask the mill")


def _tag_text(text: str) -> str:
    """A cell of words as people read it: tags apart by middle dots."""
    return " · ".join(part.strip() for part in text.split("|") if part.strip())


# --- Parts ------------------------------------------------------------------------------------------------------------


class _Prose(QWidget, Themed):
    """Wrapped text with bold stretches, laid out once per text and width and painted from there.

    A QLabel would build a document at every change; at slider speed that is most of the frame.
    """

    def __init__(
        self, look: Theme, *, kind: str = "body", ink: str = "ink", bold: bool = False, spacing: float = 1.25,
        lead: int = 0, trail: int = 0, below: int = 0, parent: QWidget | None = None,
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
        # Minimum, not Fixed: a fixed height would hold the text to the hint, which knows no width yet.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
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
        before = self._laid[2] if self._laid else -1
        self._text, self._spans, self._laid = text, spans, None
        self.setAccessibleName(text)
        if self.width() <= 0 or self.heightForWidth(self.width()) != before:
            self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(width)[2]

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 40 else 240
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, QFontMetrics(self._face, self).height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._laid = None
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._look.colour(self._ink))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self._lay(self.width())[1].draw(painter, QPointF(self._trail if mirrored else self._lead, 0))

    def _lay(self, width: int) -> tuple[int, QTextLayout, int]:
        if self._laid is not None and self._laid[0] == width:
            return self._laid
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
        return self._laid


class _Row(QAbstractButton, Themed):
    """A painted line of a list: a click or Enter opens it, Up and Down go to its neighbours.

    Signals: ``tip_wanted(QPoint)``, so that tool tips are put into words only when somebody reads them;
    ``menu_wanted(QPoint)``, both with a global position.
    """

    tip_wanted = Signal(QPoint)
    menu_wanted = Signal(QPoint)

    def __init__(self, look: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.key = key
        self._face, self._bold = interface_font("body"), interface_font("body", bold=True)
        self._small = interface_font("caption")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, TARGET)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, TARGET)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _go(self, step: int) -> None:
        """Focus the row above or below, in this list or the next."""
        panel = self.parentWidget()
        while panel is not None and not isinstance(panel, MaterialPanel):
            panel = panel.parentWidget()
        if panel is None:
            return
        rows = [row for row in panel.findChildren(_Row) if row.isVisibleTo(panel)]
        rows.sort(key=lambda row: row.mapTo(panel, QPoint(0, 0)).y())
        at = rows.index(self) + step
        if 0 <= at < len(rows):
            rows[at].setFocus(Qt.FocusReason.TabFocusReason)
            panel.reveal(rows[at])

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
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._look.colour("accent"), 2))
            painter.drawRoundedRect(area, 4, 4)

    def _write(self, painter: QPainter, box: QRectF, face: QFont, ink: str, text: str, end: bool = False) -> None:
        """One line of text; ``end`` puts it at the far end in reading direction."""
        painter.setFont(face)
        painter.setPen(self._look.colour(ink))
        shown = QFontMetrics(face, self).elidedText(text, Qt.TextElideMode.ElideRight, math.ceil(box.width()))
        side = Qt.AlignmentFlag.AlignTrailing if end else Qt.AlignmentFlag.AlignLeading
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)


@dataclass(frozen=True, slots=True)
class _DemandFace:
    """What a demand's row shows."""

    state: State
    name: str
    text: str
    share: float | None
    edited: bool


class _DemandRow(_Row):
    """A demand: tick or cross, name, bar, what the cloth has of what is asked, and a button for its menu."""

    _SIGN: Final = 15  # px for tick or cross
    _NAME: Final = 68  # px up to where bars begin, so that they line up
    _BAR: Final = 44
    _LEAST_BAR: Final = 14
    _MORE: Final = TARGET - 4  # px the text leaves to the button, whose dots stand at its far end

    def __init__(self, look: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(look, key, parent)
        self._shown: _DemandFace | None = None
        self.open = False
        self.more = _More(look, self)
        self.more.clicked.connect(self._more_clicked)

    def show_face(self, face: _DemandFace, spoken: str, menu: str) -> None:
        """Show other figures; ``spoken`` is the row, ``menu`` its button to assistive technology."""
        if face == self._shown:
            return
        self._shown = face
        self.setAccessibleName(spoken)
        self.more.setAccessibleName(menu)
        self.more.setToolTip(menu)
        self.update()

    @property
    def face(self) -> _DemandFace | None:
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


class _More(QAbstractButton, Themed):
    """The three dots at the end of a row."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(TARGET, TARGET)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

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
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._look.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class _FigureRow(_Row):
    """A line of the datasheet: name, figure, range and grade; or words; or what is not known."""

    def __init__(self, look: Theme, key: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, key, parent)
        self._name = name
        self._shown: tuple[str, str, str, str] | None = None
        self.badge = GradeBadge(look, "", parent=self)

    def show_figure(self, figure: str, span: str, grade: str, spoken: str) -> None:
        """Show a figure with its unit and range."""
        self._show((figure, span, grade, "figure"), spoken)

    def show_words(self, text: str, grade: str, spoken: str) -> None:
        """Show words; ``grade`` "" where they are no claim (an identifier)."""
        self._show((text, "", grade, "words"), spoken)

    def show_gap(self, text: str, spoken: str) -> None:
        """Show that nothing is known."""
        self._show((text, "", "", "gap"), spoken)

    @property
    def gap(self) -> bool:
        """Whether nothing is known."""
        return self._shown is None or self._shown[3] == "gap"

    @property
    def figure(self) -> str:
        """The figure or words shown."""
        return self._shown[0] if self._shown else ""

    @property
    def span(self) -> str:
        """The range shown, "" for none."""
        return self._shown[1] if self._shown else ""

    def _show(self, shown: tuple[str, str, str, str], spoken: str) -> None:
        if shown == self._shown:
            return
        self._shown = shown
        grade = shown[2]
        self.setAccessibleName(spoken)
        if grade:
            self.badge.set_grade(grade, grade_words(grade))
        self.badge.setVisible(bool(grade))
        self._place_badge()
        self.update()

    def _badge_wide(self) -> int:
        return 26 if self._shown and len(self._shown[2]) > 1 else 20

    def _place_badge(self) -> None:
        wide = self._badge_wide()
        x = 0 if self._mirrored() else self.width() - wide
        self.badge.setGeometry(QRect(x, (self.height() - 18) // 2, wide, 18))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_badge()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._place_badge()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        if self._shown is None:
            return
        figure, span, _, kind = self._shown
        number = kind == "figure"
        room = self.width() - self._badge_wide() - 6
        bold, small = QFontMetrics(self._bold, self), QFontMetrics(self._small, self)
        plain = QFontMetrics(self._face, self)
        name_wide = plain.horizontalAdvance(self._name) + 3
        if kind == "gap":
            self._write(painter, self._box(0, name_wide), self._face, "ink2", self._name)
            free = self.width() - name_wide - 6
            self._write(painter, self._box(name_wide + 6, free), self._small, "warn", figure, end=True)
            return
        face, ink = (self._bold, "ink") if number else (self._face, "ink")
        span_wide = small.horizontalAdvance(span) + 5 if span else 0
        wide = (bold if number else plain).horizontalAdvance(figure) + 2
        if not number:
            wide = min(wide, max(60, room - name_wide - 6))
        at = max(0, room - span_wide - wide)
        self._write(painter, self._box(0, max(0, min(name_wide, at - 4))), self._face, "ink2", self._name)
        self._write(painter, self._box(at, wide), face, ink, figure, end=True)
        if span:
            self._write(painter, self._box(room - span_wide, span_wide), self._small, "ink3", span, end=True)


class _SourceRow(_Row):
    """A source: its grade, title and year."""

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(look, "", parent)
        self._title = self._year = ""

    def show_source(self, source: Source, spoken: str) -> None:
        """Show another source."""
        self.key, self._title, self._year = source.source_id, source.title, source.year
        self.setAccessibleName(spoken)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        wide = QFontMetrics(self._small, self).horizontalAdvance(self._year) + 3 if self._year else 0
        self._write(painter, self._box(0, self.width() - wide - 5), self._small, "ink2", self._title)
        self._write(painter, self._box(self.width() - wide, wide), self._small, "ink3", self._year, end=True)


class _Swatch(QWidget, Themed):
    """The cloth's drawing."""

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._cloth: Cloth | None = None
        self.setFixedSize(_SWATCH, _SWATCH)

    def show_cloth(self, cloth: Cloth, spoken: str) -> None:
        """Draw another cloth."""
        if cloth != self._cloth:
            self._cloth = cloth
            self.update()
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._cloth is not None:
            pixmap = swatch_pixmap(self._cloth, _SWATCH, self._look, self.devicePixelRatioF(), radius=8)
            QPainter(self).drawPixmap(0, 0, pixmap)


class _LevelEditor(QFrame):
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


class _DemandEntry(QWidget):
    """One demand of the list: its row, and below it the reason and the editor when they are open."""

    def __init__(self, look: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.key = key
        self.row = _DemandRow(look, key, self)
        self.detail: _Prose | None = None
        self.editor: _LevelEditor | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.row)

    def show_detail(self, text: str) -> None:
        """Open the reason, or put it into other words; "" closes it."""
        if self.detail is None:
            if not text:
                return
            self.detail = _Prose(self._look, kind="caption", ink="ink2", lead=15, trail=10, below=5, parent=self)
            self._box.insertWidget(1, self.detail)
        self.detail.setVisible(bool(text))
        if text:
            self.detail.show_text(text)

    def open_editor(self, level: float | None, because: str) -> _LevelEditor:
        """Open the editor below the row."""
        self.close_editor()
        self.editor = _LevelEditor(self.key, level, because, self)
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

    def apply_theme(self, look: Theme) -> None:
        """Remember the theme for parts still to be made."""
        self._look = look


class _Popup(QFrame):
    """A card beside the panel with text to read and copy; a click elsewhere or Escape closes it."""

    def __init__(self, look: Theme, title: str, body: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.text = QTextBrowser(self)
        self.text.setOpenLinks(False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setStyleSheet("border: 0; padding: 0;")  # the card has the border
        self.text.setFont(interface_font("body"))
        self.text.setAccessibleName(title)
        document = self.text.document()
        document.setDefaultFont(interface_font("body"))
        option = document.defaultTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(parent.layoutDirection())
        document.setDefaultTextOption(option)
        document.setDefaultStyleSheet(
            f"* {{ color: {look.ink}; }} .dim {{ color: {look.ink3}; }} .warn {{ color: {look.warn}; }}"
            f" h3 {{ font-size: {15}px; }} p {{ margin: 2px 0; }}"
        )
        self.text.setHtml(f"<h3>{html.escape(title)}</h3>{body}")
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self.text)
        # A copy is measured: the shown document follows its view, which has no width yet.
        measured = document.clone(self)
        measured.setTextWidth(_POPUP.width() - 36)
        self.resize(_POPUP.width(), min(_POPUP.height(), math.ceil(measured.size().height()) + 24))
        measured.deleteLater()
        self.text.setFocus()

    def open_beside(self, panel: QWidget, y: int) -> None:
        """Show the card before the panel in reading direction, inside the screen."""
        mirrored = panel.layoutDirection() is Qt.LayoutDirection.RightToLeft
        corner = panel.mapToGlobal(QPoint(0, 0))
        x = corner.x() + panel.width() + 6 if mirrored else corner.x() - self.width() - 6
        screen = panel.screen().availableGeometry()
        x = max(screen.left(), min(x, screen.right() - self.width()))
        y = max(screen.top(), min(y, screen.bottom() - self.height()))
        self.move(x, y)
        self.show()


class _Names(QAbstractListModel):
    """Materials to choose from, in the order of the ranking; the first entry stands for the usual rival."""

    def __init__(self, answer: Answer, without: int, usual: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._answer, self._usual = answer, usual
        self._all = [int(row) for row in answer.ranking.order if int(row) != without]
        self._rows: list[int] = self._all

    def show_matching(self, text: str) -> None:
        """Keep materials whose name or id contains ``text``."""
        wanted, table = text.strip().casefold(), self._answer.table
        self.beginResetModel()
        self._rows = [
            row for row in self._all if wanted in table.names[row].casefold() or wanted in table.ids[row].casefold()
        ]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows) + 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.UserRole:
            return self._answer.table.ids[self._rows[index.row() - 1]] if index.row() else ""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if not index.row():
            return self._usual
        row = self._rows[index.row() - 1]
        place = int(self._answer.ranking.ranks[row])
        return f"{words.number(place) if place else '–'}  {self._answer.table.names[row]}"


class _Picker(QFrame):
    """A search field over the list of materials; Enter or a click chooses.

    Signals: ``chosen(str)`` with a material id, "" for the usual rival.
    """

    chosen = Signal(str)

    def __init__(self, answer: Answer, without: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Measure against"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(
            self.tr("Search {count} materials").format(count=words.number(len(answer.table)))
        )
        self.search.setAccessibleName(self.tr("Search materials"))
        self.search.setClearButtonEnabled(True)
        self.list = QListView(self)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Materials to measure against"))
        self._names = _Names(answer, without, self.tr("The usual one: the first place or the runner-up"), self)
        self.list.setModel(self._names)
        self.list.setCurrentIndex(self._names.index(0))
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.setSpacing(space(1))
        box.addWidget(self.search)
        box.addWidget(self.list)
        self.resize(320, 340)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._enter)
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.search.setFocus()

    @Slot(str)
    def _filter(self, text: str) -> None:
        self._names.show_matching(text)
        self.list.setCurrentIndex(self._names.index(1 if text.strip() and self._names.rowCount() > 1 else 0))

    @Slot()
    def _enter(self) -> None:
        self._choose(self.list.currentIndex())

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and self.isVisible():
            self.chosen.emit(index.data(Qt.ItemDataRole.UserRole))
            self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.search.hasFocus():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = max(0, min(self._names.rowCount() - 1, self.list.currentIndex().row() + step))
            self.list.setCurrentIndex(self._names.index(row))
            return
        super().keyPressEvent(event)


# --- Panel ------------------------------------------------------------------------------------------------------------


class MaterialPanel(QWidget):
    """The right column: the material looked at, why it stands there, its demands, datasheet and sources.

    Args:
        session: whose answer, certainty and selection are shown; every change goes back through it.
        look: the theme.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        self._answer: Answer = session.answer
        self._shown_cloth: tuple[Table, int] | None = None
        certain = session.certainty
        self._held: tuple[Table, Certainty] | None = None if certain is None else (session.answer.table, certain)
        self._stands: tuple[int | None, int | None] = (None, None)
        self._entries: dict[str, _DemandEntry] = {}
        self._demands: dict[str, Demand] = {}
        self._open: set[str] = set()
        self._asking = ""
        self._figures: dict[str, _FigureRow] = {}
        self._all_figures = self._all_sources = False
        self._used: list[tuple[Source, int]] = []
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Material"))
        self.setMinimumWidth(220)
        self._build()
        session.answered.connect(self._on_answered)
        session.ascertained.connect(self._on_ascertained)
        session.selected.connect(self._on_selected)
        self.show_answer(session.answer)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    # --- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = QWidget()
        self._content.setProperty("surface", "panel")
        self._content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._scroll.setWidget(self._content)
        self._empty = _Prose(self._look, ink="ink3", lead=14, trail=14, parent=self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignTop)
        self._sections: list[QVBoxLayout] = []
        self._rows: list[QVBoxLayout] = []
        self._mirrored = False
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._build_head(self._section(column, first=True))
        self._build_why(self._section(column))
        self._build_demands(self._section(column))
        self._build_datasheet(self._section(column))
        self._build_sources(self._section(column))
        column.addStretch(1)
        self._mirror()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._mirror()
        super().changeEvent(event)

    def _mirror(self) -> None:
        """Layouts mirror their items but not their margins."""
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if mirrored is not self._mirrored:
            self._mirrored = mirrored
            for box in (*self._sections, *self._rows):
                margins = box.contentsMargins()
                box.setContentsMargins(margins.right(), margins.top(), margins.left(), margins.bottom())

    def _section(self, column: QBoxLayout, first: bool = False) -> QVBoxLayout:
        """A block of the column under a line; its margins are those of the whole window."""
        if not first:
            line = QWidget(self._content)
            line.setProperty("surface", "line")
            line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            line.setFixedHeight(1)
            column.addWidget(line)
        holder = QWidget(self._content)
        box = QVBoxLayout(holder)
        box.setContentsMargins(14, 10 if first else 5, 0, 8)
        box.setSpacing(0)
        self._sections.append(box)
        column.addWidget(holder)
        return box

    def _build_head(self, box: QVBoxLayout) -> None:
        look = self._look
        self._swatch = _Swatch(look)
        self._caption = _Prose(look, kind="caption", ink="ink3", spacing=1.0)
        self._caption.show_text(self.tr("drawing"))
        self._caption.setFixedWidth(_SWATCH)
        self._name = _Prose(look, kind="title", bold=True, spacing=1.05)
        self._sub = _Prose(look, kind="caption", ink="ink3", spacing=1.15)
        self._place = _Prose(look, kind="caption", ink="ink2", spacing=1.15)
        self._compare = QPushButton(self.tr("Compare"))
        self._compare.setCheckable(True)
        self._against = QPushButton(self.tr("Measure against…"))
        self._copy = QPushButton(self.tr("Copy"))
        self._copy.setToolTip(self.tr("Copy the datasheet as a table"))
        self._copy.setAccessibleName(self.tr("Copy the datasheet"))
        pictures = QVBoxLayout()
        pictures.setSpacing(1)
        pictures.addWidget(self._swatch)
        pictures.addWidget(self._caption)
        pictures.addStretch(1)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._name)
        texts.addWidget(self._sub)
        texts.addWidget(self._place)
        texts.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(space(3))
        top.addLayout(pictures)
        top.addLayout(texts, 1)
        box.addLayout(top)
        box.addSpacing(space(1))
        holder = QWidget()
        actions = FlowLayout(holder, gap=4, row_gap=4)
        for button in (self._compare, self._against, self._copy):
            # The style sheet's 10 px on both sides would put the third button on a line of its own.
            button.setStyleSheet("QPushButton { padding: 0 5px; } QPushButton:focus { padding: 0 4px; }")
            button.setMinimumHeight(28)
            actions.addWidget(button)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        box.addWidget(holder)
        self._compare.clicked.connect(self._toggle_compare)
        self._against.clicked.connect(self._pick_rival)
        self._copy.clicked.connect(self.copy_datasheet)

    def _build_why(self, box: QVBoxLayout) -> None:
        self._why_head = SectionHeader(self._look, self.tr("Why it stands here"))
        box.addWidget(self._why_head)
        self._why_box = QVBoxLayout()
        self._why_box.setSpacing(3)
        self._why: list[_Prose] = []
        box.addLayout(self._why_box)
        self._rival = Chip(self._look, "", removable=True)
        self._rival.removed.connect(self._usual_rival)
        versus = QVBoxLayout()
        versus.setContentsMargins(0, 2, 8, 0)
        versus.setSpacing(2)
        versus.addWidget(self._rival)
        self._versus = _Prose(self._look)
        versus.addWidget(self._versus)
        self._rows.append(versus)
        box.addLayout(versus)

    def _build_demands(self, box: QVBoxLayout) -> None:
        self._demand_head = SectionHeader(self._look, self.tr("Demands"), ("", self.tr("+ ask")))
        self._demand_head.link(1).setAccessibleName(self.tr("Ask for the level of another property"))
        self._demand_head.link_clicked.connect(self._demand_link)
        box.addWidget(self._demand_head)
        self._demand_box = QVBoxLayout()
        self._demand_box.setSpacing(0)
        box.addLayout(self._demand_box)
        self._free = _Prose(self._look, kind="caption", ink="ink3", trail=10)
        box.addSpacing(2)
        box.addWidget(self._free)

    def _build_datasheet(self, box: QVBoxLayout) -> None:
        self._sheet_head = SectionHeader(self._look, self.tr("Datasheet"), ("",))
        self._sheet_head.link_clicked.connect(self._datasheet_link)
        box.addWidget(self._sheet_head)
        rows = QVBoxLayout()
        rows.setSpacing(0)
        rows.setContentsMargins(0, 0, 6, 0)
        self._rows.append(rows)
        self._groups: list[_Prose] = []
        known = properties()
        for group in dict.fromkeys(item.group for item in known.values()):
            title = _Prose(self._look, kind="caps", ink="ink3", spacing=1.9)
            title.show_text(self._group_name(group))
            self._groups.append(title)
            rows.addWidget(title)
            for key, item in known.items():
                if item.group == group:
                    row = _FigureRow(self._look, key, words.short(key))
                    row.clicked.connect(self._open_evidence)
                    row.tip_wanted.connect(self._figure_tip)
                    self._figures[key] = row
                    rows.addWidget(row)
        box.addLayout(rows)
        self._fold_datasheet()

    def _build_sources(self, box: QVBoxLayout) -> None:
        self._source_head = SectionHeader(self._look, self.tr("Sources"), ("",))
        self._source_head.link_clicked.connect(self._sources_link)
        box.addWidget(self._source_head)
        self._source_box = QVBoxLayout()
        self._source_box.setSpacing(0)
        self._source_box.setContentsMargins(0, 0, 6, 0)
        self._rows.append(self._source_box)
        self._source_rows: list[_SourceRow] = []
        self._no_source = _Prose(self._look, kind="caption", ink="ink3")
        self._no_source.show_text(self.tr("No source is recorded for these figures."))
        box.addWidget(self._no_source)
        box.addLayout(self._source_box)

    def _group_name(self, group: str) -> str:
        return self.tr("Identity") if group == "identity" else words.group(group)

    # --- what is shown -------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        self.show_answer(answer)

    @Slot(object)
    def _on_ascertained(self, certain: Certainty | None) -> None:
        if certain is not None:
            self._held = (self._session.answer.table, certain)
        row = self._row()
        if row is not None and self._answer is self._session.answer:
            self._show_why(row)

    @Slot(object)
    def _on_selected(self, selection: Selection) -> None:
        stands = (self._row(), self._rival_row())
        if stands != self._stands:
            self.show_answer(self._answer)
        elif stands[0] is not None:
            self._show_compare(stands[0])

    def show_answer(self, answer: Answer) -> None:
        """Show the material looked at as this answer has it."""
        self._answer = answer
        row = self._row()
        self._stands = (row, self._rival_row())
        self._scroll.setVisible(row is not None)
        self._empty.setVisible(row is None)
        if row is None:
            self._shown_cloth = None
            self._empty.show_text(self.tr("\nNo material to show. Open a table with at least one material."))
            return
        if self._shown_cloth is None or self._shown_cloth[0] is not answer.table or self._shown_cloth[1] != row:
            self._shown_cloth = (answer.table, row)
            self._show_head(row)
            self._show_datasheet(row)
            self._show_sources(row)
        self._show_place(row)
        self._show_compare(row)
        self._show_why(row)
        self._show_demands(row)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        restyle(self._content, look)
        for entry in self._entries.values():
            entry.apply_theme(look)
        self._empty.apply_theme(look)

    def reveal(self, widget: QWidget) -> None:
        """Scroll so that a part of the panel is seen."""
        self._scroll.ensureWidgetVisible(widget, 0, 8)

    def _row(self) -> int | None:
        """Row of the material looked at; an id the table no longer holds counts as none chosen."""
        row = self._answer.table.index.get(self._session.selection.material)
        if row is not None:
            return row
        order = self._answer.ranking.order
        return int(order[0]) if len(order) else None

    def _rival_row(self) -> int | None:
        """Row of the rival chosen by hand, None where the usual one holds."""
        chosen = self._session.selection.rival
        row = self._answer.table.index.get(chosen) if chosen else None
        return None if row == self._row() else row

    def _show_head(self, row: int) -> None:
        table = self._answer.table
        text = {key: column[row] for key, column in table.text.items()}
        denier = float(table.typical[row, table.column("yarn_denier")])
        cloth = Cloth.of(
            text["weave"], None if math.isnan(denier) else denier, text["coating"], text["family"], text["finish"],
            text["fibre"],
        )  # fmt: skip
        name = table.names[row]
        self._swatch.show_cloth(cloth, self.tr("Drawing of {name}, made from its construction").format(name=name))
        self._name.show_text(name)
        bare = text["coating"].casefold() in ("", "none", "uncoated")
        coating = self.tr("uncoated") if bare and text["coating"] else text["coating"]
        self._sub.show_text(" · ".join(part for part in (text["fibre"], text["weave"], coating) if part))

    def _show_place(self, row: int) -> None:
        ranking = self._answer.ranking
        values = {
            "score": words.score(float(ranking.scores[row])),
            "low": words.score(float(ranking.low[row])),
            "high": words.score(float(ranking.high[row])),
        }
        place = int(ranking.ranks[row])
        if place:
            line = self.tr("Place {place} of {count} that pass").format(
                place=words.number(place), count=words.number(ranking.passing)
            )
        else:
            line = self.tr("Screened out")
        score = self.tr("Score {score} ({low}–{high})").format(**values)
        bold = (len(line) + 1 + score.index(values["score"]), len(values["score"]))
        self._place.show_text(f"{line}\n{score}", ((0, len(line)), bold))

    def _show_compare(self, row: int) -> None:
        held = self._session.selection.compared
        key = self._answer.table.ids[row]
        inside = key in held
        full = not inside and len(held) >= COMPARED[1]
        self._compare.setChecked(inside)
        self._compare.setEnabled(not full)
        name = self._answer.table.names[row]
        if full:
            tip = self.tr("{count} materials are compared already").format(count=words.number(COMPARED[1]))
        elif inside:
            tip = self.tr("Take {name} out of the comparison").format(name=name)
        else:
            tip = self.tr("Add {name} to the comparison").format(name=name)
        self._compare.setToolTip(tip)
        self._compare.setAccessibleDescription(tip)

    def _show_why(self, row: int) -> None:
        answer, certain = self._answer, self._session.certainty
        sentences = [(sentence, "ink") for sentence in standing(answer, row, certain)]
        if certain is None and answer.ranking.ranks[row]:
            flips = bool(sentences) and sentences[-1][0].code in _FLIPS
            at = len(sentences) - 1 if flips else len(sentences)
            held = self._held_trials(row)
            shown = [] if held is None else [(held, "ink3")]
            texts = [(*words.rich(sentence), ink) for sentence, ink in sentences[:at] + shown + sentences[at:]]
            if held is None:
                texts.insert(at, ("…", (), "ink3"))
        else:
            texts = [(*words.rich(sentence), ink) for sentence, ink in sentences]
        while len(self._why) < len(texts):
            prose = _Prose(self._look, trail=6)
            self._why.append(prose)
            self._why_box.addWidget(prose)
        for number, prose in enumerate(self._why):
            if number < len(texts):
                prose.show_text(*texts[number])
            prose.setVisible(number < len(texts))
        self._show_rival(row)

    def _held_trials(self, row: int) -> Sentence | None:
        """The trials sentence of the last answer that had one, while the next is worked out."""
        if self._held is None:
            return None
        table, certain = self._held
        then = table.index.get(self._answer.table.ids[row])
        return None if then is None else trials_sentence(certain, then)

    def _show_rival(self, row: int) -> None:
        answer, other = self._answer, self._rival_row()
        shown = other is not None and other != rival(answer, row)
        self._rival.setVisible(other is not None)
        self._versus.setVisible(shown)
        if other is None:
            return
        text = self.tr("against {name}").format(name=answer.table.names[other])
        if text != self._rival.text():
            self._rival.setText(text)
            self._rival.setAccessibleName(
                self.tr("Measured {against}; Delete returns to the usual").format(against=text)
            )
            self._rival.updateGeometry()
        if not shown:
            return
        first = words.rich(above_sentence(answer, compare(answer, row, other)))
        if not (answer.ranking.ranks[row] and answer.ranking.ranks[other]):
            self._versus.show_text(*first)
            return
        upper, lower = (row, other) if answer.ranking.place[row] < answer.ranking.place[other] else (other, row)
        text, spans = words.rich(flip_sentence(answer, upper, lower))
        gap = len(first[0]) + 1
        self._versus.show_text(f"{first[0]}\n{text}", (*first[1], *((start + gap, length) for start, length in spans)))

    # --- demands -------------------------------------------------------------------------------------------------

    def _show_demands(self, row: int) -> None:
        answer = self._answer
        met, asked = words.number(int(answer.met[row])), words.number(answer.asked_count)
        self._demands = {demand.property: demand for demand in answer.demands}
        for key in self._demands:
            if key not in self._entries:
                self._add_entry(key)
        curves = {member.property: member.curve for member in answer.values.members}
        table = answer.table
        for key, entry in self._entries.items():
            demand = self._demands.get(key)
            entry.setVisible(demand is not None or key == self._asking)
            if demand is None:
                if key == self._asking:
                    name, nothing = words.short(key), self.tr("nothing asked")
                    menu = self.tr("Change the demand on {name}").format(name=name)
                    spoken = self.tr("{name}: {figures}").format(name=name, figures=nothing)
                    entry.row.show_face(_DemandFace("free", name, nothing, None, False), spoken, menu)
                entry.show_detail("")
                continue
            have = float(table.typical[row, table.column(key)])
            self._show_demand(entry, demand, have, curves.get(key))
            entry.show_detail(self._reason(demand) if key in self._open else "")
        free = ", ".join(words.criterion(key) for key in answer.values.free)
        self._free.setVisible(bool(free))
        if free:
            self._free.show_text(self.tr("Nothing asked, 1 for all: {names}").format(names=free))
        count = self._demand_head.link(0)
        text = self.tr("{met} of {asked} met").format(met=met, asked=asked)
        if text != count.text():
            count.setText(text)
            count.setAccessibleName(self.tr("{count}: show or hide why each is asked").format(count=text))
            count.setToolTip(self.tr("Show or hide why each is asked"))
            count.updateGeometry()

    def _show_demand(
        self, entry: _DemandEntry, demand: Demand, have: float, curve: Callable[..., object] | None
    ) -> None:
        key = demand.property
        name, decimals = words.short(key), properties()[key].decimals
        share: float | None = None
        state: State
        if demand.dropped:
            state, text, spoken = "dropped", self.tr("dropped"), self.tr("dropped by you")
        elif demand.level is None:
            state, text, spoken = "unknown", self.tr("not known"), self.tr("not known, nothing is asked")
        else:
            level = words.number(demand.level, decimals)
            if demand.sense == "at_most":
                level = self.tr("≤ {level}").format(level=level)
            unit = words.unit(key)
            if unit:
                level = self.tr("{number} {unit}").format(number=level, unit=unit)
            level = _isolated(level, self._mirrored)
            if math.isnan(have):
                state, text = "gap", self.tr("? of {level}").format(level=level)
                spoken = self.tr("{level} asked, not known: ask the mill").format(level=level)
            else:
                text = self.tr("{have} of {level}").format(
                    have=_isolated(words.number(have, decimals), self._mirrored), level=level
                )
                met = reaches(have, demand)
                share = _reach(demand, have, met, curve)
                if met:
                    state, spoken = "met", self.tr("{figures}, met").format(figures=text)
                else:
                    state, spoken = "missed", self.tr("{figures}, missed").format(figures=text)
        spoken = self.tr("{name}: {figures}").format(name=name, figures=spoken)
        if demand.edited:
            spoken = self.tr("{text}, set by you").format(text=spoken)
        menu = self.tr("Change the demand on {name}").format(name=name)
        entry.row.show_face(_DemandFace(state, name, text, share, demand.edited), spoken, menu)

    def _add_entry(self, key: str) -> _DemandEntry:
        entry = _DemandEntry(self._look, key)
        entry.row.clicked.connect(self._toggle_reason)
        entry.row.tip_wanted.connect(self._demand_tip)
        entry.row.menu_wanted.connect(self._open_demand_menu)
        self._entries[key] = entry
        order = sorted(self._entries, key=_demand_order)
        self._demand_box.insertWidget(order.index(key), entry)
        # Tab follows what is seen, not the order in which the demands first came up.
        rows = [self._entries[name].row for name in order]
        before: QWidget = self._demand_head.link(1)
        for row in rows:
            QWidget.setTabOrder(before, row)
            QWidget.setTabOrder(row, row.more)
            before = row.more
        return entry

    def _reason(self, demand: Demand) -> str:
        """Why a demand is asked: sentence, where it was cut, remarks, what the formula asked where edited, grade."""
        key = demand.property
        lines = [words.words(demand.because)]
        if demand.clip is not None:
            lines.append(words.words(demand.clip))
        lines.extend(words.words(note) for note in demand.notes)
        if (demand.edited or demand.dropped) and demand.formula_because is not None:
            because = words.words(demand.formula_because)
            if demand.formula_level is None:
                lines.append(self.tr("The formula: {because}").format(because=because))
            else:
                level = words.figure(key, demand.formula_level)
                lines.append(self.tr("The formula asks {level}: {because}").format(level=level, because=because))
        if demand.level is not None and not demand.dropped:
            lines.append(self.tr("Grade {grade}").format(grade=grade_words(demand.grade)))
        return "\n".join(lines)

    def _entry_of(self, sender: object) -> _DemandEntry | None:
        return self._entries.get(sender.key) if isinstance(sender, _DemandRow) else None

    @Slot()
    def _toggle_reason(self) -> None:
        entry = self._entry_of(self.sender())
        demand = self._demands.get(entry.key) if entry else None
        if entry is None or demand is None:
            return
        self._open ^= {entry.key}
        self._show_demands_now()

    @Slot(int)
    def _demand_link(self, number: int) -> None:
        if number == 1:
            self._open_ask_menu()
            return
        self._open = set() if self._open >= set(self._demands) else set(self._demands)
        self._show_demands_now()

    def _show_demands_now(self) -> None:
        row = self._row()
        if row is not None:
            self._show_demands(row)

    @Slot(QPoint)
    def _demand_tip(self, at: QPoint) -> None:
        row = self.sender()
        entry = self._entry_of(row)
        demand = self._demands.get(entry.key) if entry else None
        if entry is None or demand is None:
            return
        title = self.tr("{label}. {text}").format(label=words.label(entry.key), text=entry.row.accessibleName())
        lines = "<br>".join(html.escape(line) for line in self._reason(demand).split("\n"))
        QToolTip.showText(at, f"<p><b>{html.escape(title)}</b></p><p>{lines}</p>", entry.row)

    @Slot(QPoint)
    def _open_demand_menu(self, at: QPoint) -> None:
        entry = self._entry_of(self.sender())
        if entry is not None:
            self._popup_menu(self.demand_menu(entry.key), at)

    def demand_menu(self, key: str) -> QMenu:
        """The menu of a demand's row: set, drop, make it a limit, back to the formula's. Freed when it closes."""
        demand = self._demands.get(key)
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Demand on {name}").format(name=words.label(key)))
        edited = demand is not None and (demand.edited or demand.dropped)
        asked = demand is not None and demand.asked
        limit = _limit_of(demand) if demand is not None and demand.asked else None
        for verb, text, able in (
            ("set", self.tr("Set the level…"), True),
            ("drop", self.tr("Drop it"), asked),
            ("limit", self.tr("Make it a limit"), limit is not None and limit not in self._answer.brief.limits),
            ("restore", self.tr("Back to the formula's"), edited),
        ):
            action = QAction(text, menu)
            action.setData(f"{verb}:{key}")
            action.setEnabled(able)
            menu.addAction(action)
        menu.triggered.connect(self._change_demand)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open_ask_menu(self) -> None:
        link = self._demand_head.link(1)
        self._popup_menu(self.ask_menu(), link.mapToGlobal(QPoint(0, link.height())))

    def ask_menu(self) -> QMenu:
        """The menu of properties nothing is asked of yet. Freed when it closes."""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Ask for a level of"))
        for key, item in properties().items():
            if item.numeric and item.criterion and key not in self._demands:
                action = QAction(words.label(key), menu)
                action.setData(f"set:{key}")
                menu.addAction(action)
        menu.triggered.connect(self._change_demand)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _popup_menu(self, menu: QMenu, at: QPoint) -> None:
        menu.setLayoutDirection(self.layoutDirection())
        menu.popup(at)

    @Slot(QAction)
    def _change_demand(self, action: QAction) -> None:
        verb, key = str(action.data()).split(":", 1)
        demand = self._demands.get(key)
        name = words.label(key)
        brief = self._session.brief
        if verb == "set":
            self._edit_level(key)
        elif verb == "drop":
            kept = {other: edit for other, edit in brief.demands.items() if other != key}
            if demand is None or not _from_formula(demand):
                self._session.update(self.tr("Drop {name}").format(name=name), demands=kept)
            else:
                self._session.update(self.tr("Drop {name}").format(name=name), demands={**kept, key: None})
        elif verb == "restore":
            kept = {other: edit for other, edit in brief.demands.items() if other != key}
            self._session.update(self.tr("{name}: back to the formula's").format(name=name), demands=kept)
        elif verb == "limit" and demand is not None and demand.asked:
            limit = _limit_of(demand)
            label = self.tr("Limit: {limit}").format(limit=words.words(limit_sentence(limit)))
            kept_limits = tuple(item for item in brief.limits if not _replaced(item, limit))
            self._session.update(label, limits=(*kept_limits, limit))

    def _edit_level(self, key: str) -> None:
        for entry in self._entries.values():
            entry.close_editor()
        self._asking = key
        if key not in self._entries:
            self._add_entry(key)
        self._show_demands_now()
        demand = self._demands.get(key)
        edit = self._session.brief.demands.get(key)
        level = demand.level if demand is not None and demand.level is not None else None
        editor = self._entries[key].open_editor(level, edit.because if edit is not None else "")
        editor.done.connect(self._level_set)
        editor.cancelled.connect(self._level_cancelled)
        self.reveal(self._entries[key])

    @Slot(float, str)
    def _level_set(self, level: float, because: str) -> None:
        key = self._asking
        demand = self._demands.get(key)
        self._close_editor()
        old = words.figure(key, demand.level) if demand is not None and demand.level is not None else "–"
        if demand is not None and demand.level == level and not demand.dropped and not demand.edited and not because:
            return
        label = self.tr("{name}: {old} → {new}").format(name=words.label(key), old=old, new=words.figure(key, level))
        self._session.update(label, demands={**self._session.brief.demands, key: DemandEdit(level, because)})

    @Slot()
    def _level_cancelled(self) -> None:
        self._close_editor()

    def _close_editor(self) -> None:
        entry = self._entries[self._asking]
        self._asking = ""
        entry.close_editor()
        self._show_demands_now()
        # A property nothing is asked of leaves the list again: the focus goes back to where it was added from.
        back: QWidget = self._demand_head.link(1) if entry.isHidden() else entry.row
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- datasheet and evidence ----------------------------------------------------------------------------------

    def _show_datasheet(self, row: int) -> None:
        table = self._answer.table
        for key, line in self._figures.items():
            item, label = properties()[key], words.label(key)
            if item.numeric:
                place = table.column(key)
                typical, grade = float(table.typical[row, place]), table.grade(row, key)
                if math.isnan(typical):
                    self._show_gap(line, label)
                    continue
                figure = _isolated(words.figure(key, typical), self._mirrored)
                span = span_text(key, float(table.low[row, place]), float(table.high[row, place]))
                spoken = self.tr("{name}: {figure}").format(name=label, figure=figure)
                if span:
                    spoken = self.tr("{text}, range {span}").format(text=spoken, span=span)
                line.show_figure(figure, span, grade, self._with_grade(spoken, grade))
                continue
            text = _tag_text(table.text[key][row])
            if not text:
                self._show_gap(line, label)
                continue
            cell = table.cell(row, key)
            spoken = self.tr("{name}: {figure}").format(name=label, figure=text)
            if key == "id":
                line.show_words(text, "", spoken)
                continue
            grade = cell.grade if cell else "own"
            line.show_words(text, grade, self._with_grade(spoken, grade))

    def _with_grade(self, text: str, grade: str) -> str:
        return self.tr("{text}; {grade}").format(text=text, grade=grade_words(grade))

    def _show_gap(self, line: _FigureRow, label: str) -> None:
        ask = self.tr("ask the mill")
        line.show_gap(ask, self.tr("{name}: not known, {ask}").format(name=label, ask=ask))

    @Slot(int)
    def _datasheet_link(self, number: int) -> None:
        self._all_figures = not self._all_figures
        self._fold_datasheet()

    def _fold_datasheet(self) -> None:
        for title in self._groups:
            title.setVisible(self._all_figures)
        for key, line in self._figures.items():
            line.setVisible(self._all_figures or key in IMPORTANT)
        count = words.number(len(self._figures))
        if self._all_figures:
            text = self.tr("the {count} that count most").format(count=words.number(len(IMPORTANT)))
        else:
            text = self.tr("all {count}").format(count=count)
        self._sheet_head.set_links((text,))

    @Slot(QPoint)
    def _figure_tip(self, at: QPoint) -> None:
        line = self.sender()
        if isinstance(line, _FigureRow):
            about = html.escape(words.description(line.key))
            QToolTip.showText(at, f"<p><b>{html.escape(line.accessibleName())}</b></p><p>{about}</p>", line)

    @Slot()
    def _open_evidence(self) -> None:
        line = self.sender()
        if isinstance(line, _FigureRow):
            self.open_evidence(line.key)

    def open_evidence(self, key: str) -> QWidget | None:
        """Open the card with every record behind one cell of the material; None where no material is shown."""
        row = self._row()
        if row is None:
            return None
        table = self._answer.table
        item = properties()[key]
        title = self.tr("{name}: {material}").format(name=words.label(key), material=table.names[row])
        parts = [f'<p class="dim">{html.escape(words.description(key))}</p>']
        line = self._figures[key]
        cell = table.cell(row, key)
        if not line.gap:
            shown = " ".join(part for part in (line.figure, f"({line.span})" if line.span else "") if part)
            grade = "" if key == "id" else cell.grade if cell else "own"
            claim = f" · {html.escape(grade_words(grade))}" if grade else ""
            parts.append(f"<p><b>{html.escape(shown)}</b>{claim}</p>")
        else:
            parts.append(f'<p class="warn"><b>{html.escape(self.tr("Not known: ask the mill."))}</b></p>')
            if item.test_methods:
                methods = item.test_methods.replace("|", ", ")
                ask = self.tr("Ask for a test to {methods}.").format(methods=methods)
                parts.append(f"<p>{html.escape(ask)}</p>")
        if cell is None and not line.gap and key != "id":
            own = self.tr("The figure stands in the table as given; no source is recorded.")
            parts.append(f"<p>{html.escape(own)}</p>")
            if item.spread_reason:
                spread = self.tr("Its range, unless given: {reason}.").format(reason=item.spread_reason)
                parts.append(f'<p class="dim">{html.escape(spread)}</p>')
        for record in cell.records if cell else ():
            parts.append("<hr>")
            parts.append(self._record_html(record, cell is not None and record.grade == cell.grade))
        return self._open_popup(title, "".join(parts), line)

    def _record_html(self, record: Evidence, counts: bool) -> str:
        """One record of evidence: figures, method, grade, source, note."""
        key = record.property
        decimals = properties()[key].decimals
        if record.typical is None or not properties()[key].numeric:
            figure = _tag_text(record.text)
        else:
            figure = words.number(record.typical, decimals)
            unit = "" if record.unit in ("grade", "rating") else record.unit
            figure = f"{figure} {unit}".strip()
            if record.low is not None and record.high is not None:
                span = span_text(key, record.low, record.high)
                figure += f" ({span})" if span else ""
        facts = [f"<b>{html.escape(figure)}</b>", html.escape(grade_words(record.grade))]
        if record.test_method:
            facts.append(html.escape(record.test_method))
        if not counts:
            facts.append(html.escape(self.tr("kept beside better evidence, moves nothing")))
        lines = [f"<p>{' · '.join(facts)}</p>"]
        source = sources().get(record.source_id)
        lines.append(self._source_html(source) if source else f"<p>{html.escape(record.source_id)}</p>")
        if record.note:
            lines.append(f'<p class="dim">{html.escape(record.note)}</p>')
        return "".join(lines)

    def _source_html(self, source: Source) -> str:
        """A source: title, kind, year, address as text."""
        facts = " · ".join(part for part in (self._kind(source.kind), source.year) if part)
        lines = [f"<p>{html.escape(source.title)}</p>", f'<p class="dim">{html.escape(facts)}</p>']
        if source.url:
            lines.append(f'<p class="dim">{html.escape(source.url)}</p>')
        return "".join(lines)

    def _kind(self, kind: str) -> str:
        """What a source is."""
        names = {
            "maker": self.tr("maker"),
            "supplier": self.tr("supplier"),
            "standard": self.tr("standard"),
            "paper": self.tr("paper"),
            "procurement": self.tr("procurement specification"),
            "guide": self.tr("guide"),
            "trade": self.tr("trade press"),
            "customs-ruling": self.tr("customs ruling"),
            "blog": self.tr("blog"),
            "rule": self.tr("rule"),
            "judgement": self.tr("judgement"),
        }
        return names.get(kind, kind)

    def _open_popup(self, title: str, body: str, beside: QWidget) -> _Popup:
        popup = _Popup(self._look, title, body, self)
        popup.open_beside(self, beside.mapToGlobal(QPoint(0, 0)).y() - 12)
        return popup

    # --- sources -------------------------------------------------------------------------------------------------

    def _show_sources(self, row: int) -> None:
        table, known = self._answer.table, sources()
        counts: dict[str, int] = {}
        for key in properties():
            for record in table.records.get((table.ids[row], key), ()):
                counts[record.source_id] = counts.get(record.source_id, 0) + 1
        used = [(known[name], count) for name, count in counts.items() if name in known]
        # What was measured or printed stands before the rules, and what carries most before what carries least.
        used.sort(key=lambda item: (item[0].kind in ("rule", "judgement"), item[0].grade, -item[1]))
        self._used = used
        self._fold_sources()

    def _fold_sources(self) -> None:
        shown = self._used if self._all_sources else self._used[:FIRST_SOURCES]
        self._no_source.setVisible(not shown)
        while len(self._source_rows) < len(shown):
            line = _SourceRow(self._look)
            line.clicked.connect(self._open_source)
            line.tip_wanted.connect(self._source_tip)
            self._source_rows.append(line)
            self._source_box.addWidget(line)
        for number, line in enumerate(self._source_rows):
            if number < len(shown):
                source, count = shown[number]
                facts = ", ".join(part for part in (self._kind(source.kind), source.year) if part)
                line.show_source(
                    source,
                    self.tr("{title}; {facts}; figures here: {count}").format(
                        title=source.title, facts=facts, count=words.number(count)
                    ),
                )
            line.setVisible(number < len(shown))
        if len(self._used) <= FIRST_SOURCES:
            links: tuple[str, ...] = ()
        elif self._all_sources:
            links = (self.tr("fold"),)
        else:
            links = (self.tr("all {count}").format(count=words.number(len(self._used))),)
        self._source_head.set_links(links)

    @Slot(int)
    def _sources_link(self, number: int) -> None:
        self._all_sources = not self._all_sources
        self._fold_sources()

    @Slot(QPoint)
    def _source_tip(self, at: QPoint) -> None:
        line = self.sender()
        if isinstance(line, _SourceRow):
            QToolTip.showText(at, f"<p>{html.escape(line.accessibleName())}</p>", line)

    @Slot()
    def _open_source(self) -> None:
        line = self.sender()
        row = self._row()
        if not isinstance(line, _SourceRow) or row is None:
            return
        table, source = self._answer.table, sources()[line.key]
        here = [
            words.label(key)
            for key in properties()
            if any(record.source_id == line.key for record in table.records.get((table.ids[row], key), ()))
        ]
        body = [self._source_html(source), f"<p>{html.escape(grade_words(source.grade))}</p>"]
        if source.note:
            body.append(f'<p class="dim">{html.escape(source.note)}</p>')
        body.append(f"<p>{html.escape(self.tr('Behind: {names}').format(names=', '.join(here)))}</p>")
        self._open_popup(self.tr("Source"), "".join(body), line)

    # --- actions -------------------------------------------------------------------------------------------------

    @Slot()
    def _toggle_compare(self) -> None:
        row = self._row()
        if row is None:
            return
        key, held = self._answer.table.ids[row], self._session.selection.compared
        if key in held:
            self._session.compare(tuple(other for other in held if other != key))
        elif len(held) < COMPARED[1]:
            self._session.compare((*held, key))
        self._show_compare(row)

    @Slot()
    def _pick_rival(self) -> None:
        row = self._row()
        if row is None:
            return
        picker = _Picker(self._answer, row, self)
        picker.chosen.connect(self._rival_chosen)
        corner = self._against.mapToGlobal(QPoint(0, self._against.height() + 2))
        screen = self.screen().availableGeometry()
        picker.move(
            max(screen.left(), min(corner.x(), screen.right() - picker.width())),
            max(screen.top(), min(corner.y(), screen.bottom() - picker.height())),
        )
        picker.show()

    @Slot(str)
    def _rival_chosen(self, material: str) -> None:
        self._session.against(material)

    @Slot()
    def _usual_rival(self) -> None:
        self._session.against("")

    @Slot()
    def copy_datasheet(self) -> None:
        """Put the datasheet on the clipboard as tab-separated text."""
        row = self._row()
        if row is not None:
            QGuiApplication.clipboard().setText(self.datasheet_text(row))

    def datasheet_text(self, row: int) -> str:
        """The datasheet of a table row as tab-separated text: figures as numbers of the locale, words guarded."""
        table = self._answer.table
        lines: list[Sequence[str]] = [
            (
                self.tr("Property"), self.tr("Typical"), self.tr("Low"), self.tr("High"), self.tr("Unit"),
                self.tr("Grade"), self.tr("Sources"),
            )
        ]  # fmt: skip
        for key, item in properties().items():
            cell = table.cell(row, key)
            titles = {}
            for record in cell.records if cell else ():
                source = sources().get(record.source_id)
                titles[record.source_id] = source.title if source else record.source_id
            named = _text_cell("; ".join(titles.values()))
            label = _text_cell(words.label(key))
            if item.numeric:
                place = table.column(key)
                figures = (table.typical[row, place], table.low[row, place], table.high[row, place])
                if math.isnan(figures[0]):
                    lines.append((label, _text_cell(self.tr("ask the mill")), "", "", item.unit, "", ""))
                else:
                    numbers = [_number_cell(float(figure), item.decimals) for figure in figures]
                    lines.append((label, *numbers, item.unit, table.grade(row, key), named))
            else:
                text = _tag_text(table.text[key][row])
                grade = "" if not text or key == "id" else cell.grade if cell else "own"
                lines.append((label, _text_cell(text or self.tr("ask the mill")), "", "", "", grade, named))
        return "\n".join("\t".join(line) for line in lines) + "\n"


def _text_cell(text: str) -> str:
    return plain_cell(" ".join(text.split()))


def _number_cell(value: float, decimals: int) -> str:
    """A figure as a spreadsheet of the user's locale reads it: decimal mark, plain minus, no grouping."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(value, "f", decimals)


def _isolated(text: str, mirrored: bool) -> str:
    """A figure with its unit kept in one piece inside right-to-left text (first-strong marks would turn it round)."""
    return f"\u2066{text}\u2069" if mirrored else text


def _demand_order(key: str) -> tuple[int, int]:
    """Demands stand in the order of the priorities."""
    item = properties()[key]
    place = CRITERIA.index(item.criterion) if item.criterion in CRITERIA else len(CRITERIA)
    return place, list(properties()).index(key)


def _reach(demand: Demand, have: float, met: bool, curve: Callable[..., object] | None) -> float:
    """How far a figure reaches towards its demand, 1 at it: their ratio; on scales without a true zero the value."""
    import numpy as np

    item = properties()[demand.property]
    level = demand.level or 0.0
    if item.kind == "grade" or item.unit == "°C" or level <= 0:
        found = float(np.asarray(curve(np.array([have])))[0]) / MET_VALUE if curve is not None else float(met)
    elif demand.sense == "at_least":
        found = have / level
    else:
        found = level / have if have > 0 else 1.25
    return max(found, 1.0) if met else min(found, 1.0)


def _from_formula(demand: Demand) -> bool:
    """Whether climate, product or sector ask it, or only the user."""
    if not (demand.edited or demand.dropped):
        return True
    return demand.formula_because is not None and demand.formula_because.code != "nothing-asked"


def _limit_of(demand: Demand) -> Limit:
    """The demand as a limit, rounded to the digits it is shown with, towards the easier side."""
    assert demand.level is not None
    scale = 10 ** properties()[demand.property].decimals
    # A level like 0.3 must not gain a step from its binary tail.
    if demand.sense == "at_least":
        return Limit(property=demand.property, at_least=math.floor(demand.level * scale + 1e-9) / scale)
    return Limit(property=demand.property, at_most=math.ceil(demand.level * scale - 1e-9) / scale)


def _replaced(old: Limit, new: Limit) -> bool:
    """Whether a limit of the brief gives way to one on the same end of the same property."""
    if old.property != new.property:
        return False
    ends = replace(old, at_least=None) if new.at_least is not None else replace(old, at_most=None)
    return ends.at_least is None and ends.at_most is None
