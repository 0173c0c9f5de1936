"""Evidence card: every record behind one figure, each with its source, method and grade; and one source in full."""

from __future__ import annotations

import html
import math
from typing import Final

from PySide6.QtCore import QCoreApplication, QPoint, QSize, Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QTextBrowser, QVBoxLayout, QWidget

from advisor.answer import Answer
from advisor.evidence import Evidence, Source
from advisor.grades import source_named
from advisor.laboratory import LabReport, verdict_sentence, verdicts
from advisor.materials import Table
from advisor.merge import Override
from advisor.properties import properties
from ui import words
from ui.rows import scroll_area
from ui.theme import Theme, interface_font

_SIZE: Final = QSize(360, 420)


def span_text(key: str, low: float, high: float) -> str:
    """A range in the property's decimals, "" where it is a point: "225–300", "−36 to −20"."""
    if math.isnan(low) or math.isnan(high) or low == high:
        return ""
    decimals = properties()[key].decimals
    ends = {"low": words.number(low, decimals), "high": words.number(high, decimals)}
    if ends["low"] == ends["high"]:
        return ""
    if low < 0 or high < 0:
        return QCoreApplication.translate("EvidenceCard", "{low} to {high}").format(**ends)
    return QCoreApplication.translate("EvidenceCard", "{low}–{high}").format(**ends)


def grade_words(grade: str) -> str:
    """What an evidence grade means."""
    if grade == "A":
        return QCoreApplication.translate("EvidenceCard", "A: standard, maker's sheet or measurement")
    if grade == "B":
        return QCoreApplication.translate("EvidenceCard", "B: supplier or guide")
    if grade == "C":
        return QCoreApplication.translate("EvidenceCard", "C: derived by a stated rule")
    if grade == "D":
        return QCoreApplication.translate("EvidenceCard", "D: judgement, a working value")
    if grade == "own":
        return QCoreApplication.translate("EvidenceCard", "Your own figure")
    return QCoreApplication.translate("EvidenceCard", "Not known: ask the mill")


def tag_text(text: str) -> str:
    """A cell of words as people read it: tags apart by middle dots."""
    return " · ".join(part.strip() for part in text.split("|") if part.strip())


def kind_words(kind: str) -> str:
    """What a source is."""
    names = {
        "maker": QCoreApplication.translate("EvidenceCard", "maker"),
        "supplier": QCoreApplication.translate("EvidenceCard", "supplier"),
        "standard": QCoreApplication.translate("EvidenceCard", "standard"),
        "paper": QCoreApplication.translate("EvidenceCard", "paper"),
        "procurement": QCoreApplication.translate("EvidenceCard", "procurement specification"),
        "guide": QCoreApplication.translate("EvidenceCard", "guide"),
        "trade": QCoreApplication.translate("EvidenceCard", "trade press"),
        "customs-ruling": QCoreApplication.translate("EvidenceCard", "customs ruling"),
        "laboratory": QCoreApplication.translate("EvidenceCard", "laboratory report"),
        "blog": QCoreApplication.translate("EvidenceCard", "blog"),
        "rule": QCoreApplication.translate("EvidenceCard", "rule"),
        "judgement": QCoreApplication.translate("EvidenceCard", "judgement"),
    }
    return names.get(kind, kind)


def base_text(table: Table, row: int, key: str) -> str:
    """A cell of the table below an override in one line: figure, range and grade, or words."""
    if not properties()[key].numeric:
        return tag_text(table.text[key][row]) or QCoreApplication.translate("EvidenceCard", "not known")
    place = table.column(key)
    figure = float(table.typical[row, place])
    text = words.figure(key, figure)
    if math.isnan(figure):
        return text
    span = span_text(key, float(table.low[row, place]), float(table.high[row, place]))
    if span:
        text = f"{text} ({span})"
    return QCoreApplication.translate("EvidenceCard", "{figure} · {grade}").format(
        figure=text, grade=grade_words(table.grade(row, key))
    )


def figure_digits(value: float) -> int:
    """Digits a figure was printed with, at most four after the point."""
    return next((digits for digits in range(4) if math.isclose(value, round(value, digits), abs_tol=1e-9)), 4)


