"""Sentences: every template can be filled, every code in the program has one, numbers read as people write them."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.sentences import TEMPLATES, Num, Sentence, format_number, say

PACKAGE = Path(__file__).resolve().parents[2] / "advisor"


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_can_be_filled(code):
    names = fields(TEMPLATES[code])
    assert all(name.isidentifier() for name in names)
    text = say(Sentence(code, {name: f"<{name}>" for name in names}))
    assert all(f"<{name}>" in text for name in names)


def test_every_code_the_program_writes_out_has_a_template():
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.glob("*.py")))
    codes = set(re.findall(r'Sentence\(\s*"([a-z0-9-]+)"', source))
    assert len(codes) > 30
    assert codes <= set(TEMPLATES)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Num(1860), "1,860"),
        (Num(0.8, 2), "0.80"),
        (Num(-10), "−10"),
        (Num(-0.001, 2), "0.00"),
        (Num(0.0004, 3, True), "0.000"),
        (Num(0.012, 3, True), "+0.012"),
        (Num(-0.012, 3, True), "−0.012"),
        (Num(1234567.891, 1), "1,234,567.9"),
    ],
)
def test_numbers_are_written_as_people_write_them(number, text):
    assert format_number(number) == text


@given(st.floats(-1e9, 1e9), st.integers(0, 4), st.booleans())
def test_a_written_number_reads_back_to_its_digits(value, decimals, signed):
    text = format_number(Num(value, decimals, signed))
    back = float(text.replace(",", "").replace("−", "-").replace("+", ""))
    assert back == pytest.approx(value, abs=0.5 * 10**-decimals + 1e-6)
    assert ("-" not in text and not text.startswith("−0")) or back != 0


@given(st.text(max_size=30))
def test_a_name_is_put_in_as_it_is_braces_and_all(name):
    assert say(Sentence("alone", {"name": name})) == f"{name} is the only material that passes."


def test_sentences_nest_and_lists_are_joined():
    reasons = (Sentence("reason", {"name": Sentence("criterion-water"), "gap": Num(0.02, 3)}), "price")
    assert say(Sentence("adds", {"reasons": reasons})) == "Water 0.020, price in its favour"


def test_translations_and_number_formats_reach_every_part():
    inner = Sentence("at-place", {"place": "Lagos"})
    sentence = Sentence("cold", {"where": inner, "low": Num(7), "level": Num(-10)})
    german = {
        "{where}, design low {low} °C, 5 K in hand: must flex at {level} °C": "{where}: biegsam bei {level} °C",
        "{place}": "in {place}",
    }
    shown = say(sentence, lambda number: f"{number.value:.1f}".replace(".", ","), lambda text: german.get(text, text))
    assert shown == "in Lagos: biegsam bei -10,0 °C"
