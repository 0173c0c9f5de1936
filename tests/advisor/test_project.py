"""Projects: everything a user put in comes back to the bit, and what is wrong in a file is told all at once."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor import archive
from advisor import project as projects
from advisor.__main__ import main
from advisor.answer import solve
from advisor.brief import Band, Brief, Climate, Limit, PlaceShare
from advisor.builder import ClothSpec, predict
from advisor.files import shipped
from advisor.intake import read_table
from advisor.laboratory import LabReport, Reading, Result, Sample
from advisor.materials import Table, bundled
from advisor.merge import OwnFigure
from advisor.problems import AdvisorError
from advisor.project import (
    SUFFIX,
    Choice,
    Decision,
    KeptQuote,
    MadeOn,
    Project,
    Records,
    RunnerUp,
    View,
    is_document,
    project_from_json,
    read_any,
    read_project,
)
from advisor.properties import properties
from advisor.quotes import Quote
from advisor.revision import revise, standings
from advisor.stock import Stock
from advisor.units import Rate

GOLDEN = Path(__file__).parent.parent / "golden" / "project-1.project.json"
LAGOS = Brief(title="Lagos", product="mini-hike-daypack", climate=Climate("Lagos"), market=("NG",))
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(40))


def own_table(folder: Path) -> Table:
    path = folder / "office.csv"
    path.write_text(
        "id,name,family,fibre,areal_mass_g_m2,areal_mass_g_m2_low,areal_mass_g_m2_high,hydrostatic_head_mm,price_usd_m2\n"
        "office-1,Office 600D,polyester,polyester,310,300.1,333.3,1500,2.1\n"
        "office-2,Büro-Köper ½,nylon,nylon,210.05,,,800,3.7\n",
        encoding="utf-8",
    )
    return read_table(path)


@pytest.fixture
def full(tmp_path: Path) -> Project:
    """A project that holds something of every kind."""
    table = bundled()
    first, second, third = table.ids[:3]
    stock = replace(Stock(table), added=(own_table(tmp_path),), measured=False)
    stock = stock.with_cloth(ClothSpec(warp_denier=500.0, mass_g_m2=235, name="Ours"))
    report = LabReport(
        first,
        "Lab A",
        "R-1",
        "2026-10-02",
        "lot 7",
        (Result("tear_strength_n", "ASTM D2261", "N", Reading(61.5, 2.25, 5), Reading(55.0)),),
    )
    stock = stock.with_report(report)
    stock = stock.with_figures(
        [
            OwnFigure(first, "price_usd_m2", 3, because="asked the mill", source="Kano Mills"),
            OwnFigure(second, "hydrostatic_head_mm", 1234.5, 1000.1, 1500.0),
            OwnFigure(third, "certificates", text="GRS|bluesign"),
            OwnFigure("office-1", "areal_mass_g_m2", 305.0),
        ]
    )
    stock = stock.with_sample(Sample(second, "received", "D4", "dry, firm", PHOTO, (("received", "2026-10-05"),)))
    naira = Rate("NGN", 0.00066, "2026-10-01", "typed in")
    records = Records(
        others=(replace(LAGOS, title="Dubai", climate=Climate("Dubai")),),
        quotes=(
            KeptQuote(
                Quote(first, "Kano Mills", "Oxford 600 PU blk", "black", "NGN", 2450.0, "m", 147.32, 500.0, "FOB",
                      "Lagos", 21.0, "2026-10-01", "2026-12-31"),
                "remembered",
                naira,
            ),
            KeptQuote(Quote("", "Kano Mills", "210T", "", "NGN", 900.0, "yd"), "remembered", naira),
        ),
        decisions=(
            Decision(
                (Choice("body", second, "Second", 2), Choice("base", first, "First", None)),
                "the client knows it",
                ("lab dip", "GRS scope"),
                "A. Buyer",
                "2026-11-01T10:30",
                (RunnerUp(third, "Third", 3, "too dear"),),
                "Lagos",
                table.sha256,
            ),
        ),
        remarks={first: "ask for a swatch", "office-2": "½ price in spring"},
    )  # fmt: skip
    view = View(first, 10, (first, second), ("tear_strength_n",), "weakest")
    return Project(LAGOS, stock, records, view)


def again(project: Project) -> Project:
    return project_from_json(json.loads(project.to_bytes()), "p.project.json")


def same_tables(one: Table, other: Table) -> None:
    assert one.ids == other.ids and one.names == other.names and one.text == other.text
    for name in ("low", "typical", "high", "grades"):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True), name
    assert one.sha256 == other.sha256
    assert one.predicted == other.predicted


# Round trips ----------------------------------------------------------------------------------------------------------


def test_everything_comes_back_to_the_bit(full: Project) -> None:
    back = again(full)
    assert back.told == ()
    assert back.brief == full.brief
    assert back.records == full.records
    assert back.view == full.view
    assert back.stock.figures == full.stock.figures
    assert back.stock.specs == full.stock.specs
    assert back.stock.reports == full.stock.reports
    assert back.stock.samples == full.stock.samples
    same_tables(back.stock.table, full.stock.table)
    assert back.to_bytes() == full.to_bytes()


def test_the_ranking_before_and_after_is_the_same_bit_for_bit(full: Project) -> None:
    for brief in full.briefs:
        one, other = solve(full.stock.table, brief), solve(again(full).stock.table, brief)
        assert one.ranking.order.tobytes() == other.ranking.order.tobytes()
        for name in ("scores", "low", "high", "contributions"):
            assert getattr(one.ranking, name).tobytes() == getattr(other.ranking, name).tobytes()
        assert one.certainty().win_share.tobytes() == other.certainty().win_share.tobytes()


def test_evidence_comes_back_with_the_rows_it_is_of(full: Project) -> None:
    one, other = full.stock.table, again(full).stock.table
    predicted = next(iter(full.stock.table.predicted))
    for key in properties():
        assert one.records.get((predicted, key)) == other.records.get((predicted, key))
    row = one.index[predicted]
    cell = other.cell(row, "tear_strength_n")
    assert cell is not None and cell.records[0].source_id.startswith("rule-")


def test_a_table_in_the_bundled_ones_place_is_embedded_whole(tmp_path: Path) -> None:
    project = Project(LAGOS, Stock(own_table(tmp_path)))
    back = again(project)
    assert back.told == ()
    assert back.made_on == project.made_on == MadeOn("office.csv", project.stock.base.sha256)
    same_tables(back.stock.table, project.stock.table)
    assert back.stock.base.ids == ("office-1", "office-2")


def test_the_whole_bundled_table_as_rows_keeps_every_figure_and_its_evidence(table: Table) -> None:
    project = Project(LAGOS, Stock(table.take(range(len(table)))))
    back = again(project).stock.table
    same_tables(back, table)
    for row in range(0, len(table), 17):
        for key in properties():
            assert back.cell(row, key) == table.cell(row, key)


def test_measured_figures_alone_come_back_so(full: Project) -> None:
    project = replace(full, stock=replace(full.stock, measured=True))
    assert again(project).stock.measured
    same_tables(again(project).stock.table, project.stock.table)


def test_the_document_has_the_keys_of_the_format_and_no_other(full: Project) -> None:
    document = json.loads(full.to_bytes())
    assert list(document) == [
        "format", "version", "briefs", "table", "own_rows", "overrides", "quotes", "decisions", "notes",
    ]  # fmt: skip
    assert document["format"] == "material-advisor-project"
    assert document["table"] == {"name": bundled().name, "sha256": bundled().sha256}
    assert [row["origin"] for row in document["own_rows"]] == ["adds", "adds", "predicted"]
    price = document["overrides"][0]
    before = bundled().typical[0, bundled().column("price_usd_m2")]
    assert (price["typical"], price["before"], price["because"], price["source"]) == (
        3,
        before,
        "asked the mill",
        "Kano Mills",
    )
    assert document["overrides"][-1]["report"]["laboratory"] == "Lab A"
    assert document["notes"]["samples"][0]["drawer"] == "D4"


def test_an_empty_project_is_small_and_whole() -> None:
    project = Project()
    assert len(project.to_bytes()) < 600
    assert again(project).to_bytes() == project.to_bytes()
    assert again(project).stock.table is bundled()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
words = texts.filter(str.strip)
numbers = st.floats(0.001, 1e6, allow_nan=False)
days = st.dates().map(str)
ids = st.sampled_from(bundled().ids[:9])


@st.composite
def briefs(draw: st.DrawFn) -> Brief:
    return Brief(
        title=draw(texts),
        product=draw(st.sampled_from(("mini-hike-daypack", "kids-mini-backpack"))),
        climate=draw(
            st.sampled_from(
                (Climate(), Climate("Oslo"), Climate(places=(PlaceShare("Lagos", 2.5), PlaceShare("Dubai", 1.0))))
            )
        ),
        price=Band(draw(st.none() | st.floats(0.1, 5)), draw(st.none() | st.floats(5, 50))),
        limits=tuple(draw(st.lists(st.builds(Limit, family=st.tuples(words.map(str.strip))), max_size=2))),
        priorities=draw(st.dictionaries(st.sampled_from(("water", "sun", "price")), st.floats(0, 10), max_size=3)),
    )


quotes = st.builds(
    KeptQuote,
    st.builds(
        Quote,
        ids | st.just(""),
        texts,
        texts,
        texts,
        st.sampled_from(("USD", "NGN")),
        numbers,
        st.sampled_from(("m", "yd", "m2", "yd2", "kg")),
        st.none() | numbers,
        st.just(0.0) | numbers,
        texts,
        texts,
        st.none() | numbers,
        st.just("") | days,
        st.just("") | days,
    ),
    st.sampled_from(("remembered", "likeness", "")),
    st.none() | st.builds(Rate, st.just("NGN"), numbers, days, texts),
)
ranks = st.none() | st.integers(1, 999)
decisions = st.builds(
    Decision,
    st.lists(st.builds(Choice, st.sampled_from(("body", "base")), words, texts, ranks), min_size=1, max_size=2).map(
        tuple
    ),
    texts,
    st.lists(texts, max_size=2).map(tuple),
    texts,
    st.just("") | days,
    st.lists(st.builds(RunnerUp, words, texts, ranks, texts), max_size=2).map(tuple),
    texts,
    st.just("") | st.just(bundled().sha256),
)
figures = st.lists(
    st.builds(OwnFigure, ids, st.just("price_usd_m2"), numbers, because=texts, source=texts), max_size=3,
    unique_by=lambda figure: figure.id,
)  # fmt: skip
records = st.builds(
    Records,
    st.lists(briefs(), max_size=2).map(tuple),
    st.lists(quotes, max_size=3).map(tuple),
    st.lists(decisions, max_size=2).map(tuple),
    st.dictionaries(words, words, max_size=3),
)
views = st.builds(
    View,
    texts,
    st.integers(0, 1000),
    st.lists(texts, max_size=3).map(tuple),
    st.lists(st.sampled_from(("moq_m", "price_usd_m2")), max_size=2).map(tuple),
    st.sampled_from(("score", "weakest")),
)


@settings(max_examples=50)
@given(briefs(), figures, records, views, st.booleans())
def test_any_project_comes_back_as_it_was(brief, own, kept, view, measured) -> None:
    project = Project(brief, replace(Stock(bundled(), measured=measured), figures=tuple(own)), kept, view)
    back = again(project)
    assert (back.brief, back.records, back.view) == (brief, kept, view)
    assert back.stock.figures == tuple(own)
    assert back.stock.measured == measured
    assert back.to_bytes() == project.to_bytes()


# What is wrong --------------------------------------------------------------------------------------------------------


def refused(document: Any) -> dict[str, str]:
    """Path in the file -> message and hint of everything refused."""
    with pytest.raises(AdvisorError) as caught:
        project_from_json(document, "p.project.json")
    assert all(problem.file == "p.project.json" for problem in caught.value.problems)
    return {problem.column: f"{problem.message}; {problem.hint}" for problem in caught.value.problems}


def test_every_problem_is_told_at_once_with_its_path(full: Project) -> None:
    document = json.loads(full.to_bytes())
    document["qoutes"] = []
    document["briefs"][1]["climate"] = {"place": "Dubay"}
    document["table"]["sha256"] = "abc"
    document["own_rows"][0]["figures"]["hydrostatic_head_mm"]["low"] = 1e9
    document["own_rows"][1]["origin"] = "add"
    document["overrides"][0]["property"] = "price_usd_m"
    document["overrides"][-1]["report"]["results"][0]["metod"] = "x"
    document["quotes"][0]["curency"] = "USD"
    document["quotes"][1]["date"] = "soon"
    document["decisions"][0]["cloths"][0]["rank"] = 0
    document["notes"]["samples"][0]["state"] = "recieved"
    document["notes"]["view"] = {"pined": "x"}
    told = refused(document)
    assert 'did you mean "quotes"' in told["qoutes"]
    assert 'did you mean "Dubai"' in told["briefs[2].climate.place"]
    assert "64" in told["table.sha256"]
    assert "not in order" in told["own_rows[1].figures.hydrostatic_head_mm"]
    assert 'did you mean "adds"' in told["own_rows[2].origin"]
    assert 'did you mean "price_usd_m2"' in told["overrides[1].property"]
    assert any(key.startswith("overrides[5].report.results[") and "method" in said for key, said in told.items())
    assert 'did you mean "currency"' in told["quotes[1].curency"]
    assert "no date" in told["quotes[2].date"]
    assert "no place" in told["decisions[1].cloths[1].rank"]
    assert 'did you mean "received"' in told["notes.samples[1].state"]
    assert 'did you mean "pinned"' in told["notes.view.pined"]
    assert len(told) == 12


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"format": "material-advisor-projekt"}, "format"),
        ({"version": "1"}, "version"),
        ({"version": 0}, "version"),
        ({"briefs": []}, "briefs"),
        ({"briefs": None}, "briefs"),
        ({"table": None}, "table"),
        ({"own_rows": {}}, "own_rows"),
        ({"overrides": [3]}, "overrides[1]"),
        ({"quotes": [{}]}, "quotes[1].price"),
        ({"decisions": [{"cloths": []}]}, "decisions[1].cloths"),
        ({"notes": {"remarks": ["a"]}}, "notes.remarks"),
        ({"notes": {"view": {"measured": 1}}}, "notes.view.measured"),
    ],
)
def test_a_document_that_cannot_be_used_says_where(change, path) -> None:
    assert path in refused({**Project().to_json(), **change})


def test_two_rows_of_one_id_and_two_tables_in_one_place_are_refused(tmp_path: Path) -> None:
    document = Project(LAGOS, Stock(own_table(tmp_path))).to_json()
    twice = copy.deepcopy(document)
    twice["own_rows"][1]["id"] = "office-1"
    assert "own_rows[2].id" in refused(twice)
    both = copy.deepcopy(document)
    both["own_rows"][1]["from"] = {"name": "other.csv", "sha256": "0" * 64}
    assert "own_rows" in refused(both)


def nodes(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON document."""
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return []
    return [(value, key) for key, _ in pairs] + [node for _, item in pairs for node in nodes(item)]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=250)
