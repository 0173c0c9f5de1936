"""Merge: a table of one's own in place of the bundled one, added to it or over it; the result and a blank as files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from advisor.catalogue import problem
from advisor.files import plain_cell
from advisor.materials import GRADE_CODES, Table, bundled
from advisor.problems import AdvisorError, Problem
from advisor.properties import numeric_keys, properties
from advisor.sentences import Num, Sentence

Mode = Literal["replace", "add", "override"]

_OWN = GRADE_CODES.index("own")

#: Rows of the template that carry drop-down lists.
_TEMPLATE_ROWS = 500


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """A figure or word of the user's that stands over the table's: for one material and property, in its unit.

    ``low`` and ``high`` left out take the property's spread; ``text`` is for text properties; ``because`` is the user's
    note of why it stands there, ``source`` the table, supplier or person it is from.
    """

    id: str
    property: str
    typical: float = math.nan
    low: float | None = None
    high: float | None = None
    text: str = ""
    because: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """One override as it is listed: what stood there with its grade ("" for a gap), and what stands there now.

    ``because`` is the user's note of where it is from; ``report`` says that a test report put it there.
    """

    id: str
    property: str
    before: float | str | None
    grade: str
    after: float | str
    because: str = ""
    report: bool = False


@dataclass(frozen=True, eq=False)
class Merged:
    """What came of merging: the table, the overrides in it, the ids added, and rows that found no place."""

    table: Table
    overrides: tuple[Override, ...] = ()
    added: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def merge(base: Table, own: Table, mode: Mode) -> Merged:
    """A table of one's own with the base: in its place, as further rows, or its figures over those of the same cloths.

    ``base`` and ``own`` stay as they are. Rows are the same cloth when their ids are, or else their names.

    Raises:
        AdvisorError: rows to be added have ids that are taken.
    """
    if mode == "replace":
        return Merged(own)
    if mode == "add":
        taken = [key for key in own.ids if key in base.index]
        if taken:
            raise AdvisorError(
                problem("id-taken", f'"{key}" is in {base.name} already', own.name, None, "id", key) for key in taken
            )
        return Merged(_stacked(base, own), added=own.ids)
    names = {name.casefold(): key for key, name in zip(base.ids, base.names, strict=True)}
    lost = []
    figures: list[OwnFigure] = []
    for row, (key, name) in enumerate(zip(own.ids, own.names, strict=True)):
        target = key if key in base.index else names.get(name.casefold(), "")
        if target:
            figures += _own_figures(own, row, target, base)
        else:
            lost.append(problem("no-base", f'"{name}" matches no material of {base.name}', own.name, None, "id", key))
    table, overrides = override(base, figures)
    return Merged(table, overrides, problems=tuple(lost))


def _own_figures(own: Table, row: int, target: str, base: Table) -> list[OwnFigure]:
    """What a row says that the base does not."""
    found = []
    at = base.index[target]
    for place, key in enumerate(numeric_keys()):
        value = float(own.typical[row, place])
        if own.grades[row, place] == _OWN and not _same(value, float(base.typical[at, place])):
            low, high = float(own.low[row, place]), float(own.high[row, place])
            found.append(OwnFigure(target, key, value, low, high))
    for key, column in own.text.items():
        if key not in ("id", "name") and column[row] and column[row] != base.text[key][at]:
            found.append(OwnFigure(target, key, text=column[row]))
    return found


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def override(base: Table, figures: Sequence[OwnFigure]) -> tuple[Table, tuple[Override, ...]]:
    """The table with single figures or words of the user's own over its own, graded "own", and the list of them.

    Raises:
        AdvisorError: a material or property is unknown, or a figure lies off its scale or out of order.
    """
    arrays: dict[str, Any] = {name: np.array(getattr(base, name)) for name in ("low", "typical", "high", "grades")}
    text = {key: list(column) for key, column in base.text.items()}
    records = dict(base.records)
    told: list[Override] = []
    wrong: list[Problem] = []
    for figure in figures:
        item, row = properties().get(figure.property), base.index.get(figure.id)
        if item is None or row is None:
            wrong.append(problem("no-base", f'"{figure.id}" {figure.property} is not in {base.name}', value=figure.id))
            continue
        records.pop((figure.id, figure.property), None)
        if not item.numeric:
            before: float | str | None = text[item.key][row] or None
            grade = "" if before is None else _text_grade(base, figure.id, item.key)
            told.append(Override(figure.id, item.key, before, grade, figure.text, figure.because))
            text[item.key][row] = figure.text
            continue
        place = base.column(item.key)
        low, high = item.range_of(figure.typical)
        if figure.low is not None and not math.isnan(figure.low):
            low = figure.low
        if figure.high is not None and not math.isnan(figure.high):
            high = figure.high
        bottom, top = item.scale
        if not low <= figure.typical <= high:
            message = f"{low:g}, {figure.typical:g}, {high:g} are not in order"
            wrong.append(problem("range-order", message, column=item.key, value=figure.id))
            continue
        if (bottom is not None and low < bottom) or (top is not None and high > top):
            message = f"{figure.typical:g} lies off the scale {bottom:g} to {top:g}"
            wrong.append(problem("off-scale", message, column=item.key, value=figure.id))
            continue
        known = float(arrays["typical"][row, place])
        before = None if math.isnan(known) else known
        told.append(Override(figure.id, item.key, before, base.grade(row, item.key), figure.typical, figure.because))
        arrays["low"][row, place], arrays["typical"][row, place] = low, figure.typical
        arrays["high"][row, place], arrays["grades"][row, place] = high, _OWN
    if wrong:
        raise AdvisorError(wrong)
    if not told:
        return base, ()
    for array in arrays.values():
        array.setflags(write=False)
    content = json.dumps(figures_to_json(figures), ensure_ascii=False, sort_keys=True)
    table = replace(
        base,
        **arrays,
        text={key: tuple(column) for key, column in text.items()},
        records=records,
        sha256=_digest(base.sha256, content),
        over=laid_over(base, told),
    )
    return table, tuple(told)


def override_sentence(entry: Override) -> Sentence:
    """An override in words: "Tear strength 50 N: lab report 4711 … over 100 N (grade C)"."""
    item = properties()[entry.property]
    unit: object = "" if not item.numeric or item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit})

    def shown(value: float | str) -> object:
        return value if isinstance(value, str) else Num(value, item.decimals)

    values: dict[str, object] = {"what": item.label, "after": shown(entry.after), "unit": unit}
    values["whose"] = entry.because if entry.report else Sentence("over-whose")
    if entry.because and not entry.report:
        values["whose"] = Sentence("over-whose-because", {"because": entry.because})
    if entry.before is None:
        return Sentence("over-gap", values)
    return Sentence("over", {**values, "before": shown(entry.before), "grade": entry.grade})


def laid_over(base: Table, told: Sequence[Override]) -> dict[tuple[str, str], tuple[float | str | None, str]]:
    """What stands below every override of a table: below one laid over another, what stood there first."""
    found = dict(base.over)
    for entry in told:
        found.setdefault((entry.id, entry.property), (entry.before, entry.grade))
    return found


def _said(value: float | None) -> bool:
    return value is not None and not math.isnan(value)


def _text_grade(base: Table, own: str, key: str) -> str:
    records = base.records.get((own, key))
    return records[0].grade if records else "own"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def _stacked(base: Table, own: Table) -> Table:
    ends = ("low", "typical", "high", "grades")
    arrays: dict[str, Any] = {end: np.vstack([getattr(base, end), getattr(own, end)]) for end in ends}
    for array in arrays.values():
        array.setflags(write=False)
    return replace(
        base,
        name=f"{base.name} + {own.name}",
        ids=base.ids + own.ids,
        names=base.names + own.names,
        text={key: column + own.text[key] for key, column in base.text.items()},
        **arrays,
        sha256=_digest(base.sha256, own.sha256),
        warnings=base.warnings + own.warnings,
        records={**base.records, **own.records},
        predicted=base.predicted | own.predicted,
        over={**base.over, **own.over},
    )


def figures_to_json(figures: Sequence[OwnFigure]) -> list[dict[str, Any]]:
    """Own figures as a project file keeps them; what is not said is left out."""
    found = []
    for figure in figures:
        entry: dict[str, Any] = {"id": figure.id, "property": figure.property}
        for end in ("low", "typical", "high"):
            if _said(getattr(figure, end)):
                entry[end] = float(getattr(figure, end))
        for key in ("text", "because", "source"):
            if getattr(figure, key):
                entry[key] = getattr(figure, key)
        found.append(entry)
    return found


# Files ----------------------------------------------------------------------------------------------------------------


def _is_own(table: Table, row: int, key: str) -> bool:
    """Whether a figure is the user's own or one of a lab report: it is written with its range, and marked."""
    return bool(table.grades[row, table.column(key)] == _OWN) or (table.ids[row], key) in table.over


