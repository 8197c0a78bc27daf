"""The active arms and the recommended arm of a study, in the user's own units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

from optuna.distributions import CategoricalDistribution
from optuna.study import Study

from ._policy.adaptive import AdaptiveZooming
from ._policy.arms import CAUTION, Arms, Policy
from ._study.axis import Axis
from ._study.logs import read_trials
from .sampler import ZoomingSampler


@dataclass(frozen=True)
class Arm:
    """One active arm of a parameter.

    Attributes:
        value: The parameter's value.
        pulls: Finished trials that count for this arm.
        complete: Those of them that ran to their end; of the others the value that they would
            have reached is estimated.
        diverged: Those of them that diverged, or failed and are taken for diverged.
        mean: Estimated mean of the objective here, in its own units, of the trials that did not
            diverge; infinite in the bad direction where every pull did.
        standard_error: Of the mean, in the objective's units. Arms are compared by their means
            less ``caution`` standard errors; see :func:`recommended_arm`.
        radius: Confidence radius of the mean that steers the search, in the objective's units. It
            is no error bar: that is ``interval``, made from the noise around this arm.
        ball: (lowest, highest) value of the confidence ball: what these pulls speak for. For a
            categorical parameter the value itself, twice.
        interval: 95 % confidence interval of the mean, in the objective's units; infinite while
            nothing is known of the noise (a single trial, or equal values only).
    """

    value: Any
    pulls: int
    complete: int
    diverged: int
    mean: float
    standard_error: float
    radius: float
    ball: tuple[Any, Any]
    interval: tuple[float, float]

    def __str__(self) -> str:
        """The value, its mean with the interval, and what they rest on."""
        value = f"{self.value:.3g}" if isinstance(self.value, float) else str(self.value)
        low, high = self.interval
        known = math.isfinite(high - low)
        interval = f"{low:.3g} to {high:.3g}" if known else "interval unknown"
        trials = "1 trial" if self.pulls == 1 else f"{self.pulls} trials"
        stopped = self.pulls - self.complete - self.diverged
        notes = [(stopped, "stopped early"), (self.diverged, "diverged")]
        told = "".join(f", {count} {what}" for count, what in notes if count)
        return f"{value}: mean {self.mean:.3g} ({interval}), {trials}{told}"


def active_arms(study: Study, param_name: str, *, policy: Policy | None = None) -> list[Arm]:
    """The active arms of a parameter, by increasing value (categorical: in the choices' order).

    Every finished trial with a value counts for one arm, and so does a failed one that is taken
    for diverged; no arm lies in another's ball. The range is that of the latest trial with this
    parameter.

    Args:
        study: A single-objective study, with any sampler.
        param_name: The parameter.
        policy: Whose arms; ``None`` takes the policy of the study's own sampler if that is a
            :class:`ZoomingSampler`, and the adaptive one otherwise.

    Returns:
        The arms; empty when no trial with this parameter has finished with a value.

    Raises:
        ValueError: If no trial of the study has this parameter, or the study has several
            objectives.
    """
    found = _arms(study, param_name, policy)
    return [] if found is None else found[0]


def recommended_arm(
    study: Study, param_name: str, *, caution: float = CAUTION, policy: Policy | None = None
) -> Arm:
    """The arm with the best estimate under noise: what to use in the end.

    ``study.best_trial`` is the luckiest of many noisy trials; this is the value whose mean, less
    ``caution`` standard errors, is the best among all places where a trial ran to its end. A
    trial that diverged counts there with what that costs.

    Args:
        study: A single-objective study, with any sampler.
        param_name: The parameter.
        caution: How many standard errors an estimated mean has to be better than another that is
            known for certain. 0 compares means; with 2 or 3 a place that was tried more often,
            or whose neighbours are as good, wins over one that looks a little better.
        policy: As in :func:`active_arms`.

    Raises:
        TypeError: If ``caution`` is not a real number.
        ValueError: If ``caution`` is below 0 or not finite, no trial of the study has this
            parameter, none of those that have it has finished with a finite value, or the study
            has several objectives.
    """
    check_caution(caution)
    found = _arms(study, param_name, policy, float(caution))
    if found is None or not math.isfinite(found[0][found[1]].mean):
        raise ValueError(
            f"No trial with parameter {param_name!r} has finished with a finite value: "
            "run study.optimize first, or widen the range if every trial diverged."
        )
    arms, recommended = found
    return arms[recommended]


def check_caution(caution: float) -> None:
    """Raise what :func:`recommended_arm` says if it is no number of standard errors."""
    if not isinstance(caution, Real) or isinstance(caution, bool):
        raise TypeError(f"caution must be a real number (of standard errors), got {caution!r}.")
    if not (math.isfinite(caution) and caution >= 0):
        raise ValueError(
            f"caution must be finite and at least 0, got {caution}: 0 compares means, "
            "1 is the default."
        )


def _arms(
    study: Study, name: str, policy: Policy | None, caution: float = CAUTION
) -> tuple[list[Arm], int] | None:
    """(arms, index of the recommended one), or ``None`` when nothing has finished."""
    if len(study.directions) > 1:
        raise ValueError(
            f"Arms exist for a single objective, but the study has {len(study.directions)}."
        )
    if policy is None:
        sampler = study.sampler
        policy = sampler.policy if isinstance(sampler, ZoomingSampler) else AdaptiveZooming()
    distribution = _latest_distribution(study, name)
    log = read_trials(study)
    if isinstance(distribution, CategoricalDistribution):
        choices = log.choices(name, distribution)
        if len(choices.values) == 0:
            return None
        arms = policy.choice_arms(choices, caution)
        values = [distribution.choices[int(index)] for index in arms.points]
        return _in_user_units(arms, values, [(v, v) for v in values], log.sign), arms.recommended
    axis = Axis.of(distribution)
    history = log.history(name, axis)
    if len(history.values) == 0:
        return None
    arms = policy.arms(history, caution)
    values = [log.value_at(name, axis, float(point)) for point in arms.points]
    balls = [
        (axis.value(max(point - reach, 0.0)), axis.value(min(point + reach, 1.0)))
        for point, reach in zip(arms.points, arms.reach)
    ]
    return _in_user_units(arms, values, balls, log.sign), arms.recommended


def _latest_distribution(study: Study, name: str) -> Any:
    known: dict[str, None] = {}
    for trial in reversed(study.get_trials(deepcopy=False)):
        if name in trial.distributions:
            return trial.distributions[name]
        known.update(dict.fromkeys(trial.distributions))
    raise ValueError(
        f"No trial of the study has a parameter {name!r}; "
        f"its parameters are {sorted(known) or 'none yet'}."
    )


def _in_user_units(
    arms: Arms, values: list[Any], balls: list[tuple[Any, Any]], sign: float
) -> list[Arm]:
    found = []
    for i, (value, ball) in enumerate(zip(values, balls)):
        # A minimised zero is no negative one.
        mean = sign * float(arms.means[i]) + 0.0
        low, high = sorted(sign * float(end) + 0.0 for end in arms.intervals[i])
        found.append(
            Arm(
                value=value,
                pulls=int(arms.pulls[i]),
                complete=int(arms.complete[i]),
                diverged=int(arms.diverged[i]),
                mean=mean,
                standard_error=float(arms.errors[i]),
                radius=float(arms.radii[i]),
                ball=ball,
                interval=(low, high),
            )
        )
    return found
