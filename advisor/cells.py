"""Cells: what one cell of a price list or data sheet says: a figure, a range, a minimum, a pair, in any dialect."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from advisor.sheets import DATE_MARK
from advisor.units import convertible, known_unit, scaling

#: What stands for "not known" in figure columns, in lower case.
_BLANK_WORDS = (
    "|–|—|.|..|…|...|?|??|*|/|-|n/a|na|n.a.|n.a|n/d|nd|n.d.|k.a.|k.a|k. a.|s/d|s.d.|s/i|tbc|tbd|tba|"
    "none|null|nil|unknown|not known|ask the mill|on request|unbekannt|auf anfrage|inconnu|inconnue|"
    "non communiqué|sur demande|desconocido|sin dato|a consultar|desconhecido|sem dado|sob consulta|"
    "غير معروف|غير متوفر|عند الطلب"
)
BLANKS = frozenset(_BLANK_WORDS.split("|"))

_MINUS = str.maketrans({"−": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-", "٫": ".", "٬": "'", "’": "'", "＋": "+"})
_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009'](?=\d{3}(?!\d))")
_NUMBER = r"[+-]?(?:\d[\d.,]*|[.,]\d+)(?:e[+-]?\d+)?"
_PLAIN = re.compile(rf"{_NUMBER}\Z")
_APPROXIMATE = re.compile(
    r"(?:approximately|approx\.?|about|abt\.?|around|circa|ca\.?|c\.|etwa|rund|env(?:iron)?\.?|aprox(?:imadamente)?\.?|"
    r"cerca de|حوالي|تقريبا|~|≈|∼)\s*"
)
_AT_LEAST = re.compile(
    r"(?:≥|>=|=>|⩾|>|at least|from|min(?:imum|imo|\.|d\.)?|mín(?:imo|\.)?|mindestens|ab|au moins|à partir de|desde|"
    r"al menos|pelo menos|على الأقل)\s*"
)
_AT_MOST = re.compile(
    r"(?:≤|<=|=<|⩽|<|at most|up to|max(?:imum|imal|imo|\.)?|máx(?:imo|\.)?|höchstens|bis zu|bis|jusqu'à|au plus|hasta|"
    r"até|على الأكثر)\s*"
)
_RANGE = re.compile(
    rf"({_NUMBER})\s*(?:-|–|—|\.\.\.?|…|~|∼|\bto\b|\bbis\b|\bà\b|\ba\b|\baté\b|\bhasta\b|إلى)\s*({_NUMBER})"
)
_PAIR = re.compile(rf"({_NUMBER})\s*(?:/|x|×|\*|:)\s*({_NUMBER})")
_SPREAD = re.compile(rf"({_NUMBER})\s*(?:±|\+/-|\+-)\s*({_NUMBER})\s*(%?)")
_TAIL = re.compile(rf"({_NUMBER})\s*(\+|(?:min|max)(?:imum|\.)?)\Z")
_FORMULA_ERROR = re.compile(r"#(?:n/?a|nv|ref!?|value!?|wert!?|valeur!?|valor!?|div/0!?|name\??|num!?|null!?|bezug!?)")
_THREADS = re.compile(r"\d{2,3}\s*t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its ends in the column's unit; an end that is not said is NaN.

    Attributes:
        form: ``point``, ``about``, ``range``, ``pair`` (warp and weft), ``at-least``, ``at-most`` or ``gap``.
        mixed: the decimal mark is not that of its column.
    """

    typical: float
    low: float = math.nan
    high: float = math.nan
    form: str = "point"
    mixed: bool = False


GAP = Figure(math.nan, form="gap")


class CellError(ValueError):
    """A cell that is no figure; ``code`` is that of the catalogue."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal mark the cells prove, "." or ","; "" where none does.

    A mark that stands once and is not followed by exactly three digits is decimal, and so is the last of two kinds. One
    that stands several times separates thousands, so the other is decimal.
    """
    votes = {".": 0, ",": 0}
    for cell in cells:
        if "." in cell or "," in cell:
            for number in re.findall(r"\d[\d.,]*\d|[.,]\d+", cell):
                mark = _proven_mark(number)
                if mark:
                    votes[mark] += 1
    if votes["."] == votes[","]:
        return ""
    return max(votes, key=lambda mark: votes[mark])


@cache
def _proven_mark(number: str) -> str:
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return "." if number.rfind(".") > number.rfind(",") else ","
    mark, count = (".", points) if points else (",", commas)
    other = "," if mark == "." else "."
    if count > 1:
        return other
    whole, _, part = number.partition(mark)
    return mark if count and (len(part) != 3 or len(whole) > 3 or whole.lstrip("0") == "") else ""


def ambiguous(cell: str) -> bool:
    """Whether a cell holds a number such as 1.234 or 1,234 whose mark could be either."""
    return any(
        ("." in number or "," in number) and not _proven_mark(number) for number in re.findall(r"\d[\d.,]*\d", cell)
    )


def number_of(text: str, decimal: str = ".") -> tuple[float, bool]:
    """A number alone, and whether its decimal mark is another than ``decimal``.

    Raises:
        CellError: it is none, or not finite.
    """
    proven = _proven_mark(text.lstrip("+-").partition("e")[0])
    mark = proven or decimal
    thousands = "," if mark == "." else "."
    whole, _, part = text.partition(mark)
    grouped = rf"[+-]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:e[+-]?\d+)?"
    if thousands in part or (thousands in whole and not re.fullmatch(grouped, whole)):
        raise CellError("not-a-number", f'"{text[:40]}" is not a number')
    try:
        value = float(f"{whole.replace(thousands, '')}.{part}" if part else whole.replace(thousands, ""))
    except ValueError:
        raise CellError("not-a-number", f'"{text[:40]}" is not a number') from None
    if not math.isfinite(value):
        raise CellError("not-a-number", f"{text[:40]} is not a figure")
    return value, bool(proven) and proven != decimal


