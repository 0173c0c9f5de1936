"""Documents: the commands on files: briefs, projects, tables opened and saved; rankings and tables written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QObject, QSettings, Qt, Slot
from PySide6.QtGui import QAction, QFont, QFontMetrics
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QMenu, QMessageBox, QWidget

from advisor.brief import Brief, read_document
from advisor.files import write_whole
from advisor.materials import bundled, read_table
from advisor.problems import AdvisorError, Problem
from advisor.records import SUFFIX
from ui.notices import NoticeBar
from ui.session import Kind, Session
from ui.theme import Theme

#: Recent files remembered.
MOST_RECENT: Final = 8
#: How a brief's file name ends.
BRIEF_SUFFIX: Final = ".brief.json"
#: The offer to say what changed since a project was made.
REVISION: Final = "revision"


class Documents(QObject):
    """The commands on files of one window.

    Attributes:
        recent_menu: documents opened or saved lately; ``briefs_menu``: the briefs of the project.

    Args:
        session: whose brief, project and table are opened and saved.
        notices: where a refusal is shown.
        look: the theme of dialogs; the window sets it anew when it takes another one.
        settings: where recent files are remembered; None for this run alone.
        state_folder: where import profiles and tables are kept; None remembers nothing.
        window: what dialogs stand over, and what a picture is taken of.
    """

    def __init__(
        self,
        session: Session,
        notices: NoticeBar,
        look: Theme,
        settings: QSettings | None,
        state_folder: Path | None,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.session = session
        self.notices = notices
        self.look = look
        self._settings = settings
        self._state_folder = state_folder
        self._window = window
        said = settings.value("recent") if settings is not None else None
        listed = [said] if isinstance(said, str) and said else said if isinstance(said, list) else []
        self._recent = [Path(name) for name in listed if isinstance(name, str) and name][:MOST_RECENT]
        self.recent_menu = self._menu(self.tr("Recent files"))
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        self.recent_menu.triggered.connect(self._recent_chosen)
        self.briefs_menu = self._menu(self.tr("Briefs"))
        self.briefs_menu.aboutToShow.connect(self._fill_briefs)
        self.briefs_menu.triggered.connect(self._brief_chosen)
        notices.accepted.connect(self._accepted)

    def _menu(self, title: str) -> QMenu:
        menu = QMenu(title, self._window)
        menu.setToolTipsVisible(True)
        return menu

    # --- opening -------------------------------------------------------------------------------------------------

    def open_path(self, path: Path) -> bool:
        """Open a brief, a project or a table, told apart by what is in it; a refusal is shown and changes nothing."""
        from advisor.project import is_document  # files are seldom the first thing asked for

        try:
            if is_document(path):
                told = self.session.open(path)
            else:
                table = read_table(path)
                self.session.use_table(table, self.tr("Table {name}").format(name=path.name))
                for problem in table.warnings[:1]:
                    self.notices.show_problem(problem)
                return True
        except AdvisorError as error:
            self.notices.show_error(error)
            return False
        self._remember(path)
        self._tell(told)
        return True

    def _tell(self, told: tuple[Problem, ...]) -> None:
        """Show what the user should know of the file just opened."""
        self.notices.clear()
        lines = [problem.line() for problem in told]
        if self.session.brief.method != "additive":
            lines.append(
                self.tr(
                    "This brief orders by another method. The window shows the additive value; rank shows the other."
                )
            )
        if not lines:
            return
        text = lines[0]
        if self.session.records.made_on is not None:
            text = self.tr("This project was made on another version of the table.")
        if len(lines) > 1:
            text = self.tr("{first} (and %n more)", "", len(lines) - 1).format(first=text)
        if self.session.records.made_on is not None:
            self.notices.offer(text, self.tr("What changed since"), REVISION, "\n".join(lines))
        else:
            self.notices.show_text(text, "\n".join(lines))

    @Slot(str)
    def _accepted(self, name: str) -> None:
        if name == REVISION:
            self.show_revision()

    @Slot()
    def show_revision(self) -> QDialog:
        """Show whether the decision still holds: the ranking on the table it was made on beside today's."""
        from ui.revision_dialog import RevisionDialog

        dialog = RevisionDialog(self.session, self.look, self._folder("tables"), self._window)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()
        return dialog

    def may_leave(self, for_brief: bool = False) -> bool:
        """Whether the present work may be dropped; asks when it has unsaved changes.

        ``for_brief``: another brief takes its place, and tables and figures outside a project stay.
        """
        session = self.session
        kept = for_brief and session.kind == "brief"
        if not (session.words_modified if kept else session.modified):
            return True
        button = QMessageBox.StandardButton
        answer = self.ask_unsaved()
        if answer == button.Save:
            return self.save()
        return answer == button.Discard

    def ask_unsaved(self) -> QMessageBox.StandardButton:
        """Ask what to do with unsaved changes."""
        button = QMessageBox.StandardButton
        said = self.tr("The brief has changes that are not saved.")
        if self.session.beyond_brief:
            said = self.tr("The brief, or your own figures, quotes and remarks, have changes that are not saved.")
        return QMessageBox.question(
            self._window, self.tr("Unsaved changes"), said, button.Save | button.Discard | button.Cancel, button.Save
        )

    @Slot()
    def new(self) -> None:
        """Start an empty brief."""
        if self.may_leave(for_brief=True):
            self.session.new()
            self.notices.clear()

    @Slot()
    def ask_open(self) -> None:
        """Ask for a brief or project and open it, or for a table and show it before it is used."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open"),
            self._start_folder(),
            self.tr("Briefs, projects and tables (*.json *.csv *.txt *.tsv *.xlsx *.xls *.ods);;All files (*)"),
        )
        if name:
            self.drop(Path(name))

    def drop(self, path: Path) -> None:
        """Take a file the user chose or dropped: a document is opened, a table is shown before it is used."""
        from advisor.project import is_document

        if not is_document(path):
            self.take_in(path)
        elif self.may_leave(for_brief=_holds(path) == "brief"):
            self.open_path(path)

    # --- recent files --------------------------------------------------------------------------------------------

    @property
    def recent(self) -> tuple[Path, ...]:
        """Documents opened or saved lately, newest first."""
        return tuple(self._recent)

    def _remember(self, path: Path) -> None:
        path = path.absolute()
        self._keep_recent([path, *(other for other in self._recent if other != path)][:MOST_RECENT])

    def _keep_recent(self, paths: list[Path]) -> None:
        self._recent = paths
        if self._settings is not None:
            self._settings.setValue("recent", [str(path) for path in paths])

    @Slot()
    def _fill_recent(self) -> None:
        """The menu of recent files, made anew whenever it opens."""
        menu = self.recent_menu
        menu.clear()
        names = [path.name for path in self._recent]
        for path in self._recent:
            text = path.name if names.count(path.name) == 1 else f"{path.name} – {path.parent.name}"
            action = menu.addAction(text.replace("&", "&&"))
            action.setData(str(path))
            action.setToolTip(str(path))
            action.setEnabled(path.exists())
        if self._recent:
            menu.addSeparator()
            menu.addAction(self.tr("Forget these")).setData("")
        else:
            menu.addAction(self.tr("No file was opened yet")).setEnabled(False)

    @Slot(QAction)
    def _recent_chosen(self, action: QAction) -> None:
        name = action.data()
        if name:
            self.drop(Path(name))
        elif name == "":
            self._keep_recent([])

    # --- several briefs ------------------------------------------------------------------------------------------

    def brief_name(self, brief: Brief) -> str:
        """What a brief is called in a list of several."""
        named = brief.title or (self.session.file_title if brief == self.session.brief else "")
        return named or self.tr("Brief without a title")

    @Slot()
    def _fill_briefs(self) -> None:
        """The menu of the project's briefs, made anew whenever it opens."""
        menu, session = self.briefs_menu, self.session
        menu.clear()
        for number, brief in enumerate(session.briefs):
            action = menu.addAction(self.brief_name(brief).replace("&", "&&"))
            action.setData(("switch", number))
            action.setCheckable(True)
            action.setChecked(number == 0)
        menu.addSeparator()
        menu.addAction(self.tr("New version of this brief")).setData(("copy", 0))
        menu.addAction(self.tr("Further empty brief")).setData(("empty", 0))
        menu.addSeparator()
        menu.addAction(self.tr("Title…")).setData(("title", 0))
        remove = menu.addAction(self.tr("Remove this brief"))
        remove.setData(("remove", 0))
        remove.setEnabled(bool(session.records.others))

    @Slot(QAction)
    def _brief_chosen(self, action: QAction) -> None:
        what, number = action.data()
        session = self.session
        if what == "switch" and number:
            session.switch_brief(number, self.tr("Brief {title}").format(title=self.brief_name(session.briefs[number])))
        elif what == "copy":
            self.add_version()
        elif what == "empty":
            session.add_brief(Brief(), self.tr("Further brief"))
        elif what == "title":
            self.ask_title()
        elif what == "remove":
            session.remove_brief(self.tr("Brief removed"))

    @Slot()
    def add_version(self) -> None:
        """Go on with a copy of the brief; the present one is kept beside it as it is."""
        session = self.session
        stem = session.title or self.tr("Brief")
        head, _, tail = stem.rpartition(" ")
        stem = head if head and tail.isdecimal() else stem
        taken, number = {brief.title for brief in session.briefs} | {stem}, 2
        while (title := f"{stem} {number}") in taken:
            number += 1
        session.add_brief(replace(session.brief, title=title), self.tr("Version {title}").format(title=title))

    @Slot()
    def ask_title(self) -> None:
        """Ask for the brief's title."""
        title, said = QInputDialog.getText(
            self._window, self.tr("Title"), self.tr("Title of the brief"), text=self.session.title
        )
        if said:
            self.session.update(self.tr("Title"), title=" ".join(title.split()))

    # --- saving --------------------------------------------------------------------------------------------------

    @Slot()
    def save(self) -> bool:
        """Save the document in its file; asks for one where it has none, or where a brief's file holds too little."""
        session = self.session
        if session.path is None or session.read_only:
            return self.save_as()
        if session.kind == "brief" and session.beyond_brief:
            kind = self.ask_kind()
            return False if kind is None else self.save_as() if kind == "project" else self._save(session.path, "brief")
        return self._save(session.path, session.kind)

    def ask_kind(self) -> Kind | None:
        """Ask whether to save a project or the brief alone, None for neither."""
        chosen = self._choose(
            self.tr("Save"),
            self.tr("A brief's file holds the brief alone."),
            self.tr("Own cloths, figures, quotes and remarks need a project."),
            (self.tr("Save a project…"), self.tr("Save the brief alone")),
        )
        kinds: tuple[Kind, Kind] = ("project", "brief")
        return None if chosen is None else kinds[chosen]

    def _choose(self, title: str, said: str, more: str, options: tuple[str, str]) -> int | None:
        """Ask which of two ways to go, the first by default; None for neither."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(title)
        box.setText(said)
        box.setInformativeText(more)
        roles = (QMessageBox.ButtonRole.AcceptRole, QMessageBox.ButtonRole.DestructiveRole)
        buttons = [box.addButton(text, role) for text, role in zip(options, roles, strict=True)]
        box.addButton(QMessageBox.StandardButton.Cancel)
        first = buttons[0]
        box.setDefaultButton(first)
        # The default button is printed bold, which its own size does not allow for.
        first.ensurePolished()
        bold = QFont(first.font())
        bold.setBold(True)
        first.setStyleSheet(f"min-width: {QFontMetrics(bold).horizontalAdvance(options[0]) + 8}px")
        box.exec()
        chosen = next((place for place, button in enumerate(buttons) if button is box.clickedButton()), None)
        box.deleteLater()
        return chosen

    @Slot()
    def save_as(self) -> bool:
        """Ask for a file and save there: a project, or the brief alone, by what is chosen."""
        session = self.session
        project, brief = self.tr("Projects (*.project.json)"), self.tr("Briefs (*.brief.json)")
        whole = session.kind == "project" or session.beyond_brief
        ending = SUFFIX if whole else BRIEF_SUFFIX
        start = Path(self._start_folder()) / f"{_file_name(session.title)}{ending}"
        name, kind = QFileDialog.getSaveFileName(
            self._window, self.tr("Save as"), str(start), ";;".join((project, brief) if whole else (brief, project))
        )
        if not name:
            return False
        path = Path(name)
        if path.suffix.casefold() != ".json":
            path = path.with_name(f"{path.name}{BRIEF_SUFFIX if kind == brief else SUFFIX}")
            # The file dialog asked about the name as it was typed, not about this one.
            if path.exists() and not self.ask_replace(path):
                return False
        return self._save(path, session.kind_for(path))

    def ask_replace(self, path: Path) -> bool:
        """Ask whether a file that is there may be replaced."""
        button = QMessageBox.StandardButton
        said = self.tr("{name} is there already. Replace it?").format(name=path.name)
        answer = QMessageBox.question(self._window, self.tr("Save as"), said, button.Yes | button.No, button.No)
        return answer == button.Yes

    def ask_changed(self, path: Path) -> Literal["overwrite", "other", ""]:
        """Ask what to do with a file that was changed on disk since it was read."""
        chosen = self._choose(
            self.tr("Changed on disk"),
            self.tr("{name} was changed by somebody else since it was opened.").format(name=path.name),
            self.tr("Saving over it would lose those changes."),
            (self.tr("Save under another name…"), self.tr("Save over it")),
        )
        return "" if chosen is None else "overwrite" if chosen else "other"

    def _save(self, path: Path, kind: Kind, overwrite: bool = False) -> bool:
        session = self.session
        try:
            session.save(path, kind, overwrite)
        except AdvisorError as error:
            if error.problems[0].code == "changed-on-disk":
                said = self.ask_changed(path)
                return self._save(path, kind, True) if said == "overwrite" else said == "other" and self.save_as()
            self.notices.show_error(error)
            return False
        self.notices.clear()
        self._remember(path)
        if kind == "project":
            self._keep_table()
        elif session.beyond_brief:
            self.notices.show_text(
                self.tr("The brief alone is saved in {name}, without own cloths, figures, quotes and remarks.").format(
                    name=path.name
                )
            )
        return True

    def _keep_table(self) -> None:
        """Keep the shipped table a project is made on, so that a later program can say what changed since."""
        from advisor import archive

        folder = self._folder("tables")
        if folder is not None and self.session.stock.base is bundled():
            try:
                archive.keep(folder / f"{bundled().sha256}{archive.SUFFIX}", bundled())
            except AdvisorError as error:
                self.session.noted.emit(error.problems[0])

    def _start_folder(self) -> str:
        """Where a file dialog begins: beside the open file, else beside the last one."""
        near = self.session.path or (self._recent[0] if self._recent else None)
        return str(near.absolute().parent) if near is not None else ""

    # --- tables --------------------------------------------------------------------------------------------------

    @Slot()
    def use_bundled(self) -> None:
        """Rank the bundled table."""
        if self.session.table is not bundled():
            self.session.use_table(bundled(), self.tr("Bundled table"))

    @Slot()
    def ask_table(self) -> None:
        """Ask for a table, show it as it will be read, and rank it once the user says so."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a table"),
            "",
            self.tr("Tables (*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.ods);;All files (*)"),
        )
        if name:
            self.take_in(Path(name))

    def take_in(self, path: Path | None) -> QDialog:
        """Show a table of one's own before it is used: a file's, or (None) what was copied."""
        from ui.intake_dialog import IntakeDialog

        dialog = IntakeDialog(self.session, self.look, self._folder("import-profiles"), self._window)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()
        if path is None:
            dialog.paste()
        else:
            dialog.open_file(path)
        return dialog

    def _folder(self, name: str) -> Path | None:
        return None if self._state_folder is None else self._state_folder / name

    @Slot()
    def paste_table(self) -> None:
        """Show copied cells as they will be read, and rank them once the user says so."""
        self.take_in(None)

    @Slot()
    def ask_quotes(self) -> None:
        """Ask for a price list and show its articles matched to materials."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Add quotes"),
            "",
            self.tr("Price lists (*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.ods);;All files (*)"),
        )
        if name:
            self.take_quotes(Path(name))

    def take_quotes(self, path: Path) -> QDialog:
        """Show a price list before its prices are used."""
        from ui.quotes_dialog import QuotesDialog

        dialog = QuotesDialog(self.session, self.look, self._folder("import-profiles"), self._window)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()
        dialog.open_file(path)
        return dialog

    @Slot()
    def ask_export_table(self) -> None:
        """Ask for a file and write the table that is ranked."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export the table"), "materials.xlsx", self.tr("Workbook (*.xlsx);;CSV (*.csv)")
        )
        if name:
            self.export_table(Path(name))

    def export_table(self, path: Path) -> None:
        """Write the table that is ranked: CSV by its ending, else XLSX."""
        from advisor.merge import table_csv, table_xlsx

        stock = self.session.stock
        csv = path.suffix.casefold() == ".csv"
        self._write(path, table_csv(stock.table) if csv else table_xlsx(stock.table, stock.overrides))

    @Slot()
    def ask_template(self) -> None:
        """Ask for a file and write a blank table to fill in."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Blank template"), "template.xlsx", self.tr("Workbook (*.xlsx)")
        )
        if name:
            from advisor.merge import template_xlsx

            self._write(Path(name), template_xlsx())

    @Slot()
    def ask_csv(self) -> None:
        """Ask for a file and write the ranking as CSV."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save ranking"), "ranking.csv", self.tr("CSV (*.csv)")
        )
        if name:
            from advisor.__main__ import ranking_csv

            certain = self.session.ascertain()
            # A byte order mark tells spreadsheets that this is UTF-8.
            self._write(Path(name), ("\ufeff" + ranking_csv(self.session.answer, certain)).encode())

    @Slot()
    def ask_json(self) -> None:
        """Ask for a file and write the ranking as JSON."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Ranking as JSON"), "ranking.json", self.tr("JSON (*.json)")
        )
        if name:
            from advisor.__main__ import ranking_json_text

            certain = self.session.ascertain()
            self._write(Path(name), ranking_json_text(self.session.answer, certain).encode())

    @Slot()
    def ask_picture(self) -> None:
        """Ask for a file and write this window as PNG."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save picture"), "window.png", self.tr("PNG (*.png)")
        )
        if name:
            from ui.snapshot import png_of

            self._write(Path(name), png_of(self._window))

    def _write(self, path: Path, content: bytes) -> None:
        try:
            write_whole(path, content)
        except AdvisorError as error:
            self.notices.show_error(error)


def _holds(path: Path) -> str:
    """Whether a file holds a ``brief`` or a ``project``, "" for neither."""
    from advisor.project import document_format

    try:
        return document_format(read_document(path, "brief or project"))
    except AdvisorError:
        return ""


def _file_name(title: str) -> str:
    """A title as a file name that every system takes."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "-", title).strip(" .-")[:80]
