"""Decision: any table of alternatives and criteria, read from JSON, decided by any method, told as JSON or text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from advisor.brief import Reader, read_document
from advisor.methods import (
    NORMALISATIONS,
    SHAPES,
    CellError,
    Floats,
    Preference,
    Scored,
    Uncertain,
    copras,
    deviations,
    pareto,
    promethee,
    promethee_one,
    smaa,
    spotis,
    topsis,
    vikor,
    waspas,
    weighted_product,
    weighted_sum,
)
from advisor.problems import AdvisorError, Problem
from advisor.weighting import Weighting, critic, entropy, merec

METHODS = ("wsm", "wpm", "waspas", "topsis", "vikor", "promethee2", "copras", "spotis", "pareto", "smaa")
GOALS = ("max", "min", "target")
#: Where weights come from: as given; any, or any that fall in the order listed (smaa); the figures alone.
WEIGHTS = ("given", "open", "ordered", "entropy", "critic", "merec")
FROM_FIGURES = ("entropy", "critic", "merec")
#: What a method normalises by where the problem does not say; methods not named here have a way of their own.
DEFAULT_NORMALISATION = {"wsm": "minmax", "wpm": "none", "waspas": "max", "topsis": "vector"}

#: Intermediate tables with one row an alternative.
# fmt: off
_BY_ROW = frozenset((
    "normalised", "contributions", "powers", "log10_scores", "weighted_sum", "weighted_product",  # wsm, wpm, waspas
    "weighted", "distance_to_ideal", "distance_to_anti_ideal",  # topsis
    "regret", "S", "R", "Q", "ranks_by_S", "ranks_by_R",  # vikor
    "criterion_flows", "phi_plus", "phi_minus", "phi",  # promethee2
    "S_plus", "S_minus", "distances", "dominated_by",  # copras, spotis, pareto
    "rank_acceptability", "central_weights", "confidence_factor",  # smaa
))
# fmt: on
#: Intermediate results that are rows, told by name.
_NAMES = frozenset({"compromise", "front"})
#: More alternatives than this: pairs are not listed.
_MOST_PAIRS = 200
#: More alternatives than this: who dominates whom is not listed, only who is dominated.
_MOST_DOMINATED = 5000

Cell = float | Uncertain | None


@dataclass(frozen=True)
class Criterion:
    """A criterion of a decision problem; thresholds and bounds are in its own unit."""

    name: str
    goal: str
    weight: float | None = None
    target: float | None = None
    bounds: tuple[float, float] | None = None
    preference: Preference = field(default_factory=Preference)


@dataclass(frozen=True)
class Parameters:
    """How a problem is to be decided; what a method has no use for is left alone."""

    normalisation: str | None = None
    normalise_weights: bool = True
    v: float = 0.5
    lam: float = 0.5
    weights: str = "given"
    samples: int = 20_000
    seed: int = 1


@dataclass(frozen=True)
class DecisionProblem:
    """A decision problem: alternatives × criteria, and the method that is to decide it.

    Attributes:
        method: one of ``METHODS``.
        criteria: what counts.
        names: the alternatives.
        cells: one row an alternative: numbers, None for missing, and for SMAA what a figure is drawn from.
        parameters: the method's settings.
        file: where it was read from, for messages.
    """

    method: str
    criteria: tuple[Criterion, ...]
    names: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    parameters: Parameters = field(default_factory=Parameters)
    file: str = ""


# Reading --------------------------------------------------------------------------------------------------------------


def read_problem(path: Path) -> DecisionProblem:
    """Read a decision problem.

    Raises:
        AdvisorError: the file is missing, no JSON, or anything in it is wrong; every problem names its key.
    """
    return problem_from_json(read_document(path, "decision problem"), str(path))


def problem_from_json(document: Any, file: str = "") -> DecisionProblem:
    """The decision problem that ``document`` (parsed JSON) describes.

    Raises:
        AdvisorError: with every unknown key, wrong type and impossible value found.
    """
    reader = Reader(file, "decision problem")
    keys = reader.mapping(document, "", ("method", "parameters", "criteria", "alternatives"))
    missing = [key for key in ("method", "criteria", "alternatives") if key not in keys]
    if isinstance(document, dict):
        for key in missing:
            reader.wrong("missing-key", key, "is missing", "a problem needs method, criteria and alternatives")
    method = reader.word(keys["method"], "method", METHODS, "method") if "method" in keys else None
    parameters = _read_parameters(reader, keys.get("parameters", {}), method or "")
    criteria = [
        _read_criterion(reader, item, number, method or "", parameters)
        for number, item in enumerate(reader.items(keys.get("criteria", []), "criteria"), start=1)
    ]
    names, cells = _read_alternatives(reader, keys.get("alternatives", []), criteria, method or "")
    for key, found in (("criteria", criteria), ("alternatives", names)):
        if isinstance(keys.get(key), list) and not found:
            reader.wrong("nothing-to-decide", key, "holds nothing", "give at least one")
    weighed = method != "pareto" and parameters.weights == "given"
    if not reader.problems and weighed and not any(criterion.weight for criterion in criteria):
        reader.wrong("impossible-value", "criteria", "all weights are 0", "give at least one a weight above 0")
    if reader.problems or method is None:
        raise AdvisorError(reader.problems)
    return DecisionProblem(method, tuple(criteria), tuple(names), tuple(cells), parameters, file)


def _read_parameters(reader: Reader, value: Any, method: str) -> Parameters:
    known = ("normalisation", "normalise_weights", "v", "lambda", "weights", "samples", "seed")
    keys = reader.mapping(value, "parameters", known)
    found: dict[str, Any] = {}
    if keys.get("normalisation") is not None:
        found["normalisation"] = reader.word(
            keys["normalisation"], "parameters.normalisation", NORMALISATIONS, "normalisation"
        )
    if "normalise_weights" in keys:
        if isinstance(keys["normalise_weights"], bool):
            found["normalise_weights"] = keys["normalise_weights"]
        else:
            reader.wrong("wrong-type", "parameters.normalise_weights", "must be true or false", "without quotes")
    for key, name in (("v", "v"), ("lambda", "lam")):
        if key in keys:
            found[name] = reader.number(keys[key], f"parameters.{key}", 0, 1)
    if "weights" in keys:
        word = reader.word(keys["weights"], "parameters.weights", WEIGHTS, "setting")
        found["weights"] = word
        if word in FROM_FIGURES and method == "smaa":
            reader.wrong(
                "wrong-value", "parameters.weights", f"smaa takes no {word} weights", "given, open or ordered ones"
            )
        if word in ("open", "ordered") and method not in ("smaa", "pareto", ""):
            reader.wrong(
                "wrong-value", "parameters.weights", f"{method} needs given weights", "only smaa leaves them open"
            )
    for key, low, high in (("samples", 1, 1_000_000), ("seed", 0, 2**63 - 1)):
        if key not in keys:
            continue
        number = keys[key]
        if isinstance(number, int) and not isinstance(number, bool) and low <= number <= high:
            found[key] = number
        else:
            reader.wrong(
                "impossible-value",
                f"parameters.{key}",
                "must be a whole number",
                f"give one from {low} to {high}",
                number,
            )
    return replace(Parameters(), **{key: item for key, item in found.items() if item is not None})


def _read_criterion(reader: Reader, value: Any, number: int, method: str, parameters: Parameters) -> Criterion:
    here = f"criteria[{number}]"
    keys = reader.mapping(value, here, ("name", "goal", "weight", "target", "bounds", "preference", "q", "p", "s"))
    name = reader.text(keys["name"], f"{here}.name") if "name" in keys else f"C{number}"
    goal = reader.word(keys.get("goal"), f"{here}.goal", GOALS, "goal")
    weight = reader.number(keys["weight"], f"{here}.weight", 0) if keys.get("weight") is not None else None
    weighed = method not in ("pareto", "") and parameters.weights == "given"
    if weighed and keys.get("weight") is None:
        reader.wrong("missing-key", f"{here}.weight", f'"{name}" has no weight', f"{method} needs one")
    target = reader.number(keys["target"], f"{here}.target") if keys.get("target") is not None else None
    if goal == "target" and keys.get("target") is None:
        reader.wrong("missing-key", f"{here}.target", f'"{name}" has no target', "give one, or another goal")
    bounds = None
    if keys.get("bounds") is not None:
        ends = [reader.number(end, f"{here}.bounds") for end in reader.items(keys["bounds"], f"{here}.bounds")]
        if len(ends) != 2 or None in ends or not ends[0] < ends[1]:  # type: ignore[operator]
            reader.wrong("wrong-bounds", f"{here}.bounds", "must be [low, high], rising", "reorder or complete them")
        else:
            bounds = (float(ends[0] or 0.0), float(ends[1] or 0.0))
    preference = _read_preference(reader, keys, here, name, needed=method == "promethee2")
    return Criterion(name, goal or "max", weight, target, bounds, preference)


def _read_preference(reader: Reader, keys: Mapping[str, Any], here: str, name: str, needed: bool) -> Preference:
    shape = "usual"
    if keys.get("preference") is not None:
        shape = reader.word(keys["preference"], f"{here}.preference", SHAPES, "preference") or "usual"
    given = {key: reader.number(keys[key], f"{here}.{key}", 0) for key in ("q", "p", "s") if keys.get(key) is not None}
    if needed:
        wants = {"u-shape": "q", "v-shape": "p", "level": "p", "linear": "p", "gaussian": "s"}.get(shape, "")
        if wants and wants not in given:
            reader.wrong("missing-key", f"{here}.{wants}", f'"{name}" has no {wants}', f"{shape} preference needs it")
        if shape in ("v-shape", "gaussian") and given.get(wants) == 0:
            reader.wrong("impossible-value", f"{here}.{wants}", "is 0", "give a figure above 0")
        q, p = given.get("q"), given.get("p")
        if shape in ("level", "linear") and q is not None and p is not None and q > p:
            reader.wrong("impossible-value", f"{here}.p", f"p {p:g} is below q {q:g}", "swap them")
    return Preference(shape, *(given.get(key) or 0.0 for key in ("q", "p", "s")))


def _read_alternatives(
    reader: Reader, value: Any, criteria: Sequence[Criterion], method: str
) -> tuple[list[str], list[tuple[Cell, ...]]]:
    names: list[str] = []
    cells: list[tuple[Cell, ...]] = []
    for number, item in enumerate(reader.items(value, "alternatives"), start=1):
        here = f"alternatives[{number}]"
        keys = reader.mapping(item, here, ("name", "values"))
        name = reader.text(keys["name"], f"{here}.name") if "name" in keys else f"A{number}"
        row = reader.items(keys.get("values"), f"{here}.values")
        if isinstance(keys.get("values"), list) and len(row) != len(criteria):
            reader.wrong(
                "wrong-length",
                f"{here}.values",
                f'"{name}" has {len(row)} values for {len(criteria)} criteria',
                "give one a criterion, null where it is not known",
            )
        names.append(name)
        cells.append(
            tuple(
                _read_cell(reader, cell, f"{here}.values[{place}] ({name}, {criterion.name})", method)
                for place, (cell, criterion) in enumerate(zip(row, criteria, strict=False), start=1)
            )
        )
    return names, cells


def _read_cell(reader: Reader, value: Any, here: str, method: str) -> Cell:
    if value is None:
        return None
    if not isinstance(value, dict):
        return reader.number(value, here)
    if method != "smaa":
        reader.wrong("wrong-type", here, "must be a number or null", "only smaa takes ranges and distributions", value)
        return None
    if set(value) == {"low", "typical", "high"}:
        ends = [reader.number(value[key], f"{here}.{key}") for key in ("low", "typical", "high")]
        figures = [end for end in ends if end is not None]
        if len(figures) < 3:
            return None
        if not figures[0] <= figures[1] <= figures[2]:
            reader.wrong("impossible-value", here, "low, typical and high do not rise", "reorder them", value)
        return Uncertain("triangular", tuple(figures))
    for kind, words in (("beta", "two figures above 0"), ("normal", "a mean and a standard deviation of 0 or more")):
        if set(value) == {kind}:
            pair = [reader.number(part, f"{here}.{kind}") for part in reader.items(value[kind], f"{here}.{kind}")]
            figures = [part for part in pair if part is not None]
            good = len(figures) == len(pair) == 2 and figures[1] >= 0
            if kind == "beta":
                good = good and min(figures) > 0
            if good:
                return Uncertain("beta" if kind == "beta" else "normal", tuple(figures))
            reader.wrong("impossible-value", f"{here}.{kind}", f"must be {words}", "correct the pair", value)
            return None
    reader.wrong(
        "wrong-type",
        here,
        "is no figure smaa knows",
        "give {low, typical, high}, {beta: [a, b]} or {normal: [mean, sd]}",
    )
    return None


# Deciding -------------------------------------------------------------------------------------------------------------


def decide(problem: DecisionProblem) -> dict[str, Any]:
    """Decide a problem; the document ``decide`` prints, plain JSON values, in the order given.

    Alternatives with a missing value get null and are left out of what the others are compared with.

    Raises:
        AdvisorError: a figure the method cannot take; the cell is named.
    """
    complete = [number for number, row in enumerate(problem.cells) if None not in row]
    extra: dict[str, Any] = {
        "incomplete": [name for number, name in enumerate(problem.names) if number not in set(complete)]
    }
    scores: list[float | None] = [None] * len(problem.names)
    ranks: list[int | None] = [None] * len(problem.names)
    higher = problem.method not in ("vikor", "spotis")
    if complete:
        weights = _weights(problem)
        try:
            with np.errstate(all="ignore"):
                scored = _run(problem, complete, weights)
        except CellError as error:
            raise AdvisorError(_cell_problem(problem, complete, error)) from error
        except AdvisorError as error:
            raise AdvisorError(replace(item, file=problem.file) for item in error.problems) from error
        for place, number in enumerate(complete):
            # Adding 0 makes a −0 a plain 0.
            scores[number], ranks[number] = float(scored.scores[place]) + 0.0, int(scored.ranks[place])
        extra |= _extra(problem, complete, scored)
    return {"method": problem.method, "scores": scores, "ranks": ranks, "higher_is_better": higher, "extra": extra}


def _weights(problem: DecisionProblem) -> Floats:
    """The criteria's weights, summing to 1 unless the problem wants them as they are."""
    given = np.array([criterion.weight or 0.0 for criterion in problem.criteria])
    total = float(given.sum())
    return given / total if problem.parameters.normalise_weights and total > 0 else given


