"""A tour of the real window: every chart in every size, look and direction, and what is wrong with what it shows.

Run as a program, ``tour.py`` goes round once at the scale of ``QT_SCALE_FACTOR`` and prints its findings as JSON:
``{"stops": [...], "faults": [...]}``. The scale holds for a whole process, so each scale is a process of its own.

What counts as a fault: a text that is wider than its place and neither ends in an ellipsis nor is told by a tool tip;
two texts of a chart upon each other; a chart's text outside the figure; axes with nothing in them; a view with next to
nothing on it; a widget that sticks out of its parent or lies on its neighbour; a target smaller than 24 px.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QToolTip,
    QWidget,
)

from ui.theme import TARGET

#: Logical sizes of the window by scale: 1366×700 at 100 %, and 1920×1080 device pixels at 150 %.
SIZES: Final = {"1": (1366, 700), "1.5": (1280, 720)}
#: A 1366×700 screen at 200 %: the columns become tabs.
NARROW: Final = (683, 350)
#: Fewer colours than this, and there is nothing on a view: its ground, its lines and hardly a letter.
FEWEST_COLOURS: Final = 24
#: How much of axes must differ from their ground.
LEAST_INK: Final = 0.002
ELLIPSIS: Final = "…"


@dataclass(frozen=True)
class Painted:
    """A text as it was painted: on which widget, into what rectangle (px of the widget), how wide it is.

    ``turned``: figures without a word of a right-to-left script, drawn from right to left: "2 of 3" becomes "3 of 2".
    """

    widget: QWidget
    rect: QRectF
    text: str
    width: float
    height: float
    turned: bool


def turns_round(text: str) -> bool:
    """Whether a text has two figures or a sign before one, and nothing of its own to be read from right to left."""
    kinds = [unicodedata.bidirectional(sign) for sign in text]
    figures = re.findall(r"[\d.,\u2009\u202f]*\d", text)
    return not {"R", "AL"} & set(kinds) and (len(figures) > 1 or (bool(figures) and text[0] in "≤≥±−+"))


@contextmanager
def recorded() -> Iterator[list[Painted]]:
    """Keep every text that the program's own widgets paint into a rectangle."""
    found: list[Painted] = []
    draw: Callable[..., Any] = QPainter.drawText

    def keep(painter: QPainter, *given: Any) -> Any:
        rect, text = given[0], given[-1]
        device = painter.device()
        if isinstance(device, QWidget) and isinstance(rect, (QRect, QRectF)) and isinstance(text, str) and text:
            metrics = QFontMetricsF(painter.font(), device)
            # Qt paints a text of several directions with marks that take no room.
            plain = "".join(sign for sign in text if sign not in "\u2066\u2067\u2068\u2069")
            placed = painter.worldTransform().mapRect(QRectF(rect))
            wide = metrics.horizontalAdvance(plain)
            turned = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft and turns_round(text)
            found.append(Painted(device, placed, text, wide, metrics.capHeight(), turned))
        return draw(painter, *given)

    QPainter.drawText = keep  # type: ignore[method-assign,assignment]
    try:
        yield found
    finally:
        QPainter.drawText = draw  # type: ignore[method-assign]


def named(widget: QWidget) -> str:
    """What to call a widget in a finding."""
    said = widget.accessibleName() or widget.objectName()
    text = getattr(widget, "text", None)
    if not said and callable(text):
        said = str(text())
    above = widget.parentWidget()
    inside = f" in {type(above).__name__}" if above is not None else ""
    return f"{type(widget).__name__} {said[:40]!r}{inside}"


def told(widget: QWidget, at: QPoint) -> str:
    """The tool tip that comes at a point of a widget, "" for none."""
    QToolTip.hideText()
    spot = widget.mapToGlobal(at)
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, spot))
    text = QToolTip.text() or widget.toolTip()
    QToolTip.hideText()
    return text


# --- texts ------------------------------------------------------------------------------------------------------------


