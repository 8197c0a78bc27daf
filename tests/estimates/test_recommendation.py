"""The recommended arm is chosen by its neighbourhood."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optuna_zooming._arrays import FloatArray
from optuna_zooming._estimates.pooling import Groups, Pool, merge_neighbours
from optuna_zooming._estimates.recommendation import MULTIPLES, Recommendation, _gaussians
from optuna_zooming._history import History
from optuna_zooming._policy.adaptive import AdaptiveZooming

POLICY = AdaptiveZooming()


def lead(points: FloatArray, rewards: FloatArray, sigma: float) -> float:
    """Where the leader is among single trials."""
    groups = merge_neighbours(points, rewards)
    return float(groups.points[leader_of(groups, sigma)])


def leader_of(groups: Groups, sigma: float) -> int:
    """Index of the leading group."""
    return Recommendation().arm(Pool(groups, sigma), 0.03)


def test_under_noise_the_leader_is_better_than_the_luckiest_trial() -> None:
    regrets = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        points = np.sort(rng.uniform(0.0, 1.0, 40))
        rewards = 1 - ((points - 0.4) / 0.6) ** 2 + rng.normal(0.0, 0.1, 40)
        arms = POLICY.arms(History(points, rewards, np.empty(0)))
        chosen = np.array([arms.points[arms.recommended], points[np.argmax(rewards)]])
        regrets.append(((chosen - 0.4) / 0.6) ** 2)
    leader, luckiest = np.mean(regrets, axis=0)
    assert leader < 0.9 * luckiest


@pytest.mark.parametrize("width", [0.05, 0.3])
def test_without_noise_the_leader_is_next_to_the_best_trial(width: float) -> None:
    points = np.linspace(0.0, 1.0, 41)
    rewards = np.exp(-(((points - 0.61) / width) ** 2))
    assert abs(lead(points, rewards, 0.02) - points[np.argmax(rewards)]) <= 0.0251


def test_few_trials_are_smoothed_by_hand() -> None:
    """Two neighbours 0.03 apart, one width: each counts exp(-1/2) for the other."""
    groups = Groups(np.array([0.2, 0.5, 0.53]), np.array([1, 1, 1]), np.array([0.9, 1.0, 0.7]))
    half = np.exp(-0.5)
    smoothed = (1.0 + half * 0.7) / (1.0 + half)
    assert smoothed < 0.9
    assert leader_of(groups, 0.0) == 0
    # Doubts about a single pull: two of them together are worth more.
    assert leader_of(groups, 0.3) == 1


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.2001, 0.7, 1.0]), st.floats(0, 1)), min_size=1)
)
def test_repeated_places_and_equal_rewards_have_a_leader(trials: list[tuple[float, float]]) -> None:
    points, rewards = np.array(sorted(trials)).T
    assert lead(points, rewards, 0.02) in merge_neighbours(points, rewards).points


def test_weights_of_all_widths_are_gaussians() -> None:
    squares = np.linspace(0.0, 1.0, 101) ** 2
    expected = np.exp(-0.5 * squares / (0.05 * MULTIPLES[:, None] / MULTIPLES[-1]) ** 2)
    np.testing.assert_allclose(_gaussians(squares, 0.05), expected, rtol=1e-9, atol=1e-300)
