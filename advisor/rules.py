"""Rules: named estimates of a property from the construction of a cloth, each with the range its scatter gives it.

Rules R1 to R14 follow the dossier on synthetic wovens; the rest are small fits and judgement tables of the same kind.
What each rule says in words, and what it rests on, stands beside its id in ``data/curated/rule_sources.csv``; the
functions here hold the arithmetic. A rule that has nothing to say of a construction returns None, which leaves a gap.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from advisor.evidence import Cell
from advisor.properties import properties

Known = Mapping[str, Cell]

NYLONS = frozenset({"pa6", "pa66", "pa", "rpa6", "rpa66"})
POLYESTERS = frozenset({"pet", "rpet"})
BAST = frozenset({"hemp", "flax", "jute"})
CELLULOSICS = BAST | {"cotton", "rcotton", "cotton-organic"}

#: What the polymer column may call a fibre, and the one name the rules know it by.
_POLYMER_NAMES = {
    "nylon": "pa",
    "polyamide": "pa",
    "pa6.6": "pa66",
    "recycled-nylon": "rpa6",
    "rpa": "rpa6",
    "polyester": "pet",
    "cotton_organic": "cotton-organic",
    "organic": "cotton-organic",
    "linen": "flax",
    "hdpe": "pe",
    "vinylon": "pva",
    "dyneema": "uhmwpe",
    "lcp": "lcp",
}


@dataclass(frozen=True, slots=True)
class Construction:
    """The identity of one cloth, a row of ``data/curated/constructions.csv``.

    Attributes:
        family, finish: tags.
        yarn_denier: trade denier as printed, e.g. ``600`` or ``600x300``; "" where the yarn is not named by denier.
        coating: PU, silicone, TPU, PVC, wax, acrylic, film or none.
        coating_chemistry: ester, ether, polycarbonate, unknown or "".
        dyeing: piece, solution, yarn or undyed.
        polymers: fibres, face first.
        face_denier: denier of the face yarn where it differs from the mean of ``yarn_denier``, else None.
        base_mass_g_m2: mass of the uncoated cloth in g/m², or None.
    """

    id: str
    name: str
    family: tuple[str, ...]
    fibre: str
    yarn_denier: str
    weave: str
    coating: str
    coating_chemistry: str
    finish: tuple[str, ...]
    dyeing: str
    polymers: tuple[str, ...]
    face_denier: float | None = None
    base_mass_g_m2: float | None = None
    source_id: str = ""
    note: str = ""

    @property
    def denier(self) -> float | None:
        """Denier of the face yarn: as given, else the mean of warp and weft, else None."""
        if self.face_denier is not None:
            return self.face_denier
        figures = [float(figure) for figure in re.findall(r"\d+(?:\.\d+)?", self.yarn_denier)]
        return sum(figures) / len(figures) if figures else None

    @property
    def face(self) -> str:
        """The polymer of the face yarn."""
        return self.polymers[0] if self.polymers else ""

    @property
    def laminate(self) -> bool:
        """Whether a film carries the cloth (X-Pac, EcoPak, Ultra, DCF)."""
        return self.coating == "film" or "laminate" in self.family

    @property
    def non_woven(self) -> bool:
        """Whether filaments lie unwoven between films (DCF), so that woven rules of strength do not apply."""
        return "non-woven" in self.weave

    @property
    def knit(self) -> bool:
        """Whether it is a mesh or knit, to which woven rules do not apply."""
        return "mesh" in self.family or "mesh" in self.weave or ("knit" in self.weave and self.coating == "none")

    @property
    def ripstop(self) -> bool:
        """Whether thicker or doubled yarns stop a tear."""
        return "ripstop" in self.family or "ripstop" in self.weave or "grid" in self.weave

    @property
    def synthetic_woven(self) -> bool:
        """Whether it is a nylon or polyester woven, the cloths R1, R3 and R5 were fitted on."""
        return self.face in NYLONS | POLYESTERS and not self.knit and not self.cellulosic

    @property
    def cellulosic(self) -> bool:
        """Whether cotton or a bast fibre is in the cloth."""
        return any(polymer in CELLULOSICS for polymer in self.polymers)

    @property
    def recycled(self) -> bool:
        """Whether the construction is a recycled one by its tags or polymer."""
        return bool({"rpet", "recycled-nylon"} & set(self.family)) or self.face in {"rpet", "rpa6", "rpa66", "rcotton"}

    @property
    def high_tenacity(self) -> bool:
        """Whether the yarn is the strong one of tarpaulins, not of bag cloth."""
        return "high-tenacity" in self.fibre.casefold()

    def treated(self, *words: str) -> bool:
        """Whether a finish tag holds one of ``words`` (lower case)."""
        finish = " ".join(self.finish).casefold()
        return any(word in finish for word in words)


def polymers_of(text: str) -> tuple[str, ...]:
    """The polymer column (``uhmwpe-pet``, ``pa66``, ``cotton|pet``) as the names the rules know, face first."""
    whole = text.strip().casefold()
    if whole in _POLYMER_NAMES or whole == "cotton-organic":
        return (_POLYMER_NAMES.get(whole, whole),)
    parts = re.split(r"[-+/|\s]+", whole.replace("cotton-organic", "cotton_organic"))
    names = (re.sub(r"^\d+|\d+%$", "", part) for part in parts)
    return tuple(dict.fromkeys(_POLYMER_NAMES.get(name, name) for name in names if name))


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a rule says of one property: low <= typical <= high in the property's unit, or words, and why."""

    low: float
    typical: float
    high: float
    note: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule.

    Attributes:
        id: source id, a row of ``rule_sources.csv`` of kind ``rule`` or ``judgement``.
        property: the column it estimates.
        grade: C derived by a stated formula, D judgement.
        estimate: the arithmetic.
    """

    id: str
    property: str
    grade: str
    estimate: Callable[[Construction, Known], Estimate | None]


def _times(typical: float, factor: float, note: str = "") -> Estimate:
    """An estimate good to ×/÷ ``factor``."""
    return Estimate(typical / factor, typical, typical * factor, note)


def _within(typical: float, share: float, note: str = "") -> Estimate:
    """An estimate good to ± ``share``."""
    return Estimate(typical * (1 - share), typical, typical * (1 + share), note)


def _mass(known: Known) -> float | None:
    """Typical mass in g/m², or None."""
    cell = known.get("areal_mass_g_m2")
    return cell.typical if cell is not None else None


# --- mass, thickness, width ------------------------------------------------------------------------------------------

#: Share of the coat in the finished mass, low, typical, high. PU: 23 and PVC: 12 shares in customs rulings; silicone:
#: one ruling (6 of 44 g/m²) and paraglider cloth; wax: one ruling (80 of 280) between sellers' 8 and 54 %; TPU: two
#: film laminates (55 of 175, 36 of 165); acrylic: two rulings; film: 0.25 to 0.5 mil PET with its glue.
COAT_SHARE: dict[str, tuple[float, float, float]] = {
    "PU": (0.02, 0.15, 0.32),
    "PVC": (0.35, 0.66, 0.80),
    "silicone": (0.08, 0.14, 0.30),
    "TPU": (0.15, 0.27, 0.40),
    "wax": (0.08, 0.29, 0.54),
    "acrylic": (0.20, 0.30, 0.43),
    "film": (0.05, 0.10, 0.25),
}


def coat_share(c: Construction, known: Known) -> float:
    """Share of the coat in the finished mass: by the two masses where both are known, else typical of the class."""
    mass = _mass(known)
    if c.coating not in COAT_SHARE:
        return 0.0
    if mass and c.base_mass_g_m2 is not None and c.base_mass_g_m2 < mass:
        return 1 - c.base_mass_g_m2 / mass
    return COAT_SHARE[c.coating][1]


def _base_mass(c: Construction, known: Known) -> float | None:
    """Mass of the cloth without its coat, g/m²."""
    if c.base_mass_g_m2 is not None:
        return c.base_mass_g_m2
    mass = _mass(known)
    return None if mass is None else mass * (1 - coat_share(c, known))


def mass_from_denier(c: Construction, known: Known) -> Estimate | None:
    """R1: 5.9·D^0.58 g/m², ±40 %; for coated and light uncoated wovens, never for PVC or a laminate."""
    if c.denier is None or not c.synthetic_woven or c.laminate or c.coating == "PVC":
        return None
    return _within(5.9 * c.denier**0.58, 0.40, f"from {c.denier:g} den")


def mass_of_laminate(c: Construction, known: Known) -> Estimate | None:
    """R2: 134 + 0.38·F for X-ply laminates, 66 + 0.26·F for UHMWPE faces; ±26 g/m² (two sigma) and ±32 %."""
    if not c.laminate or c.denier is None or c.knit or c.non_woven:
        return None
    typical = 66 + 0.26 * c.denier if c.face == "uhmwpe" else 134 + 0.38 * c.denier
    slack = math.hypot(26, 0.32 * typical)
    return Estimate(typical - slack, typical, typical + slack, f"from a {c.denier:g} den face")


def mass_from_base(c: Construction, known: Known) -> Estimate | None:
    """Finished mass from the mass of the base cloth and the customs shares of its coat; for PVC from R1 less PU."""
    share = COAT_SHARE.get(c.coating)
    base = c.base_mass_g_m2
    if base is None and c.coating == "PVC" and c.denier is not None and c.synthetic_woven:
        base = 5.9 * c.denier**0.58 * (1 - COAT_SHARE["PU"][1])
    if share is None or base is None:
        return None
    low, typical, high = (base / (1 - part) for part in share)
    return Estimate(low, typical, high, f"from a base cloth of {base:.0f} g/m²")


def _denier(c: Construction, known: Known) -> tuple[float, float] | None:
    """Denier of the face and the factor it is good to: as named (1), else R1 backwards from the base mass (1.8)."""
    if c.denier is not None:
        return c.denier, 1.0
    base = _base_mass(c, known)
    if base is None or not c.synthetic_woven or c.laminate:
        return None
    # R1's ±40 % of mass is a factor of 1.8 of denier; its mass includes a usual PU coat.
    return (base / (1 - COAT_SHARE["PU"][1]) / 5.9) ** (1 / 0.58), 1.8


def thickness_from_mass(c: Construction, known: Known) -> Estimate | None:
    """Thickness = mass / bulk density: 0.5 g/cm³ woven (two parachute cloths), 0.95 with PVC (five rulings)."""
    mass = _mass(known)
    if mass is None or c.knit:
        return None
    density = 950 if c.coating == "PVC" else 500
    return _times(mass / density, 1.8, f"from {mass:.0f} g/m²")


def roll_width(c: Construction, known: Known) -> Estimate | None:
    """Most bag cloth is woven or sold 54 to 62 in wide; laminates and Cordura 54 in, waxed and hemp cloth 57 in."""
    if c.laminate:
        return Estimate(134, 145, 155)
    return Estimate(134, 150, 160)


# --- strength ---------------------------------------------------------------------------------------------------------

#: Newton per 50 mm strip and g/m² of base cloth: typical, factor.
_STRENGTH = {
    "nylon": (9.0, 1.5),
    "polyester": (5.5, 1.7),
    "high-tenacity polyester": (14.0, 1.7),
    "cotton": (2.3, 1.9),
    "bast": (2.3, 2.0),
}


def tensile_from_mass(c: Construction, known: Known) -> Estimate | None:
    """Strip tensile = N per g/m² of base cloth by fibre: nylon 9.0, polyester 5.5, in tarpaulins 14.0, cotton 2.3."""
    base = _base_mass(c, known)
    if base is None or c.knit:
        return None
    if c.face in NYLONS:
        kind = "nylon"
    elif c.face in POLYESTERS and not c.cellulosic:
        kind = "high-tenacity polyester" if c.high_tenacity else "polyester"
    elif "cotton" in c.face or (c.cellulosic and c.face in POLYESTERS):
        kind = "cotton"
    elif c.face in BAST:
        kind = "bast"
    else:
        return None
    strength, factor = _STRENGTH[kind]
    return _times(strength * base, factor, f"{kind}, {base:.0f} g/m² of base cloth")


def tensile_of_uhmwpe(c: Construction, known: Known) -> Estimate | None:
    """Between the nylon line (9 N per g/m²) and the lowest figure of DCF (26 N per g/m²), typical their mean ratio."""
    mass = _mass(known)
    if c.face != "uhmwpe" or mass is None:
        return None
    if c.non_woven:
        return Estimate(1378, math.sqrt(1378 * 2953), 2953, "DCF of all weights: 700 to 1,500 N/in")
    return Estimate(9 * mass, math.sqrt(9 * 26) * mass, 26 * mass, f"from {mass:.0f} g/m²")


#: R5 from 200 den: newton per denier. Nylon is the middle of the tongue range, polyester the middle of the tongue and
#: the Elmendorf range, since its figures come from both.
_TEAR_PER_DENIER = {"nylon": 0.24, "polyester": 0.17}
#: Open tarpaulin base of high-tenacity polyester: 445 N at 1150 den, 645 N at 1500, tongue.
_TEAR_OF_TARPAULIN = 0.41
#: The guides and the trade say a ripstop tears harder than a plain cloth; without a figure it takes the upper ends.
_TEAR_OF_RIPSTOP = {"nylon": 0.28, "polyester": 0.21}
#: Light ripstop: MIL-C-7020H Type I, 30 den, 5 lbf tongue.
_RIPSTOP_30 = 22.2


def tear_from_denier(c: Construction, known: Known) -> Estimate | None:
    """R5 with R6: woven nylon and polyester from denier, ±40 %; below 200 den ripstop runs to the parachute cloths.

    From 200 den the fit was made on coated cloth, so PU changes nothing there; below, silicone is +0 to +200 % and PU
    −5 to −40 % of the uncoated cloth. Silicone or PU on polyester stands 15 % under nylon.
    """
    found = _denier(c, known)
    if found is None or not c.synthetic_woven or c.laminate:
        return None
    denier, doubt = found
    fibre = "nylon" if c.face in NYLONS else "polyester"
    per_denier = (_TEAR_OF_RIPSTOP if c.ripstop else _TEAR_PER_DENIER)[fibre]
    if denier < 200 and c.ripstop:
        start = _RIPSTOP_30 * (1.0 if fibre == "nylon" else 0.85)
        end = per_denier * 200
        exponent = math.log(end / start) / math.log(200 / 30)
        typical = start * (denier / 30) ** exponent
    elif c.high_tenacity:
        typical = _TEAR_OF_TARPAULIN * denier
    else:
        typical = per_denier * denier
    # ±40 %, and down to the figures of heavy oxford (0.10 N per denier, a tenth less with each left out).
    low, high = min(0.6 * typical, 0.09 * denier) / doubt, 1.4 * typical * doubt
    if c.coating == "silicone":
        low, typical, high = low, 2 * typical, 3 * high
    elif c.coating in {"PU", "TPU", "acrylic", "PVC"} and denier < 200:
        low, typical, high = 0.6 * low, 0.78 * typical, 0.95 * high
    return Estimate(low, typical, high, f"from {denier:g} den")


def tear_of_laminate(c: Construction, known: Known) -> Estimate | None:
    """R5 for laminates: 5.7·F^0.54 N for X-ply or CrossPly, 51·F^0.42 N for UHMWPE faces, ×/÷ 1.7.

    The plies and the back carry a tear too, so that it grows with the root of the face denier and not with the denier.
    """
    if not c.laminate or c.denier is None or c.knit or c.non_woven:
        return None
    typical = 51 * c.denier**0.42 if c.face == "uhmwpe" else 5.7 * c.denier**0.54
    return _times(typical, 1.7, f"from a {c.denier:g} den face")


def tear_of_canvas(c: Construction, known: Known) -> Estimate | None:
    """0.17 N per g/m² of base cloth, ×/÷ 1.8: two tent-cloth minimums and one waxed canvas."""
    base = _base_mass(c, known)
    if base is None or not c.cellulosic or c.knit or c.laminate:
        return None
    return _times(0.17 * base, 1.8 if "cotton" in "".join(c.polymers) else 2.0, f"{base:.0f} g/m² of base cloth")


#: Factor R3 is good to at 90 %: the figures it was fitted on, each left out in turn (advisor.coverage).
_TABER_SCATTER = 2.6
#: What a face under 150 den wears to on film and back: 300, 500 and 600 cycles at 70, 70 and 35 den.
_TABER_FINE_ON_FILM = 400.0


def taber_from_denier(c: Construction, known: Known) -> Estimate | None:
    """R3: 0.34·F^1.4 for nylon and polyester, 81·F^0.76 for Ultra; ×/÷ 2.6; LCP faces three to five times as much,
    the face of a DCF hybrid once to 6.2 times. A fine face on film wears to 400 at least: film and back go on.

    R4 orders woven nylon above polyester of the same denier. It narrows the doubtful side: a nylon's low and a
    polyester's high come to ×/÷ 1.6, the 90 % ends of the larger and the smaller of two draws from R3's scatter.
    """
    found = _denier(c, known)
    if found is None or c.knit or c.cellulosic or c.high_tenacity:
        return None
    denier, doubt = found
    note = f"from a {denier:.0f} den face" if c.denier else f"from {denier:.0f} den, R1 backwards from the mass"
    if c.face == "uhmwpe" and not c.non_woven:
        return _times(81 * denier**0.76, _TABER_SCATTER, note)
    # On DCF the face that wears is the polyester one bonded to the filaments.
    if c.face not in NYLONS | POLYESTERS and not c.non_woven:
        return None
    typical = 0.34 * denier**1.4
    doubt **= 1.4
    if c.non_woven:
        # One hybrid wore 6.2 times as long as its 50 den face alone; how much the film does on others is not known.
        return Estimate(typical / _TABER_SCATTER, typical * math.sqrt(6.2), typical * 6.2, f"{note} on film")
    if "lcp" in c.polymers:
        return Estimate(3 * typical / _TABER_SCATTER, 4 * typical, 5 * typical * _TABER_SCATTER, f"{note}, LCP grid")
    if c.laminate:
        typical = max(typical, _TABER_FINE_ON_FILM)
    low, high = typical / _TABER_SCATTER, typical * _TABER_SCATTER
    if not c.laminate:
        low, high = (typical / 1.6, high) if c.face in NYLONS else (low, typical * 1.6)
    return Estimate(low / doubt, typical, high * doubt, note)


def taber_of_tarpaulin(c: Construction, known: Known) -> Estimate | None:
    """Cloth coated on both sides wears its coat first: 400 and 600 cycles, wheel not named, to R3's of the yarn."""
    if not c.high_tenacity or c.knit:
        return None
    found = _denier(c, known)
    yarn = 0.34 * found[0] ** 1.4 if found is not None else 0.0
    high = max(yarn, 600.0)
    return Estimate(400.0, math.sqrt(400.0 * high), high, "the coat wears before the yarn")


