"""Intake models: the rows of somebody's table as they will be read, its problems, and what an import changes."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from typing import Final, Literal

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt

from advisor.catalogue import CATALOGUE
from advisor.cells import CellError, decimal_mark, read_figure
from advisor.headers import Meaning, Plan, column_letters
from advisor.intake import Reading
from advisor.materials import Table
from advisor.merge import Override
from advisor.problems import Problem
from advisor.properties import properties
from advisor.sheets import DATE_MARK, Sheet
from advisor.units import scaling
from ui import words
from ui.theme import Theme, interface_font

Index = QModelIndex | QPersistentModelIndex
Severity = Literal["", "error", "warning"]

#: Cells of a column looked at for its decimal mark.
_SAMPLE: Final = 300
_ROLE: Final = Qt.ItemDataRole
_START: Final = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
_END: Final = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter

#: Signs before a cell or line that has an error or a doubt: the tone alone must not say it.
SIGNS: Final = {"error": "✗", "warning": "▲"}


def problem_title(problem: Problem) -> str:
    """A problem's kind in a few words, translated."""
    entry = CATALOGUE.get(problem.code)
    return "" if entry is None else QCoreApplication.translate("catalogue", entry.title)


def problem_help(problem: Problem) -> str:
    """What a kind of problem means and what to do about it."""
    entry = CATALOGUE.get(problem.code)
    if entry is None:
        return problem.hint
    # A hint of the catalogue is translated, one made for the case stays as it is.
    texts = (entry.description, problem.hint)
    return "\n".join(QCoreApplication.translate("catalogue", text) for text in texts if text)


def problem_place(problem: Problem) -> str:
    """Where a problem stands: "row 7, Tear (lbf)"; "" for the file as a whole."""
    if problem.row is None:
        return problem.column
    row = words.number(problem.row)
    if problem.column:
        return QCoreApplication.translate("Intake", "row {row}, {column}").format(row=row, column=problem.column)
    return QCoreApplication.translate("Intake", "row {row}").format(row=row)


def _one(text: str) -> str:
    """A text kept in one piece inside a line of the other reading direction."""
    return f"\u2068{text}\u2069"


def end_words(end: str) -> str:
    """Which end of a property a column holds; "" for its typical figure or words."""
    return {
        "low": QCoreApplication.translate("Intake", "low"),
        "high": QCoreApplication.translate("Intake", "high"),
        "warp": QCoreApplication.translate("Intake", "warp"),
        "weft": QCoreApplication.translate("Intake", "weft"),
    }.get(end, "")


