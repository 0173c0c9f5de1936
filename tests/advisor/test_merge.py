"""One's own table with the bundled one: in its place, added, over it; what is written comes back as it was."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path

import numpy as np
import pytest

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.headers import plan
from advisor.intake import read, read_file, read_table
from advisor.materials import bundled
from advisor.merge import (
    OwnFigure,
    merge,
    override,
    table_csv,
    table_xlsx,
    template_xlsx,
)
from advisor.problems import AdvisorError
from advisor.properties import properties
from advisor.sheets import pasted

BRIEF = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))
FIRST, SECOND = "nylon-420d-packcloth-pu", "polyester-600d-oxford-pu"


def own(text):
    sheet = pasted(text)
    reading = read(sheet, plan(sheet))
    assert reading.table is not None, reading.problems
    return reading.table


def same(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("low", "typical", "high", "grades")
    )


def test_replacing_takes_the_own_table_alone(table):
    mine = own("name,price_usd_m2\nMine,3\n")
    assert merge(table, mine, "replace").table is mine


def test_adding_keeps_every_score_of_the_base(table):
    mine = own("name,family,price_usd_m2,areal_mass_g_m2\nMine,nylon,3,220\nOurs,canvas,5,400\n")
    found = merge(table, mine, "add")
    assert found.added == ("mine", "ours") and len(found.table) == len(table) + 2
    assert (
        solve(found.table, BRIEF).ranking.scores.tolist()[: len(table)] == solve(table, BRIEF).ranking.scores.tolist()
    )
    assert found.table.grade(len(table), "price_usd_m2") == "own"
    assert found.table.cell(0, "areal_mass_g_m2") == table.cell(0, "areal_mass_g_m2")
    assert found.table.sha256 not in (table.sha256, mine.sha256)


def test_adding_a_taken_id_is_refused_with_every_one_named(table):
    mine = own(f"id,name,price_usd_m2\n{FIRST},Mine,3\n{SECOND},Ours,4\nnew,New,5\n")
    with pytest.raises(AdvisorError) as caught:
        merge(table, mine, "add")
    assert [(p.code, p.value) for p in caught.value.problems] == [("id-taken", FIRST), ("id-taken", SECOND)]


def test_overriding_changes_the_figures_given_and_no_other(table):
    before = {name: getattr(table, name).copy() for name in ("low", "typical", "high", "grades")}
    name = table.names[table.find(SECOND)]
    mine = own(
        f"id\tname\tprice_usd_m2\tcoating\tareal_mass_g_m2\n{FIRST}\t\t2.2\t\t\nx\t{name}\t\tTPU\t300\nlost\tLost\t9\t\t\n"
    )
    found = merge(table, mine, "override")
    assert {(o.id, o.property, o.after) for o in found.overrides} == {
        (FIRST, "price_usd_m2", 2.2),
        (SECOND, "coating", "TPU"),
        (SECOND, "areal_mass_g_m2", 300.0),
    }
    changed = {(o.id, o.property): o for o in found.overrides}
    price = changed[FIRST, "price_usd_m2"]
    assert price.before == table.typical[table.find(FIRST), table.column("price_usd_m2")] and price.grade == "C"
    assert [(p.code, p.value) for p in found.problems] == [("no-base", "lost")]
    moved = np.argwhere(~((found.table.typical == table.typical) | np.isnan(table.typical)))
    assert len(moved) == 2 and found.table.ids == table.ids
    assert found.table.grade(table.find(FIRST), "price_usd_m2") == "own"
    assert found.table.cell(table.find(FIRST), "price_usd_m2") is None
    assert all(np.array_equal(getattr(table, name), array, equal_nan=True) for name, array in before.items())


def test_a_figure_equal_to_the_bundled_one_is_no_override(table):
    mine = own(table_csv(table).decode("utf-8-sig"))
    assert merge(table, mine, "override").overrides == ()


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        (OwnFigure("nowhere", "price_usd_m2", 3), "no-base"),
        (OwnFigure(FIRST, "nonsense", 3), "no-base"),
        (OwnFigure(FIRST, "price_usd_m2", 3, 4, 5), "range-order"),
        (OwnFigure(FIRST, "mildew_rating", 7), "off-scale"),
        (OwnFigure(FIRST, "price_usd_m2", math.nan), "range-order"),
    ],
)
def test_an_override_that_cannot_be_is_refused(figure, code, table):
    with pytest.raises(AdvisorError) as caught:
        override(table, [figure])
    assert [p.code for p in caught.value.problems] == [code]


def merged(table):
    mine = own(
        "name,family,price_usd_m2,tear_strength_n,tear_strength_n_low,tear_strength_n_high\n=Mine,nylon,3,40,30,70\n"
    )
    changed, told = override(table, [OwnFigure(FIRST, "price_usd_m2", 2.2, 2.2, 2.2, because="=quote")])
    return merge(changed, mine, "add").table, told


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_merged_table_that_is_written_comes_back_as_it_was(form, table, tmp_path):
    whole, told = merged(table)
    path = tmp_path / f"merged.{form}"
    path.write_bytes(table_csv(whole) if form == "csv" else table_xlsx(whole, told))
    back = read_table(path)
    assert back.warnings == () and same(back, whole) and back.ids == whole.ids
    assert dict(back.text) == dict(whole.text)
    assert solve(back, BRIEF).ranking.scores.tolist() == solve(whole, BRIEF).ranking.scores.tolist()


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml")}


def test_no_cell_that_is_written_is_run_as_a_formula(table):
    whole, told = merged(table)
    assert "'=Mine" in table_csv(whole).decode("utf-8-sig")
    found = parts(table_xlsx(whole, told))
    assert not any("<f>" in text for name, text in found.items() if "worksheets" in name)
    assert "<t>=" not in found["xl/sharedStrings.xml"]


def test_the_template_is_blank_and_is_read_with_its_units(tmp_path):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template_xlsx())
    reading = read_file(path)
    assert [p.code for p in reading.problems] == ["no-rows"]
    assert (reading.plan.header_row, reading.plan.first_row) == (1, 3)
    assert [c.meaning.key for c in reading.plan.columns if c.meaning] == list(properties())
    text = parts(path.read_bytes())["xl/worksheets/sheet1.xml"]
    assert text.count('type="list"') >= 6 and text.count('type="decimal"') > 20


def test_writing_a_table_imports_nothing_the_start_needs_and_leaves_the_base_alone(table):
    table_csv(table)
    assert bundled() is table


def test_a_template_that_is_filled_in_is_a_table(tmp_path: Path):
    import python_calamine
    import xlsxwriter

    path = tmp_path / "template.xlsx"
    path.write_bytes(template_xlsx())
    rows = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    filled = tmp_path / "filled.xlsx"
    book = xlsxwriter.Workbook(str(filled))
    sheet = book.add_worksheet()
    for number, row in enumerate(rows[:2]):
        sheet.write_row(number, 0, row)
    keys = rows[0]
    sheet.write_row(2, 0, ["", "Mill cloth", "nylon"])
    sheet.write_number(2, keys.index("areal_mass_g_m2"), 210)
    book.close()
    found = read_table(filled)
    assert found.names == ("Mill cloth",) and found.typical[0, found.column("areal_mass_g_m2")] == 210
