"""Intake: somebody else's table by a plan of its columns as a table of the program, with every problem."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from advisor.catalogue import COLUMN_LEFT_OUT, FIGURE_LEFT_OUT, ROW_LEFT_OUT, problem
from advisor.cells import GAP, CellError, Figure, ambiguous, decimal_mark, middle, read_figure
from advisor.certainty import Stopped
from advisor.checks import Column, Rows, check, scale_of_method
from advisor.grid import Grid, GridColumn, Progress, Stop, never, no_progress
from advisor.guard import method_named
from advisor.headers import SAMPLE, TESTED, Meaning, Plan, PlannedColumn, column_letters, plain_words, plan
from advisor.materials import Ends, Floats, Table, assemble
from advisor.problems import AdvisorError, Problem, nearest
from advisor.properties import Property, properties
from advisor.sheets import DATE_MARK, Sheet, collection_paused, read_sheet
from advisor.units import (
    PriceUnit,
    area_factor,
    convertible,
    length_factor,
    scaling,
)

#: No figure of a cloth comes near this in any unit; beyond it arithmetic loses its footing.
_MOST_FIGURE = 1e9

#: Errors that leave a gap, or are about a row or column that can be spared; others leave no table to use.
_CELL_FAULTS = frozenset(
    ("not-a-number", "formula-error", "date-cell", "impossible", "off-scale", "range-order", "mixed-methods")
)
_ROW_FAULTS = frozenset(("no-name", "duplicate-id", "wrong-width"))
_SPARED = _CELL_FAULTS | _ROW_FAULTS | {"duplicate-column"}

#: Names of rows that sum up or average the others, as compared; and up to how many rows all are looked at.
_TOTALS = frozenset(
    """total|totals|grand total|subtotal|sub total|sum|average|mean|summe|gesamt|gesamtsumme|zwischensumme|mittelwert|
    durchschnitt|total general|suma|promedio|media|total geral|soma|média|total général|somme|sous total|moyenne|
    المجموع|الإجمالي|المتوسط|合计|总计|小计|平均""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_TOTALS_WITHIN = 5_000

#: How far two columns of the same figures in two units may be apart by rounding.
_SAME_FIGURE = 0.03

#: Share of the progress of reading a file from which on the figures are judged; what is before makes the table.
CHECKS_FROM = 0.2 + 0.8 * 0.85

#: How many distinct cells are read one by one before it is asked again whether to go on.
_CELLS_A_STEP = 2_000
_HYPHENS = str.maketrans({chr(code): "-" for code in range(128) if not chr(code).isalnum() and code != 10})
_NO_FIGURE_SIGNS = str.maketrans("", "", "0123456789.-")

_PRICE = "price_usd_m2"


@dataclass(frozen=True, eq=False)
class Reading:
    """What came out of a file.

    Attributes:
        table: None where an error keeps the file from being used.
        problems: every problem, by row; each error and each doubt.
        plan: the plan that was carried out.
        left_out: header -> cells of the columns that were not used.
        rows: rows below the header that hold anything and were read.
        name: the file without folders.
        sheet, sheets: sheet of a workbook that was read, and all it has; "" and none for text.
        dropped: the errors that were left out of the table because the plan says so; they stand in ``problems`` too.
    """

    table: Table | None
    problems: tuple[Problem, ...]
    plan: Plan
    left_out: Mapping[str, tuple[str, ...]]
    rows: int
    name: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    dropped: tuple[Problem, ...] = ()

    @property
    def spared(self) -> tuple[int, int] | None:
        """Cells and rows that would be left out to use the rest; None where nothing or more than that is wrong."""
        errors = [p for p in self.problems if p.severity == "error"]
        if not errors or any(p.code not in _SPARED for p in errors):
            return None
        rows = {p.row for p in errors if p.code in _ROW_FAULTS}
        return sum(p.code in _CELL_FAULTS and p.row not in rows for p in errors), len(rows)


def read_table(path: Path, progress: Progress = no_progress, stop: Stop = never) -> Table:
    """The table of a file by its own plan; what is doubtful stands in ``Table.warnings``.

    Raises:
        AdvisorError: with every problem found, each naming file, row and column.
        Stopped: ``stop`` said so.
    """
    reading = read_file(path, progress=progress, stop=stop)
    if reading.table is None:
        raise AdvisorError(reading.problems)
    return reading.table


def read_file(path: Path, sheet: str = "", progress: Progress = no_progress, stop: Stop = never) -> Reading:
    """A file read by its own plan.

    Raises:
        AdvisorError: the file as a whole cannot be read.
        Stopped: ``stop`` said so.
    """
    found = read_sheet(path, sheet, lambda done: progress(done * 0.2), stop)
    return read(found, plan(found), lambda done: progress(0.2 + done * 0.8), stop)


