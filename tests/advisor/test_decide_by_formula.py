"""Decide against the published formulas written out plainly, one number at a time, and against broken problem files."""

from __future__ import annotations

import copy
import itertools
import json
import math
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from advisor.__main__ import main
from advisor.decision import METHODS, decide, problem_from_json
from advisor.problems import AdvisorError

# The formulas, in plain Python ----------------------------------------------------------------------------------------


class Impossible(Exception):
    """The formula divides by nothing or takes a root of what has none."""


def shares(criteria, normalise):
    weights = [criterion["weight"] for criterion in criteria]
    return [weight / sum(weights) for weight in weights] if normalise else weights


def turned(criteria, table):
    """A target becomes the distance from it, the less the better."""
    columns = [list(column) for column in zip(*table, strict=True)]
    goals = []
    for number, criterion in enumerate(criteria):
        if criterion["goal"] == "target":
            columns[number] = [abs(x - criterion["target"]) for x in columns[number]]
        goals.append("max" if criterion["goal"] == "max" else "min")
    return columns, goals


def scaled(column, goal, how):
    """One column under one normalisation, and its sign."""
    if how == "none":
        return column, 1 if goal == "max" else -1
    if how == "vector":
        length = math.sqrt(sum(x * x for x in column))
        return [x / length if length else 0.0 for x in column], 1 if goal == "max" else -1
    if how == "minmax":
        low, high = min(column), max(column)
        if low == high:
            return [1.0] * len(column), 1
        return [(x - low if goal == "max" else high - x) / (high - low) for x in column], 1
    if min(column) < 0 or (goal == "min" and min(column) == 0):
        raise Impossible
    if how == "max":
        most = max(column)
        return [(x / most if most else 0.0) if goal == "max" else min(column) / x for x in column], 1
    parts = column if goal == "max" else [1 / x for x in column]
    return [x / sum(parts) if sum(parts) else 0.0 for x in parts], 1


def plain_wsm(columns, goals, weights, settings, criteria):
    how = settings.get("normalisation", "minmax")
    done = [scaled(column, goal, how) for column, goal in zip(columns, goals, strict=True)]
    return [
        sum(w * sign * column[row] for w, (column, sign) in zip(weights, done, strict=True))
        for row in range(len(columns[0]))
    ]


def product(columns, goals, weights, how):
    if how != "minmax" and min(min(column) for column in columns) <= 0:
        raise Impossible
    done = [scaled(column, goal, how) for column, goal in zip(columns, goals, strict=True)]
    return [
        math.prod(column[row] ** (w * sign) for w, (column, sign) in zip(weights, done, strict=True))
        for row in range(len(columns[0]))
    ]


def plain_wpm(columns, goals, weights, settings, criteria):
    return product(columns, goals, weights, settings.get("normalisation", "none"))


def plain_waspas(columns, goals, weights, settings, criteria):
    how, lam = settings.get("normalisation", "max"), settings.get("lambda", 0.5)
    times = product(columns, goals, weights, how)
    plus = plain_wsm(columns, goals, weights, {"normalisation": how}, criteria)
    return [lam * a + (1 - lam) * b for a, b in zip(plus, times, strict=True)]


def plain_topsis(columns, goals, weights, settings, criteria):
    best, worst, done = [], [], []
    for column, goal, weight in zip(columns, goals, weights, strict=True):
        part, sign = scaled(column, goal, settings.get("normalisation", "vector"))
        part = [weight * x for x in part]
        done.append(part)
        best.append(max(part) if sign > 0 else min(part))
        worst.append(min(part) if sign > 0 else max(part))
    scores = []
    for row in range(len(columns[0])):
        ahead = math.dist([part[row] for part in done], best)
        behind = math.dist([part[row] for part in done], worst)
        scores.append(behind / (ahead + behind) if ahead + behind else 1.0)
    return scores


