"""The trials from which means are estimated, and how noisy they are (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .._arrays import BoolArray, FloatArray, IntArray
from .places import place_of_each
from .rewards import triple_errors

# Only triples narrower than this tell noise from slope, units of axis; no farther away, and the
# nearest so many trials, since noise differs from place to place.
NOISE_SPAN, NOISE_NEIGHBOURS = 0.15, 12
# Repeats with so many degrees of freedom measure the noise without their neighbours.
ENOUGH_FREEDOM = 3.0
# Values of this size can still be doubled.
LARGEST = 1e307


@dataclass(frozen=True, eq=False)
class Sample:
    """The trials from which means are estimated.

    points: (n,), unit axis, increasing.
    values: (n,), finite.
    bounds: (n, 2), between which a value may lie that was not reached; the value twice if it was.
    diverged: (n,), whether a trial diverged, and its value is what that costs.
    scale: Range of the better half of the values; 0 if nothing tells them apart.
    floor: What a trial counts for at least, elsewhere than at its own place.
    relative_noise: Standard deviation of the noise expected before any trial, in fractions of the
        scale, or of how far a trial is below the best if that is more: what is far from the best
        differs more from seed to seed. It counts as one measurement, unless repeats measure the
        noise better.
    """

    points: FloatArray
    values: FloatArray
    bounds: FloatArray
    diverged: BoolArray
    scale: float
    floor: float
    relative_noise: float

    def without_diverged(self) -> Sample:
        """Those that did not diverge."""
        if not self.diverged.any():
            return self
        alive = ~self.diverged
        return replace(
            self,
            points=self.points[alive],
            values=self.values[alive],
            bounds=self.bounds[alive],
            diverged=self.diverged[alive],
        )

    @cached_property
    def reached(self) -> BoolArray:
        """(n,): whether a trial ended with its value."""
        ended: BoolArray = self.bounds[:, 0] == self.bounds[:, 1]
        return ended

    @cached_property
    def places(self) -> IntArray:
        """(n,): number of the place of each trial, increasing."""
        return place_of_each(self.points)

    @cached_property
    def _best(self) -> float:
        return float(self.values.max())

    @cached_property
    def ended(self) -> tuple[FloatArray, FloatArray]:
        """(points, values) of the trials that ended with their value."""
        return self.points[self.reached], self.values[self.reached]

    @cached_property
    def noise_of_repeats(self) -> tuple[float, float]:
        """(standard deviation of trials at one place, degrees of freedom), of all places together.

        Of trials that ended; 0 where none was repeated.
        """
        place = np.unique(self.places[self.reached], return_inverse=True)[1]
        counts = np.bincount(place)
        freedom = float(len(place) - len(counts))
        # Ratios: squares of huge values overflow.
        largest = float(np.abs(self.ended[1]).max(initial=0.0)) or 1.0
        values = self.ended[1] / largest
        residuals = values - (np.bincount(place, weights=values) / counts)[place]
        return largest * float(np.sqrt(np.sum(residuals**2) / max(freedom, 1.0))), freedom

    def noise_near(self, at: int) -> tuple[float, float]:
        """(standard deviation of the noise around a point, degrees of freedom behind it).

        From the nearest triples of trials that ended: noise is larger on a slope or beside a
        cliff than on the plateau. It is expected to be no smaller than between repeats.
        """
        # Halves: the difference of huge values overflows.
        below = 2.0 * min(self._best / 2 - self.values[at] / 2, LARGEST)
        prior = self.relative_noise * max(self.scale, below)
        measured, freedom = self.noise_of_repeats
        if freedom >= ENOUGH_FREEDOM:
            prior = max(prior, measured)
        points, values = self.ended
        apart = np.abs(points - self.points[at])
        nearest = np.sort(np.argsort(apart, kind="stable")[:NOISE_NEIGHBOURS])
        x, y = points[nearest], np.maximum(values[nearest], min(self.floor, self.values[at]))
        span = x[2:] - x[:-2]
        near = apart[nearest][1:-1] <= NOISE_SPAN
        middle = 1 + np.flatnonzero((span > 0) & (span < NOISE_SPAN) & near)
        if len(middle) == 0:
            return prior, 1.0
        errors = np.append(prior, triple_errors(x, y, middle))
        # The root of the mean square, without squares of huge values.
        largest = float(errors.max()) or 1.0
        return largest * float(np.sqrt(np.mean((errors / largest) ** 2))), float(len(errors))