# Reading by the plan --------------------------------------------------------------------------------------------------


def read(sheet: Sheet, plan: Plan, progress: Progress = no_progress, stop: Stop = never) -> Reading:
    """Carry out a plan: every cell converted, every problem collected.

    Raises:
        Stopped: ``stop`` said so.
    """
    return _Intake(sheet, plan, progress, stop).reading()


class _Intake:
    """Turns one sheet into a Table, collecting every problem on the way."""

    def __init__(self, sheet: Sheet, plan: Plan, progress: Progress, stop: Stop) -> None:
        self.sheet, self.plan, self.progress, self.stop = sheet, plan, progress, stop
        self.problems: list[Problem] = []
        self.numbers: list[int] = []
        self.titles = {c.position: c.title for c in plan.columns}

    def tell(
        self, code: str, message: str, row: int | None = None, column: str = "", value: str = "", hint: str = ""
    ) -> None:
        self.problems.append(problem(code, message, self.sheet.file, row, column, value, hint))

    def poll(self) -> None:
        if self.stop():
            raise Stopped

    def step(self, done: float) -> None:
        self.poll()
        self.progress(done)

    def reading(self) -> Reading:
        with collection_paused():
            return self._reading()

    def _reading(self) -> Reading:
        self._headers()
        columns = self._without_totals(self._columns())
        self.step(0.2)
        words, found, left_out = self._cells(columns)
        self._identities(words)
        figures, originals = self._figures(found)
        rows = Rows(self.sheet.file, self.numbers, words, figures, originals)
        self._guard(rows)
        self.step(0.75)
        table: Table | None = None
        if self.numbers:
            table, disorder = assemble(self.sheet.name, self.sheet.sha256, words, rows.figures, poll=self.poll)
            for row, key in disorder:
                place = table.column(key)
                low, typical, high = (float(a[row, place]) for a in (table.low, table.typical, table.high))
                message = f"low, typical, high are not in order: {low:g}, {typical:g}, {high:g}"
                self.tell("range-order", message, self.numbers[row], key)
            self.step(0.85)
            self.problems += check(rows, table, self.poll)
        self.problems.sort(key=lambda p: p.row or 0)
        dropped: tuple[Problem, ...] = ()
        if self.plan.without_faults and table is not None:
            table, dropped = self._without_faults(words, rows)
        if any(p.severity == "error" for p in self.problems):
            table = None
        elif table is not None:
            table = replace(table, warnings=tuple(self.problems))
        self.step(1.0)
        sheet = self.sheet
        rows_read = len(self.numbers)
        return Reading(
            table, tuple(self.problems), self.plan, left_out, rows_read, sheet.name, sheet.sheet, sheet.sheets, dropped
        )

    def _without_faults(self, words: dict[str, list[str]], rows: Rows) -> tuple[Table | None, tuple[Problem, ...]]:
        """The table without the cells and rows that are errors, which become doubts that say so; else as it is."""
        errors = [p for p in self.problems if p.severity == "error"]
        if any(p.code not in _SPARED for p in errors):
            return None, ()
        out = {p.row for p in errors if p.code in _ROW_FAULTS}
        place_of = {number: place for place, number in enumerate(self.numbers)}
        for p in errors:
            # All other faulty cells are gaps already; a range out of order has figures still.
            if p.code == "range-order" and p.row in place_of and (ends := rows.figures.get(p.column)) is not None:
                for figures in (ends.typical, ends.low, ends.high):
                    if figures is not None:
                        figures[place_of[p.row]] = np.nan
        kept = [place for place, number in enumerate(self.numbers) if number not in out]
        if not kept:
            return None, ()
        columns = {key: [column[place] for place in kept] for key, column in words.items()}
        figures_of = {
            key: Ends(
                ends.typical[kept],
                None if ends.low is None else ends.low[kept],
                None if ends.high is None else ends.high[kept],
            )
            for key, ends in rows.figures.items()
        }
        table, disorder = assemble(self.sheet.name, self.sheet.sha256, columns, figures_of, poll=self.poll)
        assert not disorder
        what = dict.fromkeys(_ROW_FAULTS, ROW_LEFT_OUT) | {"duplicate-column": COLUMN_LEFT_OUT}
        gone = {id(p): replace(p, severity="warning", hint=what.get(p.code, FIGURE_LEFT_OUT)) for p in errors}
        # What else was doubtful about a row that is left out no longer matters.
        self.problems = [gone.get(id(p), p) for p in self.problems if id(p) in gone or p.row not in out]
        return table, tuple(gone.values())

    def _headers(self) -> None:
        row = self.plan.header_row
        seen: dict[tuple[str, str], str] = {}
        for column in self.plan.columns:
            meaning = column.meaning
            if meaning is None:
                self._unused(column)
            else:
                seen.setdefault((meaning.key, meaning.end), column.title)
        if not {("name", "text"), ("id", "text")} & seen.keys():
            self.tell("no-name-column", "has neither an id nor a name column", row, "name")
        if not any(end != "text" for _, end in seen):
            self.tell("no-figures", "has no column of figures", row)

    def _unused(self, column: PlannedColumn) -> None:
        row = self.plan.header_row
        if not column.title:
            if column.sample:
                name = column_letters(column.position)
                self.tell("unknown-column", f"column {name} has no header", row, name)
            return
        best = column.alternatives[0] if column.alternatives else None
        foreign = best is not None and not convertible(best.unit, properties()[best.key].unit)
        if best and foreign and best.why == "unit" and best.unit and len(column.alternatives) == 1:
            self.tell(
                "unknown-unit", f"{best.unit} is no unit of {best.key}", row, column.title, best.unit,
                hint=f"write it in {properties()[best.key].unit}",
            )  # fmt: skip
            return
        near = (
            best.key
            if best and (best.confidence >= 0.5 or len(column.alternatives) == 1)
            else nearest(column.title, properties())
        )
        hint = f'did you mean "{near}"?' if near else ""
        self.tell("unknown-column", f'unknown column "{column.title}"', row, column.title, column.title, hint)

    def _columns(self) -> list[Sequence[str]]:
        """The cells of the rows that hold any, column by column; rows of another width are told and left out."""
        width = len(self.plan.columns)
        kept: list[Sequence[str]] = []
        rows, first = self.sheet.rows, self.plan.first_row - 1
        if isinstance(rows, Grid):
            filled = rows.filled(first)
            fits = rows.fitting(filled, width)
            for row in filled[~fits].tolist():
                self._another_width(row + 1, len(rows[row]))
            kept_rows = filled if fits.all() else filled[fits]
            self.numbers = (kept_rows + 1).tolist()
            self._refuse_none()
            figures: list[int] = []
            words: list[int] = []
            for column in self.plan.columns:
                if column.meaning is not None:
                    (words if column.meaning.end == "text" else figures).append(column.position)
            return [*rows.columns(kept_rows, width, figures, words, lambda done: self.progress(0.2 * done), self.stop)]
        if rows[first:] and set(map(len, rows[first:])) == {width} and all(row[0] for row in rows[first:]):
            # Nothing to mend, as in most long tables; a first cell of spaces alone is a name that is missing.
            self.numbers = list(range(first + 1, len(rows) + 1))
            return list(zip(*rows[first:], strict=True))
        below = itertools.islice(rows, first, None)
        for number, cells in enumerate(below, start=self.plan.first_row):
            if not any(map(str.strip, cells)):
                continue
            if len(cells) != width:
                if len(cells) > width and not any(map(str.strip, cells[width:])):
                    cells = cells[:width]
                elif len(cells) < width and not self.sheet.delimiter:
                    cells = [*cells, *[""] * (width - len(cells))]
                else:
                    self._another_width(number, len(cells))
                    continue
            self.numbers.append(number)
            kept.append(cells)
        self._refuse_none()
        return list(zip(*kept, strict=True)) if kept else [() for _ in range(width)]

    def _without_totals(self, columns: list[Sequence[str]]) -> list[Sequence[str]]:
        """The columns without rows that sum others up: named so, and no other word in them; each is told."""
        meant = {c.meaning.key: c.position for c in self.plan.columns if c.meaning and c.meaning.end == "text"}
        named = meant.pop("name", None)
        if named is None or not self.numbers:
            return columns
        # In long tables a look at the foot is enough: a name such as these is none of a cloth's.
        first = 0 if len(self.numbers) <= _TOTALS_WITHIN else len(self.numbers) - SAMPLE
        cells = columns[named][first:]
        sums = [first + place for place, cell in enumerate(cells) if plain_words(cell) in _TOTALS]
        sums = [place for place in sums if not any(columns[other][place].strip() for other in meant.values())]
        if not sums:
            return columns
        for place in sums:
            text = columns[named][place].strip()
            self.tell("totals-row", f'"{text[:40]}" sums up other rows', self.numbers[place], self.titles[named], text)
        kept = [place for place in range(len(self.numbers)) if place not in set(sums)]
        self.numbers = [self.numbers[place] for place in kept]
        return [
            column.taken(np.array(kept, np.int64))
            if isinstance(column, GridColumn)
            else tuple(column[place] for place in kept)
            for column in columns
        ]

    def _another_width(self, row: int, cells: int) -> None:
        self.tell("wrong-width", f"has {cells} cells, the header has {len(self.plan.columns)}", row)

    def _refuse_none(self) -> None:
        if not self.numbers and not any(p.code == "wrong-width" for p in self.problems):
            self.tell("no-rows", "holds no material", self.plan.first_row)

    def _cells(
        self, columns: Sequence[Sequence[str]]
    ) -> tuple[dict[str, list[str]], dict[tuple[str, str], _Read], dict[str, tuple[str, ...]]]:
        words: dict[str, list[str]] = {}
        found: dict[tuple[str, str], _Read] = {}
        left_out: dict[str, tuple[str, ...]] = {}
        for column, cells in zip(self.plan.columns, columns, strict=True):
            meaning = column.meaning
            if meaning is None:
                if any(map(str.strip, cells)):
                    left_out[column.title or column_letters(column.position)] = tuple(cells)
            elif meaning.end == "text":
                if meaning.key in words:
                    self._twice(column, meaning)
                words.setdefault(meaning.key, _words(cells))
            elif (first := found.get((meaning.key, meaning.end))) is None:
                found[meaning.key, meaning.end] = self._column(column, meaning, cells)
            elif not self._repeats(first, column, meaning, cells):
                self._twice(column, meaning)
            self.step(0.2 + 0.55 * column.position / len(columns))
        blank = [""] * len(self.numbers)
        for key, item in properties().items():
            if not item.numeric:
                words.setdefault(key, list(blank))
        return words, found, left_out

    def _twice(self, column: PlannedColumn, meaning: Meaning) -> None:
        self.tell("duplicate-column", f"{meaning.key} stands twice", self.plan.header_row, column.title)

    def _repeats(self, first: _Read, column: PlannedColumn, meaning: Meaning, cells: Sequence[str]) -> bool:
        """Whether a column says in another unit what one before it says; it is then told and left out."""
        if first.meaning.unit == meaning.unit or meaning.price is not None or first.meaning.price is not None:
            return False
        known = len(self.problems)
        other = self._column(column, meaning, cells)
        told = self.problems[known:]
        del self.problems[known:]
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.abs(other.typical / first.typical - 1) > _SAME_FIGURE
        differs = apart | (np.isnan(first.typical) != np.isnan(other.typical))
        if told or differs.any() or np.isnan(first.typical).all():
            return False
        message = f'repeats "{first.column.title}" in {meaning.unit or properties()[meaning.key].unit}'
        self.tell("repeated-column", message, self.plan.header_row, column.title)
        return True

    def _column(self, column: PlannedColumn, meaning: Meaning, cells: Sequence[str]) -> _Read:
        """A column's figures in the property's unit, the raw ones beside them."""
        item = properties()[meaning.key]
        low = high = None
        pairs: frozenset[int] = frozenset()
        quick = _quick(cells)
        if quick is None:
            written, low, high, pairs = self._closely(column, meaning, cells, range(len(cells)), None, "")
        elif len(quick.odd):
            written, low, high, pairs = self._closely(column, meaning, cells, quick.odd, quick.values, quick.mark)
        else:
            written = quick.values
        factor, offset = scaling(meaning.unit, item.unit) if meaning.unit else (1.0, 0.0)
        with np.errstate(over="ignore"):
            typical, low, high = (None if a is None else _scaled(a, factor, offset) for a in (written, low, high))
        assert typical is not None
        read = _Read(column, meaning, cells, written, typical, low, high, pairs)
        if meaning.price is None:
            self._limits(read, item)
        return read

    def _closely(
        self,
        column: PlannedColumn,
        meaning: Meaning,
        cells: Sequence[str],
        places: Sequence[int],
        known: Floats | None,
        mark: str,
    ) -> tuple[Floats, Floats | None, Floats | None, frozenset[int]]:
        """Figures cell by cell at some places, each distinct text once; those elsewhere are known already.

        ``mark`` is the decimal mark the others prove; "" where these cells are to prove it.
        """
        texts = list(cells) if known is None else [cells[place] for place in places]
        distinct = dict.fromkeys(texts)
        own_mark = mark or decimal_mark(distinct)
        mark = own_mark or self.plan.decimal
        unsure = not own_mark and not self.plan.proven
        item = properties()[meaning.key]
        unit = meaning.unit or item.unit
        said: dict[str, Figure | CellError] = {}
        for number, text in enumerate(distinct):
            if not number % _CELLS_A_STEP:
                self.poll()
            try:
                said[text] = read_figure(text, unit, mark, yarn=item.key == "yarn_denier") if text.strip() else GAP
            except CellError as error:
                said[text] = error
        typical = np.full(len(cells), np.nan) if known is None else known
        figures = [math.nan if isinstance(figure := said[text], CellError) else figure.typical for text in texts]
        typical[np.asarray(places, dtype=np.intp)] = figures
        telling = {
            text
            for text, figure in said.items()
            if isinstance(figure, CellError)
            or figure.form not in ("point", "gap", "about")
            or figure.mixed
            or (unsure and ambiguous(text))
        }
        if not telling:
            return typical, None, None, frozenset()
        low, high = np.full(len(cells), np.nan), np.full(len(cells), np.nan)
        pairs: set[int] = set()
        ends = False
        for place, text in zip(places, texts, strict=True):
            if text not in telling:
                continue
            figure = said[text]
            if isinstance(figure, CellError):
                self.tell(figure.code, str(figure), self.numbers[place], column.title, text.removeprefix(DATE_MARK))
                continue
            if figure.form not in ("point", "gap", "about"):
                ends = True
                low[place], high[place] = figure.low, figure.high
                if figure.form == "pair":
                    pairs.add(place)
            shown = f"{figure.typical:g}"
            if figure.mixed and self.sheet.delimiter:
                self.tell("mixed-decimals", f"{text} is read as {shown}", self.numbers[place], column.title, text)
            elif unsure and ambiguous(text):
                self.tell("ambiguous-number", f"{text} is read as {shown}", self.numbers[place], column.title, text)
        return typical, low if ends else None, high if ends else None, frozenset(pairs)

    def _limits(self, read: _Read, item: Property) -> None:
        """What no cloth can have, and what lies off a closed scale; such a figure becomes a gap."""
        bottom, top = item.scale
        least = -_MOST_FIGURE if item.unit == "°C" else 0.0
        within = (
            max(least, least if bottom is None else bottom),
            min(_MOST_FIGURE, _MOST_FIGURE if top is None else top),
        )
        for values in (read.typical, read.low, read.high):
            # The ends tell of most columns that nothing is wrong.
            if (
                values is None
                or not len(values)
                or within[0] <= np.fmin.reduce(values) <= np.fmax.reduce(values) <= within[1]
            ):
                continue
            with np.errstate(invalid="ignore"):
                wrong = (np.abs(values) > _MOST_FIGURE) | ((values < 0) & (item.unit != "°C"))
                off = np.zeros(len(values), bool)
                if bottom is not None:
                    off |= values < bottom
                if top is not None:
                    off |= values > top
            for place in np.flatnonzero(wrong | off).tolist():
                text, row = read.cells[place].strip(), self.numbers[place]
                if wrong[place]:
                    self.tell("impossible", f"{text[:40]} is impossible", row, read.column.title, text)
                else:
                    message = f"{text[:40]} lies off the scale {bottom:g} to {top:g}"
                    self.tell("off-scale", message, row, read.column.title, text)
            values[wrong | off] = np.nan

    def _identities(self, words: dict[str, list[str]]) -> None:
        ids = [*words["id"]]
        names = words["name"]
        if "" in names and any(ids):
            names = [name or own for name, own in zip(names, ids, strict=True)]
        blank = [place for place, own in enumerate(ids) if not own] if "" in ids else []
        for place, own in zip(blank, _made_ids([names[place] for place in blank]), strict=True):
            ids[place] = own
        title = {c.meaning.key: c.title for c in self.plan.columns if c.meaning and c.meaning.end == "text"}
        if len(set(ids)) < len(ids) or "" in ids:
            seen: dict[str, int] = {}
            for key, number in zip(ids, self.numbers, strict=True):
                if not key:
                    self.tell("no-name", "has no name", number, title.get("name", "name"))
                elif key in seen:
                    message = f'"{key}" stands in row {seen[key]} already'
                    self.tell("duplicate-id", message, number, title.get("id", title.get("name", "id")), key)
                seen.setdefault(key, number)
        words["id"], words["name"] = ids, names

    def _figures(self, found: Mapping[tuple[str, str], _Read]) -> tuple[dict[str, Ends], dict[str, Column]]:
        """Each property's ends out of its columns, and its column as it was written."""
        figures: dict[str, Ends] = {}
        originals: dict[str, Column] = {}
        for key in dict.fromkeys(key for key, _ in found):
            of = {end: read for (own, end), read in found.items() if own == key}
            if "typical" in of:
                head = of["typical"]
                ends = Ends(head.typical, head.low, head.high)
                for end in ("low", "high"):
                    if end in of:
                        given = of[end].typical
                        other = getattr(ends, end)
                        ends = replace(
                            ends, **{end: given if other is None else np.where(np.isnan(given), other, given)}
                        )
            elif "warp" in of or "weft" in of:
                head = of.get("warp") or of["weft"]
                sides = np.vstack([of[end].typical for end in ("warp", "weft") if end in of])
                ends = _pairwise(sides, lambda low, high: (low + high) / 2)
            elif "low" in of and "high" in of:
                head = of["low"]
                sides = np.vstack([of["low"].typical, of["high"].typical])
                # A range that falls is left as it stands, to be told.
                ends = Ends(_middles(sides[0], sides[1]), sides[0], sides[1])
            else:
                continue
            if head.meaning.price is not None:
                continue
            figures[key] = ends
            originals[key] = head.original("warp" in of or "weft" in of)
        price = found.get((_PRICE, "typical"))
        if price is not None and price.meaning.price is not None:
            ends = self._price(price, price.meaning.price, figures)
            for array in (ends.typical, ends.low, ends.high):
                if array is not None:
                    with np.errstate(invalid="ignore"):
                        wrong = (array < 0) | (array > _MOST_FIGURE)
                    for place in np.flatnonzero(wrong).tolist():
                        text = price.cells[place].strip()
                        message = f"{text[:40]} is impossible"
                        self.tell("impossible", message, self.numbers[place], price.column.title, text)
                    array[wrong] = np.nan
            figures[_PRICE], originals[_PRICE] = ends, price.original(False)
        return figures, originals

    def _price(self, read: _Read, price: PriceUnit, figures: Mapping[str, Ends]) -> Ends:
        """Prices in USD/m² out of another currency, by length or by weight; what cannot be is a gap, told."""
        row, title = self.plan.header_row, read.column.title
        nothing = Ends(np.full(len(read.typical), np.nan))
        per = price.per or "m2"
        if not price.currency:
            if price.per not in ("", "m2"):
                self.tell("no-currency", f"the prices per {per} name no currency", row, title)
                return nothing
            self.tell("no-currency", "the prices name no currency and are read as USD/m²", row, title)
            return Ends(read.typical, read.low, read.high)
        if not price.per:
            message = f"{price.currency} alone says not what the price is for; it is read as per m²"
            self.tell("unknown-unit", message, row, title, hint=f"write {price.currency}/m or {price.currency}/m²")
        factor = 1.0
        if price.currency != "USD":
            rate = self.plan.rates.get(price.currency)
            if rate is None:
                self.tell("no-rate", f"the prices in {price.currency} have no exchange rate", row, title)
                return nothing
            factor = rate.usd
        if (area := area_factor(per)) is not None:
            divisor: Floats | float = 1 / area
        elif (length := length_factor(per)) is not None:
            divisor, lacking, code = self._widths(price, figures), "roll width", "no-width"
            divisor = divisor / 100 / length
        else:
            mass = figures.get("areal_mass_g_m2")
            divisor, lacking, code = (nothing.typical if mass is None else 1000 / mass.typical), "mass", "no-mass"
        if isinstance(divisor, np.ndarray):
            missing = np.isnan(divisor) & ~np.isnan(read.typical)
            if missing.all() and missing.any():
                self.tell(code, f"the prices per {per} lack a {lacking}", row, title)
            else:
                for place in np.flatnonzero(missing).tolist():
                    text = read.cells[place].strip()
                    self.tell(code, f"the price per {per} lacks a {lacking}", self.numbers[place], title, text)
        parts = (None if a is None else a * factor / divisor for a in (read.typical, read.low, read.high))
        typical, low, high = parts
        assert typical is not None
        return Ends(typical, low, high)

    def _widths(self, price: PriceUnit, figures: Mapping[str, Ends]) -> Floats:
        """Roll width per material in cm: the row's own, else the header's, else the plan's."""
        column = figures.get("roll_width_cm")
        widths = np.full(len(self.numbers), np.nan) if column is None else column.typical.copy()
        with np.errstate(invalid="ignore"):
            widths[widths <= 0] = np.nan
        spare = price.width_cm or self.plan.width_cm
        if spare:
            widths[np.isnan(widths)] = spare
        return widths

    def _guard(self, rows: Rows) -> None:
        """Keep figures of other tests off a property's scale; those a rule links to it are widened."""
        for key in TESTED:
            self._guard_by_title(rows, key)
        key = "abrasion_cycles"
        ends, column = rows.figures.get(key), rows.columns.get(key)
        if ends is None or column is None:
            return
        methods = rows.words["abrasion_method"]
        has_methods = any(methods)
        generic = column.why not in ("name", "profile", "chosen") and not column.method
        known = {said: scale_of_method(said) for said in {*methods, column.method} if said}
        known[""] = ("", "") if has_methods or generic else ("taber", "")
        figures = ~np.isnan(ends.typical)
        if all(known[said or column.method][0] == "taber" for said in set(itertools.compress(methods, figures))):
            return
        there = np.flatnonzero(figures).tolist()
        scales = {place: known[methods[place] or column.method] for place in there}
        names = {scale for scale, _ in scales.values() if scale}
        mixed = len(names) > 1
        for place, (scale, name) in scales.items():
            if scale == "taber":
                continue
            ends.typical[place] = np.nan
            text, row = column.cells[place].strip(), self.numbers[place]
            if not scale:
                self.tell("unnamed-method", f"{text} names no test; it is left out", row, column.title, text)
            elif mixed:
                message = f"{text} under {name} stands in one column with {_others(names, scale)}"
                self.tell("mixed-methods", message, row, column.title, text)
            else:
                self.tell("foreign-method", f"{text} under {name} is not used", row, column.title, text)

    def _guard_by_title(self, rows: Rows, key: str) -> None:
        """Leave out or widen a column whose header names its test."""
        ends, column = rows.figures.get(key), rows.columns.get(key)
        method = None if column is None else method_named(key, column.title)
        if ends is None or column is None or method is None or method.reading == "direct":
            return
        there = np.flatnonzero(~np.isnan(ends.typical)).tolist()
        if method.reading == "foreign":
            for place in there:
                text = column.cells[place].strip()
                message = f"{text} under {method.standard} is not used"
                hint = f"{method.note}; leave the gap"
                self.tell("foreign-method", message, self.numbers[place], column.title, text, hint)
                ends.typical[place] = np.nan
            return
        if there:
            self.tell("linked-method", f"{method.standard} figures take a wider range", None, column.title, method.note)
        item, size = properties()[key], len(ends.typical)
        low, high = (np.full(size, np.nan) if side is None else side.copy() for side in (ends.low, ends.high))
        for place in there:
            typical = float(ends.typical[place])
            least, most = item.range_of(typical)
            low[place] = np.nanmin([low[place], typical / method.down, least if np.isnan(low[place]) else typical])
            high[place] = np.nanmax([high[place], typical * method.up, most if np.isnan(high[place]) else typical])
        rows.figures[key] = Ends(ends.typical, low, high)


