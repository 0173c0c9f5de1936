"""Material tables: names, figures (low, typical, high) and the evidence of every cell; bundled or read from a file."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from advisor import __version__
from advisor.datapackage import read_package, version_of
from advisor.evidence import Cell, Evidence, Records, Source, ends_of, read_sources, resolve
from advisor.files import shipped, write_whole
from advisor.lanes import side_by_side
from advisor.problems import AdvisorError, Problem, nearest
from advisor.properties import Property, numeric_keys, properties

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Evidence grade of a cell as stored in :attr:`Table.grades`; "" is a gap, "own" the user's own figure.
GRADE_CODES = ("", "A", "B", "C", "D", "own")


@dataclass(frozen=True, eq=False)
class Table:
    """A table of materials; frozen, compared by identity.

    Attributes:
        name: file name without folders, or "bundled".
        ids, names: one per material, in table order.
        text: text column -> its words, one per material.
        low, typical, high: (materials × numeric properties) figures in the properties' units, NaN for a gap; columns
            follow :func:`advisor.properties.numeric_keys`.
        grades: same shape, index into :data:`GRADE_CODES`.
        sha256: hash of the file's bytes.
        warnings: what is doubtful in the file.
        records: (material id, property) -> evidence records; empty for figures of the user's own.
        version: version of the data package the table is of, "" where it is of none.
        predicted: ids of cloths that are only specified, their figures by rule.
        over: (material id, property) of every figure of the user's or of a test report laid over a table's -> what
            stands below it (None for a gap) and its grade.
    """

    name: str
    ids: tuple[str, ...]
    names: tuple[str, ...]
    text: Mapping[str, tuple[str, ...]]
    low: Floats
    typical: Floats
    high: Floats
    grades: NDArray[np.int8]
    sha256: str
    warnings: tuple[Problem, ...] = ()
    records: Mapping[tuple[str, str], Sequence[Evidence]] = field(default_factory=dict)
    version: str = ""
    predicted: frozenset[str] = frozenset()
    over: Mapping[tuple[str, str], tuple[float | str | None, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """Row number by material id."""
        return {key: row for row, key in enumerate(self.ids)}

    @cached_property
    def tags(self) -> tuple[frozenset[str], ...]:
        """Words a ``family`` limit matches, per material: families, fibre words and weave words, in lower case."""
        found = []
        for row in range(len(self)):
            words = set()
            for column in ("family", "fibre", "weave"):
                text = self.text[column][row].casefold()
                words.add(text)
                words.update(part for part in re.split(r"[|,/+\s]+", text) if part)
                words.update(part.strip() for part in text.split("|"))
            found.append(frozenset(words - {""}))
        return tuple(found)

    @cached_property
    def certificates(self) -> tuple[frozenset[str], ...]:
        """Certificates known per material, in lower case; an empty set means not known."""
        return tuple(
            frozenset(part.strip().casefold() for part in text.split("|") if part.strip())
            for text in self.text["certificates"]
        )

    @cached_property
    def overlaid(self) -> frozenset[str]:
        """Ids of the materials over some of whose figures another one is laid."""
        return frozenset(material for material, _ in self.over)

    def column(self, key: str) -> int:
        """Column number of a numeric property in the arrays."""
        return _columns()[key]

    def grade(self, row: int, key: str) -> str:
        """Evidence grade of one cell: "" for a gap, A to D, or "own"."""
        return GRADE_CODES[self.grades[row, self.column(key)]]

    def cell(self, row: int, key: str) -> Cell | None:
        """The evidence behind one cell, or None where there is none in the shipped evidence."""
        records = self.records.get((self.ids[row], key))
        return resolve(records) if records else None

    def find(self, words: str) -> int:
        """Row of the material with that id or name (without regard to case).

        Raises:
            AdvisorError: there is none; the nearest is named.
        """
        wanted = words.strip().casefold()
        for names in (self.ids, self.names):
            for row, name in enumerate(names):
                if name.casefold() == wanted:
                    return row
        near = nearest(words, (*self.ids, *self.names))
        hint = f'did you mean "{near}"?' if near else "rank lists them all"
        raise AdvisorError(
            Problem("unknown-material", f'unknown material "{words}"', hint, file=self.name, value=words)
        )

    def take(self, rows: Sequence[int]) -> Table:
        """A table of these rows only, in that order; figures and evidence stay as they are."""
        chosen = np.asarray(rows, dtype=np.intp)
        return Table(
            name=self.name,
            ids=tuple(self.ids[row] for row in rows),
            names=tuple(self.names[row] for row in rows),
            text={key: tuple(words[row] for row in rows) for key, words in self.text.items()},
            low=self.low[chosen],
            typical=self.typical[chosen],
            high=self.high[chosen],
            grades=self.grades[chosen],
            sha256=self.sha256,
            records=self.records,
            version=self.version,
            predicted=self.predicted,
            over=self.over,
        )


@cache
def _columns() -> dict[str, int]:
    return {key: number for number, key in enumerate(numeric_keys())}


@cache
def sources() -> dict[str, Source]:
    """All sources of the shipped evidence by id."""
    return read_sources(shipped("data", "sources.csv"))


@cache
def bundled() -> Table:
    """The table shipped with the program, every figure with its evidence."""
    path = shipped("data", "materials.csv")
    return _kept_or_made(path.name, path.read_bytes())


_keeping: list[Path] = []


def keep_in(folder: Path) -> None:
    """Keep the shipped table's figures with their ranges and grades in a folder, so that the next start has them ready.

    They come out of some thousand records, which takes longer than all else before the first list. What is kept is
    bound to the very bytes it was made of; a file that does not fit them, or cannot be read, is passed over.
    """
    _keeping[:] = [folder]


def _kept_or_made(name: str, content: bytes) -> Table:
    if not _keeping:
        return _plain(name, content, None)
    file = _keeping[0] / "table.bin"
    digest = hashlib.sha256(content)
    for part in ("evidence.csv", "properties.csv"):
        digest.update(shipped("data", part).read_bytes())
    digest.update(__version__.encode())
    with suppress(OSError):  # a frozen program has no sources, and its version says all
        for part in ("materials.py", "evidence.py"):
            own = Path(__file__).with_name(part).stat()
            digest.update(f" {own.st_size} {own.st_mtime_ns}".encode())
    key = digest.digest()
    try:
        return _from_kept(name, content, key, file.read_bytes())
    except (OSError, ValueError):
        made = _plain(name, content, None)
        figures = b"".join(array.tobytes("F") for array in (made.low, made.typical, made.high, made.grades))
        with suppress(AdvisorError, OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, key + hashlib.sha256(figures).digest() + figures)
        return made


def _from_kept(name: str, content: bytes, key: bytes, kept: bytes) -> Table:
    """The table out of its words and the figures kept.

    Raises:
        ValueError: what is kept belongs to another table, or is damaged.
    """
    figures = kept[64:]
    if kept[:32] != key or hashlib.sha256(figures).digest() != kept[32:64]:
        raise ValueError("not of this table")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    cells = {key: tuple(row[place] for row in rows[1:]) for place, key in enumerate(rows[0])}
    count = len(rows) - 1
    shape = (count, len(numeric_keys()))
    whole = 8 * shape[0] * shape[1]
    # Over bytes, so that nobody can write to them.
    low, typical, high = (
        np.frombuffer(figures, np.float64, shape[0] * shape[1], number * whole).reshape(shape, order="F")
        for number in range(3)
    )
    grades = np.frombuffer(figures, np.int8, shape[0] * shape[1], 3 * whole).reshape(shape, order="F")
    blank = ("",) * count
    text = {key: cells.get(key, blank) for key, item in properties().items() if not item.numeric}
    sha256 = hashlib.sha256(content).hexdigest()
    records = _Unread(cells["id"], text, grades)
    return Table(
        name, cells["id"], cells["name"], text, low, typical, high, grades, sha256, (), records, version_of(sha256)
    )


class _Unread(Mapping[tuple[str, str], Sequence[Evidence]]):
    """The records of a table whose figures were kept, as :class:`_Kept` has them: read when somebody asks for one."""

    def __init__(self, ids: tuple[str, ...], text: Mapping[str, tuple[str, ...]], grades: NDArray[np.int8]) -> None:
        self._index = {own: row for row, own in enumerate(ids)}
        self._text, self._grades = text, grades

    def __contains__(self, key: object) -> bool:
        if not (isinstance(key, tuple) and len(key) == 2):
            return False
        row, word = self._index.get(key[0]), self._text.get(key[1])
        if row is None:
            return False
        if word is not None:
            return bool(word[row]) and _shipped_evidence().words(key) == word[row]
        place = _columns().get(key[1])
        # A figure that is not its own came with its evidence.
        return place is not None and GRADE_CODES[self._grades[row, place]] not in ("", "own")

    def __getitem__(self, key: tuple[str, str]) -> Sequence[Evidence]:
        if key not in self:
            raise KeyError(key)
        found = _shipped_evidence()[key]
        return found if key[1] in self._text else resolve(found).records

    def __iter__(self) -> Iterator[tuple[str, str]]:
        figures = ((own, key) for key in numeric_keys() for own in self._index)
        words = ((own, key) for own in self._index for key in self._text)
        return (key for key in (*figures, *words) if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _plain(name: str, content: bytes, evidence: Mapping[tuple[str, str], Sequence[Evidence]] | None) -> Table:
    """A table in the shipped format: UTF-8, comma, keys as header; columns it has not are gaps."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    known = properties()
    cells = {key: [row[place] for row in rows[1:]] for place, key in enumerate(rows[0])}
    words = {key: cells[key] for key, item in known.items() if not item.numeric and key in cells}
    figures = {
        key: Ends(np.array([float(text) if text else math.nan for text in cells[key]]))
        for key in numeric_keys()
        if key in cells
    }
    table, _ = assemble(name, hashlib.sha256(content).hexdigest(), words, figures, evidence=evidence)
    return table


