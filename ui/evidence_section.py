"""Evidence section: how much of a score was measured, the sample, the lab reports, and which figure to test next."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QMargins, QMimeData, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QBrush,
    QFontMetrics,
    QGuiApplication,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from advisor.answer import Answer
from advisor.grades import MEASURED, footing
from advisor.guard import measurable, method_to_order
from advisor.laboratory import STATES, LabReport, Sample, order_sentences
from advisor.turning import Probe, probe_sentence
from ui import words
from ui.evidence_card import EvidenceCard, grade_words
from ui.laboratory_dialog import LaboratoryDialog
from ui.rows import Prose, Row, Section
from ui.sample_card import SampleDialog, dropped_photo, paint_photo, sample_line, today
from ui.session import Session
from ui.theme import Theme
from ui.widgets import LinkButton, SectionHeader, Themed

#: Tests named at once: the one most worth it, and what stands next to it.
FIRST_PROBES: Final = 4
_THUMB: Final = 40


class EvidenceMeter(QWidget, Themed):
    """A bar that says how much of a score rests on what was measured, derived and judged, with the share in words."""

    _BAR: Final = 6

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shares: Mapping[str, float] = {}
        self._text = Prose(look, kind="caption", ink="ink2", spacing=1.15)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, self._BAR + 3, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._text)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """The share in words, "" where the score rests on nothing."""
        return self._text.text()

    def show_shares(self, shares: Mapping[str, float]) -> None:
        """Show shares of a score by grade (:func:`advisor.grades.footing`); none hides the meter."""
        self.setVisible(bool(shares))
        if shares == self._shares:
            return
        self._shares = dict(shares)
        measured = sum(shares.get(grade, 0.0) for grade in (*MEASURED, "own"))
        said = self.tr("{share} % of this score rests on measured or supplier figures")
        self._text.show_text(said.format(share=words.number(100 * measured)) if shares else "")
        parts = [
            self.tr("{share} %  {grade}").format(share=words.number(100 * share), grade=grade_words(grade))
            for grade, share in shares.items()
        ]
        self.setToolTip("\n".join(parts))
        self.setAccessibleName(self._text.text())
        self.setAccessibleDescription("; ".join(parts))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, mirrored = self._look, self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        wide, at = self.width() - 8, 0.0
        for grade in ("A", "B", "own", "C", "D", ""):
            part = self._shares.get(grade, 0.0) * wide
            if part <= 0:
                continue
            x = self.width() - at - part if mirrored else at
            box = QRectF(x, 1, max(1.0, part - 1), self._BAR - 1)
            at += part
            # What was measured is solid, what is derived hatched, what is judged or missing an empty frame.
            painter.setPen(Qt.PenStyle.NoPen)
            if grade in ("A", "B", "own"):
                painter.setBrush(look.colour("ink2"))
                painter.drawRect(box)
                continue
            if grade == "C":
                painter.setBrush(QBrush(look.colour("edge"), Qt.BrushStyle.Dense4Pattern))
                painter.drawRect(box)
            pen = QPen(look.colour("edge"), 1)
            if grade != "C":
                pen.setDashPattern([2, 2])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0.5, 0, -0.5, -0.5))


class SampleRow(Row):
    """The sample in two lines beside its photo; a click opens its card."""

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(look, "sample", parent)
        self._sample: Sample | None = None
        self._photo = QPixmap()

    def show_sample(self, sample: Sample | None) -> None:
        """Show a sample, or that there is none."""
        if sample == self._sample and self.accessibleName():
            return
        if sample is None or self._sample is None or sample.photo != self._sample.photo:
            self._photo = QPixmap()
            if sample is not None and sample.photo:
                self._photo.loadFromData(sample.photo)
        self._sample = sample
        lines = [line for line in self.lines() if line]
        self.setAccessibleName(self.tr("Sample: {text}").format(text="; ".join(lines)))
        self.updateGeometry()
        self.update()

    def lines(self) -> tuple[str, str]:
        """What stands there: state and drawer; since when and the hand."""
        if self._sample is None:
            return self.tr("No sample yet"), ""
        more = [self.tr("since {day}").format(day=self._sample.since)] if self._sample.since else []
        hand = " ".join(self._sample.hand.split())
        return sample_line(self._sample), " · ".join((*more, *([hand] if hand else [])))

    @property
    def photo(self) -> QPixmap:
        """The photo shown, null for none."""
        return self._photo

    def sizeHint(self) -> QSize:
        return QSize(200, _THUMB + 4 if self._sample is not None else 26)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        first, second = self.lines()
        left = 0
        if not self._photo.isNull():
            thumb = self._box(0, _THUMB)
            paint_photo(painter, QRectF(thumb.x(), (self.height() - _THUMB) / 2, _THUMB, _THUMB), self._photo, 6)
            left = _THUMB + 8
        box = self._box(left, self.width() - left - 4)
        if not second:
            self._write(painter, box, self._face, "ink3" if self._sample is None else "ink", first)
            return
        high = QFontMetrics(self._face, self).height()
        top = (self.height() - 2 * high) / 2
        self._write(painter, QRectF(box.x(), top, box.width(), high), self._bold, "ink", first)
        self._write(painter, QRectF(box.x(), top + high, box.width(), high), self._small, "ink3", second)


class ReportRow(Row):
    """A lab report: its number and laboratory, and its date."""

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(look, "report", parent)
        self.report: LabReport | None = None

    def show_report(self, report: LabReport) -> None:
        """Show another report."""
        if report == self.report:
            return
        self.report = report
        said = self.tr("Lab report {number}, {laboratory}, {day}, %n results", "", len(report.results))
        self.setAccessibleName(said.format(number=report.number, laboratory=report.laboratory, day=report.date))
        self.update()

    @property
    def partial(self) -> bool:
        """Whether some figure of it was taken back."""
        return self.report is not None and any(result.set_aside for result in self.report.results)

    @property
    def counts(self) -> bool:
        """Whether any figure of it stands over the table."""
        return self.report is not None and not all(result.set_aside for result in self.report.results)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        if self.report is None:
            return
        wide = QFontMetrics(self._small, self).horizontalAdvance(self.report.date) + 4
        text = self.tr("{number} · {laboratory}").format(number=self.report.number, laboratory=self.report.laboratory)
        ink = "ink" if self.counts else "ink3"
        self._write(painter, self._box(0, self.width() - wide - 8), self._face, ink, text)
        self._write(painter, self._box(self.width() - wide - 4, wide), self._small, "ink3", self.report.date, end=True)


class ProbeRow(Row):
    """A figure worth testing: property and cloth, the test by its number, how often it turns the first place."""

    ordered = Signal()

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(look, "probe", parent)
        self.probe: Probe | None = None
        self._lines = ("", "")
        self._dim = False
        self.order = LinkButton(look, self.tr("Order"), parent=self)
        self.order.clicked.connect(self.ordered)

    def sizeHint(self) -> QSize:
        return QSize(200, 36)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 36)

    def show_probe(self, answer: Answer, probe: Probe, spoken: str) -> None:
        """Show another figure; ``spoken`` is the whole of it in words."""
        self.probe = probe
        method = method_to_order(probe.property)
        self._lines = (
            self.tr("{what}: {name}").format(
                what=words.short(probe.property), name=words.material(answer.table, probe.row)
            ),
            self.tr("{method} · {count} of 100 turn it").format(
                method=method.standard if method else self.tr("ask the mill"), count=words.number(100 * probe.chance)
            ),
        )
        self.setAccessibleName(spoken)
        self.order.setAccessibleName(self.tr("Copy the order: {what}").format(what=self._lines[0]))
        self.order.setToolTip(self.tr("Copy the order of this test"))
        self.update()

    def set_dim(self, dim: bool) -> None:
        """Whether what stands there is of the answer before."""
        if dim != self._dim:
            self._dim = dim
            self.order.setEnabled(not dim)
            self.update()

    @property
    def lines(self) -> tuple[str, str]:
        """What stands there."""
        return self._lines

    @property
    def dim(self) -> bool:
        """Whether the next answer is being worked out."""
        return self._dim

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._seat()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._seat()
        super().changeEvent(event)

    def _seat(self) -> None:
        wide = self.order.sizeHint().width()
        x = 2 if self._mirrored() else self.width() - wide - 2
        self.order.setGeometry(x, (self.height() - 24) // 2, wide, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        room = self.width() - self.order.width() - 8
        box = self._box(0, room)
        high = QFontMetrics(self._face, self).height()
        top = (self.height() - 2 * high) / 2
        ink = "ink3" if self._dim else "ink"
        self._write(painter, QRectF(box.x(), top, room, high), self._face, ink, self._lines[0])
        self._write(painter, QRectF(box.x(), top + high, room, high), self._small, "ink3", self._lines[1])


class EvidenceSection(Section):
    """Sample, lab reports, and which figure to test next, for the material looked at.

    Args:
        session: whose stock is shown and changed, and which works out what to test in the background.
        look: the theme.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._session = session
        self._answer: Answer = session.answer
        self._row = -1
        self._material = ""
        self._shown: tuple[Answer, tuple[Probe, ...]] | None = None
        self._head = SectionHeader(look, self.tr("Tests"), (self.tr("Sample…"), self.tr("Lab report…")))
        self._head.link_clicked.connect(self._link)
        self.box.addWidget(self._head)
        rows = QVBoxLayout()
        rows.setSpacing(0)
        self.inset(rows, QMargins(0, 0, 6, 0))
        self.sample = SampleRow(look)
        self.sample.clicked.connect(self.open_sample)
        rows.addWidget(self.sample)
        self._reports = QVBoxLayout()
        self._reports.setSpacing(0)
        self.reports: list[ReportRow] = []
        rows.addLayout(self._reports)
        self._title = Prose(look, kind="caps", ink="ink3", spacing=1.9)
        self._title.show_text(self.tr("What to test next"))
        rows.addWidget(self._title)
        self.alarm = Prose(look, spacing=1.2, below=3)
        rows.addWidget(self.alarm)
        self._probes = QVBoxLayout()
        self._probes.setSpacing(0)
        self.probes: list[ProbeRow] = []
        rows.addLayout(self._probes)
        self.box.addLayout(rows)
        session.probed.connect(self._on_probed)

    # --- what is shown -------------------------------------------------------------------------------------------

    def show_material(self, answer: Answer, row: int) -> None:
        """Show what there is of a material; the tests are those worth it under this answer."""
        self._answer, self._row = answer, row
        self._material = answer.table.ids[row]
        stock = self._session.stock
        self.sample.show_sample(stock.sample(self._material))
        held = stock.reports_of(self._material)
        while len(self.reports) < len(held):
            line = ReportRow(self._look)
            line.clicked.connect(self._open_report)
            line.menu_wanted.connect(self._report_menu)
            line.tip_wanted.connect(self._tip)
            self.reports.append(line)
            self._reports.addWidget(line)
        for number, line in enumerate(self.reports):
            if number < len(held):
                line.show_report(held[number])
            line.setVisible(number < len(held))
        self._show_probes()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._session.seek_probes(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # A window that is taken apart hides its parts when they have nothing left of their own.
        session: Session | None = getattr(self, "_session", None)
        if session is not None:
            session.seek_probes(False)

    @Slot(object)
    def _on_probed(self, found: tuple[Probe, ...] | None) -> None:
        if self._row >= 0:
            self._show_probes()

    def _show_probes(self) -> None:
        """The tests most worth it, this material's own among them; those of the last answer dimmed until then."""
        found = self._session.probes
        current = found is not None and self._session.answer is self._answer
        if current and found is not None:
            self._shown = (self._answer, found)
        for line in self.probes:
            line.set_dim(not current)
        if not current:
            if self._shown is None:
                self.alarm.show_text("…", ink="ink3")
            else:
                self.alarm.show_text(self.alarm.text(), ink="ink3")
            return
        assert found is not None
        self._show_alarm(found)
        first = list(found[:FIRST_PROBES])
        own = next((probe for probe in found if probe.row == self._row), None)
        if own is not None and own not in first:
            first[-1] = own
        while len(self.probes) < len(first):
            line = ProbeRow(self._look)
            line.clicked.connect(self._probe_menu_below)
            line.menu_wanted.connect(self._probe_menu_at)
            line.tip_wanted.connect(self._tip)
            line.ordered.connect(self._order)
            self.probes.append(line)
            self._probes.addWidget(line)
        for number, line in enumerate(self.probes):
            if number < len(first):
                line.show_probe(self._answer, first[number], words.words(probe_sentence(self._answer, first[number])))
                line.set_dim(False)
            line.setVisible(number < len(first))

    def _show_alarm(self, found: tuple[Probe, ...]) -> None:
        """The one-cell alarm: this material's figure that, wrong within its range, changes the winner."""
        own = [probe for probe in found if probe.row == self._row]
        if not own:
            self.alarm.show_text(
                self.tr("No figure of this cloth, wrong within its range, would alone change the winner."), ink="ink2"
            )
            return
        text = self.tr(
            "▲ {count} of its figures, wrong within their range, would each change the winner; above all {what}."
        )
        if len(own) == 1:
            text = self.tr("▲ One of its figures, wrong within its range, would change the winner: {what}.")
        self.alarm.show_text(text.format(count=words.number(len(own)), what=words.label(own[0].property)), ink="warn")

    @Slot(QPoint)
    def _tip(self, at: QPoint) -> None:
        line = self.sender()
        if isinstance(line, Row):
            QToolTip.showText(at, f"<p>{html.escape(line.accessibleName())}</p>", line)

    # --- what is done --------------------------------------------------------------------------------------------

    @Slot(int)
    def _link(self, number: int) -> None:
        if number == 0:
            self.open_sample()
        else:
            self.open_report()

    def take_photo(self, mime: QMimeData) -> bool:
        """Keep a picture somebody drops on the material as its sample's photo; False where it is none."""
        photo = dropped_photo(mime) if self._row >= 0 else b""
        if not photo:
            return False
        held = self._session.stock.sample(self._material) or Sample(self._material, dates=((STATES[0], today()),))
        self._session.use_stock(self._session.stock.with_sample(replace(held, photo=photo)), self.tr("Photo kept"))
        return True

    @Slot()
    def open_sample(self) -> SampleDialog | None:
        """Open the card of the material's sample."""
        if self._row < 0:
            return None
        dialog = SampleDialog(self._session, self._look, self._material, self.window())
        dialog.open()
        return dialog

    def open_report(
        self, material: str = "", about: str = "", report: LabReport | None = None
    ) -> LaboratoryDialog | None:
        """Open the dialog of a lab report: a new one, or one to change."""
        material = material or self._material
        if not material:
            return None
        dialog = LaboratoryDialog(self._session, self._look, material, self.window(), about, report)
        dialog.open()
        return dialog

    @Slot()
    def _open_report(self) -> None:
        line = self.sender()
        if isinstance(line, ReportRow) and line.report is not None:
            self.open_card(line)

    def open_card(self, line: ReportRow) -> EvidenceCard | None:
        """Open the card with everything a report says, judged under the present brief."""
        if line.report is None:
            return None
        card = EvidenceCard(self._look, self)
        card.show_report(line.report, self._answer)
        card.open_beside(line)
        return card

    @Slot(QPoint)
    def _report_menu(self, at: QPoint) -> None:
        line = self.sender()
        if isinstance(line, ReportRow):
            self.report_menu(line).popup(at)

    def report_menu(self, line: ReportRow) -> QMenu:
        """What can be done with a report; freed when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for verb, text, able in (
            ("card", self.tr("Evidence"), True),
            ("change", self.tr("Change…"), True),
            ("aside", self.tr("Take its figures back"), line.counts),
            ("again", self.tr("Let its figures count again"), line.partial),
            ("delete", self.tr("Delete report"), True),
        ):
            action = menu.addAction(text)
            action.setData((verb, self.reports.index(line)))
            action.setEnabled(able)
            action.triggered.connect(self._report_chosen)
        return menu

    @Slot()
    def _report_chosen(self) -> None:
        action = self.sender()
        if not isinstance(action, QAction):
            return
        verb, number = action.data()
        line = self.reports[number]
        report, stock = line.report, self._session.stock
        if report is None:
            return
        if verb == "card":
            self.open_card(line)
        elif verb == "change":
            self.open_report(report.material, report=report)
        elif verb in ("aside", "again"):
            for result in report.results:
                stock = stock.set_aside(report, result.property, verb == "aside")
            label = self.tr("Figures of lab report {number} taken back").format(number=report.number)
            if verb == "again":
                label = self.tr("Figures of lab report {number} count again").format(number=report.number)
            self._session.use_stock(stock, label)
        elif verb == "delete":
            label = self.tr("Lab report {number} deleted").format(number=report.number)
            self._session.use_stock(stock.without_report(report), label)

    @Slot()
    def _order(self) -> None:
        line = self.sender()
        if isinstance(line, ProbeRow):
            self.copy_order(line)

    def copy_order(self, line: ProbeRow) -> None:
        """Put the order of a test on the clipboard, and say so."""
        if line.probe is None or line.dim:
            return
        text = "\n".join(words.words(sentence) for sentence in order_sentences(self._answer, line.probe))
        QGuiApplication.clipboard().setText(text + "\n")
        said = QCoreApplication.translate("EvidenceSection", "The order is on the clipboard.")
        QToolTip.showText(line.mapToGlobal(QPoint(0, line.height())), f"<p>{html.escape(said)}</p>", line)

    @Slot()
    def _probe_menu_below(self) -> None:
        line = self.sender()
        if isinstance(line, ProbeRow):
            self.probe_menu(line).popup(line.mapToGlobal(QPoint(0, line.height())))

    @Slot(QPoint)
    def _probe_menu_at(self, at: QPoint) -> None:
        line = self.sender()
        if isinstance(line, ProbeRow):
            self.probe_menu(line).popup(at)

    def probe_menu(self, line: ProbeRow) -> QMenu:
        """What can be done with a figure worth testing; freed when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        able = line.probe is not None and not line.dim
        tested = able and line.probe is not None and measurable(line.probe.property)
        for verb, text, on in (
            ("order", self.tr("Copy the order of this test"), able),
            ("report", self.tr("Enter its lab report…"), tested),
            ("look", self.tr("Look at this material"), able),
        ):
            action = menu.addAction(text)
            action.setData((verb, self.probes.index(line)))
            action.setEnabled(on)
            action.triggered.connect(self._probe_chosen)
        return menu

    @Slot()
    def _probe_chosen(self) -> None:
        action = self.sender()
        if not isinstance(action, QAction):
            return
        verb, number = action.data()
        line = self.probes[number]
        if line.probe is None or line.dim:
            return
        material = self._answer.table.ids[line.probe.row]
        if verb == "order":
            self.copy_order(line)
        elif verb == "report":
            self.open_report(material, line.probe.property)
        elif verb == "look":
            self._session.select(material)


def shares_of(answer: Answer, row: int) -> dict[str, float]:
    """Shares of a material's score by grade; empty where it is screened out."""
    return footing(answer, row) if answer.ranking.ranks[row] else {}
