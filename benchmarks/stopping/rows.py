"""Watched studies on disk, and which code made them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import UserError
from benchmarks.paths import ROOT
from benchmarks.problems.groups import make_problem
from benchmarks.reports.compact import read_record, save_record
from benchmarks.reports.intervals import Floats
from benchmarks.runs.fingerprints import OUR_PACKAGE, ROWS_VERSION, code_of, source_hash
from benchmarks.stopping.settings import Job

# To be counted up when something here changes what a row says.
WATCH_VERSION = "1"
RULES_SOURCE = "rules source"
# They propose nothing, so that no other row depends on them.
SOURCES = ("stopping.py", "explanation.py")


@dataclass(frozen=True, eq=False)
class Watched:
    """One study, and where each rule would have ended it.

    Attributes:
        problem: Its name.
        fingerprint: Of the problem.
        seed: 0, 1, ...
        n_trials: How many it had.
        asked: The rules.
        stops: After how many trials a rule would have stopped; without those that never would.
        stop_regrets: Regret of what was recommended there; NaN for nothing.
        regrets: The same after each number of trials of ``judged_after``.
        further: (n, 2), where a number of further trials was told: after how many trials, and
            the number.
        widen: Whether the range was said to end too soon, 1 or 0, at each of ENDS_TOLD_AFTER; NaN
            if it was not asked.
        best_at_end: Whether it does; NaN with several parameters.
    """

    problem: str
    fingerprint: str
    seed: int
    n_trials: int
    asked: tuple[str, ...]
    stops: dict[str, int]
    stop_regrets: dict[str, float]
    regrets: Floats
    further: Floats
    widen: Floats
    best_at_end: float

    def answers(self, job: Job, rules: Iterable[str]) -> bool:
        """Whether this is the study that a job asks for, with all of these rules."""
        same = (self.problem, self.seed, self.n_trials) == (job.problem, job.seed, job.n_trials)
        return same and set(rules) <= set(self.asked)


@dataclass(frozen=True, eq=False)
class Rows:
    """All that were watched by the same code."""

    code: dict[str, str]
    studies: tuple[Watched, ...]


def code_of_rows() -> dict[str, str]:
    """What all rows depend on: what proposes, and what says when to stop."""
    sources = (ROOT / OUR_PACKAGE / name for name in SOURCES)
    return {
        "rows": ROWS_VERSION,
        "watch": WATCH_VERSION,
        **code_of("zooming", "none"),
        RULES_SOURCE: source_hash(*sources),
    }


def read_rows(folder: Path) -> list[Watched]:
    """The saved studies that this checkout's code and problems would give again.

    Raises:
        UserError: If the file is damaged.
    """
    path = _path(folder)
    if not path.exists():
        return []
    rows = read_record(Rows, path, remedy="delete it, then python -m benchmarks stopping")
    if rows.code != code_of_rows():
        return []
    return [study for study in rows.studies if _is_current(study)]


def write_rows(studies: Iterable[Watched], folder: Path) -> None:
    """Write studies of this checkout's code; the file appears whole or not at all."""
    ordered = sorted(studies, key=lambda each: (each.problem, each.seed, each.n_trials))
    save_record(Rows(code_of_rows(), tuple(ordered)), _path(folder))


def _path(folder: Path) -> Path:
    return folder / "raw" / "stopping.json"


def _is_current(study: Watched) -> bool:
    try:
        return study.fingerprint == make_problem(study.problem).fingerprint
    except UserError:  # its table is gone
        return False