def painted_faults(texts: list[Painted]) -> Iterator[str]:
    """Texts that are cut without saying so, or cut with nothing that tells the rest."""
    seen: set[tuple[int, str]] = set()
    for item in texts:
        key = (id(item.widget), item.text)
        if key in seen or not item.widget.isVisible():
            continue
        seen.add(key)
        if item.width > item.rect.width() + 1.5:
            yield f"{named(item.widget)}: {item.text!r} is {item.width:.0f} px in {item.rect.width():.0f} px"
        if item.turned:
            yield f"{named(item.widget)}: {item.text!r} is turned round"
        if item.height > item.rect.height() + 1:
            yield f"{named(item.widget)}: {item.text!r} is higher than its {item.rect.height():.0f} px"
        if ELLIPSIS in item.text and not item.text.endswith(" " + ELLIPSIS):
            at = item.rect.center().toPoint()
            if item.widget.rect().contains(at) and not told(item.widget, at):
                yield f"{named(item.widget)}: nothing tells the rest of {item.text!r}"


def _text_width(widget: QWidget, text: str) -> int:
    return widget.fontMetrics().horizontalAdvance(text.replace("&&", "&"))


def widget_faults(root: QWidget) -> Iterator[str]:
    """What is wrong with the widgets of a window: cut, out of place, upon each other, or too small to hit."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not root.window():
            continue
        if not widget.visibleRegion().isEmpty():
            yield from _own_faults(widget)
        yield from _place_faults(widget)


def _own_faults(widget: QWidget) -> Iterator[str]:
    yield from _cut(widget)
    if isinstance(widget, QTabBar):
        for tab in range(widget.count()):
            box, text = widget.tabRect(tab), widget.tabText(tab)
            if min(box.width(), box.height()) < TARGET:
                yield f"{named(widget)}: tab {text!r} is smaller than {TARGET} px"
            if _text_width(widget, text) > box.width() or not widget.rect().contains(box):
                yield f"{named(widget)}: tab {text!r} is cut"
    targets = (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider)
    inner = isinstance(widget, QScrollBar) or isinstance(widget.parentWidget(), (QComboBox, QScrollBar, QTabBar))
    if isinstance(widget, targets) and widget.isEnabled() and not inner:
        size: QSize = widget.size()
        if min(size.width(), size.height()) < TARGET:
            yield f"{named(widget)}: {size.width()} × {size.height()} px is a small target"


def _cut(widget: QWidget) -> Iterator[str]:
    """What Qt itself paints: labels, buttons and lists that are too small for their texts."""
    if isinstance(widget, QLabel) and widget.text():
        if widget.wordWrap():
            if widget.heightForWidth(widget.width()) > widget.height() + 1:
                yield f"{named(widget)}: its lines take more than {widget.height()} px"
        elif widget.sizeHint().width() > widget.width() + 1:
            yield f"{named(widget)}: {widget.sizeHint().width()} px of text in {widget.width()} px"
    if isinstance(widget, (QPushButton, QToolButton)) and widget.text():
        icon_alone = isinstance(widget, QToolButton) and (
            widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly and not widget.icon().isNull()
        )
        # Qt asks for two spaces and three px more than it needs.
        spare = 2 * _text_width(widget, " ") + 3
        if not icon_alone and widget.sizeHint().width() - spare > widget.width():
            yield f"{named(widget)}: its text is cut in {widget.width()} px"
    if isinstance(widget, QComboBox) and not widget.isEditable():
        closed = str(getattr(widget, "_closed_text", widget.currentText)())
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        part = (QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget)
        room = widget.style().subControlRect(*part).width() - 2
        if widget.fontMetrics().elidedText(closed, Qt.TextElideMode.ElideRight, room) != closed:
            if room < _text_width(widget, closed[:3] + ELLIPSIS):
                yield f"{named(widget)}: {closed!r} has {room} px"
            elif closed not in told(widget, widget.rect().center()):
                yield f"{named(widget)}: nothing tells the rest of {closed!r}"


def _place_faults(widget: QWidget) -> Iterator[str]:
    parent = widget.parentWidget()
    if parent is None or widget.isWindow() or widget.width() == 0 or widget.height() == 0:
        return
    scroll = parent.parentWidget()
    scrolls = isinstance(scroll, QAbstractScrollArea) and scroll.viewport() is parent
    box = widget.geometry()
    if scrolls:  # up and down it may go on; across only where there is a bar for it
        assert isinstance(scroll, QAbstractScrollArea)
        if box.width() > parent.width() + 1 and not scroll.horizontalScrollBar().maximum():
            yield f"{named(widget)}: {box.width()} px in a view of {parent.width()} px without a bar"
        return
    if not parent.rect().adjusted(-1, -1, 1, 1).contains(box):
        yield f"{named(widget)}: {box.getRect()} is outside of {parent.size().toTuple()} of {named(parent)}"
    layout = parent.layout()
    if layout is None or isinstance(parent, QStackedWidget) or layout.indexOf(widget) < 0:
        return
    for place in range(layout.count()):
        other = layout.itemAt(place).widget()
        if other is None or other is widget or not other.isVisible() or layout.indexOf(widget) > place:
            continue
        both = box.intersected(other.geometry())
        if both.width() > 1 and both.height() > 1:
            yield f"{named(widget)} lies on {named(other)}"


# --- charts -----------------------------------------------------------------------------------------------------------


def chart_faults(canvas: Any) -> Iterator[str]:
    """What is wrong with a drawn chart: texts outside the figure or upon each other, axes with nothing in them."""
    from matplotlib.text import Text

    figure, renderer = canvas.figure, canvas.get_renderer()
    edge = figure.bbox
    boxes: list[tuple[str, Any]] = []
    for text in figure.findobj(Text):
        axes = text.axes
        shown = text.get_visible() and text.get_text().strip() and (axes is None or axes.get_visible())
        if not shown or (axes is not None and _of_hidden_axis(axes, text)):
            continue
        box = Text.get_window_extent(text, renderer)  # without the arrow of an annotation
        if math.isfinite(box.x0) and box.width > 0 and not _clipped(text, box):
            boxes.append((text.get_text(), box))
    for place, (name, box) in enumerate(boxes):
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > edge.x1 + 0.5 or box.y1 > edge.y1 + 0.5:
            yield f"chart: {name!r} leaves the figure"
        for other_name, other in boxes[place + 1 :]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            if across > 1.5 and up > 1.5:
                yield f"chart: {name!r} lies on {other_name!r}"
    pixels = np.asarray(canvas.buffer_rgba())[:, :, :3].astype(int)
    for axes in figure.axes:
        if not axes.get_visible():
            continue
        box = axes.get_window_extent(renderer)
        rows = slice(max(0, round(edge.y1 - box.y1)), max(0, round(edge.y1 - box.y0)))
        part = pixels[rows, max(0, round(box.x0)) : max(0, round(box.x1))]
        if part.size and box.width > 4 and box.height > 4:
            ink = (np.abs(part - part[0, 0]).sum(axis=2) > 24).mean()
            if ink < LEAST_INK:
                yield f"chart: axes at {box.x0:.0f}, {box.y0:.0f} are empty"
    if not figure.axes:
        yield "chart: there are no axes"


def _of_hidden_axis(axes: Any, text: Any) -> bool:
    """Whether a text is a label of an axis or tick that is not drawn."""
    for axis in (getattr(axes, "xaxis", None), getattr(axes, "yaxis", None)):
        if axis is None:
            continue
        ticks = [
            label for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()) for label in (tick.label1, tick.label2)
        ]
        own = [axis.label, axis.offsetText, *ticks]
        if any(text is label for label in own):
            if not axes.axison or not axis.get_visible():
                return True
            drawn = [label for tick in axis._update_ticks() for label in (tick.label1, tick.label2)]
            return text not in drawn and text not in (axis.label, axis.offsetText)
    return False


def _clipped(text: Any, box: Any) -> bool:
    """Whether a text lies wholly outside of what it is clipped to."""
    clip = text.get_clip_box() if text.get_clip_on() else None
    return clip is not None and (box.x1 < clip.x0 or box.x0 > clip.x1 or box.y1 < clip.y0 or box.y0 > clip.y1)


# --- views ------------------------------------------------------------------------------------------------------------


def colours(widget: QWidget) -> int:
    """How many colours a widget shows; anti-aliased letters bring dozens."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    return len(np.unique(pixels[:, : image.width()]))


