"""Certainty: how often each material leads when data and priorities are drawn from their ranges (SMAA)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.brief import CertaintySettings
from advisor.materials import Floats, Table
from advisor.properties import CRITERIA
from advisor.ranking import TIE, Ranking
from advisor.values import FOLDS, Curve, Values, cell_range, fold
from advisor.values import values as worth_of

#: Half the width of a priority's range on its slider, in points.
PRIORITY_SPAN = 3.0
#: A material that beats the head of the place above in this share of draws is shown level with it.
LEVEL_SHARE = 0.40
#: Bits of one drawn quantile. A cell is drawn as one of 2^10 equally likely values, the middles of 1,024 slices of its
#: distribution: what is drawn is off the exact distribution function by 1/2,048 at most, a tenth of the error bar.
QUANTILE_BITS = 10
QUANTILES = 1 << QUANTILE_BITS
#: Passing materials up to this number are all drawn.
MOST_DRAWN = 400
#: Of a longer list these are drawn: the first by place, and the first by what they might score.
_FIRST_PLACES, _FIRST_HOPES = 100, 150
#: What a material might score: its mean plus this many standard deviations.
_HOPE = 3.0
#: Places counted one by one in a rank acceptability table.
RANKS = 10
#: Draws of the data under central weights; their error bar is at most 2.2 points of 100.
_CONFIDENCE_DRAWS = 2000
#: Quantiles that fit into one random word.
_FIELDS = 64 // QUANTILE_BITS


class Stopped(Exception):
    """The work was no longer wanted."""


@dataclass(frozen=True, eq=False)
class Certainty:
    """First-rank acceptability of every material (Lahdelma & Salminen 2001).

    Attributes:
        win_share: share of draws in which the material leads, by table row; 0 for screened out. Ties share a draw.
        error: half-width of the 95 % error bar of the largest share (binomial).
        level_with_above: by table row, shown level with the head of the place above.
        settings: what was varied.
    """

    win_share: Floats
    error: float
    level_with_above: NDArray[np.bool_]
    settings: CertaintySettings

    def errors(self) -> Floats:
        """Half-width of the 95 % error bar of every win share (binomial), by table row."""
        return _error(self.win_share, self.settings.samples)


@dataclass(frozen=True, eq=False)
class Acceptability:
    """The fuller picture of SMAA-2 (Lahdelma & Salminen 2001) for the materials that were drawn.

    Attributes:
        rows: table rows drawn, best first.
        ranks: (rows × RANKS) share of draws in which the material takes place 1, 2, …; ties take the better place.
        error: half-width of the 95 % error bar of each share in ``ranks``.
        central: (rows × 16) mean of the weights under which the material leads, NaN where it never does.
        confidence: share of data draws in which the material leads under its central weights, NaN where it never leads.
        confidence_error: half-width of its 95 % error bar.
    """

    rows: NDArray[np.intp]
    ranks: Floats
    error: Floats
    central: Floats
    confidence: Floats
    confidence_error: Floats


def certainty(
    table: Table,
    values: Values,
    ranking: Ranking,
    priorities: tuple[float, ...],
    settings: CertaintySettings,
    stop: Callable[[], bool] = lambda: False,
) -> Certainty:
    """Draw ``settings.samples`` times and count who leads.

    Data: each cell triangular over low, typical, high, gaps uniform over the plausible range, through its value curve.
    Priorities: uniform within ±3 points of the slider, cut to 0–10, then normalised ("around"), or uniform on the
    simplex ("unknown"). Limits are not drawn: what is screened out stays out. The same seed gives the same bits.

    Where more than :data:`MOST_DRAWN` materials pass, the first 100 by place and the first 150 by mean score plus three
    standard deviations are drawn; the rest count as never leading, and none of them is shown level with another.

    Raises:
        Stopped: ``stop`` said so on the way.
    """
    share = np.zeros(len(table))
    level = np.zeros(len(table), dtype=bool)
    rows = contenders(values, ranking)
    if len(rows) == 0:
        return Certainty(share, 0.0, level, settings)
    drawn = _Draws(table, values, rows, priorities, settings, stop)
    share[rows] = _lead(drawn.scores).sum(axis=1) / settings.samples
    level[rows] = _level(drawn.scores, rows, ranking)
    return Certainty(share, float(_error(share.max(), settings.samples)), level, settings)


def acceptability(
    table: Table,
    values: Values,
    ranking: Ranking,
    priorities: tuple[float, ...],
    settings: CertaintySettings,
    stop: Callable[[], bool] = lambda: False,
) -> Acceptability:
    """Rank acceptability, central weights and confidence factors from the very draws of :func:`certainty`.

    Raises:
        Stopped: ``stop`` said so on the way.
    """
    rows = contenders(values, ranking)
    blank = np.full(len(rows), np.nan)
    if len(rows) == 0:
        none = np.zeros((0, RANKS))
        return Acceptability(rows, none, none, np.zeros((0, len(CRITERIA))), blank, blank)
    kept = min(_CONFIDENCE_DRAWS, settings.samples)
    drawn = _Draws(table, values, rows, priorities, settings, stop, kept)
    wins = _lead(drawn.scores)
    ranks = np.zeros((len(rows), RANKS))
    best_first = -np.sort(-drawn.scores.T, axis=1)[:, :RANKS].T if len(rows) > 1 else drawn.scores
    above = np.full(drawn.scores.shape, False)
    for place in range(min(RANKS, len(rows))):
        reached = drawn.scores >= best_first[place] - TIE
        ranks[:, place] = (reached & ~above).sum(axis=1)
        above = reached
    ranks /= settings.samples
    counts = wins.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = (wins @ drawn.weights.T) / counts[:, None]
    confidence = blank.copy()
    for number in np.flatnonzero(counts > 0):
        if stop():
            raise Stopped
        scores = np.tensordot(central[number], drawn.kept, axes=1)
        confidence[number] = _lead(scores)[number].mean()
    return Acceptability(rows, ranks, _error(ranks, settings.samples), central, confidence, _error(confidence, kept))


def contenders(values: Values, ranking: Ranking) -> NDArray[np.intp]:
    """Passing rows to draw, best first: all of them, or of a long list those that stand or might stand first.

    Mean and variance of a score are taken from its ends as printed: (low + typical + high) / 3 and, for every
    criterion, that of a uniform draw over its range, which is never less than the triangular one's.
    """
    rows = ranking.passing_rows()
    if len(rows) <= MOST_DRAWN:
        return rows
    mean = (ranking.low[rows] + ranking.scores[rows] + ranking.high[rows]) / 3
    spread = np.sqrt((values.high[rows] - values.low[rows]) ** 2 @ (ranking.weights**2 / 12))
    hopes = np.argpartition(-(mean + _HOPE * spread), _FIRST_HOPES)[:_FIRST_HOPES]
    return rows[np.union1d(np.arange(_FIRST_PLACES), hopes)]


@dataclass(frozen=True, eq=False)
class PossiblePlaces:
    """The best and the worst place missing figures leave open, by table row; 0 for screened out."""

    best: NDArray[np.intp]
    worst: NDArray[np.intp]


def possible_places(table: Table, values: Values, ranking: Ranking) -> PossiblePlaces:
    """Places with every gap at its better or worse end, whatever end the brief orders by; known figures stay typical.

    A material's best place has its own gaps at their better end and everybody else's at their worse; its worst place
    the other way round. Where no figure is missing both are its place.
    """
    best, worst = (np.zeros(len(table), dtype=np.intp) for _ in range(2))
    rows = ranking.passing_rows()
    if not len(rows):
        return PossiblePlaces(best, worst)
    scores = values.typical @ ranking.weights
    ends = {"cautious": scores.copy(), "hopeful": scores.copy()}
    unknown = np.flatnonzero(values.gaps.any(axis=1))
    if len(unknown):
        part = table.take(unknown.tolist())
        for policy, found in ends.items():
            found[unknown] = worth_of(part, values.members, policy).typical @ ranking.weights
    low, high = ends["cautious"][rows], ends["hopeful"][rows]
    best[rows] = 1 + len(rows) - np.searchsorted(np.sort(low), high + TIE, side="right")
    # A material does not stand above itself.
    itself = high > low + TIE
    worst[rows] = 1 + len(rows) - np.searchsorted(np.sort(high), low + TIE, side="right") - itself
    return PossiblePlaces(best, worst)


class _Draws:
    """Scores of the contenders in every draw.

    Attributes:
        weights: (16 × draws).
        scores: (contenders × draws).
        kept: (16 × contenders × kept) criterion values of the first draws.
    """

    def __init__(
        self,
        table: Table,
        values: Values,
        rows: NDArray[np.intp],
        priorities: tuple[float, ...],
        settings: CertaintySettings,
        stop: Callable[[], bool],
        kept: int = 0,
    ) -> None:
        bits = np.random.PCG64(settings.seed)
        size = settings.samples
        self.weights = _weights(np.random.Generator(bits), priorities, settings, size)
        self.kept = np.zeros((len(CRITERIA), len(rows), kept))
        fields = _fields(bits, size)
        fixed = values.typical[rows].copy()
        moving: list[tuple[int, str, list[Floats], NDArray[np.bool_]]] = []
        for place, criterion in enumerate(CRITERIA):
            own = [member for member in values.members if member.criterion == criterion]
            if not settings.data or not own:
                continue
            chosen = np.sort(rows)
            cells = [quantiles(table, member.property, member.curve, tuple(chosen.tolist())) for member in own]
            order = np.searchsorted(chosen, rows)
            moves = np.stack([moves[order] for _, moves in cells])
            # A criterion none of whose cells moves is worth the same in every draw.
            still = fold(criterion, [cell[order, 0] for cell, _ in cells])
            fixed[:, place] = np.where(moves.any(axis=0), 0.0, still)
            moving.append((place, FOLDS.get(criterion, "lowest"), [cell[order] for cell, _ in cells], moves))
        self.scores = fixed @ self.weights
        self.kept[:] = fixed.T[:, :, None]
        one, worth = np.empty(size), np.empty(size)
        for place, rule, drawn, moves in moving:
            if stop():
                raise Stopped
            share = 1 / len(drawn) if rule == "mean" else 1.0
            for number in np.flatnonzero(moves.any(axis=0)):
                for count, cell in enumerate(drawn):
                    into = one if count else worth
                    if moves[count, number]:
                        # Every index lies inside; "wrap" only spares the check.
                        cell[number].take(next(fields), out=into, mode="wrap")
                    else:
                        into.fill(cell[number, 0])
                    if count and rule == "mean":
                        np.add(worth, one, out=worth)
                    elif count:
                        np.minimum(worth, one, out=worth)
                if share != 1:
                    np.multiply(worth, share, out=worth)
                self.kept[place, number] = worth[:kept]
                np.multiply(worth, self.weights[place], out=worth)
                np.add(self.scores[number], worth, out=self.scores[number])


def _fields(bits: np.random.PCG64, size: int) -> Iterator[NDArray[np.int64]]:
    """Endless arrays of ``size`` quantile numbers, six from every random word; each is good until the next."""
    found = np.empty(size, dtype=np.int64)
    while True:
        words = bits.random_raw(size).view(np.int64)
        for field in range(_FIELDS):
            np.right_shift(words, field * QUANTILE_BITS, out=found)
            np.bitwise_and(found, QUANTILES - 1, out=found)
            yield found


@lru_cache(maxsize=24)
def quantiles(table: Table, key: str, curve: Curve, rows: tuple[int, ...]) -> tuple[Floats, NDArray[np.bool_]]:
    """Values of one property's cells at the middles of 1,024 equally likely slices of their figures' distribution.

    Triangular over low, typical, high by the inverse distribution function; uniform over the plausible range where the
    figure is missing.

    Returns:
        (rows × QUANTILES) values, and by row whether they differ at all.
    """
    chosen = np.asarray(rows, dtype=np.intp)
    bottom, top, gaps = cell_range(table, key)
    low, high, missing = bottom[chosen], top[chosen], gaps[chosen]
    typical = np.where(missing, low, table.typical[chosen, table.column(key)])
    least, most = curve.bounds(low, high)
    moves = np.asarray(most > least, dtype=np.bool_)
    found = np.empty((len(chosen), QUANTILES))
    found[~moves] = least[~moves][:, None]
    if moves.any():
        found[moves] = curve(_slices(low[moves], typical[moves], high[moves], missing[moves]))
    found.setflags(write=False)
    return found, moves


def figures(table: Table, key: str, row: int) -> Floats:
    """The figures of one cell at the middles of the 1,024 slices, rising."""
    low, high, missing = cell_range(table, key)
    typical = np.where(missing, low, table.typical[:, table.column(key)])
    one = slice(row, row + 1)
    return np.asarray(_slices(low[one], typical[one], high[one], missing[one])[0])


#: Middles of the slices.
_MIDDLES = (np.arange(QUANTILES) + 0.5) / QUANTILES
_ROOTS, _ROOTS_LEFT = np.sqrt(_MIDDLES), np.sqrt(1 - _MIDDLES)


def _slices(low: Floats, typical: Floats, high: Floats, missing: NDArray[np.bool_]) -> Floats:
    """(cells × QUANTILES) figures at the middles of the slices."""
    width = high - low
    with np.errstate(divide="ignore", invalid="ignore"):
        split = np.where(width > 0, (typical - low) / width, 0.0)
    cuts = np.ceil(split * QUANTILES - 0.5).astype(np.intp)
    left, right = np.sqrt(width * (typical - low)), np.sqrt(width * (high - typical))
    found = np.empty((len(low), QUANTILES))
    for number, cut in enumerate(cuts.tolist()):
        if missing[number]:
            np.multiply(_MIDDLES, width[number], out=found[number])
            found[number] += low[number]
            continue
        np.multiply(_ROOTS[:cut], left[number], out=found[number, :cut])
        found[number, :cut] += low[number]
        np.multiply(_ROOTS_LEFT[cut:], -right[number], out=found[number, cut:])
        found[number, cut:] += high[number]
    return found


def _weights(
    random: np.random.Generator, priorities: tuple[float, ...], settings: CertaintySettings, size: int
) -> Floats:
    """(16 × size) weights, each column summing to 1."""
    centre = np.asarray(priorities, dtype=np.float64)[:, None]
    shape = (len(centre), size)
    if settings.priorities == "fixed":
        drawn = np.broadcast_to(centre, shape).copy()
    elif settings.priorities == "unknown":
        drawn = random.standard_exponential(shape)
    else:
        low, high = np.maximum(centre - PRIORITY_SPAN, 0.0), np.minimum(centre + PRIORITY_SPAN, 10.0)
        drawn = low + (high - low) * random.random(shape)
    total = drawn.sum(axis=0)
    drawn = np.where(total > 0, drawn, 1.0)
    return np.asarray(drawn / drawn.sum(axis=0), dtype=np.float64)


def _lead(scores: Floats) -> Floats:
    """(contenders × draws) 1 where a contender leads the draw, its part where several do."""
    first: Floats = (scores >= scores.max(axis=0) - TIE).astype(np.float64)
    several = np.flatnonzero(first.sum(axis=0) > 1)
    if len(several):
        first[:, several] /= first[:, several].sum(axis=0)
    return first


def _error(share: Floats | float, samples: int) -> Floats:
    return np.asarray(1.96 * np.sqrt(share * (1 - np.asarray(share)) / samples), dtype=np.float64)


def _level(scores: Floats, rows: NDArray[np.intp], ranking: Ranking) -> NDArray[np.bool_]:
    """Who is shown level with the place above: beats its head in at least 40 of 100 draws."""
    level = np.zeros(len(rows), dtype=bool)
    needed = LEVEL_SHARE * scores.shape[1]
    head = 0
    for number in range(1, len(rows)):
        if ranking.place[rows[number]] != number:
            break  # places between were not drawn
        if ranking.ranks[rows[number]] == ranking.ranks[rows[head]]:
            continue
        if np.count_nonzero(scores[number] > scores[head]) >= needed:
            level[number] = True
        else:
            head = number
    return level
