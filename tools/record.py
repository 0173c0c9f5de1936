"""Record the real window under a virtual screen: a hand made of X events drags, searches, hovers and exports.

    python tools/record.py [FOLDER]

Run by ``make record`` with the environment's own Python. It needs two programs that it does not install, ``Xvfb`` and
``xdotool`` (Debian: ``apt install xvfb xdotool libxcb-cursor0``), and no window manager. Every step is done by xdotool
on the screen, as a hand would, and is then held against what the session, the ranking or a file says; a step that
changed nothing ends the run with exit code 1. FOLDER (default: out/record) gets a frame a step, a log and a sheet.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QApplication, QWidget

    from ui.window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
SCREEN = (1366, 700)
NEEDED = {"Xvfb": "xvfb", "xdotool": "xdotool"}
#: Steps of a drag, and seconds between two of them: a hand at sixty a second.
DRAG_STEPS, DRAG_PAUSE = 16, 0.017
#: What a step may take, s; and how long nothing is done before a frame is kept.
PATIENCE_S, REST_S = 20.0, 0.35
#: Frames that go on the contact sheet, two a row, and the width of one.
SHEET, SHEET_WIDE = ("rain", "edge", "box", "limits", "hover", "slope"), 640


class FailedError(Exception):
    """A step did not do what it should."""


# --- outside ----------------------------------------------------------------------------------------------------------


def main() -> int:
    """Start a virtual screen and this file again upon it."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "out" / "record").resolve()
    if os.environ.get("RECORD_INSIDE"):
        return inside(out)
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        packages = " ".join(NEEDED[name] for name in missing)
        print(f"not found: {', '.join(missing)}; on Debian: apt install {packages} libxcb-cursor0", file=sys.stderr)
        return 2
    out.mkdir(parents=True, exist_ok=True)
    reading, writing = os.pipe()
    size = f"{SCREEN[0]}x{SCREEN[1]}x24"
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as stream:
            number = stream.readline().strip()
        if not number:
            print("Xvfb did not start", file=sys.stderr)
            return 2
        with tempfile.TemporaryDirectory() as home:
            own = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "RECORD_INSIDE": "1", "HOME": home}
            folders = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"), home)
            environment = os.environ | own | folders | {"PYTHONPATH": str(ROOT), "QT_SCALE_FACTOR": "1"}
            return subprocess.call([sys.executable, __file__, str(out)], env=environment, cwd=home)
    finally:
        screen.terminate()
        screen.wait()


# --- the hand ---------------------------------------------------------------------------------------------------------


def xdotool(*words: object) -> None:
    """One command of xdotool."""
    subprocess.run(["xdotool", *map(str, words)], check=True, stdout=subprocess.DEVNULL)


