"""Mill: the specification of a designed cloth as a workbook a mill fills in: cloth, tests with levels, every figure."""

from __future__ import annotations

import io
from collections.abc import Sequence

from advisor.builder import Prediction, expectation, mill_specification, rule_of, tolerance
from advisor.demands import Demand
from advisor.files import plain_cell
from advisor.guard import method_to_order
from advisor.properties import properties
from advisor.sentences import say

#: Columns of the tests, and what each is; the last three are the mill's to fill in.
TESTS = (
    "property", "level", "value", "unit", "test method", "tolerance", "expected low", "expected", "expected high",
    "rule", "verdict", "because", "mill: figure", "mill: laboratory and report", "mill: date",
)  # fmt: skip
FIGURES = (
    "property",
    "low",
    "expected",
    "high",
    "unit",
    "grade",
    "rule",
    "how",
    "test method",
    "tolerance",
    "in words",
)

_CHOSEN = ("id", "name", "family", "certificates")


def _method(key: str) -> str:
    method = method_to_order(key)
    if method is not None:
        return f"{method.standard}: {method.title}"
    return properties()[key].test_methods.split("|")[0] or "method to agree"


def specification_xlsx(prediction: Prediction, demands: Sequence[Demand] = ()) -> bytes:
    """The specification as a workbook: the text, the tests with levels and room for the mill's answers, every figure.

    No predicted figure stands as a requirement: levels are the brief's, tolerances the spread of lots and laboratories.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    blank = book.add_format({"bg_color": "#FFF8E1", "border": 1, "border_color": "#D0C8A8"})
    words = book.add_worksheet("Specification")
    words.set_column(0, 0, 110, wrap)
    for row, line in enumerate(mill_specification(prediction, demands).splitlines()):
        headline = line[:1].isdigit() or row == 0
        words.write_string(row, 0, plain_cell(line), bold if headline else wrap)
    tests = book.add_worksheet("Tests")
    asked = [demand for demand in demands if demand.asked and demand.level is not None]
    for column, title in enumerate(TESTS):
        tests.write_string(0, column, title, bold)
    for row, demand in enumerate(asked, start=1):
        item, cell = properties()[demand.property], prediction.cells.get(demand.property)
        known = cell is not None and cell.typical is not None
        cells: tuple[str | float | None, ...] = (
            item.label,
            "at least" if demand.sense == "at_least" else "at most",
            demand.level,
            item.unit,
            _method(demand.property),
            tolerance(item),
            cell.low if known and cell else None,
            cell.typical if known and cell else None,
            cell.high if known and cell else None,
            rule_of(cell) if cell else "",
            expectation(demand, cell),
            say(demand.because),
        )
        _write(tests, row, cells)
        for column in range(len(cells), len(TESTS)):
            tests.write_blank(row, column, None, blank)
    for column, width in enumerate((30, 10, 10, 12, 48, 11, 12, 10, 12, 26, 24, 60, 14, 26, 12)):
        tests.set_column(column, column, width)
    tests.freeze_panes(1, 1)
    figures = book.add_worksheet("Figures")
    for column, title in enumerate(FIGURES):
        figures.write_string(0, column, title, bold)
    shown = [(key, cell) for key, cell in prediction.cells.items() if key not in _CHOSEN]
    for row, (key, cell) in enumerate(shown, start=1):
        item, record = properties()[key], cell.records[0]
        figure: str | float | None = cell.typical if item.numeric else cell.text
        how = {"own": "as specified", "D": "judgement, not measured"}.get(cell.grade, "estimate by rule, not measured")
        _write(figures, row, (item.label, cell.low, figure, cell.high, item.unit, cell.grade, rule_of(cell), how,
                              _method(key) if item.numeric else "", tolerance(item), record.note))  # fmt: skip
    for column, width in enumerate((34, 11, 16, 11, 14, 8, 28, 28, 48, 11, 60)):
        figures.set_column(column, column, width)
    figures.freeze_panes(1, 1)
    book.close()
    return stream.getvalue()


def _write(sheet: object, row: int, cells: Sequence[str | float | None]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(row, column, plain_cell(cell))  # type: ignore[attr-defined]
        elif cell is not None:
            sheet.write_number(row, column, float(f"{cell:.6g}"))  # type: ignore[attr-defined]
