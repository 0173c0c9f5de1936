"""Project: briefs with all that is the user's own around them (rows, figures, quotes, decisions, notes), as one file.

``*.project.json`` is JSON with ``format``, ``version``, ``briefs`` (the first is the one worked on), ``table`` (name
and hash of the table it was made on), ``own_rows``, ``overrides``, ``quotes``, ``decisions`` and ``notes``. The user's
own rows are embedded with their figures, so that a file is whole wherever it is carried. ``docs/projects.md`` is the
format.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from advisor.brief import FORMAT as BRIEF_FORMAT
from advisor.brief import VERSION as BRIEF_VERSION
from advisor.brief import Brief, Reader, brief_from_json, format_version, newer_words, read_document
from advisor.datapackage import version_of
from advisor.evidence import GRADES, Evidence
from advisor.materials import GRADE_CODES, Table, bundled
from advisor.problems import AdvisorError, Problem, nearest
from advisor.profiles import panels
from advisor.properties import numeric_keys, properties
from advisor.records import SUFFIX, Records
from advisor.stock import Stock

# Loaded where they are used: a window without a project starts without them.
if TYPE_CHECKING:
    from advisor.laboratory import LabReport, Sample
    from advisor.merge import OwnFigure
    from advisor.quotes import Quote
    from advisor.units import Rate

__all__ = [
    "FORMAT",
    "MIGRATIONS",
    "SUFFIX",
    "VERSION",
    "Choice",
    "Decision",
    "KeptQuote",
    "MadeOn",
    "Project",
    "Records",
    "RunnerUp",
    "View",
    "document_format",
    "is_document",
    "project_from_json",
    "read_any",
    "read_project",
]

FORMAT = "material-advisor-project"
VERSION = 1

#: What turns a document of a version into one of the next.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

#: Where a row of the user's own comes from: a table in the bundled one's place, one below it, the cloth builder.
ORIGINS = ("replaces", "adds", "predicted")
#: How a quote's article came to its material: chosen by the user, by what its name says, or not at all.
MATCHED_BY = ("remembered", "likeness", "")

_KEYS = ("format", "version", "briefs", "table", "own_rows", "overrides", "quotes", "decisions", "notes")
_ROW_KEYS = ("id", "name", "origin", "from", "words", "figures", "evidence", "spec")
_FIGURE_KEYS = ("low", "typical", "high", "grade")
_RECORD_KEYS = ("low", "typical", "high", "unit", "test_method", "grade", "source_id", "note", "text")
_OVERRIDE_KEYS = (
    "id",
    "property",
    "low",
    "typical",
    "high",
    "text",
    "because",
    "source",
    "before",
    "before_grade",
    "report",
)
_QUOTE_KEYS = (
    "material", "supplier", "article", "colour", "currency", "price", "per", "roll_width_cm", "from_quantity",
    "incoterm", "place", "lead_time_days", "date", "valid_until", "matched_by", "rate",
)  # fmt: skip
_DECISION_KEYS = ("brief", "table", "cloths", "reason", "conditions", "who", "when", "runners_up")
_VIEW_KEYS = ("measured", "pinned", "beyond", "compared", "columns", "order")
_PERS = ("m", "yd", "m2", "yd2", "kg")
#: Per cent from which differences from an incumbent are shown where nothing else was chosen.
_BEYOND = 25


@dataclass(frozen=True, slots=True)
class MadeOn:
    """A table as a project names it: file name and hash."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote as it was taken over.

    Attributes:
        quote: the record; its material is the one the article was matched to.
        matched_by: one of :data:`MATCHED_BY`; ``remembered`` with no material is an article the user left out.
        rate: the dated exchange rate its price was turned into US dollars with, None where it needed none.
    """

    quote: Quote
    matched_by: str = ""
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The cloth decided for one panel and its place in the ranking at the time, None where it was screened out."""

    panel: str
    material: str
    name: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """A cloth that was not taken, its place at the time, and why not."""

    material: str
    name: str = ""
    rank: int | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it was taken.

    Attributes:
        cloths: the cloth of every panel decided on.
        reason: why these; ``conditions``: what is still open ("lab dip approved").
        who, when: whose decision it is, and the day or moment in ISO 8601, "" where not said.
        runners_up: cloths that were not taken.
        brief: title of the brief it was taken on; ``table``: hash of the table, "" where not said.
    """

    cloths: tuple[Choice, ...]
    reason: str = ""
    conditions: tuple[str, ...] = ()
    who: str = ""
    when: str = ""
    runners_up: tuple[RunnerUp, ...] = ()
    brief: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What is set up around the ranking: its incumbent, cloths compared, columns, and what places go by."""

    pinned: str = ""
    beyond: int = _BEYOND
    compared: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    order: str = "score"


