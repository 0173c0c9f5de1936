"""Builds the shipped table: curated figures and rules become evidence.csv, materials.csv and sources.csv.

``python -m advisor.build_table`` writes the three files and the description of all tables (``datapackage.json``),
``--check`` says whether they are current (exit 1 if not).
Same input, same bytes: rows stand in the order of the curated constructions, properties in the order of the table.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from advisor import datapackage
from advisor.evidence import (
    EVIDENCE_HEADER,
    SOURCES_HEADER,
    Cell,
    Evidence,
    Source,
    group,
    printed,
    read_sources,
    resolve,
)
from advisor.files import shipped, write_whole
from advisor.problems import AdvisorError, Problem, nearest
from advisor.properties import Property, properties
from advisor.rules import RULES, Construction, derive, polymers_of, price_below_retail

CONSTRUCTIONS_HEADER = (
    "id",
    "name",
    "family",
    "fibre",
    "yarn_denier",
    "weave",
    "coating",
    "coating_chemistry",
    "finish",
    "dyeing",
    "polymer",
    "face_denier",
    "base_mass_g_m2",
    "source_id",
    "note",
)

#: Columns that come from the construction itself.
IDENTITY = ("name", "family", "fibre", "yarn_denier", "weave", "coating", "finish")

#: Property unit -> printed unit -> factor. 1 lbf per inch of strip and 50 mm: 4.448 · 50 / 25.4 = 8.756 N.
FACTORS: dict[str, dict[str, float]] = {
    "g/m²": {"g/m2": 1, "oz/yd2": 33.906, "kg/m2": 1000, "lb/yd2": 542.49},
    "N": {
        "N": 1,
        "N/50mm": 1,
        "N/5cm": 1,
        "N/in": 50 / 25.4,
        "lbf": 4.44822,
        "lbf/in": 4.44822 * 50 / 25.4,
        "kgf": 9.80665,
        "daN": 10,
        "daN/5cm": 10,
    },
    "mm": {
        "mm": 1,
        "cm": 10,
        "m": 1000,
        "in": 25.4,
        "mil": 0.0254,
        # Pressure as a column of water at 4 °C.
        "psi": 703.07,
        "kPa": 101.972,
        "hPa": 10.1972,
        "mbar": 10.1972,
        "bar": 10197.2,
    },
    "cm": {"cm": 1, "mm": 0.1, "m": 100, "in": 2.54},
    "cycles": {"cycles": 1},
    "L/m²/s": {"L/m2/s": 1, "CFM/ft2": 5.08},
    "%": {"%": 1, "ratio": 100},
    "weeks": {"weeks": 1, "days": 1 / 7},
    "days": {"days": 1, "weeks": 7},
    "m": {"m": 1, "yd": 0.9144},
    "USD/m²": {"USD/m2": 1, "USD/yd2": 1 / 0.83613},
    "kg CO₂e/m²": {"kg CO2e/m2": 1},
    "rating": {"rating": 1, "": 1},
    "grade": {"grade": 1, "": 1},
    "den": {"den": 1, "denier": 1, "dtex": 0.9},
    "g/den": {"g/den": 1},
}


def convert(value: float, unit: str, item: Property, known: dict[str, Cell]) -> float:
    """``value`` as printed in ``unit``, in the unit of the property.

    Prices per length need the roll width, prices per kilogram the mass; both are taken from ``known``.

    Raises:
        ValueError: the unit has no place in this property, or a price lacks its width or mass.
    """
    if item.unit == "°C":
        if unit in {"°C", "C"}:
            return value
        if unit in {"°F", "F"}:
            return (value - 32) / 1.8
    if item.unit == "USD/m²" and unit in {"USD/m", "USD/yd"}:
        width = _typical(known, "roll_width_cm")
        return value / (1.0 if unit == "USD/m" else 0.9144) / (width / 100)
    if item.unit == "USD/m²" and unit == "USD/kg":
        return value * _typical(known, "areal_mass_g_m2") / 1000
    factor = FACTORS.get(item.unit, {}).get(unit)
    if factor is None:
        raise ValueError(f"unit {unit or 'blank'} does not fit {item.key} in {item.unit}")
    return value * factor


def _typical(known: dict[str, Cell], key: str) -> float:
    cell = known.get(key)
    if cell is None or cell.typical is None:
        raise ValueError(f"{key} is not known, so the price cannot be put on the square metre")
    return cell.typical


def figure_range(
    low: float | None, typical: float | None, high: float | None, item: Property
) -> tuple[float, float, float]:
    """Low, typical and high of one printed figure.

    A range without a middle takes its arithmetic mean, or the geometric one where it spans more than a factor of three.
    A bare minimum (maximum) is taken as typical, with the spread of the property on the open side only.

    Raises:
        ValueError: there is no figure, or low, typical and high are out of order.
    """
    if typical is None:
        if low is not None and high is not None:
            typical = math.sqrt(low * high) if low > 0 and high > 3 * low else (low + high) / 2
        elif low is not None:
            typical = low
        elif high is not None:
            typical = high
        else:
            raise ValueError("no figure")
    spread_low, spread_high = item.range_of(typical)
    low = spread_low if low is None else low
    high = spread_high if high is None else high
    if item.key == "abrasion_cycles":
        # Laboratories differ by a factor of two, whatever one of them prints.
        low, high = min(low, typical / 2), max(high, typical * 2)
    if item.key == "price_usd_m2":
        low, high = min(low, 0.6 * typical), max(high, 1.4 * typical)
    if not low <= typical <= high:
        raise ValueError(f"{low:g}, {typical:g} and {high:g} are not in order")
    return low, typical, high


class _Curated:
    """The curated files, read and checked; every problem is collected before anything fails."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[Problem] = []
        self.sources: dict[str, Source] = {}
        for name in ("sources.csv", "rule_sources.csv"):
            for source_id, source in read_sources(folder / name).items():
                if source_id in self.sources:
                    self._problem(folder / name, None, "source_id", source_id, "this source stands in both files")
                self.sources[source_id] = source
        self.constructions = self._constructions(folder / "constructions.csv")
        self.records = self._records(folder / "records.csv")

    def _problem(self, path: Path, row: int | None, column: str, value: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem("bad-cell", message, hint, path.name, row, column, value))

    def _rows(self, path: Path, header: Sequence[str]) -> Iterable[tuple[int, dict[str, str]]]:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            if tuple(reader.fieldnames or ()) != tuple(header):
                self._problem(path, 1, "", "", "the header is not the expected one", f"it reads {','.join(header)}")
                return
            for number, row in enumerate(reader, start=2):
                yield number, {key: (text or "").strip() for key, text in row.items() if key is not None}

    def _constructions(self, path: Path) -> list[Construction]:
        found: dict[str, Construction] = {}
        for number, row in self._rows(path, CONSTRUCTIONS_HEADER):
            if row["id"] in found:
                self._problem(path, number, "id", row["id"], "this id stands twice")
            if row["source_id"] not in self.sources:
                self._problem(path, number, "source_id", row["source_id"], f"no source {row['source_id'] or '(blank)'}")
            numbers: dict[str, float | None] = {}
            for key in ("face_denier", "base_mass_g_m2"):
                try:
                    numbers[key] = float(row[key]) if row[key] else None
                except ValueError:
                    self._problem(path, number, key, row[key], "not a number")
                    numbers[key] = None
            found[row["id"]] = Construction(
                id=row["id"],
                name=row["name"],
                family=tuple(filter(None, row["family"].split("|"))),
                fibre=row["fibre"],
                yarn_denier=row["yarn_denier"],
                weave=row["weave"],
                coating=row["coating"],
                coating_chemistry=row["coating_chemistry"],
                finish=tuple(filter(None, row["finish"].split("|"))),
                dyeing=row["dyeing"],
                polymers=polymers_of(row["polymer"]),
                face_denier=numbers["face_denier"],
                base_mass_g_m2=numbers["base_mass_g_m2"],
                source_id=row["source_id"],
                note=row["note"],
            )
        return list(found.values())

    def _records(self, path: Path) -> dict[tuple[str, str], list[tuple[int, dict[str, str]]]]:
        found: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {}
        ids = {construction.id for construction in self.constructions}
        for number, row in self._rows(path, EVIDENCE_HEADER):
            for column, known in (("material", ids), ("property", properties()), ("source_id", self.sources)):
                if row[column] not in known:
                    near = nearest(row[column], known)
                    message = f"no {column} {row[column] or '(blank)'}"
                    self._problem(path, number, column, row[column], message, near and f"is it {near}?")
            if row["grade"] not in {"A", "B", "D"}:
                self._problem(path, number, "grade", row["grade"], "a record is of grade A, B or D")
            found.setdefault((row["material"], row["property"]), []).append((number, row))
        return found


