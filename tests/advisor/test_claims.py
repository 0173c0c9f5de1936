"""Every claim of the two guides is judged from data/claims.csv, and its outcome is what the check finds now."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.claims import HOLDS, Claim, briefs, independent, judge, outcome_now, read_claims
from advisor.evidence import Evidence, Source, read_evidence
from advisor.files import shipped
from advisor.materials import bundled, sources
from advisor.problems import AdvisorError

CLAIMS = read_claims()
TESTED = [claim for claim in CLAIMS if claim.check]
RANKED = [claim for claim in TESTED if claim.kind == "ranking"]
#: Length of the guides in lines; they are not part of the project.
GUIDE_LINES = {"mini-backpack": 492, "running-backpack": 501}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "claims.md"


def named(claim: Claim) -> str:
    return claim.claim_id


def claim(check: str, kind: str = "table", brief: str = "", evidence: str = "") -> Claim:
    return Claim("X", "mini-backpack", 1, "", kind, check, brief, "not testable", evidence, "")


@pytest.mark.parametrize("item", TESTED, ids=named)
def test_the_outcome_is_what_the_check_finds_now(item):
    finding = judge(item, bundled())
    assert outcome_now(item, finding) == item.outcome, finding.words


def test_a_failing_claim_is_never_said_to_hold():
    item = claim("every: hydrostatic_head_mm {coating=none} > 5000")
    for outcome in (*HOLDS.values(), "overruled", "not testable"):
        said = replace(item, outcome=outcome)
        assert outcome_now(said, judge(said, bundled())) in ("overruled", "not testable")


def test_enough_claims_are_checked_and_enough_of_them_in_rankings():
    # Profiles carry defaults taken from the guides, so they show nothing and do not count here.
    held = {
        (item.guide, item.line, item.claim): item.outcome
        for item in TESTED
        if item.kind in ("table", "ranking") and item.outcome != "not testable"
    }
    counts = Counter(held.values())
    assert sum(counts.values()) >= 30
    assert counts["holds in the ranking"] >= 15


def test_ids_are_unique_and_lines_lie_in_their_guide():
    assert len({item.claim_id for item in CLAIMS}) == len(CLAIMS)
    assert {item.guide for item in CLAIMS} == set(GUIDE_LINES)
    for item in CLAIMS:
        assert 1 <= item.line <= GUIDE_LINES[item.guide], item.claim_id
        assert item.claim_id[0] == ("M" if item.guide == "mini-backpack" else "R")


@pytest.mark.parametrize("item", [item for item in CLAIMS if item.outcome == "overruled"], ids=named)
def test_overruling_rests_on_two_independent_sources_of_grade_a_or_b(item):
    assert item.check
    assert len(independent(item, read_evidence(shipped("data", "evidence.csv")), sources())) >= 2
    assert item.note


@pytest.mark.parametrize("item", [item for item in CLAIMS if item.outcome == "not testable"], ids=named)
def test_what_is_not_tested_says_why(item):
    assert len(item.note) >= 10
    assert bool(item.check) == (item.kind != "none")


@pytest.mark.parametrize("item", RANKED, ids=named)
def test_a_ranking_says_how_its_brief_follows_from_the_words(item):
    assert "place {" in item.check
    assert briefs(item)
    assert item.note


#: ``SCOPE: MEASURE {A} RELATION {B}``, the statements that can be turned round.
TWO_SIDED = re.compile(r"(.+?: [^{]+)(\{[^}]*\}) (above|>|<) (\{[^}]*\})")


@pytest.mark.parametrize("item", [item for item in TESTED if item.outcome in HOLDS.values()], ids=named)
def test_a_claim_turned_round_does_not_hold(item):
    for statement in item.check.split("; "):
        match = TWO_SIDED.fullmatch(statement)
        if match:
            turned = f"{match[1]}{match[4]} {match[3]} {match[2]}"
            assert judge(replace(item, check=turned), bundled()).holds is False, turned


# The language -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        ("every: yarn_denier {id=nylon-210d-oxford-pu} = 210", True),
        ("every: yarn_denier {id=nylon-210d-oxford-pu|nylon-420d-packcloth-pu} = 210", False),
        ("median: yarn_denier {id=nylon-210d-oxford-pu|nylon-420d-packcloth-pu} = 315", True),
        ("best: yarn_denier {id=nylon-210d-oxford-pu|nylon-420d-packcloth-pu} > {id=polyester-300d-oxford-pu}", True),
        ("best: yarn_denier {id=nylon-210d-oxford-pu|nylon-420d-packcloth-pu} < {id=polyester-300d-oxford-pu}", True),
        ("every: yarn_denier {id=nylon-420d-packcloth-pu} >= 2 x {id=nylon-210d-oxford-pu}", True),
        ("every: yarn_denier {id=nylon-420d-packcloth-pu} > 2 x {id=nylon-210d-oxford-pu}", False),
        (
            "every: abrasion_cycles.low {main=nylon} < {id=nylon-2000d-plain-pu}; every: yarn_denier {main=mesh} > 0",
            False,
        ),
        ("every pair by coating: coating_is {main=nylon} > {main=canvas}", None),
        ("every: tear_strength_n {main=silk} > 1", None),
        ("every pair by yarn_denier: tear_strength_n {main=canvas} > {main=nylon}", None),
        ("sometimes: tear_strength_n {main=nylon} > {main=canvas}", None),
        ("place {main=nylon} above {main=canvas}", None),
        ("best: place {main=nylon} above {main=canvas}", None),
        ("products nonesuch litres > 1", None),
    ],
)
def test_a_statement_on_the_table_is_read_as_it_says(check, holds):
    if holds is None:
        with pytest.raises(AdvisorError):
            judge(claim(check), bundled())
    else:
        assert judge(claim(check), bundled()).holds is holds


def test_a_tie_is_not_above_and_what_is_screened_out_is_above_nothing():
    level = '{"product": "classic-mini-backpack", "priorities": {"*": 0, "recycled": 10}}'
    check = "best: place {id=nylon-210d-oxford-pu} above {id=nylon-420d-packcloth-pu}"
    assert judge(claim(check, "ranking", level), bundled()).holds is False
    screened = '{"product": "fashion-lifestyle-mini", "limits": [{"family": ["canvas"]}]}'
    check = "every: place {main=nylon} above {main=polyester}"
    assert judge(claim(check, "ranking", screened), bundled()).holds is False


def test_a_list_of_briefs_must_bear_the_claim_out_in_each():
    one = '{"priorities": {"*": 0, "lightness": 10}, "limits": [{"property": "areal_mass_g_m2", "at_most": 130}]}'
    other = '{"priorities": {"*": 0, "tensile": 10}, "product": "high-capacity-endurance-pack"}'
    check = "best: place {id=nylon-210d-oxford-pu} above {id=nylon-420d-packcloth-pu}"
    assert judge(claim(check, "ranking", one), bundled()).holds is True
    assert judge(claim(check, "ranking", f"[{one}, {other}]"), bundled()).holds is False


def test_a_brief_of_a_claim_is_checked_like_any_other():
    with pytest.raises(AdvisorError, match="JSON"):
        judge(claim("best: place {main=nylon} within 3", "ranking"), bundled())
    with pytest.raises(AdvisorError, match="lightness"):
        judge(claim("best: place {main=nylon} within 3", "ranking", '{"priorities": {"lightnes": 3}}'), bundled())


def record(source: str, grade: str) -> Evidence:
    return Evidence("cloth", "areal_mass_g_m2", 1.0, 1.0, 1.0, "g/m²", "", grade, source, "", "1")


def test_two_records_overrule_only_when_graded_a_or_b_and_of_different_sources():
    known = {key: Source(key, "supplier", key, "", "", grade, "") for key, grade in zip("abc", "ABC", strict=True)}
    evidence = [record("a", "A"), record("a", "B"), record("b", "B"), record("c", "C")]

    def of(*names: str) -> tuple[str, ...]:
        return independent(claim("", evidence="|".join(names)), evidence, known)

    cell = "cloth/areal_mass_g_m2"
    assert of(f"a/{cell}", f"b/{cell}") == ("a", "b")
    assert of("a", "b") == ("a", "b")
    assert of(f"a/{cell}", f"a/{cell}") == ("a",)
    assert of(f"a/{cell}", f"c/{cell}", "c") == ("a",)
    assert of(f"a/{cell}", "b/cloth/tear_strength_n", "nobody") == ("a",)


@pytest.mark.parametrize(
    "text",
    [
        "id,guide\n",
        "claim_id,guide,line,claim,kind,check,brief,outcome,evidence,note\nX,another,1,,table,,,overruled,,\n",
        "claim_id,guide,line,claim,kind,check,brief,outcome,evidence,note\nX,mini-backpack,one,,table,,,overruled,,\n",
        "claim_id,guide,line,claim,kind,check,brief,outcome,evidence,note\nX,mini-backpack,1,,table,,,perhaps,,\n",
    ],
)
def test_a_broken_list_of_claims_is_refused(tmp_path, text):
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AdvisorError):
        read_claims(path)


# The page ---------------------------------------------------------------------------------------------------------


def test_the_page_counts_what_the_list_holds():
    text = PAGE.read_text(encoding="utf-8")
    counts = Counter((item.outcome, item.kind) for item in CLAIMS)
    rows = re.findall(r"^\| ([a-z ]+?) \| (\w+) \| (\d+) \|$", text, flags=re.MULTILINE)
    assert {(outcome, kind): int(number) for outcome, kind, number in rows} == dict(counts)
    for item in CLAIMS:
        if item.outcome == "overruled" or (item.check and item.outcome == "not testable"):
            assert re.search(rf"\b{item.claim_id}\b", text), f"{item.claim_id} is not on the page"
