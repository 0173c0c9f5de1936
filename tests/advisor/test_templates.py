"""Own product types: what they keep, what they leave, and that no file of them can do harm."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.brief import Band, Brief, Climate, DemandEdit, Limit, Service
from advisor.problems import AdvisorError
from advisor.templates import (
    FIELDS,
    read_templates,
    remove_template,
    same_name,
    template_from_json,
    template_of,
    write_template,
)

MADE = Brief(
    title="Client A",
    product="kids-mini-backpack",
    panel="base",
    sector="education",
    market=("NG",),
    climate=Climate(place="Lagos"),
    price=Band(2.0, 5.0),
    order_quantity=800.0,
    limits=(Limit(property="areal_mass_g_m2", at_most=250.0),),
    priorities={"water": 8.0, "price": 2.5},
    demands={"tear_strength_n": DemandEdit(60.0, "mill says"), "hydrolysis_weeks": None},
    curves={"lightness": ((100.0, 1.0), (400.0, 0.0))},
    locks=("water",),
    service=Service(life_years=3.0),
)


def test_a_type_carries_its_settings_to_another_brief_and_leaves_the_order_alone():
    other = Brief(title="Client B", climate=Climate(place="Dubai"), market=("AE",), order_quantity=50.0)
    changed = template_of("School pack", MADE).applied(other)
    for field in FIELDS:
        assert getattr(changed, field) == getattr(MADE, field)
    assert (changed.title, changed.climate, changed.market) == ("Client B", other.climate, other.market)
    assert (changed.order_quantity, changed.sector) == (50.0, "")


def test_a_type_fits_only_the_brief_that_stands_as_it_would_set_it():
    template = template_of("School pack", MADE)
    assert template.fits(MADE) and template.fits(replace(MADE, climate=Climate(place="Oslo")))
    assert not template.fits(replace(MADE, priorities={"water": 7.0}))


def test_kept_types_come_back_whole_in_the_order_of_their_names(tmp_path: Path):
    folder = tmp_path / "new" / "products"
    for name in ("Ürün", "apron bag", "School pack", "书包", "مدرسة"):
        write_template(folder, template_of(name, MADE))
    found, problems = read_templates(folder)
    assert not problems
    assert {item.name for item in found} == {"Ürün", "apron bag", "School pack", "书包", "مدرسة"}
    assert [item.name for item in found][:3] == ["apron bag", "School pack", "Ürün"]
    assert all(item == template_of(item.name, MADE) for item in found)


def test_a_type_of_the_same_name_is_replaced_and_a_removed_one_is_gone(tmp_path: Path):
    write_template(tmp_path, template_of("School pack", MADE))
    write_template(tmp_path, template_of("SCHOOL  Pack", replace(MADE, priorities={})))
    (found,), _ = read_templates(tmp_path)
    assert found.settings.priorities == {} and same_name(found.name, "school pack")
    remove_template(tmp_path, "no such")
    remove_template(tmp_path, "school pack")
    assert read_templates(tmp_path) == ((), ())


def test_of_two_files_with_one_name_the_later_counts_and_both_go(tmp_path: Path):
    first = write_template(tmp_path, template_of("School pack", MADE))
    copied = tmp_path / "copied.product.json"
    copied.write_text(json.dumps(template_of("school pack", replace(MADE, locks=())).to_json()))
    os.utime(first, (1, 1))
    (found,), _ = read_templates(tmp_path)
    assert found.settings.locks == ()
    remove_template(tmp_path, "School Pack")
    assert not list(tmp_path.iterdir())


def test_broken_files_are_named_and_neither_used_nor_removed(tmp_path: Path):
    write_template(tmp_path, template_of("good", MADE))
    bad = {
        "broken": "{",
        "other": '{"format": "material-advisor-brief", "version": 1}',
        "newer": '{"format": "material-advisor-product", "version": 2, "name": "x", "settings": {}}',
        "nameless": '{"format": "material-advisor-product", "version": 1, "settings": {}}',
        "typo": '{"format": "material-advisor-product", "version": 1, "name": "x", "setings": {}}',
        "wrong": '{"format": "material-advisor-product", "version": 1, "name": "x", "settings": {"product": "sofa"}}',
        "list": '{"format": "material-advisor-product", "version": 1, "name": "x", "settings": []}',
    }
    for name, text in bad.items():
        (tmp_path / f"{name}.product.json").write_text(text)
    found, problems = read_templates(tmp_path)
    assert [item.name for item in found] == ["good"]
    assert {Path(problem.file).name.split(".")[0] for problem in problems} == set(bad)
    assert any('did you mean "settings"' in problem.line() for problem in problems)
    remove_template(tmp_path, "x")
    assert len(list(tmp_path.iterdir())) == len(bad) + 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_must_be_short_and_there(name: str):
    with pytest.raises(AdvisorError):
        template_of(name, MADE)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["name", "settings", "product", "limits", "x"]), inner, max_size=4)
        ),
        max_leaves=8,
    )
)
def test_no_document_breaks_the_reader(document):
    whole = {"format": "material-advisor-product", "version": 1, **(document if isinstance(document, dict) else {})}
    for each in (document, whole):
        try:
            found = template_from_json(each)
        except AdvisorError:
            continue
        assert template_from_json(found.to_json()) == found
