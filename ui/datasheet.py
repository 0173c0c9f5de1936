"""Datasheet: a material's figures with range and grade, the sources behind them, and both as text to paste."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QMargins, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolTip, QVBoxLayout, QWidget

from advisor.evidence import Source
from advisor.files import plain_cell
from advisor.grades import source_named
from advisor.materials import Table
from advisor.merge import Override
from advisor.properties import properties
from ui import words
from ui.evidence_card import EvidenceCard, base_text, grade_words, kind_words, span_text, tag_text
from ui.rows import Prose, Row, Section, isolated
from ui.theme import Theme
from ui.widgets import GradeBadge, SectionHeader

#: What the folded datasheet shows: a figure of every kind a cloth is bought by.
IMPORTANT: Final = (
    "areal_mass_g_m2",
    "tensile_strength_n",
    "tear_strength_n",
    "abrasion_cycles",
    "hydrostatic_head_mm",
    "uv_strength_retention_pct",
    "hydrolysis_weeks",
    "recycled_content_pct",
    "ghg_kg_co2e_m2",
    "price_usd_m2",
)
#: Sources shown before the rest is asked for.
FIRST_SOURCES: Final = 5


class _FigureRow(Row):
    """A line of the datasheet: name, figure, range and grade; or words; or what is not known."""

    def __init__(self, look: Theme, key: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, key, parent)
        self._name = name
        self._shown: tuple[str, str, str, str] | None = None
        #: Whether a figure of the user's or of a lab report stands over the table's here.
        self.own = False
        self.badge = GradeBadge(look, "", parent=self)

    def show_figure(self, figure: str, span: str, grade: str, spoken: str) -> None:
        """Show a figure with its unit and range."""
        self._show((figure, span, grade, "figure"), spoken)

    def show_words(self, text: str, grade: str, spoken: str) -> None:
        """Show words; ``grade`` "" where they are no claim (an identifier)."""
        self._show((text, "", grade, "words"), spoken)

    def show_gap(self, text: str, spoken: str) -> None:
        """Show that nothing is known."""
        self._show((text, "", "", "gap"), spoken)

    def set_own(self, own: bool) -> None:
        """Mark the line as one where the user's figure stands over the table's."""
        if own != self.own:
            self.own = own
            self.update()

    @property
    def gap(self) -> bool:
        """Whether nothing is known."""
        return self._shown is None or self._shown[3] == "gap"

    @property
    def figure(self) -> str:
        """The figure or words shown."""
        return self._shown[0] if self._shown else ""

    @property
    def span(self) -> str:
        """The range shown, "" for none."""
        return self._shown[1] if self._shown else ""

    def _show(self, shown: tuple[str, str, str, str], spoken: str) -> None:
        if shown == self._shown:
            return
        self._shown = shown
        grade = shown[2]
        self.setAccessibleName(spoken)
        if grade:
            self.badge.set_grade(grade, grade_words(grade))
        self.badge.setVisible(bool(grade))
        self._place_badge()
        self.update()

    def _badge_wide(self) -> int:
        return 26 if self._shown and len(self._shown[2]) > 1 else 20

    def _place_badge(self) -> None:
        wide = self._badge_wide()
        x = 0 if self._mirrored() else self.width() - wide
        self.badge.setGeometry(QRect(x, (self.height() - 18) // 2, wide, 18))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_badge()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._place_badge()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        if self._shown is None:
            return
        if self.own:
            # A bar at the leading edge: the figure is laid over another one.
            painter.fillRect(self._box(0, 2).adjusted(0, 4, 0, -4), self._look.colour("accent"))
        figure, span, _, kind = self._shown
        number = kind == "figure"
        room = self.width() - self._badge_wide() - 6
        bold, small = QFontMetrics(self._bold, self), QFontMetrics(self._small, self)
        plain = QFontMetrics(self._face, self)
        name_wide = plain.horizontalAdvance(self._name) + 3
        if kind == "gap":
            self._write(painter, self._box(0, name_wide), self._face, "ink2", self._name)
            free = self.width() - name_wide - 6
            self._write(painter, self._box(name_wide + 6, free), self._small, "warn", figure, end=True)
            return
        face, ink = (self._bold, "ink") if number else (self._face, "ink")
        span_wide = small.horizontalAdvance(span) + 5 if span else 0
        wide = (bold if number else plain).horizontalAdvance(figure) + 2
        if not number:
            wide = min(wide, max(60, room - name_wide - 6))
        at = max(0, room - span_wide - wide)
        inset = 6 if self.own else 0
        self._write(painter, self._box(inset, max(0, min(name_wide, at - 4 - inset))), self._face, "ink2", self._name)
        self._write(painter, self._box(at, wide), face, ink, figure, end=True)
        if span:
            self._write(painter, self._box(room - span_wide, span_wide), self._small, "ink3", span, end=True)


class _SourceRow(Row):
    """A source: its grade, title and year."""

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(look, "", parent)
        self._title = self._year = ""

    def show_source(self, source: Source, spoken: str) -> None:
        """Show another source."""
        self.key, self._title, self._year = source.source_id, source.title, source.year
        self.setAccessibleName(spoken)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        wide = QFontMetrics(self._small, self).horizontalAdvance(self._year) + 3 if self._year else 0
        self._write(painter, self._box(0, self.width() - wide - 5), self._small, "ink2", self._title)
        self._write(painter, self._box(self.width() - wide, wide), self._small, "ink3", self._year, end=True)


class _Folding(Section):
    """A section about one material of a table that shows the first things only, or all."""

    def __init__(self, look: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._table: Table | None = None
        self._row = -1
        self._all = False
        self._head = SectionHeader(look, title, ("",))
        self._head.link_clicked.connect(self._toggle)
        self.box.addWidget(self._head)

    @Slot(int)
    def _toggle(self, number: int) -> None:
        self._all = not self._all
        self._fold()

    def _fold(self) -> None:
        """Show the short form or all: each part shows its own rows, then asks for room."""
        self.updateGeometry()


class Datasheet(_Folding):
    """Every figure of one material with its range and grade; the ones that count most, or all.

    Args:
        look: the theme.

    Signals: ``taken_back(str)`` with the property whose own figure the user takes back.
    """

    taken_back = Signal(str)

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(look, QCoreApplication.translate("Datasheet", "Datasheet"), parent)
        self._figures: dict[str, _FigureRow] = {}
        self._own: Mapping[str, Override] = {}
        self._under: Table | None = None
        rows = QVBoxLayout()
        rows.setSpacing(0)
        self.inset(rows, QMargins(0, 0, 6, 0))
        self._groups: list[Prose] = []
        known = properties()
        for group in dict.fromkeys(item.group for item in known.values()):
            title = Prose(self._look, kind="caps", ink="ink3", spacing=1.9)
            title.show_text(self._group_name(group))
            self._groups.append(title)
            rows.addWidget(title)
            for key, item in known.items():
                if item.group == group:
                    row = _FigureRow(self._look, key, words.short(key))
                    row.clicked.connect(self._open)
                    row.tip_wanted.connect(self._figure_tip)
                    row.menu_wanted.connect(self._figure_menu)
                    self._figures[key] = row
                    rows.addWidget(row)
        self.box.addLayout(rows)
        self._fold()

    def _group_name(self, group: str) -> str:
        return self.tr("Identity") if group == "identity" else words.group(group)

    def show_material(
        self, table: Table, row: int, own: Mapping[str, Override] | None = None, under: Table | None = None
    ) -> None:
        """Show the figures of a table row.

        Args:
            own: property -> the override that stands over the table's figure.
            under: the table without any override.
        """
        self._table, self._row, self._own, self._under = table, row, own or {}, under
        for key, line in self._figures.items():
            line.set_own(key in self._own)
            item, label = properties()[key], words.label(key)
            if line.own:
                label = self._over_words(key, label)
            if item.numeric:
                place = table.column(key)
                typical, grade = float(table.typical[row, place]), table.grade(row, key)
                if math.isnan(typical):
                    self._show_gap(line, label)
                    continue
                figure = isolated(words.figure(key, typical), self.mirrored)
                span = span_text(key, float(table.low[row, place]), float(table.high[row, place]))
                spoken = self.tr("{name}: {figure}").format(name=label, figure=figure)
                if span:
                    spoken = self.tr("{text}, range {span}").format(text=spoken, span=span)
                line.show_figure(figure, span, grade, self._with_grade(spoken, grade))
                continue
            text = tag_text(table.text[key][row])
            if not text:
                self._show_gap(line, label)
                continue
            cell = table.cell(row, key)
            spoken = self.tr("{name}: {figure}").format(name=label, figure=text)
            if key == "id":
                line.show_words(text, "", spoken)
                continue
            grade = cell.grade if cell else "own"
            line.show_words(text, grade, self._with_grade(spoken, grade))

    def _over_words(self, key: str, label: str) -> str:
        """The name of a line that is laid over the table's, with what stands below."""
        base = ""
        if self._table is not None and self._under is not None:
            below = self._under.index.get(self._table.ids[self._row])
            base = "" if below is None else base_text(self._under, below, key)
        said = self.tr("{name}, your figure over the table's").format(name=label)
        if self._own[key].report:
            said = self.tr("{name}, a lab report over the table's").format(name=label)
        return self.tr("{text} ({base})").format(text=said, base=base) if base else said

    def _with_grade(self, text: str, grade: str) -> str:
        return self.tr("{text}; {grade}").format(text=text, grade=grade_words(grade))

    def _show_gap(self, line: _FigureRow, label: str) -> None:
        ask = self.tr("ask the mill")
        line.show_gap(ask, self.tr("{name}: not known, {ask}").format(name=label, ask=ask))

    def _fold(self) -> None:
        for title in self._groups:
            title.setVisible(self._all)
        for key, line in self._figures.items():
            line.setVisible(self._all or key in IMPORTANT)
        count = words.number(len(self._figures))
        if self._all:
            text = self.tr("the {count} that count most").format(count=words.number(len(IMPORTANT)))
        else:
            text = self.tr("all {count}").format(count=count)
        self._head.set_links((text,))

    @Slot(QPoint)
    def _figure_tip(self, at: QPoint) -> None:
        line = self.sender()
        if isinstance(line, _FigureRow):
            about = html.escape(words.description(line.key))
            QToolTip.showText(at, f"<p><b>{html.escape(line.accessibleName())}</b></p><p>{about}</p>", line)

    @Slot(QPoint)
    def _figure_menu(self, at: QPoint) -> None:
        line = self.sender()
        if isinstance(line, _FigureRow):
            self.menu(line.key).popup(at)

    def menu(self, key: str) -> QMenu:
        """The menu of a figure's line: its evidence, and taking its override back. Freed when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        show = menu.addAction(self.tr("Evidence"))
        show.setData(key)
        show.triggered.connect(self._menu_evidence)
        back = menu.addAction(self.tr("Take back this override"))
        back.setData(key)
        back.setEnabled(self._figures[key].own)
        back.triggered.connect(self._menu_take_back)
        return menu

    @Slot()
    def _menu_evidence(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.open_evidence(str(action.data()))

    @Slot()
    def _menu_take_back(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.taken_back.emit(str(action.data()))

    @Slot()
    def _open(self) -> None:
        line = self.sender()
        if isinstance(line, _FigureRow):
            self.open_evidence(line.key)

    def open_evidence(self, key: str) -> EvidenceCard | None:
        """Open the card with every record behind one cell of the material; None where no material is shown."""
        if self._table is None:
            return None
        line = self._figures[key]
        shown = "" if line.gap else f"{line.figure} ({line.span})" if line.span else line.figure
        card = EvidenceCard(self._look, self)
        card.show_cell(self._table, self._row, key, shown, self._own.get(key), self._under)
        card.open_beside(line)
        return card

    def as_text(self) -> str:
        """The datasheet as tab-separated text, figures in the user's locale, words guarded; "" without a material."""
        table, row = self._table, self._row
        if table is None:
            return ""
        lines: list[Sequence[str]] = [
            (
                self.tr("Property"), self.tr("Typical"), self.tr("Low"), self.tr("High"), self.tr("Unit"),
                self.tr("Grade"), self.tr("Sources"),
            )
        ]  # fmt: skip
        for key, item in properties().items():
            cell = table.cell(row, key)
            titles = {}
            for record in cell.records if cell else ():
                source = source_named(record.source_id)
                titles[record.source_id] = source.title if source else record.source_id
            named = _text_cell("; ".join(titles.values()))
            label = _text_cell(words.label(key))
            if item.numeric:
                place = table.column(key)
                figures = (table.typical[row, place], table.low[row, place], table.high[row, place])
                if math.isnan(figures[0]):
                    lines.append((label, _text_cell(self.tr("ask the mill")), "", "", item.unit, "", ""))
                else:
                    numbers = [_number_cell(float(figure), item.decimals) for figure in figures]
                    lines.append((label, *numbers, item.unit, table.grade(row, key), named))
            else:
                text = tag_text(table.text[key][row])
                grade = "" if not text or key == "id" else cell.grade if cell else "own"
                lines.append((label, _text_cell(text or self.tr("ask the mill")), "", "", "", grade, named))
        return "\n".join("\t".join(line) for line in lines) + "\n"