def taber_of_canvas(c: Construction, known: Known) -> Estimate | None:
    """Cotton and bast canvas: 1.7 Taber cycles per g/m² of base cloth, ×/÷ 3.1.

    No D3884 figure for bare canvas was found. The low end is new cotton denim, worn through at 225 revolutions, taken
    at 400 g/m²; the high end 1,750 cycles of a 10 oz duck (339 g/m²) on ply and film, X-Pac X11; the typical their mean
    ratio.
    """
    base = _base_mass(c, known)
    if base is None or not c.cellulosic or c.knit or c.laminate:
        return None
    return _times(1.7 * base, 3.1, f"{base:.0f} g/m² of base cloth")


# --- water ------------------------------------------------------------------------------------------------------------


def nominal_head(c: Construction) -> float | None:
    """The number of a PU grade in millimetres (``PU3000``, ``3000 mm``) from name and finish, or None."""
    text = " ".join((c.name, *c.finish))
    found = re.search(r"\bPU\s?(\d{3,5})\b", text) or re.search(r"\b(\d{1,2},?\d{3}|\d{3}) ?mm\b", text)
    return float(found.group(1).replace(",", "")) if found else None


def head_by_coat(c: Construction, known: Known) -> Estimate | None:
    """R7: hydrostatic head of the new cloth by its class of coat, in mm."""
    if c.knit:
        return Estimate(0, 0, 0, "open mesh")
    if c.laminate and c.non_woven:
        return Estimate(5000, 15_000, 20_000, "DCF: 5,000 asked, canopies 15,000, floors 20,000")
    if c.laminate:
        return Estimate(10_000, 140_600, 150_000, "film: over 10,000 mm when new, 200 psi printed")
    nominal = nominal_head(c) if c.coating == "PU" else None
    if nominal:
        return Estimate(0.5 * nominal, 0.75 * nominal, nominal, f"PU grade {nominal:.0f}: 50 to 100 % of its number")
    by_coat = {
        "PU": Estimate(500, 1000, 2000, "PU coat: two thin passes 500, ordinary bag cloth 500 to 2,000"),
        "silicone": Estimate(1400, 1530, 8160, "silnylon: common cloth 15 kPa, best 80 kPa"),
        "TPU": Estimate(3000, 10_000, 20_000, "buyers ask 3,000 to 10,000, welded packs are sold at 10,000"),
        "none": Estimate(0, 0, 350, "uncoated: none; a close weave reaches 350"),
    }
    if c.cellulosic and c.coating == "none":
        return Estimate(0, 330, 450, "canvas swells shut: proofed cloths hold 310 to 450")
    return by_coat.get(c.coating)


