"""What the ranking offers beyond its order: weakest demand, dominance, an incumbent, filters, columns, a row menu."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from advisor.brief import Brief, Climate, Limit
from ui.ranking_model import Column
from ui.ranking_table import RankingView
from ui.session import Session
from ui.theme import theme

BRIEF = Brief(
    product="hydration-pack",
    climate=Climate(place="Bogotá"),
    limits=(Limit(property="areal_mass_g_m2", at_most=300.0),),
)
SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
TIP = int(Qt.ItemDataRole.ToolTipRole)


@pytest.fixture
def session(qtbot) -> Iterator[Session]:
    made = Session(brief=BRIEF)
    yield made
    made.close()


@pytest.fixture
def view(session: Session, qtbot) -> RankingView:
    made = RankingView(session, theme("light"))
    qtbot.addWidget(made)
    made.set_motion(False)
    made.resize(820, 400)
    made.show()
    return made


def ids(view: RankingView) -> list[str]:
    """Ids in the order shown; "" is the row that parts."""
    return [view.model.material(row) for row in range(view.model.rowCount())]


def text(view: RankingView, row: int, column: Column, role: int = int(Qt.ItemDataRole.DisplayRole)) -> str:
    return str(view.model.index(row, column).data(role))


def named(view: QWidget, name: str) -> QAbstractButton:
    found = [widget for widget in view.findChildren(QAbstractButton) if widget.accessibleName() == name]
    assert len(found) == 1, f"{len(found)} controls are called {name!r}"
    return found[0]


def click(qtbot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


# Order by weakest demand ----------------------------------------------------------------------------------------------


def test_the_weakest_demand_orders_the_list_and_gives_its_places(view, session, qtbot):
    click(qtbot, named(view, "Order: By weakest demand"))
    answer, passing = session.answer, session.answer.ranking.passing
    table = answer.table
    assert ids(view)[:passing] == [table.ids[row] for row in answer.by_weakest.order[:passing].tolist()]
    for row in range(passing):
        place = int(answer.by_weakest.ranks[table.index[ids(view)[row]]])
        assert text(view, row, Column.PLACE).removesuffix("=") == str(place)
    assert "worth" in text(view, 0, Column.PLACE, TIP)
    assert view.order_line.isVisible() and view.order_line.text().startswith("Places by weakest demand")


def test_nothing_else_changes_and_the_way_back_is_a_press(view, session, qtbot):
    before, answer, brief = ids(view), session.answer, session.brief
    scores = {key: text(view, row, Column.SCORE) for row, key in enumerate(before) if key}
    selected = session.selected_row()
    click(qtbot, named(view, "Order: By weakest demand"))
    assert session.answer is answer and session.brief is brief and not session.undo_label
    assert {key: text(view, row, Column.SCORE) for row, key in enumerate(ids(view)) if key} == scores
    assert session.selected_row() == selected
    click(qtbot, named(view, "Back to score"))
    assert ids(view) == before
    assert not view.order_line.isVisible()
    assert named(view, "Order: By score").isChecked()


def test_the_order_by_weakest_demand_follows_a_new_answer_and_says_where_all_are_level(view, session):
    session.order_by("weakest")
    session.update("place", climate=Climate(place="Accra"))
    session.flush()
    assert session.selection.order == "weakest" == view.model.order
    assert session.answer.by_weakest.level
    assert view.order_line.text().startswith("All are level in their weakest demand")


def test_arrows_change_the_order(view, session, qtbot):
    button = named(view, "Order: By score")
    qtbot.keyClick(button, Qt.Key.Key_Right)
    assert session.selection.order == "weakest"


# Dominated ------------------------------------------------------------------------------------------------------------


def test_a_dominated_material_is_marked_and_says_by_whom(view, session):
    answer, marked = session.answer, 0
    for row in range(answer.ranking.passing):
        number = answer.table.index[ids(view)[row]]
        found, facts = answer.dominated(number), view.model.facts(row)
        assert bool(facts.dominated) == (found is not None)
        if found is not None:
            marked += 1
            said = f"no better than {answer.table.names[found.by]} in any criterion"
            assert said in text(view, row, Column.MATERIAL, SPOKEN)
            assert said in text(view, row, Column.MATERIAL, TIP)
    assert 0 < marked < answer.ranking.passing
