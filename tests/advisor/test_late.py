"""Long tables are worked out late, and come out the same to the bit as what is worked out whole."""

from dataclasses import replace

import numpy as np
import pytest

import advisor.ranking
import advisor.values
from advisor.answer import solve
from advisor.bench import long_table
from advisor.brief import Brief, Climate
from advisor.dominance import Dominance
from advisor.explanation import place_label, standing
from advisor.late import Columns, Late

ROWS = 400


def briefs():
    lagos = Brief(product="mini-hike-daypack", climate=Climate("Lagos"))
    return {
        "lagos": lagos,
        "hopeful": replace(lagos, gaps="hopeful"),
        "neutral": replace(lagos, gaps="neutral"),
        "rain": replace(lagos, climate=Climate("Lagos", inputs={"wettest_month_mm": 90.0})),
        "weights": replace(lagos, priorities={"water": 9.5, "colour": 0.5}),
    }


@pytest.fixture(scope="module")
def holed():
    """A long table with some figures missing that count."""
    base = long_table(ROWS)
    typical, low, high = base.typical.copy(), base.low.copy(), base.high.copy()
    random = np.random.default_rng(7)
    for key in ("abrasion_cycles", "hydrostatic_head_mm", "areal_mass_g_m2"):
        rows = random.choice(ROWS, 60, replace=False)
        for part in (typical, low, high):
            part[rows, base.column(key)] = np.nan
    return replace(base, typical=typical, low=low, high=high, sha256="holed")


@pytest.fixture(params=list(briefs()))
def pair(request, holed, monkeypatch):
    """The same answer worked out whole and late."""
    brief = briefs()[request.param]
    whole = solve(holed, brief)
    for module in (advisor.values, advisor.ranking):
        monkeypatch.setattr(module, "LONG", 10)
    # Another table to the caches, the same one to everybody else.
    return whole, solve(replace(holed, sha256="late"), brief)


def test_a_long_table_is_worked_out_late_and_to_the_same_bits(pair):
    whole, late = pair
    assert isinstance(late.values.typical, Columns) and isinstance(late.ranking.contributions, Late)
    for name in ("low", "typical", "high"):
        one, other = getattr(whole.values, name), getattr(late.values, name)
        for row in (0, 17, ROWS - 1):
            assert np.array_equal(one[row], other[row])
            assert one[row, 3] == other[row, 3]
        few = np.array([5, 3, 300])
        assert np.array_equal(one[few], other[few])
        assert np.array_equal(one[:, 2], other[:, 2])
        assert np.array_equal(one, other)
    assert np.array_equal(whole.values.gaps, late.values.gaps) and whole.values.free == late.values.free
    for name in ("order", "ranks", "scores", "low", "high", "contributions"):
        one, other = getattr(whole.ranking, name), getattr(late.ranking, name)
        assert np.array_equal(one[7], other[7]) and np.array_equal(one, other), name


def test_a_single_row_is_the_row_of_the_whole_to_the_bit(pair):
    _, late = pair
    found = late.ranking
    singles = [(found.low[row], found.high[row], found.contributions[row]) for row in range(ROWS)]
    low, high, parts = np.asarray(found.low), np.asarray(found.high), np.asarray(found.contributions)
    for row, (least, most, part) in enumerate(singles):
        assert least == low[row] and most == high[row] and np.array_equal(part, parts[row])
        assert (low[row] <= found.scores[row] + 1e-12) and (found.scores[row] <= high[row] + 1e-12)


def test_what_is_said_is_the_same(pair):
    whole, late = pair
    for row in whole.ranking.order[:25].tolist():
        assert standing(whole, row) == standing(late, row)
        assert place_label(whole, None, row) == place_label(late, None, row)
    assert np.array_equal(whole.certainty().win_share, late.certainty().win_share)


def test_a_late_array_is_the_array_it_stands_for():
    figures = np.random.default_rng(3).random((50, 4))
    asked: list[object] = []

    def rows(chosen):
        asked.append(chosen)
        return figures[chosen]

    late = Late(figures.shape, rows)
    assert len(late) == 50 and late.shape == (50, 4)
    assert np.array_equal(late[4], figures[4]) and late[4, 2] == figures[4, 2]
    assert np.array_equal(late[np.array([1, 9]), 3], figures[[1, 9], 3])
    assert all(not isinstance(one, slice) for one in asked)
    assert np.array_equal(late + 1.0, figures + 1.0) and np.array_equal(1.0 - late, 1.0 - figures)
    assert np.array_equal(late @ np.ones(4), figures @ np.ones(4))
    assert np.array_equal(late[figures[:, 0] > 0.5], figures[figures[:, 0] > 0.5])
    assert late.sum(axis=1).tolist() == figures.sum(axis=1).tolist() and late.whole() is late.whole()
    with pytest.raises(ValueError, match="read-only"):
        late.whole()[0, 0] = 2.0


def test_nobody_outside_those_ahead_dominates(holed):
    """Held against everybody who passes, a material is dominated by the same one as against those ahead of it."""
    answer = solve(holed, briefs()["lagos"])
    values, ranking = answer.values, answer.ranking
    heads = ranking.passing_rows()
    worth, places = values.typical[heads].copy(), [m.criterion for m in values.members]
    from advisor.properties import CRITERIA

    for number, criterion in enumerate(places):
        at = values.gaps[heads, number]
        worth[at, CRITERIA.index(criterion)] = values.low[heads[at], CRITERIA.index(criterion)]
    found = Dominance(values, ranking)
    some = 0
    for row in heads.tolist():
        mine = values.typical[row].copy()
        for number in np.flatnonzero(values.gaps[row]).tolist():
            place = CRITERIA.index(places[number])
            mine[place] = values.high[row, place]
        ahead = (worth >= mine - 1e-9).all(axis=1) & (worth > mine + 1e-9).any(axis=1)
        got = found.of(row)
        assert (got is None) is not bool(ahead.any())
        if got is not None:
            some += 1
            assert got.by == heads[int(np.argmax(ahead))]
    assert some


def test_rows_that_share_a_place_stand_together_in_their_order(holed):
    answer = solve(holed, Brief(priorities=dict.fromkeys(briefs()["weights"].priorities, 0.0)))
    ranking = answer.ranking
    order = ranking.passing_rows().tolist()
    for row in order[::7]:
        level = ranking.level_with(row).tolist()
        assert level == [other for other in order if ranking.ranks[other] == ranking.ranks[row]] and row in level
        assert ranking.above(order[0], row) is (row != order[0])
        assert not ranking.above(row, order[0])
