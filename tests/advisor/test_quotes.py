"""Price lists: read with their breaks and widths, articles matched, remembered, compared, and put into the ranking."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.answer import solve
from advisor.brief import Brief, Climate
from advisor.catalogue import CATALOGUE
from advisor.materials import bundled
from advisor.merge import override
from advisor.problems import AdvisorError
from advisor.quotes import (
    Quote,
    apply_profile,
    as_overrides,
    best_prices,
    candidates,
    changes,
    features,
    field_meanings,
    match_articles,
    missing_columns,
    plan_list,
    price_per_m2,
    prices_with,
    profile_of,
    quotes_from_json,
    read_list,
    read_profile,
    standing,
    write_profile,
)
from advisor.sheets import pasted, read_sheet
from advisor.units import Rate

TABLES = Path(__file__).resolve().parents[1] / "data" / "tables"
RATES = {"NGN": Rate("NGN", 0.00065, "2026-11-20", "typed")}
TODAY = "2026-11-20"


def november(rates=RATES, today=TODAY):
    sheet = read_sheet(TABLES / "prices-november.csv")
    plan, defaults = plan_list(sheet)
    plan = replace(plan, rates=rates)
    return sheet, plan, defaults, read_list(sheet, plan, defaults, bundled(), today=today)


def listed(text, **about):
    sheet = pasted(text)
    plan, defaults = plan_list(sheet)
    return read_list(sheet, plan, replace(defaults, **about), bundled(), today=TODAY)


def test_a_local_list_by_the_metre_is_read_with_its_heading_and_breaks():
    _, plan, defaults, found = november()
    assert (plan.header_row, plan.decimal) == (5, ",")
    assert (defaults.currency, defaults.per, defaults.incoterm, defaults.place) == ("NGN", "m", "EXW", "Lagos")
    assert defaults.roll_width_cm == pytest.approx(147.32) and defaults.valid_until == "2026-12-31"
    assert len({quote.supplier for quote in found.quotes}) == 3
    oxford = [quote for quote in found.quotes if quote.article == "Oxford 600 PU blk"]
    assert [(quote.from_quantity, quote.price) for quote in oxford] == [(100, 2450), (500, 2300), (1000, 2150.5)]
    assert {quote.material for quote in oxford} == {"polyester-600d-oxford-pu"}
    assert oxford[0].lead_time_days == 21 and oxford[0].colour == "black"


def test_what_is_doubtful_in_a_list_is_told_with_row_and_column():
    found = november()[3]
    assert [(p.code, p.row, p.column) for p in found.problems] == [
        ("unknown-article", 7, "Article"),
        ("unknown-article", 9, "Article"),
        ("break-order", 9, "500 m+"),
        ("unknown-article", 12, "Article"),
    ]
    first = november(rates={})[3].problems[0]
    assert (first.code, first.row) == ("no-rate", 5)
    late = {p.code for p in november(today="2027-02-01")[3].problems}
    assert "expired" in late


def test_a_thread_count_offers_linings_and_is_left_to_the_user():
    (match,) = match_articles(["210T"], bundled())
    assert match.material == "" and {c.material for c in match.candidates} == {
        "lining-210t-polyester-pu2000",
        "lining-210t-nylon",
    }
    assert features("210T").threads == 210 and features("210T").denier == ()


@pytest.mark.parametrize(
    ("article", "material"),
    [
        ("Oxford 600 PU blk", "polyester-600d-oxford-pu"),
        ("600D RPET oxford PU", "rpet-600d-oxford-pu"),
        ("190T poly taffeta PU", "lining-190t-polyester-pu3000"),
        ("Nylon 70D 210T taffeta", "lining-210t-nylon"),
        ("Cordura 500D", "nylon-500d-cordura-pu"),
        ("Ballistic 1680D", "nylon-1680d-ballistic-pu"),
        ("X-Pac VX21", "xpac-vx21"),
        ("Lona algodón 12 oz", "cotton-canvas-12oz"),
        ("Baumwolle Canvas 12 oz", "cotton-canvas-12oz"),
        ("toile coton enduite ciré 12 oz", "cotton-waxed-12oz"),
        ("PVC tarpaulin 500D", "polyester-pvc-tarpaulin-500d"),
        ("nylon-420d-packcloth-pu", "nylon-420d-packcloth-pu"),
        ("Polyester 600D oxford, PVC back", "polyester-600d-oxford-pvc"),
    ],
)
def test_a_trade_name_finds_its_material(article, material):
    assert candidates(article, bundled())[0].material == material


@pytest.mark.parametrize(
    "article", ["nylon 210D ripstop PU", "fabric", "blk", "mystery cloth", "PU", "N/420D/PU", "210T", "", "  ", "نسيج"]
)
def test_a_name_that_could_be_several_or_none_is_left_open(article):
    (match,) = match_articles([article], bundled())
    assert match.material == ""


def test_every_bundled_name_is_matched_to_itself():
    table = bundled()
    for match in match_articles(table.names, table):
        assert table.names[table.index[match.material]] == match.article


def test_a_choice_made_once_is_remembered():
    (match,) = match_articles(["210T"], bundled(), {"210t ": "lining-210t-nylon"})
    assert (match.material, match.by) == ("lining-210t-nylon", "remembered")


@pytest.mark.parametrize(
    ("title", "key", "start"),
    [
        ("Article", "article", ""),
        ("Artikelbezeichnung", "article", ""),
        ("Prix (EUR/m)", "price", ""),
        ("1,000 m+", "price", "1000"),
        ("≥ 500 yd", "price", "500"),
        ("Price 300-499 m", "price", "300"),
        ("USD/yd @ 3000 yd", "price", "3000"),
        ('Price USD/m 58"', "price", ""),
        ("Colour", "colour", ""),
        ("Proveedor", "supplier", ""),
        ("العرض (سم)", "roll_width_cm", ""),
        ("Gültig bis", "valid_until", ""),
    ],
)
def test_headers_of_a_list_are_understood(title, key, start):
    best = field_meanings(title)[0]
    assert (best.key, best.end) == (key, start)


QUOTE = Quote("nylon-420d-packcloth-pu", "Mill", "Nylon 420D PU", "", "USD", 3.0, "m", 150.0)


@pytest.mark.parametrize(
    ("changed", "price"),
    [
        ({}, 2.0),
        ({"per": "yd", "roll_width_cm": 152.4}, 3 / 0.9144 / 1.524),
        ({"per": "m2"}, 3.0),
        ({"per": "yd2"}, 3 / 0.9144**2),
        ({"currency": "NGN", "price": 3000.0}, 3000 * 0.00065 / 1.5),
    ],
)
def test_a_quote_becomes_a_price_by_area(changed, price):
    assert price_per_m2(replace(QUOTE, **changed), RATES)[0] == pytest.approx(price)


def test_what_a_quote_lacks_is_named_and_no_price_is_made_up():
    assert price_per_m2(replace(QUOTE, roll_width_cm=None), RATES)[1] == "no-width"
    assert price_per_m2(replace(QUOTE, currency="EUR"), RATES)[1] == "no-rate"
    assert price_per_m2(replace(QUOTE, per="kg"), RATES)[1] == "no-mass"
    mass = bundled().typical[bundled().find(QUOTE.material), bundled().column("areal_mass_g_m2")]
    assert price_per_m2(replace(QUOTE, per="kg"), RATES, bundled())[0] == pytest.approx(3 * mass / 1000)


def test_the_break_the_order_reaches_counts_and_the_cheapest_supplier_wins():
    steps = [replace(QUOTE, from_quantity=start, price=price) for start, price in ((0, 3.0), (500, 2.4), (2000, 1.8))]
    other = replace(QUOTE, supplier="Other", price=2.7)
    assert best_prices([*steps, other], {}, bundled(), 100, TODAY)[QUOTE.material][0].supplier == "Other"
    assert best_prices([*steps, other], {}, bundled(), 600, TODAY)[QUOTE.material][1] == pytest.approx(1.6)
    assert best_prices([*steps, other], {}, bundled(), 5000, TODAY)[QUOTE.material][1] == pytest.approx(1.2)
    assert best_prices(steps[2:], {}, bundled(), 100, TODAY) == {}
    assert best_prices([replace(QUOTE, valid_until="2026-11-19")], {}, bundled(), 100, TODAY) == {}


def test_a_list_reaches_the_ranking_and_the_base_stays_as_it_was(table):
    _, plan, _, found = november()
    best = best_prices(found.quotes, plan.rates, table, 600, TODAY)
    before = table.typical.copy()
    quoted, told = override(table, as_overrides(best))
    row = quoted.find("polyester-600d-oxford-pu")
    assert quoted.typical[row, quoted.column("price_usd_m2")] == pytest.approx(2300 * 0.00065 / 1.4732)
    assert quoted.grade(row, "price_usd_m2") == "own" and len(told) == len(best)
    assert "Balogun Textiles Oxford 600 PU blk: 2300 NGN/m" in told[0].because
    brief = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))
    assert solve(quoted, brief).ranking.scores.tolist() != solve(table, brief).ranking.scores.tolist()
    assert (before == table.typical)[~(before != before)].all()


def test_next_months_list_opens_by_its_profile_and_says_what_changed(tmp_path):
    _, plan, defaults, first = november()
    matches = [replace(m, material="lining-210t-polyester-pu2000") if m.article == "210T" else m for m in first.matches]
    path = tmp_path / "lagos.profile.json"
    write_profile(path, profile_of("Lagos market", plan, defaults, matches))
    profile = read_profile(path)
    sheet = read_sheet(TABLES / "prices-december.csv")
    then, said = plan_list(sheet, profile)
    assert then.rates == plan.rates and missing_columns(then, profile, sheet.file) == ()
    second = read_list(sheet, then, said, bundled(), profile["articles"], today=TODAY)
    assert {quote.material for quote in second.quotes if quote.article == "210T"} == {"lining-210t-polyester-pu2000"}
    found = changes(first.quotes, second.quotes)
    assert [(c.now.article, round(c.percent, 2)) for c in found.rose] == [("Oxford 600 PU blk", 6.12)]
    assert [(c.now.article, round(c.percent, 2)) for c in found.fell] == [("Nylon 420D PU", -4.88)]
    assert [quote.article for quote in found.came] == ["Polyester 300D oxford PU"]
    assert [quote.article for quote in found.went] == ["Cordura 500D"]
    assert found.same == len(second.quotes) - 3


def test_a_list_that_lost_a_column_says_so():
    sheet, plan, defaults, _ = november()
    profile = profile_of("Lagos", plan, defaults)
    profile["columns"]["Old price"] = {"key": "price"}
    applied, _ = apply_profile(plan, defaults, profile)
    (problem,) = missing_columns(applied, profile, sheet.file)
    assert (problem.code, problem.column) == ("stale-profile", "Old price")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"format": "material-advisor-import-profile", "version": 2}',
        b'{"format": "material-advisor-import-profile", "version": 1, "columns": []}',
        b'{"format": "material-advisor-import-profile", "version": 1, "columns": {"A": 3}}',
        b'{"format": "material-advisor-import-profile", "version": 1, "rates": {"EUR": 1.1}}',
        b'{"format": "material-advisor-import-profile", "version": 1, "defaults": {"nonsense": 1}}',
    ],
)
def test_what_is_no_profile_is_refused(content, tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(AdvisorError) as caught:
        read_profile(path)
    assert caught.value.problems[0].code == "bad-profile"


def test_currency_unit_and_width_may_stand_in_the_row():
    text = (
        "Article\tPrice\tCurrency\tUnit\tWidth\tMOQ\tTerms\tDate\n"
        "Nylon 420D PU\t2.80\tEUR\tyd\t58 inch\t500\tFOB Shanghai\t2026-11-03\n"
        "Nylon 500D twill PU\t$3.10/m\t\t\t150 cm\t\tCIF Lagos\t03.11.2026\n"
        "Canvas 12oz cotton\t4.5\tXYZ\tm\t150\t\t\t13/11/2026\n"
        "Polyester 900D\t\tUSD\tm\t150\t\t\t\n"
    )
    found = listed(text)
    first, second = found.quotes
    assert (first.currency, first.per, first.price, first.from_quantity) == ("EUR", "yd", 2.8, 500)
    assert first.roll_width_cm == pytest.approx(147.32) and (first.incoterm, first.place) == ("FOB", "Shanghai")
    assert (second.currency, second.per, second.price, second.date) == ("USD", "m", 3.1, "2026-11-03")
    assert {(p.code, p.row) for p in found.problems} >= {("no-currency", 4), ("no-price", 5), ("no-rate", 1)}


@pytest.mark.parametrize(
    ("date", "read", "sure"),
    [("2026-11-03", "2026-11-03", True), ("3.11.2026", "2026-11-03", True), ("03/04/2026", "2026-04-03", False),
     ("13/04/2026", "2026-04-13", True), ("04/13/2026", "2026-04-13", True), ("soon", "", False)],
)  # fmt: skip
def test_a_date_is_read_and_doubted_where_it_could_be_two(date, read, sure):
    found = listed(f"Article\tPrice USD/m2\tDate\nNylon 420D PU\t2.8\t{date}\n")
    assert found.quotes[0].date == read
    assert ("bad-date" in {p.code for p in found.problems}) != sure


@pytest.mark.parametrize(
    ("columns", "cells", "metres"),
    [
        ("Price USD/yd,Qty (m)", "1.2,500", 500),
        ("Price USD/yd,Qty", "1.2,500 yds", 500 * 0.9144),
        ("Price USD/yd,Qty", "1.2,500", 500 * 0.9144),
        ("Price USD/m,Qty from (yd)", "1.2,500", 500 * 0.9144),
        ("Price USD/kg,Min. qty (m)", "3.2,200", 200),
        ("Price USD/m,Qty (kg)", "1.2,100", 100 * 1000 / 290.5 / 1.5),
        ("USD per yd 500 m+,USD per yd 1000 yds+", "1.2,", 500),
    ],
)
def test_a_smallest_quantity_counts_in_the_unit_it_is_said_in(columns, cells, metres, table):
    table = replace(table, typical=table.typical.copy())
    table.typical[table.index["polyester-600d-oxford-pu"], table.column("areal_mass_g_m2")] = 290.5
    sheet = pasted(f"Item,Width cm,{columns}\n600D oxford PU polyester,150,{cells}\n")
    plan, defaults = plan_list(sheet)
    quotes = read_list(sheet, plan, defaults, table).quotes
    assert len(quotes) == 1
    assert best_prices(quotes, {}, table, metres, "") and not best_prices(quotes, {}, table, metres * 0.999, "")


def test_a_quantity_in_rolls_is_told_and_not_taken_for_metres(table):
    sheet = pasted("Item,Width cm,Price USD/m,MOQ (rolls)\n600D oxford PU polyester,150,1.2,5\n")
    plan, defaults = plan_list(sheet)
    found = read_list(sheet, plan, defaults, table)
    assert found.quotes[0].from_quantity == 0
    assert [(p.code, p.column) for p in found.problems] == [("unknown-column", "MOQ (rolls)")]


def test_a_quote_that_stands_twice_is_told():
    found = listed(
        "Supplier\tArticle\tPrice USD/m2\nA\tNylon 420D PU\t2.8\nA\tnylon 420D pu\t2.9\nB\tNylon 420D PU\t3\n"
    )
    assert [(p.code, p.row) for p in found.problems] == [("duplicate-quote", 3)]


def test_quotes_come_back_from_a_project_file_and_what_is_none_is_refused():
    quotes = november()[3].quotes
    assert quotes_from_json(json.loads(json.dumps([quote.as_json() for quote in quotes]))) == quotes
    for entry in ({}, {"price": "3"}, {**QUOTE.as_json(), "per": "bale"}, {**QUOTE.as_json(), "pric": 3}):
        with pytest.raises(AdvisorError):
            quotes_from_json([entry])


WORDS = (
    *("Article", "Price", "EUR/m", "500 m+", "Oxford 600 PU", "210T", "2,50", "-1", "$3/yd", "58 inch", "31.12.2026"),
    *("#REF!", "", "x", "FOB", "m", "nan", "1e999", "Colour", "kg", "\0", "٣"),
)
words = st.sampled_from(WORDS)


@given(st.lists(st.lists(st.one_of(words, st.text(max_size=4)), min_size=1, max_size=6), max_size=7), st.booleans())
@settings(max_examples=250)
def test_any_list_at_all_is_read_or_refused(tmp_path, rows, headed):
    head = ["Article\tPrice (EUR/m)\tColour\tWidth\tDate\t1,000 m+"] if headed else []
    path = tmp_path / "list.tsv"
    path.write_text("\n".join([*head, *("\t".join(row) for row in rows)]), encoding="utf-8", errors="replace")
    found = attempt(path)
    for problem in found:
        assert problem.code in CATALOGUE and "\n" not in problem.line() and (problem.row or 1) >= 1


def attempt(path):
    try:
        sheet = read_sheet(path)
        found = read_list(sheet, *plan_list(sheet), bundled(), today=TODAY)
    except AdvisorError as error:
        return error.problems
    assert all(quote.price > 0 and quote.currency and quote.per for quote in found.quotes)
    return found.problems


# Several suppliers ----------------------------------------------------------------------------------------------------


def quoted(supplier: str, material: str, price: float) -> Quote:
    return Quote(material, supplier, f"{material} of {supplier}", "", "USD", price, "m2")


def test_a_new_list_stands_beside_other_suppliers_and_in_place_of_its_own_suppliers_last_one(table):
    one, other = table.ids[:2]
    earlier = [quoted("Kano", one, 2.4), quoted("Kano", other, 6.0), quoted("Aba", one, 2.9)]
    now = [quoted("KANO", other, 5.0)]
    assert set(standing(earlier, now)) == {earlier[2], now[0]}
    best = prices_with(earlier, now, {}, table, 100, "2026-11-20")
    # The first cloth is named although the list does not quote it: who quoted it cheapest no longer does.
    assert {material: price for material, (_, price) in best.items()} == {one: 2.9, other: 5.0}
    dearer = prices_with(earlier, [quoted("Lagos", one, 3.0)], {}, table, 100, "2026-11-20")
    assert dearer[one][1] == 2.4 and other not in dearer


@pytest.mark.parametrize(
    ("article", "material"),
    [
        ("600D牛津布 PU", "polyester-600d-oxford-pu"),
        ("210T涤纶里布 PU", "lining-210t-polyester-pu2000"),
        ("420D尼龙PU", "nylon-420d-packcloth-pu"),
    ],
)
def test_chinese_trade_names_are_known_though_written_without_spaces(article, material, table):
    assert candidates(article, table)[0].material == material


def test_a_price_whose_mark_nothing_settles_is_told_as_read(table):
    sheet = pasted("Article;Price (NGN/m)\nOxford 600D PU;2.450\n")
    plan, defaults = plan_list(sheet)
    found = read_list(sheet, plan, defaults, table)
    assert found.quotes[0].price == 2450
    assert ("ambiguous-number", 2, "Price (NGN/m)") in [(p.code, p.row, p.column) for p in found.problems]
