"""Cloth builder: a cloth that is only specified, its figures by rule, its nearest real cloth, what to order."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

from advisor.build_table import abrasion_method, working_order
from advisor.demands import Demand
from advisor.evidence import Cell, Evidence, printed, resolve
from advisor.materials import GRADE_CODES, Table, sources
from advisor.problems import AdvisorError, Problem, nearest
from advisor.properties import Property, numeric_keys, properties
from advisor.rules import Construction, Rule, derive, mass_from_denier, polymers_of
from advisor.sentences import say

#: Source id of what the designer set, a row of sources.csv.
SPECIFIED = "cloth-builder"


@dataclass(frozen=True)
class Fibre:
    """A fibre the builder offers: the words of the fibre column, the polymers the rules know, the family tags."""

    words: str
    polymer: str
    family: tuple[str, ...]


FIBRES: Mapping[str, Fibre] = {
    "nylon": Fibre("nylon", "pa6", ("nylon",)),
    "nylon-66": Fibre("nylon 6,6", "pa66", ("nylon",)),
    "recycled-nylon": Fibre("recycled nylon", "rpa6", ("recycled-nylon", "nylon")),
    "polyester": Fibre("polyester", "pet", ("polyester",)),
    "rpet": Fibre("recycled polyester", "rpet", ("rpet", "polyester")),
    "cotton": Fibre("cotton", "cotton", ("canvas",)),
    "organic-cotton": Fibre("organic cotton", "cotton-organic", ("canvas",)),
    "polycotton": Fibre("polyester/cotton", "pet-cotton", ("canvas",)),
    "hemp": Fibre("hemp", "hemp", ("canvas",)),
    "uhmwpe": Fibre("UHMWPE/polyester", "uhmwpe-pet", ()),
}
WEAVES = ("plain", "oxford", "ripstop", "twill", "basket", "taffeta", "plain double warp")
COATINGS = ("none", "PU", "silicone", "TPU", "PVC", "wax", "acrylic", "film")
CHEMISTRIES = ("", "unknown", "ester", "ether", "polycarbonate")
DYEINGS = ("piece", "solution", "yarn", "undyed")
FINISHES = ("DWR", "DWR C0", "mildew-resistant", "calendered")

#: Coats whose chemistry decides how they age.
_WITH_CHEMISTRY = ("PU", "TPU")
#: Head grades PU cloth is sold by, mm.
_HEAD_GRADES = (300.0, 20_000.0)


@dataclass(frozen=True)
class ClothSpec:
    """What a designer sets.

    Attributes:
        fibre: key of :data:`FIBRES`.
        warp_denier, weft_denier: yarns, den; a weft of None is the warp's; both None for a cloth bought by mass.
        weave: one of :data:`WEAVES`, the face's for a laminate.
        mass_g_m2: finished mass, or None to have it estimated.
        coating: one of :data:`COATINGS`; ``film`` makes a laminate.
        chemistry: one of :data:`CHEMISTRIES`, for PU and TPU.
        head_mm: grade a PU coat is sold by ("PU 3000"), or None.
        finish: tags, usually of :data:`FINISHES`.
        dyeing: one of :data:`DYEINGS`.
        name: the designer's own name, or "".
    """

    fibre: str = "nylon"
    warp_denier: float | None = None
    weft_denier: float | None = None
    weave: str = "oxford"
    mass_g_m2: float | None = None
    coating: str = "PU"
    chemistry: str = ""
    head_mm: float | None = None
    finish: tuple[str, ...] = ()
    dyeing: str = "piece"
    name: str = ""

    def to_json(self) -> dict[str, Any]:
        """The specification as it is stored; :func:`spec_from_json` reads it back."""
        said = asdict(self)
        for key in ("warp_denier", "weft_denier", "mass_g_m2", "head_mm"):
            said[key] = None if said[key] is None else float(said[key])
        return {**said, "finish": list(self.finish)}


def spec_from_json(words: Mapping[str, Any], file: str = "") -> ClothSpec:
    """A specification from its stored form.

    Raises:
        AdvisorError: unknown keys, wrong kinds of values, and all that :func:`problems` finds.
    """
    found: list[Problem] = []
    known = {item.name for item in fields(ClothSpec)}
    values: dict[str, Any] = {}
    for key, value in words.items():
        if key not in known:
            near = nearest(str(key), known)
            hint = f'did you mean "{near}"?' if near else "leave it out"
            found.append(Problem("unknown-key", f'unknown key "{key}"', hint, file, value=str(key)))
        elif key in ("warp_denier", "weft_denier", "mass_g_m2", "head_mm"):
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
                found.append(Problem("not-a-number", f"{key} is not a number", "or null", file, column=key))
            else:
                values[key] = None if value is None else float(value)
        elif key == "finish":
            if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
                found.append(Problem("not-a-list", "finish is not a list of words", "", file, column=key))
            else:
                values[key] = tuple(value)
        elif not isinstance(value, str):
            found.append(Problem("not-a-word", f"{key} is not a word", "", file, column=key))
        else:
            values[key] = value
    spec = ClothSpec(**values)
    found += [replace(problem, file=file) for problem in problems(spec) if problem.severity == "error"]
    if found:
        raise AdvisorError(found)
    return spec


def problems(spec: ClothSpec) -> tuple[Problem, ...]:
    """Everything wrong with a specification, and as warnings what is doubtful; empty when it can be worked out."""
    found = (*_wrong_words(spec), *_wrong_figures(spec), *_wrong_together(spec))
    if found or spec.mass_g_m2 is None:
        return found
    line = mass_from_denier(construction(spec), {})
    if line is None or line.low <= spec.mass_g_m2 <= line.high:
        return ()
    message = f"{spec.mass_g_m2:g} g/m² is unusual for {_denier(spec)} den: {line.low:.0f} to {line.high:.0f}"
    doubt = _problem("mass_g_m2", message, "check yarn and mass", spec.mass_g_m2)
    return (replace(doubt, severity="warning"),)


def _problem(column: str, message: str, hint: str, value: object = "") -> Problem:
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return Problem("cloth-spec", message, hint, column=column, value=shown)


def _wrong_words(spec: ClothSpec) -> Iterable[Problem]:
    choices = {
        "fibre": tuple(FIBRES),
        "weave": WEAVES,
        "coating": COATINGS,
        "chemistry": CHEMISTRIES,
        "dyeing": DYEINGS,
    }
    for column, allowed in choices.items():
        value = getattr(spec, column)
        if value not in allowed:
            near = nearest(value, [word for word in allowed if word])
            yield _problem(column, f'no {column} "{value}"', near and f'did you mean "{near}"?', value)


def _wrong_figures(spec: ClothSpec) -> Iterable[Problem]:
    ranges = {
        "warp_denier": (properties()["yarn_denier"].plausible, "den"),
        "weft_denier": (properties()["yarn_denier"].plausible, "den"),
        "mass_g_m2": (properties()["areal_mass_g_m2"].plausible, "g/m²"),
        "head_mm": (_HEAD_GRADES, "mm"),
    }
    for column, (ends, unit) in ranges.items():
        value = getattr(spec, column)
        assert ends is not None
        if value is not None and not (math.isfinite(value) and ends[0] <= value <= ends[1]):
            message = f"{value:g} lies outside {ends[0]:g} to {ends[1]:g} {unit}"
            yield _problem(column, message, "check the unit", value)


def _wrong_together(spec: ClothSpec) -> Iterable[Problem]:
    if spec.weft_denier is not None and spec.warp_denier is None:
        yield _problem("warp_denier", "the weft is named, the warp is not", "name both, or the warp alone")
    if spec.chemistry not in ("", "unknown") and spec.coating not in _WITH_CHEMISTRY:
        message = f"{spec.chemistry} is a kind of PU or TPU, the coat is {spec.coating}"
        yield _problem("chemistry", message, "leave it empty", spec.chemistry)
    if spec.head_mm is not None and spec.coating != "PU":
        yield _problem(
            "head_mm", "only PU coats are sold by a head grade", "leave it empty; order a test", spec.head_mm
        )
    if spec.fibre in FIBRES and spec.mass_g_m2 is None:
        if "canvas" in FIBRES[spec.fibre].family:
            yield _problem("mass_g_m2", f"{FIBRES[spec.fibre].words} cloth is bought by its mass", "give the mass")
        elif spec.warp_denier is None:
            yield _problem("warp_denier", "neither yarn nor mass is named", "give one of the two")
    if spec.coating == "film" and spec.warp_denier is None and spec.mass_g_m2 is not None:
        yield _problem("warp_denier", "a laminate wears and tears as its face yarn does", "name the face yarn")
    if spec.fibre in FIBRES and spec.coating == "silicone" and "canvas" in FIBRES[spec.fibre].family:
        yield _problem("coating", "silicone is known on nylon and polyester only", "choose another coat", spec.coating)
    if spec.fibre == "uhmwpe" and spec.coating != "film":
        yield _problem("coating", "UHMWPE cloth is known as a laminate only", 'choose "film"', spec.coating)


def _denier(spec: ClothSpec) -> str:
    """The yarns as trade writes them: ``420``, ``210x420``, or "" where none is named."""
    if spec.warp_denier is None:
        return ""
    if spec.weft_denier is None or spec.weft_denier == spec.warp_denier:
        return f"{spec.warp_denier:g}"
    return f"{spec.warp_denier:g}x{spec.weft_denier:g}"


def construction(spec: ClothSpec) -> Construction:
    """The specification as the rules read it; it must be free of errors (:func:`problems`)."""
    fibre = FIBRES[spec.fibre]
    laminate = spec.coating == "film"
    family = (*(("laminate",) if laminate else ()), *fibre.family, *(("ripstop",) if spec.weave == "ripstop" else ()))
    coat = f"PU {spec.head_mm:.0f}" if spec.head_mm is not None else spec.coating
    denier = _denier(spec)
    words = [
        fibre.words[0].upper() + fibre.words[1:],
        f"{denier}D" if denier else "",
        f"{spec.mass_g_m2:g} g/m²" if not denier and spec.mass_g_m2 is not None else "",
        spec.weave,
    ]
    bare = ", uncoated" if spec.coating == "none" else " laminate" if laminate else f", {coat}"
    name = spec.name.strip() or " ".join(filter(None, words)) + bare
    # The grade is read from the name; a name of the designer's own does not lose it.
    finish = (*spec.finish, *((coat,) if spec.head_mm is not None else ()))
    return Construction(
        id="predicted-" + re.sub(r"[\W_]+", "-", name.casefold()).strip("-"),
        name=f"{name} (predicted)",
        family=family,
        fibre=fibre.words,
        yarn_denier=denier,
        weave=f"{spec.weave} face, film" if laminate else spec.weave,
        coating=spec.coating,
        coating_chemistry=spec.chemistry or ("unknown" if spec.coating in _WITH_CHEMISTRY else ""),
        finish=finish,
        dyeing=spec.dyeing,
        polymers=polymers_of(fibre.polymer),
        source_id=SPECIFIED,
    )


def work_out(
    c: Construction, mass_g_m2: float | None = None, adjust: Callable[[Rule], float] | None = None
) -> dict[str, Cell]:
    """Every column of a construction by rule, by property in table order; a column no rule speaks of is left out.

    Args:
        c: the construction; a mass of its base cloth is used where given.
        mass_g_m2: finished mass where it is specified; it is then no estimate (grade ``own``).
        adjust: factor on a rule's figures, see :func:`advisor.rules.derive`.
    """
    cells: dict[str, Cell] = {}

    def add(key: str, ends: tuple[float, float, float] | None, text: str, grade: str, source: str, note: str) -> None:
        item = properties()[key]
        low, typical, high = (float(printed(end)) for end in ends) if ends else (None, None, None)
        unit = item.unit if ends else ""
        record = Evidence(c.id, key, low, typical, high, unit, "", grade, source, note, text)
        cells[key] = resolve([record])

    words = {
        "name": c.name,
        "family": "|".join(c.family),
        "fibre": c.fibre,
        "weave": c.weave,
        "coating": c.coating,
        "finish": "|".join(c.finish),
    }
    for key, text in words.items():
        if text:
            add(key, None, text, "own", SPECIFIED, "as specified")
    denier = replace(c, face_denier=None).denier
    given = {"yarn_denier": denier, "areal_mass_g_m2": mass_g_m2}
    for key, figure in given.items():
        if figure is not None:
            low, high = properties()[key].range_of(figure)
            add(key, (low, figure, high), printed(figure), "own", SPECIFIED, "as specified")
    for key in working_order():
        if key in cells or (said := derive(key, c, cells, adjust)) is None:
            continue
        rule, estimate = said
        if properties()[key].numeric:
            ends = (estimate.low, estimate.typical, estimate.high)
            add(key, ends, printed(estimate.typical), rule.grade, rule.id, estimate.note)
        else:
            add(key, None, estimate.text, rule.grade, rule.id, estimate.note)
    if (cell := cells.get("abrasion_cycles")) is not None:
        source = cell.records[0].source_id
        add("abrasion_method", None, abrasion_method(source), cell.grade, source, "")
    return {key: cells[key] for key in properties() if key in cells}


@dataclass(frozen=True)
class Prediction:
    """A specified cloth with its figures.

    Attributes:
        spec: what the designer set.
        construction: the same as the rules read it; ``construction.id`` and ``.name`` are its id and name in a table.
        cells: property -> figure (low, typical, high) or words, with one record that names the rule; columns in table
            order, those no rule speaks of left out.
        warnings: what is doubtful about the specification.
    """

    spec: ClothSpec
    construction: Construction
    cells: Mapping[str, Cell]
    warnings: tuple[Problem, ...]

    def rule(self, key: str) -> str:
        """Id of the rule that made a column, "" where the designer set it or nothing is said."""
        cell = self.cells.get(key)
        source = cell.records[0].source_id if cell else ""
        return source if source.startswith("rule-") else ""


def predict(spec: ClothSpec) -> Prediction:
    """The whole row of a specified cloth by the rules.

    Raises:
        AdvisorError: everything wrong with the specification.
    """
    found = problems(spec)
    if any(problem.severity == "error" for problem in found):
        raise AdvisorError(problem for problem in found if problem.severity == "error")
    c = construction(spec)
    return Prediction(spec, c, work_out(c, spec.mass_g_m2), found)


def as_table(base: Table, *specs: ClothSpec) -> Table:
    """``base`` with the specified cloths below it, each marked in :attr:`Table.predicted`.

    Their figures are of grade C or D by rule, ``own`` where the designer set them; the rest of the table is untouched.
    Two specifications of one name get numbers.

    Raises:
        AdvisorError: everything wrong with the specifications.
    """
    predictions = [predict(spec) for spec in specs]
    taken = set(base.ids)
    ids = []
    for item in predictions:
        key, number = item.construction.id, 2
        while key in taken:
            key, number = f"{item.construction.id}-{number}", number + 1
        taken.add(key)
        ids.append(key)
    shape = (len(predictions), len(numeric_keys()))
    low, typical, high = (np.full(shape, np.nan) for _ in range(3))
    grades = np.zeros(shape, dtype=np.int8)
    records = dict(base.records)
    text = {key: list(words) for key, words in base.text.items()}
    for row, (key, item) in enumerate(zip(ids, predictions, strict=True)):
        for words in text.values():
            words.append("")
        text["id"][-1] = key
        for column, cell in item.cells.items():
            records[key, column] = tuple(replace(record, material=key) for record in cell.records)
            if properties()[column].numeric:
                place = numeric_keys().index(column)
                low[row, place], typical[row, place], high[row, place] = cell.low, cell.typical, cell.high
                grades[row, place] = GRADE_CODES.index(cell.grade)
            else:
                text[column][-1] = cell.text
    joined = [
        np.concatenate(pair)
        for pair in ((base.low, low), (base.typical, typical), (base.high, high), (base.grades, grades))
    ]
    for array in joined:
        array.setflags(write=False)
    content = json.dumps([spec.to_json() for spec in specs], ensure_ascii=False, sort_keys=True)
    return replace(
        base,
        ids=(*base.ids, *ids),
        names=(*base.names, *(item.construction.name for item in predictions)),
        text={key: tuple(words) for key, words in text.items()},
        sha256=hashlib.sha256(f"{base.sha256}{content}".encode()).hexdigest(),
        records=records,
        predicted=base.predicted | set(ids),
        low=joined[0],
        typical=joined[1],
        high=joined[2],
        grades=joined[3],
    )


@dataclass(frozen=True)
class Neighbour:
    """A real cloth near a predicted one.

    Attributes:
        row: its row in the table.
        distance: sum of ``parts``; 0 is the same construction.
        parts: what of the distance comes from fibre, yarn, mass, weave, coating and finish; only what differs.
    """

    row: int
    distance: float
    parts: Mapping[str, float]


def neighbours(prediction: Prediction, table: Table, count: int = 3) -> tuple[Neighbour, ...]:
    """The real cloths of ``table`` nearest to a predicted one, nearest first.

    The distance is a sum: another fibre 1 (recycled against virgin of one fibre 0.15), another coat 0.8, another weave
    0.3, a repellent on one of the two 0.1, a doubling of mass 1, a doubling of the yarn 0.5 (0.25 where it is not
    named). Working weights, in the order in which these things move figures of the table.
    """
    c = prediction.construction
    own_mass = prediction.cells["areal_mass_g_m2"].typical if "areal_mass_g_m2" in prediction.cells else None
    found = []
    for row in range(len(table)):
        if table.ids[row] in table.predicted:
            continue
        words = {key: table.text[key][row] for key in ("fibre", "weave", "coating", "finish", "family")}
        parts: dict[str, float] = {}
        one, other = _fibre_class(c.fibre), _fibre_class(words["fibre"])
        recycled = ("recycled" in c.fibre) != ("recycled" in words["fibre"])
        parts["fibre"] = 1.0 if one != other else 0.15 if recycled else 0.0
        parts["yarn"] = 0.5 * _doublings(c.denier, _figure(table, row, "yarn_denier"), 0.5)
        parts["mass"] = _doublings(own_mass, _figure(table, row, "areal_mass_g_m2"), 0.5)
        parts["weave"] = 0.0 if _weave_class(c.weave) == _weave_class(words["weave"]) else 0.3
        parts["coating"] = 0.0 if c.coating.casefold() == words["coating"].casefold() else 0.8
        repellent = any("DWR" in tag for tag in c.finish)
        parts["finish"] = 0.1 if repellent != ("DWR" in words["finish"]) else 0.0
        found.append(Neighbour(row, sum(parts.values()), {key: part for key, part in parts.items() if part}))
    return tuple(sorted(found, key=lambda item: (item.distance, item.row))[:count])


def _figure(table: Table, row: int, key: str) -> float | None:
    figure = float(table.typical[row, table.column(key)])
    return None if math.isnan(figure) else figure


def _doublings(one: float | None, other: float | None, unknown: float) -> float:
    """How many times one figure doubles to the other; ``unknown`` where one alone is not known, 0 where neither is."""
    if one is None and other is None:
        return 0.0
    if one is None or other is None or one <= 0 or other <= 0:
        return unknown
    return abs(math.log2(one / other))


def _fibre_class(words: str) -> str:
    """The fibre that carries a cloth, from the words of the fibre column."""
    text = words.casefold()
    for name, signs in (
        ("uhmwpe", ("uhmwpe", "dyneema")),
        ("polycotton", ("polyester/cotton", "polycotton")),
        ("nylon", ("nylon", "polyamide")),
        ("polyester", ("polyester", "pet")),
        ("cotton", ("cotton",)),
        ("hemp", ("hemp", "flax", "jute")),
    ):
        if any(sign in text for sign in signs):
            return name
    return text


def _weave_class(words: str) -> str:
    text = words.casefold()
    for name in ("ripstop", "gridstop", "oxford", "basket", "twill", "taffeta", "mesh", "knit", "double warp"):
        if name in text:
            return "ripstop" if name == "gridstop" else "mesh" if name == "knit" else name
    return "plain"


# What to order --------------------------------------------------------------------------------------------------------


def mill_specification(prediction: Prediction, demands: Sequence[Demand] = ()) -> str:
    """What to order of a mill, as text in English, the language such papers go out in.

    First the cloth as specified, then the tests with their standards and the levels of the brief's demands, each beside
    what the rules expect, then what the mill has to state. No predicted figure stands as a requirement.
    """
    c, spec, cells = prediction.construction, prediction.spec, prediction.cells
    name = c.name.removesuffix(" (predicted)")
    mass = cells.get("areal_mass_g_m2")
    ordered = [
        ("Fibre", f"{c.fibre}, {spec.dyeing}-dyed" if spec.dyeing != "undyed" else f"{c.fibre}, undyed"),
        ("Yarn", _yarn(c.yarn_denier)),
        ("Weave", c.weave),
        ("Coat", _coat(spec)),
        ("Finish", ", ".join(tag for tag in spec.finish) or "none asked"),
    ]
    if spec.mass_g_m2 is not None:
        low, high = properties()["areal_mass_g_m2"].range_of(spec.mass_g_m2)
        ordered.append(("Mass", f"{spec.mass_g_m2:g} g/m², {low:.0f} to {high:.0f} ({_methods('areal_mass_g_m2')})"))
    elif mass is not None:
        ordered.append(
            ("Mass", f"mill to state; expected {mass.low:.0f} to {mass.high:.0f} g/m² ({_methods('areal_mass_g_m2')})")
        )
    lines = [f"Mill specification: {name}", "", "1 Cloth"]
    lines += [f"  {label:<8} {words}" for label, words in ordered]
    lines += ["", "2 Tests and levels (finished cloth, new, warp and weft apart where a test has directions)"]
    asked = [demand for demand in demands if demand.asked and demand.property not in ("areal_mass_g_m2", "moq_m")]
    doubtful = []
    for demand in asked:
        item, cell = properties()[demand.property], cells.get(demand.property)
        assert demand.level is not None
        sign = "at least" if demand.sense == "at_least" else "at most"
        unit = "" if item.unit in ("grade", "rating") else f" {item.unit}"
        method = item.test_methods.split("|")[0] or "method to agree"  # the one the column's levels stand for
        lines.append(f"  {item.label}: {sign} {demand.level:,.{item.decimals}f}{unit} ({method})")
        if item.spread:
            lines.append(f"    tolerance: none on the level; lots and laboratories differ by {tolerance(item)}")
        lines.append(f"    because: {say(demand.because)}")
        verdict = expectation(demand, cell)
        if cell is not None:
            ends = f"{cell.low:,.{item.decimals}f} to {cell.high:,.{item.decimals}f}{unit}"
            lines.append(f"    expected: {ends}, {rule_of(cell)}: {verdict}")
        else:
            lines.append(f"    expected: not known: {verdict}")
        if verdict != "should pass":
            doubtful.append(item.label)
    if asked:
        lines.append(
            "  Each level stands for the method named; another method needs a level of its own, agreed beforehand."
        )
    else:
        lines.append("  none: the brief asks nothing that a cloth is tested for")
    lines += ["", "3 Mill to state", "  price per metre and usable width, minimum per colour, lead time, colours"]
    for demand in demands:
        if demand.asked and demand.property == "moq_m" and demand.level is not None:
            lines.append(f"  minimum per colour not over {demand.level:,.0f} m")
    lines.append("  chemistry of the coat, certificates with scope and number, test reports with laboratory and date")
    lines += ["", "4 Before the order"]
    lines.append(
        f"  sample yardage tested for: {', '.join(doubtful)}" if doubtful else "  a sample tested for section 2"
    )
    lines.append("  Expected figures are estimates by rule, not requirements and not promises.")
    return "\n".join(lines) + "\n"


def tolerance(item: Property) -> str:
    """How far lots and laboratories differ, by the property's spread: "±10 %", "×/÷ 2", "±1"; "" where it has none."""
    rule = item.spread
    if not rule:
        return ""
    if rule.startswith("*"):
        return f"×/÷ {rule[1:]}"
    return f"±{rule.rstrip('%').lstrip('±')}{' %' if rule.endswith('%') else ''}"


