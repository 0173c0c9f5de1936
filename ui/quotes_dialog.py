"""Quotes dialog: a supplier's price list, its articles matched to materials, what is new in it, what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDateEdit,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from advisor.headers import Meaning, Plan, PlannedColumn, column_letters
from advisor.merge import Override
from advisor.problems import AdvisorError, Problem
from advisor.project import KeptQuote
from advisor.quotes import (
    Changes,
    Defaults,
    Match,
    PriceList,
    Quote,
    as_overrides,
    changes,
    plan_list,
    prices_with,
    read_list,
    standing,
)
from advisor.sheets import Sheet, read_sheet
from advisor.stock import Stock
from advisor.units import Rate
from ui import import_profiles, words
from ui.combos import Combo, Item, SearchCombo
from ui.intake_columns import per_words
from ui.intake_models import ChangesModel, ProblemsModel
from ui.reading_dialog import ReadingDialog, refusal_words
from ui.rows import reveal
from ui.session import Session
from ui.theme import Theme, space
from ui.widgets import ElidedLabel

_PRICE: Final = "price_usd_m2"
#: The tab of what is new.
_NEWS: Final = 2
#: Days after which a remembered rate is told as old.
_OLD_RATE: Final = 31
#: What a column of a price list may hold.
_FIELDS: Final = (
    "article", "material", "supplier", "colour", "price", "currency", "per", "roll_width_cm", "from_quantity",
    "incoterm", "place", "lead_time_days", "date", "valid_until", "note",
)  # fmt: skip
#: Currencies and measures offered where a list names none.
_CURRENCIES: Final = ("USD", "EUR", "GBP", "CNY", "INR", "BRL", "MXN", "NGN", "KES", "ZAR", "TRY", "VND")
_PER: Final = ("m", "yd", "m2", "yd2", "kg")
#: Articles shown; a list with more is told so.
_MOST_ARTICLES: Final = 200


@dataclass(frozen=True, eq=False)
class _Read:
    """What a reading job brings."""

    sheet: Sheet
    plan: Plan
    defaults: Defaults
    found: PriceList
    recalled: import_profiles.Recalled | None
    stock: Stock | None
    overrides: tuple[Override, ...]
    refused: tuple[Problem, ...]
    news: Changes | None


def amount_words(price: float) -> str:
    """A price in its own currency, cents where they count."""
    return words.number(price, 0 if price >= 100 and float(price).is_integer() else 2)


def price_words(quote: Quote) -> str:
    """A quote's price: "2,450 NGN/m from 100"."""
    text = f"{amount_words(quote.price)} {quote.currency}/{per_words(quote.per)}"
    if not quote.from_quantity:
        return text
    start = words.number(quote.from_quantity)
    return QCoreApplication.translate("Quotes", "{price} from {quantity}").format(price=text, quantity=start)


def field_words(key: str) -> str:
    """What a column of a price list holds."""
    return {
        "article": QCoreApplication.translate("Quotes", "Article"),
        "material": QCoreApplication.translate("Quotes", "Material id"),
        "supplier": QCoreApplication.translate("Quotes", "Supplier"),
        "colour": QCoreApplication.translate("Quotes", "Colour"),
        "price": QCoreApplication.translate("Quotes", "Price"),
        "currency": QCoreApplication.translate("Quotes", "Currency"),
        "per": QCoreApplication.translate("Quotes", "Price per"),
        "roll_width_cm": QCoreApplication.translate("Quotes", "Roll width"),
        "from_quantity": QCoreApplication.translate("Quotes", "From quantity"),
        "incoterm": QCoreApplication.translate("Quotes", "Incoterm"),
        "place": QCoreApplication.translate("Quotes", "Place"),
        "lead_time_days": QCoreApplication.translate("Quotes", "Lead time"),
        "date": QCoreApplication.translate("Quotes", "Date"),
        "valid_until": QCoreApplication.translate("Quotes", "Valid until"),
        "note": QCoreApplication.translate("Quotes", "Remark"),
    }.get(key, key)


def _days_since(date: str) -> int:
    """Days from an ISO date to today."""
    return QDate.fromString(date, Qt.DateFormat.ISODate).daysTo(QDate.currentDate())


