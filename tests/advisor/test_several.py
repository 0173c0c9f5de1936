"""Several places at once: each place's own answer, the share-weighted score, and what splitting would gain."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.__main__ import main
from advisor.answer import solve
from advisor.brief import FORMAT, Brief, CertaintySettings, Climate, Limit, PlaceShare, brief_from_json
from advisor.elicitation import equivalents
from advisor.problems import AdvisorError
from advisor.properties import CRITERIA
from advisor.sentences import say
from advisor.several import place_sentences, several, several_json, with_place, with_share, without_place
from advisor.turning import with_figure
from advisor.values import cell_range, fold

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


def by_share(brief):
    return replace(brief, climate=replace(brief.climate, scored="by-share"))


def test_ordered_by_share_the_score_is_the_weighted_mean_of_the_places_scores(table):
    strict, weighted = solve(table, BRIEF), solve(table, by_share(BRIEF))
    found = several(weighted)
    assert found is not None and found.by_share and found.weighted is weighted
    scores = np.sum([place.share * place.answer.ranking.scores for place in found.places], axis=0)
    assert weighted.ranking.scores == pytest.approx(scores, abs=1e-12)
    assert weighted.ranking.contributions.sum(axis=1) == pytest.approx(scores, abs=1e-12)
    assert (weighted.values.low <= weighted.values.typical + 1e-12).all()
    assert (weighted.values.typical <= weighted.values.high + 1e-12).all()
    assert weighted.ranking.order.tolist() != strict.ranking.order.tolist()
    assert found.leader == found.single == weighted.ranking.order[0]
    # What is asked stays the strictest demand of all places, and so do the misses.
    assert weighted.demands == strict.demands and weighted.met.tolist() == strict.met.tolist()
    for row in range(0, len(table), 9):
        assert weighted.worst_miss(row) == strict.worst_miss(row)


def test_win_shares_by_share_agree_with_a_plain_draw_of_every_place(table):
    rows = solve(table, BRIEF).ranking.passing_rows()[:14].tolist()
    part = table.take(rows)
    gap = part.column("hydrolysis_weeks")
    arrays = {end: getattr(part, end).copy() for end in ("low", "typical", "high")}
    for array in arrays.values():
        array[3, gap] = np.nan
    part = replace(part, **arrays)
    drawing = CertaintySettings(priorities="fixed", samples=4000)
    answer = solve(part, replace(by_share(BRIEF), certainty=drawing))
    found = several(answer)
    assert found is not None
    random = np.random.default_rng(4)
    drawn = {}
    for place in found.places:
        for member in place.answer.values.members:
            bottom, top, missing = cell_range(part, member.property)
            typical = np.where(missing, bottom, part.typical[:, part.column(member.property)])
            if member.property not in drawn:
                one = random.triangular(bottom, typical, np.maximum(top, bottom + 1e-12), (4000, len(part)))
                drawn[member.property] = np.where(missing, random.uniform(bottom, top, (4000, len(part))), one)
    scores = np.zeros((4000, len(part)))
    for place in found.places:
        for number, criterion in enumerate(CRITERIA):
            own = [member for member in place.answer.values.members if member.criterion == criterion]
            worth = fold(criterion, [m.curve(drawn[m.property]) for m in own]) if own else np.ones(scores.shape)
            scores += place.share * answer.ranking.weights[number] * worth
    scores[:, ~answer.screen.passes] = -np.inf
    plain = np.bincount(scores.argmax(axis=1), minlength=len(part)) / 4000
    assert answer.certainty().win_share == pytest.approx(plain, abs=0.03)
    assert answer.acceptability().ranks[:, 0].sum() == pytest.approx(1, abs=1e-6)


def test_a_gap_leaves_the_same_places_open_by_share_as_trying_its_ends(table):
    part = table.take(solve(table, BRIEF).ranking.passing_rows()[:12].tolist())
    arrays = {end: getattr(part, end).copy() for end in ("low", "typical", "high")}
    for array in arrays.values():
        array[5, part.column("areal_mass_g_m2")] = np.nan
    answer = solve(replace(part, **arrays), by_share(BRIEF))
    best = solve(answer.table, replace(by_share(BRIEF), gaps="hopeful")).ranking.ranks[5]
    worst = solve(answer.table, by_share(BRIEF)).ranking.ranks[5]
    assert (answer.possible_places.best[5], answer.possible_places.worst[5]) == (best, worst)


def test_a_place_named_twice_has_both_shares_and_one_without_a_share_asks_nothing(table):
    merged = brief_from_json(
        {
            "format": FORMAT,
            "version": 2,
            "climate": {
                "scored": "by-share",
                "places": [
                    {"place": "Lagos", "share": 30},
                    {"place": "tromso", "share": 0},
                    {"place": "Berlin"},
                    {"place": "lagos", "share": 20},
                ],
            },
        }
    )
    assert merged.climate.places == (PlaceShare("Lagos", 50), PlaceShare("Tromsø", 0), PlaceShare("Berlin", 1))
    assert merged.climate.shares == (("Lagos", 50 / 51), ("Berlin", 1 / 51))
    assert brief_from_json(merged.to_json()) == merged and merged.to_json()["version"] == 2
    answer = solve(table, replace(merged, climate=replace(merged.climate, scored="strictest")))
    assert {demand.place for demand in answer.demands if demand.place} <= {"Lagos", "Berlin"}
    assert answer.brief.to_json()["version"] == 1
    only = replace(merged, climate=Climate(places=(PlaceShare("Lagos", 2), PlaceShare("Dubai", 0)), scored="by-share"))
    alone = solve(table, replace(merged, climate=Climate("Lagos")))
    assert solve(table, only).ranking.order.tolist() == alone.ranking.order.tolist()
    assert several(solve(table, only)).split_gain == 0


@pytest.mark.parametrize(
    ("climate", "named"),
    [
        ({"places": [{"place": "Lagos", "share": 0}]}, "add up to 0"),
        ({"places": [{"place": "Lagos", "share": -1}, {"place": "Dubai"}]}, "impossible"),
        ({"places": [{"place": "Atlantis"}, {"place": "Dubai"}]}, 'unknown place "Atlantis"'),
        ({"places": [{"place": "Dubai"}], "scored": "byshare"}, 'did you mean "by-share"'),
        ({"places": [{"place": "Dubai"}], "place": "Lagos"}, "both given"),
    ],
)
def test_impossible_places_are_refused(climate, named):
    with pytest.raises(AdvisorError) as caught:
        brief_from_json({"format": FORMAT, "version": 2, "climate": climate})
    assert named in " ".join(problem.line() for problem in caught.value.problems)


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


def test_explain_says_where_both_stand_at_every_place(tmp_path, capsys, table):
    path = tmp_path / "shared.brief.json"
    brief = by_share(BRIEF)
    path.write_text(json.dumps(brief.to_json()), encoding="utf-8")
    order = solve(table, brief).ranking.order.tolist()
    a, b = table.ids[order[0]], table.ids[order[2]]
    assert main(["explain", "--brief", str(path), a, b]) == 0
    text = capsys.readouterr().out
    assert "weighted by its share" in text
    for name in (table.names[order[0]], table.names[order[2]]):
        assert all(f"{name} at {place.place}: place " in text for place in PLACES)
    assert main(["explain", "--brief", str(path), a, "--format", "json"]) == 0
    places = json.loads(capsys.readouterr().out)["places"]
    assert places["scored"] == "by-share" and [item["place"] for item in places["standing"][a]] == [
        place.place for place in PLACES
    ]
    found = several(solve(table, brief))
    assert found is not None
    assert [item["rank"] for item in places["standing"][a]] == [
        int(place.answer.ranking.ranks[order[0]]) for place in found.places
    ]


@given(
    shares=st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=9),
    number=st.integers(0, 8),
    percent=st.floats(-20, 140),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_shares_are_whole_per_cent_that_sum_to_100_and_the_others_keep_their_proportions(shares, number, percent):
    places = tuple(PlaceShare(f"p{at}", share) for at, share in enumerate(shares))
    number %= len(places)
    found = with_share(places, number, percent)
    assert sum(item.share for item in found) == 100 and all(item.share == int(item.share) >= 0 for item in found)
    if len(places) > 1:
        assert found[number].share == min(max(round(percent), 0), 100)
        rest = sum(item.share for at, item in enumerate(places) if at != number)
        for at, item in enumerate(places):
            if at != number:
                even = item.share / rest if rest > 0 else 1 / (len(places) - 1)
                assert abs(found[at].share - (100 - found[number].share) * even) <= 1
        assert sum(item.share for item in without_place(places, number)) == 100
    more = with_place(places, "new")
    assert sum(item.share for item in more) == 100 and more[-1] == PlaceShare("new", round(100 / len(more)))


def test_by_share_what_a_change_is_worth_is_what_it_gains_when_made(table):
    answer = solve(table, by_share(BRIEF))
    seen = folded = 0
    for row in answer.ranking.passing_rows()[:12].tolist():
        slope = price_slope(answer, row)
        for one in equivalents(answer, row):
            if one.reason or one.step is None or one.worth is None:
                continue
            column = table.column(one.key)
            now = float(table.typical[row, column])
            step = 1e-4 * one.step
            high = np.where(np.isnan(table.high), np.inf, table.high)
            if not table.low[row, column] < now + one.better * step < high[row, column]:
                continue
            after = solve(with_figure(table, row, one.key, now + one.better * step), answer.brief)
            gained = after.ranking.scores[row] - answer.ranking.scores[row]
            assert gained == pytest.approx(step * one.worth * slope, rel=1e-3), one
            seen += 1
            folded += one.criterion in ("water", "temperature", "availability")
    assert seen > 20 and folded > 3


def price_slope(answer, row):
    """Score a dollar a square metre is worth, on the falling part of the price's curve."""
    curve = next(member.curve for member in answer.values.members if member.property == "price_usd_m2")
    falling = (curve.value[0] - curve.value[-1]) / (curve.x[-1] - curve.x[0])
    return answer.ranking.weights[CRITERIA.index("price")] * falling
