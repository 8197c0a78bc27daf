"""The gaps between arms, and how good the best point of each might be (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .._arrays import BoolArray, FloatArray
from .._estimates.pooling import FINEST, Estimates


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


def gaps_between(estimates: Estimates, low_share: float, high_share: float) -> Gaps:
    """All gaps of positive width, (at most n + 1,).

    Between arms with upper confidence bounds ``a`` and ``b`` and slope ``L``, the mean reward in
    a gap of width ``w`` is at most ``(a + b) / 2 + L w / 2``. A gap covered by its arms'
    confidence balls (``rho_j + rho_{j+1} >= w``) has an index of at most the mean of
    ``mu + 2 r``, the textbook index of an arm: one formula serves activation and selection. At an
    end of the axis there is one arm, and the bound is the one at the point of the split; where
    the means fall towards the end, they are expected to go on falling.

    Args:
        estimates: At all arms.
        low_share, high_share: Where the gaps at the lower and at the upper end are split, fraction
            of their width from its lower end; every other gap is split in the middle.
    """
    points, n = estimates.points, len(estimates.points)
    left, right = np.concatenate(([0.0], points)), np.concatenate((points, [1.0]))
    width = right - left
    point = left + 0.5 * width
    point[-1] = left[-1] + high_share * width[-1]
    # Before any trial the whole axis is the gap at its lower end.
    point[0] = low_share * width[0]
    if n == 0:
        return Gaps(left, right, point, np.zeros(1))
    upper = estimates.means + estimates.radii
    slope, bound = np.empty(n + 1), np.empty(n + 1)
    slope[1:-1] = np.maximum(estimates.slopes[1:], estimates.slopes[:-1])
    bound[1:-1] = (upper[1:] + upper[:-1]) / 2
    slope[[0, -1]], bound[[0, -1]] = _outward_slopes(estimates), upper[[0, -1]]
    reach = width / 2
    reach[[0, -1]] = width[0] - point[0], point[-1] - left[-1]
    return Gaps(left, right, point, bound + slope * reach).where(width > 0)


def _outward_slopes(estimates: Estimates) -> FloatArray:
    """(2,): by how much the reward may rise from the lowest arm down, and from the highest up."""
    points, means, slopes = estimates.points, estimates.means, estimates.slopes[[0, -1]]
    if len(points) < 2:
        return slopes
    rise = np.array([means[1] - means[0], means[-2] - means[-1]])
    width = np.array([points[1] - points[0], points[-1] - points[-2]])
    fall = np.maximum(rise, 0.0) / np.maximum(width, FINEST)
    outward: FloatArray = np.maximum(slopes - fall, 0.0)
    return outward
