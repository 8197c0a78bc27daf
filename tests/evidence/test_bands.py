"""A place that always fails is left alone after a handful of failures, wherever it lies."""

from __future__ import annotations

import math

import numpy as np
import optuna
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from optuna.trial import TrialState

from optuna_zooming import TextbookZooming, ZoomingSampler
from optuna_zooming._evidence.bands import judge_bands

N_TRIALS = 50
# (failing from, to; optimum), units of the axis: narrow and wide, the optimum beside either end.
BANDS = [
    (0.45, 0.55, 0.6),
    (0.2, 0.4, 0.45),
    (0.6, 0.62, 0.63),
    (0.6, 0.62, 0.59),
    (0.3, 0.7, 0.75),
]


def _suggest(trial: optuna.Trial, kind: str) -> float:
    """A value's place on the unit axis."""
    if kind == "integer":
        return (trial.suggest_int("x", 1, 100) - 0.5) / 100
    if kind == "few integers":
        return (trial.suggest_int("x", 1, 10) - 0.5) / 10
    if kind == "logarithmic integer":
        return math.log(trial.suggest_int("x", 1, 1000, log=True)) / math.log(1000)
    if kind == "logarithmic":
        return math.log10(trial.suggest_float("x", 1e-5, 1, log=True)) / 5 + 1
    step = 0.05 if kind == "stepped" else None
    return trial.suggest_float("x", 0, 1, step=step)


KINDS = ["continuous", "logarithmic", "stepped", "integer", "few integers", "logarithmic integer"]


def _run(sampler: ZoomingSampler, kind: str, low: float, high: float, best: float) -> int:
    """Failures among 50 trials; the best value must be that of a survivor near the optimum."""
    study = optuna.create_study(sampler=sampler)
    for _ in range(N_TRIALS):
        trial = study.ask()
        u = _suggest(trial, kind)
        if low <= u <= high:
            study.tell(trial, state=TrialState.FAIL)
        else:
            study.tell(trial, (u - best) ** 2)
    assert study.best_value < 0.02
    return sum(trial.state == TrialState.FAIL for trial in study.trials)


@pytest.mark.parametrize("kind", KINDS)
def test_band_that_always_fails_costs_a_handful_of_trials(kind: str) -> None:
    failures = [_run(ZoomingSampler(seed=seed), kind, *band) for band in BANDS for seed in range(2)]
    assert np.mean(failures) <= 7
    assert max(failures) <= 15


@pytest.mark.parametrize("cell", range(1, 11))
@pytest.mark.parametrize("beside", [-1, 1])
def test_single_integer_that_always_fails_costs_a_handful_of_trials(cell: int, beside: int) -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=cell))
    for _ in range(N_TRIALS):
        trial = study.ask()
        value = trial.suggest_int("heads", 1, 10)
        if value == cell:
            study.tell(trial, state=TrialState.FAIL)
        else:
            study.tell(trial, abs(value - min(max(cell + beside, 1), 10)))
    assert sum(trial.state == TrialState.FAIL for trial in study.trials) <= 6


def test_textbook_policy_leaves_a_failing_band_too() -> None:
    policy = TextbookZooming(horizon=50, scale=0.05)
    failures = [
        _run(ZoomingSampler(policy=policy, seed=seed), "continuous", 0.45, 0.55, 0.6)
        for seed in range(5)
    ]
    assert np.mean(failures) <= 10


def test_retry_is_made_beside_the_place_that_crashed() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    for x in (0.0, 0.5, 1.0):
        study.enqueue_trial({"x": x})
    study.optimize(lambda t: (t.suggest_float("x", 0, 1) - 0.7) ** 2, n_trials=3)
    first = study.ask()
    place = first.suggest_float("x", 0, 1)
    study.tell(first, state=TrialState.FAIL)
    again = study.ask().suggest_float("x", 0, 1)
    # In the same gap, since a single failure says nothing, but not at the same place.
    assert (place > 0.5) == (again > 0.5)
    assert abs(again - place) > 0.05


def test_zone_reaches_halfway_to_the_survivors() -> None:
    survived = np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9])
    found = judge_bands(np.array([0.4, 0.5, 0.6, 0.5, 0.45, 0.55]), survived)
    assert found.failing.all()
    assert_allclose(found.zones, [[0.35, 0.65]])


def test_failures_spread_over_many_gaps_are_crashes() -> None:
    survived = np.linspace(0, 1, 11)
    found = judge_bands(np.linspace(0.05, 0.95, 10), survived)
    assert not found.failing.any()
    assert found.zones.shape == (0, 2)


def test_place_where_a_trial_survived_does_not_always_fail() -> None:
    survived = np.array([0.1, 0.5, 0.9])
    assert_array_equal(judge_bands(np.full(9, 0.5), survived).failing, np.zeros(9, dtype=bool))


@pytest.mark.parametrize(
    ("failing", "best", "high"),
    [({2, 4}, 1, 5), ({3, 8}, 4, 10), ({2, 6, 9}, 5, 10), ({2, 3, 6, 7}, 4, 10)],
)
def test_several_positions_that_always_fail_are_not_retried_in_a_row(
    failing: set[int], best: int, high: int
) -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    for _ in range(40):
        trial = study.ask()
        value = trial.suggest_int("heads", 1, high)
        if value in failing:
            study.tell(trial, state=TrialState.FAIL)
        else:
            study.tell(trial, (value - best) ** 2)
    assert study.best_value == 0
    assert sum(trial.state == TrialState.FAIL for trial in study.trials) <= 10
