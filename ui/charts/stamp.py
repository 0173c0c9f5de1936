"""Stamp: text drawn from kept pictures of its words, because laying text out is the dear part of moving a chart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg, get_hinting_flag  # noqa: TID253 - drawing files come late
from matplotlib.colors import to_rgb, to_rgba  # noqa: TID253 - the same
from matplotlib.font_manager import FontProperties  # noqa: TID253 - the same
from matplotlib.text import Text  # noqa: TID253 - the same
from matplotlib.transforms import IdentityTransform  # noqa: TID253 - the same
from numpy.typing import NDArray

from ui.charts.style import LINE_SPACING, strange_signs

#: Pictures of whole texts kept, and of the words they are put together from; the oldest go first.
KEPT, KEPT_PIECES = 3000, 6000
_PAD = 3
#: Scripts whose words stand beside each other as they are written, one after another and each sign for itself.
_PLAIN = re.compile("[\\u0020-\\u02ff\\u0370-\\u052f\\u2000-\\u200a\\u2010-\\u2027\\u202f-\\u205f\\u2070-\\u2bff\n]*")
_WORDS = re.compile(r"[ \u202f\u2009\u00a0]|[^ \u202f\u2009\u00a0]+")
_FIGURE = re.compile(r"\d")

Pixels = NDArray[np.uint8]
Picture = tuple[float, float, Pixels]
"""Left and bottom from the text's anchor in device px, and RGBA rows from the top down as Agg takes them."""

_pictures: dict[tuple[Any, ...], Picture] = {}


class Type:
    """One font at one size and resolution: how wide its texts are, and their pictures put together from words."""

    def __init__(self, font: FontProperties, dpi: float) -> None:
        self._font, self._dpi = font, dpi
        self._ruler = RendererAgg(1, 1, dpi)
        #: Word -> coverage from the top down, its left and top from the start of the baseline, and how far it goes on.
        self._pieces: dict[str, tuple[Pixels, int, int, float]] = {}
        px = self.size = font.get_size_in_points() * dpi / 72
        #: How far a line goes up and down from its baseline, as Matplotlib takes it.
        _, high, self.deep = self._ruler.get_text_width_height_descent("lp", font, False)
        self.high = high - self.deep
        #: Height of a capital; from a line's top to its baseline, and from baseline to baseline.
        self.cap = float(self._piece("H")[2])
        self.rise, self.pitch = round(px), round(LINE_SPACING * 1.165 * px)

    def width(self, text: str) -> float:
        """Width of one line, device px."""
        return sum(self._piece(piece)[3] for piece in _pieces(text))

    def whole_width(self, text: str) -> float:
        """Width of one line laid out as one, device px."""
        with strange_signs():
            return float(self._ruler.get_text_width_height_descent(text, self._font, False)[0])

    def coverage(self, text: str) -> tuple[Pixels, int, int]:
        """One line: how much of each pixel its letters cover (rows from the top), left and top from the baseline."""
        at = 0.0
        laid = []
        for word in _pieces(text):
            mask, left, top, advance = self._piece(word)
            if mask.size:
                laid.append((mask, round(at) + left, top))
            at += advance
        if not laid:
            return np.zeros((1, 1), dtype=np.uint8), 0, 0
        left = min(x for _, x, _ in laid)
        right = max(x + mask.shape[1] for mask, x, _ in laid)
        top = max(up for _, _, up in laid)
        bottom = min(up - mask.shape[0] for mask, _, up in laid)
        whole = np.zeros((top - bottom, right - left), dtype=np.uint8)
        for mask, x, up in laid:
            part = whole[top - up : top - up + mask.shape[0], x - left : x - left + mask.shape[1]]
            np.maximum(part, mask, out=part)
        return whole, left, top

    def _piece(self, word: str) -> tuple[Pixels, int, int, float]:
        found = self._pieces.get(word)
        if found is None:
            if len(self._pieces) >= KEPT_PIECES:
                del self._pieces[next(iter(self._pieces))]
            found = self._pieces[word] = self._draw(word)
        return found

    def _draw(self, word: str) -> tuple[Pixels, int, int, float]:
        ruler, flag = self._ruler, get_hinting_flag()
        with strange_signs():
            # Where a space after the word would stand is where the next word does.
            font = ruler._prepare_font(self._font)
            advance = float(font.set_text(word + " ", 0.0, flags=flag)[-1][0]) / 64
            wide, high, deep = ruler.get_text_width_height_descent(word, self._font, False)
            left, down = _PAD + 2, max(int(np.ceil(deep)), 0) + _PAD
            sheet = RendererAgg(int(np.ceil(wide)) + 2 * left, int(np.ceil(high - deep)) + down + _PAD, self._dpi)
            gc = sheet.new_gc()
            sheet.draw_text(gc, left, sheet.height - down, word, self._font, 0)
            gc.restore()
        ink = np.asarray(sheet.buffer_rgba())[:, :, 3]
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        if not len(rows):
            return np.zeros((0, 0), dtype=np.uint8), 0, 0, advance
        cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
        return cut, int(columns[0]) - left, int(sheet.height - down) - int(rows[0]), advance


