"""What every chart is given: the look as plain values, what to show, how to put it in words; and text that fits."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from advisor.properties import GROUPS
from advisor.sentences import QT_TRANSLATE_NOOP, Num, Sentence

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from advisor.answer import Answer
    from advisor.axes import IndexLine
    from advisor.certainty import Acceptability, Certainty
    from ui.charts.stamp import Stamp

#: Figures are made at this many dots an inch, so that one point is one pixel at a device pixel ratio of 1.
DPI = 72
#: Type sizes in px: captions and ticks, labels, figures that matter. Nothing is smaller than 11.
SMALL, BODY, LEAD = 11, 12, 13
#: Distance between the baselines of a text's lines, as a share of the font's own.
LINE_SPACING = 1.15

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in px."""

#: What charts say beside the domain's own sentences, by code.
TEXTS: dict[str, str] = {
    "score": QT_TRANSLATE_NOOP("charts", "score"),
    "score-cut": QT_TRANSLATE_NOOP("charts", "score · axis cut at {low}"),
    "doubtful-key": QT_TRANSLATE_NOOP("charts", "hatched: within the figures' ranges, no reason either way"),
    "doubtful-short": QT_TRANSLATE_NOOP("charts", "hatched: no reason either way"),
    "rounded": QT_TRANSLATE_NOOP("charts", "ends rounded on their own"),
    "gain": QT_TRANSLATE_NOOP("charts", "▲ {step}"),
    "loss": QT_TRANSLATE_NOOP("charts", "▼ {step}"),
    "other": QT_TRANSLATE_NOOP("charts", "Other ({count})"),
    "nothing-passes": QT_TRANSLATE_NOOP("charts", "Nothing passes the limits"),
    "nothing-passes-more": QT_TRANSLATE_NOOP("charts", "Ease a limit, and this chart comes back."),
    "no-rival": QT_TRANSLATE_NOOP("charts", "{name} is the only one that passes"),
    "no-rival-more": QT_TRANSLATE_NOOP("charts", "Ease a limit, or choose a second material at the upper right."),
    "one-only": QT_TRANSLATE_NOOP("charts", "One material alone cannot be compared"),
    "one-only-more": QT_TRANSLATE_NOOP("charts", "Choose a second one under Materials at the upper right."),
    "empty": QT_TRANSLATE_NOOP("charts", "The table holds no materials"),
    "fault": QT_TRANSLATE_NOOP("charts", "This chart could not be drawn"),
    "fault-more": QT_TRANSLATE_NOOP("charts", "The fault has been reported; the other charts and the table go on."),
    "no-figures": QT_TRANSLATE_NOOP("charts", "No material has both figures"),
    "no-figures-more": QT_TRANSLATE_NOOP("charts", "Choose another property for one of the axes."),
    "same": QT_TRANSLATE_NOOP("charts", "level in every criterion"),
    "value-key": QT_TRANSLATE_NOOP("charts", "value, 0 to 1"),
    "met-key": QT_TRANSLATE_NOOP("charts", "demand met"),
    "part-key": QT_TRANSLATE_NOOP("charts", "demand is one part of it"),
    "missed-key": QT_TRANSLATE_NOOP("charts", "hollow: a demand missed"),
    "nothing-asked": QT_TRANSLATE_NOOP("charts", "nothing asked"),
    "weight": QT_TRANSLATE_NOOP("charts", "weight"),
    "tallest": QT_TRANSLATE_NOOP("charts", "tallest bar {share} %"),
    "log": QT_TRANSLATE_NOOP("charts", "{name}, log scale"),
    "with-unit": QT_TRANSLATE_NOOP("charts", "{name}, {unit}"),
    "grade-unit": QT_TRANSLATE_NOOP("charts", "grade"),
    "rating-unit": QT_TRANSLATE_NOOP("charts", "rating"),
    "grade-figure": QT_TRANSLATE_NOOP("charts", "grade {figure}"),
    "rating-figure": QT_TRANSLATE_NOOP("charts", "rating {figure}"),
    "demand-least": QT_TRANSLATE_NOOP("charts", "demand ≥ {level}"),
    "demand-most": QT_TRANSLATE_NOOP("charts", "demand ≤ {level}"),
    "limit-least": QT_TRANSLATE_NOOP("charts", "limit ≥ {level}"),
    "limit-most": QT_TRANSLATE_NOOP("charts", "limit ≤ {level}"),
    "passes": QT_TRANSLATE_NOOP("charts", "passes"),
    "screened": QT_TRANSLATE_NOOP("charts", "screened out"),
    "larger": QT_TRANSLATE_NOOP("charts", "larger: higher score"),
    "denser": QT_TRANSLATE_NOOP("charts", "darker: more of them"),
    "front": QT_TRANSLATE_NOOP("charts", "Pareto front, {count}"),
    "index": QT_TRANSLATE_NOOP("charts", "{index} ≥ {level}: {count}, {passing} of them pass"),
    "index-level": QT_TRANSLATE_NOOP("charts", "{figure} {unit}"),
    "front-tip": QT_TRANSLATE_NOOP("charts", "On the Pareto front: none that passes beats it on both axes"),
    "better-tip": QT_TRANSLATE_NOOP("charts", "On the better side of the index line"),
    "say-front": QT_TRANSLATE_NOOP("charts", "On the Pareto front: {names}."),
    "say-index": QT_TRANSLATE_NOOP("charts", "On the better side of the index line: {count}, {passing} of them pass."),
    "col-front": QT_TRANSLATE_NOOP("charts", "Pareto front"),
    "col-better": QT_TRANSLATE_NOOP("charts", "Better side"),
    "not-shown": QT_TRANSLATE_NOOP("charts", "{count} not on these axes"),
    "place": QT_TRANSLATE_NOOP("charts", "Place {place}, score {score}"),
    "tip-figure": QT_TRANSLATE_NOOP("charts", "{name}: {figure} ({low} to {high}), grade {grade}"),
    "tip-point": QT_TRANSLATE_NOOP("charts", "{name}: {figure}, grade {grade}"),
    "tip-gap": QT_TRANSLATE_NOOP("charts", "{name}: not known"),
    "tip-over": QT_TRANSLATE_NOOP("charts", "{line}; it stands over {figure}, grade {grade}"),
    "tip-over-gap": QT_TRANSLATE_NOOP("charts", "{line}; it stands over a gap"),
    "own": QT_TRANSLATE_NOOP("charts", "your own figure"),
    "own-mark": QT_TRANSLATE_NOOP("charts", "your own figure"),
    "own-key": QT_TRANSLATE_NOOP("charts", "• your own figures"),
    "grades": QT_TRANSLATE_NOOP("charts", "Figures by grade: {list}"),
    "grade-count": QT_TRANSLATE_NOOP("charts", "{count} {grade}"),
    "tip-step": QT_TRANSLATE_NOOP("charts", "{name}: {step} in the score"),
    "tip-doubtful": QT_TRANSLATE_NOOP("charts", "Within the figures' ranges: no reason either way"),
    "tip-of": QT_TRANSLATE_NOOP("charts", "{name}, worth {value}:"),
    "tip-value": QT_TRANSLATE_NOOP("charts", "{name}: worth {value}, weight {weight} %"),
    "tip-along": QT_TRANSLATE_NOOP("charts", "At a priority of {value}: score {score}"),
    "tip-takes": QT_TRANSLATE_NOOP("charts", "Takes place {place} in {count} of 100"),
    "place-key": QT_TRANSLATE_NOOP("charts", "takes place"),
    "leads-head": QT_TRANSLATE_NOOP("charts", "leads in, ± 95 %"),
    "leads-of": QT_TRANSLATE_NOOP("charts", "{count} of 100 ± {error}"),
    "leads-tip": QT_TRANSLATE_NOOP("charts", "Leads in {count} of 100 trials, ± {error} (95 %)"),
    "places-tip": QT_TRANSLATE_NOOP(
        "charts", "One of the first three in {three} of 100, one of the first ten in {ten}"
    ),
    "varied": QT_TRANSLATE_NOOP("charts", "Trials {varied}: {count} draws, seed {seed}"),
    "working": QT_TRANSLATE_NOOP("charts", "Trials are being worked out"),
    "working-pale": QT_TRANSLATE_NOOP("charts", "Pale: from before the last change; being worked out"),
    "along": QT_TRANSLATE_NOOP("charts", "score along {name}"),
    "now": QT_TRANSLATE_NOOP("charts", "now {value}"),
    "tips-at": QT_TRANSLATE_NOOP("charts", "from {value} on {name} leads"),
    "tips-below": QT_TRANSLATE_NOOP("charts", "below {value} {name} leads"),
    "tips-never": QT_TRANSLATE_NOOP("charts", "{name} leads wherever it stands"),
    "col-leads": QT_TRANSLATE_NOOP("charts", "Leads in, of 100 trials"),
    "col-error": QT_TRANSLATE_NOOP("charts", "± (95 %)"),
    "col-takes": QT_TRANSLATE_NOOP("charts", "Place {place}, of 100"),
    "col-along": QT_TRANSLATE_NOOP("charts", "Leads at a priority of {name} of"),
    "stretch": QT_TRANSLATE_NOOP("charts", "{low} to {high}"),
    "say-trials": QT_TRANSLATE_NOOP(
        "charts", "{name} leads in {count} of 100 trials {varied}, with a 95 % error of {error}."
    ),
    "say-no-trials": QT_TRANSLATE_NOOP("charts", "{name}: trials are being worked out."),
    "say-screened": QT_TRANSLATE_NOOP("charts", "{name} is screened out and never leads."),
    "say-tips": QT_TRANSLATE_NOOP("charts", "Along the priority of {criterion}, now {value}: {stretches}."),
    "say-stretch": QT_TRANSLATE_NOOP("charts", "from {low} to {high} {name} leads"),
    "slope-now": QT_TRANSLATE_NOOP("charts", "now"),
    "slope-figure": QT_TRANSLATE_NOOP("charts", "{name} {before}, now {after}"),
    "slope-because": QT_TRANSLATE_NOOP("charts", "{move}; {figures}"),
    "slope-down": QT_TRANSLATE_NOOP("charts", "dashed: down"),
    "slope-by": QT_TRANSLATE_NOOP("charts", "places by score"),
    "slope-by-down": QT_TRANSLATE_NOOP("charts", "places by score; dashed: down"),
    "slope-out": QT_TRANSLATE_NOOP("charts", "out"),
    "slope-new": QT_TRANSLATE_NOOP("charts", "not there"),
    "tip-scores": QT_TRANSLATE_NOOP("charts", "Score {scores}"),
    "slope-same": QT_TRANSLATE_NOOP("charts", "Nothing has moved"),
    "slope-same-more": QT_TRANSLATE_NOOP(
        "charts", "Change the brief, or choose another place or brief to measure against at the upper right."
    ),
    "slope-moved": QT_TRANSLATE_NOOP("charts", "{moved} of these {count} change place"),
    "slope-stays": QT_TRANSLATE_NOOP("charts", "{name}: stays at place {place}"),
    "slope-stays-out": QT_TRANSLATE_NOOP("charts", "{name}: screened out as before"),
    "slope-appears": QT_TRANSLATE_NOOP("charts", "{name}: not in the other table"),
    "say-slope": QT_TRANSLATE_NOOP("charts", "Places, {now}, against {other}. {selected}. {moved}: {moves}"),
    "col-of": QT_TRANSLATE_NOOP("charts", "{name}, {other}"),
    "col-rise": QT_TRANSLATE_NOOP("charts", "Score rises by"),
    "col-by": QT_TRANSLATE_NOOP("charts", "Most by"),
    "col-part": QT_TRANSLATE_NOOP("charts", "of which"),
    "radar-most": QT_TRANSLATE_NOOP("charts", "the first {most} of {count}"),
    "radar-scale": QT_TRANSLATE_NOOP("charts", "rings: value 0, 0.5 and 1"),
    "driver-rain": QT_TRANSLATE_NOOP("charts", "rain"),
    "driver-sun": QT_TRANSLATE_NOOP("charts", "sun"),
    "driver-humidity": QT_TRANSLATE_NOOP("charts", "humidity"),
    "driver-heat": QT_TRANSLATE_NOOP("charts", "heat"),
    "driver-cold": QT_TRANSLATE_NOOP("charts", "cold"),
    "driver-dust": QT_TRANSLATE_NOOP("charts", "dust, salt"),
    "driver-use": QT_TRANSLATE_NOOP("charts", "use"),
    "no-demands": QT_TRANSLATE_NOOP("charts", "Neither climate nor use asks anything"),
    "no-demands-more": QT_TRANSLATE_NOOP("charts", "Choose a place or a product, and its demands stand here."),
    "asks-least": QT_TRANSLATE_NOOP("charts", "≥ {level}"),
    "asks-most": QT_TRANSLATE_NOOP("charts", "≤ {level}"),
    "asks-dropped": QT_TRANSLATE_NOOP("charts", "dropped"),
    "asks-unknown": QT_TRANSLATE_NOOP("charts", "not known"),
    "meets": QT_TRANSLATE_NOOP("charts", "meets {met} of {asked} demands"),
    "meets-none": QT_TRANSLATE_NOOP("charts", "no demand is asked"),
    "first-key": QT_TRANSLATE_NOOP("charts", "pale: {name}, first"),
    "unusable": QT_TRANSLATE_NOOP("charts", "unusable"),
    "demand": QT_TRANSLATE_NOOP("charts", "demand"),
    "ample": QT_TRANSLATE_NOOP("charts", "ample"),
    "supply": QT_TRANSLATE_NOOP("charts", "has"),
    "asks": QT_TRANSLATE_NOOP("charts", "asked"),
    "fit-key": QT_TRANSLATE_NOOP(
        "charts",
        "Bar: share of the demand reached, whisker: range. Dashed and ✗: missed. 15 °C or one grade: demand to ample.",
    ),
    "fit-short": QT_TRANSLATE_NOOP("charts", "Bar: share of the demand, whisker: range. Dashed and ✗: missed."),
    "fit-least": QT_TRANSLATE_NOOP("charts", "Dashed and ✗: missed."),
    "rows-more": QT_TRANSLATE_NOOP("charts", "{count} more in the table"),
    "tip-asks": QT_TRANSLATE_NOOP("charts", "{name}: asked {level}, grade {grade}"),
    "tip-not-asked": QT_TRANSLATE_NOOP("charts", "{name}: {state}"),
    "tip-formula": QT_TRANSLATE_NOOP("charts", "The formula asks {level}: {because}"),
    "met": QT_TRANSLATE_NOOP("charts", "met"),
    "missed": QT_TRANSLATE_NOOP("charts", "missed"),
    "unknown": QT_TRANSLATE_NOOP("charts", "not known"),
    "could": QT_TRANSLATE_NOOP("charts", "missed, within its range met"),
    "tip-state": QT_TRANSLATE_NOOP("charts", "{figure}: {state}"),
    "col-driver": QT_TRANSLATE_NOOP("charts", "Driver"),
    "col-property": QT_TRANSLATE_NOOP("charts", "Property"),
    "col-sense": QT_TRANSLATE_NOOP("charts", "Asked"),
    "col-level": QT_TRANSLATE_NOOP("charts", "Demand"),
    "col-unit": QT_TRANSLATE_NOOP("charts", "Unit"),
    "col-share": QT_TRANSLATE_NOOP("charts", "Share of the demand, %"),
    "col-state": QT_TRANSLATE_NOOP("charts", "Met"),
    "col-because": QT_TRANSLATE_NOOP("charts", "Because"),
    "col-demand-grade": QT_TRANSLATE_NOOP("charts", "Demand, grade"),
    "at-least": QT_TRANSLATE_NOOP("charts", "at least"),
    "at-most": QT_TRANSLATE_NOOP("charts", "at most"),
    "say-fit": QT_TRANSLATE_NOOP("charts", "{name} {meets}. {misses}"),
    "say-misses": QT_TRANSLATE_NOOP("charts", "Missed: {list}."),
    "say-unknown": QT_TRANSLATE_NOOP("charts", "Not known: {list}."),
    "say-of": QT_TRANSLATE_NOOP("charts", "{name} {figure}, asked {level}"),
    "col-criterion": QT_TRANSLATE_NOOP("charts", "Criterion"),
    "col-group": QT_TRANSLATE_NOOP("charts", "Group"),
    "col-gap": QT_TRANSLATE_NOOP("charts", "{name} over {other}, score"),
    "col-reason": QT_TRANSLATE_NOOP("charts", "Reason"),
    "col-contribution": QT_TRANSLATE_NOOP("charts", "{name}, contribution"),
    "col-material": QT_TRANSLATE_NOOP("charts", "Material"),
    "col-family": QT_TRANSLATE_NOOP("charts", "Family"),
    "col-place": QT_TRANSLATE_NOOP("charts", "Place"),
    "col-score": QT_TRANSLATE_NOOP("charts", "Score"),
    "col-low": QT_TRANSLATE_NOOP("charts", "{name}, low"),
    "col-high": QT_TRANSLATE_NOOP("charts", "{name}, high"),
    "col-grade": QT_TRANSLATE_NOOP("charts", "{name}, grade"),
    "col-weight": QT_TRANSLATE_NOOP("charts", "Weight, %"),
    "within": QT_TRANSLATE_NOOP("charts", "within the figures' ranges"),
    "yes": QT_TRANSLATE_NOOP("charts", "yes"),
    "sum": QT_TRANSLATE_NOOP("charts", "Sum"),
    "say-compare": QT_TRANSLATE_NOOP("charts", "Profiles of {count} materials over sixteen criteria. {materials}"),
    "say-one": QT_TRANSLATE_NOOP("charts", "{name} scores {score}, best in {best}, weakest in {worst}."),
    "say-map": QT_TRANSLATE_NOOP(
        "charts", "{x} against {y} for {count} materials, {passing} of them pass. {name}: {first}; {second}."
    ),
    "say-map-bare": QT_TRANSLATE_NOOP("charts", "{x} against {y} for {count} materials, {passing} of them pass."),
}


