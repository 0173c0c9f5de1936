"""Quotes: price lists as records, article names matched to materials, remembered lists, and what has changed."""

from __future__ import annotations

import csv
import datetime
import itertools
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from advisor.catalogue import problem
from advisor.cells import CellError, ambiguous, decimal_mark, read_figure
from advisor.files import shipped, write_whole
from advisor.headers import (
    SURE,
    Meaning,
    Plan,
    PlannedColumn,
    header_rows,
    header_texts,
    plain_words,
    split_unit,
    synonyms,
)
from advisor.materials import Table
from advisor.merge import OwnFigure
from advisor.problems import AdvisorError, Problem, nearest
from advisor.sheets import DATE_MARK, Sheet
from advisor.units import (
    PriceUnit,
    Rate,
    area_factor,
    convert,
    convertible,
    currency_of,
    known_unit,
    length_factor,
    like_unit,
    price_unit,
    width_cm,
)

PROFILE_FORMAT = "material-advisor-import-profile"
PROFILE_VERSION = 1

#: From this likeness on, and this far ahead of the next, an article is matched without asking.
LIKELY = 0.75
AHEAD = 0.05

_DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%Y/%m/%d", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%Y.%m.%d")

_CHINESE = "[\u4e00-\u9fff]"

_INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DPU", "DAP", "DDP")


@dataclass(frozen=True, slots=True)
class Quote:
    """One price of one article at one quantity.

    Attributes:
        material: id of the material it is matched to, or "".
        price: in ``currency`` per ``per`` (``m``, ``yd``, ``m2``, ``yd2`` or ``kg``).
        roll_width_cm: needed to turn a price by length into one by area; None where not said.
        from_quantity: smallest quantity the price holds for, in ``per``; 0 for any.
        date, valid_until: ISO 8601, or "".
    """

    material: str
    supplier: str
    article: str
    colour: str
    currency: str
    price: float
    per: str
    roll_width_cm: float | None = None
    from_quantity: float = 0.0
    incoterm: str = ""
    place: str = ""
    lead_time_days: float | None = None
    date: str = ""
    valid_until: str = ""

    def as_json(self) -> dict[str, Any]:
        """The record as a project file keeps it; what is not said is left out."""
        return {key: value for key, value in asdict(self).items() if value not in ("", None)}


def quotes_from_json(entries: Sequence[Mapping[str, Any]]) -> tuple[Quote, ...]:
    """Quotes out of a project file.

    Raises:
        AdvisorError: an entry is no quote; the nearest key is named.
    """
    known = {item.name: item for item in fields(Quote)}
    found, wrong = [], []
    for number, entry in enumerate(entries, start=1):
        for key in set(entry) - set(known):
            near = nearest(key, known)
            wrong.append(
                problem("unknown-column", f'quote {number} has an unknown key "{key}"', hint=f'did you mean "{near}"?')
            )
        price = entry.get("price")
        if not _finite(price) or not isinstance(entry.get("currency"), str) or entry.get("per") not in _PERS:
            wrong.append(problem("no-price", f"quote {number} has no price, currency and unit", value=str(dict(entry))))
            continue
        texts = {key: "" for key, item in known.items() if item.type == "str"}
        found.append(Quote(**{**texts, **{key: value for key, value in entry.items() if key in known}}))
    if wrong:
        raise AdvisorError(replace(entry, severity="error") for entry in wrong)
    return tuple(found)


_PERS = ("m", "yd", "m2", "yd2", "kg")


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def price_per_m2(quote: Quote, rates: Mapping[str, Rate], table: Table | None = None) -> tuple[float, str]:
    """The quote in USD/m² and "", or NaN and what is lacking: ``no-rate``, ``no-width`` or ``no-mass``.

    A price by length is divided by the roll width, one by weight multiplied by the matched material's mass per area.
    """
    amount = quote.price
    if quote.currency != "USD":
        rate = rates.get(quote.currency)
        if rate is None:
            return math.nan, "no-rate"
        amount *= rate.usd
    if (area := area_factor(quote.per)) is not None:
        return amount * area, ""
    if (length := length_factor(quote.per)) is not None:
        if not quote.roll_width_cm:
            return math.nan, "no-width"
        return amount * length / (quote.roll_width_cm / 100), ""
    row = None if table is None else table.index.get(quote.material)
    mass = math.nan if table is None or row is None else float(table.typical[row, table.column("areal_mass_g_m2")])
    return (math.nan, "no-mass") if math.isnan(mass) else (amount * mass / 1000, "")


def best_prices(
    quotes: Sequence[Quote], rates: Mapping[str, Rate], table: Table, quantity: float, today: str
) -> dict[str, tuple[Quote, float]]:
    """Material id -> its cheapest quote at an order of ``quantity`` metres that is valid ``today``, with USD/m².

    Of one article's breaks the largest the order reaches counts; a break beyond the order does not hold.
    """
    reached: dict[tuple[str, ...], Quote] = {}
    for quote in quotes:
        if not quote.material or (quote.valid_until and quote.valid_until < today):
            continue
        amount = _metres(quote, table)
        if amount > quantity * (1 + 1e-6):
            continue
        key = (quote.material, quote.supplier, plain_words(quote.article), plain_words(quote.colour))
        if key not in reached or _metres(reached[key], table) < amount:
            reached[key] = quote
    best: dict[str, tuple[Quote, float]] = {}
    for quote in reached.values():
        price, lacking = price_per_m2(quote, rates, table)
        if not lacking and (quote.material not in best or price < best[quote.material][1]):
            best[quote.material] = quote, price
    return best


