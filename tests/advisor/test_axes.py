"""Axes of the map: figures and ranges of expressions, which side is better, fronts, index lines, boxes as limits."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from advisor.axes import (
    IndexLine,
    axis,
    box_limits,
    front,
    level_of_best,
    line_of,
    usual_line,
    with_limits,
    would_pass,
)
from advisor.brief import Brief, Limit
from advisor.materials import bundled
from advisor.methods import pareto
from advisor.problems import AdvisorError

MASS, ABRASION, TEAR, PRICE = "areal_mass_g_m2", "abrasion_cycles", "tear_strength_n", "price_usd_m2"


def test_a_property_is_its_column_with_its_range_and_direction():
    table = bundled()
    own = axis(table, MASS)
    column = table.column(MASS)
    assert np.array_equal(own.figures, table.typical[:, column], equal_nan=True)
    assert np.array_equal(own.low, table.low[:, column], equal_nan=True)
    assert (own.unit, own.direction, own.property) == ("g/m²", "less", MASS)


def test_an_expression_spans_the_corners_of_its_columns_ranges():
    table = bundled()
    own = axis(table, f"{TEAR} / {MASS}")
    tear_low, tear, tear_high = (array[:, table.column(TEAR)] for array in (table.low, table.typical, table.high))
    mass_low, mass, mass_high = (array[:, table.column(MASS)] for array in (table.low, table.typical, table.high))
    assert np.allclose(own.figures, tear / mass, equal_nan=True)
    assert np.allclose(own.low, tear_low / mass_high, equal_nan=True)
    assert np.allclose(own.high, tear_high / mass_low, equal_nan=True)
    assert own.unit == "N·m^2/g"


@pytest.mark.parametrize(
    ("expression", "direction"),
    [
        (f"{TEAR} / {MASS}", "more"),
        (f"{PRICE} / {TEAR}", "less"),
        (f"{PRICE} * {MASS}", "less"),
        (f"{TEAR} * {MASS}", "more"),  # the two disagree: an index is better with more
        (f"-{MASS}", "more"),
    ],
)
def test_the_better_side_of_an_expression_follows_its_columns(expression, direction):
    assert axis(bundled(), expression).direction == direction


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (f"{TEAR} + {MASS}", "bring both to one unit"),
        ("tear_strengt_n", 'did you mean "tear_strength_n"'),
        ("2 * 3", "no column"),
        ("1 / recycled_content_pct", "divisions by 0"),
        ("a +", "no formula"),
    ],
)
def test_a_wrong_expression_is_told_in_one_line(expression, said):
    with pytest.raises(AdvisorError) as caught:
        axis(bundled(), expression)
    line = caught.value.problems[0].line()
    assert said in line and "\n" not in line


@pytest.mark.parametrize(("x", "y"), list(itertools.permutations((MASS, ABRASION, PRICE, f"{TEAR} / {MASS}"), 2)))
def test_the_front_is_the_pareto_set_of_both_axes(x, y):
    table = bundled()
    across, up = axis(table, x), axis(table, y)
    among = np.arange(len(table)) % 3 > 0
    rows = np.flatnonzero(among & np.isfinite(across.figures + up.figures))
    goals = ["max" if own.direction == "more" else "min" for own in (across, up)]
    whole = pareto(np.stack((across.figures[rows], up.figures[rows]), axis=1), goals)
    found = front(across, up, among)
    assert sorted(found.tolist()) == sorted(rows[whole.steps["front"]].tolist())
    assert (np.diff(across.figures[found]) >= 0).all()


def test_there_is_no_front_without_a_better_side():
    table = bundled()
    assert not len(front(axis(table, "yarn_denier"), axis(table, TEAR), np.ones(len(table), bool)))


def test_an_index_line_takes_its_slope_from_the_exponents():
    table = bundled()
    x, y = axis(table, MASS), axis(table, ABRASION)
    assert (usual_line(x, y).a, usual_line(x, y).b) == (-1.0, 1.0)
    line = line_of(f"sqrt({ABRASION}) / {MASS}", x, y)
    assert (line.a, line.b) == (-1.0, 0.5)
    line = replace(line, level=float(line.merit(100.0, 900.0)))
    # On log axes the figure upward rises by the square of the figure across.
    assert line.upward(np.array([100.0, 200.0])) == pytest.approx([900.0, 3600.0])


@pytest.mark.parametrize(
    "expression", [f"{ABRASION} + {MASS}", f"{TEAR} / {MASS}", "5", f"log({ABRASION} / {ABRASION} + 1)", "a b"]
)
def test_what_has_no_line_is_refused(expression):
    table = bundled()
    with pytest.raises(AdvisorError):
        line_of(expression, axis(table, MASS), axis(table, ABRASION))


def test_the_better_side_counts_every_material_with_at_least_that_index():
    table = bundled()
    x, y = axis(table, MASS), axis(table, ABRASION)
    line = usual_line(x, y)
    level = level_of_best(line, x.figures, y.figures, 10)
    assert level is not None
    better = replace(line, level=level).better(x.figures, y.figures)
    assert better.sum() >= 10
    with np.errstate(invalid="ignore"):
        assert np.array_equal(better, y.figures / x.figures >= np.exp(level) * (1 - 1e-9))
    assert level_of_best(line, np.array([np.nan]), np.array([1.0]), 10) is None
    assert not IndexLine(1.0, 1.0, -5.0).better(np.array([0.0]), np.array([1.0])).any()


def test_a_box_asks_only_for_the_ends_beyond_which_it_is_worse():
    table = bundled()
    mass, abrasion, denier = (axis(table, key) for key in (MASS, ABRASION, "yarn_denier"))
    least, most = box_limits(mass, abrasion, (93.3, 243.7, 877.0, 1e5))
    assert (least.at_least, most.at_most) == (None, None)
    assert least.at_most == pytest.approx(243.7, rel=0.05) and most.at_least == pytest.approx(877.0, rel=0.05)
    both, _ = box_limits(denier, abrasion, (150.0, 640.0, 877.0, 1e5))
    assert both.at_least is not None and both.at_most is not None
    assert box_limits(axis(table, f"{TEAR} / {MASS}"), abrasion, (0.1, 0.5, 877.0, 1e5)) == (most,)


@pytest.mark.parametrize("seed", range(30))
def test_rounding_a_boxs_ends_moves_no_figure_in_or_out(seed):
    table = bundled()
    random = np.random.default_rng(seed)
    for key in (MASS, ABRASION, PRICE, "moq_m", "light_fastness_grade"):
        own = axis(table, key)
        known = own.figures[np.isfinite(own.figures)]
        low, high = np.sort(random.uniform(known.min(), known.max(), 2)).tolist()
        (limit,) = box_limits(own, own, (low, high, low, high))
        for level, end, side in ((limit.at_least, low, 1), (limit.at_most, high, -1)):
            if level is not None:
                assert ((side * known >= side * end) <= (side * known >= side * level)).all()


def test_limits_of_a_box_take_the_place_of_those_on_the_same_property():
    held = (Limit(property=MASS, at_least=80.0, at_most=300.0), Limit(certificate="bluesign"))
    found = with_limits(held, (Limit(property=MASS, at_most=240.0), Limit(property=ABRASION, at_least=900.0)))
    assert found == (
        Limit(property=MASS, at_least=80.0, at_most=240.0),
        Limit(certificate="bluesign"),
        Limit(property=ABRASION, at_least=900.0),
    )


def test_would_pass_is_what_passes_once_the_limits_are_in_the_brief():
    from advisor.answer import solve

    brief = Brief(product="mini-hike-daypack")
    limits = (Limit(property=MASS, at_most=240.0),)
    assert would_pass(bundled(), brief, limits) == solve(bundled(), replace(brief, limits=limits)).ranking.passing
