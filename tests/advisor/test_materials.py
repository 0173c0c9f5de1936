"""Material tables: units and order that change nothing, evidence kept, and broken files told cell by cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.files import shipped
from advisor.materials import Table, bundled, read_table, sources
from advisor.problems import AdvisorError
from advisor.properties import numeric_keys, properties
from advisor.units import convert

BRIEF = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))


@cache
def shipped_rows() -> tuple[tuple[str, ...], ...]:
    text = shipped("data", "materials.csv").read_text(encoding="utf-8")
    return tuple(tuple(row) for row in csv.reader(io.StringIO(text, newline="")))


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def read(folder: Path, content: str | bytes, name: str = "own.csv") -> Table:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_table(path)


def problems_in(folder: Path, content: str | bytes) -> list[Any]:
    with pytest.raises(AdvisorError) as caught:
        read(folder, content)
    found = list(caught.value.problems)
    assert all(problem.file.endswith("own.csv") and "\n" not in problem.line() for problem in found)
    return [problem for problem in found if problem.severity == "error"]


def scores(table: Table) -> dict[str, float]:
    return dict(zip(table.ids, solve(table, BRIEF).ranking.scores.tolist(), strict=True))


def test_the_bundled_table_is_whole(table):
    assert len(table) >= 40 and len(set(table.ids)) == len(table) == len(set(table.names))
    assert table.warnings == ()
    known = ~np.isnan(table.typical)
    assert (table.low[known] <= table.typical[known]).all() and (table.typical[known] <= table.high[known]).all()
    assert np.isnan(table.low[~known]).all() and np.isnan(table.high[~known]).all()
    assert ((table.grades > 0) == known).all()


def test_every_bundled_figure_has_its_evidence_and_every_source_is_known(table):
    for row, own in enumerate(table.ids):
        for key in numeric_keys():
            cell = table.cell(row, key)
            assert (cell is not None) == bool(table.grade(row, key))
            if cell is not None:
                assert cell.typical == table.typical[row, table.column(key)]
                assert table.grade(row, key) == cell.grade
                assert all(record.source_id in sources() for record in cell.records), (own, key)


def test_figures_stay_inside_closed_scales(table):
    for key in numeric_keys():
        bottom, top = properties()[key].scale
        for array in (table.low, table.typical, table.high):
            column = array[:, table.column(key)]
            column = column[~np.isnan(column)]
            assert bottom is None or (column >= bottom).all()
            assert top is None or (column <= top).all()


#: Property -> headers that name it in another unit, each with that unit.
OTHER_UNITS = {
    "areal_mass_g_m2": [
        ("areal_mass_oz_yd2", "oz/yd2"),
        ("areal_mass_g_m2 [oz/yd²]", "oz/yd2"),
        ("Areal_Mass_gsm", "gsm"),
    ],
    "thickness_mm": [("thickness_mil", "mil"), ("thickness_cm", "cm"), ("thickness_mm [in]", "in")],
    "tensile_strength_n": [
        ("tensile_strength_lbf", "lbf"),
        ("tensile_strength_kgf", "kgf"),
        ("tensile_strength_n (daN)", "daN"),
    ],
    "tear_strength_n": [("tear_strength_lbf", "lbf"), ("tear_strength_kn", "kN")],
    "hydrostatic_head_mm": [
        ("hydrostatic_head_kpa", "kPa"),
        ("hydrostatic_head_psi", "psi"),
        ("hydrostatic_head_cm", "cm"),
        ("hydrostatic_head_mm [bar]", "bar"),
    ],
    "hydrostatic_head_aged_mm": [("hydrostatic_head_aged_kpa", "kPa"), ("hydrostatic_head_aged_m", "m")],
    "cold_flex_c": [("cold_flex_f", "F"), ("cold_flex_c [K]", "K")],
    "heat_limit_c": [("heat_limit_f", "F"), ("heat_limit_k", "K")],
    "price_usd_m2": [("price_usd_yd2", "usd/yd2"), ("price_usd_m2 [USD/yd²]", "usd/yd2")],
    "lead_time_days": [("lead_time_weeks", "weeks")],
    "hydrolysis_weeks": [("hydrolysis_days", "days"), ("hydrolysis_h", "h")],
    "moq_m": [("moq_yd", "yd")],
    "roll_width_cm": [("roll_width_in", "in"), ("roll_width_mm", "mm")],
    "yarn_denier": [("yarn_dtex", "dtex")],
    "air_permeability_l_m2_s": [("air_permeability_cfm", "cfm"), ("air_permeability_mm_s", "mm/s")],
    "recycled_content_pct": [("recycled_content_fraction", "fraction")],
    "uv_strength_retention_pct": [("uv_strength_retention_pct [fraction]", "fraction")],
    "ghg_kg_co2e_m2": [("ghg_g_co2e_m2", "g co2e/m2")],
    "water_pickup_g_m2": [("water_pickup_oz_yd2", "oz/yd2")],
}


def rewritten(key: str, header: str, unit: str) -> list[list[str]]:
    """The bundled rows with one column under another header and in another unit."""
    rows = [list(row) for row in shipped_rows()]
    place = rows[0].index(key)
    own = properties()[key].unit
    zero = convert(0.0, unit, own)
    one = convert(1.0, unit, own) - zero
    rows[0][place] = header
    for row in rows[1:]:
        if row[place]:
            row[place] = repr((float(row[place]) - zero) / one)
    return rows


@pytest.mark.parametrize(
    ("key", "header", "unit"), [(key, *pair) for key, pairs in OTHER_UNITS.items() for pair in pairs]
)
def test_a_column_in_another_unit_changes_no_score(key, header, unit, table, tmp_path):
    other = read(tmp_path, as_csv(rewritten(key, header, unit)))
    assert other.warnings == ()
    for name in ("low", "typical", "high"):
        assert np.array_equal(getattr(other, name), getattr(table, name), equal_nan=True)
    before = scores(table)
    assert all(abs(score - before[own]) <= 1e-12 for own, score in scores(other).items())


def test_an_own_figure_in_another_unit_is_the_same_figure_to_1e_12(tmp_path):
    def table_of(header: str, value: str) -> Table:
        return read(tmp_path, f"id,name,{header}\nown-cloth,Own cloth,{value}\n")

    one = table_of("areal_mass_g_m2", "271.24598")
    other = table_of("areal_mass_oz_yd2", repr(271.24598 / 33.905747474874))
    column = one.column("areal_mass_g_m2")
    for name in ("low", "typical", "high"):
        assert getattr(one, name)[0, column] == pytest.approx(getattr(other, name)[0, column], rel=1e-9)
    assert one.grade(0, "areal_mass_g_m2") == "own"
    low, high = properties()["areal_mass_g_m2"].range_of(271.24598)
    assert (one.low[0, column], one.high[0, column]) == (low, high)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_separators_line_ends_and_byte_order_marks_change_nothing(delimiter, ending, mark, table, tmp_path):
    other = read(tmp_path, mark + as_csv(shipped_rows(), delimiter).replace("\n", ending))
    assert other.ids == table.ids and np.array_equal(other.typical, table.typical, equal_nan=True)
    assert scores(other) == scores(table)


def test_the_order_of_rows_and_columns_changes_nothing(table, tmp_path):
    rows = [list(row) for row in shipped_rows()]
    turned = [list(reversed(row)) for row in (rows[0], *reversed(rows[1:]))]
    other = read(tmp_path, as_csv(turned))
    assert scores(other) == scores(table)
    assert solve(other, BRIEF).ranking.ranks.tolist() == list(reversed(solve(table, BRIEF).ranking.ranks.tolist()))


def test_empty_lines_and_outer_spaces_are_passed_over(table, tmp_path):
    rows = [list(row) for row in shipped_rows()]
    spaced = [rows[0], *[[f" {cell} " for cell in row] for row in rows[1:4]], [""] * len(rows[0]), rows[4]]
    other = read(tmp_path, as_csv(spaced) + "\n\n")
    assert other.ids == table.ids[:4]
    assert np.array_equal(other.typical, table.typical[:4], equal_nan=True)


def test_a_changed_figure_is_the_users_own_and_the_rest_keeps_its_evidence(table, tmp_path):
    rows = [list(row) for row in shipped_rows()]
    place = rows[0].index("price_usd_m2")
    rows[1][place] = "3.21"
    other = read(tmp_path, as_csv(rows))
    assert other.grade(0, "price_usd_m2") == "own" and other.cell(0, "price_usd_m2") is None
    assert other.grade(1, "price_usd_m2") == table.grade(1, "price_usd_m2")
    assert other.cell(1, "price_usd_m2") == table.cell(1, "price_usd_m2")


def test_low_and_high_columns_are_taken_as_they_stand(tmp_path):
    text = "id,name,tear_strength_n,tear_strength_n_low,tear_strength_n_high,tear_strength_lbf_high\n"
    found = read(tmp_path, text.replace(",tear_strength_lbf_high", "") + "a,A,40,30,70\nb,B,40,,\nc,C,40,35,\n")
    column = found.column("tear_strength_n")
    assert (found.low[0, column], found.high[0, column]) == (30, 70)
    low, high = properties()["tear_strength_n"].range_of(40)
    assert (found.low[1, column], found.high[1, column]) == (low, high)
    assert (found.low[2, column], found.high[2, column]) == (35, high)
    assert [item.code for item in problems_in(tmp_path, text + "a,A,40,30,70,20\n")] == ["duplicate-column"]
    (problem,) = problems_in(tmp_path, "id,name,tear_strength_n,tear_strength_n_low\na,A,40,50\n")
    assert (problem.code, problem.row) == ("range-order", 2)


@pytest.mark.parametrize(
    "names",
    [
        ["ткань 600", "брезент 600"],
        ["قماش", "نايلون"],
        ["600D 牛津布", "420D 牛津布"],
        ["***", "+++"],
    ],
)
def test_names_in_any_script_make_their_own_ids(names, tmp_path):
    found = read(tmp_path, as_csv([["name", "areal_mass_g_m2"], *[[name, "200"] for name in names]]))
    assert list(found.names) == names
    assert len(set(found.ids)) == len(names) and all(found.ids)


def test_a_table_with_names_alone_is_ranked_with_all_else_unknown(tmp_path):
    found = read(tmp_path, "name,price_usd_m2\nMill cloth 1,3.5\nMill cloth 2,\n")
    answer = solve(found, BRIEF)
    assert answer.ranking.passing == 2 and answer.meeting_all == 0
    assert "price_usd_m2" in answer.gap_properties(1) and "price_usd_m2" not in answer.gap_properties(0)
    assert answer.ranking.scores[0] > answer.ranking.scores[1]


def test_an_unknown_column_is_left_out_and_said(tmp_path):
    found = read(tmp_path, "name,areal_mas_g_m2,price_usd_m2,colour of the mill\nA,200,3,blue\n")
    assert [(item.code, item.row, item.severity) for item in found.warnings] == [("unknown-column", 1, "warning")] * 2
    assert '"areal_mass_g_m2"' in found.warnings[0].hint


def test_a_slipped_unit_is_a_warning_with_row_and_column(tmp_path):
    found = read(tmp_path, "name,areal_mass_g_m2\nA,200\nB,5.9\n")
    (problem,) = found.warnings
    assert (problem.code, problem.row, problem.column, problem.value) == ("slipped-unit", 3, "areal_mass_g_m2", "5.9")


@pytest.mark.parametrize(
    ("text", "code", "row", "column"),
    [
        ("name,areal_mass_g_m2\nA,light\n", "not-a-number", 2, "areal_mass_g_m2"),
        ("name,areal_mass_g_m2\nA,200\nB,nan\n", "not-a-number", 3, "areal_mass_g_m2"),
        ("name,areal_mass_g_m2\nA,inf\n", "not-a-number", 2, "areal_mass_g_m2"),
        ("name,areal_mass_g_m2\nA,1e999\n", "not-a-number", 2, "areal_mass_g_m2"),
        ("name,areal_mass_g_m2\nA,1_000\n", "not-a-number", 2, "areal_mass_g_m2"),
        ("name,areal_mass_g_m2\nA,1e200\n", "impossible", 2, "areal_mass_g_m2"),
        ("name,areal_mass_oz_yd2\nA,1e308\n", "impossible", 2, "areal_mass_oz_yd2"),
        ("name,price_usd_m2\nA,-3\n", "impossible", 2, "price_usd_m2"),
        ("name,mildew_rating\nA,5\n", "off-scale", 2, "mildew_rating"),
        ("name,light_fastness_grade\nA,0\n", "off-scale", 2, "light_fastness_grade"),
        ("name,price_usd_m2\n,3\n", "no-name", 2, "name"),
        ("id,price_usd_m2\na,3\na,4\n", "duplicate-id", 3, "id"),
        ("name,price_usd_m2\nA b,3\na-B,4\n", "duplicate-id", 3, "name"),
        ("name,price_usd_m2,price_usd_m2\nA,3,3\n", "duplicate-column", 1, "price_usd_m2"),
        ("name,price_usd_m2,price_usd_yd2\nA,3,3\n", "duplicate-column", 1, "price_usd_yd2"),
        ("name,price_usd_m2\nA,3,4\n", "wrong-width", 2, ""),
        ("name,price_usd_m2\nA\n", "wrong-width", 2, ""),
        ("name,price_usd_m2\n", "no-rows", 2, ""),
        ("price_usd_m2\n3\n", "no-name-column", 1, "name"),
        ("name,fibre\nA,nylon\n", "no-figures", 1, ""),
        ("", "empty", 1, ""),
        ("\n\n", "empty", 1, ""),
        ('name,price_usd_m2\n"A,3\n', "not-csv", None, ""),
    ],
)
def test_a_broken_table_names_row_and_column(text, code, row, column, tmp_path):
    problem = problems_in(tmp_path, text)[0]
    assert (problem.code, problem.row, problem.column) == (code, row, column)


def test_all_problems_are_told_at_once(tmp_path):
    text = "name,price_usd_m2,areal_mass_g_m2,mildew_rating\nA,x,200,9\nB,3,heavy,1\nB,4,200,1\n"
    found = {(item.code, item.row, item.column) for item in problems_in(tmp_path, text)}
    assert found == {
        ("not-a-number", 2, "price_usd_m2"),
        ("off-scale", 2, "mildew_rating"),
        ("not-a-number", 3, "areal_mass_g_m2"),
        ("duplicate-id", 4, "name"),
    }


def test_what_is_neither_text_nor_workbook_is_refused(tmp_path):
    for content in (
        b"\xff\xfeab\x00\xd8x",
        bytes(range(128, 160)) + b"\x00\x01\x02\x03",
        b"%PDF-1.7\n\x00\x01\x02\xe2",
    ):
        (problem,) = problems_in(tmp_path, content)
        assert problem.code == "not-text"


def test_a_missing_file_or_a_folder_is_said(tmp_path):
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(AdvisorError) as caught:
            read_table(path)
        assert caught.value.problems[0].code == "cannot-read"


def survives(folder: Path, content: bytes) -> None:
    """A file is read and ranked in finite numbers, or refused with problems that name the file."""
    path = folder / "own.csv"
    path.write_bytes(content)
    found = attempt(path)
    if isinstance(found, Table):
        answer = solve(found, BRIEF)
        assert np.isfinite(answer.ranking.scores).all()
        assert (answer.ranking.low <= answer.ranking.scores).all()
        assert (answer.ranking.scores <= answer.ranking.high).all()
    else:
        assert found and all(problem.file == str(path) and "\n" not in problem.line() for problem in found)
        lines = content.count(b"\n") + content.count(b"\r") + 2
        assert all(problem.row is None or 1 <= problem.row <= lines for problem in found)


def attempt(path: Path) -> Any:
    try:
        return read_table(path)
    except AdvisorError as error:
        return error.problems


HEAD_ROWS = 6
cells = st.tuples(st.integers(0, HEAD_ROWS), st.integers(0, len(shipped_rows()[0]) - 1))
STRANGE = ("", " ", "x", "nan", "-inf", "1e400", "1e308", "-1", "0", "1,5", "1 000", "0x1F", "٣", "=1+1", '"')
strange = st.sampled_from([*STRANGE, "a\nb", "\0", "\ufeff", "é"])


@given(st.lists(st.tuples(cells, st.one_of(strange, st.text(max_size=6))), min_size=1, max_size=6))
@settings(max_examples=150)
def test_any_cells_may_hold_anything(tmp_path, changes):
    rows = [list(row) for row in shipped_rows()[: HEAD_ROWS + 1]]
    for (row, column), text in changes:
        rows[row][column] = text
    survives(tmp_path, as_csv(rows).encode("utf-8", "surrogatepass"))


WAYS = ("drop cells", "more cells", "swap columns", "double row", "drop row", "drop header", "cut", "encode", "noise")


@given(
    st.integers(0, HEAD_ROWS),
    st.sampled_from(WAYS),
    st.integers(0, 10**6),
    st.binary(min_size=1, max_size=4),
)
@settings(max_examples=200)
def test_any_way_of_breaking_the_bundled_table_is_survived(tmp_path, row, way, number, noise):
    rows = [list(cells) for cells in shipped_rows()[: HEAD_ROWS + 1]]
    column = number % len(rows[0])
    if way == "drop cells":
        del rows[row][column:]
    elif way == "more cells":
        rows[row].insert(column, "7")
    elif way == "swap columns":
        other = (column * 7 + 3) % len(rows[0])
        rows[0][column], rows[0][other] = rows[0][other], rows[0][column]
    elif way == "double row":
        rows.insert(row, list(rows[row]))
    elif way == "drop row":
        del rows[row]
    elif way == "drop header":
        del rows[0]
    content = as_csv(rows).encode("utf-8")
    if way == "cut":
        content = content[: number % len(content)]
    elif way == "encode":
        content = as_csv(rows).encode(("utf-16", "utf-32", "cp1252")[number % 3], "replace")
    elif way == "noise":
        place = number % len(content)
        content = content[:place] + noise + content[place:]
    survives(tmp_path, content)


@given(st.binary(max_size=120))
def test_random_bytes_are_survived(tmp_path, content):
    survives(tmp_path, content)


def test_a_giant_cell_is_survived(tmp_path):
    survives(tmp_path, b"name,price_usd_m2\n" + b"A" * 200_000 + b",3\n")
    survives(tmp_path, b"name,price_usd_m2\nA," + b"9" * 5_000 + b"\n")


def test_materials_are_found_by_id_or_name_without_case(table):
    for row in (0, len(table) - 1):
        assert table.find(table.ids[row].upper()) == row
        assert table.find(f" {table.names[row].lower()} ") == row
    with pytest.raises(AdvisorError) as caught:
        table.find(table.ids[3][:-1] + "x")
    assert caught.value.problems[0].code == "unknown-material"
    assert "did you mean" in caught.value.problems[0].hint


def test_a_part_of_a_table_keeps_its_figures_and_evidence(table):
    part = table.take([5, 2])
    assert part.ids == (table.ids[5], table.ids[2])
    assert part.cell(0, "areal_mass_g_m2") == table.cell(5, "areal_mass_g_m2")
    assert np.array_equal(part.typical[1], table.typical[2], equal_nan=True)
    assert bundled().ids == table.ids
