"""Window: toolbar, brief, ranking, charts, material panel and status line around one session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QByteArray, QLocale, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer
from advisor.brief import GAP_POLICIES
from advisor.certainty import Certainty
from advisor.materials import bundled
from ui import words
from ui.documents import Documents
from ui.notices import CrashDialog, NoticeBar
from ui.opinions import MethodsLine
from ui.ranking_table import RankingView
from ui.recovery import Recovery
from ui.session import Session
from ui.theme import Theme, ThemeName, icon, palette, stylesheet, system_theme, theme
from ui.widgets import ElidedLabel, Themed, restyle

if TYPE_CHECKING:
    from ui.brief_panel import BriefPanel
    from ui.charts.panel import ChartPanel
    from ui.material_panel import MaterialPanel

#: Below this width (px) the columns become tabs: a 1366×768 laptop at 150 or 200 %.
NARROW = 1110
#: Tables longer than this get no second opinions in the status line: seven methods take longer than a frame there.
MOST_FOR_OPINIONS = 5_000
#: Widths of brief, middle and material panel in the 1366 px window.
COLUMNS = (262, 828, 276)
#: Heights of ranking and charts in the 700 px window.
ROWS = (376, 252)


#: Widest name of a table on its button (px); the whole name is in the tool tip.
TABLE_NAME_WIDTH = 300
#: The offer to bring unsaved work back.
_RECOVERY = "recovery"
#: What the Table menu offers, "" for a line between.
_TABLE_MENU = (
    "bundled", "table", "paste", "quotes", "", "cloth", "report", "sample", "own", "measured", "revision", "",
    "cautious", "neutral", "hopeful", "", "export-table", "template",
)  # fmt: skip


class _Seat(QFrame):
    """Keeps the place of a panel that is built when the list has been painted."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "panel")

    def apply_theme(self, look: Theme) -> None:
        """Nothing of its own: the style sheet paints it."""


class _Panels:
    """The panels beside the ranking, built together; what they are made of is loaded here and not before."""

    def __init__(self, session: Session, look: Theme, templates: Path | None) -> None:
        from ui.brief_panel import BriefPanel
        from ui.charts.panel import ChartPanel
        from ui.material_panel import MaterialPanel

        self.brief = BriefPanel(session, look, templates=templates)
        self.charts = ChartPanel(session, look)
        self.material = MaterialPanel(session, look)


