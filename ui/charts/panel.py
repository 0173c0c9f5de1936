"""Chart area: tabs, the controls of each chart, table twins, export; Matplotlib comes after the first paint."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMimeData,
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

from advisor.answer import Answer
from advisor.certainty import Certainty
from advisor.files import write_whole
from advisor.problems import AdvisorError, Problem
from advisor.properties import CRITERIA
from advisor.sentences import QT_TRANSLATE_NOOP
from ui import words
from ui.charts.controls import Controls
from ui.charts.head import CertaintyControls, ClimateFitControls, CompareControls, WhyControls
from ui.charts.look import chart_style, speech
from ui.charts.map_controls import MapControls
from ui.charts.slope_controls import SlopeControls
from ui.charts.style import SMALL, Drawing, Style, Twin, View
from ui.charts.twin import TwinModel, csv_of, html_of, picture, text_of
from ui.session import Selection, Session
from ui.theme import Theme, icon, interface_font, theme

if TYPE_CHECKING:
    from ui.charts.canvas import ChartCanvas

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


# --- the panel --------------------------------------------------------------------------------------------------------


#: How often words are drawn ahead, for how long at a time, and of how many materials.
_IDLE_MS, _IDLE_S, _WARMED = 40, 0.004, 80
#: Signs that names cut short are put together from.
_SIGNS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-,.%+−()/"
#: Charts that show what the trials gave.
_TRIED = ("certainty", "slope")
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
        #: The last answer that was tried, and what the trials gave.
        self._tried: tuple[Answer, Certainty] | None = None
        #: None until Matplotlib is there.
        self._style: Style | None = None
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
        #: Words of names that a drag would bring up are drawn while nothing else is to be done.
        self._idle = QTimer(self)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._warm)
        self._warming: Iterator[None] = iter(())
        self._warmed: object = None
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
        rows = (session.selected_row(), session.rival_row(), session.compared_rows())
        view = View(*rows, hovered, levels=self._levels(session.answer))
        return self.controls[self._key].options(view)

    def _levels(self, answer: Answer) -> Certainty | None:
        """The trials places are labelled by, as the ranking does: the last ones, while the order is still the same."""
        if self.session.certainty is not None:
            self._tried = answer, self.session.certainty
        if self._tried is None or self._tried[0] is answer:
            return self._tried and self._tried[1]
        then, now = self._tried[0], answer
        same = then.table is now.table and np.array_equal(then.ranking.passing_rows(), now.ranking.passing_rows())
        return self._tried[1] if same else None

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
    def _on_trials(self, found: object) -> None:
        for key in _TRIED:
            self._stale[key] = True
        if self._key in _TRIED or found is not None:
            self.refresh()

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
        if answer.table is not self._warmed:
            self._warmed = answer.table
            self._warming = self._words_to_come(answer, canvas)
            self._idle.start()
        if not self._dragging():
            self._describe(answer, view, canvas)

    def _words_to_come(self, answer: Answer, canvas: ChartCanvas) -> Iterator[None]:
        """The names of criteria, of what is demanded and of the first of the ranking, drawn one by one."""
        from ui.charts.stamp import warm

        names = [words.criterion(key) for key in CRITERIA]
        names += [words.short(demand.property) for demand in answer.demands]
        names += [answer.table.names[row] for row in answer.ranking.order[:_WARMED].tolist()]
        return warm(canvas.style_.fonts, SMALL, canvas.figure.dpi, [*names, *(f"…{sign}" for sign in _SIGNS)])

    @property
    def warming(self) -> bool:
        """Whether words to come are still being drawn ahead, as they are in the first seconds over a table."""
        return self._idle.isActive()

    @Slot()
    def _warm(self) -> None:
        """Draw a few more words; none while a hand moves something, nor while the chart is not seen."""
        if self._dragging() or not self.isVisible():
            return
        end = time.perf_counter() + _IDLE_S
        while time.perf_counter() < end:
            if next(self._warming, self) is self:
                self._idle.stop()
                return

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
        if self._style is not None and self._key not in self._canvases:
            self._load(self._key)
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
        """Import Matplotlib and put the chart in place of "loading"; nothing where that is done."""
        if self._key in self._canvases:
            return
        self._first_painted = True
        self._timer.stop()
        self._load(self._key)
        self._show_page()
        self.refresh()

    def _load(self, key: str) -> None:
        """Import one chart's drawing, and Matplotlib with the first of them; make its canvas."""
        if self._style is None:
            import_figure()
            self._style = chart_style(self._look, self._mirrored())
        from ui.charts.canvas import ChartCanvas

        chart = next(chart for chart in CHARTS if chart.key == key)
        drawing = chart.load()
        canvas = ChartCanvas(drawing, self._style, self.body)
        canvas.setAccessibleName(QCoreApplication.translate("ChartPanel", chart.title))
        canvas.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        canvas.pointed.connect(self._on_pointed)
        canvas.clicked.connect(self._on_clicked)
        canvas.stepped.connect(self._on_stepped)
        self.body.addWidget(canvas)
        self._drawings[key], self._canvases[key] = drawing, canvas
        self.controls[key].attach(canvas)

    def canvas(self, key: str = "") -> ChartCanvas:
        """The canvas of a chart ("": the one on screen); loads it where it is not there yet."""
        self.finish_loading()
        if key and key not in self._canvases:
            self._load(key)
        return self._canvases[key or self._key]

    # --- pointer ---------------------------------------------------------------------------------------------------

    @Slot(object, QPoint)
    def _on_pointed(self, row: int | None, at: QPoint) -> None:
        answer, session = self.session.answer, self.session
        row = None if row is None or row >= len(answer.table) else row
        session.hover("" if row is None else answer.table.ids[row])
        text = "" if at.isNull() else self._tip(answer, row, at)
        if not text:
            QToolTip.hideText()
            return
        # Names are the user's: what looks like markup in them is shown as it stands.
        plain = f"<p style='white-space:pre'>{escape(text, quote=False)}</p>"
        QToolTip.showText(at, plain, self._canvases[self._key])

    def _tip(self, answer: Answer, row: int | None, at: QPoint) -> str:
        """What a chart says of a spot on it, or of the material there; "" where there is nothing."""
        drawing, canvas, view = self._drawings[self._key], self._canvases[self._key], self.view()
        spot = getattr(drawing, "tip_at", None)
        if spot is not None and canvas.artists is not None:
            here = canvas.mapFromGlobal(at)
            text = str(spot(canvas.artists, here.x(), here.y(), answer, view, speech()))
            if text:
                return text
        return "" if row is None else drawing.tip(answer, view, row, speech())

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
        if self._style is not None:
            self._style = chart_style(look, self._mirrored())
            for canvas in self._canvases.values():
                canvas.restyle(self._style)

    def _mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _room(self) -> int:
        """Room at both sides of a tab's title, px: less where the controls beside the tabs need it."""
        return next(room for least, room in _ROOMS if self.width() >= least)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: the tabs move together where there is little."""
        super().resizeEvent(event)
        if self._room() != self._dressed:
            self._dress()

    def setStyleSheet(self, sheet: str) -> None:
        """Set a style sheet, unless it is the one there is: everything inside would be polished anew."""
        if sheet != self.styleSheet():
            super().setStyleSheet(sheet)

    def _dress(self) -> None:
        """Set the style sheet."""
        look = self._look
        room = self._dressed = self._room()
        margin = 1 if room == _ROOMS[0][1] else 0
        show = "0 4px 0 16px" if self._mirrored() else "0 16px 0 4px"  # style sheets do not mirror
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
            QWidget#chart-head QToolButton#map-show {{ padding: {show}; }}
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
        elif event.type() is QEvent.Type.LayoutDirectionChange and self._style is not None:
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
            write_whole(path, csv_of(self.twin_of(), self.session.answer.table))
        elif kind in ("png", "svg"):
            size = self.body.size()
            width, height = max(size.width(), 480), max(size.height(), 200)
            shown = (self._drawings[self._key], self.session.answer, self.view())
            content = picture(*shown, theme("light"), (width, height), kind, mirrored=self._mirrored())
            write_whole(path, content)
        else:
            hint = "end the file's name in .png, .svg or .csv"
            raise AdvisorError(Problem("unknown-format", "charts are not written in this format", hint, file=str(path)))

    @Slot()
    def copy_table(self) -> None:
        """Put the chart's numbers on the clipboard as a table: tabs for any program, HTML for those that know it.

        Numbers are in the user's locale, as a spreadsheet of that locale reads them.
        """
        twin = self.twin_of()
        data = QMimeData()
        data.setText(text_of(twin))
        data.setHtml(html_of(twin))
        QGuiApplication.clipboard().setMimeData(data)


def import_figure() -> None:
    """Import Matplotlib's figures without the three-dimensional axes, a tenth of the whole that no chart here uses."""
    name = "mpl_toolkits.mplot3d"
    if name in sys.modules:
        return
    stand_in = ModuleType(name)
    stand_in.__dict__["Axes3D"] = None  # what Matplotlib itself puts there where it cannot be imported
    sys.modules[name] = stand_in
    try:
        import matplotlib.figure  # noqa: F401
    finally:
        del sys.modules[name]