def _yarn(denier: str) -> str:
    warp, _, weft = denier.partition("x")
    if not warp:
        return "mill to state"
    return f"{f'{warp} den warp, {weft} den weft' if weft else f'{warp} den'} ({_methods('yarn_denier')})"


def _methods(key: str) -> str:
    return " or ".join(properties()[key].test_methods.split("|")) or "method to agree"


def _coat(spec: ClothSpec) -> str:
    if spec.coating == "none":
        return "none"
    chemistry = {"": "", "unknown": ", mill to state whether ester, ether or polycarbonate"}.get(
        spec.chemistry, f", {spec.chemistry} type"
    )
    if spec.coating in _WITH_CHEMISTRY and not spec.chemistry:
        chemistry = ", mill to state whether ester, ether or polycarbonate"
    grade = f", sold as {spec.head_mm:,.0f} mm" if spec.head_mm is not None else ""
    return f"{'laminated film' if spec.coating == 'film' else spec.coating}{grade}{chemistry}"


def rule_of(cell: Cell) -> str:
    """Where a predicted figure is from: as specified, or the rule by its name."""
    record = cell.records[0]
    if record.grade == "own":
        return "as specified"
    words = "judgement" if record.grade == "D" else "estimate"
    known = sources().get(record.source_id)
    return f"{words} {record.source_id.removeprefix('rule-')}" if known else words


def expectation(demand: Demand, cell: Cell | None) -> str:
    """Whether a range meets a demand: wholly, in part, not at all."""
    if cell is None or cell.low is None or cell.high is None or demand.level is None:
        return "not known, test a sample"
    worst, best = (cell.low, cell.high) if demand.sense == "at_least" else (-cell.high, -cell.low)
    level = demand.level if demand.sense == "at_least" else -demand.level
    if worst >= level:
        return "should pass"
    return "may fail, test a sample" if best >= level else "falls short as specified"
