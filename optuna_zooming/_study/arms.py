"""The arms of a parameter in the user's values, whatever the other parameters were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution

from .._estimates.arms import Arms
from .._policy.arms import Policy
from .axis import Axis, NumericDistribution
from .trial_log import TrialLog

Ball = tuple[Any, Any]


@dataclass(frozen=True, eq=False)
class StudyArms:
    """Arms, and what they are in the user's values.

    Attributes:
        arms: Their values are oriented.
        values: (n_arms,), of the parameter.
        balls: (n_arms,), (lowest, highest) value of each ball.
        sections: (n_arms,), the other parameters' values; ``None`` for whatever they were.
    """

    arms: Arms
    values: Sequence[Any]
    balls: Sequence[Ball]
    sections: Sequence[Mapping[str, Any] | None]


def marginal_arms(
    log: TrialLog, name: str, distribution: BaseDistribution, policy: Policy, caution: float
) -> StudyArms | None:
    """A policy's arms of one parameter, to which all influence of others is noise.

    Args:
        log: The study's trials.
        name: The parameter.
        distribution: As it is now.
        policy: Whose arms.
        caution: Standard errors that are taken off means.

    Returns:
        The arms; ``None`` where no trial has finished.
    """
    if isinstance(distribution, CategoricalDistribution):
        choices = log.choices(name, distribution)
        if len(choices.values) == 0:
            return None
        arms = policy.choice_arms(choices, caution)
        values = [distribution.choices[int(index)] for index in arms.points]
        return StudyArms(arms, values, [(v, v) for v in values], [None] * len(values))
    axis = Axis.of(cast(NumericDistribution, distribution))
    history = log.history(name, axis)
    if len(history.values) == 0:
        return None
    arms = policy.arms(history, caution)
    numbers = [log.value_at(name, axis, float(point)) for point in arms.points]
    ends = np.clip([arms.points - arms.reach, arms.points + arms.reach], 0.0, 1.0)
    balls = [(axis.value(low), axis.value(high)) for low, high in ends.T.tolist()]
    return StudyArms(arms, numbers, balls, [None] * len(numbers))
