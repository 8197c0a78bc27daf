"""The gaps between arms, and how good the best point of each might be (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .._arrays import BoolArray, FloatArray
from .._estimates.pooling import Estimates


class Gap(NamedTuple):
    """One gap: its ends and where to split it, units of axis."""

    left: float
    right: float
    point: float


@dataclass(frozen=True, eq=False)
class Gaps:
    """The open intervals between neighbouring arms and at both ends of the axis.

    left, right: (n_gaps,), ends, units of axis.
    point: (n_gaps,), where to split the gap.
    index: (n_gaps,), upper bound on the mean reward inside.
    """

    left: FloatArray
    right: FloatArray
    point: FloatArray
    index: FloatArray

    def at(self, gap: int) -> Gap:
        """One of them."""
        return Gap(float(self.left[gap]), float(self.right[gap]), float(self.point[gap]))

    def where(self, keep: BoolArray) -> Gaps:
        """The gaps selected by a boolean mask, (n_gaps,)."""
        return Gaps(self.left[keep], self.right[keep], self.point[keep], self.index[keep])


@dataclass(frozen=True)
class Edges:
    """How the gaps at the two ends of the axis are treated; they have one neighbour.

    Users choose ranges whose ends are bad, so that these gaps are split nearer to their arm than
    to the end; beside the best arm, once there are three, in the middle like any other.

    lower, upper: Where to split the gap at that end, fraction of its width from its arm.
    upward: Added to the index of the gap at the upper end, in rewards.
    """

    lower: float
    upper: float
    upward: float = 0.0


def gaps_between(estimates: Estimates, edges: Edges) -> Gaps:
    """All gaps of positive width, (at most n + 1,).

    Between arms with upper confidence bounds ``a`` and ``b`` and slope ``L``, the mean reward in
    a gap of width ``w`` is at most ``(a + b) / 2 + L w / 2``. A gap covered by its arms'
    confidence balls (``rho_j + rho_{j+1} >= w``) has an index of at most the mean of
    ``mu + 2 r``, the textbook index of an arm: one formula serves activation and selection.
    """
    points, n = estimates.points, len(estimates.points)
    left, right = np.concatenate(([0.0], points)), np.concatenate((points, [1.0]))
    width = right - left
    if n == 0:
        return Gaps(left, right, width / 2, np.zeros(1))
    upper = estimates.means + estimates.radii
    slope, bound = np.empty(n + 1), np.empty(n + 1)
    slope[1:-1] = np.maximum(estimates.slopes[1:], estimates.slopes[:-1])
    bound[1:-1] = (upper[1:] + upper[:-1]) / 2
    slope[[0, -1]], bound[[0, -1]] = estimates.slopes[[0, -1]], upper[[0, -1]]
    bound[-1] += edges.upward
    split = np.full(n + 1, 0.5)
    outer = estimates.means[[0, -1]]
    highest = estimates.means.max()
    best = (outer >= highest) & (n >= 3) & (highest > estimates.means.min())
    split[[0, -1]] = np.where(best, 0.5, [edges.lower, edges.upper])
    point = left + split * width
    point[0] = right[0] - split[0] * width[0]
    return Gaps(left, right, point, bound + slope * split * width).where(width > 0)
