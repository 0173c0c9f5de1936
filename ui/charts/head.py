"""Heads: the controls beside the tabs of Why, Compare, Certainty and Climate fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QMenu, QToolButton

from advisor.answer import Answer, solve
from advisor.certainty import MOST_DRAWN, Acceptability, Certainty, contenders
from advisor.properties import CRITERIA
from ui import words
from ui.charts.controls import Controls, HeadCombo, MaterialCombo
from ui.charts.style import View
from ui.session import COMPARED, Session


class WhyControls(Controls):
    """Both ends of the waterfall."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.above, self.below = MaterialCombo(), MaterialCombo()
        self.relation = QLabel()
        self.relation.setProperty("ink", "2")
        self.above.setAccessibleName(self.tr("Material explained"))
        self.below.setAccessibleName(self.tr("Material it is measured against"))
        self.row.addStretch(1)
        for part in (self.above, self.relation, self.below):
            self.row.addWidget(part)
        self.above.activated.connect(self._choose_upper)
        self.below.activated.connect(self._choose_lower)

    def show_state(self, answer: Answer, view: View) -> None:
        """Names at both ends and which of them stands higher."""
        self.above.show_row(answer, view.selected)
        self.below.show_row(answer, view.rival)
        self.below.setVisible(view.rival is not None)
        self.relation.setVisible(view.rival is not None)
        if view.selected is None or view.rival is None:
            return
        gap = float(answer.ranking.scores[view.selected] - answer.ranking.scores[view.rival])
        texts = (self.tr("above"), self.tr("below"), self.tr("level with"))
        self.relation.setText(texts[0] if gap > 0 else texts[1] if gap < 0 else texts[2])

    @Slot(int)
    def _choose_upper(self, index: int) -> None:
        session, rival = self.session, self.session.selection.rival
        chosen = str(self.above.itemData(index))
        session.select(chosen)
        if rival and rival != chosen:
            session.against(rival)  # an end chosen by hand stays

    @Slot(int)
    def _choose_lower(self, index: int) -> None:
        session = self.session
        chosen = str(self.below.itemData(index))
        row = session.selected_row()
        if row is not None and session.answer.table.ids[row] == chosen:
            return
        if not session.selection.material and row is not None:
            session.select(session.answer.table.ids[row])  # measured against, it no longer follows the first place
        session.against(chosen)


