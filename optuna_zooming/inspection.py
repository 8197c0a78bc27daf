"""The active arms and the recommended arm of a study, in the user's own units."""

from __future__ import annotations

import math
from numbers import Real

from optuna.distributions import BaseDistribution
from optuna.study import Study

from ._arm import Arm, in_user_units
from ._checks.arguments import check_param_name, check_policy, check_study, unknown_parameter
from ._joint.recommendation import JointRecommendation
from ._policy.adaptive import AdaptiveZooming
from ._policy.arms import CAUTION, Policy
from ._study.arms import Margin, View
from ._study.joint.section import StudySection
from ._study.logs import read_trials
from ._study.trial_log import TrialLog
from .sampler import ZoomingSampler

__all__ = ["Arm", "active_arms", "recommended_arm"]


def active_arms(study: Study, param_name: str, *, policy: Policy | None = None) -> list[Arm]:
    """The active arms of a parameter, by increasing value (categorical: in the choices' order).

    Every finished trial with a value counts for one arm, and so does a failed one that is taken
    for diverged; no arm lies in another's ball. The range is that of the latest trial with this
    parameter.

    Where several parameters vary, these are at first the marginal arms: whatever the other
    parameters do counts as noise. Once there are enough trials for the model that then chooses all
    parameters together, they are that model's, on the section through the combination of
    :func:`recommended_params`; ``Arm.section`` tells which. There an arm's radius is its standard
    error times sqrt(ln(n + 1)), n trials in all, as that of a single pull is its noise times this.
    Its ball reaches as far as the model expects values to differ by no more than that, or up to a
    better arm. One of them may promise more than the recommended arm: that is the best of the
    combinations that were tried, and most of the section was not. The range holds the trials of all
    ranges that the parameter has had.

    Args:
        study: A single-objective study, with any sampler.
        param_name: The parameter.
        policy: Whose arms; ``None`` takes the policy of the study's own sampler if that is a
            :class:`ZoomingSampler`, and the adaptive one otherwise.

    Returns:
        The arms; empty when no trial with this parameter has finished with a value.

    Raises:
        TypeError: If an argument is not what it must be.
        ValueError: If no trial of the study has this parameter, or the study has several
            objectives.
    """
    found = _arms("active_arms", study, param_name, policy)
    return [] if found is None else found[0]


def recommended_arm(
    study: Study, param_name: str, *, caution: float | None = None, policy: Policy | None = None
) -> Arm:
    """The arm with the best estimate under noise: what to use in the end.

    ``study.best_trial`` is the luckiest of many noisy trials; this is the value whose mean, less
    ``caution`` standard errors, is the best among all places where a trial ran to its end. A
    trial that diverged counts there with what that costs.

    Where :func:`active_arms` shows a section, this is the value in :func:`recommended_params`, with
    the same mean and interval; if that combination lacks the parameter, the one in the best
    combination that has it.

    Args:
        study: A single-objective study, with any sampler.
        param_name: The parameter.
        caution: How many standard errors an estimated mean has to be better than another that is
            known for certain. 0 compares means; with 2 or 3 a place that was tried more often,
            or whose neighbours are as good, wins over one that looks a little better. ``None`` is
            1, and 0.5 on a section.
        policy: As in :func:`active_arms`.

    Raises:
        TypeError: If ``caution`` is not a real number, or another argument not what it must be.
        ValueError: If ``caution`` is below 0 or not finite, no trial of the study has this
            parameter, none of those that have it has finished with a finite value, or the study
            has several objectives.
    """
    if caution is not None:
        check_caution(caution)
    found = _arms("recommended_arm", study, param_name, policy, caution)
    if found is None or _of_nothing_finite(found[0][found[1]]):
        raise ValueError(
            f"No trial with parameter {param_name!r} has finished with a finite value: "
            "run study.optimize first, or narrow the range if every trial diverged."
        )
    arms, recommended = found
    return arms[recommended]


def _of_nothing_finite(arm: Arm) -> bool:
    # On a section the recommended combination has a finite value, though its mean may overflow.
    return arm.section is None and not math.isfinite(arm.mean)


def check_caution(caution: float) -> None:
    """Raise what :func:`recommended_arm` says if it is no number of standard errors."""
    if not isinstance(caution, Real) or isinstance(caution, bool):
        raise TypeError(f"caution must be a real number (of standard errors), got {caution!r}.")
    if not (math.isfinite(caution) and caution >= 0):
        raise ValueError(
            f"caution must be finite and at least 0, got {caution}: 0 compares means, "
            "the default is 1 with one parameter and 0.5 with several."
        )


def joint_recommendation(caution: float | None) -> JointRecommendation:
    """What is recommended where there are several parameters; ``None`` for its own caution."""
    return JointRecommendation() if caution is None else JointRecommendation(caution=caution)


def _arms(
    caller: str, study: Study, name: str, policy: Policy | None, caution: float | None = None
) -> tuple[list[Arm], int] | None:
    """(arms, index of the recommended one), or ``None`` when nothing has finished."""
    check_study(study, caller)
    check_param_name(name)
    distribution = latest_distribution(study, name)
    log = read_trials(study)
    found = view_of(log, name, distribution, policy_of(study, policy), caution).arms()
    return None if found is None else (in_user_units(found, log.sign), found.arms.recommended)


def view_of(
    log: TrialLog,
    name: str,
    distribution: BaseDistribution,
    policy: Policy,
    caution: float | None = None,
) -> View:
    """What is known of a parameter: the model's section where it has begun, else the margin."""
    section = StudySection.of(log, name, policy.joint, joint_recommendation(caution))
    own_caution = CAUTION if caution is None else caution
    return section or Margin(log, name, distribution, policy, own_caution)


def policy_of(study: Study, policy: Policy | None) -> Policy:
    """The policy asked for; for ``None`` that of the study's own sampler, or the adaptive one."""
    if policy is not None:
        check_policy(policy)
        return policy
    sampler = study.sampler
    return sampler.policy if isinstance(sampler, ZoomingSampler) else AdaptiveZooming()


def latest_distribution(study: Study, name: str) -> BaseDistribution:
    """That of the latest trial with a parameter.

    Raises:
        ValueError: If no trial of the study has the parameter.
    """
    known: dict[str, None] = {}
    for trial in reversed(study.get_trials(deepcopy=False)):
        if name in trial.distributions:
            return trial.distributions[name]
        known.update(dict.fromkeys(trial.distributions))
    raise unknown_parameter(name, known)
