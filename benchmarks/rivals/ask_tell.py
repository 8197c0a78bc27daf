"""Packages with an ask/tell interface of their own behind Optuna's sampler interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import optuna
from optuna.distributions import BaseDistribution
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from benchmarks.rivals.axis import last_value
from benchmarks.rivals.search_spaces import Parameter, Space, active, is_whole

_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
# Optuna's name for the parameters of an enqueued trial.
_ENQUEUED = "fixed_params"


class Optimiser(Protocol):
    """A package's optimiser, which minimises; a ticket is its word for a trial."""

    def ask(self) -> tuple[Any, dict[str, Any]]:
        """A ticket and the values to try, of the parameters that exist with each other."""

    def attach(self, params: Mapping[str, Any]) -> Any:
        """A ticket for values that were tried without being asked for."""

    def tell(self, ticket: Any, loss: float | None) -> None:
        """What came of it; None of a trial that failed."""


class AskTellSampler(optuna.samplers.BaseSampler):
    """Tells an optimiser the study's finished trials in their order, and asks it for the next.

    The optimiser lives as long as the sampler, which therefore serves one study. A pruned trial
    counts with the last value it reported, and one that returned NaN has failed. What an enqueued
    trial leaves open is drawn at random.

    Args:
        make: Makes the optimiser of a search space.
        space: The search space; None for that of a single parameter, whichever it is.
        seed: Seed of what is drawn at random.
    """

    def __init__(
        self, make: Callable[[Space], Optimiser], *, space: Space | None = None, seed: int = 0
    ) -> None:
        self._make = make
        self._space = space
        self._optimiser: Optimiser | None = None
        self._tickets: dict[int, Any] = {}
        self._told: set[int] = set()
        self._random = optuna.samplers.RandomSampler(seed)

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        return {name: each.distribution for name, each in (self._space or {}).items()}

    def sample_relative(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        search_space: dict[str, BaseDistribution],
    ) -> dict[str, Any]:
        if self._space is None or _ENQUEUED in trial.system_attrs:
            return {}
        return self._ask(study, trial, self._space)

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        if self._space is None and not trial.params:
            self._space = {param_name: Parameter(param_distribution)}
            return self._ask(study, trial, self._space)[param_name]
        declared = (self._space or {}).get(param_name)
        if declared is None or declared.distribution != param_distribution:
            raise ValueError(
                f"this rival serves one parameter, or a search space that was declared; got "
                f"{param_name!r} besides."
            )
        return self._random.sample_independent(study, trial, param_name, param_distribution)

    def _ask(self, study: optuna.Study, trial: FrozenTrial, space: Space) -> dict[str, Any]:
        if self._optimiser is None:
            self._optimiser = self._make(space)
        self._tell_finished(study, space, self._optimiser)
        ticket, params = self._optimiser.ask()
        self._tickets[trial.number] = ticket
        return params

    def _tell_finished(self, study: optuna.Study, space: Space, optimiser: Optimiser) -> None:
        sign = -1.0 if study.direction == StudyDirection.MAXIMIZE else 1.0
        for trial in study.get_trials(deepcopy=False, states=_FINISHED):
            if trial.number in self._told or not is_whole(space, trial.params):
                continue
            # Of a study that goes on, or one enqueued: the optimiser did not ask for it.
            if trial.number not in self._tickets:
                self._tickets[trial.number] = optimiser.attach(active(space, trial.params))
            value = last_value(trial)
            optimiser.tell(self._tickets[trial.number], None if value is None else sign * value)
            self._told.add(trial.number)
