"""Sentences: English templates by code, and how a fact (code, values) becomes text in any language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Num:
    """A number in a sentence: the value as computed and the digits it is shown with."""

    value: float
    decimals: int = 0
    signed: bool = False


@dataclass(frozen=True)
class Sentence:
    """A fact to be put in words: the template's code and its values (numbers, names or further sentences)."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self)


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name Qt's extraction looks for
    """Mark ``text`` for translation and return it unchanged; keeps Qt out of this package."""
    return text


def format_number(number: Num) -> str:
    """English rendering: thousands comma, point, true minus sign."""
    text = f"{number.value:,.{number.decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    if number.signed and not text.startswith("-") and float(text.replace(",", "")) != 0:
        text = f"+{text}"
    return text.replace("-", "−")


def say(
    sentence: Sentence,
    number: Callable[[Num], str] = format_number,
    translate: Callable[[str], str] = lambda text: text,
) -> str:
    """The sentence as text.

    Args:
        sentence: the fact.
        number: renders a number (the window passes the user's locale).
        translate: maps an English template to the user's language.
    """

    def render(value: object) -> str:
        if isinstance(value, Num):
            return number(value)
        if isinstance(value, Sentence):
            return say(value, number, translate)
        if isinstance(value, tuple):
            return translate(LIST_JOIN).join(render(item) for item in value)
        return str(value)

    template = translate(TEMPLATES[sentence.code])
    return template.format(**{name: render(value) for name, value in sentence.values.items()})


LIST_JOIN = QT_TRANSLATE_NOOP("sentences", ", ")

