"""What a policy is: where to look next, and what is known (numpy only)."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .._estimates.arms import Arms
from .._history import Choices, History
from .._joint.search import JointSearch

# How many standard errors are taken off a mean before arms are compared.
CAUTION = 1.0


class Policy(Protocol):
    """Where to look next on one axis. Policies are frozen and hold no state."""

    @property
    def joint(self) -> JointSearch | None:
        """When and how several parameters are chosen together; ``None`` for never."""
        ...

    def propose(self, history: History, rng: np.random.Generator) -> float:
        """The next point to evaluate, in [0, 1]; a cell's centre on a discrete axis."""
        ...

    def choose(self, history: Choices, rng: np.random.Generator) -> int:
        """The next choice of a categorical parameter."""
        ...

    def arms(self, history: History, caution: float = CAUTION) -> Arms:
        """The active arms on an axis with at least one finished trial."""
        ...

    def choice_arms(self, history: Choices, caution: float = CAUTION) -> Arms:
        """The active arms among unordered choices; ``points`` holds their numbers."""
        ...
