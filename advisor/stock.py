"""Stock: what a ranking draws on (base, tables added, own figures, specified cloths), and the table of it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from advisor.materials import Table

# Builder and merge are loaded where they are used: the first list is ranked without them.
if TYPE_CHECKING:
    from advisor.builder import ClothSpec
    from advisor.merge import Merged, Mode, Override, OwnFigure


@dataclass(frozen=True, eq=False)
class Stock:
    """The tables behind a ranking; frozen, every change is a new stock, the base stays as it is.

    Attributes:
        base: the bundled table, or the one in its place.
        added: tables whose materials stand below it.
        specs: cloths that are only specified, below those.
        figures: the user's own figures and words over all of them.
        measured: whether only measured, suppliers' and own figures count.
    """

    base: Table
    added: tuple[Table, ...] = ()
    specs: tuple[ClothSpec, ...] = ()
    figures: tuple[OwnFigure, ...] = ()
    measured: bool = False

    @cached_property
    def under(self) -> Table:
        """The table without the figures over it: what an override is shown against."""
        table = self.base
        if self.added:
            from advisor.merge import merge

            for own in self.added:
                table = merge(table, own, "add").table
        if self.specs:
            from advisor.builder import as_table

            table = as_table(table, *self.specs)
        return table

    @cached_property
    def _over(self) -> tuple[Table, tuple[Override, ...]]:
        if not self.figures:
            return self.under, ()
        from advisor.merge import override

        return override(self.under, self.figures)

    @property
    def whole(self) -> Table:
        """The table with figures of every grade."""
        return self._over[0]

    @property
    def overrides(self) -> tuple[Override, ...]:
        """The user's figures beside what they stand over."""
        return self._over[1]

    @cached_property
    def table(self) -> Table:
        """The table that is ranked; the very base where nothing was changed."""
        if not self.measured:
            return self.whole
        from advisor.grades import MEASURED, only_grades

        return only_grades(self.whole, MEASURED)

    def trial(self, own: Table, mode: Mode) -> tuple[Stock, Merged]:
        """The stock with a table of one's own in the base's place, below it or over it, and what merging says.

        Raises:
            AdvisorError: ids to be added are taken, or a figure cannot stand; nothing is changed.
        """
        from advisor.merge import Merged, merge

        if mode == "replace":
            return Stock(own, measured=self.measured), Merged(own)
        merged = merge(self.whole, own, mode)
        if mode == "add":
            return replace(self, added=(*self.added, own)), merged
        return self.with_figures(figures_of(merged)), merged

    def with_figures(self, figures: Sequence[OwnFigure]) -> Stock:
        """With further own figures; one of the same material and property takes the older one's place.

        Raises:
            AdvisorError: a material or property is unknown, or a figure cannot stand; nothing is changed.
        """
        new = {(figure.id, figure.property): figure for figure in figures}
        kept = tuple(figure for figure in self.figures if (figure.id, figure.property) not in new)
        changed = replace(self, figures=(*kept, *new.values()))
        _ = changed.whole  # what cannot stand is refused here, not when it is drawn
        return changed

    def without(self, material: str, key: str = "") -> Stock:
        """Without the own figure of a material's property, or without any of its own figures."""
        kept = tuple(f for f in self.figures if f.id != material or (key and f.property != key))
        return replace(self, figures=kept)

    def without_figures(self) -> Stock:
        """Without any own figure over the table."""
        return replace(self, figures=())

    def with_cloth(self, spec: ClothSpec) -> Stock:
        """With a cloth that is only specified.

        Raises:
            AdvisorError: everything wrong with the specification; nothing is changed.
        """
        changed = replace(self, specs=(*self.specs, spec))
        _ = changed.whole
        return changed

    def own(self, material: str, key: str) -> bool:
        """Whether a figure of the user's stands over this cell."""
        return any(figure.id == material and figure.property == key for figure in self.figures)


def figures_of(merged: Merged) -> tuple[OwnFigure, ...]:
    """The overrides of a merge as figures that can be laid over a table again, with their ranges."""
    from advisor.merge import OwnFigure

    found = []
    for entry in merged.overrides:
        if isinstance(entry.after, str):
            found.append(OwnFigure(entry.id, entry.property, text=entry.after, because=entry.because))
            continue
        row, place = merged.table.index[entry.id], merged.table.column(entry.property)
        low, high = float(merged.table.low[row, place]), float(merged.table.high[row, place])
        found.append(OwnFigure(entry.id, entry.property, entry.after, low, high, because=entry.because))
    return tuple(found)


def suggested_mode(base: Table, own: Table) -> Mode:
    """How a table most likely wants to be used: over the base where half of its cloths are known, else in its place."""
    names = {name.casefold() for name in base.names}
    known = sum(key in base.index or name.casefold() in names for key, name in zip(own.ids, own.names, strict=True))
    return "override" if len(own) and known * 2 >= len(own) else "replace"
