"""Each parameter's finished trials in the order of their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial

from .._arrays import FloatArray, IntArray
from .axis import Axis
from .parameters import Places


@dataclass
class Column:
    """One parameter's finished trials on one distribution, sorted by place.

    Attributes:
        distribution: The distribution.
        n_read: How many of the trials that have the parameter were read.
        places: (n,), increasing.
        rows: (n,), of the trials.
    """

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


class Columns:
    """The columns of a study, each caught up with the trials when it is asked for.

    Args:
        trials: By row, as of the last look.
        with_parameter: Per parameter: rows of the finished trials that have it, in the order of
            reading.
    """

    def __init__(
        self, trials: Sequence[FrozenTrial], with_parameter: Mapping[str, Sequence[int]]
    ) -> None:
        self._trials = trials
        self._with_parameter = with_parameter
        self._columns: dict[str, Column] = {}

    def of(self, name: str, distribution: BaseDistribution, places: Places) -> Column:
        """A parameter's column.

        Args:
            name: The parameter.
            distribution: As it is now; earlier trials may have had another.
            places: Its values -> places.
        """
        column = self._columns.get(name)
        if column is None or column.distribution != distribution:
            column = self._columns[name] = Column(distribution)
        unread = self._with_parameter.get(name, ())[column.n_read :]
        if unread:
            column.n_read += len(unread)
            fresh = places([self._trials[row].params[name] for row in unread])
            rows = np.array(unread, dtype=np.int64)
            on_axis = ~np.isnan(fresh)
            column.merge(fresh[on_axis], rows[on_axis])
        return column

    def value_at(self, name: str, axis: Axis, place: float) -> float | int:
        """The value at a place; where trials have been, exactly theirs.

        Mapping a value to the axis and back may change its last digit, and then a repeated pull
        would be another arm.
        """
        column = self.of(name, axis.distribution, axis.places)
        at = int(np.searchsorted(column.places, place))
        if at < len(column.places) and column.places[at] == place:
            value: Any = self._trials[int(column.rows[at])].params[name]
            return axis.own_value(value, place)
        return axis.value(place)