class _Material:
    """The evidence of one construction, gathered property by property in the order the rules need."""

    def __init__(self, curated: _Curated, construction: Construction) -> None:
        self._curated = curated
        self.construction = construction
        self.known: dict[str, Cell] = {}
        self.evidence: dict[str, list[Evidence]] = {}
        self._other_abrasion: list[str] = []
        self._identity()
        for key in working_order():
            if key not in self.evidence:
                self._gather(properties()[key])
        self._abrasion_method()

    def _add(self, key: str, rows: list[Evidence]) -> None:
        if rows:
            self.evidence[key] = rows
            self.known[key] = resolve(rows)

    def _text(self, key: str, text: str, grade: str, source_id: str, note: str = "") -> Evidence:
        return Evidence(self.construction.id, key, None, None, None, "", "", grade, source_id, note, text)

    def _figures(
        self, item: Property, figures: Sequence[float], method: str, grade: str, source: str, note: str
    ) -> Evidence:
        low, typical, high = (float(printed(figure)) for figure in figures)
        return Evidence(
            self.construction.id,
            item.key,
            low,
            typical,
            high,
            item.unit,
            method,
            grade,
            source,
            note,
            printed(typical),
        )

    def _identity(self) -> None:
        c = self.construction
        grade = self._curated.sources[c.source_id].grade if c.source_id in self._curated.sources else "B"
        grade = grade if grade in {"A", "B"} else "B"
        words = {
            "name": c.name,
            "family": "|".join(c.family),
            "fibre": c.fibre,
            "weave": c.weave,
            "coating": c.coating,
            "finish": "|".join(c.finish),
        }
        for key, text in words.items():
            if text:
                self._add(key, [self._text(key, text, grade, c.source_id, c.note if key == "name" else "")])
        item, denier = properties()["yarn_denier"], replace(c, face_denier=None).denier
        if denier is not None:
            figures = figure_range(None, denier, None, item)
            note = f"printed {c.yarn_denier}"
            self._add("yarn_denier", [self._figures(item, figures, "", grade, c.source_id, note)])

    def _gather(self, item: Property) -> None:
        rows: list[Evidence] = []
        for number, record in self._curated.records.get((self.construction.id, item.key), []):
            try:
                row = self._from_record(item, record)
            except ValueError as error:
                self._curated.problems.append(
                    Problem("bad-cell", str(error), "", "records.csv", number, item.key, record["typical"])
                )
                continue
            if row is not None:
                rows.append(row)
        if all(row.grade == "D" for row in rows) and (said := derive(item.key, self.construction, self.known)):
            rule, estimate = said
            note = "; ".join(filter(None, (estimate.note, *self._notes_on(item))))
            if item.numeric:
                figures = (estimate.low, estimate.typical, estimate.high)
                rows.append(self._figures(item, figures, "", rule.grade, rule.id, note))
            else:
                rows.append(self._text(item.key, estimate.text, rule.grade, rule.id, note))
        self._add(item.key, rows)

    def _notes_on(self, item: Property) -> list[str]:
        if item.key != "abrasion_cycles" or not self._other_abrasion:
            return []
        return [f"not on this scale: {', '.join(self._other_abrasion)}"]

    def _from_record(self, item: Property, record: dict[str, str]) -> Evidence | None:
        """The evidence a curated record makes, or None where its test has no place on the axis of the property."""
        method, note = record["test_method"], record["note"]
        if not item.numeric:
            return self._text(item.key, record["typical"], record["grade"], record["source_id"], note)
        printed = [float(record[key]) if record[key] else None for key in ("low", "typical", "high")]
        if item.key == "abrasion_cycles" and "D3884" not in method and "taber" not in method.casefold():
            shown = next(f"{figure:g}" for figure in (printed[1], printed[0], printed[2]) if figure is not None)
            self._other_abrasion.append(f"{method} {shown} cycles ({record['source_id']})")
            return None
        figures = [None if figure is None else convert(figure, record["unit"], item, self.known) for figure in printed]
        low, typical, high = figure_range(figures[0], figures[1], figures[2], item)
        grade = record["grade"]
        said = [note]
        if record["unit"] and record["unit"] != item.unit.replace("²", "2"):
            shown = "–".join(f"{figure:g}" for figure in printed if figure is not None)
            said.append(f"printed {shown} {record['unit']}")
        if figures[1] is None and (figures[0] is None) != (figures[2] is None):
            said.append("printed as a minimum" if figures[2] is None else "printed as a maximum")
        if item.key == "tensile_strength_n" and ("grab" in method.casefold() or "D5034" in method):
            low, high = min(low, typical / 1.5), max(high, typical * 1.7)
            said.append("grab read as strip, ÷ 1.5 to × 1.7")
        if item.key == "hydrostatic_head_mm" and "nominal" in f"{note} {method}".casefold():
            low, typical, high = 0.5 * typical, 0.75 * typical, typical
            said.append("nominal grade: 50 to 100 % of its number (R7)")
        if item.key == "price_usd_m2" and "retail" in note.casefold():
            below = price_below_retail(self.construction, self.known, typical)
            if below is not None:
                low, typical, high, grade = below.low, below.typical, below.high, "C"
                said.append(f"{below.note}, a mill price lies below a shop price (rule-price-light-ripstop)")
        return self._figures(
            item, (low, typical, high), method, grade, record["source_id"], "; ".join(filter(None, said))
        )

    def _abrasion_method(self) -> None:
        cell = self.known.get("abrasion_cycles")
        if cell is None:
            return
        best = cell.records[0]
        text = abrasion_method(best.source_id)
        self._add("abrasion_method", [self._text("abrasion_method", text, best.grade, best.source_id)])


