"""What the guides and other evidence disagree about is said where it counts, with both sides, and nowhere else."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.claims import read_claims
from advisor.contested import HEADER, disputes, marks_of, read_disputes
from advisor.explanation import above_sentence, compare, contested
from advisor.materials import bundled, sources
from advisor.problems import AdvisorError
from advisor.profiles import market_codes, products
from advisor.properties import CRITERIA, properties
from advisor.rules import SUN_DOSE, sun_webbing
from advisor.sentences import Sentence, say

SUN = next(item for item in disputes() if item.property == "uv_strength_retention_pct")


def answer(place: str = "Berlin", **priorities: float) -> Any:
    return solve(bundled(), Brief(product="classic-mini-backpack", climate=Climate(place), priorities=priorities))


def only(criterion: str, place: str = "Berlin") -> Any:
    return answer(place, **{key: 10.0 if key == criterion else 0.0 for key in CRITERIA})


def said(found: Any, a: str, b: str) -> str:
    index = found.table.index
    return say(above_sentence(found, compare(found, index[a], index[b])))


def test_each_dispute_names_claims_left_open_and_sources_that_exist():
    outcomes = {item.claim_id: item.outcome for item in read_claims()}
    for dispute in disputes():
        assert dispute.property in properties() or not dispute.property
        assert {outcomes[claim] for claim in dispute.claims} == {"not testable"}
        assert dispute.sources or not dispute.property
        kind, names = dispute.where
        assert set(names) <= {"product": set(products()), "market": set(market_codes()), "": set()}[kind]
        assert set(dispute.sources) <= set(sources())
        assert dispute.guides and dispute.others


def test_the_figures_said_of_the_webbing_are_those_of_the_rule():
    kept = [f"{sun_webbing(polymer, SUN_DOSE):.0f} %" for polymer in ("pa6", "pet")]
    assert all(figure in SUN.others for figure in kept)
    assert SUN.others.index(kept[0]) < SUN.others.index(kept[1])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("nylon-420d-packcloth-pu", "polyester-200d-oxford-pu"),
        ("recycled-nylon-210d-oxford-pu", "rpet-200d-oxford-pu"),
        ("nylon-840d-oxford-tpu", "lining-210d-polyester-pu"),
    ],
)
def test_nylon_above_polyester_by_sun_is_said_to_be_contested_with_both_sides(a, b):
    text = said(only("sun"), a, b)
    assert " above " in text
    assert text.endswith(f" Sun is contested: {SUN.guides}; {SUN.others}.")
    # The other way round it is the same order, so the same is said.
    assert said(only("sun"), b, a).endswith(f"{SUN.others}.")


def test_polyester_above_nylon_in_spite_of_sun_is_said_to_be_contested_too():
    found = answer("Berlin", **(dict.fromkeys(CRITERIA, 0.0) | {"sun": 2.0, "colour": 10.0}))
    text = said(found, "polyester-200d-oxford-pu", "nylon-420d-packcloth-pu")
    assert " above " in text
    assert "Sun is contested: both guides" in text


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("polyester-600d-oxford-pu", "nylon-210d-oxford-pu"),
        ("nylon-420d-packcloth-pu", "nylon-210d-oxford-pu"),
        ("polyester-600d-oxford-pu", "polyester-200d-oxford-pu"),
        ("nylon-840d-oxford-tpu", "xpac-vx07"),
        ("nylon-840d-oxford-tpu", "polycotton-canvas-8oz"),
        ("nylon-840d-oxford-tpu", "cotton-canvas-8oz"),
    ],
)
def test_what_agrees_with_the_guides_or_is_no_such_pair_is_not_contested(a, b):
    assert "contested" not in said(only("sun"), a, b)


def test_where_sun_does_not_count_nothing_is_contested():
    assert "contested" not in said(only("price"), "nylon-420d-packcloth-pu", "polyester-200d-oxford-pu")


def test_the_words_follow_from_the_numbers_for_any_pair():
    chance = random.Random(7)
    seen = 0
    for place in ("Lagos", "Dubai", "Berlin"):
        found = answer(place, sun=9.0, water=chance.uniform(0, 5))
        sun = found.ranking.contributions[:, CRITERIA.index("sun")]
        for _ in range(150):
            a, b = chance.sample(range(len(found.table)), 2)
            comparison = compare(found, a, b)
            against = SUN in contested(found, comparison, comparison.differences)
            side = SUN.favoured(found.table.tags[a], found.table.tags[b])
            assert against == (side != 0 and np.sign(sun[a] - sun[b]) == -side)
            text = say(above_sentence(found, comparison))
            assert text.count("Sun is contested: ") <= against
            if "Sun" in text.partition(" Sun is")[0] and against:
                assert "Sun is contested: " in text
                seen += 1
    assert seen > 5


def test_one_pair_of_tags_is_taken_either_way_round_and_mixed_cloth_as_neither():
    assert SUN.favoured({"polyester"}, {"nylon"}) == 1
    assert SUN.favoured({"nylon", "recycled"}, {"rpet", "polyester"}) == -1
    assert SUN.favoured({"nylon"}, {"nylon"}) == 0
    assert SUN.favoured({"nylon", "polyester"}, {"nylon"}) == 0
    assert SUN.favoured({"nylon", "laminate"}, {"polyester"}) == 0
    assert replace(SUN, unless=()).favoured({"nylon", "laminate"}, {"polyester"}) == -1
    both = replace(SUN, this=("nylon+ripstop",), that=("nylon+!ripstop",), unless=())
    assert both.favoured({"nylon", "ripstop"}, {"nylon"}) == 1 and both.favoured({"nylon"}, {"nylon", "ripstop"}) == -1
    assert both.favoured({"ripstop"}, {"polyester"}) == 0


@pytest.mark.parametrize("dispute", disputes(), ids=lambda item: "-".join(item.claims))
def test_every_dispute_is_said_of_every_pair_it_concerns_and_of_no_other(dispute):
    product = dispute.where[1][0] if dispute.where[0] == "product" else "classic-mini-backpack"
    market = dispute.where[1][:1] if dispute.where[0] == "market" else ()
    priorities = {dispute.criterion: 10.0} if dispute.criterion else {}
    found = solve(bundled(), Brief(product=product, market=market, climate=Climate("Lagos"), priorities=priorities))
    said_text = f"{dispute.guides}; {dispute.others}."
    elsewhere = solve(bundled(), Brief(climate=Climate("Lagos"), product="kids-mini-backpack", priorities=priorities))
    chance = random.Random(3)
    seen = 0
    for _ in range(1500):
        a, b = chance.sample(range(len(found.table)), 2)
        side = dispute.favoured(marks_of(found.table, a), marks_of(found.table, b))
        comparison = compare(found, a, b)
        part = next(
            (item.gap for item in comparison.differences if item.criterion == dispute.criterion), comparison.gap
        )
        text = say(above_sentence(found, comparison))
        if side * part >= 0:
            assert said_text not in text
        elif not dispute.criterion or criterion_named(text, dispute.criterion):
            assert said_text in text
            seen += 1
        if dispute.where[0] and chance.random() < 0.1:
            assert said_text not in say(above_sentence(elsewhere, compare(elsewhere, a, b)))
    assert seen > 0


def criterion_named(text, criterion):
    """Whether the clauses of a sentence, before what is contested, name a criterion."""
    name = say(Sentence(f"criterion-{criterion}"))
    return name in text.partition(": ")[2].partition(" contested: ")[0].rpartition(". ")[0]


@pytest.mark.parametrize(
    "text",
    [
        "property,this\n",
        ",".join(HEADER) + "\nno_such_property,a,b,,,x,y,M51,s\n",
        ",".join(HEADER) + "\nuv_strength_retention_pct,a,b,,,,y,M51,s\n",
        ",".join(HEADER) + "\nuv_strength_retention_pct,a,b,,colour=red,x,y,M51,s\n",
        ",".join(HEADER) + "\nuv_strength_retention_pct,a,b,,product=,x,y,M51,s\n",
        ",".join(HEADER) + "\nuv_strength_retention_pct,a\n",
    ],
)
def test_a_broken_list_of_disputes_is_refused(tmp_path, text):
    path = tmp_path / "contested.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AdvisorError):
        read_disputes(path)
