"""Test reports and samples: what a report makes of the figures, what it is refused for, and what it changed."""

from __future__ import annotations

import contextlib
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.grades import figure_line, figures_behind, footing, measured_sentence, measured_share
from advisor.guard import measurable, method_named, method_to_order, methods
from advisor.laboratory import (
    MOST_PHOTO,
    RULES,
    STATES,
    LabReport,
    Reading,
    Result,
    Sample,
    effect,
    effect_sentences,
    evidence,
    photo_problem,
    problems,
    provenance,
    report_from_json,
    sample_from_json,
    student,
    verdict_sentence,
    verdicts,
)
from advisor.materials import bundled, read_table
from advisor.merge import OwnFigure, table_csv, table_xlsx
from advisor.problems import AdvisorError
from advisor.properties import properties
from advisor.sentences import Num
from advisor.stock import Stock

CLOTH = "nylon-420d-oxford-tpu"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def report(*results: Result, material: str = CLOTH, number: str = "4711") -> LabReport:
    return LabReport(material, "Intertek Lagos", number, "2026-03-02", "L7", results)


def tear(warp: float, weft: float, unit: str = "N", method: str = "ASTM D2261", **more: object) -> Result:
    return Result("tear_strength_n", method, unit, Reading(warp), Reading(weft), **more)  # type: ignore[arg-type]


def stands(stock: Stock, key: str, material: str = CLOTH) -> tuple[float, float, float, str]:
    table, row = stock.table, stock.table.index[material]
    place = table.column(key)
    return (
        float(table.low[row, place]),
        float(table.typical[row, place]),
        float(table.high[row, place]),
        table.grade(row, key),
    )


# The figure -----------------------------------------------------------------------------------------------------------


def test_warp_and_weft_fold_as_in_the_table() -> None:
    stock = Stock(bundled()).with_report(report(tear(60, 40)))
    low, typical, high, grade = stands(stock, "tear_strength_n")
    spread = properties()["tear_strength_n"]
    assert (typical, grade) == (50.0, "A")
    assert (low, high) == pytest.approx((spread.range_of(40)[0], spread.range_of(60)[1]))
    records = stock.table.records[CLOTH, "tear_strength_n"]
    assert [record.typical for record in records] == [60.0, 40.0]
    assert all(record.source_id == "lab report 4711, Intertek Lagos, 2026-03-02, lot L7" for record in records)
    assert "warp" in records[0].note and RULES["L1"] in records[0].note and RULES["L3"] in records[0].note


def test_the_specimens_scatter_makes_the_range() -> None:
    both = Result("tear_strength_n", "ASTM D2261", "lbf", Reading(20.0, 1.2, 5), Reading(18.0, 0.5, 5))
    low, typical, high, _ = stands(Stock(bundled()).with_report(report(both)), "tear_strength_n")
    newton = 4.4482216
    assert typical == pytest.approx(19 * newton)
    # t(0.95; 4) = 2.132 (any table of Student's t).
    assert low == pytest.approx((18 - 2.132 * 0.5 * math.sqrt(1.2)) * newton, rel=1e-6)
    assert high == pytest.approx((20 + 2.132 * 1.2 * math.sqrt(1.2)) * newton, rel=1e-6)


def test_two_specimens_are_too_few_for_a_scatter() -> None:
    few = Result("tear_strength_n", "ASTM D2261", "N", single=Reading(50.0, 0.1, 2))
    assert stands(Stock(bundled()).with_report(report(few)), "tear_strength_n")[:3] == (30.0, 50.0, 70.0)


def test_taber_is_never_surer_than_laboratories_are() -> None:
    result = Result("abrasion_cycles", "ASTM D3884, CS-10, 1000 g", "cycles", single=Reading(800.0, 10.0, 4))
    stock = Stock(bundled()).with_report(report(result))
    assert stands(stock, "abrasion_cycles") == (400.0, 800.0, 1600.0, "A")
    assert stock.table.text["abrasion_method"][stock.table.index[CLOTH]] == "ASTM D3884"


def test_linked_methods_widen() -> None:
    grab = Result("tensile_strength_n", "ASTM D5034 grab", "N", Reading(900.0, 5, 5), Reading(900.0, 5, 5))
    low, typical, high, _ = stands(Stock(bundled()).with_report(report(grab)), "tensile_strength_n")
    assert (low, typical, high) == (600.0, 900.0, 1530.0)
    pendulum = tear(50, 50, method="Elmendorf ASTM D1424")
    low, typical, high, _ = stands(Stock(bundled()).with_report(report(pendulum)), "tear_strength_n")
    assert (low, typical, high) == pytest.approx((30.0, 50.0, 140.0))


