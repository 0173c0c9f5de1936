"""How the window looks: colour, pattern, type and spacing tokens, and the style sheet, palette and icons from them.

Colours are named by role, never by hue. The one rule behind them: colour tells the criterion group and nothing else;
gain and loss, met and missed also differ in shape or sign, and neighbouring groups also differ in pattern. Every text
token reaches 4.5:1 on the surfaces it is used on and every graphic token 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).

Use: ``look = theme(system_theme())``, ``app.setFont(interface_font())``, ``app.setPalette(palette(look))``,
``app.setStyleSheet(stylesheet(look))``; hand ``look`` to every widget of ``ui.widgets`` and ``ui.sliders``.

Dynamic properties the style sheet knows (set before the widget is first shown):
``kind`` on buttons: ``"primary"`` (filled) or ``"quiet"`` (no border); ``surface`` on frames and plain widgets:
``"panel"``, ``"card"`` (panel with border and round corners), ``"notice"`` (warning bar) or ``"line"`` (1 px rule);
``ink`` on labels: ``"2"``, ``"3"``, ``"good"``, ``"warn"``, ``"bad"``; ``type`` on labels: a name of ``TYPE``.

Two things a style sheet cannot do, left to whoever uses them: a spin box's text keeps clear of its border only with
``lineEdit().setTextMargins(6, 0, 6, 0)``, and a combo box's list takes 24 px rows only with a QStyledItemDelegate.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer

from advisor.files import shipped
from advisor.properties import GROUPS

ThemeName = Literal["light", "dark"]
Pattern = Literal["plain", "rising", "dots", "falling", "level", "upright"]

_GROUP_OF: Final = {criterion: group for group, criteria in GROUPS.items() for criterion in criteria}

# All six differ, not only neighbours: a group of weight zero vanishes and makes its neighbours meet.
_PATTERNS: Final[dict[str, Pattern]] = {
    "protection": "plain",
    "durability": "rising",
    "carry": "dots",
    "looks": "falling",
    "planet": "level",
    "supply": "upright",
}

_HATCHES: Final[dict[Pattern, str]] = {
    "plain": "",
    "rising": "//",
    "dots": "..",
    "falling": "\\\\",
    "level": "--",
    "upright": "||",
}

GRID: Final = 4
"""The spacing step in px: every margin and gap is a whole number of these."""

TARGET: Final = 24
"""The least height and width of anything that can be clicked, px (WCAG 2.2, 2.5.8)."""

RADIUS: Final = 6
"""Corner radius of fields and buttons, px; cards take 8."""

TYPE: Final[dict[str, int]] = {
    "caption": 11,
    "caps": 11,
    "body": 12,
    "lead": 13,
    "title": 15,
    "heading": 20,
    "present-body": 17,
    "present-lead": 24,
    "present-title": 34,
}
"""Type scale in px; nothing is smaller than 11."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colour tokens, as ``#rrggbb``.

    ``bg`` lies behind panels, ``panel`` is the surface of panels and cards; ``line`` separates and draws empty tracks,
    ``line2`` separates rows; ``edge`` outlines controls that have nothing else to be seen by (3:1). ``ink`` is text,
    ``ink2`` secondary, ``ink3`` captions. ``accent`` is for what can be acted on, ``on_accent`` text upon it, ``sel``
    the selected row. The six group colours belong to criterion groups only. ``good``, ``warn`` and ``bad`` are text and
    marks of judgement, ``chip_*`` the surface behind them. ``swatch_cool`` and ``swatch_warm`` are the neutral cloths.
    """

    name: ThemeName
    bg: str
    panel: str
    line: str
    line2: str
    edge: str
    ink: str
    ink2: str
    ink3: str
    accent: str
    on_accent: str
    sel: str
    protection: str
    durability: str
    carry: str
    looks: str
    planet: str
    supply: str
    good: str
    warn: str
    bad: str
    chip_good: str
    chip_warn: str
    chip_bad: str
    swatch_cool: str
    swatch_warm: str

    @property
    def dark(self) -> bool:
        """Whether this is the dark set."""
        return self.name == "dark"

    def token(self, name: str) -> str:
        """The colour of a token by its name, e.g. ``"ink2"`` or ``"protection"``.

        Raises:
            KeyError: there is no such token.
        """
        if name not in _TOKENS:
            raise KeyError(name)
        return str(getattr(self, name))

    def colour(self, name: str) -> QColor:
        """The token as a QColor, shared: a copy is taken before it is changed."""
        return _colour(self, name)

    def group(self, group: str) -> QColor:
        """The colour of a criterion group.

        Raises:
            KeyError: there is no such group.
        """
        if group not in GROUPS:
            raise KeyError(group)
        return _colour(self, group)


@lru_cache(maxsize=256)
def _colour(look: Theme, name: str) -> QColor:
    """Made once: a frame asks for some hundreds."""
    return QColor(look.token(name))


_TOKENS: Final = frozenset(Theme.__dataclass_fields__) - {"name"}

_LIGHT: Final = Theme(
    name="light",
    bg="#f4f5f7",
    panel="#ffffff",
    line="#dfe3e8",
    line2="#edeff2",
    edge="#808b9a",
    ink="#1d2430",
    ink2="#4c5667",
    ink3="#5f6a7b",
    accent="#2a6784",
    on_accent="#ffffff",
    sel="#e9f2f7",
    protection="#3f72af",
    durability="#b8502f",
    carry="#a9750f",
    looks="#7d56a8",
    planet="#3f8a5c",
    supply="#75808f",
    good="#2b7047",
    warn="#8a560a",
    bad="#a83632",
    chip_good="#e2f1e8",
    chip_warn="#faeeda",
    chip_bad="#fae5e4",
    swatch_cool="#56636e",
    swatch_warm="#8f8674",
)

_DARK: Final = Theme(
    name="dark",
    bg="#14171c",
    panel="#1b1f26",
    line="#323943",
    line2="#262c34",
    edge="#7f8a98",
    ink="#edf1f5",
    ink2="#bcc5d0",
    ink3="#9aa5b3",
    accent="#7cc0dd",
    on_accent="#0e1419",
    sel="#22323d",
    protection="#77a5df",
    durability="#e78c6c",
    carry="#e9c268",
    looks="#bb9ede",
    planet="#82c79b",
    supply="#8f9aa8",
    good="#86cfa1",
    warn="#eabf72",
    bad="#f08f89",
    chip_good="#1f3529",
    chip_warn="#3a2f1c",
    chip_bad="#3d2423",
    swatch_cool="#5d6a75",
    swatch_warm="#968d7b",
)


def theme(name: ThemeName) -> Theme:
    """The tokens of the light or the dark look."""
    return _DARK if name == "dark" else _LIGHT


def system_theme() -> ThemeName:
    """The look the desktop asks for; light where it does not say."""
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def space(steps: float) -> int:
    """A length of so many grid steps, px."""
    return round(steps * GRID)


def group_of(criterion: str) -> str:
    """The group a criterion belongs to.

    Raises:
        KeyError: there is no such criterion.
    """
    return _GROUP_OF[criterion]


def pattern_of(group: str) -> Pattern:
    """The group's second channel, the pattern that tells it apart without colour.

    Raises:
        KeyError: there is no such group.
    """
    return _PATTERNS[group]


def hatch_of(group: str) -> str:
    """The group's pattern as a Matplotlib hatch string ("" for plain).

    Raises:
        KeyError: there is no such group.
    """
    return _HATCHES[_PATTERNS[group]]


def _luminance(colour: str | QColor) -> float:
    """Relative luminance after WCAG 2.2 (sRGB, 0 black to 1 white)."""
    c = QColor(colour)

    def linear(v: float) -> float:
        return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def contrast(a: str | QColor, b: str | QColor) -> float:
    """Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    first, second = _luminance(a), _luminance(b)
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def blend(over: str | QColor, under: str | QColor, share: float) -> QColor:
    """``share`` (0..1) of ``over`` mixed into ``under``, opaque."""
    a, b = QColor(over), QColor(under)
    return QColor.fromRgbF(
        a.redF() * share + b.redF() * (1 - share),
        a.greenF() * share + b.greenF() * (1 - share),
        a.blueF() * share + b.blueF() * (1 - share),
    )


