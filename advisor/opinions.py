"""Opinions: whether other methods put the additive leader first, and why one that does not puts another there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from advisor.answer import Answer, additive
from advisor.methods import Floats, Scored, places, second_opinion, weighted_spearman, ws_similarity
from advisor.properties import CRITERIA
from advisor.sentences import Num, Sentence, say

#: What is asked. SPOTIS is not: with the fixed ends 0 and 1 it is the additive score upside down.
ASKED = ("wpm", "waspas", "topsis", "topsis-minmax", "vikor", "promethee2", "copras")


@dataclass(frozen=True)
class Reason:
    """Why a method puts one material above another that leads by the additive value.

    Attributes:
        method: its name.
        first: row the method puts first.
        leader: row that leads by the additive value.
        parts: criterion -> its part in how far the method sets ``first`` above ``leader``; they add up to ``gap``.
        gap: how far that is.
        scale: what the parts are measured in: ``score``, ``log-score`` (products) or ``log-odds`` (TOPSIS: the
            logarithm of D⁻²/D⁺², which orders like the score).
        criterion: the criterion the method gives most more weight than the sum does, in favour of ``first``.
        there: its share of all that parts the two by the method, −1..1, above 0 where it speaks for ``first``.
        here: its share of all that parts them by the additive value, likewise.
        values: value of that criterion for ``first`` and for ``leader``.
    """

    method: str
    first: int
    leader: int
    parts: Mapping[str, float]
    gap: float
    scale: str
    criterion: str
    there: float
    here: float
    values: tuple[float, float]


@dataclass(frozen=True)
class Opinion:
    """What one method says of the passing materials.

    Attributes:
        method: its name.
        leaders: table rows it puts first.
        three: its first three table rows, ties by id.
        agrees: whether one of its leaders leads by the additive value too.
        similarity: WS of its places with those of the additive value, 1 for the same order; the top weighs most.
        spearman: weighted Spearman of the same.
        reason: why it puts another first; None where it agrees.
    """

    method: str
    leaders: tuple[int, ...]
    three: tuple[int, ...]
    agrees: bool
    similarity: float
    spearman: float
    reason: Reason | None


@dataclass(frozen=True)
class Agreement:
    """Whether other methods put the additive leader first, and that in one sentence."""

    leaders: tuple[int, ...]
    opinions: tuple[Opinion, ...]
    sentence: Sentence

    @property
    def agreeing(self) -> int:
        """How many of ``opinions`` agree."""
        return sum(opinion.agrees for opinion in self.opinions)


def opinions(answer: Answer) -> Agreement:
    """What other methods make of an answer's value matrix (the whole table), compared among the materials that pass."""
    ranking, table = answer.ranking, answer.table
    # By id, not by the order shown: what is said of the methods does not depend on the one the brief orders by.
    rows = np.array(sorted(ranking.passing_rows().tolist(), key=lambda row: table.ids[row]), dtype=np.intp)
    if not len(rows):
        return Agreement((), (), Sentence("methods-nobody"))
    worth = ranking.contributions.sum(axis=1)
    by_sum = places(worth[rows])
    leaders = tuple(int(row) for row in rows[by_sum == 1])
    found = []
    for method in ASKED:
        scored = second_opinion(method, answer.values.typical, ranking.weights)
        order = places(scored.scores[rows], scored.higher_is_better)
        first = tuple(int(row) for row in rows[order == 1])
        three = tuple(int(row) for row in rows[np.argsort(order, kind="stable")][:3])
        agrees = bool(set(first) & set(leaders))
        reason = None if agrees else _reason(answer, scored, method, first[0], leaders[0])
        likeness = ws_similarity(by_sum, order), weighted_spearman(by_sum, order)
        found.append(Opinion(method, first, three, agrees, *likeness, reason))
    agreeing = sum(opinion.agrees for opinion in found)
    values: dict[str, object] = {"agreeing": Num(agreeing), "count": Num(len(found)), "name": table.names[leaders[0]]}
    if agreeing == len(found):
        return Agreement(leaders, tuple(found), Sentence("methods-agree", values))
    others: dict[int, list[Sentence]] = {}
    for opinion in found:
        if not opinion.agrees:
            others.setdefault(opinion.leaders[0], []).append(method_name(opinion.method))
    values["others"] = tuple(
        Sentence("method-leader", {"name": table.names[row], "methods": tuple(names)}) for row, names in others.items()
    )
    return Agreement(leaders, tuple(found), Sentence("methods-differ", values))


