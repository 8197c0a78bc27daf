"""Problems of several parameters on a recorded grid."""

from __future__ import annotations

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from benchmarks.problems.grid_replay import PARAMETERS, SEARCHED, GridProblem, searched_together
from benchmarks.problems.groups import group_names, make_problem
from tests.benchmarks.recorded import small_grid

GRID = small_grid()


def test_regret_at_the_corners() -> None:
    problem = GridProblem(GRID, PARAMETERS)
    best = {"lr": 0.1, "momentum": 0.9, "weight_decay": 1e-3, "batch_size": 64, "optimiser": "sgd"}
    worst = {"lr": 1e-3, "momentum": 0.0, "weight_decay": 1e-5, "batch_size": 16}
    assert problem.regret(best) == pytest.approx(0)
    assert problem.regret({**worst, "optimiser": "sgd"}) == pytest.approx(1)
    # 0.1 a step and five steps up for SGD, half of that for Adam: 0.35 of 0.6 are reached.
    assert problem.regret({**best, "optimiser": "adam"}) == pytest.approx(0.5)


def test_parameters_not_searched_stay_at_the_middle() -> None:
    problem = GridProblem(GRID, ("lr", "momentum"))
    # Batch size and weight decay are at the second of two values, the optimiser is Adam.
    assert problem.truth({"lr": 1e-3, "momentum": 0.0}) == pytest.approx(0.1 + 0.05 * 2)
    assert problem.truth({"lr": 0.1, "momentum": 0.9}) == pytest.approx(0.1 + 0.05 * 5)
    assert problem.regret({"lr": 0.1, "momentum": 0.9}) == pytest.approx(0)


def test_axes_are_searched_as_users_do() -> None:
    study = optuna.create_study(direction="maximize", pruner=optuna.pruners.NopPruner())
    problem = GridProblem(GRID, PARAMETERS)
    study.optimize(problem.objective(0), n_trials=1)
    assert study.trials[0].distributions == {
        "lr": FloatDistribution(1e-3, 0.1, log=True),
        "momentum": FloatDistribution(0.0, 0.9),
        "weight_decay": FloatDistribution(1e-5, 1e-3, log=True),
        "batch_size": IntDistribution(16, 64, log=True),
        "optimiser": CategoricalDistribution(("sgd", "adam")),
    }


def test_trials_draw_a_recorded_seed() -> None:
    problem = GridProblem(GRID, ("lr", "momentum"))
    study = optuna.create_study(direction="maximize", pruner=optuna.pruners.NopPruner())
    study.optimize(problem.objective(0), n_trials=30)
    noise = [trial.values[0] - problem.truth(trial.params) for trial in study.trials]
    assert set(np.round(noise, 9)) == {-0.01, 0.01}


def test_a_parameter_that_the_grid_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="varies lr, momentum, weight_decay"):
        GridProblem(GRID, ("lr", "dropout"))


def test_a_grid_offers_the_searches_it_varies() -> None:
    assert searched_together(GRID) == list(SEARCHED)


def test_grids_for_tuning_and_for_reporting_are_kept_apart() -> None:
    """Digits to tune on, MNIST to report on; each problem is there and can be solved."""
    groups = {name: group_names(name) for name in ("tuning-grids", "reporting-grids")}
    for group, data in (("tuning-grids", "digits"), ("reporting-grids", "mnist")):
        assert {name.partition("-")[0] for name in groups[group]} == {data}
    names = groups["reporting-grids"]
    searched = ["lr+momentum", "lr+batch_size", "lr+momentum+weight_decay"]
    everything = "lr+momentum+weight_decay+batch_size"
    assert {f"mnist-grid-sgd/{ones}" for ones in [*searched, everything]} <= set(names)
    for name in names:
        # Ten classes: most of the way from chance to all right lies between worst and best.
        assert make_problem(name).span > 0.5
