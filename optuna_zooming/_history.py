"""What a policy is told: the trials of one parameter as arrays (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from ._arrays import BoolArray, FloatArray, IntArray


class Cells(Protocol):
    """The positions of a discrete axis: integers with a step, stepped floats."""

    @property
    def count(self) -> int:
        """Number of positions."""
        ...

    def index(self, points: FloatArray) -> IntArray:
        """The position nearest to each point, shape (n,), from 0 to ``count - 1``."""
        ...

    def centre(self, index: IntArray) -> FloatArray:
        """Where each position lies on the unit axis, shape (n,), increasing with ``index``."""
        ...


class Outcomes:
    """What is known of the values of trials, some of which may not have reached theirs."""

    values: FloatArray
    bounds: FloatArray | None

    @property
    def known_bounds(self) -> FloatArray:
        """(n, 2): as ``bounds``, also where there are none."""
        if self.bounds is None:
            return np.column_stack((self.values, self.values))
        return self.bounds

    @property
    def reached(self) -> BoolArray:
        """(n,): whether a trial ended with its value."""
        low, high = self.known_bounds.T
        reached: BoolArray = low == high
        return reached


@dataclass(frozen=True, eq=False)
class History(Outcomes):
    """All that is known about one axis; larger values are better.

    Attributes:
        points: (n,), unit axis, increasing: where trials were evaluated.
        values: (n,), oriented objective values. ``-inf`` marks a diverged trial, the worst
            reward there is; every other value is finite.
        bounds: (n, 2), between which the value may lie that an unfinished trial would have
            reached, infinite where nothing is known; of every other trial its value twice.
            ``None`` if there is no unfinished one.
        pending: (m,), unit axis: where trials are being evaluated right now, or are about to be.
        watched: (w,), unit axis: likewise, but these trials have reported enough to be among the
            points, with the value that is to be expected.
        nothing_learnt: Whether every trial so far jumped about without learning, by its own
            reports, and noise explains how their values differ.
        cells: The positions of a discrete axis, on which all points lie; ``None`` on a
            continuous one.
        barred: (k,), unit axis: points spread over regions where every trial fails.
        crashed: (c,), unit axis: where trials failed, which may have been bad luck. It says nothing
            of the place, but a next trial nearby is better made beside it.
        rank: How many parameters of the asking trial were chosen before this one; those with a
            single value do not count.
        n_parameters: How many parameters with more than one value the best trial has.
        distances: (n,), how far each trial is from the asking one in the parameters chosen before
            this one; ``None`` while there are none.
    """

    points: FloatArray
    values: FloatArray
    pending: FloatArray
    cells: Cells | None = None
    barred: FloatArray = field(default_factory=lambda: np.empty(0))
    crashed: FloatArray = field(default_factory=lambda: np.empty(0))
    rank: int = 0
    n_parameters: int = 1
    distances: FloatArray | None = None
    bounds: FloatArray | None = None
    watched: FloatArray = field(default_factory=lambda: np.empty(0))
    nothing_learnt: bool = False

    def in_order_of_values(self) -> History:
        """The same, with the trials at one point in the order of their values.

        Which of them came first must make no difference to what is said of them.
        """
        bounds = self.known_bounds
        order = np.lexsort((bounds[:, 1], bounds[:, 0], self.values, self.points))
        distances = None if self.distances is None else self.distances[order]
        return replace(self, values=self.values[order], bounds=bounds[order], distances=distances)

    @property
    def n_trials(self) -> int:
        """Trials so far, finished or not."""
        return len(self.points) + len(self.pending)

    @property
    def unknown(self) -> FloatArray:
        """(m + k,): without a value, pending or barred; in any order."""
        return np.concatenate((self.pending, self.barred))

    @property
    def running(self) -> FloatArray:
        """(m + w,): pending or watched; in any order."""
        return np.concatenate((self.pending, self.watched))


@dataclass(frozen=True, eq=False)
class Choices(Outcomes):
    """All that is known about one categorical parameter (discrete metric).

    Attributes:
        count: Number of choices.
        chosen: (n,), the choice of each finished trial, from 0 to ``count - 1``.
        values: (n,), as in :class:`History`.
        pending: (m,), the choices being evaluated right now.
        distances: (n,), as in :class:`History`.
        bounds: (n, 2), as in :class:`History`.
        n_parameters: As in :class:`History`.
    """

    count: int
    chosen: IntArray
    values: FloatArray
    pending: IntArray
    distances: FloatArray | None = None
    bounds: FloatArray | None = None
    n_parameters: int = 1

    @property
    def pulls(self) -> IntArray:
        """(count,): trials per choice, those being evaluated included."""
        started = np.concatenate((self.chosen, self.pending))
        return np.bincount(started, minlength=self.count)
