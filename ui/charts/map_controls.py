"""Controls of Map: its axes and scales, the index line that is dragged, and the box that becomes limits."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer
from advisor.axes import (
    Axis,
    IndexLine,
    axis,
    box_limits,
    level_of_best,
    line_of,
    usual_line,
    with_limits,
    would_pass,
)
from advisor.brief import Limit
from advisor.explanation import limit_sentence
from advisor.problems import AdvisorError
from advisor.properties import properties
from ui import words
from ui.charts.controls import SHORT, Controls, HeadCombo
from ui.charts.style import Box, View
from ui.session import Session
from ui.theme import TARGET, Theme, icon, space

if TYPE_CHECKING:
    from ui.charts.canvas import ChartCanvas

#: How many materials an index line leaves on its better side when it is first drawn.
FIRST_BETTER = 10
#: One step of the index line by key, as a part of the span of the index over the table.
KEY_STEP = 0.02


class MapControls(Controls):
    """The two axes with their scales, and what is drawn besides the points.

    The index line and the box are the hand's own: they are never part of the brief, until the box is made limits.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.keys = [key for key, item in properties().items() if item.numeric]
        self.across, self.upward = HeadCombo(), HeadCombo()
        self.index, self.show_ = QToolButton(), QToolButton()
        self._line: IndexLine | None = None
        self._box: Box | None = None
        self._canvas: ChartCanvas | None = None
        self._look: Theme | None = None
        self.bar: BoxBar | None = None
        start = View()
        self.row.setSpacing(2)
        self.row.addStretch(1)
        for name, combo, key in (
            (self.tr("Across"), self.across, start.x),
            (self.tr("Upward"), self.upward, start.y),
        ):
            combo.setAccessibleName(name)
            combo.setToolTip(name)
            for own in self.keys:
                combo.addItem(words.label(own), own)
                combo.setItemData(combo.count() - 1, words.short(own), SHORT)
            combo.addItem(self.tr("Expression…"), "")
            combo.setCurrentIndex(self.keys.index(key))
            combo.activated.connect(self._on_axis)
            self.row.addWidget(combo)
        self._held = [start.x, start.y]
        #: The table and axes an index line was last looked for in.
        self._looked_at: tuple[object, ...] | None = None
        self.index.setText(self.tr("index"))
        self.index.setAccessibleName(self.tr("Index line"))
        self.index.setToolTip(
            self.tr("A line of equal merit to drag: what is better on both axes together stands out beyond it")
        )
        self.index.setCheckable(True)
        self.index.setProperty("kind", "quiet")
        self.index.toggled.connect(self._on_index)
        self.row.addWidget(self.index)
        self.show_.setText(self.tr("Show"))
        self.show_.setAccessibleName(self.tr("What the map shows"))
        self.show_.setProperty("kind", "quiet")
        self.show_.setObjectName("map-show")
        self.show_.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.show_.setMenu(self._menu())
        # The lists give way, not the buttons.
        for button in (self.index, self.show_):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.row.addWidget(self.show_)

    def _menu(self) -> QMenu:
        menu = QMenu(self.show_)
        self.log_x = menu.addAction(self.tr("Across: log scale"))
        self.log_y = menu.addAction(self.tr("Upward: log scale"))
        menu.addSeparator()
        self.ranges = menu.addAction(self.tr("Ranges of all materials"))
        self.front = menu.addAction(self.tr("Pareto front"))
        for entry, on in ((self.log_x, True), (self.log_y, True), (self.ranges, False), (self.front, True)):
            entry.setCheckable(True)
            entry.setChecked(on)
            entry.toggled.connect(self._on_option)
        menu.addSeparator()
        self.edit_index = menu.addAction(self.tr("Index of the line…"))
        self.edit_index.triggered.connect(self._on_edit_index)
        return menu

    # --- state -----------------------------------------------------------------------------------------------------

    def axes(self) -> tuple[Axis, Axis]:
        """Both axes over the present table."""
        table = self.session.answer.table
        return axis(table, self._held[0]), axis(table, self._held[1])

    def show_state(self, answer: Answer, view: View) -> None:
        """Let go of expressions another table has no figures for, and of a box whose limits were met."""
        for place, combo in enumerate((self.across, self.upward)):
            try:
                axis(answer.table, self._held[place])
            except AdvisorError as error:
                self._held[place] = (View().x, View().y)[place]
                self._show_held(combo, place)
                for problem in error.problems:
                    self.session.noted.emit(problem)
        shown = (answer.table, *self._held)
        if self._looked_at is None or any(one is not other for one, other in zip(shown, self._looked_at, strict=True)):
            self._looked_at = shown  # another answer over the same figures has the same lines
            x, y = self.axes()
            possible = bool(np.isfinite(usual_line(x, y).merit(x.figures, y.figures)).any()) and x.key != y.key
            self.index.setEnabled(possible)
            self.edit_index.setEnabled(possible and bool(x.property and y.property))
            if not possible and self.index.isChecked():
                self.index.setChecked(False)
        if self.bar is not None and self._box is not None:
            self.bar.count(answer)

    def options(self, view: View) -> View:
        """The axes, lines and box chosen here."""
        return replace(
            view,
            x=self._held[0],
            y=self._held[1],
            log_x=self.log_x.isChecked(),
            log_y=self.log_y.isChecked(),
            ranges=self.ranges.isChecked(),
            front=self.front.isChecked(),
            index=self._line,
            box=self._box,
        )

    @Slot()
    def _on_option(self) -> None:
        self.changed.emit()

    # --- axes ------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_axis(self) -> None:
        combos = (self.across, self.upward)
        for place, combo in enumerate(combos):
            chosen = str(combo.currentData())
            if chosen == self._held[place]:
                continue
            if not chosen:
                self._show_held(combo, place)  # what was there stays until there is an expression
                held = self._held[place]
                text = held if held not in self.keys else ""
                self._open("xy"[place], text)
                return
            self.set_axis(place, chosen)

    def set_axis(self, place: int, key: str) -> None:
        """Put a property or an expression across (0) or upward (1); box and index line begin anew.

        Raises:
            AdvisorError: it is neither.
        """
        axis(self.session.answer.table, key)
        self._held[place] = key
        self._show_held((self.across, self.upward)[place], place)
        self._drop_box()
        if self._line is not None:
            self._start_line(None)
        self.changed.emit()

    def _show_held(self, combo: HeadCombo, place: int) -> None:
        """Show what stands along an axis; an expression is an entry of its own while it does."""
        held = self._held[place]
        with QSignalBlocker(combo):
            for number in reversed(range(len(self.keys), combo.count() - 1)):
                combo.removeItem(number)
            if held not in self.keys:
                from ui.charts.look import speech
                from ui.charts.map import formula_words

                combo.insertItem(len(self.keys), formula_words(held, speech()), held)
                combo.setItemData(len(self.keys), held, Qt.ItemDataRole.ToolTipRole)
            combo.setCurrentIndex(combo.findData(held))
        combo.updateGeometry()

    def _open(self, what: str, text: str) -> None:
        self._dialog = ExpressionDialog(self, what, text)
        self._dialog.accepted.connect(self._on_expression)
        self._dialog.open()

    @Slot()
    def _on_expression(self) -> None:
        dialog = self._dialog
        if dialog.what == "index":
            self._start_line(dialog.text())
            with QSignalBlocker(self.index):
                self.index.setChecked(self._line is not None)
            self.changed.emit()
        else:
            self.set_axis("xy".index(dialog.what), dialog.text())

    # --- index line ------------------------------------------------------------------------------------------------

    @Slot(bool)
    def _on_index(self, on: bool) -> None:
        if on:
            self._start_line(None)
        else:
            self._line = None
        self.changed.emit()

    @Slot()
    def _on_edit_index(self) -> None:
        x, y = self.axes()
        usual = usual_line(x, y)
        signs = "*" if usual.a > 0 else "/"
        text = self._line.text if self._line is not None and self._line.text else f"{y.key} {signs} {x.key}"
        self._open("index", text)

    def _start_line(self, expression: str | None) -> None:
        """A line with the first few materials on its better side; those that pass, where any do."""
        x, y = self.axes()
        line = usual_line(x, y) if expression is None else line_of(expression, x, y)
        passes = self.session.answer.screen.passes
        levels = (level_of_best(line, x.figures[rows], y.figures[rows], FIRST_BETTER) for rows in (passes, ~passes))
        level = next((level for level in levels if level is not None), None)
        self._line = None if level is None else replace(line, level=level)

    @property
    def line(self) -> IndexLine | None:
        """The index line on the map, None for none."""
        return self._line

    # --- pointer and keys ------------------------------------------------------------------------------------------

    def attach(self, canvas: ChartCanvas) -> None:
        """Hear what is dragged on the map."""
        self._canvas = canvas
        canvas.dragged.connect(self._on_dragged)
        canvas.keyed.connect(self._on_keyed)
        self.bar = BoxBar(self.session, canvas)
        self.bar.closed.clicked.connect(self._on_closed)
        self.bar.add.clicked.connect(self._on_add)
        if self._look is not None:
            self.bar.apply_theme(self._look)

    def _figures_at(self, at: QPoint) -> tuple[float, float] | None:
        """The figures a point of the canvas stands for, no further than the ends of the axes."""
        from ui.charts.map import MapArtists, plot_at

        artists = None if self._canvas is None else self._canvas.artists
        spot = plot_at(artists, at.x(), at.y())
        if spot is None or not isinstance(artists, MapArtists) or artists.scales is None:
            return None
        x, y = (
            float(scale.figure(min(max(part, 0.0), scale.px))) for scale, part in zip(artists.scales, spot, strict=True)
        )
        return x, y

    @Slot(str, QPoint, QPoint, bool)
    def _on_dragged(self, what: str, start: QPoint, now: QPoint, done: bool) -> None:
        here, there = self._figures_at(start), self._figures_at(now)
        if here is None or there is None:
            return
        if what == "index" and self._line is not None:
            level = float(self._line.merit(*there))
            if math.isfinite(level):
                self._line = replace(self._line, level=level)
        elif what == "box":
            self._box = (*sorted((here[0], there[0])), *sorted((here[1], there[1])))  # type: ignore[assignment]
            if self.bar is not None:
                self.bar.hide()
        self.changed.emit()
        if what == "box" and done and self.bar is not None and self._box is not None:
            self.bar.offer(
                box_limits(*self.axes(), self._box), QPoint(min(start.x(), now.x()), max(start.y(), now.y()))
            )

    @Slot(int)
    def _on_keyed(self, key: int) -> None:
        if key == Qt.Key.Key_Escape.value:
            if self._box is not None:
                self._on_closed()
            else:
                self.index.setChecked(False)
            return
        if self._line is None:
            return
        x, y = self.axes()
        merits = self._line.merit(x.figures, y.figures)
        merits = merits[np.isfinite(merits)]
        step = KEY_STEP * float(np.ptp(merits)) if len(merits) else 0.0
        sign = 1 if key == Qt.Key.Key_Right.value else -1
        self._line = replace(self._line, level=self._line.level + sign * step)
        self.changed.emit()

    # --- box -------------------------------------------------------------------------------------------------------

    def _drop_box(self) -> None:
        self._box = None
        if self.bar is not None:
            self.bar.hide()

    @Slot()
    def _on_closed(self) -> None:
        self._drop_box()
        self.changed.emit()

    @Slot()
    def _on_add(self) -> None:
        """Make the box's ends limits of the brief: one step of undo."""
        if self.bar is None:
            return
        limits = self.bar.chosen()
        names = "; ".join(words.words(limit_sentence(limit)) for limit in limits)
        self._drop_box()
        self.changed.emit()
        self.session.update(
            self.tr("Must have {limit}").format(limit=names), limits=with_limits(self.session.brief.limits, limits)
        )

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        if self.bar is not None:
            self.bar.apply_theme(look)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another chart: a box half made is let go of."""
        super().hideEvent(event)
        self._drop_box()


class BoxBar(QFrame):
    """What a box on the map would ask, as chips to switch off, how many would pass, and the button that adds it."""

    def __init__(self, session: Session, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._session = session
        self._limits: tuple[Limit, ...] = ()
        self.setObjectName("box-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Limits of the box"))
        self.chips = [QToolButton(self), QToolButton(self)]
        self.passing = QLabel(self)
        self.passing.setProperty("ink", "2")
        self.add, self.closed = QToolButton(self), QToolButton(self)
        self.add.setText(self.tr("Add as limits"))
        self.closed.setText("×")
        self.closed.setAccessibleName(self.tr("Let go of the box"))
        self.closed.setToolTip(self.tr("Let go of the box"))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 4, 3)
        row.setSpacing(space(1))
        for chip in self.chips:
            chip.setCheckable(True)
            chip.toggled.connect(self._on_chip)
            row.addWidget(chip)
        row.addWidget(self.passing)
        row.addWidget(self.add)
        row.addWidget(self.closed)
        for button in (*self.chips, self.add, self.closed):
            button.setMinimumSize(TARGET, TARGET)
        self.hide()

    def offer(self, limits: tuple[Limit, ...], at: QPoint) -> None:
        """Show the limits a box stands for, near its lower left corner."""
        self._limits = limits
        for place, chip in enumerate(self.chips):
            with QSignalBlocker(chip):
                chip.setVisible(place < len(limits))
                chip.setChecked(place < len(limits))
            if place < len(limits):
                chip.setText(chip_words(limits[place]))
                chip.setAccessibleName(words.words(limit_sentence(limits[place])))
                chip.setToolTip(chip.accessibleName())
        self.count(self._session.answer)
        self.adjustSize()
        canvas = self.parentWidget()
        assert canvas is not None
        below = at.y() + 6 if at.y() + 6 + self.height() < canvas.height() else at.y() - self.height() - 6
        left = min(max(at.x(), 4), canvas.width() - self.width() - 4)
        self.move(max(left, 4), min(max(below, 4), canvas.height() - self.height() - 4))
        self.show()
        self.raise_()

    def chosen(self) -> tuple[Limit, ...]:
        """The limits that are switched on."""
        return tuple(limit for limit, chip in zip(self._limits, self.chips, strict=False) if chip.isChecked())

    def count(self, answer: Answer) -> None:
        """How many would pass with what is switched on."""
        limits = self.chosen()
        self.add.setEnabled(bool(limits))
        self.add.setVisible(bool(self._limits))
        if not self._limits:
            self.passing.setText(self.tr("An expression makes no limit"))
            return
        count = would_pass(answer.table, answer.brief, with_limits(answer.brief.limits, limits))
        self.passing.setText(
            self.tr("{count} of {all} would pass").format(
                count=words.number(count), all=words.number(len(answer.table))
            )
        )

    @Slot()
    def _on_chip(self) -> None:
        self.count(self._session.answer)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self.closed.setText("")
        self.closed.setIcon(icon("close", look, "ink2"))
        self.setStyleSheet(
            f"""
            QFrame#box-bar {{ background: {look.panel}; border: 1px solid {look.edge}; border-radius: 6px; }}
            QFrame#box-bar QToolButton {{ min-height: 24px; padding: 0 6px; border: 1px solid {look.line};
              border-radius: 4px; color: {look.ink2}; background: transparent; }}
            QFrame#box-bar QToolButton:checked {{ background: {look.sel}; color: {look.ink}; }}
            QFrame#box-bar QToolButton:focus {{ border: 2px solid {look.accent}; padding: 0 5px; }}
            """
        )


def chip_words(limit: Limit) -> str:
    """A limit on a property as short as it goes: "Mass ≤ 240 g/m²"."""
    from PySide6.QtCore import QCoreApplication

    name, key = words.short(limit.property), limit.property
    if limit.at_least is None and limit.at_most is not None:
        text = QCoreApplication.translate("BoxBar", "{name} ≤ {high}")
        return text.format(name=name, high=words.figure(key, limit.at_most))
    if limit.at_most is None and limit.at_least is not None:
        text = QCoreApplication.translate("BoxBar", "{name} ≥ {low}")
        return text.format(name=name, low=words.figure(key, limit.at_least))
    text = QCoreApplication.translate("BoxBar", "{name} {low} to {high}")
    low, high = (words.number(end or 0.0, properties()[key].decimals) for end in (limit.at_least, limit.at_most))
    return text.format(name=name, low=low, high=f"{high} {words.unit(key)}".strip())


class ExpressionDialog(QDialog):
    """A line to write an expression of columns in, told right or wrong as it is written, with its unit.

    Args:
        what: ``x`` or ``y`` for an axis, ``index`` for the index line.
    """

    def __init__(self, controls: MapControls, what: str, text: str) -> None:
        super().__init__(controls)
        self.what = what
        self._controls = controls
        titles = {"x": self.tr("Expression across"), "y": self.tr("Expression upward"), "index": self.tr("Index line")}
        self.setWindowTitle(titles[what])
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.line = QLineEdit(text, self)
        self.line.setAccessibleName(titles[what])
        self.line.setPlaceholderText("tear_strength_n / areal_mass_g_m2")
        self.line.setMinimumWidth(420)
        self.columns = QComboBox(self)
        self.columns.setAccessibleName(self.tr("Column to put in"))
        self.columns.addItem(self.tr("Put in a column"), "")
        keys = controls.keys
        if what == "index":
            keys = [own.key for own in controls.axes()]
        for key in keys:
            unit = words.unit(key)
            self.columns.addItem(f"{words.label(key)}, {unit}" if unit else words.label(key), key)
        self.columns.activated.connect(self._on_column)
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setMinimumHeight(2 * TARGET)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        buttons = QDialogButtonBox(self)
        self.ok = buttons.addButton(self.tr("Show"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self.ok, cancel):
            button.setAccessibleName(button.text())
        self.ok.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        for part in (self.line, self.columns, self.told, buttons):
            box.addWidget(part)
        self.line.textChanged.connect(self._tell)
        self._tell()

    def text(self) -> str:
        """The expression as it stands."""
        return self.line.text().strip()

    @Slot(int)
    def _on_column(self, number: int) -> None:
        key = str(self.columns.itemData(number))
        self.columns.setCurrentIndex(0)
        if key:
            self.line.insert(key)
        self.line.setFocus()

    @Slot()
    def _tell(self) -> None:
        """The unit of a right expression and what is better, or in one line what is wrong."""
        table = self._controls.session.answer.table
        try:
            if self.what == "index":
                line = line_of(self.text(), *self._controls.axes())
                if line.b:
                    slope = words.number(round(-line.a / line.b, 2), 0 if not (line.a / line.b) % 1 else 2)
                    told = self.tr("A straight line of slope {slope} on two log axes; more is better").format(
                        slope=slope
                    )
                else:
                    told = self.tr("An upright line; more is better")
            else:
                own = axis(table, self.text())
                told = self._axis_words(own)
            self.ok.setEnabled(True)
        except AdvisorError as error:
            told = error.problems[0].line()
            self.ok.setEnabled(False)
        self.told.setText(told)
        self.told.setAccessibleName(told)

    def _axis_words(self, own: Axis) -> str:
        from ui.charts.map import raised

        known = words.number(int(np.isfinite(own.figures).sum()))
        unit = self.tr("no unit") if own.unit in ("", "1") else raised(own.unit)
        better = self.tr("more is better") if own.direction == "more" else self.tr("less is better")
        text = self.tr("Unit: {unit}; {better}; {count} materials have a figure")
        return text.format(unit=unit, better=better, count=known)
