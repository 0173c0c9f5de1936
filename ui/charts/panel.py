"""Chart area: tabs, the controls of each chart, table twins, export; Matplotlib comes after the first paint."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QStandardPaths,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QContextMenuEvent,
    QGuiApplication,
    QHideEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QTableView,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer, solve
from advisor.certainty import MOST_DRAWN, Acceptability, Certainty, contenders
from advisor.files import plain_cell, write_whole
from advisor.problems import AdvisorError, Problem
from advisor.properties import CRITERIA
from advisor.sentences import QT_TRANSLATE_NOOP, Num
from ui import words
from ui.charts.controls import Controls, HeadCombo, MaterialCombo
from ui.charts.look import chart_style, speech
from ui.charts.map_controls import MapControls
from ui.charts.slope_controls import SlopeControls
from ui.charts.style import DPI, Drawing, Twin, View, strange_signs
from ui.session import COMPARED, Selection, Session
from ui.theme import Theme, icon, interface_font, theme

if TYPE_CHECKING:
    from ui.charts.canvas import ChartCanvas

# --- controls of the charts -------------------------------------------------------------------------------------------


class WhyControls(Controls):
    """Both ends of the waterfall."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.above, self.below = MaterialCombo(), MaterialCombo()
        self.relation = QLabel()
        self.relation.setProperty("ink", "2")
        self.above.setAccessibleName(self.tr("Material explained"))
        self.below.setAccessibleName(self.tr("Material it is measured against"))
        self.row.addStretch(1)
        for part in (self.above, self.relation, self.below):
            self.row.addWidget(part)
        self.above.activated.connect(self._choose_upper)
        self.below.activated.connect(self._choose_lower)

    def show_state(self, answer: Answer, view: View) -> None:
        """Names at both ends and which of them stands higher."""
        self.above.show_row(answer, view.selected)
        self.below.show_row(answer, view.rival)
        self.below.setVisible(view.rival is not None)
        self.relation.setVisible(view.rival is not None)
        if view.selected is None or view.rival is None:
            return
        gap = float(answer.ranking.scores[view.selected] - answer.ranking.scores[view.rival])
        texts = (self.tr("above"), self.tr("below"), self.tr("level with"))
        self.relation.setText(texts[0] if gap > 0 else texts[1] if gap < 0 else texts[2])

    @Slot(int)
    def _choose_upper(self, index: int) -> None:
        session, rival = self.session, self.session.selection.rival
        chosen = str(self.above.itemData(index))
        session.select(chosen)
        if rival and rival != chosen:
            session.against(rival)  # an end chosen by hand stays

    @Slot(int)
    def _choose_lower(self, index: int) -> None:
        session = self.session
        chosen = str(self.below.itemData(index))
        row = session.selected_row()
        if row is not None and session.answer.table.ids[row] == chosen:
            return
        if not session.selection.material and row is not None:
            session.select(session.answer.table.ids[row])  # measured against, it no longer follows the first place
        session.against(chosen)


