"""Methods: decision methods as pure functions that return intermediate tables; rank similarity."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from advisor.problems import AdvisorError, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

#: Scores closer than this share a rank; where all are far below 1, closer than this part of their scale.
TIE = 1e-9
#: Rounding of scores far above 1, as a part of their scale.
_NOISE = 1e-12
#: Two figures of a criterion closer than this part of its largest figure are equal: 0.3 − 0.1 is no more than 0.2.
_SAME = 1e-12

NORMALISATIONS = ("vector", "minmax", "max", "sum", "none")
SHAPES = ("usual", "u-shape", "v-shape", "level", "linear", "gaussian")


class CellError(AdvisorError):
    """A figure a method cannot take; carries row and column (counted from 0), so that a caller can name the cell."""

    def __init__(self, row: int, column: int, value: float, needs: str) -> None:
        self.row, self.column, self.value, self.needs = row, column, value, needs
        super().__init__(
            Problem(
                "impossible-value",
                f"{value:g} will not do: {needs}",
                "correct the figure, or choose a method that can take it",
                row=row + 1,
                column=str(column + 1),
                value=f"{value:g}",
            )
        )


@dataclass(frozen=True, eq=False)
class Scored:
    """What a method makes of a table.

    Attributes:
        method: its name as ``decide`` spells it.
        scores: one an alternative, in the order given.
        ranks: places 1, 2, 2, 4; scores within ``TIE`` share one (a part of the scale where that is small).
        higher_is_better: False for VIKOR and SPOTIS, which measure a distance.
        steps: every intermediate table by name (arrays; numbers; names of rows as numbers from 0).
    """

    method: str
    scores: Floats
    ranks: Ints
    higher_is_better: bool = True
    steps: Mapping[str, Any] = field(default_factory=dict)


def places(scores: ArrayLike, higher_is_better: bool = True, width: float = TIE) -> Ints:
    """Places 1, 2, 2, 4 of scores; scores that chain within ``width`` share one."""
    figures = np.asarray(scores, dtype=np.float64)
    ordered = np.argsort(-figures if higher_is_better else figures, kind="stable")
    found = np.empty(len(figures), dtype=np.intp)
    if len(figures):
        steps = np.abs(np.diff(figures[ordered])) > width
        group = np.concatenate(([0], np.cumsum(steps)))
        found[ordered] = np.searchsorted(group, group, side="left") + 1
    return found


def _scored(method: str, scores: Floats, steps: dict[str, Any], higher: bool = True, scale: float = 1.0) -> Scored:
    """Places for scores whose rounding noise is relative to ``scale``.

    Raises:
        AdvisorError: a score is too large or too small for the machine's numbers.
    """
    if not np.isfinite(scores).all():
        raise AdvisorError(
            Problem("out-of-range", f"the figures are too large for {method}", "give them in a larger unit")
        )
    width = max(TIE * min(scale, 1.0), _NOISE * scale) if 0 < scale < np.inf else TIE
    return Scored(method, scores, places(scores, higher, width), higher, steps)


def _table(matrix: ArrayLike, weights: ArrayLike, goals: Sequence[str]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The three inputs as arrays: figures, weights, and True where less is better.

    Raises:
        CellError: a figure is missing or endless.
    """
    figures = np.asarray(matrix, dtype=np.float64)
    shares = np.asarray(weights, dtype=np.float64)
    if figures.ndim != 2 or figures.shape[1] != len(goals) or shares.shape != (len(goals),):
        raise ValueError("matrix, weights and goals do not fit each other")
    _refuse(figures, ~np.isfinite(figures), "a method needs every figure")
    return figures, shares, np.array([goal == "min" for goal in goals], dtype=bool)


def _refuse(figures: Floats, wrong: NDArray[np.bool_], needs: str) -> None:
    if wrong.any():
        row, column = (int(number) for number in np.argwhere(wrong)[0])
        raise CellError(row, column, float(figures[row, column]), needs)


def deviations(
    matrix: ArrayLike, goals: Sequence[str], targets: Sequence[float | None]
) -> tuple[Floats, tuple[str, ...]]:
    """A table whose target criteria hold the distance from their target, less being better."""
    figures = np.array(matrix, dtype=np.float64)
    for column, (goal, target) in enumerate(zip(goals, targets, strict=True)):
        if goal == "target" and target is not None:
            figures[:, column] = np.abs(figures[:, column] - target)
    return figures, tuple("min" if goal == "target" else goal for goal in goals)


def _divided(top: Floats, bottom: Floats | float, otherwise: float = 0.0) -> Floats:
    """``top / bottom``, ``otherwise`` where the bottom is 0."""
    low = np.asarray(bottom, dtype=np.float64)
    safe = np.where(low == 0, 1.0, low)
    return np.asarray(np.where(low == 0, otherwise, top / safe), dtype=np.float64)