def _columns(table: Table) -> list[tuple[str, str]]:
    """Columns of an export as (property, end): every property, and the ends of own figures that are not the spread."""
    columns: list[tuple[str, str]] = []
    for key, item in properties().items():
        columns.append((key, "typical"))
        if not item.numeric:
            continue
        place = table.column(key)
        own = [row for row in range(len(table)) if _is_own(table, row, key)]
        given = ((table.low[r, place], table.typical[r, place], table.high[r, place]) for r in own)
        if any(not (_same(low, item.range_of(typical)[0]) and _same(high, item.range_of(typical)[1]))
               for low, typical, high in given):  # fmt: skip
            columns += [(key, "low"), (key, "high")]
    return columns


def _cell(table: Table, row: int, key: str, end: str) -> str | float | None:
    """A cell of an export: words made safe, a figure, or None; ends only where they are the user's own."""
    if not properties()[key].numeric:
        words = table.ids[row] if key == "id" else table.names[row] if key == "name" else table.text[key][row]
        return plain_cell(words) or None
    place = table.column(key)
    if end != "typical" and not _is_own(table, row, key):
        return None
    value = float(getattr(table, end)[row, place])
    return None if math.isnan(value) else int(value) if value.is_integer() and abs(value) < 1e15 else value


def _header(key: str, end: str) -> str:
    return key if end == "typical" else f"{key}_{end}"


