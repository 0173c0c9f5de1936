"""Lanes: independent pieces of work done on all processors, with a question in between whether to go on."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

#: Pieces done at the same time: array arithmetic and hashing let other threads run beside them.
_LANES = min(os.cpu_count() or 1, 4)
#: How long some work is waited for before it is asked whether to go on.
_PATIENCE_S = 0.05


def side_by_side(work: Callable[[int], T], count: int, poll: Callable[[float], None] = lambda done: None) -> list[T]:
    """What some work gives for 0 to ``count`` - 1, in that order.

    ``poll`` takes the share done, again and again, and may raise to end the work: what has begun is ended, what waits
    is not begun.
    """
    if count < 2 or _LANES < 2:
        return [_polled(work, number, count, poll) for number in range(count)]
    # Loaded only where there is long work.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_LANES) as pool:
        waiting = [pool.submit(work, number) for number in range(count)]
        try:
            return [_polled(lambda place: waiting[place].result(), number, count, poll) for number in range(count)]
        finally:
            for piece in waiting:
                piece.cancel()


def meanwhile(work: Callable[[], T], poll: Callable[[], None] | None = None) -> Callable[[], T]:
    """Begin some work beside what follows; calling the answer waits for what it gives.

    ``poll`` is called every now and then while it is waited for, and may raise; the work then ends by itself.
    """
    # Loaded only where there is long work.
    from concurrent.futures import ThreadPoolExecutor
    from concurrent.futures import TimeoutError as NotYet

    pool = ThreadPoolExecutor(1)
    begun = pool.submit(work)
    pool.shutdown(wait=False)

    def found() -> T:
        while poll is not None and not begun.done():
            poll()
            with suppress(NotYet):
                return begun.result(_PATIENCE_S)
        return begun.result()

    return found


def _polled(work: Callable[[int], T], number: int, count: int, poll: Callable[[float], None]) -> T:
    poll(number / count)
    return work(number)