def _from_figures(figures: Floats, goals: Sequence[str], how: str) -> Weighting:
    """Weights worked out of the figures; CRITIC leaves min goals as they are, as its published case prints it."""
    if how == "entropy":
        return entropy(figures)
    return critic(figures) if how == "critic" else merec(figures, goals)


def _run(problem: DecisionProblem, complete: Sequence[int], weights: Floats) -> Scored:
    method, settings = problem.method, problem.parameters
    if method == "smaa":
        return _smaa(problem, complete, weights)
    criteria = problem.criteria
    goals = [criterion.goal for criterion in criteria]
    targets = [criterion.target for criterion in criteria]
    given = np.array([problem.cells[number] for number in complete], dtype=np.float64)
    figures, plain = deviations(given, goals, targets)
    if settings.weights in FROM_FIGURES and method != "pareto":
        weighted = _from_figures(figures, plain, settings.weights)
        scored = _scored_by(problem, given, figures, plain, weighted.weights)
        said = {"weights_from": weighted.method, "warning": weighted.warning}
        return replace(scored, steps={**scored.steps, **said})
    return _scored_by(problem, given, figures, plain, weights)


def _scored_by(
    problem: DecisionProblem, given: Floats, figures: Floats, plain: Sequence[str], weights: Floats
) -> Scored:
    """Scores of complete figures; ``figures`` and ``plain`` have distances in the place of targets."""
    method, settings, criteria = problem.method, problem.parameters, problem.criteria
    if method == "spotis":
        goals, targets = [criterion.goal for criterion in criteria], [criterion.target for criterion in criteria]
        return spotis(given, weights, goals, [criterion.bounds for criterion in criteria], targets)
    how = settings.normalisation or DEFAULT_NORMALISATION.get(method, "none")
    if method == "wsm":
        return weighted_sum(figures, weights, plain, how)
    if method == "wpm":
        return weighted_product(figures, weights, plain, how)
    if method == "waspas":
        return waspas(figures, weights, plain, settings.lam, how)
    if method == "topsis":
        return topsis(figures, weights, plain, how)
    if method == "vikor":
        return vikor(figures, weights, plain, settings.v)
    if method == "copras":
        return copras(figures, weights, plain)
    if method == "pareto":
        return pareto(figures, plain, who=len(figures) <= _MOST_DOMINATED)
    return promethee(figures, weights, plain, [criterion.preference for criterion in criteria])