def read_version(path: Path) -> Table:
    """A version of the shipped table as it was published: a ``datapackage.json`` (or its folder), with its evidence.

    Any other file is read as :func:`read_table` does.

    Raises:
        AdvisorError: the package or a table of it cannot be read.
    """
    if not path.is_dir() and path.suffix.casefold() != ".json":
        return read_table(path)
    package = read_package(path)
    file = package.paths.get("materials.csv")
    if file is None:
        raise AdvisorError(Problem("no-package", "holds no materials.csv", "take a package of this program", str(path)))
    record = package.paths.get("evidence.csv")
    evidence = Records(record) if record is not None else {}
    try:
        table = _plain(file.name, file.read_bytes(), evidence)
    except (OSError, UnicodeDecodeError, ValueError, LookupError, csv.Error) as error:
        message = f"cannot be read as a published table: {error}"
        raise AdvisorError(Problem("cannot-read", message, "take it as it was published", str(file))) from error
    return replace(table, version=package.version)


@cache
def _shipped_evidence() -> Records:
    return Records(shipped("data", "evidence.csv"))


@cache
def _known_ids() -> frozenset[str]:
    return frozenset(material for material, _ in _shipped_evidence())


def read_table(path: Path) -> Table:
    """Read a material table out of a file in any dialect a field office has (:func:`advisor.intake.read_table`).

    A figure that equals the bundled one of the same material id keeps its evidence and range; any other is the user's
    own, with the property's spread as its range.

    Raises:
        AdvisorError: with every problem found, each naming file, row and column.
    """
    from advisor.intake import read_table as take_in  # a table of one's own is seldom the first thing shown

    return take_in(path)


