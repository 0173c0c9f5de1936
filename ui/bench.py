"""Bench of the window: slider event to finished paint, start, memory; prints every budget as a ratio to its peer."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any, Self

from advisor import bench
from advisor.bench import Line, Timing
from advisor.files import write_whole
from advisor.materials import Table, bundled
from advisor.problems import AdvisorError, Problem

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from ui.charts.canvas import ChartCanvas
    from ui.window import MainWindow

#: A frame at 60 Hz and what a move may take over the longest table, ms.
FRAME, LONG_FRAME = 16.7, 50.0
#: What the first list, the charts and idle memory may take.
START_RATIO, CHARTS_RATIO, MEMORY_MB = 3.0, 1.2, 250.0
#: How far the hand moves between two frames, px: the whole travel of a slider in half a second.
STEP = 5
#: Size of the window that is measured.
SIZE = (1366, 700)

#: A window with nothing in it, which says when it is painted.
_BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    painted = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            QTimer.singleShot(0, self.say)
    def say(self):
        print("ready", flush=True)
        QApplication.quit()

application = QApplication(sys.argv[:1])
window = Window()
window.resize(1366, 700)
window.show()
application.exec()
"""
_LIBRARIES = """
import sys
import pandas
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
print("ready", flush=True)
"""


def add_command(commands: Any) -> None:
    """Add ``bench`` to a parser's subcommands."""
    command = commands.add_parser(
        "bench", help="speed and memory beside peers and limits", description="Measure every budget beside its peer."
    )
    command.add_argument("--quick", action="store_true", help="shorter tables, fewer repeats")
    command.add_argument("--part", choices=("engine", "window", "start"), help="one part only (default: all)")
    command.add_argument("--page", type=Path, metavar="F.md", help="write the tables and a chart of cost as a page")


def run(options: argparse.Namespace) -> int:
    """Measure and print; returns 0 whatever the verdicts are, since they are the machine's as much as ours.

    Raises:
        AdvisorError: the page cannot be written, or there is no screen nor a stand-in for one.
    """
    if options.page is not None and not options.page.parent.is_dir():
        folder = options.page.parent
        raise AdvisorError(
            Problem("missing-folder", "has no folder to lie in", f"make {folder} first", str(options.page))
        )
    parts = {"engine": engine_lines, "window": window_lines, "start": start_lines}
    found: dict[str, list[Line]] = {}
    for name, work in parts.items():
        if options.part in (None, name):
            found[name] = _shown(name, work(options.quick))
    print(", ".join(f"{key} {value}" for key, value in bench.machine().items()))
    print(bench.verdict([line for lines in found.values() for line in lines]))
    if options.page is not None:
        _write_page(options.page, found)
    return 0


def _shown(name: str, lines: Iterator[Line]) -> list[Line]:
    """Lines as they come go to the error stream as a sign of life, the table to the output."""
    kept = []
    for line in lines:
        kept.append(line)
        print(f"bench: {name}: {line.what} {line.rows or ''}".rstrip(), file=sys.stderr, flush=True)
    print(bench.text_of(kept), flush=True)
    return kept


def engine_lines(quick: bool) -> Iterator[Line]:
    """The engine's budgets (:func:`advisor.bench.engine`)."""
    return bench.engine(quick)


# Window ---------------------------------------------------------------------------------------------------------------


