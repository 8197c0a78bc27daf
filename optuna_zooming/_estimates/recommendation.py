"""The recommended arm: the best one by its mean and by how well that is known (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import FloatArray, IntArray
from .._history import Choices, History
from .intervals import mean_at
from .rewards import RewardScale
from .sample import Sample

# Choices have nothing to do with each other: units of axis from one to the next.
FAR_APART = 100.0


@dataclass(frozen=True)
class Recommendation:
    """Which arm is recommended: the one whose mean, less a standard error, is largest.

    So a single lucky trial is not it. Trials that ran to their end are preferred: what others
    would have reached is a guess.

    Args:
        collapse: What a diverged trial costs, and what one far below the others costs its
            neighbours at most, in rewards: much more than in the search, since who trains once
            wants no rate at which every third training collapses.
        interval_noise: As ``relative_noise`` in :class:`Sample`: the noise expected before any
            trial, for standard errors and confidence intervals.
    """

    collapse: float = 5.0
    interval_noise: float = 0.2

    def sample(self, history: History, scale: RewardScale) -> Sample:
        """The trials as means are estimated from them; those that diverged at their cost."""
        return self._sample(history.points, history.values, history.known_bounds, scale)

    def sample_of_choices(self, history: Choices, scale: RewardScale) -> Sample:
        """As :meth:`sample`; choice ``i`` is at ``FAR_APART * i``, no other's neighbour."""
        order = np.lexsort((history.values, history.chosen))
        points = FAR_APART * history.chosen[order].astype(np.float64)
        return self._sample(points, history.values[order], history.known_bounds[order], scale)

    def _sample(
        self, points: FloatArray, values: FloatArray, bounds: FloatArray, scale: RewardScale
    ) -> Sample:
        floor = scale.floor - self.collapse * scale.width
        diverged = ~np.isfinite(values)
        return Sample(
            points,
            np.where(diverged, floor, values),
            np.where(diverged[:, None], floor, bounds),
            diverged,
            scale.width,
            floor,
            self.interval_noise,
        )

    def arm(self, sample: Sample, trials: IntArray, caution: float) -> int:
        """Index of the best one of trials, (k,), which are indices in the sample.

        Args:
            sample: All trials.
            trials: Those to choose from.
            caution: How many standard errors are taken off a mean.
        """
        found = [mean_at(sample, trial) for trial in trials]
        # An error may be infinite, and 0 times that is no number.
        scores = np.array([each.mean - (caution and caution * each.error) for each in found])
        # What diverged comes last, what was stopped before it.
        rank = np.where(sample.diverged, 0, np.where(sample.reached, 2, 1))[trials]
        best = np.flatnonzero(rank == rank.max())
        return int(best[np.argmax(scores[best])])
