"""Merging, pooled means and local slopes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optuna_zooming._estimates.pooling import (
    MAX_GROUPS,
    gaussian_weights,
    local_slopes,
    merge_neighbours,
)


@given(seed=st.integers(0, 1000), n_trials=st.integers(1, 2000))
def test_merging_keeps_trials_totals_and_order(seed: int, n_trials: int) -> None:
    rng = np.random.default_rng(seed)
    points, rewards = np.sort(rng.random(n_trials) ** 3), rng.random(n_trials)
    groups = merge_neighbours(points, rewards)
    assert len(groups.points) <= MAX_GROUPS
    assert groups.counts.sum() == n_trials
    assert groups.counts.min() >= 1
    assert (groups.counts * groups.points).sum() == pytest.approx(points.sum())
    assert (groups.counts * groups.rewards).sum() == pytest.approx(rewards.sum())
    assert np.all(np.diff(groups.points) >= 0)


def test_merging_hides_no_wide_gap() -> None:
    points = np.concatenate((np.linspace(0.0, 0.1, 500), np.linspace(0.9, 1.0, 500)))
    groups = merge_neighbours(points, np.zeros(1000))
    assert np.diff(groups.points).max() == pytest.approx(0.8, abs=0.02)


def test_few_trials_are_not_merged() -> None:
    points = np.array([0.1, 0.1, 0.7])
    groups = merge_neighbours(points, np.array([0.0, 1.0, 0.5]))
    assert groups.points.tolist() == points.tolist()
    assert groups.counts.tolist() == [1, 1, 1]


def test_gaussian_weights_match_the_normal_density() -> None:
    # exp(-1/2) at one standard deviation, exp(-2) at two.
    weights = gaussian_weights(np.array([0.0, 0.1, 0.2]), np.full(3, 0.1))
    assert weights[0] == pytest.approx([1.0, 0.606531, 0.135335], abs=1e-6)


def test_slope_is_only_what_the_radii_cannot_explain() -> None:
    # Gaps: (0.5 - 0.1 - 0.1) / 0.25; a rise of 0.15 is explained; a repeated point has no slope.
    points = np.array([0.0, 0.25, 0.5, 0.5])
    found = local_slopes(points, np.array([0.0, 0.5, 0.65, 0.0]), np.full(4, 0.1))
    # The steepest of the two gaps on either side.
    assert found == pytest.approx([1.2, 1.2, 1.2, 0.0])


def test_slope_between_points_that_differ_by_rounding_is_finite() -> None:
    points = np.array([0.0, 0.0, 5e-324, 0.5])
    slopes = local_slopes(points, np.array([0.0, 0.0, 1.0, 1.0]), np.full(4, 0.1))
    assert np.isfinite(slopes).all()