def standing(earlier: Sequence[Quote], now: Sequence[Quote]) -> tuple[Quote, ...]:
    """The quotes that hold once a new list is in: it takes the place of what its suppliers quoted before."""
    suppliers = {plain_words(quote.supplier) for quote in now}
    return (*(quote for quote in earlier if plain_words(quote.supplier) not in suppliers), *now)


def prices_with(
    earlier: Sequence[Quote],
    now: Sequence[Quote],
    rates: Mapping[str, Rate],
    table: Table,
    quantity: float,
    today: str,
) -> dict[str, tuple[Quote, float]]:
    """What a new list changes: :func:`best_prices` of the cloths it quotes, other suppliers' earlier quotes counted.

    A cloth its suppliers no longer quote is named too where another supplier does.
    """
    held = standing(earlier, now)
    touched = {quote.material for quote in (*now, *(set(earlier) - set(held)))}
    best = best_prices(held, rates, table, quantity, today)
    return {material: found for material, found in best.items() if material in touched}


def _metres(quote: Quote, table: Table) -> float:
    """The quote's smallest quantity in metres of roll, as far as width and mass tell; else as it stands."""
    width = (quote.roll_width_cm or 150.0) / 100
    if quote.per == "yd":
        return quote.from_quantity * 0.9144
    if quote.per in ("m2", "yd2"):
        return quote.from_quantity * (1.0 if quote.per == "m2" else 0.9144**2) / width
    if quote.per == "kg":
        row = table.index.get(quote.material)
        mass = math.nan if row is None else float(table.typical[row, table.column("areal_mass_g_m2")])
        return quote.from_quantity if math.isnan(mass) else quote.from_quantity * 1000 / mass / width
    return quote.from_quantity


def _counted_as_priced(quote: Quote, unit: str, table: Table) -> Quote:
    """The quote with a smallest quantity that was said in ``unit`` in that of its price: 200 m of a price by kg."""
    if not unit or unit == quote.per or not quote.from_quantity:
        return quote
    metres = _metres(replace(quote, per=unit), table)
    one = _metres(replace(quote, from_quantity=1.0), table)
    return replace(quote, from_quantity=float(f"{metres / one:.9g}"))


def as_overrides(best: Mapping[str, tuple[Quote, float]]) -> list[OwnFigure]:
    """Quoted prices as figures over the table's own; a quote is a firm price, its range a point."""
    found = []
    for material, (quote, price) in best.items():
        source = f"{quote.supplier} {quote.article}: {quote.price:g} {quote.currency}/{quote.per}".strip()
        dated = f"{source}, {quote.date}" if quote.date else source
        found.append(OwnFigure(material, "price_usd_m2", price, price, price, because=dated, source=quote.supplier))
    return found


