"""Whether trainings jumped about without learning anything, by their own reports (numpy only)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .._arrays import FloatArray, median

# Fewer reports than this tell too little.
ENOUGH = 6
# Von Neumann's ratio of a training that jumps about, and of one that may do so.
ERRATIC, POSSIBLE = 1.0, 0.2
# Standard deviations: a difference beyond is no noise.
CLEAR = 3.0
# The same, of few reports, whose standard deviation may be small by chance.
CERTAIN = 5.0


def is_erratic(reports: FloatArray) -> bool:
    """Whether the reports scatter around one level like independent noise.

    So does a training whose learning rate is far too high. One that learns, or one whose rate is
    too low, changes little from one report to the next.

    Args:
        reports: (n,), finite, in the order of the steps; larger is better.

    Returns:
        Whether neighbours differ as much as any two reports do, and the later half is not clearly
        above the first report. False where there are too few reports to tell.
    """
    return scatter(reports) > ERRATIC and gained(reports) <= CLEAR


def scatter(reports: FloatArray) -> float:
    """Von Neumann's ratio of the reports, (n,): about 2 for independent noise, near 0 for a drift.

    0 where there are too few reports to tell, or all are equal.
    """
    if len(reports) < ENOUGH:
        return 0.0
    scaled = _scaled(reports)
    variance = np.var(scaled)
    return float(np.mean(np.diff(scaled) ** 2) / variance) if variance > 0 else 0.0


def gained(reports: FloatArray) -> float:
    """By how much the later half is above the first report, in its standard deviations."""
    scaled = _scaled(reports)
    later = scaled[len(scaled) // 2 :]
    gain, deviation = float(np.mean(later) - scaled[0]), float(np.std(later))
    if deviation == 0:
        return math.inf if gain > 0 else 0.0
    return gain / deviation


def _scaled(reports: FloatArray) -> FloatArray:
    """Squares of huge values overflow."""
    largest = np.abs(reports).max()
    scaled: FloatArray = reports / largest if largest > 0 else reports
    return scaled


def spread(reports: FloatArray) -> float:
    """Standard deviation of the reports, (n,), also of huge ones."""
    largest = float(np.abs(reports).max(initial=0.0))
    return largest * float(np.std(reports / largest)) if largest else 0.0


class Progress:
    """Whether the trainings of a study so far were erratic."""

    def __init__(self) -> None:
        # Of each training; ``None`` once there was one that is no noise.
        self._noise: list[_Noise] | None = []

    @property
    def undecided(self) -> bool:
        """Whether further trainings matter: all so far may have been noise."""
        return self._noise is not None

    def add(self, reports: FloatArray) -> None:
        """Note the reports, (n,), of a training that ended with a value."""
        if self._noise is None:
            return
        found = scatter(reports)
        if found > POSSIBLE and gained(reports) <= CERTAIN:
            self._noise.append(_Noise(found, spread(reports), is_erratic(reports)))
        else:
            self._noise = None

    def nothing_learnt(self, values: FloatArray) -> bool:
        """Whether all were erratic, and noise explains how their final values, (n,), differ.

        One of them may look otherwise by chance: its reports are few. Together they tell.
        """
        if not self._noise or len(values) == 0:
            return False
        scatters, spreads, erratic = np.array(self._noise).T
        explained = np.ptp(values) <= 2.0 * CLEAR * median(spreads)
        return bool(explained and erratic.any() and np.mean(scatters) > ERRATIC)


class _Noise(NamedTuple):
    """What is kept of a training that may have been noise."""

    scatter: float
    spread: float
    erratic: bool