def _smaa(problem: DecisionProblem, complete: Sequence[int], weights: Floats) -> Scored:
    settings = problem.parameters
    cells = [[cell for cell in problem.cells[number] if cell is not None] for number in complete]

    def utility(figures: Floats) -> Floats:
        """Partial values, linear between the bounds and on beyond them; without bounds the figures themselves."""
        found = np.empty_like(figures)
        for column, criterion in enumerate(problem.criteria):
            low, high = criterion.bounds or (0.0, 1.0)
            x = figures[..., column]
            if criterion.goal == "target" and criterion.target is not None:
                found[..., column] = 1.0 - np.abs(x - criterion.target) / (high - low)
            elif criterion.goal == "min":
                found[..., column] = (high - x) / (high - low)
            else:
                found[..., column] = (x - low) / (high - low)
        return found

    given = weights if settings.weights == "given" else None
    return smaa(cells, utility, given, settings.weights == "ordered", settings.samples, settings.seed)


def _cell_problem(problem: DecisionProblem, complete: Sequence[int], error: CellError) -> Problem:
    row, criterion = complete[error.row], problem.criteria[error.column]
    distance = " from its target" if criterion.goal == "target" else ""
    return Problem(
        "impossible-value",
        f'"{problem.names[row]}" has {error.value:g}{distance}; {error.needs}',
        "correct the figure or choose a method that can take it",
        file=problem.file,
        row=row + 1,
        column=criterion.name,
        value=f"{error.value:g}",
    )


