"""Images to classify, all ten classes or some of them."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from benchmarks.training.batches import Tensors, to_tensors
from benchmarks.training.datasets.image_files import SPLIT_SEED, load_data
from benchmarks.training.datasets.loaded import Loaded


def load_images(
    name: str,
    *,
    folder: Path | None = None,
    n_train: int | None = None,
    n_validation: int | None = None,
    shrink: int = 1,
    device: str = "cpu",
) -> Loaded:
    """A data set of ``load_data`` as tensors; its test set is never loaded.

    Args:
        name: ``mnist``, or ``mnist/5-9`` for the images of these classes, which then count from 0.
        folder: Where to look for the files first.
        n_train: Images of all classes to train on; those of other classes are then left out.
        n_validation: Images of all classes to validate on, in the same way.
        shrink: Squares of that many pixels a side are averaged.
        device: Where the tensors go.
    """
    base, _, classes = name.partition("/")
    data = load_data(base, folder=folder, n_train=n_train, n_validation=n_validation)
    tensors = to_tensors(data, device=device, shrink=shrink)
    provenance = data.provenance
    if classes:
        first, _, last = classes.partition("-")
        tensors = _of_classes(tensors, int(first), int(last))
        provenance += f", classes {first} to {last} alone"
    split = (
        f"{len(tensors.train_targets)} training and {len(tensors.validation_targets)} validation "
        f"images, cut from the training set by a permutation with seed {SPLIT_SEED}; test set not "
        "used"
    )
    return Loaded(tensors, provenance, split)


def _of_classes(tensors: Tensors, first: int, last: int) -> Tensors:
    def some(inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        chosen = torch.nonzero((targets >= first) & (targets <= last)).squeeze(1)
        return inputs[chosen], targets[chosen] - first

    return Tensors(
        *some(tensors.train_inputs, tensors.train_targets),
        *some(tensors.validation_inputs, tensors.validation_targets),
        n_outputs=last - first + 1,
    )
