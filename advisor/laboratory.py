"""Laboratory: test reports and samples of a cloth; what a report makes of its figures, and what it changed."""

from __future__ import annotations

import base64
import binascii
import builtins
import datetime
import hashlib
import json
import math
from collections import ChainMap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from advisor.answer import Answer
from advisor.brief import Reader
from advisor.certainty import Certainty
from advisor.checks import TRADE_UNITS, first_family, guessed_unit, limits_of
from advisor.demands import Demand
from advisor.evidence import Cell, Evidence, group, printed, resolve
from advisor.guard import Method, method_named, method_to_order, methods_of, scales_mix
from advisor.materials import GRADE_CODES, Table
from advisor.merge import Override, laid_over
from advisor.problems import AdvisorError, Problem
from advisor.properties import properties
from advisor.ranking import reaches
from advisor.sentences import Num, Sentence, format_number
from advisor.turning import Probe, probe_sentence
from advisor.units import scaling

#: What becomes of a sample, in the order it usually happens.
STATES = ("requested", "sent", "received", "approved", "rejected")

#: Bytes of a sample's photo at most, so that a project stays small enough to hand over.
MOST_PHOTO = 400_000

_SIGNATURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a laboratory found in one direction: the mean, and how its specimens scatter where it says so.

    Attributes:
        mean: the figure in the result's unit.
        deviation: standard deviation of the specimens in the same unit, None where not given.
        specimens: how many were tested, None where not given.
    """

    mean: float
    deviation: float | None = None
    specimens: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One line of a test report.

    Attributes:
        property: property key; ``method``: the test as the report names it; ``unit``: of the readings, as printed.
        warp, weft: the two directions; ``single``: the figure where a test has none.
        conditioning: atmosphere, exposure or ageing before the test.
        set_aside: the user took the figure back; the report keeps it.
    """

    property: str
    method: str
    unit: str
    warp: Reading | None = None
    weft: Reading | None = None
    single: Reading | None = None
    conditioning: str = ""
    note: str = ""
    set_aside: bool = False

    @builtins.property
    def readings(self) -> tuple[tuple[str, Reading], ...]:
        """The readings there are, with their direction ("" for a single one)."""
        pairs = (("warp", self.warp), ("weft", self.weft), ("", self.single))
        return tuple((name, reading) for name, reading in pairs if reading is not None)


