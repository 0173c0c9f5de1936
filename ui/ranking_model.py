"""Rows of the ranking: what each shows and says, searched, sorted, and moved to a new order gently."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from html import escape
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from advisor.answer import Answer
from advisor.certainty import Certainty
from advisor.explanation import dominated_sentence, limit_failure, place_label, trials_sentence
from advisor.properties import CRITERIA, GROUPS, properties
from advisor.ranking import Relaxed
from advisor.substitutes import departures, distances
from ui import words
from ui.painting import Tone
from ui.ranking_filter import Field, Span
from ui.session import Session

Rows = NDArray[np.intp]
Index = QModelIndex | QPersistentModelIndex

_CUT: Final = -1  # stands in the list of table rows where the screened out begin
_BLANK: Final = -2  # a row that is about to be filled
_SEARCHED: Final = ("family", "fibre", "weave", "coating", "finish")
_CALLED: Final = ("family", "fibre", "weave", "coating")  # what trade names and other languages speak of
_GROUP_STARTS: Final = tuple(np.cumsum([0, *(len(own) for own in GROUPS.values())]).tolist())


class Column(IntEnum):
    """Columns in reading order."""

    PLACE = 0
    MATERIAL = 1
    BAR = 2
    DEMANDS = 3
    SCORE = 4
    LEADS = 5
    PRICE = 6


class Sort(NamedTuple):
    """A column (or, for the bar, a criterion group) to sort by instead of the order."""

    key: str
    descending: bool


class Cell(NamedTuple):
    """A property's cell: the figure as text, and where it and its range stand on the column's bar, 0 to 1."""

    key: str
    text: str
    known: bool
    at: float
    low: float
    high: float
    over: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """One row as it is shown: texts in the user's language, lengths as shares of the bar."""

    row: int
    id: str
    name: str
    sub: str
    passes: bool
    place: str
    moved: int
    groups: tuple[float, ...]
    low: float
    high: float
    gaps: tuple[str, ...]
    dominated: str
    met: str
    misses: bool
    score: str
    leads: str
    price: str
    priced: bool
    chips: tuple[tuple[str, Tone], ...]
    cells: tuple[Cell, ...]
    remark: str
    over: tuple[str, ...] = ()
    price_over: bool = False


