"""Block: an upright rectangle set as whole pixels on a raster canvas, where a path would cost ten times as much.

Fill, stripes and edge are put straight into the canvas' pixels, so edges are crisp at every resolution; in SVG and PDF
a block is a rectangle like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg  # noqa: TID253 - drawing files are imported late
from matplotlib.colors import to_rgba  # noqa: TID253 - the same
from matplotlib.patches import Rectangle  # noqa: TID253 - the same
from numpy.typing import NDArray

#: Distance of stripes and width of one, px at 72 dpi; of dots the same.
_STRIPES, _STRIPE = 6, 1
_DOTS = 4

Pixels = NDArray[np.uint8]


class Block(Rectangle):
    """A rectangle without rotation and rounding, opaque; ``hatch`` is "////" (stripes), "...." (dots) or None."""

    def set(  # type: ignore[override]  # these alone, and each by its name: Matplotlib's own costs ten times that
        self,
        *,
        x: float | None = None,
        y: float | None = None,
        width: float | None = None,
        height: float | None = None,
        facecolor: str = "",
        edgecolor: str = "",
        hatchcolor: str = "",
        hatch: str | None = "",
        hatch_linewidth: float | None = None,
        linewidth: float | None = None,
        linestyle: Any = "",
        visible: bool | None = None,
    ) -> None:
        """Put it elsewhere, or in another look; a hatch of None takes the pattern away."""
        if x is not None:
            self.set_x(x)
        if y is not None:
            self.set_y(y)
        if width is not None:
            self.set_width(width)
        if height is not None:
            self.set_height(height)
        if facecolor:
            self.set_facecolor(_rgba(facecolor))
        if edgecolor:
            self.set_edgecolor(_rgba(edgecolor))
        if hatchcolor:
            self.set_hatchcolor(_rgba(hatchcolor))
        if hatch != "":
            self.set_hatch(hatch)  # type: ignore[arg-type]  # None is what takes it away
        if hatch_linewidth is not None:
            self.set_hatch_linewidth(hatch_linewidth)
        if linewidth is not None and linewidth != self.get_linewidth():
            self.set_linewidth(linewidth)
        if linestyle and linestyle != self.get_linestyle():
            self.set_linestyle(linestyle)
        if visible is not None:
            self.set_visible(visible)

    def draw(self, renderer: Any) -> None:
        """Draw it: as pixels on a raster canvas."""
        if isinstance(renderer, RendererAgg):
            block_all(renderer, (self,))
        else:
            super().draw(renderer)


@lru_cache(maxsize=512)
def _rgba(colour: str) -> tuple[float, float, float, float]:
    return to_rgba(colour)


def block_all(renderer: RendererAgg, blocks: Iterable[Block]) -> None:
    """Draw blocks one after another; what they share (where their axes lie) is asked for once."""
    pixels = np.asarray(renderer.buffer_rgba())
    high, wide = pixels.shape[:2]
    scale = renderer.dpi / 72
    places: dict[int, Any] = {}
    for block in blocks:
        if not block.get_visible():
            continue
        # Matplotlib's own get_transform() folds in the shape; the data's alone says where the corners lie.
        axes = block.axes
        assert axes is not None
        matrix = places.get(id(axes))
        if matrix is None:
            matrix = places[id(axes)] = axes.transData.get_affine().get_matrix().tolist()
        (a, _, c), (_, e, f), _ = matrix
        x, y = block.get_xy()
        left, right = _ends(a * x + c, a * (x + block.get_width()) + c, wide)
        # Rows are counted from the top.
        top, bottom = _ends(high - (e * (y + block.get_height()) + f), high - (e * y + f), high)
        block.stale = False
        if right <= left or bottom <= top:
            continue
        part = pixels[top:bottom, left:right]
        face = _bytes(block.get_facecolor())
        if face[3]:
            part[:] = face
        hatch = block.get_hatch()
        if hatch:
            _cover(part, hatch, _bytes(block.get_hatchcolor()), (top, left), scale)
        width = round(block.get_linewidth() * scale)
        if width:
            _edge(part, width, _bytes(block.get_edgecolor()), block.get_linestyle() != "solid", scale)


def _ends(one: float, other: float, most: int) -> tuple[int, int]:
    low, high = (one, other) if one <= other else (other, one)
    return max(round(low), 0), min(round(high), most)


@lru_cache(maxsize=512)
def _bytes(colour: tuple[float, ...]) -> tuple[int, int, int, int]:
    red, green, blue, alpha = (round(255 * part) for part in (*colour[:3], colour[3] if len(colour) > 3 else 1.0))
    return red, green, blue, alpha


@lru_cache(maxsize=64)
def _pattern(hatch: str, scale: float) -> NDArray[np.bool_]:
    """One tile of a pattern."""
    if hatch[0] == ".":
        size = round(_DOTS * scale)
        tile = np.zeros((2 * size, 2 * size), dtype=bool)
        dot = max(1, round(scale))
        tile[:dot, :dot] = tile[size : size + dot, size : size + dot] = True
        return tile
    size = round(_STRIPES * scale)
    rows, columns = np.indices((size, size))
    return np.asarray((rows + columns) % size < max(1, round(_STRIPE * scale)))


@lru_cache(maxsize=256)
def _mask(hatch: str, scale: float, shift: tuple[int, int], shape: tuple[int, int]) -> NDArray[np.bool_]:
    tile = _pattern(hatch, scale)
    tall, broad = tile.shape
    rows, columns = (np.arange(count) + offset for count, offset in zip(shape, shift, strict=True))
    return tile[np.ix_(rows % tall, columns % broad)]


def _cover(part: Pixels, hatch: str, colour: tuple[int, ...], at: tuple[int, int], scale: float) -> None:
    """Stripes or dots that run on from block to block, wherever one begins."""
    tile = _pattern(hatch, scale).shape[0]
    mask = _mask(hatch, scale, (at[0] % tile, at[1] % tile), (part.shape[0], part.shape[1]))
    part[mask] = colour


def _edge(part: Pixels, width: int, colour: tuple[int, ...], dashed: bool, scale: float) -> None:
    """A line within the block's bounds, plain or in dashes that begin at each corner."""
    tall, broad = part.shape[:2]
    width = min(width, tall, broad)
    sides = [part[:width], part[tall - width :]], [part[:, :width], part[:, broad - width :]]
    for axis, (both, length) in enumerate(zip(sides, (broad, tall), strict=True)):
        on = _dashes(length, round(4 * scale), round(3 * scale)) if dashed else slice(None)
        for side in both:
            if axis:
                side[on] = colour
            else:
                side[:, on] = colour


@lru_cache(maxsize=256)
def _dashes(length: int, dash: int, gap: int) -> NDArray[np.bool_]:
    return np.asarray(np.arange(length) % (dash + gap) < dash)
