"""Which parameters there are only for some values of another one (numpy only)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .._arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Condition:
    """A parameter that is active where another one has some of its values.

    Attributes:
        parameter: The conditional one.
        parent: The other, which is discrete.
        values: (n_values,), increasing: places of the parent that were seen.
        active: (n_values,): whether the parameter was active there.
        nearest: Whether a place that was not seen is like the nearest one; otherwise the
            parameter is taken to be inactive there.
    """

    parameter: int
    parent: int
    values: FloatArray
    active: BoolArray
    nearest: bool

    def holds(self, places: FloatArray) -> BoolArray:
        """Whether the parameter is active at places of its parent, (n,)."""
        at = np.abs(places[:, None] - self.values).argmin(axis=1)
        holds: BoolArray = self.active[at]
        return holds if self.nearest else holds & (places == self.values[at])


@dataclass(frozen=True)
class Conditions:
    """All conditions of a search space, as far as trials show them."""

    conditions: Sequence[Condition]

    @classmethod
    def of(cls, points: FloatArray, discrete: IntArray, categorical: BoolArray) -> Conditions:
        """The conditions that explain why some trials lack some parameters.

        Args:
            points: (n, n_parameters), NaN where a parameter is inactive.
            discrete: The parameters that others may depend on.
            categorical: (n_parameters,), whose places are the numbers of choices.
        """
        active = ~np.isnan(points)
        conditional = np.flatnonzero(~active.all(axis=0))
        found = (
            next(_explanations(int(j), points, discrete, categorical), None) for j in conditional
        )
        return cls([condition for condition in found if condition is not None])

    def masked(self, points: FloatArray) -> FloatArray:
        """Full combinations, (n, n_parameters) -> the same with NaN where inactive."""
        masked: FloatArray = points.copy()
        # A condition may depend on a parameter that is conditional itself.
        for _ in range(len(self.conditions)):
            before = np.isnan(masked)
            for each in self.conditions:
                parent = masked[:, each.parent]
                off = np.isnan(parent) | ~each.holds(np.nan_to_num(parent, nan=-1.0))
                masked[off, each.parameter] = np.nan
            if np.array_equal(before, np.isnan(masked)):
                break
        return masked


def _explanations(
    parameter: int, points: FloatArray, discrete: IntArray, categorical: BoolArray
) -> Iterator[Condition]:
    """Conditions on a single parent with which all trials agree."""
    has = ~np.isnan(points[:, parameter])
    for parent in discrete[discrete != parameter]:
        places = points[:, parent]
        known = ~np.isnan(places)
        # A parent of which no value is known, as of trials that were pruned at once, tells nothing.
        if (has & ~known).any() or not known.any():
            continue
        values, at = np.unique(places[known], return_inverse=True)
        with_it = np.bincount(at, weights=has[known], minlength=len(values))
        all_of_it = np.bincount(at, minlength=len(values))
        active = with_it > 0
        if np.array_equal(with_it[active], all_of_it[active]) and not (
            active.all() and known.all()
        ):
            yield Condition(parameter, int(parent), values, active, not categorical[parent])