@dataclass(frozen=True, eq=False)
class Project:
    """A project; compare what :meth:`to_json` gives.

    Attributes:
        brief: the brief worked on.
        stock: what its ranking draws on.
        records: all else that is saved.
        view: what is set up around the ranking.
        version: of the file it was read from; above :data:`VERSION` the file must not be written over.
        told: what the user should know of the reading, as warnings.
    """

    brief: Brief = field(default_factory=Brief)
    stock: Stock = field(default_factory=lambda: Stock(bundled()))
    records: Records = field(default_factory=Records)
    view: View = field(default_factory=View)
    version: int = VERSION
    told: tuple[Problem, ...] = ()

    @property
    def briefs(self) -> tuple[Brief, ...]:
        """All briefs, the one worked on first."""
        return (self.brief, *self.records.others)

    @property
    def newer(self) -> bool:
        """Whether a newer program wrote the file: it is shown, and never written over."""
        return self.version > VERSION

    @property
    def made_on(self) -> MadeOn:
        """The table it was made on."""
        return self.records.made_on or MadeOn(self.stock.base.name, self.stock.base.sha256)

    def to_json(self) -> dict[str, Any]:
        """The project as the JSON object of its file, always with all keys, numbers in their shortest form."""
        return {key: list(part) if isinstance(part, Iterator) else part for key, part in self._parts().items()}

    def _parts(self) -> dict[str, Any]:
        """:meth:`to_json` with the rows, which may be many, still to come."""
        made_on = self.made_on
        return {
            "format": FORMAT,
            "version": VERSION,
            "briefs": [_plain(brief.to_json()) for brief in self.briefs],
            "table": {"name": made_on.name, "sha256": made_on.sha256},
            "own_rows": _own_rows(self.stock),
            "overrides": [*_overrides_json(self.stock), *({"report": _plain(r.to_json())} for r in self.stock.reports)],
            "quotes": [_quote_json(kept) for kept in self.records.quotes],
            "decisions": [_decision_json(decision) for decision in self.records.decisions],
            "notes": self._notes(),
        }

    def _notes(self) -> dict[str, Any]:
        view, base = self.view, View()
        shown: dict[str, Any] = {"measured": True} if self.stock.measured else {}
        for key in ("pinned", "beyond", "compared", "columns", "order"):
            said = getattr(view, key)
            if said != getattr(base, key):
                shown[key] = list(said) if isinstance(said, tuple) else said
        notes: dict[str, Any] = {}
        if self.records.remarks:
            notes["remarks"] = dict(sorted(self.records.remarks.items()))
        if self.stock.samples:
            notes["samples"] = [_plain(sample.to_json()) for sample in self.stock.samples]
        if shown:
            notes["view"] = shown
        return notes

    def to_bytes(self) -> bytes:
        """The project's file; the same project gives the same bytes. Every entry of a list stands on its own line."""
        lines = []
        for key, part in self._parts().items():
            if isinstance(part, list | Iterator):
                entries = ",\n  ".join(_dump(entry) for entry in part)
                lines.append(f" {_dump(key)}: [\n  {entries}\n ]" if entries else f" {_dump(key)}: []")
            else:
                lines.append(f" {_dump(key)}: {_dump(part)}")
        # Half a character, as a file name may hold one, becomes "?"; everything else is kept as it is.
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", "replace")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _number(value: Any) -> Any:
    """A number in its shortest form, so that 8 and 8.0 are written alike; read back it is the same to the bit."""
    if (
        isinstance(value, float)
        and value.is_integer()
        and abs(value) < 1e15
        and (value != 0 or math.copysign(1, value) > 0)
    ):
        return int(value)
    return value


def _plain(value: Any) -> Any:
    """JSON values with every number in its shortest form."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _number(value) if isinstance(value, float) else value


def _said(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: _number(value) if isinstance(value, float) else value for key, value in entry.items()
            if value not in ("", None, [], {})}  # fmt: skip


# Writing --------------------------------------------------------------------------------------------------------------


def _own_rows(stock: Stock) -> Iterator[dict[str, Any]]:
    """Every row that is not of the shipped table, in the order it is ranked from."""
    if stock.base is not bundled():
        yield from _rows(stock.base, "replaces")
    for table in stock.added:
        yield from _rows(table, "adds")
    if stock.specs:
        under = stock.under
        first = len(under) - len(stock.specs)
        for number, row in enumerate(_rows(under.take(range(first, len(under))), "predicted")):
            del row["from"]
            yield {**row, "spec": _plain(stock.specs[number].to_json())}


def _rows(table: Table, origin: str) -> Iterator[dict[str, Any]]:
    """A table's rows with their figures, words and evidence."""
    keys = numeric_keys()
    texts = [(key, column) for key, column in table.text.items() if key not in ("id", "name")]
    ends = tuple(array.tolist() for array in (table.low, table.typical, table.high, table.grades))
    source = _said({"name": table.name, "sha256": table.sha256, "version": table.version})
    for row, (own, name) in enumerate(zip(table.ids, table.names, strict=True)):
        low, typical, high, grades = (array[row] for array in ends)
        figures = {
            key: {
                "low": _number(low[place]),
                "typical": _number(typical[place]),
                "high": _number(high[place]),
                "grade": GRADE_CODES[grades[place]],
            }
            for place, key in enumerate(keys)
            if typical[place] == typical[place]
        }
        entry = {
            "id": own,
            "name": name,
            "origin": "predicted" if origin == "adds" and own in table.predicted else origin,
            "from": source,
            "words": {key: column[row] for key, column in texts if column[row]},
            "figures": figures,
        }
        if len(table.records):
            found = {key: table.records.get((own, key)) for key in properties()}
            evidence = {key: [_record_json(record) for record in records] for key, records in found.items() if records}
            if evidence:
                entry["evidence"] = evidence
        yield entry


