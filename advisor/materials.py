"""Material tables: names, figures (low, typical, high) and the evidence of every cell; bundled or read from a file."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from advisor.evidence import Cell, Evidence, Source, group, read_evidence, read_sources, resolve
from advisor.files import shipped
from advisor.problems import AdvisorError, Problem, nearest
from advisor.properties import Property, numeric_keys, properties
from advisor.units import convert, convertible

Floats = NDArray[np.float64]

#: Evidence grade of a cell as stored in :attr:`Table.grades`; "" is a gap, "own" the user's own figure.
GRADE_CODES = ("", "A", "B", "C", "D", "own")

#: No figure of a cloth comes near this in any unit; beyond it arithmetic loses its footing.
_MOST_FIGURE = 1e9


@dataclass(frozen=True, eq=False)
class Table:
    """A table of materials; frozen, compared by identity.

    Attributes:
        name: file name without folders, or "bundled".
        ids, names: one per material, in table order.
        text: text column -> its words, one per material.
        low, typical, high: (materials × numeric properties) figures in the properties' units, NaN for a gap; columns
            follow :func:`advisor.properties.numeric_keys`.
        grades: same shape, index into :data:`GRADE_CODES`.
        sha256: hash of the file's bytes.
        warnings: what is doubtful in the file.
        records: (material id, property) -> evidence records; empty for figures of the user's own.
    """

    name: str
    ids: tuple[str, ...]
    names: tuple[str, ...]
    text: Mapping[str, tuple[str, ...]]
    low: Floats
    typical: Floats
    high: Floats
    grades: NDArray[np.int8]
    sha256: str
    warnings: tuple[Problem, ...] = ()
    records: Mapping[tuple[str, str], Sequence[Evidence]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """Row number by material id."""
        return {key: row for row, key in enumerate(self.ids)}

    @cached_property
    def tags(self) -> tuple[frozenset[str], ...]:
        """Words a ``family`` limit matches, per material: families, fibre words and weave words, in lower case."""
        found = []
        for row in range(len(self)):
            words = set()
            for column in ("family", "fibre", "weave"):
                text = self.text[column][row].casefold()
                words.add(text)
                words.update(part for part in re.split(r"[|,/+\s]+", text) if part)
                words.update(part.strip() for part in text.split("|"))
            found.append(frozenset(words - {""}))
        return tuple(found)

    @cached_property
    def certificates(self) -> tuple[frozenset[str], ...]:
        """Certificates known per material, in lower case; an empty set means not known."""
        return tuple(
            frozenset(part.strip().casefold() for part in text.split("|") if part.strip())
            for text in self.text["certificates"]
        )

    def column(self, key: str) -> int:
        """Column number of a numeric property in the arrays."""
        return _columns()[key]

    def grade(self, row: int, key: str) -> str:
        """Evidence grade of one cell: "" for a gap, A to D, or "own"."""
        return GRADE_CODES[self.grades[row, self.column(key)]]

    def cell(self, row: int, key: str) -> Cell | None:
        """The evidence behind one cell, or None where there is none in the shipped evidence."""
        records = self.records.get((self.ids[row], key))
        return resolve(records) if records else None

    def find(self, words: str) -> int:
        """Row of the material with that id or name (without regard to case).

        Raises:
            AdvisorError: there is none; the nearest is named.
        """
        wanted = words.strip().casefold()
        for names in (self.ids, self.names):
            for row, name in enumerate(names):
                if name.casefold() == wanted:
                    return row
        near = nearest(words, (*self.ids, *self.names))
        hint = f'did you mean "{near}"?' if near else "rank lists them all"
        raise AdvisorError(
            Problem("unknown-material", f'unknown material "{words}"', hint, file=self.name, value=words)
        )

    def take(self, rows: Sequence[int]) -> Table:
        """A table of these rows only, in that order; figures and evidence stay as they are."""
        chosen = np.asarray(rows, dtype=np.intp)
        return Table(
            name=self.name,
            ids=tuple(self.ids[row] for row in rows),
            names=tuple(self.names[row] for row in rows),
            text={key: tuple(words[row] for row in rows) for key, words in self.text.items()},
            low=self.low[chosen],
            typical=self.typical[chosen],
            high=self.high[chosen],
            grades=self.grades[chosen],
            sha256=self.sha256,
            records=self.records,
        )


@cache
def _columns() -> dict[str, int]:
    return {key: number for number, key in enumerate(numeric_keys())}


@cache
def sources() -> dict[str, Source]:
    """All sources of the shipped evidence by id."""
    return read_sources(shipped("data", "sources.csv"))


@cache
def bundled() -> Table:
    """The table shipped with the program, every figure with its evidence."""
    return read_table(shipped("data", "materials.csv"))


@cache
def _shipped_evidence() -> dict[tuple[str, str], list[Evidence]]:
    return group(read_evidence(shipped("data", "evidence.csv")))


def read_table(path: Path) -> Table:
    """Read a table in the bundled format: UTF-8, comma, semicolon or tab, one material a row, the header in row 1.

    A column may stand in another unit when its header says so (``areal_mass_oz_yd2`` or ``areal_mass_g_m2 [oz/yd2]``),
    and may have ``_low`` and ``_high`` beside it. A figure that equals the bundled one of the same material id keeps
    its evidence and range; any other is the user's own, with the property's spread as its range.

    Raises:
        AdvisorError: with every problem found, each naming file, row and column.
    """
    name = str(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AdvisorError(
            Problem("cannot-read", f"cannot be read: {error.strerror}", "check the name and folder", file=name)
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise AdvisorError(
            Problem("not-utf8", "is not UTF-8 text", "save it as UTF-8 CSV", file=name, row=line)
        ) from error
    return _Intake(name, path.name, text, hashlib.sha256(content).hexdigest()).table()


@dataclass(frozen=True)
class _Column:
    """What one header means: a property's figure (or its low or high end) in a unit, or words."""

    key: str
    end: str  # "typical", "low", "high" or "text"
    unit: str


