"""Headers: what each column of somebody else's table is by its header, as a plan to confirm and change."""

from __future__ import annotations

import csv
import difflib
import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from advisor.cells import decimal_mark, is_number
from advisor.checks import SHARES, scale_of_method
from advisor.files import shipped
from advisor.properties import properties
from advisor.sheets import Sheet
from advisor.units import (
    PriceUnit,
    Rate,
    convertible,
    currency_of,
    kind_of,
    known_unit,
    like_unit,
    price_unit,
    width_cm,
)

#: From this confidence on a column is taken without asking; below it the meaning is offered, not used.
SURE = 0.88

#: How far down the header is looked for, and how many cells of a column are looked at for its decimal mark.
_HEADER_WITHIN = 12
SAMPLE = 300

#: Letters that are no letter with an accent, as they are written without their keyboard.
_LETTERS = str.maketrans({"ß": "ss", "ı": "i", "İ": "i", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o"})

#: Signs of Chinese keyboards and those of others.
_WIDE_SIGNS = str.maketrans("（）［］，：／％\u3000", "()[],:/% ")

_PRICE = "price_usd_m2"

#: Words of a test beside a property's name.
_TEST_WORDS = frozenset(
    re.findall(r"\w+", "martindale taber wyzenbeek cycles elmendorf tongue trouser trapezoid trapezoidal grab strip")
)
#: Properties that several tests report on, abrasion aside: the header says which.
TESTED = ("tear_strength_n", "tensile_strength_n", "hydrostatic_head_mm", "light_fastness_grade")

#: Words beside a property's name that say which end of it a column holds.
_ENDS = {
    "low": "low lower min minimum von mín mini mínimo mínima minimo أدنى",
    "high": "high upper max maximum bis máx máximo máxima maximo أقصى",
    "typical": "typ typical avg average mean mittel mittelwert media moyenne média medio متوسط value wert",
    "warp": "warp kette urdimbre chaîne chaine urdume teia çözgü osnowa md سداء السداء",
    "weft": "weft fill filling schuss trama trame atkı wątek cd لحمة اللحمة",
}
_PAIRED = ("tensile_strength_n", "tear_strength_n", "yarn_denier")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column may hold.

    Attributes:
        key: property.
        end: ``typical``, ``low``, ``high``, ``warp``, ``weft``, or ``text``.
        unit: unit the figures are written in; "" is the property's own.
        price: currency and length, area or mass of a price column that is not simply USD/m².
        method: test method the header names.
        confidence: 0 to 1; from :data:`SURE` on it is used without asking.
        why: ``name``, ``synonym``, ``similar``, ``unit``, ``profile`` or ``chosen``.
    """

    key: str
    end: str = "typical"
    unit: str = ""
    price: PriceUnit | None = None
    method: str = ""
    confidence: float = 1.0
    why: str = "name"


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    """One column of the file: header as written, meaning (None: left out), what else fits, and its first cells."""

    position: int
    title: str
    meaning: Meaning | None
    alternatives: tuple[Meaning, ...]
    sample: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """What each column will become; shown for confirmation, changed by :meth:`choose`, carried out by :func:`read`.

    Attributes:
        header_row: row of the header as the spreadsheet numbers it; ``first_row`` the first row of figures.
        decimal: decimal mark of the file; ``proven`` whether a figure of the file proves it.
        rates: currency -> dated rate for price columns.
        width_cm: roll width for linear prices where neither header nor column names one.
        without_faults: cells and rows that are errors are left out, and told as such, instead of keeping the table
            from being used.
    """

    header_row: int
    first_row: int
    decimal: str
    proven: bool
    columns: tuple[PlannedColumn, ...]
    rates: Mapping[str, Rate] = field(default_factory=dict)
    width_cm: float | None = None
    without_faults: bool = False

    def choose(self, position: int, meaning: Meaning | None) -> Plan:
        """The plan with one column given another meaning, or left out."""
        chosen = None if meaning is None else replace(meaning, confidence=1.0, why="chosen")
        return replace(
            self,
            columns=tuple(replace(c, meaning=chosen) if c.position == position else c for c in self.columns),
        )


# What a header means --------------------------------------------------------------------------------------------------


def plain_words(text: str) -> str:
    """Words without case, accents and signs: how headers and names are compared."""
    if not text.isascii():
        text = "".join(
            c for c in unicodedata.normalize("NFKD", text.translate(_LETTERS)) if not unicodedata.combining(c)
        )
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


@cache
def synonyms(use: str) -> Mapping[str, tuple[str, ...]]:
    """Header words -> properties they may mean; ``use`` is ``table`` or ``quote``."""
    found: dict[str, list[str]] = {}
    if use == "table":
        for key, item in properties().items():
            for words in (key, item.label, item.short):
                found.setdefault(plain_words(words), []).append(key)
    with shipped("data", "synonyms.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            prefix, _, name = row["property"].rpartition(".")
            if prefix == ("" if use == "table" else use):
                for words in row["synonyms"].split("|"):
                    found.setdefault(plain_words(words), []).append(name)
    return {words: tuple(dict.fromkeys(keys)) for words, keys in found.items()}


@lru_cache(maxsize=4096)
def meanings(title: str, unit: str = "") -> tuple[Meaning, ...]:
    """What a header may mean, best first; ``unit`` is that of a unit row below it."""
    title = title.translate(_WIDE_SIGNS)
    if exact := _exact(title, unit):
        return (exact,)
    name, named_unit = split_unit(title)
    unit = unit or named_unit
    # "Double rubs" ends with a unit and is a name as a whole.
    ways = [(named, unit) for named in _named(name)] or [(named, "") for named in _named(title)]
    found = [m for (keys, end, share), own in ways for key in keys if (m := _fitting(key, end, own, title, share))]
    if not found:
        found = [
            m
            for near in difflib.get_close_matches(plain_words(name), synonyms("table"), 4, 0.78)
            for key in synonyms("table")[near]
            if (m := _fitting(key, "typical", unit, title, _similarity(plain_words(name), near), "similar"))
        ]
    if not found and unit and kind_of(unit):
        found = [
            Meaning(key, "typical", unit, confidence=0.3, why="unit")
            for key, item in properties().items()
            if item.numeric and convertible(unit, item.unit)
        ]
    best: dict[tuple[str, str], Meaning] = {}
    for meaning in sorted(found, key=lambda m: -m.confidence):
        best.setdefault((meaning.key, meaning.end), meaning)
    return tuple(best.values())[:6]


def _similarity(one: str, other: str) -> float:
    return 0.85 * difflib.SequenceMatcher(None, one, other).ratio()


def _exact(title: str, unit: str) -> Meaning | None:
    """A column name of the program, perhaps with ``_low`` or ``_high`` and perhaps in another unit."""
    known = properties()
    bracket = re.fullmatch(r"\s*(.*?)\s*[\[(]\s*(.+?)\s*[\])]\s*", title)
    name, named = (bracket[1], bracket[2]) if bracket else (title.strip(), "")
    name, unit, end = name.casefold(), named or unit, "typical"
    if name not in known:
        for ending in ("_low", "_high"):
            if name.endswith(ending):
                name, end = name.removesuffix(ending), ending[1:]
    if name in known:
        return _fitting(name, end, unit, title, 1.0, "name")
    for key, item in known.items():
        if not item.numeric:
            continue
        for stem in _stems(key):
            rest = name.removeprefix(f"{stem}_")
            if named and name == stem and convertible(unit, item.unit):
                return Meaning(key, end, unit)
            if rest != name and not named and convertible(rest, item.unit):
                return Meaning(key, end, rest)
    return None


@cache
def _stems(key: str) -> tuple[str, ...]:
    """What a key is called before its unit: ``areal_mass_g_m2`` -> ``areal_mass``."""
    parts, item = key.split("_"), properties()[key]
    stems = ["_".join(parts[:cut]) for cut in range(len(parts) - 1, 0, -1)]
    return tuple(stem for stem in stems if convertible(key.removeprefix(f"{stem}_"), item.unit))


def split_unit(title: str) -> tuple[str, str]:
    """A header's words and the unit they end with: "Weight (g/m²)", "Tear, N" and "mass oz/yd2" alike."""
    for bracket in re.finditer(r"[\[(]([^\[\]()]+)[\])]", title):
        if like_unit(bracket[1]) or price_unit(bracket[1]):
            return f"{title[: bracket.start()]} {title[bracket.end() :]}".strip(), bracket[1]
    for cut in re.finditer(r"(?:\s*[,;:/]\s+|\s+|_)(?:in\s+)?", title.strip()):
        name, unit = title.strip()[: cut.start()], title.strip()[cut.end() :]
        if name and unit and like_unit(unit):
            return name, unit.strip("[]() ")
    return title.strip(), ""


def _named(name: str) -> list[tuple[tuple[str, ...], str, float]]:
    """Properties a name may mean with the end it says, and how sure that is."""
    known = synonyms("table")
    without = re.sub(r"[\[(][^\[\]()]*[\])]", " ", name)
    for text in dict.fromkeys((name, without)):
        words = plain_words(text)
        if words in known:
            return [(known[words], "typical", 0.95)]
    words_all = plain_words(name).split()
    for end, said in _ENDS.items():
        end_words = {plain_words(word) for word in said.split()}
        rest = " ".join(word for word in words_all if word not in end_words)
        if len(rest.split()) < len(words_all) and rest in known:
            return [(known[rest], end, 0.92)]
    # "Price EUR/m", "FOB price per linear metre (NGN)": the currency tells what the rest is.
    if currency_of(name):
        price = [words for words in ("price", "preis", "prix", "precio", "preco", "cost", "سعر") if words in words_all]
        if price or price_unit(name):
            return [((_PRICE,), "typical", 0.93)]
    # A method beside the name: "Abrasion (Martindale)", "Tear strength ASTM D2261".
    trimmed = plain_words(re.sub(r"\b(?:astm|iso|din|en|aatcc|jis)\b[\s-]*[a-z]?\s*\d[\d.-]*", " ", without.casefold()))
    trimmed = " ".join(word for word in trimmed.split() if word not in _TEST_WORDS)
    return [(known[trimmed], "typical", 0.9)] if trimmed in known else []


def _fitting(key: str, end: str, unit: str, title: str, share: float, why: str = "synonym") -> Meaning | None:
    """The meaning if the property can be written so; a unit that does not measure it leaves little confidence."""
    item = properties()[key]
    if not item.numeric:
        return (
            Meaning(key, "text", "", confidence=share, why=why) if end == "typical" and not known_unit(unit) else None
        )
    if end in ("warp", "weft") and key not in _PAIRED:
        return None
    method = scale_of_method(title)[1] if key == "abrasion_cycles" and why != "name" else ""
    if key == _PRICE and why != "name" and not (unit and convertible(unit, item.unit)):
        text = f"{title} {unit}"
        price = price_unit(text) or PriceUnit(currency_of(text), _per_of(text), width_cm(text))
        if (price.currency, price.per) == ("USD", "m2"):
            return Meaning(key, end, "", None, confidence=share, why=why)
        return Meaning(key, end, "", price, confidence=share, why=why)
    if unit and not convertible(unit, item.unit):
        if like_unit(unit) or (why == "name" and not re.search(r"\d{3}", unit)):
            return Meaning(key, end, unit, confidence=0.3, why="unit")
        unit = ""
    return Meaning(key, end, unit, None, method, share, why)


def _per_of(text: str) -> str:
    found = price_unit(f"USD {text}") if not currency_of(text) else None
    return found.per if found else ""


# The plan -------------------------------------------------------------------------------------------------------------


def plan(sheet: Sheet) -> Plan:
    """What each column of a sheet will become, by its header alone; nothing is read yet."""
    rows = sheet.rows
    head, below = header_rows(sheet, lambda title, unit: meanings(title, unit))
    titles, units = header_texts(sheet, head, below)
    first = below + 1
    width = len(titles)
    sample = list(itertools.islice(rows, first, first + SAMPLE))
    columns: list[PlannedColumn] = []
    for place, (title, unit) in enumerate(zip(titles, units, strict=True)):
        found = meanings(title, unit) if title else ()
        sure = found[0] if found and found[0].confidence >= SURE else None
        if unit and sure is None and title and not known_unit(unit):
            found = found or meanings(f"{title} {unit}")
            sure = found[0] if found and found[0].confidence >= SURE else None
        cells = tuple(row[place] for row in sample if place < len(row) and row[place].strip())
        if sure is not None and not sheet.delimiter and _fractions(sure, cells):
            sure = replace(sure, unit="fraction")
        columns.append(PlannedColumn(place, title, sure, found, cells[:5]))
    columns = _one_of_each(columns)
    figures = [c.position for c in columns if c.meaning and c.meaning.end != "text"]
    # The rest of the file is looked at column by column; a few hundred rows prove the mark of nearly every file.
    proof = decimal_mark(row[place] for row in sample for place in figures if place < len(row))
    default = proof or ("," if sheet.delimiter == ";" else ".")
    return Plan(head + 1, first + 1, default, bool(proof) or sheet.delimiter in (",", ""), tuple(columns[:width]))


def _fractions(meaning: Meaning, cells: Sequence[str]) -> bool:
    """Whether a workbook's column of shares holds cells formatted as per cent: they arrive as fractions of one."""
    if meaning.key not in SHARES or meaning.unit not in ("", "%") or meaning.why == "name":
        return False
    known = [float(cell) for cell in cells if re.fullmatch(r"\s*\d+(?:\.\d+)?\s*", cell)]
    return bool(known) and max(known) <= 1 and any(0 < value < 1 for value in known)


def header_rows(sheet: Sheet, matches: Callable[[str, str], Sequence[Meaning]]) -> tuple[int, int]:
    """First and last row of the header, from 0: titles above it are passed over, unit and end rows belong to it."""
    rows = sheet.rows

    def known(row: Sequence[str]) -> int:
        found = (matches(cell.strip(), "") for cell in row if cell.strip() and len(cell) < 80)
        return sum(1 for m in found if m and m[0].confidence >= SURE)

    near = [number for number in range(min(len(rows), _HEADER_WITHIN)) if any(cell.strip() for cell in rows[number])]
    # A single cell above a row of several is a title, even where no header below it is known.
    wide = (number for number in near if sum(1 for cell in rows[number] if cell.strip()) > 1)
    head = next(wide, near[0] if near else 0)
    counts = dict.fromkeys(near, 0)
    counts[head] = known(rows[head]) if near else 0
    filled = sum(1 for cell in rows[head] if cell.strip()) if rows else 0
    if counts[head] * 2 < filled or counts[head] < 2:
        counts = {number: known(rows[number]) for number in near}
        best = max(counts.values(), default=0)
        head = next((number for number in near if counts[number] * 2 >= best and counts[number] > 1), head)
    below = head
    while below + 1 < len(rows) and below < head + 2 and _continues(sheet, head, below + 1, matches):
        below += 1
    return head, below


def _continues(sheet: Sheet, head: int, row: int, matches: Callable[[str, str], Sequence[Meaning]]) -> bool:
    """Whether a row belongs to the header above it: units, ends, or the lower half of merged cells."""
    top, cells = sheet.rows[head], sheet.rows[row]
    said = [(place, cell.strip()) for place, cell in enumerate(cells) if cell.strip()]
    if not said or any(is_number(cell) for _, cell in said):
        return False
    spans = _spans(sheet, head)
    units = 0
    strange = 0
    for place, cell in said:
        unit_like = known_unit(cell.strip("[]()")) or price_unit(cell) is not None or _end_of(cell) != ""
        units += unit_like
        blank_above = place < len(top) and not top[place].strip()
        named = matches(cell, "") and matches(cell, "")[0].confidence >= SURE
        if not (unit_like or cell in ("-", "–", "—") or ((place in spans or blank_above) and named)):
            strange += 1
    # In a row of units one may be spelt as nobody knows; a row of a cloth's words is not one.
    if strange * 6 > units:
        return False
    return units > 0 or any(place in spans for place, _ in said)


def _end_of(cell: str) -> str:
    words = set(plain_words(re.sub(r"[\[(].*", "", cell)).split()) or {plain_words(cell)}
    for end, said in _ENDS.items():
        if words & {plain_words(word) for word in said.split()}:
            rest = words - {plain_words(word) for word in said.split()}
            return end if all(known_unit(word) for word in rest) else ""
    return ""


def _spans(sheet: Sheet, head: int) -> dict[int, str]:
    """Column -> text of the merged header cell that covers it, for cells merged over several columns."""
    return {
        column: sheet.rows[top][left].strip()
        for top, left, bottom, right in sheet.merged
        if top <= head <= bottom and right > left and top < len(sheet.rows) and left < len(sheet.rows[top])
        for column in range(left, right + 1)
    }


def header_texts(sheet: Sheet, head: int, below: int) -> tuple[list[str], list[str]]:
    """Each column's title and the unit a unit row gives it ("" without one)."""
    width = max(len(sheet.rows[number]) for number in range(head, below + 1)) if sheet.rows else 0
    if sheet.delimiter == "" and below + 1 < len(sheet.rows):
        width = max(width, len(sheet.rows[below + 1]))
    titles, units = [""] * width, [""] * width
    spans = _spans(sheet, head)
    for number in range(head, below + 1):
        # "Flächen-" over "gewicht" is one word that found no room.
        cells = [re.sub(r"(?<=\w)[-\u00ad]\s*\n\s*(?=[^\W\d_])", "", cell.strip()) for cell in sheet.rows[number]]
        last = ""
        for place in range(width):
            cell = cells[place] if place < len(cells) else ""
            if number == head:
                span = spans.get(place, "")
                follows = not cell and not span and below > head and _has_end(sheet, place, head, below)
                titles[place] = span or cell or (last if follows else "")
                last = titles[place] or last
            elif not cell or cell in ("-", "–", "—"):
                continue
            elif known_unit(cell.strip("[]()")) or (price_unit(cell) and titles[place]):
                units[place] = cell.strip("[]()")
            elif _end_of(cell) or not (found := meanings(cell)) or found[0].confidence < SURE:
                titles[place] = f"{titles[place]} {cell}".strip()
            else:
                titles[place] = cell
    while titles and not titles[-1] and not any(place_filled(sheet, len(titles) - 1, below + 1)):
        titles.pop()
        units.pop()
    return titles, units


def place_filled(sheet: Sheet, place: int, first: int) -> list[bool]:
    """Whether the first rows hold anything in a column."""
    return [bool(row[place].strip()) for row in sheet.rows[first : first + SAMPLE] if place < len(row)]


def _has_end(sheet: Sheet, place: int, head: int, below: int) -> bool:
    cells = [sheet.rows[n][place] for n in range(head + 1, below + 1) if place < len(sheet.rows[n])]
    return any(_end_of(cell) for cell in cells)


def _one_of_each(columns: Sequence[PlannedColumn]) -> list[PlannedColumn]:
    """Of several columns guessed to hold the same words, the surest stays and another becomes what else it may be.

    "Material" names the cloth, and beside a column of names it is the fibre. Double figures are left to be told.
    """
    best: dict[str, PlannedColumn] = {}
    for column in columns:
        if (meaning := column.meaning) and meaning.end == "text":
            other = best.get(meaning.key)
            if other is None or (other.meaning and meaning.confidence > other.meaning.confidence):
                best[meaning.key] = column
    found = []
    for column in columns:
        meaning = column.meaning
        if meaning and meaning.end == "text" and best[meaning.key] is not column and meaning.why != "name":
            others = (m for m in column.alternatives if m.end == "text" and m.confidence >= SURE and m.key not in best)
            meaning = next(others, None)
            column = replace(column, meaning=meaning)
            if meaning is not None:
                best[meaning.key] = column
        found.append(column)
    return found


def column_letters(position: int) -> str:
    """A column as spreadsheets name it: 0 is A, 26 is AA."""
    name, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
