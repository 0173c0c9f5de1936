"""Tipping points against plain scans: who leads along every slider, and how far the first places hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from advisor.answer import solve
from advisor.brief import Brief, Climate, DemandEdit, Limit, PlaceShare
from advisor.certainty import Stopped
from advisor.materials import bundled
from advisor.priorities import with_priority
from advisor.profiles import products
from advisor.properties import CRITERIA
from advisor.tipping import TIPPING_SLIDERS, at_slider, leaders, slider_range, stability, tipping_of_slider

STEPS = 501

BRIEFS = {
    "plain": Brief(),
    "wet": Brief(climate=Climate(place="Lagos"), product="kids-mini-backpack", sector="education", market=("GH",)),
    "few priorities": Brief(priorities=dict.fromkeys(CRITERIA, 0.0) | {"price": 4.0, "recycled": 6.0}),
    "locked": Brief(climate=Climate(place="Nairobi"), locks=("water", "price"), priorities={"water": 9, "sun": 2}),
    "limited": Brief(limits=(Limit(property="areal_mass_g_m2", at_most=200), Limit(family=("polyester",)))),
}


def scan(answer, criterion):
    """Σ priority × value of every passing material at 501 steps, through the priorities a slider would leave."""
    steps = np.linspace(0, 10, STEPS)
    rows = answer.ranking.passing_rows()
    before = answer.terms.priorities
    found = np.empty((STEPS, len(rows)))
    for number, value in enumerate(steps):
        after = with_priority(before, answer.brief.locks, criterion, value)
        found[number] = answer.values.typical[rows] @ np.array([after[key] for key in CRITERIA])
    return steps, rows, found


@pytest.mark.parametrize("name", BRIEFS)
def test_the_leader_of_every_stretch_leads_a_scan_of_501_steps(name):
    answer = solve(bundled(), BRIEFS[name])
    for criterion in CRITERIA:
        stretches = leaders(answer, criterion)
        assert stretches[0][0] == 0 and stretches[-1][1] == 10
        assert all(left[1] == right[0] and left[2] != right[2] for left, right in pairwise(stretches))
        steps, rows, scores = scan(answer, criterion)
        best = scores.max(axis=1)
        place = {int(row): column for column, row in enumerate(rows)}
        for value, at in zip(steps, range(STEPS), strict=True):
            holding = [place[row] for low, high, row in stretches if low <= value <= high]
            assert holding
            # At a crossing two stretches meet and both lead.
            assert any(scores[at, column] >= best[at] - 1e-9 for column in holding)


@pytest.mark.parametrize("name", BRIEFS)
def test_where_the_slider_stands_the_first_place_leads(name):
    answer = solve(bundled(), BRIEFS[name])
    first = int(answer.ranking.order[0])
    for criterion in CRITERIA:
        now = answer.terms.priorities[criterion]
        assert first in [row for low, high, row in leaders(answer, criterion) if low <= now <= high]


def test_crossings_are_exact():
    answer = solve(bundled(), BRIEFS["wet"])
    for criterion in CRITERIA:
        stretches = leaders(answer, criterion)
        for (_, at, upper), (_, _, lower) in pairwise(stretches):
            moved = solve(bundled(), replace(answer.brief, priorities={**answer.terms.priorities, criterion: at}))
            assert moved.ranking.scores[upper] == pytest.approx(moved.ranking.scores[lower], abs=1e-12)


def test_nobody_leads_where_nothing_passes():
    answer = solve(bundled(), Brief(limits=(Limit(property="areal_mass_g_m2", at_most=1),)))
    assert leaders(answer, "water") == ()


def test_locks_that_hold_everything_leave_the_leader():
    only = dict.fromkeys(CRITERIA, 0.0) | {"price": 5.0}
    answer = solve(bundled(), Brief(priorities=only, locks=("price",)))
    assert leaders(answer, "water") == ((0.0, 10.0, int(answer.ranking.order[0])),)


def test_of_two_equal_materials_the_first_id_leads():
    table = bundled()
    answer = solve(table, BRIEFS["plain"])
    lead = int(answer.ranking.order[0])

    def doubled(array):
        return np.vstack([array, array[lead]])

    twin = replace(
        table,
        ids=(*table.ids, "a-twin"),
        names=(*table.names, "Twin"),
        text={key: (*column, column[lead]) for key, column in table.text.items()},
        low=doubled(table.low),
        typical=doubled(table.typical),
        high=doubled(table.high),
        grades=doubled(table.grades),
    )
    answer = solve(twin, BRIEFS["plain"])
    assert answer.table.ids[int(answer.ranking.order[0])] == "a-twin"
    for criterion in CRITERIA:
        rows = {row for _, _, row in leaders(answer, criterion)}
        assert len(table) in rows
        assert lead not in rows


def random_answers(count, seed):
    """Random parts of the shipped table with every figure moved, under random briefs; the same in every run."""
    random = np.random.default_rng(seed)
    whole = bundled()
    for _ in range(count):
        rows = random.choice(len(whole), int(random.integers(2, 40)), replace=False).tolist()
        table = whole.take(rows)
        moved = random.uniform(0.8, 1.25, table.typical.shape)
        figures = {end: getattr(table, end) * moved for end in ("low", "typical", "high")}
        table = replace(table, **figures)
        some = {key: float(round(random.uniform(0, 10), 2)) for key in CRITERIA if random.random() < 0.7}
        locks = tuple(str(key) for key in random.choice(CRITERIA, 2, replace=False)) if random.random() < 0.15 else ()
        brief = Brief(
            product=str(random.choice(sorted(products()))),
            climate=Climate(str(random.choice(["Lagos", "Dubai", "Berlin", ""]))),
            priorities=some,
            locks=locks,
            gaps=str(random.choice(["cautious", "neutral", "hopeful"])),
        )
        yield solve(table, brief), random


def bundled_answers(count, seed):
    """The shipped table under random briefs: locks, demands dropped and set, limits, gaps, several places, twins."""
    random = np.random.default_rng(seed)
    whole = bundled()
    for _ in range(count):
        table = whole
        if random.random() < 0.3:
            # Two equal cloths stand level wherever the slider goes.
            rows = [*range(len(whole)), int(random.integers(len(whole)))]
            table = replace(whole.take(rows), ids=(*whole.ids, "a-twin"), names=(*whole.names, "Twin"))
        if random.random() < 0.4:
            holes = random.random(table.typical.shape) < 0.08
            low, typical, high = (np.where(holes, np.nan, end) for end in (table.low, table.typical, table.high))
            table = replace(table, low=low, typical=typical, high=high)
        places = tuple(PlaceShare(name, float(random.uniform(0.1, 3))) for name in ("Lagos", "Berlin", "Dubai"))
        shared = Climate(places=places, scored=str(random.choice(["strictest", "by-share"])))
        levels = (("areal_mass_g_m2", 250.0), ("tear_strength_n", 50.0), ("cold_flex_c", -15.0))
        limits = (
            Limit(property="areal_mass_g_m2", at_most=float(random.uniform(150, 400))),
            Limit(property="light_fastness_grade", at_least=float(random.uniform(2, 5)), judge="always"),
            Limit(family=("nylon", "rpet")),
        )
        yield (
            solve(
                table,
                Brief(
                    product=str(random.choice(sorted(products()))),
                    climate=shared if random.random() < 0.3 else Climate(str(random.choice(["Lagos", "Oslo", ""]))),
                    priorities={
                        key: float(round(random.uniform(0, 10), 1)) for key in CRITERIA if random.random() < 0.6
                    },
                    locks=tuple(str(key) for key in random.choice(CRITERIA, 3, replace=False))
                    if random.random() < 0.4
                    else (),
                    gaps=str(random.choice(["cautious", "neutral", "hopeful"])),
                    demands={
                        key: None if random.random() < 0.5 else DemandEdit(level)
                        for key, level in levels
                        if random.random() < 0.4
                    },
                    limits=tuple(limit for limit in limits if random.random() < 0.3),
                ),
            ),
            random,
        )


def scan_of_2001(answer, criterion):
    """Passing rows and their Σ priority × value at 2,001 steps of one slider."""
    steps = np.linspace(0, 10, 2001)
    rows = answer.ranking.passing_rows()
    before = answer.terms.priorities
    if answer.brief.locks:
        after = [with_priority(before, answer.brief.locks, criterion, value) for value in steps]
        drawn = np.array([[left[key] for key in CRITERIA] for left in after])
    else:
        drawn = np.repeat([[before[key] for key in CRITERIA]], len(steps), axis=0)
        drawn[:, CRITERIA.index(criterion)] = steps
    return steps, rows, drawn @ answer.values.typical[rows].T


def test_tipping_points_equal_a_scan_of_2001_steps_on_200_random_tables_and_40_random_briefs():
    turns = 0
    for answer, random in (*random_answers(200, 20), *bundled_answers(40, 22)):
        if not answer.ranking.passing:
            continue
        criterion = str(random.choice(CRITERIA))
        stretches = leaders(answer, criterion)
        steps, rows, scores = scan_of_2001(answer, criterion)
        place = {int(row): column for column, row in enumerate(rows)}
        best = scores.max(axis=1)
        turns += len(stretches) - 1
        for low, high, row in stretches:
            inside = (steps >= low) & (steps <= high)
            assert (scores[inside, place[row]] >= best[inside] - 1e-9).all()
        assert stretches[0][0] == 0 and stretches[-1][1] == 10
        assert all(left[1] == right[0] for left, right in pairwise(stretches))
    assert turns > 50


def test_the_first_and_the_first_three_stay_exactly_as_long_as_a_scan_says():
    ends = 0
    for answer, random in (*random_answers(200, 21), *bundled_answers(40, 23)):
        criterion = str(random.choice(CRITERIA))
        found = stability(answer, criterion)
        if found is None:
            assert not answer.ranking.passing
            continue
        steps, _, scores = scan_of_2001(answer, criterion)
        assert found.first[0] <= found.three[0] <= found.now <= found.three[1] <= found.first[1]
        assert found.same_three[0] <= found.three[0] and found.three[1] <= found.same_three[1]
        low, high = found.same_three
        if scores.shape[1] > 3:
            apart = scores[:, :3].min(axis=1) - scores[:, 3:].max(axis=1)
            assert (apart[(steps >= low) & (steps <= high)] >= -1e-9).all()
            # Beyond an end another one is among the three (a straight line that fell below stays below).
            if low > 0:
                assert (apart[steps < low - 1e-4] < 1e-9).all()
            if high < 10:
                assert (apart[steps > high + 1e-4] < 1e-9).all()
        else:
            assert (low, high) == (0, 10)
        for (low, high), count in ((found.first, 1), (found.three, 3)):
            top = scores[:, :count]
            rest = scores[:, count:].max(axis=1) if scores.shape[1] > count else np.full(len(steps), -np.inf)
            in_order = (np.diff(top, axis=1) <= 1e-9).all(axis=1) & (top[:, -1] >= rest - 1e-9)
            inside = (steps >= low) & (steps <= high)
            assert in_order[inside].all()
            # Just outside, where another stands there: the next step beyond each end is out of order.
            for beyond in (steps[steps < low - 1e-9][-1:], steps[steps > high + 1e-9][:1]):
                # A step so near the end that the scores are still equal says nothing.
                at = np.searchsorted(steps, beyond)
                if len(beyond) and min(abs(beyond[0] - low), abs(beyond[0] - high)) > 1e-4 and beyond[0] > 0:
                    worst = max(float(np.diff(top[at[0]]).max(initial=-1)), float(rest[at[0]] - top[at[0], -1]))
                    assert worst > -1e-9
                    ends += 1
    assert ends > 100


@pytest.mark.parametrize("key", TIPPING_SLIDERS)
def test_every_other_slider_tips_where_a_scan_says(key):
    number = TIPPING_SLIDERS.index(key)
    for steps, answers in ((101, random_answers(3, number + 30)), (201, bundled_answers(2, number + 60))):
        for answer, _ in answers:
            table, brief = answer.table, answer.brief
            low, high = slider_range(brief, key)
            stretches = tipping_of_slider(table, brief, key)
            assert stretches[0][0] == low and stretches[-1][1] == pytest.approx(high)
            assert all(left[1] == right[0] and left[2] != right[2] for left, right in pairwise(stretches))
            near = 1e-8 * (high - low)
            for value in np.linspace(low, high, steps):
                at = solve(table, at_slider(brief, key, float(value)))
                order = at.ranking.passing_rows()
                lead = int(order[0]) if len(order) else -1
                assert lead in [row for start, end, row in stretches if start - near <= value <= end + near]


@pytest.mark.parametrize("key", ["relative_humidity_pct", "price_ceiling", "life_years"])
def test_sliders_whose_demands_bend_tip_where_a_scan_of_2001_steps_says(key):
    brief = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))
    low, high = slider_range(brief, key)
    stretches = tipping_of_slider(bundled(), brief, key)
    near = 1e-8 * (high - low)
    seen = set()
    for value in np.linspace(low, high, 2001):
        at = solve(bundled(), at_slider(brief, key, float(value)))
        lead = int(at.ranking.order[0]) if at.ranking.passing else -1
        assert lead in [row for start, end, row in stretches if start - near <= value <= end + near]
        seen.add(lead)
    assert seen == {row for _, _, row in stretches}


def test_a_step_and_a_bend_are_found_to_the_digit():
    found = []
    for answer, _ in random_answers(12, 77):
        for key in ("solar_mj_m2_year", "mean_c", "price_ceiling", "dust_salt"):
            low, high = slider_range(answer.brief, key)
            for left, right in pairwise(tipping_of_slider(answer.table, answer.brief, key)):
                sides = [
                    solve(answer.table, at_slider(answer.brief, key, left[1] + side * 1e-7 * (high - low)))
                    for side in (-1, 1)
                ]
                leads = [int(side.ranking.order[0]) if side.ranking.passing else -1 for side in sides]
                assert leads == [left[2], right[2]]
                found.append(key)
    assert len(found) > 5


def test_unwanted_tipping_stops():
    with pytest.raises(Stopped):
        tipping_of_slider(bundled(), Brief(), "mean_c", stop=lambda: True)
