"""What the figure of arms shows, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from optuna import Study
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.logging import get_logger
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from .._policy.arms import Policy
from .._study.logs import read_trials
from ..inspection import Arm, active_arms, recommended_arm

_logger = get_logger(__name__)


class _TrialPoint(NamedTuple):
    """One finished trial; ``objective`` is None where it reported nothing finite."""

    number: int
    param_value: Any
    objective: float | None
    outcome: str  # "complete", "pruned", "diverged" or "failed"


class _ArmsPlotInfo(NamedTuple):
    param_name: str
    maximize: bool
    is_log: bool
    choices: tuple[Any, ...] | None  # None: a number
    points: list[_TrialPoint]
    arms: list[Arm]
    recommended: Arm | None
    best: _TrialPoint | None
    others_vary: bool  # parameters beside this one


def _get_arms_plot_info(
    study: Study, param_name: str, *, policy: Policy | None = None
) -> _ArmsPlotInfo:
    if len(study.directions) > 1:
        raise ValueError(
            f"study must have one objective, got {len(study.directions)} directions; "
            "a study's arms are ranked by one value."
        )
    trials = [
        trial
        for trial in study.get_trials(deepcopy=False)
        if trial.state.is_finished() and param_name in trial.params
    ]
    info = _ArmsPlotInfo(
        param_name=param_name,
        maximize=study.direction == StudyDirection.MAXIMIZE,
        is_log=bool(trials) and getattr(trials[-1].distributions[param_name], "log", False),
        choices=_choices([trial.distributions[param_name] for trial in trials]),
        points=[_trial_point(trial, param_name) for trial in trials],
        arms=[],
        recommended=None,
        best=None,
        others_vary=not read_trials(study).union.varied <= {param_name},
    )
    if not trials:
        if study.get_trials(deepcopy=False):
            active_arms(study, param_name, policy=policy)  # names an unknown parameter
        _logger.warning(f"No trial with parameter {param_name!r} has finished; nothing to plot.")
        return info
    arms = active_arms(study, param_name, policy=policy)
    # Where every trial diverged there is nothing to recommend.
    alive = any(math.isfinite(arm.mean) for arm in arms)
    return info._replace(
        arms=arms,
        recommended=recommended_arm(study, param_name, policy=policy) if alive else None,
        best=_best_point(study, info.points),
    )


def _choices(distributions: Sequence[BaseDistribution]) -> tuple[Any, ...] | None:
    """Every categorical choice that was offered, in order of appearance."""
    categorical = [d for d in distributions if isinstance(d, CategoricalDistribution)]
    if not categorical:
        return None
    # Not a set: choices may be equal yet distinct (1 and True), and their order matters.
    labels = {repr(choice): choice for d in categorical for choice in d.choices}
    return tuple(labels.values())


def _trial_point(trial: FrozenTrial, param_name: str) -> _TrialPoint:
    objective = trial.value
    if objective is not None and not math.isfinite(objective):
        objective = None
    reported_nan = any(math.isnan(value) for value in trial.intermediate_values.values())
    if reported_nan or (trial.value is not None and objective is None):
        outcome, objective = "diverged", None
    else:
        # An objective that returned NaN without a report looks like a crash: FAIL, no value.
        outcome = "failed" if trial.state == TrialState.FAIL else trial.state.name.lower()
    return _TrialPoint(trial.number, trial.params[param_name], objective, outcome)


def _best_point(study: Study, points: Sequence[_TrialPoint]) -> _TrialPoint | None:
    try:
        number = study.best_trial.number
    except (TypeError, ValueError):
        # No trial is complete; or a foreign trial holds constraints that Optuna cannot read.
        return None
    return next((point for point in points if point.number == number), None)
