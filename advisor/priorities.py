"""Priorities: one slider moved while locks hold their shares, or weight moved from group to group."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from advisor.properties import CRITERIA, GROUPS

#: Ends of a priority.
LEAST, MOST = 0.0, 10.0
#: What a criterion group keeps of all weight, however much is taken: one without any could not be found again.
LEAST_SHARE = 0.01


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


def moved_share(
    priorities: Mapping[str, float], locks: Collection[str], giving: str, taking: str, share: float
) -> dict[str, float] | None:
    """Priorities after ``share`` (0..1 of all weight) went from one group to another; None where it cannot.

    Criteria of a group keep their proportions, locked ones their share. Where a priority would pass 10 all are scaled
    so that the largest is 10, which changes no weight. A group keeps ``LEAST_SHARE`` of all weight so that it can be
    taken back.
    """
    total = sum(priorities.values())
    free = {group: [key for key in GROUPS[group] if key not in locks] for group in (giving, taking)}
    sums = {group: sum(priorities[key] for key in own) for group, own in free.items()}
    if total <= 0 or min(sums.values()) <= 0:
        return None
    amount = min(share * total, sums[giving] - min(LEAST_SHARE * total, sums[giving]))
    moved = dict(priorities)
    for group, sign in ((giving, -1), (taking, 1)):
        factor = (sums[group] + sign * amount) / sums[group]
        for key in free[group]:
            moved[key] *= factor
    largest = max(moved.values())
    if largest > MOST:
        moved = {key: value * MOST / largest for key, value in moved.items()}
    return moved
