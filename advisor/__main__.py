"""The command line without a window: rank and explain, as text, CSV or JSON."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from advisor import __version__
from advisor.answer import Answer, solve
from advisor.brief import METHODS, Brief, brief_from_json, read_document
from advisor.certainty import Certainty
from advisor.console import PROGRAM, OneLineParser, drop_output, guarded
from advisor.decision import decision_text, read_problem
from advisor.demands import Demand
from advisor.elicitation import Equivalent, equivalent_sentence, equivalents
from advisor.explanation import (
    above_sentence,
    banner,
    compare,
    flip_sentence,
    limit_failure,
    limit_sentence,
    nearest_flip,
    place_label,
    remedies,
    standing,
    trials_sentence,
)
from advisor.files import plain_cell
from advisor.grades import figure_line, figures_behind, footing, measured_sentence, measured_share
from advisor.guard import method_to_order
from advisor.materials import Table, bundled, read_version
from advisor.opinions import likeness, opinion_lines, opinions, opinions_json
from advisor.problems import AdvisorError, Problem
from advisor.project import Decision, Project, document_format, project_from_json
from advisor.proof import proof_text, prove
from advisor.properties import CRITERIA, properties
from advisor.revision import standings
from advisor.sentences import Sentence, say
from advisor.several import (
    place_sentences,
    scoring_sentence,
    serving_sentence,
    several,
    several_json,
    standing_json,
    standing_there,
)
from advisor.stock import Stock
from advisor.tipping import TIPPING_SLIDERS, leaders, stability, tipping_of_slider
from advisor.turning import (
    KINDS,
    Change,
    Probe,
    brief_after,
    moving_together,
    probe_sentence,
    probes,
    stability_sentences,
    together_sentence,
    turning_sentences,
    what_it_takes,
)

#: What check-table ends with where an error keeps the table from being used.
EXIT_PROBLEMS = 1
#: Warnings about a table that are shown beside a ranking; the rest is counted.
_MOST_WARNINGS = 20


def parser() -> argparse.ArgumentParser:
    """The parser of the commands this package carries out; the window adds its own."""
    top = OneLineParser(
        prog=PROGRAM,
        description="Ranks bag fabrics for a brief of climate, budget and use: which fabric, why, how sure.",
    )
    top.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", prog=PROGRAM)
    add_commands(commands)
    return top


def add_commands(commands: Any) -> None:
    """Add the commands that need no window to a parser's subcommands."""
    rank = commands.add_parser(
        "rank", help="the ranking of every material", description="Rank every material for a brief."
    )
    _brief_arguments(rank)
    rank.add_argument("--method", choices=METHODS, help="how to order (default: the brief's)")
    rank.add_argument("--top", type=_positive, metavar="N", help="text and csv: the first N only")
    rank.add_argument("--format", choices=("text", "csv", "json"), default="text", help="default: text")
    explain = commands.add_parser(
        "explain", help="why A stands where it does, or above B", description="Why A stands where it does, or above B."
    )
    _brief_arguments(explain)
    explain.add_argument("a", metavar="A", help="id or name of a material")
    explain.add_argument("b", metavar="B", nargs="?", help="id or name of another")
    explain.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    decide = commands.add_parser(
        "decide",
        help="decide any table by any method",
        description="Decide a table of alternatives and criteria by the method the problem names.",
    )
    decide.add_argument("problem", type=Path, metavar="PROBLEM.json", help="the decision problem")
    decide.add_argument("--format", choices=("text", "json"), default="json", help="default: json")
    commands.add_parser(
        "proof",
        help="run the published cases and say which pass",
        description="Run every published case shipped with the program; exit status 1 if one fails.",
    )

    check = commands.add_parser(
        "check-table",
        help="what is wrong or doubtful in a table",
        description="What is wrong or doubtful in a table. Ends with 0: it can be used, 1: it cannot, 2: unreadable.",
    )
    check.add_argument("own_table", type=Path, metavar="T", help="CSV, XLSX or ODS, one material a row")
    check.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def _brief_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--brief", type=Path, metavar="F", help="brief or project file (*.brief.json, *.project.json)")
    command.add_argument("--product", metavar="P", help="product type")
    command.add_argument("--place", metavar="NAME", help="place whose climate counts")
    command.add_argument("--market", metavar="CC", help="market, ISO country code")
    command.add_argument("--table", type=Path, metavar="T", help="material table (default: the bundled one)")


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number above 0')
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (0, 1 where the proof fails, 2 for bad input)."""
    options = parser().parse_args(arguments)
    if options.command is None:
        parser().print_help()
        return 0
    return guarded(lambda: run(options))


def _put(text: str, form: str) -> None:
    """Write ``text`` to stdout, CSV and JSON as UTF-8 wherever the program runs.

    Raises:
        AdvisorError: the output cannot be written (a full disk).
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        if form == "text":
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_output()
        reason = error.strerror or str(error)
        raise AdvisorError(Problem("cannot-write", f"the output cannot be written: {reason}", "make room")) from error


