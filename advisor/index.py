"""Index: a material index (Ashby) from an expression of columns: safely parsed, its unit worked out and checked."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from advisor.materials import Table
from advisor.methods import Floats, Ints, places
from advisor.problems import AdvisorError, Problem, nearest
from advisor.properties import properties

#: Unit as atoms and exponents, {"kg": 1, "m": -3}; None: not known, so not checked.
Unit = Mapping[str, float] | None

#: Longest expression read; a longer one is no index.
_MOST_LETTERS = 500
_NUMBERS = (int, float)


@dataclass(frozen=True, eq=False)
class Index:
    """An index worked out for every row.

    Attributes:
        expression: as it was given.
        figures: one a row, NaN where a figure it needs is missing.
        unit: such as "GPa^0.5·m^3/kg", "1" for a plain number, "" where a column's unit is not known.
        ranks: places by ``figures``, the largest first; 0 where the figure is missing.
    """

    expression: str
    figures: Floats
    unit: str
    ranks: Ints


def index(expression: str, columns: Mapping[str, Floats], units: Mapping[str, str] | None = None) -> Index:
    """An index such as ``youngs_modulus_gpa ** 0.5 / density_kg_m3`` for every row; larger is better.

    Numbers, column names, + − * / ** and brackets, and sqrt, cbrt, log, log10, exp, abs, min, max. Units are checked
    where columns carry them: sums need one unit, exponents and what goes into log and exp none.

    Args:
        expression: the formula.
        columns: figures by column name, NaN for missing.
        units: unit by column name; a column without one is not checked.

    Raises:
        AdvisorError: the expression is none, names an unknown column, mixes units, or has no figure for a row whose
            inputs are there (a division by 0, the root of a negative number); the row is named.
    """
    tree = _parsed(expression)
    worker = _Worker(expression, columns, units or {})
    with np.errstate(all="ignore"):
        figures, unit = worker.visit(tree.body)
    rows = len(next(iter(columns.values()))) if columns else 0
    found = np.broadcast_to(np.asarray(figures, dtype=np.float64), (rows,)).copy()
    missing = np.zeros(rows, dtype=bool)
    for name in worker.used:
        missing |= np.isnan(columns[name])
    wrong = np.flatnonzero(~np.isfinite(found) & ~missing)
    if len(wrong):
        raise AdvisorError(
            Problem(
                "no-figure",
                f'"{expression}" has no finite value there',
                "mind divisions by 0 and roots or logarithms of what is not above 0",
                row=int(wrong[0]) + 1,
            )
        )
    found[missing] = np.nan
    ranks = np.zeros(rows, dtype=np.intp)
    known = found[~missing]
    ranks[~missing] = places(known, width=1e-12 * float(np.abs(known).max(initial=0.0)))
    return Index(expression, found, "" if unit is None else unit_text(unit), ranks)


def columns_of(expression: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of the ``known`` columns an expression names, in their order.

    Raises:
        AdvisorError: the expression is none.
    """
    names = {node.id for node in ast.walk(_parsed(expression)) if isinstance(node, ast.Name)}
    return tuple(name for name in known if name in names)


def figures_of(expression: str, columns: Mapping[str, Floats]) -> Floats:
    """What an expression comes to for every row, units aside; NaN where it has no finite figure.

    Raises:
        AdvisorError: the expression is none, or names an unknown column.
    """
    with np.errstate(all="ignore"):
        figures, _ = _Worker(expression, columns, {}).visit(_parsed(expression).body)
    rows = len(next(iter(columns.values()))) if columns else 0
    found = np.broadcast_to(np.asarray(figures, dtype=np.float64), (rows,))
    return np.where(np.isfinite(found), found, np.nan)


def table_index(table: Table, expression: str) -> Index:
    """An index over the numeric columns of a material table, typical figures, units of ``properties.csv``."""
    numeric = {key: item for key, item in properties().items() if item.numeric}
    columns = {key: table.typical[:, table.column(key)] for key in numeric}
    return index(expression, columns, {key: item.unit for key, item in numeric.items()})


def _parsed(expression: str) -> ast.Expression:
    text = expression.strip().replace("^", "**").replace("−", "-").replace("×", "*").replace("·", "*")
    problem = Problem("wrong-expression", f'"{expression[:80]}" is no formula', "write one like a ** 0.5 / b")
    if not text or len(text) > _MOST_LETTERS:
        raise AdvisorError(problem)
    try:
        return ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise AdvisorError(problem) from error


_FUNCTIONS: dict[str, tuple[Callable[..., Floats], float | None]] = {
    # function, and the exponent it puts on a unit (None: takes plain numbers only)
    "sqrt": (np.sqrt, 0.5),
    "cbrt": (np.cbrt, 1 / 3),
    "abs": (np.abs, 1.0),
    "log": (np.log, None),
    "log10": (np.log10, None),
    "exp": (np.exp, None),
}
_PAIRED: dict[str, Callable[..., Floats]] = {"min": np.minimum, "max": np.maximum}


