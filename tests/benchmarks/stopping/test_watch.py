"""A watched study is the study that a callback would end, and judged where it does."""

from __future__ import annotations

import numpy as np
import optuna
import pytest

from benchmarks.problems.groups import make_problem
from benchmarks.problems.noise import run_seed
from benchmarks.problems.replay import ReplayProblem
from benchmarks.rivals.samplers import rival
from benchmarks.stopping.best_places import best_is_at_an_end
from benchmarks.stopping.rows import Watched
from benchmarks.stopping.rules import OURS, RULES
from benchmarks.stopping.settings import ENDS_TOLD_AFTER, Job, judged_after
from benchmarks.stopping.watch import watch
from optuna_zooming import StopWhenSure, explain, recommended_params
from tests.benchmarks.recorded import small_curves

JOB = Job("noise-2pct/0", seed=1, n_trials=22, with_slow=False)


@pytest.fixture(scope="module")
def found() -> Watched:
    return watch(JOB)


def study_until(n_trials: int, *callbacks: StopWhenSure) -> optuna.Study:
    """The same study by itself."""
    problem, seed = make_problem(JOB.problem), run_seed(JOB.problem, JOB.seed)
    study = optuna.create_study(
        direction="maximize",
        sampler=rival("zooming").sampler_for(problem, seed),
        pruner=optuna.pruners.NopPruner(),
    )
    study.optimize(problem.objective(seed), n_trials=n_trials, callbacks=list(callbacks))
    return study


def test_it_stops_where_the_callback_ends_the_study(found: Watched) -> None:
    problem, study = make_problem(JOB.problem), study_until(JOB.n_trials, StopWhenSure())
    assert found.stops[OURS] == len(study.trials) < JOB.n_trials
    regret = problem.regret(recommended_params(study).params)
    assert found.stop_regrets[OURS] == pytest.approx(regret)


def test_the_recommendation_is_judged_after_each_trial(found: Watched) -> None:
    problem = make_problem(JOB.problem)
    for n in (1, 7, 10, 22):
        regret = problem.regret(recommended_params(study_until(n)).params)
        assert found.regrets[judged_after(JOB.n_trials).index(n)] == pytest.approx(regret)


def test_what_explain_says_is_noted_until_the_study_is_settled(found: Watched) -> None:
    assert all(n < found.stops[OURS] for n, _ in found.further)
    for n, number in found.further:
        assert f"about {number:.0f} more trial" in explain(study_until(int(n))).advice
    for n, widen in zip(ENDS_TOLD_AFTER, found.widen):
        assert widen == (explain(study_until(n)).next_step == "widen")


def test_fast_rules_alone_were_asked(found: Watched) -> None:
    assert found.asked == tuple(name for name, rule in RULES.items() if not rule.slow)
    assert found.stops["10 trials"] == 10
    assert found.stop_regrets["10 trials"] == found.regrets[9]
    assert "30 trials" not in found.stops


def test_of_several_parameters_no_end_is_asked_for() -> None:
    found = watch(Job("tuning-rotated-2d/2pct", seed=0, n_trials=6, with_slow=False))
    assert np.isnan(found.best_at_end)
    assert np.isnan(found.widen).all()
    assert found.regrets.shape == (6,)


@pytest.mark.parametrize(
    ("low", "high", "at_end"), [(1e-5, 1.0, False), (1e-5, 1e-3, True), (1e-2, 1.0, True)]
)
def test_where_the_best_rate_lies(low: float, high: float, at_end: bool) -> None:
    # Recorded at 1e-5, 1e-4, ... 1, and best at 1e-2.
    assert best_is_at_an_end(ReplayProblem(small_curves(), low=low, high=high)) == at_end
