"""The small controls: worked by mouse, keys and assistive technology, mirrored, and quiet when set by the program."""

from __future__ import annotations

import random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QHelpEvent, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.painting import draw_line, paint_demand
from ui.priority_section import PrioritySlider
from ui.sliders import PairSlider, Scale, ValueSlider
from ui.theme import Theme, interface_font, theme
from ui.widgets import Chip, ElidedLabel, FlowLayout, GradeBadge, LinkButton, SectionHeader, restyle

LIGHT, DARK = theme("light"), theme("dark")
RTL = Qt.LayoutDirection.RightToLeft
Key = Qt.Key
# The platform without a screen says so whenever a tool tip comes to the front.
offscreen_raise = pytest.mark.qt_log_ignore("This plugin does not support raise")


def _show(qtbot: QtBot, widget: QWidget, width: int = 218) -> None:
    """Show and focus a widget; 218 px make a slider's travel 200 px, from 9 to 209."""
    qtbot.addWidget(widget)
    widget.resize(width, max(24, widget.sizeHint().height()))
    widget.show()
    QTest.qWaitForWindowActive(widget, 1000)
    widget.setFocus()


class Heard:
    """What a control has emitted, in order."""

    def __init__(self, control: ValueSlider | PrioritySlider) -> None:
        self.values: list[float] = []
        self.settled = 0
        control.moved.connect(self.values.append)
        control.settled.connect(self._count)

    def _count(self) -> None:
        self.settled += 1


def _slider(qtbot: QtBot, scale: Scale | None = None) -> tuple[ValueSlider, Heard]:
    slider = ValueSlider(LIGHT, "Rain", scale)
    _show(qtbot, slider)
    return slider, Heard(slider)


def _face(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def _wheel(widget: QWidget, turn: int) -> bool:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle, QPointF(widget.mapToGlobal(middle.toPoint())), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


# --- Scale ------------------------------------------------------------------------------------------------------------


@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6, unique=True).filter(
        lambda v: min(b - a for a, b in zip(sorted(v), sorted(v)[1:], strict=False)) > 1e-3
    ),
    falling=st.booleans(),
    at=st.floats(0, 1),
)
def test_scale_goes_there_and_back(values: list[float], falling: bool, at: float) -> None:
    values = sorted(values, reverse=falling)
    scale = Scale([(i / (len(values) - 1), v) for i, v in enumerate(values)])
    assert scale.to_value(0) == values[0] and scale.to_value(1) == values[-1]
    assert scale.to_position(scale.to_value(at)) == pytest.approx(at, abs=1e-6)


def test_scale_bends_where_told_and_holds_its_ends() -> None:
    scale = Scale([(0, 0), (0.5, 100), (1, 1100)])
    assert [scale.to_value(p) for p in (0.25, 0.5, 0.75)] == [50, 100, 600]
    assert scale.to_position(-5) == 0 and scale.to_position(5000) == 1
    assert scale.to_value(-1) == 0 and scale.to_value(2) == 1100


@pytest.mark.parametrize(
    "points", [[(0, 0)], [(0, 0), (0.9, 1)], [(0, 0), (0.5, 2), (1, 1)], [(0, 1), (1, 1)], [(0, 0), (0, 1), (1, 2)]]
)
def test_scale_refuses_what_it_cannot_invert(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="position"):
        Scale(points)


# --- ValueSlider ------------------------------------------------------------------------------------------------------


def test_setting_a_value_emits_nothing_and_keeps_it_exactly(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot, Scale.linear(0, 8000))
    slider.setValue(6450)
    assert slider.value() == pytest.approx(6450)
    slider.setValue(99999)
    assert slider.value() == 8000
    assert heard.values == [] and heard.settled == 0


def test_a_hundred_arrows_cross_the_travel(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot)
    for _ in range(100):
        QTest.keyClick(slider, Key.Key_Right)
    assert slider.value() == 1
    assert len(set(heard.values)) == 100 and heard.settled == 100
    QTest.keyClick(slider, Key.Key_Right)
    assert heard.settled == 100, "at the end of the travel nothing moves and nothing settles"


