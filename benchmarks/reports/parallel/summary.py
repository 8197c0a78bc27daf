"""Simulated runs -> time to a target, duplicates, and regret at equal numbers of trials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports import stats
from benchmarks.reports.compact import read_record, rounded
from benchmarks.reports.intervals import estimate
from benchmarks.reports.parallel import equal_trials
from benchmarks.reports.parallel.rows import stem_of
from benchmarks.reports.provenance import Origin
from benchmarks.reports.results_table import table_of
from benchmarks.reports.summary import Line
from benchmarks.workers.simulation import Job, SimulatedRun

Floats = NDArray[np.float64]

TARGETS = (0.02, 0.01)
TICKS = 4  # of the clock per epoch
N_POINTS = 80
NO_LINE = Line(*[np.empty(0)] * 4)


@dataclass(frozen=True, eq=False)
class Crew:
    """A sampler with so many workers, over all problems and seeds.

    Attributes:
        sampler: Its name.
        n_workers: Side by side.
        times: (n_targets,), simulated epochs until the mean regret is at most each of TARGETS.
        duplicates: Share of the proposals within 1 % of a pending one.
        curve: Mean regret of the best trial by simulated epochs.
        after: Mean regret of the best trial once so many of all trials have ended, at those of
            BUDGETS that there are; empty in older files.
        ratio: The same over that of one worker; empty without it, and in older files.
    """

    sampler: str
    n_workers: int
    times: Floats
    duplicates: float
    curve: Line
    after: Line = NO_LINE
    ratio: Line = NO_LINE


@dataclass(frozen=True, eq=False)
class ParallelSummary:
    """Everything that the page shows: the crews, and what was simulated for each of them.

    name: What its files are called after, if not after the pruner.
    tables_drawn: Whether intervals draw tables anew too; in older files runs only.
    """

    pruner: str
    problems: tuple[str, ...]
    n_seeds: int
    n_trials: int
    crews: tuple[Crew, ...]
    origin: Origin
    tables_drawn: bool = False
    name: str = ""

    @property
    def stem(self) -> str:
        """Name of its files."""
        return stem_of(self.name or self.pruner)


def summarise(
    runs: Mapping[Job, SimulatedRun], origin: Origin, *, name: str = ""
) -> ParallelSummary:
    """The summary of the runs of one pruner, its figures rounded as in a file.

    Args:
        runs: The runs.
        origin: What made them.
        name: What its files are called after; as a rule, and by default, the pruner.
    """
    groups: dict[tuple[str, int], dict[Job, SimulatedRun]] = {}
    for job, run in runs.items():
        groups.setdefault((job.sampler, job.n_workers), {})[job] = run
    length = int(max(run.ended[-1] for run in runs.values()))
    first = next(iter(runs))
    problems = tuple(dict.fromkeys(job.problem for job in runs))
    n_seeds = len({job.seed for job in runs if job.problem == first.problem})
    crews = tuple(_crew(*key, own, length, groups.get((key[0], 1))) for key, own in groups.items())
    return rounded(
        ParallelSummary(
            first.pruner,
            problems,
            n_seeds,
            first.n_trials,
            crews,
            origin,
            tables_drawn=True,
            name="" if name == first.pruner else name,
        )
    )


def _crew(
    sampler: str,
    n_workers: int,
    runs: Mapping[Job, SimulatedRun],
    length: int,
    alone: Mapping[Job, SimulatedRun] | None,
) -> Crew:
    regret = _regret_by_time(runs, length)
    tables = _tables(runs)
    mean = stats.mean_over_runs(regret)
    times = [stats.first_at_or_below(mean, target) / TICKS for target in TARGETS]
    duplicates = float(np.mean([run.near_duplicate.mean() for run in runs.values()]))
    return Crew(
        sampler,
        n_workers,
        np.array(times),
        duplicates,
        _line(regret, tables),
        equal_trials.after(runs, tables),
        equal_trials.ratio(runs, alone, tables) if alone else NO_LINE,
    )


def _tables(runs: Iterable[Job]) -> list[str]:
    """Of the problems in the order of their names."""
    return [table_of(problem) for problem in sorted({job.problem for job in runs})]


def _regret_by_time(runs: Mapping[Job, SimulatedRun], length: int) -> Floats:
    """(n_problems, n_seeds, TICKS * length): the best trial's regret at each tick of the clock.

    Problems in the order of their names.
    """
    ordered = [runs[job] for job in sorted(runs)]
    regret = np.stack([run.best_regret for run in ordered])
    gaps = TICKS * np.stack([np.diff(run.ended, prepend=0.0) for run in ordered])
    n_problems = len({job.problem for job in runs})
    return stats.by_epochs(regret, gaps, TICKS * length).reshape(n_problems, -1, TICKS * length)


def _line(regret: Floats, tables: Sequence[str]) -> Line:
    # To where the last of the runs changes for the last time.
    changes = np.flatnonzero((np.diff(regret) != 0).any(axis=(0, 1)))
    regret = regret[..., : changes[-1] + 2] if changes.size else regret
    mean = stats.mean_over_runs(regret)
    started = int(np.argmax(mean < 0.9))
    points = np.unique(np.geomspace(started + 1, len(mean), N_POINTS).astype(int))
    return Line(points / TICKS, *estimate(regret[..., points - 1], tables))


def read_summary(path: Path) -> ParallelSummary:
    """A saved summary.

    Raises:
        UserError: If there is none, or it is damaged.
    """
    return read_record(ParallelSummary, path, remedy="python -m benchmarks parallel")
