"""Checks: what is doubtful in a table: slipped units, implausible figures, copies, other test methods."""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.catalogue import problem
from advisor.files import shipped
from advisor.materials import GRADE_CODES, Ends, Floats, Table, bundled
from advisor.problems import Problem
from advisor.properties import Property, properties
from advisor.units import convert

Mask = NDArray[np.bool_]

_OWN = GRADE_CODES.index("own")

#: Rule P1: the plausible range of a property in a family reaches from the lowest low end to the highest high end of the
#: bundled cloths whose first family it is, widened by this factor (temperatures by these kelvins). It asks for at least
#: FEWEST cloths with a figure; with fewer, and for closed scales, the property's own range counts.
MARGIN = 1.5
MARGIN_KELVIN = 15.0
FEWEST = 4

#: Rule P2: a figure outside P1 has slipped if, read in one of these units, it lies within the family's range unwidened.
TRADE_UNITS: dict[str, tuple[str, ...]] = {
    "yarn_denier": ("den", "dtex", "tex"),
    "areal_mass_g_m2": ("g/m²", "oz/yd²", "kg/m²"),
    "thickness_mm": ("mm", "mil", "inch", "cm"),
    "tensile_strength_n": ("N", "lbf", "kgf", "kN", "daN"),
    "tear_strength_n": ("N", "lbf", "kgf", "daN", "gf"),
    "hydrostatic_head_mm": ("mm", "psi", "kPa", "cm", "m", "bar", "mbar"),
    "hydrostatic_head_aged_mm": ("mm", "psi", "kPa", "cm", "m", "bar", "mbar"),
    "cold_flex_c": ("°C", "°F", "K"),
    "heat_limit_c": ("°C", "°F", "K"),
    "roll_width_cm": ("cm", "inch", "mm", "m", "yd"),
    "air_permeability_l_m2_s": ("L/m²/s", "cfm"),
    "water_pickup_g_m2": ("g/m²", "oz/yd²", "kg/m²"),
    "ghg_kg_co2e_m2": ("kg CO₂e/m²", "g CO₂e/m²"),
}

#: Rows up to which figures that agree exactly are told: there are about a million pairs of three digits, and a thousand
#: figures of three digits, for chance to hit.
MOST_FOR_PAIRS = 1_000
MOST_FOR_SINGLES = 100

#: How many doubts are told before it is asked again whether to go on.
_TOLD_A_STEP = 1_000

#: Shares a spreadsheet formats as per cent arrive as fractions.
SHARES = ("recycled_content_pct", "uv_strength_retention_pct")

_METHODS: tuple[tuple[str, str, str], ...] = (
    ("martindale", "Martindale", r"martindale|12947|d\s*4966|5470-2"),
    ("wyzenbeek", "Wyzenbeek", r"wyzen|double\s*rub|d\s*4157"),
    ("schopper", "Schopper", r"schopper|53863"),
    ("taber", "ASTM D3884 (Taber)", r"taber|d\s*3884|estimate|judgement|tabor|en\s*5470|iso\s*5470"),
    ("inflated diaphragm", "ASTM D3886", r"d\s*3886|diaphragm|stoll"),
)


@dataclass(frozen=True, eq=False)
class Column:
    """A figure column as it was written: header, unit, cells, raw figures, cells that hold a pair, how it was named."""

    title: str
    unit: str
    why: str
    method: str
    cells: Sequence[str]
    written: Floats
    pairs: frozenset[int]
    priced: bool = False


@dataclass(eq=False)
class Rows:
    """The rows of a table on their way in: spreadsheet row numbers, words, figures in the properties' units."""

    file: str
    numbers: Sequence[int]
    words: Mapping[str, Sequence[str]]
    figures: dict[str, Ends]
    columns: dict[str, Column]


