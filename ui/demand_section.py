"""Demands section of the material panel: every demand with what the material has, why it is asked, its menu."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolTip, QVBoxLayout, QWidget

from advisor.answer import Answer
from advisor.brief import DemandEdit, Limit
from advisor.demands import Demand
from advisor.explanation import limit_sentence
from advisor.merge import override_sentence
from advisor.properties import CRITERIA, properties
from advisor.ranking import reaches
from advisor.values import MET_VALUE
from ui import words
from ui.demand_rows import DemandEntry, DemandFace, DemandRow, State
from ui.evidence_card import grade_words
from ui.rows import Prose, Section, isolated, reveal
from ui.session import Session
from ui.theme import Theme
from ui.widgets import SectionHeader


class DemandSection(Section):
    """The demands of the answer, what one material has of each, and the menus that change them.

    Args:
        session: takes the changes.
        look: the theme.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._session = session
        self._answer, self._row = session.answer, -1
        self._entries: dict[str, DemandEntry] = {}
        self._demands: dict[str, Demand] = {}
        #: What each row's words were made of.
        self._told: dict[str, object] = {}
        self._open: set[str] = set()
        self._asking = ""
        self._demand_head = SectionHeader(self._look, self.tr("Demands"), ("", self.tr("+ ask")))
        self._demand_head.link(1).setAccessibleName(self.tr("Ask for the level of another property"))
        self._demand_head.link_clicked.connect(self._demand_link)
        self.box.addWidget(self._demand_head)
        self._demand_box = QVBoxLayout()
        self._demand_box.setSpacing(0)
        self.box.addLayout(self._demand_box)
        self._free = Prose(self._look, kind="caption", ink="ink3", trail=10)
        self.box.addSpacing(2)
        self.box.addWidget(self._free)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.LocaleChange):
            self._told.clear()
        super().changeEvent(event)

    def show_demands(self, answer: Answer, row: int) -> None:
        """Show what the material in a table row has of what an answer asks."""
        self._answer, self._row = answer, row
        met, asked = words.number(int(answer.met[row])), words.number(answer.asked_count)
        self._demands = {demand.property: demand for demand in answer.demands}
        for key in self._demands:
            if key not in self._entries:
                self._add_entry(key)
        # The demands printed are the strictest, also where the score is of several places' own.
        curves = {member.property: member.curve for member in answer.measured.members}
        table, spoken_in = answer.table, QLocale().name()
        for key, entry in self._entries.items():
            demand = self._demands.get(key)
            entry.setVisible(demand is not None or key == self._asking)
            if demand is None:
                self._told.pop(key, None)
                if key == self._asking:
                    name, nothing = words.short(key), self.tr("nothing asked")
                    menu = self.tr("Change the demand on {name}").format(name=name)
                    spoken = self.tr("{name}: {figures}").format(name=name, figures=nothing)
                    entry.row.show_face(DemandFace("free", name, nothing, None, False), spoken, menu)
                entry.show_detail("")
                continue
            have = float(table.typical[row, table.column(key)])
            # Words and row stand where nothing they say has changed, as most do from frame to frame.
            told = (demand, str(have), curves.get(key), (table.ids[row], key) in table.over, self.mirrored, spoken_in)
            if told != self._told.get(key):
                self._show_demand(entry, demand, have, curves.get(key))
                self._told[key] = told
            entry.show_detail(self._reason(demand) if key in self._open else "")
        free = ", ".join(words.criterion(key) for key in answer.values.free)
        self._free.setVisible(bool(free))
        if free:
            self._free.show_text(self.tr("Nothing asked, 1 for all: {names}").format(names=free))
        count = self._demand_head.link(0)
        text = self.tr("{met} of {asked} met").format(met=met, asked=asked)
        if text != count.text():
            count.setText(text)
            count.setAccessibleName(self.tr("{count}: show or hide why each is asked").format(count=text))
            count.setToolTip(self.tr("Show or hide why each is asked"))
            count.updateGeometry()

    def _show_demand(
        self, entry: DemandEntry, demand: Demand, have: float, curve: Callable[..., object] | None
    ) -> None:
        key = demand.property
        name, decimals = words.short(key), properties()[key].decimals
        share: float | None = None
        state: State
        if demand.dropped:
            state, text, spoken = "dropped", self.tr("dropped"), self.tr("dropped by you")
        elif demand.level is None:
            state, text, spoken = "unknown", self.tr("not known"), self.tr("not known, nothing is asked")
        else:
            level = words.number(demand.level, decimals)
            if demand.sense == "at_most":
                level = self.tr("≤ {level}").format(level=level)
            unit = words.unit(key)
            if unit:
                level = self.tr("{number} {unit}").format(number=level, unit=unit)
            level = isolated(level, self.mirrored)
            if math.isnan(have):
                state, text = "gap", self.tr("? of {level}").format(level=level)
                spoken = self.tr("{level} asked, not known: ask the mill").format(level=level)
            else:
                text = self.tr("{have} of {level}").format(
                    have=isolated(words.number(have, decimals), self.mirrored), level=level
                )
                if self._answer.table.over and (self._material(), key) in self._answer.table.over:
                    text = f"{words.OVER_SIGN} {text}"
                met = reaches(have, demand)
                share = _reach(demand, have, met, curve)
                if met:
                    state, spoken = "met", self.tr("{figures}, met").format(figures=text)
                else:
                    state, spoken = "missed", self.tr("{figures}, missed").format(figures=text)
        spoken = self.tr("{name}: {figures}").format(name=name, figures=spoken)
        if demand.edited:
            spoken = self.tr("{text}, set by you").format(text=spoken)
        menu = self.tr("Change the demand on {name}").format(name=name)
        entry.row.show_face(DemandFace(state, name, text, share, demand.edited), spoken, menu)

    def _add_entry(self, key: str) -> DemandEntry:
        entry = DemandEntry(self._look, key)
        entry.row.clicked.connect(self._toggle_reason)
        entry.row.tip_wanted.connect(self._demand_tip)
        entry.row.menu_wanted.connect(self._open_demand_menu)
        self._entries[key] = entry
        order = sorted(self._entries, key=_demand_order)
        self._demand_box.insertWidget(order.index(key), entry)
        # Tab follows what is seen, not the order in which the demands first came up.
        rows = [self._entries[name].row for name in order]
        before: QWidget = self._demand_head.link(1)
        for row in rows:
            QWidget.setTabOrder(before, row)
            QWidget.setTabOrder(row, row.more)
            before = row.more
        return entry

    def _reason(self, demand: Demand) -> str:
        """Why a demand is asked: sentence, where it was cut, remarks, what the formula asked where edited, grade."""
        key = demand.property
        lines = [words.words(demand.because)]
        if demand.clip is not None:
            lines.append(words.words(demand.clip))
        lines.extend(words.words(note) for note in demand.notes)
        if (demand.edited or demand.dropped) and demand.formula_because is not None:
            because = words.words(demand.formula_because)
            if demand.formula_level is None:
                lines.append(self.tr("The formula: {because}").format(because=because))
            else:
                level = words.figure(key, demand.formula_level)
                lines.append(self.tr("The formula asks {level}: {because}").format(level=level, because=because))
        if demand.level is not None and not demand.dropped:
            lines.append(self.tr("Grade {grade}").format(grade=grade_words(demand.grade)))
        return "\n".join(lines)

    def _entry_of(self, sender: object) -> DemandEntry | None:
        return self._entries.get(sender.key) if isinstance(sender, DemandRow) else None

    @Slot()
    def _toggle_reason(self) -> None:
        entry = self._entry_of(self.sender())
        demand = self._demands.get(entry.key) if entry else None
        if entry is None or demand is None:
            return
        self._open ^= {entry.key}
        self._show_demands_now()

    @Slot(int)
    def _demand_link(self, number: int) -> None:
        if number == 1:
            self._open_ask_menu()
            return
        self._open = set() if self._open >= set(self._demands) else set(self._demands)
        self._show_demands_now()

    def _show_demands_now(self) -> None:
        if self._row >= 0:
            self.show_demands(self._answer, self._row)

    def _material(self) -> str:
        return self._answer.table.ids[self._row]

    @Slot(QPoint)
    def _demand_tip(self, at: QPoint) -> None:
        row = self.sender()
        entry = self._entry_of(row)
        demand = self._demands.get(entry.key) if entry else None
        if entry is None or demand is None:
            return
        title = self.tr("{label}. {text}").format(label=words.label(entry.key), text=entry.row.accessibleName())
        marks = self._session.stock.marks.get(self._material(), ()) if self._row >= 0 else ()
        over = [words.words(override_sentence(mark)) for mark in marks if mark.property == entry.key]
        lines = "<br>".join(html.escape(line) for line in (*over, *self._reason(demand).split("\n")))
        QToolTip.showText(at, f"<p><b>{html.escape(title)}</b></p><p>{lines}</p>", entry.row)

    @Slot(QPoint)
    def _open_demand_menu(self, at: QPoint) -> None:
        entry = self._entry_of(self.sender())
        if entry is not None:
            self._popup_menu(self.demand_menu(entry.key), at)

    def demand_menu(self, key: str) -> QMenu:
        """The menu of a demand's row: set, drop, make it a limit, back to the formula's. Freed when it closes."""
        demand = self._demands.get(key)
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Demand on {name}").format(name=words.label(key)))
        edited = demand is not None and (demand.edited or demand.dropped)
        asked = demand is not None and demand.asked
        limit = limit_of(demand) if demand is not None and demand.asked else None
        for verb, text, able in (
            ("set", self.tr("Set the level…"), True),
            ("drop", self.tr("Drop it"), asked),
            ("limit", self.tr("Make it a limit"), limit is not None and limit not in self._answer.brief.limits),
            ("restore", self.tr("Back to the formula's"), edited),
        ):
            action = QAction(text, menu)
            action.setData(f"{verb}:{key}")
            action.setEnabled(able)
            menu.addAction(action)
        menu.triggered.connect(self._change_demand)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open_ask_menu(self) -> None:
        link = self._demand_head.link(1)
        self._popup_menu(self.ask_menu(), link.mapToGlobal(QPoint(0, link.height())))

    def ask_menu(self) -> QMenu:
        """The menu of properties nothing is asked of yet. Freed when it closes."""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Ask for a level of"))
        for key, item in properties().items():
            if item.numeric and item.criterion and key not in self._demands:
                action = QAction(words.label(key), menu)
                action.setData(f"set:{key}")
                menu.addAction(action)
        menu.triggered.connect(self._change_demand)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _popup_menu(self, menu: QMenu, at: QPoint) -> None:
        menu.setLayoutDirection(self.layoutDirection())
        menu.popup(at)

    @Slot(QAction)
    def _change_demand(self, action: QAction) -> None:
        verb, key = str(action.data()).split(":", 1)
        demand = self._demands.get(key)
        name = words.label(key)
        brief = self._session.brief
        if verb == "set":
            self._edit_level(key)
        elif verb == "drop":
            kept = {other: edit for other, edit in brief.demands.items() if other != key}
            if demand is None or not _from_formula(demand):
                self._session.update(self.tr("Drop {name}").format(name=name), demands=kept)
            else:
                self._session.update(self.tr("Drop {name}").format(name=name), demands={**kept, key: None})
        elif verb == "restore":
            kept = {other: edit for other, edit in brief.demands.items() if other != key}
            self._session.update(self.tr("{name}: back to the formula's").format(name=name), demands=kept)
        elif verb == "limit" and demand is not None and demand.asked:
            limit = limit_of(demand)
            label = self.tr("Limit: {limit}").format(limit=words.words(limit_sentence(limit)))
            kept_limits = tuple(item for item in brief.limits if not gives_way(item, limit))
            self._session.update(label, limits=(*kept_limits, limit))

    def _edit_level(self, key: str) -> None:
        for entry in self._entries.values():
            entry.close_editor()
        self._asking = key
        if key not in self._entries:
            self._add_entry(key)
        self._show_demands_now()
        demand = self._demands.get(key)
        edit = self._session.brief.demands.get(key)
        level = demand.level if demand is not None and demand.level is not None else None
        editor = self._entries[key].open_editor(level, edit.because if edit is not None else "")
        editor.done.connect(self._level_set)
        editor.cancelled.connect(self._level_cancelled)
        reveal(self._entries[key])

    @Slot(float, str)
    def _level_set(self, level: float, because: str) -> None:
        key = self._asking
        demand = self._demands.get(key)
        self._close_editor()
        old = words.figure(key, demand.level) if demand is not None and demand.level is not None else "–"
        if demand is not None and demand.level == level and not demand.dropped and not demand.edited and not because:
            return
        label = self.tr("{name}: {old} → {new}").format(name=words.label(key), old=old, new=words.figure(key, level))
        self._session.update(label, demands={**self._session.brief.demands, key: DemandEdit(level, because)})

    @Slot()
    def _level_cancelled(self) -> None:
        self._close_editor()

    def _close_editor(self) -> None:
        entry = self._entries[self._asking]
        self._asking = ""
        entry.close_editor()
        self._show_demands_now()
        # A property nothing is asked of leaves the list again: the focus goes back to where it was added from.
        back: QWidget = self._demand_head.link(1) if entry.isHidden() else entry.row
        back.setFocus(Qt.FocusReason.OtherFocusReason)