@dataclass(frozen=True, slots=True)
class LabReport:
    """A test report on one lot of one material; its figures are grade A for that lot.

    Attributes:
        material: id of the material; ``lot``: the lot, roll or colour that was tested.
        number: the report's own number; ``date``: as YYYY-MM-DD.
    """

    material: str
    laboratory: str
    number: str
    date: str
    lot: str = ""
    results: tuple[Result, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells one report from another: laboratory, number and material."""
        return self.laboratory.casefold().strip(), self.number.casefold().strip(), self.material

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values; what is not said is left out."""
        return _said(
            {
                "material": self.material,
                "laboratory": self.laboratory,
                "number": self.number,
                "date": self.date,
                "lot": self.lot,
                "results": [_result_json(result) for result in self.results],
            }
        )


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample of a material: where it stands, where it lies, what it looks and feels like.

    Attributes:
        material: id of the material.
        state: one of :data:`STATES`.
        drawer: number of the drawer it lies in.
        hand: how it feels, and what else is noted by hand.
        photo: a JPEG or PNG as bytes, so that a project is whole on a stick; empty for none.
        dates: (state, YYYY-MM-DD), one for every state it was put in, in that order.
    """

    material: str
    state: str = "requested"
    drawer: str = ""
    hand: str = ""
    photo: bytes = b""
    dates: tuple[tuple[str, str], ...] = ()

    @property
    def since(self) -> str:
        """The day it came into its state, "" where that is not noted."""
        return next((day for state, day in reversed(self.dates) if state == self.state), "")

    def to_json(self) -> dict[str, Any]:
        """The sample as plain JSON values, the photo as base64; what is not said is left out."""
        return _said(
            {
                "material": self.material,
                "state": self.state,
                "drawer": self.drawer,
                "hand": self.hand,
                "photo": base64.b64encode(self.photo).decode("ascii"),
                "dates": [{"state": state, "date": day} for state, day in self.dates],
            }
        )


def _said(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not False and value not in ("", None, [])}


def _result_json(result: Result) -> dict[str, Any]:
    entry: dict[str, Any] = {"property": result.property, "method": result.method, "unit": result.unit}
    for name in ("warp", "weft", "single"):
        reading: Reading | None = getattr(result, name)
        if reading is not None:
            # Floats throughout, so that a report that was saved has the hash of the one typed in.
            deviation = None if reading.deviation is None else float(reading.deviation)
            entry[name] = {"mean": float(reading.mean)} | _said(
                {"deviation": deviation, "specimens": reading.specimens}
            )
    entry |= {"conditioning": result.conditioning, "note": result.note, "set_aside": result.set_aside}
    return _said(entry)


def report_from_json(document: Any, file: str = "") -> LabReport:
    """A report out of plain JSON values.

    Raises:
        AdvisorError: every unknown key and impossible value; nothing is guessed.
    """
    reader = Reader(file, "lab report")
    entry = reader.mapping(document, "", ("material", "laboratory", "number", "date", "lot", "results"))
    found = {key: reader.text(entry.get(key, ""), key) for key in ("material", "laboratory", "number", "date", "lot")}
    for key in ("material", "laboratory", "number", "date"):
        if not found[key].strip() and isinstance(entry.get(key, ""), str):
            reader.wrong("missing-key", key, "is missing", "every report has one")
    if found["date"].strip():
        _day(reader, found["date"], "date")
    results = tuple(
        _read_result(reader, item, f"results[{number}]")
        for number, item in enumerate(reader.items(entry.get("results", []), "results"))
    )
    if reader.problems:
        raise AdvisorError(reader.problems)
    return LabReport(**found, results=results)


def _read_result(reader: Reader, value: Any, key: str) -> Result:
    known = ("property", "method", "unit", "warp", "weft", "single", "conditioning", "note", "set_aside")
    entry = reader.mapping(value, key, known)
    numeric = (name for name, item in properties().items() if item.numeric)
    name = reader.word(entry.get("property"), f"{key}.property", numeric, "property") or ""
    texts = {
        word: reader.text(entry.get(word, ""), f"{key}.{word}") for word in ("method", "unit", "conditioning", "note")
    }
    readings = {
        word: _read_reading(reader, entry[word], f"{key}.{word}")
        for word in ("warp", "weft", "single")
        if word in entry
    }
    if not readings or ("single" in readings and len(readings) > 1):
        reader.wrong("impossible-value", key, "holds no figure, or one for each direction and one for both",
                     "give warp and weft, or single", entry)  # fmt: skip
    aside = entry.get("set_aside", False)
    if not isinstance(aside, bool):
        reader.wrong("wrong-type", f"{key}.set_aside", "must be true or false", "write true or leave it out", aside)
        aside = False
    return Result(
        name,
        texts["method"],
        texts["unit"],
        readings.get("warp"),
        readings.get("weft"),
        readings.get("single"),
        texts["conditioning"],
        texts["note"],
        aside,
    )


def _read_reading(reader: Reader, value: Any, key: str) -> Reading | None:
    entry = reader.mapping(value, key, ("mean", "deviation", "specimens"))
    mean = reader.number(entry.get("mean"), f"{key}.mean")
    deviation = reader.number(entry["deviation"], f"{key}.deviation", 0.0) if "deviation" in entry else None
    specimens = reader.number(entry["specimens"], f"{key}.specimens", 1, 10_000) if "specimens" in entry else None
    if specimens is not None and specimens != int(specimens):
        reader.wrong("impossible-value", f"{key}.specimens", f"{specimens:g} is no count", "give a whole number")
    return None if mean is None else Reading(mean, deviation, None if specimens is None else int(specimens))


def _day(reader: Reader, text: str, key: str) -> None:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        reader.wrong("not-a-date", key, f'"{text[:40]}" is no date', "write it as 2026-11-30", text)


def sample_from_json(document: Any, file: str = "") -> Sample:
    """A sample out of plain JSON values.

    Raises:
        AdvisorError: every unknown key and impossible value, a photo that is no JPEG or PNG or too large among them.
    """
    reader = Reader(file, "sample")
    entry = reader.mapping(document, "", ("material", "state", "drawer", "hand", "photo", "dates"))
    texts = {key: reader.text(entry.get(key, ""), key) for key in ("material", "drawer", "hand")}
    if not texts["material"].strip():
        reader.wrong("missing-key", "material", "is missing", "a sample is of a material")
    state = reader.word(entry.get("state", STATES[0]), "state", STATES, "state") or STATES[0]
    photo = b""
    try:
        photo = base64.b64decode(reader.text(entry.get("photo", ""), "photo"), validate=True)
    except (binascii.Error, ValueError):
        reader.wrong("impossible-value", "photo", "is no base64", "put the picture in anew")
    problem = photo_problem(photo) if photo else None
    if problem is not None:
        reader.problems.append(replace(problem, file=file))
    dates = []
    for number, item in enumerate(reader.items(entry.get("dates", []), "dates")):
        step = reader.mapping(item, f"dates[{number}]", ("state", "date"))
        when = reader.text(step.get("date", ""), f"dates[{number}].date")
        _day(reader, when, f"dates[{number}].date")
        dates.append((reader.word(step.get("state"), f"dates[{number}].state", STATES, "state") or "", when))
    if reader.problems:
        raise AdvisorError(reader.problems)
    return Sample(state=state, photo=photo, dates=tuple(dates), **texts)


def photo_problem(photo: bytes) -> Problem | None:
    """What keeps bytes from being a sample's photo: neither JPEG nor PNG, or too many of them."""
    if not any(photo.startswith(signature) for signature in _SIGNATURES):
        return Problem("not-a-picture", "is neither JPEG nor PNG", "save it as one of the two", column="photo")
    if len(photo) > MOST_PHOTO:
        most = f"at most {MOST_PHOTO // 1000} kB"
        return Problem("picture-too-large", f"has {len(photo) // 1000} kB", f"{most}: make it smaller", column="photo")
    return None


def photo_type(photo: bytes) -> str:
    """The media type of a photo, "" for none."""
    return next((kind for signature, kind in _SIGNATURES.items() if photo.startswith(signature)), "")


# What a report makes of the figures -----------------------------------------------------------------------------------

#: The rules by which a report becomes a cell of the table, as they stand beside its figures.
RULES: dict[str, str] = {
    "L1": "warp and weft stand side by side: typical is their middle, low and high span both, as in the table",
    "L2": "from three specimens on: mean ± t · s · √(1 + 1/n), the 90 % prediction interval for one more specimen",
    "L3": "no scatter given: the spread of the property, which covers laboratories and lots",
    "L4": "grab read as strip, ÷ 1.5 to × 1.7",
    "L5": "Elmendorf read as single rip: a tongue test of the same cloth gives up to 2.8 times as much (R5)",
    "L6": "laboratories differ by the spread of the property, whatever one of them prints",
}

#: Figures whose range is never narrower than the property's spread (L6): Taber wheels, loads and end points differ.
_BETWEEN_LABORATORIES = ("abrasion_cycles",)

#: 0.95 quantiles of Student's t for 1 to 30 degrees of freedom.
_STUDENT = (
    6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
    1.746, 1.740, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
)  # fmt: skip
#: Of fewer specimens a scatter says nothing: with two, one more may lie 7.7 deviations off.
_FEWEST = 3


def student(degrees: int) -> float:
    """The 0.95 quantile of Student's t; beyond 30 degrees of freedom by the first term of its expansion."""
    if degrees <= len(_STUDENT):
        return _STUDENT[degrees - 1]
    z = 1.6449
    return z + (z**3 + z) / (4 * degrees)


def provenance(report: LabReport) -> Sentence:
    """Where a report's figures are from: "lab report 4711, SGS Lagos, 2026-03-02, lot L7"."""
    values = {"number": report.number, "laboratory": report.laboratory, "date": report.date, "lot": report.lot}
    return Sentence("lab-report-lot" if report.lot else "lab-report", values)


def in_unit(result: Result, value: float, deviation: bool = False) -> float:
    """A reading in the unit of its property; a ``deviation`` takes the factor and no offset.

    Raises:
        ValueError: the unit does not measure the property.
    """
    item = properties()[result.property]
    per_inch = _PER_WIDTH.get("".join(result.unit.casefold().split()))
    if result.property == "tensile_strength_n" and per_inch is not None:
        return value * per_inch
    if item.unit in ("grade", "rating") and result.unit.strip().casefold() in ("", "grade", "rating"):
        return value
    factor, offset = scaling(result.unit, item.unit)
    return value * factor + (0.0 if deviation else offset)


#: Force per width of a strip, as newtons on 50 mm.
_PER_WIDTH = {
    "lbf/in": 4.44822 * 50 / 25.4,
    "lb/in": 4.44822 * 50 / 25.4,
    "lbf/inch": 4.44822 * 50 / 25.4,
    "n/in": 50 / 25.4,
    "n/25mm": 2.0,
    "n/cm": 5.0,
    "kn/m": 50.0,
    "kgf/5cm": 9.80665,
    "kgf/50mm": 9.80665,
}


def evidence(report: LabReport) -> list[Evidence]:
    """The evidence a report gives: one record of grade A a direction of every result that is not set aside.

    Results that :func:`problems` finds an error in give none.
    """
    wrong = {problem.row for problem in problems(report) if problem.severity == "error"}
    found: list[Evidence] = []
    for number, result in enumerate(report.results, start=1):
        if not result.set_aside and number not in wrong:
            found += _records(report, result)
    return found


def cell_of(report: LabReport, result: Result) -> Cell:
    """What one result says alone: rule L1 over its directions.

    Raises:
        ValueError: its unit does not measure the property.
    """
    return resolve(_records(report, result))


def _records(report: LabReport, result: Result) -> list[Evidence]:
    item, method = properties()[result.property], method_named(result.property, result.method)
    found = []
    for direction, reading in result.readings:
        low, typical, high, rules = _range(result, reading, method)
        said = [
            direction,
            f"lot {report.lot}" if report.lot else "",
            f"printed {reading.mean:g} {result.unit}".strip() if result.unit != item.unit else "",
            f"{reading.specimens} specimens" if reading.specimens else "",
            f"standard deviation {reading.deviation:g} {result.unit}".strip() if reading.deviation is not None else "",
            result.conditioning,
            *(f"{rule}: {RULES[rule]}" for rule in rules),
            result.note,
        ]
        if len(result.readings) > 1:
            said.append(f"L1: {RULES['L1']}")
        found.append(
            Evidence(
                report.material,
                result.property,
                low,
                typical,
                high,
                item.unit,
                result.method,
                "A",
                str(provenance(report)),
                "; ".join(filter(None, said)),
                printed(typical),
            )
        )
    return found


def _range(result: Result, reading: Reading, method: Method | None) -> tuple[float, float, float, tuple[str, ...]]:
    """Low, typical and high of one reading in the property's unit, and the rules that made them."""
    item = properties()[result.property]
    typical = in_unit(result, reading.mean)
    low, high = item.range_of(typical)
    rules = ["L3"]
    if reading.deviation is not None and reading.specimens is not None and reading.specimens >= _FEWEST:
        scatter = in_unit(result, reading.deviation, deviation=True)
        half = student(reading.specimens - 1) * abs(scatter) * math.sqrt(1 + 1 / reading.specimens)
        rules = ["L2"]
        if result.property in _BETWEEN_LABORATORIES:
            low, high = min(low, typical - half), max(high, typical + half)
            rules = ["L2", "L6"]
        else:
            low, high = typical - half, typical + half
    if method is not None and method.reading == "linked":
        low, high = min(low, typical / method.down), max(high, typical * method.up)
        rules.append(method.rule)
    bottom, top = item.scale
    if bottom is None and item.unit != "°C":
        bottom = 0.0
    low = low if bottom is None else max(low, min(bottom, typical))
    high = high if top is None else min(high, max(top, typical))
    return low, typical, high, tuple(rules)


def lay_over(table: Table, reports: Sequence[LabReport]) -> tuple[Table, tuple[Override, ...]]:
    """The table with the figures of test reports over its own, grade A, and the list of what stands over what.

    Several reports on one figure are merged as all evidence of one grade is. Reports on materials the table does not
    hold are passed over. ``table`` stays as it is.
    """
    cells = group(record for report in reports if report.material in table.index for record in evidence(report))
    if not cells:
        return table, ()
    arrays: dict[str, Any] = {name: np.array(getattr(table, name)) for name in ("low", "typical", "high", "grades")}
    told = []
    laid: dict[tuple[str, str], Sequence[Evidence]] = {}
    text = dict(table.text)
    for (material, key), records in cells.items():
        cell = resolve(records)
        row, place = table.index[material], table.column(key)
        known = float(table.typical[row, place])
        assert cell.typical is not None
        because = "; ".join(dict.fromkeys(record.source_id for record in records))
        before = None if math.isnan(known) else known
        told.append(Override(material, key, before, table.grade(row, key), cell.typical, because, report=True))
        for name in ("low", "typical", "high"):
            arrays[name][row, place] = getattr(cell, name)
        arrays["grades"][row, place] = GRADE_CODES.index(cell.grade)
        laid[material, key] = cell.records
        if key == "abrasion_cycles":
            words = list(text["abrasion_method"])
            words[row] = "ASTM D3884"
            text["abrasion_method"] = tuple(words)
            laid[material, "abrasion_method"] = [
                replace(records[0], property="abrasion_method", low=None, typical=None, high=None, text="ASTM D3884")
            ]
    for array in arrays.values():
        array.setflags(write=False)
    content = json.dumps([report.to_json() for report in reports], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(f"{table.sha256}\n{content}".encode()).hexdigest()
    behind = ChainMap(laid, table.records)  # type: ignore[arg-type]
    over = laid_over(table, told)
    return replace(table, **arrays, text=text, records=behind, sha256=digest, over=over), tuple(told)


# What is wrong or doubtful --------------------------------------------------------------------------------------------


def problems(report: LabReport, table: Table | None = None, others: Sequence[LabReport] = ()) -> list[Problem]:
    """Everything wrong or doubtful in a report; ``row`` is the number of the result, ``column`` the field.

    Errors keep a result from being used: an unknown method where scales mix, a method no rule links, a unit of another
    kind, a figure off the scale, a condition that is not stated. With a ``table`` figures are held to the family's
    limits (rule P1), to slipped units (P2) and to what stands there; with ``others`` to reports entered before.
    """
    found: list[Problem] = []
    name = f"lab report {report.number}".strip()
    if table is not None and report.material not in table.index:
        message = f'"{report.material}" is not in {table.name}'
        found.append(Problem("no-base", message, "choose a material of the table", name, column="material"))
    try:
        datetime.date.fromisoformat(report.date)
    except ValueError:
        message = f'"{report.date[:40]}" is no date'
        found.append(Problem("not-a-date", message, "write it as 2026-11-30", name, None, "date", report.date))
    for other in others:
        if other.key == report.key and other != report:
            message = f"{report.laboratory} {report.number} was entered before"
            found.append(Problem("duplicate-id", message, "it takes its place", name, None, "number", report.number,
                                 "warning"))  # fmt: skip
    seen: set[str] = set()
    for number, result in enumerate(report.results, start=1):
        wrong = _result_problems(name, number, result)
        if result.property in seen:
            label = properties()[result.property].label
            wrong.append(
                Problem("duplicate-id", f"{label} stands twice", "keep one line a property", name, number, "property")
            )
        seen.add(result.property)
        found += wrong
        if table is not None and not any(problem.severity == "error" for problem in wrong):
            found += _doubts(name, number, report, result, table, others)
    return found


def _result_problems(name: str, number: int, result: Result) -> list[Problem]:
    """What keeps a result from being used, and what it should say besides."""
    item, method = properties()[result.property], method_named(result.property, result.method)

    def wrong(code: str, column: str, message: str, hint: str, value: str = "", warn: bool = False) -> Problem:
        return Problem(code, message, hint, name, number, column, value, "warning" if warn else "error")

    found: list[Problem] = []
    own = [known.standard for known in methods_of(result.property) if known.reading != "foreign"]
    ask = f"ask for {' or '.join(own[:3])}" if own else "leave it out"
    if method is not None and method.reading == "foreign":
        message = f"{item.label}: {method.standard} is another scale. {method.note}"
        found.append(wrong("foreign-method", "method", message, ask, result.method))
    elif method is None and scales_mix(result.property):
        said = f'"{result.method}" is no method known here' if result.method.strip() else "the test is not named"
        message = f"{item.label}: {said}, and figures of different tests do not compare"
        found.append(wrong("unnamed-method", "method", message, f"name it, or {ask}", result.method))
    elif method is None:
        said = f'"{result.method}" is not on the list' if result.method.strip() else "the test is not named"
        hint = f"usual: {', '.join(own[:3])}" if own else "check that it measures this"
        found.append(wrong("unnamed-method", "method", f"{item.label}: {said}", hint, result.method, warn=True))
    if method is not None and method.must_state and not result.conditioning.strip():
        message = f"{item.label}: {method.standard} says nothing without {method.must_state}"
        found.append(wrong("missing-condition", "conditioning", message, "write it beside the figure"))
    unit = "".join(result.unit.casefold().split())
    if method is not None and method.standard == "ASTM D5035" and unit in ("lbf", "lb", "lbs", "kgf", "kg"):
        message = f"{item.label}: {result.unit} of a strip says nothing without its width"
        found.append(wrong("missing-condition", "unit", message, "write lbf/in, or N/50 mm", result.unit))
    if not result.readings:
        found.append(wrong("missing-key", "mean", f"{item.label}: no figure", "give warp and weft, or one figure"))
    for direction, reading in result.readings:
        field = direction or "single"
        try:
            value = in_unit(result, reading.mean)
        except ValueError:
            message = f"{item.label}: {result.unit or 'no unit'} does not measure it"
            found.append(wrong("unknown-unit", "unit", message, f"give it in {item.unit}", result.unit))
            break
        bottom, top = item.scale
        if bottom is None and item.unit != "°C":
            bottom = 0.0
        if (bottom is not None and value < bottom) or (top is not None and value > top):
            ends = f"{bottom:g} to {top:g}" if top is not None else f"{bottom:g} or more"
            message = f"{item.label}: {reading.mean:g} {result.unit} lies off the scale {ends}"
            found.append(wrong("off-scale", field, message, "check the figure and its unit", f"{reading.mean:g}"))
        if reading.deviation is not None and abs(reading.deviation) > abs(reading.mean) > 0:
            message = f"{item.label}: the standard deviation {reading.deviation:g} exceeds the mean {reading.mean:g}"
            found.append(wrong("implausible", field, message, "check both", f"{reading.deviation:g}", warn=True))
    return found


def _doubts(
    name: str, number: int, report: LabReport, result: Result, table: Table, others: Sequence[LabReport]
) -> list[Problem]:
    """What is doubtful in the figures of a result that can be used."""
    row = table.index.get(report.material)
    if row is None:
        return []
    item, key = properties()[result.property], result.property
    family = first_family(table.text["family"][row])
    found: list[Problem] = []
    for direction, reading in result.readings:
        value, column = in_unit(result, reading.mean), direction or "single"
        low, high = limits_of(key, family)
        if not low <= value <= high and not (value == 0 and item.plausible and item.plausible[0] == 0):
            guess = guessed_unit(key, reading.mean, result.unit, family)
            if guess is not None:
                unit, meant = guess
                message = f"{item.label}: {reading.mean:g} looks like {unit} ({meant:,.{item.decimals}f} {item.unit})"
                found.append(Problem("slipped-unit", message, f"give the figure in {result.unit or item.unit}", name,
                                     number, column, f"{reading.mean:g}", "warning"))  # fmt: skip
                continue
            of = f" of {family} cloths" if family else ""
            message = f"{item.label}: {value:,.{item.decimals}f} {item.unit} lies outside {low:.4g} to {high:.4g}{of}"
            found.append(Problem("implausible", message, "check the figure, its unit and the cloth", name, number,
                                 column, f"{reading.mean:g}", "warning"))  # fmt: skip
    if not found:
        place = table.column(key)
        least, most = float(table.low[row, place]), float(table.high[row, place])
        cell = cell_of(report, result)
        assert cell.low is not None and cell.high is not None
        meant_unit = _meant(result, least, most) if cell.high < least or cell.low > most else ""
        if meant_unit:
            figures = ", ".join(f"{reading.mean:g}" for _, reading in result.readings)
            inside = f"{least:,.{item.decimals}f} to {most:,.{item.decimals}f} {item.unit}"
            message = f"{item.label}: {figures} looks like {meant_unit}, which would lie in {inside} that stands there"
            found.append(Problem("slipped-unit", message, f"choose {meant_unit}, or check the figure", name, number,
                                 "unit", result.unit, "warning"))  # fmt: skip
        elif cell.high < least or cell.low > most:
            message = (
                f"{item.label}: {cell.low:,.{item.decimals}f} to {cell.high:,.{item.decimals}f} {item.unit} lies wholly"
                f" outside {least:,.{item.decimals}f} to {most:,.{item.decimals}f} that stands there"
            )
            found.append(Problem("outside-range", message, "check that this lot is this cloth", name, number,
                                 "single" if result.single else "warp", "", "warning"))  # fmt: skip
    for other in others:
        same = next((one for one in other.results if one.property == key and one.readings == result.readings), None)
        if other.material != report.material and same is not None and len(result.readings) > 1:
            message = f"{item.label}: the very pair of {other.laboratory} {other.number}, for another cloth"
            found.append(Problem("identical-figures", message, "ask for the test report of each cloth", name, number,
                                 "warp", "", "warning"))  # fmt: skip
    return found


def _meant(result: Result, low: float, high: float) -> str:
    """Rule P2 on the cloth itself: the one trade unit that puts every reading into the range that stands there."""
    item = properties()[result.property]
    fitting = []
    for unit in TRADE_UNITS.get(result.property, ()):
        factor, offset = scaling(unit, item.unit)
        if unit != result.unit and all(low <= reading.mean * factor + offset <= high for _, reading in result.readings):
            fitting.append(unit)
    return fitting[0] if len(fitting) == 1 else ""


# What it comes to -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """A tested figure against what the brief asks.

    Attributes:
        property: its key; ``low``, ``typical``, ``high``: the figure with its range, in the property's unit.
        level, sense: what is asked of it, None and "" for nothing.
        state: ``always`` (the whole range meets), ``meets`` (the figure does, its range not), ``could`` (its range
            does, the figure not), ``misses``, or ``unasked``.
        by: how much the figure misses by in the property's unit, 0 where it does not.
        weaker: direction whose figure alone misses where the middle of both meets, with that figure, or None.
    """

    property: str
    low: float
    typical: float
    high: float
    level: float | None
    sense: str
    state: str
    by: float = 0.0
    weaker: tuple[str, float] | None = None


def verdicts(report: LabReport, demands: Sequence[Demand]) -> tuple[Verdict, ...]:
    """Every usable result of a report against the demands of a brief."""
    wrong = {problem.row for problem in problems(report) if problem.severity == "error"}
    asked = {demand.property: demand for demand in demands if demand.asked}
    return tuple(
        _verdict(report, result, asked.get(result.property))
        for number, result in enumerate(report.results, start=1)
        if number not in wrong
    )


def _verdict(report: LabReport, result: Result, demand: Demand | None) -> Verdict:
    cell = cell_of(report, result)
    assert cell.low is not None and cell.typical is not None and cell.high is not None
    figures = (result.property, cell.low, cell.typical, cell.high)
    if demand is None or demand.level is None:
        return Verdict(*figures, None, "", "unasked")
    least = demand.sense == "at_least"
    worst, best = (cell.low, cell.high) if least else (cell.high, cell.low)
    if reaches(cell.typical, demand):
        state = "always" if reaches(worst, demand) else "meets"
        alone = [(name, in_unit(result, reading.mean)) for name, reading in result.readings if name]
        failing = [one for one in alone if not reaches(one[1], demand)]
        return Verdict(*figures, demand.level, demand.sense, state, weaker=failing[0] if failing else None)
    state = "could" if reaches(best, demand) else "misses"
    return Verdict(*figures, demand.level, demand.sense, state, abs(demand.level - cell.typical))


def verdict_sentence(verdict: Verdict) -> Sentence:
    """A verdict in words: "Tear 38 of 44 N: misses by 6 N; could meet it, its range is 31 to 46"."""
    item = properties()[verdict.property]
    digits = item.decimals
    unit: object = "" if item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit})
    values: dict[str, object] = {
        "what": item.short,
        "have": Num(verdict.typical, digits),
        "low": Num(verdict.low, digits),
        "high": Num(verdict.high, digits),
        "unit": unit,
    }
    if verdict.level is None:
        return Sentence("verdict-unasked", values)
    values |= {"level": Num(verdict.level, digits), "by": _off(verdict.level, verdict.typical, digits)}
    if verdict.weaker is not None:
        direction, figure = verdict.weaker
        alone = {"figure": Num(figure, digits), "by": _off(verdict.level, figure, digits), "unit": unit}
        values["alone"] = Sentence(f"verdict-{direction}", alone)
        return Sentence("verdict-meets-alone", values)
    return Sentence(f"verdict-{verdict.state}", values)


def _off(level: float, figure: float, digits: int) -> Num:
    """What lies between two figures as printed; with more digits where it would be printed as nothing."""
    off = abs(round(level, digits) - round(figure, digits))
    return Num(off, digits) if off > 0 else Num(abs(level - figure), digits + 2)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of figures did to one material and to the first place; places are 0 for screened out.

    Attributes:
        name: the material; ``place``, ``score``, ``missed``: before and after.
        share: win share before and after (0 to 1), None where it was not worked out.
        asked: demands asked.
        leader: name of the first place before and after, "" for none.
    """

    name: str
    place: tuple[int, int]
    score: tuple[float, float]
    missed: tuple[int, int]
    asked: int
    leader: tuple[str, str]
    share: tuple[float, float] | None = None

    @property
    def turned(self) -> bool:
        """Whether another material leads than before."""
        return self.leader[0] != self.leader[1]


def effect(
    before: Answer, after: Answer, material: str, certain: tuple[Certainty, Certainty] | None = None
) -> Effect | None:
    """What changed for a material between two answers to one brief; None where one of them does not hold it.

    ``certain`` are the win shares of both answers, where they have been worked out.
    """
    rows = before.table.index.get(material), after.table.index.get(material)
    if rows[0] is None or rows[1] is None:
        return None
    both = ((before, rows[0]), (after, rows[1]))
    place, score, missed, leader = [], [], [], []
    for answer, row in both:
        place.append(int(answer.ranking.ranks[row]))
        score.append(float(answer.ranking.scores[row]))
        missed.append(answer.asked_count - int(answer.met[row]))
        first = answer.ranking.passing_rows()
        leader.append(answer.table.names[int(first[0])] if len(first) else "")
    share = None
    if certain is not None:
        share = float(certain[0].win_share[rows[0]]), float(certain[1].win_share[rows[1]])
    return Effect(
        after.table.names[rows[1]],
        (place[0], place[1]),
        (score[0], score[1]),
        (missed[0], missed[1]),
        after.asked_count,
        (leader[0], leader[1]),
        share,
    )


def effect_sentences(found: Effect) -> tuple[Sentence, ...]:
    """What changed, in two sentences: the material's place, score, trials and misses; and the first place."""
    was, now = found.place
    code = "still-out" if not was and not now else "out" if not now else "in" if not was else ""
    code = code or ("stays" if was == now else "place")
    parts = [Sentence(f"effect-{code}", {"before": Num(was), "after": Num(now)})]
    if was and now:
        parts.append(_moved("score", found.score, 3))
    if found.share is not None and (was or now):
        parts.append(_moved("share", (100 * found.share[0], 100 * found.share[1]), 0))
    missed = _moved("missed", (float(found.missed[0]), float(found.missed[1])), 0)
    parts.append(Sentence(missed.code, {**missed.values, "asked": Num(found.asked)}))
    told = [Sentence("effect", {"name": found.name, "parts": tuple(parts)})]
    old, new = found.leader
    if new and old and old != new:
        told.append(Sentence("leader-turned", {"name": new, "other": old}))
    elif new and old:
        told.append(Sentence("leader-stays", {"name": new}))
    elif new or old:
        told.append(Sentence("leader-found" if new else "leader-lost", {"name": new or old}))
    return tuple(told)


def _moved(what: str, pair: tuple[float, float], digits: int) -> Sentence:
    """A figure before and after, or as before where both print alike."""
    before, after = (Num(value, digits) for value in pair)
    same = format_number(before) == format_number(after)
    return Sentence(f"effect-{what}-same" if same else f"effect-{what}", {"before": before, "after": after})


# The next test --------------------------------------------------------------------------------------------------------

#: Properties a cloth has two figures of, warp and weft.
DIRECTIONAL = ("tensile_strength_n", "tear_strength_n")


def order_sentences(answer: Answer, probe: Probe) -> tuple[Sentence, ...]:
    """A test to order, line by line: cloth, property with method, what to report, what is asked, and why it pays.

    Figures no laboratory measures (a price, a minimum order) are asked of the mill.
    """
    item, method = properties()[probe.property], method_to_order(probe.property)
    name, material = answer.table.names[probe.row], answer.table.ids[probe.row]
    lines = [Sentence("order-for", {"name": name, "id": material})]
    if method is None:
        lines.append(Sentence("order-ask", {"what": item.label}))
    else:
        lines.append(Sentence("order-test", {"what": item.label, "method": method.standard, "title": method.title}))
        both = probe.property in DIRECTIONAL
        lines.append(Sentence("order-report-both" if both else "order-report"))
        if method.must_state:
            lines.append(Sentence("order-state", {"what": method.must_state}))
    demand = next((one for one in answer.asked if one.property == probe.property), None)
    if demand is not None and demand.level is not None:
        unit: object = "" if item.unit in ("grade", "rating") else Sentence("unit", {"unit": item.unit})
        level = {"level": Num(demand.level, item.decimals), "unit": unit}
        lines.append(Sentence("order-least" if demand.sense == "at_least" else "order-most", level))
    lines.append(Sentence("order-because", {"why": probe_sentence(answer, probe)}))
    return tuple(lines)