@dataclass(frozen=True, eq=False)
class Ends:
    """The figures of one property, one per material, in its own unit; NaN where an end is not said.

    ``low`` and ``high`` may be left out as a whole.
    """

    typical: Floats
    low: Floats | None = None
    high: Floats | None = None


def assemble(
    name: str,
    sha256: str,
    words: Mapping[str, Sequence[str]],
    figures: Mapping[str, Ends],
    warnings: Sequence[Problem] = (),
    evidence: Mapping[tuple[str, str], Sequence[Evidence]] | None = None,
    poll: Callable[[], None] = lambda: None,
) -> tuple[Table, list[tuple[int, str]]]:
    """A table out of its columns, and the cells (row, property) whose low, typical and high are out of order.

    Args:
        words: text property -> words, ``id`` and ``name`` among them; a property left out is blank.
        figures: numeric property -> figures; a property left out is a gap throughout.
        evidence: (material, property) -> records a figure may be of; by default those of the shipped table.
        poll: called between the properties; may raise to end the work.
    """
    ids, names = tuple(words["id"]), tuple(words["name"])
    keys, known = numeric_keys(), properties()
    familiar = _known_ids() if evidence is None else frozenset(material for material, _ in evidence)
    behind = _shipped_evidence() if evidence is None else evidence
    # Each property's figures lie together: that is how they are read, checked and valued.
    low, typical, high = (np.empty((len(ids), len(keys)), order="F") for _ in range(3))
    grades = np.zeros((len(ids), len(keys)), dtype=np.int8, order="F")
    kept: dict[tuple[str, str], bool] = {}
    shared = [] if familiar.isdisjoint(ids) else [(row, own) for row, own in enumerate(ids) if own in familiar]
    own_grade = GRADE_CODES.index("own")
    codes = {grade: code for code, grade in enumerate(GRADE_CODES)}
    disorder: list[tuple[int, str]] = []

    def fill(place: int) -> Places:
        """A property's figures with their ranges; rows where these are out of order."""
        ends = figures.get(keys[place])
        if ends is None:
            low[:, place] = typical[:, place] = high[:, place] = np.nan
            return np.empty(0, np.intp)
        values = ends.typical
        there = ~np.isnan(values)
        low[:, place], high[:, place] = _ranges(known[keys[place]], values)
        for array, said in ((low, ends.low), (high, ends.high)):
            if said is not None:
                given = there & ~np.isnan(said)
                array[given, place] = said[given]
        typical[:, place] = values
        np.multiply(there, own_grade, out=grades[:, place], casting="unsafe")
        within = (low[:, place] <= values) & (values <= high[:, place])
        return np.flatnonzero(there & ~within)

    wrong = side_by_side(fill, len(keys), lambda done: poll())
    for place, key in enumerate(keys):
        ends = figures.get(key)
        if ends is None:
            continue
        poll()
        figure = ends.typical.tolist() if shared else []
        for row, own in shared:
            # A gap (NaN) is close to nothing, so it keeps no evidence.
            found = _ends_behind(behind, (own, key))
            if found is None or _says_an_end(ends, row):
                continue
            if math.isclose(found[1], figure[row], rel_tol=1e-9, abs_tol=1e-12):
                # The same figure as the bundled one keeps its own bits, whatever unit it was written in.
                low[row, place], typical[row, place], high[row, place] = found[:3]
                grades[row, place] = codes[found[3]]
                kept[own, key] = True
        # What the bundled figures took the place of is in order.
        disorder += [(row, key) for row in wrong[place].tolist() if (ids[row], key) not in kept]
    blank = ("",) * len(ids)
    text = {key: tuple(words.get(key) or blank) for key, item in known.items() if not item.numeric}
    for row, own in shared:
        for key, column in text.items():
            if column[row] and _words_behind(behind, (own, key)) == column[row]:
                kept[own, key] = False
    for made in (low, typical, high, grades):
        made.setflags(write=False)
    table = Table(name, ids, names, text, low, typical, high, grades, sha256, tuple(warnings), _Kept(behind, kept))
    return replace(table, version=version_of(sha256)), disorder