def head_by_judgement(c: Construction, known: Known) -> Estimate | None:
    """Head of coats R7 does not name: PVC, wax, acrylic."""
    by_coat = {
        "PVC": Estimate(1000, 3000, 10_000, "closed PVC film; no figure, between PU and TPU"),
        "wax": Estimate(350, 800, 1500, "between proofed canvas and one quoted waxed cloth"),
        "acrylic": Estimate(350, 700, 1500, "coated canopy cloths hold 500 to 700"),
    }
    return by_coat.get(c.coating)


def head_aged(c: Construction, known: Known) -> Estimate | None:
    """Head after hard use, in mm, by coat.

    PU and wax keep 40 % of the new head (Royal Mail pouch: 100 to 40 cm), ×/÷ 2. A film laminate falls to 500 to
    1,500 (633 measured after flexing), whatever it was. Silicone, TPU, PVC, acrylic and bare canvas have no figure:
    between the PU ratio and no loss.
    """
    cell = known.get("hydrostatic_head_mm")
    if cell is None or cell.typical is None or cell.low is None or cell.high is None:
        return None
    if c.laminate:
        return Estimate(500, 866, 1500, "film laminate after hard use")
    if c.coating in {"PU", "wax"}:
        return Estimate(0.2 * cell.typical, 0.4 * cell.typical, 0.8 * cell.typical, "0.4 of the new head, ×/÷ 2")
    return Estimate(0.4 * cell.typical, 0.63 * cell.typical, cell.typical, "between 0.4 of the new head and no loss")


