"""Grid: long delimited text held as bytes, cut into cells by array arithmetic; figures and words a column at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from advisor.certainty import Stopped
from advisor.lanes import side_by_side

#: Takes a share done (0 to 1); says whether to stop.
Progress = Callable[[float], None]
Stop = Callable[[], bool]

Places = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]

#: A number of up to this many digits, divided by a power of ten, is rounded as :func:`float` rounds it.
_EXACT_DIGITS = 15
#: Signs of a cell that are read as a plain number by arithmetic; two words of eight bytes.
_LONGEST = 16

_QUOTE, _NEWLINE, _RETURN, _SPACE, _MINUS = 34, 10, 13, 32, 45

#: Bytes looked through, and cells read, at one go: few enough to stay in the processor's cache.
_STRIDE, _BATCH = 1 << 20, 1 << 12

#: Words of this many bytes or fewer are told apart by arithmetic; longer ones, and many different ones, by Python.
_WORD_BYTES = 128
#: Few different words are told apart by so many bits of their keys.
_SLOT_BITS = 16
#: Figures remembered while a column is read, as a power of two, and cells after which most should have come before.
_KNOWN_BITS, _WARMED = 13, 1 << 10
#: Cells by which a column of many different words is told from one of few.
_PROBED = 1_000
#: Bytes of text a cell up to which the text is gone through as a whole to cut cells out of it.
_SPREAD = 4_000

#: Whether a byte is an ASCII letter or digit.
_LETTERS = np.array([code < 128 and chr(code).isalnum() for code in range(256)])

_ZEROS = np.uint64(0x3030303030303030)
#: Eight points and eight commas, as they are once the zeros are taken off.
_POINT, _COMMA = np.uint64(0x1E1E1E1E1E1E1E1E), np.uint64(0x1C1C1C1C1C1C1C1C)
#: What a figure of so many decimals is divided by.
_TENS = 10.0 ** np.arange(17)
_MIX_ONE, _MIX_TWO = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_LOW7, _HIGH = np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x8080808080808080)
_TEST = np.uint64(0x7676767676767676)
#: Keeps the last 0 to 8 bytes of a word, the first byte of the text being the lowest.
_KEEP = np.array([0, *((~0 << 8 * (8 - count)) & (2**64 - 1) for count in range(1, 9))], np.uint64)


def no_progress(done: float) -> None:
    """Takes a share done and shows it nowhere."""


def never() -> bool:
    """Never asks to stop."""
    return False


def _poll(progress: Progress, stop: Stop) -> Callable[[float], None]:
    """Asks whether to go on, and tells how far it is."""

    def polled(done: float) -> None:
        if stop():
            raise Stopped
        progress(done)

    return polled


@dataclass(frozen=True, eq=False)
class Figures:
    """A column read as plain numbers.

    Attributes:
        values: figures; NaN where the cell is blank or no plain number.
        odd: cells that are neither blank nor plain numbers.
        mark: the decimal mark of the plain numbers, "" where none has one.
        proven: whether one of them proves that it is no thousands mark.
        mixed: whether both marks occur.
    """

    values: NDArray[np.float64]
    odd: Flags
    mark: str
    proven: bool
    mixed: bool


class Grid(Sequence[list[str]]):
    """The rows of a delimited text; cells are made when asked for.

    Attributes:
        content: the text in UTF-8; ``bytes`` the same as numbers.
        starts, ends: where each cell begins and ends, quotes around it left out.
        firsts: index of each row's first cell, and of the one after the last.
    """

    def __init__(self, content: bytes, starts: Places, ends: Places, firsts: Places) -> None:
        self.content = content
        self.bytes = np.frombuffer(content, np.uint8)
        self.starts, self.ends, self.firsts = starts, ends, firsts
        # Any eight bytes as one number; the last seven places begin no such word.
        self.eights: Words = np.ndarray((max(len(content) - 7, 0),), np.dtype("<u8"), content, 0, (1,))

    @classmethod
    def of(cls, content: bytes, delimiter: str, progress: Progress = no_progress, stop: Stop = never) -> Grid | None:
        """The grid of UTF-8 text without byte order mark; None where a cell needs a closer look.

        That is a quote inside a cell, or a carriage return that ends no row.

        Raises:
            Stopped: ``stop`` said so.
        """
        if not content:
            return None
        # Four bytes a place where the text is short enough: half the memory, and so half the time.
        kind: type[np.integer[Any]] = np.int32 if len(content) < 2**31 - 64 else np.int64
        signs = np.frombuffer(content, np.uint8)
        quoted = b'"' in content

        def marked(number: int) -> tuple[Places, Places, Places, int]:
            """Delimiters and row ends, row ends alone, quotes, and how many carriage returns, of one stride."""
            begin = number * _STRIDE
            part = signs[begin : begin + _STRIDE]
            ends_row = part == _NEWLINE
            breaks = _places(ends_row, begin, kind)
            ends_row |= part == ord(delimiter)
            cuts = _places(ends_row, begin, kind)
            quotes = _places(part == _QUOTE, begin, kind) if quoted else np.empty(0, kind)
            return cuts, breaks, quotes, int(np.count_nonzero(part == _RETURN))

        strides = -(-len(content) // _STRIDE)
        found = side_by_side(marked, strides, _poll(progress, stop))
        if content[-1] != _NEWLINE:
            last_cut = np.array([len(content)], kind)
            cuts, breaks, quotes, count = found[-1]
            found[-1] = np.append(cuts, last_cut), np.append(breaks, last_cut), quotes, count
        before = np.cumsum([0, *(len(quotes) for _, _, quotes, _ in found)])
        if before[-1] % 2:
            return None

        def cut(number: int) -> tuple[Places, Places, Places, Places]:
            """Cuts of one stride outside quotes, and the cuts at which rows end and before which quotes open."""
            cuts, breaks, quotes, _ = found[number]
            inside = int(before[number] % 2)
            if len(quotes) or inside:
                # A quote open since an earlier stride opens before this one; one left open closes after it.
                pairs = np.concatenate([np.zeros(inside, kind), quotes])
                if len(pairs) % 2:
                    pairs = np.append(pairs, np.array([len(content) + 1], kind))
                cuts, breaks = _outside(cuts, pairs), _outside(breaks, pairs)
            opening = quotes[inside::2]
            return cuts, np.searchsorted(cuts, breaks), opening, np.searchsorted(cuts, opening)

        parts = side_by_side(cut, strides, _poll(no_progress, stop))
        marks = np.concatenate([quotes for _, _, quotes, _ in found])
        returns = sum(count for _, _, _, count in found)
        found.clear()
        cuts = np.concatenate([own for own, _, _, _ in parts])
        earlier = np.cumsum([0, *(len(own) for own, _, _, _ in parts)])
        shifted = zip(parts, earlier.tolist(), strict=False)
        rows, opened = (np.concatenate(p) for p in zip(*((r + n, o + n) for (_, r, _, o), n in shifted), strict=True))
        if not len(rows):
            return None
        starts = np.empty_like(cuts)
        starts[0] = 0
        np.add(cuts[:-1], 1, out=starts[1:])
        firsts = np.concatenate([[0], rows + 1])
        ends = cuts
        if returns:
            last = firsts[1:] - 1
            returned = (ends[last] > starts[last]) & (signs[ends[last] - 1] == _RETURN)
            if np.count_nonzero(returned) != returns:
                return None
            ends[last] -= returned
        if len(marks):
            cells = opened[starts[opened] == marks[0::2]]
            if not _sound(signs, marks, starts, ends, cells):
                return None
            starts[cells] += 1
            ends[cells] -= 1
        return cls(content, starts, ends, firsts)

    def __len__(self) -> int:
        return len(self.firsts) - 1

    @overload
    def __getitem__(self, row: int) -> list[str]: ...
    @overload
    def __getitem__(self, row: slice) -> list[list[str]]: ...
    def __getitem__(self, row: int | slice) -> list[str] | list[list[str]]:
        if isinstance(row, slice):
            return [self[number] for number in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        row %= len(self)
        cells = slice(int(self.firsts[row]), int(self.firsts[row + 1]))
        starts, ends = self.starts[cells].tolist(), self.ends[cells].tolist()
        raw = self.content[starts[0] : ends[-1]]
        if raw.isascii() and b'""' not in raw:
            # Most rows; every byte is a sign.
            text, first = raw.decode(), starts[0]
            return [text[start - first : end - first] for start, end in zip(starts, ends, strict=True)]
        return [_cell(self.content[start:end]) for start, end in zip(starts, ends, strict=True)]

    def __iter__(self) -> Iterator[list[str]]:
        return (self[number] for number in range(len(self)))

    def filled(self, first: int) -> Places:
        """Numbers of the rows from ``first`` on that hold more than spaces."""
        begin = self.starts[self.firsts[first:-1]]
        after = self.ends[self.firsts[first + 1 :] - 1]
        widths = np.diff(self.firsts[first:])
        # As many signs as cells: more than the marks between them.
        full: Flags = after - begin >= widths
        doubtful = np.flatnonzero(full)
        for place in range(int(widths.max(initial=0))):
            cells = np.minimum(self.firsts[first + doubtful] + place, len(self.ends) - 1)
            begin = self.starts[cells]
            says = (place < widths[doubtful]) & (self.ends[cells] > begin)
            says &= self.bytes[np.minimum(begin, len(self.bytes) - 1)] > _SPACE
            doubtful = doubtful[~says]
            if not len(doubtful):
                break
        for row in doubtful.tolist():
            full[row] = any(map(str.strip, self[first + row]))
        return np.flatnonzero(full) + first

    def fitting(self, rows: Places, width: int) -> Flags:
        """Which of these rows have ``width`` cells, or more of which only blank ones are beyond."""
        widths = self.firsts[rows + 1] - self.firsts[rows]
        fits: Flags = widths >= width
        for place in range(width, int(widths.max(initial=0))):
            cells = np.minimum(self.firsts[rows] + place, len(self.ends) - 1)
            fits &= (widths <= place) | (self.ends[cells] == self.starts[cells])
        for place in np.flatnonzero(~fits & (widths > width)).tolist():
            fits[place] = not any(map(str.strip, self[int(rows[place])][width:]))
        return fits

    def columns(
        self,
        rows: Places,
        width: int,
        figures: Collection[int] = (),
        words: Collection[int] = (),
        progress: Progress = no_progress,
        stop: Stop = never,
    ) -> list[GridColumn]:
        """The first ``width`` columns in these rows, which are ascending and have as many cells.

        Args:
            figures: columns that will be asked for figures.
            words: columns that will be asked for words. Both are made ready here, all columns of some rows together:
                a row's cells lie together, and are fetched from memory once.

        Raises:
            Stopped: ``stop`` said so.
        """
        firsts = self.firsts[rows]
        whole = slice(int(firsts[0]), int(firsts[-1]) + width) if len(rows) else slice(0, 0)
        if whole.stop - whole.start == width * len(rows):
            starts, ends = (places[whole].reshape(-1, width) for places in (self.starts, self.ends))
        else:
            cells = firsts[:, None] + np.arange(width)
            starts, ends = self.starts[cells], self.ends[cells]
        found = [GridColumn(self, starts[:, place], ends[:, place]) for place in range(width)]
        if len(self.content) < 2 * _LONGEST:
            return found
        figured = [(found[place], place) for place in figures]
        worded: list[tuple[GridColumn, int]] = []
        single: list[tuple[GridColumn, int]] = []
        for place in words:
            (single if found[place].many() else worded).append((found[place], place))
        for column, _ in figured:
            column.figured = _Figured(len(rows))
        for column, _ in worded:
            column.keyed = _Keyed(len(rows))

        for column, _ in single:
            column.edged = np.empty(len(rows), bool)
        # A NUL would make different texts the same number.
        remembers = b"\x00" not in self.content
        # Threads do not wait for each other: each remembers for itself.
        own = threading.local()

        def read(number: int) -> None:
            part = slice(number * _BATCH, (number + 1) * _BATCH)
            begins, after = starts[part].T.astype(np.int64), ends[part].T.astype(np.int64)
            lasts = self.eights[np.maximum(after, 8) - 8]
            if not hasattr(own, "known"):
                own.known = [_Known() if remembers else None for _ in figured]
            for (column, place), known in zip(figured, own.known, strict=True):
                column.read_figures(part, begins[place], after[place], lasts[place], known)
            for column, place in worded:
                column.read_keys(part, begins[place], after[place], lasts[place])
            for column, place in single:
                assert column.edged is not None
                column.edged[part] = column.edges(begins[place], after[place])

        side_by_side(read, -(-len(rows) // _BATCH), _poll(progress, stop))
        return found


def _places(flags: Flags, begin: int, kind: type[np.integer[Any]]) -> Places:
    found: Places = np.add(np.flatnonzero(flags), begin, dtype=kind, casting="unsafe")
    return found


def _outside(places: Places, quotes: Places) -> Places:
    """Those of some ascending places that do not lie between a quote and the next that closes it."""
    first, after = np.searchsorted(places, quotes[0::2]), np.searchsorted(places, quotes[1::2])
    holds = after > first
    if not holds.any():
        return places
    first, count = first[holds], (after - first)[holds]
    inside = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count) + np.arange(count.sum())
    kept = np.ones(len(places), bool)
    kept[inside] = False
    return places[kept]


def _sound(signs: NDArray[np.uint8], quotes: Places, starts: Places, ends: Places, quoted: Places) -> bool:
    """Whether every quoted cell opens and closes with a quote, and all other quotes stand doubled inside one."""
    if (ends[quoted] - starts[quoted] < 2).any() or (signs[ends[quoted] - 1] != _QUOTE).any():
        return False
    around = np.concatenate([starts[quoted], ends[quoted] - 1])
    if len(around) == len(quotes):
        return True
    inner = np.setdiff1d(quotes, around, assume_unique=True)
    if len(inner) % 2 or (inner[1::2] - inner[0::2] != 1).any():
        return False
    return bool((signs[starts[np.searchsorted(ends, inner)]] == _QUOTE).all())


def _cell(raw: bytes) -> str:
    return raw.decode("utf-8").replace('""', '"')


class _Figured:
    """Figures of a column while they are read: those of every part, and which marks and proofs any part has."""

    def __init__(self, count: int) -> None:
        self.values, self.odd = np.empty(count), np.zeros(count, bool)
        self.marks: set[str] = set()
        self.proven = False

    def figures(self) -> Figures:
        mark = min(self.marks) if len(self.marks) == 1 else ""
        return Figures(self.values, self.odd, mark, self.proven, len(self.marks) > 1)


class _Known:
    """Figures of words of up to eight bytes: in a long column most cells are as one before."""

    def __init__(self) -> None:
        # Each word has one place, which the last that came holds; no word, which is 0, is a gap.
        self.words, self.values = np.zeros(1 << _KNOWN_BITS, np.uint64), np.full(1 << _KNOWN_BITS, np.nan)
        self.warm, self.useful = False, True

    def places(self, words: Words) -> Places:
        return ((words * _MIX_ONE) >> np.uint64(64 - _KNOWN_BITS)).view(np.int64)


class _Keyed:
    """Two numbers for every cell of a column that tell different texts apart; ``sound`` where all cells have them."""

    def __init__(self, count: int) -> None:
        self.one, self.two = np.empty(count, np.uint64), np.empty(count, np.uint64)
        self.sound = True
        #: Bytes of the longest cell of every part.
        self.longest: list[int] = []


class GridColumn(Sequence[str]):
    """One column of a grid."""

    def __init__(self, grid: Grid, starts: Places, ends: Places) -> None:
        self.grid, self.starts, self.ends = grid, starts, ends
        #: What was made ready.
        self.figured: _Figured | None = None
        self.keyed: _Keyed | None = None
        #: Which cells begin or end with anything but an ASCII letter or digit.
        self.edged: Flags | None = None

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self[number] for number in range(*row.indices(len(self)))]
        return _cell(self.grid.content[self.starts[row] : self.ends[row]])

    def __iter__(self) -> Iterator[str]:
        return iter(self.mapped(str))

    def blank(self) -> bool:
        """Whether every cell is empty."""
        if self.keyed is not None:
            return not any(self.keyed.longest)
        parts = (slice(0, _PROBED), slice(_PROBED, None))
        return all(bool((self.ends[part] == self.starts[part]).all()) for part in parts)

    def taken(self, rows: Places | Flags) -> GridColumn:
        """The cells of some rows only."""
        return GridColumn(self.grid, self.starts[rows], self.ends[rows])

    def _parts(self) -> Iterator[tuple[slice, Places, Places, Words]]:
        """The cells a batch at a time: where they begin and end, and the eight bytes each ends with."""
        for begin in range(0, len(self), _BATCH):
            part = slice(begin, begin + _BATCH)
            starts, ends = self.starts[part].astype(np.int64), self.ends[part].astype(np.int64)
            yield part, starts, ends, self.grid.eights[np.maximum(ends, 8) - 8]

    def _slices(self, part: slice) -> Iterator[bytes]:
        pairs = zip(self.starts[part].tolist(), self.ends[part].tolist(), strict=True)
        return (self.grid.content[start:end] for start, end in pairs)

    def many(self) -> bool:
        """Whether its first cells are mostly different words."""
        return len(self) > 2 * _PROBED and len(set(self._slices(slice(_PROBED)))) > _PROBED // 2

    def edges(self, starts: Places, ends: Places) -> Flags:
        """Which cells begin or end with anything but an ASCII letter or digit."""
        signs = self.grid.bytes
        first = _LETTERS[signs[np.minimum(starts, len(signs) - 1)]]
        edged: Flags = (ends > starts) & ~(first & _LETTERS[signs[np.maximum(ends - 1, 0)]])
        return edged

    def mapped(self, change: Callable[[str], str], edged: bool = False) -> list[str]:
        """Every cell changed, of many alike each once.

        ``edged`` spares a change that leaves cells alone which begin and end with an ASCII letter or digit.
        """
        if self.blank():
            return [change("")] * len(self)
        if (alike := self._alike()) is not None:
            numbers, firsts = alike
            distinct = np.array([change(self[first]) for first in firsts.tolist()], dtype=object)
            chosen: list[str] = distinct[numbers].tolist()
            return chosen
        found = self._texts()
        if not edged:
            return list(map(change, found))
        flags = self.edges(self.starts, self.ends) if self.edged is None else self.edged
        for place in np.flatnonzero(flags).tolist():
            found[place] = change(found[place])
        return found

    def _texts(self) -> list[str]:
        """All cells as text."""
        found: list[str] = []
        content = memoryview(self.grid.content)
        for begin in range(0, len(self), _BATCH):
            part = slice(begin, begin + _BATCH)
            starts, ends = self.starts[part], self.ends[part]
            first, after = int(starts.min()), int(ends.max())
            if after - first > _SPREAD * len(starts):
                found += map(_cell, self._slices(part))
                continue
            # Every byte as a sign of its own, so that places are those of the bytes; other scripts are mended.
            text = str(content[first:after], "latin-1")
            starts, ends = starts - first, ends - first
            cells = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
            if not text.isascii():
                cells = [cell if cell.isascii() else cell.encode("latin-1").decode("utf-8") for cell in cells]
            if '""' in text:
                cells = [cell.replace('""', '"') if '"' in cell else cell for cell in cells]
            found += cells
        return found

    def _words(self, lasts: Words, ends: Places, lengths: Places, count: int) -> Iterator[tuple[Words, Words]]:
        """The last ``count`` words of eight bytes of cells, the last first, and which of their bytes are the cell's."""
        yield lasts, _KEEP[np.minimum(lengths, 8) if count > 1 else lengths]
        for word in range(1, count):
            own = np.maximum(lengths - 8 * word, 0)
            # A word that would begin before the text has no byte of the cell.
            at = np.maximum(ends - 8 * (word + 1), 0)
            yield self.grid.eights[at], _KEEP[np.minimum(own, 8) if count > word + 1 else own]

    def _alike(self) -> tuple[Places, Places] | None:
        """The number of each cell's distinct text and the first cell of each; None where they are long or many."""
        keyed = self.keyed
        if keyed is None:
            if self.many() or len(self.grid.content) < 2 * _LONGEST:
                return None
            self.keyed = keyed = _Keyed(len(self))
            for part, starts, ends, lasts in self._parts():
                self.read_keys(part, starts, ends, lasts)
        return _numbered(keyed.one, keyed.two) if keyed.sound else None

    def read_keys(self, part: slice, starts: Places, ends: Places, lasts: Words) -> None:
        """Make the keys of some cells ready.

        Two keys that mix in other ways: texts that share both are the same but once in 2 to the 90th tables.
        """
        keyed = self.keyed
        assert keyed is not None
        lengths = ends - starts
        longest = int(lengths.max())
        keyed.longest.append(longest)
        if longest > _WORD_BYTES or int(ends.min()) < longest + 8:
            keyed.sound = False
        if not keyed.sound:
            return
        word = lasts & _KEEP[np.minimum(lengths, 8)]
        one, two = _mixed(lengths.astype(np.uint64), lengths.astype(np.uint64), word)
        for before in range(8, longest, 8):
            # Of most columns only few cells are long.
            there = np.flatnonzero(lengths > before)
            word = self.grid.eights[ends[there] - (before + 8)] & _KEEP[np.minimum(lengths[there] - before, 8)]
            one[there], two[there] = _mixed(one[there], two[there], word)
        keyed.one[part], keyed.two[part] = one, two

    def figures(self) -> Figures:
        """The column as plain numbers.

        Digits, one point or comma and a leading minus sign make a plain number; spaces around it do not matter. Its
        digits as a whole number, divided by a power of ten, are the same bits as :func:`float` gives, both being exact
        and the quotient rounded once.
        """
        figured, self.figured = self.figured, None  # whoever gets figures may change them
        if figured is None:
            if len(self.grid.content) < 2 * _LONGEST:
                return Figures(np.full(len(self), np.nan), self.ends > self.starts, "", False, False)
            figured = self.figured = _Figured(len(self))
            for part, starts, ends, lasts in self._parts():
                self.read_figures(part, starts, ends, lasts)
            self.figured = None
        return figured.figures()

    def read_figures(
        self, part: slice, starts: Places, ends: Places, lasts: Words, known: _Known | None = None
    ) -> None:
        """Make the figures of some cells ready; ``known`` are those that came before, and takes new ones."""
        figured = self.figured
        assert figured is not None
        values, odd = figured.values[part], figured.odd[part]
        lengths = ends - starts
        if known is None or not known.useful or int(lengths.max()) > 8 or int(ends[0]) < 8:
            values[:], odd[:] = self._closer(starts, ends, lasts)
            return
        words = lasts & _KEEP[lengths]
        places = known.places(words)
        begin = 0
        for after in (len(words),) if known.warm else (_WARMED, len(words)):
            cells = slice(begin, after)
            own, of = words[cells], places[cells]
            values[cells] = known.values[of]
            left = np.flatnonzero(known.words[of] != own)
            known.useful = not known.warm or 2 * len(left) < len(own)
            if len(left):
                figures, others = self._closer(starts[cells][left], ends[cells][left], lasts[cells][left])
                values[cells][left], odd[cells][left] = figures, others
                told = left[~others]
                known.words[of[told]], known.values[of[told]] = own[told], figures[~others]
            known.warm, begin = True, after

    def _closer(self, starts: Places, ends: Places, lasts: Words) -> tuple[NDArray[np.float64], Flags]:
        """Figures of cells, and which are no plain numbers; what marks they have is noted."""
        figured = self.figured
        assert figured is not None
        values, sound, proven, marks = self._read(lasts, starts, ends)
        odd: Flags = ~sound & (ends > starts)
        left = np.flatnonzero(odd)
        if len(left):
            starts, ends = self._trimmed(starts[left], ends[left])
            negative = (ends - starts > 1) & (self.grid.bytes[np.minimum(starts, ends - 1)] == _MINUS)
            lasts = self.grid.eights[np.maximum(ends, 8) - 8]
            figures, sound, sure, found = self._read(lasts, starts + negative, ends)
            marks, proven = marks | found, proven or sure
            np.negative(figures, out=figures, where=negative & sound)
            values[left] = figures
            odd[left] = ~sound & (ends > starts)
        figured.marks |= marks
        if proven:
            figured.proven = True
        return values, odd

    def _read(self, lasts: Words, starts: Places, ends: Places) -> tuple[NDArray[np.float64], Flags, bool, set[str]]:
        """Figures of cells (NaN for what is none), which are plain numbers, whether one proves its mark, the marks."""
        lengths = ends - starts
        longest = int(lengths.max())
        if not longest:
            return np.full(len(lengths), np.nan), np.zeros(len(lengths), bool), False, set()
        words = 1 if longest <= 8 else 2
        if longest > _LONGEST or int(ends[0]) < 8 * words:
            readable = (lengths <= _LONGEST) & (ends >= 8 * words)
            lengths, ends = np.where(readable, lengths, 0), np.where(readable, ends, _LONGEST)
        return _plain(self._words(lasts, ends, lengths, words), lengths)

    def _trimmed(self, starts: Places, ends: Places) -> tuple[Places, Places]:
        """Cells without the spaces around them."""
        signs = self.grid.bytes
        while (padded := (ends > starts) & (signs[np.maximum(ends - 1, 0)] == _SPACE)).any():
            ends = ends - padded
        while (padded := (ends > starts) & (signs[np.minimum(starts, len(signs) - 1)] == _SPACE)).any():
            starts = starts + padded
        return starts, ends


