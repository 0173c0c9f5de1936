"""What it takes to win, in the material panel: every change in words, tried with one press, taken back by undo."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, Climate, Limit
from advisor.materials import bundled
from advisor.turning import KINDS, stability_sentences, what_it_takes
from ui import turning_section, words
from ui.session import Session
from ui.theme import theme
from ui.turning_section import TurningSection


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(bundled(), Brief(product="mini-hike-daypack", climate=Climate(place="Lagos")))
    yield made
    made.close()


@pytest.fixture
def section(qtbot: QtBot, session: Session) -> TurningSection:
    made = TurningSection(session, theme("light"), None)
    qtbot.addWidget(made)
    made.resize(276, 500)
    made.show()
    return made


def look_at(section: TurningSection, session: Session, place: int) -> int:
    row = int(session.answer.ranking.order[place])
    section.show_material(session.answer, row)
    session.ascertain()
    return row


def shown(section: TurningSection) -> list[str]:
    return [line.prose.text() for line in section.lines if not line.isHidden()]


def test_every_kind_of_change_is_told_or_named_as_none(section: TurningSection, session: Session):
    row = look_at(section, session, 1)
    turning = what_it_takes(session.answer, row)
    found = [kind for kind in KINDS if getattr(turning, kind) is not None]
    assert len(shown(section)) == len(found) + (turning.joint is not None)
    assert all("it first" in text and session.answer.table.names[row] not in text for text in shown(section))
    missing = [kind for kind in KINDS if getattr(turning, kind) is None]
    for kind in missing:
        from advisor.sentences import Sentence

        assert words.words(Sentence(f"turn-kind-{kind}")) in section.none.text()
    assert section.none.isHidden() is not bool(missing)


def test_a_press_makes_the_change_and_undo_takes_it_back(section: TurningSection, session: Session):
    before = session.brief
    row = look_at(section, session, 1)
    tried = 0
    for number in range(len(section.lines)):
        line = section.lines[number]
        if line.makes is None:
            assert line.isHidden() or line.link.isHidden()
            continue
        assert line.link.accessibleName() == f"Try: {line.prose.text()}"
        line.link.click()
        session.flush()
        assert session.answer.ranking.order[0] == row and session.undo_label.startswith("What puts ")
        session.undo()
        session.flush()
        assert session.brief == before
        look_at(section, session, 1)
        tried += 1
    assert tried >= 4


def test_the_first_place_says_how_far_priorities_may_move(section: TurningSection, session: Session):
    look_at(section, session, 0)
    assert shown(section) == [words.words(sentence) for sentence in stability_sentences(session.answer)]
    assert all(line.link.isHidden() for line in section.lines)


def test_what_is_screened_out_is_let_in_by_its_limit(section: TurningSection, session: Session):
    best = session.answer.table.ids[int(session.answer.ranking.order[0])]
    family = session.answer.table.text["family"][session.answer.table.index[best]].split("|")[0]
    other = "polyester" if family != "polyester" else "nylon"
    session.update("only", limits=(Limit(family=(other,)),))
    session.flush()
    row = session.answer.table.index[best]
    section.show_material(session.answer, row)
    session.ascertain()
    text = next(line for line in section.lines if "Without the limit" in line.prose.text())
    text.link.click()
    session.flush()
    assert session.answer.ranking.order[0] == row and session.brief.limits == ()


def test_it_arrives_from_the_background_and_an_older_answers_never_does(qtbot, section, session):
    row = int(session.answer.ranking.order[1])
    section.show_material(session.answer, row)
    assert shown(section) == []
    with qtbot.waitSignal(session.found, timeout=20_000) as heard:
        session.start_certainty()
    assert heard.args[0] == "turning" and heard.args[1].row == row and shown(section)
    session.update("other", order_quantity=900.0)
    session.flush()
    section.show_material(session.answer, row)
    assert shown(section)  # the last words stand until the next are there
    with qtbot.waitSignal(session.found, timeout=20_000):
        pass
    qtbot.waitUntil(lambda: not session.working, timeout=20_000)


def test_hidden_it_wants_nothing_and_a_long_table_is_asked_first(qtbot, section, session, monkeypatch):
    monkeypatch.setattr(turning_section, "_LONG", 10)
    row = int(session.answer.ranking.order[1])
    section.show_material(session.answer, row)
    session.ascertain()
    assert shown(section) == [] and "takes a few seconds" in section.none.text()
    section._head.link(0).click()
    session.ascertain()
    qtbot.waitUntil(lambda: bool(shown(section)), timeout=20_000)
    section.hide()
    assert session._wishes == {}
