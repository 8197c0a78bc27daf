"""What is kept of the rows on several parameters: every figure that the page and its chart show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.problems.groups import GROUPS
from benchmarks.reports.compact import read_record
from benchmarks.reports.provenance import Origin
from benchmarks.reports.summary import Line

BUDGETS = (10, 20, 30, 50, 100)
OURS = "zooming"
# Variants of the rival that problems are named by.
TPE = ("tpe", "tpe-group", "tpe-independent")
_KINDS = ("joint", "grids", "trainings")


def groups_of(stem: str) -> list[str]:
    """The groups of a page: those for reporting, or those for tuning."""
    role = "tuning" if stem.endswith("-tuning") else "reporting"
    return [name for name in (f"{role}-{kind}" for kind in _KINDS) if name in GROUPS]


STEMS = ("several", "several-tuning")
"""Names of the pages' files."""


@dataclass(frozen=True, eq=False)
class Standing:
    """A sampler, over all problems and seeds that it has.

    Attributes:
        sampler: Its name.
        problems: The problems that it ran.
        n_seeds, n_trials: What all of its runs have in common.
        best: Regret of the best trial at those of BUDGETS that it has.
        runs_at: How many runs that are long enough there are at these budgets: problems x seeds.
        ours: Ours on the same runs, at the same of BUDGETS.
        curve: Regret of the best trial after each trial, on the problems of the figure; empty where
            it lacks one of them.
        seconds: Mean time of the sampler in a trial.
        late_seconds: The same over the last ten trials of each run.
    """

    sampler: str
    problems: tuple[str, ...]
    n_seeds: int
    n_trials: int
    best: Line
    runs_at: tuple[str, ...]
    ours: Line
    curve: Line
    seconds: float
    late_seconds: float

    @property
    def runs(self) -> str:
        """Problems x seeds, in words where they change."""
        return _in_words(self.best, self.runs_at)


@dataclass(frozen=True, eq=False)
class Versus:
    """Ours against a rival, on the problems and seeds that both have.

    rival: Its name.
    difference: Ours minus the rival's regret, paired, at those of BUDGETS that both have.
    runs_at: How many runs both have at these budgets: problems x seeds.
    ratio: Our mean regret over the rival's.
    """

    rival: str
    difference: Line
    runs_at: tuple[str, ...]
    ratio: Line

    @property
    def runs(self) -> str:
        """Problems x seeds, in words where they change."""
        return _in_words(self.difference, self.runs_at)


def _in_words(line: Line, runs_at: Sequence[str]) -> str:
    words: list[str] = []
    for budget, runs, before in zip(line.x, runs_at, ("", *runs_at)):
        if runs != before:
            words.append(f"from {budget:g} on {runs}" if before else runs)
    return ", ".join(words)


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the problems.

    by: What they have in common. name: What that is, in words. versus: Ours against each rival.
    """

    by: str
    name: str
    versus: tuple[Versus, ...]


@dataclass(frozen=True, eq=False)
class SeveralSummary:
    """The results on several parameters.

    Attributes:
        stem: Name of the files.
        problems: Names of the problems that were run.
        drawn: Those of the figure, which most samplers ran.
        n_tables: What intervals draw anew: recorded tables, and landscapes with all their noise.
        standings: Every sampler without a pruner, ours first.
        recommended: Regret of the combination that we recommend, on our runs at BUDGETS.
        parts: All problems, then those of each origin, number of parameters, kind and noise.
        single: Each problem by itself, against the variants of TPE only.
        failures: Studies that raised.
        origin: Code, tables and commands behind the rows.
    """

    stem: str
    problems: tuple[str, ...]
    drawn: tuple[str, ...]
    n_tables: int
    standings: tuple[Standing, ...]
    recommended: Line
    parts: tuple[Part, ...]
    single: tuple[Part, ...]
    failures: tuple[str, ...]
    origin: Origin


def read_summary(folder: Path, stem: str) -> SeveralSummary:
    """The summary of this name.

    Raises:
        UserError: If there is none, or it is damaged; the message says how to make it.
    """
    groups = " ".join(groups_of(stem))
    remedy = (
        f"python -m benchmarks compare --problems {groups} --out FOLDER, then "
        "python -m benchmarks report --rows FOLDER"
    )
    return read_record(SeveralSummary, folder / f"{stem}.json", remedy=remedy)
