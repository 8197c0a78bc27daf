"""Curves whose best rates start slowly: by hand, with noise in every epoch, and who leads when."""

from __future__ import annotations

import math

import numpy as np
import optuna
import pytest

from benchmarks.problems.groups import group_names, make_problem
from benchmarks.problems.slow_starters import (
    SlowStarter,
    reporting_slow_starters,
    tuning_slow_starters,
)

PROBLEMS = {each.name: each for each in reporting_slow_starters() + tuning_slow_starters()}


def _clean(problem: SlowStarter, rate: float) -> np.ndarray:
    shares = np.arange(1, problem.n_epochs + 1) / problem.n_epochs
    return problem.curve(np.array(rate), shares)


def _best_rate(problem: SlowStarter) -> float:
    rates = np.geomspace(problem.low, problem.high, 2001)
    return float(rates[np.argmax([problem.truth({"lr": rate}) for rate in rates])])


def test_the_plain_loss_by_hand() -> None:
    curve = _clean(PROBLEMS["slow-loss"], 1e-3)
    assert len(curve) == 8
    # 0.2 + 2 exp(-1/2) + 0.003 after the first epoch, 0.2 + 2 exp(-4) + 0.003 after the last.
    assert (-curve[0], -curve[-1]) == pytest.approx((1.416061, 0.239631), abs=1e-6)
    assert PROBLEMS["slow-loss"].truth({"lr": 1e-3}) == curve[-1]
    # 20 epochs are the same loss at finer steps.
    assert _clean(PROBLEMS["slow-loss-noisy"], 1e-3)[9] == pytest.approx(curve[3])


def test_the_others_by_hand() -> None:
    by_hand = {
        # 0.2 + 2 exp(-300 * 0.01 / 8) + 0.01 after half of the epochs.
        ("slow-loss-late", 0.01, 3): -(0.21 + 2 * 0.687289),
        # Half of the epochs again: 3000 * 0.001 / 2 is 1.5, its square 2.25.
        ("tuning-slow-power", 0.001, 5): -(0.102 + 1.5 / 3.25),
        # 0.3 + 3 exp(-sqrt(1000 * 0.008 / 2)) + 0.004
        ("tuning-slow-stretched", 0.008, 14): -(0.304 + 3 * 0.135335),
        # Nothing yet.
        ("tuning-slow-pause", 0.001, 3): -1.205,
        # A tenth of the epochs since it began: exp(-0.2).
        ("tuning-slow-pause", 0.0001, 4): -(0.2005 + 0.818731),
        # In the end an accuracy of 0.1 + 0.85 (1 - (1/3)^2).
        ("tuning-slow-sigmoid", 0.01, 15): 0.1 + 0.85 * 8 / 9,
    }
    for (name, rate, epoch), expected in by_hand.items():
        assert _clean(PROBLEMS[name], rate)[epoch] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("name", "rate"),
    # Where the derivative is 0: 8000 exp(-4000 r) = 3, and 600 exp(-300 r) = 1.
    [("slow-loss", math.log(8000 / 3) / 4000), ("slow-loss-late", math.log(600) / 300)],
)
def test_the_best_is_where_the_derivative_is_nothing(name: str, rate: float) -> None:
    problem = PROBLEMS[name]
    assert _best_rate(problem) == pytest.approx(rate, rel=0.01)
    assert problem.best == pytest.approx(problem.truth({"lr": rate}), abs=1e-6)
    assert problem.span == pytest.approx(problem.truth({"lr": rate}) + 2.2, abs=1e-6)


@pytest.mark.parametrize("name", PROBLEMS)
def test_regret_is_of_what_the_best_rate_gains(name: str) -> None:
    problem = PROBLEMS[name]
    best = _best_rate(problem)
    assert problem.regret({"lr": best}) == pytest.approx(0, abs=1e-4)
    # The best rate is well inside, and the lowest learns next to nothing.
    assert problem.low * 10 < best < problem.high / 10
    assert problem.regret({"lr": problem.low}) == pytest.approx(1, abs=0.05)
    assert problem.regret({"lr": problem.high}) == 1
    faster = 5 * best
    if problem.truth({"lr": faster}) > problem.nothing:
        missing = (problem.best - problem.truth({"lr": faster})) / problem.span
        assert problem.regret({"lr": faster}) == pytest.approx(missing)


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_worse_rate_leads_after_the_first_epoch(name: str) -> None:
    problem = PROBLEMS[name]
    curves = np.array([_clean(problem, r) for r in np.geomspace(problem.low, problem.high, 201)])
    # By the end it lacks more than the noise of an epoch.
    leader = curves[curves[:, 0].argmax()]
    assert curves[:, -1].max() - leader[-1] > problem.noise


def test_every_epoch_has_noise_of_its_own() -> None:
    problem = PROBLEMS["slow-loss-noisy"]
    study = optuna.create_study(direction="maximize")
    errors = []
    for _ in range(100):
        study.enqueue_trial({"lr": 1e-3})
        errors.append(problem.learning_curve(study.ask(), 0) - _clean(problem, 1e-3))
    found = np.array(errors)
    assert found.std() == pytest.approx(0.05, rel=0.1)
    assert abs(np.corrcoef(found[:, 0], found[:, 1])[0, 1]) < 0.3


def test_groups_by_name_and_mute() -> None:
    assert group_names("reporting-slow-starters") == [p.name for p in reporting_slow_starters()]
    assert group_names("tuning-slow-starters") == [p.name for p in tuning_slow_starters()]
    values = []
    for name in ("slow-loss", "slow-loss+mute"):
        study = optuna.create_study(direction="maximize")
        study.enqueue_trial({"lr": 1e-3})
        study.optimize(make_problem(name).objective(0), n_trials=1)
        values.append(study.best_value)
    assert values[0] == values[1]
