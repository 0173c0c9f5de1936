"""Reasons as the window words them: numbers in the user's locale that are read back and add up to the gap."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.explanation import above_sentence, compare
from advisor.materials import bundled
from advisor.profiles import products
from advisor.properties import CRITERIA
from ui import words


@pytest.fixture(params=["en_US", "de_DE", "fr_FR", "pt_BR", "ar_EG"])
def locale(request: pytest.FixtureRequest) -> Iterator[QLocale]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield QLocale()
    QLocale.setDefault(before)


def figures(text: str, spans: tuple[words.Span, ...], locale: QLocale) -> list[tuple[int, float]]:
    """Where the numbers of a sentence stand, and what they are, read as the locale reads them."""
    found = []
    for start, length in spans:
        shown = text[start : start + length]
        bare = re.sub(r"[^\d,.\u066b\u066c]", "", shown)
        value, good = locale.toDouble(bare)
        assert good, shown
        found.append((start, -value if "−" in shown else value))
    return found


def test_the_numbers_of_1000_reasons_add_up_to_the_gap_in_the_users_locale(locale):
    chance = random.Random(5)
    answers = [
        solve(
            bundled(),
            Brief(
                product=chance.choice(sorted(products())),
                climate=Climate(chance.choice(["Lagos", "Dubai", "Berlin", ""])),
                priorities={key: round(chance.uniform(0, 10), 1) for key in CRITERIA if chance.random() < 0.6},
            ),
        )
        for _ in range(10)
    ]
    for _ in range(1000):
        answer = chance.choice(answers)
        a, b = chance.sample(range(len(answer.table)), 2)
        text, spans = words.rich(above_sentence(answer, compare(answer, a, b)))
        assert text == words.words(above_sentence(answer, compare(answer, a, b)))
        numbers = figures(text, spans, locale)
        exact = round(float(answer.ranking.scores[a] - answer.ranking.scores[b]), 3)
        if "score the same" in text:
            gap, parts = 0.0, numbers
        else:
            gap = numbers[0][1] * (1 if " above " in text[: text.index(":") if ":" in text else None] else -1)
            parts = numbers[1:]
        assert gap == pytest.approx(exact, abs=1e-9)
        total = 0.0
        for start, value in parts:
            rest = text[start:].partition(";")[0]
            if re.search("more criteri(on|a)", rest) and value == int(value) and abs(value) >= 1:
                continue  # how many criteria are summed up
            total += -value if "against it" in rest else value
        assert total == pytest.approx(gap, abs=1e-9), text
