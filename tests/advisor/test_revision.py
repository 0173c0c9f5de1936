"""Revision: the same table moves nothing, a changed figure is found and named, and sentences say what is so."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from advisor import datapackage
from advisor.answer import solve
from advisor.brief import Brief, Climate, Limit
from advisor.files import shipped
from advisor.materials import Table, bundled
from advisor.problems import AdvisorError
from advisor.revision import Revision, revise, revise_files
from advisor.sentences import say

BRIEF = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))


def changed(table: Table, material: str, key: str, factor: float = 1, ends: float = 1) -> Table:
    """The table with one figure times ``factor`` and its range widened ``ends``-fold; a factor of NaN makes a gap."""
    row, column = table.index[material], table.column(key)
    arrays = []
    for array, own in ((table.low, factor / ends), (table.typical, factor), (table.high, factor * ends)):
        copy = array.copy()
        copy[row, column] *= own
        arrays.append(copy)
    return replace(table, low=arrays[0], typical=arrays[1], high=arrays[2], version="2027.01")


def words(revision: Revision) -> list[str]:
    return [say(sentence) for sentence in revision.sentences()]


@pytest.fixture
def leader(table) -> str:
    answer = solve(table, BRIEF)
    first: str = table.ids[int(answer.ranking.order[0])]
    return first


def test_under_the_same_table_a_decision_holds_and_nothing_moves(table):
    revision = revise(BRIEF, table, table)
    assert revision.holds
    assert (revision.moves, revision.joined, revision.left, revision.figures) == ((), (), (), ())
    assert words(revision)[0].startswith("The decision holds")


def test_the_figure_that_took_the_lead_away_is_named_with_both_its_values(table, leader):
    revision = revise(BRIEF, table, changed(table, leader, "price_usd_m2", 4))
    assert not revision.holds
    assert revision.led == leader
    (figure,) = revision.figures
    assert (figure.material, figure.property, figure.decisive) == (leader, "price_usd_m2", True)
    assert figure.after == pytest.approx(4 * (figure.before or 0))
    assert figure.effect > 0
    first, second, *_ = words(revision)
    assert "does not hold" in first
    assert "2026" in first
    assert "2027.01" in first
    assert f"{figure.before:.2f}" in second
    assert f"{figure.after:.2f}" in second
    assert "with the old figure another material would lead" in second
    assert leader in {move.material for move in revision.moves}


def test_putting_the_tables_the_other_way_round_turns_the_finding_round(table, leader):
    other = changed(table, leader, "price_usd_m2", 4)
    there, back = revise(BRIEF, table, other), revise(BRIEF, other, table)
    assert (there.led, there.leads) == (back.leads, back.led)
    assert {(move.material, move.before, move.after) for move in there.moves} == {
        (move.material, move.after, move.before) for move in back.moves
    }
    assert there.figures[0].effect == pytest.approx(back.figures[0].effect)


def test_the_effects_of_figures_one_by_one_are_those_of_the_lead(table, leader):
    other = changed(changed(table, leader, "price_usd_m2", 1.3), leader, "stiffness_grade", 1.2)
    revision = revise(BRIEF, table, other)
    total = sum(figure.effect for figure in revision.figures)
    before, after = revision.before, revision.after

    def score(answer, material):
        return float(answer.ranking.contributions[answer.table.index[material]].sum())

    rival = revision.led if not revision.holds else after.table.ids[int(after.ranking.order[1])]

    def lead(answer):
        return score(answer, revision.leads) - score(answer, rival)

    # Each figure feeds a criterion of its own here, so the parts add up.
    assert total == pytest.approx(lead(after) - lead(before))


def test_a_changed_figure_that_does_not_count_is_not_named(table, leader):
    assert revise(BRIEF, table, changed(table, leader, "thickness_mm", 3)).figures == ()


def test_a_figure_gone_and_a_range_widened_are_said_as_such(table, leader):
    gone = revise(BRIEF, table, changed(table, leader, "price_usd_m2", float("nan")))
    assert any("now not known" in text for text in words(gone))
    # Under the cautious policy a gap counts at its worse end, so the cloth cannot have gained.
    assert any(figure.after is None for figure in gone.figures)
    mass = float(table.typical[table.index[leader], table.column("areal_mass_g_m2")])
    always = replace(BRIEF, limits=(Limit(property="areal_mass_g_m2", at_most=1.5 * mass, judge="always"),))
    wider = revise(always, table, changed(table, leader, "areal_mass_g_m2", ends=3))
    assert wider.led == leader
    assert wider.leads != leader
    assert any("range" in text and "another material would lead" in text for text in words(wider))


def test_a_limit_that_screens_the_old_leader_out_is_found(table, leader):
    mass = float(table.high[table.index[leader], table.column("areal_mass_g_m2")])
    brief = replace(BRIEF, limits=(Limit(property="areal_mass_g_m2", at_most=mass),))
    revision = revise(brief, table, changed(table, leader, "areal_mass_g_m2", 2))
    assert revision.led == leader
    assert not revision.holds
    assert revision.figures[0].property == "areal_mass_g_m2"
    assert revision.figures[0].decisive
    assert any("screened out now" in text for text in words(revision))


def test_cloths_that_joined_or_left_are_said(table, leader):
    rest = table.take([row for row in range(len(table)) if table.ids[row] != leader])
    left, joined = revise(BRIEF, table, rest), revise(BRIEF, rest, table)
    assert (left.left, joined.joined) == ((leader,), (leader,))
    assert any("is not in table" in text for text in words(left))
    assert any("was not in table" in text for text in words(joined))


def test_when_nothing_passes_it_says_so(table):
    brief = replace(BRIEF, limits=(Limit(property="areal_mass_g_m2", at_most=20),))
    revision = revise(brief, table, table)
    assert (revision.led, revision.leads, revision.figures) == ("", "", ())
    assert words(revision)[0].startswith("No material passes")


def test_two_published_versions_are_compared_by_their_folders(tmp_path, leader):
    data = shipped("data")
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        for file in (datapackage.FILE, "materials.csv", "evidence.csv"):
            shutil.copy(data / file, tmp_path / name / file)
    package = tmp_path / "old" / datapackage.FILE
    package.write_text(json.dumps({**json.loads(package.read_text(encoding="utf-8")), "version": "2025.01"}))
    revision = revise_files(BRIEF, tmp_path / "old", tmp_path / "new" / datapackage.FILE)
    assert revision.holds
    assert revision.leads == leader
    assert np.array_equal(revision.before.ranking.scores, revision.after.ranking.scores)
    assert "2025.01" in words(revision)[0]
    assert revise_files(BRIEF, data, tmp_path / "new" / "materials.csv").holds
    with pytest.raises(AdvisorError):
        revise_files(BRIEF, tmp_path / "nowhere", data)


def test_the_table_compared_is_left_as_it_was(leader):
    table = bundled()
    before = table.typical.copy()
    revise(BRIEF, table, changed(table, leader, "price_usd_m2", 4))
    assert np.array_equal(before, table.typical, equal_nan=True)
