"""Drawings of cloths made from their construction: weave, yarn size, ripstop grid, coating sheen, wax, mesh holes.

A drawing, never a photograph: callers caption it so. The colour is neutral (cool for synthetics, warm for natural
fibres) or the brief's. Yarn size grows with the yarn but less than in life, so that a 40 D lining and a 1,680 D
ballistic both read at 28 px; nothing is to scale.

The same recipe is painted in the window (``swatch_pixmap``, ``paint_swatch``) and written as SVG for papers
(``swatch_svg``). ``python -m ui.swatches`` rewrites ``assets/swatches/*.svg`` from ``data/materials.csv``.
"""

from __future__ import annotations

import csv
import io
import math
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TextIO

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen, QPixmap

from advisor.files import shipped, write_whole
from advisor.problems import AdvisorError
from ui.theme import Theme, theme

Weave = Literal[
    "plain", "oxford", "ripstop", "diamond ripstop", "ballistic", "basket", "twill", "satin", "canvas", "duck",
    "mesh", "spacer", "knit", "film", "felt",
]  # fmt: skip

# First hit wins, so the telling word stands before the general one ("spacer mesh", "ripstop taffeta").
_WEAVE_WORDS: Final[tuple[tuple[str, Weave], ...]] = (
    ("spacer", "spacer"),
    ("mesh", "mesh"),
    ("diamond", "diamond ripstop"),
    ("hex", "diamond ripstop"),
    ("ripstop", "ripstop"),
    ("gridstop", "ripstop"),
    ("grid", "ripstop"),
    ("ballistic", "ballistic"),
    ("basket", "basket"),
    ("oxford", "oxford"),
    ("double warp", "duck"),
    ("scrim", "ripstop"),
    ("twill", "twill"),
    ("drill", "twill"),
    ("denim", "twill"),
    ("herringbone", "twill"),
    ("satin", "satin"),
    ("sateen", "satin"),
    ("duck", "duck"),
    ("canvas", "canvas"),
    ("knit", "knit"),
    ("tricot", "knit"),
    ("jersey", "knit"),
    ("felt", "felt"),
    ("non-woven", "felt"),
    ("nonwoven", "felt"),
    ("fleece", "felt"),
    ("plain", "plain"),
    ("taffeta", "plain"),
    ("packcloth", "plain"),
    ("woven", "plain"),
    ("film", "film"),
)
_LAMINATE_WORDS: Final = ("laminate", "x-ply", "xply", "crossply", "cross-ply", "x-pac", "uhmwpe", "composite")
_NATURAL_WORDS: Final = ("cotton", "hemp", "jute", "linen", "flax", "wool", "ramie", "bamboo", "canvas", "duck")


