"""Catalogue: every kind of problem a table or price list can have, what it means and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.problems import Problem, Severity
from advisor.sentences import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of problem.

    Attributes:
        title: its name in a few words.
        description: what it means, for someone who has never seen it.
        hint: what to do about it.
        severity: ``error`` keeps a table from being used as it is, ``warning`` does not.
        unreadable: the file as a whole cannot be read.
    """

    title: str
    description: str
    hint: str
    severity: Severity = "error"
    unreadable: bool = False


def _entries() -> dict[str, Entry]:
    N = QT_TRANSLATE_NOOP
    return {
        # The file
        "cannot-read": Entry(
            N("catalogue", "File not readable"),
            N("catalogue", "The file is missing, is a folder, or the system does not let it be read."),
            N("catalogue", "check the name and folder"),
            unreadable=True,
        ),
        "not-text": Entry(
            N("catalogue", "Not a table"),
            N("catalogue", "The file is neither text nor a workbook; it may be a picture, a PDF or damaged."),
            N("catalogue", "save it as CSV (UTF-8) or XLSX"),
            unreadable=True,
        ),
        "not-workbook": Entry(
            N("catalogue", "Workbook not readable"),
            N("catalogue", "The workbook is damaged, protected by a password, or of a kind that is not read."),
            N("catalogue", "open it in a spreadsheet and save it as XLSX without a password"),
            unreadable=True,
        ),
        "no-sheet": Entry(
            N("catalogue", "No such sheet"),
            N("catalogue", "The workbook has no sheet of that name."),
            N("catalogue", "name one of its sheets"),
            unreadable=True,
        ),
        "not-csv": Entry(
            N("catalogue", "CSV not readable"),
            N("catalogue", "A quotation mark is opened and never closed, or a cell is longer than any cell can be."),
            N("catalogue", "check its quotes"),
            unreadable=True,
        ),
        "empty": Entry(
            N("catalogue", "Empty"),
            N("catalogue", "There is nothing in the file, or its first rows are blank."),
            N("catalogue", "the header belongs in row 1"),
            unreadable=True,
        ),
        # The shape
        "no-rows": Entry(
            N("catalogue", "No material"),
            N("catalogue", "There is a header and no row below it."),
            N("catalogue", "add one material a row below the header"),
        ),
        "wrong-width": Entry(
            N("catalogue", "Row of another width"),
            N("catalogue", "The row has more or fewer cells than the header; its figures may stand in wrong columns."),
            N("catalogue", "check for a missing or unquoted separator"),
        ),
        "no-name-column": Entry(
            N("catalogue", "No names"),
            N("catalogue", "No column names the materials."),
            N("catalogue", "add one"),
        ),
        "no-figures": Entry(
            N("catalogue", "No figures"),
            N("catalogue", "No column is known to hold figures of a property."),
            N("catalogue", "see data/materials.csv for the columns"),
        ),
        "duplicate-column": Entry(
            N("catalogue", "Column twice"),
            N("catalogue", "Two columns mean the same figure of the same property."),
            N("catalogue", "keep one of them"),
        ),
        "repeated-column": Entry(
            N("catalogue", "Column in another unit"),
            N("catalogue", "The column holds the figures of another one in another unit; the first is used."),
            N("catalogue", "nothing is lost; leave one of them out to be rid of this line"),
            "warning",
        ),
        "totals-row": Entry(
            N("catalogue", "Row of totals"),
            N("catalogue", "The row sums up or averages the others; it is no material and is left out."),
            N("catalogue", "give the material a name of its own if it is one"),
            "warning",
        ),
        "unknown-column": Entry(
            N("catalogue", "Unknown column"),
            N("catalogue", "The header matches no property by name, synonym or unit; the column is kept, not used."),
            N("catalogue", "it is left out"),
            "warning",
        ),
        "unknown-unit": Entry(
            N("catalogue", "Unknown unit"),
            N("catalogue", "The header names a unit that does not measure this property; the column is not used."),
            N("catalogue", "write the unit as in the template"),
            "warning",
        ),
        # Names
        "no-name": Entry(
            N("catalogue", "No name"),
            N("catalogue", "The row has figures and no name."),
            N("catalogue", "name the material"),
        ),
        "duplicate-id": Entry(
            N("catalogue", "Material twice"),
            N("catalogue", "Two rows have the same id, or names that come to the same id."),
            N("catalogue", "give it its own id"),
        ),
        "duplicate-name": Entry(
            N("catalogue", "Name twice"),
            N("catalogue", "Two rows have the same name under different ids and cannot be told apart on screen."),
            N("catalogue", "say what tells them apart"),
            "warning",
        ),
        "duplicate-row": Entry(
            N("catalogue", "Same figures twice"),
            N("catalogue", "Two rows differ in name only; every figure is the same."),
            N("catalogue", "keep one of them, or check the copied row"),
            "warning",
        ),
        # Cells
        "not-a-number": Entry(
            N("catalogue", "Not a number"),
            N("catalogue", "A cell of a figure column holds something that cannot be read as a figure."),
            N("catalogue", "write the figure alone, or leave the cell empty if it is not known"),
        ),
        "formula-error": Entry(
            N("catalogue", "Spreadsheet error"),
            N("catalogue", "The cell holds an error of the spreadsheet, such as #N/A or #REF!."),
            N("catalogue", "repair the formula, or empty the cell"),
        ),
        "date-cell": Entry(
            N("catalogue", "Figure turned into a date"),
            N("catalogue", "A spreadsheet has made a date of a figure or a range such as 4-5."),
            N("catalogue", "format the column as text and type the figure again"),
        ),
        "impossible": Entry(
            N("catalogue", "Impossible figure"),
            N("catalogue", "No cloth can have the figure: it is below zero, or larger than anything measured."),
            N("catalogue", "check the figure and its unit"),
        ),
        "off-scale": Entry(
            N("catalogue", "Off the scale"),
            N("catalogue", "The property has a closed scale, and the figure lies outside it."),
            N("catalogue", "check the figure"),
        ),
        "range-order": Entry(
            N("catalogue", "Range out of order"),
            N("catalogue", "Low, typical and high are not in ascending order."),
            N("catalogue", "put them in order"),
        ),
        "ambiguous-number": Entry(
            N("catalogue", "Thousands or decimals"),
            N("catalogue", "Nothing in the file tells whether the mark separates thousands or decimals."),
            N("catalogue", "write one figure of the column with decimals, or without the mark"),
            "warning",
        ),
        "mixed-decimals": Entry(
            N("catalogue", "Two decimal marks"),
            N("catalogue", "The cell uses another decimal mark than the rest of its column."),
            N("catalogue", "check the figure"),
            "warning",
        ),
        "thread-count": Entry(
            N("catalogue", "Thread count"),
            N("catalogue", "A number with T counts threads in warp and weft; it does not say how heavy the yarn is."),
            N("catalogue", "write the yarn's denier, such as 70D"),
            "warning",
        ),
        # Doubts
        "implausible": Entry(
            N("catalogue", "Implausible figure"),
            N("catalogue", "The figure lies outside what cloths of this family, or any bag cloth, have."),
            N("catalogue", "check the figure and its unit"),
            "warning",
        ),
        "slipped-unit": Entry(
            N("catalogue", "Slipped unit"),
            N("catalogue", "The figure is implausible as it stands and usual when read in another unit."),
            N("catalogue", "name the unit in the header, or convert the figure"),
            "warning",
        ),
        "identical-figures": Entry(
            N("catalogue", "Suspiciously identical figures"),
            N("catalogue", "Cloths of different make carry exactly the same measured strength: copied, not measured."),
            N("catalogue", "ask for the test report of each cloth"),
            "warning",
        ),
        "mixed-methods": Entry(
            N("catalogue", "Mixed test methods"),
            N("catalogue", "Figures of different test methods stand in one column; they cannot be compared."),
            N("catalogue", "keep the ASTM D3884 (Taber) figures here and move the others to a column of their own"),
        ),
        "foreign-method": Entry(
            N("catalogue", "Another test method"),
            N("catalogue", "The figures come from a test no rule links to the program's scale; they are not used."),
            N("catalogue", "ask for ASTM D3884 cycles, or leave the gap"),
            "warning",
        ),
        "linked-method": Entry(
            N("catalogue", "Test linked by a rule"),
            N(
                "catalogue",
                "The figures come from a test that a rule links to the program's scale; their range is wider.",
            ),
            N("catalogue", "ask for the test the column stands for"),
            "warning",
        ),
        "unnamed-method": Entry(
            N("catalogue", "Test not named"),
            N("catalogue", "An abrasion figure without its test cannot be put on any scale; it is not used."),
            N("catalogue", "name the test, such as ASTM D3884"),
            "warning",
        ),
        # Money
        "no-currency": Entry(
            N("catalogue", "No currency"),
            N("catalogue", "A price column does not say its currency."),
            N("catalogue", "name the currency in the header, such as EUR/m"),
            "warning",
        ),
        "no-rate": Entry(
            N("catalogue", "No exchange rate"),
            N("catalogue", "Prices in another currency need a rate and its date; without one they are left out."),
            N("catalogue", "give the rate and its date, or a column in USD"),
            "warning",
        ),
        "no-width": Entry(
            N("catalogue", "No roll width"),
            N("catalogue", "A price by length becomes a price by area only with the width of the roll."),
            N("catalogue", "add a column with the roll width"),
            "warning",
        ),
        "no-mass": Entry(
            N("catalogue", "No mass"),
            N("catalogue", "A price by weight becomes a price by area only with the mass per area."),
            N("catalogue", "add a column with the mass per area"),
            "warning",
        ),
        # Price lists
        "unknown-article": Entry(
            N("catalogue", "Article not matched"),
            N("catalogue", "The article name fits no material, or several equally well."),
            N("catalogue", "choose its material; the choice is remembered"),
            "warning",
        ),
        "no-price": Entry(
            N("catalogue", "No price"),
            N("catalogue", "The row names an article and no price."),
            N("catalogue", "leave it out, or ask the supplier"),
            "warning",
        ),
        "no-price-column": Entry(
            N("catalogue", "No price column"),
            N("catalogue", "No column of the list is known to hold prices."),
            N("catalogue", "name the column price, with currency and length or area"),
        ),
        "duplicate-quote": Entry(
            N("catalogue", "Quote twice"),
            N("catalogue", "The same article, colour and quantity from the same supplier has two prices."),
            N("catalogue", "keep the one that holds"),
            "warning",
        ),
        "break-order": Entry(
            N("catalogue", "Price rises with quantity"),
            N("catalogue", "A larger order is quoted at a higher price than a smaller one."),
            N("catalogue", "check the price break"),
            "warning",
        ),
        "expired": Entry(
            N("catalogue", "No longer valid"),
            N("catalogue", "The quote's last day of validity has passed."),
            N("catalogue", "ask for a new quote"),
            "warning",
        ),
        "bad-date": Entry(
            N("catalogue", "Date not understood"),
            N("catalogue", "The date cannot be read, or day and month could be either way round."),
            N("catalogue", "write it as 2026-11-20"),
            "warning",
        ),
        "bad-profile": Entry(
            N("catalogue", "Import profile not readable"),
            N("catalogue", "The file is no import profile of this program, or of a newer version."),
            N("catalogue", "make the profile again from the list"),
            unreadable=True,
        ),
        "stale-profile": Entry(
            N("catalogue", "List has changed its columns"),
            N("catalogue", "A column the import profile knows is not in this list."),
            N("catalogue", "look at the preview"),
            "warning",
        ),
        # Merging
        "id-taken": Entry(
            N("catalogue", "Id taken"),
            N("catalogue", "A material to be added has the id of one that is there already."),
            N("catalogue", "override its figures, or give the own material another id"),
        ),
        "no-base": Entry(
            N("catalogue", "Nothing to override"),
            N("catalogue", "A row that should override figures matches no material of the table."),
            N("catalogue", "add it as a material of its own"),
            "warning",
        ),
    }


#: Code -> what it means. Every code that reading, checking, merging and quoting can give stands here.
CATALOGUE: dict[str, Entry] = _entries()

#: What is said of errors a user has chosen to go on without.
ROW_LEFT_OUT = QT_TRANSLATE_NOOP("catalogue", "the row is left out")
COLUMN_LEFT_OUT = QT_TRANSLATE_NOOP("catalogue", "the column is left out")
FIGURE_LEFT_OUT = QT_TRANSLATE_NOOP("catalogue", "the figure is left out")

#: A cell is quoted up to this many characters.
_MOST_SHOWN = 80


def problem(
    code: str, message: str, file: str = "", row: int | None = None, column: str = "", value: str = "", hint: str = ""
) -> Problem:
    """A problem of the catalogue at one place of a file; its severity and hint are the catalogue's unless given."""
    entry = CATALOGUE[code]
    return Problem(code, message, hint or entry.hint, file, row, column, value[:_MOST_SHOWN], entry.severity)
