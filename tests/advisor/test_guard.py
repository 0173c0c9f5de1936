"""The guard over tables of one's own: a header that names another test keeps figures off the scale, or widens them."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.materials import Table, read_table


def table_of(tmp_path: Path, header: str, *figures: str) -> Table:
    path = tmp_path / "own.csv"
    rows = "\n".join(f"Cloth {number};nylon;{figure}" for number, figure in enumerate(figures, start=1))
    path.write_text(f"name;fibre;{header}\n{rows}\n", encoding="utf-8")
    return read_table(path)


def cell(table: Table, key: str, row: int = 0) -> tuple[float, float, float]:
    place = table.column(key)
    return float(table.low[row, place]), float(table.typical[row, place]), float(table.high[row, place])


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Tear strength trapezoid (N)", "tear_strength_n"),
        ("Tear strength ISO 9073-4 (N)", "tear_strength_n"),
        ("Light fastness AATCC 16.3", "light_fastness_grade"),
    ],
)
def test_another_scale_in_the_header_is_a_gap_and_told_by_row(tmp_path: Path, header: str, key: str) -> None:
    table = table_of(tmp_path, header, "4", "5")
    assert all(figure != figure for figure in table.typical[:, table.column(key)])
    told = [(problem.code, problem.row) for problem in table.warnings if problem.column == header]
    assert told == [("foreign-method", 2), ("foreign-method", 3)]


def test_a_linked_test_in_the_header_widens(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Tear strength Elmendorf (N)", "50", "60")
    assert cell(table, "tear_strength_n") == pytest.approx((30.0, 50.0, 140.0))
    assert [problem.code for problem in table.warnings if "Elmendorf" in problem.column] == ["linked-method"]
    grab = table_of(tmp_path, "Tensile strength ASTM D5034 (N)", "900")
    assert cell(grab, "tensile_strength_n") == pytest.approx((600.0, 900.0, 1530.0))


@pytest.mark.parametrize("header", ["Tear strength (N)", "Tear strength tongue (N)", "Tear strength ASTM D2261 (N)"])
def test_the_scale_s_own_test_says_nothing(tmp_path: Path, header: str) -> None:
    table = table_of(tmp_path, header, "50", "61")
    assert cell(table, "tear_strength_n") == pytest.approx((30.0, 50.0, 70.0))
    assert not [problem for problem in table.warnings if problem.code.endswith("-method")]
