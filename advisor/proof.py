"""Proof: the published cases that ship with the program, worked out again, and which of them come out as printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from advisor.decision import decide, problem_from_json
from advisor.files import shipped
from advisor.index import index
from advisor.methods import (
    SHAPES,
    Preference,
    Scored,
    copras,
    kendall,
    limits_on_properties,
    pareto,
    places,
    promethee,
    simple_ranking,
    spearman,
    spotis,
    topsis,
    vikor,
    waspas,
    weighted_product,
    weighted_spearman,
    weighted_sum,
    ws_similarity,
)
from advisor.problems import AdvisorError
from advisor.weighting import ahp, best_worst, best_worst_linear, critic, entropy, merec, rank_order_centroid

Case = dict[str, Any]

#: Draws of a simulated case: its own noise is then small beside the published tolerance.
_DRAWS = 100_000


@dataclass(frozen=True)
class Check:
    """One thing compared: how far what was worked out is from what is printed, and how far it may be."""

    what: str
    difference: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether it is near enough."""
        return self.difference <= self.tolerance


@dataclass(frozen=True)
class CaseResult:
    """A case worked out again.

    Attributes:
        name, method, citation, url: what it is and where it is printed.
        checks: what was compared; scores before ranks.
        notes: what to know of it: printed slips, hand-worked figures, why it failed.
        passed: every check did, and nothing went wrong.
    """

    name: str
    method: str
    citation: str
    url: str
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    passed: bool

    @property
    def largest(self) -> Check | None:
        """The check that uses up most of its tolerance (figures; ranks are right or wrong)."""
        figures = [check for check in self.checks if check.what != "ranks"]
        return max(figures, key=lambda check: check.difference / max(check.tolerance, 1e-300), default=None)


def _near(what: str, got: ArrayLike, printed: ArrayLike, tolerance: float) -> Check:
    """Figures against printed ones: the largest difference."""
    left, right = np.asarray(got, dtype=np.float64), np.asarray(printed, dtype=np.float64)
    if left.shape != right.shape:
        return Check(what, float("inf"), tolerance)
    difference = float(np.abs(left - right).max(initial=0.0))
    return Check(what, difference if difference == difference else float("inf"), tolerance)


def _same(what: str, got: Iterable[object], printed: Iterable[object]) -> Check:
    """Ranks and names: all right or not."""
    return Check(what, 0.0 if list(got) == list(printed) else float("inf"), 0.0)


def _goals(case: Case) -> list[str]:
    return [criterion["direction"] for criterion in case["criteria"]]


def _weights(case: Case) -> list[float]:
    given = np.asarray(case["weights"], dtype=np.float64)
    return list(given / given.sum())


def _ranks(case: Case, scored: Scored, key: str = "ranks") -> list[Check]:
    return [_same("ranks", scored.ranks.tolist(), case["expected"][key])] if key in case["expected"] else []


def _tolerance(case: Case) -> float:
    return float(case["expected"].get("tolerance", 0.0))


def _scores(case: Case, scored: Scored, key: str = "scores") -> list[Check]:
    return [_near(key, scored.scores, case["expected"][key], _tolerance(case)), *_ranks(case, scored)]


# One function a kind of case ------------------------------------------------------------------------------------------


def _wsm(case: Case) -> list[Check]:
    return _scores(case, weighted_sum(case["matrix"], _weights(case), _goals(case), "sum"))


def _wpm(case: Case) -> list[Check]:
    scored = weighted_product(case["matrix"], _weights(case), _goals(case), "sum")
    printed = case["expected"]["log10_scores"]
    return [_near("log10 scores", scored.steps["log10_scores"], printed, _tolerance(case)), *_ranks(case, scored)]


def _waspas(case: Case) -> list[Check]:
    weights = critic(case["matrix"]).weights
    return _scores(case, waspas(case["matrix"], weights, _goals(case), case["parameters"]["lambda"]))


def _topsis(case: Case) -> list[Check]:
    return _scores(case, topsis(case["matrix"], _weights(case), _goals(case)))


def _vikor(case: Case) -> list[Check]:
    expected = case["expected"]
    scored = vikor(case["matrix"], _weights(case), _goals(case), case["parameters"]["v"])
    checks = [_near(key, scored.steps[key], expected[key], _tolerance(case)) for key in "SRQ" if key in expected]
    checks += _ranks(case, scored, "ranks_by_Q" if "ranks_by_Q" in expected else "ranks")
    if "compromise_set" in expected:
        names = [case["alternatives"][row] for row in scored.steps["compromise"]]
        checks.append(_same("compromise set", names, expected["compromise_set"]))
    for key in ("acceptable_advantage", "acceptable_stability"):
        if key in expected:
            checks.append(_same(key.replace("_", " "), [scored.steps[key]], [expected[key]]))
    return checks


