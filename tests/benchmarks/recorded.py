"""Small recorded tables made by hand, for tests of what replays them."""

from __future__ import annotations

import numpy as np

from benchmarks.recording.curves import Curves
from benchmarks.recording.grid import Grid


def small_curves(name: str = "digits-test") -> Curves:
    """Six rates 1e-5 to 1, two seeds, three epochs; the highest rate has diverged."""
    final = np.array([0.1, 0.3, 0.6, 0.9, 0.8, 0.1])
    seeds = final[:, None] + np.array([-0.02, 0.02])
    accuracy = seeds[:, :, None] * np.array([0.5, 0.8, 1.0])
    loss = np.ones_like(accuracy)
    loss[-1, :, 1:] = np.nan
    return Curves(
        name,
        np.geomspace(1e-5, 1, 6),
        np.array([0, 1]),
        loss,
        loss,
        accuracy,
        np.ones_like(accuracy),
        metadata={"device": "by hand"},
    )


def small_grid(name: str = "digits-grid-test") -> Grid:
    """Two optimisers, two batch sizes, three rates, two momenta and decays, two seeds, two epochs.

    Accuracy grows with every coordinate and is halved for the second optimiser.
    """
    shape = (2, 2, 3, 2, 2)
    steps = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"))
    final = 0.1 + 0.1 * steps[1:].sum(axis=0) * (1 - 0.5 * steps[0])
    accuracy = (final[..., None] + np.array([-0.01, 0.01]))[..., None] * np.array([0.5, 1.0])
    ones = np.ones_like(accuracy)
    return Grid(
        name,
        ("sgd", "adam"),
        np.array([16, 64]),
        np.array([1e-3, 1e-2, 1e-1]),
        np.array([0.0, 0.9]),
        np.array([1e-5, 1e-3]),
        np.array([0, 1]),
        ones,
        ones,
        accuracy,
        ones,
        metadata={},
    )