class Sayer(Protocol):
    """Renders a number: value, digits after the point, whether a plus sign is shown."""

    def __call__(self, value: float, decimals: int = 0, signed: bool = False) -> str: ...


@dataclass(frozen=True)
class Speech:
    """How charts put things in words: callables, so that drawing needs no Qt.

    Attributes:
        translate: (context, English text) -> text in the user's language.
        number: a number in the user's locale.
        sentence: a domain sentence as text.
        label, short, unit: a property's names and unit by key ("" for grades and ratings).
        figure: a property's figure with its unit, by key and value.
        score: a score as the ranking prints it.
    """

    translate: Callable[[str, str], str]
    number: Sayer
    sentence: Callable[[Sentence], str]
    label: Callable[[str], str]
    short: Callable[[str], str]
    unit: Callable[[str], str]
    figure: Callable[[str, float], str]
    score: Callable[[float], str]

    def say(self, code: str, **values: object) -> str:
        """One of :data:`TEXTS`, translated and filled in."""
        return self.translate("charts", TEXTS[code]).format(**values)

    def criterion(self, key: str) -> str:
        """A criterion's name."""
        return self.sentence(Sentence(f"criterion-{key}"))

    def group(self, key: str) -> str:
        """A criterion group's name."""
        return self.sentence(Sentence(f"group-{key}"))

    def axis(self, key: str, log: bool = False) -> str:
        """A property's name with its unit, as an axis or a column carries it."""
        from advisor.properties import properties

        kind = properties()[key].unit
        unit = self.say(f"{kind}-unit") if kind in ("grade", "rating") else kind
        name = self.say("with-unit", name=self.label(key), unit=unit)
        return self.say("log", name=name) if log else name

    def cell(self, cell: Cell) -> str:
        """A table cell as people read it."""
        return self.number(cell.value, cell.decimals, cell.signed) if isinstance(cell, Num) else cell


