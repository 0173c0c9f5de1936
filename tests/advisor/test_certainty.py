"""Certainty: win shares against a plain reference that draws cell by cell, and what they must always keep."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.answer import solve
from advisor.brief import Band, Brief, CertaintySettings, Climate, Limit
from advisor.certainty import MOST_DRAWN, QUANTILES, Stopped, contenders, quantiles
from advisor.materials import bundled
from advisor.properties import CRITERIA, properties

#: Criteria of several properties that count by their weaker one; the others count by the mean (design, criteria).
WEAKEST = {"water", "temperature", "availability"}

BRIEFS = {
    "hike in Lagos": Brief(product="mini-hike-daypack", climate=Climate("Lagos")),
    "commuter in Berlin, hopeful": Brief(product="commuter-urban-pack", climate=Climate("Berlin"), gaps="hopeful"),
    "running in Dubai, few priorities": Brief(
        product="lightweight-running-pack",
        climate=Climate("Dubai"),
        priorities={"lightness": 10.0, "price": 9.0, "water": 0.0, "handle": 1.0},
    ),
}


def anchors(answer: Any, item: Any) -> tuple[list[float], list[float]] | None:
    """One property's value curve, written out from the design's words: x rising, values."""
    asked = next((demand for demand in answer.demands if demand.property == item.key and demand.asked), None)
    if asked is None:
        if item.key == "price_usd_m2":
            return [answer.terms.price_target, answer.terms.price_ceiling], [1.0, 0.0]
        return ([x for x, _ in item.curve], [value for _, value in item.curve]) if item.curve else None
    level, up = asked.level, asked.sense == "at_least"
    if item.unit == "°C":
        worst, best = (level - 15, level + 15) if up else (level + 15, level - 15)
    elif item.kind == "grade":
        step = 10 if item.scale == (0, 100) else 1
        worst, best = (level - step, level + step) if up else (level + step, level - step)
    else:
        worst, best = (0.4 * level, 1.5 * level) if up else (level / 0.4, level / 1.5)
    closed = item.scale[1] if up else item.scale[0]
    if closed is not None:
        best = min(best, closed) if up else max(best, closed)
    points = [(worst, 0.0), (level, 0.8), (best, 1.0)] if best != level else [(worst, 0.0), (level, 1.0)]
    points.sort()
    return [x for x, _ in points], [value for _, value in points]


def reference_shares(answer: Any, samples: int, vary_data: bool, vary_priorities: str) -> dict[int, float]:
    """Win share by table row, drawn plainly: triangular cells, uniform gaps, uniform priorities."""
    random = np.random.default_rng(20_261_120)
    table = answer.table
    rows = [row for row in range(len(table)) if answer.screen.passes[row]]
    drawn_priorities = []
    for criterion in CRITERIA:
        centre = answer.terms.priorities[criterion]
        if vary_priorities == "around":
            drawn_priorities.append(random.uniform(max(centre - 3, 0), min(centre + 3, 10), samples))
        elif vary_priorities == "unknown":
            drawn_priorities.append(random.exponential(1.0, samples))
        else:
            drawn_priorities.append(np.full(samples, centre))
    totals = np.zeros((len(rows), samples))
    for priority, criterion in zip(drawn_priorities, CRITERIA, strict=True):
        curves = [(item, anchors(answer, item)) for item in properties().values() if item.criterion == criterion]
        for place, row in enumerate(rows):
            worth = []
            for item, curve in curves:
                if curve is None:
                    continue
                column = table.column(item.key)
                low, typical, high = (float(array[row, column]) for array in (table.low, table.typical, table.high))
                if vary_data and np.isnan(typical):
                    bottom, top = item.plausible or (0.0, 0.0)
                    figures = random.uniform(bottom, top, samples)
                elif vary_data and high > low:
                    figures = random.triangular(low, typical, high, samples)
                else:
                    figures = np.full(samples, typical)
                worth.append(np.interp(figures, *curve))
            if worth:
                value = np.min(worth, axis=0) if criterion in WEAKEST else np.mean(worth, axis=0)
            else:
                value = np.ones(samples)
            totals[place] += priority * value
    leaders = np.bincount(totals.argmax(axis=0), minlength=len(rows))
    return {row: leaders[place] / samples for place, row in enumerate(rows)}


@pytest.mark.parametrize("name", BRIEFS)
def test_win_shares_agree_with_a_plain_triangular_draw(name, table):
    answer = solve(table, BRIEFS[name])
    found = answer.certainty().win_share
    expected = reference_shares(answer, 20_000, True, "around")
    assert max(abs(found[row] - share) for row, share in expected.items()) <= 0.015
    assert max(expected.values()) < 0.95, "a brief without contest tests nothing"


def test_win_shares_with_priorities_unknown_or_fixed_agree_too(table):
    brief = BRIEFS["hike in Lagos"]
    for setting in ("unknown", "fixed"):
        answer = solve(table, replace(brief, certainty=CertaintySettings(priorities=setting)))
        expected = reference_shares(answer, 20_000, True, setting)
        found = answer.certainty().win_share
        assert max(abs(found[row] - share) for row, share in expected.items()) <= 0.015


def test_priorities_alone_agree_too(table):
    # Without drawn data a gap stands at the end its policy names, so only rows without gaps can be compared plainly.
    whole = [row for row in range(len(table)) if not np.isnan(table.typical[row]).any()]
    rows = whole if len(whole) > 20 else list(range(len(table)))
    brief = replace(BRIEFS["hike in Lagos"], certainty=CertaintySettings(data=False))
    answer = solve(table.take(rows), brief)
    clear = [row for row in range(len(rows)) if not answer.gap_properties(row)]
    answer = solve(answer.table.take(clear), brief)
    expected = reference_shares(answer, 20_000, False, "around")
    found = answer.certainty().win_share
    assert max(abs(found[row] - share) for row, share in expected.items()) <= 0.015


@pytest.mark.parametrize("name", BRIEFS)
def test_with_both_switches_off_the_first_place_always_leads(name, table):
    settled = CertaintySettings(data=False, priorities="fixed", samples=1000)
    answer = solve(table, replace(BRIEFS[name], certainty=settled))
    certain = answer.certainty()
    assert certain.win_share[answer.ranking.order[0]] == 1.0
    assert certain.win_share.sum() == 1.0 and certain.error == 0
    assert not certain.level_with_above.any()


def test_materials_of_one_rank_share_their_trials(table):
    settled = CertaintySettings(data=False, priorities="fixed", samples=100)
    brief = replace(BRIEFS["hike in Lagos"], certainty=settled)
    first = int(solve(table, brief).ranking.order[0])
    twins = table.take([*range(len(table)), first])
    twins = replace(twins, ids=(*twins.ids[:-1], "twin"))
    share = solve(twins, brief).certainty().win_share
    assert share[first] == share[-1] == 0.5


@given(
    st.sampled_from(sorted(BRIEFS)),
    st.booleans(),
    st.sampled_from(["around", "unknown", "fixed"]),
    st.integers(100, 1500),
    st.integers(0, 2**63 - 1),
)
@settings(max_examples=25)
def test_shares_sum_to_1_and_the_same_seed_gives_the_same_bits(name, data, priorities, samples, seed):
    draws = CertaintySettings(data, priorities, samples, seed)
    answer = solve(bundled(), replace(BRIEFS[name], certainty=draws))
    one, other = answer.certainty(), answer.certainty()
    assert one.win_share.tobytes() == other.win_share.tobytes()
    assert one.level_with_above.tobytes() == other.level_with_above.tobytes()
    assert one.win_share.sum() == pytest.approx(1, abs=1e-9)
    assert (one.win_share >= 0).all()
    assert not one.win_share[~answer.screen.passes].any()
    top = one.win_share.max()
    assert one.error == pytest.approx(1.96 * np.sqrt(top * (1 - top) / samples), abs=1e-12)


def test_another_seed_draws_other_trials_within_the_error_bar(table):
    brief = BRIEFS["hike in Lagos"]
    one, other = (solve(table, replace(brief, certainty=CertaintySettings(seed=seed))).certainty() for seed in (1, 2))
    assert one.win_share.tobytes() != other.win_share.tobytes()
    assert np.abs(one.win_share - other.win_share).max() <= 2 * (one.error + other.error)


def test_what_is_screened_out_never_leads_however_good(table):
    answer = solve(table, BRIEFS["hike in Lagos"])
    first = answer.table.names[answer.ranking.order[0]]
    keep = Limit(property="areal_mass_g_m2", at_most=90.0)
    limited = solve(table, replace(answer.brief, limits=(keep,)))
    share = limited.certainty().win_share
    row = table.names.index(first)
    assert limited.ranking.ranks[row] == 0 and share[row] == 0
    assert share.sum() == pytest.approx(1)


def test_level_with_above_means_beating_the_head_in_40_of_100_draws(table):
    # Two cloths alike in all but a hair: the second leads in nearly half the draws and stands level with the first.
    brief = replace(BRIEFS["hike in Lagos"], certainty=CertaintySettings(samples=2000))
    first = int(solve(table, brief).ranking.order[0])
    pair = table.take([first, first])
    typical = pair.typical.copy()
    typical[1, table.column("areal_mass_g_m2")] *= 1.001
    near = replace(pair, ids=("one", "two"), typical=typical)
    answer = solve(near, brief)
    assert answer.ranking.ranks.tolist() == [1, 2]
    assert answer.certainty().level_with_above.tolist() == [False, True]
    far = typical.copy()
    low, high = pair.low.copy(), pair.high.copy()
    for key in ("areal_mass_g_m2", "price_usd_m2"):
        for array in (far, low, high):
            array[1, table.column(key)] *= 3
    apart = solve(replace(near, typical=far, low=low, high=high), brief)
    assert not apart.certainty().level_with_above.any()


def test_unwanted_work_stops(table):
    with pytest.raises(Stopped):
        solve(table, BRIEFS["hike in Lagos"]).certainty(stop=lambda: True)


def test_a_cell_is_drawn_as_the_middles_of_slices_of_its_own_distribution(table):
    answer = solve(table, BRIEFS["hike in Lagos"])
    random = np.random.default_rng(7)
    middles = (np.arange(QUANTILES) + 0.5) / QUANTILES
    checked = 0
    for member in answer.values.members:
        found, moves = quantiles(table, member.property, member.curve, tuple(range(len(table))))
        column = table.column(member.property)
        for row in random.choice(len(table), 8, replace=False).tolist():
            low, typical, high = (float(array[row, column]) for array in (table.low, table.typical, table.high))
            bottom, top = properties()[member.property].plausible or (0.0, 0.0)
            if np.isnan(typical):
                figures = bottom + (top - bottom) * middles
            elif high > low:
                # The distribution function written out: F of the figure behind every slice is the slice's middle.
                grid = np.linspace(low, high, 20_001)
                rising = (grid - low) ** 2 / ((high - low) * max(typical - low, 1e-300))
                falling = 1 - (high - grid) ** 2 / ((high - low) * max(high - typical, 1e-300))
                share = np.where(grid <= typical, np.minimum(rising, 1), falling)
                share[0], share[-1] = 0.0, 1.0
                figures = np.interp(middles, share, grid)
            else:
                figures = np.full(QUANTILES, typical)
            expected = member.curve(figures)
            # The written-out function is itself read off a grid of 1/20,000 of the range.
            assert found[row] == pytest.approx(expected, abs=2e-3)
            assert moves[row] == (
                np.ptp(
                    member.curve(np.linspace(bottom, top, 999) if np.isnan(typical) else np.linspace(low, high, 999))
                )
                > 0
            )
            checked += 1
    assert checked > 100


def test_of_a_long_list_those_who_might_lead_are_drawn(table):
    # Five hundred cloths that cannot lead stand between the first and one whose figures are all but unknown.
    brief = BRIEFS["hike in Lagos"]
    answer = solve(table, brief)
    order = answer.ranking.passing_rows()
    several = [int(order[0])] * 1 + [int(row) for row in order[5:45]] * 12 + [int(order[1])]
    long = table.take(several)
    ids = tuple(f"cloth-{number:04d}" for number in range(len(long)))
    long = replace(long, ids=ids)
    found = solve(long, brief)
    assert found.ranking.passing > MOST_DRAWN
    rows = contenders(found.values, found.ranking)
    assert len(rows) < found.ranking.passing and list(rows) == sorted(rows, key=lambda row: found.ranking.place[row])
    share = found.certainty().win_share
    assert share.sum() == pytest.approx(1)
    assert share[0] > 0 and not share[~np.isin(np.arange(len(long)), rows)].any()


@pytest.mark.parametrize("name", BRIEFS)
def test_rank_acceptability_central_weights_and_confidence(name, table):
    answer = solve(table, replace(BRIEFS[name], certainty=CertaintySettings(samples=2000)))
    certain, fuller = answer.certainty(), answer.acceptability()
    assert fuller.rows.tolist() == answer.ranking.passing_rows().tolist()
    share = certain.win_share[fuller.rows]
    assert fuller.ranks[:, 0] == pytest.approx(share, abs=1e-3), "ties apart, the first column is the win share"
    assert (fuller.ranks.sum(axis=0) >= 1 - 1e-9).all() and (fuller.ranks.sum(axis=1) <= 1 + 1e-9).all()
    led = share > 0
    assert np.isnan(fuller.central[~led]).all() and np.isnan(fuller.confidence[~led]).all()
    assert fuller.central[led].sum(axis=1) == pytest.approx(1)
    assert ((fuller.confidence[led] >= 0) & (fuller.confidence[led] <= 1)).all()
    # Under its own central weights a material leads more often than over all of them, and never by much less.
    best = int(share.argmax())
    assert fuller.confidence[best] >= share[best] - 0.03
    assert (fuller.error >= 0).all() and certain.errors().max() == pytest.approx(certain.error, abs=0.012)


def test_central_weights_of_two_cloths_that_differ_in_two_criteria(table):
    """With data fixed and priorities open, lighter wins where lightness outweighs price: a closed form."""
    first = int(solve(table, BRIEFS["hike in Lagos"]).ranking.order[0])
    pair = replace(table.take([first, first]), ids=("light", "cheap"))
    arrays = [array.copy() for array in (pair.low, pair.typical, pair.high)]
    for array in arrays:
        array[:, table.column("areal_mass_g_m2")] = [100.0, 140.0]
        array[:, table.column("price_usd_m2")] = [4.0, 3.0]
    pair = replace(pair, low=arrays[0], typical=arrays[1], high=arrays[2])
    settled = CertaintySettings(data=False, priorities="unknown", samples=20_000)
    answer = solve(pair, replace(BRIEFS["hike in Lagos"], price=Band(2.0, 6.0), certainty=settled))
    light, price = CRITERIA.index("lightness"), CRITERIA.index("price")
    worth = answer.values.typical
    gain, loss = worth[0, light] - worth[1, light], worth[1, price] - worth[0, price]
    assert gain > 0 and loss > 0
    # Two exponential weights: the lighter leads where w_light / w_price > loss / gain.
    expected = gain / (gain + loss)
    certain, fuller = answer.certainty(), answer.acceptability()
    assert certain.win_share[0] == pytest.approx(expected, abs=certain.error * 1.5)
    lead = {int(row): place for place, row in enumerate(fuller.rows)}
    assert fuller.confidence.tolist() == [1.0, 1.0]
    assert fuller.central[lead[0], light] > fuller.central[lead[1], light]
    assert fuller.central[lead[0], price] < fuller.central[lead[1], price]


def test_gaps_leave_the_best_and_the_worst_place_open(table):
    answer = solve(table, BRIEFS["hike in Lagos"])
    random = np.random.default_rng(4)
    order = answer.ranking.passing_rows()
    blank = random.choice(order, 6, replace=False)
    arrays = {end: getattr(table, end).copy() for end in ("low", "typical", "high")}
    for array in arrays.values():
        for row, key in zip(blank, ["price_usd_m2", "areal_mass_g_m2", "tear_strength_n"] * 2, strict=True):
            array[row, table.column(key)] = np.nan
    for policy in ("cautious", "neutral", "hopeful"):
        holed = solve(replace(table, **arrays), replace(answer.brief, gaps=policy))
        found = holed.possible_places
        rows = holed.ranking.passing_rows()
        weights = holed.ranking.weights
        ends = {
            end: solve(holed.table, replace(holed.brief, gaps=end)).values.typical @ weights
            for end in ("cautious", "hopeful")
        }
        for row in rows.tolist():
            others = [other for other in rows.tolist() if other != row]
            best = 1 + sum(ends["cautious"][other] > ends["hopeful"][row] + 1e-9 for other in others)
            worst = 1 + sum(ends["hopeful"][other] > ends["cautious"][row] + 1e-9 for other in others)
            assert (found.best[row], found.worst[row]) == (best, worst)
            assert best <= holed.ranking.ranks[row] <= worst
        screened = holed.ranking.order[holed.ranking.passing :]
        assert not found.best[screened].any() and not found.worst[screened].any()
        assert (found.best[blank] < found.worst[blank]).any()


def test_possible_places_are_those_of_every_choice_of_ends_tried_on_random_tables():
    random = np.random.default_rng(41)
    whole = bundled()
    wider = 0
    for _ in range(25):
        table = whole.take(random.choice(len(whole), 7, replace=False).tolist())
        low, typical, high = table.low.copy(), table.typical.copy(), table.high.copy()
        brief = Brief(
            climate=Climate(str(random.choice(["Lagos", "Berlin"]))),
            gaps=str(random.choice(["cautious", "neutral", "hopeful"])),
            priorities={key: float(random.uniform(0, 10)) for key in CRITERIA},
        )
        members = solve(table, brief).values.members
        holes = [(int(random.integers(7)), members[int(random.integers(len(members)))]) for _ in range(6)]
        for row, member in holes:
            for array in (low, typical, high):
                array[row, table.column(member.property)] = np.nan
        table = replace(table, low=low, typical=typical, high=high)
        answer = solve(table, brief)
        open_cells = [
            (row, number)
            for row in range(7)
            for number in range(len(members))
            if np.isnan(table.typical[row, table.column(members[number].property)])
        ]
        if len(open_cells) > 7:
            continue
        ends = []
        for _, number in open_cells:
            bottom, top = properties()[members[number].property].plausible or (0.0, 0.0)
            tried = np.array([bottom, *(x for x in members[number].curve.x if bottom < x < top), top])
            worth = members[number].curve(tried)
            ends.append((float(tried[worth.argmin()]), float(tried[worth.argmax()])))
        seen = {row: set() for row in answer.ranking.passing_rows().tolist()}
        for choice in product((0, 1), repeat=len(open_cells)):
            filled = table.typical.copy()
            for (row, number), both, end in zip(open_cells, ends, choice, strict=True):
                filled[row, table.column(members[number].property)] = both[end]
            one = solve(replace(table, low=filled, typical=filled, high=filled), replace(brief, limits=()))
            merit = one.ranking.scores
            for row in seen:
                seen[row].add(1 + sum(bool(merit[other] > merit[row] + 1e-9) for other in seen if other != row))
        for row, places in seen.items():
            assert answer.possible_places.best[row] == min(places)
            assert answer.possible_places.worst[row] == max(places)
            wider += min(places) < max(places)
    assert wider > 10


def test_without_gaps_the_place_is_the_only_possible_one(table):
    answer = solve(table, BRIEFS["hike in Lagos"])
    whole = [row for row in range(len(table)) if not answer.gap_properties(row)]
    answer = solve(table.take(whole), answer.brief)
    places = answer.possible_places
    assert (places.best == answer.ranking.ranks).all() and (places.worst == answer.ranking.ranks).all()