class Stage:
    """The window, the hand on it, and the log."""

    def __init__(self, program: QApplication, window: MainWindow, out: Path) -> None:
        self.program, self.window, self.session = program, window, window.session
        self.out = out
        self.lines: list[str] = []
        self.frames: dict[str, Path] = {}

    def rest(self, seconds: float = REST_S) -> None:
        """Let the window work for a while."""
        from PySide6.QtCore import QElapsedTimer

        clock = QElapsedTimer()
        clock.start()
        while clock.elapsed() < 1000 * seconds:
            self.program.processEvents()
            self.program.thread().msleep(2)

    def until(self, done: Callable[[], bool], what: str) -> None:
        """Let the window work until something holds.

        Raises:
            FailedError: it does not come to hold.
        """
        from PySide6.QtCore import QElapsedTimer

        clock = QElapsedTimer()
        clock.start()
        while not done():
            if clock.elapsed() > 1000 * PATIENCE_S:
                raise FailedError(what)
            self.rest(0.02)

    def settled(self) -> None:
        """Wait until nothing is under way."""
        self.until(lambda: not self.session.working, "the window did not come to rest")
        self.rest()

    @staticmethod
    def at(widget: QWidget, x: float | None = None, y: float | None = None) -> tuple[int, int]:
        """A point of a widget (its middle) on the screen."""
        from PySide6.QtCore import QPoint

        spot = QPoint(round(widget.width() / 2 if x is None else x), round(widget.height() / 2 if y is None else y))
        here: QPoint = widget.mapToGlobal(spot)
        return here.x(), here.y()

    def move(self, to: tuple[int, int]) -> None:
        """Move the pointer."""
        xdotool("mousemove", *to)
        self.rest(0.05)

    def click(self, at: tuple[int, int]) -> None:
        """Press and let go."""
        self.move(at)
        xdotool("click", 1)
        self.rest()

    def drag(self, start: tuple[int, int], end: tuple[int, int], held: str = "") -> None:
        """Drag from one point to another; ``held`` names the frame kept before letting go."""
        self.move(start)
        xdotool("mousedown", 1)
        for number in range(1, DRAG_STEPS + 1):
            x, y = (round(a + (b - a) * number / DRAG_STEPS) for a, b in zip(start, end, strict=True))
            xdotool("mousemove", x, y)
            self.rest(DRAG_PAUSE)
        if held:
            self.rest()
            self.frame(held)
        xdotool("mouseup", 1)
        self.rest()

    def keys(self, *names: str) -> None:
        """Press keys, one after another."""
        for name in names:
            xdotool("key", name)
            self.rest(0.08)

    def write(self, text: str) -> None:
        """Type a text."""
        xdotool("type", "--delay", 15, text)
        self.rest()

    def frame(self, name: str) -> None:
        """Keep the whole screen as it is now."""
        path = self.out / f"{len(self.frames) + 1:02d}-{name}.png"
        if not self.program.primaryScreen().grabWindow(0).save(str(path)):
            raise FailedError(f"no frame could be written to {path}")
        self.frames[name] = path

    def say(self, step: str, what: str) -> None:
        """Add a line to the log."""
        line = f"{step:10s} {what}"
        self.lines.append(line)
        print(line, flush=True)


def check(holds: object, what: str) -> None:
    """A step's claim.

    Raises:
        FailedError: it does not hold.
    """
    if not holds:
        raise FailedError(what)


# --- the steps --------------------------------------------------------------------------------------------------------


def first(stage: Stage, count: int = 3) -> str:
    """The first materials of the ranking with their scores."""
    answer = stage.session.answer
    rows = answer.ranking.order[:count].tolist()
    return "; ".join(f"{answer.table.names[row]} {answer.ranking.scores[row]:.3f}" for row in rows)


def named(root: QWidget, kind: type[Any], name: str) -> Any:
    """The visible widget of a kind with an accessible name or text.

    Raises:
        FailedError: there is none.
    """
    for widget in root.findChildren(kind):
        text = getattr(widget, "text", None)
        if widget.isVisible() and name in (widget.accessibleName(), text() if callable(text) else None):
            return widget
    raise FailedError(f"no {kind.__name__} {name!r} in sight")


def drag_slider(stage: Stage) -> None:
    """Rain to the left: demands ease, scores move."""
    from ui.sliders import ValueSlider

    slider = named(stage.window.brief, ValueSlider, "Rain")
    before, scores = first(stage), stage.session.answer.ranking.scores.copy()
    x = 12 + slider.position() * (slider.width() - 24)
    stage.drag(stage.at(slider, x, slider.height() / 3), stage.at(slider, 14, slider.height() / 3), held="rain")
    stage.settled()
    inputs = dict(stage.session.brief.climate.inputs)
    check("wettest_month_mm" in inputs, "the rain was not moved")
    moved = int((abs(stage.session.answer.ranking.scores - scores) > 1e-9).sum())
    check(moved, "no score moved with the rain")
    stage.say("rain", f"wettest month now {inputs['wettest_month_mm']:.0f} mm; {moved} scores moved")
    stage.say("", f"before {before}")
    stage.say("", f"after  {first(stage)}")


