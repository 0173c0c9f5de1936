"""Sheets: a file or pasted text as rows of text cells, whatever its encoding, delimiter or workbook format."""

from __future__ import annotations

import codecs
import contextlib
import csv
import datetime
import gc
import hashlib
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import ParseError

from advisor.catalogue import problem
from advisor.certainty import Stopped
from advisor.grid import Grid, Progress, Stop, never, no_progress
from advisor.lanes import meanwhile
from advisor.problems import AdvisorError

#: Delimiters in the order they are believed: a tab is seldom anything else, a comma often is.
DELIMITERS = "\t;|,"

#: What stands before a cell that the spreadsheet holds as a date; no CSV cell begins so.
DATE_MARK = "\x1fdate "

_ROWS_A_STEP = 4_000

#: Bytes from which on a plain text is cut by array arithmetic; below it the csv module is as quick.
_LONG = 2_000_000
_OTHER_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_PROBE_ROWS = 40

#: Signs by which the delimiter is told, and bytes decoded at a time.
_PROBE, _PIECE = 200_000, 1 << 18
#: Bytes that text has none of.
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0b\x0c")
_MARK_UTF8 = b"\xef\xbb\xbf"


@contextlib.contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the search for reference cycles while millions of cells are made, none of which can be in one."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it stands in a file, every cell as text.

    Attributes:
        file: the file as the user named it; ``name`` without folders.
        rows: the cells; row 1 of the spreadsheet is ``rows[0]``. Blank rows are kept so that numbers agree.
        sha256: hash of the bytes read.
        encoding: ``utf-8``, ``utf-16``, ``windows-1252`` …, or ``xlsx`` and its like.
        delimiter: of text, "" for a workbook.
        sheet, sheets: the sheet's name and those of the workbook; empty for text.
        merged: merged cells as (first row, first column, last row, last column), from 0.
    """

    file: str
    name: str
    rows: Sequence[Sequence[str]]
    sha256: str
    encoding: str = "utf-8"
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def filled(self, first: int) -> list[int]:
        """Numbers (from 0) of the rows from ``first`` on that hold anything."""
        if isinstance(self.rows, Grid):
            found: list[int] = self.rows.filled(first).tolist()
            return found
        rows = itertools.islice(self.rows, first, None)
        return [number for number, cells in enumerate(rows, start=first) if any(map(str.strip, cells))]


def read_sheet(path: Path, sheet: str = "", progress: Progress = no_progress, stop: Stop = never) -> Sheet:
    """The cells of a CSV, TSV, XLSX, ODS or XLS file, told apart by their bytes, not their name.

    Raises:
        AdvisorError: the file cannot be read.
        Stopped: ``stop`` said so.
    """
    file = str(path)
    try:
        content = _bytes_of(path, stop)
    except OSError as error:
        raise AdvisorError(problem("cannot-read", f"cannot be read: {error.strerror}", file)) from error
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        sha256 = hashlib.sha256(content).hexdigest()
        return _workbook(content, file, path.name, sha256, sheet, progress, stop)
    # The hash of a long file is made while the file is cut.
    hashed = meanwhile(lambda: hashlib.sha256(content).hexdigest())
    if len(content) > _LONG:
        found = _long(content, file, progress, stop)
        if found is not None:
            grid, encoding, delimiter = found
            _refuse_empty(grid, file)
            progress(1.0)
            return Sheet(file, path.name, grid, hashed(), encoding, delimiter)
    text, encoding = decode(content, file)
    delimiter = sniff(text)
    return Sheet(file, path.name, _records(text, delimiter, file, progress, stop), hashed(), encoding, delimiter)


def _bytes_of(path: Path, stop: Stop) -> bytes:
    """The bytes of a file; while a long one is waited for it is asked whether to go on."""
    if path.stat().st_size <= _LONG:
        return path.read_bytes()

    def poll() -> None:
        if stop():
            raise Stopped

    return meanwhile(path.read_bytes, poll)()


def _long(content: bytes, file: str, progress: Progress, stop: Stop) -> tuple[Grid, str, str] | None:
    """The grid of a long text, its encoding and delimiter; None where the csv module must read it."""
    if stop():
        raise Stopped
    head = content[:_PROBE].decode("utf-8", "ignore")
    if content.startswith(_MARK_UTF8):
        content, head = content[len(_MARK_UTF8) :], head[1:]
    encoding = "utf-8"
    if b"\x00" in content[:_PROBE] or not _is_utf8(content):
        text, encoding = decode(content, file)
        content, head = text.encode("utf-8", "surrogatepass"), text[:_PROBE]
        del text
    delimiter = sniff(head)
    if stop():
        raise Stopped
    grid = Grid.of(content, delimiter, progress, stop)
    return None if grid is None else (grid, encoding, delimiter)


def _is_utf8(content: bytes) -> bool:
    """Whether bytes are text in UTF-8; a piece at a time, as the text itself is not wanted."""
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for begin in range(0, len(content), _PIECE):
            decoder.decode(content[begin : begin + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def pasted(text: str, name: str = "pasted") -> Sheet:
    """The cells of text copied out of a spreadsheet, or of any delimited text.

    Raises:
        AdvisorError: its quotes are not closed, or it is empty.
    """
    content = text.encode("utf-8", "surrogatepass")
    delimiter = "\t" if "\t" in text else sniff(text)
    rows = _records(text, delimiter, name, no_progress, never)
    return Sheet(name, name, rows, hashlib.sha256(content).hexdigest(), "utf-8", delimiter)


def decode(content: bytes, file: str) -> tuple[str, str]:
    """Text and encoding of a file: by its mark, by the zeros of UTF-16, as UTF-8, as GB 18030, else as Windows-1252.

    Raises:
        AdvisorError: it is no text.
    """
    for mark, codec, name in (
        (b"\xef\xbb\xbf", "utf-8-sig", "utf-8"),
        (b"\xff\xfe\x00\x00", "utf-32", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32", "utf-32"),
        (b"\xff\xfe", "utf-16", "utf-16"),
        (b"\xfe\xff", "utf-16", "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(content, codec, file), name
    probe = content[:4_000]
    zeros_even, zeros_odd = probe[0::2].count(0), probe[1::2].count(0)
    if len(probe) > 3 and max(zeros_even, zeros_odd) > len(probe) // 5 > min(zeros_even, zeros_odd):
        codec = "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
        return _decoded(content, codec, file), codec
    if probe.count(0) * 50 > len(probe):
        raise AdvisorError(problem("not-text", "is neither text nor a workbook", file))
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if len(content.translate(None, _CONTROLS)) * 50 < len(content) * 49:
        raise AdvisorError(problem("not-text", "is neither text nor a workbook", file))
    if _is_chinese(content):
        return _decoded(content, "gb18030", file), "gb18030"
    return _decoded(content, "windows-1252", file), "windows-1252"


def _is_chinese(content: bytes) -> bool:
    """Whether text that is no UTF-8 is Chinese in GB 18030: high bytes in pairs, two signs and more together.

    Letters with accents in Windows-1252 seldom stand in pairs, and never four in a row.
    """
    runs = re.findall(rb"[\x81-\xfe]+", content[:_PROBE])
    if any(len(run) % 2 for run in runs) or not any(len(run) >= 4 for run in runs):
        return False
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(content: bytes, codec: str, file: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"is damaged text: it is neither UTF-8 nor {codec.removesuffix('-sig')}"
        raise AdvisorError(problem("not-text", message, file, line)) from error


def sniff(text: str) -> str:
    """The delimiter that cuts the first rows into cells as many as the header has."""
    probe = text[:_PROBE]
    found: list[tuple[float, str]] = []
    for delimiter in DELIMITERS:
        try:
            reader = csv.reader(io.StringIO(probe, newline=""), delimiter=delimiter)
            widths = [len(row) for row in itertools.islice(reader, _PROBE_ROWS) if any(cell.strip() for cell in row)]
        except csv.Error:
            widths = []
        # A title has one cell; what counts is below it.
        below = list(itertools.dropwhile(lambda width: width == 1, widths))
        widths = below if 2 * len(below) > len(widths) else widths
        wide = [width for width in widths if width > 1]
        if wide:
            usual = max(set(wide), key=wide.count)
            found.append((wide.count(usual) / len(widths), delimiter))
    head = probe.lstrip("\r\n").split("\n", 1)[0]
    best = max((share for share, _ in found), default=0.0)
    sound = [delimiter for share, delimiter in found if share == best >= 0.8]
    if sound:
        return next((delimiter for delimiter in sound if delimiter in head), sound[0])
    return max(",;\t|", key=head.count)


def _records(text: str, delimiter: str, file: str, progress: Progress, stop: Stop) -> list[list[str]]:
    rows: list[list[str]] = []
    # A list of lines is read faster than a stream; signs that end a line for Python alone must not be in it.
    lines: Sequence[str] | io.StringIO = io.StringIO(text, newline="")
    if "\r" not in text and not any(sign in text for sign in _OTHER_LINE_ENDS):
        lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    expected = text.count("\n") + 1
    with collection_paused():
        try:
            while step := list(itertools.islice(reader, _ROWS_A_STEP)):
                rows += step
                if stop():
                    raise Stopped
                progress(min(reader.line_num / expected, 1.0))
        except csv.Error as error:
            raise AdvisorError(problem("not-csv", f"is no readable CSV: {error}", file)) from error
    _refuse_empty(rows, file)
    return rows


def _refuse_empty(rows: Sequence[Sequence[str]], file: str) -> None:
    if not any(cell.strip() for row in rows[:_PROBE_ROWS] for cell in row):
        raise AdvisorError(problem("empty", "is empty", file, 1))


def _workbook(content: bytes, file: str, name: str, sha256: str, sheet: str, progress: Progress, stop: Stop) -> Sheet:
    # Loaded only where a workbook is opened.
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        names = tuple(book.sheet_names)
        if sheet and sheet not in names:
            raise AdvisorError(problem("no-sheet", f'has no sheet "{sheet}"', file, hint=f"it has {', '.join(names)}"))
        chosen = ""
        rows: list[list[str]] = []
        merged: tuple[tuple[int, int, int, int], ...] = ()
        for candidate in (sheet,) if sheet else _likeliest(book):
            page = book.get_sheet_by_name(candidate)
            cells = page.to_python(skip_empty_area=False)
            found: list[list[str]] = []
            for begin in range(0, len(cells), _ROWS_A_STEP):
                found += ([_text(cell) for cell in row] for row in cells[begin : begin + _ROWS_A_STEP])
                if stop():
                    raise Stopped
                progress(min((begin + _ROWS_A_STEP) / len(cells), 1.0))
            for row, column, error in _errors(content, candidate):
                if row < len(found) and column < len(found[row]) and not found[row][column]:
                    found[row][column] = error
            wide = sum(sum(1 for cell in row if cell.strip()) > 1 for row in found)
            if not rows or wide > 1:
                chosen, rows, merged = candidate, found, _merged(page)
            if wide > 1:
                break
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise AdvisorError(problem("not-workbook", f"cannot be read as a workbook: {error}", file)) from error
    _refuse_empty(rows, file)
    suffix = "xls" if content[:2] == b"\xd0\xcf" else "ods" if b"opendocument" in content[:200] else "xlsx"
    return Sheet(file, name, rows, sha256, suffix, "", chosen, names, merged)


def _errors(content: bytes, sheet: str) -> Iterator[tuple[int, int, str]]:
    """Cells of an XLSX sheet that hold an error such as #DIV/0!, as row, column (from 0) and the error.

    The reader of workbooks gives them as blank cells; a figure that could not be worked out must not go unsaid.
    """
    if content[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            part = _part_of(book, sheet)
            text = book.read(part) if part else b""
    except (
        KeyError,
        ValueError,
        OSError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        zipfile.BadZipFile,
        ParseError,
    ):
        return
    for letters, number, error in re.findall(
        rb'<c r="([A-Z]{1,3})(\d+)"[^>]*\bt="e"[^>]*>.*?<v>([^<]{1,20})</v>', text
    ):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        yield int(number) - 1, column - 1, error.decode("utf-8", "replace")


def _part_of(book: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part of an XLSX that holds a sheet, "" where there is none such."""
    target = ""
    for item in ElementTree.fromstring(book.read("xl/workbook.xml")).iter():
        if item.tag.endswith("}sheet") and item.get("name") == sheet:
            target = next((value for key, value in item.attrib.items() if key.endswith("}id")), "")
    for item in ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels")):
        if item.get("Id") == target:
            path = item.get("Target", "")
            return path.removeprefix("/") if path.startswith("/") else f"xl/{path}"
    return ""


def _likeliest(book: Any) -> list[str]:
    """Names of the sheets in the order they are tried: hidden ones last."""
    shown = [str(item.visible).endswith("Visible") for item in book.sheets_metadata]
    return [
        name for wanted in (True, False) for name, seen in zip(book.sheet_names, shown, strict=True) if seen is wanted
    ]


def _merged(page: Any) -> tuple[tuple[int, int, int, int], ...]:
    ranges = page.merged_cell_ranges or ()
    return tuple((first[0], first[1], last[0], last[1]) for first, last in ranges)


def _text(cell: object) -> str:
    """A cell as text: whole numbers without a point, other numbers with all their digits, dates marked as such."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return f"{DATE_MARK}{cell.date().isoformat()}"
    if isinstance(cell, datetime.date):
        return f"{DATE_MARK}{cell.isoformat()}"
    if isinstance(cell, datetime.time | datetime.timedelta):
        return f"{DATE_MARK}{cell}"
    return str(cell)
