"""Packages with an ask/tell interface of their own behind Optuna's sampler interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import optuna
from optuna.distributions import BaseDistribution, FloatDistribution
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from benchmarks.rivals.axis import last_value, only_axis

_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)


class Optimiser(Protocol):
    """A package's optimiser of one float, which minimises; a ticket is its word for a trial."""

    def ask(self) -> tuple[Any, float]:
        """A ticket and the value to try."""

    def attach(self, value: float) -> Any:
        """A ticket for a value that was tried without being asked for."""

    def tell(self, ticket: Any, loss: float | None) -> None:
        """What came of it; None of a trial that failed."""


class AskTellSampler(optuna.samplers.BaseSampler):
    """Tells an optimiser the study's finished trials in their order, and asks it for the next.

    The optimiser lives as long as the sampler, which therefore serves one study. A pruned trial
    counts with the last value it reported, and one that returned NaN has failed.

    Args:
        make: Makes the optimiser of a parameter.
    """

    def __init__(self, make: Callable[[FloatDistribution], Optimiser]) -> None:
        self._make = make
        self._optimiser: Optimiser | None = None
        self._tickets: dict[int, Any] = {}
        self._told: set[int] = set()

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        return {}

    def sample_relative(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        search_space: dict[str, BaseDistribution],
    ) -> dict[str, Any]:
        return {}

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> float:
        axis = only_axis(trial, param_name, param_distribution)
        if self._optimiser is None:
            self._optimiser = self._make(axis)
        self._tell_finished(study, param_name, self._optimiser)
        ticket, value = self._optimiser.ask()
        self._tickets[trial.number] = ticket
        return min(max(value, axis.low), axis.high)

    def _tell_finished(self, study: optuna.Study, param_name: str, optimiser: Optimiser) -> None:
        sign = -1.0 if study.direction == StudyDirection.MAXIMIZE else 1.0
        for trial in study.get_trials(deepcopy=False, states=_FINISHED):
            if trial.number in self._told or param_name not in trial.params:
                continue
            # Of a study that goes on, or one enqueued: the optimiser did not ask for it.
            if trial.number not in self._tickets:
                self._tickets[trial.number] = optimiser.attach(trial.params[param_name])
            value = last_value(trial)
            optimiser.tell(self._tickets[trial.number], None if value is None else sign * value)
            self._told.add(trial.number)