def drag_edge(stage: Stage) -> None:
    """The edge between protection and durability to the left: weight goes from one to the other."""
    from advisor.properties import GROUPS
    from ui.ranking_header import WeightsBar

    def share(group: str) -> float:
        weights = stage.session.answer.terms.weights()
        return float(sum(weights[key] for key in GROUPS[group]))

    bar = named(stage.window, WeightsBar, "Weights of the criterion groups")
    before = share("protection"), share("durability")
    edge = bar.edge_at("protection")
    stage.drag(stage.at(bar, edge), stage.at(bar, edge - 24), held="edge")
    stage.settled()
    after = share("protection"), share("durability")
    check(after[0] < before[0] - 0.01 and after[1] > before[1] + 0.01, "the edge moved no weight")
    texts = (f"{100 * a:.0f} to {100 * b:.0f} %" for a, b in zip(before, after, strict=True))
    stage.say("edge", "protection {}, durability {}".format(*texts))


def show_chart(stage: Stage, key: str) -> None:
    """A click on a chart's tab."""
    from ui.charts.panel import CHARTS

    tabs = stage.window.charts.tabs
    place = [chart.key for chart in CHARTS].index(key)
    middle = tabs.tabRect(place).center()
    stage.click(stage.at(tabs, middle.x(), middle.y()))
    stage.settled()
    check(stage.window.charts.chart == key, f"the tab {key} did not come to the front")


def mark_box(stage: Stage) -> None:
    """A box on the map becomes limits."""
    from PySide6.QtWidgets import QToolButton

    show_chart(stage, "map")
    canvas = stage.window.charts.canvas()
    wide, high = canvas.width(), canvas.height()
    passing, limits = stage.session.answer.ranking.passing, len(stage.session.brief.limits)
    stage.drag(stage.at(canvas, 0.24 * wide, 0.16 * high), stage.at(canvas, 0.56 * wide, 0.62 * high), held="box")
    stage.click(stage.at(named(canvas, QToolButton, "Add as limits")))
    stage.settled()
    stage.frame("limits")
    added = stage.session.brief.limits[limits:]
    check(added, "the box became no limit")
    now = stage.session.answer.ranking.passing
    check(now < passing, "the box screened nothing out")
    told = "; ".join(f"{item.property} {item.at_least} to {item.at_most}" for item in added)
    stage.say("box", f"{told}: {now} of {passing} still pass")


def pin(stage: Stage) -> None:
    """The selected material becomes the incumbent."""
    from PySide6.QtWidgets import QPushButton

    stage.click(stage.at(named(stage.window.material, QPushButton, "Pin")))
    stage.settled()
    stage.frame("pin")
    pinned = stage.session.selection.pinned
    check(pinned, "nothing is pinned")
    stage.say("pin", stage.session.answer.table.names[stage.session.answer.table.index[pinned]])


def search(stage: Stage) -> None:
    """Words in the search field narrow the rows."""
    ranking = stage.window.ranking
    field = ranking.header.search
    model = ranking.model
    before = model.rowCount()
    stage.click(stage.at(field))
    stage.write("nylon oxford")
    stage.frame("search")
    found = model.rowCount()
    check(field.text() == "nylon oxford", f"the field says {field.text()!r}")
    check(0 < found < before, f"the search left {found} of {before} rows")
    stage.say("search", f"{found} of {before} rows for {field.text()!r}")
    stage.keys("ctrl+a", "BackSpace")
    check(model.rowCount() == before, "the rows did not come back")


