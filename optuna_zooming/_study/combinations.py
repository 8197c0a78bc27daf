"""The combinations of parameters that a study has tried, as points of the unit cube."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState

from .._arrays import BoolArray, FloatArray
from .._joint.space import JointTrials
from .logs import sign_of
from .parameters import places_on
from .readings import oriented


@dataclass(frozen=True)
class Combinations:
    """What the finished trials of a study tried.

    Attributes:
        trials: Those that are complete or were pruned, by row.
        names: The parameters in which they differ, in alphabetical order.
        joint: The trials as arrays, with the parameters in this order.
    """

    trials: list[FrozenTrial]
    names: list[str]
    joint: JointTrials

    @property
    def only_parameter(self) -> str | None:
        """The one in which the trials differ, if it is the only one and all of them have it."""
        alone = len(self.names) == 1 and not np.isnan(self.joint.points).any()
        return self.names[0] if alone else None


def read_combinations(study: Study) -> Combinations:
    """The combinations of a study with a single objective, whichever sampler made it.

    Trials that were pruned have no value here. Those whose parameters lie outside of the ranges,
    as a foreign trial's may, are left out.
    """
    states = (TrialState.COMPLETE, TrialState.PRUNED)
    trials = study.get_trials(deepcopy=False, states=states)
    known: dict[str, list[BaseDistribution]] = {}
    for trial in trials:
        for name, distribution in trial.distributions.items():
            known.setdefault(name, []).append(distribution)
    names = sorted(known)
    covering = [_covering(known[name]) for name in names]
    points, on_axis = _points(trials, names, covering)
    trials = [trial for trial, kept in zip(trials, on_axis) if kept]
    points = points[on_axis]
    varied = _varied(points)
    categorical = [isinstance(each, CategoricalDistribution) for each in covering]
    sign = sign_of(study)
    values = np.array([_value(trial, sign) for trial in trials])
    joint = JointTrials(
        points=points[:, varied],
        categorical=np.array(categorical, dtype=np.bool_)[varied],
        values=values,
        errors=np.zeros(len(values)),
    )
    return Combinations(trials, [names[j] for j in np.flatnonzero(varied)], joint)


def _value(trial: FrozenTrial, sign: float) -> float:
    return oriented(trial.value, sign) if trial.state == TrialState.COMPLETE else math.nan


def _covering(distributions: Sequence[BaseDistribution]) -> BaseDistribution:
    """A distribution with the ranges of all that are of the latest one's kind.

    Ranges may change while a study goes on, and in define-by-run spaces from trial to trial.
    """
    latest = distributions[-1]
    if not isinstance(latest, (FloatDistribution, IntDistribution)):
        return latest
    same_kind: list[Any] = [d for d in distributions if type(d) is type(latest)]
    alike = [d for d in same_kind if d.log == latest.log]
    if all(distribution == latest for distribution in alike):
        return latest
    low, high = min(d.low for d in alike), max(d.high for d in alike)
    return type(latest)(low, high, log=latest.log)


def _points(
    trials: Sequence[FrozenTrial], names: Sequence[str], axes: Sequence[BaseDistribution]
) -> tuple[FloatArray, BoolArray]:
    """(points, (n, n_parameters); whether all of a trial's parameters lie on their axes, (n,))."""
    points = np.full((len(trials), len(names)), math.nan)
    on_axis = np.ones(len(trials), dtype=np.bool_)
    for j, (name, axis) in enumerate(zip(names, axes)):
        rows = [row for row, trial in enumerate(trials) if name in trial.params]
        points[rows, j] = places_on(axis)([trials[row].params[name] for row in rows])
        on_axis[rows] &= ~np.isnan(points[rows, j])
    return points, on_axis


def _varied(points: FloatArray) -> BoolArray:
    """(n_parameters,): whether any two of the points, (n, n_parameters), differ in it."""
    # No place is negative.
    known = np.nan_to_num(points, nan=-1.0)
    return np.asarray((known != known[:1]).any(axis=0))
