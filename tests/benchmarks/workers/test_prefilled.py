"""Studies that have many trials already: what is in them."""

from __future__ import annotations

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

from benchmarks.workers.prefilled import OPTIMUM, Shape, prefilled_study, search_space


def _study(n_finished: int, shape: Shape) -> optuna.Study:
    return prefilled_study(optuna.samplers.RandomSampler(seed=0), n_finished, shape)


def test_prefilled_study_has_the_trials_it_says() -> None:
    study = _study(200, Shape())
    rates = np.array([trial.params["lr"] for trial in study.trials])
    near = np.abs(np.log10(rates / 1e-6) / 6 - OPTIMUM) < 0.15
    assert len(rates) == 200
    assert near.mean() > 0.7
    assert not any(trial.intermediate_values for trial in study.trials)


def test_prefilled_trials_report_and_the_worst_are_pruned() -> None:
    trials = _study(50, Shape(reports=10, pruned=0.4)).trials
    pruned = [trial for trial in trials if trial.state == TrialState.PRUNED]
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    assert (len(pruned), len(complete)) == (20, 30)
    for trial in complete:
        assert list(trial.intermediate_values) == list(range(10))
        assert trial.value == trial.intermediate_values[9]
    assert all(1 <= len(trial.intermediate_values) < 10 for trial in pruned)
    assert all(trial.value == trial.intermediate_values[trial.last_step or 0] for trial in pruned)
    assert len({len(trial.intermediate_values) for trial in pruned}) > 3


def test_parameters_are_of_every_kind() -> None:
    kinds = [type(each) for each in search_space(5).values()]
    others = [FloatDistribution, IntDistribution, CategoricalDistribution, FloatDistribution]
    assert kinds == [FloatDistribution, *others]
    assert list(_study(1, Shape(parameters=5)).trials[0].params) == list(search_space(5))
