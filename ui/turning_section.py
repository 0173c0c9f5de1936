"""Turning section of the material panel: what it takes for a material to win, each change tried with one press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QLocale, QMargins, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from advisor.answer import Answer
from advisor.properties import CRITERIA
from advisor.sentences import Sentence
from advisor.turning import (
    KINDS,
    Change,
    Turning,
    brief_after,
    change_sentence,
    joint_sentence,
    none_sentence,
    stability_sentences,
    what_it_takes,
)
from ui import words
from ui.rows import Prose, Section
from ui.session import Session
from ui.theme import Theme
from ui.widgets import LinkButton, SectionHeader

#: The section's word for what it wants worked out.
_WISH: Final = "turning"
#: Over longer tables the search for a demand or a price would take seconds; it is made when asked for.
_LONG: Final = 5_000


class _Line(QWidget):
    """One change in words, with a link that makes it."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.prose = Prose(look, spacing=1.2, below=3, parent=self)
        self.link = LinkButton(look, "", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.prose, 1)
        row.addWidget(self.link)
        #: What the link makes of the brief: a change, or all priorities.
        self.makes: Change | dict[str, float] | None = None


class _Steady(NamedTuple):
    """How far the priorities may move before the first place falls, in sentences."""

    row: int
    sentences: tuple[Sentence, ...]


class TurningSection(Section):
    """The smallest single change of each kind that puts the material first, the smallest joint one, or that none does.

    Of the first place it says how far the nearest priorities may move before it falls.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._session = session
        self._answer: Answer = session.answer
        self._row = -1
        self._asked = self._leads = False
        self._shown: tuple[object, ...] = ()
        self._turning: Turning | None = None
        self._head = SectionHeader(look, self.tr("What it takes to win"))
        self._head.link_clicked.connect(self._ask)
        self.box.addWidget(self._head)
        column = QVBoxLayout()
        column.setSpacing(2)
        self.inset(column, QMargins(0, 0, 6, 0))
        self.lines: list[_Line] = []
        self._lines_box = QVBoxLayout()
        self._lines_box.setSpacing(0)
        column.addLayout(self._lines_box)
        self.none = Prose(look, ink="ink2", spacing=1.2)
        column.addWidget(self.none)
        self.box.addLayout(column)
        session.found.connect(self._on_found)

    # --- what is shown -------------------------------------------------------------------------------------------

    def show_material(self, answer: Answer, row: int) -> None:
        """Show what it takes for a material; until that is worked out, the last words stand dimmed."""
        self._answer = answer
        other = row != self._row
        self._row = row
        order = answer.ranking.passing_rows()
        leads = bool(len(order)) and int(order[0]) == row
        title = self.tr("What keeps it first") if leads else self.tr("What it takes to win")
        self._head.set_title(title)
        if other or leads is not self._leads:
            self._leads = leads
            self._turning, self._shown = None, ()
            for line in self.lines:
                line.hide()
            self.none.show_text("…", ink="ink3")
        else:
            self._dim()
        if self.isVisible():
            self._wish()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wish()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # A window that is taken apart hides its parts when they have nothing left of their own.
        session: Session | None = getattr(self, "_session", None)
        if session is not None:
            session.want(_WISH, None)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.LocaleChange):
            self._shown = ()
            if self._turning is not None:
                self._show(self._turning)
        super().changeEvent(event)

    def _wish(self) -> None:
        """Have it worked out for the material looked at."""
        if self._row < 0:
            return
        if len(self._answer.table) > _LONG and not self._asked and not self._leads:
            self._head.set_links([self.tr("work out")])
            self.none.show_text(self.tr("In a table this long it takes a few seconds."), ink="ink3")
            return
        self._head.set_links([])
        material, leads = self._answer.table.ids[self._row], self._leads

        def work(answer: Answer, stop: Callable[[], bool]) -> Turning | _Steady | None:
            row = answer.table.index.get(material)
            if row is None:
                return None
            return _Steady(row, stability_sentences(answer)) if leads else what_it_takes(answer, row, stop)

        self._session.want(_WISH, work)

    @Slot(int)
    def _ask(self, _link: int) -> None:
        self._asked = True
        self.none.show_text("…", ink="ink3")
        self._wish()

    @Slot(str, object)
    def _on_found(self, kind: str, found: Turning | _Steady | None) -> None:
        if kind != _WISH or found is None or self._session.answer is not self._answer or found.row != self._row:
            return
        if isinstance(found, _Steady):
            if self._leads:
                self._show_sentences([(sentence, None) for sentence in found.sentences], ())
        elif not found.leads:
            self._asked = False
            self._turning = found
            self._show(found)

    def _show(self, turning: Turning) -> None:
        told: list[tuple[Sentence, Change | dict[str, float] | None]] = []
        for kind in KINDS:
            change: Change | None = getattr(turning, kind)
            if change is not None:
                told.append((change_sentence(self._answer, turning.row, change), change))
        if turning.joint is not None:
            told.append((joint_sentence(self._answer, turning), turning.joint))
        nothing = none_sentence(self._answer, turning)
        self._show_sentences(told, () if nothing is None else (nothing,))

    def _show_sentences(
        self,
        told: list[tuple[Sentence, Change | dict[str, float] | None]],
        rest: tuple[Sentence, ...],
    ) -> None:
        shown = (self._answer, self._row, QLocale().name(), len(told))
        if shown == self._shown:
            return
        self._shown = shown
        while len(self.lines) < len(told):
            line = _Line(self._look, self)
            line.link.clicked.connect(self._try)
            self.lines.append(line)
            self._lines_box.addWidget(line)
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(told))
            if number >= len(told):
                continue
            sentence, makes = told[number]
            text, spans = words.rich(self._of_it(sentence))
            line.prose.show_text(text, spans, ink="ink")
            # A figure is the table's: it is tested, not wished for.
            tried = makes is not None and not (isinstance(makes, Change) and makes.kind == "figure")
            line.makes = makes if tried else None
            line.link.setVisible(tried)
            line.link.set_text(self.tr("try"))
            line.link.setAccessibleName(self.tr("Try: {change}").format(change=text))
            line.link.setToolTip(self.tr("Change the brief so; undo takes it back"))
        self.none.setVisible(bool(rest) or not told)
        if rest:
            self.none.show_text(words.words(self._of_it(rest[0])), ink="ink2")
        elif not told:
            self.none.show_text(self.tr("No priority on 0 to 10 would take the first place from it."), ink="ink2")

    def _of_it(self, sentence: Sentence) -> Sentence:
        """A sentence without the material's name, which stands at the head of the panel."""
        if "name" not in sentence.values:
            return sentence
        return replace(sentence, values={**sentence.values, "name": self.tr("it", "the material looked at")})

    def _dim(self) -> None:
        self._shown = ()
        for line in self.lines:
            line.prose.set_ink("ink3")
        self.none.set_ink("ink3")

    # --- what is done --------------------------------------------------------------------------------------------

    @Slot()
    def _try(self) -> None:
        line = next((one for one in self.lines if one.link is self.sender()), None)
        if line is None or line.makes is None or self._session.answer is not self._answer:
            return
        name = self._answer.table.names[self._row]
        label = self.tr("What puts {name} first").format(name=name)
        if isinstance(line.makes, Change):
            brief = brief_after(self._answer, line.makes)
        else:
            brief = replace(self._session.brief, priorities={key: line.makes[key] for key in CRITERIA})
        # The answer is the additive one whatever the brief orders by.
        self._session.edit(replace(brief, method=self._session.brief.method), label)
