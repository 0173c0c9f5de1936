"""Ranking table: every material in its place, what its score is made of, what it misses and how often it leads.

After LineUp (Gratzl et al. 2013): one header bar carries the weights, every row the same bar shortened by the values,
so that lengths compare down the column. The full width is weight 1 and score 1 in header and rows alike.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from html import escape
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QEasingCurve,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer
from advisor.brief import Brief
from advisor.certainty import Certainty
from advisor.explanation import banner, limit_failure, place_label, remedies, trials_sentence
from advisor.priorities import moved_share
from advisor.properties import CRITERIA, GROUPS, properties
from advisor.ranking import Relaxed
from ui import words
from ui.painting import Tone, draw_line
from ui.session import COMPARED, Selection, Session
from ui.swatches import Cloth, swatch_pixmap
from ui.theme import TARGET, Theme, blend, fill_group, icon, icon_pixmap, interface_font, space
from ui.widgets import ElidedLabel, LinkButton, Themed

Rows = NDArray[np.intp]
Index = QModelIndex | QPersistentModelIndex

ROW: Final = 38
"""Height of a material's row, px."""
CUT_ROW: Final = 24
"""Height of the row that parts the screened out from the rest, px."""
GLIDE_MS: Final = 150
"""How long a row takes to its new place."""
SWATCH: Final = 28
SCORE_DIGITS: Final = 2

_CUT: Final = -1  # stands in the list of table rows where the screened out begin
_BLANK: Final = -2  # a row that is about to be filled
_PAD: Final = 12  # px at the ends of a row
_GAP: Final = 8  # px between columns
_MARK: Final = 22  # px behind the bar for the mark of gaps
_SEARCHED: Final = ("family", "fibre", "weave", "coating", "finish")
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


def column_widths(total: int) -> tuple[int, ...]:
    """Widths of the seven columns in ``total`` px; the bar takes what the others leave, names give way first."""
    fixed = {Column.PLACE: 66, Column.DEMANDS: 72, Column.SCORE: 48, Column.LEADS: 58, Column.PRICE: 64}
    rest = max(0, total - sum(fixed.values()))
    name = min(max(150, round(rest * 0.52)), max(rest - 120, 110))
    return (
        fixed[Column.PLACE],
        name,
        max(rest - name, 40),
        fixed[Column.DEMANDS],
        fixed[Column.SCORE],
        fixed[Column.LEADS],
        fixed[Column.PRICE],
    )


# --- Model ------------------------------------------------------------------------------------------------------------


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
    met: str
    misses: bool
    score: str
    leads: str
    price: str
    priced: bool
    chips: tuple[tuple[str, Tone], ...]


