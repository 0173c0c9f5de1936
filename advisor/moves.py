"""Moves: what changed between two answers: demands, values and places, and which criterion moved each material."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer
from advisor.demands import Demand
from advisor.properties import CRITERIA, properties
from advisor.sentences import Num, Sentence


@dataclass(frozen=True)
class DemandMove:
    """A demand asked at another level; None where it is not asked or not known there."""

    property: str
    before: float | None
    after: float | None
    because: Sentence


@dataclass(frozen=True)
class PlaceMove:
    """A material at another place.

    Attributes:
        material: its id; ``name`` as printed.
        before, after: places, 0 for screened out.
        score: what its score rose by (negative: fell).
        parts: criterion -> what its contribution rose by; they sum to ``score``.
        values: criterion -> value before and after, where it moved.
        others: where the score went against the place (it rose and yet stands lower, or fell and yet stands higher),
            criterion -> mean of what the contributions of those rose by that it passed or that passed it; else empty.
    """

    material: str
    name: str
    before: int
    after: int
    score: float
    parts: dict[str, float]
    values: dict[str, tuple[float, float]]
    others: dict[str, float] = field(default_factory=dict)

    @property
    def higher(self) -> bool:
        """Whether it stands higher now, or passes now."""
        return self.after != 0 and (self.before == 0 or self.after < self.before)

    def main(self) -> str:
        """The criterion that moved it most: its score in the direction of the whole, or, against that, the others'."""
        if self.others:
            sign = 1 if self.higher else -1
            return max(CRITERIA, key=lambda criterion: sign * (self.parts[criterion] - self.others[criterion]))
        sign = 1 if self.score >= 0 else -1
        return max(CRITERIA, key=lambda criterion: sign * self.parts[criterion])

    def sentence(self, before: str = "", after: str = "") -> Sentence:
        """The move in words: "Nylon 420D: place 3 to 1 (+0.052), most by Water +0.041".

        Args:
            before, after: places as they are labelled elsewhere ("1=" for one that is level); else their numbers.
        """
        criterion = self.main()
        values: dict[str, object] = {
            "name": self.name,
            "before": before or Num(self.before),
            "after": after or Num(self.after),
            "score": Num(self.score, 3, signed=True),
            "criterion": Sentence(f"criterion-{criterion}"),
            "part": Num(self.parts[criterion], 3, signed=True),
        }
        code = "move-out" if not self.after else "move-in" if not self.before else "move"
        if self.others and code == "move":
            # Its own score does not tell why: those it changed places with moved further.
            code = "move-past" if self.higher else "move-behind"
            values["others"] = Num(sum(self.others.values()), 3, signed=True)
            values["part"] = Num(self.parts[criterion] - self.others[criterion], 3, signed=True)
        return Sentence(code, values)


def demand_moves(before: Sequence[Demand], after: Sequence[Demand]) -> tuple[DemandMove, ...]:
    """Demands whose level differs by more than rounding, in property order, with the later one's reason."""
    old = {demand.property: demand for demand in before if demand.asked}
    new = {demand.property: demand for demand in after if demand.asked}
    found = []
    for key in properties():
        if key not in old and key not in new:
            continue
        left, right = old.get(key), new.get(key)
        was, now = left.level if left else None, right.level if right else None
        if was is not None and now is not None and abs(was - now) <= 1e-9 * max(1.0, abs(was)):
            continue
        reason = right or left
        assert reason is not None
        found.append(DemandMove(key, was, now, reason.because))
    return tuple(found)


def place_moves(before: Answer, after: Answer, among: Iterable[str] | None = None) -> tuple[PlaceMove, ...]:
    """Every material that stands in both tables and at another place, those nearest the top first.

    ``among`` are the ids looked at, all where it is not given.
    """
    found = []
    index = after.table.index
    rows = list(index.items()) if among is None else [(key, index[key]) for key in among if key in index]
    pairs = _pairs(before, after, [row for _, row in rows])
    for material, row in rows:
        old = before.table.index.get(material)
        if old is None:
            continue
        was, now = int(before.ranking.ranks[old]), int(after.ranking.ranks[row])
        if was == now:
            continue
        parts = after.ranking.contributions[row] - before.ranking.contributions[old]
        rose = float(np.sum(parts))
        against = was and now and rose and (now < was) != (rose > 0)
        worth = zip(CRITERIA, before.values.typical[old].tolist(), after.values.typical[row].tolist(), strict=True)
        found.append(
            PlaceMove(
                material,
                after.table.names[row],
                was,
                now,
                rose,
                dict(zip(CRITERIA, parts.tolist(), strict=True)),
                {criterion: (left, right) for criterion, left, right in worth if left != right},
                _passed(before, after, pairs, (old, row)) if against else {},
            )
        )
    last = len(after.table) + len(before.table)
    return tuple(sorted(found, key=lambda move: (min(move.before or last, move.after or last), move.after or last)))


def _pairs(before: Answer, after: Answer, rows: Sequence[int]) -> NDArray[np.intp]:
    """(row before, row after) of those among the rows that pass in both answers, n × 2."""
    known = before.table.index
    found = [
        (old, row)
        for row in rows
        if after.ranking.ranks[row]
        and (old := known.get(after.table.ids[row])) is not None
        and before.ranking.ranks[old]
    ]
    return np.array(found, dtype=np.intp).reshape(-1, 2)


def _passed(before: Answer, after: Answer, pairs: NDArray[np.intp], own: tuple[int, int]) -> dict[str, float]:
    """Mean of what the contributions of those rose by that a material passed, or that passed it; {} for none.

    Looked for among ``pairs``: of a chart those it shows, which are the ones a reader compares.
    """
    old, new = pairs.T
    then = before.ranking.ranks[old] - before.ranking.ranks[own[0]]
    now = after.ranking.ranks[new] - after.ranking.ranks[own[1]]
    higher = after.ranking.ranks[own[1]] < before.ranking.ranks[own[0]]
    crossed = (then < 0) & (now > 0) if higher else (then > 0) & (now < 0)
    if not crossed.any():
        return {}
    rose = after.ranking.contributions[new[crossed]] - before.ranking.contributions[old[crossed]]
    return dict(zip(CRITERIA, rose.mean(axis=0).tolist(), strict=True))
