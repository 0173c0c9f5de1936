"""Reading dialog: what dialogs share that read a file off the UI thread, show it, and do nothing before "Use"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, Protocol

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from advisor.problems import AdvisorError, Problem
from advisor.sheets import Sheet
from ui.intake_models import problem_help, problem_place, problem_title
from ui.jobs import Jobs, Work
from ui.session import Session
from ui.tables import QuietTable, on_card
from ui.theme import Theme, space
from ui.widgets import ElidedLabel, LinkButton, restyle

_SIZE: Final = (1000, 640)


class _Model(Protocol):
    def set_look(self, look: Theme) -> None: ...


class ReadingDialog(QDialog):
    """A file before it is used: its name and dialect above, "Use" and "Cancel" below, reading with progress and stop.

    A dialog of this kind makes its parts with the ``make_*`` methods, starts its work by :meth:`run` and answers by
    :meth:`show_result` and :meth:`show_refusal`.

    Args:
        session: what the file is used for, once the user says so.
        look: the theme.
        profiles: folder of remembered imports; None remembers nothing.

    Signals: ``settled()`` when a reading has come in or was given up.
    """

    settled = Signal()
    _advanced = Signal(int, float)

    def __init__(
        self, session: Session, look: Theme, profiles: Path | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._look, self._profiles = session, look, profiles
        self._halted = False
        self._number = 0
        #: The kind of job whose result is waited for; "" for none.
        self._waiting = ""
        self._jobs = Jobs(self)
        self._jobs.done.connect(self._job_done)
        self._jobs.failed.connect(self._job_failed)
        self._advanced.connect(self._show_progress)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(760, 480)
        self.resize(*_SIZE)

    # --- parts ---------------------------------------------------------------------------------------------------

    def make_head(self) -> QHBoxLayout:
        """Name and facts of the file, the sheet of a workbook, the decimal mark of a text."""
        self._name = ElidedLabel(self._look, kind="title", bold=True, mode=Qt.TextElideMode.ElideMiddle, parent=self)
        self._about = ElidedLabel(self._look, ink="ink2", kind="caption", parent=self)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(1)
        for label in (self._name, self._about):
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._facts.addWidget(label)
        self._sheets = QComboBox(self)
        self._sheets.setAccessibleName(self.tr("Sheet of the workbook"))
        self._sheets.activated.connect(self.sheet_chosen)
        self._decimal = QComboBox(self)
        self._decimal.setAccessibleName(self.tr("Decimal mark of the file"))
        self._decimal.addItem(self.tr("1,234.5: decimal point"), ".")
        self._decimal.addItem(self.tr("1.234,5: decimal comma"), ",")
        self._decimal.activated.connect(self.decimal_chosen)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addLayout(self._facts, 1)
        for box in (self._sheets, self._decimal):
            row.addWidget(box)
            box.hide()
        return row

    def make_foot(self, remember: str, use: str, *more: QWidget) -> QHBoxLayout:
        """Whether to remember, what ``more`` there is to say, progress and stop, "Cancel" and the button ``use``."""
        self._remember = QCheckBox(remember, self)
        self._remember.setChecked(True)
        self._remember.setVisible(self._profiles is not None)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 1000)
        self._progress.setFixedWidth(140)
        self._progress.setAccessibleName(self.tr("Reading"))
        self._stop = LinkButton(self._look, self.tr("Stop"), parent=self)
        self._stop.clicked.connect(self.stop)
        self._again = LinkButton(self._look, self.tr("Read again"), parent=self)
        self._again.clicked.connect(self.read_anew)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.use = QPushButton(use, self)
        self.use.setProperty("kind", "primary")
        self.use.setDefault(True)
        self.use.setEnabled(False)
        self.use.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self._remember)
        for widget in more:
            row.addWidget(widget, 1 if isinstance(widget, ElidedLabel) else 0)
        row.addStretch(1)
        for widget in (self._progress, self._stop, self._again, cancel, self.use):
            row.addWidget(widget)
        for widget in (self._progress, self._stop, self._again):
            widget.hide()
        return row

    def make_caps(self, text: str) -> ElidedLabel:
        """A heading over a list."""
        label = ElidedLabel(self._look, text, ink="ink3", kind="caps", parent=self)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return label

    def make_card(self, inside: QWidget) -> QFrame:
        """A frame with a border around a list."""
        return on_card(inside, self)

    def make_table(self, name: str) -> QTableView:
        """A quiet table whose rows are looked at, not edited."""
        return QuietTable(name, self)

    def make_spin(self, name: str, decimals: int, most: float, suffix: str, parent: QWidget) -> QDoubleSpinBox:
        """A field for a figure that tells it once it is whole."""
        spin = QDoubleSpinBox(parent)
        spin.setAccessibleName(name)
        spin.setDecimals(decimals)
        spin.setRange(0, most)
        spin.setSuffix(suffix)
        spin.setKeyboardTracking(False)
        if (edit := spin.lineEdit()) is not None:
            edit.setTextMargins(6, 0, 6, 0)
        return spin

    def make_label(self, text: str, parent: QWidget) -> QLabel:
        """The name before a field."""
        label = QLabel(text, parent)
        label.setProperty("ink", "2")
        return label

    def show_dialect(self, sheet: Sheet, decimal: str) -> None:
        """Show which sheet is read and by which decimal mark, where there is a choice."""
        with QSignalBlocker(self._sheets):
            self._sheets.clear()
            self._sheets.addItems(list(sheet.sheets))
            self._sheets.setCurrentText(sheet.sheet)
        self._sheets.setVisible(len(sheet.sheets) > 1)
        self._decimal.setCurrentIndex(self._decimal.findData(decimal))
        self._decimal.setVisible(bool(sheet.delimiter))

    # --- what a dialog answers -----------------------------------------------------------------------------------

    def read_anew(self) -> None:
        """Read the file from its beginning."""
        raise NotImplementedError

    def sheet_chosen(self) -> None:
        """Read the sheet that was chosen."""
        raise NotImplementedError

    def decimal_chosen(self) -> None:
        """Read by the decimal mark that was chosen."""
        raise NotImplementedError

    def show_result(self, kind: str, result: Any) -> None:
        """Show what a job has brought."""
        raise NotImplementedError

    def show_refusal(self, problems: tuple[Problem, ...]) -> None:
        """Show why the file cannot be read."""
        raise NotImplementedError

    def models(self) -> Iterable[_Model]:
        """What has colours of its own."""
        return ()

    # --- reading -------------------------------------------------------------------------------------------------

    def run(self, kind: str, work: Work) -> None:
        """Start a job; nothing can be used before its result is shown."""
        self._halted = False
        self._waiting = kind
        self.use.setEnabled(False)
        self._progress.setValue(0)
        for widget in (self._progress, self._stop):
            widget.show()
        self._again.hide()
        self._jobs.start(kind, work)

    def teller(self) -> Callable[[float], None]:
        """Tells the progress of the reading that is about to start; an older one is no longer listened to."""
        self._number += 1
        number = self._number
        return lambda done: self._advanced.emit(number, done)

    def halting(self, stop: Callable[[], bool]) -> Callable[[], bool]:
        """Whether a job is to stop: it is no longer wanted, or the user said so."""
        return lambda: stop() or self._halted

    @Slot(int, float)
    def _show_progress(self, number: int, done: float) -> None:
        if number == self._number:
            self._progress.setValue(round(done * 1000))

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return not self._progress.isHidden()

    @Slot()
    def stop(self) -> None:
        """Give the reading under way up; nothing has changed."""
        self._halted, self._waiting = True, ""
        self._rest()
        self._again.show()
        self._about.set_text(self.tr("Stopped. Nothing has changed."))
        self.settled.emit()

    def _rest(self) -> None:
        for widget in (self._progress, self._stop):
            widget.hide()

    @Slot(str, object)
    def _job_done(self, kind: str, result: Any) -> None:
        if self._halted or kind != self._waiting:
            return
        self._waiting = ""
        self._rest()
        self.show_result(kind, result)
        self.settled.emit()

    @Slot(str, object)
    def _job_failed(self, kind: str, error: Exception) -> None:
        self._waiting = ""
        self._rest()
        if not isinstance(error, AdvisorError):
            raise RuntimeError("reading a file failed") from error
        self.show_refusal(error.problems)
        self.settled.emit()

    # --- ending --------------------------------------------------------------------------------------------------

    def done(self, result: int) -> None:
        """Stop what is under way and close."""
        self._halted = True
        self._jobs.close()
        super().done(result)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        for model in self.models():
            model.set_look(look)
        restyle(self, look)


def refusal_words(problems: Iterable[Problem]) -> str:
    """Why a file cannot be read: each problem with where it is, what it means and what to do."""
    told = [(problem_place(p), problem_title(p), p.message, problem_help(p)) for p in problems]
    return "\n\n".join(f"{place}: {title}: {text}\n{more}".removeprefix(": ") for place, title, text, more in told)
