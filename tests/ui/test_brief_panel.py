"""The brief panel: every control drives the brief through the session, shows what it holds, and undo takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, Climate, Limit, PlaceShare, Service, brief_from_json
from advisor.climate import conditions, find_place, places, plain
from advisor.layers import terms
from advisor.profiles import panels, products, sectors
from advisor.properties import CRITERIA, GROUPS
from advisor.tipping import leaders
from ui import words
from ui.brief_panel import BriefPanel
from ui.climate_section import CLIMATE_ROWS
from ui.limit_dialog import LimitDialog
from ui.priority_section import PrioritySlider
from ui.product_types_dialog import ProductTypesDialog
from ui.session import Session
from ui.sliders import PairSlider, ValueSlider
from ui.theme import TARGET, theme
from ui.widgets import Chip, ElidedLabel, LinkButton, restyle

Key = Qt.Key
# The platform without a screen says so whenever a list pops up.
offscreen_list = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")
NAMES = {
    "wettest_month_mm": "Rain",
    "solar_mj_m2_year": "Sun",
    "relative_humidity_pct": "Humidity",
    "mean_c": "Warmth",
    "hot_month_max_c": "Heat",
    "cold_month_min_c": "Cold",
    "dust_salt": "Dust, salt",
}
LAGOS = Brief(climate=Climate(place="Lagos"), product="kids-mini-backpack", sector="education", market=("GH",))


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(brief=LAGOS)
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> BriefPanel:
    made = BriefPanel(session, theme("light"))
    qtbot.addWidget(made)
    made.resize(262, 632)
    made.show()
    return made


def named(panel: QWidget, kind: type, name: str):
    found = [widget for widget in panel.findChildren(kind) if widget.accessibleName() == name]
    assert len(found) == 1, f"{len(found)} {kind.__name__} named {name!r}"
    return found[0]


def climate_slider(panel: BriefPanel, key: str) -> ValueSlider:
    """The climate section's; a criterion's slider may bear the same name."""
    found = [w for w in panel.findChildren(ValueSlider) if w.accessibleName() == NAMES[key]]
    return next(w for w in found if not isinstance(w.parent(), PrioritySlider))


def criterion(panel: BriefPanel, name: str) -> PrioritySlider:
    return next(w for w in panel.findChildren(PrioritySlider) if w.slider.accessibleName() == name)


def key_of(slider: PrioritySlider) -> str:
    return next(key for key in CRITERIA if words.criterion(key) == slider.slider.accessibleName())


def press(slider: QAbstractSlider, key: Qt.Key, times: int = 1, fine: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if fine else Qt.KeyboardModifier.NoModifier
    for _ in range(times):
        QTest.keyClick(slider, key, modifier)


def pick(combo: QComboBox, key: str) -> None:
    index = combo.findData(key)
    assert index >= 0
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


# --- Use --------------------------------------------------------------------------------------------------------------


def test_combos_set_product_panel_sector_and_market_and_undo_takes_each_back(panel: BriefPanel, session: Session):
    for name, field, key, value in (
        ("Product", "product", "hydration-pack", "hydration-pack"),
        ("Panel", "panel", "base", "base"),
        ("Sector", "sector", "security", "security"),
        ("Sector", "sector", "", ""),
        ("Market", "market", "BR", ("BR",)),
        ("Market", "market", "", ()),
    ):
        before = session.brief
        combo = named(panel, QComboBox, name)
        pick(combo, key)
        session.flush()
        assert getattr(session.brief, field) == value
        assert session.answer.brief == session.brief
        assert name in session.undo_label or session.undo_label.startswith("No ")
        session.undo()
        session.flush()
        assert session.brief == before
        assert combo.currentData() == (before.market[0] if field == "market" else getattr(before, field))


def test_the_list_of_every_combo_is_whole_and_tells_what_each_layer_sets(panel: BriefPanel):
    assert named(panel, QComboBox, "Product").count() == len(products())
    assert named(panel, QComboBox, "Panel").count() == len(panels())
    combo = named(panel, QComboBox, "Sector")
    assert combo.count() == len(sectors()) + 1
    tip = combo.itemData(combo.findData("logistics-field-research"), Qt.ItemDataRole.ToolTipRole)
    assert "Raises by 3: Sun, Abrasion, Tear" in tip or "Raises by 3: Abrasion, Tear, Sun" in tip
    assert "Royal Mail MB44" in tip
    assert sectors()["education"].because.split(":")[0] in combo.toolTip()


def test_the_layers_line_follows_what_is_in_force(panel: BriefPanel, session: Session):
    def line() -> list[str]:
        return [w.text() for w in panel.findChildren(ElidedLabel) if "product" in w.text()]

    assert line() == ["product + sector + market"]
    pick(named(panel, QComboBox, "Sector"), "")
    session.flush()
    assert line() == ["Layers: product + market"]


def test_the_service_life_unfolds_and_drives_the_brief(panel: BriefPanel, session: Session):
    fold = named(panel, LinkButton, "Service life")
    assert not named(panel, ValueSlider, "Life").isVisible()
    fold.click()
    for name, field in (("Life", "life_years"), ("Days", "days_per_year"), ("Outdoors", "outdoor_share")):
        before = session.brief
        slider = named(panel, ValueSlider, name)
        assert slider.isVisible()
        press(slider, Key.Key_PageUp)
        session.flush()
        assert getattr(session.brief.service, field) == getattr(terms(session.brief), field)
        assert getattr(terms(session.brief), field) > getattr(terms(before), field)
        session.undo()
        session.flush()
        assert session.brief == before
    pick(named(panel, QComboBox, "Hottest place the bag lies in"), "dashboard")
    session.flush()
    assert session.answer.terms.heat_case == "dashboard"
    named(panel, LinkButton, "Reset service life").click()
    assert session.brief.service == Service()


# --- Climate ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", CLIMATE_ROWS)
def test_a_climate_slider_sets_its_own_input_and_the_answer_follows(panel: BriefPanel, session: Session, key: str):
    before = session.answer
    slider = climate_slider(panel, key)
    held = before.conditions()[0].value(key)
    assert slider.value() == pytest.approx(held)
    press(slider, Key.Key_PageUp)
    session.flush()
    assert set(session.brief.climate.inputs) == {key}
    now = session.answer.conditions()[0].value(key)
    assert now == session.brief.climate.inputs[key] != held
    assert slider.value() == pytest.approx(now)
    assert slider.accessibleDescription().endswith("set")
    assert re.fullmatch(rf"{NAMES[key]} \S+ → \S+( \S+)?", session.undo_label)
    assert brief_from_json(session.brief.to_json()) == session.brief
    session.undo()
    session.flush()
    assert session.brief == LAGOS
    assert (session.answer.ranking.scores == before.ranking.scores).all()
    assert slider.value() == pytest.approx(held)


@pytest.mark.parametrize("key", CLIMATE_ROWS)
def test_back_on_the_mark_the_override_is_gone(panel: BriefPanel, session: Session, key: str):
    before = session.answer
    slider = climate_slider(panel, key)
    press(slider, Key.Key_Left, 5)
    press(slider, Key.Key_Right, 3)
    session.flush()
    assert session.brief.climate.inputs
    # The mouse snaps to the mark: let go within its reach.
    home = conditions(find_place("Lagos"), {}).value(key)
    moved = slider.position()
    slider.setValue(home)
    at = slider.position()
    slider._place(moved)
    slider._user_place(at + 0.004, snap=True)
    slider._settle()
    session.flush()
    assert session.brief == LAGOS
    assert (session.answer.ranking.scores == before.ranking.scores).all()


def test_one_drag_is_one_undo_step_with_where_it_came_from(panel: BriefPanel, session: Session):
    slider = climate_slider(panel, "wettest_month_mm")
    y = slider.height() // 2
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, y))
    for x in range(slider.width() // 2, 12, -3):
        QTest.mouseMove(slider, QPoint(x, y))
        session.flush()
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(12, y))
    assert session.undo_label.startswith("Rain 434 → ")
    assert session.undo_label.endswith(" mm")
    QTest.keyClick(slider, Key.Key_Right)
    assert not session.undo_label.startswith("Rain 434 ")  # the next change is a step of its own
    session.undo()
    session.undo()
    assert session.brief == LAGOS


@offscreen_list
def test_a_place_is_found_from_any_part_of_its_name_without_accents(panel: BriefPanel, session: Session, qtbot: QtBot):
    combo = named(panel, QComboBox, "Place")
    edit = combo.lineEdit()
    assert edit.text() == "Lagos, Nigeria"
    accented = next(place for place in places().values() if not place.name.isascii())
    for typed, name in (("NAIR", "Nairobi"), (plain(accented.name), accented.name)):
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, typed)
        completer = combo.completer()
        completer.setCompletionPrefix(edit.text())
        shown = [
            completer.completionModel().index(row, 0).data(Qt.ItemDataRole.DisplayRole)
            for row in range(completer.completionCount())
        ]
        assert any(text.startswith(name) for text in shown)
        completer.popup().hide()
        QTest.keyClick(edit, Key.Key_Return)
        session.flush()
        assert session.brief.climate == Climate(place=name)
        assert session.undo_label == f"Place {name}"
        assert edit.text().startswith(name)


@offscreen_list
def test_words_that_name_no_place_leave_the_place(panel: BriefPanel, session: Session):
    edit: QLineEdit = named(panel, QComboBox, "Place").lineEdit()
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "qqqq")
    QTest.keyClick(edit, Key.Key_Return)
    assert session.brief == LAGOS
    assert edit.text() == "Lagos, Nigeria"


def test_without_a_place_the_sliders_stand_in_the_middle_and_nothing_is_estimated(panel: BriefPanel, session: Session):
    pick(named(panel, QComboBox, "Place"), "")
    session.flush()
    assert session.brief.climate == Climate()
    for key in CLIMATE_ROWS:
        slider = climate_slider(panel, key)
        assert slider.value() == pytest.approx(session.answer.conditions()[0].value(key))
        assert "est." not in slider.accessibleDescription()
    slider = climate_slider(panel, "dust_salt")
    press(slider, Key.Key_Right)
    press(slider, Key.Key_Left)
    assert session.brief.climate == Climate()


def test_a_new_place_sets_every_input_and_the_same_place_again_none(panel: BriefPanel, session: Session):
    press(climate_slider(panel, "dust_salt"), Key.Key_Right, 10)
    session.flush()
    held = session.brief
    combo = named(panel, QComboBox, "Place")
    pick(combo, "Lagos")
    assert session.brief == held
    pick(combo, "Nairobi")
    assert session.brief.climate == Climate(place="Nairobi")


def test_estimates_say_so_and_clips_are_told(panel: BriefPanel, session: Session):
    assert climate_slider(panel, "relative_humidity_pct").accessibleDescription().endswith("est.")
    assert climate_slider(panel, "wettest_month_mm").accessibleDescription() == "434 mm/month"
    session.update("dry", climate=Climate(place="Lagos", inputs={"wettest_month_mm": 0.0}))
    session.flush()
    clips = [demand for demand in session.answer.demands if demand.clip is not None]
    assert any(demand.property == "hydrostatic_head_mm" for demand in clips)
    assert "Clipped: " in climate_slider(panel, "wettest_month_mm").toolTip()
    assert "Warmer air dries faster" in climate_slider(panel, "mean_c").toolTip() or not any(
        demand.notes for demand in session.answer.demands
    )


def test_temperatures_keep_their_order_so_that_the_brief_can_be_read_again(panel: BriefPanel, session: Session):
    press(climate_slider(panel, "hot_month_max_c"), Key.Key_Home)
    press(climate_slider(panel, "cold_month_min_c"), Key.Key_Home)
    press(climate_slider(panel, "mean_c"), Key.Key_Home)
    session.flush()
    scene = session.answer.conditions()[0]
    assert scene.value("cold_month_min_c") <= scene.value("mean_c") <= scene.value("hot_month_max_c")
    assert brief_from_json(session.brief.to_json()) == session.brief
    assert climate_slider(panel, "mean_c").value() == pytest.approx(scene.value("mean_c"))


def test_the_reset_link_stands_only_where_something_is_set_by_hand(panel: BriefPanel, session: Session):
    link = named(panel, LinkButton, "Reset climate")
    assert not link.isVisible()
    press(climate_slider(panel, "dust_salt"), Key.Key_Right, 10)
    session.flush()
    assert link.isVisible()
    link.click()
    session.flush()
    assert session.brief == LAGOS
    assert not link.isVisible()


def test_several_places_are_named_and_a_choice_replaces_them(panel: BriefPanel, session: Session):
    session.update("two", climate=Climate(places=(PlaceShare("Accra"), PlaceShare("Nairobi"))))
    session.flush()
    combo = named(panel, QComboBox, "Place")
    assert combo.lineEdit().text() == "2 places"
    pick(combo, "Accra")
    assert session.brief.climate == Climate(place="Accra")


# --- Budget -----------------------------------------------------------------------------------------------------------


def test_the_two_price_handles_set_target_and_ceiling(panel: BriefPanel, session: Session):
    before = terms(session.brief)
    low, high = named(panel, PairSlider, "Price of the cloth").handles()
    press(high, Key.Key_PageUp)
    session.flush()
    assert session.brief.price.target == before.price_target
    assert session.brief.price.ceiling == session.answer.terms.price_ceiling > before.price_ceiling
    assert session.undo_label.startswith("Highest price 4.5 → ")
    press(low, Key.Key_PageDown)
    session.flush()
    assert session.answer.terms.price_target < before.price_target
    assert session.undo_label.startswith("Price to aim at 0.85 → ")
    session.undo()
    session.undo()
    session.flush()
    assert session.brief == LAGOS
    assert named(panel, PairSlider, "Price of the cloth").values() == pytest.approx((0.85, 4.5))


def test_the_quantity_runs_from_50_to_50000_and_its_mark_is_the_product_s(panel: BriefPanel, session: Session):
    slider = named(panel, ValueSlider, "Quantity")
    press(slider, Key.Key_End)
    session.flush()
    assert session.brief.order_quantity == 50_000
    press(slider, Key.Key_Home)
    session.flush()
    assert session.brief.order_quantity == 50
    named(panel, LinkButton, "Reset budget").click()
    session.flush()
    assert session.brief == LAGOS
    press(slider, Key.Key_Right)
    press(slider, Key.Key_Left)
    assert session.brief == LAGOS


def test_a_ceiling_beyond_the_slider_stays_when_the_target_moves(panel: BriefPanel, session: Session):
    session.update("dear", price=replace(session.brief.price, target=5.0, ceiling=60.0))
    session.flush()
    low, _ = named(panel, PairSlider, "Price of the cloth").handles()
    press(low, Key.Key_Left, 5)
    assert session.brief.price.ceiling == 60.0


# --- Limits -----------------------------------------------------------------------------------------------------------


def open_dialog(panel: BriefPanel) -> LimitDialog:
    named(panel, LinkButton, "Add a limit").click()
    return panel.findChild(LimitDialog)


def chips(panel: BriefPanel) -> list[str]:
    return [chip.text() for chip in panel.findChildren(Chip) if not chip.isHidden()]


def test_a_limit_is_counted_before_it_is_added_and_taken_away_by_its_cross(panel: BriefPanel, session: Session):
    dialog = open_dialog(panel)
    pick(named(dialog, QComboBox, "Property"), "areal_mass_g_m2")
    dialog._value.setValue(200)
    would = dialog.would_pass()
    assert would is not None and would < session.answer.ranking.passing
    said = dialog._count.accessibleName().splitlines()
    assert said[0] == f"{would} of {len(session.table)} would pass; {session.answer.ranking.passing} do now."
    named(dialog, QAbstractButton, "Add").click()
    session.flush()
    assert session.brief.limits == (Limit(property="areal_mass_g_m2", at_most=200),)
    assert session.answer.ranking.passing == would
    assert session.undo_label == "Must have Mass ≤ 200 g/m²"
    assert f"{would} of {len(session.table)} pass" in [w.text() for w in panel.findChildren(ElidedLabel)]
    QApplication.processEvents()
    chip = named(panel, Chip, "Mass ≤ 200 g/m²")
    QTest.keyClick(chip, Key.Key_Delete)
    session.flush()
    assert session.brief == LAGOS
    assert "Mass ≤ 200 g/m²" not in chips(panel)
    session.undo()
    session.flush()
    assert "Mass ≤ 200 g/m²" in chips(panel)


def test_who_is_just_out_and_who_would_be_first_move_with_the_level(panel: BriefPanel, session: Session):
    dialog = open_dialog(panel)
    pick(named(dialog, QComboBox, "Property"), "areal_mass_g_m2")
    handle = named(dialog, ValueSlider, "Level along the materials")
    dialog._value.setValue(200)
    before = dialog._count.text()
    QTest.keyClick(handle, Key.Key_Right)
    assert dialog._value.value() > 200 and dialog._count.text() != before
    dialog._value.setValue(200)
    assert dialog._count.text() == before
    limit = dialog.limit()
    heading = before.splitlines().index("Out by this limit alone, nearest first:")
    near = before.splitlines()[heading + 1]
    session.update("limit", limits=(limit,))
    session.flush()
    answer, column = session.answer, session.table.column("areal_mass_g_m2")
    assert f"First would be {session.table.names[answer.ranking.order[0]]}." in before
    number = answer.screen.limits.index(limit)
    alone = [
        row
        for row in range(len(session.table))
        if answer.screen.fails[row].sum() == 1 and answer.screen.fails[row, number]
    ]
    nearest = min(alone, key=lambda row: session.table.low[row, column])
    off = session.table.low[nearest, column] - 200
    assert near == f"{session.table.names[nearest]}: {off:.0f} g/m² over"


def test_certificates_and_families_are_limits_too(panel: BriefPanel, session: Session):
    dialog = open_dialog(panel)
    dialog._kind.setCurrentIndex(1)
    named(dialog, QComboBox, "Certificate").setCurrentText("GRS")
    assert dialog.limit() == Limit(certificate="GRS")
    dialog._kind.setCurrentIndex(2)
    assert dialog.limit() is None
    assert not named(dialog, QAbstractButton, "Add").isEnabled()
    item = next(item for item in dialog._family_items() if item.text() == "nylon")
    item.setCheckState(Qt.CheckState.Checked)
    named(dialog, QAbstractButton, "Add").click()
    session.flush()
    assert session.brief.limits == (Limit(family=("nylon",)),)
    assert "nylon" in chips(panel)


def test_pressing_a_limit_changes_it_in_its_place(panel: BriefPanel, session: Session):
    first, second = Limit(property="areal_mass_g_m2", at_most=300.0), Limit(certificate="GRS")
    session.update("two", limits=(first, second))
    session.flush()
    QTest.keyClick(named(panel, Chip, "Mass ≤ 300 g/m²"), Key.Key_Return)
    dialog = panel.findChild(LimitDialog)
    assert dialog.limit() == first
    dialog._judge.setCurrentIndex(1)
    named(dialog, QAbstractButton, "Change").click()
    session.flush()
    assert session.brief.limits == (replace(first, judge="always"), second)
    assert "Mass ≤ 300 g/m², always" in chips(panel)


def test_cancel_adds_nothing(panel: BriefPanel, session: Session):
    named(open_dialog(panel), QAbstractButton, "Cancel").click()
    assert session.brief == LAGOS


def test_limits_of_layers_are_chips_without_a_cross(panel: BriefPanel, session: Session):
    chip = named(panel, Chip, "Head ≥ 400 mm")
    QTest.keyClick(chip, Key.Key_Delete)
    assert session.brief == LAGOS
    assert "product" in chip.toolTip()


# --- Priorities -------------------------------------------------------------------------------------------------------


def unfold(panel: BriefPanel) -> None:
    named(panel, LinkButton, "11 more in six groups ▾").click()


def test_the_five_heaviest_are_shown_until_the_six_groups_unfold(panel: BriefPanel, session: Session):
    def shown() -> int:
        return sum(w.isVisible() for w in panel.findChildren(PrioritySlider))

    assert shown() == 5
    weights = session.answer.terms.weights()
    seen = {key_of(w) for w in panel.findChildren(PrioritySlider) if w.isVisible()}
    assert min(weights[key] for key in seen) >= max(weights[key] for key in set(CRITERIA) - seen) - 1e-12
    unfold(panel)
    assert shown() == 16
    header = named(panel, QAbstractButton, "Protection")
    assert header.accessibleDescription() == f"{100 * sum(weights[key] for key in GROUPS['protection']):.0f} %"
    header.click()
    assert shown() == 11
    named(panel, LinkButton, "the 5 heaviest only ▴").click()
    assert shown() == 5


def test_every_priority_slider_sets_its_priority_and_undo_restores(panel: BriefPanel, session: Session):
    unfold(panel)
    for slider in panel.findChildren(PrioritySlider):
        before, key = session.brief, key_of(slider)
        press(slider.slider, Key.Key_PageDown)
        session.flush()
        level = session.brief.priorities[key]
        assert level == pytest.approx(terms(before).priorities[key] - 1)
        assert slider.value() == pytest.approx(level)
        share = session.answer.terms.weights()[key]
        assert slider.slider.accessibleDescription() == f"{100 * share:.0f} %"
        assert session.undo_label.startswith(slider.slider.accessibleName())
        session.undo()
        session.flush()
        assert session.brief == before


def test_a_priority_back_on_its_mark_is_the_layers_again(panel: BriefPanel, session: Session):
    slider = criterion(panel, "Abrasion").slider
    press(slider, Key.Key_Left, 7)
    assert session.brief.priorities
    press(slider, Key.Key_Right, 7)
    assert session.brief == LAGOS


def test_a_lock_holds_its_share_while_others_move(panel: BriefPanel, session: Session):
    unfold(panel)
    named(panel, QAbstractButton, "Hold the share of Price").click()
    session.flush()
    assert session.brief.locks == ("price",)
    share = session.answer.terms.weights()["price"]
    for name, key in (("Water", Key.Key_End), ("Sun", Key.Key_Home), ("Recycled", Key.Key_End)):
        press(criterion(panel, name).slider, key)
        session.flush()
        assert session.answer.terms.weights()["price"] == pytest.approx(share, abs=1e-12)
        assert max(session.answer.terms.priorities.values()) <= 10
    named(panel, LinkButton, "Reset priorities").click()
    session.flush()
    assert session.brief == LAGOS


def test_strips_name_who_leads_and_today_s_first_at_the_handle(panel: BriefPanel, session: Session):
    unfold(panel)
    first = session.answer.table.names[int(session.answer.ranking.order[0])]
    for slider in panel.findChildren(PrioritySlider):
        for low, high, row in leaders(session.answer, key_of(slider)):
            assert slider.slider.strip_text_at((low + high) / 2) == f"{session.answer.table.names[row]} leads here"
        assert slider.slider.strip_text_at(slider.value()) == f"{first} leads here"


def test_the_five_stay_put_under_the_hand_and_follow_a_new_layer(panel: BriefPanel, session: Session):
    def seen() -> set[str]:
        return {key_of(w) for w in panel.findChildren(PrioritySlider) if w.isVisible()}

    held = seen()
    press(criterion(panel, "Abrasion").slider, Key.Key_Home)
    session.flush()
    assert seen() == held
    session.update("other", priorities=dict.fromkeys(CRITERIA, 1.0) | {"price": 9.0, "recycled": 8.0})
    session.flush()
    assert {"price", "recycled"} <= seen()


# --- The whole --------------------------------------------------------------------------------------------------------


def test_showing_an_answer_changes_nothing(panel: BriefPanel, session: Session):
    for brief in (Brief(), replace(LAGOS, locks=("water",), priorities={"water": 9.5}), LAGOS):
        session.edit(brief, "another")
        session.flush()
        panel.show_answer(session.answer)
        assert session.brief is brief
        assert not session.working or session.brief == session.answer.brief


def test_at_the_window_s_size_nothing_is_cut_and_everything_is_named(panel: BriefPanel, session: Session):
    QApplication.processEvents()
    inside = panel._scroll.widget()
    assert inside.minimumSizeHint().width() <= 262
    assert inside.height() <= 632
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.accessibleName(), type(widget).__name__
            if not isinstance(widget, QLineEdit):
                assert widget.height() >= TARGET, widget.accessibleName()
                right = widget.mapTo(inside, QPoint(widget.width(), 0)).x()
                assert right <= inside.width()


def test_right_to_left_mirrors_and_keys_still_go_the_way_they_point(panel: BriefPanel, session: Session):
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    product, part = named(panel, QComboBox, "Product"), named(panel, QComboBox, "Panel")
    assert product.mapTo(panel, QPoint(0, 0)).x() > part.mapTo(panel, QPoint(0, 0)).x()
    slider = climate_slider(panel, "dust_salt")
    before = slider.value()
    press(slider, Key.Key_Left, 5)
    session.flush()
    assert session.brief.climate.inputs["dust_salt"] > before
    assert not panel.grab().toImage().isNull()


def test_another_theme_reaches_every_part(panel: BriefPanel, session: Session):
    panel.apply_theme(theme("dark"))
    ground = theme("dark").colour("panel")
    image = panel.grab().toImage()
    assert image.pixelColor(4, image.height() - 2) == ground
    restyle(panel, theme("light"))
    assert panel.grab().toImage().pixelColor(4, image.height() - 2) == theme("light").colour("panel")


def test_an_empty_answer_can_be_shown(panel: BriefPanel, session: Session):
    session.update("none", limits=(Limit(property="areal_mass_g_m2", at_most=1.0),))
    session.flush()
    assert f"0 of {len(session.table)} pass" in [w.text() for w in panel.findChildren(ElidedLabel)]
    assert criterion(panel, "Abrasion").slider.strip_text_at(5) == ""


@offscreen_list
def test_own_product_types_are_kept_offered_applied_and_taken_away(qtbot, session: Session, tmp_path):
    session.update("edits", priorities={"water": 9.0}, limits=(Limit(property="areal_mass_g_m2", at_most=250.0),))
    session.flush()
    panel = BriefPanel(session, theme("light"), templates=tmp_path / "types")
    qtbot.addWidget(panel)
    product = named(panel, QComboBox, "Product")
    pick(product, "own…")
    dialog = panel.findChild(ProductTypesDialog)
    assert dialog is not None and "limits: 1" in " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert product.currentData() == session.brief.product  # the entry that opens the dialog is no product
    named(dialog, QLineEdit, "Name of the product type").setText("School pack")
    named(dialog, QAbstractButton, "Keep").click()
    assert product.currentText() == "School pack"
    kept = session.brief
    session.new()
    session.flush()
    assert product.currentText() != "School pack"
    pick(product, "own:0")
    session.flush()
    assert session.brief.priorities == kept.priorities and session.brief.limits == kept.limits
    assert session.undo_label == "Product School pack" and product.currentText() == "School pack"
    session.undo()
    session.flush()
    assert session.brief.limits == ()
    pick(product, "own…")
    dialog = panel.findChildren(ProductTypesDialog)[-1]
    named(dialog, QListWidget, "Own product types").setCurrentRow(0)
    named(dialog, QAbstractButton, "Remove").click()
    assert product.findText("School pack") == -1 and not list((tmp_path / "types").iterdir())
