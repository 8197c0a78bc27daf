"""Long training in pieces that survive an interruption: each finished piece is one file."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.errors import UserError
from benchmarks.training.batches import Tensors
from benchmarks.training.networks import History, train_members
from benchmarks.training.recipes import Members, Recipe
from benchmarks.whole_files import write_whole


@dataclass(frozen=True, eq=False)
class Chunk:
    """Members that train together. key: file name of the result."""

    key: str
    recipe: Recipe
    members: Members

    @property
    def work(self) -> int:
        """Member epochs, the unit of the progress bar."""
        return len(self.members) * self.recipe.n_epochs


def train_chunks(
    chunks: Sequence[Chunk], data: Tensors, folder: Path, *, progress: Callable[[int], object]
) -> list[History]:
    """The history of every chunk: read from ``folder`` if it is there, else trained and saved.

    progress: called with member epochs as they are finished.

    Raises:
        UserError: If a result cannot be saved; what was finished before stays.
    """
    histories = []
    for number, chunk in enumerate(chunks):
        path = folder / f"{chunk.key}.npz"
        if path.exists():
            history = _load(path)
            progress(chunk.work)
        else:
            history = _train(chunk, data, progress)
            try:
                _save(history, path)
            except OSError as error:
                raise UserError(
                    f"cannot write {path}: {error.strerror}; {number} of {len(chunks)} parts are "
                    "kept there, make room and run the same command again."
                ) from error
        histories.append(history)
    return histories


def _train(chunk: Chunk, data: Tensors, progress: Callable[[int], object]) -> History:
    n_members = len(chunk.members)
    return train_members(chunk.recipe, chunk.members, data, on_epoch=lambda: progress(n_members))


def _save(history: History, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    np.savez(content, **asdict(history))
    write_whole(path, content.getvalue())


def _load(path: Path) -> History:
    with np.load(path) as arrays:
        return History(**arrays)
