"""Parts of the chart area's head that every chart's controls are made of: quiet lists, and the controls' own base."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolTip,
    QWidget,
)

from advisor.answer import Answer
from ui.charts.style import View
from ui.session import Session
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.charts.canvas import ChartCanvas

#: Entries of a list of materials: the first of the ranking, and whichever is chosen.
LISTED = 60
#: Where an entry's short form lies, said while its list is closed.
SHORT = int(Qt.ItemDataRole.UserRole) + 1


class HeadCombo(QComboBox):
    """A quiet list in the tab row: as wide as what it says, cut with "…" where there is less room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(16)
        self.currentIndexChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """The current entry with its arrow."""
        wide = self.fontMetrics().horizontalAdvance(self._closed_text()) + 38
        return QSize(min(max(wide, 72), 236), super().sizeHint().height())

    def _closed_text(self) -> str:
        """What it says while it is closed: the entry, or its short form where it has one."""
        return str(self.currentData(SHORT) or self.currentText())

    def minimumSizeHint(self) -> QSize:
        """A few letters and the arrow."""
        return QSize(72, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's own painting with the text cut to fit."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        cut = self._cut_text(option)
        option.currentText = f"\u2068{cut}\u2069"  # a name keeps its own direction, and the dots their end of it
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _cut_text(self, option: QStyleOptionComboBox) -> str:
        """What there is room for of what it says."""
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - 2
        return self.fontMetrics().elidedText(self._closed_text(), Qt.TextElideMode.ElideRight, room)

    def event(self, event: QEvent) -> bool:
        """The tool tip says the whole entry too, where it is cut."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            option = QStyleOptionComboBox()
            self.initStyleOption(option)
            whole = self.currentText()
            if whole and self._cut_text(option) != whole and whole not in self.toolTip():
                lines = [part for part in (self.toolTip(), whole) if part]
                QToolTip.showText(event.globalPos(), "\n".join(lines), self)
                return True
        return super().event(event)

    def showPopup(self) -> None:
        """Open the list wide enough for its entries."""
        longest = max(
            (self.fontMetrics().horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0
        )
        self.view().setMinimumWidth(min(longest + 40, 460))
        super().showPopup()


class MaterialCombo(HeadCombo):
    """Chooses a material; the list is filled when it is opened or reached by key, so that a drag never waits for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer: Answer | None = None
        self._row: int | None = None

    def show_row(self, answer: Answer, row: int | None) -> None:
        """Show one material; the list follows when it is wanted."""
        held, listed = self._answer, self.count() > 1
        same = held is not None and answer.table is held.table and row == self._row
        self._answer, self._row = answer, row
        if same and (answer is held or not listed):
            return  # a list opened under another answer goes; the one name that stands there is still right
        with QSignalBlocker(self):
            self.clear()
            if row is not None:
                self.addItem(answer.table.names[row], answer.table.ids[row])
            self.setCurrentIndex(0 if row is not None else -1)
        self.setToolTip(answer.table.names[row] if row is not None else "")
        self.updateGeometry()

    def fill(self) -> None:
        """List the first of the ranking, best first, and the chosen one among them."""
        answer = self._answer
        if answer is None or self.count() > 1:
            return
        rows = answer.ranking.order[:LISTED].tolist()
        if self._row is not None and self._row not in rows:
            rows.append(self._row)
        with QSignalBlocker(self):
            self.clear()
            for row in rows:
                self.addItem(answer.table.names[row], answer.table.ids[row])
            self.setCurrentIndex(rows.index(self._row) if self._row is not None else -1)

    def showPopup(self) -> None:
        """Fill the list, then open it."""
        self.fill()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys step through the list, so it must be there."""
        self.fill()
        super().focusInEvent(event)


class Controls(QWidget):
    """What stands at the right of the tabs for one chart; ``options`` are the chart's own part of the view.

    Signals:
        changed(): an option was chosen here.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)

    def show_state(self, answer: Answer, view: View) -> None:
        """Show what is chosen."""

    def attach(self, canvas: ChartCanvas) -> None:
        """The chart's canvas is there; what can be dragged on it is heard here."""

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""

    def options(self, view: View) -> View:
        """The view with this chart's own choices; what it does not show stays out, and so never redraws it."""
        return replace(view, hovered=None)