def spray(c: Construction, known: Known) -> Estimate | None:
    """Spray rating of the new face by its finish."""
    if c.coating in {"silicone", "wax"}:
        return Estimate(80 if c.coating == "silicone" else 70, 90, 100, f"{c.coating} repels on the face")
    if c.treated("c0", "pfas-free", "pfc-free"):
        return Estimate(70, 90, 100, "PFAS-free repellent finish, new")
    if c.treated("dwr", "repellent", "wr"):
        return Estimate(80, 100, 100, "repellent finish, new")
    if c.cellulosic and c.coating in {"none", "PU"}:
        return Estimate(0, 0, 50, "bare cotton wets")
    if c.knit:
        return Estimate(0, 0, 50, "open mesh")
    if c.coating == "none":
        return Estimate(0, 50, 70, "no repellent finish named")
    return Estimate(50, 80, 100, "finish not named; bag cloth usually carries a repellent")


#: Free water a soaked and drained cloth holds, share of its mass: low, typical, high.
_FREE_WATER = {
    "coated": (0.20, 0.25, 0.30),
    "laminate": (0.05, 0.10, 0.20),
    "silicone": (0.10, 0.20, 0.30),
    "bare": (0.20, 0.30, 0.50),
    "canvas": (0.80, 0.90, 1.00),
    "canvas coated": (0.50, 0.75, 1.00),
    "polycotton": (0.50, 0.70, 0.90),
    "wax": (0.20, 0.35, 0.60),
    "mesh": (0.30, 0.60, 1.00),
}


def water_pickup(c: Construction, known: Known) -> Estimate | None:
    """R11: mass · (regain + free water), g/m²; free water by coat and fibre (a working value)."""
    mass, regain = _mass(known), known.get("moisture_regain_pct")
    if mass is None or regain is None or regain.typical is None:
        return None
    if c.knit:
        kind = "mesh"
    elif c.laminate:
        kind = "laminate"
    elif c.coating == "wax":
        kind = "wax"
    elif c.cellulosic and any(polymer in POLYESTERS | NYLONS for polymer in c.polymers):
        kind = "polycotton"
    elif c.cellulosic:
        kind = "canvas" if c.coating == "none" else "canvas coated"
    elif c.coating == "silicone":
        kind = "silicone"
    else:
        kind = "bare" if c.coating == "none" else "coated"
    held = regain.typical / 100
    low, typical, high = (mass * (held + share) for share in _FREE_WATER[kind])
    return Estimate(low, typical, high, f"{kind}: {mass:.0f} g/m² · ({held:.3f} + free share)")


#: Moisture regain at 65 % RH, %: low, typical, high of the sources.
_REGAIN = {
    "pa": (2.5, 4.2, 5.0),
    "pa6": (2.5, 4.2, 5.0),
    "pa66": (2.5, 4.0, 5.0),
    "rpa6": (2.5, 4.2, 5.0),
    "rpa66": (2.5, 4.0, 5.0),
    "pet": (0.3, 0.4, 0.5),
    "rpet": (0.3, 0.4, 0.5),
    "lcp": (0.0, 0.2, 0.4),
    "uhmwpe": (0.0, 0.0, 0.1),
    "pe": (0.0, 0.0, 0.1),
    "pp": (0.0, 0.0, 0.1),
    "cotton": (7.0, 8.0, 8.5),
    "cotton-organic": (7.0, 8.0, 8.5),
    "rcotton": (7.0, 8.0, 8.5),
    "hemp": (8.0, 12.0, 12.4),
    "flax": (7.0, 12.0, 12.4),
    "jute": (12.0, 13.75, 13.8),
    "acrylic": (1.2, 1.5, 1.8),
    "wool": (13.6, 16.0, 18.0),
    "viscose": (9.0, 11.0, 13.0),
}


def regain(c: Construction, known: Known) -> Estimate | None:
    """R11: regain of the fibre; a mixture takes the mean of its fibres, its range spans them from half to half."""
    # Elastane is a small share of a stretch cloth.
    polymers = [polymer for polymer in c.polymers if polymer != "elastane"]
    found = [_REGAIN[polymer] for polymer in polymers if polymer in _REGAIN]
    if not found or len(found) < len(polymers):
        return None
    low, typical, high = (sum(part) / len(found) for part in zip(*found, strict=True))
    if len(found) > 1:
        # The shares are not known: a quarter to three quarters of the most absorbent fibre.
        top = max(figure[2] for figure in found)
        low, high = min(low, 0.25 * top), max(high, 0.75 * top)
        low = min(low, typical)
    return Estimate(low, typical, high, " and ".join(c.polymers))


def air_closed(c: Construction, known: Known) -> Estimate | None:
    """A coat or film lets no air through; a spacer mesh at least 508 L/m²/s; light uncoated nylon 400 to 610."""
    if c.knit:
        if "spacer" not in c.weave:
            return None
        return Estimate(508, 1500, 5000, "spacer mesh: over 100 CFM/ft²")
    if c.coating != "none":
        return Estimate(0, 0, 5, "closed by its coat")
    return None


# --- weather ----------------------------------------------------------------------------------------------------------

#: Total solar dose the sun criterion asks for: 100 kLy, MJ/m².
SUN_DOSE = 4184.0
#: Thin-cloth fit (R8): decay a week of summer sun for 37 g/m² nylon (range 0.6 to 0.9) and the dose of such a week.
_THIN_RATE, _WEEK_DOSE, _THIN_MASS = 0.75, 7 * 25.0, 37.0
#: Webbing 1 mm thick at about 1 g/cm³, g/m²: the cloth of the webbing fits.
_WEBBING_MASS = 1000.0


def sun_thin(dose: float) -> float:
    """% strength kept by thin cloth after ``dose`` MJ/m²: R8, exp(−0.75 a week of 175 MJ/m²)."""
    return 100 * math.exp(-_THIN_RATE * dose / _WEEK_DOSE)


def sun_webbing(polymer: str, dose: float) -> float:
    """% strength kept by the polymer's webbing after ``dose`` MJ/m²; other polymers as polypropylene."""
    if polymer in NYLONS:
        return 100 * math.exp(-4.4e-5 * dose)
    if polymer in POLYESTERS | {"lcp"}:
        return 100 * (0.70 + 0.30 * math.exp(-3.8e-4 * dose))
    return 100 * math.exp(-1.66e-4 * dose)


def sun(c: Construction, known: Known) -> Estimate | None:
    """R8: % strength kept after 100 kLy: low thin-cloth fit, high the polymer's webbing fit, typical by log mass.

    Below 150 den the high end is polypropylene's. Solution-dyed cloth may be credited 10 points at the high end.
    """
    mass = _mass(known)
    if mass is None or c.cellulosic or not c.polymers:
        return None
    thin = (c.denier is not None and c.denier < 150) or c.knit
    low = sun_thin(SUN_DOSE)
    high = sun_webbing("pp" if thin else c.face, SUN_DOSE)
    typical = low + (high - low) * _log_share(mass)
    if c.dyeing == "solution":
        high = min(100.0, high + 10)
    fit = "polypropylene (yarn under 150 den)" if thin else c.face
    return Estimate(low, typical, high, f"{mass:.0f} g/m² between thin cloth and webbing, {fit}")


def _log_share(mass: float) -> float:
    """Where ``mass`` lies between thin cloth (0) and webbing (1) on a logarithmic scale, cut to 0..1."""
    return min(1.0, max(0.0, math.log(mass / _THIN_MASS) / math.log(_WEBBING_MASS / _THIN_MASS)))


