"""Texts and bars set as pixels look and stand as Matplotlib would draw them, and stay texts and bars in an SVG."""

from __future__ import annotations

import io
from types import MethodType
from typing import Any

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from ui.charts.block import Block
from ui.charts.look import chart_style
from ui.charts.stamp import Stamp, is_plain, type_of
from ui.charts.style import Style, fit_name, put, sheet, width_of
from ui.theme import theme

TEXTS = ("0.704", "▲ +0.018", "Polyester 600D oxford, TPU", "≥ 1,310 mm", "Agy · pick-up")


@pytest.fixture
def style(qapp) -> Style:
    return chart_style(theme("light"))


def _figure(dpi: float = 72) -> Figure:
    figure = Figure(figsize=(400 * 72 / 5184, 60 * 72 / 5184), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def _pixels(figure: Figure) -> np.ndarray:
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3].astype(int)


def _ink(figure: Figure) -> np.ndarray:
    return np.asarray(np.abs(_pixels(figure) - 255).sum(axis=2) > 90)


def _box(ink: np.ndarray) -> tuple[int, ...]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


@pytest.mark.parametrize("dpi", [72, 144])
@pytest.mark.parametrize("text", ["Nylon 420D oxford, TPU", "demand ≥ 909 cycles"])
def test_a_text_on_a_ground_of_its_own_hides_what_matplotlib_would_hide(style, text, dpi):
    boxes, inks = [], []
    for kind in (Stamp, Text):
        figure = _figure(dpi)
        axes = sheet(figure, style)
        axes.add_artist(Rectangle((0, 0), 400, 60, facecolor="#000000", zorder=1))
        made = put(axes, 120, 30, text, style, ha="left", va="center", ink="#000000")
        made.set_bbox({"facecolor": "#ff0000", "edgecolor": "none", "alpha": 0.75, "boxstyle": "square,pad=0.08"})
        if kind is Text:
            made.draw = MethodType(Text.draw, made)  # type: ignore[method-assign]
        pixels = _pixels(figure)
        boxes.append(_box(pixels[:, :, 0] > 90))
        left, top, right, bottom = boxes[-1]
        inks.append(int((191 - pixels[top:bottom, left:right, 0]).sum()))
        assert tuple(pixels[boxes[-1][1] + 1, boxes[-1][0] + 1]) == pytest.approx((191, 0, 0), abs=1)
    assert np.abs(np.subtract(boxes[0], boxes[1])).max() <= 2 * dpi / 72
    assert inks[0] == pytest.approx(inks[1], rel=0.12)


