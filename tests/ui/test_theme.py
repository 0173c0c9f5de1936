"""Colours can be read, groups can be told apart without colour, and the fonts and icons the window needs are there."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QIcon, QImage, QPainter, QPalette
from pytestqt.qtbot import QtBot

from advisor.problems import AdvisorError
from advisor.properties import GROUPS
from ui.theme import (
    TYPE,
    Theme,
    blend,
    contrast,
    fallback_font_file,
    group_of,
    group_pattern,
    hatch_of,
    icon,
    icon_pixmap,
    interface_font,
    lacks,
    palette,
    pattern_brush,
    pattern_of,
    space,
    stylesheet,
    system_theme,
    theme,
)

SURFACES = ("bg", "panel", "sel")
ICONS = (
    "undo", "redo", "open", "save", "new", "present", "export", "warning", "lock", "unlock", "search", "pin",
    "compare", "theme", "check", "cross",
)  # fmt: skip


def test_contrast_follows_the_published_ends_of_the_scale() -> None:
    """WCAG 2.2: black on white is 21:1, a colour on itself 1:1; #767676 is the lightest grey for text on white."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#3f72af", "#3f72af") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") < 4.5


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("ink", ["ink", "ink2", "ink3", "accent", "good", "warn", "bad"])
def test_text_reads_on_every_surface(look: Theme, ink: str, surface: str) -> None:
    assert contrast(look.token(ink), look.token(surface)) >= 4.5


@pytest.mark.parametrize("tone", ["good", "warn", "bad"])
def test_judgement_reads_on_its_chip(look: Theme, tone: str) -> None:
    assert contrast(look.token(tone), look.token(f"chip_{tone}")) >= 4.5


def test_filled_buttons_read(look: Theme) -> None:
    assert contrast(look.on_accent, look.accent) >= 4.5


@pytest.mark.parametrize("mark", [*GROUPS, "accent", "edge", "good", "warn", "bad"])
def test_graphics_stand_out_on_every_surface(look: Theme, mark: str) -> None:
    assert min(contrast(look.token(mark), look.token(surface)) for surface in SURFACES) >= 3


@pytest.mark.parametrize("mark", [*GROUPS, "accent", "good", "warn", "ink"])
def test_fills_stand_out_from_their_empty_track(look: Theme, mark: str) -> None:
    """A slider is read where its fill ends, so the fill owes the empty track 3:1 as well."""
    assert contrast(look.token(mark), look.line) >= 3


def test_hatching_of_the_leader_strip_stands_out(look: Theme) -> None:
    assert contrast(look.ink3, look.line2) >= 3


def test_groups_hold_every_criterion_once() -> None:
    criteria = [criterion for members in GROUPS.values() for criterion in members]
    assert len(criteria) == len(set(criteria)) == 16
    for group, members in GROUPS.items():
        assert {group_of(member) for member in members} == {group}
    with pytest.raises(KeyError):
        group_of("taste")


def test_any_two_groups_that_can_meet_differ_in_pattern() -> None:
    """A group of weight zero vanishes, so any two may stand side by side."""
    for one, other in itertools.combinations(GROUPS, 2):
        assert pattern_of(one) != pattern_of(other)
        assert hatch_of(one) != hatch_of(other)


def _painted(group: str, look: Theme) -> QImage:
    image = QImage(24, 16, QImage.Format.Format_ARGB32)
    image.fill(look.group("protection"))  # one colour for all, so that only pattern is left
    painter = QPainter(image)
    painter.fillRect(image.rect(), group_pattern(group, look))
    painter.end()
    return image


def test_patterns_differ_when_colour_is_taken_away(look: Theme, qtbot: QtBot) -> None:
    images = [_painted(group, look) for group in GROUPS]
    for one, other in itertools.combinations(images, 2):
        assert one != other


@pytest.mark.parametrize("group", [group for group in GROUPS if pattern_of(group) != "plain"])
def test_a_pattern_is_seen_and_leaves_the_groups_colour_to_be_seen(look: Theme, group: str, qtbot: QtBot) -> None:
    image = QImage(24, 24, QImage.Format.Format_ARGB32)
    image.fill(look.group(group))
    painter = QPainter(image)
    painter.fillRect(image.rect(), group_pattern(group, look))
    painter.end()
    pixels = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
    changed = [p for p in pixels if contrast(p, look.group(group)) > 1.15]
    assert 0.08 < len(changed) / len(pixels) < 0.6


