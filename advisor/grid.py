"""Grid: long plain CSV held as bytes, cut into cells by array arithmetic; figures read a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

#: A number of up to this many digits, divided by a power of ten, is rounded as :func:`float` rounds it.
_EXACT_DIGITS = 15
_LONGEST = 18

_QUOTE, _NEWLINE = 34, 10


class Grid(Sequence[list[str]]):
    """The rows of a delimited text whose every row has the same number of cells; cells are made when asked for."""

    def __init__(self, content: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        self.content = content
        self.bytes = np.frombuffer(content, np.uint8)
        self.starts, self.ends = starts, ends

    @classmethod
    def of(cls, content: bytes, delimiter: str) -> Grid | None:
        """The grid of UTF-8 text without byte order mark; None where a cell or row needs a closer look.

        That is a quote inside a cell, a lone carriage return, or a row of another width.
        """
        content = content.replace(b"\r\n", b"\n")
        if b"\r" in content or not content:
            return None
        if not content.endswith(b"\n"):
            content += b"\n"
        signs = np.frombuffer(content, np.uint8)
        cuts = (signs == ord(delimiter)) | (signs == _NEWLINE)
        quotes = np.flatnonzero(signs == _QUOTE)
        if len(quotes):
            inside = np.bitwise_xor.accumulate((signs == _QUOTE).view(np.uint8))
            if inside[-1]:
                return None
            cuts &= inside == 0
        ends = np.flatnonzero(cuts)
        rows = np.flatnonzero(signs[ends] == _NEWLINE)
        width = int(rows[0]) + 1
        if len(ends) != width * len(rows) or (np.diff(rows) != width).any():
            return None
        starts = np.concatenate([[0], ends[:-1] + 1])
        if len(quotes):
            quoted = np.flatnonzero(signs[starts] == _QUOTE)
            if not _sound(signs, quotes, starts, ends, quoted):
                return None
            starts[quoted] += 1
            ends[quoted] -= 1
        shape = (len(rows), width)
        return cls(content, starts.reshape(shape), ends.reshape(shape))

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, row: int) -> list[str]: ...
    @overload
    def __getitem__(self, row: slice) -> list[list[str]]: ...
    def __getitem__(self, row: int | slice) -> list[str] | list[list[str]]:
        if isinstance(row, slice):
            return [self[number] for number in range(*row.indices(len(self)))]
        pairs = zip(self.starts[row].tolist(), self.ends[row].tolist(), strict=True)
        return [_cell(self.content[start:end]) for start, end in pairs]

    def __iter__(self) -> Iterator[list[str]]:
        return (self[number] for number in range(len(self)))

    @property
    def width(self) -> int:
        """Cells in every row."""
        return int(self.starts.shape[1])

    def named(self, first: int) -> bool:
        """Whether every row from ``first`` on begins with a cell that says something."""
        starts, ends = self.starts[first:, 0], self.ends[first:, 0]
        return bool(((ends > starts) & (self.bytes[starts] > 32)).all())

    def column(self, place: int, first: int) -> GridColumn:
        """The cells of a column from row ``first`` on."""
        return GridColumn(self, np.ascontiguousarray(self.starts[first:, place]), self.ends[first:, place].copy())


def _sound(
    signs: NDArray[np.uint8],
    quotes: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    quoted: NDArray[np.int64],
) -> bool:
    """Whether every quoted cell opens and closes with a quote, and all other quotes stand doubled inside one."""
    if (ends[quoted] - starts[quoted] < 2).any() or (signs[ends[quoted] - 1] != _QUOTE).any():
        return False
    inner = np.setdiff1d(quotes, np.concatenate([starts[quoted], ends[quoted] - 1]), assume_unique=True)
    if len(inner) % 2 or (inner[1::2] - inner[0::2] != 1).any():
        return False
    return bool((signs[starts[np.searchsorted(ends, inner)]] == _QUOTE).all())


def _cell(raw: bytes) -> str:
    return raw.decode("utf-8").replace('""', '"')


class GridColumn(Sequence[str]):
    """One column of a grid."""

    def __init__(self, grid: Grid, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        self.grid, self.starts, self.ends = grid, starts, ends

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

    def mapped(self, change: Callable[[str], str]) -> list[str]:
        """Every cell changed; each distinct one is changed once."""
        content = self.grid.content
        cells = [content[start:end] for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]
        # Most columns of words hold few different ones.
        known = {cell: change(_cell(cell)) for cell in set(cells)}
        return [known[cell] for cell in cells]

    def figures(self) -> tuple[NDArray[np.float64], bool] | None:
        """The column as plain numbers (NaN where blank) and whether any has a point; None if any cell is not one.

        Digits, one point and a leading minus sign make a plain number. Its digits as a whole number, divided by a power
        of ten, are the same bits as :func:`float` gives, both being exact and the quotient rounded once.
        """
        lengths = self.ends - self.starts
        longest = int(lengths.max()) if len(lengths) else 0
        if longest > _LONGEST:
            return None
        signs, count = self.grid.bytes, len(lengths)
        whole, digits, decimals = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.int64)
        pointed, negative = np.zeros(count, bool), np.zeros(count, bool)
        for step in range(longest):
            there = step < lengths
            sign = signs[np.where(there, self.starts + step, 0)]
            digit = there & (sign >= 48) & (sign <= 57)
            point = there & (sign == 46)
            minus = there & (sign == 45) if step == 0 else np.zeros(count, bool)
            if (there & ~(digit | point | minus)).any() or (pointed & point).any():
                return None
            whole = np.where(digit, whole * 10 + (sign.astype(np.int64) - 48), whole)
            digits += digit
            decimals += digit & pointed
            pointed |= point
            negative |= minus
        if (digits > _EXACT_DIGITS).any() or ((digits == 0) & (lengths > 0)).any():
            return None
        values = whole / 10.0**decimals
        values[negative] *= -1
        values[lengths == 0] = np.nan
        return values, bool(pointed.any())