def likeness(answer: Answer) -> tuple[float, float]:
    """WS and weighted Spearman of the order shown (its method's own) with the additive order; 1 for the same."""
    ranking = answer.ranking
    rows = ranking.passing_rows()
    by_sum = places(ranking.contributions.sum(axis=1)[rows])
    own = places(ranking.scores[rows], ranking.higher_is_better)
    return ws_similarity(by_sum, own), weighted_spearman(by_sum, own)


def method_name(method: str) -> Sentence:
    """A method's name in words."""
    return Sentence(f"method-{method}")


# Why ------------------------------------------------------------------------------------------------------------------


def _reason(answer: Answer, scored: Scored, method: str, first: int, leader: int) -> Reason:
    """Why ``method`` puts ``first`` above ``leader``."""
    parts, scale = _PARTS[method](scored, first, leader)
    ours = additive(answer).ranking.contributions
    sums = ours[first] - ours[leader]
    there, here = _shares(parts), _shares(sums)
    # Where the two orders part ways: what speaks for the first more there than in the sum, or against it less.
    most = int(np.argmax(there - here))
    worth = answer.values.typical
    return Reason(
        method=method,
        first=first,
        leader=leader,
        parts=dict(zip(CRITERIA, parts.tolist(), strict=True)),
        gap=float(parts.sum()),
        scale=scale,
        criterion=CRITERIA[most],
        there=float(there[most]),
        here=float(here[most]),
        values=(float(worth[first, most]), float(worth[leader, most])),
    )


def _shares(parts: Floats) -> Floats:
    """Signed parts over the sum of their sizes."""
    total = float(np.abs(parts).sum())
    return parts / total if total > 0 else np.zeros_like(parts)


def _log_mean(one: float, other: float) -> float:
    """Logarithmic mean: (a − b) over it is ln a − ln b."""
    if one <= 0 or other <= 0:
        return max(one, other, 1e-300) / 40.0  # the logarithm of nothing, cut where the machine's numbers end
    return one if abs(one - other) <= 1e-12 * one else (one - other) / math.log(one / other)


def _product_parts(scored: Scored, first: int, leader: int) -> tuple[Floats, str]:
    table, weights = scored.steps["normalised"], scored.steps["weights"]
    return weights * np.log(table[first] / table[leader]), "log-score"


def _waspas_parts(scored: Scored, first: int, leader: int) -> tuple[Floats, str]:
    steps = scored.steps
    table, weights, lam = steps["normalised"], steps["weights"], steps["lambda"]
    product = steps["weighted_product"]
    mean = _log_mean(float(product[first]), float(product[leader]))
    logs = weights * np.log(table[first] / table[leader])
    return lam * weights * (table[first] - table[leader]) + (1 - lam) * mean * logs, "score"


def _topsis_parts(scored: Scored, first: int, leader: int) -> tuple[Floats, str]:
    steps = scored.steps
    table = steps["weighted"]
    far = (table - steps["ideal"])[[first, leader]] ** 2
    near = (table - steps["anti_ideal"])[[first, leader]] ** 2
    parts = (near[0] - near[1]) / _log_mean(float(near[0].sum()), float(near[1].sum()))
    parts = parts + (far[1] - far[0]) / _log_mean(float(far[1].sum()), float(far[0].sum()))
    return np.asarray(parts), "log-odds"