_TILE: Final = 6  # px; a tile this size still shows twice in the narrowest bar segment worth reading


@lru_cache(maxsize=128)
def pattern_brush(pattern: Pattern, colour: str, dpr: float = 1.0) -> QBrush:
    """A repeating brush that draws ``pattern`` in ``colour`` (``#aarrggbb`` allowed) and leaves the rest clear.

    Args:
        dpr: the device pixel ratio of the surface, so that lines stay crisp on dense screens.
    """
    if pattern == "plain":
        return QBrush(Qt.BrushStyle.NoBrush)
    side = max(1, round(_TILE * dpr))
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / _TILE, side / _TILE)
    ink = QColor(colour)
    painter.setPen(QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    t = _TILE
    if pattern in ("rising", "falling"):
        if pattern == "falling":
            painter.translate(t, 0)
            painter.scale(-1, 1)
        for shift in (-t, 0, t):  # the neighbours' strokes, so that tiles join without a seam
            painter.drawLine(shift - 1, t + 1, shift + t + 1, -1)
    elif pattern == "dots":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for x, y in ((1.5, 1.5), (4.5, 4.5)):
            painter.drawEllipse(QRectF(x - 0.9, y - 0.9, 1.8, 1.8))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(QRectF(0, 2, t, 1.5) if pattern == "level" else QRectF(2, 0, 1.5, t), ink)
    painter.end()
    brush = QBrush(image)
    brush.setTransform(QTransform.fromScale(_TILE / side, _TILE / side))
    return brush


def group_pattern(group: str, look: Theme, dpr: float = 1.0) -> QBrush:
    """The brush to lay over a segment already filled with the group's colour.

    The plain group's brush draws nothing, so callers need not ask.

    Raises:
        KeyError: there is no such group.
    """
    return pattern_brush(pattern_of(group), "#50101418" if look.dark else "#50ffffff", dpr)


def fill_group(painter: QPainter, rect: QRectF, group: str, look: Theme, dpr: float = 1.0) -> None:
    """Paint a bar segment of a group: its colour, then its pattern, anchored so that it does not swim."""
    painter.fillRect(rect, look.group(group))
    if pattern_of(group) != "plain":
        painter.setBrushOrigin(rect.topLeft())
        painter.fillRect(rect, group_pattern(group, look, dpr))


# --- Type -------------------------------------------------------------------------------------------------------------

# One letter of each script the program speaks, and the signs its texts use.
_NEEDED: Final = "Aéñßãç\u0639\u0643≤≥²·−×▲▼✓✗"


def fallback_font_file() -> Path | None:
    """The DejaVu Sans that Matplotlib brings along, or None; Matplotlib itself is not imported."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    return path if path.is_file() else None


def lacks(font: QFont, text: str = _NEEDED) -> str:
    """The characters of ``text`` that neither ``font`` nor the system's stand-ins for it can draw."""
    metrics = QFontMetricsF(font)
    return "".join(sign for sign in text if not metrics.inFontUcs4(ord(sign)))


@lru_cache(maxsize=1)
def _fallback_family() -> str:
    """The family of the registered fallback font, "" where there is none."""
    path = fallback_font_file()
    if path is None:
        return ""
    # The file sits beside a folder of bold and oblique cuts; only these two are used.
    families: list[str] = []
    for cut in (path, path.with_name("DejaVuSans-Bold.ttf")):
        number = QFontDatabase.addApplicationFont(str(cut)) if cut.is_file() else -1
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else ""


@lru_cache(maxsize=1)
def _families() -> tuple[str, ...]:
    """The system's interface family, and the fallback where the system lacks a script or sign we need."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    families = [system.family()]
    if lacks(system) and (other := _fallback_family()):
        families.append(other)
    return tuple(families)


@lru_cache(maxsize=64)
def _font(size: int, weight: int, caps: bool) -> QFont:
    font = QFont(list(_families()))
    font.setPixelSize(size)
    font.setWeight(QFont.Weight(weight))
    if caps:
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.4)
    if hasattr(font, "setFeature"):
        # Figures of one width, so that numbers do not dance under a moving slider; ignored by fonts without it.
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def interface_font(kind: str = "body", *, bold: bool = False) -> QFont:
    """The system's interface font at a step of ``TYPE``, with figures of equal width where the font has them.

    Args:
        kind: a name of ``TYPE``; ``"caps"`` is set in capitals with a little space between the letters.

    Raises:
        KeyError: ``kind`` is not in ``TYPE``.
    """
    weight = QFont.Weight.DemiBold if bold or kind == "caps" else QFont.Weight.Normal
    return QFont(_font(TYPE[kind], weight.value, kind == "caps"))


# --- Icons ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _icon_source(name: str) -> str:
    return shipped("assets", "icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=128)
def _icon_renderer(name: str, colour: str) -> QSvgRenderer:
    """Read once for all the sizes of an icon."""
    return QSvgRenderer(QByteArray(_icon_source(name).replace("currentColor", colour).encode()))


@lru_cache(maxsize=512)
def icon_pixmap(name: str, colour: str, size: int = 16, dpr: float = 1.0, mirrored: bool = False) -> QPixmap:
    """An icon of ``assets/icons`` in one colour, ``size`` px square (times ``dpr`` device pixels).

    Raises:
        AdvisorError: there is no icon of that name.
    """
    renderer = _icon_renderer(name, colour)
    pixmap = QPixmap(QSize(round(size * dpr), round(size * dpr)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    if mirrored:
        pixmap = pixmap.transformed(QTransform.fromScale(-1, 1))
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


def icon(name: str, look: Theme, token: str = "ink2", *, mirrored: bool = False) -> QIcon:
    """An icon of ``assets/icons`` in the theme's colours: ``token`` normally, faint when disabled.

    Args:
        mirrored: for right-to-left layouts; only undo, redo, open, export and present point anywhere.

    Raises:
        AdvisorError: there is no icon of that name.
        KeyError: there is no such token.
    """
    made = QIcon()
    faint = blend(look.token(token), look.panel, 0.45).name()
    # For the sizes the window has, and dense pixels only where a screen has them: a start draws some hundred of these.
    dense = any(screen.devicePixelRatio() > 1 for screen in QGuiApplication.screens())
    for size in (16, 20):
        for dpr in (1.0, 2.0) if dense else (1.0,):
            made.addPixmap(icon_pixmap(name, look.token(token), size, dpr, mirrored))
            made.addPixmap(icon_pixmap(name, faint, size, dpr, mirrored), QIcon.Mode.Disabled)
    return made


# --- Palette and style sheet ------------------------------------------------------------------------------------------


def palette(look: Theme) -> QPalette:
    """The tokens as a QPalette, for what the style sheet does not reach (file dialogs, item views, links)."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, token in (
        (role.Window, "bg"),
        (role.WindowText, "ink"),
        (role.Base, "panel"),
        (role.AlternateBase, "bg"),
        (role.Text, "ink"),
        (role.Button, "panel"),
        (role.ButtonText, "ink"),
        (role.BrightText, "bad"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Link, "accent"),
        (role.LinkVisited, "accent"),
        (role.ToolTipBase, "panel"),
        (role.ToolTipText, "ink"),
        (role.PlaceholderText, "ink3"),
        (role.Light, "panel"),
        (role.Midlight, "line2"),
        (role.Mid, "line"),
        (role.Dark, "edge"),
        (role.Shadow, "ink3"),
        (role.Accent, "accent"),
    ):
        made.setColor(which, look.colour(token))
    faint = blend(look.ink3, look.panel, 0.6)
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, faint)
    return made


