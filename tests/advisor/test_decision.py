"""Decision: the contract of ``decide`` for every method, and what is said of problems that are none."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.__main__ import main
from advisor.decision import DEFAULT_NORMALISATION, METHODS, decide, decision_text, problem_from_json
from advisor.problems import AdvisorError

every = pytest.mark.parametrize("method", METHODS)


def criteria(*goals, **more):
    return [{"name": f"C{number}", "goal": goal, "weight": 1, **more} for number, goal in enumerate(goals, start=1)]


def rows(*values):
    return [{"name": f"A{number}", "values": list(row)} for number, row in enumerate(values, start=1)]


def problem(method, goals=("max", "min"), values=((3, 4), (2, 2), (4, 5)), **more):
    return {"method": method, "criteria": criteria(*goals), "alternatives": rows(*values), **more}


def solved(document):
    found = decide(problem_from_json(document))
    return json.loads(json.dumps(found, allow_nan=False))


def problems_of(document):
    with pytest.raises(AdvisorError) as caught:
        decide(problem_from_json(document, "p.json"))
    return caught.value.problems


# The answer -----------------------------------------------------------------------------------------------------------


@every
def test_the_answer_has_the_keys_of_the_contract_in_the_order_given(method):
    found = solved(problem(method, parameters={"samples": 500}))
    assert list(found) == ["method", "scores", "ranks", "higher_is_better", "extra"]
    assert found["method"] == method and len(found["scores"]) == len(found["ranks"]) == 3
    assert found["higher_is_better"] is (method not in ("vikor", "spotis"))
    assert found["extra"]["incomplete"] == []


@every
def test_a_null_takes_its_row_out_and_the_others_are_compared_among_themselves(method):
    settings = {"parameters": {"samples": 500}}
    found = solved(problem(method, values=((3, 4), (None, 2), (2, 2), (4, 5)), **settings))
    without = solved(problem(method, values=((3, 4), (2, 2), (4, 5)), **settings))
    assert found["scores"][1] is None and found["ranks"][1] is None and found["extra"]["incomplete"] == ["A2"]
    assert [found["scores"][row] for row in (0, 2, 3)] == without["scores"]
    assert [found["ranks"][row] for row in (0, 2, 3)] == without["ranks"]
    for key, table in found["extra"].items():
        if isinstance(table, list) and len(table) == 4 and key != "incomplete":
            assert table[1] is None


@every
def test_nothing_but_nulls_is_an_answer_too(method):
    found = solved(problem(method, values=((None, 1), (1, None))))
    assert found["scores"] == found["ranks"] == [None, None]


@every
def test_equal_rows_share_a_rank_and_the_next_one_is_skipped(method):
    found = solved(problem(method, ("max", "max"), ((2, 2), (3, 3), (2, 2), (1, 1)), parameters={"samples": 200}))
    expected = [2, 1, 2, 2] if method in ("pareto", "smaa") else [2, 1, 2, 4]
    assert found["ranks"] == expected


def test_vikors_score_is_q_and_the_compromise_set_is_named():
    found = solved(problem("vikor", ("max",) * 3, ((5, 8, 4), (7, 6, 8), (8, 8, 6), (7, 4, 6))))
    assert found["scores"] == found["extra"]["Q"] and found["extra"]["compromise"][0] == "A3"
    assert 0 in found["scores"]


def test_promethees_score_is_the_net_flow():
    document = problem("promethee2", ("max", "min"))
    document["criteria"][0] |= {"preference": "linear", "q": 0.5, "p": 2}
    document["criteria"][1] |= {"preference": "u-shape", "q": 1}
    found = solved(document)
    plus, minus = found["extra"]["phi_plus"], found["extra"]["phi_minus"]
    assert found["scores"] == pytest.approx([up - down for up, down in zip(plus, minus, strict=True)])
    assert sum(found["scores"]) == pytest.approx(0)


def test_copras_gives_utility_of_the_best():
    found = solved(problem("copras"))
    assert max(found["scores"]) == 1 and min(found["scores"]) > 0


def test_pareto_scores_one_or_nothing_and_says_who_dominates():
    found = solved(problem("pareto", values=((3, 4), (3, 5), (5, 5))))
    assert found["scores"] == [1, 0, 1] and found["ranks"] == [1, 3, 1]
    assert found["extra"]["dominated_by"] == [[], ["A1", "A3"], []] and found["extra"]["front"] == ["A1", "A3"]


def test_smaa_takes_ranges_and_distributions_and_gives_rank_acceptability():
    cells = ([{"low": 1, "typical": 2, "high": 6}, 3], [{"normal": [2.5, 1]}, 2], [{"beta": [2, 5]}, 1])
    document = problem("smaa", values=cells, parameters={"weights": "open", "samples": 2000, "seed": 9})
    for criterion in document["criteria"]:
        del criterion["weight"]
        criterion["bounds"] = [0, 10]
    found = solved(document)
    table = found["extra"]["rank_acceptability"]
    assert [row[0] for row in table] == found["scores"] and sum(found["scores"]) == pytest.approx(1)
    assert all(sum(row) == pytest.approx(1) for row in table)
    assert solved(document) == found, "the same seed, the same bits"
    assert solved({**document, "parameters": {**document["parameters"], "seed": 10}})["scores"] != found["scores"]


def test_ordered_weights_fall_as_listed():
    document = problem("smaa", ("max", "max"), ((1, 0), (0, 1)), parameters={"weights": "ordered", "samples": 500})
    assert solved(document)["scores"] == [1, 0]
    document["criteria"].reverse()
    document["alternatives"] = rows((0, 1), (1, 0))
    assert solved(document)["scores"] == [0, 1]


def test_the_scores_of_a_fixed_weighing_are_all_or_nothing():
    found = solved(problem("smaa", ("max", "max"), ((0.9, 0.1), (0.4, 0.5)), parameters={"samples": 100}))
    assert found["scores"] == [1, 0] and found["extra"]["central_weights"][1] is None


# Settings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["wsm", "wpm", "waspas", "topsis"])
def test_the_default_normalisation_is_the_contracts(method):
    assert DEFAULT_NORMALISATION == {"wsm": "minmax", "wpm": "none", "waspas": "max", "topsis": "vector"}
    named = problem(method, parameters={"normalisation": DEFAULT_NORMALISATION[method]})
    assert solved(problem(method))["scores"] == solved(named)["scores"]


def test_the_weighted_product_uses_negative_exponents_for_costs():
    document = problem("wpm", values=((4, 2), (9, 3)))
    document["criteria"][0]["weight"], document["criteria"][1]["weight"] = 3, 1
    assert solved(document)["scores"] == pytest.approx([4**0.75 * 2**-0.25, 9**0.75 * 3**-0.25])


@pytest.mark.parametrize(
    ("normalisation", "expected"),
    [
        ("minmax", [0.5 * 0.5 + 0.5 * (1 / 3), 0.5, 0.5]),
        ("max", [0.5 * 0.75 + 0.5 * 0.5, 0.5 * 0.5 + 0.5, 0.5 + 0.5 * 0.4]),
        ("none", [0.5 * 3 - 0.5 * 4, 0.0, 0.5 * 4 - 0.5 * 5]),
    ],
)
def test_the_weighted_sum_under_each_normalisation(normalisation, expected):
    found = solved(problem("wsm", parameters={"normalisation": normalisation}))
    assert found["scores"] == pytest.approx(expected)


def test_weights_are_normalised_unless_the_problem_says_otherwise():
    whole = solved(problem("wsm"))
    plain = solved(problem("wsm", parameters={"normalise_weights": False}))
    assert plain["scores"] == pytest.approx([2 * score for score in whole["scores"]])
    assert whole["extra"]["weights"] == [0.5, 0.5] and plain["extra"]["weights"] == [1, 1]


def test_v_and_lambda_count():
    assert solved(problem("vikor", parameters={"v": 1}))["scores"] != solved(problem("vikor"))["scores"]
    by_sum = solved(problem("waspas", parameters={"lambda": 1}))["scores"]
    assert by_sum == pytest.approx(solved(problem("wsm", parameters={"normalisation": "max"}))["scores"])


def test_bounds_are_linear_and_not_clipped_and_without_them_figures_are_values():
    document = problem("spotis", ("max", "min"), ((12, 0), (5, 5)))
    for criterion in document["criteria"]:
        criterion["bounds"] = [0, 10]
    assert solved(document)["scores"] == pytest.approx([-0.1, 0.5])
    assert solved(problem("spotis", ("max", "min"), ((0.75, 0.5),)))["scores"] == pytest.approx([0.375])


@pytest.mark.parametrize("method", [method for method in METHODS if method not in ("wpm", "waspas", "copras")])
def test_the_figure_nearest_its_target_is_best(method):
    document = problem(method, ("target",), ((4,), (5.5,), (9,)), parameters={"samples": 100})
    document["criteria"][0] |= {"target": 5, "bounds": [0, 10]}
    assert solved(document)["ranks"][1] == 1


def test_settings_a_method_has_no_use_for_are_left_alone():
    spare = {"normalisation": "sum", "normalise_weights": True, "v": 0.5, "lambda": 0.5, "weights": "given", "seed": 1}
    for method in ("vikor", "promethee2", "copras", "spotis", "pareto"):
        assert solved(problem(method, parameters=spare))["scores"] == solved(problem(method))["scores"]


def test_pareto_needs_no_weights_and_names_may_be_left_out():
    document = {
        "method": "pareto",
        "criteria": [{"goal": "max"}, {"goal": "min"}],
        "alternatives": [{"values": [1, 2]}, {"values": [2, 1]}],
    }
    assert solved(document)["extra"]["dominated_by"] == [["A2"], []]


# Awkward figures ------------------------------------------------------------------------------------------------------


@every
@settings(max_examples=25)
@given(
    values=st.lists(
        st.tuples(*[st.one_of(st.none(), st.just(0), st.integers(-3, 3), st.floats(-1e6, 1e6))] * 2),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_the_figures_there_is_an_answer_without_nan_or_a_named_cell(method, values):
    document = problem(method, values=values, parameters={"samples": 50})
    try:
        found = solved(document)
    except AdvisorError as error:
        refused = error.problems[0]
    else:
        refused = None
    if refused:
        assert method in ("wpm", "waspas", "copras")
        assert refused.row and refused.column in ("C1", "C2")
        return
    for row, score, rank in zip(values, found["scores"], found["ranks"], strict=True):
        assert (score is None) == (rank is None) == (None in row)
        assert score is None or math.isfinite(score)


@pytest.mark.parametrize("method", ["wpm", "waspas"])
@pytest.mark.parametrize("figure", [0, -1])
def test_a_figure_a_method_cannot_take_names_the_cell(method, figure, tmp_path, capsys):
    path = tmp_path / "problem.json"
    document = problem(method, values=((1, 2), (3, figure)))
    document["criteria"][1]["name"], document["alternatives"][1]["name"] = "Price", "Ripstop"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert main(["decide", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    for word in ("problem.json", "row 2", "Price", "Ripstop", f"has {figure}"):
        assert word in said.err


# Problems that are none -----------------------------------------------------------------------------------------------

RANGE = {"low": 1, "typical": 2, "high": 3}


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"metod": "wsm"}, "metod", 'did you mean "method"?'),
        ({"method": "topsi"}, "method", 'did you mean "topsis"?'),
        ({"parameters": {"normalization": "max"}}, "parameters.normalization", "normalisation"),
        ({"parameters": {"normalisation": "min-max"}}, "parameters.normalisation", "minmax"),
        ({"parameters": {"v": 1.5}}, "parameters.v", "from 0 to 1"),
        ({"parameters": {"lambda": "half"}}, "parameters.lambda", "number"),
        ({"parameters": {"weights": "open"}}, "parameters.weights", "smaa"),
        ({"parameters": {"samples": 0}}, "parameters.samples", "whole number"),
        ({"parameters": {"seed": 1.5}}, "parameters.seed", "whole number"),
        ({"parameters": {"normalise_weights": "yes"}}, "parameters.normalise_weights", "true or false"),
        ({"criteria": []}, "criteria", "at least one"),
        ({"alternatives": []}, "alternatives", "at least one"),
        ({"alternatives": {}}, "alternatives", "list"),
        ({"criteria": criteria("max", "least")}, "criteria[2].goal", "max, min, target"),
        ({"criteria": criteria("max", "target")}, "criteria[2].target", "target"),
        ({"criteria": criteria("max", "min", weight=-1)}, "criteria[1].weight", "0 or more"),
        ({"criteria": criteria("max", "min", weight=0)}, "criteria", "above 0"),
        ({"criteria": criteria("max", "min", weight=None)}, "criteria[1].weight", "needs one"),
        ({"criteria": criteria("max", "min", bounds=[3, 1])}, "criteria[1].bounds", "low, high"),
        ({"criteria": criteria("max", "min", prefer="usual")}, "criteria[1].prefer", "preference"),
        ({"alternatives": rows((1, 2, 3))}, "alternatives[1].values", "3 values for 2 criteria"),
        ({"alternatives": rows((1, "2"))}, "alternatives[1].values[2] (A1, C2)", "number"),
        ({"alternatives": rows((1, True))}, "alternatives[1].values[2] (A1, C2)", "number"),
        ({"alternatives": rows((1, float("nan")))}, "alternatives[1].values[2] (A1, C2)", "finite"),
        ({"alternatives": rows((1, RANGE))}, "alternatives[1].values[2] (A1, C2)", "only smaa"),
        ({"alternatives": [{"name": "A", "value": [1, 2]}]}, "alternatives[1].value", "values"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(change, key, words):
    (found,) = [item for item in problems_of({**problem("topsis"), **change}) if item.column == key]
    assert words in found.line() and found.file == "p.json"


@pytest.mark.parametrize(
    "cell",
    [
        {**RANGE, "low": 5},
        {"low": 1, "high": 2},
        {"beta": [0, 1]},
        {"beta": [1]},
        {"normal": [0, -1]},
        {"normal": "wide"},
        {"uniform": [0, 1]},
        [1, 2],
        "1",
    ],
)
def test_what_smaa_cannot_draw_from_is_refused(cell):
    assert problems_of(problem("smaa", values=((1, cell),)))[0].column.startswith("alternatives[1].values[2]")


@pytest.mark.parametrize(
    ("preference", "key"),
    [
        ({"preference": "u-shape"}, "q"),
        ({"preference": "v-shape"}, "p"),
        ({"preference": "v-shape", "p": 0}, "p"),
        ({"preference": "level"}, "p"),
        ({"preference": "linear", "q": 3, "p": 1}, "p"),
        ({"preference": "gaussian", "s": 0}, "s"),
        ({"preference": "linear", "q": -1, "p": 1}, "q"),
        ({"preference": "bell"}, "preference"),
    ],
)
def test_a_preference_needs_its_thresholds(preference, key):
    document = problem("promethee2")
    document["criteria"][0] |= preference
    assert problems_of(document)[0].column == f"criteria[1].{key}"
    if preference["preference"] != "bell" and -1 not in preference.values():
        assert solved({**document, "method": "topsis"})["ranks"], "other methods do without"


def test_every_problem_is_told_at_once():
    document = {**problem("topsis"), "metod": 1, "parameters": {"v": 2}}
    document["criteria"][0]["goal"] = "up"
    assert {item.column for item in problems_of(document)} == {"metod", "parameters.v", "criteria[1].goal"}


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"method": "wsm", "method": "wpm"}', "\udcff"])
def test_a_file_that_is_no_problem_ends_on_one_line(content, tmp_path, capsys):
    path = tmp_path / "p.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert main(["decide", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("material-advisor: ") and said.err.count("\n") == 1


def test_a_missing_file_ends_on_one_line(tmp_path, capsys):
    assert main(["decide", str(tmp_path / "none.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err


# The command line -----------------------------------------------------------------------------------------------------


def test_decide_prints_json_unless_asked_for_text(tmp_path, capsys):
    path = tmp_path / "p.json"
    path.write_text(json.dumps(problem("topsis", values=((3, 4), (2, None), (4, 5)))), encoding="utf-8")
    assert main(["decide", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["extra"]["incomplete"] == ["A2"]
    assert main(["decide", str(path), "--format", "text"]) == 0
    shown = capsys.readouterr().out
    assert "topsis, higher is better" in shown and "A2 (a value is missing)" in shown


@every
def test_text_lists_everyone_best_first(method):
    document = problem(method, values=((3, 4), (2, 2), (2, 6)), parameters={"samples": 100})
    shown = decision_text(problem_from_json(document), "text")
    assert all(name in shown for name in ("A1", "A2", "A3"))
    listed = [line.split()[-1] for line in shown.splitlines()[3:6]]
    ranks = dict(zip(("A1", "A2", "A3"), solved(document)["ranks"], strict=True))
    assert [ranks[name] for name in listed] == sorted(ranks.values())


def test_the_program_itself_decides():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "advisor", "decide", "no-such-problem.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr
