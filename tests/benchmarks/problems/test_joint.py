"""Known optima of several parameters: they are what they say."""

from __future__ import annotations

import numpy as np
import optuna
import pytest

from benchmarks.problems.groups import group_names, make_problem
from benchmarks.problems.joint import Cube, JointProblem, reporting_joint, tuning_joint
from benchmarks.problems.surfaces import HARTMANN_OPTIMUM, hartmann6

NOISELESS = [p for p in tuning_joint() + reporting_joint() if p.noise == 0]
BY_NAME = pytest.mark.parametrize("problem", NOISELESS, ids=lambda problem: problem.name)


def _random_means(problem: JointProblem, n: int) -> list[float]:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    means = []
    for _ in range(n):
        trial = study.ask()
        means.append(problem.landscape.mean(problem.landscape.suggest(trial)))
        assert problem.truth(trial.params) == means[-1]
        assert len(trial.params) in {problem.n_parameters, problem.n_parameters - 1}
    return means


@BY_NAME
def test_means_lie_between_zero_and_one(problem: JointProblem) -> None:
    means = _random_means(problem, 300)
    assert 0 <= min(means) < 0.6
    assert 0.5 < max(means) <= 1


def test_hartmann_has_its_known_maximum_wherever_it_was_moved() -> None:
    identity, straight = np.arange(6), np.zeros(6, dtype=bool)
    assert hartmann6(identity, straight)(HARTMANN_OPTIMUM) == pytest.approx(1.0, abs=1e-6)
    moved = np.empty(6)
    order, flipped = np.array([3, 1, 0, 5, 2, 4]), np.array([1, 0, 0, 1, 0, 1], dtype=bool)
    moved[order] = HARTMANN_OPTIMUM
    moved = np.where(flipped, 1 - moved, moved)
    assert hartmann6(order, flipped)(moved) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("kind", ["separable-3d", "rotated-2d", "rotated-5d", "ridge-2d"])
def test_surfaces_are_concave_with_their_best_at_one(kind: str) -> None:
    problem = make_problem(f"tuning-{kind}/0pct")
    assert isinstance(problem, JointProblem)
    assert isinstance(problem.landscape, Cube)
    from scipy.optimize import minimize

    surface, n = problem.landscape.surface, problem.n_parameters
    found = minimize(lambda x: -surface(x), np.full(n, 0.5), method="Nelder-Mead", tol=1e-10)
    assert -found.fun == pytest.approx(1.0, abs=1e-4)
    assert np.all((found.x >= 0) & (found.x <= 1))


def test_choices_have_a_best_combination() -> None:
    problem = make_problem("tuning-optimisers/0pct")
    best = {"optimiser": "sgd", "lr": 1e-4 ** (1 - 0.75), "layers": 2, "momentum": 0.85}
    assert problem.truth(best) == pytest.approx(1.0)
    assert problem.regret({**best, "optimiser": "adam", "lr": 1e-4**0.7}) == pytest.approx(0.05)


def test_noise_has_the_stated_deviation_and_is_paired_by_trial() -> None:
    problem = make_problem("tuning-ridge-2d/5pct")
    objective = problem.objective(0)
    values = []
    for _ in range(2):
        study = optuna.create_study(direction="maximize")
        for _ in range(300):
            study.enqueue_trial({"x0": 0.1, "x1": 0.5})
        study.optimize(objective, n_trials=300)
        values.append([trial.value for trial in study.trials])
    assert values[0] == values[1]
    first = np.array(values[0], dtype=float)
    truth = problem.truth({"x0": 0.1, "x1": 0.5})
    assert first.mean() == pytest.approx(truth, abs=4 * 0.05 / np.sqrt(300))
    assert first.std() == pytest.approx(0.05, rel=0.15)


def test_tuning_and_reporting_share_no_landscape() -> None:
    tuning, reporting = group_names("tuning-joint"), group_names("reporting-joint")
    assert (len(tuning), len(reporting)) == (4 * 9, 4 * 10)
    point = {f"x{i}": 0.3 for i in range(12)}
    numeric = [p for p in NOISELESS if isinstance(p.landscape, Cube)]
    assert len({round(problem.truth(point), 9) for problem in numeric}) == len(numeric)


def test_both_roles_have_two_to_twelve_parameters_of_every_kind() -> None:
    for group in ("tuning-joint", "reporting-joint"):
        problems = [make_problem(name) for name in group_names(group)]
        assert {2, 10, 12} <= {problem.n_parameters for problem in problems}
        kinds = {problem.kind for problem in problems if isinstance(problem, JointProblem)}
        assert kinds == {"separable", "interacting", "conditional"}
