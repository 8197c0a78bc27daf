"""Which failed trials diverged, and which merely crashed (numpy only).

A trial that fails without a value is ambiguous: its objective returned NaN because this learning
rate diverges, or it was unlucky (an exception, a dead machine). Where it lies among the trials
that survived tells them apart: divergence fills one side of the axis beyond a cliff, crashes fall
anywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optuna_zooming.arms import FloatArray

# Prior odds of "a cliff somewhere on this side of the axis" against "no cliff", per unit of axis.
# The cliff must lie between the run of failures and the nearest survivor, so a failure right
# beside a survivor is hardly a cliff.
CLIFF_ODDS = 4.0
# Prior pseudo-counts of the crash rate: one crash in eight trials.
PRIOR_CRASHES, PRIOR_TRIALS = 1.0, 8.0


def diverged(failed: FloatArray, survived: FloatArray) -> NDArray[np.bool_]:
    """Whether each failed trial more probably diverged than crashed, shape (n_failed,).

    Failures with no survivor between them form a run. A run of k is a divergent region with odds
    ``CLIFF_ODDS * gap``, or k independent crashes with probability ``p ** k``, where ``p`` is the
    failure rate outside the run. A run with survivors on both sides needs two cliffs.

    Args:
        failed: (n_failed,), unit axis, any order.
        survived: (n_survived,), unit axis, any order.
    """
    if len(failed) == 0:
        return np.zeros(0, dtype=np.bool_)
    # Sentinels: no survivor on that side.
    survivors = np.concatenate(([-np.inf], np.sort(survived), [np.inf]))
    run_of = np.searchsorted(survivors, failed, side="right")
    left, right = survivors[run_of - 1], survivors[run_of]
    _, run, length = np.unique(run_of, return_inverse=True, return_counts=True)
    length = length[run]
    first, last = np.full(run.max() + 1, np.inf), np.full(run.max() + 1, -np.inf)
    np.minimum.at(first, run, failed)
    np.maximum.at(last, run, failed)
    odds = (
        CLIFF_ODDS
        * np.where(np.isinf(left), 1.0, first[run] - left)
        * np.where(np.isinf(right), 1.0, right - last[run])
    )
    others = len(failed) - length
    crash_rate = (PRIOR_CRASHES + others) / (PRIOR_TRIALS + others + len(survived))
    verdict: NDArray[np.bool_] = odds > crash_rate**length
    return verdict


def never_survived(failed: FloatArray, survived: FloatArray) -> NDArray[np.bool_]:
    """Whether each failed trial's choice failed at least twice and never survived, (n_failed,).

    Unordered choices have no neighbours that could tell a crash from a divergence, so one failure
    condemns none.

    Args:
        failed: (n_failed,), choices.
        survived: (n_survived,), choices.
    """
    _, choice, count = np.unique(failed, return_inverse=True, return_counts=True)
    verdict: NDArray[np.bool_] = (count[choice] >= 2) & ~np.isin(failed, survived)
    return verdict