@dataclass(frozen=True)
class Style:
    """The theme as plain values (colours ``#rrggbb``), the fonts Matplotlib is to use, and the words.

    Attributes:
        good, warn: of the signs that say met and missed, beside their shape.
        groups: criterion group -> its colour; of bars and marks, colour means the group and nothing else.
        fonts: font families in the order they are tried; Matplotlib knows all of them.
        mirrored: drawn for readers from right to left. Drawings reckon from the side where reading starts: it is
            :func:`sheet`, :func:`place_axes`, :func:`span` and :func:`put` that turn round.
    """

    panel: str
    line: str
    line2: str
    edge: str
    ink: str
    ink2: str
    ink3: str
    accent: str
    good: str
    warn: str
    groups: Mapping[str, str]
    fonts: tuple[str, ...]
    speech: Speech
    dark: bool = False
    mirrored: bool = False

    def across(self, x: float, width: float) -> float:
        """A place px from the left of a figure, reckoned from the side where reading starts; and back."""
        return width - x if self.mirrored else x

    def of_criterion(self, criterion: str) -> str:
        """The colour of a criterion: that of its group."""
        return self.groups[_GROUP_OF[criterion]]


_GROUP_OF = {criterion: group for group, own in GROUPS.items() for criterion in own}


def group_of(criterion: str) -> str:
    """The group a criterion belongs to."""
    return _GROUP_OF[criterion]


