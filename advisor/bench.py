"""Bench: what the engine costs beside its peers and its limits, as timings, ratios and budgets (no window here)."""

from __future__ import annotations

import csv
import io
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from advisor import __version__
from advisor.answer import Answer, solve
from advisor.brief import Brief, Climate
from advisor.certainty import Acceptability, Certainty, forget_draws
from advisor.intake import CHECKS_FROM, read_table
from advisor.materials import GRADE_CODES, Floats, Table, bundled
from advisor.methods import Preference, leading, promethee, topsis
from advisor.properties import CRITERIA, numeric_keys, properties
from advisor.tipping import leaders

#: Rows of the largest known material database, MatWeb, and criteria of a brief.
MANY, COLUMNS = 185_000, len(CRITERIA)
#: Table lengths the window and the engine are measured at, beside the bundled one.
LENGTHS = (64, 1_000, 10_000, MANY)
#: Rows and criteria of the two curves of cost.
CURVE_ROWS = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
CURVE_CRITERIA = (4, 8, 16, 32, 64)
#: Rows of the table that is long in PROMETHEE II and in the curve over criteria.
PAIRED, CURVE_LENGTH = 4_000, 100_000
_SEED = 20


@dataclass(frozen=True)
class Timing:
    """Wall time of one thing done several times, ms."""

    median: float
    p95: float
    times: int

    @staticmethod
    def of(seconds: Sequence[float]) -> Timing:
        """Median and 95th percentile of some durations in seconds."""
        ms = [1e3 * value for value in seconds]
        return Timing(statistics.median(ms), float(np.percentile(ms, 95)), len(ms))


@dataclass(frozen=True)
class Line:
    """One line of the bench table.

    Attributes:
        what: what was measured; ``rows``: over how many materials (0: not a matter of rows).
        own: its timing, None where it could not be measured (``note`` says why).
        peer: what it stands beside, "" for nothing; ``beside``: the peer's timing, None where it is not installed.
        budget: the budget in words, "" for none; ``ok``: whether it is kept, None where that cannot be said.
        note: anything a reader must know, such as the memory instead of a time.
    """

    what: str
    rows: int = 0
    own: Timing | None = None
    peer: str = ""
    beside: Timing | None = None
    budget: str = ""
    ok: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the peer's median this takes; None without a peer."""
        if self.own is None or self.beside is None or not self.beside.median:
            return None
        return self.own.median / self.beside.median

    def cells(self) -> tuple[str, ...]:
        """The line as text, in the order of :data:`HEAD`."""
        beside = "" if not self.peer else self.peer if self.beside else f"{self.peer}: not installed"
        verdict = "" if self.ok is None else "ok" if self.ok else "over"
        return (
            self.what,
            f"{self.rows:,}" if self.rows else "",
            _ms(self.own.median) if self.own else "",
            _ms(self.own.p95) if self.own else "",
            beside,
            _ms(self.beside.median) if self.beside else "",
            ratio_words(self.ratio),
            self.budget,
            verdict,
            self.note,
        )


#: Column heads of the table; times are in ms.
HEAD = ("what", "rows", "median", "p95", "beside", "its median", "ratio", "budget", "", "note")


def _ms(value: float) -> str:
    return f"{value:,.3f}" if value < 1 else f"{value:,.2f}" if value < 10 else f"{value:,.1f}"


def ratio_words(ratio: float | None) -> str:
    """A ratio to a peer: how many times as long, or, where it is shorter, how many times as fast."""
    if ratio is None:
        return ""
    return f"{ratio:.2f} × as long" if ratio >= 1 else f"{1 / ratio:,.3g} × as fast"


def timed(work: Callable[[], object], times: int, warm: int = 1) -> Timing:
    """Do ``work`` ``warm`` times unwatched, then ``times`` times by the clock."""
    for _ in range(warm):
        work()
    return Timing.of([_once(work) for _ in range(times)])


def side_by_side(first: Callable[[], object], second: Callable[[], object], times: int) -> tuple[Timing, Timing]:
    """Time two things turn by turn, so that whatever else the machine does falls on both."""
    first()
    second()
    pairs = [(_once(first), _once(second)) for _ in range(times)]
    return Timing.of([pair[0] for pair in pairs]), Timing.of([pair[1] for pair in pairs])