@pytest.mark.parametrize(
    ("key", "modifier", "lands"),
    [
        (Key.Key_Right, Qt.KeyboardModifier.NoModifier, 0.51),
        (Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.51),
        (Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0.49),
        (Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, 0.499),
        (Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 0.6),
        (Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 0.4),
        (Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
        (Key.Key_End, Qt.KeyboardModifier.NoModifier, 1),
    ],
)
def test_keys(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, lands: float) -> None:
    slider, _ = _slider(qtbot)
    slider.setValue(0.5)
    QTest.keyClick(slider, key, modifier)
    assert slider.value() == pytest.approx(lands)


def test_keys_it_does_not_know_go_on_to_the_window(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot)
    QTest.keyClick(slider, Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(slider, Key.Key_A)
    assert heard.values == []


def test_a_held_key_settles_once(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot)
    for _ in range(5):
        QTest.keyPress(slider, Key.Key_Right)
    assert heard.settled == 0
    QTest.keyRelease(slider, Key.Key_Right)
    assert heard.settled == 1 and len(heard.values) == 5


def test_losing_the_focus_settles_what_moved(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot)
    QTest.keyPress(slider, Key.Key_Right)
    slider.clearFocus()
    assert heard.settled == 1


def test_a_drag_moves_while_it_lasts_and_settles_once(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot)
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(slider, left, pos=QPoint(59, 12))
    QTest.mouseMove(slider, QPoint(109, 12))
    QTest.mouseMove(slider, QPoint(159, 12))
    assert heard.settled == 0
    QTest.mouseRelease(slider, left, pos=QPoint(159, 12))
    assert heard.values == pytest.approx([0.25, 0.5, 0.75])
    assert heard.settled == 1


def test_pressing_the_handle_does_not_move_it_and_other_buttons_do_nothing(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot)
    slider.setValue(0.5)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(112, 12))
    QTest.mouseClick(slider, Qt.MouseButton.RightButton, pos=QPoint(30, 12))
    assert slider.value() == 0.5 and heard.values == [] and heard.settled == 0


def test_the_handle_snaps_to_the_mark_under_the_mouse_and_not_under_keys(qtbot: QtBot) -> None:
    slider, _ = _slider(qtbot, Scale.linear(0, 1000))
    slider.set_mark(503)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(111, 12))  # 510, within 1.2 % of travel
    assert slider.value() == pytest.approx(503)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(129, 12))
    assert slider.value() == pytest.approx(600)
    slider.setValue(500)
    QTest.keyClick(slider, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert slider.value() == pytest.approx(501)


def test_travel_limits_the_handle(qtbot: QtBot) -> None:
    slider, _ = _slider(qtbot, Scale.linear(0, 10))
    slider.set_travel(2, 7)
    assert slider.value() == 2
    QTest.keyClick(slider, Key.Key_End)
    assert slider.value() == 7
    slider.set_travel()
    QTest.keyClick(slider, Key.Key_End)
    assert slider.value() == 10


def test_a_new_scale_keeps_the_value(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot, Scale.linear(0, 10))
    slider.setValue(4)
    slider.set_scale(Scale.linear(0, 5))
    assert slider.value() == pytest.approx(4) and slider.position() == pytest.approx(0.8)
    assert heard.values == []


def test_right_to_left_mirrors_mouse_and_arrows(qtbot: QtBot) -> None:
    slider, _ = _slider(qtbot)
    slider.setLayoutDirection(RTL)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(59, 12))
    assert slider.value() == pytest.approx(0.75)
    QTest.keyClick(slider, Key.Key_Left)
    assert slider.value() == pytest.approx(0.76)
    QTest.keyClick(slider, Key.Key_Up)
    assert slider.value() == pytest.approx(0.77)


def test_the_wheel_turns_only_the_focused_slider(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot)
    slider.clearFocus()
    assert not _wheel(slider, 120) and slider.value() == 0
    slider.setFocus()
    assert _wheel(slider, 120) and slider.value() == pytest.approx(0.01)
    assert heard.settled == 1


