"""Proof: every published case comes out as printed, and a method that is broken turns its cases red."""

from __future__ import annotations

import inspect
import json
from dataclasses import replace

import numpy as np
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


def dearer_is_better(matrix, weights, goals):
    """What one library does: costs turned round and divided by their sum again, so that dearer is better."""
    right = copras(matrix, weights, goals)
    scores = right.steps["S_plus"] + right.steps["S_minus"]
    return Scored("copras", scores / scores.max(), places(scores), True, right.steps)


def off(work):
    """A method whose scores are a hundredth too high for its best row."""

    def broken(*given, **more):
        right = work(*given, **more)
        scores = right.scores.copy()
        scores[int(np.argmax(np.abs(scores)))] *= 1.01
        steps = {
            key: value * 1.01 if isinstance(value, np.ndarray) and value.dtype == np.float64 else value
            for key, value in right.steps.items()
        }
        return replace(right, scores=scores, steps=steps)

    return broken


def turned(work):
    """A method that takes what is to be made large for what is to be made small, and the other way round."""
    other = {"max": "min", "min": "max", "lower": "upper", "upper": "lower", "target": "target"}

    def broken(matrix, weights, goals, *given, **more):
        return work(matrix, weights, [other[goal] for goal in goals], *given, **more)

    return broken


def half_off(work):
    """A step of one part in fifty on a plain number."""
    return lambda *given: work(*given) * 0.98


def weights_off(work):
    """Weights that lean to the first by six of a hundred."""

    def broken(*given, **more):
        right = work(*given, **more)
        weights = right.weights * np.linspace(1.06, 0.94, len(right.weights))
        return replace(right, weights=weights / weights.sum())

    return broken


def shifted(work):
    """Preferences that rise a tenth too late."""

    def broken(matrix, weights, goals, preferences, fast=True):
        later = [replace(one, q=one.q * 1.1 + 0.01, p=one.p * 1.1 + 0.02, s=one.s * 1.1) for one in preferences]
        return work(matrix, weights, goals, later, fast)

    return broken


def steeper(work):
    """One alternative's share of first places is handed to another."""

    def broken(problem):
        right = work(problem)
        return {**right, "scores": [right["scores"][-1], *right["scores"][:-1]]}

    return broken


#: A way to break each method, and cases that have to notice (more may).
BROKEN = [
    ("weighted_sum", off, "wsm_kracka2010_heating"),
    ("weighted_sum", turned, "wsm_kracka2010_heating"),
    ("weighted_product", off, "wpm_wikipedia_product"),
    ("weighted_product", turned, "wpm_wikipedia_product"),
    ("waspas", off, "waspas_tus2019_software"),
    ("waspas", turned, "waspas_tus2019_software"),
    ("topsis", off, "topsis_tzeng2011"),
    ("topsis", turned, "vikor_topsis_opricovic2004_mountain"),
    ("vikor", off, "vikor_tzeng2011_matrix"),
    ("vikor", turned, "vikor_papathanasiou2018_sites"),
    ("copras", off, "copras_uysal2022_assistants"),
    ("copras", lambda _: dearer_is_better, "copras_uysal2022_assistants"),
    ("spotis", off, "spotis_dezert2020_cars"),
    ("spotis", turned, "spotis_dezert2020_small"),
    ("promethee", off, "promethee2_zhao2013_usual"),
    ("promethee", turned, "promethee2_ziemba2019_linear"),
    ("promethee", shifted, "promethee_shapes_by_hand"),
    ("pareto", turned, "fabric_screen_pareto_pack_barlow2021"),
    ("limits_on_properties", off, "lopm_farag_material"),
    ("simple_ranking", off, "weighted_rank_sum_zakeri2023_pcm"),
    ("decide", steeper, "smaa_thrombolytics_drugis"),
    ("spearman", half_off, "rank_similarity_salabun2020"),
    ("weighted_spearman", half_off, "rank_similarity_salabun2020"),
    ("ws_similarity", half_off, "rank_similarity_salabun2020"),
    ("kendall", half_off, "kendall_by_hand"),
    ("entropy", weights_off, "weights_entropy_xu2004"),
    ("critic", weights_off, "weights_critic_tus2019"),
    ("merec", weights_off, "weights_merec_keshavarz2021"),
    ("rank_order_centroid", weights_off, "OWN_weights_roc_exact"),
    ("ahp", weights_off, "ahp_papathanasiou2018_sites"),
    ("best_worst", weights_off, "weights_bwm_rezaei2015_car"),
    ("best_worst_linear", weights_off, "weights_bwm_linear_rezaei2016_car"),
]


def test_every_method_that_proof_works_with_is_broken_below():
    borrowed = {
        name
        for name, work in vars(proof).items()
        if inspect.isfunction(work) and work.__module__ in ("advisor.methods", "advisor.weighting")
    }
    assert borrowed - {"places"} <= {name for name, _, _ in BROKEN}


@pytest.mark.parametrize(("method", "fault", "case"), BROKEN, ids=lambda part: getattr(part, "__name__", part))
def test_a_broken_method_turns_its_case_red(monkeypatch, method, fault, case):
    monkeypatch.setattr(proof, method, fault(getattr(proof, method)))
    assert not work_out(CASES[case]).passed


def test_a_broken_index_turns_its_case_red(monkeypatch):
    right = vars(proof)["index"]
    monkeypatch.setattr(proof, "index", lambda text, *given: right(text.replace("0.5", "0.51"), *given))
    assert not work_out(CASES["ashby_index_alejo_light_stiff_beam"]).passed


def test_a_broken_method_ends_the_command_with_status_1_and_names_its_case(monkeypatch, capsys):
    monkeypatch.setattr(proof, "copras", dearer_is_better)
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
