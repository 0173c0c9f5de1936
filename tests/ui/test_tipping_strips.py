"""Strips of the sliders whose demands bend: who leads where, in the strip, by the pointer and by the keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, Climate, Limit
from advisor.materials import bundled
from advisor.properties import CRITERIA
from advisor.tipping import leaders, stability, tipping_of_slider
from ui import tipping_strips, words
from ui.brief_panel import BriefPanel
from ui.priority_section import PrioritySlider
from ui.session import Session
from ui.sliders import PairSlider, ValueSlider
from ui.theme import TARGET, theme
from ui.tipping_strips import leads_here, stretch_words

NAMES = {
    "Warmth": "mean_c",
    "Humidity": "relative_humidity_pct",
    "Quantity": "order_quantity",
    "Rain": "wettest_month_mm",
}


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(bundled(), Brief(product="mini-hike-daypack", climate=Climate(place="Lagos")))
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> BriefPanel:
    made = BriefPanel(session, theme("light"))
    qtbot.addWidget(made)
    made.resize(262, 700)
    made.show()
    return made


def slider(panel: BriefPanel, name: str) -> ValueSlider:
    found = [one for one in panel.findChildren(ValueSlider) if one.accessibleName() == name]
    return next(one for one in found if not isinstance(one.parent(), PrioritySlider))


@pytest.mark.parametrize("name", NAMES)
def test_the_strip_is_who_leads_along_the_slider(panel, session, name):
    session.ascertain()
    answer = session.answer
    along = tipping_of_slider(answer.table, answer.brief, NAMES[name])
    expected = [(low, high, leads_here(answer.table.names[row])) for low, high, row in along]
    strip = slider(panel, name)
    assert list(strip.strip()) == expected and strip.height() == TARGET
    assert strip.strip_text_at(strip.value()) == leads_here(answer.table.names[int(answer.ranking.order[0])])


def test_a_stretch_is_said_with_the_end_it_has():
    segment = (7.42, 10.0, "Canvas leads here")
    assert stretch_words(segment, (0, 10)) == "Above 7.42: Canvas leads here"
    assert stretch_words((0.0, 3.0, "B"), (0, 10), "mm") == "Below 3 mm: B"
    assert stretch_words((3.0, 7.42, "B"), (0, 10), "mm") == "3 to 7.42 mm: B"
    assert stretch_words((0.0, 10.0, "B"), (0, 10)) == "Wherever it stands: B"


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_keys_and_pointer_tell_who_leads_and_how_far_the_first_three_stay(panel, session):
    session.ascertain()
    rows = [row for row in panel.findChildren(PrioritySlider) if row.isVisible()]
    key = next(key for key in CRITERIA if words.criterion(key) == rows[0].slider.accessibleName())
    told = rows[0].slider.told()
    for segment in leaders(session.answer, key):
        stretch = (segment[0], segment[1], leads_here(session.answer.table.names[segment[2]]))
        assert stretch_words(stretch, (0, 10)) in told
    steady = stability(session.answer, key)
    assert steady is not None
    low, high = (words.number(end, 2).rstrip("0").rstrip(".") if end % 1 else words.number(end) for end in steady.first)
    assert f"The first place stays from {low} to {high}." in told
    assert "The first three stay in this order from" in told and "They stay the same three from" in told
    warmth = slider(panel, "Warmth")
    QTest.keyClick(warmth, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    for line in warmth.strip_words():
        assert line in warmth.told()
    assert QToolTip.text() == warmth.told()
    QToolTip.hideText()


def test_the_tip_of_the_price_tells_both_handles(panel, session):
    session.ascertain()
    pair = panel.findChild(PairSlider)
    along = tipping_of_slider(session.answer.table, session.answer.brief, "price_ceiling")
    names = {leads_here(session.answer.table.names[row]) for _, _, row in along if row >= 0}
    assert all(name in pair.toolTip() for name in names) and "Highest price. " in pair.toolTip()
    assert all(name in pair.handles()[1].toolTip() for name in names)


def test_another_answer_empties_the_strips_but_that_of_the_slider_in_hand(panel, session):
    session.ascertain()
    warmth, humidity = slider(panel, "Warmth"), slider(panel, "Humidity")
    warmth._dragging = True
    before = warmth.strip()
    assert before and humidity.strip()
    session.update("sector", sector="education")
    session.flush()
    assert warmth.strip() == before and humidity.strip() == ()
    warmth._dragging = False
    session.ascertain()
    assert humidity.strip()


def test_folded_sliders_and_long_tables_want_nothing(panel, session, monkeypatch):
    session.ascertain()
    assert slider(panel, "Rain").strip()
    wished = session._wishes["tipping"](session.answer, lambda: False)[1]
    assert "life_years" not in wished and "price_target" in wished
    panel._toggle_service()
    session.ascertain()
    assert slider(panel, "Life").strip() or "life_years" in session._wishes["tipping"](session.answer, lambda: False)[1]
    monkeypatch.setattr(tipping_strips, "_LONG", 10)
    session.update("other", order_quantity=700.0)
    session.flush()
    assert "tipping" not in session._wishes and slider(panel, "Rain").strip() == ()


def test_where_nothing_passes_the_strip_says_so(panel, session):
    session.update("none", limits=(Limit(property="areal_mass_g_m2", at_most=1.0),))
    session.ascertain()
    assert slider(panel, "Rain").strip_words() == ["Wherever it stands: nothing passes here"]
