"""Dominance: which materials another one equals or beats in all sixteen values and beats in one, and who that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.materials import Floats
from advisor.properties import CRITERIA
from advisor.ranking import TIE, Ranking
from advisor.values import Values

#: How many of the best placed materials the others are held against. Over longer tables nobody further down is named.
MOST_HEADS = 5_000


@dataclass(frozen=True, slots=True)
class Dominated:
    """Who leaves a material behind: the best placed one that does (``by``, a table row), and in how many criteria."""

    by: int
    worse_in: int


class Dominance:
    """Looks up who dominates a material; what is the same for all is worked out once.

    A missing figure must not settle it: the material asked about takes its gaps at their better end, the others theirs
    at the worse. Cost of a question: one comparison with at most ``MOST_HEADS`` × 16 values.
    """

    def __init__(self, values: Values, ranking: Ranking) -> None:
        self._values, self._ranking = values, ranking
        self._heads: NDArray[np.intp] = ranking.passing_rows()[:MOST_HEADS]
        self._places = [CRITERIA.index(member.criterion) for member in values.members]
        self._worth = values.typical[self._heads]
        gaps = values.gaps[self._heads]
        for number in np.flatnonzero(gaps.any(axis=0)).tolist():
            at, place = gaps[:, number], self._places[number]
            self._worth[at, place] = values.low[self._heads[at], place]

    def of(self, row: int) -> Dominated | None:
        """Who dominates a material that passes; None for one nobody does, and for one that is screened out."""
        if not self._ranking.ranks[row] or not len(self._heads):
            return None
        mine: Floats = self._values.typical[row].copy()
        for number in np.flatnonzero(self._values.gaps[row]).tolist():
            place = self._places[number]
            mine[place] = self._values.high[row, place]
        ahead = (self._worth >= mine - TIE).all(axis=1) & (self._worth > mine + TIE).any(axis=1)
        at = int(np.argmax(ahead))
        if not ahead[at]:
            return None
        return Dominated(int(self._heads[at]), int((self._worth[at] > mine + TIE).sum()))