class _FieldRow(QWidget):
    """A column of the list and what it holds.

    Signals: ``chosen(int, object)`` with the column's position and its new meaning (None: left out).
    """

    chosen = Signal(int, object)

    def __init__(self, look: Theme, column: PlannedColumn, parent: QWidget) -> None:
        super().__init__(parent)
        self._column = column
        name = column.title or self.tr("column {letter}").format(letter=column_letters(column.position))
        title = ElidedLabel(look, name, bold=True, parent=self)
        title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        sample = ElidedLabel(
            look, " · ".join(column.sample) or self.tr("empty"), ink="ink3", kind="caption", parent=self
        )
        sample.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        items = [Item("", self.tr("leave out")), *(Item(key, field_words(key)) for key in _FIELDS)]
        self.field = Combo(self.tr("{column} holds").format(column=name), items, self)
        self.field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.field.setFixedWidth(180)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, space(1), 0, space(1))
        grid.setHorizontalSpacing(space(1.5))
        grid.setVerticalSpacing(1)
        grid.addWidget(title, 0, 0)
        grid.addWidget(sample, 1, 0)
        grid.addWidget(self.field, 0, 1, 2, 1)
        grid.setColumnStretch(0, 1)
        self.field.chosen.connect(self._on_chosen)
        self.show_column(column)

    def show_column(self, column: PlannedColumn) -> None:
        """Show what the column holds."""
        self._column = column
        self.field.show_key("" if column.meaning is None else column.meaning.key)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        # What the header says of unit and break is kept where the column keeps its kind.
        known = [m for m in (self._column.meaning, *self._column.alternatives) if m is not None and m.key == key]
        meaning = known[0] if known else Meaning(key, "") if key else None
        self.chosen.emit(self._column.position, meaning)


class _ArticleRow(QWidget):
    """An article of the list: its prices, the material it is matched to, and how sure that is.

    Signals: ``chosen(str, str)`` with the article and a material id ("" for none).
    """

    chosen = Signal(str, str)

    def __init__(self, look: Theme, match: Match, prices: str, names: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.article = match.article
        title = ElidedLabel(look, match.article, bold=True, parent=self)
        title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._prices = ElidedLabel(look, prices, ink="ink3", kind="caption", parent=self)
        self._prices.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        likely = {c.material: c for c in match.candidates}
        items = [Item("", self.tr("not used"))]
        for key, candidate in likely.items():
            share = words.number(100 * candidate.likeness)
            text = self.tr("{name} · {share} %").format(name=names[key], share=share)
            items.append(Item(key, text, ", ".join(candidate.because)))
        items += [Item(key, name) for key, name in names.items() if key not in likely]
        self.material = SearchCombo(self.tr("Material of {article}").format(article=match.article), items, self)
        self.material.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.material.setFixedWidth(226)
        self._mark = ElidedLabel(look, "", kind="caption", parent=self)
        self._mark.setFixedWidth(84)
        self._mark.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, space(1), 0, space(1))
        grid.setHorizontalSpacing(space(1.5))
        grid.setVerticalSpacing(1)
        grid.addWidget(title, 0, 0)
        grid.addWidget(self._prices, 1, 0)
        grid.addWidget(self.material, 0, 1, 2, 1)
        grid.addWidget(self._mark, 0, 2, 2, 1)
        grid.setColumnStretch(0, 1)
        self.material.chosen.connect(self._on_chosen)
        self.show_match(match.material, match.by)

    def show_prices(self, prices: str) -> None:
        """Show the article's prices as they are read."""
        self._prices.set_text(prices)

    def show_match(self, material: str, by: str) -> None:
        """Show what the article is matched to, and by what."""
        self.material.show_key(material)
        texts = {
            "remembered": (self.tr("✓ as chosen"), "good"),
            "likeness": (self.tr("✓ by its name"), "good"),
            "": (self.tr("? choose"), "warn"),
        }
        text, ink = texts.get(by, texts[""])
        self._mark.set_text(text)
        self._mark.set_ink(ink)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        self.chosen.emit(self.article, key)


