"""Limit dialog: words one limit of the user's own and shows what would pass, and what just would not, as it moves."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from advisor.brief import Limit
from advisor.climate import plain
from advisor.layers import terms
from advisor.materials import Table
from advisor.properties import properties
from advisor.values import Screen, screen
from ui import words
from ui.ranking_filter import BINS, Histogram
from ui.session import Session
from ui.sliders import Scale, ValueSlider
from ui.theme import TARGET, Theme, space

_CHECKED: Final = Qt.CheckState.Checked
_UNCHECKED: Final = Qt.CheckState.Unchecked
_KEY_ROLE: Final = Qt.ItemDataRole.UserRole
#: Figures that span more than this ratio are laid out by even ratios, so that the small ones are not one bar.
_LOG_RATIO: Final = 20.0
#: How many of those just out are named.
_NEAR: Final = 4


class LimitDialog(QDialog):
    """A small window that words one limit and counts what would pass before it is added.

    Args:
        number: which of the brief's limits is changed; None for a new one.
    """

    def __init__(self, session: Session, look: Theme, number: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self.number = session, number
        self._look = look
        self.setWindowTitle(self.tr("Must have") if number is None else self.tr("Change a limit"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._made = False
        self._kind = QComboBox(self)
        for key, text in (
            ("property", self.tr("A property")),
            ("certificate", self.tr("A certificate")),
            ("family", self.tr("A family, fibre or weave")),
        ):
            self._kind.addItem(text, key)
        self._pages = QStackedWidget(self)
        for page in (self._property_page(), self._certificate_page(), self._family_page()):
            self._pages.addWidget(page)
        self._count = QLabel(self)
        self._count.setWordWrap(True)
        self._count.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        # As high as its longest text, so that the window stands still while the level moves.
        self._count.setMinimumHeight((_NEAR + 4) * self._count.fontMetrics().lineSpacing())
        buttons = QDialogButtonBox(self)
        self._ok = buttons.addButton(
            self.tr("Add") if number is None else self.tr("Change"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self._ok, cancel):
            button.setAccessibleName(button.text())
        self._ok.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setHorizontalSpacing(space(2))
        form.addRow(_form_label(self.tr("Limit"), self), self._kind)
        self._kind.setAccessibleName(self.tr("Limit"))
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(space(2))
        box.addLayout(form)
        box.addWidget(self._pages)
        box.addWidget(self._count)
        box.addWidget(buttons)
        self.setMinimumWidth(400)
        if number is not None:
            self._take(session.brief.limits[number])
        self._made = True
        self._kind.currentIndexChanged.connect(self._pages.setCurrentIndex)
        self._kind.currentIndexChanged.connect(self._tell)
        self._tell()

    def limit(self) -> Limit | None:
        """The limit as it stands, or None while it is not complete."""
        kind = self._kind.currentData()
        if kind == "certificate":
            name = self._certificate.currentText().strip()
            return Limit(certificate=name) if name else None
        if kind == "family":
            names = tuple(item.data(_KEY_ROLE) for item in self._family_items() if item.checkState() is _CHECKED)
            return Limit(family=names) if names else None
        value = self._value.value()
        least = self._sense.currentData() == "at_least"
        return Limit(
            property=str(self._property.currentData()),
            at_least=value if least else None,
            at_most=None if least else value,
            judge=str(self._judge.currentData()),
        )

    def would_pass(self) -> int | None:
        """How many materials would pass with this limit in the brief; None while it is not complete."""
        judged = self._judged()
        return None if judged is None else int(judged[1].passes.sum())

    def _judged(self) -> tuple[Limit, Screen] | None:
        """The limit as it stands and every material against all limits with it; None while it is not complete."""
        limit = self.limit()
        if limit is None:
            return None
        trial = replace(self._session.brief, limits=self.with_limit(limit))
        return limit, screen(self._session.table, terms(trial).limits)

    def with_limit(self, limit: Limit) -> tuple[Limit, ...]:
        """The brief's limits with this one added, or in the place of the one that is changed."""
        held = list(self._session.brief.limits)
        if self.number is None or self.number >= len(held):
            return (*held, limit)
        held[self.number] = limit
        return tuple(held)

    def _property_page(self) -> QWidget:
        page = QWidget(self)
        self._property = QComboBox(page)
        for key, item in properties().items():
            if item.numeric:
                self._property.addItem(words.label(key), key)
        self._sense = QComboBox(page)
        self._sense.addItem(self.tr("at least"), "at_least")
        self._sense.addItem(self.tr("at most"), "at_most")
        self._value = QDoubleSpinBox(page)
        self._value.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self._value.setKeyboardTracking(True)
        self._value.lineEdit().setTextMargins(space(1.5), 0, space(1.5), 0)
        self._judge = QComboBox(page)
        self._judge.addItem(self.tr("it could: any part of its range does"), "could")
        self._judge.addItem(self.tr("it always does: its whole range"), "always")
        self._bars = Histogram(self._look, page)
        self._handle = ValueSlider(self._look, self.tr("Level along the materials"), parent=page)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._bars)
        column.addWidget(self._handle)
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(space(2))
        for name, widget in (
            (self.tr("Property"), self._property),
            (self.tr("Sense"), self._sense),
            (self.tr("Level"), self._value),
        ):
            widget.setAccessibleName(name)
            form.addRow(_form_label(name, page), widget)
        form.addRow(QLabel(page), column)
        self._judge.setAccessibleName(self.tr("Passes if"))
        form.addRow(_form_label(self.tr("Passes if"), page), self._judge)
        self._handle.moved.connect(self._value.setValue)
        self._property.currentIndexChanged.connect(self._property_changed)
        for box in (self._sense, self._judge):
            box.currentIndexChanged.connect(self._tell)
        self._value.valueChanged.connect(self._tell)
        self._property.setCurrentIndex(self._property.findData("areal_mass_g_m2"))
        self._property_changed()
        return page

    def _certificate_page(self) -> QWidget:
        page = QWidget(self)
        self._certificate = QComboBox(page)
        self._certificate.setEditable(True)
        self._certificate.setAccessibleName(self.tr("Certificate"))
        lists = [text.split("|") for text in self._session.table.text["certificates"]]
        known = {name.strip() for names in lists for name in names}
        self._certificate.addItems(sorted(known - {""}, key=plain))
        self._certificate.currentTextChanged.connect(self._tell)
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_form_label(self.tr("Certificate"), page), self._certificate)
        return page

    def _family_page(self) -> QWidget:
        page = QWidget(self)
        self._families = QListWidget(page)
        self._families.setAccessibleName(self.tr("Any of these will do"))
        self._families.setFixedHeight(120)
        self._families.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for tag in _family_words(self._session.table):
            item = QListWidgetItem(tag, self._families)
            item.setData(_KEY_ROLE, tag)
            item.setSizeHint(QSize(0, TARGET))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_UNCHECKED)
        self._families.itemChanged.connect(self._tell)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(QLabel(self.tr("Any of these will do"), page))
        box.addWidget(self._families)
        return page

    def _family_items(self) -> list[QListWidgetItem]:
        return [self._families.item(number) for number in range(self._families.count())]

    def _take(self, limit: Limit) -> None:
        """Start from a limit that is there."""
        kind = "certificate" if limit.certificate else "family" if limit.family else "property"
        self._kind.setCurrentIndex(self._kind.findData(kind))
        self._pages.setCurrentIndex(self._kind.currentIndex())
        if kind == "certificate":
            self._certificate.setCurrentText(limit.certificate)
        elif kind == "family":
            wanted = {plain(name) for name in limit.family}
            for item in self._family_items():
                item.setCheckState(_CHECKED if plain(item.text()) in wanted else _UNCHECKED)
        else:
            self._property.setCurrentIndex(self._property.findData(limit.property))
            self._sense.setCurrentIndex(self._sense.findData("at_most" if limit.at_least is None else "at_least"))
            level = limit.at_most if limit.at_least is None else limit.at_least
            if level is not None:
                self._value.setValue(level)
            self._judge.setCurrentIndex(self._judge.findData(limit.judge))

    @Slot()
    def _property_changed(self) -> None:
        """A property brings its unit, range and usual sense; the level starts at the middle of the table."""
        key = str(self._property.currentData())
        item, table = properties()[key], self._session.table
        figures = sorted(f for f in table.typical[:, table.column(key)].tolist() if f == f)
        bottom, top = item.plausible or (0.0, 1e6)
        low, high = item.scale
        with QSignalBlocker(self._value):
            self._value.setDecimals(item.decimals)
            self._value.setRange(bottom if low is None else low, top if high is None else high)
            self._value.setSuffix(f" {words.unit(key)}" if words.unit(key) else "")
            self._value.setValue(figures[len(figures) // 2] if figures else bottom)
        with QSignalBlocker(self._sense):
            self._sense.setCurrentIndex(self._sense.findData("at_most" if item.direction == "less" else "at_least"))
        scale = _scale(figures, 10.0**-item.decimals)
        places = [scale.to_position(figure) for figure in figures]
        self._counts = np.histogram(places, bins=BINS, range=(0.0, 1.0))[0].astype(np.intp)
        self._travel = scale
        with QSignalBlocker(self._handle):
            self._handle.set_scale(scale)
        self._handle.setEnabled(bool(figures))
        self._tell()

    def _show_level(self) -> None:
        """The handle at the level; the bars that pass are full."""
        at = self._travel.to_position(self._value.value())
        least = self._sense.currentData() == "at_least"
        self._bars.show_counts(self._counts, (at, 1.0) if least else (0.0, at))
        with QSignalBlocker(self._handle):
            self._handle.setValue(self._value.value())
        self._handle.set_text(self._value.text())

    @Slot()
    def _tell(self) -> None:
        if not self._made:
            return
        self._show_level()
        judged = self._judged()
        self._ok.setEnabled(judged is not None)
        text = self.tr("Say what it must be.") if judged is None else "\n".join(self._effect(*judged))
        self._count.setText(text)
        self._count.setAccessibleName(text)

    def _effect(self, limit: Limit, trial: Screen) -> list[str]:
        """What the limit would do, line by line: how many pass, who would be first, who is just out and by how much."""
        table, answer = self._session.table, self._session.answer
        now = int(screen(table, terms(self._session.brief).limits).passes.sum())
        passing = trial.passes
        lines = [
            self.tr("{count} of {all} would pass; {now} do now.").format(
                count=words.number(int(passing.sum())), all=words.number(len(table)), now=words.number(now)
            )
        ]
        if passing.any() and len(answer.table) == len(table):
            # A limit moves no score: the first is the best of those that pass.
            best = int(np.argmax(np.where(passing, answer.ranking.scores, -np.inf)))
            lines.append(self.tr("First would be {name}.").format(name=table.names[best]))
        number = trial.limits.index(limit)
        near = trial.near_misses(number, _NEAR)
        if near:
            lines.append(self.tr("Out by this limit alone, nearest first:"))
        for row in near:
            off = trial.by[row, number]
            if np.isnan(off):
                lines.append(self.tr("{name}: not known").format(name=table.names[row]))
                continue
            amount = words.figure(limit.property, float(off))
            over = limit.at_least is None
            template = self.tr("{name}: {amount} over") if over else self.tr("{name}: {amount} short")
            lines.append(template.format(name=table.names[row], amount=amount))
        return lines


def _scale(figures: list[float], step: float) -> Scale:
    """Where along a slider the figures (rising) stand: evenly, or by even ratios where they span a wide one."""
    low, high = (figures[0], figures[-1]) if figures else (0.0, 1.0)
    high = max(high, low + step)
    least = next((figure for figure in figures if figure > 0), high)
    if low < 0 or high / least <= _LOG_RATIO:
        return Scale.linear(low, high)
    # One bar's width is kept for those at 0.
    start = 0.0 if low > 0 else 1.0 / BINS
    ratios = [(start + (1 - start) * n / 24, least * (high / least) ** (n / 24)) for n in range(25)]
    return Scale(ratios if low > 0 else [(0.0, low), *ratios])


def _family_words(table: Table) -> list[str]:
    """Words to offer for a family limit: families first, then plain fibres and weaves."""
    families = {part.strip().casefold() for text in table.text["family"] for part in text.split("|")}
    others = {text.strip().casefold() for column in ("fibre", "weave") for text in table.text[column]}
    short = {word for word in others - families if re.fullmatch(r"[^\W\d_]+([ -][^\W\d_]+)?", word)}
    return [*sorted(families - {""}, key=plain), *sorted(short, key=plain)]


def _form_label(text: str, parent: QWidget) -> QLabel:
    """A label as high as its field, so that both stand on one line, and all of one width."""
    label = QLabel(text, parent)
    label.setMinimumSize(76, 28)
    return label