def test_strips_of_an_inch_are_put_on_50_mm() -> None:
    strip = Result("tensile_strength_n", "ASTM D5035", "lbf/in", single=Reading(100.0))
    assert stands(Stock(bundled()).with_report(report(strip)), "tensile_strength_n")[1] == pytest.approx(875.6, abs=0.1)
    bare = replace(strip, unit="lbf")
    assert [p.code for p in problems(report(bare)) if p.severity == "error"] == ["missing-condition"]


def test_a_pressure_becomes_a_head() -> None:
    head = Result("hydrostatic_head_mm", "ISO 811", "kPa", single=Reading(15.0))
    assert stands(Stock(bundled()).with_report(report(head)), "hydrostatic_head_mm")[1] == pytest.approx(
        1529.6, abs=0.1
    )


def test_reports_on_two_lots_are_merged() -> None:
    other = replace(report(tear(80, 80), number="4712"), lot="L8")
    stock = Stock(bundled()).with_report(report(tear(60, 40))).with_report(other)
    low, typical, high, _ = stands(stock, "tear_strength_n")
    assert typical == 70.0  # the middle of 40, 60, 80, 80
    assert (low, high) == pytest.approx((24.0, 112.0))


def test_student_is_the_printed_table_and_runs_on() -> None:
    assert (student(1), student(4), student(30)) == (6.314, 2.132, 1.697)
    assert student(40) == pytest.approx(1.684, abs=0.002)
    assert student(120) == pytest.approx(1.658, abs=0.001)


# Over the table -------------------------------------------------------------------------------------------------------


def test_a_report_stands_over_the_table_and_is_taken_back() -> None:
    plain = Stock(bundled())
    stock = plain.with_report(report(tear(60, 40)))
    (told,) = stock.overrides
    before = stands(plain, "tear_strength_n")
    assert (told.before, told.grade, told.after, told.report) == (before[1], before[3], 50.0, True)
    assert told.because == str(provenance(stock.reports[0]))
    assert stock.own(CLOTH, "tear_strength_n") and not stock.own(CLOTH, "areal_mass_g_m2")
    assert stock.under is plain.table and stock.table.sha256 != plain.table.sha256
    back = stock.without(CLOTH, "tear_strength_n")
    assert back.overrides == () and stands(back, "tear_strength_n") == before
    assert back.reports[0].results[0].set_aside, "the report itself is kept"
    assert back.with_report(stock.reports[0]).overrides == stock.overrides


def test_the_last_word_counts() -> None:
    own = OwnFigure(CLOTH, "tear_strength_n", 70.0)
    stock = Stock(bundled()).with_figures([own]).with_report(report(tear(60, 40)))
    assert stands(stock, "tear_strength_n")[1] == 50.0 and not stock.figures
    again = stock.with_figures([own])
    assert stands(again, "tear_strength_n")[1] == 70.0 and stands(again, "tear_strength_n")[3] == "own"
    (mark,) = again.marks[CLOTH]
    assert mark.before == stands(Stock(bundled()), "tear_strength_n")[1], "marked against the table, not the report"
    assert again.tested(CLOTH, "tear_strength_n") == ()
    assert again.without(CLOTH, "tear_strength_n").without(CLOTH, "tear_strength_n").overrides == ()


def test_a_table_with_a_report_is_exported_with_its_range_and_read_back(tmp_path: Path) -> None:
    stock = Stock(bundled()).with_report(report(tear(60, 40)))
    path = tmp_path / "own.csv"
    path.write_bytes(table_csv(stock.table))
    back = Stock(read_table(path))
    assert stands(back, "tear_strength_n")[:3] == pytest.approx(stands(stock, "tear_strength_n")[:3])
    assert table_xlsx(stock.table, stock.overrides)[:2] == b"PK"


def test_measured_figures_alone_hold_a_report() -> None:
    stock = replace(Stock(bundled()).with_report(report(tear(60, 40))), measured=True)
    assert stands(stock, "tear_strength_n")[1] == 50.0


def test_a_report_on_another_table_waits() -> None:
    stock = replace(Stock(bundled()), reports=(report(tear(60, 40), material="not-here"),))
    assert stock.table is bundled() and stock.overrides == ()


