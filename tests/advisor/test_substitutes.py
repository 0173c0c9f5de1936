"""Substitutes: departures beyond a share, and the distance that says who is nearest."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.materials import Table, bundled
from advisor.properties import numeric_keys
from advisor.substitutes import departures, distances

KEYS = numeric_keys()


def table_of(*rows: dict[str, tuple[float, float, float]]) -> Table:
    """The first materials of the bundled table with these figures (low, typical, high) and no others."""
    base = bundled().take(range(len(rows)))
    low, typical, high = (np.full((len(rows), len(KEYS)), np.nan) for _ in range(3))
    for row, figures in enumerate(rows):
        for key, ends in figures.items():
            low[row, KEYS.index(key)], typical[row, KEYS.index(key)], high[row, KEYS.index(key)] = ends
    return Table(base.name, base.ids, base.names, base.text, low, typical, high, base.grades, base.sha256)


def test_departures_beyond_the_share_come_with_those_the_ranges_tell_apart_first():
    table = table_of(
        {"areal_mass_g_m2": (90, 100, 110), "tear_strength_n": (10, 50, 90), "price_usd_m2": (2, 2, 2)},
        {"areal_mass_g_m2": (130, 140, 150), "tear_strength_n": (20, 80, 100), "price_usd_m2": (2.4, 2.4, 2.4)},
    )
    found = departures(table, 1, 0, 0.25)
    assert [(item.property, round(100 * item.share), item.doubtful) for item in found] == [
        ("areal_mass_g_m2", 40, False),
        ("tear_strength_n", 60, True),
    ]
    assert [item.property for item in departures(table, 1, 0, 0.1)] == [
        "areal_mass_g_m2",
        "price_usd_m2",
        "tear_strength_n",
    ]
    assert departures(table, 0, 0, 0.1) == ()


def test_no_share_where_it_means_nothing():
    table = table_of(
        {"light_fastness_grade": (4, 4, 4), "cold_flex_c": (-20, -20, -20), "recycled_content_pct": (0, 0, 0)},
        {"light_fastness_grade": (7, 7, 7), "cold_flex_c": (-40, -40, -40), "recycled_content_pct": (100, 100, 100)},
    )
    assert departures(table, 1, 0, 0.1) == ()


def test_a_figure_one_of_the_two_lacks_is_no_departure():
    table = table_of({"areal_mass_g_m2": (90, 100, 110)}, {"tear_strength_n": (10, 50, 90)})
    assert departures(table, 1, 0, 0.1) == departures(table, 0, 1, 0.1) == ()


def test_the_distance_is_the_weighted_euclidean_one():
    values = np.array([[0.0, 0.0], [0.6, 0.8], [1.0, 1.0]])
    assert distances(values, np.array([0.5, 0.5]), 0) == pytest.approx([0, np.sqrt(0.5), 1])
    assert distances(values, np.array([1.0, 0.0]), 0) == pytest.approx([0, 0.6, 1])


def test_the_incumbent_is_nearest_to_itself():
    answer = solve(bundled(), Brief(product="hydration-pack", climate=Climate(place="Bogotá")))
    ranking = answer.ranking
    first = int(ranking.order[0])
    apart = distances(answer.values.typical, ranking.weights, first)
    assert apart[first] == 0 <= apart.min() and apart.max() <= 1
    assert len(np.unique(apart)) > 10
