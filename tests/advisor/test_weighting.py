"""Weighting: weights sum to 1 whatever the figures, and judgements are held to each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from advisor.methods import CellError
from advisor.problems import AdvisorError
from advisor.weighting import ahp, best_worst, best_worst_linear, critic, entropy, merec, rank_order_centroid

tables = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(1, 9).map(float))
)
OBJECTIVE: dict[str, Any] = {
    "entropy": entropy,
    "critic": critic,
    "merec": lambda table: merec(table, ["max"] * table.shape[1]),
}


@pytest.mark.parametrize("method", OBJECTIVE)
@settings(max_examples=50)
@given(table=tables)
def test_objective_weights_sum_to_one_and_carry_their_warning(method, table):
    found = OBJECTIVE[method](table)
    assert found.weights.sum() == pytest.approx(1) and (found.weights >= 0).all()
    assert "not what matters" in found.warning


@pytest.mark.parametrize("method", OBJECTIVE)
def test_a_criterion_that_does_not_vary_weighs_nothing_and_all_weigh_the_same_where_none_does(method):
    found = OBJECTIVE[method](np.array([[1.0, 5.0, 3.0], [2.0, 5.0, 2.0], [4.0, 5.0, 1.0]]))
    assert found.weights[1] == pytest.approx(0, abs=1e-12) and found.weights[0] > 0.1
    assert OBJECTIVE[method](np.full((3, 4), 2.0)).weights == pytest.approx([0.25] * 4)


@pytest.mark.parametrize(
    ("method", "figure"), [("entropy", -1.0), ("merec", 0.0), ("critic", float("nan")), ("merec", -2.0)]
)
def test_a_figure_that_cannot_be_weighed_is_named(method, figure):
    with pytest.raises(CellError) as caught:
        OBJECTIVE[method](np.array([[1.0, 2.0], [3.0, figure]]))
    assert (caught.value.row, caught.value.column) == (1, 1)


def test_zeros_are_figures_to_entropy():
    assert entropy([[0.0, 1.0], [1.0, 1.0]]).weights.tolist() == [1.0, 0.0]
    assert entropy([[0.0, 1.0], [0.0, 2.0]]).weights == pytest.approx([0.0, 1.0])


def test_critic_turns_costs_only_when_told_which_they_are():
    table = [[5.0, 1.0, 4.0], [3.0, 2.0, 1.0], [1.0, 4.0, 2.0]]
    assert critic(table).weights.tolist() != critic(table, ("min", "max", "max")).weights.tolist()
    assert critic(table, ("max",) * 3).weights.tolist() == critic(table).weights.tolist()


@given(count=st.integers(1, 20))
def test_rank_order_weights_fall_and_sum_to_one(count):
    weights = rank_order_centroid(count).weights
    assert weights.sum() == pytest.approx(1) and (np.diff(weights) < 0).all()


# AHP ------------------------------------------------------------------------------------------------------------------


def judgements(weights):
    column = np.asarray(weights, dtype=float)[:, None]
    return column / column.T


def test_judgements_that_agree_give_their_weights_back():
    found = ahp(judgements([0.5, 0.3, 0.15, 0.05]))
    assert found.weights == pytest.approx([0.5, 0.3, 0.15, 0.05])
    assert found.ratio == pytest.approx(0, abs=1e-9) and found.consistent and found.worst is None
    assert found.largest == pytest.approx(4)


def test_the_worst_judgement_is_named_with_what_the_others_make_of_it():
    table = judgements([8.0, 4.0, 2.0, 1.0])
    table[0, 3], table[3, 0] = 1 / 5, 5.0
    found = ahp(table)
    assert not found.consistent and found.ratio > 0.1
    assert (found.worst.first, found.worst.second) == (0, 3)
    assert found.worst.given == pytest.approx(0.2) and found.worst.implied > 0.8


def test_saatys_ratio_of_a_three_by_three_table():
    # Eigenvalue 3.0385 of (1 3 5; 1/3 1 3; 1/5 1/3 1): consistency index 0.0193 over the random index 0.58.
    found = ahp([[1.0, 3.0, 5.0], [1 / 3, 1.0, 3.0], [1 / 5, 1 / 3, 1.0]])
    assert found.largest == pytest.approx(3.0385, abs=1e-4) and found.ratio == pytest.approx(0.0332, abs=1e-4)
    assert found.weights == pytest.approx([0.637, 0.258, 0.105], abs=1e-3)


def test_one_or_two_things_always_agree():
    assert ahp([[1]]).weights.tolist() == [1.0] and ahp([[1]]).worst is None
    assert ahp([[1.0, 4.0], [0.25, 1.0]]).weights == pytest.approx([0.8, 0.2])
    assert ahp([[1.0, 4.0], [0.25, 1.0]]).ratio == 0


@pytest.mark.parametrize("table", [[[1, 2], [2, 1]], [[1, 0], [0, 1]], [[1, -2], [-0.5, 1]], [[2, 1], [1, 1]]])
def test_judgements_that_are_no_pair_are_refused(table):
    with pytest.raises(AdvisorError, match="no pair"):
        ahp(table)


# Best-worst -----------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(
    said=st.integers(3, 6).flatmap(
        lambda count: st.tuples(
            st.lists(st.integers(1, 9), min_size=count, max_size=count),
            st.lists(st.integers(1, 9), min_size=count, max_size=count),
        )
    )
)
def test_best_worst_weights_keep_within_the_error_they_report(said):
    ahead, over = (list(map(float, part)) for part in said)
    ahead[0], over[-1] = 1.0, 1.0
    over[0] = ahead[-1]
    found = best_worst(ahead, over, best=0, worst=len(ahead) - 1)
    weights = found.weights
    assert weights.sum() == pytest.approx(1) and (weights > 0).all()
    errors = [abs(weights[0] / weight - a) for weight, a in zip(weights, ahead, strict=True)]
    errors += [abs(weight / weights[-1] - a) for weight, a in zip(weights, over, strict=True)]
    assert max(errors) <= found.xi + 1e-6


def test_judgements_that_agree_have_no_error():
    found = best_worst([1, 2, 4, 8], [8, 4, 2, 1], best=0, worst=3)
    assert found.xi == 0 and found.ratio == 0
    assert found.weights == pytest.approx(np.array([8, 4, 2, 1]) / 15)


def test_best_and_worst_the_same_means_all_the_same():
    assert best_worst([1, 1, 1], [1, 1, 1], best=1, worst=1).weights == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(("ahead", "over"), [([1, 10], [5, 1]), ([2, 3], [3, 1]), ([1, 3], [3, 2])])
def test_impossible_judgements_are_refused(ahead, over):
    with pytest.raises(AdvisorError, match="no judgement"):
        best_worst(ahead, over, best=0, worst=1)


def linear_error(weights, ahead, over, best, worst):
    """The largest of what the linear model holds down."""
    there = np.abs(weights[best] - np.asarray(ahead) * weights)
    back = np.abs(weights - np.asarray(over) * weights[worst])
    return max(np.delete(there, best).max(), np.delete(back, worst).max())


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=3, max_size=9))
def test_no_small_change_of_the_linear_models_weights_lowers_its_error(said):
    ahead, over = [float(a) for a, _ in said], [float(b) for _, b in said]
    ahead[0], over[-1] = 1.0, 1.0
    found = best_worst_linear(ahead, over, 0, len(said) - 1)
    assert found.weights.sum() == pytest.approx(1) and (found.weights >= -1e-12).all()
    assert linear_error(found.weights, ahead, over, 0, len(said) - 1) == pytest.approx(found.xi, abs=1e-9)
    assert found.ratio >= 0
    random = np.random.default_rng(len(said))
    for _ in range(60):
        # The model is convex: what is no better nearby is no better anywhere.
        other = np.maximum(found.weights + random.normal(0, 1e-3, len(said)), 0)
        assert linear_error(other / other.sum(), ahead, over, 0, len(said) - 1) >= found.xi - 1e-9


def test_the_criterion_with_the_least_consistent_judgements_is_named():
    found = best_worst_linear([2, 1, 4, 3, 8], [4, 8, 2, 3, 1], best=1, worst=4)
    assert found.worst == 3  # 3 × 3 against 8
    assert found.ratio == pytest.approx(1 / 56)
    assert best_worst_linear([1, 1, 1], [1, 1, 1], 0, 2).ratio == 0
    assert best_worst_linear([1, 5, 1], [1, 5, 1], 0, 2).ratio == 1
    assert best_worst_linear([1], [1], 0, 0).weights.tolist() == [1.0]
