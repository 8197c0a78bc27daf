"""Trials at one point are pooled, in any order."""

from __future__ import annotations

import math

import numpy as np

from optuna_zooming._joint.model.space import JointTrials, pooled

POINTS = np.array([[0.5, math.nan], [0.25, 1.0], [0.5, math.nan], [0.25, 0.0], [0.5, 0.0]])


def test_trials_at_one_point_are_one_pool() -> None:
    pools = pooled(POINTS, np.array([1.0, 5.0, 3.0, 6.0, 7.0]), np.zeros(5))
    np.testing.assert_array_equal(
        pools.points, [[0.25, 0.0], [0.25, 1.0], [0.5, math.nan], [0.5, 0.0]]
    )
    assert pools.counts.tolist() == [1, 1, 2, 1]
    assert pools.means.tolist() == [6, 5, 2, 7]
    # One and three are one away from their mean each.
    assert pools.scatter.tolist() == [0, 0, 2, 0]


def test_values_that_are_less_sure_are_a_pool_of_their_own() -> None:
    pools = pooled(POINTS[[0, 0, 0]], np.array([1.0, 2.0, 4.0]), np.array([0.0, 0.5, 0.0]))
    assert pools.counts.tolist() == [2, 1]
    assert pools.variances.tolist() == [0.0, 0.5]
    assert pools.means.tolist() == [2.5, 2.0]


def test_order_of_trials_changes_no_digit() -> None:
    rng = np.random.default_rng(0)
    points = rng.integers(0, 2, (50, 3)).astype(float)
    values = rng.standard_normal(50)
    order = rng.permutation(50)
    one, other = (pooled(points[o], values[o], np.zeros(50)) for o in (np.arange(50), order))
    for name in ("points", "means", "counts", "scatter"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_without_parameters_all_trials_are_at_one_point() -> None:
    trials = JointTrials(np.empty((3, 0)), np.empty(0, bool), np.arange(3.0), np.zeros(3))
    assert trials.sites.tolist() == [0, 0, 0]
    assert pooled(trials.points, trials.values, trials.errors).means.tolist() == [1]


def test_sites_number_the_distinct_points() -> None:
    trials = JointTrials(POINTS, np.array([False, True]), np.zeros(5), np.zeros(5))
    sites = trials.sites
    assert sites[0] == sites[2]
    assert sorted({*sites.tolist()}) == [0, 1, 2, 3]
    np.testing.assert_array_equal(trials[np.array([3])].points, POINTS[[3]])
