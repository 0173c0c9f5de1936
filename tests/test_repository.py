"""Holds the lines that no single module can hold: what may import what, what the lock may say, how texts are marked."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import advisor

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
ADVISOR_MODULES = sorted(module.name for module in pkgutil.walk_packages(advisor.__path__, "advisor."))

# What the first ranked list does without.
HEAVY = ("pandas", "matplotlib", "pptx", "lxml", "highspy", "pint", "python_calamine", "xlsxwriter")


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '?')}"


def pins(lock: Path) -> dict[str, set[str]]:
    """Package -> the lines that pin it (a version and, where versions differ by system, its marker)."""
    found: dict[str, set[str]] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            pin = line.removesuffix("\\").strip()
            found.setdefault(canonicalize_name(Requirement(pin).name), set()).add(pin)
    return found


# The lock -------------------------------------------------------------------------------------------------------------


def test_the_lock_files_are_there():
    assert {lock.stem for lock in LOCKS} == {"runtime", "dev", "build", "lock"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_holds_no_address(lock):
    text = lock.read_text(encoding="utf-8")
    assert not re.findall(r"://|--find-links|--(?:extra-)?index|--trusted-host|file:| @ ", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_has_one_version_and_its_hashes(lock):
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert blocks
    for block in blocks:
        requirement = Requirement(block.split("\\")[0].strip())
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), requirement


@pytest.mark.parametrize("name", ["dev", "build"])
def test_tests_and_freezing_use_the_versions_the_program_runs_with(name):
    runtime, other = pins(ROOT / "requirements/runtime.txt"), pins(ROOT / f"requirements/{name}.txt")
    assert {package: other.get(package) for package in runtime} == runtime


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("runtime", [*PROJECT["dependencies"], *PYPROJECT["dependency-groups"]["install"]]),
        ("dev", [*PROJECT["dependencies"], *PYPROJECT["dependency-groups"]["dev"]]),
        ("build", [*PROJECT["dependencies"], *PYPROJECT["dependency-groups"]["build"]]),
        ("lock", PYPROJECT["dependency-groups"]["lock"]),
    ],
)
def test_the_lock_answers_what_pyproject_asks(name, wanted):
    locked = pins(ROOT / f"requirements/{name}.txt")
    for asked in map(Requirement, wanted):
        lines = locked.get(canonicalize_name(asked.name), set())
        assert lines, f"{asked} is not in {name}.txt; run make lock"
        for version in (str(Requirement(line).specifier).removeprefix("==") for line in lines):
            assert asked.specifier.contains(version), f"{name}.txt has {asked.name} {version}; run make lock"


# What may import what -------------------------------------------------------------------------------------------------


def loaded_after(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after ``statement``."""
    script = f"import sys; {statement}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_domain_loads_neither_qt_nor_drawing_nor_tables():
    assert "advisor.__main__" in ADVISOR_MODULES
    loaded = loaded_after(f"import {', '.join(ADVISOR_MODULES)}")
    assert not loaded & {"PySide6", "shiboken6", "ui", *HEAVY}


def test_the_window_is_reached_without_what_it_does_not_need():
    assert not loaded_after("import ui.app") & set(HEAVY)


