"""Pooled estimates along one axis: mean, confidence radius and local slope (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optuna_zooming.arms import FloatArray, IntArray

# Above this many finished trials neighbours are merged, so that a proposal's cost stays bounded.
MAX_GROUPS = 128


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
    widest = np.argpartition(np.diff(points), n - 1 - half)[-half:] + 1
    starts = np.union1d(np.linspace(0, n, half, endpoint=False).astype(np.int64), widest)
    counts = np.diff(np.append(starts, n))
    return Groups(
        np.add.reduceat(points, starts) / counts,
        counts,
        np.add.reduceat(rewards, starts) / counts,
    )


def gaussian_weights(at: FloatArray, points: FloatArray, widths: FloatArray) -> FloatArray:
    """(len(at), len(points)): weight of each point in the average around each of ``at``."""
    distance: FloatArray = (at[:, None] - points[None, :]) / widths[:, None]
    weights: FloatArray = np.exp(-0.5 * distance**2)
    return weights


@dataclass(frozen=True, eq=False)
class Estimates:
    """What the pulls say at each group, arrays of shape (n_groups,).

    points: unit axis, increasing.
    means: pooled mean reward.
    radii: confidence radius of the mean.
    slopes: local Lipschitz constant, reward per unit of axis.
    widths: standard deviation of the pooling kernel, units of axis.
    pulls: effective number of pulls behind the mean.
    """

    points: FloatArray
    means: FloatArray
    radii: FloatArray
    slopes: FloatArray
    widths: FloatArray
    pulls: FloatArray


def pooled_estimates(
    groups: Groups,
    *,
    deviation: float,
    min_slope: float,
    kernel: float,
    min_width: float,
) -> Estimates:
    """Mean, radius and slope at each group, each from the others in two rounds.

    Trials so near that the slope cannot tell them apart are pulls of one arm. The pooling width is
    ``kernel`` ball radii (a ball's radius is confidence radius / slope), at least ``min_width``;
    the slope is the largest difference in the neighbourhood that noise cannot explain, at least
    ``min_slope``.

    Args:
        groups: The finished trials, at least one.
        deviation: Confidence radius of a single pull.
        min_slope: Smallest slope, reward per unit of axis.
        kernel: Pooling width in units of the ball radius.
        min_width: Smallest pooling width, units of axis.
    """
    slopes = np.full(len(groups.points), min_slope)
    pulls = groups.counts.astype(np.float64)
    for _ in range(2):
        radii = deviation / np.sqrt(pulls)
        widths = np.maximum(kernel * radii / slopes, min_width)
        weights = gaussian_weights(groups.points, groups.points, widths)
        mass = weights @ groups.counts
        means = weights @ (groups.counts * groups.rewards) / mass
        pulls = mass**2 / (weights**2 @ groups.counts)
        radii = deviation / np.sqrt(pulls)
        slopes = np.maximum(local_slopes(groups.points, means, radii), min_slope)
    return Estimates(groups.points, means, radii, slopes, widths, pulls)


def gap_slopes(points: FloatArray, means: FloatArray, radii: FloatArray) -> FloatArray:
    """(n - 1,): slope between neighbours that their confidence radii cannot explain."""
    rise = np.maximum(np.abs(np.diff(means)) - radii[1:] - radii[:-1], 0.0)
    width = np.diff(points)
    # Repeats of one point have no slope between them.
    slopes: FloatArray = np.divide(rise, width, out=np.zeros_like(rise), where=width > 0)
    return slopes


def local_slopes(points: FloatArray, means: FloatArray, radii: FloatArray) -> FloatArray:
    """(n,): the steepest of the two gaps on either side of each point."""
    padded = np.concatenate(([0.0, 0.0], gap_slopes(points, means, radii), [0.0, 0.0]))
    steepest: FloatArray = np.lib.stride_tricks.sliding_window_view(padded, 4).max(axis=1)
    return steepest
