"""Surfaces on the unit cube with a known optimum: a mean in [0, 1] that reaches both ends."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Point = NDArray[np.float64]
Surface = Callable[[Point], float]


def separable(optimum: Point, power: float) -> Surface:
    """Each parameter acts apart: 1 - mean of (distance / the farthest that there is) ** power."""
    farthest = np.maximum(optimum, 1 - optimum)

    def mean(x: Point) -> float:
        return float(1 - np.mean((np.abs(x - optimum) / farthest) ** power))

    return mean


def rotated_quadratic(optimum: Point, condition: float, rng: np.random.Generator) -> Surface:
    """A bowl on axes of its own; ``condition`` is the ratio of its largest to least curvature."""
    axes = _rotation(len(optimum), rng)
    curvatures = np.geomspace(1, condition, len(optimum))

    def depth(x: Point) -> float:
        return float(curvatures @ (axes @ (x - optimum)) ** 2)

    return _from_depth(depth, len(optimum))


def ridge(optimum: Point, slope_along: float, rng: np.random.Generator) -> Surface:
    """A sharp ridge across all axes that falls off slowly along itself.

    Args:
        optimum: Its highest point.
        slope_along: Slope away from the optimum as a fraction of that away from the ridge.
        rng: Draws the direction across it.
    """
    # No axis by itself: no component is small.
    across = rng.choice([-1.0, 1.0], len(optimum)) * (0.5 + rng.random(len(optimum)))
    across /= np.linalg.norm(across)

    def depth(x: Point) -> float:
        away = x - optimum
        return float(np.abs(across @ away) + slope_along * np.linalg.norm(away))

    return _from_depth(depth, len(optimum))


def one_important(optimum: Point, important: int) -> Surface:
    """One parameter decides (nine tenths, a peak of width 0.2), the others count a little."""
    others = np.arange(len(optimum)) != important

    def peak(u: float) -> float:
        return float(np.exp(-0.5 * ((u - optimum[important]) / 0.2) ** 2))

    lowest = min(peak(0.0), peak(1.0))
    rest = separable(optimum[others], 2.0)

    def mean(x: Point) -> float:
        decisive = (peak(float(x[important])) - lowest) / (1 - lowest)
        return 0.9 * decisive + 0.1 * rest(x[others])

    return mean


def hartmann6(order: NDArray[np.int64], flipped: NDArray[np.bool_]) -> Surface:
    """Hartmann's function of six parameters, divided by its maximum; six local maxima.

    Args:
        order: (6,), which parameter takes the place of which.
        flipped: (6,), whose axis is reversed.
    """

    def mean(x: Point) -> float:
        own = np.where(flipped, 1 - x, x)[order]
        exponents = (HARTMANN_A * (own - HARTMANN_P) ** 2).sum(axis=1)
        return float(HARTMANN_ALPHA @ np.exp(-exponents) / HARTMANN_MAXIMUM)

    return mean


HARTMANN_ALPHA = np.array([1.0, 1.2, 3.0, 3.2])
HARTMANN_A = np.array(
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
)
HARTMANN_P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)
HARTMANN_OPTIMUM = np.array([0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573])
HARTMANN_MAXIMUM = 3.32236801141551


def _from_depth(depth: Callable[[Point], float], n_parameters: int) -> Surface:
    """1 - depth / deepest, of a convex depth: its largest value lies at a corner."""
    corners = itertools.product([0.0, 1.0], repeat=n_parameters)
    deepest = max(depth(np.array(corner)) for corner in corners)
    return lambda x: 1 - depth(x) / deepest


def _rotation(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.linalg.qr(rng.standard_normal((n, n)))[0]
