"""The bench tells what it measured, judges it by its budget, and measures tables that could be real."""

import numpy as np
import pytest

from advisor.answer import solve
from advisor.bench import (
    HEAD,
    Line,
    Timing,
    cost_against_criteria,
    cost_against_rows,
    engine,
    example_brief,
    long_table,
    machine,
    markdown_of,
    ratio_words,
    side_by_side,
    text_of,
    verdict,
)
from advisor.materials import bundled


@pytest.fixture(scope="module")
def lines():
    return list(engine(quick=True, scale=0.02))


def test_every_engine_budget_has_its_line_beside_its_peer(lines):
    found = {(line.what, line.peer) for line in lines}
    assert {
        ("re-weight and first 20", "numpy matrix · vector"),
        ("re-weight and first 20", "scikit-criteria TOPSIS"),
        ("re-weight and first 20", "pymcdm TOPSIS"),
        ("PROMETHEE II", "pymcdm PROMETHEE II"),
        ("win shares, 10,000 draws", ""),
        ("sixteen tipping strips", ""),
        ("own table in CSV opened", "pandas read_csv"),
    } <= found
    assert all(line.own is not None and line.own.median > 0 for line in lines)


def test_the_table_prints_ratios_and_says_which_peer_is_missing(lines):
    text = text_of(lines)
    assert "× as" in text
    for line in lines:
        if line.peer and line.beside is None:
            assert f"{line.peer}: not installed" in text and line.ratio is None and line.ok is None


def test_a_budget_that_names_a_length_is_not_judged_at_another(lines):
    assert all(line.ok is None for line in lines if "matrix · vector" in line.budget or "as fast" in line.budget)


@pytest.mark.parametrize(
    ("ratio", "words"), [(None, ""), (1.5, "1.50 × as long"), (1.0, "1.00 × as long"), (0.01, "100 × as fast")]
)
def test_a_ratio_says_which_of_the_two_is_faster(ratio, words):
    assert ratio_words(ratio) == words


def test_a_line_knows_how_many_times_its_peer_it_takes():
    line = Line("a", 3, Timing(4.0, 5.0, 2), "b", Timing(2.0, 2.0, 2), "≤ 3 ×", True)
    assert line.ratio == 2.0
    assert line.cells() == ("a", "3", "4.00", "5.00", "b", "2.00", "2.00 × as long", "≤ 3 ×", "ok", "")
    assert len(line.cells()) == len(HEAD)


def test_what_is_over_budget_is_named():
    kept, over = Line("a", ok=True), Line("b", 1000, ok=False)
    assert verdict([kept, Line("c")]) == "1 of 1 budgets kept"
    assert verdict([kept, over]) == "1 of 2 budgets kept; over: b (1,000)"
    assert markdown_of([over]).count("\n") == 3


def test_a_timing_is_the_median_and_the_tail():
    found = Timing.of([0.001 * number for number in range(1, 101)])
    assert found.median == pytest.approx(50.5) and found.p95 == pytest.approx(95.05) and found.times == 100


def test_two_things_are_done_turn_by_turn():
    done = []
    first, second = side_by_side(lambda: done.append("a"), lambda: done.append("b"), 3)
    assert "".join(done) == "abababab" and first.times == second.times == 3


@pytest.mark.parametrize("rows", [5, 121, 400])
def test_a_long_table_could_be_real_and_is_the_same_every_time(rows):
    table, again = long_table(rows), long_table(rows)
    assert len(table) == rows == len(set(table.ids))
    assert np.array_equal(table.typical, again.typical, equal_nan=True)
    known = ~np.isnan(table.typical)
    assert (table.low[known] <= table.typical[known]).all() and (table.typical[known] <= table.high[known]).all()
    assert np.array_equal(known, ~np.isnan(bundled().typical[np.arange(rows) % len(bundled())]))
    answer = solve(table, example_brief())
    assert len(answer.ranking.order) == rows and 0 < answer.ranking.passing <= rows


def test_curves_of_cost_have_a_point_for_every_length():
    by_rows = cost_against_rows((20, 40), most_paired=20)
    assert {curve.name: [length for length, _ in curve.points] for curve in by_rows} == {
        "numpy matrix · vector": [20, 40],
        "re-weight and first 20": [20, 40],
        "TOPSIS": [20, 40],
        "PROMETHEE II": [20],
    }
    assert all(len(curve.points) == 2 for curve in cost_against_criteria((2, 3), rows=30))


def test_the_machine_is_told_without_a_name():
    import platform

    found = machine()
    assert int(found["cores"]) >= 1 and found["Python"] == platform.python_version()
    assert "numpy" in found and platform.node() not in found.values()
