"""The bench of the window runs on tiny sizes, prints ratios, and writes a page with a picture."""

import re

import pytest

from advisor import bench as engine
from advisor.bench import Curve, Line, Timing, text_of
from ui import bench
from ui.app import main
from ui.charts.panel import CHARTS


def test_every_chart_is_dragged_and_stands_beside_a_plain_redraw(qapp):
    lines = list(bench.window_lines(lengths=[12], moves=4, redraws=2))
    assert [line.what for line in lines] == [f"slider to paint, {chart.title}" for chart in CHARTS]
    for line in lines:
        assert line.own.median > 0 and line.own.times >= 2 and line.ratio > 0
    assert text_of(lines).count("× as") == len(CHARTS)


def test_start_stands_beside_a_bare_window_and_memory_is_told():
    lines = {line.what: line for line in bench.start_lines(times=1)}
    assert lines["start to ranked list"].ratio > 0
    assert lines["start to charts painted"].own.median > 0
    assert re.fullmatch(r"\d+ MB resident", lines["idle memory"].note)


def test_the_command_prints_the_table_and_writes_the_page(capsys, monkeypatch, tmp_path):
    line = Line("a thing", 3, Timing(1.0, 2.0, 3), "a peer", Timing(0.5, 0.5, 3), "≤ 3 ×", True)
    for part in ("engine_lines", "window_lines", "start_lines"):
        monkeypatch.setattr(bench, part, lambda _quick: iter([line]))
    curves = (Curve("one", ((10, 1.0), (100, 2.0))),)
    monkeypatch.setattr(engine, "cost_against_rows", lambda: curves)
    monkeypatch.setattr(engine, "cost_against_criteria", lambda: curves)
    page = tmp_path / "benchmarks.md"
    assert main(["bench", "--quick", "--page", str(page)]) == 0
    shown = capsys.readouterr().out
    assert shown.count("2.00 × as long") == 3 and "3 of 3 budgets kept" in shown
    text = page.read_text(encoding="utf-8")
    assert text.count("| a thing | 3 | 1.00 | 2.00 | a peer |") == 3
    (picture,) = re.findall(r"\]\((images/.+?)\)", text)
    assert (tmp_path / picture).read_text(encoding="utf-8").count("<svg") == 1


@pytest.mark.parametrize("words", [("--page", "missing/here.md"), ("--part", "nothing")])
def test_what_cannot_be_done_is_said_in_a_line(words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status: object
    try:
        status = main(["bench", *words])
    except SystemExit as end:
        status = end.code
    assert status == 2 and len(capsys.readouterr().err.strip().splitlines()) == 1
