"""Long plain CSV cut by array arithmetic: the same cells and bits as the csv module and float give, or left to them."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor import sheets
from advisor.grid import Grid
from advisor.intake import read_file
from advisor.merge import table_csv
from advisor.sheets import read_sheet

cell = st.one_of(
    st.sampled_from(
        ["", "a", "1.5", "-2", 'say "x"', "a,b", "a\nb", '"', '""', "é×", " ", ".", "-", "1.", ".5", "1e3"]
    ),
    st.text(alphabet='ab1.,"-\né', max_size=5),
)


@given(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1)),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=300)
def test_what_a_spreadsheet_writes_is_cut_as_the_csv_module_cuts_it(rows, delimiter, ending):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=ending).writerows(rows)
    text = stream.getvalue().replace("\r\n", "\n")
    grid = Grid.of(stream.getvalue().encode("utf-8"), delimiter)
    assert grid is not None
    assert list(grid) == [row or [""] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    for place in range(grid.width):
        assert list(grid.column(place, 0)) == [row[place] for row in grid]


@given(st.binary(max_size=60).map(lambda noise: noise.replace(b"\x00", b"")), st.sampled_from(",;"))
@settings(max_examples=300)
def test_any_bytes_are_cut_as_the_csv_module_cuts_them_or_left_to_it(noise, delimiter):
    try:
        text = noise.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return
    grid = Grid.of(noise, delimiter)
    if grid is not None:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        assert list(grid) == [row or [""] for row in rows]


@given(st.lists(st.one_of(st.just(""), st.from_regex(r"-?[0-9]{0,8}\.?[0-9]{0,8}", fullmatch=True)), min_size=1))
def test_figures_have_the_bits_of_float(cells):
    grid = Grid.of(("\n".join(f"x,{text}" for text in cells) + "\n").encode(), ",")
    found = grid.column(1, 0).figures()
    plain = all(text == "" or any(sign.isdigit() for sign in text) for text in cells)
    if found is None:
        assert not plain or any(sum(map(str.isdigit, text)) > 15 for text in cells)
        return
    wanted = np.array([float(text) if text else np.nan for text in cells])
    assert found[0].tobytes() == wanted.tobytes() or np.array_equal(found[0], wanted, equal_nan=True)
    assert np.array_equal(np.signbit(found[0]), np.signbit(wanted)) and found[1] == any("." in text for text in cells)


@pytest.mark.parametrize(
    "text", ["1e3", "nan", "inf", "1 0", "1_0", "+1", "--1", "1.2.3", ".", "-", "x", "1234567890123456"]
)
def test_what_is_no_plain_number_is_left_to_a_closer_look(text):
    assert Grid.of(f"x,{text}\n".encode(), ",").column(1, 0).figures() is None


@pytest.mark.parametrize("text", ["a,b\n1\n", "a,b\n\n1,2\n", 'a,b\n1,2"\n', 'a,"b\n', "a,b\r1,2\n", 'a,"b"c\n', ""])
def test_what_is_not_plain_is_left_to_the_csv_module(text):
    assert Grid.of(text.encode(), ",") is None


def test_a_long_table_gives_the_same_reading_either_way(tmp_path, table, monkeypatch):
    path = tmp_path / "own.csv"
    content = table_csv(table).decode("utf-8-sig")
    path.write_text(content + "own,Own,nylon,nylon,210T,plain,PU,,9.8" + "," * 36 + "\n", encoding="utf-8")
    short = read_file(path)
    monkeypatch.setattr(sheets, "_LONG", 0)
    assert isinstance(read_sheet(path).rows, Grid)
    long = read_file(path)
    assert long.problems == short.problems and {p.code for p in long.problems} == {"thread-count", "slipped-unit"}
    for name in ("low", "typical", "high", "grades"):
        assert getattr(long.table, name).tobytes() == getattr(short.table, name).tobytes()
    assert long.table.text == short.table.text and long.table.sha256 == short.table.sha256
