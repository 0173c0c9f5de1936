"""Recovery: keeps the unsaved brief in the state folder within a second of a change, and finds what a lost run left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Slot

from advisor.brief import Brief, brief_from_json
from advisor.files import write_whole
from advisor.problems import AdvisorError
from ui.session import Session

#: How long after a change the brief is kept (ms); a drag is kept once, when it rests.
DELAY_MS = 1000
_SUFFIX = ".brief.json"
_MOST = 32


@dataclass(frozen=True)
class Found:
    """An unsaved brief of a run that did not end well."""

    brief: Brief
    path: Path


class Recovery(QObject):
    """Keeps one session's unsaved brief. Each running window has a slot of its own, held by a lock.

    Args:
        session: whose brief is kept.
        folder: the program's state folder; made where it is missing. Where it cannot be written to, nothing is kept.
    """

    def __init__(self, session: Session, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._folder = folder
        self._lock: QLockFile | None = None
        self._path: Path | None = None
        self._found: list[tuple[Found, QLockFile]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.keep)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return
        self._look()
        session.changed.connect(self._changed)

    def _look(self) -> None:
        """Take the first free slot; a free slot that holds a brief was left by a lost run."""
        for number in range(_MOST):
            path = self._folder / f"unsaved-{number}{_SUFFIX}"
            lock = QLockFile(str(path.with_suffix(".lock")))
            lock.setStaleLockTime(0)
            if not lock.tryLock(0):
                continue
            brief = _read(path)
            if brief is not None:
                self._found.append((Found(brief, path), lock))
                continue
            if self._path is None:
                self._path, self._lock = path, lock
            else:
                lock.unlock()
                if not path.exists():
                    break

    @property
    def found(self) -> tuple[Found, ...]:
        """What lost runs left, oldest slot first."""
        return tuple(found for found, _ in self._found)

    def restore(self, label: str) -> None:
        """Bring back the first brief found, as an unsaved change of the session."""
        if self._found:
            found, _ = self._found[0]
            self._session.edit(found.brief, label)
            self.keep()
            self.drop()

    def drop(self) -> None:
        """Forget the first brief found."""
        if self._found:
            found, lock = self._found.pop(0)
            found.path.unlink(missing_ok=True)
            lock.unlock()

    @Slot()
    def _changed(self) -> None:
        self._timer.start()

    @Slot()
    def keep(self) -> None:
        """Keep the brief now; where it is saved there is nothing to keep."""
        self._timer.stop()
        if self._path is None:
            return
        if not self._session.modified:
            self._path.unlink(missing_ok=True)
            return
        content = json.dumps(self._session.brief.to_json(), ensure_ascii=False).encode()
        try:
            write_whole(self._path, content)
        except AdvisorError as error:
            # A full disk must not stop the work; it is said once, where the user reads it.
            self._session.noted.emit(error.problems[0])
            self._path = None

    def close(self) -> None:
        """The run ends well: nothing is left to bring back."""
        self._timer.stop()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        for lock in (self._lock, *(lock for _, lock in self._found)):
            if lock is not None:
                lock.unlock()


def _read(path: Path) -> Brief | None:
    """The brief kept in a slot, or None where there is none that can be read."""
    try:
        return brief_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, AdvisorError):
        return None