def table_csv(table: Table) -> bytes:
    """A table as CSV in the program's own columns (UTF-8 with a byte order mark, so that spreadsheets read it right).

    Read back it is the same table: figures, ranges and grades.
    """
    columns = _columns(table)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([_header(*column) for column in columns])
    for row in range(len(table)):
        cells = (_cell(table, row, key, end) for key, end in columns)
        writer.writerow(["" if cell is None else cell if isinstance(cell, str) else repr(cell) for cell in cells])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def table_xlsx(table: Table, overrides: Sequence[Override] = ()) -> bytes:
    """A table as a workbook: materials with units in row 2 and own figures marked, the overrides, and what it is."""
    stream = io.BytesIO()
    book, styles = _workbook(stream)
    sheet = book.add_worksheet("Materials")
    columns = _columns(table)
    _write_header(sheet, columns, styles)
    for row in range(len(table)):
        for place, (key, end) in enumerate(columns):
            cell = _cell(table, row, key, end)
            if cell is None:
                continue
            item = properties()[key]
            own = item.numeric and _is_own(table, row, key)
            style = styles["own"] if own else None
            if isinstance(cell, str):
                sheet.write_string(row + 2, place, cell, style)
            else:
                sheet.write_number(row + 2, place, cell, style)
    listed = book.add_worksheet("Overrides")
    for place, title in enumerate(("material", "property", "before", "grade before", "now", "because")):
        listed.write_string(0, place, title, styles["head"])
    for number, entry in enumerate(overrides, start=1):
        cells = (entry.id, entry.property, entry.before, entry.grade or "gap", entry.after, entry.because)
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                listed.write_string(number, place, plain_cell(cell))
            elif cell is not None:
                listed.write_number(number, place, cell)
    about = book.add_worksheet("About")
    lines = [
        ("table", table.name),
        ("sha256", table.sha256),
        ("materials", str(len(table))),
        ("own figures", "cells with a blue ground in Materials: the grade own, or of a lab report"),
    ]
    for number, (title, words) in enumerate(lines):
        about.write_string(number, 0, title, styles["head"])
        about.write_string(number, 1, plain_cell(words))
    book.close()
    return stream.getvalue()