@lru_cache(maxsize=1024)
def scale_of_method(text: str) -> tuple[str, str]:
    """The scale an abrasion test's name belongs to, with the name in full; two blanks for an unnamed test."""
    folded = text.casefold()
    for scale, name, pattern in _METHODS:
        if re.search(pattern, folded):
            return scale, name
    named = re.search(r"astm\s*\w?\s*\d+|iso\s*\d+|din\s*\d+|en\s*\d+", folded)
    return (named[0], text.strip()) if named else ("", "")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Plausible range of a property in a family: ``low`` to ``high`` by rule P1, ``inner`` without the margin."""

    low: float
    high: float
    inner: tuple[float, float]
    middle: float


@cache
def bounds(key: str, family: str) -> Bounds | None:
    """The range by rule P1; family "" takes all bundled cloths. None where there are too few figures."""
    table, item = bundled(), properties()[key]
    if item.scale[0] is not None:
        return None
    place = table.column(key)
    rows = np.array([not family or first_family(words) == family for words in table.text["family"]])
    known = rows & ~np.isnan(table.typical[:, place])
    if int(known.sum()) < FEWEST:
        return None
    low, high = table.low[known, place], table.high[known, place]
    typical = table.typical[known, place]
    if item.unit == "°C":
        inner = (float(low.min()), float(high.max()))
        return Bounds(inner[0] - MARGIN_KELVIN, inner[1] + MARGIN_KELVIN, inner, float(np.median(typical)))
    # A cloth that may hold nothing, and usually holds something, counts by what it usually holds.
    positive = np.concatenate([low[low > 0], typical[(low <= 0) & (typical > 0)]])
    if not len(positive):
        return None
    inner = (float(positive.min()), float(high.max()))
    return Bounds(inner[0] / MARGIN, inner[1] * MARGIN, inner, float(np.median(typical[typical > 0])))


def first_family(words: str) -> str:
    """The main family of a cell such as ``nylon|ripstop``, in lower case."""
    return re.split(r"[|,/;+]", words.casefold(), maxsplit=1)[0].strip()


def check(rows: Rows, table: Table, poll: Callable[[], None] = lambda: None) -> list[Problem]:
    """Every doubt about a table's own figures; figures that equal the bundled ones raise none.

    ``poll`` is called between the steps, and may raise to end them.
    """
    found: list[Problem] = []
    families = _families(rows)
    for key, column in rows.columns.items():
        poll()
        for doubt in _plausibility(rows, table, key, column, families):
            found.append(doubt)
            if not len(found) % _TOLD_A_STEP:
                poll()
    for doubts in (_identical, _twins):
        poll()
        found += doubts(rows, table)
    return found


@dataclass(frozen=True, eq=False)
class _Families:
    """The families whose bounds count, and the number of each row's among them; "" is a family nobody told."""

    kinds: tuple[str, ...]
    of: NDArray[np.intp]


def _families(rows: Rows) -> _Families:
    """The family of each row: by its family, else its fibre, else its name."""
    known = _family_words()
    answers: dict[str, str] = {}
    numbers: dict[str, int] = {}

    def family(text: str) -> str:
        if text not in answers:
            first = known.get(first_family(text), "")
            words = re.split(r"[\s|,/+;()]+", text.casefold())
            answers[text] = first or next((known[word] for word in words if word in known), "")
        return answers[text]

    said: dict[tuple[str, str], int] = {}
    pairs = list(zip(rows.words["family"], rows.words["fibre"], strict=True))
    for pair in set(pairs):
        found = family(pair[0]) or family(pair[1])
        said[pair] = numbers.setdefault(found, len(numbers)) if found else -1
    of = np.fromiter(map(said.__getitem__, pairs), np.intp, len(pairs))
    for place in np.flatnonzero(of < 0).tolist():
        of[place] = numbers.setdefault(family(rows.words["name"][place]), len(numbers))
    return _Families(tuple(numbers), of)