def _width(figures: Floats) -> Floats:
    """Most less least by column; 0 where they differ by no more than rounding, so that noise is not stretched."""
    least, most = figures.min(axis=0), figures.max(axis=0)
    width = most - least
    return np.asarray(np.where(width <= _SAME * np.maximum(np.abs(most), np.abs(least)), 0.0, width))


def normalise(matrix: ArrayLike, goals: Sequence[str], how: str) -> tuple[Floats, Floats]:
    """A table brought to one scale.

    * ``vector``: x / √Σx²; ``none``: as it is. Less-is-better criteria keep their figures and get the sign −1.
    * ``minmax``: (x − least) / (most − least), 1 minus that where less is better; a criterion that does not vary is 1
      for all: nothing is better.
    * ``max``: x / most, least / x where less is better.
    * ``sum``: x / Σx, of 1/x where less is better.

    A criterion of nothing but zeros stays zeros under vector, max and sum.

    Returns:
        The table, and +1 or −1 by criterion.

    Raises:
        CellError: ``max`` or ``sum`` of a negative figure, or of a figure not above 0 where less is better.
    """
    figures = np.asarray(matrix, dtype=np.float64)
    less = np.array([goal == "min" for goal in goals], dtype=bool)
    sign = np.where(less, -1.0, 1.0)
    one = np.ones(figures.shape[1])
    if how == "none":
        return figures.copy(), sign
    if how == "vector":
        # Divided by the largest figure first: the square of a large one would be endless.
        scaled = _divided(figures, np.abs(figures).max(axis=0))
        return _divided(scaled, np.sqrt((scaled * scaled).sum(axis=0))), sign
    if how == "minmax":
        width = _width(figures)
        part = _divided(figures - figures.min(axis=0), width, 1.0)
        return np.where(less & (width > 0), 1.0 - part, part), one
    _refuse(figures, (figures < 0) & ~less, f"{how} normalisation takes no figures below 0")
    _refuse(figures, (figures <= 0) & less, f"{how} normalisation of a criterion to minimise needs figures above 0")
    if how == "max":
        up = _divided(figures, figures.max(axis=0))
        down = figures.min(axis=0) / np.where(less, figures, 1.0)
        return np.where(less, down, up), one
    if how == "sum":
        with np.errstate(over="ignore"):
            turned = np.where(less, 1.0 / np.where(less, figures, 1.0), figures)
            return _divided(turned, turned.sum(axis=0)), one
    raise ValueError(how)


# Additive and multiplicative ------------------------------------------------------------------------------------------


def weighted_sum(matrix: ArrayLike, weights: ArrayLike, goals: Sequence[str], normalisation: str = "minmax") -> Scored:
    """Weighted sum (simple additive weighting): Σ w·r; with ``vector`` and ``none`` a min goal counts against."""
    figures, shares, _ = _table(matrix, weights, goals)
    table, sign = normalise(figures, goals, normalisation)
    parts = table * (shares * sign)
    scores = parts.sum(axis=1)
    steps = {"weights": shares, "normalised": table, "contributions": parts}
    return _scored("wsm", scores, steps, scale=float(np.abs(parts).sum(axis=1).max(initial=0.0)))


def weighted_product(
    matrix: ArrayLike, weights: ArrayLike, goals: Sequence[str], normalisation: str = "none"
) -> Scored:
    """Weighted product: Π r^w, with −w for a min goal where normalisation does not turn it (Bridgman 1922).

    Raises:
        CellError: a figure is not above 0; a product of ratios cannot take it (under ``minmax`` any figure will do).
    """
    figures, shares, _ = _table(matrix, weights, goals)
    table, sign = _positive_table(figures, goals, normalisation, "a weighted product")
    powers, scores, logs = _product(table, shares * sign)
    steps = {"weights": shares, "normalised": table, "powers": powers, "log10_scores": logs}
    return _scored("wpm", scores, steps, scale=float(scores.max(initial=0.0)))


def _positive_table(figures: Floats, goals: Sequence[str], normalisation: str, what: str) -> tuple[Floats, Floats]:
    if normalisation != "minmax":
        _refuse(figures, figures <= 0, f"{what} needs figures above 0")
    return normalise(figures, goals, normalisation)


def _product(table: Floats, exponents: Floats) -> tuple[Floats, Floats, Floats]:
    """Powers, their product and its decimal logarithm."""
    with np.errstate(over="ignore"):
        powers = np.power(table, exponents)
        with np.errstate(divide="ignore"):
            logs = np.where(exponents == 0, 0.0, exponents * np.log(np.where(exponents == 0, 1.0, table))).sum(axis=1)
        return powers, np.exp(logs), logs / math.log(10)


