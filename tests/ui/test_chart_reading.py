"""Charts for readers from right to left; what a pointer is told; own figures; clipboard and files; Slope's ends."""

from __future__ import annotations

import csv
import io
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QToolTip

from advisor.brief import Brief, Climate, Limit
from advisor.explanation import place_label
from advisor.materials import GRADE_CODES, Table
from advisor.merge import OwnFigure
from advisor.moves import place_moves
from advisor.sentences import Num
from ui import words
from ui.charts import why
from ui.charts.figures import OWN_SIGN, has_own, own_criteria
from ui.charts.look import chart_style, speech
from ui.charts.map import MapArtists, plot_at
from ui.charts.panel import CHARTS, ChartPanel
from ui.charts.slope_controls import BEFORE, NOW, OPENING, SlopeControls
from ui.charts.style import near, sheet
from ui.charts.twin import picture, text_of
from ui.session import Session
from ui.theme import palette, theme

KEYS = [chart.key for chart in CHARTS]
BRIEF = Brief(product="mini-hike-daypack", climate=Climate(place="Lagos"))


@pytest.fixture
def session(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """The real session over the bundled table; trials are asked for where a test wants them."""
    monkeypatch.setattr(Session, "start_certainty", lambda self: None)
    made = Session(brief=BRIEF)
    yield made
    made.close()


def shown(qtbot: Any, session: Session, key: str, mirrored: bool = False, look: str = "light") -> ChartPanel:
    own = theme("dark" if look == "dark" else "light")
    panel = ChartPanel(session, own)
    qtbot.addWidget(panel)
    panel.setPalette(palette(own))
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    panel.resize(820, 246)
    panel.show()
    panel.show_chart(key)
    panel.finish_loading()
    session.ascertain()
    paint(panel)
    return panel


def drawn(panel: ChartPanel) -> Any:
    return panel.canvas().artists


def paint(panel: ChartPanel) -> None:
    QGuiApplication.processEvents()
    panel.grab()


def texts(panel: ChartPanel) -> dict[str, float]:
    """Texts of the chart on screen with the middle of each from the left, px."""
    canvas = panel.canvas()
    renderer = canvas.get_renderer()
    found = {}
    for text in canvas.figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and text.axes is not None:
            box = Text.get_window_extent(text, renderer)
            found[text.get_text()] = float((box.x0 + box.x1) / 2) / canvas.devicePixelRatioF()
    return found


def point(panel: ChartPanel, x: float, y: float) -> str:
    """The pointer goes there; what the panel would say in a tool tip."""
    canvas = panel.canvas()
    at = QPoint(round(x), round(y))
    row = canvas._row_at(at)
    return panel._tip(panel.session.answer, row, canvas.mapToGlobal(at))


# --- from right to left -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [key for key in KEYS if key != "map"])
def test_every_text_of_a_mirrored_chart_stands_at_the_other_side(qtbot, session, key):
    plain = texts(shown(qtbot, session, key))
    mirrored = texts(shown(qtbot, session, key, mirrored=True))
    wide = 818
    both = plain.keys() & mirrored.keys()
    assert len(both) > 8
    for name in both:
        assert mirrored[name] == pytest.approx(wide - plain[name], abs=6), name


def test_the_map_keeps_its_numbers_from_left_to_right_and_turns_the_rest(qtbot, session):
    plain, mirrored = (shown(qtbot, session, "map", side) for side in (False, True))
    one, other = texts(plain), texts(mirrored)
    ticks = [name for name in ("50", "200", "500") if name in one]
    assert len(ticks) > 2
    assert [one[name] for name in ticks] == sorted(one[name] for name in ticks)
    assert [other[name] for name in ticks] == sorted(other[name] for name in ticks)
    # The legend and the upward axis change sides.
    assert one["passes"] > 600 > 200 > other["passes"]
    high = words.number(10_000)
    assert one[high] < 60 and other[high] > 750
    artists = mirrored.canvas().artists
    assert isinstance(artists, MapArtists)
    row = session.selected_row()
    assert row is not None
    x, y = artists.axes.transData.transform((artists.x[row], artists.y[row]))
    canvas = mirrored.canvas()
    assert canvas._row_at(QPoint(round(x), round(canvas.height() - y))) is not None
    spot = plot_at(artists, x, canvas.height() - y)
    assert spot is not None and spot == pytest.approx((artists.x[row], artists.y[row]), abs=1.5)


def test_bars_grow_from_where_reading_starts(qtbot, session):
    for key, part in (
        ("climate-fit", lambda artists: artists.rows[0].bar),
        ("certainty", lambda artists: artists.strips[0].first),
    ):
        for mirrored in (False, True):
            panel = shown(qtbot, session, key, mirrored)
            bar = part(panel.canvas().artists)
            start, end = (
                float(bar.axes.transData.transform((x, 0))[0]) for x in (bar.get_x(), bar.get_x() + bar.get_width())
            )
            assert (end < start) == mirrored, key


@pytest.mark.parametrize("key", ["why", "compare", "certainty", "climate-fit", "slope"])
def test_the_pointer_meets_the_same_material_on_either_side(qtbot, session, key):
    panels = [shown(qtbot, session, key, side) for side in (False, True)]
    plain, mirrored = (panel.canvas() for panel in panels)
    wide, high = plain.width(), plain.height()
    spots = [(x, y) for x in range(8, wide, 23) for y in range(8, high, 17)]
    rows = [(plain._row_at(QPoint(x, y)), mirrored._row_at(QPoint(wide - x, y))) for x, y in spots]
    same = sum(one == other for one, other in rows)
    assert same >= 0.97 * len(rows)  # a line's edge may fall to either side of a pixel
    assert len({one for one, _ in rows}) > 1


def test_turning_the_window_round_draws_the_chart_anew(qtbot, session):
    panel = shown(qtbot, session, "why")
    before = texts(panel)
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    paint(panel)
    after = texts(panel)
    name = next(name for name in before if name.startswith("score"))
    assert before[name] < 300 < 500 < after[name]


def test_words_of_a_script_from_right_to_left_are_drawn(qtbot, session):
    names = tuple(f"نايلون {number}D" if number % 2 else name for number, name in enumerate(session.table.names))
    session.use_table(replace(session.table, names=names), "names")
    session.flush()
    for key in KEYS:
        panel = shown(qtbot, session, key, mirrored=True)
        assert panel.canvas().full_draws, key
        assert panel.canvas().accessibleDescription(), key


def test_a_mirrored_picture_is_exported_as_it_stands(qtbot, session, tmp_path: Path):
    panel = shown(qtbot, session, "why", mirrored=True)
    plain, mirrored = (
        picture(panel._drawings["why"], session.answer, panel.view(), theme("light"), (820, 240), "svg", mirrored=side)
        for side in (False, True)
    )
    panel.export(tmp_path / "why.svg")
    assert (tmp_path / "why.svg").read_bytes() != plain
    assert len(ET.fromstring(mirrored).findall(".//{*}text")) == len(ET.fromstring(plain).findall(".//{*}text"))


# --- what the pointer is told -----------------------------------------------------------------------------------------


def test_a_step_of_why_tells_both_materials_figures_with_grades(qtbot, session):
    panel = shown(qtbot, session, "why")
    artists = drawn(panel)
    left, right, step = next(
        entry for entry in artists.slots_of if not isinstance(entry[2], int) and entry[2].criterion
    )
    told = point(panel, 14 + (left + right) / 2, 120).splitlines()
    assert told[0].startswith(words.criterion(step.criterion)) and "in the score" in told[0]
    a, b = session.selected_row(), session.rival_row()
    assert a is not None and b is not None
    for row in (a, b):
        assert any(line.startswith(session.table.names[row]) for line in told)
    assert sum("grade" in line for line in told) >= 2


def test_an_end_of_why_is_its_material(qtbot, session):
    panel = shown(qtbot, session, "why")
    ends = [entry for entry in drawn(panel).slots_of if isinstance(entry[2], int)]
    assert [row for _, _, row in ends] == [session.rival_row(), session.selected_row()]
    left, right, row = ends[0]
    told = point(panel, 14 + (left + right) / 2, 120)
    assert told.startswith(session.table.names[row]) and "Figures by grade" in told


@pytest.mark.parametrize("radar", [False, True])
def test_a_corner_of_a_profile_tells_worth_weight_and_figures(qtbot, session, radar):
    panel = shown(qtbot, session, "compare")
    panel.controls["compare"].radar.setChecked(radar)  # type: ignore[attr-defined]
    paint(panel)
    canvas = panel.canvas()
    artists = drawn(panel)
    line = artists.lines[0][0] if radar else artists.profiles[0].line
    points = line.axes.transData.transform(np.column_stack(line.get_data()))
    x, y = points[1]
    told = point(panel, x, canvas.height() - y).splitlines()
    assert told[0] in session.table.names
    assert "worth" in told[1] and "weight" in told[1]
    assert "grade" in told[2] or "nothing asked" in told[2] or "not known" in told[2]


def test_between_two_corners_a_line_is_met_too(qtbot, session):
    panel = shown(qtbot, session, "compare")
    canvas = panel.canvas()
    line = drawn(panel).profiles[0].line
    points = line.axes.transData.transform(np.column_stack(line.get_data()))
    x, y = (points[1] + points[2]) / 2
    assert canvas._row_at(QPoint(round(x), round(canvas.height() - y))) is not None
    assert near([(0, 0), (10, 0)], 5, 3) == pytest.approx(3)
    assert near([(0, 0), (0, 0)], 3, 4) == pytest.approx(5)


def test_a_part_of_a_bar_and_a_line_of_certainty_tell_their_figures(qtbot, session):
    panel = shown(qtbot, session, "certainty")
    artists = drawn(panel)
    high = panel.canvas().height()
    told = point(panel, artists.bar[0] + 2, high - artists.row_y[0])
    assert "Takes place 1 in" in told and "Figures by grade" in told
    line = artists.lines[0].line
    x, y = line.axes.transData.transform((3.0, float(np.interp(3.0, *line.get_data()))))
    told = point(panel, x, high - y)
    assert "At a priority of 3.0: score 0." in told


def test_every_chart_tells_a_grade_somewhere(qtbot, session):
    for key in KEYS:
        panel = shown(qtbot, session, key)
        canvas = panel.canvas()
        told = [point(panel, x, y) for x in range(6, canvas.width(), 19) for y in range(6, canvas.height(), 13)]
        assert any("grade" in text for text in told), key


def test_leaving_the_chart_says_nothing(qtbot, session):
    panel = shown(qtbot, session, "why")
    panel._on_pointed(None, QPoint())
    assert session.selection.hovered == ""


# --- own figures ------------------------------------------------------------------------------------------------------


def overridden(session: Session) -> tuple[Table, int]:
    """One figure of the first place is the user's own."""
    row = int(session.answer.ranking.order[0])
    value = float(session.table.typical[row, session.table.column("areal_mass_g_m2")])
    own = OwnFigure(session.table.ids[row], "areal_mass_g_m2", value * 0.98)
    session.use_stock(replace(session.stock, figures=(own,)), "own")
    session.flush()
    return session.table, session.table.index[own.id]


def test_own_figures_carry_a_sign_on_every_chart(qtbot, session):
    assert not has_own(session.table)
    table, row = overridden(session)
    assert has_own(table) and own_criteria(session.answer, row) == {"lightness"}
    session.select(table.ids[row])
    for key in ("why", "compare", "certainty", "slope"):
        panel = shown(qtbot, session, key)
        assert any(OWN_SIGN in text for text in texts(panel)), key
    dots = drawn(shown(qtbot, session, "compare")).own
    assert sum(len(line.get_xdata()) for line in dots) == 1
    artists = drawn(shown(qtbot, session, "map"))
    assert list(artists.own_dots.get_xdata()) == [pytest.approx(artists.x[row])]
    assert "your own figure" in texts(shown(qtbot, session, "map"))
    fit = drawn(shown(qtbot, session, "climate-fit"))
    assert [item.key for item in fit.rows if item.grade.get_text() == OWN_SIGN] == ["areal_mass_g_m2"]


def test_a_table_that_is_all_the_users_own_carries_no_signs(session):
    grades = np.full_like(session.table.grades, GRADE_CODES.index("own"))
    assert not has_own(replace(session.table, grades=grades))


# --- clipboard and files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_a_spreadsheet_takes_what_is_copied(qtbot, session, key):
    panel = shown(qtbot, session, key)
    panel.copy_table()
    data = QGuiApplication.clipboard().mimeData()
    twin = panel.twin_of()
    lines = [line.split("\t") for line in data.text().splitlines()]
    assert len(lines) == len(twin.rows) + 1 and {len(line) for line in lines} == {len(twin.heads)}
    for cells, line in zip(twin.rows, lines[1:], strict=True):
        for cell, text in zip(cells, line, strict=True):
            if isinstance(cell, Num):
                assert float(text.replace(",", "")) == pytest.approx(cell.value, abs=0.51 * 10**-cell.decimals)
            assert text[:1] not in ("=", "+", "@")
    table = ET.fromstring(data.html()[data.html().index("<table>") :])
    assert len(table.findall("tr")) == len(lines)
    assert [cell.text or "" for cell in table.findall("tr")[1]] == lines[1]


def test_no_name_runs_as_a_formula_or_breaks_a_line(qtbot, session):
    names = ("=1+1", "two\tcells", *session.table.names[2:])
    session.use_table(replace(session.table, names=names), "names")
    session.flush()
    panel = shown(qtbot, session, "map")
    text = text_of(panel.twin_of())
    assert "'=1+1" in text and "two cells" in text
    panel.copy_table()
    assert "<td" in QGuiApplication.clipboard().mimeData().html()


@pytest.mark.parametrize("key", KEYS)
def test_every_export_opens(qtbot, session, tmp_path: Path, key):
    panel = shown(qtbot, session, key, look="dark")
    for kind in ("png", "svg", "csv"):
        panel.export(tmp_path / f"chart.{kind}")
    image = QImage(str(tmp_path / "chart.png"))
    assert image.width() >= 1600 and image.pixelColor(2, 2).name() == theme("light").panel
    root = ET.fromstring((tmp_path / "chart.svg").read_bytes())
    words_ = " ".join("".join(node.itertext()) for node in root.iter() if node.tag.endswith("}text"))
    assert len(words_) > 60
    rows = list(csv.reader(io.StringIO((tmp_path / "chart.csv").read_bytes().decode("utf-8-sig"))))
    assert len(rows) > 3 and len({len(row) for row in rows}) == 1
    twin = panel.twin_of()
    assert rows[0] == [*twin.heads, "table"]
    sha = session.answer.table.sha256
    assert all(sha in row[-1] for row in rows[1:]) and sha in image.text("Source")
    assert sha in (tmp_path / "chart.svg").read_text(encoding="utf-8")
    lines = [row[:-1] for row in rows[1:]]
    pairs = [pair for line, cells in zip(lines, twin.rows, strict=True) for pair in zip(line, cells, strict=True)]
    numbers = [(text, cell) for text, cell in pairs if isinstance(cell, Num)]
    assert numbers
    for text, cell in numbers:
        assert float(text) == pytest.approx(cell.value, abs=0.51 * 10**-cell.decimals)


def test_the_right_button_offers_all_of_it(qtbot, session):
    panel = shown(qtbot, session, "map")
    menu = panel._menu()
    said = [entry.text() for entry in menu.actions() if not entry.isSeparator()]
    assert [text.split(" ")[-1] for text in said[:3]] == ["PNG…", "SVG…", "CSV…"] and "Copy table" in said[3]
    menu.deleteLater()


# --- words for a screen reader ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_the_description_follows_the_answer(qtbot, session, key):
    panel = shown(qtbot, session, key)
    before = panel.canvas().accessibleDescription()
    assert len(before) > 30
    session.update("limit", limits=(Limit(property="areal_mass_g_m2", at_most=150.0),))
    session.update("priorities", priorities={"lightness": 10.0, "price": 0.0, "water": 1.0})
    session.flush()
    session.ascertain()
    paint(panel)
    assert panel.canvas().accessibleDescription() != before


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("case", ["none passes", "one passes", "nothing asked"])
def test_there_is_always_something_to_read(qtbot, session, key, case):
    if case == "none passes":
        session.update("limit", limits=(Limit(property="areal_mass_g_m2", at_most=1.0),))
    elif case == "one passes":
        first = int(session.answer.ranking.order[0])
        column = session.table.column("areal_mass_g_m2")
        mass = float(session.table.typical[first, column])
        heads = session.table.typical[:, session.table.column("hydrostatic_head_mm")]
        limits = (
            Limit(property="areal_mass_g_m2", at_least=mass, at_most=mass, judge="always"),
            Limit(property="hydrostatic_head_mm", at_least=float(heads[first])),
        )
        session.update("limit", limits=limits)
    else:
        session.edit(Brief(), "empty")
    session.flush()
    panel = shown(qtbot, session, key)
    assert texts(panel), key
    assert panel.canvas().accessibleDescription(), key
    assert panel.twin_of().heads


def test_a_chart_that_cannot_be_drawn_says_so_and_comes_back(qtbot, session, monkeypatch):
    panel = shown(qtbot, session, "why")
    heard: list[type] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: heard.append(kind))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(why, "draw", broken)
    panel.resize(800, 250)
    paint(panel)
    assert "This chart could not be drawn" in texts(panel) and heard == [ZeroDivisionError]
    monkeypatch.undo()
    session.update("priorities", priorities={"lightness": 9.0})
    session.flush()
    paint(panel)
    assert "This chart could not be drawn" not in texts(panel) and len(texts(panel)) > 8


