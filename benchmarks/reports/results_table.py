"""Saved rows as arrays: what summaries are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.problems.groups import SYNTHETIC, group_names
from benchmarks.reports import stats
from benchmarks.reports.summary import TARGETS
from benchmarks.rivals.samplers import RIVALS, rival
from benchmarks.runs.rows import Cell, Run, read_runs

Floats = NDArray[np.float64]
BUDGETS = (3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 80, 100)
Merit = Literal[
    "best_regret",
    "recommended_regret",
    "interval_holds",
    "interval_width",
    "arms_judged",
    "arms_hold",
    "arms_unknown",
    "arms_width",
    "epochs",
    "sampler_seconds",
]


@dataclass(frozen=True)
class Key:
    """A column of the comparison."""

    sampler: str
    pruner: str

    def __str__(self) -> str:
        return self.sampler if self.pruner == "none" else f"{self.sampler} + {self.pruner}"


@dataclass(frozen=True, eq=False)
class ResultsTable:
    """Runs by sampler and pruner, by problem, by seed, and what made them by cell."""

    runs: dict[Key, dict[str, dict[int, Run]]]
    fingerprints: Mapping[Cell, Mapping[str, str]] = field(default_factory=dict)

    @property
    def keys(self) -> list[Key]:
        return list(self.runs)

    @property
    def problems(self) -> list[str]:
        return list(dict.fromkeys(name for own in self.runs.values() for name in own))

    @property
    def bases(self) -> list[str]:
        """Names of the tables and functions, without variants and sub-ranges."""
        return list(dict.fromkeys(base_name(name) for name in self.problems))

    def restricted(self, problems: Iterable[str]) -> ResultsTable:
        """The same with some of the problems only."""
        wanted = set(problems)
        runs = {
            key: {name: seeds for name, seeds in own.items() if name in wanted}
            for key, own in self.runs.items()
        }
        made = {cell: each for cell, each in self.fingerprints.items() if cell.problem in wanted}
        return ResultsTable({key: own for key, own in runs.items() if own}, made)

    def of_rivals(self) -> ResultsTable:
        """The same without studies that are there for calibration only."""
        runs = {k: own for k, own in self.runs.items() if not rival(k.sampler).for_calibration}
        made = {
            c: each for c, each in self.fingerprints.items() if Key(c.sampler, c.pruner) in runs
        }
        return ResultsTable(runs, made)

    def shape(self, *keys: Key) -> tuple[list[str], list[int], int]:
        """Problems, seeds and number of trials that all of these have in common."""
        shared = [name for name in self.problems if all(name in self.runs[key] for key in keys)]
        of_each = [self.runs[key][name] for key in keys for name in shared]
        seeds = set.intersection(*(set(runs) for runs in of_each)) if of_each else set()
        lengths = [len(runs[seed]) for runs in of_each for seed in seeds]
        return shared, sorted(seeds), min(lengths, default=0)

    def shared(self, *keys: Key) -> ResultsTable:
        """Of these only the problems and seeds that all of them have, each run in its length."""
        problems, seeds, _ = self.shape(*keys)
        return ResultsTable(
            {
                key: {
                    name: {seed: self.runs[key][name][seed] for seed in seeds} for name in problems
                }
                for key in keys
            }
        )

    def tables(self, *keys: Key) -> list[str]:
        """The table of each problem that all of these have in common."""
        return [table_of(name) for name in self.shape(*keys)[0]]

    def array(self, merit: Merit, key: Key, *others: Key) -> Floats:
        """(n_problems, n_seeds, n_trials) of what ``key`` has in common with the others.

        A regret of NaN counts as 1; a recommendation stands until the next one, and where a
        sampler has none of its own it is ``study.best_trial``.
        """
        problems, seeds, n_trials = self.shape(key, *others)
        own = self.runs[key]
        column = np.array(
            [[_column(own[name][seed], merit)[:n_trials] for seed in seeds] for name in problems]
        )
        return column.reshape(len(problems), len(seeds), n_trials)


def compared_by_trials(table: ResultsTable) -> list[Key]:
    """Samplers without a pruner, ours first and the others as they stand in RIVALS.

    Without "one epoch, keep the top k", which runs few of its trials to the end. A grid of n
    points does run n trials.
    """
    order = list(RIVALS)
    keys = [key for key in table.keys if key.pruner == "none" and rival(key.sampler).top_k is None]
    return sorted(keys, key=lambda key: order.index(key.sampler.partition(":")[0]))


def base_name(problem: str) -> str:
    """A problem's name without its variant, sub-range and endings: of its table or function."""
    return problem.partition("/")[0].partition("+")[0]


