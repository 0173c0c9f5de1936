"""What the domain's tests share: one fixed run of examples, the bundled table, and briefs solved once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from advisor.answer import Answer, solve
from advisor.brief import Brief, Climate
from advisor.demands import Demand, demands
from advisor.layers import terms
from advisor.materials import Table, bundled

#: Abrasion of a reference cloth where a test has no table; any figure will do.
REFERENCE_CYCLES = 600.0


@cache
def _solved(product: str, place: str, panel: str) -> Answer:
    return solve(bundled(), Brief(product=product, panel=panel, climate=Climate(place)))


@pytest.fixture
def table() -> Table:
    """The table the program ships."""
    return bundled()


@pytest.fixture
def solved() -> Callable[..., Answer]:
    """The answer to a plain brief over the bundled table, worked out once a run."""

    def find(product: str = "mini-hike-daypack", place: str = "Lagos", panel: str = "body") -> Answer:
        return _solved(product, place, panel)

    return find


@pytest.fixture
def levels() -> Callable[[Brief], dict[str, Demand]]:
    """The demands of a brief by property."""

    def find(brief: Brief) -> dict[str, Demand]:
        return {item.property: item for item in demands(brief, terms(brief), REFERENCE_CYCLES)}

    return find
