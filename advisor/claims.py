"""Claims: what the two sourcing guides say of materials, in a small language checked against table, ranking, profiles.

``data/claims.csv`` holds one claim a row. Its ``check`` is one statement, or several joined by ``;`` that must all
hold. A statement reads ``SCOPE: MEASURE {SUBJECT} RELATION {COMPARISON}``:

- ``{…}`` selects rows by conditions joined by ``,``: ``main`` (the first family tag), ``tag`` (any word a ``family``
  limit matches), a text column (``coating``, ``weave``, ``id`` …) or a figure (``yarn_denier=200..300``); ``|`` parts
  alternatives, ``!=`` negates.
- SCOPE is ``every`` (each subject against each comparison), ``median``, ``best`` (the foremost of each), or
  ``every pair by KEYS`` and ``most pairs by KEYS``, which hold subject against comparison only where the columns KEYS
  are equal, so that one thing changes at a time. ``most`` is more than half.
- MEASURE is a property (``tear_strength_n``), one end of its range (``abrasion_cycles.low``), the quotient of two
  (``tear_strength_n / areal_mass_g_m2``), or, in a ranking, ``place``.
- RELATION is ``>``, ``>=``, ``<``, ``<=``, ``=`` with a number, ``{…}`` or ``1.1 x {…}`` behind it. For ``place`` it
  is ``above {…}`` or ``within N``. A tie is not above, and what is screened out is above nothing.

Statements on profiles: ``products KEY FIELD RELATION NUMBER`` or, for the number, ``products KEY FIELD`` again;
``products|sectors|markets KEY, KEY ask CRITERION, CRITERION`` (each layer raises its priority or sets a demand for
it); ``method PROPERTY names WORDS``.
"""

from __future__ import annotations

import csv
import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from advisor.answer import Answer, solve
from advisor.brief import FORMAT, VERSION, Brief, brief_from_json
from advisor.evidence import Evidence, Source
from advisor.files import shipped
from advisor.materials import Floats, Table
from advisor.problems import AdvisorError, Problem
from advisor.profiles import markets, products, sectors
from advisor.properties import CRITERIA, properties

GUIDES = ("mini-backpack", "running-backpack")
KINDS = ("table", "ranking", "profile", "none")
HOLDS = {"table": "holds in the table", "profile": "holds in the table", "ranking": "holds in the ranking"}
OVERRULED, NOT_TESTABLE = "overruled", "not testable"
OUTCOMES = ("holds in the ranking", "holds in the table", OVERRULED, NOT_TESTABLE)
HEADER = ("claim_id", "guide", "line", "claim", "kind", "check", "brief", "outcome", "evidence", "note")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a guide.

    Attributes:
        claim_id: stable name, ``M…`` for the mini-backpack guide and ``R…`` for the running-backpack guide.
        guide, line: where it stands, the line counted from 1.
        claim: what is claimed, in words of our own.
        kind: ``table``, ``ranking``, ``profile`` (it only carries a default, no evidence) or ``none``.
        check: statements as the module's text says; "" where nothing can be checked.
        brief: the brief of a ranking as JSON without format and version, or a list of briefs that must all bear the
            claim out. The criterion ``*`` in its priorities stands for every criterion not named.
        outcome: one of :data:`OUTCOMES`.
        evidence: ``source_id/material/property`` or ``source_id``, ``|``-separated: what overrules the claim.
        note: how the check follows from the claim's words, or why there is none.
    """

    claim_id: str
    guide: str
    line: int
    claim: str
    kind: str
    check: str
    brief: str
    outcome: str
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check finds now: whether the claim holds (None: there is no check), and the figures behind it."""

    holds: bool | None
    words: str


def read_claims(path: Path | None = None) -> tuple[Claim, ...]:
    """The claims of a file, by default the shipped one, in file order.

    Raises:
        AdvisorError: the header is another one, a line is no number, or a word is not one of those allowed.
    """
    path = path or shipped("data", "claims.csv")
    found, problems = [], []
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        if tuple(next(rows, ())) != HEADER:
            raise AdvisorError(Problem("wrong-header", "is no list of claims", ",".join(HEADER), str(path), 1))
        for number, row in enumerate(rows, start=2):
            cells = dict(zip(HEADER, row, strict=False))
            words = (("guide", GUIDES), ("kind", KINDS), ("outcome", OUTCOMES))
            wrong = [name for name, known in words if cells.get(name) not in known]
            if len(row) != len(HEADER) or not cells["line"].isdigit():
                wrong.append("line")
            problems += [
                Problem("wrong-claim", "is not one of the words allowed", "repair it", str(path), number, name)
                for name in wrong
            ]
            if not wrong:
                found.append(Claim(**{**cells, "line": int(cells["line"])}))  # type: ignore[arg-type]
    if problems:
        raise AdvisorError(problems)
    return tuple(found)


