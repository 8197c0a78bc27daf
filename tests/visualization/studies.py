"""Studies of which figures are drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial, TrialState, create_trial

Direction = Literal["minimize", "maximize"]
LOG_RATE = FloatDistribution(1e-5, 1.0, log=True)
LONG_NAME = "model.encoder.layers.0.attention.query_key_value.<learning>_rate"


def trial_of(
    value: Any,
    objective: float | None,
    *,
    state: TrialState = TrialState.COMPLETE,
    distribution: BaseDistribution = LOG_RATE,
    reports: dict[int, float] | None = None,
    name: str = "lr",
) -> FrozenTrial:
    """A trial with one parameter."""
    return create_trial(
        params={name: value},
        distributions={name: distribution},
        value=objective,
        state=state,
        intermediate_values=reports,
    )


def study_of(trials: Sequence[FrozenTrial], direction: Direction = "minimize") -> optuna.Study:
    """A study of them."""
    study = optuna.create_study(direction=direction)
    study.add_trials(trials)
    return study


def of_losses(n_trials: int, direction: Direction = "minimize") -> optuna.Study:
    """Noisy losses from about 0.1 on, best at lr = 1e-3, where most of the trials are."""
    sign = 1.0 if direction == "minimize" else -1.0
    rng = np.random.default_rng(0)
    trials = []
    for i in range(n_trials):
        exponent = float(np.clip(rng.normal(-3.0, 0.1 if i % 3 else 1.5), -5.0, 0.0))
        loss = 0.1 + 0.2 * (exponent + 3.0) ** 2 + rng.normal(0.0, 0.02)
        trials.append(trial_of(10.0**exponent, sign * float(loss)))
    return study_of(trials, direction)


def of_every_outcome() -> optuna.Study:
    """One trial each: complete, pruned, diverged twice, failed, pruned at once, running."""
    return study_of(
        [
            trial_of(1e-3, 0.5),
            trial_of(1e-2, 0.7, state=TrialState.PRUNED, reports={0: 0.7}),
            trial_of(1e-1, math.inf),
            trial_of(0.2, None, state=TrialState.FAIL, reports={0: math.nan}),
            trial_of(0.3, None, state=TrialState.FAIL),
            trial_of(0.4, None, state=TrialState.PRUNED),
            trial_of(0.5, None, state=TrialState.RUNNING),
        ]
    )


def of_stopped(n_complete: int = 8) -> optuna.Study:
    """Accuracies that rise by 0.5 after step 1: two pruned there at 0.2 and 0.1, one running."""
    trials = [
        trial_of(10.0 ** -(1 + i / 4), 0.7 + i / 100, reports={1: 0.2 + i / 100, 2: 0.7 + i / 100})
        for i in range(n_complete)
    ]
    for rate, report in ((2e-4, 0.2), (1e-4, 0.1)):
        trials.append(trial_of(rate, report, state=TrialState.PRUNED, reports={1: report}))
    trials.append(trial_of(3e-4, None, state=TrialState.RUNNING, reports={1: 0.2}))
    return study_of(trials, "maximize")


def of_several(n_trials: int, names: Sequence[str] = ("lr", "x", "kind")) -> optuna.Study:
    """A rate, a number and a choice, of which the last two matter."""
    rate, number, kind = names
    rng = np.random.default_rng(0)
    study = optuna.create_study()
    distributions: dict[str, BaseDistribution] = {
        rate: LOG_RATE,
        number: FloatDistribution(0.0, 2.0),
        kind: CategoricalDistribution(["<b>", "adam"]),
    }
    for _ in range(n_trials):
        params: dict[str, Any] = {
            rate: float(10 ** rng.uniform(-5, 0)),
            number: 0.25 + rng.random(),
            kind: ("<b>", "adam")[int(rng.integers(2))],
        }
        value = float(params[number] + (params[kind] == "adam"))
        study.add_trial(create_trial(params=params, distributions=distributions, value=value))
    return study


def of_integers(n_trials: int = 12) -> optuna.Study:
    """Layers from 1 to 8, best with 3."""
    distribution = IntDistribution(1, 8)
    rng = np.random.default_rng(0)
    layers = [1 + i % 8 for i in range(n_trials)]
    return study_of(
        [
            trial_of(n, (n - 3.0) ** 2 + rng.normal(0, 0.3), distribution=distribution)
            for n in layers
        ]
    )
