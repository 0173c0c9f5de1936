from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.priorities import moved_share, with_priority
from advisor.properties import CRITERIA, GROUPS

level = st.floats(0, 10, allow_subnormal=False).map(lambda value: round(value, 3))
priorities = st.fixed_dictionaries(dict.fromkeys(CRITERIA, level))
locks = st.sets(st.sampled_from(CRITERIA))
criterion = st.sampled_from(CRITERIA)


def shares(found):
    total = sum(found.values())
    return {key: found[key] / total for key in CRITERIA}


@given(priorities, locks, criterion, level)
def test_priorities_stay_between_0_and_10_and_never_all_become_0(before, held, moved, value):
    after = with_priority(before, held, moved, value)
    assert list(after) == list(CRITERIA)
    assert all(0 <= number <= 10 for number in after.values())
    assert any(after.values()) or not any(before.values())


@given(priorities, locks, criterion, level)
def test_a_lock_holds_its_share(before, held, moved, value):
    if not any(before.values()):
        return
    after = with_priority(before, held, moved, value)
    then, now = shares(before), shares(after)
    for key in held - {moved}:
        assert now[key] == pytest.approx(then[key], abs=1e-9)


@given(priorities, locks, criterion, level)
def test_the_free_ones_keep_their_proportions_to_the_moved_one(before, held, moved, value):
    after = with_priority(before, held, moved, value)
    if after == before:
        return
    for key in set(CRITERIA) - held - {moved}:
        assert after[moved] * before[key] == pytest.approx(after[key] * value, abs=1e-7)


@given(priorities, criterion, level)
def test_without_locks_only_the_moved_one_changes(before, moved, value):
    after = with_priority(before, (), moved, value)
    if any({**before, moved: value}.values()):
        assert after == {**before, moved: value}
    else:
        assert after == before


@given(priorities, locks, criterion)
def test_without_a_move_the_shares_stay(before, held, moved):
    if any(before.values()):
        after = with_priority(before, held, moved, before[moved])
        assert shares(after) == pytest.approx(shares(before), abs=1e-9)


def test_a_held_priority_grows_with_the_rest_and_all_are_scaled_where_it_would_pass_10():
    before = dict.fromkeys(CRITERIA, 0.0) | {"water": 9.0, "price": 3.0}
    after = with_priority(before, {"water"}, "price", 6.0)
    assert after["water"] == 10.0
    assert after["price"] == pytest.approx(10 / 3)


def test_the_last_weight_cannot_be_taken_away():
    before = dict.fromkeys(CRITERIA, 0.0) | {"water": 4.0}
    assert with_priority(before, (), "water", 0.0) == before
    assert with_priority(before, {"water"}, "price", 5.0) == before


def test_a_value_outside_the_scale_is_cut_to_it():
    before = dict.fromkeys(CRITERIA, 5.0)
    assert with_priority(before, (), "water", 12.0)["water"] == 10.0
    assert with_priority(before, (), "water", -1.0)["water"] == 0.0


def test_moved_share_keeps_locks_proportions_and_the_top_of_the_scale():
    held = dict.fromkeys(CRITERIA, 5.0) | {"water": 10.0, "tear": 2.0}
    total = sum(held.values())
    moved = moved_share(held, ("sun",), "durability", "protection", 0.1)
    assert moved is not None
    after = sum(moved.values())
    assert max(moved.values()) == pytest.approx(10)
    assert moved["sun"] / after == pytest.approx(held["sun"] / total)
    assert moved["water"] / moved["humidity"] == pytest.approx(2)
    assert moved["tear"] / moved["tensile"] == pytest.approx(0.4)
    gained = sum(moved[key] for key in GROUPS["protection"]) / after
    assert gained == pytest.approx(sum(held[key] for key in GROUPS["protection"]) / total + 0.1)
    assert moved_share(held, GROUPS["planet"], "planet", "supply", 0.1) is None


def test_a_group_dragged_to_nothing_keeps_a_handle():
    held = dict.fromkeys(CRITERIA, 5.0)
    moved = moved_share(held, (), "supply", "planet", 1.0)
    assert moved is not None
    assert sum(moved[key] for key in GROUPS["supply"]) / sum(moved.values()) == pytest.approx(0.01)