def _mountain(case: Case) -> list[Check]:
    expected, tolerance = case["expected"], _tolerance(case)
    first = np.asarray(case["matrix"], dtype=np.float64)
    # The second scale: risk + 5, altitude in km less 1.
    second = np.column_stack((first[:, 0] + 5.0, first[:, 1] / 1000.0 - 1.0))
    checks: list[Check] = []
    for scale, table in (("", first), (" on the second scale", second)):
        scored = vikor(table, _weights(case), _goals(case), case["parameters"]["v"])
        near = topsis(table, _weights(case), _goals(case), "minmax")
        checks += [
            _near(f"TOPSIS{scale}", near.scores, expected["topsis_minmax_scores"], tolerance),
            *(_near(f"{key}{scale}", scored.steps[key], expected[f"vikor_{key}"], tolerance) for key in "SRQ"),
            *_ranks(case, scored),
            _same("ranks", near.ranks.tolist(), expected["ranks"]),
        ]
        names = [case["alternatives"][row] for row in scored.steps["compromise"]]
        checks.append(_same("compromise set", names, expected["compromise_set"]))
    return checks


def _promethee(case: Case, shape: str) -> list[Check]:
    parameters = case.get("parameters", {})
    none = [0.0] * len(case["criteria"])
    pairs = zip(parameters.get("q", none), parameters.get("p", none), strict=True)
    preferences = [Preference(shape, q=q, p=p) for q, p in pairs]
    checks: list[Check] = []
    for fast in (True, False):
        scored = promethee(case["matrix"], _weights(case), _goals(case), preferences, fast)
        checks += [_near("net flow", scored.scores, case["expected"]["net_flow"], _tolerance(case))]
        checks += _ranks(case, scored)
    return checks


def _promethee_shapes(case: Case) -> list[Check]:
    expected = case["expected"]
    checks: list[Check] = []
    for shape in SHAPES:
        preference = Preference(shape, **case["parameters"][shape])
        for fast in (True, False):
            steps = promethee(case["matrix"], case["weights"], _goals(case), [preference], fast).steps
            checks += [
                _near(f"{shape} {key}", steps[key], expected[key][shape], _tolerance(case))
                for key in ("phi_plus", "phi_minus")
            ]
    return checks


def _copras(case: Case) -> list[Check]:
    scored = copras(case["matrix"], _weights(case), _goals(case))
    printed = case["expected"]["utility_percent"]
    return [_near("utility, %", 100 * scored.scores, printed, _tolerance(case)), *_ranks(case, scored)]


def _spotis(case: Case) -> list[Check]:
    bounds = [tuple(pair) for pair in case["parameters"]["bounds"]]
    targets = case["parameters"].get("targets")
    return _scores(case, spotis(case["matrix"], case["weights"], _goals(case), bounds, targets))


def _pareto(case: Case) -> list[Check]:
    figures = np.asarray(case["matrix"], dtype=np.float64)
    goals = _goals(case)
    (limited,) = [column for column, goal in enumerate(goals) if goal.startswith("constraint")]
    rows = np.flatnonzero(figures[:, limited] > float(goals[limited].split(">")[1]))
    columns = [column for column in range(len(goals)) if column != limited]
    scored = pareto(figures[rows][:, columns], [goals[column] for column in columns])
    names = [case["alternatives"][row] for row in rows]
    on_front = scored.scores == 1
    return [
        _same("feasible", names, case["expected"]["feasible"]),
        _same("Pareto set", [n for n, on in zip(names, on_front, strict=True) if on], case["expected"]["pareto"]),
        _same("dominated", [n for n, on in zip(names, on_front, strict=True) if not on], case["expected"]["dominated"]),
    ]


def _limits(case: Case) -> list[Check]:
    kinds = [goal.split()[0] for goal in _goals(case)]
    return _scores(case, limits_on_properties(case["matrix"], case["weights"], kinds, case["parameters"]["limits"]))


def _simple_ranking(case: Case) -> list[Check]:
    expected, checks = case["expected"], []
    for key, weights in case["weights"].items():
        scored = simple_ranking(expected["published_rank_matrix"], weights)
        checks.append(_near(f"SR {key}", scored.scores, expected[f"SR_{key}"], _tolerance(case)))
        slips = set(case["noted"].get(f"ranks_{key}", ()))
        kept = [row for row in range(len(scored.ranks)) if row not in slips]
        printed = expected[f"ranks_{key}"]
        checks.append(_same("ranks", [int(scored.ranks[row]) for row in kept], [printed[row] for row in kept]))
        # The slip itself is held too: places by the printed figures are ours.
        by_print = places(expected[f"SR_{key}"], higher_is_better=False)
        checks.append(_same("ranks", scored.ranks.tolist(), by_print.tolist()))
    return checks


