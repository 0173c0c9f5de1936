"""Brief: read and written without loss, every wrong word and impossible value refused by name, nothing ever fails."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.__main__ import ranking_json
from advisor.answer import solve
from advisor.brief import Brief, brief_from_json, read_brief
from advisor.climate import CLIMATE_RANGES, place_names
from advisor.materials import bundled
from advisor.problems import AdvisorError, Problem
from advisor.profiles import market_codes, panels, products, sectors
from advisor.properties import CRITERIA, properties

HEAD = {"format": "material-advisor-brief", "version": 1}
#: The example of the brief format, every basic key filled.
EXAMPLE: dict[str, Any] = {
    **HEAD,
    "title": "School packs",
    "product": "mini-hike-daypack",
    "panel": "body",
    "sector": "education",
    "market": "NG",
    "climate": {"place": "Lagos"},
    "budget": {"fabric_price_usd_per_m2": {"target": 4.0, "ceiling": 7.0}, "order_quantity": 1000},
    "limits": [
        {"property": "areal_mass_g_m2", "at_most": 250, "judge": "could"},
        {"property": "recycled_content_pct", "at_least": 50},
        {"certificate": "GRS"},
        {"family": ["nylon", "rpet"]},
    ],
    "priorities": {"water": 8, "abrasion": 6},
    "gaps": "cautious",
    "method": "additive",
}


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


words = st.text(st.characters(codec="utf-8"), max_size=12)
names = words.filter(str.strip)
SCALES = {key: item.scale for key, item in properties().items() if item.numeric}
SCORED = [key for key, item in properties().items() if item.numeric and item.criterion]


@st.composite
def limits(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(["property", "certificate", "family"]))
    if kind == "certificate":
        return {"certificate": draw(names).strip()}
    if kind == "family":
        return {"family": [word.strip() for word in draw(st.lists(names, min_size=1, max_size=3))]}
    key = draw(st.sampled_from(sorted(SCALES)))
    bottom, top = (
        -1e6 if SCALES[key][0] is None else SCALES[key][0],
        1e6 if SCALES[key][1] is None else SCALES[key][1],
    )
    low, high = sorted((draw(numbers(bottom, top)), draw(numbers(bottom, top))))
    ends = draw(st.sampled_from([{"at_least": low}, {"at_most": high}, {"at_least": low, "at_most": high}]))
    return {"property": key, **ends, "judge": draw(st.sampled_from(["could", "always"]))}


@st.composite
def climates(draw: Any) -> dict[str, Any]:
    found: dict[str, Any] = draw(
        st.one_of(
            st.just({}),
            st.builds(lambda name: {"place": name}, st.sampled_from(sorted(place_names()))),
            st.builds(
                lambda several: {"places": [{"place": name, "share": share} for name, share in several]},
                st.lists(st.tuples(st.sampled_from(sorted(place_names())), numbers(0.1, 10)), min_size=1, max_size=3),
            ),
        )
    )
    for key in draw(st.sets(st.sampled_from(sorted(CLIMATE_RANGES)), max_size=5)):
        found[key] = draw(numbers(*CLIMATE_RANGES[key]))
    cold, mean, hot = (found.get(key) for key in ("cold_month_min_c", "mean_c", "hot_month_max_c"))
    ordered = [value for value in (cold, mean, hot) if value is not None]
    month, year = found.get("wettest_month_mm"), found.get("rain_mm_year")
    if ordered != sorted(ordered) or (month is not None and year is not None and month > year):
        for key in ("mean_c", "hot_month_max_c", "wettest_month_mm"):
            found.pop(key, None)
        if cold is not None:
            found["cold_month_min_c"] = cold
    return found


@st.composite
def level(draw: Any, key: str) -> float:
    bottom, top = SCALES[key]
    if properties()[key].unit == "°C":
        return float(draw(numbers(-100, 300)))
    return float(draw(numbers(0 if bottom is None else bottom, 1e5 if top is None else top)))


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    """A brief document with any of its keys, all of them possible."""
    money = st.tuples(numbers(0.01, 500), numbers(0.01, 500)).map(sorted)
    target, ceiling = draw(money)
    edit = st.sampled_from(SCORED).flatmap(
        lambda key: st.tuples(
            st.just(key),
            st.one_of(st.none(), st.fixed_dictionaries({"level": level(key)}, optional={"because": words})),
        )
    )
    point = st.tuples(numbers(-1e4, 1e4), numbers(0, 1))
    points = st.lists(point, min_size=2, max_size=4, unique_by=lambda pair: pair[0])
    curve = points.map(lambda found: [list(pair) for pair in sorted(found)])
    order = {"incoterm": words, "colours": st.integers(1, 9), "currency": words}
    panel = st.fixed_dictionaries({"limits": st.lists(limits(), max_size=2)})
    optional = {
        "title": words,
        "product": st.sampled_from(sorted(products())),
        "panel": st.sampled_from(sorted(panels())),
        "sector": st.sampled_from(sorted(sectors())),
        "market": st.lists(st.sampled_from(sorted(market_codes())), max_size=3, unique=True),
        "climate": climates(),
        "budget": st.fixed_dictionaries(
            {},
            optional={
                "fabric_price_usd_per_m2": st.sampled_from(
                    [{"target": target}, {"ceiling": ceiling}, {"target": target, "ceiling": ceiling}]
                ),
                "order_quantity": numbers(1, 1e6),
            },
        ),
        "limits": st.lists(limits(), max_size=3),
        "priorities": st.dictionaries(st.sampled_from(CRITERIA), numbers(0, 10), max_size=15),
        "gaps": st.sampled_from(["cautious", "neutral", "hopeful"]),
        "demands": st.lists(edit, max_size=4).map(dict),
        "curves": st.dictionaries(st.sampled_from(CRITERIA), curve, max_size=2),
        "locks": st.lists(st.sampled_from(CRITERIA), max_size=3, unique=True),
        "service": st.fixed_dictionaries(
            {},
            optional={
                "life_years": numbers(0.1, 50),
                "days_per_year": numbers(1, 366),
                "outdoor_share": numbers(0, 1),
                "load_kg": numbers(0.1, 100),
                "litres": numbers(0.5, 150),
                "heat_case": st.sampled_from(["boot", "cabin", "dashboard"]),
            },
        ),
        "certainty": st.fixed_dictionaries(
            {},
            optional={
                "data": st.booleans(),
                "priorities": st.sampled_from(["around", "unknown", "fixed"]),
                "samples": st.integers(100, 400),
                "seed": st.integers(0, 2**63 - 1),
            },
        ),
        "order": st.fixed_dictionaries({}, optional=order),
        "bag": st.fixed_dictionaries({}, optional={"mass_g_max": numbers(0, 1e4), "same_polymer": st.booleans()}),
        "panels": st.dictionaries(st.sampled_from(sorted(panels())), panel, max_size=2),
    }
    found: dict[str, Any] = draw(st.fixed_dictionaries({}, optional=optional))
    return {**HEAD, **found}


def problems_of(document: Any) -> tuple[Problem, ...]:
    with pytest.raises(AdvisorError) as caught:
        brief_from_json(document)
    return caught.value.problems


@given(documents())
def test_a_brief_comes_back_as_it_was_written(document):
    brief = brief_from_json(document)
    again = brief_from_json(json.loads(json.dumps(brief.to_json())))
    assert again == brief
    assert again.to_json() == brief.to_json()
    for key in ("product", "panel", "sector", "title", "gaps"):
        if key in document:
            assert getattr(brief, key) == document[key]


@given(documents())
@settings(max_examples=40)
def test_every_possible_brief_is_answered_in_finite_numbers(document):
    few = {**document.get("certainty", {}), "samples": 200}
    answer = solve(bundled(), brief_from_json({**document, "certainty": few}))
    text = json.dumps(ranking_json(answer, answer.certainty()), allow_nan=False)
    assert json.loads(text)["table"]["rows"] == len(bundled()) == len(json.loads(text)["ranking"])
    assert all(math.isfinite(score) and -1e-12 <= score <= 1 + 1e-12 for score in answer.ranking.scores)


def test_the_example_of_the_format_is_read(tmp_path):
    path = tmp_path / "school.brief.json"
    path.write_text(json.dumps(EXAMPLE), encoding="utf-8")
    brief = read_brief(path)
    assert brief == brief_from_json(EXAMPLE)
    assert (brief.market, brief.climate.place, brief.price.ceiling) == (("NG",), "Lagos", 7.0)
    assert [limit.judge for limit in brief.limits] == ["could"] * 4
    path.write_text("\ufeff" + json.dumps(EXAMPLE), encoding="utf-8")  # a byte order mark does no harm
    assert read_brief(path) == brief


def test_a_brief_may_hold_nothing_but_its_format():
    assert brief_from_json(HEAD) == Brief()


@pytest.mark.parametrize("place", ["lagos", "LAGOS", " Lagos ", "tromso", "São Paulo", "sao paulo"])
def test_places_are_found_without_case_and_accents(place):
    assert brief_from_json({**HEAD, "climate": {"place": place}}).climate.place in place_names()


@pytest.mark.parametrize(
    ("document", "key", "nearest"),
    [
        ({"prodct": "x"}, "prodct", "product"),
        ({"Limits": []}, "Limits", "limits"),
        ({"climate": {"wetest_month_mm": 3}}, "climate.wetest_month_mm", "wettest_month_mm"),
        ({"budget": {"order_quantitty": 3}}, "budget.order_quantitty", "order_quantity"),
        ({"budget": {"fabric_price_usd_per_m2": {"taget": 3}}}, "budget.fabric_price_usd_per_m2.taget", "target"),
        ({"priorities": {"watter": 3}}, "priorities.watter", "water"),
        ({"limits": [{"property": "areal_mass_g_m2", "atmost": 3}]}, "limits[1].atmost", "at_most"),
        ({"demands": {"hydrolysis_week": None}}, "demands.hydrolysis_week", "hydrolysis_weeks"),
        ({"service": {"live_years": 3}}, "service.live_years", "life_years"),
        ({"certainty": {"sampels": 300}}, "certainty.sampels", "samples"),
        ({"order": {"incotrem": "FOB"}}, "order.incotrem", "incoterm"),
        ({"bag": {"cloth_max": 3}}, "bag.cloth_max", "cloths_max"),
        ({"panels": {"bse": {}}}, "panels.bse", "base"),
        ({"curves": {"lightnes": [[0, 0], [1, 1]]}}, "curves.lightnes", "lightness"),
        ({"product": "mini-hike-dayback"}, "product", "mini-hike-daypack"),
        ({"sector": "educaton"}, "sector", "education"),
        ({"panel": "bdy"}, "panel", "body"),
        ({"climate": {"place": "Lagoss"}}, "climate.place", "Lagos"),
        ({"limits": [{"property": "areal_mass_gm2", "at_most": 3}]}, "limits[1].property", "areal_mass_g_m2"),
        ({"gaps": "cautios"}, "gaps", "cautious"),
        ({"method": "aditive"}, "method", "additive"),
        ({"locks": ["priice"]}, "locks", "price"),
        ({"service": {"heat_case": "cabn"}}, "service.heat_case", "cabin"),
    ],
)
def test_an_unknown_key_or_word_names_the_nearest(document, key, nearest):
    problem = problems_of({**HEAD, **document})[0]
    assert problem.column == key
    assert f'"{nearest}"' in problem.hint


IMPOSSIBLE = [
    ({"climate": {key: value}}, f"climate.{key}")
    for key, (low, high) in CLIMATE_RANGES.items()
    for value in (low - 1, high + 1)
] + [
    ({"climate": {"hot_month_max_c": 5, "cold_month_min_c": 10}}, "climate.hot_month_max_c"),
    ({"climate": {"rain_mm_year": 100, "wettest_month_mm": 101}}, "climate.wettest_month_mm"),
    ({"climate": {"mean_c": 30, "hot_month_max_c": 20}}, "climate.mean_c"),
    ({"climate": {"mean_c": -30, "cold_month_min_c": -20}}, "climate.mean_c"),
    ({"climate": {"place": "Lagos", "places": [{"place": "Dubai"}]}}, "climate"),
    ({"climate": {"places": [{"place": "Dubai", "share": 0}]}}, "climate.places"),
    ({"climate": {"places": [{"share": 1}]}}, "climate.places[1].place"),
    ({"climate": {"mean_c": "warm"}}, "climate.mean_c"),
    ({"climate": {"mean_c": True}}, "climate.mean_c"),
    ({"climate": {"mean_c": math.nan}}, "climate.mean_c"),
    ({"climate": {"mean_c": math.inf}}, "climate.mean_c"),
    ({"climate": {"mean_c": 10**400}}, "climate.mean_c"),
    ({"climate": []}, "climate"),
    ({"budget": {"fabric_price_usd_per_m2": {"target": 9, "ceiling": 7}}}, "budget.fabric_price_usd_per_m2.ceiling"),
    ({"budget": {"fabric_price_usd_per_m2": {"target": -1}}}, "budget.fabric_price_usd_per_m2.target"),
    ({"budget": {"order_quantity": 0}}, "budget.order_quantity"),
    ({"budget": 4}, "budget"),
    ({"priorities": {"water": 11}}, "priorities.water"),
    ({"priorities": {"water": -0.1}}, "priorities.water"),
    ({"priorities": {"water": None}}, "priorities.water"),
    ({"priorities": dict.fromkeys(CRITERIA, 0)}, "priorities"),
    ({"limits": [{}]}, "limits[1]"),
    ({"limits": [{"certificate": "GRS", "family": ["nylon"]}]}, "limits[1]"),
    ({"limits": [{"certificate": " "}]}, "limits[1].certificate"),
    ({"limits": [{"family": []}]}, "limits[1].family"),
    ({"limits": [{"property": "areal_mass_g_m2"}]}, "limits[1]"),
    ({"limits": [{"property": "areal_mass_g_m2", "at_least": 9, "at_most": 8}]}, "limits[1]"),
    ({"limits": [{"property": "light_fastness_grade", "at_least": 9}]}, "limits[1].at_least"),
    ({"limits": [{"property": "light_fastness_grade", "at_most": 0}]}, "limits[1].at_most"),
    ({"limits": [{"property": "areal_mass_g_m2", "at_most": 9, "judge": "maybe"}]}, "limits[1].judge"),
    ({"limits": [{"property": "name", "at_most": 9}]}, "limits[1].property"),
    ({"limits": {"family": ["nylon"]}}, "limits"),
    ({"demands": {"mildew_rating": {"level": 5}}}, "demands.mildew_rating.level"),
    ({"demands": {"tear_strength_n": {"level": -5}}}, "demands.tear_strength_n.level"),
    ({"demands": {"tear_strength_n": {"level": 1e300}}}, "demands.tear_strength_n.level"),
    ({"demands": {"cold_flex_c": {"level": -300}}}, "demands.cold_flex_c.level"),
    ({"demands": {"tear_strength_n": {}}}, "demands.tear_strength_n"),
    ({"demands": {"tear_strength_n": 40}}, "demands.tear_strength_n"),
    ({"demands": {"fibre": {"level": 4}}}, "demands.fibre"),
    ({"curves": {"price": [[1, 1]]}}, "curves.price"),
    ({"curves": {"price": [[2, 1], [1, 0]]}}, "curves.price"),
    ({"curves": {"price": [[1, 1], [1, 0]]}}, "curves.price"),
    ({"curves": {"price": [[1, 1.5], [2, 0]]}}, "curves.price[1]"),
    ({"curves": {"price": [[1], [2, 0]]}}, "curves.price[1]"),
    ({"service": {"life_years": 0}}, "service.life_years"),
    ({"service": {"outdoor_share": 1.1}}, "service.outdoor_share"),
    ({"service": {"days_per_year": 367}}, "service.days_per_year"),
    ({"service": {"load_kg": 0}}, "service.load_kg"),
    ({"certainty": {"samples": 99}}, "certainty.samples"),
    ({"certainty": {"samples": 1000.5}}, "certainty.samples"),
    ({"certainty": {"samples": True}}, "certainty.samples"),
    ({"certainty": {"seed": -1}}, "certainty.seed"),
    ({"certainty": {"data": "yes"}}, "certainty.data"),
    ({"certainty": {"priorities": "loose"}}, "certainty.priorities"),
    ({"market": "XX"}, "market"),
    ({"market": ["NG", 7]}, "market"),
    ({"market": ["NG", ["KE"]]}, "market"),
    ({"title": 7}, "title"),
    ({"title": "\ud800"}, "title"),
    ({"product": None}, "product"),
    ({"product": {"a": 1}}, "product"),
    ({"locks": "price"}, "locks"),
    ({"order": {"colours": 0}}, "order.colours"),
    ({"order": {"landed_cost_per_bag": {"target": 3, "ceiling": 2}}}, "order.landed_cost_per_bag.ceiling"),
    ({"bag": {"same_polymer": 1}}, "bag.same_polymer"),
    ({"bag": {"mass_g_max": -1}}, "bag.mass_g_max"),
    ({"panels": {"base": {"fixed": 3}}}, "panels.base.fixed"),
    ({"panels": {"base": {"limits": [{"property": "areal_mass_g_m2"}]}}}, "panels.base.limits[1]"),
]


@pytest.mark.parametrize(("document", "key"), IMPOSSIBLE)
def test_an_impossible_value_is_refused_by_its_key(document, key):
    found = problems_of({**HEAD, **document})
    assert key in [problem.column for problem in found]
    assert all(problem.message and "\n" not in problem.line() for problem in found)


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ([], "format"),
        (None, "format"),
        ({}, "format"),
        ({"format": "material-advisor-project", "version": 1}, "format"),
        ({"format": "material-advisor-brief"}, "version"),
        ({**HEAD, "version": "1"}, "version"),
        ({**HEAD, "version": True}, "version"),
        ({**HEAD, "version": 0}, "version"),
        ({**HEAD, "version": 3}, "version"),
    ],
)
def test_what_is_no_brief_of_this_version_is_refused(document, key):
    assert problems_of(document)[0].column == key


def test_all_problems_are_told_at_once():
    found = problems_of({**HEAD, "prodct": 1, "gaps": "bold", "priorities": {"water": 12, "sun": "x"}, "climate": 3})
    assert {problem.column for problem in found} == {"prodct", "gaps", "priorities.water", "priorities.sun", "climate"}


anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(10**400, 10**401),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(["Lagos", "nylon", "water", "areal_mass_g_m2", "GRS", "body", "\ud800"]),
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
SUBKEYS = {
    "climate": [*CLIMATE_RANGES, "place", "places"],
    "budget": ["fabric_price_usd_per_m2", "order_quantity"],
    "service": ["life_years", "heat_case"],
    "certainty": ["samples", "seed", "data", "priorities"],
    "priorities": list(CRITERIA),
    "demands": SCORED,
    "curves": list(CRITERIA),
    "order": ["colours", "landed_cost_per_bag", "freight"],
    "bag": ["cloths_max", "same_polymer"],
    "panels": ["base", "lining"],
}


def outcome(document: Any) -> Brief | tuple[Problem, ...]:
    try:
        return brief_from_json(document)
    except AdvisorError as error:
        return error.problems


def refused_or_read(document: Any) -> None:
    """A document is a brief that can be written again, or it is refused with problems on one line each."""
    found = outcome(document)
    if isinstance(found, Brief):
        assert brief_from_json(json.loads(json.dumps(found.to_json(), allow_nan=False))) == found
        assert json.dumps(found.to_json(), ensure_ascii=False).encode("utf-8")
    else:
        assert found
        assert all("\n" not in problem.line() for problem in found)


@given(
    st.dictionaries(
        st.sampled_from([*EXAMPLE, "demands", "curves", "locks", "service", "certainty", "order", "bag", "panels"]),
        anything,
    )
)
def test_random_values_under_known_keys_are_refused_or_read(document):
    refused_or_read({**document, **HEAD})


@given(
    st.sampled_from(sorted(SUBKEYS)).flatmap(
        lambda key: st.dictionaries(st.sampled_from(SUBKEYS[key]), anything, max_size=4).map(lambda value: {key: value})
    )
)
@settings(max_examples=200)
def test_random_values_one_level_down_are_refused_or_read(document):
    refused_or_read({**HEAD, **document})


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["property", "at_least", "at_most", "judge", "certificate", "family"]), anything
        ),
        max_size=3,
    )
)
def test_random_limits_are_refused_or_read(found):
    refused_or_read({**HEAD, "limits": found})


@given(anything)
def test_random_documents_are_refused(document):
    refused_or_read(document)


def read(folder: Path, content: bytes) -> AdvisorError:
    path = folder / "broken.brief.json"
    path.write_bytes(content)
    with pytest.raises(AdvisorError) as caught:
        read_brief(path)
    assert all(problem.file == str(path) for problem in caught.value.problems)
    return caught.value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b'{"format": }', "not-json"),
        (b"\xff\xfe\x00", "not-utf8"),
        ("{}".encode("utf-16"), "not-utf8"),
        (b"[" * 100_000, "not-json"),
        (b'{"a": ' * 100_000, "not-json"),
        (b"9" * 5000, "not-json"),
        (b'{"format": "material-advisor-brief", "version": 1, "gaps": "cautious", "gaps": "hopeful"}', "duplicate-key"),
        (b"null", "not-a-brief"),
        (b"NaN", "not-a-brief"),
        (b'"text"', "not-a-brief"),
    ],
)
def test_a_broken_file_is_refused_by_name(content, code, tmp_path):
    assert read(tmp_path, content).problems[0].code == code


def test_broken_json_names_its_line(tmp_path):
    problem = read(tmp_path, b'{\n "format": "material-advisor-brief",\n "version" 1\n}').problems[0]
    assert problem.row == 3


@given(st.binary(max_size=60))
def test_random_bytes_are_refused(content):
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return
    refused_or_read(document)


def test_a_missing_file_or_a_folder_is_refused(tmp_path):
    for path in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(AdvisorError) as caught:
            read_brief(path)
        assert caught.value.problems[0].code == "cannot-read"
