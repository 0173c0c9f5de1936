"""Data package: valid against the Frictionless specification, true of every table, and a version one can read back."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from advisor import datapackage
from advisor.build_table import build
from advisor.datapackage import describe, read_package, version_of
from advisor.files import shipped
from advisor.materials import bundled, read_table, read_version
from advisor.problems import AdvisorError
from advisor.properties import properties

DATA = shipped("data")
PACKAGE = json.loads((DATA / datapackage.FILE).read_text(encoding="utf-8"))
RESOURCES = {item["path"]: item for item in PACKAGE["resources"]}
TYPES = {"string", "number", "integer"}


def rows_of(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def columns(words: object) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)  # type: ignore[arg-type]


def test_the_description_is_current():
    built = build(DATA / "curated")
    assert (DATA / datapackage.FILE).read_bytes() == describe(DATA, built), "run python -m advisor.build_table"


def test_the_package_has_what_the_specification_asks():
    assert re.fullmatch(r"[a-z0-9._/-]+", PACKAGE["name"])
    assert PACKAGE["profile"] == "tabular-data-package"
    assert re.fullmatch(r"\d{4}\.(0[1-9]|1[0-2])", PACKAGE["version"])
    assert PACKAGE["title"]
    assert PACKAGE["licenses"]
    for licence in PACKAGE["licenses"]:
        assert licence["name"] or licence["path"]


def test_every_table_is_a_resource_and_every_resource_a_table():
    assert set(RESOURCES) == {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv")}
    names = [item["name"] for item in PACKAGE["resources"]]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name) for name in names)


@pytest.mark.parametrize("path", RESOURCES)
def test_a_resource_says_how_it_is_to_be_read(path):
    item = RESOURCES[path]
    assert item["profile"] == "tabular-data-resource"
    assert not path.startswith(("/", "."))
    assert ".." not in path
    assert (item["format"], item["mediatype"], item["encoding"]) == ("csv", "text/csv", "utf-8")
    content = (DATA / path).read_bytes()
    assert b"\r" not in content
    if "hash" in item:
        assert item["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert item["bytes"] == len(content)


@pytest.mark.parametrize("path", RESOURCES)
def test_every_cell_is_of_its_type_and_within_its_constraints(path):
    schema, rows = RESOURCES[path]["schema"], rows_of(path)
    assert schema["missingValues"] == [""]
    fields = schema["fields"]
    names = [item["name"] for item in fields]
    assert len(names) == len(set(names))
    with (DATA / path).open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == names
    for item in fields:
        assert item["type"] in TYPES
        cells = [row[item["name"]] for row in rows]
        told = [cell for cell in cells if cell]
        if item["type"] == "integer":
            assert all(re.fullmatch(r"[+-]?[0-9]+", cell) for cell in told), item["name"]
        elif item["type"] == "number":
            assert all(math.isfinite(float(cell)) for cell in told), item["name"]
        limits = item.get("constraints", {})
        if limits.get("required"):
            assert len(told) == len(cells), item["name"]
        if limits.get("unique"):
            assert len(set(told)) == len(told), item["name"]
        assert all(cell in limits["enum"] for cell in told if "enum" in limits)
        assert all(float(cell) >= limits["minimum"] for cell in told if "minimum" in limits)
        assert all(float(cell) <= limits["maximum"] for cell in told if "maximum" in limits)


@pytest.mark.parametrize("path", RESOURCES)
def test_keys_are_whole_and_foreign_keys_lead_somewhere(path):
    schema, rows = RESOURCES[path]["schema"], rows_of(path)
    names = {item["name"] for item in schema["fields"]}
    primary = columns(schema.get("primaryKey", ()))
    assert set(primary) <= names
    if primary:
        keys = [tuple(row[key] for key in primary) for row in rows]
        assert len(set(keys)) == len(keys)
        assert all(all(key) for key in keys)
    by_name = {item["name"]: item["path"] for item in PACKAGE["resources"]}
    for link in schema.get("foreignKeys", []):
        there = by_name[link["reference"]["resource"]]
        theirs = {tuple(row[key] for key in columns(link["reference"]["fields"])) for row in rows_of(there)}
        own = {tuple(row[key] for key in columns(link["fields"])) for row in rows}
        assert {key for key in own if all(key)} <= theirs, (path, link)


def test_fields_of_the_material_table_carry_unit_scale_and_meaning():
    fields = {item["name"]: item for item in RESOURCES["materials.csv"]["schema"]["fields"]}
    for key, item in properties().items():
        assert fields[key]["title"] == item.label
        assert fields[key].get("unit", "") == item.unit
        assert fields[key]["type"] == ("number" if item.numeric else "string")
        limits = fields[key].get("constraints", {})
        assert (limits.get("minimum"), limits.get("maximum")) == item.scale


def test_evidence_leads_to_materials_columns_and_sources():
    links = {link["fields"]: link["reference"] for link in RESOURCES["evidence.csv"]["schema"]["foreignKeys"]}
    assert links["material"] == {"resource": "materials", "fields": "id"}
    assert links["property"] == {"resource": "properties", "fields": "key"}
    assert links["source_id"] == {"resource": "sources", "fields": "source_id"}


def test_the_bundled_table_knows_its_version_and_a_changed_one_has_none(tmp_path):
    table = bundled()
    assert table.version == PACKAGE["version"] == datapackage.VERSION
    assert version_of(table.sha256) == table.version
    assert version_of("") == ""
    copy = tmp_path / "same.csv"
    copy.write_bytes((DATA / "materials.csv").read_bytes())
    assert read_table(copy).version == table.version
    copy.write_bytes(copy.read_bytes().replace(b"nylon-70d-taffeta-pu", b"own-cloth", 1))
    assert read_table(copy).version == ""


@pytest.fixture
def published(tmp_path) -> Path:
    """The tables as published, in a folder of their own."""
    folder: Path = tmp_path / "old"
    folder.mkdir()
    for name in (datapackage.FILE, "materials.csv", "evidence.csv"):
        shutil.copy(DATA / name, folder / name)
    return folder


def test_a_published_version_is_read_back_with_its_evidence(published):
    for path in (published, published / datapackage.FILE):
        table, now = read_version(path), bundled()
        assert (table.version, table.sha256, table.ids) == (now.version, now.sha256, now.ids)
        for one, other in ((table.low, now.low), (table.high, now.high), (table.grades, now.grades)):
            assert np.array_equal(one, other, equal_nan=True)
        assert table.records.keys() == now.records.keys()
    assert read_version(published / "materials.csv").sha256 == bundled().sha256


def test_an_older_version_may_lack_columns_and_keeps_its_own_figures(published):
    rows = rows_of("materials.csv")
    kept = [key for key in rows[0] if key not in ("pilling_grade", "joining", "moq_m")]
    with (published / "materials.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, kept, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[:10])
    words = json.loads((published / datapackage.FILE).read_text(encoding="utf-8"))
    words["version"] = "2025.03"
    (published / datapackage.FILE).write_text(json.dumps(words), encoding="utf-8")
    table = read_version(published)
    assert (table.version, len(table)) == ("2025.03", 10)
    assert np.isnan(table.typical[:, table.column("moq_m")]).all()
    assert table.grade(0, "areal_mass_g_m2") == bundled().grade(0, "areal_mass_g_m2")


@pytest.mark.parametrize(
    "words",
    ["", "[]", "{}", '{"resources": 3}', '{"resources": [{"path": "../materials.csv"}]}', '{"resources": ["x", {}]}'],
)
def test_what_is_no_package_is_refused_in_one_sentence(tmp_path, words):
    (tmp_path / datapackage.FILE).write_text(words, encoding="utf-8")
    with pytest.raises(AdvisorError) as raised:
        read_version(tmp_path)
    assert len(raised.value.problems) == 1


def test_a_package_that_is_not_there_or_not_whole_is_refused(tmp_path, published):
    with pytest.raises(AdvisorError):
        read_package(tmp_path / "nowhere")
    (published / "materials.csv").write_bytes(b"id,name\n\xff")
    with pytest.raises(AdvisorError):
        read_version(published)
    (published / "materials.csv").unlink()
    with pytest.raises(AdvisorError):
        read_version(published)


def test_paths_that_lead_out_of_the_package_are_not_followed(tmp_path):
    words = {"resources": [{"path": "../x.csv"}, {"path": "/etc/passwd"}, {"path": "a.csv"}]}
    (tmp_path / datapackage.FILE).write_text(json.dumps(words), encoding="utf-8")
    assert set(read_package(tmp_path).paths) == {"a.csv"}
