"""Open the window; where there is no screen, draw the same window into a picture and write a ranking beside it.

Run by ``make run`` with the environment's own Python. What is given on the command line goes to the program.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = (sys.executable, "-m", "ui.app")
OUT = ROOT / "out"


def has_screen() -> bool:
    """Whether a window can be shown here: a display is named, and Qt can open it."""
    if sys.platform in {"win32", "darwin"}:
        return True
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    # A name may be left over from a session that is gone; Qt would then end the program with a page of text.
    question = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    return subprocess.run([sys.executable, "-c", question], capture_output=True, check=False).returncode == 0


def draw() -> int:
    """Write out/window.png and out/ranking.txt; the program's own exit code when it fails."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=OUT) as new:
        picture, ranking = Path(new, "window.png"), Path(new, "ranking.txt")
        done = subprocess.run([*PROGRAM, "snapshot", "--out", picture], cwd=ROOT, env=environment, check=False)
        if done.returncode:
            return done.returncode
        with ranking.open("wb") as stream:
            done = subprocess.run([*PROGRAM, "rank"], cwd=ROOT, env=environment, stdout=stream, check=False)
        if done.returncode:
            return done.returncode
        for file in (picture, ranking):
            os.replace(file, OUT / file.name)
    print(
        "No screen here: the window was drawn without one.\n"
        f"  its picture   {(OUT / 'window.png').relative_to(ROOT)}\n"
        f"  its ranking   {(OUT / 'ranking.txt').relative_to(ROOT)}"
    )
    return 0


def main() -> int:
    """The program's exit code."""
    if has_screen():
        return subprocess.call([*PROGRAM, *sys.argv[1:]], cwd=ROOT)
    return draw()


if __name__ == "__main__":
    sys.exit(main())