def _record_json(record: Evidence) -> dict[str, Any]:
    return _said({key: getattr(record, key) for key in _RECORD_KEYS})


def _overrides_json(stock: Stock) -> Iterator[dict[str, Any]]:
    """Every own figure with what it stands over."""
    from advisor.merge import figures_to_json

    told = {(entry.id, entry.property): entry for entry in stock.overrides if not entry.report}
    figures = (*stock.figures, *stock.idle)
    for figure, entry in zip(figures, figures_to_json(figures), strict=True):
        over = told.get((figure.id, figure.property))
        before = {} if over is None else _said({"before": over.before, "before_grade": over.grade})
        yield {**_said(entry), **before}


def _quote_json(kept: KeptQuote) -> dict[str, Any]:
    entry = {**kept.quote.as_json(), "matched_by": kept.matched_by}
    if not entry.get("from_quantity"):
        entry.pop("from_quantity", None)
    if kept.rate is not None:
        rate = kept.rate
        entry["rate"] = _said({"currency": rate.currency, "usd": rate.usd, "date": rate.date, "source": rate.source})
    return _said(entry)


def _decision_json(decision: Decision) -> dict[str, Any]:
    return _said(
        {
            "brief": decision.brief,
            "table": decision.table,
            "cloths": [_said(_fields(c, ("panel", "material", "name", "rank"))) for c in decision.cloths],
            "reason": decision.reason,
            "conditions": list(decision.conditions),
            "who": decision.who,
            "when": decision.when,
            "runners_up": [_said(_fields(r, ("material", "name", "rank", "why_not"))) for r in decision.runners_up],
        }
    )


def _fields(item: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(item, name) for name in names}


# Reading --------------------------------------------------------------------------------------------------------------


def document_format(document: Any) -> str:
    """What kind of document parsed JSON is: ``brief``, ``project``, or "" for neither."""
    said = document.get("format") if isinstance(document, dict) else None
    return {BRIEF_FORMAT: "brief", FORMAT: "project"}.get(said, "") if isinstance(said, str) else ""


def is_document(path: Path) -> bool:
    """Whether a file is JSON (a brief or a project) and no table: by its name, else by its first sign."""
    if path.suffix.casefold() == ".json":
        return True
    try:
        with path.open("rb") as stream:
            start = stream.read(64)
    except OSError:
        return False
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_any(path: Path) -> Brief | Project:
    """A brief or a project out of a file, told apart by ``format``.

    Raises:
        AdvisorError: it is neither, or holds what :func:`brief_from_json` or :func:`project_from_json` refuses.
    """
    document = read_document(path, "brief or project")
    kind = document_format(document)
    if kind == "project":
        return project_from_json(document, str(path))
    if kind == "brief":
        return brief_from_json(document, str(path))
    said = document.get("format") if isinstance(document, dict) else None
    near = nearest(said, (BRIEF_FORMAT, FORMAT)) if isinstance(said, str) else ""
    hint = f'did you mean "{near}"?' if near else f'it needs "format": "{BRIEF_FORMAT}" or "{FORMAT}"'
    raise AdvisorError(Problem("not-a-document", "is neither brief nor project", hint, file=str(path), column="format"))


def read_project(path: Path) -> Project:
    """Read a project file.

    Raises:
        AdvisorError: it is missing, no JSON, no project, or holds what :func:`project_from_json` refuses.
    """
    return project_from_json(read_document(path, "project"), str(path))


def project_from_json(document: Any, file: str = "", base: Table | None = None) -> Project:
    """The project that ``document`` (parsed JSON) describes.

    A document of a newer version is read as far as this program understands it, and says so in ``told``.

    Args:
        file: as the user named it, for messages.
        base: a table to rank in the place of the shipped one, or of the project's own that stands there.

    Raises:
        AdvisorError: with every unknown key, wrong type and impossible value found, each with its path in the file.
    """
    version = format_version(document, FORMAT, "project", VERSION, file)
    document = _migrated(document, version, file)
    reader = _ProjectReader(file, version > VERSION)
    project = reader.project(document, base)
    if reader.problems and version <= VERSION:
        raise AdvisorError(reader.problems)
    if version > VERSION:
        message = newer_words(version, VERSION)
        left = f", {len(reader.problems)} parts of it are left out" if reader.problems else ""
        hint = f"it is shown read-only{left}; the file stays as it is"
        told = Problem("newer-version", message, hint, file=file, column="version", severity="warning")
        project = replace(project, version=version, told=(told, *project.told))
    return project


