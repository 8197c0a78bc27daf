"""The part of the axis around the recommended arm that a figure shows once more, larger."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from ..inspection import Arm
from ._axis import _Axis
from ._curve import _Curve
from ._points import _TrialPoint
from ._ranges import _Scale, _scale_of

# On a logarithmic axis a decade, but no more than this share of the range.
_LARGEST_SHARE = 1 / 3
# On a linear one a fifth of the range, or half of that where so many trials are in it.
_SHARE, _CROWD = 0.2, 30
# Less than so many trials, or so many of the values of a discrete axis, are legible as they are.
_LEAST_TRIALS, _LEAST_VALUES = 4, 4
# How much the recommended arm's interval may widen what the trials need, as a share of that.
_ROOM = 1.5


class _Detail(NamedTuple):
    """The second panel.

    Attributes:
        left, right: The part of the parameter's axis.
        scale: The vertical one, fitted to what lies there.
        points: The trials that are drawn there.
    """

    left: float
    right: float
    scale: _Scale
    points: list[_TrialPoint]


def _detail_of(
    axis: _Axis,
    points: Sequence[_TrialPoint],
    recommended: Arm,
    curve: _Curve | None,
    maximize: bool,
) -> _Detail | None:
    """The detail; ``None`` where it would say nothing new.

    Args:
        axis: Of the parameter.
        points: The trials.
        recommended: The recommended arm.
        curve: The estimated mean, where only that is to be shown: on a section the trials differ
            in other parameters as well.
        maximize: Whether large values are good.
    """
    if axis.choices is not None or axis.is_point:
        return None
    share = _share(axis)
    left, right = _window(axis, recommended.value, share)
    inside = [point for point in points if left <= point.param_value <= right]
    if not axis.is_log and len(inside) >= _CROWD:
        left, right = _window(axis, recommended.value, share / 2)
        inside = [point for point in inside if left <= point.param_value <= right]
    heights = [point.objective for point in inside if point.objective is not None]
    few_values = axis.n_values is not None and len({p.param_value for p in inside}) < _LEAST_VALUES
    if len(heights) < _LEAST_TRIALS or few_values:
        return None
    room: float | None = _ROOM
    if curve is not None:
        heights, room = [*curve.means_between(left, right), recommended.mean], None
    scale = _scale_of(heights, maximize, recommended.interval, room)
    return _Detail(left, right, scale, inside)


def _share(axis: _Axis) -> float:
    """Which share of the axis is shown."""
    decades = math.log10(axis.high / axis.low) if axis.is_log else 0.0
    return min(1.0 / decades, _LARGEST_SHARE) if decades >= 1.0 else _SHARE


def _window(axis: _Axis, value: float, share: float) -> tuple[float, float]:
    """The part of the axis around a value, moved inside of the range."""
    left = min(max(axis.position(value) - share / 2, 0.0), 1.0 - share)
    return axis.value(left), axis.value(left + share)
