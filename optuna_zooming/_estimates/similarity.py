"""What trials that differ in several parameters say about one of them (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .._arrays import BoolArray, FloatArray
from .._history import Choices, History


@dataclass(frozen=True)
class Similarity:
    """Which trials count for an axis when there are others, and what they are worth there.

    Args:
        share: On every axis but a trial's first this fraction of the trials counts, those whose
            parameters chosen before lie nearest to the trial's own.
        profile_slope: How steep the reward under the best values of the other parameters may be,
            reward per unit of axis, where there are several.
    """

    share: float = 0.5
    profile_slope: float = 20.0

    def alike(self, history: History) -> History:
        """The history of the trials whose other parameters lie nearest to the asking trial's."""
        keep = self._nearest(history.distances)
        if keep is None:
            return history
        return replace(
            history,
            points=history.points[keep],
            values=history.values[keep],
            bounds=history.known_bounds[keep],
            distances=None,
        )

    def alike_choices(self, history: Choices) -> Choices:
        """As :meth:`alike`, unless some choice would be left without a trial: then every trial."""
        keep = self._nearest(history.distances)
        if keep is None or len(np.unique(history.chosen[keep])) < len(np.unique(history.chosen)):
            return history
        return replace(
            history,
            chosen=history.chosen[keep],
            values=history.values[keep],
            bounds=history.known_bounds[keep],
            distances=None,
        )

    def _nearest(self, distances: FloatArray | None) -> BoolArray | None:
        """Which trials to keep, (n,), equally far ones together; ``None`` for all.

        Trials at a distance of 1, which made another choice, count only where there are no others.
        """
        if distances is None:
            return None
        count = max(int(self.share * np.count_nonzero(distances < 1.0)), 1)
        if count >= len(distances):
            return None
        keep: BoolArray = distances <= np.partition(distances, count - 1)[count - 1]
        return keep

    def profile(self, history: History, rewards: FloatArray) -> FloatArray:
        """(n,): the rewards of the history's trials as they count on this axis."""
        if history.n_parameters == 1:
            return rewards
        return profile(history.points, rewards, self.profile_slope)


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