@dataclass(frozen=True, slots=True)
class Cloth:
    """The construction a swatch is drawn from.

    Attributes:
        weave: the face's weave.
        denier: size of the face yarn in denier; 0 where it is not known (a middling yarn is then drawn, a coarse one in
            canvas and duck).
        sheen: gloss of the coated or laminated face, 0 matt to 1 mirror.
        relief: how much the weave shows through the coating, 0 to 1.
        plies: whether crossed reinforcing yarns show through (X-ply laminates).
        waxed: whether the finish is waxed, which mottles.
        natural: whether the fibre is natural, which takes the warm neutral and an uneven yarn.
    """

    weave: Weave
    denier: float
    sheen: float = 0.0
    relief: float = 1.0
    plies: bool = False
    waxed: bool = False
    natural: bool = False

    @classmethod
    def of(
        cls, weave: str, denier: float | str | None, coating: str = "", family: str = "", finish: str = "",
        fibre: str = "",
    ) -> Cloth:  # fmt: skip
        """Read a construction from a material's words, as they stand in the table; unknown words draw a plain weave."""
        # "plain face, X-ply, 50D taffeta" lists layers from the face down: the face is what a swatch shows.
        layers = weave.casefold()
        face = re.split(r",|/| on ", layers)[0]
        words = f"{layers} {family.casefold()} {fibre.casefold()}"
        laminate = any(word in words for word in _LAMINATE_WORDS)
        kind = _weave_in(face) or _weave_in(layers) or _weave_in(family.casefold()) or "plain"
        if kind == "plain" and "canvas" in family.casefold():
            kind = "canvas"
        if kind == "felt" and laminate:
            kind = "film"  # a non-woven of laid fibres between films is smooth
        plies = "ply" in layers.replace("no visible ply", "") or (laminate and "non-woven" in layers)
        coat = coating.casefold()
        sheen, relief = 0.0, 1.0
        if any(word in coat for word in ("pvc", "vinyl", "rubber")):
            sheen, relief = 0.7, 0.5
        elif "tpu" in coat:
            sheen, relief = 0.55, 0.65
        elif "silicone" in coat or "sil" in coat.split("/"):
            sheen, relief = 0.45, 0.9
        elif "pu" in re.split(r"\W+", coat) or "polyurethane" in coat:
            sheen, relief = 0.2, 1.0
        elif coat and coat not in ("none", "uncoated"):
            sheen = 0.15
        if laminate or kind == "film":
            sheen, relief = max(sheen, 0.5), min(relief, 0.75)
        treated = f"{coat} {finish.casefold()}"
        return cls(
            weave=kind,
            denier=_number(denier),
            sheen=sheen,
            relief=relief,
            plies=plies,
            waxed="wax" in treated,
            natural=any(word in words for word in _NATURAL_WORDS)
            and not any(word in fibre.casefold() for word in ("poly", "nylon")),
        )

    @classmethod
    def of_row(cls, row: Mapping[str, str]) -> Cloth:
        """Read a construction from a row of the material table, by column name; missing columns are blank."""
        return cls.of(
            row.get("weave", ""),
            row.get("yarn_denier", ""),
            row.get("coating", ""),
            row.get("family", ""),
            row.get("finish", ""),
            row.get("fibre", ""),
        )


def _weave_in(words: str) -> Weave | None:
    """The weave these lower-case words name, or None."""
    return next((found for word, found in _WEAVE_WORDS if word in words), None)


def _number(denier: float | str | None) -> float:
    """The first number in a denier cell ("300x600" counts its first), 0 where there is none."""
    if denier is None:
        return 0.0
    found = re.search(r"\d+(?:\.\d+)?", str(denier).replace(",", ""))
    return float(found.group()) if found else 0.0


# --- The recipe: layers of light and dark shapes over one colour ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    """A light (white) or dark (black) mark; lines run from (x, y) to (x + w, y + h) and are ``r`` wide."""

    kind: Literal["rect", "ellipse", "line"]
    x: float
    y: float
    w: float
    h: float
    r: float
    light: bool
    opacity: float


@dataclass(frozen=True, slots=True)
class _Layer:
    """Shapes in a tile that repeats every ``width`` by ``height`` units."""

    width: float
    height: float
    shapes: tuple[_Shape, ...] = field(repr=False)


_SIDE: Final = 40.0  # units across a small swatch


def _yarn(denier: float, unknown: float = 300.0) -> float:
    """Width of a drawn yarn in units. True diameter goes with the root of denier; a third is used to span 20..1,680."""
    return min(5.6, max(1.6, 0.43 * math.pow(denier or unknown, 0.345)))


_MATRICES: Final[Mapping[str, tuple[str, ...]]] = {
    # Rows of one repeat; W: warp on top, otherwise weft on top.
    "plain": ("W.", ".W"),
    "canvas": ("W.", ".W"),
    "ripstop": ("W.", ".W"),
    "diamond ripstop": ("W.", ".W"),
    "oxford": ("WW..", "..WW"),
    "duck": ("WW..", "..WW"),
    "basket": ("WW..", "WW..", "..WW", "..WW"),
    "ballistic": ("WW..", "WW..", "..WW", "..WW"),
    "twill": ("WW..", ".WW.", "..WW", "W..W"),
    "satin": ("WWWW.", "W.WWW", "WWW.W", ".WWWW", "WW.WW"),
}


