"""What many workers lose, or not, where as many trials have ended as with one worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.intervals import Estimate, estimate, ratio_of_means
from benchmarks.reports.summary import Line
from benchmarks.workers.simulation import Job, SimulatedRun

Floats = NDArray[np.float64]
# Trials that all workers together have finished.
BUDGETS = (10, 20, 30, 50, 100)


def after(runs: Mapping[Job, SimulatedRun], tables: Sequence[str]) -> Line:
    """Mean regret of the best trial once so many trials have ended, at those of BUDGETS there are.

    Args:
        runs: All of a sampler with so many workers.
        tables: The table of each problem, in the order of the problems' names.
    """
    regret = _at_budgets(runs)
    return _line(estimate(regret, tables), regret.shape[-1])


def ratio(
    runs: Mapping[Job, SimulatedRun], alone: Mapping[Job, SimulatedRun], tables: Sequence[str]
) -> Line:
    """The same over that of one worker on the same problems and seeds."""
    together, one = _at_budgets(runs), _at_budgets(alone)
    return _line(ratio_of_means(together, one, tables), one.shape[-1])


def _at_budgets(runs: Mapping[Job, SimulatedRun]) -> Floats:
    """(n_problems, n_seeds, n_budgets), problems in the order of their names."""
    regret = np.stack([runs[job].best_regret for job in sorted(runs)])
    # Nothing has finished yet: as bad as can be.
    regret = np.where(np.isnan(regret), 1.0, regret)
    places = [budget - 1 for budget in BUDGETS if budget <= regret.shape[1]]
    n_problems = len({job.problem for job in runs})
    return regret[:, places].reshape(n_problems, -1, len(places))


def _line(figures: Estimate, n_budgets: int) -> Line:
    return Line(np.array(BUDGETS[:n_budgets], dtype=np.float64), *figures)
