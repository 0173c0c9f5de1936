"""Snapshot: the real window drawn without a screen and written as PNG."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.__main__ import load_case
from advisor.climate import find_place
from advisor.console import guarded
from advisor.files import write_whole
from advisor.problems import AdvisorError, Problem
from ui.app import THEMES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

CHARTS = ("why", "compare", "map", "certainty", "climate-fit", "slope")


def add_command(commands: Any) -> None:
    """Add ``snapshot`` to a parser's subcommands."""
    command = commands.add_parser(
        "snapshot", help="the real window, drawn without a screen", description="Draw the real window without a screen."
    )
    command.add_argument("--out", type=Path, required=True, metavar="X.png", help="picture to write")
    command.add_argument("--brief", type=Path, metavar="F", help="brief or project file (*.brief.json, *.project.json)")
    command.add_argument("--product", metavar="P", help="product type")
    command.add_argument("--place", metavar="NAME", help="place whose climate counts")
    command.add_argument("--market", metavar="CC", help="market, ISO country code")
    command.add_argument("--table", type=Path, metavar="T", help="material table (default: the bundled one)")
    command.add_argument("--size", type=_size, default=(1366, 700), metavar="WxH", help="default: 1366x700")
    command.add_argument("--theme", choices=THEMES, default="light", help="default: light")
    command.add_argument("--chart", choices=CHARTS, help="the chart in front (default: why)")
    command.add_argument("--against", metavar="NAME", help="place whose ranking the slope chart is measured against")
    command.add_argument("--mirrored", action="store_true", help="laid out right to left")


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{3,4})[x×](\d{3,4})", text)
    if not match:
        raise argparse.ArgumentTypeError(f'"{text}" is no size such as 1366x700')
    width, height = int(match[1]), int(match[2])
    if not (640 <= width <= 7680 and 350 <= height <= 4320):
        raise argparse.ArgumentTypeError(f"{text} is out of reach; give 640x350 to 7680x4320")
    return width, height


def run(options: argparse.Namespace) -> int:
    """Draw the window as ``options`` say; returns the exit status."""
    return guarded(lambda: _draw(options))


def _draw(options: argparse.Namespace) -> None:
    if options.out.suffix.casefold() != ".png":
        raise AdvisorError(Problem("wrong-name", "is no PNG name", "let --out end in .png", file=str(options.out)))
    if not options.out.parent.is_dir():
        raise AdvisorError(
            Problem(
                "missing-folder", "has no folder to lie in", f"make {options.out.parent} first", file=str(options.out)
            )
        )
    project = load_case(options)
    if options.against is not None and find_place(options.against) is None:
        hint = "name a place as the list of places does"
        raise AdvisorError(Problem("unknown-place", f'"{options.against}" is no place known here', hint))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QCoreApplication, QEvent, Qt

    from ui.app import application
    from ui.charts.slope_controls import SlopeControls
    from ui.session import Session
    from ui.theme import theme
    from ui.window import MainWindow

    program = application(sys.argv[:1])
    if options.mirrored:
        program.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    session = Session(project.stock.base, project.brief)
    session.show_project(project)
    window = MainWindow(session, theme(options.theme))
    window.resize(*options.size)
    window.show()
    if options.chart is not None:
        window.show_chart(options.chart)
    if options.against is not None:
        slope = window.charts.controls["slope"]
        assert isinstance(slope, SlopeControls)
        slope.use_place(options.against)
    window.charts.finish_loading()
    session.ascertain()
    for _ in range(3):
        program.processEvents()
    content = png_of(window)
    session.close()
    window.hide()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    write_whole(options.out, content)


def png_of(widget: QWidget) -> bytes:
    """A widget as it looks now, as the bytes of a PNG file."""
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    return bytes(buffer.data().data())
