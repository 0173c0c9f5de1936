"""Whoever sees fewer colours still tells everything apart, and a number shown twice is the same number.

Two colours count as told apart from a CIEDE2000 difference of 10 on: some ten times what is just noticed side by side,
as marks on a chart are small and lie apart. Where two colours are nearer, a pattern or a shape must part them.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from advisor.__main__ import ranking_json
from advisor.brief import Brief, CertaintySettings, Climate
from advisor.properties import GROUPS
from advisor.sentences import Num
from ui import words
from ui.charts import certainty as chart_certainty
from ui.charts.look import chart_style
from ui.charts.map import families
from ui.charts.panel import ChartPanel
from ui.material_panel import MaterialPanel
from ui.painting import paint_demand
from ui.ranking_model import Column, RankingModel
from ui.rows import Prose
from ui.session import Session
from ui.theme import Theme, blend, contrast, fill_group, pattern_of, theme
from ui.widgets import HOVER, LinkButton

Array = NDArray[np.float64]

#: From here on two colours are told apart by themselves (CIEDE2000).
APART = 10.0
#: From here on a pattern is seen on its ground (CIEDE2000): its lines lie close together and are many.
PATTERN = 5.0

#: Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision Deficiency",
#: IEEE TVCG 15(6), table 1, severity 1.0; for linear RGB.
SEEN = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}


def linear(colour: str | QColor) -> Array:
    """Linear RGB, 0 to 1 (sRGB, IEC 61966-2-1)."""
    c = QColor(colour)
    v = np.array([c.redF(), c.greenF(), c.blueF()])
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def lab(rgb: Array) -> Array:
    """CIE L*a*b* of linear RGB under D65 (IEC 61966-2-1, CIE 15)."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    t = to_xyz @ rgb / to_xyz.sum(axis=1)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: Array, other: Array) -> float:
    """Colour difference after CIE 142 (CIEDE2000, all weights 1), of two L*a*b* colours."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0
    turn = 0.0 if grey else (h2 - h1 + 180) % 360 - 180
    hue = h1 + h2 if grey else (h1 + h2) / 2 if abs(h1 - h2) <= 180 else ((h1 + h2 + 360) / 2) % 360
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    s_l = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    around = math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2)))
    r = -math.sin(around) * 2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    d_l, d_c = (l2 - l1) / s_l, (c2 - c1) / s_c
    d_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / s_h
    return math.sqrt(d_l**2 + d_c**2 + d_h**2 + r * d_c * d_h)


def difference(one: str | QColor, other: str | QColor, seen: str) -> float:
    """How far apart two colours look to an eye of a kind."""
    return ciede2000(*(lab(np.clip(SEEN[seen] @ linear(colour), 0, 1)) for colour in (one, other)))


@pytest.fixture(params=list(SEEN))
def seen(request: pytest.FixtureRequest) -> str:
    """Each kind of eye in turn."""
    return str(request.param)


# --- the measures themselves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_colour_difference_is_that_of_the_published_pairs(one, other, expected):
    """Sharma, Wu and Dalal (2005), Color Research & Application 30(1), table 1."""
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


def test_simulation_leaves_grey_alone_and_brings_red_and_green_together():
    for name in ("protanopia", "deuteranopia"):
        assert SEEN[name].sum(axis=1) == pytest.approx(1, abs=1e-5)
        assert difference("#808080", "#808080", name) == 0
        assert difference("#c04040", "#60803a", name) < difference("#c04040", "#60803a", "all") / 2


# --- groups -----------------------------------------------------------------------------------------------------------


def _segment(group: str, look: Theme) -> list[QColor]:
    """The pixels of a bar segment as it is painted."""
    image = QImage(24, 12, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    fill_group(painter, QRectF(image.rect()), group, look)
    painter.end()
    return [image.pixelColor(x, y) for y in range(12) for x in range(24)]


def _texture(group: str, look: Theme, seen: str) -> frozenset[int]:
    """Places of the pixels at which the pattern is seen on its ground."""
    ground, pixels = look.group(group), _segment(group, look)
    known = {pixel.rgb(): difference(pixel, ground, seen) for pixel in pixels}
    return frozenset(place for place, pixel in enumerate(pixels) if known[pixel.rgb()] >= PATTERN)


def test_any_two_groups_are_told_apart_by_colour_or_by_pattern(qapp, look, seen):
    texture = {group: _texture(group, look, seen) for group in GROUPS}
    for one, other in itertools.combinations(GROUPS, 2):
        by_colour = difference(look.group(one), look.group(other), seen) >= APART
        by_pattern = len(texture[one] ^ texture[other]) >= 0.1 * 24 * 12
        assert by_colour or by_pattern, (one, other)


def test_every_pattern_is_seen_by_every_eye(qapp, look, seen):
    for group in GROUPS:
        assert bool(_texture(group, look, seen)) == (pattern_of(group) != "plain")


def test_met_and_missed_differ_without_colour(qapp, look):
    """In luminance alone a met demand is a solid bar and a missed one hatched."""
    grey = []
    for met in (True, False):
        image = QImage(60, 16, QImage.Format.Format_RGB32)
        image.fill(look.colour("panel"))
        painter = QPainter(image)
        paint_demand(painter, QRectF(0, 0, 60, 16), look, 0.7, met)
        painter.end()
        grey.append(np.array([[float(lab(linear(image.pixelColor(x, y)))[0]) for x in range(60)] for y in range(16)]))
    bar = slice(5, 12), slice(3, 30)
    assert grey[0][bar].std() < 4 < 12 < grey[1][bar].std()


def test_text_on_mixed_grounds_can_be_read(look):
    """Shares over the bars, rows and chips under the pointer, and figures of the trials before the last change."""
    for group in GROUPS:
        assert contrast(look.ink, blend(look.token(group), look.panel, 0.26)) >= 4.5
    for ink in ("ink", "ink2", "ink3", "good", "warn", "bad"):
        assert contrast(look.token(ink), blend(look.accent, look.panel, HOVER)) >= 4.5
    for tone in ("good", "warn", "bad"):
        assert contrast(look.token(tone), blend(look.accent, look.token(f"chip_{tone}"), HOVER)) >= 4.5
    assert contrast(blend(look.ink, look.panel, chart_certainty.STALE), look.panel) >= 4.5


def test_figures_on_the_shades_of_places_can_be_read(look):
    style = chart_style(look)
    for place in range(10):
        ground, text = chart_certainty._shade(style, place), chart_certainty._on_shade(style, place, 1.0)
        assert contrast(text, ground) >= 4.5, place + 1


def test_shades_of_neighbouring_places_differ(look, seen):
    """They lie side by side in their order, and what is printed beside them says the same: just noticed is enough."""
    style = chart_style(look)
    shades = [chart_certainty._shade(style, place) for place in range(10)]
    for one, other in itertools.pairwise(shades):
        assert difference(one, other, seen) >= 1


# --- series of the charts ---------------------------------------------------------------------------------------------

BRIEFS = {
    "wet": Brief(product="mini-hike-daypack", climate=Climate(place="Lagos"), certainty=CertaintySettings(samples=400)),
    "child": Brief(product="kids-mini-backpack", climate=Climate("Accra"), certainty=CertaintySettings(samples=400)),
    "bare": Brief(certainty=CertaintySettings(samples=400)),
}


@pytest.fixture
def session(qapp: object, request: pytest.FixtureRequest) -> Iterator[Session]:
    """The real session over the bundled table, its trials worked out."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    made = Session(brief=BRIEFS[getattr(request, "param", "wet")])
    made.ascertain()
    yield made
    made.close()
    QLocale.setDefault(before)


