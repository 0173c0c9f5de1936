"""Twin: a chart's numbers as a table view, as CSV and on the clipboard, and the chart itself as PNG and SVG."""

from __future__ import annotations

import csv
import io
import re
from html import escape
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from advisor.answer import Answer
from advisor.files import plain_cell
from advisor.materials import Table
from advisor.sentences import Num
from ui.charts.look import chart_style, speech
from ui.charts.style import DPI, Cell, Drawing, Twin, View, strange_signs
from ui.theme import Theme


class TwinModel(QAbstractTableModel):
    """A chart's numbers for a table view; numbers stand at the trailing edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._twin = Twin((), ())
        self._speech = speech()

    def show_twin(self, twin: Twin) -> None:
        """Show other numbers; where only numbers changed, the view keeps its place."""
        same = len(twin.rows) == len(self._twin.rows) and twin.heads == self._twin.heads
        if not same:
            self.beginResetModel()
        self._twin = twin
        if not same:
            self.endResetModel()
        elif twin.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(twin.rows) - 1, len(twin.heads) - 1))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows."""
        return 0 if parent.isValid() else len(self._twin.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - the same
        """How many columns."""
        return 0 if parent.isValid() else len(self._twin.heads)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell as text, and where it stands."""
        if not index.isValid():
            return None
        cell = self._twin.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._speech.cell(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignTrailing if isinstance(cell, Num) else Qt.AlignmentFlag.AlignLeading
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The column heads."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._twin.heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            number = bool(self._twin.rows) and isinstance(self._twin.rows[0][section], Num)
            side = Qt.AlignmentFlag.AlignTrailing if number else Qt.AlignmentFlag.AlignLeading
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def source_of(table: Table) -> str:
    """Which table a file's numbers come from: name, version where it has one, and hash."""
    return " ".join(part for part in (table.name, table.version, table.sha256) if part)


def csv_of(twin: Twin, table: Table) -> bytes:
    """The numbers as CSV: point as decimal mark, no cell that a spreadsheet would run as a formula, UTF-8 with BOM.

    The last column names the table, so that a list that is passed on can be traced.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([*(plain_cell(head) for head in twin.heads), "table"])
    source = plain_cell(source_of(table))
    for row in twin.rows:
        cells = (f"{cell.value:.{cell.decimals}f}" if isinstance(cell, Num) else plain_cell(cell) for cell in row)
        writer.writerow([*cells, source])
    return ("\ufeff" + stream.getvalue()).encode()


def text_of(twin: Twin) -> str:
    """The numbers as lines of cells parted by tabs, in the user's locale; no cell runs as a formula."""
    say = speech()
    lines = ["\t".join(_one_line(plain_cell(head)) for head in twin.heads)]
    for row in twin.rows:
        cells = (plain_cell(cell) if isinstance(cell, str) else plain_minus(say.cell(cell)) for cell in row)
        lines.append("\t".join(_one_line(cell) for cell in cells))
    return "\n".join(lines)


def plain_minus(figure: str) -> str:
    """A figure with the minus a spreadsheet takes for one, and without a plus sign or spaces in it."""
    return re.sub(r"[\s\u2009\u202f\u00a0]", "", figure.replace("\u2212", "-")).removeprefix("+")


def _one_line(cell: str) -> str:
    """Tabs and line ends would begin another cell."""
    return " ".join(cell.split())


def html_of(twin: Twin) -> str:
    """The numbers as an HTML table, figures at the trailing edge, texts marked as texts."""
    say = speech()

    def cell(value: Cell) -> str:
        if isinstance(value, Num):
            return f'<td align="right">{escape(plain_minus(say.cell(value)))}</td>'
        # Spreadsheets take this for "text": no text becomes a date or a formula.
        return f"<td style=\"mso-number-format:'\\@'\">{escape(plain_cell(value))}</td>"

    heads = "".join(f"<th>{escape(plain_cell(head))}</th>" for head in twin.heads)
    rows = "".join("<tr>" + "".join(cell(value) for value in row) + "</tr>" for row in twin.rows)
    return f'<meta charset="utf-8"><table><tr>{heads}</tr>{rows}</table>'


def picture(
    drawing: Drawing,
    answer: Answer,
    view: View,
    look: Theme,
    size: tuple[int, int],
    kind: str = "png",
    scale: float = 2,
    mirrored: bool = False,
) -> bytes:
    """A chart as a PNG or SVG file, drawn afresh without a window.

    Args:
        size: width and height in px at 100 %.
        kind: ``png`` or ``svg``; text in an SVG stays text.
        scale: pixels a px in a PNG.
        mirrored: to be read from right to left.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style = chart_style(look, mirrored)
    figure = Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    drawing.draw(figure, answer, view, style)
    stream = io.BytesIO()
    # The same chart is the same file: no date, and ids that do not change from run to run.
    source = source_of(answer.table)
    with strange_signs(), rc_context({"svg.fonttype": "none", "svg.hashsalt": "chart"}):
        if kind == "svg":
            about: dict[str, str | None] = {"Date": None, "Source": source}
            figure.savefig(stream, format="svg", facecolor=style.panel, metadata=about)
        else:
            about = {"Software": None, "Source": source}
            figure.savefig(stream, format=kind, dpi=DPI * scale, facecolor=style.panel, metadata=about)
    return stream.getvalue()
