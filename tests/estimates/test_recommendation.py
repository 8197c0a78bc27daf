"""The recommended arm: the best mean, less a standard error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optuna_zooming._arrays import FloatArray
from optuna_zooming._estimates.recommendation import Recommendation
from optuna_zooming._estimates.rewards import Scaling
from optuna_zooming._history import History
from optuna_zooming._policy.adaptive import AdaptiveZooming

POLICY = AdaptiveZooming()
NONE = np.empty(0)


def lead(points: FloatArray, values: FloatArray, caution: float = 1.0) -> float:
    """Where the recommended one of single trials is."""
    history = History(points, values, NONE)
    recommendation = Recommendation()
    sample = recommendation.sample(history, Scaling().of(history))
    return float(points[recommendation.arm(sample, np.arange(len(points)), caution)])


def test_under_noise_the_leader_is_better_than_the_luckiest_trial() -> None:
    regrets = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        points = np.sort(rng.uniform(0.0, 1.0, 40))
        rewards = 1 - ((points - 0.4) / 0.6) ** 2 + rng.normal(0.0, 0.1, 40)
        arms = POLICY.arms(History(points, rewards, NONE))
        chosen = np.array([arms.points[arms.recommended], points[np.argmax(rewards)]])
        regrets.append(((chosen - 0.4) / 0.6) ** 2)
    leader, luckiest = np.mean(regrets, axis=0)
    assert leader < 0.9 * luckiest


@pytest.mark.parametrize("width", [0.05, 0.3])
def test_without_noise_the_leader_is_next_to_the_best_trial(width: float) -> None:
    points = np.linspace(0.0, 1.0, 41)
    rewards = np.exp(-(((points - 0.61) / width) ** 2))
    assert abs(lead(points, rewards) - points[np.argmax(rewards)]) <= 0.0251


def test_caution_takes_standard_errors_off() -> None:
    # Three together, and a single one that is a little better; noise unknown but for a fifth of
    # the range of the better half.
    points = np.array([0.1, 0.5, 0.505, 0.51, 0.9])
    values = np.array([0.0, 0.9, 0.9, 0.9, 0.91])
    assert lead(points, values, 0.0) == 0.9
    assert 0.5 <= lead(points, values, 100.0) <= 0.51


def test_trial_that_diverged_costs_its_place_what_a_collapse_does() -> None:
    points = np.repeat([0.2, 0.6], 5)
    values = np.array([0.8, 0.81, 0.8, 0.79, 0.8, 0.9, 0.91, 0.9, 0.89, 0.9])
    assert lead(points, values) == 0.6
    values[7] = -np.inf
    assert lead(points, values) == 0.2


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.2001, 0.7, 1.0]), st.floats(0, 1)), min_size=1)
)
def test_repeated_places_and_equal_values_have_a_leader(trials: list[tuple[float, float]]) -> None:
    points, values = np.array(sorted(trials)).T
    assert lead(points, values) in points