def test_a_sample_ranks_nothing_anew() -> None:
    stock = Stock(bundled()).with_report(report(tear(60, 40)))
    table = stock.table
    kept = stock.with_sample(Sample(CLOTH, "received", "12"))
    assert kept.table is table and kept.under is stock.under
    assert kept.sample(CLOTH) == Sample(CLOTH, "received", "12")
    moved = kept.with_sample(Sample(CLOTH, "approved", "12"))
    assert len(moved.samples) == 1 and moved.without_sample(CLOTH).samples == ()


# The guard ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "method"),
    [
        ("abrasion_cycles", "Martindale ISO 12947-2"),
        ("abrasion_cycles", "ISO 5470-2"),
        ("abrasion_cycles", "ASTM D 4157 Wyzenbeek"),
        ("tear_strength_n", "ISO 9073-4 trapezoid"),
        ("hydrostatic_head_mm", "ISO 4920"),
        ("light_fastness_grade", "AATCC TM16.3"),
        ("stiffness_grade", "ASTM D1388"),
    ],
)
def test_another_scale_is_refused_by_field(key: str, method: str) -> None:
    unit = properties()[key].unit
    bad = report(tear(60, 40), Result(key, method, unit, single=Reading(4.0)))
    if key == "tear_strength_n":
        bad = report(Result("areal_mass_g_m2", "ISO 3801", "g/m²", single=Reading(250.0)), *bad.results[1:])
    with pytest.raises(AdvisorError) as refused:
        Stock(bundled()).with_report(bad)
    (problem,) = refused.value.problems
    assert (problem.code, problem.row, problem.column, problem.value) == ("foreign-method", 2, "method", method)
    assert properties()[key].label in problem.message and "lab report 4711, row 2, column method" in problem.line()
    assert all(record.property != key for record in evidence(bad)), "nor does it slip in from a file"


def test_a_test_that_is_not_named_is_refused_where_scales_mix() -> None:
    unnamed = report(tear(60, 40, method="in-house"), Result("areal_mass_g_m2", "", "g/m²", single=Reading(250.0)))
    found = {problem.row: problem for problem in problems(unnamed)}
    assert found[1].severity == "error" and "ASTM D2261" in found[1].hint
    assert found[2].severity == "warning"


def test_exposures_have_to_be_stated() -> None:
    sun = Result("uv_strength_retention_pct", "ISO 4892-2", "%", single=Reading(70.0))
    (problem,) = problems(report(sun))
    assert problem.column == "conditioning" and "4,184" in problem.message
    assert problems(report(replace(sun, conditioning="4,184 MJ/m² total"))) == []


def test_units_and_scales() -> None:
    wrong = report(tear(60, 40, unit="mm"), Result("spray_rating", "ISO 4920", "rating", single=Reading(105.0)))
    assert [(p.code, p.row, p.column) for p in problems(wrong)] == [
        ("unknown-unit", 1, "unit"),
        ("off-scale", 2, "single"),
    ]


def test_doubts_are_told_and_do_not_stop() -> None:
    slipped = report(tear(24, 20))  # pounds in a newton line
    codes = [(p.code, p.severity, p.column) for p in problems(slipped, bundled())]
    assert codes == [("slipped-unit", "warning", "unit")]
    ounces = Result("areal_mass_g_m2", "ISO 3801", "g/m²", single=Reading(7.4))
    (slip,) = problems(report(ounces), bundled())
    assert (slip.code, slip.column) == ("slipped-unit", "single") and "oz/yd²" in slip.message
    mass = Result("areal_mass_g_m2", "ISO 3801", "g/m²", single=Reading(120.0))
    assert [p.code for p in problems(report(mass), bundled())] == ["outside-range"]
    copied = problems(report(tear(61, 43), material="nylon-70d-taffeta-pu"), bundled(), [report(tear(61, 43))])
    assert "identical-figures" in [p.code for p in copied]
    assert Stock(bundled()).with_report(slipped).overrides


def test_an_unremarkable_report_raises_nothing() -> None:
    row = bundled().index[CLOTH]
    own = float(bundled().typical[row, bundled().column("tear_strength_n")])
    assert problems(report(tear(own * 1.05, own * 0.95)), bundled()) == []


def test_every_method_is_a_property_s_and_found_by_its_number() -> None:
    for method in methods():
        assert method.property in properties() and properties()[method.property].numeric
        assert method.down >= 1 and method.up >= 1
        assert (method.reading == "linked") == bool(method.rule) and (not method.rule or method.rule in RULES)
        found = method_named(method.property, method.standard)
        assert found is not None and found.reading == method.reading, method
    assert measurable("tear_strength_n") and not measurable("price_usd_m2")
    order = method_to_order("tear_strength_n")
    assert order is not None and order.standard == "ASTM D2261"


