"""Units: the spellings people use, converted to a property's own unit."""

from __future__ import annotations

import re

#: Unit spelling (see ``_key``) -> (kind, factor to the kind's base unit, offset added after).
_UNITS: dict[str, tuple[str, float, float]] = {
    "g/m2": ("mass per area", 1.0, 0.0),
    "gsm": ("mass per area", 1.0, 0.0),
    "kg/m2": ("mass per area", 1000.0, 0.0),
    "oz/yd2": ("mass per area", 28.349523125 / (0.9144 * 0.9144), 0.0),
    "mm": ("length", 1.0, 0.0),
    "cm": ("length", 10.0, 0.0),
    "m": ("length", 1000.0, 0.0),
    "in": ("length", 25.4, 0.0),
    "inch": ("length", 25.4, 0.0),
    "yd": ("length", 914.4, 0.0),
    "mil": ("length", 0.0254, 0.0),
    "n": ("force", 1.0, 0.0),
    "kn": ("force", 1000.0, 0.0),
    "dan": ("force", 10.0, 0.0),
    "kgf": ("force", 9.80665, 0.0),
    "lbf": ("force", 4.4482216152605, 0.0),
    "lb": ("force", 4.4482216152605, 0.0),
    "kpa": ("pressure", 1000.0, 0.0),
    "pa": ("pressure", 1.0, 0.0),
    "bar": ("pressure", 100_000.0, 0.0),
    "mbar": ("pressure", 100.0, 0.0),
    "psi": ("pressure", 6894.757293168, 0.0),
    "den": ("linear density", 1.0, 0.0),
    "denier": ("linear density", 1.0, 0.0),
    "dtex": ("linear density", 0.9, 0.0),
    "tex": ("linear density", 9.0, 0.0),
    "c": ("temperature", 1.0, 0.0),
    "f": ("temperature", 5 / 9, -160 / 9),
    "k": ("temperature", 1.0, -273.15),
    "%": ("share", 1.0, 0.0),
    "pct": ("share", 1.0, 0.0),
    "fraction": ("share", 100.0, 0.0),
    "l/m2/s": ("air flow", 1.0, 0.0),
    "mm/s": ("air flow", 1.0, 0.0),
    "cfm": ("air flow", 5.08, 0.0),
    "usd/m2": ("price per area", 1.0, 0.0),
    "usd/yd2": ("price per area", 1 / (0.9144 * 0.9144), 0.0),
    "kgco2e/m2": ("footprint", 1.0, 0.0),
    "gco2e/m2": ("footprint", 0.001, 0.0),
    "day": ("time", 1.0, 0.0),
    "days": ("time", 1.0, 0.0),
    "week": ("time", 7.0, 0.0),
    "weeks": ("time", 7.0, 0.0),
    "h": ("time", 1 / 24, 0.0),
    "hours": ("time", 1 / 24, 0.0),
    "cycles": ("cycles", 1.0, 0.0),
    "grade": ("grade", 1.0, 0.0),
    "rating": ("rating", 1.0, 0.0),
}

#: A head of water in mm is also a pressure: 1 mm H₂O = 9.80665 Pa.
_PA_PER_MM_WATER = 9.80665


def _key(text: str) -> str:
    """A unit spelling reduced to what tells it apart: "oz/yd²", "oz/sq yd" and "oz_yd2" are one."""
    word = text.strip().casefold().replace("²", "2").replace("°", "").replace("₂", "2").replace("$", "usd")
    word = word.replace("sq.", "sq ").replace("^", "")
    word = re.sub(r"\bsq\s*(yd|m)\b", r"\g<1>2", word)
    word = re.sub(r"[\s·]+", "", word).replace("_co2e", "co2e")
    if word.replace("_", "/") in _UNITS:
        return word.replace("_", "/")
    return word


def known_unit(text: str) -> bool:
    """Whether the spelling names a unit."""
    return _key(text) in _UNITS


def convertible(unit: str, to: str) -> bool:
    """Whether a figure in ``unit`` can be turned into ``to``."""
    start, end = _UNITS.get(_key(unit)), _UNITS.get(_key(to))
    if start is None or end is None:
        return False
    return start[0] == end[0] or (start[0] == "pressure" and _key(to) == "mm")


def convert(value: float, unit: str, to: str) -> float:
    """``value`` in ``unit`` as a figure in ``to``; a pressure becomes a head of water where ``to`` is mm.

    Raises:
        ValueError: the two units do not measure the same thing.
    """
    if _key(unit) == _key(to):
        return value
    if not convertible(unit, to):
        raise ValueError(f"{unit} cannot be turned into {to}")
    kind, factor, offset = _UNITS[_key(unit)]
    base = value * factor + offset
    if kind == "pressure" and _key(to) == "mm":
        return base / _PA_PER_MM_WATER
    _, end_factor, end_offset = _UNITS[_key(to)]
    return (base - end_offset) / end_factor