class CompareControls(Controls):
    """The two to six materials."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.button = QToolButton()
        self.button.setText(self.tr("Materials"))
        self.button.setAccessibleName(self.tr("Materials to compare"))
        self.button.setProperty("kind", "quiet")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.menu.triggered.connect(self._chosen)
        self.button.setMenu(self.menu)
        self.count = QLabel()
        self.count.setProperty("ink", "3")
        self.radar = QToolButton()
        self.radar.setText(self.tr("radar"))
        self.radar.setAccessibleName(self.tr("Draw as a radar"))
        self.radar.setToolTip(self.tr("Draw the first four as a radar; profile lines are easier to read off"))
        self.radar.setCheckable(True)
        self.radar.setProperty("kind", "quiet")
        self.radar.toggled.connect(self._on_radar)
        self.row.addStretch(1)
        self.row.addWidget(self.count)
        self.row.addWidget(self.radar)
        self.row.addWidget(self.button)

    def show_state(self, answer: Answer, view: View) -> None:
        """How many are compared."""
        self.count.setText(
            self.tr("{count} of at most {most}").format(
                count=words.number(len(view.compared)), most=words.number(COMPARED[1])
            )
        )

    def options(self, view: View) -> View:
        """Whether it is drawn as a radar."""
        return replace(super().options(view), radar=self.radar.isChecked())

    @Slot()
    def _on_radar(self) -> None:
        self.changed.emit()

    @Slot()
    def _fill(self) -> None:
        self.menu.clear()
        session = self.session
        answer, compared = session.answer, session.compared_rows()
        follow = self.menu.addAction(self.tr("Follow the first three"))
        follow.setData("")
        follow.setEnabled(bool(session.selection.compared))
        self.menu.addSeparator()
        rows = list(dict.fromkeys([*compared, *answer.ranking.order[:16].tolist()]))
        for row in rows:
            entry = self.menu.addAction(answer.table.names[row].replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(row in compared)
            entry.setData(answer.table.ids[row])
            full = len(compared) >= COMPARED[1] and row not in compared
            last = len(compared) <= COMPARED[0] and row in compared
            entry.setEnabled(not full and not last)

    @Slot(QAction)
    def _chosen(self, entry: QAction) -> None:
        session, key = self.session, str(entry.data())
        if not key:
            session.compare(())
            return
        ids = session.answer.table.ids
        now = [ids[row] for row in session.compared_rows()]
        session.compare(tuple(other for other in now if other != key) if key in now else (*now, key))


def nearest_tipping(answer: Answer) -> str:
    """The criterion whose priority has to move least until another leads; where none does, the one that weighs most.

    Of a long list only those that stand or might stand first are looked at: it is no more than what the chart opens
    with, and the lines it draws are of the whole list.
    """
    from advisor.tipping import leaders

    if answer.ranking.passing > MOST_DRAWN:
        rows = contenders(answer.values, answer.ranking)
        answer = solve(answer.table.take(rows.tolist()), answer.brief)
    now = answer.terms.priorities
    best = ""
    least = float("inf")
    for criterion in CRITERIA:
        for low, _, _ in leaders(answer, criterion)[1:]:
            if abs(low - now[criterion]) < least:
                best, least = criterion, abs(low - now[criterion])
    return best or max(CRITERIA, key=lambda criterion: now[criterion])


class CertaintyControls(Controls):
    """The priority the score lines are drawn along; keeps the last trials to show while the next are worked out."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.along = HeadCombo()
        self.along.setAccessibleName(self.tr("Priority the scores are drawn along"))
        self.along.setToolTip(self.tr("Priority the scores are drawn along"))
        self.along.addItem(self.tr("Nearest tipping point"), "")
        for key in CRITERIA:
            self.along.addItem(words.criterion(key), key)
        self.along.activated.connect(self._on_option)
        self.row.addStretch(1)
        self.row.addWidget(self.along)
        self._nearest = ""
        self._of: Answer | None = None
        self._table: object = None
        self._certainty: Certainty | None = None
        self._drawn_for: Answer | None = None
        self._places: Acceptability | None = None

    @Slot()
    def _on_option(self) -> None:
        self.changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """On screen: the places taken in the trials are wanted."""
        super().showEvent(event)
        self.session.count_places(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Off screen: they are not."""
        super().hideEvent(event)
        self.session.count_places(False)

    def options(self, view: View) -> View:
        """The priority chosen here, and the newest trials there are."""
        session = self.session
        answer = session.answer
        if answer.table is not self._table:  # rows are others now
            self._table, self._certainty, self._drawn_for, self._places = answer.table, None, None, None
        if session.certainty is not None:
            self._certainty, self._drawn_for = session.certainty, answer
        self._places = session.acceptability or self._places
        current = session.certainty is not None and session.acceptability is not None
        return replace(
            view,
            along=str(self.along.currentData()) or self._follow(answer),
            certainty=self._certainty,
            acceptability=self._places,
            current=current,
            levels=self._certainty if self._same_order(answer) else None,
        )

    def _same_order(self, answer: Answer) -> bool:
        """Whether the last trials still say which places are level, as the ranking shows them."""
        if self._drawn_for is None or answer is self._drawn_for:
            return True
        then, now = self._drawn_for.ranking, answer.ranking
        return bool(np.array_equal(then.passing_rows(), now.passing_rows()))

    def _follow(self, answer: Answer) -> str:
        """The nearest tipping point; while something moves, the chart stays with the one it shows."""
        moving = self.session.certainty is None or bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)
        if not self._nearest or (answer is not self._of and not moving):
            self._nearest, self._of = nearest_tipping(answer), answer
        return self._nearest


class ClimateFitControls(Controls):
    """Whose fit it is."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.chosen = MaterialCombo()
        self.chosen.setAccessibleName(self.tr("Material whose fit is shown"))
        self.row.addStretch(1)
        self.row.addWidget(self.chosen)
        self.chosen.activated.connect(self._choose)

    def show_state(self, answer: Answer, view: View) -> None:
        """The selected material."""
        self.chosen.show_row(answer, view.selected)

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.session.select(str(self.chosen.itemData(index)))


# --- the one list of charts -------------------------------------------------------------------------------------------


def _why() -> Drawing:
    from ui.charts import why

    return cast(Drawing, why)


def _compare() -> Drawing:
    from ui.charts import compare

    return cast(Drawing, compare)


def _map() -> Drawing:
    from ui.charts import map as chart_map

    return cast(Drawing, chart_map)


def _certainty() -> Drawing:
    from ui.charts import certainty

    return cast(Drawing, certainty)


def _climate_fit() -> Drawing:
    from ui.charts import climate_fit

    return cast(Drawing, climate_fit)


def _slope() -> Drawing:
    from ui.charts import slope

    return cast(Drawing, slope)


@dataclass(frozen=True)
class Chart:
    """One tab: its key, its English title, what loads its drawing file, and its controls."""

    key: str
    title: str
    load: Callable[[], Drawing]
    controls: Callable[[Session], Controls]


#: Every chart there is, in tab order.
CHARTS: tuple[Chart, ...] = (
    Chart("why", QT_TRANSLATE_NOOP("ChartPanel", "Why"), _why, WhyControls),
    Chart("compare", QT_TRANSLATE_NOOP("ChartPanel", "Compare"), _compare, CompareControls),
    Chart("map", QT_TRANSLATE_NOOP("ChartPanel", "Map"), _map, MapControls),
    Chart("certainty", QT_TRANSLATE_NOOP("ChartPanel", "Certainty"), _certainty, CertaintyControls),
    Chart("climate-fit", QT_TRANSLATE_NOOP("ChartPanel", "Climate fit"), _climate_fit, ClimateFitControls),
    Chart("slope", QT_TRANSLATE_NOOP("ChartPanel", "Slope"), _slope, SlopeControls),
)


# --- table twin -------------------------------------------------------------------------------------------------------


class TwinModel(QAbstractTableModel):
    """A chart's numbers for a table view; numbers stand at the trailing edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._twin = Twin((), ())
        self._speech = speech()

    def show_twin(self, twin: Twin) -> None:
        """Show other numbers; where only numbers changed, the view keeps its place."""
        same = len(twin.rows) == len(self._twin.rows) and twin.heads == self._twin.heads
        if not same:
            self.beginResetModel()
        self._twin = twin
        if not same:
            self.endResetModel()
        elif twin.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(twin.rows) - 1, len(twin.heads) - 1))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows."""
        return 0 if parent.isValid() else len(self._twin.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - the same
        """How many columns."""
        return 0 if parent.isValid() else len(self._twin.heads)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell as text, and where it stands."""
        if not index.isValid():
            return None
        cell = self._twin.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._speech.cell(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignTrailing if isinstance(cell, Num) else Qt.AlignmentFlag.AlignLeading
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The column heads."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._twin.heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            number = bool(self._twin.rows) and isinstance(self._twin.rows[0][section], Num)
            side = Qt.AlignmentFlag.AlignTrailing if number else Qt.AlignmentFlag.AlignLeading
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def csv_of(twin: Twin) -> bytes:
    """The numbers as CSV: point as decimal mark, no cell that a spreadsheet would run as a formula, UTF-8 with BOM."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([plain_cell(head) for head in twin.heads])
    for row in twin.rows:
        writer.writerow(
            [f"{cell.value:.{cell.decimals}f}" if isinstance(cell, Num) else plain_cell(cell) for cell in row]
        )
    return ("\ufeff" + stream.getvalue()).encode()


# --- the panel --------------------------------------------------------------------------------------------------------


#: Room at both sides of a tab's title by the least width of the panel, px; widest first.
_ROOMS = ((800, 10), (700, 6), (0, 4))


class ChartPanel(QFrame):
    """The chart area. Shows what the session answers and selects; only the chart on screen is kept up to date."""

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._look = look
        self._key = CHARTS[0].key
        self._drawings: dict[str, Drawing] = {}
        self._canvases: dict[str, ChartCanvas] = {}
        self._stale = {chart.key: True for chart in CHARTS}
        self._first_painted = False
        self._dressed = 0
        self.setProperty("surface", "card")
        self.setObjectName("charts")
        self.setAccessibleName(self.tr("Charts"))
        self.setMinimumHeight(200)
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.finish_loading)
        session.answered.connect(self._on_answered)
        session.ascertained.connect(self._on_trials)
        session.counted.connect(self._on_trials)
        session.selected.connect(self._on_selected)
        self.apply_theme(look)
        self._show_controls()

    def _build(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(self.tr("Chart"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.controls: dict[str, Controls] = {}
        self._own = QStackedWidget()
        # Hidden pages must not ask for room: the widest would decide for all.
        self._own.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for chart in CHARTS:
            self.tabs.addTab(QCoreApplication.translate("ChartPanel", chart.title))
            self.controls[chart.key] = chart.controls(self.session)
            self.controls[chart.key].changed.connect(self.refresh)
            self._own.addWidget(self.controls[chart.key])
        self.tabs.currentChanged.connect(self._on_tab)
        self.as_table = QToolButton()
        self.as_table.setCheckable(True)
        self.as_table.setProperty("kind", "quiet")
        self.as_table.setAccessibleName(self.tr("Show as table"))
        self.as_table.setToolTip(self.tr("Show the chart's numbers as a table"))
        self.as_table.toggled.connect(self._on_table)
        self.more = QToolButton()
        self.more.setProperty("kind", "quiet")
        self.more.setAccessibleName(self.tr("Export and copy"))
        self.more.setToolTip(self.tr("Export and copy"))
        self.more.clicked.connect(self._on_more)

        head = QWidget()
        head.setObjectName("chart-head")
        head.setFixedHeight(35)
        row = QHBoxLayout(head)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._own, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.as_table)
        row.addWidget(self.more)

        self.loading = QLabel(self.tr("Loading charts"))
        self.loading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.loading.setProperty("ink", "3")
        self.twin = QTableView()
        self.twin.setAccessibleName(self.tr("The chart's numbers"))
        self.twin.setModel(TwinModel(self.twin))
        self.twin.setShowGrid(False)
        self.twin.setAlternatingRowColors(True)
        self.twin.verticalHeader().setVisible(False)
        self.twin.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.twin.verticalHeader().setDefaultSectionSize(24)
        self.twin.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.twin.horizontalHeader().setResizeContentsPrecision(40)
        self.twin.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.twin.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.twin.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the panel's menu serves here too
        self.body = QStackedWidget()
        self.body.addWidget(self.loading)
        self.body.addWidget(self.twin)

        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.body, 1)

        copy = QAction(self.tr("Copy table"), self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.triggered.connect(self.copy_table)
        self.addAction(copy)
        self._copy = copy

    # --- state -----------------------------------------------------------------------------------------------------

    @property
    def chart(self) -> str:
        """Key of the chart on screen."""
        return self._key

    def view(self) -> View:
        """What the charts show of the session's answer."""
        session = self.session
        hovered = session.answer.table.index.get(session.selection.hovered)
        view = View(session.selected_row(), session.rival_row(), session.compared_rows(), hovered)
        return self.controls[self._key].options(view)

    def show_chart(self, key: str) -> None:
        """Bring a chart to the front by key.

        Raises:
            KeyError: there is no such chart.
        """
        places = {chart.key: place for place, chart in enumerate(CHARTS)}
        self.tabs.setCurrentIndex(places[key])

    def show_answer(self, answer: Answer) -> None:
        """Show another answer: the chart on screen now, the others when they are looked at."""
        self._stale = {chart.key: True for chart in CHARTS}
        self.refresh()

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        self.show_answer(answer)

    @Slot(object)
    def _on_trials(self, _found: object) -> None:
        if self._key == "certainty":
            self.refresh()
        else:
            self._stale["certainty"] = True

    @Slot(object)
    def _on_selected(self, _selection: Selection) -> None:
        self._stale = {chart.key: True for chart in CHARTS}
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Bring the chart on screen, its controls and its table up to date."""
        answer = self.session.answer
        index = answer.table.index
        held = self.session.selection
        if any(key and key not in index for key in (held.material, held.rival, *held.compared)):
            return  # the table was changed; the session is about to mend the selection and say so
        self._show_controls()
        canvas = self._canvases.get(self._key)
        if canvas is None:
            return
        view = self.view()
        if self.as_table.isChecked():
            self._show_twin(answer, view)
            return
        self._stale[self._key] = False
        canvas.show_state(answer, view)
        if not self._dragging():
            self._describe(answer, view, canvas)

    def _dragging(self) -> bool:
        """While a handle is held down words can wait: they are read out, not seen."""
        return bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)

    def _describe(self, answer: Answer, view: View, canvas: ChartCanvas) -> None:
        words_ = self._drawings[self._key].describe(answer, view, speech())
        if words_ != canvas.accessibleDescription():
            canvas.setAccessibleDescription(words_)

    def _show_controls(self) -> None:
        if len(self.session.answer.table):
            self.controls[self._key].show_state(self.session.answer, self.view())

    def _show_twin(self, answer: Answer, view: View) -> None:
        model = cast(TwinModel, self.twin.model())
        columns = model.columnCount()
        model.show_twin(self._drawings[self._key].table(answer, view, speech()))
        if model.columnCount() != columns:
            self.twin.resizeColumnsToContents()

    @Slot(int)
    def _on_tab(self, place: int) -> None:
        self._key = CHARTS[place].key
        self.tabs.updateGeometry()  # the chosen title is bold, and each takes more by another width
        self._own.setCurrentIndex(place)
        self._show_page()
        self.refresh()

    @Slot(bool)
    def _on_table(self, _on: bool) -> None:
        self._show_page()
        self.refresh()
        self.twin.resizeColumnsToContents()

    def _show_page(self) -> None:
        canvas = self._canvases.get(self._key)
        if canvas is None:
            self.body.setCurrentWidget(self.loading)
        else:
            self.body.setCurrentWidget(self.twin if self.as_table.isChecked() else canvas)

    # --- loading ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The first paint done, the charts may load."""
        super().paintEvent(event)
        if not self._first_painted:
            self._first_painted = True
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Back on screen: catch up."""
        super().showEvent(event)
        if self._stale[self._key]:
            self.refresh()

    @Slot()
    def finish_loading(self) -> None:
        """Import Matplotlib and put the charts in place of "loading"; nothing where that is done."""
        if self._canvases:
            return
        self._first_painted = True
        self._timer.stop()
        from ui.charts.canvas import ChartCanvas

        style = chart_style(self._look)
        for chart in CHARTS:
            drawing = chart.load()
            canvas = ChartCanvas(drawing, style, self.body)
            canvas.setAccessibleName(QCoreApplication.translate("ChartPanel", chart.title))
            canvas.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            canvas.pointed.connect(self._on_pointed)
            canvas.clicked.connect(self._on_clicked)
            canvas.stepped.connect(self._on_stepped)
            self.body.addWidget(canvas)
            self._drawings[chart.key], self._canvases[chart.key] = drawing, canvas
            self.controls[chart.key].attach(canvas)
        self._show_page()
        self.refresh()

    def canvas(self, key: str = "") -> ChartCanvas:
        """The canvas of a chart ("": the one on screen); loads the charts where they are not there yet."""
        self.finish_loading()
        return self._canvases[key or self._key]

    # --- pointer ---------------------------------------------------------------------------------------------------

    @Slot(object, QPoint)
    def _on_pointed(self, row: int | None, at: QPoint) -> None:
        answer, session = self.session.answer, self.session
        if row is None or row >= len(answer.table):
            QToolTip.hideText()
            session.hover("")
            return
        session.hover(answer.table.ids[row])
        text = self._tip(answer, row, at)
        # Names are the user's: what looks like markup in them is shown as it stands.
        plain = f"<p style='white-space:pre'>{escape(text, quote=False)}</p>"
        QToolTip.showText(at, plain, self._canvases[self._key])

    def _tip(self, answer: Answer, row: int, at: QPoint) -> str:
        """What a chart says of a spot on it, or of the material there."""
        drawing, canvas, view = self._drawings[self._key], self._canvases[self._key], self.view()
        spot = getattr(drawing, "tip_at", None)
        if spot is not None and canvas.artists is not None:
            here = canvas.mapFromGlobal(at)
            text = str(spot(canvas.artists, here.x(), here.y(), answer, view, speech()))
            if text:
                return text
        return drawing.tip(answer, view, row, speech())

    @Slot(object)
    def _on_clicked(self, row: int | None) -> None:
        if row is not None and row < len(self.session.answer.table):
            self.session.select(self.session.answer.table.ids[row])

    @Slot(int)
    def _on_stepped(self, step: int) -> None:
        row, ranking = self.session.selected_row(), self.session.answer.ranking
        if row is not None:
            place = min(max(int(ranking.place[row]) + step, 0), len(ranking.order) - 1)
            self.session.select(self.session.answer.table.ids[int(ranking.order[place])])

    # --- looks -----------------------------------------------------------------------------------------------------

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self.as_table.setIcon(icon("table", look, "ink3"))
        self.more.setIcon(icon("more", look, "ink3"))
        for part in (self.tabs, self.loading, self.twin, *self.controls.values()):
            part.setFont(interface_font("body"))
        for controls in self.controls.values():
            controls.apply_theme(look)
        self._dress()
        if self._canvases:
            style = chart_style(look)
            for canvas in self._canvases.values():
                canvas.restyle(style)

    def _room(self) -> int:
        """Room at both sides of a tab's title, px: less where the controls beside the tabs need it."""
        return next(room for least, room in _ROOMS if self.width() >= least)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: the tabs move together where there is little."""
        super().resizeEvent(event)
        if self._room() != self._dressed:
            self._dress()

    def _dress(self) -> None:
        """Set the style sheet."""
        look = self._look
        room = self._dressed = self._room()
        margin = 1 if room == _ROOMS[0][1] else 0
        self.setStyleSheet(
            f"""
            QTabBar::tab {{ padding: 3px {room}px 2px {room}px; margin: 0 {margin}px; }}
            QTabBar::tab:selected:focus {{ padding: 1px {room - 2}px 2px {room - 2}px; }}
            QWidget#chart-head {{ border: 0; border-bottom: 1px solid {look.line2}; background: transparent; }}
            QWidget#chart-head QComboBox {{ border: 1px solid transparent; color: {look.ink2}; padding: 0 6px;
              background: transparent; }}
            QWidget#chart-head QComboBox:hover {{ border-color: {look.line}; color: {look.ink}; }}
            QWidget#chart-head QComboBox:focus {{ border: 2px solid {look.accent}; padding: 0 5px; }}
            QWidget#chart-head QToolButton {{ min-height: 24px; min-width: 16px; padding: 0 5px; }}
            QWidget#chart-head QToolButton[popupMode="2"] {{ padding: 0 18px; }}
            QWidget#chart-head QToolButton#map-show {{ padding: 0 16px 0 4px; }}
            QWidget#chart-head QToolButton:checked {{ background: {look.sel}; border-color: {look.line};
              color: {look.ink}; }}
            QTableView::item {{ padding: 0 6px; }}
            QWidget#chart-head QToolButton:focus {{ min-height: 22px; padding: 0 4px; }}
            """
        )

    def changeEvent(self, event: QEvent) -> None:
        """Another language: titles and drawings follow."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            for place, chart in enumerate(CHARTS):
                self.tabs.setTabText(place, QCoreApplication.translate("ChartPanel", chart.title))
            self.apply_theme(self._look)

    # --- out of the program ----------------------------------------------------------------------------------------

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for text, data in (
            (self.tr("Export as PNG…"), "png"),
            (self.tr("Export as SVG…"), "svg"),
            (self.tr("Export as CSV…"), "csv"),
        ):
            entry = menu.addAction(text)
            entry.setData(data)
            group.addAction(entry)
        group.triggered.connect(self._on_export)
        menu.addSeparator()
        menu.addAction(self._copy)
        return menu

    @Slot()
    def _on_more(self) -> None:
        self._open_menu(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Export and copy."""
        self._open_menu(event.globalPos())

    def _open_menu(self, at: QPoint) -> None:
        menu = self._menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    @Slot(QAction)
    def _on_export(self, entry: QAction) -> None:
        kind = str(entry.data())
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        title = QCoreApplication.translate("ChartPanel", CHARTS[self.tabs.currentIndex()].title)
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export the chart"), str(Path(folder) / f"{title}.{kind}"), f"{kind.upper()} (*.{kind})"
        )
        if not name:
            return
        path = Path(name) if Path(name).suffix else Path(f"{name}.{kind}")
        try:
            self.export(path)
        except AdvisorError as error:
            for problem in error.problems:
                self.session.noted.emit(problem)

    def twin_of(self) -> Twin:
        """The numbers of the chart on screen, all of them."""
        self.finish_loading()
        return self._drawings[self._key].table(self.session.answer, self.view(), speech())

    def export(self, path: Path) -> None:
        """Write the chart on screen as the file's suffix says: ``.png``, ``.svg`` or ``.csv`` (its numbers).

        Pictures are drawn in the light look, whatever the window wears: they go into papers.

        Raises:
            AdvisorError: the suffix is another, or the file cannot be written.
        """
        kind = path.suffix.casefold().lstrip(".")
        self.finish_loading()
        if kind == "csv":
            write_whole(path, csv_of(self.twin_of()))
        elif kind in ("png", "svg"):
            size = self.body.size()
            width, height = max(size.width(), 480), max(size.height(), 200)
            content = picture(
                self._drawings[self._key], self.session.answer, self.view(), theme("light"), (width, height), kind
            )
            write_whole(path, content)
        else:
            hint = "end the file's name in .png, .svg or .csv"
            raise AdvisorError(Problem("unknown-format", "charts are not written in this format", hint, file=str(path)))

    @Slot()
    def copy_table(self) -> None:
        """Put the chart's numbers on the clipboard, columns parted by tabs, numbers in the user's locale."""
        twin, say = self.twin_of(), speech()
        lines = ["\t".join(twin.heads)]
        lines += [
            "\t".join(plain_cell(cell) if isinstance(cell, str) else say.cell(cell) for cell in row)
            for row in twin.rows
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))


def picture(
    drawing: Drawing,
    answer: Answer,
    view: View,
    look: Theme,
    size: tuple[int, int],
    kind: str = "png",
    scale: float = 2,
) -> bytes:
    """A chart as a PNG or SVG file, drawn afresh without a window.

    Args:
        size: width and height in px at 100 %.
        kind: ``png`` or ``svg``; text in an SVG stays text.
        scale: pixels a px in a PNG.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style = chart_style(look)
    figure = Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    drawing.draw(figure, answer, view, style)
    stream = io.BytesIO()
    # The same chart is the same file: no date, and ids that do not change from run to run.
    with strange_signs(), rc_context({"svg.fonttype": "none", "svg.hashsalt": "chart"}):
        if kind == "svg":
            figure.savefig(stream, format="svg", facecolor=style.panel, metadata={"Date": None})
        else:
            figure.savefig(stream, format=kind, dpi=DPI * scale, facecolor=style.panel, metadata={"Software": None})
    return stream.getvalue()
