"""Contested: where the guides and other evidence disagree about two fibres, both sides in words, from one data file.

``data/contested.csv`` holds one dispute a row: the property it is about (blank where the guides say who is chosen, not
why), the cloths the guides favour (``this``), those they place behind (``that``), cloths that are neither although
their words name one (``unless``: a laminate has a nylon face and a polyester film), under which briefs it is said
(``where``: ``product=…`` or ``market=…``; blank: all), both sides in words with their figures, the claims of
``data/claims.csv`` it leaves open, and the sources of ``data/sources.csv`` behind the words.

Cloths are named by their marks: family, fibre and weave tags and ``coat:…``. Alternatives stand with ``|`` between
them; ``a+b`` asks for both marks, ``a+!b`` for the one without the other.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from advisor.files import shipped
from advisor.materials import Table
from advisor.problems import AdvisorError, Problem
from advisor.properties import properties

HEADER = ("property", "this", "that", "unless", "where", "guides", "others", "claims", "sources")
#: Cells that may be blank: a dispute on the whole order rests on claims alone.
_OPTIONAL = ("property", "unless", "where", "sources")
#: What ``where`` may look at.
_WHERE = ("product", "market")


@dataclass(frozen=True, slots=True)
class Dispute:
    """Where the guides place one kind of cloth before another and other evidence, or the order, does not.

    Attributes:
        property: property key, "" where the guides speak of the order as a whole.
        criterion: the criterion it belongs to, "" for the order as a whole.
        this, that: marks of the cloths; the guides say ``this`` is better.
        unless: marks of cloths that count as neither.
        where: product or market ("product", "market" or "") and which of them.
        guides, others: what each side says, with its figures, as clauses.
        claims: claims of the guides left open by it.
        sources: ids of the sources behind both sides.
    """

    property: str
    criterion: str
    this: tuple[str, ...]
    that: tuple[str, ...]
    unless: tuple[str, ...]
    where: tuple[str, tuple[str, ...]]
    guides: str
    others: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]

    def favoured(self, a: Collection[str], b: Collection[str]) -> int:
        """Which of two cloths the guides place first, from their marks: 1 is ``a``, −1 is ``b``, 0 no such pair."""
        sides = [self._side(tags) for tags in (a, b)]
        return sides[0] if sides[0] and sides[0] == -sides[1] else 0

    def said_of(self, product: str, market: Collection[str]) -> bool:
        """Whether the guides say it of a brief for this product and these markets."""
        kind, names = self.where
        return not kind or (product in names if kind == "product" else any(name in names for name in market))

    def _side(self, marks: Collection[str]) -> int:
        if _fits(self.unless, marks):
            return 0
        return _fits(self.this, marks) - _fits(self.that, marks)


def _fits(alternatives: tuple[str, ...], marks: Collection[str]) -> bool:
    """Whether a cloth's marks meet one of the alternatives."""
    return any(
        all((mark[1:] not in marks) if mark.startswith("!") else (mark in marks) for mark in alternative.split("+"))
        for alternative in alternatives
    )


def marks_of(table: Table, row: int) -> frozenset[str]:
    """What a dispute knows a cloth by: its tags and its coat."""
    return table.tags[row] | {f"coat:{table.text['coating'][row].casefold()}"}


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
            wrong = [name for name in HEADER if name not in _OPTIONAL and not cells.get(name, "").strip()]
            where, _, places = cells.get("where", "").partition("=")
            if not wrong and cells["property"] and cells["property"] not in properties():
                wrong = ["property"]
            if not wrong and where and (where not in _WHERE or not places):
                wrong = ["where"]
            problems += [
                Problem("wrong-dispute", "is empty or not known", "repair it", str(path), number, name)
                for name in wrong
            ]
            if not wrong:
                found.append(
                    Dispute(
                        cells["property"],
                        properties()[cells["property"]].criterion if cells["property"] else "",
                        _parts(cells["this"]),
                        _parts(cells["that"]),
                        _parts(cells["unless"]),
                        (where, _parts(places)),
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