def plain_vikor(columns, goals, weights, settings, criteria):
    regrets = []
    for column, goal, weight in zip(columns, goals, weights, strict=True):
        best, worst = (max(column), min(column)) if goal == "max" else (min(column), max(column))
        regrets.append([weight * (best - x) / (best - worst) if best != worst else 0.0 for x in column])
    group = [sum(regret[row] for regret in regrets) for row in range(len(columns[0]))]
    single = [max(regret[row] for regret in regrets) for row in range(len(columns[0]))]

    def spread(x, figures):
        width = max(figures) - min(figures)
        return (x - min(figures)) / width if width > 1e-12 * max(map(abs, figures)) else 0.0

    v = settings.get("v", 0.5)
    return [v * spread(s, group) + (1 - v) * spread(r, single) for s, r in zip(group, single, strict=True)]


def preference(d, criterion):
    shape, q, p, s = (criterion.get(key, 0) for key in ("preference", "q", "p", "s"))
    if d <= 0:
        return 0.0
    return {
        "usual": lambda: 1.0,
        "u-shape": lambda: float(d > q),
        "v-shape": lambda: min(d / p, 1.0),
        "level": lambda: 0.5 * (d > q) + 0.5 * (d > p),
        "linear": lambda: float(d > q) if p == q else min(max((d - q) / (p - q), 0.0), 1.0),
        "gaussian": lambda: 1 - math.exp(-d * d / (2 * s * s)),
    }[shape]()


def plain_promethee2(columns, goals, weights, settings, criteria):
    rows = range(len(columns[0]))
    net = [0.0 for _ in rows]
    for a in rows:
        for b in rows:
            for column, goal, weight, criterion in zip(columns, goals, weights, criteria, strict=True):
                d = column[a] - column[b] if goal == "max" else column[b] - column[a]
                net[a] += weight * (preference(d, criterion) - preference(-d, criterion)) / max(len(rows) - 1, 1)
    return net


def plain_copras(columns, goals, weights, settings, criteria):
    if min(min(column) for column in columns) < 0:
        raise Impossible
    parts = [
        [weight * x / sum(column) if sum(column) else 0.0 for x in column]
        for column, weight in zip(columns, weights, strict=True)
    ]
    rows = range(len(columns[0]))
    plus = [sum(part[row] for part, goal in zip(parts, goals, strict=True) if goal == "max") for row in rows]
    minus = [sum(part[row] for part, goal in zip(parts, goals, strict=True) if goal == "min") for row in rows]
    if any(minus):
        if not all(minus):
            raise Impossible
        inverse = sum(1 / x for x in minus)
        plus = [a + sum(minus) / (b * inverse) for a, b in zip(plus, minus, strict=True)]
    return [x / max(plus) if max(plus) else 1.0 for x in plus]


def plain_spotis(table, criteria, weights):
    scores = []
    for row in table:
        total = 0.0
        for x, criterion, weight in zip(row, criteria, weights, strict=True):
            low, high = criterion.get("bounds", (0, 1))
            aim = {"max": high, "min": low, "target": criterion.get("target")}[criterion["goal"]]
            off = (
                abs(x - aim) if criterion["goal"] == "target" else (aim - x if criterion["goal"] == "max" else x - aim)
            )
            total += weight * off / (high - low)
        scores.append(total)
    return scores


def dominates(one, other):
    pairs = list(zip(one, other, strict=True))
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)


def plain_pareto(columns, goals):
    signed = [[x if goal == "max" else -x for x in column] for column, goal in zip(columns, goals, strict=True)]
    good = list(zip(*signed, strict=True))
    return [float(not any(dominates(other, one) for other in good)) for one in good]


PLAIN = {
    "wsm": plain_wsm,
    "wpm": plain_wpm,
    "waspas": plain_waspas,
    "topsis": plain_topsis,
    "vikor": plain_vikor,
    "promethee2": plain_promethee2,
    "copras": plain_copras,
}


def by_formula(document):
    """Scores of the complete rows, in their order.

    Raises:
        Impossible: the formula has no answer.
    """
    criteria, method, settings_ = document["criteria"], document["method"], document.get("parameters", {})
    table = [row["values"] for row in document["alternatives"] if None not in row["values"]]
    weights = shares(criteria, settings_.get("normalise_weights", True))
    if method == "spotis":
        return plain_spotis(table, criteria, weights)
    columns, goals = turned(criteria, table)
    if method == "pareto":
        return plain_pareto(columns, goals)
    return PLAIN[method](columns, goals, weights, settings_, criteria)