def abrasion_method(source_id: str) -> str:
    """Where an abrasion figure comes from, as the column ``abrasion_method`` says it."""
    if source_id.startswith("rule-"):
        return "estimate R3" if source_id == "rule-R3-taber" else "judgement"
    return "ASTM D3884"


def working_order() -> list[str]:
    """Columns in the order they are worked out: those of rules as the rules stand, then the rest."""
    ruled = list(dict.fromkeys(rule.property for rule in RULES))
    rest = [key for key in properties() if key not in ruled]
    return [key for key in (*ruled, *rest) if key not in ("id", "abrasion_method")]


def _gathered(folder: Path) -> tuple[_Curated, list[_Material]]:
    curated = _Curated(folder)
    materials = [_Material(curated, construction) for construction in curated.constructions]
    if curated.problems:
        raise AdvisorError(curated.problems)
    return curated, materials


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value + 0.0:.10g}"


def build(folder: Path) -> dict[str, bytes]:
    """The content of the three built files by name, from the curated files in ``folder``.

    Raises:
        AdvisorError: every bad row, unknown key, unit or source of the curated files.
    """
    curated, materials = _gathered(folder)
    evidence = [row for material in materials for key in properties() for row in material.evidence.get(key, ())]
    cells = {key: resolve(rows) for key, rows in group(evidence).items()}
    table = []
    for material in materials:
        row = [material.construction.id]
        for key in list(properties())[1:]:
            cell = cells.get((material.construction.id, key))
            row.append("" if cell is None else cell.text if cell.typical is None else _number(cell.typical))
        table.append(row)
    return {
        "evidence.csv": _csv(
            EVIDENCE_HEADER,
            (
                (
                    row.material,
                    row.property,
                    _number(row.low),
                    row.text if row.typical is None else _number(row.typical),
                    _number(row.high),
                    row.unit,
                    row.test_method,
                    row.grade,
                    row.source_id,
                    row.note,
                )
                for row in evidence
            ),
        ),
        "materials.csv": _csv(list(properties()), table),
        "sources.csv": _csv(
            SOURCES_HEADER,
            (
                (source.source_id, source.kind, source.title, source.url, source.year, source.grade, source.note)
                for source in curated.sources.values()
            ),
        ),
    }