def sun_of_cellulosics(c: Construction, known: Known) -> Estimate | None:
    """Cotton and bast cloth: 29 % (coarsest) to 87 % (finest cloth) lost in 120 days in Egypt.

    120 days at 7,460 MJ/m² a year are 2,453 MJ/m²; both losses are carried to 4,184 MJ/m² as exponentials, typical by
    log mass between them.
    """
    mass = _mass(known)
    if mass is None or not c.cellulosic:
        return None
    days = 7460 * 120 / 365
    low, high = (100 * kept ** (SUN_DOSE / days) for kept in (0.13, 0.71))
    return Estimate(low, low + (high - low) * _log_share(mass), high, f"{mass:.0f} g/m², undyed cloths in Egypt")


def light_fastness(c: Construction, known: Known) -> Estimate | None:
    """R9: solution-dyed 7 and over, yarn-dyed up to 6, piece-dyed 5 to 6 at most; undyed cloth is dyed in the piece."""
    if c.dyeing == "solution":
        return Estimate(7, 7, 8, "solution-dyed")
    if c.dyeing == "yarn":
        return Estimate(4.5, 5.5, 6, "yarn-dyed")
    return Estimate(4, 5, 6, "piece-dyed" if c.dyeing == "piece" else "taken as piece-dyed")


def hydrolysis(c: Construction, known: Known) -> Estimate | None:
    """R10: weeks of jungle test (70 °C, 95 % RH) by the chemistry of the coat.

    Ester PU: 1/k of the kinetics, 2.6 weeks, ×/÷ 2. Ether 3 to 5, polycarbonate 7 and over: trade names test weeks
    "years". Silicone, PVC, wax, acrylic and bare cloth are not limited by hydrolysis and stand at the cap of 52 weeks.
    """
    chemistry = c.coating_chemistry
    if c.coating == "film":
        return Estimate(4, 14, 52, "laminating glue not named: from ether PU to the cap, typical their geometric mean")
    pu_back = c.coating == "silicone" and chemistry != ""
    if c.coating not in {"PU", "TPU"} and not pu_back:
        return Estimate(52, 52, 52, "not limited by hydrolysis")
    if chemistry == "ester":
        return _times(2.6, 2, "ester: 1/k of the kinetics")
    if chemistry == "polycarbonate":
        return Estimate(5, 7, 14, "polycarbonate: 7 and over")
    if chemistry == "ether" and c.coating == "TPU":
        return Estimate(5, 7, 14, "ether TPU: over 5, as polycarbonate")
    if chemistry == "ether":
        return _times(4, 2, "ether: 3 to 5")
    return Estimate(1.3, 3, 5, "chemistry not named: from the worst ester to the best ether")


def mildew(c: Construction, known: Known) -> Estimate | None:
    """Growth rating 0 to 4 by food for mould: bare synthetics none, PU and PVC traces, cellulose heavy."""
    if c.cellulosic:
        typical = {"wax": 2.0, "PU": 3.0, "TPU": 3.0, "PVC": 3.0, "acrylic": 3.0}.get(c.coating, 4.0)
        if typical == 4 and len(c.polymers) > 1:
            typical = 3.0
        note = "cellulose feeds mould"
    elif c.coating in {"PU", "PVC", "acrylic", "wax"} and c.coating_chemistry not in {"ether", "polycarbonate"}:
        typical, note = 1.0, f"{c.coating} coat on synthetic cloth"
    else:
        typical, note = 0.0, "synthetic, no food for mould"
    if c.treated("mildew", "rot", "antimicrobial"):
        typical, note = typical - 2 if c.cellulosic else 0.0, f"{note}; treated"
    typical = max(0.0, typical)
    low = max(0.0, min(typical - 1, 2.0))
    return Estimate(low, typical, min(4.0, max(typical + 1, 2.0)), note)


#: Cold flex by coat, °C: low, typical, high. Plain PVC −18, cold-grade −40; ester PU −20 (stiff) to −40; ether PU and
#: TPU −40; TPU film flexible to −50; nylon brittle at −65 to −80; the rest judged.
_COLD = {
    "PVC": (-40.0, -18.0, -10.0),
    "PU ester": (-40.0, -30.0, -20.0),
    "PU ether": (-48.0, -40.0, -32.0),
    "PU polycarbonate": (-40.0, -30.0, -20.0),
    "PU": (-40.0, -28.0, -20.0),
    "TPU ester": (-50.0, -35.0, -20.0),
    "TPU ether": (-51.0, -45.0, -40.0),
    "TPU": (-51.0, -40.0, -20.0),
}
_COLD_JUDGED = {
    "silicone": (-60.0, -50.0, -42.0),
    "film": (-50.0, -40.0, -20.0),
    "wax": (-30.0, -10.0, 0.0),
    "acrylic": (-20.0, -10.0, 0.0),
    "none": (-60.0, -50.0, -40.0),
}


def cold_flex(c: Construction, known: Known) -> Estimate | None:
    """R12: lowest bend temperature by coat, °C; bare nylon by its brittle point."""
    if c.coating == "none" and c.face in NYLONS and len(c.polymers) == 1:
        return Estimate(-80, -65, -50, "bare nylon: brittle at −65 to −80")
    found = _COLD.get(f"{c.coating} {c.coating_chemistry}") or _COLD.get(c.coating)
    return Estimate(*found, f"{c.coating} coat") if found and not c.laminate else None


def cold_flex_judged(c: Construction, known: Known) -> Estimate | None:
    """Cold flex where no figure was found: silicone, film, wax, acrylic and bare cloth."""
    found = _COLD_JUDGED.get("film" if c.laminate else c.coating)
    return Estimate(*found, "no figure found") if found else None


def heat_limit(c: Construction, known: Known) -> Estimate | None:
    """R12: the coat sets it: PVC 60 to 82, ether 90, ester 130 °C; else the fibre (polyolefin 80, others to 177)."""
    if c.laminate:
        top = 90 if c.face != "uhmwpe" else 85
        return Estimate(66 if c.face == "uhmwpe" else 77, 80 if c.face == "uhmwpe" else 85, top, "glue of the laminate")
    if c.coating == "PVC":
        return Estimate(60, 70, 82, "PVC distorts from 60, no blocking to 82")
    if c.coating in {"PU", "TPU"}:
        by_chemistry = {
            "ether": Estimate(77, 90, 110, "ether"),
            "ester": Estimate(77, 110, 130, "ester"),
            "polycarbonate": Estimate(77, 100, 130, "polycarbonate: as PU"),
        }
        return by_chemistry.get(c.coating_chemistry, Estimate(77, 90, 130, "chemistry not named"))
    if c.coating in {"wax", "acrylic"}:
        return None
    if c.cellulosic:
        return Estimate(110, 150, 177, "cotton is damaged from 150 in the long run")
    if any(polymer in {"pp", "pe", "uhmwpe"} for polymer in c.polymers):
        return Estimate(66, 80, 90, "polyolefin")
    return Estimate(110, 140, 177, "between the iron for taffeta and the start of degradation")


def heat_limit_judged(c: Construction, known: Known) -> Estimate | None:
    """Heat limit of coats without a figure: wax runs when hot, acrylic softens."""
    by_coat = {"wax": Estimate(40, 50, 65, "wax migrates"), "acrylic": Estimate(60, 80, 110, "acrylic softens")}
    return by_coat.get(c.coating)


# --- hand, looks ------------------------------------------------------------------------------------------------------


def stiffness(c: Construction, known: Known) -> Estimate | None:
    """Grade 1 to 5 growing with mass (1 at 40, 5 at 640 g/m²); film and PVC one more, a knit one less."""
    mass = _mass(known)
    if mass is None:
        return None
    grade = 1 + 4 * (mass - 40) / 600
    if c.laminate:
        grade += 1.5
    elif c.coating in {"PVC", "wax"}:
        grade += 0.5
    elif c.knit:
        grade -= 1
    grade = round(2 * min(5.0, max(1.0, grade))) / 2
    low, high = _two_grades(grade)
    return Estimate(low, grade, high, f"{mass:.0f} g/m²")


