"""Proof: every published case comes out as printed, and a method that is broken turns its cases red."""

from __future__ import annotations

import json

import pytest

import advisor.proof as proof
from advisor.__main__ import main
from advisor.methods import Scored, copras, places
from advisor.proof import WORKED, cases, proof_text, prove, work_out

CASES = {case["name"]: case for case in cases()}


def test_every_case_has_its_worker_and_every_worker_its_case():
    assert set(CASES) == set(WORKED)
    assert len(CASES) >= 20


@pytest.mark.parametrize("name", CASES)
def test_a_case_comes_out_as_printed(name):
    result = work_out(CASES[name])
    assert result.passed, [check for check in result.checks if not check.passed] or result.notes
    assert result.checks and result.citation
    assert all(check.difference <= check.tolerance for check in result.checks)


@pytest.mark.parametrize("name", CASES)
def test_a_case_names_its_source_or_says_that_it_is_worked_by_hand(name):
    case = CASES[name]
    assert case["source"]["url"].startswith("http") or case["hand_worked"]
    if case.get("hand_worked"):
        assert "worked by hand" in work_out(case).notes


def test_scores_come_before_ranks():
    for case in CASES.values():
        kinds = [check.what == "ranks" for check in WORKED[case["name"]](case)]
        assert not kinds[0]


def test_the_slips_in_print_are_noted():
    assert any("swaps" in note for note in work_out(CASES["weighted_rank_sum_zakeri2023_pcm"]).notes)


@pytest.mark.parametrize("name", CASES)
def test_a_case_with_another_printed_figure_fails(name):
    case = json.loads(json.dumps(CASES[name]))

    def spoil(value):
        if isinstance(value, dict):
            return {key: item if "tolerance" in key else spoil(item) for key, item in value.items()}
        if isinstance(value, list):
            return [spoil(item) for item in value]
        return value + 1 if isinstance(value, int | float) and not isinstance(value, bool) else f"not {value}"

    case["expected"] = spoil(case["expected"])
    assert not work_out(case).passed


def wrong_copras(matrix, weights, goals):
    """What one library does: costs turned round and divided by their sum again, so that dearer is better."""
    right = copras(matrix, weights, goals)
    scores = right.steps["S_plus"] + right.steps["S_minus"]
    return Scored("copras", scores / scores.max(), places(scores), True, right.steps)


def test_a_broken_method_turns_the_proof_red(monkeypatch, capsys):
    monkeypatch.setattr(proof, "copras", wrong_copras)
    failed = [result.name for result in prove() if not result.passed]
    assert failed == ["copras_uysal2022_assistants"]
    assert main(["proof"]) == 1
    shown = capsys.readouterr().out
    assert "FAIL  copras_uysal2022_assistants" in shown and f"{len(CASES) - 1} of {len(CASES)} cases pass" in shown


def test_a_method_that_crashes_is_a_failed_case(monkeypatch):
    def crash(*_):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(proof, "spotis", crash)
    result = work_out(CASES["spotis_dezert2020_small"])
    assert not result.passed and "by nothing" in result.notes[-1]
    assert "FAIL" in proof_text([result])


def test_the_command_prints_source_difference_and_pass_of_every_case(capsys):
    assert main(["proof"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("pass  ") == shown.count("source: ") == len(CASES)
    assert shown.count("largest difference") == len(CASES)
    assert f"{len(CASES)} of {len(CASES)} cases pass" in shown
