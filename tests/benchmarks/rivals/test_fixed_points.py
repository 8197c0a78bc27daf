"""Fixed lists of points, starts made of them, and the grid that knows its size."""

from __future__ import annotations

import json

import numpy as np
import optuna
import pytest

from benchmarks.commands import live
from benchmarks.errors import UserError
from benchmarks.problems.groups import Problem, make_problem
from benchmarks.rivals.fixed_points import QUASI_RANDOM_STARTS, StartedSampler
from benchmarks.rivals.samplers import RIVALS, rival
from benchmarks.runs import cells
from benchmarks.runs.runner import run_study


def _points(name: str, n_trials: int) -> list[float]:
    """What a rival asks for on the unit interval."""
    study = optuna.create_study(sampler=rival(name).make(0))
    study.optimize(lambda trial: trial.suggest_float("x", 0.0, 1.0), n_trials=n_trials)
    return [trial.params["x"] for trial in study.trials]


def test_van_der_corput_mirrors_the_digits_of_the_number() -> None:
    assert _points("van-der-corput", 8) == [0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875, 0.0625]


@pytest.mark.parametrize("name", ["tpe-quasi", "gp-quasi"])
def test_quasi_random_starts_then_the_sampler_itself(name: str) -> None:
    points = _points(name, 7)
    assert points[:5] == list(QUASI_RANDOM_STARTS) == [0.5, 0.75, 0.25, 0.875, 0.375]
    # The sampler itself, given the same trials as its own, goes on likewise.
    wrapped = rival(name).make(0)
    assert isinstance(wrapped, StartedSampler)
    study = optuna.create_study(sampler=wrapped.wrapped)
    for point in points[:5]:
        study.enqueue_trial({"x": point})
    study.optimize(lambda trial: trial.suggest_float("x", 0.0, 1.0), n_trials=7)
    assert [trial.params["x"] for trial in study.trials] == points


def test_starts_pass_everything_on_once_they_are_made() -> None:
    calls = []

    class Told(optuna.samplers.TPESampler):
        def before_trial(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
            calls.append("before")

        def infer_relative_search_space(
            self, study: optuna.Study, trial: optuna.trial.FrozenTrial
        ) -> dict[str, optuna.distributions.BaseDistribution]:
            calls.append("space")
            return super().infer_relative_search_space(study, trial)

        def reseed_rng(self) -> None:
            calls.append("reseed")

    sampler = StartedSampler([0.5], Told(seed=0))
    sampler.reseed_rng()
    study = optuna.create_study(sampler=sampler)
    study.optimize(lambda trial: trial.suggest_float("x", 0.0, 1.0), n_trials=2)
    assert calls == ["reseed", "before", "before", "space"]


def _best_of_grid(problem: Problem, n_points: int) -> tuple[float, float]:
    """Value and regret of the best of n midpoints between 1e-3 and 1, each one enqueued."""
    study = optuna.create_study(direction="maximize")
    for i in range(n_points):
        study.enqueue_trial({"lr": 10 ** (-3 + 3 * (i + 0.5) / n_points)})
    study.optimize(problem.objective(0), n_trials=n_points)
    return study.best_value, problem.regret(study.best_params)


def test_a_grids_entry_is_the_best_of_a_study_of_its_own() -> None:
    problem = make_problem("digits-mlp-sgd/1e-3..1")
    run = run_study(problem, rival("grid"), "none", 0, n_trials=17)
    assert len(run) == 17
    for n_points in (1, 2, 7, 12, 15):
        value, regret = _best_of_grid(problem, n_points)
        assert run.value[n_points - 1] == pytest.approx(value)
        assert run.best_regret[n_points - 1] == pytest.approx(regret)
    # Sizes that are not run are worth the one before.
    for later, size in ((11, 10), (13, 12), (14, 12), (17, 15)):
        assert run.best_regret[later - 1] == run.best_regret[size - 1]
    assert json.loads(run.params[0])["lr"] == pytest.approx(10**-1.5, rel=1e-4)


def test_a_grid_costs_all_epochs_of_its_points() -> None:
    problem = make_problem("noise-2pct/0")
    run = run_study(problem, rival("grid"), "none", 0, n_trials=12)
    np.testing.assert_array_equal(run.epochs.cumsum(), np.arange(1, 13) * problem.n_epochs)


@pytest.mark.parametrize("name", ["grid", "one-epoch-top-3"])
def test_procedures_claim_no_pruner_and_no_live_study(name: str) -> None:
    assert RIVALS[name].is_procedure
    assert cells.claims(name, "noise-2pct/0", "none")
    assert not cells.claims(name, "noise-2pct/0", "median")
    with pytest.raises(UserError, match="recorded curves only"):
        live._select([name])
