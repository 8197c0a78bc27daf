"""A photograph as a function to learn: from the place of a pixel to its colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.datasets.loaded import Loaded, split_at_random
from benchmarks.training.datasets.tabular import standardised

PICTURES = ("china", "flower")
STEP = 6
"""Every so many-th pixel of a row or column is an example."""
OCTAVES = 4


def load_picture(
    name: str, *, n_train: int | None = None, n_validation: int | None = None
) -> Loaded:
    """One of scikit-learn's photographs; inputs are waves of the place, targets the three colours.

    All have zero mean and unit variance over the training pixels.
    """
    from sklearn.datasets import load_sample_image

    pixels = load_sample_image(f"{name}.jpg")[::STEP, ::STEP]
    height, width, _ = pixels.shape
    rows, columns = np.meshgrid(
        np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij"
    )
    places = np.stack([rows.ravel(), columns.ravel()], axis=1)
    loaded = split_at_random(
        _waves(places).astype(np.float32),
        pixels.reshape(-1, 3).astype(np.float32),
        n_train=n_train,
        n_validation=1000 if n_validation is None else n_validation,
        task="regression",
        n_outputs=3,
        provenance=f"the photograph {name}.jpg, scikit-learn, every {STEP}th pixel",
        kind="pixels",
    )
    return standardised(loaded, targets=True)


def _waves(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) -> (n, 4 * OCTAVES), sines and cosines (Mildenhall et al. 2020).

    The longest wave is twice as long as the picture, so that opposite edges differ.
    """
    angles = np.concatenate([np.pi / 2 * 2.0**octave * places for octave in range(OCTAVES)], axis=1)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
