"""The zooming algorithm as the paper writes it (numpy only).

Source: arXiv 2409.09783, after Kleinberg, Slivkins and Upfal (STOC 2008); Slivkins,
*Introduction to Multi-Armed Bandits*, chapter 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from .._arrays import FloatArray, IntArray
from .._estimates.arms import Arms
from .._history import Cells, Choices, History
from .arms import CAUTION
from .covering import confidence_radius, uncovered_intervals


@dataclass(frozen=True)
class TextbookZooming:
    """The paper's zooming algorithm, exact.

    While some point of the axis is covered by no active arm's confidence ball, one such point is
    activated and pulled at once; otherwise the arm with the largest index
    ``mean + 2 * radius`` is pulled again. The radius is ``scale * sqrt(2 ln T / (n + 1))``, and
    the ball of an arm holds all points within its radius.

    Rewards are taken as they are when every oriented value lies in [0, 1] (maximised) or
    [-1, 0] (minimised values in [0, 1], as ``1 - value``); otherwise they are rescaled by the
    smallest and largest value seen. A diverged trial has reward 0.

    With ``scale=1`` the balls are so large that 20 pulls activate about two arms: use the
    default policy for tuning, and this one for comparison with the paper.

    Args:
        horizon: ``T``, the number of pulls the radius is made for, at least 2. After ``T``
            pulls the policy goes on with the same ``T``.
        scale: Factor on the radius, positive; 1 is the paper's.

    Raises:
        TypeError: If ``horizon`` is not an integer or ``scale`` not a real number.
        ValueError: If ``horizon`` is below 2, or ``scale`` is not positive and finite.
    """

    horizon: int
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.horizon, Integral) or isinstance(self.horizon, bool):
            raise TypeError(
                f"horizon must be an integer (the number of pulls), got {self.horizon!r}."
            )
        if self.horizon < 2:
            raise ValueError(
                f"horizon must be at least 2, got {self.horizon}: give the number of trials."
            )
        if not isinstance(self.scale, Real) or isinstance(self.scale, bool):
            raise TypeError(f"scale must be a real number, got {self.scale!r}.")
        if not (self.scale > 0 and math.isfinite(self.scale)):
            raise ValueError(
                f"scale must be positive and finite, got {self.scale}: 1.0 is the paper's."
            )

    @property
    def joint(self) -> None:
        """The paper has a single axis: every parameter is chosen for itself."""
        return None

    def propose(self, history: History, rng: np.random.Generator) -> float:
        """An uncovered point if there is one, else the point with the largest index."""
        points, pulls, means = _pulled_arms(history.points, history.values, history.pending)
        radii = confidence_radius(pulls, self.horizon, self.scale)
        holes = uncovered_intervals(points, radii)
        activated = _point_inside(holes, history.cells, rng)
        if activated is not None:
            return activated
        return float(points[np.argmax(means + 2.0 * radii)])

    def choose(self, history: Choices, rng: np.random.Generator) -> int:
        """An uncovered choice if there is one, else the one with the largest index."""
        active, pulls, means = _pulled_arms(history.chosen, history.values, history.pending)
        radii = confidence_radius(pulls, self.horizon, self.scale)
        inactive = np.setdiff1d(np.arange(history.count), active)
        # Discrete metric: all choices are at distance 1, so one ball of radius 1 covers them all.
        if len(inactive) and not np.any(radii >= 1.0):
            return int(rng.choice(inactive))
        return int(active[np.argmax(means + 2.0 * radii)])

    def arms(self, history: History, caution: float = CAUTION) -> Arms:
        """The pulled arms; their ball radii are their confidence radii."""
        return self._arms(history.points, history, caution)

    def choice_arms(self, history: Choices, caution: float = CAUTION) -> Arms:
        """The pulled choices; a ball's radius of 1 or more holds every other choice."""
        return self._arms(history.chosen, history, caution)

    def _arms(
        self, places: FloatArray | IntArray, history: History | Choices, caution: float
    ) -> Arms:
        values = history.values
        low, width = _reward_scale(values)
        points, pulls, means = _pulled_arms(places, values, places[:0])
        radii = confidence_radius(pulls, self.horizon, self.scale)
        of_trial = np.searchsorted(points, places)
        diverged = ~np.isfinite(values)
        lost = np.bincount(of_trial[diverged], minlength=len(points))
        alive = lost < pulls
        ended = history.reached & ~diverged
        # Of the paper's Hoeffding bound for rewards in [0, 1], at 95 %.
        half_widths = np.sqrt(np.log(2.0 / 0.05) / (2.0 * pulls))
        return Arms(
            points=points,
            pulls=pulls,
            complete=np.bincount(of_trial[ended], minlength=len(points)),
            diverged=lost,
            means=np.where(alive, low + width * means, -np.inf),
            # The paper compares arms by their confidence radii.
            errors=width * radii,
            radii=width * radii,
            reach=radii,
            intervals=low + width * np.column_stack((means - half_widths, means + half_widths)),
            recommended=int(np.argmax(np.where(alive, means - caution * radii, -np.inf))),
        )


