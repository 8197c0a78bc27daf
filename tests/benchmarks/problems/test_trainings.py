"""Searches for the hyperparameters of real trainings: honest replays, apart by role."""

from __future__ import annotations

import numpy as np
import optuna
import pytest

from benchmarks.problems.groups import group_names, make_problem
from benchmarks.problems.trainings import TrainingProblem, reporting_trainings, tuning_trainings
from benchmarks.training.searches.search import DIRECT_SEEDS

PROBLEMS = tuning_trainings() + reporting_trainings()
SURROGATES = [problem for problem in PROBLEMS if not problem.search.direct]
DIRECT = [problem for problem in PROBLEMS if problem.search.direct]
KINDS = {
    "svm",
    "linear",
    "mlp",
    "boosting",
    "optimiser",
    "fine-tuning",
    "long-fine-tuning",
}


def _of(problems: list[TrainingProblem]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("problem", problems, ids=lambda problem: problem.name)


def _random_params(problem: TrainingProblem, n: int) -> list[dict[str, object]]:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    return [problem.search.space.suggest(study.ask()) for _ in range(n)]


def _values(problem: TrainingProblem, params: dict[str, object], n: int) -> list[float]:
    study = optuna.create_study(direction="maximize")
    for _ in range(n):
        study.enqueue_trial(params)
    study.optimize(problem.objective(3), n_trials=n)
    return [trial.values[0] for trial in study.trials]


@pytest.mark.parametrize("role", ["tuning", "reporting"])
def test_every_role_has_every_kind_and_few_to_many_parameters(role: str) -> None:
    problems = [make_problem(name) for name in group_names(f"{role}-trainings")]
    trainings = [problem for problem in problems if isinstance(problem, TrainingProblem)]
    assert len(trainings) == len(problems)
    assert {problem.search.kind for problem in trainings} == KINDS
    counts = [problem.n_parameters for problem in problems]
    assert min(counts) <= 5
    assert max(counts) >= 10
    assert {problem.kind for problem in trainings} == {"conditional", "interacting"}


def test_roles_share_no_space() -> None:
    tuning, reporting = (
        {repr(problem.search.space) for problem in problems}
        for problems in (tuning_trainings(), reporting_trainings())
    )
    assert tuning.isdisjoint(reporting)


@_of(PROBLEMS)
def test_kind_and_number_of_parameters_are_those_of_trials(problem: TrainingProblem) -> None:
    seen = _random_params(problem, 300)
    assert max(map(len, seen)) == problem.n_parameters
    assert (len({frozenset(params) for params in seen}) > 1) == (problem.kind == "conditional")
    for params in seen:
        for parameter in problem.search.space.parameters:
            needed = parameter.when is None or parameter.when.holds(params)
            assert (parameter.name in params) == needed


@_of(SURROGATES)
def test_regret_is_none_at_the_best_and_one_at_the_median(problem: TrainingProblem) -> None:
    assert problem.regret(problem.best) == 0
    regrets = [problem.regret(params) for params in _random_params(problem, 500)]
    # As many below as above: where trainings succeed or fail the median itself is hard to estimate.
    assert np.mean(np.array(regrets) < 1) == pytest.approx(0.5, abs=0.07)
    assert min(regrets) > 0
    # No better than what was trained, but for noise.
    best = problem.truth(problem.best)
    assert best <= problem.recorded.means.max() + problem.noise


@_of(DIRECT)
def test_regret_of_what_trains_is_that_of_its_recorded_means(problem: TrainingProblem) -> None:
    assert problem.regret(problem.best) == 0
    recorded = problem.recorded
    assert problem.truth(problem.best) == pytest.approx(recorded.means.max(), abs=0.02)
    n_random = recorded.metadata["n_random"]
    regrets = (problem.truth(problem.best) - recorded.means[:n_random]) / problem.span
    assert np.median(regrets) == pytest.approx(1.0, abs=0.1)


@_of(SURROGATES)
def test_noise_is_as_stated_and_paired_by_trial(problem: TrainingProblem) -> None:
    params = dict(problem.best)
    values = _values(problem, params, 200)
    assert values[:20] == _values(problem, params, 20)
    assert np.std(values) == pytest.approx(problem.noise, rel=0.2)
    error = 4 * problem.noise / np.sqrt(200)
    assert np.mean(values) == pytest.approx(problem.expected(params), abs=error)


@_of(DIRECT)
def test_what_trains_draws_one_of_the_trainings_that_its_truth_averages(
    problem: TrainingProblem,
) -> None:
    params = dict(problem.best)
    trainings = [problem.search.score(params, seed) for seed in range(DIRECT_SEEDS)]
    values = _values(problem, params, 12)
    assert set(values) <= set(trainings)
    assert len(set(values)) > 1
    assert problem.truth(params) == pytest.approx(np.mean(trainings))
    assert problem.noise == pytest.approx(np.std(trainings, ddof=1))


@_of(SURROGATES)
def test_surrogates_predict_trainings_that_they_do_not_have(problem: TrainingProblem) -> None:
    from benchmarks.recording.searches.fitting import held_out_predictions, r2
    from benchmarks.recording.searches.record import fit_of

    recorded, space = problem.recorded, problem.search.space
    fitted = fit_of(recorded.metadata)
    predicted = held_out_predictions(space, recorded.places, recorded.means, fitted, refit=False)
    random = slice(recorded.metadata["n_random"])
    assert np.corrcoef(recorded.means[random], predicted[random])[0, 1] > 0.7
    stated = recorded.metadata["surrogate"]["cross_validated_r2"]
    # The scales have seen all rows here; what is stated has scales that have not.
    assert stated > 0.7
    assert r2(recorded.means, predicted) > stated - 0.03


@pytest.mark.parametrize("name", ["diabetes-search-boosting", "moons-search-optimiser"])
def test_tables_hold_what_the_training_scores(name: str) -> None:
    problem = make_problem(name)
    assert isinstance(problem, TrainingProblem)
    recorded = problem.recorded
    for number in (0, 1):
        params = recorded.configurations[number]
        scores = [problem.search.score(params, 2 * number + seed) for seed in (0, 1)]
        # Another machine may round otherwise.
        assert np.mean(scores) == pytest.approx(recorded.means[number], abs=0.03)


@_of(SURROGATES)
def test_the_best_is_no_peak_that_trainings_deny(problem: TrainingProblem) -> None:
    from benchmarks.recording.searches.record import N_OF_CHECK

    recorded = problem.recorded
    checked = recorded.means[-recorded.metadata["n_checked"] :]
    # Of each check the first row is the surrogate's own best place: the last four confirm it.
    bests = checked[::N_OF_CHECK][-4:]
    assert bests.mean() > problem.truth(problem.best) - 0.15 * problem.span


def test_a_mute_training_is_the_same() -> None:
    name = "digits-search-mlp"
    muted, problem = make_problem(f"{name}+mute"), make_problem(name)
    assert muted.name == f"{name}+mute"
    assert isinstance(problem, TrainingProblem)
    assert muted.regret(problem.best) == 0
    assert muted.fingerprint == problem.fingerprint
