"""Landscapes on the unit axis with a known optimum: a mean in [0, 1] that reaches both ends.

Each is built around an ``optimum``; the numbers are fractions of the axis unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Landscape = Callable[[Points], Points]


def learning_rate_like(optimum: float, *, width: float = 1.0) -> Landscape:
    """Dead plateau, steep rise, slow decline and a cliff 0.12 beyond the optimum.

    Args:
        optimum: Where it is.
        width: Stretches all of that around the optimum.
    """

    def logistic(u: Points) -> Points:
        # Far down on the plateau the exponent would overflow.
        steps = np.minimum((optimum - 0.25 * width - u) / (0.06 * width), 500)
        return 1 / (1 + np.exp(steps))

    def mean(u: Points) -> Points:
        bottom, top = logistic(np.array([-1.0, optimum]))
        rise = (logistic(u) - bottom) / (top - bottom)
        decline = 1 - 12 * ((u - optimum) / width) ** 2
        beyond = np.where(u < optimum + 0.12 * width, decline, 0)
        return np.where(u <= optimum, np.maximum(rise, 0), beyond)

    return mean


def two_peaks(optimum: float) -> Landscape:
    """The peak at the optimum (height 1, half width 0.1) and a broader one of 0.85 half an axis
    away (half width 0.2)."""
    other = optimum + 0.5 if optimum < 0.5 else optimum - 0.5

    def mean(u: Points) -> Points:
        return np.maximum(_tent(u, optimum, 0.1), 0.85 * _tent(u, other, 0.2))

    return mean


def narrow_peak(optimum: float) -> Landscape:
    """A broad hill of height 0.5 that carries a needle 0.1 decade wide on an axis of 6 decades."""

    def mean(u: Points) -> Points:
        return 0.5 * _tent(u, optimum, 0.5) + 0.5 * _tent(u, optimum, 0.1 / 6)

    return mean


def edge(optimum: float) -> Landscape:
    """Exponential decay away from the optimum, for optima at 0 and 1."""

    def mean(u: Points) -> Points:
        far = np.exp(-1 / 0.2)
        return np.asarray((np.exp(-np.abs(u - optimum) / 0.2) - far) / (1 - far))

    return mean


def cliff_beside(optimum: float) -> Landscape:
    """A rise to the optimum, and nothing at all beyond it."""

    def mean(u: Points) -> Points:
        return np.where(u <= optimum, np.maximum(1 - (optimum - u) / 0.4, 0), 0.0)

    return mean


def flat_plateau(optimum: float) -> Landscape:
    """Exactly flat except for a tent of half width 0.15."""

    def mean(u: Points) -> Points:
        return _tent(u, optimum, 0.15)

    return mean


def monotone(optimum: float) -> Landscape:
    """The straight line that rises towards the optimum's end of the axis, 0 or 1."""

    def mean(u: Points) -> Points:
        return u if optimum == 1 else 1 - u

    return mean


def _tent(u: Points, centre: float, half_width: float) -> Points:
    return np.maximum(1 - np.abs(u - centre) / half_width, 0)