def places(scores, higher):
    """1, 2, 2, 4; None where two scores are so near that rounding decides."""
    ordered = sorted(scores, reverse=higher)
    if any(1e-11 < abs(a - b) < 1e-7 for a, b in itertools.pairwise(ordered)):
        return None
    return [1 + sum((other - one if higher else one - other) > 1e-9 for other in scores) for one in scores]


# Problems of every kind -----------------------------------------------------------------------------------------------

FORMULA = [method for method in METHODS if method != "smaa"]
FIGURES = {
    "small": st.integers(1, 9),
    "zeros": st.integers(0, 3),
    "negative": st.integers(-5, 5),
    "eighths": st.integers(1, 60).map(lambda n: n / 8),
    "huge": st.integers(1, 9).map(lambda n: n * 2.0**30),
    "tiny": st.integers(1, 9).map(lambda n: n * 2.0**-30),
}


@st.composite
def problems(draw, method):
    kind = draw(st.sampled_from(sorted(FIGURES)))
    columns, rows = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    size = {"huge": 2.0**30, "tiny": 2.0**-30}.get(kind, 1.0)  # steps that floats hold exactly
    criteria = []
    for number in range(columns):
        criterion = {
            "name": f"C{number}",
            "goal": draw(st.sampled_from(["max", "min", "target"])),
            "weight": draw(st.integers(0 if number else 1, 5)),
        }
        if criterion["goal"] == "target":
            criterion["target"] = draw(st.integers(-2, 10)) * size
        if draw(st.booleans()):
            low = draw(st.integers(-6, 3)) * size
            criterion["bounds"] = [low, low + draw(st.integers(1, 12)) * size]
        shape = draw(st.sampled_from(["usual", "u-shape", "v-shape", "level", "linear", "gaussian"]))
        q = draw(st.integers(0, 3)) * size
        criterion |= {"preference": shape, "q": q, "p": q + draw(st.integers(1, 4)) * size, "s": 2 * size}
        criteria.append(criterion)
    fixed = draw(st.integers(-1, columns - 1))  # a criterion that does not vary
    alternatives = []
    for number in range(rows):
        values = [draw(FIGURES[kind]) for _ in criteria]
        if fixed >= 0:
            values[fixed] = 4 * size
        if number and draw(st.integers(0, 9)) == 0:
            values[draw(st.integers(0, columns - 1))] = None
        alternatives.append({"name": f"A{draw(st.integers(0, 3))}", "values": values})  # names may repeat
    parameters = {"normalise_weights": draw(st.booleans())}
    if draw(st.booleans()):
        parameters["normalisation"] = draw(st.sampled_from(["vector", "minmax", "max", "sum", "none"]))
    parameters |= {"v": draw(st.integers(0, 4)) / 4, "lambda": draw(st.integers(0, 4)) / 4}
    return {"method": method, "parameters": parameters, "criteria": criteria, "alternatives": alternatives}


@pytest.mark.parametrize("method", FORMULA)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_scores_and_places_are_those_of_the_published_formula(method, data):
    document = data.draw(problems(method))
    try:
        expected = by_formula(document)
    except Impossible:
        with pytest.raises(AdvisorError) as refused:
            decide(problem_from_json(document))
        (problem,) = refused.value.problems
        assert problem.row and problem.column and problem.code == "impossible-value"
        return
    assume(all(math.isfinite(score) for score in expected))
    found = decide(problem_from_json(document))
    complete = [number for number, row in enumerate(document["alternatives"]) if None not in row["values"]]
    got = [found["scores"][number] for number in complete]
    assert got == pytest.approx(expected, rel=1e-9, abs=1e-9 * max(1.0, *map(abs, expected)))
    assert [found["scores"][number] for number in range(len(document["alternatives"])) if number not in complete] == [
        None
    ] * (len(document["alternatives"]) - len(complete))
    size = max(map(abs, expected), default=0.0)
    if 1e-6 < size < 1e6 and (ranks := places(expected, found["higher_is_better"])) is not None:
        assert [found["ranks"][number] for number in complete] == ranks
    assert "NaN" not in json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("shape", ["usual", "u-shape", "v-shape", "level", "linear"])