def _two_grades(grade: float, bottom: float = 1, top: float = 5) -> tuple[float, float]:
    """A range of two grades about ``grade``, kept two wide at the ends of the scale."""
    low, high = grade - 1, grade + 1
    if low < bottom:
        return bottom, bottom + 2
    if high > top:
        return top - 2, top
    return low, high


def printability(c: Construction, known: Known) -> Estimate | None:
    """Grade 1 to 5 by what inks hold: polyester and cotton best, nylon needs primer, silicone and wax take nothing."""
    if c.coating == "silicone" or c.face == "uhmwpe" or c.knit:
        grade = 1.0
    elif c.coating == "wax":
        grade = 1.5
    elif c.cellulosic:
        grade = 4.5
    elif c.face in POLYESTERS:
        grade = 3.5 if c.laminate or c.coating in {"PVC", "TPU"} else 4.5
    else:
        grade = 2.5 if c.laminate else 3.0
    if c.dyeing == "solution" and grade > 2:
        grade -= 0.5
    if c.denier is not None and c.denier >= 900 and grade > 2:
        grade -= 0.5
    low, high = _two_grades(grade)
    return Estimate(low, grade, high, f"{c.face or c.fibre}, {c.coating}")


def wipe_clean(c: Construction, known: Known) -> Estimate | None:
    """Grade 1 to 5 by how closed the face is."""
    if c.knit:
        grade = 1.0
    elif c.cellulosic:
        grade = 2.0 if c.coating == "wax" else 1.0
    elif c.coating in {"PVC", "TPU"}:
        grade = 4.0
    elif c.laminate or c.coating == "silicone":
        grade = 3.5
    else:
        grade = 3.0 if c.treated("dwr", "repellent") or c.coating == "PU" else 2.0
    low, high = _two_grades(grade)
    return Estimate(low, grade, high, f"{c.coating} on {c.face or c.fibre}")


def rub_fastness(c: Construction, known: Known) -> Estimate | None:
    """Dry rub grade: taffeta 4 to 5, nylon duck 3.5 and over; solution dye half a grade up, cotton half down."""
    typical = 4.0
    if c.dyeing == "solution":
        typical = 4.5
    elif c.cellulosic:
        typical = 3.5
    low, high = _two_grades(typical)
    return Estimate(low, typical, high, c.dyeing or "dyeing not named")


def decoration(c: Construction, known: Known) -> Estimate | None:
    """Logo methods by fibre and coat."""
    methods = ["embroidery", "woven-label"]
    if c.coating not in {"silicone", "wax"} and c.face != "uhmwpe" and not c.knit:
        methods.append("screen-print")
        if not c.cellulosic:
            methods.append("transfer")
    takes_disperse_dye = c.face in POLYESTERS and not c.cellulosic and c.dyeing != "solution"
    if takes_disperse_dye and c.coating in {"none", "PU"} and not c.knit:
        methods.append("sublimation")
    if c.coating in {"PVC", "TPU"}:
        methods.append("high-frequency")
    if c.laminate:
        methods.remove("embroidery")
    return Estimate(0, 0, 0, "by fibre and coat", "|".join(sorted(methods)))


def joining(c: Construction, known: Known) -> Estimate | None:
    """How panels are joined, by coat."""
    by_coat = {
        "PU": "sew|tape-pu",
        "silicone": "seam-seal-silicone|sew",
        "TPU": "sew|weld-hf|weld-hot-air",
        "PVC": "sew|weld-hf|weld-hot-air",
    }
    ways = "bond|sew|tape-pu" if c.laminate else by_coat.get(c.coating, "sew")
    return Estimate(0, 0, 0, "by coat", ways)


# --- planet -----------------------------------------------------------------------------------------------------------


def recycled_content(c: Construction, known: Known) -> Estimate | None:
    """R13: a cloth not sold as recycled holds none; a recycled face fills the cloth less its coat."""
    if not c.recycled:
        return Estimate(0, 0, 0, "not sold as recycled")
    face = 100 * (1 - coat_share(c, known))
    return Estimate(min(50.0, face), face, 100, "recycled face, virgin coat")


#: kg CO2e per kg at the fibre gate: low, typical, high. Melt spinning adds 1.06 (polyester fibre 4.46 less resin 3.4)
#: to figures printed for resin. Spinning of staple, weaving and dyeing are in none of them.
_GHG_FIBRE: dict[str, tuple[float, float, float]] = {
    "pet": (2.3, 4.46, 6.6),
    "rpet": (1.1, 2.56, 3.35),
    "pa": (6.5, 7.6, 10.3),
    "pa6": (6.5, 7.6, 10.3),
    "pa66": (6.8, 7.83, 10.3),
    "rpa6": (1.26, 3.46, 6.0),
    "rpa66": (1.26, 3.46, 6.0),
    "cotton": (1.15, 3.42, 6.07),
    "cotton-organic": (1.15, 2.44, 3.8),
    "rcotton": (0.59, 0.98, 1.37),
    "hemp": (1.0, 1.7, 4.05),
    "flax": (1.1, 1.8, 2.5),
    "jute": (1.15, 1.91, 2.67),
    "acrylic": (2.5, 4.16, 5.8),
    "elastane": (5.1, 8.47, 11.9),
    "wool": (4.1, 6.88, 9.6),
    "viscose": (2.1, 3.56, 5.0),
    "pp": (1.8, 3.06, 4.3),
    "pe": (1.8, 2.96, 4.1),
}
#: No figure for these fibres: from polyethylene (or polyester) spun from the melt to the dearest fibre of the table.
_GHG_JUDGED = {"uhmwpe": (2.96, 5.5, 10.3), "lcp": (2.3, 4.9, 10.3), "pva": (2.3, 4.9, 10.3)}
#: kg CO2e per kg of coat. PU as TPU resin, down to a dispersion; PVC and PET resin; silicone RTV and recycled PDMS;
#: wax as polyethylene resin; acrylic as its fibre.
_GHG_COAT = {
    "PU": (1.13, 4.7, 6.6),
    "TPU": (2.8, 4.7, 6.6),
    "PVC": (1.1, 1.9, 2.7),
    "silicone": (1.83, 5.79, 8.1),
    "film": (2.0, 3.4, 4.8),
    "wax": (0.8, 2.1, 3.0),
    "acrylic": (2.5, 4.16, 5.8),
}


def ghg(c: Construction, known: Known) -> Estimate | None:
    """kg CO2e per m² = mass · (fibre share · fibre + coat share · coat), at the fibre gate."""
    return _ghg(c, known, _GHG_FIBRE)


def ghg_judged(c: Construction, known: Known) -> Estimate | None:
    """The same with a fibre that has no figure, between the lowest and the highest fibre of its kind."""
    return _ghg(c, known, {**_GHG_FIBRE, **_GHG_JUDGED})


def _ghg(c: Construction, known: Known, fibres: Mapping[str, tuple[float, float, float]]) -> Estimate | None:
    mass = _mass(known)
    found = [fibres.get(_as_recycled(c, polymer)) for polymer in c.polymers]
    factors = [factor for factor in found if factor is not None]
    if mass is None or not factors or len(factors) < len(found):
        return None
    share = coat_share(c, known)
    coat = _GHG_COAT.get(c.coating, (0.0, 0.0, 0.0))
    fibre = (
        min(factor[0] for factor in factors),
        sum(factor[1] for factor in factors) / len(factors),
        max(factor[2] for factor in factors),
    )
    low, typical, high = (mass / 1000 * ((1 - share) * f + share * k) for f, k in zip(fibre, coat, strict=True))
    return Estimate(low, typical, high, f"{mass:.0f} g/m², {100 * share:.0f} % coat, {fibre[1]:.2f} kg/kg fibre")


