"""Tables of dialogs: quiet lists of rows on a card, without grid or row numbers, that Tab leaves in one step."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from ui.theme import TARGET

_ONE = QAbstractItemView.SelectionMode.SingleSelection
_SEVERAL = QAbstractItemView.SelectionMode.ExtendedSelection


class QuietTable(QTableView):
    """A list of whole rows, each as high as a target.

    Args:
        name: what assistive technology calls it.
        several: whether more than one row can be chosen.
    """

    def __init__(self, name: str, parent: QWidget, several: bool = False) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(_SEVERAL if several else _ONE)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setStyleSheet("QHeaderView::section { border: 0; }")
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(TARGET)
        self.horizontalHeader().setHighlightSections(False)

    def take(self, model: QAbstractItemModel, stretched: int, widths: Mapping[int, int]) -> None:
        """Show a model: one column takes the room the others leave."""
        self.setModel(model)
        header = self.horizontalHeader()
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        for column, width in widths.items():
            header.resizeSection(column, width)


def on_card(widget: QWidget, parent: QWidget) -> QFrame:
    """A card that holds nothing but this widget."""
    card = QFrame(parent)
    card.setProperty("surface", "card")
    card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    inside = QVBoxLayout(card)
    inside.setContentsMargins(2, 2, 2, 2)
    inside.addWidget(widget)
    return card
