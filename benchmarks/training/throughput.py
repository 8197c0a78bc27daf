"""Many networks trained at once against one at a time: images per second of both."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.training.batches import Tensors, epoch_batches
from benchmarks.training.devices import synchronise
from benchmarks.training.models import Shape, build_model
from benchmarks.training.networks import MemberBatch
from benchmarks.training.optimisers import torch_optimiser
from benchmarks.training.precision import autocast
from benchmarks.training.recipes import Recipe, usual_members

ROUNDS = 5
N_BATCHES = 4
"""Batches in one timed epoch: enough to hide its start, few enough to alternate often."""
CEILING_SIZE = {"cpu": 2048, "cuda": 8192}
SHAPES = {"digits": (1, 8, 8), "mnist": (1, 28, 28), "cifar10": (3, 32, 32)}


@dataclass(frozen=True)
class Throughput:
    """batched, looped: training images per second. flops: floating-point operations per image."""

    batched: float
    looped: float
    flops: float


def shrunk_shape(data: str, shrink: int) -> Shape:
    """Channels, height and width of what a network is given."""
    channels, height, width = SHAPES[data]
    return channels, height // shrink, width // shrink


def measure(recipe: Recipe, shape: Shape, *, n_members: int, device: str) -> Throughput:
    """Alternate both ways of training and take each one's fastest round.

    The images are noise, which costs the same.
    """
    data = noise_images(shape, N_BATCHES * recipe.batch_size, device)
    rates = np.geomspace(1e-4, 1e-2, n_members)
    batch = MemberBatch(recipe, usual_members(recipe, rates, np.zeros(n_members, np.int64)), data)
    loop = OneByOne(recipe, data)
    ways: list[Callable[[], object]] = [lambda: batch.train_epoch(0), loop.train_epoch]
    batched, looped = fastest(ways, device)
    n_images = N_BATCHES * recipe.batch_size
    return Throughput(n_members * n_images / batched, n_images / looped, loop.flops() / n_images)


class OneByOne:
    """The ordinary way: one module, one ``torch.optim`` optimiser, one batch after another."""

    def __init__(self, recipe: Recipe, data: Tensors) -> None:
        self._recipe, self._data = recipe, data
        network = build_model(recipe.network, data.shape, recipe.width, seed=0)
        self._network = network.to(data.train_targets.device)
        self._optimiser = torch_optimiser(recipe.optimiser, self._network, 1e-3)

    def train_epoch(self) -> None:
        """One pass over the training images."""
        for images, labels in epoch_batches(
            self._data,
            seeds=[0],
            epoch=0,
            batch_size=self._recipe.batch_size,
            augment=self._recipe.augment,
        ):
            with autocast(self._recipe.precision, images.device):
                logits = self._network(images[0])
            loss = functional.cross_entropy(logits.float(), labels[0])
            self._optimiser.zero_grad()
            torch.autograd.backward(loss)
            self._optimiser.step()

    def flops(self) -> float:
        """Floating-point operations of one pass, forward and backward."""
        with FlopCounterMode(display=False) as counter:
            self.train_epoch()
        return float(counter.get_total_flops())


def measure_ceiling(device: str, precision: str) -> float:
    """FLOP/s of a large matrix product."""
    size, dtype = CEILING_SIZE[device], torch.bfloat16 if precision == "bf16" else torch.float32
    left, right = torch.randn(2, size, size, device=device).to(dtype)
    (seconds,) = fastest([lambda: left @ right], device)
    return 2 * size**3 / seconds


def fastest(ways: Iterable[Callable[[], object]], device: str) -> list[float]:
    """Seconds of each way's fastest round; rounds alternate, so that load falls on all alike."""
    ways = list(ways)
    seconds = np.empty((ROUNDS + 1, len(ways)))
    for timings in seconds:
        for index, run in enumerate(ways):
            synchronise(device)
            start = time.perf_counter()
            run()
            synchronise(device)
            timings[index] = time.perf_counter() - start
    # The first round pays for allocation and kernel choice.
    return [float(value) for value in seconds[1:].min(axis=0)]


def noise_images(shape: Shape, n_images: int, device: str) -> Tensors:
    """Random images and labels."""
    images = torch.randn(n_images, *shape, device=device)
    labels = torch.randint(0, 10, (n_images,), device=device)
    return Tensors(images, labels, images[:1], labels[:1])