# Article names --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A material an article name may mean, how well it fits (0 to 1), and the words that say so."""

    material: str
    likeness: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What an article name was matched to ("" where nobody can tell), by ``remembered``, ``likeness`` or ``""``."""

    article: str
    material: str
    by: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Features:
    """What an article name says: yarn in denier, threads (the T of 210T), mass in g/m², and words by field."""

    denier: tuple[float, ...] = ()
    threads: int | None = None
    mass: float | None = None
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rest: frozenset[str] = frozenset()


@cache
def _aliases() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Words as compared with the (field, value) pairs they stand for, longest words first."""
    found: dict[str, list[tuple[str, str]]] = {}
    with shipped("data", "aliases.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for words in row["words"].split("|"):
                found.setdefault(plain_words(words), []).append((row["field"], row["value"]))
    return tuple((words, tuple(found[words])) for words in sorted(found, key=lambda words: (-len(words), words)))


@lru_cache(maxsize=1024)
def also_called(text: str) -> str:
    """Every word the trade has, in any language, for the fibres, weaves and coats that ``text`` names."""
    said = features(text.replace("|", " ")).words
    return " ".join(words for words, pairs in _aliases() if any(value in said.get(kind, ()) for kind, value in pairs))


@cache
def _usual_deniers() -> frozenset[float]:
    from advisor.materials import bundled

    names = " ".join(bundled().names)
    return frozenset(float(number) for number in re.findall(r"(\d{2,4})D\b", names))


@lru_cache(maxsize=4096)
def features(article: str) -> Features:
    """What a trade name says of a cloth; a number with T counts threads and is never read as a denier."""
    text = article.casefold().replace("×", "x").replace("*", "x")
    # Chinese is written without spaces: "600D牛津布" is two words.
    text = re.sub(rf"(?<={_CHINESE})(?!{_CHINESE})|(?<!{_CHINESE})(?={_CHINESE})", " ", text)
    denier: list[float] = []
    threads: int | None = None
    mass: float | None = None
    if found := re.search(r"(?<![\d.])(\d{2,3})\s*t\b", text):
        threads = int(found[1])
        text = text.replace(found[0], " ", 1)
    for pattern, unit in (
        (r"(\d+(?:[.,]\d+)?)\s*(?:gsm|g/m2|g/m²|g/sqm|gr/m2)", "g/m²"),
        (r"(\d+(?:[.,]\d+)?)\s*oz", "oz/yd²"),
    ):
        if found := re.search(pattern, text):
            mass = convert(float(found[1].replace(",", ".")), unit, "g/m²")
            text = text.replace(found[0], " ", 1)
    if found := re.search(r"(\d{2,4})\s*(?:d|den)?\s*[x/]\s*(\d{2,4})\s*(?:d|den|denier)\b", text):
        denier = [float(found[1]), float(found[2])]
        text = text.replace(found[0], " ", 1)
    elif found := re.search(r"(?<![\d.])(\d{1,4})\s*(?:d|den|denier)\b", text):
        denier = [float(found[1])]
        text = text.replace(found[0], " ", 1)
    elif found := re.search(r"(?<![\d.])(\d{2,4})\s*dtex\b", text):
        denier = [float(found[1]) * 0.9]
        text = text.replace(found[0], " ", 1)
    words: dict[str, set[str]] = {}
    padded = f" {plain_words(text)} "
    for alias, pairs in _aliases():
        sought = alias if alias > "\u3000" else f" {alias} "
        if sought in padded:
            for kind, value in pairs:
                words.setdefault(kind, set()).add(value)
            padded = padded.replace(sought, "  ", 1)
    if "polycotton" in words.get("fibre", set()):
        words["fibre"] = {"polycotton"}  # a blend is neither of its parts
    rest = set(padded.split())
    if not denier:
        # "Oxford 600 PU": a bare number the trade uses as a yarn size.
        bare = [word for word in rest if word.isdigit() and float(word) in _usual_deniers()]
        if len(bare) == 1:
            denier = [float(bare[0])]
            rest.discard(bare[0])
    return Features(tuple(denier), threads, mass, {k: frozenset(v) for k, v in words.items()}, frozenset(rest))


@lru_cache(maxsize=4)
def _material_features(table: Table) -> tuple[Features, ...]:
    """What each row says, by its name and, where the name is silent, by its columns."""
    found = []
    place, mass_place = table.column("yarn_denier"), table.column("areal_mass_g_m2")
    for row, name in enumerate(table.names):
        own = features(name)
        words = dict(own.words)
        for column in ("fibre", "weave", "coating", "family"):
            said = features(table.text[column][row].replace("|", " ")).words
            for kind, values in said.items():
                words[kind] = words.get(kind, frozenset()) | values
        if "polycotton" in words.get("fibre", frozenset()):
            words["fibre"] = frozenset(("polycotton",))
        denier = own.denier
        if not denier and not math.isnan(table.typical[row, place]):
            denier = (float(table.typical[row, place]),)
        mass = float(table.typical[row, mass_place])
        # A name that gives a mass means it so: a waxed "12 oz" canvas weighs more than its base cloth.
        mass_said = own.mass or (None if math.isnan(mass) else mass)
        found.append(replace(own, denier=denier, mass=mass_said, words=words))
    return tuple(found)


#: What agreement in each kind of word is worth, and what disagreement costs.
_WORTH = {"fibre": (2.0, 2.5), "weave": (1.5, 0.75), "coating": (1.5, 1.5), "family": (1.0, 0.25), "trade": (2.0, 1.5)}


#: Why a candidate fits whose id or name is the article's.
_BY_NAME = ("name",)

#: Coats that a trade name names; PU goes without saying on all but canvas, and bare cloth where its own name is silent.
_TOLD_COATS = frozenset(("wax", "PVC", "TPU", "silicone", "none"))

#: Another fibre this near leaves a name that names no fibre open.
_OTHER_FIBRE = 0.15


def candidates(article: str, table: Table, most: int = 5) -> tuple[Candidate, ...]:
    """The materials an article name fits best, best first.

    Likeness is the share of what the name says that the material bears out, less what it contradicts and a little for
    what the material's name says beyond it.
    """
    said = features(article)
    folded = article.strip().casefold()
    found = []
    for row, other in enumerate(_material_features(table)):
        if folded in (table.ids[row].casefold(), table.names[row].casefold()):
            found.append(Candidate(table.ids[row], 1.0, _BY_NAME))
            continue
        likeness, because = _likeness(said, other)
        if likeness > 0.3:
            found.append(Candidate(table.ids[row], round(likeness, 4), because))
    found.sort(key=lambda c: (c.because != _BY_NAME, -c.likeness, table.index[c.material]))
    return tuple(found[:most])


def _likeness(said: Features, other: Features) -> tuple[float, tuple[str, ...]]:
    won = possible = 0.0
    because: list[str] = []

    def weigh(agrees: bool | None, gain: float, loss: float, words: str) -> None:
        nonlocal won, possible
        possible += gain
        if agrees:
            won += gain
            because.append(words)
        elif agrees is not None:
            won -= loss

    if said.denier:
        mean, own = sum(said.denier) / len(said.denier), other.denier
        near = None if not own else abs(sum(own) / len(own) / mean - 1) <= 0.02
        weigh(near, 3.0, 3.0, f"{'x'.join(f'{number:g}' for number in said.denier)}D")
    if said.threads:
        weigh(None if other.threads is None else other.threads == said.threads, 3.0, 2.0, f"{said.threads}T")
    if said.mass:
        off = None if other.mass is None else abs(other.mass / said.mass - 1)
        weigh(None if off is None else off <= 0.12, 2.0, 1.5, f"{said.mass:.0f} g/m²")
        won -= 5 * min(off or 0.0, 0.12)  # of two near ones the nearer
    for kind, (gain, loss) in _WORTH.items():
        if wanted := said.words.get(kind):
            has = other.words.get(kind, frozenset())
            weigh(
                bool(wanted & has) if has else (None if kind != "coating" else False),
                gain,
                loss,
                ", ".join(sorted(wanted)),
            )
    for model in sorted(word for word in said.rest if re.search(r"[^\W\d]", word) and re.search(r"\d", word)):
        weigh(model in other.rest, 2.0, 1.0, model)  # "VX21" is a name in itself
    if "recycled" in said.words:
        weigh("recycled" in other.words, 2.0, 2.0, "recycled")
    elif "recycled" in other.words:
        won -= 1.0
    if possible < 2.5:
        return 0.0, ()  # a colour or a bare "fabric" names no cloth
    extra = len(other.rest - said.rest) + len(
        other.words.get("trade", frozenset()) - said.words.get("trade", frozenset())
    )
    # A coat that the name would not leave unsaid.
    told = _TOLD_COATS | {"PU"} if "canvas" in other.words.get("family", frozenset()) else _TOLD_COATS
    unsaid = "coating" not in said.words and bool(other.words.get("coating", frozenset()) & told)
    return max(0.0, won / possible - 0.04 * extra - 0.1 * unsaid), tuple(because)


def match_articles(articles: Sequence[str], table: Table, remembered: Mapping[str, str] | None = None) -> list[Match]:
    """Each article once, with what it is matched to and what else it may be; a remembered choice goes first."""
    known = {plain_words(words): material for words, material in (remembered or {}).items()}
    found = []
    for article in dict.fromkeys(articles):
        options = candidates(article, table)
        chosen, by = known.get(plain_words(article), ""), "remembered"
        if chosen not in table.index:
            sure = bool(options) and options[0].likeness >= LIKELY and _stands_alone(article, options, table)
            chosen, by = (options[0].material, "likeness") if sure else ("", "")
        found.append(Match(article, chosen, by, options))
    return found


def _stands_alone(article: str, options: Sequence[Candidate], table: Table) -> bool:
    """Whether the best candidate is ahead of all others, and of other fibres by far where the name names none."""
    best = options[0]
    if best.because == _BY_NAME:
        return True
    if len(options) > 1 and best.likeness - options[1].likeness < AHEAD:
        return False
    if "fibre" in features(article).words:
        return True
    own = _fibres(best.material, table)
    rivals = (other for other in options[1:] if best.likeness - other.likeness < _OTHER_FIBRE)
    return all(_fibres(other.material, table) & own for other in rivals)


def _fibres(material: str, table: Table) -> frozenset[str]:
    return _material_features(table)[table.index[material]].words.get("fibre", frozenset())


# Reading a list -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Defaults:
    """What holds for a whole list where its rows do not say: from its heading, its profile or the user."""

    supplier: str = ""
    currency: str = ""
    per: str = ""
    roll_width_cm: float | None = None
    incoterm: str = ""
    place: str = ""
    date: str = ""
    valid_until: str = ""


@dataclass(frozen=True, eq=False)
class PriceList:
    """A list read: its quotes, the article matches for confirmation, and every problem."""

    quotes: tuple[Quote, ...]
    matches: tuple[Match, ...]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=2048)
