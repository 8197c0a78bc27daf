"""A hill climber in ten lines: a few fixed points, then halve the wider gap beside the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.rivals.axis import Tried

# Two gaps of the same width differ by rounding, and so does a point that was asked for.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class HillClimber:
    """The rule.

    Attributes:
        first: Points of the unit axis that are tried first, in this order.
    """

    first: tuple[float, ...] = (0.5, 0.75, 0.25, 0.9, 0.1)

    def next_point(self, number: int, tried: Tried) -> float:
        """The next of the first points, else the middle of the wider gap beside the best trial.

        The first of equal trials is the best one, the lower of equal gaps the wider one. While
        every trial has failed, no place is better than another: the widest gap of all is halved.
        """
        for point in self.first:
            if not np.any(np.abs(tried.points - point) < _ROUNDING):
                return point
        ends = np.unique([0.0, *tried.points, 1.0])
        gaps = np.diff(ends)
        best = int(np.argmax(tried.rewards))
        if np.isfinite(tried.rewards[best]):
            at = int(np.searchsorted(ends, tried.points[best]))
            beside = np.arange(max(at - 1, 0), min(at + 1, len(gaps)))
        else:
            beside = np.arange(len(gaps))
        widest = beside[np.argmax(gaps[beside] > gaps[beside].max() - _ROUNDING)]
        return float(ends[widest] + gaps[widest] / 2)
