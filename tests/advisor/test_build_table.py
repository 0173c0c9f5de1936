"""The built table: current byte for byte, every cell traced to a source, every figure in order and plausible."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from advisor import build_table
from advisor.build_table import build, convert, figure_range, gaps
from advisor.evidence import EVIDENCE_HEADER, GRADES, Cell, Evidence, group, read_evidence, read_sources, resolve
from advisor.files import shipped
from advisor.problems import AdvisorError
from advisor.properties import properties
from advisor.rules import RULES

DATA = shipped("data")


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    return build(DATA / "curated")


@pytest.fixture(scope="module")
def evidence() -> list[Evidence]:
    return read_evidence(DATA / "evidence.csv")


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    with (DATA / "materials.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", ["evidence.csv", "materials.csv", "sources.csv"])
def test_shipped_file_is_current(built, name):
    assert (DATA / name).read_bytes() == built[name], "run python -m advisor.build_table"


def test_building_twice_gives_the_same_bytes(built):
    assert build(DATA / "curated") == built


def test_every_cell_resolves_to_evidence_and_back(table, evidence):
    cells = {key: resolve(records) for key, records in group(evidence).items()}
    assert list(table[0]) == list(properties())
    for row in table:
        for key, text in list(row.items())[1:]:
            cell = cells.pop((row["id"], key), None)
            if not text:
                assert cell is None, (row["id"], key)
            elif properties()[key].numeric:
                assert cell is not None, (row["id"], key)
                assert float(text) == pytest.approx(cell.typical, rel=1e-9), (row["id"], key)
            else:
                assert cell is not None, (row["id"], key)
                assert text == cell.text, (row["id"], key)
    assert not cells


def test_every_source_is_named_and_every_rule_described(evidence):
    sources = read_sources(DATA / "sources.csv")
    assert {record.source_id for record in evidence} <= set(sources)
    described = {key: source for key, source in sources.items() if key.startswith("rule-")}
    assert set(described) == {rule.id for rule in RULES}
    for rule in RULES:
        source = described[rule.id]
        assert source.grade == rule.grade, rule.id
        assert source.kind in {"rule", "judgement"}
        assert len(source.title) > 30, rule.id
    assert all(record.grade in GRADES for record in evidence)
    assert all(record.unit == properties()[record.property].unit for record in evidence if record.typical is not None)


def test_every_figure_is_in_order_plausible_and_on_its_scale(evidence):
    for record in evidence:
        item = properties()[record.property]
        if not item.numeric:
            assert record.text
            assert record.low is None
            continue
        where = (record.material, record.property, record.source_id)
        assert record.low is not None, where
        assert record.typical is not None, where
        assert record.high is not None, where
        assert item.plausible is not None
        assert item.plausible[0] <= record.low <= record.typical <= record.high <= item.plausible[1], where
        bottom, top = item.scale
        assert bottom is None or record.low >= bottom, where
        assert top is None or record.high <= top, where


def test_judgements_span_two_grades_or_a_factor_of_two(evidence):
    exempt = {"cold_flex_c", "heat_limit_c"}  # temperatures have no ratio; their ranges are 16 K and more
    for record in evidence:
        item = properties()[record.property]
        if record.grade != "D" or not item.numeric or record.property in exempt:
            continue
        assert record.low is not None
        assert record.high is not None
        if item.unit == "grade" or record.property == "mildew_rating":
            assert record.high - record.low >= 2, record
        elif record.property == "spray_rating":
            assert record.high - record.low >= 20, record
        elif item.scale[1] is not None:
            assert record.high >= 2 * record.low, record
        else:
            # An amount: twice and half the figure, cut to what any bag fabric may have.
            assert record.typical is not None and item.plausible is not None
            least, most = item.plausible
            assert record.low <= max(least, record.typical / 2) * 1.002, record
            assert record.high >= min(most, record.typical * 2) * 0.998, record


def test_prices_and_abrasion_keep_their_scatter(evidence):
    for record in evidence:
        if record.typical is None or record.low is None or record.high is None:
            continue
        if record.property == "price_usd_m2":
            assert record.low <= 0.601 * record.typical, record
            assert record.high >= 1.399 * record.typical, record
        if record.property == "abrasion_cycles" and not record.source_id.startswith("rule-"):
            assert "D3884" in record.test_method or "Taber" in record.test_method, record
            assert record.low <= 0.501 * record.typical, record
            assert record.high >= 1.999 * record.typical, record


def test_only_meshes_and_unwoven_laminates_leave_scored_gaps():
    families = {}
    with (DATA / "curated" / "constructions.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            families[row["id"]] = set(row["family"].split("|"))
    found = gaps(DATA / "curated")
    assert {key for _, key in found} <= {"tensile_strength_n", "tear_strength_n", "abrasion_cycles"}
    assert all(families[material] & {"mesh", "laminate"} for material, _ in found), found


@pytest.mark.parametrize(
    ("value", "unit", "key", "printed"),
    [
        # Pairs that a source prints in both units, or that a standard fixes.
        (7.25, "oz/yd2", "areal_mass_g_m2", 245.8),
        (103.1, "lbf", "tear_strength_n", 459),
        (133.2, "lbf", "tear_strength_n", 592),
        (42, "lbf/in", "tensile_strength_n", 367.7),
        (8, "kgf", "tear_strength_n", 78.45),
        (200, "psi", "hydrostatic_head_mm", 140_600),
        (13.8, "bar", "hydrostatic_head_mm", 140_719),
        (80, "kPa", "hydrostatic_head_mm", 8158),
        (35, "cm", "hydrostatic_head_mm", 350),
        (60, "in", "roll_width_cm", 152.4),
        (0.003, "in", "thickness_mm", 0.0762),
        (0.25, "mil", "thickness_mm", 0.00635),
        (100, "CFM/ft2", "air_permeability_l_m2_s", 508),
        (-40, "°F", "cold_flex_c", -40),
        (170, "°F", "heat_limit_c", 76.67),
        (1000, "yd", "moq_m", 914.4),
        (4, "weeks", "lead_time_days", 28),
    ],
)
def test_units_convert_to_the_printed_pair(value, unit, key, printed):
    assert convert(value, unit, properties()[key], {}) == pytest.approx(printed, rel=1e-3)


def test_prices_go_on_the_square_metre_by_width_or_mass():
    item = properties()["price_usd_m2"]
    cells = {
        "roll_width_cm": Cell(150, 150, 150, "A", ()),
        "areal_mass_g_m2": Cell(250, 250, 250, "A", ()),
    }
    assert convert(3.0, "USD/m", item, cells) == pytest.approx(2.0)
    assert convert(3.0, "USD/yd", item, cells) == pytest.approx(3.0 / 0.9144 / 1.5)
    assert convert(4.0, "USD/kg", item, cells) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="roll_width_cm is not known"):
        convert(3.0, "USD/m", item, {})


def test_ranges_of_printed_figures():
    head, cycles, price = (properties()[k] for k in ("hydrostatic_head_mm", "abrasion_cycles", "price_usd_m2"))
    assert figure_range(800, None, 1500, head) == (800, 1150, 1500)
    assert figure_range(100, None, 10_000, head) == (100, 1000, 10_000)
    assert figure_range(350, None, None, head) == pytest.approx((350, 350, 455))
    assert figure_range(None, 4000, None, cycles) == (2000, 4000, 8000)
    assert figure_range(3900, 4000, 4100, cycles) == (2000, 4000, 8000)
    assert figure_range(0.9, 1.0, 1.1, price) == (0.6, 1.0, 1.4)
    with pytest.raises(ValueError, match="not in order"):
        figure_range(5, 4, 6, head)


# --- a small table of its own -----------------------------------------------------------------------------------------

CONSTRUCTIONS = (
    "packcloth,Nylon 420D packcloth,nylon,nylon,420,oxford,PU,unknown,DWR,piece,pa6,,161,mill,\n"
    "taffeta,Taffeta 190T,lining|polyester,polyester,63,taffeta,none,,,piece,pet,,,mill,\n"
)
SOURCES = "mill,maker,A mill sheet,https://example.org,2020,A,\nshop,supplier,A shop,https://example.org,2020,B,\n"


@pytest.fixture
def data(tmp_path: Path):
    """A data folder with two cloths; call it with the rows of records.csv."""
    curated = tmp_path / "curated"
    curated.mkdir()
    header = ",".join(build_table.CONSTRUCTIONS_HEADER)
    (curated / "constructions.csv").write_text(f"{header}\n{CONSTRUCTIONS}", encoding="utf-8")
    (curated / "sources.csv").write_text(f"source_id,kind,title,url,year,grade,note\n{SOURCES}", encoding="utf-8")
    (curated / "rule_sources.csv").write_bytes((DATA / "curated" / "rule_sources.csv").read_bytes())

    def with_records(*rows: str) -> Path:
        header = ",".join(EVIDENCE_HEADER)
        (curated / "records.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return tmp_path

    return with_records


def rows_of(folder: Path, material: str, key: str) -> list[dict[str, str]]:
    text = build(folder / "curated")["evidence.csv"].decode()
    return [r for r in csv.DictReader(io.StringIO(text)) if (r["material"], r["property"]) == (material, key)]


def test_records_of_the_best_grade_merge_and_push_the_rule_out(data):
    folder = data(
        "packcloth,areal_mass_g_m2,,178,,g/m2,ISO 3801,A,mill,lot 1",
        "packcloth,areal_mass_g_m2,,5,,oz/yd2,,A,mill,lot 2",
        "packcloth,areal_mass_g_m2,,210,,g/m2,,B,shop,",
    )
    rows = rows_of(folder, "packcloth", "areal_mass_g_m2")
    assert [row["typical"] for row in rows] == ["178", "169.5", "210"]
    assert "printed 5 oz/yd2" in rows[1]["note"]
    table = build(folder / "curated")["materials.csv"].decode()
    first = next(csv.DictReader(io.StringIO(table)))
    assert float(first["areal_mass_g_m2"]) == pytest.approx((178 + 169.5) / 2)


def test_a_cell_without_record_names_its_rule(data):
    rows = rows_of(data(), "taffeta", "areal_mass_g_m2")
    assert [(row["source_id"], row["grade"]) for row in rows] == [("rule-R1-mass-from-denier", "C")]


def test_other_abrasion_tests_never_become_cycles(data):
    folder = data("packcloth,abrasion_cycles,,25600,,cycles,Martindale ISO 12947,B,shop,")
    (row,) = rows_of(folder, "packcloth", "abrasion_cycles")
    assert row["source_id"] == "rule-R3-taber"
    assert "Martindale ISO 12947 25600 cycles" in row["note"]
    measured = data("packcloth,abrasion_cycles,,1700,,cycles,ASTM D3884,A,mill,")
    (row,) = rows_of(measured, "packcloth", "abrasion_cycles")
    assert (row["low"], row["typical"], row["high"]) == ("850", "1700", "3400")
    assert rows_of(measured, "packcloth", "abrasion_method")[0]["typical"] == "ASTM D3884"


def test_nominal_heads_count_for_half_to_all_of_their_number(data):
    folder = data("taffeta,hydrostatic_head_mm,,3000,,mm,,B,shop,nominal PU3000")
    (row,) = rows_of(folder, "taffeta", "hydrostatic_head_mm")
    assert (row["low"], row["typical"], row["high"]) == ("1500", "2250", "3000")


def test_a_shop_price_bounds_the_mill_price_from_above(data):
    folder = data("packcloth,price_usd_m2,,12,,USD/yd,,B,shop,retail 2020")
    (row,) = rows_of(folder, "packcloth", "price_usd_m2")
    assert row["grade"] == "C"
    assert float(row["typical"]) < 12 / 0.9144 / 1.5 < float(row["high"])


def test_bad_rows_are_all_reported_with_their_place(data):
    folder = data(
        "packcloth,areal_mass_g_m2,,178,,stone,,A,mill,",
        "packclot,areal_mass_g_m2,,178,,g/m2,,A,mill,",
        "packcloth,areal_mass,,178,,g/m2,,C,nobody,",
        "packcloth,thickness_mm,0.5,0.4,0.6,mm,,A,mill,",
    )
    with pytest.raises(AdvisorError) as raised:
        build(folder / "curated")
    lines = "\n".join(problem.line() for problem in raised.value.problems)
    for part in ("row 2", "stone", "row 3", "is it packcloth?", "row 4", "nobody", "row 5", "not in order"):
        assert part in lines


def test_check_tells_stale_from_current(data, capsys):
    folder = data()
    assert build_table.main(["--check"], folder) == 1
    assert "materials.csv" in capsys.readouterr().err
    assert build_table.main([], folder) == 0
    assert build_table.main(["--check"], folder) == 0
    (folder / "evidence.csv").write_bytes(b"old")
    assert build_table.main(["--check"], folder) == 1
    assert "evidence.csv: stale" in capsys.readouterr().err


def test_bad_curated_input_writes_nothing(data, capsys):
    folder = data("packcloth,areal_mass_g_m2,,178,,stone,,A,mill,")
    assert build_table.main([], folder) == 2
    assert "records.csv, row 2" in capsys.readouterr().err
    assert not (folder / "materials.csv").exists()


# --- evidence ---------------------------------------------------------------------------------------------------------


def record(grade: str, low: float | None, typical: float | None, high: float | None, text: str = "") -> Evidence:
    return Evidence("m", "p", low, typical, high, "mm", "", grade, "s", "", text)


def test_resolve_takes_the_best_grade_its_median_and_its_ends():
    cell = resolve([record("B", 0, 50, 900), record("A", 5, 10, 20), record("A", 8, 30, 40), record("A", 7, 11, 12)])
    assert (cell.low, cell.typical, cell.high, cell.grade) == (5, 11, 40, "A")
    assert [item.grade for item in cell.records] == ["A", "A", "A", "B"]


def test_resolve_of_text_gives_the_words():
    assert resolve([record("B", None, None, None, "oxford")]).text == "oxford"
    with pytest.raises(ValueError, match="at least one"):
        resolve([])


@pytest.mark.parametrize(
    ("content", "part"), [("a,b\n", "header"), ("source_id,kind,title,url,year,grade,note\na,b\n", "2 cells")]
)
def test_unreadable_sources_are_refused_with_a_reason(tmp_path, content, part):
    path = tmp_path / "sources.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AdvisorError, match=part):
        read_sources(path)


def test_a_source_may_stand_only_once(tmp_path):
    path = tmp_path / "sources.csv"
    path.write_text(f"source_id,kind,title,url,year,grade,note\n{SOURCES}{SOURCES}", encoding="utf-8")
    with pytest.raises(AdvisorError, match="twice"):
        read_sources(path)
