"""Revision: whether an old decision still holds under another version of the table, and which figures moved it."""

from __future__ import annotations

import builtins
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from advisor.answer import Answer, solve
from advisor.brief import Brief
from advisor.materials import Table, read_version
from advisor.moves import PlaceMove, place_moves
from advisor.properties import properties
from advisor.sentences import Num, Sentence

if TYPE_CHECKING:
    from advisor.project import Decision

#: Text columns a limit may look at.
_LIMIT_WORDS = ("family", "fibre", "weave", "certificates")


@dataclass(frozen=True)
class FigureMove:
    """A figure that differs between the tables, of the cloth that led or of the one that leads.

    Attributes:
        material: its id; ``name`` as printed.
        property: the column.
        before, after: the typical figure in the property's unit, None for a gap; equal where only the range moved.
        range_before, range_after: low and high, None for a gap.
        words_before, words_after: of a text column a limit looks at.
        effect: what it alone added to the lead of the cloth that leads now over the one that led; where the two are the
            same cloth, to its lead over the next.
        decisive: with the old figure alone put back, another cloth leads than does now.
    """

    material: str
    name: str
    property: str
    before: float | None
    after: float | None
    range_before: tuple[float, float] | None
    range_after: tuple[float, float] | None
    words_before: str
    words_after: str
    effect: float
    decisive: bool

    def sentence(self) -> Sentence:
        """The figure's move in words."""
        item = properties()[self.property]
        values: dict[str, object] = {"name": self.name, "property": item.short, "effect": Num(self.effect, 3, True)}
        values["unit"] = "" if item.unit in ("", "grade", "rating") else Sentence("unit", {"unit": item.unit})
        if not item.numeric:
            values |= {"before": self.words_before or "–", "after": self.words_after or "–"}
            code = "revision-words"
        elif self.before == self.after and self.range_before and self.range_after:
            ends = (*self.range_before, *self.range_after)
            keys = ("low_before", "high_before", "low_after", "high_after")
            digits = _digits(ends, item.decimals)
            values |= {key: Num(end, digits) for key, end in zip(keys, ends, strict=True)}
            code = "revision-range"
        else:
            digits = _digits([end for end in (self.before, self.after) if end is not None], item.decimals)
            values |= {
                "before": Sentence("revision-gap") if self.before is None else Num(self.before, digits),
                "after": Sentence("revision-gap") if self.after is None else Num(self.after, digits),
            }
            code = "revision-figure"
        found = Sentence(code, values)
        return Sentence("revision-decisive", {"figure": found}) if self.decisive else found


def _digits(figures: Iterable[float], least: int) -> int:
    """Digits after the point that keep different figures apart, at most four."""
    figures = sorted(set(figures))
    for digits in range(least, 4):
        if len({f"{figure:.{digits}f}" for figure in figures}) == len(figures):
            return digits
    return 4 if least < 4 else least


@dataclass(frozen=True, eq=False)
class Revision:
    """One brief under two tables.

    Attributes:
        before, after: the answers.
        led, leads: id of the cloth that led and of the one that leads, "" where none passes.
        moves: materials of both tables at another place, those nearest the top first.
        joined, left: ids that stand in the new table only, in the old one only.
        figures: what moved the lead: the changed figures of ``led`` and ``leads`` (and of the next one, where the same
            cloth leads) that count under the brief; decisive ones first, then by effect.
    """

    before: Answer
    after: Answer
    led: str
    leads: str
    moves: tuple[PlaceMove, ...]
    joined: tuple[str, ...]
    left: tuple[str, ...]
    figures: tuple[FigureMove, ...]

    @builtins.property
    def holds(self) -> bool:
        """Whether the same cloth leads."""
        return self.led == self.leads

    def sentences(self, most: int = 5) -> tuple[Sentence, ...]:
        """The whole in words: the lead first, then up to ``most`` figures, then up to ``most`` places."""
        names = {"before": _label(self.before.table), "after": _label(self.after.table)}
        led, leads = _name(self.before, self.led), _name(self.after, self.leads)
        if not self.leads:
            found = [Sentence("revision-none", names)]
        elif not self.led:
            found = [Sentence("revision-first", {**names, "name": leads})]
        elif self.holds:
            found = [Sentence("revision-holds", {**names, "name": leads})]
        else:
            found = [Sentence("revision-other", {**names, "name": leads, "other": led})]
        if self.led in self.left:
            found.append(Sentence("revision-left", {**names, "name": led}))
        if self.leads in self.joined:
            found.append(Sentence("revision-joined", {**names, "name": leads}))
        found += [figure.sentence() for figure in self.figures[:most]]
        stayed = self.led and self.leads and self.led not in self.left and self.leads not in self.joined
        if not self.holds and stayed and not any(figure.decisive for figure in self.figures):
            found.append(Sentence("revision-together"))
        count = len(self.after.table) - len(self.joined)
        found.append(Sentence("revision-count", {"moved": Num(len(self.moves)), "count": Num(count)}))
        found += [_place(move) for move in self.moves[:most]]
        return tuple(found)


def _label(table: Table) -> str:
    """A table as people tell it from another: its version, else its name and the start of its hash."""
    return table.version if table.version else f"{table.name} {table.sha256[:8]}"


def _place(move: PlaceMove) -> Sentence:
    """A change of place in words; one whose own score stands was passed or let through by others."""
    if move.before and move.after and abs(move.score) < 0.0005:
        values = {"name": move.name, "before": Num(move.before), "after": Num(move.after)}
        return Sentence("revision-passed", values)
    return move.sentence()


