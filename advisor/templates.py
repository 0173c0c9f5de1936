"""Templates: the user's own product types, a product with the settings that make it theirs, kept as small files."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from advisor import brief as briefs
from advisor.brief import Brief
from advisor.files import write_whole
from advisor.problems import AdvisorError, Problem

FORMAT: Final = "material-advisor-product"
VERSION: Final = 1
#: The longest name a product type may have.
NAME_LENGTH: Final = 60
#: What of a brief makes a product type; where it is sold, to whom and how many is another order's matter.
FIELDS: Final = ("product", "panel", "price", "limits", "priorities", "demands", "curves", "locks", "service")
_SUFFIX: Final = ".product.json"


@dataclass(frozen=True)
class Template:
    """A product type of the user's own.

    Attributes:
        name: as the user gave it, 1 to :data:`NAME_LENGTH` characters, no two alike.
        settings: a brief whose :data:`FIELDS` are the template's; everything else is as in a new brief.
    """

    name: str
    settings: Brief

    def applied(self, brief: Brief) -> Brief:
        """``brief`` with this product type: its :data:`FIELDS` are the template's, the rest stays."""
        return replace(brief, **{field: getattr(self.settings, field) for field in FIELDS})

    def fits(self, brief: Brief) -> bool:
        """Whether ``brief`` stands as this product type would set it."""
        return self.applied(brief) == brief

    def to_json(self) -> dict[str, Any]:
        """The template as the JSON object of its file."""
        kept = self.settings.to_json()
        for key in ("format", "version", "gaps", "method"):
            kept.pop(key, None)
        return {"format": FORMAT, "version": VERSION, "name": self.name, "settings": kept}


def template_of(name: str, brief: Brief) -> Template:
    """The product type that ``brief`` stands for, under a name.

    Raises:
        AdvisorError: the name is empty or too long.
    """
    return Template(_checked_name(name, ""), Brief(**{field: getattr(brief, field) for field in FIELDS}))


def template_from_json(document: Any, file: str = "") -> Template:
    """The template that ``document`` (parsed JSON) describes.

    Raises:
        AdvisorError: it is none, is newer than this program, or holds an unknown key or impossible value; with every
            problem found.
    """
    briefs.refuse_newer(briefs.format_version(document, FORMAT, "product type", VERSION, file), VERSION, file)
    reader = briefs.Reader(file, "product type")
    keys = reader.mapping(document, "", ("format", "version", "name", "settings"))
    name = reader.text(keys.get("name", ""), "name")
    settings = keys.get("settings", {})
    if not isinstance(settings, dict):
        reader.wrong("wrong-type", "settings", "must be an object {…}", "see the brief format", settings)
        settings = {}
    if reader.problems:
        raise AdvisorError(reader.problems)
    read = briefs.brief_from_json({**settings, "format": briefs.FORMAT, "version": briefs.VERSION}, file)
    return Template(_checked_name(name, file), Brief(**{field: getattr(read, field) for field in FIELDS}))


def read_templates(folder: Path) -> tuple[tuple[Template, ...], tuple[Problem, ...]]:
    """The product types kept in a folder, by name, and what is wrong with the files that are none.

    Two files with one name (copied together from two machines) give the one that was written last.
    """
    found: dict[str, Template] = {}
    problems: list[Problem] = []
    try:
        paths = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    except OSError as error:
        return (), (Problem("cannot-read", f"cannot be read: {error.strerror}", "check the folder", file=str(folder)),)
    for path in paths:
        try:
            template = template_from_json(briefs.read_document(path, "product type"), str(path))
        except AdvisorError as error:
            problems.extend(error.problems)
            continue
        found[_folded(template.name)] = template
    return tuple(found[key] for key in sorted(found)), tuple(problems)


def write_template(folder: Path, template: Template) -> Path:
    """Keep a product type; one of the same name (case and accents aside) is replaced. Returns its file.

    Raises:
        AdvisorError: the folder or file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = f"cannot be made: {error.strerror}"
        raise AdvisorError(Problem("cannot-write", said, "the product type is not kept", file=str(folder))) from error
    path = folder / _file_name(template.name)
    text = json.dumps(template.to_json(), ensure_ascii=False, indent=2) + "\n"
    write_whole(path, text.encode())
    _drop(folder, template.name, keep=path)
    return path


def remove_template(folder: Path, name: str) -> None:
    """Take a product type away, in whatever file it stands; nothing happens where there is none.

    Raises:
        AdvisorError: its file cannot be removed.
    """
    _drop(folder, name)


def _drop(folder: Path, name: str, keep: Path | None = None) -> None:
    for path in folder.glob(f"*{_SUFFIX}"):
        try:
            held = template_from_json(briefs.read_document(path, "product type"), str(path))
        except AdvisorError:
            continue  # no product type: not ours to remove
        if _folded(held.name) != _folded(name) or path == keep:
            continue
        try:
            path.unlink()
        except OSError as error:
            said = f"cannot be removed: {error.strerror}"
            raise AdvisorError(Problem("cannot-write", said, "remove the file by hand", file=str(path))) from error


def _checked_name(name: str, file: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        said = "has no name" if not name else f"has a name longer than {NAME_LENGTH} characters"
        raise AdvisorError(Problem("wrong-name", said, "give it a short name", file=file, column="name"))
    return name


def _folded(name: str) -> str:
    """A name without case, accents and width: what makes two names the same."""
    bare = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _file_name(name: str) -> str:
    """A file name any system takes: the plain letters of the name, told apart by a short hash of it."""
    plain = re.sub(r"[^a-z0-9]+", "-", _folded(name)).strip("-")[:40]
    return f"{plain or 'product'}-{sha256(_folded(name).encode()).hexdigest()[:8]}{_SUFFIX}"


def same_name(first: str, second: str) -> bool:
    """Whether two names stand for one product type: case and accents aside."""
    return _folded(first) == _folded(second)