def waspas(
    matrix: ArrayLike, weights: ArrayLike, goals: Sequence[str], lam: float = 0.5, normalisation: str = "max"
) -> Scored:
    """WASPAS: λ × weighted sum + (1 − λ) × weighted product of one normalised table (Zavadskas et al. 2012).

    Raises:
        CellError: a figure is not above 0.
    """
    figures, shares, _ = _table(matrix, weights, goals)
    table, sign = _positive_table(figures, goals, normalisation, "WASPAS")
    added = (table * (shares * sign)).sum(axis=1)
    _, product, _ = _product(table, shares * sign)
    scores = lam * added + (1 - lam) * product
    steps = {"weights": shares, "normalised": table, "weighted_sum": added, "weighted_product": product, "lambda": lam}
    return _scored("waspas", scores, steps, scale=float(np.abs(scores).max(initial=0.0)))


# Distances ------------------------------------------------------------------------------------------------------------


def topsis(matrix: ArrayLike, weights: ArrayLike, goals: Sequence[str], normalisation: str = "vector") -> Scored:
    """TOPSIS: nearness D⁻ / (D⁺ + D⁻) to the ideal, Euclidean (Hwang & Yoon 1981).

    Vector normalisation depends on the unit's zero; minmax does not. Where ideal and anti-ideal coincide (one row, or
    rows that are all alike) nobody is nearer the ideal, and all score 1.
    """
    figures, shares, _ = _table(matrix, weights, goals)
    table, sign = normalise(figures, goals, normalisation)
    weighted = table * shares
    ideal = np.where(sign > 0, weighted.max(axis=0), weighted.min(axis=0))
    anti = np.where(sign > 0, weighted.min(axis=0), weighted.max(axis=0))
    to_ideal = np.sqrt(((weighted - ideal) ** 2).sum(axis=1))
    to_anti = np.sqrt(((weighted - anti) ** 2).sum(axis=1))
    scores = _divided(to_anti, to_ideal + to_anti, 1.0)
    steps = {
        "weights": shares,
        "normalised": table,
        "weighted": weighted,
        "ideal": ideal,
        "anti_ideal": anti,
        "distance_to_ideal": to_ideal,
        "distance_to_anti_ideal": to_anti,
    }
    return _scored("topsis", scores, steps)


def vikor(matrix: ArrayLike, weights: ArrayLike, goals: Sequence[str], v: float = 0.5) -> Scored:
    """VIKOR: Q from group regret S and individual regret R, lower is better, with the compromise set.

    C1: the second is at least 1/(n − 1) behind in Q. C2: the first is also first by S or by R. C1 fails: everyone less
    than that behind joins the set; only C2 fails: the second joins (Opricovic & Tzeng 2004). A criterion that does
    not vary is nobody's regret; where all S (or R) are equal their part of Q is 0.
    """
    figures, shares, less = _table(matrix, weights, goals)
    best = np.where(less, figures.min(axis=0), figures.max(axis=0))
    worst = np.where(less, figures.max(axis=0), figures.min(axis=0))
    regret = shares * _divided(np.abs(best - figures), _width(figures))
    group, single = regret.sum(axis=1), regret.max(axis=1)
    scores = v * _spread(group) + (1 - v) * _spread(single)
    scored = _scored("vikor", scores, {}, higher=False)
    scale = max(float(shares.sum()), 1e-300)
    by_group, by_single = places(group, False, TIE * scale), places(single, False, TIE * scale)
    order = np.lexsort((group, scored.ranks))
    advantage = 1.0 / (len(scores) - 1) if len(scores) > 1 else 0.0
    first = order[0]
    accepted = len(scores) == 1 or float(scores[order[1]] - scores[first]) >= advantage - TIE
    stable = bool(by_group[first] == 1 or by_single[first] == 1)
    if not accepted:
        compromise = [int(row) for row in order if scores[row] - scores[first] < advantage - TIE]
    else:
        compromise = [int(row) for row in order[: 1 if stable else 2]]
    steps = {
        "weights": shares,
        "best": best,
        "worst": worst,
        "regret": regret,
        "S": group,
        "R": single,
        "Q": scores,
        "ranks_by_S": by_group,
        "ranks_by_R": by_single,
        "v": v,
        "advantage_needed": advantage,
        "acceptable_advantage": accepted,
        "acceptable_stability": stable,
        "compromise": compromise,
    }
    return Scored("vikor", scores, scored.ranks, False, steps)


def _spread(figures: Floats) -> Floats:
    """Figures on 0..1 between their least and most; 0 where they do not differ by more than rounding."""
    return _divided(figures - figures.min(), _width(figures))


