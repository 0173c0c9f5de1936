"""Controls of Map: the two axes with their scales, and what is drawn besides the points."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QToolButton

from advisor.properties import properties
from ui import words
from ui.charts.controls import Controls, HeadCombo
from ui.charts.style import View
from ui.session import Session


class MapControls(Controls):
    """The two axes with their scales, and whether all ranges are shown."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.keys = [key for key, item in properties().items() if item.numeric]
        self.across, self.upward = HeadCombo(), HeadCombo()
        self.log_x, self.log_y, self.ranges = QToolButton(), QToolButton(), QToolButton()
        start = View()
        self.row.addStretch(1)
        for axis, combo, log, key in (
            (self.tr("Across"), self.across, self.log_x, start.x),
            (self.tr("Upward"), self.upward, self.log_y, start.y),
        ):
            combo.setAccessibleName(axis)
            combo.setToolTip(axis)
            for own in self.keys:
                combo.addItem(words.label(own), own)
            combo.setCurrentIndex(self.keys.index(key))
            combo.activated.connect(self._on_option)
            log.setText(self.tr("log"))
            log.setAccessibleName(self.tr("{axis}: log scale").format(axis=axis))
            log.setToolTip(self.tr("Log scale"))
            self._toggle(log, True)
            self.row.addWidget(combo)
            self.row.addWidget(log)
        self.ranges.setText(self.tr("ranges"))
        self.ranges.setAccessibleName(self.tr("Ranges of all materials"))
        self.ranges.setToolTip(self.tr("Show the range of every material, not only of the chosen one"))
        self._toggle(self.ranges, False)
        self.row.addWidget(self.ranges)

    def _toggle(self, button: QToolButton, on: bool) -> None:
        button.setCheckable(True)
        button.setChecked(on)
        button.setProperty("kind", "quiet")
        button.toggled.connect(self._on_option)

    @Slot()
    def _on_option(self) -> None:
        self.changed.emit()

    def options(self, view: View) -> View:
        """The axes chosen here."""
        return replace(
            view,
            x=self.keys[self.across.currentIndex()],
            y=self.keys[self.upward.currentIndex()],
            log_x=self.log_x.isChecked(),
            log_y=self.log_y.isChecked(),
            ranges=self.ranges.isChecked(),
        )