def run(options: argparse.Namespace) -> int:
    """Carry out a parsed command; returns the exit status.

    Raises:
        AdvisorError: bad input.
    """
    if options.command == "decide":
        _put(decision_text(read_problem(options.problem), options.format), options.format)
        return 0
    if options.command == "proof":
        cases = prove()
        _put(proof_text(cases), "text")
        return 0 if all(case.passed for case in cases) else 1
    if options.command == "check-table":
        from advisor.intake import checked_json, checked_text, read_file  # the first ranked list does without

        reading = read_file(options.own_table)
        _put(checked_json(reading) if options.format == "json" else checked_text(reading), options.format)
        return EXIT_PROBLEMS if reading.table is None else 0
    project = load_case(options)
    brief = project.brief
    if options.command == "explain":
        brief = replace(brief, method="additive")  # reasons are differences of contributions, which other methods lack
    answer = solve(project.stock.table, brief)
    if options.command == "rank":
        text = _rank(answer, options)
    else:
        a = answer.table.find(options.a)
        b = None if options.b is None else answer.table.find(options.b)
        if a == b:
            raise AdvisorError(Problem("same-material", "A and B are the same material", "name two", value=options.a))
        text = _explain(answer, a, b, options.format, project.records.decisions)
    for problem in (*project.told, *answer.table.warnings[:_MOST_WARNINGS]):
        print(f"{PROGRAM}: warning: {problem.line()}", file=sys.stderr)
    if (more := len(answer.table.warnings) - _MOST_WARNINGS) > 0:
        print(f"{PROGRAM}: warning: {more:,} more; check-table lists them all", file=sys.stderr)
    _put(text, options.format)
    return 0


def load_table(path: Path | None) -> Table:
    """The table to rank: a file's (a published version by its datapackage.json), or the bundled one."""
    return bundled() if path is None else read_version(path)


def load_case(options: argparse.Namespace) -> Project:
    """What to rank: the brief of ``--brief``, or a project's with its own rows and figures, on ``--table``.

    ``--product``, ``--place``, ``--market`` and ``--method`` are laid over the brief.

    Raises:
        AdvisorError: a file or one of the words is wrong.
    """
    base = None if options.table is None else load_table(options.table)
    stock = Stock(bundled() if base is None else base)
    if options.brief is None:
        return Project(_spoken(options, Brief()), stock)
    document, file = read_document(options.brief, "brief or project"), str(options.brief)
    if document_format(document) == "project":
        project = project_from_json(document, file, base)
        return replace(project, brief=_spoken(options, project.brief))
    return Project(_spoken(options, brief_from_json(document, file)), stock)


def load_brief(options: argparse.Namespace) -> Brief:
    """The brief of :func:`load_case`."""
    return load_case(options).brief


def _spoken(options: argparse.Namespace, brief: Brief) -> Brief:
    """A brief with what the command line says over it."""
    words: dict[str, Any] = {"format": "material-advisor-brief", "version": 1}
    if options.product is not None:
        words["product"] = options.product
    if options.market is not None:
        words["market"] = [code.strip().upper() for code in options.market.split(",")]
    if options.place is not None:
        words["climate"] = {"place": options.place}
    spoken = brief_from_json(words, "command line")
    if options.product is not None:
        brief = replace(brief, product=spoken.product)
    if options.market is not None:
        brief = replace(brief, market=spoken.market)
    if options.place is not None:
        brief = replace(brief, climate=spoken.climate)
    if getattr(options, "method", None) is not None:
        brief = replace(brief, method=options.method)
    return brief


