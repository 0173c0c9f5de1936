"""Substitutes: how a material differs from an incumbent figure by figure, and how near each comes to it in value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from advisor.materials import Floats, Table
from advisor.properties import numeric_keys, properties

_BLOCK = 4_096


@dataclass(frozen=True, slots=True)
class Departure:
    """One property in which a material departs from the incumbent.

    Attributes:
        property: property key.
        share: (its figure − the incumbent's) / the incumbent's; 0.4 is 40 % more.
        doubtful: each one's typical figure lies inside the other's range, so the two may well be alike.
    """

    property: str
    share: float
    doubtful: bool


def departures(table: Table, row: int, incumbent: int, beyond: float) -> tuple[Departure, ...]:
    """The properties in which a material's typical figure departs from the incumbent's by more than ``beyond``.

    Left out: figures one of the two lacks, grades, ratings and temperatures, on whose scales a share means nothing, and
    figures where the incumbent's is 0.

    Args:
        beyond: share of the incumbent's figure, 0.25 for 25 %.

    Returns:
        Departures whose ranges tell them apart first, each part largest first.
    """
    mine, theirs = table.typical[row], table.typical[incumbent]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(theirs == 0, np.nan, (mine - theirs) / np.abs(theirs))
    far = _on_ratio_scale() & (np.abs(share) > beyond)  # not known compares as False
    inside = (table.low[incumbent] <= mine) & (mine <= table.high[incumbent])
    inside &= (table.low[row] <= theirs) & (theirs <= table.high[row])
    keys = numeric_keys()
    found = [Departure(keys[at], float(share[at]), bool(inside[at])) for at in np.flatnonzero(far).tolist()]
    return tuple(sorted(found, key=lambda item: (item.doubtful, -abs(item.share))))


@cache
def _on_ratio_scale() -> NDArray[np.bool_]:
    """Columns on whose scale a share of a figure means something."""
    items = [properties()[key] for key in numeric_keys()]
    return np.array([item.kind == "number" and item.unit != "°C" for item in items], dtype=bool)


def distances(values: Floats, weights: Floats, incumbent: int) -> Floats:
    """How far each material is from the incumbent: √(Σ weight × (value − its value)²), 0 to 1.

    The Euclidean distance over the sixteen values with the weights in force, so that a criterion nobody weighs keeps
    nobody apart. Better counts as far as worse: near is alike, which a substitute is to be.

    Args:
        values: (materials × 16) values 0..1.
        weights: the sixteen weights, summing to 1.
        incumbent: row of the material to be replaced.
    """
    found = np.empty(len(values))
    apart = np.empty((min(_BLOCK, len(values)), values.shape[1]))
    # Block by block: the differences of a long table would not fit the cache, and four times the time would go.
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        part = apart[: len(block)]
        np.subtract(block, values[incumbent], out=part)
        np.square(part, out=part)
        np.dot(part, weights, out=found[start : start + _BLOCK])
    return np.asarray(np.sqrt(found, out=found), dtype=np.float64)