class PreviewModel(QAbstractTableModel):
    """The rows of a sheet as they will be read: figures in the properties' units, problems marked at their cells."""

    def __init__(self, look: Theme) -> None:
        super().__init__()
        self._look = look
        self._sheet: Sheet | None = None
        self._plan: Plan | None = None
        self._table: Table | None = None
        self._rows: list[int] = []
        self._marks: list[str] = []
        self._told: dict[tuple[int, int], Problem] = {}
        self._told_rows: dict[int, Problem] = {}
        #: The row looked at last: a long text makes its cells anew each time they are asked for.
        self._held: tuple[int, Sequence[str]] = (-1, ())
        #: Column of each header, and of each property.
        self._titles: dict[str, int] = {}
        self._keys: dict[str, int] = {}

    def set_look(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self.layoutChanged.emit()

    def show_reading(self, sheet: Sheet | None, plan: Plan | None, reading: Reading | None) -> None:
        """Show a sheet as a plan reads it; None empties the preview."""
        self.beginResetModel()
        self._sheet, self._plan = sheet, plan
        self._rows, self._marks, self._table = [], [], None
        self._told, self._told_rows = {}, {}
        self._titles, self._keys = {}, {}
        self._held = -1, ()
        if sheet is not None and plan is not None:
            self._rows = sheet.filled(plan.first_row - 1)
            sample = [sheet.rows[number] for number in self._rows[:_SAMPLE]]
            for column in reversed(plan.columns):
                self._titles[column.title or column_letters(column.position)] = column.position
                if column.meaning is not None:
                    self._keys[column.meaning.key] = column.position
            for column in plan.columns:
                cells = (row[column.position] for row in sample if column.position < len(row))
                self._marks.append(decimal_mark(cells) or plan.decimal)
        if reading is not None and sheet is not None:
            if reading.table is not None and len(reading.table) == len(self._rows):
                self._table = reading.table
            for problem in reading.problems:
                place = self.place_of(problem)
                if place is None:
                    continue
                row, at = place
                kept = self._told.get((row, at)) if at >= 0 else self._told_rows.get(row)
                if kept is None or (kept.severity == "warning" and problem.severity == "error"):
                    if at >= 0:
                        self._told[row, at] = problem
                    else:
                        self._told_rows[row] = problem
        self.endResetModel()

    def place_of(self, problem: Problem) -> tuple[int, int] | None:
        """Row and column of the preview a problem stands at; column -1 for a whole row, None for no row of it."""
        if self._plan is None or problem.row is None:
            return None
        row = bisect.bisect_left(self._rows, problem.row - 1)
        if row >= len(self._rows) or self._rows[row] != problem.row - 1:
            return None
        return row, self.column_of(problem)

    def column_of(self, problem: Problem) -> int:
        """The column a problem names by header, letter or property; -1 for none."""
        if problem.column in self._titles:
            return self._titles[problem.column]
        # An id may be made of the name: where there is no such column, the fault stands in the other.
        for key in ("id", "name") if problem.column in ("id", "name") else (problem.column,):
            if key in self._keys:
                return self._keys[key]
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() or self._plan is None else len(self._plan.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if self._plan is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            if role == _ROLE.DisplayRole:
                sign = SIGNS[self._told_rows[section].severity] + " " if section in self._told_rows else ""
                return sign + words.number(self._rows[section] + 1)
            if role == _ROLE.ToolTipRole and section in self._told_rows:
                problem = self._told_rows[section]
                return f"{problem_title(problem)}: {problem.message}"
            return None
        column = self._plan.columns[section]
        meaning = column.meaning
        if role == _ROLE.DisplayRole:
            if meaning is None:
                return QCoreApplication.translate("Intake", "left out")
            end, unit = end_words(meaning.end), words.unit(meaning.key)
            return ", ".join(part for part in (words.short(meaning.key), end, unit) if part)
        if role == _ROLE.ToolTipRole:
            return column.title
        if role == _ROLE.TextAlignmentRole:
            figures = meaning is not None and meaning.end != "text"
            return int(_END if figures else _START)
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        if not index.isValid() or self._plan is None:
            return None
        row, place = index.row(), index.column()
        column = self._plan.columns[place]
        problem = self._told.get((row, place))
        meaning = column.meaning
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            shown = self._shown(row, place, meaning)
            if problem is None:
                return shown
            written = self._text(self._rows[row], column.position).strip().removeprefix(DATE_MARK)
            shown = written if problem.severity == "error" or not shown else shown
            if role == _ROLE.AccessibleTextRole:
                return f"{shown}; {problem_title(problem)}: {problem.message}"
            return f"{SIGNS[problem.severity]} {_one(shown)}"
        if role == _ROLE.ToolTipRole:
            written = self._text(self._rows[row], column.position).strip().removeprefix(DATE_MARK)
            said = QCoreApplication.translate("Intake", "In the file: {text}").format(text=written)
            if problem is None:
                return said if written else None
            return f"{said}\n{problem_title(problem)}: {problem.message}\n{problem_help(problem)}"
        if role == _ROLE.TextAlignmentRole:
            return int(_START if meaning is None or meaning.end == "text" else _END)
        if role == _ROLE.ForegroundRole:
            if problem is not None:
                return self._look.colour("bad" if problem.severity == "error" else "warn")
            return self._look.colour("ink3" if meaning is None else "ink")
        if role == _ROLE.BackgroundRole and problem is not None:
            return self._look.colour("chip_bad" if problem.severity == "error" else "chip_warn")
        return None

    def _text(self, number: int, position: int) -> str:
        assert self._sheet is not None
        if number != self._held[0]:
            self._held = number, self._sheet.rows[number]
        cells = self._held[1]
        return cells[position] if position < len(cells) else ""

    def _shown(self, row: int, place: int, meaning: Meaning | None) -> str:
        """A cell as it will be read."""
        assert self._plan is not None
        text = self._text(self._rows[row], self._plan.columns[place].position).strip().removeprefix(DATE_MARK)
        if meaning is None or meaning.end == "text":
            return text
        if self._table is not None and meaning.end in ("typical", "low", "high"):
            array = getattr(self._table, meaning.end)
            value = float(array[row, self._table.column(meaning.key)])
        else:
            value = self._read(text, meaning, self._marks[place])
            if math.isnan(value) and text and meaning.price is not None:
                return text
        return "" if math.isnan(value) else words.number(value, properties()[meaning.key].decimals)

    def _read(self, text: str, meaning: Meaning, mark: str) -> float:
        """A cell by itself, while the table as a whole cannot be used yet; prices need the whole."""
        item = properties()[meaning.key]
        if meaning.price is not None or not text:
            return math.nan
        try:
            figure = read_figure(text, meaning.unit or item.unit, mark, yarn=item.key == "yarn_denier")
            factor, offset = scaling(meaning.unit, item.unit) if meaning.unit else (1.0, 0.0)
        except (CellError, ValueError):
            return math.nan
        return figure.typical * factor + offset


class ProblemsModel(QAbstractTableModel):
    """Every problem of a reading: where it stands, what it is; all, errors alone or warnings alone."""

    def __init__(self, look: Theme) -> None:
        super().__init__()
        self._look = look
        self._all: tuple[Problem, ...] = ()
        self._shown: Sequence[Problem] = ()
        self._kind: Severity = ""

    def set_look(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self.layoutChanged.emit()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show other problems, errors first."""
        self.beginResetModel()
        self._all = tuple(sorted(problems, key=lambda p: p.severity != "error"))
        self._filter()
        self.endResetModel()

    def keep(self, kind: Severity) -> None:
        """Show errors or warnings alone, or ("") all."""
        self.beginResetModel()
        self._kind = kind
        self._filter()
        self.endResetModel()

    def _filter(self) -> None:
        self._shown = [p for p in self._all if not self._kind or p.severity == self._kind]

    def count(self, kind: Severity = "") -> int:
        """How many there are of a kind, or in all."""
        return sum(1 for p in self._all if not kind or p.severity == kind)

    def problem(self, row: int) -> Problem:
        """The problem of a line."""
        return self._shown[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            titles = (
                QCoreApplication.translate("Intake", "Where"),
                QCoreApplication.translate("Intake", "What is wrong or doubtful"),
            )
            return titles[section]
        return int(_START) if role == _ROLE.TextAlignmentRole else None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        if not index.isValid():
            return None
        problem = self._shown[index.row()]
        if role == _ROLE.DisplayRole:
            if index.column() == 0:
                place = problem_place(problem) or QCoreApplication.translate("Intake", "the file")
                return f"{SIGNS[problem.severity]} {_one(place)}"
            title = problem_title(problem)
            return f"{title}: {_one(problem.message)}" if title else _one(problem.message)
        if role == _ROLE.ToolTipRole:
            return f"{problem.message}\n{problem_help(problem)}"
        if role == _ROLE.ForegroundRole and index.column() == 0:
            return self._look.colour("bad" if problem.severity == "error" else "warn")
        return None


class ChangesModel(QAbstractTableModel):
    """Figures that stand over a table's: material, property, before with its grade, now."""

    def __init__(self, look: Theme) -> None:
        super().__init__()
        self._look = look
        self._table: Table | None = None
        self._overrides: tuple[Override, ...] = ()

    def set_look(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self.layoutChanged.emit()

    def show_changes(self, table: Table | None, overrides: Sequence[Override]) -> None:
        """Show overrides of a table."""
        self.beginResetModel()
        self._table, self._overrides = table, tuple(overrides)
        self.endResetModel()

    def override(self, row: int) -> Override:
        """The override of a line."""
        return self._overrides[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._overrides)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            titles = (
                QCoreApplication.translate("Intake", "Material"),
                QCoreApplication.translate("Intake", "Property"),
                QCoreApplication.translate("Intake", "In the table"),
                QCoreApplication.translate("Intake", "Your figure"),
            )
            return titles[section]
        if role == _ROLE.TextAlignmentRole:
            return int(_START if section < 2 else _END)
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        if not index.isValid() or self._table is None:
            return None
        entry, column = self._overrides[index.row()], index.column()
        if role in (_ROLE.DisplayRole, _ROLE.ToolTipRole):
            if role == _ROLE.ToolTipRole and column == 3 and entry.because:
                return entry.because
            if column == 0:
                row = self._table.index.get(entry.id)
                return entry.id if row is None else self._table.names[row]
            if column == 1:
                return words.label(entry.property)
            return self._before(entry) if column == 2 else figure_words(entry.property, entry.after)
        if role == _ROLE.TextAlignmentRole:
            return int(_START if column < 2 else _END)
        if role == _ROLE.ForegroundRole and column == 2:
            return self._look.colour("ink3")
        if role == _ROLE.FontRole and column == 3:
            return interface_font("body", bold=True)
        return None

    def _before(self, entry: Override) -> str:
        if entry.before is None:
            return QCoreApplication.translate("Intake", "gap")
        text = figure_words(entry.property, entry.before)
        if not entry.grade:
            return text
        grade = QCoreApplication.translate("Intake", "own") if entry.grade == "own" else entry.grade
        return QCoreApplication.translate("Intake", "{figure} ({grade})").format(figure=text, grade=grade)


def figure_words(key: str, value: float | str) -> str:
    """A figure with its unit, or words as they stand."""
    return value if isinstance(value, str) else words.figure(key, value)
