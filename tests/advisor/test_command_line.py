"""The command line as a shell sees it: exit codes, one line for what is wrong, JSON and CSV others can build on."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from advisor.__main__ import main
from advisor.climate import place_names
from advisor.files import shipped
from advisor.materials import bundled
from advisor.properties import CRITERIA, properties

ROOT = Path(__file__).resolve().parents[2]
HEAD = {"format": "material-advisor-brief", "version": 1}


def run(*words: str, **changes: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LC_", "LANG"))}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", **changes}
    command = [sys.executable, "-m", "advisor", *words]
    return subprocess.run(command, capture_output=True, env=environment, cwd=ROOT, check=False, timeout=60)


@cache
def plain(*words: str) -> str:
    """What a command that must succeed prints; run once for all tests."""
    done = run(*words)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode("utf-8")


LAGOS = ("rank", "--product", "mini-hike-daypack", "--place", "Lagos", "--format")


def one_line(code: int, out: str, err: str) -> str:
    """The one line a refused command prints."""
    assert code == 2, err
    assert out == ""
    assert err.endswith("\n") and err.count("\n") == 1, err
    assert err.startswith("material-advisor") and "Traceback" not in err
    return err


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a refused command prints; run in this process, for speed."""

    def find(*words: str) -> str:
        try:
            code = main(words)
        except SystemExit as left:
            code = int(left.code or 0)
        return one_line(code, *capsys.readouterr())

    return find