def test_patterns_keep_their_pitch_on_dense_screens(qtbot: QtBot) -> None:
    plain, dense = pattern_brush("rising", "#ff000000", 1.0), pattern_brush("rising", "#ff000000", 2.0)
    assert dense.textureImage().width() == 2 * plain.textureImage().width()
    assert dense.transform().m11() == pytest.approx(0.5)


def test_themes_are_told_apart_and_their_tokens_are_colours(look: Theme) -> None:
    assert look.dark is (look.name == "dark")
    assert look.dark is (contrast(look.bg, "#000000") < contrast(look.bg, "#ffffff"))
    assert QColor(look.token("ink")).isValid()
    with pytest.raises(KeyError):
        look.token("name")
    with pytest.raises(KeyError):
        look.group("accent")


def test_system_theme_is_light_where_the_desktop_does_not_say(qtbot: QtBot) -> None:
    assert system_theme() == "light"


def test_type_is_never_smaller_than_eleven() -> None:
    assert min(TYPE.values()) >= 11
    assert space(2) == 8


def test_blend_meets_its_ends() -> None:
    assert blend("#112233", "#ffffff", 1).name() == "#112233"
    assert blend("#112233", "#ffffff", 0).name() == "#ffffff"


def test_interface_font_has_the_asked_size_and_draws_every_script(qtbot: QtBot) -> None:
    font = interface_font("title", bold=True)
    assert font.pixelSize() == TYPE["title"]
    assert font.weight() >= QFont.Weight.DemiBold
    assert lacks(font) == ""


def test_fallback_font_is_found_without_importing_matplotlib() -> None:
    path = fallback_font_file()
    assert path is not None and path.read_bytes()[:4] == b"\x00\x01\x00\x00"
    code = "import sys, ui.theme as t; t.fallback_font_file(); print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_missing_sign_is_noticed(qtbot: QtBot) -> None:
    assert lacks(interface_font(), "A\U00010fff") == "\U00010fff"


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_takes_the_themes_colour(name: str, look: Theme, qtbot: QtBot) -> None:
    image = icon_pixmap(name, look.ink2, 32).toImage()
    solid = [
        image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255
    ]  # fmt: skip
    assert solid
    assert max(contrast(colour, look.ink2) for colour in solid) < 1.03  # rounding where strokes overlap


def test_icons_fade_when_disabled_and_mirror_on_demand(look: Theme, qtbot: QtBot) -> None:
    made = icon("undo", look)
    assert made.pixmap(16, QIcon.Mode.Disabled).toImage() != made.pixmap(16).toImage()
    assert icon("undo", look, mirrored=True).pixmap(16).toImage() != made.pixmap(16).toImage()


def test_an_unknown_icon_is_a_problem_that_names_it(look: Theme) -> None:
    with pytest.raises(AdvisorError, match="unicorn"):
        icon_pixmap("unicorn", look.ink, 16)


def test_palette_and_style_sheet_carry_the_tokens(look: Theme, qtbot: QtBot) -> None:
    made = palette(look)
    assert made.color(QPalette.ColorRole.Window) == look.colour("bg")
    assert made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) != look.colour("ink")
    sheet = stylesheet(look)
    assert look.accent in sheet and theme("light" if look.dark else "dark").panel not in sheet.replace("#ffffff", "")


def test_style_sheet_is_understood_by_qt(look: Theme, qtbot: QtBot) -> None:
    """Qt warns about what it cannot parse, and a warning fails the test."""
    from PySide6.QtWidgets import QComboBox, QPushButton, QSpinBox, QTabWidget, QVBoxLayout, QWidget

    with qtbot.captureExceptions():
        window = QWidget()
        column = QVBoxLayout(window)
        for widget in (QPushButton("x"), QComboBox(), QSpinBox(), QTabWidget()):
            column.addWidget(widget)
        window.setStyleSheet(stylesheet(look))
        qtbot.addWidget(window)
        window.show()
    assert window.findChild(QPushButton).height() >= 24
    assert window.findChild(QComboBox).height() >= 24
    assert window.palette().color(QPalette.ColorRole.Window).isValid()
    assert window.layoutDirection() is Qt.LayoutDirection.LeftToRight