def _migrated(document: dict[str, Any], version: int, file: str) -> dict[str, Any]:
    """The document as one of the present version."""
    for step in range(version, VERSION):
        try:
            document = MIGRATIONS[step](document)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            message = f"is a damaged project of version {step}"
            raise AdvisorError(Problem("damaged", message, "take a copy of it", file=file)) from error
    return document


@dataclass
class _Group:
    """Rows of one table on their way in."""

    origin: str
    name: str
    sha256: str
    version: str
    rows: list[dict[str, Any]] = field(default_factory=list)


class _ProjectReader(Reader):
    """Walks a project document; everything that cannot stand is a problem and is left out."""

    def __init__(self, file: str, newer: bool) -> None:
        super().__init__(file, "project")
        self.newer = newer
        self.told: list[Problem] = []

    def tell(self, code: str, message: str, hint: str, value: str = "") -> None:
        """Something the user should know that is no fault of the file."""
        self.told.append(Problem(code, message, hint, file=self.file, value=value, severity="warning"))

    def inside(self, key: str, read: Callable[[], Any]) -> Any:
        """What ``read`` gives, its problems told under ``key``; None where it refused."""
        try:
            return read()
        except AdvisorError as error:
            for problem in error.problems:
                place = f"{key}.{problem.column}" if problem.column else key
                self.problems.append(replace(problem, file=self.file, column=place))
            return None

    def project(self, document: dict[str, Any], given: Table | None) -> Project:
        """The project as far as it can be read; what cannot be is among the problems."""
        keys = self.mapping(document, "", _KEYS)
        briefs = self._briefs(keys.get("briefs", []))
        named = self._table(keys.get("table"))
        groups, specs = self._rows(keys.get("own_rows", []))
        figures, reports = self._overrides(keys.get("overrides", []))
        quotes = self._each(keys.get("quotes", []), "quotes", self._quote)
        decisions = self._each(keys.get("decisions", []), "decisions", self._decision)
        remarks, samples, measured, view = self._notes(keys.get("notes", {}))
        if self.problems and not self.newer:
            return Project()
        own = [group for group in groups if group.origin == "replaces"]
        base = given if given is not None else _table_of(own[0]) if own else bundled()
        below = [group for group in groups if group.origin == "adds"]
        stock = self._stock(base, below, specs, tuple(figures), tuple(reports))
        stock = replace(stock, samples=tuple(samples), measured=measured)
        made_on = None
        if not own and named is not None and named.sha256 != base.sha256:
            made_on = named
            self.tell(
                "other-table",
                f"was made on another table ({named.name} {named.sha256[:8]}) than is ranked now"
                f" ({base.name} {base.sha256[:8]})",
                "look at what changed since",
            )
        records = Records(tuple(briefs[1:]), tuple(quotes), tuple(decisions), remarks, made_on)
        return Project(briefs[0] if briefs else Brief(), stock, records, view, told=tuple(self.told))

    def _each(self, value: Any, key: str, read: Callable[[Any, str], Any]) -> list[Any]:
        found = (read(item, f"{key}[{number}]") for number, item in enumerate(self.items(value, key), start=1))
        return [item for item in found if item is not None]

    # Briefs and table

    def _briefs(self, value: Any) -> list[Brief]:
        found = self._each(value, "briefs", self._brief)
        if isinstance(value, list) and not value:
            self.wrong("missing-brief", "briefs", "holds no brief", "a project has one at least")
        return found

    def _brief(self, item: Any, key: str) -> Brief | None:
        if self.newer and isinstance(item, dict):
            item = _understood(item)
        brief: Brief | None = self.inside(key, lambda: brief_from_json(item))
        return brief

    def _table(self, value: Any) -> MadeOn | None:
        if value is None:
            self.wrong("missing-key", "table", "is missing", 'give {"name": …, "sha256": …}')
            return None
        keys = self.mapping(value, "table", ("name", "sha256"))
        return MadeOn(self.text(keys.get("name"), "table.name"), self._hash(keys.get("sha256"), "table.sha256"))

    def _hash(self, value: Any, key: str) -> str:
        text = self.text(value, key)
        if isinstance(value, str) and (len(text) != 64 or not set(text) <= set("0123456789abcdef")):
            self.wrong("wrong-hash", key, "is no SHA-256 in 64 hexadecimal digits", "copy it whole", text)
        return text

    # Own rows

    def _rows(self, value: Any) -> tuple[list[_Group], list[tuple[dict[str, Any], dict[str, Any]]]]:
        """Rows by the table they are of, and rows of the cloth builder with their specification."""
        groups: dict[tuple[str, ...], _Group] = {}
        specs: list[tuple[dict[str, Any], dict[str, Any]]] = []
        taken: dict[str, str] = {}
        for number, item in enumerate(self.items(value, "own_rows"), start=1):
            key = f"own_rows[{number}]"
            row = self._row(item, key)
            if row is None:
                continue
            if row["id"] in taken:
                self.wrong(
                    "duplicate-id", f"{key}.id", f'"{row["id"]}" is the id of {taken[row["id"]]} too', "rename it"
                )
                continue
            taken[row["id"]] = key
            if "spec" in row:
                specs.append((row.pop("spec"), row))
                continue
            origin = "replaces" if row["origin"] == "replaces" else "adds"
            mark = (origin, *row["from"])
            groups.setdefault(mark, _Group(*mark)).rows.append(row)
        replacing = [group for group in groups.values() if group.origin == "replaces"]
        for group in replacing[1:]:
            message = f'both "{replacing[0].name}" and "{group.name}" stand in the place of the bundled table'
            self.wrong("contradiction", "own_rows", message, "keep the rows of one")
        return list(groups.values()), specs

    def _row(self, item: Any, key: str) -> dict[str, Any] | None:
        before = len(self.problems)
        keys = self.mapping(item, key, _ROW_KEYS)
        if not isinstance(item, dict):
            return None
        row: dict[str, Any] = {"id": self.text(keys.get("id"), f"{key}.id")}
        if isinstance(keys.get("id"), str) and not row["id"].strip():
            self.wrong("missing-id", f"{key}.id", "is empty", "every row has an id of its own")
        row["name"] = self.text(keys.get("name", row["id"]), f"{key}.name")
        row["origin"] = self.word(keys.get("origin"), f"{key}.origin", ORIGINS, "origin")
        words = {name for name, item in properties().items() if not item.numeric} - {"id", "name"}
        row["words"] = {
            name: self.text(text, f"{key}.words.{name}")
            for name, text in self.mapping(keys.get("words", {}), f"{key}.words", sorted(words)).items()
        }
        row["figures"] = {}
        for name, figure in self.mapping(keys.get("figures", {}), f"{key}.figures", numeric_keys()).items():
            ends = self._figure(figure, name, f"{key}.figures.{name}")
            if ends is not None:
                row["figures"][name] = ends
        row["evidence"] = {}
        for name, records in self.mapping(keys.get("evidence", {}), f"{key}.evidence", properties()).items():
            here = f"{key}.evidence.{name}"
            listed = enumerate(self.items(records, here), start=1)
            read = [self._record(record, row["id"], name, f"{here}[{at}]") for at, record in listed]
            if found := tuple(record for record in read if record is not None):
                row["evidence"][name] = found
        if "spec" in keys:
            row["spec"] = self._spec(keys["spec"], f"{key}.spec")
        else:
            source = self.mapping(keys.get("from"), f"{key}.from", ("name", "sha256", "version"))
            name, digest = self.text(source.get("name"), f"{key}.from.name"), f"{key}.from.sha256"
            version = self.text(source.get("version", ""), f"{key}.from.version")
            row["from"] = (name, self._hash(source.get("sha256"), digest), version)
        return row if len(self.problems) == before else None

    def _figure(self, value: Any, name: str, key: str) -> tuple[float, float, float, str] | None:
        keys = self.mapping(value, key, _FIGURE_KEYS)
        ends = [self.number(keys.get(end), f"{key}.{end}") for end in ("low", "typical", "high")]
        grade = self.word(keys.get("grade", "own"), f"{key}.grade", GRADE_CODES[1:], "grade")
        low, typical, high = ends
        if low is None or typical is None or high is None or grade is None:
            return None
        return (low, typical, high, grade) if self._stands(name, low, typical, high, key) else None

    def _stands(self, name: str, low: float, typical: float, high: float, key: str) -> bool:
        """Whether a figure is in order and on its scale."""
        bottom, top = properties()[name].scale
        if not low <= typical <= high:
            message = f"{low:g}, {typical:g}, {high:g} are not in order"
            self.wrong("range-order", key, message, "low, typical and high rise")
        elif (bottom is not None and low < bottom) or (top is not None and high > top):
            ends = " to ".join("…" if end is None else f"{end:g}" for end in (bottom, top))
            self.wrong("off-scale", key, f"lies off the scale {ends}", "give a figure on it")
        else:
            return True
        return False

    def _record(self, value: Any, own: str, name: str, key: str) -> Evidence | None:
        keys = self.mapping(value, key, _RECORD_KEYS)
        if not isinstance(value, dict):
            return None
        ends = ("low", "typical", "high")
        low, typical, high = (self.number(keys[end], f"{key}.{end}") if end in keys else None for end in ends)
        words = ("unit", "test_method", "source_id", "note", "text")
        unit, method, source, note, text = (self.text(keys.get(word, ""), f"{key}.{word}") for word in words)
        grade = self.word(keys.get("grade"), f"{key}.grade", (*GRADES, "own"), "grade") or ""
        return Evidence(own, name, low, typical, high, unit, method, grade, source, note, text)

    def _spec(self, value: Any, key: str) -> dict[str, Any]:
        """A specification whose values are of the right kinds; whether it can be worked out is seen later."""
        figures = ("warp_denier", "weft_denier", "mass_g_m2", "head_mm")
        words = ("fibre", "weave", "coating", "chemistry", "dyeing", "name")
        found: dict[str, Any] = {}
        for name, item in self.mapping(value, key, (*figures, *words, "finish")).items():
            if name in figures:
                found[name] = None if item is None else self.number(item, f"{key}.{name}")
            elif name in words:
                found[name] = self.text(item, f"{key}.{name}")
            else:
                tags = self.items(item, f"{key}.finish")
                found[name] = [self.text(tag, f"{key}.finish[{at}]") for at, tag in enumerate(tags, start=1)]
        return found

    # Overrides

    def _overrides(self, value: Any) -> tuple[list[OwnFigure], list[LabReport]]:
        figures: dict[tuple[str, str], OwnFigure] = {}
        reports: list[LabReport] = []
        for number, item in enumerate(self.items(value, "overrides"), start=1):
            key = f"overrides[{number}]"
            if isinstance(item, dict) and "report" in item:
                if report := self._report(item, key):
                    reports.append(report)
            elif figure := self._override(item, key):
                if (figure.id, figure.property) in figures:
                    message = f"{figure.id} {figure.property} is overridden twice"
                    self.wrong("duplicate-override", key, message, "keep one of them")
                figures[figure.id, figure.property] = figure
        return list(figures.values()), reports

    def _report(self, item: dict[str, Any], key: str) -> LabReport | None:
        from advisor.laboratory import problems, report_from_json

        keys = self.mapping(item, key, ("report",))
        report: LabReport | None = self.inside(f"{key}.report", lambda: report_from_json(keys["report"]))
        wrong = [] if report is None else [found for found in problems(report) if found.severity == "error"]
        for found in wrong:
            place = f"{key}.report.results[{found.row}].{found.column}"
            self.problems.append(replace(found, file=self.file, row=None, column=place))
        return None if wrong else report

    def _override(self, item: Any, key: str) -> OwnFigure | None:
        from advisor.merge import OwnFigure

        before = len(self.problems)
        keys = self.mapping(item, key, _OVERRIDE_KEYS)
        if not isinstance(item, dict):
            return None
        texts = {name: self.text(keys.get(name, ""), f"{key}.{name}") for name in ("because", "source", "before_grade")}
        own = self.text(keys.get("id"), f"{key}.id")
        known = tuple(name for name in properties() if name != "id")
        name = self.word(keys.get("property"), f"{key}.property", known, "property")
        said = keys.get("before")
        if said is not None and not isinstance(said, str):
            self.number(said, f"{key}.before")
        if name is None:
            return None
        if not properties()[name].numeric:
            for end in ("low", "typical", "high"):
                if end in keys:
                    self.wrong("wrong-type", f"{key}.{end}", "is no word", f'{name} takes "text"')
            text = self.text(keys.get("text"), f"{key}.text")
            if len(self.problems) > before:
                return None
            return OwnFigure(own, name, text=text, because=texts["because"], source=texts["source"])
        if "text" in keys:
            self.wrong("wrong-type", f"{key}.text", "is no figure", f'{name} takes "typical"')
        typical = self.number(keys.get("typical"), f"{key}.typical")
        low, high = (self.number(keys[end], f"{key}.{end}") if end in keys else None for end in ("low", "high"))
        if typical is None or len(self.problems) > before:
            return None
        around = properties()[name].range_of(typical)
        ends = (around[0] if low is None else low, typical, around[1] if high is None else high)
        if not self._stands(name, *ends, key):
            return None
        return OwnFigure(own, name, typical, low, high, because=texts["because"], source=texts["source"])

    # Quotes and decisions

    def _quote(self, item: Any, key: str) -> KeptQuote | None:
        from advisor.quotes import Quote

        before = len(self.problems)
        keys = self.mapping(item, key, _QUOTE_KEYS)
        if not isinstance(item, dict):
            return None
        words = ("material", "supplier", "article", "colour", "currency", "incoterm", "place", "date", "valid_until")
        texts = {name: self.text(keys.get(name, ""), f"{key}.{name}") for name in words}
        if not texts["currency"] and isinstance(keys.get("currency", ""), str):
            self.wrong("no-currency", f"{key}.currency", "is missing", "name it by its code, such as USD")
        price = self.number(keys.get("price"), f"{key}.price", 0)
        per = self.word(keys.get("per"), f"{key}.per", _PERS, "measure") or ""
        for name in ("date", "valid_until"):
            self._moment(texts[name], f"{key}.{name}")
        width, days = (
            self.number(keys[name], f"{key}.{name}", 0) if name in keys else None
            for name in ("roll_width_cm", "lead_time_days")
        )
        start = self.number(keys.get("from_quantity", 0.0), f"{key}.from_quantity", 0) or 0.0
        matched = self.word(keys.get("matched_by", ""), f"{key}.matched_by", MATCHED_BY, "kind of match") or ""
        rate = self._rate(keys["rate"], f"{key}.rate") if "rate" in keys else None
        if price is None or len(self.problems) > before:
            return None
        quote = Quote(
            price=price, per=per, roll_width_cm=width, from_quantity=start, lead_time_days=days, **texts
        )  # fmt: skip
        return KeptQuote(quote, matched, rate)

    def _rate(self, value: Any, key: str) -> Rate | None:
        from advisor.units import Rate

        keys = self.mapping(value, key, ("currency", "usd", "date", "source"))
        usd = self.number(keys.get("usd"), f"{key}.usd")
        if usd is not None and usd <= 0:
            self.wrong("impossible-value", f"{key}.usd", f"{usd:g} is no rate", "US dollars for one unit, above 0")
        currency, date = (self.text(keys.get(name), f"{key}.{name}") for name in ("currency", "date"))
        self._moment(date, f"{key}.date")
        return None if usd is None else Rate(currency, usd, date, self.text(keys.get("source", ""), f"{key}.source"))

    def _moment(self, text: str, key: str) -> None:
        if not text:
            return
        try:
            datetime.datetime.fromisoformat(text)
        except ValueError:
            self.wrong("not-a-date", key, f'"{text[:40]}" is no date', "write it as 2026-11-30", text)

    def _decision(self, item: Any, key: str) -> Decision | None:
        before = len(self.problems)
        keys = self.mapping(item, key, _DECISION_KEYS)
        if not isinstance(item, dict):
            return None
        texts = {name: self.text(keys.get(name, ""), f"{key}.{name}") for name in ("brief", "reason", "who", "when")}
        self._moment(texts["when"], f"{key}.when")
        table = self._hash(keys["table"], f"{key}.table") if "table" in keys else ""
        cloths = tuple(self._each(keys.get("cloths", []), f"{key}.cloths", self._choice))
        if not cloths and len(self.problems) == before:
            self.wrong("missing-cloth", f"{key}.cloths", "names no cloth", "a decision is for one cloth at least")
        told = self.items(keys.get("conditions", []), f"{key}.conditions")
        conditions = tuple(self.text(text, f"{key}.conditions[{at}]") for at, text in enumerate(told, start=1))
        others = tuple(self._each(keys.get("runners_up", []), f"{key}.runners_up", self._runner_up))
        if len(self.problems) > before:
            return None
        return Decision(cloths, conditions=conditions, runners_up=others, table=table, **texts)

    def _choice(self, item: Any, key: str) -> Choice | None:
        keys = self.mapping(item, key, ("panel", "material", "name", "rank"))
        panel = self.word(keys.get("panel"), f"{key}.panel", panels(), "panel") or ""
        material, name = self._named(keys, key)
        return Choice(panel, material, name, self._rank(keys, key))

    def _runner_up(self, item: Any, key: str) -> RunnerUp | None:
        keys = self.mapping(item, key, ("material", "name", "rank", "why_not"))
        material, name = self._named(keys, key)
        return RunnerUp(material, name, self._rank(keys, key), self.text(keys.get("why_not", ""), f"{key}.why_not"))

    def _named(self, keys: Mapping[str, Any], key: str) -> tuple[str, str]:
        return self.text(keys.get("material"), f"{key}.material"), self.text(keys.get("name", ""), f"{key}.name")

    def _rank(self, keys: Mapping[str, Any], key: str) -> int | None:
        rank = keys.get("rank")
        if rank is None:
            return None
        if isinstance(rank, bool) or not isinstance(rank, int) or rank < 1:
            self.wrong(
                "impossible-value", f"{key}.rank", "is no place", "give a whole number from 1, or leave it out", rank
            )
            return None
        return rank

    # Notes

    def _notes(self, value: Any) -> tuple[dict[str, str], list[Sample], bool, View]:
        keys = self.mapping(value, "notes", ("remarks", "samples", "view"))
        remarks: dict[str, str] = {}
        said = keys.get("remarks", {})
        if isinstance(said, dict):
            for own, text in said.items():
                if self.text(own, "notes.remarks") and (found := self.text(text, f"notes.remarks.{own[:60]}")):
                    remarks[own] = found
        else:
            self.mapping(said, "notes.remarks", ())
        samples = self._each(keys.get("samples", []), "notes.samples", self._sample)
        measured, view = self._view(keys.get("view", {}))
        return remarks, samples, measured, view

    def _sample(self, item: Any, key: str) -> Sample | None:
        from advisor.laboratory import sample_from_json

        sample: Sample | None = self.inside(key, lambda: sample_from_json(item))
        return sample

    def _view(self, value: Any) -> tuple[bool, View]:
        keys = self.mapping(value, "notes.view", _VIEW_KEYS)
        measured = keys.get("measured", False)
        if not isinstance(measured, bool):
            self.wrong(
                "wrong-type", "notes.view.measured", "must be true or false", "write it without quotes", measured
            )
            measured = False
        beyond = self.number(keys.get("beyond", _BEYOND), "notes.view.beyond", 0, 1000)
        compared = self._words(keys.get("compared", []), "notes.view.compared")
        numeric = numeric_keys()
        columns = tuple(
            name
            for at, said in enumerate(self._words(keys.get("columns", []), "notes.view.columns"), start=1)
            if (name := self.word(said, f"notes.view.columns[{at}]", numeric, "property"))
        )
        order = self.word(keys.get("order", "score"), "notes.view.order", ("score", "weakest"), "order") or "score"
        pinned = self.text(keys.get("pinned", ""), "notes.view.pinned")
        return measured, View(pinned, round(beyond or 0), compared, columns, order)

    def _words(self, value: Any, key: str) -> tuple[str, ...]:
        said = self.items(value, key)
        return tuple(self.text(text, f"{key}[{at}]") for at, text in enumerate(said, start=1))

    # The stock of it all

    def _stock(
        self,
        base: Table,
        groups: Sequence[_Group],
        specs: Sequence[tuple[dict[str, Any], dict[str, Any]]],
        figures: tuple[OwnFigure, ...],
        reports: tuple[LabReport, ...],
    ) -> Stock:
        """The base with the rows and figures that go with it."""
        taken = set(base.ids)
        added = []
        for group in groups:
            added.append(_table_of(self._freed(group, taken, {row["id"] for _, row in specs})))
            taken |= set(added[-1].ids)
        stock = Stock(base, tuple(added))
        stock = self._with_specs(stock, specs)
        stock = replace(stock, figures=figures, reports=reports).over(base)
        for figure in stock.idle:
            message = f'an own figure is of "{figure.id}", which the table no longer holds'
            self.tell("idle-override", message, "it is kept in the project and counts for nothing", figure.id)
        self.inside("overrides", lambda: stock.whole)
        return stock

    def _freed(self, group: _Group, taken: set[str], reserved: set[str]) -> _Group:
        """The rows with ids of their own: one the shipped table has taken meanwhile gets a number."""
        rows = []
        for row in group.rows:
            free, number = row["id"], 2
            while free in taken or (free != row["id"] and free in reserved):
                free, number = f"{row['id']}-{number}", number + 1
            if free != row["id"]:
                message = f'the table ranked now has a "{row["id"]}" of its own'
                self.tell("id-taken", message, f'the row of the project is called "{free}"', row["id"])
                evidence = {
                    key: tuple(replace(record, material=free) for record in found)
                    for key, found in row["evidence"].items()
                }
                row = {**row, "id": free, "evidence": evidence}
            rows.append(row)
        return replace(group, rows=rows)

    def _with_specs(self, stock: Stock, specs: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Stock:
        """With the designed cloths: by the rules where these still say the same, else with the figures they had."""
        if not specs:
            return stock
        from advisor.builder import spec_from_json

        try:
            found = tuple(spec_from_json(spec) for spec, _ in specs)
            changed = replace(stock, specs=found)
            now = _rows(changed.under.take(range(len(stock.under), len(changed.under))), "predicted")
            same = all(_same_row(one, row) for one, (_, row) in zip(now, specs, strict=True))
        except AdvisorError:
            same = False
        if same:
            return changed
        message = "the rules of the cloth builder have changed since it was saved"
        self.tell("other-rules", message, "its designed cloths keep the figures they had")
        rows = [{**row, "from": None} for _, row in specs]
        digest = hashlib.sha256(_dump([[row["id"], row["figures"]] for row in rows]).encode("utf-8", "replace"))
        group = _Group("adds", "designed", digest.hexdigest(), "", rows)
        return replace(stock, added=(*stock.added, _table_of(self._freed(group, set(stock.under.ids), set()))))


def _same_row(now: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    figures = {key: (f["low"], f["typical"], f["high"], f["grade"]) for key, f in now["figures"].items()}
    return bool(now["id"] == row["id"] and now["words"] == row["words"] and figures == row["figures"])


def _understood(item: dict[str, Any]) -> dict[str, Any]:
    """A brief of a newer program as far as this one understands it: keys it refuses are left out."""
    item = {**item, "version": BRIEF_VERSION}
    try:
        brief_from_json(item)
    except AdvisorError as error:
        refused = {problem.column.split(".")[0].split("[")[0] for problem in error.problems}
        return {key: value for key, value in item.items() if key in ("format", "version") or key not in refused}
    return item


def _table_of(group: _Group) -> Table:
    """The table of a group of rows, as it was when it was saved."""
    keys = numeric_keys()
    places = {key: place for place, key in enumerate(keys)}
    codes = {grade: code for code, grade in enumerate(GRADE_CODES)}
    shape = (len(group.rows), len(keys))
    low, typical, high = (np.full(shape, np.nan) for _ in range(3))
    grades = np.zeros(shape, dtype=np.int8)
    records: dict[tuple[str, str], tuple[Evidence, ...]] = {}
    for at, row in enumerate(group.rows):
        for key, (least, usual, most, grade) in row["figures"].items():
            place = places[key]
            low[at, place], typical[at, place], high[at, place] = least, usual, most
            grades[at, place] = codes[grade]
        records |= {(row["id"], key): found for key, found in row["evidence"].items()}
    for array in (low, typical, high, grades):
        array.setflags(write=False)
    ids, names = tuple(row["id"] for row in group.rows), tuple(row["name"] for row in group.rows)
    words = [key for key, item in properties().items() if not item.numeric]
    text = {key: tuple(row["words"].get(key, "") for row in group.rows) for key in words}
    text |= {"id": ids, "name": names}
    return Table(
        group.name,
        ids,
        names,
        text,
        low,
        typical,
        high,
        grades,
        group.sha256,
        records=records,
        version=group.version or version_of(group.sha256),
        predicted=frozenset(row["id"] for row in group.rows if row["origin"] == "predicted"),
    )
