"""One parameter's trials as arrays, and what tells trials apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial

from .._policy.arms import FloatArray, IntArray
from .axis import Axis, NumericDistribution, choice_index

DIVERGED = -math.inf

# Values beyond are taken for this one, so that their sums and differences are finite.
LARGEST = 1e300

# Parameter values -> places (unit axis, or choice numbers), NaN for values that have none.
Places = Callable[["list[Any]"], FloatArray]

# Parameters of one trial: name -> (distribution, value).
Chosen = Mapping[str, "tuple[BaseDistribution, Any]"]


@dataclass
class Column:
    """One parameter's finished trials on one distribution, sorted by position."""

    distribution: BaseDistribution
    n_read: int = 0
    places: FloatArray = field(default_factory=lambda: np.empty(0))
    rows: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def merge(self, places: FloatArray, rows: IntArray) -> None:
        """Insert trials; equal places stay in the order of their rows."""
        order = np.lexsort((rows, places))
        places, rows = places[order], rows[order]
        at = np.searchsorted(self.places, places, side="right")
        self.places = np.insert(self.places, at, places)
        self.rows = np.insert(self.rows, at, rows)
        # A trial may finish after a later one at the same place.
        tied = self.places[1:] == self.places[:-1]
        if np.any(tied & (self.rows[1:] < self.rows[:-1])):
            order = np.lexsort((self.rows, self.places))
            self.places, self.rows = self.places[order], self.rows[order]


@dataclass(frozen=True, eq=False)
class Observations:
    """One parameter's trials: finished with a value, failed without one, and pending.

    places, values, rows: (n,), sorted by place; row of the trial.
    failed, failed_rows: (k,).
    pending: (m,), places of running trials without a value.
    watched: (w,), those of running trials whose expected value counts.
    """

    places: FloatArray
    values: FloatArray
    rows: IntArray
    failed: FloatArray = field(default_factory=lambda: np.empty(0))
    failed_rows: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    pending: FloatArray = field(default_factory=lambda: np.empty(0))
    watched: FloatArray = field(default_factory=lambda: np.empty(0))

    def with_failed(self, diverged: NDArray[np.bool_]) -> Observations:
        """These and those of the failed trials, (k,), that are taken for diverged."""
        places = self.failed[diverged]
        return self.with_more(places, np.full(len(places), DIVERGED), self.failed_rows[diverged])

    def with_more(self, places: FloatArray, values: FloatArray, rows: IntArray) -> Observations:
        """These and others with a value, (k,) each, in any order."""
        if len(places) == 0:
            return self
        order = np.argsort(places, kind="stable")
        at = np.searchsorted(self.places, places[order])
        return replace(
            self,
            places=np.insert(self.places, at, places[order]),
            values=np.insert(self.values, at, values[order]),
            rows=np.insert(self.rows, at, rows[order]),
        )


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


def bounded(value: float) -> float:
    """The value, at most ``LARGEST`` in magnitude."""
    return min(max(value, -LARGEST), LARGEST)
