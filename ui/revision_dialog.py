"""Revision dialog: whether a decision still holds under today's table, which figures moved it, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from advisor import archive
from advisor.materials import Table, bundled, read_version
from advisor.moves import PlaceMove
from advisor.problems import AdvisorError
from advisor.profiles import panels
from advisor.properties import properties
from advisor.revision import FigureMove, Revision, revise, standings
from ui import words
from ui.session import Session
from ui.theme import TARGET, Theme, space
from ui.widgets import restyle

_SIZE: Final = (840, 520)
#: Lines of a list at most; the rest is counted.
_MOST: Final = 200
#: Figures that count for the lead of the first, in places after the point of a score.
_DIGITS: Final = 3


class RevisionDialog(QDialog):
    """The brief's ranking under the table the project was made on, beside that under today's.

    Args:
        session: whose brief, rows and figures are ranked under both.
        look: the theme.
        tables: folder of the tables that were kept; None where there is none.
    """

    def __init__(
        self, session: Session, look: Theme, tables: Path | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._look, self._tables = session, look, tables
        self.revision: Revision | None = None
        self.setWindowTitle(self.tr("What changed since"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(560, 360)
        self.resize(*_SIZE)
        self.verdict = QLabel(self)
        self.verdict.setWordWrap(True)
        self.verdict.setProperty("type", "title")
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.about = QLabel(self)
        self.about.setWordWrap(True)
        self.about.setProperty("ink", "2")
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QVBoxLayout()
        head.setSpacing(space(1))
        head.addWidget(self.verdict)
        head.addWidget(self.about)
        self._tabs = QTabWidget(self)
        self._tabs.setDocumentMode(True)
        self.figures = self._list(
            self.tr("Figures that moved the lead"),
            (self.tr("Material"), self.tr("Property"), self.tr("Then"), self.tr("Now"), self.tr("Moves the lead")),
        )
        self.places = self._list(
            self.tr("Materials at another place"),
            (self.tr("Material"), self.tr("Then"), self.tr("Now"), self.tr("Score"), self.tr("Most by")),
        )
        self.decisions = self._list(
            self.tr("What was decided"),
            (self.tr("Panel"), self.tr("Material"), self.tr("Then"), self.tr("Now"), self.tr("Decided")),
            stretched=1,
        )
        for view in (self.figures, self.places, self.decisions):
            self._tabs.addTab(view, "")
        card = QFrame(self)
        card.setProperty("surface", "card")
        card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.addWidget(self._tabs)
        self.choose = QPushButton(self.tr("Choose the older table…"), self)
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self.ask_table)
        self.go_on = QPushButton(self.tr("Go on with today's table"), self)
        self.go_on.setAutoDefault(False)
        self.go_on.setToolTip(self.tr("From the next saving on, the project is of today's table"))
        self.go_on.clicked.connect(self._go_on)
        close = QPushButton(self.tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setSpacing(space(2))
        for part in (self.choose, self.go_on):
            foot.addWidget(part)
        foot.addStretch(1)
        foot.addWidget(close)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(space(3))
        box.addLayout(head)
        box.addWidget(card, 1)
        box.addLayout(foot)
        self._begin()

    def _list(self, name: str, heads: Sequence[str], stretched: int = 0) -> QTableWidget:
        view = QTableWidget(0, len(heads), self)
        view.setAccessibleName(name)
        view.setHorizontalHeaderLabels(list(heads))
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setStyleSheet("QTableWidget::item { padding: 0 8px; }")  # as wide as the headings' own
        view.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        view.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        view.setTabKeyNavigation(False)
        view.verticalHeader().setVisible(False)
        view.verticalHeader().setDefaultSectionSize(TARGET)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        return view

    # --- comparing -----------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Compare with the table the project was made on, where it was kept; else say what is needed."""
        made_on = self._session.records.made_on
        self.go_on.setVisible(made_on is not None)
        self._show_decisions()
        table = None
        if made_on is not None and self._tables is not None:
            table = archive.kept(self._tables / f"{made_on.sha256}{archive.SUFFIX}")
        if table is not None:
            self.compare(table)
            return
        if made_on is None:
            self.verdict.setText(self.tr("Choose the table to compare with"))
            said = self.tr("The project is of the table that is ranked.")
        else:
            self.verdict.setText(self.tr("The table it was made on is not on this computer"))
            said = self.tr("It was made on {name}, {hash}…; ranked now is {now}.").format(
                name=made_on.name, hash=made_on.sha256[:8], now=_named(self._session.stock.base)
            )
        more = self.tr("An older table is the datapackage.json it was published with, or any table of the same cloths.")
        self.about.setText(f"{said} {more}")
        for view in (self.figures, self.places):
            self._tabs.setTabVisible(self._tabs.indexOf(view), False)
        self._tabs.setVisible(bool(self._session.records.decisions))

    @Slot()
    def ask_table(self) -> None:
        """Ask for the older table and compare with it."""
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("The older table"),
            "",
            self.tr("Published tables and tables (datapackage.json *.csv *.tsv *.xlsx *.xls *.ods);;All files (*)"),
        )
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Compare with the table in a file; one that cannot be read is said and changes nothing."""
        try:
            self.compare(read_version(path))
        except AdvisorError as error:
            self.verdict.setText(self.tr("This table cannot be compared with"))
            self.about.setText(error.problems[0].line())

    def compare(self, old: Table) -> None:
        """Compare with an older table: the same brief, rows and own figures over both."""
        session = self._session
        base = session.stock.base
        before = replace(session.stock.over(old), measured=session.stock.measured)
        found = self.revision = revise(replace(session.brief, method="additive"), before.table, session.table)
        lines = [words.words(sentence) for sentence in found.sentences(most=0)]
        self.verdict.setText(lines[0])
        named = self.tr("Then {before}, now {now}; your own rows and figures count in both.")
        lines[0] = named.format(before=_named(old), now=_named(base))
        if old.sha256 == base.sha256:
            lines[0] = self.tr("Both are the same table.")
        self.about.setText(" ".join(lines))
        self._fill(self.figures, [self._figure(move) for move in found.figures])
        self._fill(self.places, [self._place(move) for move in found.moves])
        self._tabs.setVisible(True)
        count = words.number
        for view, text in (
            (self.figures, self.tr("What moved the lead: {count}").format(count=count(len(found.figures)))),
            (self.places, self.tr("Places: {count}").format(count=count(len(found.moves)))),
        ):
            place = self._tabs.indexOf(view)
            self._tabs.setTabVisible(place, True)
            self._tabs.setTabText(place, text)
        self._tabs.setCurrentIndex(0 if found.figures or not found.moves else 1)

    def _figure(self, move: FigureMove) -> tuple[tuple[str, bool], ...]:
        """A figure's line: text, and whether it is a number; a decisive one says so."""
        item = properties()[move.property]
        if not item.numeric:
            then, now = move.words_before or "–", move.words_after or "–"
        elif move.before == move.after:
            then, now = (_range(ends, item.decimals) for ends in (move.range_before, move.range_after))
        else:
            then, now = (_amount(figure, item.decimals) for figure in (move.before, move.after))
        name = words.label(move.property)
        if item.numeric and words.unit(move.property):
            name = f"{name}, {words.unit(move.property)}"
        effect = words.number(move.effect, _DIGITS, signed=True)
        if move.decisive:
            effect = self.tr("{effect}, decides").format(effect=effect)
        return (move.name, False), (name, False), (then, True), (now, True), (effect, True)

    def _place(self, move: PlaceMove) -> tuple[tuple[str, bool], ...]:
        """A place's line."""
        then, now = (words.number(place) if place else self.tr("out") for place in (move.before, move.after))
        if move.before and move.after and abs(move.score) < 0.0005:
            return (move.name, False), (then, True), (now, True), ("–", True), (self.tr("others"), False)
        most = move.main()
        part = words.number(move.parts[most], _DIGITS, signed=True)
        by = f"{words.criterion(most)} {part}"
        return (
            (move.name, False),
            (then, True),
            (now, True),
            (words.number(move.score, _DIGITS, True), True),
            (by, False),
        )

    def _show_decisions(self) -> None:
        """What was decided on this brief, and where it stands now."""
        rows = []
        for standing in standings(self._session.records.decisions, self._session.answer):
            then = self.tr("out") if standing.then is None else words.number(standing.then)
            if standing.now is None:
                now = self.tr("not in the table")
            else:
                now = words.number(standing.now) if standing.now else self.tr("out")
            when = " · ".join(filter(None, (standing.when, standing.who)))
            known = panels().get(standing.panel)
            panel = standing.panel if known is None else words.profile(known.name)
            rows.append(((panel, False), (standing.name, False), (then, True), (now, True), (when, False)))
        self._fill(self.decisions, rows)
        place = self._tabs.indexOf(self.decisions)
        self._tabs.setTabText(place, self.tr("Decided: {count}").format(count=words.number(len(rows))))
        self._tabs.setTabVisible(place, bool(rows))

    def _fill(self, view: QTableWidget, rows: Sequence[Sequence[tuple[str, bool]]]) -> None:
        view.setRowCount(min(len(rows), _MOST))
        for at, row in enumerate(rows[:_MOST]):
            for number, (text, figure) in enumerate(row):
                # A sign stays before its number where lines run from right to left.
                item = QTableWidgetItem(f"\u200e{text}" if figure else text)
                item.setToolTip(text)
                side = Qt.AlignmentFlag.AlignTrailing if figure else Qt.AlignmentFlag.AlignLeading
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                view.setItem(at, number, item)
        for number, (_, figure) in enumerate(rows[0] if rows else ()):
            head = view.horizontalHeaderItem(number)
            side = Qt.AlignmentFlag.AlignTrailing if figure else Qt.AlignmentFlag.AlignLeading
            assert head is not None
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    @Slot()
    def _go_on(self) -> None:
        """The project is of today's table from now on."""
        session = self._session
        session.use_records(replace(session.records, made_on=None), self.tr("Today's table"))
        self.accept()

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        restyle(self, look)


def _named(table: Table) -> str:
    """A table as people tell it from another: the shipped one by its version, others by name and hash."""
    version = table.version or (bundled().version if table.sha256 == bundled().sha256 else "")
    return f"{table.name} {version}".strip() if version else f"{table.name} {table.sha256[:8]}…"


def _amount(figure: float | None, decimals: int) -> str:
    return "–" if figure is None else words.number(figure, decimals)


def _range(ends: tuple[float, float] | None, decimals: int) -> str:
    return "–" if ends is None else f"{words.number(ends[0], decimals)} – {words.number(ends[1], decimals)}"
