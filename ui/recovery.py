"""Recovery: keeps unsaved work in the state folder within a second of a change, and finds what a lost run left."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLockFile, QObject, QTimer, Slot

from advisor.brief import brief_from_json
from advisor.files import write_whole
from advisor.materials import bundled
from advisor.problems import AdvisorError
from ui.session import Session

if TYPE_CHECKING:
    from advisor.project import Project

#: How long after a change the work is kept (ms); a drag is kept once, when it rests.
DELAY_MS = 1000
#: A slot's file: the project, and which file it was opened from.
FORMAT = "material-advisor-unsaved"
_SUFFIX = ".unsaved.json"
#: A slot of a program that kept the brief alone.
_OLD_SUFFIX = ".brief.json"
_MOST = 32
#: Longer tables are written once, aside, and not with every change.
MOST_ROWS = 1000
_ASIDE = "unsaved-tables"


@dataclass(frozen=True, eq=False)
class Found:
    """Unsaved work of a run that did not end well.

    Attributes:
        project: all of it.
        path: the slot it was kept in.
        file: the file it was opened from, None for none; ``file_hash``: as it was then.
        whole: whether that file was a project, and no brief.
    """

    project: Project
    path: Path
    file: Path | None = None
    file_hash: str = ""
    whole: bool = False


class Recovery(QObject):
    """Keeps one session's unsaved work. Each running window has a slot of its own, held by a lock.

    Args:
        session: whose work is kept.
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
        """Take the first free slot; a free slot that holds work was left by a lost run."""
        for number in range(_MOST):
            path = self._folder / f"unsaved-{number}{_SUFFIX}"
            old = self._folder / f"unsaved-{number}{_OLD_SUFFIX}"
            lock = QLockFile(str(old.with_suffix(".lock")))
            lock.setStaleLockTime(0)
            if not lock.tryLock(0):
                continue
            found = _read(path) or _read(old)
            if found is not None:
                self._found.append((found, lock))
                continue
            if self._path is None:
                self._path, self._lock = path, lock
            else:
                lock.unlock()
                if not path.exists() and not old.exists():
                    break

    @property
    def found(self) -> tuple[Found, ...]:
        """What lost runs left, oldest slot first."""
        return tuple(found for found, _ in self._found)

    def restore(self) -> None:
        """Bring back the first work found, unsaved as it was, with the file it belongs to."""
        if self._found:
            found, _ = self._found[0]
            self._session.bring_back(found.project, found.file, found.file_hash, found.whole)
            self.keep()
            self.drop()

    def drop(self) -> None:
        """Forget the first work found."""
        if self._found:
            found, lock = self._found.pop(0)
            found.path.unlink(missing_ok=True)
            lock.unlock()

    @Slot()
    def _changed(self) -> None:
        self._timer.start()

    @Slot()
    def keep(self) -> None:
        """Keep the work now; where it is saved there is nothing to keep."""
        self._timer.stop()
        if self._path is None:
            return
        session = self._session
        if not session.modified:
            self._path.unlink(missing_ok=True)
            return
        try:
            write_whole(self._path, _slot(session, self._folder / _ASIDE))
        except AdvisorError as error:
            # A full disk must not stop the work; it is said once, where the user reads it.
            session.noted.emit(error.problems[0])
            self._path = None

    def _sweep(self) -> None:
        """Forget tables aside that no slot needs any more."""
        folder = self._folder / _ASIDE
        if not folder.is_dir():
            return
        from advisor import archive

        needed = {mark for slot in self._folder.glob(f"unsaved-*{_SUFFIX}") for mark in _marks(slot)}
        for path in folder.glob(f"*{archive.SUFFIX}"):
            if path.name.removesuffix(archive.SUFFIX) not in needed:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """The run ends well: nothing is left to bring back."""
        self._timer.stop()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        self._sweep()
        for lock in (self._lock, *(lock for _, lock in self._found)):
            if lock is not None:
                lock.unlock()


def _marks(path: Path) -> set[str]:
    """The tables a slot keeps aside; a slot that cannot be read keeps none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {str(mark) for _, mark in document.get("aside", [])}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return set()


def _slot(session: Session, folder: Path) -> bytes:
    """The session's work as a slot holds it; long tables are kept aside in ``folder``, once each."""
    from advisor import archive

    # A file of a newer program is not written over, not even after a lost run.
    file = "" if session.path is None or session.read_only else str(session.path)
    project = session.project()
    stock = project.stock
    base = bundled() if len(stock.base) > MOST_ROWS and stock.base is not bundled() else stock.base
    long = [table for table in stock.added if len(table) > MOST_ROWS]
    aside = [["adds", archive.mark_of(table)] for table in long]
    if base is not stock.base:
        aside.append(["replaces", archive.mark_of(stock.base)])
        long.append(stock.base)
    for table, (_, mark) in zip(long, aside, strict=True):
        archive.keep(folder / f"{mark}{archive.SUFFIX}", table)
    if aside:
        short = tuple(table for table in stock.added if len(table) <= MOST_ROWS)
        project = replace(project, stock=replace(stock, added=short).over(base))
    head = {"format": FORMAT, "version": 1, "file": file, "file_hash": session.file_hash, "kind": session.kind}
    words = json.dumps({**head, "aside": aside}, ensure_ascii=False).encode("utf-8", "replace")
    return words[:-1] + b', "project": ' + project.to_bytes().rstrip() + b"}\n"


def _read(path: Path) -> Found | None:
    """The work kept in a slot, or None where there is none that can be read."""
    if not path.exists():
        return None
    from advisor.project import Project, document_format, project_from_json  # a run that ended well starts without

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document_format(document) == "brief":
            return Found(Project(brief_from_json(document)), path)
        if not _is_slot(document):
            return None
        short = project_from_json(document["project"])
        project = _with_aside(short, document.get("aside", []), path.parent / _ASIDE)
    except (OSError, ValueError, LookupError, TypeError, RecursionError, AdvisorError):
        return None
    if project is None:
        return None
    file = Path(document["file"]) if document["file"] else None
    return Found(project, path, file, document["file_hash"], document["kind"] == "project")


def _with_aside(project: Project, aside: Any, folder: Path) -> Project | None:
    """The project with its long tables back in their places; None where one is lost."""
    from advisor import archive

    if not aside:
        return project
    stock, records = project.stock, project.records
    base, added = stock.base, list(stock.added)
    for use, mark in aside:
        table = archive.kept(folder / f"{mark}{archive.SUFFIX}")
        if table is None:
            return None
        if use == "adds":
            added.append(table)
        else:
            base, records = table, replace(records, made_on=None)
    return replace(project, stock=replace(stock, added=tuple(added)).over(base), records=records)


def _is_slot(document: Any) -> bool:
    words = ("file", "file_hash", "kind")
    return (
        isinstance(document, dict)
        and document.get("format") == FORMAT
        and document.get("version") == 1
        and all(isinstance(document.get(word), str) for word in words)
        and isinstance(document.get("aside", []), list)
        and all(_is_aside(entry) for entry in document.get("aside", []))
    )


def _is_aside(entry: Any) -> bool:
    """Whether an entry says how a table kept aside is used, and by which mark it is found."""
    two = isinstance(entry, list) and len(entry) == 2 and all(isinstance(word, str) for word in entry)
    return two and entry[0] in ("adds", "replaces") and entry[1].isalnum()
