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
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.errors import UserError
from benchmarks.progress import progress
from benchmarks.recording.chunks import Chunk, train_chunks
from benchmarks.recording.recordings import GridRecording, Recording
from benchmarks.training.batches import Tensors
from benchmarks.training.datasets.loaded import Loaded
from benchmarks.training.datasets.loading import load_tensors
from benchmarks.training.devices import hardware_name
from benchmarks.training.networks import History
from benchmarks.training.tasks import TASKS


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
    loaded = load_all(recording, device=device, folder=data_folder)
    metadata = describe(asdict(recording), loaded, device=device, command=command)
    folder = work / f"{name}-{_fingerprint(asdict(recording), loaded.provenance, device)}"
    histories = train_with_bar(name, recording.chunks(), loaded.tensors, folder)
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


def load_all(
    recording: Recording | GridRecording, *, device: str, folder: Path | None = None
) -> Loaded:
    """The recording's data, with those that its networks are trained on before, if any."""
    subset = recording.subset
    loaded = load_tensors(recording.data, folder=folder, device=device, **asdict(subset))
    before = recording.recipe.pretraining
    if before is None:
        return loaded
    source = load_tensors(
        before.data, folder=folder, device=device, n_train=before.n_train, shrink=subset.shrink
    )
    return Loaded(
        replace(loaded.tensors, source=source.tensors),
        f"{loaded.provenance}; trained before on: {source.provenance}",
        f"{loaded.split}; before: {source.split}",
    )


def train_with_bar(
    name: str, chunks: Sequence[Chunk], data: Tensors, folder: Path
) -> list[History]:
    """``train_chunks`` under a progress bar with its estimate."""
    total = sum(chunk.work for chunk in chunks)
    with progress(total=total, unit="epoch", what=name) as bar:
        return train_chunks(chunks, data, folder, progress=bar.update)


def describe(
    recording: dict[str, Any], loaded: Loaded, *, device: str, command: str
) -> dict[str, Any]:
    """A table's metadata: all that is needed to judge it and to record it again."""
    tensors = loaded.tensors
    return {
        "data": loaded.provenance,
        "split": loaded.split,
        "guessing_loss": TASKS[tensors.task].guessing(tensors.n_outputs),
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
