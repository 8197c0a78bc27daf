"""A recording made: its whole grid trained, its learning curves written as a table.

Interrupted, it goes on where it stopped: finished parts are kept in a work folder until the table
is written. It trains and validates; the test set is never loaded.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from benchmarks.errors import UserError
from benchmarks.recording.chunks import Chunk, train_chunks
from benchmarks.recording.recordings import GridRecording, Recording
from benchmarks.training.batches import Tensors, to_tensors
from benchmarks.training.data import SPLIT_SEED, Dataset, load_data
from benchmarks.training.devices import hardware_name
from benchmarks.training.networks import History


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
        "device": hardware_name(device),
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
