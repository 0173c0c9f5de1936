"""Notices: what the user should read: refused actions in a bar under the toolbar, our own bugs in one dialog."""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from advisor import __version__
from advisor.problems import AdvisorError, Problem
from ui.theme import Theme, icon
from ui.widgets import Themed


class NoticeBar(QFrame, Themed):
    """One line under the toolbar: what was refused or is offered, and what to do; closes by its cross.

    Signals:
        accepted(str): the button of the offer of that name was pressed.
        dismissed(str): the bar was closed by its cross while the offer of that name stood.
    """

    accepted = Signal(str)
    dismissed = Signal(str)

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._name = ""
        self.setProperty("surface", "notice")
        self.setAccessibleName(self.tr("Notice"))
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._offer = QPushButton(self)
        self._offer.clicked.connect(self._accept)
        self._offer.hide()
        self._close = QToolButton(self)
        self._close.setAccessibleName(self.tr("Close the notice"))
        self._close.setProperty("kind", "quiet")
        self._close.clicked.connect(self._dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self._text, 1)
        row.addWidget(self._offer)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.apply_theme(look)
        self.hide()

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self._close.setIcon(icon("close", look, "warn"))

    @Slot(object)
    def show_problem(self, problem: Problem) -> None:
        """Show one problem."""
        self.show_text(problem.line())

    def show_error(self, error: AdvisorError) -> None:
        """Show a refused action: the first problem and how many more there are; all of them in the tool tip."""
        first = error.problems[0].line()
        more = len(error.problems) - 1
        if more:
            first = self.tr("{first} (and %n more)", "", more).format(first=first)
        self.show_text(first, "\n".join(problem.line() for problem in error.problems))

    def offer(self, text: str, button: str, name: str, tip: str = "") -> None:
        """Show a line with a button that accepts what it offers; ``name`` tells who made the offer."""
        self.show_text(text, tip)
        self._name = name
        self._offer.setText(button)
        self._offer.show()

    @Slot()
    def _accept(self) -> None:
        self.clear()
        self.accepted.emit(self._name)

    @Slot()
    def _dismiss(self) -> None:
        offered = not self._offer.isHidden()
        self.clear()
        if offered:
            self.dismissed.emit(self._name)

    def show_text(self, text: str, tip: str = "") -> None:
        """Show a line of text."""
        self._offer.hide()
        self._text.setText(text)
        self._text.setToolTip(tip)
        self.setAccessibleDescription(tip or text)
        self.show()

    @property
    def text(self) -> str:
        """The line shown, "" when the bar is closed."""
        return "" if self.isHidden() else self._text.text()

    @Slot()
    def clear(self) -> None:
        """Close the bar."""
        self._text.clear()
        self._offer.hide()
        self.hide()


class CrashDialog(QDialog):
    """One dialog for a bug of ours: says that nothing is lost, offers the report to copy, and the program goes on."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong in Material Advisor"))
        self.resize(640, 360)
        said = QLabel(
            self.tr("This is a fault of the program. Your brief is unharmed and you can go on working."), self
        )
        said.setWordWrap(True)
        self._report = QPlainTextEdit(report, self)
        self._report.setReadOnly(True)
        self._report.setAccessibleName(self.tr("Report"))
        buttons = QDialogButtonBox(self)
        copy = QPushButton(self.tr("Copy the report"), self)
        copy.clicked.connect(self._copy)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        go_on = QPushButton(self.tr("Go on"), self)
        buttons.addButton(go_on, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        column = QVBoxLayout(self)
        column.addWidget(said)
        column.addWidget(self._report, 1)
        column.addWidget(buttons)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())


class Crashes(QObject):
    """Catches what nobody caught, on any thread, and reports it once per place on the UI thread."""

    crashed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told: set[tuple[str, str, int]] = set()

    def install(self) -> None:
        """Take over the exception hooks of the process and its threads."""
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def _thread_hook(self, trouble: threading.ExceptHookArgs) -> None:
        if trouble.exc_value is not None:
            self._hook(trouble.exc_type, trouble.exc_value, trouble.exc_traceback)

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        frames = traceback.extract_tb(trace)
        last = frames[-1] if frames else None
        place = (kind.__name__, last.filename if last else "", last.lineno or 0 if last else 0)
        sys.__excepthook__(kind, error, trace)
        # An error in a paint event comes back with every frame; it is told once.
        if place not in self._told:
            self._told.add(place)
            self.crashed.emit(report(kind, error, trace))


def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """A fault as text to copy: versions and the way through the code, no file of the user's and no folder names."""
    lines = [f"Material Advisor {__version__}, Python {platform.python_version()}, {platform.system()}"]
    for frame in traceback.extract_tb(trace):
        short = "/".join(frame.filename.replace("\\", "/").split("/")[-2:])
        lines.append(f"  {short}:{frame.lineno} {frame.name}")
    lines.append(
        f"{kind.__name__}: {error}" if not isinstance(error, OSError) else f"{kind.__name__}: {error.strerror}"
    )
    return "\n".join(lines)
