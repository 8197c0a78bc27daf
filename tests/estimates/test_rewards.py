"""Reward scale and noise estimate."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optuna_zooming._estimates.rewards import RewardScale, noise_level


def test_best_value_is_worth_1_and_values_up_to_the_floor_0() -> None:
    # Nine values from 0 to 8: the median is 4, so 6 is worth (6 - 4) / (8 - 4).
    values = np.arange(9.0)
    scale = RewardScale.of(values)
    assert scale.rewards(values) == pytest.approx([0, 0, 0, 0, 0, 0.25, 0.5, 0.75, 1])
    assert scale.width == 4.0


@pytest.mark.parametrize("bottom", [-1e300, -math.inf, -1e6])
def test_cliff_does_not_blow_up_the_scale(bottom: float) -> None:
    # Whatever the diverged trials return, good ones stay as far apart as they were.
    values = np.array([0.90, 0.92, 0.94, 0.96, bottom, bottom])
    rewards = RewardScale.of(values).rewards(values)
    assert rewards[3] == 1.0
    assert rewards[3] - rewards[2] > 0.1
    assert rewards[4] == rewards[5] == 0.0


def test_depth_bounds_what_the_worst_values_lose() -> None:
    # The median 4 is worth 0, so 2 is worth (2 - 4) / (8 - 4), and 0 would be worth -1.
    values = np.append(np.arange(9.0), -math.inf)
    rewards = RewardScale.of(values[:9], 0.7).rewards(values)
    assert rewards == pytest.approx([-0.7, -0.7, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, -0.7])


def test_equal_values_are_all_better_than_divergence() -> None:
    values = np.array([0.5, -math.inf, 0.5])
    assert RewardScale.of(values).rewards(values).tolist() == [1.0, 0.0, 1.0]


def test_scale_follows_units_and_offset() -> None:
    values = np.random.default_rng(0).normal(size=20)
    rewards = RewardScale.of(values).rewards(values)
    moved = 1000.0 * values - 5.0
    assert RewardScale.of(moved).rewards(moved) == pytest.approx(rewards)


@pytest.mark.parametrize(
    "values",
    [
        [],
        [3.0],
        [3.0, 3.0, 3.0],
        [-math.inf] * 4,
        [1e308, -1e308],
        [0.0, 5e-324],
        [-1e300, 0.0, 1e-300],
    ],
)
def test_rewards_lie_in_the_unit_interval_whatever_the_values(values: list[float]) -> None:
    array = np.array(values)
    rewards = RewardScale.of(array).rewards(array)
    assert rewards.shape == array.shape
    assert np.all((rewards >= 0) & (rewards <= 1))


@pytest.mark.parametrize("sigma", [0.01, 0.05])
def test_noise_on_a_line_is_measured(sigma: float) -> None:
    rng = np.random.default_rng(0)
    points = np.sort(rng.random(2000))
    rewards = 0.3 + 0.4 * points + rng.normal(0.0, sigma, 2000)
    assert noise_level(points, rewards, 0.02) == pytest.approx(sigma, rel=0.1)


def test_without_measurements_the_noise_is_the_prior() -> None:
    for n in range(3):
        assert noise_level(np.linspace(0, 1, n), np.ones(n), 0.02) == 0.02


def test_line_without_noise_shrinks_the_prior() -> None:
    # Three triples of no residual; the narrower half of them, two, count: 0.02 sqrt(1 / 3).
    points = np.array([0.0, 0.2, 0.5, 0.6, 1.0])
    found = noise_level(points, 0.2 + 0.5 * points, 0.02)
    assert found == pytest.approx(0.02 * math.sqrt(1 / 3))


def test_kink_and_cliff_are_not_taken_for_noise() -> None:
    points = np.linspace(0, 1, 41)
    rewards = np.where(points < 0.6, 1 - np.abs(points - 0.4), 0.0)
    assert noise_level(points, rewards, 0.02) < 0.02
