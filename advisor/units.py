"""Units: the spellings people use, told apart by kind and converted by pint to a property's own unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

#: Kind of quantity -> pint expression -> spellings (in the form of ``_key``). Units of a kind convert into each other.
_KINDS: dict[str, dict[str, str]] = {
    "mass per area": {
        "gram/meter**2": "g/m2 gsm g/sqm gr/m2 g/qm g/mq g.m-2 gm-2 gram/m2 grams/m2 غ/م2 غم/م2 جم/م2",
        "kilogram/meter**2": "kg/m2",
        "ounce/yard**2": "oz/yd2 oz/sqyd oz/y2 osy ozyd2 onzas/yd2 unzen/yd2 oz",
    },
    "length": {
        "millimeter": "mm millimeter millimetre mmh2o mmws mmwc mmca mmce mmss mmsw mmwassersäule مم ملم",
        "centimeter": "cm centimeter centimetre cmh2o سم",
        "meter": "m meter metre meters metres mtr mts ml lm م متر",
        "inch": 'in inch inches zoll pulgadas pouces polegadas " ” ″ بوصة',
        "yard": "yd yds yard yards yarda yardas jardas يارد",
        "thou": "mil mils thou",
        "micrometer": "µm μm um micron microns mikron micras",
    },
    "force": {
        "newton": "n newton newtons نيوتن",
        "kilonewton": "kn",
        "decanewton": "dan",
        "kilogram_force": "kgf kp kg kgs كجم",
        "gram_force": "gf",
        "pound_force": "lbf lb lbs lbf/in2in",
    },
    "pressure": {
        "kilopascal": "kpa",
        "pascal": "pa",
        "bar": "bar",
        "millibar": "mbar hpa",
        "psi": "psi lbf/in2 lb/in2",
    },
    "linear density": {
        "denier": "den denier deniers d دنير",
        "decitex": "dtex dtx decitex دسيتكس",
        "tex": "tex تكس",
    },
    "temperature": {
        "degree_Celsius": "c celsius degc grad",
        "degree_Fahrenheit": "f fahrenheit degf",
        "kelvin": "k kelvin",
    },
    "share": {"percent": "% pct percent prozent porcentaje pourcent ٪", "dimensionless": "fraction"},
    # ASTM D737 prints cubic feet a minute through a square foot.
    "air flow": {
        "liter/meter**2/second": "l/m2/s l/m2s l/(m2s) l/m2xs",
        "millimeter/second": "mm/s",
        "foot/minute": "cfm ft3/min/ft2 cfm/ft2",
    },
    "price per area": {"usd/meter**2": "usd/m2 usd/sqm", "usd/yard**2": "usd/yd2 usd/sqyd"},
    "footprint": {
        "kilogram/meter**2": "kgco2e/m2 kgco2/m2 kgco2eq/m2",
        "gram/meter**2": "gco2e/m2 gco2/m2 gco2eq/m2",
    },
    "time": {
        "day": "day days d. tage tag jours jour días dias día dia يوم أيام ايام",
        "week": "week weeks wks wk wochen woche semaines semanas settimane أسبوع أسابيع",
        "month": "month months monat monate mois mes meses شهر أشهر",
        "hour": "h hour hours std stunden heures horas ساعة",
    },
    "cycles": {"dimensionless": "cycles cycle rubs revs rev zyklen touren tours ciclos cycl دورة"},
    "grade": {"dimensionless": "grade grades note grado grau درجة stufe"},
    "rating": {"dimensionless": "rating"},
}

#: Spelling -> (kind, pint expression).
_UNITS: dict[str, tuple[str, str]] = {
    spelling: (kind, expression)
    for kind, expressions in _KINDS.items()
    for expression, spellings in expressions.items()
    for spelling in spellings.split()
}

#: Units of the trade that measure no property here, or need more than a factor; what stands over another unit as one.
_FOREIGN = frozenset(
    re.findall(r"\w+", "momme mommes glm tpi tpm roll rolls rollen rollos rouleaux rolos pcs pieces lots bales")
)
_OVER = frozenset(("g", "gr", "gram", "grams", "kg", "oz", "lb", "lbs"))

#: Currency signs and names -> ISO 4217 code; a bare "$" is the US dollar, as in price lists of the trade.
_CURRENCY_SIGNS = {
    "us$": "USD", "r$": "BRL", "rs.": "INR", "$": "USD", "€": "EUR", "£": "GBP", "₦": "NGN", "₹": "INR", "₺": "TRY",
    "₽": "RUB", "¥": "CNY", "￥": "CNY", "₩": "KRW", "₵": "GHS", "₫": "VND", "euro": "EUR", "rmb": "CNY",
}  # fmt: skip
#: Currency words that stand alone, where one country means one by them; a peso or shilling is several.
_CURRENCY_WORDS = {
    "dollar": "USD", "dollars": "USD", "dólar": "USD", "dólares": "USD", "dolar": "USD", "دولار": "USD", "美元": "USD",
    "euros": "EUR", "يورو": "EUR", "欧元": "EUR", "naira": "NGN", "نايرا": "NGN", "reais": "BRL", "rand": "ZAR",
    "cedi": "GHS", "cedis": "GHS", "yuan": "CNY", "renminbi": "CNY", "元": "CNY", "人民币": "CNY", "lira": "TRY",
    "ريال سعودي": "SAR", "درهم": "AED",
}  # fmt: skip
_CURRENCIES = frozenset(
    re.findall(
        r"\w+",
        """AED AOA ARS AUD BDT BGN BHD BOB BRL BWP CAD CHF CLP CNY COP CRC CZK DKK DOP DZD EGP ETB EUR GBP GHS GTQ HKD
        HNL HUF IDR ILS INR IQD ISK JOD JPY KES KRW KWD LBP LKR LYD MAD MUR MXN MYR MZN NAD NGN NOK NPR NZD OMR PAB
        PEN PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SDG SEK SGD SYP THB TND TRY TWD TZS UAH UGX USD UYU VES VND XAF
        XOF YER ZAR ZMW""",
    )
)

#: What a price may be asked for.
PER = ("m", "yd", "m2", "kg")
_PER_WORDS = {
    "m2": "m2 sqm sq.m qm m² mq م2 平方米 平米",
    "m": "m lm ml rm lfm mb mt mtr mét meter metre metro mètre متر م 米",
    "yd": "yd yds yard yarda yarde jarda verge يارد y 码",
    "yd2": "yd2 sqyd yd²",
    "kg": "kg kilo kgs كجم كغ 公斤 千克",
}
_PER = {word: per for per, words in _PER_WORDS.items() for word in words.split()}


_DIGITS = "0123456789.,"

#: The strip of the tensile test behind a force: "daN/5 cm" is the force at which a strip of 50 mm breaks.
_STRIP = re.compile(r"(.+)/(?:5cm|50mm|5سم|5(?:[.,]0)cm)")


@cache
def _key(text: str) -> str:
    """A unit spelling reduced to what tells it apart: "oz/yd²", "oz/sq yd" and "oz_yd2" are one."""
    word = text.strip().strip("[]()").casefold().replace("²", "2").replace("₂", "2").replace("$", "usd")
    word = re.sub("[°º˚]", "", word).replace("℃", "c").replace("℉", "f").replace("sq.", "sq ").replace("^", "")
    word = re.sub(r"\bsq\s*(yd|m)\b", r"\g<1>2", word)
    word = re.sub(r"\s+(?:per|pro|por|par)\s+", "/", word)
    # A spreadsheet that saves in an old code page writes the lowered two of CO₂ as a question mark.
    word = re.sub(r"[\s·]+", "", word).replace("_co2e", "co2e").replace("co?", "co2")
    if word not in _UNITS and word.replace("_", "/") in _UNITS:
        return word.replace("_", "/")
    if (strip := _STRIP.fullmatch(word)) and _UNITS.get(strip[1], ("",))[0] == "force":
        return strip[1]
    if word.endswith(".") and word not in _UNITS:
        return word.rstrip(".")
    return word


def known_unit(text: str) -> bool:
    """Whether the spelling names a unit."""
    return _key(text) in _UNITS


def like_unit(text: str) -> bool:
    """Whether a text is written as a unit is, known or not: "N/cm", "lbf/in", "kN/m", "momme"."""
    word = _key(text)
    first, _, under = word.partition("/")
    return (
        word in _UNITS or word in _FOREIGN or ((first in _UNITS or first in _OVER) and under.lstrip(_DIGITS) in _UNITS)
    )


def kind_of(text: str) -> str:
    """The kind of quantity a unit measures ("mass per area"), or "" for what is no unit."""
    return _UNITS.get(_key(text), ("", ""))[0]


def convertible(unit: str, to: str) -> bool:
    """Whether a figure in ``unit`` can be turned into ``to``."""
    start, end = _UNITS.get(_key(unit)), _UNITS.get(_key(to))
    if start is None or end is None:
        return False
    return start[0] == end[0] or (start[0] == "pressure" and _key(to) == "mm")


@cache
def _registry() -> Any:
    # Loading pint takes longer than the whole first list: only a foreign unit asks for it.
    import pint

    registry: Any = pint.UnitRegistry()
    registry.define("usd = [us_dollar]")
    return registry


@cache
def scaling(unit: str, to: str) -> tuple[float, float]:
    """Factor and offset that turn figures in ``unit`` into figures in ``to``; a pressure becomes a head where it is mm.

    Raises:
        ValueError: the two units do not measure the same thing.
    """
    if _key(unit) == _key(to):
        return 1.0, 0.0
    if not convertible(unit, to):
        raise ValueError(f"{unit} cannot be turned into {to}")
    (start_kind, start), (end_kind, end) = _UNITS[_key(unit)], _UNITS[_key(to)]
    if start == end:
        return 1.0, 0.0
    if start_kind != end_kind:
        end = "millimeter_H2O"  # 1 mm of water is 9.80665 Pa
    quantity = _registry().Quantity
    zero = float(quantity(0.0, start).to(end).magnitude)
    if start_kind != "temperature":
        return float(quantity(1.0, start).to(end).magnitude), 0.0
    step = float(quantity(1.0, start.replace("degree_", "delta_degree_")).to(end.replace("degree_", "delta_degree_")).m)
    return float(step), zero


def convert(value: float, unit: str, to: str) -> float:
    """``value`` in ``unit`` as a figure in ``to``; a pressure becomes a head of water where ``to`` is mm.

    Raises:
        ValueError: the two units do not measure the same thing.
    """
    factor, offset = scaling(unit, to)
    return value if (factor, offset) == (1.0, 0.0) else value * factor + offset


@dataclass(frozen=True, slots=True)
class PriceUnit:
    """What a price is in: ISO 4217 ``currency``, ``per`` (one of :data:`PER` or ``yd2``), roll width in cm or None."""

    currency: str
    per: str
    width_cm: float | None = None


def currency_of(text: str) -> str:
    """The ISO 4217 code a text names by code or sign, or ""."""
    for word in re.findall(r"[A-Za-z]{3}", re.sub(r"[^A-Za-z]+", " ", text)):
        if word.upper() in _CURRENCIES and (word.isupper() or word.casefold() in ("usd", "eur", "gbp", "cny")):
            return str(word).upper()
    folded = text.casefold()
    signed = next((code for sign, code in _CURRENCY_SIGNS.items() if sign in folded), "")
    # Chinese and Arabic join their words.
    return signed or next(
        (
            code
            for word, code in _CURRENCY_WORDS.items()
            if (re.search(rf"\b{word}\b", folded) if word[0] < "\u0600" else word in folded)
        ),
        "",
    )


def price_unit(text: str) -> PriceUnit | None:
    """Currency and length, area or mass of "EUR/m", "₦ per yd 58 inch" or "US$ / kg"; None where either lacks."""
    currency = currency_of(text)
    if not currency:
        return None
    folded = text.casefold().replace("²", "2")
    width = width_cm(folded)
    rest = re.sub(r"\d+(?:[.,]\d+)?\s*(?:cm|inches|inch|in\b|\"|”|″|zoll)", " ", folded)
    found = re.search(
        r"(?:/|\bper\b|\bpro\b|\bpor\b|\bpar\b|\bje\b|_|\bلكل\b)\s*(?:linear|running|lin\.?|lfd\.?|lfm|sq\.?)?\s*([^\W\d_]+\.?2?)",
        rest,
    )
    if not found:
        return None
    word = found[1].rstrip(".")
    if re.search(r"\bsq\.?\s*" + re.escape(word), rest) and word in ("m", "yd", "yard", "meter", "metre"):
        word = "m2" if word.startswith("m") else "yd2"
    per = _PER.get(word) or _PER.get(word.rstrip("s"))
    return PriceUnit(currency, per, width) if per else None


def width_cm(text: str) -> float | None:
    """The roll width a text names ("58 inch", "150 cm", '58"'), in cm; None where it names none."""
    found = re.search(r"(\d+(?:[.,]\d+)?)\s*(cm|inches|inch|in\b|\"|”|″|zoll)", text.casefold())
    if not found:
        return None
    value = float(found[1].replace(",", "."))
    return value if found[2] == "cm" else value * 2.54


@dataclass(frozen=True, slots=True)
class Rate:
    """A dated exchange rate: US dollars for one unit of ``currency`` on ``date`` (ISO 8601), as the user gave it."""

    currency: str
    usd: float
    date: str
    source: str = ""


def area_factor(per: str) -> float | None:
    """What turns a price by area into a price by m²; None where it is by length or weight."""
    return {"m2": 1.0, "yd2": 1 / (0.9144 * 0.9144)}.get(per)


def length_factor(per: str) -> float | None:
    """What turns a price by length into a price by metre of roll; None where it is by area or weight."""
    return {"m": 1.0, "yd": 1 / 0.9144}.get(per)
