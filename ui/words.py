"""Words: the domain's sentences, names and numbers in the user's language and locale."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from advisor.materials import Table
from advisor.properties import properties
from advisor.sentences import Num, Sentence, say

SCORE_DIGITS: Final = 2
"""Digits of a score, wherever it is printed."""
OVER_SIGN: Final = "•"
"""Stands behind a name, before a figure: one of the user's or of a lab report stands over the table's."""
Span = tuple[int, int]
"""A stretch of a text: start, length."""

#: Private-use signs that fence the numbers of a sentence until it is known where they stand.
_OPEN, _CLOSE = "\ue000", "\ue001"


def number(value: float, decimals: int = 0, signed: bool = False) -> str:
    """A number in the user's locale with a true minus sign; never "-0"."""
    locale = QLocale()
    # Rounded as the command line rounds, so that both show the same figure; adding 0.0 turns -0.0 into 0.0.
    value = float(f"{value:.{decimals}f}") + 0.0
    text = locale.toString(value, "f", decimals)
    if signed and value > 0:
        text = locale.positiveSign() + text
    return text.replace("-", "−")


def words(sentence: Sentence) -> str:
    """A domain sentence, translated, its numbers in the user's locale."""
    return say(sentence, _num, _translate)


def rich(sentence: Sentence) -> tuple[str, tuple[Span, ...]]:
    """A domain sentence as :func:`words` has it, and where its numbers stand."""
    fenced = say(sentence, _fenced, _translate)
    text: list[str] = []
    spans: list[Span] = []
    at = start = 0
    for sign in fenced:
        if sign == _OPEN:
            start = at
        elif sign == _CLOSE:
            spans.append((start, at - start))
        else:
            text.append(sign)
            at += 1
    return "".join(text), tuple(spans)


def score(value: float) -> str:
    """A score, or a part of one."""
    return number(value, SCORE_DIGITS)


def _num(item: Num) -> str:
    return number(item.value, item.decimals, item.signed)


def _fenced(item: Num) -> str:
    return f"{_OPEN}{_num(item)}{_CLOSE}"


def _translate(template: str) -> str:
    return QCoreApplication.translate("sentences", template)


def label(key: str) -> str:
    """A property's full name."""
    return QCoreApplication.translate("properties", properties()[key].label)


def short(key: str) -> str:
    """A property's short name."""
    return QCoreApplication.translate("properties", properties()[key].short)


def description(key: str) -> str:
    """What a property is."""
    return QCoreApplication.translate("properties", properties()[key].description)


def material(table: Table, row: int) -> str:
    """A material's name, with the sign where one of its figures stands over the table's."""
    return f"{table.names[row]} {OVER_SIGN}" if table.ids[row] in table.overlaid else table.names[row]


def unit(key: str) -> str:
    """A property's unit as printed after a figure; "" for grades and ratings."""
    text = properties()[key].unit
    return "" if text in ("grade", "rating") else text


def criterion(key: str) -> str:
    """A criterion's name."""
    return words(Sentence(f"criterion-{key}"))


def group(key: str) -> str:
    """A criterion group's name."""
    return words(Sentence(f"group-{key}"))


def profile(text: str) -> str:
    """A name or reason out of the profiles: product, sector, market, panel, country."""
    return QCoreApplication.translate("profiles", text)


def figure(key: str, value: float) -> str:
    """A property's figure with its unit, or "not known" for a gap."""
    if value != value:
        return QCoreApplication.translate("words", "not known")
    text = number(value, properties()[key].decimals)
    suffix = unit(key)
    if not suffix:
        return text
    return f"{text} {suffix}"
