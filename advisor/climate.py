"""Climate: known places, the inputs a slider can move, and the conditions a brief asks a bag to stand."""

from __future__ import annotations

import csv
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from advisor.files import shipped

#: Climate inputs of a brief, in file order.
CLIMATE_INPUTS = (
    "mean_c",
    "hot_month_max_c",
    "cold_month_min_c",
    "relative_humidity_pct",
    "rain_mm_year",
    "wettest_month_mm",
    "wet_days_wettest_month",
    "rain_days",
    "solar_mj_m2_year",
    "dust_salt",
)

#: What is physically possible for each input; anything else in a brief is refused.
CLIMATE_RANGES: dict[str, tuple[float, float]] = {
    "mean_c": (-60, 50),
    "hot_month_max_c": (-40, 60),
    "cold_month_min_c": (-70, 45),
    "relative_humidity_pct": (1, 100),
    "rain_mm_year": (0, 15_000),
    "wettest_month_mm": (0, 5_000),
    "wet_days_wettest_month": (1, 31),
    "rain_days": (0, 366),
    "solar_mj_m2_year": (0, 12_000),
    "dust_salt": (0, 4),
}

#: Sliders: travel 0..1 -> value. The inner points are the five steps of the climate dossier's slider table, the outer
#: ones take in every known place. Towards 1 the climate gets harder (colder on the cold slider). The rain steps are
#: spaced so that the product with the highest head of its own (1,500 mm) feels more than half of the travel.
SLIDERS: dict[str, tuple[tuple[float, float], ...]] = {
    "wettest_month_mm": ((0, 0), (0.05, 15), (0.15, 60), (0.25, 110), (0.5, 250), (0.8, 500), (1, 800)),
    "solar_mj_m2_year": ((0, 1500), (0.1, 2500), (0.3, 3700), (0.5, 5500), (0.7, 6500), (0.9, 8000), (1, 9000)),
    "relative_humidity_pct": ((0, 15), (0.1, 30), (0.3, 50), (0.5, 65), (0.7, 78), (0.9, 88), (1, 96)),
    "mean_c": ((0, -12), (0.1, -5), (0.3, 8), (0.5, 16), (0.7, 23), (0.9, 28), (1, 33)),
    "hot_month_max_c": ((0, 0), (0.1, 10), (0.3, 20), (0.5, 28), (0.7, 34), (0.9, 42), (1, 50)),
    "cold_month_min_c": ((0, 28), (0.1, 20), (0.3, 8), (0.5, 0), (0.7, -12), (0.9, -35), (1, -48)),
    "dust_salt": ((0, 0), (1, 4)),
}

#: The climate where no place is given: the middle step of the same slider table.
NO_PLACE: dict[str, float] = {
    "wettest_month_mm": 110.0,
    "solar_mj_m2_year": 5500.0,
    "relative_humidity_pct": 65.0,
    "mean_c": 16.0,
    "hot_month_max_c": 28.0,
    "cold_month_min_c": 0.0,
    "dust_salt": 2.0,
}

#: Wet days of the wettest month where no place gives them: (wettest month mm, days), from the same slider table.
_WET_DAYS_BY_MONTH = ((15.0, 3.0), (60.0, 9.0), (110.0, 10.0), (250.0, 13.0), (500.0, 17.0))

#: Soil cycles n behind the dust and salt slider 0..4.
_SOIL_CYCLES = ((0.0, 0.0), (1.0, 0.5), (2.0, 1.0), (3.0, 3.0), (4.0, 8.0))

#: A record low lies this far below the cold month's mean low where no station record is known (K).
RECORD_GAP_K = 15.0
#: The same, north of 60° N away from the sea.
RECORD_GAP_NORTH_INLAND_K = 25.0

#: Fall per hour (mm) at which the head formula reaches its upper end; the rain slider stops there.
FULL_SCALE_RAIN_MM_H = 55.0


