"""Stamp: a text artist that keeps its pixels, because laying text out is the dear part of moving a chart."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg  # noqa: TID253 - drawing files are imported late
from matplotlib.text import Text  # noqa: TID253 - the same
from matplotlib.transforms import IdentityTransform  # noqa: TID253 - the same
from numpy.typing import NDArray

from ui.charts.style import strange_signs

#: Pictures of text kept; the oldest go first.
KEPT = 3000
_PAD = 3

Picture = tuple[float, float, NDArray[np.uint8]]
"""Left and bottom from the text's anchor in device px, and RGBA rows from the bottom up."""

_pictures: dict[tuple[Any, ...], Picture] = {}


class Stamp(Text):
    """Text drawn from kept pixels on a raster canvas, at whole pixels; as text everywhere else (SVG, PDF)."""

    def draw(self, renderer: Any) -> None:
        """Draw it, from its picture where that is there."""
        if not isinstance(renderer, RendererAgg):
            super().draw(renderer)
            return
        if not self.get_visible() or not self.get_text():
            return
        left, bottom, pixels = self._picture(renderer)
        x, y = self.get_transform().transform(self.get_position())
        gc = renderer.new_gc()
        renderer.draw_image(gc, round(x + left), round(y + bottom), pixels)
        gc.restore()
        self.stale = False

    def _picture(self, renderer: RendererAgg) -> Picture:
        ground = self.get_bbox_patch()
        font = self.get_fontproperties()
        key = (
            self.get_text(),
            self.get_color(),
            font.get_size_in_points(),
            font.get_weight(),
            tuple(font.get_family()),
            self.get_horizontalalignment(),
            self.get_verticalalignment(),
            self.get_rotation(),
            renderer.dpi,
            ground and ground.get_facecolor(),
        )
        found = _pictures.get(key)
        if found is None:
            found = self._take(renderer.dpi)
            if len(_pictures) >= KEPT:
                del _pictures[next(iter(_pictures))]
            _pictures[key] = found
        return found

    def _take(self, dpi: float) -> Picture:
        """Draw the text on a sheet of its own."""
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
