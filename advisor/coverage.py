"""Coverage: every rule against the measured figures, each cloth left out in turn: does the stated range hold them?

``python -m advisor.coverage`` prints the rules, the cloth builder, and the counts of figures by grade and column.
"""

from __future__ import annotations

import builtins
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import mean, median

from advisor.build_table import cloths
from advisor.builder import work_out
from advisor.evidence import Cell
from advisor.files import shipped
from advisor.properties import properties
from advisor.rules import NYLONS, POLYESTERS, RULES, Construction, Rule, estimated

#: Share of figures a stated range should hold.
TARGET = 0.90

#: Share of cloths whose figure of a column should be measured or a supplier's, for that construction.
SHARE_TARGETS = {
    "areal_mass_g_m2": 0.80,
    "tear_strength_n": 0.25,
    "abrasion_cycles": 0.20,
    "hydrostatic_head_mm": 0.20,
    "tensile_strength_n": 0.20,
}


@dataclass(frozen=True)
class Fit:
    """How a rule came by its constants, and so what leaving a cloth out means.

    Attributes:
        kind: ``power`` (a power law, two constants), ``scale`` (a ratio, one constant), ``class`` (a range read off the
            cloths of a class: a cloth alone in its class cannot be left out).
        group: the class a constant belongs to, by construction.
    """

    kind: str
    group: Callable[[Construction], str]


def _fibre(c: Construction) -> str:
    if c.cellulosic:
        return "cellulose"
    if c.high_tenacity:
        return "tarpaulin"
    return "nylon" if c.face in NYLONS else "polyester" if c.face in POLYESTERS else c.face


def _laminate_face(c: Construction) -> str:
    if c.non_woven:
        return "unwoven"
    return "uhmwpe" if c.face == "uhmwpe" else "lcp" if "lcp" in c.polymers else "other"


FITS: Mapping[str, Fit] = {
    "rule-R2-laminate-mass": Fit("scale", _laminate_face),
    "rule-mass-from-base": Fit("scale", lambda c: c.coating),
    "rule-R1-mass-from-denier": Fit("power", lambda c: ""),
    "rule-thickness-from-mass": Fit("scale", lambda c: "PVC" if c.coating == "PVC" else "other"),
    "rule-roll-width": Fit("scale", lambda c: "laminate" if c.laminate else "other"),
    "rule-tensile-from-mass": Fit("scale", _fibre),
    "rule-R5-R6-tear": Fit("scale", _fibre),
    "rule-R5-laminate-tear": Fit("power", lambda c: "uhmwpe" if c.face == "uhmwpe" else "other"),
    "rule-tear-canvas": Fit("scale", lambda c: ""),
    "rule-R3-taber": Fit("power", _laminate_face),
    "rule-R7-head": Fit("class", lambda c: f"{c.coating} {c.cellulosic} {c.non_woven}"),
}

#: Cloths a rule takes its constant from alone; they say nothing about it.
ANCHORS: Mapping[str, frozenset[str]] = {
    "rule-mass-from-base": frozenset({"cotton-waxed-200"}),
    "rule-air-closed": frozenset({"mesh-3d-spacer"}),
    "rule-price-laminate": frozenset({"xpac-vx21"}),
    "rule-R3-taber": frozenset({"dcf-hybrid-50d"}),
    "rule-R7-head": frozenset({"nylon-30d-ripstop-sil"}),
}


@dataclass(frozen=True)
class Trial:
    """One measured or supplier's figure, and what was said of it without it.

    Attributes:
        rule: id of the rule; material, property: the cell.
        truth: the figure; minimum: it is printed as a minimum only, so that a range holds it that reaches up to it.
        low, typical, high: the estimate.
        refitted: the rule's constants were worked out without this cloth.
    """

    rule: str
    material: str
    property: str
    truth: float
    minimum: bool
    low: float
    typical: float
    high: float
    refitted: bool

    @builtins.property
    def holds(self) -> bool:
        """Whether the range holds the figure."""
        return self.truth <= self.high if self.minimum else self.low <= self.truth <= self.high

    @builtins.property
    def factor(self) -> float | None:
        """How far off the typical figure is, as a factor of 1 and over; None for a minimum or a zero."""
        if self.minimum or self.truth <= 0 or self.typical <= 0:
            return None
        return max(self.truth / self.typical, self.typical / self.truth)


