"""Long plain CSV cut by array arithmetic: the same cells and bits as the csv module and float give, or left to them."""

from __future__ import annotations

import csv
import io
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor import sheets
from advisor.cells import decimal_mark
from advisor.certainty import Stopped
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


#: What stands above the cells under test: no cell of a real table begins its file.
HEAD = "x" * 40


def bits(values):
    return np.array(values, float).view(np.int64).tolist()


def rows_of(grid):
    return np.arange(len(grid))


@given(
    st.lists(st.lists(cell, min_size=1, max_size=4), min_size=1),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=300)
def test_what_a_spreadsheet_writes_is_cut_as_the_csv_module_cuts_it(rows, delimiter, ending):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=ending).writerows(rows)
    grid = Grid.of(stream.getvalue().encode("utf-8"), delimiter)
    assert grid is not None
    wanted = [row or [""] for row in csv.reader(io.StringIO(stream.getvalue(), newline=""), delimiter=delimiter)]
    assert list(grid) == wanted and grid[-1] == wanted[-1]
    for place, found in enumerate(grid.columns(rows_of(grid), min(map(len, wanted)))):
        assert list(found) == [row[place] for row in wanted]
    filled = [number for number, row in enumerate(wanted) if any(map(str.strip, row))]
    assert grid.filled(0).tolist() == filled and grid.filled(1).tolist() == [number for number in filled if number]
    for width in (1, 2, 4):
        fits = [len(row) == width or (len(row) > width and not any(map(str.strip, row[width:]))) for row in wanted]
        assert grid.fitting(rows_of(grid), width).tolist() == fits


@given(st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=30), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=200)
def test_a_text_in_many_pieces_is_the_text_in_one(rows, ending):
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator=ending).writerows([[HEAD] * 4, *([HEAD, *row] for row in rows)])
    content = stream.getvalue().encode("utf-8")
    whole = Grid.of(content, ";")
    with patch.multiple("advisor.grid", _STRIDE=7, _BATCH=3, _WARMED=1, _PROBED=2):
        grid = Grid.of(content, ";")
        assert list(grid) == list(whole) == [[HEAD] * 4, *([HEAD, *row] for row in rows)]
        ready = grid.columns(rows_of(grid)[1:], 4, figures=(1, 2), words=(0, 3, 2))
        for place, (found, plain) in enumerate(zip(ready, whole.columns(rows_of(whole)[1:], 4), strict=True)):
            assert found.mapped(str.strip, edged=True) == [text.strip() for text in plain] and found.blank() == (
                not any(plain)
            )
            one, other = found.figures(), plain.figures()
            assert bits(one.values) == bits(other.values) and one.odd.tolist() == other.odd.tolist(), place
            assert (one.mark, one.proven, one.mixed) == (other.mark, other.proven, other.mixed)


@given(st.binary(max_size=60).map(lambda noise: noise.replace(b"\x00", b"")), st.sampled_from(",;"))
@settings(max_examples=300)
def test_any_bytes_are_cut_as_the_csv_module_cuts_them_or_left_to_it(noise, delimiter):
    try:
        text = noise.decode("utf-8")
    except UnicodeDecodeError:
        return
    grid = Grid.of(noise, delimiter)
    if grid is not None:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        assert list(grid) == [row or [""] for row in rows]


def column(cells, delimiter=";"):
    grid = Grid.of("\n".join([f"{HEAD}{delimiter}", *(f"x{delimiter}{text}" for text in cells)]).encode(), delimiter)
    return grid.columns(rows_of(grid)[1:], 2)[1]


plain = st.one_of(st.just(""), st.from_regex(r"-?[0-9]{0,9}([.][0-9]{0,9})?", fullmatch=True))


@given(st.lists(plain, min_size=1), st.sampled_from(".,"), st.sampled_from(["", " ", "  "]))
def test_figures_have_the_bits_of_float(texts, mark, space):
    found = column([space + text.replace(".", mark) + space for text in texts]).figures()
    digits = [sum(map(str.isdigit, text)) for text in texts]
    sound = [0 < count <= 15 and len(text.lstrip("-")) <= 16 for text, count in zip(texts, digits, strict=True)]
    assert found.odd.tolist() == [not good and bool(text) for good, text in zip(sound, texts, strict=True)]
    values = [float(text) if good else np.nan for good, text in zip(sound, texts, strict=True)]
    assert bits(found.values) == bits(values)
    marked = [text for good, text in zip(sound, texts, strict=True) if good and "." in text]
    assert found.mark == (mark if marked else "") and not found.mixed
    assert found.proven == (decimal_mark(marked) == ".")