@dataclass(frozen=True, slots=True)
class Place:
    """A known place and its climate (None where no source gives a figure). Temperatures °C, rain mm, sun MJ/m²·yr."""

    name: str
    country: str
    country_code: str
    region: str
    latitude: float
    koppen: str
    mean_c: float | None
    hot_month_max_c: float | None
    cold_month_min_c: float | None
    record_min_c: float | None
    record_is_station: bool
    inland: bool
    rh_mean_pct: float | None
    rh_estimate_pct: float | None
    rain_mm_year: float | None
    rain_days: float | None
    rain_days_measured: bool
    wettest_month_mm: float | None
    solar_mj_m2_year: float | None
    solar_grade: str
    solar_because: str
    dew_point_k: float | None
    dust_salt: float
    dust_salt_because: str
    months: tuple[tuple[float, float], ...]  # (mean °C, night low °C), twelve or none
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One climate input as used: value with its range, where it comes from and its evidence grade.

    ``origin`` is ``place``, ``user``, ``default`` (no place: the slider table's middle) or ``unknown`` (value None).
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    origin: str = "place"
    grade: str = "B"
    because: str = ""


@dataclass(frozen=True)
class Conditions:
    """The climate one bag must stand: every input, the design low, and the months for mildew.

    Attributes:
        name: the place's name, or "" where none is given.
        figures: climate input -> figure.
        design_low: °C, the coldest the bag is expected to meet.
        months: (mean °C, relative humidity %) of each month, or () where not known.
    """

    name: str
    figures: Mapping[str, Figure]
    design_low: Figure
    months: tuple[tuple[float, float], ...]

    def value(self, key: str) -> float | None:
        """The input's value, or None where it is not known."""
        return self.figures[key].value


def interpolate(x: float, points: tuple[tuple[float, float], ...]) -> float:
    """Piecewise linear through ``points`` (rising x), flat beyond the ends; exact at the points."""
    if x <= points[0][0]:
        return points[0][1]
    if x >= points[-1][0]:
        return points[-1][1]
    index = bisect_right([point[0] for point in points], x) - 1
    (x0, y0), (x1, y1) = points[index], points[index + 1]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def soil_cycles(dust_salt: float) -> float:
    """Soil cycles n for a dust and salt level 0..4."""
    return interpolate(dust_salt, _SOIL_CYCLES)


@lru_cache(maxsize=2048)
def plain(name: str) -> str:
    """A name without case, accents and outer spaces, for matching."""
    folded = unicodedata.normalize("NFKD", name.strip().casefold().replace("ø", "o").replace("ł", "l"))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


@cache
def places() -> dict[str, Place]:
    """All known places by plain name."""
    months: dict[str, list[tuple[float, float]]] = {}
    with shipped("data", "places_monthly.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            mean, night = _number(row["mean_c"]), _number(row["night_low_c"])
            if mean is not None and night is not None:
                months.setdefault(row["place"], []).append((mean, night))
    found: dict[str, Place] = {}
    with shipped("data", "places.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            twelve = months.get(row["place"], [])
            found[plain(row["place"])] = Place(
                name=row["place"],
                country=row["country"],
                country_code=row["country_code"],
                region=row["region"],
                latitude=float(row["lat"]),
                koppen=row["koppen"],
                mean_c=_number(row["mean_c"]),
                hot_month_max_c=_number(row["hot_month_max_c"]),
                cold_month_min_c=_number(row["cold_month_min_c"]),
                record_min_c=_number(row["record_min_c"]),
                record_is_station=row["record_min_kind"] == "station",
                inland=row.get("inland", "") == "yes",
                rh_mean_pct=_number(row["rh_mean_pct"]),
                rh_estimate_pct=_number(row["rh_estimate_pct"]),
                rain_mm_year=_number(row["rain_mm_year"]),
                rain_days=_number(row["rain_days"]),
                rain_days_measured=row["rain_days_kind"] == "measured",
                wettest_month_mm=_number(row["wettest_month_mm"]),
                solar_mj_m2_year=_number(row["solar_mj_m2_year"]),
                solar_grade=row["solar_grade"],
                solar_because=row["solar_because"],
                dew_point_k=_number(row["dew_point_k"]),
                dust_salt=float(row["dust_salt"]),
                dust_salt_because=row["dust_salt_because"],
                months=tuple(twelve) if len(twelve) == 12 else (),
                source_ids=tuple(part.strip() for part in row["source_ids"].split("|") if part.strip()),
            )
    return found


def place_names() -> tuple[str, ...]:
    """Names of all known places, as printed."""
    return tuple(place.name for place in places().values())


def find_place(name: str) -> Place | None:
    """The place of that name, without regard to case and accents; the name in brackets will do ("Kiruna")."""
    wanted = plain(name)
    if not wanted:
        return None
    known = places()
    if wanted in known:
        return known[wanted]
    inner = [place for key, place in known.items() if wanted in re.split(r"\s*[(/)]\s*", key)]
    return inner[0] if len(inner) == 1 else None


def saturation_hpa(celsius: float) -> float:
    """Saturation vapour pressure over water in hPa (Tetens; the dossier's es)."""
    return float(6.1078 * 10 ** (0.4342944819 * 17.27 * celsius / (celsius + 237.3)))


def conditions(place: Place | None, inputs: Mapping[str, float]) -> Conditions:
    """The conditions at ``place`` (None: the slider table's middle step) with single ``inputs`` set by hand.

    A hand-set input replaces only itself. One that equals the place's own value changes nothing at all.
    """
    return _conditions(place, tuple(inputs.items()))


@lru_cache(maxsize=64)
def _conditions(place: Place | None, given: tuple[tuple[str, float], ...]) -> Conditions:
    """Kept, as demands, sliders and charts ask for the same ones at every frame of a drag."""
    inputs = dict(given)
    own = _own_figures(place)
    figures: dict[str, Figure] = {}
    for key in CLIMATE_INPUTS:
        base = own[key]
        if key in inputs and inputs[key] != base.value:
            figures[key] = _moved(key, base, inputs[key])
        else:
            figures[key] = base
    figures["wet_days_wettest_month"] = _wet_days(place, figures, own, inputs)
    return Conditions(
        name=place.name if place else "",
        figures=figures,
        design_low=_design_low(place, figures["cold_month_min_c"], own["cold_month_min_c"]),
        months=_months(place, figures, own),
    )


def _own_figures(place: Place | None) -> dict[str, Figure]:
    if place is None:
        because = "no place: middle step of the slider table"
        found = {key: Figure(value, origin="default", grade="D", because=because) for key, value in NO_PLACE.items()}
        humidity, sun = NO_PLACE["relative_humidity_pct"], NO_PLACE["solar_mj_m2_year"]
        found["relative_humidity_pct"] = Figure(humidity, humidity - 8, humidity + 8, "default", "D", because)
        found["solar_mj_m2_year"] = Figure(sun, sun * 0.9, sun * 1.1, "default", "D", because)
        for key in ("rain_mm_year", "rain_days", "wet_days_wettest_month"):
            found[key] = Figure(None, origin="unknown", grade="D")
        return found

    def point(value: float | None, grade: str = "B", because: str = "") -> Figure:
        if value is None:
            return Figure(None, origin="unknown", grade="D")
        return Figure(value, value, value, "place", grade, because)

    yearly_sun = place.solar_mj_m2_year
    return {
        "mean_c": point(place.mean_c),
        "hot_month_max_c": point(place.hot_month_max_c),
        "cold_month_min_c": point(place.cold_month_min_c),
        "relative_humidity_pct": _own_humidity(place),
        "rain_mm_year": point(place.rain_mm_year),
        "wettest_month_mm": point(place.wettest_month_mm),
        "wet_days_wettest_month": Figure(None, origin="unknown"),
        "rain_days": point(place.rain_days, "B" if place.rain_days_measured else "C"),
        "solar_mj_m2_year": Figure(None, origin="unknown", grade="D")
        if yearly_sun is None
        else Figure(yearly_sun, yearly_sun * 0.9, yearly_sun * 1.1, "place", place.solar_grade, place.solar_because),
        "dust_salt": point(place.dust_salt, "D", place.dust_salt_because),
    }


def _own_humidity(place: Place) -> Figure:
    """Midpoint of the measured mean and the estimate, range spanning both; one alone carries ±8 points."""
    mean, estimate = place.rh_mean_pct, place.rh_estimate_pct
    if mean is not None and estimate is not None:
        low, high = sorted((mean, estimate))
        return Figure((mean + estimate) / 2, low, high, "place", "C", "midpoint of mean and dew-point estimate")
    one = mean if mean is not None else estimate
    if one is None:
        return Figure(None, origin="unknown", grade="D")
    because = "grid mean ±8 points" if mean is not None else "dew-point estimate ±8 points"
    return Figure(one, max(one - 8, 1.0), min(one + 8, 100.0), "place", "C", because)


def _moved(key: str, base: Figure, value: float) -> Figure:
    """A hand-set figure keeps the width of the range it replaces: moving a handle makes nothing better known."""
    if base.value is None or base.low is None or base.high is None:
        low = high = value
        if key == "relative_humidity_pct":
            low, high = value - 8, value + 8
        elif key == "solar_mj_m2_year":
            low, high = value * 0.9, value * 1.1
    elif key == "solar_mj_m2_year":
        low, high = value * 0.9, value * 1.1
    else:
        low, high = value - (base.value - base.low), value + (base.high - base.value)
    if key == "relative_humidity_pct":
        low, high = max(low, 1.0), min(high, 100.0)
    return Figure(value, low, high, "user", base.grade, "set by hand")


def _wet_days(
    place: Place | None, figures: Mapping[str, Figure], own: Mapping[str, Figure], inputs: Mapping[str, float]
) -> Figure:
    """Wet days of the wettest month: 0.75 · D · Pw/P cut to 1..25.

    Pw is the place's own wettest month, so that the count stays fixed while ``wettest_month_mm`` moves.
    """
    if "wet_days_wettest_month" in inputs:
        value = inputs["wet_days_wettest_month"]
        return Figure(value, value, value, "user", "D", "set by hand")
    if place is None:
        wettest = figures["wettest_month_mm"].value
        if wettest is None:
            return Figure(None, origin="unknown", grade="D")
        value = interpolate(wettest, _WET_DAYS_BY_MONTH)
        return Figure(value, value, value, "default", "D", "no place: from the slider table")
    days, year, month = figures["rain_days"].value, figures["rain_mm_year"].value, own["wettest_month_mm"].value
    if days is None or year is None or month is None:
        return Figure(None, origin="unknown", grade="D")
    # A place without rain has no wet day to share it out over; one day is the formula's lower end.
    value = 1.0 if year == 0 else min(max(0.75 * days * month / year, 1.0), 25.0)
    return Figure(
        value, value, value, "place", figures["rain_days"].grade, "0.75 × rain days × the month's share of the year"
    )


def _design_low(place: Place | None, cold: Figure, own: Figure) -> Figure:
    if cold.value is None:
        return Figure(None, origin="unknown", grade="D")
    if place is None:
        value = cold.value - RECORD_GAP_K
        return Figure(value, value - 8, value + 8, cold.origin, "D", "cold month − 15 K")
    if place.record_min_c is not None and place.record_is_station:
        base, grade, because = place.record_min_c, "B", "station record"
    elif own.value is None:
        base, grade, because = cold.value - RECORD_GAP_K, "C", "cold month − 15 K"
        return Figure(base, base - 8, base + 8, cold.origin, grade, because)
    else:
        north = place.latitude > 60 and place.inland
        gap = RECORD_GAP_NORTH_INLAND_K if north else RECORD_GAP_K
        base, grade, because = (
            own.value - gap,
            "C",
            "cold month − 25 K (inland, north of 60°)" if north else "cold month − 15 K",
        )
    shift = cold.value - own.value if own.value is not None else 0.0
    value = base + shift
    return Figure(value, value - 8, value + 8, cold.origin, grade, because)


def _months(
    place: Place | None, figures: Mapping[str, Figure], own: Mapping[str, Figure]
) -> tuple[tuple[float, float], ...]:
    """Each month's mean and relative humidity (dew point = night low − k, FAO-56), moved along with the two sliders."""
    if place is None or not place.months or place.dew_point_k is None:
        return ()
    mean, own_mean = figures["mean_c"].value, own["mean_c"].value
    humidity, own_humidity = figures["relative_humidity_pct"].value, own["relative_humidity_pct"].value
    warmer = mean - own_mean if mean is not None and own_mean is not None else 0.0
    damper = humidity - own_humidity if humidity is not None and own_humidity is not None else 0.0
    found = []
    for month_mean, night in place.months:
        humid = 100 * saturation_hpa(night - place.dew_point_k) / saturation_hpa(month_mean)
        found.append((month_mean + warmer, min(max(min(humid, 100.0) + damper, 0.0), 100.0)))
    return tuple(found)


def slider_points(key: str, place: Place | None) -> tuple[tuple[float, float], ...]:
    """Travel 0..1 -> value of a climate slider.

    The rain slider of a place runs evenly to where the head formula reaches its upper end (55 mm an hour over that
    place's wet days): further travel would ask for nothing more, and a finer start would only lengthen the part that
    lies below the product's own head.
    """
    points = SLIDERS[key]
    if key != "wettest_month_mm" or place is None:
        return points
    days = conditions(place, {}).value("wet_days_wettest_month")
    if days is None:
        return points
    return ((0.0, 0.0), (1.0, max(days * FULL_SCALE_RAIN_MM_H, place.wettest_month_mm or 0.0)))
