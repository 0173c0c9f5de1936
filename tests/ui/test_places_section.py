"""Several places in the brief panel: added, shared, scored and taken out again, with what each place says."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, Climate, PlaceShare, read_brief
from advisor.materials import bundled
from advisor.several import several
from ui import words
from ui.brief_panel import BriefPanel
from ui.places_section import PlacesSection, _PlaceRow
from ui.session import Session
from ui.sliders import ValueSlider
from ui.theme import theme
from ui.widgets import ElidedLabel, LinkButton

TWO = Climate(places=(PlaceShare("Lagos", 60.0), PlaceShare("Tromsø", 40.0)))


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(bundled(), Brief(product="mini-hike-daypack", climate=Climate(place="Lagos")))
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> BriefPanel:
    found = BriefPanel(session, theme("light"))
    qtbot.addWidget(found)
    found.resize(262, 632)
    found.show()
    return found


def section(panel: BriefPanel) -> PlacesSection:
    return panel.findChild(PlacesSection)


def rows(panel: BriefPanel) -> list[_PlaceRow]:
    return [row for row in section(panel).findChildren(_PlaceRow) if not row.isHidden()]


def add(panel: BriefPanel, session: Session, name: str) -> None:
    link = next(one for one in panel.findChildren(LinkButton) if one.accessibleName() == "Add a place")
    link.click()
    combo = next(one for one in panel.findChildren(QComboBox) if one.accessibleName() == "Another place")
    assert combo.isVisible()
    index = combo.findData(name)
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    session.flush()


def shares(session: Session) -> dict[str, float]:
    return {item.place: item.share for item in session.brief.climate.places}


def test_places_are_added_and_taken_out_with_shares_that_keep_their_sum(panel: BriefPanel, session: Session):
    assert rows(panel) == []
    add(panel, session, "Tromsø")
    assert shares(session) == {"Lagos": 50, "Tromsø": 50} and session.brief.climate.place == ""
    add(panel, session, "Dubai")
    assert sum(shares(session).values()) == 100 and shares(session)["Dubai"] == 33
    assert [row.name.text() for row in rows(panel)] == ["Lagos", "Tromsø", "Dubai"]
    add(panel, session, "Dubai")
    assert len(rows(panel)) == 3
    rows(panel)[1].remove.click()
    session.flush()
    assert list(shares(session)) == ["Lagos", "Dubai"] and sum(shares(session).values()) == 100
    rows(panel)[1].remove.click()
    session.flush()
    assert session.brief.climate == Climate(place="Lagos") and rows(panel) == []
    for _ in range(4):
        session.undo()
        session.flush()
    assert session.brief.climate == Climate(place="Lagos") and not session.undo_label
    session.redo()
    session.flush()
    assert shares(session) == {"Lagos": 50, "Tromsø": 50}


def test_without_a_place_the_first_one_added_is_the_place(panel: BriefPanel, session: Session):
    session.update("none", climate=Climate())
    session.flush()
    add(panel, session, "Dubai")
    assert session.brief.climate == Climate(place="Dubai")


def test_one_share_moved_leaves_the_others_their_proportions_in_one_undo_step(panel: BriefPanel, session: Session):
    places = (PlaceShare("Lagos", 60.0), PlaceShare("Tromsø", 30.0), PlaceShare("Dubai", 10.0))
    session.update("three", climate=Climate(places=places))
    session.flush()
    slider = rows(panel)[0].slider
    for _ in range(20):
        QTest.keyPress(slider, Qt.Key.Key_Left)
        session.flush()
    QTest.keyRelease(slider, Qt.Key.Key_Left)
    assert shares(session) == {"Lagos": 40, "Tromsø": 45, "Dubai": 15}
    assert rows(panel)[1].share.text() == "45 %"
    assert session.undo_label == "Share of Lagos 60 → 40 %"
    session.undo()
    session.flush()
    assert session.brief.climate.places == places
    QTest.keyClick(slider, Qt.Key.Key_End)
    session.flush()
    assert shares(session) == {"Lagos": 100, "Tromsø": 0, "Dubai": 0}
    assert rows(panel)[1].told.text() == "asks nothing: no share of the order"
    QTest.keyClick(slider, Qt.Key.Key_Home)
    session.flush()
    assert shares(session) == {"Lagos": 0, "Tromsø": 50, "Dubai": 50}


def test_the_switch_scores_by_share_and_is_kept_in_the_file(panel: BriefPanel, session: Session, tmp_path):
    session.update("two", climate=TWO)
    session.flush()
    strict = session.answer.ranking.scores.copy()
    combo = next(
        one for one in panel.findChildren(QComboBox) if one.accessibleName() == "How several places are scored"
    )
    index = combo.findData("by-share")
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    session.flush()
    found = several(session.answer)
    assert found is not None and found.by_share
    assert (
        session.answer.ranking.scores == pytest.approx(found.scores) and (session.answer.ranking.scores != strict).any()
    )
    assert session.undo_label == "Places scored by share"
    path = tmp_path / "x.brief.json"
    session.save(path)
    assert read_brief(path) == session.brief
    assert json.loads(path.read_text("utf-8"))["climate"]["scored"] == "by-share"


@pytest.mark.parametrize("scored", ["strictest", "by-share"])
def test_each_place_says_how_the_leader_does_there_and_what_it_would_choose(panel, session, scored):
    session.update("two", climate=Climate(places=TWO.places, scored=scored))
    session.flush()
    found = several(session.answer)
    assert found is not None and found.leader == session.answer.ranking.order[0]
    for row, place in zip(rows(panel), found.places, strict=True):
        met = f"meets {place.answer.met[found.leader]} of {place.answer.asked_count}"
        assert row.told.text().endswith(met)
        if place.first == found.leader:
            assert row.told.text().startswith("leads here too") and row.alone.isHidden()
            continue
        rank = place.answer.ranking.ranks[found.leader]
        behind = words.number(-place.behind(found.leader), 3)
        assert row.told.text() == f"place {rank} here, {behind} · {met}"
        assert row.alone.text() == f"alone: {session.answer.table.names[place.first]}"
        assert "would gain" in row.told.toolTip() and "worst miss" in row.told.toolTip()


def test_a_climate_slider_moved_sets_one_figure_for_all_places(panel: BriefPanel, session: Session):
    session.update("two", climate=TWO)
    session.flush()
    slider = next(one for one in panel.findChildren(ValueSlider) if one.accessibleName() == "Warmth")
    assert slider.accessibleDescription() == "3.4 to 27.4 °C"
    assert "Moving it sets one figure for all of them" in slider.toolTip() and "Lagos: 27.4" in slider.toolTip()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    session.flush()
    given = session.brief.climate.inputs["mean_c"]
    assert session.brief.climate.places == TWO.places
    assert {scene.value("mean_c") for scene in session.answer.conditions()} == {given}
    assert slider.accessibleDescription().endswith("°C, for all")
    assert "each its own" in session.undo_label
    reset = next(one for one in panel.findChildren(LinkButton) if one.accessibleName() == "Reset climate")
    reset.click()
    session.flush()
    assert session.brief.climate == TWO and slider.accessibleDescription() == "3.4 to 27.4 °C"


def test_nothing_passing_and_an_empty_table_are_said(panel: BriefPanel, session: Session):
    from advisor.brief import Limit

    session.update("two", climate=TWO, limits=(Limit(property="areal_mass_g_m2", at_most=1.0),))
    session.flush()
    assert [row.told.text() for row in rows(panel)] == ["nothing passes", "nothing passes"]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_control_is_named_and_big_enough_and_nothing_of_a_line_is_cut(qtbot, session, name, mirrored):
    session.update("two", climate=Climate(places=TWO.places, scored="by-share"))
    session.flush()
    panel = BriefPanel(session, theme(name))
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    qtbot.addWidget(panel)
    panel.resize(262, 900)
    with qtbot.waitExposed(panel):
        panel.show()
    QApplication.processEvents()
    for row in rows(panel):
        for control in (row.slider, row.remove):
            assert control.accessibleName() and control.height() >= 24 and control.width() >= 24
        assert not row.share.elided()
        for label in row.findChildren(ElidedLabel):
            assert label.x() >= 0 and label.geometry().right() <= row.width()
        assert (row.name.x() > row.remove.x()) is mirrored
