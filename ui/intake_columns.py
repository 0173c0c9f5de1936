"""Intake columns: each column of somebody's table with what it becomes (property, unit) and how sure that is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from advisor.checks import TRADE_UNITS
from advisor.headers import SURE, Meaning, Plan, PlannedColumn, column_letters
from advisor.properties import properties
from advisor.sheets import DATE_MARK
from advisor.units import PriceUnit
from ui import words
from ui.combos import Combo, Item
from ui.intake_models import end_words
from ui.rows import reveal
from ui.theme import Theme, space
from ui.widgets import ElidedLabel, Themed

_PRICE: Final = "price_usd_m2"
_PAIRED: Final = ("tensile_strength_n", "tear_strength_n", "yarn_denier")
#: Currencies offered for a price column besides the one its header names.
_CURRENCIES: Final = ("USD", "EUR", "GBP", "CNY", "INR", "BRL", "MXN", "NGN", "KES", "TRY", "VND")
_PER: Final = ("m2", "m", "yd2", "yd", "kg")


def per_words(per: str) -> str:
    """What a price is asked for, as printed."""
    return {"m2": "m²", "yd2": "yd²"}.get(per, per)


def price_words(price: PriceUnit) -> str:
    """A price's unit: "EUR/m at 147 cm"."""
    currency = price.currency or QCoreApplication.translate("Intake", "currency?")
    text = f"{currency}/{per_words(price.per or 'm2')}"
    if price.width_cm is None:
        return text
    wide = words.number(price.width_cm)
    return QCoreApplication.translate("Intake", "{unit} at {width} cm").format(unit=text, width=wide)


def confidence_words(column: PlannedColumn) -> tuple[str, str, str]:
    """How sure a column's meaning is: mark, colour token, the whole sentence."""
    meaning = column.meaning
    share = "" if meaning is None else words.number(meaning.confidence * 100)
    if meaning is None:
        best = column.alternatives[0] if column.alternatives else None
        if best is not None and best.confidence < SURE:
            return (
                QCoreApplication.translate("Intake", "? {name}").format(name=words.short(best.key)),
                "warn",
                QCoreApplication.translate("Intake", "Left out: it may be {name}, choose it if it is").format(
                    name=words.label(best.key)
                ),
            )
        text = QCoreApplication.translate("Intake", "left out")
        return "– " + text, "ink3", QCoreApplication.translate("Intake", "Left out: no property has this name")
    if meaning.why == "name":
        text = QCoreApplication.translate("Intake", "by name")
        return "✓ " + text, "good", QCoreApplication.translate("Intake", "Sure: the header is the property's own name")
    if meaning.why == "chosen":
        text = QCoreApplication.translate("Intake", "chosen")
        return "✓ " + text, "good", QCoreApplication.translate("Intake", "Chosen by you")
    if meaning.why == "profile":
        text = QCoreApplication.translate("Intake", "as before")
        return "✓ " + text, "good", QCoreApplication.translate("Intake", "As you set it last time")
    sentence = QCoreApplication.translate("Intake", "{share} % sure, by the words of the header").format(share=share)
    text = QCoreApplication.translate("Intake", "{share} %").format(share=share)
    return ("≈ " + text, "good" if meaning.confidence >= SURE else "warn", sentence)


def meaning_items() -> tuple[Item, ...]:
    """Everything a column can become; the key is ``property|end``, "" leaves it out."""
    found = [Item("", QCoreApplication.translate("Intake", "leave out"))]
    for key, item in properties().items():
        ends = ("typical", "low", "high") if item.numeric else ("text",)
        if key in _PAIRED:
            ends = (*ends, "warp", "weft")
        for end in ends:
            said = end_words(end)
            name = words.label(key)
            if said:
                name = QCoreApplication.translate("Intake", "{name}, {end}").format(name=name, end=said)
            found.append(Item(f"{key}|{end}", name, words.description(key)))
    return tuple(found)


