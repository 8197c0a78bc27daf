"""Where a surrogate has its best: random places, improved by small steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.recording.searches.surrogate import Surrogate
from benchmarks.training.searches.space import Space

Floats = NDArray[np.float64]
N_RANDOM, N_ROUNDS = 4000, 100
N_PARENTS, N_CHILDREN = 20, 10


def near(space: Space, places: Floats, width: float, rng: np.random.Generator) -> Floats:
    """Places (n_parameters,) near others: about half of the parameters are moved."""
    moved = rng.random(len(places)) < 0.5
    step = np.where(moved, width * rng.standard_normal(len(places)), 0.0)
    found = np.clip(places + step, 0.0, 1.0 - 1e-12)
    anew = rng.random(len(places)) < width / 2
    return np.where(anew, rng.random(len(places)), found)


def judged(space: Space, surrogate: Surrogate, drawn: Floats) -> Floats:
    """(n,) scores of what the parameters' own digits make of places (n, n_parameters)."""
    return surrogate.means(np.stack([space.places(space.params(row)) for row in drawn]))


def best_places(space: Space, surrogate: Surrogate, rng: np.random.Generator) -> Floats:
    """(n_parameters,): the best that random places and their improvement find."""
    drawn = rng.random((N_RANDOM, len(space.parameters)))
    truths = judged(space, surrogate, drawn)
    for n_round in range(N_ROUNDS):
        best = np.argsort(-truths)[:N_PARENTS]
        drawn, truths = drawn[best], truths[best]
        width = 0.3 * 0.01 ** (n_round / N_ROUNDS)
        children = [near(space, row, width, rng) for row in drawn for _ in range(N_CHILDREN)]
        drawn = np.concatenate([drawn, children])
        truths = np.append(truths, judged(space, surrogate, np.stack(children)))
    found: Floats = drawn[truths.argmax()]
    return found
