"""Several places at once: each place's own answer, the one cloth that serves all best, what splitting would gain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer, additive, solve
from advisor.brief import Climate
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


@dataclass(frozen=True, eq=False)
class Several:
    """Several places of one brief.

    The strictest demand of all places is what the brief's own answer is measured against; the share-weighted score is
    offered beside it.

    Attributes:
        strict: the brief's own answer by the additive value.
        places: one answer a place, in the brief's order.
        scores: share-weighted score by table row.
        single: row of the passing material with the best share-weighted score, or None.
        split_gain: what a cloth of its own for every place would gain over ``single`` in share-weighted score.
    """

    strict: Answer
    places: tuple[PlaceAnswer, ...]
    scores: Floats
    single: int | None
    split_gain: float

    @property
    def order(self) -> NDArray[np.intp]:
        """Passing rows by share-weighted score, best first; ties by id."""
        rows = self.strict.ranking.passing_rows()
        ids = np.asarray([self.strict.table.ids[row] for row in rows], dtype=np.str_)
        # Scores within the tie width differ by rounding only; to nine digits they are the same.
        return np.asarray(rows[np.lexsort((ids, -np.round(self.scores[rows] / TIE)))], dtype=np.intp)


def several(answer: Answer) -> Several | None:
    """The answers of a brief's several places, or None where it names fewer than two.

    Limits, budget and priorities are the same everywhere, so what passes in one place passes in all.
    """
    answer = additive(answer)
    brief = answer.brief
    listed = brief.climate.places
    if len(listed) < 2:
        return None
    total = sum(item.share for item in listed)
    found = []
    for item in listed:
        share = item.share / total if total > 0 else 1 / len(listed)
        alone = replace(brief, climate=Climate(place=item.place, inputs=brief.climate.inputs), method="additive")
        found.append(PlaceAnswer(item.place, share, solve(answer.table, alone)))
    scores = np.zeros(len(answer.table))
    for place in found:
        scores += place.share * place.answer.ranking.scores
    if not answer.ranking.passing:
        return Several(answer, tuple(found), scores, None, 0.0)
    draft = Several(answer, tuple(found), scores, None, 0.0)
    single = int(draft.order[0])
    apart = sum(place.share * float(place.answer.ranking.scores[place.first or 0]) for place in found)
    return replace(draft, single=single, split_gain=max(0.0, apart - float(scores[single])))


def place_sentences(found: Several) -> tuple[Sentence, ...]:
    """Who leads where, and in one line which single cloth serves all and what splitting would gain."""
    if found.single is None:
        return ()
    names = found.strict.table.names
    lines = []
    for place in found.places:
        first = place.first
        assert first is not None
        miss = place.answer.worst_miss(first)
        values: dict[str, object] = {
            "place": place.name,
            "share": Num(100 * place.share),
            "name": names[first],
            "met": Num(int(place.answer.met[first])),
            "asked": Num(place.answer.asked_count),
        }
        if miss is not None:
            values["miss"] = miss.sentence()
        lines.append(Sentence("at-one-place" if miss is None else "at-one-place-miss", values))
    strict = int(found.strict.ranking.order[0])
    values = {
        "name": names[found.single],
        "score": Num(float(found.scores[found.single]), 3),
        "gain": Num(found.split_gain, 3),
        "strict": names[strict],
    }
    if found.split_gain <= TIE:
        lines.append(Sentence("one-serves-all", values))
    else:
        lines.append(Sentence("one-for-all", values))
    if strict != found.single:
        lines.append(Sentence("strictest-asks", values))
    return tuple(lines)


def several_json(found: Several) -> dict[str, Any]:
    """The places of ``rank --format json``."""
    table = found.strict.table

    def cloth(row: int | None, answer: Answer) -> dict[str, Any] | None:
        if row is None:
            return None
        miss = answer.worst_miss(row)
        return {
            "id": table.ids[row],
            "name": table.names[row],
            "score": float(answer.ranking.scores[row]),
            "demands_met": int(answer.met[row]),
            "demands_asked": answer.asked_count,
            "worst_miss": None if miss is None else say(miss.sentence()),
        }

    return {
        "places": [
            {
                "place": place.name,
                "share": place.share,
                "first": cloth(place.first, place.answer),
                "single": cloth(found.single, place.answer),
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
        "split_gain": found.split_gain,
        "scores": {table.ids[row]: float(found.scores[row]) for row in found.order.tolist()},
        "sentences": [say(sentence) for sentence in place_sentences(found)],
    }
