"""The mean of trials that were repeated at one place (numpy only)."""

from __future__ import annotations

import numpy as np

from .._arrays import IntArray
from .interval import Interval
from .sample import ENOUGH_FREEDOM, Sample
from .student import student_quantile


def mean_of_repeats(sample: Sample, repeats: IntArray) -> Interval:
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
