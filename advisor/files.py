"""Where the program's own files lie, and how a file is written: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from advisor.problems import AdvisorError, Problem


def shipped(*parts: str) -> Path:
    """The path of a file shipped with the program: in a checkout, a frozen bundle or an installed wheel.

    Raises:
        AdvisorError: the file is not there (the installation is incomplete).
    """
    here = Path(__file__).resolve().parent
    # The wheel's own folder first: beside an installed package may lie somebody else's "tests" or "data".
    for root in (here / "_shipped", here.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise AdvisorError(Problem("missing-file", f"{'/'.join(parts)} is missing from the program", "install it again"))


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that after any failure the file is the old one or the new one, whole.

    Raises:
        AdvisorError: the folder is missing or cannot be written to.
    """
    import tempfile  # nothing is written before the first list is seen

    folder = path.parent
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes files private; a written file should have the rights of any other new file.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask)
        os.replace(temporary, path)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        reason = error.strerror or str(error)
        raise AdvisorError(
            Problem("cannot-write", f"cannot be written: {reason}", "choose another folder or name", file=str(path))
        ) from error


def plain_cell(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