# --- loading ----------------------------------------------------------------------------------------------------------


def test_a_chart_is_made_when_it_is_looked_at(qtbot, session):
    panel = shown(qtbot, session, "why")
    assert set(panel._canvases) == {"why"}
    panel.show_chart("map")
    paint(panel)
    assert set(panel._canvases) == {"why", "map"} and panel.canvas().full_draws
    assert panel.canvas("slope") is panel._canvases["slope"]


def test_moving_the_pointer_over_why_sets_the_tool_tip(qtbot, session, monkeypatch):
    panel = shown(qtbot, session, "why")
    told: list[str] = []

    def keep(_at: QPoint, text: str, _widget: object) -> None:
        told.append(text)

    monkeypatch.setattr(QToolTip, "showText", keep)
    left, right, _ = drawn(panel).slots_of[1]
    qtbot.mouseMove(panel.canvas(), QPoint(3, 3))
    qtbot.mouseMove(panel.canvas(), QPoint(round(14 + (left + right) / 2), 120))
    assert len(told) == 1 and "in the score" in told[0]


# --- slope ------------------------------------------------------------------------------------------------------------


def ends(panel: ChartPanel) -> SlopeControls:
    found = panel.controls["slope"]
    assert isinstance(found, SlopeControls)
    return found


def test_both_ends_can_be_chosen(qtbot, session, tmp_path: Path):
    panel = shown(qtbot, session, "slope")
    own = ends(panel)
    assert own.against.currentData() == BEFORE and own.upto.currentData() == NOW
    opened = session.answer
    session.update("a", key="a", priorities={"lightness": 10.0, "price": 0.0})
    session.flush()
    session.update("b", key="b", priorities={"lightness": 0.0, "price": 10.0})
    session.flush()
    own.use(OPENING, own.against)
    paint(panel)
    assert panel.view().other is opened and panel.view().shown is session.answer
    own.use(OPENING, own.upto)
    own.use(("place", "Berlin, Germany") if own.upto.findText("Berlin, Germany") >= 0 else NOW, own.against)
    paint(panel)
    assert panel.view().shown is opened
    now = {row[0]: row[2] for row in panel.twin_of().rows}
    first = opened.table.names[int(opened.ranking.order[0])]
    label = now[first]
    assert (words.number(label.value) if isinstance(label, Num) else label).startswith("1")


