"""How far a training got, by the shape of its learning curve (numpy only)."""

from __future__ import annotations

import math

import numpy as np

from .._arrays import FloatArray
from .progress import ENOUGH, is_erratic

# A curve that loses more than this share of what it gains is too rough to be timed.
ROUGHEST = 0.15
# The time is taken when this share of the whole gain has been made.
SHARE = 0.8
# A straight line gets there at 0.8. A curve that gets there later than this speeds up, and does not
# relax.
LATEST = 0.875

# Of 1 - exp(-x t), 0 <= t <= 1: share of the time after which SHARE of the gain is made,
# decreasing in x.
_RELAXATIONS = np.geomspace(0.05, 60.0, 400)
_TIMES = -np.log1p(SHARE * np.expm1(-_RELAXATIONS)) / _RELAXATIONS


def relaxation_times(steps: FloatArray, reports: FloatArray) -> float:
    """How many relaxation times a training lasted after its first report.

    Close to what it converges to, a training relaxes exponentially, and the faster the larger its
    learning rate is: at a tenth of the rate the same curve takes ten times as long. A training
    that lasted one or two relaxation times had a rate that is much too low; the best rates last
    some dozens.

    Args:
        steps: (n,), increasing, when the reports were made.
        reports: (n,), finite; larger is better.

    Returns:
        0.05 to 60; 0 where all reports are equal. Infinity where the rate was not too low: the
        curve goes down too often, or has risen before its second report. NaN where there are too
        few reports to tell, or where it gains speed.
    """
    if len(reports) < ENOUGH:
        return math.nan
    if np.all(reports == reports[0]):
        return 0.0
    # Differences of huge values overflow.
    curve = reports / np.abs(reports).max()
    changes = np.diff(curve)
    losses = -changes[changes < 0].sum()
    rising = np.maximum.accumulate(curve)
    gain = rising[-1] - curve[0]
    if losses > ROUGHEST * changes[changes > 0].sum() or is_erratic(curve):
        return math.inf
    if rising[1] >= curve[0] + SHARE * gain:
        # Faster than the reports can tell.
        return math.inf
    time = _when(steps, rising, curve[0] + SHARE * gain)
    return math.nan if time > LATEST else float(np.interp(-time, -_TIMES, _RELAXATIONS))


def _when(steps: FloatArray, rising: FloatArray, level: float) -> float:
    """When a curve that never falls reaches a level it begins below, as a share of its time."""
    after = int(np.searchsorted(rising, level))
    low, high = rising[after - 1], rising[after]
    step = steps[after - 1] + (level - low) / (high - low) * (steps[after] - steps[after - 1])
    return float((step - steps[0]) / (steps[-1] - steps[0]))