def test_assistive_technology_finds_a_slider_it_can_read_and_set(qtbot: QtBot) -> None:
    slider, heard = _slider(qtbot, Scale.linear(0, 400))
    slider.setValue(154)
    slider.set_text("154 mm in the wettest month")
    face = _face(slider)
    assert face.role() is QAccessible.Role.Slider
    assert face.text(QAccessible.Text.Name) == "Rain"
    assert face.text(QAccessible.Text.Description) == "154 mm in the wettest month"
    value = face.valueInterface()
    assert (value.minimumValue(), value.currentValue(), value.maximumValue()) == (0, 38, 100)
    assert slider.value() == pytest.approx(154), "reading in per cent must not round the value"
    value.setCurrentValue(50)
    assert slider.value() == pytest.approx(200) and heard.values == [200] and heard.settled == 1


def test_a_slider_is_a_target_of_24_px() -> None:
    assert ValueSlider(LIGHT, "Rain").sizeHint().height() >= 24
    assert Chip(LIGHT, "x").sizeHint().height() >= 24
    assert LinkButton(LIGHT, "x").sizeHint().height() >= 24
    assert LinkButton(LIGHT, "x").sizeHint().width() >= 24


@offscreen_raise
def test_the_strip_names_who_leads_there(qtbot: QtBot) -> None:
    slider = ValueSlider(LIGHT, "Abrasion", Scale.linear(0, 10), ink="durability")
    bare = slider.sizeHint().height()
    slider.set_strip([(0, 8, "rPET 600D"), (8, 10, "Nylon 420D")], "rPET 600D")
    assert slider.sizeHint().height() == bare + 8
    _show(qtbot, slider)
    assert slider.strip_text_at(9) == "Nylon 420D" and slider.strip_text_at(11) == ""
    below = QPoint(199, slider.height() - 4)
    QApplication.sendEvent(slider, QHelpEvent(QEvent.Type.ToolTip, below, slider.mapToGlobal(below)))
    assert QToolTip.text() == "Nylon 420D"
    QToolTip.hideText()


def test_strips_are_hatched_where_another_leads(qtbot: QtBot) -> None:
    slider = ValueSlider(LIGHT, "Abrasion", Scale.linear(0, 10))
    slider.set_strip([], "A")
    _show(qtbot, slider)

    def strip(x: int) -> set[str]:
        image = slider.grab().toImage()
        ratio = image.devicePixelRatio()
        y = int((slider.height() - 6) * ratio)
        return {image.pixelColor(int(i * ratio), y).name() for i in range(x, x + 12)}

    assert strip(180) == {LIGHT.line}
    slider.set_strip([(0, 5, "A"), (5, 10, "B")], "A")
    assert strip(20) == {LIGHT.line}
    assert len(strip(180)) > 2


# --- PairSlider -------------------------------------------------------------------------------------------------------


def _pair(qtbot: QtBot) -> tuple[PairSlider, list[tuple[float, float]], list[None]]:
    pair = PairSlider(LIGHT, "Cloth price", "Target", "Ceiling", Scale.linear(0, 10))
    pair.set_values(2, 6)
    _show(qtbot, pair)
    moved: list[tuple[float, float]] = []
    settled: list[None] = []
    pair.moved.connect(lambda low, high: moved.append((low, high)))
    pair.settled.connect(lambda: settled.append(None))
    return pair, moved, settled


def test_a_pair_keeps_its_order_and_is_quiet_when_set(qtbot: QtBot) -> None:
    pair, moved, settled = _pair(qtbot)
    pair.set_values(7, 3)
    assert pair.values() == pytest.approx((3, 7))
    assert moved == [] and settled == []


def test_the_nearer_handle_follows_the_mouse_and_stops_at_the_other(qtbot: QtBot) -> None:
    pair, moved, settled = _pair(qtbot)
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(pair, left, pos=QPoint(69, 12))  # 3: nearer to the target at 2
    QTest.mouseMove(pair, QPoint(189, 12))
    QTest.mouseRelease(pair, left, pos=QPoint(189, 12))
    assert moved == [pytest.approx((3, 6)), pytest.approx((6, 6))]
    assert len(settled) == 1
    QTest.mouseClick(pair, left, pos=QPoint(169, 12))  # both at 6, pressed above: the ceiling goes
    assert pair.values() == pytest.approx((6, 8))


