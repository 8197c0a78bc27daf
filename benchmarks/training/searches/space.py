"""Parameters that are searched together, some of them only in some trials."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

import numpy as np
import optuna
from numpy.typing import NDArray

N_DIGITS = 4
"""Significant digits of a value that is recorded: as few as a person would write."""


@dataclass(frozen=True)
class When:
    """A parameter is suggested only where another one has one of some values."""

    name: str
    values: tuple[Any, ...]

    def holds(self, params: Mapping[str, Any]) -> bool:
        """Whether the parameter is suggested."""
        return params.get(self.name) in self.values


@dataclass(frozen=True)
class Number:
    """A float or an integer from low to high.

    step: between values, None for any; an integer has 1 on a linear axis.
    when: None for a parameter of every trial.
    """

    name: str
    low: float
    high: float
    log: bool = False
    step: float | None = None
    integer: bool = False
    when: When | None = None

    def suggest(self, trial: optuna.trial.BaseTrial) -> float:
        """The trial's value."""
        if self.integer:
            return trial.suggest_int(self.name, int(self.low), int(self.high), log=self.log)
        return trial.suggest_float(self.name, self.low, self.high, log=self.log, step=self.step)

    def place(self, value: float) -> float:
        """Where a value lies on the axis, from 0 to 1."""
        ends = (*self._ends, value)
        low, high, at = map(math.log, ends) if self.log else ends
        return min(max((at - low) / (high - low), 0.0), 1.0)

    def value(self, place: float) -> float:
        """The value at a place."""
        low, high = self._ends
        value = low * (high / low) ** place if self.log else low + place * (high - low)
        if self.integer:
            return int(min(max(round(value), self.low), self.high))
        if self.step is not None:
            n_steps = round((self.high - self.low) / self.step)
            value = self.low + self.step * min(
                max(round((value - self.low) / self.step), 0), n_steps
            )
        return _rounded(value)

    @property
    def _ends(self) -> tuple[float, float]:
        # As Optuna draws them: every integer and every step has its half to either side.
        half = 0.5 if self.integer else (self.step or 0.0) / 2
        return self.low - half, self.high + half


@dataclass(frozen=True)
class Choice:
    """One of several names."""

    name: str
    choices: tuple[Any, ...]
    when: When | None = None

    def suggest(self, trial: optuna.trial.BaseTrial) -> Any:
        """The trial's choice."""
        return trial.suggest_categorical(self.name, self.choices)

    def place(self, value: Any) -> float:
        """The middle of the choice's share of [0, 1]."""
        return (self.choices.index(value) + 0.5) / len(self.choices)

    def value(self, place: float) -> Any:
        """The choice that has the place in its share."""
        return self.choices[min(int(place * len(self.choices)), len(self.choices) - 1)]


Parameter = Union[Number, Choice]


@dataclass(frozen=True)
class Space:
    """Parameters in the order in which they are suggested: a condition names an earlier one."""

    parameters: Sequence[Parameter]

    @property
    def conditional(self) -> bool:
        """Whether any parameter is suggested in some trials only."""
        return any(parameter.when for parameter in self.parameters)

    @property
    def names(self) -> list[str]:
        """All names, in order."""
        return [parameter.name for parameter in self.parameters]

    def suggest(self, trial: optuna.trial.BaseTrial) -> dict[str, Any]:
        """The trial's parameters."""
        params: dict[str, Any] = {}
        for parameter in self.parameters:
            if parameter.when is None or parameter.when.holds(params):
                params[parameter.name] = parameter.suggest(trial)
        return params

    def places(self, params: Mapping[str, Any]) -> NDArray[np.float64]:
        """(n_parameters,): each between 0 and 1, NaN where a parameter is not suggested."""
        found = (
            parameter.place(params[parameter.name]) if parameter.name in params else math.nan
            for parameter in self.parameters
        )
        return np.fromiter(found, dtype=np.float64, count=len(self.parameters))

    def params(self, places: NDArray[np.float64]) -> dict[str, Any]:
        """Parameters at places (n_parameters,); those that are not suggested there are left out."""
        params: dict[str, Any] = {}
        for parameter, place in zip(self.parameters, places.tolist()):
            if parameter.when is None or parameter.when.holds(params):
                params[parameter.name] = parameter.value(place)
        return params

    @property
    def most_together(self) -> int:
        """Parameters of the trial that has most."""
        rng = np.random.default_rng(0)
        draws = rng.random((400, len(self.parameters)))
        return max(len(self.params(places)) for places in draws)


def _rounded(value: float) -> float:
    return float(f"{value:.{N_DIGITS}g}")