def field_meanings(title: str, unit: str = "") -> tuple[Meaning, ...]:
    """What a header of a price list may mean; ``Meaning.key`` is a field of :class:`Quote`, ``end`` the break."""
    name, named = split_unit(title)
    unit = unit or named
    known = synonyms("quote")
    words = plain_words(re.sub(r"[\[(][^\[\]()]*[\])]", " ", name))
    if keys := known.get(plain_words(name)) or known.get(words):
        return tuple(_field(key, title, unit, 0.95) for key in keys)
    priced = currency_of(title) or any(
        word in words.split() for word in ("price", "preis", "prix", "precio", "preco", "سعر")
    )
    quantity = _break_of(title)
    if priced or (quantity is not None and re.search(r"\d\s*(?:m|mtr|yd|yds|kg|m2|\+)", title.casefold())):
        end = "" if quantity is None else f"{quantity:g}"
        price = price_unit(f"{title} {unit}")
        return (Meaning("price", end, price=price, confidence=0.93 if priced else 0.9, why="synonym"),)
    import difflib

    return tuple(
        _field(key, title, unit, 0.85 * difflib.SequenceMatcher(None, words, near).ratio())
        for near in difflib.get_close_matches(words, known, 3, 0.8)
        for key in known[near]
    )


def _field(key: str, title: str, unit: str, share: float) -> Meaning:
    if key == "price":
        quantity = _break_of(title)
        price = price_unit(f"{title} {unit}")
        if price is None and (currency := currency_of(f"{title} {unit}")):
            price = PriceUnit(currency, "", width_cm(title))
        return Meaning(key, "" if quantity is None else f"{quantity:g}", price=price, confidence=share, why="synonym")
    if key == "from_quantity" and unit and not _amount_unit(unit) and like_unit(unit):
        return Meaning(key, "", unit, confidence=0.3, why="unit")
    return Meaning(key, "", unit if known_unit(unit) else "", confidence=share, why="synonym")


def _amount_unit(text: str) -> str:
    """What a quantity is counted in: ``m``, ``yd`` or ``kg``; "" where the text names none of them."""
    return next((unit for unit in ("yd", "m", "kg") if text and _same_unit(text, unit)), "")


@cache
def _same_unit(text: str, unit: str) -> bool:
    return convertible(text, unit) and convert(1.0, text, unit) == 1.0


def _break_of(title: str) -> float | None:
    """The quantity a price column starts at: "1,000 m+", "≥ 500 yd", "500-999 m"; None where it names none."""
    text = re.sub(r"\d+(?:[.,]\d+)?\s*(?:cm|inches|inch|in\b|\"|”|″|zoll)", " ", title.casefold())
    text = re.sub(r"(?<=\d)[.,' \u00a0](?=\d{3}(?!\d))", "", text.replace("m2", "sqm").replace("m²", "sqm"))
    found = re.search(r"(?<![\w.])(?:≥|>=|>|from|ab|desde)?\s*(\d{2,6})(?![\d.]*\s*%)", text)
    return float(found[1]) if found else None