def _as_recycled(c: Construction, polymer: str) -> str:
    """The recycled form of a polymer where the cloth carries the tag of it."""
    if polymer == "pet" and "rpet" in c.family:
        return "rpet"
    if polymer in {"pa", "pa6", "pa66"} and "recycled-nylon" in c.family:
        return "rpa6"
    return polymer


def recyclability(c: Construction, known: Known) -> Estimate | None:
    """Grade 1 to 5: 5 one polymer, bare, with a stream; less for a coat, least for a bonded mix."""
    kinds = {"pet" if p in POLYESTERS else "pa" if p in NYLONS else p for p in c.polymers}
    if len(kinds) > 1:
        grade = 2.0
    else:
        grade = {"pet": 5.0, "pa": 4.0, "cotton": 4.0, "cotton-organic": 4.0}.get(next(iter(kinds), ""), 3.0)
    if c.laminate and kinds == {"pet"}:
        grade = 3.0
    elif c.laminate or c.coating == "PVC":
        grade = 1.0
    elif c.coating in {"TPU", "wax"}:
        grade -= 2
    elif c.coating != "none":
        grade -= 1.5
    grade = max(1.0, grade)
    low, high = _two_grades(grade)
    return Estimate(low, grade, high, f"{' and '.join(sorted(kinds)) or c.fibre}, {c.coating}")


# --- supply -----------------------------------------------------------------------------------------------------------


def price_per_kg(c: Construction, known: Known) -> Estimate | None:
    """USD/m² = USD/kg · mass, each figure at its own year, ±40 % or wider.

    PU-coated polyester 3.0 (2014), PVC-coated 1.75 to 2.55 (2014 to 2020), bare lining 3.1 (2017), polyester knits
    3.45 (2023), cotton 4.6 (2015), blends 4.8 (2015): customs values. Nylon over polyester by the same ruling and two
    ratios, 30 % cheaper oxford and 2.2 times dearer yarn; textured nylon 6,6 from 2 to 3.5 USD/yd of 500 den cloth.
    Recycled +0 to +80, typical +15 %; solution-dyed +20 %; TPU +15 to +25 %; organic +15 to +20 %, hemp +20 to +30 %.
    """
    mass = _mass(known)
    if mass is None or c.laminate or c.coating in {"silicone", "wax"} or _light(c):
        return None
    per_kg = _price_base(c)
    if per_kg is None:
        return None
    low, typical, high = per_kg
    factors = [1.0, 1.0, 1.0]
    if c.recycled:
        factors = [1.0, 1.15, 1.8]
    if c.dyeing == "solution":
        factors = [factor * 1.2 for factor in factors]
    if c.coating == "TPU":
        factors = [factor * 1.2 for factor in factors]
    if c.ripstop:
        # The guides call ripstop dearer to make; no premium was found, so only the high end rises, by as much as TPU's.
        factors[2] *= 1.25
    low, typical, high = (
        mass / 1000 * price * factor for price, factor in zip((low, typical, high), factors, strict=True)
    )
    return Estimate(min(low, 0.6 * typical), typical, max(high, 1.4 * typical), f"{mass:.0f} g/m² by USD/kg")


def _light(c: Construction) -> bool:
    """Whether it is a fine ripstop or parachute cloth, whose making costs more than its weight says."""
    if c.cellulosic or "lining" in c.family:
        return False
    fine = c.base_mass_g_m2 is not None and c.base_mass_g_m2 < 60
    return (c.ripstop and c.denier is not None and c.denier < 100) or (fine and c.synthetic_woven)


def _price_base(c: Construction) -> tuple[float, float, float] | None:
    """USD/kg of the plain cloth: low, typical, high."""
    if c.coating == "PVC":
        return 1.3, 2.05, 3.1
    if c.knit and c.face in POLYESTERS:
        return 2.0, 3.45, 6.0
    if "hemp" in c.polymers:
        return 3.3, 5.75, 8.1
    if "cotton-organic" in c.polymers:
        return 3.1, 5.4, 7.6
    if "cotton" in c.polymers or "rcotton" in c.polymers:
        mixed = len(c.polymers) > 1
        return (2.8, 4.8, 7.1) if mixed else (2.6, 4.6, 6.6)
    if c.face in NYLONS:
        textured = c.face in {"pa66", "rpa66"}
        return (4.3, 7.4, 10.4) if textured else (2.6, 5.3, 9.8)
    if c.face in POLYESTERS:
        return (1.8, 3.0, 4.2) if c.coating != "none" else (1.8, 3.1, 4.4)
    return None


def price_below_retail(c: Construction, known: Known, retail: float) -> Estimate | None:
    """USD/m² where only a shop price is public: from USD/kg · mass to retail, typical their geometric mean."""
    mass, per_kg = _mass(known), _price_base(c)
    if mass is None or per_kg is None or c.laminate:
        return None
    mill = mass / 1000 * per_kg[1]
    if mill >= retail:
        return None
    return Estimate(
        0.6 * mill, math.sqrt(mill * retail), 1.4 * retail, f"from {mill:.2f} by weight to {retail:.2f} retail"
    )


def price_of_light_ripstop(c: Construction, known: Known) -> Estimate | None:
    """Fine ripstops, parachute and siliconed cloth: between USD/kg · mass and 5.5 USD/yd retail, 150 cm wide."""
    if c.laminate or c.cellulosic or not (c.coating == "silicone" or _light(c)):
        return None
    return price_below_retail(c, known, 5.5 / (0.9144 * 1.5))


def price_of_laminate(c: Construction, known: Known) -> Estimate | None:
    """Laminates at retail, by mass against X-Pac VX21 (21 USD/yd, 54 in wide, 210 g/m²); UHMWPE from it to over DCF."""
    mass = _mass(known)
    if mass is None or not c.laminate:
        return None
    anchor = 21 / (0.9144 * 1.3716)
    if c.face == "uhmwpe":
        dcf = 30 / (0.9144 * 1.3716)
        return Estimate(0.6 * anchor, math.sqrt(anchor * dcf), 1.4 * dcf * 1.3, "retail, tier 3: from VX21 to over DCF")
    typical = anchor * math.sqrt(mass / 210)
    return Estimate(0.5 * typical, typical, 1.6 * typical, "retail, tiers 2")


def price_of_waxed(c: Construction, known: Known) -> Estimate | None:
    """Waxed canvas: between cotton by weight and 22 USD/yd retail at 148 cm."""
    return price_below_retail(c, known, 22 / (0.9144 * 1.48)) if c.coating == "wax" else None


def moq(c: Construction, known: Known) -> Estimate | None:
    """R14: 300 to 1,000 m per colour, up to 3,000 for special yarn; canvas 300 to 500; TPU from 100."""
    if c.laminate:
        return Estimate(10, 100, 1000, "sold by the cut through distributors; mill runs up to 1,000")
    if c.coating == "TPU":
        return Estimate(100, 550, 5486, "prototypes from 100, mills up to 6,000 yd")
    if c.dyeing == "solution" or c.recycled:
        return Estimate(300, 1000, 3000, "special yarn")
    if c.cellulosic:
        return Estimate(300, 400, 1000, "canvas dye lot")
    return Estimate(300, 550, 1000, "mill minimum per colour")