def test_plain_and_other_cells_stand_beside_each_other_in_long_columns():
    texts = [f"{number * 0.37:.{number % 7}f}" for number in range(40_000)]
    texts[::1000] = [" 1,234.5 "] * 40
    texts[7], texts[8], texts[9] = "n/a", "", "-3.5"
    found = column(texts).figures()
    assert np.flatnonzero(found.odd).tolist() == sorted([7, *range(0, 40_000, 1000)])
    wanted = [float(text) if text not in ("", "n/a", " 1,234.5 ") else np.nan for text in texts]
    assert np.array_equal(found.values, wanted, equal_nan=True)
    assert (found.mark, found.proven, found.mixed) == (".", True, False)
    assert column(["1.5", "2,5"]).figures().mixed


@pytest.mark.parametrize(
    "text", ["1e3", "nan", "inf", "1 0", "1_0", "+1", "--1", "1.2.3", ".", "-", "x", "1234567890123456", "1,2.3", "é"]
)
def test_what_is_no_plain_number_is_left_to_a_closer_look(text):
    found = column([text, "7"]).figures()
    assert found.odd.tolist() == [True, False] and np.isnan(found.values[0]) and found.values[1] == 7


words = st.lists(st.sampled_from(["", "nylon", "Nylon", "a,b", "é×", 'say "x"', "x" * 63, "x" * 70]), max_size=90)


@given(words, st.booleans())
def test_words_are_those_of_the_file_however_many_there_are(texts, numbered):
    if numbered:
        texts = [f"{text} {number}" for number, text in enumerate(texts)]
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows([[HEAD, ""], *(["x", text] for text in texts)])
    grid = Grid.of(stream.getvalue().encode("utf-8"), ";")
    found = grid.columns(rows_of(grid)[1:], 2)[1]
    assert found.mapped(str.upper) == [text.upper() for text in texts]
    assert found.blank() == (not any(texts))


@pytest.mark.parametrize("text", ['a,b\n1,2"\n', 'a,"b\n', "a,b\r1,2\n", 'a,"b"c\n', ""])
def test_what_is_not_plain_is_left_to_the_csv_module(text):
    assert Grid.of(text.encode(), ",") is None


def test_cutting_stops_when_asked():
    with pytest.raises(Stopped):
        Grid.of(b"a,b\n1,2\n", ",", stop=lambda: True)


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


#: Cells of figure columns, sound and not; marks that prove themselves and marks that do not.
FIGURES: tuple[str, ...] = (
    "",
    "12",
    "7.5",
    "1,234.5",
    "1.234",
    "1.234,5",
    "7,5",
    "-3",
    " 40 ",
    "n/a",
    "ca. 300",
    "10-20",
    "45/38",
    "≥ 5",
)
FIGURES += ("x", "#REF!", "12345678.9012345", "0.1234567890123456789", "٢٥٠", "1e3", "=1", '"', "5 mm", "9.8")


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "A", "B", "Ü", " C ", "'=1", "Total"]), *[st.sampled_from(FIGURES)] * 3),
        min_size=1,
    ),
    st.sampled_from([("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";")]),
    st.sampled_from(["", "short", "wide", "blank"]),
    st.booleans(),
)
@settings(max_examples=400)
def test_any_table_gives_the_same_reading_either_way(tmp_path, rows, way, odd, numbered):
    encoding, delimiter = way
    head = ["name", "areal_mass_g_m2", "tear_strength_n", "hydrostatic_head_mm"]
    body = [[f"{name} {number}" if numbered and name else name, *cells] for number, (name, *cells) in enumerate(rows)]
    body += {"": [], "short": [["A", "1"]], "wide": [["A", "1", "2", "3", "4"]], "blank": [["", "", "", ""]]}[odd]
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows([head, *body])
    path = tmp_path / "own.csv"
    path.write_bytes(stream.getvalue().encode(encoding, "replace"))
    short = read_file(path)
    with patch.object(sheets, "_LONG", 0):
        long = read_file(path)
    assert long.problems == short.problems and long.rows == short.rows and (long.table is None) == (short.table is None)
    if short.table is not None:
        for name in ("low", "typical", "high", "grades"):
            assert getattr(long.table, name).tobytes() == getattr(short.table, name).tobytes()
        assert long.table.text == short.table.text and long.table.ids == short.table.ids


def test_opening_a_long_table_stops_at_whatever_it_is_doing(tmp_path, table, monkeypatch):
    monkeypatch.setattr(sheets, "_LONG", 0)
    path = tmp_path / "own.csv"
    path.write_bytes(table_csv(table))
    polls, told = [0], []

    def watch():
        polls[0] += 1
        return False

    read_file(path, progress=told.append, stop=watch)
    # Reading, cutting, every column, every property of the table and every check are places to stop at.
    assert polls[0] > 3 * len(table.text) + len(table.typical[0])
    assert told == sorted(told) and told[-1] == 1.0 and max(np.diff(told)) < 0.21
    for most in range(0, polls[0], 7):
        asked = iter([False] * most)
        with pytest.raises(Stopped):
            read_file(path, stop=lambda: next(asked, True))  # noqa: B023 - called within the turn