@dataclass(frozen=True)
class View:
    """What a chart shows of an answer, as table rows and property keys.

    Attributes:
        selected: the material looked at; the upper end of Why.
        rival: the other end of Why.
        compared: the rows of Compare.
        hovered: the row under the pointer.
        x, y, log_x, log_y: the axes of Map.
        ranges: Map shows every material's range, not only that of the selected one.
        front: Map draws the Pareto front of its axes.
        index: the index line on Map; box: what is marked out on it (least and greatest across, then upward).
        radar: Compare is drawn as a radar.
        other: the answer Slope measures against; shown: the one whose places it shows (None: the present one);
            other_name, shown_name: what they are called; other_levels: the trials ``other``'s places are labelled by.
        along: the criterion whose priority Certainty moves ("" none).
        certainty, acceptability: what the trials gave, None before the first are done.
        current: they are of this answer; False while the next are worked out.
        levels: the trials places are labelled by (which are level), None for none.
    """

    selected: int | None = None
    rival: int | None = None
    compared: tuple[int, ...] = ()
    hovered: int | None = None
    x: str = "areal_mass_g_m2"
    y: str = "abrasion_cycles"
    log_x: bool = True
    log_y: bool = True
    ranges: bool = False
    front: bool = True
    index: IndexLine | None = None
    box: Box | None = None
    radar: bool = False
    other: Answer | None = None
    other_name: str = ""
    other_levels: Certainty | None = None
    shown: Answer | None = None
    shown_name: str = ""
    along: str = ""
    certainty: Certainty | None = None
    acceptability: Acceptability | None = None
    current: bool = True
    levels: Certainty | None = None


