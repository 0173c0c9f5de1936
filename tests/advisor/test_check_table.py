"""The command check-table: what is slipped, copied or mixed is found and named; what is clean raises nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from advisor import checks
from advisor.__main__ import main
from advisor.catalogue import CATALOGUE
from advisor.checks import bounds, guessed_unit, scale_of_method
from advisor.files import shipped
from advisor.materials import bundled
from advisor.properties import properties

TABLES = Path(__file__).resolve().parents[1] / "data" / "tables"


@pytest.fixture
def checked(capsys):
    """Exit status and document of check-table on a file."""

    def run(path: Path) -> tuple[int, Any]:
        status = main(["check-table", str(path), "--format", "json"])
        return status, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def told(checked, tmp_path):
    """Code, row and column of every problem of a text."""

    def run(text: str) -> list[tuple[str, int, str]]:
        path = tmp_path / "own.csv"
        path.write_text(text, encoding="utf-8")
        return [(p["code"], p["row"], p["column"]) for p in checked(path)[1]["problems"]]

    return run


def test_the_document_has_the_keys_of_the_contract(checked):
    status, document = checked(TABLES / "doubtful.csv")
    assert status == 1
    assert set(document) == {"table", "rows", "problems"}
    assert (document["table"], document["rows"]) == ("doubtful.csv", 6)
    for entry in document["problems"]:
        assert set(entry) == {"code", "severity", "row", "column", "value", "message", "hint"}
        assert entry["severity"] == CATALOGUE[entry["code"]].severity


def test_slipped_units_identical_pairs_and_mixed_methods_are_each_found_and_named(checked):
    _, document = checked(TABLES / "doubtful.csv")
    found = {(p["code"], p["row"], p["column"]): p["message"] for p in document["problems"]}
    assert set(found) == {
        ("unknown-column", 1, "supplier remark"),
        ("slipped-unit", 2, "areal_mass_g_m2"),
        ("slipped-unit", 3, "roll_width_cm"),
        ("slipped-unit", 4, "hydrostatic_head_mm"),
        ("identical-figures", 3, "tear warp (N)"),
        ("identical-figures", 4, "tear warp (N)"),
        ("mixed-methods", 3, "abrasion_cycles"),
        ("mixed-methods", 4, "abrasion_cycles"),
        ("thread-count", 5, "yarn_denier"),
        ("duplicate-id", 7, "name"),
    }
    assert "9.8 looks like oz/yd² in a g/m² column" in found["slipped-unit", 2, "areal_mass_g_m2"]
    assert "inch" in found["slipped-unit", 3, "roll_width_cm"]
    assert "kPa" in found["slipped-unit", 4, "hydrostatic_head_mm"]
    assert "459 and 592 N stands in row 2" in found["identical-figures", 4, "tear warp (N)"]
    assert "Martindale" in found["mixed-methods", 3, "abrasion_cycles"]
    assert "Wyzenbeek" in found["mixed-methods", 4, "abrasion_cycles"]


@pytest.mark.parametrize("path", [TABLES / "clean.csv", shipped("data", "materials.csv")])
def test_a_clean_table_raises_nothing(path, checked):
    status, document = checked(path)
    assert (status, document["problems"]) == (0, [])


def test_warnings_alone_leave_a_table_usable(checked, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("name,areal_mass_g_m2\nA,9.8\n", encoding="utf-8")
    status, document = checked(path)
    assert status == 0 and [p["severity"] for p in document["problems"]] == ["warning"]


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\xff", b'name,x\n"A', b"PK\x03\x04broken"]
)
def test_what_cannot_be_read_ends_with_2_and_one_line(content, tmp_path, capsys):
    path = tmp_path / "own.xlsx"
    path.write_bytes(content)
    assert main(["check-table", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and str(path) in err
    assert main(["check-table", str(tmp_path / "nowhere.csv")]) == 2


def test_the_text_says_how_columns_were_understood_and_every_problem(capsys):
    assert main(["check-table", str(TABLES / "doubtful.csv")]) == 1
    out = capsys.readouterr().out
    assert out.startswith("doubtful.csv: 6 rows, 3 errors, 7 warnings; cannot be used as it is\n")
    assert '"tear warp (N)" is tear_strength_n, warp, in N' in out and '"supplier remark"' in out
    assert out.count("[slipped-unit]") == 3
    assert main(["check-table", str(TABLES / "clean.csv")]) == 0
    assert "4 rows, 0 errors, 0 warnings; can be used" in capsys.readouterr().out


# Rules ----------------------------------------------------------------------------------------------------------------


def test_bounds_hold_every_bundled_figure_of_their_family(table):
    for key, item in properties().items():
        if not item.numeric:
            continue
        for row, words in enumerate(table.text["family"]):
            known = bounds(key, checks.first_family(words))
            value = float(table.typical[row, table.column(key)])
            if known and value == value and value != 0:
                assert known.low <= value <= known.high and known.low <= known.inner[0] <= known.inner[1] <= known.high


@pytest.mark.parametrize(
    ("key", "family", "unit"),
    [
        ("areal_mass_g_m2", "nylon", "oz/yd²"),
        ("areal_mass_g_m2", "canvas", "oz/yd²"),
        ("roll_width_cm", "polyester", "inch"),
        ("hydrostatic_head_mm", "polyester", "psi"),
    ],
)
def test_the_typical_figure_in_another_unit_is_guessed_to_be_in_it(key, family, unit):
    from advisor.units import scaling

    factor, _ = scaling(unit, properties()[key].unit)
    found = guessed_unit(key, bounds(key, family).middle / factor, properties()[key].unit, family)
    assert found and found[0] == unit


def test_a_figure_in_g_m2_under_an_ounce_header_is_guessed_too(told):
    assert told("name,family,Weight (oz/yd2)\nA,nylon,230\n") == [("slipped-unit", 2, "Weight (oz/yd2)")]


def test_the_family_decides_what_is_plausible(told):
    text = "name,family,areal_mass_g_m2,tear_strength_n\nA,{},40,20\n"
    assert told(text.format("nylon")) == []
    assert told(text.format("canvas"))[0] == ("implausible", 2, "areal_mass_g_m2")


@pytest.mark.parametrize("name", ["Nylon 420D PU", "Poliamida 420D", "قماش نايلون"])
def test_a_name_tells_the_family_where_no_column_does(name, told):
    assert told(f"name\tareal_mass_g_m2\n{name}\t9.8\n") == [("slipped-unit", 2, "areal_mass_g_m2")]
    assert told(f"name\tareal_mass_g_m2\n{name}\t1100\n") == [("implausible", 2, "areal_mass_g_m2")]


def test_a_head_of_nothing_is_a_figure_and_no_slip(told):
    assert told("name,family,hydrostatic_head_mm\nA,canvas,0\nB,nylon,0\n") == []


def test_per_cent_that_arrive_as_fractions_are_told(told):
    text = "name,recycled_content_pct\nA,0.5\nB,1\nC,0\n"
    assert told(text) == [("slipped-unit", row, "recycled_content_pct") for row in (2, 3)]
    assert told("name,recycled_content_pct\nA,50\nB,1\nC,0.5\n") == []


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("ASTM D3884", "taber"),
        ("Taber CS-10", "taber"),
        ("Martindale 12 kPa", "martindale"),
        ("ISO 12947-2", "martindale"),
        ("ASTM D4966", "martindale"),
        ("Wyzenbeek", "wyzenbeek"),
        ("double rubs", "wyzenbeek"),
        ("ASTM D3886", "inflated diaphragm"),
        ("DIN 53863", "schopper"),
        ("in house", ""),
        ("", ""),
    ],
)
def test_test_methods_are_told_apart(text, scale):
    assert scale_of_method(text)[0] == scale


def test_figures_of_another_test_never_enter(told, tmp_path):
    from advisor.materials import read_table

    assert told("name,Martindale (cycles),areal_mass_g_m2\nA,25000,200\n") == [
        ("foreign-method", 2, "Martindale (cycles)")
    ]
    table = read_table(tmp_path / "own.csv")
    assert table.grade(0, "abrasion_cycles") == ""
    assert told("name,Abrasion,areal_mass_g_m2\nA,900,200\n") == [("unnamed-method", 2, "Abrasion")]
    text = "name,Abrasion,Abrasion method,areal_mass_g_m2\nA,900,ASTM D3884,200\nB,800,,210\n"
    assert told(text) == [("unnamed-method", 3, "Abrasion")]
    assert told("name,abrasion_cycles,areal_mass_g_m2\nA,900,200\n") == []


def test_copies_are_told_and_coincidence_is_not(told):
    head = "name,fibre,yarn_denier,areal_mass_g_m2,tensile_strength_n,tear_strength_n\n"
    same = (
        head
        + "A,nylon,210,120,1234,45.6\nB,nylon,420,200,1234,45.6\nC,nylon,500,250,1777,60\nD,nylon,840,300,1900,60\n"
    )
    assert told(same) == [("identical-figures", 3, "tear_strength_n")]
    three = head + "A,nylon,210,120,,45.6\nB,nylon,420,200,,45.6\nC,nylon,500,250,,45.6\n"
    assert told(three) == [("identical-figures", row, "tear_strength_n") for row in (3, 4)]
    # One cloth in two colours has the same figures for a reason.
    colours = head + "A black,nylon,210,120,1234,45.6\nA red,nylon,210,120,1234,45.6\n"
    assert [code for code, _, _ in told(colours)] == ["duplicate-row"]


def test_a_copied_bundled_row_under_a_new_name_is_told(checked, tmp_path):
    from advisor.merge import table_csv

    lines = table_csv(bundled()).decode("utf-8-sig").splitlines()
    own = lines[1].replace(bundled().ids[0], "own-copy", 1).replace(bundled().names[0], "Own copy", 1)
    path = tmp_path / "own.csv"
    path.write_text("\n".join([lines[0], lines[1], own]), encoding="utf-8")
    found = checked(path)[1]["problems"]
    assert [(p["code"], p["row"]) for p in found if p["code"] == "duplicate-row"] == [("duplicate-row", 3)]


def test_names_that_stand_twice_under_two_ids_are_told(told):
    text = "id,name,areal_mass_g_m2\na,Cloth,200\nb,CLOTH,300\n"
    assert told(text) == [("duplicate-name", 3, "name")]