def _break_unit(title: str) -> str:
    """What the quantity of a price column is counted in: "1,000 m+" and "≥ 500 yd"; "" where it does not say."""
    found = re.search(r"\d\s*([^\W\d_]+)", re.sub(r"m2|m²", "sqm", title.casefold()))
    return _amount_unit(found[1]) if found else ""


def plan_list(sheet: Sheet, profile: Mapping[str, Any] | None = None) -> tuple[Plan, Defaults]:
    """What each column of a price list is, and what its heading says for all rows."""
    head, below = header_rows(sheet, lambda title, unit: field_meanings(title, unit))
    titles, units = header_texts(sheet, head, below)
    sample = list(itertools.islice(sheet.rows, below + 1, below + 301))
    columns: list[PlannedColumn] = []
    taken: set[tuple[str, str]] = set()
    for place, (title, unit) in enumerate(zip(titles, units, strict=True)):
        options = field_meanings(title, unit) if title else ()
        meaning = options[0] if options and options[0].confidence >= SURE else None
        if meaning and (meaning.key, meaning.end) in taken:
            meaning = None
        if meaning:
            taken.add((meaning.key, meaning.end))
        cells = tuple(row[place] for row in sample if place < len(row) and row[place].strip())
        columns.append(PlannedColumn(place, title, meaning, options, cells[:5]))
    figures = [
        c.position for c in columns if c.meaning and c.meaning.key in ("price", "roll_width_cm", "from_quantity")
    ]
    proof = decimal_mark(row[place] for row in sample for place in figures if place < len(row))
    mark = proof or ("," if sheet.delimiter == ";" else ".")
    plan = Plan(head + 1, below + 2, mark, bool(proof), tuple(columns))
    defaults = _heading(sheet, head)
    return (plan, defaults) if profile is None else apply_profile(plan, defaults, profile)


def _heading(sheet: Sheet, head: int) -> Defaults:
    """What the rows above the header say: supplier, currency and unit, width, Incoterm, dates."""
    found = Defaults()
    for row in sheet.rows[:head]:
        cells = [cell.strip() for cell in row if cell.strip()]
        line = " ".join(cells)
        if price := price_unit(line):
            found = replace(found, currency=price.currency, per=price.per)
        elif currency := currency_of(line):
            found = replace(found, currency=found.currency or currency)
        if width := width_cm(line):
            found = replace(found, roll_width_cm=width)
        for term in _INCOTERMS:
            if place := re.search(rf"\b{term}\b[\s:]*([^\W\d_][\w .-]*)?", line):
                found = replace(found, incoterm=term, place=(place[1] or "").strip())
        labelled = re.match(r"\s*([^:]+):\s*(.+)", line)
        label, value = (
            (labelled[1], labelled[2]) if labelled else (cells[0], " ".join(cells[1:])) if len(cells) > 1 else ("", "")
        )
        for key in synonyms("quote").get(plain_words(label), ()):
            if key in ("supplier", "date", "valid_until"):
                said = value.strip() if key == "supplier" else _date(value.strip())[0]
                entry: dict[str, Any] = {key: said or getattr(found, key)}
                found = replace(found, **entry)
    return found


def read_list(
    sheet: Sheet,
    plan: Plan,
    defaults: Defaults,
    table: Table,
    remembered: Mapping[str, str] | None = None,
    today: str = "",
) -> PriceList:
    """The quotes of a price list by its plan, each article matched, every problem told with row and column.

    Args:
        remembered: article -> material id, as chosen before.
        today: ISO date that validity is held against; "" holds it against none.
    """
    reader = _ListReader(sheet, plan, defaults, today)
    quotes = reader.quotes()
    matches = match_articles([quote.article for _, quote in quotes], table, remembered)
    chosen = {match.article: match for match in matches}
    told: set[str] = set()
    title = reader.title("article")
    for row, quote in quotes:
        match = chosen[quote.article]
        if not match.material and quote.article not in told:
            told.add(quote.article)
            near = f"; the nearest is {match.candidates[0].material}" if match.candidates else ""
            reader.tell(
                "unknown-article", f'"{quote.article[:40]}" fits no one material{near}', row, title, quote.article
            )
    matched = (replace(quote, material=chosen[quote.article].material) for _, quote in quotes)
    done = tuple(_counted_as_priced(quote, unit, table) for quote, unit in zip(matched, reader.units, strict=True))
    reader.check([row for row, _ in quotes], done, plan.rates, table)
    return PriceList(done, tuple(matches), tuple(sorted(reader.problems, key=lambda p: p.row or 0)))


