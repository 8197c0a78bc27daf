"""The recommended arm: the one that is best by its neighbourhood, not by its luck (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import FloatArray, median
from .pooling import Groups, Pool, gaussian_weights, weighted_means

# Widths that are tried, as multiples of the usual one: without noise the narrowest is best, much
# noise wants a wide one.
MULTIPLES = np.array([0.25, 1.0, 2.0, 4.0])
# How often the next width has to be halved.
HALVINGS = (2, 1, 1)
# From so many groups on they can tell which.
ENOUGH = 6
# Pulls that the interpolation between a group's neighbours counts for beside their average.
FAINT = 0.1


@dataclass(frozen=True)
class Recommendation:
    """Which arm is recommended: the one around which the smoothed mean reward is largest.

    Less one standard error, so that a single lucky trial is not it.

    Args:
        collapse: What a trial far below the others costs at most, in rewards: much more than in
            the search, since who trains once wants no rate at which every third training collapses.
        interval_noise: Standard deviation of a reward expected before any trial, for the
            confidence intervals; it counts as one measurement.
    """

    collapse: float = 5.0
    interval_noise: float = 0.2

    def arm(self, pool: Pool, width: float) -> int:
        """Index of the recommended group, of at least one.

        The width of the smoothing is the one that predicts the better half of the groups best,
        each from the others (leave-one-out cross-validation).

        Args:
            pool: The trials.
            width: Usual width of the smoothing, standard deviation of a Gaussian, units of axis.
        """
        if len(pool.groups.points) >= ENOUGH:
            widths = width * MULTIPLES
            width = float(widths[np.argmin(_prediction_errors(pool.groups, widths))])
        weights = gaussian_weights(pool.groups.points, np.full(len(pool.groups.points), width))
        means, pulls = weighted_means(weights, pool.groups)
        return int(np.argmax(means - pool.sigma / np.sqrt(pulls)))


def _prediction_errors(groups: Groups, widths: FloatArray) -> FloatArray:
    """(n_widths,): mean error of the better half's rewards, predicted from all others.

    Absolute errors, so that one lucky trial does not decide.
    """
    better = np.flatnonzero(groups.rewards >= median(groups.rewards))
    points = groups.points
    others = _gaussians((points[better, None] - points) ** 2, float(widths[-1]))
    others *= groups.counts
    others[:, np.arange(len(better)), better] = 0.0
    # Where no other group is in reach, the nearest ones have to do.
    beside = _between_neighbours(points, groups.rewards)[better]
    predicted = (others @ groups.rewards + FAINT * beside) / (others.sum(axis=2) + FAINT)
    errors: FloatArray = np.mean(np.abs(predicted - groups.rewards[better]), axis=1)
    return errors


def _gaussians(squares: FloatArray, widest: float) -> FloatArray:
    """(n_widths, ...): exp(-squares / (2 width^2)) for each of the widths, the last the widest."""
    weights = np.empty((len(MULTIPLES), *squares.shape))
    np.exp(squares * (-0.5 / widest**2), out=weights[-1])
    for at in range(len(MULTIPLES) - 2, -1, -1):
        weights[at] = weights[at + 1]
        # Half the width is the fourth power: two squares, faster than the exponential.
        for _ in range(2 * HALVINGS[at]):
            np.square(weights[at], out=weights[at])
    return weights


def _between_neighbours(points: FloatArray, rewards: FloatArray) -> FloatArray:
    """(n,): each reward interpolated between the two beside it; at the ends, the one beside it."""
    width = np.diff(points)
    both = width[1:] + width[:-1]
    # Three trials at one place: any share will do.
    share = np.divide(width[1:], both, out=np.full(len(both), 0.5), where=both > 0)
    inner = share * rewards[:-2] + (1.0 - share) * rewards[2:]
    between: FloatArray = np.concatenate((rewards[1:2], inner, rewards[-2:-1]))
    return between
