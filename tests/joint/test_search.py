"""Which combination is tried next, by arrays alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optuna_zooming._arrays import FloatArray
from optuna_zooming._joint.axes import Axes
from optuna_zooming._joint.conditions import Conditions
from optuna_zooming._joint.model.fitting import FEW, LARGEST, Fitted
from optuna_zooming._joint.model.space import JointTrials
from optuna_zooming._joint.search import JointSearch

NAN = math.nan
NONE = Conditions([])
ANY = np.empty((0, 2))


def _axes(fixed: tuple[float, float] = (NAN, NAN)) -> Axes:
    return Axes(
        np.zeros(2, dtype=np.int64), [None, None], np.tile([0.0, 1.0], (2, 1)), np.array(fixed)
    )


def _trials(n: int, values: FloatArray | None = None, seed: int = 0) -> JointTrials:
    """A ridge along the diagonal, highest at (0.7, 0.7)."""
    points = np.random.default_rng(seed).random((n, 2))
    across, along = points[:, 0] - points[:, 1], points.mean(axis=1) - 0.7
    if values is None:
        values = -4 * across**2 - along**2
    return JointTrials(points, np.zeros(2, dtype=np.bool_), values, np.zeros(n))


def _next(trials: JointTrials, axes: Axes, pending: FloatArray = ANY, seed: int = 0) -> FloatArray:
    rng = np.random.default_rng(seed)
    found = JointSearch().combination(trials, pending, axes, NONE, ANY, Fitted(), rng)
    assert found is not None
    return found


def test_it_looks_near_the_ridge_s_top() -> None:
    points = np.array([_next(_trials(25), _axes(), seed=seed) for seed in range(8)])
    assert np.median(np.abs(points - 0.7)) < 0.1


def test_what_is_settled_moves_the_rest_along_the_ridge() -> None:
    for settled in (0.3, 0.5):
        points = np.array([_next(_trials(30), _axes((settled, NAN)), seed=s) for s in range(8)])
        assert (points[:, 0] == settled).all()
        # -4 (s - y)^2 - ((s + y) / 2 - 0.7)^2 is highest here.
        best = (7.5 * settled + 1.4) / 8.5
        assert abs(np.median(points[:, 1]) - best) < 0.1


def test_it_keeps_away_from_pending_ones() -> None:
    trials, rng = _trials(25), np.random.default_rng(0)
    taken = np.empty((0, 2))
    for _ in range(8):
        found = JointSearch().combination(trials, taken, _axes(), NONE, ANY, Fitted(), rng)
        assert found is not None
        assert len(taken) == 0 or np.linalg.norm(taken - found, axis=1).min() > 1e-3
        taken = np.append(taken, found[None], axis=0)


def test_a_branch_that_is_asked_for_is_kept_to() -> None:
    axes = Axes(np.array([3, 0]), [None, None], np.tile([0.0, 1.0], (2, 1)), np.full(2, NAN))
    points = np.column_stack((np.arange(20.0) % 2, np.linspace(0.0, 1.0, 20)))
    values = -np.square(points[:, 1] - 0.4)
    trials = JointTrials(points, axes.categorical, values, np.zeros(20))
    for seed in range(5):
        rng = np.random.default_rng(seed)
        branch = np.array([[2.0, NAN]])
        found = JointSearch().combination(trials, ANY, axes, NONE, branch, Fitted(), rng)
        assert found is not None
        assert found[0] == 2.0


@pytest.mark.parametrize("values", [np.zeros(12), np.full(12, -math.inf)])
def test_values_that_tell_nothing_lead_nowhere(values: FloatArray) -> None:
    rng = np.random.default_rng(0)
    trials = _trials(12, values)
    assert JointSearch().combination(trials, ANY, _axes(), NONE, ANY, Fitted(), rng) is None


def test_the_model_begins_with_enough_trials_for_its_parameters() -> None:
    search = JointSearch(least_trials=10, trials_per_parameter=1.5, own_turn=3)
    assert not search.begins(1000, 1)
    assert not search.begins(9, 2)
    assert search.begins(10, 2)
    assert not search.begins(11, 8)
    assert search.begins(12, 8)
    assert [search.is_own_turn(number) for number in range(12, 16)] == [True, False, False, True]


def test_hyperparameters_follow_from_the_trials_alone() -> None:
    """Whatever was asked before, and they change only now and then in a long study."""
    trials = _trials(300)
    grown, changes, last = Fitted(), 0, np.empty(0)
    for count in range(5, 301):
        first = trials[np.arange(count)]
        found = grown.hyperparameters(first)
        changes += not np.array_equal(found, last)
        last = found
        if count % 59 == 0:
            np.testing.assert_array_equal(Fitted().hyperparameters(first), found)
    assert changes < FEW + 40
    assert LARGEST < 300
