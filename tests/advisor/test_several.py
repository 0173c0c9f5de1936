"""Several places at once: each place's own answer, the share-weighted score, and what splitting would gain."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from advisor.__main__ import main
from advisor.answer import solve
from advisor.brief import Brief, Climate, Limit, PlaceShare
from advisor.sentences import say
from advisor.several import place_sentences, several, several_json

PLACES = (PlaceShare("Lagos", 2.0), PlaceShare("Berlin", 1.0), PlaceShare("Dubai", 1.0))
BRIEF = Brief(product="mini-hike-daypack", climate=Climate(places=PLACES))


def test_each_place_has_the_answer_it_would_have_alone(table):
    found = several(solve(table, BRIEF))
    assert found is not None
    assert [(place.name, place.share) for place in found.places] == [("Lagos", 0.5), ("Berlin", 0.25), ("Dubai", 0.25)]
    for place in found.places:
        alone = solve(table, replace(BRIEF, climate=Climate(place.name)))
        assert place.answer.ranking.order.tolist() == alone.ranking.order.tolist()
        assert place.first == alone.ranking.order[0]
        assert place.answer.met.tolist() == alone.met.tolist()


def test_the_single_cloth_has_the_best_share_weighted_score(table):
    found = several(solve(table, BRIEF))
    assert found is not None and found.single is not None
    scores = np.sum([place.share * place.answer.ranking.scores for place in found.places], axis=0)
    assert found.scores == pytest.approx(scores)
    passes = found.strict.screen.passes
    assert found.scores[found.single] == pytest.approx(scores[passes].max())
    assert found.order[0] == found.single and (np.diff(found.scores[found.order]) <= 1e-9).all()
    best = sum(place.share * place.answer.ranking.scores[place.answer.screen.passes].max() for place in found.places)
    assert found.split_gain == pytest.approx(best - scores[passes].max()) and found.split_gain >= 0


def test_the_strictest_demand_of_all_places_stands_beside_it(table):
    answer = solve(table, BRIEF)
    found = several(answer)
    assert found is not None and found.strict is answer
    for demand in answer.demands:
        for place in found.places:
            own = next((one for one in place.answer.demands if one.property == demand.property), None)
            assert own is None or not own.stricter(demand)


def test_one_place_alone_or_twice_gains_nothing_by_splitting(table):
    assert several(solve(table, Brief())) is None
    assert several(solve(table, Brief(climate=Climate("Lagos")))) is None
    assert several(solve(table, Brief(climate=Climate(places=PLACES[:1])))) is None
    twice = Brief(climate=Climate(places=(PlaceShare("Lagos", 3.0), PlaceShare("Lagos", 1.0))))
    found = several(solve(table, twice))
    assert found is not None and found.split_gain == pytest.approx(0, abs=1e-12)
    assert found.single == solve(table, Brief(climate=Climate("Lagos"))).ranking.order[0]
    assert say(place_sentences(found)[-1]).endswith("would gain nothing.")


def test_where_nothing_passes_nothing_serves(table):
    found = several(solve(table, replace(BRIEF, limits=(Limit(property="areal_mass_g_m2", at_most=1.0),))))
    assert found is not None and found.single is None and found.split_gain == 0
    assert place_sentences(found) == ()
    assert json.loads(json.dumps(several_json(found), allow_nan=False))["single"] is None


def test_the_command_line_says_it_as_text_and_as_json(tmp_path, capsys):
    path = tmp_path / "three.brief.json"
    path.write_text(json.dumps(BRIEF.to_json()), encoding="utf-8")
    assert main(["rank", "--brief", str(path), "--top", "3"]) == 0
    text = capsys.readouterr().out
    assert "Lagos (50 % of the order): " in text and "serves all these places best" in text
    assert main(["rank", "--brief", str(path), "--format", "json"]) == 0
    places = json.loads(capsys.readouterr().out)["places"]
    assert [place["place"] for place in places["places"]] == ["Lagos", "Berlin", "Dubai"]
    assert places["single"]["score"] == pytest.approx(
        sum(place["share"] * place["single"]["score"] for place in places["places"])
    )
    assert places["split_gain"] == pytest.approx(
        sum(place["share"] * place["first"]["score"] for place in places["places"]) - places["single"]["score"]
    )
    assert main(["rank", "--place", "Lagos", "--format", "json"]) == 0
    assert "places" not in json.loads(capsys.readouterr().out)
