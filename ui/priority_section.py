"""Priority section of the brief panel: sliders with locks, group by group, and who would lead at each priority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from advisor.answer import Answer
from advisor.certainty import Certainty
from advisor.layers import terms
from advisor.priorities import LEAST, MOST, with_priority
from advisor.properties import CRITERIA, GROUPS
from advisor.tipping import leaders, stability
from ui import words
from ui.brief_parts import ON_MARK, BriefSection, Hand, change_words, figure_text, lines_tip
from ui.painting import focus_ring
from ui.session import REST_MS, Session
from ui.sliders import Scale, Segment, ValueSlider
from ui.theme import TARGET, Theme, fill_group, group_of, group_pattern, icon_pixmap, interface_font
from ui.tipping_strips import leads_here, stretch_words
from ui.widgets import ElidedLabel, LinkButton, Pressable, SectionHeader, Themed

#: Strips of a longer table are left even while the hand moves.
_LONG: Final = 20_000
#: Criteria shown while the six groups are folded.
_HEAVIEST: Final = 5


class _Lock(Pressable):
    """The padlock at the end of a priority: closed and filled, or open and outlined."""

    def __init__(self, look: Theme, name: str, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedSize(TARGET, TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        closed = self.isChecked()
        shown = closed or self.underMouse() or self.hasFocus()
        colour = self._look.ink2 if shown else self._look.edge
        pixmap = icon_pixmap("lock" if closed else "unlock", colour, 14, self.devicePixelRatioF())
        painter.drawPixmap(QPointF((self.width() - 14) / 2, (self.height() - 14) / 2), pixmap)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), self._look, 4)


class _GroupDot(QWidget, Themed):
    """The key of a criterion's group: a small square in the group's colour and pattern."""

    def __init__(self, look: Theme, group: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._group = look, group
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for brush in (self._look.group(self._group), group_pattern(self._group, self._look, self.devicePixelRatioF())):
            painter.setBrush(brush)
            painter.drawRoundedRect(QRectF(self.rect()), 2, 2)


class PrioritySlider(QWidget, Themed):
    """One criterion's priority, 0 to 10: name, slider in the group's colour over a strip of leaders, share, lock.

    Args:
        look: the theme.
        name: the criterion's name.
        group: its criterion group, which gives the colour.
        lock_name: accessible name and tool tip of the lock, e.g. "Hold Water".
        name_width, share_width: widths of the first and third column, px, so that rows line up.

    Signals: ``moved(float)``, ``settled()`` as a slider's; ``lock_toggled(bool)`` when the user presses the lock.
    """

    moved = Signal(float)
    settled = Signal()
    lock_toggled = Signal(bool)

    def __init__(
        self,
        look: Theme,
        name: str,
        group: str,
        lock_name: str,
        *,
        name_width: int = 84,
        share_width: int = 38,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.slider = ValueSlider(look, name, Scale.linear(0, 10), ink=group, parent=self)
        self.slider.set_strip(())
        self._lock = _Lock(look, lock_name, self)
        self._share = ElidedLabel(look, ink="ink2", align="end", parent=self)
        self._share.setFixedWidth(share_width)
        label = ElidedLabel(look, name, parent=self)
        label.setFixedWidth(name_width - 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(_GroupDot(look, group, self))
        row.addSpacing(6)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._share)
        row.addSpacing(2)
        row.addWidget(self._lock)
        self.slider.moved.connect(self.moved)
        self.slider.settled.connect(self.settled)
        self._lock.clicked.connect(self.lock_toggled)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def value(self) -> float:
        """The priority, 0 to 10."""
        return self.slider.value()

    def setValue(self, value: float) -> None:
        """Set the priority without emitting."""
        self.slider.setValue(value)

    def set_share(self, text: str) -> None:
        """The criterion's share of all priorities, as text ("12 %"); also told to assistive technology."""
        self._share.set_text(text)
        self.slider.set_text(text)

    def locked(self) -> bool:
        """Whether the lock is closed."""
        return self._lock.isChecked()

    def set_locked(self, locked: bool) -> None:
        """Close or open the lock without emitting."""
        self._lock.setChecked(locked)

    def set_strip(self, segments: Sequence[Segment], first: str = "") -> None:
        """Who leads at each priority: see ``ValueSlider.set_strip``."""
        self.slider.set_strip(segments, first)