def imported(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Every import in ``tree``, those inside functions too, with the top-level module it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            yield node, (node.module or "").split(".")[0]


def test_the_domain_never_imports_the_window():
    forbidden = {"ui", "PySide6", "shiboken6", "matplotlib"}
    found = [
        place(path, node) for path in sources("advisor") for node, name in imported(parsed(path)) if name in forbidden
    ]
    assert not found, "\n".join(found)


# How texts are marked for translation -----------------------------------------------------------------------------

APPLICATIONS = {"QCoreApplication", "QGuiApplication", "QApplication"}


def marks_text(called: ast.expr) -> int | None:
    """Where a call to ``called`` has its text: the index of the argument, or None for any other call."""
    if isinstance(called, ast.Attribute) and called.attr == "tr":
        return 0
    if isinstance(called, ast.Attribute) and called.attr == "translate":
        return 1 if isinstance(called.value, ast.Name) and called.value.id in APPLICATIONS else None
    if isinstance(called, ast.Name) and called.id in {"QT_TRANSLATE_NOOP", "QT_TR_NOOP"}:
        return 1 if called.id == "QT_TRANSLATE_NOOP" else 0
    return None


def is_literal(text: ast.expr) -> bool:
    return isinstance(text, ast.Constant) and isinstance(text.value, str)


def translation_faults(tree: ast.AST) -> list[tuple[ast.AST, str]]:
    """What Qt's translation tool would not find, or would find and never match at run time.

    translate() may also look up a text that is marked with QT_TRANSLATE_NOOP, or stands in a table, elsewhere: then it
    is given a plain name, never something put together on the spot.
    """
    faults: list[tuple[ast.AST, str]] = []
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (index := marks_text(node.func)) is not None:
            texts = node.args[: index + 1]
            looks_up = isinstance(node.func, ast.Attribute) and node.func.attr == "translate"
            by_name = (ast.Name, ast.Attribute, ast.Subscript) if looks_up else ()
            if len(texts) <= index or not all(is_literal(text) or isinstance(text, by_name) for text in texts):
                faults.append((node, "the text must be a plain literal; fill it in with .format() afterwards"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            faults.append((node, "_() is not seen by the translation tool; use self.tr()"))
        if isinstance(node, ast.Attribute) and id(node) not in called and marks_text(node) is not None:
            faults.append((node, "an alias of tr is not seen by the translation tool; call it by its name"))
    return faults


@pytest.mark.parametrize("package", ["ui", "advisor"])
def test_every_text_can_be_found_by_the_translation_tool(package):
    faults = [
        f"{place(path, node)} {words}" for path in sources(package) for node, words in translation_faults(parsed(path))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("self.tr('Open')", 0),
        ("self.tr('%n rows', '', count)", 0),
        ("self.tr('Open {name}').format(name=name)", 0),
        ("QCoreApplication.translate('Window', 'Open')", 0),
        ("painter.translate(x, y)", 0),
        ("text.translate(table)", 0),
        ("self.tr(f'Open {name}')", 1),
        ("self.tr('Open {}'.format(name))", 1),
        ("self.tr(title)", 1),
        ("QCoreApplication.translate('properties', entry.label)", 0),
        ("QCoreApplication.translate('Window', f'Open {name}')", 1),
        ("QCoreApplication.translate('Window', 'Open ' + name)", 1),
        ("QCoreApplication.translate('Window', 'Open {}'.format(name))", 1),
        ("QT_TRANSLATE_NOOP('sentences', text)", 1),
        ("QT_TRANSLATE_NOOP('sentences', f'{n} rows')", 1),
        ("t = self.tr", 1),
        ("names = map(self.tr, titles)", 1),
        ("t = QCoreApplication.translate", 1),
        ("_('Open')", 1),
    ],
)
def test_the_translation_lint_sees(line, faults):
    assert len(translation_faults(ast.parse(line))) == faults


# How signals are connected ----------------------------------------------------------------------------------------


def connection_faults(tree: ast.AST) -> list[ast.Call]:
    """Connections to a lambda or partial that holds ``self``: the widget would never be freed."""

    def holds_self(node: ast.AST) -> bool:
        return any(isinstance(part, ast.Name) and part.id == "self" for part in ast.walk(node))

    def is_partial(node: ast.AST) -> bool:
        name = getattr(node, "attr", getattr(node, "id", "")) if isinstance(node, ast.Attribute | ast.Name) else ""
        return name in {"partial", "partialmethod"}

    return [
        call
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "connect"
        for given in [*call.args, *(keyword.value for keyword in call.keywords)]
        for part in ast.walk(given)
        if (isinstance(part, ast.Lambda) or (isinstance(part, ast.Call) and is_partial(part.func))) and holds_self(part)
    ]


def test_no_connection_keeps_its_widget_alive():
    found = [place(path, call) for path in sources("ui") for call in connection_faults(parsed(path))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("button.clicked.connect(self.open)", 0),
        ("button.clicked.connect(lambda: print('pressed'))", 0),
        ("button.clicked.connect(lambda: self.open())", 1),
        ("button.clicked.connect(lambda *_, me=self: me.open())", 1),
        ("button.clicked.connect(partial(self.open, 1))", 1),
        ("button.clicked.connect(functools.partial(open_it, self))", 1),
    ],
)
def test_the_connection_lint_sees(line, faults):
    assert len(connection_faults(ast.parse(line))) == faults


# One name, one version --------------------------------------------------------------------------------------------


def test_the_version_is_the_same_everywhere():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert (headings[0], advisor.__version__) == (PROJECT["version"], PROJECT["version"])


def test_the_program_starts_where_its_name_says():
    module, function = PROJECT["scripts"]["material-advisor"].split(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_what_is_shipped_is_shipped_in_the_wheel_and_in_the_bundle():
    spec = (ROOT / "build.spec").read_text(encoding="utf-8")
    wheel = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for folder in ("data", "assets"):
        assert (ROOT / folder).is_dir()
        assert wheel[folder] == f"advisor/_shipped/{folder}"
        assert f'("{folder}", "{folder}")' in spec