class _Kept(Mapping[tuple[str, str], Sequence[Evidence]]):
    """Records of the cells that kept their evidence: those of figures best grade first, those of words as filed."""

    def __init__(
        self, evidence: Mapping[tuple[str, str], Sequence[Evidence]], kept: Mapping[tuple[str, str], bool]
    ) -> None:
        self._evidence, self._figures = evidence, kept

    def __getitem__(self, key: tuple[str, str]) -> Sequence[Evidence]:
        found = self._evidence[key] if key in self._figures else None
        if found is None:
            raise KeyError(key)
        return resolve(found).records if self._figures[key] else found

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)


def _ends_behind(
    evidence: Mapping[tuple[str, str], Sequence[Evidence]], key: tuple[str, str]
) -> tuple[float, float, float, str] | None:
    if isinstance(evidence, Records):
        return evidence.ends(key)
    found = evidence.get(key)
    return ends_of(found) if found else None


def _words_behind(evidence: Mapping[tuple[str, str], Sequence[Evidence]], key: tuple[str, str]) -> str | None:
    if isinstance(evidence, Records):
        return evidence.words(key)
    found = evidence.get(key)
    return found[0].text if found else None


def _says_an_end(ends: Ends, row: int) -> bool:
    if ends.low is None and ends.high is None:
        return False
    return any(said is not None and not math.isnan(said[row]) for said in (ends.low, ends.high))


def _ranges(item: Property, values: Floats) -> tuple[Floats, Floats]:
    """:meth:`Property.range_of` for a whole column."""
    rule = item.spread
    if not rule:
        return values, values
    if rule.startswith("*"):
        factor = float(rule[1:])
        low, high = values / factor, values * factor
    else:
        part = np.abs(values) * float(rule[:-1]) / 100 if rule.endswith("%") else float(rule.lstrip("±"))
        low, high = values - part, values + part
    bottom, top = item.scale
    if bottom is not None:
        low = np.minimum(np.maximum(low, bottom), values)
    if top is not None:
        high = np.maximum(np.minimum(high, top), values)
    return low, high
