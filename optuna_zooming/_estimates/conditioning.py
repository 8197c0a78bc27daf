"""What trials that differ in several parameters say about one of them (numpy only)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .._policy.arms import Choices, FloatArray, History


def alike(history: History, share: float, least: int) -> History:
    """The history of the trials whose other parameters lie nearest to the asking trial's.

    Args:
        history: Of one axis; without distances every trial counts.
        share: Fraction of the trials to keep.
        least: Number of trials to keep at least.
    """
    keep = _nearest(history.distances, share, least)
    if keep is None:
        return history
    return replace(
        history, points=history.points[keep], values=history.values[keep], distances=None
    )


def alike_choices(history: Choices, share: float, least: int) -> Choices:
    """As :func:`alike`, unless some choice would be left without a trial: then every trial."""
    keep = _nearest(history.distances, share, least)
    if keep is None or len(np.unique(history.chosen[keep])) < len(np.unique(history.chosen)):
        return history
    return replace(
        history, chosen=history.chosen[keep], values=history.values[keep], distances=None
    )


def _nearest(distances: FloatArray | None, share: float, least: int) -> NDArray[np.bool_] | None:
    """Which trials to keep, (n,), equally far ones together; ``None`` for all.

    Trials at a distance of 1, which made another choice, count only where there are too few others.
    """
    if distances is None:
        return None
    count = max(int(share * np.count_nonzero(distances < 1.0)), least)
    if count >= len(distances):
        return None
    keep: NDArray[np.bool_] = distances <= np.partition(distances, count - 1)[count - 1]
    return keep


def profile(points: FloatArray, rewards: FloatArray, slope: float) -> FloatArray:
    """Rewards raised to what the best of their neighbours vouch for, (n,).

    What is sought on one of several axes is the reward under the best values of the others. That
    profile falls by at most ``slope`` per unit of axis, so a good trial's neighbour is bad for
    another parameter's sake, and says nothing against this one.

    Args:
        points: (n,), unit axis, increasing.
        rewards: (n,).
        slope: Lipschitz constant of the profile, reward per unit of axis.
    """
    tilt = slope * points
    from_left = np.maximum.accumulate(rewards + tilt) - tilt
    from_right = np.maximum.accumulate((rewards - tilt)[::-1])[::-1] + tilt
    # Rounding must not lower a reward.
    raised: FloatArray = np.maximum(rewards, np.maximum(from_left, from_right))
    return raised
