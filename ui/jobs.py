"""Jobs: work off the UI thread; the newest of a kind wins, older ones are stopped and never delivered."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from advisor.certainty import Stopped

#: A job: given a poll that says whether to stop, returns its result or raises Stopped.
Work = Callable[[Callable[[], bool]], Any]


def _trimmer() -> Callable[[int], object] | None:
    """glibc's ``malloc_trim``; None where the C library is another."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None


class Jobs(QObject):
    """Runs jobs on one worker thread and delivers the newest result of each kind on the UI thread."""

    done = Signal(str, object)
    failed = Signal(str, object)
    _finished = Signal(str, int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._newest: dict[str, int] = {}
        self._delivered: dict[str, int] = {}
        self._open = True
        self._trim = _trimmer()
        #: Jobs begun or still to begin.
        self._waiting, self._counting = 0, Lock()
        self._finished.connect(self._deliver)

    def start(self, kind: str, work: Work) -> None:
        """Start ``work``; whatever of that kind still runs is stopped."""
        if self._open:
            number = self._newest.get(kind, 0) + 1
            self._newest[kind] = number
            with self._counting:
                self._waiting += 1
            self._pool.submit(self._run, kind, number, work)

    def stop(self, kind: str) -> None:
        """Stop what runs of this kind; it is not delivered, and nothing of it is still to come."""
        self._newest[kind] = self._delivered[kind] = self._newest.get(kind, 0) + 1

    def busy(self) -> bool:
        """Whether any result is still to come."""
        return any(self._delivered.get(kind, 0) < number for kind, number in self._newest.items())

    def _run(self, kind: str, number: int, work: Work) -> None:
        try:
            self._work(kind, number, work)
        finally:
            self._give_back()

    def _work(self, kind: str, number: int, work: Work) -> None:
        result: object = None
        error: object = None
        try:
            result = work(lambda: self._newest.get(kind) != number)
        except Stopped:
            return
        except Exception as trouble:  # noqa: BLE001 - handed over to the UI thread, which reports it
            error = trouble
        if self._open:
            self._finished.emit(kind, number, result, error)

    def _give_back(self) -> None:
        """With nothing left to do, let the system have the memory of it all again: the C library would keep it."""
        with self._counting:
            self._waiting -= 1
            idle = not self._waiting
        if idle and self._open and self._trim is not None:
            self._trim(0)

    @Slot(str, int, object, object)
    def _deliver(self, kind: str, number: int, result: object, error: object) -> None:
        if self._newest.get(kind) != number:
            return
        self._delivered[kind] = number
        if error is None:
            self.done.emit(kind, result)
        else:
            self.failed.emit(kind, error)

    def close(self) -> None:
        """Stop everything and wait for the worker to notice."""
        self._open = False
        for kind in self._newest:
            self._newest[kind] += 1
        self._pool.shutdown(wait=True, cancel_futures=True)
