"""One parameter's arms, and the curve through them, whatever the other parameters were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, cast

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution

from .._arrays import FloatArray
from .._estimates.arms import Arms
from .._estimates.curve import Curve, curve_of
from .._history import History
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


@dataclass(frozen=True, eq=False)
class StudyCurve:
    """The estimated mean along a numeric parameter; see :class:`Curve`, whose values are oriented.

    Attributes:
        values: (n,), of the parameter, also between the positions of a discrete one.
        curve: The curve.
    """

    values: FloatArray
    curve: Curve


class View(Protocol):
    """What is known of one parameter."""

    def arms(self) -> StudyArms | None:
        """Its arms; ``None`` where no trial has finished."""
        ...

    def curve(self) -> StudyCurve | None:
        """The mean along it; ``None`` where it is categorical or no trial has finished."""
        ...


@dataclass(frozen=True, eq=False)
class Margin:
    """What a policy knows of one parameter, to which all influence of others is noise.

    Attributes:
        log: The study's trials.
        name: The parameter.
        distribution: As it is now.
        policy: Whose arms.
        caution: Standard errors that are taken off means.
    """

    log: TrialLog
    name: str
    distribution: BaseDistribution
    policy: Policy
    caution: float

    def arms(self) -> StudyArms | None:
        """The policy's arms."""
        if isinstance(self.distribution, CategoricalDistribution):
            return self._arms_of_choices(self.distribution)
        if len(self._history.values) == 0:
            return None
        arms, axis = self._arms, self._axis
        numbers = [self.log.value_at(self.name, axis, float(point)) for point in arms.points]
        ends = np.clip([arms.points - arms.reach, arms.points + arms.reach], 0.0, 1.0)
        balls = [(axis.value(low), axis.value(high)) for low, high in ends.T.tolist()]
        return StudyArms(arms, numbers, balls, [None] * len(numbers))

    def curve(self) -> StudyCurve | None:
        """The curve through the policy's arms."""
        categorical = isinstance(self.distribution, CategoricalDistribution)
        if categorical or len(self._history.values) == 0:
            return None
        curve = curve_of(self._arms)
        return StudyCurve(self._axis.between(curve.points), curve)

    @cached_property
    def _axis(self) -> Axis:
        return Axis.of(cast(NumericDistribution, self.distribution))

    @cached_property
    def _history(self) -> History:
        return self.log.history(self.name, self._axis)

    @cached_property
    def _arms(self) -> Arms:
        return self.policy.arms(self._history, self.caution)

    def _arms_of_choices(self, distribution: CategoricalDistribution) -> StudyArms | None:
        choices = self.log.choices(self.name, distribution)
        if len(choices.values) == 0:
            return None
        arms = self.policy.choice_arms(choices, self.caution)
        values = [distribution.choices[int(index)] for index in arms.points]
        return StudyArms(arms, values, [(v, v) for v in values], [None] * len(values))