def warm(families: tuple[str, ...], size: float, dpi: float, texts: Sequence[str]) -> Iterator[None]:
    """Draw the words of texts that will be wanted, plain and bold, as far as they are asked for: a few at a time."""
    kinds = [type_of(families, size, bold, at) for bold in (False, True) for at in sorted({72.0, float(dpi)})]
    for text in texts:
        if is_plain(text):
            for kind in kinds:
                kind.width(text)
        yield


def is_plain(text: str) -> bool:
    """Whether a text can be put together from its words: no script that joins, stacks or turns its signs."""
    return _PLAIN.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[str, ...]:
    """The words of a line and the spaces between.

    Figures change all the time, and a name is cut now here, now there: their signs stand alone.
    """
    found: list[str] = []
    for word in _WORDS.findall(text):
        found += word if _FIGURE.search(word) or "…" in word else [word]
    return tuple(found)


@lru_cache(maxsize=64)
def _type(families: tuple[str, ...], size: float, bold: bool, dpi: float) -> Type:
    return Type(FontProperties(family=list(families), size=size, weight="bold" if bold else "normal"), dpi)


def type_of(families: tuple[str, ...], size: float, bold: bool, dpi: float) -> Type:
    """The type of these families at a size in points and a resolution."""
    return _type(families, size, bold, dpi)