class QuotesDialog(ReadingDialog):
    """Shows a price list before its prices stand over those of the table.

    Args:
        session: whose stock takes the prices, once the user says so.
        look: the theme.
        profiles: folder of remembered imports; None remembers nothing.
    """

    def __init__(
        self, session: Session, look: Theme, profiles: Path | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, look, profiles, parent)
        self._path: Path | None = None
        self._wanted = ""
        self._sheet: Sheet | None = None
        self._plan: Plan | None = None
        self._recalled: import_profiles.Recalled | None = None
        self.defaults = Defaults()
        self.found: PriceList | None = None
        self.stock: Stock | None = None
        self.news: Changes | None = None
        # What the open project's quotes were matched to holds here too.
        known = session.records.aliases
        self._articles: dict[str, str] = {article: material for article, material in known.items() if material}
        self._unused: set[str] = {article for article, material in known.items() if not material}
        self._rates: dict[str, Rate] = {}
        self._read_by: tuple[Defaults, float, dict[str, Rate]] | None = None
        self._rate_fields: dict[str, tuple[QDoubleSpinBox, QDateEdit]] = {}
        self._rows: list[_ArticleRow] = []
        self.fields: list[_FieldRow] = []
        self.setWindowTitle(self.tr("Add quotes"))
        self._build()

    # --- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        head = self.make_head()
        self._columns = ElidedLabel(self._look, ink="ink3", kind="caption", parent=self)
        self._columns.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._facts.addWidget(self._columns)
        self._articles_title = self.make_caps(self.tr("Articles"))
        self._list = QScrollArea(self)
        self._list.setWidgetResizable(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left = QVBoxLayout()
        left.setSpacing(space(1))
        left.addWidget(self._articles_title)
        left.addWidget(self.make_card(self._list), 1)
        right = QVBoxLayout()
        right.setSpacing(space(2))
        right.addWidget(self._make_terms())
        right.addWidget(self._make_tabs(), 1)
        body = QHBoxLayout()
        body.setSpacing(space(3))
        body.addLayout(left, 52)
        body.addLayout(right, 48)
        self._summary = QLabel(self)
        self._summary.setWordWrap(True)
        foot = self.make_foot(
            self.tr("Remember columns, articles and rates for the next list"), self.tr("Use these prices")
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(space(2))
        box.addLayout(head)
        box.addLayout(body, 1)
        box.addWidget(self._summary)
        box.addLayout(foot)

    def _make_terms(self) -> QWidget:
        """What holds for the whole list: supplier, order, width, rates."""
        card = QFrame(self)
        card.setProperty("surface", "card")
        card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._supplier = QLineEdit(card)
        self._supplier.setAccessibleName(self.tr("Supplier"))
        self._supplier.setPlaceholderText(self.tr("as in the list"))
        self._order = self.make_spin(self.tr("Order in metres"), 0, 1e6, self.tr(" m"), card)
        self._order.setValue(round(self._session.answer.terms.fabric_m))
        self._order.setToolTip(self.tr("Of price breaks the largest this order reaches counts"))
        self._width = self.make_spin(self.tr("Roll width in centimetres"), 2, 400, self.tr(" cm"), card)
        self._width.setSpecialValueText(self.tr("as in the list"))
        self._terms = QGridLayout(card)
        self._terms.setContentsMargins(space(3), space(2), space(3), space(2))
        self._terms.setHorizontalSpacing(space(2))
        self._terms.setVerticalSpacing(space(1))
        for number, (text, field) in enumerate(
            (
                (self.tr("Supplier"), self._supplier),
                (self.tr("Order"), self._order),
                (self.tr("Roll width"), self._width),
            )
        ):
            self._terms.addWidget(self.make_label(text, card), number, 0)
            self._terms.addWidget(field, number, 1, 1, 2)
        listed = Item("", self.tr("as in the list"))
        currencies = [listed, *(Item(code, code) for code in _CURRENCIES)]
        self._currency = Combo(self.tr("Currency of the prices"), currencies, card)
        self._per = Combo(self.tr("What the prices are per"), [listed, *(Item(p, per_words(p)) for p in _PER)], card)
        row = self._terms.rowCount()
        self._terms.addWidget(self.make_label(self.tr("Prices in"), card), row, 0)
        self._terms.addWidget(self._currency, row, 1)
        self._terms.addWidget(self._per, row, 2)
        for combo in (self._currency, self._per):
            combo.show_key("")
            combo.chosen.connect(self._terms_changed)
        self._terms.setColumnStretch(1, 1)
        self._supplier.editingFinished.connect(self._terms_changed)
        for spin in (self._order, self._width):
            spin.valueChanged.connect(self._terms_changed)
        self._terms_card = card
        return card

    def _make_tabs(self) -> QWidget:
        self._tabs = QTabWidget(self)
        self._tabs.setDocumentMode(True)
        self.prices = self.make_table(self.tr("Prices that change"))
        self.changed = ChangesModel(self._look)
        self.changed.setParent(self)
        self.prices.setModel(self.changed)
        self.prices.setColumnHidden(1, True)
        header = self.prices.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, width in ((2, 128), (3, 100)):
            header.resizeSection(place, width)
        self.problems = self.make_table(self.tr("Problems"))
        self.told = ProblemsModel(self._look)
        self.told.setParent(self)
        self.problems.setModel(self.told)
        self.problems.horizontalHeader().setVisible(False)
        self.problems.horizontalHeader().setStretchLastSection(True)
        self.problems.setColumnWidth(0, 132)
        self._news = QLabel(self)
        self._news.setWordWrap(True)
        self._news.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        self._news.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._news.setContentsMargins(space(2), space(2), space(2), space(2))
        news = QScrollArea(self)
        news.setWidgetResizable(True)
        news.setFrameShape(QFrame.Shape.NoFrame)
        news.setWidget(self._news)
        self._fields = QScrollArea(self)
        self._fields.setWidgetResizable(True)
        self._fields.setFrameShape(QFrame.Shape.NoFrame)
        self._fields.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for view in (self.prices, self.problems, news, self._fields):
            self._tabs.addTab(view, "")
        return self._tabs

    # --- reading -------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a price list; what is in it is shown when it is there."""
        self._path = path
        self._name.set_text(path.name)
        self.read_anew()

    @Slot()
    def read_anew(self) -> None:
        """Read the list from its beginning, by what is remembered of lists like it."""
        self._sheet, self._plan, self._recalled, self.found = None, None, None, None
        self._about.set_text(self.tr("Reading…"))
        self._run()

    @Slot()
    def sheet_chosen(self) -> None:
        """Read the sheet that was chosen."""
        self._wanted = self._sheets.currentText()
        self.read_anew()

    @Slot()
    def decimal_chosen(self) -> None:
        """Read by the decimal mark that was chosen."""
        mark = str(self._decimal.currentData())
        if self._plan is not None and mark != self._plan.decimal:
            self._plan = replace(self._plan, decimal=mark, proven=True)
            self._run()

    def _run(self) -> None:
        """Read the list as it stands, off the UI thread."""
        path, folder, sheet, table = self._path, self._profiles, self._sheet, self._session.stock
        if path is None:
            return
        current, recalled, said = self._plan, self._recalled, self.defaults
        articles, unused, rates = dict(self._articles), set(self._unused), dict(self._rates)
        order, today = self._order.value(), QDate.currentDate().toString(Qt.DateFormat.ISODate)
        kept_quotes = self._session.records.quotes
        earlier = tuple(kept.quote for kept in kept_quotes)
        earlier_rates = {kept.rate.currency: kept.rate for kept in kept_quotes if kept.rate is not None}
        wanted, tell = self._wanted, self.teller()

        def work(stop: Callable[[], bool]) -> _Read:
            cells = read_sheet(path, wanted, tell, self.halting(stop)) if sheet is None else sheet
            held, own = recalled, current
            defaults = said
            if own is None:
                first, heading = plan_list(cells)
                held = import_profiles.recall_list(folder, first) if folder is not None else None
                own, defaults = plan_list(cells, held.profile) if held is not None else (first, heading)
            own = replace(own, rates={**own.rates, **rates})
            remembered = {**(held.articles if held is not None else {}), **articles}
            found = read_list(cells, own, defaults, table.whole, remembered, today)
            quotes = tuple(replace(q, material="") if q.article in unused else q for q in found.quotes)
            found = replace(found, quotes=quotes)
            all_rates = {**earlier_rates, **own.rates}
            figures = as_overrides(prices_with(earlier, quotes, all_rates, table.whole, order, today))
            suppliers = {quote.supplier for quote in quotes}
            before = tuple(quote for quote in earlier if quote.supplier in suppliers) if held is None else held.quotes
            news = changes(before, quotes) if held is not None or before else None
            try:
                changed = table.with_figures(figures)
            except AdvisorError as error:
                return _Read(cells, own, defaults, found, held, None, (), error.problems, news)
            touched = {figure.id for figure in figures}
            told = tuple(o for o in changed.overrides if o.property == _PRICE and o.id in touched)
            return _Read(cells, own, defaults, found, held, changed, told, (), news)

        self.run("quotes", work)

    def show_result(self, kind: str, result: _Read) -> None:
        """Show a price list read."""
        read = result
        first = self.found is None
        self._sheet, self._plan, self.defaults, self.found = read.sheet, read.plan, read.defaults, read.found
        self._recalled, self.stock, self.news = read.recalled, read.stock, read.news
        self._rates = dict(read.plan.rates)
        if first:
            with QSignalBlocker(self._width), QSignalBlocker(self._supplier):
                self._width.setValue(read.defaults.roll_width_cm or 0.0)
                self._supplier.setText(read.defaults.supplier)
            for combo, key in ((self._currency, read.defaults.currency), (self._per, read.defaults.per)):
                if combo.findData(key) < 0:
                    combo.addItem(per_words(key), key)
                combo.show_key(key)
        self.show_dialect(read.sheet, read.plan.decimal)
        self._show_about(read)
        self._show_rates(read)
        self._read_by = self._terms_said()
        self._show_fields(read.plan)
        self._show_articles(read)
        self._show_changes(read)
        self.use.setEnabled(read.stock is not None and bool(read.overrides))
        if first:
            self._lead_on(read)

    def _lead_on(self, read: _Read) -> None:
        """Put the focus on what is still asked for, else on the button; and what has moved in front."""
        unset = next((spin for spin, _ in self._rate_fields.values() if spin.value() <= 0), None)
        if unset is not None:
            unset.show()  # a field just made is shown a turn later, and takes no focus before
            unset.setFocus()
            unset.selectAll()
        elif any(problem.code == "no-width" for problem in read.found.problems):
            self._width.setFocus()
            self._width.selectAll()
        elif self.use.isEnabled():
            self.use.setFocus()
        if read.news is not None:
            self._tabs.setCurrentIndex(_NEWS)

    def show_refusal(self, problems: tuple[Problem, ...]) -> None:
        """Show why the file cannot be read."""
        self._about.set_text(self.tr("This cannot be read as a price list. Nothing has changed."))
        self._summary.setText(refusal_words(problems[:1]))
        self.told.show_problems(problems)
        self._tabs.setCurrentIndex(1)
        self._tabs.setTabText(1, self.tr("Problems: {count}").format(count=words.number(len(problems))))

    # --- showing -------------------------------------------------------------------------------------------------

    def _show_about(self, read: _Read) -> None:
        quotes = self.tr("%n prices", "", len(read.found.quotes))
        articles = self.tr("%n articles", "", len(read.found.matches))
        facts = [quotes, articles]
        if read.defaults.currency:
            facts.append(f"{read.defaults.currency}/{per_words(read.defaults.per or 'm2')}")
        if read.defaults.incoterm:
            facts.append(f"{read.defaults.incoterm} {read.defaults.place}".strip())
        if read.defaults.valid_until:
            facts.append(self.tr("valid until {date}").format(date=read.defaults.valid_until))
        if read.recalled is not None:
            facts.append(self.tr("set as for {name}").format(name=read.recalled.name))
        self._about.set_text(" · ".join(facts))
        used = [column.title for column in read.plan.columns if column.meaning is not None]
        left = [column.title for column in read.plan.columns if column.meaning is None and column.title]
        text = self.tr("Columns: {names}").format(names=", ".join(used))
        if left:
            text = self.tr("{text}; left out: {names}").format(text=text, names=", ".join(left))
        self._columns.set_text(text)

    def _show_rates(self, read: _Read) -> None:
        """A field for the rate of each foreign currency of the list."""
        for currency in sorted({quote.currency for quote in read.found.quotes} - {"USD"}):
            if currency not in self._rate_fields:
                row = self._terms.rowCount()
                spin = self.make_spin(
                    self.tr("US dollars for one {currency}").format(currency=currency), 6, 1e4, self.tr(" USD"),
                    self._terms_card,
                )  # fmt: skip
                spin.setSpecialValueText(self.tr("rate not set"))
                date = QDateEdit(QDate.currentDate(), self._terms_card)
                if (edit := date.lineEdit()) is not None:
                    edit.setTextMargins(6, 0, 6, 0)
                date.setAccessibleName(self.tr("Date of the rate of {currency}").format(currency=currency))
                self._terms.addWidget(
                    self.make_label(self.tr("1 {currency} =").format(currency=currency), self), row, 0
                )
                self._terms.addWidget(spin, row, 1)
                self._terms.addWidget(date, row, 2)
                self._rate_fields[currency] = (spin, date)
                rate = read.plan.rates.get(currency)
                if rate is not None:
                    spin.setValue(rate.usd)
                    date.setDate(QDate.fromString(rate.date, Qt.DateFormat.ISODate))
                spin.valueChanged.connect(self._terms_changed)
                date.dateChanged.connect(self._terms_changed)

    def _show_fields(self, current: Plan) -> None:
        """What each column of the list holds."""
        used = sum(column.meaning is not None for column in current.columns)
        self._tabs.setTabText(3, self.tr("Columns: {used}").format(used=words.number(used)))
        if len(self.fields) == len(current.columns):
            for row, column in zip(self.fields, current.columns, strict=True):
                row.show_column(column)
            return
        content = QWidget()
        content.setProperty("surface", "panel")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(content)
        box.setContentsMargins(space(2), space(1), space(2), space(1))
        box.setSpacing(0)
        self.fields = []
        for column in current.columns:
            row = _FieldRow(self._look, column, content)
            row.chosen.connect(self._field_chosen)
            box.addWidget(row)
            self.fields.append(row)
        box.addStretch(1)
        self._fields.setWidget(content)

    def _show_articles(self, read: _Read) -> None:
        matches = read.found.matches
        matched = sum(bool(m.material) and m.article not in self._unused for m in matches)
        self._articles_title.set_text(
            self.tr("Articles: {matched} of {all} matched").format(
                matched=words.number(matched), all=words.number(len(matches))
            )
        )
        prices: dict[str, list[str]] = {}
        for quote in read.found.quotes:
            prices.setdefault(quote.article, []).append(price_words(quote))
        if [row.article for row in self._rows] == [m.article for m in matches[:_MOST_ARTICLES]]:
            for row, match in zip(self._rows, matches, strict=False):
                row.show_prices(" · ".join(prices.get(match.article, ())))
                self._show_match(row, match)
            return
        table = self._session.stock.whole
        names = dict(sorted(zip(table.ids, table.names, strict=True), key=lambda pair: pair[1].casefold()))
        content = QWidget()
        content.setProperty("surface", "panel")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(content)
        box.setContentsMargins(space(3), space(1), space(3), space(1))
        box.setSpacing(0)
        self._rows = []
        for match in matches[:_MOST_ARTICLES]:
            row = _ArticleRow(self._look, match, " · ".join(prices.get(match.article, ())), names, content)
            row.chosen.connect(self._article_chosen)
            self._show_match(row, match)
            box.addWidget(row)
            self._rows.append(row)
        if len(matches) > _MOST_ARTICLES:
            more = QLabel(self.tr("%n more are matched by their names.", "", len(matches) - _MOST_ARTICLES), content)
            box.addWidget(more)
        box.addStretch(1)
        self._list.setWidget(content)
        for row in self._rows:
            if not row.material.currentData():
                reveal(row)
                break

    def _show_match(self, row: _ArticleRow, match: Match) -> None:
        if match.article in self._unused:
            row.show_match("", "remembered")
        else:
            row.show_match(match.material, match.by)

    def _show_changes(self, read: _Read) -> None:
        self.changed.show_changes(None if read.stock is None else read.stock.whole, read.overrides)
        problems = (*read.found.problems, *read.refused)
        self.told.show_problems(problems)
        self._tabs.setTabText(0, self.tr("Prices: {count}").format(count=words.number(len(read.overrides))))
        self._tabs.setTabText(1, self.tr("Problems: {count}").format(count=words.number(len(problems))))
        self._show_news(read.news)
        if not read.overrides:
            self._summary.setText(self.tr("No price can be used yet: match articles, or give the rate and the width."))
            return
        open_ones = sum(not m.material or m.article in self._unused for m in read.found.matches)
        text = self.tr("Materials that take a quoted price: {count}; the cheapest valid one counts.").format(
            count=words.number(len(read.overrides))
        )
        if open_ones:
            left = self.tr("Articles matched to nothing and not used: {count}.").format(count=words.number(open_ones))
            text = f"{text} {left}"
        oldest = min((rate for rate in self._rates.values() if rate.date), key=lambda rate: rate.date, default=None)
        if oldest is not None and _days_since(oldest.date) > _OLD_RATE:
            old = self.tr("The rate of {currency} is that of {date}.").format(
                currency=oldest.currency, date=oldest.date
            )
            text = f"{text} {old}"
        self._summary.setText(text)

    def _show_news(self, news: Changes | None) -> None:
        if news is None:
            self._tabs.setTabText(2, self.tr("Since last time"))
            self._news.setText(self.tr("This list is new: there is none to compare it with."))
            return
        moved = len(news.rose) + len(news.fell) + len(news.came) + len(news.went)
        self._tabs.setTabText(2, self.tr("Since last time: {count}").format(count=words.number(moved)))
        parts = []
        for title, entries in (
            (self.tr("Rose"), news.rose),
            (self.tr("Fell"), news.fell),
        ):
            lines = [
                self.tr("{article}: {before} to {now} ({percent} %)").format(
                    article=c.now.article,
                    before=amount_words(c.before.price),
                    now=price_words(c.now),
                    percent=words.number(c.percent, 1, signed=True),
                )
                for c in entries
            ]
            if lines:
                parts.append("\n".join([title, *lines]))
        for title, quotes in ((self.tr("Came"), news.came), (self.tr("Went"), news.went)):
            if quotes:
                parts.append("\n".join([title, *(f"{q.article}: {price_words(q)}" for q in quotes)]))
        parts.append(self.tr("%n prices stayed.", "", news.same))
        self._news.setText("\n\n".join(parts))

    # --- choosing ------------------------------------------------------------------------------------------------

    @Slot(int, object)
    def _field_chosen(self, position: int, meaning: Meaning | None) -> None:
        if self._plan is not None:
            self._plan = self._plan.choose(position, meaning)
            self._run()

    @Slot(str, str)
    def _article_chosen(self, article: str, material: str) -> None:
        self._unused.discard(article)
        if material:
            self._articles[article] = material
        else:
            self._articles.pop(article, None)
            self._unused.add(article)
        self._run()

    @Slot()
    def _terms_changed(self) -> None:
        if self._plan is None:
            return
        # A field that is only left says that it was edited, too.
        if (said := self._terms_said()) != self._read_by:
            self.defaults, _, self._rates = said
            self._plan = replace(self._plan, rates=dict(self._rates))
            self._run()

    def _terms_said(self) -> tuple[Defaults, float, dict[str, Rate]]:
        """What the fields say holds for the whole list: defaults, order in metres, rates."""
        defaults = replace(
            self.defaults,
            supplier=self._supplier.text().strip(),
            roll_width_cm=self._width.value() or None,
            currency=str(self._currency.currentData() or ""),
            per=str(self._per.currentData() or ""),
        )
        rates = {code: rate for code, rate in self._rates.items() if code not in self._rate_fields}
        for currency, (spin, date) in self._rate_fields.items():
            if spin.value() > 0:
                said = date.date().toString(Qt.DateFormat.ISODate)
                rates[currency] = Rate(currency, spin.value(), said, "typed in")
        return defaults, self._order.value(), rates

    # --- ending --------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Put the prices over those of the table; undo takes them back."""
        if self.stock is None or self.found is None or self._plan is None or not self.use.isEnabled():
            return
        if self._profiles is not None and self._remember.isChecked():
            try:
                kept = tuple(match for match in self.found.matches if match.article not in self._unused)
                quotes = self.found.quotes
                import_profiles.keep_list(self._profiles, self._name.text(), self._plan, self.defaults, kept, quotes)
            except AdvisorError as error:
                self._session.noted.emit(error.problems[0])
        label = self.tr("Prices of {name}").format(name=self._name.text())
        records = self._session.records
        held = standing([kept.quote for kept in records.quotes], self.found.quotes)
        records = replace(records, quotes=tuple(kept for kept in records.quotes if kept.quote in held))
        self._session.use_stock(self.stock, label, records.with_quotes(self._kept(self.found)))
        super().accept()

    def _kept(self, found: PriceList) -> tuple[KeptQuote, ...]:
        """The quotes as the project keeps them: how each was matched, and the rate it was turned with."""
        by = {match.article: match.by for match in found.matches}
        return tuple(
            KeptQuote(
                quote,
                "remembered" if quote.article in self._unused else by.get(quote.article, ""),
                self._rates.get(quote.currency),
            )
            for quote in found.quotes
        )

    def models(self) -> Iterable[ChangesModel | ProblemsModel]:
        """What has colours of its own."""
        return (self.changed, self.told)
