"""Words: the domain's sentences, names and numbers in the user's language and locale."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from advisor.properties import properties
from advisor.sentences import Num, Sentence, say


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


def _num(item: Num) -> str:
    return number(item.value, item.decimals, item.signed)


def _translate(template: str) -> str:
    return QCoreApplication.translate("sentences", template)


def label(key: str) -> str:
    """A property's full name."""
    return QCoreApplication.translate("properties", properties()[key].label)


def short(key: str) -> str:
    """A property's short name."""
    return QCoreApplication.translate("properties", properties()[key].short)


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


def figure(key: str, value: float) -> str:
    """A property's figure with its unit, or "not known" for a gap."""
    if value != value:
        return QCoreApplication.translate("words", "not known")
    text = number(value, properties()[key].decimals)
    suffix = unit(key)
    if not suffix:
        return text
    return f"{text} {suffix}"
