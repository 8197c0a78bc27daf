"""Small data sets that scikit-learn brings along or makes, split anew by every seed."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Rows(NamedTuple):
    """A split: columns of zero mean and unit variance over the training rows.

    inputs, validation_inputs: (n, n_columns).
    targets, validation_targets: (n,), classes from 0 or standardised numbers.
    """

    inputs: NDArray[np.float64]
    targets: NDArray[Any]
    validation_inputs: NDArray[np.float64]
    validation_targets: NDArray[Any]


MADE_SEED = 240909783
REGRESSIONS = ("diabetes", "friedman", "friedman3")


@functools.lru_cache(maxsize=64)
def split(data: str, n_train: int, n_validation: int, seed: int) -> Rows:
    """Rows of a data set, or of the classes that its name has behind a slash, in random order."""
    inputs, targets = all_rows(data)
    order = np.random.default_rng(seed).permutation(len(inputs))[: n_train + n_validation]
    train, validation = order[:n_train], order[n_train:]
    mean, deviation = inputs[train].mean(0), inputs[train].std(0)
    inputs = (inputs - mean) / np.where(deviation > 0, deviation, 1.0)
    if data in REGRESSIONS:
        targets = (targets - targets[train].mean()) / targets[train].std()
    return Rows(inputs[train], targets[train], inputs[validation], targets[validation])


@functools.lru_cache(maxsize=16)
def all_rows(data: str) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Inputs and targets; ``digits/5-9`` has only these classes, counted from 0."""
    base, _, classes = data.partition("/")
    inputs, targets = _load(base)
    if classes:
        first, last = map(int, classes.split("-"))
        kept = (targets >= first) & (targets <= last)
        inputs, targets = inputs[kept], targets[kept] - first
    return np.asarray(inputs, dtype=np.float64), targets


def _load(data: str) -> tuple[Any, Any]:
    from sklearn import datasets

    bundled = {
        "digits": datasets.load_digits,
        "wine": datasets.load_wine,
        "diabetes": datasets.load_diabetes,
        "breast-cancer": datasets.load_breast_cancer,
    }
    if data in bundled:
        return tuple(bundled[data](return_X_y=True))
    if data == "noisy-wine":
        inputs, classes = datasets.load_wine(return_X_y=True)
        noise = np.random.default_rng(MADE_SEED).standard_normal((len(inputs), 40))
        return np.column_stack([inputs, noise]), classes
    if data == "moons":
        return tuple(datasets.make_moons(1500, noise=0.3, random_state=MADE_SEED))
    if data == "friedman":
        return tuple(datasets.make_friedman1(1500, noise=1.0, random_state=MADE_SEED))
    if data == "friedman3":
        return tuple(datasets.make_friedman3(1500, noise=0.1, random_state=MADE_SEED))
    if data == "hastie":
        inputs, signs = datasets.make_hastie_10_2(1500, random_state=MADE_SEED)
        return inputs, (signs > 0).astype(np.int64)
    if data == "quantiles":
        return tuple(
            datasets.make_gaussian_quantiles(
                n_samples=1500, n_features=5, n_classes=4, random_state=MADE_SEED
            )
        )
    if data == "clusters":
        return tuple(_clusters(datasets, n_columns=20, n_classes=10))
    if data == "sparse":
        return tuple(_clusters(datasets, n_columns=40, n_classes=3))
    raise ValueError(f"no data set is called {data!r}.")


def _clusters(datasets: Any, *, n_columns: int, n_classes: int) -> tuple[Any, Any]:
    made: tuple[Any, Any] = datasets.make_classification(
        2500,
        n_features=n_columns,
        n_informative=10,
        n_redundant=4,
        n_classes=n_classes,
        n_clusters_per_class=1 if n_classes > 3 else 2,
        flip_y=0.03,
        class_sep=1.2,
        random_state=MADE_SEED,
    )
    return made
