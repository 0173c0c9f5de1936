"""Help: the published cases worked out again on this machine, the keys, and whom the figures are owed to."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QFont, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from advisor import __version__
from advisor.files import shipped
from ui.jobs import Jobs
from ui.theme import Theme

if TYPE_CHECKING:
    from advisor.proof import CaseResult


class _Sheet(QDialog):
    """A dialog that is a sentence, a table to read and a button to close."""

    def __init__(self, title: str, said: str, heads: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(860, 520)
        self.said = QLabel(said, self)
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table = QTableWidget(0, len(heads), self)
        self.table.setAccessibleName(title)
        self.table.setHorizontalHeaderLabels(list(heads))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.verticalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(26)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setMaximumSectionSize(300)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        column.addWidget(buttons)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Put text into the table; what does not fit stands in the tool tip."""
        self.table.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for number, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(at, number, item)


class ProofDialog(_Sheet):
    """The published decision tables, worked out again here by this program; one that comes out otherwise is red."""

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        self._look = look
        super().__init__(
            self.tr("Published cases"),
            self.tr("Working the published cases out again…"),
            (self.tr("Result"), self.tr("Method"), self.tr("Largest difference"), self.tr("Source")),
            parent,
        )
        self._jobs = Jobs(self)
        self._jobs.done.connect(self._done)
        self._jobs.failed.connect(self._failed)
        self._jobs.start("proof", _prove)
        self.finished.connect(self._jobs.close)

    @Slot(str, object)
    def _done(self, _kind: str, results: tuple[CaseResult, ...]) -> None:
        good = sum(result.passed for result in results)
        self.said.setProperty("ink", "" if good == len(results) else "bad")
        self.said.style().polish(self.said)
        self.said.setText(
            self.tr("{good} of {count} published cases come out here as printed, within the tolerance of each.").format(
                good=good, count=len(results)
            )
        )
        rows = []
        # What went wrong stands first.
        for result in sorted(results, key=lambda result: result.passed):
            largest = result.largest
            away = "–" if largest is None else f"{largest.difference:.2g} ({self.tr('of')} {largest.tolerance:.2g})"
            rows.append(
                (
                    self.tr("✓ as printed") if result.passed else self.tr("✗ NOT as printed"),
                    result.method,
                    away,
                    " · ".join(part for part in (result.citation, result.url, *result.notes) if part),
                )
            )
        self.show_rows(rows)
        bold = QFont(self.table.font())
        bold.setBold(True)
        for row in range(len(results) - good):
            for column in range(self.table.columnCount()):
                item = self.table.item(row, column)
                assert item is not None
                item.setForeground(self._look.colour("bad"))
            verdict = self.table.item(row, 0)
            assert verdict is not None
            verdict.setFont(bold)

    @Slot(str, object)
    def _failed(self, _kind: str, error: Exception) -> None:
        raise RuntimeError("the published cases could not be worked out") from error


def _prove(_stop: Callable[[], bool]) -> tuple[CaseResult, ...]:
    from advisor.proof import prove

    return prove()


class KeysDialog(_Sheet):
    """Every command that has a key."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Keys"),
            self.tr("Arrow keys move a slider by a hundredth, with Shift finely; Page keys by a tenth."),
            (self.tr("Key"), self.tr("Command"), self.tr("What it does")),
            parent,
        )
        native = QKeySequence.SequenceFormat.NativeText
        self.show_rows(
            [
                (", ".join(key.toString(native) for key in action.shortcuts()), action.text(), action.toolTip())
                for action in actions
                if action.shortcuts()
            ]
        )


class AboutDialog(_Sheet):
    """The version, the licence, and the sources of the climate and of the fabric figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("About Material Advisor"),
            self.tr(
                "Material Advisor {version}, MIT licence. It opens no network connection. Climate figures are owed to "
                "the sources below; each fabric figure names its own."
            ).format(version=__version__),
            (self.tr("Source"), self.tr("Terms"), self.tr("Address")),
            parent,
        )
        rows: list[tuple[str, str, str]] = []
        for name in ("place_sources.csv", "sources.csv"):
            with shipped("data", name).open(encoding="utf-8", newline="") as stream:
                rows.extend(
                    (row["title"], row.get("licence") or row.get("kind", ""), row["url"])
                    for row in csv.DictReader(stream)
                    if row.get("kind") not in ("rule", "judgement")
                )
        self.show_rows(rows)
