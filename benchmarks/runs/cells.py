"""Which studies to run, and running them on all cores with their rows saved as they come."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import sys
import time
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.problems.groups import make_problem
from benchmarks.problems.noise import run_seed
from benchmarks.progress import progress
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import DEFAULT_SAMPLERS, RIVALS, rival
from benchmarks.runs.fingerprints import fingerprint_of
from benchmarks.runs.processes import map_unordered
from benchmarks.runs.rows import Cell, Run, read_fingerprint, read_runs, write_runs
from benchmarks.runs.runner import run_study

SAVE_SECONDS = 10.0
PRUNED_SAMPLERS = ("zooming", "tpe", "random")
PRUNED_SEEDS = 10
# Slow samplers too are worth so much on several parameters, where models tell.
SEVERAL_SEEDS, SEVERAL_TRIALS = 5, 100
# A trial that is pruned at once costs one epoch of ten: with so many times more trials each run
# reaches the epochs of four in ten of the whole ones.
PRUNED_LONGER = 4


@dataclass(frozen=True)
class Task:
    """A cell with the number of its seeds (0, 1, ...) and of the trials of each."""

    cell: Cell
    n_seeds: int
    n_trials: int


@dataclass(frozen=True)
class Failure:
    """A study that raised."""

    cell: Cell
    seed: int
    message: str

    def __str__(self) -> str:
        cell = self.cell
        return f"{cell.problem}, {cell.sampler}, {cell.pruner}, seed {self.seed}: {self.message}"


def tasks_of(
    problems: Sequence[str],
    samplers: Sequence[str],
    pruners: Sequence[str],
    *,
    n_seeds: int,
    n_trials: int,
) -> list[Task]:
    """Everything crossed, without samplers where they claim nothing."""
    return [
        Task(Cell(problem, sampler, pruner), n_seeds, n_trials)
        for problem in problems
        for sampler in samplers
        for pruner in pruners
        if claims(sampler, problem, pruner)
    ]


def default_tasks(problems: Sequence[str], *, n_seeds: int, n_trials: int) -> list[Task]:
    """Every default sampler without a pruner, slow ones less often; some with each pruner."""
    tasks = []
    for name in DEFAULT_SAMPLERS:
        for problem in problems:
            most_seeds, most_trials = _most(name, problem)
            own_seeds, own_trials = min(n_seeds, most_seeds), min(n_trials, most_trials)
            tasks += tasks_of([problem], [name], ["none"], n_seeds=own_seeds, n_trials=own_trials)
    pruners = [name for name in PRUNERS if name != "none"]
    few = min(n_seeds, PRUNED_SEEDS)
    longer = PRUNED_LONGER * n_trials
    return tasks + tasks_of(problems, PRUNED_SAMPLERS, pruners, n_seeds=few, n_trials=longer)


def _most(sampler: str, problem: str) -> tuple[int, int]:
    """Seeds and trials of a sampler in the default selection at most."""
    chosen = RIVALS[sampler]
    most = chosen.seeds or sys.maxsize, chosen.trials or sys.maxsize
    if make_problem(problem).n_parameters == 1:
        return most
    return max(most[0], SEVERAL_SEEDS), max(most[1], SEVERAL_TRIALS)


def claims(sampler: str, problem: str, pruner: str) -> bool:
    """Whether a sampler claims to work on a problem and with a pruner."""
    chosen = rival(sampler)
    if chosen.one_parameter and make_problem(problem).n_parameters > 1:
        return False
    return not chosen.is_procedure or pruner == "none"


def run_tasks(
    tasks: Sequence[Task], folder: Path, *, n_jobs: int | None = None, fresh: bool = False
) -> list[Failure]:
    """Run what is missing and save it; rows made by other code or tables are made anew.

    Args:
        tasks: What is wanted.
        folder: Where the rows are and go to.
        n_jobs: Processes; None for one per core, 1 for this process alone.
        fresh: Do not use what is there.

    Returns:
        The studies that raised, which ``failures.csv`` in the folder lists too.
    """
    done = {task.cell: [] if fresh else saved_runs(task.cell, folder) for task in tasks}
    missing = [
        (task, seed)
        for task in tasks
        for seed in range(task.n_seeds)
        if not any(run.seed == seed and len(run) >= task.n_trials for run in done[task.cell])
    ]
    writer = _Writer(folder, done)
    failures = []
    try:
        with contextlib.closing(map_unordered(_run, missing, n_jobs=n_jobs)) as results:
            for result in progress(results, total=len(missing), unit="study"):
                if isinstance(result, Failure):
                    failures.append(result)
                else:
                    writer.add(*result)
    finally:
        writer.save()
    _record_failures(failures, [task.cell for task in tasks], folder)
    return failures


def saved_runs(cell: Cell, folder: Path) -> list[Run]:
    """A cell's runs on disk, or none where they were made by other code or tables."""
    path = cell.path(folder)
    if not path.exists() or read_fingerprint(path) != fingerprint_of(cell):
        return []
    return read_runs(path)[2]


class _Writer:
    """Saves each cell's runs a few seconds after they come."""

    def __init__(self, folder: Path, done: dict[Cell, list[Run]]) -> None:
        self._folder = folder
        self._done = done
        self._changed: set[Cell] = set()
        self._saved = time.monotonic()

    def add(self, cell: Cell, run: Run) -> None:
        kept = [each for each in self._done[cell] if each.seed != run.seed]
        self._done[cell] = [*kept, run]
        self._changed.add(cell)
        if time.monotonic() - self._saved > SAVE_SECONDS:
            self.save()

    def save(self) -> None:
        for cell in self._changed:
            write_runs(cell, self._done[cell], self._folder, fingerprint=fingerprint_of(cell))
        self._changed.clear()
        self._saved = time.monotonic()


def _run(job: tuple[Task, int]) -> tuple[Cell, Run] | Failure:
    (task, seed), cell = job, job[0].cell
    try:
        problem, chosen = make_problem(cell.problem), rival(cell.sampler)
        own = run_seed(cell.problem, seed)
        run = run_study(problem, chosen, cell.pruner, own, n_trials=task.n_trials)
        return cell, dataclasses.replace(run, seed=seed)
    except Exception as error:  # whatever a sampler raises is a finding
        where = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
        return Failure(cell, seed, message)


def _record_failures(failures: Sequence[Failure], ran: Iterable[Cell], folder: Path) -> None:
    """Rewrite failures.csv: the new ones, and old ones of cells that did not run now."""
    path, now = folder / "failures.csv", set(ran)
    kept = [failure for failure in read_failures(folder) if failure.cell not in now]
    everything = [*kept, *failures]
    if not everything:
        path.unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for each in everything:
            cell = each.cell
            writer.writerow([cell.problem, cell.sampler, cell.pruner, each.seed, each.message])


def read_failures(folder: Path) -> list[Failure]:
    """The studies that raised when they were last run."""
    path = folder / "failures.csv"
    if not path.exists():
        return []
    with path.open(newline="") as stream:
        return [
            Failure(Cell(problem, sampler, pruner), int(seed), message)
            for problem, sampler, pruner, seed, message in csv.reader(stream)
        ]
