"""Try the built program from outside, as a user meets it: no network, an empty home, nothing of the checkout around.

    python tools/try_out.py bundle|wheel

Run by ``make bundle`` and ``make e2e`` with the Python of ``.venv-build``. The same commands run from the checkout, and
the answers must be the same to the byte. Anything on stderr is a failure: nobody reads it until it is the only clue.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

ROOT = Path(__file__).resolve().parent.parent
NAME = "material-advisor"
Answer = TypeVar("Answer")
PATIENCE_S = 180
STARTS = 5
RANKINGS: tuple[tuple[str, ...], ...] = (
    ("rank", "--format", "json"),
    ("rank", "--product", "mini-hike-daypack", "--place", "Lagos", "--format", "json"),
    ("rank", "--product", "kids-mini-backpack", "--place", "Berlin", "--format", "csv"),
)
SNAPSHOTS: tuple[tuple[str, ...], ...] = (
    ("--size", "1366x700"),
    ("--size", "1920x1080", "--theme", "dark"),
    ("--size", "1366x700", "--chart", "compare"),
    ("--size", "1366x700", "--chart", "map"),
)


class FailedError(Exception):
    """The program did not do what it promises."""


@dataclass(frozen=True)
class Result:
    """What one run gave."""

    out: bytes
    err: str
    code: int


@dataclass
class Program:
    """One way to start the program, each with a home of its own."""

    label: str
    command: Sequence[str]
    home: Path
    folder: Path
    extra: dict[str, str] = field(default_factory=dict)
    offline: Sequence[str] = ()

    def environment(self) -> dict[str, str]:
        """A bare environment: nothing of the caller's gets through but the search path."""
        runtime = self.home / "runtime"
        runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
        bare = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.home), "LANG": "C.UTF-8"}
        return {**bare, "XDG_RUNTIME_DIR": str(runtime), **self.extra}

    def run(self, *arguments: str, code: int = 0, display: str = "") -> Result:
        """Run it to its end; fail on another exit code, and on words on stderr where it should have ended well."""
        environment = self.environment() | ({"DISPLAY": display} if display else {})
        command = [*self.offline, *self.command, *arguments]
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                timeout=PATIENCE_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            raise FailedError(f"{self.label}: {' '.join(arguments)} did not end in {PATIENCE_S} s") from late
        result = Result(done.stdout, done.stderr.decode(errors="replace"), done.returncode)
        told = f"{self.label}: {' '.join(arguments) or '(the window)'}"
        if result.code != code:
            raise FailedError(f"{told}: exit code {result.code} instead of {code}\n{result.err}")
        if code == 0 and result.err:
            raise FailedError(f"{told}: wrote on stderr\n{result.err}")
        return result


def offline() -> tuple[str, ...]:
    """What to put before a command to take its network away; () where that is not allowed."""
    for way in (("unshare", "--net"), ("unshare", "--map-root-user", "--net")):
        if shutil.which(way[0]) and subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
            return way
    return ()


class Screen:
    """A virtual screen (Xvfb) for as long as the block lasts; ``name`` is its DISPLAY."""

    def __enter__(self) -> Self:
        if not shutil.which("Xvfb"):
            raise FailedError("there is no Xvfb; this installs it: sudo apt-get install -y xvfb xdotool")
        reading, writing = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=[writing],
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as stream:
            number = stream.readline().strip()
        if not number:
            raise FailedError("Xvfb did not start")
        self.name = f":{number}"
        return self

    def __exit__(self, *_: object) -> None:
        self.server.terminate()
        self.server.wait()


# What is tried ----------------------------------------------------------------------------------------------------


def same_rankings(built: Program, checkout: Program) -> None:
    """The built program ranks as the checkout does, to the byte."""
    for arguments in RANKINGS:
        ours, theirs = checkout.run(*arguments).out, built.run(*arguments).out
        if ours != theirs:
            raise FailedError(f"{built.label}: {' '.join(arguments)} differs from the checkout's")
        if "json" in arguments:
            ranking = json.loads(theirs)["ranking"]
            print(f"  {' '.join(arguments)}: {len(ranking)} materials, as in the checkout")
        else:
            print(f"  {' '.join(arguments)}: {len(theirs.splitlines()) - 1} lines, as in the checkout")