class Sources(_Folding):
    """The sources behind one material's figures, the weightiest first.

    Args:
        look: the theme.
    """

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(look, QCoreApplication.translate("Sources", "Sources"), parent)
        self._used: list[tuple[Source, int]] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.inset(self._list, QMargins(0, 0, 6, 0))
        self._lines: list[_SourceRow] = []
        self._no_source = Prose(self._look, kind="caption", ink="ink3")
        self._no_source.show_text(self.tr("No source is recorded for these figures."))
        self.box.addWidget(self._no_source)
        self.box.addLayout(self._list)

    def show_material(self, table: Table, row: int) -> None:
        """Show the sources of a table row."""
        self._table, self._row = table, row
        counts: dict[str, int] = {}
        for key in properties():
            for record in table.records.get((table.ids[row], key), ()):
                counts[record.source_id] = counts.get(record.source_id, 0) + 1
        used = [(found, count) for name, count in counts.items() if (found := source_named(name)) is not None]
        # What was measured or printed stands before the rules, and what carries most before what carries least.
        used.sort(key=lambda item: (item[0].kind in ("rule", "judgement"), item[0].grade, -item[1]))
        self._used = used
        self._fold()

    def _fold(self) -> None:
        shown = self._used if self._all else self._used[:FIRST_SOURCES]
        self._no_source.setVisible(not shown)
        while len(self._lines) < len(shown):
            line = _SourceRow(self._look)
            line.clicked.connect(self._open)
            line.tip_wanted.connect(self._tip)
            self._lines.append(line)
            self._list.addWidget(line)
        for number, line in enumerate(self._lines):
            if number < len(shown):
                source, count = shown[number]
                facts = ", ".join(part for part in (kind_words(source.kind), source.year) if part)
                line.show_source(
                    source,
                    self.tr("{title}; {facts}; figures here: {count}").format(
                        title=source.title, facts=facts, count=words.number(count)
                    ),
                )
            line.setVisible(number < len(shown))
        if len(self._used) <= FIRST_SOURCES:
            links: tuple[str, ...] = ()
        elif self._all:
            links = (self.tr("fold"),)
        else:
            links = (self.tr("all {count}").format(count=words.number(len(self._used))),)
        self._head.set_links(links)

    @Slot(QPoint)
    def _tip(self, at: QPoint) -> None:
        line = self.sender()
        if isinstance(line, _SourceRow):
            QToolTip.showText(at, f"<p>{html.escape(line.accessibleName())}</p>", line)

    @Slot()
    def _open(self) -> None:
        line = self.sender()
        if isinstance(line, _SourceRow) and self._table is not None:
            card = EvidenceCard(self._look, self)
            source = source_named(line.key)
            assert source is not None
            card.show_source(self._table, self._row, source)
            card.open_beside(line)


def _text_cell(text: str) -> str:
    return plain_cell(" ".join(text.split()))


def _number_cell(value: float, decimals: int) -> str:
    """A figure as a spreadsheet of the user's locale reads it: decimal mark, plain minus, no grouping."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(value, "f", decimals)
