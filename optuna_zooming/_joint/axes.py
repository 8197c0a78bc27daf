"""The axes of a search over several parameters: which combinations there are (numpy only)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._arrays import BoolArray, FloatArray, IntArray
from .._history import Cells


@dataclass(frozen=True, eq=False)
class Axes:
    """What every parameter may be.

    Attributes:
        counts: (n_parameters,), how many choices a categorical one has; 0 for a numeric one.
        cells: (n_parameters,), the positions of discrete axes; ``None`` for the others.
        ends: (n_parameters, 2), the part of a numeric axis in which to search.
        fixed: (n_parameters,), places that are settled; NaN for what is to be chosen.
    """

    counts: IntArray
    cells: Sequence[Cells | None]
    ends: FloatArray
    fixed: FloatArray

    @property
    def categorical(self) -> BoolArray:
        """(n_parameters,): whose places are the numbers of choices."""
        return np.asarray(self.counts > 0)

    @property
    def discrete(self) -> IntArray:
        """The parameters that others may depend on."""
        numbered = [j for j, cells in enumerate(self.cells) if cells is not None]
        return np.union1d(np.flatnonzero(self.categorical), np.array(numbered, dtype=np.int64))

    def anywhere(self, n: int, rng: np.random.Generator) -> FloatArray:
        """(n, n_parameters): combinations drawn evenly."""
        low, high = self.ends.T
        points = low + (high - low) * rng.random((n, len(low)))
        for j in np.flatnonzero(self.categorical):
            points[:, j] = rng.integers(self.counts[j], size=n)
        return self._on_axes(points)

    def moved(
        self, points: FloatArray, steps: FloatArray, share: float, rng: np.random.Generator
    ) -> FloatArray:
        """Combinations beside others: some parameters by a normal step, or another choice.

        Args:
            points: (n, n_parameters), without NaN.
            steps: (n,), standard deviations of the steps, units of axis.
            share: Of the parameters that move, in the mean; one at least does.
            rng: Source of the steps.
        """
        n, n_parameters = points.shape
        free = np.flatnonzero(np.isnan(self.fixed))
        moves = rng.random((n, n_parameters)) < share
        if len(free):
            moves[np.arange(n), rng.choice(free, n)] = True
        step = rng.standard_normal(points.shape) * steps[:, None]
        target = self._reflected(points + step)
        for j in np.flatnonzero(self.categorical):
            target[:, j] = rng.integers(self.counts[j], size=n)
        for i, cells in enumerate(self.cells):
            if cells is not None:
                target[:, i] = _other_cell(cells, points[:, i], target[:, i], step[:, i] > 0)
        return self._on_axes(np.where(moves, target, points))

    def completed(
        self, points: FloatArray, known: FloatArray, rng: np.random.Generator
    ) -> FloatArray:
        """The points with a place for every parameter that they lack, known ones or any.

        Args:
            points: (n, n_parameters), NaN where a parameter is inactive.
            known: (m, n_parameters), places to choose from, as above.
            rng: Source of the choice.
        """
        filled = np.where(np.isnan(points), self.anywhere(len(points), rng), points)
        for j in np.flatnonzero(np.isnan(points).any(axis=0)):
            places = known[~np.isnan(known[:, j]), j]
            if len(places):
                here = np.isnan(points[:, j]) & (rng.random(len(points)) < 0.5)
                filled[here, j] = rng.choice(places, np.count_nonzero(here))
        return self._on_axes(filled)

    def _reflected(self, points: FloatArray) -> FloatArray:
        """Back from beyond an end by as much; not farther than the other one."""
        low, high = self.ends.T
        points = np.where(points < low, 2 * low - points, points)
        points = np.where(points > high, 2 * high - points, points)
        return np.asarray(np.clip(points, low, high))

    def _on_axes(self, points: FloatArray) -> FloatArray:
        """Inside the ends, on the positions of discrete axes, and what is settled as it is."""
        numeric = ~self.categorical
        points[:, numeric] = np.clip(points[:, numeric], *self.ends[numeric].T)
        for j, cells in enumerate(self.cells):
            if cells is not None:
                points[:, j] = cells.centre(cells.index(points[:, j]))
        return self.settled(points)

    def settled(self, points: FloatArray) -> FloatArray:
        """The points, with what is settled."""
        return np.where(np.isnan(self.fixed), points, self.fixed)


def _other_cell(cells: Cells, origin: FloatArray, target: FloatArray, up: BoolArray) -> FloatArray:
    """The targets, (n,); those in the cell of their origin one cell farther up or down."""
    before, after = cells.index(origin), cells.index(target)
    direction = np.where(up, 1, -1)
    beyond = before + direction
    inside = (beyond >= 0) & (beyond < cells.count)
    neighbour = np.clip(np.where(inside, beyond, before - direction), 0, cells.count - 1)
    return cells.centre(np.where(after == before, neighbour, after))
