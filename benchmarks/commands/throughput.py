"""Measure many networks trained at once against one at a time, in one run."""

from __future__ import annotations

import argparse
from dataclasses import replace

import torch

from benchmarks.commands.arguments import add_device, at_least
from benchmarks.progress import progress
from benchmarks.recording.catalogue import SIZES
from benchmarks.recording.recordings import Recording
from benchmarks.training.devices import denormals_flushed, pick_device
from benchmarks.training.precision import PRECISIONS, float32_products, pick_precision
from benchmarks.training.throughput import measure, measure_ceiling, shrunk_shape

TABLES = (
    "digits-mlp-sgd",
    "mnist-mlp-momentum",
    "mnist-cnn-adam",
    "cifar10-cnn-momentum",
    "cifar10-resnet-adamw-cosine",
)
"""Whose training is timed: one table per network and data set."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``python -m benchmarks throughput``."""
    parser.add_argument(
        "tables",
        nargs="*",
        choices=[*TABLES, []],
        metavar="TABLE",
        help="whose training to time: " + ", ".join(TABLES) + " (default: all)",
    )
    add_device(parser)
    parser.add_argument(
        "--size", choices=sorted(SIZES), help="as in record (default: full on a GPU, else small)"
    )
    parser.add_argument(
        "--members", type=at_least(1), help="networks at once (default: as recorded)"
    )
    parser.add_argument(
        "--precision", choices=["auto", *PRECISIONS], default="auto", help="as in record"
    )
    parser.add_argument("--batch-size", type=at_least(1), help="images (default: as recorded)")


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
    print("|---|---|---|---|---|---|---|", flush=True)
    tables = args.tables or TABLES
    bar = progress(tables, total=len(tables), unit="table")
    for name in bar:
        recording = SIZES[args.size or ("full" if device == "cuda" else "small")][name]
        assert isinstance(recording, Recording)
        n_members = args.members or max(len(chunk.members) for chunk in recording.chunks())
        batch_size = args.batch_size or recording.recipe.batch_size
        recipe = replace(recording.recipe, batch_size=batch_size, precision=precision)
        shape = shrunk_shape(recording.data, recording.subset.shrink)
        found = measure(recipe, shape, n_members=n_members, device=device)
        bar.write(
            f"| {name} | {n_members} | {batch_size} | {found.batched:,.0f} | {found.looped:,.0f} "
            f"| {found.batched / found.looped:.2f} | {found.batched * found.flops / ceiling:.0%} |"
        )
