"""Contested: where the guides and other evidence disagree about two fibres, both sides in words, from one data file.

``data/contested.csv`` holds one dispute a row: the property, the family the guides favour in it (``this``), the one
they place behind (``that``), families that are neither although their words name one (``unless``, ``|``-separated: a
laminate has a nylon face and a polyester film), both sides in words with their figures, the claims of
``data/claims.csv`` it leaves open, and the sources of ``data/sources.csv`` behind the words.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from advisor.files import shipped
from advisor.problems import AdvisorError, Problem
from advisor.properties import properties

HEADER = ("property", "this", "that", "unless", "guides", "others", "claims", "sources")


@dataclass(frozen=True, slots=True)
class Dispute:
    """One property in which the guides place one family before another and other evidence does not.

    Attributes:
        property: property key.
        criterion: the criterion it belongs to.
        this, that: family tags; the guides say ``this`` is better.
        unless: tags of cloths that count as neither.
        guides, others: what each side says, with its figures, as clauses.
        claims: claims of the guides left open by it.
        sources: ids of the sources behind both sides.
    """

    property: str
    criterion: str
    this: str
    that: str
    unless: tuple[str, ...]
    guides: str
    others: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]

    def favoured(self, a: Collection[str], b: Collection[str]) -> int:
        """Which of two cloths the guides place first, from their tags: 1 is ``a``, −1 is ``b``, 0 no such pair."""
        sides = [self._side(tags) for tags in (a, b)]
        return sides[0] if sides[0] and sides[0] == -sides[1] else 0

    def _side(self, tags: Collection[str]) -> int:
        if any(tag in tags for tag in self.unless):
            return 0
        return (self.this in tags) - (self.that in tags)


def read_disputes(path: Path) -> tuple[Dispute, ...]:
    """The disputes of a file, in file order.

    Raises:
        AdvisorError: the header is another one, a property is not known, or a cell is empty.
    """
    found, problems = [], []
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        if tuple(next(rows, ())) != HEADER:
            raise AdvisorError(Problem("wrong-header", "is no list of disputes", ",".join(HEADER), str(path), 1))
        for number, row in enumerate(rows, start=2):
            cells = dict(zip(HEADER, row, strict=False))
            wrong = [name for name in HEADER if name != "unless" and not cells.get(name, "").strip()]
            if not wrong and cells["property"] not in properties():
                wrong = ["property"]
            problems += [
                Problem("wrong-dispute", "is empty or not known", "repair it", str(path), number, name)
                for name in wrong
            ]
            if not wrong:
                found.append(
                    Dispute(
                        cells["property"],
                        properties()[cells["property"]].criterion,
                        cells["this"],
                        cells["that"],
                        _parts(cells["unless"]),
                        cells["guides"],
                        cells["others"],
                        _parts(cells["claims"]),
                        _parts(cells["sources"]),
                    )
                )
    if problems:
        raise AdvisorError(problems)
    return tuple(found)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


@cache
def disputes() -> tuple[Dispute, ...]:
    """The shipped disputes."""
    return read_disputes(shipped("data", "contested.csv"))
