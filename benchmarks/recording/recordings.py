"""What a recording trains: its grid, cut into chunks, and put together again as a table."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.recording.chunks import Chunk
from benchmarks.recording.curves import ACCURACY, VALUES, Curves, write_curves
from benchmarks.recording.grid import Grid, write_grid
from benchmarks.training.networks import History
from benchmarks.training.recipes import Members, Recipe, usual_members

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Subset:
    """What part of a data set is used; None is all of it.

    shrink: squares of that many pixels a side are averaged.
    """

    n_train: int | None = None
    n_validation: int | None = None
    shrink: int = 1


@dataclass(frozen=True)
class Recording:
    """A table of learning curves over a logarithmic grid of learning rates.

    low, high: ends of the grid, both included; together they span plateau and cliff.
    members_per_chunk: networks trained together and saved together, at most; what fits a CPU's
        cache or keeps a GPU busy.
    objective: what a user would seek in it, the accuracy or the loss.
    """

    data: str
    recipe: Recipe
    low: float
    high: float
    n_rates: int
    n_seeds: int
    subset: Subset = field(default_factory=Subset)
    members_per_chunk: int = 64
    objective: Literal["accuracy", "loss"] = "accuracy"

    def chunks(self) -> list[Chunk]:
        """Some rates of one seed, which share their batches, or all rates of a few seeds."""
        rates, seeds = self._axes()
        n_seeds = max(self.members_per_chunk // self.n_rates, 1)
        chunks = []
        for some_seeds in _cut(seeds, n_seeds):
            for some_rates in _cut(rates, max(self.members_per_chunk // n_seeds, 1)):
                grid = np.meshgrid(some_rates, some_seeds, indexing="ij")
                members = usual_members(self.recipe, grid[0].ravel(), grid[1].ravel())
                key = f"seed-{some_seeds[0]}-rate-{some_rates[0]:g}"
                chunks.append(Chunk(key, self.recipe, members))
        return chunks

    def write(
        self, name: str, histories: Sequence[History], metadata: Mapping[str, Any], folder: Path
    ) -> Path:
        """Put the chunks' histories together and write table ``name``."""
        rates, seeds = self._axes()
        shape = (self.n_rates, self.n_seeds, self.recipe.n_epochs)
        values: dict[str, Any] = {key: np.empty(shape) for key in VALUES}
        for chunk, history in zip(self.chunks(), histories):
            row = np.searchsorted(rates, chunk.members.learning_rates)
            for key, table in values.items():
                table[row, chunk.members.seeds] = getattr(history, key)
        if np.isnan(values[ACCURACY]).all():
            values[ACCURACY] = None
        return write_curves(Curves(name, rates, seeds, **values, metadata=metadata), folder)

    def _axes(self) -> tuple[Floats, NDArray[np.int64]]:
        return rate_axis(self.low, self.high, self.n_rates), np.arange(self.n_seeds)


@dataclass(frozen=True)
class GridRecording:
    """A table over several hyperparameters at once, each axis increasing.

    recipe: its optimiser and batch size are overruled by the axes.
    momenta: beta_1 where the optimiser is Adam.
    """

    data: str
    recipe: Recipe
    optimisers: tuple[str, ...]
    batch_sizes: tuple[int, ...]
    low: float
    high: float
    n_rates: int
    momenta: tuple[float, ...]
    weight_decays: tuple[float, ...]
    n_seeds: int
    subset: Subset = field(default_factory=Subset)

    def chunks(self) -> list[Chunk]:
        """One per optimiser, batch size and seed, in the order of the table's axes."""
        rates = rate_axis(self.low, self.high, self.n_rates)
        grid = np.meshgrid(rates, self.momenta, self.weight_decays, indexing="ij")
        rates, momenta, decays = (axis.ravel() for axis in grid)
        outer = itertools.product(self.optimisers, self.batch_sizes, range(self.n_seeds))
        chunks = []
        for optimiser, batch_size, seed in outer:
            recipe = replace(self.recipe, optimiser=optimiser, batch_size=batch_size)
            members = Members(rates, np.full(len(rates), seed), momenta, decays)
            chunks.append(Chunk(f"{optimiser}-batch-{batch_size}-seed-{seed}", recipe, members))
        return chunks

    def write(
        self, name: str, histories: Sequence[History], metadata: Mapping[str, Any], folder: Path
    ) -> Path:
        """Put the chunks' histories together and write table ``name``."""
        outer = (len(self.optimisers), len(self.batch_sizes), self.n_seeds)
        inner = (self.n_rates, len(self.momenta), len(self.weight_decays), self.recipe.n_epochs)
        values = {
            key: np.moveaxis(
                np.stack([getattr(part, key) for part in histories]).reshape(outer + inner), 2, -2
            )
            for key in VALUES
        }
        grid = Grid(
            name,
            self.optimisers,
            np.array(self.batch_sizes),
            rate_axis(self.low, self.high, self.n_rates),
            np.array(self.momenta),
            np.array(self.weight_decays),
            np.arange(self.n_seeds),
            **values,
            metadata=metadata,
        )
        return write_grid(grid, folder)


def rate_axis(low: float, high: float, n_rates: int) -> Floats:
    """(n_rates,), evenly spaced logarithms, rounded to the six digits a table keeps."""
    return np.array([float(f"{rate:.6g}") for rate in np.geomspace(low, high, n_rates)])


def _cut(axis: NDArray[Any], size: int) -> list[NDArray[Any]]:
    """Parts of about equal length, at most ``size``."""
    return np.array_split(axis, -(-len(axis) // size))
