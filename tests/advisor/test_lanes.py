"""Pieces of work side by side: their order, and an end to them when it is asked for."""

from __future__ import annotations

import threading

import pytest

from advisor import lanes
from advisor.lanes import meanwhile, side_by_side


@pytest.mark.parametrize("count", [0, 1, 2, 50])
@pytest.mark.parametrize("most", [1, 2])
def test_pieces_come_in_order_whoever_does_them(count, most, monkeypatch):
    monkeypatch.setattr(lanes, "_LANES", most)
    told = []
    assert side_by_side(lambda number: number * number, count, told.append) == [n * n for n in range(count)]
    assert told == [number / count for number in range(count)]


@pytest.mark.parametrize("most", [1, 2])
def test_whoever_is_asked_may_end_the_work_and_what_waits_is_not_begun(most, monkeypatch):
    monkeypatch.setattr(lanes, "_LANES", most)
    done, go_on = [], threading.Event()

    def work(number):
        go_on.wait(10 if number else 0)
        done.append(number)

    def poll(share):
        if share:
            go_on.set()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side(work, 50, poll)
    assert len(done) < 50 and 0 in done


def test_a_fault_of_a_piece_is_told():
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda number: 1 / (number - 3), 9)


def test_work_meanwhile_is_waited_for_and_may_be_left():
    begun, go_on = threading.Event(), threading.Event()

    def work():
        begun.set()
        go_on.wait(10)
        return "made"

    found = meanwhile(work, poll=lambda: go_on.set())
    assert begun.wait(10) and found() == "made"

    def leave():
        raise KeyboardInterrupt

    go_on.clear()
    with pytest.raises(KeyboardInterrupt):
        meanwhile(work, leave)()
    go_on.set()
    with pytest.raises(OSError, match="away"):
        meanwhile(lambda: (_ for _ in ()).throw(OSError("away")), lambda: None)()
