"""The recommended combination, from arrays alone."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from optuna_zooming._joint.model.space import JointTrials
from optuna_zooming._joint.recommendation import JointRecommendation

RECOMMENDATION = JointRecommendation()


def _bowl(n: int, n_parameters: int, noise: float, seed: int = 0) -> JointTrials:
    rng = np.random.default_rng(seed)
    points = rng.random((n, n_parameters))
    values = -((points - 0.4) ** 2).sum(axis=1) + noise * rng.standard_normal(n)
    return JointTrials(points, np.zeros(n_parameters, bool), values, np.zeros(n))


def test_it_beats_the_luckiest_trial_under_noise() -> None:
    gained = []
    for seed in range(20):
        trials = _bowl(60, 2, 0.15, seed)
        depth = ((trials.points - 0.4) ** 2).sum(axis=1)
        gained.append(depth[trials.values.argmax()] - depth[RECOMMENDATION.of(trials).row])
    assert np.mean(gained) > 2 * np.std(gained) / math.sqrt(20)


def test_a_lucky_repeat_is_pooled_with_its_others() -> None:
    points = np.repeat([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], 5, axis=0)
    values = np.tile([0.9, 1.1, 1.0, 0.8, 1.2], 4) + np.repeat([0.0, 1.0, 0.2, 0.1], 5)
    values[2] = 3.0
    trials = JointTrials(points, np.array([True, True]), values, np.zeros(20))
    found = RECOMMENDATION.of(trials)
    assert points[found.row].tolist() == [1.0, 0.0]
    assert found.interval[0] < 2.0 < found.interval[1]


def test_without_noise_the_best_one_is_recommended_with_its_value() -> None:
    trials = _bowl(80, 2, 0.0)
    found = RECOMMENDATION.of(trials)
    assert found.row == trials.values.argmax()
    assert found.mean == pytest.approx(trials.values.max(), abs=0.01)


def test_what_was_not_measured_is_not_recommended() -> None:
    trials = _bowl(30, 2, 0.0)
    order = np.argsort(-trials.values)
    values, errors = trials.values.copy(), trials.errors.copy()
    # The best value is an estimate, the next ones diverged or are not known.
    errors[order[0]] = 0.05
    values[order[1]], values[order[2]] = -math.inf, math.nan
    found = RECOMMENDATION.of(JointTrials(trials.points, trials.categorical, values, errors))
    assert found.row not in order[:3]


def test_thousands_of_trials_are_thinned_out() -> None:
    trials = _bowl(20_000, 6, 0.05)
    start = time.process_time()
    found = RECOMMENDATION.of(trials)
    assert time.process_time() - start < 10
    assert ((trials.points[found.row] - 0.4) ** 2).sum() < 0.05
    assert found.interval[0] - 0.05 < 0.0 < found.interval[1] + 0.05


def test_fifty_parameters() -> None:
    trials = _bowl(60, 50, 0.05)
    found = RECOMMENDATION.of(trials)
    regret = trials.values.max() - trials.values[found.row]
    assert regret < 0.5 * (trials.values.max() - np.median(trials.values))
    assert found.interval[0] < found.mean < found.interval[1]