class Stamp(Text):
    """Text drawn from kept pixels on a raster canvas, at whole pixels; as text everywhere else (SVG, PDF).

    On a raster canvas "center" and "center_baseline" both put the middle of a capital at the anchor, so that figures
    and names in one row stand on one line, whichever of them has letters below it.
    """

    def __init__(self, *given: Any, families: tuple[str, ...], size: float, bold: bool, **named: Any) -> None:
        self._families, self._size, self._bold = families, size, bold
        self._held: tuple[Any, ...] | None = None
        self._picked: Picture | None = None
        font = FontProperties(family=list(families), size=size, weight="bold" if bold else "normal")
        super().__init__(*given, fontproperties=font, **named)

    def set_fontweight(self, weight: Any) -> None:
        """Bold or not."""
        if (weight == "bold") == self._bold:
            return
        self._bold = weight == "bold"
        super().set_fontweight(weight)

    def set(  # type: ignore[override]  # these alone, and each by its name: Matplotlib's own costs ten times that
        self,
        *,
        x: float | None = None,
        y: float | None = None,
        text: str | None = None,
        color: str = "",
        fontweight: str = "",
        visible: bool | None = None,
    ) -> None:
        """Put it elsewhere, let it say something else, or in another look."""
        if x is not None:
            self.set_x(x)
        if y is not None:
            self.set_y(y)
        if text is not None and text != self.get_text():
            self.set_text(text)
        if color:
            self.set_color(color)
        if fontweight:
            self.set_fontweight(fontweight)
        if visible is not None:
            self.set_visible(visible)

    def draw(self, renderer: Any) -> None:
        """Draw it, from its picture where that is there."""
        if isinstance(renderer, RendererAgg):
            stamp_all(renderer, (self,))
        else:
            super().draw(renderer)

    def picture(self, dpi: float) -> Picture:
        """Its pixels at a resolution."""
        ground = self.get_bbox_patch()
        held = (
            self.get_text(),
            self.get_color(),
            self._bold,
            dpi,
            self.get_horizontalalignment(),
            None if ground is None else ground.get_facecolor(),
        )
        if held == self._held and self._picked is not None:
            return self._picked
        key = (*held, self._families, self._size, self.get_verticalalignment(), self.get_rotation())
        found = _pictures.get(key)
        if found is None:
            bare = ground is None or not to_rgba(ground.get_edgecolor())[3]
            plain = bare and not self.get_rotation() and is_plain(held[0])
            found = self._put_together(dpi) if plain else self._take(dpi)
            if len(_pictures) >= KEPT:
                del _pictures[next(iter(_pictures))]
            _pictures[key] = found
        self._held, self._picked = held, found
        return found

    def _put_together(self, dpi: float) -> Picture:
        """Its lines from the pictures of their words."""
        kind = type_of(self._families, self._size, self._bold, dpi)
        lines = self.get_text().split("\n")
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[self.get_horizontalalignment()]
        side = self.get_verticalalignment()
        down = (len(lines) - 1) * kind.pitch
        first = {
            "top": -kind.rise,
            "baseline": down,
            "bottom": down + round(0.34 * kind.rise),
        }.get(side, round(0.5 * down - 0.5 * kind.cap))
        laid = []
        for number, line in enumerate(lines):
            mask, left, top = kind.coverage(line)
            laid.append((mask, round(left - share * kind.width(line)), first - number * kind.pitch + top))
        left, top = min(x for _, x, _ in laid), max(up for _, _, up in laid)
        right = max(x + mask.shape[1] for mask, x, _ in laid)
        bottom = min(up - mask.shape[0] for mask, _, up in laid)
        ground = self.get_bbox_patch()
        if ground is not None:
            pad = getattr(ground.get_boxstyle(), "pad", 0.0) * kind.size
            wide = max(kind.width(line) for line in lines)
            left = min(left, round(-share * wide - pad))
            right = max(right, round((1 - share) * wide + pad))
            top = max(top, round(first + kind.high + pad))
            bottom = min(bottom, round(first - down - kind.deep - pad))
        whole = np.empty((top - bottom, right - left, 4), dtype=np.uint8)
        whole[:, :, :3] = _channels(self.get_color())
        whole[:, :, 3] = 0
        for mask, x, up in laid:
            part = whole[top - up : top - up + mask.shape[0], x - left : x - left + mask.shape[1], 3]
            np.maximum(part, mask, out=part)
        if ground is not None:
            _lay_under(whole, to_rgba(ground.get_facecolor()))
        return float(left), float(bottom), np.ascontiguousarray(whole[::-1])

    def _take(self, dpi: float) -> Picture:
        """Let Matplotlib draw the whole of it on a sheet of its own."""
        place, transform = self.get_position(), self.get_transform()
        try:
            self.set_transform(IdentityTransform())
            self.set_position((0, 0))
            with strange_signs():
                box = self.get_window_extent(RendererAgg(1, 1, dpi))
            left, bottom = np.floor(box.x0) - _PAD, np.floor(box.y0) - _PAD
            width, height = int(np.ceil(box.x1) - left) + _PAD, int(np.ceil(box.y1) - bottom) + _PAD
            sheet = RendererAgg(width, height, dpi)
            self.set_position((-left, -bottom))
            with strange_signs():
                super().draw(sheet)
        finally:
            self.set_position(place)
            self.set_transform(transform)
        pixels = np.asarray(sheet.buffer_rgba(), dtype=np.uint8)
        return float(left), float(bottom), np.ascontiguousarray(pixels[::-1])


def _lay_under(pixels: Pixels, ground: tuple[float, float, float, float]) -> None:
    """Put a colour under RGBA pixels whose alpha is apart from their colour."""
    over = pixels[:, :, 3:] / 255
    under = ground[3] * (1 - over)
    whole = over + under
    pixels[:, :, :3] = np.rint((pixels[:, :, :3] * over + 255 * np.array(ground[:3]) * under) / whole)
    pixels[:, :, 3:] = np.rint(255 * whole)


@lru_cache(maxsize=256)
def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (round(255 * part) for part in to_rgb(colour))
    return red, green, blue


def stamp_all(renderer: RendererAgg, stamps: Iterable[Stamp]) -> None:
    """Draw texts one after another: what they share (where their axes lie) is asked for once."""
    dpi = renderer.dpi
    places: dict[int, Any] = {}
    gc = renderer.new_gc()
    for stamp in stamps:
        if not stamp.get_visible() or not stamp.get_text():
            continue
        left, bottom, pixels = stamp.picture(dpi)
        transform = stamp.get_transform()
        matrix = places.get(id(transform))
        if matrix is None:
            matrix = places[id(transform)] = transform.get_affine().get_matrix().tolist()
        x, y = stamp.get_position()
        (a, b, c), (d, e, f), _ = matrix
        renderer.draw_image(gc, round(a * x + b * y + c + left), round(d * x + e * y + f + bottom), pixels)
        stamp.stale = False
    gc.restore()
