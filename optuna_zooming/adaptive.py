"""The default policy: zooming whose every scale is learnt from the study (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optuna_zooming.arms import Arms, Choices, FloatArray, History, IntArray
from optuna_zooming.gaps import Gaps, gaps_between, unvisited
from optuna_zooming.pooling import (
    Estimates,
    gaussian_weights,
    merge_neighbours,
    pooled_estimates,
)
from optuna_zooming.rewards import RewardScale, noise_level


@dataclass(frozen=True)
class AdaptiveZooming:
    """Zooming that learns reward scale, noise and slope from the trials themselves.

    There is nothing to set. The fields are the constants of the algorithm.

    Args:
        floor_quantile: Rewards are 0 up to this quantile of the values.
        prior_noise: Standard deviation of a reward expected before any trial.
        prior_strength: How many measured triples that expectation counts for.
        min_slope: Smallest Lipschitz constant, reward per unit of axis.
        confidence: Factor on the confidence radius ``sigma * sqrt(2 ln(n + 1) / pulls)``.
        kernel: Pooling width in units of the ball radius.
        min_width: Smallest pooling width, units of axis.
        jitter: Random displacement of a proposal, as a fraction of its gap.
        smoothing: Pooling width of the recommendation, units of axis.
    """

    floor_quantile: float = 0.3
    prior_noise: float = 0.02
    prior_strength: float = 3.0
    min_slope: float = 8.0
    confidence: float = 0.7
    kernel: float = 0.7
    min_width: float = 0.03
    jitter: float = 0.05
    smoothing: float = 0.04

    def propose(self, history: History, rng: np.random.Generator) -> float:
        """The most promising point of the most promising gap between arms."""
        estimates = self._with_pending(self._estimates(history), history.pending)
        gaps = gaps_between(estimates)
        if history.cells is None:
            return self._inside(gaps, int(np.argmax(gaps.index)), rng)
        gaps, first, last = unvisited(gaps, history.cells)
        if len(gaps.index) == 0:
            return _upper_bound_arm(estimates, rng)
        best = int(np.argmax(gaps.index))
        cell = history.cells.index(np.array([self._inside(gaps, best, rng)]))
        return float(history.cells.centre(np.clip(cell, first[best], last[best]))[0])

    def _inside(self, gaps: Gaps, gap: int, rng: np.random.Generator) -> float:
        """The gap's point, displaced a little so that workers that see the same study part."""
        width = gaps.right[gap] - gaps.left[gap]
        shift = self.jitter * width * (2.0 * rng.random() - 1.0)
        return float(min(max(gaps.point[gap] + shift, 0.0), 1.0))

    def _estimates(self, history: History) -> Estimates:
        points = history.points
        if len(points) == 0:
            return Estimates(*(np.empty(0) for _ in range(6)))
        rewards = RewardScale.of(history.values, self.floor_quantile).rewards(history.values)
        return self._pooled(points, rewards)

    def _pooled(self, points: FloatArray, rewards: FloatArray) -> Estimates:
        sigma = noise_level(points, rewards, self.prior_noise, self.prior_strength)
        return pooled_estimates(
            merge_neighbours(points, rewards),
            deviation=self.confidence * sigma * np.sqrt(2.0 * np.log(len(points) + 1.0)),
            min_slope=self.min_slope,
            kernel=self.kernel,
            min_width=self.min_width,
        )

    def _with_pending(self, estimates: Estimates, pending: FloatArray) -> Estimates:
        """The estimates with every pending trial as an arm that is expected to be nothing new."""
        if len(pending) == 0:
            return estimates
        if len(estimates.points) == 0:
            flat = np.zeros(len(pending))
            return Estimates(
                np.sort(pending), flat, flat, flat + self.min_slope, flat + self.min_width, flat
            )
        at = np.searchsorted(estimates.points, np.sort(pending))

        def inserted(values: FloatArray, factor: float = 1.0) -> FloatArray:
            expected = factor * np.interp(np.sort(pending), estimates.points, values)
            return np.insert(values, at, expected)

        return Estimates(
            points=np.insert(estimates.points, at, np.sort(pending)),
            means=inserted(estimates.means),
            # Once it is finished its arm will be better known.
            radii=inserted(estimates.radii, 0.5),
            slopes=inserted(estimates.slopes),
            widths=inserted(estimates.widths),
            pulls=inserted(estimates.pulls),
        )

    def choose(self, history: Choices, rng: np.random.Generator) -> int:
        """A choice nobody tried, else the one with the largest upper confidence bound."""
        tried = np.bincount(
            np.concatenate((history.chosen, history.pending)), minlength=history.count
        )
        untried = np.flatnonzero(tried == 0)
        if len(untried):
            return int(rng.choice(untried))
        rewards = RewardScale.of(history.values, self.floor_quantile).rewards(history.values)
        _, means, sigma = self._choice_means(history, rewards)
        radius = self._radius(sigma, len(rewards)) / np.sqrt(tried)
        index = means + radius
        return int(rng.choice(np.flatnonzero(index == index.max())))

    def _radius(self, sigma: float, n: int) -> float:
        """Confidence radius of a single pull among ``n``."""
        return float(self.confidence * sigma * np.sqrt(2.0 * np.log(n + 1.0)))

    def _choice_means(
        self, history: Choices, rewards: FloatArray
    ) -> tuple[IntArray, FloatArray, float]:
        """(pulls, mean rewards) per choice, (count,) each, and the standard deviation within."""
        pulls = np.bincount(history.chosen, minlength=history.count)
        totals = np.bincount(history.chosen, weights=rewards, minlength=history.count)
        means = totals / np.maximum(pulls, 1)
        squares = float(np.sum((rewards - means[history.chosen]) ** 2))
        freedom = max(len(rewards) - int(np.count_nonzero(pulls)), 0)
        prior = self.prior_strength * self.prior_noise**2
        return pulls, means, float(np.sqrt((prior + squares) / (self.prior_strength + freedom)))

    def choice_arms(self, history: Choices) -> Arms:
        """Every tried choice is an arm; its ball is itself."""
        scale = RewardScale.of(history.values, self.floor_quantile)
        pulls, means, sigma = self._choice_means(history, scale.rewards(history.values))
        tried = np.flatnonzero(pulls)
        finite = np.where(np.isfinite(history.values), history.values, 0.0)
        alive = np.bincount(
            history.chosen, weights=np.isfinite(history.values), minlength=history.count
        )
        totals = np.bincount(history.chosen, weights=finite, minlength=history.count)
        with np.errstate(invalid="ignore", divide="ignore"):
            values = np.where(alive > 0, totals / alive, -np.inf)
        spread = sigma * scale.width / np.sqrt(pulls[tried])
        radii = self._radius(1.0, len(history.values)) * spread
        return Arms(
            points=tried.astype(np.float64),
            pulls=pulls[tried],
            means=values[tried],
            radii=radii,
            reach=np.zeros(len(tried)),
            errors=1.96 * spread,
            recommended=int(np.argmax(means[tried] - self._radius(sigma, len(history.values)) / np.sqrt(pulls[tried]))),
        )

    def arms(self, history: History) -> Arms:
        """A set of arms none of which lies in another's ball, and whose balls hold all trials.

        The recommended arm is the trial around which the Gaussian-smoothed mean reward is
        largest; from there on, the best pooled mean outside all balls is the next arm.
        """
        scale = RewardScale.of(history.values, self.floor_quantile)
        rewards = scale.rewards(history.values)
        estimates = self._pooled(history.points, rewards)
        smooth = np.full(len(estimates.points), self.smoothing)
        weights = gaussian_weights(estimates.points, history.points, smooth)
        recommended = int(np.argmax(weights @ rewards / weights.sum(axis=1)))
        reach = estimates.radii / estimates.slopes
        active = _net(estimates, reach, recommended)
        owner = np.abs(history.points[:, None] - estimates.points[None, active]).argmin(axis=1)
        pulls = np.bincount(owner, minlength=len(active))
        alive = np.isfinite(history.values)
        finite = weights[active] * alive
        mass = finite.sum(axis=1)
        # An arm whose own pulls all diverged has no mean, however good its neighbours are.
        dead = np.bincount(owner, weights=alive, minlength=len(active)) == 0
        means = finite @ np.where(alive, history.values, 0.0) / np.where(dead, 1.0, mass)
        effective = mass**2 / np.where(dead, 1.0, (finite**2).sum(axis=1))
        sigma = noise_level(history.points, rewards, self.prior_noise, self.prior_strength)
        return Arms(
            points=estimates.points[active],
            pulls=pulls,
            means=np.where(dead, -np.inf, means),
            radii=scale.width * estimates.radii[active],
            reach=reach[active],
            errors=1.96 * sigma * scale.width / np.sqrt(np.maximum(effective, 1.0)),
            recommended=int(np.flatnonzero(active == recommended)[0]),
        )

    def recommended_point(self, u, y):
        a = self.arms(History(u, y, np.empty(0)))
        return a.points[a.recommended]


def _net(estimates: Estimates, reach: FloatArray, first: int) -> IntArray:
    """Indices of the active arms, increasing: greedy by pooled mean, starting with ``first``."""
    points = estimates.points
    covered = np.zeros(len(points), dtype=np.bool_)
    active = []
    for candidate in np.append(first, np.argsort(-estimates.means, kind="stable")):
        if not covered[candidate]:
            active.append(candidate)
            covered |= np.abs(points - points[candidate]) <= reach[candidate]
            covered[candidate] = True
    return np.sort(np.array(active, dtype=np.int64))


def _upper_bound_arm(estimates: Estimates, rng: np.random.Generator) -> float:
    """A point with the largest upper confidence bound: every cell has been visited."""
    index = estimates.means + estimates.radii
    return float(estimates.points[rng.choice(np.flatnonzero(index == index.max()))])