@pytest.mark.parametrize(
    "words", [("rank", "--place", "Lagoss"), ("rank", "--top", "0"), ("rank", "--table", "nowhere")]
)
def test_a_shell_sees_exit_code_2_and_one_line(words):
    done = run(*words)
    one_line(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_the_json_holds_every_key_of_the_contract():
    document = json.loads(plain(*LAGOS, "json"))
    assert set(document["table"]) == {"name", "rows", "sha256", "version"}
    assert document["table"]["version"] == bundled().version != ""
    assert document["brief"]["product"] == "mini-hike-daypack" and document["brief"]["climate"] == {"place": "Lagos"}
    assert len(document["demands"]) >= 8
    for demand in document["demands"]:
        assert {"property", "level", "unit", "because", "grade"} <= set(demand)
        assert demand["because"] and demand["grade"] in ("A", "B", "C", "D")
        assert demand["unit"] == properties()[demand["property"]].unit
    assert len(document["ranking"]) == document["table"]["rows"] >= 40
    for row in document["ranking"]:
        assert {
            *("rank", "id", "name", "score", "score_low", "score_high", "passes", "limits_failed", "demands_met"),
            *("demands_asked", "worst_miss", "gaps", "contributions", "values", "win_share", "level_with_above"),
        } <= set(row)
        assert list(row["contributions"]) == list(row["values"]) == list(CRITERIA)
        assert abs(sum(row["contributions"].values()) - row["score"]) <= 1e-9
        assert row["score_low"] <= row["score"] <= row["score_high"]
        assert (row["rank"] is None) == (not row["passes"]) == bool(row["limits_failed"])
        assert all(set(failed) == {"limit", "by"} for failed in row["limits_failed"])
        assert 0 <= row["demands_met"] <= row["demands_asked"] and isinstance(row["gaps"], list)
        assert row["passes"] or row["win_share"] == 0
    ranks = [row["rank"] for row in document["ranking"]]
    passing = [rank for rank in ranks if rank is not None]
    assert ranks == passing + [None] * (len(ranks) - len(passing)) and passing == sorted(passing) and passing[0] == 1
    assert sum(row["win_share"] for row in document["ranking"]) == pytest.approx(1)


def test_the_table_named_in_the_json_is_the_one_that_was_read():
    document = json.loads(plain(*LAGOS, "json"))
    assert document["table"]["sha256"] == hashlib.sha256(shipped("data", "materials.csv").read_bytes()).hexdigest()


def test_the_same_command_prints_the_same_bytes():
    assert run(*LAGOS, "json").stdout.decode("utf-8") == plain(*LAGOS, "json")


def test_top_cuts_text_and_csv_and_never_json():
    rows = len(json.loads(plain(*LAGOS, "json"))["ranking"])
    assert len(json.loads(plain(*LAGOS, "json", "--top", "3"))["ranking"]) == rows
    assert len(list(csv.reader(io.StringIO(plain(*LAGOS, "csv", "--top", "3"))))) == 4
    assert len(list(csv.reader(io.StringIO(plain(*LAGOS, "csv"))))) == rows + 1
    whole, first = (plain(*LAGOS, "text", *cut).splitlines() for cut in ((), ("--top", "1")))
    assert len(whole) - len(first) >= rows - 2


def test_every_output_names_the_table_and_its_hash():
    sha = hashlib.sha256(shipped("data", "materials.csv").read_bytes()).hexdigest()
    lines = list(csv.DictReader(io.StringIO(plain(*LAGOS, "csv", "--top", "2"))))
    assert {line["table_sha256"] for line in lines} == {sha}
    assert lines[0]["table"].startswith("materials.csv ")
    assert sha[:12] in plain(*LAGOS, "text")


def test_csv_and_json_tell_the_same():
    document = json.loads(plain(*LAGOS, "json"))
    for row, line in zip(document["ranking"], csv.DictReader(io.StringIO(plain(*LAGOS, "csv"))), strict=True):
        assert line["id"] == row["id"] and line["rank"] == str(row["rank"] or "")
        for key in ("score", "score_low", "score_high", "win_share"):
            assert float(line[key]) == row[key]
        assert {key: float(line[key]) for key in CRITERIA} == row["contributions"]
        assert bool(line["limits_failed"]) == bool(row["limits_failed"])


def test_text_names_place_demands_and_first_material():
    text = plain(*LAGOS, "text")
    first = json.loads(plain(*LAGOS, "json"))["ranking"][0]
    assert "Mini hike daypack" in text and "Lagos" in text and first["name"] in text
    assert text.count("[C]") + text.count("[D]") >= 8


def test_a_whole_brief_is_ranked_and_the_words_of_the_command_stand_above_it(tmp_path):
    brief = tmp_path / "a.brief.json"
    brief.write_text(json.dumps({**HEAD, "title": "Größe", "product": "hydration-pack", "climate": {"place": "Dubai"}}))
    done = json.loads(run("rank", "--brief", str(brief), "--format", "json").stdout)
    assert (done["brief"]["title"], done["brief"]["product"]) == ("Größe", "hydration-pack")
    done = json.loads(
        run("rank", "--brief", str(brief), "--place", "tromso", "--market", "no,se", "--format", "json").stdout
    )
    assert done["brief"]["climate"] == {"place": "Tromsø"} and done["brief"]["market"] == ["NO", "SE"]
    assert done["brief"]["product"] == "hydration-pack"


def test_a_users_table_is_ranked_and_its_doubts_are_told_on_stderr(tmp_path):
    table = tmp_path / "own.csv"
    table.write_text(
        "name,areal_mass_g_m2,price_usd_m2,colour\nCloth A,200,3,red\nCloth B,5.9,4,blue\n", encoding="utf-8"
    )
    done = run("rank", "--table", str(table), "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 0 and document["table"]["rows"] == 2
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 2 and all(line.startswith("material-advisor: warning: ") for line in lines)
    assert any("row 3" in line and "areal_mass_g_m2" in line for line in lines)


def test_a_copy_of_the_table_ten_rows_short_turned_round_and_in_ounces_scores_the_same(tmp_path):
    rows = list(csv.reader(io.StringIO(shipped("data", "materials.csv").read_text(encoding="utf-8"), newline="")))
    mass = rows[0].index("areal_mass_g_m2")
    kept = [rows[0], *reversed([row for number, row in enumerate(rows[1:]) if number % 12 or number >= 120])]
    kept[0][mass] = "areal_mass_oz_yd2"
    for row in kept[1:]:
        row[mass] = repr(float(row[mass]) / (28.349523125 / 0.9144**2)) if row[mass] else ""
    table = tmp_path / "copy.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(kept)
    done = run(*LAGOS, "json", "--table", str(table))
    assert (done.returncode, done.stderr) == (0, b"")
    found = {row["id"]: row for row in json.loads(done.stdout)["ranking"]}
    whole = {row["id"]: row for row in json.loads(plain(*LAGOS, "json"))["ranking"]}
    assert len(found) == len(whole) - 10
    for key, row in found.items():
        for name in ("score", "score_low", "score_high"):
            assert abs(row[name] - whole[key][name]) <= 1e-12
        assert row["limits_failed"] == whole[key]["limits_failed"] and row["demands_met"] == whole[key]["demands_met"]


def test_no_text_cell_of_the_csv_is_a_formula(tmp_path):
    table = tmp_path / "own.csv"
    names = ["=1+1", "+49 Mill", "-A", "@SUM(A1)", '=HYPERLINK("x")', "plain"]
    rows = [["id", "name", "price_usd_m2", "mildew_rating"], *[[name, name, "900", "4"] for name in names]]
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    table.write_text(stream.getvalue(), encoding="utf-8")
    done = run("rank", "--table", str(table), "--format", "csv")
    found = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8"))))
    assert len(found) == len(names)
    for line in found:
        for key in ("id", "name", "worst_miss", "limits_failed"):
            assert line[key][:1] not in ("=", "+", "-", "@", "\t", "\r")
        for key in ("score", "score_low", "score_high", "win_share", *CRITERIA):
            assert float(line[key]) >= 0


def test_explain_says_why_a_stands_where_it_does_and_above_b():
    ranked = json.loads(plain(*LAGOS, "json"))["ranking"]
    a, b = ranked[0], ranked[5]
    words = ("--product", "mini-hike-daypack", "--place", "Lagos")
    alone = json.loads(plain("explain", *words, a["id"], "--format", "json"))
    assert alone["a"]["id"] == a["id"] and alone["a"]["contributions"] == a["contributions"]
    assert alone["sentences"] and len(alone["demands"]) == a["demands_asked"]
    both = json.loads(plain("explain", *words, a["name"], b["name"], "--format", "json"))
    assert both["gap"] == pytest.approx(a["score"] - b["score"], abs=1e-12)
    assert sum(both["differences"].values()) == pytest.approx(both["gap"], abs=1e-9)
    text = plain("explain", *words, a["id"], b["id"])
    assert both["sentences"][0] in text and a["name"] in text and b["name"] in text
    steps = [line.split() for line in text.splitlines() if line.split()[:1] and line.split()[0] in CRITERIA]
    gap = next(line.split()[1] for line in text.splitlines() if line.split()[:1] == ["gap"])
    assert sum(float(step[1]) for step in steps) == pytest.approx(float(gap), abs=1e-9)
    assert plain("explain", *words, a["id"]).startswith(a["name"])


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("rank", "--product", "mini-hike"), "mini-hike-daypack"),
        (("rank", "--place", "Lagoss"), "Lagos"),
        (("rank", "--place", ""), "place"),
        (("rank", "--place", "two\nlines"), "two lines"),
        (("rank", "--market", "XX"), "market"),
        (("rank", "--method", "magic"), "--method"),
        (("rank", "--format", "xml"), "--format"),
        (("rank", "--top", "0"), "--top"),
        (("rank", "--top", "-3"), "--top"),
        (("rank", "--top", "many"), "--top"),
        (("rank", "--colour", "red"), "--colour"),
        (("rank", "--two\nlines"), "--two lines"),
        (("rank", "stray"), "stray"),
        (("rank", "--brief", "nowhere.brief.json"), "nowhere.brief.json"),
        (("rank", "--table", "nowhere.csv"), "nowhere.csv"),
        (("rank", "--table", "."), "cannot be read"),
        (("rank", "--brief"), "--brief"),
        (("explain",), "A"),
        (("explain", "nylon-420d-packcloth-pv"), "nylon-420d-packcloth-pu"),
        (("explain", "nylon-420d-packcloth-pu", "nylon-420d-packcloth-pu"), "same"),
        (("explain", "nylon-420d-packcloth-pu", "--format", "csv"), "--format"),
        (("fly",), "fly"),
    ],
)
def test_a_wrong_word_is_refused_on_one_line(words, named, refused):
    assert named in refused(*words)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "not valid JSON"),
        (b'{"format": "material-advisor-brief",\n "version" 1}', "row 2"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"[]", "format"),
        (json.dumps({**HEAD, "prodct": "x"}).encode(), '"product"'),
        (json.dumps({**HEAD, "priorities": {"water": 11}}).encode(), "priorities.water"),
        (json.dumps({**HEAD, "gaps": "a\nb", "method": 3}).encode(), "1 more problem"),
        (
            b'{"format": "material-advisor-brief", "version": 1, "budget": {"order_quantity": ' + b"9" * 5000 + b"}}",
            "number",
        ),
    ],
)
def test_a_broken_brief_is_refused_on_one_line_that_names_it(content, named, tmp_path, refused):
    path = tmp_path / "broken.brief.json"
    path.write_bytes(content)
    text = refused("rank", "--brief", str(path))
    assert str(path) in text and named in text


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "row 1"),
        (b"name,price_usd_m2\nA,cheap\n", "row 2, column price_usd_m2"),
        (b"name,price_usd_m2\nA,nan\nB,x\n", "1 more problem"),
        ("name,price_usd_m2\nGröße,x\n".encode("cp1252"), "row 2"),
        ("name,price_usd_m2\nA,x\n".encode("utf-16"), "row 2"),
        (b"%PDF-1.7\n\x00\x01\x02\xe2\xff", "neither text nor a workbook"),
        (b'name,price_usd_m2\n"A,3\n', "CSV"),
        (b"name,price_usd_m2\nA,3,3\n", "row 2"),
    ],
)
def test_a_broken_table_is_refused_on_one_line_that_names_it(content, named, tmp_path, refused):
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    text = refused("rank", "--table", str(path))
    assert str(path) in text and named in text


