"""Places section of the climate: several places with shares, how they are scored, and how the cloth does in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from advisor.answer import Answer
from advisor.brief import SCORINGS, Climate, PlaceShare
from advisor.climate import places, plain
from advisor.several import (
    PlaceAnswer,
    Several,
    leading_sentence,
    serving_sentence,
    several,
    standing_there,
    with_place,
    with_share,
    without_place,
)
from ui import words
from ui.brief_parts import NAME_WIDTH, BriefSection, Hand, change_words, lines_tip
from ui.combos import Combo, Item, SearchCombo
from ui.rows import Prose
from ui.session import REST_MS, Session
from ui.sliders import Scale, ValueSlider
from ui.theme import TARGET, Theme, space
from ui.widgets import ElidedLabel, LinkButton

#: Of a longer table the places are worked out when the hand rests: each of them is an answer of its own.
_LONG: Final = 20_000
_SHARE_WIDTH: Final = 40
_GAP_DIGITS: Final = 3


class _PlaceRow(QWidget):
    """One place: its share as a slider, and below how the leading cloth does there."""

    def __init__(self, look: Theme, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = number
        self.name = ElidedLabel(look, parent=self)
        self.name.setFixedWidth(NAME_WIDTH)
        self.slider = ValueSlider(look, "", Scale.linear(0, 100), parent=self)
        self.share = ElidedLabel(look, ink="ink2", align="end", parent=self)
        self.share.setFixedWidth(_SHARE_WIDTH)
        self.remove = LinkButton(look, "×", kind="body", parent=self)
        self.remove.setFixedWidth(TARGET)
        self.told = ElidedLabel(look, ink="ink3", kind="caption", parent=self)
        self.told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(1))
        row.addWidget(self.name)
        row.addWidget(self.slider, 1)
        row.addWidget(self.share)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, space(0.5))
        column.setSpacing(0)
        column.addLayout(row)
        self.alone = ElidedLabel(look, ink="ink3", kind="caption", parent=self)
        self.alone.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column.addWidget(self.told)
        column.addWidget(self.alone)


class PlacesSection(BriefSection):
    """Several places at once: shares that keep their sum, the way they are scored, and each place's own answer."""

    def __init__(self, session: Session, hand: Hand, look: Theme, parent: QWidget) -> None:
        super().__init__(session, hand, look, parent)
        self._rows: list[_PlaceRow] = []
        self._found: Several | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._work_out)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.addLayout(self._list)
        known = sorted(places().values(), key=lambda place: plain(place.name))
        self._add = SearchCombo(
            self.tr("Another place"),
            [
                Item(
                    place.name,
                    self.tr("{place}, {country}").format(place=place.name, country=words.profile(place.country)),
                    search=f"{place.name} {words.profile(place.country)} {place.country}",
                )
                for place in known
            ],
            self,
        )
        self._add.chosen.connect(self._added)
        self.box.addWidget(self._add)
        line = QHBoxLayout()
        line.setContentsMargins(0, space(0.5), 0, 0)
        line.setSpacing(space(1))
        self._scored_label = ElidedLabel(look, self.tr("Scored"), parent=self)
        self._scored_label.setFixedWidth(NAME_WIDTH)
        self._scored = Combo(
            self.tr("How several places are scored"),
            [
                Item(
                    SCORINGS[0],
                    self.tr("strictest demand"),
                    lines_tip([self.tr("One score, measured against the strictest demand of all places.")]),
                ),
                Item(
                    SCORINGS[1],
                    self.tr("by share"),
                    lines_tip([self.tr("The score at each place, weighted by its share of the order.")]),
                ),
            ],
            self,
        )
        self._scored.chosen.connect(self._score)
        line.addWidget(self._scored_label)
        line.addWidget(self._scored, 1)
        self.box.addLayout(line)
        self._summary = Prose(look, kind="caption", ink="ink2", spacing=1.15, parent=self)
        self.box.addSpacing(space(0.5))
        self.box.addWidget(self._summary)
        self._wanted = False
        self._show_parts(())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.LocaleChange) and self._found is not None:
            self._tell(self._found)
        super().changeEvent(event)

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_answer(self, answer: Answer) -> None:
        """Show the places of an answer's brief; nothing is emitted."""
        climate = answer.brief.climate
        self._show_parts(climate.places)
        if not climate.places:
            self._found = None
            self._rest.stop()
            return
        self._wanted = False
        total = sum(item.share for item in climate.places)
        for row, item in zip(self._rows, climate.places, strict=True):
            share = 100 * item.share / total if total > 0 else 0.0
            text = self.tr("{share} %").format(share=words.number(share))
            row.name.set_text(item.place)
            row.slider.setAccessibleName(self.tr("Share of {place}").format(place=item.place))
            row.slider.setValue(share)
            row.slider.set_text(text)
            row.share.set_text(text)
            row.remove.setAccessibleName(self.tr("Take {place} out").format(place=item.place))
            row.remove.setToolTip(row.remove.accessibleName())
        self._add.show_key("", self.tr("add a place …"))
        self._scored.show_key(climate.scored)
        if len(answer.table) > _LONG:
            self._rest.start()
        else:
            self._work_out()

    def _show_parts(self, listed: Sequence[PlaceShare]) -> None:
        while len(self._rows) > len(listed):
            gone = self._rows.pop()
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self._rows) < len(listed):
            row = _PlaceRow(self._look, len(self._rows), self)
            row.slider.moved.connect(self._moved)
            row.slider.settled.connect(self._hand.settle)
            row.remove.clicked.connect(self._removed)
            self._list.addWidget(row)
            self._rows.append(row)
            row.show()
        some = len(listed) > 0
        for widget in (self._scored_label, self._scored, self._summary):
            widget.setVisible(some)
        self._add.setVisible(some or self._wanted)

    @Slot()
    def _work_out(self) -> None:
        """Each place's own answer, put into words."""
        self._found = several(self._session.answer)
        if self._found is not None:
            self._tell(self._found)
        else:
            for row in self._rows:
                row.told.set_text("")
                row.alone.hide()
            self._summary.show_text("")

    def _tell(self, found: Several) -> None:
        by_name = {place.name: place for place in found.places}
        leader = found.leader
        for row in self._rows:
            place = by_name.get(row.name.text())
            if place is None or leader is None:
                text = self.tr("asks nothing: no share of the order") if place is None else self.tr("nothing passes")
                row.told.set_text(text)
                row.alone.hide()
                for widget in (row.name, row.slider, row.told):
                    widget.setToolTip("")
                continue
            text, alone, tip = self._place_text(place, leader)
            row.told.set_text(text)
            row.alone.set_text(alone)
            row.alone.setVisible(bool(alone))
            for widget in (row.name, row.slider, row.told, row.alone):
                widget.setToolTip(tip)
        if leader is None:
            self._summary.show_text("")
            return
        self._summary.show_text(*words.rich(serving_sentence(found)))

    def _place_text(self, place: PlaceAnswer, leader: int) -> tuple[str, str, str]:
        """How the leading cloth does at one place, what the place alone would choose, and both in full."""
        answer = place.answer
        first = place.first
        assert first is not None
        counts = {
            "met": words.number(int(answer.met[leader])),
            "asked": words.number(answer.asked_count),
            "rank": words.number(int(answer.ranking.ranks[leader])),
            "behind": words.number(-place.behind(leader), _GAP_DIGITS),
        }
        lines = [words.words(leading_sentence(place))]
        alone = ""
        if first == leader:
            text = self.tr("leads here too · meets {met} of {asked}").format(**counts)
        else:
            text = self.tr("place {rank} here, {behind} · meets {met} of {asked}").format(**counts)
            alone = self.tr("alone: {name}").format(name=answer.table.names[first])
            lines.append(words.words(standing_there(place, leader)))
            gain = words.number(place.share * place.behind(leader), _GAP_DIGITS)
            lines.append(self.tr("A cloth of its own here would gain {gain} by share.").format(gain=gain))
        return text, alone, lines_tip(lines)

    # --- commands --------------------------------------------------------------------------------------------------

    @Slot()
    def ask(self) -> None:
        """Offer to add a place, with the keyboard on it."""
        self._wanted = True
        self._add.show_key("", self.tr("add a place …"))
        self._add.show()
        self._add.setFocus()

    @Slot(str)
    def _added(self, name: str) -> None:
        self._wanted = False
        climate = self._session.brief.climate
        held = climate.places or ((PlaceShare(climate.place, 100.0),) if climate.place else ())
        label = self.tr("Place {name} added").format(name=name)
        if not held:
            self._session.update(label, climate=replace(climate, place=name))
            return
        if any(item.place == name for item in held):
            self.show_answer(self._session.answer)
            return
        self._session.update(label, climate=replace(climate, place="", places=with_place(held, name)))

    @Slot()
    def _removed(self) -> None:
        button = self.sender()
        number = next((row.number for row in self._rows if row.remove is button), None)
        climate = self._session.brief.climate
        if number is None or number >= len(climate.places):
            return
        label = self.tr("Place {name} taken out").format(name=climate.places[number].place)
        left = without_place(climate.places, number)
        if len(left) > 1:
            self._session.update(label, climate=replace(climate, places=left))
        else:
            self._session.update(label, climate=Climate(place=left[0].place if left else "", inputs=climate.inputs))

    @Slot(float)
    def _moved(self, value: float) -> None:
        number = next((row.number for row in self._rows if row.slider is self.sender()), None)
        began = self._hand.began().climate.places
        if number is None or number >= len(began):
            return
        climate = self._session.brief.climate
        listed = with_share(began, number, round(value))
        label = change_words(
            self.tr("Share of {place}").format(place=began[number].place),
            words.number(100 * began[number].share / max(sum(item.share for item in began), 1e-12)),
            words.number(listed[number].share),
            "%",
        )
        brief = replace(self._session.brief, climate=replace(climate, places=listed))
        if brief == self._session.brief:
            self._rows[number].slider.setValue(listed[number].share)
        self._hand.edit(brief, label, f"share:{number}")

    @Slot(str)
    def _score(self, how: str) -> None:
        climate = self._session.brief.climate
        label = self.tr("Places scored by share") if how == SCORINGS[1] else self.tr("Places scored by the strictest")
        self._session.update(label, climate=replace(climate, scored=how))
