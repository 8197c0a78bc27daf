"""Which trials are active arms, and what each is worth in the objective's units (numpy only)."""

from __future__ import annotations

import numpy as np

from .._arrays import FloatArray, IntArray
from .._history import History
from .intervals import local_mean
from .pooling import Estimates


def means_in_value_units(
    arms: FloatArray, history: History, prior: float
) -> tuple[IntArray, FloatArray, FloatArray]:
    """(the arm each trial counts for, mean of each arm, half-width of its 95 % interval).

    Rewards are clipped, values are not: so these are averages of the values themselves. Averages
    leave diverged trials out, but an arm whose own pulls all diverged has mean ``-inf``, however
    good its neighbours are.

    Args:
        arms: (n_arms,), unit axis, increasing.
        history: The trials.
        prior: Noise expected before any trial, units of value.
    """
    owner = np.abs(history.points[:, None] - arms[None, :]).argmin(axis=1)
    alive = np.isfinite(history.values)
    means, errors = np.full(len(arms), -np.inf), np.zeros(len(arms))
    for arm, point in enumerate(arms):
        own = np.flatnonzero((owner == arm) & alive)
        if len(own):
            nearest = own[np.argmin(np.abs(history.points[own] - point))]
            at = int(np.count_nonzero(alive[:nearest]))
            means[arm], errors[arm] = local_mean(
                at, history.points[alive], history.values[alive], prior
            )
    return owner, means, errors


def net_of_arms(estimates: Estimates, reach: FloatArray, first: int) -> IntArray:
    """Indices of the active arms, increasing: greedy by pooled mean, starting with ``first``."""
    points = estimates.points
    covered = np.zeros(len(points), dtype=np.bool_)
    active = []
    for candidate in np.append(first, np.argsort(-estimates.means, kind="stable")):
        if not covered[candidate]:
            active.append(candidate)
            covered |= np.abs(points - points[candidate]) <= reach[candidate]
            covered[candidate] = True
    return np.sort(np.array(active, dtype=np.int64))