def _plain(words: Iterable[tuple[Words, Words]], lengths: Places) -> tuple[NDArray[np.float64], Flags, bool, set[str]]:
    """Figures of cells as words of eight bytes, which are plain numbers, whether one proves its mark, their marks.

    Eight digits become a number in three multiplications (D. Lemire, "Quickly parsing eight digits", 2018); the mark is
    found by its bits and taken out before.
    """
    zero, eight = np.uint64(0), np.uint64(8)
    digits = [(word ^ _ZEROS) & kept for word, kept in words]
    others = [(((word & _LOW7) + _TEST) | word) & _HIGH for word in digits]
    sound = (lengths > 0) & (lengths <= _EXACT_DIGITS)
    marks: set[str] = set()
    proven = False
    if not any(part.any() for part in others):
        values = _whole(digits).astype(np.float64)
    else:
        point = [_bytes_of(word, _POINT) for word in digits]
        cut = point
        if any((part != flags).any() for part, flags in zip(others, point, strict=True)):
            cut = [flags | _bytes_of(word, _COMMA) for flags, word in zip(point, digits, strict=True)]
        count = np.bitwise_count(cut[0])
        for flags in cut[1:]:
            count += np.bitwise_count(flags)
        figures = lengths - count
        sound = (count <= 1) & (figures > 0) & (figures <= _EXACT_DIGITS)
        for part, flags in zip(others, cut, strict=True):
            sound &= part == flags
        # The bytes before the mark move up one place, over it; the byte they free is filled from the word before.
        low, high = cut[0], cut[-1]
        in_low = low != zero
        decimals = np.where(in_low, 7 - _place(low), 0)
        if len(digits) > 1:
            in_high = high != zero
            decimals = np.where(in_high, 15 - _place(high), decimals)
            carried = digits[1] >> np.uint64(56)
            digits[0] = np.where(in_low, _closed(digits[0], low) | carried, digits[0])
            digits[1] = np.where(in_high, _closed(digits[1], high), np.where(in_low, digits[1] << eight, digits[1]))
        else:
            digits[0] = np.where(in_low, _closed(digits[0], low), digits[0])
        values = _whole(digits) / _TENS[decimals]
        marked = sound & (count > 0)
        if marked.any():
            pointed = np.zeros(len(lengths), bool)
            for flags in point:
                pointed |= flags != zero
            marks = {sign for sign, of in ((".", pointed), (",", ~pointed)) if (marked & of).any()}
            # A mark followed by other than three digits, or with four digits or a mere 0 before, parts no thousands.
            sure = marked & (decimals > 0) & ((decimals != 3) | (figures - decimals > 3) | (values < 1))
            proven = bool(sure.any())
    if not sound.all():
        values[~sound] = np.nan
    return values, sound, proven, marks