def window_faults(window: Any) -> Iterator[str]:
    """Everything wrong with a window as it stands."""
    with recorded() as texts:
        window.grab()
    yield from painted_faults(texts)
    yield from widget_faults(window)
    for name in ("brief", "ranking", "charts", "material"):
        view = getattr(window, name)
        if view.isVisible() and colours(view) < FEWEST_COLOURS:
            yield f"{name}: the view is blank"
    if window.charts.isVisible():
        canvas = window.charts.canvas()
        if canvas.isVisible():
            yield from chart_faults(canvas)


# --- the tour ---------------------------------------------------------------------------------------------------------


def turns(window: Any) -> dict[str, Callable[[bool], None]]:
    """What charts show besides: each as what turns it on and off."""
    charts = window.charts

    def table(on: bool) -> None:
        window.show_chart("climate-fit")
        charts.as_table.setChecked(on)

    def radar(on: bool) -> None:
        window.show_chart("compare")
        charts.controls["compare"].radar.setChecked(on)

    def index(on: bool) -> None:
        window.show_chart("map")
        charts.controls["map"].index.setChecked(on)

    def moved(on: bool) -> None:
        window.show_chart("slope")
        charts.controls["slope"].use_place("Reykjavik" if on else "Lagos")

    return {"table": table, "radar": radar, "index line": index, "slope to another place": moved}


