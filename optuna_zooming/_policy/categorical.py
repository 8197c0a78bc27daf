"""Categorical parameters: a finite set of arms with the discrete metric (numpy only)."""

from __future__ import annotations

import numpy as np

from .._estimates.choices import ChoiceEstimates
from .._estimates.intervals import NORMAL_QUANTILE
from .._history import Choices
from .arms import Arms


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
