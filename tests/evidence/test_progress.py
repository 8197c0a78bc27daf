"""Trainings that jump about without learning are told from all others by their own reports."""

from __future__ import annotations

from typing import Literal

import numpy as np
import optuna
import pytest

from benchmarks.problems.groups import make_problem
from benchmarks.recording.catalogue import TUNING
from benchmarks.recording.curves import read_curves
from optuna_zooming import ZoomingSampler
from optuna_zooming._arrays import FloatArray
from optuna_zooming._evidence.progress import Progress, is_erratic, spread

TABLES = sorted(TUNING)
LOW, HIGH = 1e-4, 1e2
Direction = Literal["maximize", "minimize"]


def _noise(n: int = 10, seed: int = 0) -> FloatArray:
    return 0.1 + 0.01 * np.random.default_rng(seed).normal(size=n)


@pytest.mark.parametrize("name", TABLES)
def test_recorded_trainings_beyond_the_cliff_are_erratic_and_no_others(name: str) -> None:
    curves = read_curves(name)
    means = curves.mean_accuracy[:, -1]
    found = np.array([[is_erratic(run) for run in runs] for runs in curves.accuracy])
    dead = means < means.min() + 0.05 * np.ptp(means)
    beyond = np.arange(len(means)) > np.argmax(means)
    assert found[dead & beyond].mean() > 0.9
    # Rates that are too low, rising, and good.
    assert found[~dead & ~beyond].mean() < 0.01
    assert found[dead & ~beyond].mean() < 0.04
    assert found[means > 0.9 * means.max()].mean() < 0.01


@pytest.mark.parametrize("scale", [1.0, -1.0, 1e-300, 1e300])
def test_noise_around_one_level_is_erratic_in_any_unit(scale: float) -> None:
    # Von Neumann's ratio of 10 independent reports is below 1 in one of 25 cases.
    assert np.mean([is_erratic(scale * _noise(seed=seed)) for seed in range(200)]) > 0.9
    assert spread(scale * _noise()) == pytest.approx(abs(scale) * np.std(_noise()))


@pytest.mark.parametrize(
    "reports",
    [
        _noise(5),
        np.full(10, 0.1),
        np.zeros(10),
        np.linspace(0.1, 0.11, 10),
        np.append(0.1, 0.9 + _noise(9)),
        np.append(_noise(9), np.nan),
        np.empty(0),
    ],
    ids=["short", "constant", "zero", "drift", "first epoch learns", "NaN", "none"],
)
def test_other_curves_are_not(reports: FloatArray) -> None:
    assert not is_erratic(reports)


def test_values_farther_apart_than_six_deviations_are_a_signal() -> None:
    progress = Progress()
    assert not progress.nothing_learnt(np.array([0.1, 0.1]))
    progress.add(_noise())
    deviation = np.std(_noise())
    assert progress.nothing_learnt(np.array([0.1, 0.1 + 5.9 * deviation]))
    assert not progress.nothing_learnt(np.array([0.1, 0.1 + 6.1 * deviation]))
    progress.add(np.linspace(0.1, 0.9, 10))
    progress.add(_noise())
    assert not progress.nothing_learnt(np.array([0.1, 0.1]))


def test_reports_that_look_like_a_drift_by_chance_are_outvoted() -> None:
    # Recorded: MNIST, SGD, learning rate 2.2.
    unlucky = np.array([0.125, 0.125, 0.122, 0.109, 0.095, 0.105, 0.11, 0.11, 0.111, 0.099])
    assert not is_erratic(unlucky)
    progress = Progress()
    progress.add(unlucky)
    assert not progress.nothing_learnt(np.array([0.099]))
    progress.add(_noise())
    assert progress.nothing_learnt(np.array([0.099, 0.1]))


def test_real_drift_is_not_outvoted() -> None:
    progress = Progress()
    progress.add(np.linspace(0.1, 0.11, 10))
    progress.add(_noise())
    assert not progress.nothing_learnt(np.array([0.11, 0.1]))


def _second(
    first: FloatArray, direction: Direction = "maximize", **others: tuple[float, float]
) -> float:
    """Where the second trial goes after a first one with these reports, on the unit axis."""
    study = optuna.create_study(direction=direction, sampler=ZoomingSampler(seed=0))

    def objective(trial: optuna.Trial) -> float:
        trial.suggest_float("lr", LOW, HIGH, log=True)
        for name, (low, high) in others.items():
            trial.suggest_float(name, low, high)
        for step, value in enumerate(first):
            trial.report(value, step)
        return float(first[-1]) if len(first) else 0.1

    study.optimize(objective, n_trials=2)
    return float(np.log(study.trials[1].params["lr"] / LOW) / np.log(HIGH / LOW))


@pytest.mark.parametrize(("direction", "sign"), [("maximize", 1.0), ("minimize", -1.0)])
def test_after_an_erratic_training_the_lower_end_is_next(direction: Direction, sign: float) -> None:
    assert _second(sign * _noise(), direction) < 0.02


@pytest.mark.parametrize("first", [np.empty(0), _noise(5), np.append(0.1, 0.9 + _noise(9))])
def test_after_any_other_the_second_trial_goes_up(first: FloatArray) -> None:
    assert _second(first) == pytest.approx(0.7, abs=0.02)


def test_several_parameters_are_not_judged_by_one_erratic_training() -> None:
    assert _second(_noise(), momentum=(0.0, 0.99)) > 0.1


def test_one_training_that_learns_ends_the_retreat() -> None:
    study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=0))
    axis = optuna.distributions.FloatDistribution(LOW, HIGH, log=True)
    curves = [_noise(), np.linspace(0.1, 0.9, 10)]
    for curve in curves:
        trial = study.ask({"lr": axis})
        for step, value in enumerate(curve):
            trial.report(value, step)
        study.tell(trial, float(curve[-1]))
    # The lower end has learnt, the middle has not: between them.
    assert LOW * 2 < study.ask({"lr": axis}).params["lr"] < 0.1


@pytest.mark.parametrize("name", ["digits-mlp-sgd/0.2..20", "digits-mlp-momentum/0.09..4"])
def test_ranges_that_are_mostly_too_high_cost_few_trials(name: str) -> None:
    # Without the retreat 88 % and 95 % of regret after three trials.
    problem = make_problem(name)
    regrets = []
    for seed in range(10):
        study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=seed))
        study.optimize(problem.objective(seed), n_trials=3)
        regrets.append(problem.regret(study.best_trial.params))
    assert np.mean(regrets) < 0.25
