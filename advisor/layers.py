"""Layers: what product, sector and market set under a brief, and what the user's own words leave of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from advisor.brief import Brief, Limit
from advisor.profiles import Layer, Panel, Product, default_priority, markets, panels, products, raise_of, sectors
from advisor.properties import CRITERIA


@dataclass(frozen=True)
class Terms:
    """A brief with every default filled in: what the decision works from.

    Attributes:
        product, panel: the profile rows.
        layers: product, sector and market layers in force.
        priorities: criterion -> 0..10; ``defaults``: what the layers alone give; ``raised_by``: who raised it.
        limits: the user's limits, the layers' and the price ceiling.
        price_target, price_ceiling: USD/m².
        order_quantity: bags.
        life_years, days_per_year, outdoor_share (0..1 of daylight), load_kg, litres, heat_case: service.
        fabric_m: running metres of cloth the order needs at 1.5 m width.
    """

    product: Product
    panel: Panel
    layers: tuple[Layer, ...]
    priorities: Mapping[str, float]
    defaults: Mapping[str, float]
    raised_by: Mapping[str, tuple[str, ...]]
    limits: tuple[Limit, ...]
    price_target: float
    price_ceiling: float
    order_quantity: float
    life_years: float
    days_per_year: float
    outdoor_share: float
    load_kg: float
    litres: float
    heat_case: str
    fabric_m: float

    def weights(self) -> dict[str, float]:
        """Priorities divided by their sum; equal shares where every priority is 0."""
        total = sum(self.priorities.values())
        if total <= 0:
            return dict.fromkeys(CRITERIA, 1 / len(CRITERIA))
        return {key: self.priorities[key] / total for key in CRITERIA}


#: Usable width of cloth by which an order's area becomes running metres (m); the commonest roll width of the table.
CLOTH_WIDTH_M = 1.5


def terms(brief: Brief) -> Terms:
    """The brief's terms. Layers add up; whatever the user set stands as set."""
    product = products()[brief.product]
    sector = sectors().get(brief.sector)
    known = markets()
    layers = (product.layer, *((sector,) if sector else ()), *(known[code] for code in brief.market if code in known))
    defaults, raised_by = _default_priorities(layers)
    service = _service(brief, product, sector)
    target, ceiling = _price(brief, product)
    quantity = product.order_quantity if brief.order_quantity is None else brief.order_quantity
    area = product.fabric_m2_per_bag * (service["litres"] / product.litres) ** (2 / 3)
    limits = [*brief.limits]
    own = {limit.property for limit in brief.limits if limit.property}
    for layer in layers:
        for entry in layer.limits:
            limit = _layer_limit(entry, layer.kind)
            # The user's own limit on a property stands in the place of a layer's; a panel behind others needs no head.
            if limit.property in own or (limit.property == "hydrostatic_head_mm" and panels()[brief.panel].no_head):
                continue
            limits.append(limit)
    limits.append(Limit(property="price_usd_m2", at_most=ceiling, origin="budget"))
    return Terms(
        product=product,
        panel=panels()[brief.panel],
        layers=layers,
        priorities={key: brief.priorities.get(key, defaults[key]) for key in CRITERIA},
        defaults=defaults,
        raised_by=raised_by,
        limits=tuple(limits),
        price_target=target,
        price_ceiling=ceiling,
        order_quantity=quantity,
        life_years=service["life_years"],
        days_per_year=service["days_per_year"],
        outdoor_share=service["outdoor_share"],
        load_kg=service["load_kg"],
        litres=service["litres"],
        heat_case=brief.service.heat_case
        or (str(sector.service["heat_case"]) if sector and "heat_case" in sector.service else product.heat_case),
        fabric_m=quantity * area / CLOTH_WIDTH_M,
    )


def _default_priorities(layers: tuple[Layer, ...]) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
    """Default priority of each criterion and the layers that raise it. Several markets raise a criterion once."""
    found = dict.fromkeys(CRITERIA, default_priority())
    raised: dict[str, tuple[str, ...]] = {}
    for kind in ("product", "sector", "market"):
        for criterion in CRITERIA:
            names = tuple(layer.name for layer in layers if layer.kind == kind and criterion in layer.raises)
            if names:
                found[criterion] = min(10.0, found[criterion] + raise_of(kind))
                raised[criterion] = raised.get(criterion, ()) + names
    return found, raised


def _service(brief: Brief, product: Product, sector: Layer | None) -> dict[str, float]:
    own = {
        "life_years": product.life_years,
        "days_per_year": product.days_per_year,
        "outdoor_share": product.outdoor_share,
    }
    if sector:
        own.update({key: float(sector.service[key]) for key in own if key in sector.service})
    found = {
        **own,
        "load_kg": product.load_kg,
        "litres": product.litres,
        **{key: value for key, value in vars(brief.service).items() if isinstance(value, float)},
    }
    if brief.service.days_per_year is not None and brief.service.outdoor_share is None:
        # The share of daylight spent outdoors belongs to the profile's days of use; more days, more daylight.
        found["outdoor_share"] = min(1.0, own["outdoor_share"] * brief.service.days_per_year / own["days_per_year"])
    return found


def _price(brief: Brief, product: Product) -> tuple[float, float]:
    """Target and ceiling; where only one is given the product's own ratio of the two gives the other."""
    target, ceiling = brief.price.target, brief.price.ceiling
    ratio = product.price_ceiling / product.price_target
    if target is None and ceiling is None:
        return product.price_target, product.price_ceiling
    if ceiling is None:
        assert target is not None
        return target, target * ratio
    if target is None:
        return ceiling / ratio, ceiling
    return target, ceiling


def _layer_limit(entry: Mapping[str, object], kind: str) -> Limit:
    family = entry.get("family", ())
    limit = Limit(
        property=str(entry.get("property", "")),
        certificate=str(entry.get("certificate", "")),
        family=tuple(str(name) for name in family) if isinstance(family, list) else (),
        judge=str(entry.get("judge", "could")),
        origin=kind,
    )
    low, high = entry.get("at_least"), entry.get("at_most")
    return replace(
        limit,
        at_least=float(low) if isinstance(low, int | float) else None,
        at_most=float(high) if isinstance(high, int | float) else None,
    )
