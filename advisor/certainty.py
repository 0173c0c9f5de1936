"""Certainty: how often each material leads when data and priorities are drawn from their ranges (SMAA)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.brief import CertaintySettings
from advisor.materials import Floats, Table
from advisor.properties import CRITERIA
from advisor.ranking import TIE, Ranking, weighed
from advisor.values import FOLDS, Curve, Values, cell_range

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
#: Draws looked at together there: small enough for the processor's cache, and for numpy to stay on one thread.
_BLOCK = 250
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
    drawn = _drawn(table, values, rows, priorities, settings, stop)
    share[rows] = drawn.wins.sum(axis=1) / settings.samples
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

    Where the win shares of the same answer were asked for last, nothing is drawn again.

    Raises:
        Stopped: ``stop`` said so on the way.
    """
    rows = contenders(values, ranking)
    blank = np.full(len(rows), np.nan)
    if len(rows) == 0:
        none = np.zeros((0, RANKS))
        return Acceptability(rows, none, none, np.zeros((0, len(CRITERIA))), blank, blank)
    drawn = _drawn(table, values, rows, priorities, settings, stop)
    ranks = _places_taken(drawn.scores) / settings.samples
    counts = drawn.wins.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = (drawn.wins @ drawn.weights.T) / counts[:, None]
    confidence = blank.copy()
    leading = np.flatnonzero(counts > 0)
    confidence[leading] = drawn.confidence(leading, central[leading], stop)
    kept = min(_CONFIDENCE_DRAWS, settings.samples)
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


def possible_places(cautious: Values, hopeful: Values, ranking: Ranking) -> PossiblePlaces:
    """Places with every gap at its better or worse end, whatever end the brief orders by; known figures stay typical.

    A material's best place has its own gaps at their better end and everybody else's at their worse; its worst place
    the other way round. Where no figure is missing both are its place.

    Args:
        cautious, hopeful: the values with gaps at the one end and at the other.
    """
    best, worst = (np.zeros(len(ranking.order), dtype=np.intp) for _ in range(2))
    rows = ranking.passing_rows()
    if not len(rows):
        return PossiblePlaces(best, worst)
    low, high = (weighed(end.typical, ranking.weights)[rows] for end in (cautious, hopeful))
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
    """

    def __init__(
        self,
        table: Table,
        values: Values,
        rows: NDArray[np.intp],
        priorities: tuple[float, ...],
        settings: CertaintySettings,
        stop: Callable[[], bool],
    ) -> None:
        bits = np.random.PCG64(settings.seed)
        size = settings.samples
        self.weights = _weights(np.random.Generator(bits), priorities, settings, size)
        self._kept = min(_CONFIDENCE_DRAWS, size)
        fields = _fields(bits, size)
        #: Values that stand still, and the first draws of those that move, by criterion and contender.
        self._fixed = values.typical[rows].copy()
        self._moving: dict[tuple[int, int], Floats] = {}
        moving: list[tuple[int, _Cells]] = []
        for place, criterion in enumerate(CRITERIA):
            cells = _Cells(table, values, criterion, rows) if settings.data else None
            if cells is None or not cells.keys:
                continue
            # A criterion none of whose cells moves is worth the same in every draw.
            self._fixed[:, place] = np.where(cells.moves.any(axis=0), 0.0, cells.still())
            moving.append((place, cells))
        self.scores = self._fixed @ self.weights
        worth, room = np.empty(size), np.empty(size)
        for place, cells in moving:
            if stop():
                raise Stopped
            for number in np.flatnonzero(cells.moves.any(axis=0)).tolist():
                cells.draw(number, fields, worth, room)
                self._moving[place, number] = worth[: self._kept].copy()
                np.multiply(worth, self.weights[place], out=worth)
                np.add(self.scores[number], worth, out=self.scores[number])

    @cached_property
    def wins(self) -> Floats:
        """(contenders × draws) 1 where a contender leads the draw, its part where several do."""
        return _lead(self.scores)

    def confidence(self, leading: NDArray[np.intp], central: Floats, stop: Callable[[], bool]) -> Floats:
        """How often each of these contenders leads the first draws of the data under its own central weights.

        Args:
            leading: contenders, by place among the rows drawn.
            central: (leading × 16) their central weights.
        """
        cells: list[list[tuple[int, Floats]]] = [[] for _ in self._fixed]
        for (place, number), worth in self._moving.items():
            cells[number].append((place, worth))
        moved = [
            (central[:, [place for place, _ in own]], np.stack([worth for _, worth in own])) if own else None
            for own in cells
        ]
        base = central @ self._fixed.T
        leads = np.zeros(len(leading))
        for begin in range(0, self._kept, _BLOCK):
            if stop():
                raise Stopped
            draws = slice(begin, min(begin + _BLOCK, self._kept))
            leads += _led(leading, base, moved, draws)
        return leads / self._kept


def _led(
    leading: NDArray[np.intp],
    base: Floats,
    moved: Sequence[tuple[Floats, Floats] | None],
    draws: slice,
) -> Floats:
    """Draws of a block each contender leads under its own central weights; ties share a draw.

    Args:
        leading: contenders, by place among the rows drawn.
        base: (leading × rows drawn) what stands still of each score under each one's weights.
        moved: of each row drawn, the weights (leading × cells) and values (cells × draws) that move.
    """
    shape = len(leading), draws.stop - draws.start
    found, others, own = np.empty(shape), np.full(shape, -np.inf), np.empty(shape)
    room, first = np.empty(shape), {int(number): at for at, number in enumerate(leading)}

    def score(number: int) -> Floats:
        """Scores of one row drawn under everybody's weights; good until the next. Nobody stands against itself."""
        parts = moved[number]
        if parts is None:
            found[:] = base[:, number, None]
        else:
            np.matmul(parts[0], parts[1][:, draws], out=found)
            np.add(found, base[:, number, None], out=found)
        if number in first:
            own[first[number]] = found[first[number]]
            found[first[number]] = -np.inf
        return found

    for number in range(len(moved)):
        np.maximum(others, score(number), out=others)
    leads = (own >= others - TIE).astype(np.float64)
    level = (leads > 0) & (others >= own - TIE)
    if level.any():
        mine, count = own.copy(), np.ones(shape)
        for number in range(len(moved)):
            np.add(count, np.abs(np.subtract(score(number), mine, out=room)) <= TIE, out=count)
        leads[level] /= count[level]
    return np.asarray(leads.sum(axis=1))