def _demand_order(key: str) -> tuple[int, int]:
    """Demands stand in the order of the priorities."""
    item = properties()[key]
    place = CRITERIA.index(item.criterion) if item.criterion in CRITERIA else len(CRITERIA)
    return place, list(properties()).index(key)


def _reach(demand: Demand, have: float, met: bool, curve: Callable[..., object] | None) -> float:
    """How far a figure reaches towards its demand, 1 at it: their ratio; on scales without a true zero the value."""
    import numpy as np

    item = properties()[demand.property]
    level = demand.level or 0.0
    if item.kind == "grade" or item.unit == "°C" or level <= 0:
        found = float(np.asarray(curve(np.array([have])))[0]) / MET_VALUE if curve is not None else float(met)
    elif demand.sense == "at_least":
        found = have / level
    else:
        found = level / have if have > 0 else 1.25
    return max(found, 1.0) if met else min(found, 1.0)


def _from_formula(demand: Demand) -> bool:
    """Whether climate, product or sector ask it, or only the user."""
    if not (demand.edited or demand.dropped):
        return True
    return demand.formula_because is not None and demand.formula_because.code != "nothing-asked"


def limit_of(demand: Demand) -> Limit:
    """The demand as a limit, rounded to the digits it is shown with, towards the easier side."""
    assert demand.level is not None
    scale = 10 ** properties()[demand.property].decimals
    # A level like 0.3 must not gain a step from its binary tail.
    if demand.sense == "at_least":
        return Limit(property=demand.property, at_least=math.floor(demand.level * scale + 1e-9) / scale)
    return Limit(property=demand.property, at_most=math.ceil(demand.level * scale - 1e-9) / scale)


def gives_way(old: Limit, new: Limit) -> bool:
    """Whether a limit of the brief gives way to one on the same end of the same property."""
    if old.property != new.property:
        return False
    ends = replace(old, at_least=None) if new.at_least is not None else replace(old, at_most=None)
    return ends.at_least is None and ends.at_most is None