@dataclass(frozen=True)
class Held:
    """How the trials of one rule, or one column, came out."""

    name: str
    property: str
    trials: tuple[Trial, ...]

    @builtins.property
    def held(self) -> int:
        """How many figures the range holds."""
        return sum(trial.holds for trial in self.trials)

    @builtins.property
    def share(self) -> float:
        """Share of figures the range holds."""
        return self.held / len(self.trials)

    @builtins.property
    def factor(self) -> float | None:
        """Median error factor."""
        factors = [trial.factor for trial in self.trials if trial.factor is not None]
        return median(factors) if factors else None

    @builtins.property
    def outside(self) -> tuple[Trial, ...]:
        """The trials whose figure lies outside."""
        return tuple(trial for trial in self.trials if not trial.holds)


@cache
def _cloths() -> tuple[tuple[Construction, Mapping[str, Cell]], ...]:
    return tuple(cloths(shipped("data", "curated")))


def _measured(rule: str, c: Construction, cell: Cell | None) -> bool:
    """Whether a cell tests a rule: a figure of grade A or B that the rule does not rest on alone.

    A coat's nominal grade is no measured head: R7 itself reads it.
    """
    if cell is None or cell.typical is None or cell.grade not in ("A", "B") or c.id in ANCHORS.get(rule, ()):
        return False
    best = [record for record in cell.records if record.grade == cell.grade]
    return not all("nominal" in record.note.casefold() for record in best)


def _minimum(cell: Cell) -> bool:
    best = [record for record in cell.records if record.grade == cell.grade]
    return all("printed as a minimum" in record.note for record in best)


def _line(points: Sequence[tuple[float, float]], x: float, power: bool) -> float:
    """The fit through ``points`` (log estimate, log figure) at ``x``: a straight line, or one of slope 1."""
    at, to = mean(p for p, _ in points), mean(q for _, q in points)
    spread = sum((p - at) ** 2 for p, _ in points)
    if not power or len(points) < 3 or spread < 0.1:
        return to + (x - at)
    return to + sum((p - at) * (q - to) for p, q in points) / spread * (x - at)


def _influence(fit: Fit, points: Mapping[str, tuple[float, float]], material: str) -> float:
    """Factor that takes the influence of one cloth out of a fitted rule: the fit without it over the fit with all."""
    others = [point for key, point in points.items() if key != material]
    if fit.kind == "class" or material not in points or not others:
        return 1.0
    x, power = points[material][0], fit.kind == "power"
    return math.exp(_line(others, x, power) - _line(list(points.values()), x, power))


@cache
def trials() -> tuple[Trial, ...]:
    """Every rule on every cloth with a measured or supplier's figure of its column, the cloth left out.

    A rule that was fitted is fitted again without the cloth: its figures are multiplied by the ratio of the two fits at
    that cloth, its range keeps its width. Other figures of the cloth a rule starts from (its mass) are as recorded.
    """
    found: list[Trial] = []
    for rule in RULES:
        if properties()[rule.property].numeric:
            found += _trials_of(rule)
    return tuple(found)


def _trials_of(rule: Rule) -> Iterable[Trial]:
    fit = FITS.get(rule.id)
    said = []
    groups: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for c, known in _cloths():
        cell = known.get(rule.property)
        if not _measured(rule.id, c, cell):
            continue
        estimate = estimated(rule, c, {key: value for key, value in known.items() if key != rule.property})
        if estimate is None:
            continue
        assert cell is not None and cell.typical is not None
        said.append((c, cell, estimate))
        if fit and not _minimum(cell) and cell.typical > 0 and estimate.typical > 0:
            groups[fit.group(c)][c.id] = (math.log(estimate.typical), math.log(cell.typical))
    size = Counter(fit.group(c) if fit else "" for c, _, _ in said)
    for c, cell, estimate in said:
        if fit and fit.kind == "class" and size[fit.group(c)] < 2:
            continue
        points = groups[fit.group(c)] if fit else {}
        factor = _influence(fit, points, c.id) if fit else 1.0
        assert cell.typical is not None
        yield Trial(
            rule.id,
            c.id,
            rule.property,
            cell.typical,
            _minimum(cell),
            factor * estimate.low,
            factor * estimate.typical,
            factor * estimate.high,
            bool(fit and fit.kind != "class" and c.id in points and len(points) > 1),
        )


def by_rule() -> tuple[Held, ...]:
    """The trials rule by rule, in the order of the rules; rules without a figure to be tested on are left out."""
    grouped: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials():
        grouped[trial.rule].append(trial)
    return tuple(Held(rule.id, rule.property, tuple(grouped[rule.id])) for rule in RULES if grouped.get(rule.id))