def _others(names: set[str], scale: str) -> str:
    shown = {"taber": "ASTM D3884 (Taber)", "martindale": "Martindale", "wyzenbeek": "Wyzenbeek"}
    return " and ".join(sorted(shown.get(name, name) for name in names if name != scale)) + " figures"


@dataclass(eq=False)
class _Read:
    """One column's figures: as written, and in the property's unit."""

    column: PlannedColumn
    meaning: Meaning
    cells: Sequence[str]
    written: Floats
    typical: Floats
    low: Floats | None
    high: Floats | None
    pairs: frozenset[int]

    def original(self, sides: bool) -> Column:
        unit = self.meaning.unit or properties()[self.meaning.key].unit
        pairs = frozenset(range(len(self.cells))) if sides else self.pairs
        return Column(
            self.column.title, unit, self.meaning.why, self.meaning.method, self.cells, self.written, pairs,
            self.meaning.price is not None,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Quick:
    """Figures of a column of plain numbers, the places of cells that need a closer look, the proven decimal mark."""

    values: Floats
    odd: Sequence[int]
    mark: str


def _quick(cells: Sequence[str]) -> _Quick | None:
    """A column's plain numbers at one go; None where only all of its cells together tell how to read them."""
    if isinstance(cells, GridColumn):
        found = cells.figures()
        places = np.flatnonzero(found.odd).tolist()
        if not places and not found.mark and not found.mixed:
            return _Quick(found.values, (), "")
        odd = dict.fromkeys(cells.taken(found.odd))
        other, own = decimal_mark(odd), found.mark if found.proven else ""
        mark = own or other
        if found.mixed or (own and other and own != other) or (found.mark and found.mark != mark):
            return None
        if mark == "." and (long := _plain_floats(odd)) is not None:
            found.values[found.odd] = [long[text] for text in cells.taken(found.odd)]
            places = []
        return _Quick(found.values, places, mark)
    distinct = list(set(cells))
    joined = "".join(distinct)
    if not joined.isascii() or "_" in joined:
        return None
    try:
        values = list(map(float, [cell or "nan" for cell in distinct]))
    except ValueError:
        return None
    # Only a blank may be unknown, and nothing endless.
    if sum(map(math.isfinite, values)) != len(distinct) - ("" in distinct):
        return None
    if "." in joined and not decimal_mark(distinct):
        return None
    known = dict(zip(distinct, values, strict=True))
    return _Quick(np.array([known[cell] for cell in cells]), (), "")


def _plain_floats(texts: Iterable[str]) -> dict[str, float] | None:
    """Texts of digits, point and minus alone as figures; None where any is something else."""
    if "".join(texts).translate(_NO_FIGURE_SIGNS):
        return None
    try:
        return {text: float(text) for text in texts}
    except ValueError:
        return None


def _words(cells: Sequence[str]) -> list[str]:
    """A column of words as they are meant."""
    if isinstance(cells, GridColumn):
        return cells.mapped(_meant, edged=True)
    known = {cell: _meant(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _made_ids(names: Sequence[str]) -> list[str]:
    """Ids out of names: letters of any script and digits, joined by hyphens; a name of signs alone is its own."""
    text = "\n".join(names)
    if text.count("\n") == len(names) - 1 and text.isascii():
        # All at one go: long tables have names by the hundred thousand.
        text = text.lower().translate(_HYPHENS)
        while "--" in text:
            text = text.replace("--", "-")
        found = [own.strip("-") for own in text.split("\n")]
    else:
        found = [re.sub(r"[\W_]+", "-", name.casefold()).strip("-") for name in names]
    return [own or name for own, name in zip(found, names, strict=True)]


def _meant(cell: str) -> str:
    """Words without spaces around them, or the apostrophe that keeps a spreadsheet from running them."""
    cell = cell.strip().removeprefix(DATE_MARK)
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _scaled(values: Floats, factor: float, offset: float) -> Floats:
    return values.copy() if (factor, offset) == (1.0, 0.0) else values * factor + offset


def _middles(low: Floats, high: Floats) -> Floats:
    return np.array([middle(a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True)])


def _pairwise(sides: Floats, typical: Callable[[Floats, Floats], Floats]) -> Ends:
    """Ends of a property measured along warp and weft; a side alone is a figure alone."""
    low, high = np.fmin.reduce(sides), np.fmax.reduce(sides)
    both = ~np.isnan(sides).any(axis=0)
    return Ends(typical(low, high), np.where(both, low, np.nan), np.where(both, high, np.nan))


# What check-table says ------------------------------------------------------------------------------------------------


def checked_json(reading: Reading) -> str:
    """The document of ``check-table --format json``."""
    keys = ("code", "severity", "row", "column", "value", "message", "hint")
    problems = [{key: getattr(p, key) for key in keys} for p in reading.problems]
    document = {"table": reading.name, "rows": reading.rows, "problems": problems}
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def checked_text(reading: Reading) -> str:
    """What ``check-table`` prints: how each column was understood, and every problem."""
    errors = sum(p.severity == "error" for p in reading.problems)
    warnings = len(reading.problems) - errors
    verdict = "cannot be used as it is" if reading.table is None else "can be used"
    lines = [
        f"{reading.name}: {reading.rows:,} rows, {_count(errors, 'error')}, {_count(warnings, 'warning')}; {verdict}"
    ]
    if len(reading.sheets) > 1:
        others = ", ".join(name for name in reading.sheets if name != reading.sheet)
        lines.append(f"Read from sheet {reading.sheet}; not read: {others}")
    guessed = [c for c in reading.plan.columns if c.meaning and c.meaning.why != "name"]
    if guessed:
        lines += ["", "Columns understood by synonym or unit"]
        lines += [f'  "{_flat(c.title)}" is {described(c.meaning)}' for c in guessed if c.meaning]
    if reading.left_out:
        lines += ["", "Columns left out", *(f'  "{_flat(title)}"' for title in reading.left_out)]
    for severity, heading in (("error", "Errors"), ("warning", "Warnings")):
        told = [replace(p, file="") for p in reading.problems if p.severity == severity]
        if told:
            lines += ["", heading, *(f"  {p.line()} [{p.code}]" for p in told)]
    return "\n".join(lines) + "\n"


def described(meaning: Meaning) -> str:
    """A column's meaning on a few words: property, end, unit."""
    parts = [meaning.key]
    if meaning.end not in ("typical", "text"):
        parts.append(meaning.end)
    if meaning.price is not None:
        parts.append(f"{meaning.price.currency or 'currency not named'} per {meaning.price.per or 'm2'}")
    elif meaning.unit:
        parts.append(f"in {meaning.unit}")
    if meaning.method:
        parts.append(f"by {meaning.method}")
    return ", ".join(parts)


def _flat(title: str) -> str:
    return " ".join(title.split())


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
