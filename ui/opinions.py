"""Opinions: the status line that says how many methods agree, and the sheet behind it that says why others differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from advisor.certainty import Certainty
from ui import words
from ui.painting import draw_line, focus_ring
from ui.session import Session
from ui.theme import TARGET, Theme, interface_font, space
from ui.widgets import Pressable

if TYPE_CHECKING:
    from advisor.opinions import Agreement, Opinion

_SIZE: Final = (1180, 650)
_AIR: Final = 14  # px above and below the text of a row, together
_LIKENESS_DIGITS: Final = 2


class MethodsLine(Pressable):
    """How many of the other methods put the same cloth first; pressed, it asks for the reasons."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def show_agreement(self, found: Agreement) -> None:
        """Put an agreement into the line; the whole sentence stands in the tool tip."""
        text = self.tr("Methods agree: {agreeing} of {count}").format(
            agreeing=words.number(found.agreeing), count=words.number(len(found.opinions))
        )
        self.setText(text)
        self.setAccessibleName(text)
        sentence = words.words(found.sentence)
        self.setAccessibleDescription(sentence)
        self.setToolTip(
            self.tr("{sentence}. Press for each method's first three and why they differ.").format(sentence=sentence)
        )
        self.setVisible(bool(found.opinions))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(interface_font("caption"), self)
        return QSize(metrics.horizontalAdvance(self.text()) + 8, TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = interface_font("caption")
        face.setUnderline(self.underMouse())
        painter.setFont(face)
        painter.setPen(self._look.colour("accent"))
        draw_line(painter, QRectF(self.rect()), self.text(), "centre", self.layoutDirection())
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()).adjusted(0, 1, 0, -1), self._look, 4)


class OpinionsDialog(QDialog):
    """What each method puts first, how alike its order is to the additive one, and why it differs where it does."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(self.tr("Other methods"))
        self.setMinimumSize(640, 360)
        self.resize(*_SIZE)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table = QTableWidget(0, 5, self)
        self.table.setAccessibleName(self.tr("Methods, their first three, and why they differ"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Method"), self.tr("First three"), self.tr("WS"), self.tr("r_w"), self.tr("Why another is first")]
        )
        tips = {
            2: self.tr("WS: likeness of the whole order to the additive one, 1 the same; the first places weigh most"),
            3: self.tr("Weighted Spearman of the same, −1 to 1"),
        }
        for column, tip in tips.items():
            head = self.table.horizontalHeaderItem(column)
            assert head is not None
            head.setToolTip(tip)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(True)
        self.table.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().setVisible(False)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.resizeSection(0, 128)
        header.resizeSection(1, 290)
        header.resizeSection(2, 52)
        header.resizeSection(3, 52)
        header.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        # The reasons' column has its width only once the window is laid out.
        header.sectionResized.connect(self._fit)
        self.note = QLabel(
            self.tr(
                "The additive value orders the list; these are second opinions on the same values and priorities. "
                "WS and r_w say how alike a method's whole order is to the additive one: 1 is the same."
            ),
            self,
        )
        self.note.setWordWrap(True)
        self.note.setProperty("ink", "2")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(space(2))
        box.addWidget(self.said)
        box.addWidget(self.table, 1)
        box.addWidget(self.note)
        box.addWidget(buttons)
        session.ascertained.connect(self._ascertained)
        self._show()

    @Slot(object)
    def _ascertained(self, certain: Certainty | None) -> None:
        if certain is not None:
            self._show()

    def _show(self) -> None:
        from advisor.opinions import opinions  # the first ranked list does without

        answer = self._session.answer
        found = opinions(answer)
        text = words.words(found.sentence)
        self.said.setText(f"{text[:1].upper()}{text[1:]}.")
        names = answer.table.names
        order = answer.ranking.passing_rows()[:3].tolist()
        rows = [(self.tr("Additive value"), self._three([names[row] for row in order]), "", "", "")]
        rows += [self._row(one, names) for one in found.opinions]
        self.table.setRowCount(len(rows))
        for at, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                item = QTableWidgetItem(cell)
                self.table.setItem(at, column, item)
        self._fit()

    def _row(self, one: Opinion, names: Sequence[str]) -> tuple[str, str, str, str, str]:
        from advisor.opinions import method_name, reason_sentence

        method = words.words(method_name(one.method))
        why = (
            self.tr("The same cloth is first.")
            if one.reason is None
            else words.words(reason_sentence(self._session.answer, one.reason))
        )
        return (
            f"{method[:1].upper()}{method[1:]}",
            self._three([names[row] for row in one.three]),
            words.number(one.similarity, _LIKENESS_DIGITS),
            words.number(one.spearman, _LIKENESS_DIGITS),
            why,
        )

    def _three(self, names: Sequence[str]) -> str:
        lines = [
            self.tr("{place}. {name}").format(place=words.number(place), name=name)
            for place, name in enumerate(names, start=1)
        ]
        # Each line keeps its own order where the text around it runs the other way.
        return "\n".join(f"\u2068{line}\u2069" if self.isRightToLeft() else line for line in lines)

    @Slot()
    def _fit(self) -> None:
        """Rows as high as their text needs at the present width, with air between them."""
        self.table.resizeRowsToContents()
        for row in range(self.table.rowCount()):
            self.table.setRowHeight(row, self.table.rowHeight(row) + _AIR)