def _once(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


# What is measured on --------------------------------------------------------------------------------------------------


def long_table(rows: int, seed: int = _SEED) -> Table:
    """A table of ``rows`` materials: the bundled ones over and over, each figure moved by seeded noise of about 10 %.

    Not figures of real cloths: they only keep the spread, gaps and words of real ones. Every figure stays within its
    property's scale and plausible range, low ≤ typical ≤ high; the bundled length or less takes the first rows as they
    are.
    """
    base = bundled()
    if rows <= len(base):
        return base.take(range(rows))
    random = np.random.default_rng(seed)
    chosen = np.arange(rows) % len(base)
    noise = np.exp(random.normal(0.0, 0.1, size=(rows, len(numeric_keys()))))
    ends: list[Floats] = [np.asarray(part[chosen] * noise) for part in (base.low, base.typical, base.high)]
    for column, key in enumerate(numeric_keys()):
        item = properties()[key]
        bottom, top = item.scale
        if item.plausible is not None:
            bottom = max(item.plausible[0], -np.inf if bottom is None else bottom)
            top = min(item.plausible[1], np.inf if top is None else top)
        for end in ends:
            np.clip(end[:, column], bottom, top, out=end[:, column])
    own = np.where(np.isnan(ends[1]), 0, GRADE_CODES.index("own")).astype(np.int8)
    own.setflags(write=False)
    for end in ends:
        end.setflags(write=False)
    numbers = np.arange(rows) // len(base)
    return replace(
        base,
        name=f"{rows} rows",
        ids=tuple(f"{base.ids[row]}-{number}" for row, number in zip(chosen.tolist(), numbers.tolist(), strict=True)),
        names=tuple(
            f"{base.names[row]} {number}" for row, number in zip(chosen.tolist(), numbers.tolist(), strict=True)
        ),
        text={key: tuple(words[row] for row in chosen.tolist()) for key, words in base.text.items()},
        low=ends[0],
        typical=ends[1],
        high=ends[2],
        grades=own,
        records={},
        version="",
    )


def example_brief() -> Brief:
    """The brief everything is measured under: a daypack for Lagos."""
    return Brief(product="mini-hike-daypack", climate=Climate("Lagos"))


def matrix(rows: int, criteria: int, seed: int = _SEED) -> tuple[Floats, Floats]:
    """Random figures above 0 and weights that sum to 1."""
    random = np.random.default_rng(seed)
    weights = random.random(criteria) + 0.1
    return random.random((rows, criteria)) + 0.01, weights / weights.sum()


def lengths(quick: bool) -> tuple[int, ...]:
    """How long the tables are that are measured, shortest first; ``quick`` leaves the longest out."""
    return tuple(sorted((len(bundled()), *(LENGTHS[:2] if quick else LENGTHS))))


def machine() -> dict[str, str]:
    """What was measured on: processor cores, system, Python and libraries, without any name of the machine."""
    found = {
        "cores": str(_cores()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "Material Advisor": __version__,
    }
    for package in ("numpy", "PySide6-Essentials", "matplotlib", "pandas", "scikit-criteria", "pymcdm"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# Engine ---------------------------------------------------------------------------------------------------------------


def engine(quick: bool = False, scale: float = 1.0) -> Iterator[Line]:
    """Every engine budget, line by line.

    Args:
        quick: shorter tables and fewer repeats; budgets that name a length stay unsaid.
        scale: multiplies lengths and repeats of what is not the bundled table (tests take next to nothing).
    """
    many = max(int((MANY if not quick else 20_000) * scale), 50)
    paired = max(int((PAIRED if not quick else 1_000) * scale), 20)
    times = max(int((40 if not quick else 7) * scale), 2)
    yield from _reweight(many, times)
    yield from _pairwise(paired, many, times)
    yield from _briefs([max(int(rows * scale), 20) for rows in lengths(quick)], times)
    yield _opening(many)


def _reweight(rows: int, times: int) -> Iterator[Line]:
    figures, weights = matrix(rows, COLUMNS)
    whole = rows == MANY
    own, product = side_by_side(lambda: leading(figures, weights, 20), lambda: figures @ weights, 3 * times)
    yield Line(
        "re-weight and first 20",
        rows,
        own,
        "numpy matrix · vector",
        product,
        "≤ 2 × matrix · vector",
        own.median <= 2 * product.median if whole else None,
    )
    for name, budget, peer in (("scikit-criteria", 50, _skcriteria_topsis), ("pymcdm", 300, _pymcdm_topsis)):
        work = peer(figures, weights)
        other = timed(work, max(times // 8, 2)) if work is not None else None
        faster = None if other is None else other.median / own.median
        yield Line(
            "re-weight and first 20",
            rows,
            own,
            f"{name} TOPSIS",
            other,
            f"≥ {budget} × as fast",
            None if faster is None or not whole else faster >= budget,
        )
    work = _pymcdm_topsis(figures, weights)
    own_topsis = timed(lambda: topsis(figures, weights, ["max"] * COLUMNS), times)
    yield Line(
        "TOPSIS", rows, own_topsis, "pymcdm TOPSIS", timed(work, max(times // 8, 2)) if work is not None else None
    )


def _pairwise(paired: int, many: int, times: int) -> Iterator[Line]:
    goals, linear = ["max"] * COLUMNS, [Preference("linear", q=0.05, p=0.20)] * COLUMNS
    figures, weights = matrix(paired, COLUMNS)
    own = timed(lambda: promethee(figures, weights, goals, linear), max(times // 4, 2))
    work = _pymcdm_promethee(figures, weights)
    other = timed(work, 1, warm=0) if work is not None else None
    faster = None if other is None else other.median / own.median
    ok = None if faster is None or paired != PAIRED else faster >= 200
    yield Line("PROMETHEE II", paired, own, "pymcdm PROMETHEE II", other, "≥ 200 × as fast", ok)
    figures, weights = matrix(many, COLUMNS)
    own = timed(lambda: promethee(figures, weights, goals, linear), 3, warm=0)
    yield Line("PROMETHEE II", many, own, budget="< 2,000 ms", ok=own.median < 2_000 if many == MANY else None)


def _briefs(rows: Sequence[int], times: int) -> Iterator[Line]:
    """One brief over real and long tables: an edit's answer, win shares, tipping strips."""
    for length in rows:
        table = long_table(length)
        brief = example_brief()
        answer = solve(table, brief)
        strip_budget = 150 if length < LENGTHS[-1] else 500
        for what, edit in (("answer after a priority moved", moved_priority), ("answer after the rain moved", rained)):
            briefs = iter([edit(brief, step) for step in range(times + 1)])
            yield Line(what, length, timed(lambda table=table, briefs=briefs: solve(table, next(briefs)), times))  # type: ignore[misc]
        few = max(times // 4, 2)
        shares = timed(partial(_shares, answer), few)
        yield Line(
            f"win shares, {answer.brief.certainty.samples:,} draws",
            length,
            shares,
            budget="≤ 100 ms" if length == len(bundled()) else "",
            ok=shares.median <= 100 if length == len(bundled()) else None,
        )
        whole = timed(partial(_trials, answer), few)
        yield Line(
            "win shares, places taken, central weights and confidence, one draw",
            length,
            whole,
            budget="≤ 100 ms" if length == len(bundled()) else "",
            ok=whole.median <= 100 if length == len(bundled()) else None,
        )
        yield Line("sixteen tipping strips", length, timed(lambda answer=answer: _strips(answer), few))  # type: ignore[misc]
        both = timed(lambda answer=answer: (_shares(answer), _strips(answer)), few)  # type: ignore[misc]
        yield Line(
            "win shares and tipping strips",
            length,
            both,
            budget=f"≤ {strip_budget} ms",
            ok=both.median <= strip_budget,
        )


def _shares(answer: Answer) -> Certainty:
    """Win shares, drawn anew."""
    forget_draws()
    return answer.certainty()


def _trials(answer: Answer) -> Acceptability:
    """All the window shows of the trials, drawn anew, once."""
    _shares(answer)
    return answer.acceptability()


def _strips(answer: Answer) -> list[object]:
    return [leaders(answer, criterion) for criterion in CRITERIA]


def moved_priority(brief: Brief, step: int) -> Brief:
    """The brief with one priority at another place for every step."""
    return replace(brief, priorities={**brief.priorities, "water": round(1 + (0.37 * step) % 8, 3)})


def rained(brief: Brief, step: int) -> Brief:
    """The brief with another wettest month for every step, mm."""
    rain = 40.0 + (11 * step) % 400
    return replace(brief, climate=replace(brief.climate, inputs={**brief.climate.inputs, "wettest_month_mm": rain}))


def _opening(rows: int) -> Line:
    """A table of one's own in CSV from its file to the finished table, beside the bare cells read by pandas.

    Elapsed time, turn by turn, as somebody waits for it. The budget is one and a half times the reading by pandas, and
    on top of it what the checks of the figures take, which pandas has none of. The note gives the processor time.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.csv"
        path.write_bytes(_own_csv(long_table(rows)))
        whole: list[float] = []
        checks: list[float] = []
        cells: list[float] = []
        worked: list[float] = []
        peer = _pandas_read(path)
        for turn in range(4):
            begin, before, busy = time.perf_counter(), 0.0, time.process_time()

            def tell(done: float) -> None:
                nonlocal before
                before = before if done > CHECKS_FROM else time.perf_counter()

            read_table(path, tell)
            end, busy = time.perf_counter(), time.process_time() - busy
            begun = time.perf_counter()
            if peer is not None:
                peer()
            if turn:  # the first of each fills caches
                whole.append(end - begin)
                checks.append(end - before)
                cells.append(time.perf_counter() - begun)
                worked.append(busy)
    own, check = Timing.of(whole), Timing.of(checks)
    beside = None if peer is None else Timing.of(cells)
    return Line(
        "own table in CSV opened",
        rows,
        own,
        "pandas read_csv",
        beside,
        "≤ 1.5 × read_csv, and checks",
        None if beside is None or rows != MANY else own.median <= 1.5 * beside.median + check.median,
        f"of it checks {_ms(check.median)}; processor {_ms(Timing.of(worked).median)}",
    )


def _own_csv(table: Table) -> bytes:
    """A table as a field office would save it: every property a column, figures rounded as they are printed."""
    columns: list[Sequence[str]] = []
    for key, item in properties().items():
        if item.numeric:
            figures = table.typical[:, table.column(key)].tolist()
            columns.append(["" if np.isnan(value) else f"{value:.{item.decimals}f}" for value in figures])
        else:
            columns.append(table.ids if key == "id" else table.names if key == "name" else table.text[key])
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(properties())
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue().encode("utf-8")


# Peers ----------------------------------------------------------------------------------------------------------------


def _skcriteria_topsis(figures: Floats, weights: Floats) -> Callable[[], object] | None:
    """TOPSIS as scikit-criteria's own pages write it, None where it is not installed."""
    try:
        skc = import_module("skcriteria")
        method = import_module("skcriteria.agg.topsis").TOPSIS()
        scalers = import_module("skcriteria.preprocessing.scalers")
        make = import_module("skcriteria.pipelines").mkpipe
    except ImportError:
        return None
    problem = skc.mkdm(figures, [max] * figures.shape[1], weights=weights)
    chain = make(scalers.VectorScaler(target="matrix"), scalers.SumScaler(target="weights"), method)
    return lambda: chain.evaluate(problem)


def _pymcdm_topsis(figures: Floats, weights: Floats) -> Callable[[], object] | None:
    """TOPSIS of pymcdm with its ranking, None where it is not installed."""
    try:
        methods, helpers = import_module("pymcdm.methods"), import_module("pymcdm.helpers")
    except ImportError:
        return None
    method, types = methods.TOPSIS(), np.ones(figures.shape[1])
    return lambda: helpers.rrankdata(method(figures, weights, types))


def _pymcdm_promethee(figures: Floats, weights: Floats) -> Callable[[], object] | None:
    """PROMETHEE II of pymcdm with the same thresholds, None where it is not installed."""
    try:
        methods = import_module("pymcdm.methods")
    except ImportError:
        return None
    columns = figures.shape[1]
    method = methods.PROMETHEE_II("vshape_2", p=np.full(columns, 0.20), q=np.full(columns, 0.05))
    types = np.ones(columns)
    return lambda: method(figures, weights, types)


def _pandas_read(path: Path) -> Callable[[], object] | None:
    """The same file read by pandas, None where it is not installed."""
    try:
        pandas = import_module("pandas")
    except ImportError:
        return None
    return lambda: pandas.read_csv(path)


# Curves of cost -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Curve:
    """Cost of one thing against a length: (length, median ms) points."""

    name: str
    points: tuple[tuple[int, float], ...]


def cost_against_rows(rows: Sequence[int] = CURVE_ROWS, most_paired: int = MANY) -> tuple[Curve, ...]:
    """Median cost of re-weighting and two methods over 16 criteria, and of a bare matrix-vector product."""
    goals, linear = ["max"] * COLUMNS, [Preference("linear", q=0.05, p=0.20)] * COLUMNS
    found: dict[str, list[tuple[int, float]]] = {}
    for length in rows:
        figures, weights = matrix(length, COLUMNS)
        times = 5 if length >= 100_000 else 15
        works: list[tuple[str, Callable[[], object]]] = [
            ("numpy matrix · vector", lambda f=figures, w=weights: f @ w),  # type: ignore[misc]
            ("re-weight and first 20", lambda f=figures, w=weights: leading(f, w, 20)),  # type: ignore[misc]
            ("TOPSIS", lambda f=figures, w=weights: topsis(f, w, goals)),  # type: ignore[misc]
        ]
        if length <= most_paired:
            works.append(("PROMETHEE II", lambda f=figures, w=weights: promethee(f, w, goals, linear)))  # type: ignore[misc]
        for name, work in works:
            found.setdefault(name, []).append((length, timed(work, 3 if name == "PROMETHEE II" else times).median))
    return tuple(Curve(name, tuple(points)) for name, points in found.items())


def cost_against_criteria(criteria: Sequence[int] = CURVE_CRITERIA, rows: int = CURVE_LENGTH) -> tuple[Curve, ...]:
    """The same over a table of one length, against its criteria."""
    found: dict[str, list[tuple[int, float]]] = {}
    for count in criteria:
        figures, weights = matrix(rows, count)
        goals, linear = ["max"] * count, [Preference("linear", q=0.05, p=0.20)] * count
        works: tuple[tuple[str, Callable[[], object]], ...] = (
            ("numpy matrix · vector", lambda f=figures, w=weights: f @ w),  # type: ignore[misc]
            ("re-weight and first 20", lambda f=figures, w=weights: leading(f, w, 20)),  # type: ignore[misc]
            ("TOPSIS", lambda f=figures, w=weights, g=goals: topsis(f, w, g)),  # type: ignore[misc]
            ("PROMETHEE II", lambda f=figures, w=weights, g=goals, s=linear: promethee(f, w, g, s)),  # type: ignore[misc]
        )
        for name, work in works:
            found.setdefault(name, []).append((count, timed(work, 3 if name == "PROMETHEE II" else 9).median))
    return tuple(Curve(name, tuple(points)) for name, points in found.items())


# Output ---------------------------------------------------------------------------------------------------------------


def text_of(lines: Sequence[Line]) -> str:
    """The table for a terminal, columns lined up."""
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    right = {1, 2, 3, 5}
    return "".join(
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        + "\n"
        for row in rows
    )


def markdown_of(lines: Sequence[Line]) -> str:
    """The table in Markdown."""
    rows = [HEAD, ("---",) * len(HEAD), *(line.cells() for line in lines)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def verdict(lines: Sequence[Line]) -> str:
    """How many budgets are kept, in one line."""
    judged = [line for line in lines if line.ok is not None]
    over = [line for line in judged if not line.ok]
    kept = f"{len(judged) - len(over)} of {len(judged)} budgets kept"
    names = [f"{line.what} ({line.rows:,})" if line.rows else line.what for line in over]
    return f"{kept}; over: {', '.join(names)}" if over else kept
