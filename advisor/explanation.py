"""Explanation: why a material stands where it does and why A is above B, in facts whose numbers add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.answer import Answer
from advisor.brief import Limit
from advisor.certainty import Certainty
from advisor.contested import Dispute, disputes, marks_of
from advisor.properties import CRITERIA, GROUPS, properties
from advisor.sentences import Num, Sentence

#: Reasons named one by one in a sentence; the rest are summed up.
MOST_REASONS = 3
#: Digits of a score in sentences, charts and tables of contributions.
SCORE_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion's part in the gap between two materials.

    Attributes:
        criterion: criterion key.
        gap: contribution of A minus that of B.
        doubtful: each one's value lies inside the other's range, so the difference is no reason.
    """

    criterion: str
    gap: float
    doubtful: bool


@dataclass(frozen=True)
class Comparison:
    """Why A stands above (or below) B.

    Attributes:
        a, b: table rows.
        gap: score of A minus score of B; equals the sum of ``differences``.
        differences: all sixteen, largest gain of A first.
        steps: the same in thousandths, rounded so that they add up to the rounded gap.
    """

    a: int
    b: int
    gap: float
    differences: tuple[Difference, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """The nearest single priority that would put B level with A: the slider's value now and then."""

    criterion: str
    now: float
    then: float


def compare(answer: Answer, a: int, b: int) -> Comparison:
    """The gap between two materials, criterion by criterion."""
    ranking, values = answer.ranking, answer.values
    parts = ranking.contributions[a] - ranking.contributions[b]
    found = []
    for place, criterion in enumerate(CRITERIA):
        inside_b = values.low[b, place] <= values.typical[a, place] <= values.high[b, place]
        inside_a = values.low[a, place] <= values.typical[b, place] <= values.high[a, place]
        found.append(Difference(criterion, float(parts[place]), bool(inside_a and inside_b)))
    found.sort(key=lambda item: -item.gap)
    gap = float(ranking.scores[a] - ranking.scores[b])
    return Comparison(a, b, gap, tuple(found), _steps([item.gap for item in found], gap))


def _steps(parts: Sequence[float], total: float) -> tuple[int, ...]:
    """``parts`` in thousandths, rounded so that they add up to the rounded ``total`` (largest remainder)."""
    scale = 10**SCORE_DECIMALS
    exact = [part * scale for part in parts]
    rounded = [round(part) for part in exact]
    off = round(total * scale) - sum(rounded)
    step = 1 if off > 0 else -1
    by_error = sorted(range(len(parts)), key=lambda place: step * (rounded[place] - exact[place]))
    for place in by_error[: abs(off)]:
        rounded[place] += step
    return tuple(rounded)


def nearest_flip(answer: Answer, a: int, b: int) -> Flip | None:
    """The smallest change of one priority at which B draws level with A, or None where none on 0..10 does.

    Σ priority × value is linear in one priority and orders like the score, so the crossing is exact.
    """
    values = answer.values.typical
    priorities = [answer.terms.priorities[key] for key in CRITERIA]
    if sum(priorities) <= 0:
        return None
    apart = values[a] - values[b]
    lead = float(sum(priority * gap for priority, gap in zip(priorities, apart, strict=True)))
    best: Flip | None = None
    for place, criterion in enumerate(CRITERIA):
        gap = float(apart[place])
        if gap == 0:
            continue
        then = priorities[place] - lead / gap
        # With every priority at 0 all sixteen weigh the same, which is no longer this line.
        if not 0 <= then <= 10 or sum(priorities) - priorities[place] + then <= 0:
            continue
        if best is None or abs(then - priorities[place]) < abs(best.then - best.now):
            best = Flip(criterion, priorities[place], then)
    return best


def rival(answer: Answer, row: int) -> int | None:
    """Whom a material is measured against: the next one below the first place, the first place for all others."""
    order = answer.ranking.passing_rows()
    if len(order) == 0:
        return None
    first = int(order[0])
    if row != first:
        return first
    return int(order[1]) if len(order) > 1 else None


def above_sentence(answer: Answer, comparison: Comparison) -> Sentence:
    """Why A above B (or below) in one sentence; its numbers add up to the gap.

    Differences inside overlapping ranges are no reasons: they are summed up and named as such. Where a named one, or
    the order itself, runs against what the guides say of such cloths, both sides' evidence follows.
    """
    names = answer.table.names
    values: dict[str, object] = {"a": names[comparison.a], "b": names[comparison.b]}
    pairs = list(zip(comparison.differences, comparison.steps, strict=True))
    total = sum(step for _, step in pairs)
    values["gap"] = _thousandths(abs(total))
    sure = [(item, step) for item, step in pairs if not item.doubtful and step != 0]
    unsure = [(item, step) for item, step in pairs if item.doubtful and step != 0]
    sure.sort(key=lambda pair: -abs(pair[1]))
    named, rest = sure[:MOST_REASONS], sure[MOST_REASONS:]
    gains = tuple(_reason(item, step) for item, step in named if step > 0)
    losses = tuple(_reason(item, step) for item, step in named if step < 0)
    largest = sorted(unsure, key=lambda pair: -abs(pair[1]))[:MOST_REASONS]
    clauses = []
    if gains:
        clauses.append(Sentence("adds", {"reasons": gains}))
    if losses:
        clauses.append(Sentence("takes", {"reasons": losses}))
    if rest:
        summed = {"count": Num(len(rest)), "sum": _thousandths(sum(step for _, step in rest), True)}
        clauses.append(Sentence("others" if len(rest) > 1 else "other", summed))
    if unsure:
        values_unsure = {
            "names": tuple(Sentence(f"criterion-{item.criterion}") for item, _ in largest),
            "sum": _thousandths(sum(step for _, step in unsure), True),
        }
        clauses.append(Sentence("doubtful-more" if len(unsure) > len(largest) else "doubtful", values_unsure))
    code = "above" if total > 0 else "below" if total < 0 else "level"
    reason = (
        Sentence(
            code, {**values, "clauses": Sentence(f"clauses-{len(clauses)}", dict(zip("abcd", clauses, strict=False)))}
        )
        if clauses
        else Sentence(f"{code}-bare", values)
    )
    for item in contested(answer, comparison, [item for item, _ in (*named, *largest)]):
        sides: dict[str, object] = {"guides": item.guides, "others": item.others}
        if item.criterion:
            both = Sentence("contested", {"name": Sentence(f"criterion-{item.criterion}"), **sides})
        else:
            both = Sentence("contested-order", sides)
        reason = Sentence("with-contested", {"reason": reason, "contested": both})
    return reason


def parted(sentence: Sentence) -> tuple[Sentence, tuple[Sentence, ...]]:
    """A reason and, apart from it, what of it the guides or other evidence see otherwise (none: empty)."""
    disputed: list[Sentence] = []
    while sentence.code == "with-contested":
        reason, said = sentence.values["reason"], sentence.values["contested"]
        assert isinstance(reason, Sentence) and isinstance(said, Sentence)
        disputed.insert(0, said)
        sentence = reason
    return sentence, tuple(disputed)


def contested(answer: Answer, comparison: Comparison, parts: Sequence[Difference]) -> tuple[Dispute, ...]:
    """The disputes in which one of ``parts`` runs against what the guides say of the two materials.

    A part runs against them when it speaks for the material they place behind, whichever of the two stands above. Where
    they say who is chosen, not why, the order of the two runs against them.
    """
    a, b = (marks_of(answer.table, row) for row in (comparison.a, comparison.b))
    gaps = {item.criterion: item.gap for item in parts} | {"": comparison.gap}
    return tuple(
        dispute
        for dispute in disputes()
        if dispute.said_of(answer.brief.product, answer.brief.market)
        and gaps.get(dispute.criterion, 0.0) * dispute.favoured(a, b) < 0
    )


def _thousandths(step: int, signed: bool = False) -> Num:
    return Num(step / 10**SCORE_DECIMALS, SCORE_DECIMALS, signed)


def _reason(item: Difference, step: int) -> Sentence:
    return Sentence("reason", {"name": Sentence(f"criterion-{item.criterion}"), "gap": _thousandths(abs(step))})


def place_label(answer: Answer, certain: Certainty | None, row: int) -> str:
    """A material's place as shown: "1", "1=" for one level with the head of the place above, "–" for screened out.

    Like sport's table: a material level with the head above carries the head's place and an equals sign.
    """
    ranking = answer.ranking
    if ranking.ranks[row] == 0:
        return "–"
    head = int(ranking.ranks[row])
    level = ranking.level_with(row).tolist()
    shared = len(level) > 1
    if certain is not None and certain.level_with_above[row]:
        shared = True
        for place in range(head - 2 + level.index(row), -1, -1):
            above = ranking.order[place]
            if not certain.level_with_above[above]:
                head = int(ranking.ranks[above])
                break
    return f"{head}=" if shared else str(head)


def standing(answer: Answer, row: int, certain: Certainty | None = None) -> tuple[Sentence, ...]:
    """Why a material stands where it does: gap to the rival, who dominates it, misses, trials led, what turns it."""
    table, ranking = answer.table, answer.ranking
    name = table.names[row]
    found: list[Sentence] = []
    if ranking.ranks[row] == 0:
        failed = tuple(
            limit_failure(answer, row, number)
            for number in range(len(answer.screen.limits))
            if answer.screen.fails[row, number]
        )
        found.append(Sentence("screened-out", {"name": name, "limits": failed}))
    other = rival(answer, row)
    if other is not None:
        found.append(above_sentence(answer, compare(answer, row, other)))
    elif ranking.ranks[row]:
        found.append(Sentence("alone", {"name": name}))
    behind = dominated_sentence(answer, row)
    if behind is not None:
        found.append(behind)
    miss = answer.worst_miss(row)
    counts = {"met": Num(int(answer.met[row])), "asked": Num(answer.asked_count)}
    if answer.asked_count:
        found.append(
            Sentence("meets-some", {**counts, "miss": miss.sentence()}) if miss else Sentence("meets-all", counts)
        )
    gaps = answer.gap_properties(row)
    if gaps:
        names = tuple(properties()[key].label for key in gaps)
        found.append(Sentence("gaps", {"names": names, "policy": Sentence(f"gaps-{answer.brief.gaps}")}))
        places = answer.possible_places
        if places.best[row] < places.worst[row]:
            found.append(Sentence("places", {"best": Num(int(places.best[row])), "worst": Num(int(places.worst[row]))}))
    if certain is not None and ranking.ranks[row]:
        found.append(trials_sentence(certain, row))
    if other is not None and ranking.ranks[row]:
        upper, lower = (row, other) if ranking.above(row, other) else (other, row)
        found.append(flip_sentence(answer, upper, lower))
    return tuple(found)


def dominated_sentence(answer: Answer, row: int) -> Sentence | None:
    """Who leaves a material behind in every criterion, or None."""
    found = answer.dominated(row)
    if found is None:
        return None
    counts = {"count": Num(found.worse_in), "all": Num(len(CRITERIA))}
    return Sentence("dominated", {"other": answer.table.names[found.by], **counts})


def trials_sentence(certain: Certainty, row: int) -> Sentence:
    """How often a material leads, with what was varied."""
    settings = certain.settings
    code = f"varied-{'data' if settings.data else 'nothing'}-{settings.priorities}"
    return Sentence("leads", {"count": Num(100 * float(certain.win_share[row])), "varied": Sentence(code)})


def flip_sentence(answer: Answer, upper: int, lower: int) -> Sentence:
    """The smallest change of one priority that would put ``lower`` level with ``upper``, or that none would."""
    names = answer.table.names
    flip = nearest_flip(answer, upper, lower)
    values: dict[str, object] = {"a": names[upper], "b": names[lower]}
    if flip is None:
        return Sentence("no-flip", values)
    values |= {"name": Sentence(f"criterion-{flip.criterion}"), "now": Num(flip.now, 1), "then": Num(flip.then, 1)}
    return Sentence("flip-down" if flip.then < flip.now else "flip-up", values)


def limit_sentence(limit: Limit) -> Sentence:
    """A limit in words: "Mass at most 250 g/m²"."""
    if limit.certificate:
        return Sentence("limit-certificate", {"name": limit.certificate})
    if limit.family:
        return Sentence("limit-family", {"names": limit.family})
    item = properties()[limit.property]
    unit: object = "" if item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit})
    values: dict[str, object] = {"name": item.short, "unit": unit}
    code = "limit-window"
    if limit.at_least is not None:
        values["low"] = _exact(limit.at_least)
    else:
        code = "limit-most"
    if limit.at_most is not None:
        values["high"] = _exact(limit.at_most)
    else:
        code = "limit-least"
    sentence = Sentence(code, values)
    return Sentence("limit-always", {"limit": sentence}) if limit.judge == "always" else sentence


