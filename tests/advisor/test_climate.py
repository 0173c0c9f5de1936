"""Climate: places found by name, inputs that replace only themselves, and sliders that run one way."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.climate import (
    CLIMATE_INPUTS,
    CLIMATE_RANGES,
    SLIDERS,
    conditions,
    find_place,
    interpolate,
    place_names,
    places,
    plain,
    saturation_hpa,
    slider_points,
    soil_cycles,
)

place_name = st.sampled_from(sorted(place_names()))


def test_96_places_are_known_by_name_without_case_and_accents():
    assert len(places()) == 96
    for spelling in ("Tromsø", "tromso", "TROMSØ", "  Tromsö "):
        assert find_place(spelling).name == "Tromsø"
    assert find_place("sao paulo").name == "São Paulo"
    assert find_place("kiruna").name == "Lapland (Kiruna)"


@pytest.mark.parametrize("name", ["", "   ", "Atlantis", "(", "a", "\0", "Lagos, Portugal"])
def test_what_is_no_place_is_not_guessed(name):
    assert find_place(name) is None


@given(place_name)
def test_every_printed_name_finds_its_own_place(name):
    assert find_place(name).name == name
    assert find_place(plain(name)).name == name
    assert find_place(name.upper()).name == name


@given(st.floats(-10, 10), st.lists(st.tuples(st.integers(-5, 5), st.floats(0, 1)), min_size=1, max_size=6))
def test_interpolation_passes_through_its_points_and_stays_between_neighbours(x, raw):
    points = tuple(sorted({float(key): value for key, value in raw}.items()))
    for key, value in points:
        assert interpolate(key, points) == value
    found = interpolate(x, points)
    below = [value for key, value in points if key <= x][-1:]
    above = [value for key, value in points if key >= x][:1]
    ends = below + above
    assert min(ends) - 1e-12 <= found <= max(ends) + 1e-12


def test_dust_and_salt_steps_are_the_dossiers():
    # Climate dossier section 10: steps 0 to 4 stand for n = 0, 0.5, 1, 3 and 8 soil cycles.
    assert [soil_cycles(step) for step in range(5)] == [0, 0.5, 1, 3, 8]


def test_saturation_pressure_meets_textbook_values():
    # 6.11 hPa at the freezing point, 23.4 at 20 °C, 42.4 at 30 °C (Tetens, within 0.2 %).
    for celsius, hpa in ((0, 6.108), (20, 23.38), (30, 42.43)):
        assert saturation_hpa(celsius) == pytest.approx(hpa, rel=2e-3)


@given(place_name, st.sampled_from(CLIMATE_INPUTS), st.data())
def test_an_input_set_by_hand_replaces_only_itself(name, key, data):
    place: Any = find_place(name)
    low, high = CLIMATE_RANGES[key]
    value = data.draw(st.floats(low, high))
    before, after = conditions(place, {}), conditions(place, {key: value})
    assert after.value(key) == value
    follows = {"rain_mm_year": {"wet_days_wettest_month"}, "rain_days": {"wet_days_wettest_month"}}.get(key, set())
    for other in set(CLIMATE_INPUTS) - {key} - follows:
        assert after.figures[other] == before.figures[other]
    if key != "cold_month_min_c":
        assert after.design_low == before.design_low
    if key not in ("mean_c", "relative_humidity_pct"):
        assert after.months == before.months


@given(st.sampled_from(["", *sorted(place_names())]), st.sampled_from(CLIMATE_INPUTS))
def test_an_input_put_back_where_it_stood_changes_nothing_at_all(name, key):
    place: Any = find_place(name)
    own = conditions(place, {})
    if own.value(key) is None:
        return
    again = conditions(place, {key: own.value(key) or 0.0})
    assert again.design_low == own.design_low and again.months == own.months
    assert {name: item.value for name, item in again.figures.items()} == {
        name: item.value for name, item in own.figures.items()
    }
    if key != "wet_days_wettest_month":
        assert again == own


@given(place_name)
def test_wet_days_are_the_places_own_while_the_wettest_month_moves(name):
    # Climate dossier section 1: 0.75 × rain days × the wettest month's share of the year, 1 to 25.
    place: Any = find_place(name)
    own: Any = conditions(place, {}).value("wet_days_wettest_month")
    if own is None:
        return
    assert own == pytest.approx(min(max(0.75 * place.rain_days * place.wettest_month_mm / place.rain_mm_year, 1), 25))
    for month in (0.0, 40.0, 300.0, 2000.0):
        assert conditions(place, {"wettest_month_mm": month}).value("wet_days_wettest_month") == own
    less = conditions(place, {"rain_days": place.rain_days / 2}).value("wet_days_wettest_month")
    assert less == pytest.approx(min(max(0.375 * place.rain_days * place.wettest_month_mm / place.rain_mm_year, 1), 25))


def test_wet_days_without_a_place_follow_the_slider_table():
    # Climate dossier section 10: wettest month 15, 60, 110, 250, 500 mm with 3, 9, 10, 13, 17 wet days.
    for month, days in ((15, 3), (60, 9), (110, 10), (250, 13), (500, 17)):
        assert conditions(None, {"wettest_month_mm": float(month)}).value("wet_days_wettest_month") == days


def test_without_a_place_the_climate_is_the_middle_step_of_the_slider_table():
    found = conditions(None, {})
    middle = {
        "mean_c": 16,
        "hot_month_max_c": 28,
        "cold_month_min_c": 0,
        "relative_humidity_pct": 65,
        "wettest_month_mm": 110,
        "wet_days_wettest_month": 10,
        "solar_mj_m2_year": 5500,
        "dust_salt": 2,
        "rain_mm_year": None,
        "rain_days": None,
    }
    assert {key: found.value(key) for key in CLIMATE_INPUTS} == middle
    assert found.name == "" and found.months == ()


@given(place_name)
def test_the_design_low_moves_with_the_cold_month(name):
    place: Any = find_place(name)
    own = conditions(place, {})
    cold, low = own.value("cold_month_min_c"), own.design_low.value
    if cold is None or low is None:
        return
    assert conditions(place, {"cold_month_min_c": cold - 10}).design_low.value == pytest.approx(low - 10)


def test_the_design_low_is_a_station_record_or_lies_15_or_25_k_below_the_cold_month():
    records = [place for place in places().values() if place.record_is_station and place.record_min_c is not None]
    for place in records:
        assert conditions(place, {}).design_low.value == place.record_min_c
    assert conditions(find_place("Tromsø"), {}).design_low.value == -24  # −9 − 15, by the sea
    assert conditions(find_place("Kiruna"), {}).design_low.value == -41  # −16 − 25, inland north of 60° N


@given(place_name)
def test_ranges_hold_their_value_and_stay_possible(name):
    found = conditions(find_place(name), {})
    for key, figure in found.figures.items():
        low, high = CLIMATE_RANGES[key]
        if figure.value is None or figure.low is None or figure.high is None:
            assert figure.origin == "unknown"
            continue
        assert low <= figure.low <= figure.value <= figure.high <= high or key == "solar_mj_m2_year"
    sun = found.figures["solar_mj_m2_year"]
    if sun.value is not None:
        assert sun.low == pytest.approx(0.9 * sun.value) and sun.high == pytest.approx(1.1 * sun.value)


def test_humidity_is_the_midpoint_of_mean_and_estimate_or_one_of_them_with_8_points():
    for place in places().values():
        figure = conditions(place, {}).figures["relative_humidity_pct"]
        both = [value for value in (place.rh_mean_pct, place.rh_estimate_pct) if value is not None]
        if len(both) == 2:
            assert (figure.value, figure.low, figure.high) == (sum(both) / 2, min(both), max(both))
        elif both:
            assert (figure.value, figure.low, figure.high) == (both[0], both[0] - 8, min(both[0] + 8, 100))


@given(st.sampled_from(sorted(SLIDERS)), st.sampled_from(["", *sorted(place_names())]))
def test_a_slider_runs_one_way_over_possible_values_and_holds_the_places_own(key, name):
    place: Any = find_place(name)
    points = slider_points(key, place)
    travel, values = zip(*points, strict=True)
    assert travel[0] == 0 and travel[-1] == 1
    assert all(a < b for a, b in itertools.pairwise(travel))
    steps = [b - a for a, b in itertools.pairwise(values)]
    assert all(step > 0 for step in steps) or all(step < 0 for step in steps)
    low, high = CLIMATE_RANGES[key]
    assert low <= min(values) and max(values) <= high
    own: Any = conditions(place, {}).value(key)
    if own is not None:
        assert min(values) <= own <= max(values)


def test_months_move_with_the_mean_and_the_humidity():
    place: Any = find_place("Berlin")
    own = conditions(place, {})
    warmer = conditions(place, {"mean_c": (own.value("mean_c") or 0.0) + 3})
    damper = conditions(place, {"relative_humidity_pct": (own.value("relative_humidity_pct") or 0.0) + 4})
    assert len(own.months) == 12
    for before, warm, damp in zip(own.months, warmer.months, damper.months, strict=True):
        assert warm[0] == pytest.approx(before[0] + 3) and warm[1] == pytest.approx(before[1])
        assert damp[0] == before[0] and damp[1] == pytest.approx(min(before[1] + 4, 100))
        assert 0 <= before[1] <= 100 and math.isfinite(before[0])