class MainWindow(QMainWindow):
    """The program's window.

    Args:
        session: whose answers it shows.
        look: the theme; None follows the desktop.
        settings: where the layout is kept.
        state_folder: where unsaved work is kept.
        at_once: False shows the ranked list first and builds the panels beside it after it has been painted, or when
            one is asked for.

    Signals:
        ready(): the ranked list has been painted once.
    """

    ready = Signal()

    def __init__(
        self,
        session: Session,
        look: Theme | None = None,
        settings: QSettings | None = None,
        state_folder: Path | None = None,
        at_once: bool = True,
    ) -> None:
        super().__init__()
        self.session = session
        self.look = look or theme(system_theme())
        self._follows_system = look is None
        self._settings = settings
        self._painted = False
        self._narrow = False
        #: What the words about the table were made of.
        self._table_told: tuple[object, ...] = ()
        self.setObjectName("window")
        self.setAcceptDrops(True)
        self.setMinimumSize(640, 350)
        self.notices = NoticeBar(self.look)
        self._product_types = None if state_folder is None else state_folder / "products"
        self._panels: _Panels | None = None
        self._seats = {name: _Seat() for name in ("brief", "charts", "material")} if not at_once else {}
        if at_once:
            self._panels = _Panels(session, self.look, self._product_types)
        self.ranking = RankingView(session, self.look)
        self.documents = Documents(session, self.notices, self.look, settings, state_folder, self)
        self._actions = self._make_actions()
        self._toolbar = self._make_toolbar()
        self._middle = self._make_middle()
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("columns")
        self._columns.setHandleWidth(1)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        for number, panel in enumerate((self._part("brief"), self._middle, self._part("material"))):
            self._columns.addWidget(panel)
            # A column is folded away whole or shown whole, never cut.
            panel.setMinimumWidth(COLUMNS[number] if number != 1 else 0)
        self._columns.setSizes(list(COLUMNS))
        self._columns.setStretchFactor(0, 0)
        self._columns.setStretchFactor(1, 1)
        self._columns.setStretchFactor(2, 0)
        self._status = self._make_status()
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._toolbar, self.notices, self._columns, self._tabs, self._status):
            column.addWidget(part, 1 if part in (self._columns, self._tabs) else 0)
        self._tabs.hide()
        self.setCentralWidget(centre)
        session.answered.connect(self._answered)
        session.ascertained.connect(self._ascertained)
        session.changed.connect(self._session_changed)
        session.noted.connect(self.notices.show_problem)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_theme_changed)
        self.apply_theme(self.look)
        self._answered(session.answer)
        self._session_changed()
        self.restore_layout()
        self.ranking.setFocus()
        self._recovery = Recovery(session, state_folder, self) if state_folder is not None else None
        self.notices.accepted.connect(self._restore)
        self.notices.dismissed.connect(self._forget)
        self._offer_recovery()

    # --- panels --------------------------------------------------------------------------------------------------

    @property
    def brief(self) -> BriefPanel:
        """The brief panel."""
        return self._furnished().brief

    @property
    def charts(self) -> ChartPanel:
        """The chart area."""
        return self._furnished().charts

    @property
    def material(self) -> MaterialPanel:
        """The material panel."""
        return self._furnished().material

    def _part(self, name: Literal["brief", "charts", "material"]) -> BriefPanel | ChartPanel | MaterialPanel | _Seat:
        """A panel, or the seat kept for it."""
        built = self._panels
        if built is None:
            return self._seats[name]
        return built.brief if name == "brief" else built.charts if name == "charts" else built.material

    def _furnished(self) -> _Panels:
        """The panels beside the ranking; built now where they are not there yet."""
        if self._panels is not None:
            return self._panels
        built = self._panels = _Panels(self.session, self.look, self._product_types)
        for splitter, panel, name in (
            (self._columns, built.brief, "brief"),
            (self._rows, built.charts, "charts"),
            (self._columns, built.material, "material"),
        ):
            seat = self._seats[name]
            if name != "charts":
                panel.setMinimumWidth(seat.minimumWidth())
            if (tab := self._tabs.indexOf(seat)) >= 0:
                title, shown = self._tabs.tabText(tab), self._tabs.currentIndex()
                self._tabs.removeTab(tab)
                self._tabs.insertTab(tab, panel, title)
                self._tabs.setCurrentIndex(shown)
            else:
                sizes = splitter.sizes()
                splitter.replaceWidget(splitter.indexOf(seat), panel)
                panel.show()
                splitter.setSizes(sizes)
            seat.deleteLater()
        self._seats.clear()
        self._tab_past(built.brief, self.ranking)
        return built

    @staticmethod
    def _tab_past(first: QWidget, then: QWidget) -> None:
        """Let the Tab key come to one panel before the other, though it was built later."""
        last = [first, *first.findChildren(QWidget)][-1]
        for widget in [then, *then.findChildren(QWidget)]:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(last, widget)
                last = widget

    @Slot()
    def _furnish(self) -> None:
        self._furnished()
        self.session.start_certainty()

    # --- parts ---------------------------------------------------------------------------------------------------

    def _make_actions(self) -> dict[str, QAction]:
        """Every command once: text, icon, shortcut and what it does; menus and toolbar draw on this table."""
        keys = QKeySequence.StandardKey
        table = (
            ("new", self.tr("New"), self.tr("Start an empty brief"), keys.New, self.documents.new),
            (
                "open",
                self.tr("Open"),
                self.tr("Open a brief, a project or a material table"),
                keys.Open,
                self.documents.ask_open,
            ),
            ("save", self.tr("Save"), self.tr("Save the brief or the project"), keys.Save, self.documents.save),
            (
                "save-as",
                self.tr("Save as…"),
                self.tr("Save under another name, as a project or the brief alone"),
                keys.SaveAs,
                self.documents.save_as,
            ),
            ("undo", self.tr("Undo"), self.tr("Take the last change back"), keys.Undo, self.session.undo),
            ("redo", self.tr("Redo"), self.tr("Make the change again"), keys.Redo, self.session.redo),
            ("find", self.tr("Find a material"), self.tr("Search the ranking"), keys.Find, self.find_material),
            (
                "revision",
                self.tr("What changed since…"),
                self.tr("Whether the decision still holds: the ranking under an older table and under this one"),
                None,
                self.documents.show_revision,
            ),
            ("theme", self.tr("Light or dark"), self.tr("Change between light and dark"), None, self.toggle_theme),
            (
                "bundled",
                self.tr("Bundled table"),
                self.tr("Rank the table shipped with the program"),
                None,
                self.documents.use_bundled,
            ),
            (
                "table",
                self.tr("Open a table…"),
                self.tr("Look at a material table of your own and use it: CSV, XLSX, XLS, ODS"),
                None,
                self.documents.ask_table,
            ),
            (
                "paste",
                self.tr("Paste a table…"),
                self.tr("Use cells copied out of a spreadsheet as materials"),
                None,
                self.documents.paste_table,
            ),
            (
                "quotes",
                self.tr("Add quotes…"),
                self.tr("Put a supplier's price list over the prices of the table"),
                None,
                self.documents.ask_quotes,
            ),
            (
                "cloth",
                self.tr("Design a cloth…"),
                self.tr("Work a cloth out from fibre, yarn, weave, mass and coat, and rank it"),
                None,
                self.design_cloth,
            ),
            (
                "report",
                self.tr("Enter lab report…"),
                self.tr("Lay the figures of a test report over those of the material looked at"),
                None,
                self.enter_report,
            ),
            (
                "sample",
                self.tr("Sample…"),
                self.tr("Where the sample of the material looked at stands and lies, with a photo of your own"),
                None,
                self.show_sample,
            ),
            (
                "own",
                self.tr("Own figures…"),
                self.tr("Your figures over those of the table; take them back"),
                None,
                self.show_own_figures,
            ),
            (
                "measured",
                self.tr("Measured and supplier figures alone (A, B)"),
                self.tr("Rank without figures by rule and judgement: they become gaps"),
                None,
                self.toggle_measured,
            ),
            (
                "cautious",
                self.tr("Missing figures: worse end"),
                self.tr("Order as if a figure that is not known were at the worse end of what is plausible"),
                None,
                self.take_gaps_cautiously,
            ),
            (
                "neutral",
                self.tr("Missing figures: mean"),
                self.tr("Order as if a figure that is not known were worth the mean of what is plausible"),
                None,
                self.take_gaps_neutrally,
            ),
            (
                "hopeful",
                self.tr("Missing figures: better end"),
                self.tr("Order as if a figure that is not known were at the better end of what is plausible"),
                None,
                self.take_gaps_hopefully,
            ),
            (
                "export-table",
                self.tr("Export the table…"),
                self.tr("The table that is ranked, own figures marked, as XLSX or CSV"),
                None,
                self.documents.ask_export_table,
            ),
            (
                "template",
                self.tr("Blank template…"),
                self.tr("A workbook to fill in, with units and drop-down lists"),
                None,
                self.documents.ask_template,
            ),
            (
                "csv",
                self.tr("Ranking as CSV…"),
                self.tr("Every material with score and contributions"),
                None,
                self.documents.ask_csv,
            ),
            (
                "json",
                self.tr("Ranking as JSON…"),
                self.tr("The whole ranking for other programs"),
                None,
                self.documents.ask_json,
            ),
            (
                "picture",
                self.tr("Picture of the window…"),
                self.tr("This window as PNG"),
                None,
                self.documents.ask_picture,
            ),
            ("layout", self.tr("Reset layout"), self.tr("Put every panel back where it was"), None, self.reset_layout),
            (
                "proof",
                self.tr("Published cases…"),
                self.tr("Work published decision tables out again, here"),
                None,
                self.show_proof,
            ),
            ("keys", self.tr("Keys…"), self.tr("Every command that has a key"), keys.HelpContents, self.show_keys),
            ("about", self.tr("About…"), self.tr("Version, licence and sources"), None, self.show_about),
            ("quit", self.tr("Quit"), self.tr("Close the program"), keys.Quit, self.close),
        )
        found: dict[str, QAction] = {}
        for name, text, tip, key, work in table:
            action = QAction(text, self)
            action.setObjectName(name)
            action.setToolTip(tip)
            action.setStatusTip(tip)
            if key is not None:
                action.setShortcuts(key)
            action.triggered.connect(work)
            self.addAction(action)
            found[name] = action
        return found

    def _make_toolbar(self) -> QWidget:
        bar = QFrame(self)
        bar.setProperty("surface", "panel")
        bar.setFixedHeight(42)
        bar.setAccessibleName(self.tr("Toolbar"))
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(6)
        self._title = ElidedLabel(self.look, kind="title", bold=True, parent=bar)
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row.addWidget(self._title)
        self._briefs_button = briefs = QToolButton(bar)
        briefs.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        briefs.setProperty("kind", "quiet")
        briefs.setToolTip(self.tr("Briefs of this project: versions, title"))
        briefs.setAccessibleName(self.tr("Briefs of this project"))
        briefs.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        briefs.setMenu(self.documents.briefs_menu)
        # An arrow and no word: as wide as a target has to be, so that it stands by its title.
        briefs.setFixedWidth(26)
        row.addWidget(briefs)
        #: Buttons with words beside their icons where there is room for them.
        self._worded_buttons: list[QToolButton] = []
        for name in ("new", "open", "save", "undo", "redo"):
            button = QToolButton(bar)
            button.setDefaultAction(self._actions[name])
            button.setProperty("kind", "quiet")
            button.setToolButtonStyle(
                Qt.ToolButtonStyle.ToolButtonIconOnly if name == "redo" else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            )
            button.setAccessibleName(self._actions[name].text())
            if name == "open":
                self._split(button, self.documents.recent_menu)
            elif name == "save":
                more = QMenu(button)
                more.addAction(self._actions["save-as"])
                self._split(button, more)
            row.addWidget(button)
            if name != "redo":
                self._worded_buttons.append(button)
        self._undo_text = ElidedLabel(self.look, ink="ink3", parent=bar)
        # Its words change with every frame of a drag and have no say in its width: it takes what the buttons leave.
        self._undo_text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row.addWidget(self._undo_text, 1)
        theme_button = QToolButton(bar)
        theme_button.setDefaultAction(self._actions["theme"])
        theme_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        theme_button.setAccessibleName(self._actions["theme"].text())
        row.addWidget(theme_button)
        self._table_button = self._menu_button(bar, "table", self.tr("Table"), _TABLE_MENU)
        for name in ("measured", *GAP_POLICIES):
            self._actions[name].setCheckable(True)
        export = self._menu_button(bar, "export", self.tr("Export"), ("csv", "json", "picture", "", "layout"))
        for button in (self._table_button, export):
            row.addWidget(button)
            self._worded_buttons.append(button)
        about = self._menu_button(bar, "help", self.tr("Help"), ("keys", "proof", "about"))
        about.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        row.addWidget(about)
        return bar

    @staticmethod
    def _split(button: QToolButton, menu: QMenu) -> None:
        """Give a button of the toolbar an arrow of its own that opens a menu."""
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        button.setStyleSheet("QToolButton::menu-button { border: none; width: 18px; }")

    def _menu_button(self, parent: QWidget, name: str, text: str, entries: tuple[str, ...]) -> QToolButton:
        button = QToolButton(parent)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        for entry in entries:
            if entry:
                menu.addAction(self._actions[entry])
            else:
                menu.addSeparator()
        button.setMenu(menu)
        return button

    def _make_middle(self) -> QWidget:
        self._rows = QSplitter(Qt.Orientation.Vertical)
        self._rows.setObjectName("rows")
        self._rows.setHandleWidth(8)
        self._rows.addWidget(self.ranking)
        self._rows.addWidget(self._part("charts"))
        self._rows.setSizes(list(ROWS))
        self._rows.setStretchFactor(0, 3)
        self._rows.setStretchFactor(1, 2)
        self._rows.setCollapsible(0, False)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._rows)
        return middle

    def _make_status(self) -> QWidget:
        bar = QFrame(self)
        bar.setProperty("surface", "panel")
        bar.setFixedHeight(26)
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(18)
        self._counts = QLabel(bar)
        self._counts.setProperty("ink", "2")
        self._counts.setProperty("type", "caption")
        self._methods = MethodsLine(self.look, bar)
        self._methods.clicked.connect(self.show_opinions)
        self._layers = ElidedLabel(self.look, ink="ink2", kind="caption", parent=bar)
        self._layers.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._footing = ElidedLabel(self.look, ink="ink2", kind="caption", parent=bar)
        # The names give way, not the counts.
        self._counts.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        row.addWidget(self._counts)
        self._evidence = ElidedLabel(self.look, ink="ink2", kind="caption", parent=bar)
        row.addWidget(self._methods)
        row.addWidget(self._evidence)
        row.addWidget(self._layers, 1)
        row.addWidget(self._footing)
        return bar

    # --- what is shown -------------------------------------------------------------------------------------------

    @Slot(object)
    def _answered(self, answer: Answer) -> None:
        self._counts.setText(
            self.tr("<b>{passing}</b> of {all} pass, <b>{meeting}</b> meet every demand").format(
                passing=words.number(answer.ranking.passing),
                all=words.number(len(answer.table)),
                meeting=words.number(answer.meeting_all),
            )
        )
        names = [layer.name for layer in answer.terms.layers]
        places = [scene.name for scene in answer.conditions() if scene.name]
        self._layers.set_text(" · ".join([*names, *places]))
        self._show_evidence(answer)
        told = (answer.table, self.session.stock, QLocale().name())
        if told == self._table_told:
            return  # in a drag the table stays what it is
        self._table_told = told
        self._footing.set_text(
            self.tr("additive value · table {name} · {hash}").format(
                name=self._table_name(), hash=f"{answer.table.sha256[:4]}…"
            )
        )
        self._footing.setToolTip(f"{self._footing.text()}\n{answer.table.sha256}")
        named = self.tr("Table: {name}").format(name=self._table_name())
        if named != self._table_button.toolTip():
            metrics = self._table_button.fontMetrics()
            self._table_button.setText(metrics.elidedText(named, Qt.TextElideMode.ElideMiddle, TABLE_NAME_WIDTH))
            self._table_button.setToolTip(named)
            self._table_button.setAccessibleName(named)
        self._actions["measured"].setChecked(self.session.stock.measured)

    def _show_evidence(self, answer: Answer) -> None:
        """How much of the first place's score rests on figures somebody measured or states."""
        from advisor.grades import measured_share

        first = answer.ranking.passing_rows()[:1]
        share = measured_share(answer, int(first[0])) if len(first) else None
        if share is None:
            self._evidence.set_text("")
            return
        text = self.tr("Evidence behind first place: {share} % measured or supplier")
        self._evidence.set_text(text.format(share=words.number(100 * share)))
        self._evidence.setToolTip(
            self.tr(
                "How much of the score comes from figures of grade A or B or of your own;"
                " the rest comes from rules, judgement and gaps"
            )
        )

    @Slot(object)
    def _ascertained(self, certain: Certainty | None) -> None:
        """Second opinions belong to the settled answer: they come with the win shares, not with every drag frame."""
        answer = self.session.answer
        if certain is None:
            return
        if not 1 < answer.ranking.passing <= MOST_FOR_OPINIONS:
            self._methods.hide()
            return
        from advisor.opinions import opinions

        self._methods.show_agreement(opinions(answer))

    def _table_name(self) -> str:
        """What is ranked, in a few words: the table, what was put over it, and which grades count."""
        stock = self.session.stock
        name = stock.base.name
        if stock.base is bundled():
            name = self.tr("bundled {version}").format(version=stock.base.version)
        parts = [name, *(table.name for table in stock.added)]
        if stock.specs:
            parts.append(self.tr("%n designed", "", len(stock.specs)))
        if stock.figures:
            parts.append(self.tr("%n own", "", len(stock.figures)))
        if any(mark.report for mark in stock.overrides):
            parts.append(self.tr("%n tested", "", sum(mark.report for mark in stock.overrides)))
        text = " + ".join(parts)
        return self.tr("{table}, A and B alone").format(table=text) if stock.measured else text

    @Slot()
    def _session_changed(self) -> None:
        session = self.session
        title, file = session.title or self.tr("New brief"), session.path.name if session.path is not None else ""
        modified = session.modified
        self._title.set_text(f"{title} •" if modified else title)
        count = len(session.briefs)
        self._briefs_button.setText(self.tr("%n briefs", "", count) if count > 1 else "")
        self._title.setToolTip("\n".join(filter(None, (title, str(session.path or ""), self._file_state(modified)))))
        named = file if title == session.file_title else self.tr("{title} – {file}").format(title=title, file=file)
        named = named if file else title
        if session.read_only:
            named = self.tr("{file} (read-only)").format(file=named)
        self.setWindowTitle(self.tr("{title}[*] – Material Advisor").format(title=named))
        self.setWindowModified(modified)
        self._actions["undo"].setEnabled(bool(session.undo_label))
        self._actions["redo"].setEnabled(bool(session.redo_label))
        self._actions["redo"].setToolTip(
            self.tr("Redo: {change}").format(change=session.redo_label) if session.redo_label else self.tr("Redo")
        )
        self._undo_text.set_text(session.undo_label)
        for policy in GAP_POLICIES:
            self._actions[policy].setChecked(session.brief.gaps == policy)

    def _file_state(self, modified: bool) -> str:
        """How the work stands to its file, in words."""
        if self.session.read_only:
            return self.tr("of a newer program: read-only")
        return self.tr("changes not saved") if modified else ""

    @Slot()
    def find_material(self) -> None:
        """Put the cursor into the search field of the ranking."""
        if self._narrow:
            self._tabs.setCurrentWidget(self.ranking)
        self.ranking.focus_search()

    def apply_theme(self, look: Theme) -> None:
        """Take another theme, everywhere."""
        self.look = self.documents.look = look
        application = QApplication.instance()
        # Setting a style sheet polishes every widget anew, so it is set only where it changes.
        if isinstance(application, QApplication) and application.property("look") != look.name:
            application.setProperty("look", look.name)
            application.setPalette(palette(look))
            application.setStyleSheet(stylesheet(look))
        for name, action in self._actions.items():
            if name in ("new", "open", "save", "undo", "redo", "theme", "table"):
                action.setIcon(icon(name, look, mirrored=name in ("undo", "redo") and self.isRightToLeft()))
        for button in self._toolbar.findChildren(QToolButton):
            if button.objectName():
                button.setIcon(icon(button.objectName(), look))
        restyle(self, look)
        for view in (self._part("brief"), self.ranking, self._part("charts"), self._part("material")):
            if not isinstance(view, Themed):
                view.apply_theme(look)

    @Slot()
    def toggle_theme(self) -> None:
        """Change between light and dark; the window no longer follows the system."""
        self._follows_system = False
        name: ThemeName = "light" if self.look.dark else "dark"
        self.apply_theme(theme(name))
        if self._settings is not None:
            self._settings.setValue("theme", name)

    @Slot()
    def _system_theme_changed(self) -> None:
        if self._follows_system:
            self.apply_theme(theme(system_theme()))

    def show_chart(self, name: str) -> None:
        """Bring a chart to the front."""
        self.charts.show_chart(name)
        if self._narrow:
            self._tabs.setCurrentWidget(self.charts)

    # --- work brought back ---------------------------------------------------------------------------------------

    def _offer_recovery(self) -> None:
        if self._recovery is not None and self._recovery.found:
            self.notices.offer(
                self.tr("The program did not end well last time. Unsaved work was kept."),
                self.tr("Bring it back"),
                _RECOVERY,
            )

    @Slot(str)
    def _restore(self, name: str) -> None:
        if name == _RECOVERY and self._recovery is not None:
            self._recovery.restore()
            self._offer_recovery()

    @Slot(str)
    def _forget(self, name: str) -> None:
        if name == _RECOVERY and self._recovery is not None:
            self._recovery.drop()
            self._offer_recovery()

    # --- shape ---------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_narrow(self.width() < NARROW)

    def _set_narrow(self, narrow: bool) -> None:
        """Three columns side by side, or a tab for each view where there is no room for them."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        if narrow:
            titles = (self.tr("Brief"), self.tr("Ranking"), self.tr("Charts"), self.tr("Material"))
            for panel, title in zip(
                (self._part("brief"), self.ranking, self._part("charts"), self._part("material")), titles, strict=True
            ):
                self._tabs.addTab(panel, title)
            self._tabs.setCurrentIndex(1)
        else:
            while self._tabs.count():
                self._tabs.removeTab(0)
            for panel in (self.ranking, self._part("charts")):
                self._rows.addWidget(panel)
                panel.show()
            self._rows.setSizes(list(ROWS))
            for part in (self._part("brief"), self._middle, self._part("material")):
                self._columns.addWidget(part)
                part.show()
            self._columns.setSizes(list(COLUMNS))
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self._worded_buttons:
            button.setToolButtonStyle(style)
        self._tabs.setVisible(narrow)
        self._columns.setVisible(not narrow)

    def restore_layout(self) -> None:
        """Put the splitters where the user left them."""
        if self._settings is None:
            return
        for name, part in (("columns", self._columns), ("rows", self._rows)):
            state = self._settings.value(f"layout/{name}")
            if isinstance(state, QByteArray) and not state.isEmpty():
                part.restoreState(state)
        if not self._narrow and not self._columns.sizes()[1]:
            self.reset_layout()  # kept of a window whose panels were tabs: the ranking would have no room
        geometry = self._settings.value("layout/window")
        if isinstance(geometry, QByteArray) and not geometry.isEmpty():
            self.restoreGeometry(geometry)

    @Slot()
    def reset_layout(self) -> None:
        """Put every panel back where it was at first."""
        self._columns.setSizes(list(COLUMNS))
        self._rows.setSizes(list(ROWS))

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._first_painted)

    @Slot()
    def _first_painted(self) -> None:
        self.ready.emit()
        QTimer.singleShot(0, self._furnish)

    # --- files ---------------------------------------------------------------------------------------------------

    @Slot()
    def design_cloth(self) -> None:
        """Open the cloth builder."""
        from ui.cloth_dialog import ClothDialog

        dialog = ClothDialog(self.session, self.look, self)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()

    @Slot()
    def enter_report(self) -> None:
        """Enter a lab report on the material looked at."""
        self.material.evidence.open_report()

    @Slot()
    def show_sample(self) -> None:
        """Open the sample of the material looked at."""
        self.material.evidence.open_sample()

    @Slot()
    def show_own_figures(self) -> None:
        """List the user's figures over the table, to take them back."""
        from ui.own_figures_dialog import OwnFiguresDialog

        dialog = OwnFiguresDialog(self.session, self.look, self)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()

    @Slot()
    def take_gaps_cautiously(self) -> None:
        """Order by the worse end of what is plausible for missing figures."""
        self._take_gaps("cautious")

    @Slot()
    def take_gaps_neutrally(self) -> None:
        """Order by the mean of what is plausible for missing figures."""
        self._take_gaps("neutral")

    @Slot()
    def take_gaps_hopefully(self) -> None:
        """Order by the better end of what is plausible for missing figures."""
        self._take_gaps("hopeful")

    def _take_gaps(self, policy: str) -> None:
        self.session.update(self._actions[policy].text(), gaps=policy)
        # The action ticked itself off where the policy is the one in force already.
        self._session_changed()

    @Slot()
    def toggle_measured(self) -> None:
        """Rank on measured, suppliers' and own figures alone, or on all again."""
        stock = self.session.stock
        label = self.tr("All figures") if stock.measured else self.tr("Measured and supplier figures alone")
        self.session.use_stock(replace(stock, measured=not stock.measured), label)

    @Slot()
    def show_proof(self) -> None:
        """Show the published cases, worked out again."""
        from ui.help import ProofDialog

        self._show_sheet(ProofDialog(self.look, self))

    @Slot()
    def show_opinions(self) -> None:
        """Show what other methods put first, and why they differ."""
        from ui.opinions import OpinionsDialog

        self._show_sheet(OpinionsDialog(self.session, self))

    @Slot()
    def show_keys(self) -> None:
        """Show every command that has a key."""
        from ui.help import KeysDialog

        self._show_sheet(KeysDialog(self.actions(), self))

    @Slot()
    def show_about(self) -> None:
        """Show version, licence and sources."""
        from ui.help import AboutDialog

        self._show_sheet(AboutDialog(self))

    def _show_sheet(self, sheet: QDialog) -> None:
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.setModal(False)
        sheet.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.documents.drop(Path(event.mimeData().urls()[0].toLocalFile()))

    @Slot(str)
    def show_crash(self, report: str) -> None:
        """Tell of a fault of ours; the brief is kept and the program goes on."""
        if self._recovery is not None:
            self._recovery.keep()
        dialog = CrashDialog(report, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.documents.may_leave():
            event.ignore()
            return
        if self._settings is not None:
            if not self._narrow:  # with every panel in a tab the splitters hold nothing worth keeping
                self._settings.setValue("layout/columns", self._columns.saveState())
                self._settings.setValue("layout/rows", self._rows.saveState())
            self._settings.setValue("layout/window", self.saveGeometry())
        for child in self.findChildren(QDialog):
            child.close()
        if self._recovery is not None:
            self._recovery.close()
        self.session.close()
        event.accept()
