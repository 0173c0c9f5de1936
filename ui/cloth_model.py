"""Cloth model: the row of a cloth that is only specified, figure by figure with range and rule, beside a real cloth."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt

from advisor.builder import Prediction
from advisor.materials import Table, sources
from advisor.properties import properties
from ui import words
from ui.evidence_card import grade_words, span_text, tag_text
from ui.rows import isolated
from ui.theme import Theme, interface_font

Index = QModelIndex | QPersistentModelIndex

#: Columns of the list.
PROPERTY, FIGURE, RANGE, RULE, REAL = range(5)
_ROLE: Final = Qt.ItemDataRole
_START: Final = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
_END: Final = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
#: Columns that say what the designer chose: they stand in the form already.
_CHOSEN: Final = frozenset(("id", "name", "family", "fibre", "weave", "coating", "finish", "certificates"))


def rule_short(source: str) -> str:
    """A rule's short name: "R1-mass-from-denier" for ``rule-R1-mass-from-denier``."""
    return source.removeprefix("rule-")


class PredictionModel(QAbstractTableModel):
    """A property a line: what the rules expect, the range, the rule, and what a real cloth has."""

    def __init__(self, look: Theme) -> None:
        super().__init__()
        self._look = look
        self._prediction: Prediction | None = None
        self._table: Table | None = None
        self._row = -1
        self.mirrored = False
        self._keys = [key for key in properties() if key not in _CHOSEN]

    def set_look(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self.layoutChanged.emit()

    def show_cloth(self, prediction: Prediction | None, table: Table, row: int) -> None:
        """Show a prediction beside the cloth of a table's row (-1 for none); None keeps the lines and empties them."""
        self._prediction, self._table, self._row = prediction, table, row
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, REAL)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, REAL))

    def key(self, row: int) -> str:
        """The property of a line."""
        return self._keys[row]

    def about(self, row: int) -> str:
        """The rule behind a figure in full, and what it was applied to."""
        key = self._keys[row]
        cell = None if self._prediction is None else self._prediction.cells.get(key)
        name = words.label(key)
        if self._prediction is None:
            return ""
        if cell is None:
            text = QCoreApplication.translate("Cloth", "{name}: no rule speaks of it; ask the mill.")
            return text.format(name=name)
        record = cell.records[0]
        if not self._prediction.rule(key):
            return QCoreApplication.translate("Cloth", "{name}: as you specified it.").format(name=name)
        source = sources().get(record.source_id)
        text = QCoreApplication.translate("Cloth", "{name} by rule {rule} ({grade}), {note}: {title}")
        if not record.note:
            text = QCoreApplication.translate("Cloth", "{name} by rule {rule} ({grade}): {title}")
        return text.format(
            name=name,
            rule=rule_short(record.source_id),
            grade=grade_words(record.grade),
            note=record.note,
            title=source.title if source else record.source_id,
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == _ROLE.DisplayRole:
            titles = (
                QCoreApplication.translate("Cloth", "Property"),
                QCoreApplication.translate("Cloth", "Expected"),
                QCoreApplication.translate("Cloth", "Range"),
                QCoreApplication.translate("Cloth", "Rule"),
                QCoreApplication.translate("Cloth", "Real cloth"),
            )
            return titles[section]
        if role == _ROLE.ToolTipRole and section == REAL and self._table is not None and self._row >= 0:
            return self._table.names[self._row]
        if role == _ROLE.TextAlignmentRole:
            return int(_END if section in (FIGURE, RANGE, REAL) else _START)
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        if not index.isValid():
            return None
        key, column = self._keys[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return self._text(key, column)
        if role == _ROLE.ToolTipRole:
            return self.about(index.row()) or None
        if role == _ROLE.TextAlignmentRole:
            return int(_END if column in (FIGURE, RANGE, REAL) else _START)
        known = self._prediction is not None and key in self._prediction.cells
        if role == _ROLE.ForegroundRole:
            if column == FIGURE:
                return self._look.colour("ink" if known else "warn")
            return self._look.colour("ink" if column == PROPERTY else "ink2" if column == REAL else "ink3")
        if role == _ROLE.FontRole and column == FIGURE and known:
            return interface_font("body", bold=True)
        return None

    def _text(self, key: str, column: int) -> str:
        if column == PROPERTY:
            return words.label(key)
        if column == REAL:
            return self._real(key)
        if self._prediction is None:
            return ""
        cell = self._prediction.cells.get(key)
        if cell is None:
            return QCoreApplication.translate("Cloth", "ask the mill") if column == FIGURE else ""
        if column == FIGURE:
            if not properties()[key].numeric or cell.typical is None:
                return tag_text(cell.text)
            return isolated(words.figure(key, cell.typical), self.mirrored)
        if column == RANGE:
            if cell.low is None or cell.high is None:
                return ""
            return isolated(span_text(key, cell.low, cell.high), self.mirrored)
        rule = self._prediction.rule(key)
        if not rule:
            return QCoreApplication.translate("Cloth", "as specified")
        grade = cell.records[0].grade
        return QCoreApplication.translate("Cloth", "{grade} · {rule}").format(grade=grade, rule=rule_short(rule))

    def _real(self, key: str) -> str:
        """The real cloth's figure with its grade."""
        if self._table is None or self._row < 0:
            return ""
        if not properties()[key].numeric:
            return tag_text(self._table.text[key][self._row])
        value = float(self._table.typical[self._row, self._table.column(key)])
        if math.isnan(value):
            return QCoreApplication.translate("Cloth", "gap")
        grade = self._table.grade(self._row, key)
        shown = QCoreApplication.translate("Cloth", "own") if grade == "own" else grade
        text = QCoreApplication.translate("Cloth", "{figure} ({grade})")
        return text.format(figure=isolated(words.figure(key, value), self.mirrored), grade=shown)
