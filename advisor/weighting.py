"""Weighting: weights from figures (entropy, CRITIC, MEREC) and from judgements (rank order, AHP, best-worst)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from advisor.methods import CellError, Floats
from advisor.problems import AdvisorError, Problem

#: What has to be said wherever weights come from the figures alone.
OBJECTIVE_WARNING = (
    "these weights say how the figures spread, not what matters to anybody; "
    "they change with every row that comes or goes"
)


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights and how they came about.

    Attributes:
        method: name.
        weights: one a criterion, summing to 1.
        warning: what has to be said with them, or "".
        steps: intermediate tables by name.
    """

    method: str
    weights: Floats
    warning: str = ""
    steps: Mapping[str, Any] = field(default_factory=dict)


def _figures(matrix: ArrayLike) -> Floats:
    figures = np.asarray(matrix, dtype=np.float64)
    if figures.ndim != 2 or 0 in figures.shape:
        raise ValueError("a table of alternatives and criteria is needed")
    _refuse(figures, ~np.isfinite(figures), "weights need every figure")
    return figures


def _refuse(figures: Floats, wrong: Any, needs: str) -> None:
    if wrong.any():
        row, column = (int(number) for number in np.argwhere(wrong)[0])
        raise CellError(row, column, float(figures[row, column]), needs)


def _shares(figures: Floats) -> Floats:
    """Figures divided by their sum; equal shares where there is nothing to share out."""
    total = float(figures.sum())
    return figures / total if total > 0 else np.full(len(figures), 1.0 / len(figures))


# From the figures -----------------------------------------------------------------------------------------------------


def entropy(matrix: ArrayLike) -> Weighting:
    """Entropy weights: a criterion whose figures are spread unevenly says more (Shannon; Zeleny 1982).

    A criterion that does not vary weighs 0; where none varies, or there is one row, all weigh the same.

    Raises:
        CellError: a figure is negative.
    """
    figures = _figures(matrix)
    _refuse(figures, figures < 0, "entropy weights take no figures below 0")
    rows, most = len(figures), figures.max(axis=0)
    # Divided by the largest first: the sum of large figures would be endless.
    scaled = figures / np.where(most > 0, most, 1.0)
    total = scaled.sum(axis=0)
    part = np.where(total > 0, scaled / np.where(total > 0, total, 1.0), 1.0 / rows)
    logs = np.log(np.where(part > 0, part, 1.0))
    level = -(part * logs).sum(axis=0) / np.log(rows) if rows > 1 else np.ones(figures.shape[1])
    # Rounding leaves a criterion that does not vary a trace of spread.
    spread = np.where(1.0 - level > 1e-12, 1.0 - level, 0.0)
    steps = {"normalised": part, "entropy": level, "divergence": spread}
    return Weighting("entropy", _shares(spread), OBJECTIVE_WARNING, steps)


def critic(matrix: ArrayLike, goals: Sequence[str] | None = None) -> Weighting:
    """CRITIC weights: spread × conflict with the other criteria (Diakoulaki, Mavrotas & Papayannakis 1995).

    Figures on 0..1 by least and most, sample standard deviation, Pearson correlation; a criterion that does not vary
    weighs 0 and is taken as uncorrelated.

    Args:
        matrix: figures.
        goals: turns the criteria to minimise; None leaves all as they are, as Tuş & Aytaç Adalı (2019) printed it.
    """
    figures = _figures(matrix)
    least, width = figures.min(axis=0), figures.max(axis=0) - figures.min(axis=0)
    table = np.where(width > 0, (figures - least) / np.where(width > 0, width, 1.0), 0.0)
    if goals is not None:
        less = np.array([goal == "min" for goal in goals])
        table = np.where(less & (width > 0), 1.0 - table, table)
    centred = table - table.mean(axis=0)
    spread = np.sqrt((centred**2).sum(axis=0) / max(len(figures) - 1, 1))
    length = np.sqrt((centred**2).sum(axis=0))
    scale = np.outer(length, length)
    correlation = np.where(scale > 0, centred.T @ centred / np.where(scale > 0, scale, 1.0), 0.0)
    np.fill_diagonal(correlation, 1.0)
    information = spread * (1.0 - correlation).sum(axis=1)
    if figures.shape[1] == 1:
        information = spread
    steps = {"normalised": table, "deviation": spread, "correlation": correlation, "information": information}
    return Weighting("critic", _shares(np.maximum(information, 0.0)), OBJECTIVE_WARNING, steps)