class _ListReader:
    """Turns the rows of one price list into quotes, collecting every problem on the way."""

    def __init__(self, sheet: Sheet, plan: Plan, defaults: Defaults, today: str) -> None:
        self.sheet, self.plan, self.defaults, self.today = sheet, plan, defaults, today
        self.problems: list[Problem] = []
        #: What the smallest quantity of each quote is counted in, where the list says.
        self.units: list[str] = []
        self.of = {c.meaning.key: c for c in reversed(plan.columns) if c.meaning and c.meaning.key != "price"}
        self.prices = [c for c in plan.columns if c.meaning and c.meaning.key == "price"]

    def tell(self, code: str, message: str, row: int | None, column: str = "", value: str = "") -> None:
        self.problems.append(problem(code, message, self.sheet.file, row, column, value))

    def title(self, key: str) -> str:
        return self.of[key].title if key in self.of else key

    def quotes(self) -> list[tuple[int, Quote]]:
        """Each quote with its row; one a price break."""
        for column in self.plan.columns:
            if column.meaning is None and column.title:
                self.tell("unknown-column", f'unknown column "{column.title}"', self.plan.header_row, column.title)
        if "article" not in self.of:
            self.tell("no-name-column", "has no column of articles", self.plan.header_row, "article")
        if not self.prices:
            self.tell("no-price-column", "has no column of prices", self.plan.header_row, "price")
        if "article" not in self.of or not self.prices:
            return []
        found: list[tuple[int, Quote]] = []
        rows = itertools.islice(self.sheet.rows, self.plan.first_row - 1, None)
        for number, cells in enumerate(rows, start=self.plan.first_row):
            if any(map(str.strip, cells)):
                found += [(number, quote) for quote in self._row(number, cells)]
        if not found and not self.problems:
            self.tell("no-rows", "holds no quote", self.plan.first_row)
        return found

    def _text(self, cells: Sequence[str], key: str) -> str:
        column = self.of.get(key)
        return cells[column.position].strip() if column and column.position < len(cells) else ""

    def _number(self, row: int, cells: Sequence[str], key: str, unit: str) -> float | None:
        text = self._text(cells, key)
        if not text:
            return None
        column = self.of[key]
        own = column.meaning.unit if column.meaning and convertible(column.meaning.unit, unit) else unit
        try:
            figure = read_figure(text, own, self.plan.decimal)
        except CellError as error:
            self.tell(error.code, str(error), row, column.title, text)
            return None
        return None if math.isnan(figure.typical) else convert(figure.typical, own, unit)

    def _row(self, row: int, cells: Sequence[str]) -> list[Quote]:
        article = self._text(cells, "article")
        prices = [(c, cells[c.position].strip()) for c in self.prices if c.position < len(cells)]
        if not article:
            if any(text for _, text in prices):
                self.tell("no-name", "has a price and no article", row, self.title("article"))
            return []
        if not any(text for _, text in prices):
            if sum(1 for cell in cells if cell.strip()) > 1:
                self.tell("no-price", f'"{article[:40]}" has no price', row, self.prices[0].title, article)
            return []  # a row of one cell is a heading between groups
        width = self._number(row, cells, "roll_width_cm", "cm")
        if width is not None and width < 20:
            self.tell(
                "implausible", f"{width:g} cm is no width of a roll", row, self.title("roll_width_cm"), str(width)
            )
        quantity, counted = self._quantity(row, cells)
        days = self._number(row, cells, "lead_time_days", "days")
        said = self._text(cells, "incoterm")
        term = next((word for word in _INCOTERMS if re.search(rf"\b{word}\b", said.upper())), "")
        place = self._text(cells, "place") or re.sub(rf"(?i)\b{term}\b", "", said).strip() if term else ""
        base = Quote(
            material=self._text(cells, "material"),
            supplier=self._text(cells, "supplier") or self.defaults.supplier,
            article=article,
            colour=self._text(cells, "colour"),
            currency="",
            price=0.0,
            per="",
            incoterm=term or self.defaults.incoterm,
            place=place or self.defaults.place,
            lead_time_days=days,
            date=self._date(row, cells, "date") or self.defaults.date,
            valid_until=self._date(row, cells, "valid_until") or self.defaults.valid_until,
        )
        found = []
        for column, text in prices:
            quote = self._quote(row, cells, base, column, text, width, quantity) if text else None
            if quote is not None:
                found.append(quote)
                in_title = bool(column.meaning and column.meaning.end)
                self.units.append(_break_unit(column.title) if in_title else counted)
        return found

    def _quantity(self, row: int, cells: Sequence[str]) -> tuple[float, str]:
        """The smallest quantity of a row and what it is counted in, where the cell or its header says."""
        text = self._text(cells, "from_quantity")
        if not text:
            return 0.0, ""
        meaning = self.of["from_quantity"].meaning
        said = re.search(r"[^\W\d_]+\.?\Z", text)
        unit = (_amount_unit(said[0]) if said else "") or _amount_unit(meaning.unit if meaning else "")
        return self._number(row, cells, "from_quantity", unit or "m") or 0.0, unit

    def _quote(
        self,
        row: int,
        cells: Sequence[str],
        base: Quote,
        column: PlannedColumn,
        text: str,
        width: float | None,
        quantity: float,
    ) -> Quote | None:
        assert column.meaning is not None
        unit = column.meaning.price
        in_cell = price_unit(text)
        amount = re.sub(r"[^\d.,'\s\u00a0\u202f+-]+.*\Z", "", re.sub(r"\A\s*(?:[^\d\s-]+\.?\s*)+", "", text)).strip()
        try:
            figure = read_figure(amount or text, "", self.plan.decimal)
        except CellError as error:
            self.tell(error.code, str(error), row, column.title, text)
            return None
        if math.isnan(figure.typical):
            return None
        if figure.typical <= 0:
            self.tell("impossible", f"{text[:40]} is impossible", row, column.title, text)
            return None
        if not self.plan.proven and self.sheet.delimiter and ambiguous(amount):
            self.tell("ambiguous-number", f"{text[:40]} is read as {figure.typical:g}", row, column.title, text)
        per_text = self._text(cells, "per")
        row_unit = price_unit(f"USD/{per_text}") or price_unit(f"USD/{per_text.split('/')[-1]}")
        named = self._text(cells, "currency")
        currency = (
            (in_cell.currency if in_cell else currency_of(text))
            or currency_of(named.upper())
            or (unit.currency if unit else "")
            or self.defaults.currency
        )
        if not currency:
            self.tell("no-currency", f"{text[:40]} names no currency", row, column.title, text)
            return None
        options = (in_cell, row_unit, unit)
        per = next((option.per for option in options if option and option.per), "") or self.defaults.per
        if not per:
            self.tell("unknown-unit", f"{text[:40]} is per nothing that is named", row, column.title, text)
            return None
        wide = width or (unit.width_cm if unit else None) or self.defaults.roll_width_cm or self.plan.width_cm
        start = float(column.meaning.end) if column.meaning.end else quantity
        return replace(base, currency=currency, price=figure.typical, per=per, roll_width_cm=wide, from_quantity=start)

    def _date(self, row: int, cells: Sequence[str], key: str) -> str:
        text = self._text(cells, key)
        if not text:
            return ""
        found, sure = _date(text)
        if not sure:
            shown = f"is read as {found}" if found else "is no date"
            self.tell("bad-date", f"{text.removeprefix(DATE_MARK)[:20]} {shown}", row, self.title(key), text)
        return found

    def check(self, rows: Sequence[int], quotes: Sequence[Quote], rates: Mapping[str, Rate], table: Table) -> None:
        """Doubts that take more than one cell to see."""
        seen: dict[tuple[object, ...], int] = {}
        breaks: dict[tuple[object, ...], list[tuple[float, float, int]]] = {}
        lacking: set[tuple[str, str]] = set()
        price_title = self.prices[0].title if self.prices else "price"
        titles = {float(c.meaning.end): c.title for c in self.prices if c.meaning and c.meaning.end}
        for row, quote in zip(rows, quotes, strict=True):
            own = (quote.supplier, plain_words(quote.article), plain_words(quote.colour), quote.incoterm, quote.place)
            key = (*own, quote.from_quantity, quote.currency, quote.per)
            if key in seen:
                self.tell(
                    "duplicate-quote", f'"{quote.article[:40]}" is quoted in row {seen[key]} too', row, price_title
                )
            seen.setdefault(key, row)
            breaks.setdefault((*own, quote.currency, quote.per), []).append((quote.from_quantity, quote.price, row))
            if self.today and quote.valid_until and quote.valid_until < self.today:
                title = self.title("valid_until")
                self.tell("expired", f"was valid until {quote.valid_until}", row, title, quote.valid_until)
            _, code = price_per_m2(quote, rates, table)
            if code == "no-rate" and (code, quote.currency) not in lacking:
                lacking.add((code, quote.currency))
                message = f"the prices in {quote.currency} have no exchange rate"
                self.tell(code, message, self.plan.header_row, price_title, quote.currency)
            elif code in ("no-width", "no-mass") and (quote.material or code == "no-width"):
                what = "roll width" if code == "no-width" else "mass"
                self.tell(code, f"the price per {quote.per} lacks a {what}", row, price_title, f"{quote.price:g}")
        for steps in breaks.values():
            for (less, cheap, _), (more, dear, row) in itertools.pairwise(sorted(steps)):
                if more > less and dear > cheap:
                    said = f"{dear:g} from {more:g}, {cheap:g} from {less:g}"
                    self.tell("break-order", said, row, titles.get(more, price_title))


