"""What the brief panel's sections share: a drag as one undo step, a slider with its value, and short texts."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from advisor.brief import Brief
from ui import words
from ui.session import Session
from ui.sliders import Scale, ValueSlider
from ui.theme import Theme, space
from ui.widgets import ElidedLabel, Themed

#: Half a fine step of a slider: this near its mark, a handle stands on it.
ON_MARK: Final = 0.0006
NAME_WIDTH: Final = 64
VALUE_WIDTH: Final = 99


def figure_text(value: float, most: int = 1) -> str:
    """A number with as few digits after the point as it needs, at most ``most``."""
    digits = next((d for d in range(most) if round(value, d) == round(value, most)), most)
    return words.number(value, digits)


def to_step(value: float, step: float) -> float:
    """A value on the nearest whole step."""
    return round(round(value / step) * step, 6)


def lines_tip(lines: Sequence[str]) -> str:
    """Lines as a tool tip that wraps."""
    return "<qt>" + "<br>".join(html.escape(line) for line in lines if line) + "</qt>" if any(lines) else ""


def change_words(name: str, old: str, new: str, unit: str = "") -> str:
    """What undo says of a change."""
    text = QCoreApplication.translate("BriefPanel", "{name} {old} → {new} {unit}")
    return text.format(name=name, old=old, new=new, unit=unit).strip()


class Hand(QObject):
    """The user's hand on the brief: however much it moves before it lets go, it makes one undo step."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._start: Brief | None = None
        self._written: Brief | None = None

    def began(self) -> Brief:
        """The brief as it was when the drag under way began."""
        if self._start is None or not self.wrote():
            self._start = self._session.brief
        return self._start

    def edit(self, brief: Brief, label: str, key: str = "") -> None:
        """Put ``brief`` in the place of the present one: see :meth:`ui.session.Session.edit`."""
        self._session.edit(brief, label, key)
        self._written = self._session.brief

    def wrote(self) -> bool:
        """Whether the present brief is the one the hand wrote last."""
        return self._session.brief is self._written

    def forget(self) -> None:
        """What was written last is the hand's no more."""
        self._written = None

    @Slot()
    def settle(self) -> None:
        """The hand lets go."""
        self._start = None
        self._session.settle()


class BriefSection(QWidget, Themed):
    """A section of the brief panel, its parts one below the other in ``box``; the panel sets the margins.

    Args:
        session: takes the changes.
        hand: makes a drag one undo step.
        look: the theme.
    """

    def __init__(self, session: Session, hand: Hand, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._hand, self._look = session, hand, look
        self.box = QVBoxLayout(self)
        self.box.setSpacing(0)


class SliderRow(QWidget):
    """Name, slider and value with unit on one line.

    Signals: ``moved(key, value, on_mark)`` and ``settled()``.
    """

    moved = Signal(str, float, bool)
    settled = Signal()

    def __init__(self, look: Theme, key: str, name: str, scale: Sequence[tuple[float, float]], parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.name = name
        self._points = tuple(scale)
        self._home: float | None = None
        self._scale = Scale(self._points)
        self._label = ElidedLabel(look, name, parent=self)
        self._label.setFixedWidth(NAME_WIDTH)
        self.slider = ValueSlider(look, name, self._scale, parent=self)
        self._value = ElidedLabel(look, ink="ink2", align="end", parent=self)
        self._value.setFixedWidth(VALUE_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(1))
        row.addWidget(self._label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        self.slider.moved.connect(self._on_moved)
        self.slider.settled.connect(self.settled)

    def show_value(
        self,
        value: float | None,
        text: str,
        *,
        home: float | None = None,
        marked: bool = True,
        edited: bool = False,
        tip: str = "",
        points: Sequence[tuple[float, float]] | None = None,
    ) -> None:
        """Show a value; nothing is emitted.

        Args:
            value: None where it is not known: the handle waits in the middle.
            text: the value in words.
            home: the value that takes an override away when the handle is put back on it.
            marked: whether ``home`` shows as a mark.
            edited: the user set the value by hand.
            points: another scale, where it depends on the place.
        """
        if points is not None and tuple(points) != self._points:
            self._points = tuple(points)
            self._scale = Scale(self._points)
            self.slider.set_scale(self._scale)
        self._home = None if home is None else self._scale.to_position(home)
        self.slider.set_mark(home if marked else None)
        self.slider.setValue(self._scale.to_value(0.5) if value is None else value)
        self._value.set_text(text)
        self._value.set_ink("accent" if edited else "ink3" if value is None else "ink2")
        self.slider.set_text(text)
        for widget in (self._label, self.slider, self._value):
            if widget.toolTip() != tip:
                widget.setToolTip(tip)

    def put_back(self, value: float | None) -> None:
        """Put the handle where the value shown stands; nothing is emitted."""
        self.slider.setValue(self._scale.to_value(0.5) if value is None else value)

    def text(self) -> str:
        """The value in words, as shown."""
        return self._value.text()

    @Slot(float)
    def _on_moved(self, value: float) -> None:
        home = self._home is not None and abs(self.slider.position() - self._home) < ON_MARK
        self.moved.emit(self.key, value, home)
