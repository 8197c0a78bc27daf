"""The mean at one point, with a confidence interval, from its neighbourhood (numpy only)."""

from __future__ import annotations

import numpy as np

from .._arrays import FloatArray, IntArray
from .rewards import triple_deviation

# Standard deviations of the Gaussian averages that are tried, units of axis.
BANDWIDTHS = np.array([0.004, 0.008, 0.015, 0.025, 0.04])
# A wider average is trusted while it stays within this many standard errors of the narrower ones,
# and within so many standard deviations of the value at the point itself: without noise no average
# is as good as that value.
AGREEMENT, SAME_POINT = 0.4, 3.0
# Factor on the half-width for the choice of the bandwidth and for the choice of the best arm,
# which ``python -m benchmarks calibration`` checks on curves it was not chosen on.
INFLATION = 1.7
# Only triples narrower than this tell noise from slope, units of axis; the nearest so many count.
NOISE_SPAN, NOISE_NEIGHBOURS = 0.15, 20
NORMAL_QUANTILE = 1.96
# Trials no farther apart than this, units of axis, are repeats at one place; so many are enough to
# measure its mean without its neighbours.
SAME_PLACE, ENOUGH_REPEATS = 1e-6, 4


def local_mean(
    at: int, points: FloatArray, values: FloatArray, prior: float
) -> tuple[float, float]:
    """(mean, half-width of its 95 % confidence interval) at ``points[at]``.

    Where trials were repeated, their own mean and Student's interval. Else the average over the
    widest neighbourhood that agrees with all narrower ones (Lepski's method): wide where noise
    dominates, narrow at a sharp peak. By how much the next wider one differs is what the average
    may be biased by, and is added to the interval: without noise there is nothing else.

    Args:
        at: Index of the point.
        points: (n,), units of axis, increasing.
        values: (n,), finite.
        prior: Standard deviation of the noise expected before any trial; it counts as one
            measurement, unless repeats measure the noise better.
    """
    repeats = np.flatnonzero(np.abs(points - points[at]) <= SAME_PLACE)
    if len(repeats) >= ENOUGH_REPEATS:
        mean, half_width = mean_of_repeats(repeats, points, values)
        # Equal values everywhere do not say how noisy the next one will be.
        if half_width > 0:
            return mean, half_width
    noise, freedom = _noise_near(points[at], points, values, prior)
    weights = np.exp(-0.5 * ((points - points[at]) / BANDWIDTHS[:, None]) ** 2)
    weights = np.vstack((np.isin(np.arange(len(points)), repeats), weights))
    weights /= weights.sum(axis=1)[:, None]
    means = weights @ values
    errors = noise * np.sqrt((weights**2).sum(axis=1))
    low, high, chosen, bias = -np.inf, np.inf, 0, 0.0
    for wider in range(len(means)):
        if not low <= means[wider] <= high:
            bias = abs(means[wider] - means[chosen])
            break
        chosen = wider
        margin = (AGREEMENT if wider else SAME_POINT) * errors[wider]
        low, high = max(low, means[wider] - margin), min(high, means[wider] + margin)
    half_width = INFLATION * student_quantile(freedom) * errors[chosen] + bias
    return float(means[chosen]), float(half_width)


def mean_of_repeats(
    repeats: IntArray, points: FloatArray, values: FloatArray
) -> tuple[float, float]:
    """(mean, half-width of its 95 % confidence interval) of trials at one place, two or more.

    The noise is what the repeats at all places say together, or these alone if that is more:
    noise differs from place to place.

    Args:
        repeats: (k,), which trials.
        points: (n,), units of axis, increasing.
        values: (n,), finite.
    """
    place = np.cumsum(np.append(0, np.diff(points) > SAME_PLACE))
    counts = np.bincount(place)
    # Halves and ratios: squares of huge values overflow.
    largest = float(np.abs(values).max()) or 1.0
    scaled = values / largest
    residuals = scaled - (np.bincount(place, weights=scaled) / counts)[place]
    together = _student(residuals, float(len(points) - len(counts)))
    alone = _student(scaled[repeats] - np.mean(scaled[repeats]), len(repeats) - 1.0)
    half_width = largest * max(together, alone) / np.sqrt(len(repeats))
    return largest * float(np.mean(scaled[repeats])), float(half_width)


def _student(residuals: FloatArray, freedom: float) -> float:
    """97.5 % quantile of Student's t times the standard deviation of residuals, (n,)."""
    return student_quantile(freedom) * float(np.sqrt(np.sum(residuals**2) / freedom))


def student_quantile(freedom: float) -> float:
    """97.5 % quantile of Student's t, to 1 % from 3 degrees of freedom on.

    Abramowitz and Stegun, 26.7.5, four terms.
    """
    z = NORMAL_QUANTILE
    first = (z**3 + z) / (4.0 * freedom)
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * freedom**2)
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / (384.0 * freedom**3)
    return float(z + first + second + third)


def _noise_near(
    point: float, points: FloatArray, values: FloatArray, prior: float
) -> tuple[float, float]:
    """(standard deviation of the noise around a point, degrees of freedom behind it).

    From the nearest triples only: noise is larger on a slope or beside a cliff than on the
    plateau.
    """
    nearest = np.sort(np.argsort(np.abs(points - point), kind="stable")[:NOISE_NEIGHBOURS])
    x, y = points[nearest], values[nearest]
    span = x[2:] - x[:-2]
    middle = 1 + np.flatnonzero((span > 0) & (span < NOISE_SPAN))
    if len(middle) == 0:
        return prior, 1.0
    measured, n_used = triple_deviation(x, y, middle)
    # The root of the weighted mean square, without squares of huge values.
    pooled = np.hypot(prior, np.sqrt(n_used) * measured) / np.sqrt(1.0 + n_used)
    return float(pooled), 1.0 + n_used