def merec(matrix: ArrayLike, goals: Sequence[str]) -> Weighting:
    """MEREC weights: how much scores move when a criterion is left out (Keshavarz-Ghorabaee et al. 2021).

    Raises:
        CellError: a figure is not above 0.
    """
    figures = _figures(matrix)
    _refuse(figures, figures <= 0, "MEREC weights need figures above 0")
    less = np.array([goal == "min" for goal in goals])
    table = np.where(less, figures / figures.max(axis=0), figures.min(axis=0) / figures)
    logs = np.abs(np.log(table))
    criteria = figures.shape[1]
    whole = np.log1p(logs.sum(axis=1) / criteria)
    without = np.log1p((logs.sum(axis=1)[:, None] - logs) / criteria)
    effect = np.abs(without - whole[:, None]).sum(axis=0)
    steps = {"normalised": table, "performance": whole, "without": without, "effect": effect}
    return Weighting("merec", _shares(effect), OBJECTIVE_WARNING, steps)


# From judgements ------------------------------------------------------------------------------------------------------


def rank_order_centroid(count: int) -> Weighting:
    """Rank-order centroid: the mean of all weights that fall in that order, Σ_{k≥i} 1/k / n (Barron & Barrett 1996).

    Args:
        count: how many criteria, the most important first.
    """
    if count < 1:
        raise ValueError("there is nothing to weigh")
    parts = 1.0 / np.arange(1, count + 1)
    return Weighting("roc", np.cumsum(parts[::-1])[::-1] / count)


#: Mean consistency index of random judgements by number of things compared (Saaty 1980).
RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
#: Judgements above this consistency ratio are to be thought over (Saaty 1980).
MOST_INCONSISTENT = 0.10


@dataclass(frozen=True)
class Judgement:
    """One pairwise judgement and what the weights of all judgements make of it.

    Attributes:
        first, second: what is compared, counted from 0.
        given: how many times as important the first was said to be.
        implied: the ratio of their weights.
    """

    first: int
    second: int
    given: float
    implied: float


@dataclass(frozen=True, eq=False)
class Pairwise:
    """AHP weights with their consistency.

    Attributes:
        weights: principal eigenvector, summing to 1.
        largest: principal eigenvalue.
        ratio: consistency ratio; above 0.10 the judgements are to be thought over; 0 for one or two things.
        worst: the judgement farthest (by ratio) from what the weights make of it, None where all agree.
    """

    weights: Floats
    largest: float
    ratio: float
    worst: Judgement | None

    @property
    def consistent(self) -> bool:
        """Whether the judgements hang together."""
        return self.ratio <= MOST_INCONSISTENT


