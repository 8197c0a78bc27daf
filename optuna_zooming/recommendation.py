"""The combination of parameters to use in the end, estimated from all trials jointly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from optuna.study import Study
from optuna.trial import FrozenTrial

from ._checks.arguments import check_study
from ._joint.model.space import JointTrials
from ._joint.recommendation import JointRecommendation
from ._policy.arms import CAUTION
from ._study.logs import read_trials
from ._text import between, short
from .inspection import check_caution, joint_recommendation, recommended_arm


@dataclass(frozen=True)
class RecommendedParams:
    """A combination of parameters, and what to expect of it.

    Attributes:
        params: All parameters of a trial of the study, those with a single value included.
        mean: Expected value of the objective, in its own units.
        interval: 95 % interval of that; infinite while nothing is known of the noise.
        number: Number of the first complete trial with this combination, or of the nearest one
            where an arm stands for many trials; see :func:`recommended_params`.
    """

    params: dict[str, Any]
    mean: float
    interval: tuple[float, float]
    number: int

    def __str__(self) -> str:
        """The parameters, the mean with its interval, and the trial."""
        params = ", ".join(f"{name}={short(value)}" for name, value in self.params.items())
        expected = f"mean {self.mean:.3g} ({between(self.interval)}), trial {self.number}"
        return f"{params}: {expected}" if params else expected


def recommended_params(study: Study, *, caution: float | None = None) -> RecommendedParams:
    """The combination with the best estimate under noise: what to use in the end.

    ``study.best_trial`` is the luckiest of many noisy trials. Here a Gaussian process over all
    parameters together says how good each combination is that was tried, from its own trials and
    from those near it; the one with the best mean, less ``caution`` standard errors, is
    recommended. One that no complete trial has is never recommended. Trials that failed or were
    pruned do not count; a value that is not finite is as bad as any.

    The process models values on a scale that is straight for the best fifth of the trials and
    logarithmic below. The mean and the ends of the interval are taken back from there one by one,
    so the interval need not be symmetric. Where all values are equal it is infinite: they say
    nothing of the noise.

    If all trials have the same single parameter, besides those that never change, this is
    :func:`recommended_arm`, which in studies of very many trials may lie between them. With
    several, :func:`active_arms` shows what the process makes of each
    parameter while the others stay at this combination.

    Args:
        study: A single-objective study, with any sampler and any parameters.
        caution: As in :func:`recommended_arm`; ``None`` is its default with one parameter, and
            half a standard error with several, where few combinations have neighbours.

    Raises:
        TypeError: If ``study`` is no study, or ``caution`` not a real number.
        ValueError: If ``caution`` is below 0 or not finite, no trial is complete with a finite
            value, or the study has several objectives.
    """
    check_caution(CAUTION if caution is None else caution)
    check_study(study, "recommended_params")
    log = read_trials(study)
    combinations = log.combinations()
    complete = np.flatnonzero(log.is_complete(combinations.rows))
    joint = combinations.joint[complete]
    trials = [log.trial(row) for row in combinations.rows[complete]]
    if not np.isfinite(joint.values).any():
        raise ValueError(
            "No trial is complete with a finite value: "
            "run study.optimize first, or narrow the ranges if every trial diverged."
        )
    name = combinations.only_parameter
    if name is not None:
        found = _of_one_parameter(study, name, trials, CAUTION if caution is None else caution)
        if found is not None:
            return found
    return _of_all_parameters(joint_recommendation(caution), joint, trials, log.sign)


def _of_one_parameter(
    study: Study, name: str, trials: Sequence[FrozenTrial], caution: float
) -> RecommendedParams | None:
    """The recommended arm of the only parameter, if one of the complete trials is at it."""
    try:
        arm = recommended_arm(study, name, caution=caution)
    except ValueError:
        # The latest range of the parameter may hold none of the complete trials.
        return None
    finite = [trial for trial in trials if trial.value is not None and math.isfinite(trial.value)]
    at_arm = [trial for trial in finite if trial.params[name] == arm.value]
    # In a long study an arm may stand for trials on both of its sides.
    near = at_arm or [trial for trial in finite if _within(trial.params[name], arm.ball)]
    if not near:
        return None
    trial = near[0] if at_arm else min(near, key=lambda t: abs(t.params[name] - arm.value))
    return RecommendedParams(
        {**trial.params, name: arm.value}, arm.mean, arm.interval, trial.number
    )


def _within(value: Any, ball: tuple[Any, Any]) -> bool:
    """Whether a numeric value lies in an arm's ball."""
    return isinstance(value, Real) and ball[0] <= value <= ball[1]


def _of_all_parameters(
    model: JointRecommendation, joint: JointTrials, trials: Sequence[FrozenTrial], sign: float
) -> RecommendedParams:
    found = model.of(joint)
    trial = trials[found.row]
    # A minimised zero is no negative one.
    low, high = sorted(sign * end + 0.0 for end in found.interval)
    return RecommendedParams(dict(trial.params), sign * found.mean + 0.0, (low, high), trial.number)
