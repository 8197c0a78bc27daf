"""What the figure of the search shows, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from optuna import Study
from optuna.trial import FrozenTrial

from .._arm import in_user_units
from .._policy.arms import Policy
from .._study.trial_log import TrialLog
from ..inspection import Arm, policy_of, view_of
from ._arms_info import _anything_finished, _read_single_objective
from ._axis import _Axis, _axis_of
from ._points import _best_point, _n_outside, _thinned, _trial_points, _TrialPoint

# How often it is asked what was recommended.
_CHECKPOINTS = 50
# With several parameters each answer fits a model, which takes long where there are many trials: so
# often among the first so many trials, and so often afterwards.
_EARLY_CHECKPOINTS, _EARLY, _LATE_CHECKPOINTS = 20, 200, 5


class _ZoomStep(NamedTuple):
    """What was recommended after a trial, and until the next step.

    Attributes:
        number: Of the trial.
        value: Of the parameter.
        ball: (lowest, highest) value of the arm's confidence ball.
    """

    number: float
    value: Any
    ball: tuple[Any, Any]


class _ZoomPlotInfo(NamedTuple):
    """The figure of the search.

    Attributes:
        axis: Of the parameter; ``None`` where nothing has finished.
        points: The trials that are drawn, in their order.
        n_trials: How many there are on the axis.
        n_outside: How many had values outside of it, in an earlier range.
        steps: What was recommended; none where nothing was finite.
        recommended: What is now.
        best: ``study.best_trial``.
        others_vary: Whether parameters beside this one do.
    """

    param_name: str
    maximize: bool
    axis: _Axis | None
    points: list[_TrialPoint]
    n_trials: int
    n_outside: int
    steps: list[_ZoomStep]
    recommended: Arm | None
    best: _TrialPoint | None
    others_vary: bool

    def ends_of_numbers(self) -> tuple[float, float]:
        """What is shown of the trial numbers."""
        last = self._last_number()
        return -0.02 * last - 0.5, 1.02 * last + 0.5

    def corners(self) -> list[_ZoomStep]:
        """The steps, and the last one again where it ends."""
        if not self.steps:
            return []
        last = self.steps[-1]
        end = max(self._last_number(), last.number + 0.5)
        return [*self.steps, last._replace(number=end)]

    def _last_number(self) -> float:
        numbers = [float(point.number) for point in self.points[-1:]]
        return max([*numbers, *(step.number for step in self.steps[-1:])], default=0.0)


def _get_zoom_plot_info(
    study: Study,
    param_name: str,
    *,
    policy: Policy | None = None,
    most_trials: int | None = None,
) -> _ZoomPlotInfo:
    """The data of the figure.

    Args:
        study, param_name, policy: As in ``plot_zoom``.
        most_trials: No more trials are drawn than this; ``None`` for all.
    """
    trials, log = _read_single_objective(study, param_name, "plot_zoom")
    info = _ZoomPlotInfo(
        param_name=param_name,
        maximize=log.sign > 0,
        axis=None,
        points=[],
        n_trials=0,
        n_outside=0,
        steps=[],
        recommended=None,
        best=None,
        others_vary=not log.union.varied <= {param_name},
    )
    if not _anything_finished(trials, param_name):
        return info
    axis = _axis_of(trials, param_name)
    recommended = _recommendations(
        trials, param_name, log.sign, policy_of(study, policy), info.others_vary
    )
    for _, arm in recommended:
        axis = axis.including(arm.value)
    points = _trial_points(trials, log, param_name, axis)
    return info._replace(
        axis=axis,
        points=_thinned(points, most_trials, info.maximize),
        n_trials=len(points),
        n_outside=_n_outside(trials, param_name, axis),
        steps=[_ZoomStep(number, arm.value, arm.ball) for number, arm in recommended],
        recommended=recommended[-1][1] if recommended else None,
        best=_best_point(study, points),
    )


def _recommendations(
    trials: Sequence[FrozenTrial], name: str, sign: float, policy: Policy, several: bool
) -> list[tuple[int, Arm]]:
    """(number of a trial, what was recommended after it), where there was anything."""
    log, found = TrialLog(sign), []
    # The range as it is now: otherwise a step could be one of the range's.
    distribution = next(t.distributions[name] for t in reversed(trials) if name in t.params)
    for count in _checkpoints(len(trials), several):
        log.update(list(trials[:count]))
        arms = view_of(log, name, distribution, policy).arms()
        if arms is None:
            continue
        arm = in_user_units(arms, sign)[arms.arms.recommended]
        if math.isfinite(arm.mean):
            found.append((trials[count - 1].number, arm))
    return found


def _checkpoints(n_trials: int, several: bool) -> list[int]:
    """Numbers of trials after which to look, increasing."""
    if not several:
        return _spread(n_trials, _CHECKPOINTS)
    early = _spread(min(n_trials, _EARLY), _EARLY_CHECKPOINTS)
    if n_trials <= _EARLY:
        return early
    steps = range(1, _LATE_CHECKPOINTS + 1)
    late = {round(_EARLY * (n_trials / _EARLY) ** (i / _LATE_CHECKPOINTS)) for i in steps}
    return sorted(late.union(early))


def _spread(n: int, most: int) -> list[int]:
    """At most so many of the numbers up to n, n included: half evenly spread, half by factors."""
    if n <= most:
        return list(range(1, n + 1))
    half = most // 2
    even = {n * i // half for i in range(1, half + 1)}
    return sorted(even.union(round(n ** (i / half)) for i in range(half)))
