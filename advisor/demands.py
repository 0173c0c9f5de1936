"""Demands: climate and use case become levels in each property's own unit, every one with its sentence and grade.

The formulas and their evidence are those of ``docs/demands.md``; the section numbers below are its own.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from advisor.brief import Brief
from advisor.climate import Conditions, conditions, find_place, saturation_hpa, soil_cycles
from advisor.layers import Terms
from advisor.profiles import cloth_mass_share
from advisor.properties import properties
from advisor.sentences import Num, Sentence

#: Heat above the hot month's mean high by where the bag lies (K), section 6.
HEAT_CASE_K = {"boot": 15.0, "cabin": 30.0, "dashboard": 45.0}
#: Share of horizontal sun that near-vertical bag panels receive, section 2.
PANEL_SUN_SHARE = 0.6
#: Strength that must be left at the end of life, section 2 (tarpaulin procurement).
STRENGTH_LEFT = 0.80
#: The dose at which retention is compared between cloths: 100 kLy in MJ/m².
REFERENCE_DOSE_MJ_M2 = 4184.0
#: Aged head asked for per head asked for new, section 1 (delivery-pouch specification).
AGED_SHARE = 0.4
#: Activation energy of polyester-urethane hydrolysis (J/mol) and the gas constant, section 3.
HYDROLYSIS_EA, GAS_CONSTANT = 75_000.0, 8.314
#: Storage and sun heating above the mean (K), section 3.
STORAGE_HEATING_K = 5.0
#: Exponent of rule R1, mass from denier.
MASS_DENIER_EXPONENT = 0.58
#: Least water pick-up (g/m²) a demand may come down to: below it the air of the formula is saturated.
DRYING_FLOOR_G_M2 = 5.0


@dataclass(frozen=True)
class Demand:
    """The level of a property the brief asks for.

    Attributes:
        property: property key; ``level`` in its unit, None where an input is not known.
        sense: ``at_least`` or ``at_most``.
        because: the reason with the numbers that went in.
        grade: evidence grade of the level (C derived by a formula, D working value, user's edits D).
        clip: names the end of the formula that cut the level, or None.
        notes: remarks that belong to it (a slider that eases it).
        formula_level, formula_because: what the formula asks where the user set ``level`` by hand.
        edited: the user set the level; ``dropped``: the user dropped the demand (nothing is asked).
        place: the place that asks it where several were given.
    """

    property: str
    level: float | None
    sense: str
    because: Sentence
    grade: str
    clip: Sentence | None = None
    notes: tuple[Sentence, ...] = ()
    formula_level: float | None = None
    formula_because: Sentence | None = None
    edited: bool = False
    dropped: bool = False
    place: str = ""

    @builtins.property
    def unit(self) -> str:
        """The property's unit."""
        return properties()[self.property].unit

    @builtins.property
    def asked(self) -> bool:
        """Whether materials are measured against it."""
        return self.level is not None and not self.dropped

    def stricter(self, other: Demand) -> bool:
        """Whether this one asks more than ``other``."""
        if self.level is None or other.level is None:
            return other.level is None and self.level is not None
        return self.level > other.level if self.sense == "at_least" else self.level < other.level


def demands(brief: Brief, terms: Terms, reference_abrasion: float | None) -> tuple[Demand, ...]:
    """All demands of a brief, in the order of the criteria.

    Args:
        brief: the brief (its climate, panel and edits are used).
        terms: the brief with defaults filled in.
        reference_abrasion: D3884 cycles of the product's reference cloth in the shipped table, None where not known.
    """
    found: dict[str, Demand] = {}
    for scene in scenes(brief):
        for demand in _at(scene, terms, reference_abrasion):
            held = found.get(demand.property)
            if held is None or demand.stricter(held):
                found[demand.property] = replace(demand, place=scene.name)
    for layer in terms.layers:
        for item in layer.demands:
            if terms.panel.no_head and item.property in ("hydrostatic_head_mm", "hydrostatic_head_aged_mm"):
                continue  # a panel behind others stands in no rain
            sense = "at_most" if properties()[item.property].direction == "less" else "at_least"
            because = Sentence("layer-demand", {"layer": layer.name, "because": item.because})
            demand = Demand(item.property, item.level, sense, because, "D")
            held = found.get(item.property)
            if held is None or demand.stricter(held):
                found[item.property] = demand
    order = {key: number for number, key in enumerate(properties())}
    edited = _edit(found, brief)
    return tuple(sorted(edited.values(), key=lambda demand: order[demand.property]))


def scenes(brief: Brief) -> tuple[Conditions, ...]:
    """The conditions of each place of the brief (one, several, or the sliders without a place)."""
    climate = brief.climate
    # A place that takes no share of the order asks nothing.
    names = [name for name, _ in climate.shares] or [climate.place]
    return tuple(conditions(find_place(name) if name else None, climate.inputs) for name in names)


def _edit(found: dict[str, Demand], brief: Brief) -> dict[str, Demand]:
    """The user's own levels over the formula's; the formula's level and sentence stay beside them."""
    result = dict(found)
    for key, edit in brief.demands.items():
        held = found.get(key)
        sense = held.sense if held else ("at_most" if properties()[key].direction == "less" else "at_least")
        level = held.level if held else None
        because = held.because if held else Sentence("nothing-asked")
        if edit is None:
            if held:
                result[key] = replace(
                    held, dropped=True, because=Sentence("dropped"), formula_level=level, formula_because=because
                )
        else:
            text = Sentence("set-by-hand", {"because": edit.because}) if edit.because else Sentence("set-by-hand-bare")
            result[key] = Demand(
                key, edit.level, sense, text, "D", formula_level=level, formula_because=because, edited=True
            )
    return result


def _at(scene: Conditions, terms: Terms, reference_abrasion: float | None) -> Iterable[Demand]:
    builders: tuple[Callable[[Conditions, Terms], Demand | None], ...] = (
        _mass,
        _tensile,
        _tear,
        _head_new,
        _head_aged,
        _spray,
        _sun,
        _light_fastness,
        _hydrolysis,
        _mildew,
        _cold,
        _heat,
        _drying,
        _minimum_order,
    )
    for build in builders:
        demand = build(scene, terms)
        if demand is not None:
            yield demand
    yield _abrasion(scene, terms, reference_abrasion)


def _where(scene: Conditions) -> Sentence:
    return Sentence("at-place", {"place": scene.name}) if scene.name else Sentence("at-sliders")


def _unknown(key: str, sense: str, missing: str, scene: Conditions) -> Demand:
    return Demand(
        key, None, sense, Sentence("not-known", {"where": _where(scene), "missing": Sentence(f"input-{missing}")}), "D"
    )


def _missing(scene: Conditions, *keys: str) -> str:
    return next((key for key in keys if scene.value(key) is None), "")


def hourly_rain(scene: Conditions) -> float | None:
    """Design rain in mm an hour, 2 or more: one mean wet-day fall of the wettest month in one hour (section 1)."""
    month, days = scene.value("wettest_month_mm"), scene.value("wet_days_wettest_month")
    return None if month is None or days is None else max(2.0, month / days)


def _head(scene: Conditions, terms: Terms) -> tuple[float, float, str] | None:
    """(climate head new, hourly rain, clip code), or None where an input is not known."""
    rain = hourly_rain(scene)
    if rain is None:
        return None
    wanted = 800 + 40 * rain
    month, days = scene.value("wettest_month_mm"), scene.value("wet_days_wettest_month")
    low = month is not None and days is not None and month / days < 2
    return min(max(wanted, 800.0), 3000.0), rain, "clip-head-high" if wanted > 3000 else "clip-rain-low" if low else ""


def _asks_head(terms: Terms) -> bool:
    return not terms.panel.no_head and terms.product.base.get("hydrostatic_head_mm", 0) > 0


def _head_new(scene: Conditions, terms: Terms) -> Demand | None:
    return _head_demand(scene, terms, "hydrostatic_head_mm", 1.0, "head-new")


def _head_aged(scene: Conditions, terms: Terms) -> Demand | None:
    return _head_demand(scene, terms, "hydrostatic_head_aged_mm", AGED_SHARE, "head-aged")


def _head_demand(scene: Conditions, terms: Terms, key: str, share: float, code: str) -> Demand | None:
    """Head new or aged: the larger of the climate's and the product's, plus the panel's own pressure (section 1)."""
    if not _asks_head(terms):
        return None
    climate = _head(scene, terms)
    if climate is None:
        return _unknown(key, "at_least", _missing(scene, "wettest_month_mm", "wet_days_wettest_month"), scene)
    head, rain, clip = climate
    pressure = 102 * 3 * terms.panel.head_pressure_kpa
    base = terms.product.base.get(key, 0.0)
    asked = max(head * share, base)
    values = {
        "where": _where(scene),
        "month": Num(scene.value("wettest_month_mm") or 0.0),
        "rain": Num(rain),
        "level": Num(asked + pressure * share),
        "product": terms.product.name,
        "panel": terms.panel.name.lower(),
        "base": Num(base),
        "extra": Num(pressure * share),
    }
    ruled = "product" if base > head * share else "climate"
    name = f"{code}-{ruled}-panel" if pressure else f"{code}-{ruled}"
    return Demand(
        key,
        asked + pressure * share,
        "at_least",
        Sentence(name, values),
        "C" if ruled == "climate" else "D",
        clip=Sentence("clip-product") if base >= head * share else Sentence(clip) if clip else None,
    )


def _spray(scene: Conditions, terms: Terms) -> Demand | None:
    level = terms.product.base.get("spray_rating")
    if _asks_head(terms) or level is None or terms.panel.key == "lining":
        return None
    return Demand("spray_rating", level, "at_least", Sentence("spray", {"product": terms.product.name}), "D")


def yearly_dose(scene: Conditions, terms: Terms) -> float | None:
    """Sun on the bag in MJ/m² a year: G × share of daylight outdoors × 0.6 (section 2)."""
    sun = scene.value("solar_mj_m2_year")
    return None if sun is None else sun * terms.outdoor_share * PANEL_SUN_SHARE


def _sun(scene: Conditions, terms: Terms) -> Demand | None:
    key = "uv_strength_retention_pct"
    if terms.panel.key == "lining":
        return None
    dose = yearly_dose(scene, terms)
    if dose is None:
        return _unknown(key, "at_least", "solar_mj_m2_year", scene)
    life = dose * terms.life_years
    if life <= 0:
        return None
    level = 100 * STRENGTH_LEFT ** (REFERENCE_DOSE_MJ_M2 / life)
    because = Sentence(
        "sun",
        {
            "where": _where(scene),
            "sun": Num(scene.value("solar_mj_m2_year") or 0.0),
            "share": Num(terms.outdoor_share * 100),
            "years": Num(terms.life_years, 0 if terms.life_years == int(terms.life_years) else 1),
            "dose": Num(life),
            "level": Num(level),
        },
    )
    return Demand(key, level, "at_least", because, "C")


def _light_fastness(scene: Conditions, terms: Terms) -> Demand | None:
    key = "light_fastness_grade"
    if terms.panel.key == "lining":
        return None
    base = terms.product.base.get(key, 0.0)
    dose = yearly_dose(scene, terms)
    if dose is None:
        return _unknown(key, "at_least", "solar_mj_m2_year", scene)
    climate = 4.0 if dose < 200 else 5.0 if dose < 500 else 6.0 if dose < 700 else 7.0
    code = "light-product" if base > climate else "light-climate"
    values = {
        "where": _where(scene),
        "dose": Num(dose),
        "level": Num(max(base, climate)),
        "product": terms.product.name,
    }
    return Demand(key, max(base, climate), "at_least", Sentence(code, values), "D")


def hydrolysis_acceleration(mean_c: float, humidity_pct: float, activation: float = HYDROLYSIS_EA) -> float:
    """How many times faster the 70 °C, 95 % jungle test runs than service at that mean and humidity (section 3)."""
    served = mean_c + STORAGE_HEATING_K + 273.15
    return (95 / humidity_pct) * math.exp(activation / GAS_CONSTANT * (1 / served - 1 / 343.15))


def _hydrolysis(scene: Conditions, terms: Terms) -> Demand | None:
    key = "hydrolysis_weeks"
    missing = _missing(scene, "mean_c", "relative_humidity_pct")
    if missing:
        return _unknown(key, "at_least", missing, scene)
    mean, humidity = scene.value("mean_c") or 0.0, scene.value("relative_humidity_pct") or 1.0
    weeks = 52.18 * terms.life_years / hydrolysis_acceleration(mean, humidity)
    because = Sentence(
        "hydrolysis",
        {
            "where": _where(scene),
            "mean": Num(mean, 1),
            "humidity": Num(humidity),
            "years": Num(terms.life_years, 0 if terms.life_years == int(terms.life_years) else 1),
            "level": Num(weeks, 1),
        },
    )
    return Demand(key, weeks, "at_least", because, "C")


def critical_humidity(mean_c: float) -> float:
    """Relative humidity (%) above which mildew grows: the VTT curve, never below its 80 % end (section 4).

    The cubic reaches 80 % near 15.4 °C and turns up again by 0.04 point before 20 °C, an artefact of its rounded
    coefficients; warmth must not ease the demand, so once at 80 % it stays there.
    """
    if mean_c > 17:
        return 80.0
    if mean_c <= 0:
        return 100.0
    return max(80.0, -0.00267 * mean_c**3 + 0.160 * mean_c**2 - 3.13 * mean_c + 100)


def _mildew(scene: Conditions, terms: Terms) -> Demand | None:
    key = "mildew_rating"
    missing = _missing(scene, "mean_c", "relative_humidity_pct")
    if missing:
        return _unknown(key, "at_most", missing, scene)
    if scene.months:
        count = sum(1 for mean, humidity in scene.months if mean >= 15 and humidity >= critical_humidity(mean) - 5)
        allowed = 3.0 if count <= 1 else 2.0 if count <= 5 else 1.0 if count <= 9 else 0.0
        values = {"where": _where(scene), "months": Num(count), "level": Num(allowed)}
        code = "mildew-months"
    else:
        mean, humidity = scene.value("mean_c") or 0.0, scene.value("relative_humidity_pct") or 0.0
        margin = humidity - critical_humidity(mean) if mean > 0 else -100.0
        allowed = 3.0 if margin < -15 else 2.0 if margin < -5 else 1.0 if margin < 0 else 0.0
        values = {"where": _where(scene), "humidity": Num(humidity), "mean": Num(mean, 1), "level": Num(allowed)}
        code = "mildew-annual"
    days = scene.value("rain_days")
    if days is not None and days > 100 and allowed > 2:
        values = {"where": _where(scene), "days": Num(days), "level": Num(2)}
        return Demand(key, 2.0, "at_most", Sentence("mildew-wet", values), "D")
    return Demand(key, allowed, "at_most", Sentence(code, values), "D")


def _cold(scene: Conditions, terms: Terms) -> Demand | None:
    low = scene.design_low.value
    if low is None:
        return _unknown("cold_flex_c", "at_most", "cold_month_min_c", scene)
    level = min(-10.0, low - 5)
    values = {"where": _where(scene), "low": Num(low), "level": Num(level)}
    clipped = low - 5 > -10
    because = Sentence("cold-floor" if clipped else "cold", values)
    return Demand(
        "cold_flex_c", level, "at_most", because, "D" if clipped else "C", Sentence("clip-cold") if clipped else None
    )


def _heat(scene: Conditions, terms: Terms) -> Demand | None:
    hot = scene.value("hot_month_max_c")
    if hot is None:
        return _unknown("heat_limit_c", "at_least", "hot_month_max_c", scene)
    level = hot + HEAT_CASE_K[terms.heat_case] + 10
    values = {
        "where": _where(scene),
        "hot": Num(hot),
        "extra": Num(HEAT_CASE_K[terms.heat_case]),
        "case": Sentence(f"heat-{terms.heat_case}"),
        "level": Num(level),
    }
    return Demand("heat_limit_c", level, "at_least", Sentence("heat", values), "C")


def evaporation(mean_c: float, humidity_pct: float) -> float:
    """Drying rate in g/m² an hour, one side, 1 m/s of air (Penman's wind function, section 8)."""
    deficit = saturation_hpa(mean_c) * (1 - humidity_pct / 100)
    return 0.26 * 1.54 * deficit * 1000 / 24


def _drying(scene: Conditions, terms: Terms) -> Demand | None:
    key = "water_pickup_g_m2"
    missing = _missing(scene, "mean_c", "relative_humidity_pct")
    if missing:
        return _unknown(key, "at_most", missing, scene)
    mean, humidity = scene.value("mean_c") or 0.0, scene.value("relative_humidity_pct") or 0.0
    wanted = evaporation(mean, humidity) * 8 * 0.5
    level = max(wanted, DRYING_FLOOR_G_M2)
    values = {"where": _where(scene), "mean": Num(mean, 1), "humidity": Num(humidity), "level": Num(level)}
    return Demand(
        key,
        level,
        "at_most",
        Sentence("drying", values),
        "C",
        clip=Sentence("clip-drying") if wanted < DRYING_FLOOR_G_M2 else None,
        notes=(Sentence("drying-eases"),),
    )


def strength_uplift(dust_salt: float) -> float:
    """Factor on tear for dust and salt: 1 / (1 − 0.20 · n^⅓) at n soil cycles (section 9)."""
    return 1 / (1 - 0.20 * math.cbrt(soil_cycles(dust_salt)))


def _strength(terms: Terms, key: str, uplift: float, code: str, scene: Conditions) -> Demand | None:
    base = terms.product.base.get(key)
    factor = terms.panel.factors.get(key, 1.0)
    if base is None or factor <= 0:
        return None
    load = terms.load_kg / terms.product.load_kg
    level = base * load * factor * uplift
    values = {
        "where": _where(scene),
        "product": terms.product.name,
        "panel": terms.panel.name.lower(),
        "base": Num(base),
        "load": Num(terms.load_kg, 0 if terms.load_kg == int(terms.load_kg) else 1),
        "uplift": Num(uplift, 2),
        "level": Num(level),
    }
    return Demand(key, level, "at_least", Sentence(code, values), "D")


def _tear(scene: Conditions, terms: Terms) -> Demand | None:
    dust = scene.value("dust_salt")
    if dust is None:
        return _unknown("tear_strength_n", "at_least", "dust_salt", scene)
    return _strength(terms, "tear_strength_n", strength_uplift(dust), "tear", scene)


def _tensile(scene: Conditions, terms: Terms) -> Demand | None:
    return _strength(terms, "tensile_strength_n", 1.0, "tensile", scene)


def _abrasion(scene: Conditions, terms: Terms, reference: float | None) -> Demand:
    """As good as the product's reference cloth, times 1 + 0.25 × the dust and salt level (design, Abrasion)."""
    key = "abrasion_cycles"
    dust = scene.value("dust_salt")
    if dust is None:
        return _unknown(key, "at_least", "dust_salt", scene)
    if reference is None:
        return Demand(key, None, "at_least", Sentence("no-reference", {"product": terms.product.name}), "D")
    factor = 1 + 0.25 * dust
    level = reference * terms.panel.factors.get(key, 1.0) * factor
    values = {
        "where": _where(scene),
        "cloth": terms.product.reference_cloth,
        "base": Num(reference),
        "factor": Num(factor, 2),
        "panel": terms.panel.name.lower(),
        "level": Num(level),
    }
    return Demand(key, level, "at_least", Sentence("abrasion", values), "D")


def _mass(scene: Conditions, terms: Terms) -> Demand | None:
    """Mass that keeps the bag within its shell mass: its cloth over the cloth a bag takes (section 16).

    A panel with heavier or lighter yarn takes the mass with it, by the exponent of rule R1 (mass ~ denier^0.58).
    """
    product = terms.product
    if terms.panel.key in ("straps", "back"):
        return None
    share = cloth_mass_share()
    factor = terms.panel.factors.get("abrasion_cycles", 1.0) ** MASS_DENIER_EXPONENT
    level = product.shell_mass_g * share / product.fabric_m2_per_bag * factor
    values = {
        "product": product.name,
        "panel": terms.panel.name.lower(),
        "shell": Num(product.shell_mass_g),
        "share": Num(share * 100),
        "area": Num(product.fabric_m2_per_bag, 2),
        "level": Num(level),
    }
    return Demand("areal_mass_g_m2", level, "at_most", Sentence("mass", values), "D")


def _minimum_order(scene: Conditions, terms: Terms) -> Demand | None:
    values = {"quantity": Num(terms.order_quantity), "level": Num(terms.fabric_m)}
    return Demand("moq_m", terms.fabric_m, "at_most", Sentence("minimum-order", values), "D")