@cache
def built() -> tuple[Trial, ...]:
    """The cloth builder's prediction of every cloth with a measured or supplier's figure, that cloth left out.

    The builder gets what a designer would give: fibre, yarn, weave, coat, finish, dyeing; the mass only where no yarn
    is named by denier. Rules fitted on the cloth are fitted again without it, as in :func:`trials`.
    """
    factors = {(trial.rule, trial.material): trial for trial in trials()}
    as_shipped = {(rule.id, c.id): estimated(rule, c, known) for rule in RULES for c, known in _cloths()}
    found = []
    for c, known in _cloths():

        def adjust(rule: Rule, c: Construction = c) -> float:
            trial, plain = factors.get((rule.id, c.id)), as_shipped[rule.id, c.id]
            if trial is None or plain is None or plain.typical == 0 or not trial.refitted:
                return 1.0
            return trial.typical / plain.typical

        mass = known.get("areal_mass_g_m2")
        given = mass.typical if mass is not None and c.denier is None else None
        cells = work_out(replace(c, base_mass_g_m2=None), given, adjust)
        for key, cell in cells.items():
            truth = known.get(key)
            rule = cell.records[0].source_id
            if not properties()[key].numeric or not rule.startswith("rule-") or not _measured(rule, c, truth):
                continue
            assert truth is not None and truth.typical is not None
            assert cell.low is not None and cell.typical is not None and cell.high is not None
            refitted = (rule, c.id) in factors and factors[rule, c.id].refitted
            found.append(
                Trial(rule, c.id, key, truth.typical, _minimum(truth), cell.low, cell.typical, cell.high, refitted)
            )
    return tuple(found)


def by_column() -> tuple[Held, ...]:
    """The builder's trials column by column, in table order, and all together under the name ``all``."""
    grouped: dict[str, list[Trial]] = defaultdict(list)
    for trial in built():
        grouped[trial.property].append(trial)
    rows = [Held(key, key, tuple(grouped[key])) for key in properties() if grouped.get(key)]
    return (*rows, Held("all", "", built()))


# Tables ---------------------------------------------------------------------------------------------------------------

Rows = list[list[str]]


def _held_rows(helds: Iterable[Held]) -> Rows:
    return [
        [
            held.name,
            held.property,
            str(len(held.trials)),
            str(sum(trial.refitted for trial in held.trials)),
            f"{held.held} ({100 * held.share:.0f} %)",
            "" if held.factor is None else f"{held.factor:.2f}",
            ", ".join(trial.material for trial in held.outside) if held.name != "all" else "",
        ]
        for held in helds
    ]


def rule_table() -> tuple[list[str], Rows]:
    """Header and rows: every rule, its figures, how many its range holds, the median error factor, what is outside."""
    header = ["rule", "column", "figures", "refitted", "range holds", "median factor", "outside"]
    return header, _held_rows(by_rule())


def builder_table() -> tuple[list[str], Rows]:
    """Header and rows of the cloth builder's left-out check, column by column."""
    header = ["column", "figures", "refitted", "range holds", "median factor", "outside"]
    return header, [[row[0], *row[2:]] for row in _held_rows(by_column())]


def share_table() -> tuple[list[str], Rows]:
    """Header and rows: share of cloths with a figure of grade A or B, against the target."""
    count, rows = len(_cloths()), []
    for key, target in SHARE_TARGETS.items():
        grades = Counter(known[key].grade for _, known in _cloths() if key in known)
        good = grades["A"] + grades["B"]
        rows.append(
            [
                key,
                *(str(grades[grade]) for grade in "ABCD"),
                str(count - grades.total()),
                f"{100 * good / count:.0f} %",
                f"{100 * target:.0f} %",
            ]
        )
    return ["column", "A", "B", "C", "D", "gap", "A or B", "target"], rows


def family_table() -> tuple[list[str], Rows]:
    """Header and rows: cloths by family tag and coating; a cloth with several tags counts under each."""
    cells = Counter((tag, c.coating) for c, _ in _cloths() for tag in c.family)
    coats = [coat for coat, _ in Counter(c.coating for c, _ in _cloths()).most_common()]
    tags = [tag for tag, _ in Counter(tag for c, _ in _cloths() for tag in c.family).most_common()]
    rows = [
        [tag, *(str(cells[tag, coat] or "") for coat in coats), str(sum(cells[tag, coat] for coat in coats))]
        for tag in tags
    ]
    return ["family", *coats, "all"], rows


def _text(title: str, table: tuple[list[str], Rows]) -> str:
    header, rows = table
    widths = [max(len(row[place]) for row in [header, *rows]) for place in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *rows]
    ]
    return "\n".join([title, *lines, ""])


def main() -> int:
    """Print the tables."""
    print(_text("Rules, each cloth left out in turn", rule_table()))
    print(_text("Cloth builder, each cloth left out in turn", builder_table()))
    print(_text("Cloths with a measured or supplier's figure", share_table()))
    print(_text("Cloths by family and coating", family_table()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
