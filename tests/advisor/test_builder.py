"""Cloth builder: whole rows with their rules, nothing impossible worked out, tables untouched, papers to order by."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.builder import (
    CHEMISTRIES,
    COATINGS,
    DYEINGS,
    FIBRES,
    FINISHES,
    SPECIFIED,
    WEAVES,
    ClothSpec,
    as_table,
    mill_specification,
    neighbours,
    predict,
    problems,
    spec_from_json,
)
from advisor.materials import bundled, sources
from advisor.mill import specification_xlsx
from advisor.problems import AdvisorError
from advisor.properties import properties
from advisor.rules import RULES

PACKCLOTH = ClothSpec("nylon", 420, None, "oxford", None, "PU", "ether", 3000, ("DWR",))

specs = st.builds(
    ClothSpec,
    fibre=st.sampled_from([*FIBRES, "steel"]),
    warp_denier=st.none() | st.floats(5, 4500),
    weft_denier=st.none() | st.floats(5, 4500),
    weave=st.sampled_from([*WEAVES, "knot"]),
    mass_g_m2=st.none() | st.floats(5, 1500),
    coating=st.sampled_from([*COATINGS, "pu"]),
    chemistry=st.sampled_from(CHEMISTRIES),
    head_mm=st.none() | st.floats(100, 30_000),
    finish=st.lists(st.sampled_from(FINISHES), max_size=2).map(tuple),
    dyeing=st.sampled_from(DYEINGS),
    name=st.sampled_from(["", "Sample 7", "  "]),
)


@given(specs)
def test_any_specification_is_refused_with_reasons_or_worked_out_whole(spec):
    errors = [problem for problem in problems(spec) if problem.severity == "error"]
    if errors:
        with pytest.raises(AdvisorError) as raised:
            predict(spec)
        assert list(raised.value.problems) == errors
        assert all(problem.column and problem.message for problem in errors)
        return
    cells = predict(spec).cells
    for key, cell in cells.items():
        item, record = properties()[key], cell.records[0]
        assert record.source_id in sources()
        assert (record.source_id == SPECIFIED) == (record.grade == "own")
        if item.numeric:
            assert cell.low is not None
            assert cell.typical is not None
            assert cell.high is not None
            assert cell.low <= cell.typical <= cell.high
            assert all(math.isfinite(figure) for figure in (cell.low, cell.typical, cell.high))
            bottom, top = item.scale
            assert bottom is None or cell.low >= bottom
            assert top is None or cell.high <= top
    assert {"areal_mass_g_m2", "hydrostatic_head_mm", "price_usd_m2", "abrasion_cycles"} <= set(cells)


@given(specs)
def test_a_specification_survives_storing(spec):
    errors = [problem for problem in problems(spec) if problem.severity == "error"]
    if not errors:
        assert spec_from_json(spec.to_json()) == spec


def test_every_predicted_column_names_its_rule():
    prediction = predict(PACKCLOTH)
    ids = {rule.id for rule in RULES}
    for key in ("areal_mass_g_m2", "tear_strength_n", "tensile_strength_n", "hydrolysis_weeks", "ghg_kg_co2e_m2"):
        assert prediction.rule(key) in ids
    assert prediction.rule("yarn_denier") == prediction.rule("name") == prediction.rule("certificates") == ""
    assert prediction.cells["yarn_denier"].grade == "own"
    assert prediction.cells["tear_strength_n"].grade == "C"


def test_what_a_designer_changes_moves_what_it_should():
    plain = predict(PACKCLOTH).cells
    heavier = predict(replace(PACKCLOTH, warp_denier=1000)).cells
    ester = predict(replace(PACKCLOTH, chemistry="ester")).cells
    higher = predict(replace(PACKCLOTH, head_mm=5000)).cells
    solution = predict(replace(PACKCLOTH, dyeing="solution")).cells
    assert heavier["abrasion_cycles"].typical > plain["abrasion_cycles"].typical
    assert heavier["areal_mass_g_m2"].typical > plain["areal_mass_g_m2"].typical
    assert ester["hydrolysis_weeks"].typical < plain["hydrolysis_weeks"].typical
    assert (higher["hydrostatic_head_mm"].low, higher["hydrostatic_head_mm"].high) == (2500, 5000)
    assert solution["light_fastness_grade"].typical > plain["light_fastness_grade"].typical


def test_a_given_mass_is_kept_and_narrows_what_is_worked_out_from_it():
    estimated, given_ = predict(PACKCLOTH).cells, predict(replace(PACKCLOTH, mass_g_m2=190)).cells
    assert given_["areal_mass_g_m2"].typical == 190
    assert given_["areal_mass_g_m2"].grade == "own"

    def width(cells, key):
        return cells[key].high / cells[key].low

    for key in ("tensile_strength_n", "price_usd_m2", "ghg_kg_co2e_m2"):
        assert width(given_, key) < width(estimated, key)


def test_a_name_of_ones_own_keeps_the_head_grade():
    named = predict(replace(PACKCLOTH, name="School bag 2027"))
    assert named.construction.name == "School bag 2027 (predicted)"
    assert named.cells["hydrostatic_head_mm"].high == 3000


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"fibre": "nylonn"}, "fibre", "nylon"),
        ({"warp_denier": 0.42}, "warp_denier", "check the unit"),
        ({"warp_denier": None}, "warp_denier", "give one of the two"),
        ({"warp_denier": None, "weft_denier": 210.0}, "warp_denier", "warp"),
        ({"mass_g_m2": float("nan")}, "mass_g_m2", "check the unit"),
        ({"coating": "silicone", "chemistry": "", "head_mm": 3000}, "head_mm", "only PU"),
        ({"coating": "PVC", "head_mm": None}, "chemistry", "leave it empty"),
        ({"head_mm": 3.0}, "head_mm", "check the unit"),
        ({"fibre": "cotton"}, "mass_g_m2", "give the mass"),
        ({"fibre": "uhmwpe"}, "coating", "film"),
    ],
)
def test_what_cannot_be_is_named_with_a_way_out(changes, column, words):
    found = [problem for problem in problems(replace(PACKCLOTH, **changes)) if problem.column == column]
    assert found
    assert any(words in f"{problem.message} {problem.hint}" for problem in found)


def test_all_that_is_wrong_is_told_at_once():
    spec = ClothSpec("steel", 1, None, "knot", None, "glue", "acid", None, (), "dip")
    assert {problem.column for problem in problems(spec)} >= {
        "fibre",
        "warp_denier",
        "weave",
        "coating",
        "chemistry",
        "dyeing",
    }


def test_an_unusual_mass_is_doubted_not_refused():
    prediction = predict(replace(PACKCLOTH, mass_g_m2=600))
    assert [problem.severity for problem in prediction.warnings] == ["warning"]
    assert predict(replace(PACKCLOTH, mass_g_m2=200)).warnings == ()


def test_stored_words_are_checked_all_at_once():
    with pytest.raises(AdvisorError) as raised:
        spec_from_json({"fibre": 3, "warp_denier": "thick", "finish": "DWR", "wieve": "plain"}, "cloth.json")
    assert len(raised.value.problems) >= 4
    assert all(problem.file == "cloth.json" for problem in raised.value.problems)
    assert any("weave" in problem.hint for problem in raised.value.problems)


def test_predicted_cloths_join_a_table_marked_and_the_rest_stays_as_it_was(table):
    joined = as_table(table, PACKCLOTH, replace(PACKCLOTH, coating="TPU", head_mm=None), PACKCLOTH)
    assert len(joined) == len(table) + 3
    assert len(set(joined.ids)) == len(joined)
    assert joined.predicted == set(joined.ids[len(table) :])
    assert not table.predicted
    assert joined.sha256 != table.sha256
    for own, before in ((joined.low, table.low), (joined.typical, table.typical), (joined.grades, table.grades)):
        assert (own[: len(table)].tobytes(), own.shape[1]) == (before.tobytes(), before.shape[1])
    row = len(table)
    for key in ("tear_strength_n", "price_usd_m2", "stiffness_grade"):
        assert joined.grade(row, key) in ("C", "D")
        cell = joined.cell(row, key)
        assert cell is not None
        assert cell.records[0].source_id.startswith("rule-")
    assert joined.names[row].endswith("(predicted)")
    assert joined.take([row]).predicted == joined.predicted


def test_a_predicted_cloth_is_ranked_like_any_other_and_moves_no_score(table):
    brief = Brief(climate=Climate("Lagos"))
    before, after = solve(table, brief), solve(as_table(table, PACKCLOTH), brief)
    assert (before.ranking.scores == after.ranking.scores[: len(table)]).all()
    assert 0 < after.ranking.scores[len(table)] < 1


def test_the_nearest_real_cloth_of_a_real_construction_is_that_construction(table):
    found = neighbours(predict(PACKCLOTH), as_table(table, PACKCLOTH), 2)
    assert table.ids[found[0].row] == "nylon-420d-packcloth-pu"
    assert found[0].distance <= found[1].distance
    assert found[0].distance == pytest.approx(sum(found[0].parts.values()))
    assert all(row.row < len(table) for row in found)
    canvas = neighbours(predict(ClothSpec("cotton", None, None, "plain", 410, "wax")), table)
    assert "waxed" in table.ids[canvas[0].row]


def test_a_mill_specification_names_cloth_standards_levels_and_doubts(solved):
    answer = solved()
    text = mill_specification(predict(PACKCLOTH), answer.demands)
    for words in ("nylon", "420 den", "oxford", "sold as 3,000 mm", "ether type", "DWR", "mill to state"):
        assert words in text
    for demand in answer.demands:
        if demand.asked and demand.property not in ("areal_mass_g_m2", "moq_m"):
            item = properties()[demand.property]
            assert f"{demand.level:,.{item.decimals}f}" in text
            first, *others = item.test_methods.split("|")
            assert f"({first})" in text
            assert not any(f"or {other}" in text for other in others), "a level stands for one method"
    assert "sample yardage tested for" in text
    assert "not requirements" in text


def test_a_mill_specification_without_a_brief_still_orders_a_cloth():
    text = mill_specification(predict(ClothSpec("polyester", 600, 300, "plain", 240, "PVC", dyeing="solution")))
    assert "600 den warp, 300 den weft" in text
    assert "240 g/m²" in text
    assert "solution-dyed" in text
    assert "the brief asks nothing" in text


def test_the_workbook_for_the_mill_holds_tests_levels_tolerances_and_every_figure() -> None:
    answer = solve(bundled(), Brief(product="mini-hike-daypack", climate=Climate("Lagos")))
    prediction = predict(ClothSpec("nylon", 420.0, None, "oxford", None, "PU", "", None, ("DWR",)))
    book = CalamineWorkbook.from_filelike(io.BytesIO(specification_xlsx(prediction, answer.demands)))
    assert book.sheet_names == ["Specification", "Tests", "Figures"]
    lines = [row[0] for row in book.get_sheet_by_name("Specification").to_python()]
    assert lines == mill_specification(prediction, answer.demands).splitlines()
    head, *rows = book.get_sheet_by_name("Tests").to_python()
    tests = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(tests) == {properties()[demand.property].label for demand in answer.asked}
    tear = tests["Tear strength"]
    cell = prediction.cells["tear_strength_n"]
    level = next(demand.level for demand in answer.asked if demand.property == "tear_strength_n")
    assert tear["value"] == pytest.approx(level, rel=1e-5) and tear["tolerance"] == "±40 %"
    assert str(tear["test method"]).startswith("ASTM D2261") and tear["rule"] == "estimate R5-R6-tear"
    assert (tear["expected low"], tear["expected high"]) == pytest.approx((cell.low, cell.high), rel=1e-5)
    assert tear["mill: figure"] == ""
    head, *rows = book.get_sheet_by_name("Figures").to_python()
    figures = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert figures["Mass per area"]["how"] == "estimate by rule, not measured"
    assert figures["Yarn linear density"]["how"] == "as specified"
    assert len(figures) >= 30
