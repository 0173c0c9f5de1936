"""The place tables and the profile file: complete, in range, and consistent with each other."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
CRITERIA = {
    *("water", "sun", "humidity", "mildew", "temperature", "abrasion", "tear", "tensile", "lightness", "drying"),
    *("colour", "handle", "footprint", "recycled", "price", "availability"),
}
PRODUCTS = {
    "classic-mini-backpack",
    "mini-hike-daypack",
    "fashion-lifestyle-mini",
    "recycled-material-mini",
    "kids-mini-backpack",
    "lightweight-running-pack",
    "hydration-pack",
    "commuter-urban-pack",
    "modular-adjustable-pack",
    "high-capacity-endurance-pack",
}
SECTORS = {
    "corporate-promotional",
    "education",
    "travel-tourism",
    "humanitarian-ngo",
    "outdoor-retail",
    "security",
    "eco-tourism",
    "healthcare-first-response",
    "logistics-field-research",
}
PANELS = {"body", "base", "front-pocket", "lining", "straps", "back"}
REGIONS = {"Africa", "Asia", "Europe", "Middle East", "North America", "Oceania", "South America"}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


PLACES = rows("places.csv")
MONTHS = rows("places_monthly.csv")
PROFILES: dict[str, Any] = json.loads((DATA / "profiles.json").read_text(encoding="utf-8"))
LAYERS = {
    f"{kind}/{key}": entry for kind in ("products", "sectors", "markets") for key, entry in PROFILES[kind].items()
}


def plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o"))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def number(text: str) -> float | None:
    return float(text) if text else None


def place(name: str) -> dict[str, str]:
    return next(row for row in PLACES if row["place"] == name)


def test_ninety_six_places_told_apart_without_case_and_accents() -> None:
    assert len(PLACES) == 96
    assert len({plain(row["place"]) for row in PLACES}) == 96
    assert {"Tromsø", "São Paulo", "Bogotá", "Medellín"} <= {row["place"] for row in PLACES}


@pytest.mark.parametrize(
    ("column", "low", "high", "required"),
    [
        ("lat", -90, 90, True),
        ("lon", -180, 180, True),
        ("elevation_m", -430, 5000, False),
        ("mean_c", -20, 35, True),
        ("hot_month_max_c", 0, 50, False),
        ("cold_month_min_c", -45, 30, False),
        ("record_min_c", -70, 25, False),
        ("rh_mean_pct", 10, 100, False),
        ("rh_estimate_pct", 10, 100, False),
        ("rain_mm_year", 0, 5000, True),
        ("rain_days", 0, 366, True),
        ("wettest_month_mm", 0, 1000, True),
        ("solar_mj_m2_year", 2000, 9000, True),
    ],
)
def test_figures_lie_in_their_range(column: str, low: float, high: float, required: bool) -> None:
    for row in PLACES:
        value = number(row[column])
        assert value is not None or not required, row["place"]
        assert value is None or low <= value <= high, (row["place"], value)


def test_figures_of_a_place_agree_with_each_other() -> None:
    for row in PLACES:
        cold, mean, hot = (number(row[key]) for key in ("cold_month_min_c", "mean_c", "hot_month_max_c"))
        assert mean is not None
        assert cold is None or hot is None or cold < mean < hot, row["place"]
        record = number(row["record_min_c"])
        assert record is None or cold is None or record <= cold, row["place"]
        assert float(row["wettest_month_mm"]) <= float(row["rain_mm_year"]), row["place"]


def test_kinds_grades_and_levels_come_from_closed_lists() -> None:
    for row in PLACES:
        assert row["region"] in REGIONS
        assert len(row["country_code"]) == 2, row["place"]
        assert row["country_code"].isupper()
        assert row["record_min_kind"] in ({"station", "grid"} if row["record_min_c"] else {""}), row["place"]
        assert row["rain_days_kind"] in {"measured", "estimate"}
        assert row["solar_grade"] in {"C", "D"}
        assert row["dew_point_k"] in {"", "0", "2", "5", "10"}
        assert row["dust_salt"] in {"0", "1", "2", "3", "4"}
        assert row["inland"] in {"yes", "no"}
        for reason in ("solar_because", "dew_point_because", "dust_salt_because"):
            assert row[reason], (row["place"], reason)


def test_a_grid_extreme_is_never_passed_off_as_a_station_record() -> None:
    for row in PLACES:
        assert ("not a station record" in row["note"]) == (row["record_min_kind"] == "grid"), row["place"]


def test_a_neighbours_sun_is_grade_d_and_names_the_neighbour() -> None:
    names = {row["place"] for row in PLACES} | {"In Salah", "Tamanrasset"}
    borrowed = [row for row in PLACES if row["solar_grade"] == "D"]
    assert len(borrowed) == 8
    for row in borrowed:
        assert any(name in row["solar_because"] for name in names - {row["place"]}), row["place"]


def test_dust_and_salt_follow_the_written_rule() -> None:
    assert [place(name)["dust_salt"] for name in ("Lagos", "Dubai", "Tromsø")] == ["2", "4", "2"]
    for row in PLACES:
        level, desert = int(row["dust_salt"]), row["koppen"].startswith("BW")
        assert (level >= 3) == (desert or row["place"] == "Dakar"), row["place"]
        assert not desert or level == (4 if "salt" in row["dust_salt_because"] else 3), row["place"]
        assert level >= 1 or row["inland"] == "yes", row["place"]


def test_months_are_twelve_or_none_and_belong_to_a_place() -> None:
    count = Counter(row["place"] for row in MONTHS)
    assert set(count) <= {row["place"] for row in PLACES}
    assert set(count.values()) == {12}
    for name in count:
        assert sorted(int(row["month"]) for row in MONTHS if row["place"] == name) == list(range(1, 13))


def test_months_are_in_range_and_their_mean_is_the_years() -> None:
    means: dict[str, list[float]] = {}
    for row in MONTHS:
        mean, high, low = (number(row[key]) for key in ("mean_c", "day_high_c", "night_low_c"))
        assert mean is not None
        assert -50 <= mean <= 45
        assert float(row["rain_mm"]) >= 0
        assert (high is None) == (low is None)
        assert high is None or low is None or low < high, row
        means.setdefault(row["place"], []).append(mean)
    for name, year in means.items():
        assert sum(year) / 12 == pytest.approx(float(place(name)["mean_c"]), abs=1.6), name


def test_every_source_of_a_place_is_listed_and_every_listed_source_used() -> None:
    listed = {row["source_id"] for row in rows("place_sources.csv")}
    used = {part for row in PLACES for part in row["source_ids"].split("|")}
    assert used == listed


def test_the_named_products_sectors_and_panels_are_all_there() -> None:
    assert set(PROFILES["products"]) == PRODUCTS
    assert set(PROFILES["sectors"]) == SECTORS
    assert set(PROFILES["panels"]) == PANELS
    assert set(PROFILES["markets"]) == {row["country_code"] for row in PLACES}


def test_every_raised_criterion_is_a_criterion_and_raised_once() -> None:
    for key, layer in LAYERS.items():
        assert set(layer["raises"]) <= CRITERIA, key
        assert len(layer["raises"]) == len(set(layer["raises"])), key
        assert layer["because"], key
        assert layer["name"], key
    assert all(PROFILES[f"{kind}_raise"] > 0 for kind in ("product", "sector", "market"))
    assert 0 <= PROFILES["default_priority"] <= 10


def test_every_layer_names_known_sources_or_raises_nothing() -> None:
    listed = set(PROFILES["sources"])
    for key, layer in {**LAYERS, **{f"panels/{k}": v for k, v in PROFILES["panels"].items()}}.items():
        assert set(layer["sources"]) <= listed, key
        assert layer["sources"] or not layer["raises"], key
        assert layer.get("grade", "D") == "D", key


@pytest.mark.parametrize("key", sorted(PRODUCTS))
def test_a_product_is_complete_and_plausible(key: str) -> None:
    product = PROFILES["products"][key]
    assert product["litres_range"][0] <= product["litres"] <= product["litres_range"][1]
    assert 0 < product["shell_mass_g"][0] <= product["shell_mass_g"][1] < product["load_kg"] * 1000
    base = product["base"]
    assert base["tensile_strength_n"] >= 300
    assert base["tear_strength_n"] >= 20
    assert 1 <= base["light_fastness_grade"] <= 8
    assert ("hydrostatic_head_mm" in base) != ("spray_rating" in base)
    if "hydrostatic_head_aged_mm" in base:
        assert base["hydrostatic_head_aged_mm"] == pytest.approx(0.4 * base["hydrostatic_head_mm"])
    assert 1 <= product["life_years"] <= 10
    assert 1 <= product["days_per_year"] <= 366
    assert 0 < product["outdoor_share"] <= 1
    assert product["heat_case"] in {"boot", "cabin", "dashboard"}
    area = product["fabric_m2_per_bag"]
    assert 0.3 <= area["low"] < area["typical"] < area["high"] <= 4
    price = product["budget"]["fabric_price_usd_per_m2"]
    assert 0 < price["target"] < price["ceiling"]
    assert product["budget"]["order_quantity"] > 0
    assert product["budget"]["because"]
    assert product["duty_because"]
    assert product["martindale_cycles"] >= 10_000


def test_reference_cloths_are_constructions_of_the_table() -> None:
    known = {row["id"] for row in rows("curated/constructions.csv")}
    assert {product["reference_cloth"] for product in PROFILES["products"].values()} <= known


def test_sector_demands_and_chips_are_columns_of_the_table() -> None:
    known = {row["key"]: row for row in rows("properties.csv")}
    for key, sector in PROFILES["sectors"].items():
        assert set(sector["chips"]) <= set(known), key
        assert isinstance(sector["limits"], list)
        for name, demand in sector["demands"].items():
            assert demand["because"], (key, name)
            (sense,) = set(demand) - {"because"}
            assert sense == ("at_most" if known[name]["direction"] == "less" else "at_least"), (key, name)
            assert float(known[name]["plausible_low"]) <= demand[sense] <= float(known[name]["plausible_high"])
    for product in PROFILES["products"].values():
        assert set(product["base"]) | set(product["chips"]) <= set(known)


def test_panels_multiply_known_columns_and_say_why() -> None:
    known = {row["key"] for row in rows("properties.csv")}
    for key, panel in PROFILES["panels"].items():
        assert set(panel["factors"]) <= known, key
        assert all(0 <= factor <= 2 for factor in panel["factors"].values()), key
        assert 0 <= panel["head_pressure_kpa"] <= 5, key
        assert isinstance(panel["no_head"], bool), key
        assert panel["because"], key
    assert PROFILES["panels"]["base"]["head_pressure_kpa"] == 3.3
    assert PROFILES["panels"]["back"]["head_pressure_kpa"] == 3.9


def test_a_market_that_raises_something_cites_the_guides() -> None:
    for code, market in PROFILES["markets"].items():
        assert market["region"] in REGIONS, code
        assert bool(market["raises"]) == bool(market["guide_lines"]), code
        if market["region"] in {"Asia", "Oceania"}:
            assert not market["raises"], code
