"""The index of the gaps between arms: how good the best point inside might be (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optuna_zooming.arms import Cells, FloatArray, IntArray
from optuna_zooming.pooling import Estimates, gap_slopes


@dataclass(frozen=True, eq=False)
class Gaps:
    """The open intervals between neighbouring arms and at both ends of the axis.

    left, right: (n_gaps,), ends, units of axis.
    point: (n_gaps,), where the upper bound on the mean reward peaks, roughly.
    index: (n_gaps,), that upper bound.
    """

    left: FloatArray
    right: FloatArray
    point: FloatArray
    index: FloatArray

    def where(self, keep: FloatArray) -> Gaps:
        """The gaps selected by a boolean mask, (n_gaps,)."""
        return Gaps(self.left[keep], self.right[keep], self.point[keep], self.index[keep])


def gaps_between(estimates: Estimates) -> Gaps:
    """All gaps of positive width, (at most n + 1,).

    Between arms with upper confidence bounds ``a`` and ``b`` and slope ``L``, the mean reward in
    a gap of width ``w`` is at most ``(a + b) / 2 + L w / 2``, where the bounds' slopes meet. A gap
    covered by its arms' confidence balls (``rho_j + rho_{j+1} >= w``) has an index of at most the
    mean of ``mu + 2 r``, the textbook index of an arm: one formula serves activation and
    selection. The gaps at the ends of the axis have one neighbour.
    """
    left = np.concatenate(([0.0], estimates.points))
    right = np.concatenate((estimates.points, [1.0]))
    width = right - left
    if len(estimates.points) == 0:
        return Gaps(left, right, np.array([0.5]), np.array([0.0]))
    upper = _both_sides(estimates.means + estimates.radii)
    slope = np.maximum(*_both_sides(estimates.slopes))
    slope[1:-1] = np.maximum(slope[1:-1], _shared_slope(estimates))
    index = (upper[0] + upper[1]) / 2 + slope * width / 2
    # Off the middle towards the better neighbour, though never so far that the gap is not split.
    shift = np.clip((upper[1] - upper[0]) / (2 * slope), -0.3 * width, 0.3 * width)
    gaps = Gaps(left, right, (left + right) / 2 + shift, index)
    return gaps.where(width > 0)


def unvisited(gaps: Gaps, cells: Cells) -> tuple[Gaps, IntArray, IntArray]:
    """The gaps that hold a cell of a discrete axis, with their first and last such cell."""
    first = np.where(gaps.left > 0, cells.index(gaps.left) + 1, 0)
    last = np.where(gaps.right < 1, cells.index(gaps.right) - 1, cells.count - 1)
    holds = first <= last
    return gaps.where(holds), first[holds], last[holds]


def _both_sides(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values of each gap's left and right arm; at the ends of the axis, of the only one."""
    return np.concatenate((values[:1], values)), np.concatenate((values, values[-1:]))


def _shared_slope(estimates: Estimates) -> FloatArray:
    """(n - 1,): half of the steepest slope seen anywhere, for the widest gap; less for others.

    A wide gap may hide what a narrow one cannot: a peak as steep as the steepest seen.
    """
    width = np.diff(estimates.points)
    if len(width) == 0 or width.max() == 0:
        return np.zeros(len(width))
    steepest = gap_slopes(estimates.points, estimates.means, estimates.radii).max()
    shared: FloatArray = 0.5 * steepest * width / width.max()
    return shared