def go_round(scale: str, pictures: str = "") -> tuple[list[str], list[str]]:
    """Every stop at one scale; names of the stops, and the faults found with the stop before each."""
    from advisor.brief import Brief, Climate
    from ui.app import application
    from ui.charts.panel import CHARTS
    from ui.session import Session
    from ui.theme import theme
    from ui.window import MainWindow

    program = application(sys.argv[:1])
    session = Session(brief=Brief(product="mini-hike-daypack", climate=Climate(place="Lagos")))
    stops: list[str] = []
    faults: list[str] = []

    def stop(window: MainWindow, name: str) -> None:
        for _ in range(3):
            program.processEvents()
        stops.append(name)
        faults.extend(f"{name}: {fault}" for fault in dict.fromkeys(window_faults(window)))
        if pictures:
            window.grab().save(os.path.join(pictures, name.replace(" ", "-") + ".png"))

    def opened(size: tuple[int, int], look: str) -> MainWindow:
        window = MainWindow(session, theme("dark" if look == "dark" else "light"))
        window.resize(*size)
        window.show()
        window.charts.finish_loading()
        session.ascertain()
        return window

    for look, mirrored in (("light", False), ("dark", False), ("light", True)):
        side = Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
        program.setLayoutDirection(side)
        window = opened(SIZES[scale], look)
        for chart in CHARTS:
            window.show_chart(chart.key)
            stop(window, f"{scale} {look} {'mirrored ' if mirrored else ''}{chart.key}")
        for name, on in turns(window).items():
            on(True)
            stop(window, f"{scale} {look} {'mirrored ' if mirrored else ''}{name}")
            on(False)
        if scale == "1" and look == "light":
            window.resize(*NARROW)
            for tab in range(window._tabs.count()):
                window._tabs.setCurrentIndex(tab)
                if window.charts.isVisible():
                    for chart in CHARTS:
                        window.show_chart(chart.key)
                        stop(window, f"narrow {'mirrored ' if mirrored else ''}{chart.key}")
                else:
                    stop(window, f"narrow {'mirrored ' if mirrored else ''}tab {tab}")
        window.hide()
        window.deleteLater()
        program.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    session.close()
    return stops, faults


def main() -> None:
    """Go round once and print what was found."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    stops, faults = go_round(os.environ.get("QT_SCALE_FACTOR", "1"), sys.argv[1] if len(sys.argv) > 1 else "")
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # it is a stream of text
    json.dump({"stops": stops, "faults": faults}, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
