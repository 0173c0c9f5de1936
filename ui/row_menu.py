"""Row menu of the ranking: what can be done with one material, by pointer or by the menu key."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget

from advisor.answer import Answer
from advisor.brief import Limit
from advisor.explanation import limit_sentence
from advisor.files import plain_cell
from advisor.merge import override_sentence
from advisor.properties import properties
from ui import words
from ui.demand_section import gives_way, limit_of
from ui.evidence_card import EvidenceCard, span_text
from ui.laboratory_dialog import LaboratoryDialog
from ui.ranking_model import RankingModel
from ui.sample_card import SampleDialog
from ui.session import COMPARED, REMARK_LENGTH, Session
from ui.theme import Theme, space

_EVIDENCE: Final = "evidence:"
_BACK: Final = "back:"


class RowMenu(QMenu):
    """The menu of one material; it does what the session can and says the rest by signals. Freed when it closes.

    Args:
        session: told of every change.
        model: the rows the menu belongs to; says what a row shows.
        look: the theme, for the evidence card.
        material: id of the material.

    Signals:
        nearest(str): the materials nearest to this one are wanted first.
        noting(str): the user wants to write a remark.
    """

    nearest = Signal(str)
    noting = Signal(str)

    def __init__(self, session: Session, model: RankingModel, look: Theme, material: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._model, self._look = session, model, look
        self._material = material
        self._answer: Answer = model.answer
        self._row = self._answer.table.index[material]
        name = self._answer.table.names[self._row]
        self.setAccessibleName(self.tr("Actions for {name}").format(name=name))
        self.setLayoutDirection(parent.layoutDirection())
        self.setToolTipsVisible(True)
        head = self.addAction(name.replace("&", "&&"))
        head.setEnabled(False)
        self.addSeparator()
        self._add_choices()
        self.addSeparator()
        self._add_limit()
        self._add("report", self.tr("Enter lab report…"))
        self._add("sample", self.tr("Sample…"))
        self._add("note", self.tr("Remark…") if material not in session.remarks else self.tr("Change the remark…"))
        self.addSeparator()
        self._add("copy", self.tr("Copy row"))
        self._add_evidence()
        self._add_overrides()
        self.triggered.connect(self._chosen)
        self.aboutToHide.connect(self.deleteLater)

    def _add(self, verb: str, text: str, able: bool = True) -> QAction:
        action = self.addAction(text)
        action.setData(verb)
        action.setEnabled(able)
        return action

    def _add_choices(self) -> None:
        held, names = self._session.selection, self._answer.table.names
        inside = self._material in held.compared
        full = not inside and len(held.compared) >= COMPARED[1]
        self._add("compare", self.tr("Take out of the comparison") if inside else self.tr("Compare"), not full)
        selected = self._session.selected_row()
        if selected is None or selected == self._row:
            self._add("against", self.tr("Measure against it"), False)
        else:
            # Held against the selected material, as the panel and the chart Why do.
            self._add("against", self.tr("Measure {name} against it").format(name=names[selected].replace("&", "&&")))
        pinned = held.pinned == self._material
        self._add("pin", self.tr("Unpin") if pinned else self.tr("Pin on top"))
        self._add("nearest", self.tr("Find its nearest substitutes"))

    def _add_limit(self) -> None:
        limit = self.limit()
        if limit is None:
            self._add("limit", self.tr("Make its worst miss a limit"), False)
            return
        text = self.tr("Make its worst miss a limit: {limit}").format(limit=words.words(limit_sentence(limit)))
        self._add("limit", text.replace("&", "&&"), limit not in self._answer.brief.limits)

    def _add_evidence(self) -> None:
        below = self.addMenu(self.tr("Show evidence"))
        asked = {demand.property for demand in self._answer.asked} | {"price_usd_m2"}
        for key, item in properties().items():
            if item.numeric and key in asked:
                figure = float(self._answer.table.typical[self._row, self._answer.table.column(key)])
                text = self.tr("{name}: {figure}").format(name=words.short(key), figure=words.figure(key, figure))
                below.addAction(text).setData(f"{_EVIDENCE}{key}")

    def _add_overrides(self) -> None:
        """What stands over the table's figures, each to be taken back."""
        marks = self._session.stock.marks.get(self._material, ())
        below = self.addMenu(self.tr("Take back an override"))
        below.setEnabled(bool(marks))
        for mark in marks:
            text = words.words(override_sentence(mark))
            below.addAction(text.replace("&", "&&")).setData(f"{_BACK}{mark.property}")
        if len(marks) > 1:
            below.addSeparator()
            below.addAction(self.tr("All of them")).setData(_BACK)

    def limit(self) -> Limit | None:
        """The worst miss as a limit; None where nothing is missed."""
        miss = self._answer.worst_miss(self._row)
        if miss is None:
            return None
        demand = next(demand for demand in self._answer.asked if demand.property == miss.property)
        return limit_of(demand)

    @Slot(QAction)
    def _chosen(self, action: QAction) -> None:
        verb, session, material = str(action.data()), self._session, self._material
        if verb == "compare":
            held = session.selection.compared
            inside = material in held
            session.compare(tuple(key for key in held if key != material) if inside else (*held, material))
        elif verb == "against":
            row = session.selected_row()
            assert row is not None
            if not session.selection.material:
                session.select(self._answer.table.ids[row])
            session.against(material)
        elif verb == "pin":
            session.pin("" if session.selection.pinned == material else material)
        elif verb == "nearest":
            self.nearest.emit(material)
        elif verb == "note":
            self.noting.emit(material)
        elif verb == "limit" and (limit := self.limit()) is not None:
            kept = tuple(item for item in session.brief.limits if not gives_way(item, limit))
            label = self.tr("Limit: {limit}").format(limit=words.words(limit_sentence(limit)))
            session.update(label, limits=(*kept, limit))
        elif verb == "copy":
            QGuiApplication.clipboard().setText(row_text(self._model, self._row, session.remarks.get(material, "")))
        elif verb == "report":
            LaboratoryDialog(session, self._look, material, self._window()).open()
        elif verb == "sample":
            SampleDialog(session, self._look, material, self._window()).open()
        elif verb.startswith(_BACK):
            key = verb.removeprefix(_BACK)
            label = self.tr("Own figures taken back")
            if key:
                label = self.tr("{property} of the table again").format(property=words.label(key))
            session.use_stock(session.stock.without(material, key), label)
        elif verb.startswith(_EVIDENCE):
            self.open_evidence(verb.removeprefix(_EVIDENCE))

    def _window(self) -> QWidget:
        owner = self.parent()
        assert isinstance(owner, QWidget)
        return owner.window()

    def open_evidence(self, key: str) -> EvidenceCard:
        """Open the card with every record behind one figure of the material."""
        table, row, owner = self._answer.table, self._row, self.parent()
        assert isinstance(owner, QWidget)
        at = table.column(key)
        figure, low, high = (float(part[row, at]) for part in (table.typical, table.low, table.high))
        span = span_text(key, low, high)
        shown = "" if math.isnan(figure) else words.figure(key, figure) + (f" ({span})" if span else "")
        card = EvidenceCard(self._look, owner)
        stock = self._session.stock
        over = next((mark for mark in stock.marks.get(self._material, ()) if mark.property == key), None)
        card.show_cell(table, row, key, shown, over, stock.under)
        card.open_beside(owner)
        return card


