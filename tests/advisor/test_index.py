"""Index: expressions of columns are worked out, nothing else is run, and units are held."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.index import index, table_index, unit_of, unit_text
from advisor.problems import AdvisorError

COLUMNS = {"e": np.array([4.0, 9.0, 16.0]), "rho": np.array([2.0, 3.0, 8.0]), "t": np.array([1.0, np.nan, 3.0])}
UNITS = {"e": "GPa", "rho": "kg/m3", "t": "mm"}


@pytest.mark.parametrize(
    ("expression", "expected", "unit"),
    [
        ("e / rho", [2.0, 3.0, 2.0], "GPa·m^3/kg"),
        ("e ** 0.5 / rho", [1.0, 1.0, 0.5], "GPa^0.5·m^3/kg"),
        ("sqrt(e)", [2.0, 3.0, 4.0], "GPa^0.5"),
        ("e^(1/2)", [2.0, 3.0, 4.0], "GPa^0.5"),
        ("cbrt(rho * rho * rho)", [2.0, 3.0, 8.0], "kg/m^3"),
        ("-e + 2 * e", [4.0, 9.0, 16.0], "GPa"),
        ("log10(e / e * 100)", [2.0, 2.0, 2.0], "1"),
        ("max(e, 2 * e)", [8.0, 18.0, 32.0], "GPa"),
        ("2 + 3", [5.0, 5.0, 5.0], "1"),
        ("e ** 0", [1.0, 1.0, 1.0], "1"),
    ],
)
def test_an_expression_gives_figures_and_their_unit(expression, expected, unit):
    found = index(expression, COLUMNS, UNITS)
    assert found.figures == pytest.approx(expected) and found.unit == unit


def test_the_largest_is_first_and_a_missing_figure_leaves_a_row_without_a_place():
    found = index("e / t", COLUMNS, UNITS)
    assert found.ranks.tolist() == [2, 0, 1] and np.isnan(found.figures[1])
    assert index("e / rho", COLUMNS, UNITS).ranks.tolist() == [2, 1, 2]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("e + rho", "GPa and kg/m\\^3 are added"),
        ("e + 1", "GPa and 1 are added"),
        ("min(e, rho)", "are compared"),
        ("log(e)", "log of a figure in GPa"),
        ("2 ** e", "exponent has the unit GPa"),
        ("e ** (rho / rho)", "column as exponent"),
    ],
)
def test_units_that_do_not_go_together_are_refused(expression, words):
    with pytest.raises(AdvisorError, match=words):
        index(expression, COLUMNS, UNITS)


def test_columns_without_a_unit_are_not_checked():
    found = index("e + rho", COLUMNS)
    assert found.unit == "" and found.figures.tolist() == [6.0, 12.0, 24.0]


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "e +",
        "e; rho",
        "__import__('os').system('true')",
        "e.__class__",
        "e[0]",
        "[e for e in (1, 2)]",
        "lambda: 1",
        "e if 1 else rho",
        "'a' * 9",
        "True",
        "1j",
        "e // rho",
        "e % rho",
        "e == rho",
        "eval('1')",
        "sqrt(e, rho)",
        "max(e)",
        "(" * 400 + "e" + ")" * 400,
        "e @ rho",
        "x" * 501,
    ],
)
def test_what_is_no_formula_is_refused(expression):
    with pytest.raises(AdvisorError):
        index(expression, COLUMNS, UNITS)


def test_an_unknown_column_names_the_nearest():
    with pytest.raises(AdvisorError, match='did you mean "rho"'):
        index("e / rh", COLUMNS)


@pytest.mark.parametrize("expression", ["e / (rho - 3)", "sqrt(rho - 5)", "log(rho - 2)", "9 ** 9 ** 9 ** 9"])
def test_what_has_no_finite_value_names_the_row(expression):
    with pytest.raises(AdvisorError) as caught:
        index(expression, COLUMNS)
    assert caught.value.problems[0].row in (1, 2)


@pytest.mark.parametrize(
    ("text", "atoms"),
    [
        ("kg CO₂e/m²", {"kg CO2e": 1, "m": -2}),
        ("L/m²/s", {"L": 1, "m": -2, "s": -1}),
        ("g/m²", {"g": 1, "m": -2}),
        ("%", {"%": 1}),
        ("", {}),
        ("1", {}),
    ],
)
def test_units_are_taken_apart(text, atoms):
    assert unit_of(text) == atoms
    assert unit_of(unit_text(atoms)) == atoms


def test_an_index_over_the_materials_carries_the_tables_units(table):
    found = table_index(table, "tear_strength_n / areal_mass_g_m2")
    assert found.unit == "N·m^2/g" and len(found.figures) == len(table)
    rows = ~np.isnan(found.figures)
    assert rows.any() and found.ranks[rows].min() == 1
    with pytest.raises(AdvisorError):
        table_index(table, "tear_strength_n + areal_mass_g_m2")
