"""Limit section of the brief panel: how many materials pass, and the limits in force as chips."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from advisor.answer import Answer
from advisor.brief import Limit
from advisor.explanation import limit_sentence
from ui import words
from ui.brief_parts import BriefSection, Hand, figure_text, lines_tip
from ui.limit_dialog import LimitDialog
from ui.session import Session
from ui.theme import TARGET, Theme
from ui.widgets import Chip, ElidedLabel, FlowLayout, SectionHeader


class LimitSection(BriefSection):
    """What a material must have: the user's limits as chips to change or take away, and those of the layers."""

    def __init__(self, session: Session, hand: Hand, look: Theme, parent: QWidget) -> None:
        super().__init__(session, hand, look, parent)
        self._chips: tuple[object, ...] = ()
        self._must = SectionHeader(self._look, self.tr("Must have"), [self.tr("+ add")], parent=self)
        self._must.link(0).setAccessibleName(self.tr("Add a limit"))
        self._must.link_clicked.connect(self._add_limit)
        self._passing = ElidedLabel(self._look, ink="ink2", kind="caption", align="end", parent=self._must)
        layout = self._must.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(1, self._passing)
        self.box.addWidget(self._must)
        self._chip_box = _ChipBox(self)
        self._flow = self._chip_box.flow
        self.box.addWidget(self._chip_box)
        self._no_limits = ElidedLabel(self._look, ink="ink3", kind="caption", parent=self)
        self._no_limits.setMinimumHeight(TARGET)
        self._no_limits.set_text(self.tr("Nothing but the highest price"))
        self.box.addWidget(self._no_limits)

    def show_answer(self, answer: Answer) -> None:
        """Show how many pass and which limits are in force; nothing is emitted."""
        passing, count = answer.ranking.passing, len(answer.table)
        self._passing.set_text(
            self.tr("{passing} of {count} pass").format(passing=words.number(passing), count=words.number(count))
        )
        users = answer.brief.limits
        layered = tuple(limit for limit in answer.terms.limits if limit.origin not in ("user", "budget"))
        shown = (users, layered, QCoreApplication.translate("sentences", "{limit}, whole range"))
        if shown == self._chips:
            return
        self._chips = shown
        while (item := self._flow.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for number, limit in enumerate(users):
            chip = _LimitChip(self._look, number, self._text(limit), self._chip_box)
            chip.setToolTip(lines_tip([words.words(limit_sentence(limit)), self.tr("Press to change, × to take away")]))
            chip.clicked.connect(self._change_limit)
            chip.removed.connect(self._remove_limit)
            self._flow.addWidget(chip)
            chip.show()
        origins = {
            "product": self.tr("Set by the product"),
            "sector": self.tr("Set by the sector; choose none to switch it off"),
            "market": self.tr("Set by the market; choose none to switch it off"),
        }
        for limit in layered:
            plain_chip = Chip(self._look, self._text(limit), parent=self._chip_box)
            plain_chip.setToolTip(
                lines_tip([words.words(limit_sentence(limit)), origins.get(limit.origin, limit.origin)])
            )
            self._flow.addWidget(plain_chip)
            plain_chip.show()
        some = bool(users or layered)
        self._chip_box.setVisible(some)
        self._no_limits.setVisible(not some)
        self._chip_box.fit()

    def _text(self, limit: Limit) -> str:
        """A limit as short as it goes: "Mass ≤ 300 g/m²"."""
        if limit.certificate:
            return limit.certificate
        if limit.family:
            return self.tr(" or ").join(limit.family)
        name, unit = words.short(limit.property), words.unit(limit.property)
        low = "" if limit.at_least is None else figure_text(limit.at_least, 4)
        high = "" if limit.at_most is None else figure_text(limit.at_most, 4)
        if low and high:
            text = self.tr("{name} {low} to {high} {unit}").format(name=name, low=low, high=high, unit=unit)
        elif low:
            text = self.tr("{name} ≥ {low} {unit}").format(name=name, low=low, unit=unit)
        else:
            text = self.tr("{name} ≤ {high} {unit}").format(name=name, high=high, unit=unit)
        text = text.strip()
        return self.tr("{limit}, always").format(limit=text) if limit.judge == "always" else text

    @Slot()
    def _add_limit(self) -> None:
        self._open_limit(None)

    @Slot()
    def _change_limit(self) -> None:
        chip = self.sender()
        if isinstance(chip, _LimitChip):
            self._open_limit(chip.number)

    def _open_limit(self, number: int | None) -> None:
        self._dialog = LimitDialog(self._session, self._look, number, self)
        self._dialog.accepted.connect(self._limit_given)
        self._dialog.open()

    @Slot()
    def _limit_given(self) -> None:
        dialog = self._dialog
        limit = dialog.limit()
        if limit is None:
            return
        text = self._text(limit)
        label = (
            self.tr("Must have {limit}").format(limit=text)
            if dialog.number is None
            else self.tr("Limit changed to {limit}").format(limit=text)
        )
        self._session.update(label, limits=dialog.with_limit(limit))

    @Slot()
    def _remove_limit(self) -> None:
        chip = self.sender()
        held = self._session.brief.limits
        if isinstance(chip, _LimitChip) and chip.number < len(held):
            label = self.tr("Without {limit}").format(limit=self._text(held[chip.number]))
            self._session.update(label, limits=held[: chip.number] + held[chip.number + 1 :])


class _ChipBox(QWidget):
    """Chips in rows, as high as they need.

    The height is set rather than asked for by width: a scroll area shows its bar too early for the latter.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.flow = FlowLayout(self)

    def fit(self) -> None:
        """Take the height the chips need at the present width."""
        self.setFixedHeight(max(TARGET, self.flow.heightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class _LimitChip(Chip):
    """The chip of one of the user's limits; knows which."""

    def __init__(self, look: Theme, number: int, text: str, parent: QWidget) -> None:
        super().__init__(look, text, removable=True, parent=parent)
        self.number = number
