"""Whether trainings jumped about without learning anything, by their own reports (numpy only)."""

from __future__ import annotations

import numpy as np

from optuna_zooming.arms import FloatArray
from optuna_zooming.rewards import median

# Fewer reports than this tell too little.
ENOUGH = 6
# Standard deviations: a difference beyond is no noise.
CLEAR = 3.0


def is_erratic(reports: FloatArray) -> bool:
    """Whether the reports scatter around one level like independent noise.

    So does a training whose learning rate is far too high. One that learns, or one whose rate is
    too low, changes little from one report to the next.

    Args:
        reports: (n,), finite, in the order of the steps; larger is better.

    Returns:
        Whether neighbours differ as much as any two reports do (von Neumann's ratio, about 2 for
        independent noise, is above 1), and the later half is not clearly above the first report.
        False where there are too few reports to tell.
    """
    if len(reports) < ENOUGH:
        return False
    largest = np.abs(reports).max()
    if largest == 0:
        return False
    # Squares of huge values overflow.
    scaled = reports / largest
    later = scaled[len(scaled) // 2 :]
    has_learnt = np.mean(later) - scaled[0] > CLEAR * np.std(later)
    return bool(not has_learnt and np.mean(np.diff(scaled) ** 2) > np.var(scaled))


def spread(reports: FloatArray) -> float:
    """Standard deviation of the reports, (n,), also of huge ones."""
    largest = float(np.abs(reports).max(initial=0.0))
    return largest * float(np.std(reports / largest)) if largest else 0.0


class Progress:
    """Whether every training of a study so far was erratic."""

    def __init__(self) -> None:
        # Spread of each erratic training; ``None`` once there was another one.
        self._spreads: list[float] | None = []

    def add(self, reports: FloatArray) -> None:
        """Note the reports, (n,), of a training that ended with a value."""
        if self._spreads is not None and is_erratic(reports):
            self._spreads.append(spread(reports))
        else:
            self._spreads = None

    def nothing_learnt(self, values: FloatArray) -> bool:
        """Whether all were erratic, and noise explains how their final values, (n,), differ."""
        if not self._spreads or len(values) == 0:
            return False
        return bool(np.ptp(values) <= 2.0 * CLEAR * median(np.array(self._spreads)))
