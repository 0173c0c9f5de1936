"""Several places at once: each place's own answer, the one cloth that serves all best, what splitting would gain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer, additive, solve
from advisor.brief import PlaceShare
from advisor.materials import Floats
from advisor.ranking import TIE
from advisor.sentences import Num, Sentence, say


@dataclass(frozen=True, eq=False)
class PlaceAnswer:
    """The answer at one of several places.

    Attributes:
        name: the place.
        share: its part of the order; the shares of all places sum to 1.
        answer: the same brief with this place's climate alone.
    """

    name: str
    share: float
    answer: Answer

    @property
    def first(self) -> int | None:
        """Row that leads here, or None where no material passes."""
        order = self.answer.ranking.passing_rows()
        return int(order[0]) if len(order) else None

    def behind(self, row: int) -> float:
        """By how much a material scores less here than the one that leads here; 0 where nothing passes."""
        if self.first is None:
            return 0.0
        scores = self.answer.ranking.scores
        return max(0.0, float(scores[self.first] - scores[row]))


@dataclass(frozen=True, eq=False)
class Several:
    """Several places of one brief, scored both ways.

    Attributes:
        strict: the brief's answer against the strictest demand of all places.
        weighted: the brief's answer by the share-weighted score, Σ share × score at the place.
        by_share: whether the brief orders by the latter.
        places: one answer a place, in the brief's order; a place without a share of the order is left out.
        scores: share-weighted score by table row.
        single: row of the passing material with the best share-weighted score, or None.
        split_gain: what a cloth of its own for every place would gain over ``single`` in share-weighted score.
    """

    strict: Answer
    weighted: Answer
    by_share: bool
    places: tuple[PlaceAnswer, ...]
    scores: Floats
    single: int | None
    split_gain: float

    @property
    def order(self) -> NDArray[np.intp]:
        """Passing rows by share-weighted score, best first; ties by id."""
        return self.weighted.ranking.passing_rows()

    @property
    def answer(self) -> Answer:
        """The one of the two answers that the brief orders by."""
        return self.weighted if self.by_share else self.strict

    @property
    def leader(self) -> int | None:
        """Row that leads the brief's own answer, or None where no material passes."""
        order = self.answer.ranking.passing_rows()
        return int(order[0]) if len(order) else None


def several(answer: Answer) -> Several | None:
    """The answers of a brief's several places, or None where it names fewer than two.

    Limits, budget and priorities are the same everywhere, so what passes in one place passes in all. A place named
    twice has both its shares.
    """
    answer = additive(answer)
    climate = answer.brief.climate
    if len(climate.places) < 2 or not climate.shares:
        return None
    table, brief = answer.table, answer.brief
    by_share = climate.scored == "by-share"

    def scored(how: str) -> Answer:
        return answer if how == climate.scored else solve(table, replace(brief, climate=replace(climate, scored=how)))

    strict, weighted = scored("strictest"), scored("by-share")
    found = []
    for name, share in climate.shares:
        alone = replace(climate, place=name, places=(), scored="strictest")
        found.append(PlaceAnswer(name, share, solve(table, replace(brief, climate=alone))))
    scores = weighted.ranking.scores
    if not answer.ranking.passing:
        return Several(strict, weighted, by_share, tuple(found), scores, None, 0.0)
    single = int(weighted.ranking.order[0])
    gain = sum(place.share * place.behind(single) for place in found)
    return Several(strict, weighted, by_share, tuple(found), scores, single, gain)


def scoring_sentence(found: Several) -> Sentence:
    """How the places are scored, in words."""
    return Sentence("scored-by-share" if found.by_share else "scored-strictest")


def place_sentences(found: Several) -> tuple[Sentence, ...]:
    """Who leads where, and in one line which single cloth serves all and what splitting would gain."""
    if found.single is None:
        return ()
    names = found.strict.table.names
    lines = []
    for place in found.places:
        lines.append(leading_sentence(place))
        if place.behind(found.single) > TIE:
            lines.append(standing_there(place, found.single))
    strict = int(found.strict.ranking.order[0])
    lines.append(serving_sentence(found))
    if strict != found.single:
        lines.append(Sentence("strictest-asks", {"strict": names[strict]}))
    return tuple(lines)


def leading_sentence(place: PlaceAnswer) -> Sentence:
    """Who leads at one place, with its misses there; some material must pass."""
    row = place.first
    assert row is not None
    name = place.answer.table.names[row]
    miss = place.answer.worst_miss(row)
    values: dict[str, object] = {
        "place": place.name,
        "share": Num(100 * place.share),
        "name": name,
        "met": Num(int(place.answer.met[row])),
        "asked": Num(place.answer.asked_count),
    }
    if miss is None:
        return Sentence("at-one-place", values)
    return Sentence("at-one-place-miss", {**values, "miss": miss.sentence()})


