"""Brief panel: the left column, where product, climate, budget, limits and priorities are set."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QCoreApplication, QModelIndex, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer
from advisor.brief import HEAT_CASES, Band, Brief, Climate, Limit, Service
from advisor.climate import Conditions, Figure, conditions, find_place, places, plain, slider_points
from advisor.demands import Demand
from advisor.explanation import limit_sentence
from advisor.layers import Terms, terms
from advisor.materials import Table
from advisor.priorities import with_priority
from advisor.profiles import Layer, markets, panels, products, raise_of, sectors
from advisor.properties import CRITERIA, GROUPS, properties
from advisor.sentences import Sentence
from advisor.tipping import leaders
from advisor.values import screen
from ui import words
from ui.priority_section import PrioritySlider
from ui.session import Session
from ui.sliders import PairSlider, Scale, ValueSlider
from ui.theme import TARGET, Theme, fill_group, group_of, icon_pixmap, interface_font, space
from ui.widgets import Chip, ElidedLabel, FlowLayout, LinkButton, SectionHeader, Themed

#: Climate sliders in the order of the panel.
CLIMATE_ROWS: Final = (
    "wettest_month_mm",
    "solar_mj_m2_year",
    "relative_humidity_pct",
    "mean_c",
    "hot_month_max_c",
    "cold_month_min_c",
    "dust_salt",
)

#: Demands each climate slider drives: whose reasons and clips its tool tip tells.
DRIVES: Final[Mapping[str, tuple[str, ...]]] = {
    "wettest_month_mm": ("hydrostatic_head_mm", "hydrostatic_head_aged_mm"),
    "solar_mj_m2_year": ("uv_strength_retention_pct", "light_fastness_grade"),
    "relative_humidity_pct": ("hydrolysis_weeks", "mildew_rating", "water_pickup_g_m2"),
    "mean_c": ("hydrolysis_weeks", "mildew_rating", "water_pickup_g_m2"),
    "hot_month_max_c": ("heat_limit_c",),
    "cold_month_min_c": ("cold_flex_c",),
    "dust_salt": ("abrasion_cycles", "tear_strength_n"),
}

#: What a hand-set climate input is rounded to, so that the figure shown is the figure used.
_CLIMATE_STEP: Final[Mapping[str, float]] = {
    "wettest_month_mm": 1.0,
    "solar_mj_m2_year": 10.0,
    "relative_humidity_pct": 1.0,
    "mean_c": 0.5,
    "hot_month_max_c": 0.5,
    "cold_month_min_c": 0.5,
    "dust_salt": 0.1,
}

#: Price (USD/m²) and quantity (bags) over the travel: even ratios, even steps to the eye.
_PRICE_POINTS: Final = ((0.0, 0.5), (0.17, 1.0), (0.34, 2.0), (0.56, 4.0), (0.73, 8.0), (0.88, 16.0), (1.0, 30.0))
_QUANTITY_POINTS: Final = (
    (0.0, 50.0),
    (0.1, 100.0),
    (0.33, 500.0),
    (0.43, 1_000.0),
    (0.67, 5_000.0),
    (0.77, 10_000.0),
    (1.0, 50_000.0),
)
_SERVICE_POINTS: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "life_years": ((0.0, 0.5), (0.6, 6.0), (1.0, 15.0)),
    "days_per_year": ((0.0, 5.0), (1.0, 365.0)),
    "outdoor_share": ((0.0, 0.0), (0.5, 0.25), (1.0, 1.0)),
}
_SERVICE_STEP: Final[Mapping[str, float]] = {"life_years": 0.5, "days_per_year": 5.0, "outdoor_share": 0.01}

#: Criteria shown while the six groups are folded.
_HEAVIEST: Final = 5
#: Half a fine step of a slider: this near its mark, a handle stands on it.
_ON_MARK: Final = 0.0006
_NAME_WIDTH: Final = 66
_VALUE_WIDTH: Final = 106
_MARGIN: Final = 14
_KEY_ROLE: Final = int(Qt.ItemDataRole.UserRole)
_PLAIN_ROLE: Final = _KEY_ROLE + 1


def _figure(value: float, most: int = 1) -> str:
    """A number with as few digits after the point as it needs, at most ``most``."""
    digits = next((d for d in range(most) if round(value, d) == round(value, most)), most)
    return words.number(value, digits)


def _rounded(value: float, step: float) -> float:
    return round(round(value / step) * step, 6)


def _two_digits(value: float) -> float:
    """A quantity rounded to two significant digits."""
    return float(round(value, 1 - math.floor(math.log10(value))))


def _rich(lines: Sequence[str]) -> str:
    """Lines as a tool tip that wraps."""
    return "<qt>" + "<br>".join(html.escape(line) for line in lines if line) + "</qt>" if any(lines) else ""


# --- Combo boxes ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry: key in the brief, text, tool tip, and what a search looks in."""

    key: str
    text: str
    tip: str = ""
    search: str = ""


