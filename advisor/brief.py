"""Brief: what is asked for (product, climate, budget, limits, priorities), immutable, read from and written to JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from advisor.climate import CLIMATE_INPUTS, CLIMATE_RANGES, find_place, place_names
from advisor.problems import AdvisorError, Problem, nearest
from advisor.profiles import market_codes, panels, products, sectors
from advisor.properties import CRITERIA, Property, properties

FORMAT = "material-advisor-brief"
#: Version 2 brought ``climate.scored``. Migration of version 1: it has no such key, which is the strictest demand.
VERSION = 2

#: Methods `rank` can order by; the additive value is the decision model, the others are second opinions.
METHODS = ("additive", "wpm", "waspas", "topsis", "vikor", "promethee2", "copras", "spotis")
GAP_POLICIES = ("cautious", "neutral", "hopeful")
HEAT_CASES = ("boot", "cabin", "dashboard")


@dataclass(frozen=True)
class PlaceShare:
    """One of several places and its share of the order (shares are divided by their sum)."""

    place: str
    share: float = 1.0


#: How several places are scored: against the strictest demand of them all, or each by itself, weighted by its share.
SCORINGS = ("strictest", "by-share")


@dataclass(frozen=True)
class Climate:
    """The climate asked for: a place (or several), single inputs set by hand, or both.

    Attributes:
        place: name of a known place, or "".
        places: several places with shares; empty where one place or none is given.
        inputs: climate input -> value set by hand; it replaces the place's own figure, at each of several places.
        scored: how several places are scored, one of :data:`SCORINGS`.
    """

    place: str = ""
    places: tuple[PlaceShare, ...] = ()
    inputs: Mapping[str, float] = field(default_factory=dict)
    scored: str = "strictest"

    @property
    def shares(self) -> tuple[tuple[str, float], ...]:
        """Each of several places once with its share of the order; shares sum to 1, a place without one is left out."""
        found: dict[str, float] = {}
        for item in self.places:
            found[item.place] = found.get(item.place, 0.0) + item.share
        total = sum(found.values())
        return tuple((name, share / total) for name, share in found.items() if share > 0)


@dataclass(frozen=True)
class Band:
    """A target and a ceiling in one currency unit; either may be None (the product's default applies)."""

    target: float | None = None
    ceiling: float | None = None


@dataclass(frozen=True)
class Limit:
    """A condition a material must meet or be screened out.

    Exactly one of ``property``, ``certificate`` and ``family`` is set.

    Attributes:
        property: numeric property key, with ``at_least`` and/or ``at_most`` in its unit.
        judge: ``could`` (any part of the range meets it) or ``always`` (the whole range does).
        certificate: certificate name.
        family: families, fibres or weaves, any of which will do.
        origin: ``user``, or the layer that set it (product, sector, budget).
    """

    property: str = ""
    at_least: float | None = None
    at_most: float | None = None
    judge: str = "could"
    certificate: str = ""
    family: tuple[str, ...] = ()
    origin: str = "user"


@dataclass(frozen=True)
class DemandEdit:
    """A demand's level set by hand, with the user's reason."""

    level: float
    because: str = ""


@dataclass(frozen=True)
class Service:
    """How long and how hard the bag is used; None leaves the product's or sector's default."""

    life_years: float | None = None
    days_per_year: float | None = None
    outdoor_share: float | None = None
    load_kg: float | None = None
    litres: float | None = None
    heat_case: str | None = None


@dataclass(frozen=True)
class CertaintySettings:
    """What the win share varies: the data ranges, the priorities, how many draws, which seed."""

    data: bool = True
    priorities: str = "around"
    samples: int = 10_000
    seed: int = 1


@dataclass(frozen=True)
class Brief:
    """A brief. Compare with ``==``; change with ``dataclasses.replace``.

    Attributes follow the JSON keys of the brief file. ``demands`` maps a property to an edit, or to None where the
    user dropped the demand. ``order``, ``bag`` and ``panels`` are checked and carried for the cost and bag views.
    """

    title: str = ""
    product: str = "classic-mini-backpack"
    panel: str = "body"
    sector: str = ""
    market: tuple[str, ...] = ()
    climate: Climate = field(default_factory=Climate)
    price: Band = field(default_factory=Band)
    order_quantity: float | None = None
    limits: tuple[Limit, ...] = ()
    priorities: Mapping[str, float] = field(default_factory=dict)
    gaps: str = "cautious"
    method: str = "additive"
    demands: Mapping[str, DemandEdit | None] = field(default_factory=dict)
    curves: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    locks: tuple[str, ...] = ()
    service: Service = field(default_factory=Service)
    certainty: CertaintySettings = field(default_factory=CertaintySettings)
    order: Mapping[str, Any] = field(default_factory=dict)
    bag: Mapping[str, Any] = field(default_factory=dict)
    panels: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The brief as the JSON object of its file; keys that hold nothing are left out."""
        climate: dict[str, Any] = {}
        if self.climate.place:
            climate["place"] = self.climate.place
        if self.climate.places:
            climate["places"] = [{"place": item.place, "share": item.share} for item in self.climate.places]
        if self.climate.scored != SCORINGS[0]:
            climate["scored"] = self.climate.scored
        climate.update({key: self.climate.inputs[key] for key in CLIMATE_INPUTS if key in self.climate.inputs})
        budget: dict[str, Any] = {}
        band = {name: value for name, value in vars(self.price).items() if value is not None}
        if band:
            budget["fabric_price_usd_per_m2"] = band
        if self.order_quantity is not None:
            budget["order_quantity"] = self.order_quantity
        default = CertaintySettings()
        certainty = {
            name: getattr(self.certainty, name)
            for name in ("data", "priorities", "samples", "seed")
            if getattr(self.certainty, name) != getattr(default, name)
        }
        service = {name: value for name, value in vars(self.service).items() if value is not None}
        document: dict[str, Any] = {
            "format": FORMAT,
            # A brief that says nothing the first version could not say can be read by the first program.
            "version": VERSION if "scored" in climate else 1,
            "title": self.title,
            "product": self.product,
            "panel": self.panel,
            "sector": self.sector,
            "market": self.market[0] if len(self.market) == 1 else list(self.market),
            "climate": climate,
            "budget": budget,
            "limits": [_limit_json(limit) for limit in self.limits],
            "priorities": {key: self.priorities[key] for key in CRITERIA if key in self.priorities},
            "gaps": self.gaps,
            "method": self.method,
            "demands": {
                key: None
                if edit is None
                else {"level": edit.level, **({"because": edit.because} if edit.because else {})}
                for key, edit in self.demands.items()
            },
            "curves": {key: [list(point) for point in points] for key, points in self.curves.items()},
            "locks": list(self.locks),
            "service": service,
            "certainty": certainty,
            "order": dict(self.order),
            "bag": dict(self.bag),
            "panels": dict(self.panels),
        }
        kept = {"format", "version", "product", "panel", "gaps", "method"}
        return {key: value for key, value in document.items() if key in kept or value not in ("", [], {})}


def _limit_json(limit: Limit) -> dict[str, Any]:
    if limit.certificate:
        return {"certificate": limit.certificate}
    if limit.family:
        return {"family": list(limit.family)}
    ends = {
        name: value for name, value in (("at_least", limit.at_least), ("at_most", limit.at_most)) if value is not None
    }
    judge = {"judge": limit.judge} if limit.judge != "could" else {}
    return {"property": limit.property, **ends, **judge}


def read_brief(path: Path) -> Brief:
    """Read a brief file.

    Raises:
        AdvisorError: it is missing, no JSON, no brief, or holds an unknown key or an impossible value; every
            problem is in the error, each naming the file, the key and the nearest right one.
    """
    return brief_from_json(read_document(path), str(path))


def read_document(path: Path, form: str = "brief") -> Any:
    """The JSON document in a file; ``form`` says what it should be.

    Raises:
        AdvisorError: it is missing, no UTF-8 text, no JSON, or has a key twice; the error names the file.
    """
    name = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise AdvisorError(
            Problem("cannot-read", f"cannot be read: {error.strerror}", "check the name and folder", file=name)
        ) from error
    except UnicodeDecodeError as error:
        raise AdvisorError(
            Problem("not-utf8", f"is not UTF-8 text (byte {error.start + 1})", "save it as UTF-8", file=name)
        ) from error
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates)
    except json.JSONDecodeError as error:
        raise AdvisorError(
            Problem(
                "not-json",
                f"is not valid JSON at column {error.colno}: {error.msg}",
                "mend that line, or open it in the program and save it again",
                file=name,
                row=error.lineno,
            )
        ) from error
    except RecursionError as error:
        raise AdvisorError(Problem("not-json", "is nested too deeply", f"it is no {form}", file=name)) from error
    except ValueError as error:
        # A whole number of thousands of digits: Python will not convert it.
        raise AdvisorError(Problem("not-json", "holds an endless number", f"it is no {form}", file=name)) from error
    except AdvisorError as error:
        raise AdvisorError(replace(problem, file=name) for problem in error.problems) from error


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise AdvisorError(Problem("duplicate-key", "the key stands twice", "keep one of them", column=key))
        found[key] = value
    return found


def _shown(value: object) -> str:
    """A value as a message shows it; whatever cannot be written out is left out."""
    try:
        return json.dumps(value, ensure_ascii=True, default=str)[:80]
    except (ValueError, RecursionError):
        return "…"


def _quoted(value: object) -> str:
    """A word as a message names it: in quotes, its letters as they are."""
    return f'"{value[:60]}"' if isinstance(value, str) else _shown(value)[:60]


def _is_text(value: str) -> bool:
    """Whether a string can be written to a file: half a surrogate pair, as JSON may spell it, cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


class Reader:
    """Walks one JSON document and collects every problem, so that all are told at once.

    ``form`` names the document's format where a hint points to it.
    """

    def __init__(self, file: str, form: str = "brief") -> None:
        self.file = file
        self.form = form
        self.problems: list[Problem] = []

    def wrong(self, code: str, key: str, message: str, hint: str, value: object = "") -> None:
        text = value if isinstance(value, str) else _shown(value)
        self.problems.append(Problem(code, message, hint, file=self.file, column=key, value=text))

    def mapping(self, value: Any, key: str, known: Iterable[str]) -> dict[str, Any]:
        """``value`` as an object whose unknown keys have been reported and left out."""
        if not isinstance(value, dict):
            self.wrong(
                "wrong-type", key or "the document", "must be an object {…}", f"see the {self.form} format", value
            )
            return {}
        options = tuple(known)
        kept = {}
        for name, item in value.items():
            if name in options:
                kept[name] = item
                continue
            near = nearest(name, options)
            hint = f'did you mean "{near}"?' if near else f"known keys: {', '.join(options)}"
            self.wrong("unknown-key", f"{key}.{name}" if key else name, f'unknown key "{name}"', hint, name)
        return kept

    def number(self, value: Any, key: str, low: float = -math.inf, high: float = math.inf) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong("wrong-type", key, "must be a number", "write it without quotes or units", value)
            return None
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self.wrong("wrong-type", key, "is no finite number", "give a number that can be measured", value)
            return None
        if not low <= number <= high:
            bounds = f"{low:g} to {high:g}" if math.isfinite(high) else f"{low:g} or more"
            self.wrong("impossible-value", key, f"{number:g} is impossible here", f"give a number from {bounds}", value)
            return None
        return number

    def word(self, value: Any, key: str, known: Iterable[str], what: str) -> str | None:
        options = tuple(known)
        if isinstance(value, str) and value in options:
            return value
        near = nearest(value, options) if isinstance(value, str) else ""
        shown = ", ".join(options[:12]) + (" …" if len(options) > 12 else "")
        hint = f'did you mean "{near}"?' if near else f"known: {shown}"
        self.wrong("unknown-word", key, f"unknown {what} {_quoted(value)}", hint, value)
        return None

    def text(self, value: Any, key: str) -> str:
        if isinstance(value, str) and _is_text(value):
            return value
        if isinstance(value, str):
            self.wrong("wrong-type", key, "holds half a character", "write it anew", _shown(value))
        else:
            self.wrong("wrong-type", key, "must be text", "write it in quotes", value)
        return ""

    def items(self, value: Any, key: str) -> list[Any]:
        if isinstance(value, list):
            return value
        self.wrong("wrong-type", key, "must be a list […]", f"see the {self.form} format", value)
        return []


_KEYS = (
    "format",
    "version",
    "title",
    "product",
    "panel",
    "sector",
    "market",
    "climate",
    "budget",
    "limits",
    "priorities",
    "gaps",
    "method",
    "demands",
    "curves",
    "locks",
    "service",
    "certainty",
    "order",
    "bag",
    "panels",
)
_LIMIT_KEYS = ("property", "at_least", "at_most", "judge", "certificate", "family")
_SERVICE_RANGES: dict[str, tuple[float, float]] = {
    "life_years": (0.1, 50),
    "days_per_year": (1, 366),
    "outdoor_share": (0, 1),
    "load_kg": (0.1, 100),
    "litres": (0.5, 150),
}


def format_version(document: Any, tag: str, form: str, latest: int, file: str) -> int:
    """The version a JSON document says it is of, once it is seen to be of the format ``tag``.

    Args:
        form: what messages call such a document, such as "brief".
        latest: the version that is written.

    Raises:
        AdvisorError: it is no such document, or its version is no version number.
    """
    if not isinstance(document, dict) or document.get("format") != tag:
        code = f"not-a-{form.replace(' ', '-')}"
        raise AdvisorError(Problem(code, f"is not a {form}", f'it needs "format": "{tag}"', file=file, column="format"))
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        hint = f'write "version": {latest}'
        raise AdvisorError(Problem("wrong-version", "is not a version number", hint, file=file, column="version"))
    return version


def newer_words(version: int, latest: int) -> str:
    """That a document was made by a newer program."""
    return f"was made by a newer program (version {version}; this one reads up to {latest})"


def refuse_newer(version: int, latest: int, file: str) -> None:
    """Refuse a document of a newer version.

    Raises:
        AdvisorError: it is.
    """
    if version > latest:
        said = newer_words(version, latest)
        raise AdvisorError(Problem("newer-version", said, "update the program", file=file, column="version"))


def brief_from_json(document: Any, file: str = "") -> Brief:
    """The brief that ``document`` (parsed JSON) describes.

    Raises:
        AdvisorError: with every unknown key, wrong type and impossible value found.
    """
    reader = Reader(file)
    refuse_newer(format_version(document, FORMAT, "brief", VERSION, file), VERSION, file)
    keys = reader.mapping(document, "", _KEYS)
    changes: dict[str, Any] = {}

    def take(key: str, read: Callable[[Any], Any]) -> None:
        if key in keys:
            found = read(keys[key])
            if found is not None:
                changes[key] = found

    take("title", lambda value: reader.text(value, "title"))
    take("product", lambda value: reader.word(value, "product", products(), "product type"))
    take("panel", lambda value: reader.word(value, "panel", panels(), "panel"))
    take("sector", lambda value: reader.word(value, "sector", ("", *sectors()), "sector"))
    take("market", lambda value: _read_market(reader, value))
    take("climate", lambda value: _read_climate(reader, value))
    take("limits", lambda value: _read_limits(reader, value))
    take("priorities", lambda value: _read_priorities(reader, value))
    take("gaps", lambda value: reader.word(value, "gaps", GAP_POLICIES, "gaps policy"))
    take("method", lambda value: reader.word(value, "method", METHODS, "method"))
    take("demands", lambda value: _read_demands(reader, value))
    take("curves", lambda value: _read_curves(reader, value))
    take("locks", lambda value: _read_locks(reader, value))
    take("service", lambda value: _read_service(reader, value))
    take("certainty", lambda value: _read_certainty(reader, value))
    take("order", lambda value: _read_order(reader, value))
    take("bag", lambda value: _read_bag(reader, value))
    take("panels", lambda value: _read_panels(reader, value))
    if "budget" in keys:
        changes.update(_read_budget(reader, keys["budget"]))
    if reader.problems:
        raise AdvisorError(reader.problems)
    return Brief(**changes)


def _read_market(reader: Reader, value: Any) -> tuple[str, ...]:
    codes = value if isinstance(value, list) else [value]
    found = [reader.word(code, "market", ("", *market_codes()), "market") for code in codes]
    return tuple(dict.fromkeys(code for code in found if code))


def _read_place(reader: Reader, value: Any, key: str) -> str:
    if isinstance(value, str) and (place := find_place(value)) is not None:
        return place.name
    near = nearest(value, place_names()) if isinstance(value, str) else ""
    hint = (
        f'did you mean "{near}"?' if near else f"{len(place_names())} places are known; the climate inputs can be set"
    )
    reader.wrong("unknown-place", key, f"unknown place {_quoted(value)}", hint, value)
    return ""


def _read_climate(reader: Reader, value: Any) -> Climate:
    keys = reader.mapping(value, "climate", ("place", "places", "scored", *CLIMATE_INPUTS))
    place = _read_place(reader, keys["place"], "climate.place") if "place" in keys else ""
    several: list[PlaceShare] = []
    if "places" in keys:
        if "place" in keys:
            reader.wrong("contradiction", "climate", '"place" and "places" are both given', "keep one of them")
        for number, item in enumerate(reader.items(keys["places"], "climate.places"), start=1):
            key = f"climate.places[{number}]"
            entry = reader.mapping(item, key, ("place", "share"))
            name = _read_place(reader, entry.get("place"), f"{key}.place")
            share = reader.number(entry.get("share", 1), f"{key}.share", 0, 1e9)
            if name and share is not None:
                _add_place(several, name, share)
        if several and not sum(item.share for item in several) > 0:
            reader.wrong("impossible-value", "climate.places", "the shares add up to 0", "give one a share above 0")
    inputs = {}
    for key in CLIMATE_INPUTS:
        if key in keys:
            number_ = reader.number(keys[key], f"climate.{key}", *CLIMATE_RANGES[key])
            if number_ is not None:
                inputs[key] = number_
    hot, cold, mean = (inputs.get(key) for key in ("hot_month_max_c", "cold_month_min_c", "mean_c"))
    if hot is not None and cold is not None and hot < cold:
        reader.wrong(
            "impossible-value",
            "climate.hot_month_max_c",
            f"the hot month's {hot:g} °C lies below the cold month's {cold:g} °C",
            "check the two",
        )
    rain, wettest = inputs.get("rain_mm_year"), inputs.get("wettest_month_mm")
    if rain is not None and wettest is not None and wettest > rain:
        reader.wrong(
            "impossible-value",
            "climate.wettest_month_mm",
            f"one month's {wettest:g} mm is more than the year's {rain:g} mm",
            "check the two",
        )
    if mean is not None and ((hot is not None and mean > hot) or (cold is not None and mean < cold)):
        reader.wrong(
            "impossible-value",
            "climate.mean_c",
            f"a mean of {mean:g} °C lies outside the cold and hot month",
            "check the three",
        )
    scored = SCORINGS[0]
    if "scored" in keys:
        scored = reader.word(keys["scored"], "climate.scored", SCORINGS, "way of scoring places") or scored
    return Climate(place, tuple(several), inputs, scored)


def _add_place(several: list[PlaceShare], name: str, share: float) -> None:
    """One more place; one that stands there already gets the share beside its own."""
    for at, held in enumerate(several):
        if held.place == name:
            several[at] = PlaceShare(name, held.share + share)
            return
    several.append(PlaceShare(name, share))


def _read_band(reader: Reader, value: Any, key: str) -> Band:
    keys = reader.mapping(value, key, ("target", "ceiling"))
    target = reader.number(keys["target"], f"{key}.target", 0, 1e6) if "target" in keys else None
    ceiling = reader.number(keys["ceiling"], f"{key}.ceiling", 0, 1e6) if "ceiling" in keys else None
    if target is not None and ceiling is not None and target > ceiling:
        reader.wrong(
            "impossible-value", f"{key}.ceiling", f"the ceiling {ceiling:g} is below the target {target:g}", "swap them"
        )
    return Band(target, ceiling)


def _read_budget(reader: Reader, value: Any) -> dict[str, Any]:
    keys = reader.mapping(value, "budget", ("fabric_price_usd_per_m2", "order_quantity"))
    found: dict[str, Any] = {}
    if "fabric_price_usd_per_m2" in keys:
        found["price"] = _read_band(reader, keys["fabric_price_usd_per_m2"], "budget.fabric_price_usd_per_m2")
    if "order_quantity" in keys:
        found["order_quantity"] = reader.number(keys["order_quantity"], "budget.order_quantity", 1, 1e9)
    return found


def _read_limits(reader: Reader, value: Any, key: str = "limits") -> tuple[Limit, ...]:
    numeric = tuple(name for name, item in properties().items() if item.numeric)
    found: list[Limit] = []
    for number, item in enumerate(reader.items(value, key), start=1):
        here = f"{key}[{number}]"
        keys = reader.mapping(item, here, _LIMIT_KEYS)
        kinds = [name for name in ("property", "certificate", "family") if name in keys]
        if len(kinds) != 1:
            reader.wrong(
                "wrong-limit", here, "a limit needs one of property, certificate and family", "split or complete it"
            )
            continue
        if kinds == ["certificate"]:
            if text := reader.text(keys["certificate"], f"{here}.certificate").strip():
                found.append(Limit(certificate=text))
            else:
                reader.wrong("wrong-limit", f"{here}.certificate", "the certificate has no name", "name it")
            continue
        if kinds == ["family"]:
            names = keys["family"] if isinstance(keys["family"], list) else [keys["family"]]
            words = tuple(reader.text(name, f"{here}.family").strip() for name in names)
            if all(words) and words:
                found.append(Limit(family=words))
            else:
                reader.wrong("wrong-limit", f"{here}.family", "a family has no name", "name it")
            continue
        name = reader.word(keys["property"], f"{here}.property", numeric, "property")
        if name is None:
            continue
        ends = {end: reader.number(keys[end], f"{here}.{end}") for end in ("at_least", "at_most") if end in keys}
        if not ends:
            reader.wrong("wrong-limit", here, "neither at_least nor at_most is given", "give one")
            continue
        low, high = ends.get("at_least"), ends.get("at_most")
        if low is not None and high is not None and low > high:
            reader.wrong("impossible-value", here, f"at_least {low:g} is above at_most {high:g}", "swap them")
        scale_low, scale_high = properties()[name].scale
        for end, level in ends.items():
            out = level is not None and (
                (end == "at_least" and scale_high is not None and level > scale_high)
                or (end == "at_most" and scale_low is not None and level < scale_low)
            )
            if out:
                reader.wrong(
                    "impossible-value",
                    f"{here}.{end}",
                    f"{level:g} lies outside the scale {scale_low:g} to {scale_high:g}",
                    "no material could meet it",
                )
        judge = reader.word(keys.get("judge", "could"), f"{here}.judge", ("could", "always"), "judge")
        found.append(Limit(property=name, at_least=low, at_most=high, judge=judge or "could"))
    return tuple(found)


def _read_priorities(reader: Reader, value: Any) -> dict[str, float]:
    keys = reader.mapping(value, "priorities", CRITERIA)
    read = {key: reader.number(item, f"priorities.{key}", 0, 10) for key, item in keys.items()}
    found = {key: number for key, number in read.items() if number is not None}
    if len(found) == len(CRITERIA) and not any(found.values()):
        reader.wrong("impossible-value", "priorities", "all sixteen are 0", "give at least one a value above 0")
    return found


def _read_demands(reader: Reader, value: Any) -> dict[str, DemandEdit | None]:
    scored = tuple(key for key, item in properties().items() if item.criterion and item.numeric)
    found: dict[str, DemandEdit | None] = {}
    for key, item in reader.mapping(value, "demands", scored).items():
        if item is None:
            found[key] = None
            continue
        keys = reader.mapping(item, f"demands.{key}", ("level", "because"))
        if "level" not in keys:
            reader.wrong("wrong-demand", f"demands.{key}", "has no level", 'give {"level": …}, or null to drop it')
            continue
        level = reader.number(keys["level"], f"demands.{key}.level", *_level_range(properties()[key]))
        because = reader.text(keys.get("because", ""), f"demands.{key}.because")
        if level is not None:
            found[key] = DemandEdit(level, because)
    return found


def _level_range(item: Property) -> tuple[float, float]:
    """What a demand's level can be: on a closed scale, above absolute zero, or a figure that is not negative."""
    low, high = item.scale
    if item.unit == "°C":
        return -273.15, 1000.0
    return 0.0 if low is None else low, 1e9 if high is None else high


def _read_curves(reader: Reader, value: Any) -> dict[str, tuple[tuple[float, float], ...]]:
    found = {}
    for key, item in reader.mapping(value, "curves", CRITERIA).items():
        points: list[tuple[float, float]] = []
        for number, pair in enumerate(reader.items(item, f"curves.{key}"), start=1):
            here = f"curves.{key}[{number}]"
            if not isinstance(pair, list) or len(pair) != 2:
                reader.wrong("wrong-type", here, "must be a pair [x, value]", "see the brief format", pair)
                continue
            x, level = reader.number(pair[0], here), reader.number(pair[1], here, 0, 1)
            if x is not None and level is not None:
                points.append((x, level))
        if len(points) < 2 or any(left[0] >= right[0] for left, right in pairwise(points)):
            reader.wrong("wrong-curve", f"curves.{key}", "needs two or more points with rising x", "reorder them")
        else:
            found[key] = tuple(points)
    return found


def _read_locks(reader: Reader, value: Any) -> tuple[str, ...]:
    words = [reader.word(item, "locks", CRITERIA, "criterion") for item in reader.items(value, "locks")]
    return tuple(dict.fromkeys(word for word in words if word))


def _read_service(reader: Reader, value: Any) -> Service:
    keys = reader.mapping(value, "service", (*_SERVICE_RANGES, "heat_case"))
    found: dict[str, Any] = {}
    for key, (low, high) in _SERVICE_RANGES.items():
        if key in keys:
            found[key] = reader.number(keys[key], f"service.{key}", low, high)
    if "heat_case" in keys:
        found["heat_case"] = reader.word(keys["heat_case"], "service.heat_case", HEAT_CASES, "heat case")
    return Service(**found)


def _read_certainty(reader: Reader, value: Any) -> CertaintySettings:
    keys = reader.mapping(value, "certainty", ("data", "priorities", "samples", "seed"))
    found: dict[str, Any] = {}
    if "data" in keys:
        if isinstance(keys["data"], bool):
            found["data"] = keys["data"]
        else:
            reader.wrong("wrong-type", "certainty.data", "must be true or false", "write it without quotes")
    if "priorities" in keys:
        known = ("around", "unknown", "fixed")
        found["priorities"] = reader.word(keys["priorities"], "certainty.priorities", known, "setting")
    for key, low, high in (("samples", 100, 1_000_000), ("seed", 0, 2**63 - 1)):
        if key in keys:
            if isinstance(keys[key], int) and not isinstance(keys[key], bool):
                number = keys[key]
                if low <= number <= high:
                    found[key] = number
                    continue
            reader.wrong(
                "impossible-value", f"certainty.{key}", "must be a whole number", f"give one from {low} to {high}"
            )
    return CertaintySettings(**{key: item for key, item in found.items() if item is not None})


def _read_order(reader: Reader, value: Any) -> dict[str, Any]:
    known = (
        "origin",
        "route",
        "incoterm",
        "freight",
        "colours",
        "needed_by",
        "currency",
        "margin_pct",
        "landed_cost_per_bag",
    )
    keys = reader.mapping(value, "order", known)
    if "landed_cost_per_bag" in keys:
        _read_band(reader, keys["landed_cost_per_bag"], "order.landed_cost_per_bag")
    if "colours" in keys:
        reader.number(keys["colours"], "order.colours", 1, 1000)
    if "margin_pct" in keys:
        reader.number(keys["margin_pct"], "order.margin_pct", 0, 100_000)
    for key in ("origin", "route", "incoterm", "freight", "needed_by", "currency"):
        if key in keys:
            reader.text(keys[key], f"order.{key}")
    return keys


def _read_bag(reader: Reader, value: Any) -> dict[str, Any]:
    keys = reader.mapping(value, "bag", ("mass_g_max", "cost_usd_max", "ghg_kg_max", "cloths_max", "same_polymer"))
    for key, item in keys.items():
        if key == "same_polymer":
            if not isinstance(item, bool):
                reader.wrong("wrong-type", "bag.same_polymer", "must be true or false", "write it without quotes")
        else:
            reader.number(item, f"bag.{key}", 0, 1e9)
    return keys


def _read_panels(reader: Reader, value: Any) -> dict[str, Any]:
    keys = reader.mapping(value, "panels", panels())
    for name, item in keys.items():
        entry = reader.mapping(item, f"panels.{name}", ("limits", "fixed", "forbidden"))
        if "limits" in entry:
            _read_limits(reader, entry["limits"], f"panels.{name}.limits")
        if "fixed" in entry:
            reader.text(entry["fixed"], f"panels.{name}.fixed")
        if "forbidden" in entry:
            for word in reader.items(entry["forbidden"], f"panels.{name}.forbidden"):
                reader.text(word, f"panels.{name}.forbidden")
    return keys
