"""The learning-rate range test's reading of a sweep, as PyTorch Lightning's tuner does it.

One short training, the rate growing by a constant factor each step; the suggestion is the rate at
which the smoothed loss falls fastest (Smith 2017, arXiv 1506.01186).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMOOTHING = 0.98
STOP_FACTOR = 4.0
SKIP_FIRST, SKIP_LAST = 10, 1


def suggest_rate(rates: Floats, losses: Floats) -> float:
    """The rate of the steepest fall.

    Args:
        rates: (n_steps,), growing by a constant factor.
        losses: (n_steps,), the training loss met at each step; NaN once the sweep has stopped.

    Raises:
        ValueError: If too few steps were made before the loss exploded.
    """
    smoothed = _smoothed(losses)
    n_kept = _n_before_explosion(smoothed)
    kept = slice(SKIP_FIRST, n_kept - SKIP_LAST)
    if len(smoothed[kept]) < 2:
        raise ValueError(
            f"a sweep needs at least {SKIP_FIRST + SKIP_LAST + 2} steps before its loss explodes, "
            f"got {n_kept}; start at a lower rate."
        )
    # Steps are equidistant in the logarithm of the rate, so differences are slopes.
    return float(rates[kept][np.argmin(np.gradient(smoothed[kept]))])


def _smoothed(losses: Floats) -> Floats:
    """Exponential moving average without the bias towards zero of its first terms."""
    average, smoothed = 0.0, np.empty(len(losses))
    for step, loss in enumerate(losses):
        average = SMOOTHING * average + (1 - SMOOTHING) * loss
        smoothed[step] = average / (1 - SMOOTHING ** (step + 1))
    return smoothed


def _n_before_explosion(smoothed: Floats) -> int:
    """Steps made until the loss is not finite or several times its best so far."""
    best = np.fmin.accumulate(smoothed)
    exploded = ~np.isfinite(smoothed) | (smoothed > STOP_FACTOR * best)
    return int(np.argmax(exploded)) if exploded.any() else len(smoothed)