def cloths(folder: Path) -> list[tuple[Construction, dict[str, Cell]]]:
    """Every construction with its cells, from the curated files in ``folder``.

    Raises:
        AdvisorError: as :func:`build`.
    """
    return [(material.construction, material.known) for material in _gathered(folder)[1]]


def gaps(folder: Path) -> list[tuple[str, str]]:
    """The (material, property) pairs of scored figures that neither a record nor a rule fills."""
    _, materials = _gathered(folder)
    scored = [key for key, item in properties().items() if item.criterion and item.numeric]
    return [(m.construction.id, key) for m in materials for key in scored if key not in m.evidence]


def main(arguments: Sequence[str] | None = None, data: Path | None = None) -> int:
    """Write the built files, or with ``--check`` compare them; exit code 0, 1 stale, 2 bad curated input."""
    parser = argparse.ArgumentParser(prog="python -m advisor.build_table", description="Build the material table.")
    parser.add_argument("--check", action="store_true", help="only say whether the files are current")
    options = parser.parse_args(arguments)
    folder = shipped("data") if data is None else data
    try:
        built = build(folder / "curated")
        tables = {name: len(content.splitlines()) - 1 for name, content in built.items()}
        built[datapackage.FILE] = datapackage.describe(folder, built)
        if options.check:
            stale = [n for n, new in built.items() if not (folder / n).exists() or (folder / n).read_bytes() != new]
            if stale:
                print(f"{', '.join(stale)}: stale; run python -m advisor.build_table", file=sys.stderr)
            return 1 if stale else 0
        for name, content in built.items():
            write_whole(folder / name, content)
    except AdvisorError as error:
        for problem in error.problems:
            print(problem.line(), file=sys.stderr)
        return 2
    print(f"{tables['materials.csv']} materials, {tables['evidence.csv']} pieces of evidence")
    return 0


if __name__ == "__main__":
    sys.exit(main())