def _exact(value: float) -> Num:
    """A number with just the digits it was given with (up to four)."""
    return Num(value, next((digits for digits in range(4) if round(value, digits) == value), 4))


def limit_failure(answer: Answer, row: int, number: int) -> Sentence:
    """How a material fails a limit: "Mass 339 g/m² is 39 over 300"."""
    limit = answer.screen.limits[number]
    values: dict[str, object] = {"limit": limit_sentence(limit)}
    if not limit.property:
        known = not answer.screen.unknown[row, number]
        return Sentence("fails" if known else "fails-unknown", values)
    if answer.screen.unknown[row, number]:
        return Sentence("fails-unknown", values)
    item = properties()[limit.property]
    column = answer.table.column(limit.property)
    off = float(answer.screen.by[row, number])
    decimals = item.decimals if round(off, item.decimals) else item.decimals + 2
    over = limit.at_most is not None and float(answer.table.low[row, column]) > limit.at_most
    unit: object = "" if item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit})
    values |= {"by": Num(off, decimals), "unit": unit}
    return Sentence("fails-over" if over or limit.at_least is None else "fails-under", values)


def banner(answer: Answer) -> Sentence | None:
    """What stands above the ranking when no passing material meets every demand, or None."""
    if answer.ranking.passing == 0:
        return Sentence("banner-none-pass", {"count": Num(len(answer.table))})
    if answer.meeting_all or not answer.asked_count:
        return None
    row = answer.least_missing
    assert row is not None
    missed = [miss for _, miss in answer.misses(row) if miss is not None]
    missed.sort(key=lambda miss: miss.value)
    return Sentence(
        "banner", {"name": answer.table.names[row], "misses": tuple(miss.sentence() for miss in missed[:2])}
    )


