"""What every loader of data returns: tensors, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.training.batches import Tensors
from benchmarks.training.datasets.image_files import SPLIT_SEED


@dataclass(frozen=True, eq=False)
class Loaded:
    """Training and validation data on a device.

    provenance: one sentence for metadata and reports.
    split: how training and validation data were told apart, in words.
    """

    tensors: Tensors
    provenance: str
    split: str

    def to(self, device: str) -> Loaded:
        """The same data on another device."""
        moved = {
            name: getattr(self.tensors, name).to(device)
            for name in ("train_inputs", "train_targets", "validation_inputs", "validation_targets")
        }
        return replace(self, tensors=replace(self.tensors, **moved))


def split_at_random(
    inputs: NDArray[np.generic],
    targets: NDArray[np.generic],
    *,
    n_train: int | None,
    n_validation: int,
    task: str,
    n_outputs: int,
    provenance: str,
    kind: str,
) -> Loaded:
    """Cut n_validation examples off by one fixed permutation; train on n_train of the others.

    Args:
        inputs: (n, ...) float32 or int64.
        targets: (n, ...), as the task has them.
        n_train: None for all that are left.
        n_validation: Examples to validate on.
        task: Name in ``TASKS``.
        n_outputs: Of a network for it.
        provenance: Of all n examples.
        kind: What the examples are, in the plural.

    Raises:
        ValueError: If there are not so many examples.
    """
    n_left = len(inputs) - n_validation
    n_train = n_left if n_train is None else n_train
    if not 1 <= n_train <= n_left:
        raise ValueError(f"n_train must be between 1 and {n_left}, got {n_train}.")
    order = np.random.default_rng(SPLIT_SEED).permutation(len(inputs))
    validation, train = order[:n_validation], order[n_validation : n_validation + n_train]
    tensors = Tensors(
        torch.from_numpy(inputs[train]),
        torch.from_numpy(targets[train]),
        torch.from_numpy(inputs[validation]),
        torch.from_numpy(targets[validation]),
        task=task,
        n_outputs=n_outputs,
    )
    split = (
        f"{n_train} training and {n_validation} validation {kind}, told apart by a permutation "
        f"with seed {SPLIT_SEED}"
    )
    return Loaded(tensors, provenance, split)
