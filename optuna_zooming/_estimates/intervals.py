"""The mean at one point, with a confidence interval, from its neighbourhood (numpy only)."""

from __future__ import annotations

import numpy as np

from .._arrays import FloatArray, IntArray
from .interval import Interval
from .sample import ENOUGH_FREEDOM, Sample
from .student import NORMAL_QUANTILE, student_quantile

# Standard deviations of the Gaussian averages that are tried, units of axis.
BANDWIDTHS = np.array([0.004, 0.008, 0.015, 0.03, 0.06, 0.12])
# A wider average is trusted while it stays within this many standard errors of the narrower ones,
# and within so many standard deviations of the value at the point itself: without noise no average
# is as good as that value.
AGREEMENT, SAME_POINT = 0.4, 3.0


def mean_at(sample: Sample, at: int) -> Interval:
    """The mean at ``sample.points[at]``.

    Where trials were repeated, their own mean and Student's interval. Else the average over
    the widest neighbourhood that agrees with all narrower ones (Lepski's method): wide where
    noise dominates, narrow at a sharp peak. By how much the next wider one differs is what
    the average may be biased by, and is added to the interval: without noise there is nothing
    else. So is what the values of unfinished trials may be wrong by.
    """
    repeats = np.flatnonzero(sample.places == sample.places[at])
    # Were some of them stopped, the others are the lucky ones.
    whole = len(repeats) > 1 and sample.reached[repeats].all()
    if whole and sample.noise_of_repeats[1] >= ENOUGH_FREEDOM:
        found = _mean_of_repeats(sample, repeats)
        # Equal values everywhere do not say how noisy the next one will be.
        if found.error > 0:
            return found
    return _average(sample, at, *sample.noise_near(at))


def _mean_of_repeats(sample: Sample, repeats: IntArray) -> Interval:
    """The mean of (k,) trials at one place, k at least 2.

    The noise is what the repeats at all places say together, or these alone if that is more
    and they are enough: noise differs from place to place.
    """
    # Ratios: squares of huge values overflow.
    largest = float(np.abs(sample.values[repeats]).max()) or 1.0
    own = sample.values[repeats] / largest
    together, freedom = sample.noise_of_repeats
    error = together / np.sqrt(len(own))
    half_width = float(student_quantile(freedom)) * error
    if len(own) > ENOUGH_FREEDOM:
        alone = largest * float(np.std(own, ddof=1)) / np.sqrt(len(own))
        half_width = max(half_width, float(student_quantile(len(own) - 1.0)) * alone)
        error = max(error, alone)
    mean = largest * float(np.mean(own))
    return Interval(mean, float(error), float(mean - half_width), float(mean + half_width))


def _average(sample: Sample, at: int, noise: float, freedom: float) -> Interval:
    values, doubts, certainty = _seen_from(sample, at, noise)
    apart = sample.points - sample.points[at]
    kernel = np.exp(-0.5 * (apart / BANDWIDTHS[:, None]) ** 2)
    kernel = np.vstack((sample.places == sample.places[at], kernel))
    weights = kernel * certainty
    weights /= weights.sum(axis=1)[:, None]
    means = weights @ values
    errors = noise * np.sqrt((weights**2).sum(axis=1))
    # A doubt without bounds has no weight elsewhere, and zero times infinity is no number.
    weighed = weights[:, :, None]
    shares = np.zeros((*weights.shape, 2))
    np.multiply(weighed, doubts, out=shares, where=weighed > 0)
    below, above = shares.sum(axis=1).T
    chosen, bias = _widest_that_agrees(means, errors, below, above)
    error, doubt = float(errors[chosen]), float(below[chosen] + above[chosen])
    if sample.reached[at]:
        # The largest of n errors is about sqrt(2 ln n) of them: of many arms the best is shown.
        largest = np.sqrt(2.0 * np.log(len(values)))
        half_width = (student_quantile(freedom) + largest) * error + bias
        # Of many trials the lucky ones are let run to their end.
        luck = max(means[chosen] - kernel[chosen] @ values / kernel[chosen].sum(), 0.0)
        luck = min(luck, noise * np.sqrt(2.0 * np.log1p(kernel[chosen] @ ~sample.reached)))
        low, high = means[chosen] - below[chosen] - luck, means[chosen] + above[chosen]
    else:
        # What an unfinished trial may reach stays possible, whatever its neighbours did; its
        # bounds were read from noisy trials already.
        half_width = NORMAL_QUANTILE * error + bias
        rows = [0, chosen]
        low, high = (means - below)[rows].min(), (means + above)[rows].max()
    if sample.scale == 0:
        half_width = np.inf
    return Interval(
        float(means[chosen]),
        error + 0.5 * (bias + doubt),
        float(low - half_width),
        float(high + half_width),
    )


def _seen_from(sample: Sample, at: int, noise: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(values, doubts, certainty) of the trials in averages around ``sample.points[at]``.

    The doubts: (n, 2), how far below and above its value each one may lie. The certainty:
    (n,), at most 1; an unfinished trial weighs the less, the larger its doubt is beside the
    noise and beside that of the trial at the point itself. One that cannot get as far as that
    trial did is no guess: it counts in full, with the most that it may reach.
    """
    doubts = np.abs(sample.bounds - sample.values[:, None])
    widest = doubts.max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(widest > 0, widest / np.hypot(noise, widest[at]), 0.0)
        # Both infinite: as certain as the other.
        certainty = 1.0 / (1.0 + np.where(np.isnan(ratio), 1.0, ratio) ** 2)
    worse = ~sample.reached & (sample.bounds[:, 1] < sample.values[at])
    values = np.where(worse, sample.bounds[:, 1], sample.values)
    # Far below, a trial says that this is a cliff, and not how deep.
    here = sample.places == sample.places[at]
    values = np.where(here, values, np.maximum(values, sample.floor))
    return (
        values,
        np.where(worse[:, None], 0.0, doubts),
        np.where(worse, 1.0, certainty),
    )


def _widest_that_agrees(
    means: FloatArray, errors: FloatArray, below: FloatArray, above: FloatArray
) -> tuple[int, float]:
    """(index of the widest average that agrees with all narrower ones, how far off the next is).

    Args:
        means: (n,), averages, the narrowest first.
        errors: (n,), their standard errors.
        below, above: (n,), how far below and above their value they may be for doubts.
    """
    low, high, chosen = -np.inf, np.inf, 0
    for wider in range(len(means)):
        if not low <= means[wider] <= high:
            return chosen, float(abs(means[wider] - means[chosen]))
        chosen = wider
        margin = (AGREEMENT if wider else SAME_POINT) * errors[wider]
        low = max(low, means[wider] - margin - below[wider])
        high = min(high, means[wider] + margin + above[wider])
    return chosen, 0.0