def hover(stage: Stage) -> None:
    """The pointer on a point of the map tells its figures and grades, and marks the row."""
    import numpy as np
    from PySide6.QtWidgets import QToolTip

    from ui.charts.map import MapArtists

    canvas = stage.window.charts.canvas()
    artists = canvas.artists
    check(isinstance(artists, MapArtists), "the map is not drawn")
    assert isinstance(artists, MapArtists)
    answer = stage.session.answer
    row = next(row for row in answer.ranking.order[3:].tolist() if np.isfinite(artists.x[row] + artists.y[row]))
    x, y = artists.axes.transData.transform((artists.x[row], artists.y[row]))
    scale = canvas.devicePixelRatioF()
    spot = stage.at(canvas, x / scale, canvas.height() - y / scale)
    stage.move((spot[0] - 60, spot[1] - 30))
    QToolTip.hideText()
    for nudge in range(6):
        stage.move((spot[0] + nudge % 2, spot[1]))
        stage.rest()
        if stage.session.selection.hovered and QToolTip.isVisible():
            break
    stage.frame("hover")
    hovered = stage.session.selection.hovered
    check(hovered, "no material is under the pointer")
    text = QToolTip.text()
    check("grade" in text and answer.table.names[answer.table.index[hovered]].split(",")[0] in text, text)
    stage.say("hover", f"{hovered}: tip with figures and grades")


def export(stage: Stage) -> None:
    """The right button's menu writes PNG, SVG and CSV through the file dialog; each file opens."""
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QFileDialog

    show_chart(stage, "why")
    canvas = stage.window.charts.canvas()
    for place, kind in enumerate(("png", "svg", "csv")):
        path = stage.out / f"why.{kind}"
        path.unlink(missing_ok=True)
        stage.move(stage.at(canvas))
        xdotool("click", 3)
        stage.rest()
        if kind == "png":
            stage.frame("menu")
        # The dialog blocks the loop of this step, not the window's: keys are sent ahead by a timer of the hand's own.
        typed = Typing(stage, QFileDialog, path)
        stage.keys(*["Down"] * (place + 1), "Return")
        stage.until(lambda typed=typed: typed.done, "no file dialog came")  # type: ignore[misc]
        stage.until(path.exists, f"{path.name} was not written")
        stage.rest()
        content = path.read_bytes()
        if kind == "png":
            image = QImage(str(path))
            check(image.width() > 800, "the PNG does not open")
            stage.say("export", f"why.png {image.width()} × {image.height()} px")
        elif kind == "svg":
            texts = [node for node in ET.fromstring(content).iter() if node.tag.endswith("}text")]
            check(len(texts) > 8, "the SVG holds no text")
            stage.say("export", f"why.svg with {len(texts)} texts")
        else:
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            check(len(rows) > 16 and len({len(row) for row in rows}) == 1, "the CSV is no table")
            stage.say("export", f"why.csv {len(rows)} × {len(rows[0])}, head: {', '.join(rows[0][:3])}")


class Typing:
    """Types a path into the file dialog when it comes; its loop runs inside the dialog's."""

    def __init__(self, stage: Stage, kind: type[QWidget], path: Path) -> None:
        from PySide6.QtCore import QTimer

        self.stage, self.kind, self.path = stage, kind, path
        self.done = self._busy = False
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(100)

    def _look(self) -> None:
        dialog = self.stage.program.activeModalWidget()
        if self._busy or dialog is None or not isinstance(dialog, self.kind) or not dialog.isVisible():
            return
        self._busy = True
        self._timer.stop()
        self.stage.rest()
        xdotool("key", "ctrl+a")
        self.stage.write(str(self.path))
        if self.path.suffix == ".png":
            self.stage.frame("dialog")
        xdotool("key", "Return")
        self.done = True


def copy(stage: Stage) -> None:
    """Copy on the chart puts its numbers on the clipboard, as tabs and as HTML."""
    canvas = stage.window.charts.canvas()
    stage.window.activateWindow()  # with no window manager, the closed dialog leaves the keys to nobody
    canvas.setFocus()
    stage.rest()
    stage.keys("ctrl+c")
    stage.rest()
    data = stage.program.clipboard().mimeData()
    rows = [line.split("\t") for line in data.text().splitlines()]
    check(len(rows) > 16 and len({len(row) for row in rows}) == 1, "no table on the clipboard")
    check(data.html().count("<tr>") == len(rows), "the HTML has other rows")
    stage.say("copy", f"{len(rows)} × {len(rows[0])} as tabs and as HTML")