def spotis(
    matrix: ArrayLike,
    weights: ArrayLike,
    goals: Sequence[str],
    bounds: Sequence[tuple[float, float] | None],
    targets: Sequence[float | None] | None = None,
) -> Scored:
    """SPOTIS: weighted distance from a fixed point, lower is better, free of rank reversal (Dezert et al. 2020).

    The point is the upper bound of a max goal, the lower of a min goal, the target of a target goal. Distances are
    linear between the bounds and go on beyond them: past the good bound they are below 0. A criterion without bounds is
    taken to be on 0..1 already.
    """
    figures, shares, _ = _table(matrix, weights, goals)
    ends = np.array([(0.0, 1.0) if pair is None else pair for pair in bounds], dtype=np.float64)
    width = ends[:, 1] - ends[:, 0]
    distance = np.empty_like(figures)
    point = np.empty(len(goals))
    for column, goal in enumerate(goals):
        target = targets[column] if targets is not None else None
        if goal == "target" and target is not None:
            point[column] = target
            distance[:, column] = np.abs(figures[:, column] - target)
        elif goal == "min":
            point[column] = ends[column, 0]
            distance[:, column] = figures[:, column] - point[column]
        else:
            point[column] = ends[column, 1]
            distance[:, column] = point[column] - figures[:, column]
    distance /= width
    parts = distance * shares
    scale = float(np.abs(parts).sum(axis=1).max(initial=0.0))
    steps = {"weights": shares, "bounds": ends, "ideal": point, "distances": distance}
    return _scored("spotis", parts.sum(axis=1), steps, higher=False, scale=scale)


def copras(matrix: ArrayLike, weights: ArrayLike, goals: Sequence[str]) -> Scored:
    """COPRAS: S⁺ + ΣS⁻ / (S⁻ Σ 1/S⁻), as utility 0..1 of the best (Zavadskas, Kaklauskas & Šarka 1994).

    Min goals are summed as they are, never inverted: a dearer row has a larger S⁻ and loses.

    Raises:
        CellError: a figure is negative, or all of a row's figures to minimise are 0 (they are divided by).
    """
    figures, shares, less = _table(matrix, weights, goals)
    _refuse(figures, figures < 0, "COPRAS takes no figures below 0")
    table = _divided(figures, figures.sum(axis=0)) * shares
    plus, minus = table[:, ~less].sum(axis=1), table[:, less].sum(axis=1)
    relative = plus.copy()
    if minus.any():
        lost = np.broadcast_to((minus <= 0)[:, None], figures.shape) & less & (shares > 0)
        _refuse(figures, lost, "COPRAS divides by what is to be minimised, which needs a figure above 0")
        relative = plus + minus.sum() / (minus * (1.0 / minus).sum())
    most = relative.max(initial=0.0)
    scores = relative / most if most > 0 else np.ones_like(relative)
    steps = {"weights": shares, "weighted": table, "S_plus": plus, "S_minus": minus, "Q": relative}
    return _scored("copras", scores, steps)


# PROMETHEE ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preference:
    """How a difference d in a criterion becomes a preference 0..1 (Brans & Vincke 1985).

    ``usual``: 1 if d > 0 · ``u-shape``: 1 if d > q · ``v-shape``: d/p up to 1 · ``level``: ½ above q, 1 above p ·
    ``linear``: 0 up to q, then straight to 1 at p · ``gaussian``: 1 − exp(−d²/2s²). Thresholds are in the
    criterion's unit; 0 ≤ q ≤ p, and p (v-shape) and s above 0.
    """

    shape: str = "usual"
    q: float = 0.0
    p: float = 0.0
    s: float = 0.0


def preference_degree(differences: Floats, preference: Preference, same: float = 0.0) -> Floats:
    """Preference 0..1 of each difference; differences that pass a step by ``same`` or less do not pass it."""
    d, q, p = differences, preference.q, preference.p
    if preference.shape == "gaussian":
        above = np.maximum(d, 0.0)
        return np.asarray(-np.expm1(-(above * above) / (2.0 * preference.s**2)))
    if preference.shape == "level":
        return np.asarray(0.5 * (d > q + same) + 0.5 * (d > p + same))
    ramp = _ramp(preference)
    if ramp is None:
        step = 0.0 if preference.shape == "usual" else q
        return np.asarray(d > step + same, dtype=np.float64)
    return np.asarray(np.clip((d - ramp[0]) / (ramp[1] - ramp[0]), 0.0, 1.0))


def _ramp(preference: Preference) -> tuple[float, float] | None:
    """Where a preference rises from 0 to 1 in a straight line, or None where it does so in steps."""
    if preference.shape == "v-shape":
        return 0.0, preference.p
    if preference.shape == "linear" and preference.p > preference.q:
        return preference.q, preference.p
    return None


