"""Figures: what stands behind a drawn value, in words with range and grade, and which of it is the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from advisor.answer import Answer
from advisor.explanation import place_label
from advisor.materials import GRADE_CODES, Table
from advisor.properties import properties
from ui.charts.style import Speech, View

_OWN = GRADE_CODES.index("own")
#: What stands beside a name whose figures are in part the user's own.
OWN_SIGN = "•"


@lru_cache(maxsize=4)
def _own_cells(table: Table) -> NDArray[np.bool_]:
    """(materials × columns) True for figures of the user's own or a lab report; none where all are the user's."""
    own = np.asarray(table.grades == _OWN)
    known = np.asarray(np.isfinite(table.typical))
    marked = own if (known & ~own).any() else np.zeros_like(own)
    if table.over:
        marked = marked.copy()
        for material, key in table.over:
            if material in table.index and properties()[key].numeric:
                marked[table.index[material], table.column(key)] = True
    return marked


def has_own(table: Table) -> bool:
    """Whether some of a table's figures are the user's own and others are not."""
    return bool(_own_cells(table).any())


def own_rows(table: Table, keys: Iterable[str]) -> NDArray[np.bool_]:
    """Which materials have a figure of the user's own in any of these properties, over those of another table."""
    columns = [table.column(key) for key in keys]
    return np.asarray(_own_cells(table)[:, columns].any(axis=1))


def own_criteria(answer: Answer, row: int) -> frozenset[str]:
    """The criteria in which a material is valued by a figure of the user's own."""
    cells = _own_cells(answer.table)
    if not cells[row].any():
        return frozenset()
    column = answer.table.column
    return frozenset(item.criterion for item in answer.values.members if cells[row, column(item.property)])


def signed(name: str, own: bool) -> str:
    """A name, with the sign behind it where figures are the user's own."""
    return f"{name} {OWN_SIGN}" if own else name


def with_signs(answer: Answer, rows: Sequence[int], names: Sequence[str]) -> list[str]:
    """Materials' names, each with the sign where a figure that counts is the user's own."""
    return [signed(name, bool(own_criteria(answer, row))) for row, name in zip(rows, names, strict=True)]


def figure_words(answer: Answer, row: int, key: str, speech: Speech) -> str:
    """A property of a material: figure with unit, range and grade."""
    table = answer.table
    column = table.column(key)
    low, typical, high = (float(side[row, column]) for side in (table.low, table.typical, table.high))
    name = speech.label(key)
    if np.isnan(typical):
        return speech.say("tip-gap", name=name)
    grade = table.grade(row, key)
    told = {
        "name": name,
        "figure": speech.figure(key, typical),
        "grade": speech.say("own") if grade == "own" else grade,
    }
    if low == high:
        line = speech.say("tip-point", **told)
    else:
        digits = properties()[key].decimals
        line = speech.say("tip-figure", low=speech.number(low, digits), high=speech.number(high, digits), **told)
    below = table.over.get((table.ids[row], key))
    if below is None:
        return line
    before, graded = below
    if not isinstance(before, float):
        return speech.say("tip-over-gap", line=line)
    return speech.say("tip-over", line=line, figure=speech.figure(key, before), grade=graded)


def place_words(answer: Answer, view: View, row: int, score: str, speech: Speech) -> str:
    """A material's place as the ranking labels it, with its score as given; that it is screened out where it is."""
    if not answer.ranking.ranks[row]:
        return speech.say("screened")
    return speech.say("place", place=place_label(answer, view.levels, row), score=score)


def criterion_lines(answer: Answer, row: int, criterion: str, speech: Speech) -> list[str]:
    """The figures a criterion is valued by; that nothing is asked of it where that is so."""
    keys = dict.fromkeys(item.property for item in answer.values.members if item.criterion == criterion)
    if not keys:
        return [speech.say("nothing-asked")]
    return [figure_words(answer, row, key, speech) for key in keys]


def grades_line(answer: Answer, row: int, speech: Speech) -> str:
    """How many of the figures a material is valued by have each grade: "Figures: 3 B, 8 C, 1 your own"."""
    counts: dict[str, int] = {}
    for key in dict.fromkeys(item.property for item in answer.values.members):
        grade = answer.table.grade(row, key)
        counts[grade] = counts.get(grade, 0) + 1
    names = {"own": speech.say("own"), "": speech.say("unknown")}
    parts = [
        speech.say("grade-count", count=speech.number(counts[grade]), grade=names.get(grade, grade))
        for grade in (*GRADE_CODES[1:], "")
        if counts.get(grade)
    ]
    return speech.say("grades", list=", ".join(parts)) if parts else ""