def test_promethee_by_sorting_is_promethee_pair_by_pair_on_a_long_table(shape):
    chance = random.Random(shape)
    criteria = [
        {"goal": goal, "weight": weight, "preference": shape, "q": q, "p": p}
        for goal, weight, q, p in (("max", 2, 0.5, 2.0), ("min", 1, 0.0, 0.75), ("max", 3, 1.25, 1.25))
    ]
    table = [[chance.randint(0, 40) / 8 for _ in criteria] for _ in range(150)]
    document = {"method": "promethee2", "criteria": criteria, "alternatives": [{"values": row} for row in table]}
    assert decide(problem_from_json(document))["scores"] == pytest.approx(by_formula(document), abs=1e-12)


# SMAA: what can be worked out without drawing -------------------------------------------------------------------------


def smaa(weights, values, goals=("max", "max"), given_=(1, 1), **more):
    criteria = [{"goal": goal, "weight": weight, **more} for goal, weight in zip(goals, given_, strict=True)]
    parameters = {"weights": weights, "samples": 40_000, "seed": 3}
    document = {"method": "smaa", "parameters": parameters, "criteria": criteria}
    return decide(problem_from_json({**document, "alternatives": [{"values": row} for row in values]}))


def test_open_weights_over_two_criteria_have_a_closed_form():
    # A leads where w·0.9 + (1 − w)·0.2 > w·0.4 + (1 − w)·0.6, that is w > 4/9.
    found = smaa("open", [[0.9, 0.2], [0.4, 0.6]])
    assert found["scores"][0] == pytest.approx(5 / 9, abs=3 * found["extra"]["error"])
    assert found["extra"]["central_weights"][0][0] == pytest.approx((4 / 9 + 1) / 2, abs=0.01)


def test_ordered_weights_over_two_criteria_have_a_closed_form():
    # w is uniform on ½ to 1; A leads above 4/9, always.
    assert smaa("ordered", [[0.9, 0.2], [0.4, 0.6]])["scores"] == [1.0, 0.0]
    # B leads up to w = ¾ of ½..1.
    found = smaa("ordered", [[0.6, 0.0], [0.4, 0.6]])
    assert found["scores"][1] == pytest.approx(0.5, abs=3 * found["extra"]["error"])


def test_normal_figures_win_as_often_as_their_difference_is_above_nothing():
    found = smaa("given", [[{"normal": [0.5, 0.3]}, 0], [{"normal": [0.2, 0.4]}, 0]], given_=(1, 0))
    expected = 0.5 * (1 + math.erf(0.3 / 0.5 / math.sqrt(2)))
    assert found["scores"][0] == pytest.approx(expected, abs=3 * found["extra"]["error"])


def test_triangular_figures_exceed_a_number_as_their_distribution_says():
    found = smaa("given", [[{"low": 0.0, "typical": 0.2, "high": 1.0}, 0], [0.5, 0]], given_=(1, 0))
    assert found["scores"][0] == pytest.approx(0.5**2 / (1.0 * 0.8), abs=3 * found["extra"]["error"])


def test_beta_figures_exceed_a_number_as_their_distribution_says():
    # Beta(2, 1) has the distribution function x².
    found = smaa("given", [[{"beta": [2, 1]}, 0], [0.6, 0]], given_=(1, 0))
    assert found["scores"][0] == pytest.approx(1 - 0.36, abs=3 * found["extra"]["error"])


# Broken files ---------------------------------------------------------------------------------------------------------

HOSTILE = [
    None, True, "", "NaN", "3", -1, 0, 1e300, -1e300, 1e-300, 10**400, [], {}, [1], {"low": 3, "typical": 2, "high": 1},
    {"beta": [0, 0]}, {"beta": [1]}, {"normal": [0, -1]}, {"low": 1}, [5, 1], [1, 1], ["a", "b"], float("nan"),
    float("inf"), -float("inf"), "max", "target", "entropy", "open", {"unknown": 1}, [[1]], "ü" * 300, "\u0000", [None],
]  # fmt: skip


