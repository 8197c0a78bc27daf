"""The ``throughput`` command: many networks trained at once against one at a time, in one run."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.commands.record import denormals_flushed, pick_device
from benchmarks.recording.catalogue import SIZES
from benchmarks.recording.recordings import Recording
from benchmarks.training.batches import Tensors, epoch_batches
from benchmarks.training.models import Shape, build_model
from benchmarks.training.networks import MemberBatch, Recipe, usual_members
from benchmarks.training.optimisers import OPTIMISERS
from benchmarks.training.precision import PRECISIONS, autocast, float32_products, pick_precision

ROUNDS = 5
N_BATCHES = 4
"""Batches in one timed epoch: enough to hide its start, few enough to alternate often."""
CEILING_SIZE = {"cpu": 2048, "cuda": 8192}


TABLES = (
    "digits-mlp-sgd",
    "mnist-mlp-momentum",
    "mnist-cnn-adam",
    "cifar10-cnn-momentum",
    "cifar10-resnet-adamw-cosine",
)
"""Whose training is timed: one table per network and data set."""
SHAPES = {"digits": (1, 8, 8), "mnist": (1, 28, 28), "cifar10": (3, 32, 32)}


@dataclass(frozen=True)
class Throughput:
    """batched, looped: training images per second. flops: floating-point operations per image."""

    batched: float
    looped: float
    flops: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``python -m benchmarks throughput``."""
    parser.add_argument(
        "tables",
        nargs="*",
        choices=[*TABLES, []],
        metavar="TABLE",
        help="whose training to time: " + ", ".join(TABLES) + " (default: all)",
    )
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument(
        "--size", choices=sorted(SIZES), help="as in record (default: full on a GPU, else small)"
    )
    parser.add_argument("--members", type=int, help="networks at once (default: as recorded)")
    parser.add_argument(
        "--precision", choices=["auto", *PRECISIONS], default="auto", help="as in record"
    )
    parser.add_argument("--batch-size", type=int, help="images (default: as recorded)")


def main(args: argparse.Namespace) -> int:
    """Print one Markdown row per table."""
    device = pick_device(args.device)
    precision = pick_precision(args.precision, device)
    with denormals_flushed(), float32_products(precision):
        _print_table(args, device, precision)
    return 0


def _print_table(args: argparse.Namespace, device: str, precision: str) -> None:
    ceiling = measure_ceiling(device, precision)
    print(
        f"{device}, {torch.get_num_threads()} threads, {precision}; "
        f"a large matrix product runs at {ceiling / 1e9:.0f} GFLOP/s"
    )
    print("| training of | members | batch | images/s at once | one at a time | ratio | ceiling |")
    print("|---|---|---|---|---|---|---|")
    for name in args.tables or TABLES:
        recording = SIZES[args.size or ("full" if device == "cuda" else "small")][name]
        assert isinstance(recording, Recording)
        n_members = args.members or max(len(chunk.members) for chunk in recording.chunks())
        batch_size = args.batch_size or recording.recipe.batch_size
        recipe = replace(recording.recipe, batch_size=batch_size, precision=precision)
        shape = shrunk_shape(recording.data, recording.subset.shrink)
        found = measure(recipe, shape, n_members=n_members, device=device)
        print(
            f"| {name} | {n_members} | {batch_size} | {found.batched:,.0f} | {found.looped:,.0f} "
            f"| {found.batched / found.looped:.2f} | {found.batched * found.flops / ceiling:.0%} |",
            flush=True,
        )


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
        self._network = network.to(data.train_labels.device)
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


def torch_optimiser(name: str, network: nn.Module, rate: float) -> torch.optim.Optimizer:
    """The ``torch.optim`` optimiser that ``OPTIMISERS[name]`` reproduces."""
    usual = OPTIMISERS[name]
    parameters = network.parameters()
    if name in ("sgd", "momentum"):
        return torch.optim.SGD(
            parameters, rate, momentum=usual.momentum, weight_decay=usual.weight_decay
        )
    family = torch.optim.AdamW if name == "adamw" else torch.optim.Adam
    betas = (usual.momentum, 0.999)
    return family(parameters, rate, betas=betas, weight_decay=usual.weight_decay)


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


def synchronise(device: str) -> None:
    """Wait until the device has finished."""
    if device == "cuda":
        torch.cuda.synchronize()


def noise_images(shape: Shape, n_images: int, device: str) -> Tensors:
    """Random images and labels."""
    images = torch.randn(n_images, *shape, device=device)
    labels = torch.randint(0, 10, (n_images,), device=device)
    return Tensors(images, labels, images[:1], labels[:1])
