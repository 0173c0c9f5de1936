"""Dialog of own product types: keeps the settings that stand as a product type, and takes such types away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from advisor.brief import Band, Brief, Service
from advisor.problems import AdvisorError
from advisor.profiles import products
from advisor.templates import (
    NAME_LENGTH,
    Template,
    read_templates,
    remove_template,
    same_name,
    template_of,
    write_template,
)
from ui import words
from ui.session import Session
from ui.theme import TARGET, Theme, space

_NAME_ROLE = Qt.ItemDataRole.UserRole


class ProductTypesDialog(QDialog):
    """Keeps the brief's settings as a product type of the user's own; lists the kept ones to take away.

    Signals: ``changed(str)``: what is kept has changed; the name just kept, or "".
    """

    changed = Signal(str)

    def __init__(self, session: Session, look: Theme, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._folder = session, folder
        self.setWindowTitle(self.tr("Own product types"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        said = QLabel(
            self.tr(
                "A product type of your own keeps product, panel, price, limits, priorities, demands, curves, locks "
                "and service life. Place, sector, market and quantity stay with each brief."
            ),
            self,
        )
        said.setWordWrap(True)
        said.setProperty("ink", "2")
        now = QLabel(self.tr("Now: {settings}").format(settings=summary(session.brief)), self)
        now.setWordWrap(True)
        self._name = QLineEdit(self)
        self._name.setMaxLength(NAME_LENGTH)
        self._name.setPlaceholderText(self.tr("Name of the product type"))
        self._name.setAccessibleName(self.tr("Name of the product type"))
        self._name.textChanged.connect(self._tell)
        self._keep = QPushButton(self.tr("Keep"), self)
        self._keep.setDefault(True)
        self._keep.clicked.connect(self._keep_it)
        line = QHBoxLayout()
        line.setSpacing(space(1.5))
        line.addWidget(self._name, 1)
        line.addWidget(self._keep)
        self._told = QLabel(self)
        self._told.setWordWrap(True)
        self._told.setProperty("type", "caption")
        self._told.setMinimumHeight(TARGET)
        heading = QLabel(self.tr("Kept"), self)
        heading.setProperty("type", "caps")
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Own product types"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setMinimumHeight(5 * TARGET)
        self._list.currentItemChanged.connect(self._chosen)
        buttons = QDialogButtonBox(self)
        self._remove = buttons.addButton(self.tr("Remove"), QDialogButtonBox.ButtonRole.ResetRole)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self._keep, self._remove, close):
            button.setAccessibleName(button.text())
        self._remove.clicked.connect(self._remove_it)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(space(2))
        box.addWidget(said)
        box.addWidget(now)
        box.addLayout(line)
        box.addWidget(self._told)
        box.addWidget(heading)
        box.addWidget(self._list)
        box.addWidget(buttons)
        self._templates: Sequence[Template] = ()
        self._fill()
        self._name.setFocus()

    def _fill(self) -> None:
        """The kept types anew; what could not be read is said, not passed over."""
        self._templates, problems = read_templates(self._folder)
        self._list.clear()
        for template in self._templates:
            text = self.tr("{name} · {settings}").format(name=template.name, settings=summary(template.settings))
            item = QListWidgetItem(text, self._list)
            item.setData(_NAME_ROLE, template.name)
            item.setToolTip(text)
        self._remove.setEnabled(False)
        self._tell()
        if problems:
            self._told.setText("\n".join(problem.line() for problem in problems))

    @Slot()
    def _tell(self) -> None:
        """Whether the name can be kept, and what keeping it would replace."""
        name = self._name.text()
        self._keep.setEnabled(bool(name.strip()))
        taken = any(same_name(template.name, name) for template in self._templates)
        self._told.setText(self.tr("Replaces the kept one of this name.") if taken else "")

    @Slot()
    def _chosen(self) -> None:
        item = self._list.currentItem()
        self._remove.setEnabled(item is not None)
        if item is not None:
            self._name.setText(item.data(_NAME_ROLE))

    @Slot()
    def _keep_it(self) -> None:
        try:
            template = template_of(self._name.text(), self._session.brief)
            write_template(self._folder, template)
        except AdvisorError as error:
            self._told.setText(str(error))
            return
        self.changed.emit(template.name)
        self.accept()

    @Slot()
    def _remove_it(self) -> None:
        item = self._list.currentItem()
        if item is None:
            return
        try:
            remove_template(self._folder, item.data(_NAME_ROLE))
        except AdvisorError as error:
            self._told.setText(str(error))
            return
        self._name.clear()
        self._fill()
        self.changed.emit("")


def summary(brief: Brief) -> str:
    """What a product type sets, in one line: its product and how much of each kind."""
    parts = [words.profile(products()[brief.product].name)]
    if brief.price != Band():
        parts.append(QCoreApplication.translate("ProductTypes", "own price"))
    if brief.limits:
        text = QCoreApplication.translate("ProductTypes", "limits: {count}")
        parts.append(text.format(count=words.number(len(brief.limits))))
    if brief.priorities:
        text = QCoreApplication.translate("ProductTypes", "priorities: {count}")
        parts.append(text.format(count=words.number(len(brief.priorities))))
    if brief.demands:
        text = QCoreApplication.translate("ProductTypes", "demands: {count}")
        parts.append(text.format(count=words.number(len(brief.demands))))
    if brief.curves:
        text = QCoreApplication.translate("ProductTypes", "curves: {count}")
        parts.append(text.format(count=words.number(len(brief.curves))))
    if brief.service != Service():
        parts.append(QCoreApplication.translate("ProductTypes", "own service life"))
    return " · ".join(parts)