@dataclass
class Artists:
    """What a drawn chart moves: Matplotlib artists drawn over the still background, in drawing order."""

    style: Style
    moving: list[Artist] = field(default_factory=list)

    def add(self, artist: Any) -> Any:
        """Keep ``artist`` out of the still background and among the moving ones."""
        artist.set_animated(True)
        self.moving.append(artist)
        return artist


Cell = str | Num
"""A table cell: a text, or a number with the digits it is shown with."""


@dataclass(frozen=True)
class Twin:
    """A chart's numbers as a table; the column heads carry the units."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Drawing(Protocol):
    """What a drawing file offers; the files themselves are the objects."""

    def draw(self, figure: Figure, answer: Answer, view: View, style: Style) -> Artists:
        """Draw the whole chart on an empty figure; moving artists are marked animated."""

    def move(self, artists: Artists, answer: Answer, view: View) -> bool:
        """Bring the moving artists up to date; False where the still part must be drawn anew."""

    def table(self, answer: Answer, view: View, speech: Speech) -> Twin:
        """The numbers of the chart."""

    def describe(self, answer: Answer, view: View, speech: Speech) -> str:
        """The chart in words."""

    def row_at(self, artists: Artists, x: float, y: float) -> int | None:
        """The table row drawn at a point (px from the upper left), or None."""

    def tip(self, answer: Answer, view: View, row: int, speech: Speech) -> str:
        """What the tool tip of a row says, one fact a line.

        A drawing with more to say of single spots also has ``tip_at(artists, x, y, answer, view, speech)``; "" there
        leaves the word to this one. A drawing with parts to drag has ``grab_at(artists, x, y)``, which names the part
        under a point ("" for none), and ``KEYS``, the further keys it takes.
        """


def mix(over: str, under: str, share: float) -> str:
    """``share`` (0..1) of one ``#rrggbb`` colour mixed into another."""
    pairs = ((int(over[at : at + 2], 16), int(under[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


# --- text that fits ---------------------------------------------------------------------------------------------------


@contextmanager
def strange_signs() -> Iterator[None]:
    """Names are the user's: a sign that no font here has is drawn as a box, and nothing is said on stderr about it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+")
        yield


@lru_cache(maxsize=8192)
def _width(text: str, fonts: tuple[str, ...], size: float, bold: bool) -> float:
    from ui.charts.stamp import is_plain, type_of

    kind = type_of(fonts, size, bold, DPI)
    return kind.width(text) if is_plain(text) else kind.whole_width(text)


def width_of(text: str, style: Style, size: float = SMALL, bold: bool = False) -> float:
    """Width of one line of text in px at a device pixel ratio of 1."""
    return _width(text, style.fonts, size, bold)


def elide(text: str, room: float, style: Style, size: float = SMALL, bold: bool = False) -> str:
    """``text`` cut with "…" so that it is at most ``room`` px wide."""
    if width_of(text, style, size, bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip(" ,") + "…", style, size, bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip(" ,") + "…"


def longest(texts: Sequence[str], room: float, style: Style, size: float = SMALL) -> str:
    """The first of several ways to say a thing, longest first, that is at most ``room`` px wide; the last one cut."""
    fitting = next((text for text in texts if width_of(text, style, size) <= room), None)
    return elide(texts[-1], room, style, size) if fitting is None else fitting


def fit_name(name: str, room: float, style: Style, size: float = SMALL, bold: bool = False) -> str:
    """A material's name in ``room`` px: cut before its first comma, so that what follows still tells it apart."""
    if width_of(name, style, size, bold) <= room:
        return name
    head, comma, tail = name.partition(",")
    if not comma:
        return elide(name, room, style, size, bold)
    head, tail = head.rstrip(), "," + tail
    # Whole words go first: "Nylon 420D…, TPU" says more than half a word in their place.
    parts = head.split(" ")
    for count in range(len(parts) - 1, 1, -1):
        cut = " ".join(parts[:count]) + "…" + tail
        if width_of(cut, style, size, bold) <= room:
            return cut
    end = elide(tail, max(0.5 * room, room - width_of(head, style, size, bold)), style, size, bold)
    start = elide(head, room - width_of(end, style, size, bold), style, size, bold)
    return start + end


def wrap(text: str, room: float, style: Style, size: float = SMALL) -> str:
    """``text`` on at most two lines of ``room`` px, the second cut where it must be."""
    if width_of(text, style, size) <= room:
        return text
    parts = text.split(" ")
    for count in range(len(parts) - 1, 0, -1):
        first = " ".join(parts[:count])
        if width_of(first, style, size) <= room:
            return first + "\n" + elide(" ".join(parts[count:]), room, style, size)
    return elide(text, room, style, size)


def short_names(names: Sequence[str]) -> list[str]:
    """Names cut before their first comma where that still tells them apart."""
    stems = [name.split(",")[0].strip() or name for name in names]
    return [stem if stems.count(stem) == 1 else name for stem, name in zip(stems, names, strict=True)]


def put(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    style: Style,
    *,
    size: float = SMALL,
    ink: str = "",
    bold: bool = False,
    ha: str = "center",
    va: str = "baseline",
    transform: Any = None,
    rotation: float = 0,
    zorder: float = 5,
) -> Stamp:
    """A text in the style's font; ``ink`` is a colour, ``x`` and ``y`` are data unless ``transform`` says else."""
    from ui.charts.stamp import Stamp

    if axes.xaxis_inverted():
        ha = {"left": "right", "right": "left"}.get(ha, ha)
    made = Stamp(
        x,
        y,
        text,
        families=style.fonts,
        size=size,
        bold=bold,
        color=ink or style.ink2,
        ha=ha,
        va=va,
        transform=axes.transData if transform is None else transform,
        rotation=rotation,
        zorder=zorder,
        parse_math=False,  # names are not formulas: a $ in one is a $
        linespacing=LINE_SPACING,
        clip_on=False,
    )
    axes.add_artist(made)
    return made


# --- axes in px -------------------------------------------------------------------------------------------------------


def size_px(figure: Figure) -> tuple[float, float]:
    """Width and height of a figure in px at a device pixel ratio of 1."""
    width, height = figure.get_size_inches()
    return float(width) * DPI, float(height) * DPI


def place_axes(figure: Figure, style: Style, box: Box) -> Axes:
    """Axes without frame and ticks that fill ``box`` (px from the lower left, mirrored: right) of the figure."""
    width, height = size_px(figure)
    left, bottom, right, top = box
    left, right = sorted((style.across(left, width), style.across(right, width)))
    right, top = max(right, left + 8), max(top, bottom + 8)
    axes = figure.add_axes((left / width, bottom / height, (right - left) / width, (top - bottom) / height))
    axes.set_facecolor("none")
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.xaxis.set_visible(False)
    axes.yaxis.set_visible(False)
    axes.set_autoscale_on(False)
    return axes


def span(axes: Axes, style: Style, low: float, high: float) -> None:
    """Let axes reach across from ``low``, where reading starts, to ``high``."""
    if style.mirrored:
        low, high = high, low
    axes.set_xlim(low, high)


def sheet(figure: Figure, style: Style) -> Axes:
    """Clear the figure and give it one set of axes all over, for captions, in px from where reading starts, upward."""
    figure.clear()
    figure.set_facecolor(style.panel)
    width, height = size_px(figure)
    axes = place_axes(figure, style, (0, 0, width, height))
    span(axes, style, 0, width)
    axes.set_ylim(0, height)
    return axes


def say_empty(figure: Figure, style: Style, title: str, more: str = "") -> Artists:
    """A chart that has nothing to show says why, and what would help."""
    axes = sheet(figure, style)
    width, height = size_px(figure)
    middle = height / 2
    room = width - 32
    put(axes, width / 2, middle + 4, elide(title, room, style, LEAD, True), style, size=LEAD, ink=style.ink2, bold=True)
    put(axes, width / 2, middle - 16, elide(more, room, style, BODY), style, size=BODY, ink=style.ink3)
    return Artists(style)


def nice_step(span: float, count: int) -> float:
    """A round step (1, 2 or 5 times a power of ten) that cuts ``span`` into about ``count`` parts."""
    raw = max(span, 1e-12) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return power * next(factor for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)


def digits_of(step: float) -> int:
    """Digits after the point that ticks of this step need."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def ticks_between(low: float, high: float, step: float) -> list[float]:
    """Multiples of ``step`` from ``low`` to ``high``, both included."""
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return [number * step for number in range(first, last + 1)]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near to ``wanted`` as may be, at least ``gap`` apart and within low..high; order is kept."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    clusters: list[list[float]] = []  # [sum of wanted − offset, count]
    for place in order:
        clusters.append([wanted[place], 1])
        while len(clusters) > 1:
            (total_a, count_a), (total_b, count_b) = clusters[-2], clusters[-1]
            if total_b / count_b - total_a / count_a >= gap * (count_a + count_b) / 2:
                break
            clusters[-2:] = [[total_a + total_b, count_a + count_b]]
    found = [0.0] * len(wanted)
    queue = iter(order)
    floor = low
    for total, count in clusters:
        start = max(floor, total / count - gap * (count - 1) / 2)
        for number in range(int(count)):
            found[next(queue)] = start + number * gap
        floor = start + count * gap
    over = high
    for place in reversed(order):
        found[place] = min(found[place], over)
        over = found[place] - gap
    return found


def near(points: Sequence[Sequence[float]], x: float, y: float) -> float:
    """How far a point is from a line through ``points``, px."""
    best = math.inf
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        across, up = x1 - x0, y1 - y0
        long = across * across + up * up
        share = min(max(((x - x0) * across + (y - y0) * up) / long, 0.0), 1.0) if long else 0.0
        best = min(best, math.hypot(x - x0 - share * across, y - y0 - share * up))
    return best


def overlaps(a: Box, b: Box) -> bool:
    """Whether two boxes share any area."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