# What it comes to -----------------------------------------------------------------------------------------------------


def parsed(text: str) -> list[float]:
    return [float(part.replace(",", "").replace("−", "-")) for part in re.findall(r"[−-]?\d[\d,]*(?:\.\d+)?", text)]


@settings(max_examples=60, deadline=None)
@given(st.floats(5, 200), st.floats(5, 200))
def test_a_verdict_s_numbers_add_up(warp: float, weft: float) -> None:
    answer = solve(bundled(), Brief(product="mini-hike-daypack", climate=Climate("Lagos")))
    (verdict,) = verdicts(report(tear(warp, weft)), answer.demands)
    level = next(d.level for d in answer.demands if d.property == "tear_strength_n")
    assert level is not None and verdict.level == level
    values = verdict_sentence(verdict).values
    if verdict.state in ("could", "misses"):
        assert verdict.typical < level and verdict.by == pytest.approx(level - verdict.typical)
        assert (verdict.high >= level) == (verdict.state == "could")
        have, by, asked = (values[key] for key in ("have", "by", "level"))
        assert isinstance(have, Num) and isinstance(by, Num) and isinstance(asked, Num)
        if by.decimals == 0:
            assert round(asked.value) - round(have.value) == round(by.value)
        assert by.value > 0
    else:
        assert verdict.typical >= level - 1e-6 and verdict.by == 0
        assert (verdict.low >= level) == (verdict.state == "always")
        assert (verdict.weaker is not None) == (min(warp, weft) < level - 1e-6)


def test_a_verdict_in_words() -> None:
    answer = solve(bundled(), Brief(product="mini-hike-daypack", climate=Climate("Lagos")))
    said = [
        str(verdict_sentence(v))
        for v in verdicts(
            report(
                tear(36, 35),
            ),
            answer.demands,
        )
    ]
    assert said == ["Tear 36 of 44 N: misses by 8 N; could meet it, its range is 21 to 50."]
    said = [str(verdict_sentence(v)) for v in verdicts(report(tear(60, 40)), answer.demands)]
    assert said == ["Tear 50 of 44 N: met by the middle; the weft alone, 40 N, misses by 4 N."]


def test_the_effect_is_that_of_the_two_answers() -> None:
    brief = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))
    before = solve(bundled(), brief)
    first = int(before.ranking.order[0])
    material = before.table.ids[first]
    weak = report(tear(20, 20), material=material)
    after = solve(Stock(bundled()).with_report(weak).table, brief)
    shares = before.certainty(), after.certainty()
    found = effect(before, after, material, shares)
    assert found is not None and found.turned
    row = after.table.index[material]
    assert found.place == (1, int(after.ranking.ranks[row])) and found.place[1] > 1
    assert found.missed == (14 - int(before.met[first]), 14 - int(after.met[row]))
    first_said, second_said = (str(sentence) for sentence in effect_sentences(found))
    numbers = parsed(first_said.removeprefix(found.name))
    assert numbers[:2] == list(found.place)
    assert numbers[2:4] == [round(score, 3) for score in found.score]
    assert numbers[4:6] == [
        round(100 * float(shares[1].win_share[row])),
        round(100 * float(shares[0].win_share[first])),
    ]
    assert numbers[-3:] == [found.missed[1], found.missed[0], 14]
    assert second_said == f"{after.table.names[after.ranking.order[0]]} takes the first place from {found.name}."


def test_nothing_changed_is_said_too() -> None:
    brief = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))
    answer = solve(bundled(), brief)
    last = answer.table.ids[int(answer.ranking.passing_rows()[-1])]
    found = effect(answer, answer, last)
    assert found is not None and not found.turned
    told = [str(sentence) for sentence in effect_sentences(found)]
    assert "as before" in told[0] and told[1].endswith("keeps the first place.")
    assert effect(answer, answer, "not-here") is None


