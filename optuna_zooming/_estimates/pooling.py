"""Pooled estimates along one axis: mean, confidence radius and local slope (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._policy.arms import FloatArray, IntArray

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


def warped(points: FloatArray, rewards: FloatArray, threshold: float, slope: float) -> FloatArray:
    """Points on an axis stretched at cliffs, shape (n,), so that no average reaches across one.

    A jump between neighbours adds what exceeds ``threshold`` (what noise could do), divided by
    ``slope``, to their distance.
    """
    jump = np.maximum(np.abs(np.diff(rewards)) - threshold, 0.0)
    stretched: FloatArray = points.copy()
    stretched[1:] += np.cumsum(jump) / slope
    return stretched


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


def pooled_estimates(
    groups: Groups,
    places: FloatArray,
    *,
    deviation: float,
    min_slope: float,
    optimism: float,
    min_width: float,
) -> Estimates:
    """Mean, radius and slope at each group, each from the others in two rounds.

    Trials so near that the slope cannot tell them apart are pulls of one arm. The pooling width is
    the ball's radius (confidence radius / slope), at least ``min_width``; the slope is the
    largest difference in the neighbourhood that noise cannot explain, plus
    ``optimism * min_slope``, at least ``min_slope``.

    Args:
        groups: The finished trials, at least one.
        places: (n_groups,), where the groups lie for pooling: their points, or :func:`warped`.
        deviation: Confidence radius of a single pull.
        min_slope: Smallest slope, reward per unit of axis.
        optimism: How much steeper than seen the axis may be, in units of ``min_slope``. Without
            it the gap beside a cliff could be no better than the arm at its edge.
        min_width: Smallest pooling width, units of axis.
    """
    slopes = np.full(len(groups.points), min_slope)
    radii = deviation / np.sqrt(groups.counts)
    for _ in range(2):
        weights = gaussian_weights(places, np.maximum(radii / slopes, min_width))
        means, pulls = weighted_means(weights, groups)
        radii = deviation / np.sqrt(pulls)
        seen = local_slopes(groups.points, means, radii)
        slopes = np.maximum(seen + optimism * min_slope, min_slope)
    return Estimates(groups.points, means, radii, slopes)


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