def draws_pictures(built: Program) -> None:
    """The window is drawn without a screen, in the size asked for, and there is something on it."""
    from PySide6.QtGui import QImage

    for arguments in SNAPSHOTS:
        picture = built.folder / "window.png"
        built.run("snapshot", "--out", str(picture), *arguments)
        image = QImage(str(picture))
        wanted = arguments[arguments.index("--size") + 1]
        if f"{image.width()}x{image.height()}" != wanted:
            raise FailedError(f"{built.label}: snapshot {wanted} is {image.width()}x{image.height()}")
        colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
        if len(colours) < 50:
            raise FailedError(f"{built.label}: snapshot {' '.join(arguments)} is nearly blank ({len(colours)} colours)")
        picture.unlink()
        print(f"  snapshot {' '.join(arguments)}: drawn")


def refuses_politely(built: Program) -> None:
    """A file that is not there: exit code 2 and one line that names it."""
    err = built.run("rank", "--brief", "no-such.brief.json", code=2).err
    if len(err.splitlines()) != 1 or "no-such.brief.json" not in err:
        raise FailedError(f"{built.label}: a missing brief should be told in one line that names it, not so:\n{err}")
    print("  rank --brief no-such.brief.json: refused in one line")


def proves_its_cases(built: Program) -> None:
    """The published cases travel with the program and come out as printed."""
    last = built.run("proof").out.decode().splitlines()[-1].split()
    if last[1::2] != ["of", "cases"] or last[0] != last[2] or int(last[0]) < 20:  # "29 of 29 cases pass"
        raise FailedError(f"{built.label}: proof ended with: {' '.join(last)}")
    print(f"  proof: {' '.join(last)}")


def shows_its_window(built: Program) -> None:
    """The real window comes up on a screen with a ranked list, and goes."""
    with Screen() as screen:
        line = built.run("--smoke", display=screen.name).out.decode().strip()
    if len(line.splitlines()) != 1:
        raise FailedError(f"{built.label}: --smoke should print one line, not:\n{line}")
    print(f"  the window on a screen: {line}")


