"""Why: the way from B's score to A's, criterion by criterion, as a waterfall whose steps add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.collections import LineCollection  # noqa: TID253 - drawing files are imported late
from matplotlib.figure import Figure  # noqa: TID253 - the same
from matplotlib.lines import Line2D  # noqa: TID253 - the same

from advisor.answer import Answer
from advisor.explanation import SCORE_DECIMALS, above_sentence, compare
from advisor.properties import CRITERIA
from advisor.sentences import Num
from ui.charts.block import Block
from ui.charts.figures import criterion_lines, grades_line, own_criteria, place_words, signed, with_signs
from ui.charts.style import (
    BODY,
    Artists,
    Speech,
    Style,
    Twin,
    View,
    digits_of,
    group_of,
    longest,
    mix,
    nice_step,
    place_axes,
    put,
    say_empty,
    sheet,
    short_names,
    size_px,
    span,
    ticks_between,
    width_of,
    wrap,
)

#: Room a bar needs with its label, px; how wide a bar is at most.
SLOT, BAR = 88, 74
#: A step smaller than this share of the largest one is summed up under Other.
SMALL_SHARE = 0.12
_LEFT, _RIGHT, _TOP, _BOTTOM = 14, 50, 30, 42
_MOST_TICKS = 16
_UNIT = 10**SCORE_DECIMALS


@dataclass(frozen=True)
class Bar:
    """One step of the way: ``step`` in thousandths as printed, ``gap`` as drawn; "" is the sum of small criteria."""

    criterion: str
    step: int
    gap: float
    doubtful: bool
    count: int = 1


@dataclass
class WhyArtists(Artists):
    """The moving parts and the scale they stand on."""

    axes: Any = None
    plot: tuple[float, float] = (0, 0)
    limits: tuple[float, float] | None = None
    slots: int = 0
    grid: Any = None
    ticks: list[Any] = field(default_factory=list)
    caption: Any = None
    ends: list[Line2D] = field(default_factory=list)
    cuts: list[Line2D] = field(default_factory=list)
    bars: list[Block] = field(default_factory=list)
    joins: Any = None
    figures: list[Any] = field(default_factory=list)
    names: list[Any] = field(default_factory=list)
    note: Any = None
    key: Any = None
    #: From where to where across (px of the plot) each step and either end stands, the step itself or the end's row.
    slots_of: tuple[tuple[float, float, Bar | int], ...] = ()


def bars_of(answer: Answer, a: int, b: int, most: int) -> tuple[Bar, ...]:
    """The steps from B to A, gains first, at most ``most`` of them; the small ones summed up as the last."""
    found = compare(answer, a, b)
    pairs = [
        Bar(item.criterion, step, item.gap, item.doubtful)
        for item, step in zip(found.differences, found.steps, strict=True)
    ]
    drawn = [bar for bar in pairs if bar.step]
    if not drawn:
        return ()
    largest = max(abs(bar.step) for bar in drawn)
    ranked = sorted(drawn, key=lambda bar: -abs(bar.step))
    named = [bar for bar in ranked if abs(bar.step) >= SMALL_SHARE * largest][:most]
    rest = [bar for bar in ranked if bar not in named]
    if len(rest) == 1 and len(named) < most:
        named, rest = [*named, *rest], []
    elif rest and len(named) == most:
        rest.append(named.pop())
    named.sort(key=lambda bar: -bar.gap)
    if rest:
        # What rounds to nothing is no bar of its own, but the drawing must still end at A's score.
        rest_gap = found.gap - sum(bar.gap for bar in named)
        named.append(Bar("", sum(bar.step for bar in rest), rest_gap, all(bar.doubtful for bar in rest), len(rest)))
    return tuple(named)


def _ends(view: View) -> tuple[int, int] | None:
    if view.selected is None or view.rival is None or view.selected == view.rival:
        return None
    return view.selected, view.rival


def _extent(answer: Answer, a: int, bars: Sequence[Bar], b: int) -> tuple[float, float]:
    at = float(answer.ranking.scores[b])
    seen = [at, float(answer.ranking.scores[a])]
    for bar in bars:
        at += bar.gap
        seen.append(at)
    return min(seen), max(seen)


#: The least stretch of score the axis shows between its content's ends.
_LEAST_SPAN = 0.004


def _limits(low: float, high: float, height: float) -> tuple[float, float, float]:
    """Ends of the score axis and its step: room for figures above, the ends' bars seen below, cut where it must be."""
    span = max(high - low, _LEAST_SPAN)
    room = 24 / max(height, 60)
    whole = span * 1.45 / (1 - room)
    step = nice_step(whole, max(2, min(6, int(height // 32))))
    bottom = step * int((low - 0.4 * span) / step)
    if bottom < 0.25 * high:
        bottom = 0.0
        step = nice_step(high / (1 - room), max(2, min(6, int(height // 32))))
    top = max(high + room * (high - bottom) / (1 - room), bottom + step)
    return bottom, top, step


def _holds(limits: tuple[float, float], low: float, high: float, height: float) -> bool:
    """Whether the axis still serves: everything inside with room for figures, and not all squeezed together."""
    bottom, top = limits
    whole = top - bottom
    span = max(high - low, _LEAST_SPAN)
    if high + whole * 18 / max(height, 60) > top or low < bottom + 0.05 * whole:
        return False
    if bottom == 0:
        return low - 0.4 * span < 0.25 * high * 1.2
    return span > 0.25 * whole


def draw(figure: Figure, answer: Answer, view: View, style: Style) -> Artists:
    """The waterfall with its axis; bars, figures and names are the moving part."""
    say = style.speech.say
    ends = _ends(view)
    if len(answer.table) == 0:
        return say_empty(figure, style, say("empty"))
    if ends is None:
        if view.selected is None or answer.ranking.passing == 0:
            return say_empty(figure, style, say("nothing-passes"), say("nothing-passes-more"))
        name = answer.table.names[view.selected]
        return say_empty(figure, style, say("no-rival", name=name), say("no-rival-more"))
    captions = sheet(figure, style)
    width, height = size_px(figure)
    plot = (max(width - _LEFT - _RIGHT, 100), max(height - _TOP - _BOTTOM, 40))
    axes = place_axes(figure, style, (_LEFT, _BOTTOM, _LEFT + plot[0], _BOTTOM + plot[1]))
    slots = max(3, int(plot[0] // SLOT))
    span(axes, style, 0, plot[0])
    found = WhyArtists(style, axes=axes, plot=plot, slots=slots)
    # Scores drift while a slider moves and the axis with them, so it is among the moving parts.
    found.grid = found.add(LineCollection([], colors=style.line2, linewidths=1, zorder=0))
    axes.add_collection(found.grid, autolim=False)
    for _ in range(_MOST_TICKS):
        found.ticks.append(
            found.add(put(axes, plot[0] + _RIGHT - 12, 0, "", style, ink=style.ink3, ha="right", va="center"))
        )
    found.caption = found.add(put(captions, _LEFT, height - 16, "", style, ink=style.ink3, ha="left"))
    found.joins = found.add(LineCollection([], colors=style.ink3, linewidths=1, linestyles=(0, (2, 2)), zorder=2))
    axes.add_collection(found.joins, autolim=False)
    for _ in range(2):
        found.ends.append(found.add(axes.add_line(Line2D([], [], color=style.ink, linewidth=1.6, zorder=3))))
    for number in range(4):  # a strip of ground with a line upon it, at either end bar
        ground = number < 2
        line = Line2D([], [], color=style.panel if ground else style.ink3, linewidth=5 if ground else 1, zorder=4)
        line.set_clip_on(False)
        found.cuts.append(found.add(axes.add_line(line)))
    for _ in range(slots - 2):
        found.bars.append(found.add(axes.add_patch(Block((0, 0), 0, 0, zorder=3, hatch_linewidth=1))))
    for place in range(slots):
        outer = place >= slots - 2  # the last two are the ends: their scores are the figures that matter
        text = put(
            axes, 0, 0, "", style, size=BODY, ink=style.ink if outer else style.ink2, bold=outer, va="bottom", zorder=6
        )
        found.figures.append(found.add(text))
        found.names.append(found.add(put(axes, 0, 0, "", style, ink=style.ink2, va="top", transform=_below(axes))))
    found.key = found.add(
        captions.add_patch(Block((0, 0), 18, 9, hatch="////", hatch_linewidth=1, linewidth=1, visible=False, zorder=3))
    )
    found.key.set(facecolor=style.panel, edgecolor=style.ink3, hatchcolor=style.ink3)
    found.note = found.add(put(captions, width - 12, height - 16, "", style, ink=style.ink3, ha="right"))
    _fill(found, answer, *ends)
    return found


def _below(axes: Any) -> Any:
    """x in px of the plot, y as a share of its height (the names stand under it)."""
    from matplotlib.transforms import blended_transform_factory

    return blended_transform_factory(axes.transData, axes.transAxes)


def move(artists: Artists, answer: Answer, view: View) -> bool:
    """Bars, figures and names of another answer or pair; False where there is no pair, or none was drawn."""
    ends = _ends(view)
    if not isinstance(artists, WhyArtists) or ends is None:
        return False
    _fill(artists, answer, *ends)
    return True


def _rule(found: WhyArtists, low: float, high: float) -> None:
    """Put the axis where the scores are; it stays where it was while that still serves."""
    style, height = found.style, found.plot[1]
    if found.limits is not None and _holds(found.limits, low, high, height):
        return
    bottom, top, step = _limits(low, high, height)
    found.limits = bottom, top
    found.axes.set_ylim(bottom, top)
    digits = max(2, digits_of(step))
    ticks = ticks_between(bottom, top, step)[:_MOST_TICKS]
    found.grid.set_segments([[(0, tick), (found.plot[0], tick)] for tick in ticks])
    for place, text in enumerate(found.ticks):
        text.set_visible(place < len(ticks))
        if place < len(ticks):
            text.set(y=ticks[place], text=style.speech.number(ticks[place], digits))
    say = style.speech.say
    found.caption.set_text(say("score-cut", low=style.speech.number(bottom, digits)) if bottom > 0 else say("score"))
    for line in found.cuts:
        line.set_visible(bottom > 0)


def _fill(found: WhyArtists, answer: Answer, a: int, b: int) -> None:
    style, speech = found.style, found.style.speech
    bars = bars_of(answer, a, b, found.slots - 2)
    count = len(bars) + 2
    _rule(found, *_extent(answer, a, bars, b))
    assert found.limits is not None
    bottom, top = found.limits
    width, height = found.plot
    per_px = (top - bottom) / height
    slot = width / count
    # Few bars stand together in the middle instead of far apart.
    slot = min(slot, 150.0)
    start = (width - slot * count) / 2
    half = min(BAR, slot * 0.7) / 2
    middles = [start + slot * (place + 0.5) for place in range(count)]
    scores = answer.ranking.scores
    names = short_names([answer.table.names[b], answer.table.names[a]])

    stands: tuple[Bar | int, ...] = (b, *bars, a)
    found.slots_of = tuple(
        (middle - slot / 2, middle + slot / 2, what) for middle, what in zip(middles, stands, strict=True)
    )
    names = with_signs(answer, (b, a), names)
    own = own_criteria(answer, a) | own_criteria(answer, b)
    at = float(scores[b])
    joins = []
    for place, bar in enumerate(bars):
        middle = middles[place + 1]
        joins.append([(middles[place] + half, at), (middle - half, at)])
        _draw_bar(found.bars[place], bar, style, (middle - half, at, 2 * half), per_px)
        sign = "gain" if bar.step > 0 else "loss"
        figure = speech.number(bar.step / _UNIT, SCORE_DECIMALS, True)
        label = speech.say(sign, step=figure) if bar.step else figure
        _tell(found.figures[place], middle, max(at, at + bar.gap) + 4 * per_px, label)
        at += bar.gap
        name = (
            signed(speech.criterion(bar.criterion), bar.criterion in own)
            if bar.criterion
            else speech.say("other", count=speech.number(bar.count))
        )
        _tell(found.names[place], middle, -7 / height, wrap(name, slot - 6, style))
    joins.append([(middles[-2] + half, at), (middles[-1] - half, at)])
    found.joins.set_segments(joins)
    for spare in range(len(bars), found.slots - 2):
        for pool in (found.bars, found.figures, found.names):
            pool[spare].set_visible(False)
    for end, (middle, row) in enumerate(((middles[0], b), (middles[-1], a))):
        score = float(scores[row])
        left, right = middle - half, middle + half
        found.ends[end].set_data([left, left, right, right], [bottom, score, score, bottom])
        _tell(found.figures[-2 + end], middle, score + 5 * per_px, speech.number(score, SCORE_DECIMALS))
        _tell(found.names[-2 + end], middle, -7 / height, wrap(names[end], slot - 6, style))
        low = bottom + 5 * per_px
        for line in (end, end + 2):
            found.cuts[line].set_data([left - 4, middle, right + 4], [low, low + 4 * per_px, low])
    _fill_note(found, answer, a, b, bars)


def _draw_bar(patch: Block, bar: Bar, style: Style, box: tuple[float, float, float], per_px: float) -> None:
    """Gain filled, loss outlined in dashes and pale; a difference inside the ranges hatched."""
    left, start, width = box
    colour = style.of_criterion(bar.criterion) if bar.criterion else style.ink3
    drawn = bar.gap if abs(bar.gap) >= 2 * per_px else (2 * per_px if bar.step >= 0 else -2 * per_px)
    gain = bar.step > 0
    pale = mix(colour, style.panel, 0.16 if bar.doubtful or not gain else 1.0)
    patch.set(x=left, y=min(start, start + drawn), width=width, height=abs(drawn), visible=True)
    patch.set(
        facecolor=pale,
        edgecolor=colour,
        linewidth=1.0 if gain else 1.4,
        linestyle="solid" if gain else (0, (3, 2)),
        hatch="////" if bar.doubtful else None,
        hatchcolor=mix(colour, style.panel, 0.55),
    )


def _tell(text: Any, x: float, y: float, words: str) -> None:
    text.set(x=x, y=y, text=words, visible=True)


def _adds_up(answer: Answer, a: int, b: int) -> bool:
    scores = answer.ranking.scores
    ends = round(float(scores[a]) * _UNIT) - round(float(scores[b]) * _UNIT)
    return bool(ends == sum(compare(answer, a, b).steps))


def _fill_note(found: WhyArtists, answer: Answer, a: int, b: int, bars: Sequence[Bar]) -> None:
    say, style = found.style.speech.say, found.style
    figure_width, figure_height = size_px(found.axes.get_figure(root=True))
    parts: list[str] = []
    doubtful = any(bar.doubtful for bar in bars)
    if not bars:
        parts.append(say("same"))
    if own_criteria(answer, a) or own_criteria(answer, b):
        parts.append(say("own-key"))
    rounded = [] if _adds_up(answer, a, b) else [say("rounded")]
    keys = [[say("doubtful-key")], [say("doubtful-short")]] if doubtful else [[]]
    ways = [[*keys[0], *parts, *rounded], [*keys[-1], *parts, *rounded], [*keys[-1], *parts]]
    caption = width_of(found.caption.get_text(), style)
    room = figure_width - _LEFT - caption - 24 - 12 - (24 if doubtful else 0)
    note = longest([" · ".join(way) for way in ways], max(room, 80), style)
    found.note.set_text(note)
    found.key.set_visible(doubtful)
    found.key.set(x=figure_width - 12 - width_of(note, style) - 24, y=figure_height - 17)


def table(answer: Answer, view: View, speech: Speech) -> Twin:
    """All sixteen criteria: contribution of either material, the step between them, and whether it is a reason."""
    ends = _ends(view)
    if ends is None:
        return Twin((speech.say("col-criterion"),), ())
    a, b = ends
    names = answer.table.names
    found = compare(answer, a, b)
    place_of = {criterion: place for place, criterion in enumerate(CRITERIA)}
    rows = []
    for item, step in zip(found.differences, found.steps, strict=True):
        place = place_of[item.criterion]
        rows.append(
            (
                speech.criterion(item.criterion),
                speech.group(group_of(item.criterion)),
                Num(float(answer.ranking.contributions[b, place]), SCORE_DECIMALS),
                Num(float(answer.ranking.contributions[a, place]), SCORE_DECIMALS),
                Num(step / _UNIT, SCORE_DECIMALS, True),
                speech.say("within") if item.doubtful else speech.say("yes") if step else "",
            )
        )
    scores = answer.ranking.scores
    total = Num(sum(found.steps) / _UNIT, SCORE_DECIMALS, True)
    ends_cells = (Num(float(scores[b]), SCORE_DECIMALS), Num(float(scores[a]), SCORE_DECIMALS))
    rows.append((speech.say("sum"), "", *ends_cells, total, ""))
    heads = (
        speech.say("col-criterion"),
        speech.say("col-group"),
        speech.say("col-contribution", name=names[b]),
        speech.say("col-contribution", name=names[a]),
        speech.say("col-gap", name=names[a], other=names[b]),
        speech.say("col-reason"),
    )
    return Twin(heads, tuple(rows))


def describe(answer: Answer, view: View, speech: Speech) -> str:
    """The gap and its reasons in one sentence."""
    ends = _ends(view)
    if ends is None:
        if view.selected is None or answer.ranking.passing == 0:
            return speech.say("nothing-passes")
        return speech.say("no-rival", name=answer.table.names[view.selected])
    return speech.sentence(above_sentence(answer, compare(answer, *ends)))


def _under(artists: Artists, x: float, y: float) -> Bar | int | None:
    """The step or the end (its row) whose column holds the point."""
    if not isinstance(artists, WhyArtists) or artists.axes is None:
        return None
    width, height = size_px(artists.axes.get_figure(root=True))
    across = artists.style.across(x, width) - _LEFT
    if not _TOP <= y <= height:
        return None
    return next((what for left, right, what in artists.slots_of if left <= across < right), None)


def row_at(artists: Artists, x: float, y: float) -> int | None:
    """The material at either end; a step stands for none."""
    under = _under(artists, x, y)
    return under if isinstance(under, int) else None


def tip_at(artists: Artists, x: float, y: float, answer: Answer, view: View, speech: Speech) -> str:
    """A step with the figures of both materials behind it, each with range and grade; "" elsewhere."""
    under, ends = _under(artists, x, y), _ends(view)
    if not isinstance(under, Bar) or ends is None:
        return ""
    if not under.criterion:
        found = compare(answer, *ends)
        assert isinstance(artists, WhyArtists)
        drawn = {bar.criterion for bar in bars_of(answer, *ends, artists.slots - 2)}
        rest = [
            (item.criterion, step)
            for item, step in zip(found.differences, found.steps, strict=True)
            if step and item.criterion not in drawn
        ]
        return "\n".join(_step(criterion, step, speech) for criterion, step in rest)
    lines = [_step(under.criterion, under.step, speech)]
    if under.doubtful:
        lines.append(speech.say("tip-doubtful"))
    place = CRITERIA.index(under.criterion)
    for row in ends:
        value = speech.number(float(answer.values.typical[row, place]), 2)
        lines.append(speech.say("tip-of", name=answer.table.names[row], value=value))
        lines += criterion_lines(answer, row, under.criterion, speech)
    return "\n".join(lines)


def _step(criterion: str, step: int, speech: Speech) -> str:
    return speech.say(
        "tip-step", name=speech.criterion(criterion), step=speech.number(step / _UNIT, SCORE_DECIMALS, True)
    )


def tip(answer: Answer, view: View, row: int, speech: Speech) -> str:
    """Name, place, score, and the grades of the figures behind it."""
    score = speech.number(float(answer.ranking.scores[row]), SCORE_DECIMALS)
    place = place_words(answer, view, row, score, speech)
    return "\n".join(filter(None, (answer.table.names[row], place, grades_line(answer, row, speech))))
