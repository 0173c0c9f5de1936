"""Intake dialog: a table as it will be read, every problem, and what it changes; nothing happens before "Use"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QDate, QModelIndex, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QCheckBox,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from advisor.headers import Meaning, Plan, plan
from advisor.intake import Reading, read
from advisor.materials import Table, bundled
from advisor.merge import Merged, Mode
from advisor.problems import AdvisorError, Problem
from advisor.sheets import Sheet, pasted, read_sheet
from advisor.stock import Stock, suggested_mode
from advisor.units import Rate
from ui import import_profiles, words
from ui.intake_columns import ColumnsPanel
from ui.intake_models import (
    ChangesModel,
    PreviewModel,
    ProblemsModel,
    Severity,
)
from ui.jobs import Work
from ui.reading_dialog import ReadingDialog, refusal_words
from ui.session import Session
from ui.theme import Theme, space
from ui.widgets import ElidedLabel, LinkButton

_MODES: Final[tuple[Mode, ...]] = ("replace", "add", "override")
#: Share of the progress that finding the cells of a file takes; reading them takes the rest.
_CELLS_SHARE: Final = 0.3
#: Rows whose cells a column of the preview is made to fit.
_FITTED: Final = 40
#: Pages of the dialog.
_PASTE, _BODY, _REFUSAL = range(3)
_OVERRIDE, _PREVIEW_WIDTH, _MOST_WIDTH = "override", 96, 180


#: Finds the cells: the sheet wanted ("" for the first that holds any), progress, whether to stop.
Source = Callable[[str, Callable[[float], None], Callable[[], bool]], Sheet]


@dataclass(frozen=True, eq=False)
class _Read:
    """What a reading job brings: the cells, the plan, what came of it, and how it would be merged."""

    sheet: Sheet
    plan: Plan
    reading: Reading
    profile: str
    mode: Mode
    trial: Trial | None


@dataclass(frozen=True, eq=False)
class Trial:
    """What would come of using a table: the new stock and what merging says, or why it cannot be used so."""

    mode: Mode
    stock: Stock | None
    merged: Merged | None
    problems: tuple[Problem, ...]


def try_out(stock: Stock, own: Table, mode: Mode) -> Trial:
    """How a table would be merged; nothing is changed by it."""
    try:
        changed, merged = stock.trial(own, mode)
    except AdvisorError as error:
        return Trial(mode, None, None, error.problems)
    return Trial(mode, changed, merged, merged.problems)


def _work(
    cells: Sheet,
    own_plan: Plan,
    profile: str,
    stock: Stock,
    mode: Mode | None,
    tell: Callable[[float], None],
    halt: Callable[[], bool],
) -> _Read:
    """Read cells by a plan and try the merge out; runs on the worker thread."""
    reading = read(cells, own_plan, lambda done: tell(_CELLS_SHARE + done * (1 - _CELLS_SHARE)), halt)
    trial = None
    if reading.table is not None:
        mode = mode or suggested_mode(stock.whole, reading.table)
        trial = try_out(stock, reading.table, mode)
    return _Read(cells, own_plan, reading, profile, mode or "replace", trial)


class IntakeDialog(ReadingDialog):
    """Shows a table before it is used: columns, preview, problems, what will happen.

    Args:
        session: whose stock the table is merged with, once the user says so.
        look: the theme.
        profiles: folder of remembered imports; None remembers nothing.
    """

    def __init__(
        self, session: Session, look: Theme, profiles: Path | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, look, profiles, parent)
        self._source: Source | None = None
        self._sheet: Sheet | None = None
        self.plan: Plan | None = None
        self.reading: Reading | None = None
        self.trial: Trial | None = None
        self._mode_said = False
        self._profile = ""
        self.setWindowTitle(self.tr("Open a table"))
        self._build()
        self._show_nothing()

    # --- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(space(2))
        box.addLayout(self.make_head())
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._make_paste())
        self._pages.addWidget(self._make_body())
        self._pages.addWidget(self._make_refusal())
        box.addWidget(self._pages, 1)
        box.addLayout(self._make_foot())

    def _make_paste(self) -> QWidget:
        page = QWidget(self)
        said = QLabel(self.tr("Copy the cells in the spreadsheet, header included, and paste them here."), page)
        said.setProperty("ink", "2")
        self._paste = QPlainTextEdit(page)
        self._paste.setAccessibleName(self.tr("Cells of a spreadsheet"))
        self._paste.setPlaceholderText(
            self.tr("Name\tMass (g/m²)\tTear (N)\nOxford 600D\t260\t48", "an example with tabs between the cells")
        )
        self._paste.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._paste.setTabChangesFocus(True)
        self._read_paste = QPushButton(self.tr("Read it"), page)
        self._read_paste.setEnabled(False)
        self._read_paste.setProperty("kind", "primary")
        self._paste.textChanged.connect(self._paste_changed)
        self._read_paste.clicked.connect(self._paste_done)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(said)
        box.addWidget(self._paste, 1)
        box.addWidget(self._read_paste, 0, Qt.AlignmentFlag.AlignLeading)
        return page

    def _make_refusal(self) -> QWidget:
        """What is shown in the place of a file that is no table at all."""
        page = QFrame(self)
        page.setProperty("surface", "card")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = QLabel(self.tr("This cannot be read as a table. Nothing has changed."), page)
        title.setProperty("type", "title")
        title.setProperty("ink", "bad")
        self._refused = QLabel(page)
        self._refused.setWordWrap(True)
        self._refused.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        what = QLabel(
            self.tr("Tables are read from CSV and text files of any encoding, and from XLSX, XLS and ODS workbooks."),
            page,
        )
        what.setProperty("ink", "3")
        what.setWordWrap(True)
        box = QVBoxLayout(page)
        box.setContentsMargins(space(6), space(6), space(6), space(6))
        box.setSpacing(space(3))
        for label in (title, self._refused, what):
            box.addWidget(label)
        box.addStretch(1)
        return page

    def _make_body(self) -> QWidget:
        page = QWidget(self)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(space(1))
        self._columns_title = self.make_caps(self.tr("Columns as found"))
        self.columns = ColumnsPanel(self._look, page)
        self.columns.chosen.connect(self._column_chosen)
        left.addWidget(self._columns_title)
        left.addWidget(self.make_card(self.columns), 1)
        left.addWidget(self._make_money())
        self.preview = self.make_table(self.tr("Rows as they will be read"))
        self.rows = PreviewModel(self._look)
        self.rows.setParent(self)
        self.preview.setModel(self.rows)
        self.preview.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.preview.verticalHeader().setVisible(True)
        self.preview.horizontalHeader().setResizeContentsPrecision(_FITTED)
        self.preview.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self._preview_title = self.make_caps(self.tr("Rows as they will be read"))
        right.addWidget(self._preview_title)
        right.addWidget(self.make_card(self.preview), 1)
        right.addWidget(self._make_tabs(page), 1)
        body = QHBoxLayout()
        body.setSpacing(space(3))
        body.addLayout(left, 50)
        body.addLayout(right, 50)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(space(2))
        box.addLayout(body, 1)
        box.addWidget(self._make_modes(page))
        return page

    def _make_money(self) -> QWidget:
        """What prices in another currency or by length need besides."""
        self._money = QFrame(self)
        self._money.setProperty("surface", "notice")
        self._money.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rate_label = QLabel(self._money)
        self._rate = self.make_spin(self.tr("Exchange rate in US dollars"), 6, 1000, self.tr(" USD"), self._money)
        self._rate.setSpecialValueText(self.tr("not set"))
        self._rate_date = QDateEdit(QDate.currentDate(), self._money)
        self._rate_date.setAccessibleName(self.tr("Date of the exchange rate"))
        self._width_label = QLabel(self.tr("Roll width"), self._money)
        self._width = self.make_spin(self.tr("Roll width in centimetres"), 2, 400, self.tr(" cm"), self._money)
        self._width.setSpecialValueText(self.tr("not set"))
        self._rate.setFixedWidth(132)
        self._rate_date.setFixedWidth(112)
        self._width.setFixedWidth(92)
        if (edit := self._rate_date.lineEdit()) is not None:
            edit.setTextMargins(6, 0, 6, 0)
        row = QHBoxLayout(self._money)
        row.setContentsMargins(space(2), space(1), space(2), space(1))
        row.setSpacing(space(1.5))
        for widget in (self._rate_label, self._rate, self._rate_date):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self._width_label, self._width):
            row.addWidget(widget)
        for spin in (self._rate, self._width):
            spin.valueChanged.connect(self._money_changed)
        self._rate_date.dateChanged.connect(self._money_changed)
        self._money.hide()
        return self._money

    def _make_tabs(self, page: QWidget) -> QWidget:
        self._tabs = QTabWidget(page)
        self._tabs.setDocumentMode(True)
        problems = QWidget(self._tabs)
        filters = QHBoxLayout()
        filters.setSpacing(space(1))
        self._filters = QButtonGroup(self)
        self._filter_buttons: dict[Severity, QPushButton] = {}
        for number, kind in enumerate(_KINDS):
            button = QPushButton(problems)
            button.setCheckable(True)
            button.setChecked(not kind)
            self._filters.addButton(button, number)
            self._filter_buttons[kind] = button
            filters.addWidget(button)
        filters.addStretch(1)
        self._filters.idClicked.connect(self._filter)
        self.problems = self.make_table(self.tr("Problems"))
        self.told = ProblemsModel(self._look)
        self.told.setParent(self)
        self.problems.setModel(self.told)
        self.problems.horizontalHeader().setVisible(False)
        self.problems.horizontalHeader().setStretchLastSection(True)
        self.problems.setColumnWidth(0, 150)
        self.problems.clicked.connect(self._jump)
        self.problems.activated.connect(self._jump)
        self._no_problem = QLabel(self.tr("No problem found."), problems)
        self._no_problem.setProperty("ink", "good")
        self._no_problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(problems)
        column.setContentsMargins(0, space(1), 0, 0)
        column.setSpacing(space(1))
        column.addLayout(filters)
        column.addWidget(self.problems, 1)
        column.addWidget(self._no_problem, 1)
        changes = QWidget(self._tabs)
        self.changes = self.make_table(self.tr("What changes"))
        self.changed = ChangesModel(self._look)
        self.changed.setParent(self)
        self.changes.setModel(self.changed)
        header = self.changes.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, width in ((1, 112), (2, 112), (3, 94)):
            header.resizeSection(place, width)
        self._no_change = QLabel(changes)
        self._no_change.setProperty("ink", "3")
        self._no_change.setWordWrap(True)
        self._no_change.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(changes)
        column.setContentsMargins(0, space(1), 0, 0)
        column.addWidget(self.changes, 1)
        column.addWidget(self._no_change, 1)
        self._tabs.addTab(problems, "")
        self._tabs.addTab(changes, "")
        return self._tabs

    def _make_modes(self, page: QWidget) -> QWidget:
        card = QFrame(page)
        card.setProperty("surface", "card")
        card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._modes = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(space(4))
        texts = (
            (self.tr("Replace the table"), self.tr("Rank these materials in the place of those ranked now")),
            (self.tr("Add to the table"), self.tr("Rank these materials beside those ranked now")),
            (self.tr("Override its figures"), self.tr("Put these figures over those of the same materials")),
        )
        for number, (text, tip) in enumerate(texts):
            button = QRadioButton(text, card)
            button.setToolTip(tip)
            self._modes.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        self._modes.idClicked.connect(self._mode_chosen)
        self._summary = QLabel(card)
        self._summary.setWordWrap(True)
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setMinimumHeight(30)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        self.spare = QCheckBox(self.tr("Leave out what is wrong, use the rest"), card)
        self.spare.setToolTip(
            self.tr("What is left out becomes a gap or goes with its row, and is listed under Problems")
        )
        self.spare.toggled.connect(self._spare_chosen)
        self.spare.hide()
        said = QHBoxLayout()
        said.setSpacing(space(3))
        said.addWidget(self._summary, 1)
        said.addWidget(self.spare, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(card)
        box.setContentsMargins(space(3), space(1), space(3), space(2))
        box.setSpacing(space(1))
        box.addLayout(row)
        box.addLayout(said)
        return card

    def _make_foot(self) -> QHBoxLayout:
        self._recalled = ElidedLabel(self._look, ink="ink2", kind="caption", parent=self)
        self._forget = LinkButton(self._look, self.tr("Guess anew"), parent=self)
        self._forget.clicked.connect(self._guess_anew)
        remember, use = self.tr("Remember these columns for the next file like it"), self.tr("Use this table")
        return self.make_foot(remember, use, self._recalled, self._forget)

    # --- where the table comes from --------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a file; what is in it is shown when it is there."""
        self._name.set_text(path.name)

        def cells(sheet: str, progress: Callable[[float], None], stop: Callable[[], bool]) -> Sheet:
            return read_sheet(path, sheet, progress, stop)

        self._source = cells
        self._profile = ""
        self._turn_to(_BODY)
        self._start()

    def paste(self, text: str | None = None) -> None:
        """Read copied cells: ``text``, else the clipboard's; without a table in it a field to paste into is shown."""
        self.setWindowTitle(self.tr("Paste a table"))
        self._name.set_text(self.tr("Pasted cells"))
        said = QGuiApplication.clipboard().text() if text is None else text
        if "\n" in said.strip() and any(sign in said for sign in "\t;,|"):
            self._read_text(said)
            return
        self._turn_to(_PASTE)
        self._paste.setFocus()

    def _turn_to(self, page: int) -> None:
        """Show a page, and of the foot what belongs to it."""
        self._pages.setCurrentIndex(page)
        self.use.setVisible(page == _BODY)
        self._remember.setVisible(page == _BODY and self._profiles is not None)

    def _read_text(self, text: str) -> None:
        name = self.tr("pasted")

        def cells(sheet: str, progress: Callable[[float], None], stop: Callable[[], bool]) -> Sheet:
            return pasted(text, name)

        self._source = cells
        self._turn_to(_BODY)
        self._start()

    @Slot()
    def _paste_changed(self) -> None:
        self._read_paste.setEnabled(bool(self._paste.toPlainText().strip()))

    @Slot()
    def _paste_done(self) -> None:
        self._read_text(self._paste.toPlainText())

    # --- reading -------------------------------------------------------------------------------------------------

    @Slot()
    def read_anew(self) -> None:
        """Read the file from its beginning."""
        self._start()

    def _start(self, sheet: str = "") -> None:
        """Find the cells and read them by their own plan, off the UI thread."""
        source = self._source
        if source is None:
            return
        stock, folder = self._session.stock, self._profiles
        self._sheet = self.plan = self.reading = self.trial = None
        self._mode_said = False
        tell = self.teller()

        def work(stop: Callable[[], bool]) -> _Read:
            halt = self.halting(stop)
            cells: Sheet = source(sheet, lambda done: tell(done * _CELLS_SHARE), halt)
            own_plan = plan(cells)
            name = ""
            if folder is not None:
                name, own_plan = import_profiles.recall(folder, own_plan)
            return _work(cells, own_plan, name, stock, None, tell, halt)

        self._run_reading(work)

    def _read_again(self, changed: Plan) -> None:
        """Read the same cells by another plan."""
        cells, stock, profile = self._sheet, self._session.stock, self._profile
        if cells is None:
            return
        self.plan = changed
        self.columns.show_plan(changed)
        self._show_money(changed)
        mode = self.mode if self._mode_said else None
        tell = self.teller()

        def work(stop: Callable[[], bool]) -> _Read:
            return _work(cells, changed, profile, stock, mode, tell, self.halting(stop))

        self._run_reading(work)

    def _run_reading(self, work: Work) -> None:
        for button in self._modes.buttons():
            button.setEnabled(False)
        if self._sheet is None:
            self._about.set_text(self.tr("Reading…"))
            self._summary.setText(self.tr("Reading…"))
        self.run("read", work)

    @Slot()
    def stop(self) -> None:
        """Give the reading under way up; nothing has changed."""
        self._summary.setText(self.tr("Stopped. Nothing has changed."))
        super().stop()

    def show_result(self, kind: str, result: Any) -> None:
        """Show a table read, or what would come of using it."""
        if kind == "read":
            self._show_read(result)
        else:
            self._show_trial(result)

    def show_refusal(self, problems: tuple[Problem, ...]) -> None:
        """Show why the file cannot be read."""
        self._show_nothing()
        self._about.set_text("")
        self._show_problems(problems)
        self._refused.setText(refusal_words(problems))
        self._refused.setAccessibleName(self._refused.text())
        self._turn_to(_REFUSAL)

    # --- showing -------------------------------------------------------------------------------------------------

    def _show_nothing(self) -> None:
        self._sheet = self.plan = self.reading = self.trial = None
        self.columns.show_plan(None)
        self.rows.show_reading(None, None, None)
        self._show_problems(())
        self._show_changes()
        for widget in (self._sheets, self._decimal, self._progress, self._stop, self._again, self._forget, self._money):
            widget.hide()
        self._recalled.set_text("")
        self.use.setEnabled(False)
        for button in self._modes.buttons():
            button.setEnabled(False)

    def _show_read(self, found: _Read) -> None:
        same = self._sheet is found.sheet
        self._sheet, self.plan, self.reading, self.trial = found.sheet, found.plan, found.reading, found.trial
        self._profile = found.profile
        self.show_dialect(found.sheet, found.plan.decimal)
        self.columns.show_plan(found.plan)
        used = sum(column.meaning is not None for column in found.plan.columns)
        self._columns_title.set_text(
            self.tr("Columns as found: {used} of {all} used").format(
                used=words.number(used), all=words.number(len(found.plan.columns))
            )
        )
        at = self.preview.currentIndex()
        self.rows.show_reading(found.sheet, found.plan, found.reading)
        if same and at.isValid():
            self.preview.setCurrentIndex(self.rows.index(at.row(), at.column()))
        self._fit_preview()
        self._show_about(found)
        self._show_money(found.plan)
        self._recalled.set_text(
            self.tr("Columns set as in {name}.").format(name=found.profile) if found.profile else ""
        )
        self._forget.setVisible(bool(found.profile))
        for number, button in enumerate(self._modes.buttons()):
            button.setEnabled(found.reading.table is not None)
            with QSignalBlocker(button):
                button.setChecked(_MODES[number] == found.mode)
        self._show_trial(found.trial)

    def _fit_preview(self) -> None:
        header = self.preview.horizontalHeader()
        for place in range(self.rows.columnCount()):
            wanted = max(self.preview.sizeHintForColumn(place), header.sectionSizeHint(place)) + 12
            header.resizeSection(place, min(max(wanted, _PREVIEW_WIDTH - 32), _MOST_WIDTH))

    def _show_about(self, found: _Read) -> None:
        sheet = found.sheet
        kinds = {
            ",": self.tr("comma between the cells"),
            ";": self.tr("semicolon between the cells"),
            "\t": self.tr("tab between the cells"),
            "|": self.tr("bar between the cells"),
        }
        marks = {".": self.tr("decimal point"), ",": self.tr("decimal comma")}
        facts = [self.tr("%n rows", "", found.reading.rows)]
        if sheet.delimiter:
            mark = marks[found.plan.decimal]
            if not found.plan.proven:
                mark = self.tr("{mark} (assumed)").format(mark=mark)
            facts += [kinds.get(sheet.delimiter, sheet.delimiter), mark, sheet.encoding.upper()]
        else:
            facts += [sheet.encoding.upper(), self.tr("sheet {name}").format(name=sheet.sheet)]
        if found.plan.header_row > 1:
            facts.append(self.tr("header in row {row}").format(row=words.number(found.plan.header_row)))
        self._about.set_text(" · ".join(facts))

    def _show_money(self, current: Plan) -> None:
        """Ask for a rate and a width where a price column needs them."""
        prices = [column.meaning.price for column in current.columns if column.meaning and column.meaning.price]
        foreign = next((price.currency for price in prices if price.currency not in ("", "USD")), "")
        has_width = any(column.meaning and column.meaning.key == "roll_width_cm" for column in current.columns)
        linear = any(price.per in ("m", "yd") and price.width_cm is None for price in prices) and not has_width
        rate = current.rates.get(foreign)
        with QSignalBlocker(self._rate), QSignalBlocker(self._rate_date), QSignalBlocker(self._width):
            self._rate.setValue(0.0 if rate is None else rate.usd)
            if rate is not None:
                self._rate_date.setDate(QDate.fromString(rate.date, Qt.DateFormat.ISODate))
            self._width.setValue(current.width_cm or 0.0)
        self._rate_label.setText(self.tr("1 {currency} =").format(currency=foreign))
        self._rate_label.setProperty("currency", foreign)
        for widget in (self._rate_label, self._rate, self._rate_date):
            widget.setVisible(bool(foreign))
        for widget in (self._width_label, self._width):
            widget.setVisible(linear)
        self._money.setVisible(bool(foreign) or linear)

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        self.told.show_problems(problems)
        errors, warnings = self.told.count("error"), self.told.count("warning")
        self._tabs.setTabText(0, self.tr("Problems: {count}").format(count=words.number(len(problems))))
        self._filter_buttons[""].setText(self.tr("All {count}").format(count=words.number(len(problems))))
        self._filter_buttons["error"].setText(self.tr("Errors {count}").format(count=words.number(errors)))
        self._filter_buttons["warning"].setText(self.tr("Warnings {count}").format(count=words.number(warnings)))
        if not self.told.rowCount():
            self._filter_buttons[""].setChecked(True)
            self.told.keep("")
        for button in self._filter_buttons.values():
            button.setVisible(bool(problems))
        self.problems.setVisible(bool(problems))
        self._no_problem.setVisible(not problems and self.reading is not None)

    def _show_changes(self) -> None:
        merged = None if self.trial is None else self.trial.merged
        overrides = () if merged is None else merged.overrides
        self.changed.show_changes(None if merged is None else merged.table, overrides)
        self._tabs.setTabText(1, self.tr("Changes: {count}").format(count=words.number(len(overrides))))
        self.changes.setVisible(bool(overrides))
        self._no_change.setVisible(not overrides)
        if merged is None:
            self._no_change.setText(self.tr("What changes is listed here when the table can be used."))
        elif self.mode == _OVERRIDE:
            self._no_change.setText(self.tr("Every figure is the one that stands in the table already."))
        else:
            self._no_change.setText(self.tr("No figure of the table now ranked is overridden."))

    def _show_spare(self) -> None:
        """Offer to use the rest of a table where single cells and rows keep it from being used."""
        spared = None if self.reading is None else self.reading.spared
        chosen = self.plan is not None and self.plan.without_faults
        self.spare.setVisible(spared is not None or chosen)
        with QSignalBlocker(self.spare):
            self.spare.setChecked(chosen)

    def _show_trial(self, trial: Trial | None) -> None:
        self.trial = trial
        self._show_spare()
        own = () if self.reading is None else self.reading.problems
        self._show_problems((*own, *(trial.problems if trial is not None else ())))
        self._show_changes()
        self._summary.setText(self._summary_words(trial))
        self._summary.setAccessibleName(self._summary.text())
        self.use.setEnabled(trial is not None and trial.stock is not None and not self._changes_nothing(trial))
        if self.use.isEnabled() and self.focusWidget() in (None, self.preview):
            self.use.setFocus()

    def _changes_nothing(self, trial: Trial) -> bool:
        return trial.mode == _OVERRIDE and trial.merged is not None and not trial.merged.overrides

    def _summary_words(self, trial: Trial | None) -> str:
        """What will happen, with counts, and what is left out."""
        reading = self.reading
        if reading is None:
            return ""
        text = self._merge_words(reading, trial)
        if reading.table is not None and reading.dropped:
            gone = self.tr("Left out as faulty and listed under Problems: {count}.").format(
                count=words.number(len(reading.dropped))
            )
            text = f"{text} {gone}"
        return text

    def _merge_words(self, reading: Reading, trial: Trial | None) -> str:
        stock = self._session.stock
        if reading.table is None:
            errors = sum(problem.severity == "error" for problem in reading.problems)
            keeps = self.tr("Errors that keep this table from being used: {count}.").format(count=words.number(errors))
            if reading.spared is not None:
                cells, rows = reading.spared
                mend = self.tr("Mend them in the file, or go on without them: {cells} cells and {rows} rows.").format(
                    cells=words.number(cells), rows=words.number(rows)
                )
            else:
                mend = self.tr("Mend them in the file, or leave their columns out. Nothing has changed.")
            return f"{keeps} {mend}"
        if trial is None:
            return self.tr("Reading…")
        if trial.stock is None:
            return self.tr("It cannot be used so: {reason}").format(reason=trial.problems[0].line())
        now, name = words.number(len(stock.whole)), self._table_name(stock.whole)
        count = words.number(len(reading.table))
        if trial.mode == "replace":
            text = self.tr("{count} materials take the place of the {now} of {table}.").format(
                count=count, now=now, table=name
            )
            if stock.figures:
                gone = self.tr("Your own figures over it go with it: {count}.").format(
                    count=words.number(len(stock.figures))
                )
                text = f"{text} {gone}"
            return text
        if trial.mode == "add":
            return self.tr("{count} materials join the {now} of {table}: {all} are ranked.").format(
                count=count, now=now, table=name, all=words.number(len(trial.stock.whole))
            )
        assert trial.merged is not None
        figures = len(trial.merged.overrides)
        materials = len({entry.id for entry in trial.merged.overrides})
        if not figures:
            text = self.tr("Nothing changes: no figure differs from those of {table}.").format(table=name)
        else:
            text = self.tr("Figures that override those of {table}: {figures}, of {count} materials.").format(
                table=name, figures=words.number(figures), count=words.number(materials)
            )
        lost = len(trial.merged.problems)
        if lost:
            unused = self.tr("Rows that match no material and are not used: {count}.").format(count=words.number(lost))
            text = f"{text} {unused}"
        return text

    def _table_name(self, table: Table) -> str:
        return self.tr("the bundled table") if table is bundled() else table.name

    # --- choosing ------------------------------------------------------------------------------------------------

    @property
    def mode(self) -> Mode:
        """What is to be done with the table."""
        return _MODES[max(self._modes.checkedId(), 0)]

    def set_mode(self, mode: Mode) -> None:
        """Choose what is to be done with the table."""
        self._modes.button(_MODES.index(mode)).setChecked(True)
        self._mode_chosen()

    @Slot()
    def _mode_chosen(self) -> None:
        self._mode_said = True
        table = None if self.reading is None else self.reading.table
        if table is None:
            return
        stock, mode = self._session.stock, self.mode

        def work(stop: Callable[[], bool]) -> Trial:
            return try_out(stock, table, mode)

        self.run("trial", work)

    @Slot(int, object)
    def _column_chosen(self, position: int, meaning: Meaning | None) -> None:
        if self.plan is not None:
            self._read_again(self.plan.choose(position, meaning))

    @Slot()
    def decimal_chosen(self) -> None:
        """Read by the decimal mark that was chosen."""
        mark = str(self._decimal.currentData())
        if self.plan is not None and mark != self.plan.decimal:
            self._read_again(replace(self.plan, decimal=mark, proven=True))

    @Slot(bool)
    def _spare_chosen(self, chosen: bool) -> None:
        if self.plan is not None:
            self._read_again(replace(self.plan, without_faults=chosen))

    @Slot()
    def sheet_chosen(self) -> None:
        """Read the sheet that was chosen."""
        self._start(self._sheets.currentText())

    @Slot()
    def _money_changed(self) -> None:
        if self.plan is None:
            return
        rates = dict(self.plan.rates)
        currency = str(self._rate_label.property("currency") or "")
        if currency:
            rates.pop(currency, None)
            if self._rate.value() > 0:
                date = self._rate_date.date().toString(Qt.DateFormat.ISODate)
                rates[currency] = Rate(currency, self._rate.value(), date, "typed in")
        self._read_again(replace(self.plan, rates=rates, width_cm=self._width.value() or None))

    @Slot()
    def _guess_anew(self) -> None:
        if self._sheet is not None:
            self._profile = ""
            self._read_again(plan(self._sheet))

    @Slot(int)
    def _filter(self, number: int) -> None:
        self.told.keep(_KINDS[number])

    @Slot(QModelIndex)
    def _jump(self, index: QModelIndex) -> None:
        """Show the cell a problem stands at, or the column, where it is about one as a whole."""
        problem = self.told.problem(index.row())
        place = self.rows.place_of(problem)
        if place is None:
            self.columns.show_row(self.rows.column_of(problem))
            return
        row, column = place
        target = self.rows.index(row, max(column, 0))
        self.preview.setCurrentIndex(target)
        self.preview.scrollTo(target, QAbstractItemView.ScrollHint.PositionAtCenter)

    # --- ending --------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Use the table as it is shown; undo takes it back."""
        trial, reading = self.trial, self.reading
        if trial is None or trial.stock is None or reading is None or self.busy:
            return
        if self._profiles is not None and self._remember.isChecked() and self.plan is not None:
            self._keep_profile(self._profiles, self.plan)
        name = reading.name
        labels = {
            "replace": self.tr("Table {name}").format(name=name),
            "add": self.tr("Table {name} added").format(name=name),
            "override": self.tr("Figures of {name}").format(name=name),
        }
        self._session.use_stock(trial.stock, labels[trial.mode])
        super().accept()

    def _keep_profile(self, folder: Path, current: Plan) -> None:
        try:
            import_profiles.keep(folder, self._name.text(), current)
        except AdvisorError as error:
            self._session.noted.emit(error.problems[0])

    def models(self) -> Iterable[PreviewModel | ProblemsModel | ChangesModel]:
        """What has colours of its own."""
        return (self.rows, self.told, self.changed)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self.columns.set_look(look)
        super().apply_theme(look)


_KINDS: Final[tuple[Severity, ...]] = ("", "error", "warning")