class _Worker:
    """Works an expression out, node by node; whatever is not named here is refused."""

    def __init__(self, expression: str, columns: Mapping[str, Floats], units: Mapping[str, str]) -> None:
        self.expression, self.columns, self.units = expression, columns, units
        self.used: set[str] = set()

    def wrong(self, message: str, hint: str) -> AdvisorError:
        return AdvisorError(Problem("wrong-expression", message, hint, value=self.expression[:80]))

    def visit(self, node: ast.expr) -> tuple[Floats, Unit]:
        if isinstance(node, ast.Constant) and type(node.value) in _NUMBERS:
            return np.asarray(float(node.value)), {}  # type: ignore[arg-type]
        if isinstance(node, ast.Name):
            return self.column(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            figures, unit = self.visit(node.operand)
            return (-figures if isinstance(node.op, ast.USub) else figures), unit
        if isinstance(node, ast.BinOp):
            return self.pair(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self.call(node.func.id, [self.visit(part) for part in node.args])
        raise self.wrong("there is something in it that is no part of a formula", "numbers, columns, + - * / ** only")

    def column(self, name: str) -> tuple[Floats, Unit]:
        if name not in self.columns:
            near = nearest(name, self.columns)
            raise self.wrong(f'there is no column "{name}"', f'did you mean "{near}"?' if near else "check its name")
        self.used.add(name)
        return self.columns[name], unit_of(self.units[name]) if name in self.units else None

    def pair(self, node: ast.BinOp) -> tuple[Floats, Unit]:
        (left, a), (right, b) = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Add | ast.Sub):
            unit = self.same(a, b, "added")
            return (left + right if isinstance(node.op, ast.Add) else left - right), unit
        if isinstance(node.op, ast.Mult):
            return left * right, _times(a, b, 1.0)
        if isinstance(node.op, ast.Div):
            return left / right, _times(a, b, -1.0)
        if isinstance(node.op, ast.Pow):
            if b:
                raise self.wrong(f"an exponent has the unit {unit_text(b)}", "exponents are plain numbers")
            if not a:
                return np.power(left, right), a
            if right.ndim:
                raise self.wrong("a figure with a unit has a column as exponent", "write a plain number")
            exponent = float(right)
            return np.power(left, right), {atom: power * exponent for atom, power in a.items() if exponent}
        raise self.wrong("there is a sign in it that is no part of a formula", "+ - * / ** only")

    def call(self, name: str, parts: list[tuple[Floats, Unit]]) -> tuple[Floats, Unit]:
        if name in _PAIRED and len(parts) >= 2:
            figures, unit = parts[0]
            for other, its in parts[1:]:
                unit = self.same(unit, its, "compared")
                figures = _PAIRED[name](figures, other)
            return figures, unit
        if name in _FUNCTIONS and len(parts) == 1:
            work, exponent = _FUNCTIONS[name]
            figures, unit = parts[0]
            if exponent is None:
                if unit:
                    raise self.wrong(
                        f"{name} of a figure in {unit_text(unit)}", "divide by a figure in that unit first"
                    )
                return work(figures), unit
            return work(figures), None if unit is None else {atom: power * exponent for atom, power in unit.items()}
        known = ", ".join([*_FUNCTIONS, *_PAIRED])
        raise self.wrong(f'"{name}" is no function here, or has the wrong number of figures', f"known: {known}")

    def same(self, a: Unit, b: Unit, what: str) -> Unit:
        if a is None or b is None:
            return None
        if not _alike(a, b):
            raise self.wrong(f"{unit_text(a)} and {unit_text(b)} are {what}", "bring both to one unit")
        return a


def _alike(a: Mapping[str, float], b: Mapping[str, float]) -> bool:
    return all(math.isclose(a.get(atom, 0.0), b.get(atom, 0.0), abs_tol=1e-9) for atom in {*a, *b})


def _times(a: Unit, b: Unit, sign: float) -> Unit:
    if a is None or b is None:
        return None
    found = {atom: a.get(atom, 0.0) + sign * b.get(atom, 0.0) for atom in {**a, **b}}
    return {atom: power for atom, power in found.items() if abs(power) > 1e-9}


_POWERS = str.maketrans({"²": "2", "³": "3", "₂": "2"})


def unit_of(text: str) -> dict[str, float]:
    """The atoms of a unit's spelling: "kg CO₂e/m²" is {"kg CO2e": 1, "m": −2}, "" and "1" are plain numbers."""
    found: dict[str, float] = {}
    sign = 1.0
    for part in re.split(r"([/·*])", text.translate(_POWERS)):
        word = part.strip()
        if word in ("/", "·", "*"):
            sign = -1.0 if word == "/" or (sign < 0 and word != "/") else 1.0
            continue
        match = re.fullmatch(r"(.*?[^\d^.-])\^?(-?\d+(?:\.\d+)?)", word)
        atom, power = (match[1], float(match[2])) if match and not match[1].startswith("kg CO") else (word, 1.0)
        if atom in ("", "1"):
            continue
        found[atom] = found.get(atom, 0.0) + sign * power
    return {atom: power for atom, power in found.items() if power}


def unit_text(unit: Mapping[str, float]) -> str:
    """A unit as text: what is multiplied by, then what is divided by."""

    def one(atom: str, power: float) -> str:
        return atom if math.isclose(power, 1.0) else f"{atom}^{power:.3g}"

    above = [one(atom, power) for atom, power in unit.items() if power > 0]
    below = [one(atom, -power) for atom, power in unit.items() if power < 0]
    return "/".join(["·".join(above) or "1", *below])