def unit_items(column: PlannedColumn) -> tuple[Item, ...]:
    """The units a column may be written in; empty where there is nothing to choose."""
    meaning = column.meaning
    if meaning is None or meaning.end == "text":
        return ()
    item = properties()[meaning.key]
    if meaning.key == _PRICE:
        named = [m.price for m in (meaning, *column.alternatives) if m.price is not None]
        widths = {price.currency: price.width_cm for price in named}
        currencies = dict.fromkeys([*(price.currency for price in named if price.currency), *_CURRENCIES])
        return tuple(
            Item(f"{currency}|{per}|{widths.get(currency) or ''}", price_words(PriceUnit(currency, per)))
            for currency in currencies
            for per in _PER
        )
    units = [item.unit, *TRADE_UNITS.get(meaning.key, ())]
    if meaning.unit and all(_same_unit(meaning.unit, unit) is False for unit in units):
        units.append(meaning.unit)
    return tuple(Item(unit, unit) for unit in dict.fromkeys(units)) if item.kind == "number" else ()


def _same_unit(one: str, other: str) -> bool:
    from advisor.units import convertible, scaling

    return convertible(one, other) and scaling(one, other) == (1.0, 0.0)


class ColumnRow(QWidget, Themed):
    """One column of the file: header and first cells, what it becomes, its unit, how sure that is.

    Signals: ``chosen(int, object)`` with the column's position and its new meaning (None: left out).
    """

    chosen = Signal(int, object)

    def __init__(self, look: Theme, meanings: QStandardItemModel, column: PlannedColumn, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._column = column
        title = column.title or self.tr("column {letter}").format(letter=column_letters(column.position))
        self._title = ElidedLabel(look, title, bold=True, parent=self)
        self._title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        sample = " · ".join(cell.strip().removeprefix(DATE_MARK) for cell in column.sample)
        self._sample = ElidedLabel(look, sample or self.tr("empty"), ink="ink3", kind="caption", parent=self)
        self._sample.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.meaning = Combo(self.tr("{column} becomes").format(column=title), (), self)
        self.meaning.setModel(meanings)
        self.meaning.setFixedWidth(150)
        self.unit = Combo(self.tr("Unit of {column}").format(column=title), (), self)
        self.unit.setFixedWidth(98)
        for combo in (self.meaning, self.unit):
            combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._mark = ElidedLabel(look, "", kind="caption", parent=self)
        self._mark.setFixedWidth(66)
        self._mark.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, space(1), 0, space(1))
        grid.setHorizontalSpacing(space(1.5))
        grid.setVerticalSpacing(1)
        grid.addWidget(self._title, 0, 0)
        grid.addWidget(self._sample, 1, 0)
        grid.addWidget(self.meaning, 0, 1, 2, 1)
        grid.addWidget(self.unit, 0, 2, 2, 1)
        grid.addWidget(self._mark, 0, 3, 2, 1)
        grid.setColumnStretch(0, 1)
        self.meaning.chosen.connect(self._meaning_chosen)
        self.unit.chosen.connect(self._unit_chosen)
        self.show_column(column)

    def show_column(self, column: PlannedColumn) -> None:
        """Show what the column becomes now."""
        self._column = column
        meaning = column.meaning
        self.meaning.show_key("" if meaning is None else f"{meaning.key}|{meaning.end}")
        items = unit_items(column)
        with QSignalBlocker(self.unit):
            self.unit.clear()
            for item in items:
                self.unit.addItem(item.text, item.key)
        self.unit.setEnabled(bool(items))
        shown = ""
        if meaning is not None and meaning.end != "text":
            shown = properties()[meaning.key].unit
            if meaning.key == _PRICE:
                price = meaning.price or PriceUnit("USD", "m2")
                wide = "" if price.width_cm is None else price.width_cm
                self.unit.show_key(f"{price.currency}|{price.per or 'm2'}|{wide}")
                shown = price_words(price)
            elif items:
                same = (item.key for item in items if _same_unit(meaning.unit or shown, item.key))
                self.unit.show_key(next(same, shown))
        if self.unit.currentIndex() < 0:
            self.unit.show_key("", shown or "–")
        mark, ink, sentence = confidence_words(column)
        self._mark.set_text(mark)
        self._mark.set_ink(ink)
        self._mark.setToolTip(sentence)
        self._mark.setAccessibleName(sentence)
        self._title.set_ink("ink3" if meaning is None else "ink")

    @Slot(str)
    def _meaning_chosen(self, key: str) -> None:
        if not key:
            self.chosen.emit(self._column.position, None)
            return
        name, _, end = key.partition("|")
        known = [m for m in (self._column.meaning, *self._column.alternatives) if m is not None and m.key == name]
        if known:
            base = known[0]
            meaning = Meaning(name, end, base.unit, base.price, base.method, 1.0, "chosen")
        else:
            meaning = Meaning(name, end, confidence=1.0, why="chosen")
        self.chosen.emit(self._column.position, meaning)

    @Slot(str)
    def _unit_chosen(self, key: str) -> None:
        held = self._column.meaning
        if held is None:
            return
        if held.key == _PRICE:
            currency, per, width = key.split("|")
            price = None if (currency, per) == ("USD", "m2") else PriceUnit(currency, per, float(width or 0) or None)
            meaning = Meaning(held.key, held.end, "", price, held.method, 1.0, "chosen")
        else:
            unit = "" if key == properties()[held.key].unit else key
            meaning = Meaning(held.key, held.end, unit, None, held.method, 1.0, "chosen")
        self.chosen.emit(self._column.position, meaning)


