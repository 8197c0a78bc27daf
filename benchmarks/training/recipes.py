"""What is trained: everything that networks have in common, and what tells them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.optimisers import OPTIMISERS, SCHEDULES
from benchmarks.training.precision import PRECISIONS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pretraining:
    """How the network was made that is fine-tuned: once, for all members, on other data.

    n_train: as of ``load_tensors``.
    """

    data: str
    optimiser: str
    learning_rate: float
    n_epochs: int
    n_train: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Recipe:
    """Everything the members of a batch have in common.

    pretraining: None where members start from fresh weights; else they start from one trained
        network, all but its last layer, and train all layers.
    """

    network: str
    width: int
    optimiser: str
    batch_size: int
    n_epochs: int
    schedule: str = "constant"
    augment: bool = False
    precision: str = "float32"
    pretraining: Pretraining | None = None

    def __post_init__(self) -> None:
        for field, choices in (
            ("optimiser", OPTIMISERS),
            ("schedule", SCHEDULES),
            ("precision", PRECISIONS),
        ):
            if getattr(self, field) not in choices:
                raise ValueError(
                    f"{field} must be one of {sorted(choices)}, got {getattr(self, field)!r}."
                )


@dataclass(frozen=True, eq=False)
class Members:
    """What tells the members apart: parallel arrays of shape (n_members,)."""

    learning_rates: Floats
    seeds: NDArray[np.int64]
    momenta: Floats
    weight_decays: Floats

    def __len__(self) -> int:
        return len(self.seeds)


def usual_members(recipe: Recipe, learning_rates: Floats, seeds: NDArray[np.int64]) -> Members:
    """Members (learning_rates[i], seeds[i]) with the optimiser's usual momentum and decay."""
    optimiser = OPTIMISERS[recipe.optimiser]
    return Members(
        learning_rates,
        seeds,
        np.full(len(seeds), optimiser.momentum),
        np.full(len(seeds), optimiser.weight_decay),
    )
