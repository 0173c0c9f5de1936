"""Moves: what changed between two answers: demands, values and places, and which criterion moved each material."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

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
    """

    material: str
    name: str
    before: int
    after: int
    score: float
    parts: dict[str, float]
    values: dict[str, tuple[float, float]]

    def main(self) -> str:
        """The criterion that moved its score most, in the direction of the whole."""
        sign = 1 if self.score >= 0 else -1
        return max(CRITERIA, key=lambda criterion: sign * self.parts[criterion])

    def sentence(self) -> Sentence:
        """The move in words: "Nylon 420D: place 3 to 1; Water +0.041"."""
        criterion = self.main()
        values: dict[str, object] = {
            "name": self.name,
            "before": Num(self.before),
            "after": Num(self.after),
            "score": Num(self.score, 3, signed=True),
            "criterion": Sentence(f"criterion-{criterion}"),
            "part": Num(self.parts[criterion], 3, signed=True),
        }
        code = "move-out" if not self.after else "move-in" if not self.before else "move"
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
    rows = index.items() if among is None else [(key, index[key]) for key in among if key in index]
    for material, row in rows:
        old = before.table.index.get(material)
        if old is None:
            continue
        was, now = int(before.ranking.ranks[old]), int(after.ranking.ranks[row])
        if was == now:
            continue
        parts = after.ranking.contributions[row] - before.ranking.contributions[old]
        worth = zip(CRITERIA, before.values.typical[old].tolist(), after.values.typical[row].tolist(), strict=True)
        found.append(
            PlaceMove(
                material,
                after.table.names[row],
                was,
                now,
                float(np.sum(parts)),
                dict(zip(CRITERIA, parts.tolist(), strict=True)),
                {criterion: (left, right) for criterion, left, right in worth if left != right},
            )
        )
    last = len(after.table) + len(before.table)
    return tuple(sorted(found, key=lambda move: (min(move.before or last, move.after or last), move.after or last)))