class _Combo(QComboBox):
    """A combo box of keys; ``chosen`` carries the key the user picked."""

    chosen = Signal(str)

    def __init__(self, name: str, items: Sequence[_Item], parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._tip = name, ""
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(28)
        self.setMaxVisibleItems(16)
        for number, item in enumerate(items):
            self.addItem(item.text, item.key)
            self.setItemData(number, item.tip, Qt.ItemDataRole.ToolTipRole)
            self.setItemData(number, plain(item.search or item.text), _PLAIN_ROLE)
        self.activated.connect(self._on_activated)

    def show_key(self, key: str, text: str = "") -> None:
        """Show an entry without emitting; ``text`` stands in where no entry is the right one."""
        with QSignalBlocker(self):
            self.setCurrentIndex(-1 if text else self.findData(key, _KEY_ROLE))
        tip = str(self.currentData(Qt.ItemDataRole.ToolTipRole) or "")
        self.setPlaceholderText(text)
        if tip != self._tip:
            self._tip = tip
            self.setToolTip(tip)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(str(self.itemData(index, _KEY_ROLE)))

    def showPopup(self) -> None:
        view: QAbstractItemView = self.view()
        view.setMinimumWidth(max(self.width(), view.sizeHintForColumn(0) + 32))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        if self.isEditable():
            return
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - 4
        text = self.currentText() or self.placeholderText()
        option.currentText = QFontMetrics(self.font(), self).elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the panel scrolls; a brief is not changed by passing over it


class _SearchEdit(QLineEdit):
    """The line of a searchable combo box: entering it selects the text, so that typing replaces it."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            QTimer.singleShot(0, self, self.selectAll)


class _PlainCompleter(QCompleter):
    """Completes from anywhere in a name, without regard to case and accents."""

    def splitPath(self, path: str) -> list[str]:
        return [plain(path)]

    def pathFromIndex(self, index: QModelIndex) -> str:  # type: ignore[override]  # persistent indexes never come here
        return str(index.data(Qt.ItemDataRole.DisplayRole))


class _SearchCombo(_Combo):
    """A combo box to type in: any part of a name finds it."""

    def __init__(self, name: str, items: Sequence[_Item], parent: QWidget) -> None:
        super().__init__(name, items, parent)
        self.setEditable(True)
        self.setLineEdit(_SearchEdit(self))
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = _PlainCompleter(self)
        completer.setModel(self.model())
        completer.setCompletionRole(_PLAIN_ROLE)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(12)
        self.setCompleter(completer)
        edit = self.lineEdit()
        assert edit is not None
        self._edit = edit
        edit.setAccessibleName(name)
        edit.editingFinished.connect(self._typed)
        self._shown, self._text = "", ""

    def show_key(self, key: str, text: str = "") -> None:
        if self._edit.hasFocus() and self._edit.isModified() and key == self._shown:
            return  # an answer arrives while the user is typing: leave the line alone
        super().show_key(key, text)
        self._shown, self._text = key, text or self.currentText()
        self._restore()

    def _restore(self) -> None:
        with QSignalBlocker(self._edit):
            self._edit.setText(self._text)
        self._edit.setCursorPosition(0)
        self._edit.setModified(False)

    @Slot()
    def _typed(self) -> None:
        """Enter or leaving the line: the nearest entry, else what stood there."""
        wanted = plain(self._edit.text())
        if not wanted or wanted == plain(self._text):
            self._restore()
            return
        found = [(self._likeness(number, wanted), number) for number in range(self.count())]
        best = min(found)
        if best[0] > 2:
            self._restore()
            return
        self._edit.setModified(False)
        self.setCurrentIndex(best[1])
        self._text = self.currentText()
        self._restore()
        self.chosen.emit(str(self.itemData(best[1], _KEY_ROLE)))

    def _likeness(self, number: int, wanted: str) -> int:
        name, all_of_it = plain(self.itemText(number)), str(self.itemData(number, _PLAIN_ROLE))
        return 0 if name == wanted else 1 if name.startswith(wanted) else 2 if wanted in all_of_it else 3


# --- Rows -------------------------------------------------------------------------------------------------------------


class _SliderRow(QWidget):
    """Name, slider and value with unit on one line.

    Signals: ``moved(key, value, on_mark)`` and ``settled()``.
    """

    moved = Signal(str, float, bool)
    settled = Signal()

    def __init__(self, look: Theme, key: str, name: str, scale: Sequence[tuple[float, float]], parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.name = name
        self._points = tuple(scale)
        self._home: float | None = None
        self._scale = Scale(self._points)
        self._label = ElidedLabel(look, name, parent=self)
        self._label.setFixedWidth(_NAME_WIDTH)
        self.slider = ValueSlider(look, name, self._scale, parent=self)
        self._value = ElidedLabel(look, ink="ink2", align="end", parent=self)
        self._value.setFixedWidth(_VALUE_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(1))
        row.addWidget(self._label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        self.slider.moved.connect(self._on_moved)
        self.slider.settled.connect(self.settled)

    def show_value(
        self,
        value: float | None,
        text: str,
        *,
        home: float | None = None,
        marked: bool = True,
        edited: bool = False,
        tip: str = "",
        points: Sequence[tuple[float, float]] | None = None,
    ) -> None:
        """Show a value; nothing is emitted.

        Args:
            value: None where it is not known: the handle waits in the middle.
            text: the value in words.
            home: the value that takes an override away when the handle is put back on it.
            marked: whether ``home`` shows as a mark.
            edited: the user set the value by hand.
            points: another scale, where it depends on the place.
        """
        if points is not None and tuple(points) != self._points:
            self._points = tuple(points)
            self._scale = Scale(self._points)
            self.slider.set_scale(self._scale)
        self._home = None if home is None else self._scale.to_position(home)
        self.slider.set_mark(home if marked else None)
        self.slider.setValue(self._scale.to_value(0.5) if value is None else value)
        self._value.set_text(text)
        self._value.set_ink("accent" if edited else "ink3" if value is None else "ink2")
        self.slider.set_text(text)
        for widget in (self._label, self.slider, self._value):
            if widget.toolTip() != tip:
                widget.setToolTip(tip)

    def text(self) -> str:
        """The value in words, as shown."""
        return self._value.text()

    @Slot(float)
    def _on_moved(self, value: float) -> None:
        home = self._home is not None and abs(self.slider.position() - self._home) < _ON_MARK
        self.moved.emit(self.key, value, home)


class _Criterion(PrioritySlider):
    """The priority slider of one criterion."""

    def __init__(self, look: Theme, key: str, lock_name: str, parent: QWidget) -> None:
        super().__init__(
            look, words.criterion(key), group_of(key), lock_name, name_width=90, share_width=36, parent=parent
        )
        self.key = key
        self.setFixedHeight(27)


class _GroupHeader(QAbstractButton, Themed):
    """A criterion group's line: colour, name, share of all weight, and whether its criteria are unfolded."""

    def __init__(self, look: Theme, group: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._of, self._share = look, group, ""
        self.setText(name)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFixedHeight(TARGET)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_share(self, text: str) -> None:
        """The group's share in words."""
        if text != self._share:
            self._share = text
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, TARGET)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, box = self._look, self.rect()
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        ratio = self.devicePixelRatioF()
        dot = QRectF(box.width() - 10 if rtl else 0, (box.height() - 10) / 2, 10, 10)
        fill_group(painter, dot, self._of, look, ratio)
        face = interface_font("body", bold=True)
        painter.setFont(face)
        painter.setPen(look.colour("accent" if self.underMouse() else "ink"))
        room = box.adjusted(64, 0, -16, 0) if rtl else box.adjusted(16, 0, -64, 0)
        text = QFontMetrics(face, self).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(interface_font("body"))
        painter.setPen(look.colour("ink2"))
        room = box.adjusted(26, 0, 0, 0) if rtl else box.adjusted(0, 0, -26, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter, self._share)
        sign = icon_pixmap("chevron-up" if self.isChecked() else "chevron-down", look.ink3, 12, ratio)
        painter.drawPixmap(6 if rtl else box.width() - 18, (box.height() - 12) // 2, sign)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = painter.pen()
            pen.setColor(look.colour("accent"))
            pen.setWidthF(2)
            painter.setPen(pen)
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 4, 4)


# --- A limit of one's own ---------------------------------------------------------------------------------------------


class LimitDialog(QDialog):
    """A small window that words one limit and counts what would pass before it is added.

    Args:
        number: which of the brief's limits is changed; None for a new one.
    """

    def __init__(self, session: Session, look: Theme, number: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self.number = session, number
        self.setWindowTitle(self.tr("Must have") if number is None else self.tr("Change a limit"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._made = False
        self._kind = QComboBox(self)
        for key, text in (
            ("property", self.tr("A property")),
            ("certificate", self.tr("A certificate")),
            ("family", self.tr("A family, fibre or weave")),
        ):
            self._kind.addItem(text, key)
        self._pages = QStackedWidget(self)
        for page in (self._property_page(), self._certificate_page(), self._family_page()):
            self._pages.addWidget(page)
        self._count = QLabel(self)
        self._count.setWordWrap(True)
        self._count.setMinimumHeight(2 * TARGET)
        buttons = QDialogButtonBox(self)
        self._ok = buttons.addButton(
            self.tr("Add") if number is None else self.tr("Change"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self._ok, cancel):
            button.setAccessibleName(button.text())
        self._ok.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setHorizontalSpacing(space(2))
        form.addRow(_form_label(self.tr("Limit"), self), self._kind)
        self._kind.setAccessibleName(self.tr("Limit"))
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(space(2))
        box.addLayout(form)
        box.addWidget(self._pages)
        box.addWidget(self._count)
        box.addWidget(buttons)
        self.setMinimumWidth(340)
        if number is not None:
            self._take(session.brief.limits[number])
        self._made = True
        self._kind.currentIndexChanged.connect(self._pages.setCurrentIndex)
        self._kind.currentIndexChanged.connect(self._tell)
        self._tell()

    def limit(self) -> Limit | None:
        """The limit as it stands, or None while it is not complete."""
        kind = self._kind.currentData()
        if kind == "certificate":
            name = self._certificate.currentText().strip()
            return Limit(certificate=name) if name else None
        if kind == "family":
            names = tuple(item.data(_KEY_ROLE) for item in self._family_items() if item.checkState() is _CHECKED)
            return Limit(family=names) if names else None
        value = self._value.value()
        least = self._sense.currentData() == "at_least"
        return Limit(
            property=str(self._property.currentData()),
            at_least=value if least else None,
            at_most=None if least else value,
            judge=str(self._judge.currentData()),
        )

    def would_pass(self) -> int | None:
        """How many materials would pass with this limit in the brief; None while it is not complete."""
        limit = self.limit()
        if limit is None:
            return None
        trial = replace(self._session.brief, limits=self.with_limit(limit))
        return int(screen(self._session.table, terms(trial).limits).passes.sum())

    def with_limit(self, limit: Limit) -> tuple[Limit, ...]:
        """The brief's limits with this one added, or in the place of the one that is changed."""
        held = list(self._session.brief.limits)
        if self.number is None or self.number >= len(held):
            return (*held, limit)
        held[self.number] = limit
        return tuple(held)

    def _property_page(self) -> QWidget:
        page = QWidget(self)
        self._property = QComboBox(page)
        for key, item in properties().items():
            if item.numeric:
                self._property.addItem(words.label(key), key)
        self._sense = QComboBox(page)
        self._sense.addItem(self.tr("at least"), "at_least")
        self._sense.addItem(self.tr("at most"), "at_most")
        self._value = QDoubleSpinBox(page)
        self._value.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self._value.setKeyboardTracking(True)
        self._judge = QComboBox(page)
        self._judge.addItem(self.tr("it could: any part of its range does"), "could")
        self._judge.addItem(self.tr("it always does: its whole range"), "always")
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(space(2))
        for name, widget in (
            (self.tr("Property"), self._property),
            (self.tr("Sense"), self._sense),
            (self.tr("Level"), self._value),
            (self.tr("Passes if"), self._judge),
        ):
            widget.setAccessibleName(name)
            form.addRow(_form_label(name, page), widget)
        self._property.currentIndexChanged.connect(self._property_changed)
        for box in (self._sense, self._judge):
            box.currentIndexChanged.connect(self._tell)
        self._value.valueChanged.connect(self._tell)
        self._property.setCurrentIndex(self._property.findData("areal_mass_g_m2"))
        self._property_changed()
        return page

    def _certificate_page(self) -> QWidget:
        page = QWidget(self)
        self._certificate = QComboBox(page)
        self._certificate.setEditable(True)
        self._certificate.setAccessibleName(self.tr("Certificate"))
        lists = [text.split("|") for text in self._session.table.text["certificates"]]
        known = {name.strip() for names in lists for name in names}
        self._certificate.addItems(sorted(known - {""}, key=plain))
        self._certificate.currentTextChanged.connect(self._tell)
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_form_label(self.tr("Certificate"), page), self._certificate)
        return page

    def _family_page(self) -> QWidget:
        page = QWidget(self)
        self._families = QListWidget(page)
        self._families.setAccessibleName(self.tr("Any of these will do"))
        self._families.setFixedHeight(120)
        self._families.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for tag in _family_words(self._session.table):
            item = QListWidgetItem(tag, self._families)
            item.setData(_KEY_ROLE, tag)
            item.setSizeHint(QSize(0, TARGET))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_UNCHECKED)
        self._families.itemChanged.connect(self._tell)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(QLabel(self.tr("Any of these will do"), page))
        box.addWidget(self._families)
        return page

    def _family_items(self) -> list[QListWidgetItem]:
        return [self._families.item(number) for number in range(self._families.count())]

    def _take(self, limit: Limit) -> None:
        """Start from a limit that is there."""
        kind = "certificate" if limit.certificate else "family" if limit.family else "property"
        self._kind.setCurrentIndex(self._kind.findData(kind))
        self._pages.setCurrentIndex(self._kind.currentIndex())
        if kind == "certificate":
            self._certificate.setCurrentText(limit.certificate)
        elif kind == "family":
            wanted = {plain(name) for name in limit.family}
            for item in self._family_items():
                item.setCheckState(_CHECKED if plain(item.text()) in wanted else _UNCHECKED)
        else:
            self._property.setCurrentIndex(self._property.findData(limit.property))
            self._sense.setCurrentIndex(self._sense.findData("at_most" if limit.at_least is None else "at_least"))
            level = limit.at_most if limit.at_least is None else limit.at_least
            if level is not None:
                self._value.setValue(level)
            self._judge.setCurrentIndex(self._judge.findData(limit.judge))

    @Slot()
    def _property_changed(self) -> None:
        """A property brings its unit, range and usual sense; the level starts at the middle of the table."""
        key = str(self._property.currentData())
        item, table = properties()[key], self._session.table
        figures = sorted(f for f in table.typical[:, table.column(key)].tolist() if f == f)
        bottom, top = item.plausible or (0.0, 1e6)
        low, high = item.scale
        with QSignalBlocker(self._value):
            self._value.setDecimals(item.decimals)
            self._value.setRange(bottom if low is None else low, top if high is None else high)
            self._value.setSuffix(f" {words.unit(key)}" if words.unit(key) else "")
            self._value.setValue(figures[len(figures) // 2] if figures else bottom)
        with QSignalBlocker(self._sense):
            self._sense.setCurrentIndex(self._sense.findData("at_most" if item.direction == "less" else "at_least"))
        self._tell()

    @Slot()
    def _tell(self) -> None:
        if not self._made:
            return
        count = self.would_pass()
        self._ok.setEnabled(count is not None)
        if count is None:
            self._count.setText(self.tr("Say what it must be."))
            return
        now = int(screen(self._session.table, terms(self._session.brief).limits).passes.sum())
        text = self.tr("{count} of {all} would pass; {now} do now.").format(
            count=words.number(count), all=words.number(len(self._session.table)), now=words.number(now)
        )
        self._count.setText(text)
        self._count.setAccessibleName(text)


def _family_words(table: Table) -> list[str]:
    """Words to offer for a family limit: families first, then plain fibres and weaves."""
    families = {part.strip().casefold() for text in table.text["family"] for part in text.split("|")}
    others = {text.strip().casefold() for column in ("fibre", "weave") for text in table.text[column]}
    short = {word for word in others - families if re.fullmatch(r"[^\W\d_]+([ -][^\W\d_]+)?", word)}
    return [*sorted(families - {""}, key=plain), *sorted(short, key=plain)]


def _form_label(text: str, parent: QWidget) -> QLabel:
    """A label as high as its field, so that both stand on one line, and all of one width."""
    label = QLabel(text, parent)
    label.setMinimumSize(76, 28)
    return label


_CHECKED: Final = Qt.CheckState.Checked
_UNCHECKED: Final = Qt.CheckState.Unchecked


# --- The panel --------------------------------------------------------------------------------------------------------


class BriefPanel(QWidget, Themed):
    """The brief: everything that can be asked for, each control one undo step a drag.

    It writes through the session only and shows what the session's answer carries.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        self._start: Brief | None = None
        self._written: Brief | None = None
        self._picked: tuple[str, ...] = ()
        self._chips: tuple[object, ...] = ()
        self.setAccessibleName(self.tr("Brief"))
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        inside = QWidget(self._scroll)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, space(1), 0, 0)
        column.setSpacing(0)
        self._boxes: list[QVBoxLayout] = []
        sections = (
            self._use_section,
            self._climate_section,
            self._budget_section,
            self._limit_section,
            self._priority_section,
        )
        for number, section in enumerate(sections):
            if number:
                line = QFrame(inside)
                line.setProperty("surface", "line")
                line.setFixedHeight(1)
                column.addWidget(line)
            part = QWidget(inside)
            box = QVBoxLayout(part)
            box.setContentsMargins(_MARGIN, 1, _MARGIN, 2)
            box.setSpacing(0)
            section(part, box)
            self._boxes.append(box)
            column.addWidget(part)
        column.addStretch(1)
        self._scroll.setWidget(inside)
        inside.setAutoFillBackground(False)  # setWidget turns it on
        self._scroll.verticalScrollBar().rangeChanged.connect(self._bar_changed)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.setMinimumWidth(240)
        session.answered.connect(self.show_answer)
        self.show_answer(session.answer)

    def sizeHint(self) -> QSize:
        return QSize(262, 632)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme, with everything inside."""
        self._look = look
        for widget in self.findChildren(QWidget):
            if isinstance(widget, Themed):
                widget.apply_theme(look)
        self.update()

    @Slot(int, int)
    def _bar_changed(self, _least: int, most: int) -> None:
        """The scroll bar stands in the margin, so that nothing moves when it comes and goes."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if most else 0
        for box in self._boxes:
            box.setContentsMargins(_MARGIN, 1, max(2, _MARGIN - bar), 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("panel"))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.fillRect(0 if rtl else self.width() - 1, 0, 1, self.height(), self._look.colour("line"))

    # --- building --------------------------------------------------------------------------------------------------

    def _use_section(self, part: QWidget, box: QVBoxLayout) -> None:
        self._product = _Combo(
            self.tr("Product"),
            [
                _Item(key, words.profile(item.name), _rich(self._layer_lines(item.layer)))
                for key, item in products().items()
            ],
            part,
        )
        self._panel = _Combo(
            self.tr("Panel"),
            [
                _Item(key, words.profile(item.name), _rich([words.profile(item.because)]))
                for key, item in panels().items()
            ],
            part,
        )
        self._sector = _Combo(
            self.tr("Sector"),
            [
                _Item("", self.tr("No sector"), _rich([self.tr("The sector's layer is switched off.")])),
                *(
                    _Item(key, words.profile(item.name), _rich(self._layer_lines(item)))
                    for key, item in sectors().items()
                ),
            ],
            part,
        )
        known = sorted(markets().items(), key=lambda pair: plain(words.profile(pair[1].name)))
        self._market = _SearchCombo(
            self.tr("Market"),
            [
                _Item("", self.tr("No market"), _rich([self.tr("The market's layer is switched off.")])),
                *(
                    _Item(
                        key,
                        words.profile(item.name),
                        _rich(self._layer_lines(item)),
                        f"{words.profile(item.name)} {key}",
                    )
                    for key, item in known
                ),
            ],
            part,
        )
        for left, right, stretches in ((self._product, self._panel, (2, 1)), (self._sector, self._market, (1, 1))):
            row = QHBoxLayout()
            row.setSpacing(space(1.5))
            row.addWidget(left, stretches[0])
            row.addWidget(right, stretches[1])
            if box.count():
                box.addSpacing(space(1))
            box.addLayout(row)
        self._product.chosen.connect(self._choose_product)
        self._panel.chosen.connect(self._choose_panel)
        self._sector.chosen.connect(self._choose_sector)
        self._market.chosen.connect(self._choose_market)
        row = QHBoxLayout()
        row.setSpacing(space(1))
        self._layers = ElidedLabel(self._look, ink="ink3", kind="caption", parent=part)
        self._layers.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fold = LinkButton(self._look, "", parent=part)
        self._fold.clicked.connect(self._toggle_service)
        row.addWidget(self._layers)
        row.addWidget(self._fold)
        box.addLayout(row)
        self._service = QWidget(part)
        inner = QVBoxLayout(self._service)
        inner.setContentsMargins(0, 0, 0, space(0.5))
        inner.setSpacing(0)
        self._service_rows = {}
        for key, name in (
            ("life_years", self.tr("Life")),
            ("days_per_year", self.tr("Days")),
            ("outdoor_share", self.tr("Outdoors")),
        ):
            row_ = _SliderRow(self._look, key, name, _SERVICE_POINTS[key], self._service)
            row_.moved.connect(self._service_moved)
            row_.settled.connect(self._settled)
            self._service_rows[key] = row_
            inner.addWidget(row_)
        heat = QHBoxLayout()
        heat.setSpacing(space(1))
        label = ElidedLabel(self._look, self.tr("Hottest"), parent=self._service)
        label.setFixedWidth(_NAME_WIDTH)
        self._heat = _Combo(
            self.tr("Hottest place the bag lies in"),
            [_Item(key, words.words(Sentence(f"heat-{key}"))) for key in HEAT_CASES],
            self._service,
        )
        self._heat.chosen.connect(self._choose_heat)
        self._service_reset = LinkButton(self._look, self.tr("reset"), parent=self._service)
        self._service_reset.setAccessibleName(self.tr("Reset service life"))
        self._service_reset.clicked.connect(self._reset_service)
        heat.addWidget(label)
        heat.addWidget(self._heat, 1)
        heat.addWidget(self._service_reset)
        inner.addLayout(heat)
        self._service.hide()
        self._say_fold()
        box.addWidget(self._service)

    def _climate_section(self, part: QWidget, box: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.setSpacing(space(1.5))
        title = ElidedLabel(self._look, self.tr("Climate"), ink="ink3", kind="caps", parent=part)
        title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        known = sorted(places().values(), key=lambda place: plain(place.name))
        self._place = _SearchCombo(
            self.tr("Place"),
            [
                _Item("", self.tr("No place: sliders")),
                *(
                    _Item(
                        place.name,
                        self.tr("{place}, {country}").format(place=place.name, country=words.profile(place.country)),
                        search=f"{place.name} {words.profile(place.country)} {place.country}",
                    )
                    for place in known
                ),
            ],
            part,
        )
        self._place.chosen.connect(self._choose_place)
        self._climate_reset = LinkButton(self._look, self.tr("reset"), parent=part)
        self._climate_reset.setAccessibleName(self.tr("Reset climate"))
        self._climate_reset.clicked.connect(self._reset_climate)
        row.addWidget(title)
        row.addWidget(self._place, 1)
        row.addWidget(self._climate_reset)
        box.addSpacing(space(0.5))
        box.addLayout(row)
        names = {
            "wettest_month_mm": self.tr("Rain"),
            "solar_mj_m2_year": self.tr("Sun"),
            "relative_humidity_pct": self.tr("Humidity"),
            "mean_c": self.tr("Warmth"),
            "hot_month_max_c": self.tr("Heat"),
            "cold_month_min_c": self.tr("Cold"),
            "dust_salt": self.tr("Dust, salt"),
        }
        self._climate_rows = {}
        for key in CLIMATE_ROWS:
            slider = _SliderRow(self._look, key, names[key], slider_points(key, None), part)
            slider.moved.connect(self._climate_moved)
            slider.settled.connect(self._settled)
            self._climate_rows[key] = slider
            box.addWidget(slider)

    def _budget_section(self, part: QWidget, box: QVBoxLayout) -> None:
        self._budget = SectionHeader(self._look, self.tr("Budget"), parent=part)
        self._budget.link_clicked.connect(self._reset_budget)
        box.addWidget(self._budget)
        row = QHBoxLayout()
        row.setSpacing(space(1))
        label = ElidedLabel(self._look, self.tr("Cloth $/m²"), parent=part)
        label.setFixedWidth(_NAME_WIDTH)
        self._price = PairSlider(
            self._look,
            self.tr("Price of the cloth"),
            self.tr("Price to aim at"),
            self.tr("Highest price"),
            Scale(_PRICE_POINTS),
            part,
        )
        self._price.moved.connect(self._price_moved)
        self._price.settled.connect(self._settled)
        self._price.setMinimumWidth(48)
        self._price_value = ElidedLabel(self._look, ink="ink2", align="end", parent=part)
        self._price_value.setFixedWidth(_VALUE_WIDTH)
        row.addWidget(label)
        row.addWidget(self._price, 1)
        row.addWidget(self._price_value)
        box.addLayout(row)
        self._quantity = _SliderRow(self._look, "order_quantity", self.tr("Quantity"), _QUANTITY_POINTS, part)
        self._quantity.moved.connect(self._quantity_moved)
        self._quantity.settled.connect(self._settled)
        box.addWidget(self._quantity)

    def _limit_section(self, part: QWidget, box: QVBoxLayout) -> None:
        self._must = SectionHeader(self._look, self.tr("Must have"), [self.tr("+ add")], parent=part)
        self._must.link(0).setAccessibleName(self.tr("Add a limit"))
        self._must.link_clicked.connect(self._add_limit)
        self._passing = ElidedLabel(self._look, ink="ink2", kind="caption", align="end", parent=self._must)
        layout = self._must.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(1, self._passing)
        box.addWidget(self._must)
        self._chip_box = _ChipBox(part)
        self._flow = self._chip_box.flow
        box.addWidget(self._chip_box)
        self._no_limits = ElidedLabel(self._look, ink="ink3", kind="caption", parent=part)
        self._no_limits.setMinimumHeight(TARGET)
        self._no_limits.set_text(self.tr("Nothing but the highest price"))
        box.addWidget(self._no_limits)

    def _priority_section(self, part: QWidget, box: QVBoxLayout) -> None:
        self._priorities = SectionHeader(self._look, self.tr("Priorities"), parent=part)
        self._priorities.link_clicked.connect(self._reset_priorities)
        legend = ElidedLabel(self._look, ink="ink3", kind="caption", align="end", parent=self._priorities)
        legend.set_text(self.tr("hatched: another leads"))
        legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        legend.setToolTip(
            _rich([self.tr("Hatched strip: with the slider there another cloth leads; point at it for its name.")])
        )
        layout = self._priorities.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(1, legend, 1)
        box.addWidget(self._priorities)
        self._headers: dict[str, _GroupHeader] = {}
        self._criteria: dict[str, _Criterion] = {}
        for group, own in GROUPS.items():
            header = _GroupHeader(self._look, group, words.group(group), part)
            header.toggled.connect(self._group_toggled)
            self._headers[group] = header
            box.addWidget(header)
            for key in own:
                hold = self.tr("Hold the share of {name}").format(name=words.criterion(key))
                slider = _Criterion(self._look, key, hold, part)
                slider.moved.connect(self._priority_moved)
                slider.settled.connect(self._settled)
                slider.lock_toggled.connect(self._lock_toggled)
                self._criteria[key] = slider
                box.addWidget(slider)
        self._unfold = LinkButton(self._look, "", parent=part)
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._unfolded)
        box.addWidget(self._unfold)

    def _layer_lines(self, layer: Layer) -> list[str]:
        """What one layer sets, line by line: its tool tip."""
        lines = [words.profile(layer.name), words.profile(layer.because)]
        if layer.raises:
            names = ", ".join(words.criterion(key) for key in layer.raises)
            points = _figure(raise_of(layer.kind))
            lines.append(self.tr("Raises by {points}: {names}").format(points=points, names=names))
        lines += [
            self.tr("Demands {name} {level}: {because}").format(
                name=words.label(demand.property),
                level=words.figure(demand.property, demand.level),
                because=words.profile(demand.because),
            )
            for demand in layer.demands
        ]
        lines += [
            self.tr("Limit: {limit}").format(limit=words.words(limit_sentence(limit))) for limit in _layer_limits(layer)
        ]
        if layer.chips:
            names = ", ".join(words.label(key) for key in layer.chips)
            lines.append(self.tr("Wants on the datasheet: {names}").format(names=names))
        return lines

    # --- showing ---------------------------------------------------------------------------------------------------

    @Slot(object)
    def show_answer(self, answer: Answer) -> None:
        """Show a brief and what follows from it; nothing is emitted."""
        self._show_use(answer)
        self._show_climate(answer)
        self._show_budget(answer)
        self._show_limits(answer)
        self._show_priorities(answer)

    def _show_use(self, answer: Answer) -> None:
        brief = answer.brief
        self._product.show_key(brief.product)
        self._panel.show_key(brief.panel)
        self._sector.show_key(brief.sector)
        several = len(brief.market) > 1
        self._market.show_key(
            brief.market[0] if brief.market else "",
            self.tr("{count} markets").format(count=words.number(len(brief.market))) if several else "",
        )
        kinds = {
            "product": self.tr("product"),
            "sector": self.tr("sector"),
            "market": self.tr("market"),
        }
        inforce = list(dict.fromkeys(kinds[layer.kind] for layer in answer.terms.layers))
        names = " + ".join(inforce)
        # All three fill the line and speak for themselves.
        self._layers.set_text(names if len(inforce) == len(kinds) else self.tr("Layers: {names}").format(names=names))
        lines = [self.tr("Layers in force; choose none in its list to switch one off:")]
        for layer in answer.terms.layers:
            raised = ", ".join(words.criterion(key) for key in layer.raises)
            lines.append(
                self.tr("{kind} {layer}: raises {names}").format(
                    kind=kinds[layer.kind], layer=words.profile(layer.name), names=raised or "–"
                )
            )
        self._layers.setToolTip(_rich(lines))
        if not self._service.isHidden():
            self._show_service(brief, answer.terms)

    def _show_service(self, brief: Brief, settled: Terms) -> None:
        texts = {
            "life_years": self.tr("{value} years").format(value=_figure(settled.life_years)),
            "days_per_year": self.tr("{value} a year").format(value=_figure(settled.days_per_year)),
            "outdoor_share": self.tr("{value} % of daylight").format(value=_figure(100 * settled.outdoor_share, 0)),
        }
        for key, row in self._service_rows.items():
            bare = terms(replace(brief, service=_with_service(brief.service, key, None)))
            row.show_value(
                _service_of(settled)[key],
                texts[key],
                home=_service_of(bare)[key],
                edited=_service_of(brief.service)[key] is not None,
                tip=_rich([self.tr("The mark is what product and sector set.")]),
            )
        self._heat.show_key(settled.heat_case)
        by_hand = [*_service_of(brief.service).values(), brief.service.heat_case]
        self._service_reset.setVisible(any(item is not None for item in by_hand))

    def _show_climate(self, answer: Answer) -> None:
        climate = answer.brief.climate
        scene = answer.conditions()[0]
        place = find_place(scene.name) if scene.name else None
        more = len(climate.places) - 1
        self._place.show_key(
            place.name if place else "",
            self.tr("{place} and {count} more").format(place=scene.name, count=words.number(more)) if more > 0 else "",
        )
        own = conditions(place, {})
        asked = {demand.property: demand for demand in answer.demands}
        for key, row in self._climate_rows.items():
            figure, home = scene.figures[key], own.figures[key].value
            row.show_value(
                figure.value,
                self._climate_text(key, figure),
                home=home,
                marked=place is not None,
                edited=figure.origin == "user",
                tip=_rich(self._climate_tip(key, scene, own.figures[key], asked)),
                points=slider_points(key, place),
            )
        self._climate_reset.setVisible(bool(climate.inputs))

    def _climate_text(self, key: str, figure: Figure) -> str:
        """The value with its unit and what it is, or else that it is estimated or was set by hand."""
        if figure.value is None:
            return self.tr("not known")
        value = _figure(figure.value, 1)
        state = "set" if figure.origin == "user" else ""
        if not state and figure.origin == "place" and figure.grade in ("C", "D"):
            state = "est"
        if key == "dust_salt":
            return {
                "": self.tr("{value} of 4"),
                "est": self.tr("{value} of 4 est."),
                "set": self.tr("{value} of 4, set"),
            }[state].format(value=value)
        unit = _climate_unit(key)
        if state == "set":
            return self.tr("{value} {unit}, set").format(value=value, unit=unit)
        if state == "est":
            return self.tr("{value} {unit} est.").format(value=value, unit=unit)
        return {
            "wettest_month_mm": self.tr("{value} mm wettest"),
            "solar_mj_m2_year": self.tr("{value} MJ/m²·yr"),
            "relative_humidity_pct": self.tr("{value} %"),
            "mean_c": self.tr("{value} °C mean"),
            "hot_month_max_c": self.tr("{value} °C hot month"),
            "cold_month_min_c": self.tr("{value} °C cold month"),
        }[key].format(value=value)

    def _climate_tip(self, key: str, scene: Conditions, own: Figure, asked: Mapping[str, Demand]) -> list[str]:
        full = {
            "wettest_month_mm": self.tr("Rain of the wettest month, mm"),
            "solar_mj_m2_year": self.tr("Sun of a year on level ground, MJ/m²"),
            "relative_humidity_pct": self.tr("Mean relative humidity, %"),
            "mean_c": self.tr("Mean temperature of the year, °C"),
            "hot_month_max_c": self.tr("Mean high of the hottest month, °C"),
            "cold_month_min_c": self.tr("Mean low of the coldest month, °C"),
            "dust_salt": self.tr("Dust and salt in the air, 0 none to 4 most"),
        }
        figure = scene.figures[key]
        lines = [full[key]]
        if figure.low is not None and figure.high is not None and figure.high > figure.low:
            lines.append(self.tr("taken as {low} to {high}").format(low=_figure(figure.low), high=_figure(figure.high)))
        if figure.origin == "user":
            if own.value is not None and scene.name:
                lines.append(
                    self.tr("set by hand; {place} has {value}").format(place=scene.name, value=_figure(own.value))
                )
            else:
                lines.append(self.tr("set by hand"))
        elif figure.because:
            because = QCoreApplication.translate("climate", figure.because)
            lines.append(self.tr("{because} (grade {grade})").format(because=because, grade=figure.grade))
        for name in DRIVES[key]:
            demand = asked.get(name)
            if demand is None:
                continue
            lines.append(
                self.tr("Drives {name}: {because}").format(name=words.label(name), because=words.words(demand.because))
            )
            if demand.clip is not None:
                lines.append(self.tr("Clipped: {reason}").format(reason=words.words(demand.clip)))
            lines.extend(words.words(note) for note in demand.notes)
        return lines

    def _show_budget(self, answer: Answer) -> None:
        settled, brief = answer.terms, answer.brief
        with QSignalBlocker(self._price):
            self._price.set_values(settled.price_target, settled.price_ceiling)
        self._price_shown = self._price.values()
        aim, most = _figure(settled.price_target, 2), _figure(settled.price_ceiling, 2)
        self._price_value.set_text(self.tr("aim {aim} · max {most}").format(aim=aim, most=most))
        own_price = brief.price != Band()
        self._price_value.set_ink("accent" if own_price else "ink2")
        low, high = self._price.handles()
        unit = words.unit("price_usd_m2")
        low.setAccessibleDescription(self.tr("{value} {unit}").format(value=aim, unit=unit))
        high.setAccessibleDescription(self.tr("{value} {unit}").format(value=most, unit=unit))
        self._price.setToolTip(
            _rich(
                [
                    self.tr("Full marks up to {aim} {unit}, none at {most}; dearer cloth is screened out.").format(
                        aim=aim, most=most, unit=unit
                    ),
                    self.tr("Set by hand") if own_price else self.tr("Set by the product"),
                ]
            )
        )
        self._quantity.show_value(
            settled.order_quantity,
            self.tr("{count} bags").format(count=words.number(settled.order_quantity)),
            home=settled.product.order_quantity,
            edited=brief.order_quantity is not None,
            tip=_rich(
                [
                    self.tr("The order needs about {length} m of cloth.").format(length=words.number(settled.fabric_m)),
                    self.tr("The mark is what the product sets."),
                ]
            ),
        )
        self._budget.set_links([self.tr("reset")] if own_price or brief.order_quantity is not None else [])
        if own_price or brief.order_quantity is not None:
            self._budget.link(0).setAccessibleName(self.tr("Reset budget"))

    def _show_limits(self, answer: Answer) -> None:
        passing, count = answer.ranking.passing, len(answer.table)
        self._passing.set_text(
            self.tr("{passing} of {count} pass").format(passing=words.number(passing), count=words.number(count))
        )
        users = answer.brief.limits
        layered = tuple(limit for limit in answer.terms.limits if limit.origin not in ("user", "budget"))
        shown = (users, layered, QCoreApplication.translate("sentences", "{limit}, whole range"))
        if shown == self._chips:
            return
        self._chips = shown
        while (item := self._flow.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for number, limit in enumerate(users):
            chip = _LimitChip(self._look, number, self._limit_text(limit), self._chip_box)
            chip.setToolTip(_rich([words.words(limit_sentence(limit)), self.tr("Press to change, × to take away")]))
            chip.clicked.connect(self._change_limit)
            chip.removed.connect(self._remove_limit)
            self._flow.addWidget(chip)
            chip.show()
        origins = {
            "product": self.tr("Set by the product"),
            "sector": self.tr("Set by the sector; choose none to switch it off"),
            "market": self.tr("Set by the market; choose none to switch it off"),
        }
        for limit in layered:
            plain_chip = Chip(self._look, self._limit_text(limit), parent=self._chip_box)
            plain_chip.setToolTip(_rich([words.words(limit_sentence(limit)), origins.get(limit.origin, limit.origin)]))
            self._flow.addWidget(plain_chip)
            plain_chip.show()
        some = bool(users or layered)
        self._chip_box.setVisible(some)
        self._no_limits.setVisible(not some)
        self._chip_box.fit()

    def _limit_text(self, limit: Limit) -> str:
        """A limit as short as it goes: "Mass ≤ 300 g/m²"."""
        if limit.certificate:
            return limit.certificate
        if limit.family:
            return self.tr(" or ").join(limit.family)
        name, unit = words.short(limit.property), words.unit(limit.property)
        low = "" if limit.at_least is None else _figure(limit.at_least, 4)
        high = "" if limit.at_most is None else _figure(limit.at_most, 4)
        if low and high:
            text = self.tr("{name} {low} to {high} {unit}").format(name=name, low=low, high=high, unit=unit)
        elif low:
            text = self.tr("{name} ≥ {low} {unit}").format(name=name, low=low, unit=unit)
        else:
            text = self.tr("{name} ≤ {high} {unit}").format(name=name, high=high, unit=unit)
        text = text.strip()
        return self.tr("{limit}, always").format(limit=text) if limit.judge == "always" else text

    def _show_priorities(self, answer: Answer) -> None:
        weights, brief = answer.terms.weights(), answer.brief
        self._pick(answer, weights)
        order = answer.ranking.passing_rows()
        first = self._leads(answer, int(order[0])) if len(order) else ""
        for key, slider in self._criteria.items():
            value, default = answer.terms.priorities[key], answer.terms.defaults[key]
            slider.slider.set_mark(default)
            slider.setValue(value)
            slider.set_share(self._share_text(weights[key]))
            slider.set_locked(key in brief.locks)
            if not slider.isHidden():
                self._show_strip(answer, slider, first)
            raised = answer.terms.raised_by.get(key, ())
            slider.slider.setToolTip(
                _rich(
                    [
                        self.tr("{name}: priority {value} of 10").format(
                            name=words.criterion(key), value=_figure(value)
                        ),
                        self.tr("The mark is {value}, what the layers set.").format(value=_figure(default)),
                        self.tr("Raised by {names}").format(names=", ".join(words.profile(name) for name in raised))
                        if raised
                        else "",
                    ]
                )
            )
        for group, header in self._headers.items():
            header.set_share(self._share_text(sum(weights[key] for key in GROUPS[group])))
        own = bool(brief.priorities or brief.locks)
        self._priorities.set_links([self.tr("reset")] if own else [])
        if own:
            self._priorities.link(0).setAccessibleName(self.tr("Reset priorities"))

    def _show_strip(self, answer: Answer, slider: _Criterion, first: str) -> None:
        slider.set_strip(
            [(low, high, self._leads(answer, row)) for low, high, row in leaders(answer, slider.key)], first
        )

    def _leads(self, answer: Answer, row: int) -> str:
        return self.tr("{name} leads here").format(name=answer.table.names[row])

    def _share_text(self, share: float) -> str:
        return self.tr("{share} %").format(share=words.number(100 * share))

    def _pick(self, answer: Answer, weights: Mapping[str, float]) -> None:
        """The heaviest criteria; they stay put while the user's own hand moves their sliders."""
        brief = answer.brief
        by_hand = brief is self._written
        if not by_hand or not self._picked:
            heaviest = sorted(CRITERIA, key=lambda key: (-round(weights[key], 9), CRITERIA.index(key)))[:_HEAVIEST]
            self._picked = tuple(heaviest)
        self._lay_priorities()

    def _lay_priorities(self) -> None:
        unfolded = self._unfold.isChecked()
        for group, header in self._headers.items():
            header.setVisible(unfolded)
            for key in GROUPS[group]:
                self._criteria[key].setVisible(header.isChecked() if unfolded else key in self._picked)
        count = words.number(len(CRITERIA) - _HEAVIEST)
        text = (
            self.tr("the {count} heaviest only ▴").format(count=words.number(_HEAVIEST))
            if unfolded
            else self.tr("{count} more in six groups ▾").format(count=count)
        )
        if text != self._unfold.text():
            self._unfold.setText(text)
            self._unfold.setAccessibleName(text)
            self._unfold.updateGeometry()

    # --- folding ---------------------------------------------------------------------------------------------------

    @Slot()
    def _toggle_service(self) -> None:
        self._service.setVisible(self._service.isHidden())
        self._say_fold()
        if not self._service.isHidden():
            self._show_service(self._session.answer.brief, self._session.answer.terms)

    def _say_fold(self) -> None:
        text = self.tr("service ▾") if self._service.isHidden() else self.tr("service ▴")
        self._fold.setText(text)
        self._fold.setAccessibleName(self.tr("Service life"))
        self._fold.updateGeometry()

    @Slot(bool)
    def _unfolded(self, _on: bool) -> None:
        self._written = None
        self._show_priorities(self._session.answer)

    @Slot(bool)
    def _group_toggled(self, _on: bool) -> None:
        self._show_priorities(self._session.answer)

    # --- commands --------------------------------------------------------------------------------------------------

    def _began(self) -> Brief:
        """The brief as it was when the drag under way began."""
        if self._start is None or self._session.brief is not self._written:
            self._start = self._session.brief
        return self._start

    def _edit(self, brief: Brief, label: str, key: str = "") -> None:
        self._session.edit(brief, label, key)
        self._written = self._session.brief

    @Slot()
    def _settled(self) -> None:
        self._start = None
        self._session.settle()

    def _change(self, name: str, old: str, new: str, unit: str = "") -> str:
        return self.tr("{name} {old} → {new} {unit}").format(name=name, old=old, new=new, unit=unit).strip()

    @Slot(str)
    def _choose_product(self, key: str) -> None:
        name = words.profile(products()[key].name)
        self._session.update(self.tr("Product {name}").format(name=name), product=key)

    @Slot(str)
    def _choose_panel(self, key: str) -> None:
        self._session.update(self.tr("Panel {name}").format(name=words.profile(panels()[key].name)), panel=key)

    @Slot(str)
    def _choose_sector(self, key: str) -> None:
        label = (
            self.tr("Sector {name}").format(name=words.profile(sectors()[key].name)) if key else self.tr("No sector")
        )
        self._session.update(label, sector=key)

    @Slot(str)
    def _choose_market(self, key: str) -> None:
        label = (
            self.tr("Market {name}").format(name=words.profile(markets()[key].name)) if key else self.tr("No market")
        )
        self._session.update(label, market=(key,) if key else ())

    @Slot(str)
    def _choose_place(self, key: str) -> None:
        held = self._session.brief.climate
        if key == held.place and not held.places:
            return  # the same place again: what was set by hand stays
        label = self.tr("Place {name}").format(name=key) if key else self.tr("No place")
        self._session.update(label, climate=Climate(place=key))

    @Slot(str, float, bool)
    def _climate_moved(self, key: str, value: float, home: bool) -> None:
        start = self._began()
        brief = self._session.brief
        inputs = dict(brief.climate.inputs)
        before = self._scene(start).figures[key].value
        rounded = _rounded(value, _CLIMATE_STEP[key])
        level = self._possible(key, rounded, self._scene(brief))
        inputs[key] = level
        if home or level == self._scene(replace(brief, climate=replace(brief.climate, inputs={}))).value(key):
            inputs.pop(key)
        changed = replace(brief, climate=replace(brief.climate, inputs=inputs))
        now = self._scene(changed).figures[key].value
        label = self._change(
            self._climate_rows[key].name,
            self.tr("not known") if before is None else _figure(before),
            self.tr("not known") if now is None else _figure(now),
            _climate_unit(key),
        )
        self._edit(changed, label, f"climate:{key}")
        if level != rounded and now is not None:
            self._climate_rows[key].slider.setValue(now)  # held back by its neighbour

    def _scene(self, brief: Brief) -> Conditions:
        climate = brief.climate
        name = climate.places[0].place if climate.places else climate.place
        return conditions(find_place(name) if name else None, climate.inputs)

    @staticmethod
    def _possible(key: str, value: float, scene: Conditions) -> float:
        """A temperature stays between its neighbours: cold month, mean, hot month."""
        order = ("cold_month_min_c", "mean_c", "hot_month_max_c")
        if key == "wettest_month_mm":
            year = scene.figures["rain_mm_year"]
            return min(value, year.value) if year.origin == "user" and year.value is not None else value
        if key not in order:
            return value
        at = order.index(key)
        below = [scene.value(other) for other in order[:at]]
        above = [scene.value(other) for other in order[at + 1 :]]
        value = max([value, *(item for item in below if item is not None)])
        return min([value, *(item for item in above if item is not None)])

    @Slot()
    def _reset_climate(self) -> None:
        held = self._session.brief.climate
        self._session.update(self.tr("Climate reset"), climate=replace(held, inputs={}))

    @Slot(float, float)
    def _price_moved(self, low: float, high: float) -> None:
        start = terms(self._began())
        held = terms(self._session.brief)
        target_moved = low != self._price_shown[0]
        self._price_shown = (low, high)
        target, ceiling = held.price_target, held.price_ceiling
        if target_moved:
            target = min(_rounded(low, 0.1 if low < 10 else 0.5), ceiling)
            label = self._change(
                self.tr("Price to aim at"),
                _figure(start.price_target, 2),
                _figure(target, 2),
                words.unit("price_usd_m2"),
            )
        else:
            ceiling = max(_rounded(high, 0.1 if high < 10 else 0.5), target)
            label = self._change(
                self.tr("Highest price"),
                _figure(start.price_ceiling, 2),
                _figure(ceiling, 2),
                words.unit("price_usd_m2"),
            )
        key = "price:target" if target_moved else "price:ceiling"
        self._edit(replace(self._session.brief, price=Band(target, ceiling)), label, key)

    @Slot(str, float, bool)
    def _quantity_moved(self, _key: str, value: float, home: bool) -> None:
        start = terms(self._began()).order_quantity
        quantity = _two_digits(value)
        usual = products()[self._session.brief.product].order_quantity
        changed = replace(self._session.brief, order_quantity=None if home or quantity == usual else quantity)
        label = self.tr("Quantity {old} → {new} bags").format(
            old=words.number(start), new=words.number(terms(changed).order_quantity)
        )
        self._edit(changed, label, "order_quantity")

    @Slot()
    def _reset_budget(self) -> None:
        self._session.update(self.tr("Budget reset"), price=Band(), order_quantity=None)

    @Slot(str, float, bool)
    def _service_moved(self, key: str, value: float, home: bool) -> None:
        start = terms(self._began())
        brief = self._session.brief
        given = None if home else _rounded(value, _SERVICE_STEP[key])
        changed = replace(brief, service=_with_service(brief.service, key, given))
        old, new = _service_of(start)[key] or 0.0, _service_of(terms(changed))[key] or 0.0
        if key == "outdoor_share":
            label = self._change(self._service_rows[key].name, _figure(100 * old, 0), _figure(100 * new, 0), "%")
        elif key == "life_years":
            label = self._change(self._service_rows[key].name, _figure(old), _figure(new), self.tr("years"))
        else:
            label = self._change(self._service_rows[key].name, _figure(old), _figure(new), self.tr("a year"))
        self._edit(changed, label, f"service:{key}")

    @Slot(str)
    def _choose_heat(self, key: str) -> None:
        brief = self._session.brief
        bare = replace(brief, service=replace(brief.service, heat_case=None))
        service = replace(brief.service, heat_case=None if terms(bare).heat_case == key else key)
        label = self.tr("Hottest place {name}").format(name=words.words(Sentence(f"heat-{key}")))
        self._session.update(label, service=service)

    @Slot()
    def _reset_service(self) -> None:
        held = self._session.brief.service
        service = replace(held, life_years=None, days_per_year=None, outdoor_share=None, heat_case=None)
        self._session.update(self.tr("Service life reset"), service=service)

    @Slot()
    def _add_limit(self) -> None:
        self._open_limit(None)

    @Slot()
    def _change_limit(self) -> None:
        chip = self.sender()
        if isinstance(chip, _LimitChip):
            self._open_limit(chip.number)

    def _open_limit(self, number: int | None) -> None:
        self._dialog = LimitDialog(self._session, self._look, number, self)
        self._dialog.accepted.connect(self._limit_given)
        self._dialog.open()

    @Slot()
    def _limit_given(self) -> None:
        dialog = self._dialog
        limit = dialog.limit()
        if limit is None:
            return
        text = self._limit_text(limit)
        label = (
            self.tr("Must have {limit}").format(limit=text)
            if dialog.number is None
            else self.tr("Limit changed to {limit}").format(limit=text)
        )
        self._session.update(label, limits=dialog.with_limit(limit))

    @Slot()
    def _remove_limit(self) -> None:
        chip = self.sender()
        held = self._session.brief.limits
        if isinstance(chip, _LimitChip) and chip.number < len(held):
            label = self.tr("Without {limit}").format(limit=self._limit_text(held[chip.number]))
            self._session.update(label, limits=held[: chip.number] + held[chip.number + 1 :])

    @Slot(float)
    def _priority_moved(self, value: float) -> None:
        slider = self.sender()
        if not isinstance(slider, _Criterion):
            return
        key, start = slider.key, self._began()
        before = terms(start)
        home = abs(value - before.defaults[key]) < 10 * _ON_MARK or round(value, 2) == before.defaults[key]
        level = before.defaults[key] if home else round(value, 2)
        after = with_priority(before.priorities, start.locks, key, level)
        given = dict(start.priorities)
        given.update({name: number for name, number in after.items() if number != before.priorities[name]})
        if home and after[key] == before.defaults[key]:
            given.pop(key, None)
        changed = replace(self._session.brief, priorities=given)
        label = self._change(words.criterion(key), _figure(before.priorities[key]), _figure(after[key]))
        if changed == self._session.brief:
            slider.setValue(terms(changed).priorities[key])  # a move the locks do not allow springs back
        self._edit(changed, label, f"priority:{key}")

    @Slot(bool)
    def _lock_toggled(self, on: bool) -> None:
        slider = self.sender()
        if not isinstance(slider, _Criterion):
            return
        held = set(self._session.brief.locks)
        held = held | {slider.key} if on else held - {slider.key}
        name = words.criterion(slider.key)
        label = (
            self.tr("Share of {name} held").format(name=name)
            if on
            else self.tr("Share of {name} let go").format(name=name)
        )
        locks = tuple(key for key in CRITERIA if key in held)
        self._edit(replace(self._session.brief, locks=locks), label)

    @Slot()
    def _reset_priorities(self) -> None:
        self._session.update(self.tr("Priorities reset"), priorities={}, locks=())


class _ChipBox(QWidget):
    """Chips in rows, as high as they need.

    The height is set rather than asked for by width: a scroll area shows its bar too early for the latter.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.flow = FlowLayout(self)

    def fit(self) -> None:
        """Take the height the chips need at the present width."""
        self.setFixedHeight(max(TARGET, self.flow.heightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class _LimitChip(Chip):
    """The chip of one of the user's limits; knows which."""

    def __init__(self, look: Theme, number: int, text: str, parent: QWidget) -> None:
        super().__init__(look, text, removable=True, parent=parent)
        self.number = number


def _service_of(holder: Terms | Service) -> dict[str, float | None]:
    """The three sliders' figures of a service life: as settled, or as the user set them."""
    return {
        "life_years": holder.life_years,
        "days_per_year": holder.days_per_year,
        "outdoor_share": holder.outdoor_share,
    }


def _with_service(service: Service, key: str, value: float | None) -> Service:
    changed = {**_service_of(service), key: value}
    return replace(
        service,
        life_years=changed["life_years"],
        days_per_year=changed["days_per_year"],
        outdoor_share=changed["outdoor_share"],
    )


def _climate_unit(key: str) -> str:
    if key == "wettest_month_mm":
        return QCoreApplication.translate("BriefPanel", "mm")
    if key == "solar_mj_m2_year":
        return QCoreApplication.translate("BriefPanel", "MJ/m²")
    if key == "relative_humidity_pct":
        return QCoreApplication.translate("BriefPanel", "%")
    return "" if key == "dust_salt" else QCoreApplication.translate("BriefPanel", "°C")


def _layer_limits(layer: Layer) -> list[Limit]:
    """A layer's limits as the brief words them."""
    found = []
    for entry in layer.limits:
        family = entry.get("family", ())
        found.append(
            Limit(
                property=str(entry.get("property", "")),
                at_least=entry.get("at_least"),
                at_most=entry.get("at_most"),
                judge=str(entry.get("judge", "could")),
                certificate=str(entry.get("certificate", "")),
                family=tuple(family),
                origin=layer.kind,
            )
        )
    return found