def textbook_rewards(values: FloatArray) -> FloatArray:
    """Oriented values -> rewards in [0, 1], shape (n,); diverged trials (``-inf``) get 0."""
    low, width = _reward_scale(values)
    finite = np.isfinite(values)
    rewards = np.zeros(len(values))
    # Halved so that the difference of two huge values stays finite.
    rewards[finite] = (values[finite] / 2.0 - low / 2.0) / (width / 2.0)
    return np.clip(rewards, 0.0, 1.0)


def _reward_scale(values: FloatArray) -> tuple[float, float]:
    """(value of reward 0, value of reward 1 minus value of reward 0); the latter is positive."""
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if low >= 0.0 and high <= 1.0:
        return 0.0, 1.0
    if low >= -1.0 and high <= 0.0:
        return -1.0, 1.0
    largest = float(np.finfo(np.float64).max)
    if low == high:
        return max(low - abs(low), -largest), abs(low)
    return low, min(high - low, largest)


def _pulled_arms(
    places: FloatArray | IntArray, values: FloatArray, pending: FloatArray | IntArray
) -> tuple[FloatArray, IntArray, FloatArray]:
    """(points, pulls, mean rewards) of the distinct places, shape (n_arms,) each.

    A pending pull makes its place an arm, so that a second worker activates another one; it
    counts as a pull, and does not change the mean.
    """
    rewards = textbook_rewards(values)
    points, arm_of = np.unique(np.concatenate((places, pending)), return_inverse=True)
    finished = arm_of[: len(rewards)]
    n_finished = np.bincount(finished, minlength=len(points))
    totals = np.bincount(finished, weights=rewards, minlength=len(points))
    pulls = np.bincount(arm_of, minlength=len(points))
    return points.astype(np.float64), pulls, totals / np.maximum(n_finished, 1)


def _point_inside(holes: FloatArray, cells: Cells | None, rng: np.random.Generator) -> float | None:
    """A point drawn uniformly from the open intervals ``holes``, (n, 2); ``None`` if there is none.

    On a discrete axis, a cell whose centre lies in a hole.
    """
    if cells is not None:
        # The cells nearest to a hole's ends may lie just outside it.
        first, last = cells.index(holes[:, 0]), cells.index(holes[:, 1])
        first = first + (cells.centre(first) <= holes[:, 0]) * (holes[:, 0] > 0)
        last = last - (cells.centre(last) >= holes[:, 1]) * (holes[:, 1] < 1)
        sizes = np.maximum(last - first + 1, 0).astype(np.float64)
        if not sizes.any():
            return None
        hole = int(rng.choice(len(holes), p=sizes / sizes.sum()))
        cell = rng.integers(first[hole], last[hole], endpoint=True)
        return float(cells.centre(np.array([cell]))[0])
    if len(holes) == 0:
        return None
    widths = holes[:, 1] - holes[:, 0]
    hole = int(rng.choice(len(holes), p=widths / widths.sum()))
    # Away from the ends, which rounding could put inside a ball again.
    return float(holes[hole, 0] + (0.05 + 0.9 * rng.random()) * widths[hole])