def test_undo_does_not_move_where_a_brief_was_opened(qtbot, session):
    panel = shown(qtbot, session, "slope")
    own = ends(panel)
    own.use(OPENING, own.against)
    opened = own.other()
    session.update("a", key="a", priorities={"lightness": 10.0})
    session.flush()
    session.undo()
    session.flush()
    assert own.other() is opened
    session.new()
    session.flush()
    assert own.other() is session.answer


def test_a_table_out_of_a_file_tells_the_figures_behind_a_move(qtbot, session, tmp_path: Path):
    heads = "id,name,family,areal_mass_g_m2,tear_strength_n,abrasion_cycles,hydrostatic_head_mm,price_usd_m2"
    (tmp_path / "old.csv").write_text(
        f"{heads}\none,One,nylon,200,60,900,1500,2.00\ntwo,Two,nylon,205,60,900,1500,2.10\n", encoding="utf-8"
    )
    (tmp_path / "new.csv").write_text(
        f"{heads}\none,One,nylon,390,60,900,1500,3.90\ntwo,Two,nylon,205,60,900,1500,2.10\n", encoding="utf-8"
    )
    panel = shown(qtbot, session, "slope")
    own = ends(panel)
    own.use_table(tmp_path / "old.csv", own.against)
    own.use_table(tmp_path / "new.csv", own.upto)
    paint(panel)
    told = panel.canvas().accessibleDescription()
    assert "One" in told and ("Price 2.00" in told or "Mass 200" in told)
    assert ", now " in told
    assert {"table old.csv", "table new.csv"} <= {own.against.itemText(place) for place in range(own.against.count())}