def test_each_handle_is_a_focus_stop_with_a_name_and_keys(qtbot: QtBot) -> None:
    pair, moved, _ = _pair(qtbot)
    pair.set_texts("2 $/m²", "6 $/m²")
    low, high = pair.handles()
    faces = [_face(low), _face(high)]
    assert [face.text(QAccessible.Text.Name) for face in faces] == ["Target", "Ceiling"]
    assert [face.text(QAccessible.Text.Description) for face in faces] == ["2 $/m²", "6 $/m²"]
    assert {face.role() for face in faces} == {QAccessible.Role.Slider}
    QTest.keyClick(high, Key.Key_Home)
    assert pair.values() == pytest.approx((2, 2)) and moved[-1] == pytest.approx((2, 2))
    QTest.keyClick(low, Key.Key_End)
    assert pair.values() == pytest.approx((2, 2))


def test_a_pair_mirrors(qtbot: QtBot) -> None:
    pair, _, _ = _pair(qtbot)
    pair.setLayoutDirection(RTL)
    low, high = pair.handles()
    assert low.x() > high.x()
    QTest.mouseClick(pair, Qt.MouseButton.LeftButton, pos=QPoint(29, 12))
    assert pair.values() == pytest.approx((2, 9))


def test_the_wheel_turns_the_handle_that_has_the_focus(qtbot: QtBot) -> None:
    pair, _, _ = _pair(qtbot)
    low, high = pair.handles()
    pair.clearFocus()
    low.clearFocus()
    high.clearFocus()
    assert not _wheel(pair, 120)
    high.setFocus()
    assert _wheel(pair, 120) and pair.values() == pytest.approx((2, 6.1))


# --- PrioritySlider ---------------------------------------------------------------------------------------------------


def test_a_priority_moves_locks_and_tells_its_share(qtbot: QtBot) -> None:
    priority = PrioritySlider(LIGHT, "Water", "protection", "Hold Water")
    priority.setValue(9)
    priority.set_share("12 %")
    priority.set_strip([(0, 10, "rPET")], "rPET")
    _show(qtbot, priority, 240)
    heard = Heard(priority)
    locks: list[bool] = []
    priority.lock_toggled.connect(locks.append)
    QTest.keyClick(priority.slider, Key.Key_Left)
    assert priority.value() == pytest.approx(8.9) and heard.values == pytest.approx([8.9]) and heard.settled == 1
    assert _face(priority.slider).text(QAccessible.Text.Description) == "12 %"
    lock = next(b for b in priority.findChildren(QAbstractButton) if b.accessibleName() == "Hold Water")
    assert lock.width() >= 24 and lock.height() >= 24
    QTest.keyClick(lock, Key.Key_Space)
    QTest.keyClick(lock, Key.Key_Return)
    assert locks == [True, False] and not priority.locked()
    priority.set_locked(True)
    assert priority.locked() and locks == [True, False]


# --- Texts and buttons ------------------------------------------------------------------------------------------------


@offscreen_raise
def test_long_text_elides_and_tells_all_in_its_tool_tip(qtbot: QtBot) -> None:
    label = ElidedLabel(LIGHT, "Polyester 600D Oxford, PU coated")
    _show(qtbot, label, 80)
    assert label.elided() and label.accessibleName() == label.text()
    middle = label.rect().center()
    QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, middle, label.mapToGlobal(middle)))
    assert QToolTip.text() == label.text()
    QToolTip.hideText()
    label.set_text("PU")
    assert not label.elided() and label.accessibleName() == "PU"


