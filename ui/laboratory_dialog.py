"""Laboratory dialog: a test report typed in, judged line by line as it is typed, and what it would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QDate, QLocale, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer, solve
from advisor.certainty import Certainty
from advisor.checks import TRADE_UNITS
from advisor.guard import measurable, method_to_order, methods_of
from advisor.laboratory import (
    DIRECTIONAL,
    LabReport,
    Reading,
    Result,
    effect,
    effect_sentences,
    problems,
    verdict_sentence,
    verdicts,
)
from advisor.problems import AdvisorError, Problem
from advisor.properties import properties
from advisor.stock import Stock
from ui import words
from ui.combos import Combo, Item
from ui.jobs import Jobs
from ui.rows import Prose
from ui.session import Session
from ui.theme import Theme, icon, space
from ui.widgets import ElidedLabel, restyle

_SIZE: Final = (820, 560)
#: How long typing rests before the trials are drawn, ms.
_REST_MS: Final = 250
#: Units a laboratory prints a strip's force in, besides those of any force.
_STRIP_UNITS: Final = ("N/50 mm", "lbf/in")


def units_for(key: str) -> tuple[str, ...]:
    """Units a report may give a property in, its own first."""
    own = properties()[key].unit
    more = _STRIP_UNITS if key == "tensile_strength_n" else ()
    return tuple(dict.fromkeys((own, *TRADE_UNITS.get(key, ()), *more)))


def typed_figure(text: str) -> float:
    """A figure as the user's locale or a plain point writes it.

    Raises:
        ValueError: it is none.
    """
    found, good = QLocale().toDouble(text.strip())
    return found if good else float(text.strip().replace(",", "."))


#: How the fields of a line share its width.
_STRETCH: Final = {
    "warp": 3, "warp_deviation": 2, "weft": 3, "weft_deviation": 2, "single": 3, "single_deviation": 2,
    "specimens": 1, "conditioning": 6, "note": 4,
}  # fmt: skip


class ResultCard(QFrame):
    """One line of the report: property, test, unit, figures with their scatter, and what is said of it.

    Signals: ``edited()``, ``removed()``.
    """

    edited = Signal()
    removed = Signal()

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        keys = [key for key in properties() if measurable(key)]
        self.subject = Combo(self.tr("Property"), [Item(key, words.label(key)) for key in keys], self)
        self.method = QComboBox(self)
        self.method.setEditable(True)
        self.method.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.method.setAccessibleName(self.tr("Test method, as the report names it"))
        self.unit = QComboBox(self)
        self.unit.setEditable(True)
        self.unit.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.unit.setAccessibleName(self.tr("Unit of the figures"))
        for field, letters in ((self.subject, 18), (self.method, 18), (self.unit, 7)):
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            field.setMinimumContentsLength(letters)
            field.setMinimumHeight(28)
        self._remove = QToolButton(self)
        self._remove.setProperty("kind", "quiet")
        self._remove.setAccessibleName(self.tr("Take this line out"))
        self._remove.setToolTip(self.tr("Take this line out"))
        self._remove.setMinimumSize(28, 28)
        self.fields: dict[str, QLineEdit] = {}
        for name, text in (
            ("warp", self.tr("Warp")),
            ("weft", self.tr("Weft")),
            ("single", self.tr("Figure")),
            ("warp_deviation", self.tr("Standard deviation, warp")),
            ("weft_deviation", self.tr("Standard deviation, weft")),
            ("single_deviation", self.tr("Standard deviation")),
            ("specimens", self.tr("Number of specimens")),
            ("conditioning", self.tr("Conditioning, exposure or ageing")),
            ("note", self.tr("Note")),
        ):
            line = QLineEdit(self)
            line.setAccessibleName(text)
            line.setMinimumHeight(28)
            line.textEdited.connect(self._typed)
            self.fields[name] = line
        self._captions: dict[str, QLabel] = {}
        for name, text in (
            ("warp", self.tr("Warp")),
            ("weft", self.tr("Weft")),
            ("single", self.tr("Figure")),
            ("warp_deviation", self.tr("± s")),
            ("weft_deviation", self.tr("± s")),
            ("single_deviation", self.tr("± s")),
            ("specimens", self.tr("n")),
            ("conditioning", self.tr("Conditioning, exposure, ageing")),
            ("note", self.tr("Note")),
        ):
            self.fields[name].setToolTip(self.fields[name].accessibleName())
            caption = QLabel(text, self)
            caption.setProperty("type", "caption")
            caption.setProperty("ink", "3")
            caption.setBuddy(self.fields[name])
            caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._captions[name] = caption
        self.said = Prose(look, ink="ink2", parent=self)
        top, middle = QHBoxLayout(), QHBoxLayout()
        for row in (top, middle):
            row.setSpacing(space(2))
        top.addWidget(self.subject, 5)
        top.addWidget(self.method, 6)
        top.addWidget(self.unit, 2)
        top.addWidget(self._remove)
        self._middle, self._order = middle, tuple(_STRETCH)
        for name, stretch in _STRETCH.items():
            self.fields[name].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            pair = QVBoxLayout()
            pair.setSpacing(1)
            pair.addWidget(self._captions[name])
            pair.addWidget(self.fields[name])
            middle.addLayout(pair, stretch)
        box = QVBoxLayout(self)
        box.setContentsMargins(space(2.5), space(2), space(2), space(2))
        box.setSpacing(space(1.5))
        box.addLayout(top)
        box.addLayout(middle)
        box.addWidget(self.said)
        self.subject.currentIndexChanged.connect(self._property_changed)
        self.method.editTextChanged.connect(self._typed)
        self.unit.editTextChanged.connect(self._typed)
        self._remove.clicked.connect(self.removed)
        self.set_look(look)
        self.choose(keys[0])

    def set_look(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self._remove.setIcon(icon("close", look, "ink2"))

    @property
    def key(self) -> str:
        """The property it is about."""
        return str(self.subject.currentData())

    def choose(self, key: str) -> None:
        """Be about a property, with the test one would order."""
        with QSignalBlocker(self.subject):
            self.subject.setCurrentIndex(self.subject.findData(key))
        self._property_changed()

    @Slot()
    def _property_changed(self) -> None:
        key = self.key
        with QSignalBlocker(self.method), QSignalBlocker(self.unit):
            self.method.clear()
            for method in methods_of(key):
                if method.reading != "foreign":
                    self.method.addItem(method.standard)
                    self.method.setItemData(self.method.count() - 1, method.title, Qt.ItemDataRole.ToolTipRole)
            order = method_to_order(key)
            self.method.setEditText(order.standard if order else "")
            self.unit.clear()
            self.unit.addItems(list(units_for(key)))
        both = key in DIRECTIONAL
        for name, line in self.fields.items():
            direction = name.partition("_")[0]
            if direction in ("warp", "weft", "single"):
                shown = both is (direction != "single")
                line.setVisible(shown)
                self._captions[name].setVisible(shown)
                self._middle.setStretch(self._order.index(name), _STRETCH[name] if shown else 0)
        self.edited.emit()

    @Slot()
    def _typed(self) -> None:
        self.edited.emit()

    @property
    def blank(self) -> bool:
        """Whether no figure was typed yet."""
        return not any(self.fields[name].text().strip() for name in self._directions())

    def _directions(self) -> tuple[str, ...]:
        return ("warp", "weft") if self.key in DIRECTIONAL else ("single",)

    def result(self) -> Result:
        """The line as it stands.

        Raises:
            AdvisorError: a field that should hold a number does not; every such field is named.
        """
        wrong: list[Problem] = []

        def figure(name: str, least: float | None = None) -> float | None:
            line = self.fields[name]
            text = line.text().strip()
            if not text:
                return None
            try:
                value = typed_figure(text)
                if least is not None and value < least:
                    raise ValueError
            except ValueError:
                message = self.tr("{field}: “{text}” is no number it can have").format(
                    field=line.accessibleName(), text=text
                )
                wrong.append(Problem("not-a-number", message, column=name, value=text))
                return None
            return value

        count = figure("specimens", 1)
        readings: dict[str, Reading] = {}
        for name in self._directions():
            mean, deviation = figure(name), figure(f"{name}_deviation", 0)
            if mean is not None:
                readings[name] = Reading(mean, deviation, None if count is None else int(count))
        if wrong:
            raise AdvisorError(wrong)
        return Result(
            self.key,
            self.method.currentText().strip(),
            self.unit.currentText().strip(),
            readings.get("warp"),
            readings.get("weft"),
            readings.get("single"),
            self.fields["conditioning"].text().strip(),
            self.fields["note"].text().strip(),
        )

    def take(self, result: Result) -> None:
        """Show a line of a report."""
        self.choose(result.property)
        self.method.setEditText(result.method)
        self.unit.setEditText(result.unit)
        for direction, reading in result.readings:
            name = direction or "single"
            self.fields[name].setText(_written(reading.mean))
            self.fields[f"{name}_deviation"].setText("" if reading.deviation is None else _written(reading.deviation))
            if reading.specimens:
                self.fields["specimens"].setText(str(reading.specimens))
        self.fields["conditioning"].setText(result.conditioning)
        self.fields["note"].setText(result.note)


def _written(value: float) -> str:
    """A figure as it would be typed in the user's locale."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(value, "g", 10)


