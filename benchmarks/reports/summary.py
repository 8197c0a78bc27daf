"""What is kept of a group's rows: every figure that its page and its charts show."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.compact import read_record
from benchmarks.reports.provenance import Origin

Floats = NDArray[np.float64]

BUDGETS = (3, 5, 8, 10, 15, 20, 30, 50, 100)
TARGETS = (0.02, 0.01, 0.005)
# Epochs of training at which pruners are compared; the last is 40 whole trainings.
EPOCHS = (20, 30, 40, 50, 70, 100, 150, 200, 300, 400)
# A regret that nobody would accept.
FAR_OFF = 0.1


@dataclass(frozen=True, eq=False)
class Line:
    """Means with their 95 % intervals along an axis, (n_points,) each; regrets are fractions."""

    x: Floats
    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Regret:
    """Over all runs: the mean and the interquartile mean at BUDGETS, the mean after each trial."""

    mean: Line
    interquartile: Line
    curve: Line


@dataclass(frozen=True, eq=False)
class Column:
    """A sampler with a pruner, over all problems and seeds.

    Attributes:
        sampler, pruner: Their names among those under comparison.
        n_problems, n_trials: What all runs have in common.
        seeds: The seeds of each problem.
        best: Regret of the best trial; empty with a pruner, where trials are not alike.
        recommended: Regret of the recommended arm; empty where there is no such arm.
        by_noise: Regret of the best trial by the noise in percent; empty in other groups.
        by_epochs: Regret of the best trial by epochs of training; empty if no figure shows it.
        mean_reaches: (n_targets,), first trial at which the mean regret is at most each of TARGETS.
        median_reaches: (n_targets,), the median over runs of the first trial.
        epochs_reach: (n_targets,), epochs of training until the mean is.
        area: Mean regret over all trials and runs.
        sampler_seconds: Mean time of the sampler in a trial.
        epochs_per_trial: Mean.
    """

    sampler: str
    pruner: str
    n_problems: int
    n_trials: int
    seeds: tuple[int, ...]
    best: Regret
    recommended: Regret
    by_noise: Line
    by_epochs: Line
    mean_reaches: Floats
    median_reaches: Floats
    epochs_reach: Floats
    area: float
    sampler_seconds: float
    epochs_per_trial: float

    @property
    def name(self) -> str:
        """As a page shows it."""
        return self.sampler if self.pruner == "none" else f"{self.sampler} + {self.pruner}"

    @property
    def runs(self) -> str:
        """Problems x seeds."""
        return f"{self.n_problems} x {len(self.seeds)}"


@dataclass(frozen=True, eq=False)
class Base:
    """Problems shown as one: a recorded table or a function, with its variants and sub-ranges.

    In groups whose best rate lies anywhere it is the part of the range in which that lies.

    name: As a page shows it.
    regret: By sampler, (n_budgets,), mean regret of the best trial at BUDGETS.
    paired: By rival, ours minus the rival's regret at BUDGETS.
    """

    name: str
    regret: dict[str, Floats]
    paired: dict[str, Line]


@dataclass(frozen=True, eq=False)
class Calibration:
    """The recommendation's 95 % interval, (n_budgets,) each.

    budgets: Those at which it was judged. holds: Share of the runs in which it holds the true
    mean. width: Median width, a fraction of (best - worst).
    """

    budgets: Floats
    holds: Floats
    width: Floats


@dataclass(frozen=True, eq=False)
class TableResolution:
    """How finely a recorded table tells learning rates apart, in fractions of (best - worst).

    trial: Standard deviation of a trial near the best rate.
    mean: Standard error of the mean over the recorded seeds there.
    smoothed: (n_widths,), regret of the rate that is best once the means are smoothed: what is
        left to somebody who knows the curve, but not the luck of the recorded seeds.
    """

    trial: float
    mean: float
    smoothed: Floats


@dataclass(frozen=True, eq=False)
class TableShortfall:
    """Of one recorded table, in the units of its shortfall.

    noise: Standard deviation of a training at the best rate, over the recorded seeds.
    ours: (n_budgets,), mean of what our best trial lacks at BUDGETS.
    """

    noise: float
    ours: Floats


@dataclass(frozen=True, eq=False)
class Shortfall:
    """What the best trial lacks to the best mean, over all runs on recorded tables of a measure.

    In points of accuracy (percent), or in the loss's units.

    measure: "accuracy" or "loss".
    n_problems: How many problems there are.
    noise: Standard deviation of a training at the best rate, mean over the problems.
    size: By sampler, mean of what is lacking at BUDGETS.
    beyond: By sampler, share of the runs at BUDGETS that lack more than one point of accuracy, or
        more than 1 % of (best - worst) of a loss.
    tables: By recorded table.
    """

    measure: str
    n_problems: int
    noise: float
    size: dict[str, Line]
    beyond: dict[str, Line]
    tables: dict[str, TableShortfall]


@dataclass(frozen=True, eq=False)
class Summary:
    """A group's results.

    Attributes:
        group: Its name.
        problems: Names of its problems that were run.
        columns: Every sampler with every pruner.
        compared: Names of the samplers without a pruner, ours first.
        ranks: Mean rank at BUDGETS of the samplers that have every run, the best first.
        paired: By rival, ours minus the rival's regret at BUDGETS.
        bases: Every table or function.
        calibration: Ours, without a pruner.
        resolution: By problem; empty for groups without recorded learning-rate tables.
        recordings: On what and when each table was recorded.
        failures: Studies that raised.
        origin: Code, tables and commands behind the rows.
        n_tables: Recorded tables, or functions, that intervals draw anew; 0 in older files, whose
            intervals draw seeds only.
        shortfalls: By measure; empty in older files and in groups without recorded tables.
        far_off: By sampler, share of the runs whose regret is above FAR_OFF at BUDGETS; empty in
            older files.
        pruned: By sampler and by pruner, regret with ZoomingPruner minus regret with that pruner
            at those of EPOCHS that every run reaches; empty in older files.
    """

    group: str
    problems: tuple[str, ...]
    columns: tuple[Column, ...]
    compared: tuple[str, ...]
    ranks: dict[str, Floats]
    paired: dict[str, Line]
    bases: tuple[Base, ...]
    calibration: Calibration
    resolution: dict[str, TableResolution]
    recordings: dict[str, str]
    failures: tuple[str, ...]
    origin: Origin
    n_tables: int = 0
    shortfalls: tuple[Shortfall, ...] = ()
    far_off: dict[str, Line] = field(default_factory=dict)
    pruned: dict[str, dict[str, Line]] = field(default_factory=dict)

    def column(self, sampler: str, pruner: str = "none") -> Column | None:
        """The column of a sampler with a pruner, None if it was not run."""
        found = [each for each in self.columns if (each.sampler, each.pruner) == (sampler, pruner)]
        return found[0] if found else None

    @property
    def compared_columns(self) -> list[Column]:
        """The columns of ``compared``."""
        own = {each.sampler: each for each in self.columns if each.pruner == "none"}
        return [own[name] for name in self.compared]


def budgets_up_to(n_trials: int) -> NDArray[np.int64]:
    """Those of BUDGETS that studies of so many trials have."""
    return np.array([budget for budget in BUDGETS if budget <= n_trials], dtype=np.int64)


def read_summary(folder: Path, group: str) -> Summary:
    """A group's summary.

    Raises:
        UserError: If there is none, or it is damaged; the message says how to make it.
    """
    remedy = (
        f"python -m benchmarks compare --problems {group} --out FOLDER, then "
        f"python -m benchmarks report --rows FOLDER --groups {group}"
    )
    return read_record(Summary, folder / f"{group}.json", remedy=remedy)
