"""Cloth dialog: a designer picks fibre, yarn, weave, mass, coat and finish; the rules answer with the whole row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QSignalBlocker, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from advisor.answer import Answer, solve
from advisor.builder import (
    CHEMISTRIES,
    COATINGS,
    DYEINGS,
    FIBRES,
    FINISHES,
    WEAVES,
    ClothSpec,
    Neighbour,
    Prediction,
    construction,
    mill_specification,
    neighbours,
    predict,
)
from advisor.files import write_whole
from advisor.problems import AdvisorError, Problem
from advisor.properties import properties
from advisor.stock import Stock
from ui import words
from ui.cloth_model import FIGURE, PROPERTY, RANGE, REAL, RULE, PredictionModel
from ui.combos import Combo, Item
from ui.session import Session
from ui.swatches import Cloth, swatch_pixmap
from ui.tables import QuietTable, on_card
from ui.theme import Theme, space
from ui.widgets import ElidedLabel, Themed, restyle

_SIZE: Final = (1000, 640)
_FORM_WIDTH: Final = 264
_SWATCH: Final = 56
#: Coats that come in chemistries, and the one sold by a head grade.
_WITH_CHEMISTRY: Final = ("PU", "TPU")
_GRADED: Final = "PU"
#: What a designer most likely starts from: the trade's plain packcloth.
START: Final = ClothSpec("nylon", 420.0, None, "oxford", None, "PU", "", None, ("DWR",))


def choice_words(word: str) -> str:
    """A word of the builder's lists in the user's language; trade names stay as they are."""
    found = {
        "nylon": QCoreApplication.translate("Cloth", "nylon 6"),
        "nylon-66": QCoreApplication.translate("Cloth", "nylon 6,6"),
        "recycled-nylon": QCoreApplication.translate("Cloth", "recycled nylon"),
        "polyester": QCoreApplication.translate("Cloth", "polyester"),
        "rpet": QCoreApplication.translate("Cloth", "recycled polyester"),
        "cotton": QCoreApplication.translate("Cloth", "cotton"),
        "organic-cotton": QCoreApplication.translate("Cloth", "organic cotton"),
        "polycotton": QCoreApplication.translate("Cloth", "polyester and cotton"),
        "hemp": QCoreApplication.translate("Cloth", "hemp"),
        "uhmwpe": QCoreApplication.translate("Cloth", "UHMWPE with polyester"),
        "plain": QCoreApplication.translate("Cloth", "plain"),
        "oxford": QCoreApplication.translate("Cloth", "oxford"),
        "ripstop": QCoreApplication.translate("Cloth", "ripstop"),
        "twill": QCoreApplication.translate("Cloth", "twill"),
        "basket": QCoreApplication.translate("Cloth", "basket"),
        "taffeta": QCoreApplication.translate("Cloth", "taffeta"),
        "plain double warp": QCoreApplication.translate("Cloth", "plain, double warp"),
        "none": QCoreApplication.translate("Cloth", "none"),
        "silicone": QCoreApplication.translate("Cloth", "silicone"),
        "wax": QCoreApplication.translate("Cloth", "wax"),
        "acrylic": QCoreApplication.translate("Cloth", "acrylic"),
        "film": QCoreApplication.translate("Cloth", "film (laminate)"),
        "": QCoreApplication.translate("Cloth", "not said"),
        "unknown": QCoreApplication.translate("Cloth", "not known"),
        "ester": QCoreApplication.translate("Cloth", "ester"),
        "ether": QCoreApplication.translate("Cloth", "ether"),
        "polycarbonate": QCoreApplication.translate("Cloth", "polycarbonate"),
        "piece": QCoreApplication.translate("Cloth", "piece-dyed"),
        "solution": QCoreApplication.translate("Cloth", "solution-dyed"),
        "yarn": QCoreApplication.translate("Cloth", "yarn-dyed"),
        "undyed": QCoreApplication.translate("Cloth", "undyed"),
        "DWR": QCoreApplication.translate("Cloth", "water repellent (DWR)"),
        "DWR C0": QCoreApplication.translate("Cloth", "PFAS-free repellent (DWR C0)"),
        "mildew-resistant": QCoreApplication.translate("Cloth", "mildew-resistant"),
        "calendered": QCoreApplication.translate("Cloth", "calendered"),
    }
    return found.get(word, word)


def part_words(part: str) -> str:
    """What two cloths differ in."""
    return {
        "fibre": QCoreApplication.translate("Cloth", "fibre"),
        "yarn": QCoreApplication.translate("Cloth", "yarn"),
        "mass": QCoreApplication.translate("Cloth", "mass"),
        "weave": QCoreApplication.translate("Cloth", "weave"),
        "coating": QCoreApplication.translate("Cloth", "coat"),
        "finish": QCoreApplication.translate("Cloth", "finish"),
    }.get(part, part)


class _Swatch(QWidget, Themed):
    """The specified cloth's drawing."""

    def __init__(self, look: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._cloth: Cloth | None = None
        self.setFixedSize(_SWATCH, _SWATCH)
        self.setAccessibleName(QCoreApplication.translate("Cloth", "Drawing of the cloth"))

    def show_cloth(self, cloth: Cloth | None) -> None:
        """Draw another cloth, or none."""
        self._cloth = cloth
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._cloth is not None:
            pixmap = swatch_pixmap(self._cloth, _SWATCH, self._look, self.devicePixelRatioF(), radius=8)
            QPainter(self).drawPixmap(0, 0, pixmap)


class ClothDialog(QDialog):
    """The cloth builder: a form, and what the rules make of it.

    Args:
        session: whose ranking the cloth joins when the user says so, and whose demands the mill is told.
        look: the theme.
        spec: what the form starts from.
    """

    def __init__(self, session: Session, look: Theme, parent: QWidget | None = None, spec: ClothSpec = START) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        self.prediction: Prediction | None = None
        self._near: tuple[Neighbour, ...] = ()
        self.setWindowTitle(self.tr("Design a cloth"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(760, 480)
        self.resize(*_SIZE)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._show)
        body = QHBoxLayout()
        body.setSpacing(space(4))
        body.addWidget(self._make_form())
        body.addLayout(self._make_result(), 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(space(3))
        box.addLayout(body, 1)
        box.addLayout(self._make_foot())
        self._take(spec)
        self._show()
        self._fibre.setFocus()

    # --- building ------------------------------------------------------------------------------------------------

    def _make_form(self) -> QWidget:
        card = QFrame(self)
        card.setProperty("surface", "card")
        card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        card.setFixedWidth(_FORM_WIDTH)
        self._name = QLineEdit(card)
        self._name.setPlaceholderText(self.tr("named after its construction"))
        self._name.setMaxLength(60)
        self._fibre = self._combo(self.tr("Fibre"), tuple(FIBRES), card)
        self._warp = self._spin(self.tr("Yarn"), "yarn_denier", self.tr("not said"), card)
        self._weft = self._spin(self.tr("Weft yarn"), "yarn_denier", self.tr("as the warp"), card)
        self._weave = self._combo(self.tr("Weave"), WEAVES, card)
        self._mass = self._spin(self.tr("Mass"), "areal_mass_g_m2", self.tr("estimated"), card)
        self._coating = self._combo(self.tr("Coat"), COATINGS, card)
        self._chemistry = self._combo(self.tr("Chemistry"), CHEMISTRIES, card)
        self._head = self._spin(self.tr("Sold as"), "hydrostatic_head_mm", self.tr("no grade"), card)
        self._head.setRange(0, 20_000)
        self._head.setSingleStep(500)
        self._dyeing = self._combo(self.tr("Dyeing"), DYEINGS, card)
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(2))
        grid.setVerticalSpacing(space(1))
        grid.setColumnStretch(1, 1)
        fields: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Name"), self._name),
            (self.tr("Fibre"), self._fibre),
            (self.tr("Yarn"), self._warp),
            (self.tr("Weft"), self._weft),
            (self.tr("Weave"), self._weave),
            (self.tr("Mass"), self._mass),
            (self.tr("Coat"), self._coating),
            (self.tr("Chemistry"), self._chemistry),
            (self.tr("Sold as"), self._head),
            (self.tr("Dyeing"), self._dyeing),
        )
        self._labels: dict[QWidget, QLabel] = {}
        for number, (text, field) in enumerate(fields):
            label = QLabel(text, card)
            label.setProperty("ink", "2")
            label.setBuddy(field)
            if not field.accessibleName():
                field.setAccessibleName(text)
            self._labels[field] = label
            grid.addWidget(label, number, 0)
            grid.addWidget(field, number, 1)
        self._finishes = {word: QCheckBox(choice_words(word), card) for word in FINISHES}
        box = QVBoxLayout(card)
        box.setContentsMargins(space(3), space(3), space(3), space(2))
        box.setSpacing(space(1))
        box.addLayout(grid)
        for check in self._finishes.values():
            check.toggled.connect(self._changed)
            box.addWidget(check)
        box.addStretch(1)
        self._name.textChanged.connect(self._changed)
        return card

    def _combo(self, name: str, choices: tuple[str, ...], parent: QWidget) -> Combo:
        combo = Combo(name, tuple(Item(word, choice_words(word)) for word in choices), parent)
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.currentIndexChanged.connect(self._changed)
        return combo

    def _spin(self, name: str, key: str, nothing: str, parent: QWidget) -> QDoubleSpinBox:
        """A figure that may be left open: at its lowest it says so."""
        item = properties()[key]
        spin = QDoubleSpinBox(parent)
        spin.setAccessibleName(name)
        spin.setDecimals(0)
        spin.setRange(0, item.plausible[1] if item.plausible else 10_000)
        spin.setSingleStep(10)
        spin.setSuffix(f" {item.unit}")
        spin.setSpecialValueText(nothing)
        edit = spin.lineEdit()
        if edit is not None:
            edit.setTextMargins(6, 0, 6, 0)
        spin.valueChanged.connect(self._changed)
        return spin

    def _make_result(self) -> QVBoxLayout:
        self._swatch = _Swatch(self._look, self)
        self._title = ElidedLabel(self._look, kind="title", bold=True, parent=self)
        self._place = ElidedLabel(self._look, ink="ink2", parent=self)
        for label in (self._title, self._place):
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._near_label = QLabel(self.tr("Nearest real cloth"), self)
        self._near_label.setProperty("ink", "3")
        self._near_label.setProperty("type", "caption")
        self._real = QComboBox(self)
        self._real.setAccessibleName(self.tr("Real cloth beside it"))
        self._real.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._real.setMinimumContentsLength(12)
        self._real.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._real.setMinimumHeight(28)
        self._real.currentIndexChanged.connect(self._real_chosen)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self._title)
        said.addWidget(self._place)
        near = QHBoxLayout()
        near.setSpacing(space(2))
        near.addWidget(self._near_label)
        near.addWidget(self._real, 1)
        said.addLayout(near)
        head = QHBoxLayout()
        head.setSpacing(space(3))
        head.addWidget(self._swatch, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(said, 1)
        self._wrong = QLabel(self)
        self._wrong.setWordWrap(True)
        self._wrong.setProperty("surface", "notice")
        self._wrong.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._wrong.setContentsMargins(space(2), space(1), space(2), space(1))
        self.figures = QuietTable(self.tr("What the rules expect"), self)
        self.model = PredictionModel(self._look)
        self.model.setParent(self)
        self.figures.take(self.model, PROPERTY, {FIGURE: 126, RANGE: 108, RULE: 156, REAL: 138})
        self.figures.selectionModel().currentRowChanged.connect(self._about_rule)
        card = on_card(self.figures, self)
        self._rule = QLabel(self)
        self._rule.setWordWrap(True)
        self._rule.setProperty("ink", "2")
        self._rule.setMinimumHeight(3 * 17)
        self._rule.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(space(2))
        column.addLayout(head)
        column.addWidget(self._wrong)
        column.addWidget(card, 1)
        column.addWidget(self._rule)
        return column

    def _make_foot(self) -> QHBoxLayout:
        self._copied = ElidedLabel(self._look, ink="good", kind="caption", parent=self)
        self.copy = QPushButton(self.tr("Copy mill specification"), self)
        self.copy.setToolTip(self.tr("What to order, with tests and levels, as text in English"))
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        self.save = QPushButton(self.tr("Save for the mill…"), self)
        self.save.setToolTip(self.tr("The specification as a workbook with room for the mill's answers, or as text"))
        self.save.setAutoDefault(False)
        self.save.clicked.connect(self._ask_save)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.add = QPushButton(self.tr("Add to the ranking"), self)
        self.add.setProperty("kind", "primary")
        self.add.setDefault(True)
        self.add.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self.copy)
        row.addWidget(self.save)
        row.addWidget(self._copied, 1)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.add)
        return row

    # --- the form ------------------------------------------------------------------------------------------------

    def _take(self, spec: ClothSpec) -> None:
        """Put a specification into the form."""
        self._name.setText(spec.name)
        for combo, word in (
            (self._fibre, spec.fibre),
            (self._weave, spec.weave),
            (self._coating, spec.coating),
            (self._chemistry, spec.chemistry),
            (self._dyeing, spec.dyeing),
        ):
            combo.setCurrentIndex(combo.findData(word))
        for spin, figure in (
            (self._warp, spec.warp_denier),
            (self._weft, spec.weft_denier),
            (self._mass, spec.mass_g_m2),
            (self._head, spec.head_mm),
        ):
            spin.setValue(figure or 0.0)
        for word, check in self._finishes.items():
            check.setChecked(word in spec.finish)

    def spec(self) -> ClothSpec:
        """The specification as the form has it; what the coat does not have is left out."""
        coating = str(self._coating.currentData())
        return ClothSpec(
            fibre=str(self._fibre.currentData()),
            warp_denier=self._warp.value() or None,
            weft_denier=(self._weft.value() or None) if self._warp.value() else None,
            weave=str(self._weave.currentData()),
            mass_g_m2=self._mass.value() or None,
            coating=coating,
            chemistry=str(self._chemistry.currentData()) if coating in _WITH_CHEMISTRY else "",
            head_mm=(self._head.value() or None) if coating == _GRADED else None,
            finish=tuple(word for word, check in self._finishes.items() if check.isChecked()),
            dyeing=str(self._dyeing.currentData()),
            name=self._name.text().strip(),
        )

    @Slot()
    def _changed(self) -> None:
        self._timer.start()

    # --- what comes of it ----------------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        """Work the row out and show it; six milliseconds, so that it follows the hand."""
        self._timer.stop()
        spec = self.spec()
        for widget, on in (
            (self._chemistry, spec.coating in _WITH_CHEMISTRY),
            (self._head, spec.coating == _GRADED),
            (self._weft, spec.warp_denier is not None),
        ):
            widget.setEnabled(on)
        self._copied.set_text("")
        try:
            self.prediction = predict(spec)
            told: tuple[Problem, ...] = self.prediction.warnings
        except AdvisorError as error:
            self.prediction = None
            told = error.problems
        self._wrong.setText("\n".join(_line(problem) for problem in told))
        self._wrong.setVisible(bool(told))
        faulty = {problem.column for problem in told if problem.severity == "error"}
        for key, field in self._fields().items():
            label = self._labels[field]
            label.setProperty("ink", "bad" if key in faulty else "2")
            label.style().polish(label)
        for button in (self.add, self.copy, self.save):
            button.setEnabled(self.prediction is not None)
        if self.prediction is None:
            self._title.set_text(self.tr("Not a cloth yet"))
            self._place.set_text(self.tr("Mend what is marked, and the rules work it out."))
            self._swatch.show_cloth(None)
            self._near = ()
        else:
            self._title.set_text(construction(spec).name)
            self._place.set_text(self._place_words(spec))
            self._swatch.show_cloth(self._drawn(self.prediction))
            self._near = neighbours(self.prediction, self._session.stock.whole)
        self._show_near()
        self._show_figures()

    def _fields(self) -> Mapping[str, QWidget]:
        return {
            "fibre": self._fibre,
            "warp_denier": self._warp,
            "weft_denier": self._weft,
            "weave": self._weave,
            "mass_g_m2": self._mass,
            "coating": self._coating,
            "chemistry": self._chemistry,
            "head_mm": self._head,
            "dyeing": self._dyeing,
        }

    def _drawn(self, prediction: Prediction) -> Cloth:
        c = prediction.construction
        return Cloth.of(c.weave, c.denier, c.coating, "|".join(c.family), "|".join(c.finish), c.fibre)

    def _place_words(self, spec: ClothSpec) -> str:
        """Where the cloth would stand under the present brief."""
        answer, row = self._trial(self._session.stock, spec)
        place = int(answer.ranking.ranks[row])
        if not place:
            return self.tr("Under this brief it fails a limit: it would be screened out.")
        return self.tr("Under this brief place {place} of {all}; meets {met} of {asked} demands.").format(
            place=words.number(place),
            all=words.number(answer.ranking.passing),
            met=words.number(int(answer.met[row])),
            asked=words.number(answer.asked_count),
        )

    def _trial(self, stock: Stock, spec: ClothSpec) -> tuple[Answer, int]:
        """The answer with the cloth in the table, and its row."""
        changed = stock.with_cloth(spec)
        return solve(changed.table, self._session.answer.brief), len(changed.table) - 1

    def _show_near(self) -> None:
        table = self._session.stock.whole
        held = self._real.currentData()
        with QSignalBlocker(self._real):
            self._real.clear()
            for near in self._near:
                differs = ", ".join(part_words(part) for part in near.parts)
                name = table.names[near.row]
                if differs:
                    name = self.tr("{name} (differs in {parts})").format(name=name, parts=differs)
                self._real.addItem(name, table.ids[near.row])
            if held is not None and self._real.findData(held) > 0:
                self._real.setCurrentIndex(self._real.findData(held))
        for widget in (self._near_label, self._real):
            widget.setEnabled(bool(self._near))

    @Slot()
    def _real_chosen(self) -> None:
        self._show_figures()

    def _show_figures(self) -> None:
        number = self._real.currentIndex()
        row = self._near[number].row if 0 <= number < len(self._near) else -1
        self.model.mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.model.show_cloth(self.prediction, self._session.stock.whole, row)
        self._about_rule(self.figures.currentIndex())

    @Slot(QModelIndex)
    def _about_rule(self, index: QModelIndex) -> None:
        text = self.model.about(index.row()) if index.isValid() else ""
        self._rule.setText(text or self.tr("Choose a line to read the rule behind its figure."))

    # --- what is done with it ------------------------------------------------------------------------------------

    @Slot()
    def _copy(self) -> None:
        if self.prediction is not None:
            QGuiApplication.clipboard().setText(mill_specification(self.prediction, self._session.answer.demands))
            self._copied.set_text(self.tr("Copied."))

    @Slot()
    def _ask_save(self) -> None:
        if self.prediction is None:
            return
        name = f"{self.prediction.construction.id}.xlsx"
        kinds = self.tr("Workbook (*.xlsx);;Text (*.txt)")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save for the mill"), name, kinds)
        if path:
            self.save_specification(Path(path))

    def save_specification(self, path: Path) -> None:
        """Write the mill specification: text where the name ends in .txt, else a workbook; whole or not at all."""
        if self.prediction is None:
            return
        from advisor.mill import specification_xlsx

        demands = self._session.answer.demands
        try:
            if path.suffix.casefold() == ".txt":
                write_whole(path, mill_specification(self.prediction, demands).encode("utf-8"))
            else:
                write_whole(path, specification_xlsx(self.prediction, demands))
        except AdvisorError as error:
            self._wrong.setText("\n".join(_line(problem) for problem in error.problems))
            self._wrong.show()
            return
        self._copied.set_text(self.tr("Saved {name}.").format(name=path.name))

    def accept(self) -> None:
        """Rank the cloth as predicted and look at it; undo takes it back."""
        if self._timer.isActive():
            self._show()
        if self.prediction is None:
            return
        session = self._session
        try:
            stock = session.stock.with_cloth(self.spec())
        except AdvisorError as error:
            self._wrong.setText("\n".join(_line(problem) for problem in error.problems))
            self._wrong.show()
            return
        session.use_stock(stock, self.tr("{name} added").format(name=self.prediction.construction.name))
        session.flush()
        session.select(stock.whole.ids[-1])
        super().accept()

    def apply_theme(self, look: Theme) -> None:
        """Take another theme."""
        self._look = look
        self.model.set_look(look)
        restyle(self, look)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LayoutDirectionChange and hasattr(self, "model"):
            self._show_figures()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(*_SIZE)


def _line(problem: Problem) -> str:
    """A problem of a specification: what, and what to do; the field is marked."""
    sign = "▲" if problem.severity == "warning" else "✗"
    return f"{sign} {problem.message}; {problem.hint}" if problem.hint else f"{sign} {problem.message}"
