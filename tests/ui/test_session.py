"""The session: one mutable object, undo that merges a drag, answers once a turn, files whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.brief import Brief, Climate
from advisor.problems import AdvisorError
from ui.session import Selection, Session


@pytest.fixture
def session(qapp):
    found = Session(brief=Brief(product="mini-hike-daypack", climate=Climate(place="Lagos")))
    yield found
    found.close()


def test_many_edits_in_one_turn_give_one_answer(session, qtbot):
    answers = []
    session.answered.connect(answers.append)
    for value in range(10):
        session.update("Water", key="priority:water", priorities={"water": float(value)})
    with qtbot.waitSignal(session.answered):
        pass
    assert len(answers) == 1
    assert answers[0].terms.priorities["water"] == 9.0


def test_a_drag_is_one_undo_step_and_undo_restores_the_brief(session):
    start = session.brief
    for value in (6.0, 7.0, 8.0):
        session.update(f"Water {value:g}", key="priority:water", priorities={"water": value})
    session.settle()
    session.update("Water 2", key="priority:water", priorities={"water": 2.0})
    session.flush()
    assert session.undo_label == "Water 2"
    session.undo()
    assert session.brief.priorities == {"water": 8.0}
    session.undo()
    session.flush()
    assert session.brief == start
    assert session.answer.brief == start
    assert session.undo_label == ""
    session.redo()
    assert session.brief.priorities == {"water": 8.0}


def test_a_drag_that_comes_back_leaves_no_step(session):
    start = session.brief
    session.update("Water 9", key="priority:water", priorities={"water": 9.0})
    session.update("Water 7", key="priority:water", priorities=start.priorities)
    session.settle()
    assert session.undo_label == ""


def test_an_edit_after_undo_drops_what_was_undone(session):
    session.update("a", priorities={"water": 1.0})
    session.undo()
    session.update("b", priorities={"water": 9.0})
    assert session.redo_label == ""


def test_an_edit_that_changes_nothing_is_no_step(session):
    session.edit(replace(session.brief), "nothing")
    assert session.undo_label == ""
    assert not session.modified


def test_place_changes_are_counted_against_the_ranking_before_the_change(session):
    before = {key: int(session.answer.ranking.ranks[row]) for key, row in session.answer.table.index.items()}
    session.update("Recycled", key="priority:recycled", priorities={"recycled": 10.0, "water": 0.0})
    session.flush()
    moved = 0
    for key, row in session.answer.table.index.items():
        now = int(session.answer.ranking.ranks[row])
        if now and before[key]:
            assert session.place_change(row) == before[key] - now
            moved += before[key] != now
    assert moved


def test_win_shares_arrive_for_the_newest_answer_only(session, qtbot):
    found = []
    session.ascertained.connect(found.append)
    session.update("a", priorities={"water": 1.0})
    session.flush()
    session.update("b", priorities={"water": 9.0})
    session.flush()
    qtbot.waitUntil(lambda: session.certainty is not None, timeout=20_000)
    assert [item for item in found if item is not None] == [session.certainty]
    assert session.certainty.win_share.sum() == pytest.approx(1.0)
    assert (session.certainty.win_share == session.answer.certainty().win_share).all()


def test_a_saved_brief_opens_as_it_was(session, tmp_path: Path):
    path = tmp_path / "pack.brief.json"
    session.update("limits", priorities={"sun": 7.5}, gaps="neutral", title="Pack")
    assert session.modified
    session.save(path)
    assert not session.modified
    kept = session.brief
    session.new()
    session.open(path)
    assert session.brief == kept
    assert session.title == "Pack"
    assert session.undo_label == ""


def test_a_file_somebody_else_changed_is_not_overwritten(session, tmp_path: Path):
    path = tmp_path / "pack.brief.json"
    session.save(path)
    path.write_text(json.dumps({"format": "material-advisor-brief", "version": 1, "title": "theirs"}))
    session.update("a", priorities={"water": 1.0})
    with pytest.raises(AdvisorError, match="changed by somebody else"):
        session.save(path)
    assert "theirs" in path.read_text()


def test_a_broken_file_changes_nothing(session, tmp_path: Path):
    path = tmp_path / "bad.brief.json"
    path.write_text('{"format": "material-advisor-brief", "version": 1, "prodct": "x"}')
    brief = session.brief
    with pytest.raises(AdvisorError, match="product"):
        session.open(path)
    assert session.brief is brief


def test_a_material_that_is_gone_is_let_go_before_any_view_draws(session):
    table, order = session.table, session.answer.ranking.order
    gone = [table.ids[int(row)] for row in order[:3]]
    session.select(gone[0])
    session.against(gone[1])
    session.compare(tuple(gone))
    seen: list[tuple[object, ...]] = []

    def look(answer):
        seen.append(("answered", session.selected_row(), session.rival_row(), session.compared_rows()))

    session.answered.connect(look)
    session.selected.connect(lambda selection: seen.append(("selected", selection)))
    session.use_table(table.take([row for row in range(len(table)) if table.ids[row] not in gone]), "Fewer")
    session.flush()
    first, second, third = session.answer.ranking.order[:3].tolist()
    assert seen == [("answered", first, second, (first, second, third)), ("selected", Selection())]


def test_selection_follows_the_first_place_until_chosen(session):
    first = int(session.answer.ranking.order[0])
    assert session.selected_row() == first
    assert session.rival_row() == int(session.answer.ranking.order[1])
    third = session.answer.table.ids[int(session.answer.ranking.order[2])]
    session.select(third)
    assert session.rival_row() == first
    assert session.selected_row() == session.answer.table.index[third]
    assert len(session.compared_rows()) >= 2


def test_the_window_explains_additive_value_whatever_the_brief_orders_by(session):
    session.update("method", method="vikor")
    session.flush()
    assert session.brief.method == "vikor"
    row = session.selected_row()
    assert session.answer.ranking.contributions[row].sum() == pytest.approx(session.answer.ranking.scores[row])
