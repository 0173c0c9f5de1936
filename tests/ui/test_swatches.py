"""Swatches come from the construction: each weave looks its own, coatings shine, and files and pixels agree."""

from __future__ import annotations

import itertools
from io import StringIO
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from advisor.files import shipped
from advisor.problems import AdvisorError
from ui import swatches
from ui.swatches import Cloth, draw_swatch, swatch_pixmap, swatch_svg, swatches_of, write_swatches
from ui.theme import Theme, theme

WEAVES = (
    "plain", "oxford", "ripstop", "diamond ripstop", "2x2 basket", "twill", "satin", "mesh", "spacer mesh", "knit",
    "felt", "film", "210D face / X-PLY / 50D taffeta",
)  # fmt: skip
TABLE = (
    "id,name,family,fibre,yarn_denier,weave,coating,finish\n"
    "rpet-600d,rPET 600D,rpet,recycled polyester,600,oxford,PU,\n"
    "duck-10,Duck 10 oz,canvas,cotton,,duck,none,waxed\n"
)


def _image(cloth: Cloth, look: Theme, size: int = 64) -> QImage:
    return swatch_pixmap(cloth, size, look).toImage()


def test_every_weave_looks_its_own(look: Theme, qtbot: QtBot) -> None:
    drawn = {weave: _image(Cloth.of(weave, 300), look) for weave in WEAVES}
    for one, other in itertools.combinations(WEAVES, 2):
        assert drawn[one] != drawn[other], (one, other)


@pytest.mark.parametrize(
    ("words", "weave"),
    [
        ("warp-knit spacer", "spacer"),
        ("ballistic 2x2 basket", "ballistic"),
        ("ripstop taffeta", "ripstop"),
        ("hex ripstop", "diamond ripstop"),
        ("taffeta", "plain"),
        ("woven", "plain"),
        ("something new", "plain"),
        ("2/2 twill", "twill"),
        ("non-woven UHMWPE laminate", "film"),
        ("plain face, 45 degree ply, ripstop back", "plain"),
        ("plain face on non-woven", "plain"),
        ("plain double warp", "duck"),
    ],
)
def test_weave_words_are_read(words: str, weave: str) -> None:
    assert Cloth.of(words, 300).weave == weave


def test_family_helps_where_the_weave_is_not_known() -> None:
    assert Cloth.of("", "", family="mesh").weave == "mesh"
    assert Cloth.of("", "", family="canvas").weave == "canvas"


def test_coatings_shine_in_their_order() -> None:
    bare, pu, silicone, tpu, pvc = (
        Cloth.of("plain", 210, coat).sheen for coat in ("none", "PU + DWR", "silicone", "TPU", "PVC back")
    )
    assert 0 == bare < pu < silicone < tpu < pvc


def test_bigger_yarn_draws_bigger_threads() -> None:
    widths = [swatches._yarn(denier) for denier in (20, 210, 600, 1680)]
    assert widths == sorted(widths) and len(set(widths)) == 4
    assert swatches._yarn(0) == swatches._yarn(300)


@pytest.mark.parametrize(
    ("cell", "denier"), [("600", 600), ("300x600", 300), ("1,680", 1680), ("", 0), (None, 0), (420.5, 420.5), ("?", 0)]
)
def test_denier_cells_are_read(cell: str | float | None, denier: float) -> None:
    assert Cloth.of("plain", cell).denier == denier


def test_laminates_show_their_plies_and_wax_mottles(look: Theme, qtbot: QtBot) -> None:
    ply = Cloth.of("210D ripstop face / X-PLY / 50D taffeta", 210, "film", "laminate")
    assert ply.weave == "ripstop" and ply.plies
    assert not Cloth.of("plain face, no visible ply", 210, "film", "laminate").plies
    waxed, dry = (Cloth.of("canvas", 900, "none", "canvas", finish, "cotton") for finish in ("waxed", ""))
    assert _image(waxed, look) != _image(dry, look)


def test_natural_fibres_take_the_warm_neutral_and_synthetic_canvas_does_not() -> None:
    assert Cloth.of("duck", 0, fibre="organic cotton").natural
    assert not Cloth.of("canvas", 900, fibre="recycled polyester").natural


