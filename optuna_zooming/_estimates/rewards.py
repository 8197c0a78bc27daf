"""Objective values -> rewards of at most 1, and how noisy they are (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import FloatArray, IntArray, median
from .._history import Choices, History

MAX_TRIPLES = 512
# Fewer trials than this say too little of what is bad.
DEEP_FROM = 6


@dataclass(frozen=True)
class RewardScale:
    """The affine map from oriented values to rewards: 0 at ``floor``, 1 at ``top``.

    Whatever is worth less than ``-depth`` is worth that, so that a cliff does not blow up slopes.
    """

    floor: float
    top: float
    depth: float = 0.0

    @classmethod
    def of(cls, values: FloatArray, depth: float = 0.0) -> RewardScale:
        """The scale of a study.

        ``top`` is the best value seen, ``floor`` the (lower) median of all values, divergence
        counted as the worst, so a cliff does not blow up the scale; as trials gather near the top
        the median rises, and the scale zooms in by itself. With fewer than three values, or
        where the median reaches the top, the floor is the worst finite value.
        """
        finite = values[np.isfinite(values)]
        if len(finite) == 0:
            return cls(0.0, 0.0)
        top, floor = float(finite.max()), float(finite.min())
        if len(values) >= 3:
            rank = (len(values) - 1) // 2
            candidate = float(np.partition(values, rank)[rank])
            if floor < candidate < top:
                floor = candidate
        return cls(floor, top, depth)

    @property
    def width(self) -> float:
        """Value units per reward; 0 when all values are equal."""
        return min(self.top - self.floor, float(np.finfo(np.float64).max))

    def rewards(self, values: FloatArray) -> FloatArray:
        """Rewards in [-depth, 1], (n,); equal ones where nothing tells the values apart."""
        half_width = self.top / 2 - self.floor / 2
        if half_width == 0:
            # All finite values are equal, and better than divergence.
            return np.isfinite(values).astype(np.float64)
        # Halves: the difference of huge values overflows. A quotient that does is clipped.
        with np.errstate(over="ignore"):
            scaled = (values / 2 - self.floor / 2) / half_width
        return np.clip(scaled, -self.depth, 1.0)


@dataclass(frozen=True)
class Scaling:
    """The scale on which the trials of a study are rewards.

    Args:
        depth: What a trial far below the floor loses, in rewards, once there are six (with one
            parameter): what is known to be bad need not be looked at again.
    """

    depth: float = 0.7

    def of(self, history: History) -> RewardScale:
        """The scale of the trials of a numeric parameter."""
        deep = history.n_parameters == 1 and len(history.values) >= DEEP_FROM
        return RewardScale.of(history.values, self.depth if deep else 0.0)

    def of_choices(self, history: Choices) -> RewardScale:
        """The scale of the trials of a categorical parameter."""
        return RewardScale.of(history.values)


def noise_level(points: FloatArray, rewards: FloatArray, prior: float) -> float:
    """Standard deviation of a reward around its mean, by :func:`triple_deviation`.

    Shrunk to ``prior``, which counts as one triple.

    Args:
        points: (n,), increasing.
        rewards: (n,); triples around a reward of at most 0 are left out: noise matters at the top.
        prior: Standard deviation expected before any trial.
    """
    # Every so-manieth triple of a long study tells as much.
    middle = np.arange(1, len(points) - 1, 1 + len(points) // MAX_TRIPLES)
    span = points[middle + 1] - points[middle - 1]
    usable = (span > 0) & (rewards[middle] > 0)
    if not usable.any():
        return prior
    measured, n_used = triple_deviation(points, rewards, middle[usable])
    variance = (prior**2 + n_used * measured**2) / (1 + n_used)
    return float(np.sqrt(variance))


def triple_deviation(points: FloatArray, values: FloatArray, middle: IntArray) -> tuple[float, int]:
    """(standard deviation of the noise, number of triples it was measured on).

    By the median of :func:`triple_errors`, which ignores kinks.

    Args:
        points: (n,), increasing.
        values: (n,), in any unit; the deviation is in the same.
        middle: (m,), m at least 1: the middles of the triples, whose outer points must differ.
    """
    errors = triple_errors(points, values, middle)
    # 1.4826: a median absolute deviation -> the standard deviation of a normal.
    return 1.4826 * median(errors), len(errors)


def triple_errors(points: FloatArray, values: FloatArray, middle: IntArray) -> FloatArray:
    """How far values are from the line through their two neighbours, as noise of one value.

    What is left is noise where the neighbours are near, so only the narrower half of the triples
    is used, of which there is one at least.

    Args:
        points, values, middle: As in :func:`triple_deviation`.
    """
    span = points[middle + 1] - points[middle - 1]
    a = (points[middle + 1] - points[middle]) / span
    residual = values[middle] - a * values[middle - 1] - (1 - a) * values[middle + 1]
    errors = np.abs(residual) / np.sqrt(1 + a**2 + (1 - a) ** 2)
    n_used = (len(errors) + 1) // 2
    narrow: FloatArray = errors[np.argpartition(span, n_used - 1)[:n_used]]
    return narrow
