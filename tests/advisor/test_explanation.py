"""Explanation: sentences whose numbers add up, reasons that are none left out, and flips that do turn the order."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from advisor.answer import solve
from advisor.brief import Band, Brief, CertaintySettings, Climate, Limit, PlaceShare
from advisor.explanation import (
    above_sentence,
    banner,
    compare,
    flip_sentence,
    group_totals,
    limit_failure,
    limit_sentence,
    nearest_flip,
    remedies,
    rival,
    standing,
)
from advisor.materials import bundled
from advisor.profiles import panels, products, sectors
from advisor.properties import CRITERIA, properties
from advisor.sentences import say

PLACES = ("Lagos", "Dubai", "Tromsø", "Berlin", "")
SHARED = Climate(places=(PlaceShare("Lagos", 2.0), PlaceShare("Berlin", 1.0)), scored="by-share")


def answers(count: int, seed: int) -> list[Any]:
    """Answers to briefs of all sorts, the same in every run."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        priorities = {key: round(chance.uniform(0, 10), 1) for key in CRITERIA if chance.random() < 0.6}
        brief = Brief(
            product=chance.choice(sorted(products())),
            panel=chance.choice(sorted(panels())),
            sector=chance.choice(["", *sorted(sectors())]),
            climate=Climate(chance.choice(PLACES)) if chance.random() < 0.8 else SHARED,
            market=chance.choice([(), ("NG",), ("DE",)]),
            gaps=chance.choice(["cautious", "neutral", "hopeful"]),
            priorities=priorities,
        )
        found.append(solve(bundled(), brief))
    return found


def pairs(count: int, seed: int) -> list[tuple[Any, int, int]]:
    """Random pairs of different materials under random briefs."""
    chance = random.Random(seed)
    pool = answers(12, seed)
    found = []
    for _ in range(count):
        answer = chance.choice(pool)
        found.append((answer, *chance.sample(range(len(answer.table)), 2)))
    return found


NUMBER = r"[+−]?\d+\.\d{3}"


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))


def parsed(answer: Any, a: int, b: int) -> tuple[float, float, list[str]]:
    """(gap said, sum of the parts said, criteria named as reasons) of the sentence on A and B."""
    text = say(above_sentence(answer, compare(answer, a, b)))
    for row in (a, b):
        text = text.replace(answer.table.names[row], "CLOTH")
    # What both sides say where the guides have it otherwise is no part of the sum.
    text = re.split(r" [A-Z]\w+ is contested: | The guides have it the other way round: ", text)[0]
    head, _, rest = text.partition(": ")
    said = re.search(rf"CLOTH stands ({NUMBER}) (above|below) CLOTH", head)
    gap = 0.0 if said is None else number(said[1]) * (1 if said[2] == "above" else -1)
    assert said is not None or "score the same" in head
    total, named = 0.0, []
    for clause in rest.rstrip(".").split("; ") if rest else []:
        sums = [number(found) for found in re.findall(NUMBER, clause)]
        if clause.endswith("in its favour"):
            total += sum(sums)
        elif clause.endswith("against it"):
            total -= sum(sums)
        elif (
            re.match(r"1 more criterion |([2-9]|1\d) more criteria ", clause) or "within the figures' ranges" in clause
        ):
            assert len(sums) == 1
            total += sums[0]
        else:
            raise AssertionError(f"a clause the test does not know: {clause}")
        if clause.endswith(("in its favour", "against it")):
            named += re.findall(r"([A-Z][a-z]+) \d", clause)
    return gap, total, named


def test_the_numbers_of_a_sentence_add_up_to_the_gap_on_1000_pairs():
    for answer, a, b in pairs(1000, 1):
        gap, total, _ = parsed(answer, a, b)
        exact = answer.ranking.scores[a] - answer.ranking.scores[b]
        assert gap == pytest.approx(round(exact, 3), abs=1e-9)
        assert total == pytest.approx(gap, abs=1e-9)


def test_a_difference_inside_overlapping_ranges_is_never_a_reason():
    named_at_all = 0
    for answer, a, b in pairs(300, 2):
        low, typical, high = answer.values.low, answer.values.typical, answer.values.high
        for word in parsed(answer, a, b)[2]:
            place = CRITERIA.index(word.casefold())
            inside = (
                low[b, place] <= typical[a, place] <= high[b, place]
                and low[a, place] <= typical[b, place] <= high[a, place]
            )
            assert not inside, (answer.brief, answer.table.ids[a], answer.table.ids[b], word)
            named_at_all += 1
    assert named_at_all > 100