def window_lines(
    quick: bool = False, lengths: Sequence[int] | None = None, moves: int | None = None, redraws: int | None = None
) -> Iterator[Line]:
    """For every table length and chart: a slider moved to everything repainted, beside a plain redraw of the figure.

    Args:
        quick: the bundled table and 1,000 rows, few moves.
        lengths, moves, redraws: table lengths, slider moves and plain redraws a chart, where not the usual ones.
    """
    from PySide6.QtWidgets import QApplication

    if not isinstance(QApplication.instance(), QApplication):
        _need_screen()
    from ui.app import application
    from ui.charts.panel import CHARTS

    program = application(sys.argv[:1])
    moves = moves or (12 if quick else 60)
    redraws = redraws or (3 if quick else 9)
    for length in lengths if lengths is not None else bench.lengths(quick):
        table = bundled() if length == len(bundled()) else bench.long_table(length)
        with _Stage(program, table) as stage:
            for chart in CHARTS:
                own = Timing.of(stage.drag(chart.key, moves))
                busy, drawn = Timing.of(stage.busy), Timing.of(stage.drawing)
                rest = Timing.of([whole - part for whole, part in zip(stage.busy, stage.drawing, strict=True)])
                plain = stage.plain_redraw(redraws)
                most = FRAME if length <= len(bundled()) else LONG_FRAME
                judged = length == len(bundled()) or length >= bench.MANY
                yield Line(
                    f"slider to paint, {chart.title}",
                    length,
                    own,
                    "plain redraw of the figure",
                    plain,
                    f"p95 ≤ {most:g} ms" if judged else "",
                    own.p95 <= most if judged else None,
                    f"processor {busy.median:.1f} / {busy.p95:.1f}: "
                    f"chart {drawn.median:.1f} / {drawn.p95:.1f}, views {rest.median:.1f} / {rest.p95:.1f}",
                )


def _need_screen() -> None:
    """Draw without a screen where there is none."""
    from ui.app import has_screen

    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


class _Clock:
    """Sums up the processor time the chart takes while it is open: moving parts drawn, pixels painted.

    Args:
        canvas: the class whose methods are timed.
    """

    _PARTS = ("show_state", "draw", "paintEvent")

    def __init__(self, canvas: type) -> None:
        #: Processor time so far, s.
        self.spent = 0.0
        self._canvas = canvas
        self._inside = False

    def __enter__(self) -> Self:
        self._held = {name: getattr(self._canvas, name) for name in self._PARTS}
        for name, work in self._held.items():
            setattr(self._canvas, name, self._timed(work))
        return self

    def __exit__(self, *_: object) -> None:
        for name, work in self._held.items():
            setattr(self._canvas, name, work)

    def _timed(self, work: Callable[..., object]) -> Callable[..., object]:
        def timed(*given: object) -> object:
            if self._inside:
                return work(*given)  # one of the parts calls another
            self._inside, begin = True, time.thread_time()
            try:
                return work(*given)
            finally:
                self._inside = False
                self.spent += time.thread_time() - begin

        return timed


