"""Import profiles: how the columns of a file were set, found again for the next file with the same columns."""

from __future__ import annotations

import hashlib
from pathlib import Path

from advisor.intake import Plan, plain_words
from advisor.problems import AdvisorError, Problem


def keep(folder: Path, name: str, plan: Plan) -> None:
    """Remember what the columns of a table become; a profile of the same columns is replaced.

    Raises:
        AdvisorError: the folder cannot be written to.
    """
    from advisor.quotes import profile_of, write_profile

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = f"cannot be made: {error.strerror}"
        raise AdvisorError(Problem("cannot-write", said, "columns are not remembered", file=str(folder))) from error
    write_profile(folder / f"table-{_fingerprint(plan)}.json", profile_of(name, plan, kind="table"))


def recall(folder: Path, plan: Plan) -> tuple[str, Plan]:
    """The name of the profile of a table's columns and the plan by it; "" and the plan itself where there is none.

    A profile that cannot be read is passed over: the columns are then guessed, as without one.
    """
    from advisor.quotes import Defaults, apply_profile, read_profile

    path = folder / f"table-{_fingerprint(plan)}.json"
    if not path.exists():
        return "", plan
    try:
        profile = read_profile(path)
    except AdvisorError:
        return "", plan
    if profile.get("kind") != "table":
        return "", plan
    changed, _ = apply_profile(plan, Defaults(), profile)
    return str(profile.get("name", "")), changed


def _fingerprint(plan: Plan) -> str:
    """What tells the columns of one list from another's: their headers, in any order."""
    titles = sorted(plain_words(column.title) for column in plan.columns if column.title)
    return hashlib.sha256("\n".join(titles).encode()).hexdigest()[:16]
