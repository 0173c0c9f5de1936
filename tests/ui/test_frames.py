"""However a frame saves work, what stands on screen is what the answer says: dragged windows against fresh ones."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from advisor.bench import example_brief
from advisor.brief import Brief
from advisor.materials import bundled
from ui.app import application
from ui.climate_section import ClimateSection
from ui.priority_section import PrioritySection
from ui.ranking_rows import RankingList
from ui.session import Session
from ui.sliders import ValueSlider
from ui.theme import ThemeName, theme
from ui.window import MainWindow

SIZE = (1366, 700)
STEPS = 12


@pytest.fixture
def windows(qapp: QApplication, tmp_path) -> Iterator[list[tuple[MainWindow, Session]]]:
    """The windows opened in a test; closed when it is over."""
    application([], tmp_path)
    opened: list[tuple[MainWindow, Session]] = []
    yield opened
    for window, session in opened:
        session.close()
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def opened(windows: list[tuple[MainWindow, Session]], session: Session, look: ThemeName) -> MainWindow:
    window = MainWindow(session, theme(look))
    windows.append((window, session))
    window.ranking.set_motion(False)
    window.resize(*SIZE)
    window.show()
    rest(window)
    return window


def rest(window: MainWindow) -> None:
    """Let the window come to rest with its trials there, nothing pointed at and nothing focused."""
    QTest.mouseMove(window.windowHandle(), QPoint(620, 4))
    held = QApplication.focusWidget()
    if held is not None:
        held.clearFocus()
    window.session.ascertain()
    for _ in range(20):
        QApplication.processEvents()


def first_slider(window: MainWindow, section: type[QWidget]) -> ValueSlider:
    (part,) = window.brief.findChildren(section)
    return next(item for item in part.findChildren(ValueSlider) if item.isVisible())


def drag(window: MainWindow, slider: ValueSlider, ends: tuple[int, int]) -> Iterator[int]:
    """Drag a slider from px to px along it, one frame a step."""
    handle = window.windowHandle()
    high = slider.height() // 3
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

    def at(x: int) -> QPoint:
        return slider.mapTo(window, QPoint(x, high))

    start, end = ends
    QTest.mousePress(handle, left, none, at(start))
    QApplication.processEvents()
    for step in range(1, STEPS + 1):
        QTest.mouseMove(handle, at(start + (end - start) * step // STEPS))
        for _ in range(3):
            QApplication.processEvents()
        yield step
    QTest.mouseRelease(handle, left, none, at(end))
    QApplication.processEvents()


def parts_of(window: MainWindow) -> dict[str, QImage]:
    """Every part of the window but the charts, whose axes stand still while they serve."""
    found: dict[str, QWidget] = {
        "brief": window.brief,
        "ranking": window.ranking,
        "material": window.material,
        "status": window._status,
        "toolbar": window._toolbar,
    }
    return {name: part.grab().toImage() for name, part in found.items()}


def differing(one: QImage, other: QImage) -> int:
    """Pixels that differ."""
    assert one.size() == other.size()
    if one == other:
        return 0
    return sum(one.pixel(x, y) != other.pixel(x, y) for y in range(one.height()) for x in range(one.width()))


@pytest.mark.parametrize(
    ("section", "ends", "look"),
    [
        (PrioritySection, (0.35, 0.9), "light"),
        (ClimateSection, (0.3, 0.85), "dark"),
        (ClimateSection, (0.7, 0.2), "light"),
    ],
    ids=["priority", "more rain", "less rain"],
)
def test_a_dragged_window_is_a_fresh_one_to_the_pixel(windows, section, ends, look):
    session = Session(bundled(), example_brief())
    window = opened(windows, session, look)
    slider = first_slider(window, section)
    wide = slider.width()
    for _ in drag(window, slider, (round(ends[0] * wide), round(ends[1] * wide))):
        pass
    rest(window)
    assert session.brief != example_brief()

    other = Session(bundled(), example_brief())
    other.edit(session.brief, session.undo_label, "drag")
    other.flush()
    other.settle()
    fresh = opened(windows, other, look)
    here, there = parts_of(window), parts_of(fresh)
    assert {name: differing(here[name], there[name]) for name in here} == dict.fromkeys(here, 0)


def test_in_every_frame_of_a_drag_the_rows_are_those_of_the_answer(windows):
    session = Session(bundled(), example_brief())
    window = opened(windows, session, "light")
    rows: RankingList = window.ranking.list
    slider = first_slider(window, PrioritySection)
    seen: set[bytes] = set()
    briefs: list[Brief] = []
    for _ in drag(window, slider, (slider.width() // 4, slider.width() - 12)):
        assert window.ranking.model.answer is session.answer and not session._pending
        briefs.append(session.brief)
        kept = rows.viewport().grab().toImage()
        # Painted anew, without any of the pictures kept from frames before.
        rows._delegate._pictures.clear()
        rows._delegate._strips.clear()
        assert differing(kept, rows.viewport().grab().toImage()) == 0
        seen.add(bytes(kept.constBits()))
    assert len({id(brief) for brief in briefs}) > STEPS // 2 and len(seen) > STEPS // 2


def test_figures_out_of_sight_wait_for_the_hand_to_let_go_and_no_longer(windows):
    session = Session(bundled(), example_brief())
    window = opened(windows, session, "light")
    panel, slider = window.material, first_slider(window, PrioritySection)
    waited = scrolled = False
    for _ in drag(window, slider, (slider.width() - 12, 6)):
        if panel._figures_due and not waited:
            waited = True
            assert panel.datasheet.visibleRegion().isEmpty()
            bar = panel._scroll.verticalScrollBar()
            bar.setValue(bar.maximum())
            QApplication.processEvents()
            scrolled = panel.datasheet._row == session.selected_row()
            bar.setValue(0)
            QApplication.processEvents()
    assert waited and scrolled
    assert panel.datasheet._row == panel.sources._row == session.selected_row()
    rest(window)
    assert gc.isenabled()


def test_in_a_drag_reasons_keep_their_room_and_give_it_back(windows):
    session = Session(bundled(), example_brief())
    window = opened(windows, session, "light")
    slider = first_slider(window, ClimateSection)
    heights = [
        sum(prose.height() for prose in window.material._why if not prose.isHidden())
        for _ in drag(window, slider, (slider.width() // 4, slider.width() - 12))
    ]
    # Another leader brings other words; as long as it is the same, nothing gets lower.
    assert sum(after < before for before, after in pairwise(heights)) < STEPS // 4
    rest(window)
    needed = sum(prose._lay(prose.width())[2] for prose in window.material._why if not prose.isHidden())
    assert needed == sum(prose.height() for prose in window.material._why if not prose.isHidden())
    assert not any(prose._floor for prose in window.material._why)
