"""Active arms with their confidence balls, and what a policy is (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .._arrays import FloatArray, IntArray
from .._history import Choices, History


@dataclass(frozen=True, eq=False)
class Arms:
    """Active arms as parallel arrays, sorted along the axis.

    Attributes:
        points: (n_arms,), unit axis.
        pulls: (n_arms,), finished trials per arm.
        means: (n_arms,), mean of the oriented values; ``-inf`` where every pull diverged.
        radii: (n_arms,), confidence radius of the mean, in the values' units.
        reach: (n_arms,), radius of the confidence ball, in units of the axis.
        errors: (n_arms,), half-width of a 95 % confidence interval of the mean, in the values'
            units. It need not be smaller than the radius, which is learnt from all trials and
            steers the search.
        recommended: Index of the arm with the best estimate under noise.
    """

    points: FloatArray
    pulls: IntArray
    means: FloatArray
    radii: FloatArray
    reach: FloatArray
    errors: FloatArray
    recommended: int

    def __len__(self) -> int:
        return len(self.points)


class Policy(Protocol):
    """Where to look next on one axis. Policies are frozen and hold no state."""

    def propose(self, history: History, rng: np.random.Generator) -> float:
        """The next point to evaluate, in [0, 1]; a cell's centre on a discrete axis."""
        ...

    def choose(self, history: Choices, rng: np.random.Generator) -> int:
        """The next choice of a categorical parameter."""
        ...

    def arms(self, history: History) -> Arms:
        """The active arms on an axis with at least one finished trial."""
        ...

    def choice_arms(self, history: Choices) -> Arms:
        """The active arms among unordered choices; ``points`` holds their numbers."""
        ...
