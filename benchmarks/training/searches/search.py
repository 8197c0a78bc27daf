"""A search: a space of parameters, data, and the training that gives a score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.training.searches.rows import Rows, split
from benchmarks.training.searches.space import Space

Training = Callable[[Mapping[str, Any], Rows, int], float]
DIRECT_SEEDS = 16
"""Seeds that the trials of a fast training draw from; the truth is their mean."""


@dataclass(frozen=True)
class Search:
    """What is searched for, larger scores being better.

    Attributes:
        kind: What is trained: the same kind is in both roles.
        data: Name of the data set, with classes behind a slash if it has only some.
        space: The parameters.
        training: Gives the module's function that trains; called only where something is trained,
            so that what replays a table needs neither torch nor scikit-learn.
        n_train, n_validation: Rows; which ones depends on the seed.
        direct: Whether every trial trains, which is fast, instead of asking a surrogate.
        n_random: Configurations that are recorded at random places.
        n_near: Configurations that are recorded near the best.
    """

    kind: str
    data: str
    space: Space
    training: Callable[[], Training]
    n_train: int
    n_validation: int
    direct: bool = False
    n_random: int = 360
    n_near: int = 120

    def score(self, params: Mapping[str, Any], seed: int) -> float:
        """Validation score of one training; the seed fixes the split and the initial weights."""
        rows = split(self.data, self.n_train, self.n_validation, seed)
        return self.training()(params, rows, seed)
