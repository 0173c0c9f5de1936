"""Data package: what the tables under ``data/`` hold, after the Frictionless Data Package specification (version 1).

``datapackage.json`` names every CSV file with its fields, types, units, keys and foreign keys. Types are read off the
files; meanings of the material columns come from ``properties.csv``. It is built by ``python -m advisor.build_table``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from advisor.files import shipped
from advisor.problems import AdvisorError, Problem

#: Version of the tables, year and month; a new one for every change of a figure that is published.
VERSION = "2026.11"
FILE = "datapackage.json"

#: Tables that belong to a version: their bytes are hashed, so that a table can be told to be of it.
_HASHED = ("materials.csv", "evidence.csv", "sources.csv", "properties.csv")


@dataclass(frozen=True)
class _About:
    """What a table is: title, description, keys, and what fields mean beyond their name.

    ``foreign`` maps a field to (path of the other table, its field); ``fields`` a field to its description.
    """

    title: str
    description: str
    primary: tuple[str, ...] = ()
    foreign: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


_RECORD = {
    "material": "The cloth",
    "property": "The column",
    "low": "Low end of the range",
    "typical": "The figure, or the words of a text column",
    "high": "High end of the range",
    "unit": "Unit of the figures",
    "test_method": "Standard, or the words of the source",
    "grade": "A standard or measurement, B supplier or guide, C derived by a rule, D judgement",
    "source_id": "Where it is from",
    "note": "Record, direction, conversion, condition",
}
_SOURCE = {
    "source_id": "Stable name of the source",
    "kind": "maker, supplier, standard, procurement, customs-ruling, paper, guide, blog, trade, rule, judgement …",
    "title": "Name; of a rule, its formula in words with its scatter",
    "url": "Address",
    "year": "Year as printed",
    "grade": "Grade its figures carry unless a record says otherwise",
    "note": "What to know about it",
}
_CITES = {
    "material": ("materials.csv", "id"),
    "property": ("properties.csv", "key"),
    "source_id": ("sources.csv", "source_id"),
}

_ABOUT: Mapping[str, _About] = {
    "materials.csv": _About(
        "Materials", "One cloth a row, one property a column: typical values. Built; never written by hand.", ("id",)
    ),
    "evidence.csv": _About(
        "Evidence", "Every figure behind the materials, sourced and graded. Built.", (), _CITES, _RECORD
    ),
    "sources.csv": _About("Sources", "Where figures come from, rules among them. Built.", ("source_id",), {}, _SOURCE),
    "properties.csv": _About(
        "Properties",
        "The columns of the material table: unit, direction, scale, plausible range, spread, curve, test methods.",
        ("key",),
    ),
    "test_methods.csv": _About(
        "Test methods",
        "Which test measures which property: on its scale, linked to it by a rule that widens, or not.",
        (),
        {"property": ("properties.csv", "key")},
        {
            "standard": "Number as a laboratory is told it",
            "reading": "direct, linked or foreign",
            "down": "What the low of a linked figure is divided by",
            "up": "What the high of a linked figure is multiplied by",
            "rule": "Rule that links it",
            "pattern": "Regular expression over the words of a report",
            "must_state": "What a report has to say beside the figure",
        },
    ),
    "claims.csv": _About("Claims", "What two sourcing guides claim, and what becomes of it here.", ("claim_id",)),
    "places.csv": _About("Places", "Climate of places: temperature, humidity, rain, sun, dust and salt.", ("place",)),
    "places_monthly.csv": _About(
        "Months of the places",
        "Monthly temperature and rain.",
        ("place", "month"),
        {"place": ("places.csv", "place")},
    ),
    "place_sources.csv": _About("Sources of the places", "Where climate figures come from.", ("source_id",)),
    "contested.csv": _About("Contested", "Where guides and other evidence disagree, both sides in words."),
    "synonyms.csv": _About("Synonyms", "Words by which a column of somebody else's table is known."),
    "aliases.csv": _About("Aliases", "Words by which fibres, weaves, coats and trade names are known."),
    "curated/constructions.csv": _About(
        "Constructions", "What each cloth is.", ("id",), {"source_id": ("sources.csv", "source_id")}
    ),
    "curated/records.csv": _About(
        "Records", "Figures as their sources print them: the input of the evidence.", (), _CITES, _RECORD
    ),
    "curated/sources.csv": _About("Curated sources", "Sources of the records.", ("source_id",), {}, _SOURCE),
    "curated/rule_sources.csv": _About("Rules", "The rules: formula, scatter, address.", ("source_id",), {}, _SOURCE),
}

#: Units told by the end of a field's name, longest first.
_UNITS = {
    "_mj_m2_year": "MJ/m²",
    "_mm_year": "mm",
    "_g_m2": "g/m²",
    "_mm": "mm",
    "_pct": "%",
    "_c": "°C",
    "_m": "m",
    "_k": "K",
    "_denier": "den",
}


@dataclass(frozen=True)
class _Table:
    """One CSV file: its path in the package, header and cells by column."""

    path: str
    content: bytes
    header: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]


def _read(path: str, content: bytes) -> _Table:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    header = tuple(rows[0]) if rows else ()
    return _Table(path, content, header, {key: tuple(row[i] for row in rows[1:]) for i, key in enumerate(header)})


def describe(folder: Path, built: Mapping[str, bytes]) -> bytes:
    """The content of ``datapackage.json`` for the tables in ``folder``; ``built`` ones take the place of theirs."""
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.csv")}
    contents.update(built)
    tables = [_read(path, contents[path]) for path in sorted(contents, key=_order)]
    meanings = _meanings(next((table for table in tables if table.path == "properties.csv"), None))
    names = {table.path for table in tables}
    package = {
        "profile": "tabular-data-package",
        "name": "material-advisor",
        "title": "Material Advisor: bag fabrics",
        "description": "Constructions of bag fabrics with the evidence of every figure, and the climate of places.",
        "version": VERSION,
        "licenses": [{"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}],
        "resources": [_resource(table, meanings, names) for table in tables],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _order(path: str) -> tuple[bool, int, str]:
    known = list(_ABOUT)
    return "/" in path, known.index(path) if path in known else len(known), path


def _resource(table: _Table, meanings: Mapping[str, Mapping[str, Any]], names: set[str]) -> dict[str, Any]:
    about = _ABOUT.get(table.path, _About(Path(table.path).stem.replace("_", " ").capitalize(), ""))
    found: dict[str, Any] = {"profile": "tabular-data-resource", "name": _name(table.path), "path": table.path}
    found["title"] = about.title
    if about.description:
        found["description"] = about.description
    found |= {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    found["dialect"] = {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True, "header": True}
    if table.path in _HASHED:
        found["bytes"] = len(table.content)
        found["hash"] = f"sha256:{hashlib.sha256(table.content).hexdigest()}"
    own = meanings if table.path == "materials.csv" else {}
    schema: dict[str, Any] = {
        "fields": [_field(table, key, about, own.get(key, {})) for key in table.header],
        "missingValues": [""],
    }
    if about.primary:
        schema["primaryKey"] = list(about.primary)
    foreign = [
        {"fields": key, "reference": {"resource": _name(other) if other != table.path else "", "fields": theirs}}
        for key, (other, theirs) in about.foreign.items()
        if key in table.header and other in names
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    found["schema"] = schema
    return found


def _name(path: str) -> str:
    """A resource name: lower case, ``-`` between words."""
    return re.sub(r"[^a-z0-9]+", "-", path.removesuffix(".csv").casefold()).strip("-")


def _field(table: _Table, key: str, about: _About, meaning: Mapping[str, Any]) -> dict[str, Any]:
    cells = table.columns[key]
    kind = meaning.get("type") or _kind([cell for cell in cells if cell])
    found: dict[str, Any] = {"name": key, "type": kind}
    found |= {word: meaning[word] for word in ("title", "description", "unit") if meaning.get(word)}
    if key in about.fields:
        found["description"] = about.fields[key]
    unit = next((unit for end, unit in _UNITS.items() if key.endswith(end)), "")
    if unit and kind in ("number", "integer") and "unit" not in found:
        found["unit"] = unit
    constraints = dict(meaning.get("constraints", {}))
    if key in about.primary:
        constraints["required"] = True
        if len(about.primary) == 1:
            constraints["unique"] = True
    if key == "grade" and "material" in table.header:
        constraints["enum"] = ["A", "B", "C", "D"]
    if constraints:
        found["constraints"] = constraints
    return found


def _kind(cells: Sequence[str]) -> str:
    """The narrowest type that holds every cell: integer, number or string."""
    if not cells:
        return "string"
    if all(re.fullmatch(r"[+-]?\d+", cell) for cell in cells):
        return "integer"
    if all(re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", cell) for cell in cells):
        return "number"
    return "string"


def _meanings(table: _Table | None) -> dict[str, dict[str, Any]]:
    """Field name of the material table -> title, description, unit, type and constraints, from ``properties.csv``."""
    found: dict[str, dict[str, Any]] = {}
    if table is None:
        return found
    for row in zip(*(table.columns[key] for key in table.header), strict=True):
        item = dict(zip(table.header, row, strict=True))
        numeric = item["kind"] in ("number", "grade")
        ends = {"minimum": item["scale_low"], "maximum": item["scale_high"]}
        found[item["key"]] = {
            "title": item["label"],
            "description": item["description"],
            "unit": item["unit"],
            "type": "number" if numeric else "string",
            "constraints": {end: float(text) for end, text in ends.items() if numeric and text},
        }
    return found


@dataclass(frozen=True)
class Package:
    """A data package on disk.

    Attributes:
        version: as it says, "" where it says none.
        paths: path as written in the package -> file; only files inside its folder.
        hashes: path as written -> SHA-256, where said.
    """

    version: str
    paths: Mapping[str, Path]
    hashes: Mapping[str, str]


def read_package(path: Path) -> Package:
    """The package a ``datapackage.json``, or the folder that holds one, describes.

    Raises:
        AdvisorError: it cannot be read, or is no data package.
    """
    file = path / FILE if path.is_dir() else path
    try:
        words = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise AdvisorError(
            Problem("cannot-read", f"cannot be read: {reason}", "check the name and folder", str(file))
        ) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise AdvisorError(Problem("not-json", "is no JSON", "take the file as it was published", str(file))) from error
    resources = words.get("resources") if isinstance(words, dict) else None
    if not isinstance(resources, list):
        raise AdvisorError(Problem("no-package", "is no data package", "it lists its tables as resources", str(file)))
    paths, hashes = {}, {}
    folder = file.resolve().parent
    for item in resources:
        name = item.get("path") if isinstance(item, dict) else None
        if not isinstance(name, str) or not (folder / name).resolve().is_relative_to(folder):
            continue
        paths[name] = folder / name
        if isinstance(item.get("hash"), str):
            hashes[name] = item["hash"].removeprefix("sha256:")
    version = words.get("version")
    return Package(version if isinstance(version, str) else "", paths, hashes)


@cache
def _shipped() -> Package:
    return read_package(shipped("data", FILE))


def version_of(sha256: str) -> str:
    """Version of the shipped data package if ``sha256`` is the hash of its material table, else ""."""
    package = _shipped()
    return package.version if package.hashes.get("materials.csv") == sha256 else ""
