"""Coverage: ranges that hold what they were not fitted on, leaving out that leaves out, tables that are current."""

from __future__ import annotations

import math

import pytest

from advisor import coverage
from advisor.coverage import ANCHORS, FITS, TARGET, Fit, Trial, built, by_column, by_rule, trials
from advisor.evidence import read_sources, resolve
from advisor.files import shipped
from advisor.materials import bundled
from advisor.properties import properties
from advisor.rules import RULES


def trial(truth: float, low: float, typical: float, high: float, minimum: bool = False) -> Trial:
    return Trial("rule-x", "cloth", "tear_strength_n", truth, minimum, low, typical, high, True)


@pytest.mark.parametrize("held", by_rule(), ids=lambda held: held.name)
def test_every_rule_holds_nine_of_ten_figures_it_was_not_fitted_on(held):
    assert held.share >= TARGET, [(item.material, item.truth, item.low, item.high) for item in held.outside]


def test_the_builder_holds_nine_of_ten_figures_of_cloths_left_out():
    *columns, everything = by_column()
    assert everything.name == "all"
    assert len(everything.trials) == sum(len(held.trials) for held in columns) > 150
    assert everything.share >= TARGET
    assert everything.factor is not None
    assert everything.factor < 1.25


def test_only_measured_and_suppliers_figures_are_held_against_a_rule():
    table = bundled()
    for item in (*trials(), *built()):
        row = table.index[item.material]
        assert table.grade(row, item.property) in ("A", "B")
        assert item.truth == pytest.approx(float(table.typical[row, table.column(item.property)]), rel=1e-3)


def test_a_cloth_is_tried_once_a_rule_and_never_where_the_rule_rests_on_it():
    found = [(item.rule, item.material) for item in trials()]
    assert len(found) == len(set(found))
    assert not {(rule, material) for rule, materials in ANCHORS.items() for material in materials} & set(found)
    ids = {rule.id for rule in RULES}
    assert set(FITS) | set(ANCHORS) <= ids
    assert all(item.property == rule.property for rule in RULES for item in trials() if item.rule == rule.id)


def test_a_nominal_coat_grade_is_no_measured_head():
    for item in trials():
        if item.rule == "rule-R7-head":
            records = bundled().records[item.material, item.property]
            assert not all("nominal" in record.note.casefold() for record in resolve(records).records[:1])


def test_leaving_a_cloth_out_takes_its_pull_out():
    scale, power = Fit("scale", lambda c: ""), Fit("power", lambda c: "")
    line = {f"{x}": (math.log(x), math.log(2 * x)) for x in (10, 20, 40, 80)}
    assert coverage._influence(scale, line, "40") == pytest.approx(1)
    assert coverage._influence(power, line, "40") == pytest.approx(1)
    pulled = {**line, "high": (math.log(30), math.log(600))}
    # The geometric mean of four ratios of 2 and one of 20 is 2 · 10^(1/5); without the one it is 2.
    assert coverage._influence(scale, pulled, "high") == pytest.approx(10**-0.2)
    assert coverage._influence(power, pulled, "high") < 1
    assert coverage._influence(scale, {"one": (0.0, 1.0)}, "one") == 1
    assert coverage._influence(scale, line, "not among them") == 1


def test_a_range_holds_figures_between_its_ends_and_minimums_up_to_its_high_end():
    assert trial(10, 5, 10, 20).holds
    assert not trial(4, 5, 10, 20).holds
    assert not trial(21, 5, 10, 20).holds
    assert trial(4, 5, 10, 20, minimum=True).holds
    assert not trial(21, 5, 10, 20, minimum=True).holds
    assert trial(5, 5, 10, 20).factor == trial(20, 5, 10, 20).factor == 2
    assert trial(5, 5, 10, 20, minimum=True).factor is None
    assert trial(0, 0, 10, 20).factor is None


def test_a_widened_range_says_so_where_the_rule_is_described():
    described = read_sources(shipped("data", "sources.csv"))
    widened = [
        key for key in ("rule-R1-mass-from-denier", "rule-R2-laminate-mass", "rule-R3-taber") if key in described
    ]
    assert len(widened) == 3
    for key in widened:
        assert "left out" in described[key].note, key


def test_the_command_prints_every_rule_column_and_target(capsys):
    assert coverage.main() == 0
    shown = capsys.readouterr().out
    assert all(held.name in shown for held in (*by_rule(), *by_column()))
    assert all(key in properties() and key in shown for key in coverage.SHARE_TARGETS)
    assert "recycled-nylon" in shown
