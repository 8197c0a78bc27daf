"""Workers that ask at the same moment part, whatever their seeds, for every kind of parameter."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import TrialState

from optuna_zooming import TextbookZooming, ZoomingSampler
from optuna_zooming._policy.arms import Policy
from optuna_zooming._study.logs import read_trials
from optuna_zooming._study.parameters import chosen_parameters

N_WORKERS = 8
RATE = FloatDistribution(1e-5, 1e1, log=True)


def _side_by_side(
    name: str,
    distribution: BaseDistribution,
    n_finished: int = 0,
    policy: Policy | None = None,
    first_seed: int = 0,
) -> list[Any]:
    """What eight workers with seeds of their own choose when none has seen another's choice."""
    study = optuna.create_study(sampler=ZoomingSampler(seed=99))
    for i in range(n_finished):
        trial = study.ask({name: distribution})
        study.tell(trial, (i * 0.37) % 1.0)
    for _ in range(N_WORKERS):
        study.ask()
    asking = [trial for trial in study.trials if trial.state == TrialState.RUNNING]
    return [
        ZoomingSampler(policy=policy, seed=first_seed + worker).sample_independent(
            study, trial, name, distribution
        )
        for worker, trial in enumerate(asking)
    ]


@pytest.mark.parametrize("n_finished", [0, 1, 10, 30])
def test_first_rates_of_eight_workers_are_hardly_ever_alike(n_finished: int) -> None:
    alike = []
    for first_seed in range(0, 50, 10):
        rates = _side_by_side("lr", RATE, n_finished, first_seed=first_seed)
        units = np.sort([(math.log10(rate) + 5) / 6 for rate in rates])
        alike.append(int(np.sum(np.diff(units) < 0.01)))
    assert max(alike) <= 1
    assert np.mean(alike) <= 0.5


def test_textbook_policy_parts_them_too() -> None:
    policy = TextbookZooming(horizon=100, scale=0.02)
    rates = _side_by_side("lr", RATE, policy=policy)
    units = np.sort([(math.log10(rate) + 5) / 6 for rate in rates])
    assert np.sum(np.diff(units) < 0.01) <= 1


@pytest.mark.parametrize(
    "distribution",
    [
        IntDistribution(1, 20),
        FloatDistribution(0.0, 1.0, step=0.05),
        CategoricalDistribution(list("abcdefghij")),
    ],
    ids=["integer", "stepped", "categorical"],
)
def test_discrete_values_are_shared_out(distribution: BaseDistribution) -> None:
    assert len(set(_side_by_side("x", distribution))) >= N_WORKERS - 1


def test_later_parameters_are_shared_out_too() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    for _ in range(N_WORKERS):
        study.ask().suggest_float("lr", 1e-5, 1e1, log=True)
    momentum = FloatDistribution(0.0, 1.0)
    values = [
        ZoomingSampler(seed=number).sample_independent(study, trial, "momentum", momentum)
        for number, trial in enumerate(study.trials)
    ]
    assert np.sum(np.diff(np.sort(values)) < 0.01) <= 1


def test_enqueued_value_of_another_worker_is_taken() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    first_choice = study.ask({"lr": RATE}).params["lr"]
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.enqueue_trial({"lr": first_choice})
    study.ask()
    assert abs(math.log10(study.ask({"lr": RATE}).params["lr"] / first_choice)) > 0.1


def test_only_who_is_as_far_as_the_asking_trial_is_thought_for() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.ask()
    study.ask().report(1.0, 0)
    study.ask().suggest_float("other", 0, 1)
    study.ask({"lr": RATE})
    study.tell(study.ask(), 1.0)
    study.ask().suggest_float("alone", 1, 1)  # a single value decides nothing
    study.ask()
    asking = study.ask()
    log = read_trials(study)
    peers = log.undecided_peers("lr", asking.number, {})
    assert [peer.number for peer in peers] == [0, 5, 6]
    later = chosen_parameters(study.trials[3])
    assert list(log.undecided_peers("momentum", asking.number, later)) == [study.trials[3]]