def promethee(
    matrix: ArrayLike, weights: ArrayLike, goals: Sequence[str], preferences: Sequence[Preference], fast: bool = True
) -> Scored:
    """PROMETHEE II by net flow φ = φ⁺ − φ⁻; the two flows make PROMETHEE I (Brans & Vincke 1985).

    Sorting makes it O(q n log n) for every shape but the Gaussian (Calders & Van Assche 2018), which is worked out pair
    by pair; ``fast=False`` does so for all. One row has no flows: all 0.
    """
    figures, shares, less = _table(matrix, weights, goals)
    rows, criteria = figures.shape
    columns = np.ascontiguousarray(figures.T)
    net, leaving, entering = np.zeros((criteria, rows)), np.zeros(rows), np.zeros(rows)
    for column, preference in enumerate(preferences):
        x = -columns[column] if less[column] else columns[column]
        flows = _sorted_flows if fast and preference.shape != "gaussian" else _pairwise_flows
        if rows > 1:
            plus, minus = (part / (rows - 1) for part in flows(x, preference))
            net[column] = plus - minus
            leaving += shares[column] * plus
            entering += shares[column] * minus
    scores = shares @ net
    steps = {"weights": shares, "criterion_flows": net.T, "phi_plus": leaving, "phi_minus": entering, "phi": scores}
    return _scored("promethee2", scores, steps, scale=max(1.0, float(np.abs(leaving).max(initial=0.0))))


def _same_width(x: Floats, preference: Preference) -> float:
    return _SAME * max(float(np.abs(x).max(initial=0.0)), preference.q, preference.p)


