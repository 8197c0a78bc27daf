"""An Optuna distribution <-> the unit axis on which arms live."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any, Union

import numpy as np
from optuna.distributions import (
    FloatDistribution,
    IntDistribution,
)

from .._arrays import FloatArray, IntArray
from .._history import Cells

NumericDistribution = Union[FloatDistribution, IntDistribution]

# A discrete axis with more positions than this is searched as a continuous one, and rounded:
# no study can tell the difference, and position numbers stay exact in floating point.
MAX_CELLS = 2**40


@dataclass(frozen=True)
class Axis:
    """The unit axis of a float or int distribution.

    With ``log=True`` the axis is the logarithm of the value: learning rates a factor apart are
    equally far apart everywhere. A discrete axis (int, or float with a step) gives every
    position its own cell, and the values lie at the cells' centres.

    Attributes:
        distribution: The distribution.
        low, high: The ends of the axis, in value units (in log units if ``log``).
        cells: The positions of a discrete axis; ``None`` on a continuous one, or if there are
            more than ``MAX_CELLS``.
    """

    distribution: NumericDistribution
    low: float
    high: float
    cells: Cells | None

    @classmethod
    def of(cls, distribution: NumericDistribution) -> Axis:
        """The axis of a distribution."""
        low, high = float(distribution.low), float(distribution.high)
        if isinstance(distribution, IntDistribution) and distribution.log:
            # Half a step of padding, as Optuna has it: the end values get a whole cell each.
            ends = math.log(low - 0.5), math.log(high + 0.5)
            count = distribution.high - distribution.low + 1
            cells: Cells | None = LogIntegerCells(distribution.low, distribution.high)
            if count < 1e-6 * low:
                # Here the logarithm is a straight line, and has too few digits for the integers.
                cells = UniformCells(count)
            return cls(distribution, *ends, cells if count <= MAX_CELLS else None)
        if distribution.log:
            return cls(distribution, math.log(low), math.log(high), None)
        if distribution.step is not None:
            half_count = (high / 2 - low / 2) / distribution.step
            if half_count < MAX_CELLS / 2:
                return cls(distribution, low, high, UniformCells(round(2.0 * half_count) + 1))
        return cls(distribution, low, high, None)

    def points(self, values: FloatArray) -> FloatArray:
        """Unit coordinates of values within the distribution's range, shape (n,)."""
        if self.cells is None:
            coordinates = np.log(values) if self.distribution.log else values
            return self._scale(coordinates)
        if isinstance(self.cells, LogIntegerCells):
            index = np.rint(values).astype(np.int64) - self.cells.low
        else:
            # Halves, here and below: the width of the widest ranges does not fit a float.
            half_steps = (values / 2 - self.distribution.low / 2) / float(
                self.distribution.step or 1
            )
            index = np.rint(2.0 * half_steps).astype(np.int64)
        return self.cells.centre(index)

    def _scale(self, coordinates: FloatArray) -> FloatArray:
        if self.low == self.high:
            return np.full(len(coordinates), 0.5)
        width = self.high - self.low
        if math.isfinite(width):
            return np.clip((coordinates - self.low) / width, 0.0, 1.0)
        half_width = self.high / 2 - self.low / 2
        return np.clip((coordinates / 2 - self.low / 2) / half_width, 0.0, 1.0)

    def value(self, point: float) -> float | int:
        """The value at a unit coordinate, always within the distribution's range."""
        if point in (0.0, 1.0):
            # The logarithm of an end need not lead back to it.
            return self.distribution.low if point == 0.0 else self.distribution.high
        distribution = self.distribution
        if self.cells is not None:
            index = int(self.cells.index(np.array([point]))[0])
            if isinstance(distribution, IntDistribution):
                return int(distribution.low + index * distribution.step)
            step = distribution.step or 1.0
            value = distribution.low + index * step
            if math.isinf(value):
                value = 2.0 * (distribution.low / 2 + index * (step / 2))
            return min(value, distribution.high)
        # A convex combination rather than low + point * width, which may overflow.
        coordinate = (1.0 - point) * self.low + point * self.high
        value = math.exp(min(coordinate, self.high)) if distribution.log else coordinate
        if isinstance(distribution, IntDistribution):
            # In integers: these are too large for floating point.
            steps = (round(value) - distribution.low + distribution.step // 2) // distribution.step
            integer = distribution.low + steps * distribution.step
            return int(min(max(integer, distribution.low), distribution.high))
        if distribution.step is not None:
            value = distribution.low + _rounded(value - distribution.low, distribution.step)
        return float(min(max(value, distribution.low), distribution.high))

    def between(self, points: FloatArray) -> FloatArray:
        """Values at unit coordinates, (n,), also between the positions of a discrete axis."""
        if isinstance(self.cells, UniformCells):
            distribution, count = self.distribution, self.cells.count
            shares = (points * count - 0.5) / max(count - 1, 1)
            return (1.0 - shares) * float(distribution.low) + shares * float(distribution.high)
        # A convex combination rather than low + point * width, which may overflow.
        coordinates = (1.0 - points) * self.low + points * self.high
        return np.exp(coordinates) if self.distribution.log else coordinates

    def own_value(self, value: Any, place: float) -> float | int:
        """A trial's value that lies at a place, if the distribution has it, else its own there.

        A foreign trial may hold another type, and one from before the range changed a value
        between two steps.
        """
        if self.cells is None and isinstance(self.distribution, IntDistribution):
            if (int(value) - self.distribution.low) % self.distribution.step == 0:
                return int(value)
        elif self.cells is None and self.distribution.step is None:
            return float(value)
        return self.value(place)

    def places(self, values: list[Any]) -> FloatArray:
        """Unit coordinates of any values, shape (n,); NaN for those that are not on this axis."""
        places = np.array([v if self.contains(v) else math.nan for v in values], dtype=np.float64)
        known = ~np.isnan(places)
        places[known] = self.points(places[known])
        return places

    def contains(self, value: Any) -> bool:
        """Whether a value, of a foreign trial perhaps, lies on this axis."""
        number = isinstance(value, Real) and not isinstance(value, bool)
        return number and bool(self.distribution.low <= value <= self.distribution.high)


def _rounded(distance: float, step: float) -> float:
    """The multiple of ``step`` nearest to a distance; the distance itself beyond all digits."""
    steps = distance / step
    return round(steps) * step if math.isfinite(steps) else distance


@dataclass(frozen=True)
class UniformCells:
    """``count`` cells of equal width."""

    count: int

    def index(self, points: FloatArray) -> IntArray:
        """The cell of each point, shape (n,)."""
        return np.clip(points * self.count, 0, self.count - 1).astype(np.int64)

    def centre(self, index: IntArray) -> FloatArray:
        """Each cell's centre, shape (n,)."""
        return (index + 0.5) / self.count


@dataclass(frozen=True)
class LogIntegerCells:
    """The integers from ``low`` to ``high`` on a logarithmic axis."""

    low: int
    high: int

    @property
    def count(self) -> int:
        """Number of integers."""
        return self.high - self.low + 1

    def index(self, points: FloatArray) -> IntArray:
        """The integer nearest to each point, minus ``low``, shape (n,)."""
        begin, end = math.log(self.low - 0.5), math.log(self.high + 0.5)
        integers = np.rint(np.exp(begin + points * (end - begin)))
        return (np.clip(integers, self.low, self.high) - self.low).astype(np.int64)

    def centre(self, index: IntArray) -> FloatArray:
        """Where each integer lies on the unit axis, shape (n,)."""
        begin, end = math.log(self.low - 0.5), math.log(self.high + 0.5)
        centres: FloatArray = (np.log(index + float(self.low)) - begin) / (end - begin)
        return centres
