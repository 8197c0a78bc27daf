"""The index of the gaps between arms: how good the best point inside might be (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .._estimates.pooling import Estimates
from .arms import FloatArray, History

# A part of the axis this wide, in which nobody has been, is looked at though it is barred.
VERY_WIDE = 0.3


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

    def where(self, keep: NDArray[np.bool_]) -> Gaps:
        """The gaps selected by a boolean mask, (n_gaps,)."""
        return Gaps(self.left[keep], self.right[keep], self.point[keep], self.index[keep])


@dataclass(frozen=True)
class Edges:
    """How the gaps at the two ends of the axis are treated; they have one neighbour.

    Users choose ranges whose ends are bad, so that these gaps are split nearer to their arm than
    to the end, except beside the best arm.

    lower, upper: Where to split the gap at that end, fraction of its width from its arm.
    beside_best: The same, beside the best arm.
    upward: Added to the index of the gap at the upper end, in rewards.
    """

    lower: float
    upper: float
    beside_best: float
    upward: float


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
    split[[0, -1]] = np.where(best, edges.beside_best, [edges.lower, edges.upper])
    point = left + split * width
    point[0] = right[0] - split[0] * width[0]
    return Gaps(left, right, point, bound + slope * split * width).where(width > 0)


def beside(gaps: Gaps, gap: int, crashed: FloatArray) -> Gap:
    """A gap to look into; where trials crashed inside, the widest part between them.

    Crashes say nothing of a gap's worth, but whether they were bad luck or are a property of the
    place shows only beside it.

    Args:
        gaps: All of them.
        gap: Which one.
        crashed: (c,), increasing, units of axis.
    """
    chosen = gaps.at(gap)
    inside = crashed[(crashed > chosen.left) & (crashed < chosen.right)]
    if len(inside) == 0:
        return chosen
    ends = np.concatenate(([chosen.left], inside, [chosen.right]))
    widest = int(np.argmax(np.diff(ends)))
    left, right = float(ends[widest]), float(ends[widest + 1])
    return Gap(left, right, (left + right) / 2)


def beyond_failures(history: History) -> float | None:
    """The middle of the widest part of the axis without any trial, if it is barred and very wide.

    It was barred because all trials on this side of it failed; beyond them they may survive.
    ``None`` where there is no such part.
    """
    tried = np.concatenate(([0.0, 1.0], history.points, history.running, history.crashed))
    ends = np.unique(tried)
    widest = int(np.argmax(np.diff(ends)))
    left, right = float(ends[widest]), float(ends[widest + 1])
    barred = (history.barred > left) & (history.barred < right)
    if right - left < VERY_WIDE or not barred.any():
        return None
    place = (left + right) / 2
    if history.cells is None:
        return place
    cell = history.cells.index(np.array([place]))
    visited = np.isin(cell, history.cells.index(tried[2:]))[0]
    return None if visited else float(history.cells.centre(cell)[0])
