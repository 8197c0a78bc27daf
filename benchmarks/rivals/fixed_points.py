"""Points of the unit axis that do not depend on what was found, and starts made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import optuna
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial, TrialState

from benchmarks.rivals.axis import Rule, from_unit, only_axis

QUASI_RANDOM_STARTS = (0.5, 0.75, 0.25, 0.875, 0.375)


def van_der_corput(number: int) -> float:
    """0.5, 0.25, 0.75, 0.125, ...: the binary digits of ``number + 1``, mirrored at the point."""
    digits, point, place = number + 1, 0.0, 0.5
    while digits:
        point += place * (digits % 2)
        digits, place = digits // 2, place / 2
    return point


def grid(n_points: int) -> Rule:
    """The midpoints of ``n_points`` equal parts from below; trials after the last begin again."""
    return lambda number, tried: (number % n_points + 0.5) / n_points


class StartedSampler(BaseSampler):
    """Another sampler that is told where its first trials are.

    Args:
        points: Of the unit axis, one for each of the first trials.
        wrapped: Proposes all others; it sees the first trials as if it had proposed them.
    """

    def __init__(self, points: Sequence[float], wrapped: BaseSampler) -> None:
        self._points = tuple(points)
        self.wrapped = wrapped

    def _starts(self, trial: FrozenTrial) -> bool:
        return trial.number < len(self._points)

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        # Without a relative space every parameter of a start is asked for independently.
        if self._starts(trial):
            return {}
        return self.wrapped.infer_relative_search_space(study, trial)

    def sample_relative(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        search_space: dict[str, BaseDistribution],
    ) -> dict[str, Any]:
        if self._starts(trial):
            return {}
        return self.wrapped.sample_relative(study, trial, search_space)

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        if self._starts(trial):
            axis = only_axis(trial, param_name, param_distribution)
            return from_unit(self._points[trial.number], axis)
        return self.wrapped.sample_independent(study, trial, param_name, param_distribution)

    def before_trial(self, study: optuna.Study, trial: FrozenTrial) -> None:
        self.wrapped.before_trial(study, trial)

    def after_trial(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        state: TrialState,
        values: Sequence[float] | None,
    ) -> None:
        self.wrapped.after_trial(study, trial, state, values)

    def reseed_rng(self) -> None:
        self.wrapped.reseed_rng()
