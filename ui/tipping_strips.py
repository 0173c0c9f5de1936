"""Tipping strips: who leads at each position of the climate, budget and service sliders, found once the hand rests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from advisor.answer import Answer
from advisor.tipping import Stretch, tipping_of_slider
from ui.brief_parts import SliderRow, figure_text
from ui.session import Session
from ui.sliders import Segment, ValueSlider

#: The word for what is wanted of the session.
_WISH: Final = "tipping"
#: Over longer tables it would take minutes.
_LONG: Final = 5_000


def leads_here(name: str) -> str:
    """What a strip says of a stretch."""
    return QCoreApplication.translate("TippingStrips", "{name} leads here").format(name=name)


def stretch_words(segment: Segment, ends: tuple[float, float], unit: str = "", digits: int = 2) -> str:
    """A stretch of a strip in words: "Above 7.4: Canvas leads here".

    Args:
        segment: the stretch.
        ends: of the whole strip; what begins or ends there has no other end to name.
        unit: after the figures.
        digits: after the point, at most.
    """
    low, high, who = segment
    from_start, to_end = low <= ends[0], high >= ends[1]
    if from_start and to_end:
        template = QCoreApplication.translate("TippingStrips", "Wherever it stands: {who}")
    elif to_end:
        template = QCoreApplication.translate("TippingStrips", "Above {low} {unit}: {who}")
    elif from_start:
        template = QCoreApplication.translate("TippingStrips", "Below {high} {unit}: {who}")
    else:
        template = QCoreApplication.translate("TippingStrips", "{low} to {high} {unit}: {who}")
    text = template.format(low=figure_text(low, digits), high=figure_text(high, digits), unit=unit, who=who)
    return text.replace(" :", ":")


class TippingStrips(QObject):
    """Fills the strips of a panel's sliders whose demands bend; a drag empties those it does not hold itself.

    Signals: ``told(str, list)`` with a slider's key and its stretches in words, for sliders without a strip.
    """

    told = Signal(str, list)

    def __init__(self, session: Session, panel: QWidget) -> None:
        super().__init__(panel)
        self._session, self._panel = session, panel
        self._rows: dict[str, tuple[SliderRow, str]] = {}
        self._wished: tuple[str, ...] = ()
        self._spoken: dict[str, str] = {}
        self._said = False
        session.found.connect(self._on_found)

    def watch(self, rows: Mapping[str, SliderRow], units: Mapping[str, str]) -> None:
        """Fill the strips of these sliders too; ``units`` stand after their figures."""
        for key, row in rows.items():
            self._rows[key] = row, units.get(key, "")
            row.slider.set_strip((), slim=True)
            row.slider.set_strip_source(self._words)

    def watch_words(self, units: Mapping[str, str]) -> None:
        """Tell the stretches of these sliders, which have no strip, in words."""
        self._spoken |= units

    def show_answer(self, answer: Answer) -> None:
        """What stood there is of another answer, but for the slider that moved; sliders that show are wished for."""
        showing = [key for key, (row, _) in self._rows.items() if row.isVisibleTo(self._panel)]
        keys = () if len(answer.table) > _LONG else (*showing, *self._spoken)
        if self._said:
            self._said = False
            for key in self._spoken:
                self.told.emit(key, [])
        for row, _ in self._rows.values():
            if not row.slider.held():
                row.slider.set_strip((), slim=True)
        if keys == self._wished:
            return
        self._wished = keys

        def work(answer: Answer, stop: Callable[[], bool]) -> tuple[Answer, dict[str, tuple[Stretch, ...]]]:
            return answer, {key: tipping_of_slider(answer.table, answer.brief, key, stop) for key in keys}

        self._session.want(_WISH, work if keys else None)

    @Slot(str, object)
    def _on_found(self, kind: str, found: tuple[Answer, dict[str, tuple[Stretch, ...]]]) -> None:
        if kind != _WISH:
            return
        answer, stretches = found
        order = answer.ranking.passing_rows()
        nobody = self.tr("nothing passes here")
        first = leads_here(answer.table.names[int(order[0])]) if len(order) else nobody
        for key, along in stretches.items():
            segments = [
                (low, high, leads_here(answer.table.names[lead]) if lead >= 0 else nobody) for low, high, lead in along
            ]
            ends = along[0][0], along[-1][1]
            if key in self._spoken:
                self._said = True
                self.told.emit(key, [stretch_words(one, ends, self._spoken[key]) for one in segments])
                continue
            row, unit = self._rows[key]
            row.slider.set_strip(segments, first, slim=True)
            others = [stretch_words(one, ends, unit) for one in segments if one[2] != first]
            row.slider.set_text("; ".join([row.text(), *others[:1]]))

    def _words(self, slider: ValueSlider, segment: Segment) -> str:
        row, unit = next(pair for pair in self._rows.values() if pair[0].slider is slider)
        strip = row.slider.strip()
        return stretch_words(segment, (strip[0][0], strip[-1][1]), unit)
