"""Pooled estimates along one axis: mean, confidence radius and local slope (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import FloatArray, IntArray
from .rewards import noise_level

# Above this many finished trials neighbours are merged, so that a proposal's cost stays bounded.
MAX_GROUPS = 64
# Points nearer than this, units of axis, are so by rounding: a slope between them overflows.
FINEST = 1e-15


@dataclass(frozen=True, eq=False)
class Groups:
    """Finished trials, merged with their neighbours where there are very many.

    points: (n_groups,), mean position, increasing.
    counts: (n_groups,), trials.
    rewards: (n_groups,), mean reward in [0, 1].
    """

    points: FloatArray
    counts: IntArray
    rewards: FloatArray


def merge_neighbours(points: FloatArray, rewards: FloatArray) -> Groups:
    """At most ``MAX_GROUPS`` groups of sorted trials, (n,) each.

    Half of the cuts make groups of equal size, which resolves where trials are dense; the other
    half lie in the widest gaps, so that no group hides an unexplored one.
    """
    n = len(points)
    if n <= MAX_GROUPS:
        return Groups(points, np.ones(n, dtype=np.int64), rewards)
    half = MAX_GROUPS // 2
    cut = np.zeros(n, dtype=np.bool_)
    cut[np.arange(half) * n // half] = True
    cut[np.argpartition(np.diff(points), n - 1 - half)[-half:] + 1] = True
    starts = np.flatnonzero(cut)
    counts = np.diff(np.append(starts, n))
    return Groups(
        np.add.reduceat(points, starts) / counts,
        counts,
        np.add.reduceat(rewards, starts) / counts,
    )


def gaussian_weights(points: FloatArray, widths: FloatArray) -> FloatArray:
    """(n, n): row i holds every point's weight in the average around point i, 1 at itself."""
    exponent: FloatArray = points[:, None] - points[None, :]
    exponent *= exponent
    exponent *= (-0.5 / widths**2)[:, None]
    return np.exp(exponent, out=exponent)


@dataclass(frozen=True, eq=False)
class Estimates:
    """What the pulls say at each group, arrays of shape (n_groups,).

    points: unit axis, increasing.
    means: pooled mean reward.
    radii: confidence radius of the mean.
    slopes: local Lipschitz constant, reward per unit of axis.
    """

    points: FloatArray
    means: FloatArray
    radii: FloatArray
    slopes: FloatArray

    def with_unknown(self, places: FloatArray) -> Estimates:
        """These and places without a value, (m,), increasing, as arms that turn out as expected.

        Where trials are running, or where they are expected to fail.
        """
        if len(places) == 0:
            return self
        at = np.searchsorted(self.points, places)

        def with_expected(values: FloatArray, factor: float = 1.0) -> FloatArray:
            expected = factor * np.interp(places, self.points, values)
            return np.insert(values, at, expected)

        return Estimates(
            points=np.insert(self.points, at, places),
            means=with_expected(self.means),
            # Once a trial there is finished its arm will be better known.
            radii=with_expected(self.radii, 0.5),
            slopes=with_expected(self.slopes),
        )


@dataclass(frozen=True, eq=False)
class Pool:
    """What estimates are pooled from.

    groups: The finished trials.
    sigma: Standard deviation of a reward.
    """

    groups: Groups
    sigma: float


@dataclass(frozen=True)
class Pooling:
    """What the rewards say about the mean at every trial.

    Trials so near that the slope cannot tell them apart are pulls of one arm.

    Args:
        prior_noise: Standard deviation of a reward expected before any trial.
        min_slope: Smallest Lipschitz constant, reward per unit of axis; also by how much the axis
            may be steeper than seen. Without it the gap beside a cliff could be no better than the
            arm at its edge.
        min_width: Smallest pooling width, standard deviation of a Gaussian, units of axis.
    """

    prior_noise: float = 0.02
    min_slope: float = 3.0
    min_width: float = 0.03

    def pool(self, points: FloatArray, rewards: FloatArray) -> Pool:
        """The trials, (n,) each, in groups, and their noise."""
        sigma = noise_level(points, rewards, self.prior_noise)
        return Pool(merge_neighbours(points, rewards), sigma)

    def estimates(self, pool: Pool) -> Estimates:
        """Mean, radius and slope at each group, each from the others in two rounds.

        The pooling width is the ball's radius (confidence radius / slope), at least ``min_width``;
        the slope is the largest difference in the neighbourhood that noise cannot explain, plus
        ``min_slope``.
        """
        groups = pool.groups
        deviation = confidence_radius(pool.sigma, int(groups.counts.sum()))
        slopes = np.full(len(groups.points), self.min_slope)
        radii = deviation / np.sqrt(groups.counts)
        for _ in range(2):
            weights = gaussian_weights(groups.points, np.maximum(radii / slopes, self.min_width))
            means, pulls = weighted_means(weights, groups)
            radii = deviation / np.sqrt(pulls)
            slopes = local_slopes(groups.points, means, radii) + self.min_slope
        return Estimates(groups.points, means, radii, slopes)

    def without_trials(self, places: FloatArray) -> Estimates:
        """What is expected at places, (m,), increasing, before any trial has finished."""
        flat = np.zeros(len(places))
        return Estimates(places, flat, flat, flat + self.min_slope)


def confidence_radius(sigma: float, n: int) -> float:
    """sigma * sqrt(ln(n + 1)): of a single pull among ``n``.

    Smaller by sqrt(2) than the radius that holds at all times with high probability: that one is
    cautious for horizons of thousands of trials.
    """
    return float(sigma * np.sqrt(np.log(n + 1.0)))


def weighted_means(weights: FloatArray, groups: Groups) -> tuple[FloatArray, FloatArray]:
    """(mean rewards, effective pulls) of each row of ``weights``, (n_rows, n_groups)."""
    mass = weights @ groups.counts
    means = weights @ (groups.counts * groups.rewards) / mass
    return means, mass**2 / (weights**2 @ groups.counts)


def local_slopes(points: FloatArray, means: FloatArray, radii: FloatArray) -> FloatArray:
    """(n,): the steepest slope that confidence radii cannot explain, two gaps on either side."""
    rise = np.maximum(np.abs(np.diff(means)) - radii[1:] - radii[:-1], 0.0)
    width = np.diff(points)
    padded = np.zeros(len(points) + 3)
    # Repeats of one point have no slope between them.
    np.divide(rise, np.maximum(width, FINEST), out=padded[2:-2], where=width > 0)
    steepest: FloatArray = np.maximum(
        np.maximum(padded[:-3], padded[1:-2]), np.maximum(padded[2:-1], padded[3:])
    )
    return steepest
