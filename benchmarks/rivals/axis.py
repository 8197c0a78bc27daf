"""Samplers of one float parameter that think on the unit axis, log where the distribution is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import BaseDistribution, FloatDistribution
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState


@dataclass(frozen=True, eq=False)
class Tried:
    """Every trial that has the parameter, in the order of their numbers.

    points: (n_trials,), unit axis.
    rewards: (n_trials,), larger is better; a pruned trial has its last report, and -inf stands
        for a trial that failed, returned NaN or is still running.
    """

    points: NDArray[np.float64]
    rewards: NDArray[np.float64]


Rule = Callable[[int, Tried], float]
"""(number of the trial, what was tried) -> a point of the unit axis."""


class AxisSampler(optuna.samplers.BaseSampler):
    """Proposes the point that a rule names.

    Args:
        rule: The rule; all it remembers is in the study.

    Raises:
        ValueError: From sampling, for a second parameter or another kind of it.
    """

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        return {}

    def sample_relative(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        search_space: dict[str, BaseDistribution],
    ) -> dict[str, Any]:
        return {}

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> float:
        axis = only_axis(trial, param_name, param_distribution)
        return from_unit(self._rule(trial.number, _tried(study, param_name, axis)), axis)


def only_axis(
    trial: FrozenTrial, param_name: str, distribution: BaseDistribution
) -> FloatDistribution:
    """The distribution, if it is a float's and the trial's first one.

    Raises:
        ValueError: If it is not.
    """
    if trial.params:
        raise ValueError(f"this rival tunes one parameter, got {param_name!r} as a second one.")
    if not isinstance(distribution, FloatDistribution) or distribution.step is not None:
        raise ValueError(f"this rival tunes a float without steps, got {distribution}.")
    return distribution


def from_unit(point: float, axis: FloatDistribution) -> float:
    """The value at a point of the unit axis."""
    if not axis.log:
        return axis.low + point * (axis.high - axis.low)
    value = math.exp(math.log(axis.low) + point * math.log(axis.high / axis.low))
    # exp(log(x)) may miss x in its last digit.
    return min(max(value, axis.low), axis.high)


def to_unit(value: float, axis: FloatDistribution) -> float:
    """The point of the unit axis at a value."""
    if axis.log:
        return math.log(value / axis.low) / math.log(axis.high / axis.low)
    return (value - axis.low) / (axis.high - axis.low)


def last_value(trial: FrozenTrial) -> float | None:
    """The value of a finished trial, or what it last reported; None if it failed or is NaN."""
    value = trial.value if trial.state == TrialState.COMPLETE else None
    if trial.state == TrialState.PRUNED and trial.intermediate_values:
        value = trial.intermediate_values[max(trial.intermediate_values)]
    return None if value is None or math.isnan(value) else value


def _tried(study: optuna.Study, param_name: str, axis: FloatDistribution) -> Tried:
    sign = 1.0 if study.direction == StudyDirection.MAXIMIZE else -1.0
    trials = [each for each in study.get_trials(deepcopy=False) if param_name in each.params]
    values = [last_value(trial) for trial in trials]
    return Tried(
        np.array([to_unit(trial.params[param_name], axis) for trial in trials], dtype=float),
        np.array([-math.inf if value is None else sign * value for value in values], dtype=float),
    )