class LaboratoryDialog(QDialog):
    """Enters a test report on one material, or changes one.

    Args:
        session: whose stock the report joins; undo takes it back.
        look: the theme.
        material: id of the material that was tested.
        about: property the first line is about, "" for the one that misses most.
        report: the report to change, None for a new one.
    """

    def __init__(
        self,
        session: Session,
        look: Theme,
        material: str,
        parent: QWidget | None = None,
        about: str = "",
        report: LabReport | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._look, self._material = session, look, material
        self._former = report
        self.cards: list[ResultCard] = []
        self._trial: tuple[LabReport, Stock, Answer] | None = None
        self._shares: tuple[Answer, tuple[Certainty, Certainty]] | None = None
        self.setWindowTitle(self.tr("Enter a lab report") if report is None else self.tr("Change a lab report"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(640, 420)
        self.resize(*_SIZE)
        self._jobs = Jobs(self)
        self._jobs.done.connect(self._counted)
        self._jobs.failed.connect(self._failed)
        self._soon = self._timer(0, self._show)
        self._rest = self._timer(_REST_MS, self._count)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(space(2.5))
        box.addLayout(self._make_head())
        box.addWidget(self._make_results(), 1)
        box.addWidget(self._make_effect())
        box.addLayout(self._make_foot())
        self._take(report, about)
        self._show()
        self.laboratory.setFocus()

    def _timer(self, wait: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait)
        timer.timeout.connect(then)
        return timer

    # --- building ------------------------------------------------------------------------------------------------

    def _make_head(self) -> QVBoxLayout:
        table = self._session.stock.under
        name = table.names[table.index[self._material]] if self._material in table.index else self._material
        title = ElidedLabel(self._look, name, kind="title", bold=True, parent=self)
        title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.laboratory, self.number, self.lot = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        # One way to write a day everywhere: as the report is kept.
        self.date = QLineEdit(QDate.currentDate().toString(Qt.DateFormat.ISODate), self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(0.5))
        fields: tuple[tuple[str, QWidget, int], ...] = (
            (self.tr("Laboratory"), self.laboratory, 4),
            (self.tr("Report number"), self.number, 3),
            (self.tr("Date (year-month-day)"), self.date, 3),
            (self.tr("Lot or roll"), self.lot, 3),
        )
        for column, (text, field, stretch) in enumerate(fields):
            label = QLabel(text, self)
            label.setProperty("ink", "2")
            label.setProperty("type", "caption")
            label.setBuddy(field)
            field.setAccessibleName(text)
            field.setMinimumHeight(28)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, stretch)
        for line in (self.laboratory, self.number, self.lot, self.date):
            line.setMaxLength(80)
            line.textEdited.connect(self._changed)
        head = QVBoxLayout()
        head.setSpacing(space(1.5))
        head.addWidget(title)
        head.addLayout(grid)
        return head

    def _make_results(self) -> QWidget:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName(self.tr("Results"))
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget(area)
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(space(2))
        self.more = QPushButton(self.tr("Add a result"), inside)
        self.more.setAutoDefault(False)
        self.more.clicked.connect(self._add)
        row = QHBoxLayout()
        row.addWidget(self.more)
        row.addStretch(1)
        self._list.addLayout(row)
        self._list.addStretch(1)
        area.setWidget(inside)
        self._area = area
        return area

    def _make_effect(self) -> QWidget:
        card = QFrame(self)
        card.setProperty("surface", "card")
        card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        said = self.tr("What it changes under this brief")
        caption = ElidedLabel(self._look, said, ink="ink3", kind="caption", parent=card)
        caption.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.told = Prose(self._look, parent=card)
        # Two lines whatever is said, so that the list above stands still while figures are typed.
        self.told.setMinimumHeight(2 * 19)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(space(2.5), space(2), space(2.5), space(2))
        inside.setSpacing(space(0.5))
        inside.addWidget(caption)
        inside.addWidget(self.told)
        return card

    def _make_foot(self) -> QHBoxLayout:
        self._wrong = ElidedLabel(self._look, ink="bad", parent=self)
        self._wrong.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.enter = QPushButton(self.tr("Enter report") if self._former is None else self.tr("Change report"), self)
        self.enter.setProperty("kind", "primary")
        self.enter.setDefault(True)
        self.enter.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        for button in (cancel, self.enter, self.more):
            button.setMinimumHeight(28)
        row.addWidget(self._wrong, 1)
        row.addWidget(cancel)
        row.addWidget(self.enter)
        return row

    def _take(self, report: LabReport | None, about: str) -> None:
        if report is None:
            self.add_result(about or self._likely())
            return
        self.laboratory.setText(report.laboratory)
        self.number.setText(report.number)
        self.lot.setText(report.lot)
        self.date.setText(report.date)
        for result in report.results:
            self.add_result(result.property).take(result)

    def _likely(self) -> str:
        """The property most likely tested: the worst miss that can be, else tear."""
        answer = self._session.answer
        row = answer.table.index.get(self._material)
        misses = [] if row is None else [miss for _, miss in answer.misses(row) if miss is not None]
        misses.sort(key=lambda miss: miss.value)
        return next((miss.property for miss in misses if measurable(miss.property)), "tear_strength_n")

    @Slot()
    def _add(self) -> None:
        there = {card.key for card in self.cards}
        free = [key for key in ("tear_strength_n", "tensile_strength_n", "hydrostatic_head_mm", "areal_mass_g_m2",
                                "abrasion_cycles", "light_fastness_grade") if key not in there]  # fmt: skip
        card = self.add_result(free[0] if free else "thickness_mm")
        card.subject.setFocus()
        self._soon.start()

    def add_result(self, key: str) -> ResultCard:
        """Append a line about a property."""
        card = ResultCard(self._look, self)
        card.choose(key)
        card.edited.connect(self._changed)
        card.removed.connect(self._remove)
        self._list.insertWidget(len(self.cards), card)
        self.cards.append(card)
        return card

    @Slot()
    def _remove(self) -> None:
        card = self.sender()
        if isinstance(card, ResultCard):
            self.cards.remove(card)
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
            self.more.setFocus()
            self._soon.start()

    # --- what is typed -------------------------------------------------------------------------------------------

    @Slot()
    def _changed(self) -> None:
        self._soon.start()

    def report(self) -> LabReport:
        """The report as it stands, lines without a figure left out.

        Raises:
            AdvisorError: fields that should hold numbers do not; ``row`` is the line, counted from 1.
        """
        results, wrong = [], []
        for number, card in enumerate(self._filled(), start=1):
            try:
                results.append(card.result())
            except AdvisorError as error:
                wrong += [replace(problem, row=number) for problem in error.problems]
        if wrong:
            raise AdvisorError(wrong)
        former = {} if self._former is None else {one.property: one.set_aside for one in self._former.results}
        return LabReport(
            self._material,
            self.laboratory.text().strip(),
            self.number.text().strip(),
            self.date.text().strip(),
            self.lot.text().strip(),
            tuple(replace(result, set_aside=former.get(result.property, False)) for result in results),
        )

    def _filled(self) -> list[ResultCard]:
        return [card for card in self.cards if not card.blank]

    @Slot()
    def _show(self) -> None:
        """Judge what stands there; a few milliseconds, so that it follows the hand."""
        self._soon.stop()
        self._trial = None
        filled = self._filled()
        told: dict[int, list[Problem]] = {}
        said: dict[str, str] = {}
        report = None
        try:
            report = self.report()
            base = self._base()
            for problem in problems(report, base.under, base.reports):
                told.setdefault(problem.row or 0, []).append(problem)
            for verdict in verdicts(report, self._session.answer.demands):
                said[verdict.property] = words.words(verdict_sentence(verdict))
        except AdvisorError as error:
            for problem in error.problems:
                told.setdefault(problem.row or 0, []).append(problem)
        for card in self.cards:
            self._say(card, told.get(filled.index(card) + 1, []) if card in filled else [], said.get(card.key, ""))
        missing = self._missing()
        stopped = any(problem.severity == "error" for found in told.values() for problem in found)
        general = "; ".join(problem.message for problem in told.get(0, ()))
        self._wrong.set_text(general or (missing if filled else ""))
        self._wrong.set_ink("warn" if general and not stopped else "ink3")
        self.enter.setEnabled(report is not None and bool(filled) and not stopped and not missing)
        if report is None or stopped or not filled:
            wait = self.tr("Type a figure, and its effect is worked out.")
            if filled:
                wait = self.tr("Mend what is marked, and its effect is worked out.")
            self.told.show_text(wait, ink="ink3")
            return
        self._try(report)

    def _missing(self) -> str:
        """What a report cannot be without, "" where it is all there."""
        lacks = [line.accessibleName() for line in (self.laboratory, self.number) if not line.text().strip()]
        return self.tr("Still missing: {names}").format(names=", ".join(lacks)) if lacks else ""

    def _say(self, card: ResultCard, found: list[Problem], verdict: str) -> None:
        lines = [] if any(problem.severity == "error" for problem in found) or not verdict else [verdict]
        for problem in found:
            sign = "▲" if problem.severity == "warning" else "✗"
            lines.append(f"{sign} {problem.message}" + (f"; {problem.hint}" if problem.hint else ""))
        worst = "bad" if any(problem.severity == "error" for problem in found) else "warn" if found else "ink2"
        card.said.show_text("\n".join(lines), ink=worst)
        card.said.setVisible(bool(lines))

    def _base(self) -> Stock:
        """The stock without the report that is changed."""
        stock = self._session.stock
        return stock if self._former is None else stock.without_report(self._former)

    def _try(self, report: LabReport) -> None:
        """Work out what the report would change; win shares follow when typing rests."""
        stock = self._base().with_report(report)
        after = solve(stock.table, self._session.answer.brief)
        self._trial = (report, stock, after)
        self._shares = None
        self._tell()
        self._rest.start()

    def _tell(self) -> None:
        assert self._trial is not None
        _, _, after = self._trial
        shares = self._shares[1] if self._shares is not None and self._shares[0] is after else None
        found = effect(self._session.answer, after, self._material, shares)
        if found is None:
            return
        told = " ".join(words.words(sentence) for sentence in effect_sentences(found))
        # Dim until the trials are counted: one figure of the sentence is still to come.
        self.told.show_text(told, ink="ink" if shares is not None else "ink3")

    @Slot()
    def _count(self) -> None:
        if self._trial is None:
            return
        before, after = self._session.answer, self._trial[2]
        known = self._session.certainty

        def work(stop: Callable[[], bool]) -> tuple[Answer, tuple[Certainty, Certainty]]:
            return after, (before.certainty(stop) if known is None else known, after.certainty(stop))

        self._jobs.start("shares", work)

    @Slot(str, object)
    def _counted(self, kind: str, result: Any) -> None:
        if self._trial is not None and result[0] is self._trial[2]:
            self._shares = result
            self._tell()

    @Slot(str, object)
    def _failed(self, kind: str, error: Exception) -> None:
        raise RuntimeError(f"the job {kind} failed") from error

    # --- what is done with it ------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Lay the report over the table, look at the material and say what changed; undo takes it back."""
        if self._soon.isActive():
            self._show()
        if self._trial is None or not self.enter.isEnabled():
            return
        report, stock, _ = self._trial
        session, before = self._session, self._session.answer
        known = session.certainty if self._shares is None else self._shares[1][0]
        certain = before.certainty() if known is None else known
        session.use_stock(stock, self.tr("Lab report {number} entered").format(number=report.number))
        session.flush()
        session.select(self._material)
        found = effect(before, session.answer, self._material, (certain, session.ascertain()))
        if found is not None:
            told = [self.tr("Lab report {number} entered.").format(number=report.number)]
            told += [words.words(sentence) for sentence in effect_sentences(found)]
            session.noted.emit(Problem("report-entered", " ".join(told), severity="warning"))
        self.done(int(QDialog.DialogCode.Accepted))

    def done(self, result: int) -> None:
        """Close, whatever is still being counted."""
        self._jobs.close()
        super().done(result)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        for card in self.cards:
            card.set_look(look)
        restyle(self, look)