class RankingModel(QAbstractTableModel):
    """The answer as rows: materials that pass, one row that parts, the screened out.

    Rows are looked up when they are drawn, so a long table costs no more than a short one. A new order is a layout
    change, through which selection stays with the material; only another table resets the model.
    """

    def __init__(self, session: Session, parent: QWidget | None = None, *, incumbent: bool = False) -> None:
        super().__init__(parent)
        self._session = session
        self._incumbent = incumbent  # shows the pinned material and no other
        self._pinned, self._beyond = session.selection.pinned, session.selection.beyond
        self._answer = session.answer
        self._certain: Certainty | None = session.certainty
        self._certain_answer = session.answer
        self._current = session.certainty is not None
        self._order = session.selection.order
        self._sorts: tuple[Sort, ...] = ()
        self._filters: dict[str, Span] = {}
        self._columns: tuple[str, ...] = ()
        self._scales: dict[str, tuple[float, float]] = {}
        self._words: tuple[str, ...] = ()
        self._texts: tuple[object, tuple[str, ...]] | None = None
        self._facts: dict[int, Facts] = {}
        self._leveled: tuple[Answer, Certainty, bool] | None = None
        self._rows = self._arranged()
        #: The arrangement whose parting row was looked up last, and that row.
        self._parted: tuple[Rows | None, int] = (None, -1)

    # What is shown

    @property
    def answer(self) -> Answer:
        """The answer shown."""
        return self._answer

    @property
    def current(self) -> bool:
        """Whether the shares shown belong to the answer shown."""
        return self._current

    @property
    def sorting(self) -> Sort | None:
        """What rows are sorted by first, None for the ranking's own order."""
        return self._sorts[0] if self._sorts else None

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """What rows are sorted by, the first key first."""
        return self._sorts

    @property
    def filters(self) -> dict[str, Span]:
        """What the rows shown lie inside, by the figure's key."""
        return dict(self._filters)

    @property
    def cut(self) -> int:
        """The row that parts the screened out from the rest, -1 where there is none."""
        if self._parted[0] is not self._rows:
            found = np.flatnonzero(self._rows == _CUT)
            self._parted = (self._rows, int(found[0]) if len(found) else -1)
        return self._parted[1]

    def table_rows(self) -> Rows:
        """Table rows in the order shown, -1 for the row that parts."""
        return self._rows

    def material(self, row: int) -> str:
        """Id of the material in a row, "" for the row that parts and outside."""
        if not 0 <= row < len(self._rows) or self._rows[row] < 0:
            return ""
        return self._answer.table.ids[int(self._rows[row])]

    def row_of(self, material: str) -> int:
        """The row a material is shown in, -1 where it is not."""
        number = self._answer.table.index.get(material)
        if number is None:
            return -1
        found = np.flatnonzero(self._rows == number)
        return int(found[0]) if len(found) else -1

    # Changes

    def show(self, answer: Answer) -> None:
        """Show another answer."""
        other = answer.table is not self._answer.table
        self._answer = answer
        self._current = False
        self._facts.clear()
        if other:
            self._scales.clear()
            self.beginResetModel()
            self._certain = None
            self._rows = self._arranged()
            self.endResetModel()
        else:
            self._put(self._arranged())

    def ascertain(self, certain: Certainty | None) -> None:
        """Show other win shares; None keeps the last ones, dimmed."""
        self._current = certain is not None
        if certain is not None:
            self._certain, self._certain_answer = certain, self._answer
        self._facts.clear()
        if "leads" in self._filters or any(sort.key == "leads" for sort in self._sorts):
            self._put(self._arranged())
        else:
            self._touch()

    def order_by(self, order: str) -> None:
        """Let places go by the ``score`` or by the ``weakest`` demand."""
        self._order = order
        self._facts.clear()
        self._put(self._arranged())

    @property
    def order(self) -> str:
        """What places go by: ``score`` or ``weakest``."""
        return self._order

    @property
    def pinned(self) -> str:
        """Id of the incumbent, "" for none."""
        return self._pinned

    def pin(self, material: str, beyond: int) -> None:
        """Measure rows against an incumbent, naming differences beyond so many per cent; "" for none."""
        self._pinned, self._beyond = material, beyond
        self._facts.clear()
        self._put(self._arranged())

    @property
    def columns(self) -> tuple[str, ...]:
        """Properties shown as columns behind those of :class:`Column`."""
        return self._columns

    def show_columns(self, keys: tuple[str, ...]) -> None:
        """Show these properties as columns behind the others."""
        if keys == self._columns:
            return
        root, first = QModelIndex(), len(Column)
        if self._columns:
            self.beginRemoveColumns(root, first, first + len(self._columns) - 1)
            self._columns = ()
            self.endRemoveColumns()
        self._facts.clear()
        if keys:
            self.beginInsertColumns(root, first, first + len(keys) - 1)
            self._columns = keys
            self.endInsertColumns()
        gone = {sort.key for sort in self._sorts} & properties().keys() - set(keys)
        if gone:
            self.sort_by(*(sort for sort in self._sorts if sort.key not in gone))

    def sort_by(self, *sorts: Sort) -> None:
        """Sort the rows, by the first key first; none goes back to the order. Places stay what they are."""
        self._sorts = sorts
        self._put(self._arranged())

    def filter_by(self, filters: Mapping[str, Span]) -> None:
        """Show only rows inside these spans, by the figure's key. Places stay what they are."""
        self._filters = {key: span for key, span in filters.items() if not span.open}
        self._put(self._arranged())

    def field(self, key: str) -> Field:
        """A figure to filter by: ``score``, ``leads``, ``price`` or a property; to the digits shown, NaN for none."""
        if key == "score":
            name, unit, decimals = self.tr("Score"), "", words.SCORE_DIGITS
            figures = np.where(self._answer.ranking.ranks > 0, self._figures(key), np.nan)
        elif key == "leads":
            name, unit, decimals = self.tr("Leads in"), self.tr("% of trials"), 0
            figures = np.where(self._answer.ranking.ranks > 0, 100 * self._figures(key), np.nan)
        else:
            key = "price_usd_m2" if key == "price" else key
            name, unit, decimals = words.short(key), words.unit(key), properties()[key].decimals
            figures = self._figures(key)
        rounded = np.asarray(np.round(figures, decimals), dtype=np.float64)
        return Field("price" if key == "price_usd_m2" else key, name, unit, decimals, rounded)

    def search(self, text: str) -> None:
        """Show only materials in which every word of ``text`` is found."""
        self._words = tuple(text.casefold().split())
        self._put(self._arranged())

    def refresh(self) -> None:
        """Say everything anew (language or locale changed)."""
        self._facts.clear()
        self._touch()

    def _arranged(self) -> Rows:
        if self._incumbent:
            row = self._pinned_row()
            return np.array([] if row is None else [row], dtype=np.intp)
        passing = self._answer.ranking.passing
        order = self._answer.by_weakest.order if self._order == "weakest" else self._answer.ranking.order
        parts = [order[:passing], order[passing:]]
        if self._words:
            found = self._found()
            parts = [part[found[part]] for part in parts]
        if self._filters:
            inside = self._inside()
            parts = [part[inside[part]] for part in parts]
        if self._sorts:
            keys = [self._worth(sort) for sort in reversed(self._sorts)]
            # Both sorts are stable: rows that are level stay in the ranking's order.
            if len(keys) == 1:
                parts = [part[np.argsort(keys[0][part], kind="stable")] for part in parts]
            else:
                parts = [part[np.lexsort([key[part] for key in keys])] for part in parts]
        if not len(parts[1]):
            return parts[0]
        return np.concatenate((parts[0], np.array([_CUT], dtype=np.intp), parts[1]))

    def _found(self) -> NDArray[np.bool_]:
        table = self._answer.table
        if self._texts is None or self._texts[0] is not table:
            columns = [table.ids, table.names]
            columns += [table.text[key] for key in _SEARCHED if key in table.text]
            self._texts = (table, tuple(" ".join(cells).casefold() for cells in zip(*columns, strict=True)))
        found = np.ones(len(table), dtype=bool)
        for word in self._words:
            has = np.array([word in text for text in self._texts[1]], dtype=bool)
            found &= has if has.any() else self._called(word)
        return found

    def _called(self, word: str) -> NDArray[np.bool_]:
        """Materials the trade calls by a word that no material of the table bears itself: "dyneema", "lona"."""
        from advisor.headers import plain_words
        from advisor.quotes import also_called

        table, plain = self._answer.table, plain_words(word)
        found = np.zeros(len(table), dtype=bool)
        if not plain:
            return found
        for key in _CALLED:
            said = table.text.get(key, ())
            fitting = {text for text in set(said) if f" {plain}" in f" {also_called(text)}"}
            found |= np.array([text in fitting for text in said], dtype=bool) if fitting else False
        return found

    def _pinned_row(self) -> int | None:
        return self._answer.table.index.get(self._pinned)

    def _inside(self) -> NDArray[np.bool_]:
        """Materials inside every filter; without trials yet nobody is kept out by them."""
        found = np.ones(len(self._answer.table), dtype=bool)
        for key, span in self._filters.items():
            if key != "leads" or self._certain is not None:
                found &= span.holds(self.field(key).figures)
        return found

    def _worth(self, sort: Sort) -> NDArray[np.float64]:
        """What to sort by, smallest first; what is missing comes last either way."""
        figures = self._figures(sort.key)
        return np.where(np.isnan(figures), np.inf, -figures if sort.descending else figures)

    def _figures(self, key: str) -> NDArray[np.float64]:
        """A column's figures by table row, NaN where there is none."""
        answer = self._answer
        if key in GROUPS:
            start = CRITERIA.index(GROUPS[key][0])
            found: NDArray[np.float64] = answer.ranking.contributions[:, start : start + len(GROUPS[key])].sum(axis=1)
            return found
        if key == "demands":
            return answer.met.astype(np.float64)
        if key == "leads":
            certain = self._certain
            return np.full(len(answer.table), np.nan) if certain is None else certain.win_share
        if key == "near" and (pinned := self._pinned_row()) is not None:
            return distances(answer.values.typical, answer.ranking.weights, pinned)
        key = "price_usd_m2" if key == "price" else key
        if key in properties():
            return answer.table.typical[:, answer.table.column(key)]
        return answer.ranking.scores

    def _put(self, rows: Rows) -> None:
        """Take a new arrangement of the same table's rows, in the gentlest way the change allows."""
        old = self._rows
        if len(old) == len(rows) and bool((old == rows).all()):
            self._touch()
            return
        root = QModelIndex()
        before, after = len(old), len(rows)
        target = rows
        if after > before:
            self.beginInsertRows(root, before, after - 1)
            self._rows = np.concatenate((old, np.full(after - before, _BLANK, dtype=np.intp)))
            self.endInsertRows()
        elif after < before:
            gone = np.setdiff1d(old, rows, assume_unique=True)
            target = np.concatenate((rows, gone[: before - after]))
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        now: list[QModelIndex] = []
        places: dict[int, int] = {}
        for index in kept:
            entry = int(self._rows[index.row()])
            if entry not in places:
                at = np.flatnonzero(target == entry)
                places[entry] = int(at[0]) if len(at) and entry != _BLANK else -1
            place = places[entry]
            now.append(self.createIndex(place, index.column()) if place >= 0 else root)
        self._rows = target
        self.changePersistentIndexList(kept, now)
        self.layoutChanged.emit()
        if after < before:
            self.beginRemoveRows(root, after, before - 1)
            self._rows = rows
            self.endRemoveRows()

    def _touch(self) -> None:
        if len(self._rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, self.columnCount() - 1))

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(Column) + len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()] < 0:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if orientation is Qt.Orientation.Vertical:
            facts = self.facts(section)
            return facts.place if facts else ""
        if section >= len(Column):
            return words.label(self._columns[section - len(Column)])
        return self.column_name(Column(section))

    def column_name(self, column: Column) -> str:
        """A column's name in full."""
        return {
            Column.PLACE: self.tr("place"),
            Column.MATERIAL: self.tr("material"),
            Column.BAR: self.tr("contributions"),
            Column.DEMANDS: self.tr("demands"),
            Column.SCORE: self.tr("score"),
            Column.LEADS: self.tr("leads in"),
            Column.PRICE: self.tr("USD/m²"),
        }[column]

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        if self._rows[index.row()] == _CUT:
            shown = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return self.cut_text() if shown and index.column() == Column.PLACE else None
        facts = self.facts(index.row())
        if facts is None:
            return None
        if index.column() >= len(Column):
            return self._cell_data(facts, facts.cells[index.column() - len(Column)], role)
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(facts, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(facts, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(facts, column)
        return None

    def _cell(self, row: int, key: str) -> Cell:
        table = self._answer.table
        at = table.column(key)
        figure, low, high = (float(part[row, at]) for part in (table.typical, table.low, table.high))
        if math.isnan(figure):
            return Cell(key, self.tr("ask mill"), False, 0.0, 0.0, 0.0)
        bottom, top = self._scale(key)
        at_figure, at_low, at_high = (min(1.0, max(0.0, (x - bottom) / (top - bottom))) for x in (figure, low, high))
        over = (table.ids[row], key) in table.over
        return Cell(key, words.number(figure, properties()[key].decimals), True, at_figure, at_low, at_high, over)

    def _scale(self, key: str) -> tuple[float, float]:
        """Ends of a property's bars: 0 to the table's greatest figure, a closed scale's own, a temperature's span."""
        found = self._scales.get(key)
        if found is None:
            figures = self._answer.table.typical[:, self._answer.table.column(key)]
            known = figures[~np.isnan(figures)]
            low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
            bottom, top = properties()[key].scale
            if bottom is not None and top is not None:
                low, high = bottom, top
            elif low >= 0:
                low = 0.0
            found = self._scales[key] = (low, high if high > low else low + 1)
        return found

    def _cell_data(self, facts: Facts, cell: Cell, role: int) -> Any:
        """Text, spoken text and tool tip of a property's cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role not in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        table, key = self._answer.table, cell.key
        at = table.column(key)
        line = self.tr("{name}: not known, ask the mill").format(name=words.label(key))
        if cell.known:
            decimals = properties()[key].decimals
            line = self.tr("{name}: {figure}, range {low} to {high}, evidence grade {grade}").format(
                name=words.label(key),
                figure=words.figure(key, float(table.typical[facts.row, at])),
                low=words.number(float(table.low[facts.row, at]), decimals),
                high=words.number(float(table.high[facts.row, at]), decimals),
                grade=table.grade(facts.row, key),
            )
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "; ".join((line, *self._mark_lines(facts, key)))
        return paragraphs([f"<b>{escape(facts.name)}</b>", *map(escape, (line, *self._mark_lines(facts, key)))])

    def cut_text(self) -> str:
        """What the parting row says."""
        cut = self.cut
        count = len(self._rows) - cut - 1
        if self._sorts:
            return self.tr("Screened out: %Ln materials", "", count)
        return self.tr("Screened out: %Ln materials, nearest first", "", count)

    # Words

    def facts(self, row: int) -> Facts | None:
        """What a row shows, None for the row that parts."""
        if not 0 <= row < len(self._rows) or self._rows[row] < 0:
            return None
        return self.facts_of(int(self._rows[row]))

    def facts_of(self, number: int) -> Facts:
        """What the row of a material shows, by its table row."""
        found = self._facts.get(number)
        if found is None:
            found = self._facts[number] = self._facts_of(number)
        return found

    def share_of(self, number: int) -> float:
        """Share of trials a material that passes leads in, by its table row; NaN where there are none."""
        passes = bool(self._answer.ranking.ranks[number])
        return float(self._figures("leads")[number]) if passes else math.nan

    def _facts_of(self, row: int) -> Facts:
        answer, table, ranking = self._answer, self._answer.table, self._answer.ranking
        passes = bool(ranking.ranks[row])
        parts = ranking.contributions[row].tolist()
        price = float(table.typical[row, table.column("price_usd_m2")])
        shares = self._certain.win_share if self._certain is not None and passes else None
        return Facts(
            row=row,
            id=table.ids[row],
            name=table.names[row],
            sub=self._sub(row),
            passes=passes,
            place=self._place(row),
            moved=self._session.place_change(row) if answer is self._session.answer else 0,
            groups=tuple(sum(parts[start:end]) for start, end in pairwise(_GROUP_STARTS)),
            low=float(ranking.low[row]),
            high=float(ranking.high[row]),
            gaps=answer.gap_properties(row),
            dominated=self._dominated(row),
            met=self.tr("{met} of {asked}").format(
                met=words.number(int(answer.met[row])), asked=words.number(answer.asked_count)
            ),
            misses=int(answer.met[row]) < answer.asked_count,
            score=words.score(float(ranking.scores[row])) if passes else "–",
            leads="–" if shares is None else self.tr("{share} %").format(share=words.number(100 * float(shares[row]))),
            price=self.tr("ask mill") if math.isnan(price) else words.number(price, 2),
            priced=not math.isnan(price),
            chips=() if passes else self._chips(row),
            cells=tuple(self._cell(row, key) for key in self._columns),
            remark=self._session.remarks.get(table.ids[row], ""),
            over=self._over(table.ids[row]),
            price_over=(table.ids[row], "price_usd_m2") in table.over,
        )

    def _over(self, material: str) -> tuple[str, ...]:
        """What the figures put over a material's stand over."""
        marks = self._session.stock.marks.get(material, ())
        if not marks:
            return ()
        from advisor.merge import override_sentence  # most tables have none

        return tuple(words.words(override_sentence(mark)) for mark in marks)

    def _dominated(self, row: int) -> str:
        sentence = dominated_sentence(self._answer, row)
        return "" if sentence is None else words.words(sentence)

    def _place(self, row: int) -> str:
        """The place as shown; trials say who is level by score only."""
        if self._order != "weakest":
            return place_label(self._answer, self._levels(), row)
        ranks = self._answer.by_weakest.ranks
        if not ranks[row]:
            return "–"
        shared = bool((ranks == ranks[row]).sum() > 1)
        return f"{int(ranks[row])}=" if shared else str(int(ranks[row]))

    def _levels(self) -> Certainty | None:
        """What places are labelled by: while it is worked out the last certainty, if the order is still the same."""
        if self._certain is None or self._current:
            return self._certain
        asked = self._leveled
        if asked is None or asked[0] is not self._answer or asked[1] is not self._certain:
            then, now = self._certain_answer.ranking, self._answer.ranking
            same = then.passing == now.passing and bool((then.passing_rows() == now.passing_rows()).all())
            asked = self._leveled = (self._answer, self._certain, same)
        return self._certain if asked[2] else None

    def _sub(self, row: int) -> str:
        """The line under the name: the user's remark, then how it departs from the incumbent or its construction."""
        remark = self._session.remarks.get(self._answer.table.ids[row], "")
        about = self._about(row)
        return self.tr("“{remark}” · {about}").format(remark=remark, about=about) if remark else about

    def _about(self, row: int) -> str:
        pinned = self._pinned_row()
        if pinned is None or pinned == row:
            return self._construction(row)
        clear = [
            self._departure(item.property, item.share)
            for item in departures(self._answer.table, row, pinned, self._beyond / 100)
            if not item.doubtful
        ]
        if not clear:
            return self.tr("no clear difference over {percent} %").format(percent=words.number(self._beyond))
        return " · ".join(clear)

    def _departure(self, key: str, share: float) -> str:
        return self.tr("{name} {share} %").format(name=words.short(key), share=words.number(100 * share, signed=True))

    def _departure_lines(self, row: int) -> list[str]:
        """Every departure from the incumbent, for the tool tip."""
        pinned = self._pinned_row()
        if pinned is None or pinned == row:
            return []
        table = self._answer.table
        found = departures(table, row, pinned, self._beyond / 100)
        head = self.tr("Against {name}, beyond {percent} %:").format(
            name=table.names[pinned], percent=words.number(self._beyond)
        )
        lines = []
        for item in found:
            at = table.column(item.property)
            line = self.tr("{name} {share} %: {figure} against {other}").format(
                name=words.short(item.property),
                share=words.number(100 * item.share, signed=True),
                figure=words.figure(item.property, float(table.typical[row, at])),
                other=words.figure(item.property, float(table.typical[pinned, at])),
            )
            lines.append(self.tr("{line} (ranges overlap)").format(line=line) if item.doubtful else line)
        apart = distances(self._answer.values.typical, self._answer.ranking.weights, pinned)[row]
        near = self.tr("Distance {distance} (0 alike, 1 farthest)").format(distance=words.number(float(apart), 2))
        return [head, *(lines or [self.tr("no difference in a figure both have")]), near]

    def _construction(self, row: int) -> str:
        table = self._answer.table
        denier = float(table.typical[row, table.column("yarn_denier")])
        parts = []
        if not math.isnan(denier):
            parts.append(self.tr("{denier} D").format(denier=words.number(denier)))
        for key in ("areal_mass_g_m2", "hydrostatic_head_mm"):
            figure = float(table.typical[row, table.column(key)])
            if not math.isnan(figure):
                parts.append(words.figure(key, figure))
        return " · ".join(parts)

    def _failures(self, row: int) -> tuple[str, ...]:
        numbers = np.flatnonzero(self._answer.screen.fails[row]).tolist()
        return tuple(words.words(limit_failure(self._answer, row, number)) for number in numbers)

    def _chips(self, row: int) -> tuple[tuple[str, Tone], ...]:
        failures = self._failures(row)
        chips: list[tuple[str, Tone]] = [(text, "bad") for text in failures[:2]]
        if len(failures) > 2:
            chips[1:] = [(self.tr("and %Ln more limits", "", len(failures) - 1), "bad")]
        remedy = self._answer.relaxed(row)
        if remedy is not None:
            chips.append((self._relaxed_words(row, remedy), "neutral"))
        return tuple(chips)

    def _relaxed_words(self, row: int, remedy: Relaxed) -> str:
        number = int(np.flatnonzero(self._answer.screen.fails[row])[0])
        key = self._answer.screen.limits[number].property
        level = "" if remedy.level is None else words.number(remedy.level, properties()[key].decimals)
        if remedy.place is None:
            return self.tr("passes from {level}").format(level=level)
        place = words.number(remedy.place)
        if remedy.level is None:
            return self.tr("without it: place {place}").format(place=place)
        return self.tr("relax to {level}: place {place}").format(level=level, place=place)

    def _text(self, facts: Facts, column: Column) -> str:
        if column is Column.BAR:
            return "; ".join(text for text, _ in facts.chips) if facts.chips else self._groups_text(facts)
        return {
            Column.PLACE: facts.place,
            Column.MATERIAL: facts.name,
            Column.DEMANDS: facts.met,
            Column.SCORE: facts.score,
            Column.LEADS: facts.leads,
            Column.PRICE: facts.price,
        }[column]

    def _groups_text(self, facts: Facts) -> str:
        return ", ".join(
            self.tr("{group} {part}").format(group=words.group(group), part=words.score(part))
            for group, part in zip(GROUPS, facts.groups, strict=True)
        )

    def _moved_text(self, facts: Facts) -> str:
        if facts.moved > 0:
            return self.tr("up by {count}").format(count=words.number(facts.moved))
        if facts.moved < 0:
            return self.tr("down by {count}").format(count=words.number(-facts.moved))
        return ""

    def _range_text(self, facts: Facts) -> str:
        return self.tr("{low} to {high} with every figure at its worse or better end").format(
            low=words.score(facts.low), high=words.score(facts.high)
        )

    def _gaps_text(self, facts: Facts) -> str:
        if not facts.gaps:
            return ""
        return self.tr("Not known, ask the mill: {names}").format(names=", ".join(map(words.short, facts.gaps)))

    def _spoken(self, facts: Facts, column: Column) -> str:
        """Every painted number in words."""
        if column is Column.PLACE:
            if not facts.passes:
                return self.tr("screened out")
            place = self.tr("place {place}").format(place=facts.place)
            if facts.place.endswith("="):
                place = self.tr("place {place}, level with the one above or below").format(place=facts.place[:-1])
            return ", ".join(filter(None, (place, self._moved_text(facts))))
        if column is Column.MATERIAL:
            return ", ".join(filter(None, (facts.name, facts.sub, facts.dominated, *facts.over)))
        if column is Column.BAR:
            parts = (self._text(facts, column), self._range_text(facts) if facts.passes else "", self._gaps_text(facts))
            return "; ".join(filter(None, parts))
        if column is Column.DEMANDS:
            return self.tr("meets {met} demands").format(met=facts.met)
        if column is Column.SCORE:
            return self.tr("score {score}").format(score=facts.score)
        if column is Column.LEADS:
            spoken = self.tr("leads in {share} of trials").format(share=facts.leads)
            return spoken if self._current else self.tr("{text}, being worked out").format(text=spoken)
        return self.tr("{price} USD per m²").format(price=facts.price)

    def _tip(self, facts: Facts, column: Column) -> str:
        lines: list[str] = []
        if column is Column.PLACE:
            lines = [self._spoken(facts, column), self._weakest_text(facts), *self._failures(facts.row)]
        elif column is Column.DEMANDS:
            lines = [self._spoken(facts, column), *self._miss_lines(facts.row)]
        elif column is Column.LEADS and facts.passes:
            if self._certain is None or not self._current:
                lines = [self.tr("Being worked out …")]
            else:
                lines = [words.words(trials_sentence(self._certain, facts.row))]
        elif column is Column.PRICE:
            lines = self._price_lines(facts)
        else:
            return self._whole_tip(facts)
        return paragraphs([f"<b>{escape(facts.name)}</b>", *map(escape, filter(None, lines))])

    def _weakest_text(self, facts: Facts) -> str:
        """What the place goes by, where that is the weakest demand."""
        if self._order != "weakest" or not facts.passes:
            return ""
        value = words.number(float(self._answer.by_weakest.lowest[facts.row]), 2)
        miss = self._answer.worst_miss(facts.row)
        if miss is None:
            return self.tr("Meets every demand; the weakest is worth {value} of 1").format(value=value)
        return self.tr("Weakest demand is worth {value} of 1: {miss}").format(
            value=value, miss=words.words(miss.sentence())
        )

    def _miss_lines(self, row: int) -> list[str]:
        return [words.words(miss.sentence()) for _, miss in self._answer.misses(row) if miss is not None]

    def _price_lines(self, facts: Facts) -> list[str]:
        table, key = self._answer.table, "price_usd_m2"
        if not facts.priced:
            return [self.tr("Price not known, ask the mill")]
        column = table.column(key)
        line = self.tr("{price}, range {low} to {high}, evidence grade {grade}").format(
            price=words.figure(key, float(table.typical[facts.row, column])),
            low=words.number(float(table.low[facts.row, column]), 2),
            high=words.number(float(table.high[facts.row, column]), 2),
            grade=table.grade(facts.row, key),
        )
        return [line, *self._mark_lines(facts, key)]

    def _mark_lines(self, facts: Facts, key: str) -> list[str]:
        """What an override of this figure stands over, for its tool tip."""
        from advisor.merge import override_sentence

        marks = self._session.stock.marks.get(facts.id, ())
        return [f"• {words.words(override_sentence(mark))}" for mark in marks if mark.property == key]

    def _whole_tip(self, facts: Facts) -> str:
        answer = self._answer
        lines = [f"<b>{escape(facts.name)}</b>"]
        lines += [escape(text) for text in self._failures(facts.row)]
        score = words.score(float(answer.ranking.scores[facts.row]))
        lines.append(escape(self.tr("Score {score}, {range}").format(score=score, range=self._range_text(facts))))
        if facts.dominated:
            lines.append(escape(facts.dominated))
        lines += [escape(line) for line in self._departure_lines(facts.row)]
        lines += [escape(f"• {text}") for text in facts.over]
        if facts.remark:
            lines.append(escape(self.tr("Your remark: {text}").format(text=facts.remark)))
        rows = []
        worth = answer.values.typical[facts.row].tolist()
        parts = answer.ranking.contributions[facts.row].tolist()
        for number, criterion in enumerate(CRITERIA):
            weight = words.number(100 * float(answer.ranking.weights[number]), 1)
            sum_text = self.tr("{weight} % × {value}").format(weight=weight, value=words.number(worth[number], 2))
            rows.append(
                f"<tr><td>{escape(words.criterion(criterion))}&nbsp;</td>"
                f"<td align=right>&nbsp;{escape(sum_text)}&nbsp;</td>"
                f"<td align=right>&nbsp;{escape(words.number(parts[number], 3))}</td></tr>"
            )
        misses = self._miss_lines(facts.row)
        below = []
        if misses:
            below.append(escape(self.tr("Misses: {misses}").format(misses=", ".join(misses))))
        if facts.gaps:
            below.append(escape(self._gaps_text(facts)))
        return paragraphs(lines) + f"<table cellspacing=0>{''.join(rows)}</table>" + paragraphs(below)


def paragraphs(lines: Sequence[str]) -> str:
    """Lines of a tool tip, one below the other."""
    return "".join(f"<div>{line}</div>" for line in lines)
