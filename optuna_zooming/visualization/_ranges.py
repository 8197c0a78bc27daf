"""Which part of the plane a figure shows, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

# A value this many times further from the best than the worse quartile is drawn on the edge.
_OFF_SCALE = 10.0
# Losses that span so many orders of magnitude are shown on a logarithmic scale. Those that are
# worse than the others by a gap of as many have exploded.
_DECADES = 3.0
# Free space beyond the best and the worst value, as a share of what lies between them.
_MARGIN = 0.1
# An interval may widen the range by so much of it on either side.
_ROOM = 0.5


class _Scale(NamedTuple):
    """The vertical axis: what it shows, and whether it is logarithmic."""

    low: float
    high: float
    is_log: bool

    def inside(self, value: float) -> float:
        """The value, or the edge beyond which it lies; of infinities as well."""
        return min(max(value, self.low), self.high)

    def near(self, value: float) -> float:
        """The value, or one as far outside as the scale is wide."""
        if self.is_log:
            factor = self.high / self.low
            return min(max(value, self.low / factor), self.high * factor)
        width = self.high - self.low
        return min(max(value, self.low - width), self.high + width)

    def shows(self, value: float) -> bool:
        """Whether the value lies between the edges."""
        return self.low <= value <= self.high


def _scale_of(
    values: Sequence[float],
    maximize: bool,
    interval: tuple[float, float] | None = None,
    room: float | None = _ROOM,
) -> _Scale:
    """The scale that shows every value but the absurdly bad, with a margin.

    A learning rate past the cliff may give a finite loss of 1e30; to scale, all else were flat.

    Args:
        values: Finite ones, of trials.
        maximize: Whether large values are good.
        interval: Of the recommended arm, which is shown as well as far as there is room.
        room: How much it may add on either side, as a share of the range of the values;
            ``None`` for whatever it needs.
    """
    if not values:
        return _Scale(0.0, 1.0, False)
    if not maximize and min(values) > 0:
        low, high = _limits_of_logarithms([math.log10(value) for value in values])
        if high - low >= _DECADES:
            ends = [math.log10(end) if end > 0 else low for end in interval or ()]
            low, high = _widened((low, high), ends, room)
            # What can still be drawn.
            return _Scale(10.0 ** max(low, -300.0), 10.0 ** min(high, 300.0), True)
    return _Scale(*_widened(_limits(values, maximize), interval or (), room), False)


def _limits_of_logarithms(values: Sequence[float]) -> tuple[float, float]:
    """(lowest, highest) logarithm of losses that have not exploded."""
    ordered = sorted(values)
    for i in range(len(ordered) // 4, len(ordered) - 1):
        if ordered[i + 1] - ordered[i] > _DECADES:
            return ordered[0], ordered[i]
    return ordered[0], ordered[-1]


def _limits(values: Sequence[float], maximize: bool) -> tuple[float, float]:
    """(lowest, highest) value but for those that are off the scale."""
    sign = 1.0 if maximize else -1.0
    oriented = sorted(sign * value for value in values)
    best, quartile = oriented[-1], oriented[len(oriented) // 4]
    lowest = best - _OFF_SCALE * (best - quartile)
    # Where three quarters are at the best value itself, they say nothing of the spread.
    worst = oriented[0] if lowest == best else next(each for each in oriented if each >= lowest)
    low, high = sorted((sign * worst, sign * best))
    return low, high


def _widened(
    ends: tuple[float, float], interval: Sequence[float], room: float | None
) -> tuple[float, float]:
    """The ends with an interval, as far as there is room, and a margin."""
    low, high = ends
    reach = math.inf if room is None else room * (high - low)
    if interval and all(map(math.isfinite, interval)):
        low = max(min(low, interval[0]), low - reach)
        high = min(max(high, interval[1]), high + reach)
    margin = _MARGIN * (high - low) or _MARGIN * max(abs(low), abs(high)) or 1.0
    return low - margin, high + margin
