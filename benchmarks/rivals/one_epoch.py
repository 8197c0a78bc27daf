"""One epoch for all, the best k to the end (arXiv 2307.15422).

The procedure needs its number of configurations beforehand. Its row ``n`` is the whole procedure
with the first ``n`` points of the design, so that it is at its best at every budget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from optuna.trial import FrozenTrial

from benchmarks.runs.rows import Run, as_json

if TYPE_CHECKING:
    from benchmarks.problems.groups import Problem

Floats = NDArray[np.float64]


def one_epoch_run(
    trials: list[FrozenTrial], problem: Problem, seed: int, seconds: Floats, *, k: int
) -> Run:
    """Rows of the procedure, from trials of the design that were trained to the end.

    ``epochs`` are differences of the procedure's cost, ``n + min(k, n) (n_epochs - 1)``: the
    kept ones go on from their first epoch. A trial that diverged is never kept before others.

    Args:
        trials: The design's trials, every epoch reported.
        problem: Where the regret comes from.
        seed: Seed of the run.
        seconds: (n_trials,) time spent on the design.
        k: How many are kept.
    """
    regret = np.array([problem.regret(trial.params) for trial in trials])
    first, last = np.array([_ends(trial) for trial in trials]).T
    chosen = [selected(first[: n + 1], last[: n + 1], k) for n in range(len(trials))]
    counts = np.arange(1, len(trials) + 1)
    cost = counts + np.minimum(counts, k) * (problem.n_epochs - 1)
    nothing = np.full(len(trials), np.nan)
    return Run(
        seed=seed,
        state=np.array([trial.state.name for trial in trials]),
        epochs=np.diff(cost, prepend=0).astype(float),
        value=np.where(np.isinf(last), np.nan, last),
        regret=regret,
        best_regret=regret[chosen],
        recommended_regret=nothing,
        interval_holds=nothing,
        interval_width=nothing,
        sampler_seconds=seconds,
        params=np.array([as_json(trial.params) for trial in trials]),
    )


def selected(first: Floats, last: Floats, k: int) -> int:
    """Index of the best last value among the k best first ones (earlier ones win ties)."""
    kept = np.argsort(-first, kind="stable")[:k]
    return int(kept[np.argmax(last[kept])])


def _ends(trial: FrozenTrial) -> tuple[float, float]:
    """First and last reported value, -inf for NaN and for nothing."""
    reported = trial.intermediate_values
    if not reported:
        return -np.inf, -np.inf
    ends = np.array([reported[min(reported)], reported[max(reported)]])
    low, high = np.where(np.isnan(ends), -np.inf, ends)
    return float(low), float(high)
