"""The default policy: zooming whose every scale is learnt from the study (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._estimates.active import means_in_value_units, net_of_arms
from .._estimates.conditioning import alike, alike_choices, profile
from .._estimates.leader import leader_of
from .._estimates.pooling import (
    Estimates,
    Groups,
    merge_neighbours,
    pooled_estimates,
    warped,
)
from .._estimates.rewards import RewardScale, noise_level
from .arms import Arms, Choices, FloatArray, History
from .categorical import ChoiceEstimates, arms_of_choices, estimate_choices
from .cells import free_cells, nearest
from .forecast import with_forecast
from .gaps import Edges, Gap, Gaps, beside, beyond_failures, gaps_between

# Standard deviation of pulls around the leader, units of axis: no place is tried twice, even where
# there is no noise. And how many places are looked at for one that no worker is at.
LEADER_SPREAD, PLACES = 0.003, 8

# A position that failed, of a discrete axis, is tried again only while this share of the survivors
# or less has failed for no known reason: more than bad luck would explain.
MOST_CRASHED = 0.5

# Fewer trials than this say too little of what is bad.
DEEP_FROM = 6

# Of one of several parameters nothing is known beforehand: neither end is likelier to be bad.
EVEN_EDGES = Edges(0.33, 0.33, 0.5, 0.0)
# Where nothing has been learnt yet the rates were too high: to the lower end at once.
RETREAT = Edges(1.0, 0.4, 1.0, 0.0)
# Workers that start together cannot wait for what a step upwards shows: they cover the range.
FIRST_WAVE = Edges(0.35, 0.7, 0.6, 0.15)


@dataclass(frozen=True)
class AdaptiveZooming:
    """Zooming that learns reward scale, noise and slope from the trials themselves.

    There is nothing to set: the fields are the constants of the algorithm, here for experiments
    and for the sensitivity benchmark.

    Args:
        floor_quantile: Rewards are 0 at this quantile of the values.
        depth: What a trial far below the floor loses, in rewards, once there are six (with one
            parameter): what is known to be bad need not be looked at again.
        prior_noise: Standard deviation of a reward expected before any trial.
        prior_strength: How many measured triples that expectation counts for.
        min_slope: Smallest Lipschitz constant, reward per unit of axis.
        optimism: How much steeper than seen the axis may be, in units of ``min_slope``.
        confidence: Factor on the confidence radius ``sigma * sqrt(2 ln(n + 1) / pulls)``.
        min_width: Smallest pooling width, units of axis.
        cliff: A jump between neighbours by more than this many ``sigma`` is no noise, and is not
            averaged over.
        lower_split: Where to split the gap at the lower end of the axis, fraction of its width
            from its arm.
        upper_split: The same at the upper end.
        end_split: The same at either end beside the best arm.
        upward: What is added to the index of the gap at the upper end, in rewards: a learning
            rate that is too high shows at once, and the best one is seldom far below it. This and
            the three splits hold for a single parameter.
        relaxed: How many relaxation times a training at the best rate lasts, by its own reports.
            The first trials go up to where it should do so; see :mod:`.forecast`.
        probe_every: One trial in so many splits the widest gap, whatever its index: the slope
            bound, learnt from what was seen, may be wrong about what was not. Several parameters
            take turns: a probe of all of them at once would have no good neighbour.
        mixing: Scale of the random part of the index on every axis but a trial's first, in rewards,
            divided by the square root of the trials. All axes see the same values, and without it
            they would walk along the diagonal together.
        share: On every axis but a trial's first this fraction of the trials counts, those whose
            parameters chosen before lie nearest to the trial's own.
        least: Number of trials that count at least.
        profile_slope: How steep the reward under the best values of the other parameters may be,
            reward per unit of axis, where there are several.
        jitter: Random displacement of a proposal, as a fraction of its gap.
        spacing: Least distance from a pending trial, units of axis.
        leader_from: From this many trials on, some pull the leader, the arm recommended so far
            (with one parameter).
        leader_every: One trial in so many does; the others challenge it.
        smoothing: Usual width of the smoothing that chooses the leader, units of axis.
        interval_noise: Standard deviation of a reward expected before any trial, for the
            confidence intervals; it counts as one measurement.
        caution: The leader maximises mean minus so many standard errors.
    """

    floor_quantile: float = 0.5
    depth: float = 0.7
    prior_noise: float = 0.02
    prior_strength: float = 3.0
    min_slope: float = 8.0
    optimism: float = 0.5
    confidence: float = 0.7
    min_width: float = 0.03
    cliff: float = 11.0
    lower_split: float = 0.33
    upper_split: float = 0.4
    end_split: float = 0.6
    upward: float = 0.15
    relaxed: float = 40.0
    probe_every: int = 13
    mixing: float = 1.0
    share: float = 0.5
    least: int = 6
    profile_slope: float = 32.0
    jitter: float = 0.025
    spacing: float = 0.012
    leader_from: int = 20
    leader_every: int = 2
    smoothing: float = 0.03
    interval_noise: float = 0.2
    caution: float = 0.5

    def propose(self, history: History, rng: np.random.Generator) -> float:
        """A point inside the most promising gap between arms, or beside the leader."""
        near = alike(history, self.share, self.least)
        if history.cells is None and self._leaders_turn(history):
            point = self._pull_of_leader(near, rng)
            if point is not None:
                return point
        if self._is_probe(history):
            place = beyond_failures(history)
            if place is not None:
                return place
        estimates = self._arms_and_pending(near)
        edges = Edges(self.lower_split, self.upper_split, self.end_split, self.upward)
        if history.n_parameters > 1:
            edges = EVEN_EDGES
        elif history.nothing_learnt:
            edges = RETREAT
        elif len(history.points) == 0:
            edges = FIRST_WAVE
        gaps = gaps_between(estimates, edges)
        if history.cells is not None:
            return self._free_cell(gaps, estimates, near, history, rng)
        if history.n_parameters == 1:
            gaps = with_forecast(gaps, history, self.relaxed, self.end_split)
        gap = beside(gaps, self._best_gap(gaps, history, rng), history.crashed)
        return self._inside(gap, rng)

    def _free_cell(
        self,
        gaps: Gaps,
        estimates: Estimates,
        near: History,
        history: History,
        rng: np.random.Generator,
    ) -> float:
        """A cell in the most promising gap that nobody near has tried, else the best arm."""
        cells = history.cells
        assert cells is not None
        tried = np.unique(cells.index(np.concatenate((near.points, history.unknown))))
        crashed = np.setdiff1d(cells.index(history.crashed), tried)
        # Where trials failed comes last, as it may have been bad luck, and not while many fail.
        few = len(history.crashed) <= MOST_CRASHED * len(history.points)
        for taken in (np.union1d(tried, crashed), tried)[: 1 + few]:
            found, free = free_cells(gaps, cells, taken)
            if len(found.index):
                best = self._best_gap(found, history, rng)
                gap = beside(found, best, history.crashed)
                cell = int(cells.index(np.array([self._inside(gap, rng)]))[0])
                return float(cells.centre(nearest(free[best], cell))[0])
        return _upper_bound_arm(estimates, rng)

    def _scale(self, history: History) -> RewardScale:
        alone = history.n_parameters == 1
        deep = alone and len(history.values) >= DEEP_FROM
        return RewardScale.of(history.values, self.floor_quantile, self.depth if deep else 0.0)

    def _leaders_turn(self, history: History) -> bool:
        n_trials = history.n_trials
        # On several axes at once it is a repeat of the same place: measured, no gain.
        alone = history.n_parameters == 1
        late = alone and n_trials >= self.leader_from and len(history.points) > 0
        return late and n_trials % self.leader_every == 0

    def _pull_of_leader(self, history: History, rng: np.random.Generator) -> float | None:
        """A free place beside the leader, ``None`` if workers are all over it.

        As in top-two sampling (Russo 2016) the leader takes turns with its challengers: it has to
        be told from them, and the best trial, the luckiest of all, should be one of its pulls.
        """
        rewards = self._scale(history).rewards(history.values)
        pool = self._pool(history.points, rewards)
        leader = pool.groups.points[self._leader(pool)]
        places = leader + LEADER_SPREAD * rng.standard_normal(PLACES)
        free = np.all(
            np.abs(places[:, None] - np.append(history.running, history.barred)) >= self.spacing,
            axis=1,
        )
        free &= (places >= 0.0) & (places <= 1.0)
        return float(places[np.argmax(free)]) if free.any() else None

    def _is_probe(self, history: History) -> bool:
        """Whether it is this axis's turn to look where nobody has been."""
        turn, rest = divmod(history.n_trials, self.probe_every)
        own_turn = (turn - history.rank) % history.n_parameters == 0
        return history.n_trials > 0 and rest == 0 and own_turn

    def _best_gap(self, gaps: Gaps, history: History, rng: np.random.Generator) -> int:
        n_trials = history.n_trials
        index = gaps.index
        if n_trials and history.rank > 0:
            noise = rng.gumbel(size=len(index))
            index = index + self.mixing / np.sqrt(n_trials) * noise
        if self._is_probe(history):
            return int(np.argmax(np.minimum(gaps.point - gaps.left, gaps.right - gaps.point)))
        distance = np.abs(gaps.point[:, None] - history.running)
        taken = np.any(distance < self.spacing, axis=1)
        # Far below every index, yet in order: somewhere to go when all gaps are taken.
        return int(np.argmax(np.where(taken, index - 1e6, index)))

    def _inside(self, gap: Gap, rng: np.random.Generator) -> float:
        """The gap's point, displaced a little so that workers that see the same study part."""
        shift = self.jitter * (gap.right - gap.left) * (2.0 * rng.random() - 1.0)
        return float(min(max(gap.point + shift, 0.0), 1.0))

    def _arms_and_pending(self, history: History) -> Estimates:
        """Estimates at every trial, the pending ones taken for arms that turn out as expected."""
        pending = np.sort(history.unknown)
        if len(history.points) == 0:
            flat = np.zeros(len(pending))
            return Estimates(pending, flat, flat, flat + self.min_slope)
        rewards = self._scale(history).rewards(history.values)
        if history.n_parameters > 1:
            rewards = profile(history.points, rewards, self.profile_slope)
        estimates = self._estimates(self._pool(history.points, rewards))
        if len(pending) == 0:
            return estimates
        at = np.searchsorted(estimates.points, pending)

        def with_expected(values: FloatArray, factor: float = 1.0) -> FloatArray:
            expected = factor * np.interp(pending, estimates.points, values)
            return np.insert(values, at, expected)

        return Estimates(
            points=np.insert(estimates.points, at, pending),
            means=with_expected(estimates.means),
            # Once it is finished its arm will be better known.
            radii=with_expected(estimates.radii, 0.5),
            slopes=with_expected(estimates.slopes),
        )

    def _pool(self, points: FloatArray, rewards: FloatArray) -> _Pool:
        sigma = noise_level(points, rewards, self.prior_noise, self.prior_strength)
        groups = merge_neighbours(points, rewards)
        places = warped(groups.points, groups.rewards, self.cliff * sigma, self.min_slope)
        return _Pool(groups, places, sigma)

    def _estimates(self, pool: _Pool) -> Estimates:
        """Estimates at every group of trials."""
        return pooled_estimates(
            pool.groups,
            pool.places,
            deviation=self._radius(pool.sigma, int(pool.groups.counts.sum())),
            min_slope=self.min_slope,
            optimism=self.optimism,
            min_width=self.min_width,
        )

    def _radius(self, sigma: float, n: int) -> float:
        """Confidence radius of a single pull among ``n``."""
        return float(self.confidence * sigma * np.sqrt(2.0 * np.log(n + 1.0)))

    def arms(self, history: History) -> Arms:
        """A set of arms none of which lies in another's ball, and whose balls hold all trials.

        The recommended arm is the leader: the trial around which the Gaussian-smoothed mean
        reward, less ``caution`` standard errors, is largest; from there on, the best pooled
        mean outside all balls is the next arm.
        """
        scale = self._scale(history)
        rewards = scale.rewards(history.values)
        pool = self._pool(history.points, rewards)
        estimates = self._estimates(pool)
        recommended = self._leader(pool)
        reach = estimates.radii / estimates.slopes
        active = net_of_arms(estimates, reach, recommended)
        places = warped(history.points, rewards, self.cliff * pool.sigma, self.min_slope)
        owner, means, errors = means_in_value_units(
            estimates.points[active], history, places, self.interval_noise * scale.width
        )
        return Arms(
            points=estimates.points[active],
            pulls=np.bincount(owner, minlength=len(active)),
            means=means,
            radii=scale.width * estimates.radii[active],
            reach=reach[active],
            errors=errors,
            recommended=int(np.flatnonzero(active == recommended)[0]),
        )

    def _leader(self, pool: _Pool) -> int:
        """Index of the leading group."""
        return leader_of(
            pool.groups,
            pool.places,
            sigma=pool.sigma,
            width=self.smoothing,
            caution=self.caution,
        )

    def choose(self, history: Choices, rng: np.random.Generator) -> int:
        """A choice nobody tried, else the one with the largest upper confidence bound."""
        untried = np.flatnonzero(history.pulls == 0)
        if len(untried):
            return int(rng.choice(untried))
        history = alike_choices(history, self.share, self.least)
        scale = RewardScale.of(history.values, self.floor_quantile)
        found = self._choice_estimates(history, scale)
        radius = self._radius(found.sigma, len(history.values)) / np.sqrt(history.pulls)
        index = found.means + radius
        return int(rng.choice(np.flatnonzero(index == index.max())))

    def choice_arms(self, history: Choices) -> Arms:
        """Every tried choice is an arm; its ball is itself."""
        scale = RewardScale.of(history.values, self.floor_quantile)
        found = self._choice_estimates(history, scale)
        return arms_of_choices(
            history, found, self._radius(found.sigma, len(history.values)), scale.width
        )

    def _choice_estimates(self, history: Choices, scale: RewardScale) -> ChoiceEstimates:
        return estimate_choices(
            history, scale.rewards(history.values), self.prior_noise, self.prior_strength
        )


@dataclass(frozen=True, eq=False)
class _Pool:
    """What estimates were pooled from: the groups, their warped places and the noise level."""

    groups: Groups
    places: FloatArray
    sigma: float


def _upper_bound_arm(estimates: Estimates, rng: np.random.Generator) -> float:
    """A point with the largest upper confidence bound: every cell has been visited."""
    index = estimates.means + estimates.radii
    return float(estimates.points[rng.choice(np.flatnonzero(index == index.max()))])
