"""Filters of the ranking: a small histogram with two handles for each figure, which narrow the rows shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import words
from ui.sliders import PairSlider, Scale
from ui.theme import Theme, space
from ui.widgets import LinkButton, Themed

BINS: Final = 24
_INSET: Final = 9  # px at either end beyond the middles of the handles
_WIDTH: Final = 280


class Span(NamedTuple):
    """What a filter lets through, ends included; None leaves an end open."""

    low: float | None
    high: float | None

    def holds(self, figures: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which figures lie inside; a missing one does not."""
        found = ~np.isnan(figures)
        if self.low is not None:
            found &= figures >= self.low
        if self.high is not None:
            found &= figures <= self.high
        return found

    @property
    def open(self) -> bool:
        """Whether it lets everything through."""
        return self.low is None and self.high is None


@dataclass(frozen=True, eq=False)
class Field:
    """A figure to filter by: its key, name, unit and digits, and the figures by table row, NaN where there is none."""

    key: str
    name: str
    unit: str
    decimals: int
    figures: NDArray[np.float64]

    def text(self, value: float) -> str:
        """A figure as the filter prints it."""
        return words.number(value, self.decimals)

    def span_text(self, span: Span, between: str, least: str, most: str) -> str:
        """The span in words: templates with {low} and {high}."""
        low = "" if span.low is None else self.text(span.low)
        high = "" if span.high is None else self.text(span.high)
        return (between if low and high else least if low else most).format(low=low, high=high)


