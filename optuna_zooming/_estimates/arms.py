"""Active arms with their confidence balls (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

from .._arrays import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Arms:
    """Active arms as parallel arrays, sorted along the axis.

    Attributes:
        points: (n_arms,), unit axis.
        pulls: (n_arms,), finished trials per arm.
        complete: (n_arms,), those of them that ran to their end.
        diverged: (n_arms,), those of them that diverged.
        means: (n_arms,), mean of the oriented values; ``-inf`` where every pull diverged.
        errors: (n_arms,), standard errors of the means, in the values' units.
        radii: (n_arms,), confidence radius of the mean, in the values' units.
        reach: (n_arms,), radius of the confidence ball, in units of the axis.
        intervals: (n_arms, 2), ends of a 95 % confidence interval of the mean, in the values'
            units; infinite where nothing is known of the noise. It need not be narrower than the
            radius, which is learnt from all trials and steers the search.
        recommended: Index of the arm whose mean, less ``caution`` standard errors, is the best.
    """

    points: FloatArray
    pulls: IntArray
    complete: IntArray
    diverged: IntArray
    means: FloatArray
    errors: FloatArray
    radii: FloatArray
    reach: FloatArray
    intervals: FloatArray
    recommended: int

    def __len__(self) -> int:
        return len(self.points)
