"""Stock: what a ranking draws on (base, added tables, specified cloths, test reports, own figures), and its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from advisor.materials import Table

# Builder and merge are loaded where they are used: the first list is ranked without them.
if TYPE_CHECKING:
    from advisor.builder import ClothSpec
    from advisor.laboratory import LabReport, Result, Sample
    from advisor.merge import Merged, Mode, Override, OwnFigure


@dataclass(frozen=True, eq=False)
class Stock:
    """The tables behind a ranking; frozen, every change is a new stock, the base stays as it is.

    Attributes:
        base: the bundled table, or the one in its place.
        added: tables whose materials stand below it.
        specs: cloths that are only specified, below those.
        reports: test reports, whose figures stand over the table's as grade A.
        figures: the user's own figures and words over all of them.
        measured: whether only measured, suppliers' and own figures count.
        samples: what there is to hold in the hand, one of a material; no figure comes of them.
        idle: own figures of cloths the table does not hold (another version did); kept, and counting for nothing.
    """

    base: Table
    added: tuple[Table, ...] = ()
    specs: tuple[ClothSpec, ...] = ()
    figures: tuple[OwnFigure, ...] = ()
    measured: bool = False
    reports: tuple[LabReport, ...] = ()
    samples: tuple[Sample, ...] = ()
    idle: tuple[OwnFigure, ...] = ()

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
    def _tested(self) -> tuple[Table, tuple[Override, ...]]:
        if not self.reports:
            return self.under, ()
        from advisor.laboratory import lay_over

        return lay_over(self.under, self.reports)

    @cached_property
    def _over(self) -> tuple[Table, tuple[Override, ...]]:
        tested, told = self._tested
        if not self.figures:
            return tested, told
        from advisor.merge import override

        table, own = override(tested, self.figures)
        return table, (*told, *own)

    @property
    def whole(self) -> Table:
        """The table with figures of every grade."""
        return self._over[0]

    @property
    def overrides(self) -> tuple[Override, ...]:
        """The figures of test reports, then the user's own, beside what they stand over."""
        return self._over[1]

    @cached_property
    def marks(self) -> Mapping[str, tuple[Override, ...]]:
        """Overrides by material id: one a property, the topmost, beside the figure that stood in the table first."""
        found: dict[str, dict[str, Override]] = {}
        for entry in self.overrides:
            of = found.setdefault(entry.id, {})
            first = of.get(entry.property)
            of[entry.property] = entry if first is None else replace(entry, before=first.before, grade=first.grade)
        return {material: tuple(of.values()) for material, of in found.items()}

    @cached_property
    def table(self) -> Table:
        """The table that is ranked; the very base where nothing was changed."""
        if not self.measured:
            return self.whole
        from advisor.grades import MEASURED, only_grades

        return only_grades(self.whole, MEASURED)

    def over(self, base: Table) -> Stock:
        """The same rows and figures over another base; own figures of cloths that are not there become idle.

        Raises:
            AdvisorError: ids of added rows are taken there.
        """
        changed = replace(self, base=base, figures=(), idle=())
        known, all_of_them = changed.under.index, (*self.figures, *self.idle)
        return replace(
            changed,
            figures=tuple(figure for figure in all_of_them if figure.id in known),
            idle=tuple(figure for figure in all_of_them if figure.id not in known),
        )

    def same(self, other: Stock) -> bool:
        """Whether both hold the same, whatever grades count."""
        mine, theirs = ((s.added, s.specs, s.figures, s.reports, s.samples, s.idle) for s in (self, other))
        return self is other or (self.base is other.base and mine == theirs)

    def trial(self, own: Table, mode: Mode) -> tuple[Stock, Merged]:
        """The stock with a table of one's own in the base's place, below it or over it, and what merging says.

        Raises:
            AdvisorError: ids to be added are taken, or a figure cannot stand; nothing is changed.
        """
        from advisor.merge import Merged, merge

        if mode == "replace":
            return Stock(own, measured=self.measured, reports=self.reports, samples=self.samples), Merged(own)
        merged = merge(self.whole, own, mode)
        if mode == "add":
            return replace(self, added=(*self.added, own)), merged
        return self.with_figures(tuple(replace(figure, source=own.name) for figure in figures_of(merged))), merged

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
        """Without the own figure of a material's property, or without any of its own figures.

        Where a test report put the figure there, the report is kept and the figure in it set aside.
        """
        kept = tuple(f for f in self.figures if f.id != material or (key and f.property != key))
        return replace(self, figures=kept, reports=tuple(_aside(report, material, key) for report in self.reports))

    def without_figures(self) -> Stock:
        """Without any own figure over the table, and with every figure of a test report set aside."""
        return replace(self, figures=(), reports=tuple(_aside(report, report.material) for report in self.reports))

    def with_report(self, report: LabReport) -> Stock:
        """With a test report; one of the same laboratory, number and material takes the older one's place.

        The user's own figures of what was tested make way for it.

        Raises:
            AdvisorError: everything that keeps a figure of the report from being used; nothing is changed.
        """
        from advisor.laboratory import problems
        from advisor.problems import AdvisorError

        wrong = [problem for problem in problems(report, self.under) if problem.severity == "error"]
        if wrong:
            raise AdvisorError(wrong)
        kept = tuple(other for other in self.reports if other.key != report.key)
        tested = {result.property for result in report.results if not result.set_aside}
        figures = tuple(f for f in self.figures if f.id != report.material or f.property not in tested)
        return replace(self, reports=(*kept, report), figures=figures)

    def without_report(self, report: LabReport) -> Stock:
        """Without a test report."""
        return replace(self, reports=tuple(other for other in self.reports if other.key != report.key))

    def set_aside(self, report: LabReport, key: str, aside: bool = True) -> Stock:
        """With one figure of a report set aside, or counting again."""
        changed = replace(
            report,
            results=tuple(
                replace(one, set_aside=aside) if one.property == key else one
                for one in next((held for held in self.reports if held.key == report.key), report).results
            ),
        )
        return replace(self, reports=tuple(changed if held.key == report.key else held for held in self.reports))

    def reports_of(self, material: str) -> tuple[LabReport, ...]:
        """The test reports on a material, newest first."""
        found = (report for report in self.reports if report.material == material)
        return tuple(sorted(found, key=lambda report: report.date, reverse=True))

    def tested(self, material: str, key: str) -> tuple[tuple[LabReport, Result], ...]:
        """The reports behind a figure, and what each says of it; none where a figure of the user's stands over them."""
        if any(figure.id == material and figure.property == key for figure in self.figures):
            return ()
        return tuple(
            (report, result)
            for report in self.reports_of(material)
            for result in report.results
            if result.property == key and not result.set_aside
        )

    def with_sample(self, sample: Sample) -> Stock:
        """With a sample in the place of the one there was of its material; nothing is ranked anew."""
        kept = tuple(other for other in self.samples if other.material != sample.material)
        return self._with_samples((*kept, sample))

    def without_sample(self, material: str) -> Stock:
        """Without the sample of a material; nothing is ranked anew."""
        return self._with_samples(tuple(other for other in self.samples if other.material != material))

    def sample(self, material: str) -> Sample | None:
        """The sample of a material, or None."""
        return next((sample for sample in self.samples if sample.material == material), None)

    def _with_samples(self, samples: tuple[Sample, ...]) -> Stock:
        changed = replace(self, samples=samples)
        # No figure comes of a sample: the tables worked out stay the very same, and so does every answer over them.
        names = ("under", "_tested", "_over", "marks", "table")
        changed.__dict__.update({name: self.__dict__[name] for name in names if name in self.__dict__})
        return changed

    def with_cloth(self, spec: ClothSpec) -> Stock:
        """With a cloth that is only specified.

        Raises:
            AdvisorError: everything wrong with the specification; nothing is changed.
        """
        changed = replace(self, specs=(*self.specs, spec))
        _ = changed.whole
        return changed

    def own(self, material: str, key: str) -> bool:
        """Whether a figure of the user's or of a test report stands over this cell."""
        return any(entry.property == key for entry in self.marks.get(material, ()))


def _aside(report: LabReport, material: str, key: str = "") -> LabReport:
    """A report with its figure of a property, or all its figures, set aside where it is on this material."""
    if report.material != material or all(result.set_aside for result in report.results):
        return report
    results = tuple(
        replace(result, set_aside=True) if not key or result.property == key else result for result in report.results
    )
    return replace(report, results=results)


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
