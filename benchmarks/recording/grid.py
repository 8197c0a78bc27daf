"""Recorded curves over several hyperparameters at once, and a look-up between the grid's points."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from benchmarks.paths import TABLES
from benchmarks.recording.curves import (
    VALUES,
    check_digest,
    check_order,
    parse_rows,
    read_metadata,
    read_text,
    table_name,
    to_csv,
    write_table,
)

KEYS = ("optimiser", "batch_size", "learning_rate", "momentum", "weight_decay", "seed", "epoch")
"""Column names; ``optimiser`` counts from zero in the metadata's list of optimisers."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grid:
    """Learning curves on the full product of its axes, each axis increasing.

    optimisers: (n_optimisers,) names.
    batch_sizes, learning_rates, momenta, weight_decays, seeds: one axis each; momentum is beta_1
        under Adam.
    train_loss, validation_loss, validation_accuracy, seconds: (n_optimisers, n_batch_sizes,
        n_rates, n_momenta, n_weight_decays, n_seeds, n_epochs); they mean what they do in Curves.
    metadata: provenance, as written by ``python -m benchmarks record``.
    """

    name: str
    optimisers: tuple[str, ...]
    batch_sizes: NDArray[np.int64]
    learning_rates: Floats
    momenta: Floats
    weight_decays: Floats
    seeds: NDArray[np.int64]
    train_loss: Floats
    validation_loss: Floats
    validation_accuracy: Floats
    seconds: Floats
    metadata: Mapping[str, Any]

    @property
    def n_epochs(self) -> int:
        """Epochs per curve."""
        return int(self.validation_accuracy.shape[-1])

    def accuracy(
        self,
        *,
        learning_rate: float,
        momentum: float,
        weight_decay: float,
        batch_size: float,
        optimiser: str,
    ) -> Floats:
        """Validation accuracy per seed and epoch, (n_seeds, n_epochs).

        Linear between grid points in the logarithm of learning rate, weight decay, batch size and
        1 - momentum, so it never exceeds the best point's.

        Raises:
            ValueError: If the optimiser is unknown or a value lies outside the grid.
        """
        if optimiser not in self.optimisers:
            raise ValueError(f"optimiser must be one of {self.optimisers}, got {optimiser!r}.")
        point = {
            "batch_size": batch_size,
            "learning_rate": learning_rate,
            "momentum": momentum,
            "weight_decay": weight_decay,
        }
        axes = self._axes()
        for name, value in point.items():
            low, high = axes[name][0], axes[name][-1]
            # Searching log axes rounds the ends of a range by an ulp or two.
            if not low * (1 - 1e-9) <= value <= high * (1 + 1e-9):
                raise ValueError(f"{name} must be between {low:g} and {high:g}, got {value:g}.")
        coordinates = [
            _coordinate(name, np.clip(value, axes[name][0], axes[name][-1]))
            for name, value in point.items()
            if len(axes[name]) > 1
        ]
        found: Floats = self._interpolators[optimiser](coordinates)[0]
        return found

    @functools.cached_property
    def _interpolators(self) -> dict[str, RegularGridInterpolator]:
        axes = {name: axis for name, axis in self._axes().items() if len(axis) > 1}
        coordinates = [_coordinate(name, axis) for name, axis in axes.items()]
        shape = (*map(len, axes.values()), len(self.seeds), self.n_epochs)
        return {
            optimiser: RegularGridInterpolator(coordinates, values.reshape(shape))
            for optimiser, values in zip(self.optimisers, self.validation_accuracy)
        }

    def _axes(self) -> dict[str, NDArray[Any]]:
        """The numeric axes, in the order of the arrays."""
        return {
            "batch_size": self.batch_sizes,
            "learning_rate": self.learning_rates,
            "momentum": self.momenta,
            "weight_decay": self.weight_decays,
        }


def available_grids(folder: Path = TABLES) -> list[str]:
    """Names of the multi-parameter grids in ``folder``."""
    return sorted(table_name(path) for path in folder.glob("*-grid-*.csv.gz"))


def write_grid(grid: Grid, folder: Path = TABLES) -> Path:
    """Write the two files of a grid, each whole or not at all; returns the path of the CSV."""
    axes = [np.arange(len(grid.optimisers)), *grid._axes().values(), grid.seeds]
    axes.append(np.arange(1, grid.n_epochs + 1))
    text = to_csv(dict(zip(KEYS, axes)), {field: getattr(grid, field) for field in VALUES})
    metadata = {**grid.metadata, "optimisers": list(grid.optimisers)}
    return write_table(folder / f"{grid.name}.csv.gz", text, metadata)


def read_grid(table: str | Path, folder: Path = TABLES) -> Grid:
    """Read a grid given by name or by the path of its ``.csv.gz``, refusing a damaged one.

    Raises:
        ValueError: If rows are missing, duplicate, out of order or edited, or a file is cut short.
        FileNotFoundError: If there is no such grid; names those there are.
    """
    path = table if isinstance(table, Path) else folder / f"{table}.csv.gz"
    if not path.exists():
        known = ", ".join(available_grids(path.parent)) or "none"
        raise FileNotFoundError(f"no grid {path.name} in {path.parent}; there are: {known}.")
    metadata, text = read_metadata(path), read_text(path)
    rows = parse_rows(path, text, ",".join(KEYS + VALUES))
    axes = [np.unique(rows[:, column]) for column in range(len(KEYS))]
    check_order(path, rows[:, : len(KEYS)], axes, KEYS)
    check_digest(path, text, len(rows), metadata)
    _, batch_sizes, rates, momenta, weight_decays, seeds, _ = axes
    shape = tuple(len(axis) for axis in axes)
    values = {key: rows[:, len(KEYS) + i].reshape(shape) for i, key in enumerate(VALUES)}
    return Grid(
        table_name(path),
        tuple(metadata["optimisers"]),
        batch_sizes.astype(np.int64),
        rates,
        momenta,
        weight_decays,
        seeds.astype(np.int64),
        **values,
        metadata=metadata,
    )


def _coordinate(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """Where an axis is even: the logarithm, for momentum that of the memory 1 / (1 - momentum)."""
    coordinate: NDArray[Any] = -np.log1p(-values) if name == "momentum" else np.log(values)
    return coordinate
