"""The combinations of parameters that a study has tried, as points of the unit cube."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution

from ..._arrays import BoolArray, FloatArray, IntArray
from ..._evidence.extrapolation import Finals
from ..._evidence.failures import judge_choices
from ..._joint.model.space import JointTrials
from ..columns import Columns
from ..observations import Observations, judged
from ..parameters import Places, places_on
from ..trials.finished import FinishedTrials
from ..trials.readings import DIVERGED
from ..trials.rows import Rows
from ..trials.running import RunningTrials
from .union import Union

# An unfinished trial's value is expected between bounds of so many standard deviations.
BOUNDS_APART = 4.0


@dataclass(frozen=True, eq=False)
class Combinations:
    """What the trials of a study tried, of the parameters that vary.

    Attributes:
        axes: Name -> distribution, wide enough for all trials, in alphabetical order.
        rows: (n,), of the trials whose value is known or expected, increasing.
        joint: The trials as arrays, with the parameters in this order.
        pending: (m, n_parameters), of running trials of which nothing is expected yet.
        tried: (k, n_parameters), of all trials, whatever became of them.
    """

    axes: Mapping[str, BaseDistribution]
    rows: IntArray
    joint: JointTrials
    pending: FloatArray
    tried: FloatArray

    @property
    def only_parameter(self) -> str | None:
        """The one in which the trials differ, if it is the only one and all of them have it."""
        alone = len(self.axes) == 1 and not np.isnan(self.joint.points).any()
        return next(iter(self.axes)) if alone else None


class CombinationReader:
    """Reads the combinations of a study, each finished trial once.

    Args:
        rows: The study's trials.
        finished, running: What is known of them.
    """

    def __init__(self, rows: Rows, finished: FinishedTrials, running: RunningTrials) -> None:
        self._rows, self._finished, self._running = rows, finished, running
        self._columns = Columns(rows.trials, finished.with_parameter)
        self.union = Union()

    def read(self, asking: int | None) -> Combinations:
        """The combinations, as a trial sees them.

        Trials whose parameters lie outside of the ranges, as a foreign trial's may, are left out.

        Args:
            asking: Number of the trial that is asking. To it the reports of running trials
                count; ``None`` leaves out all running trials.
        """
        axes = {name: self.union.covering[name] for name in self.union.together}
        places = {name: places_on(axis) for name, axis in axes.items()}
        n_trials = len(self._rows.trials)
        points, on_axis = self._points(axes, places, n_trials)
        finals = self._finished.finals.at(np.arange(n_trials))
        values, bounds = finals.values.copy(), finals.bounds.copy()
        running = [] if asking is None else self._running.others(asking)
        for row in running:
            points[row], on_axis[row] = point_of(self._rows.trials[row].params, places)
            expected = self._running.expected(row)
            if expected is not None:
                values[row], bounds[row] = expected.values[0], expected.bounds[0]
        for row in self._diverged(axes, places, asking):
            values[row] = bounds[row] = DIVERGED
        known = np.flatnonzero(on_axis & ~np.isnan(values))
        busy = [r for r in running if np.isnan(values[r]) and not self._running.is_stale(r)]
        categorical = [isinstance(axis, CategoricalDistribution) for axis in axes.values()]
        joint = JointTrials(
            points=points[known],
            categorical=np.array(categorical, dtype=np.bool_),
            values=values[known],
            errors=_errors(Finals(values[known], bounds[known])),
        )
        return Combinations(axes, known, joint, points[np.array(busy, dtype=np.int64)], points)

    def _points(
        self, axes: Mapping[str, BaseDistribution], places: Mapping[str, Places], n_trials: int
    ) -> tuple[FloatArray, BoolArray]:
        """((n_trials, n_parameters); whether a trial's parameters all lie on their axes)."""
        points = np.full((n_trials, len(axes)), np.nan)
        on_axis = np.ones(n_trials, dtype=np.bool_)
        for j, (name, axis) in enumerate(axes.items()):
            column = self._columns.of(name, axis, places[name])
            points[column.rows, j] = column.places
            with_parameter = self._finished.with_parameter[name]
            if len(column.rows) < len(with_parameter):
                on_axis[with_parameter] &= ~np.isnan(points[with_parameter, j])
        return points, on_axis

    def _diverged(
        self,
        axes: Mapping[str, BaseDistribution],
        places: Mapping[str, Places],
        asking: int | None,
    ) -> list[int]:
        """Rows of the trials that failed without a value for their place on some axis."""
        rows: list[int] = []
        if not (self._finished.failed.any() or self._running.any_lost):
            return rows
        for name, axis in axes.items():
            column = self._columns.of(name, axis, places[name])
            running = self._running.seen_by(asking, name, places[name])
            seen = Observations.of(column, self._finished).with_running(running)
            rows.extend(seen.failed_rows[_failed_for_place(seen, axis)].tolist())
        return rows


def point_of(params: Mapping[str, Any], places: Mapping[str, Places]) -> tuple[FloatArray, bool]:
    """((n_parameters,), NaN for what a trial lacks; whether all it has lie on their axes)."""
    names = list(places)
    point = np.full(len(names), np.nan)
    held = [j for j, name in enumerate(names) if name in params]
    for j in held:
        point[j] = places[names[j]]([params[names[j]]])[0]
    return point, not np.isnan(point[held]).any()


def _failed_for_place(seen: Observations, axis: BaseDistribution) -> BoolArray:
    if isinstance(axis, CategoricalDistribution):
        return judge_choices(seen.failed, seen.places[np.isfinite(seen.values)])
    return judged(seen).verdict.diverged[: len(seen.failed)]


def _errors(finals: Finals) -> FloatArray:
    """(n,): standard deviations of the values, 0 of those that were reached."""
    low, high = finals.bounds.T
    finite = finals.values[np.isfinite(finals.values)]
    # Of a trial of which nothing is known, half the range of all. Halves: differences may overflow.
    most = float(finite.max() / 2 - finite.min() / 2) if len(finite) else 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        errors = np.where(low == high, 0.0, (high - low) / BOUNDS_APART)
    return np.asarray(np.minimum(errors, most))
