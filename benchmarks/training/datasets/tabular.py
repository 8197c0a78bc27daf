"""Tables of numbers that scikit-learn brings along or makes: one row, one example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.training.datasets.image_files import SPLIT_SEED
from benchmarks.training.datasets.loaded import Loaded, split_at_random


@dataclass(frozen=True)
class Table:
    """loader: function of ``sklearn.datasets`` that returns rows and answers.

    n_validation: rows to validate on.
    """

    loader: Callable[[ModuleType], tuple[Any, Any]]
    task: str
    n_validation: int


TABLES = {
    "wine": Table(
        lambda datasets: datasets.load_wine(return_X_y=True), "classification", n_validation=50
    ),
    "breast-cancer": Table(
        lambda datasets: datasets.load_breast_cancer(return_X_y=True),
        "classification",
        n_validation=200,
    ),
    "diabetes": Table(
        lambda datasets: datasets.load_diabetes(return_X_y=True), "regression", n_validation=100
    ),
    # Ten columns, five of which matter, and noise.
    "friedman": Table(
        lambda datasets: datasets.make_friedman1(2000, noise=1.0, random_state=SPLIT_SEED),
        "regression",
        n_validation=1000,
    ),
}


def load_table(name: str, *, n_train: int | None = None, n_validation: int | None = None) -> Loaded:
    """One of ``TABLES``; each column has zero mean and unit variance over the training rows.

    In a regression so has the target.
    """
    from sklearn import datasets

    table = TABLES[name]
    rows, answers = table.loader(datasets)
    classes = table.task == "classification"
    targets = answers.astype(np.int64) if classes else answers[:, None].astype(np.float32)
    loaded = split_at_random(
        rows.astype(np.float32),
        targets,
        n_train=n_train,
        n_validation=table.n_validation if n_validation is None else n_validation,
        task=table.task,
        n_outputs=len(np.unique(answers)) if classes else 1,
        provenance=f"{name}, scikit-learn",
        kind="rows",
    )
    return standardised(loaded, targets=not classes)


def standardised(loaded: Loaded, *, targets: bool) -> Loaded:
    """Columns of zero mean and unit variance over the training examples; targets too if asked."""
    tensors = loaded.tensors
    changes: dict[str, Any] = {}
    for what in ("inputs", "targets") if targets else ("inputs",):
        train = getattr(tensors, f"train_{what}")
        mean, deviation = train.mean(0), train.std(0, correction=0)
        for part in ("train", "validation"):
            field = f"{part}_{what}"
            changes[field] = (getattr(tensors, field) - mean) / deviation
    return replace(loaded, tensors=replace(tensors, **changes))