def slope(stage: Stage) -> None:
    """What all that moved, from the brief as opened to now."""
    from ui.charts.slope_controls import OPENING, SlopeControls

    show_chart(stage, "slope")
    controls = stage.window.charts.controls["slope"]
    assert isinstance(controls, SlopeControls)
    stage.click(stage.at(controls.against))
    stage.keys("Home", "Down", "Down", "Return")
    stage.settled()
    check(controls.against.currentData() == OPENING, "the brief as opened was not chosen")
    stage.move((SCREEN[0] - 20, SCREEN[1] - 20))
    stage.rest()
    stage.frame("slope")
    told = stage.window.charts.canvas().accessibleDescription()
    check("change place" in told, told)
    stage.say("slope", told.split(". ")[2][:80])


def undo(stage: Stage) -> None:
    """Undo takes everything back, one step at a time."""
    steps = 0
    while stage.session.undo_label and steps < 12:
        stage.keys("ctrl+z")
        stage.rest()
        steps += 1
    stage.settled()
    stage.frame("undone")
    check(not stage.session.brief.climate.inputs and not stage.session.brief.priorities, "something stayed")
    stage.say("undo", f"{steps} steps: {first(stage)}")


STEPS: tuple[Callable[[Stage], None], ...] = (
    drag_slider,
    drag_edge,
    mark_box,
    pin,
    search,
    hover,
    export,
    copy,
    slope,
    undo,
)


# --- inside -----------------------------------------------------------------------------------------------------------


def inside(out: Path) -> int:
    """Open the window on the virtual screen and go through the steps; the exit code."""
    from ui.app import application

    program = application(["record"], Path(os.environ["HOME"]))
    from advisor.brief import Brief, Climate
    from ui.session import Session
    from ui.theme import theme
    from ui.window import MainWindow

    for old in out.glob("[0-9][0-9]-*.png"):
        old.unlink()
    session = Session(brief=Brief(product="mini-hike-daypack", climate=Climate(place="Lagos")))
    window = MainWindow(session, theme("light"))
    window.setGeometry(0, 0, *SCREEN)
    window.show()
    stage = Stage(program, window, out)
    failed = ""
    try:
        stage.until(lambda: bool(getattr(window.charts.body.currentWidget(), "full_draws", 0)), "no chart was drawn")
        window.activateWindow()
        stage.settled()
        stage.frame("start")
        stage.say("start", first(stage))
        for step in STEPS:
            step(stage)
    except (FailedError, subprocess.CalledProcessError) as error:
        stage.frame("failed")
        failed = str(error)
        stage.say("failed", failed)
    (out / "log.txt").write_text("\n".join(stage.lines) + "\n", encoding="utf-8")
    if not failed:
        sheet(stage, out / "sheet.png")
    session.close()
    window.hide()
    return 1 if failed else 0


def sheet(stage: Stage, path: Path) -> None:
    """Six frames on one sheet, two a row, in 256 colours."""
    from PIL import Image

    high, gap = round(SHEET_WIDE * SCREEN[1] / SCREEN[0]), 8
    whole = Image.new("RGB", (2 * SHEET_WIDE + gap, -(-len(SHEET) // 2) * (high + gap) - gap), "#808b9a")
    for number, name in enumerate(SHEET):
        with Image.open(stage.frames[name]) as frame:
            small = frame.convert("RGB").resize((SHEET_WIDE, high), Image.Resampling.LANCZOS)
        whole.paste(small, ((number % 2) * (SHEET_WIDE + gap), (number // 2) * (high + gap)))
    whole.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
