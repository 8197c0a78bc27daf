"""The trials of a figure, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from optuna import Study
from optuna.trial import FrozenTrial, TrialState

from .._study.outcomes import best_trial, outcome_of
from .._study.trial_log import TrialLog
from .._study.trials.readings import bounded
from ._axis import _Axis

# Of the trials that are kept where there are too many, one in so many is one of the best, and one
# in so many one of the latest; the others are spread evenly.
_BEST_SHARE, _LATEST_SHARE = 5, 5


class _TrialPoint(NamedTuple):
    """One trial.

    Attributes:
        objective: Its value; of a pruned or running trial the one that it is expected to reach.
            ``None`` where nothing finite is known.
        outcome: "complete", "pruned", "running", "diverged" or "failed".
        report: Of a pruned or running trial (last step, what it reported there).
    """

    number: int
    param_value: Any
    objective: float | None
    outcome: str
    report: tuple[int, float] | None = None


def _trial_points(
    trials: Sequence[FrozenTrial], log: TrialLog, name: str, axis: _Axis
) -> list[_TrialPoint]:
    """The trials with a parameter, started or finished, whose values lie on the axis.

    Args:
        trials: All of the study, in the order of their rows.
        log: What was read of them.
        name: The parameter.
        axis: The axis.
    """
    sign, points = log.sign, []
    for row, trial in enumerate(trials):
        if _has_started(trial, name) and axis.holds(trial.params[name]):
            expected = log.expected(row)
            # A minimised zero is no negative one.
            objective = None if expected is None else sign * expected + 0.0
            points.append(_trial_point(trial, name, objective))
    return points


def _n_outside(trials: Sequence[FrozenTrial], name: str, axis: _Axis) -> int:
    """How many trials with a parameter have values that are not on the axis."""
    started = (trial for trial in trials if _has_started(trial, name))
    return sum(not axis.holds(trial.params[name]) for trial in started)


def _has_started(trial: FrozenTrial, name: str) -> bool:
    started = trial.state.is_finished() or trial.state == TrialState.RUNNING
    return started and name in trial.params


def _trial_point(trial: FrozenTrial, name: str, expected: float | None) -> _TrialPoint:
    outcome = outcome_of(trial)
    unfinished = outcome in ("pruned", "running")
    if outcome in ("diverged", "failed"):
        objective = None
    else:
        objective = expected if unfinished else trial.value
    if objective is not None:
        objective = bounded(objective) if math.isfinite(objective) else None
    report = _last_report(trial) if unfinished else None
    return _TrialPoint(trial.number, trial.params[name], objective, outcome, report)


def _last_report(trial: FrozenTrial) -> tuple[int, float] | None:
    step = trial.last_step
    if step is None or not math.isfinite(trial.intermediate_values[step]):
        return None
    return step, bounded(trial.intermediate_values[step])


def _best_point(study: Study, points: Sequence[_TrialPoint]) -> _TrialPoint | None:
    best = best_trial(study)
    return next((point for point in points if best and point.number == best.number), None)


def _thinned(points: Sequence[_TrialPoint], most: int | None, maximize: bool) -> list[_TrialPoint]:
    """At most so many of the trials: some of the best and the latest, and an even spread."""
    if most is None or len(points) <= most:
        return list(points)
    sign = 1.0 if maximize else -1.0
    known = [i for i, point in enumerate(points) if point.objective is not None]
    by_value = sorted(known, key=lambda i: -sign * (points[i].objective or 0.0))
    kept = {*by_value[: most // _BEST_SHARE], *range(len(points))[-max(most // _LATEST_SHARE, 1) :]}
    rest = [i for i in range(len(points)) if i not in kept]
    room = max(most - len(kept), 0)
    kept.update(rest[k * len(rest) // room] for k in range(room))
    return [points[i] for i in sorted(kept)][-most:]