def row_text(model: RankingModel, row: int, remark: str = "") -> str:
    """A material's row as tab-separated text with headings; words guarded, figures in the user's locale."""
    answer = model.answer
    table, ranking, facts = answer.table, answer.ranking, model.facts_of(row)

    miss = answer.worst_miss(row)
    places = {"price_usd_m2": table.column("price_usd_m2")}
    places |= {key: table.column(key) for key in model.columns}
    digits = words.SCORE_DIGITS
    passes = facts.passes
    leads = model.share_of(row)
    place = QCoreApplication.translate("RowMenu", "Place")
    if model.order == "weakest":
        place = QCoreApplication.translate("RowMenu", "Place by weakest demand")
    cells: list[tuple[str, str]] = [
        (place, facts.place if passes else ""),
        (QCoreApplication.translate("RowMenu", "Material"), _word(facts.name)),
        (QCoreApplication.translate("RowMenu", "Id"), _word(facts.id)),
        (QCoreApplication.translate("RowMenu", "Score"), _figure(float(ranking.scores[row]), digits) if passes else ""),
        (QCoreApplication.translate("RowMenu", "Low"), _figure(facts.low, digits) if passes else ""),
        (QCoreApplication.translate("RowMenu", "High"), _figure(facts.high, digits) if passes else ""),
        (QCoreApplication.translate("RowMenu", "Demands met"), str(int(answer.met[row]))),
        (QCoreApplication.translate("RowMenu", "Demands asked"), str(answer.asked_count)),
        (QCoreApplication.translate("RowMenu", "Worst miss"), _word(words.words(miss.sentence())) if miss else ""),
        (QCoreApplication.translate("RowMenu", "Leads in % of trials"), _figure(100 * leads, 0)),
    ]
    for key, at in places.items():
        unit = words.unit(key)
        head = f"{words.label(key)} ({unit})" if unit else words.label(key)
        cells.append((_word(head), _figure(float(table.typical[row, at]), properties()[key].decimals)))
    if remark:
        cells.append((QCoreApplication.translate("RowMenu", "Remark"), _word(remark)))
    return "\t".join(head for head, _ in cells) + "\n" + "\t".join(cell for _, cell in cells) + "\n"


def _word(text: str) -> str:
    return plain_cell(" ".join(text.split()))


def _figure(value: float, decimals: int) -> str:
    """A figure as a spreadsheet of the user's locale reads it; "" for none."""
    if math.isnan(value):
        return ""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(value, "f", decimals)


class RemarkEditor(QFrame):
    """A small window with one line for a remark; Enter keeps it, Escape leaves it as it was.

    Signals: ``written(str, str)`` with the material's id and the remark.
    """

    written = Signal(str, str)

    def __init__(self, material: str, name: str, text: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._material = material
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "card")
        self.setLayoutDirection(parent.layoutDirection())
        title = self.tr("Remark on {name}").format(name=name)
        self.setAccessibleName(title)
        head = QLabel(title, self)
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setProperty("type", "caption")
        head.setProperty("ink", "2")
        self.line = QLineEdit(text, self)
        self.line.setMaxLength(REMARK_LENGTH)
        self.line.setAccessibleName(title)
        self.line.setPlaceholderText(self.tr("Only yours; Enter keeps it, empty takes it away"))
        self.line.setMinimumWidth(320)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(2.5), space(2), space(2.5), space(2.5))
        column.setSpacing(space(1))
        column.addWidget(head)
        column.addWidget(self.line)
        self.line.returnPressed.connect(self._keep)
        self.line.setFocus()
        self.line.selectAll()

    @Slot()
    def _keep(self) -> None:
        self.written.emit(self._material, self.line.text())
        self.close()
