"""What a page of results was made with."""

from __future__ import annotations

import platform
import shlex
import sys

from benchmarks.runs.cells import fingerprint_of
from benchmarks.runs.rows import Cell


def made_by(problem: str) -> str:
    """The command, the versions and the state of our own code, as a Markdown list.

    Args:
        problem: One of the problems of the page.
    """
    made = fingerprint_of(Cell(problem, "zooming", "none"))
    return "\n".join(
        [
            f"- command: `python -m benchmarks {shlex.join(sys.argv[1:])}`",
            f"- {platform.machine()}, {platform.system()}, Python {platform.python_version()}, "
            f"Optuna {made['optuna']}; hash of optuna_zooming: {made['sampler source']}",
        ]
    )
