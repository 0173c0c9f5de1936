"""Holds the pages for readers to the program: links, examples, module names, and every table that repeats figures.

``python -m tests.test_docs`` writes the parts between ``generated`` comments anew.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import os
import re
import shlex
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from advisor import coverage
from advisor import demands as formulas
from advisor.__main__ import main
from advisor.answer import solve
from advisor.brief import brief_from_json
from advisor.evidence import GRADES, group, read_evidence, resolve
from advisor.materials import bundled, sources
from advisor.moves import demand_moves, place_moves
from advisor.properties import properties
from advisor.rules import RULES
from advisor.sentences import say
from tools.prepare import QT_PACKAGES

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")

BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
EXAMPLE = re.compile(r"^```sh\n(material-advisor (?:rank|explain) .+)\n```$", re.MULTILINE)


# What is generated ----------------------------------------------------------------------------------------------------


def table(header: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown; a bar inside a cell is broken, so that it ends nothing."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(str(cell).replace('|', '¦') for cell in line)} |\n" for line in lines)


def shipped_rows(*parts: str) -> list[dict[str, str]]:
    with ROOT.joinpath("data", *parts).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cell_grades() -> dict[str, Counter[str]]:
    """Column -> best grade -> cells."""
    found: dict[str, Counter[str]] = {key: Counter() for key in properties()}
    for (_, key), records in group(read_evidence(ROOT / "data" / "evidence.csv")).items():
        found[key][resolve(records).grade] += 1
    return found


def contents() -> str:
    shown, evidence = bundled(), read_evidence(ROOT / "data" / "evidence.csv")
    families = Counter(word for row in shown.text["family"] for word in row.split("|"))
    coats = Counter(shown.text["coating"])
    grades = Counter(row.grade for row in evidence)
    kinds = Counter("rules and judgements" if s.kind in ("rule", "judgement") else "other" for s in sources().values())

    def listed(counts: Counter[str]) -> str:
        return ", ".join(f"{name} {count}" for name, count in counts.most_common())

    return table(
        ["what", "count"],
        [
            ["cloths", len(shown)],
            ["by family tag (a cloth may carry several)", listed(families)],
            ["by coating", listed(coats)],
            ["figures and words in the evidence", len(evidence)],
            ["of grade A, B, C, D", ", ".join(str(grades[grade]) for grade in GRADES)],
            ["printed figures curated", len(shipped_rows("curated", "records.csv"))],
            ["sources; rules and judgements among them", f"{len(sources())}; {kinds['rules and judgements']}"],
            ["places", len(shipped_rows("places.csv"))],
        ],
    )


def cells() -> str:
    count, grades = len(bundled()), cell_grades()
    rows: list[list[object]] = []
    for key, found in grades.items():
        if key != "id":
            shown = [found[grade] or "" for grade in GRADES]
            rows.append([f"`{key}`", properties()[key].criterion, *shown, (count - found.total()) or ""])
    return table(["column", "criterion", *GRADES, "gap"], rows)


def rules() -> str:
    known = group(read_evidence(ROOT / "data" / "evidence.csv"))
    made = Counter(record.source_id for records in known.values() for record in resolve(records).records[:1])
    rows: list[list[object]] = []
    for rule in RULES:
        source = sources()[rule.id]
        rows.append([f"`{rule.id}`", f"`{rule.property}`", rule.grade, made[rule.id], source.title, source.url])
    return table(["rule", "column", "grade", "cells", "in words", "rests on"], rows)


def coverage_table(rows: tuple[list[str], list[list[str]]]) -> str:
    """A table of ``advisor.coverage``; names of rules, columns and cloths as code."""
    ids = set(properties()) | set(bundled().ids) | {rule.id for rule in RULES}

    def shown(cell: str) -> str:
        return ", ".join(f"`{part}`" if part in ids else part for part in cell.split(", "))

    return table(rows[0], [[shown(cell) for cell in row] for row in rows[1]])


def place_sources() -> str:
    rows: list[list[object]] = [[row["title"], row["licence"], row["url"]] for row in shipped_rows("place_sources.csv")]
    return table(["source", "licence", "address"], rows)


def material_sources() -> str:
    kinds = Counter(source.kind for source in sources().values() if source.kind not in ("rule", "judgement"))
    return table(["kind", "sources"], [[kind, count] for kind, count in sorted(kinds.items())])


def worked_examples() -> str:
    """Every step of the formulas at three places, by the functions the program uses."""
    columns: list[dict[str, str]] = []
    names = ("Lagos", "Dubai", "Tromsø")
    for name in names:
        words = {"format": "material-advisor-brief", "version": 1, "product": "mini-hike-daypack"}
        brief = brief_from_json({**words, "climate": {"place": name}}, name)
        answer = solve(bundled(), brief)
        (scene,) = answer.conditions()
        terms = answer.terms
        given = {key: figure.value or 0.0 for key, figure in scene.figures.items()}
        mean, humidity = given["mean_c"], given["relative_humidity_pct"]
        level = {demand.property: demand for demand in answer.demands}
        dose = formulas.yearly_dose(scene, terms) or 0.0
        factor = formulas.hydrolysis_acceleration
        damp = sum(m >= 15 and h >= formulas.critical_humidity(m) - 5 for m, h in scene.months)

        def shown(key: str, level: dict[str, formulas.Demand] = level) -> str:
            demand = level[key]
            assert demand.level is not None
            text = f"{demand.level:,.{properties()[key].decimals}f}".replace("-", "−")
            return f"{'≥' if demand.sense == 'at_least' else '≤'} {text} [{demand.grade}]"

        columns.append(
            {
                "T / H / C, °C": f"{mean:g} / {given['hot_month_max_c']:g} / {given['cold_month_min_c']:g}",
                "RH, %": f"{humidity:g}",
                "P / Pw, mm": f"{given['rain_mm_year']:g} / {given['wettest_month_mm']:g}",
                "D, d; G, MJ/m²; dust and salt": f"{given['rain_days']:g}; {given['solar_mj_m2_year']:g}; "
                f"{given['dust_salt']:g}",
                "1 wet days Dw; rain I, mm/h": f"{given['wet_days_wettest_month']:.1f}; "
                f"{formulas.hourly_rain(scene) or 0:.1f}",
                "1 **head new, mm**": shown("hydrostatic_head_mm"),
                "1 **head aged, mm**": shown("hydrostatic_head_aged_mm"),
                "2 dose a year; over life, MJ/m²": f"{dose:,.0f}; {dose * terms.life_years:,.0f}",
                "2 **strength kept after 100 kLy, %**": shown("uv_strength_retention_pct"),
                "2 **light fastness, grade**": shown("light_fastness_grade"),
                "3 AF (Ea 68 to 83)": f"{factor(mean, humidity):.0f} ({factor(mean, humidity, 68e3):.0f} to "
                f"{factor(mean, humidity, 83e3):.0f})",
                "3 **hydrolysis, weeks**": shown("hydrolysis_weeks"),
                "4 warm and damp months": f"{damp} of {len(scene.months)}",
                "4 **mildew, rating**": shown("mildew_rating"),
                "5 design low, °C": f"{scene.design_low.value:g}",
                "5 **cold flex, °C**": shown("cold_flex_c"),
                "6 **heat, parked car, °C**": shown("heat_limit_c"),
                "8 drying E, g/m² an hour": f"{formulas.evaporation(mean, humidity):.0f}",
                "8 **water pick-up, g/m²**": shown("water_pickup_g_m2"),
                "9 uplift on tear": f"{formulas.strength_uplift(given['dust_salt']):.2f}",
                "9 **tear, N**": shown("tear_strength_n"),
                "9 **tensile, N**": shown("tensile_strength_n"),
                "9 **abrasion, D3884 cycles**": shown("abrasion_cycles"),
                "9 **minimum order, m**": shown("moq_m"),
            }
        )
    rows: list[list[object]] = [[key, *(column[key].replace("-", "−") for column in columns)] for key in columns[0]]
    return table(["section, step or **demand** [grade]", *names], rows)


def four_places() -> str:
    """For each pair of four places: the demands that differ, and the first ten materials that changed place."""
    words = {"format": "material-advisor-brief", "version": 1, "product": "mini-hike-daypack"}
    answers = {
        name: solve(bundled(), brief_from_json({**words, "climate": {"place": name}}, name))
        for name in ("Lagos", "Dubai", "Tromsø", "Berlin")
    }
    text = ""
    for left, right in itertools.combinations(answers, 2):
        before, after = answers[left], answers[right]
        text += f"\n### {left} to {right}\n\n"
        rows: list[list[object]] = []
        for move in demand_moves(before.demands, after.demands):
            item = properties()[move.property]
            levels = [
                "–" if level is None else f"{level:,.{item.decimals}f}".replace("-", "−")
                for level in (move.before, move.after)
            ]
            rows.append([item.short, *levels, item.unit, say(move.because)])
        text += table(["demand", left, right, "unit", f"why at {right}"], rows) + "\n"
        moved = place_moves(before, after)
        text += f"{len(moved)} materials change place. Those nearest the top, with the values that moved:\n\n"
        for change in moved[:10]:
            worth = ", ".join(
                f"{criterion} {was:.2f} → {now:.2f}"
                for criterion, (was, now) in sorted(
                    change.values.items(), key=lambda pair: -abs(change.parts[pair[0]])
                )[:3]
            )
            text += f"- {say(change.sentence())}: {worth}\n"
    return text + "\n"


GENERATED: dict[str, Callable[[], str]] = {
    "contents": contents,
    "cells": cells,
    "rules": rules,
    "place-sources": place_sources,
    "material-sources": material_sources,
    "worked-examples": worked_examples,
    "four-places": four_places,
    "rule-coverage": lambda: coverage_table(coverage.rule_table()),
    "builder-coverage": lambda: coverage_table(coverage.builder_table()),
    "shares": lambda: coverage_table(coverage.share_table()),
    "families": lambda: coverage_table(coverage.family_table()),
}


def example_folder(folder: Path) -> Path:
    """A folder that holds the brief the README shows, under the name its example uses."""
    (brief,) = re.findall(r"^```json\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    (folder / "school.brief.json").write_text(brief, encoding="utf-8")
    return folder


def output_of(command: str, folder: Path) -> tuple[int, str]:
    """Exit status and standard output of a command line of the README."""
    stream = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(stream):
        status = main(shlex.split(command)[1:])
    return status, stream.getvalue()


def renewed(page: Path, folder: Path) -> str:
    """The page's text with every generated part as it is now."""
    text = page.read_text(encoding="utf-8")

    def part(found: re.Match[str]) -> str:
        if found[2] != "output":
            return f"{found[1]}{GENERATED[found[2]]()}{found[4]}"
        command = EXAMPLE.findall(text[: found.start()])[-1]
        shown = re.sub(r" · table \S+ (\S+ )?[0-9a-f]{12}$", "", output_of(command, folder)[1], flags=re.MULTILINE)
        return f"{found[1]}```text\n{shown}```\n{found[4]}"

    return BLOCK.sub(part, text)


