"""What it takes: every change, applied, puts the material first, 99.9 % of it does not, and no smaller one is found."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from advisor.__main__ import main
from advisor.answer import solve
from advisor.brief import Band, Brief, Climate, DemandEdit, Limit, PlaceShare
from advisor.certainty import figures
from advisor.materials import bundled
from advisor.priorities import with_priority
from advisor.profiles import products
from advisor.properties import CRITERIA, properties
from advisor.sentences import Num, say
from advisor.tipping import TIPPING_SLIDERS, stability
from advisor.turning import (
    KINDS,
    Turning,
    apply,
    change_sentence,
    least_distance,
    moving_together,
    nearest_figure,
    non_negative_least_squares,
    probe_sentence,
    probes,
    stability_sentences,
    together_sentence,
    turning_sentences,
    what_it_takes,
    with_figure,
)
from advisor.values import Curve


def random_answers(count, seed, limits=True):
    """Random parts of the shipped table under random briefs; the same in every run."""
    random = np.random.default_rng(seed)
    whole = bundled()
    for _ in range(count):
        rows = random.choice(len(whole), int(random.integers(4, 50)), replace=False).tolist()
        table = whole.take(rows)
        moved = random.uniform(0.8, 1.25, table.typical.shape)
        moved[random.random(moved.shape) < 0.04] = np.nan
        table = replace(table, **{end: getattr(table, end) * moved for end in ("low", "typical", "high")})
        own = (
            Limit(property="areal_mass_g_m2", at_most=float(random.uniform(120, 400))),
            Limit(property="light_fastness_grade", at_least=float(random.uniform(2, 6)), judge="always"),
        )
        brief = Brief(
            product=str(random.choice(sorted(products()))),
            climate=Climate(str(random.choice(["Lagos", "Dubai", "Berlin", ""]))),
            priorities={key: float(round(random.uniform(0, 10), 2)) for key in CRITERIA if random.random() < 0.7},
            gaps=str(random.choice(["cautious", "neutral", "hopeful"])),
            limits=own[: int(random.integers(0, 3))] if limits else (),
            price=Band(float(random.uniform(2, 5)), float(random.uniform(6, 12))) if random.random() < 0.3 else Band(),
        )
        yield solve(table, brief), random


def bundled_answers(count, seed):
    """The shipped table under random briefs: demands dropped and set, locks, limits in words, several places."""
    random = np.random.default_rng(seed)
    table = bundled()
    for _ in range(count):
        demands = {
            key: None if random.random() < 0.5 else DemandEdit(float(random.uniform(0.4, 1.6)) * level)
            for key, level in (("areal_mass_g_m2", 250.0), ("tear_strength_n", 50.0), ("hydrolysis_weeks", 8.0))
            if random.random() < 0.5
        }
        places = tuple(PlaceShare(name, float(random.uniform(0.1, 3))) for name in ("Lagos", "Berlin", "Dubai"))
        shared = Climate(places=places, scored=str(random.choice(["strictest", "by-share"])))
        own = (
            Limit(property="areal_mass_g_m2", at_most=float(random.uniform(150, 400))),
            Limit(family=("nylon",)),
            Limit(property="recycled_content_pct", at_least=float(random.uniform(5, 40))),
        )
        brief = Brief(
            product=str(random.choice(sorted(products()))),
            climate=Climate(str(random.choice(["Lagos", "Oslo", ""]))) if random.random() < 0.6 else shared,
            priorities={key: float(round(random.uniform(0, 10), 2)) for key in CRITERIA if random.random() < 0.7},
            gaps=str(random.choice(["cautious", "neutral", "hopeful"])),
            locks=tuple(str(key) for key in random.choice(CRITERIA, 2, replace=False)) if random.random() < 0.4 else (),
            limits=(own[int(random.integers(0, 3))],) if random.random() < 0.8 else (),
            demands=demands,
        )
        yield solve(table, brief), random


def said_of(answer, row, change):
    """The level a sentence prints."""
    shown = change_sentence(answer, row, change).values["then"]
    assert isinstance(shown, Num)
    return shown.value


def first(answer):
    return int(answer.ranking.order[0]) if answer.ranking.passing else -1


def with_priorities(answer, priorities):
    return solve(answer.table, replace(answer.brief, priorities=priorities))


def test_every_change_applied_wins_and_99_point_9_percent_of_it_does_not():
    seen = dict.fromkeys((*KINDS, "joint", "beyond"), 0)
    for answer, random in (*random_answers(50, 1), *bundled_answers(6, 12)):
        # One at random, the second, and the best of all, which a limit may keep out.
        rows = [
            int(random.integers(len(answer.table))),
            int(answer.ranking.order[1]),
            int(answer.ranking.scores.argmax()),
        ]
        for row in rows:
            turning = what_it_takes(answer, row)
            if turning.leads:
                assert first(answer) == row
                continue
            for kind in KINDS:
                change = getattr(turning, kind)
                if change is None:
                    continue
                assert change.kind == kind
                assert first(apply(answer, row, change)) == row, change
                seen[kind] += 1
                if kind in ("limit", "new_limit") and change.end:
                    printed = said_of(answer, row, change)
                    assert first(apply(answer, row, replace(change, then=printed))) == row, change
                if kind == "new_limit":
                    if change.end:
                        # The limit is the loosest there is: a hair less shuts out one too few.
                        side = -1 if change.end == "at_least" else 1
                        looser = replace(change, then=change.then + side * max(1e-3 * abs(change.then), 1e-9))
                        assert first(apply(answer, row, looser)) != row, change
                    continue
                if change.now is None:
                    continue  # a limit taken away, or a figure that is there or not
                assert first(apply(answer, row, change, 0.999)) != row, change
                seen["beyond"] += not change.within
                if kind in ("figure", "budget"):
                    shown = change_sentence(answer, row, change).values["then"]
                    assert isinstance(shown, Num)
                    said = shown.value
                    assert first(apply(answer, row, replace(change, then=said))) == row
            if turning.joint is not None:
                seen["joint"] += 1
                now = answer.terms.priorities
                assert all(0 <= level <= 10 for level in turning.joint.values())
                assert first(with_priorities(answer, turning.joint)) == row
                near = {key: now[key] + 0.999 * (turning.joint[key] - now[key]) for key in CRITERIA}
                assert first(with_priorities(answer, near)) != row
    assert min(seen.values()) > 0, seen


def test_no_smaller_change_of_one_priority_wins():
    found = 0
    for answer, random in random_answers(40, 2):
        rows = answer.ranking.passing_rows()
        if len(rows) < 2:
            continue
        row = int(random.choice(rows[1:6]))
        change = what_it_takes(answer, row).priority
        worth = answer.values.typical[rows]
        at = rows.tolist().index(row)
        priorities = np.array([answer.terms.priorities[key] for key in CRITERIA])
        for place in range(len(CRITERIA)):
            tried = np.repeat(priorities[None, :], 401, axis=0)
            tried[:, place] = np.linspace(0, 10, 401)
            scores = tried @ worth.T
            ahead = scores[:, at] > np.delete(scores, at, axis=1).max(axis=1) + 1e-6
            if ahead.any():
                assert change is not None
                assert np.abs(tried[ahead, place] - priorities[place]).min() >= change.effort - 1e-9
                found += 1
    assert found > 5


def test_no_joint_change_that_wins_is_shorter():
    """Of a convex problem the solution is the one no winning point lies behind (variational inequality)."""
    seen = 0
    for answer, random in random_answers(40, 3, limits=False):
        rows = answer.ranking.passing_rows()
        if len(rows) < 3:
            continue
        row = int(rows[1 + int(random.integers(0, min(5, len(rows) - 1)))])
        turning = what_it_takes(answer, row)
        worth = answer.values.typical
        apart = worth[row] - worth[[other for other in rows.tolist() if other != row]]
        now = np.array([answer.terms.priorities[key] for key in CRITERIA])
        tried = random.uniform(0, 10, (4000, len(CRITERIA))) * (random.random((4000, len(CRITERIA))) < 0.6)
        winning = tried[(tried @ apart.T > 1e-5).all(axis=1) & (tried.sum(axis=1) > 1)]
        if turning.joint is None:
            assert not len(winning)
            continue
        to = np.array([turning.joint[key] for key in CRITERIA])
        assert turning.distance == pytest.approx(np.linalg.norm(to - now))
        if len(winning):
            assert ((winning - to) @ (to - now)).min() >= -1e-4
            seen += 1
    assert seen > 5


def test_a_lock_keeps_its_share_in_a_joint_change():
    seen = 0
    for answer, random in random_answers(24, 4, limits=False):
        locked = solve(answer.table, replace(answer.brief, locks=("water", "price")))
        rows = locked.ranking.passing_rows()
        if len(rows) < 3:
            continue
        turning = what_it_takes(locked, int(random.choice(rows[1:4])))
        if turning.joint is None:
            continue
        before, after = locked.terms.weights(), with_priorities(locked, turning.joint).terms.weights()
        for key in ("water", "price"):
            assert after[key] == pytest.approx(before[key], abs=1e-9)
        if turning.priority is not None:
            assert first(apply(locked, turning.row, turning.priority)) == turning.row
        assert first(with_priorities(locked, turning.joint)) == turning.row
        seen += 1
    assert seen > 5


def test_no_nearer_figure_within_its_range_wins():
    within = none = 0
    for answer, random in random_answers(14, 5, limits=False):
        rows = answer.ranking.passing_rows()
        if len(rows) < 2:
            continue
        row = int(random.choice(rows[1:6]))
        change = what_it_takes(answer, row).figure
        best = np.inf
        for member in answer.values.members:
            column = answer.table.column(member.property)
            low, now, high = (
                float(array[row, column]) for array in (answer.table.low, answer.table.typical, answer.table.high)
            )
            if np.isnan(now) or high <= low:
                continue
            for figure in np.linspace(low, high, 11):
                after = solve(with_figure(answer.table, row, member.property, float(figure)), answer.brief)
                if first(after) == row:
                    room = high - now if figure > now else now - low
                    best = min(best, abs(figure - now) / room)
        if change is None or not change.within:
            assert best == np.inf
            none += 1
        elif best < np.inf and change.now is not None:
            assert change.effort <= best + 1e-9
            within += 1
    assert within > 1 and none > 1


def test_no_nearer_level_of_a_demand_wins():
    seen = 0
    for answer, random in random_answers(20, 6, limits=False):
        rows = answer.ranking.passing_rows()
        if len(rows) < 2:
            continue
        row = int(random.choice(rows[1:4]))
        change = what_it_takes(answer, row).demand
        if change is None:
            continue
        seen += 1
        # Straight between here and there nothing turns the order before.
        for part in np.linspace(0, 0.999, 23):
            assert first(apply(answer, row, change, float(part))) != row
    assert seen > 2


def test_a_missing_figure_may_be_what_decides(table):
    answer = solve(table, Brief(climate=Climate("Lagos")))
    best = int(answer.ranking.order[0])
    column = table.column("price_usd_m2")
    arrays = {end: getattr(table, end).copy() for end in ("low", "typical", "high")}
    for array in arrays.values():
        array[best] = table.typical[best]
        array[best, column] = np.nan
    answer = solve(replace(table, **arrays), answer.brief)
    assert first(answer) != best
    change = what_it_takes(answer, best).figure
    assert change is not None and change.key == "price_usd_m2" and change.now is None and change.within
    assert first(apply(answer, best, change)) == best
    dearer = solve(with_figure(answer.table, best, "price_usd_m2", change.then * 1.01), answer.brief)
    assert first(dearer) != best
    text = " ".join(say(sentence) for sentence in turning_sentences(answer, what_it_takes(answer, best)))
    assert "not known, would put" in text and "or less: ask the mill." in text


def test_what_is_worse_in_everything_never_wins_by_priorities(table):
    answer = solve(table, Brief())
    best = first(answer)
    pair = replace(table.take([best, best]), ids=("good", "bad"), names=("Good", "Bad"))
    arrays = {end: getattr(pair, end).copy() for end in ("low", "typical", "high")}
    for array in arrays.values():
        array[1, table.column("areal_mass_g_m2")] *= 1.5
        array[1, table.column("light_fastness_grade")] *= 0.8
    answer = solve(replace(pair, **arrays), Brief())
    assert first(answer) == 0 and answer.ranking.ranks[1]
    turning = what_it_takes(answer, 1)
    assert turning.priority is None and turning.joint is None and np.isnan(turning.distance)
    text = [say(sentence) for sentence in turning_sentences(answer, turning)]
    assert any("None of these alone would put Bad first" in part and "any priorities" in part for part in text)
    assert turning_sentences(answer, Turning(0, leads=True)) == ()


def test_a_limit_lets_in_and_shuts_out(table):
    answer = solve(table, Brief(limits=(Limit(property="areal_mass_g_m2", at_most=500.0),)))
    best = first(answer)
    mass = float(table.low[best, table.column("areal_mass_g_m2")])
    out = solve(table, Brief(limits=(Limit(property="areal_mass_g_m2", at_most=mass - 10),)))
    assert not out.ranking.ranks[best]
    change = what_it_takes(out, best).limit
    assert change is not None and change.then == mass and change.end == "at_most"
    assert what_it_takes(out, best).demand is None and what_it_takes(out, best).joint is None
    lighter = next(
        int(row)
        for row in answer.ranking.passing_rows()
        if table.low[row, table.column("areal_mass_g_m2")]
        < table.low[answer.ranking.order[: answer.ranking.place[row]], table.column("areal_mass_g_m2")].min(initial=0)
        or (
            answer.ranking.place[row] > 0
            and table.low[row, table.column("areal_mass_g_m2")]
            < table.low[answer.ranking.order[: answer.ranking.place[row]], table.column("areal_mass_g_m2")].min()
        )
    )
    tightened = what_it_takes(answer, lighter).limit
    assert tightened is not None and tightened.then < 500
    assert first(apply(answer, lighter, tightened)) == lighter
    two = Brief(limits=(Limit(property="areal_mass_g_m2", at_most=1.0), Limit(certificate="nobody has it")))
    assert what_it_takes(solve(table, two), best).limit is None


def test_limits_in_words_are_taken_away_and_set(table):
    best = first(solve(table, Brief()))
    other = next(tag for tag in ("canvas", "polyester", "nylon") if tag not in table.tags[best])
    out = solve(table, Brief(limits=(Limit(family=(other,)),)))
    gone = what_it_takes(out, best).limit
    assert gone is not None and gone.key == "family" and gone.now is None and not gone.end
    assert first(apply(out, best, gone)) == best and apply(out, best, gone).brief.limits == ()
    assert say(change_sentence(out, best, gone)).startswith("Without the limit (One of ")
    # Two that differ in nothing but that one is heavier, and in their words: only words can tell the heavier one.
    row = table.index["cotton-canvas-8oz"]
    pair = replace(table.take([best, row]), ids=("light", "heavy"))
    arrays = {end: getattr(pair, end).copy() for end in ("low", "typical", "high")}
    for array in arrays.values():
        array[1] = array[0]
        array[1, table.column("areal_mass_g_m2")] *= 1.5
    pair = replace(pair, low=arrays["low"], typical=arrays["typical"], high=arrays["high"])
    answer = solve(pair, Brief())
    assert first(answer) == 0 and answer.ranking.passing == 2
    asked = what_it_takes(answer, 1).new_limit
    assert asked is not None and asked.key == "family" and asked.word == "canvas"
    assert first(apply(answer, 1, asked)) == 1
    assert "Asking for canvas alone" in say(change_sentence(answer, 1, asked))
    held = replace(pair, text={**pair.text, "family": ("canvas", "canvas"), "certificates": ("", "GRS|bluesign")})
    certified = what_it_takes(solve(held, Brief()), 1).new_limit
    assert certified is not None and certified.key == "certificates" and certified.word == "bluesign"
    assert first(apply(solve(held, Brief()), 1, certified)) == 1
    same = replace(pair, text={**pair.text, "family": ("canvas", "canvas")})
    assert what_it_takes(solve(same, Brief()), 1).new_limit is None


def test_a_new_limit_shuts_out_the_fewest(table):
    answer = solve(table, Brief(climate=Climate("Berlin"), product="mini-hike-daypack"))
    passing = answer.ranking.passing_rows()
    for row in passing[1:12].tolist():
        change = what_it_takes(answer, row).new_limit
        ahead = passing[: answer.ranking.place[row]]
        fewest = 1.0 if change is None else change.effort
        for key, item in properties().items():
            if not item.numeric or key == "price_usd_m2":
                continue
            column = table.column(key)
            for end, array in (("at_least", table.high), ("at_most", table.low)):
                if item.direction == ("less" if end == "at_least" else "more"):
                    continue
                if any(one.property == key and getattr(one, end) is not None for one in answer.screen.limits):
                    continue
                own, theirs = array[row, column], array[ahead, column]
                for level in np.unique(array[passing, column]):
                    sign = 1 if end == "at_least" else -1
                    lets = ~(sign * array[passing, column] < sign * level)
                    if np.isnan(own) or np.isnan(theirs).any() or sign * own < sign * level:
                        continue
                    if (sign * theirs < sign * level).all():
                        assert (~lets).sum() / len(passing) >= fewest - 1e-12


def test_nearest_figures_along_a_curve():
    rising = Curve((0.0, 10.0, 20.0), (0.0, 0.8, 1.0))
    assert nearest_figure(rising, 0.0, 0.4) == pytest.approx(5.0)
    assert nearest_figure(rising, 30.0, 0.4) == 30.0
    assert nearest_figure(rising, 0.0, 1.01) is None
    hill = Curve((0.0, 10.0, 20.0), (0.0, 1.0, 0.0))
    assert nearest_figure(hill, 18.0, 0.5) == pytest.approx(15.0)
    assert nearest_figure(hill, 1.0, 0.5) == pytest.approx(5.0)
    assert nearest_figure(rising, 0.0, 0.4, high=4.0) is None
    assert nearest_figure(rising, 0.0, 0.4, low=6.0) == 6.0
    for needed in np.linspace(0.001, 0.999, 57):
        at = nearest_figure(rising, -3.0, float(needed))
        assert at is not None and float(rising(np.array([at]))[0]) >= needed


def test_least_squares_and_least_distance_meet_their_conditions():
    random = np.random.default_rng(8)
    for _ in range(60):
        matrix, target = random.normal(size=(6, 9)), random.normal(size=6)
        x = non_negative_least_squares(matrix, target)
        pull = matrix.T @ (target - matrix @ x)
        assert (x >= 0).all() and (pull <= 1e-8).all() and np.abs(pull[x > 0]).max(initial=0) < 1e-8
    assert least_distance(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([3.0, 4.0])) == pytest.approx([3, 4])
    assert least_distance(np.array([[1.0, 1.0]]), np.array([2.0])) == pytest.approx([1, 1])
    assert least_distance(np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([1.0, 1.0])) is None
    assert least_distance(np.array([[1.0, 1.0]]), np.array([-2.0])) == pytest.approx([0, 0])


@pytest.mark.parametrize("seed", [9, 10])
def test_a_figure_worth_testing_does_turn_the_first_place(seed):
    seen = 0
    for answer, random in random_answers(12, seed):
        found = probes(answer)
        assert list(found) == sorted(found, key=lambda probe: -probe.gain)
        named = {(probe.row, probe.property) for probe in found}
        for probe in found[:6]:
            assert 0 < probe.chance <= 1 and probe.gain >= 0 and probe.turns_at is not None
            after = solve(with_figure(answer.table, probe.row, probe.property, probe.turns_at), answer.brief)
            assert first(after) != first(answer)
            assert say(probe_sentence(answer, probe)).startswith(f"Test {properties()[probe.property].label} of ")
            seen += 1
        # A figure that is not named turns nothing at either end of its range.
        for row in random.choice(answer.ranking.passing_rows(), 2).tolist() if answer.ranking.passing else []:
            for member in answer.values.members:
                column = answer.table.column(member.property)
                if (row, member.property) in named or np.isnan(answer.table.typical[row, column]):
                    continue
                low, high = float(answer.table.low[row, column]), float(answer.table.high[row, column])
                # Beyond the outermost of 1,024 slices nothing is drawn.
                for figure in (low + 0.05 * (high - low), high - 0.05 * (high - low)):
                    after = solve(with_figure(answer.table, row, member.property, figure), answer.brief)
                    assert first(after) == first(answer)
    assert seen > 10


def test_the_chance_and_the_gain_of_a_probe_are_those_of_a_plain_draw(solved):
    answer = solved("mini-hike-daypack", "Lagos")
    probe = probes(answer)[0]
    random = np.random.default_rng(3)
    column = answer.table.column(probe.property)
    low, typical, high = (
        float(a[probe.row, column]) for a in (answer.table.low, answer.table.typical, answer.table.high)
    )
    bottom, top = properties()[probe.property].plausible
    drawn = random.uniform(bottom, top, 400) if np.isnan(typical) else random.triangular(low, typical, high, 400)
    turned, gains = 0, []
    lead = first(answer)
    for figure in drawn:
        after = solve(with_figure(answer.table, probe.row, probe.property, float(figure)), answer.brief)
        turned += first(after) != lead
        gains.append(after.ranking.scores[first(after)] - after.ranking.scores[lead])
    assert turned / len(drawn) == pytest.approx(probe.chance, abs=0.08)
    assert np.mean(gains) == pytest.approx(probe.gain, abs=0.3 * probe.gain + 1e-4)


def test_probes_equal_a_solve_at_every_slice_on_random_tables():
    seen = gaps = 0
    for answer, _ in random_answers(16, 13):
        lead = first(answer)
        for probe in probes(answer)[:1]:
            drawn = figures(answer.table, probe.property, probe.row)
            some = [lead, probe.row, *answer.ranking.passing_rows()[:2].tolist()]
            small = answer.table.take(list(dict.fromkeys(some)))
            row, top = small.index[answer.table.ids[probe.row]], small.index[answer.table.ids[lead]]
            turned, gain = 0, 0.0
            for figure in drawn.tolist():
                after = solve(with_figure(small, row, probe.property, figure), answer.brief)
                turned += first(after) != top and (
                    not after.screen.passes[top]
                    or after.ranking.scores[first(after)] > after.ranking.scores[top] + 1e-9
                )
                if after.screen.passes[row]:
                    gain += after.ranking.scores[first(after)] - after.ranking.scores[top]
            assert turned / len(drawn) == pytest.approx(probe.chance, abs=1e-9)
            assert gain / len(drawn) == pytest.approx(probe.gain, abs=1e-9)
            seen += 1
            gaps += bool(np.isnan(answer.table.typical[probe.row, answer.table.column(probe.property)]))
    assert seen > 7 and gaps > 0


def test_criteria_that_move_together_are_named_with_the_effect_of_merging():
    seen = 0
    for answer, _ in random_answers(40, 11):
        rows = answer.ranking.passing_rows()
        pairs = moving_together(answer)
        for pair in pairs:
            one, other = CRITERIA.index(pair.one), CRITERIA.index(pair.other)
            r = np.corrcoef(answer.values.typical[rows, one], answer.values.typical[rows, other])[0, 1]
            assert pair.r == pytest.approx(r) and abs(r) > 0.9
            halved = dict(answer.terms.priorities)
            halved[pair.one] /= 2
            halved[pair.other] /= 2
            assert first(with_priorities(answer, halved)) == pair.first
            text = say(together_sentence(answer, pair))
            assert re.search(r"r −?(0\.9\d|1\.00)", text) and 0 <= pair.kept <= 3
            seen += 1
    assert seen > 5


def test_a_change_of_a_locked_slider_moves_as_the_slider_would(table):
    brief = Brief(climate=Climate("Nairobi"), locks=("water", "price"))
    answer = solve(table, brief)
    for row in answer.ranking.passing_rows()[1:12].tolist():
        change = what_it_takes(answer, row).priority
        if change is not None:
            moved = with_priority(answer.terms.priorities, brief.locks, change.key, change.then)
            assert first(with_priorities(answer, moved)) == row


def test_explain_says_what_it_takes_as_text_and_as_json(capsys, table):
    words = ["--product", "mini-hike-daypack", "--place", "Lagos"]
    answer = solve(table, Brief(product="mini-hike-daypack", climate=Climate("Lagos")))
    order = answer.ranking.order.tolist()
    best, third = table.ids[order[0]], table.ids[order[2]]
    assert main(["explain", *words, third]) == 0
    text = capsys.readouterr().out
    assert f"What it takes for {table.names[order[2]]} to win" in text and "What to test next" in text
    assert main(["explain", *words, best]) == 0
    assert "What keeps it first" in capsys.readouterr().out
    for names in ((third,), (best, third), (third, best)):
        assert main(["explain", *words, *names, "--format", "json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["turning"]["id"] == third and not document["turning"]["leads"]
        turning = what_it_takes(answer, order[2])
        for kind in KINDS:
            change, told = getattr(turning, kind), document["turning"][kind]
            assert (change is None) == (told is None)
            if change is not None:
                assert (told["key"], told["then"]) == (change.key, change.then)
        assert set(document["stability"]) == set(CRITERIA)
        assert all(item["first"][0] <= item["now"] <= item["first"][1] for item in document["stability"].values())
        assert all(
            item["first_three_any_order"][0] <= item["first_three"][0] <= item["first_three"][1]
            and item["first_three"][1] <= item["first_three_any_order"][1]
            for item in document["stability"].values()
        )
        assert set(document["tipping"]) == {*CRITERIA, *TIPPING_SLIDERS}
        for key, stretches in document["tipping"].items():
            assert all(one["to"] == two["from"] and one["id"] != two["id"] for one, two in pairwise(stretches))
            if key in CRITERIA:
                now = answer.terms.priorities[key]
                assert best in [one["id"] for one in stretches if one["from"] <= now <= one["to"]]
        assert document["possible_places"][0] <= document["possible_places"][1]
        assert all(
            {"id", "property", "chance", "gain", "turns_at", "text"} <= set(item) for item in document["test_next"]
        )


def test_a_change_told_as_json_wins_when_a_brief_carries_it(capsys, tmp_path):
    """What a reader of the JSON has is enough: all priorities where locks move along, both ends of the price."""
    seen = set()
    for place, locks in (("Dubai", ["price", "water"]), ("Lagos", ["tear"]), ("Warsaw", [])):
        brief = {"format": "material-advisor-brief", "version": 1, "product": "fashion-lifestyle-mini"}
        brief |= {"climate": {"place": place}, "locks": locks, "certainty": {"samples": 100}}
        path = tmp_path / "b.json"

        def rank(document, path=path):
            path.write_text(json.dumps(document), encoding="utf-8")
            assert main(["rank", "--brief", str(path), "--format", "json"]) == 0
            return [row["id"] for row in json.loads(capsys.readouterr().out)["ranking"]]

        for cloth in rank(brief)[1:9]:
            rank(brief)
            assert main(["explain", "--brief", str(path), cloth, "--format", "json"]) == 0
            turning = json.loads(capsys.readouterr().out)["turning"]
            if turning["priority"]:
                assert rank({**brief, "priorities": turning["priority"]["priorities"]})[0] == cloth
                seen.add("priority")
            if turning["budget"]:
                band = {key: turning["budget"][key] for key in ("target", "ceiling")}
                assert rank({**brief, "budget": {"fabric_price_usd_per_m2": band}})[0] == cloth
                seen.add("budget")
    assert "priority" in seen


def test_another_method_of_ordering_changes_nothing_here(table):
    plain = solve(table, Brief(climate=Climate("Lagos")))
    other = solve(table, Brief(climate=Climate("Lagos"), method="topsis"))
    row = int(plain.ranking.order[3])
    assert what_it_takes(other, row) == what_it_takes(plain, row)
    assert probes(other) == probes(plain) and moving_together(other) == moving_together(plain)


def test_what_keeps_the_first_place_first_is_told_from_the_nearest_slider(table):
    answer = solve(table, Brief(climate=Climate("Lagos")))
    told = [say(sentence) for sentence in stability_sentences(answer)]
    assert len(told) <= 3 and all(text.startswith("It stays first while the priority of ") for text in told)
    for text in told:
        name, low, high = re.search(r"priority of (\w+) lies between ([\d.]+) and ([\d.]+)\.$", text).groups()
        steady = stability(answer, name.casefold())
        assert (float(low), float(high)) == pytest.approx(steady.first, abs=0.051)