class Histogram(QWidget, Themed):
    """The histogram: bars inside the span full, outside it pale."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._counts: NDArray[np.intp] = np.zeros(BINS, dtype=np.intp)
        self._inside = (0.0, 1.0)
        self.setFixedHeight(44)

    def show_counts(self, counts: NDArray[np.intp], inside: tuple[float, float]) -> None:
        """Show counts by bin, and from where to where (shares of the width) is let through."""
        self._counts, self._inside = counts, inside
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._look
        wide, high = self.width() - 2 * _INSET, self.height() - 1
        painter.fillRect(QRectF(_INSET, high, wide, 1), look.colour("edge"))
        most = max(1, int(self._counts.max(initial=0)))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for number, count in enumerate(self._counts.tolist()):
            if not count:
                continue
            # By root, so that the few beside a heap are still seen; at least 2 px.
            tall = max(2.0, high * (count / most) ** 0.5)
            start, end = number / len(self._counts), (number + 1) / len(self._counts)
            on = end > self._inside[0] and start < self._inside[1]
            left = _INSET + (1 - end if mirrored else start) * wide
            bar = QRectF(left + 0.5, high - tall, (end - start) * wide - 1, tall)
            painter.fillRect(bar, look.colour("accent" if on else "line"))


class FieldFilter(QWidget):
    """One figure's histogram, its two handles and what they let through.

    Signals: ``changed(str, object)`` with the field's key and the new :class:`Span`.
    """

    changed = Signal(str, object)

    def __init__(self, look: Theme, field: Field, span: Span, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        known = field.figures[~np.isnan(field.figures)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        # Rounded outwards to the digits shown, so that the ends as printed hold every figure.
        step = 10.0**-field.decimals
        self._ends = (np.floor(low / step) * step, max(np.ceil(high / step) * step, low + step))
        self._missing = len(field.figures) - len(known)
        self._counts = np.histogram(known, bins=BINS, range=self._ends)[0].astype(np.intp)
        title = f"{field.name} · {field.unit}" if field.unit else field.name
        self._head = QLabel(title, self)
        self._head.setProperty("type", "caption")
        self._said = QLabel(self)
        self._said.setProperty("type", "caption")
        self._said.setProperty("ink", "2")
        self._clear = LinkButton(look, self.tr("Clear"), parent=self)
        self._clear.setAccessibleName(self.tr("Clear the filter of {name}").format(name=field.name))
        policy = self._clear.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._clear.setSizePolicy(policy)
        self.bars = Histogram(look, self)
        self.slider = PairSlider(
            look,
            self.tr("Filter by {name}").format(name=field.name),
            self.tr("{name} from").format(name=field.name),
            self.tr("{name} up to").format(name=field.name),
            Scale.linear(*map(float, self._ends)),
            self,
        )
        self.slider.setEnabled(len(known) > 0)
        top = QHBoxLayout()
        top.setSpacing(space(1))
        top.addWidget(self._head)
        top.addStretch(1)
        top.addWidget(self._said)
        top.addWidget(self._clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.bars)
        column.addWidget(self.slider)
        self.slider.moved.connect(self._moved)
        self._clear.clicked.connect(self.clear)
        self.show_span(span)

    def show_span(self, span: Span) -> None:
        """Show what the filter lets through."""
        low = self._ends[0] if span.low is None else span.low
        high = self._ends[1] if span.high is None else span.high
        self.slider.set_values(float(low), float(high))
        self._say(span)

    def _say(self, span: Span) -> None:
        field, low, high = self.field, *self.slider.values()
        wide = self._ends[1] - self._ends[0]
        inside = ((low - self._ends[0]) / wide, (high - self._ends[0]) / wide)
        self.bars.show_counts(self._counts, (float(inside[0]), float(inside[1])))
        kept = int(span.holds(field.figures).sum())
        parts = [self.tr("{low} to {high}").format(low=field.text(low), high=field.text(high))]
        parts.append(self.tr("%Ln materials", "", kept))
        if self._missing and not span.open:
            parts.append(self.tr("%Ln without the figure hidden", "", self._missing))
        self._said.setText(" · ".join(parts))
        self.slider.set_texts(field.text(low), field.text(high))
        self.bars.setAccessibleName(
            self.tr("{name}: {said}").format(name=field.name, said=self._said.text()),
        )
        self._clear.setVisible(not span.open)

    @Slot(float, float)
    def _moved(self, low: float, high: float) -> None:
        # To the digits shown, so that the chip says what is done; a handle at its end leaves that end open.
        low, high = round(low, self.field.decimals), round(high, self.field.decimals)
        slack = 0.5 * 10.0**-self.field.decimals
        span = Span(
            None if low <= self._ends[0] + slack / 1e3 else low, None if high >= self._ends[1] - slack / 1e3 else high
        )
        self._say(span)
        self.changed.emit(self.field.key, span)

    @Slot()
    def clear(self) -> None:
        """Let everything through again."""
        span = Span(None, None)
        self.show_span(span)
        self.slider.handles()[0].setFocus()
        self.changed.emit(self.field.key, span)


class FilterPopup(QFrame):
    """Histograms in a small window that closes at a press elsewhere or Escape.

    Signals: ``changed(str, object)`` with a field's key and its new :class:`Span`.
    """

    changed = Signal(str, object)

    def __init__(self, look: Theme, fields: Sequence[tuple[Field, Span]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "card")
        self.setAccessibleName(self.tr("Filters"))
        self.setLayoutDirection(parent.layoutDirection())
        column = QVBoxLayout(self)
        column.setContentsMargins(space(3), space(2), space(3), space(2))
        column.setSpacing(space(2))
        self.filters: list[FieldFilter] = []
        for field, span in fields:
            one = FieldFilter(look, field, span, self)
            one.changed.connect(self.changed)
            column.addWidget(one)
            self.filters.append(one)
        note = QLabel(self.tr("Filters hide rows; places stay the ranking's."), self)
        note.setProperty("type", "caption")
        note.setProperty("ink", "3")
        column.addWidget(note)
        if self.filters:
            self.filters[0].slider.handles()[0].setFocus()

    def sizeHint(self) -> QSize:
        return QSize(max(_WIDTH, super().sizeHint().width()) + 40, super().sizeHint().height())