def sane(method):
    return {
        "method": method,
        "parameters": {"normalisation": "minmax", "normalise_weights": True, "v": 0.5, "samples": 50, "seed": 1},
        "criteria": [
            {"name": "Price", "goal": "min", "weight": 2, "bounds": [0, 10], "preference": "linear", "q": 1, "p": 2},
            {"name": "Tear", "goal": "max", "weight": 3, "bounds": [0, 10], "preference": "gaussian", "s": 1},
            {"name": "Mass", "goal": "target", "weight": 1, "target": 5, "bounds": [0, 10], "preference": "usual"},
        ],
        "alternatives": [{"name": name, "values": [n, 4 + n, 2 * n + 1]} for n, name in enumerate("abcd", start=1)],
    }


def spots(value, path=()):
    """Every place in a document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield from spots(part, (*path, key))


def put(document, path, value):
    if not path:
        return value
    spoilt = copy.deepcopy(document)
    inner = spoilt
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return spoilt


@pytest.mark.parametrize("method", METHODS)
def test_a_spoilt_problem_is_answered_in_numbers_or_refused_in_lines(method, tmp_path, capsys):
    file = tmp_path / "p.json"
    chance = random.Random(method)
    document = sane(method)
    tried = [(path, value) for path in spots(document) for value in HOSTILE]
    refused = 0
    for path, value in chance.sample(tried, 150):
        file.write_text(json.dumps(put(document, path, value)), encoding="utf-8")
        status = main(["decide", str(file)])
        shown = capsys.readouterr()
        if status == 2:
            refused += 1
            assert not shown.out
            lines = shown.err.splitlines()
            assert lines and all(line.startswith("material-advisor: ") and "p.json" in line for line in lines), (
                path,
                value,
            )
            continue
        assert status == 0, (path, value)
        assert not shown.err
        found = json.loads(shown.out, parse_constant=pytest.fail)
        assert list(found) == ["method", "scores", "ranks", "higher_is_better", "extra"]
        assert all(score is None or math.isfinite(score) for score in found["scores"]), (path, value)
        assert all(
            (rank is None) == (score is None) for rank, score in zip(found["ranks"], found["scores"], strict=True)
        )
    assert refused > 60


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"method": "wsm"', "\ufeff{}", '{"method": NaN}', '"wsm"', "\x00"]
)
def test_what_is_no_problem_file_is_refused_in_lines(text, tmp_path, capsys):
    file = tmp_path / "p.json"
    file.write_text(text, encoding="utf-8")
    assert main(["decide", str(file)]) == 2
    shown = capsys.readouterr()
    assert not shown.out and shown.err and "Traceback" not in shown.err
    assert all("p.json" in line for line in shown.err.splitlines())


@pytest.mark.parametrize("how", ["entropy", "critic", "merec"])
def test_weights_from_figures_are_used_and_carry_their_warning(how, capsys, tmp_path):
    document = sane("wsm") | {"parameters": {"weights": how}}
    for criterion in document["criteria"]:
        del criterion["weight"]
    document["criteria"][2] |= {"target": 20}
    found = decide(problem_from_json(document))
    extra = found["extra"]
    assert extra["weights_from"] == how and "not what matters" in extra["warning"]
    assert sum(extra["weights"]) == pytest.approx(1)
    # The same problem with those weights typed in gives the same scores.
    typed = sane("wsm") | {"parameters": {}}
    typed["criteria"][2] |= {"target": 20}
    for criterion, weight in zip(typed["criteria"], extra["weights"], strict=True):
        criterion["weight"] = weight
    assert decide(problem_from_json(typed))["scores"] == pytest.approx(found["scores"])
    file = tmp_path / "p.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert main(["decide", str(file), "--format", "text"]) == 0
    assert "not what matters" in capsys.readouterr().out
    with pytest.raises(AdvisorError):
        problem_from_json({**document, "method": "smaa"})