def table_of(problem: str) -> str:
    """What goes together when problems are drawn anew: a recorded table with all its ranges.

    A function with a known optimum stands for itself, one of several parameters with all levels
    of its noise.
    """
    function = problem.removesuffix("+mute")
    apart = [group for group in SYNTHETIC if not group.endswith("-joint")]
    synthetic = any(function in group_names(group) for group in apart)
    return function if synthetic else base_name(problem)


def _column(run: Run, merit: Merit) -> Floats:
    if merit == "recommended_regret" and np.isnan(run.recommended_regret).all():
        merit = "best_regret"
    column: Floats = getattr(run, merit)
    if not merit.endswith("regret"):
        return column
    return stats.with_nothing_as_worst(stats.carried_forward(column))


def load_table(folder: Path, *, cells: Sequence[Cell] | None = None) -> ResultsTable:
    """Read the rows of some cells, or of all there are, in the order of the cells' names."""
    if cells is None:
        paths = sorted((folder / "raw").glob("*.csv.gz"))
    else:
        paths = [path for path in (cell.path(folder) for cell in cells) if path.exists()]
    runs: dict[Key, dict[str, dict[int, Run]]] = {}
    fingerprints = {}
    for path in paths:
        cell, made, own = read_runs(path)
        fingerprints[cell] = made
        by_problem = runs.setdefault(Key(cell.sampler, cell.pruner), {})
        by_problem[cell.problem] = {run.seed: run for run in own}
    return ResultsTable(runs, fingerprints)


def summary_lines(table: ResultsTable) -> list[str]:
    """Mean regret in percent after some budgets, and trials and epochs to a target, as text."""
    head = [f"{budget:>6}" for budget in BUDGETS]
    lines = [
        "mean regret of best_trial in % after so many trials; r: of the recommendation",
        f"{'':34}{''.join(head)}  to 2%  to 1% to .5%  epochs to 1%",
    ]
    for key in table.keys:
        for merit, mark in (("best_regret", " "), ("recommended_regret", "r")):
            own = table.runs[key].values()
            runs = [run for seeds in own for run in seeds.values()]
            if mark == "r" and all(np.isnan(run.recommended_regret).all() for run in runs):
                continue
            lines.append(_summary_line(table, key, merit, mark))  # type: ignore[arg-type]
    return lines


def _summary_line(table: ResultsTable, key: Key, merit: Merit, mark: str) -> str:
    regret, epochs = table.array(merit, key), table.array("epochs", key)
    curve = stats.mean_over_runs(regret)
    shown = [
        f"{100 * curve[budget - 1]:6.2f}" if budget <= len(curve) else f"{'':6}"
        for budget in BUDGETS
    ]
    reach = [f"{stats.first_at_or_below(curve, target):7.0f}" for target in TARGETS]
    longest = int(epochs.sum(axis=-1).max())
    spent = stats.mean_over_runs(stats.by_epochs(regret, epochs, longest))
    n_problems, n_seeds, _ = regret.shape
    return (
        f"{str(key)[:31]:31} {mark} {''.join(shown)}{''.join(reach)}"
        f"{stats.first_at_or_below(spent, 0.01):14.0f}   ({n_problems} x {n_seeds} runs)"
    )
