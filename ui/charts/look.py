"""The window's theme, fonts and language as the plain values charts are drawn with."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from advisor.properties import GROUPS
from ui import words
from ui.charts.style import Speech, Style
from ui.theme import Theme, interface_font


def _translate(context: str, text: str) -> str:
    return QCoreApplication.translate(context, text)


def speech() -> Speech:
    """Words and numbers in the window's language."""
    return Speech(
        _translate, words.number, words.words, words.label, words.short, words.unit, words.figure, words.score
    )


#: Families with scripts the first ones lack, for the names in a user's own table.
_FURTHER = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Malgun Gothic", "Noto Sans Devanagari", "Nirmala UI")


@lru_cache(maxsize=8)
def _known(families: tuple[str, ...]) -> tuple[str, ...]:
    """Those of ``families`` Matplotlib finds, and its own DejaVu Sans behind them (it has every sign charts use)."""
    from matplotlib.font_manager import fontManager

    names = {entry.name for entry in fontManager.ttflist}
    known = [family for family in families if family in names]
    return tuple(dict.fromkeys([*known, "DejaVu Sans", *(family for family in _FURTHER if family in names)]))


def chart_style(look: Theme, mirrored: bool = False) -> Style:
    """The style of charts under a theme; imports Matplotlib for its list of fonts.

    Args:
        mirrored: charts are read from right to left.
    """
    return Style(
        panel=look.panel,
        line=look.line,
        line2=look.line2,
        edge=look.edge,
        ink=look.ink,
        ink2=look.ink2,
        ink3=look.ink3,
        accent=look.accent,
        good=look.good,
        warn=look.warn,
        groups={group: look.token(group) for group in GROUPS},
        fonts=_known(tuple(interface_font().families())),
        speech=speech(),
        dark=look.dark,
        mirrored=mirrored,
    )
