"""Ranking table: every material in its place, what its score is made of, what it misses and how often it leads.

After LineUp (Gratzl et al. 2013): one header bar carries the weights, every row the same bar shortened by the values,
so that lengths compare down the column. The full width is weight 1 and score 1 in header and rows alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from advisor.answer import Answer
from advisor.brief import Brief
from advisor.certainty import Certainty
from advisor.explanation import banner, remedies
from advisor.priorities import moved_share
from advisor.properties import GROUPS, properties
from ui import words
from ui.painting import Box, Tone
from ui.ranking_filter import FilterPopup, Span
from ui.ranking_header import RankingHeader, SortButton
from ui.ranking_model import Column, RankingModel, Sort
from ui.ranking_rows import PAD, ROW, RankingList, column_widths, columns_in
from ui.ranking_strip import MenuButton, RankingStrip
from ui.session import COMPARED, MOST_COLUMNS, Selection, Session
from ui.theme import TARGET, Theme, icon_pixmap, space
from ui.widgets import ElidedLabel, LinkButton, Themed

if TYPE_CHECKING:
    from ui.row_menu import RowMenu

#: Per cents from which on differences from the incumbent may be shown.
BEYOND = (10, 25, 50)

#: Below this width (px) several filters share one chip.
CROWDED = 760
ALL_FILTERS = "filters"
#: Figures rows may be filtered by.
FILTERS = ("score", "leads", "price", "areal_mass_g_m2")


class _Line(QWidget, Themed):
    """A line over the rows: a mark, a first sentence in bold, the rest, and a link at the end."""

    def __init__(self, look: Theme, tone: Tone, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._tone = look, tone
        ink = "ink2" if tone == "neutral" else tone
        self._head = ElidedLabel(look, ink=ink, bold=True, parent=self)
        self._rest = ElidedLabel(look, ink=ink, parent=self)
        self.link = LinkButton(look, "", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(PAD, 0, PAD, 0)
        row.setSpacing(space(1.5))
        if tone != "neutral":
            row.addSpacing(22)  # the mark is painted there; margins would not mirror
        row.addWidget(self._head)
        row.addWidget(self._rest, 1)
        row.addWidget(self.link)
        self._head.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._rest.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(TARGET + 2)
        self._text = ""
        self._told: tuple[str, str] = ("", "")

    def text(self) -> str:
        """The whole text."""
        return self._text

    def show_text(self, text: str, link: str) -> None:
        """Say ``text`` with ``link`` behind it ("" for none)."""
        if (text, link) == self._told:
            return
        self._told = (text, link)
        self._text = text
        head, dot, rest = text.partition(". ")
        self._head.set_text(head + "." if dot else head)
        self._rest.set_text(rest)
        self.setAccessibleName(text)
        self.setToolTip(escape(text))
        self.link.set_text(link)
        self.link.setVisible(bool(link))

    def apply_theme(self, look: Theme) -> None:
        super().apply_theme(look)
        for part in (self._head, self._rest, self.link):
            part.apply_theme(look)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._look
        plain = self._tone == "neutral"
        painter.fillRect(self.rect(), look.colour("bg" if plain else f"chip_{self._tone}"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), look.colour("line2"))
        if not plain:
            seat = Box(self.rect(), self.layoutDirection()).at(PAD, 16, 16)
            painter.drawPixmap(
                seat.topLeft(), icon_pixmap("warning", look.token(self._tone), 16, self.devicePixelRatioF())
            )


class _Popup(QFrame):
    """Remedies, in a small window that closes at a press elsewhere or Escape."""

    def __init__(self, title: str, texts: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "card")
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(3.5), space(3), space(3.5), space(3))
        column.setSpacing(space(2))
        head = QLabel(title, self)
        head.setProperty("type", "caps")
        head.setProperty("ink", "3")
        column.addWidget(head)
        for text in texts:
            label = QLabel(f"• {text}", self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFixedWidth(360)
            label.setAccessibleName(text)
            column.addWidget(label)


class _Empty(QWidget):
    """What stands in place of the rows when there are none."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._head = QLabel(self)
        self._head.setProperty("type", "lead")
        self._text = QLabel(self)
        self._text.setProperty("ink", "3")
        self.link = LinkButton(look, "", parent=self)
        column = QVBoxLayout(self)
        column.setSpacing(space(1))
        column.addStretch(2)
        for label in (self._head, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_text(self, head: str, text: str, link: str) -> None:
        """Say why there are no rows, and what to do about it."""
        self._head.setText(head)
        self._text.setText(text)
        self.link.set_text(link)
        self.link.setVisible(bool(link))
        self.setAccessibleName(head)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self.link.apply_theme(look)


def _open_below(popup: QWidget, anchor: QWidget) -> None:
    """Show a small window under a widget, ends in line, on the screen."""
    popup.adjustSize()
    corner = anchor.mapToGlobal(QPoint(0, anchor.height()))
    if anchor.layoutDirection() is Qt.LayoutDirection.LeftToRight:
        corner.setX(corner.x() + anchor.width() - popup.width())
    screen = anchor.screen().availableGeometry()
    corner.setX(max(screen.left(), min(corner.x(), screen.right() - popup.width())))
    corner.setY(max(screen.top(), min(corner.y(), screen.bottom() - popup.height())))
    popup.move(corner)
    popup.show()


# --- The view ---------------------------------------------------------------------------------------------------------


class RankingView(QWidget, Themed):
    """The ranking: header, banner, rows.

    Args:
        session: what it shows and tells.
        look: the theme.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self._pressed: Brief | None = None
        self._material = ""
        self._crowded = False
        self._columns = session.selection.columns
        self._pin = (session.selection.pinned, session.selection.beyond)
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(560, 160)
        self.model = RankingModel(session, self)
        self.strip = RankingStrip(look, self)
        self.clear_link = LinkButton(look, self.tr("Clear filters"), parent=self.strip)
        self.filter_button = MenuButton(look, self.tr("Filter"), self.strip)
        self.filter_button.setToolTip(self.tr("Histograms of score, leads, price and mass to narrow the rows"))
        self.columns_button = MenuButton(look, self.tr("Columns"), self.strip)
        for button in (self.clear_link, self.filter_button, self.columns_button):
            self.strip.add_button(button)
        self.header = RankingHeader(look, self)
        self.banner = _Line(look, "warn", self)
        self.order_line = _Line(look, "neutral", self)
        self.sort_line = _Line(look, "neutral", self)
        self.list = RankingList(self.model, look, self)
        self.incumbent = RankingModel(session, self, incumbent=True)
        self.pinned = RankingList(self.incumbent, look, self)
        self.pinned.setFixedHeight(ROW)
        self.pinned.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._under = QWidget(self)
        self._under.setProperty("surface", "line")
        self._under.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._under.setFixedHeight(2)
        self.empty = _Empty(look, self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 5)
        column.setSpacing(0)
        for part in (self.strip, self.header, self.banner, self.order_line, self.sort_line, self.pinned, self._under):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        self.setTabOrder(self.header.price, self.list)
        self._connect()
        self._name()
        self._show_pinned()
        self.show_answer(session.answer)
        self.show_certainty(session.certainty)

    def _connect(self) -> None:
        session, header, rows = self._session, self.header, self.list
        session.answered.connect(self.show_answer)
        session.ascertained.connect(self.show_certainty)
        session.selected.connect(self.show_selection)
        self.strip.ordered.connect(session.order_by)
        self.order_line.link.clicked.connect(self._order_by_score)
        header.search.textChanged.connect(self._search)
        header.search.left.connect(self._to_rows)
        header.clear.triggered.connect(header.search.clear)
        header.place.clicked.connect(self.unsort)
        for button in header.buttons():
            button.clicked.connect(self._sort_clicked)
            if button.key in FILTERS:
                button.asked.connect(self._ask_filter)
        header.weights.sorted_by.connect(self._sort_by_group)
        header.weights.pressed.connect(self._weights_pressed)
        header.weights.dragged.connect(self._weights_dragged)
        header.weights.let_go.connect(self._weights_let_go)
        self.banner.link.clicked.connect(self._show_remedies)
        self.sort_line.link.clicked.connect(self.unsort)
        self.empty.link.clicked.connect(header.search.clear)
        self.empty.link.clicked.connect(self.clear_filters)
        self.columns_button.clicked.connect(self._ask_columns)
        session.remarked.connect(self._remarked)
        self.filter_button.clicked.connect(self._ask_filter)
        self.clear_link.clicked.connect(self.clear_filters)
        self.strip.pressed.connect(self._chip_pressed)
        self.strip.removed.connect(self._chip_removed)
        for listed in (rows, self.pinned):
            listed.picked.connect(session.select)
            listed.pointed.connect(session.hover)
            listed.ticked.connect(self._tick)
            listed.typed.connect(self._type)
            listed.asked.connect(self._ask_row)

    def _name(self) -> None:
        """Everything that is said once."""
        header = self.header
        self.setAccessibleName(self.tr("Ranking"))
        self.list.setAccessibleName(self.tr("Ranking"))
        self.list.setAccessibleDescription(
            self.tr("Arrows choose a material, Space compares it, typing searches, the menu key offers more")
        )
        header.place.setText(self.tr("#"))
        header.place.setAccessibleName(self.tr("Order by place"))
        header.place.setToolTip(self.tr("Order by place"))
        header.weights.setAccessibleName(self.tr("Weights of the criterion groups"))
        header.search.setAccessibleName(self.tr("Search materials"))
        header.search.setToolTip(self.tr("Name, fibre, weave, coating or family; all words must be found"))
        header.clear.setText(self.tr("Clear search"))
        for button, column, spoken, tip in (
            (header.demands, Column.DEMANDS, self.tr("Sort by demands met"), self.tr("Demands met, of those asked")),
            (header.score, Column.SCORE, self.tr("Sort by score"), self.tr("Score: weight × value, summed; it orders")),
            (
                header.leads,
                Column.LEADS,
                self.tr("Sort by how often it leads"),
                self.tr("Share of trials in which it comes first"),
            ),
            (header.price, Column.PRICE, self.tr("Sort by price"), self.tr("Indicative price of the cloth")),
        ):
            button.setText(self.model.column_name(column))
            button.setAccessibleName(spoken)
            button.setToolTip(tip)

    def sizeHint(self) -> QSize:
        return QSize(820, 362)

    # What it shows

    @Slot(object)
    def show_answer(self, answer: Answer) -> None:
        """Show an answer; rows keep their selection and glide to their new places."""
        self.list.hold()
        self.model.show(answer)
        self.incumbent.show(answer)
        self.header.weights.show_weights(answer.ranking.weights.tolist())
        self.header.search.setPlaceholderText(self.tr("Search %Ln materials", "", len(answer.table)))
        self._show_banner(answer)
        self._rows_changed()

    @Slot(object)
    def show_certainty(self, certain: Certainty | None) -> None:
        """Show win shares; None dims the last ones."""
        self.incumbent.ascertain(certain)
        if any(sort.key == "leads" for sort in self.model.sorts) or "leads" in self.model.filters:
            self.list.hold()
            self.model.ascertain(certain)
            self._rows_changed()
        else:
            self.model.ascertain(certain)
            self.list.viewport().update()

    @Slot(object)
    def show_selection(self, selection: Selection) -> None:
        """Mark what is selected, compared and hovered; a newly selected material is brought into sight."""
        if selection.order != self.model.order:
            self.list.hold()
            self.model.order_by(selection.order)
            self.incumbent.order_by(selection.order)
            self._rows_changed()
            self.list.scrollToTop()
        if (selection.pinned, selection.beyond) != self._pin:
            self._pin = (selection.pinned, selection.beyond)
            self.list.hold()
            for model in (self.model, self.incumbent):
                model.pin(*self._pin)
            sort = self.model.sorting
            if not selection.pinned and sort is not None and sort.key == "near":
                self.model.sort_by()
            self._show_pinned()
            self._rows_changed()
        if selection.columns != self._columns:
            self._columns = selection.columns
            self._arrange()
        moved = selection.material != self._material
        self._material = selection.material
        self._mark(scroll=moved and bool(selection.material))

    def apply_theme(self, look: Theme) -> None:
        super().apply_theme(look)
        for part in (self.strip, self.header, self.banner, self.order_line, self.sort_line):
            part.apply_theme(look)
        for rows in (self.pinned, self.list):
            rows.apply_theme(look)
        self.empty.apply_theme(look)

    def set_motion(self, on: bool) -> None:
        """Whether rows glide (off for pictures)."""
        self.pinned.set_motion(on)
        self.list.set_motion(on)

    @Slot()
    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.header.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header.search.selectAll()

    def _show_banner(self, answer: Answer) -> None:
        sentence = banner(answer)
        self.banner.setVisible(sentence is not None)
        if sentence is not None:
            self.banner.show_text(words.words(sentence), self.tr("Remedies") if remedies(answer) else "")

    def _rows_changed(self) -> None:
        """After rows came, went or changed places."""
        self._mark(scroll=False)
        self.list.release()
        shown = len(self.model.table_rows())
        text = self.header.search.text().strip()
        if not shown and text:
            self.empty.show_text(
                self.tr("No material matches “{text}”").format(text=text),
                self.tr("Every word is looked for in name, family, fibre, weave, coat, finish and trade names."),
                self.tr("Clear search"),
            )
        elif not shown and self.model.filters:
            self.empty.show_text(
                self.tr("No material lies inside the filters"),
                self.tr("Widen one, or show every row again."),
                self.tr("Clear filters"),
            )
        elif not shown:
            self.empty.show_text(self.tr("The table holds no material"), self.tr("Open another table."), "")
        self.empty.setVisible(not shown)
        self.header.clear.setVisible(bool(self.header.search.text()))
        self._show_order()
        self._show_sort()

    def _show_pinned(self) -> None:
        """The incumbent above the rows, and its chip."""
        number = self.model.answer.table.index.get(self._pin[0])
        self.pinned.setVisible(number is not None)
        self._under.setVisible(number is not None)
        if number is not None:
            name = self.model.answer.table.names[number]
            self.pinned.setAccessibleName(self.tr("Pinned: {name}").format(name=name))
        self._show_chips()
        self._arrange()

    def _show_chips(self) -> None:
        """What narrows or measures the rows, each with its way back."""
        chips = []
        number = self.model.answer.table.index.get(self._pin[0])
        if number is not None:
            text = self.tr("> {percent} %") if self.width() < CROWDED else self.tr("Differences over {percent} %")
            text = text.format(percent=words.number(self._pin[1]))
            tip = self.tr("Against {name}: choose from how much on").format(name=self.model.answer.table.names[number])
            chips.append(("pin", text, tip))
        filters = []
        for key, span in self.model.filters.items():
            field = self.model.field(key)
            said = field.span_text(span, self.tr("{low}–{high}"), self.tr("≥ {low}"), self.tr("≤ {high}"))
            text = self.tr("{name} {span}").format(name=field.name, span=f"{said} {field.unit}".strip())
            filters.append((key, text, self.tr("Rows outside are hidden; press to change")))
        self._crowded = self.width() < CROWDED
        if self._crowded and len(filters) > 1:
            # One chip for all of them, where each would be cut to its first letters.
            lines = "\n".join(text for _, text, _ in filters)
            filters = [(ALL_FILTERS, self.tr("%Ln filters", "", len(filters)), lines)]
        chips += filters
        self.strip.show_chips(chips)
        self.clear_link.setVisible(len(filters) > 1)

    @Slot(str)
    def _chip_pressed(self, key: str) -> None:
        chip = self.strip.chip(key)
        if key == "pin" and chip is not None:
            menu = self._pin_menu()
            menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))
        elif chip is not None:
            self.open_filters(tuple(self.model.filters) if key == ALL_FILTERS else (key,), chip)

    @Slot(str)
    def _chip_removed(self, key: str) -> None:
        if key == "pin":
            self._session.pin("")
        elif key == ALL_FILTERS:
            self.clear_filters()
        else:
            self._filtered(key, Span(None, None))

    def _pin_menu(self) -> QMenu:
        """How much of a difference is shown, the nearest substitutes, and letting go."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for percent in BEYOND:
            text = self.tr("Show differences over {percent} %").format(percent=words.number(percent))
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(percent == self._pin[1])
            action.setData(percent)
        menu.addSeparator()
        menu.addAction(self.tr("Nearest substitutes first")).setData("near")
        menu.addAction(self.tr("Unpin")).setData("unpin")
        menu.triggered.connect(self._pin_chosen)
        return menu

    @Slot(QAction)
    def _pin_chosen(self, action: QAction) -> None:
        wanted = action.data()
        if wanted == "near":
            self.sort_by_nearness()
        elif wanted == "unpin":
            self._session.pin("")
        else:
            self._session.differ_beyond(int(wanted))

    @Slot()
    def sort_by_nearness(self) -> None:
        """Sort by distance from the incumbent, nearest first."""
        if self._pin[0]:
            self._put_sorts((Sort("near", False),))

    def _show_order(self) -> None:
        """Say what the places go by."""
        weakest = self.model.order == "weakest"
        self.strip.show_order(self.model.order)
        self.order_line.setVisible(weakest)
        if weakest:
            found, answer = self.model.answer.by_weakest, self.model.answer
            if found.level and answer.ranking.passing:
                value = words.number(float(found.lowest[answer.ranking.order[0]]), 2)
                text = self.tr(
                    "All are level in their weakest demand. It is worth {value} of 1 for each: the score decides"
                ).format(value=value)
            else:
                text = self.tr("Places by weakest demand, then by score. Reasons, charts and papers stay by score")
            self.order_line.show_text(text, self.tr("Back to score"))
        tip = self.tr("Order by place; places by weakest demand") if weakest else self.tr("Order by place")
        self.header.place.setToolTip(tip)

    def _show_sort(self) -> None:
        sorts = self.model.sorts
        self.sort_line.setVisible(bool(sorts))
        header = self.header
        keys = {sort.key: (sort.descending, number) for number, sort in enumerate(sorts, 1)}
        for button in header.buttons():
            descending, number = keys.get(button.key, (None, 0))
            button.set_sorted(descending, number if len(sorts) > 1 else 0)
        header.weights.show_sorted(keys.keys() & GROUPS.keys())
        if not sorts:
            return
        if len(sorts) > 1:
            keyed = self.tr("; ").join(
                (self.tr("{name}, highest first") if sort.descending else self.tr("{name}, lowest first")).format(
                    name=self._sort_name(sort.key)
                )
                for sort in sorts
            )
            text = self.tr("Sorted by {keys}. Places are the ranking's").format(keys=keyed)
        elif sorts[0].key == "near":
            text = self.tr("Nearest to the pinned material first. Distance: √Σ weight × (value − its value)²")
        elif sorts[0].descending:
            text = self.tr("Sorted by {name}, highest first; places are the ranking's").format(
                name=self._sort_name(sorts[0].key)
            )
        else:
            text = self.tr("Sorted by {name}, lowest first; places are the ranking's").format(
                name=self._sort_name(sorts[0].key)
            )
        self.sort_line.show_text(text, self.tr("Back to the order"))

    def _sort_name(self, key: str) -> str:
        if key in GROUPS:
            return words.group(key)
        if key == "near":
            return self.tr("distance from the pinned")
        return next(button.text() for button in self.header.buttons() if button.key == key)

    def _mark(self, scroll: bool) -> None:
        """Bring the list's selection in line with the session's."""
        selection, answer = self._session.selection, self.model.answer
        material = selection.material if selection.material in answer.table.index else ""
        if not material and len(answer.ranking.order):
            material = answer.table.ids[int(answer.ranking.order[0])]
        row = self.model.row_of(material)
        rows = self.list
        rows.mark(selection.compared, selection.hovered)
        self.pinned.mark(selection.compared, selection.hovered)
        on_top = bool(material) and material == self.incumbent.material(0)
        self.pinned.setCurrentIndex(self.incumbent.index(0, Column.MATERIAL) if on_top else QModelIndex())
        self.pinned.viewport().update()
        if row != rows.currentIndex().row():
            blocker = QSignalBlocker(rows.selectionModel()) if row < 0 else None
            bar = rows.verticalScrollBar()
            held = bar.value()
            rows.setAutoScroll(False)
            rows.setCurrentIndex(self.model.index(row, Column.MATERIAL) if row >= 0 else QModelIndex())
            rows.setAutoScroll(True)
            bar.setValue(held)
            del blocker
            rows.viewport().update()
        if scroll and row >= 0:
            rows.scrollTo(self.model.index(row, Column.MATERIAL))

    # What it tells the session

    @Slot(str, bool)
    def _tick(self, material: str, extend: bool) -> None:
        """Put a material into the comparison or take it out; extending adds every one from the selected to it."""
        compared = list(self._session.selection.compared)
        if extend:
            first, last = self.list.currentIndex().row(), self.model.row_of(material)
            if first < 0:
                first = last
            step = 1 if last >= first else -1
            span = [self.model.material(row) for row in range(first, last + step, step)]
            compared = list(dict.fromkeys([*compared, *filter(None, span)]))
        elif material in compared:
            compared.remove(material)
        else:
            compared = [*compared, material]
            if len(compared) > COMPARED[1]:
                # The one looked at longest ago gives way.
                compared = compared[1:]
        self._session.compare(tuple(compared))

    @Slot()
    def _to_rows(self) -> None:
        self.list.setFocus(Qt.FocusReason.TabFocusReason)
        if self.list.currentIndex().row() < 0:
            first = next((row for row in (0, 1) if self.model.material(row)), -1)
            if first >= 0:
                self._session.select(self.model.material(first))

    @Slot(str)
    def _type(self, text: str) -> None:
        self.header.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.header.search.setText(text)

    @Slot(str)
    def _search(self, text: str) -> None:
        self.list.hold()
        self.model.search(text)
        self._rows_changed()

    @Slot()
    def _sort_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, SortButton):
            self._sort(button.key, first_descending=button.key != "price", adding=button.adding)

    @Slot(str)
    def _sort_by_group(self, group: str) -> None:
        self._sort(group, first_descending=True, adding=self.header.weights.adding)

    @Slot()
    def _order_by_score(self) -> None:
        self._session.order_by("score")

    @Slot()
    def unsort(self) -> None:
        """Go back to the ranking's order."""
        self._put_sorts(())

    def _sort(self, key: str, first_descending: bool, adding: bool) -> None:
        """The first press sorts the useful way round, the second the other, the third lets go; adding keeps others."""
        held = self.model.sorts
        now = next((sort for sort in held if sort.key == key), None)
        if now is None:
            self._put_sorts((*held, Sort(key, first_descending)) if adding else (Sort(key, first_descending),))
        elif not adding and len(held) > 1:
            self._put_sorts((Sort(key, first_descending),))
        elif now.descending is first_descending:
            self._put_sorts(tuple(Sort(key, not first_descending) if sort is now else sort for sort in held))
        else:
            self._put_sorts(tuple(sort for sort in held if sort is not now))

    def _put_sorts(self, sorts: tuple[Sort, ...]) -> None:
        self.list.hold()
        self.model.sort_by(*sorts)
        self._rows_changed()
        self.list.scrollToTop()

    # Filters

    @Slot()
    def _ask_filter(self) -> None:
        """Open the filter of a heading, or those of all figures."""
        source = self.sender()
        if isinstance(source, SortButton):
            self.open_filters((source.key,), source)
        else:
            self.open_filters(FILTERS, self.filter_button)

    def open_filters(self, keys: Sequence[str], below: QWidget) -> FilterPopup:
        """Open histograms of these figures below a widget."""
        none = Span(None, None)
        held = self.model.filters
        popup = FilterPopup(self._look, [(self.model.field(key), held.get(key, none)) for key in keys], self)
        popup.changed.connect(self._filtered)
        _open_below(popup, below)
        return popup

    @Slot(str, object)
    def _filtered(self, key: str, span: Span) -> None:
        self._put_filters({**self.model.filters, key: span})

    @Slot()
    def clear_filters(self) -> None:
        """Show every row again."""
        self._put_filters({})

    def _put_filters(self, filters: Mapping[str, Span]) -> None:
        self.list.hold()
        self.model.filter_by(filters)
        self._show_chips()
        self._rows_changed()

    @Slot()
    def _weights_pressed(self) -> None:
        self._pressed = self._session.brief

    @Slot(str, str, float)
    def _weights_dragged(self, near: str, far: str, share: float) -> None:
        """Share of all weight that goes over the edge: towards the far group, from the near one (or back)."""
        from advisor.layers import terms

        pressed = self._pressed
        if pressed is None:
            return
        held = terms(pressed).priorities
        giving, taking = (near, far) if share >= 0 else (far, near)
        moved = moved_share(held, pressed.locks, giving, taking, abs(share)) if share else dict(held)
        if moved is None:
            return
        changed = {key: value for key, value in moved.items() if value != held[key]}
        # Back where it stood, the brief is the one of the press, bit for bit.
        brief = replace(pressed, priorities={**pressed.priorities, **changed}) if changed else pressed
        label = self.tr("Weight between {near} and {far}").format(near=words.group(near), far=words.group(far))
        self._session.edit(brief, label, f"weights:{near}:{far}")

    @Slot()
    def _weights_let_go(self) -> None:
        self._pressed = None
        self._session.settle()

    @Slot()
    def _show_remedies(self) -> None:
        texts = [words.words(remedy) for remedy in remedies(self.model.answer)]
        popup = _Popup(self.tr("Remedies"), texts, self)
        popup.setLayoutDirection(self.layoutDirection())
        _open_below(popup, self.banner.link)

    # Columns and remarks

    def _fit_columns(self, shown: tuple[str, ...]) -> None:
        """Show those of the chosen columns that find room."""
        if shown != self.model.columns:
            for model in (self.model, self.incumbent):
                model.show_columns(shown)
            for button in self.header.show_properties(shown):
                button.clicked.connect(self._sort_clicked)
                button.asked.connect(self._ask_filter)
            self._show_sort()
        hidden = len(self._columns) - len(shown)
        tip = self.tr("Properties as columns, at most {count}").format(count=words.number(MOST_COLUMNS))
        if hidden:
            tip = self.tr("%Ln chosen columns need a wider window", "", hidden)
        text = self.tr("Columns")
        if hidden and self.width() >= CROWDED:
            text = self.tr("Columns ({shown} of {chosen})").format(
                shown=words.number(len(shown)), chosen=words.number(len(self._columns))
            )
        if (text, tip) == (self.columns_button.text(), self.columns_button.toolTip()):
            return  # laid out anew it would only ask for another round
        self.columns_button.setText(text)
        self.columns_button.setToolTip(tip)
        self.columns_button.setAccessibleDescription(tip)
        self.columns_button.updateGeometry()

    def columns_menu(self) -> QMenu:
        """Properties to choose columns from, by section of the datasheet."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        full = len(self._columns) >= MOST_COLUMNS
        if self._columns:
            for key in self._columns:
                self._add_column(menu, key, True)
            menu.addAction(self.tr("No columns")).setData("")
            menu.addSeparator()
        groups: dict[str, QMenu] = {}
        for key, item in properties().items():
            if not item.numeric or key == "price_usd_m2":
                continue
            if item.group not in groups:
                title = self.tr("Identity") if item.group == "identity" else words.group(item.group)
                groups[item.group] = menu.addMenu(title)
            self._add_column(groups[item.group], key, key in self._columns or not full)
        menu.triggered.connect(self._column_chosen)
        return menu

    def _add_column(self, menu: QMenu, key: str, enabled: bool) -> None:
        action = menu.addAction(words.label(key))
        action.setCheckable(True)
        action.setChecked(key in self._columns)
        action.setEnabled(enabled)
        action.setData(key)

    @Slot()
    def _ask_columns(self) -> None:
        menu = self.columns_menu()
        menu.popup(self.columns_button.mapToGlobal(QPoint(0, self.columns_button.height())))

    @Slot(QAction)
    def _column_chosen(self, action: QAction) -> None:
        key, held = str(action.data()), self._columns
        if not key:
            self._session.show_columns(())
        elif key in held:
            self._session.show_columns(tuple(other for other in held if other != key))
        else:
            self._session.show_columns((*held, key))

    def row_menu(self, material: str) -> RowMenu:
        """The menu of a material."""
        from ui.row_menu import RowMenu  # with all that its entries open, more than the first list waits for

        menu = RowMenu(self._session, self.model, self._look, material, self)
        menu.nearest.connect(self._find_nearest)
        menu.noting.connect(self.edit_remark)
        return menu

    @Slot(str, QPoint)
    def _ask_row(self, material: str, at: QPoint) -> None:
        from ui.row_menu import RowMenu

        # Shift+F10 is a key and, to some systems, a context menu as well.
        if not any(menu.isVisible() for menu in self.findChildren(RowMenu)):
            self.row_menu(material).popup(at)

    @Slot(str)
    def _find_nearest(self, material: str) -> None:
        self._session.pin(material)
        self.sort_by_nearness()

    @Slot(str)
    def edit_remark(self, material: str) -> None:
        """Open the line for a remark on a material, at its row."""
        from ui.row_menu import RemarkEditor

        table = self.model.answer.table
        text = self._session.remarks.get(material, "")
        editor = RemarkEditor(material, table.names[table.index[material]], text, self)
        editor.written.connect(self._session.remark)
        editor.adjustSize()
        cell = self.list.visualRect(self.model.index(max(self.model.row_of(material), 0), Column.MATERIAL))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        corner = self.list.viewport().mapToGlobal(cell.topRight() if mirrored else cell.topLeft())
        if mirrored:
            corner.setX(corner.x() - editor.width())
        bounds = self.list.mapToGlobal(QPoint(0, 0))
        corner.setY(max(bounds.y(), min(corner.y(), bounds.y() + self.list.height() - editor.height())))
        editor.move(corner)
        editor.show()

    @Slot(str)
    def _remarked(self, _material: str) -> None:
        for model in (self.model, self.incumbent):
            model.refresh()
        self.list.viewport().update()
        self.pinned.viewport().update()

    # Layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (self.width() < CROWDED) != self._crowded:
            self._show_chips()
        self._arrange()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.LayoutDirectionChange, QEvent.Type.Show):
            self._arrange()
        return done

    def _arrange(self) -> None:
        """Header and rows on the same columns; the scroll bar takes its width from the end."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        room = self.list.viewport().width()
        self._fit_columns(self._columns[: columns_in(room, len(self._columns))])
        widths = column_widths(room, len(self.model.columns))
        self.list.set_columns(widths)
        self.pinned.set_columns(widths)
        self.header.arrange(widths)
        self.empty.setGeometry(self.list.rect())
