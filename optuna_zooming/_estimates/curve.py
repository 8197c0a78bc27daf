"""The estimated mean as a curve along the axis, with a band (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import FloatArray
from .arms import Arms
from .pooling import FINEST

# A point in a gap is no nearer to the places than this share of its width.
APART = 1e-6


@dataclass(frozen=True, eq=False)
class Curve:
    """The mean along an axis, straight from each point to the next; larger is better.

    A point of NaN breaks the curve: there every trial diverged.

    Attributes:
        points: (n,), unit axis, increasing.
        means: (n,).
        lows, highs: (n,), ends of the band; infinite where nothing is known of the noise.
    """

    points: FloatArray
    means: FloatArray
    lows: FloatArray
    highs: FloatArray

    def __len__(self) -> int:
        return len(self.points)


def curve_of(arms: Arms) -> Curve:
    """The curve through arms; as steep as the Lipschitz constant that made balls of their radii."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        slopes = _finite(arms.radii / arms.reach)
    return curve_through(arms.points, arms.means, arms.intervals, slopes)


def curve_through(
    points: FloatArray, means: FloatArray, intervals: FloatArray, slopes: FloatArray
) -> Curve:
    """The curve through places, with a band that bulges in the gaps between them.

    Inside a gap the mean may be as far beyond an interval as the slope allows from the nearer
    place: so far off, it may be anything between. It is where zooming looks next.

    Args:
        points: (n,), unit axis, increasing, all different.
        means: (n,); ``-inf`` where every trial diverged.
        intervals: (n, 2).
        slopes: (n,), by how much the mean may change per unit of axis around a place.
    """
    alive = np.isfinite(means)
    ends = np.where(alive[:, None], np.column_stack((means, intervals)), np.nan)
    rows = [np.column_stack((points, ends))]
    left, right, gaps = ends[:-1].T, ends[1:].T, np.diff(points)
    # In a gap without a curve there is nothing, nor in one that is none but for rounding.
    drawn, width = alive[:-1] & alive[1:] & (gaps > FINEST), np.maximum(gaps, FINEST)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        # At least as steep as it takes to get from one place to the next.
        needed = _finite(np.abs(right - left) / width).max(axis=0)
        slope = np.maximum(np.maximum(slopes[:-1], slopes[1:]), needed)
        up = _crossing(left[2], right[2], width, slope)
        down = _crossing(-left[1], -right[1], width, slope)
        for at, new in ((up, True), (down, down != up)):
            row = np.column_stack((points[:-1] + at, _inside(at, left, right, width, slope)))
            kept = drawn & (np.minimum(at, width - at) > APART * width)
            rows.append(row[kept & new])
    table = np.concatenate(rows)
    return Curve(*table[np.argsort(table[:, 0])].T)


def _finite(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), values, 0.0)


def _crossing(
    left: FloatArray, right: FloatArray, width: FloatArray, slope: FloatArray
) -> FloatArray:
    """(n,): how far into gaps the bounds from both sides meet; the middle where there are none."""
    shift = _finite((right - left) / (2.0 * slope))
    return np.clip(0.5 * width + shift, 0.0, width)


def _inside(
    at: FloatArray, left: FloatArray, right: FloatArray, width: FloatArray, slope: FloatArray
) -> FloatArray:
    """(n, 3): mean, low and high at distances, (n,), into gaps."""
    share = at / width
    mean = (1.0 - share) * left[0] + share * right[0]
    low = np.maximum(left[1] - slope * at, right[1] - slope * (width - at))
    high = np.minimum(left[2] + slope * at, right[2] + slope * (width - at))
    # Where the interval of one end has no bound, neither has the gap's.
    low = np.where(np.isinf(left[1]) | np.isinf(right[1]), -np.inf, low)
    high = np.where(np.isinf(left[2]) | np.isinf(right[2]), np.inf, high)
    return np.column_stack((mean, low, high))
