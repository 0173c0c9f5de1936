"""Values: fixed anchors of every curve, ranges and gaps carried through, limits judged and measured."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.answer import solve
from advisor.brief import Band, Brief, Climate, DemandEdit, Limit
from advisor.demands import Demand
from advisor.properties import CRITERIA, properties
from advisor.sentences import Sentence
from advisor.values import Curve, cell_range, demand_curve, fold, price_curve, screen


def demand(key: str, level: float) -> Demand:
    sense = "at_most" if properties()[key].direction == "less" else "at_least"
    return Demand(key, level, sense, Sentence("set-by-hand-bare"), "D")


def worth(key: str, level: float, *figures: float) -> list[float]:
    """Values of figures under a demand, rounded past noise."""
    return [round(float(value), 12) for value in demand_curve(demand(key, level))(np.array(figures, dtype=float))]


@pytest.mark.parametrize(
    ("key", "level", "unusable", "ample"),
    [
        ("tear_strength_n", 40, 16, 60),  # more is better: 0.4 × and 1.5 × the demand
        ("hydrostatic_head_mm", 1310, 524, 1965),
        ("hydrolysis_weeks", 10, 4, 15),
        ("water_pickup_g_m2", 100, 250, 100 / 1.5),  # less is better: the inverse
        ("moq_m", 300, 750, 200),
        ("heat_limit_c", 73, 58, 88),  # temperatures: 15 K either way
        ("cold_flex_c", -29, -14, -44),
        ("light_fastness_grade", 5, 4, 6),  # one grade either way
        ("mildew_rating", 2, 3, 1),
        ("spray_rating", 80, 70, 90),  # a hundred-point picture scale steps by tens
    ],
)
def test_a_demand_is_worth_0_unusable_08_met_and_1_ample(key, level, unusable, ample):
    step = (ample - level) / 100
    assert worth(key, level, unusable, level, ample) == [0, 0.8, 1]
    assert worth(key, level, unusable - 50 * step, ample + 200 * step) == [0, 1]  # flat beyond
    assert worth(key, level, (unusable + level) / 2, (level + ample) / 2) == [0.4, 0.9]  # straight between


@pytest.mark.parametrize(
    ("key", "level", "best"),
    [("light_fastness_grade", 8, 8), ("mildew_rating", 0, 0), ("spray_rating", 100, 100)],
)
def test_the_best_grade_of_a_closed_scale_is_worth_1(key, level, best):
    assert worth(key, level, best) == [1]


def test_ample_stops_at_the_end_of_a_closed_scale():
    assert worth("uv_strength_retention_pct", 80, 32, 80, 90, 100) == [0, 0.8, 0.9, 1]  # 120 % does not exist
    assert worth("light_fastness_grade", 7.5, 6.5, 7.5, 8) == [0, 0.8, 1]


@given(
    st.sampled_from([item.key for item in properties().values() if item.criterion and item.numeric]),
    st.floats(0, 1),
    st.lists(st.floats(-1e4, 1e5), min_size=2, max_size=20),
)
def test_every_demands_curve_runs_one_way_from_0_to_1(key, share, figures):
    item = properties()[key]
    low, high = item.plausible or (0.0, 0.0)
    level = low + share * (high - low)
    curve = demand_curve(demand(key, level))
    assert all(a < b for a, b in pairwise(curve.x))
    found = curve(np.sort(np.array(figures)))
    steps = np.diff(found)
    assert np.all((found >= 0) & (found <= 1))
    assert np.all(steps >= -1e-12) if item.direction != "less" else np.all(steps <= 1e-12)
    assert float(curve(np.array([level]))[0]) >= 0.8 - 1e-12


curves = st.lists(
    st.tuples(st.floats(-100, 100, allow_subnormal=False), st.floats(0, 1)),
    min_size=2,
    max_size=7,
    unique_by=lambda p: p[0],
).map(lambda points: Curve(*(tuple(part) for part in zip(*sorted(points), strict=True))))


@given(curves, st.floats(-150, 150), st.floats(0, 200))
def test_the_bounds_of_a_curve_over_a_range_are_those_of_a_fine_walk(curve, low, width):
    high = low + width
    least, most = curve.bounds(np.array([low]), np.array([high]))
    inside = [x for x in curve.x if low < x < high]
    walk = np.interp(np.concatenate((np.linspace(low, high, 500), inside)), curve.x, curve.value)
    assert least[0] == pytest.approx(walk.min(), abs=1e-12)
    assert most[0] == pytest.approx(walk.max(), abs=1e-12)


@given(curves, st.floats(-150, 150), st.floats(0.5, 200))
def test_the_mean_of_a_curve_is_that_of_a_fine_walk(curve, low, width):
    middles = low + width * (np.arange(20_000) + 0.5) / 20_000
    assert curve.mean(low, low + width) == pytest.approx(float(curve(middles).mean()), abs=2e-3)


def test_price_is_worth_1_to_the_target_and_0_at_the_ceiling(table):
    assert price_curve(4, 7)(np.array([0.0, 4, 5.5, 7, 90])).tolist() == [1, 1, 0.5, 0, 0]
    assert price_curve(4, 4)(np.array([4.0, 4.01])).tolist() == [1, 0]
    answer = solve(table, Brief(price=Band(2.0, 3.0)))
    place, column = CRITERIA.index("price"), table.column("price_usd_m2")
    for row in range(len(table)):
        if not np.isnan(table.typical[row, column]):
            expected = min(max((3 - table.typical[row, column]) / 1, 0), 1)
            assert answer.values.typical[row, place] == pytest.approx(expected)
    limit = next(number for number, item in enumerate(answer.screen.limits) if item.origin == "budget")
    assert np.array_equal(answer.screen.fails[:, limit], table.low[:, column] > 3)


def test_a_missing_half_of_the_budget_follows_the_products_own_ratio(table):
    whole = solve(table, Brief()).terms
    only_target = solve(table, Brief(price=Band(target=1.0))).terms
    only_ceiling = solve(table, Brief(price=Band(ceiling=1.0))).terms
    ratio = whole.price_ceiling / whole.price_target
    assert only_target.price_target == 1 and only_target.price_ceiling == pytest.approx(ratio)
    assert only_ceiling.price_ceiling == 1 and only_ceiling.price_target == pytest.approx(1 / ratio)


def test_objectives_follow_the_anchors_of_the_property_file(table, solved):
    answer = solved()
    for member in answer.values.members:
        if member.demand is None and member.property != "price_usd_m2":
            anchors = properties()[member.property].curve
            assert tuple(zip(member.curve.x, member.curve.value, strict=True)) == anchors


def test_nothing_asked_and_no_anchors_is_worth_1_to_all_and_said_so(table):
    answer = solve(table, Brief(demands={"tensile_strength_n": None}))
    assert "tensile" in answer.values.free
    assert np.all(answer.values.typical[:, CRITERIA.index("tensile")] == 1)


def test_folds_take_the_weaker_or_the_mean():
    one, other = np.array([0.2, 0.9]), np.array([0.6, 0.5])
    for criterion in ("water", "temperature", "availability"):
        assert fold(criterion, [one, other]).tolist() == [0.2, 0.5]
    for criterion in ("colour", "footprint"):
        assert fold(criterion, [one, other]).tolist() == pytest.approx([0.4, 0.7])
    assert fold("tear", [one]).tolist() == one.tolist()


def test_an_edited_curve_replaces_the_first_propertys_own(table):
    brief = Brief(curves={"lightness": ((100.0, 1.0), (200.0, 0.0))})
    found = solve(table, brief).values.typical[:, CRITERIA.index("lightness")]
    mass = table.typical[:, table.column("areal_mass_g_m2")]
    known = ~np.isnan(mass)
    assert found[known] == pytest.approx(np.clip((200 - mass[known]) / 100, 0, 1))


def test_low_typical_and_high_are_in_order_between_0_and_1(solved):
    for product, place in (("mini-hike-daypack", "Lagos"), ("hydration-pack", "Dubai"), ("kids-mini-backpack", "")):
        worth_ = solved(product, place).values
        assert np.all((worth_.low >= 0) & (worth_.high <= 1))
        assert np.all(worth_.low <= worth_.typical) and np.all(worth_.typical <= worth_.high)


def with_gap(table: Any, row: int, key: str) -> Any:
    """The table with one figure taken out."""
    column = table.column(key)
    arrays = {}
    for name in ("low", "typical", "high"):
        array = getattr(table, name).copy()
        array[row, column] = np.nan
        arrays[name] = array
    grades = table.grades.copy()
    grades[row, column] = 0
    return replace(table, **arrays, grades=grades)


SCORED = [item.key for item in properties().values() if item.criterion and item.numeric]


@pytest.mark.parametrize("key", SCORED)
def test_a_gap_is_spread_over_the_plausible_range_and_never_0(key, table):
    # A head is asked of one product, a spray rating of another.
    product = "lightweight-running-pack" if key == "spray_rating" else "commuter-urban-pack"
    row = next(row for row in range(len(table)) if not np.isnan(table.typical[row, table.column(key)]))
    holed = with_gap(table, row, key)
    brief = Brief(product=product, climate=Climate("Lagos"))
    worth_ = {gaps: solve(holed, replace(brief, gaps=gaps)).values for gaps in ("cautious", "neutral", "hopeful")}
    number = [member.property for member in worth_["cautious"].members].index(key)
    member = worth_["cautious"].members[number]
    place = CRITERIA.index(member.criterion)
    assert all(item.gaps[row, number] for item in worth_.values())
    cautious, neutral, hopeful = (worth_[gaps].typical[row, place] for gaps in ("cautious", "neutral", "hopeful"))
    assert cautious <= neutral <= hopeful
    ends = worth_["neutral"].low[row, place], worth_["neutral"].high[row, place]
    alone = len([other for other in worth_["cautious"].members if other.criterion == member.criterion]) == 1
    assert (cautious, hopeful) == ends if alone else ends[0] <= cautious and hopeful <= ends[1]
    low, high, missing = cell_range(holed, key)
    assert missing[row] and (low[row], high[row]) == properties()[key].plausible
    # The figure 0 would often be the best there is (mildew, price, mass): a gap must not be taken for it.
    item = properties()[key]
    if item.direction == "less" and alone:
        assert cautious < float(member.curve(np.array([0.0]))[0])


def test_a_gap_is_marked_and_counts_as_a_miss(table):
    brief = Brief(climate=Climate("Lagos"))
    whole = solve(table, brief)
    row = next(row for row in range(len(table)) if "hydrolysis_weeks" not in whole.gap_properties(row))
    answer = solve(with_gap(table, row, "hydrolysis_weeks"), brief)
    assert "hydrolysis_weeks" in answer.gap_properties(row)
    missed = {item.property: miss for item, miss in answer.misses(row)}["hydrolysis_weeks"]
    assert missed is not None and missed.have is None
    assert "not known" in str(missed.sentence())


def judged(table: Any, limit: Limit) -> tuple[list[bool], list[float], list[bool]]:
    found = screen(table, [limit])
    return found.fails[:, 0].tolist(), found.by[:, 0].tolist(), found.unknown[:, 0].tolist()


@given(
    st.sampled_from(SCORED),
    st.floats(0, 1),
    st.sampled_from(["at_least", "at_most"]),
    st.sampled_from(["could", "always"]),
)
def test_a_limit_is_judged_on_the_range_and_says_by_how_much(table, key, share, end, judge):
    low, high = properties()[key].plausible or (0.0, 0.0)
    level = low + share * (high - low)
    fails, by, unknown = judged(table, Limit(property=key, judge=judge, **{end: level}))
    column = table.column(key)
    for row in range(len(table)):
        bottom, top = float(table.low[row, column]), float(table.high[row, column])
        if np.isnan(table.typical[row, column]):
            assert fails[row] == (judge == "always") and np.isnan(by[row]) and unknown[row]
            continue
        if end == "at_least":
            off = level - (top if judge == "could" else bottom)
        else:
            off = (bottom if judge == "could" else top) - level
        assert fails[row] == (off > 0) and not unknown[row]
        assert by[row] == pytest.approx(off) if off > 0 else np.isnan(by[row])


def test_a_window_fails_on_either_side(table):
    column = table.column("areal_mass_g_m2")
    fails, by, _ = judged(table, Limit(property="areal_mass_g_m2", at_least=200.0, at_most=300.0))
    for row in range(len(table)):
        bottom, top = table.low[row, column], table.high[row, column]
        if not np.isnan(bottom):
            assert fails[row] == (top < 200 or bottom > 300)
            if fails[row]:
                assert by[row] == pytest.approx(max(200 - top, bottom - 300))


def test_certificates_and_families_are_judged_by_name(table):
    fails, _, unknown = judged(table, Limit(certificate="grs"))
    for row in range(len(table)):
        assert fails[row] == (not any("grs" in name for name in table.certificates[row]))
        assert unknown[row] == (not table.certificates[row])
    for wanted in (("nylon",), ("Canvas", "rpet"), ("mesh",)):
        fails, _, _ = judged(table, Limit(family=wanted))
        met = [row for row in range(len(table)) if not fails[row]]
        assert met and all(any(word.casefold() in table.tags[row] for word in wanted) for row in met)
    assert all(judged(table, Limit(family=("asbestos",)))[0])


def test_a_demand_set_to_a_very_high_level_is_worth_nothing_to_anyone(table):
    answer = solve(table, Brief(demands={"tear_strength_n": DemandEdit(1e9)}))
    assert np.all(answer.values.typical[:, CRITERIA.index("tear")] == 0)
    answer = solve(table, Brief(demands={"tear_strength_n": DemandEdit(0.0)}))
    known = ~np.isnan(table.typical[:, table.column("tear_strength_n")])
    assert np.all(answer.values.typical[known, CRITERIA.index("tear")] == 1)
