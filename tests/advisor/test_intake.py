"""Tables as field offices have them: dialects that change no score, headers and cells, broken files survived."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.catalogue import CATALOGUE
from advisor.cells import CellError, decimal_mark, read_figure
from advisor.certainty import Stopped
from advisor.files import shipped
from advisor.headers import SURE, Meaning, meanings, plan, synonyms
from advisor.intake import read, read_file, read_table
from advisor.materials import Table, bundled
from advisor.problems import AdvisorError
from advisor.properties import numeric_keys, properties
from advisor.sheets import pasted, read_sheet
from advisor.units import PriceUnit, Rate

BRIEF = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))
ROOT = Path(__file__).resolve().parents[2]


@cache
def shipped_rows() -> tuple[tuple[str, ...], ...]:
    text = shipped("data", "materials.csv").read_text(encoding="utf-8")
    return tuple(tuple(row) for row in csv.reader(io.StringIO(text, newline="")))


def delimited(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


def with_commas(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Figures with a decimal comma, as a spreadsheet in Berlin or São Paulo saves them."""
    numeric = [properties()[key].numeric for key in rows[0]]
    return [
        list(rows[0]),
        *([c.replace(".", ",") if n else c for c, n in zip(row, numeric, strict=True)] for row in rows[1:]),
    ]


#: What the workbook calls some columns; all other columns keep the program's names.
SPOKEN = {
    "name": "Fabric name",
    "areal_mass_g_m2": "Weight",
    "yarn_denier": "Denier",
    "hydrostatic_head_mm": "Water column",
    "thickness_mm": "Thickness",
    "price_usd_m2": "Price",
    "roll_width_cm": "Width",
    "lead_time_days": "Lead time",
}
STRENGTH = ("tensile_strength_n", "tear_strength_n")


def workbook(path: Path) -> Path:
    """An XLSX with a title, a header merged over two columns and down two rows, and units in the row below."""
    import xlsxwriter

    rows = shipped_rows()
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Fabrics")
    sheet.merge_range(0, 0, 0, 5, "Fabric list, autumn")
    for place, key in enumerate(rows[0]):
        if key in STRENGTH:
            sheet.write(2, place, "Tensile" if key == STRENGTH[0] else "Tear")
        else:
            sheet.merge_range(1, place, 2, place, SPOKEN.get(key, key))
        if properties()[key].numeric:
            sheet.write(3, place, properties()[key].unit)
    first = rows[0].index(STRENGTH[0])
    assert rows[0][first + 1] == STRENGTH[1]
    sheet.merge_range(1, first, 1, first + 1, "Strength")
    for number, row in enumerate(rows[1:], start=4):
        for place, cell in enumerate(row):
            if cell and properties()[rows[0][place]].numeric:
                sheet.write_number(number, place, float(cell))
            elif cell:
                sheet.write_string(number, place, cell)
    book.close()
    return path