def lead_time(c: Construction, known: Known) -> Estimate | None:
    """R14: stock under 14 days, dyed yardage 21 to 28, special cloth 30 to 45, TPU 28 to 56."""
    if c.coating == "TPU":
        return Estimate(28, 42, 56, "TPU")
    if c.laminate or c.dyeing == "solution" or c.recycled:
        return Estimate(14, 37, 60, "special cloth")
    return Estimate(10, 25, 45, "dyed to order, stock sooner")


#: All rules. For one property the first that has something to say is used, so derivations stand before judgements;
#: a property stands after those it is worked out from.
RULES: tuple[Rule, ...] = (
    Rule("rule-R2-laminate-mass", "areal_mass_g_m2", "C", mass_of_laminate),
    Rule("rule-mass-from-base", "areal_mass_g_m2", "C", mass_from_base),
    Rule("rule-R1-mass-from-denier", "areal_mass_g_m2", "C", mass_from_denier),
    Rule("rule-thickness-from-mass", "thickness_mm", "C", thickness_from_mass),
    Rule("rule-roll-width", "roll_width_cm", "C", roll_width),
    Rule("rule-tensile-from-mass", "tensile_strength_n", "C", tensile_from_mass),
    Rule("rule-tensile-uhmwpe", "tensile_strength_n", "D", tensile_of_uhmwpe),
    Rule("rule-R5-R6-tear", "tear_strength_n", "C", tear_from_denier),
    Rule("rule-R5-laminate-tear", "tear_strength_n", "C", tear_of_laminate),
    Rule("rule-tear-canvas", "tear_strength_n", "C", tear_of_canvas),
    Rule("rule-R3-taber", "abrasion_cycles", "C", taber_from_denier),
    Rule("rule-taber-tarpaulin", "abrasion_cycles", "D", taber_of_tarpaulin),
    Rule("rule-taber-canvas", "abrasion_cycles", "D", taber_of_canvas),
    Rule("rule-R7-head", "hydrostatic_head_mm", "C", head_by_coat),
    Rule("rule-head-judged", "hydrostatic_head_mm", "D", head_by_judgement),
    Rule("rule-head-aged", "hydrostatic_head_aged_mm", "C", head_aged),
    Rule("rule-spray", "spray_rating", "D", spray),
    Rule("rule-R8-sun", "uv_strength_retention_pct", "C", sun),
    Rule("rule-sun-cellulosics", "uv_strength_retention_pct", "D", sun_of_cellulosics),
    Rule("rule-R9-light", "light_fastness_grade", "C", light_fastness),
    Rule("rule-R10-hydrolysis", "hydrolysis_weeks", "C", hydrolysis),
    Rule("rule-mildew", "mildew_rating", "D", mildew),
    Rule("rule-R12-cold", "cold_flex_c", "C", cold_flex),
    Rule("rule-cold-judged", "cold_flex_c", "D", cold_flex_judged),
    Rule("rule-R12-heat", "heat_limit_c", "C", heat_limit),
    Rule("rule-heat-judged", "heat_limit_c", "D", heat_limit_judged),
    Rule("rule-air-closed", "air_permeability_l_m2_s", "C", air_closed),
    Rule("rule-R11-regain", "moisture_regain_pct", "C", regain),
    Rule("rule-R11-pickup", "water_pickup_g_m2", "C", water_pickup),
    Rule("rule-stiffness", "stiffness_grade", "D", stiffness),
    Rule("rule-printability", "printability_grade", "D", printability),
    Rule("rule-R13-recycled", "recycled_content_pct", "C", recycled_content),
    Rule("rule-ghg", "ghg_kg_co2e_m2", "C", ghg),
    Rule("rule-ghg-judged", "ghg_kg_co2e_m2", "D", ghg_judged),
    Rule("rule-recyclability", "recyclability_grade", "D", recyclability),
    Rule("rule-price-per-kg", "price_usd_m2", "C", price_per_kg),
    Rule("rule-price-light-ripstop", "price_usd_m2", "D", price_of_light_ripstop),
    Rule("rule-price-laminate", "price_usd_m2", "D", price_of_laminate),
    Rule("rule-price-waxed", "price_usd_m2", "D", price_of_waxed),
    Rule("rule-R14-moq", "moq_m", "C", moq),
    Rule("rule-R14-lead-time", "lead_time_days", "C", lead_time),
    Rule("rule-rub-fastness", "rub_fastness_grade", "D", rub_fastness),
    Rule("rule-wipe-clean", "wipe_clean_grade", "D", wipe_clean),
    Rule("rule-decoration", "decoration", "D", decoration),
    Rule("rule-joining", "joining", "D", joining),
)


#: Figures a rule may start from; where one is itself an estimate, its doubt goes on to what is worked out from it.
_INPUTS = ("areal_mass_g_m2", "hydrostatic_head_mm", "moisture_regain_pct")


@cache
def rules_for(key: str) -> tuple[Rule, ...]:
    """The rules of one column, first choice first."""
    return tuple(rule for rule in RULES if rule.property == key)


def estimated(rule: Rule, c: Construction, known: Known) -> Estimate | None:
    """What one rule says of a construction, the doubt of the estimates it starts from included.

    A rule's own range is that of its scatter about measured figures. Where it starts from an estimate (a mass by R1),
    the two doubts are independent and add as squares, on a logarithmic scale where all ends are positive.
    """
    said = rule.estimate(c, known)
    if said is None or said.text:
        return said
    low, high = said.low, said.high
    for key in _INPUTS:
        cell = known.get(key)
        if cell is None or cell.grade not in ("C", "D") or cell.low is None or cell.high is None:
            continue
        ends = [said.typical]
        for end in (cell.low, cell.high):
            moved = rule.estimate(c, {**known, key: replace(cell, low=end, typical=end, high=end)})
            if moved is not None:
                ends.append(moved.typical)
        low = _joined(said.typical, low, min(ends))
        high = _joined(said.typical, high, max(ends))
    if rule.grade == "D" and low > 0 and _on_a_ratio_scale(rule.property):
        low, high = min(low, said.typical / _JUDGED), max(high, said.typical * _JUDGED)
    return replace(said, low=low, high=high)


#: A judgement of an amount spans at least this factor to either side, whatever the figures it was formed from.
_JUDGED = 2.0


def _on_a_ratio_scale(key: str) -> bool:
    """Whether twice a figure means something: an amount, no grade and no temperature."""
    item = properties()[key]
    return item.scale[1] is None and item.unit != "°C"


def _joined(typical: float, end: float, other: float) -> float:
    """One end of the range that two independent doubts about ``typical`` make together."""
    if other == typical:
        return end
    outward = 1 if end > typical or other > typical else -1
    if typical > 0 and end > 0 and other > 0:
        return typical * math.exp(outward * math.hypot(math.log(end / typical), math.log(other / typical)))
    return typical + outward * math.hypot(end - typical, other - typical)


def derive(
    key: str, c: Construction, known: Known, adjust: Callable[[Rule], float] | None = None
) -> tuple[Rule, Estimate] | None:
    """The first rule with something to say of a column, and what it says.

    Its range is cut to the column's closed scale, and to what any bag fabric may have. ``adjust`` gives a factor on
    a rule's figures (the influence of a cloth that is left out).
    """
    item = properties()[key]
    bottom = -math.inf if item.scale[0] is None else item.scale[0]
    top = math.inf if item.scale[1] is None else item.scale[1]
    least, most = item.plausible or (bottom, top)
    for rule in rules_for(key):
        said = estimated(rule, c, known)
        if said is None:
            continue
        if item.numeric:
            factor = 1.0 if adjust is None else adjust(rule)
            ends = (factor * said.low, factor * said.typical, factor * said.high)
            low, typical, high = (min(max(end, bottom), top) for end in ends)
            said = replace(said, low=min(max(low, least), typical), typical=typical, high=max(min(high, most), typical))
        return rule, said
    return None
