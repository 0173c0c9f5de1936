"""Answer: the whole way from (table, brief) to a ranking, each step cached on its inputs."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from advisor.brief import Brief, CertaintySettings
from advisor.certainty import Acceptability, Certainty, PossiblePlaces, acceptability, certainty, possible_places
from advisor.climate import Conditions
from advisor.demands import Demand, demands, scenes
from advisor.dominance import Dominance, Dominated
from advisor.layers import Terms, terms
from advisor.materials import Table, bundled
from advisor.properties import CRITERIA
from advisor.ranking import (
    Miss,
    Ranking,
    Relaxed,
    WeakestOrder,
    lowest_values,
    met_counts,
    misses,
    rank,
    relaxed,
    weakest_order,
    weakest_values,
    worst_miss,
)
from advisor.values import Member, Screen, Values, members, screen, values_by_place


@dataclass(frozen=True, eq=False)
class Answer:
    """Everything a view may show for one brief and one table; frozen, compared by identity.

    Rows are table rows: ``answer.table.ids[row]``, ``answer.ranking.scores[row]``.
    """

    brief: Brief
    table: Table
    terms: Terms
    demands: tuple[Demand, ...]
    values: Values
    screen: Screen
    ranking: Ranking

    @cached_property
    def asked(self) -> tuple[Demand, ...]:
        """Demands materials are measured against."""
        return tuple(demand for demand in self.demands if demand.asked)

    @cached_property
    def met(self) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Demands met, by table row."""
        return met_counts(self.table, self.demands)[0]

    @cached_property
    def asked_count(self) -> int:
        """How many demands are asked."""
        return len(self.asked)

    @cached_property
    def meeting_all(self) -> int:
        """How many materials pass every limit and meet every demand."""
        return int(np.sum(self.screen.passes & (self.met == self.asked_count)))

    @cached_property
    def measured(self) -> Values:
        """The values with the curves of the demands printed, also where the score is of several places' own demands."""
        if not self.values.places:
            return self.values
        return replace(self.values, members=members(self.brief, self.terms, self.demands))

    def misses(self, row: int) -> tuple[tuple[Demand, Miss | None], ...]:
        """Every demand with the material's miss, or None where it is met."""
        return misses(self.table, self.measured, self.demands, row)

    def worst_miss(self, row: int) -> Miss | None:
        """The material's worst miss, or None when it meets every demand."""
        return worst_miss(self.table, self.measured, self.demands, row)

    def relaxed(self, row: int) -> Relaxed | None:
        """What would let in a material that fails one limit; None with several, or where a figure is missing."""
        return relaxed(self.screen, self.ranking, row)

    @cached_property
    def least_missing(self) -> int | None:
        """Row of the passing material that misses least: most demands met, then best worst value, then best place."""
        rows = self.ranking.passing_rows()
        if not len(rows):
            return None
        met = self.met[rows]
        rows = rows[met == met.max()]
        # Rows stand in the order of their places: of several equally good ones argmax takes the best placed.
        return int(rows[np.argmax(lowest_values(self.table, self.measured, self.demands, rows))])

    @cached_property
    def by_weakest(self) -> WeakestOrder:
        """The materials by their weakest demand; the ranking itself stays by score."""
        lowest = weakest_values(self.table, self.measured, self.demands, self.brief.gaps)
        return weakest_order(self.table, self.ranking, lowest)

    @cached_property
    def _dominance(self) -> Dominance:
        return Dominance(self.values, self.ranking)

    def dominated(self, row: int) -> Dominated | None:
        """Who equals or beats a material in every criterion and beats it in one; None where nobody that passes does."""
        return self._dominance.of(row)

    def conditions(self) -> tuple[Conditions, ...]:
        """The climate behind the demands, one entry a place."""
        return scenes(self.brief)

    def gap_properties(self, row: int) -> tuple[str, ...]:
        """Properties that count under this brief and are missing for the material."""
        gaps = self.values.gaps[row]
        return tuple(member.property for member, gap in zip(self.values.members, gaps, strict=True) if gap)

    def certainty(self, stop: Callable[[], bool] = lambda: False) -> Certainty:
        """Win shares by the brief's settings. Takes long enough to belong off a UI thread; ``stop`` ends it early."""
        return certainty(self.table, self.values, self.ranking, self._priorities(), self.brief.certainty, stop)

    def acceptability(self, stop: Callable[[], bool] = lambda: False) -> Acceptability:
        """Rank acceptability, central weights and confidence factors from the same draws; slower than the shares."""
        return acceptability(self.table, self.values, self.ranking, self._priorities(), self.brief.certainty, stop)

    @cached_property
    def footings(self) -> dict[int, dict[str, float]]:
        """What :func:`advisor.grades.footing` has found so far, by table row."""
        return {}

    @cached_property
    def possible_places(self) -> PossiblePlaces:
        """The best and the worst place missing figures leave open."""
        held = self.values
        places = tuple((share, _Frozen.of(own)) for share, own in held.places)
        # Of these two, one is as a rule what the brief orders by, and is there already.
        cautious, hopeful = (
            _values(self.table, _Frozen.of(held.members), places, end) for end in ("cautious", "hopeful")
        )
        return possible_places(cautious, hopeful, self.ranking)

    def _priorities(self) -> tuple[float, ...]:
        return tuple(self.terms.priorities[key] for key in CRITERIA)