def test_drawings_are_neutral_unless_the_brief_gives_a_colour(look: Theme, qtbot: QtBot) -> None:
    """Colour belongs to criterion groups, so an unasked swatch is nearly grey."""
    cloth = Cloth.of("oxford", 600, "PU")
    middle = _image(cloth, look).pixelColor(30, 30)
    assert middle.hslSaturationF() < 0.2
    asked = swatch_pixmap(cloth, 64, look, colour="#c02020").toImage().pixelColor(30, 30)
    assert asked.red() > 1.5 * max(asked.green(), asked.blue())


def test_pixmaps_are_dense_on_dense_screens_and_painted_once(look: Theme, qtbot: QtBot) -> None:
    cloth = Cloth.of("twill", 600)
    pixmap = swatch_pixmap(cloth, QSize(120, 40), look, 2.0)
    assert (pixmap.width(), pixmap.height(), pixmap.devicePixelRatio()) == (240, 80, 2.0)
    assert swatch_pixmap(Cloth.of("twill", 600), QSize(120, 40), look, 2.0).cacheKey() == pixmap.cacheKey()


@pytest.mark.parametrize("weave", WEAVES)
def test_the_file_and_the_window_draw_alike(weave: str, qtbot: QtBot) -> None:
    look = theme("light")
    cloth = Cloth.of(weave, 300, "PU")
    renderer = QSvgRenderer(QByteArray(swatch_svg(cloth, 64).encode()))
    assert renderer.isValid()
    drawn = QImage(64, 64, QImage.Format.Format_ARGB32)
    drawn.fill(0)
    painter = QPainter(drawn)
    renderer.render(painter)
    painter.end()
    painted = _image(cloth, look)

    def mean(image: QImage) -> float:
        return sum(QColor(image.pixel(x, y)).lightness() for x in range(8, 56) for y in range(8, 56)) / 48**2

    assert mean(drawn) == pytest.approx(mean(painted), abs=8)


def test_svg_is_the_same_every_time_and_small() -> None:
    for weave in WEAVES:
        first = swatch_svg(Cloth.of(weave, 210, "PU"))
        assert first == swatch_svg(Cloth.of(weave, 210, "PU"))
        assert len(first) < 40_000


def test_draw_swatch_serves_painter_and_stream(look: Theme, qtbot: QtBot) -> None:
    stream = StringIO()
    draw_swatch(stream, "oxford", "600", "PU", "rpet", 48, look)
    assert stream.getvalue() == swatch_svg(Cloth.of("oxford", 600, "PU", "rpet"), 48, look)
    image = QImage(48, 48, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    draw_swatch(painter, "oxford", "600", "PU", "rpet", 48, look)
    painter.end()
    assert image.pixelColor(24, 24).alpha() == 255 and image.pixelColor(0, 0).alpha() < 255


def test_a_tables_swatches_are_written_and_stale_ones_removed(tmp_path: Path) -> None:
    table, folder = tmp_path / "materials.csv", tmp_path / "swatches"
    folder.mkdir()
    (folder / "gone.svg").write_text("<svg/>")
    table.write_text(TABLE, encoding="utf-8")
    assert write_swatches(table, folder) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["duck-10.svg", "rpet-600d.svg"]
    assert (folder / "rpet-600d.svg").read_text(encoding="utf-8") == swatches_of(TABLE)["rpet-600d"]


def test_shipped_swatches_are_those_of_the_shipped_table() -> None:
    try:
        table = shipped("data", "materials.csv").read_text(encoding="utf-8-sig")
    except AdvisorError:
        table = ""
    folder = shipped("assets", "icons").parent / "swatches"
    files = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.svg")}
    assert files == (swatches_of(table) if table else {}), "run: python -m ui.swatches"


def test_the_command_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def missing(*parts: str) -> Path:
        return shipped("nowhere", *parts)

    monkeypatch.setattr(swatches, "shipped", missing)
    assert swatches.main() == 2
    assert "missing" in capsys.readouterr().err


def test_the_command_writes_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "assets" / "swatches").mkdir(parents=True)
    (tmp_path / "data" / "materials.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.setattr(swatches, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    assert swatches.main() == 0
    assert capsys.readouterr().out.strip() == "2"
