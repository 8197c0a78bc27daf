"""Several parameters: which trials count for one of them, and what they are worth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution

from optuna_zooming import AdaptiveZooming, ZoomingSampler
from optuna_zooming._estimates.similarity import Similarity, profile
from optuna_zooming._history import Choices, History
from optuna_zooming._study.axis import Axis
from optuna_zooming._study.logs import read_trials
from optuna_zooming._study.parameters import Chosen, chosen_parameters

NONE = np.empty(0)
MOMENTUM = FloatDistribution(0.0, 1.0)
OPTIMISER = CategoricalDistribution(["sgd", "adam"])


def _history(points: Any, values: Any, distances: Any = None, **others: Any) -> History:
    far = None if distances is None else np.array(distances, dtype=float)
    return History(np.array(points), np.array(values), NONE, distances=far, **others)


def test_profile_matches_values_worked_by_hand() -> None:
    points = np.array([0.0, 0.5, 0.75, 1.0])
    raised = profile(points, np.array([0.0, 1.0, 0.9, 0.0]), 1.0)
    np.testing.assert_allclose(raised, [0.5, 1.0, 0.9, 0.65])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30))
def test_profile_is_the_least_lipschitz_function_above_the_rewards(
    trials: list[tuple[float, float]],
) -> None:
    points, rewards = np.array(sorted(trials)).T
    apart = 8.0 * np.abs(points[:, None] - points[None, :])
    expected = (rewards[None, :] - apart).max(axis=1)
    np.testing.assert_allclose(profile(points, rewards, 8.0), expected, atol=1e-12)
    assert np.all(profile(points, rewards, 8.0) >= rewards)


def test_nearest_trials_count_and_keep_their_order() -> None:
    history = _history([0.1, 0.2, 0.3, 0.4], [1.0, 2.0, 3.0, 4.0], [0.9, 0.0, 0.5, 0.1])
    kept = Similarity(share=0.5).alike(history)
    assert kept.points.tolist() == [0.2, 0.4]
    assert kept.values.tolist() == [2.0, 4.0]
    assert Similarity(share=0.75).alike(history).points.tolist() == [0.2, 0.3, 0.4]


def test_equally_far_trials_count_together() -> None:
    history = _history([0.1, 0.2, 0.3, 0.4], np.zeros(4), [0.0, 0.0, 1.0, 0.0])
    assert Similarity(share=0.5).alike(history).points.tolist() == [0.1, 0.2, 0.4]


def test_trials_of_another_choice_count_only_where_there_are_no_others() -> None:
    # One trial made the same choice as the asking one.
    history = _history([0.1, 0.2, 0.3, 0.4], np.zeros(4), [1.0, 0.2, 1.0, 1.0])
    assert Similarity(share=0.5).alike(history).points.tolist() == [0.2]
    nobody = _history([0.1, 0.2, 0.3, 0.4], np.zeros(4), [1.0, 1.0, 1.0, 1.0])
    assert Similarity(share=0.5).alike(nobody).points.tolist() == [0.1, 0.2, 0.3, 0.4]


def test_without_other_parameters_every_trial_counts() -> None:
    history = _history(np.linspace(0, 1, 50), np.zeros(50))
    assert Similarity(share=0.5).alike(history) is history


def test_no_choice_is_forgotten_because_its_trials_are_far() -> None:
    nobody = np.empty(0, dtype=np.int64)
    far = np.array([0.0, 0.1, 0.9])
    choices = Choices(2, np.array([0, 0, 1]), np.zeros(3), nobody, far)
    assert Similarity(share=0.5).alike_choices(choices) is choices


def test_axis_is_searched_among_the_trials_that_resemble_the_asking_one() -> None:
    points = np.linspace(0.025, 0.975, 20)
    near = np.arange(20) % 2 == 0
    values = np.where(near, -np.abs(points - 0.2), -np.abs(points - 0.8))
    for near_ones, optimum in ((near, 0.2), (~near, 0.8)):
        history = _history(points, values, np.where(near_ones, 0.0, 1.0), rank=1, n_parameters=2)
        rngs = [np.random.default_rng(seed) for seed in range(20)]
        proposals = np.array([AdaptiveZooming().propose(history, rng) for rng in rngs])
        assert np.mean(np.abs(proposals - optimum) < 0.15) > 0.7


def _study_of(*trials: dict[str, Any]) -> optuna.Study:
    study = optuna.create_study()
    kinds: dict[str, BaseDistribution] = {
        "momentum": MOMENTUM,
        "optimiser": OPTIMISER,
        "lr": MOMENTUM,
        "fixed": FloatDistribution(3.0, 3.0),
    }
    for number, params in enumerate(trials):
        distributions = {name: kinds[name] for name in params}
        study.add_trial(
            optuna.trial.create_trial(params=params, distributions=distributions, value=number)
        )
    return study


def test_distance_is_that_of_the_farthest_parameter_chosen_before() -> None:
    study = _study_of(
        {"lr": 0.4, "momentum": 0.5, "optimiser": "sgd"},
        {"lr": 0.1, "momentum": 0.9, "optimiser": "sgd"},
        {"lr": 0.3, "momentum": 0.5, "optimiser": "adam"},
        {"lr": 0.2, "momentum": 0.5},
        {"lr": 0.0, "momentum": 0.5, "optimiser": "sgd", "fixed": 3.0},
    )
    log = read_trials(study)
    chosen: Chosen = {"momentum": (MOMENTUM, 0.6), "optimiser": (OPTIMISER, "sgd")}
    history = log.history("lr", Axis.of(MOMENTUM), chosen=chosen)
    # By lr: trials 4, 1, 3, 2, 0. No optimiser at all is as far as another one.
    assert history.distances is not None
    np.testing.assert_allclose(history.distances, [0.1, 0.3, 1.0, 1.0, 0.1])
    # The best trial is number 0 of a minimised study.
    assert (history.rank, history.n_parameters) == (2, 3)


def test_parameters_with_a_single_value_are_no_company() -> None:
    study = _study_of({"lr": 0.4, "fixed": 3.0})
    (trial,) = study.trials
    assert list(chosen_parameters(trial)) == ["lr"]
    log = read_trials(study)
    history = log.history("lr", Axis.of(MOMENTUM), chosen={})
    assert (history.rank, history.n_parameters, history.distances) == (0, 1, None)


def _by_optimiser(trial: optuna.Trial) -> float:
    """Adam's best learning rate, 1e-3, is a hundredth of SGD's."""
    optimum = -3.0 if trial.suggest_categorical("optimiser", ["sgd", "adam"]) == "adam" else -1.0
    return (math.log10(trial.suggest_float("lr", 1e-5, 1e1, log=True)) - optimum) ** 2


@pytest.mark.parametrize(("optimiser", "optimum"), [("sgd", 1e-1), ("adam", 1e-3)])
def test_each_optimiser_gets_its_own_learning_rate(optimiser: str, optimum: float) -> None:
    errors = []
    for seed in range(5):
        study = optuna.create_study(sampler=ZoomingSampler(seed=seed))
        for number in range(60):
            # The optimisers in turn; the learning rate is the sampler's choice.
            study.enqueue_trial({"optimiser": ("sgd", "adam")[number % 2]})
        study.optimize(_by_optimiser, n_trials=60)
        for trial in study.trials[30:]:
            if trial.params["optimiser"] == optimiser:
                errors.append(abs(math.log10(trial.params["lr"] / optimum)))
    assert float(np.median(errors)) < 0.3


def _ridge(trial: optuna.Trial) -> float:
    """Learning rate and momentum decide together; along the ridge a momentum of 0.9 is best."""
    rate = math.log10(trial.suggest_float("lr", 1e-5, 1e1, log=True))
    log_rest = math.log10(1.0 - trial.suggest_float("momentum", 0.0, 0.99))
    return (rate - log_rest) ** 2 + 0.1 * (log_rest + 1.0) ** 2


def test_optimum_on_a_ridge_of_two_parameters_is_found() -> None:
    best = []
    for seed in range(9):
        study = optuna.create_study(sampler=ZoomingSampler(seed=seed))
        study.optimize(_ridge, n_trials=60)
        best.append(study.best_value)
    # Of a range of 36. Axes that ignore each other end at 0.02.
    assert float(np.median(best)) < 0.005