def reference_abrasion(material: str) -> float | None:
    """D3884 cycles of a product's reference cloth; from the shipped table, so that no user's table moves a demand."""
    table = bundled()
    row = table.index.get(material)
    if row is None:
        return None
    figure = float(table.typical[row, table.column("abrasion_cycles")])
    return None if np.isnan(figure) else figure


# Few: an answer over 185,000 materials takes 70 MB, and the values of each property are kept besides.
@lru_cache(maxsize=8)
def _values(
    table: Table, counted: tuple[Member, ...], places: tuple[tuple[float, tuple[Member, ...]], ...], gaps: str
) -> Values:
    return values_by_place(table, counted, places, gaps)


@lru_cache(maxsize=32)
def _screen(table: Table, limits: tuple[Hashable, ...]) -> Screen:
    return screen(table, limits)  # type: ignore[arg-type]


def solve(table: Table, brief: Brief) -> Answer:
    """The answer to a brief over a table. Pure: the same two give the same answer, bit for bit on one machine."""
    settled = terms(brief)
    levels, worth = _asked(table, brief, settled)
    screened = _screen(table, settled.limits)
    weights = settled.weights()
    ranking = rank(table, worth, screened, [weights[key] for key in CRITERIA], brief.method)
    return Answer(brief, table, settled, levels, worth, screened, ranking)


_ANY = CertaintySettings()
#: What was asked last, and of which table: a priority moves no demand, and priorities move most.
_last_asked: tuple[tuple[object, ...], Table, tuple[Demand, ...], Values] | None = None


def _asked(table: Table, brief: Brief, settled: Terms) -> tuple[tuple[Demand, ...], Values]:
    """The demands of a brief and what they make of the materials' figures; the very same where only weights moved."""
    global _last_asked
    # Everything in a brief but what only weighs, names or screens.
    bare = replace(brief, title="", priorities={}, locks=(), limits=(), method="additive", certainty=_ANY, order={})
    key = (bare, settled.product, settled.panel, settled.layers, scenes(brief))
    held = _last_asked
    if held is not None and held[1] is table and held[0] == key:
        return held[2], held[3]
    levels = demands(brief, settled, reference_abrasion(settled.product.reference_cloth))
    counted = members(brief, settled, levels)
    # The cache knows members by what they measure; the sentences of this brief go with the answer.
    worth = _values(table, _Frozen.of(counted), _by_share(brief, settled), brief.gaps)
    named = tuple(replace(own, curve=held.curve) for own, held in zip(counted, worth.members, strict=True))
    worth = replace(worth, members=named)
    _last_asked = (key, table, levels, worth)
    return levels, worth


def _by_share(brief: Brief, settled: Terms) -> tuple[tuple[float, _Frozen], ...]:
    """Each place's share and members where the score is weighted by shares; empty where the strictest demand counts."""
    shares = brief.climate.shares
    if brief.climate.scored != "by-share" or len(shares) < 2:
        return ()
    found = []
    for name, share in shares:
        alone = replace(brief, climate=replace(brief.climate, place=name, places=(), scored="strictest"))
        asked = demands(alone, settled, reference_abrasion(settled.product.reference_cloth))
        found.append((share, _Frozen.of(members(alone, settled, asked))))
    return tuple(found)


def additive(answer: Answer) -> Answer:
    """The answer to the same brief ordered by the additive value (the very same one where it already is)."""
    if answer.ranking.method == "additive":
        return answer
    return solve(answer.table, replace(answer.brief, method="additive"))


class _Frozen(tuple[Member, ...]):
    """Members as a cache key: two are the same when property, curve and level are, whatever their sentences say."""

    __slots__ = ()

    @staticmethod
    def of(counted: tuple[Member, ...]) -> _Frozen:
        return _Frozen(counted)

    def _key(self) -> tuple[Hashable, ...]:
        return tuple((member.property, member.curve, member.demand and member.demand.level) for member in self)

    def __hash__(self) -> int:
        return hash(self._key())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self._key() == other._key()