def _ashby(case: Case) -> list[Check]:
    figures = np.asarray(case["matrix"], dtype=np.float64)
    columns = {"youngs_modulus": figures[:, 0], "density": figures[:, 1]}
    units = {"youngs_modulus": case["criteria"][0]["unit"], "density": case["criteria"][1]["unit"]}
    found = index("youngs_modulus ** 0.5 / density", columns, units)
    return [
        _near("index", found.figures, case["expected"]["index"], _tolerance(case)),
        _same("ranks", found.ranks.tolist(), case["expected"]["ranks"]),
    ]


def _similarity(case: Case) -> list[Check]:
    one, two = case["matrix"]["ranking_1"], case["matrix"]["ranking_2"]
    found = {"spearman": spearman, "weighted_spearman": weighted_spearman, "ws": ws_similarity}
    return [_near(key, work(one, two), case["expected"][key], _tolerance(case)) for key, work in found.items()]


def _kendall(case: Case) -> list[Check]:
    one, expected = case["matrix"]["ranking_1"], case["expected"]
    return [
        _near("tau", kendall(one, case["matrix"]["ranking_2"]), expected["tau"], _tolerance(case)),
        _near("tau with a tie", kendall(one, case["matrix"]["ranking_tied"]), expected["tau_tied"], _tolerance(case)),
    ]


def _smaa(case: Case) -> list[Check]:
    expected, tolerance = case["expected"], _tolerance(case)
    names = case["alternatives"]

    def decided(weights: str, order: Sequence[int] = (0, 1, 2), given: Sequence[float] = ()) -> Case:
        criteria = [
            {"name": case["criteria"][place]["name"], "goal": "min", "bounds": case["criteria"][place]["range"]}
            | ({"weight": given[place]} if given else {})
            for place in order
        ]
        rows = [{"name": name, "values": [{"beta": case["matrix"][name][place]} for place in order]} for name in names]
        parameters = {"weights": weights, "samples": _DRAWS, "seed": 1}
        document = {"method": "smaa", "parameters": parameters, "criteria": criteria, "alternatives": rows}
        return decide(problem_from_json(document))

    free = decided("open")
    printed = expected["preference_free"]
    checks = [
        _near("preference-free", free["scores"], [printed["rank1_acceptability"][name] for name in names], tolerance),
        _near(
            "central weights",
            free["extra"]["central_weights"],
            [printed["central_weights"][name] for name in names],
            expected["central_weight_tolerance"],
        ),
    ]
    states = (
        ("ordinal Prox>Bleed>Dist", decided("ordered", order=(0, 2, 1))),
        ("exact swing ratios 2,2 (w=.5714,.1429,.2857)", decided("given", given=(4, 1, 2))),
        ("fixed weights .5,.2,.3 (rsmaa example output)", decided("given", given=(0.5, 0.2, 0.3))),
    )
    for key, found in states:
        checks.append(_near(key, found["scores"], [expected[key][name] for name in names], tolerance))
    return checks


def _objective(case: Case, work: Callable[[Case], Any]) -> list[Check]:
    return [_near("weights", work(case).weights, case["expected"]["weights"], _tolerance(case))]


def _centroid(case: Case) -> list[Check]:
    return [
        _near(key, rank_order_centroid(len(printed)).weights, printed, _tolerance(case))
        for key, printed in case["expected"].items()
        if key.startswith("weights")
    ]


def _ahp(case: Case) -> list[Check]:
    weights = ahp(case["matrix"]["criteria_comparisons"]).weights
    parts = np.column_stack([ahp(table).weights for table in case["matrix"]["alternative_comparisons"]])
    scored = weighted_sum(parts, weights, ["max"] * len(weights), "none")
    return [_near("weights", weights, case["weights"], _tolerance(case)), *_scores(case, scored)]


def _best_worst(case: Case) -> list[Check]:
    found = best_worst(case["matrix"]["best_to_others"], case["matrix"]["others_to_worst"], best=2, worst=0)
    return [
        _near("weights", found.weights, case["expected"]["weights"], _tolerance(case)),
        _near("ξ", found.xi, case["expected"]["xi"], _tolerance(case)),
    ]


