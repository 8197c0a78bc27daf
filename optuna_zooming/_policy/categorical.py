"""Categorical parameters: a finite set of arms with the discrete metric (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import FloatArray, IntArray
from .._estimates.intervals import NORMAL_QUANTILE
from .._history import Choices
from .arms import Arms


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


def estimate_choices(
    history: Choices, rewards: FloatArray, prior_noise: float, prior_strength: float
) -> ChoiceEstimates:
    """Estimates from rewards, (n,); the noise starts from ``prior_noise``, worth so many trials."""
    pulls = np.bincount(history.chosen, minlength=history.count)
    totals = np.bincount(history.chosen, weights=rewards, minlength=history.count)
    means = totals / np.maximum(pulls, 1)
    squares = float(np.sum((rewards - means[history.chosen]) ** 2))
    freedom = max(len(rewards) - int(np.count_nonzero(pulls)), 0)
    variance = (prior_strength * prior_noise**2 + squares) / (prior_strength + freedom)
    return ChoiceEstimates(pulls, means, float(np.sqrt(variance)))


def best_choice(
    history: Choices, estimates: ChoiceEstimates, radius: float, rng: np.random.Generator
) -> int:
    """The choice with the largest upper confidence bound; ties are broken at random.

    Args:
        history: The trials, at least one of every choice.
        estimates: What they say.
        radius: Confidence radius of a single pull, in rewards.
        rng: Source of the draw.
    """
    index = estimates.means + radius / np.sqrt(history.pulls)
    return int(rng.choice(np.flatnonzero(index == index.max())))


def arms_of_choices(
    history: Choices, estimates: ChoiceEstimates, radius: float, width: float
) -> Arms:
    """Every tried choice is an arm; its ball is itself.

    Args:
        history: The trials.
        estimates: What they say.
        radius: Confidence radius of a single pull, in rewards.
        width: What a reward of 1 is in the values' units.
    """
    tried = np.flatnonzero(estimates.pulls)
    finite = np.isfinite(history.values)
    alive = np.bincount(history.chosen, weights=finite, minlength=history.count)
    values = np.where(finite, history.values, 0.0)
    totals = np.bincount(history.chosen, weights=values, minlength=history.count)
    means = np.divide(totals, alive, out=np.full(history.count, -np.inf), where=alive > 0)
    pulls = np.sqrt(estimates.pulls[tried])
    return Arms(
        points=tried.astype(np.float64),
        pulls=estimates.pulls[tried],
        means=means[tried],
        radii=width * radius / pulls,
        reach=np.zeros(len(tried)),
        errors=NORMAL_QUANTILE * width * estimates.sigma / pulls,
        recommended=int(np.argmax(estimates.means[tried] - radius / pulls)),
    )
