"""Write the files in requirements/: every package pinned and hashed for every system, and no address in them.

Run by ``make lock``. Versions stay as they are unless ``--upgrade`` is given. The tests' and the freezing environment
get exactly the versions that the program runs with.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (
    "--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--quiet",
    "--custom-compile-command", "make lock",
)  # fmt: skip
PROGRAM = ("pyproject.toml", "--group", "install")
SAME = ("--constraints", "requirements/runtime.txt")
LOCKS = {
    "runtime": PROGRAM,
    "dev": (*PROGRAM, "--group", "dev", *SAME),
    "build": (*PROGRAM, "--group", "build", *SAME),
    "lock": ("--group", "lock"),
}


def main() -> int:
    """Write each lock file in turn; the failing one's exit code."""
    for name, sources in LOCKS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", *sources, *SETTINGS, *sys.argv[1:]]
        done = subprocess.run([*command, "--output-file", f"requirements/{name}.txt"], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
        print(f"requirements/{name}.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
