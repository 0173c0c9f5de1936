"""Prepare an environment: a virtual environment with the locked packages, and the system libraries they load.

    python3 tools/prepare.py runtime|dev|build|lock [--screen]

Each environment is complete once its stamp is written, which is the last thing done; whatever was cut short is built
anew. A second call compares the stamp with the lock file and ends there. Needs nothing but Python and its library.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"

# Debian's names (Ubuntu's are the same): what the libraries and platform plugins in QT_FILES link to and a bare system
# lacks, with a font, because without one Qt draws empty boxes.
QT_PACKAGES = """
    libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6 libx11-6 libx11-xcb1 libxcb-cursor0 libxcb-glx0
    libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0
    libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0 libxkbcommon0
    libwayland-client0 libwayland-cursor0 libwayland-egl1 fonts-dejavu-core
""".split()  # noqa: SIM905 - thirty quoted names would be harder to read
QT_FILES = (
    "QtWidgets.abi3.so",
    "Qt/plugins/platforms/libqoffscreen.so",
    "Qt/plugins/platforms/libqwayland.so",
    "Qt/plugins/platforms/libqxcb.so",
)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


class CannotPrepareError(Exception):
    """Something is missing that only the user can put right; the message is the line that says how."""


@dataclass(frozen=True)
class Environment:
    """One virtual environment: its folder, its lock files, whether the checkout is installed into it."""

    folder: Path
    locks: tuple[str, ...]
    with_checkout: bool = False
    always_clean: bool = False

    @property
    def python(self) -> Path:
        """The interpreter inside."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def unfinished(self) -> Path:
        """The file that says: an installation into this environment began and did not end."""
        return self.folder / ".unfinished"

    def stamp(self, lock: str) -> Path:
        """The file that says: everything of ``lock`` is installed."""
        return self.folder / f".prepared-{lock}"

    def key(self, lock: str) -> str:
        """What the stamp must hold; changes with the lock, the place, the interpreter and this file."""
        parts = [str(self.folder), sys.version, (REQUIREMENTS / f"{lock}.txt").read_text(encoding="utf-8")]
        if self.with_checkout:
            parts.append((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


ENVIRONMENTS = {
    # The checkout's own environment serves running and testing alike; the tests' packages come on top.
    "runtime": Environment(ROOT / ".venv", ("runtime",), with_checkout=True),
    "dev": Environment(ROOT / ".venv", ("runtime", "dev"), with_checkout=True),
    # What is in the environment gets into the frozen program: nothing else may be there.
    "build": Environment(ROOT / ".venv-build", ("build",), always_clean=True),
    "lock": Environment(ROOT / ".venv-lock", ("lock",), always_clean=True),
}


def say(text: str) -> None:
    """Tell the user what is going on."""
    print(f"[prepare] {text}", flush=True)


def run(command: Sequence[str | Path], what: str, *, environment: dict[str, str] | None = None) -> None:
    """Run ``command`` quietly; on failure show what it printed and name the step that failed."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
        check=False,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise CannotPrepareError(
            f"{what} failed (its own words are above); put that right and run the same command again"
        )


# System packages -------------------------------------------------------------------------------------------------


def install_command() -> list[str] | None:
    """How packages may be installed here without asking anyone, or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        allowed = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if allowed.returncode == 0:
            return ["sudo", "-n"]
    return None


def install_system_packages(packages: Sequence[str], reason: str) -> None:
    """Install Debian packages, or raise the one line that does it."""
    line = f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
    prefix = install_command()
    if prefix is None:
        if shutil.which("apt-get"):
            raise CannotPrepareError(f"{reason}; this installs it:\n{line}")
        names = " ".join(packages)
        raise CannotPrepareError(f"{reason}; install what Debian calls (under your system's names): {names}")
    say(f"{reason}: installing {len(packages)} system package(s)")
    wait = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    settings = ["env", "DEBIAN_FRONTEND=noninteractive"]  # sudo drops the variable
    apt = [*prefix, *settings, "apt-get", *wait]
    # An interrupted installation leaves dpkg half-configured. That and the update may fail (a further source is out of
    # reach, say) without keeping the packages from being installed: what counts is the last step.
    for first in ([*prefix, *settings, "dpkg", "--configure", "-a"], [*apt, "update"]):
        subprocess.run(first, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    run([*apt, "install", "-y", "--no-install-recommends", *packages], f"apt-get install {' '.join(packages)}")


def not_installed(packages: Sequence[str]) -> list[str]:
    """Those of ``packages`` that dpkg does not have installed; all of them where there is no dpkg."""
    if not shutil.which("dpkg-query"):
        return list(packages)
    form = "${Package} ${db:Status-Status}\n"
    seen = subprocess.run(["dpkg-query", "-W", "-f", form, *packages], capture_output=True, text=True, check=False)
    installed = {line.split()[0] for line in seen.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in installed]


def missing_libraries(environment: Environment) -> list[str]:
    """Libraries that Qt's files link to and the loader cannot find (Linux; [] elsewhere)."""
    if not sys.platform.startswith("linux") or not shutil.which("ldd"):
        return []
    pattern = "lib/python*/site-packages/PySide6"
    homes = sorted(environment.folder.glob(pattern))
    names = set()
    for file in (home / name for home in homes for name in QT_FILES):
        if file.exists():
            seen = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False).stdout
            names |= {line.split()[0] for line in seen.splitlines() if "not found" in line}
    return sorted(names)


def has_font() -> bool:
    """Whether any font file is installed where fontconfig looks."""
    endings = {".ttf", ".otf", ".ttc", ".pfb"}
    for folder in FONT_FOLDERS:
        for _, _, names in os.walk(os.path.expanduser(folder)):
            if any(os.path.splitext(name)[1].lower() in endings for name in names):
                return True
    return False


def prepare_qt(environment: Environment) -> None:
    """See to the system libraries that Qt loads."""
    missing = missing_libraries(environment)
    if not missing and (has_font() or not sys.platform.startswith("linux")):
        return
    reason = (
        f"Qt lacks {', '.join(missing[:4])}{' and more' if len(missing) > 4 else ''}"
        if missing
        else "no font is installed"
    )
    install_system_packages(QT_PACKAGES, reason)
    still = missing_libraries(environment)
    if still:
        raise CannotPrepareError(f"Qt still lacks {', '.join(still)}; install what holds them and run this again")


def prepare_commands(commands: dict[str, str]) -> None:
    """See to programs, given as name of the program -> Debian package that holds it."""
    lacking = sorted({package for program, package in commands.items() if not shutil.which(program)})
    if lacking:
        install_system_packages(lacking, f"{', '.join(lacking)} needed")


def prepare_shared_python() -> None:
    """See to the interpreter's shared library, which Debian keeps in a package of its own."""
    name = str(sysconfig.get_config_var("INSTSONAME") or "")
    if not name.startswith("libpython") or ".so" not in name:
        return
    places = [Path(str(sysconfig.get_config_var("LIBDIR"))) / name]
    if any(place.exists() for place in places):
        return
    try:
        ctypes.CDLL(name)
    except OSError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        install_system_packages([f"libpython{version}"], f"{name} needed")


# Virtual environments ---------------------------------------------------------------------------------------------


def make_venv(environment: Environment) -> None:
    """Create the virtual environment anew."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        # Debian keeps both in a package of their own. Where that is missing Qt's libraries are likely to be missing
        # too: ask for all at once.
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        packages = [package, *not_installed(QT_PACKAGES)]
        install_system_packages(packages, "this Python cannot make virtual environments (no ensurepip)")
    aside = environment.folder.with_name(environment.folder.name + "-old")
    shutil.rmtree(aside, ignore_errors=True)
    if environment.folder.exists():
        # In one step, so that no cut leaves half an environment with its stamps on.
        os.replace(environment.folder, aside)
        shutil.rmtree(aside, ignore_errors=True)
    environment.folder.mkdir()
    environment.unfinished.touch()
    run([sys.executable, "-m", "venv", environment.folder], "making the virtual environment")


def prepare(environment: Environment) -> bool:
    """Bring ``environment`` to its lock files; True when there was something to do."""
    stamps = {lock: environment.key(lock) for lock in environment.locks}
    open_locks = [lock for lock in environment.locks if read(environment.stamp(lock)) != stamps[lock]]
    if not open_locks and environment.python.exists():
        return False
    if environment.always_clean or environment.unfinished.exists() or not works(environment):
        say(f"making {environment.folder.name}")
        make_venv(environment)
        open_locks = list(environment.locks)
    environment.unfinished.touch()
    pip: list[str | Path] = [environment.python, "-m", "pip", "--no-input", "--disable-pip-version-check"]
    settings = {**os.environ, "PIP_USER": "0", "PYTHONNOUSERSITE": "1"}
    for lock in open_locks:
        environment.stamp(lock).unlink(missing_ok=True)
        say(f"installing requirements/{lock}.txt, every file checked against its hash")
        run(
            [
                *pip,
                "install",
                "--require-hashes",
                "--no-deps",
                "--only-binary",
                ":all:",
                "-r",
                REQUIREMENTS / f"{lock}.txt",
            ],
            f"installing requirements/{lock}.txt",
            environment=settings,
        )
    if environment.with_checkout:
        run(
            [*pip, "install", "--no-index", "--no-deps", "--no-build-isolation", "--editable", ROOT],
            "installing the checkout",
            environment=settings,
        )
    environment.unfinished.unlink()
    for lock in open_locks:
        write(environment.stamp(lock), stamps[lock])
    return True


def works(environment: Environment) -> bool:
    """Whether the environment was made here, its interpreter starts and is this Python, and it has pip."""
    # An environment's commands hold its path: one that was moved or copied with its checkout would start the other's.
    made = [line for line in read(environment.folder / "pyvenv.cfg").splitlines() if line.startswith("command = ")]
    if not environment.python.exists() or (made and not made[0].endswith(f" {environment.folder}")):
        return False
    question = "import pip, sys; print(sys.version)"
    seen = subprocess.run([str(environment.python), "-c", question], capture_output=True, text=True, check=False)
    return seen.returncode == 0 and seen.stdout.strip() == sys.version.strip()


def read(path: Path) -> str:
    """A stamp's text; "" where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def write(path: Path, text: str) -> None:
    """Write a stamp so that it is there whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold off a second preparation in the same checkout until this one has ended."""
    try:
        import fcntl
    except ImportError:  # Windows: two at once are not kept apart there
        yield
        return
    with (ROOT / ".prepare.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare what was asked for; 0 when it is ready."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("environment", choices=sorted(ENVIRONMENTS))
    parser.add_argument("--screen", action="store_true", help="also a virtual screen (Xvfb) and what drives it")
    chosen = parser.parse_args(arguments)
    if sys.prefix != sys.base_prefix:
        # Started from inside an environment, perhaps the very one to be made anew: hand over to the Python beneath.
        beneath = str(getattr(sys, "_base_executable", ""))
        if beneath and beneath != sys.executable:
            given = list(sys.argv[1:] if arguments is None else arguments)
            return subprocess.call([beneath, str(Path(__file__).resolve()), *given])
    environment = ENVIRONMENTS[chosen.environment]
    try:
        with alone():
            prepare(environment)
            ready = environment.folder / ".prepared-qt"
            if chosen.environment != "lock" and read(ready) != environment.key(environment.locks[0]):
                prepare_qt(environment)
                write(ready, environment.key(environment.locks[0]))
            if chosen.environment == "build" and sys.platform.startswith("linux"):
                # PyInstaller reads libraries with objdump and carries the interpreter's own shared library.
                prepare_commands({"objdump": "binutils"})
                prepare_shared_python()
            if chosen.screen:
                prepare_commands({"Xvfb": "xvfb", "xdotool": "xdotool"})
    except CannotPrepareError as error:
        print(f"[prepare] {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("[prepare] interrupted; the next run starts this step anew", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