TEMPLATES: dict[str, str] = {
    "method-wpm": QT_TRANSLATE_NOOP("sentences", "weighted product"),
    "method-waspas": QT_TRANSLATE_NOOP("sentences", "WASPAS"),
    "method-topsis": QT_TRANSLATE_NOOP("sentences", "TOPSIS"),
    "method-topsis-minmax": QT_TRANSLATE_NOOP("sentences", "TOPSIS (min-max)"),
    "method-vikor": QT_TRANSLATE_NOOP("sentences", "VIKOR"),
    "method-promethee2": QT_TRANSLATE_NOOP("sentences", "PROMETHEE II"),
    "method-copras": QT_TRANSLATE_NOOP("sentences", "COPRAS"),
    "method-leader": QT_TRANSLATE_NOOP("sentences", "{name} ({methods})"),
    "methods-agree": QT_TRANSLATE_NOOP("sentences", "all {count} other methods put {name} first too"),
    "methods-differ": QT_TRANSLATE_NOOP(
        "sentences", "{agreeing} of {count} other methods put {name} first too; elsewhere leads: {others}"
    ),
    "equivalent": QT_TRANSLATE_NOOP("sentences", "{name} {change}{unit} is worth {money} USD/m² here"),
    "way-wpm": QT_TRANSLATE_NOOP("sentences", "a product punishes a low value more than a sum"),
    "way-waspas": QT_TRANSLATE_NOOP("sentences", "half of it is a product, which punishes a low value more"),
    "way-topsis": QT_TRANSLATE_NOOP(
        "sentences", "it squares distances, and counts a value by how large that criterion's values are in all cloths"
    ),
    "way-topsis-minmax": QT_TRANSLATE_NOOP(
        "sentences", "it squares distances, on a scale from the worst to the best value found here"
    ),
    "way-vikor": QT_TRANSLATE_NOOP(
        "sentences",
        "half of it is a cloth's largest single regret, on a scale from the worst to the best value found here",
    ),
    "way-promethee2": QT_TRANSLATE_NOOP(
        "sentences", "cloth against cloth, a lead in value below 0.05 counts nothing and one above 0.20 in full"
    ),
    "way-copras": QT_TRANSLATE_NOOP(
        "sentences", "it counts a value as a share of that criterion's values in all cloths"
    ),
    "why-ahead": QT_TRANSLATE_NOOP(
        "sentences",
        "{name} is first by {method}: {way}. Its lead in {criterion}, value {own} against {other}, makes {there} % of "
        "what parts it from {leader} there, {here} % in the sum.",
    ),
    "why-behind": QT_TRANSLATE_NOOP(
        "sentences",
        "{name} is first by {method}: {way}. That it is behind in {criterion}, value {own} against {other}, makes only "
        "{there} % of what parts it from {leader} there, {here} % in the sum.",
    ),
    "why-behind-and-yet": QT_TRANSLATE_NOOP(
        "sentences",
        "{name} is first by {method}: {way}. {criterion}, value {own} against {other}, speaks for it there ({there} % "
        "of what parts it from {leader}) and against it in the sum ({here} %).",
    ),
    "methods-nobody": QT_TRANSLATE_NOOP("sentences", "no material passes: methods have nothing to agree on"),
    "at-place": QT_TRANSLATE_NOOP("sentences", "{place}"),
    "at-sliders": QT_TRANSLATE_NOOP("sentences", "Climate sliders"),
    "input-mean_c": QT_TRANSLATE_NOOP("sentences", "mean temperature"),
    "input-hot_month_max_c": QT_TRANSLATE_NOOP("sentences", "the hot month's mean high"),
    "input-cold_month_min_c": QT_TRANSLATE_NOOP("sentences", "the cold month's mean low"),
    "input-relative_humidity_pct": QT_TRANSLATE_NOOP("sentences", "relative humidity"),
    "input-wettest_month_mm": QT_TRANSLATE_NOOP("sentences", "rain of the wettest month"),
    "input-wet_days_wettest_month": QT_TRANSLATE_NOOP("sentences", "wet days of the wettest month"),
    "input-solar_mj_m2_year": QT_TRANSLATE_NOOP("sentences", "yearly sun"),
    "input-dust_salt": QT_TRANSLATE_NOOP("sentences", "dust and salt"),
    "not-known": QT_TRANSLATE_NOOP("sentences", "{where}: not known, {missing} is missing; nothing is asked"),
    "nothing-asked": QT_TRANSLATE_NOOP("sentences", "nothing asked by climate or use"),
    "dropped": QT_TRANSLATE_NOOP("sentences", "dropped by you"),
    "set-by-hand": QT_TRANSLATE_NOOP("sentences", "set by you: {because}"),
    "set-by-hand-bare": QT_TRANSLATE_NOOP("sentences", "set by you"),
    "layer-demand": QT_TRANSLATE_NOOP("sentences", "{layer}: {because}"),
    "head-new-climate": QT_TRANSLATE_NOOP(
        "sentences", "{where}, wettest month {month} mm, {rain} mm in an hour: {level} mm new"
    ),
    "head-new-product": QT_TRANSLATE_NOOP(
        "sentences", "{product} asks {base} mm new, more than {where} does ({rain} mm in an hour)"
    ),
    "head-new-climate-panel": QT_TRANSLATE_NOOP(
        "sentences",
        "{where}, wettest month {month} mm, {rain} mm in an hour, {extra} mm for load on the {panel}: {level} mm new",
    ),
    "head-new-product-panel": QT_TRANSLATE_NOOP(
        "sentences", "{product} asks {base} mm new, and {extra} mm for the load on the {panel}: {level} mm new"
    ),
    "head-aged-climate": QT_TRANSLATE_NOOP(
        "sentences", "{where}, wettest month {month} mm: 40 % of the new head must be left, {level} mm aged"
    ),
    "head-aged-product": QT_TRANSLATE_NOOP("sentences", "{product} asks {base} mm aged, more than {where} does"),
    "head-aged-climate-panel": QT_TRANSLATE_NOOP(
        "sentences",
        "{where}, wettest month {month} mm: 40 % of the new head of the {panel} must be left, {level} mm aged",
    ),
    "head-aged-product-panel": QT_TRANSLATE_NOOP(
        "sentences", "{product} asks {base} mm aged, and {extra} mm for the load on the {panel}: {level} mm aged"
    ),
    "clip-head-high": QT_TRANSLATE_NOOP("sentences", "cut at 3,000 mm, the formula's upper end"),
    "clip-rain-low": QT_TRANSLATE_NOOP("sentences", "2 mm in an hour is the least the formula reckons with"),
    "clip-product": QT_TRANSLATE_NOOP("sentences", "the climate asks no more here than the product itself"),
    "clip-cold": QT_TRANSLATE_NOOP("sentences", "−10 °C is the least asked anywhere (air freight, cold warehouses)"),
    "clip-drying": QT_TRANSLATE_NOOP(
        "sentences", "5 g/m² is the least the formula comes down to: the air is saturated"
    ),
    "spray": QT_TRANSLATE_NOOP("sentences", "{product}: no head is asked, rain must bead off"),
    "sun": QT_TRANSLATE_NOOP(
        "sentences",
        "{where}, {sun} MJ/m² a year, {share} % outdoors, {years} years: {dose} MJ/m², {level} % kept after 100 kLy",
    ),
    "light-climate": QT_TRANSLATE_NOOP("sentences", "{where}, {dose} MJ/m² on the bag a year: blue-wool grade {level}"),
    "light-product": QT_TRANSLATE_NOOP(
        "sentences", "{product} asks blue-wool grade {level}, more than {where} does ({dose} MJ/m² a year)"
    ),
    "hydrolysis": QT_TRANSLATE_NOOP(
        "sentences",
        "{where}, mean {mean} °C, {humidity} % humidity, {years} years: {level} weeks of jungle test (70 °C, 95 %)",
    ),
    "mildew-months": QT_TRANSLATE_NOOP(
        "sentences", "{where}, {months} months warm and damp enough for mildew: growth rating {level} at most"
    ),
    "mildew-annual": QT_TRANSLATE_NOOP(
        "sentences", "{where}, mean {mean} °C, {humidity} % humidity: growth rating {level} at most"
    ),
    "mildew-wet": QT_TRANSLATE_NOOP(
        "sentences", "{where}, {days} rain days a year: a wet bag makes its own climate, growth rating {level} at most"
    ),
    "cold": QT_TRANSLATE_NOOP("sentences", "{where}, design low {low} °C, 5 K in hand: must flex at {level} °C"),
    "cold-floor": QT_TRANSLATE_NOOP(
        "sentences", "{where}, design low {low} °C: air freight and cold warehouses ask {level} °C"
    ),
    "heat": QT_TRANSLATE_NOOP(
        "sentences", "{where}, hot month {hot} °C, {extra} K in the {case}, 10 K in hand: {level} °C without tack"
    ),
    "heat-boot": QT_TRANSLATE_NOOP("sentences", "car boot"),
    "heat-cabin": QT_TRANSLATE_NOOP("sentences", "parked car"),
    "heat-dashboard": QT_TRANSLATE_NOOP("sentences", "sun behind glass"),
    "drying": QT_TRANSLATE_NOOP(
        "sentences",
        "{where}, mean {mean} °C, {humidity} % humidity: dries overnight if it takes up {level} g/m² or less",
    ),
    "drying-eases": QT_TRANSLATE_NOOP(
        "sentences", "Warmer air dries faster: raising the mean temperature eases this demand"
    ),
    "tear": QT_TRANSLATE_NOOP(
        "sentences", "{product}, {panel}, {base} N at {load} kg, × {uplift} for dust and salt at {where}: {level} N"
    ),
    "tensile": QT_TRANSLATE_NOOP("sentences", "{product}, {panel}, {base} N at {load} kg: {level} N"),
    "no-reference": QT_TRANSLATE_NOOP("sentences", "{product}: not known, its reference cloth has no abrasion figure"),
    "abrasion": QT_TRANSLATE_NOOP(
        "sentences",
        "as good as {cloth} ({base} cycles), × {factor} for dust and salt at {where}, {panel}: {level} cycles",
    ),
    "mass": QT_TRANSLATE_NOOP(
        "sentences", "{product}, {panel}: shell of {shell} g, {share} % of it cloth, {area} m² a bag: {level} g/m²"
    ),
    "revision-holds": QT_TRANSLATE_NOOP(
        "sentences", "The decision holds: {name} leads under table {before} and under table {after}."
    ),
    "revision-other": QT_TRANSLATE_NOOP(
        "sentences", "The decision does not hold: {other} led under table {before}, {name} leads under table {after}."
    ),
    "revision-first": QT_TRANSLATE_NOOP(
        "sentences", "No material passed under table {before}; {name} leads under table {after}."
    ),
    "revision-none": QT_TRANSLATE_NOOP("sentences", "No material passes under table {after}."),
    "revision-left": QT_TRANSLATE_NOOP("sentences", "{name} is not in table {after}."),
    "revision-joined": QT_TRANSLATE_NOOP("sentences", "{name} was not in table {before}."),
    "revision-gap": QT_TRANSLATE_NOOP("sentences", "not known"),
    "revision-figure": QT_TRANSLATE_NOOP(
        "sentences", "{name}, {property}: {before}, now {after}{unit}; alone it moves the lead by {effect}"
    ),
    "revision-range": QT_TRANSLATE_NOOP(
        "sentences",
        "{name}, {property}: range {low_before} to {high_before}, now {low_after} to {high_after}{unit}; alone it "
        "moves the lead by {effect}",
    ),
    "revision-words": QT_TRANSLATE_NOOP(
        "sentences", "{name}, {property}: {before}, now {after}{unit}; alone it moves the lead by {effect}"
    ),
    "revision-decisive": QT_TRANSLATE_NOOP("sentences", "{figure}; with the old figure another material would lead"),
    "revision-together": QT_TRANSLATE_NOOP(
        "sentences", "No single figure moved the lead from the one to the other; they did it together."
    ),
    "revision-passed": QT_TRANSLATE_NOOP("sentences", "{name}: place {before} to {after}, its own score stands"),
    "revision-count": QT_TRANSLATE_NOOP("sentences", "{moved} of {count} materials in both tables change place."),
    "move": QT_TRANSLATE_NOOP("sentences", "{name}: place {before} to {after} ({score}), most by {criterion} {part}"),
    "move-past": QT_TRANSLATE_NOOP(
        "sentences",
        "{name}: place {before} to {after}, score {score}; those it passes {others}, most in {criterion} "
        "({part} against them)",
    ),
    "move-behind": QT_TRANSLATE_NOOP(
        "sentences",
        "{name}: place {before} to {after}, score {score}; those ahead of it now {others}, most in {criterion} "
        "({part} against them)",
    ),
    "move-in": QT_TRANSLATE_NOOP("sentences", "{name}: passes now, place {after}"),
    "move-out": QT_TRANSLATE_NOOP("sentences", "{name}: place {before}, screened out now"),
    "minimum-order": QT_TRANSLATE_NOOP("sentences", "{quantity} bags need {level} m of cloth"),
    "miss": QT_TRANSLATE_NOOP("sentences", "{name} {have} of {level}{unit}"),
    "miss-unknown": QT_TRANSLATE_NOOP("sentences", "{name} not known, {level}{unit} asked"),
    "unit": QT_TRANSLATE_NOOP("sentences", " {unit}"),
    "criterion-water": QT_TRANSLATE_NOOP("sentences", "Water"),
    "criterion-sun": QT_TRANSLATE_NOOP("sentences", "Sun"),
    "criterion-humidity": QT_TRANSLATE_NOOP("sentences", "Humidity"),
    "criterion-mildew": QT_TRANSLATE_NOOP("sentences", "Mildew"),
    "criterion-temperature": QT_TRANSLATE_NOOP("sentences", "Temperature"),
    "criterion-abrasion": QT_TRANSLATE_NOOP("sentences", "Abrasion"),
    "criterion-tear": QT_TRANSLATE_NOOP("sentences", "Tear"),
    "criterion-tensile": QT_TRANSLATE_NOOP("sentences", "Tensile"),
    "criterion-lightness": QT_TRANSLATE_NOOP("sentences", "Lightness"),
    "criterion-drying": QT_TRANSLATE_NOOP("sentences", "Drying"),
    "criterion-colour": QT_TRANSLATE_NOOP("sentences", "Colour"),
    "criterion-handle": QT_TRANSLATE_NOOP("sentences", "Handle"),
    "criterion-footprint": QT_TRANSLATE_NOOP("sentences", "Footprint"),
    "criterion-recycled": QT_TRANSLATE_NOOP("sentences", "Recycled"),
    "criterion-price": QT_TRANSLATE_NOOP("sentences", "Price"),
    "criterion-availability": QT_TRANSLATE_NOOP("sentences", "Availability"),
    "group-protection": QT_TRANSLATE_NOOP("sentences", "Protection"),
    "group-durability": QT_TRANSLATE_NOOP("sentences", "Durability"),
    "group-carry": QT_TRANSLATE_NOOP("sentences", "Carry"),
    "group-looks": QT_TRANSLATE_NOOP("sentences", "Looks"),
    "group-planet": QT_TRANSLATE_NOOP("sentences", "Planet"),
    "group-supply": QT_TRANSLATE_NOOP("sentences", "Supply"),
    "reason": QT_TRANSLATE_NOOP("sentences", "{name} {gap}"),
    "adds": QT_TRANSLATE_NOOP("sentences", "{reasons} in its favour"),
    "takes": QT_TRANSLATE_NOOP("sentences", "{reasons} against it"),
    "others": QT_TRANSLATE_NOOP("sentences", "{count} more criteria {sum}"),
    "other": QT_TRANSLATE_NOOP("sentences", "{count} more criterion {sum}"),
    "doubtful": QT_TRANSLATE_NOOP("sentences", "{sum} within the figures' ranges ({names}), no reason either way"),
    "doubtful-more": QT_TRANSLATE_NOOP(
        "sentences", "{sum} within the figures' ranges ({names} and more), no reason either way"
    ),
    "clauses-1": QT_TRANSLATE_NOOP("sentences", "{a}"),
    "clauses-2": QT_TRANSLATE_NOOP("sentences", "{a}; {b}"),
    "clauses-3": QT_TRANSLATE_NOOP("sentences", "{a}; {b}; {c}"),
    "clauses-4": QT_TRANSLATE_NOOP("sentences", "{a}; {b}; {c}; {d}"),
    "above": QT_TRANSLATE_NOOP("sentences", "{a} stands {gap} above {b}: {clauses}."),
    "below": QT_TRANSLATE_NOOP("sentences", "{a} stands {gap} below {b}: {clauses}."),
    "level": QT_TRANSLATE_NOOP("sentences", "{a} and {b} score the same: {clauses}."),
    "with-contested": QT_TRANSLATE_NOOP("sentences", "{reason} {contested}"),
    "contested": QT_TRANSLATE_NOOP("sentences", "{name} is contested: {guides}; {others}."),
    "contested-order": QT_TRANSLATE_NOOP("sentences", "The guides have it the other way round: {guides}; {others}."),
    "above-bare": QT_TRANSLATE_NOOP("sentences", "{a} stands {gap} above {b}."),
    "below-bare": QT_TRANSLATE_NOOP("sentences", "{a} stands {gap} below {b}."),
    "level-bare": QT_TRANSLATE_NOOP("sentences", "{a} and {b} score the same in every criterion."),
    "alone": QT_TRANSLATE_NOOP("sentences", "{name} is the only material that passes."),
    "screened-out": QT_TRANSLATE_NOOP("sentences", "{name} is screened out: {limits}."),
    "dominated": QT_TRANSLATE_NOOP(
        "sentences", "It is no better than {other} in any criterion, and worse in {count} of {all}."
    ),
    "meets-all": QT_TRANSLATE_NOOP("sentences", "It meets all {asked} demands."),
    "meets-some": QT_TRANSLATE_NOOP("sentences", "It meets {met} of {asked} demands; worst miss: {miss}."),
    "gaps": QT_TRANSLATE_NOOP("sentences", "Not known, ask the mill: {names}; {policy}."),
    "gaps-cautious": QT_TRANSLATE_NOOP("sentences", "taken at the worse end of what is plausible"),
    "gaps-neutral": QT_TRANSLATE_NOOP("sentences", "taken at the mean of what is plausible"),
    "gaps-hopeful": QT_TRANSLATE_NOOP("sentences", "taken at the better end of what is plausible"),
    "leads": QT_TRANSLATE_NOOP("sentences", "It leads in {count} of 100 trials {varied}."),
    "varied-data-around": QT_TRANSLATE_NOOP("sentences", "over data ranges and priorities ±3"),
    "varied-data-unknown": QT_TRANSLATE_NOOP("sentences", "over data ranges, priorities unknown"),
    "varied-data-fixed": QT_TRANSLATE_NOOP("sentences", "over data ranges, priorities as set"),
    "varied-nothing-around": QT_TRANSLATE_NOOP("sentences", "over priorities ±3, data as printed"),
    "varied-nothing-unknown": QT_TRANSLATE_NOOP("sentences", "with priorities unknown, data as printed"),
    "varied-nothing-fixed": QT_TRANSLATE_NOOP("sentences", "with nothing varied"),
    "flip-down": QT_TRANSLATE_NOOP("sentences", "{b} would draw level with {a} if {name} fell from {now} to {then}."),
    "flip-up": QT_TRANSLATE_NOOP("sentences", "{b} would draw level with {a} if {name} rose from {now} to {then}."),
    "no-flip": QT_TRANSLATE_NOOP("sentences", "No single priority would put {b} above {a}."),
    "limit-certificate": QT_TRANSLATE_NOOP("sentences", "Certificate {name}"),
    "limit-family": QT_TRANSLATE_NOOP("sentences", "One of {names}"),
    "limit-most": QT_TRANSLATE_NOOP("sentences", "{name} at most {high}{unit}"),
    "limit-least": QT_TRANSLATE_NOOP("sentences", "{name} at least {low}{unit}"),
    "limit-window": QT_TRANSLATE_NOOP("sentences", "{name} {low} to {high}{unit}"),
    "limit-always": QT_TRANSLATE_NOOP("sentences", "{limit}, whole range"),
    "fails": QT_TRANSLATE_NOOP("sentences", "{limit}: not met"),
    "fails-unknown": QT_TRANSLATE_NOOP("sentences", "{limit}: not known"),
    "fails-over": QT_TRANSLATE_NOOP("sentences", "{limit}: {by}{unit} over"),
    "fails-under": QT_TRANSLATE_NOOP("sentences", "{limit}: {by}{unit} short"),
    "banner-none-pass": QT_TRANSLATE_NOOP("sentences", "None of {count} materials passes the limits."),
    "banner": QT_TRANSLATE_NOOP("sentences", "No cloth meets every demand. {name} misses least: {misses}"),
    "remedy-head": QT_TRANSLATE_NOOP(
        "sentences",
        "Another coating or a film laminate holds more head; taped seams or a rain cover keep the contents dry.",
    ),
    "remedy-aged": QT_TRANSLATE_NOOP(
        "sentences", "A laminate or a heavier coat keeps more head with age; plan a rain cover for the later years."
    ),
    "remedy-hydrolysis": QT_TRANSLATE_NOOP(
        "sentences", "Ask for polycarbonate or polyether PU, TPU or silicone instead of polyester PU."
    ),
    "remedy-coating": QT_TRANSLATE_NOOP("sentences", "Ask for another coating grade."),
    "remedy-sun": QT_TRANSLATE_NOOP(
        "sentences", "Ask for UV-stabilised or solution-dyed yarn, or plan a shorter life."
    ),
    "remedy-fading": QT_TRANSLATE_NOOP(
        "sentences", "Ask for solution-dyed yarn or a darker shade, with a blue-wool report."
    ),
    "remedy-mildew": QT_TRANSLATE_NOOP("sentences", "Ask for a mildewcide in the finish, or leave natural fibres out."),
    "remedy-base": QT_TRANSLATE_NOOP("sentences", "Use a heavier cloth for the base and the corners."),
    "remedy-ripstop": QT_TRANSLATE_NOOP(
        "sentences", "Ask for a ripstop weave or a silicone finish, or reinforce the loaded points."
    ),
    "remedy-drying": QT_TRANSLATE_NOOP("sentences", "Leave cotton and thick spacers out of the wet parts."),
    "remedy-order": QT_TRANSLATE_NOOP(
        "sentences", "Share a colour with another order, take a stock colour, or pay the mill's surcharge."
    ),
    "places": QT_TRANSLATE_NOOP("sentences", "Its missing figures leave any place from {best} to {worst} open."),
    "stays-first": QT_TRANSLATE_NOOP(
        "sentences", "It stays first while the priority of {what} lies between {low} and {high}."
    ),
    "at-one-place": QT_TRANSLATE_NOOP(
        "sentences", "{place} ({share} % of the order): {name} leads and meets all {asked} demands."
    ),
    "at-one-place-miss": QT_TRANSLATE_NOOP(
        "sentences", "{place} ({share} % of the order): {name} leads, meets {met} of {asked}; worst miss: {miss}."
    ),
    "one-serves-all": QT_TRANSLATE_NOOP(
        "sentences", "{name} serves all these places best; a cloth of its own for each would gain nothing."
    ),
    "one-for-all": QT_TRANSLATE_NOOP(
        "sentences",
        "{name} serves all these places best ({score} by share); a cloth of its own for each would gain {gain}.",
    ),
    "stands-there": QT_TRANSLATE_NOOP(
        "sentences", "{name} at {place}: place {rank}, {behind} behind, meets all {asked} demands."
    ),
    "stands-there-miss": QT_TRANSLATE_NOOP(
        "sentences", "{name} at {place}: place {rank}, {behind} behind, meets {met} of {asked}; worst miss: {miss}."
    ),
    "out-there": QT_TRANSLATE_NOOP("sentences", "{name} at {place}: screened out."),
    "scored-strictest": QT_TRANSLATE_NOOP(
        "sentences", "Scores are measured against the strictest demand of all places."
    ),
    "scored-by-share": QT_TRANSLATE_NOOP(
        "sentences", "Scores are those of each place, weighted by its share; demands met are those of the strictest."
    ),
    "strictest-asks": QT_TRANSLATE_NOOP(
        "sentences", "Measured against the strictest demand of all places, {strict} leads."
    ),
    "turn-figure": QT_TRANSLATE_NOOP(
        "sentences", "{what} {then}{unit} instead of {now} would put {name} first; its range is {low} to {high}."
    ),
    "turn-figure-beyond": QT_TRANSLATE_NOOP(
        "sentences",
        "{what} {then}{unit} instead of {now} would put {name} first, but beyond its range {low} to {high}.",
    ),
    "turn-gap-up": QT_TRANSLATE_NOOP(
        "sentences", "{what}, not known, would put {name} first from {then}{unit} on: ask the mill."
    ),
    "turn-gap-down": QT_TRANSLATE_NOOP(
        "sentences", "{what}, not known, would put {name} first at {then}{unit} or less: ask the mill."
    ),
    "turn-priority": QT_TRANSLATE_NOOP(
        "sentences", "Priority {then} instead of {now} for {what} would put {name} first."
    ),
    "turn-demand": QT_TRANSLATE_NOOP(
        "sentences", "Asking {then}{unit} instead of {now} ({what}) would put {name} first."
    ),
    "turn-limit-most": QT_TRANSLATE_NOOP(
        "sentences", "A limit of at most {then}{unit} instead of {now} ({what}) would put {name} first."
    ),
    "turn-limit-least": QT_TRANSLATE_NOOP(
        "sentences", "A limit of at least {then}{unit} instead of {now} ({what}) would put {name} first."
    ),
    "turn-limit-gone": QT_TRANSLATE_NOOP("sentences", "Without the limit ({limit}) {name} would be first."),
    "turn-set-least": QT_TRANSLATE_NOOP(
        "sentences",
        "A new limit of at least {then}{unit} ({what}) would put {name} first; it shuts out {count} of {passing}.",
    ),
    "turn-set-most": QT_TRANSLATE_NOOP(
        "sentences",
        "A new limit of at most {then}{unit} ({what}) would put {name} first; it shuts out {count} of {passing}.",
    ),
    "turn-set-certificate": QT_TRANSLATE_NOOP(
        "sentences", "Asking for the certificate {word} would put {name} first; it shuts out {count} of {passing}."
    ),
    "turn-set-family": QT_TRANSLATE_NOOP(
        "sentences", "Asking for {word} alone would put {name} first; it shuts out {count} of {passing}."
    ),
    "turn-target": QT_TRANSLATE_NOOP(
        "sentences", "A target price of {then} instead of {now} USD/m² would put {name} first."
    ),
    "turn-ceiling": QT_TRANSLATE_NOOP(
        "sentences", "A ceiling price of {then} instead of {now} USD/m² would put {name} first."
    ),
    "turn-part": QT_TRANSLATE_NOOP("sentences", "{what} {now} to {then}"),
    "turn-joint": QT_TRANSLATE_NOOP(
        "sentences", "The smallest move of priorities that puts {name} first: {parts}; {distance} points in all."
    ),
    "turn-joint-more": QT_TRANSLATE_NOOP(
        "sentences",
        "The smallest move of priorities that puts {name} first: {parts}, {more} more; {distance} points in all.",
    ),
    "turn-joint-hair": QT_TRANSLATE_NOOP("sentences", "A hair's breadth of the priorities would put {name} first."),
    "turn-none": QT_TRANSLATE_NOOP("sentences", "None of these alone would put {name} first: {kinds}."),
    "turn-kind-figure": QT_TRANSLATE_NOOP("sentences", "one of its figures"),
    "turn-kind-within": QT_TRANSLATE_NOOP("sentences", "one of its figures within its range"),
    "turn-kind-priority": QT_TRANSLATE_NOOP("sentences", "one priority"),
    "turn-kind-demand": QT_TRANSLATE_NOOP("sentences", "one demand"),
    "turn-kind-limit": QT_TRANSLATE_NOOP("sentences", "one limit in force"),
    "turn-kind-new_limit": QT_TRANSLATE_NOOP("sentences", "one limit more"),
    "turn-kind-budget": QT_TRANSLATE_NOOP("sentences", "target or ceiling from a quarter to four times today's"),
    "turn-kind-joint": QT_TRANSLATE_NOOP("sentences", "any priorities"),
    "probe-first-up": QT_TRANSLATE_NOOP(
        "sentences",
        "Test {what} of {name}: at {then}{unit} or more it no longer leads ({count} of 100 draws of its range).",
    ),
    "probe-first-down": QT_TRANSLATE_NOOP(
        "sentences",
        "Test {what} of {name}: at {then}{unit} or less it no longer leads ({count} of 100 draws of its range).",
    ),
    "probe-other-up": QT_TRANSLATE_NOOP(
        "sentences", "Test {what} of {name}: at {then}{unit} or more it would lead ({count} of 100 draws of its range)."
    ),
    "probe-other-down": QT_TRANSLATE_NOOP(
        "sentences", "Test {what} of {name}: at {then}{unit} or less it would lead ({count} of 100 draws of its range)."
    ),
    "probe-none": QT_TRANSLATE_NOOP("sentences", "No figure within its range would alone change the first place."),
    "together": QT_TRANSLATE_NOOP(
        "sentences", "{one} and {other} rise and fall together (r {r}): what they share counts twice; {effect}."
    ),
    "against": QT_TRANSLATE_NOOP("sentences", "{one} and {other} run against each other (r {r}); {effect}."),
    "merged-stays": QT_TRANSLATE_NOOP("sentences", "merged, the first place stays and {kept} of the first three"),
    "merged-turns": QT_TRANSLATE_NOOP("sentences", "merged, {name} would lead and {kept} of the first three stay"),
    "over": QT_TRANSLATE_NOOP("sentences", "{what} {after}{unit}: {whose}, over {before}{unit} (grade {grade})"),
    "over-gap": QT_TRANSLATE_NOOP("sentences", "{what} {after}{unit}: {whose}, where none was known"),
    "over-whose": QT_TRANSLATE_NOOP("sentences", "your figure"),
    "over-whose-because": QT_TRANSLATE_NOOP("sentences", "your figure ({because})"),
    "meter": QT_TRANSLATE_NOOP("sentences", "{share} % of this score rests on measured or supplier figures ({parts})."),
    "meter-A": QT_TRANSLATE_NOOP("sentences", "A {share} %"),
    "meter-B": QT_TRANSLATE_NOOP("sentences", "B {share} %"),
    "meter-C": QT_TRANSLATE_NOOP("sentences", "C {share} %"),
    "meter-D": QT_TRANSLATE_NOOP("sentences", "D {share} %"),
    "meter-own": QT_TRANSLATE_NOOP("sentences", "your own {share} %"),
    "meter-gap": QT_TRANSLATE_NOOP("sentences", "not known {share} %"),
    "order-for": QT_TRANSLATE_NOOP("sentences", "Test to order: {name} ({id})"),
    "order-test": QT_TRANSLATE_NOOP("sentences", "{what}: {method}, {title}"),
    "order-ask": QT_TRANSLATE_NOOP("sentences", "{what}: ask the mill, in writing"),
    "order-report-both": QT_TRANSLATE_NOOP(
        "sentences",
        "Report warp and weft apart: mean, standard deviation and number of specimens, conditioning, lot",
    ),
    "order-report": QT_TRANSLATE_NOOP(
        "sentences", "Report mean, standard deviation and number of specimens, conditioning, lot"
    ),
    "order-state": QT_TRANSLATE_NOOP("sentences", "State {what}"),
    "order-least": QT_TRANSLATE_NOOP("sentences", "Asked: at least {level}{unit}"),
    "order-most": QT_TRANSLATE_NOOP("sentences", "Asked: at most {level}{unit}"),
    "order-because": QT_TRANSLATE_NOOP("sentences", "Why: {why}"),
    "lab-report": QT_TRANSLATE_NOOP("sentences", "lab report {number}, {laboratory}, {date}"),
    "lab-report-lot": QT_TRANSLATE_NOOP("sentences", "lab report {number}, {laboratory}, {date}, lot {lot}"),
    "verdict-always": QT_TRANSLATE_NOOP(
        "sentences", "{what} {have} of {level}{unit}: met over its whole range, {low} to {high}."
    ),
    "verdict-meets": QT_TRANSLATE_NOOP(
        "sentences", "{what} {have} of {level}{unit}: met, though its range is {low} to {high}."
    ),
    "verdict-meets-alone": QT_TRANSLATE_NOOP(
        "sentences", "{what} {have} of {level}{unit}: met by the middle; {alone}."
    ),
    "verdict-warp": QT_TRANSLATE_NOOP("sentences", "the warp alone, {figure}{unit}, misses by {by}{unit}"),
    "verdict-weft": QT_TRANSLATE_NOOP("sentences", "the weft alone, {figure}{unit}, misses by {by}{unit}"),
    "verdict-could": QT_TRANSLATE_NOOP(
        "sentences",
        "{what} {have} of {level}{unit}: misses by {by}{unit}; could meet it, its range is {low} to {high}.",
    ),
    "verdict-misses": QT_TRANSLATE_NOOP(
        "sentences", "{what} {have} of {level}{unit}: misses by {by}{unit}, over its whole range, {low} to {high}."
    ),
    "verdict-unasked": QT_TRANSLATE_NOOP("sentences", "{what} {have}{unit}: nothing is asked of it here."),
    "effect": QT_TRANSLATE_NOOP("sentences", "{name}: {parts}."),
    "effect-place": QT_TRANSLATE_NOOP("sentences", "place {before} to {after}"),
    "effect-stays": QT_TRANSLATE_NOOP("sentences", "place {after} as before"),
    "effect-in": QT_TRANSLATE_NOOP("sentences", "place {after}, screened out before"),
    "effect-out": QT_TRANSLATE_NOOP("sentences", "screened out, place {before} before"),
    "effect-still-out": QT_TRANSLATE_NOOP("sentences", "screened out as before"),
    "effect-score": QT_TRANSLATE_NOOP("sentences", "score {before} to {after}"),
    "effect-score-same": QT_TRANSLATE_NOOP("sentences", "score {after} as before"),
    "effect-share": QT_TRANSLATE_NOOP("sentences", "leads in {after} instead of {before} of 100 trials"),
    "effect-share-same": QT_TRANSLATE_NOOP("sentences", "leads in {after} of 100 trials as before"),
    "effect-missed": QT_TRANSLATE_NOOP("sentences", "misses {after} instead of {before} of {asked} demands"),
    "effect-missed-same": QT_TRANSLATE_NOOP("sentences", "misses {after} of {asked} demands as before"),
    "leader-turned": QT_TRANSLATE_NOOP("sentences", "{name} takes the first place from {other}."),
    "leader-stays": QT_TRANSLATE_NOOP("sentences", "{name} keeps the first place."),
    "leader-found": QT_TRANSLATE_NOOP("sentences", "{name} is first where nothing passed before."),
    "leader-lost": QT_TRANSLATE_NOOP("sentences", "{name} was first; nothing passes any more."),
}