def _panel(qtbot: Any, session: Session, look: Theme, key: str) -> ChartPanel:
    panel = ChartPanel(session, look)
    qtbot.addWidget(panel)
    panel.resize(1100, 420)
    panel.show()
    panel.finish_loading()
    panel.show_chart(key)
    _settle(panel)
    return panel


def _drawn(panel: ChartPanel) -> Any:
    """The artists of the chart on screen."""
    return panel.canvas().artists


def _settle(panel: ChartPanel) -> None:
    QGuiApplication.processEvents()
    panel.grab()


def test_series_of_compare_are_told_apart_without_colour(qtbot, session, look, seen):
    panel = _panel(qtbot, session, look, "compare")
    session.compare(tuple(session.table.ids[row] for row in (0, 11, 45, 65, 90, 110)))
    _settle(panel)
    shown = [profile for profile in _drawn(panel).profiles if profile.line.get_visible()]
    assert len(shown) == 6
    for one, other in itertools.combinations(shown, 2):
        by_colour = difference(one.line.get_color(), other.line.get_color(), seen) >= APART
        by_shape = one.met.get_marker() != other.met.get_marker()
        by_dashes = one.line._dash_pattern != other.line._dash_pattern
        assert by_shape and by_dashes, "a line has a marker and dashes of its own"
        assert by_colour or by_shape


def test_score_lines_are_told_apart_by_their_names_and_the_selected_one_by_more(qtbot, session, look, seen):
    """One thin line is like another, so each leads to a name of its own; the selected one and the first stand out."""
    panel = _panel(qtbot, session, look, "certainty")
    session.select(session.table.ids[int(session.answer.ranking.order[2])])
    _settle(panel)
    shown = [part for part in _drawn(panel).lines if part.line.get_visible()]
    names = [part.name.get_text() for part in shown]
    assert len(names) == len(set(names)) > 3
    inks = {part.line.get_color(): part.line.get_linewidth() for part in shown}
    assert len(inks) == 3
    for one, other in itertools.combinations(inks, 2):
        assert difference(one, other, seen) >= APART or abs(inks[one] - inks[other]) >= 0.6
    bold = [part for part in shown if part.name.get_fontweight() == "bold"]
    assert [part.line.get_color() for part in bold] == [look.accent]


