"""Controls of Slope: what today is measured against: before the last change, another place, or a brief file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QFileDialog, QLabel

from advisor.answer import Answer, solve
from advisor.brief import Brief, Climate, read_brief
from advisor.climate import find_place, place_names
from advisor.problems import AdvisorError
from ui.charts.controls import Controls, HeadCombo
from ui.charts.style import View
from ui.session import Session

_BEFORE, _FILE, _HELD = "before", "file", "held"


class SlopeControls(Controls):
    """The other answer: by default the one before the last change."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.against = HeadCombo()
        self.against.setAccessibleName(self.tr("Measured against"))
        self.against.setToolTip(self.tr("What today's places are measured against"))
        self.against.addItem(self.tr("before the last change"), (_BEFORE, ""))
        self.against.addItem(self.tr("a brief file…"), (_FILE, ""))
        self.against.insertSeparator(2)
        for name in place_names():
            self.against.addItem(name, ("place", name))
        label = QLabel(self.tr("against"))
        label.setProperty("ink", "2")
        self.row.addStretch(1)
        self.row.addWidget(label)
        self.row.addWidget(self.against)
        self.against.activated.connect(self._on_chosen)
        self._chosen = 0
        self._brief: Brief | None = None
        self._of: tuple[Brief, object] | None = None
        self._other: Answer | None = None

    @Slot(int)
    def _on_chosen(self, number: int) -> None:
        kind, _ = self.against.itemData(number)
        if kind == _FILE:
            with QSignalBlocker(self.against):
                self.against.setCurrentIndex(self._chosen)
            self._ask()
            return
        self._chosen = number
        self.changed.emit()

    def _ask(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Measure against a brief"), "", self.tr("Briefs (*.json)"))
        if path:
            try:
                self.use_file(Path(path))
            except AdvisorError as error:
                for problem in error.problems:
                    self.session.noted.emit(problem)

    def use_file(self, path: Path) -> None:
        """Measure against the brief in a file.

        Raises:
            AdvisorError: it is no readable brief; what was chosen stays.
        """
        brief = read_brief(path)
        with QSignalBlocker(self.against):
            if self.against.itemData(2) is not None and self.against.itemData(2)[0] == _HELD:
                self.against.removeItem(2)
            self.against.insertItem(2, brief.title or path.name.removesuffix(".brief.json"), (_HELD, str(path)))
            self.against.setCurrentIndex(2)
        self._brief, self._chosen, self._of = brief, 2, None
        self.against.updateGeometry()
        self.changed.emit()

    def use_place(self, name: str) -> None:
        """Measure against the same brief at another place.

        Raises:
            KeyError: no place has this name.
        """
        place = find_place(name)
        if place is None:
            raise KeyError(name)
        self.against.setCurrentIndex(self.against.findText(place.name))
        self._on_chosen(self.against.currentIndex())

    def other(self) -> Answer:
        """The answer today's is measured against, over today's table but for the one before the last change."""
        kind, name = self.against.itemData(self._chosen)
        if kind == _BEFORE:
            return self.session.before
        answer = self.session.answer
        brief = self._brief if kind == _HELD else replace(answer.brief, climate=Climate(place=name))
        assert brief is not None
        key = (brief, answer.table)
        if self._of is None or self._of[0] != brief or self._of[1] is not answer.table or self._other is None:
            self._of, self._other = key, solve(answer.table, replace(brief, method="additive"))
        return self._other

    def options(self, view: View) -> View:
        """The other answer and what it is called."""
        return replace(view, other=self.other(), other_name=self.against.itemText(self._chosen))
