"""Records: what a project holds beside brief and stock; apart from its file, which a window starts without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from advisor.brief import Brief

if TYPE_CHECKING:
    from advisor.project import Decision, KeptQuote, MadeOn
    from advisor.quotes import Quote

#: How a project's file name ends.
SUFFIX = ".project.json"


@dataclass(frozen=True)
class Records:
    """What a project holds beside the brief worked on and the stock; frozen, so that undo can keep it.

    Attributes:
        others: the briefs that are not worked on.
        quotes, decisions: in the order they were taken over.
        remarks: material id -> the user's remark.
        made_on: the shipped table the project was made on, where it is another than the one shipped now; else None.
    """

    others: tuple[Brief, ...] = ()
    quotes: tuple[KeptQuote, ...] = ()
    decisions: tuple[Decision, ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)
    made_on: MadeOn | None = None

    def with_quotes(self, quotes: Sequence[KeptQuote]) -> Records:
        """With further quotes; one of the same supplier, article, colour, break and unit replaces the older one."""
        new = {_identity(kept.quote) for kept in quotes}
        return replace(self, quotes=(*(kept for kept in self.quotes if _identity(kept.quote) not in new), *quotes))

    def with_remark(self, material: str, text: str) -> Records:
        """With a remark on a material; "" takes it away."""
        remarks = {key: said for key, said in self.remarks.items() if key != material}
        if text:
            remarks[material] = text
        return replace(self, remarks=remarks)

    @property
    def aliases(self) -> dict[str, str]:
        """Article -> material as the user decided, "" for an article left out; the newest decision counts."""
        return {kept.quote.article: kept.quote.material for kept in self.quotes if kept.matched_by == "remembered"}


def _identity(quote: Quote) -> tuple[object, ...]:
    names = (quote.supplier.casefold().strip(), quote.article.casefold().strip(), quote.colour.casefold().strip())
    return (*names, quote.from_quantity, quote.currency, quote.per, quote.incoterm, quote.place)
