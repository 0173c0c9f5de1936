"""Brief panel: the left column, where product, climate, budget, limits and priorities are set."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from advisor.answer import Answer
from advisor.brief import HEAT_CASES, Band, Brief, Limit, Service
from advisor.climate import plain
from advisor.explanation import limit_sentence
from advisor.layers import Terms, terms
from advisor.profiles import Layer, markets, panels, products, raise_of, sectors
from advisor.sentences import Sentence
from advisor.templates import Template, read_templates
from ui import words
from ui.brief_parts import (
    NAME_WIDTH,
    VALUE_WIDTH,
    BriefSection,
    Hand,
    SliderRow,
    change_words,
    figure_text,
    lines_tip,
    to_step,
)
from ui.climate_section import ClimateSection
from ui.combos import Combo, Item, SearchCombo
from ui.limit_section import LimitSection
from ui.priority_section import PrioritySection
from ui.session import Session
from ui.sliders import PairSlider, Scale
from ui.theme import Theme, space
from ui.tipping_strips import TippingStrips
from ui.widgets import ElidedLabel, LinkButton, SectionHeader, Themed

#: Price (USD/m²) and quantity (bags) over the travel: even ratios, even steps to the eye.
_PRICE_POINTS: Final = ((0.0, 0.5), (0.17, 1.0), (0.34, 2.0), (0.56, 4.0), (0.73, 8.0), (0.88, 16.0), (1.0, 30.0))
_QUANTITY_POINTS: Final = (
    (0.0, 50.0),
    (0.1, 100.0),
    (0.33, 500.0),
    (0.43, 1_000.0),
    (0.67, 5_000.0),
    (0.77, 10_000.0),
    (1.0, 50_000.0),
)
_SERVICE_POINTS: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "life_years": ((0.0, 0.5), (0.6, 6.0), (1.0, 15.0)),
    "days_per_year": ((0.0, 5.0), (1.0, 365.0)),
    "outdoor_share": ((0.0, 0.0), (0.5, 0.25), (1.0, 1.0)),
}
_SERVICE_STEP: Final[Mapping[str, float]] = {"life_years": 0.5, "days_per_year": 5.0, "outdoor_share": 0.01}
_MARGIN: Final = 14
#: Keys of the product list that are no products: the user's own types, and the dialog that keeps them.
_OWN: Final = "own:"
_KEEP: Final = "own…"


def _two_digits(value: float) -> float:
    """A quantity rounded to two significant digits."""
    return float(round(value, 1 - math.floor(math.log10(value))))


class BriefPanel(QWidget, Themed):
    """The brief: everything that can be asked for, each control one undo step a drag.

    It writes through the session only and shows what the session's answer carries.

    Args:
        templates: the folder of the user's own product types; None offers none.
    """

    def __init__(
        self, session: Session, look: Theme, parent: QWidget | None = None, templates: Path | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._look = session, look
        self._folder = templates
        self._hand = Hand(session, self)
        self.setAccessibleName(self.tr("Brief"))
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        inside = QWidget(self._scroll)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, space(1), 0, 0)
        column.setSpacing(0)
        self._boxes: list[QVBoxLayout] = []
        # Made in the order of the column, which is that of the Tab key.
        use = self._use_section(inside)
        self._climate = ClimateSection(session, self._hand, look, inside)
        budget = self._budget_section(inside)
        self._limits = LimitSection(session, self._hand, look, inside)
        self._priorities = PrioritySection(session, self._hand, look, inside)
        for number, section in enumerate((use, self._climate, budget, self._limits, self._priorities)):
            if number:
                line = QFrame(inside)
                line.setProperty("surface", "line")
                line.setFixedHeight(1)
                column.addWidget(line)
            section.box.setContentsMargins(_MARGIN, 1, _MARGIN, 2)
            self._boxes.append(section.box)
            column.addWidget(section)
        column.addStretch(1)
        self._scroll.setWidget(inside)
        inside.setAutoFillBackground(False)  # setWidget turns it on
        self._scroll.verticalScrollBar().rangeChanged.connect(self._bar_changed)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.setMinimumWidth(240)
        #: Who leads along either price handle, in words, and what stands above it in the tip.
        self._price_lines: dict[str, list[str]] = {}
        self._price_base: list[str] = []
        self._strips = TippingStrips(session, self)
        self._strips.watch(self._climate.sliders(), self._climate.units())
        self._strips.watch({"order_quantity": self._quantity}, {"order_quantity": self.tr("bags")})
        self._strips.watch(self._service_rows, {"life_years": self.tr("years")})
        unit = words.unit("price_usd_m2")
        self._strips.watch_words({"price_target": unit, "price_ceiling": unit})
        self._strips.told.connect(self._price_told)
        session.answered.connect(self.show_answer)
        self.show_answer(session.answer)

    def sizeHint(self) -> QSize:
        return QSize(262, 632)

    def apply_theme(self, look: Theme) -> None:
        """Take another theme, with everything inside."""
        self._look = look
        for widget in self.findChildren(QWidget):
            if isinstance(widget, Themed):
                widget.apply_theme(look)
        self.update()

    @Slot(int, int)
    def _bar_changed(self, _least: int, most: int) -> None:
        """The scroll bar stands in the margin, so that nothing moves when it comes and goes."""
        bar = self._scroll.verticalScrollBar().sizeHint().width() if most else 0
        for box in self._boxes:
            box.setContentsMargins(_MARGIN, 1, max(2, _MARGIN - bar), 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("panel"))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.fillRect(0 if rtl else self.width() - 1, 0, 1, self.height(), self._look.colour("line"))

    # --- building --------------------------------------------------------------------------------------------------

    def _use_section(self, inside: QWidget) -> BriefSection:
        part = BriefSection(self._session, self._hand, self._look, inside)
        box = part.box
        self._product = Combo(self.tr("Product"), [], part)
        self._offer_products()
        self._panel = Combo(
            self.tr("Panel"),
            [
                Item(key, words.profile(item.name), lines_tip([words.profile(item.because)]))
                for key, item in panels().items()
            ],
            part,
        )
        self._sector = Combo(
            self.tr("Sector"),
            [
                Item("", self.tr("No sector"), lines_tip([self.tr("The sector's layer is switched off.")])),
                *(
                    Item(key, words.profile(item.name), lines_tip(self._layer_lines(item)))
                    for key, item in sectors().items()
                ),
            ],
            part,
        )
        known = sorted(markets().items(), key=lambda pair: plain(words.profile(pair[1].name)))
        self._market = SearchCombo(
            self.tr("Market"),
            [
                Item("", self.tr("No market"), lines_tip([self.tr("The market's layer is switched off.")])),
                *(
                    Item(
                        key,
                        words.profile(item.name),
                        lines_tip(self._layer_lines(item)),
                        f"{words.profile(item.name)} {key}",
                    )
                    for key, item in known
                ),
            ],
            part,
        )
        for left, right, stretches in ((self._product, self._panel, (2, 1)), (self._sector, self._market, (1, 1))):
            row = QHBoxLayout()
            row.setSpacing(space(1.5))
            row.addWidget(left, stretches[0])
            row.addWidget(right, stretches[1])
            if box.count():
                box.addSpacing(space(1))
            box.addLayout(row)
        self._product.chosen.connect(self._choose_product)
        self._panel.chosen.connect(self._choose_panel)
        self._sector.chosen.connect(self._choose_sector)
        self._market.chosen.connect(self._choose_market)
        row = QHBoxLayout()
        row.setSpacing(space(1))
        self._layers = ElidedLabel(self._look, ink="ink3", kind="caption", parent=part)
        self._layers.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fold = LinkButton(self._look, "", parent=part)
        self._fold.clicked.connect(self._toggle_service)
        row.addWidget(self._layers)
        row.addWidget(self._fold)
        box.addLayout(row)
        self._service = QWidget(part)
        inner = QVBoxLayout(self._service)
        inner.setContentsMargins(0, 0, 0, space(0.5))
        inner.setSpacing(0)
        self._service_rows = {}
        for key, name in (
            ("life_years", self.tr("Life")),
            ("days_per_year", self.tr("Days")),
            ("outdoor_share", self.tr("Outdoors")),
        ):
            row_ = SliderRow(self._look, key, name, _SERVICE_POINTS[key], self._service)
            row_.moved.connect(self._service_moved)
            row_.settled.connect(self._hand.settle)
            self._service_rows[key] = row_
            inner.addWidget(row_)
        heat = QHBoxLayout()
        heat.setSpacing(space(1))
        label = ElidedLabel(self._look, self.tr("Hottest"), parent=self._service)
        label.setFixedWidth(NAME_WIDTH)
        self._heat = Combo(
            self.tr("Hottest place the bag lies in"),
            [Item(key, words.words(Sentence(f"heat-{key}"))) for key in HEAT_CASES],
            self._service,
        )
        self._heat.chosen.connect(self._choose_heat)
        self._service_reset = LinkButton(self._look, self.tr("reset"), parent=self._service)
        self._service_reset.setAccessibleName(self.tr("Reset service life"))
        self._service_reset.clicked.connect(self._reset_service)
        heat.addWidget(label)
        heat.addWidget(self._heat, 1)
        heat.addWidget(self._service_reset)
        inner.addLayout(heat)
        self._service.hide()
        self._say_fold()
        box.addWidget(self._service)
        return part

    def _offer_products(self) -> None:
        """The ten product types, the user's own, and the way to keep one."""
        items = [
            Item(key, words.profile(item.name), lines_tip(self._layer_lines(item.layer)))
            for key, item in products().items()
        ]
        self._templates: dict[str, Template] = {}
        if self._folder is not None:
            own, problems = read_templates(self._folder)
            self._templates = {f"{_OWN}{number}": template for number, template in enumerate(own)}
            for problem in problems:
                self._session.noted.emit(problem)
            items.append(Item("", ""))
            if own:
                from ui.product_types_dialog import summary

                said = self.tr("A product type of your own")
                items += [
                    Item(key, template.name, lines_tip([said, summary(template.settings)]))
                    for key, template in self._templates.items()
                ]
            items.append(Item(_KEEP, self.tr("Own product types…")))
        self._product.set_items(items)

    def _budget_section(self, inside: QWidget) -> BriefSection:
        part = BriefSection(self._session, self._hand, self._look, inside)
        box = part.box
        self._budget = SectionHeader(self._look, self.tr("Budget"), parent=part)
        self._budget.link_clicked.connect(self._reset_budget)
        box.addWidget(self._budget)
        row = QHBoxLayout()
        row.setSpacing(space(1))
        label = ElidedLabel(self._look, self.tr("Cloth $/m²"), parent=part)
        label.setFixedWidth(NAME_WIDTH)
        self._price = PairSlider(
            self._look,
            self.tr("Price of the cloth"),
            self.tr("Price to aim at"),
            self.tr("Highest price"),
            Scale(_PRICE_POINTS),
            part,
        )
        self._price.moved.connect(self._price_moved)
        self._price.settled.connect(self._hand.settle)
        self._price.setMinimumWidth(48)
        self._price_value = ElidedLabel(self._look, ink="ink2", align="end", parent=part)
        self._price_value.setFixedWidth(VALUE_WIDTH)
        row.addWidget(label)
        row.addWidget(self._price, 1)
        row.addWidget(self._price_value)
        box.addLayout(row)
        self._quantity = SliderRow(self._look, "order_quantity", self.tr("Quantity"), _QUANTITY_POINTS, part)
        self._quantity.moved.connect(self._quantity_moved)
        self._quantity.settled.connect(self._hand.settle)
        box.addWidget(self._quantity)
        return part

    def _layer_lines(self, layer: Layer) -> list[str]:
        """What one layer sets, line by line: its tool tip."""
        lines = [words.profile(layer.name), words.profile(layer.because)]
        if layer.raises:
            names = ", ".join(words.criterion(key) for key in layer.raises)
            points = figure_text(raise_of(layer.kind))
            lines.append(self.tr("Raises by {points}: {names}").format(points=points, names=names))
        lines += [
            self.tr("Demands {name} {level}: {because}").format(
                name=words.label(demand.property),
                level=words.figure(demand.property, demand.level),
                because=words.profile(demand.because),
            )
            for demand in layer.demands
        ]
        lines += [
            self.tr("Limit: {limit}").format(limit=words.words(limit_sentence(limit))) for limit in _layer_limits(layer)
        ]
        if layer.chips:
            names = ", ".join(words.label(key) for key in layer.chips)
            lines.append(self.tr("Wants on the datasheet: {names}").format(names=names))
        return lines

    # --- showing ---------------------------------------------------------------------------------------------------

    @Slot(object)
    def show_answer(self, answer: Answer) -> None:
        """Show a brief and what follows from it; nothing is emitted."""
        self._show_use(answer)
        self._climate.show_answer(answer)
        self._show_budget(answer)
        self._limits.show_answer(answer)
        self._priorities.show_answer(answer)
        self._strips.show_answer(answer)

    def _show_use(self, answer: Answer) -> None:
        brief = answer.brief
        own = next((key for key, template in self._templates.items() if template.fits(brief)), brief.product)
        self._product.show_key(own)
        self._panel.show_key(brief.panel)
        self._sector.show_key(brief.sector)
        several = len(brief.market) > 1
        self._market.show_key(
            brief.market[0] if brief.market else "",
            self.tr("{count} markets").format(count=words.number(len(brief.market))) if several else "",
        )
        kinds = {
            "product": self.tr("product"),
            "sector": self.tr("sector"),
            "market": self.tr("market"),
        }
        inforce = list(dict.fromkeys(kinds[layer.kind] for layer in answer.terms.layers))
        names = " + ".join(inforce)
        # All three fill the line and speak for themselves.
        self._layers.set_text(names if len(inforce) == len(kinds) else self.tr("Layers: {names}").format(names=names))
        lines = [self.tr("Layers in force; choose none in its list to switch one off:")]
        for layer in answer.terms.layers:
            raised = ", ".join(words.criterion(key) for key in layer.raises)
            lines.append(
                self.tr("{kind} {layer}: raises {names}").format(
                    kind=kinds[layer.kind], layer=words.profile(layer.name), names=raised or "–"
                )
            )
        self._layers.setToolTip(lines_tip(lines))
        if not self._service.isHidden():
            self._show_service(brief, answer.terms)

    def _show_service(self, brief: Brief, settled: Terms) -> None:
        texts = {
            "life_years": self.tr("{value} years").format(value=figure_text(settled.life_years)),
            "days_per_year": self.tr("{value} a year").format(value=figure_text(settled.days_per_year)),
            "outdoor_share": self.tr("{value} % of daylight").format(value=figure_text(100 * settled.outdoor_share, 0)),
        }
        for key, row in self._service_rows.items():
            bare = terms(replace(brief, service=_with_service(brief.service, key, None)))
            row.show_value(
                _service_of(settled)[key],
                texts[key],
                home=_service_of(bare)[key],
                edited=_service_of(brief.service)[key] is not None,
                tip=lines_tip([self.tr("The mark is what product and sector set.")]),
            )
        self._heat.show_key(settled.heat_case)
        by_hand = [*_service_of(brief.service).values(), brief.service.heat_case]
        self._service_reset.setVisible(any(item is not None for item in by_hand))

    def _show_budget(self, answer: Answer) -> None:
        settled, brief = answer.terms, answer.brief
        with QSignalBlocker(self._price):
            self._price.set_values(settled.price_target, settled.price_ceiling)
        self._price_shown = self._price.values()
        aim, most = figure_text(settled.price_target, 2), figure_text(settled.price_ceiling, 2)
        self._price_value.set_text(self.tr("aim {aim} · max {most}").format(aim=aim, most=most))
        own_price = brief.price != Band()
        self._price_value.set_ink("accent" if own_price else "ink2")
        low, high = self._price.handles()
        unit = words.unit("price_usd_m2")
        low.setAccessibleDescription(self.tr("{value} {unit}").format(value=aim, unit=unit))
        high.setAccessibleDescription(self.tr("{value} {unit}").format(value=most, unit=unit))
        self._price_base = [
            self.tr("Full marks up to {aim} {unit}, none at {most}; dearer cloth is screened out.").format(
                aim=aim, most=most, unit=unit
            ),
            self.tr("Set by hand") if own_price else self.tr("Set by the product"),
        ]
        self._price.setToolTip(lines_tip(self._price_base))
        self._quantity.show_value(
            settled.order_quantity,
            self.tr("{count} bags").format(count=words.number(settled.order_quantity)),
            home=settled.product.order_quantity,
            edited=brief.order_quantity is not None,
            tip=lines_tip(
                [
                    self.tr("The order needs about {length} m of cloth.").format(length=words.number(settled.fabric_m)),
                    self.tr("The mark is what the product sets."),
                ]
            ),
        )
        self._budget.set_links([self.tr("reset")] if own_price or brief.order_quantity is not None else [])
        if own_price or brief.order_quantity is not None:
            self._budget.link(0).setAccessibleName(self.tr("Reset budget"))

    @Slot(str, list)
    def _price_told(self, key: str, lines: list[str]) -> None:
        """Who leads along one of the two price handles."""
        handle = self._price.handles()[0 if key == "price_target" else 1]
        handle.setToolTip(lines_tip([handle.accessibleName(), *lines]) if lines else "")
        name = {"price_target": self.tr("Price to aim at"), "price_ceiling": self.tr("Highest price")}[key]
        self._price_lines[key] = [self.tr("{name}. {stretch}").format(name=name, stretch=line) for line in lines]
        if lines:
            told = [line for part in ("price_target", "price_ceiling") for line in self._price_lines.get(part, [])]
            self._price.setToolTip(lines_tip([*self._price_base, *told]))

    # --- folding ---------------------------------------------------------------------------------------------------

    @Slot()
    def _toggle_service(self) -> None:
        self._service.setVisible(self._service.isHidden())
        self._say_fold()
        if not self._service.isHidden():
            self._show_service(self._session.answer.brief, self._session.answer.terms)
        self._strips.show_answer(self._session.answer)

    def _say_fold(self) -> None:
        text = self.tr("service ▾") if self._service.isHidden() else self.tr("service ▴")
        self._fold.setText(text)
        self._fold.setAccessibleName(self.tr("Service life"))
        self._fold.updateGeometry()

    # --- commands --------------------------------------------------------------------------------------------------

    @Slot(str)
    def _choose_product(self, key: str) -> None:
        if key == _KEEP and self._folder is not None:
            from ui.product_types_dialog import ProductTypesDialog

            self._show_use(self._session.answer)
            self._own_types = ProductTypesDialog(self._session, self._look, self._folder, self)
            self._own_types.changed.connect(self._types_changed)
            self._own_types.open()
        elif key in self._templates:
            template = self._templates[key]
            self._session.edit(
                template.applied(self._session.brief), self.tr("Product {name}").format(name=template.name)
            )
        else:
            name = words.profile(products()[key].name)
            self._session.update(self.tr("Product {name}").format(name=name), product=key)

    @Slot()
    def _types_changed(self) -> None:
        self._offer_products()
        self._show_use(self._session.answer)

    @Slot(str)
    def _choose_panel(self, key: str) -> None:
        self._session.update(self.tr("Panel {name}").format(name=words.profile(panels()[key].name)), panel=key)

    @Slot(str)
    def _choose_sector(self, key: str) -> None:
        label = (
            self.tr("Sector {name}").format(name=words.profile(sectors()[key].name)) if key else self.tr("No sector")
        )
        self._session.update(label, sector=key)

    @Slot(str)
    def _choose_market(self, key: str) -> None:
        label = (
            self.tr("Market {name}").format(name=words.profile(markets()[key].name)) if key else self.tr("No market")
        )
        self._session.update(label, market=(key,) if key else ())

    @Slot(float, float)
    def _price_moved(self, low: float, high: float) -> None:
        start = terms(self._hand.began())
        held = terms(self._session.brief)
        target_moved = low != self._price_shown[0]
        self._price_shown = (low, high)
        target, ceiling = held.price_target, held.price_ceiling
        if target_moved:
            target = min(to_step(low, 0.1 if low < 10 else 0.5), ceiling)
            name, old, new, key = self.tr("Price to aim at"), start.price_target, target, "price:target"
        else:
            ceiling = max(to_step(high, 0.1 if high < 10 else 0.5), target)
            name, old, new, key = self.tr("Highest price"), start.price_ceiling, ceiling, "price:ceiling"
        label = change_words(name, figure_text(old, 2), figure_text(new, 2), words.unit("price_usd_m2"))
        self._hand.edit(replace(self._session.brief, price=Band(target, ceiling)), label, key)

    @Slot(str, float, bool)
    def _quantity_moved(self, _key: str, value: float, home: bool) -> None:
        start = terms(self._hand.began()).order_quantity
        quantity = _two_digits(value)
        usual = products()[self._session.brief.product].order_quantity
        changed = replace(self._session.brief, order_quantity=None if home or quantity == usual else quantity)
        label = self.tr("Quantity {old} → {new} bags").format(
            old=words.number(start), new=words.number(terms(changed).order_quantity)
        )
        self._hand.edit(changed, label, "order_quantity")

    @Slot()
    def _reset_budget(self) -> None:
        self._session.update(self.tr("Budget reset"), price=Band(), order_quantity=None)

    @Slot(str, float, bool)
    def _service_moved(self, key: str, value: float, home: bool) -> None:
        start = terms(self._hand.began())
        brief = self._session.brief
        given = None if home else to_step(value, _SERVICE_STEP[key])
        changed = replace(brief, service=_with_service(brief.service, key, given))
        old, new = _service_of(start)[key] or 0.0, _service_of(terms(changed))[key] or 0.0
        if key == "outdoor_share":
            label = change_words(
                self._service_rows[key].name, figure_text(100 * old, 0), figure_text(100 * new, 0), "%"
            )
        elif key == "life_years":
            label = change_words(self._service_rows[key].name, figure_text(old), figure_text(new), self.tr("years"))
        else:
            label = change_words(self._service_rows[key].name, figure_text(old), figure_text(new), self.tr("a year"))
        self._hand.edit(changed, label, f"service:{key}")

    @Slot(str)
    def _choose_heat(self, key: str) -> None:
        brief = self._session.brief
        bare = replace(brief, service=replace(brief.service, heat_case=None))
        service = replace(brief.service, heat_case=None if terms(bare).heat_case == key else key)
        label = self.tr("Hottest place {name}").format(name=words.words(Sentence(f"heat-{key}")))
        self._session.update(label, service=service)

    @Slot()
    def _reset_service(self) -> None:
        held = self._session.brief.service
        service = replace(held, life_years=None, days_per_year=None, outdoor_share=None, heat_case=None)
        self._session.update(self.tr("Service life reset"), service=service)


def _service_of(holder: Terms | Service) -> dict[str, float | None]:
    """The three sliders' figures of a service life: as settled, or as the user set them."""
    return {
        "life_years": holder.life_years,
        "days_per_year": holder.days_per_year,
        "outdoor_share": holder.outdoor_share,
    }


def _with_service(service: Service, key: str, value: float | None) -> Service:
    changed = {**_service_of(service), key: value}
    return replace(
        service,
        life_years=changed["life_years"],
        days_per_year=changed["days_per_year"],
        outdoor_share=changed["outdoor_share"],
    )


def _layer_limits(layer: Layer) -> list[Limit]:
    """A layer's limits as the brief words them."""
    found = []
    for entry in layer.limits:
        family = entry.get("family", ())
        found.append(
            Limit(
                property=str(entry.get("property", "")),
                at_least=entry.get("at_least"),
                at_most=entry.get("at_most"),
                judge=str(entry.get("judge", "could")),
                certificate=str(entry.get("certificate", "")),
                family=tuple(family),
                origin=layer.kind,
            )
        )
    return found
