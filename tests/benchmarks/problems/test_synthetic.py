"""Functions with a known optimum: they are what they say."""

from __future__ import annotations

import math

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState

from benchmarks.problems.groups import make_problem
from benchmarks.problems.synthetic import SyntheticProblem, adversary_problems, noise_problems
from benchmarks.problems.tuning_landscapes import tuning_landscapes

PROBLEMS = {problem.name: problem for problem in noise_problems() + adversary_problems()}


def rate_at(problem: SyntheticProblem, u: float) -> float:
    return math.exp(math.log(problem.low) + u * math.log(problem.high / problem.low))


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_best_is_at_the_optimum_and_the_mean_spans_one(name: str) -> None:
    problem = PROBLEMS[name]
    dense = problem.landscape(np.linspace(0, 1, 20001))
    # A hair before it: rounding must not push the rate over a cliff.
    just_before = rate_at(problem, max(problem.optimum - 1e-9, 0))
    assert problem.regret({"lr": just_before}) == pytest.approx(0, abs=1e-6)
    assert dense.max() <= 1 + 1e-12
    assert dense.min() == pytest.approx(0, abs=2e-3)


def test_names_are_unique() -> None:
    assert len(PROBLEMS) == len(noise_problems()) + len(adversary_problems())


AT_AN_END = {"left-edge": 0, "right-edge": 1, "monotone-down": 0, "monotone-up": 1}
FREE = {name.partition("/")[0] for name in PROBLEMS} - set(AT_AN_END)
TUNING = {problem.name: problem for problem in tuning_landscapes()}


@pytest.mark.parametrize("name", sorted({*FREE, *(name.partition("/")[0] for name in TUNING)}))
def test_a_free_optimum_lies_once_in_every_sixth_of_the_axis(name: str) -> None:
    places = [
        each.optimum for key, each in {**PROBLEMS, **TUNING}.items() if name in key.split("/")
    ]
    assert [int(6 * place) for place in places] == [0, 1, 2, 3, 4, 5]


def test_those_whose_place_is_their_point_stay_there() -> None:
    assert {name: PROBLEMS[name].optimum for name in AT_AN_END} == AT_AN_END


def test_tuning_and_reporting_have_other_places() -> None:
    reported = {problem.optimum for problem in PROBLEMS.values()}
    assert reported.isdisjoint(problem.optimum for problem in TUNING.values())
    # Those of another shape are other ones too.
    assert len(reported) == 6 + 6 * (len(FREE) - 5) + 2


def test_every_noise_level_has_the_same_places() -> None:
    levels = [
        [PROBLEMS[f"noise-{level}pct/{variant}"].optimum for variant in range(6)]
        for level in (0, 1, 2, 5, 10)
    ]
    assert levels.count(levels[0]) == 5


def test_a_mute_function_returns_the_same_and_reports_nothing() -> None:
    trials = []
    for name in ("tuning-two-peaks/0", "tuning-two-peaks/0+mute"):
        study = optuna.create_study(direction="maximize")
        study.enqueue_trial({"lr": 1e-3})
        study.optimize(make_problem(name).objective(0), n_trials=1)
        trials += study.trials
    reporting, mute = trials
    assert mute.value == reporting.value
    assert len(reporting.intermediate_values) == 10
    assert mute.intermediate_values == {}
    assert make_problem("tuning-two-peaks/0+mute").name == "tuning-two-peaks/0+mute"


def values_at_the_optimum(problem: SyntheticProblem, n_trials: int) -> list[float | None]:
    study = optuna.create_study(direction="maximize", pruner=optuna.pruners.NopPruner())
    for _ in range(n_trials):
        study.enqueue_trial({"lr": rate_at(problem, problem.optimum)})
    study.optimize(problem.objective(0), n_trials=n_trials)
    return [trial.value for trial in study.trials if trial.state == TrialState.COMPLETE]


@pytest.mark.parametrize("percent", [0, 2, 10])
def test_noise_has_the_stated_deviation(percent: int) -> None:
    values = values_at_the_optimum(PROBLEMS[f"noise-{percent}pct/0"], 300)
    assert np.mean(np.array(values, dtype=float)) == pytest.approx(1, abs=0.02)
    assert np.std(np.array(values, dtype=float)) == pytest.approx(percent / 100, rel=0.15)


def test_thirty_percent_diverge() -> None:
    survivors = values_at_the_optimum(PROBLEMS["diverging/0"], 300)
    # Four standard deviations of a binomial count.
    assert abs(len(survivors) - 210) < 4 * math.sqrt(300 * 0.3 * 0.7)


def test_units_scale_values_and_leave_the_regret() -> None:
    tiny, huge = PROBLEMS["tiny-unit/1"], PROBLEMS["huge-unit/1"]
    small, large = values_at_the_optimum(tiny, 5), values_at_the_optimum(huge, 5)
    np.testing.assert_allclose(1e18 * np.array(small, float), np.array(large, float))
    assert tiny.regret({"lr": 1e-3}) == huge.regret({"lr": 1e-3})


def test_the_late_bloomer_is_behind_at_first_and_ahead_at_last() -> None:
    problem = PROBLEMS["late-bloomer/2"]
    curves = []
    for u in (problem.optimum, problem.optimum - 0.2):
        study = optuna.create_study(direction="maximize", pruner=optuna.pruners.NopPruner())
        study.enqueue_trial({"lr": rate_at(problem, u)})
        trial = study.ask()
        curves.append(problem.learning_curve(trial, 0))
    best, decent = curves
    assert best[0] < decent[0]
    assert best[-1] > decent[-1]