def remedies(answer: Answer) -> tuple[Sentence, ...]:
    """What can be done about the misses of the material that misses least."""
    row = answer.least_missing
    if row is None:
        return ()
    codes: list[str] = []
    coating = answer.table.text["coating"][row].casefold()
    for demand, miss in answer.misses(row):
        if miss is None:
            continue
        code = {
            "hydrostatic_head_mm": "remedy-head",
            "hydrostatic_head_aged_mm": "remedy-aged",
            "hydrolysis_weeks": "remedy-hydrolysis" if "pu" in coating else "remedy-coating",
            "uv_strength_retention_pct": "remedy-sun",
            "light_fastness_grade": "remedy-fading",
            "mildew_rating": "remedy-mildew",
            "cold_flex_c": "remedy-coating",
            "heat_limit_c": "remedy-coating",
            "abrasion_cycles": "remedy-base",
            "tear_strength_n": "remedy-ripstop",
            "tensile_strength_n": "remedy-base",
            "water_pickup_g_m2": "remedy-drying",
            "moq_m": "remedy-order",
        }.get(demand.property)
        if code and code not in codes:
            codes.append(code)
    return tuple(Sentence(code) for code in codes)


def group_totals(answer: Answer, row: int) -> dict[str, float]:
    """Contribution of each criterion group to a material's score."""
    parts = dict(zip(CRITERIA, answer.ranking.contributions[row].tolist(), strict=True))
    return {group: sum(parts[criterion] for criterion in own) for group, own in GROUPS.items()}
