"""App: the entry point; hands commands to the domain before Qt is loaded, else opens the window."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor import __version__
from advisor.console import OneLineParser, guarded, one_line
from advisor.problems import AdvisorError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

COMMANDS = ("rank", "explain", "decide", "check-table", "proof", "snapshot", "bench")

#: Looks there are, as words of the command line.
THEMES = ("light", "dark")
#: How long after the window is shown its charts stand at the latest, ms.
STARTED_MS = 5_000
#: How long a thread may keep the interpreter while another waits for it, s.
SWITCH_S = 0.001


def parser() -> argparse.ArgumentParser:
    """The parser of the whole program's command line."""
    from advisor.__main__ import add_commands
    from ui import bench, snapshot

    top = OneLineParser(
        prog="material-advisor",
        usage="material-advisor [FILE] | material-advisor COMMAND …",
        description="Ranks bag fabrics for a brief of climate, budget and use: which fabric, why, how sure.",
        epilog="Without a command the window opens, on FILE (a brief, project or material table) where one is given.",
    )
    top.add_argument("--version", action="version", version=f"material-advisor {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", prog="material-advisor")
    add_commands(commands)
    snapshot.add_command(commands)
    bench.add_command(commands)
    return top


def window_parser() -> argparse.ArgumentParser:
    """The parser for opening the window."""
    top = OneLineParser(prog="material-advisor", add_help=False)
    top.add_argument("file", nargs="?", type=Path, metavar="FILE")
    top.add_argument("--theme", choices=THEMES)
    top.add_argument("--data-dir", type=Path, metavar="DIR", help="where settings and caches are kept")
    top.add_argument("--smoke", action="store_true", help="open, wait for the ranked list, say so and end")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and (words[0] in COMMANDS or words[0] in ("-h", "--help", "--version")):
        return _run_command(words)
    return open_window(window_parser().parse_args(words))


def _run_command(words: Sequence[str]) -> int:
    """Run a command; what only commands need is loaded here, so that the window need not wait for it."""
    options = parser().parse_args(words)
    if options.command == "snapshot":
        from ui import snapshot

        return snapshot.run(options)
    if options.command == "bench":
        from ui import bench

        return guarded(lambda: bench.run(options))
    from advisor.__main__ import run

    return guarded(lambda: run(options))


def application(arguments: Sequence[str], data_dir: Path | None = None) -> QApplication:
    """The Qt application, named and with its folders settled; made once a process."""
    from PySide6.QtCore import QCoreApplication, QLocale, QSettings
    from PySide6.QtWidgets import QApplication

    from ui.theme import interface_font

    found = QApplication.instance()
    program = found if isinstance(found, QApplication) else QApplication(list(arguments) or ["material-advisor"])
    QCoreApplication.setOrganizationName("material-advisor")
    QCoreApplication.setApplicationName("material-advisor")
    QCoreApplication.setApplicationVersion(__version__)
    program.setApplicationDisplayName("Material Advisor")
    program.setStyle("Fusion")
    program.setFont(interface_font())
    if QLocale.system().language() is QLocale.Language.C:
        # A machine without a locale (a server, a stick) groups no thousands; English figures read better.
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    if data_dir is not None:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(data_dir))
    _settle_caches(data_dir)
    # A job that computes gives the interpreter back to the window within a tenth of a frame, not a third of one.
    sys.setswitchinterval(SWITCH_S)
    return program


def state_folder(data_dir: Path | None) -> Path:
    """Where unsaved work is kept."""
    from PySide6.QtCore import QStandardPaths

    if data_dir is not None:
        return data_dir / "state"
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))


def _settle_caches(data_dir: Path | None) -> None:
    """Give the table and matplotlib a cache folder that lasts.

    A frozen program's matplotlib would otherwise scan all fonts at every start.
    """
    from PySide6.QtCore import QStandardPaths

    from advisor.materials import keep_in

    base = (
        str(data_dir)
        if data_dir is not None
        else QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
    )
    keep_in(Path(base) / f"table-{__version__}")
    if os.environ.get("MPLCONFIGDIR") and not getattr(sys, "frozen", False):
        return
    folder = Path(base) / f"charts-{__version__}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return  # matplotlib falls back to a temporary folder by itself
    os.environ["MPLCONFIGDIR"] = str(folder)


def hold_garbage() -> None:
    """Look for no garbage until the window stands: what a start makes stays, and looking takes 25 ms of it."""
    gc.disable()


def collect_garbage() -> None:
    """Look for garbage from here on, only among what is made from here on."""
    gc.freeze()
    gc.enable()


def has_screen() -> bool:
    """Whether Qt will find a screen to open a window on; where it does not, it ends the process without a word."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_window(options: argparse.Namespace) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    if not has_screen():
        print(
            "material-advisor: there is no screen here; use snapshot or rank instead",
            file=sys.stderr,
        )
        return 2
    hold_garbage()
    program = application(sys.argv[:1], options.data_dir)
    from PySide6.QtCore import QSettings, QTimer

    from ui.notices import Crashes
    from ui.session import Session
    from ui.theme import ThemeName, theme
    from ui.window import MainWindow

    crashes = Crashes()
    crashes.install()
    settings = QSettings()
    wished: Any = options.theme or settings.value("theme")
    name: ThemeName | None = "dark" if wished == "dark" else "light" if wished == "light" else None
    try:
        session = Session()
    except AdvisorError as error:
        print(one_line(error), file=sys.stderr)
        return 2
    window = MainWindow(session, theme(name) if name else None, settings, state_folder(options.data_dir), at_once=False)
    crashes.crashed.connect(window.show_crash)
    if not settings.contains("layout/window"):
        room = window.screen().availableGeometry()
        window.resize(min(room.width(), 1440), min(room.height(), 860))
    if options.file is not None and not window.documents.open_path(options.file) and options.smoke:
        return 2
    if options.smoke:
        _smoke(program, window)
    window.show()
    QTimer.singleShot(STARTED_MS, collect_garbage)
    try:
        return int(program.exec())
    finally:
        gc.enable()  # closed before that


def _smoke(program: QApplication, window: Any) -> None:
    """Say in one line when the ranked list is painted, draw the charts, and end."""
    from PySide6.QtCore import QObject, QTimer, Slot

    class Watch(QObject):
        @Slot()
        def ready(self) -> None:
            # Said as soon as the list is on screen, so that a stopwatch outside can tell; the rest is still tried.
            answer = window.session.answer
            first = answer.table.names[int(answer.ranking.order[0])]
            print(f"ready: {len(answer.table)} materials ranked, first {first}", flush=True)
            QTimer.singleShot(0, self.finish)

        @Slot()
        def finish(self) -> None:
            window.charts.finish_loading()
            window.session.ascertain()
            program.processEvents()
            window.close()
            program.quit()

    watch = Watch(window)
    window.ready.connect(watch.ready)


if __name__ == "__main__":
    sys.exit(main())
