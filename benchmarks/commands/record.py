"""Train a table's whole grid and write its learning curves.

Interrupted, it goes on where it stopped: finished parts are kept in a work folder until the table
is written. A search (``*-search-*``) is a minute's work on a CPU and is recorded in one go; flags
other than --out do not concern it.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from benchmarks.commands.arguments import add_device
from benchmarks.paths import TABLES
from benchmarks.recording.catalogue import SIZES
from benchmarks.recording.record import record
from benchmarks.recording.searches.record import record_search
from benchmarks.training.datasets.fetch import cache_folder
from benchmarks.training.devices import denormals_flushed, pick_device
from benchmarks.training.precision import PRECISIONS, pick_precision
from benchmarks.training.searches.roles import SEARCHES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``python -m benchmarks record``."""
    parser.add_argument(
        "tables",
        nargs="+",
        choices=sorted({**SIZES["small"], **SEARCHES}),
        metavar="TABLE",
        help="which tables: " + ", ".join(sorted({**SIZES["small"], **SEARCHES})),
    )
    parser.add_argument(
        "--size",
        choices=sorted(SIZES),
        default="small",
        help="small: subsets that a CPU manages; full: for a GPU (default: small)",
    )
    add_device(parser)
    parser.add_argument(
        "--precision",
        choices=["auto", *PRECISIONS],
        default="auto",
        help="of products (default: tf32 on a GPU, else float32)",
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        help="folder with mnist.npz and cifar10.npz "
        "(default: OPTUNA_ZOOMING_DATA, else they are downloaded)",
    )
    parser.add_argument("--out", type=Path, default=TABLES, help="where the tables go")
    parser.add_argument(
        "--work",
        type=Path,
        default=cache_folder() / "recording",
        help="where unfinished parts are kept (default: %(default)s)",
    )


def main(args: argparse.Namespace) -> int:
    """Record each named table."""
    device = pick_device(args.device)
    precision = pick_precision(args.precision, device)
    with denormals_flushed():
        for name in args.tables:
            if name in SEARCHES:
                command = f"python -m benchmarks record {name}"
                path = record_search(name, SEARCHES[name], command=command, out=args.out)
                print(f"wrote {path}")
                continue
            recording = SIZES[args.size][name]
            recipe = replace(recording.recipe, precision=precision)
            recording = replace(recording, recipe=recipe)
            command = (
                f"python -m benchmarks record {name} --size {args.size} --device {device} "
                f"--precision {precision}"
            )
            path = record(
                name,
                recording,
                device=device,
                command=command,
                data_folder=args.data_dir,
                out=args.out,
                work=args.work,
            )
            print(f"wrote {path}")
    return 0
