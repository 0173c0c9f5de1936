"""Files as field offices send them: each is read right, or what is wrong with it is named with row and column."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.checks import first_family
from advisor.headers import plan
from advisor.intake import Reading, checked_text, read, read_file
from advisor.materials import bundled
from advisor.merge import table_xlsx
from advisor.properties import properties
from advisor.sheets import read_sheet
from advisor.units import convert

BRIEF = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))


def figure(reading: Reading, name: str, key: str, end: str = "typical") -> float:
    assert reading.table is not None, reading.problems
    return float(getattr(reading.table, end)[reading.table.names.index(name), reading.table.column(key)])


def told(reading: Reading) -> set[tuple[str, int | None, str]]:
    return {(p.code, p.row, p.column) for p in reading.problems}


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Reading]:
    def write(text: str, encoding: str = "utf-8") -> Reading:
        path = tmp_path / "list.csv"
        path.write_bytes(text.encode(encoding))
        return read_file(path)

    return write


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Reading]:
    def write(fill: Callable[[Any], None]) -> Reading:
        path = tmp_path / "list.xlsx"
        with xlsxwriter.Workbook(str(path)) as made:
            fill(made)
        return read_file(path)

    return write


def test_a_french_list_in_windows_1252(opened):
    reading = opened(
        "Désignation;Matière;Armure;Enduction;Grammage (g/m²);Épaisseur (mm);Résistance à la déchirure (N);"
        "Résistance à la traction (N);Colonne d'eau (mm);Titre (deniers);Laize (cm)\r\n"
        "Toile Oxford 600D;polyester;oxford;PU;230;0,36;45,5;1 450;1 500;600;150\r\n"
        "Toile coton 12 oz;coton;toile;sans;407;0,7;30;900;-;;150\r\n",
        "cp1252",
    )
    assert reading.problems == () and reading.table.text["fibre"] == ("polyester", "coton")
    assert figure(reading, "Toile Oxford 600D", "tensile_strength_n") == 1450
    assert figure(reading, "Toile Oxford 600D", "thickness_mm") == 0.36
    assert np.isnan(figure(reading, "Toile coton 12 oz", "hydrostatic_head_mm"))


def test_portuguese_thousands_with_a_point_beside_units_in_cells(opened):
    reading = opened(
        "Artigo;Composição;Gramatura g/m²;Coluna d'água mm;Resistência à tração N;Largura cm;Prazo de entrega dias\n"
        "Nylon 210 resinado;poliamida;118,5;1.000;780;1,50 m;30\nLona;algodão;340;n/d;950;160;20 dias\n",
        "cp1252",
    )
    assert {p.code for p in reading.problems} <= {"ambiguous-number"}
    assert figure(reading, "Nylon 210 resinado", "hydrostatic_head_mm") == 1000
    assert figure(reading, "Nylon 210 resinado", "roll_width_cm") == 150
    assert figure(reading, "Lona", "lead_time_days") == 20


def test_american_units_in_utf_16_with_tabs(opened):
    reading = opened(
        "Fabric\tFiber\tWeight (oz/yd²)\tThickness (mil)\tTear, lbf\tHydrostatic (psi)\tYarn\t"
        "Width (in)\tPrice ($/yd)\n"
        "Pack cloth\tnylon\t7.5\t15\t12\t1.5\t420D\t60\t4.25\nRobic\tnylon\t4.1\t8\t9.5\t2.1\t210D x 210D\t58\t6.10\n",
        "utf-16",
    )
    assert reading.problems == ()
    for key, written, unit in (
        ("areal_mass_g_m2", 7.5, "oz/yd²"),
        ("thickness_mm", 15, "mil"),
        ("tear_strength_n", 12, "lbf"),
        ("hydrostatic_head_mm", 1.5, "psi"),
        ("roll_width_cm", 60, "inch"),
    ):
        own = reading.table.column(key)
        assert reading.table.typical[0, own] == pytest.approx(convert(written, unit, properties()[key].unit))
    assert figure(reading, "Pack cloth", "price_usd_m2") == pytest.approx(4.25 / 0.9144 / 1.524)


def test_words_around_figures_ranges_bounds_and_per_cent(opened):
    reading = opened(
        "Name,Fibre,Mass g/m2,Tear N,Tensile N,Water head mm,Recycled %\n"
        '"Alpha",polyester,approx. 300,<25,"1,450",">10,000",100%\n'
        '"Beta",nylon,n/a,-,"1,250 N","≥ 1,500 mm",0%\n"Gamma",nylon,  118  ,14 / 12,950-1100,1500+,50 %\n'
    )
    assert {p.code for p in reading.problems} <= {"implausible"}
    assert figure(reading, "Alpha", "areal_mass_g_m2") == 300
    assert figure(reading, "Alpha", "tear_strength_n", "high") == 25
    assert figure(reading, "Alpha", "hydrostatic_head_mm", "low") == 10_000
    assert np.isnan(figure(reading, "Beta", "tear_strength_n"))
    assert [figure(reading, "Gamma", "tear_strength_n", end) for end in ("low", "high")] == [12, 14]
    assert figure(reading, "Gamma", "recycled_content_pct") == 50


def test_yarns_as_the_trade_writes_them(opened):
    reading = opened(
        'Name,Denier\nA,600D x 300D\nB,70D/36F\nC,210T\nD,210D*420D\nE,"1,680D"\nF,660 dtex\n'.replace(
            "Denier", "Denier"
        )
    )
    assert told(reading) == {("thread-count", 4, "Denier")}
    values = [figure(reading, name, "yarn_denier") for name in "ABDEF"]
    assert values == pytest.approx([450, 70, 315, 1680, 594])


def test_arabic_digits_and_headers(opened):
    reading = opened(
        "الاسم,الألياف,الوزن (غ/م2),السماكة (مم),عمود الماء (مم),السعر (دولار/م2)\n"
        "أكسفورد 600,بوليستر,٢٣٠,٠٫٣٦,١٬٥٠٠,٢٫٥\n"
    )
    assert reading.problems == ()
    keys = ("areal_mass_g_m2", "thickness_mm", "hydrostatic_head_mm", "price_usd_m2")
    assert [figure(reading, "أكسفورد 600", key) for key in keys] == [230, 0.36, 1500, 2.5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_chinese_headers_in_the_encodings_of_chinese_offices(opened, encoding):
    reading = opened(
        "品名,成分,克重（g/m2）,厚度(mm),撕裂强力(N),静水压(mm),纱支(D),幅宽(cm),单价(元/米)\n"
        "600D牛津布PU,涤纶,230,0.36,45,1500,600,150,12.5\n420D尼龙,尼龙,210,0.30,50,1000,420,150,21\n",
        encoding,
    )
    assert told(reading) == {("no-rate", 1, "单价(元/米)")}
    assert figure(reading, "600D牛津布PU", "yarn_denier") == 600
    assert figure(reading, "420D尼龙", "areal_mass_g_m2") == 210


def test_spaces_that_do_not_break_blank_rows_and_blank_columns(opened):
    reading = opened(
        "\u00a0Name \u00a0;Fibre ; Weight\u00a0(g/m²) ;Tear (N)\u00a0; Water column (mm);;\n"
        "Oxford\u00a0600D\u00a0 ;polyester ;\u00a0230\u00a0;45 ;1\u00a0500\u00a0;;\n"
        "420D  ; nylon; 210 ;50;1 000;;\n;;;;;;\n"
    )
    assert reading.problems == () and reading.table.names == ("Oxford\u00a0600D", "420D")
    assert figure(reading, "420D", "hydrostatic_head_mm") == 1000


def test_a_title_above_units_below_and_totals_at_the_foot(opened):
    reading = opened(
        "Fabric list;;;;\r\nOffice Nairobi;;;;\r\n;;;;\r\nFabric;Fibre;Weight;Tear;Price\r\n;;g/m²;N;USD/m²\r\n"
        "A;polyester;230,5;45;2,5\r\nB;nylon;210;50;3,1\r\nTotal;;440,5;;5,6\r\n",
        "cp1252",
    )
    assert told(reading) == {("totals-row", 8, "Fabric")} and reading.table.names == ("A", "B")
    assert figure(reading, "B", "price_usd_m2") == 3.1


def test_a_cloth_called_sum_is_a_cloth(opened):
    reading = opened("name,fibre,mass g/m2\nSum,nylon,210\nTotal,,440\n")
    assert reading.table.names == ("Sum",) and told(reading) == {("totals-row", 3, "name")}


def test_a_workbook_with_merged_headers_two_units_and_a_sum(book):
    def fill(made: Any) -> None:
        sheet = made.add_worksheet("Fabrics")
        sheet.merge_range(0, 0, 0, 5, "FABRIC LIST")
        sheet.merge_range(2, 0, 3, 0, "Fabric")
        sheet.merge_range(2, 1, 2, 2, "Weight")
        sheet.merge_range(2, 3, 2, 4, "Tear strength (N)")
        for place, words in enumerate(("", "g/m²", "oz/yd²", "warp", "weft")):
            if words:
                sheet.write(3, place, words)
        for row, cells in enumerate((("A", 230, 6.78, 45, 40), ("B", 210, 6.19, 52, 48)), start=4):
            sheet.write_row(row, 0, cells)
        sheet.write(6, 0, "Total")
        sheet.write_formula(6, 1, "=SUM(B5:B6)", None, 440)

    reading = book(fill)
    assert told(reading) == {("repeated-column", 3, "Weight"), ("totals-row", 7, "Fabric")}
    assert [figure(reading, "A", "tear_strength_n", end) for end in ("low", "high")] == [40, 45]


def test_columns_that_disagree_are_never_taken_for_the_same_figures_in_two_units(opened):
    reading = opened("name,Weight (g/m²),Weight (oz/yd²)\nA,230,6.78\nB,210,9\n")
    assert told(reading) == {("duplicate-column", 1, "Weight (oz/yd²)")} and reading.table is None


def test_hidden_sheets_notes_formula_errors_dates_and_fractions(book):
    def fill(made: Any) -> None:
        hidden, notes, sheet = (made.add_worksheet(name) for name in ("Old", "Notes", "List"))
        hidden.write_row(0, 0, ["name", "areal_mass_g_m2"])
        hidden.write_row(1, 0, ["OLD", 100])
        notes.write(0, 0, "The list is on the next sheet")
        notes.activate()
        hidden.hide()
        share = made.add_format({"num_format": "0%"})
        day = made.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["Name", "Mass (g/m2)", "Recycled content", "Light fastness", "Price (USD/m2)"])
        for row, (name, mass, part) in enumerate((("A", 230, 1.0), ("B", 210, 0.5), ("C", 190, 0.25)), start=1):
            sheet.write_row(row, 0, [name, mass])
            sheet.write(row, 2, part, share)
        sheet.write(1, 3, "4-5")
        sheet.write_datetime(2, 3, datetime.datetime(2026, 5, 4), day)  # noqa: DTZ001
        sheet.write_formula(1, 4, "=2+0.5", None, 2.5)
        sheet.write_formula(3, 4, "=1/0", None, "#DIV/0!")

    reading = book(fill)
    assert told(reading) == {("date-cell", 3, "Light fastness"), ("formula-error", 4, "Price (USD/m2)")}
    assert (reading.sheet, reading.sheets) == ("List", ("Old", "Notes", "List"))
    assert "Read from sheet List; not read: Old, Notes" in checked_text(reading)
    spared = without_faults(reading, "list.xlsx")
    assert [figure(spared, name, "recycled_content_pct") for name in "ABC"] == [100, 50, 25]
    assert figure(spared, "A", "price_usd_m2") == 2.5 and np.isnan(figure(spared, "C", "price_usd_m2"))


def test_dialects_that_tell_themselves_in_odd_ways(opened):
    first = opened("sep=;\r\nName;Mass (g/m²);Tear (N)\r\nA;230,5;45\r\n")
    quoted = opened('"Name","Mass\n(g/m²)","Tear\n(N)"\n"A","230.5","45"\n')
    trailing = opened("Name,Mass g/m2,Tear N\nA,230.5,45,\n")
    bars = opened("Name|Mass g/m2|Tear N\nA|230.5|45\n")
    for reading in (first, quoted, trailing, bars):
        assert reading.problems == () and figure(reading, "A", "areal_mass_g_m2") == 230.5
    swiss = opened("name,MOQ m,cold crack °C\nA,1'000,- 25\n")
    assert (figure(swiss, "A", "moq_m"), figure(swiss, "A", "cold_flex_c")) == (1000, -25)


# Going on without what is wrong ---------------------------------------------------------------------------------------


def without_faults(reading: Reading, name: str) -> Reading:
    path = next(Path(p.file) for p in reading.problems)
    sheet = read_sheet(path)
    return read(sheet, replace(plan(sheet), without_faults=True))


FAULTY = """name,fibre,areal_mass_g_m2,tear_strength_n,tear_strength_n_low,abrasion_cycles,abrasion_method
Good,nylon,210,50,,700,ASTM D3884
Words,nylon,heavy,51,,800,ASTM D3884
Error,nylon,212,#REF!,,900,ASTM D3884
Falling,nylon,213,53,90,950,ASTM D3884
Rubbed,nylon,214,54,,25000,Martindale
,nylon,215,55,,960,ASTM D3884
Good,nylon,216,56,,970,ASTM D3884
Short,nylon,217
"""


def test_what_is_wrong_is_left_out_by_choice_and_each_piece_is_listed(opened):
    reading = opened(FAULTY)
    assert reading.table is None and reading.spared == (4, 3)
    spared = without_faults(reading, "list.csv")
    assert spared.table.names == ("Good", "Words", "Error", "Falling", "Rubbed")
    gaps = {
        (name, key)
        for name in spared.table.names
        for key in ("areal_mass_g_m2", "tear_strength_n", "abrasion_cycles")
        if np.isnan(figure(spared, name, key))
    }
    assert gaps == {
        ("Words", "areal_mass_g_m2"),
        ("Error", "tear_strength_n"),
        ("Falling", "tear_strength_n"),
        ("Rubbed", "abrasion_cycles"),
    }
    # Every error is still told, as what was left out; the figures beside them are untouched.
    errors = {(p.code, p.row, p.column) for p in reading.problems if p.severity == "error"}
    assert {(p.code, p.row, p.column) for p in spared.dropped} == errors and len(spared.dropped) == 7
    assert set(spared.dropped) <= set(spared.problems) == set(spared.table.warnings)
    assert all(p.severity == "warning" and p.hint.endswith("is left out") for p in spared.dropped)
    assert figure(spared, "Rubbed", "areal_mass_g_m2") == 214 and figure(spared, "Words", "abrasion_cycles") == 800
    assert spared.spared is None and np.isfinite(solve(spared.table, BRIEF).ranking.scores).all()


def test_a_table_without_names_or_figures_cannot_be_spared(opened):
    for text in ("Colour,areal_mass_g_m2\nred,210\n", "name,Colour\nA,red\n", "name,areal_mass_g_m2\n,x\n"):
        reading = opened(text)
        assert reading.table is None
        assert without_faults(reading, "list.csv").table is None


def test_the_family_of_a_cloth_is_known_by_words_of_its_office(opened):
    reading = opened("品名,成分,克重(g/m2)\nA,尼龙,6.2\n")
    assert [p.code for p in reading.problems] == ["slipped-unit"] and first_family("nylon|ripstop") == "nylon"


def test_the_exported_workbook_saved_as_csv_in_an_old_code_page_is_the_same_table(tmp_path: Path):
    made = tmp_path / "table.xlsx"
    made.write_bytes(table_xlsx(bundled()))
    rows = read_sheet(made).rows
    saved = tmp_path / "table.csv"
    with saved.open("w", encoding="cp1252", errors="replace", newline="") as stream:
        csv.writer(stream).writerows(rows)
    assert b"CO?e" in saved.read_bytes()  # the row of units has lost the lowered two
    reading = read_file(saved)
    assert reading.table is not None and reading.problems == ()
    assert reading.table.ids == bundled().ids
    assert np.array_equal(reading.table.typical, bundled().typical, equal_nan=True)


def test_one_unit_nobody_knows_leaves_a_row_of_units_a_row_of_units(opened):
    reading = opened(
        "name,areal_mass_g_m2,tear_strength_n,tensile_strength_n,hydrostatic_head_mm,roll_width_cm,thickness_mm,price_usd_m2\n"
        ",g/m²,N,N,mm,cm,furlong?,USD/m²\n"
        "A,200,30,900,800,150,0.3,2\n"
    )
    assert reading.table is None or reading.table.names == ("A",)
    assert {problem.column for problem in reading.problems} == {"thickness_mm furlong?"}