# Tests ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_generated_is_what_the_program_says_now(page, tmp_path):
    text = page.read_text(encoding="utf-8")
    assert text == renewed(page, example_folder(tmp_path)), "stale; run: python -m tests.test_docs"


def anchors(page: Path) -> set[str]:
    """The names headings can be linked by."""
    headings = re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[str]:
    return (link for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")) if "://" not in link)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_of_the_repository(page):
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_relative_to(ROOT) and target.is_file(), f"{page.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{page.name}: no heading for {link}"


def test_every_page_is_reached_from_the_readme():
    reached, open_ends = {PAGES[0]}, [PAGES[0]]
    while open_ends:
        page = open_ends.pop()
        targets = {(page.parent / link.partition("#")[0]).resolve() for link in links(page)}
        found = {target for target in targets if target.suffix == ".md" and target.is_file()} - reached
        reached |= found
        open_ends += found
    assert set(PAGES) <= reached


@pytest.mark.parametrize("command", EXAMPLE.findall(README))
def test_every_example_of_the_command_line_runs(command, tmp_path):
    status, shown = output_of(command, example_folder(tmp_path))
    assert status == 0 and shown


def test_the_examples_are_found():
    assert len(EXAMPLE.findall(README)) == README.count("\nmaterial-advisor rank") + README.count(
        "\nmaterial-advisor explain"
    )
    assert len(EXAMPLE.findall(README)) >= 3


def test_the_readme_names_the_make_targets_and_system_packages_there_are():
    targets = re.findall(r"^([a-z0-9-]+):[^#\n]*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(targets) - {"help"} == set(re.findall(r"\bmake ([a-z0-9]+)", README))
    assert f"apt-get install -y --no-install-recommends {' '.join(QT_PACKAGES)}\n" in README


def test_the_brief_shown_is_understood_key_by_key(tmp_path):
    words = json.loads((example_folder(tmp_path) / "school.brief.json").read_text(encoding="utf-8"))
    written = brief_from_json(words, "README.md").to_json()
    assert words.keys() <= written.keys()


def test_the_architecture_names_every_module_and_no_other():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set()
    for cell in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE):
        folder = ""
        for name in re.findall(r"`([\w/]+\.py)`", cell):
            folder = name.rpartition("/")[0] or folder
            named.add(f"{folder}/{name.rpartition('/')[2]}")
    there = {
        path.relative_to(ROOT).as_posix()
        for room in ("advisor", "ui")
        for path in (ROOT / room).rglob("*.py")
        if path.name != "__init__.py"
    }
    assert named == there
    assert set(re.findall(r"`((?:advisor|ui)/[\w/]+\.py)`", text)) <= there | {"ui/__init__.py"}


def test_the_credits_name_every_library_of_the_lock():
    credits = (ROOT / "docs" / "credits.md").read_text(encoding="utf-8").casefold()
    lock = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    missing = {name for name in re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE) if name not in credits}
    assert missing == set()


def test_the_anchors_shown_are_those_of_the_data():
    text = (ROOT / "docs" / "demands.md").read_text(encoding="utf-8")
    for key, item in properties().items():
        if item.curve:
            shown = ", ".join(f"{x:g}:{value:g}" for x, value in item.curve)
            assert f"| `{key}` | {shown} |" in text


def write() -> None:
    """Write the generated parts of every page anew."""
    with tempfile.TemporaryDirectory() as folder:
        for page in PAGES:
            text = renewed(page, example_folder(Path(folder)))
            if text != page.read_text(encoding="utf-8"):
                new = page.with_suffix(".new")
                new.write_text(text, encoding="utf-8")
                os.replace(new, page)
                print(page.relative_to(ROOT))


if __name__ == "__main__":
    write()
