"""Figures of merit over regret arrays, shape (n_problems, n_seeds, n_trials) unless said otherwise.

A regret is a fraction; NaN stands for "nothing to recommend yet" and counts as the worst, 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats as scipy_stats

Floats = NDArray[np.float64]


def with_nothing_as_worst(regret: Floats) -> Floats:
    """NaN, a run without a finished trial, counts as the worst regret, 1."""
    return np.where(np.isnan(regret), 1.0, regret)


def carried_forward(regret: Floats) -> Floats:
    """Fill a NaN with the last known regret along the last axis (a recommendation stands until
    the next one)."""
    known = ~np.isnan(regret)
    last = np.maximum.accumulate(np.where(known, np.arange(regret.shape[-1]), -1), axis=-1)
    filled = np.take_along_axis(regret, np.maximum(last, 0), axis=-1)
    return np.where(last < 0, np.nan, filled)


def mean_over_runs(regret: Floats) -> Floats:
    """Mean over problems and seeds, shape (n_trials,)."""
    return np.asarray(regret.mean(axis=(0, 1)))


def interquartile_mean(regret: Floats) -> Floats:
    """Mean of the middle half of all runs (problems x seeds), shape (n_trials,)."""
    runs = regret.reshape(-1, *regret.shape[2:])
    return np.asarray(scipy_stats.trim_mean(runs, 0.25, axis=0))


def first_at_or_below(curve: Floats, target: float) -> float:
    """1-based place of the first entry at or below the target, infinity if there is none.

    Args:
        curve: (n_trials,), such as a mean regret after each trial.
        target: Regret to reach.
    """
    reached = np.flatnonzero(curve <= target)
    return float(reached[0] + 1) if reached.size else np.inf


def median_run_to(regret: Floats, target: float) -> float:
    """Median over runs of the first trial at or below the target."""
    runs = regret.reshape(-1, regret.shape[-1])
    reached = runs <= target
    first = np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.inf)
    # Sorted by hand: np.median averages two infinities into NaN.
    ordered = np.sort(first)
    middle = len(ordered) // 2
    if len(ordered) % 2 or np.isinf(ordered[middle]):
        return float(ordered[middle])
    return float(ordered[middle - 1 : middle + 1].mean())


def by_epochs(regret: Floats, epochs: Floats, n_epochs: int) -> Floats:
    """Regret after 1, 2, ... ``n_epochs`` epochs of training, shape (..., n_epochs).

    A trial counts from the epoch in which it ends; before the first one the regret is 1. Runs
    shorter than ``n_epochs`` keep their last regret.

    Args:
        regret: (..., n_trials), after each trial.
        epochs: (..., n_trials), spent by each trial.
        n_epochs: Length of the common axis.
    """
    worst = np.ones((*regret.shape[:-1], 1))
    steps = np.concatenate([worst, with_nothing_as_worst(regret)], axis=-1)
    spent = np.cumsum(epochs, axis=-1).reshape(-1, epochs.shape[-1])
    axis = np.arange(1, n_epochs + 1)
    finished = np.array([np.searchsorted(each, axis, side="right") for each in spent])
    finished = finished.reshape(*regret.shape[:-1], n_epochs)
    return np.asarray(np.take_along_axis(steps, finished, axis=-1))


def area_under_curve(regret: Floats) -> float:
    """Mean over runs and trials of the regret: the area under the curve per trial."""
    return float(regret.mean())


def mean_ranks(regrets: Sequence[Floats]) -> Floats:
    """Mean rank of each sampler after each trial, 1 for the best, ties shared.

    Args:
        regrets: One array (n_problems, n_seeds, n_trials) per sampler, all of one shape.

    Returns:
        (n_samplers, n_trials).
    """
    ranks = scipy_stats.rankdata(np.stack(regrets), axis=0, method="average")
    return np.asarray(ranks.mean(axis=(1, 2)))
