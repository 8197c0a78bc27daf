"""What a recording trains: its grid, cut into chunks, and put together again as a table."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.chunks import Chunk
from benchmarks.curves import VALUES, Curves, write_curves
from benchmarks.grid import Grid, write_grid
from benchmarks.training import History, Members, Recipe, usual_members

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
    seeds_per_chunk: trained together and saved together.
    """

    data: str
    recipe: Recipe
    low: float
    high: float
    n_rates: int
    n_seeds: int
    subset: Subset = field(default_factory=Subset)
    seeds_per_chunk: int = 1

    def chunks(self) -> list[Chunk]:
        """All rates for a few seeds at a time: one seed's rates share their batches."""
        chunks = []
        rates, width = rate_axis(self.low, self.high, self.n_rates), self.seeds_per_chunk
        for start in range(0, self.n_seeds, width):
            seeds = np.arange(start, min(start + width, self.n_seeds))
            grid = np.meshgrid(rates, seeds, indexing="ij")
            members = usual_members(self.recipe, grid[0].ravel(), grid[1].ravel())
            chunks.append(Chunk(f"seeds-{seeds[0]}-{seeds[-1]}", self.recipe, members))
        return chunks

    def write(
        self, name: str, histories: Sequence[History], metadata: Mapping[str, Any], folder: Path
    ) -> Path:
        """Put the chunks' histories together and write table ``name``."""
        shape = (self.n_rates, -1, self.recipe.n_epochs)
        values = {
            key: np.concatenate([getattr(part, key).reshape(shape) for part in histories], axis=1)
            for key in VALUES
        }
        rates, seeds = rate_axis(self.low, self.high, self.n_rates), np.arange(self.n_seeds)
        return write_curves(Curves(name, rates, seeds, **values, metadata=metadata), folder)


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
