"""Dominance: which materials another one equals or beats in all sixteen values and beats in one, and who that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    """Looks up who dominates a material.

    A missing figure must not settle it: the material asked about takes its gaps at their better end, the others theirs
    at the worse. Whoever reaches at least as far in everything scores at least as much, so only those that stand
    before a material, or level with it, are held against it, and of them the first ``MOST_HEADS``.
    """

    def __init__(self, values: Values, ranking: Ranking) -> None:
        self._values, self._ranking = values, ranking
        self._places = [CRITERIA.index(member.criterion) for member in values.members]
        #: What the best placed are worth with their gaps at the worse end, as many as were asked for so far.
        self._worth: Floats = np.empty((0, len(CRITERIA)))

    def _heads(self, count: int) -> Floats:
        if len(self._worth) < count:
            rows = self._ranking.order[: max(count, min(2 * count, MOST_HEADS, self._ranking.passing))]
            worth: Floats = np.array(self._values.typical[rows])
            gaps = self._values.gaps[rows]
            for number in np.flatnonzero(gaps.any(axis=0)).tolist():
                at, place = gaps[:, number], self._places[number]
                worth[at, place] = self._values.low[rows[at], place]
            self._worth = worth
        return self._worth[:count]

    def of(self, row: int) -> Dominated | None:
        """Who dominates a material that passes; None for one nobody does, and for one that is screened out."""
        ranking = self._ranking
        if not ranking.ranks[row]:
            return None
        before = ranking.passing
        if ranking.method == "additive":
            before = int(ranking.ranks[row]) - 1 + len(ranking.level_with(row))
        worth = self._heads(min(before, MOST_HEADS))
        mine: Floats = np.array(self._values.typical[row])
        for number in np.flatnonzero(self._values.gaps[row]).tolist():
            place = self._places[number]
            mine[place] = self._values.high[row, place]
        ahead = np.logical_and((worth >= mine - TIE).all(axis=1), (worth > mine + TIE).any(axis=1))
        at = int(np.argmax(ahead))
        if not ahead[at]:
            return None
        return Dominated(int(ranking.order[at]), int((worth[at] > mine + TIE).sum()))