def test_doubtful_is_what_lies_inside_both_ranges_and_nothing_else():
    for answer, a, b in pairs(60, 10):
        low, typical, high = answer.values.low, answer.values.typical, answer.values.high
        for item in compare(answer, a, b).differences:
            place = CRITERIA.index(item.criterion)
            overlap = max(low[a, place], low[b, place]), min(high[a, place], high[b, place])
            both_inside = all(overlap[0] <= typical[row, place] <= overlap[1] for row in (a, b))
            assert item.doubtful == both_inside


def test_named_reasons_point_the_way_their_contributions_do():
    for answer, a, b in pairs(150, 3):
        comparison = compare(answer, a, b)
        assert comparison.gap == pytest.approx(sum(item.gap for item in comparison.differences), abs=1e-9)
        assert sorted(item.criterion for item in comparison.differences) == sorted(CRITERIA)
        assert sum(comparison.steps) == round(comparison.gap * 1000)
        for item, step in zip(comparison.differences, comparison.steps, strict=True):
            assert abs(step - 1000 * item.gap) < 1.5
            assert step == 0 or np.sign(step) == np.sign(item.gap)


def with_priority(answer: Any, criterion: str, value: float) -> Any:
    priorities = {**answer.terms.priorities, criterion: value}
    return solve(answer.table, replace(answer.brief, priorities=priorities)).ranking.scores


def test_a_flip_makes_the_two_level_and_a_step_beyond_reverses_them():
    turned = 0
    for answer, one, other in pairs(120, 4):
        a, b = (one, other) if answer.ranking.scores[one] > answer.ranking.scores[other] else (other, one)
        flip = nearest_flip(answer, a, b)
        if flip is None:
            continue
        turned += 1
        assert flip.now == answer.terms.priorities[flip.criterion] and 0 <= flip.then <= 10
        level = with_priority(answer, flip.criterion, flip.then)
        assert abs(level[a] - level[b]) <= 1e-9
        beyond = flip.then + (0.05 if flip.then > flip.now else -0.05)
        if 0 <= beyond <= 10:
            reversed_ = with_priority(answer, flip.criterion, beyond)
            assert reversed_[b] > reversed_[a]
        before = with_priority(answer, flip.criterion, (flip.now + flip.then) / 2)
        assert before[a] >= before[b]
    assert turned > 30


def test_no_nearer_flip_is_to_be_found_by_trying():
    for answer, one, other in pairs(25, 5):
        a, b = (one, other) if answer.ranking.scores[one] > answer.ranking.scores[other] else (other, one)
        flip = nearest_flip(answer, a, b)
        apart = answer.values.typical[a] - answer.values.typical[b]
        priorities = np.array([answer.terms.priorities[key] for key in CRITERIA])
        least = np.inf
        for place in range(len(CRITERIA)):
            tried = np.repeat(priorities[None, :], 1001, axis=0)
            tried[:, place] = np.linspace(0, 10, 1001)
            ahead = tried @ apart < -1e-12
            if ahead.any():
                least = min(least, float(np.abs(tried[ahead, place] - priorities[place]).min()))
        if flip is None:
            assert least == np.inf
        else:
            # The grid lies at most one step of 0.01 beyond the crossing; a flip at the very end has no beyond.
            assert least >= abs(flip.then - flip.now) - 1e-9
            assert least <= abs(flip.then - flip.now) + 0.0101 or flip.then in (0, 10) or least == np.inf


def test_a_flip_never_asks_for_all_priorities_to_be_0(table):
    # A twin that is worse in the one criterion that counts, and equal in all others, can never draw level.
    twin = table.take([0, 0])
    arrays = {name: getattr(twin, name).copy() for name in ("low", "typical", "high")}
    for array in arrays.values():
        array[1, table.column("areal_mass_g_m2")] *= 1.5
    pair = replace(twin, ids=("one", "two"), names=("One", "Two"), **arrays)
    alone = dict.fromkeys(CRITERIA, 0.0) | {"lightness": 5.0}
    answer = solve(pair, Brief(priorities=alone, demands={"areal_mass_g_m2": None}))
    assert answer.ranking.scores[0] > answer.ranking.scores[1]
    assert nearest_flip(answer, 0, 1) is None
    # With another criterion above 0 the same priority may go down to 0, where the two are level.
    answer = solve(pair, Brief(priorities={**alone, "tear": 3.0}))
    flip = nearest_flip(answer, 0, 1)
    assert flip is not None and flip.criterion == "lightness" and abs(flip.then) <= 1e-9


def test_the_rival_is_the_first_and_for_the_first_the_second(solved):
    answer = solved()
    order = answer.ranking.order.tolist()
    assert rival(answer, order[0]) == order[1]
    assert all(rival(answer, row) == order[0] for row in order[1:])