def _pairwise_flows(x: Floats, preference: Preference) -> tuple[Floats, Floats]:
    """Sums of preferences over and under every other row, pair by pair, in blocks that fit the cache."""
    same = _same_width(x, preference)
    plus, minus = np.empty(len(x)), np.empty(len(x))
    block = max(1, 1_000_000 // max(len(x), 1))
    for start in range(0, len(x), block):
        ahead = x[start : start + block, None] - x[None, :]
        plus[start : start + block] = preference_degree(ahead, preference, same).sum(axis=1)
        minus[start : start + block] = preference_degree(-ahead, preference, same).sum(axis=1)
    return plus, minus


def _sorted_flows(x: Floats, preference: Preference) -> tuple[Floats, Floats]:
    """The same sums from counts and running sums of the sorted figures."""
    rows = len(x)
    same = _same_width(x, preference)
    order = np.argsort(x)
    sorted_x = x[order]
    plus, minus = np.empty(rows), np.empty(rows)
    ramp = _ramp(preference)
    if ramp is None:
        steps = {"usual": (0.0,), "level": (preference.q, preference.p)}.get(preference.shape, (preference.q,))
        over, under = np.zeros(rows), np.zeros(rows)
        for step in steps:
            over += np.searchsorted(sorted_x, sorted_x - (step + same), side="left")
            under += rows - np.searchsorted(sorted_x, sorted_x + (step + same), side="right")
        plus[order], minus[order] = over / len(steps), under / len(steps)
        return plus, minus
    q, p = ramp
    # About the middle, in the longest floats there are: running sums of 185,000 figures lose few digits.
    centred = sorted_x - sorted_x[rows // 2]
    running = np.concatenate(([0.0], np.cumsum(centred.astype(np.longdouble)))).astype(np.longdouble)
    full = np.searchsorted(centred, centred - p, side="right")
    some = np.searchsorted(centred, centred - q, side="right") if q else np.arange(rows)
    some = np.maximum(some, full)
    between = np.asarray(running[some] - running[full], dtype=np.float64)
    plus[order] = full + ((some - full) * (centred - q) - between) / (p - q)
    full = np.searchsorted(centred, centred + p, side="left")
    some = np.searchsorted(centred, centred + q, side="left") if q else np.arange(rows)
    some = np.minimum(some, full)
    between = np.asarray(running[full] - running[some], dtype=np.float64)
    minus[order] = rows - full + (between - (full - some) * (centred + q)) / (p - q)
    return plus, minus


def promethee_one(plus: Floats, minus: Floats) -> NDArray[np.int8]:
    """PROMETHEE I: for every pair 1 (row before column), −1 (after), 0 (indifferent), 2 (not comparable)."""
    more = _compared(plus[:, None] - plus[None, :])
    less = _compared(minus[None, :] - minus[:, None])
    found = np.where(more * less < 0, 2, np.sign(more + less))
    return np.asarray(found, dtype=np.int8)


def _compared(difference: Floats) -> Ints:
    return np.asarray(np.where(np.abs(difference) <= TIE, 0, np.sign(difference)), dtype=np.intp)


# Pareto ---------------------------------------------------------------------------------------------------------------


def pareto(matrix: ArrayLike, goals: Sequence[str], who: bool = True) -> Scored:
    """The Pareto set: 1 for a row no other is at least as good as in all and better in one, else 0.

    Rows that are alike do not dominate each other.

    Args:
        matrix: figures.
        goals: max or min by criterion.
        who: list who dominates whom as well (every pair is looked at).
    """
    figures, _, less = _table(matrix, np.ones(len(goals)), goals)
    good = np.where(less, -figures, figures)
    # Best places first: what dominates a row has the smaller sum of places, so one pass with a growing front does.
    sums = np.zeros(len(good))
    for column in range(good.shape[1]):
        sums += np.searchsorted(np.sort(-good[:, column]), -good[:, column])
    front = np.empty_like(good)
    size = 0
    on_front = np.zeros(len(good), dtype=bool)
    for row in np.argsort(sums, kind="stable"):
        members = front[:size]
        if not ((members >= good[row]).all(axis=1) & (members > good[row]).any(axis=1)).any():
            front[size] = good[row]
            size += 1
            on_front[row] = True
    steps: dict[str, Any] = {"front": np.flatnonzero(on_front)}
    if who:
        steps["dominated_by"] = [
            []
            if on_front[row]
            else np.flatnonzero((good >= good[row]).all(axis=1) & (good > good[row]).any(axis=1)).tolist()
            for row in range(len(good))
        ]
    return _scored("pareto", on_front.astype(np.float64), steps)


# Material selection ---------------------------------------------------------------------------------------------------


def limits_on_properties(
    matrix: ArrayLike, weights: ArrayLike, kinds: Sequence[str], limits: Sequence[float]
) -> Scored:
    """Limits on properties (Farag): Σ w·(limit/x) of lower, w·(x/limit) of upper limits, w·|x/target − 1|; lowest wins.

    Args:
        matrix: figures.
        weights: one a property.
        kinds: ``lower``, ``upper`` or ``target`` by property.
        limits: the limit or target, not 0 where it is divided by.

    Raises:
        CellError: a property with a lower limit is not above 0 (it is divided by).
    """
    figures, shares, _ = _table(matrix, weights, ["max"] * len(kinds))
    bound = np.asarray(limits, dtype=np.float64)
    lower = np.array([kind == "lower" for kind in kinds])
    target = np.array([kind == "target" for kind in kinds])
    _refuse(figures, (figures <= 0) & lower, "a lower limit is divided by the figure, which needs to be above 0")
    if (bound[~lower] == 0).any():
        raise AdvisorError(Problem("impossible-value", "an upper limit or target is 0", "figures are divided by it"))
    ratio = figures / np.where(lower, 1.0, bound)
    parts = np.where(lower, bound / np.where(lower, figures, 1.0), np.where(target, np.abs(ratio - 1.0), ratio))
    scores = (parts * shares).sum(axis=1)
    return _scored("limits", scores, {"weights": shares, "ratios": parts}, higher=False)


def simple_ranking(rank_matrix: ArrayLike, weights: ArrayLike) -> Scored:
    """Simple ranking process: weighted sum of the places in each criterion, lower is better (Zakeri et al. 2023)."""
    table = np.asarray(rank_matrix, dtype=np.float64)
    shares = np.asarray(weights, dtype=np.float64)
    return _scored("simple-ranking", table @ shares, {"weights": shares, "rank_matrix": table}, higher=False)


# SMAA -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Uncertain:
    """A figure by its distribution: ``triangular`` (low, typical, high), ``beta`` (a, b) or ``normal`` (mean, sd)."""

    kind: Literal["triangular", "beta", "normal"]
    parameters: tuple[float, ...]

    def draw(self, random: np.random.Generator, size: int) -> Floats:
        """``size`` draws."""
        first, second = self.parameters[:2]
        if self.kind == "beta":
            return random.beta(first, second, size)
        if self.kind == "normal":
            return random.normal(first, second, size)
        low, typical, high = self.parameters
        return random.triangular(low, typical, high, size) if high > low else np.full(size, typical)


#: Draws of SMAA worked on at a time, at most; fewer where alternatives are many.
_DRAWS = 1000
#: More alternatives than this: no confidence factors (each is a competition of its own).
_MOST_CONFIDENT = 200


def smaa(
    cells: Sequence[Sequence[float | Uncertain]],
    utility: Callable[[Floats], Floats],
    weights: ArrayLike | None,
    ordered: bool = False,
    samples: int = 20_000,
    seed: int = 1,
    criteria: int | None = None,
) -> Scored:
    """SMAA-2: how often each alternative takes each rank, with what weights, how firmly (Lahdelma & Salminen 2001).

    Args:
        cells: one row an alternative; a number, or what it is drawn from.
        utility: figures (draws × alternatives × criteria) to partial values, the better the larger.
        weights: given ones, or None for uniform on the simplex.
        ordered: with ``weights`` None: falling in the order listed.
        samples: draws.
        seed: the same seed gives the same bits.
        criteria: number of criteria, where there are no alternatives to count them by.

    Returns:
        First-rank acceptability as score; ``steps`` hold ``rank_acceptability`` (alternatives × ranks),
        ``central_weights`` (rows of zeros for one that never leads), ``confidence_factor`` and ``error``, the
        half-width of the largest score's 95 % error bar. Alternatives level within ``TIE`` of their scale share the
        ranks they take.
    """
    rows = len(cells)
    columns = len(cells[0]) if rows else criteria or 0
    data_seed, weight_seed = np.random.SeedSequence(seed).spawn(2)
    weight_random = np.random.Generator(np.random.PCG64(weight_seed))
    given = None if weights is None else np.asarray(weights, dtype=np.float64)
    acceptability, central = np.zeros((rows, rows)), np.zeros((rows, columns))
    for values in _value_draws(cells, utility, samples, data_seed):
        drawn = _weight_draws(weight_random, given, ordered, len(values), columns)
        scores = np.einsum("dac,dc->da", values, drawn)
        first = _count_ranks(scores, acceptability, _tie(values))
        central += first.T @ drawn
    leads = acceptability[:, 0].copy()
    central = _divided(central, leads[:, None])
    acceptability /= samples
    scores = acceptability[:, 0].copy()
    top = float(scores.max(initial=0.0))
    steps: dict[str, Any] = {
        "rank_acceptability": acceptability,
        "central_weights": central,
        "error": 1.96 * math.sqrt(max(top * (1 - top), 0.0) / samples),
    }
    if rows <= _MOST_CONFIDENT:
        steps["confidence_factor"] = _confidence(cells, utility, central, leads > 0, samples, data_seed)
    return _scored("smaa", scores, steps)


def _value_draws(
    cells: Sequence[Sequence[float | Uncertain]],
    utility: Callable[[Floats], Floats],
    samples: int,
    seed: np.random.SeedSequence,
) -> Any:
    """Partial values of every draw, some draws at a time; the same seed draws the same again."""
    random = np.random.Generator(np.random.PCG64(seed))
    rows, columns = len(cells), len(cells[0]) if len(cells) else 0
    fixed = np.array([[0.0 if isinstance(cell, Uncertain) else cell for cell in row] for row in cells])
    loose = [
        (row, column, cell)
        for row, line in enumerate(cells)
        for column, cell in enumerate(line)
        if isinstance(cell, Uncertain)
    ]
    size = max(1, min(_DRAWS, 8_000_000 // max(rows * max(columns, rows), 1)))
    for start in range(0, samples, size):
        count = min(size, samples - start)
        figures = np.broadcast_to(fixed, (count, rows, columns)).copy()
        for row, column, cell in loose:
            figures[:, row, column] = cell.draw(random, count)
        yield utility(figures)


def _weight_draws(random: np.random.Generator, given: Floats | None, ordered: bool, size: int, columns: int) -> Floats:
    if given is not None:
        return np.broadcast_to(given, (size, columns))
    drawn = random.standard_exponential((size, columns))
    if ordered:
        drawn = -np.sort(-drawn, axis=1)
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def _tie(values: Floats) -> float:
    """How close scores of these partial values are level: partial values need not lie on 0..1."""
    return TIE * float(np.abs(values).max(initial=0.0))


def _count_ranks(scores: Floats, acceptability: Floats, width: float) -> Floats:
    """Add the ranks of every draw to the table; returns each alternative's part of the first rank by draw."""
    size, rows = scores.shape
    order = np.argsort(-scores, axis=1)
    falling = np.take_along_axis(scores, order, axis=1)
    apart = falling[:, :-1] - falling[:, 1:] > width
    clear = apart.all(axis=1)
    np.add.at(acceptability, (order[clear], np.broadcast_to(np.arange(rows), order[clear].shape)), 1.0)
    first = np.zeros((size, rows))
    first[np.flatnonzero(clear), order[clear, 0]] = 1.0
    for draw in np.flatnonzero(~clear):
        edges = [0, *(np.flatnonzero(apart[draw]) + 1).tolist(), rows]
        for begin, end in pairwise(edges):
            tied = order[draw, begin:end]
            acceptability[tied[:, None], np.arange(begin, end)] += 1.0 / (end - begin)
            if begin == 0:
                first[draw, tied] = 1.0 / (end - begin)
    return first


def _confidence(
    cells: Sequence[Sequence[float | Uncertain]],
    utility: Callable[[Floats], Floats],
    central: Floats,
    ever: NDArray[np.bool_],
    samples: int,
    seed: np.random.SeedSequence,
) -> Floats:
    """How often each alternative leads when the weights are its own central ones; 0 for one that never led."""
    wins = np.zeros(len(central))
    for values in _value_draws(cells, utility, samples, seed):
        scores = values @ central.T  # draws × alternatives × whose weights
        own = np.diagonal(scores, axis1=1, axis2=2)
        wins += (own >= scores.max(axis=1) - _tie(values)).sum(axis=0)
    return np.where(ever, wins / samples, 0.0)


# How alike rankings are -----------------------------------------------------------------------------------------------


def ws_similarity(reference: ArrayLike, other: ArrayLike) -> float:
    """WS: 1 − Σ 2^(−x)·|x − y| / max(x − 1, N − x): the reference's top weighs most (Sałabun & Urbaniak 2020)."""
    x, y = _rankings(reference, other)
    if len(x) < 2:
        return 1.0
    return float(1.0 - (2.0**-x * np.abs(x - y) / np.maximum(np.abs(x - 1), np.abs(x - len(x)))).sum())


def weighted_spearman(reference: ArrayLike, other: ArrayLike) -> float:
    """rw: Spearman's with differences at the top weighing more (Pinto da Costa & Soares 2005)."""
    x, y = _rankings(reference, other)
    n = len(x)
    if n < 2:
        return 1.0
    top = ((x - y) ** 2 * ((n - x + 1) + (n - y + 1))).sum()
    return float(1.0 - 6.0 * top / (n**4 + n**3 - n**2 - n))


def spearman(reference: ArrayLike, other: ArrayLike) -> float:
    """Spearman's ρ: correlation of the places, ties at their mean place; 1 for the same order, 0 where one has none."""
    x, y = (_mean_places(ranking) for ranking in _rankings(reference, other))
    if np.array_equal(x, y):
        return 1.0
    left, right = x - x.mean(), y - y.mean()
    scale = math.sqrt(float((left**2).sum()) * float((right**2).sum()))
    return float((left * right).sum() / scale) if scale else 0.0


def kendall(reference: ArrayLike, other: ArrayLike) -> float:
    """Kendall's τ_b: pairs in the same order less pairs in the opposite, ties taken out of the base."""
    x, y = _rankings(reference, other)
    left, right = np.sign(x[:, None] - x[None, :]), np.sign(y[:, None] - y[None, :])
    if np.array_equal(left, right):
        return 1.0
    scale = math.sqrt(float(np.abs(left).sum()) * float(np.abs(right).sum()))
    return float((left * right).sum() / scale) if scale else 0.0


def _rankings(reference: ArrayLike, other: ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(reference, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError("two rankings of the same things are needed")
    return x, y


def _mean_places(ranking: Floats) -> Floats:
    """Places with ties at their mean: 1, 2, 2, 4 becomes 1, 2.5, 2.5, 4."""
    ordered = np.sort(ranking)
    first, last = np.searchsorted(ordered, ranking, side="left"), np.searchsorted(ordered, ranking, side="right")
    return np.asarray((first + last + 1) / 2.0)


# Fast re-weighting ----------------------------------------------------------------------------------------------------


def leading(matrix: Floats, weights: Floats, count: int) -> tuple[Ints, Floats]:
    """The ``count`` rows of the largest Σ weight × value, best first, and every row's score.

    One matrix-vector product; of the rest only rows that reach the ``count``-th best of some block maxima are sorted,
    which cannot leave out one that belongs. Rows level to the last bit stand in row order.
    """
    scores = matrix @ weights
    rows = len(scores)
    count = min(count, rows)
    if count <= 0:
        return np.zeros(0, dtype=np.intp), scores
    blocks = max(8 * count, 64)
    width = rows // blocks
    if width > 1:
        tops = scores[: blocks * width].reshape(blocks, width).max(axis=1)
        candidates = np.flatnonzero(scores >= np.partition(tops, blocks - count)[blocks - count])
    else:
        candidates = np.arange(rows)
    best = scores[candidates]
    order = np.lexsort((candidates, -best))[:count]
    return candidates[order], scores


# Second opinions ------------------------------------------------------------------------------------------------------

#: Methods ``rank`` can order by besides the additive value.
SECOND_METHODS = ("wpm", "waspas", "topsis", "vikor", "promethee2", "copras", "spotis")
#: Least value a product is made of (working value): a plain 0 would make every cloth with one a 0 in all.
VALUE_FLOOR = 0.01
#: Thresholds of PROMETHEE II on values 0..1.
VALUE_PREFERENCE = Preference("linear", q=0.05, p=0.20)


def second_opinion(method: str, values: Floats, weights: ArrayLike) -> Scored:
    """A method on a value matrix: every criterion 0..1, more is better.

    Products (weighted product, WASPAS) take a value below ``VALUE_FLOOR`` as that.

    Args:
        method: one of ``SECOND_METHODS``, or ``topsis-minmax``.
        values: materials × criteria.
        weights: one a criterion, summing to 1.
    """
    goals = ["max"] * values.shape[1]
    opinion: dict[str, Callable[[], Scored]] = {
        "wpm": lambda: weighted_product(np.maximum(values, VALUE_FLOOR), weights, goals),
        "waspas": lambda: waspas(np.maximum(values, VALUE_FLOOR), weights, goals),
        "topsis": lambda: topsis(values, weights, goals),
        "topsis-minmax": lambda: topsis(values, weights, goals, "minmax"),
        "vikor": lambda: vikor(values, weights, goals),
        "promethee2": lambda: promethee(values, weights, goals, [VALUE_PREFERENCE] * len(goals)),
        "copras": lambda: copras(values, weights, goals),
        "spotis": lambda: spotis(values, weights, goals, [(0.0, 1.0)] * len(goals)),
    }
    return opinion[method]()
