"""Elicitation: known weights come back from every way of asking."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from advisor.__main__ import main
from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.elicitation import (
    FROM_FIGURES,
    applied,
    best_and_worst,
    equivalent_sentence,
    equivalents,
    from_figures,
    from_groups,
    levels,
    pairwise,
    price_is_local,
    rank_order,
    swing_weights,
    swings,
)
from advisor.materials import bundled
from advisor.problems import AdvisorError
from advisor.properties import CRITERIA, GROUPS
from advisor.sentences import say
from advisor.turning import with_figure
from advisor.weighting import critic, entropy, merec


@pytest.fixture(scope="module")
def answer():
    return solve(bundled(), Brief(climate=Climate("Lagos")))


def user(seed, flat=True):
    """Somebody's weights: anywhere on the simplex, or sixteen sliders put anywhere."""
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.ones(16)) if flat else random.uniform(0, 10, 16)
    return dict(zip(CRITERIA, (weights / weights.sum()).tolist(), strict=True))


def proportional(found, wanted):
    total, other = sum(found.values()), sum(wanted[key] for key in found)
    return all(found[key] / total == pytest.approx(wanted[key] / other, abs=1e-3) for key in found)


def test_swings_are_figures_of_passing_materials(answer):
    rows = set(answer.ranking.passing_rows().tolist())
    for swing in swings(answer):
        column = CRITERIA.index(swing.criterion)
        known = [r for r in rows if not set(answer.gap_properties(r)) & {key for key, _ in swing.best.figures}]
        values = answer.values.typical[known, column]
        assert (swing.worst.value, swing.best.value) == (values.min(), values.max())
        for level in (swing.worst, swing.best):
            assert level.row in rows
            for key, figure in level.figures:
                assert figure == answer.table.typical[level.row, answer.table.column(key)]


def test_levels_rise_and_each_is_somebodys(answer):
    for criterion in CRITERIA:
        found = levels(answer, criterion, 5)
        assert [level.value for level in found] == sorted({level.value for level in found})
        assert all(answer.values.typical[level.row, CRITERIA.index(criterion)] == level.value for level in found)


def test_swing_points_give_the_weights_they_came_from(answer):
    ranges, weights = swings(answer), user(3)
    gains = {swing.criterion: weights[swing.criterion] * swing.width for swing in ranges}
    points = {key: 100 * gain / max(gains.values()) for key, gain in gains.items()}
    found = swing_weights(points, ranges)
    assert max(found.values()) == 10
    assert proportional(found, weights)


@pytest.mark.parametrize("points", [{"price": 101.0}, {"price": -1.0}, {"price": 0.0}, {"price": float("nan")}])
def test_wrong_swing_points_are_refused(answer, points):
    with pytest.raises(AdvisorError):
        swing_weights(points, swings(answer))


def test_rank_order_is_the_centroid():
    found = rank_order(["water", "price", "sun"])
    assert found == pytest.approx({"water": 10, "price": 10 * 5 / 11, "sun": 10 * 2 / 11})  # 11/18, 5/18, 2/18
    with pytest.raises(AdvisorError):
        rank_order(["water", "water"])
    with pytest.raises(AdvisorError):
        rank_order([])


def test_ordered_swings_are_freed_of_their_width(answer):
    ranges = swings(answer)
    order = [swing.criterion for swing in ranges]
    plain, freed = rank_order(order), rank_order(order, ranges)
    back = {swing.criterion: freed[swing.criterion] * swing.width for swing in ranges}
    assert proportional(back, plain)


def test_pairs_that_agree_give_their_weights_and_a_slip_is_named():
    keys = ["water", "price", "sun", "tear"]
    weights = dict(zip(keys, (0.4, 0.3, 0.2, 0.1), strict=True))
    pairs = {(a, b): weights[a] / weights[b] for i, a in enumerate(keys) for b in keys[i + 1 :]}
    found = pairwise(keys, pairs)
    assert proportional(found.priorities, weights)
    assert (found.consistent, found.worst) == (True, None)
    slipped = pairwise(keys, pairs | {("water", "tear"): 1 / 5})
    assert not slipped.consistent
    assert slipped.worst == ("water", "tear")
    with pytest.raises(AdvisorError):
        pairwise(keys, {("water", "tear"): 10})


def test_best_worst_names_what_strains():
    ahead, over = {"water": 1, "price": 2, "sun": 8}, {"water": 8, "price": 4, "sun": 1}
    found = best_and_worst("water", "sun", ahead, over)
    assert found.ratio == pytest.approx(0, abs=1e-9)
    assert found.worst is None
    assert proportional(found.priorities, {"water": 8 / 13, "price": 4 / 13, "sun": 1 / 13})
    strained = best_and_worst("water", "sun", ahead, over | {"price": 8})
    assert strained.ratio == pytest.approx((2 * 8 - 8) / (8 * 8 - 8))
    assert not strained.consistent
    assert strained.worst == "price"


def test_best_worst_of_swings_is_freed_of_their_width(answer):
    ranges = swings(answer)
    ahead = {swing.criterion: float(1 + number % 9) for number, swing in enumerate(ranges)}
    over = {key: 9.0 / level if 9 % level == 0 else 1.0 for key, level in ahead.items()}
    best, worst = next(iter(ahead)), next(key for key, level in ahead.items() if level == 9)
    plain, freed = best_and_worst(best, worst, ahead, over), best_and_worst(best, worst, ahead, over, ranges)
    back = {swing.criterion: freed.priorities[swing.criterion] * swing.width for swing in ranges}
    assert proportional(back, plain.priorities)


