"""Dominance: named only where another equals or beats a material in all sixteen values, gaps never settling it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor import dominance
from advisor.answer import solve
from advisor.brief import Brief, Climate, Limit
from advisor.dominance import Dominance
from advisor.explanation import standing
from advisor.materials import bundled
from advisor.methods import pareto
from advisor.properties import CRITERIA
from advisor.ranking import Ranking
from advisor.sentences import say
from advisor.values import Curve, Member, Values

BRIEF = Brief(
    product="hydration-pack",
    climate=Climate(place="Bogotá"),
    limits=(Limit(property="areal_mass_g_m2", at_most=300.0),),
)


def made(matrix: np.ndarray, passing: int | None = None, gaps: np.ndarray | None = None) -> tuple[Values, Ranking]:
    """Values and a ranking of equal weights over the first columns; the other criteria are level."""
    count = len(matrix)
    typical = np.ones((count, len(CRITERIA)))
    typical[:, : matrix.shape[1]] = matrix
    low, high = typical.copy(), typical.copy()
    members = (Member("hydrostatic_head_mm", CRITERIA[0], Curve((0.0, 1.0), (0.0, 1.0))),)
    missing = np.zeros((count, 1), dtype=bool) if gaps is None else gaps
    low[missing[:, 0], 0], high[missing[:, 0], 0] = 0.0, 1.0
    values = Values(members, low, typical, high, missing, ())
    scores = typical.mean(axis=1)
    passing = count if passing is None else passing
    inside = np.argsort(-scores[:passing], kind="stable")
    ranks = np.zeros(count, dtype=np.intp)
    ranks[inside] = np.arange(1, passing + 1)
    order = np.concatenate((inside, np.arange(passing, count)))
    return values, Ranking(order, ranks, passing, scores, scores, scores, typical / 16, np.full(16, 1 / 16))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=3, max_size=3), min_size=1, max_size=12))
def test_it_agrees_with_the_pareto_set(cells):
    matrix = np.array(cells)
    values, ranking = made(matrix)
    on_front = pareto(values.typical, ["max"] * len(CRITERIA)).scores
    found = Dominance(values, ranking)
    for row in range(len(matrix)):
        by = found.of(row)
        assert (by is None) == bool(on_front[row])
        if by is not None:
            assert (values.typical[by.by] >= values.typical[row]).all()
            assert by.worse_in == (values.typical[by.by] > values.typical[row]).sum() > 0


def test_the_best_placed_one_is_named():
    values, ranking = made(np.array([[0.2, 0.2], [0.5, 0.5], [0.9, 0.9]]))
    found = Dominance(values, ranking).of(0)
    assert (found.by, found.worse_in) == (2, 2)


def test_the_screened_out_neither_dominate_nor_are_dominated():
    values, ranking = made(np.array([[0.5], [0.4], [0.9]]), passing=2)
    found = Dominance(values, ranking)
    assert found.of(0) is None and found.of(2) is None
    assert found.of(1).by == 0


def test_a_missing_figure_settles_nothing():
    gaps = np.array([[False], [True]])
    values, ranking = made(np.array([[0.6, 0.6], [0.1, 0.5]]), gaps=gaps)
    assert Dominance(values, ranking).of(1) is None
    values, ranking = made(np.array([[0.9, 0.6], [0.4, 0.5]]), gaps=~gaps)
    assert Dominance(values, ranking).of(1) is None


def test_over_a_long_table_only_the_best_placed_are_named(monkeypatch):
    monkeypatch.setattr(dominance, "MOST_HEADS", 1)
    values, ranking = made(np.array([[1.0, 0.0], [0.4, 0.5], [0.3, 0.4]]))
    assert Dominance(values, ranking).of(2) is None


@pytest.mark.parametrize("policy", ["cautious", "hopeful"])
def test_the_reasons_of_a_dominated_material_say_by_whom(policy):
    answer = solve(bundled(), BRIEF)
    named = 0
    for row in answer.ranking.passing_rows().tolist():
        text = " ".join(say(sentence) for sentence in standing(answer, row))
        found = answer.dominated(row)
        assert ("no better than" in text) == (found is not None)
        if found is not None:
            named += 1
            assert f"no better than {answer.table.names[found.by]} in any criterion" in text
    assert 0 < named < answer.ranking.passing