class ColumnsPanel(QWidget):
    """All columns of a file, one under the other.

    Signals: ``chosen(int, object)`` as :class:`ColumnRow`.
    """

    chosen = Signal(int, object)

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: list[ColumnRow] = []
        self._meanings = QStandardItemModel(self)
        for item in meaning_items():
            entry = QStandardItem(item.text)
            entry.setData(item.key, Qt.ItemDataRole.UserRole)
            entry.setToolTip(item.tip)
            self._meanings.appendRow(entry)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._scroll)
        self.show_plan(None)

    @property
    def rows(self) -> tuple[ColumnRow, ...]:
        """The rows, in the order of the file."""
        return tuple(self._rows)

    def show_plan(self, plan: Plan | None) -> None:
        """Show a plan; rows of the same columns stay, so that the focus does."""
        columns = () if plan is None else plan.columns
        titles = [column.title for column in columns]
        if titles and titles == [row.property("title") for row in self._rows]:
            for row, column in zip(self._rows, columns, strict=True):
                row.show_column(column)
            return
        content = QWidget()
        content.setProperty("surface", "panel")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(content)
        box.setContentsMargins(space(3), space(1), space(3), space(1))
        box.setSpacing(0)
        self._rows = []
        for number, column in enumerate(columns):
            if number:
                line = QWidget(content)
                line.setProperty("surface", "line")
                line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
                line.setFixedHeight(1)
                box.addWidget(line)
            row = ColumnRow(self._look, self._meanings, column, content)
            row.setProperty("title", column.title)
            row.chosen.connect(self.chosen)
            box.addWidget(row)
            self._rows.append(row)
        if not columns:
            empty = QLabel(self.tr("No columns yet."), content)
            empty.setProperty("ink", "3")
            box.addWidget(empty)
        box.addStretch(1)
        self._scroll.setWidget(content)

    def show_row(self, number: int) -> None:
        """Bring a column's row into view and put the focus on its choice."""
        if 0 <= number < len(self._rows):
            row = self._rows[number]
            reveal(row)
            row.meaning.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_look(self, look: Theme) -> None:
        """The theme of rows to come; those shown are restyled with the window."""
        self._look = look
