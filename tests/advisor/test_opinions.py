"""Opinions: every method that disagrees says why, in figures that add up to what parts the two cloths."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from advisor.__main__ import main
from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.materials import bundled
from advisor.methods import places, second_opinion, ws_similarity
from advisor.opinions import ASKED, likeness, opinion_lines, opinions, opinions_json, reason_sentence
from advisor.properties import CRITERIA
from advisor.sentences import say


def answers():
    """Briefs that part the methods: sixteen weights anywhere, at four places."""
    found = []
    for number, place in enumerate(("", "Lagos", "Dubai", "Tromsø")):
        for seed in range(3):
            priorities = np.random.default_rng(10 * number + seed).dirichlet(np.ones(16)) * 10
            given = dict(zip(CRITERIA, np.round(priorities, 2).tolist(), strict=True))
            found.append(solve(bundled(), Brief(climate=Climate(place), priorities=given)))
    return found


@pytest.fixture(scope="module")
def dissents():
    return [(answer, one) for answer in answers() for one in opinions(answer).opinions if one.reason is not None]


def test_every_method_disagrees_somewhere_and_says_why(dissents):
    assert {one.method for _, one in dissents} == set(ASKED)


def test_the_parts_add_up_to_how_far_the_method_sets_the_one_above_the_other(dissents):
    for answer, one in dissents:
        reason = one.reason
        assert sum(reason.parts.values()) == pytest.approx(reason.gap, abs=1e-12)
        scores = second_opinion(one.method, answer.values.typical, answer.ranking.weights).scores
        first, leader = float(scores[reason.first]), float(scores[reason.leader])
        expected = leader - first if one.method == "vikor" else first - leader
        if reason.scale == "log-score":
            expected = math.log(first / leader)
        elif reason.scale == "log-odds":
            # The nearness is D⁻/(D⁺ + D⁻): its odds are D⁻/D⁺, whose square the parts take apart.
            expected = 2 * math.log(first / (1 - first) / (leader / (1 - leader)))
        assert reason.gap == pytest.approx(expected, rel=1e-6, abs=1e-12)
        assert reason.gap > 0


def test_the_criterion_named_speaks_more_for_the_first_there_than_in_the_sum(dissents):
    for answer, one in dissents:
        reason = one.reason
        ours = answer.ranking.contributions[reason.first] - answer.ranking.contributions[reason.leader]
        place = CRITERIA.index(reason.criterion)
        assert reason.here == pytest.approx(ours[place] / np.abs(ours).sum())
        assert reason.there == pytest.approx(
            reason.parts[reason.criterion] / sum(abs(part) for part in reason.parts.values())
        )
        assert reason.there > reason.here
        assert reason.values == (
            answer.values.typical[reason.first, place],
            answer.values.typical[reason.leader, place],
        )


def test_the_sentence_holds_both_names_the_criterion_and_its_four_figures(dissents):
    for answer, one in dissents:
        text = say(reason_sentence(answer, one.reason))
        for row in (one.reason.first, one.reason.leader):
            assert answer.table.names[row] in text
        for name in answer.table.names:
            text = text.replace(name, "")
        for shown in (
            *(f"{value:.2f}" for value in one.reason.values),
            f"{100 * abs(one.reason.there):.0f} %",
            f"{100 * abs(one.reason.here):.0f} %",
        ):
            assert shown in text
        assert not re.search(r"[{}]", text)


def test_first_three_and_likeness_are_those_of_the_methods_own_order():
    answer = solve(bundled(), Brief(climate=Climate("Dubai")))
    rows = np.array(sorted(answer.ranking.passing_rows().tolist(), key=lambda row: answer.table.ids[row]))
    additive = places(answer.ranking.scores[rows])
    for one in opinions(answer).opinions:
        scored = second_opinion(one.method, answer.values.typical, answer.ranking.weights)
        merit = scored.scores if scored.higher_is_better else -scored.scores
        assert [merit[row] for row in one.three] == sorted(merit[rows], reverse=True)[:3]
        assert one.similarity == ws_similarity(additive, places(scored.scores[rows], scored.higher_is_better))
        assert -1 <= one.spearman <= 1
        assert (one.reason is None) == one.agrees


def test_explain_tells_the_methods_in_text_and_json(capsys):
    arguments = ["explain", "--place", "Dubai", "--product", "kids-mini-backpack"]
    brief = Brief(product="kids-mini-backpack", climate=Climate("Dubai"))
    answer = solve(bundled(), brief)
    name = answer.table.ids[int(answer.ranking.order[1])]
    assert main([*arguments, name]) == 0
    shown = capsys.readouterr().out
    for line in opinion_lines(answer):
        assert line in shown
    assert main([*arguments, name, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["methods"] == json.loads(json.dumps(opinions_json(answer)))


def test_an_order_by_another_method_changes_nothing_of_what_is_said():
    brief = Brief(climate=Climate("Dubai"))
    assert opinions_json(solve(bundled(), brief)) == opinions_json(solve(bundled(), replace(brief, method="vikor")))


def test_rank_by_another_method_says_how_alike_its_order_is(capsys):
    answer = solve(bundled(), Brief(climate=Climate("Dubai")))
    one = next(one for one in opinions(answer).opinions if one.method == "topsis")
    assert main(["rank", "--place", "Dubai", "--method", "topsis", "--top", "1"]) == 0
    shown = capsys.readouterr().out
    assert f"WS {one.similarity:.3f}, weighted Spearman {one.spearman:.3f}" in shown
    assert likeness(answer) == (1.0, 1.0)
    assert likeness(solve(bundled(), replace(answer.brief, method="spotis"))) == (1.0, 1.0)
