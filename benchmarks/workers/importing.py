"""Time that importing our package takes above Optuna's own import, in fresh processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.paths import ROOT

# What users write.
STATEMENTS = (
    "import optuna_zooming",
    "from optuna_zooming import ZoomingSampler, explain",
    "from optuna_zooming import *",
)
_TIMED = """\
from time import perf_counter
start = perf_counter()
import optuna
between = perf_counter()
{statement}
print(between - start, perf_counter() - between)
"""


class ImportSeconds(NamedTuple):
    """What one process took.

    optuna: To import Optuna alone.
    above: For the statement after that.
    """

    optuna: float
    above: float


def import_seconds(rounds: int) -> Iterator[tuple[str, ImportSeconds]]:
    """Every statement in a process of its own, in turn, so that a busy minute is shared by all.

    The first process of each statement compiles, as the installation of a package does, and is not
    among those that are timed.
    """
    with TemporaryDirectory() as folder:
        for statement in STATEMENTS:
            _process(statement, Path(folder))
        for _ in range(rounds):
            for statement in STATEMENTS:
                yield statement, _process(statement, Path(folder))


def _process(statement: str, compiled: Path) -> ImportSeconds:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-c", _TIMED.format(statement=statement)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return ImportSeconds(*map(float, done.stdout.split()))
