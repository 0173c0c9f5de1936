"""Methods: invariances, awkward figures, fast against plain PROMETHEE, and what second opinions say."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from advisor.__main__ import load_brief, main, parser, ranking_csv, ranking_json
from advisor.answer import solve
from advisor.brief import METHODS, Brief, Climate, Limit
from advisor.materials import bundled
from advisor.methods import (
    SECOND_METHODS,
    SHAPES,
    VALUE_FLOOR,
    CellError,
    Preference,
    Uncertain,
    copras,
    deviations,
    kendall,
    leading,
    limits_on_properties,
    normalise,
    pareto,
    places,
    preference_degree,
    promethee,
    promethee_one,
    second_opinion,
    simple_ranking,
    smaa,
    spearman,
    spotis,
    topsis,
    vikor,
    waspas,
    weighted_product,
    weighted_spearman,
    weighted_sum,
    ws_similarity,
)
from advisor.opinions import opinions
from advisor.problems import AdvisorError
from advisor.properties import CRITERIA
from advisor.sentences import say

GOALS = ("max", "min", "max")
BOUNDS = [(0.0, 100.0)] * 3

# Whole numbers from 1 to 100: ties are common, and scales are what a table has.
tables = st.integers(1, 8).flatmap(lambda rows: arrays(np.float64, (rows, 3), elements=st.integers(1, 100).map(float)))
shares = arrays(np.float64, 3, elements=st.integers(1, 10).map(float)).map(lambda found: found / found.sum())


def linear(matrix, weights, goals):
    return promethee(matrix, weights, goals, [Preference("linear", q=2, p=10)] * len(goals))


def usual(matrix, weights, goals):
    return promethee(matrix, weights, goals, [Preference()] * len(goals))


def bounded(matrix, weights, goals):
    return spotis(matrix, weights, goals, BOUNDS)


def minmax_topsis(matrix, weights, goals):
    return topsis(matrix, weights, goals, "minmax")


def plain_sum(matrix, weights, goals):
    return weighted_sum(matrix, weights, goals, "none")


def by_sum(matrix, weights, goals):
    return weighted_sum(matrix, weights, goals, "sum")


def by_max(matrix, weights, goals):
    return weighted_sum(matrix, weights, goals, "max")


EVERY: dict[str, Any] = {
    "wsm": weighted_sum,
    "wpm": weighted_product,
    "waspas": waspas,
    "topsis": topsis,
    "topsis-minmax": minmax_topsis,
    "vikor": vikor,
    "promethee2-usual": usual,
    "promethee2-linear": linear,
    "copras": copras,
    "spotis": bounded,
}
#: Methods whose scores stay when a criterion changes its unit, and when its zero moves as well.
UNIT_PROOF = ("wsm", "waspas", "topsis", "topsis-minmax", "vikor", "promethee2-usual", "copras")
ORIGIN_PROOF = ("wsm", "topsis-minmax", "vikor", "promethee2-usual")

every = pytest.mark.parametrize("method", EVERY)


# What holds of any table ----------------------------------------------------------------------------------------------


@every
@settings(max_examples=40)
@given(table=tables, weights=shares)
def test_scores_are_finite_and_places_follow_them(method, table, weights):
    found = EVERY[method](table, weights, GOALS)
    assert np.isfinite(found.scores).all() and found.scores.shape == (len(table),)
    merit = found.scores if found.higher_is_better else -found.scores
    for one, other in itertools.combinations(range(len(table)), 2):
        if merit[one] > merit[other] + 1e-6:
            assert found.ranks[one] < found.ranks[other]
    assert found.ranks.min() == 1
    for rank in found.ranks:
        assert (found.ranks < rank).sum() == rank - 1, "1, 2, 2, 4"


@every
@settings(max_examples=40)
@given(table=tables, weights=shares, data=st.data())
def test_the_order_of_rows_and_columns_does_not_matter(method, table, weights, data):
    rows = np.array(data.draw(st.permutations(range(len(table)))))
    columns = np.array(data.draw(st.permutations(range(3))))
    found = EVERY[method](table, weights, GOALS)
    turned = EVERY[method](table[rows][:, columns], weights[columns], [GOALS[column] for column in columns])
    assert turned.scores == pytest.approx(found.scores[rows], abs=1e-9)
    assert turned.ranks.tolist() == found.ranks[rows].tolist()


@every
@settings(max_examples=40)
@given(table=tables, weights=shares)
def test_a_row_that_dominates_another_is_never_behind_it(method, table, weights):
    found = EVERY[method](table, weights, GOALS)
    good = table * [1, -1, 1]
    for one, other in itertools.permutations(range(len(table)), 2):
        if (good[one] >= good[other]).all():
            assert found.ranks[one] <= found.ranks[other]


@pytest.mark.parametrize("method", UNIT_PROOF)
@settings(max_examples=40)
@given(table=tables, weights=shares, factor=st.sampled_from([0.001, 0.0254, 1000.0]))
def test_a_change_of_unit_moves_no_score(method, table, weights, factor):
    scale = np.array([factor, 1.0, 1.0 / factor])
    found, other = EVERY[method](table, weights, GOALS), EVERY[method](table * scale, weights, GOALS)
    assert other.scores == pytest.approx(found.scores, abs=1e-9)


@pytest.mark.parametrize("method", ORIGIN_PROOF)
@settings(max_examples=40)
@given(table=tables, weights=shares)
def test_a_change_of_origin_moves_no_score(method, table, weights):
    found = EVERY[method](table, weights, GOALS)
    other = EVERY[method](table * [1.8, 1.0, 1.0] + [32.0, -273.0, 5.0], weights, GOALS)
    assert other.scores == pytest.approx(found.scores, abs=1e-9)


@settings(max_examples=40)
@given(table=tables, weights=shares, data=st.data())
def test_with_fixed_bounds_a_row_that_goes_moves_no_other_score_to_the_last_bit(table, weights, data):
    gone = data.draw(st.integers(0, len(table) - 1))
    kept = [row for row in range(len(table)) if row != gone]
    unit = table / 100.0
    for method in (bounded, plain_sum):
        whole = method(unit, weights, GOALS).scores[kept]
        assert not kept or method(unit[kept], weights, GOALS).scores.tolist() == whole.tolist()


def test_vector_topsis_changes_its_winner_with_the_origin_and_min_max_does_not():
    metres = np.array([[1, 3000], [2, 3750], [5, 4500]], dtype=float)
    kilometres = metres * [1, 0.001] - [0, 1]
    goals, half = ("min", "max"), (0.5, 0.5)
    assert topsis(metres, half, goals).ranks.argmin() != topsis(kilometres, half, goals).ranks.argmin()
    near, again = minmax_topsis(metres, half, goals), minmax_topsis(kilometres, half, goals)
    assert near.scores == pytest.approx(again.scores)


# Awkward figures ------------------------------------------------------------------------------------------------------


@every
def test_one_row_is_first(method):
    found = EVERY[method]([[3.0, 2.0, 1.0]], [0.5, 0.25, 0.25], GOALS)
    assert found.ranks.tolist() == [1] and np.isfinite(found.scores).all()


@every
def test_rows_that_are_alike_share_the_first_place(method):
    found = EVERY[method]([[3.0, 2.0, 1.0]] * 3, [0.5, 0.25, 0.25], GOALS)
    assert found.ranks.tolist() == [1, 1, 1]
    assert np.ptp(found.scores) == 0


@pytest.mark.parametrize("method", ["wsm", "topsis", "topsis-minmax", "vikor", "promethee2-usual", "copras"])
def test_a_criterion_that_does_not_vary_tells_nobody_apart(method):
    table = np.array([[1.0, 5.0, 2.0], [2.0, 5.0, 2.0], [3.0, 5.0, 1.0]])
    found = EVERY[method](table, [0.4, 0.2, 0.4], GOALS)
    without = EVERY[method](table[:, [0, 2]], [0.4, 0.4], ("max", "max"))
    assert found.ranks.tolist() == without.ranks.tolist()


def test_rounding_noise_in_a_criterion_is_not_stretched_to_a_difference():
    table = [[0.1 + 0.2, 1.0], [0.3, 2.0]]
    for method in (weighted_sum, vikor, minmax_topsis):
        assert method(table, [0.9, 0.1], ("max", "max")).ranks.tolist() == [2, 1]


@pytest.mark.parametrize("method", ["wsm", "topsis", "topsis-minmax", "vikor", "promethee2-usual", "spotis"])
def test_zeros_and_negative_figures_are_figures(method):
    found = EVERY[method]([[0.0, 0.0, -1.0], [-5.0, 2.0, 0.0], [1.0, -3.0, 1.0]], [0.4, 0.3, 0.3], GOALS)
    assert found.ranks[2] == 1 and np.isfinite(found.scores).all()


@pytest.mark.parametrize(
    ("method", "table", "cell"),
    [
        (weighted_product, [[1, 1, 1], [1, 0, 1]], (1, 1)),
        (weighted_product, [[-1, 1, 1], [1, 1, 1]], (0, 0)),
        (waspas, [[1, 1, 1], [1, 1, 0]], (1, 2)),
        (copras, [[1, 1, -1]], (0, 2)),
        (copras, [[1, 1, 1], [1, 0, 1]], (1, 1)),
        (by_sum, [[1, 0, 1]], (0, 1)),
        (by_max, [[1, 1, -2]], (0, 2)),
        (topsis, [[1, 1, 1], [float("nan"), 1, 1]], (1, 0)),
        (vikor, [[1, float("inf"), 1]], (0, 1)),
    ],
)
def test_a_figure_a_method_cannot_take_is_named(method, table, cell):
    with pytest.raises(CellError) as caught:
        method(np.array(table, dtype=float), [0.4, 0.3, 0.3], GOALS)
    assert (caught.value.row, caught.value.column) == cell
    assert isinstance(caught.value, AdvisorError)


def test_figures_beyond_the_machines_numbers_are_refused_and_large_ones_are_not():
    with pytest.raises(AdvisorError, match="too large"), np.errstate(all="ignore"):
        weighted_product([[1e300, 1.0], [1e299, 1.0]], [5.0, 1.0], ("max", "max"))
    found = topsis([[1e200, 1e-200], [2e200, 2e-200]], [0.5, 0.5], ("max", "max"))
    assert found.scores.tolist() == [0.0, 1.0]


def test_ties_chain_and_a_later_place_counts_those_before_it():
    assert places([3.0, 1.0, 2.0, 2.0 + 1e-12]).tolist() == [1, 4, 2, 2]
    assert places([3.0, 1.0, 2.0], higher_is_better=False).tolist() == [3, 1, 2]
    assert places([]).tolist() == []


def test_scores_on_a_small_scale_are_told_apart():
    assert weighted_product([[1e12, 1e12], [1e12, 2e12]], [0.5, 0.5], ("min", "min")).ranks.tolist() == [1, 2]


# Each method ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "goal", "expected"),
    [
        ("minmax", "max", [0, 0.5, 1]),
        ("minmax", "min", [1, 0.5, 0]),
        ("max", "max", [0.25, 0.625, 1]),
        ("max", "min", [1, 0.4, 0.25]),
        ("sum", "max", [2 / 15, 5 / 15, 8 / 15]),
        ("sum", "min", [0.5 / 0.825, 0.2 / 0.825, 0.125 / 0.825]),
        ("none", "min", [2, 5, 8]),
        ("vector", "max", [2 / 93**0.5, 5 / 93**0.5, 8 / 93**0.5]),
    ],
)
def test_normalisations(how, goal, expected):
    table, sign = normalise([[2], [5], [8]], [goal], how)
    assert table[:, 0] == pytest.approx(expected)
    assert sign.tolist() == [-1.0 if goal == "min" and how in ("none", "vector") else 1.0]


def test_zeros_only_stay_zeros():
    for how in ("vector", "max", "sum"):
        assert normalise([[0.0], [0.0]], ["max"], how)[0].tolist() == [[0.0], [0.0]]


def test_waspas_lies_between_its_two_parts():
    table = [[2.0, 3.0], [4.0, 1.0]]
    by = {lam: waspas(table, [0.5, 0.5], ("max", "min"), lam).scores for lam in (0.0, 0.5, 1.0)}
    assert by[0.5] == pytest.approx((by[0.0] + by[1.0]) / 2)
    assert by[1.0] == pytest.approx(weighted_sum(table, [0.5, 0.5], ("max", "min"), "max").scores)
    assert by[0.0] == pytest.approx(weighted_product(table, [0.5, 0.5], ("max", "min"), "max").scores)


def test_copras_puts_the_dearer_of_two_behind():
    table = np.array([[10.0, 5.0], [10.0, 6.0], [9.0, 4.0]])
    found = copras(table, [0.5, 0.5], ("max", "min"))
    assert found.ranks[0] < found.ranks[1]
    table[0, 1] *= 10
    assert copras(table, [0.5, 0.5], ("max", "min")).ranks[0] == 3


def test_vikor_widens_its_compromise_where_the_lead_is_thin_or_unstable():
    thin = vikor([[10.0, 5.0], [9.9, 5.1], [1.0, 1.0]], [0.5, 0.5], ("max", "max"))
    assert thin.steps["compromise"] == [1, 0] and not thin.steps["acceptable_advantage"]
    clear = vikor([[10, 10], [2, 1], [1, 2]], [0.5, 0.5], ("max", "max"))
    assert clear.steps["compromise"] == [0] and clear.steps["acceptable_stability"]
    # The sixth is first by Q, but the fourth by S and the first by R.
    table: Any = [[6, 3, 4], [8, 1, 5], [8, 1, 1], [3, 9, 9], [8, 1, 2], [10, 2, 1], [2, 5, 7]]
    found = vikor(np.array(table, dtype=float), [0.5, 0.3, 0.2], ["max"] * 3)
    assert found.steps["acceptable_advantage"] and not found.steps["acceptable_stability"]
    assert found.steps["compromise"] == [5, 1]


def test_a_target_is_a_distance_and_spotis_takes_it_as_its_ideal():
    figures, goals = deviations([[4.0, 2.0], [7.0, 8.0]], ("target", "max"), (5.0, None))
    assert figures.tolist() == [[1.0, 2.0], [2.0, 8.0]] and goals == ("min", "max")
    found = spotis([[4.0], [5.0], [7.0]], [1.0], ("target",), [(0.0, 10.0)], (5.0,))
    assert found.scores.tolist() == pytest.approx([0.1, 0.0, 0.2]) and found.ranks.tolist() == [2, 1, 3]


def test_spotis_goes_on_beyond_its_bounds():
    found = spotis([[12.0], [10.0], [-1.0]], [1.0], ("max",), [(0.0, 10.0)])
    assert found.scores.tolist() == pytest.approx([-0.2, 0.0, 1.1])


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "gaussian"])
@settings(max_examples=60)
@given(
    x=st.lists(st.integers(-50, 50).map(lambda tenths: tenths / 10), min_size=2, max_size=40),
    q=st.integers(0, 20),
    width=st.integers(1, 30),
)
def test_sorted_promethee_equals_the_plain_one(shape, x, q, width):
    preference = Preference(shape, q=q / 10, p=(q + width) / 10)
    table = np.array(x)[:, None] * [1.0, -3.0]
    for goals in (("max", "max"), ("min", "max")):
        fast = promethee(table, [0.7, 0.3], goals, [preference] * 2)
        plain = promethee(table, [0.7, 0.3], goals, [preference] * 2, fast=False)
        for key in ("phi", "phi_plus", "phi_minus"):
            assert np.abs(fast.steps[key] - plain.steps[key]).max() < 1e-12


def test_sorted_promethee_equals_the_plain_one_on_a_long_table():
    values = np.random.Generator(np.random.PCG64(7)).random((1500, 4)) * [1, 1e3, 1e-3, 1]
    values[:, 3] = np.round(values[:, 3], 1)
    preferences = [
        Preference("linear", q=0.05, p=0.2),
        Preference("v-shape", p=5.0),
        Preference("level", q=1e-5, p=1e-4),
        Preference("u-shape", q=0.2),
    ]
    fast = promethee(values, [0.25] * 4, ["max"] * 4, preferences).scores
    plain = promethee(values, [0.25] * 4, ["max"] * 4, preferences, fast=False).scores
    assert np.abs(fast - plain).max() < 1e-12
    assert fast.sum() == pytest.approx(0.0, abs=1e-9)


def test_a_difference_at_a_threshold_does_not_pass_it():
    for fast in (True, False):
        found = promethee([[0.1], [0.3]], [1.0], ["max"], [Preference("u-shape", q=0.2)], fast)
        assert found.scores.tolist() == [0.0, 0.0]


def test_preference_shapes_at_their_corners():
    d = np.array([-1.0, 0.0, 1.0, 2.0, 3.0])
    degrees = {shape: preference_degree(d, Preference(shape, q=1, p=3, s=1)).tolist() for shape in SHAPES}
    assert degrees["usual"] == [0, 0, 1, 1, 1]
    assert degrees["u-shape"] == [0, 0, 0, 1, 1]
    assert degrees["v-shape"] == pytest.approx([0, 0, 1 / 3, 2 / 3, 1])
    assert degrees["level"] == [0, 0, 0, 0.5, 0.5]
    assert degrees["linear"] == [0, 0, 0, 0.5, 1]
    assert degrees["gaussian"] == pytest.approx([0, 0, 1 - np.exp(-0.5), 1 - np.exp(-2), 1 - np.exp(-4.5)])


def test_promethee_one_leaves_what_cannot_be_compared():
    # A is far better in one criterion, B in the other, C between them.
    flows = promethee([[10, 0], [0, 10], [5, 5]], [0.6, 0.4], ["max"] * 2, [Preference("v-shape", p=5)] * 2).steps
    relation = promethee_one(flows["phi_plus"], flows["phi_minus"])
    assert (relation.diagonal() == 0).all()
    assert relation[0, 1] == 1 and relation[1, 0] == -1
    apart = promethee_one(np.array([0.6, 0.4]), np.array([0.5, 0.1]))
    assert apart.tolist() == [[0, 2], [2, 0]]


@settings(max_examples=60)
@given(table=tables)
def test_the_pareto_set_is_what_no_row_dominates(table):
    found = pareto(table, GOALS)
    good = table * [1, -1, 1]
    for row in range(len(table)):
        by = [
            other for other in range(len(table)) if (good[other] >= good[row]).all() and (good[other] > good[row]).any()
        ]
        assert found.steps["dominated_by"][row] == by
        assert found.scores[row] == (0.0 if by else 1.0)
        assert found.ranks[row] == (1 + int(found.scores.sum()) if by else 1)


def test_limits_on_properties_refuse_what_they_would_divide_by():
    with pytest.raises(CellError):
        limits_on_properties([[0.0]], [1.0], ["lower"], [5.0])
    with pytest.raises(AdvisorError):
        limits_on_properties([[1.0]], [1.0], ["upper"], [0.0])
    found = limits_on_properties([[10.0, 4.0, 3.0]], [0.5, 0.25, 0.25], ["lower", "upper", "target"], [5.0, 8.0, 2.0])
    assert found.scores.tolist() == pytest.approx([0.25 + 0.125 + 0.125])


def test_simple_ranking_adds_weighted_places():
    assert simple_ranking([[1, 2], [2, 1]], [0.75, 0.25]).ranks.tolist() == [1, 2]


# SMAA -----------------------------------------------------------------------------------------------------------------


def same(figures):
    return figures


def test_smaa_of_open_weights_equals_the_closed_form():
    # (1, 0), (0, 1) and (0.6, 0.6): the third leads while w1 is between 0.4 and 0.6.
    found = smaa([[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]], same, None, samples=40_000, seed=3)
    error = found.steps["error"]
    assert found.scores == pytest.approx([0.4, 0.4, 0.2], abs=2 * error)
    acceptability = found.steps["rank_acceptability"]
    assert acceptability.sum(axis=0) == pytest.approx([1, 1, 1]) == acceptability.sum(axis=1)
    assert acceptability[2, 2] == 0, "never last"
    assert found.steps["central_weights"][0] == pytest.approx([0.8, 0.2], abs=0.01)
    assert found.steps["confidence_factor"].tolist() == [1.0, 1.0, 1.0]


def test_smaa_of_ordered_weights_equals_the_closed_form():
    # Ordered weights of two criteria: w1 is uniform on 0.5 .. 1, and (1, 0) beats (0.25, 0.75) where w1 > 0.5.
    found = smaa([[1.0, 0.0], [0.0, 1.2]], same, None, ordered=True, samples=40_000, seed=3)
    # w1 > 1.2 (1 − w1), so w1 > 6/11; the share of 0.5 .. 1 above that is (1 − 6/11) / 0.5.
    assert found.scores[0] == pytest.approx(2 * (1 - 6 / 11), abs=2 * found.steps["error"])


def test_smaa_of_drawn_figures_equals_the_closed_form():
    even = Uncertain("triangular", (0.0, 0.5, 1.0))
    found = smaa([[even], [0.75]], same, [1.0], samples=40_000, seed=1)
    assert found.scores[0] == pytest.approx(0.125, abs=0.006)
    normal = smaa([[Uncertain("normal", (0.0, 1.0))], [0.0]], same, [1.0], samples=40_000, seed=1)
    assert normal.scores[0] == pytest.approx(0.5, abs=0.01)
    beta = smaa([[Uncertain("beta", (1.0, 1.0))], [0.25]], same, [1.0], samples=40_000, seed=1)
    assert beta.scores[0] == pytest.approx(0.75, abs=0.01)


def test_smaa_with_one_seed_gives_the_same_bits_and_another_seed_others():
    cells: Any = [[Uncertain("triangular", (0.0, 0.2, 1.0)), 0.5], [0.4, Uncertain("normal", (0.5, 0.1))]]
    runs = [smaa(cells, same, None, samples=2500, seed=seed) for seed in (5, 5, 6)]
    assert runs[0].scores.tolist() == runs[1].scores.tolist() != runs[2].scores.tolist()


def test_smaa_shares_the_ranks_of_what_is_level():
    found = smaa([[1.0], [1.0], [0.0]], same, [1.0], samples=100)
    assert found.steps["rank_acceptability"] == pytest.approx(np.array([[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]))
    assert found.ranks.tolist() == [1, 1, 3]
    fixed = Uncertain("triangular", (2.0, 2.0, 2.0))
    assert smaa([[fixed], [1.0]], same, [1.0], samples=10).scores.tolist() == [1.0, 0.0]


# How alike ------------------------------------------------------------------------------------------------------------

SIMILARITIES = (ws_similarity, weighted_spearman, spearman, kendall)


@pytest.mark.parametrize("similarity", SIMILARITIES)
def test_a_ranking_is_wholly_like_itself(similarity):
    for ranking in ([1, 2, 3, 4], [1, 2, 2, 4], [1, 1, 1], [1], []):
        assert similarity(ranking, ranking) == pytest.approx(1.0)


@pytest.mark.parametrize("similarity", [weighted_spearman, spearman, kendall])
def test_the_opposite_order_is_minus_one(similarity):
    assert similarity([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]) == pytest.approx(-1.0)


def test_ties_have_no_order_to_be_like():
    assert spearman([1, 2, 3], [1, 1, 1]) == kendall([1, 2, 3], [1, 1, 1]) == 0.0
    assert spearman([1, 2, 2, 4], [1, 2, 3, 4]) == pytest.approx(4.5 / (4.5 * 5) ** 0.5)


def test_a_swap_at_the_top_weighs_more_than_one_at_the_bottom():
    order, top, bottom = [1, 2, 3, 4, 5], [2, 1, 3, 4, 5], [1, 2, 3, 5, 4]
    for similarity in (ws_similarity, weighted_spearman):
        assert similarity(order, top) < similarity(order, bottom) < 1
    assert spearman(order, top) == pytest.approx(spearman(order, bottom))


def test_rankings_of_different_things_are_refused():
    with pytest.raises(ValueError, match="same things"):
        spearman([1, 2], [1, 2, 3])


# Re-weighting ---------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(rows=st.integers(0, 700), count=st.integers(1, 20), seed=st.integers(0, 100), levels=st.sampled_from([3, 10**6]))
def test_the_leading_rows_are_those_of_a_full_sort(rows, count, seed, levels):
    random = np.random.Generator(np.random.PCG64(seed))
    matrix = random.integers(0, levels, (rows, 4)) / levels
    weights = np.array([0.5, 0.25, 0.125, 0.125])
    found, scores = leading(matrix, weights, count)
    assert scores.tolist() == (matrix @ weights).tolist()
    assert found.tolist() == np.lexsort((np.arange(rows), -scores))[:count].tolist()


# Second opinions ------------------------------------------------------------------------------------------------------


def brief(method="additive", **more):
    return Brief(product="mini-hike-daypack", climate=Climate("Lagos"), method=method, **more)


def test_the_brief_knows_every_method():
    assert ("additive", *SECOND_METHODS) == METHODS


@pytest.mark.parametrize("method", SECOND_METHODS)
def test_rank_orders_by_the_methods_own_score_over_the_value_matrix(method):
    answer = solve(bundled(), brief(method))
    ranking = answer.ranking
    scored = second_opinion(method, answer.values.typical, ranking.weights)
    assert ranking.method == method and ranking.scores.tolist() == scored.scores.tolist()
    rows = ranking.passing_rows()
    merit = ranking.scores[rows] if ranking.higher_is_better else -ranking.scores[rows]
    assert (np.diff(merit) <= 1e-9).all()
    assert ranking.ranks[rows[0]] == 1 and (ranking.ranks[ranking.order[ranking.passing :]] == 0).all()
    assert ranking.ranks[rows].tolist() == places(ranking.scores[rows], ranking.higher_is_better).tolist()


def test_spotis_is_the_additive_score_upside_down():
    additive, other = solve(bundled(), brief()), solve(bundled(), brief("spotis"))
    assert other.ranking.scores == pytest.approx(1.0 - additive.ranking.scores)
    assert other.ranking.order.tolist() == additive.ranking.order.tolist()


def test_another_methods_ranking_leaves_out_what_only_the_additive_value_has():
    answer = solve(bundled(), brief("topsis"))
    document = json.loads(json.dumps(ranking_json(answer, answer.certainty()), allow_nan=False))
    assert document["method"] == "topsis" and document["higher_is_better"] is True
    assert document["brief"]["method"] == "topsis"
    for entry in document["ranking"]:
        assert entry["contributions"] == {} and set(entry["values"]) == set(CRITERIA)
        assert entry["win_share"] is None and entry["score_low"] is None and entry["score_high"] is None
        assert entry["level_with_above"] is False
    header, first, *_ = ranking_csv(answer, None).splitlines()
    assert first.split(",")[header.split(",").index("win_share")] == ""
    additive = ranking_json(solve(bundled(), brief()), solve(bundled(), brief()).certainty())
    assert additive["ranking"][0]["contributions"] and additive["ranking"][0]["win_share"] > 0


@pytest.mark.parametrize("method", SECOND_METHODS)
def test_the_command_line_ranks_by_every_method(method, capsys):
    words = ["rank", "--product", "mini-hike-daypack", "--place", "Lagos", "--method", method]
    assert main([*words, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ranking"][0]["rank"] == 1 and len(document["ranking"]) == document["table"]["rows"]
    assert main([*words, "--top", "3"]) == 0
    assert f"ordered by {method}" in capsys.readouterr().out


def test_the_method_of_a_brief_is_kept_unless_another_is_named():
    options = parser().parse_args(["rank", "--method", "vikor"])
    assert load_brief(options).method == "vikor"
    assert load_brief(parser().parse_args(["rank"])).method == "additive"


def test_explain_explains_the_additive_order(tmp_path, capsys):
    path = tmp_path / "a.brief.json"
    path.write_text(json.dumps(brief("copras").to_json()), encoding="utf-8")
    first = solve(bundled(), brief())
    name = first.table.ids[first.ranking.order[0]]
    assert main(["explain", "--brief", str(path), name, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["a"]["score"] == pytest.approx(float(first.ranking.scores.max()), abs=1)


def test_products_floor_what_would_make_everything_zero():
    values = np.array([[0.0, 1.0], [0.5, 0.5]])
    assert second_opinion("wpm", values, [0.5, 0.5]).scores.tolist() == pytest.approx([VALUE_FLOOR**0.5, 0.5])


def test_agreement_says_who_agrees_in_one_sentence(solved):
    answer = solved()
    found = opinions(answer)
    assert found.leaders[0] == answer.ranking.order[0]
    assert [opinion.method for opinion in found.opinions].count("spotis") == 0
    for opinion in found.opinions:
        merit = second_opinion(opinion.method, answer.values.typical, answer.ranking.weights)
        rows = answer.ranking.passing_rows()
        best = merit.scores[rows].max() if merit.higher_is_better else merit.scores[rows].min()
        assert merit.scores[opinion.leaders[0]] == best
        assert opinion.agrees == (opinion.leaders[0] in found.leaders) and opinion.similarity <= 1
    text = say(found.sentence)
    assert answer.table.names[found.leaders[0]] in text and str(len(found.opinions)) in text
    for opinion in found.opinions:
        assert opinion.agrees or answer.table.names[opinion.leaders[0]] in text


def test_agreement_is_the_same_whatever_the_brief_orders_by():
    assert opinions(solve(bundled(), brief("copras"))) == opinions(solve(bundled(), brief()))


def test_agreement_of_all_and_of_nobody():
    one = replace(brief(), limits=(Limit(property="areal_mass_g_m2", at_most=1.0),))
    nobody = opinions(solve(bundled(), one))
    assert nobody.opinions == () and say(nobody.sentence)
    answer = solve(bundled(), brief())
    best = answer.values.typical.copy()
    best[answer.ranking.order[0]] = 1.0
    perfect = replace(
        answer,
        values=replace(answer.values, typical=best),
        ranking=replace(answer.ranking, contributions=best * answer.ranking.weights),
    )
    found = opinions(perfect)
    assert found.agreeing == len(found.opinions)
    assert say(found.sentence).startswith("all 7 other methods")


def test_scores_on_a_large_scale_are_told_apart_but_for_their_rounding():
    found = weighted_sum([[1e6, 0.0], [1e6, 5e-4]], [0.5, 0.5], ("max", "max"), "none")
    assert found.ranks.tolist() == [2, 1]
    level = weighted_sum([[0.1e9, 0.2e9], [0.15e9, 0.15e9 + 1e-7]], [0.5, 0.5], ("max", "max"), "none")
    assert level.ranks.tolist() == [1, 1]