def _date(text: str) -> tuple[str, bool]:
    """A date in ISO 8601 and whether it can be read one way only; "" where it is none."""
    text = text.removeprefix(DATE_MARK).strip()
    for form in _DATE_FORMS:
        try:
            return datetime.datetime.strptime(text, form).replace(tzinfo=datetime.UTC).date().isoformat(), True
        except ValueError:
            continue
    found = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})", text)
    if not found:
        return "", False
    one, two, year = int(found[1]), int(found[2]), int(found[3])
    year += 2000 if year < 100 else 0
    # Day first, as everywhere but in the United States; only a number above 12 settles it.
    day, month = (two, one) if two > 12 >= one else (one, two)
    try:
        return datetime.date(year, month, day).isoformat(), one > 12 or two > 12 or one == two
    except ValueError:
        return "", False


# Next month -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One article at one break whose price moved: the quote before and now, and the change in per cent."""

    before: Quote
    now: Quote
    percent: float


@dataclass(frozen=True)
class Changes:
    """What a new list changed: prices that rose or fell (most first), quotes that came, went or stayed."""

    rose: tuple[Change, ...]
    fell: tuple[Change, ...]
    came: tuple[Quote, ...]
    went: tuple[Quote, ...]
    same: int


def changes(before: Sequence[Quote], now: Sequence[Quote]) -> Changes:
    """Compare two lists, quote by quote: the same supplier, article, colour, break, currency and unit."""
    old = {_identity(quote): quote for quote in before}
    new = {_identity(quote): quote for quote in now}
    moved = [
        Change(old[key], quote, 100 * (quote.price / old[key].price - 1))
        for key, quote in new.items()
        if key in old and quote.price != old[key].price
    ]
    return Changes(
        tuple(sorted((c for c in moved if c.percent > 0), key=lambda c: -c.percent)),
        tuple(sorted((c for c in moved if c.percent < 0), key=lambda c: c.percent)),
        tuple(quote for key, quote in new.items() if key not in old),
        tuple(quote for key, quote in old.items() if key not in new),
        sum(1 for key in new if key in old) - len(moved),
    )