def demand_json(demand: Demand) -> dict[str, Any]:
    """A demand as ``rank --format json`` prints it."""
    found: dict[str, Any] = {
        "property": demand.property,
        "level": demand.level,
        "unit": demand.unit,
        "because": say(demand.because),
        "grade": demand.grade,
        "sense": demand.sense,
    }
    if demand.clip is not None:
        found["clip"] = say(demand.clip)
    if demand.notes:
        found["notes"] = [say(note) for note in demand.notes]
    if demand.edited or demand.dropped:
        found["edited"] = demand.edited
        found["dropped"] = demand.dropped
        found["formula_level"] = demand.formula_level
        found["formula_because"] = say(demand.formula_because) if demand.formula_because else ""
    if demand.place:
        found["place"] = demand.place
    return found


def table_json(table: Table) -> dict[str, Any]:
    """A table as outputs name it: "version" is that of the published tables, "" for any other table."""
    return {"name": table.name, "rows": len(table), "sha256": table.sha256, "version": table.version}


def table_label(table: Table) -> str:
    """Name of a table with its version where it has one."""
    return f"{table.name} {table.version}" if table.version else table.name


def ranking_json(answer: Answer, certain: Certainty | None) -> dict[str, Any]:
    """The document of ``rank --format json``; every material, scores unrounded.

    What only the additive value has (contributions, the ends of the score, win shares) is empty or null for another
    method.
    """
    ranking, table = answer.ranking, answer.table
    certain = _own(answer, certain)
    additive = ranking.method == "additive"
    rows = []
    for row in ranking.order.tolist():
        miss = answer.worst_miss(row)
        parts = dict(zip(CRITERIA, ranking.contributions[row].tolist(), strict=True))
        failed = [number for number in range(len(answer.screen.limits)) if answer.screen.fails[row, number]]
        by = answer.screen.by[row]
        rows.append(
            {
                "rank": int(ranking.ranks[row]) or None,
                "id": table.ids[row],
                "name": table.names[row],
                "score": float(ranking.scores[row]),
                "score_low": float(ranking.low[row]) if additive else None,
                "score_high": float(ranking.high[row]) if additive else None,
                "passes": bool(ranking.ranks[row]),
                "limits_failed": [
                    {
                        "limit": say(limit_sentence(answer.screen.limits[number])),
                        "by": None if by[number] != by[number] else float(by[number]),
                    }
                    for number in failed
                ],
                "demands_met": int(answer.met[row]),
                "demands_asked": answer.asked_count,
                "worst_miss": miss
                and {
                    "property": miss.property,
                    "have": miss.have,
                    "level": miss.level,
                    "unit": properties()[miss.property].unit,
                    "text": say(miss.sentence()),
                },
                "gaps": list(answer.gap_properties(row)),
                "contributions": parts if additive else {},
                "values": dict(zip(CRITERIA, answer.values.typical[row].tolist(), strict=True)),
                "win_share": None if certain is None else float(certain.win_share[row]),
                "level_with_above": certain is not None and bool(certain.level_with_above[row]),
            }
        )
    top = banner(answer)
    places = several(answer)
    return {
        "table": table_json(table),
        "brief": answer.brief.to_json(),
        "priorities": dict(answer.terms.priorities),
        "weights": dict(zip(CRITERIA, ranking.weights.tolist(), strict=True)),
        "demands": [demand_json(demand) for demand in answer.demands],
        "banner": say(top) if top else None,
        "method": ranking.method,
        "higher_is_better": ranking.higher_is_better,
        **({} if places is None else {"places": several_json(places)}),
        "ranking": rows,
    }


def _own(answer: Answer, certain: Certainty | None) -> Certainty | None:
    """The win shares where they belong to the order shown: they are of the additive value."""
    return certain if answer.ranking.method == "additive" else None


