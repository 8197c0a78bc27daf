"""What is known of a mean (numpy only)."""

from __future__ import annotations

from typing import NamedTuple


class Interval(NamedTuple):
    """A mean, how far it may be off by one standard error, and its 95 % confidence interval.

    The interval is infinite where nothing is known of the noise.
    """

    mean: float
    error: float
    low: float
    high: float