def _best_worst_linear(case: Case) -> list[Check]:
    expected, tolerance = case["expected"], _tolerance(case)
    checks: list[Check] = []
    for key, said in case["matrix"].items():
        found = best_worst_linear(said["best_to_others"], said["others_to_worst"], best=1, worst=4)
        checks += [
            _near(f"weights, {key}", found.weights, expected[key]["weights"], tolerance),
            _near(f"ξ, {key}", found.xi, expected[key]["xi"], tolerance),
        ]
    said = case["matrix"]["inconsistent"]
    other = best_worst(said["best_to_others"], said["others_to_worst"], best=1, worst=4)
    ends = np.asarray(expected["non_linear"]["weights"])
    # The non-linear model allows an interval for each weight: its middle is what is printed here.
    checks += [
        _near("ξ, non-linear", other.xi, expected["non_linear"]["xi"], tolerance),
        _near("weights, non-linear", other.weights, ends.mean(axis=1), float(np.ptp(ends, axis=1).max()) / 2),
    ]
    return checks


WORKED: dict[str, Callable[[Case], list[Check]]] = {
    "OWN_weights_roc_exact": _centroid,
    "ahp_papathanasiou2018_sites": _ahp,
    "ashby_index_alejo_light_stiff_beam": _ashby,
    "copras_uysal2022_assistants": _copras,
    "fabric_screen_pareto_pack_barlow2021": _pareto,
    "kendall_by_hand": _kendall,
    "lopm_farag_material": _limits,
    "promethee2_papathanasiou2018_sites": partial(_promethee, shape="linear"),
    "promethee2_zhao2013_usual": partial(_promethee, shape="usual"),
    "promethee2_ziemba2017_v_shape": partial(_promethee, shape="v-shape"),
    "promethee2_ziemba2019_linear": partial(_promethee, shape="linear"),
    "promethee_shapes_by_hand": _promethee_shapes,
    "rank_similarity_salabun2020": _similarity,
    "smaa_thrombolytics_drugis": _smaa,
    "spotis_dezert2020_cars": _spotis,
    "spotis_dezert2020_small": _spotis,
    "spotis_target_by_hand": _spotis,
    "topsis_tzeng2011": _topsis,
    "vikor_papathanasiou2018_sites": _vikor,
    "vikor_topsis_opricovic2004_mountain": _mountain,
    "vikor_tzeng2011_matrix": _vikor,
    "waspas_tus2019_software": _waspas,
    "weighted_rank_sum_zakeri2023_pcm": _simple_ranking,
    "weights_bwm_linear_rezaei2016_car": _best_worst_linear,
    "weights_bwm_rezaei2015_car": _best_worst,
    "weights_critic_tus2019": partial(_objective, work=lambda case: critic(case["matrix"])),
    "weights_entropy_xu2004": partial(_objective, work=lambda case: entropy(case["matrix"])),
    "weights_merec_keshavarz2021": partial(_objective, work=lambda case: merec(case["matrix"], _goals(case))),
    "wpm_wikipedia_product": _wpm,
    "wsm_kracka2010_heating": _wsm,
}


# All of them ----------------------------------------------------------------------------------------------------------


def cases() -> tuple[Case, ...]:
    """The published cases that ship with the program, by name."""
    paths = sorted(shipped("tests", "cases").glob("*.json"), key=lambda path: path.name.casefold())
    return tuple(json.loads(path.read_text(encoding="utf-8")) for path in paths)


def work_out(case: Case) -> CaseResult:
    """One case worked out and compared; whatever goes wrong in a method is a failed case, never a crash."""
    notes = []
    if case.get("hand_worked"):
        notes.append("worked by hand")
    if "noted" in case:
        notes.append(str(case["noted"]["note"]))
    if "note" in case:
        notes.append(str(case["note"]))
    checks: tuple[Check, ...] = ()
    try:
        checks = tuple(WORKED[case["name"]](case))
    except (AdvisorError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        notes.append(f"{type(error).__name__}: {error}")
    passed = bool(checks) and all(check.passed for check in checks)
    source = case["source"]
    return CaseResult(case["name"], case["method"], source["citation"], source["url"], checks, tuple(notes), passed)


def prove() -> tuple[CaseResult, ...]:
    """Every case worked out again, in the order of their names."""
    return tuple(work_out(case) for case in cases())


def proof_text(results: Sequence[CaseResult]) -> str:
    """The proof as text: a block a case, and how many pass."""
    lines: list[str] = []
    for result in results:
        lines.append(f"{'pass' if result.passed else 'FAIL'}  {result.name} · {result.method}")
        lines.append(f"      source: {' · '.join(part for part in (result.citation, result.url) if part)}")
        largest = result.largest
        if largest is not None:
            lines.append(
                f"      largest difference {largest.difference:.2g} ({largest.what}), tolerance {largest.tolerance:.2g}"
            )
        failed = sorted({check.what for check in result.checks if not check.passed})
        if failed:
            lines.append(f"      not as printed: {', '.join(failed)}")
        lines += [f"      note: {note}" for note in result.notes]
    passed = sum(result.passed for result in results)
    lines += ["", f"{passed} of {len(results)} cases pass"]
    return "\n".join(lines) + "\n"
