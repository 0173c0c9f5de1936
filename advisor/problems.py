"""What can be wrong with a user's file or words: Problem records, and the one exception that carries them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong or doubtful in a user's material.

    Attributes:
        code: stable name of the kind of problem, e.g. ``unknown-key``.
        message: what is wrong, in one plain clause.
        hint: what to do about it.
        file: the file as the user named it, or "".
        row: row number as a spreadsheet counts it (the header is row 1), or None.
        column: column or key as the user wrote it, or "".
        value: the offending value as text, or "".
        severity: ``error`` stops the work, ``warning`` does not.
    """

    code: str
    message: str
    hint: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    severity: Severity = "error"

    def line(self) -> str:
        """The problem on one line: where it is, what it is, what to do."""
        where = [self.file] if self.file else []
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column:
            where.append(self.column if self.row is None else f"column {self.column}")
        text = f"{', '.join(where)}: {self.message}" if where else self.message
        return " ".join(f"{text}; {self.hint}".split()) if self.hint else " ".join(text.split())

    def as_json(self) -> dict[str, object]:
        """The record as plain JSON values."""
        return asdict(self)


class AdvisorError(Exception):
    """The only failure a user is meant to see; carries every problem found at once."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(p.line() for p in self.problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to ``word`` (for "did you mean"), or "" where none is near."""
    import difflib  # nobody waits for it where nothing is misspelt

    options = {option.casefold(): option for option in known}
    found = difflib.get_close_matches(word.casefold(), options, n=1, cutoff=0.5)
    return options[found[0]] if found else ""
