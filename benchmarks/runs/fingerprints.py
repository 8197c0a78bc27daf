"""What rows depend on, apart from seed and number of trials: versions, and hashes of our own code.

Rows whose fingerprint is another one were made by other code, and are made anew.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import optuna

from benchmarks.paths import ROOT
from benchmarks.problems.groups import make_problem
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import package_version, rival
from benchmarks.runs.rows import Cell

# To be counted up when the runner changes what a row says.
ROWS_VERSION = "3"
OUR_PACKAGE = "optuna_zooming"
# What of our package neither proposes nor prunes nor recommends: it says or shows, and changes no
# row. Dashboards begin with the word.
SAYS = (
    "visualization",
    "explanation.py",
    "stopping.py",
    "dashboard",
    "_dashboard",
    "_command_line",
    "_checks",
    "__main__.py",
    "_text.py",
    "__init__.py",
)


@functools.cache
def fingerprint_of(cell: Cell) -> dict[str, str]:
    """What a cell's rows depend on."""
    return {
        "rows": ROWS_VERSION,
        **code_of(cell.sampler, cell.pruner),
        "problem": make_problem(cell.problem).fingerprint,
    }


def code_of(sampler: str, pruner: str) -> dict[str, str]:
    """The code that proposes and prunes; a hash where it is this checkout's."""
    sources = [ROOT / source for source in rival(sampler).sources]
    return {
        "optuna": optuna.__version__,
        "sampler": package_version(sampler),
        "sampler source": source_hash(*sources) if sources else "",
        "pruner source": source_hash(ROOT / OUR_PACKAGE) if _is_ours(pruner) else "",
    }


def source_hash(*paths: Path) -> str:
    """Of files, and of the modules in folders; of our package without what only says or shows."""
    return _hash_of(paths)


@functools.cache
def _hash_of(paths: tuple[Path, ...]) -> str:
    files = [file for path in paths for file in (_modules(path) if path.is_dir() else [path])]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _modules(folder: Path) -> list[Path]:
    modules = sorted(folder.rglob("*.py"))
    if folder.name != OUR_PACKAGE:
        return modules
    return [each for each in modules if not each.relative_to(folder).parts[0].startswith(SAYS)]


def _is_ours(pruner: str) -> bool:
    return PRUNERS[pruner].__module__.partition(".")[0] == OUR_PACKAGE
