"""Grades: a table on some evidence grades alone, and how much of a score rests on which grade."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np

from advisor.answer import Answer
from advisor.evidence import LAB_REPORT, Source
from advisor.materials import GRADE_CODES, Table, sources
from advisor.properties import CRITERIA, properties
from advisor.sentences import Num, Sentence
from advisor.values import FOLDS, Member

#: Grades of what somebody measured or a supplier states; the user's own figures count among them.
MEASURED = "AB"

_OWN = GRADE_CODES.index("own")


def only_grades(table: Table, grades: str) -> Table:
    """The table with the figures of these grades (letters of "ABCD") and the user's own; all others are gaps.

    Words stay as they are: limits on family, coating and certificates judge as before.

    Raises:
        ValueError: a letter is no grade.
    """
    kept = {_OWN, *(GRADE_CODES.index(letter) for letter in grades)}
    gone = ~np.isin(table.grades, sorted(kept)) & (table.grades != 0)
    if not gone.any():
        return table
    low, typical, high = (np.where(gone, np.nan, array) for array in (table.low, table.typical, table.high))
    codes = np.where(gone, np.int8(0), table.grades)
    for array in (low, typical, high, codes):
        array.setflags(write=False)
    known, index = properties(), table.index
    records = {
        (own, key): found
        for (own, key), found in table.records.items()
        if own in index and not (known[key].numeric and gone[index[own], table.column(key)])
    }
    digest = hashlib.sha256(f"{table.sha256}\nonly {grades}".encode()).hexdigest()
    return replace(table, low=low, typical=typical, high=high, grades=codes, records=records, sha256=digest)


def footing(answer: Answer, row: int) -> dict[str, float]:
    """Shares of a material's additive score by the grade of the figures it comes from; "" is what gaps stand in for.

    Each criterion's contribution goes to the figure that makes it: the lowest one where the lowest counts (equally to
    several equal ones), in parts of their values where the mean counts. Criteria nothing is asked of rest on no figure
    and are left out. The shares sum to 1; they are empty where nothing is contributed.
    """
    if (held := answer.footings.get(row)) is not None:
        return dict(held)
    found: dict[str, float] = {}
    for place, criterion in enumerate(CRITERIA):
        members = [member for member in answer.values.members if member.criterion == criterion]
        part = float(answer.ranking.contributions[row, place])
        if not members or part <= 0:
            continue
        worth = [_value(answer, row, member) for member in members]
        if FOLDS.get(criterion, "lowest") == "lowest":
            least = min(worth)
            shares = [1.0 if value - least < 1e-12 else 0.0 for value in worth]
        else:
            shares = worth
        whole = sum(shares)
        for member, share in zip(members, shares, strict=True):
            grade = answer.table.grade(row, member.property)
            found[grade] = found.get(grade, 0.0) + part * share / whole if whole else found.get(grade, 0.0)
    total = sum(found.values())
    answer.footings[row] = {grade: found[grade] / total for grade in GRADE_CODES if found.get(grade)} if total else {}
    return dict(answer.footings[row])


def measured_share(answer: Answer, row: int) -> float | None:
    """How much of a score (0 to 1) rests on measured, suppliers' or the user's own figures; None where on nothing."""
    shares = footing(answer, row)
    return sum(shares.get(grade, 0.0) for grade in (*MEASURED, "own")) if shares else None


def _value(answer: Answer, row: int, member: Member) -> float:
    """A property's value for one material; a gap takes the end the brief names."""
    figure = float(answer.table.typical[row, answer.table.column(member.property)])
    if not math.isnan(figure):
        return float(member.curve(np.array([figure]))[0])
    low, high = properties()[member.property].plausible or (0.0, 0.0)
    least, most = member.curve.bounds(np.array([low]), np.array([high]))
    if answer.brief.gaps == "cautious":
        return float(least[0])
    return float(most[0]) if answer.brief.gaps == "hopeful" else member.curve.mean(low, high)


def measured_sentence(answer: Answer, row: int) -> Sentence | None:
    """The evidence meter in words: "62 % of this score rests on measured or supplier figures (A 10 %, B 52 %, …)"."""
    shares = footing(answer, row)
    if not shares:
        return None
    measured = sum(shares.get(grade, 0.0) for grade in (*MEASURED, "own"))
    parts = tuple(
        Sentence(f"meter-{grade or 'gap'}", {"share": Num(100 * share)}) for grade, share in shares.items() if share > 0
    )
    return Sentence("meter", {"share": Num(100 * measured), "parts": parts})


def figures_behind(answer: Answer, row: int) -> tuple[dict[str, Any], ...]:
    """Every figure of a material that counts under the brief, with what it rests on, in property order.

    Each holds property, criterion, low, typical, high, unit, grade ("" for a gap), and of its best record method,
    source_id, source, year and rule (the source's id where it is a rule or a judgement), None where not known; ``over``
    holds figure and grade of the table below an override, else None.
    """
    table = answer.table
    counted = {member.property: member.criterion for member in answer.values.members}
    counted |= {demand.property: properties()[demand.property].criterion for demand in answer.asked}
    found = []
    for key, item in properties().items():
        if key not in counted:
            continue
        place = table.column(key)
        low, typical, high = (float(side[row, place]) for side in (table.low, table.typical, table.high))
        cell = table.cell(row, key)
        record = cell.records[0] if cell is not None else None
        source = None if record is None else source_named(record.source_id)
        below = table.over.get((table.ids[row], key))
        known = not math.isnan(typical)
        found.append(
            {
                "property": key,
                "criterion": counted[key] or None,
                "low": low if known else None,
                "typical": typical if known else None,
                "high": high if known else None,
                "unit": item.unit,
                "grade": table.grade(row, key),
                "method": (record.test_method or None) if record else None,
                "source_id": record.source_id if record else None,
                "source": source.title if source else None,
                "year": (source.year or None) if source else None,
                "rule": source.source_id if source and source.kind in ("rule", "judgement") else None,
                "over": None if below is None else {"figure": below[0], "grade": below[1]},
            }
        )
    return tuple(found)


def figure_line(figure: dict[str, Any]) -> str:
    """One of :func:`figures_behind` on a line: figure, range, grade, method, source and year, or its rule."""
    item = properties()[figure["property"]]
    if figure["typical"] is None:
        return f"{item.short:<11} not known: ask the mill"
    digits = item.decimals
    ends = "" if figure["low"] == figure["high"] else f" ({figure['low']:,.{digits}f} to {figure['high']:,.{digits}f})"
    rule = figure["rule"] or ""
    facts = [rule] if rule else [figure["method"] or "test not named", figure["source"] or "", figure["year"] or ""]
    if figure["grade"] == "own":
        facts = ["your own figure"]
    if figure["over"] is not None:
        below = figure["over"]["figure"]
        facts.append(f"over {below:,.{digits}f} [{figure['over']['grade']}]" if below is not None else "over a gap")
    unit = "" if item.unit in ("grade", "rating") else f" {item.unit}"
    shown = f"{figure['typical']:,.{digits}f}{unit}{ends}"
    return f"{item.short:<11} {shown} [{figure['grade']}] {', '.join(filter(None, facts))}"


def source_named(source_id: str) -> Source | None:
    """A source by its id: of the shipped evidence, or a lab report that was entered; None for anything else."""
    found = sources().get(source_id)
    if found is None and source_id.startswith(LAB_REPORT):
        year = re.search(r", (\d{4})-\d\d-\d\d", source_id)
        return Source(source_id, "laboratory", source_id, "", year[1] if year else "", "A", "")
    return found