def template_xlsx() -> bytes:
    """A blank table to fill in: headers, units in row 2, drop-down lists, and a page that says what each column is."""
    stream = io.BytesIO()
    book, styles = _workbook(stream)
    sheet = book.add_worksheet("Materials")
    columns = [(key, "typical") for key in properties()]
    _write_header(sheet, columns, styles)
    lists = book.add_worksheet("Lists")
    last = _TEMPLATE_ROWS + 1
    used = 0
    for place, (key, _) in enumerate(columns):
        item = properties()[key]
        words = _choices(key)
        if words:
            lists.write_string(0, used, key, styles["head"])
            for number, word in enumerate(words, start=1):
                lists.write_string(number, used, word)
            column = _letters(used)
            rule = {
                "validate": "list",
                "source": f"=Lists!${column}$2:${column}${len(words) + 1}",
                "error_type": "warning",
            }
            sheet.data_validation(2, place, last, place, rule)
            used += 1
        elif item.numeric and item.plausible:
            bottom, top = item.scale
            low = item.plausible[0] if bottom is None else bottom
            high = item.plausible[1] if top is None else top
            sheet.data_validation(
                2, place, last, place,
                {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high, "error_type": "warning",
                 "input_title": item.label[:32], "input_message": item.description[:250]},
            )  # fmt: skip
    page = book.add_worksheet("Columns")
    for place, title in enumerate(("column", "name", "unit", "test methods", "what it is")):
        page.write_string(0, place, title, styles["head"])
    for number, (key, item) in enumerate(properties().items(), start=1):
        for place, words_of in enumerate((key, item.label, item.unit, item.test_methods, item.description)):
            page.write_string(number, place, plain_cell(words_of))
    page.set_column(0, 1, 28)
    page.set_column(4, 4, 100)
    book.close()
    return stream.getvalue()


def _choices(key: str) -> tuple[str, ...]:
    """The words the bundled table uses in a column, each once; for columns that draw on a short list."""
    if key not in ("family", "fibre", "weave", "coating", "finish", "decoration", "joining", "abrasion_method"):
        return ()
    if key == "abrasion_method":
        return ("ASTM D3884",)
    words = {cell for cell in bundled().text[key] if cell}
    return tuple(sorted(words, key=str.casefold))


def _workbook(stream: io.BytesIO) -> tuple[Any, dict[str, Any]]:
    import xlsxwriter

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "unit": book.add_format({"italic": True, "font_color": "#555555", "bottom": 1}),
        "own": book.add_format({"bg_color": "#DCE9F7"}),
    }
    return book, styles


def _write_header(sheet: Any, columns: Sequence[tuple[str, str]], styles: Mapping[str, Any]) -> None:
    for place, (key, end) in enumerate(columns):
        item = properties()[key]
        sheet.write_string(0, place, _header(key, end), styles["head"])
        sheet.write_string(1, place, item.unit, styles["unit"])
        sheet.set_column(place, place, max(10, min(30, len(_header(key, end)) + 2)))
    sheet.freeze_panes(2, 2)


def _letters(position: int) -> str:
    from advisor.headers import column_letters

    return column_letters(position)
