"""The order by weakest demand: no good value makes up for the lowest one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from advisor.answer import Answer, solve
from advisor.brief import Brief, Climate, Limit
from advisor.materials import Table, bundled
from advisor.ranking import TIE, Ranking, weakest_order, worst_miss

BRIEF = Brief(
    product="hydration-pack",
    climate=Climate(place="Bogotá"),
    limits=(Limit(property="areal_mass_g_m2", at_most=300.0),),
)


@pytest.fixture(scope="module")
def answer() -> Answer:
    return solve(bundled(), BRIEF)


def lowest(answer: Answer, row: int) -> float:
    """The lowest value among the demands asked, one material by hand."""
    found = 1.0
    for member in answer.values.members:
        if member.demand is not None and member.demand.asked:
            figure = answer.table.typical[row, answer.table.column(member.property)]
            if not np.isnan(figure):
                found = min(found, float(member.curve(np.array([figure]))[0]))
    return found


def test_rows_fall_by_lowest_value_then_score_then_id(answer):
    found = answer.by_weakest
    passing = answer.ranking.passing
    keys = [
        (-round(found.lowest[row], 9), -round(answer.ranking.scores[row], 9), answer.table.ids[row])
        for row in found.order[:passing].tolist()
    ]
    assert keys == sorted(keys)
    assert len({key[0] for key in keys}) > 1
    assert list(found.order[:passing]) != list(answer.ranking.order[:passing])


def test_the_lowest_value_is_that_of_the_worst_demand(answer):
    for row in answer.ranking.passing_rows().tolist():
        if not answer.gap_properties(row):
            assert answer.by_weakest.lowest[row] <= lowest(answer, row) + TIE
        miss = worst_miss(answer.table, answer.values, answer.demands, row)
        if miss is not None and miss.have is not None:
            assert answer.by_weakest.lowest[row] == pytest.approx(miss.value, abs=1e-12)


def test_the_same_materials_pass_and_the_screened_out_stay_as_they_were(answer):
    found, ranking = answer.by_weakest, answer.ranking
    assert set(found.order[: ranking.passing]) == set(ranking.passing_rows())
    assert (found.order[ranking.passing :] == ranking.order[ranking.passing :]).all()
    assert ((found.ranks == 0) == (ranking.ranks == 0)).all()
    assert found.ranks[found.order[0]] == 1


def test_where_nothing_is_asked_all_are_level_and_the_score_decides(answer):
    free = solve(bundled(), replace(BRIEF, demands={item.property: None for item in answer.demands}))
    assert free.by_weakest.level and not answer.by_weakest.level
    assert (free.by_weakest.lowest == 1).all()
    assert (free.by_weakest.order == free.ranking.order).all()
    assert (free.by_weakest.ranks == free.ranking.ranks).all()


def test_level_in_value_and_score_share_a_place_and_rounding_noise_decides_nothing():
    count = len(IDS)
    table = replace_ids(bundled().take(range(count)))
    scores = np.array([0.5, 0.5 + TIE / 10, 0.9, 0.5, 0.1])
    ranking = rank_of(scores)
    found = weakest_order(table, ranking, np.array([0.4, 0.4 - TIE / 10, 0.2, 0.4, 0.7]))
    assert [table.ids[row] for row in found.order.tolist()] == ["e", "a", "b", "d", "c"]
    assert found.ranks.tolist() == [2, 2, 5, 2, 1]


IDS = ("a", "b", "c", "d", "e")


def replace_ids(table: Table) -> Table:
    figures = (table.low, table.typical, table.high)
    return Table(table.name, IDS, table.names, table.text, *figures, table.grades, table.sha256)


def rank_of(scores: np.ndarray) -> Ranking:
    order = np.array([2, 0, 1, 3, 4])
    return Ranking(order, np.array([2, 2, 1, 2, 5]), 5, scores, scores, scores, np.zeros((5, 16)), np.full(16, 1 / 16))
