"""Price lists in the window: articles matched, a local currency by the metre, breaks, and next month's list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from advisor.brief import Brief, Climate
from advisor.materials import bundled
from ui.quotes_dialog import QuotesDialog
from ui.session import Session
from ui.theme import stylesheet, theme

TABLES = Path(__file__).resolve().parents[1] / "data" / "tables"
PACK = Brief(product="mini-hike-daypack", climate=Climate(place="Lagos"), market=("NG",))
OXFORD = "polyester-600d-oxford-pu"


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(brief=PACK)
    yield made
    made.close()


@pytest.fixture
def open_list(qtbot: QtBot, session: Session, tmp_path: Path):
    opened: list[QuotesDialog] = []

    def show(path: Path) -> QuotesDialog:
        dialog = QuotesDialog(session, theme("light"), tmp_path / "profiles")
        opened.append(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        with qtbot.waitSignal(dialog.settled, timeout=20_000):
            dialog.open_file(path)
        return dialog

    yield show
    for dialog in opened:
        dialog.reject()


def change(qtbot: QtBot, dialog: QuotesDialog, work) -> None:
    with qtbot.waitSignal(dialog.settled, timeout=20_000):
        work()


def set_rate(qtbot: QtBot, dialog: QuotesDialog) -> None:
    change(qtbot, dialog, lambda: dialog._rate_fields["NGN"][0].setValue(0.00065))


def price_of(session: Session, material: str) -> float:
    return float(session.table.typical[session.table.index[material], session.table.column("price_usd_m2")])


def test_without_a_rate_nothing_can_be_used_and_it_is_asked_for(open_list, session) -> None:
    dialog = open_list(TABLES / "prices-november.csv")
    assert list(dialog._rate_fields) == ["NGN"]
    assert not dialog.use.isEnabled()
    codes = [dialog.told.problem(row).code for row in range(dialog.told.rowCount())]
    assert "no-rate" in codes
    assert codes.count("unknown-article") == 3
    dialog.accept()
    assert session.table is bundled()


def test_the_break_the_order_reaches_becomes_the_price(qtbot, open_list, session) -> None:
    dialog = open_list(TABLES / "prices-november.csv")
    set_rate(qtbot, dialog)
    change(qtbot, dialog, lambda: dialog._order.setValue(600))
    dialog.use.click()
    session.flush()
    assert price_of(session, OXFORD) == pytest.approx(2300 * 0.00065 / 1.4732)
    assert session.table.grade(session.table.index[OXFORD], "price_usd_m2") == "own"
    assert session.undo_label == "Prices of prices-november.csv"
    session.undo()
    session.flush()
    assert session.table is bundled()


def test_an_open_article_is_matched_by_hand_and_a_match_taken_off(qtbot, open_list, session) -> None:
    dialog = open_list(TABLES / "prices-november.csv")
    set_rate(qtbot, dialog)
    count = dialog.changed.rowCount()
    mystery = next(row for row in dialog._rows if row.article == "mystery cloth")
    lining = bundled().ids[0]
    change(qtbot, dialog, lambda: mystery.material.chosen.emit(lining))
    assert dialog.changed.rowCount() == count + 1
    oxford = next(row for row in dialog._rows if row.article == "Oxford 600 PU blk")
    change(qtbot, dialog, lambda: oxford.material.chosen.emit(""))
    assert dialog.changed.rowCount() == count
    dialog.use.click()
    session.flush()
    assert price_of(session, lining) == pytest.approx(1000 * 0.00065 / 1.4732)
    assert price_of(session, OXFORD) == float(
        bundled().typical[bundled().index[OXFORD], bundled().column("price_usd_m2")]
    )


def test_next_months_list_opens_as_the_last_one_was_set_and_says_what_moved(qtbot, open_list, session) -> None:
    dialog = open_list(TABLES / "prices-november.csv")
    set_rate(qtbot, dialog)
    mystery = next(row for row in dialog._rows if row.article == "mystery cloth")
    change(qtbot, dialog, lambda: mystery.material.chosen.emit(bundled().ids[0]))
    dialog.use.click()
    later = open_list(TABLES / "prices-december.csv")
    assert "prices-november.csv" in later._about.text()
    assert later._rate_fields["NGN"][0].value() == pytest.approx(0.00065)
    assert later.use.isEnabled()
    again = next(row for row in later._rows if row.article == "mystery cloth")
    assert again.material.currentData() == bundled().ids[0]
    assert [c.now.article for c in later.news.rose] == ["Oxford 600 PU blk"]
    assert [c.now.article for c in later.news.fell] == ["Nylon 420D PU"]
    for word in ("Rose", "Fell", "Came", "Went"):
        assert word in later._news.text()
    later.use.click()
    session.flush()
    assert price_of(session, OXFORD) == pytest.approx(2600 * 0.00065 / 1.4732)


#: Three suppliers' lists as one office collects them, in naira per linear metre at 58 inch.
THREE = """Prices in NGN per linear metre, width 58 inch, FOB Apapa;;;;;;
Valid until: 31.12.2099;;;;;;
Supplier;Article;Colour;100 m+;500 m+;1.000 m+;Lead time
Kano Textiles;Oxford 600 PU blk;black;2.450,50;2.300;2.150;14 days
Kano Textiles;210T;navy;950;900;850;14 days
Lagos Fabrics;Cordura 500D;black;9.800;9.400;;30 days
Lagos Fabrics;420D nylon packcloth PU;black;3.900;3.700;3.500;30 days
Aba Import;Poliéster 600D PVC;red;2.700;2.500;2.400;20
Aba Import;600D牛津布 PU;black;2.350;2.250;2.100;20
"""


def test_a_new_user_types_one_rate_and_clicks_once(qtbot, open_list, session, tmp_path) -> None:
    path = tmp_path / "november.csv"
    path.write_bytes(THREE.encode("utf-8"))
    dialog = open_list(path)
    # All that is asked for is the rate: it has the focus, and typing it is enough.
    spin, date = dialog._rate_fields["NGN"]
    assert dialog.focusWidget() is spin and date.date() == QDate.currentDate()
    with qtbot.waitSignal(dialog.settled, timeout=20_000):
        QTest.keyClicks(spin, spin.locale().toString(0.00065, "f", 5))
        QTest.keyClick(spin, Qt.Key.Key_Tab)
    assert dialog.use.isEnabled()
    order = dialog._order.value()
    assert order == round(session.answer.terms.fabric_m)
    QTest.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    session.flush()
    step = 0 if order < 500 else 1 if order < 1000 else 2
    for material, prices in (
        (OXFORD, (2350, 2250, 2100)),  # the cheapest of two suppliers, one of whom writes Chinese
        ("nylon-500d-cordura-pu", (9800, 9400, 9400)),
        ("nylon-420d-packcloth-pu", (3900, 3700, 3500)),
        ("polyester-600d-oxford-pvc", (2700, 2500, 2400)),
    ):
        assert price_of(session, material) == pytest.approx(prices[step] * 0.00065 / 1.4732), material


def test_next_months_list_is_in_with_one_click(qtbot, open_list, session, tmp_path) -> None:
    december = THREE.replace("2.350;2.250;2.100", "2.600;2.500;2.400")
    for name, text in (("november.csv", THREE), ("december.csv", december)):
        (tmp_path / name).write_bytes(text.encode("utf-8"))
    first = open_list(tmp_path / "november.csv")
    change(qtbot, first, lambda: first._rate_fields["NGN"][0].setValue(0.00065))
    first.use.click()
    session.flush()
    later = open_list(tmp_path / "december.csv")
    assert later.focusWidget() is later.use and "Rose" in later._news.text()
    assert later._tabs.currentIndex() == 2  # what is new stands in front
    QTest.mouseClick(later.use, Qt.MouseButton.LeftButton)
    session.flush()
    # The other supplier's price of the same cloth is the cheaper one now.
    order = later._order.value()
    price = (2450.5, 2300, 2150)[(order >= 500) + (order >= 1000)]
    assert price_of(session, OXFORD) == pytest.approx(price * 0.00065 / 1.4732)


def test_a_second_suppliers_list_stands_beside_the_first(qtbot, open_list, session, tmp_path) -> None:
    head = "Supplier;Article;Price (USD/m2)\n"
    for name, text in (
        ("a.csv", "Kano;Oxford 600D PU polyester;2,40\nKano;Cordura 500D;6,00\n"),
        ("b.csv", "Aba;Oxford 600D PU polyester;2,90\nAba;Cordura 500D;5,50\n"),
        ("c.csv", "Kano;Cordura 500D;5,00\n"),
    ):
        (tmp_path / name).write_text(head + text, encoding="utf-8")
        dialog = open_list(tmp_path / name)
        assert dialog.use.isEnabled()
        dialog.use.click()
        session.flush()
    # Aba's dearer Oxford took over only once Kano no longer quoted one.
    assert price_of(session, OXFORD) == pytest.approx(2.90)
    assert price_of(session, "nylon-500d-cordura-pu") == pytest.approx(5.00)


def test_the_decimal_mark_and_the_sheet_can_be_chosen(qtbot, open_list, session, tmp_path) -> None:
    import xlsxwriter

    path = tmp_path / "marks.csv"
    path.write_text("Article;Price (NGN/m2)\nOxford 600D PU polyester;2.450\n", encoding="utf-8")
    dialog = open_list(path)
    assert dialog._decimal.isVisibleTo(dialog) and dialog._decimal.currentData() == ","
    assert "ambiguous-number" in [dialog.told.problem(row).code for row in range(dialog.told.rowCount())]
    assert dialog.found.quotes[0].price == 2450
    dialog._decimal.setCurrentIndex(dialog._decimal.findData("."))
    change(qtbot, dialog, lambda: dialog._decimal.activated.emit(0))
    assert dialog.found.quotes[0].price == 2.45 and "2.45" in dialog._rows[0]._prices.text()
    with xlsxwriter.Workbook(str(tmp_path / "two.xlsx")) as book:
        for name, price in (("October", 2.0), ("November", 3.0)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Article", "Price (USD/m2)"])
            sheet.write_row(1, 0, ["Oxford 600D PU polyester", price])
    dialog = open_list(tmp_path / "two.xlsx")
    assert not dialog._decimal.isVisibleTo(dialog)
    dialog._sheets.setCurrentText("November")
    change(qtbot, dialog, lambda: dialog._sheets.activated.emit(1))
    assert dialog.found.quotes[0].price == 3.0


def test_columns_and_the_currency_of_all_prices_are_set_by_hand(qtbot, open_list, session, tmp_path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("Zzz,Qqq\nOxford 600D PU polyester,3.5\n", encoding="utf-8")
    dialog = open_list(path)
    assert not dialog.use.isEnabled()
    change(qtbot, dialog, lambda: dialog.fields[0].field.chosen.emit("article"))
    change(qtbot, dialog, lambda: dialog.fields[1].field.chosen.emit("price"))
    dialog._currency.show_key("USD")
    dialog._per.show_key("m2")
    change(qtbot, dialog, lambda: dialog._per.chosen.emit("m2"))
    assert [row.article for row in dialog._rows] == ["Oxford 600D PU polyester"]
    if not dialog._rows[0].material.currentData():
        change(qtbot, dialog, lambda: dialog._rows[0].material.chosen.emit(OXFORD))
    dialog.use.click()
    session.flush()
    assert price_of(session, OXFORD) == pytest.approx(3.5)


def test_what_is_no_list_is_refused_with_its_reason(open_list, session, tmp_path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(bytes(range(256)) * 40)
    dialog = open_list(path)
    assert "Not a table" in dialog._summary.text()
    assert not dialog.use.isEnabled()
    assert session.table is bundled()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_every_control_is_named_and_large_enough(open_list, direction) -> None:
    dialog = open_list(TABLES / "prices-november.csv")
    dialog.setLayoutDirection(direction)
    dialog.setStyleSheet(stylesheet(theme("dark")))
    dialog.apply_theme(theme("dark"))
    for control in dialog.findChildren(QWidget):
        if not isinstance(control, QAbstractButton | QComboBox | QAbstractSpinBox) or not control.isVisibleTo(dialog):
            continue
        name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
        if isinstance(control, QAbstractButton) and not name:
            continue
        assert name
        assert control.height() >= 24, name
    assert dialog.minimumSizeHint().width() <= 1000
    assert not dialog.grab().isNull()
