"""Which trials are repeats at one place (numpy only)."""

from __future__ import annotations

import numpy as np

from .._arrays import FloatArray, IntArray

# Trials no farther apart than this, units of axis, are repeats at one place.
SAME_PLACE = 1e-6
# So are those up to this far apart that lie together and by themselves: the next trial is so many
# times as far away as they are from each other.
LOOSE_PLACE, ALONE = 1e-2, 3.0


def place_of_each(points: FloatArray) -> IntArray:
    """(n,): number of the place of each point, (n,), increasing.

    A search that closes in on an optimum leaves no gap around its trials: they stay apart.
    """
    loose = np.flatnonzero(np.diff(points) > LOOSE_PLACE)
    first, last = np.append(0, loose + 1), np.append(loose, len(points) - 1)
    width = points[last] - points[first]
    gap = np.concatenate(([np.inf], points[first[1:]] - points[last[:-1]], [np.inf]))
    alone = (width <= LOOSE_PLACE) & (np.minimum(gap[:-1], gap[1:]) >= ALONE * width)
    starts = np.append(True, np.diff(points) > SAME_PLACE)
    starts &= ~np.repeat(alone, last - first + 1)
    starts[first] = True
    return np.cumsum(starts) - 1
