"""Evidence: the sourced figures behind every cell of the material table, and how several of them make one cell."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.problems import AdvisorError, Problem

EVIDENCE_HEADER = (
    "material",
    "property",
    "low",
    "typical",
    "high",
    "unit",
    "test_method",
    "grade",
    "source_id",
    "note",
)
SOURCES_HEADER = ("source_id", "kind", "title", "url", "year", "grade", "note")

#: How the id of a source begins that is a lab report somebody entered.
LAB_REPORT = "lab report"

#: Grades from best to worst: standard or measurement, supplier or guide, derived by a rule, judgement.
GRADES = "ABCD"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sourced figure, or word, for one property of one material.

    Attributes:
        low, typical, high: the figure in the property's own unit, low <= typical <= high; None for text.
        text: what stands in the typical column as it is written (the words of a text property).
        unit: the unit of the figures, "" for text.
        test_method: the standard or the words of the source, "" where not said.
        grade: one of ``A B C D``.
        source_id: key of a Source.
        note: the record, direction, conversion or assumption behind the figure.
    """

    material: str
    property: str
    low: float | None
    typical: float | None
    high: float | None
    unit: str
    test_method: str
    grade: str
    source_id: str
    note: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from: a page, a standard, a ruling, or a rule that derives them.

    Attributes:
        kind: maker, supplier, standard, paper, procurement, guide, trade, customs-ruling, blog, rule or judgement.
        title: its name; for a rule the formula in words with its scatter.
        year: as printed, "" where not known.
        grade: the grade its figures carry unless a record says otherwise.
    """

    source_id: str
    kind: str
    title: str
    url: str
    year: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What the records of one (material, property) say together.

    Attributes:
        low, typical, high: None for text.
        grade: the best grade among the records; only records of that grade made the figures.
        records: all records, best grade first, otherwise in file order.
        text: the words of a text property, otherwise "".
    """

    low: float | None
    typical: float | None
    high: float | None
    grade: str
    records: tuple[Evidence, ...]
    text: str = ""


def printed(value: float) -> str:
    """A figure with four significant digits, at most four after the point, without exponent or trailing zeros."""
    return f"{round(float(f'{value:.4g}'), 4) + 0.0:.10g}"


def _median(figures: Sequence[float]) -> float:
    """The middle figure, or the mean of the two in the middle (the standard library's takes 6 ms to load)."""
    ordered = sorted(figures)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def resolve(records: Sequence[Evidence]) -> Cell:
    """One cell out of the records of one (material, property).

    Records of the best grade are merged: typical is the median of their typicals, low the lowest low, high the highest
    high. Records of a lower grade stay attached but move nothing. Text comes from the first record of the best grade.

    Raises:
        ValueError: there are no records.
    """
    if not records:
        raise ValueError("a cell needs at least one record")
    ordered = tuple(sorted(records, key=lambda record: record.grade))
    grade = ordered[0].grade
    best = [record for record in ordered if record.grade == grade]
    figures = [record for record in best if record.typical is not None]
    if not figures:
        return Cell(None, None, None, grade, ordered, best[0].text)
    typicals = [record.typical for record in figures if record.typical is not None]
    lows = [record.low for record in figures if record.low is not None]
    highs = [record.high for record in figures if record.high is not None]
    typical = float(_median(typicals))
    return Cell(min([*lows, typical]), typical, max([*highs, typical]), grade, ordered)


def group(records: Iterable[Evidence]) -> dict[tuple[str, str], list[Evidence]]:
    """The records by (material, property), in file order."""
    cells: dict[tuple[str, str], list[Evidence]] = {}
    for record in records:
        cells.setdefault((record.material, record.property), []).append(record)
    return cells


#: Low, typical and high of a cell, and its grade.
Ends = tuple[float, float, float, str]


def ends_of(records: Sequence[Evidence]) -> Ends | None:
    """The figures :func:`resolve` makes of a cell's records, without the rest; None for words."""
    cell = resolve(records)
    if cell.typical is None or cell.low is None or cell.high is None:
        return None
    return cell.low, cell.typical, cell.high, cell.grade


class Records(Mapping[tuple[str, str], Sequence[Evidence]]):
    """The records of an ``evidence.csv`` by (material, property), in file order, made when they are looked at.

    The first ranked list needs the figures of all the cells and the words of none: :meth:`ends` gives them alone.

    Args:
        path: the file.

    Raises:
        AdvisorError: the file cannot be read, or its header is another one.
    """

    def __init__(self, path: Path) -> None:
        self._rows: dict[tuple[str, str], list[list[str]]] = {}
        for row in _rows(path, EVIDENCE_HEADER):
            self._rows.setdefault((row[0], row[1]), []).append(row)
        self._made: dict[tuple[str, str], list[Evidence]] = {}

    def __getitem__(self, key: tuple[str, str]) -> list[Evidence]:
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = [_record(row) for row in self._rows[key]]
        return found

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def ends(self, key: tuple[str, str]) -> Ends | None:
        """The figures of a cell; None for words, or where there are no records."""
        rows = self._rows.get(key)
        if rows is None:
            return None
        if len(rows) > 1:
            return ends_of(self[key])
        _, _, low, typical, high, _, _, grade, _, _ = rows[0]
        middle = _figure(typical)
        if middle is None:
            return None
        bottom, top = _figure(low), _figure(high)
        return (
            middle if bottom is None else min(bottom, middle),
            middle,
            middle if top is None else max(top, middle),
            grade,
        )

    def words(self, key: tuple[str, str]) -> str | None:
        """What stands in the typical column of a cell's first record; None where there is none."""
        rows = self._rows.get(key)
        return None if rows is None else rows[0][3]


def read_evidence(path: Path) -> list[Evidence]:
    """The records of an ``evidence.csv``, in file order.

    Raises:
        AdvisorError: the file cannot be read, or its header is another one.
    """
    return [_record(row) for row in _rows(path, EVIDENCE_HEADER)]


def _record(row: Sequence[str]) -> Evidence:
    material, name, low, typical, high, unit, method, grade, source, note = row
    return Evidence(
        material, name, _figure(low), _figure(typical), _figure(high), unit, method, grade, source, note, typical
    )


def read_sources(path: Path) -> dict[str, Source]:
    """The sources of a ``sources.csv`` by their id, in file order.

    Raises:
        AdvisorError: the file cannot be read, its header is another one, or an id stands twice.
    """
    sources: dict[str, Source] = {}
    for number, row in enumerate(_rows(path, SOURCES_HEADER), start=2):
        if row[0] in sources:
            raise AdvisorError(
                Problem("duplicate-id", "this source stands twice", "keep one", str(path), number, "source_id", row[0])
            )
        sources[row[0]] = Source(*row)
    return sources


def _rows(path: Path, header: tuple[str, ...]) -> Iterable[list[str]]:
    """The rows below a header that must be exactly ``header``."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AdvisorError(Problem("cannot-read", f"cannot be read: {error}", "install it again", str(path))) from error
    if not rows or tuple(rows[0]) != header:
        raise AdvisorError(
            Problem("wrong-header", "the header is not the expected one", f"it reads {','.join(header)}", str(path), 1)
        )
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise AdvisorError(
                Problem("wrong-width", f"{len(row)} cells instead of {len(header)}", "repair it", str(path), number)
            )
    return rows[1:]


def _figure(text: str) -> float | None:
    """The number a cell holds, or None where it holds words or nothing."""
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return None
