"""A small network on scikit-learn's digits, trained with plain SGD; needs no torch.

Rates below 1e-3 barely learn, rates of 1 and more diverge: the loss explodes and the accuracy
falls to chance, or to NaN where the weights overflow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

N_CLASSES = 10
HIDDEN_LAYERS = (64, 64, 64)
BATCH_SIZE = 32
N_HELD_OUT = 450  # images in the validation set, and as many in the test set
SPLIT_SEED = 0


@dataclass(frozen=True, eq=False)
class Digits:
    """Images of (n, 64) float32 in [0, 1] and labels of (n,), in a fixed split."""

    train: tuple[NDArray[np.float32], NDArray[np.int64]]
    validation: tuple[NDArray[np.float32], NDArray[np.int64]]
    test: tuple[NDArray[np.float32], NDArray[np.int64]]


@lru_cache(maxsize=1)
def split_digits() -> Digits:
    """The 1,797 digits as 897 training, 450 validation and 450 test images."""
    images, labels = load_digits(return_X_y=True)
    images = (images / 16).astype(np.float32)
    rest, test, rest_labels, test_labels = train_test_split(
        images, labels, test_size=N_HELD_OUT, random_state=SPLIT_SEED, stratify=labels
    )
    train, validation, train_labels, validation_labels = train_test_split(
        rest, rest_labels, test_size=N_HELD_OUT, random_state=SPLIT_SEED, stratify=rest_labels
    )
    return Digits(
        train=(train, train_labels),
        validation=(validation, validation_labels),
        test=(test, test_labels),
    )


def train_by_epoch(
    learning_rate: float, *, n_epochs: int, seed: int, held_out: str = "validation"
) -> Iterator[float]:
    """Train one network and yield its accuracy after each epoch.

    Args:
        learning_rate: Step size of plain SGD.
        n_epochs: Passes over the training set.
        seed: Of the initial weights and the order of the images.
        held_out: ``"validation"`` or ``"test"``, the set whose accuracy is yielded.

    Yields:
        The accuracy in [0, 1]; NaN, once and last, where the weights or the loss overflow.
    """
    digits = split_digits()
    images, labels = getattr(digits, held_out)
    network = MLPClassifier(
        HIDDEN_LAYERS,
        solver="sgd",
        learning_rate_init=learning_rate,
        momentum=0.0,
        batch_size=BATCH_SIZE,
        random_state=seed,
    )
    for _ in range(n_epochs):
        if not _train_one_epoch(network, *digits.train):
            yield math.nan
            return
        yield float(network.score(images, labels))


def _train_one_epoch(network: Any, images: NDArray[Any], labels: NDArray[Any]) -> bool:
    """Train for one pass; False if the network diverged beyond floating point."""
    # An overflow is the very thing to be found out here, not a defect to warn of.
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            network.partial_fit(images, labels, classes=np.arange(N_CLASSES))
        except ValueError as error:
            if "non-finite" not in str(error):
                raise
            return False
    return math.isfinite(network.loss_)
