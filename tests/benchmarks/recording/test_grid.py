"""A multi-parameter grid comes back as written and answers between its points."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recording.curves import VALUES
from benchmarks.recording.grid import Grid, available_grids, read_grid, write_grid

BATCH_SIZES = np.array([16, 64])
RATES = np.array([1e-3, 1e-2, 1e-1])
MOMENTA = np.array([0.0, 0.9])
WEIGHT_DECAYS = np.array([1e-4])
N_SEEDS, N_EPOCHS = 2, 3


@pytest.fixture
def grid() -> Grid:
    shape = (2, 2, 3, 2, 1, N_SEEDS, N_EPOCHS)
    generator = np.random.default_rng(0)
    values = {field: generator.integers(1, 99, shape) / 100 for field in VALUES}
    return Grid(
        "digits-grid-test",
        ("adam", "sgd"),
        BATCH_SIZES,
        RATES,
        MOMENTA,
        WEIGHT_DECAYS,
        np.arange(N_SEEDS),
        **values,
        metadata={"device": "x"},
    )


def test_reading_returns_what_was_written(grid: Grid, tmp_path: Path) -> None:
    write_grid(grid, tmp_path)
    found = read_grid("digits-grid-test", tmp_path)
    assert available_grids(tmp_path) == ["digits-grid-test"]
    assert found.optimisers == grid.optimisers
    for field in ("batch_sizes", "learning_rates", "momenta", "weight_decays", "seeds", *VALUES):
        np.testing.assert_array_equal(getattr(found, field), getattr(grid, field))


def test_a_grid_with_a_missing_row_is_refused(grid: Grid, tmp_path: Path) -> None:
    path = write_grid(grid, tmp_path)
    lines = gzip.decompress(path.read_bytes()).decode().splitlines(keepends=True)
    path.write_bytes(gzip.compress("".join(lines[:7] + lines[8:]).encode()))
    with pytest.raises(ValueError, match="1 of 144 rows missing, the first is .optimiser 0"):
        read_grid(path)


def test_an_unknown_grid_lists_those_there_are(grid: Grid, tmp_path: Path) -> None:
    write_grid(grid, tmp_path)
    with pytest.raises(FileNotFoundError, match="digits-grid-test"):
        read_grid("digits-grid-nowhere", tmp_path)


def test_look_up_at_a_grid_point_is_that_point_with_seeds_apart(grid: Grid) -> None:
    found = grid.accuracy(
        learning_rate=1e-2, momentum=0.9, weight_decay=1e-4, batch_size=64, optimiser="sgd"
    )
    np.testing.assert_allclose(found, grid.validation_accuracy[1, 1, 1, 1, 0])


def test_look_up_is_linear_in_logarithms(grid: Grid) -> None:
    """By hand: halfway on each log axis is the mean of the corners."""
    found = grid.accuracy(
        learning_rate=1e-1**1.5,
        momentum=1 - 0.1**0.5,
        weight_decay=1e-4,
        batch_size=32,
        optimiser="adam",
    )
    corners = grid.validation_accuracy[0, :, 1:3, :, 0].reshape(8, N_SEEDS, N_EPOCHS)
    np.testing.assert_allclose(found, corners.mean(axis=0))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"learning_rate": 0.2}, "learning_rate must be between 0.001 and 0.1, got 0.2"),
        ({"momentum": 0.95}, "momentum must be between 0 and 0.9, got 0.95"),
        ({"weight_decay": 1e-3}, "weight_decay must be between 0.0001 and 0.0001, got 0.001"),
        ({"batch_size": 8}, "batch_size must be between 16 and 64, got 8"),
        ({"optimiser": "lion"}, r"optimiser must be one of \('adam', 'sgd'\), got 'lion'"),
    ],
)
def test_values_outside_the_grid_are_refused(
    grid: Grid, change: dict[str, object], complaint: str
) -> None:
    inside: dict[str, object] = {
        "learning_rate": 1e-2,
        "momentum": 0.5,
        "weight_decay": 1e-4,
        "batch_size": 32,
        "optimiser": "sgd",
    }
    with pytest.raises(ValueError, match=complaint):
        grid.accuracy(**{**inside, **change})  # type: ignore[arg-type]