def opens_and_quits(built: Program) -> None:
    """Started as a user starts it, the window shows, and Ctrl+Q ends it."""
    if not shutil.which("xdotool"):
        raise FailedError("there is no xdotool; this installs it: sudo apt-get install -y xdotool")
    with Screen() as screen, tempfile.TemporaryFile() as errors:
        hand = {**os.environ, "DISPLAY": screen.name}
        program = subprocess.Popen(
            [*built.offline, *built.command], cwd=built.folder, env=built.environment() | {"DISPLAY": screen.name},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip
        try:
            look = ["xdotool", "search", "--onlyvisible", "--name", "Material Advisor"]
            window = wait_for(lambda: subprocess.run(look, env=hand, capture_output=True, check=False).stdout.split())
            number = window[0].decode()
            # There is no window manager here to hand out the focus: the keys go where the pointer is.
            subprocess.run(["xdotool", "mousemove", "--window", number, "200", "200"], env=hand, check=True)

            def quit_it() -> bool:
                if program.poll() is None:
                    keys = ["xdotool", "windowfocus", number, "key", "--clearmodifiers", "ctrl+q"]
                    subprocess.run(keys, env=hand, capture_output=True, check=False)
                return program.poll() is not None

            wait_for(quit_it)
        finally:
            if program.poll() is None:
                program.kill()
            program.wait()
        errors.seek(0)
        words = errors.read().decode(errors="replace")
    if program.returncode or words:
        raise FailedError(f"{built.label}: the window ended with exit code {program.returncode}\n{words}")
    print("  started without a word, window found, Ctrl+Q pressed: ended well")


def wait_for(question: Callable[[], Answer]) -> Answer:
    """The first answer that is not empty."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.25)
    raise FailedError(f"waited {PATIENCE_S} s in vain")


def start_times(programs: Sequence[Program]) -> None:
    """Print how long each takes from its start to the ranked list on a screen: first in an empty home, then usual."""
    with Screen() as screen:
        for program in programs:
            seconds = [time_to_list(program, screen.name) for _ in range(STARTS + 1)]
            usual = statistics.median(seconds[1:])
            print(f"  start, {program.label}: {usual:.2f} s (median of {STARTS}; the first time {seconds[0]:.2f} s)")


def time_to_list(program: Program, display: str) -> float:
    """Seconds from the start to the line that says the ranked list is painted."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [*program.command, "--smoke"], cwd=program.folder, env=program.environment() | {"DISPLAY": display},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        line = running.stdout.readline()
        taken = time.perf_counter() - begun
    if not line or running.returncode:
        raise FailedError(f"{program.label}: --smoke ended with exit code {running.returncode}")
    return taken


def size_mb(folder: Path) -> float:
    """The files' size in MB (10⁶ bytes)."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()) / 1e6


# The two builds ---------------------------------------------------------------------------------------------------


def try_bundle(work: Path, cut: Sequence[str]) -> None:
    """The frozen program in dist/."""
    folder = ROOT / "dist" / NAME
    binary = folder / (NAME + (".exe" if os.name == "nt" else ""))
    if not binary.exists():
        raise FailedError(f"{binary.relative_to(ROOT)} is not there; make bundle builds it")
    frozen = Program("frozen", [str(binary)], work / "home-frozen", new(work / "elsewhere"), offline=cut)
    checkout = from_checkout(work)
    same_rankings(frozen, checkout)
    refuses_politely(frozen)
    proves_its_cases(frozen)
    draws_pictures(frozen)
    shows_its_window(frozen)
    opens_and_quits(frozen)
    count = sum(1 for file in folder.rglob("*") if file.is_file())
    print(f"  size, frozen: {size_mb(folder):.0f} MB in {count} files")
    print(f"  size, checkout: {size_mb(Path(sys.prefix, 'lib')):.0f} MB with its packages")
    frozen.home, checkout.home = work / "home-frozen-start", work / "home-checkout-start"
    start_times([frozen, checkout])


def try_wheel(work: Path, cut: Sequence[str]) -> None:
    """The wheel, built and unpacked away from the checkout."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(work / "wheel")]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    if built.returncode:
        raise FailedError(f"building the wheel\n{built.stdout}{built.stderr}")
    (wheel,) = (work / "wheel").glob("*.whl")
    site = work / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    installed = Program(
        "wheel", [sys.executable, "-m", "ui.app"], work / "home-wheel", new(work / "elsewhere"),
        extra={"PYTHONPATH": str(site)}, offline=cut,
    )  # fmt: skip
    print(f"  {wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB")
    same_rankings(installed, from_checkout(work))
    refuses_politely(installed)
    proves_its_cases(installed)
    draws_pictures(installed)


def from_checkout(work: Path) -> Program:
    """The program as the checkout has it, with the same packages."""
    return Program("checkout", [sys.executable, "-m", "ui.app"], work / "home-checkout", ROOT)


def new(folder: Path) -> Path:
    """The folder, made."""
    folder.mkdir(parents=True)
    return folder


def main() -> int:
    """0 when everything held."""
    tries: dict[str, Callable[[Path, Sequence[str]], None]] = {"bundle": try_bundle, "wheel": try_wheel}
    if len(sys.argv) != 2 or sys.argv[1] not in tries:
        print(f"usage: {Path(__file__).name} {'|'.join(tries)}", file=sys.stderr)
        return 2
    cut = offline()
    network = "no network" if cut else "the network (cutting it is not allowed here)"
    print(f"Trying the {sys.argv[1]}, with an empty home and {network}")
    try:
        with tempfile.TemporaryDirectory(prefix="advisor-") as work:
            tries[sys.argv[1]](Path(work), cut)
    except FailedError as error:
        print(f"FAILED {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
