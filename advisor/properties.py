"""Properties: one column of the material table each, with its unit, direction, fixed anchors and plausible range."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from advisor.files import shipped

#: Criterion groups in the order of the window, each with its criteria (DESIGN words; keys of briefs and output).
GROUPS: dict[str, tuple[str, ...]] = {
    "protection": ("water", "sun", "humidity", "mildew", "temperature"),
    "durability": ("abrasion", "tear", "tensile"),
    "carry": ("lightness", "drying"),
    "looks": ("colour", "handle"),
    "planet": ("footprint", "recycled"),
    "supply": ("price", "availability"),
}

#: The sixteen criteria, in group order; column order of every value matrix.
CRITERIA: tuple[str, ...] = tuple(criterion for group in GROUPS.values() for criterion in group)


@dataclass(frozen=True, slots=True)
class Property:
    """One column of the material table.

    Attributes:
        key: column name, unit included (``areal_mass_g_m2``).
        label: name in full; ``short``: name for narrow places.
        group: datasheet section.
        criterion: the criterion it feeds, or "".
        unit: unit as printed to people.
        kind: ``number``, ``grade``, ``text`` or ``tags`` (``|``-separated).
        direction: ``more``, ``less`` or ``none``: what is better.
        scale: ends of a closed scale (grades, percentages), None where open.
        plausible: the range any bag fabric may have; gaps are spread over it.
        curve: fixed anchors (x, value 0..1) of an objective; empty for demands.
        decimals: digits after the point when shown.
        spread: how one printed figure gets a low and a high: ``*2``, ``15%`` or ``±8``; "" leaves it a point.
        test_methods: accepted test methods, as named by ISO and ASTM.
    """

    key: str
    label: str
    short: str
    group: str
    criterion: str
    unit: str
    kind: str
    direction: str
    scale: tuple[float | None, float | None]
    plausible: tuple[float, float] | None
    curve: tuple[tuple[float, float], ...]
    decimals: int
    spread: str
    spread_reason: str
    test_methods: str
    description: str

    @property
    def numeric(self) -> bool:
        """Whether the column holds figures."""
        return self.kind in ("number", "grade")

    def range_of(self, typical: float) -> tuple[float, float]:
        """Low and high of a single printed figure, by the property's spread rule, cut to the closed scale."""
        rule = self.spread
        if not rule:
            low = high = typical
        elif rule.startswith("*"):
            factor = float(rule[1:])
            low, high = typical / factor, typical * factor
        elif rule.endswith("%"):
            part = abs(typical) * float(rule[:-1]) / 100
            low, high = typical - part, typical + part
        else:
            part = float(rule.lstrip("±"))
            low, high = typical - part, typical + part
        bottom, top = self.scale
        if bottom is not None:
            low = min(max(low, bottom), typical)
        if top is not None:
            high = max(min(high, top), typical)
        return low, high


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


@cache
def properties() -> dict[str, Property]:
    """All properties by key, in the column order of the material table."""
    found: dict[str, Property] = {}
    with shipped("data", "properties.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            low, high = _number(row["plausible_low"]), _number(row["plausible_high"])
            points = (pair.split(":") for pair in row["curve"].split(";") if pair.strip())
            found[row["key"]] = Property(
                key=row["key"],
                label=row["label"],
                short=row["short"],
                group=row["group"],
                criterion=row["criterion"],
                unit=row["unit"],
                kind=row["kind"],
                direction=row["direction"],
                scale=(_number(row["scale_low"]), _number(row["scale_high"])),
                plausible=None if low is None or high is None else (low, high),
                curve=tuple((float(x), float(value)) for x, value in points),
                decimals=int(row["decimals"] or 0),
                spread=row["spread"],
                spread_reason=row["spread_reason"],
                test_methods=row["test_methods"],
                description=row["description"],
            )
    return found


@cache
def numeric_keys() -> tuple[str, ...]:
    """Keys of the columns that hold figures, in table order; column order of a table's arrays."""
    return tuple(key for key, item in properties().items() if item.numeric)
