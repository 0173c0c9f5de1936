"""Stock and grades: own tables and figures over a base that stays, and how much of a score rests on which grade."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.builder import ClothSpec
from advisor.grades import footing, measured_share, only_grades
from advisor.headers import plan
from advisor.intake import read
from advisor.materials import GRADE_CODES, bundled
from advisor.merge import OwnFigure
from advisor.problems import AdvisorError
from advisor.properties import CRITERIA, properties
from advisor.sheets import pasted
from advisor.stock import Stock, suggested_mode

PACK = Brief(product="mini-hike-daypack", climate=Climate("Lagos"), market=("NG",))


def own_table(text):
    sheet = pasted(text)
    return read(sheet, plan(sheet)).table


@pytest.fixture
def mass_list(table):
    """Three cloths by the bundled names, one with another mass, and one that is nowhere."""
    place = table.column("areal_mass_g_m2")
    same = float(table.typical[0, place])
    rows = [(table.names[0], same), (table.names[1], 321), ("Nowhere cloth", 250)]
    return own_table("name\tareal_mass_g_m2\n" + "\n".join(f"{name}\t{mass:g}" for name, mass in rows))


def test_nothing_changed_is_the_base_itself(table):
    assert Stock(table).table is table
    assert Stock(table).overrides == ()


def test_figures_of_a_list_stand_over_the_base_and_come_off_again(table, mass_list):
    stock, merged = Stock(table).trial(mass_list, "override")
    assert [(entry.id, entry.property, entry.after) for entry in stock.overrides] == [
        (table.ids[1], "areal_mass_g_m2", 321.0)
    ]
    assert [problem.value for problem in merged.problems] == ["nowhere-cloth"]
    assert stock.table.typical[1, table.column("areal_mass_g_m2")] == 321
    assert stock.table.grade(1, "areal_mass_g_m2") == "own"
    assert stock.own(table.ids[1], "areal_mass_g_m2")
    back = stock.without(table.ids[1], "areal_mass_g_m2")
    assert back.table is table
    assert stock.without_figures().table is table


def test_a_newer_figure_takes_the_older_ones_place(table):
    first = Stock(table).with_figures([OwnFigure(table.ids[0], "price_usd_m2", 5.0)])
    second = first.with_figures([OwnFigure(table.ids[0], "price_usd_m2", 6.0)])
    assert [entry.after for entry in second.overrides] == [6.0]
    assert [entry.after for entry in first.overrides] == [5.0]


def test_tables_are_added_below_and_cloths_below_those(table, mass_list):
    only_new = mass_list.take([2])
    stock, merged = Stock(table).trial(only_new, "add")
    assert merged.added == ("nowhere-cloth",)
    stock = stock.with_cloth(ClothSpec("nylon", 420, name="Trial"))
    assert stock.table.ids[len(table) :] == ("nowhere-cloth", "predicted-trial")
    assert stock.table.predicted == {"predicted-trial"}
    with pytest.raises(AdvisorError):
        stock.trial(only_new, "add")


def test_what_cannot_stand_is_refused_and_changes_nothing(table):
    stock = Stock(table)
    with pytest.raises(AdvisorError):
        stock.with_figures([OwnFigure("nowhere", "price_usd_m2", 5.0)])
    with pytest.raises(AdvisorError):
        stock.with_cloth(ClothSpec("steel", 420))
    assert stock.table is table


def test_a_list_of_known_cloths_is_taken_for_figures_over_them(table, mass_list):
    assert suggested_mode(table, mass_list) == "override"
    assert suggested_mode(table, mass_list.take([2])) == "replace"


def test_only_measured_figures_leave_gaps_for_rules_and_judgement(table):
    view = only_grades(table, "AB")
    assert {GRADE_CODES[code] for code in np.unique(view.grades).tolist()} <= {"", "A", "B", "own"}
    kept = np.isin(table.grades, [GRADE_CODES.index(grade) for grade in ("A", "B", "own")])
    assert np.array_equal(~np.isnan(view.typical), kept)
    assert np.array_equal(view.typical[kept], table.typical[kept])
    assert view.text == table.text
    for key, item in properties().items():
        if item.numeric:
            place = table.column(key)
            for row in np.flatnonzero(~kept[:, place] & (table.grades[:, place] != 0)).tolist():
                assert view.cell(row, key) is None
    assert only_grades(view, "AB") is view
    assert view.sha256 != table.sha256


def test_own_figures_stay_where_only_measured_ones_count(table):
    figure = OwnFigure(table.ids[0], "areal_mass_g_m2", 200.0)
    stock = replace(Stock(table).with_figures([figure]), measured=True)
    assert stock.table.grade(0, "areal_mass_g_m2") == "own"


def test_the_shares_of_a_score_sum_to_one(solved):
    answer = solved()
    for row in answer.ranking.order[:40].tolist():
        shares = footing(answer, row)
        assert math.isclose(sum(shares.values()), 1.0)
        assert 0 <= measured_share(answer, row) <= 1


def test_a_score_rests_on_the_figure_that_makes_it(table):
    """One priority alone: the whole score rests on the grade of that criterion's figure."""
    priorities = {key: 10.0 if key == "lightness" else 0.0 for key in CRITERIA}
    answer = solve(table, replace(PACK, priorities=priorities))
    for row in answer.ranking.order[:30].tolist():
        if answer.ranking.scores[row] > 0:
            assert footing(answer, row) == {table.grade(row, "areal_mass_g_m2"): 1.0}


def test_the_lowest_property_carries_a_criterion_that_counts_the_lowest(table):
    priorities = {key: 10.0 if key == "temperature" else 0.0 for key in CRITERIA}
    answer = solve(table, replace(PACK, priorities=priorities, climate=Climate("Reykjavik")))
    members = {m.property: m for m in answer.values.members if m.criterion == "temperature"}
    assert set(members) == {"cold_flex_c", "heat_limit_c"}
    for row in answer.ranking.order[:30].tolist():
        values = {
            key: float(m.curve(np.array([table.typical[row, table.column(key)]]))[0]) for key, m in members.items()
        }
        if any(math.isnan(value) for value in values.values()) or values["cold_flex_c"] == values["heat_limit_c"]:
            continue
        if answer.ranking.scores[row] > 0:
            lowest = min(values, key=values.get)
            assert footing(answer, row) == {table.grade(row, lowest): 1.0}


def test_on_measured_figures_alone_every_score_but_for_gaps_rests_on_them(table):
    answer = solve(only_grades(table, "AB"), PACK)
    for row in answer.ranking.order[:20].tolist():
        assert set(footing(answer, row)) <= {"A", "B", "own", ""}


def test_the_bundled_table_is_left_as_it_was(table):
    assert table is bundled()
    assert not table.typical.flags.writeable
