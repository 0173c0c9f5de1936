"""Picker: a search field over the materials, to choose the one to measure against."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from advisor.answer import Answer
from ui import words
from ui.theme import space


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
        return f"{words.number(place) if place else '–'}  {words.material(self._answer.table, row)}"


class Picker(QFrame):
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