@pytest.mark.parametrize("method", FROM_FIGURES)
def test_weights_from_figures_carry_their_warning_and_leave_locks_out(answer, method):
    found, warning = from_figures(answer, method, ("water",))
    assert max(found.values()) == 10
    assert set(found) == {swing.criterion for swing in swings(answer)} - {"water"}
    assert "not what matters" in warning
    rows = answer.ranking.passing_rows()
    values = answer.values.typical[np.ix_(rows, [CRITERIA.index(key) for key in found])]
    plain = {"entropy": entropy, "critic": critic}.get(method)
    weights = plain(values) if plain else merec(np.maximum(values, 0.01), ["max"] * len(found))
    assert proportional(found, dict(zip(found, weights.weights.tolist(), strict=True)))
    alone = solve(answer.table.take([int(answer.ranking.order[0])]), answer.brief)
    with pytest.raises(AdvisorError):
        from_figures(alone, method)


def test_groups_hand_their_weight_on_in_present_proportions(answer):
    present = dict(answer.terms.priorities)
    wanted = dict(zip(GROUPS, range(1, len(GROUPS) + 1), strict=True))
    found = from_groups(wanted, present)
    sums = {group: sum(found[key] for key in own) for group, own in GROUPS.items()}
    assert proportional(sums, {group: weight / sum(wanted.values()) for group, weight in wanted.items()})
    for own in GROUPS.values():
        assert proportional({k: found[k] for k in own}, {k: present[k] / sum(present[o] for o in own) for k in own})


def test_locked_and_unasked_criteria_keep_their_share(answer):
    present = dict(answer.terms.priorities)
    total = sum(present.values())
    found = {key: float(number + 1) for number, key in enumerate(CRITERIA) if key != "handle"}
    after = applied(found, present, ("price", "water"))
    assert max(after.values()) == 10
    for key in ("handle", "price", "water"):
        assert after[key] / sum(after.values()) == pytest.approx(present[key] / total, abs=1e-4)
    rest = {key: weight for key, weight in after.items() if key not in ("handle", "price", "water")}
    assert proportional(rest, {key: found[key] / sum(found[k] for k in rest) for key in rest})
    assert applied(found, present, CRITERIA) == present


def test_an_equivalent_change_moves_the_score_as_a_unit_of_price_does(answer):
    brief = answer.brief
    checked = 0
    for row in answer.ranking.order[:12].tolist():
        if not price_is_local(answer, row):
            continue
        price = float(answer.table.typical[row, answer.table.column("price_usd_m2")])
        dearer = solve(with_figure(answer.table, row, "price_usd_m2", price + 0.01), brief).ranking.scores[row]
        lost = (answer.ranking.scores[row] - dearer) / 0.01
        for one in equivalents(answer, row):
            if one.change is None:
                assert one.reason
                assert one.worth is one.step is one.step_worth is None
                continue
            part = min(0.01 * one.change, one.step) * 1e-2
            moved = with_figure(answer.table, row, one.key, one.figure + one.better * part)
            gained = (solve(moved, brief).ranking.scores[row] - answer.ranking.scores[row]) / part
            assert gained * one.change == pytest.approx(lost, rel=1e-3)
            assert one.step_worth == pytest.approx(one.step / one.change)
            checked += 1
    assert checked > 10


def test_reasons_for_no_equivalent(answer):
    row = int(answer.ranking.order[0])
    gap = solve(with_figure(answer.table, row, "areal_mass_g_m2", float("nan")), answer.brief)
    assert {one.criterion: one.reason for one in equivalents(gap, row)}["lightness"] == "gap"
    ample = solve(with_figure(answer.table, row, "areal_mass_g_m2", 30.0), answer.brief)
    assert {one.criterion: one.reason for one in equivalents(ample, row)}["lightness"] == "flat"
    unasked = solve(answer.table, replace(answer.brief, priorities={"lightness": 0.0}))
    assert {one.criterion: one.reason for one in equivalents(unasked, row)}["lightness"] == "no-weight"
    free = solve(answer.table, replace(answer.brief, priorities={"price": 0.0}))
    assert {one.reason for one in equivalents(free, row)} <= {"no-price", "free", "flat", "gap"}


def test_explain_tells_what_a_change_is_worth(answer, capsys):
    row = int(answer.ranking.order[0])
    found = equivalents(answer, row)
    assert main(["explain", "--place", "Lagos", answer.table.ids[row]]) == 0
    shown = capsys.readouterr().out
    told = [sentence for one in found if (sentence := equivalent_sentence(one)) is not None]
    assert told
    for sentence in told:
        assert say(sentence) in shown
    assert main(["explain", "--place", "Lagos", answer.table.ids[row], "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)["equivalent_changes"]
    assert [one["criterion"] for one in listed] == [one.criterion for one in found]
    for line, one in zip(listed, found, strict=True):
        assert line["worth_usd_per_m2"] == one.step_worth
        assert (line["text"] is None) is bool(one.reason)
