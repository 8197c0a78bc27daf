"""Everything that the calibration page shows, as it stands in its compact file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.compact import read_record
from benchmarks.reports.provenance import Origin

Floats = NDArray[np.float64]
FILE = "calibration.json"
REMEDY = "python -m benchmarks calibration"


@dataclass(frozen=True, eq=False)
class Judged:
    """Intervals of one kind, the recommended arm's or all arms', at each budget: (n_budgets,).

    A study counts once, however many arms it has. All but ``studies`` are NaN where none is judged.

    Attributes:
        studies: Studies with an interval that was judged.
        arms: Mean number of intervals judged in a study.
        holds: (3, n_budgets), share of a study's intervals that hold the true mean, infinite ones
            among them, and the ends of the share's 95 % interval.
        known_hold: The same share of the finite intervals alone.
        unknown: Share of a study's intervals that are infinite, and so hold anything.
        half_widths: (3, n_budgets), quartiles of the (median) half-width of a study's finite
            intervals, fractions of (best - worst).
    """

    studies: Floats
    arms: Floats
    holds: Floats
    known_hold: Floats
    unknown: Floats
    half_widths: Floats


@dataclass(frozen=True, eq=False)
class Pruned:
    """A group's studies with one pruner, or none.

    Attributes:
        pruner: Its name.
        n_seeds: Of each problem.
        budgets: (n_budgets,), trials.
        recommended, arms: The intervals.
        regret: (2, n_budgets), mean regret of the recommendation and of ``study.best_trial``.
        difference: (3, n_budgets), the former minus the latter, and the ends of its interval.
        to_none: (4, n_budgets), half-width relative to that without a pruner, on the same problems
            and seeds: ratio of means and of medians, of the recommended arm and of all arms. Empty
            without a pruner, and where there is nothing to compare with.
        bases: By table or function, (2,), share of the recommended arms' intervals and of all arms'
            that hold after BASE_BUDGET trials.
    """

    pruner: str
    n_seeds: int
    budgets: Floats
    recommended: Judged
    arms: Judged
    regret: Floats
    difference: Floats
    to_none: Floats
    bases: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class Group:
    """A group of problems under each pruner."""

    name: str
    pruned: tuple[Pruned, ...]


@dataclass(frozen=True, eq=False)
class Replicated:
    """Fixed rates with several seeds each, at each of SEEDS_OF_RATES: (n_budgets,).

    Attributes:
        on: Kind of problems.
        n_rates: How many rates.
        n_seeds: Studies of each problem.
        recommended, arms: The intervals.
        pooled_hold: Share of the pooled t-intervals of the rates' means that hold the true mean.
        pooled_half_widths: Their median half-width, a fraction of (best - worst).
        to_pooled: (2, n_budgets), median ratio of the half-width to that of the same study's
            pooled t-interval, of the recommended arm and of all arms.
    """

    on: str
    n_rates: int
    n_seeds: int
    recommended: Judged
    arms: Judged
    pooled_hold: Floats
    pooled_half_widths: Floats
    to_pooled: Floats


@dataclass(frozen=True, eq=False)
class CalibrationSummary:
    """Everything that the page shows.

    n_seeds: As the command was told.
    """

    n_seeds: int
    groups: tuple[Group, ...]
    replicated: tuple[Replicated, ...]
    origin: Origin


def read_summary(folder: Path) -> CalibrationSummary:
    """The saved summary.

    Raises:
        UserError: If there is none, or it is damaged or of an earlier kind.
    """
    return read_record(CalibrationSummary, folder / FILE, remedy=REMEDY)