def judge(claim: Claim, table: Table) -> Finding:
    """Check one claim against a table.

    Raises:
        AdvisorError: the check cannot be read, or one of its selections is empty.
    """
    if not claim.check:
        return Finding(None, "")
    answers: Sequence[Answer | None] = [None]
    if claim.kind == "ranking":
        answers = [solve(table, brief) for brief in briefs(claim)]
    findings = []
    for answer in answers:
        for statement in re.split(r";\s*(?![^{]*\})", claim.check):
            try:
                findings.append(_statement(statement.strip(), table, answer))
            except (ValueError, KeyError) as error:
                raise _unread(claim.claim_id, f"{statement.strip()} ({error})") from error
    return Finding(all(holds for holds, _ in findings), "; ".join(words for _, words in findings))


def briefs(claim: Claim) -> tuple[Brief, ...]:
    """The briefs a ranking claim is judged under.

    Raises:
        AdvisorError: one is not valid.
    """
    try:
        document = json.loads(claim.brief)
    except json.JSONDecodeError as error:
        raise _unread(claim.claim_id, f"because its brief is no JSON: {error.msg}") from error
    return tuple(_brief(entry) for entry in (document if isinstance(document, list) else [document]))


def _brief(entry: Mapping[str, Any]) -> Brief:
    named = dict(entry.get("priorities", {}))
    others = named.pop("*", None)
    if others is not None:
        named = {key: named.get(key, others) for key in CRITERIA}
    filled = {**entry, "priorities": named} if named else dict(entry)
    return brief_from_json({"format": FORMAT, "version": VERSION, **filled}, "claims.csv")


def outcome_now(claim: Claim, finding: Finding) -> str:
    """The outcome a finding gives: what holds says where; what fails stands as overruled or not testable."""
    if finding.holds:
        return HOLDS[claim.kind]
    return claim.outcome if claim.outcome in (OVERRULED, NOT_TESTABLE) else NOT_TESTABLE


def independent(claim: Claim, evidence: Sequence[Evidence], known: Mapping[str, Source]) -> tuple[str, ...]:
    """The different A- or B-graded sources a claim's ``evidence`` names and that exist; two of them overrule it."""
    found = set()
    for item in filter(None, (part.strip() for part in claim.evidence.split("|"))):
        source, _, cell = item.partition("/")
        if cell:
            material, _, name = cell.partition("/")
            grades = {
                record.grade
                for record in evidence
                if (record.source_id, record.material, record.property) == (source, material, name)
            }
        else:
            grades = {known[source].grade} if source in known else set()
        if grades & {"A", "B"} and source in known:
            found.add(source)
    return tuple(sorted(found))


def _unread(where: str, text: str) -> AdvisorError:
    return AdvisorError(Problem("wrong-check", f"cannot read the check {text}", "see advisor.claims", column=where))


# --- statements -------------------------------------------------------------------------------------------------------

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": lambda left, right: abs(left - right) <= 1e-9 * max(1.0, abs(right)),
}
_STATEMENT = re.compile(
    r"(?P<scope>[^:{]+?):\s*(?P<measure>[^{]+?)\s*\{(?P<subject>[^}]*)\}\s*"
    r"(?P<relation>>=|<=|>|<|=|above|within)\s*(?:(?P<factor>[\d.]+)\s*x\s*)?"
    r"(?:\{(?P<comparison>[^}]*)\}|(?P<number>-?[\d.]+))"
)


def _statement(text: str, table: Table, answer: Answer | None) -> tuple[bool, str]:
    if text.split(" ", 1)[0] in ("products", "sectors", "markets", "method"):
        return _of_profile(text)
    match = _STATEMENT.fullmatch(text)
    if match is None:
        raise ValueError("it is not SCOPE: MEASURE {…} RELATION …")
    figures = _measure(match["measure"], table, answer)
    subject = _select(match["subject"], table)
    relation, factor = match["relation"], float(match["factor"] or 1)
    scope = match["scope"].strip()
    if relation == "within":
        foremost = min(float(figures[row]) for row in subject)
        return foremost <= float(match["number"]), f"place {foremost:g} of {len(table)}"
    compare = operator.lt if relation == "above" else _COMPARE[relation]
    if match["number"] is not None:
        limit = float(match["number"])
        left = [_summary(scope, figures[subject], relation)] if scope != "every" else figures[subject].tolist()
        return all(compare(value, limit) for value in left), f"{min(left):g} to {max(left):g} against {limit:g}"
    comparison = _select(match["comparison"], table)
    if scope in ("median", "best"):
        one, other = (_summary(scope, figures[rows], relation) for rows in (subject, comparison))
        return compare(one, factor * other), f"{one:.4g} against {other:.4g}"
    pairs = list(_pairs(scope, table, subject, comparison))
    if not pairs:
        raise ValueError("no pair is alike")
    kept = [compare(float(figures[one]), factor * float(figures[other])) for one, other in pairs]
    enough = 2 * sum(kept) > len(kept) if scope.startswith("most") else all(kept)
    failing = [f"{table.ids[a]} / {table.ids[b]}" for (a, b), fine in zip(pairs, kept, strict=True) if not fine]
    return enough, f"{sum(kept)} of {len(kept)} pairs" + (f", not {', '.join(failing[:4])}" if failing else "")