# Writing --------------------------------------------------------------------------------------------------------------


def _extra(problem: DecisionProblem, complete: Sequence[int], scored: Scored) -> dict[str, Any]:
    """The intermediate tables as plain JSON values, one row an alternative, null for incomplete ones."""
    found: dict[str, Any] = {"criteria": [criterion.name for criterion in problem.criteria]}
    names = [problem.names[number] for number in complete]
    steps = dict(scored.steps)
    if problem.method == "promethee2" and len(names) <= _MOST_PAIRS:
        pairs = np.argwhere(np.triu(promethee_one(steps["phi_plus"], steps["phi_minus"]) == 2))
        found["not_comparable"] = [[names[left], names[right]] for left, right in pairs]
    if problem.method == "smaa":
        never = steps["rank_acceptability"][:, 0] == 0
        steps["central_weights"] = np.where(never[:, None], np.nan, steps["central_weights"])
    if "dominated_by" in steps:
        steps["dominated_by"] = [[names[row] for row in rows] for rows in steps["dominated_by"]]
    for key, value in steps.items():
        if key in _NAMES:
            found[key] = [names[row] for row in value]
        elif key in _BY_ROW:
            rows: list[Any] = [None] * len(problem.names)
            for number, row in zip(complete, value, strict=True):
                rows[number] = _plain(row)
            found[key] = rows
        else:
            found[key] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    """Arrays as lists, figures that are none as null."""
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        items = [_plain(item) for item in value]
        return None if items and all(item is None for item in items) else items
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def decision_text(problem: DecisionProblem, form: str) -> str:
    """What ``decide`` prints: the decision as JSON, or as a short table, best first."""
    decided = decide(problem)
    if form == "json":
        return json.dumps(decided, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    better = "higher" if decided["higher_is_better"] else "lower"
    lines = [f"{problem.method}, {better} is better", "", f"{'#':>4}  {'score':>12}  alternative"]
    shown = zip(decided["ranks"], decided["scores"], problem.names, strict=True)
    places = decided["ranks"]
    for rank, score, name in sorted(shown, key=lambda item: item[0] or len(problem.names) + 1):
        if rank is None:
            lines.append(f"{'–':>4}  {'–':>12}  {name} (a value is missing)")
        else:
            mark = f"{rank}=" if places.count(rank) > 1 else str(rank)
            lines.append(f"{mark:>4}  {score:>12.6g}  {name}")
    extra = decided["extra"]
    if problem.method == "vikor" and "compromise" in extra:
        lines += ["", f"compromise: {', '.join(extra['compromise'])}"]
    if extra.get("not_comparable"):
        lines += ["", "not comparable: " + ", ".join(f"{left} and {right}" for left, right in extra["not_comparable"])]
    if problem.method == "pareto":
        lines += [""] + [
            f"{name} is dominated by {', '.join(by)}"
            for name, by in zip(problem.names, extra.get("dominated_by", []), strict=False)
            if by
        ]
    if "warning" in extra:
        told = ", ".join(
            f"{name} {weight:.3g}" for name, weight in zip(extra["criteria"], extra["weights"], strict=True)
        )
        lines += ["", f"{extra['weights_from']} weights: {told}", f"note: {extra['warning']}"]
    if "error" in extra:
        lines += ["", f"{problem.parameters.samples:,} draws, seed {problem.parameters.seed}, ± {extra['error']:.3f}"]
    return "\n".join(lines).rstrip() + "\n"
