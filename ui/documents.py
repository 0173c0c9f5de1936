"""Documents: the commands on files: briefs and tables opened, saved and dropped in, rankings and tables written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from advisor.files import write_whole
from advisor.materials import bundled, read_table
from advisor.problems import AdvisorError
from ui.notices import NoticeBar
from ui.session import Session
from ui.theme import Theme


class Documents(QObject):
    """The commands on files of one window.

    Args:
        session: whose brief and table are opened and saved.
        notices: where a refusal is shown.
        look: the theme of dialogs; the window sets it anew when it takes another one.
        state_folder: where import profiles are kept; None remembers nothing.
        window: what dialogs stand over, and what a picture is taken of.
    """

    def __init__(
        self, session: Session, notices: NoticeBar, look: Theme, state_folder: Path | None, window: QWidget
    ) -> None:
        super().__init__(window)
        self.session = session
        self.notices = notices
        self.look = look
        self._state_folder = state_folder
        self._window = window

    def open_path(self, path: Path) -> bool:
        """Open a brief or a table, told apart by what is in it; a refusal is shown and changes nothing."""
        try:
            if path.suffix.casefold() == ".json":
                self.session.open(path)
            else:
                table = read_table(path)
                self.session.use_table(table, self.tr("Table {name}").format(name=path.name))
                for problem in table.warnings[:1]:
                    self.notices.show_problem(problem)
                return True
        except AdvisorError as error:
            self.notices.show_error(error)
            return False
        self.notices.clear()
        if self.session.brief.method != "additive":
            self.notices.show_text(
                self.tr(
                    "This brief orders by another method. The window shows the additive value; rank shows the other."
                )
            )
        return True

    def may_leave(self) -> bool:
        """Whether the present brief may be dropped; asks when it has unsaved changes."""
        if not self.session.modified:
            return True
        button = QMessageBox.StandardButton
        answer = self.ask_unsaved()
        if answer == button.Save:
            return self.save()
        return answer == button.Discard

    def ask_unsaved(self) -> QMessageBox.StandardButton:
        """Ask what to do with unsaved changes."""
        button = QMessageBox.StandardButton
        return QMessageBox.question(
            self._window,
            self.tr("Unsaved changes"),
            self.tr("The brief has changes that are not saved."),
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )

    @Slot()
    def new(self) -> None:
        """Start an empty brief."""
        if self.may_leave():
            self.session.new()
            self.notices.clear()

    @Slot()
    def ask_open(self) -> None:
        """Ask for a brief and open it, or for a table and show it before it is used."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open"),
            "",
            self.tr("Briefs and tables (*.brief.json *.json *.csv *.txt *.tsv *.xlsx *.xls *.ods);;All files (*)"),
        )
        if name:
            self.drop(Path(name))

    def drop(self, path: Path) -> None:
        """Take a file the user chose or dropped: a brief is opened, a table is shown before it is used."""
        if path.suffix.casefold() != ".json":
            self.take_in(path)
        elif self.may_leave():
            self.open_path(path)

    @Slot()
    def save(self) -> bool:
        """Save the brief in its file; asks for one where it has none."""
        if self.session.path is None:
            return self.save_as()
        return self._save(self.session.path)

    @Slot()
    def save_as(self) -> bool:
        """Ask for a file and save the brief there."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the brief"), "", self.tr("Briefs (*.brief.json)")
        )
        if not name:
            return False
        path = Path(name)
        return self._save(path if path.suffix else path.with_name(f"{path.name}.brief.json"))

    def _save(self, path: Path) -> bool:
        try:
            self.session.save(path)
        except AdvisorError as error:
            self.notices.show_error(error)
            return False
        self.notices.clear()
        return True

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
