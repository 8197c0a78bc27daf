"""Combinations among which the next one is chosen: beside the best trials, and anywhere."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .._arrays import FloatArray
from .axes import Axes
from .conditions import Conditions
from .improvement import log_expected_improvement
from .model.space import Pools

# How many are compared: beside the best trials, anywhere, and beside each of the best of those.
N_BESIDE, N_ANYWHERE, N_REFINED, N_EACH = 120, 120, 6, 12
# Standard deviations of the steps to them, units of axis.
STEPS = np.array([0.02, 0.07, 0.2])
SMALL_STEPS = np.array([0.01, 0.04])
# So many parameters move in the mean, or this share of all.
FEW, MOST, HALF = 3.0, 0.8, 0.5
# The best of so many trials, or this share of all, are moved.
FEWEST_BEST, SHARE_OF_BEST = 3, 0.125


class Posterior(Protocol):
    """What is known of the noise-free objective."""

    def posterior(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(means, variances) at points, (m, n_parameters): (m,) each."""
        ...


class Candidates:
    """Combinations that are compared by the improvement that is expected of them.

    Args:
        model: The posterior, given the trials and what is pending.
        known: The trials.
        axes: Where to search.
        conditions: Which parameters there are only for some values of others.
        branches: (k, n_parameters), one of which to choose, with NaN for what is free in it; none
            for any combination.
        best: What is to be improved on.
    """

    def __init__(
        self,
        model: Posterior,
        known: Pools,
        axes: Axes,
        conditions: Conditions,
        branches: FloatArray,
        best: float,
    ) -> None:
        self._model, self._known, self._axes = model, known, axes
        self._conditions, self._branches, self._best = conditions, branches, best

    def most_promising(self, rng: np.random.Generator) -> FloatArray:
        """(n_parameters,): the one of which most is expected."""
        beside = self._beside_best(rng)
        points = np.concatenate((beside, self._axes.anywhere(N_ANYWHERE, rng)))
        points = self._in_branches(points, rng)
        worth = self._worth(points)
        best = np.argsort(-worth, kind="stable")[:N_REFINED]
        near = np.repeat(points[best], N_EACH, axis=0)
        refined = self._axes.moved(near, rng.choice(SMALL_STEPS, len(near)), HALF, rng)
        refined = self._in_branches(refined, rng)
        points = np.concatenate((points, refined))
        return np.asarray(points[np.argmax(np.concatenate((worth, self._worth(refined))))])

    def _in_branches(self, points: FloatArray, rng: np.random.Generator) -> FloatArray:
        """The points, each moved into one of the branches asked for, if there are any."""
        if len(self._branches) == 0:
            return points
        branch = self._branches[rng.integers(len(self._branches), size=len(points))]
        return np.where(np.isnan(branch), points, branch)

    def _beside_best(self, rng: np.random.Generator) -> FloatArray:
        means = self._model.posterior(self._known.points)[0]
        count = max(FEWEST_BEST, int(SHARE_OF_BEST * len(means)))
        best = self._known.points[np.argsort(-means, kind="stable")[:count]]
        near = self._axes.completed(best[rng.integers(len(best), size=N_BESIDE)], best, rng)
        share = min(1.0, FEW / near.shape[1]) if rng.random() < HALF else MOST
        return self._axes.moved(near, rng.choice(STEPS, N_BESIDE), share, rng)

    def _worth(self, points: FloatArray) -> FloatArray:
        means, variances = self._model.posterior(self._conditions.masked(points))
        errors = np.sqrt(np.maximum(variances, 1e-10))
        return log_expected_improvement(means, errors, self._best)
