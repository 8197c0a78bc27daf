"""A fast objective with all that happens: conditions, reports, pruning, NaN and exceptions."""

from __future__ import annotations

import math
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

SPACE: dict[str, BaseDistribution] = {
    "rate": FloatDistribution(1e-5, 1e1, log=True),
    "depth": IntDistribution(1, 9),
    "width": IntDistribution(16, 512, log=True),
    "optimizer": CategoricalDistribution(["sgd", "adam"]),
    "momentum": FloatDistribution(0.0, 0.9, step=0.1),
}


class CrashError(Exception):
    """The objective's own crash."""


def objective(trial: optuna.Trial) -> float:
    """Best at rate 0.01, depth 4, and sgd with a momentum of 0.8."""
    rate = trial.suggest_float("rate", 1e-5, 1e1, log=True)
    depth = trial.suggest_int("depth", 1, 9)
    width = trial.suggest_int("width", 16, 512, log=True)
    loss = (math.log10(rate) + 2) ** 2 + (depth - 4) ** 2 / 50 + 1 / width
    if trial.suggest_categorical("optimizer", ["sgd", "adam"]) == "sgd":
        loss += abs(trial.suggest_float("momentum", 0.0, 0.9, step=0.1) - 0.8)
    else:
        loss += 0.2
    for name, value in trial.params.items():
        check_value(name, value)
    if trial.number % 13 == 7:
        raise CrashError
    for step in range(2):
        trial.report(loss + 2.0**-step, step)
        if trial.should_prune():
            raise optuna.TrialPruned
    return math.nan if rate > 1.0 else loss


def check_value(name: str, value: Any) -> None:
    """Of the right Python type, in the range, and on the grid."""
    distribution = SPACE[name]
    if isinstance(distribution, CategoricalDistribution):
        assert value in distribution.choices, (name, value)
        return
    assert isinstance(distribution, (FloatDistribution, IntDistribution))
    expected = float if isinstance(distribution, FloatDistribution) else int
    assert type(value) is expected, (name, type(value))
    assert distribution.low <= value <= distribution.high, (name, value)
    if distribution.step is not None:
        steps = (value - distribution.low) / distribution.step
        assert abs(steps - round(steps)) < 1e-9, (name, value)