class _Intake:
    """Turns the text of one file into a Table, collecting every problem on the way."""

    def __init__(self, file: str, short: str, text: str, sha256: str) -> None:
        self.file, self.short, self.text, self.sha256 = file, short, text, sha256
        self.problems: list[Problem] = []

    def problem(
        self, code: str, message: str, hint: str, row: int | None, column: str = "", value: str = "", warn: bool = False
    ) -> None:
        severity = "warning" if warn else "error"
        self.problems.append(Problem(code, message, hint, self.file, row, column, value[:80], severity))  # type: ignore[arg-type]

    def table(self) -> Table:
        rows = self._rows()
        header = [cell.strip() for cell in rows[0]]
        columns = self._columns(header)
        kept = [
            (number, cells) for number, cells in enumerate(rows[1:], start=2) if any(cell.strip() for cell in cells)
        ]
        if not kept:
            self.problem("no-rows", "holds no material", "add one material a row below the header", 2)
        for number, cells in kept:
            if len(cells) != len(header):
                self.problem(
                    "wrong-width",
                    f"has {len(cells)} cells, the header has {len(header)}",
                    "check for a missing or unquoted separator",
                    number,
                )
        self._stop_if_wrong()
        words, figures = self._cells(header, columns, kept)
        ids, names = self._identities(words, [number for number, _ in kept])
        self._stop_if_wrong()
        return self._assemble(ids, names, words, figures, [number for number, _ in kept], columns)

    def _stop_if_wrong(self) -> None:
        if any(problem.severity == "error" for problem in self.problems):
            raise AdvisorError(self.problems)

    def _rows(self) -> list[list[str]]:
        head = self.text.split("\n", 1)[0]
        delimiter = max(",;\t", key=head.count)
        try:
            rows = list(csv.reader(io.StringIO(self.text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise AdvisorError(
                Problem("not-csv", f"is no readable CSV: {error}", "check its quotes", self.file)
            ) from error
        if not rows or not any(cell.strip() for cell in rows[0]):
            raise AdvisorError(Problem("empty", "is empty", "the header belongs in row 1", self.file, 1))
        return rows

    def _columns(self, header: Sequence[str]) -> list[_Column | None]:
        found: list[_Column | None] = []
        seen: set[tuple[str, str]] = set()
        for title in header:
            column = _meaning(title)
            if column is None and title:
                near = nearest(title, properties())
                hint = f'did you mean "{near}"?' if near else "it is left out"
                self.problem("unknown-column", f'unknown column "{title}"', hint, 1, title, title, warn=True)
            if column is not None:
                if (column.key, column.end) in seen:
                    self.problem("duplicate-column", f"{column.key} stands twice", "keep one of them", 1, title)
                seen.add((column.key, column.end))
            found.append(column)
        if ("name", "text") not in seen and ("id", "text") not in seen:
            self.problem("no-name-column", "has neither an id nor a name column", "add one", 1, "name")
        if not any(column and column.end == "typical" for column in found):
            self.problem("no-figures", "has no column of figures", "see data/materials.csv for the columns", 1)
        return found

    def _cells(
        self, header: Sequence[str], columns: Sequence[_Column | None], rows: Sequence[tuple[int, Sequence[str]]]
    ) -> tuple[dict[str, list[str]], dict[tuple[str, str], list[float]]]:
        known = properties()
        words: dict[str, list[str]] = {key: [] for key, item in known.items() if not item.numeric}
        figures: dict[tuple[str, str], list[float]] = {}
        for position, column in enumerate(columns):
            if column is None:
                continue
            if column.end == "text":
                words[column.key] = [cells[position].strip() for _, cells in rows]
            else:
                item = known[column.key]
                figures[column.key, column.end] = [
                    self._figure(cells[position], item, column.unit, number, header[position]) for number, cells in rows
                ]
        for key, column_words in words.items():
            if not column_words:
                words[key] = [""] * len(rows)
        return words, figures

    def _figure(self, text: str, item: Property, unit: str, row: int, title: str) -> float:
        text = text.strip()
        if not text:
            return math.nan
        try:
            # Python reads 1_000 as a number; a spreadsheet does not.
            value = float(text.replace("_", "?"))
        except ValueError:
            self.problem(
                "not-a-number",
                f'"{text[:40]}" is not a number',
                "write it with a point, without unit",
                row,
                title,
                text,
            )
            return math.nan
        if not math.isfinite(value):
            self.problem(
                "not-a-number", f'"{text}" is not a figure', "leave the cell empty if it is not known", row, title, text
            )
            return math.nan
        if unit:
            value = convert(value, unit, item.unit)
        if abs(value) > _MOST_FIGURE or (value < 0 and item.unit != "°C"):
            self.problem("impossible", f"{text[:40]} is impossible", "check the figure and its unit", row, title, text)
            return math.nan
        bottom, top = item.scale
        if (bottom is not None and value < bottom) or (top is not None and value > top):
            self.problem(
                "off-scale", f"{text} lies off the scale {bottom:g} to {top:g}", "check the figure", row, title, text
            )
        elif item.plausible and not item.plausible[0] <= value <= item.plausible[1]:
            low, high = item.plausible
            self.problem(
                "implausible",
                f"{text} lies outside {low:g} to {high:g} {item.unit}",
                "check the unit",
                row,
                title,
                text,
                warn=True,
            )
        return value

    def _identities(self, words: dict[str, list[str]], numbers: Sequence[int]) -> tuple[list[str], list[str]]:
        ids, names = [], []
        seen: dict[str, int] = {}
        for own_id, own_name, number in zip(words["id"], words["name"], numbers, strict=True):
            name = own_name or own_id
            # Letters of any script make an id; a name of signs alone is its own.
            key = own_id or re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or name
            if not key:
                self.problem("no-name", "has no name", "name the material", number, "name")
            elif key in seen:
                self.problem(
                    "duplicate-id",
                    f'"{key}" stands in row {seen[key]} already',
                    "give it its own id",
                    number,
                    "id",
                    key,
                )
            seen.setdefault(key, number)
            ids.append(key)
            names.append(name)
        words["id"], words["name"] = ids, names
        return ids, names

    def _assemble(
        self,
        ids: Sequence[str],
        names: Sequence[str],
        words: Mapping[str, list[str]],
        figures: Mapping[tuple[str, str], list[float]],
        numbers: Sequence[int],
        columns: Sequence[_Column | None],
    ) -> Table:
        keys = numeric_keys()
        known, evidence = properties(), _shipped_evidence()
        shape = (len(ids), len(keys))
        low, typical, high = (np.full(shape, np.nan) for _ in range(3))
        grades = np.zeros(shape, dtype=np.int8)
        records: dict[tuple[str, str], Sequence[Evidence]] = {}
        for place, key in enumerate(keys):
            values = figures.get((key, "typical"))
            if values is None:
                continue
            lows, highs = figures.get((key, "low")), figures.get((key, "high"))
            for row, value in enumerate(values):
                if math.isnan(value):
                    continue
                typical[row, place] = value
                own_low = lows[row] if lows else math.nan
                own_high = highs[row] if highs else math.nan
                cell = None
                if math.isnan(own_low) and math.isnan(own_high) and (found := evidence.get((ids[row], key))):
                    cell = resolve(found)
                if cell and cell.typical is not None and math.isclose(cell.typical, value, rel_tol=1e-9, abs_tol=1e-12):
                    # The same figure as the bundled one keeps its own bits, whatever unit it was written in.
                    typical[row, place] = cell.typical
                    low[row, place], high[row, place] = cell.low, cell.high
                    grades[row, place] = GRADE_CODES.index(cell.grade)
                    records[ids[row], key] = cell.records
                    continue
                spread_low, spread_high = known[key].range_of(value)
                low[row, place] = spread_low if math.isnan(own_low) else own_low
                high[row, place] = spread_high if math.isnan(own_high) else own_high
                grades[row, place] = GRADE_CODES.index("own")
                if not low[row, place] <= value <= high[row, place]:
                    self.problem(
                        "range-order",
                        f"low, typical, high are not in order: {low[row, place]:g}, {value:g}, {high[row, place]:g}",
                        "put them in order",
                        numbers[row],
                        key,
                    )
        for row, own in enumerate(ids):
            for key in words:
                if (
                    words[key][row]
                    and (found_text := evidence.get((own, key)))
                    and found_text[0].text == words[key][row]
                ):
                    records[own, key] = found_text
        self._stop_if_wrong()
        for array in (low, typical, high, grades):
            array.setflags(write=False)
        return Table(
            name=self.short,
            ids=tuple(ids),
            names=tuple(names),
            text={key: tuple(column) for key, column in words.items()},
            low=low,
            typical=typical,
            high=high,
            grades=grades,
            sha256=self.sha256,
            warnings=tuple(self.problems),
            records=records,
        )


def _meaning(title: str) -> _Column | None:
    """What a header names: a property key, perhaps with ``_low``/``_high`` and perhaps in another unit."""
    known = properties()
    bracket = re.fullmatch(r"\s*(.*?)\s*[\[(]\s*(.+?)\s*[\])]\s*", title)
    name, unit = (bracket[1], bracket[2]) if bracket else (title.strip(), "")
    name = name.casefold()
    end = "typical"
    if name not in known:
        for ending in ("_low", "_high"):
            if name.endswith(ending):
                name, end = name.removesuffix(ending), ending[1:]
    if name in known:
        item = known[name]
        if not item.numeric:
            return _Column(name, "text", "") if end == "typical" and not unit else None
        return _Column(name, end, unit) if not unit or convertible(unit, item.unit) else None
    for key, item in known.items():
        if not item.numeric:
            continue
        for stem in _stems(key):
            rest = name.removeprefix(f"{stem}_")
            if bracket and name == stem and convertible(unit, item.unit):
                return _Column(key, end, unit)
            if rest != name and not unit and convertible(rest, item.unit):
                return _Column(key, end, rest)
    return None


@cache
def _stems(key: str) -> tuple[str, ...]:
    """What a key is called before its unit: ``areal_mass_g_m2`` -> ``areal_mass``."""
    parts = key.split("_")
    item = properties()[key]
    stems = ["_".join(parts[:cut]) for cut in range(len(parts) - 1, 0, -1)]
    return tuple(stem for stem in stems if convertible(key.removeprefix(f"{stem}_"), item.unit))