class _Cells:
    """The cells of one criterion, at every place where several weigh in.

    Attributes:
        keys: properties that count in the criterion.
        moves: (properties × contenders) whether the cell's worth is drawn at all.
    """

    def __init__(self, table: Table, values: Values, criterion: str, rows: NDArray[np.intp]) -> None:
        self._rule = FOLDS.get(criterion, "lowest")
        self._count = len(rows)
        chosen = np.sort(rows)
        order = np.searchsorted(chosen, rows)
        key = tuple(chosen.tolist())
        self.keys = list(
            dict.fromkeys(
                member.property for _, own in values.by_place for member in own if member.criterion == criterion
            )
        )
        self.moves = np.zeros((len(self.keys), len(rows)), dtype=bool)
        #: Each place's share, and its cells' values by property.
        self._parts: list[tuple[float, list[tuple[int, Floats]]]] = []
        for share, counted in values.by_place:
            found = []
            for member in counted:
                if member.criterion == criterion:
                    at = self.keys.index(member.property)
                    cell, moves = quantiles(table, member.property, member.curve, key)
                    self.moves[at] |= moves[order]
                    found.append((at, cell[order]))
            self._parts.append((share, found))

    def still(self) -> Floats:
        """Worth of the criterion by contender, as good as any draw where no cell moves."""
        total = np.zeros(self._count)
        for share, found in self._parts:
            cells = [cell[:, 0] for _, cell in found]
            worth = np.ones(self._count) if not cells else np.mean(cells, axis=0) if self._rule == "mean" else None
            total += share * (np.min(cells, axis=0) if worth is None else worth)
        return total

    def draw(self, number: int, fields: Iterator[NDArray[np.int64]], worth: Floats, room: Floats) -> None:
        """Put one contender's worth in every draw into ``worth``; ``room`` is as long and overwritten."""
        if len(self._parts) == 1:
            self._fold(self._parts[0][1], number, {}, fields, worth, room)
            return
        # One figure stands at every place: its quantiles are drawn once.
        drawn = {at: next(fields).copy() for at in np.flatnonzero(self.moves[:, number]).tolist()}
        total = np.zeros_like(worth)
        for share, found in self._parts:
            if found:
                self._fold(found, number, drawn, fields, worth, room)
                total += np.multiply(worth, share, out=worth)
            else:
                total += share
        worth[:] = total

    def _fold(
        self,
        found: list[tuple[int, Floats]],
        number: int,
        drawn: dict[int, NDArray[np.int64]],
        fields: Iterator[NDArray[np.int64]],
        worth: Floats,
        room: Floats,
    ) -> None:
        for count, (at, cell) in enumerate(found):
            into = room if count else worth
            if self.moves[at, number]:
                # Every index lies inside; "wrap" only spares the check.
                cell[number].take(drawn[at] if drawn else next(fields), out=into, mode="wrap")
            else:
                into.fill(cell[number, 0])
            if count and self._rule == "mean":
                np.add(worth, room, out=worth)
            elif count:
                np.minimum(worth, room, out=worth)
        if self._rule == "mean" and len(found) > 1:
            np.multiply(worth, 1 / len(found), out=worth)


#: The draws made last, with what they were made of: shares, places and confidence factors of one answer share them.
_last: list[tuple[tuple[object, ...], _Draws]] = []


def forget_draws() -> None:
    """Let go of the draws made last; the next question draws anew."""
    _last.clear()


def _drawn(
    table: Table,
    values: Values,
    rows: NDArray[np.intp],
    priorities: tuple[float, ...],
    settings: CertaintySettings,
    stop: Callable[[], bool],
) -> _Draws:
    """The draws of these contenders; the last ones made are kept."""
    made_of = (table, values, rows.tobytes(), priorities, settings)
    held = _last[:]
    if held and held[0][0] == made_of:
        return held[0][1]
    _last.clear()
    found = _Draws(table, values, rows, priorities, settings, stop)
    _last[:] = [(made_of, found)]
    return found


def _places_taken(scores: Floats) -> Floats:
    """(contenders × RANKS) in how many draws each takes place 1, 2, …; those that tie take the better place."""
    rows = len(scores)
    count = min(RANKS, rows)
    found = np.zeros((rows, RANKS))
    # Score of the head of each place in every draw.
    head = np.sort(scores, axis=0)[::-1][:count]
    before = np.zeros(rows)
    for place in range(count):
        reached = np.count_nonzero(scores >= head[place] - TIE, axis=1).astype(np.float64)
        found[:, place] = reached - before
        before = reached
    return found


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