class CompareControls(Controls):
    """The two to six materials."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.button = QToolButton()
        self.button.setText(self.tr("Materials"))
        self.button.setAccessibleName(self.tr("Materials to compare"))
        self.button.setProperty("kind", "quiet")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.menu.triggered.connect(self._chosen)
        self.button.setMenu(self.menu)
        self.count = QLabel()
        self.count.setProperty("ink", "3")
        self.radar = QToolButton()
        self.radar.setText(self.tr("radar"))
        self.radar.setAccessibleName(self.tr("Draw as a radar"))
        self.radar.setToolTip(self.tr("Draw the first four as a radar; profile lines are easier to read off"))
        self.radar.setCheckable(True)
        self.radar.setProperty("kind", "quiet")
        self.radar.toggled.connect(self._on_radar)
        self.row.addStretch(1)
        self.row.addWidget(self.count)
        self.row.addWidget(self.radar)
        self.row.addWidget(self.button)

    def show_state(self, answer: Answer, view: View) -> None:
        """How many are compared."""
        self.count.setText(
            self.tr("{count} of at most {most}").format(
                count=words.number(len(view.compared)), most=words.number(COMPARED[1])
            )
        )

    def options(self, view: View) -> View:
        """Whether it is drawn as a radar."""
        return replace(super().options(view), radar=self.radar.isChecked())

    @Slot()
    def _on_radar(self) -> None:
        self.changed.emit()

    @Slot()
    def _fill(self) -> None:
        self.menu.clear()
        session = self.session
        answer, compared = session.answer, session.compared_rows()
        follow = self.menu.addAction(self.tr("Follow the first three"))
        follow.setData("")
        follow.setEnabled(bool(session.selection.compared))
        self.menu.addSeparator()
        rows = list(dict.fromkeys([*compared, *answer.ranking.order[:16].tolist()]))
        for row in rows:
            entry = self.menu.addAction(answer.table.names[row].replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(row in compared)
            entry.setData(answer.table.ids[row])
            full = len(compared) >= COMPARED[1] and row not in compared
            last = len(compared) <= COMPARED[0] and row in compared
            entry.setEnabled(not full and not last)

    @Slot(QAction)
    def _chosen(self, entry: QAction) -> None:
        session, key = self.session, str(entry.data())
        if not key:
            session.compare(())
            return
        ids = session.answer.table.ids
        now = [ids[row] for row in session.compared_rows()]
        session.compare(tuple(other for other in now if other != key) if key in now else (*now, key))


def nearest_tipping(answer: Answer) -> str:
    """The criterion whose priority has to move least until another leads; where none does, the one that weighs most.

    Of a long list only those that stand or might stand first are looked at: it is no more than what the chart opens
    with, and the lines it draws are of the whole list.
    """
    from advisor.tipping import leaders

    if answer.ranking.passing > MOST_DRAWN:
        rows = contenders(answer.values, answer.ranking)
        answer = solve(answer.table.take(rows.tolist()), answer.brief)
    now = answer.terms.priorities
    best = ""
    least = float("inf")
    for criterion in CRITERIA:
        for low, _, _ in leaders(answer, criterion)[1:]:
            if abs(low - now[criterion]) < least:
                best, least = criterion, abs(low - now[criterion])
    return best or max(CRITERIA, key=lambda criterion: now[criterion])


class CertaintyControls(Controls):
    """The priority the score lines are drawn along; keeps the last trials to show while the next are worked out."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.along = HeadCombo()
        self.along.setAccessibleName(self.tr("Priority the scores are drawn along"))
        self.along.setToolTip(self.tr("Priority the scores are drawn along"))
        self.along.addItem(self.tr("Nearest tipping point"), "")
        for key in CRITERIA:
            self.along.addItem(words.criterion(key), key)
        self.along.activated.connect(self._on_option)
        self.row.addStretch(1)
        self.row.addWidget(self.along)
        self._nearest = ""
        self._of: Answer | None = None
        self._table: object = None
        self._certainty: Certainty | None = None
        self._drawn_for: Answer | None = None
        self._places: Acceptability | None = None

    @Slot()
    def _on_option(self) -> None:
        self.changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """On screen: the places taken in the trials are wanted."""
        super().showEvent(event)
        self.session.count_places(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Off screen: they are not."""
        super().hideEvent(event)
        self.session.count_places(False)

    def options(self, view: View) -> View:
        """The priority chosen here, and the newest trials there are."""
        session = self.session
        answer = session.answer
        if answer.table is not self._table:  # rows are others now
            self._table, self._certainty, self._drawn_for, self._places = answer.table, None, None, None
        if session.certainty is not None:
            self._certainty, self._drawn_for = session.certainty, answer
        self._places = session.acceptability or self._places
        current = session.certainty is not None and session.acceptability is not None
        return replace(
            view,
            along=str(self.along.currentData()) or self._follow(answer),
            certainty=self._certainty,
            acceptability=self._places,
            current=current,
            levels=self._certainty if self._same_order(answer) else None,
        )

    def _same_order(self, answer: Answer) -> bool:
        """Whether the last trials still say which places are level, as the ranking shows them."""
        if self._drawn_for is None or answer is self._drawn_for:
            return True
        then, now = self._drawn_for.ranking, answer.ranking
        return bool(np.array_equal(then.passing_rows(), now.passing_rows()))

    def _follow(self, answer: Answer) -> str:
        """The nearest tipping point; while something moves, the chart stays with the one it shows."""
        moving = self.session.certainty is None or bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)
        if not self._nearest or (answer is not self._of and not moving):
            self._nearest, self._of = nearest_tipping(answer), answer
        return self._nearest


class ClimateFitControls(Controls):
    """Whose fit it is."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.chosen = MaterialCombo()
        self.chosen.setAccessibleName(self.tr("Material whose fit is shown"))
        self.row.addStretch(1)
        self.row.addWidget(self.chosen)
        self.chosen.activated.connect(self._choose)

    def show_state(self, answer: Answer, view: View) -> None:
        """The selected material."""
        self.chosen.show_row(answer, view.selected)

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.session.select(str(self.chosen.itemData(index)))