def test_families_on_the_map_have_markers_of_their_own(qtbot, session, look):
    panel = _panel(qtbot, session, look, "map")
    drawn = _drawn(panel)
    _, family = families(session.table)
    by_family: dict[int, list[np.ndarray]] = {}
    for row, path in zip(drawn.bubble_rows.tolist(), drawn.bubbles.get_paths(), strict=True):
        by_family.setdefault(int(family[row]), []).append(path.vertices)
    assert all(np.array_equal(own[0], other) for own in by_family.values() for other in own)
    shapes = [own[0] for own in by_family.values()]
    assert len(shapes) > 4
    for one, other in itertools.combinations(shapes, 2):
        assert one.shape != other.shape or not np.allclose(one, other)


# --- the same number everywhere ---------------------------------------------------------------------------------------


def _texts(panel: ChartPanel) -> list[str]:
    figure = panel.canvas().figure
    return [text.get_text() for axes in figure.axes for text in axes.texts if text.get_visible()]


def _cell(cell: str | Num) -> str:
    return words.number(cell.value, cell.decimals) if isinstance(cell, Num) else cell


def _prose(panel: MaterialPanel) -> str:
    parts: list[Prose | LinkButton] = [*panel.findChildren(Prose), *panel.findChildren(LinkButton)]
    return "\n".join(part.text() for part in parts)


@pytest.mark.parametrize("session", list(BRIEFS), indirect=True)
def test_a_number_shown_twice_is_equal(qtbot, session):
    """Score, place, demands met, share of trials and figures: in row, panel, charts, their tables, and the JSON."""
    look, answer = theme("light"), session.answer
    document = json.loads(json.dumps(ranking_json(answer, session.certainty)))
    entries = {entry["id"]: entry for entry in document["ranking"]}
    rows = RankingModel(session)
    material = MaterialPanel(session, look)
    qtbot.addWidget(material)
    panel = _panel(qtbot, session, look, "why")
    for place in (0, 1, 4):
        row = int(answer.ranking.order[place])
        key, name = answer.table.ids[row], answer.table.names[row]
        entry = entries[key]
        session.select(key)
        two, three = f"{entry['score']:.2f}", f"{entry['score']:.3f}"
        met = f"{entry['demands_met']} of {entry['demands_asked']}"
        leads = f"{100 * entry['win_share']:.0f}"
        # the ranking
        facts = rows.facts_of(row)
        assert facts.score == rows.index(place, Column.SCORE).data() == two
        assert facts.leads == words.number(float(leads)) + " %" or float(entry["win_share"]) < 0.01
        # the material panel
        said = _prose(material)
        assert f"Score {two} ({entry['score_low']:.2f}–{entry['score_high']:.2f})" in said
        assert re.search(rf"\b{entry['rank']} of {answer.ranking.passing} that pass", said)
        if entry["demands_asked"]:
            assert facts.met == met
            assert f"{met} met" in said and f"It meets {met} demands" in said
        # the charts and their tables
        for chart in ("why", "compare", "climate-fit", "certainty", "map", "slope"):
            panel.show_chart(chart)
            if chart == "compare":
                session.compare((key, answer.table.ids[int(answer.ranking.order[place + 1])]))
            _settle(panel)
            twin, texts = panel.twin_of(), _texts(panel)
            if chart in ("why", "compare", "climate-fit"):
                column = next(at for at, head in enumerate(twin.heads) if head.startswith(name))
                column = next((at for at, head in enumerate(twin.heads) if head == f"{name}, contribution"), column)
                if twin.rows:
                    assert _cell(twin.rows[-1][column]) == three, chart
            else:
                line = next(line for line in twin.rows if name in line)
                column = next(at for at, head in enumerate(twin.heads) if head in ("Score", "Score, now"))
                assert _cell(line[column]) == three, chart
            if chart in ("why", "compare"):
                assert three in texts
            if chart == "climate-fit" and entry["demands_asked"]:
                caption, miss = " ".join(texts), entry["worst_miss"]
                assert f"score {two}" in caption and f"meets {met} demands" in caption
                # A grade or rating says that it is one before its figure.
                own = "" if miss is None else words.figure(miss["property"], miss["have"])
                assert miss is None or {own, f"grade {own}", f"rating {own}"} & set(texts)
            if chart == "certainty":
                assert _cell(line[twin.heads.index("Leads in, of 100 trials")]) == leads
                assert any(text.startswith(f"{leads} of 100") for text in texts)