def _vikor_parts(scored: Scored, first: int, leader: int) -> tuple[Floats, str]:
    steps = scored.steps
    regret, v = steps["regret"], steps["v"]
    group, single = float(np.ptp(steps["S"])), float(np.ptp(steps["R"]))
    parts = np.zeros(regret.shape[1])
    if group > 0:
        parts += v * (regret[leader] - regret[first]) / group
    if single > 0:
        # The largest regret is one criterion's: it counts for that criterion alone.
        parts[int(np.argmax(regret[leader]))] += (1 - v) * float(regret[leader].max()) / single
        parts[int(np.argmax(regret[first]))] -= (1 - v) * float(regret[first].max()) / single
    return parts, "score"


def _promethee_parts(scored: Scored, first: int, leader: int) -> tuple[Floats, str]:
    flows = scored.steps["criterion_flows"]
    return scored.steps["weights"] * (flows[first] - flows[leader]), "score"


def _copras_parts(scored: Scored, first: int, leader: int) -> tuple[Floats, str]:
    # Nothing is to be minimised on the value matrix, so Q is S⁺, and the score is Q over the largest.
    table, most = scored.steps["weighted"], float(scored.steps["Q"].max())
    return np.asarray((table[first] - table[leader]) / most), "score"


_PARTS: dict[str, Callable[[Scored, int, int], tuple[Floats, str]]] = {
    "wpm": _product_parts,
    "waspas": _waspas_parts,
    "topsis": _topsis_parts,
    "topsis-minmax": _topsis_parts,
    "vikor": _vikor_parts,
    "promethee2": _promethee_parts,
    "copras": _copras_parts,
}


# In words -------------------------------------------------------------------------------------------------------------


def reason_sentence(answer: Answer, reason: Reason) -> Sentence:
    """Why a method puts another first: what it does otherwise, and the criterion in which that tells most."""
    names = answer.table.names
    ahead = reason.values[0] >= reason.values[1]
    code = "why-ahead" if ahead else "why-behind" if reason.there < 0 else "why-behind-and-yet"
    return Sentence(
        code,
        {
            "method": method_name(reason.method),
            "name": names[reason.first],
            "leader": names[reason.leader],
            "way": Sentence(f"way-{reason.method}"),
            "criterion": Sentence(f"criterion-{reason.criterion}"),
            "own": Num(reason.values[0], 2),
            "other": Num(reason.values[1], 2),
            "there": Num(100 * abs(reason.there)),
            "here": Num(100 * abs(reason.here)),
        },
    )


def opinions_json(answer: Answer) -> dict[str, Any]:
    """What the methods say, as ``explain --format json`` prints it."""
    found = opinions(answer)
    ids = answer.table.ids
    return {
        "text": say(found.sentence),
        "agreeing": found.agreeing,
        "asked": len(found.opinions),
        "leaders": [ids[row] for row in found.leaders],
        "opinions": [
            {
                "method": one.method,
                "agrees": one.agrees,
                "first_three": [ids[row] for row in one.three],
                "ws": one.similarity,
                "weighted_spearman": one.spearman,
                "why": one.reason
                and {
                    "criterion": one.reason.criterion,
                    "values": list(one.reason.values),
                    "share_there": one.reason.there,
                    "share_in_the_sum": one.reason.here,
                    "gap": one.reason.gap,
                    "scale": one.reason.scale,
                    "parts": dict(one.reason.parts),
                    "text": say(reason_sentence(answer, one.reason)),
                },
            }
            for one in found.opinions
        ],
    }


def opinion_lines(answer: Answer) -> list[str]:
    """The same as lines of text: a method, its first three, how alike its order is, and why where it differs."""
    found = opinions(answer)
    if not found.opinions:
        return [say(found.sentence)]
    lines = [say(found.sentence), f"{'method':<17} {'WS':>5}  {'rw':>5}  first three"]
    for one in found.opinions:
        three = " · ".join(answer.table.names[row] for row in one.three)
        lines.append(f"{say(method_name(one.method)):<17} {one.similarity:5.3f}  {one.spearman:5.3f}  {three}")
        if one.reason is not None:
            lines.append(f"{'':<17} {say(reason_sentence(answer, one.reason))}")
    return lines
