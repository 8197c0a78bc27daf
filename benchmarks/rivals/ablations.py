"""The default policy with one mechanism left out: a new one is one line of ABLATIONS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from optuna_zooming import AdaptiveZooming
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


ABLATIONS: dict[str, Ablation] = {
    "floor": Ablation(
        "rewards are 0 at the median of the values, not at the worst", {"floor_quantile": 0.0}
    ),
    "depth": Ablation("what is far below the floor loses more than what is at it", {"depth": 0.0}),
    "prior": Ablation("noise is expected to be 2 % until it is measured", {"prior_strength": 0.0}),
    "slope": Ablation("the axis is steeper than was seen", {"optimism": 0.0}),
    "radius": Ablation("confidence radii", {"confidence": 0.0}),
    "pooling": Ablation("trials closer than a width are averaged", {"min_width": 1e-9}),
    "cliff": Ablation("nothing is averaged over a cliff", {"cliff": float("inf")}),
    "ends": Ablation(
        "gaps at the ends are split nearer to their arm", {"lower_split": 0.5, "upper_split": 0.5}
    ),
    "upward": Ablation("the gap at the upper end is favoured", {"upward": 0.0}),
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