@cache
def _family_words() -> dict[str, str]:
    """Words of six languages for a family that is some bundled cloth's first."""
    families = {first_family(words) for words in bundled().text["family"]}
    found = {family: family for family in families}
    with shipped("data", "aliases.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            value = {"cotton": "canvas", "hemp": "canvas", "polycotton": "canvas"}.get(row["value"], row["value"])
            if row["field"] in ("fibre", "family", "weave") and value in families:
                found.update((words, value) for words in row["words"].split("|") if words not in found)
    return found


def _own(table: Table, key: str) -> Mask:
    """Rows whose figure is the user's own, not the bundled one."""
    place = table.column(key)
    own: Mask = table.grades[:, place] == _OWN
    return own


def _plausibility(rows: Rows, table: Table, key: str, column: Column, families: _Families) -> Iterator[Problem]:
    item = properties()[key]
    values = rows.figures[key].typical
    own = _own(table, key)
    if key in SHARES:
        yield from _fractions(rows, item, column, own)
    if item.plausible is None:
        return
    limits = np.array([limits_of(key, family) for family in families.kinds]).reshape(-1, 2)
    with np.errstate(invalid="ignore"):
        # Few figures lie outside what every family may have: only those are held against their own.
        doubtful = (values < limits[:, 0].max(initial=-np.inf)) | (values > limits[:, 1].min(initial=np.inf))
    doubtful &= own
    places = np.flatnonzero(doubtful)
    figures, low, high = values[places], *limits[families.of[places]].T
    outside = (figures < low) | (figures > high)
    if item.plausible[0] == 0:
        outside &= figures != 0  # a head of 0 mm or no air at all is a figure, not a slip
    for place in places[outside].tolist():
        number = int(families.of[place])
        limit = float(limits[number, 0]), float(limits[number, 1])
        yield _doubt(rows, item, column, place, families.kinds[number], limit)


def limits_of(key: str, family: str) -> tuple[float, float]:
    """The ends within which a figure of a family is plausible: by rule P1, else those of the property."""
    item = properties()[key]
    if item.plausible is None:
        return -math.inf, math.inf
    found = bounds(key, family) if family else None
    if found is None or key in ("price_usd_m2", "moq_m", "lead_time_days"):
        return item.plausible
    return max(found.low, 0.0) if item.unit != "°C" else found.low, found.high


def _doubt(rows: Rows, item: Property, column: Column, place: int, family: str, limit: tuple[float, float]) -> Problem:
    text, row = column.cells[place].strip()[:40], rows.numbers[place]
    guess = None if column.priced else guessed_unit(item.key, float(column.written[place]), column.unit, family)
    if guess:
        unit, value = guess
        message = f"{text} looks like {unit} in a {column.unit} column ({value:,.{item.decimals}f} {item.unit})"
        hint = f"write {unit} in the header, or the figure in {column.unit}"
        return problem("slipped-unit", message, rows.file, row, column.title, text, hint)
    of = f" of {family} cloths" if family and bounds(item.key, family) else ""
    message = f"{text} lies outside {limit[0]:.4g} to {limit[1]:.4g} {item.unit}{of}"
    return problem("implausible", message, rows.file, row, column.title, text)


@lru_cache(maxsize=4096)
def guessed_unit(key: str, written: float, unit: str, family: str) -> tuple[str, float] | None:
    """The unit a figure seems to be in by rule P2, with its value in the property's unit; None where none fits."""
    item = properties()[key]
    known = bounds(key, family) or bounds(key, "")
    if known is None or key not in TRADE_UNITS:
        return None
    low, high = known.inner
    best: tuple[float, str, float] | None = None
    for other in TRADE_UNITS[key]:
        value = convert(written, other, item.unit)
        if other == unit or not low <= value <= high or math.isclose(value, convert(written, unit, item.unit)):
            continue
        off = abs(math.log(value / known.middle)) if value > 0 and known.middle > 0 else abs(value - known.middle)
        if best is None or off < best[0]:
            best = (off, other, value)
    return None if best is None else (best[1], best[2])


def _fractions(rows: Rows, item: Property, column: Column, own: Mask) -> Iterator[Problem]:
    """Rule P3: per cent that never exceed 1, some of them broken, are fractions."""
    written = column.written
    known = written[~np.isnan(written)]
    if column.unit in ("fraction",) or not len(known) or known.max() > 1 or not ((known > 0) & (known < 1)).any():
        return
    for place in np.flatnonzero(own & (written > 0)).tolist():
        text = column.cells[place].strip()
        message = f"{text} looks like a fraction in a % column ({written[place] * 100:.0f} %)"
        yield problem(
            "slipped-unit", message, rows.file, rows.numbers[place], column.title, text,
            "write fraction in the header, or the figure in %",
        )  # fmt: skip


def _identical(rows: Rows, table: Table) -> Iterator[Problem]:
    """Strengths that cloths of different make share exactly.

    Rule S1: a pair (warp and weft, or low and high). Rule S2: a figure of three digits or more that three such cloths
    share, or two that share tear and tensile both. In tables longer than :data:`MOST_FOR_PAIRS` and
    :data:`MOST_FOR_SINGLES` chance alone makes such figures meet.
    """
    if len(rows.numbers) > max(MOST_FOR_PAIRS, MOST_FOR_SINGLES):
        return
    makes = _makes(rows)
    single: dict[str, dict[float, list[int]]] = {}
    for key in ("tear_strength_n", "tensile_strength_n"):
        ends, column = rows.figures.get(key), rows.columns.get(key)
        if ends is None or column is None:
            continue
        own = _own(table, key)
        pairs: dict[tuple[float, float], list[int]] = defaultdict(list)
        alone: dict[float, list[int]] = defaultdict(list)
        low, high = ends.low, ends.high
        for place in np.flatnonzero(own).tolist():
            if low is not None and high is not None and not math.isnan(low[place]) and not math.isnan(high[place]):
                if low[place] != high[place] and len(makes) <= MOST_FOR_PAIRS:
                    pairs[float(low[place]), float(high[place])].append(place)
            elif len(makes) <= MOST_FOR_SINGLES and _digits(float(column.written[place])) >= 3:
                alone[float(ends.typical[place])].append(place)
        for (one, other), places in pairs.items():
            if len({makes[place] for place in places}) > 1:
                yield from _copies(rows, column, places, f"the pair {one:g} and {other:g} N")
        single[key] = alone
        for value, places in alone.items():
            if len({makes[place] for place in places}) > 2:
                yield from _copies(rows, column, places, f"{value:g} N")
    yield from _both(rows, single, makes)


def _both(rows: Rows, single: Mapping[str, Mapping[float, list[int]]], makes: Sequence[object]) -> Iterator[Problem]:
    """Pairs of cloths with the same tear and the same tensile strength."""
    tears, tensiles = single.get("tear_strength_n", {}), single.get("tensile_strength_n", {})
    tensile_of = {place: value for value, places in tensiles.items() for place in places}
    for tear, places in tears.items():
        groups: dict[float, list[int]] = defaultdict(list)
        for place in places:
            if place in tensile_of:
                groups[tensile_of[place]].append(place)
        for tensile, shared in groups.items():
            if len({makes[place] for place in shared}) == 2:
                what = f"tear {tear:g} N with tensile {tensile:g} N"
                yield from _copies(rows, rows.columns["tear_strength_n"], shared, what)


def _copies(rows: Rows, column: Column, places: Sequence[int], what: str) -> Iterator[Problem]:
    first = rows.numbers[places[0]]
    for place in places[1:]:
        text = column.cells[place].strip()
        message = f"{what} stands in row {first} too, for a cloth of another make"
        yield problem("identical-figures", message, rows.file, rows.numbers[place], column.title, text)


def _digits(value: float) -> int:
    """Significant digits of a figure as written; trailing zeros of whole numbers do not count."""
    text = f"{abs(value):.10g}"
    return len((text.rstrip("0") if "." not in text else text.replace(".", "")).lstrip("0")) if "e" not in text else 1


def _makes(rows: Rows) -> list[object]:
    """What tells one make of cloth from another: fibre, weave, yarn and mass; the name where none of it is known."""
    columns: list[Sequence[object]] = [rows.words[key] for key in ("family", "fibre", "weave")]
    for key in ("yarn_denier", "areal_mass_g_m2"):
        if key in rows.figures:
            figures = rows.figures[key].typical.tolist()
            columns.append([None if math.isnan(figure) else figure for figure in figures])
    return [
        tuple(parts) if any(part not in ("", None) for part in parts) else name
        for name, *parts in zip(rows.words["name"], *columns, strict=True)
    ]


def _twins(rows: Rows, table: Table) -> Iterator[Problem]:
    """Names that stand twice, and rows that differ in name only."""
    names, ids = rows.words["name"], rows.words["id"]
    folded = list(map(str.casefold, names))
    if len(set(folded)) < len(folded):
        seen: dict[str, int] = {}
        for place, name in enumerate(folded):
            if name in seen and name and ids[place] != ids[seen[name]]:
                message = f'"{names[place][:40]}" stands in row {rows.numbers[seen[name]]} already'
                yield problem("duplicate-name", message, rows.file, rows.numbers[place], "name", names[place])
            seen.setdefault(name, place)
    if len(rows.figures) < 2:
        return
    places = [table.column(key) for key in rows.figures]
    alike = _alike(table.typical, places)
    if not len(alike):
        return
    filled = (~np.isnan(table.typical[alike])).sum(axis=1)
    own = (table.grades[alike] == _OWN).any(axis=1)
    figures = np.ascontiguousarray(np.nan_to_num(table.typical[alike], nan=-1e300))
    keys = figures.view(np.dtype((np.void, figures.dtype.itemsize * figures.shape[1]))).ravel().tolist()
    first: dict[tuple[object, ...], int] = {}
    makes = [rows.words[key] for key in ("fibre", "weave", "coating", "finish")]
    for number, place in enumerate(alike.tolist()):
        if filled[number] < 4:
            continue
        key = (keys[number], *(words[place] for words in makes))
        other = first.setdefault(key, number)
        before = int(alike[other])
        if other != number and (own[number] or own[other]) and ids[before] != ids[place]:
            message = f"has every figure of row {rows.numbers[before]}"
            yield problem("duplicate-row", message, rows.file, rows.numbers[place], "", names[place])


def _alike(figures: Floats, places: Sequence[int]) -> NDArray[np.intp]:
    """Rows that may have every figure of another: those whose figures mix into the same number."""
    key = np.zeros(len(figures), np.uint64)
    for place in places:
        key ^= (figures[:, place] + 0.0).view(np.uint64)  # +0.0: a zero has one sign
        key *= np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    sorted_keys = np.sort(key)
    again = sorted_keys[1:] == sorted_keys[:-1]
    if not again.any():
        return np.empty(0, np.intp)
    order = np.argsort(key, kind="stable")
    shared = np.zeros(len(key), bool)
    shared[order[1:][again]] = True
    shared[order[:-1][again]] = True
    return np.flatnonzero(shared)
