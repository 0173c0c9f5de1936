"""Controls of Slope: the two answers it joins: now, as opened, before the last change, other briefs, places, tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QFileDialog, QLabel

from advisor.answer import Answer, solve
from advisor.brief import Brief, Climate, read_brief
from advisor.certainty import Certainty
from advisor.climate import find_place, place_names
from advisor.materials import Table, bundled, read_table
from advisor.problems import AdvisorError
from ui.charts.controls import Controls, HeadCombo
from ui.charts.style import View
from ui.session import Session

Key = tuple[str, str]
"""What an entry stands for: its kind, and a name or path."""

NOW: Key = ("now", "")
OPENING: Key = ("opening", "")
BEFORE: Key = ("before", "")
BUNDLED: Key = ("bundled", "")
_ASK_BRIEF: Key = ("ask-brief", "")
_ASK_TABLE: Key = ("ask-table", "")
#: Tables longer than this are not tried anew for which places are level: that would hold up the window.
_TRIED = 500
#: Answers whose trials are kept.
_KEPT = 6


class SlopeControls(Controls):
    """The two ends: by default from the answer before the last change to the present one."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.against, self.upto = HeadCombo(), HeadCombo()
        self.against.setAccessibleName(self.tr("Measured against"))
        self.against.setToolTip(self.tr("What the places are measured against"))
        self.upto.setAccessibleName(self.tr("Places shown"))
        self.upto.setToolTip(self.tr("Whose places are shown"))
        before, after = QLabel(self.tr("from")), QLabel(self.tr("to"))
        self.row.addStretch(1)
        for label, combo in ((before, self.against), (after, self.upto)):
            label.setProperty("ink", "2")
            self.row.addWidget(label)
            self.row.addWidget(combo)
        self._chosen: dict[HeadCombo, Key] = {self.against: BEFORE, self.upto: NOW}
        #: Briefs and tables out of files, by path, in the order they were opened.
        self._briefs: dict[str, Brief] = {}
        self._tables: dict[str, Table] = {}
        self._others: tuple[Brief, ...] = ()
        self._solved: dict[Key, tuple[Brief, Table, Answer]] = {}
        self._trials: list[tuple[Answer, Certainty]] = []
        self._opening = session.answer
        self._fill()
        self.against.activated.connect(self._on_against)
        self.upto.activated.connect(self._on_upto)
        session.answered.connect(self._on_answered)

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        """With nothing to undo or redo, a brief has just been opened: what it says now is where it began."""
        if not self.session.undo_label and not self.session.redo_label:
            self._opening = answer

    # --- entries ---------------------------------------------------------------------------------------------------

    def _entries(self) -> list[tuple[str, Key] | None]:
        """Titles and what they stand for; None is a line between."""
        session = self.session
        found: list[tuple[str, Key] | None] = [
            (self.tr("now"), NOW),
            (self.tr("before the last change"), BEFORE),
            (self.tr("as opened"), OPENING),
            None,
        ]
        found += [(brief.title or Path(path).name.removesuffix(".brief.json"), ("brief", path))
                  for path, brief in self._briefs.items()]  # fmt: skip
        found += [
            (brief.title or self.tr("brief {number}").format(number=number + 1), ("other", str(number)))
            for number, brief in enumerate(self._others)
        ]
        found += [
            (self.tr("table {name}").format(name=table.version or table.name), ("table", path))
            for path, table in self._tables.items()
        ]
        if session.table is not bundled():
            found.append((self.tr("the bundled table"), BUNDLED))
        found += [(self.tr("a brief file…"), _ASK_BRIEF), (self.tr("another table…"), _ASK_TABLE), None]
        found += [(name, ("place", name)) for name in place_names()]
        return found

    def _fill(self) -> None:
        """List what there is in both; what was chosen stays, or gives way to the usual where it is gone."""
        entries = self._entries()
        keys = {entry[1] for entry in entries if entry is not None}
        for combo, usual in ((self.against, BEFORE), (self.upto, NOW)):
            if self._chosen[combo] not in keys:
                self._chosen[combo] = usual
            with QSignalBlocker(combo):
                combo.clear()
                for entry in entries:
                    if entry is None:
                        combo.insertSeparator(combo.count())
                    else:
                        combo.addItem(*entry)
            self._show_chosen(combo)

    def _show_chosen(self, combo: HeadCombo) -> None:
        with QSignalBlocker(combo):
            combo.setCurrentIndex(self._index(combo, self._chosen[combo]))
        combo.updateGeometry()

    @staticmethod
    def _index(combo: HeadCombo, key: Key) -> int:
        return next(place for place in range(combo.count()) if combo.itemData(place) == key)

    def show_state(self, answer: Answer, view: View) -> None:
        """The briefs of the project and whether the table is the bundled one may be others now."""
        others = self.session.records.others
        own = BUNDLED in {self.against.itemData(place) for place in range(self.against.count())}
        if others != self._others or own != (self.session.table is not bundled()):
            self._others = others
            self._fill()

    # --- choosing --------------------------------------------------------------------------------------------------

    @Slot(int)
    def _on_against(self, number: int) -> None:
        self._choose(self.against, number)

    @Slot(int)
    def _on_upto(self, number: int) -> None:
        self._choose(self.upto, number)

    def _choose(self, combo: HeadCombo, number: int) -> None:
        key = combo.itemData(number)
        if key in (_ASK_BRIEF, _ASK_TABLE):
            self._show_chosen(combo)
            self._ask(combo, key)
            return
        self._chosen[combo] = key
        self.changed.emit()

    def _ask(self, combo: HeadCombo, key: Key) -> None:
        brief = key == _ASK_BRIEF
        kinds = self.tr("Briefs (*.json)") if brief else self.tr("Tables (*.csv *.xlsx)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Places by another brief or table"), "", kinds)
        if not path:
            return
        try:
            (self.use_file if brief else self.use_table)(Path(path), combo)
        except AdvisorError as error:
            for problem in error.problems:
                self.session.noted.emit(problem)

    def use_file(self, path: Path, combo: HeadCombo | None = None) -> None:
        """Put the brief in a file at one end (``against`` where not said).

        Raises:
            AdvisorError: it is no readable brief; what was chosen stays.
        """
        self._briefs[str(path)] = read_brief(path)
        self._use(("brief", str(path)), combo)

    def use_table(self, path: Path, combo: HeadCombo | None = None) -> None:
        """Put the present brief over the table in a file, such as an older version, at one end.

        Raises:
            AdvisorError: it is no readable table; what was chosen stays.
        """
        self._tables[str(path)] = read_table(path)
        self._use(("table", str(path)), combo)

    def use_place(self, name: str) -> None:
        """Measure against the same brief at another place.

        Raises:
            KeyError: no place has this name.
        """
        place = find_place(name)
        if place is None:
            raise KeyError(name)
        self._use(("place", place.name), None)

    def use(self, key: Key, combo: HeadCombo) -> None:
        """Put one of the entries at an end.

        Raises:
            KeyError: there is no such entry.
        """
        if all(combo.itemData(place) != key for place in range(combo.count())):
            raise KeyError(key)
        self._use(key, combo)

    def _use(self, key: Key, combo: HeadCombo | None) -> None:
        self._solved.pop(key, None)
        self._chosen[combo or self.against] = key
        self._fill()
        self.changed.emit()

    # --- answers ---------------------------------------------------------------------------------------------------

    def other(self) -> Answer:
        """The answer that is measured against."""
        return self._answer(self._chosen[self.against])

    def shown(self) -> Answer:
        """The answer whose places are shown."""
        return self._answer(self._chosen[self.upto])

    def _answer(self, key: Key) -> Answer:
        session = self.session
        held = {NOW: session.answer, BEFORE: session.before, OPENING: self._opening}
        if key in held:
            return held[key]
        kind, name = key
        brief, table = session.answer.brief, session.answer.table
        if kind == "place":
            brief = replace(brief, climate=Climate(place=name))
        elif kind == "brief":
            brief = self._briefs[name]
        elif kind == "other":
            brief = self._others[int(name)]
        elif kind == "table":
            table = self._tables[name]
        elif key == BUNDLED:
            table = bundled()
        known = self._solved.get(key)
        if known is None or known[0] != brief or known[1] is not table:
            known = self._solved[key] = brief, table, solve(table, replace(brief, method="additive"))
        return known[2]

    def _levels(self, answer: Answer) -> Certainty | None:
        """The trials that say which places of an answer are level, as the ranking labels them; None for none."""
        session = self.session
        if session.certainty is not None:
            self._keep(session.answer, session.certainty)
        then = answer.ranking
        for tried, certain in reversed(self._trials):
            if tried is answer:
                return certain
            same = tried.table is answer.table and np.array_equal(tried.ranking.passing_rows(), then.passing_rows())
            if same and answer is session.answer:
                return certain  # while the next trials are worked out, as the ranking does
        if answer is session.answer or session.certainty is None or len(answer.table) > _TRIED:
            return None
        certain = answer.certainty()
        self._keep(answer, certain)
        return certain

    def _keep(self, answer: Answer, certain: Certainty) -> None:
        if not any(tried is answer for tried, _ in self._trials):
            self._trials = [*self._trials[1 - _KEPT :], (answer, certain)]

    def options(self, view: View) -> View:
        """Both answers, what they are called, and what their places are labelled by."""
        other, shown = self.other(), self.shown()
        return replace(
            view,
            other=other,
            other_name=self.against.currentText(),
            shown=shown,
            shown_name=self.upto.currentText(),
            levels=self._levels(shown),
            other_levels=self._levels(other),
        )
