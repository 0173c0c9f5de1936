"""Certainty: how often each material leads when data and priorities are drawn from their ranges (SMAA)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.brief import CertaintySettings
from advisor.materials import Floats, Table
from advisor.properties import CRITERIA
from advisor.ranking import TIE, Ranking
from advisor.values import Curve, Values, cell_range, fold

#: Half the width of a priority's range on its slider, in points.
PRIORITY_SPAN = 3.0
#: A material that beats the head of the place above in this share of draws is shown level with it.
LEVEL_SHARE = 0.40
#: Draws worked on at a time: small enough for the processor's cache, large enough for numpy.
_CHUNK = 1000
#: More contenders than this are cut to the best by score; the rest of so long a list all but never lead.
_MOST_CONTENDERS = 400


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

    Raises:
        Stopped: ``stop`` said so between two chunks.
    """
    rows = ranking.passing_rows()[:_MOST_CONTENDERS]
    share = np.zeros(len(table))
    level = np.zeros(len(table), dtype=bool)
    if len(rows) == 0:
        return Certainty(share, 0.0, level, settings)
    random = np.random.Generator(np.random.PCG64(settings.seed))
    cells = [_Cells(table, member.property, member.curve, rows) for member in values.members]
    wins = np.zeros(len(rows))
    scores = np.empty((settings.samples, len(rows)), dtype=np.float64)
    for start in range(0, settings.samples, _CHUNK):
        if stop():
            raise Stopped
        size = min(_CHUNK, settings.samples - start)
        weights = _weights(random, priorities, settings, size)
        chunk = scores[start : start + size]
        chunk[:] = 0.0
        for place, criterion in enumerate(CRITERIA):
            own = [number for number, member in enumerate(values.members) if member.criterion == criterion]
            if settings.data and own:
                drawn = fold(criterion, [cells[number].draw(random, size) for number in own])
                chunk += weights[:, place, None] * drawn
            else:
                chunk += weights[:, place, None] * values.typical[rows, place]
        best = chunk.max(axis=1, keepdims=True)
        first = chunk >= best - TIE
        wins += (first / first.sum(axis=1, keepdims=True)).sum(axis=0)
    share[rows] = wins / settings.samples
    level[rows] = _level(scores, rows, ranking)
    top = float(share.max())
    return Certainty(share, 1.96 * math.sqrt(top * (1 - top) / settings.samples), level, settings)


class _Cells:
    """One property of the contenders, ready to be drawn as values."""

    def __init__(self, table: Table, key: str, curve: Curve, rows: NDArray[np.intp]) -> None:
        low, high, missing = cell_range(table, key)
        self.curve = curve
        self.low, self.high, self.missing = low[rows], high[rows], missing[rows]
        self.typical = np.where(self.missing, self.low, table.typical[rows, table.column(key)])
        width = self.high - self.low
        with np.errstate(divide="ignore", invalid="ignore"):
            self.split = np.where(width > 0, (self.typical - self.low) / width, 0.0)
        self.left = np.sqrt(width * (self.typical - self.low))
        self.right = np.sqrt(width * (self.high - self.typical))

    def draw(self, random: np.random.Generator, size: int) -> Floats:
        """(size × contenders) values of drawn figures: triangular by inverse distribution, gaps uniform."""
        uniform = random.random((size, len(self.low)))
        figures = np.where(
            uniform < self.split,
            self.low + self.left * np.sqrt(uniform),
            self.high - self.right * np.sqrt(1 - uniform),
        )
        if self.missing.any():
            figures = np.where(self.missing, self.low + (self.high - self.low) * uniform, figures)
        return self.curve(figures)


def _weights(
    random: np.random.Generator, priorities: tuple[float, ...], settings: CertaintySettings, size: int
) -> Floats:
    centre = np.asarray(priorities, dtype=np.float64)
    if settings.priorities == "fixed":
        drawn = np.broadcast_to(centre, (size, len(centre))).copy()
    elif settings.priorities == "unknown":
        drawn = random.standard_exponential((size, len(centre)))
    else:
        low, high = np.maximum(centre - PRIORITY_SPAN, 0.0), np.minimum(centre + PRIORITY_SPAN, 10.0)
        drawn = low + (high - low) * random.random((size, len(centre)))
    total = drawn.sum(axis=1, keepdims=True)
    drawn = np.where(total > 0, drawn, 1.0)
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True), dtype=np.float64)


def _level(scores: Floats, rows: NDArray[np.intp], ranking: Ranking) -> NDArray[np.bool_]:
    """Who is shown level with the place above: beats its head in at least 40 of 100 draws."""
    level = np.zeros(len(rows), dtype=bool)
    head = 0
    for number in range(1, len(rows)):
        if ranking.ranks[rows[number]] == ranking.ranks[rows[head]]:
            continue
        if float(np.mean(scores[:, number] > scores[:, head])) >= LEVEL_SHARE:
            level[number] = True
        else:
            head = number
    return level
