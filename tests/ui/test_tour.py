"""A tour of the real window finds nothing cut, nothing upon another, nothing empty; and would find it if it were so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTabBar, QToolButton, QWidget

from tests.ui.tour import chart_faults, colours, painted_faults, recorded, widget_faults
from ui.charts.panel import CHARTS

ROOT = Path(__file__).resolve().parents[2]
SCALES = ("1", "1.5")
KEYS = [chart.key for chart in CHARTS]


@pytest.fixture(scope="module")
def rounds(tmp_path_factory) -> dict[str, dict[str, list[str]]]:
    """The tour at both scales at once; a process takes its scale once and for all."""
    going = {}
    for scale in SCALES:
        home = str(tmp_path_factory.mktemp("home"))
        own = {"QT_SCALE_FACTOR": scale, "PYTHONPATH": str(ROOT), "HOME": home, "MPLCONFIGDIR": home}
        going[scale] = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "ui" / "tour.py")],
            env=os.environ | own | {"XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "XDG_DATA_HOME": home},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    found = {}
    for scale, process in going.items():
        out, error = process.communicate()
        assert process.returncode == 0, error
        found[scale] = json.loads(out)
    return found


@pytest.mark.parametrize("scale", SCALES)
def test_nothing_is_cut_hidden_or_empty_on_the_tour(rounds, scale):
    found = rounds[scale]
    for key in KEYS:
        assert {f"{scale} light {key}", f"{scale} dark {key}", f"{scale} light mirrored {key}"} <= set(found["stops"])
    if scale == "1":
        assert {f"narrow {name}" for name in (*KEYS, "tab 0", "tab 1", "tab 3")} <= set(found["stops"])
    assert found["faults"] == []


# --- and it would be found --------------------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot, qapp) -> QWidget:
    """An empty window with a row of widgets to come; an earlier window's style sheet would make targets larger."""
    qapp.setStyleSheet("")
    qapp.setProperty("look", None)
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 100)
    QHBoxLayout(made)
    return made


def _found(window: QWidget) -> str:
    window.show()
    return " | ".join(widget_faults(window))


def test_a_window_in_order_has_no_faults(window):
    for widget in (QLabel("some words"), QPushButton("Press")):
        widget.setMinimumHeight(24)
        window.layout().addWidget(widget)
    assert _found(window) == ""


def test_a_label_that_is_cut_is_found(window):
    label = QLabel("far more words than fit")
    label.setFixedWidth(30)
    window.layout().addWidget(label)
    assert "px of text in 30 px" in _found(window)


def test_a_button_that_is_cut_is_found(window):
    button = QToolButton()
    button.setText("far more words than fit")
    button.setFixedSize(30, 30)
    window.layout().addWidget(button)
    assert "its text is cut" in _found(window)


def test_a_tab_out_of_sight_is_found(window):
    tabs = QTabBar()
    tabs.setUsesScrollButtons(False)
    for name in ("one", "two", "three"):
        tabs.addTab(name)
    tabs.setFixedSize(40, 30)
    window.layout().addWidget(tabs)
    assert "tab 'three' is cut" in _found(window)


def test_a_small_target_is_found(window):
    button = QPushButton("x")
    button.setFixedSize(40, 20)
    window.layout().addWidget(button)
    assert "small target" in _found(window)


def test_a_widget_outside_of_its_parent_or_on_another_is_found(window):
    one, other = QLabel("a"), QLabel("b")
    for label in (one, other):
        window.layout().addWidget(label)
    window.show()
    other.setGeometry(one.geometry())
    assert "lies on" in _found(window)
    other.move(390, 0)
    assert "is outside of" in _found(window)


class _Sign(QWidget):
    """Paints one text into one rectangle."""

    def __init__(self, text: str, width: float, direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight) -> None:
        super().__init__()
        self.text, self.room, self.direction = text, width, direction

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(self.direction)
        painter.drawText(QRectF(0, 0, self.room, 20), Qt.AlignmentFlag.AlignLeft, self.text)
        painter.end()


@pytest.mark.parametrize(
    ("text", "room", "direction", "fault"),
    [
        ("a sentence", 200, Qt.LayoutDirection.LeftToRight, ""),
        ("a sentence", 20, Qt.LayoutDirection.LeftToRight, "px in 20 px"),
        ("a sent…", 200, Qt.LayoutDirection.LeftToRight, "nothing tells the rest"),
        ("10,000 of 1,856 mm", 200, Qt.LayoutDirection.RightToLeft, "turned round"),
        ("10,000 من 1,856", 200, Qt.LayoutDirection.RightToLeft, ""),
    ],
)
def test_a_painted_text_that_is_cut_or_turned_round_is_found(qtbot, text, room, direction, fault):
    sign = _Sign(text, room, direction)
    qtbot.addWidget(sign)
    sign.resize(240, 40)
    sign.show()
    with recorded() as texts:
        sign.grab()
    found = " | ".join(painted_faults(texts))
    assert (fault in found) if fault else found == ""


def test_texts_upon_each_other_and_empty_axes_are_found():
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 3), dpi=72)
    canvas = FigureCanvasAgg(figure)
    left, right = figure.add_axes((0, 0, 0.5, 1)), figure.add_axes((0.5, 0, 0.5, 1))
    for axes in (left, right):
        axes.set_axis_off()
    left.text(0.1, 0.5, "one")
    left.text(0.12, 0.5, "other")
    left.text(0.1, 0.95, "far too long a line to stay inside of the figure at all, as anyone can see")
    canvas.draw()
    found = " | ".join(chart_faults(canvas))
    assert "'one' lies on 'other'" in found and "leaves the figure" in found
    right.clear()
    right.set_axis_off()
    left.texts[2].remove()
    canvas.draw()
    assert "are empty" in " | ".join(chart_faults(canvas))


def test_a_blank_view_shows_one_colour(window):
    window.show()
    assert colours(window) == 1
