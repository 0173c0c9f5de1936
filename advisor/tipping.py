"""Tipping points: who leads at every position of one priority slider, exact because scores are straight lines in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer
from advisor.materials import Floats
from advisor.priorities import LEAST, MOST, held_shares
from advisor.properties import CRITERIA

#: A stretch of a slider and the table row that leads there: from priority, to priority, row.
Stretch = tuple[float, float, int]

Rows = NDArray[np.intp]

#: Lines closer than this in height and slope are one line; the id decides, as it does in the ranking.
_SAME = 1e-10
#: Stretches narrower than this are rounding noise where several lines meet in one point.
_SLIVER = 1e-9


def leaders(answer: Answer, criterion: str) -> tuple[Stretch, ...]:
    """Who leads among the passing materials at each priority 0..10 of one criterion, the rest as the brief has it.

    The order by score is the order by Σ priority × value, a straight line in one priority; locks that hold their share
    keep it straight, since held priorities grow with the sum of the others. The leader is the upper envelope of these
    lines.

    Returns:
        Stretches that follow each other from 0 to 10 without a gap; empty where no material passes.
    """
    rows = answer.ranking.passing_rows()
    if not len(rows):
        return ()
    height, slope = _lines(answer, criterion)
    height, slope = height[rows], slope[rows]
    ids = [answer.table.ids[row] for row in rows]
    found: list[Stretch] = []
    at = LEAST
    lead = _foremost(np.flatnonzero(height >= height.max() - _SAME), height, slope, ids)
    while True:
        steeper = np.flatnonzero(slope > slope[lead] + _SAME)
        until, following = MOST, -1
        if len(steeper):
            crossing = (height[lead] - height[steeper]) / (slope[steeper] - slope[lead])
            nearest = float(crossing.min())
            if nearest < MOST:
                until = max(nearest, at)
                following = _foremost(steeper[crossing == crossing.min()], height, slope, ids)
        if following < 0:
            return (*found, (at, until, int(rows[lead])))
        if until - at > _SLIVER:
            found.append((at, until, int(rows[lead])))
            at = until
        lead = following


def _lines(answer: Answer, criterion: str) -> tuple[Floats, Floats]:
    """Σ priority × value of every table row as height at priority 0 and slope."""
    values, priorities = answer.values.typical, answer.terms.priorities
    column = CRITERIA.index(criterion)
    held = held_shares(priorities, answer.brief.locks, criterion)
    left = 1.0 - sum(held.values())
    if held and left <= 1e-12:
        # The locks hold everything: the slider moves nothing.
        return answer.ranking.scores, np.zeros(len(answer.table))
    others = [0.0 if key == criterion or key in held else priorities[key] for key in CRITERIA]
    height, slope = values @ np.asarray(others), values[:, column].copy()
    if held:
        along = values @ np.asarray([held.get(key, 0.0) / left for key in CRITERIA])
        height, slope = height + sum(others) * along, slope + along
    return height, slope


def _foremost(tied: Rows, height: Floats, slope: Floats, ids: Sequence[str]) -> int:
    """Of the lines that meet in a point, the one that leads just beyond it; of several that coincide, the first id."""
    best = int(tied[slope[tied].argmax()])
    twins = np.flatnonzero((abs(height - height[best]) <= _SAME) & (abs(slope - slope[best]) <= _SAME))
    return best if len(twins) == 1 else min(twins.tolist(), key=lambda row: ids[row])