def is_number(text: str) -> bool:
    """Whether a cell begins as a figure does; a header never does."""
    try:
        return read_figure(text, "").form != "gap"
    except CellError:
        return False


def _plain(text: str) -> str:
    """Digits of any script as 0 to 9, one minus sign, no thousands spaces, lower case."""
    if not text.isascii():
        text = "".join(
            str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() and sign not in "²³¹" else sign
            for sign in text.translate(_MINUS)
        )
    text = _SPACES.sub("", " ".join(text.split()).casefold())
    return f"-{text[2:]}" if text[:2] == "- " and text[2:3].isdigit() else text


def read_figure(text: str, unit: str, decimal: str = ".", yarn: bool = False) -> Figure:
    """The figure of a cell in ``unit`` (a unit written in the cell is converted; "" takes none).

    A range without a middle takes its mean, the geometric one where it spans more than a factor of three. A minimum is
    its own low end, a maximum its own high end; the other end is left to the property's spread. ``yarn`` reads "600D",
    "600D×300D" and "75D/36F" and refuses thread counts such as 210T.

    Raises:
        CellError: it is no figure.
    """
    if text.startswith(DATE_MARK):
        raise CellError("date-cell", f"holds the date {text.removeprefix(DATE_MARK)}, not a figure")
    plain = _plain(text)
    if plain in BLANKS:
        return GAP
    if "٫" in text:
        # The Arabic decimal mark is nothing else.
        decimal = "."
    if _PLAIN.fullmatch(plain):
        value, mixed = number_of(plain, decimal)
        return Figure(value, mixed=mixed)
    if _FORMULA_ERROR.match(plain):
        raise CellError("formula-error", f"holds the spreadsheet error {text[:12]}")
    if yarn:
        if _THREADS.match(plain) and not re.search(r"\d\s*(?:d\b|den|dtex)", plain):
            raise CellError("thread-count", f"{text[:40]} counts threads, it is no denier")
        plain = re.sub(r"/\s*\d+\s*f\b.*", "", plain)
        plain = re.sub(r"(?<=\d)\s*(?:d|den(?:ier)?)\b", "", plain)
    return _compound(plain, text, unit, decimal)


def _compound(plain: str, text: str, unit: str, decimal: str) -> Figure:
    form = "point"
    for pattern, name in ((_APPROXIMATE, "about"), (_AT_LEAST, "at-least"), (_AT_MOST, "at-most")):
        if (found := pattern.match(plain)) and plain[found.end() :]:
            plain, form = plain[found.end() :], name
            break
    plain, scale = (plain, (1.0, 0.0)) if _SPREAD.fullmatch(plain) else _without_unit(plain, text, unit)
    figure = _bare(plain, text, decimal)
    if figure.form != "point":
        form = figure.form
    elif form == "at-least":
        figure = replace(figure, low=figure.typical)
    elif form == "at-most":
        figure = replace(figure, high=figure.typical)
    factor, offset = scale
    if scale != (1.0, 0.0):
        typical, low, high = (end * factor + offset for end in (figure.typical, figure.low, figure.high))
        figure = Figure(typical, low, high, mixed=figure.mixed)
    return replace(figure, form=form)


def _without_unit(plain: str, text: str, unit: str) -> tuple[str, tuple[float, float]]:
    """The cell without the unit at its end, and how to turn its figures into the column's unit."""
    for found in re.finditer(r"(?<=[\d\s.])\s*([^\d\s.,+-]\S*(?:\s\S+)?)\Z", plain):
        word = found[1]
        if word in ("min", "max", "min.", "max.", "minimum", "maximum"):
            break
        if unit and known_unit(word):
            if not convertible(word, unit):
                raise CellError("not-a-number", f'"{text[:40]}" is not in {unit}')
            rest = plain[: found.start()].rstrip()
            # "800 mm - 1,500 mm" names its unit twice.
            return re.sub(rf"(?<=\d)\s*{re.escape(word)}(?=\s*\W)", "", rest), scaling(word, unit)
    return plain, (1.0, 0.0)


def _bare(plain: str, text: str, decimal: str) -> Figure:
    """A figure, range or pair without words around it."""
    if _PLAIN.fullmatch(plain):
        value, mixed = number_of(plain, decimal)
        return Figure(value, mixed=mixed)
    if found := _TAIL.fullmatch(plain):
        value, mixed = number_of(found[1], decimal)
        if found[2].startswith("max"):
            return Figure(value, high=value, form="at-most", mixed=mixed)
        return Figure(value, low=value, form="at-least", mixed=mixed)
    if found := _SPREAD.fullmatch(plain):
        (value, mixed), (part, _) = number_of(found[1], decimal), number_of(found[2], decimal)
        part = abs(value) * part / 100 if found[3] else part
        return Figure(value, value - part, value + part, "range", mixed)
    for pattern, form in ((_RANGE, "range"), (_PAIR, "pair")):
        if found := pattern.fullmatch(plain):
            (one, mixed), (other, too) = number_of(found[1], decimal), number_of(found[2], decimal)
            if form == "range" and one > other:
                raise CellError("range-order", f"the range {text[:40]} falls")
            low, high = min(one, other), max(one, other)
            return Figure(middle(low, high) if form == "range" else (low + high) / 2, low, high, form, mixed or too)
    raise CellError("not-a-number", f'"{text[:40]}" is not a number')


def middle(low: float, high: float) -> float:
    """The typical figure of a range: its mean, the geometric one where it spans more than a factor of three."""
    if low == high:
        return low
    return math.sqrt(low * high) if low > 0 and high > 3 * low else (low + high) / 2
