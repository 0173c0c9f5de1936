"""Archive: tables kept aside as they were (figures, words, evidence), to compare with later or to bring back."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from advisor.evidence import Evidence
from advisor.files import write_whole
from advisor.materials import Table
from advisor.problems import AdvisorError, Problem
from advisor.properties import numeric_keys

#: How an archived table's file name ends.
SUFFIX = ".table.npz"

_ARRAYS = ("low", "typical", "high", "grades")
_RECORD = (
    "property", "low", "typical", "high", "unit", "test_method", "grade", "source_id", "note", "text",
)  # fmt: skip
_marks: WeakKeyDictionary[Table, str] = WeakKeyDictionary()


def mark_of(table: Table) -> str:
    """What tells a table's content from any other's; its own hash is of the file it was read from, however read."""
    found = _marks.get(table)
    if found is None:
        digest = hashlib.sha256(json.dumps([table.sha256, table.names, table.ids]).encode("utf-8"))
        for name in _ARRAYS:
            digest.update(np.ascontiguousarray(getattr(table, name)).data)
        for column in table.text.values():
            digest.update("\n".join(column).encode("utf-8", "replace"))
        found = _marks[table] = digest.hexdigest()
    return found


def keep(path: Path, table: Table) -> None:
    """Write a table, whole or not at all; a file that is there already stays.

    Raises:
        AdvisorError: the folder cannot be made or written to.
    """
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = f"cannot be made: {error.strerror}"
        raise AdvisorError(Problem("cannot-write", said, "the table is not kept", file=str(path.parent))) from error
    words = {
        "name": table.name,
        "sha256": table.sha256,
        "version": table.version,
        "columns": numeric_keys(),
        "text": table.text,
        "names": table.names,
        "predicted": sorted(table.predicted),
        "records": [
            [material, key, [[getattr(record, name) for name in _RECORD] for record in table.records[material, key]]]
            for material, key in table.records
        ],
    }
    stream = io.BytesIO()
    packed = np.frombuffer(json.dumps(words).encode("utf-8"), dtype=np.uint8)
    np.savez(stream, words=packed, **{name: getattr(table, name) for name in _ARRAYS})
    write_whole(path, stream.getvalue())


def kept(path: Path) -> Table | None:
    """The table in a file, figures of columns this program has no more left out; None where it cannot be read."""
    import zipfile  # the window starts without it

    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as found:
            words = json.loads(found["words"].tobytes().decode("utf-8"))
            places = {key: place for place, key in enumerate(words["columns"])}
            arrays = {name: _columns(found[name], places) for name in _ARRAYS}
        ids = tuple(words["text"]["id"])
        return Table(
            name=words["name"],
            ids=ids,
            names=tuple(words["names"]),
            text={key: tuple(column) for key, column in words["text"].items()},
            low=arrays["low"],
            typical=arrays["typical"],
            high=arrays["high"],
            grades=arrays["grades"],
            sha256=words["sha256"],
            records={
                (material, key): tuple(Evidence(material, *record) for record in records)
                for material, key, records in words["records"]
            },
            version=words["version"],
            predicted=frozenset(words["predicted"]),
        )
    except (OSError, ValueError, LookupError, TypeError, EOFError, zipfile.BadZipFile):
        return None


def _columns(array: np.ndarray, places: dict[str, int]) -> np.ndarray:
    """An array with today's columns; one that was not there is a gap."""
    gap = 0 if array.dtype.kind == "i" else np.nan
    found = np.full((len(array), len(numeric_keys())), gap, dtype=array.dtype)
    for place, key in enumerate(numeric_keys()):
        if key in places:
            found[:, place] = array[:, places[key]]
    found.setflags(write=False)
    return found
