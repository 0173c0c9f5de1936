"""Profiles: product types, sectors, markets and panels with their defaults, all from one data file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from advisor.files import shipped


@dataclass(frozen=True)
class LayerDemand:
    """A demand a layer adds: a property's level and why."""

    property: str
    level: float
    because: str


@dataclass(frozen=True)
class Layer:
    """What one layer (product, sector or market) sets; all of it working values with their reason.

    Attributes:
        key: name in briefs; ``kind``: product, sector or market; ``name``: as printed.
        raises: criteria whose priority it raises.
        demands: demands it adds. The strictest of all layers counts.
        limits: limits in brief form.
        chips: properties it wants to see on the datasheet.
        service: outdoor share, life and heat case it sets, where it does.
        because: reason for the whole layer.
    """

    key: str
    kind: str
    name: str
    raises: tuple[str, ...]
    demands: tuple[LayerDemand, ...]
    limits: tuple[Mapping[str, Any], ...]
    chips: tuple[str, ...]
    service: Mapping[str, Any]
    because: str


@dataclass(frozen=True)
class Product:
    """One product type with its defaults; lengths in m, masses in kg or g as named."""

    key: str
    name: str
    litres: float
    load_kg: float
    base: Mapping[str, float]
    martindale_cycles: float | None
    reference_cloth: str
    life_years: float
    days_per_year: float
    outdoor_share: float
    heat_case: str
    shell_mass_g: float
    fabric_m2_per_bag: float
    price_target: float
    price_ceiling: float
    order_quantity: float
    layer: Layer


@dataclass(frozen=True)
class Panel:
    """One panel of a bag: what it multiplies the product's demands by, and its own head."""

    key: str
    name: str
    factors: Mapping[str, float]
    head_pressure_kpa: float
    no_head: bool
    because: str


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(shipped("data", "profiles.json").read_text(encoding="utf-8"))
    return document


def default_priority() -> float:
    """Priority of a criterion no layer raises (0..10)."""
    return float(_document()["default_priority"])


def raise_of(kind: str) -> float:
    """Points by which a layer of that kind raises a priority."""
    return float(_document()[f"{kind}_raise"])


def _layer(key: str, kind: str, entry: Mapping[str, Any]) -> Layer:
    demands = []
    for name, item in entry.get("demands", {}).items():
        level = item["at_least"] if "at_least" in item else item["at_most"]
        demands.append(LayerDemand(name, float(level), item.get("because", "")))
    service = {
        name: entry[name] for name in ("outdoor_share", "life_years", "days_per_year", "heat_case") if entry.get(name)
    }
    return Layer(
        key=key,
        kind=kind,
        name=entry["name"],
        raises=tuple(entry.get("raises", ())),
        demands=tuple(demands),
        limits=tuple(entry.get("limits", ())),
        chips=tuple(entry.get("chips", ())),
        service=service if kind != "product" else {},
        because=entry.get("because", ""),
    )


def cloth_mass_share() -> float:
    """Share of a pack's mass that is its cloth."""
    return float(_document()["cloth_mass_share"]["typical"])


@cache
def products() -> dict[str, Product]:
    """The ten product types by key."""
    found = {}
    for key, entry in _document()["products"].items():
        budget = entry["budget"]
        band = budget["fabric_price_usd_per_m2"]
        martindale = entry.get("martindale_cycles")
        area = entry["fabric_m2_per_bag"]
        found[key] = Product(
            key=key,
            name=entry["name"],
            litres=float(entry["litres"]),
            load_kg=float(entry["load_kg"]),
            base={name: float(level) for name, level in entry["base"].items() if isinstance(level, int | float)},
            martindale_cycles=None if martindale is None else float(martindale),
            reference_cloth=entry["reference_cloth"],
            life_years=float(entry["life_years"]),
            days_per_year=float(entry["days_per_year"]),
            outdoor_share=float(entry["outdoor_share"]),
            heat_case=entry["heat_case"],
            shell_mass_g=float(entry["shell_mass_g"][1]),
            fabric_m2_per_bag=float(area["typical"] if isinstance(area, dict) else area),
            price_target=float(band["target"]),
            price_ceiling=float(band["ceiling"]),
            order_quantity=float(budget["order_quantity"]),
            layer=_layer(key, "product", {**entry, "demands": {}, "limits": entry.get("limits", ())}),
        )
    return found


@cache
def sectors() -> dict[str, Layer]:
    """The user sectors by key."""
    return {key: _layer(key, "sector", entry) for key, entry in _document()["sectors"].items()}


@cache
def markets() -> dict[str, Layer]:
    """The markets by ISO 3166 country code."""
    return {key: _layer(key, "market", entry) for key, entry in _document()["markets"].items()}


def market_codes() -> tuple[str, ...]:
    """Country codes of all known markets."""
    return tuple(markets())


@cache
def panels() -> dict[str, Panel]:
    """The bag panels by key."""
    return {
        key: Panel(
            key=key,
            name=entry["name"],
            factors={name: float(factor) for name, factor in entry.get("factors", {}).items()},
            head_pressure_kpa=float(entry.get("head_pressure_kpa") or 0.0),
            no_head=bool(entry.get("no_head", False)),
            because=entry.get("because", ""),
        )
        for key, entry in _document()["panels"].items()
    }
