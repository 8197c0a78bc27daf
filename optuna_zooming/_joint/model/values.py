"""Objective values <-> the levels that the process models: scaled, and compressed far below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._arrays import FloatArray
from .space import JointTrials

# The best fifth of the trials is told apart, without a few lucky ones: these quantiles are so far
# apart in levels, before these are scaled.
LOWER, UPPER, APART = 0.8, 0.95, 0.5
# A trial so many widths below the lower quantile is as bad as one that diverged.
DEPTH = 100.0
# More than so many widths above it, levels are compressed too: one value must not rule the scale.
LINEAR = 2.0
# Values that differ by no more last digits than this are equal.
ROUNDING = 8.0
# A standard deviation of so many levels says that nothing is known.
UNKNOWN = 1e3
# Levels beyond would leave the range of floats in the objective's units.
DEEPEST = 600.0


@dataclass(frozen=True)
class Levels:
    """A monotone map of values, oriented, to levels of mean 0 and standard deviation 1.

    For the best fifth of the trials a straight line; below, a logarithm that continues it: how bad
    a bad trial was does not matter, and a cliff far below the best does not rule the model there.

    Attributes:
        centre: Where the straight line begins, the lower quantile of the values.
        width: Unit of the straight line, in the objective's units.
        worst: Smallest value that counts; those below are taken for it, and diverged ones.
        shift, spread: Mean and standard deviation of the compressed values.
    """

    centre: float
    width: float
    worst: float
    shift: float = 0.0
    spread: float = 1.0

    @classmethod
    def of(cls, values: FloatArray) -> Levels | None:
        """The levels of values, (n,), of which one at least is finite.

        ``None`` where all of the finite ones are equal, but for rounding.
        """
        finite = values[np.isfinite(values)]
        centre, upper = (float(each) for each in np.quantile(finite, (LOWER, UPPER)))
        best, least = float(finite.max()), float(finite.min())
        # Where the best are equal, the distance of the others from them has to do.
        for low, high in ((centre, upper), (centre, best), (least, best)):
            if high - low > ROUNDING * np.spacing(max(abs(low), abs(high))):
                break
        else:
            return None
        width = (high - low) / APART
        raw = cls(centre, width, centre - DEPTH * width)
        # Sorted: the sums do not depend on the order of the trials.
        levels = raw.of_values(np.sort(values[~np.isnan(values)]))
        return cls(centre, width, raw.worst, float(levels.mean()), float(levels.std()))

    def of_values(self, values: FloatArray) -> FloatArray:
        """Values -> levels."""
        widths = self._widths(values)
        levels = np.clip(widths, 0.0, LINEAR)
        levels -= np.log1p(np.maximum(-widths, 0.0))
        levels += np.log1p(np.maximum(widths - LINEAR, 0.0))
        return np.asarray((levels - self.shift) / self.spread)

    def of_trials(self, trials: JointTrials) -> tuple[FloatArray, FloatArray]:
        """(levels, (n,); their variances, (n,)) of trials, of which none has NaN for its value."""
        return self.of_values(trials.values), self.of_errors(trials.errors, trials.values) ** 2

    def of_errors(self, errors: FloatArray, values: FloatArray) -> FloatArray:
        """Standard deviations around some values -> those around their levels."""
        widths = self._widths(values)
        beyond = np.maximum(-widths, 0.0) + np.maximum(widths - LINEAR, 0.0)
        with np.errstate(over="ignore"):
            levels = errors / self.width / self.spread / (1.0 + beyond)
        return np.asarray(np.minimum(levels, UNKNOWN))

    def values(self, levels: FloatArray) -> FloatArray:
        """Levels -> values."""
        raw = np.clip(levels * self.spread + self.shift, -DEEPEST, DEEPEST)
        widths = np.clip(raw, 0.0, LINEAR)
        widths -= np.expm1(np.maximum(-raw, 0.0))
        widths += np.expm1(np.maximum(raw - LINEAR, 0.0))
        with np.errstate(over="ignore"):
            return np.asarray(self.centre + self.width * widths)

    def _widths(self, values: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):
            widths = (np.maximum(values, self.worst) - self.centre) / self.width
        return np.asarray(np.clip(widths, -1e300, 1e300))