def standing_there(place: PlaceAnswer, row: int) -> Sentence:
    """Where a material stands at one place, with its misses there."""
    answer = place.answer
    miss = answer.worst_miss(row)
    values: dict[str, object] = {
        "place": place.name,
        "name": answer.table.names[row],
        "rank": Num(int(answer.ranking.ranks[row])),
        "behind": Num(place.behind(row), 3),
        "met": Num(int(answer.met[row])),
        "asked": Num(answer.asked_count),
    }
    if not answer.ranking.ranks[row]:
        return Sentence("out-there", values)
    if miss is None:
        return Sentence("stands-there", values)
    return Sentence("stands-there-miss", {**values, "miss": miss.sentence()})


def serving_sentence(found: Several) -> Sentence:
    """Which single cloth serves all places and what splitting would gain, in one line."""
    assert found.single is not None
    values: dict[str, object] = {
        "name": found.strict.table.names[found.single],
        "score": Num(float(found.scores[found.single]), 3),
        "gain": Num(found.split_gain, 3),
    }
    return Sentence("one-serves-all" if found.split_gain <= TIE else "one-for-all", values)


def several_json(found: Several) -> dict[str, Any]:
    """The places of ``rank --format json``."""
    table = found.strict.table

    def cloth(row: int | None, place: PlaceAnswer) -> dict[str, Any] | None:
        return None if row is None else {"id": table.ids[row], "name": table.names[row], **standing_json(place, row)}

    strict = found.strict.ranking.passing_rows()
    return {
        "scored": "by-share" if found.by_share else "strictest",
        "places": [
            {
                "place": place.name,
                "share": place.share,
                "first": cloth(place.first, place),
                "single": cloth(found.single, place),
                "gain": None if found.single is None else place.behind(found.single),
            }
            for place in found.places
        ],
        "single": None
        if found.single is None
        else {
            "id": table.ids[found.single],
            "name": table.names[found.single],
            "score": float(found.scores[found.single]),
        },
        "strictest": None
        if not len(strict)
        else {
            "id": table.ids[int(strict[0])],
            "name": table.names[int(strict[0])],
            "score": float(found.strict.ranking.scores[int(strict[0])]),
        },
        "split_gain": found.split_gain,
        "scores": {table.ids[row]: float(found.scores[row]) for row in found.order.tolist()},
        "sentences": [say(sentence) for sentence in place_sentences(found)],
    }


def standing_json(place: PlaceAnswer, row: int) -> dict[str, Any]:
    """How one material stands at one place."""
    answer = place.answer
    miss = answer.worst_miss(row)
    return {
        "rank": int(answer.ranking.ranks[row]) or None,
        "score": float(answer.ranking.scores[row]),
        "demands_met": int(answer.met[row]),
        "demands_asked": answer.asked_count,
        "worst_miss": None if miss is None else say(miss.sentence()),
    }


# Shares -----------------------------------------------------------------------------------------------------------


def with_share(places: Sequence[PlaceShare], number: int, percent: float) -> tuple[PlaceShare, ...]:
    """The places with one share set, in whole per cent that sum to 100; the others keep their proportions.

    Where the others had no share at all they divide what is left evenly. A place alone has all of it.
    """
    if len(places) == 1:
        return (replace(places[0], share=100.0),)
    percent = min(max(round(percent), 0), 100)
    others = [0.0 if at == number else item.share for at, item in enumerate(places)]
    total = sum(others)
    if total <= 0:
        others = [0.0 if at == number else 1.0 for at in range(len(places))]
        total = float(len(places) - 1)
    exact = [percent if at == number else (100 - percent) * other / total for at, other in enumerate(others)]
    return tuple(replace(item, share=float(share)) for item, share in zip(places, _whole(exact), strict=True))


def with_place(places: Sequence[PlaceShare], name: str) -> tuple[PlaceShare, ...]:
    """The places and one more, which takes an even part; the others keep their proportions."""
    listed = (*places, PlaceShare(name, 0.0))
    return with_share(listed, len(places), 100 / len(listed))


def without_place(places: Sequence[PlaceShare], number: int) -> tuple[PlaceShare, ...]:
    """The places but one, in whole per cent that sum to 100."""
    left = [item for at, item in enumerate(places) if at != number]
    total = sum(item.share for item in left)
    exact = [100 * item.share / total if total > 0 else 100 / len(left) for item in left]
    return tuple(replace(item, share=float(share)) for item, share in zip(left, _whole(exact), strict=True))


def _whole(exact: Sequence[float]) -> list[int]:
    """Whole numbers near these that have their sum (largest remainder)."""
    found = [math.floor(share + 1e-9) for share in exact]
    short = round(sum(exact)) - sum(found)
    for at in sorted(range(len(exact)), key=lambda at: (found[at] - exact[at], at))[:short]:
        found[at] += 1
    return found
