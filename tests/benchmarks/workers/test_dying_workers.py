"""Workers that die: who dies, and what the study is told."""

from __future__ import annotations

import numpy as np
import pytest
from optuna.trial import TrialState

from benchmarks.workers.dying_workers import TOLD, UNNOTICED, Job, problems, run, simulate
from benchmarks.workers.simulation import unit_place

LOG_FLOAT_PROBLEM = "learning-rate/0.6"


def job(fate: str, *, rate: float = 0.5, n_workers: int = 1, sampler: str = "random") -> Job:
    return Job(LOG_FLOAT_PROBLEM, sampler, n_workers, rate, fate, seed=3, n_trials=12)


def _numbers(job: Job, state: TrialState) -> list[int]:
    return [trial.number for trial in run(job).get_trials(states=(state,))]


@pytest.mark.parametrize("n_workers", [1, 3])
def test_budgets_count_the_trials_that_are_told_a_value(n_workers: int) -> None:
    study = run(job(UNNOTICED, n_workers=n_workers))
    states = [trial.state for trial in study.get_trials(deepcopy=False)]
    assert states.count(TrialState.COMPLETE) == 12
    assert states.count(TrialState.FAIL) == 0
    # Of the others, those of living workers are at hand still.
    assert len(states) > 12 + n_workers


def test_both_studies_meet_the_same_deaths() -> None:
    dead = _numbers(job(TOLD), TrialState.FAIL)
    running = _numbers(job(UNNOTICED), TrialState.RUNNING)
    assert len(dead) >= 3
    # The last one has been started only.
    assert running[:-1] == dead


def test_more_trials_die_at_a_higher_rate_and_the_same_ones_too() -> None:
    few, many = (set(_numbers(job(TOLD, rate=rate), TrialState.FAIL)) for rate in (0.3, 0.6))
    assert {number for number in few if number < 12} < many
    assert _numbers(job(TOLD, rate=0.0), TrialState.FAIL) == []


def test_a_sampler_that_looks_at_nothing_does_not_mind_deaths() -> None:
    assert simulate(job(TOLD))[1] == simulate(job(UNNOTICED))[1]


def test_late_regret_is_that_of_the_last_quarter() -> None:
    _, outcome = simulate(job(TOLD))
    study, problem = run(job(TOLD)), problems()[LOG_FLOAT_PROBLEM]
    told = study.get_trials(states=(TrialState.COMPLETE,))
    axis = told[0].distributions["lr"]
    regret = [1 - problem.landscape(np.array(unit_place(t.params["lr"], axis))) for t in told]
    assert outcome.late == pytest.approx(np.mean(regret[-3:]))
    best = max(range(12), key=lambda i: told[i].value or 0.0)
    assert outcome.best == pytest.approx(regret[best])


def test_landscapes_are_best_at_the_optimum_of_their_name() -> None:
    for name, problem in problems().items():
        assert problem.landscape(np.array([float(name.partition("/")[2])])) == pytest.approx(1)