def _line(text: str, direction: Qt.LayoutDirection, *, align: Literal["start", "end"]) -> QImage:
    image = QImage(200, 20, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setFont(interface_font())
    draw_line(painter, QRectF(0, 0, 200, 20), text, align, direction)
    painter.end()
    return image


def test_a_limit_keeps_its_sign_in_a_right_to_left_window(qtbot: QtBot) -> None:
    left, right = Qt.LayoutDirection.LeftToRight, RTL
    assert _line("≤ 300 g/m²", right, align="end") == _line("≤ 300 g/m²", left, align="start")
    assert _line("≤ 300 g/m²", right, align="start") == _line("≤ 300 g/m²", left, align="end")
    assert _line("47 من 92", right, align="end") != _line("47 من 92", left, align="start")


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_Enter])
def test_a_link_is_pressed_by_keys(qtbot: QtBot, key: Qt.Key) -> None:
    link = LinkButton(LIGHT, "add place")
    _show(qtbot, link)
    with qtbot.waitSignal(link.clicked):
        QTest.keyClick(link, key)
    assert _face(link).role() in (QAccessible.Role.Button, QAccessible.Role.Link)
    assert _face(link).text(QAccessible.Text.Name) == "add place"


def test_a_header_says_which_link_was_pressed_and_keeps_links_that_stay(qtbot: QtBot) -> None:
    header = SectionHeader(LIGHT, "Climate", ["Accra", "add place"])
    _show(qtbot, header)
    pressed: list[int] = []
    header.link_clicked.connect(pressed.append)
    first = header.link(0)
    header.link(1).click()
    header.set_links(["Lagos"])
    assert header.link(0) is first and first.text() == "Lagos"
    first.click()
    header.set_links(["Lagos", "a", "b"])
    header.link(2).click()
    assert pressed == [1, 0, 2]


def test_a_chip_is_taken_away_by_its_cross_or_delete_and_pressed_elsewhere(qtbot: QtBot) -> None:
    chip = Chip(LIGHT, "≤ 300 g/m²", removable=True)
    _show(qtbot, chip, 110)
    clicks: list[str] = []
    chip.clicked.connect(lambda: clicks.append("clicked"))
    chip.removed.connect(lambda: clicks.append("removed"))
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(chip, left, pos=QPoint(100, 12))
    QTest.mouseClick(chip, left, pos=QPoint(20, 12))
    QTest.keyClick(chip, Key.Key_Delete)
    QTest.keyClick(chip, Key.Key_Return)
    assert clicks == ["removed", "clicked", "removed", "clicked"]
    chip.setLayoutDirection(RTL)
    QTest.mouseClick(chip, left, pos=QPoint(10, 12))
    assert clicks[-1] == "removed"


def test_a_plain_chip_is_no_tab_stop_until_it_does_something() -> None:
    chip = Chip(LIGHT, "met", "good")
    assert chip.focusPolicy() is Qt.FocusPolicy.NoFocus
    chip.set_pressable(True)
    assert chip.focusPolicy() is Qt.FocusPolicy.StrongFocus


def test_grades_say_themselves() -> None:
    badge = GradeBadge(LIGHT, "C", "estimate by rule")
    assert (badge.accessibleName(), badge.toolTip()) == ("C", "estimate by rule")


def _demand(share: float | None, met: bool, *, grey: bool = False, mirrored: bool = False) -> QImage:
    image = QImage(QSize(100, 20), QImage.Format.Format_ARGB32)
    image.fill(LIGHT.colour("panel"))
    painter = QPainter(image)
    paint_demand(painter, QRectF(0, 0, 100, 20), LIGHT, share, met, mirrored=mirrored)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Grayscale8) if grey else image


def test_met_and_missed_differ_in_shape_and_a_miss_never_reaches_the_mark(qtbot: QtBot) -> None:
    met, missed = _demand(1.0, True, grey=True), _demand(1.0, False, grey=True)
    inside = [(x, y) for x in range(4, 76) for y in range(8, 13)]
    assert len({met.pixel(x, y) for x, y in inside}) == 1, "met is solid"
    assert len({missed.pixel(x, y) for x, y in inside}) > 3, "missed is hatched"
    assert _demand(0.999, False).pixelColor(78, 10) == LIGHT.colour("line")
    assert _demand(None, False) != _demand(0.1, False)


