"""Guard: which test measures which property, on whose scale, and which named rule links it; methods are data."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from advisor.files import shipped
from advisor.properties import properties

#: How a method's figures stand to the property's own scale.
READINGS = ("direct", "linked", "foreign")


@dataclass(frozen=True, slots=True)
class Method:
    """One test method of one property, a row of ``data/test_methods.csv``.

    Attributes:
        property: the property it reports on.
        standard: its number as a laboratory is told it ("ASTM D2261").
        title: what it does.
        reading: ``direct`` (on the property's scale), ``linked`` (by a rule that widens) or ``foreign`` (no rule).
        down, up: what a linked figure's low is divided by and its high multiplied by.
        rule: the rule that links it, "" for none.
        pattern: regular expression over the words of a report, without regard to case.
        must_state: what a report has to say beside the figure, "" for nothing.
        note: why it is linked so, or not at all.
    """

    property: str
    standard: str
    title: str
    reading: str
    down: float
    up: float
    rule: str
    pattern: str
    must_state: str
    note: str


@cache
def methods() -> tuple[Method, ...]:
    """All methods in file order."""
    found = []
    with shipped("data", "test_methods.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            factors = {key: float(row[key] or 1) for key in ("down", "up")}
            found.append(Method(**{**row, **factors}))  # type: ignore[arg-type]
    return tuple(found)


@cache
def methods_of(key: str) -> tuple[Method, ...]:
    """The methods that report on a property, those on its own scale first."""
    return tuple(sorted((m for m in methods() if m.property == key), key=lambda m: READINGS.index(m.reading)))


@lru_cache(maxsize=1024)
def method_named(key: str, words: str) -> Method | None:
    """The method of a property that these words name; one of another scale comes first where the words name two."""
    folded = words.casefold()
    for method in reversed(methods_of(key)):
        if method.pattern and re.search(method.pattern, folded):
            return method
    return None


def scales_mix(key: str) -> bool:
    """Whether tests on other scales report on this property, so that a figure without its test says nothing."""
    return any(method.reading != "direct" for method in methods_of(key))


def measurable(key: str) -> bool:
    """Whether a laboratory can measure the property."""
    return properties()[key].numeric and any(method.reading == "direct" for method in methods_of(key))


def method_to_order(key: str) -> Method | None:
    """The method to ask a laboratory for: the first on the property's own scale; None where none is known."""
    return next((method for method in methods_of(key) if method.reading == "direct"), None)