def _woven(cloth: Cloth) -> _Layer:
    rows = _MATRICES[cloth.weave]
    step = _yarn(cloth.denier, 900.0 if cloth.weave in ("canvas", "duck") else 300.0)
    repeats = 2 if cloth.natural else 1  # an uneven yarn needs a longer repeat to look uneven
    from random import Random

    noise = Random(7)  # the same unevenness in every drawing
    tall, wide = len(rows) * repeats, len(rows[0]) * repeats
    shapes = []
    for y in range(tall):
        for x in range(wide):
            warp = rows[y % len(rows)][x % len(rows[0])] == "W"
            uneven = noise.uniform(-0.03, 0.05) if cloth.natural else 0.0
            opacity = max(0.02, (0.14 if warp else 0.2) * cloth.relief + uneven)
            inset_x, inset_y = (0.13, 0.04) if warp else (0.04, 0.13)
            shapes.append(
                _Shape(
                    "rect",
                    (x + inset_x) * step,
                    (y + inset_y) * step,
                    (1 - 2 * inset_x) * step,
                    (1 - 2 * inset_y) * step,
                    0.28 * step,
                    warp,
                    opacity,
                )
            )
    return _Layer(wide * step, tall * step, tuple(shapes))


def _ripstop(diagonal: bool) -> _Layer:
    pitch, width = 13.0, 1.5
    if diagonal:
        lines = [(0.0, 0.0, pitch, pitch), (0.0, pitch, pitch, -pitch)]
        # Ends are drawn past the tile so that crossings close over its corners.
        shapes = tuple(_Shape("line", x - w, y - h, 3 * w, 3 * h, width, True, 0.26) for x, y, w, h in lines)
        return _Layer(pitch, pitch, shapes)
    at = pitch / 2 - width / 2
    return _Layer(
        pitch,
        pitch,
        (
            _Shape("rect", at, 0, width, pitch, 0, True, 0.3),
            _Shape("rect", 0, at, pitch, width, 0, True, 0.3),
        ),
    )


def _mesh(open_share: float, pitch: float) -> _Layer:
    """Holes in a hexagonal repeat, each with a light rim below."""
    high = pitch * 3**0.5
    radius_x, radius_y = pitch * open_share, pitch * open_share * 1.15
    shapes = []
    for x, y in ((0.0, 0.0), (pitch, 0.0), (0.0, high), (pitch, high), (pitch / 2, high / 2)):
        shapes.append(_Shape("ellipse", x, y + 0.5, radius_x + 0.35, radius_y + 0.35, 0, True, 0.22))
        shapes.append(_Shape("ellipse", x, y, radius_x, radius_y, 0, False, 0.62))
    return _Layer(pitch, high, tuple(shapes))


def _knit(denier: float) -> _Layer:
    step = _yarn(denier) * 1.25
    legs = (
        _Shape("line", 0.12 * step, 0.05 * step, 0.36 * step, 0.75 * step, 0.3 * step, True, 0.26),
        _Shape("line", 0.88 * step, 0.05 * step, -0.36 * step, 0.75 * step, 0.3 * step, True, 0.16),
        _Shape("line", 0.0, 0.0, 0.0, step, 0.14 * step, False, 0.28),
    )
    return _Layer(step, step, legs)


def _fibres() -> _Layer:
    from random import Random

    noise = Random(11)
    shapes = []
    for _ in range(70):
        x, y = noise.uniform(0, _SIDE), noise.uniform(0, _SIDE)
        w, h = noise.uniform(-5, 5), noise.uniform(-5, 5)
        light = noise.random() < 0.5
        for dx in (-_SIDE, 0.0, _SIDE):  # across the tile's edge, so that no seam shows
            for dy in (-_SIDE, 0.0, _SIDE):
                near = -6 < x + dx < _SIDE + 6 and -6 < y + dy < _SIDE + 6
                if near:
                    shapes.append(_Shape("line", x + dx, y + dy, w, h, 0.5, light, 0.22))
    return _Layer(_SIDE, _SIDE, tuple(shapes))


