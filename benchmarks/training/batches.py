"""What a network sees and in which order: normalised tensors, shuffled and augmented by seed.

The same function feeds many networks at once and an ordinary one-model loop: a seed's batches do
not depend on which other seeds train beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from benchmarks.training.datasets.image_files import Dataset, Split
from benchmarks.training.models import N_CLASSES

# Per channel, of the training pixels in [0, 255] (digits: [0, 16]).
MEANS = {"digits": [4.88], "mnist": [33.3], "cifar10": [125.3, 123.0, 113.9]}
DEVIATIONS = {"digits": [6.02], "mnist": [78.6], "cifar10": [63.0, 62.1, 66.7]}
SHIFT = 8
"""A random crop moves an image by at most its height divided by this: 4 of 32 pixels."""


@dataclass(frozen=True, eq=False)
class Tensors:
    """A data set resident on one device.

    train_inputs, validation_inputs: (n, ...) float32, normalised; images are (n, channels, height,
        width), tables (n, n_features). Text is (n, length) int64.
    train_targets, validation_targets: as the task in ``TASKS`` has them; (n,) int64 for classes.
    task: name in ``TASKS``.
    n_outputs: of a network for it, the number of classes for example.
    source: what a network is trained on before it is trained on this; None where it starts anew.
    """

    train_inputs: Tensor
    train_targets: Tensor
    validation_inputs: Tensor
    validation_targets: Tensor
    task: str = "classification"
    n_outputs: int = N_CLASSES
    source: Tensors | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one input: channels, height and width of an image."""
        return tuple(self.train_inputs.shape[1:])


def to_tensors(data: Dataset, *, device: str = "cpu", shrink: int = 1) -> Tensors:
    """Normalise and move to ``device``; ``shrink`` averages squares of that many pixels a side."""
    return Tensors(
        images_to_tensor(data.name, data.train, device=device, shrink=shrink),
        torch.from_numpy(data.train.labels).to(device),
        images_to_tensor(data.name, data.validation, device=device, shrink=shrink),
        torch.from_numpy(data.validation.labels).to(device),
    )


def images_to_tensor(name: str, split: Split, *, device: str = "cpu", shrink: int = 1) -> Tensor:
    """(n, channels, height, width) float32 with about zero mean and unit variance."""
    images = torch.from_numpy(split.images).to(device).permute(0, 3, 1, 2).float()
    mean = torch.tensor(MEANS[name], device=device).view(-1, 1, 1)
    deviation = torch.tensor(DEVIATIONS[name], device=device).view(-1, 1, 1)
    images = (images - mean) / deviation
    if shrink > 1:
        images = functional.avg_pool2d(images, shrink)
    # Vmapped GroupNorm accepts no other memory format.
    return images.contiguous()


def epoch_batches(
    data: Tensors, *, seeds: Sequence[int], epoch: int, batch_size: int, augment: bool
) -> Iterator[tuple[Tensor, Tensor]]:
    """One epoch's batches: inputs (n_seeds, batch_size, ...) and their targets.

    Each seed has its own order; the last examples that fill no whole batch sit the epoch out.
    augment: for images alone.
    """
    generators = [np.random.default_rng((seed, epoch)) for seed in seeds]
    n_examples = len(data.train_targets)
    device = data.train_targets.device
    orders = torch.from_numpy(np.stack([g.permutation(n_examples) for g in generators])).to(device)
    moves = (
        np.stack([_draw_moves(g, n_examples, data.shape[1]) for g in generators])
        if augment
        else None
    )
    for start in range(0, n_examples - batch_size + 1, batch_size):
        batch = slice(start, start + batch_size)
        chosen = orders[:, batch]
        inputs, targets = data.train_inputs[chosen], data.train_targets[chosen]
        if moves is not None:
            inputs = crop_and_flip(inputs, torch.from_numpy(moves[:, batch]).to(device))
        yield inputs, targets


def crop_and_flip(images: Tensor, moves: Tensor) -> Tensor:
    """Shift each zero-padded image and mirror some: the usual CIFAR-10 augmentation.

    images: (..., channels, height, width).
    moves: (..., 3) int64; down and right shift from 0 to 2 * (height // SHIFT), the middle being
        none, and whether to mirror.
    """
    channels, height, width = images.shape[-3:]
    padding = height // SHIFT
    padded = functional.pad(images, (padding,) * 4).reshape(
        -1, channels, height + 2 * padding, width + 2 * padding
    )
    down, right, mirrored = moves.reshape(-1, 3).unbind(1)
    rows = down[:, None] + torch.arange(height, device=images.device)
    columns = torch.arange(width, device=images.device).expand(len(right), -1)
    columns = right[:, None] + torch.where(mirrored[:, None] > 0, columns.flip(1), columns)
    which = torch.arange(len(padded), device=images.device)[:, None, None]
    moved = padded.permute(0, 2, 3, 1)[which, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2).reshape(images.shape).contiguous()


def _draw_moves(generator: np.random.Generator, n_images: int, height: int) -> NDArray[np.int64]:
    shifts = generator.integers(0, 2 * (height // SHIFT) + 1, (n_images, 2))
    mirrored = generator.integers(0, 2, (n_images, 1))
    return np.concatenate([shifts, mirrored], axis=1)