def _name(answer: Answer, material: str) -> str:
    return answer.table.names[answer.table.index[material]] if material else ""


def revise(brief: Brief, old: Table, new: Table) -> Revision:
    """One brief under two tables. Pure; takes a solve for each changed figure of two cloths."""
    before, after = solve(old, brief), solve(new, brief)
    led, leads = _leader(before), _leader(after)
    return Revision(
        before,
        after,
        led,
        leads,
        place_moves(before, after),
        tuple(material for material in new.ids if material not in old.index),
        tuple(material for material in old.ids if material not in new.index),
        _figures(before, after, led, leads),
    )


@dataclass(frozen=True)
class Standing:
    """A decided cloth and where it stands now.

    Attributes:
        panel: it was decided for; ``material``: its id; ``name``: as it is printed, as it was where it is gone.
        then: its place at the time, None for screened out.
        now: its place, 0 for screened out, None where the table does not hold it.
        when, who: of the decision.
    """

    panel: str
    material: str
    name: str
    then: int | None
    now: int | None
    when: str
    who: str


def standings(decisions: Iterable[Decision], answer: Answer) -> tuple[Standing, ...]:
    """Where the cloths decided on an answer's brief stand in it; decisions on briefs of another title are left out."""
    found = []
    for decision in decisions:
        if decision.brief not in ("", answer.brief.title):
            continue
        for choice in decision.cloths:
            row = answer.table.index.get(choice.material)
            name = answer.table.names[row] if row is not None else choice.name or choice.material
            now = None if row is None else int(answer.ranking.ranks[row])
            found.append(Standing(choice.panel, choice.material, name, choice.rank, now, decision.when, decision.who))
    return tuple(found)


def revise_files(brief: Brief, old: Path, new: Path) -> Revision:
    """:func:`revise` for two files: published versions (``datapackage.json`` or its folder) or any tables.

    Raises:
        AdvisorError: one of them cannot be read.
    """
    return revise(brief, read_version(old), read_version(new))


def _leader(answer: Answer) -> str:
    rows = answer.ranking.passing_rows()
    return answer.table.ids[int(rows[0])] if len(rows) else ""


def _score(answer: Answer, material: str) -> float:
    """Additive score, whatever method orders."""
    return float(np.sum(answer.ranking.contributions[answer.table.index[material]]))


def _figures(before: Answer, after: Answer, led: str, leads: str) -> tuple[FigureMove, ...]:
    new = after.table
    top, other = leads, led if led != leads else _next(after)
    pair = [material for material in dict.fromkeys((top, other)) if material in new.index]
    if not top:
        return ()

    def lead(answer: Answer) -> float:
        return _score(answer, top) - (_score(answer, other) if other in answer.table.index else 0.0)

    found = []
    for material in pair:
        if material not in before.table.index:
            continue
        for key in _counted(before, after):
            back = _put_back(before.table, new, material, key)
            if back is None:
                continue
            undone = solve(back, after.brief)
            effect = lead(after) - lead(undone)
            decisive = _leader(undone) != leads
            if effect or decisive:
                found.append(_move(before.table, new, material, key, effect, decisive))
    return tuple(sorted(found, key=lambda move: (not move.decisive, -abs(move.effect), move.material, move.property)))


def _next(answer: Answer) -> str:
    rows = answer.ranking.passing_rows()
    return answer.table.ids[int(rows[1])] if len(rows) > 1 else ""


def _counted(before: Answer, after: Answer) -> tuple[str, ...]:
    """Properties that count under the brief, by value or by limit, in table order."""
    keys = {member.property for answer in (before, after) for member in answer.values.members}
    for limit in (*before.screen.limits, *after.screen.limits):
        if limit.property:
            keys.add(limit.property)
        elif limit.certificate:
            keys.add("certificates")
        else:
            keys |= set(_LIMIT_WORDS[:3])
    return tuple(key for key in properties() if key in keys)


def _put_back(old: Table, new: Table, material: str, key: str) -> Table | None:
    """``new`` with one cell as it was in ``old``; None where it is the same in both."""
    was, now = old.index[material], new.index[material]
    if not properties()[key].numeric:
        if old.text[key][was] == new.text[key][now]:
            return None
        words = list(new.text[key])
        words[now] = old.text[key][was]
        return replace(new, text={**new.text, key: tuple(words)})
    column = new.column(key)
    own = [array[was, column] for array in (old.low, old.typical, old.high)]
    theirs = [array[now, column] for array in (new.low, new.typical, new.high)]
    if np.array_equal(own, theirs, equal_nan=True):
        return None
    changed = []
    for array, figure in zip((new.low, new.typical, new.high), own, strict=True):
        copy = array.copy()
        copy[now, column] = figure
        copy.setflags(write=False)
        changed.append(copy)
    return replace(new, low=changed[0], typical=changed[1], high=changed[2])


def _move(old: Table, new: Table, material: str, key: str, effect: float, decisive: bool) -> FigureMove:
    was, now = old.index[material], new.index[material]
    name = new.names[now]
    if not properties()[key].numeric:
        words = (old.text[key][was], new.text[key][now])
        return FigureMove(material, name, key, None, None, None, None, *words, effect, decisive)

    def figures(table: Table, row: int) -> tuple[float | None, tuple[float, float] | None]:
        low, typical, high = (float(array[row, table.column(key)]) for array in (table.low, table.typical, table.high))
        return (None, None) if math.isnan(typical) else (typical, (low, high))

    (before, ends_before), (after, ends_after) = figures(old, was), figures(new, now)
    return FigureMove(material, name, key, before, after, ends_before, ends_after, "", "", effect, decisive)