def _mixed(one: Words, two: Words, word: Words) -> tuple[Words, Words]:
    """Two keys with another word in them."""
    one = (one ^ word) * _MIX_ONE
    one ^= one >> np.uint64(29)
    two = (two + word) * _MIX_TWO
    two ^= two >> np.uint64(32)
    return one, two


def _numbered(one: Words, two: Words) -> tuple[Places, Places] | None:
    """The number of each pair of keys among the different ones, and the first place of each; None where many."""
    most = max(len(one) // 32, 64)
    slots = (one >> np.uint64(64 - _SLOT_BITS)).astype(np.intp)
    firsts = np.full(1 << _SLOT_BITS, -1)
    firsts[slots[::-1]] = np.arange(len(one))[::-1]
    used = np.flatnonzero(firsts >= 0)
    if len(used) > most:
        return None
    if (one[firsts[slots]] == one).all():
        numbers_of = np.empty(1 << _SLOT_BITS, np.intp)
        numbers_of[used] = np.arange(len(used))
        numbers, firsts = numbers_of[slots], firsts[used]
    else:
        distinct = np.sort(one)
        distinct = distinct[np.append(True, distinct[1:] != distinct[:-1])]
        if len(distinct) > most:
            return None
        numbers = np.searchsorted(distinct, one)
        firsts = np.empty(len(distinct), np.intp)
        firsts[numbers[::-1]] = np.arange(len(one))[::-1]
    return None if (two[firsts][numbers] != two).any() else (numbers, firsts)


def _closed(word: Words, mark: Words) -> Words:
    """A word without the byte whose top bit is the mark: those before it move up."""
    below = (mark >> np.uint64(7)) - np.uint64(1)
    above = ~below & ~(mark | (mark - (mark >> np.uint64(7))))
    return ((word & below) << np.uint64(8)) | (word & above)


def _whole(digits: list[Words]) -> Words:
    """Up to sixteen digits as a number, the last eight first."""
    whole = _eight_digits(digits[0])
    return whole if len(digits) == 1 else whole + _eight_digits(digits[1]) * np.uint64(10**8)


def _bytes_of(word: Words, sign: np.uint64) -> Words:
    """The top bit of every byte that is ``sign``."""
    other = word ^ sign
    return ~(((other & _LOW7) + _LOW7) | other | _LOW7)


def _place(flag: Words) -> NDArray[np.int8]:
    """Which byte a single top bit stands in, from 0; 8 for none."""
    found: NDArray[np.int8] = (np.bitwise_count(flag - np.uint64(1)) >> np.uint8(3)).astype(np.int8)
    return found


def _eight_digits(word: Words) -> Words:
    word = word * np.uint64(10) + (word >> np.uint64(8))
    mask = np.uint64(0x000000FF000000FF)
    high = (word & mask) * np.uint64(0x000F424000000064)
    low = ((word >> np.uint64(16)) & mask) * np.uint64(0x0000271000000001)
    return (high + low) >> np.uint64(32)