class RankingModel(QAbstractTableModel):
    """The answer as rows: materials that pass, one row that parts, the screened out.

    Rows are looked up when they are drawn, so a long table costs no more than a short one. A new order is a layout
    change, through which selection stays with the material; only another table resets the model.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._answer = session.answer
        self._certain: Certainty | None = session.certainty
        self._certain_answer = session.answer
        self._current = session.certainty is not None
        self._sort: Sort | None = None
        self._words: tuple[str, ...] = ()
        self._texts: tuple[object, tuple[str, ...]] | None = None
        self._facts: dict[int, Facts] = {}
        self._rows = self._arranged()

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
        """What rows are sorted by, None for the ranking's own order."""
        return self._sort

    @property
    def cut(self) -> int:
        """The row that parts the screened out from the rest, -1 where there is none."""
        found = np.flatnonzero(self._rows == _CUT)
        return int(found[0]) if len(found) else -1

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
        self._put(self._arranged())

    def sort_by(self, sort: Sort | None) -> None:
        """Sort the rows; None goes back to the order. Places stay what they are."""
        self._sort = sort
        self._put(self._arranged())

    def search(self, text: str) -> None:
        """Show only materials in which every word of ``text`` is found."""
        self._words = tuple(text.casefold().split())
        self._put(self._arranged())

    def refresh(self) -> None:
        """Say everything anew (language or locale changed)."""
        self._facts.clear()
        self._touch()

    def _arranged(self) -> Rows:
        ranking = self._answer.ranking
        parts = [ranking.order[: ranking.passing], ranking.order[ranking.passing :]]
        if self._words:
            found = self._found()
            parts = [part[found[part]] for part in parts]
        if self._sort is not None:
            worth = self._worth(self._sort)
            parts = [part[np.lexsort((np.arange(len(part)), worth[part]))] for part in parts]
        if not len(parts[1]):
            return parts[0]
        return np.concatenate((parts[0], np.array([_CUT], dtype=np.intp), parts[1]))

    def _found(self) -> NDArray[np.bool_]:
        table = self._answer.table
        if self._texts is None or self._texts[0] is not table:
            columns = [table.ids, table.names]
            columns += [
                table.text[key] for key in ("family", "fibre", "weave", "coating", "finish") if key in table.text
            ]
            self._texts = (table, tuple(" ".join(cells).casefold() for cells in zip(*columns, strict=True)))
        return np.array([all(word in text for word in self._words) for text in self._texts[1]], dtype=bool)

    def _worth(self, sort: Sort) -> NDArray[np.float64]:
        """What to sort by, smallest first; what is missing comes last either way."""
        answer = self._answer
        figures: NDArray[np.float64]
        if sort.key in GROUPS:
            start = CRITERIA.index(GROUPS[sort.key][0])
            figures = answer.ranking.contributions[:, start : start + len(GROUPS[sort.key])].sum(axis=1)
        elif sort.key == "demands":
            figures = answer.met.astype(np.float64)
        elif sort.key == "price":
            figures = answer.table.typical[:, answer.table.column("price_usd_m2")]
        elif sort.key == "leads":
            certain = self._certain
            figures = np.full(len(answer.table), np.nan) if certain is None else certain.win_share
        else:
            figures = answer.ranking.scores
        return np.where(np.isnan(figures), np.inf, -figures if sort.descending else figures)

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
        at = np.full(len(self._answer.table) + 2, -1, dtype=np.intp)
        at[target - _BLANK] = np.arange(len(target))
        kept = self.persistentIndexList()
        now: list[QModelIndex] = []
        for index in kept:
            entry = int(self._rows[index.row()])
            place = int(at[entry - _BLANK]) if entry != _BLANK else -1
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
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(Column)

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
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(facts, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(facts, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(facts, column)
        return None

    def cut_text(self) -> str:
        """What the parting row says."""
        cut = self.cut
        count = len(self._rows) - cut - 1
        if self._sort is not None:
            return self.tr("Screened out: %Ln materials", "", count)
        return self.tr("Screened out: %Ln materials, nearest first", "", count)

    # Words

    def facts(self, row: int) -> Facts | None:
        """What a row shows, None for the row that parts."""
        if not 0 <= row < len(self._rows) or self._rows[row] < 0:
            return None
        number = int(self._rows[row])
        found = self._facts.get(number)
        if found is None:
            found = self._facts[number] = self._facts_of(number)
        return found

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
            sub=self._construction(row),
            passes=passes,
            place=place_label(answer, self._levels(), row),
            moved=self._session.place_change(row) if answer is self._session.answer else 0,
            groups=tuple(sum(parts[start:end]) for start, end in pairwise(_GROUP_STARTS)),
            low=float(ranking.low[row]),
            high=float(ranking.high[row]),
            gaps=answer.gap_properties(row),
            met=self.tr("{met} of {asked}").format(
                met=words.number(int(answer.met[row])), asked=words.number(answer.asked_count)
            ),
            misses=int(answer.met[row]) < answer.asked_count,
            score=words.number(float(ranking.scores[row]), SCORE_DIGITS) if passes else "–",
            leads="–" if shares is None else self.tr("{share} %").format(share=words.number(100 * float(shares[row]))),
            price=self.tr("ask mill") if math.isnan(price) else words.number(price, 2),
            priced=not math.isnan(price),
            chips=() if passes else self._chips(row),
        )

    def _levels(self) -> Certainty | None:
        """What places are labelled by: while it is worked out the last certainty, if the order is still the same."""
        if self._certain is None or self._current:
            return self._certain
        then, now = self._certain_answer.ranking, self._answer.ranking
        same = then.passing == now.passing and bool((then.passing_rows() == now.passing_rows()).all())
        return self._certain if same else None

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
            self.tr("{group} {part}").format(group=words.group(group), part=words.number(part, SCORE_DIGITS))
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
            low=words.number(facts.low, SCORE_DIGITS), high=words.number(facts.high, SCORE_DIGITS)
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
            return ", ".join(filter(None, (facts.name, facts.sub)))
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
            lines = [self._spoken(facts, column), *self._failures(facts.row)]
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
        return _paragraphs([f"<b>{escape(facts.name)}</b>", *map(escape, filter(None, lines))])

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
        return [line]

    def _whole_tip(self, facts: Facts) -> str:
        answer = self._answer
        lines = [f"<b>{escape(facts.name)}</b>"]
        lines += [escape(text) for text in self._failures(facts.row)]
        score = words.number(float(answer.ranking.scores[facts.row]), SCORE_DIGITS)
        lines.append(escape(self.tr("Score {score}, {range}").format(score=score, range=self._range_text(facts))))
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
        return _paragraphs(lines) + f"<table cellspacing=0>{''.join(rows)}</table>" + _paragraphs(below)


def _write(painter: QPainter, box: _Box, rect: QRectF, text: str, ink: QColor, trailing: bool = False) -> None:
    """One line at the near or the far end of ``rect``, in reading direction."""
    painter.setPen(ink)
    draw_line(painter, rect, text, "end" if trailing else "start", box.direction)


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<div>{line}</div>" for line in lines)


# --- Painting ---------------------------------------------------------------------------------------------------------


class RowDelegate(QStyledItemDelegate, Themed):
    """Paints every cell of the ranking; all of it mirrors with the reading direction."""

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._name = interface_font("body", bold=True)
        self._place = interface_font("lead", bold=True)
        self._body = interface_font("body")
        self._caption = interface_font("caption")
        self._swatches: dict[tuple[str, str], Cloth] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, ROW)

    def ground(self, painter: QPainter, rect: QRect, selected: bool, hovered: bool) -> None:
        """A row's surface and the line under it."""
        look = self._look
        colour = look.colour("panel")
        if selected:
            colour = look.colour("sel")
        elif hovered:
            colour = blend(look.accent, look.panel, 0.06)
        painter.fillRect(rect, colour)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), look.colour("line2"))

    def part(self, painter: QPainter, rect: QRect, text: str, direction: Qt.LayoutDirection) -> None:
        """The row that parts the screened out from the rest."""
        painter.fillRect(rect, self._look.colour("bg"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), self._look.colour("line2"))
        painter.setFont(self._caption)
        painter.setPen(self._look.colour("ink2"))
        draw_line(painter, QRectF(rect.adjusted(_PAD, 0, -_PAD, 0)), text, "start", direction)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, RankingModel)
        facts = model.facts(index.row())
        if facts is None:
            return
        rect, direction = QRect(option.rect), option.direction
        box = _Box(rect, direction)
        column = index.column()
        if column == Column.PLACE:
            self._paint_place(painter, box, facts)
        elif column == Column.MATERIAL:
            self._paint_material(painter, box, facts, model)
        elif column == Column.BAR:
            if facts.passes:
                self._paint_bar(painter, box, facts)
            else:
                self._paint_chips(painter, box, facts)
        elif column == Column.DEMANDS:
            self._paint_demands(painter, box, facts)
        else:
            self._paint_number(painter, box, facts, Column(column), model.current)

    def _paint_place(self, painter: QPainter, box: _Box, facts: Facts) -> None:
        look = self._look
        painter.setFont(self._place)
        metrics = QFontMetrics(self._place)
        width = metrics.horizontalAdvance(facts.place)
        _write(painter, box, box.at(_PAD, width + 2), facts.place, look.colour("ink" if facts.passes else "ink3"))
        if not facts.moved:
            return
        ink = look.colour("good" if facts.moved > 0 else "bad")
        x = _PAD + width + 3
        seat = box.at(x, 7)
        middle = seat.center()
        up = -1 if facts.moved > 0 else 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPolygon(
            QPolygonF(
                [
                    middle + QPointF(-3.5, -3 * up),
                    middle + QPointF(3.5, -3 * up),
                    middle + QPointF(0, 3 * up),
                ]
            )
        )
        painter.setFont(self._caption)
        count = words.number(abs(facts.moved))
        room = box.width - x - 8
        if QFontMetrics(self._caption).horizontalAdvance(count) <= room:  # else the arrow alone; the tip has the number
            _write(painter, box, box.at(x + 8, room), count, ink)

    def swatch_rect(self, rect: QRect, direction: Qt.LayoutDirection) -> QRectF:
        """Where the swatch of a row stands in its cell."""
        return _Box(rect, direction).at(0, SWATCH, SWATCH)

    def _paint_material(self, painter: QPainter, box: _Box, facts: Facts, model: RankingModel) -> None:
        look = self._look
        table = model.answer.table
        cloth = self._swatches.get((table.sha256, facts.id))
        if cloth is None:
            text = {key: cells[facts.row] for key, cells in table.text.items()}
            denier = float(table.typical[facts.row, table.column("yarn_denier")])
            cloth = Cloth.of_row({**text, "yarn_denier": "" if math.isnan(denier) else str(denier)})
            if len(self._swatches) > 2000:
                self._swatches.clear()
            self._swatches[table.sha256, facts.id] = cloth
        dpr = painter.device().devicePixelRatio()
        seat = box.at(0, SWATCH, SWATCH)
        painter.drawPixmap(seat.topLeft(), swatch_pixmap(cloth, SWATCH, look, dpr))
        x = SWATCH + 9
        room = box.at(x, box.width - x - _GAP)
        painter.setFont(self._name)
        metrics = QFontMetrics(self._name)
        name = metrics.elidedText(facts.name, Qt.TextElideMode.ElideMiddle, int(room.width()))
        _write(painter, box, QRectF(room.left(), room.top() + 3, room.width(), 17), name, look.colour("ink"))
        painter.setFont(self._caption)
        sub = QFontMetrics(self._caption).elidedText(facts.sub, Qt.TextElideMode.ElideRight, int(room.width()))
        _write(painter, box, QRectF(room.left(), room.top() + 19, room.width(), 15), sub, look.colour("ink3"))

    def check(self, painter: QPainter, swatch: QRectF, direction: Qt.LayoutDirection, on: bool) -> None:
        """The mark on a swatch of what is compared, or, open, of what could be."""
        look = self._look
        left = direction is Qt.LayoutDirection.RightToLeft
        middle = swatch.bottomLeft() + QPointF(2, -2) if left else swatch.bottomRight() + QPointF(-2, -2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("panel" if on else "edge"), 1.4))
        painter.setBrush(look.colour("accent" if on else "panel"))
        painter.drawEllipse(middle, 7, 7)
        painter.setPen(
            QPen(
                look.colour("on_accent" if on else "ink3"),
                1.6,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([middle + QPointF(*at) for at in ((-3, 0), (-0.8, 2.4), (3.2, -2.4))]))

    def _paint_bar(self, painter: QPainter, box: _Box, facts: Facts) -> None:
        look = self._look
        scale = box.width - _MARK
        dpr = painter.device().devicePixelRatio()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        start = 0.0
        for group, part in zip(GROUPS, facts.groups, strict=True):
            end = start + part
            a, b = round(start * scale), round(end * scale)
            if b - a > 1:
                fill_group(painter, box.at(a, b - a - 1, 16), group, look, dpr)
            elif b > a:
                painter.fillRect(box.at(a, 1, 16), look.group(group))
            start = end
        low, high = facts.low * scale, facts.high * scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        halo = QColor(look.colour("panel"))
        halo.setAlpha(170)
        for colour, grow in ((halo, 1.0), (look.colour("ink"), 0.0)):
            line = box.at(low, max(high - low, 1), 1.5)
            painter.fillRect(line.adjusted(-grow, -grow, grow, grow), colour)
            for x in (low, high):
                painter.fillRect(box.at(x - 0.75, 1.5, 9).adjusted(-grow, -grow, grow, grow), colour)
        if facts.gaps:
            seat = box.at(box.width - _MARK + 3, 13, 13)
            pen = QPen(look.colour("warn"), 1.2, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([2, 1.6])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(seat)
            painter.setFont(self._caption)
            painter.setPen(look.colour("warn"))
            painter.drawText(seat, int(Qt.AlignmentFlag.AlignCenter), "?")

    def _paint_chips(self, painter: QPainter, box: _Box, facts: Facts) -> None:
        look = self._look
        painter.setFont(self._caption)
        metrics = QFontMetrics(self._caption)
        chips = facts.chips[:2]
        high = 17
        top = box.rect.top() + (ROW - 1 - high * len(chips) - (len(chips) - 1)) / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (text, tone) in enumerate(chips):
            room = box.width - _GAP
            text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room - 16)
            seat = box.at(0, metrics.horizontalAdvance(text) + 16, high)
            seat.moveTop(top + number * (high + 1))
            seat.adjust(0.5, 0.5, -0.5, -0.5)
            plain = tone == "neutral"
            painter.setPen(QPen(look.colour("line"), 1) if plain else Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("panel" if plain else f"chip_{tone}"))
            painter.drawRoundedRect(seat, high / 2, high / 2)
            painter.setPen(look.colour("ink2" if plain else tone))
            draw_line(painter, seat, text, "centre", box.direction)

    def _paint_demands(self, painter: QPainter, box: _Box, facts: Facts) -> None:
        look = self._look
        painter.setFont(self._body)
        width = QFontMetrics(self._body).horizontalAdvance(facts.met)
        x = box.width - _GAP - width - 1
        _write(painter, box, box.at(x, width + 2), facts.met, look.colour("ink2"))
        middle = box.at(x - 11, 7, 7).center()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = look.colour("warn" if facts.misses else "good")
        painter.setPen(QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if facts.misses:
            painter.drawLine(middle + QPointF(-2.6, -2.6), middle + QPointF(2.6, 2.6))
            painter.drawLine(middle + QPointF(-2.6, 2.6), middle + QPointF(2.6, -2.6))
        else:
            painter.drawPolyline(QPolygonF([middle + QPointF(*at) for at in ((-3.4, 0.2), (-1, 2.6), (3.4, -2.8))]))

    def _paint_number(self, painter: QPainter, box: _Box, facts: Facts, column: Column, current: bool) -> None:
        look = self._look
        ink = look.colour("ink2" if facts.passes else "ink3")
        text, face = facts.price, self._body
        end = _GAP
        if column is Column.SCORE:
            text, face, ink = facts.score, self._name, look.colour("ink" if facts.passes else "ink3")
        elif column is Column.LEADS:
            text = facts.leads
            if not current:
                ink = blend(look.ink3, look.panel, 0.6)
        else:
            end = _PAD
            ink = look.colour("ink2")
            if not facts.priced:
                face, ink = self._caption, look.colour("warn")
        painter.setFont(face)
        _write(painter, box, box.at(0, box.width - end), text, ink, trailing=True)


class _Box:
    """A cell in reading direction: lengths count from the edge where reading starts."""

    __slots__ = ("direction", "mirrored", "rect", "width")

    def __init__(self, rect: QRect, direction: Qt.LayoutDirection) -> None:
        self.rect = rect
        self.width = rect.width()
        self.direction = direction
        self.mirrored = direction is Qt.LayoutDirection.RightToLeft

    def at(self, x: float, width: float, height: float | None = None) -> QRectF:
        """``width`` px from ``x`` on, as high as the row or ``height`` px about its middle."""
        rect = self.rect
        left = rect.right() + 1 - x - width if self.mirrored else rect.left() + x
        if height is None:
            return QRectF(left, rect.top(), width, rect.height() - 1)
        return QRectF(left, rect.top() + (rect.height() - 1 - height) / 2, width, height)


# --- The list ---------------------------------------------------------------------------------------------------------


def reduced_motion() -> bool:
    """Whether the desktop asks for no movement."""
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


class RankingList(QTableView):
    """The rows, painted whole so that they can glide; it only shows what the session has selected.

    Signals:
        picked(str): the user goes to a material.
        ticked(str, bool): the user puts a material into the comparison or takes it out; True for all up to it.
        pointed(str): the pointer is over a material, "" for none.
        typed(str): the user types a word.
    """

    picked = Signal(str)
    ticked = Signal(str, bool)
    pointed = Signal(str)
    typed = Signal(str)

    def __init__(self, model: RankingModel, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look
        self._compared: frozenset[str] = frozenset()
        self._hovered = ""
        self._cut = -1
        self._motion = True
        self._starts: dict[int, float] = {}
        self._held: tuple[object, Rows, int] | None = None
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE_MS)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._step)
        self._glide.finished.connect(self._stop)
        self._delegate = RowDelegate(look, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setStyleSheet("QTableView, QTableView:focus { border: 0; background: transparent; }")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self._size_cut()

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self._delegate.apply_theme(look)
        self.viewport().update()

    def set_motion(self, on: bool) -> None:
        """Whether rows glide to a new place."""
        self._motion = on
        if not on:
            self._stop()

    def mark(self, compared: Collection[str], hovered: str) -> None:
        """Which materials are compared and which one is pointed at."""
        if (frozenset(compared), hovered) != (self._compared, self._hovered):
            self._compared, self._hovered = frozenset(compared), hovered
            self.viewport().update()

    def set_columns(self, widths: Sequence[int]) -> None:
        """Set the widths of the columns."""
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            header.resizeSection(column, width)

    # Gliding

    def hold(self) -> None:
        """Remember where rows stand, before they change."""
        moving = self._motion and self.isVisible() and not reduced_motion()
        # While a slider or edge is being dragged rows follow the pointer at once.
        moving = moving and QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
        self._held = (self._model.answer.table, self._model.table_rows(), self._cut) if moving else None
        painted = {number: y for number, y in self._painted().items() if number >= 0} if moving else {}
        self._starts = painted

    def release(self) -> None:
        """Let rows glide from where they stood to where they stand now."""
        self._size_cut()
        held, painted = self._held, self._starts
        self._held, self._starts = None, {}
        self._glide.stop()
        if held is None or held[0] is not self._model.answer.table:
            self.viewport().update()
            return
        before = np.full(len(self._model.answer.table), -1, dtype=np.intp)
        rows = held[1]
        inside = np.flatnonzero(rows >= 0)
        before[rows[inside]] = inside
        offset = self.verticalScrollBar().value()
        high = self.viewport().height()
        now = self._model.table_rows()
        starts: dict[int, float] = {}
        for row in self._visible():
            number = int(now[row])
            if number < 0 or before[number] < 0:
                continue
            end = float(self.rowViewportPosition(row))
            start = painted.get(number, float(_top(int(before[number]), held[2]) - offset))
            # From outside, rows come in from just beyond the edge.
            start = min(max(start, -float(ROW)), float(high))
            if abs(start - end) >= 1:
                starts[number] = start
        self._starts = starts
        if starts:
            self._glide.start()
        self.viewport().update()

    @Slot(object)
    def _step(self, _value: object) -> None:
        self.viewport().update()

    @Slot()
    def _stop(self) -> None:
        self._glide.stop()
        self._starts = {}
        self.viewport().update()

    def gliding(self) -> bool:
        """Whether rows are on their way."""
        return self._glide.state() is QVariantAnimation.State.Running

    def _painted(self) -> dict[int, float]:
        """Table row -> where it is painted just now, for the rows in sight."""
        rows = self._model.table_rows()
        share = float(self._glide.currentValue() or 0.0) if self.gliding() else 1.0
        found: dict[int, float] = {}
        for row in self._visible():
            end = float(self.rowViewportPosition(row))
            number = int(rows[row])
            start = self._starts.get(number, end) if share < 1 else end
            found[number] = start + (end - start) * share
        return found

    def _visible(self) -> range:
        count = len(self._model.table_rows())
        if not count:
            return range(0)
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, (count if last < 0 else last + 1))

    def _size_cut(self) -> None:
        """Give the parting row its height, wherever it is now."""
        header = self.verticalHeader()
        cut = self._model.cut
        for row in {self._cut, *self._odd_rows()} - {cut}:
            if 0 <= row < header.count():
                header.resizeSection(row, ROW)
        if cut >= 0:
            header.resizeSection(cut, CUT_ROW)
        self._cut = cut

    def _odd_rows(self) -> tuple[int, ...]:
        """Rows in sight whose height went along with a row that moved."""
        header = self.verticalHeader()
        return tuple(row for row in self._visible() if header.sectionSize(row) != ROW)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        model = self._model
        rows = model.table_rows()
        width = self.viewport().width()
        current = self.currentIndex().row()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        direction = self.layoutDirection()
        option.direction = direction
        header = self.horizontalHeader()
        cells = [(self.columnViewportPosition(at), header.sectionSize(at)) for at in range(len(Column))]
        painted = self._painted()
        visible = sorted(self._visible(), key=lambda row: int(rows[row]) in self._starts)
        for row in visible:
            number = int(rows[row])
            y = round(painted[number])
            if number < 0:
                self._delegate.part(painter, QRect(0, y, width, CUT_ROW), model.cut_text(), direction)
                continue
            material = model.material(row)
            self._delegate.ground(painter, QRect(0, y, width, ROW), row == current, material == self._hovered)
            for column, (x, wide) in enumerate(cells):
                option.rect = QRect(x, y, wide, ROW)
                self._delegate.paint(painter, option, model.index(row, column))
            if material in self._compared or material == self._hovered:
                x, wide = cells[Column.MATERIAL]
                seat = self._delegate.swatch_rect(QRect(x, y, wide, ROW), direction)
                self._delegate.check(painter, seat, direction, material in self._compared)
            if row == current and self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._look.colour("accent"), 2))
                painter.drawRoundedRect(QRectF(1, y + 1, width - 2, ROW - 3), 4, 4)

    # The user's side

    def _over_swatch(self, at: QPoint) -> str:
        """Id of the material whose swatch lies under a point, or ""."""
        row, column = self.rowAt(at.y()), self.columnAt(at.x())
        if row < 0 or column != Column.MATERIAL:
            return ""
        cell = QRect(self.columnViewportPosition(column), self.rowViewportPosition(row), self.columnWidth(column), ROW)
        seat = self._delegate.swatch_rect(cell, self.layoutDirection()).adjusted(-3, -4, 6, 4)
        return self._model.material(row) if seat.contains(QPointF(at)) else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        material = self._model.material(self.rowAt(at.y()))
        if event.button() is not Qt.MouseButton.LeftButton or not material:
            event.ignore()
            return
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if extend or event.modifiers() & Qt.KeyboardModifier.ControlModifier or self._over_swatch(at):
            self.ticked.emit(material, extend)
        else:
            self.picked.emit(material)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        self.pointed.emit(self._model.material(self.rowAt(at.y())))
        over = bool(self._over_swatch(at))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit("")
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            material = self._over_swatch(event.pos())
            if material:
                tip = self.tr("Take out of the comparison") if material in self._compared else self.tr("Compare")
                QToolTip.showText(event.globalPos(), tip, self)
                return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        count = len(self._model.table_rows())
        page = max(1, self.viewport().height() // ROW - 1)
        key = event.key()
        steps = {
            Qt.Key.Key_Up: (row - 1, -1),
            Qt.Key.Key_Down: (row + 1, 1),
            Qt.Key.Key_PageUp: (row - page, -1),
            Qt.Key.Key_PageDown: (row + page, 1),
            Qt.Key.Key_Home: (0, 1),
            Qt.Key.Key_End: (count - 1, -1),
        }
        if key in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            target, way = steps[Qt.Key(key)]
            target = min(max(target, 0), count - 1)
            if not self._model.material(target):
                # Step over the row that parts; at an end, stay.
                target += way if self._model.material(target + way) else -way
            if material := self._model.material(target):
                self.picked.emit(material)
        elif key == Qt.Key.Key_Space and self._model.material(row):
            self.ticked.emit(self._model.material(row), False)
        elif event.text().strip() and event.text().isprintable() and not event.modifiers() & _COMMAND:
            self.typed.emit(event.text())
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


_COMMAND: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


def _top(row: int, cut: int) -> int:
    """Where a row stands in the whole list, px."""
    return row * ROW - (ROW - CUT_ROW if 0 <= cut < row else 0)


# --- The header -------------------------------------------------------------------------------------------------------


class _Search(QLineEdit):
    """The search field: Escape empties it, Down and Enter go to the rows."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _SortButton(QAbstractButton, Themed):
    """A column's heading; pressed, it sorts by the column, and says so by an arrow."""

    def __init__(self, look: Theme, key: str, end: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.key = key
        self._end = end  # px between text and the cell's far edge; -1: the text starts at the near one
        self._descending: bool | None = None
        self._face = interface_font("caption")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_sorted(self, descending: bool | None) -> None:
        """Show an arrow: down for highest first, up for lowest first, None for none."""
        self._descending = descending
        state = ""
        if descending is not None:
            state = self.tr("sorted, highest first") if descending else self.tr("sorted, lowest first")
        self.setAccessibleDescription(state)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._look
        active = self._descending is not None
        painter.setFont(self._face)
        lively = active or self.underMouse() or self.hasFocus()
        painter.setPen(look.colour("ink" if lively else "ink3"))
        box = _Box(self.rect(), self.layoutDirection())
        width = QFontMetrics(self._face).horizontalAdvance(self.text())
        x = _PAD if self._end < 0 else box.width - self._end - width - 1
        draw_line(painter, box.at(x, width + 2), self.text(), "start", self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if active:
            middle = box.at(x - 10, 7, 6).center()
            down = 1 if self._descending else -1
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent"))
            painter.drawPolygon(
                QPolygonF(
                    [middle + QPointF(-3.5, -2 * down), middle + QPointF(3.5, -2 * down), middle + QPointF(0, 3 * down)]
                )
            )
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 5, -1, -5), 4, 4)


class WeightsBar(QWidget, Themed):
    """The weights as one stacked bar on the rows' scale; its edges move weight from group to group.

    Press a group to sort by what it gives. By keys: arrows choose a group, Enter sorts, Ctrl and an arrow moves 1 % of
    all weight across the group's far edge.

    Signals:
        sorted_by(str): a group was pressed.
        dragged(str, str, float): near group, far group, share of all weight moved over the edge between them since
            the press; positive towards the far group.
        pressed(), let_go(): around a drag.
    """

    sorted_by = Signal(str)
    dragged = Signal(str, str, float)
    pressed = Signal()
    let_go = Signal()

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._face = interface_font("caption", bold=True)
        self._shares: dict[str, float] = dict.fromkeys(GROUPS, 1 / len(GROUPS))
        self._parts: dict[str, str] = {}
        self._chosen = next(iter(GROUPS))
        self._drag: tuple[str, str, float] | None = None
        self._sorted: str = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_weights(self, weights: Sequence[float]) -> None:
        """Show the sixteen weights."""
        by_key = dict(zip(CRITERIA, weights, strict=True))
        self._shares = {group: sum(by_key[key] for key in own) for group, own in GROUPS.items()}
        self._parts = {
            group: ", ".join(
                self.tr("{name} {share} %").format(name=words.criterion(key), share=words.number(100 * by_key[key]))
                for key in own
            )
            for group, own in GROUPS.items()
        }
        self.setAccessibleDescription(
            ", ".join(
                self.tr("{name} {share} %").format(name=words.group(group), share=self.share_text(group))
                for group in GROUPS
            )
        )
        self.update()

    def show_sorted(self, group: str) -> None:
        """Mark the group the rows are sorted by, "" for none."""
        self._sorted = group
        self.update()

    def share_text(self, group: str) -> str:
        """A group's share in per cent, as printed."""
        return words.number(100 * self._shares[group])

    def scale(self) -> float:
        """Pixels of weight 1."""
        return max(1.0, self.width() - _MARK)

    def _spans(self) -> list[tuple[str, int, int]]:
        found, start = [], 0.0
        for group, share in self._shares.items():
            end = start + share
            found.append((group, round(start * self.scale()), round(end * self.scale())))
            start = end
        return [span for span in found if span[2] > span[1]]

    def _along(self, x: float) -> float:
        return self.width() - x if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else x

    def _edge(self, x: float) -> tuple[str, str] | None:
        spans = self._spans()
        near = [(abs(end - x), group, after[0]) for (group, _, end), after in pairwise(spans)]
        if not near or min(near)[0] > 5:
            return None
        return min(near)[1:]

    def _group(self, x: float) -> str:
        return next((group for group, start, end in self._spans() if start <= x < end), "")

    def edge_at(self, near: str) -> int:
        """Where the far edge of a group is, px from the widget's left."""
        end = next(end for group, _, end in self._spans() if group == near)
        return round(self._along(end))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._look
        box = _Box(self.rect(), self.layoutDirection())
        metrics = QFontMetrics(self._face)
        painter.setFont(self._face)
        dpr = self.devicePixelRatioF()
        for group, start, end in self._spans():
            wide = max(end - start - 1, 1)
            seat = box.at(start, wide, 20)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(blend(look.token(group), look.panel, 0.26))
            painter.drawRoundedRect(seat, 3, 3)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            fill_group(painter, QRectF(seat.left(), seat.bottom() - 3, seat.width(), 3), group, look, dpr)
            share = self.share_text(group)
            full = self.tr("{name} {share}").format(name=words.group(group), share=share)
            text = next((text for text in (full, share) if metrics.horizontalAdvance(text) <= wide - 6), "")
            painter.setPen(look.colour("ink"))
            draw_line(painter, seat.adjusted(4, 0, -4, -3), text, "start", self.layoutDirection())
            if group == self._sorted or (self.hasFocus() and group == self._chosen):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(look.colour("accent"), 2))
                painter.drawRoundedRect(seat.adjusted(0, -1, 0, 1), 4, 4)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            group = self._group(self._along(event.pos().x()))
            if group:
                head = self.tr("{name} {share} %").format(name=words.group(group), share=self.share_text(group))
                help_text = self.tr("Press to sort by it; drag an edge to move weight between groups")
                lines = [f"<b>{escape(head)}</b>", escape(self._parts.get(group, "")), escape(help_text)]
                QToolTip.showText(event.globalPos(), _paragraphs(lines), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        x = self._along(event.position().x())
        edge = self._edge(x)
        if edge is not None:
            self._drag = (*edge, x)
            self.pressed.emit()
            return
        group = self._group(x)
        if group:
            self._chosen = group
            self.sorted_by.emit(group)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = self._along(event.position().x())
        if self._drag is not None:
            near, far, start = self._drag
            self.dragged.emit(near, far, (start - x) / self.scale())
            return
        over = self._edge(x)
        self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = None
            self.let_go.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = [group for group, _, _ in self._spans()]
        ahead, back = Qt.Key.Key_Right, Qt.Key.Key_Left
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            ahead, back = back, ahead
        key = event.key()
        if key in (ahead, back) and shown:
            place = shown.index(self._chosen) if self._chosen in shown else 0
            step = 1 if key == ahead else -1
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if place + 1 < len(shown):
                    self.pressed.emit()
                    self.dragged.emit(shown[place], shown[place + 1], -0.01 * step)
                    self.let_go.emit()
            else:
                self._chosen = shown[min(max(place + step, 0), len(shown) - 1)]
                self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.sorted_by.emit(self._chosen)
        else:
            super().keyPressEvent(event)


class _Header(QWidget):
    """Search field, weights and headings over the columns of the list."""

    HEIGHT: Final = 40

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(self.HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look = look
        self.place = _SortButton(look, "", -1, self)
        self.search = _Search(self)
        self.clear = self.search.addAction(icon("close", look, "ink3"), QLineEdit.ActionPosition.TrailingPosition)
        self.clear.setVisible(False)
        # The application's tool buttons are taller than this field.
        self.search.setStyleSheet("QToolButton { min-height: 0; padding: 0; border: 0; background: transparent; }")
        self.weights = WeightsBar(look, self)
        self.demands = _SortButton(look, "demands", _GAP, self)
        self.score = _SortButton(look, "score", _GAP, self)
        self.leads = _SortButton(look, "leads", _GAP, self)
        self.price = _SortButton(look, "price", _PAD, self)
        self._cells: tuple[QWidget, ...] = (
            self.place, self.search, self.weights, self.demands, self.score, self.leads, self.price,
        )  # fmt: skip

    def buttons(self) -> tuple[_SortButton, ...]:
        """The headings that sort."""
        return self.demands, self.score, self.leads, self.price

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self.clear.setIcon(icon("close", look, "ink3"))
        for cell in self._cells:
            if isinstance(cell, Themed):
                cell.apply_theme(look)
        self.update()

    def arrange(self, widths: Sequence[int]) -> None:
        """Stand over columns of these widths."""
        box = _Box(QRect(0, 0, self.width(), self.HEIGHT), self.layoutDirection())
        x = 0
        for cell, width in zip(self._cells, widths, strict=True):
            if cell is self.search:
                seat = box.at(x, width - _GAP, 28)
            elif cell is self.weights:
                seat = box.at(x, width, 30)
            else:
                seat = box.at(x, width, 38)
            cell.setGeometry(seat.toRect())
            x += width

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), self._look.colour("line"))