def _summary(scope: str, figures: Floats, relation: str) -> float:
    known = [float(figure) for figure in figures if not np.isnan(figure)]
    if not known:
        raise ValueError("a selection has no figure")
    if scope == "median":
        return float(median(known))
    if scope != "best":
        raise ValueError(f"unknown scope {scope}")
    return min(known) if relation in ("above", "within", "<", "<=") else max(known)


def _pairs(scope: str, table: Table, subject: Sequence[int], comparison: Sequence[int]) -> Iterator[tuple[int, int]]:
    head, _, keys = scope.partition(" by ")
    if head not in ("every", "every pair", "most pairs"):
        raise ValueError(f"unknown scope {scope}")
    wanted = [key.strip() for key in keys.split(",") if key.strip()]
    for one in subject:
        for other in comparison:
            cells = [(_cell(table, one, key), _cell(table, other, key)) for key in wanted]
            # A figure that is not known is like no other.
            if one != other and all(left == right and left is not None for left, right in cells):
                yield one, other


def _cell(table: Table, row: int, key: str) -> object:
    if key == "main":
        return table.text["family"][row].split("|")[0]
    if key == "fibre":
        words = table.text["fibre"][row]
        return "nylon" if "nylon" in words else "polyester" if "polyester" in words else words
    if key in table.text:
        return table.text[key][row]
    figure = float(table.typical[row, table.column(key)])
    return None if np.isnan(figure) else figure


def _measure(text: str, table: Table, answer: Answer | None) -> Floats:
    if text == "place":
        if answer is None:
            raise ValueError("a place needs a brief")
        ranks = answer.ranking.ranks.astype(np.float64)
        # All that is screened out stands behind the last place, level with each other.
        return np.where(ranks == 0, len(table) + 1.0, ranks)
    parts = [_figures(part.strip(), table) for part in text.split("/")]
    if len(parts) == 1:
        return parts[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(parts[0] / parts[1], dtype=np.float64)


def _figures(text: str, table: Table) -> Floats:
    key, _, end = text.partition(".")
    column = table.column(key)
    return {"": table.typical, "low": table.low, "high": table.high}[end][:, column]


def _select(text: str, table: Table) -> list[int]:
    conditions = [part.strip() for part in text.split(",") if part.strip()]
    rows = [row for row in range(len(table)) if all(_fits(table, row, condition) for condition in conditions)]
    if not rows:
        raise ValueError(f"nothing is {{{text}}}")
    return rows


def _fits(table: Table, row: int, condition: str) -> bool:
    key, sign, wanted = (part.strip() for part in re.split(r"(!=|=)", condition, maxsplit=1))
    found = any(_one(table, row, key, option.strip()) for option in wanted.split("|"))
    return found != (sign == "!=")


def _one(table: Table, row: int, key: str, option: str) -> bool:
    if key == "tag":
        return option.casefold() in table.tags[row]
    cell = _cell(table, row, key)
    if isinstance(cell, str):
        return option.casefold() == cell.casefold() or option.casefold() in re.split(r"[|\s,]+", cell.casefold())
    if cell is None:
        return False
    low, _, high = option.partition("..")
    assert isinstance(cell, float)
    return float(low) <= cell <= float(high or low)


# --- profiles ---------------------------------------------------------------------------------------------------------


def _of_profile(text: str) -> tuple[bool, str]:
    kind, rest = text.split(" ", 1)
    if kind == "method":
        key, _, words = rest.partition(" names ")
        methods = properties()[key.strip()].test_methods
        return words.strip().casefold() in methods.casefold(), methods
    asking = re.fullmatch(r"(.+?) ask (.+)", rest)
    if asking:
        wanted = [word.strip() for word in asking[2].split(",")]
        lacking = [
            f"{key.strip()} {criterion}"
            for key in asking[1].split(",")
            for criterion in wanted
            if criterion not in _asked(kind, key.strip())
        ]
        return not lacking, f"not asked: {', '.join(lacking)}" if lacking else "asked"
    match = re.fullmatch(r"(\S+) (\S+) (>=|<=|>|<|=) (?:products (\S+) (\S+)|([\d.]+))", rest)
    if match is None or kind != "products":
        raise ValueError("it is no statement on profiles")
    left = float(getattr(products()[match[1]], match[2]))
    right = float(match[6]) if match[6] else float(getattr(products()[match[4]], match[5]))
    return _COMPARE[match[3]](left, right), f"{left:g} against {right:g}"


@lru_cache(maxsize=256)
def _asked(kind: str, key: str) -> frozenset[str]:
    """Criteria a layer raises or sets a demand for."""
    if kind == "products":
        layer = products()[key].layer
    else:
        layer = (sectors() if kind == "sectors" else markets())[key]
    return frozenset((*layer.raises, *(properties()[item.property].criterion for item in layer.demands)))
