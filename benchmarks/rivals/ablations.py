"""The default policy with one mechanism left out: a new one is one line of ABLATIONS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from optuna_zooming import AdaptiveZooming
from optuna_zooming._estimates.pooling import (
    Estimates,
    Pool,
    Pooling,
    confidence_radius,
    local_slopes,
)
from optuna_zooming._estimates.rewards import RewardScale, Scaling
from optuna_zooming._history import History


@dataclass(frozen=True)
class Ablation:
    """A mechanism, and the policy without it.

    Attributes:
        mechanism: What is left out, in words.
        constants: Constants of the default policy at the values at which it does nothing.
        build: Makes the policy where no constant turns the mechanism off; else None.
    """

    mechanism: str
    constants: Mapping[str, float] = field(default_factory=dict)
    build: Callable[[], AdaptiveZooming] | None = None

    def policy(self) -> AdaptiveZooming:
        """The default policy without the mechanism."""
        policy = (self.build or AdaptiveZooming)()
        return policy.with_constants(**self.constants) if self.constants else policy


class _WithoutReports(AdaptiveZooming):
    """Never told that every training so far only jumped about."""

    def propose(self, history: History, rng: np.random.Generator) -> float:
        return super().propose(replace(history, nothing_learnt=False), rng)


class _WorstAtZero(Scaling):
    """The worst value is a reward of 0, however far below the others it lies."""

    def of(self, history: History) -> RewardScale:
        finite = history.values[np.isfinite(history.values)]
        if len(finite) == 0:
            return super().of(history)
        return RewardScale(float(finite.min()), float(finite.max()))


class _CertainMeans(Pooling):
    """Every pooled mean is taken for certain."""

    def estimates(self, pool: Pool) -> Estimates:
        found = super().estimates(pool)
        return replace(found, radii=np.zeros(len(found.radii)))


class _SinglePulls(Pooling):
    """Every trial is an arm of its own, with its own reward for a mean."""

    def estimates(self, pool: Pool) -> Estimates:
        groups = pool.groups
        radii = np.full(len(groups.points), confidence_radius(pool.sigma, len(groups.points)))
        slopes = local_slopes(groups.points, groups.rewards, radii) + self.min_slope
        return Estimates(groups.points, groups.rewards, radii, slopes)


ABLATIONS: dict[str, Ablation] = {
    "floor": Ablation(
        "rewards are 0 at the median of the values, not at the worst",
        build=lambda: AdaptiveZooming(scaling=_WorstAtZero()),
    ),
    "depth": Ablation("what is far below the floor loses more than what is at it", {"depth": 0.0}),
    "prior": Ablation("noise is expected to be 2 % until it is measured", {"prior_noise": 1e-9}),
    "slope": Ablation("the axis is steeper than was seen", {"min_slope": 0.1}),
    "radius": Ablation("confidence radii", build=lambda: AdaptiveZooming(pooling=_CertainMeans())),
    "pooling": Ablation(
        "trials in one ball are averaged", build=lambda: AdaptiveZooming(pooling=_SinglePulls())
    ),
    "low-share": Ablation(
        "the axis and the gap at its lower end are split below the middle", {"low_share": 0.5}
    ),
    "jitter": Ablation("proposals are displaced at random", {"jitter": 0.0}),
    "retreat": Ablation(
        "where no training learnt anything, the lower end is next", build=_WithoutReports
    ),
}
"""By name; mechanisms that act with several parameters or workers only are not among them."""


def sampler_without(name: str) -> str:
    """The name under which a sampler without this mechanism is compared."""
    ablation = ABLATIONS[name]
    if ablation.build is not None:
        return f"zooming:without={name}"
    # Said in full: rows stay what they are called when a line of the table changes.
    return "zooming:" + ",".join(f"{key}={value!r}" for key, value in ablation.constants.items())
