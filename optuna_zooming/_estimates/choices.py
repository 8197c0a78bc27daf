"""What pulls say about each choice of a categorical parameter (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import FloatArray, IntArray
from .._history import Choices


@dataclass(frozen=True, eq=False)
class ChoiceEstimates:
    """What the finished trials say about each choice.

    pulls: (count,), finished trials.
    means: (count,), mean reward; 0 without a trial.
    sigma: standard deviation of a reward within a choice.
    """

    pulls: IntArray
    means: FloatArray
    sigma: float


def estimate_choices(history: Choices, rewards: FloatArray, prior_noise: float) -> ChoiceEstimates:
    """Estimates from rewards, (n,); the noise starts from ``prior_noise``, worth one trial."""
    pulls = np.bincount(history.chosen, minlength=history.count)
    totals = np.bincount(history.chosen, weights=rewards, minlength=history.count)
    means = totals / np.maximum(pulls, 1)
    squares = float(np.sum((rewards - means[history.chosen]) ** 2))
    freedom = max(len(rewards) - int(np.count_nonzero(pulls)), 0)
    variance = (prior_noise**2 + squares) / (1 + freedom)
    return ChoiceEstimates(pulls, means, float(np.sqrt(variance)))