def _plies() -> _Layer:
    """Crossed reinforcing yarns, 22 degrees off the warp."""
    wide, high = 16.0, 20.0
    shapes = []
    for shift in (-wide, 0.0, wide):
        shapes.append(_Shape("line", shift, 0, wide, high, 0.8, True, 0.5))
        shapes.append(_Shape("line", shift + wide, 0, -wide, high, 0.8, True, 0.5))
    return _Layer(wide, high, tuple(shapes))


def _crinkles() -> _Layer:
    from random import Random

    noise = Random(5)
    shapes = []
    for _ in range(9):
        x, y = noise.uniform(4, 36), noise.uniform(4, 36)
        w, h = noise.uniform(-9, 9), noise.uniform(-9, 9)
        shapes.append(_Shape("line", x, y, w, h, 0.6, True, 0.16))
        shapes.append(_Shape("line", x + 0.7, y + 0.7, w, h, 0.6, False, 0.16))
    return _Layer(_SIDE * 1.2, _SIDE * 1.2, tuple(shapes))


def _mottle() -> _Layer:
    from random import Random

    noise = Random(3)
    shapes = []
    for i in range(16):  # one patch in each field of a 4 by 4 grid, so that they spread
        x, y = 12 * (i % 4) + noise.uniform(2, 10), 12 * (i // 4) + noise.uniform(2, 10)
        size, light = noise.uniform(4, 8), noise.random() < 0.35
        steps = [size * grow for grow in (1.0, 0.7, 0.4)]  # three steps stand for a soft edge
        shapes += [_Shape("ellipse", x, y, step, step * 0.75, 0, light, 0.05) for step in steps]
    return _Layer(48, 48, tuple(shapes))


@lru_cache(maxsize=512)
def _layers(cloth: Cloth) -> tuple[_Layer, ...]:
    layers: list[_Layer] = []
    if cloth.weave == "mesh":
        layers += [_knit(max(60.0, cloth.denier / 4)), _mesh(0.31, 7.0)]
    elif cloth.weave == "spacer":
        layers += [_knit(max(60.0, cloth.denier / 3)), _mesh(0.22, 9.0)]
    elif cloth.weave == "knit":
        layers.append(_knit(cloth.denier))
    elif cloth.weave == "felt":
        layers.append(_fibres())
    elif cloth.weave == "film":
        layers.append(_crinkles())
    else:
        layers.append(_woven(cloth))
    if cloth.weave == "ripstop":
        layers.append(_ripstop(diagonal=False))
    elif cloth.weave == "diamond ripstop":
        layers.append(_ripstop(diagonal=True))
    if cloth.plies:
        layers.append(_plies())
    if cloth.waxed:
        layers.append(_mottle())
    return tuple(layers)


def _gloss(sheen: float) -> tuple[tuple[float, float], ...]:
    """Stops of the gloss along the diagonal: (place, opacity of white)."""
    top = 0.42 * sheen
    return ((0.0, 0.0), (0.22, 0.1 * top), (0.38, top), (0.47, 0.25 * top), (0.56, 0.55 * top), (0.75, 0.0), (1.0, 0.0))


def _base(cloth: Cloth, look: Theme, colour: str | None) -> str:
    return colour or (look.swatch_warm if cloth.natural else look.swatch_cool)


# --- Painter ----------------------------------------------------------------------------------------------------------


def _origins(layer: _Layer, width: float, height: float) -> Iterator[tuple[float, float]]:
    y = 0.0
    while y < height:
        x = 0.0
        while x < width:
            yield x, y
            x += layer.width
        y += layer.height


def _paint_shape(painter: QPainter, shape: _Shape) -> None:
    ink = QColor(255, 255, 255) if shape.light else QColor(0, 0, 0)
    ink.setAlphaF(shape.opacity)
    if shape.kind == "line":
        painter.setPen(QPen(ink, shape.r, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QLineF(shape.x, shape.y, shape.x + shape.w, shape.y + shape.h))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    if shape.kind == "ellipse":
        painter.drawEllipse(QPointF(shape.x, shape.y), shape.w, shape.h)
    else:
        painter.drawRoundedRect(QRectF(shape.x, shape.y, shape.w, shape.h), shape.r, shape.r)


def _scale(width: float, height: float) -> float:
    """Pixels per unit: a small swatch shows all of its 40 units, a wide band more cloth instead of thicker yarn."""
    return min(1.6, max(0.7, min(width, height) / _SIDE))


def paint_swatch(
    painter: QPainter, rect: QRectF, cloth: Cloth, look: Theme, *, radius: float = 5.0, colour: str | None = None
) -> None:
    """Paint a cloth into ``rect`` with round corners.

    Args:
        colour: the brief's colour as ``#rrggbb``; None for the theme's neutral.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPainterPath()
    outline.addRoundedRect(rect, radius, radius)
    painter.fillPath(outline, QColor(_base(cloth, look, colour)))
    painter.setClipPath(outline)
    scale = _scale(rect.width(), rect.height())
    painter.translate(rect.topLeft())
    painter.scale(scale, scale)
    for layer in _layers(cloth):
        for x, y in _origins(layer, rect.width() / scale, rect.height() / scale):
            painter.save()
            painter.translate(x, y)
            painter.setClipRect(QRectF(0, 0, layer.width, layer.height), Qt.ClipOperation.IntersectClip)
            for shape in layer.shapes:
                _paint_shape(painter, shape)
            painter.restore()
    painter.restore()
    if cloth.sheen:
        gloss = QLinearGradient(rect.topLeft(), rect.bottomRight())
        for at, opacity in _gloss(cloth.sheen):
            gloss.setColorAt(at, QColor(255, 255, 255, round(opacity * 255)))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outline, gloss)
        painter.restore()


@lru_cache(maxsize=512)
def _pixmap(
    cloth: Cloth, width: int, height: int, dpr: float, look: Theme, radius: float, colour: str | None
) -> QPixmap:
    pixmap = QPixmap(QSize(round(width * dpr), round(height * dpr)))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_swatch(painter, QRectF(0, 0, width, height), cloth, look, radius=radius, colour=colour)
    painter.end()
    return pixmap


def swatch_pixmap(
    cloth: Cloth,
    size: QSize | int,
    look: Theme,
    dpr: float = 1.0,
    *,
    radius: float = 5.0,
    colour: str | None = None,
) -> QPixmap:
    """A cloth's drawing as a pixmap, painted once per construction, size, pixel ratio, theme and colour.

    Args:
        size: in px, not device pixels; an int draws a square.
        dpr: the device pixel ratio of the surface it goes to.
        colour: the brief's colour as ``#rrggbb``; None for the theme's neutral.
    """
    width, height = (size, size) if isinstance(size, int) else (size.width(), size.height())
    return _pixmap(cloth, width, height, float(dpr), look, float(radius), colour)


# --- SVG --------------------------------------------------------------------------------------------------------------


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") or "0"


def _svg_shape(shape: _Shape) -> str:
    ink, opacity = "#fff" if shape.light else "#000", _n(shape.opacity)
    if shape.kind == "line":
        ends = f'x1="{_n(shape.x)}" y1="{_n(shape.y)}" x2="{_n(shape.x + shape.w)}" y2="{_n(shape.y + shape.h)}"'
        return f'<line {ends} stroke="{ink}" stroke-width="{_n(shape.r)}" stroke-opacity="{opacity}"/>'
    if shape.kind == "ellipse":
        place = f'cx="{_n(shape.x)}" cy="{_n(shape.y)}" rx="{_n(shape.w)}" ry="{_n(shape.h)}"'
        return f'<ellipse {place} fill="{ink}" fill-opacity="{opacity}"/>'
    round_off = f' rx="{_n(shape.r)}"' if shape.r else ""
    place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.w)}" height="{_n(shape.h)}"{round_off}'
    return f'<rect {place} fill="{ink}" fill-opacity="{opacity}"/>'


def swatch_svg(
    cloth: Cloth, size: int = 64, look: Theme | None = None, *, radius: float = 5.0, colour: str | None = None
) -> str:
    """A cloth's drawing as a square SVG document, the same on every machine.

    Args:
        colour: the brief's colour as ``#rrggbb``; None for the neutral of ``look`` (the light theme by default).
    """
    units = size / _scale(size, size)
    whole = f'width="{_n(units)}" height="{_n(units)}" rx="{_n(radius)}"'
    body = [f'<rect {whole} fill="{_base(cloth, look or theme("light"), colour)}"/>']
    defs = []
    for i, layer in enumerate(_layers(cloth)):
        shapes = "".join(_svg_shape(shape) for shape in layer.shapes)
        # A pattern clips at its tile, as the painter does.
        defs.append(
            f'<pattern id="l{i}" width="{_n(layer.width)}" height="{_n(layer.height)}" '
            f'patternUnits="userSpaceOnUse">{shapes}</pattern>'
        )
        body.append(f'<rect {whole} fill="url(#l{i})"/>')
    if cloth.sheen:
        stops = "".join(
            f'<stop offset="{_n(at)}" stop-color="#fff" stop-opacity="{opacity:.3f}"/>'
            for at, opacity in _gloss(cloth.sheen)
        )
        defs.append(f'<linearGradient id="g" x1="0" y1="0" x2="1" y2="1">{stops}</linearGradient>')
        body.append(f'<rect {whole} fill="url(#g)"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 {_n(units)} {_n(units)}"><defs>{"".join(defs)}</defs>{"".join(body)}</svg>\n'
    )


def draw_swatch(
    target: QPainter | TextIO,
    weave: str,
    denier: float | str | None,
    coating: str,
    family: str,
    size: int,
    look: Theme,
) -> None:
    """Draw a square swatch from a material's words, at (0, 0) of a painter or as an SVG document into a text stream."""
    cloth = Cloth.of(weave, denier, coating, family)
    if isinstance(target, QPainter):
        paint_swatch(target, QRectF(0, 0, size, size), cloth, look)
    else:
        target.write(swatch_svg(cloth, size, look))


def swatches_of(table: str) -> dict[str, str]:
    """The SVG of every material of a table, by id.

    Args:
        table: the text of a material table in CSV, with at least an ``id`` column.
    """
    rows = csv.DictReader(io.StringIO(table))
    return {row["id"]: swatch_svg(Cloth.of_row({k: v or "" for k, v in row.items() if k})) for row in rows}


def write_swatches(table: Path, folder: Path) -> int:
    """Write the SVG of every material of ``table`` into ``folder``, remove those of materials gone, count the rest.

    Raises:
        AdvisorError: the folder cannot be written to.
    """
    drawings = swatches_of(table.read_text(encoding="utf-8-sig"))
    for old in folder.glob("*.svg"):
        if old.stem not in drawings:
            old.unlink()
    for name, drawing in drawings.items():
        write_whole(folder / f"{name}.svg", drawing.encode())
    return len(drawings)


def main() -> int:
    """Rewrite the shipped swatches from the shipped table; exit code 0, or 2 where something is missing."""
    try:
        count = write_swatches(shipped("data", "materials.csv"), shipped("assets", "swatches"))
    except AdvisorError as error:
        print(error, file=sys.stderr)
        return 2
    print(count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
