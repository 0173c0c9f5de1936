"""Climate section of the brief panel: the place and the sliders that stand in for or correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from advisor.answer import Answer
from advisor.brief import Brief, Climate
from advisor.climate import Conditions, Figure, conditions, find_place, places, plain, slider_points
from advisor.demands import Demand
from ui import words
from ui.brief_parts import BriefSection, Hand, SliderRow, change_words, figure_text, lines_tip, to_step
from ui.combos import Item, SearchCombo
from ui.places_section import PlacesSection
from ui.session import Session
from ui.theme import Theme, space
from ui.widgets import ElidedLabel, LinkButton

#: Climate sliders in the order of the panel.
CLIMATE_ROWS: Final = (
    "wettest_month_mm",
    "solar_mj_m2_year",
    "relative_humidity_pct",
    "mean_c",
    "hot_month_max_c",
    "cold_month_min_c",
    "dust_salt",
)
#: Demands each climate slider drives: whose reasons and clips its tool tip tells.
DRIVES: Final[Mapping[str, tuple[str, ...]]] = {
    "wettest_month_mm": ("hydrostatic_head_mm", "hydrostatic_head_aged_mm"),
    "solar_mj_m2_year": ("uv_strength_retention_pct", "light_fastness_grade"),
    "relative_humidity_pct": ("hydrolysis_weeks", "mildew_rating", "water_pickup_g_m2"),
    "mean_c": ("hydrolysis_weeks", "mildew_rating", "water_pickup_g_m2"),
    "hot_month_max_c": ("heat_limit_c",),
    "cold_month_min_c": ("cold_flex_c",),
    "dust_salt": ("abrasion_cycles", "tear_strength_n"),
}

#: What a hand-set climate input is rounded to, so that the figure shown is the figure used.
_CLIMATE_STEP: Final[Mapping[str, float]] = {
    "wettest_month_mm": 1.0,
    "solar_mj_m2_year": 10.0,
    "relative_humidity_pct": 1.0,
    "mean_c": 0.5,
    "hot_month_max_c": 0.5,
    "cold_month_min_c": 0.5,
    "dust_salt": 0.1,
}


class ClimateSection(BriefSection):
    """Place and climate sliders; each slider tells in its tip which demands it drives."""

    def __init__(self, session: Session, hand: Hand, look: Theme, parent: QWidget) -> None:
        super().__init__(session, hand, look, parent)
        row = QHBoxLayout()
        row.setSpacing(space(1.5))
        title = ElidedLabel(self._look, self.tr("Climate"), ink="ink3", kind="caps", parent=self)
        title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        known = sorted(places().values(), key=lambda place: plain(place.name))
        self._place = SearchCombo(
            self.tr("Place"),
            [
                Item("", self.tr("No place: sliders")),
                *(
                    Item(
                        place.name,
                        self.tr("{place}, {country}").format(place=place.name, country=words.profile(place.country)),
                        search=f"{place.name} {words.profile(place.country)} {place.country}",
                    )
                    for place in known
                ),
            ],
            self,
        )
        self._place.chosen.connect(self._choose_place)
        self._reset_link = LinkButton(self._look, self.tr("reset"), parent=self)
        self._reset_link.setAccessibleName(self.tr("Reset climate"))
        self._reset_link.clicked.connect(self._reset)
        self._more = LinkButton(self._look, "+", kind="body", parent=self)
        self._more.setAccessibleName(self.tr("Add a place"))
        self._more.setToolTip(self.tr("Add a place: an order that goes to several at once"))
        row.addWidget(title)
        row.addWidget(self._place, 1)
        row.addWidget(self._more)
        row.addWidget(self._reset_link)
        self.box.addSpacing(space(0.5))
        self.box.addLayout(row)
        self._places = PlacesSection(session, hand, look, self)
        self._more.clicked.connect(self._places.ask)
        self.box.addWidget(self._places)
        names = {
            "wettest_month_mm": self.tr("Rain"),
            "solar_mj_m2_year": self.tr("Sun"),
            "relative_humidity_pct": self.tr("Humidity"),
            "mean_c": self.tr("Warmth"),
            "hot_month_max_c": self.tr("Heat"),
            "cold_month_min_c": self.tr("Cold"),
            "dust_salt": self.tr("Dust, salt"),
        }
        self._sliders = {}
        #: What each row's words were made of.
        self._told: dict[str, object] = {}
        for key in CLIMATE_ROWS:
            slider = SliderRow(self._look, key, names[key], slider_points(key, None), self)
            slider.moved.connect(self._moved)
            slider.settled.connect(self._hand.settle)
            self._sliders[key] = slider
            self.box.addWidget(slider)

    def sliders(self) -> Mapping[str, SliderRow]:
        """The rows of the climate inputs."""
        return self._sliders

    @staticmethod
    def units() -> dict[str, str]:
        """Units of the climate inputs, as printed."""
        return {key: _climate_unit(key) for key in CLIMATE_ROWS}

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.LocaleChange):
            self._told.clear()
        super().changeEvent(event)

    def show_answer(self, answer: Answer) -> None:
        """Show the climate of an answer's brief; nothing is emitted."""
        climate = answer.brief.climate
        self._places.show_answer(answer)
        scenes = answer.conditions()
        scene = scenes[0]
        place = find_place(scene.name) if scene.name else None
        self._place.show_key(
            place.name if place else "",
            self.tr("{count} places").format(count=words.number(len(climate.places)))
            if len(climate.places) > 1
            else "",
        )
        own = conditions(place, {})
        asked = {demand.property: demand for demand in answer.demands}
        locale = QLocale().name()
        self._reset_link.setVisible(bool(climate.inputs))
        if len(scenes) > 1:
            self._show_several(scenes, climate)
            return
        for key, row in self._sliders.items():
            figure, home = scene.figures[key], own.figures[key].value
            told = (figure, own.figures[key], place, locale, [asked.get(name) for name in DRIVES[key]])
            if told == self._told.get(key):
                row.put_back(figure.value)  # the words stand; the hand may have left the handle elsewhere
                continue
            self._told[key] = told
            row.show_value(
                figure.value,
                self._text(key, figure),
                home=home,
                marked=place is not None,
                edited=figure.origin == "user",
                tip=lines_tip(self._tip(key, scene, own.figures[key], asked)),
                points=slider_points(key, place),
            )

    def _show_several(self, scenes: Sequence[Conditions], climate: Climate) -> None:
        """Of several places each has its own figures: the sliders show what they span, and set one for all of them."""
        shares = dict(climate.shares)
        for key, row in self._sliders.items():
            figures = [scene.figures[key] for scene in scenes]
            known = [figure.value for figure in figures if figure.value is not None]
            told = (tuple(figures), tuple(shares.items()), QLocale().name())
            by_hand = key in climate.inputs
            middle = climate.inputs.get(key)
            if middle is None and known:
                weighed = [(shares[scene.name], scene.figures[key].value) for scene in scenes]
                held = [(share, value) for share, value in weighed if value is not None]
                middle = sum(share * value for share, value in held) / sum(share for share, _ in held)
            if told == self._told.get(key):
                row.put_back(middle)
                continue
            self._told[key] = told
            unit = _climate_unit(key)
            if by_hand:
                text = self.tr("{value} {unit}, for all").format(value=figure_text(climate.inputs[key]), unit=unit)
            elif not known:
                text = self.tr("not known")
            else:
                # The longest figures are told in thousands, to fit the line.
                scale, unit = (1000.0, self.tr("GJ/m²")) if key == "solar_mj_m2_year" else (1.0, unit)
                text = self.tr("{low} to {high} {unit}").format(
                    low=figure_text(min(known) / scale), high=figure_text(max(known) / scale), unit=unit
                )
            each = [
                self.tr("{place}: {value}").format(
                    place=scene.name,
                    value=self.tr("not known") if value is None else figure_text(value),
                )
                for scene in scenes
                for value in (conditions(find_place(scene.name), {}).figures[key].value,)
            ]
            lines = [self._full_name(key), *each]
            if by_hand:
                lines.append(self.tr("Set by hand for all places; reset gives each its own again."))
            else:
                lines.append(
                    self.tr("Each place counts with its own figure; the handle stands at their mean by share.")
                )
                lines.append(self.tr("Moving it sets one figure for all of them."))
            row.show_value(
                middle, text.strip(), marked=False, edited=by_hand, tip=lines_tip(lines),
                points=slider_points(key, None),
            )  # fmt: skip

    def _text(self, key: str, figure: Figure) -> str:
        """The value with its unit and what it is, or else that it is estimated or was set by hand."""
        if figure.value is None:
            return self.tr("not known")
        value = figure_text(figure.value, 1)
        state = "set" if figure.origin == "user" else ""
        if not state and figure.origin == "place" and figure.grade in ("C", "D"):
            state = "est"
        if key == "dust_salt":
            return {
                "": self.tr("{value} of 4"),
                "est": self.tr("{value} of 4 est."),
                "set": self.tr("{value} of 4, set"),
            }[state].format(value=value)
        unit = _climate_unit(key)
        if state == "set":
            return self.tr("{value} {unit}, set").format(value=value, unit=unit)
        if state == "est":
            return self.tr("{value} {unit} est.").format(value=value, unit=unit)
        return {
            "wettest_month_mm": self.tr("{value} mm/month"),
            "solar_mj_m2_year": self.tr("{value} MJ/m²·yr"),
            "relative_humidity_pct": self.tr("{value} %"),
            "mean_c": self.tr("{value} °C mean"),
            "hot_month_max_c": self.tr("{value} °C max"),
            "cold_month_min_c": self.tr("{value} °C min"),
        }[key].format(value=value)

    def _full_name(self, key: str) -> str:
        return {
            "wettest_month_mm": self.tr("Rain of the wettest month, mm"),
            "solar_mj_m2_year": self.tr("Sun of a year on level ground, MJ/m²"),
            "relative_humidity_pct": self.tr("Mean relative humidity, %"),
            "mean_c": self.tr("Mean temperature of the year, °C"),
            "hot_month_max_c": self.tr("Mean high of the hottest month, °C"),
            "cold_month_min_c": self.tr("Mean low of the coldest month, °C"),
            "dust_salt": self.tr("Dust and salt in the air, 0 none to 4 most"),
        }[key]

    def _tip(self, key: str, scene: Conditions, own: Figure, asked: Mapping[str, Demand]) -> list[str]:
        figure = scene.figures[key]
        lines = [self._full_name(key)]
        if figure.low is not None and figure.high is not None and figure.high > figure.low:
            lines.append(
                self.tr("taken as {low} to {high}").format(low=figure_text(figure.low), high=figure_text(figure.high))
            )
        if figure.origin == "user":
            if own.value is not None and scene.name:
                lines.append(
                    self.tr("set by hand; {place} has {value}").format(place=scene.name, value=figure_text(own.value))
                )
            else:
                lines.append(self.tr("set by hand"))
        elif figure.because:
            because = QCoreApplication.translate("climate", figure.because)
            lines.append(self.tr("{because} (grade {grade})").format(because=because, grade=figure.grade))
        for name in DRIVES[key]:
            demand = asked.get(name)
            if demand is None:
                continue
            lines.append(
                self.tr("Drives {name}: {because}").format(name=words.label(name), because=words.words(demand.because))
            )
            if demand.clip is not None:
                lines.append(self.tr("Clipped: {reason}").format(reason=words.words(demand.clip)))
            lines.extend(words.words(note) for note in demand.notes)
        return lines

    @Slot(str)
    def _choose_place(self, key: str) -> None:
        held = self._session.brief.climate
        if key == held.place and not held.places:
            return  # the same place again: what was set by hand stays
        label = self.tr("Place {name}").format(name=key) if key else self.tr("No place")
        self._session.update(label, climate=Climate(place=key))

    @Slot(str, float, bool)
    def _moved(self, key: str, value: float, home: bool) -> None:
        start = self._hand.began()
        brief = self._session.brief
        inputs = dict(brief.climate.inputs)
        several = len(brief.climate.shares) > 1
        before = start.climate.inputs.get(key) if several else self._scene(start).figures[key].value
        rounded = to_step(value, _CLIMATE_STEP[key])
        level = self._possible(key, rounded, self._scene(brief))
        inputs[key] = level
        # One figure for several places is no place's own, wherever it stands.
        bare = replace(brief, climate=replace(brief.climate, inputs={}))
        if not several and (home or level == self._scene(bare).value(key)):
            inputs.pop(key)
        changed = replace(brief, climate=replace(brief.climate, inputs=inputs))
        now = self._scene(changed).figures[key].value
        unknown = self.tr("each its own") if several else self.tr("not known")
        label = change_words(
            self._sliders[key].name,
            unknown if before is None else figure_text(before),
            self.tr("not known") if now is None else figure_text(now),
            _climate_unit(key),
        )
        self._hand.edit(changed, label, f"climate:{key}")
        if level != rounded and now is not None:
            self._sliders[key].slider.setValue(now)  # held back by its neighbour

    def _scene(self, brief: Brief) -> Conditions:
        """The conditions a slider shows: the place's, or of several places only what was set by hand for all."""
        climate = brief.climate
        shares = climate.shares
        if len(shares) > 1:
            scene = conditions(None, climate.inputs)
            held = {
                key: item if key in climate.inputs else replace(item, value=None) for key, item in scene.figures.items()
            }
            return replace(scene, figures=held)
        name = shares[0][0] if shares else climate.place
        return conditions(find_place(name) if name else None, climate.inputs)

    @staticmethod
    def _possible(key: str, value: float, scene: Conditions) -> float:
        """A temperature stays between its neighbours: cold month, mean, hot month."""
        order = ("cold_month_min_c", "mean_c", "hot_month_max_c")
        if key == "wettest_month_mm":
            year = scene.figures["rain_mm_year"]
            return min(value, year.value) if year.origin == "user" and year.value is not None else value
        if key not in order:
            return value
        at = order.index(key)
        below = [scene.value(other) for other in order[:at]]
        above = [scene.value(other) for other in order[at + 1 :]]
        value = max([value, *(item for item in below if item is not None)])
        return min([value, *(item for item in above if item is not None)])

    @Slot()
    def _reset(self) -> None:
        held = self._session.brief.climate
        self._session.update(self.tr("Climate reset"), climate=replace(held, inputs={}))


def _climate_unit(key: str) -> str:
    if key == "wettest_month_mm":
        return QCoreApplication.translate("ClimateSection", "mm")
    if key == "solar_mj_m2_year":
        return QCoreApplication.translate("ClimateSection", "MJ/m²")
    if key == "relative_humidity_pct":
        return QCoreApplication.translate("ClimateSection", "%")
    return "" if key == "dust_salt" else QCoreApplication.translate("ClimateSection", "°C")
