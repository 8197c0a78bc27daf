"""A trial's parameters, and their places on the axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial

from .._arrays import FloatArray
from .axis import Axis, NumericDistribution

# Parameter values -> places (unit axis, or choice numbers), NaN for values that have none.
Places = Callable[["list[Any]"], FloatArray]

# Parameters of one trial: name -> (distribution, value).
Chosen = Mapping[str, "tuple[BaseDistribution, Any]"]


def chosen_parameters(trial: FrozenTrial) -> Chosen:
    """A trial's parameters so far; those with a single value decide nothing and are left out."""
    return {
        name: (distribution, trial.params[name])
        for name, distribution in trial.distributions.items()
        if not distribution.single()
    }


def places_on(distribution: BaseDistribution) -> Places:
    """Parameter values -> unit axis, or choice numbers."""
    if not isinstance(distribution, CategoricalDistribution):
        return Axis.of(cast(NumericDistribution, distribution)).places

    def numbers(values: list[Any]) -> FloatArray:
        return np.array([choice_index(distribution, value) for value in values], dtype=np.float64)

    return numbers


def choice_index(distribution: CategoricalDistribution, value: Any) -> int | None:
    """The number of a choice; ``None`` for a value that is not among the choices."""
    try:
        return int(distribution.to_internal_repr(value))
    except ValueError:
        return None
