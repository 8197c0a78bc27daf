"""The estimated mean along a parameter, as data of a figure."""

from __future__ import annotations

import math
from typing import NamedTuple

from .._study.arms import StudyCurve
from ._ranges import _Scale


class _CurvePoint(NamedTuple):
    """A value of the parameter, the mean there, and the ends of its band."""

    value: float
    mean: float
    low: float
    high: float

    def inside(self, scale: _Scale) -> _CurvePoint:
        """The point at heights that can be drawn: those far off a scale just outside of it."""
        return _CurvePoint(self.value, *(scale.near(each) for each in self[1:]))


class _Curve(NamedTuple):
    """The mean with its band, in the units of the parameter and of the objective.

    Attributes:
        values: Of the parameter, increasing.
        means: ``None`` breaks the curve.
        lows, highs: Ends of the band, infinite where nothing is known; ``None`` as above.
    """

    values: list[float]
    means: list[float | None]
    lows: list[float | None]
    highs: list[float | None]

    def means_between(self, left: float, right: float) -> list[float]:
        """The finite ones in a part of the axis."""
        return [
            mean
            for value, mean in zip(self.values, self.means)
            if left <= value <= right and mean is not None and math.isfinite(mean)
        ]

    def pieces(self) -> list[list[_CurvePoint]]:
        """The points of each unbroken piece."""
        pieces: list[list[_CurvePoint]] = [[]]
        for value, mean, low, high in zip(*self):
            if mean is None or low is None or high is None:
                pieces.append([])
            else:
                pieces[-1].append(_CurvePoint(value, mean, low, high))
        return [piece for piece in pieces if piece]


def _curve_of(found: StudyCurve | None, sign: float) -> _Curve | None:
    """A curve whose values are oriented; ``sign`` is -1 if the objective is minimised."""
    if found is None:
        return None
    curve = found.curve
    means, ends = sign * curve.means, (sign * curve.lows, sign * curve.highs)
    lows, highs = ends if sign > 0 else ends[::-1]
    return _Curve(
        found.values.tolist(), *([_known(y) for y in ys.tolist()] for ys in (means, lows, highs))
    )


def _known(value: float) -> float | None:
    # A minimised zero is no negative one.
    return None if math.isnan(value) else value + 0.0