def test_places_are_labelled_as_the_ranking_labels_them(qtbot, session):
    panel = shown(qtbot, session, "slope")
    session.ascertain()
    paint(panel)
    certain = session.certainty
    assert certain is not None
    seen = 0
    for track in drawn(panel).tracks:
        label = place_label(session.answer, certain, track.row)
        assert track.now == label
        seen += label.endswith("=")
    assert seen, "no place of this brief is shared"


def test_a_score_that_goes_against_the_place_is_told_by_the_others(session):
    other = Session(brief=replace(BRIEF, climate=Climate(place="Reykjavik")))
    then, now = other.answer, session.answer
    other.close()
    moves = place_moves(then, now)
    against = [move for move in moves if move.others]
    assert against
    for move in against:
        assert (move.after < move.before) == move.higher and (move.score > 0) != move.higher
        sign = 1 if move.higher else -1
        gained = sign * (move.parts[move.main()] - move.others[move.main()])
        assert gained == max(sign * (move.parts[key] - move.others[key]) for key in move.parts)
        # Over all criteria those it changed places with moved further than it did itself.
        assert sign * (move.score - sum(move.others.values())) > 0
        said = words.words(move.sentence())
        assert "against them" in said
    for move in moves:
        if not move.others and move.before and move.after and move.score:
            assert "most by" in words.words(move.sentence())


def test_speech_has_words_for_all_of_it():
    say = speech()
    style = chart_style(theme("light"), mirrored=True)
    assert style.across(10, 100) == 90 and say.say("own-key").startswith(OWN_SIGN)
    from matplotlib.figure import Figure

    assert sheet(Figure(), style).xaxis_inverted()


def test_every_tip_labels_a_place_as_the_ranking_does(qtbot, session):
    panel = shown(qtbot, session, "why")
    session.ascertain()
    certain = session.certainty
    assert certain is not None
    rows = [int(row) for row in session.answer.ranking.order[:12]]
    level = next(row for row in rows if place_label(session.answer, certain, row).endswith("="))
    label = place_label(session.answer, certain, level)
    for key in ("why", "compare", "map", "certainty", "climate-fit"):
        panel.show_chart(key)
        told = panel._drawings[key].tip(session.answer, panel.view(), level, speech())
        assert f"Place {label}, score" in told, key
    session.select(session.table.ids[level])
    panel.show_chart("climate-fit")
    paint(panel)
    assert any(text.startswith(f"Place {label}, score") for text in texts(panel))
