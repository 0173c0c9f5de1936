from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from advisor.answer import solve
from advisor.brief import Brief, Climate, Limit
from advisor.materials import bundled
from advisor.priorities import with_priority
from advisor.properties import CRITERIA
from advisor.tipping import leaders

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
