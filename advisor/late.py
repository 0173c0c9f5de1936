"""Late: arrays over long tables, worked out row by row where they are asked for, and whole only where need be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Tables longer than this are worked out late: below, the whole of an array costs less than keeping books.
LONG = 5_000
#: Single rows kept at most.
KEPT = 2_000


class Late(NDArrayOperatorsMixin):
    """A read-only array whose rows come from a function; in every other way it is the array it stands for.

    Args:
        shape: of the whole.
        rows: the part for some rows, given as an array of row numbers or as ``slice(None)`` for all. A row must come
            out the same to the bit whatever rows are asked for beside it.
    """

    def __init__(self, shape: tuple[int, ...], rows: Callable[[Any], Floats]) -> None:
        self.shape = shape
        self._rows = rows
        self._whole: Floats | None = None
        self._single: dict[int, Any] = {}

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        whole = self.whole()
        return whole if dtype is None else whole.astype(dtype, copy=bool(copy))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [item.whole() if isinstance(item, Late) else item for item in inputs]
        return getattr(ufunc, method)(*plain, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.whole(), name)

    def whole(self) -> Floats:
        """The whole array, kept from then on."""
        if self._whole is None:
            found = self._all()
            found.setflags(write=False)
            self._whole = found
            self._single.clear()
        return self._whole

    def _all(self) -> Floats:
        return self._rows(slice(None))

    def __getitem__(self, key: Any) -> Any:
        if self._whole is not None:
            return self._whole[key]
        first, rest = (key[0], key[1:]) if isinstance(key, tuple) else (key, ())
        if isinstance(first, int | np.integer):
            row = self._row(int(first))
            return row[rest] if rest else row
        few = isinstance(first, np.ndarray) and first.ndim == 1 and first.dtype != np.bool_
        if (
            few
            and 4 * len(first) < self.shape[0]
            and (not rest or (len(rest) == 1 and isinstance(rest[0], int | slice)))
        ):
            part = self._rows(first)
            return part[:, rest[0]] if rest else part
        return self.whole()[key]

    def _row(self, row: int) -> Any:
        found = self._single.get(row)
        if found is None:
            found = self._rows(np.array([row], dtype=np.intp))[0]
            if len(self._single) >= KEPT:
                self._single.clear()
            self._single[row] = found
        return found


class Columns(Late):
    """A matrix kept column by column, so that an edit makes anew only the columns it moves.

    Args:
        columns: one array of figures each, never changed afterwards.
    """

    def __init__(self, columns: Sequence[Floats]) -> None:
        super().__init__((len(columns[0]), len(columns)), self._gathered)
        self.columns = tuple(columns)

    def _gathered(self, rows: Any) -> Floats:
        found = np.empty((len(rows), len(self.columns)), order="F")
        for number, column in enumerate(self.columns):
            found[:, number] = column[rows]
        return found

    def _all(self) -> Floats:
        found = np.empty(self.shape, order="F")
        for number, column in enumerate(self.columns):
            found[:, number] = column
        return found

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple) and len(key) == 2 and isinstance(key[1], int | np.integer):
            return self.columns[int(key[1])][key[0]]
        return super().__getitem__(key)


def columns_of(matrix: Floats) -> Sequence[Floats]:
    """The columns of a matrix, without making it whole where it is kept by columns."""
    if isinstance(matrix, Columns):
        return matrix.columns
    return [matrix[:, number] for number in range(matrix.shape[1])]