class _Stage:
    """A window over one table whose sliders are dragged by real mouse events, frame by frame."""

    def __init__(self, program: QApplication, table: Table) -> None:
        from PySide6.QtCore import QEvent, QObject

        from ui.session import Session
        from ui.theme import theme
        from ui.window import MainWindow

        stage = self

        class Watch(QObject):
            """Counts paints of the window that come after an answer."""

            def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
                if event.type() is QEvent.Type.UpdateRequest:
                    stage.paints += 1
                return False

        self.program = program
        self.paints = 0
        #: Processor time of the UI thread in each frame of the last drag, s.
        self.busy: list[float] = []
        #: The chart's share of it: its moving parts drawn and its pixels painted.
        self.drawing: list[float] = []
        self.session = Session(table, bench.example_brief())
        self.window: MainWindow = MainWindow(self.session, theme("light"))
        self.window.resize(*SIZE)
        self.window.show()
        self.window.charts.finish_loading()
        self._watch = Watch()
        self.window.installEventFilter(self._watch)
        self._settle()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        from PySide6.QtCore import QCoreApplication, QEvent

        self.window.removeEventFilter(self._watch)
        self.session.close()
        self.window.hide()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _settle(self) -> None:
        """Let the window come to rest: nothing under way, nothing left to paint."""
        end = time.perf_counter() + 20
        while time.perf_counter() < end:
            before = self.paints
            self._wait(0.03)
            if self.paints == before and not self.session.working:
                return

    def _wait(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.program.processEvents()
            time.sleep(min(left, 0.001))

    def _sliders(self) -> list[Any]:
        """A priority and a climate slider in sight."""
        from ui.climate_section import ClimateSection
        from ui.priority_section import PrioritySection
        from ui.sliders import ValueSlider

        found = []
        for section in (PrioritySection, ClimateSection):
            (part,) = self.window.brief.findChildren(section)
            found.append(next(item for item in part.findChildren(ValueSlider) if item.isVisible()))
        return found

    def drag(self, chart: str, moves: int) -> list[float]:
        """Seconds from each of ``moves`` mouse moves to the end of the paint that shows its answer.

        Half of the moves drag a priority, which changes weights only, half the first climate slider, which moves
        demands; one every sixtieth of a second, or as soon as the last frame stands.
        """
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QScrollArea

        self.window.show_chart(chart)
        self._settle()
        end = time.perf_counter() + 20
        while self.window.charts.warming and time.perf_counter() < end:
            self._wait(0.05)  # the first seconds over a table are not those of a hand on a slider
        self.busy, self.drawing = [], []
        handle = self.window.windowHandle()
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        taken: list[float] = []
        for slider in self._sliders():
            for scroll in self.window.brief.findChildren(QScrollArea):
                scroll.ensureWidgetVisible(slider, 0, 40)
            self._settle()
            wide = slider.width() - 24
            at = slider.mapTo(self.window, QPoint(12 + wide // 2, slider.height() // 3))
            QTest.mousePress(handle, left, none, at)
            self._settle()
            for number in range(moves // 2 + 2):
                # To and fro over the travel, as fast as a hand goes in a sixtieth of a second.
                along = (wide // 2 + STEP * (number + 1)) % (2 * wide)
                x = 12 + min(along, 2 * wide - along)
                to = slider.mapTo(self.window, QPoint(x, slider.height() // 3))
                with _Clock(type(self.window.charts.canvas())) as clock:
                    begin, working = time.perf_counter(), time.thread_time()
                    spent = self._frame(handle, to)
                    worked = time.thread_time() - working
                if number >= 2 and spent is not None:
                    taken.append(spent)
                    self.busy.append(worked)
                    self.drawing.append(clock.spent)
                self._wait(max(0.0, 1 / 60 - (time.perf_counter() - begin)))
            QTest.mouseRelease(handle, left, none, at)
            self._settle()
        return taken

    def _frame(self, handle: Any, to: Any) -> float | None:
        """Seconds from one mouse move to the end of its paint, None where it moved nothing."""
        from PySide6.QtTest import QTest

        before = self.session.answer
        begin = time.perf_counter()
        QTest.mouseMove(handle, to)
        while self.session.answer is before:
            self.program.processEvents()
            if time.perf_counter() - begin > 5:
                return None
        # The answer is out; what it made dirty is painted in the passes that follow, to the last.
        end = time.perf_counter()
        quiet = 0
        while quiet < 2:
            painted = self.paints
            self.program.processEvents()
            if self.paints != painted:
                end, quiet = time.perf_counter(), 0
            else:
                quiet += 1
        return end - begin

    def plain_redraw(self, times: int) -> Timing:
        """What Matplotlib takes to draw the figure on screen as a whole, as a plain ``canvas.draw()`` would.

        The same artists in the same size, still and moving ones, nothing kept of the last drawing: text is drawn by
        Matplotlib, not from the pixels that our own canvas keeps of it.
        """
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.text import Text

        from ui.charts.style import strange_signs

        canvas: ChartCanvas = self.window.charts.canvas()
        figure = Figure(figsize=tuple(canvas.figure.get_size_inches().tolist()), dpi=canvas.figure.dpi)
        FigureCanvasAgg(figure)
        artists = canvas.drawing.draw(figure, self.session.answer, self.window.charts.view(), canvas.style_)
        for artist in artists.moving:
            artist.set_animated(False)
        for text in figure.findobj(Text):
            text.draw = MethodType(Text.draw, text)  # type: ignore[method-assign]  # past the kept pixels of ours
        with strange_signs():
            return bench.timed(figure.canvas.draw, times)


# Start and memory -----------------------------------------------------------------------------------------------------


def start_lines(quick: bool = False, times: int | None = None) -> Iterator[Line]:
    """Start to ranked list, start to charts, and idle memory, each in processes of their own."""
    times = times or (3 if quick else 11)
    _need_screen()
    with tempfile.TemporaryDirectory() as folder, _byte_code(Path(folder) / "byte-code"):
        own = [*_program(), "--smoke", "--data-dir", folder]
        bare = None if getattr(sys, "frozen", False) else [sys.executable, "-c", _BARE]
        # Byte code and caches are made in the first run, as an installer makes them.
        for command in (own, bare):
            if command is not None:
                _until_ready(command)
        lists, bares = [], []
        for _ in range(times):
            if bare is not None:
                bares.append(_until_ready(bare))
            lists.append(_until_ready(own))
        mine, empty = Timing.of(lists), Timing.of(bares) if bares else None
        ok = None if empty is None else mine.median <= START_RATIO * empty.median
        yield Line(
            "start to ranked list", len(bundled()), mine, "bare PySide6 window", empty, f"≤ {START_RATIO:g} ×", ok
        )
        if bare is None:
            return
        probe = [sys.executable, "-c", f"import ui.bench; ui.bench.idle({folder!r})"]
        _until_ready(probe)
        charts: list[float] = []
        libraries: list[float] = []
        memory: list[float] = []
        imports = [sys.executable, "-c", _LIBRARIES]
        try:
            _until_ready(imports)
        except OSError:
            imports = []
        for _ in range(max(times // 2, 2)):
            charts.append(_until_ready(probe, memory))
            if imports:
                libraries.append(_until_ready(imports))
        drawn, loaded = Timing.of(charts), Timing.of(libraries) if libraries else None
        ok = None if loaded is None else drawn.median <= CHARTS_RATIO * loaded.median
        peer = "importing pandas and matplotlib"
        yield Line("start to charts painted", len(bundled()), drawn, peer, loaded, f"≤ {CHARTS_RATIO:g} ×", ok)
        if memory:
            most = max(memory)
            yield Line(
                "idle memory", budget=f"≤ {MEMORY_MB:g} MB", ok=most <= MEMORY_MB, note=f"{most:.0f} MB resident"
            )


@contextmanager
def _byte_code(folder: Path) -> Iterator[None]:
    """Let the processes started keep the byte code of all they load, whatever this one was told: installed it is there.

    All of it lies in one folder, the program's as well as the libraries'.
    """
    names = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    held = {name: os.environ.pop(name, None) for name in names}
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)
    try:
        yield
    finally:
        for name, value in held.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _program() -> list[str]:
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "ui.app"]


def _until_ready(command: Sequence[str], memory: list[float] | None = None) -> float:
    """Seconds from starting a process to its first line; what it prints as ``memory`` is added to the list, MB.

    Raises:
        OSError: it ended without a line, or badly.
    """
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - begin
        for further in process.stdout:
            if memory is not None and further.startswith("memory "):
                memory.append(float(further.split()[1]))
    if not line.startswith("ready") or process.returncode:
        raise OSError(f"{command[0]} said {line!r} and ended with {process.returncode}")
    return taken


def idle(folder: str) -> None:
    """In a process of its own: open the window, say when its charts are painted, then what memory it holds at rest."""
    from ui.app import application, collect_garbage, hold_garbage

    hold_garbage()  # as the program does
    program = application(["bench"], Path(folder))
    from ui.session import Session
    from ui.theme import theme
    from ui.window import MainWindow

    session = Session()
    window = MainWindow(session, theme("light"))
    window.resize(*SIZE)
    window.show()
    while not getattr(window.charts.body.currentWidget(), "full_draws", 0):
        program.processEvents()  # "loading" stands there until the charts come
    print("ready", flush=True)
    collect_garbage()
    end = time.perf_counter() + 5
    while session.working and time.perf_counter() < end:
        program.processEvents()
        time.sleep(0.005)
    for _ in range(5):
        program.processEvents()
    if (resident := _resident_mb()) is not None:
        print(f"memory {resident:.1f}", flush=True)
    session.close()
    window.close()


def _resident_mb() -> float | None:
    """Resident memory of this process, MB; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, AttributeError):
        pass
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


# The page -------------------------------------------------------------------------------------------------------------

_PAGE = """# What it costs

{intro}

{machine}.

{tables}
## Cost against rows and criteria

![Median cost of re-weighting, TOPSIS and PROMETHEE II against rows and against criteria](images/bench-cost.svg)

Both axes are logarithmic. Left: 16 criteria; right: {rows:,} rows. Re-weighting is one matrix-vector product and the
search for the first 20; PROMETHEE II sorts each criterion instead of comparing every pair.
"""
_INTRO = """Written by `material-advisor bench --page docs/benchmarks.md`: every budget beside its peer or its physical
limit, measured in one run. Times are in ms, medians with the 95th percentile; read the ratios, since the times are this
machine's. "Slider to paint" goes from a mouse move on a slider to the end of the last paint it causes (ranking, chart
in front, material panel, counts, strips), half of the moves on a priority, half on the rain; beside stands a plain
Matplotlib redraw of the same figure alone: the same artists in the same size, everything drawn anew, text too. The
note gives the UI thread's processor time (median / p95, ms), which other work on the machine lengthens less than the
wall time, and how much of it is the chart's and the other views'. Tables longer than the bundled one hold its rows over
and over with seeded noise. A peer that is not installed is said to be so: `pip install --group peers`."""
_TITLES = {"engine": "Engine", "window": "Slider to paint", "start": "Start and memory"}


def _write_page(path: Path, found: dict[str, list[Line]]) -> None:
    tables = "".join(f"## {_TITLES[name]}\n\n{bench.markdown_of(lines)}\n" for name, lines in found.items())
    measured = ", ".join(f"{key} {value}" for key, value in bench.machine().items())
    kept = bench.verdict([line for lines in found.values() for line in lines])
    page = _PAGE.format(intro=_INTRO, machine=f"{measured}. {kept}", tables=tables, rows=bench.CURVE_LENGTH)
    write_whole(path, page.encode())
    folder = path.parent / "images"
    folder.mkdir(exist_ok=True)
    write_whole(folder / "bench-cost.svg", cost_chart(bench.cost_against_rows(), bench.cost_against_criteria()))


def cost_chart(rows: Sequence[bench.Curve], criteria: Sequence[bench.Curve]) -> bytes:
    """The two curves of cost side by side, as SVG."""
    import io

    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 3.8), layout="constrained")
    FigureCanvasAgg(figure)
    marks, inks = ("o", "s", "^", "D"), ("#6b7280", "#0b62a4", "#b45309", "#7c3aed")
    for axes, curves, label in zip(
        figure.subplots(1, 2), (rows, criteria), ("rows (16 criteria)", "criteria"), strict=True
    ):
        for curve, mark, ink in zip(curves, marks, inks, strict=False):
            axes.plot(*zip(*curve.points, strict=True), marker=mark, markersize=4, color=ink, label=curve.name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(label)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        if curves is criteria and curves:
            counts = [count for count, _ in curves[0].points]
            axes.set_xticks(counts, [str(count) for count in counts])
            axes.minorticks_off()
    figure.axes[0].set_ylabel("median, ms")
    figure.axes[0].legend(frameon=False, fontsize=8)
    stream = io.BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "chart"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()
