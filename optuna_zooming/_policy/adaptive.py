"""The default policy: zooming whose every scale is learnt from the study (numpy only)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from .._estimates.active import means_of_arms, net_of_arms, trials_of
from .._estimates.arms import Arms
from .._estimates.choices import ChoiceEstimates, estimate_choices
from .._estimates.pooling import (
    Estimates,
    Pooling,
    confidence_radius,
)
from .._estimates.recommendation import FAR_APART, Recommendation
from .._estimates.rewards import RewardScale, Scaling
from .._estimates.similarity import Similarity
from .._history import Choices, History
from .._joint.branches import FEW_POSITIONS
from .._joint.search import JointSearch
from .arms import CAUTION
from .categorical import best_choice
from .index import Index
from .placement import Placement


@dataclass(frozen=True)
class AdaptiveZooming:
    """Zooming that learns reward scale, noise and slope from the trials themselves.

    Trials become rewards (``scaling``), rewards estimates at every trial (``pooling``), estimates
    the index of the gaps between arms (``index``), and the best gap the next point
    (``placement``). There is nothing to set: the steps' fields are the constants of the algorithm,
    here for experiments and for the sensitivity benchmark; see :meth:`with_constants`.

    Args:
        scaling: Values -> rewards.
        similarity: Which trials count where there are several parameters.
        pooling: Rewards -> mean, confidence radius and slope at every trial.
        index: Estimates -> upper bounds of the gaps.
        placement: Gaps -> the next point.
        recommendation: Which arm is recommended, and how sure its mean is.
        joint: When several parameters are chosen together, by a model of all of them.
    """

    scaling: Scaling = Scaling()
    similarity: Similarity = Similarity()
    pooling: Pooling = Pooling()
    index: Index = Index()
    placement: Placement = Placement()
    recommendation: Recommendation = Recommendation()
    joint: JointSearch = JointSearch()

    def constants(self) -> dict[str, float]:
        """Every constant by its name, whichever step it belongs to."""
        return {name: value for step in asdict(self).values() for name, value in step.items()}

    def with_constants(self, **changes: float) -> AdaptiveZooming:
        """The same policy with some constants changed, by their names.

        Raises:
            TypeError: If there is no constant of such a name.
        """
        known = self.constants()
        unknown = sorted(changes.keys() - known.keys())
        if unknown:
            raise TypeError(
                f"AdaptiveZooming has no constant {', '.join(unknown)}; it has {', '.join(known)}."
            )
        steps: dict[str, Any] = {
            step: replace(getattr(self, step), **{n: changes[n] for n in own if n in changes})
            for step, own in asdict(self).items()
        }
        return AdaptiveZooming(**steps)

    def propose(self, history: History, rng: np.random.Generator) -> float:
        """A point inside the most promising gap between arms."""
        cells = history.cells
        if cells is not None and cells.count <= FEW_POSITIONS and self._at_random(history, rng):
            return float(cells.centre(rng.integers(cells.count, size=1))[0])
        near = self.similarity.alike(history)
        estimates = self._estimates(near)
        gaps = self.index.gaps(estimates, history)
        return self.placement.point(gaps, estimates, near, history, rng)

    def _estimates(self, near: History) -> Estimates:
        """Estimates at every trial, and at the pending and the barred places."""
        unknown = np.sort(near.unknown)
        if len(near.points) == 0:
            return self.pooling.without_trials(unknown)
        rewards = self.scaling.of(near).rewards(near.values)
        pool = self.pooling.pool(near.points, self.similarity.profile(near, rewards))
        return self.pooling.estimates(pool).with_unknown(unknown)

    def arms(self, history: History, caution: float = CAUTION) -> Arms:
        """A set of arms none of which lies in another's ball, and whose balls hold all trials.

        The recommended arm comes first (see ``recommendation``); from there on, the best pooled
        mean outside all balls is the next arm.
        """
        history = history.in_order_of_values()
        scale = self.scaling.of(history)
        pool = self.pooling.pool(history.points, scale.rewards(history.values))
        estimates = self.pooling.estimates(pool)
        sample = self.recommendation.sample(history, scale)
        recommended = self.recommendation.arm(sample, trials_of(estimates.points, sample), caution)
        reach = estimates.radii / estimates.slopes
        active = net_of_arms(estimates, reach, recommended)
        points = estimates.points[active]
        return Arms(
            points=points,
            radii=scale.width * estimates.radii[active],
            reach=reach[active],
            recommended=int(np.flatnonzero(active == recommended)[0]),
            **means_of_arms(points, sample)._asdict(),
        )

    def choose(self, history: Choices, rng: np.random.Generator) -> int:
        """A choice nobody tried, else the one with the largest upper confidence bound."""
        untried = np.flatnonzero(history.pulls == 0)
        if len(untried):
            return int(rng.choice(untried))
        if self._at_random(history, rng):
            return int(rng.integers(history.count))
        near = self.similarity.alike_choices(history)
        found, radius = self._choice_estimates(near, self.scaling.of_choices(near))
        return best_choice(near, found, radius, rng)

    def _at_random(self, history: History | Choices, rng: np.random.Generator) -> bool:
        """Whether a choice is drawn, so that it does not walk together with another one."""
        return history.n_parameters > 1 and rng.random() < self.joint.random_choices

    def choice_arms(self, history: Choices, caution: float = CAUTION) -> Arms:
        """Every tried choice is an arm; its ball is itself."""
        scale = self.scaling.of_choices(history)
        _, radius = self._choice_estimates(history, scale)
        sample = self.recommendation.sample_of_choices(history, scale)
        tried = np.unique(sample.points)
        arms = means_of_arms(tried, sample)
        return Arms(
            points=tried / FAR_APART,
            radii=scale.width * radius / np.sqrt(arms.pulls),
            reach=np.zeros(len(tried)),
            recommended=self.recommendation.arm(sample, trials_of(tried, sample), caution),
            **arms._asdict(),
        )

    def _choice_estimates(
        self, history: Choices, scale: RewardScale
    ) -> tuple[ChoiceEstimates, float]:
        """(estimates, confidence radius of a single pull)."""
        rewards = scale.rewards(history.values)
        found = estimate_choices(history, rewards, self.pooling.prior_noise)
        return found, confidence_radius(found.sigma, len(rewards))
