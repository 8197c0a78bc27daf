"""A smooth function through recorded scores: kernel regression on the unit axes, numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.searches.space import Choice, Space

Floats = NDArray[np.float64]
INACTIVE = 0.5
"""Place of a number that is not suggested: whether it is, its condition tells the kernel."""

MARGIN = 0.02


def columns_of(space: Space, places: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """(n, n_columns) numbers, a column for each choice; (n_columns,), the parameter of each."""
    columns, owners = [], []
    for i, parameter in enumerate(space.parameters):
        place = places[:, i]
        if isinstance(parameter, Choice):
            n = len(parameter.choices)
            # A place that is NaN equals no choice.
            chosen = np.floor(place * n)
            columns += [(chosen == k).astype(np.float64) for k in range(n)]
            owners += [i] * n
        else:
            columns.append(np.where(np.isnan(place), INACTIVE, place))
            owners.append(i)
    return np.stack(columns, axis=1), np.array(owners)


@dataclass(frozen=True)
class Link:
    """Scores between two ends, stretched to the whole line, so that no prediction leaves them.

    The ends lie ``MARGIN`` of the scores' range beyond the extremes.
    """

    low: float
    high: float

    @classmethod
    def of(cls, values: Floats) -> Link:
        """The link of some scores."""
        margin = MARGIN * (values.max() - values.min())
        return cls(float(values.min() - margin), float(values.max() + margin))

    def stretched(self, values: Floats) -> Floats:
        """Scores on the line."""
        found: Floats = np.log((values - self.low) / (self.high - values))
        return found

    def back(self, line: Floats) -> Floats:
        """Scores of places on the line."""
        return self.low + (self.high - self.low) / (1 + np.exp(-line))


class Surrogate:
    """Posterior mean of a Gaussian process with a Matern kernel of smoothness 5/2, linked.

    Args:
        space: The parameters.
        places: (n, n_parameters), NaN where not suggested.
        values: (n,), their scores.
        scales: (n_parameters,), length scales on the unit axes.
        nugget: Variance of a score's error as a fraction of the signal's variance.
    """

    def __init__(
        self, space: Space, places: Floats, values: Floats, scales: Sequence[float], nugget: float
    ) -> None:
        columns, owners = columns_of(space, places)
        self._space = space
        self._link = Link.of(values)
        values = self._link.stretched(values)
        self._inverse_scales = 1 / np.asarray(scales, dtype=np.float64)[owners]
        self._scaled = columns * self._inverse_scales
        self._norms = (self._scaled**2).sum(axis=1)
        covariance = self._kernel(self._scaled) + nugget * np.eye(len(values))
        # The mean that generalised least squares gives.
        ones, targets = np.linalg.solve(covariance, np.stack([np.ones_like(values), values], 1)).T
        self._level = float(targets.sum() / ones.sum())
        self._weights = targets - self._level * ones

    def means(self, places: Floats) -> Floats:
        """(n,) scores at places (n, n_parameters)."""
        scaled = columns_of(self._space, places)[0] * self._inverse_scales
        return self._link.back(self._level + self._kernel(scaled) @ self._weights)

    def mean(self, params: Mapping[str, Any]) -> float:
        """Score of a configuration."""
        return float(self.means(self._space.places(params)[None])[0])

    def _kernel(self, scaled: Floats) -> Floats:
        squares = (scaled**2).sum(axis=1)[:, None] + self._norms - 2 * scaled @ self._scaled.T
        return matern(np.maximum(squares, 0.0))


def matern(squares: Floats) -> Floats:
    """Covariance at squared distances, 1 at none."""
    five = 5 * squares
    root = np.sqrt(five)
    found: Floats = (1 + root + five / 3) * np.exp(-root)
    return found
