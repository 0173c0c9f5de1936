"""What moved between two answers: the parts add up, and every difference is told."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.materials import bundled
from advisor.moves import demand_moves, place_moves
from advisor.sentences import say

PLACES = ("Lagos", "Dubai", "Tromsø", "Berlin")


def at(place: str):
    return solve(bundled(), Brief(product="mini-hike-daypack", climate=Climate(place=place)))


@pytest.mark.parametrize(("left", "right"), list(itertools.combinations(PLACES, 2)))
def test_each_pair_of_places_differs_and_every_move_adds_up(left, right):
    before, after = at(left), at(right)
    asked = demand_moves(before.demands, after.demands)
    assert len(asked) >= 5
    assert all(right in say(move.because) for move in asked if move.property in ("heat_limit_c", "hydrolysis_weeks"))
    moved = place_moves(before, after)
    assert moved
    for move in moved:
        rows = before.table.index[move.material]
        gap = float(after.ranking.scores[rows] - before.ranking.scores[rows])
        assert move.score == pytest.approx(gap, abs=1e-12)
        assert sum(move.parts.values()) == pytest.approx(gap, abs=1e-12)
        assert move.before != move.after
        assert say(move.sentence())
    untouched = {before.table.ids[row] for row in range(len(before.table))} - {move.material for move in moved}
    assert all(
        before.ranking.ranks[before.table.index[key]] == after.ranking.ranks[after.table.index[key]]
        for key in untouched
    )


def test_nothing_moves_between_an_answer_and_itself():
    answer = at("Berlin")
    again = solve(answer.table, replace(answer.brief))
    assert demand_moves(answer.demands, again.demands) == ()
    assert place_moves(answer, again) == ()


def test_a_material_that_is_screened_out_is_told_so():
    before = at("Berlin")
    after = solve(before.table, replace(before.brief, price=replace(before.brief.price, target=0.3, ceiling=0.5)))
    outs = [move for move in place_moves(before, after) if move.after == 0]
    assert outs
    assert "screened out" in say(outs[0].sentence())