class EvidenceCard(QFrame):
    """A card beside the panel: every record behind a cell, or a source; a click elsewhere or Escape closes it."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = QTextBrowser(self)
        self.text.setOpenLinks(False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setStyleSheet("border: 0; padding: 0;")  # the card has the border
        self.text.setFont(interface_font("body"))
        document = self.text.document()
        document.setDefaultFont(interface_font("body"))
        option = document.defaultTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(parent.layoutDirection())
        document.setDefaultTextOption(option)
        document.setDefaultStyleSheet(
            f"* {{ color: {look.ink}; }} .dim {{ color: {look.ink3}; }} .warn {{ color: {look.warn}; }}"
            f" h3 {{ font-size: {15}px; }} p {{ margin: 2px 0; }}"
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self.text)

    def show_cell(
        self, table: Table, row: int, key: str, shown: str, over: Override | None = None, under: Table | None = None
    ) -> None:
        """Show every record behind one cell.

        Args:
            shown: its figure as the datasheet prints it, "" for a gap.
            over: the override that put it there, None where it is the table's own.
            under: the table without any override, for what stands below.
        """
        item = properties()[key]
        title = self.tr("{name}: {material}").format(name=words.label(key), material=table.names[row])
        parts = [f'<p class="dim">{html.escape(words.description(key))}</p>']
        cell = table.cell(row, key)
        if shown:
            grade = "" if key == "id" else cell.grade if cell else "own"
            claim = f" · {html.escape(grade_words(grade))}" if grade else ""
            parts.append(f"<p><b>{html.escape(shown)}</b>{claim}</p>")
        else:
            parts.append(f'<p class="warn"><b>{html.escape(self.tr("Not known: ask the mill."))}</b></p>')
            if item.test_methods:
                methods = item.test_methods.replace("|", ", ")
                ask = self.tr("Ask for a test to {methods}.").format(methods=methods)
                parts.append(f"<p>{html.escape(ask)}</p>")
        if over is not None and over.report:
            own = self.tr("A lab report stands over the table's figure. The menu of its line takes it back.")
            parts.append(f"<p>{html.escape(own)}</p>")
        if cell is None and shown and key != "id":
            own = self.tr("The figure stands in the table as given; no source is recorded.")
            if over is not None:
                own = self.tr("Your figure stands over the table's. The menu of its line takes it back.")
                if over.because:
                    own = self.tr("{text} From: {source}.").format(text=own, source=over.because)
            parts.append(f"<p>{html.escape(own)}</p>")
            if item.spread_reason:
                spread = self.tr("Its range, unless given: {reason}.").format(reason=item.spread_reason)
                parts.append(f'<p class="dim">{html.escape(spread)}</p>')
        for record in cell.records if cell else ():
            parts.append("<hr>")
            parts.append(self._record_html(record, cell is not None and record.grade == cell.grade))
        if over is not None and under is not None:
            parts.append(self._below_html(under, table.ids[row], key))
        self._show(title, "".join(parts))

    def _below_html(self, under: Table, material: str, key: str) -> str:
        """What an override stands over: the table's own figure, and its records."""
        row = under.index.get(material)
        if row is None:
            return ""
        said = self.tr("Below it, the table: {text}").format(text=base_text(under, row, key))
        cell = under.cell(row, key)
        records = [self._record_html(record, True) for record in (cell.records if cell else ())]
        return "".join(["<hr>", f"<p><b>{html.escape(said)}</b></p>", *records])

    def show_report(self, report: LabReport, answer: Answer) -> None:
        """Show a lab report line by line, each judged against what the brief asks."""
        said = {one.property: verdict_sentence(one) for one in verdicts(report, answer.demands)}
        facts = [report.laboratory, report.date]
        if report.lot:
            facts.append(self.tr("lot {lot}").format(lot=report.lot))
        row = answer.table.index.get(report.material)
        parts = [f"<p>{html.escape(report.material if row is None else answer.table.names[row])}</p>"]
        parts.append(f'<p class="dim">{html.escape(" · ".join(facts))}</p>')
        for result in report.results:
            parts.append(
                f"<hr><p><b>{html.escape(words.label(result.property))}</b> · {html.escape(result.method)}</p>"
            )
            readings = []
            for direction, reading in result.readings:
                text = f"{words.number(reading.mean, figure_digits(reading.mean))} {result.unit}".strip()
                if reading.deviation is not None:
                    text += f" ± {words.number(reading.deviation, figure_digits(reading.deviation))}"
                if reading.specimens:
                    text = self.tr("{text}, {count} specimens").format(text=text, count=words.number(reading.specimens))
                name = self.tr("warp") if direction == "warp" else self.tr("weft") if direction == "weft" else ""
                readings.append(f"{name} {text}".strip())
            parts.append(f"<p>{html.escape(' · '.join(readings))}</p>")
            if result.property in said:
                parts.append(f"<p>{html.escape(words.words(said[result.property]))}</p>")
            if result.set_aside:
                parts.append(f'<p class="warn">{html.escape(self.tr("Taken back: it does not count."))}</p>')
            more = (text for text in (result.conditioning, result.note) if text)
            parts += [f'<p class="dim">{html.escape(text)}</p>' for text in more]
        self._show(self.tr("Lab report {number}").format(number=report.number), "".join(parts))

    def show_source(self, table: Table, row: int, source: Source) -> None:
        """Show a source and which figures of a material it stands behind."""
        here = [
            words.label(key)
            for key in properties()
            if any(record.source_id == source.source_id for record in table.records.get((table.ids[row], key), ()))
        ]
        body = [self._source_html(source), f"<p>{html.escape(grade_words(source.grade))}</p>"]
        if source.note:
            body.append(f'<p class="dim">{html.escape(source.note)}</p>')
        body.append(f"<p>{html.escape(self.tr('Behind: {names}').format(names=', '.join(here)))}</p>")
        self._show(self.tr("Source"), "".join(body))

    def _record_html(self, record: Evidence, counts: bool) -> str:
        """One record of evidence: figures, method, grade, source, note."""
        key = record.property
        decimals = properties()[key].decimals
        if record.typical is None or not properties()[key].numeric:
            figure = tag_text(record.text)
        else:
            figure = words.number(record.typical, decimals)
            unit = "" if record.unit in ("grade", "rating") else record.unit
            figure = f"{figure} {unit}".strip()
            if record.low is not None and record.high is not None:
                span = span_text(key, record.low, record.high)
                figure += f" ({span})" if span else ""
        facts = [f"<b>{html.escape(figure)}</b>", html.escape(grade_words(record.grade))]
        if record.test_method:
            facts.append(html.escape(record.test_method))
        elif record.grade in ("A", "B") and properties()[key].test_methods:
            facts.append(html.escape(self.tr("test not named")))
        if not counts:
            facts.append(html.escape(self.tr("kept beside better evidence, moves nothing")))
        lines = [f"<p>{' · '.join(facts)}</p>"]
        source = source_named(record.source_id)
        lines.append(self._source_html(source) if source else f"<p>{html.escape(record.source_id)}</p>")
        if record.note:
            lines.append(f'<p class="dim">{html.escape(record.note)}</p>')
        return "".join(lines)

    def _source_html(self, source: Source) -> str:
        """A source: title, kind, year, address as text."""
        rule = source.source_id if source.kind in ("rule", "judgement") else ""
        facts = " · ".join(part for part in (kind_words(source.kind), rule, source.year) if part)
        lines = [f"<p>{html.escape(source.title)}</p>", f'<p class="dim">{html.escape(facts)}</p>']
        if source.url:
            lines.append(f'<p class="dim">{html.escape(source.url)}</p>')
        return "".join(lines)

    def open_beside(self, line: QWidget) -> None:
        """Show the card before the panel a line stands in, inside the screen."""
        panel = scroll_area(line) or line
        y = line.mapToGlobal(QPoint(0, 0)).y() - 12
        mirrored = panel.layoutDirection() is Qt.LayoutDirection.RightToLeft
        corner = panel.mapToGlobal(QPoint(0, 0))
        x = corner.x() + panel.width() + 6 if mirrored else corner.x() - self.width() - 6
        screen = panel.screen().availableGeometry()
        x = max(screen.left(), min(x, screen.right() - self.width()))
        y = max(screen.top(), min(y, screen.bottom() - self.height()))
        self.move(x, y)
        self.show()

    def _show(self, title: str, body: str) -> None:
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.text.setAccessibleName(title)
        self.text.setHtml(f"<h3>{html.escape(title)}</h3>{body}")
        # A copy is measured: the shown document follows its view, which has no width yet.
        measured = self.text.document().clone(self)
        measured.setTextWidth(_SIZE.width() - 36)
        self.resize(_SIZE.width(), min(_SIZE.height(), math.ceil(measured.size().height()) + 24))
        measured.deleteLater()
        self.text.setFocus()