def test_a_mirrored_demand_grows_from_the_right(qtbot: QtBot) -> None:
    image = _demand(0.5, True, mirrored=True)
    assert image.pixelColor(95, 10) == LIGHT.colour("good") and image.pixelColor(5, 10) == LIGHT.colour("line")


# --- All of them ------------------------------------------------------------------------------------------------------


def _gallery(look: Theme) -> QWidget:
    root = QWidget()
    column = QVBoxLayout(root)
    slider = ValueSlider(look, "Rain")
    slider.set_mark(0.3)
    slider.set_travel(0.1, 0.9)
    pair = PairSlider(look, "Cloth", "Target", "Ceiling", Scale.linear(0, 10))
    priority = PrioritySlider(look, "Price", "supply", "Hold Price")
    priority.set_locked(True)
    for widget in (
        slider, pair, priority, Chip(look, "a", removable=True), Chip(look, "b", "warn"),
        GradeBadge(look, "D", "judgement"), GradeBadge(look, ""), SectionHeader(look, "Budget", ["quotes"]),
        ElidedLabel(look, "text"), LinkButton(look, "more"),
    ):  # fmt: skip
        column.addWidget(widget)
    return root


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, RTL])
def test_restyle_repaints_everything_in_the_other_theme(qtbot: QtBot, direction: Qt.LayoutDirection) -> None:
    made, other = _gallery(LIGHT), _gallery(DARK)
    for root in (made, other):
        root.setLayoutDirection(direction)
        _show(qtbot, root, 260)
        root.clearFocus()
    restyle(made, DARK)
    images = []
    for root in (made, other):
        image = QImage(root.size(), QImage.Format.Format_ARGB32)
        image.fill(DARK.colour("panel"))
        root.render(image)
        images.append(image)
    assert images[0] == images[1]


def test_everything_that_takes_focus_has_a_name_and_a_target_of_24_px(qtbot: QtBot) -> None:
    root = _gallery(LIGHT)
    _show(qtbot, root, 260)
    stops = [w for w in root.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(stops) >= 7
    for widget in stops:
        assert widget.accessibleName(), widget
        assert widget.height() >= 24, widget


def test_focus_is_seen_on_every_stop(qtbot: QtBot) -> None:
    root = _gallery(LIGHT)
    _show(qtbot, root, 260)
    for widget in [w for w in root.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]:
        widget.clearFocus()
        before = widget.grab().toImage()
        widget.setFocus()
        assert widget.grab().toImage() != before, widget


# --- FlowLayout -------------------------------------------------------------------------------------------------------


class _Box(QWidget):
    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width

    def sizeHint(self) -> QSize:
        return QSize(self._width, 20)


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, RTL])
def test_flow_wraps_in_reading_order_without_overlap(qtbot: QtBot, direction: Qt.LayoutDirection) -> None:
    root = QWidget()
    root.setLayoutDirection(direction)
    flow = FlowLayout(root, gap=4, row_gap=2)
    sizes = random.Random(1)
    boxes = [_Box(sizes.randint(20, 90)) for _ in range(9)] + [_Box(500)]
    for box in boxes:
        flow.addWidget(box)
    _show(qtbot, root, 200)
    root.resize(200, flow.heightForWidth(200))
    flow.setGeometry(root.rect())
    rects = [box.geometry() for box in boxes]
    assert all(root.rect().contains(rect) for rect in rects)
    for i, rect in enumerate(rects):
        assert not any(rect.intersects(other) for other in rects[:i])
    start = [-r.right() if direction is RTL else r.left() for r in rects]
    order = sorted(range(len(rects)), key=lambda i: (rects[i].top(), start[i]))
    assert order == list(range(len(rects)))
    assert flow.count() == 10 and flow.itemAt(10) is None and flow.takeAt(10) is None


def test_flow_gives_no_room_to_hidden_widgets(qtbot: QtBot) -> None:
    root = QWidget()
    flow = FlowLayout(root)
    first, second = _Box(50), _Box(50)
    flow.addWidget(first)
    flow.addWidget(second)
    _show(qtbot, root, 200)
    first.hide()
    flow.setGeometry(QRect(0, 0, 200, 40))
    assert second.x() == 0
