"""Units: every spelling the trade uses, converted both ways; what does not measure the same is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.properties import properties
from advisor.units import convert, convertible, known_unit

#: Kind of quantity -> units that measure it.
KINDS = {
    "mass per area": ["g/m2", "g/m²", "gsm", "kg/m2", "oz/yd2", "oz/yd²", "oz/sq yd", "oz_yd2"],
    "length": ["mm", "cm", "m", "in", "inch", "yd", "mil"],
    "force": ["N", "kN", "daN", "kgf", "lbf", "lb"],
    "linear density": ["den", "denier", "dtex", "tex"],
    "temperature": ["°C", "c", "°F", "F", "K"],
    "share": ["%", "pct", "fraction"],
    "air flow": ["L/m²/s", "mm/s", "cfm"],
    "price per area": ["USD/m²", "USD/yd²", "$/m2", "usd_yd2"],
    "footprint": ["kg CO₂e/m²", "g CO₂e/m²"],
    "time": ["days", "weeks", "h", "hours"],
    "pressure": ["kPa", "Pa", "bar", "mbar", "psi"],
}
pair_of_a_kind = st.sampled_from(sorted(KINDS)).flatmap(lambda kind: st.tuples(*[st.sampled_from(KINDS[kind])] * 2))


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (10, "oz/yd²", "g/m²", 339.0575),  # 1 oz = 28.349523125 g, 1 yd = 0.9144 m
        (1, "lbf", "N", 4.4482216),
        (40, "kgf", "N", 392.266),
        (20, "kPa", "mm", 2039.432),  # 1 mm of water = 9.80665 Pa
        (1, "psi", "mm", 703.0696),
        (-40, "°F", "°C", -40),
        (212, "F", "°C", 100),
        (273.15, "K", "°C", 0),
        (1000, "dtex", "den", 900),
        (0.5, "fraction", "%", 50),
        (1, "cfm", "L/m²/s", 5.08),
        (4, "USD/yd²", "USD/m²", 4.78396),
        (2, "weeks", "days", 14),
        (60, "in", "cm", 152.4),
        (10, "mil", "mm", 0.254),
        (850, "g CO₂e/m²", "kg CO₂e/m²", 0.85),
    ],
)
def test_known_conversions(value, unit, to, expected):
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(pair_of_a_kind, st.floats(-1e6, 1e6))
def test_there_and_back_again(pair, value):
    one, other = pair
    assert convertible(one, other) and convertible(other, one)
    assert convert(convert(value, one, other), other, one) == pytest.approx(value, rel=1e-12, abs=1e-7)


@given(pair_of_a_kind, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_conversion_keeps_the_order(pair, one, other):
    unit, to = pair
    if one < other:
        assert convert(one, unit, to) <= convert(other, unit, to)


def test_units_of_different_kinds_do_not_mix():
    for kind, units in KINDS.items():
        for other_kind, others in KINDS.items():
            if kind != other_kind and not (kind == "pressure" and other_kind == "length"):
                assert not convertible(units[0], others[0])
                with pytest.raises(ValueError, match="cannot be turned into"):
                    convert(1.0, units[0], others[0])
    # A pressure is a head of water in mm only, and a length is no pressure.
    assert convertible("kPa", "mm") and not convertible("kPa", "cm") and not convertible("mm", "kPa")


@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_is_not(text):
    assert known_unit(text) in (True, False)
    assert convertible(text, "g/m2") in (True, False)
    if not known_unit(text):
        assert not convertible(text, "g/m2")


@given(st.floats(allow_nan=False))
def test_a_unit_turned_into_itself_keeps_its_bits(value):
    for unit in ("g/m²", "N", "cycles", "°C", "rating"):
        assert convert(value, unit, unit) == value


def test_every_figures_own_unit_is_known():
    # Abrasion cycles, grades and ratings too: a user's header may name them.
    unknown = [item.key for item in properties().values() if item.numeric and not known_unit(item.unit)]
    assert unknown == []
    assert math.isclose(convert(1, "kg CO2e/m2", properties()["ghg_kg_co2e_m2"].unit), 1)