def test_warnings_do_not_come_between_a_user_and_what_is_wrong(tmp_path, refused):
    table = tmp_path / "own.csv"
    table.write_text("name,price_usd_m2,colour\nA,3,red\n", encoding="utf-8")
    assert "unknown material" in refused("explain", "--table", str(table), "B")


def test_help_lists_the_commands_there_are_and_no_other(refused):
    text = plain("--help")
    for name in ("rank", "explain"):
        assert f"\n    {name}" in text
        assert "\n  --brief" in plain(name, "--help")
    for name in ("decide", "check-table", "bag", "cost", "report", "proof", "bench"):
        if f"\n    {name}" not in text:
            refused(name)
    assert plain() == text
    assert plain("--version").startswith("material-advisor ")


@pytest.mark.parametrize("form", [("json",), ("text", "--top", "1")])
def test_a_reader_that_goes_away_ends_it_quietly(form):
    command = [sys.executable, "-m", "advisor", *LAGOS, *form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


def test_a_full_disk_is_told_on_one_line():
    full = Path("/dev/full")
    if not full.exists():
        return  # only Linux has a device that is always full
    command = [sys.executable, "-m", "advisor", *LAGOS, "csv"]
    with full.open("wb") as stream:
        done = subprocess.run(command, stdout=stream, stderr=subprocess.PIPE, cwd=ROOT, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1 and b"cannot be written" in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_the_output_is_utf_8_for_programs_and_readable_for_people_wherever_it_runs(encoding):
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    document = run("rank", "--place", "Tromsø", "--format", "json", **environment)
    assert document.returncode == 0
    assert json.loads(document.stdout.decode("utf-8"))["brief"]["climate"]["place"] == "Tromsø"
    text = run("rank", "--place", "Tromsø", **environment)
    assert text.returncode == 0 and text.stderr == b"" and text.stdout.decode(encoding)


def test_every_place_is_named_where_none_is_near(refused):
    assert f"{len(place_names())} places are known" in refused("rank", "--place", "Qqqqq")
