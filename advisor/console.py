"""Console: how every command refuses bad input, in one line, and what it ends with; loads next to nothing."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, NoReturn

from advisor.problems import AdvisorError

PROGRAM = "material-advisor"

EXIT_BAD_INPUT = 2
#: What a shell reports of a program ended with Ctrl-C.
EXIT_INTERRUPTED = 130


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that says what is wrong on one line and exits with 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_BAD_INPUT, f"{self.prog}: {' '.join(message.split())}; see {self.prog} --help\n")


def guarded(work: Any) -> int:
    """Run ``work`` and return the status it gives (none: 0); bad input becomes one line on stderr and status 2."""
    try:
        return int(work() or 0)
    except AdvisorError as error:
        print(one_line(error), file=sys.stderr)
        return EXIT_BAD_INPUT
    except BrokenPipeError:
        # The reader (head, a pager) has gone; that is no failure of ours.
        drop_output()
    except KeyboardInterrupt:
        drop_output()
        return EXIT_INTERRUPTED
    return 0


def drop_output() -> None:
    """Send what is left in the output's buffer nowhere, so that Python's own flush at the end stays silent."""
    if sys.stdout is None:
        return
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def one_line(error: AdvisorError) -> str:
    """The first problem on one line, and how many more there are."""
    more = len([problem for problem in error.problems if problem.severity == "error"]) - 1
    first = next((problem for problem in error.problems if problem.severity == "error"), error.problems[0])
    tail = f" (and {more} more {'problem' if more == 1 else 'problems'})" if more > 0 else ""
    return f"{PROGRAM}: {first.line()}{tail}"
