"""The textbook's confidence radius, and what its balls leave uncovered (numpy only)."""

from __future__ import annotations

import numpy as np

from .._arrays import FloatArray, IntArray


def confidence_radius(pulls: IntArray, horizon: int, scale: float = 1.0) -> FloatArray:
    """``scale * sqrt(2 ln T / (n + 1))`` per arm, shape (n_arms,); arXiv 2409.09783, section 3.

    Raises:
        ValueError: If ``horizon`` is below 2 or ``scale`` is not positive.
    """
    if horizon < 2:
        raise ValueError(f"horizon must be at least 2, got {horizon}.")
    if not scale > 0:
        raise ValueError(f"scale must be positive, got {scale}.")
    # n + 1, not n: a fresh arm needs a finite radius.
    radius: FloatArray = scale * np.sqrt(2.0 * np.log(horizon) / (pulls + 1.0))
    return radius


def uncovered_intervals(points: FloatArray, reach: FloatArray) -> FloatArray:
    """The parts of [0, 1] outside every ball ``[point - reach, point + reach]``.

    Exact: a sweep over the balls' sorted ends, not a grid, so a hole of any width is found.

    Args:
        points: (n,), centres, in any order.
        reach: (n,), ball radii, at least 0.

    Returns:
        (n_holes, 2), the open intervals' ends in increasing order.
    """
    starts = np.maximum(points - reach, 0.0)
    order = np.argsort(starts, kind="stable")
    # Everything left of the k-th start is covered at most up to the farthest end before it.
    farthest = np.maximum.accumulate(np.append(0.0, np.minimum(points + reach, 1.0)[order]))
    begins, ends = farthest, np.append(starts[order], 1.0)
    holes = begins < ends
    return np.column_stack((begins[holes], ends[holes]))
