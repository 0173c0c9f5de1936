"""Grades: a table on some evidence grades alone, and how much of a score rests on which grade."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace

import numpy as np

from advisor.answer import Answer
from advisor.materials import GRADE_CODES, Table
from advisor.properties import CRITERIA, properties
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
    return {grade: found[grade] / total for grade in GRADE_CODES if found.get(grade)} if total else {}


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
