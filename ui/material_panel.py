"""Material panel: one material in full (why it stands where it does, its demands, its datasheet and the evidence)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QLocale, QMargins, QPoint, QSize, Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from advisor.answer import Answer
from advisor.certainty import Certainty
from advisor.explanation import above_sentence, compare, flip_sentence, parted, rival, standing, trials_sentence
from advisor.materials import Table
from advisor.problems import Problem
from advisor.sentences import Sentence
from ui import words
from ui.datasheet import Datasheet, Sources
from ui.demand_section import DemandSection
from ui.evidence_section import EvidenceMeter, EvidenceSection, shares_of
from ui.picker import Picker
from ui.rows import Prose, Section, dragging
from ui.sample_card import may_be_photo
from ui.session import COMPARED, Selection, Session
from ui.swatches import Cloth, swatch_pixmap
from ui.theme import Theme, space
from ui.turning_section import TurningSection
from ui.widgets import Chip, FlowLayout, LinkButton, SectionHeader, Themed, restyle

#: Sentences that name what would turn the place; the trials stand before them.
_FLIPS: Final = ("flip-down", "flip-up", "no-flip")
_WIDTH, _HEIGHT = 276, 632
_SWATCH = 56


class _Swatch(QWidget, Themed):
    """The cloth's drawing."""

    def __init__(self, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._cloth: Cloth | None = None
        self.setFixedSize(_SWATCH, _SWATCH)

    def show_cloth(self, cloth: Cloth, spoken: str) -> None:
        """Draw another cloth."""
        if cloth != self._cloth:
            self._cloth = cloth
            self.update()
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._cloth is not None:
            pixmap = swatch_pixmap(self._cloth, _SWATCH, self._look, self.devicePixelRatioF(), radius=8)
            QPainter(self).drawPixmap(0, 0, pixmap)


class MaterialPanel(QWidget):
    """The right column: the material looked at, why it stands there, its demands, datasheet and sources.

    Args:
        session: whose answer, certainty and selection are shown; every change goes back through it.
        look: the theme.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        self._answer: Answer = session.answer
        self._shown_cloth: tuple[Table, int] | None = None
        certain = session.certainty
        self._held: tuple[Table, Certainty] | None = None if certain is None else (session.answer.table, certain)
        self._stands: tuple[int | None, int | None] = (None, None)
        self._told: tuple[object, ...] = ()
        #: Whether datasheet and sources are still of the material before.
        self._figures_due = False
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Material"))
        self.setMinimumWidth(220)
        self.setAcceptDrops(True)
        self._build()
        session.answered.connect(self._on_answered)
        session.ascertained.connect(self._on_ascertained)
        session.selected.connect(self._on_selected)
        session.settled.connect(self._on_settled)
        self.show_answer(session.answer)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    # --- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = QWidget()
        self._content.setProperty("surface", "panel")
        self._content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._scroll.setWidget(self._content)
        self._scroll.verticalScrollBar().valueChanged.connect(self._catch_up)
        self._empty = Prose(self._look, ink="ink3", lead=14, trail=14, parent=self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        look, inside = self._look, self._content
        head, why = Section(look, inside, first=True), Section(look, inside)
        self._build_head(head.box)
        self._build_why(why)
        self.demands = DemandSection(self._session, look, inside)
        self.turning = TurningSection(self._session, look, inside)
        self.evidence = EvidenceSection(self._session, look, inside)
        self.datasheet = Datasheet(look, inside)
        self.datasheet.taken_back.connect(self._take_back)
        self.sources = Sources(look, inside)
        for section in (head, why, self.demands, self.turning, self.evidence, self.datasheet, self.sources):
            if section is not head:
                line = QWidget(inside)
                line.setProperty("surface", "line")
                line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
                line.setFixedHeight(1)
                column.addWidget(line)
            column.addWidget(section)
        column.addStretch(1)

    def _build_head(self, box: QVBoxLayout) -> None:
        look = self._look
        self._swatch = _Swatch(look)
        self._caption = Prose(look, kind="caption", ink="ink3", spacing=1.0)
        self._caption.show_text(self.tr("drawing"))
        self._caption.setFixedWidth(_SWATCH)
        self._name = Prose(look, kind="title", bold=True, spacing=1.05)
        self._sub = Prose(look, kind="caption", ink="ink3", spacing=1.15)
        self._place = Prose(look, kind="caption", ink="ink2", spacing=1.15, steady=True)
        self._compare = QPushButton(self.tr("Compare"))
        self._compare.setCheckable(True)
        self._pin = QPushButton(self.tr("Pin"))
        self._pin.setCheckable(True)
        self._against = QPushButton(self.tr("Against…"))
        self._against.setAccessibleName(self.tr("Measure against…"))
        self._against.setToolTip(self.tr("Choose the material this one is measured against"))
        self._copy = QPushButton(self.tr("Copy"))
        self._copy.setToolTip(self.tr("Copy the datasheet as a table"))
        self._copy.setAccessibleName(self.tr("Copy the datasheet"))
        pictures = QVBoxLayout()
        pictures.setSpacing(1)
        pictures.addWidget(self._swatch)
        pictures.addWidget(self._caption)
        pictures.addStretch(1)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._name)
        texts.addWidget(self._sub)
        texts.addWidget(self._place)
        texts.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(space(3))
        top.addLayout(pictures)
        top.addLayout(texts, 1)
        box.addLayout(top)
        self.meter = EvidenceMeter(look)
        box.addSpacing(space(1))
        box.addWidget(self.meter)
        box.addSpacing(space(1))
        holder = QWidget()
        actions = FlowLayout(holder, gap=4, row_gap=4)
        for button in (self._compare, self._pin, self._against, self._copy):
            # The style sheet's 10 px on both sides would put one more button on a line of its own.
            button.setStyleSheet("QPushButton { padding: 0 5px; } QPushButton:focus { padding: 0 4px; }")
            button.setMinimumHeight(28)
            actions.addWidget(button)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        box.addWidget(holder)
        self._compare.clicked.connect(self._toggle_compare)
        self._pin.clicked.connect(self._toggle_pin)
        self._against.clicked.connect(self._pick_rival)
        self._copy.clicked.connect(self.copy_datasheet)

    def _build_why(self, section: Section) -> None:
        box = section.box
        self._why_head = SectionHeader(self._look, self.tr("Why it stands here"))
        box.addWidget(self._why_head)
        self._why_box = QVBoxLayout()
        self._why_box.setSpacing(3)
        self._why: list[Prose] = []
        box.addLayout(self._why_box)
        # Both sides of a dispute fill a third of the panel: one line says that there is one, a press shows them.
        self._dispute = LinkButton(self._look, "")
        self._dispute.clicked.connect(self._toggle_dispute)
        box.addWidget(self._dispute)
        self._sides = Prose(self._look, ink="ink2", trail=6, steady=True)
        self._sides_shown = False
        box.addWidget(self._sides)
        self._rival = Chip(self._look, "", removable=True)
        self._rival.removed.connect(self._usual_rival)
        versus = QVBoxLayout()
        section.inset(versus, QMargins(0, 2, 8, 0))
        versus.setSpacing(2)
        versus.addWidget(self._rival)
        self._versus = Prose(self._look, steady=True)
        versus.addWidget(self._versus)
        box.addLayout(versus)

    # --- what is shown -------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        self.show_answer(answer)

    @Slot(object)
    def _on_ascertained(self, certain: Certainty | None) -> None:
        if certain is not None:
            self._held = (self._session.answer.table, certain)
        row = self._row()
        if row is not None and self._answer is self._session.answer:
            self._show_why(row)

    @Slot()
    def _on_settled(self) -> None:
        """The hand let go: texts take the room they need and no more."""
        self._catch_up()
        for prose in self._why:
            if not prose.text():
                prose.setVisible(False)
        for prose in self.findChildren(Prose):
            prose.relax()

    @Slot(object)
    def _on_selected(self, selection: Selection) -> None:
        stands = (self._row(), self._rival_row())
        if stands != self._stands:
            self.show_answer(self._answer)
        elif stands[0] is not None:
            self._show_compare(stands[0])

    def show_answer(self, answer: Answer) -> None:
        """Show the material looked at as this answer has it."""
        self._answer = answer
        row = self._row()
        self._stands = (row, self._rival_row())
        self._scroll.setVisible(row is not None)
        self._empty.setVisible(row is None)
        if row is None:
            self._shown_cloth = None
            self._empty.show_text(self.tr("\nNo material to show. Open a table with at least one material."))
            return
        if self._shown_cloth is None or self._shown_cloth[0] is not answer.table or self._shown_cloth[1] != row:
            self._shown_cloth = (answer.table, row)
            self._show_head(row)
            self._figures_due = True
        if self._figures_due and (not dragging() or self._figures_in_sight()):
            self._show_figures()
        self._show_place(row)
        self._show_compare(row)
        self._show_why(row)
        self.demands.show_demands(answer, row)
        self.turning.show_material(answer, row)
        self.meter.show_shares(shares_of(answer, row))
        self.evidence.show_material(answer, row)

    def _figures_in_sight(self) -> bool:
        return not (self.datasheet.visibleRegion().isEmpty() and self.sources.visibleRegion().isEmpty())

    def _show_figures(self) -> None:
        """Every figure of the material and its sources: out of sight they wait until the hand lets go."""
        row, table, stock = self._row(), self._answer.table, self._session.stock
        self._figures_due = False
        if row is not None:
            marks = {mark.property: mark for mark in stock.marks.get(table.ids[row], ())}
            self.datasheet.show_material(table, row, marks, stock.under)
            self.sources.show_material(table, row)

    @Slot()
    def _catch_up(self) -> None:
        if self._figures_due:
            self._show_figures()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture becomes the photo of the sample; anything else is the window's to take."""
        if self._row() is not None and may_be_photo(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        if not self.evidence.take_photo(event.mimeData()):
            wrong = self.tr("That is no picture this program can read.")
            self._session.noted.emit(Problem("not-a-picture", wrong, self.tr("save it as JPEG or PNG")))

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        restyle(self._content, look)
        self._empty.apply_theme(look)

    def _row(self) -> int | None:
        """Row of the material looked at; an id the table no longer holds counts as none chosen."""
        row = self._answer.table.index.get(self._session.selection.material)
        if row is not None:
            return row
        order = self._answer.ranking.order
        return int(order[0]) if len(order) else None

    def _rival_row(self) -> int | None:
        """Row of the rival chosen by hand, None where the usual one holds."""
        chosen = self._session.selection.rival
        row = self._answer.table.index.get(chosen) if chosen else None
        return None if row == self._row() else row

    def _show_head(self, row: int) -> None:
        table = self._answer.table
        text = {key: column[row] for key, column in table.text.items()}
        denier = float(table.typical[row, table.column("yarn_denier")])
        cloth = Cloth.of(
            text["weave"], None if math.isnan(denier) else denier, text["coating"], text["family"], text["finish"],
            text["fibre"],
        )  # fmt: skip
        name = table.names[row]
        self._swatch.show_cloth(cloth, self.tr("Drawing of {name}, made from its construction").format(name=name))
        self._name.show_text(words.material(table, row))
        bare = text["coating"].casefold() in ("", "none", "uncoated")
        coating = self.tr("uncoated") if bare and text["coating"] else text["coating"]
        self._sub.show_text(" · ".join(part for part in (text["fibre"], text["weave"], coating) if part))

    def _show_place(self, row: int) -> None:
        ranking = self._answer.ranking
        values = {
            "score": words.score(float(ranking.scores[row])),
            "low": words.score(float(ranking.low[row])),
            "high": words.score(float(ranking.high[row])),
        }
        place = int(ranking.ranks[row])
        if place:
            line = self.tr("Place {place} of {count} that pass").format(
                place=words.number(place), count=words.number(ranking.passing)
            )
        else:
            line = self.tr("Screened out")
        score = self.tr("Score {score} ({low}–{high})").format(**values)
        bold = (len(line) + 1 + score.index(values["score"]), len(values["score"]))
        self._place.show_text(f"{line}\n{score}", ((0, len(line)), bold))

    def _show_compare(self, row: int) -> None:
        held = self._session.selection.compared
        key = self._answer.table.ids[row]
        inside = key in held
        full = not inside and len(held) >= COMPARED[1]
        self._compare.setChecked(inside)
        self._compare.setEnabled(not full)
        name = self._answer.table.names[row]
        if full:
            tip = self.tr("{count} materials are compared already").format(count=words.number(COMPARED[1]))
        elif inside:
            tip = self.tr("Take {name} out of the comparison").format(name=name)
        else:
            tip = self.tr("Add {name} to the comparison").format(name=name)
        self._compare.setToolTip(tip)
        self._compare.setAccessibleDescription(tip)
        pinned = self._session.selection.pinned == key
        self._pin.setChecked(pinned)
        if pinned:
            tip = self.tr("Let go of {name}").format(name=name)
        else:
            tip = self.tr("Keep {name} on top of the list and show how others differ from it").format(name=name)
        self._pin.setToolTip(tip)
        self._pin.setAccessibleDescription(tip)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.LocaleChange):
            self._told = ()
        super().changeEvent(event)

    def _show_why(self, row: int) -> None:
        answer, certain = self._answer, self._session.certainty
        told = (answer, row, certain, self._held, self._session.selection.rival, QLocale().name())
        if told == self._told:
            return  # an answer comes with word that its trials are not there yet
        self._told = told
        sentences: list[tuple[Sentence, str]] = []
        disputed: list[Sentence] = []
        for sentence in standing(answer, row, certain):
            reason, sides = parted(sentence)
            sentences.append((reason, "ink"))
            disputed += sides
        self._show_dispute(disputed)
        if certain is None and answer.ranking.ranks[row]:
            flips = bool(sentences) and sentences[-1][0].code in _FLIPS
            at = len(sentences) - 1 if flips else len(sentences)
            held = self._held_trials(row)
            shown = [] if held is None else [(held, "ink3")]
            texts = [(*words.rich(sentence), ink) for sentence, ink in sentences[:at] + shown + sentences[at:]]
            if held is None:
                texts.insert(at, ("…", (), "ink3"))
        else:
            texts = [(*words.rich(sentence), ink) for sentence, ink in sentences]
        while len(self._why) < len(texts):
            prose = Prose(self._look, trail=6, steady=True)
            self._why.append(prose)
            self._why_box.addWidget(prose)
        dragged = dragging()
        for number, prose in enumerate(self._why):
            if number < len(texts):
                prose.show_text(*texts[number])
                prose.setVisible(True)
            elif dragged and not prose.isHidden():
                prose.show_text("")  # its room is kept until the hand lets go
            else:
                prose.setVisible(False)
        self._show_rival(row)

    def _show_dispute(self, disputed: Sequence[Sentence]) -> None:
        """One line where guides and other evidence disagree about the order; both sides where it was pressed."""
        self._dispute.setVisible(bool(disputed))
        self._sides.setVisible(bool(disputed) and self._sides_shown)
        if disputed:
            said = (
                self.tr("Contested: what both sides say ▴")
                if self._sides_shown
                else self.tr("Contested: what both sides say ▾")
            )
            self._dispute.set_text(said)
            text = " ".join(words.words(sentence) for sentence in disputed)
            self._sides.show_text(text)
            self._dispute.setToolTip(text)
            self._dispute.setAccessibleDescription(text)

    @Slot()
    def _toggle_dispute(self) -> None:
        self._sides_shown = not self._sides_shown
        self._told = ()
        row = self._row()
        if row is not None:
            self._show_why(row)

    def _held_trials(self, row: int) -> Sentence | None:
        """The trials sentence of the last answer that had one, while the next is worked out."""
        if self._held is None:
            return None
        table, certain = self._held
        then = table.index.get(self._answer.table.ids[row])
        return None if then is None else trials_sentence(certain, then)

    def _show_rival(self, row: int) -> None:
        answer, other = self._answer, self._rival_row()
        shown = other is not None and other != rival(answer, row)
        self._rival.setVisible(other is not None)
        self._versus.setVisible(shown)
        if other is None:
            return
        text = self.tr("against {name}").format(name=words.material(answer.table, other))
        if text != self._rival.text():
            self._rival.setText(text)
            self._rival.setAccessibleName(
                self.tr("Measured {against}; Delete returns to the usual").format(against=text)
            )
            self._rival.updateGeometry()
        if not shown:
            return
        first = words.rich(above_sentence(answer, compare(answer, row, other)))
        if not (answer.ranking.ranks[row] and answer.ranking.ranks[other]):
            self._versus.show_text(*first)
            return
        upper, lower = (row, other) if answer.ranking.above(row, other) else (other, row)
        text, spans = words.rich(flip_sentence(answer, upper, lower))
        gap = len(first[0]) + 1
        self._versus.show_text(f"{first[0]}\n{text}", (*first[1], *((start + gap, length) for start, length in spans)))

    # --- actions -------------------------------------------------------------------------------------------------

    @Slot()
    def _toggle_compare(self) -> None:
        row = self._row()
        if row is None:
            return
        key, held = self._answer.table.ids[row], self._session.selection.compared
        if key in held:
            self._session.compare(tuple(other for other in held if other != key))
        elif len(held) < COMPARED[1]:
            self._session.compare((*held, key))
        self._show_compare(row)

    @Slot()
    def _toggle_pin(self) -> None:
        row = self._row()
        if row is not None:
            key = self._answer.table.ids[row]
            self._session.pin("" if self._session.selection.pinned == key else key)

    @Slot()
    def _pick_rival(self) -> None:
        row = self._row()
        if row is None:
            return
        picker = Picker(self._answer, row, self)
        picker.chosen.connect(self._rival_chosen)
        corner = self._against.mapToGlobal(QPoint(0, self._against.height() + 2))
        screen = self.screen().availableGeometry()
        picker.move(
            max(screen.left(), min(corner.x(), screen.right() - picker.width())),
            max(screen.top(), min(corner.y(), screen.bottom() - picker.height())),
        )
        picker.show()

    @Slot(str)
    def _rival_chosen(self, material: str) -> None:
        self._session.against(material)

    @Slot()
    def _usual_rival(self) -> None:
        self._session.against("")

    @Slot(str)
    def _take_back(self, key: str) -> None:
        """The topmost override of a figure of the material looked at makes way for what stands below."""
        row = self._row()
        if row is not None:
            stock = self._session.stock.without(self._answer.table.ids[row], key)
            label = self.tr("{property} of the table again").format(property=words.label(key))
            self._session.use_stock(stock, label)

    @Slot()
    def copy_datasheet(self) -> None:
        """Put the datasheet on the clipboard as tab-separated text."""
        self._catch_up()
        if self._row() is not None:
            QGuiApplication.clipboard().setText(self.datasheet.as_text())
