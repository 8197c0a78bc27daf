"""What the figure of arms shows, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from optuna import Study
from optuna.trial import FrozenTrial

from .._arm import in_user_units
from .._checks.arguments import check_param_name, check_study, unknown_parameter
from .._logging import get_logger
from .._policy.arms import Policy
from .._study.arms import View
from .._study.logs import sign_of
from .._study.trial_log import TrialLog
from ..inspection import Arm, latest_distribution, policy_of, view_of
from ._axis import _Axis, _axis_of
from ._curve import _Curve, _curve_of
from ._detail import _Detail, _detail_of
from ._points import _best_point, _n_outside, _thinned, _trial_points, _TrialPoint
from ._ranges import _Scale, _scale_of

_logger = get_logger(__name__)
_OBJECTIVE_VALUE = "Objective Value"
# Where the number of trials is bounded, so is that of arms; and no more than one trial in so many
# is drawn once more in the detail.
_MOST_ARMS, _DETAIL_SHARE = 30, 3


class _ReadTrials(NamedTuple):
    """The trials of a study as they were at one moment, while others may be told of meanwhile."""

    trials: list[FrozenTrial]
    log: TrialLog


class _ArmsPlotInfo(NamedTuple):
    """The figure of arms.

    Attributes:
        axis: Of the parameter; ``None`` where nothing has finished.
        points: The trials that are drawn, in their order.
        n_trials: How many there are on the axis.
        n_outside: How many had values outside of it, in an earlier range.
        arms, recommended: None is recommended where nothing is finite.
        curve: The estimated mean; ``None`` for a categorical parameter.
        best: ``study.best_trial``.
        others_vary: Whether parameters beside this one do.
        scale: The vertical axis.
        detail: The second panel.
    """

    param_name: str
    target_name: str
    maximize: bool
    axis: _Axis | None
    points: list[_TrialPoint]
    n_trials: int
    n_outside: int
    arms: list[Arm]
    recommended: Arm | None
    curve: _Curve | None
    best: _TrialPoint | None
    others_vary: bool
    scale: _Scale
    detail: _Detail | None


def _get_arms_plot_info(
    study: Study,
    param_name: str,
    *,
    policy: Policy | None = None,
    target_name: str = _OBJECTIVE_VALUE,
    most_trials: int | None = None,
) -> _ArmsPlotInfo:
    """The data of the figure.

    Args:
        study, param_name, policy, target_name: As in ``plot_arms``.
        most_trials: No more trials are drawn than this, and a bounded number of arms; ``None``
            for all.
    """
    read = _read_single_objective(study, param_name, "plot_arms")
    name = _target_name(study, target_name)
    info = _nothing_known(param_name, name, read.log)
    if not _anything_finished(read.trials, param_name):
        return info
    distribution = latest_distribution(study, param_name)
    view = view_of(read.log, param_name, distribution, policy_of(study, policy))
    info = _with_view(info, view, read)
    return _bounded(info._replace(best=_best_point(study, info.points)), most_trials)


def _nothing_known(param_name: str, target_name: str, log: TrialLog) -> _ArmsPlotInfo:
    maximize = log.sign > 0
    return _ArmsPlotInfo(
        param_name=param_name,
        target_name=target_name,
        maximize=maximize,
        axis=None,
        points=[],
        n_trials=0,
        n_outside=0,
        arms=[],
        recommended=None,
        curve=None,
        best=None,
        others_vary=not log.union.varied <= {param_name},
        scale=_scale_of([], maximize),
        detail=None,
    )


def _with_view(info: _ArmsPlotInfo, view: View, read: _ReadTrials) -> _ArmsPlotInfo:
    """The same with what is known of the parameter."""
    trials, log, name = read.trials, read.log, info.param_name
    found = view.arms()
    arms = [] if found is None else in_user_units(found, log.sign)
    recommended = None if found is None else arms[found.arms.recommended]
    # Where every trial diverged there is nothing to recommend.
    if recommended is not None and not math.isfinite(recommended.mean):
        recommended = None
    axis = _axis_of(trials, name)
    if recommended is not None:
        axis = axis.including(recommended.value)
    points = _trial_points(trials, log, name, axis)
    info = info._replace(
        axis=axis,
        points=points,
        n_trials=len(points),
        n_outside=_n_outside(trials, name, axis),
        arms=arms,
        recommended=recommended,
        curve=_curve_of(view.curve(), log.sign),
    )
    return _framed(info, axis)


def _framed(info: _ArmsPlotInfo, axis: _Axis) -> _ArmsPlotInfo:
    """The same with the parts of the plane that are shown."""
    heights = [point.objective for point in info.points if point.objective is not None]
    arm = info.recommended
    scale = _scale_of(heights, info.maximize, None if arm is None else arm.interval)
    detail = None
    if arm is not None:
        # On a section the trials differ in other parameters as well.
        curve = info.curve if arm.section is not None else None
        detail = _detail_of(axis, info.points, arm, curve, info.maximize)
    return info._replace(scale=scale, detail=detail)


def _bounded(info: _ArmsPlotInfo, most_trials: int | None) -> _ArmsPlotInfo:
    if most_trials is None:
        return info
    points, detail = _thinned(info.points, most_trials, info.maximize), info.detail
    if detail is not None:
        most = most_trials // _DETAIL_SHARE
        detail = detail._replace(points=_thinned(detail.points, most, info.maximize))
    arms = _some_arms(info.arms, info.recommended)
    return info._replace(points=points, arms=arms, detail=detail)


def _some_arms(arms: Sequence[Arm], recommended: Arm | None) -> list[Arm]:
    """An even spread of the arms, with the recommended one."""
    if len(arms) <= _MOST_ARMS:
        return list(arms)
    kept = {i * len(arms) // _MOST_ARMS for i in range(_MOST_ARMS)}
    return [arm for i, arm in enumerate(arms) if i in kept or arm is recommended]


def _read_single_objective(study: Study, param_name: str, caller: str) -> _ReadTrials:
    check_study(study, caller)
    check_param_name(param_name)
    trials, log = study.get_trials(deepcopy=False), TrialLog(sign_of(study))
    log.update(trials)
    return _ReadTrials(trials, log)


def _anything_finished(trials: Sequence[FrozenTrial], param_name: str) -> bool:
    """Whether a trial with a parameter has finished; if not, a warning is logged.

    Raises:
        ValueError: If there are trials, but none has the parameter.
    """
    if any(trial.state.is_finished() and param_name in trial.params for trial in trials):
        return True
    known = {name for trial in trials for name in trial.params}
    if trials and param_name not in known:
        raise unknown_parameter(param_name, known)
    _logger.warning(
        f"No trial with parameter {param_name!r} has finished: there is nothing to plot yet, "
        "run study.optimize first."
    )
    return False


def _target_name(study: Study, target_name: str) -> str:
    names = study.metric_names
    return names[0] if names and target_name == _OBJECTIVE_VALUE else target_name
