"""Laboratory: test reports and samples of a cloth; what a report makes of its figures, and what it changed."""

from __future__ import annotations

import base64
import binascii
import builtins
import datetime
from dataclasses import dataclass, replace
from typing import Any

from advisor.brief import Reader
from advisor.problems import AdvisorError, Problem
from advisor.properties import properties

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
    return {key: value for key, value in entry.items() if value not in ("", None, [], False)}


def _result_json(result: Result) -> dict[str, Any]:
    entry: dict[str, Any] = {"property": result.property, "method": result.method, "unit": result.unit}
    for name in ("warp", "weft", "single"):
        reading: Reading | None = getattr(result, name)
        if reading is not None:
            entry[name] = {"mean": reading.mean} | _said(
                {"deviation": reading.deviation, "specimens": reading.specimens}
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
