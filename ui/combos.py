"""Combo boxes of keys: one to choose from, one to type any part of a name into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from advisor.climate import plain

_KEY_ROLE: Final = int(Qt.ItemDataRole.UserRole)
_PLAIN_ROLE: Final = _KEY_ROLE + 1


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: key in the brief, text, tool tip, and what a search looks in."""

    key: str
    text: str
    tip: str = ""
    search: str = ""


class Combo(QComboBox):
    """A combo box of keys; ``chosen`` carries the key the user picked."""

    chosen = Signal(str)

    def __init__(self, name: str, items: Sequence[Item], parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._tip = name, ""
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(28)
        self.setMaxVisibleItems(16)
        self.set_items(items)
        self.activated.connect(self._on_activated)

    def set_items(self, items: Sequence[Item]) -> None:
        """Offer other entries; one without a text draws a line. Nothing is emitted."""
        with QSignalBlocker(self):
            self.clear()
            for number, item in enumerate(items):
                if not item.text:
                    self.insertSeparator(number)
                    continue
                self.addItem(item.text, item.key)
                self.setItemData(number, item.tip, Qt.ItemDataRole.ToolTipRole)
                self.setItemData(number, plain(item.search or item.text), _PLAIN_ROLE)

    def show_key(self, key: str, text: str = "") -> None:
        """Show an entry without emitting; ``text`` stands in where no entry is the right one."""
        # Asked at every frame of a drag, and nearly always for what it shows already.
        if text or self.placeholderText() or self.currentData(_KEY_ROLE) != key:
            with QSignalBlocker(self):
                self.setCurrentIndex(-1 if text else self.findData(key, _KEY_ROLE))
            self.setPlaceholderText(text)
        tip = str(self.currentData(Qt.ItemDataRole.ToolTipRole) or "")
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


class SearchCombo(Combo):
    """A combo box to type in: any part of a name finds it."""

    def __init__(self, name: str, items: Sequence[Item], parent: QWidget) -> None:
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
        if self._edit.text() == self._text and not self._edit.isModified() and not self._edit.cursorPosition():
            return
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