def ahp(comparisons: ArrayLike) -> Pairwise:
    """Analytic hierarchy process: weights from a reciprocal matrix of pairwise judgements (Saaty 1980).

    Raises:
        AdvisorError: a judgement is not above 0, two mirrored ones are not reciprocal, or a diagonal is not 1; it names
            the pair.
    """
    table = np.asarray(comparisons, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not table.size:
        raise ValueError("a square matrix is needed")
    count = len(table)
    for first in range(count):
        for second in range(first, count):
            there, back = float(table[first, second]), float(table[second, first])
            ok = np.isfinite(there) and np.isfinite(back) and there > 0 and back > 0
            if not ok or abs(there * back - 1.0) > 1e-3:
                raise AdvisorError(
                    Problem(
                        "wrong-judgement",
                        f"{there:g} one way and {back:g} the other are no pair of judgements",
                        "they must be above 0 and each other's inverse",
                        row=first + 1,
                        column=str(second + 1),
                        value=f"{there:g}",
                    )
                )
    values, vectors = np.linalg.eig(table)
    lead = int(np.argmax(values.real))
    weights = np.abs(vectors[:, lead].real)
    weights = weights / weights.sum()
    largest = float(values[lead].real)
    index = (largest - count) / (count - 1) if count > 1 else 0.0
    random = RANDOM_INDEX[min(count, len(RANDOM_INDEX) - 1)]
    ratio = max(index / random, 0.0) if random > 0 else 0.0
    implied = weights[:, None] / weights[None, :]
    strain = np.abs(np.log(table / implied))
    first, second = (int(number) for number in np.unravel_index(np.argmax(np.triu(strain, 1)), strain.shape))
    worst = None
    if strain[first, second] > 1e-6:
        worst = Judgement(first, second, float(table[first, second]), float(implied[first, second]))
    return Pairwise(weights, largest, ratio, worst)


#: ξ of the least consistent judgements, by how much better than the worst the best is said to be, 1..9 (Rezaei 2015).
_MOST_XI = (0.0, 0.44, 1.0, 1.63, 2.3, 3.0, 3.73, 4.47, 5.23)


@dataclass(frozen=True, eq=False)
class BestWorst:
    """Best-worst weights.

    Attributes:
        weights: the middle of what the judgements allow, summing to 1.
        xi: the smallest possible largest error of a judgement.
        ratio: ξ over that of the least consistent judgements; 0 is fully consistent.
    """

    weights: Floats
    xi: float
    ratio: float


def _best_worst_judgements(
    best_to_others: Sequence[float], others_to_worst: Sequence[float], best: int, worst: int
) -> tuple[Floats, Floats]:
    """Both lists of judgements as arrays.

    Raises:
        AdvisorError: a judgement lies outside 1..9, or the best's and the worst's own are not 1.
    """
    ahead, over = np.asarray(best_to_others, dtype=np.float64), np.asarray(others_to_worst, dtype=np.float64)
    count = len(ahead)
    if ahead.shape != over.shape or ahead.ndim != 1 or not (0 <= best < count and 0 <= worst < count):
        raise ValueError("two lists of the same length are needed")
    for name, column in (("best to others", ahead), ("others to worst", over)):
        for place, judgement in enumerate(column.tolist()):
            own = place == (best if column is ahead else worst)
            if not 1 <= judgement <= 9 or (own and judgement != 1):
                hint = "it is compared with itself: write 1" if own else "judgements go from 1 to 9"
                raise AdvisorError(
                    Problem("wrong-judgement", f"{judgement:g} is no judgement", hint, row=place + 1, column=name)
                )
    return ahead, over


def best_worst(best_to_others: Sequence[float], others_to_worst: Sequence[float], best: int, worst: int) -> BestWorst:
    """Best-worst method, non-linear model: min ξ with |w_B/w_j − a_Bj| ≤ ξ and |w_j/w_W − a_jW| ≤ ξ (Rezaei 2015).

    With w_W = 1 and w_B = t both bound w_j, which leaves t an interval for every ξ; ξ is found by bisection. Where
    more than one set of weights has the smallest ξ (four criteria and up) each weight is the middle of its interval.

    Args:
        best_to_others: how many times as important the best is as each, 1 for itself.
        others_to_worst: how many times as important each is as the worst, 1 for itself.
        best: which is the best, counted from 0.
        worst: which is the worst.

    Raises:
        AdvisorError: a judgement lies outside 1..9, or the best's and the worst's own are not 1.
    """
    ahead, over = _best_worst_judgements(best_to_others, others_to_worst, best, worst)
    count = len(ahead)
    if best == worst:
        return BestWorst(np.full(count, 1.0 / count), 0.0, 0.0)
    others = np.array([place for place in range(count) if place not in (best, worst)], dtype=np.intp)
    said = float(ahead[worst] + over[best]) / 2.0  # the two say the same; where they differ both bound t

    def span(xi: float) -> tuple[float, float]:
        """Least and greatest t = w_B / w_W that this ξ allows."""
        low = [ahead[worst] - xi, over[best] - xi, *((over[others] - xi) * np.maximum(ahead[others] - xi, 0.0))]
        high = [ahead[worst] + xi, over[best] + xi, *((over[others] + xi) * (ahead[others] + xi))]
        return float(max(low)), float(min(high))

    low, high = 0.0, 9.0
    if span(0.0)[0] <= span(0.0)[1]:
        high = 0.0
    for _ in range(200):
        middle = (low + high) / 2.0
        bottom, top = span(middle)
        low, high = (low, middle) if bottom <= top else (middle, high)
    xi = high
    t = sum(span(xi)) / 2.0
    weights = np.empty(count)
    weights[worst], weights[best] = 1.0, t
    for place in others:
        least = max(over[place] - xi, t / (ahead[place] + xi))
        free = ahead[place] - xi
        most = min(over[place] + xi, t / free) if free > 1e-12 else over[place] + xi
        weights[place] = (least + most) / 2.0
    scale = _MOST_XI[min(max(round(said), 1), 9) - 1]
    return BestWorst(weights / weights.sum(), xi, xi / scale if scale else 0.0)


@dataclass(frozen=True, eq=False)
class LinearBestWorst:
    """Best-worst weights of the linear model.

    Attributes:
        weights: summing to 1.
        xi: the smallest possible largest |w_B − a_Bj·w_j| or |w_j − a_jW·w_W|; 0 is fully consistent.
        ratio: input-based consistency ratio, the largest |a_Bj·a_jW − a_BW| over a_BW² − a_BW: 0 is fully consistent;
            above 1 only where something is said to stand farther from an end than the ends do from each other.
        worst: the criterion whose two judgements make that ratio, counted from 0; None where all agree.
    """

    weights: Floats
    xi: float
    ratio: float
    worst: int | None


def best_worst_linear(
    best_to_others: Sequence[float], others_to_worst: Sequence[float], best: int, worst: int
) -> LinearBestWorst:
    """Best-worst method, linear model: min ξ with |w_B − a_Bj·w_j| ≤ ξ and |w_j − a_jW·w_W| ≤ ξ (Rezaei 2016).

    The model is the same at every scale of the weights, so ξ is set to 1 and the sum of the weights made as large as it
    goes: every other weight then stands at the smaller of its two upper ends, and what is left is a linear programme in
    w_B and w_W alone, solved by looking at every corner. The consistency ratio is the input-based one (Liang, Brunelli
    & Rezaei 2020), since ξ of the linear model has no scale of its own.

    Args:
        best_to_others: how many times as important the best is as each, 1 for itself.
        others_to_worst: how many times as important each is as the worst, 1 for itself.
        best: which is the best, counted from 0.
        worst: which is the worst.

    Raises:
        AdvisorError: a judgement lies outside 1..9, or the best's and the worst's own are not 1.
    """
    ahead, over = _best_worst_judgements(best_to_others, others_to_worst, best, worst)
    count = len(ahead)
    if best == worst:
        return LinearBestWorst(np.full(count, 1.0 / count), 0.0, 0.0, None)
    others = np.array([place for place in range(count) if place not in (best, worst)], dtype=np.intp)
    said = float(ahead[worst] + over[best]) / 2.0
    strain = np.abs(ahead[others] * over[others] - said)
    scale = said * said - said
    most = max(float(strain.max(initial=0.0)), abs(float(ahead[worst] - over[best])))
    farthest = int(others[np.argmax(strain)]) if len(others) and strain.max() > 1e-9 else None
    # The best said to be no better than the worst, and yet better than something: nothing could agree less.
    ratio = most / scale if scale > 0 else float(most > 1e-9)
    if most <= 1e-9:
        weights = np.empty(count)
        weights[best], weights[worst], weights[others] = said, 1.0, over[others]
        return LinearBestWorst(weights / weights.sum(), 0.0, 0.0, None)
    a, c = ahead[others], over[others]
    # Half-planes p·w_B + q·w_W ≤ r, and the lines on which the smaller upper end of a weight changes.
    planes = [(1.0, -ahead[worst], 1.0), (-1.0, ahead[worst], 1.0), (1.0, -over[best], 1.0), (-1.0, over[best], 1.0)]
    planes += [(-1.0, 0.0, 0.0), (0.0, -1.0, 0.0)]
    planes += [(1.0 / x, -y, 1.0 + 1.0 / x) for x, y in zip(a, c, strict=True)]
    planes += [(-1.0 / x, y, 1.0 + 1.0 / x) for x, y in zip(a, c, strict=True)]
    bends = [(1.0 / x, -y, 1.0 - 1.0 / x) for x, y in zip(a, c, strict=True)]
    lines = np.array([*planes, *bends])
    left, right = np.triu_indices(len(lines), 1)
    cross = lines[left, 0] * lines[right, 1] - lines[left, 1] * lines[right, 0]
    meet = np.abs(cross) > 1e-12
    left, right, cross = left[meet], right[meet], cross[meet]
    corners = np.column_stack(
        (
            (lines[left, 2] * lines[right, 1] - lines[right, 2] * lines[left, 1]) / cross,
            (lines[left, 0] * lines[right, 2] - lines[right, 0] * lines[left, 2]) / cross,
        )
    )
    half = np.array(planes)
    slack = half[:, 2] - corners @ half[:, :2].T
    corners = corners[(slack >= -1e-9 * np.maximum(1.0, np.abs(corners).max(axis=1, keepdims=True))).all(axis=1)]
    upper = np.minimum((corners[:, :1] + 1.0) / a, c * corners[:, 1:] + 1.0)
    totals = corners.sum(axis=1) + upper.sum(axis=1)
    top = int(np.argmax(totals))
    weights = np.empty(count)
    weights[best], weights[worst], weights[others] = corners[top, 0], corners[top, 1], upper[top]
    return LinearBestWorst(weights / totals[top], 1.0 / float(totals[top]), ratio, farthest)