def _identity(quote: Quote) -> tuple[object, ...]:
    names = (plain_words(quote.supplier), plain_words(quote.article), plain_words(quote.colour))
    return (*names, quote.from_quantity, quote.currency, quote.per, quote.incoterm)


# Profiles -------------------------------------------------------------------------------------------------------------


def profile_of(
    name: str, plan: Plan, defaults: Defaults | None = None, matches: Sequence[Match] = (), kind: str = "quotes"
) -> dict[str, Any]:
    """What is to be remembered of an import: columns by header, what holds for the whole list, rates, articles."""
    columns: dict[str, Any] = {}
    for column in plan.columns:
        if column.title:
            columns[column.title] = None if column.meaning is None else _meaning_json(column.meaning)
    document: dict[str, Any] = {
        "format": PROFILE_FORMAT,
        "version": PROFILE_VERSION,
        "kind": kind,
        "name": name,
        "columns": columns,
        "rates": {
            code: {"usd": rate.usd, "date": rate.date, "source": rate.source} for code, rate in plan.rates.items()
        },
    }
    if plan.width_cm:
        document["roll_width_cm"] = plan.width_cm
    if defaults is not None:
        kept = ("supplier", "currency", "per", "roll_width_cm", "incoterm", "place")
        document["defaults"] = {key: getattr(defaults, key) for key in kept if getattr(defaults, key)}
    articles = {match.article: match.material for match in matches if match.material}
    if articles:
        document["articles"] = articles
    return document


def _meaning_json(meaning: Meaning) -> dict[str, Any]:
    found: dict[str, Any] = {"key": meaning.key}
    for key in ("end", "unit", "method"):
        if getattr(meaning, key):
            found[key] = getattr(meaning, key)
    if meaning.price is not None:
        price = meaning.price
        found["price"] = {"currency": price.currency, "per": price.per, "width_cm": price.width_cm}
    return found


def apply_profile(plan: Plan, defaults: Defaults, profile: Mapping[str, Any]) -> tuple[Plan, Defaults]:
    """A plan with a remembered mapping over it: columns by header, rates, and what holds for the whole list."""
    known = {plain_words(title): entry for title, entry in profile.get("columns", {}).items()}
    columns = []
    for column in plan.columns:
        if plain_words(column.title) in known and column.title:
            entry = known[plain_words(column.title)]
            column = replace(column, meaning=None if entry is None else _meaning_of(entry))
        columns.append(column)
    rates = {
        code: Rate(code, rate["usd"], rate["date"], rate.get("source", ""))
        for code, rate in profile.get("rates", {}).items()
    }
    said = {key: value for key, value in asdict(defaults).items() if value}
    merged = Defaults(**{**profile.get("defaults", {}), **said})
    width = profile.get("roll_width_cm") or plan.width_cm
    return replace(plan, columns=tuple(columns), rates={**rates, **plan.rates}, width_cm=width), merged


def _meaning_of(entry: Mapping[str, Any]) -> Meaning:
    price = entry.get("price")
    return Meaning(
        entry["key"],
        entry.get("end", ""),
        entry.get("unit", ""),
        None if price is None else PriceUnit(price["currency"], price["per"], price.get("width_cm")),
        entry.get("method", ""),
        1.0,
        "profile",
    )


def missing_columns(plan: Plan, profile: Mapping[str, Any], file: str) -> tuple[Problem, ...]:
    """Columns a profile uses that a list no longer has."""
    there = {plain_words(column.title) for column in plan.columns}
    return tuple(
        problem("stale-profile", f'has no column "{title}" any more', file, plan.header_row, title)
        for title, entry in profile.get("columns", {}).items()
        if entry is not None and plain_words(title) not in there
    )


def write_profile(path: Path, profile: Mapping[str, Any]) -> None:
    """Write a profile, whole or not at all.

    Raises:
        AdvisorError: the folder is missing or cannot be written to.
    """
    write_whole(path, (json.dumps(profile, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def read_profile(path: Path) -> dict[str, Any]:
    """A remembered import profile.

    Raises:
        AdvisorError: the file cannot be read or is no such profile.
    """
    file = str(path)
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise AdvisorError(problem("cannot-read", f"cannot be read: {error.strerror}", file)) from error
    except (ValueError, RecursionError) as error:
        raise AdvisorError(problem("bad-profile", "is no import profile: not valid JSON", file)) from error
    message = _profile_fault(document)
    if message:
        raise AdvisorError(problem("bad-profile", message, file))
    return dict(document)


def _profile_fault(document: object) -> str:
    """What keeps a document from being a profile, or ""."""
    if not isinstance(document, dict) or document.get("format") != PROFILE_FORMAT:
        return "is no import profile"
    if document.get("version") != PROFILE_VERSION:
        return "is of a version this program does not know"
    columns = document.get("columns", {})
    sound = isinstance(columns, dict) and all(entry is None or _is_meaning(entry) for entry in columns.values())
    rates = document.get("rates", {})
    sound &= isinstance(rates, dict) and all(
        isinstance(rate, dict) and _finite(rate.get("usd")) and rate["usd"] > 0 and isinstance(rate.get("date"), str)
        for rate in rates.values()
    )
    defaults = document.get("defaults", {})
    sound &= isinstance(defaults, dict) and not set(defaults) - {item.name for item in fields(Defaults)}
    articles = document.get("articles", {})
    sound &= isinstance(articles, dict) and all(isinstance(material, str) for material in articles.values())
    return "" if sound else "is a damaged import profile"


def _is_meaning(entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
        return False
    price = entry.get("price")
    return price is None or (isinstance(price, dict) and {"currency", "per"} <= set(price))