def open_document(path: Path) -> Path:
    """An ODS of the bundled table, every cell a string as some programs write them."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            if cell
            else "<table:table-cell/>"
            for cell in row
        )
        + "</table:table-row>"
        for row in shipped_rows()
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Fabrics">{lines}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), kind)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?>'
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return path


def dialects() -> dict[str, bytes]:
    rows, commas = shipped_rows(), with_commas(shipped_rows())
    return {
        "comma, UTF-8": delimited(rows).encode("utf-8"),
        "comma, UTF-8 with mark": delimited(rows).encode("utf-8-sig"),
        "semicolon, decimal comma": delimited(commas, ";").encode("utf-8"),
        "tab, UTF-16 little": b"\xff\xfe" + delimited(commas, "\t").encode("utf-16-le"),
        "tab, UTF-16 big": b"\xfe\xff" + delimited(rows, "\t").encode("utf-16-be"),
        "tab, UTF-16 without mark": delimited(rows, "\t").encode("utf-16-le"),
        "semicolon, Windows-1252": delimited(commas, ";").encode("cp1252"),
    }


def scores(table: Table) -> list[float]:
    found: list[float] = solve(table, BRIEF).ranking.scores.tolist()
    return found


@pytest.mark.parametrize("name", sorted(dialects()))
def test_the_same_table_in_any_dialect_has_the_same_scores_to_the_bit(name, tmp_path, table):
    path = tmp_path / "own.csv"
    path.write_bytes(dialects()[name])
    found = read_table(path)
    assert found.warnings == () and found.ids == table.ids
    assert scores(found) == scores(table)


@pytest.mark.parametrize("make", [workbook, open_document])
def test_the_same_table_as_a_workbook_has_the_same_scores_to_the_bit(make, tmp_path, table):
    reading = read_file(make(tmp_path / "own.any"))
    assert reading.problems == ()
    assert reading.table.text["coating"] == table.text["coating"]
    assert scores(reading.table) == scores(table)


def test_rows_of_a_workbook_are_numbered_as_it_numbers_them(tmp_path):
    reading = read_file(workbook(tmp_path / "own.xlsx"))
    assert (reading.plan.header_row, reading.plan.first_row) == (2, 5)


def test_text_copied_out_of_a_spreadsheet_is_a_table(table):
    sheet = pasted(delimited(with_commas(shipped_rows()), "\t"))
    assert scores(read(sheet, plan(sheet)).table) == scores(table)


def test_another_sheet_of_a_workbook_can_be_named(tmp_path):
    path = workbook(tmp_path / "own.xlsx")
    assert read_sheet(path, "Fabrics").sheets == ("Fabrics",)
    with pytest.raises(AdvisorError) as caught:
        read_sheet(path, "Prices")
    assert caught.value.problems[0].code == "no-sheet" and "Fabrics" in caught.value.problems[0].hint


# Headers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [*properties()])
def test_every_property_is_known_by_its_key_its_name_and_synonyms_in_six_languages(key):
    item = properties()[key]
    for title in (key, key.upper(), item.label):
        assert meanings(title)[0].key == key or item.short == title
    with shipped("data", "synonyms.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["property"] == key]
    assert {row["language"] for row in rows} >= {"en", "es", "fr", "pt", "de", "ar"}
    for row in rows:
        for words in row["synonyms"].split("|"):
            assert key in [m.key for m in meanings(words) if m.confidence >= SURE], words


def test_every_synonym_is_of_a_property_or_a_field_of_a_quote():
    from advisor.quotes import Quote

    with shipped("data", "synonyms.csv").open(encoding="utf-8", newline="") as stream:
        names = {row["property"] for row in csv.DictReader(stream)}
    quote = {name.removeprefix("quote.") for name in names if name.startswith("quote.")}
    assert {name for name in names if not name.startswith("quote.")} == set(properties())
    assert quote - {"note"} == set(Quote.__dataclass_fields__)
    assert all(synonyms("quote")) and all(synonyms("table"))


@pytest.mark.parametrize(
    ("title", "key", "end", "unit"),
    [
        ("Weight (oz/yd²)", "areal_mass_g_m2", "typical", "oz/yd²"),
        ("WEIGHT, g/m2", "areal_mass_g_m2", "typical", "g/m2"),
        ("Flächengewicht g/qm", "areal_mass_g_m2", "typical", "g/qm"),
        ("Peso (g/m²)", "areal_mass_g_m2", "typical", "g/m²"),
        ("Gramatura", "areal_mass_g_m2", "typical", ""),
        ("الوزن (غ/م2)", "areal_mass_g_m2", "typical", "غ/م2"),
        ("Water column [psi]", "hydrostatic_head_mm", "typical", "psi"),
        ("Wassersäule (kPa)", "hydrostatic_head_mm", "typical", "kPa"),
        ("Colonne d'eau mm", "hydrostatic_head_mm", "typical", "mm"),
        ("Tear strength min (lbf)", "tear_strength_n", "low", "lbf"),
        ("Tear strength max (lbf)", "tear_strength_n", "high", "lbf"),
        ("Tear warp (N)", "tear_strength_n", "warp", "N"),
        ("Weiterreißkraft Schuss [N]", "tear_strength_n", "weft", "N"),
        ("Tear strength ASTM D2261 (N)", "tear_strength_n", "typical", "N"),
        ("Yarn (dtex)", "yarn_denier", "typical", "dtex"),
        ("Cold crack °F", "cold_flex_c", "typical", "°F"),
        ("Width (inch)", "roll_width_cm", "typical", "inch"),
        ("Lead time (weeks)", "lead_time_days", "typical", "weeks"),
        ("MOQ (yd)", "moq_m", "typical", "yd"),
        ("tear_strength_n_high", "tear_strength_n", "high", ""),
        ("Tensile (kg/5cm)", "tensile_strength_n", "typical", "kg/5cm"),
        ("Tensile warp (daN / 50 mm)", "tensile_strength_n", "warp", "daN / 50 mm"),
        ("Thickness (µm)", "thickness_mm", "typical", "µm"),
        ("YIRTILMA MUKAVEMETİ (N)", "tear_strength_n", "typical", "N"),
        ("Wytrzymalosc na rozdzieranie [N]", "tear_strength_n", "typical", "N"),
        ("Độ bền kéo (N/5cm)", "tensile_strength_n", "typical", "N/5cm"),
        ("W/P (mmH2O)", "hydrostatic_head_mm", "typical", "mmH2O"),
    ],
)
def test_a_header_is_understood_by_name_synonym_end_and_unit(title, key, end, unit):
    best = meanings(title)[0]
    assert (best.key, best.end, best.unit) == (key, end, unit) and best.confidence >= SURE


@pytest.mark.parametrize(
    ("title", "price"),
    [
        ("Price (EUR/m)", PriceUnit("EUR", "m")),
        ("FOB price USD per yd", PriceUnit("USD", "yd")),
        ("Preis €/kg", PriceUnit("EUR", "kg")),
        ("Preço R$/m", PriceUnit("BRL", "m")),
        ('Price NGN/linear metre 58"', PriceUnit("NGN", "m", 58 * 2.54)),
        ("Price (USD/m²)", None),
    ],
)
def test_a_price_column_says_its_currency_and_what_the_price_is_for(title, price):
    best = meanings(title)[0]
    assert (best.key, best.price) == ("price_usd_m2", price) and best.confidence >= SURE


@pytest.mark.parametrize("title", ["areal_mas_g_m2", "Wieght (g/m2)", "Hydrostatc head", "Weight (kPa)"])
def test_a_header_that_is_only_like_one_is_offered_and_not_used(title):
    found = meanings(title)
    assert found and found[0].confidence < SURE
    sheet = pasted(f"name\t{title}\tprice_usd_m2\nA\t200\t3\n")
    made = plan(sheet)
    assert made.columns[1].meaning is None and made.columns[1].alternatives == found
    reading = read(sheet, made)
    assert reading.left_out == {title: ("200",)}
    assert [(p.row, p.column, p.severity) for p in reading.problems] == [(1, title, "warning")]


def test_what_the_user_chooses_for_a_column_is_what_it_becomes():
    sheet = pasted("name\tMystery\nA\t7\nB\t9.5\n")
    made = plan(sheet)
    assert read(sheet, made).table is None
    chosen = made.choose(1, Meaning("areal_mass_g_m2", unit="oz/yd2"))
    table = read(sheet, chosen).table
    assert table.typical[0, table.column("areal_mass_g_m2")] == pytest.approx(237.34, abs=0.01)
    assert made.columns[1].meaning is None  # the first plan stays as it was
    assert read(sheet, chosen.choose(1, None)).table is None


def test_units_in_a_row_of_their_own_and_ends_below_a_header():
    text = "Fabric;Weight;Tear;;Width\n;oz/yd²;min N;max N;inch\nA;10;30;50;58\n"
    table = read(pasted(text), plan(pasted(text))).table
    tear = table.column("tear_strength_n")
    assert (table.low[0, tear], table.typical[0, tear], table.high[0, tear]) == (30, 40, 50)
    assert table.typical[0, table.column("roll_width_cm")] == pytest.approx(147.32)
    assert table.typical[0, table.column("areal_mass_g_m2")] == pytest.approx(339.057, abs=0.01)


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Tensile (N/cm)", "N/cm"),
        ("Tensile, lbf/in", "lbf/in"),
        ("Tensile (kN/m)", "kN/m"),
        ("Weight (g/yd)", "g/yd"),
        ("Weight (momme)", "momme"),
        ("MOQ (rolls)", "rolls"),
    ],
)
def test_figures_in_a_unit_that_measures_something_else_are_never_taken_as_they_stand(title, unit):
    text = f"name;Tear (N);{title}\nA;40;150\n"
    reading = read(pasted(text), plan(pasted(text)))
    assert reading.left_out == {title: ("150",)}
    assert [(p.code, p.row, p.value) for p in reading.problems] == [("unknown-unit", 1, unit)]


@pytest.mark.parametrize("title", ["Our cloths, as of 1 October", "Price list\nOctober 2026, all in stock\n", "List;;"])
def test_a_title_above_the_header_is_passed_over(title):
    sheet = pasted(f"{title}\nName;Mass (g/m²);Tear (N)\n" + "".join(f"A{n};120,{n};42,5\n" for n in range(1, 9)))
    table = read(sheet, plan(sheet)).table
    assert table.names == tuple(f"A{n}" for n in range(1, 9))
    assert table.typical[3, table.column("areal_mass_g_m2")] == 120.4


def test_a_title_is_not_taken_for_the_header_where_no_header_is_known():
    sheet = pasted("Liste\nXyz;Abc\nA;1\n")
    assert plan(sheet).header_row == 2


def test_a_header_broken_at_a_hyphen_is_one_word():
    sheet = pasted('"Artikel-\nbezeichnung";"Flächen-\ngewicht (g/m²)"\nA;120\n')
    assert [c.meaning.key for c in plan(sheet).columns] == ["name", "areal_mass_g_m2"]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(b"name;mass\n\x00\x01\x02ELF;" * 9)
    with pytest.raises(AdvisorError) as caught:
        read_file(path)
    assert caught.value.problems[0].code == "not-text"


# Cells ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "decimal", "figure"),
    [
        ("1,234.5", ".", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1\u00a0234\u202f567", ".", 1234567),
        ("1'234.50", ".", 1234.5),
        ("−20", ".", -20),
        ("٢٥٠", ".", 250),
        ("٣٫٥", ".", 3.5),
        ("١٢٠٫٥٠٠", ",", 120.5),
        ("abt. 300", ".", 300),
        ("1e3", ".", 1000),
        ("ca. 300", ".", 300),
        ("~300", ".", 300),
        ("environ 300", ".", 300),
        ("230 g/m²", ".", 230),
        ("10 oz/yd²", ".", 339.057),
        ("0,25", ",", 0.25),
        (".5", ".", 0.5),
    ],
)
def test_a_figure_is_read_in_any_dialect(text, decimal, figure):
    assert read_figure(text, "g/m²", decimal).typical == pytest.approx(figure, rel=1e-5)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("800-1,500", (800, 1150, 1500)),
        ("800 – 1500 mm", (800, 1150, 1500)),
        ("800 mm - 1,500 mm", (800, 1150, 1500)),
        ("from 500 to 900", (500, 700, 900)),
        ("100-10000", (100, 1000, 10000)),  # wider than a factor of three: the geometric mean
        ("459/592", (459, 525.5, 592)),
        ("300 ± 10 %", (270, 300, 330)),
        ("≥ 1000", (1000, 1000, None)),
        ("min. 1,000 mm", (1000, 1000, None)),
        ("1000+", (1000, 1000, None)),
        ("≤ 5", (None, 5, 5)),
        ("bis zu 800", (None, 800, 800)),
    ],
)
def test_a_range_a_minimum_and_a_pair_keep_their_ends(text, ends):
    found = read_figure(text, "mm")
    assert [None if x != x else pytest.approx(x) for x in (found.low, found.typical, found.high)] == list(ends)


@pytest.mark.parametrize("text", ["", "-", "n/a", "k.A.", "s/d", "ask the mill", "TBC", "غير معروف"])
def test_what_stands_for_not_known_is_a_gap(text):
    assert read_figure(text, "mm").form == "gap"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("light", "not-a-number"),
        ("12 kg", "not-a-number"),
        ("1.2.3,4", "not-a-number"),
        ("12,34,567", "not-a-number"),
        ("nan", "not-a-number"),
        ("#REF!", "formula-error"),
        ("#¡VALOR!", "not-a-number"),
        ("1500-800", "range-order"),
        ("=1+1", "not-a-number"),
    ],
)
def test_what_is_no_figure_says_why(text, code):
    with pytest.raises(CellError) as caught:
        read_figure(text, "mm")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "denier"),
    [("600D", 600), ("600 den", 600), ("900 dtex", 810), ("600D×300D", 450), ("75D/36F", 75), ("1.680D", 1680)],
)
def test_a_yarn_is_read_as_the_trade_writes_it(text, denier):
    assert read_figure(text, "den", ",", yarn=True).typical == pytest.approx(denier)


@pytest.mark.parametrize("text", ["210T", "190 t", "T/C 210T"])
def test_a_thread_count_is_never_a_denier(text):
    with pytest.raises(CellError):
        read_figure(text, "den", yarn=True)


@given(st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3), st.sampled_from([(".", ","), (",", "."), (",", "\u202f")]))
def test_a_number_written_in_a_dialect_that_proves_itself_comes_back(value, marks):
    decimal, thousands = marks
    text = f"{value:,.5f}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    assert decimal_mark([text]) == decimal
    assert read_figure(text, "mm", decimal).typical == float(f"{value:.5f}")


def test_a_mark_nothing_settles_is_read_one_way_and_told():
    reading = read_text("name;hydrostatic_head_mm\nA;1.500\nB;2.000\n")
    assert [(p.code, p.row) for p in reading.problems] == [("ambiguous-number", 2), ("ambiguous-number", 3)]
    assert reading.table.typical[:, reading.table.column("hydrostatic_head_mm")].tolist() == [1500, 2000]
    assert read_text("name;hydrostatic_head_mm;price_usd_m2\nA;1.500;2,5\n").problems == ()


def test_a_cell_with_another_decimal_mark_is_told():
    reading = read_text("name;price_usd_m2\nA;2,5\nB;3,75\nC;1.5\n")
    assert [(p.code, p.row, p.value) for p in reading.problems] == [("mixed-decimals", 4, "1.5")]
    assert reading.table.typical[2, reading.table.column("price_usd_m2")] == 1.5


def test_a_date_where_a_figure_should_be_is_told(tmp_path):
    import datetime

    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "own.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "light_fastness_grade", "price_usd_m2"])
    sheet.write_row(1, 0, ["A", 5, 3.125])
    sheet.write_string(2, 0, "B")
    sheet.write_datetime(2, 1, datetime.datetime(2026, 5, 4), book.add_format({"num_format": "d mmm"}))  # noqa: DTZ001
    book.close()
    reading = read_file(tmp_path / "own.xlsx")
    assert [(p.code, p.row, p.column, p.value) for p in reading.problems] == [
        ("date-cell", 3, "light_fastness_grade", "2026-05-04")
    ]


def read_text(text: str, **changes: Any) -> Any:
    from dataclasses import replace

    sheet = pasted(text)
    return read(sheet, replace(plan(sheet), **changes))


# Prices ---------------------------------------------------------------------------------------------------------------


def price_of(reading: Any, row: int = 0) -> float:
    return float(reading.table.typical[row, reading.table.column("price_usd_m2")])


def test_a_price_by_length_is_divided_by_the_width_of_the_roll():
    reading = read_text("name,Price (USD/m),Width (cm)\nA,3,150\nB,3,\n")
    assert price_of(reading) == pytest.approx(2.0)
    assert [(p.code, p.row) for p in reading.problems] == [("no-width", 3)] and np.isnan(price_of(reading, 1))
    assert price_of(read_text("name,Price (USD/yd),Width (inch)\nA,3,60\n")) == pytest.approx(3 / 0.9144 / 1.524)
    assert price_of(read_text('name\tPrice USD/m 58"\nA\t3\n')) == pytest.approx(3 / 1.4732)
    assert price_of(read_text("name,Price (USD/m)\nA,3\n", width_cm=150.0)) == pytest.approx(2.0)


@pytest.mark.parametrize(("title", "code"), [("Price", "no-currency"), ("Price (USD)", "unknown-unit")])
def test_a_price_that_leaves_its_unit_unsaid_is_told_as_read(title, code):
    reading = read_text(f"name\t{title}\nA\t3\n")
    assert [(p.code, p.row, p.column) for p in reading.problems] == [(code, 1, title)]
    assert price_of(reading) == 3


def test_a_price_by_weight_is_multiplied_by_the_mass():
    assert price_of(read_text("name,Price (USD/kg),Weight (g/m2)\nA,8,250\n")) == pytest.approx(2.0)
    assert [p.code for p in read_text("name,Price (USD/kg)\nA,8\n").problems] == ["no-mass"]


def test_another_currency_needs_a_dated_rate():
    text = "name,Price (EUR/m2),areal_mass_g_m2\nA,2,250\n"
    reading = read_text(text)
    assert [(p.code, p.row, p.column) for p in reading.problems] == [("no-rate", 1, "Price (EUR/m2)")]
    assert np.isnan(price_of(reading))
    rates = {"EUR": Rate("EUR", 1.25, "2026-11-20")}
    assert price_of(read_text(text, rates=rates)) == pytest.approx(2.5)


# Progress, stopping, and what is broken -------------------------------------------------------------------------------


def test_reading_tells_how_far_it_is_and_stops_when_asked(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(delimited([*shipped_rows()[:1], *shipped_rows()[1:] * 60]), encoding="utf-8")
    told: list[float] = []
    read_file(path, progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 10
    for most in (0, 1, 3, 8):
        polled = iter([False] * most)
        with pytest.raises(Stopped):
            read_file(path, stop=lambda: next(polled, True))  # noqa: B023 - called within the turn


FAULTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "words": ("areal_mass_g_m2", ("heavy", "12 kg", "nan", "1_0", "=A1", "1.2.3")),
    "error": ("tear_strength_n", ("#REF!", "#N/A", "#DIV/0!")),
    "negative": ("price_usd_m2", ("-3", "-0.5", "9e12")),
    "scale": ("mildew_rating", ("9", "4.5", "-1")),
    "threads": ("yarn_denier", ("210T", "190 T")),
    "falling": ("hydrostatic_head_mm", ("1500-800",)),
    "slipped": ("areal_mass_g_m2", ("9.8", "6.1", "0.25")),
    "pressure": ("hydrostatic_head_mm", ("14.7", "1.9")),
}
EXPECTED = {
    "words": {"not-a-number"},
    "error": {"formula-error"},
    "negative": {"impossible"},
    "scale": {"off-scale", "impossible"},
    "threads": {"thread-count"},
    "falling": {"range-order"},
    "slipped": {"slipped-unit", "implausible"},
    "pressure": {"slipped-unit", "implausible"},
}
HEAD = ["id", "name", "family", "fibre", "yarn_denier", "areal_mass_g_m2", "tear_strength_n"]
HEAD += ["hydrostatic_head_mm", "mildew_rating", "price_usd_m2"]
SOUND = [
    [f"own-{n}", f"Own {n}", "nylon", "nylon", str(200 + 17 * n), str(150 + 23 * n), f"{40 + 11.3 * n:.1f}",
     str(1000 + 50 * n), "1", f"{1.5 + 0.21 * n:.2f}"]
    for n in range(8)
]  # fmt: skip


def test_a_sound_table_raises_nothing():
    assert read_text(delimited([HEAD, *SOUND])).problems == ()


cells = st.tuples(st.integers(0, 7), st.sampled_from(sorted(FAULTS)), st.integers(0, 5))
encodings = st.sampled_from([("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";"), ("utf-8", "\t")])


@given(st.lists(cells, min_size=1, max_size=8), encodings, st.sampled_from(["", "double", "nameless", "wide"]))
@settings(max_examples=1300)
def test_every_fault_of_a_broken_table_is_told_with_its_row_and_column(tmp_path, faults, way, more):
    before = bundled().typical.tobytes()
    rows = [list(row) for row in SOUND]
    wanted: dict[tuple[int, str], set[str]] = {}
    for row, kind, number in faults:
        column, values = FAULTS[kind]
        rows[row][HEAD.index(column)] = values[number % len(values)]
        wanted[row + 2, column] = EXPECTED[kind]
    extra: set[tuple[str, int]] = set()
    if more == "double":
        rows.append([SOUND[0][0], "Another", *SOUND[3][2:6], "77.7", *SOUND[3][7:]])
        extra.add(("duplicate-id", 10))
    elif more == "nameless":
        rows.append(["", "", *SOUND[3][2:6], "77.7", *SOUND[3][7:]])
        extra.add(("no-name", 10))
    elif more == "wide":
        rows.append([*SOUND[3], "7"])
        extra.add(("wrong-width", 10))
    path = tmp_path / "own.csv"
    encoding, delimiter = way
    content = delimited([HEAD, *rows], delimiter).encode(encoding)
    path.write_bytes(content)
    reading = read_file(path)
    told = {(p.row, p.column): p.code for p in reading.problems}
    for place, codes in wanted.items():
        assert told.get(place) in codes, (place, codes, told)
    assert extra <= {(p.code, p.row) for p in reading.problems}
    assert set(told) - set(wanted) <= {(10, column) for column in ("id", "name", "")}
    assert path.read_bytes() == content and bundled().typical.tobytes() == before
    if any(p.severity == "error" for p in reading.problems):
        with pytest.raises(AdvisorError) as caught:
            read_table(path)
        assert caught.value.problems == reading.problems
    else:
        assert np.isfinite(solve(reading.table, BRIEF).ranking.scores).all()


STRANGE = (
    *("", " ", "x", "nan", "-inf", "1e400", "1,5", "1 000", "٣", '"', "a\nb", "\0", "\ufeff", "é", "800-", "≥", "±"),
    *("1/", "210T", "#N/A", "Weight (g/m²)", "EUR/m", "g/m²", "min", "'=1"),
)
strange = st.sampled_from(STRANGE)


@given(
    st.lists(st.lists(st.one_of(strange, st.text(max_size=5)), max_size=7), max_size=6),
    encodings,
    st.booleans(),
)
@settings(max_examples=450)
def test_any_cells_at_all_are_a_table_or_are_refused(tmp_path, rows, way, headed):
    encoding, delimiter = way
    path = tmp_path / "own.csv"
    head = [["Fabric", "Weight (g/m²)", "Price (EUR/m)", "Tear", "Water column", "Denier"]] if headed else []
    path.write_bytes(delimited([*head, *rows], delimiter).encode(encoding, "replace"))
    survives(path)


@given(st.binary(max_size=80), st.sampled_from(["head", "middle", "tail"]), st.integers(0, 10_000))
@settings(max_examples=250)
def test_a_damaged_workbook_is_read_or_refused(tmp_path, noise, where, number):
    content = bytearray(sample_workbook())
    place = {"head": 0, "middle": number % len(content), "tail": len(content) - 1}[where]
    content[place : place + len(noise)] = noise
    path = tmp_path / "own.xlsx"
    path.write_bytes(bytes(content))
    survives(path)


@cache
def sample_workbook() -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([HEAD, *SOUND]):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def attempt(path: Path) -> Any:
    try:
        return read_file(path)
    except AdvisorError as error:
        return error.problems


def survives(path: Path) -> None:
    reading = attempt(path)
    if isinstance(reading, tuple):
        assert reading and all(p.file == str(path) and CATALOGUE[p.code].unreadable for p in reading)
        return
    for p in reading.problems:
        assert p.row is not None and p.row >= 1 and "\n" not in p.line() and p.code in CATALOGUE
    assert (reading.table is None) == any(p.severity == "error" for p in reading.problems)
    if reading.table is not None:
        table = reading.table
        known = ~np.isnan(table.typical)
        assert np.isfinite(table.typical[known]).all() and len(set(table.ids)) == len(table)
        assert (table.low[known] <= table.typical[known]).all() and (table.typical[known] <= table.high[known]).all()


# The catalogue --------------------------------------------------------------------------------------------------------


def test_every_code_that_can_be_told_is_in_the_catalogue_and_every_entry_is_used():
    names = ("intake", "sheets", "cells", "checks", "merge", "quotes")
    text = "\n".join((ROOT / "advisor" / f"{name}.py").read_text(encoding="utf-8") for name in names)
    quoted = set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+|empty|impossible|implausible|expired)"', text))
    told = set(re.findall(r'(?:problem|tell|CellError)\(\s*"([a-z-]+)"', text))
    assert told <= set(CATALOGUE)
    assert set(CATALOGUE) <= quoted


def test_every_entry_says_what_it_is_and_what_to_do():
    for entry in CATALOGUE.values():
        assert entry.title and entry.hint and entry.description.endswith(".")
        assert len(entry.description) > len(entry.title) and not entry.hint.endswith(".")


def test_numeric_keys_have_a_unit_row_the_reader_knows():
    text = "name\t" + "\t".join(numeric_keys()) + "\n\t" + "\t".join(properties()[k].unit for k in numeric_keys())
    reading = read_text(text + "\nA\t" + "\t".join("" for _ in numeric_keys()) + "\n")
    assert reading.plan.first_row == 3 and reading.problems == ()