class _Criterion(PrioritySlider):
    """The priority slider of one criterion."""

    def __init__(self, look: Theme, key: str, lock_name: str, parent: QWidget) -> None:
        super().__init__(
            look, words.criterion(key), group_of(key), lock_name, name_width=90, share_width=36, parent=parent
        )
        self.key = key
        self.setFixedHeight(27)


class _GroupHeader(Pressable):
    """A criterion group's line: colour, name, share of all weight, and whether its criteria are unfolded."""

    def __init__(self, look: Theme, group: str, name: str, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._of, self._share = group, ""
        self.setText(name)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFixedHeight(TARGET)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, text: str) -> None:
        """The group's share in words."""
        if text != self._share:
            self._share = text
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, box = self._look, self.rect()
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        ratio = self.devicePixelRatioF()
        dot = QRectF(box.width() - 10 if rtl else 0, (box.height() - 10) / 2, 10, 10)
        fill_group(painter, dot, self._of, look, ratio)
        face = interface_font("body", bold=True)
        painter.setFont(face)
        painter.setPen(look.colour("accent" if self.underMouse() else "ink"))
        room = box.adjusted(64, 0, -16, 0) if rtl else box.adjusted(16, 0, -64, 0)
        text = QFontMetrics(face, self).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(interface_font("body"))
        painter.setPen(look.colour("ink2"))
        room = box.adjusted(26, 0, 0, 0) if rtl else box.adjusted(0, 0, -26, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter, self._share)
        sign = icon_pixmap("chevron-up" if self.isChecked() else "chevron-down", look.ink3, 12, ratio)
        painter.drawPixmap(6 if rtl else box.width() - 18, (box.height() - 12) // 2, sign)
        if self.hasFocus():
            focus_ring(painter, QRectF(box), look, 4)


class PrioritySection(BriefSection):
    """The sixteen priorities in their groups, or the heaviest few; under each slider who would lead where."""

    def __init__(self, session: Session, hand: Hand, look: Theme, parent: QWidget) -> None:
        super().__init__(session, hand, look, parent)
        self._picked: tuple[str, ...] = ()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._show_strips)
        self._priorities = SectionHeader(self._look, self.tr("Priorities"), parent=self)
        self._priorities.link_clicked.connect(self._link)
        self.box.addWidget(self._priorities)
        self._headers: dict[str, _GroupHeader] = {}
        self._criteria: dict[str, _Criterion] = {}
        for group, own in GROUPS.items():
            header = _GroupHeader(self._look, group, words.group(group), self)
            header.toggled.connect(self._group_toggled)
            self._headers[group] = header
            self.box.addWidget(header)
            for key in own:
                hold = self.tr("Hold the share of {name}").format(name=words.criterion(key))
                slider = _Criterion(self._look, key, hold, self)
                slider.moved.connect(self._moved)
                slider.settled.connect(self._hand.settle)
                slider.slider.set_tip_source(self._tip)
                slider.slider.set_strip_source(self._stretch)
                slider.lock_toggled.connect(self._lock_toggled)
                self._criteria[key] = slider
                self.box.addWidget(slider)
        self._alarm = ElidedLabel(self._look, ink="warn", kind="caption", parent=self)
        self._alarm.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._alarm.hide()
        self.box.addWidget(self._alarm)
        session.ascertained.connect(self._ascertained)
        self._unfold = LinkButton(self._look, "", parent=self)
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._unfolded)
        legend = ElidedLabel(self._look, ink="ink3", kind="caption", align="end", parent=self)
        legend.set_text(self.tr("▨ another leads"))
        legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        legend.setToolTip(
            lines_tip([self.tr("Hatched strip: with the slider there another cloth leads; point at it for its name.")])
        )
        last = QHBoxLayout()
        last.addWidget(self._unfold)
        last.addWidget(legend, 1)
        self.box.addLayout(last)

    def show_answer(self, answer: Answer) -> None:
        """Show the priorities of an answer; nothing is emitted."""
        weights, brief = answer.terms.weights(), answer.brief
        self._pick(weights)
        order = answer.ranking.passing_rows()
        first = self._leads(answer, int(order[0])) if len(order) else ""
        late = len(answer.table) > _LONG
        if late:
            self._rest.start(self._session.rest_ms)
        for key, slider in self._criteria.items():
            if slider.isHidden():
                continue  # unfolded, they are shown what there is then
            slider.slider.set_mark(answer.terms.defaults[key])
            slider.setValue(answer.terms.priorities[key])
            slider.set_share(self._share_text(weights[key]))
            slider.set_locked(key in brief.locks)
            if late:
                slider.set_strip(())
            else:
                self._show_strip(answer, slider, first)
        for group, header in self._headers.items():
            header.set_share(self._share_text(sum(weights[key] for key in GROUPS[group])))
        own = bool(brief.priorities or brief.locks)
        self._priorities.set_links([self.tr("help me set these"), *([self.tr("reset")] if own else [])])
        if own:
            self._priorities.link(1).setAccessibleName(self.tr("Reset priorities"))

    def _tip(self, slider: ValueSlider) -> str:
        """What a priority is and where its mark comes from; put into words when somebody asks."""
        key = next(key for key, row in self._criteria.items() if row.slider is slider)
        settled = self._session.answer.terms
        raised = settled.raised_by.get(key, ())
        lines = [
            self.tr("{name}: priority {value} of 10").format(
                name=words.criterion(key), value=figure_text(settled.priorities[key])
            ),
            self.tr("The mark is {value}, what the layers set.").format(value=figure_text(settled.defaults[key])),
        ]
        if raised:
            names = ", ".join(words.profile(name) for name in raised)
            lines.append(self.tr("Raised by {names}").format(names=names))
        steady = stability(self._session.answer, key)
        if steady is not None:
            order, same = steady.three, steady.same_three
            lines.append(self._stays(self.tr("The first place stays from {low} to {high}."), *steady.first))
            lines.append(self._stays(self.tr("The first three stay in this order from {low} to {high}."), *order))
            lines.append(self._stays(self.tr("They stay the same three from {low} to {high}."), *same))
        return lines_tip(lines)

    @staticmethod
    def _stays(template: str, low: float, high: float) -> str:
        return template.format(low=figure_text(low, 2), high=figure_text(high, 2))

    @Slot(object)
    def _ascertained(self, certain: Certainty | None) -> None:
        """Criteria that move together count twice: said of the settled answer, not at every frame of a drag."""
        if certain is None:
            return
        from advisor.turning import moving_together, together_sentence

        answer = self._session.answer
        pairs = moving_together(answer)
        self._alarm.setVisible(bool(pairs))
        if not pairs:
            return
        pair = pairs[0]
        names = {"one": words.criterion(pair.one), "other": words.criterion(pair.other)}
        text = (
            self.tr("⚠ {one} and {other} count twice") if pair.r > 0 else self.tr("⚠ {one} and {other} pull apart")
        ).format(**names)
        if len(pairs) > 1:
            text = self.tr("{pair}; {count} more").format(pair=text, count=words.number(len(pairs) - 1))
        self._alarm.set_text(text)
        told = [words.words(together_sentence(answer, pair)) for pair in pairs]
        self._alarm.setToolTip(lines_tip(told))
        self._alarm.setAccessibleDescription(" ".join(told))

    @Slot()
    def _show_strips(self) -> None:
        """Put the strips of a long table in, now that the hand rests."""
        answer = self._session.answer
        order = answer.ranking.passing_rows()
        first = self._leads(answer, int(order[0])) if len(order) else ""
        for slider in self._criteria.values():
            if not slider.isHidden():
                self._show_strip(answer, slider, first)

    def _show_strip(self, answer: Answer, slider: _Criterion, first: str) -> None:
        slider.set_strip(
            [(low, high, self._leads(answer, row)) for low, high, row in leaders(answer, slider.key)], first
        )

    def _leads(self, answer: Answer, row: int) -> str:
        return leads_here(answer.table.names[row])

    def _stretch(self, _slider: ValueSlider, segment: Segment) -> str:
        """A stretch of a strip in words: "Above 7.4: Canvas leads here"."""
        return stretch_words(segment, (LEAST, MOST))

    def _share_text(self, share: float) -> str:
        return self.tr("{share} %").format(share=words.number(100 * share))

    def _pick(self, weights: Mapping[str, float]) -> None:
        """The heaviest criteria; they stay put while the user's own hand moves their sliders."""
        if not self._hand.wrote() or not self._picked:
            heaviest = sorted(CRITERIA, key=lambda key: (-round(weights[key], 9), CRITERIA.index(key)))[:_HEAVIEST]
            self._picked = tuple(heaviest)
        self._lay()

    def _lay(self) -> None:
        unfolded = self._unfold.isChecked()
        for group, header in self._headers.items():
            header.setVisible(unfolded)
            for key in GROUPS[group]:
                self._criteria[key].setVisible(header.isChecked() if unfolded else key in self._picked)
        count = words.number(len(CRITERIA) - _HEAVIEST)
        text = (
            self.tr("the {count} heaviest only ▴").format(count=words.number(_HEAVIEST))
            if unfolded
            else self.tr("{count} more in six groups ▾").format(count=count)
        )
        if text != self._unfold.text():
            self._unfold.set_text(text)

    @Slot(bool)
    def _unfolded(self, _on: bool) -> None:
        self._hand.forget()
        self.show_answer(self._session.answer)

    @Slot(bool)
    def _group_toggled(self, _on: bool) -> None:
        self.show_answer(self._session.answer)

    @Slot(float)
    def _moved(self, value: float) -> None:
        slider = self.sender()
        if not isinstance(slider, _Criterion):
            return
        key, start = slider.key, self._hand.began()
        before = terms(start)
        home = abs(value - before.defaults[key]) < 10 * ON_MARK or round(value, 2) == before.defaults[key]
        level = before.defaults[key] if home else round(value, 2)
        after = with_priority(before.priorities, start.locks, key, level)
        given = dict(start.priorities)
        given.update({name: number for name, number in after.items() if number != before.priorities[name]})
        if home and after[key] == before.defaults[key]:
            given.pop(key, None)
        changed = replace(self._session.brief, priorities=given)
        label = change_words(words.criterion(key), figure_text(before.priorities[key]), figure_text(after[key]))
        if changed == self._session.brief:
            slider.setValue(terms(changed).priorities[key])  # a move the locks do not allow springs back
        self._hand.edit(changed, label, f"priority:{key}")

    @Slot(bool)
    def _lock_toggled(self, on: bool) -> None:
        slider = self.sender()
        if not isinstance(slider, _Criterion):
            return
        held = set(self._session.brief.locks)
        held = held | {slider.key} if on else held - {slider.key}
        name = words.criterion(slider.key)
        label = (
            self.tr("Share of {name} held").format(name=name)
            if on
            else self.tr("Share of {name} let go").format(name=name)
        )
        locks = tuple(key for key in CRITERIA if key in held)
        self._hand.edit(replace(self._session.brief, locks=locks), label)

    @Slot(int)
    def _link(self, number: int) -> None:
        if number:
            self._session.update(self.tr("Priorities reset"), priorities={}, locks=())
            return
        from ui.weights_dialog import WeightsDialog

        self._dialog = WeightsDialog(self._session, self._look, self)
        self._dialog.open()
