"""One epoch for all, the best k to the end (arXiv 2307.15422): whom it chooses, what it costs.

The procedure needs its number of configurations beforehand. Entry ``n`` is the whole procedure
with the first ``n`` points of the design, so that it is at its best at every budget.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from optuna.trial import FrozenTrial

Floats = NDArray[np.float64]


def selections(trials: Sequence[FrozenTrial], k: int) -> NDArray[np.int64]:
    """(n_trials,) index of the trial that the procedure chooses; every epoch was reported.

    A trial that diverged is never kept before others.
    """
    first, last = np.array([_ends(trial) for trial in trials]).T
    chosen = [selected(first[: n + 1], last[: n + 1], k) for n in range(len(trials))]
    return np.array(chosen, dtype=np.int64)


def selected(first: Floats, last: Floats, k: int) -> int:
    """Index of the best last value among the k best first ones (earlier ones win ties)."""
    kept = np.argsort(-first, kind="stable")[:k]
    return int(kept[np.argmax(last[kept])])


def costs(n_trials: int, n_epochs: int, k: int) -> NDArray[np.int64]:
    """(n_trials,) epochs of the whole procedure: the kept ones go on from their first epoch."""
    counts = np.arange(1, n_trials + 1)
    epochs: NDArray[np.int64] = counts + np.minimum(counts, k) * (n_epochs - 1)
    return epochs


def _ends(trial: FrozenTrial) -> tuple[float, float]:
    """First and last reported value, -inf for NaN and for nothing."""
    reported = trial.intermediate_values
    if not reported:
        return -np.inf, -np.inf
    ends = np.array([reported[min(reported)], reported[max(reported)]])
    low, high = np.where(np.isnan(ends), -np.inf, ends)
    return float(low), float(high)
