"""The ``record`` command: train a table's whole grid and write its learning curves.

Interrupted, it goes on where it stopped: finished parts are kept in a work folder until the table
is written. It trains and validates; the test set is never loaded.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import hashlib
import json
import platform
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from benchmarks.errors import UserError
from benchmarks.paths import TABLES
from benchmarks.recording.catalogue import SIZES
from benchmarks.recording.chunks import Chunk, train_chunks
from benchmarks.recording.recordings import GridRecording, Recording
from benchmarks.training.batches import Tensors, to_tensors
from benchmarks.training.data import SPLIT_SEED, Dataset, load_data
from benchmarks.training.fetch import cache_folder
from benchmarks.training.networks import History
from benchmarks.training.precision import PRECISIONS, pick_precision


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``python -m benchmarks record``."""
    parser.add_argument(
        "tables",
        nargs="+",
        choices=sorted(SIZES["small"]),
        metavar="TABLE",
        help="which tables: " + ", ".join(sorted(SIZES["small"])),
    )
    parser.add_argument(
        "--size",
        choices=sorted(SIZES),
        default="small",
        help="small: subsets that a CPU manages; full: for a GPU (default: small)",
    )
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
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


@contextlib.contextmanager
def denormals_flushed() -> Iterator[None]:
    """Momenta of dead units decay into denormal numbers, which slow a CPU down tenfold."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def pick_device(wanted: str) -> str:
    """``cpu`` or ``cuda``; ``auto`` takes the GPU if there is one."""
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise UserError("--device cuda: torch finds no GPU; choose from auto, cpu.")
    return wanted


def record(
    name: str,
    recording: Recording | GridRecording,
    *,
    device: str,
    command: str,
    data_folder: Path | None,
    out: Path,
    work: Path,
) -> Path:
    """Train what ``recording`` asks for and write table ``name``; returns its path.

    work: where finished parts are kept, and found again by the same recording on the same device.
    """
    subset = recording.subset
    dataset = load_data(
        recording.data, folder=data_folder, n_train=subset.n_train, n_validation=subset.n_validation
    )
    data = to_tensors(dataset, device=device, shrink=subset.shrink)
    metadata = describe(asdict(recording), dataset, device=device, command=command)
    folder = work / f"{name}-{_fingerprint(asdict(recording), dataset.provenance, device)}"
    histories = train_with_bar(name, recording.chunks(), data, folder)
    # Summed over members, so that parts trained before an interruption count too.
    metadata["minutes"] = round(sum(history.seconds.sum() for history in histories) / 60, 2)
    try:
        path = recording.write(name, histories, metadata, out)
    except OSError as error:
        raise UserError(
            f"cannot write table {name} to {out}: {error.strerror}; everything trained is kept in "
            f"{folder}, make room and run the same command again."
        ) from error
    shutil.rmtree(folder)
    return path


def train_with_bar(
    name: str, chunks: Sequence[Chunk], data: Tensors, folder: Path
) -> list[History]:
    """``train_chunks`` under a progress bar with its estimate."""
    total = sum(chunk.work for chunk in chunks)
    with tqdm(total=total, desc=name, unit="epoch", mininterval=1.0) as bar:
        return train_chunks(chunks, data, folder, progress=bar.update)


def describe(
    recording: dict[str, Any], dataset: Dataset, *, device: str, command: str
) -> dict[str, Any]:
    """A table's metadata: all that is needed to judge it and to record it again."""
    n_train, n_validation = len(dataset.train), len(dataset.validation)
    return {
        "data": dataset.provenance,
        "split": f"{n_train} training and {n_validation} validation images, cut from the training "
        f"set by a permutation with seed {SPLIT_SEED}; test set not used",
        "recording": recording,
        "device": torch.cuda.get_device_name() if device == "cuda" else _processor(),
        "threads": torch.get_num_threads(),
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "torch": torch.__version__,
        },
        "command": command,
        "date": datetime.date.today().isoformat(),
    }


def _fingerprint(recording: dict[str, Any], provenance: str, device: str) -> str:
    """Parts of another recording, data set or device must not be mistaken for this one's."""
    text = json.dumps([recording, provenance, device, torch.__version__])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _processor() -> str:
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        for line in cpu_info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
