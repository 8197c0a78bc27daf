"""Which choice of a categorical parameter to try next: the discrete metric (numpy only)."""

from __future__ import annotations

import numpy as np

from .._estimates.choices import ChoiceEstimates
from .._history import Choices


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