@pytest.mark.parametrize("dpi", [72, 108, 144])
@pytest.mark.parametrize("side", ["left", "center", "right"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_of_kept_words_lies_where_matplotlib_would_put_it(style, text, side, dpi):
    boxes = []
    for kind in (Stamp, Text):
        figure = _figure(dpi)
        axes = sheet(figure, style)
        made = put(axes, 200, 30, text, style, ha=side)
        if kind is Text:
            made.remove()
            font = made.get_fontproperties()
            axes.text(200, 30, text, fontproperties=font, color=style.ink2, ha=side, va="baseline", parse_math=False)
        boxes.append(_box(_ink(figure)))
    assert np.abs(np.subtract(boxes[0], boxes[1])).max() <= 2


def test_figures_and_names_in_one_row_share_a_baseline(style):
    feet = []
    for text in ("600", "Hx", "Hgpx"):
        figure = _figure()
        put(sheet(figure, style), 200, 30, text, style, va="center")
        ink = _ink(figure)
        # The left sign of each stands on the line; what hangs below is further right.
        first = int(np.flatnonzero(ink.any(axis=0))[0])
        feet.append(int(np.flatnonzero(ink[:, first : first + 6].any(axis=1))[-1]))
    assert len(set(feet)) == 1


def test_what_is_measured_is_what_is_drawn(style):
    for text in TEXTS:
        figure = _figure()
        put(sheet(figure, style), 10, 30, text, style, ha="left")
        left, _, right, _ = _box(_ink(figure))
        assert abs((right - left + 1) - width_of(text, style)) <= 4


def test_scripts_that_join_or_turn_are_laid_out_whole(style):
    assert (
        not is_plain("نايلون 420D") and not is_plain("नायलॉन") and not is_plain("尼龙") and is_plain("Nylon 420D, PU")
    )
    figure = _figure()
    put(sheet(figure, style), 200, 30, "نايلون", style)
    assert _ink(figure).any()
    kind = type_of(style.fonts, 11, False, 72)
    assert width_of("نايلون", style) == kind.whole_width("نايلون")


def test_a_changed_text_is_drawn_anew_and_the_same_one_is_not(style):
    figure = _figure()
    made = put(sheet(figure, style), 200, 30, "12", style)
    first = made.picture(72)
    assert made.picture(72) is first
    made.set(text="13")
    other = made.picture(72)
    assert other is not first
    made.set(text="12")
    assert made.picture(72) is first
    made.set(color="#ff0000")
    assert made.picture(72)[2][..., 0].max() == 255


@pytest.mark.parametrize("dpi", [72, 108])
def test_a_block_fills_whole_pixels_and_keeps_to_its_bounds(style, dpi):
    figure = _figure(dpi)
    axes = sheet(figure, style)
    axes.add_patch(Block((10, 10), 100, 20, facecolor="#204060", linewidth=0))
    solid = (_pixels(figure) == (0x20, 0x40, 0x60)).all(axis=2)
    scale = dpi / 72
    assert solid.sum() == round(100 * scale) * round(20 * scale)
    assert _box(solid)[0] == round(10 * scale)


def test_stripes_dots_and_dashes_are_seen_in_pixels_and_in_an_svg(style):
    figure = _figure()
    axes = sheet(figure, style)
    looks: tuple[dict[str, Any], ...] = (
        {"hatch": "////"},
        {"hatch": "...."},
        {"linewidth": 1.4, "linestyle": (0, (3, 2))},
    )
    for place, look in enumerate(looks):
        block = Block((20 + 100 * place, 10), 60, 30, facecolor="#ffffff", edgecolor="#000000", linewidth=0)
        block.set_hatchcolor("#000000")
        block.set(**look)
        axes.add_patch(block)
    pixels = _pixels(figure)[:, :, 0]
    for place in range(3):
        part = pixels[20:50, 20 + 100 * place : 80 + 100 * place]
        assert 0.01 < (part == 0).mean() < 0.5
    stream = io.BytesIO()
    with rc_context({"svg.fonttype": "none"}):
        figure.savefig(stream, format="svg")
    assert stream.getvalue().decode().count("<pattern") == 2


def test_a_block_beyond_the_figure_is_cut_and_one_without_size_is_nothing(style):
    figure = _figure()
    axes = sheet(figure, style)
    axes.add_patch(Block((390, 50), 100, 100, facecolor="#204060", linewidth=0))
    axes.add_patch(Block((-50, 10), 20, 20, facecolor="#204060", linewidth=2, edgecolor="#000000"))
    axes.add_patch(Block((50, 10), 0, 20, facecolor="#204060", linewidth=0))
    solid = (_pixels(figure) == (0x20, 0x40, 0x60)).all(axis=2)
    assert solid.sum() == 10 * 10


def test_a_name_loses_whole_words_before_half_ones_and_keeps_what_follows_its_comma(style):
    name, short = "Nylon 420D oxford, TPU", "Nylon 420D…, TPU"
    assert fit_name(name, width_of(name, style), style) == name
    assert fit_name(name, width_of(name, style) - 1, style) == short
    assert fit_name(name, width_of(short, style), style) == short
    tight = fit_name(name, width_of(short, style) - 1, style)
    assert tight.endswith(", TPU") and "…" in tight and width_of(tight, style) < width_of(short, style)