@pytest.mark.parametrize("seed", [6, 7])
def test_every_material_is_explained_under_every_brief(seed):
    for answer in answers(8, seed):
        certain = solve(answer.table, replace(answer.brief, certainty=CertaintySettings(samples=200))).certainty()
        for row in range(len(answer.table)):
            text = [say(sentence) for sentence in standing(answer, row, certain)]
            assert text and all(part.strip() and "{" not in part for part in text)
            if answer.ranking.ranks[row] == 0:
                assert "is screened out" in text[0]
            missed = [miss for _, miss in answer.misses(row) if miss is not None]
            if missed:
                met = f"It meets {answer.met[row]} of {answer.asked_count} demands"
                assert any(part.startswith(met) for part in text)
            assert any("Not known, ask the mill" in part for part in text) == bool(answer.gap_properties(row))
        for remedy in remedies(answer):
            assert say(remedy).endswith(".")


def test_trials_are_worded_as_trials_and_never_as_certainty(solved):
    answer = solved()
    first = int(answer.ranking.order[0])
    certain = answer.certainty()
    text = " ".join(say(sentence) for sentence in standing(answer, first, certain))
    assert f"leads in {100 * certain.win_share[first]:.0f} of 100 trials over data ranges and priorities ±3" in text
    assert "sure" not in text.split() and "confident" not in text


def test_the_banner_stands_exactly_when_no_passing_material_meets_every_demand():
    for answer in answers(12, 8):
        text = banner(answer)
        if answer.ranking.passing == 0:
            assert say(text).startswith("None of")
        else:
            assert (text is None) == (answer.meeting_all > 0)
            if text is not None:
                assert answer.table.names[answer.least_missing] in say(text)
                assert remedies(answer)


def test_no_banner_where_nothing_is_asked(table):
    nothing = {item.property: None for item in solve(table, Brief()).demands}
    answer = solve(table, Brief(demands=nothing))
    assert answer.asked_count == 0 and banner(answer) is None


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit(property="areal_mass_g_m2", at_most=250.0), "Mass at most 250 g/m²"),
        (Limit(property="recycled_content_pct", at_least=50.0), "Recycled at least 50 %"),
        (Limit(property="areal_mass_g_m2", at_least=100.5, at_most=250.25), "Mass 100.5 to 250.25 g/m²"),
        (Limit(property="light_fastness_grade", at_least=5.0, judge="always"), "Light at least 5, whole range"),
        (Limit(certificate="GRS"), "Certificate GRS"),
        (Limit(family=("nylon", "rpet")), "One of nylon, rpet"),
    ],
)
def test_limits_in_words(limit, words):
    assert say(limit_sentence(limit)) == words


def test_a_failed_limit_says_by_how_much_in_its_unit(table):
    limits = (
        Limit(property="areal_mass_g_m2", at_least=150.0, at_most=250.0),
        Limit(property="price_usd_m2", at_most=0.5, judge="always"),
        Limit(certificate="GRS"),
    )
    answer = solve(table, Brief(limits=limits, price=Band(1.0, 100.0)))
    mass = table.column("areal_mass_g_m2")
    seen = set()
    for row in range(len(table)):
        for place in range(3):
            if not answer.screen.fails[row, place]:
                continue
            text = say(limit_failure(answer, row, place))
            assert text.startswith(say(limit_sentence(limits[place])))
            if place == 0:
                over = table.low[row, mass] > 250
                assert text.endswith(" g/m² over" if over else " g/m² short")
                seen.add(over)
            elif place == 2:
                assert text.endswith("not known" if not table.certificates[row] else "not met")
    assert seen == {True, False}


def test_group_totals_add_up_to_the_score(solved):
    answer = solved()
    for row in range(len(answer.table)):
        assert sum(group_totals(answer, row).values()) == pytest.approx(answer.ranking.scores[row], abs=1e-9)


def test_flip_sentences_name_the_change_or_that_there_is_none():
    for answer, one, other in pairs(60, 9):
        a, b = (one, other) if answer.ranking.scores[one] > answer.ranking.scores[other] else (other, one)
        flip, text = nearest_flip(answer, a, b), say(flip_sentence(answer, a, b))
        if flip is None:
            assert text == f"No single priority would put {answer.table.names[b]} above {answer.table.names[a]}."
        else:
            verb = "fell" if flip.then < flip.now else "rose"
            assert f"{flip.criterion.capitalize()} {verb} from {flip.now:.1f} to {flip.then:.1f}" in text


def test_misses_name_the_property_in_its_unit(solved):
    answer = solved()
    for row in range(len(answer.table)):
        for item, miss in answer.misses(row):
            if miss is not None:
                text = say(miss.sentence())
                assert text.startswith(properties()[item.property].short)
                assert ("not known" in text) == (miss.have is None)