@given(st.data())
def test_no_broken_project_ends_in_anything_but_problems(full_document, data) -> None:
    document = copy.deepcopy(full_document)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(nodes(document)))
        if key not in (holder if isinstance(holder, dict) else range(len(holder))):
            continue
        if data.draw(st.booleans()):
            holder[key] = data.draw(JUNK)
        elif isinstance(holder, dict):
            holder[data.draw(st.text(max_size=4))] = holder.pop(key)
        else:
            del holder[key]
    try:
        project = project_from_json(document, "p.project.json")
    except AdvisorError as error:
        told = [problem.line() for problem in error.problems]
        project = None
    if project is None:
        assert told and not any("\n" in line for line in told)
    else:
        # What was read can be written and is then as it was.
        assert again(project).to_bytes() == project.to_bytes()


@pytest.fixture
def full_document(full: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(full.to_bytes())
    return found


# Versions -------------------------------------------------------------------------------------------------------------


def test_a_newer_project_is_read_as_far_as_it_is_understood(full: Project, tmp_path: Path) -> None:
    document = json.loads(full.to_bytes())
    document["version"] = 9
    document["bags"] = [{"litres": 20}]
    document["briefs"][0]["version"] = 4
    document["briefs"][0]["mood"] = "sunny"
    document["quotes"][0]["hedged"] = True
    path = tmp_path / f"newer{SUFFIX}"
    path.write_text(json.dumps(document), encoding="utf-8")
    project = read_project(path)
    assert project.newer
    assert project.brief == full.brief
    assert project.stock.figures == full.stock.figures
    assert len(project.records.quotes) == 1
    first = project.told[0]
    assert first.code == "newer-version"
    assert first.severity == "warning"
    assert "read-only" in first.line()


def test_an_older_document_goes_through_every_migration(monkeypatch) -> None:
    def to_two(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "notes": {"remarks": document["notes"]["comments"]}}

    monkeypatch.setattr(projects, "VERSION", 2)
    monkeypatch.setattr(projects, "MIGRATIONS", {1: to_two})
    document = {**Project().to_json(), "version": 1, "notes": {"comments": {"x": "old words"}}}
    assert project_from_json(document).records.remarks == {"x": "old words"}
    with pytest.raises(AdvisorError, match="damaged"):
        project_from_json({**document, "notes": None})


def test_the_kept_sample_of_version_1_opens() -> None:
    project = read_project(GOLDEN)
    assert not project.newer
    assert [brief.title for brief in project.briefs] == ["Lagos daypack", "Dubai daypack"]
    assert [kept.quote.article for kept in project.records.quotes] == ["Oxford 600 PU blk", "210T"]
    assert project.records.decisions[0].cloths[0].panel == "body"
    assert {"office-1", "office-2"} <= set(project.stock.table.ids)
    assert {figure.property for figure in project.stock.figures} >= {"price_usd_m2"}
    assert project.records.remarks["office-2"] == "½ price in spring"
    assert len(project.stock.reports) == 1 and len(project.stock.samples) == 1
    assert len(project.stock.table) == len(bundled()) + 3
    # Written again it keeps everything but what the shipped table says beneath the overrides.
    kept, now = json.loads(GOLDEN.read_bytes()), json.loads(project.to_bytes())
    for document in (kept, now):
        for entry in document["overrides"]:
            entry.pop("before", None), entry.pop("before_grade", None)
    assert {key: now[key] for key in kept if key != "own_rows"} == {key: kept[key] for key in kept if key != "own_rows"}


# Another table --------------------------------------------------------------------------------------------------------


def test_a_project_made_on_another_table_says_so_and_remembers_it(full: Project) -> None:
    document = json.loads(full.to_bytes())
    document["table"]["sha256"] = "1" * 64
    project = project_from_json(document)
    assert [problem.code for problem in project.told] == ["other-table"]
    assert project.records.made_on == MadeOn(bundled().name, "1" * 64)
    assert json.loads(project.to_bytes())["table"]["sha256"] == "1" * 64


def test_figures_of_cloths_that_are_gone_are_kept_and_count_for_nothing(full: Project, monkeypatch) -> None:
    gone = bundled().ids[0]
    fewer = bundled().take(range(1, len(bundled())))
    document = json.loads(full.to_bytes())
    monkeypatch.setattr(projects, "bundled", lambda: fewer)
    project = project_from_json(document)
    assert [figure.id for figure in project.stock.idle] == [gone]
    assert "idle-override" in [problem.code for problem in project.told]
    kept = json.loads(project.to_bytes())
    assert gone in {entry.get("id") for entry in kept["overrides"]}
    monkeypatch.undo()
    assert set(project_from_json(kept).stock.figures) == set(full.stock.figures)


def test_another_table_can_be_ranked_with_the_figures_of_a_project(tmp_path: Path, full: Project) -> None:
    mine = own_table(tmp_path)
    document = Project(LAGOS, Stock(mine).with_figures([OwnFigure("office-1", "moq_m", 70.0)])).to_json()
    other = project_from_json(document, base=mine.take([0]))
    assert other.stock.whole.ids == ("office-1",)
    assert other.stock.whole.typical[0, mine.column("moq_m")] == 70.0


def test_an_id_the_shipped_table_has_taken_meanwhile_gets_a_number(full: Project) -> None:
    document = json.loads(full.to_bytes())
    document["own_rows"][0]["id"] = bundled().ids[5]
    project = project_from_json(document)
    assert f"{bundled().ids[5]}-2" in project.stock.table.index
    assert "id-taken" in [problem.code for problem in project.told]


def test_a_designed_cloth_keeps_its_figures_where_the_rules_have_changed(full: Project) -> None:
    document = json.loads(full.to_bytes())
    row = document["own_rows"][-1]
    row["figures"]["tear_strength_n"] |= {"low": 11.5, "typical": 12.25, "high": 13.0}
    project = project_from_json(document)
    assert "other-rules" in [problem.code for problem in project.told]
    table = project.stock.table
    at = table.index[row["id"]]
    assert table.typical[at, table.column("tear_strength_n")] == 12.25
    assert row["id"] in table.predicted
    assert again(project).to_bytes() == project.to_bytes()
    assert predict(ClothSpec(warp_denier=500.0, mass_g_m2=235, name="Ours")).construction.id == row["id"]


# Files ----------------------------------------------------------------------------------------------------------------


def test_files_are_told_apart_by_what_is_in_them(tmp_path: Path, full: Project) -> None:
    brief, project, other = (tmp_path / name for name in ("a.txt", "b.dat", "c.json"))
    brief.write_text(json.dumps(LAGOS.to_json()))
    project.write_bytes(b"\xef\xbb\xbf" + full.to_bytes())
    other.write_text('{"format": "material-advisor-proyect"}')
    assert read_any(brief) == LAGOS
    assert isinstance(read_any(project), Project)
    with pytest.raises(AdvisorError, match='did you mean "material-advisor-project"'):
        read_any(other)
    table = tmp_path / "t.csv"
    table.write_text("name,areal_mass_g_m2\nA,200\n")
    assert [is_document(path) for path in (brief, project, other, table)] == [True, True, True, False]


def test_a_newer_quote_of_the_same_article_takes_the_older_ones_place() -> None:
    old = KeptQuote(Quote("a", "Kano", "Oxford", "red", "USD", 2.0, "m2"), "remembered")
    new = KeptQuote(replace(old.quote, price=2.2, date="2026-12-01"), "remembered")
    other = KeptQuote(replace(old.quote, colour="blue"), "likeness")
    kept = Records(quotes=(old, other)).with_quotes([new])
    assert kept.quotes == (other, new)
    assert kept.aliases == {"Oxford": "a"}


# The command line -----------------------------------------------------------------------------------------------------


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_rank_takes_a_project_with_its_rows_and_figures(full: Project, tmp_path: Path, capsys) -> None:
    path = tmp_path / f"p{SUFFIX}"
    path.write_bytes(full.to_bytes())
    status, out, err = printed(capsys, "rank", "--brief", str(path), "--format", "json")
    document = json.loads(out)
    assert (status, err) == (0, "")
    assert document["table"]["sha256"] == full.stock.table.sha256
    scores = {row["id"]: row["score"] for row in document["ranking"]}
    answer = solve(full.stock.table, LAGOS)
    assert scores == dict(zip(answer.table.ids, answer.ranking.scores.tolist(), strict=True))
    status, out, _ = printed(capsys, "rank", "--brief", str(path), "--place", "Oslo", "--format", "json")
    assert json.loads(out)["brief"]["climate"] == {"place": "Oslo"}


def test_explain_says_what_was_decided_and_on_which_table(full: Project, tmp_path: Path, capsys) -> None:
    document = json.loads(full.to_bytes())
    document["table"]["sha256"] = "2" * 64
    path = tmp_path / f"p{SUFFIX}"
    path.write_text(json.dumps(document))
    status, out, err = printed(capsys, "explain", "--brief", str(path), bundled().ids[1])
    assert status == 0
    assert "Decided for body at place 2 (2026-11-01T10:30 by A. Buyer); it is" in out
    assert "made on another table" in err
    assert err.count("\n") == 1


def test_a_project_is_ranked_on_a_published_version_of_the_table(full: Project, tmp_path: Path, capsys) -> None:
    path = tmp_path / f"p{SUFFIX}"
    path.write_bytes(full.to_bytes())
    package = str(shipped("data", "datapackage.json"))
    _, mine, _ = printed(capsys, "rank", "--brief", str(path), "--format", "csv")
    status, theirs, _ = printed(capsys, "rank", "--brief", str(path), "--table", package, "--format", "csv")
    assert status == 0
    assert mine == theirs


def test_a_broken_project_is_refused_in_one_line(tmp_path: Path, capsys) -> None:
    path = tmp_path / f"p{SUFFIX}"
    path.write_text(json.dumps({**Project().to_json(), "quote": []}))
    status, out, err = printed(capsys, "rank", "--brief", str(path))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert 'did you mean "quotes"' in err


# What changed since ---------------------------------------------------------------------------------------------------


def test_a_kept_table_comes_back_with_its_evidence(tmp_path: Path, table: Table) -> None:
    path = tmp_path / "tables" / f"x{archive.SUFFIX}"
    archive.keep(path, table)
    kept = archive.kept(path)
    assert kept is not None
    same_tables(kept, table)
    assert kept.version == table.version
    assert kept.cell(3, "price_usd_m2") == table.cell(3, "price_usd_m2")
    assert kept.records[table.ids[0], "name"] == tuple(table.records[table.ids[0], "name"])
    assert revise(LAGOS, kept, table).holds
    assert archive.mark_of(kept) == archive.mark_of(table)
    assert archive.mark_of(table.take(range(1, len(table)))) != archive.mark_of(table)


@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04 torn", b"\x93NUMPY"])
def test_a_torn_table_is_none(tmp_path: Path, content: bytes) -> None:
    assert archive.kept(tmp_path / "nothing") is None
    (tmp_path / "torn").write_bytes(content)
    assert archive.kept(tmp_path / "torn") is None


def test_decisions_are_held_to_todays_places(full: Project, table: Table) -> None:
    answer = solve(table, LAGOS)
    first, second = standings(full.records.decisions, answer)
    assert (first.panel, first.then, first.now) == ("body", 2, int(answer.ranking.ranks[1]))
    assert second.then is None
    gone = solve(table.take(range(2, len(table))), LAGOS)
    assert [place.now for place in standings(full.records.decisions, gone)] == [None, None]
    assert standings(full.records.decisions, solve(table, replace(LAGOS, title="Other"))) == ()
