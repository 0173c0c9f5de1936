"""Priorities: one slider moved while locks hold their shares, and the weights that follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from advisor.properties import CRITERIA

#: Ends of a priority.
LEAST, MOST = 0.0, 10.0


def held_shares(priorities: Mapping[str, float], locks: Collection[str], criterion: str) -> dict[str, float]:
    """Shares (0..1) that stay while ``criterion`` moves: those of the locked criteria but the moved one."""
    total = sum(priorities.values())
    if total <= 0:
        return {}
    return {key: priorities[key] / total for key in CRITERIA if key in locks and key != criterion}


def with_priority(
    priorities: Mapping[str, float], locks: Collection[str], criterion: str, value: float
) -> dict[str, float]:
    """All priorities after one slider is moved.

    Without locks only that slider moves. A lock holds its criterion's share of the sum, so the locked sliders move
    along with the sum of the free ones; if one of them would pass 10, all are scaled so that the largest is 10 (the
    moved one then stands lower than asked for). A move that would leave no weight at all, or none that the locks do
    not hold, changes nothing: shares could not stay as they are.

    Args:
        priorities: criterion -> 0..10, all sixteen.
        locks: criteria whose share is held; a lock on ``criterion`` itself does not hinder the move.
        criterion: the slider that is moved.
        value: where it is moved to; cut to 0..10.
    """
    before = {key: float(priorities[key]) for key in CRITERIA}
    moved = {**before, criterion: min(max(float(value), LEAST), MOST)}
    held = held_shares(before, locks, criterion)
    free = sum(level for key, level in moved.items() if key not in held)
    left = 1.0 - sum(held.values())
    if free <= 0:
        return before
    if any(held.values()):
        if left <= 1e-12:
            return before
        total = free / left
        moved |= {key: share * total for key, share in held.items()}
    most = max(moved.values())
    if most > MOST:
        moved = {key: min(level * MOST / most, MOST) for key, level in moved.items()}
    return moved