class _Line(QWidget, Themed):
    """A line over the rows: a mark, a first sentence in bold, the rest, and a link at the end."""

    def __init__(self, look: Theme, tone: Tone, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._tone = look, tone
        ink = "ink2" if tone == "neutral" else tone
        self._head = ElidedLabel(look, ink=ink, bold=True, parent=self)
        self._rest = ElidedLabel(look, ink=ink, parent=self)
        self.link = LinkButton(look, "", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(_PAD, 0, _PAD, 0)
        row.setSpacing(space(1.5))
        if tone != "neutral":
            row.addSpacing(22)  # the mark is painted there; margins would not mirror
        row.addWidget(self._head)
        row.addWidget(self._rest, 1)
        row.addWidget(self.link)
        self._head.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._rest.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(TARGET + 2)
        self._text = ""

    def text(self) -> str:
        """The whole text."""
        return self._text

    def show_text(self, text: str, link: str) -> None:
        """Say ``text`` with ``link`` behind it ("" for none)."""
        self._text = text
        head, dot, rest = text.partition(". ")
        self._head.set_text(head + "." if dot else head)
        self._rest.set_text(rest)
        self.setAccessibleName(text)
        self.setToolTip(escape(text))
        self.link.setText(link)
        self.link.setAccessibleName(link)
        self.link.updateGeometry()
        self.link.setVisible(bool(link))

    def apply_theme(self, look: Theme) -> None:
        super().apply_theme(look)
        for part in (self._head, self._rest, self.link):
            part.apply_theme(look)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._look
        plain = self._tone == "neutral"
        painter.fillRect(self.rect(), look.colour("bg" if plain else f"chip_{self._tone}"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), look.colour("line2"))
        if not plain:
            seat = _Box(self.rect(), self.layoutDirection()).at(_PAD, 16, 16)
            painter.drawPixmap(
                seat.topLeft(), icon_pixmap("warning", look.token(self._tone), 16, self.devicePixelRatioF())
            )


class _Popup(QFrame):
    """Remedies, in a small window that closes at a press elsewhere or Escape."""

    def __init__(self, title: str, texts: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "card")
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(3.5), space(3), space(3.5), space(3))
        column.setSpacing(space(2))
        head = QLabel(title, self)
        head.setProperty("type", "caps")
        head.setProperty("ink", "3")
        column.addWidget(head)
        for text in texts:
            label = QLabel(f"• {text}", self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFixedWidth(360)
            label.setAccessibleName(text)
            column.addWidget(label)


class _Empty(QWidget):
    """What stands in place of the rows when there are none."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._head = QLabel(self)
        self._head.setProperty("type", "lead")
        self._text = QLabel(self)
        self._text.setProperty("ink", "3")
        self.link = LinkButton(look, "", parent=self)
        column = QVBoxLayout(self)
        column.setSpacing(space(1))
        column.addStretch(2)
        for label in (self._head, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_text(self, head: str, text: str, link: str) -> None:
        """Say why there are no rows, and what to do about it."""
        self._head.setText(head)
        self._text.setText(text)
        self.link.setText(link)
        self.link.setAccessibleName(link)
        self.link.updateGeometry()
        self.link.setVisible(bool(link))
        self.setAccessibleName(head)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self.link.apply_theme(look)


# --- The view ---------------------------------------------------------------------------------------------------------


class RankingView(QWidget, Themed):
    """The ranking: header, banner, rows.

    Args:
        session: what it shows and tells.
        look: the theme.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self._pressed: Brief | None = None
        self._material = ""
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(560, 160)
        self.model = RankingModel(session, self)
        self.header = _Header(look, self)
        self.banner = _Line(look, "warn", self)
        self.sort_line = _Line(look, "neutral", self)
        self.list = RankingList(self.model, look, self)
        self.empty = _Empty(look, self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 5)
        column.setSpacing(0)
        for part in (self.header, self.banner, self.sort_line):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        self.setTabOrder(self.header.price, self.list)
        self._connect()
        self._name()
        self.show_answer(session.answer)
        self.show_certainty(session.certainty)

    def _connect(self) -> None:
        session, header, rows = self._session, self.header, self.list
        session.answered.connect(self.show_answer)
        session.ascertained.connect(self.show_certainty)
        session.selected.connect(self.show_selection)
        header.search.textChanged.connect(self._search)
        header.search.left.connect(self._to_rows)
        header.clear.triggered.connect(header.search.clear)
        header.place.clicked.connect(self.unsort)
        for button in header.buttons():
            button.clicked.connect(self._sort_clicked)
        header.weights.sorted_by.connect(self._sort_by_group)
        header.weights.pressed.connect(self._weights_pressed)
        header.weights.dragged.connect(self._weights_dragged)
        header.weights.let_go.connect(self._weights_let_go)
        self.banner.link.clicked.connect(self._show_remedies)
        self.sort_line.link.clicked.connect(self.unsort)
        self.empty.link.clicked.connect(header.search.clear)
        rows.picked.connect(session.select)
        rows.pointed.connect(session.hover)
        rows.ticked.connect(self._tick)
        rows.typed.connect(self._type)

    def _name(self) -> None:
        """Everything that is said once."""
        header = self.header
        self.setAccessibleName(self.tr("Ranking"))
        self.list.setAccessibleName(self.tr("Ranking"))
        self.list.setAccessibleDescription(
            self.tr("Arrows choose a material, Space puts it into the comparison, typing searches")
        )
        header.place.setText(self.tr("#"))
        header.place.setAccessibleName(self.tr("Order by place"))
        header.place.setToolTip(self.tr("Order by place"))
        header.weights.setAccessibleName(self.tr("Weights of the criterion groups"))
        header.search.setAccessibleName(self.tr("Search materials"))
        header.search.setToolTip(self.tr("Name, fibre, weave, coating or family; all words must be found"))
        header.clear.setText(self.tr("Clear search"))
        for button, column, spoken, tip in (
            (header.demands, Column.DEMANDS, self.tr("Sort by demands met"), self.tr("Demands met, of those asked")),
            (header.score, Column.SCORE, self.tr("Sort by score"), self.tr("Score: weight × value, summed; it orders")),
            (
                header.leads,
                Column.LEADS,
                self.tr("Sort by how often it leads"),
                self.tr("Share of trials in which it comes first"),
            ),
            (header.price, Column.PRICE, self.tr("Sort by price"), self.tr("Indicative price of the cloth")),
        ):
            button.setText(self.model.column_name(column))
            button.setAccessibleName(spoken)
            button.setToolTip(tip)

    def sizeHint(self) -> QSize:
        return QSize(820, 362)

    # What it shows

    @Slot(object)
    def show_answer(self, answer: Answer) -> None:
        """Show an answer; rows keep their selection and glide to their new places."""
        self.list.hold()
        self.model.show(answer)
        self.header.weights.show_weights(answer.ranking.weights.tolist())
        self.header.search.setPlaceholderText(self.tr("Search %Ln materials", "", len(answer.table)))
        self._show_banner(answer)
        self._rows_changed()

    @Slot(object)
    def show_certainty(self, certain: Certainty | None) -> None:
        """Show win shares; None dims the last ones."""
        sort = self.model.sorting
        if sort is not None and sort.key == "leads":
            self.list.hold()
            self.model.ascertain(certain)
            self._rows_changed()
        else:
            self.model.ascertain(certain)
            self.list.viewport().update()

    @Slot(object)
    def show_selection(self, selection: Selection) -> None:
        """Mark what is selected, compared and hovered; a newly selected material is brought into sight."""
        moved = selection.material != self._material
        self._material = selection.material
        self._mark(scroll=moved and bool(selection.material))

    def apply_theme(self, look: Theme) -> None:
        super().apply_theme(look)
        for part in (self.header, self.banner, self.sort_line, self.list, self.empty):
            part.apply_theme(look)

    def set_motion(self, on: bool) -> None:
        """Whether rows glide (off for pictures)."""
        self.list.set_motion(on)

    @Slot()
    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.header.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header.search.selectAll()

    def _show_banner(self, answer: Answer) -> None:
        sentence = banner(answer)
        self.banner.setVisible(sentence is not None)
        if sentence is not None:
            self.banner.show_text(words.words(sentence), self.tr("Remedies") if remedies(answer) else "")

    def _rows_changed(self) -> None:
        """After rows came, went or changed places."""
        self._mark(scroll=False)
        self.list.release()
        shown = len(self.model.table_rows())
        text = self.header.search.text().strip()
        if not shown and text:
            self.empty.show_text(
                self.tr("No material matches “{text}”").format(text=text),
                self.tr("Every word is looked for in name, family, fibre, weave, coating and finish."),
                self.tr("Clear search"),
            )
        elif not shown:
            self.empty.show_text(self.tr("The table holds no material"), self.tr("Open another table."), "")
        self.empty.setVisible(not shown)
        self.header.clear.setVisible(bool(self.header.search.text()))
        self._show_sort()

    def _show_sort(self) -> None:
        sort = self.model.sorting
        self.sort_line.setVisible(sort is not None)
        header = self.header
        for button in header.buttons():
            button.set_sorted(sort.descending if sort is not None and sort.key == button.key else None)
        header.weights.show_sorted(sort.key if sort is not None and sort.key in GROUPS else "")
        if sort is None:
            return
        name = words.group(sort.key) if sort.key in GROUPS else ""
        for button, column in zip(
            header.buttons(), (Column.DEMANDS, Column.SCORE, Column.LEADS, Column.PRICE), strict=True
        ):
            if button.key == sort.key:
                name = self.model.column_name(column)
        if sort.descending:
            text = self.tr("Sorted by {name}, highest first; places are the ranking's").format(name=name)
        else:
            text = self.tr("Sorted by {name}, lowest first; places are the ranking's").format(name=name)
        self.sort_line.show_text(text, self.tr("Back to the order"))

    def _mark(self, scroll: bool) -> None:
        """Bring the list's selection in line with the session's."""
        selection, answer = self._session.selection, self.model.answer
        material = selection.material if selection.material in answer.table.index else ""
        if not material and len(answer.ranking.order):
            material = answer.table.ids[int(answer.ranking.order[0])]
        row = self.model.row_of(material)
        rows = self.list
        rows.mark(selection.compared, selection.hovered)
        if row != rows.currentIndex().row():
            blocker = QSignalBlocker(rows.selectionModel()) if row < 0 else None
            bar = rows.verticalScrollBar()
            held = bar.value()
            rows.setAutoScroll(False)
            rows.setCurrentIndex(self.model.index(row, Column.MATERIAL) if row >= 0 else QModelIndex())
            rows.setAutoScroll(True)
            bar.setValue(held)
            del blocker
            rows.viewport().update()
        if scroll and row >= 0:
            rows.scrollTo(self.model.index(row, Column.MATERIAL))

    # What it tells the session

    @Slot(str, bool)
    def _tick(self, material: str, extend: bool) -> None:
        """Put a material into the comparison or take it out; extending adds every one from the selected to it."""
        compared = list(self._session.selection.compared)
        if extend:
            first, last = self.list.currentIndex().row(), self.model.row_of(material)
            if first < 0:
                first = last
            step = 1 if last >= first else -1
            span = [self.model.material(row) for row in range(first, last + step, step)]
            compared = list(dict.fromkeys([*compared, *filter(None, span)]))
        elif material in compared:
            compared.remove(material)
        else:
            compared = [*compared, material]
            if len(compared) > COMPARED[1]:
                # The one looked at longest ago gives way.
                compared = compared[1:]
        self._session.compare(tuple(compared))

    @Slot()
    def _to_rows(self) -> None:
        self.list.setFocus(Qt.FocusReason.TabFocusReason)
        if self.list.currentIndex().row() < 0:
            first = next((row for row in (0, 1) if self.model.material(row)), -1)
            if first >= 0:
                self._session.select(self.model.material(first))

    @Slot(str)
    def _type(self, text: str) -> None:
        self.header.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.header.search.setText(text)

    @Slot(str)
    def _search(self, text: str) -> None:
        self.list.hold()
        self.model.search(text)
        self._rows_changed()

    @Slot()
    def _sort_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, _SortButton):
            self._sort(button.key, first_descending=button.key != "price")

    @Slot(str)
    def _sort_by_group(self, group: str) -> None:
        self._sort(group, first_descending=True)

    @Slot()
    def unsort(self) -> None:
        """Go back to the ranking's order."""
        self._put_sort(None)

    def _sort(self, key: str, first_descending: bool) -> None:
        """The first press sorts the useful way round, the second the other, the third goes back to the order."""
        now = self.model.sorting
        if now is None or now.key != key:
            self._put_sort(Sort(key, first_descending))
        elif now.descending is first_descending:
            self._put_sort(Sort(key, not first_descending))
        else:
            self._put_sort(None)

    def _put_sort(self, sort: Sort | None) -> None:
        self.list.hold()
        self.model.sort_by(sort)
        self._rows_changed()
        self.list.scrollToTop()

    @Slot()
    def _weights_pressed(self) -> None:
        self._pressed = self._session.brief

    @Slot(str, str, float)
    def _weights_dragged(self, near: str, far: str, share: float) -> None:
        """Share of all weight that goes over the edge: towards the far group, from the near one (or back)."""
        from advisor.layers import terms

        pressed = self._pressed
        if pressed is None:
            return
        held = terms(pressed).priorities
        giving, taking = (near, far) if share >= 0 else (far, near)
        moved = moved_share(held, pressed.locks, giving, taking, abs(share)) if share else dict(held)
        if moved is None:
            return
        changed = {key: value for key, value in moved.items() if value != held[key]}
        # Back where it stood, the brief is the one of the press, bit for bit.
        brief = replace(pressed, priorities={**pressed.priorities, **changed}) if changed else pressed
        label = self.tr("Weight between {near} and {far}").format(near=words.group(near), far=words.group(far))
        self._session.edit(brief, label, f"weights:{near}:{far}")

    @Slot()
    def _weights_let_go(self) -> None:
        self._pressed = None
        self._session.settle()

    @Slot()
    def _show_remedies(self) -> None:
        texts = [words.words(remedy) for remedy in remedies(self.model.answer)]
        popup = _Popup(self.tr("Remedies"), texts, self)
        popup.setLayoutDirection(self.layoutDirection())
        popup.adjustSize()
        link = self.banner.link
        corner = link.mapToGlobal(QPoint(0, link.height()))
        if self.layoutDirection() is Qt.LayoutDirection.LeftToRight:
            corner.setX(corner.x() + link.width() - popup.width())
        popup.move(corner)
        popup.show()

    # Layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.LayoutDirectionChange, QEvent.Type.Show):
            self._arrange()
        return done

    def _arrange(self) -> None:
        """Header and rows on the same columns; the scroll bar takes its width from the end."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        widths = column_widths(self.list.viewport().width())
        self.list.set_columns(widths)
        self.header.arrange(widths)
        self.empty.setGeometry(self.list.rect())
