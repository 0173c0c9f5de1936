"""Own figures dialog: the user's figures over the table beside what they stand over, each to be taken back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import words
from ui.intake_models import ChangesModel, Index
from ui.session import Session
from ui.tables import QuietTable, on_card
from ui.theme import Theme, space
from ui.widgets import restyle

_SIZE: Final = (760, 420)
_ROLE: Final = Qt.ItemDataRole
_START: Final = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
#: The column behind those of any list of changes.
FROM: Final = 4


class OverridesModel(ChangesModel):
    """Overrides with where each is from: a note, a supplier's quote, a lab report."""

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else super().columnCount(parent) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        if section < FROM:
            return super().headerData(section, orientation, role)
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return QCoreApplication.translate("OwnFiguresDialog", "From")
        return int(_START) if role == _ROLE.TextAlignmentRole else None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> object:
        if index.column() < FROM:
            return super().data(index, role)
        if role in (_ROLE.DisplayRole, _ROLE.ToolTipRole):
            return self.override(index.row()).because
        return int(_START) if role == _ROLE.TextAlignmentRole else None


class OwnFiguresDialog(QDialog):
    """Lists what the user or a lab report put over the table; takes back what is chosen, undoable as any change.

    Args:
        session: whose stock is listed and changed.
        look: the theme.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        self.setWindowTitle(self.tr("Own figures"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(480, 280)
        self.resize(*_SIZE)
        self._about = QLabel(self)
        self._about.setWordWrap(True)
        self.figures = QuietTable(self.tr("Your figures over the table"), self, several=True)
        self._model = OverridesModel(look)
        self._model.setParent(self)
        self.figures.take(self._model, 0, {1: 140, 2: 124, 3: 110, FROM: 190})
        self._card = card = on_card(self.figures, self)
        self.take_back = QPushButton(self.tr("Take back the chosen ones"), self)
        self.take_all = QPushButton(self.tr("Take all back"), self)
        close = QPushButton(self.tr("Close"), self)
        close.setDefault(True)
        self.take_back.clicked.connect(self._take_back)
        self.take_all.clicked.connect(self._take_all)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self.take_back)
        row.addWidget(self.take_all)
        row.addStretch(1)
        row.addWidget(close)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(space(2))
        box.addWidget(self._about)
        box.addWidget(card, 1)
        box.addStretch(0)
        box.addLayout(row)
        selection = self.figures.selectionModel()
        selection.selectionChanged.connect(self._chosen)
        session.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        stock = self._session.stock
        overrides = stock.overrides
        self._model.show_changes(stock.whole, overrides)
        if overrides:
            materials = len({entry.id for entry in overrides})
            self._about.setText(
                self.tr(
                    "Figures of yours and of lab reports over those of the table: {figures}; materials: {count}. The"
                    " table itself stays as it is."
                ).format(figures=words.number(len(overrides)), count=words.number(materials))
            )
        else:
            self._about.setText(
                self.tr(
                    "No figure of yours stands over the table. Open or paste a table and choose “Override its"
                    " figures”, or add quotes."
                )
            )
        self._card.setVisible(bool(overrides))
        self.take_all.setEnabled(bool(overrides))
        self._chosen()

    @Slot()
    def _chosen(self) -> None:
        self.take_back.setEnabled(bool(self.figures.selectionModel().selectedRows()))

    @Slot()
    def _take_back(self) -> None:
        chosen = [self._model.override(index.row()) for index in self.figures.selectionModel().selectedRows()]
        stock = self._session.stock
        for entry in chosen:
            stock = stock.without(entry.id, entry.property)
        if len(chosen) == 1:
            label = self.tr("{property} of the table again").format(property=words.label(chosen[0].property))
        else:
            label = self.tr("%n figures of the table again", "", len(chosen))
        if chosen:
            self._session.use_stock(stock, label)

    @Slot()
    def _take_all(self) -> None:
        self._session.use_stock(self._session.stock.without_figures(), self.tr("Own figures taken back"))

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._model.set_look(look)
        restyle(self, look)