def test_explain_tells_every_figure_with_grade_source_method_year_and_rule() -> None:
    brief = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))
    stock = Stock(bundled()).with_report(report(tear(60, 40)))
    answer = solve(stock.table, brief)
    row = answer.table.index[CLOTH]
    told = {figure["property"]: figure for figure in figures_behind(answer, row)}
    assert {member.property for member in answer.values.members} <= set(told)
    assert told["tear_strength_n"] | {"low": 0, "high": 0} == {
        "property": "tear_strength_n", "criterion": "tear", "low": 0, "typical": 50.0, "high": 0, "unit": "N",
        "grade": "A", "method": "ASTM D2261", "source_id": str(provenance(stock.reports[0])),
        "source": str(provenance(stock.reports[0])), "year": "2026", "rule": None,
        "over": {"figure": stands(Stock(bundled()), "tear_strength_n")[1], "grade": "C"},
    }  # fmt: skip
    assert told["abrasion_cycles"]["rule"] == "rule-R3-taber" and told["abrasion_cycles"]["over"] is None
    line = figure_line(told["tear_strength_n"])
    assert "[A] ASTM D2261, lab report 4711" in line and "over 101 [C]" in line
    meter = measured_sentence(answer, row)
    share = measured_share(answer, row)
    assert meter is not None and share is not None and str(meter).startswith(f"{100 * share:.0f} % of this score rests")
    assert parsed(str(meter))[1:] == [round(100 * part) for part in footing(answer, row).values()]


# Files ----------------------------------------------------------------------------------------------------------------


def test_a_report_reads_back_as_it_was() -> None:
    whole = report(
        Result(
            "tear_strength_n", "ASTM D2261", "lbf", Reading(20.0, 1.2, 5), Reading(18.0), None, "20 °C, 65 % RH", "x"
        ),
        Result("areal_mass_g_m2", "ISO 3801", "g/m²", single=Reading(250, 0.0, 5), set_aside=True),
        Result("thickness_mm", "ISO 5084", "mm", single=Reading(3)),
    )
    document = json.loads(json.dumps(whole.to_json()))
    back = report_from_json(document)
    assert back == whole
    again = Stock(bundled(), reports=(back,)).table.sha256
    assert again == Stock(bundled(), reports=(whole,)).table.sha256, "saved or typed in, the table is the same"


def test_a_sample_reads_back_as_it_was() -> None:
    whole = Sample(CLOTH, "approved", "B 12", "crisp, a little loud", PNG, (("requested", "2026-01-05"),))
    assert sample_from_json(json.loads(json.dumps(whole.to_json()))) == whole
    assert Sample(CLOTH, "received", dates=(("received", "2026-02-01"),)).since == "2026-02-01"


def test_everything_wrong_with_a_report_is_told_at_once() -> None:
    bad = {
        "material": CLOTH, "laboratory": "", "number": 7, "date": "2.3.2026", "lots": "L7",
        "results": [
            {"property": "tear_strenght_n", "method": "ASTM D2261", "unit": "N", "warp": {"mean": "60"}},
            {"property": "areal_mass_g_m2", "unit": "g/m²"},
            {"property": "tear_strength_n", "unit": "N", "single": {"mean": 6, "specimens": 2.5, "deviation": -1}},
        ],
    }  # fmt: skip
    with pytest.raises(AdvisorError) as refused:
        report_from_json(bad, "office.project.json")
    told = {problem.column: problem for problem in refused.value.problems}
    assert set(told) == {
        "lots", "laboratory", "number", "date", "results[0].property", "results[0].warp.mean", "results[1]",
        "results[2].single.specimens", "results[2].single.deviation",
    }  # fmt: skip
    assert 'did you mean "lot"?' in told["lots"].hint and "tear_strength_n" in told["results[0].property"].hint
    assert all(problem.file == "office.project.json" for problem in refused.value.problems)


def test_everything_wrong_with_a_sample_is_told_at_once() -> None:
    with pytest.raises(AdvisorError) as refused:
        sample_from_json({"state": "lost", "photo": "R0lGODlh", "dates": [{"state": "sent", "date": "soon"}]})
    assert {problem.column for problem in refused.value.problems} == {"material", "state", "photo", "dates[0].date"}
    assert photo_problem(PNG) is None
    large = photo_problem(PNG + bytes(MOST_PHOTO))
    assert large is not None and large.code == "picture-too-large"
    assert STATES == ("requested", "sent", "received", "approved", "rejected")


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.text(max_size=6)
        | st.sampled_from(["tear_strength_n", "received"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["material", "results", "property", "warp", "mean", "state", "photo", "dates", "x"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    )
)
def test_no_document_ends_in_a_traceback(document: object) -> None:
    for read in (report_from_json, sample_from_json):
        with contextlib.suppress(AdvisorError):
            read(document)