def _url(name: str) -> str:
    return f'url("{shipped("assets", "icons", name).as_posix()}")'


def stylesheet(look: Theme) -> str:
    """The one style sheet of the application, for the light or the dark look.

    Sizes: buttons, fields and tabs are 28 px high, list rows and menu entries at least 24; the focus ring is 2 px of
    accent, drawn inside the control so that nothing moves.
    """
    hover = blend(look.accent, look.panel, 0.07).name()
    pressed = blend(look.accent, look.panel, 0.15).name()
    primary_hover = blend(look.ink, look.accent, 0.14).name()
    faint = blend(look.ink3, look.panel, 0.6).name()
    down, up, check = _url("chevron-down.svg"), _url("chevron-up.svg"), _url(f"check-{look.name}.svg")
    inks = "".join(
        f'QLabel[ink="{name}"] {{ color: {colour}; }}\n'
        for name, colour in (
            ("2", look.ink2),
            ("3", look.ink3),
            ("good", look.good),
            ("warn", look.warn),
            ("bad", look.bad),
            ("accent", look.accent),
        )
    )
    types = "".join(f'QLabel[type="{name}"] {{ font-size: {size}px; }}\n' for name, size in TYPE.items())
    return f"""
QMainWindow, QDialog {{ background: {look.bg}; }}
QWidget[surface="panel"] {{ background: {look.panel}; }}
QWidget[surface="card"] {{ background: {look.panel}; border: 1px solid {look.line}; border-radius: 8px; }}
QWidget[surface="notice"] {{ background: {look.chip_warn}; color: {look.warn}; }}
QWidget[surface="line"] {{ background: {look.line2}; border: 0; max-height: 1px; min-height: 1px; }}
QLabel {{ background: transparent; }}
{inks}{types}
QPushButton, QToolButton {{ min-height: 26px; padding: 0 10px; border: 1px solid {look.line}; border-radius: 6px;
  background: {look.panel}; color: {look.ink2}; }}
QPushButton:hover, QToolButton:hover {{ background: {hover}; color: {look.ink}; }}
QPushButton:pressed, QToolButton:pressed, QToolButton:open {{ background: {pressed}; }}
QPushButton:checked, QToolButton:checked {{ background: {look.sel}; border-color: {look.accent}; color: {look.ink}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {faint}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {look.accent}; min-height: 24px; padding: 0 9px; }}
QPushButton[kind="primary"], QPushButton:default, QToolButton[kind="primary"] {{ background: {look.accent};
  border-color: {look.accent}; color: {look.on_accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover, QPushButton:default:hover, QToolButton[kind="primary"]:hover {{
  background: {primary_hover}; color: {look.on_accent}; }}
QPushButton[kind="primary"]:focus, QPushButton:default:focus, QToolButton[kind="primary"]:focus {{
  border: 2px solid {look.ink}; }}
QPushButton[kind="primary"]:disabled, QToolButton[kind="primary"]:disabled {{ background: {look.line};
  border-color: {look.line}; color: {look.ink3}; }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"], QToolBar QToolButton {{ border-color: transparent;
  background: transparent; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover, QToolBar QToolButton:hover {{ background: {hover}; }}
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus, QToolBar QToolButton:focus {{
  border-color: {look.accent}; }}
QToolButton::menu-indicator, QPushButton::menu-indicator {{ image: {down}; width: 10px; height: 10px;
  subcontrol-origin: padding; subcontrol-position: center right; right: 6px; }}
QToolButton[popupMode="2"] {{ padding: 0 18px; }}
QToolBar {{ background: {look.panel}; border: 0; border-bottom: 1px solid {look.line}; spacing: 6px;
  padding: 6px 12px; qproperty-iconSize: 16px 16px; }}
QToolBar::separator {{ background: {look.line}; width: 1px; margin: 4px 6px; }}

QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit {{ border: 1px solid {look.line}; border-radius: 6px;
  background: {look.panel}; color: {look.ink}; padding: 0 8px; selection-background-color: {look.accent};
  selection-color: {look.on_accent}; }}
QLineEdit, QComboBox, QAbstractSpinBox {{ min-height: 26px; }}
QPlainTextEdit, QTextEdit {{ padding: 4px 6px; }}
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover {{ border-color: {look.edge}; }}
QLineEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus {{ border: 2px solid {look.accent};
  padding: 0 7px; min-height: 24px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {look.accent}; padding: 3px 5px; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{ color: {faint}; background: {look.bg}; }}
QComboBox::drop-down {{ border: 0; width: 20px; subcontrol-origin: padding; subcontrol-position: center right; }}
QComboBox::down-arrow {{ image: {down}; width: 10px; height: 10px; }}
QComboBox QLineEdit {{ border: 0; min-height: 22px; padding: 0; background: transparent; }}
QComboBox QAbstractItemView {{ border: 1px solid {look.line}; background: {look.panel}; color: {look.ink}; outline: 0;
  selection-background-color: {look.sel}; selection-color: {look.ink}; padding: 4px; }}
QComboBox QAbstractItemView::item {{ min-height: 24px; padding: 0 6px; border-radius: 4px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: padding; border: 0; width: 20px;
  background: transparent; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {hover}; }}
QAbstractSpinBox::up-arrow {{ image: {up}; width: 9px; height: 9px; }}
QAbstractSpinBox::down-arrow {{ image: {down}; width: 9px; height: 9px; }}

QCheckBox, QRadioButton {{ min-height: 24px; spacing: 8px; color: {look.ink}; background: transparent; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {look.edge};
  background: {look.panel}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:checked {{ background: {look.accent}; border-color: {look.accent}; image: {check}; }}
QCheckBox::indicator:indeterminate {{ background: {look.sel}; border-color: {look.accent}; }}
QRadioButton::indicator:checked {{ border-color: {look.accent}; background: qradialgradient(cx:0.5, cy:0.5, radius:0.5,
  fx:0.5, fy:0.5, stop:0 {look.accent}, stop:0.55 {look.accent}, stop:0.62 {look.panel}, stop:1 {look.panel}); }}
QCheckBox:focus, QRadioButton:focus {{ color: {look.accent}; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border: 2px solid {look.accent}; width: 12px;
  height: 12px; }}
QCheckBox::indicator:checked:focus {{ border-color: {look.ink}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {faint}; }}
QGroupBox {{ border: 1px solid {look.line}; border-radius: 8px; margin-top: 10px; padding: 12px 8px 8px 8px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 10px; padding: 0 4px; color: {look.ink2}; }}

QTabWidget::pane {{ border: 0; border-top: 1px solid {look.line}; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; border: 0; }}
QTabBar::tab {{ min-height: 26px; padding: 3px 10px 2px 10px; margin: 0 1px; color: {look.ink2};
  background: transparent; border: 0; border-bottom: 2px solid transparent; }}
QTabBar::tab:hover {{ color: {look.ink}; background: {hover}; }}
QTabBar::tab:selected {{ color: {look.ink}; font-weight: 600; border-bottom-color: {look.accent}; }}
QTabBar:focus {{ outline: 0; }}
QTabBar::tab:selected:focus {{ border: 2px solid {look.accent}; border-radius: 4px; padding: 1px 8px 2px 8px; }}
QTabBar::tab:disabled {{ color: {faint}; }}

QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {look.edge}; border-radius: 2px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {look.ink3}; margin: 2px; border-radius: 3px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollArea, QScrollArea > QWidget > QWidget[surface="panel"] {{ border: 0; }}
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}

QAbstractItemView {{ background: {look.panel}; color: {look.ink}; border: 0; outline: 0; gridline-color: {look.line2};
  selection-background-color: {look.sel}; selection-color: {look.ink}; alternate-background-color: {look.bg}; }}
QListView::item, QTreeView::item {{ min-height: 24px; padding: 0 6px; border: 0; }}
QListView::item:hover, QTreeView::item:hover {{ background: {hover}; }}
QListView::item:selected, QTreeView::item:selected {{ background: {look.sel}; color: {look.ink}; }}
QAbstractItemView:focus {{ border: 2px solid {look.accent}; }}
QComboBox QAbstractItemView:focus {{ border: 1px solid {look.line}; }}
QHeaderView {{ background: {look.panel}; border: 0; }}
QHeaderView::section {{ background: {look.panel}; color: {look.ink3}; border: 0; border-bottom: 1px solid {look.line};
  padding: 4px 8px; min-height: 24px; }}
QHeaderView::section:hover {{ color: {look.ink}; }}
QTableCornerButton::section {{ background: {look.panel}; border: 0; border-bottom: 1px solid {look.line}; }}

QMenuBar {{ background: {look.panel}; color: {look.ink2}; border-bottom: 1px solid {look.line}; }}
QMenuBar::item {{ padding: 4px 10px; background: transparent; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {look.sel}; color: {look.ink}; }}
QMenu {{ background: {look.panel}; color: {look.ink}; border: 1px solid {look.line}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {look.sel}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {look.line2}; margin: 4px 8px; }}
QMenu::indicator {{ width: 14px; height: 14px; margin-left: 6px; margin-right: 6px; }}
QMenu::indicator:checked {{ background: {look.accent}; border-radius: 4px; image: {check}; }}
QToolTip {{ background: {look.panel}; color: {look.ink}; border: 1px solid {look.edge}; padding: 4px 6px; }}

QSplitter::handle {{ background: {look.bg}; }}
QSplitter::handle:hover {{ background: {look.line}; }}
QSplitter::handle:pressed {{ background: {look.accent}; }}
QStatusBar {{ background: {look.panel}; border-top: 1px solid {look.line}; color: {look.ink2}; }}
QStatusBar::item {{ border: 0; }}
QProgressBar {{ background: {look.line}; border: 0; border-radius: 2px; max-height: 4px; color: transparent; }}
QProgressBar::chunk {{ background: {look.accent}; border-radius: 2px; }}
QDockWidget::title {{ background: {look.panel}; padding: 6px 12px; }}
"""
