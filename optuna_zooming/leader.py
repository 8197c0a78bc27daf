"""The leader: the arm that is best by its neighbourhood, not by its luck (numpy only)."""

from __future__ import annotations

import numpy as np

from optuna_zooming.arms import FloatArray
from optuna_zooming.pooling import Groups, gaussian_weights, weighted_means

# Widths that are tried, as multiples of the narrowest: a sharp peak wants a narrow average, much
# noise a wide one.
MULTIPLES = (1.0, 2.0, 4.0)
# From so many groups on they can tell which.
ENOUGH = 6


def leader_of(
    groups: Groups, places: FloatArray, *, sigma: float, width: float, caution: float
) -> int:
    """Index of the group around which the smoothed mean reward, less its error, is largest.

    The width of the smoothing is the one that predicts the better half of the groups best, each
    from the others (leave-one-out cross-validation).

    Args:
        groups: The finished trials, at least one.
        places: (n_groups,), where the groups lie for smoothing.
        sigma: Standard deviation of a reward.
        width: Narrowest smoothing, standard deviation of the Gaussian, units of axis.
        caution: Standard errors that are taken off.
    """
    multiples = MULTIPLES if len(places) >= ENOUGH else MULTIPLES[:1]
    least, leader = np.inf, 0
    for multiple in multiples:
        weights = gaussian_weights(places, np.full(len(places), multiple * width))
        means, pulls = weighted_means(weights, groups)
        error = _prediction_error(weights, groups) if len(multiples) > 1 else 0.0
        if error < least:
            least, leader = error, int(np.argmax(means - caution * sigma / np.sqrt(pulls)))
    return leader


def _prediction_error(weights: FloatArray, groups: Groups) -> float:
    """Mean square error of the better half's rewards, each predicted from all others."""
    better = np.flatnonzero(groups.rewards >= np.median(groups.rewards))
    others = weights[better] * groups.counts
    others[np.arange(len(better)), better] = 0.0
    mass = others.sum(axis=1)
    # A group without neighbours is predicted by the mean of all.
    alone = mass < 1e-6
    predicted = (others @ groups.rewards) / np.where(alone, 1.0, mass)
    errors = np.where(alone, groups.rewards.mean(), predicted) - groups.rewards[better]
    return float(np.mean(errors**2))