def ranking_json_text(answer: Answer, certain: Certainty | None) -> str:
    """The document of ``rank --format json`` as text."""
    return json.dumps(ranking_json(answer, certain), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _rank(answer: Answer, options: argparse.Namespace) -> str:
    certain = answer.certainty() if answer.ranking.method == "additive" else None
    if options.format == "json":
        return ranking_json_text(answer, certain)
    if options.format == "csv":
        return ranking_csv(answer, certain, options.top)
    return _rank_text(answer, certain, answer.ranking.order.tolist()[: options.top])


_CSV_COLUMNS = (
    "rank",
    "id",
    "name",
    "score",
    "score_low",
    "score_high",
    "win_share",
    "demands_met",
    "demands_asked",
    "worst_miss",
    "limits_failed",
    "price_usd_m2",
)
#: Which table a row was ranked in, so that a list that is passed on can be traced.
_CSV_TABLE = ("table", "table_sha256")


def ranking_csv(answer: Answer, certain: Certainty | None, top: int | None = None) -> str:
    """The ranking as CSV, best first; the first ``top`` rows only where given; cells a method has not are empty."""
    certain = _own(answer, certain)
    additive = answer.ranking.method == "additive"
    rows = answer.ranking.order.tolist()[:top]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((*_CSV_COLUMNS, *CRITERIA, *_CSV_TABLE))
    source = (plain_cell(table_label(answer.table)), answer.table.sha256)
    price = answer.table.column("price_usd_m2")
    for row in rows:
        miss = answer.worst_miss(row)
        failed = [
            say(limit_failure(answer, row, number))
            for number in range(len(answer.screen.limits))
            if answer.screen.fails[row, number]
        ]
        figure = float(answer.table.typical[row, price])
        writer.writerow(
            [
                int(answer.ranking.ranks[row]) or "",
                plain_cell(answer.table.ids[row]),
                plain_cell(answer.table.names[row]),
                repr(float(answer.ranking.scores[row])),
                repr(float(answer.ranking.low[row])) if additive else "",
                repr(float(answer.ranking.high[row])) if additive else "",
                "" if certain is None else repr(float(certain.win_share[row])),
                int(answer.met[row]),
                answer.asked_count,
                plain_cell(say(miss.sentence())) if miss else "",
                plain_cell("; ".join(failed)),
                "" if figure != figure else repr(figure),
                *(repr(part) if additive else "" for part in answer.ranking.contributions[row].tolist()),
                *source,
            ]
        )
    return stream.getvalue()


def _rank_text(answer: Answer, certain: Certainty | None, rows: Sequence[int]) -> str:
    terms = answer.terms
    where = ", ".join(scene.name for scene in answer.conditions() if scene.name) or "climate sliders"
    lines = [
        f"{terms.product.name}, {terms.panel.name.lower()} · {where} · "
        f"target {terms.price_target:g}, ceiling {terms.price_ceiling:g} USD/m²",
        f"{answer.ranking.passing} of {len(answer.table)} pass, {answer.meeting_all} meet every demand · "
        f"table {table_label(answer.table)} {answer.table.sha256[:12]}",
        *([] if answer.ranking.method == "additive" else [_method_line(answer)]),
        "",
        "Demands",
    ]
    for demand in answer.demands:
        sign = "≥" if demand.sense == "at_least" else "≤"
        item = properties()[demand.property]
        level = (
            "dropped"
            if demand.dropped
            else "not known"
            if demand.level is None
            else f"{sign} {demand.level:,.{item.decimals}f}"
        )
        unit = "" if demand.dropped or demand.level is None or item.unit in ("grade", "rating") else f" {item.unit}"
        clip = f" ({say(demand.clip)})" if demand.clip else ""
        lines.append(f"  {item.short:<11} {level + unit:>16}  [{demand.grade}] {say(demand.because)}{clip}")
    top = banner(answer)
    if top:
        lines += ["", f"! {say(top)}", *(f"  - {say(remedy)}" for remedy in remedies(answer))]
    places = several(answer)
    if places is not None:
        told = (scoring_sentence(places), *place_sentences(places))
        lines += ["", "Places", *(f"  {say(sentence)}" for sentence in told)]
    lines += [
        "",
        f"{'#':>3}  {'material':<44} {'score':>6}  {'range':>11}  {'leads':>5}  {'met':>7}  {'USD/m²':>7}  worst miss",
    ]
    price = answer.table.column("price_usd_m2")
    cut = False
    for row in rows:
        if answer.ranking.ranks[row] == 0 and not cut:
            lines.append("     -- screened out --")
            cut = True
        miss = answer.worst_miss(row)
        note = say(miss.sentence()) if miss else ""
        if cut:
            note = "; ".join(
                say(limit_failure(answer, row, number))
                for number in range(len(answer.screen.limits))
                if answer.screen.fails[row, number]
            )
        figure = float(answer.table.typical[row, price])
        shown = "?" if figure != figure else f"{figure:.2f}"
        ends = "–" if certain is None else f"{answer.ranking.low[row]:.2f}–{answer.ranking.high[row]:.2f}"
        leads = "–" if certain is None else f"{100 * certain.win_share[row]:.0f} %"
        lines.append(
            f"{place_label(answer, certain, row):>3}  {answer.table.names[row]:<44.44} "
            f"{answer.ranking.scores[row]:6.3f}  {ends:>9}  {leads:>5}  "
            f"{answer.met[row]:>2} of {answer.asked_count:<2} {shown:>7}  {note}".rstrip()
        )
    return "\n".join(lines) + "\n"


def _method_line(answer: Answer) -> str:
    """What another method's score is, and whether the methods agree."""
    better = "higher" if answer.ranking.higher_is_better else "lower"
    like, spearman = likeness(answer)
    return (
        f"ordered by {answer.ranking.method}, {better} is better; like the additive order: WS {like:.3f}, "
        f"weighted Spearman {spearman:.3f} · {say(opinions(answer).sentence)}"
    )


def _decided_lines(answer: Answer, row: int, decisions: Sequence[Decision]) -> list[str]:
    """What was decided for a material in the project, and where it stands now."""
    found = []
    for place in standings(decisions, answer):
        if place.material == answer.table.ids[row]:
            then = "screened out" if place.then is None else f"place {place.then}"
            now = f"place {place.now}" if place.now else "screened out"
            said = " by ".join(filter(None, (place.when, place.who)))
            found.append(f"  Decided for {place.panel} at {then}{f' ({said})' if said else ''}; it is {now} now.")
    return found


def _explain(answer: Answer, a: int, b: int | None, form: str, decisions: Sequence[Decision] = ()) -> str:
    certain = answer.certainty()
    if form == "json":
        return json.dumps(explain_json(answer, certain, a, b), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    table, ranking = answer.table, answer.ranking
    lines = [f"{table.names[a]} · place {place_label(answer, certain, a)} · score {ranking.scores[a]:.3f}"]
    if b is None:
        lines += [f"  {say(sentence)}" for sentence in standing(answer, a, certain)]
        lines += _decided_lines(answer, a, decisions)
        meter = measured_sentence(answer, a) if ranking.ranks[a] else None
        lines += [] if meter is None else [f"  {say(meter)}"]
        lines += _place_lines(answer, (a,))
        lines += _turning_lines(answer, a)
        lines += ["", "  Contributions (weight × value)"]
        for place, criterion in enumerate(CRITERIA):
            lines.append(
                f"    {criterion:<13}{ranking.contributions[a, place]:7.4f}  = {ranking.weights[place]:.4f} × "
                f"{answer.values.typical[a, place]:.3f}"
            )
        lines.append(f"    {'score':<13}{ranking.scores[a]:7.4f}")
        lines += ["", "  Demands"]
        for demand, miss in answer.misses(a):
            item = properties()[demand.property]
            figure = float(table.typical[a, table.column(demand.property)])
            have = "not known" if figure != figure else f"{figure:,.{item.decimals}f}"
            sign = "≥" if demand.sense == "at_least" else "≤"
            mark = "met   " if miss is None else "missed"
            grade = table.grade(a, demand.property) or "gap"
            lines.append(
                f"    {mark} {item.short:<11} {have} of {sign} {demand.level:,.{item.decimals}f} {item.unit} [{grade}]"
            )
        lines += ["", "  Evidence", *(f"    {figure_line(figure)}" for figure in figures_behind(answer, a))]
    else:
        comparison = compare(answer, a, b)
        upper, lower = (a, b) if ranking.scores[a] >= ranking.scores[b] else (b, a)
        lines += [f"{table.names[b]} · place {place_label(answer, certain, b)} · score {ranking.scores[b]:.3f}", ""]
        lines += [f"  {say(above_sentence(answer, comparison))}", f"  {say(flip_sentence(answer, upper, lower))}", ""]
        for part, step in zip(comparison.differences, comparison.steps, strict=True):
            doubt = "  (inside overlapping ranges)" if part.doubtful and step else ""
            lines.append(f"    {part.criterion:<13}{step / 1000:+7.3f}{doubt}")
        lines.append(f"    {'gap':<13}{sum(comparison.steps) / 1000:+7.3f}")
        lines += _place_lines(answer, (a, b))
        lines += _turning_lines(answer, lower)
    lines += ["", f"table {table_label(table)} {table.sha256[:12]}"]
    return "\n".join(lines) + "\n"


#: Figures to test next and pairs of criteria that are listed.
_MOST_PROBES = 3


def _place_lines(answer: Answer, rows: Sequence[int]) -> list[str]:
    """Where these materials stand at each of several places, and which one serves all."""
    places = several(answer)
    if places is None:
        return []
    told = [scoring_sentence(places), *(standing_there(place, row) for row in rows for place in places.places)]
    if places.single is not None:
        told.append(serving_sentence(places))
    return ["", "  Places", *(f"    {say(sentence)}" for sentence in told)]


def _places_json(answer: Answer, rows: Sequence[int]) -> dict[str, Any]:
    """The places of ``explain --format json``: where these materials stand at each; empty for a single place."""
    places = several(answer)
    if places is None:
        return {}
    standing_of = {
        answer.table.ids[row]: [{"place": place.name, **standing_json(place, row)} for place in places.places]
        for row in rows
    }
    return {"places": {**several_json(places), "standing": standing_of}}


def _turning_lines(answer: Answer, row: int) -> list[str]:
    """What would change the answer: what it takes for a material to win, and which figure to test next."""
    turning = what_it_takes(answer, row)
    told = turning_sentences(answer, turning) if not turning.leads else stability_sentences(answer)
    found = ["", "  What keeps it first" if turning.leads else f"  What it takes for {answer.table.names[row]} to win"]
    lines = [*found, *(f"    {say(sentence)}" for sentence in told)] if told else []
    worth = [f"{say(probe_sentence(answer, probe))} {_test(probe)}".rstrip() for probe in probes(answer)[:_MOST_PROBES]]
    lines += ["", "  What to test next", *(f"    {line}" for line in worth or [say(Sentence("probe-none"))])]
    pairs = moving_together(answer)
    if pairs:
        lines += ["", "  Criteria that move together", *(f"    {say(together_sentence(answer, it))}" for it in pairs)]
    worths = [sentence for one in equivalents(answer, row) if (sentence := equivalent_sentence(one)) is not None]
    if worths:
        lines += ["", "  What a change is worth", *(f"    {say(sentence)}" for sentence in worths)]
    lines += ["", "  Other methods", *(f"    {line}" for line in opinion_lines(answer))]
    return lines


def _test(probe: Probe) -> str:
    """The standard to order a test by, in brackets; "" where no laboratory measures it."""
    method = method_to_order(probe.property)
    return f"[{method.standard}]" if method else ""


def _turning_json(answer: Answer, row: int) -> dict[str, Any]:
    """What it takes for one material to win; a kind that holds no such change is null."""
    turning = what_it_takes(answer, row)
    found: dict[str, Any] = {"id": answer.table.ids[row], "leads": turning.leads}
    for kind in KINDS:
        found[kind] = _change_json(answer, getattr(turning, kind))
    found["joint"] = turning.joint
    found["distance"] = None if turning.joint is None else turning.distance
    found["sentences"] = [say(sentence) for sentence in turning_sentences(answer, turning)]
    return found


def _change_json(answer: Answer, change: Change | None) -> dict[str, Any] | None:
    """One change; with what moves along with it, a brief that carries all of it gives the new answer."""
    if change is None:
        return None
    then = None if change.then != change.then else change.then
    found: dict[str, Any] = {"key": change.key, "now": change.now, "then": then}
    if change.kind == "figure":
        found["within_range"] = change.within
    if change.kind == "priority":
        found["priorities"] = dict(brief_after(answer, change).priorities)
    if change.kind == "budget":
        price = brief_after(answer, change).price
        found |= {"target": price.target, "ceiling": price.ceiling}
    if change.kind in ("limit", "new_limit"):
        found["end"] = change.end or None
        found["taken_away"] = change.kind == "limit" and not change.end
    if change.word:
        found["word"] = change.word
    return found


def _tipping_json(answer: Answer) -> dict[str, list[dict[str, Any]]]:
    """Who leads at each position of every slider: priorities 0 to 10, others in their unit; null where none passes."""
    ids = answer.table.ids
    along = {key: leaders(answer, key) for key in CRITERIA}
    along |= {key: tipping_of_slider(answer.table, answer.brief, key) for key in TIPPING_SLIDERS}
    return {
        key: [{"from": low, "to": high, "id": ids[row] if row >= 0 else None} for low, high, row in stretches]
        for key, stretches in along.items()
    }


def _doubt_json(answer: Answer, row: int) -> dict[str, Any]:
    """What the answer hangs on: stability intervals, figures to test next, criteria that move together, open places."""
    steady = [(key, stability(answer, key)) for key in CRITERIA]
    places = answer.possible_places
    return {
        "turning": _turning_json(answer, row),
        "stability": {
            key: {
                "now": item.now,
                "first": list(item.first),
                "first_three": list(item.three),
                "first_three_any_order": list(item.same_three),
            }
            for key, item in steady
            if item is not None
        },
        "tipping": _tipping_json(answer),
        "test_next": [
            {
                "id": answer.table.ids[probe.row],
                "property": probe.property,
                "method": method.standard if (method := method_to_order(probe.property)) else None,
                "chance": probe.chance,
                "gain": probe.gain,
                "turns_at": probe.turns_at,
                "text": say(probe_sentence(answer, probe)),
            }
            for probe in probes(answer)
        ],
        "moving_together": [
            {
                "criteria": [pair.one, pair.other],
                "r": pair.r,
                "first_if_merged": answer.table.ids[pair.first],
                "text": say(together_sentence(answer, pair)),
            }
            for pair in moving_together(answer)
        ],
        "equivalent_changes": [_equivalent_json(one) for one in equivalents(answer, row)],
        "methods": opinions_json(answer),
        "possible_places": [int(places.best[row]) or None, int(places.worst[row]) or None],
    }


def _equivalent_json(one: Equivalent) -> dict[str, Any]:
    """What a change of one property is worth in money; null figures where there is none, with the reason."""
    sentence = equivalent_sentence(one)
    return {
        "criterion": one.criterion,
        "property": one.key or None,
        "change": None if one.step is None else one.better * one.step,
        "worth_usd_per_m2": one.step_worth,
        "reason": one.reason or None,
        "text": None if sentence is None else say(sentence),
    }


def explain_json(answer: Answer, certain: Certainty, a: int, b: int | None) -> dict[str, Any]:
    """The document of ``explain --format json``."""
    table, ranking = answer.table, answer.ranking

    def material(row: int) -> dict[str, Any]:
        return {
            "id": table.ids[row],
            "name": table.names[row],
            "rank": int(ranking.ranks[row]) or None,
            "score": float(ranking.scores[row]),
            "contributions": dict(zip(CRITERIA, ranking.contributions[row].tolist(), strict=True)),
            "values": dict(zip(CRITERIA, answer.values.typical[row].tolist(), strict=True)),
            "win_share": float(certain.win_share[row]),
        }

    found: dict[str, Any] = {
        "table": table_json(table),
        "weights": dict(zip(CRITERIA, ranking.weights.tolist(), strict=True)),
        "a": material(a),
    }
    if b is None:
        found["sentences"] = [say(sentence) for sentence in standing(answer, a, certain)]
        found["demands"] = [
            {**demand_json(demand), "met": miss is None, "miss": say(miss.sentence()) if miss else None}
            for demand, miss in answer.misses(a)
        ]
        found["evidence"] = {
            "measured_share": measured_share(answer, a),
            "by_grade": {grade or "gap": share for grade, share in footing(answer, a).items()},
            "figures": list(figures_behind(answer, a)),
        }
        return {**found, **_places_json(answer, (a,)), **_doubt_json(answer, a)}
    comparison = compare(answer, a, b)
    upper, lower = (a, b) if ranking.scores[a] >= ranking.scores[b] else (b, a)
    flip = nearest_flip(answer, upper, lower)
    found["b"] = material(b)
    found["gap"] = comparison.gap
    found["differences"] = {item.criterion: item.gap for item in comparison.differences}
    found["inside_ranges"] = [item.criterion for item in comparison.differences if item.doubtful]
    found["sentences"] = [
        say(above_sentence(answer, comparison)),
        say(flip_sentence(answer, upper, lower)),
        say(trials_sentence(certain, a)),
        say(trials_sentence(certain, b)),
    ]
    found["flip"] = flip and {"criterion": flip.criterion, "now": flip.now, "then": flip.then}
    return {**found, **_places_json(answer, (a, b)), **_doubt_json(answer, lower)}


if __name__ == "__main__":
    sys.exit(main())
