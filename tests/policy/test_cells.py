"""Every position of a discrete axis is tried before any is repeated."""

from __future__ import annotations

import numpy as np
import optuna
import pytest
from numpy.testing import assert_array_equal

from optuna_zooming import ZoomingSampler
from optuna_zooming._policy.cells import free_cells, free_runs, nearest
from optuna_zooming._policy.gaps import Gaps
from optuna_zooming._study.axis import UniformCells


@pytest.mark.parametrize(("low", "high", "log"), [(1, 100, False), (1, 300, False), (1, 150, True)])
def test_no_position_is_repeated_before_all_were_tried(low: int, high: int, log: bool) -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(
        lambda t: (t.suggest_int("n", low, high, log=log) / high - 0.3) ** 2,
        n_trials=high - low + 1,
    )
    assert sorted(trial.params["n"] for trial in study.trials) == list(range(low, high + 1))


def test_stepped_floats_are_not_repeated_either() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=1))
    study.optimize(lambda t: abs(t.suggest_float("x", 0, 1, step=0.01) - 0.3), n_trials=101)
    assert len({trial.params["x"] for trial in study.trials}) == 101


def test_free_runs_lie_between_the_taken_cells() -> None:
    assert_array_equal(free_runs(10, np.array([0, 3, 4, 7])), [[1, 2], [5, 6], [8, 9]])
    assert_array_equal(free_runs(2, np.empty(0, dtype=np.int64)), [[0, 1]])
    assert free_runs(2, np.array([0, 1])).shape == (0, 2)


def test_gaps_without_a_free_cell_drop_out() -> None:
    # Ten cells; an arm in the middle of cell 2 and one in the middle of cell 4.
    ends = np.array([0.0, 0.25, 0.45, 1.0])
    gaps = Gaps(ends[:-1], ends[1:], (ends[:-1] + ends[1:]) / 2, np.zeros(3))
    found, runs = free_cells(gaps, UniformCells(10), np.array([0, 1, 2, 4, 6]))
    assert found.left.tolist() == [0.25, 0.45]
    assert_array_equal(runs[0], [[3, 3]])
    assert_array_equal(runs[1], [[5, 5], [7, 9]])
    assert nearest(runs[1], 6).tolist() == [5]
    assert nearest(runs[1], 8).tolist() == [8]
