"""Import profiles: how the columns of a file were set, found again for the next file with the same columns."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.headers import Plan, plain_words
from advisor.problems import AdvisorError, Problem

if TYPE_CHECKING:
    from advisor.quotes import Defaults, Match, Quote


@dataclass(frozen=True, eq=False)
class Recalled:
    """A price list remembered: its name, how it was set, which article is which material, its quotes."""

    name: str
    profile: Mapping[str, Any]
    articles: Mapping[str, str]
    quotes: tuple[Quote, ...]


def keep(folder: Path, name: str, plan: Plan) -> None:
    """Remember what the columns of a table become; a profile of the same columns is replaced.

    Raises:
        AdvisorError: the folder cannot be written to.
    """
    from advisor.quotes import profile_of, write_profile

    _make(folder)
    write_profile(folder / f"table-{_fingerprint(plan)}.json", profile_of(name, plan, kind="table"))


def keep_list(
    folder: Path, name: str, plan: Plan, defaults: Defaults, matches: Sequence[Match], quotes: Sequence[Quote]
) -> None:
    """Remember a price list: columns, rates, articles, and its prices to hold the next one against.

    Raises:
        AdvisorError: the folder cannot be written to.
    """
    from advisor.quotes import profile_of, write_profile

    _make(folder)
    profile = {**profile_of(name, plan, defaults, matches), "quotes": [quote.as_json() for quote in quotes]}
    write_profile(folder / f"quotes-{_fingerprint(plan)}.json", profile)


def recall_list(folder: Path, plan: Plan) -> Recalled | None:
    """What is remembered of a price list with these columns; None where there is nothing, or nothing readable."""
    from advisor.quotes import quotes_from_json, read_profile

    path = folder / f"quotes-{_fingerprint(plan)}.json"
    if not path.exists():
        return None
    try:
        profile = read_profile(path)
        quotes = quotes_from_json(profile.get("quotes", []))
    except (AdvisorError, TypeError, AttributeError):
        return None
    return Recalled(str(profile.get("name", "")), profile, profile.get("articles", {}), quotes)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = f"cannot be made: {error.strerror}"
        raise AdvisorError(Problem("cannot-write", said, "columns are not remembered", file=str(folder))) from error


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
