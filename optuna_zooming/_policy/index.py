"""Estimates -> gaps between arms with their index: how the two ends of the axis are treated."""

from __future__ import annotations

from dataclasses import dataclass

from .._estimates.pooling import Estimates
from .._history import History
from .gaps import Edges, Gaps, gaps_between

# Of one of several parameters nothing is known beforehand: neither end is likelier to be bad.
EVEN_EDGES = Edges(0.33, 0.33)
# Where nothing has been learnt yet the rates were too high: to the lower end at once.
RETREAT = Edges(1.0, 0.4)


@dataclass(frozen=True)
class Index:
    """How good the best point of each gap might be, and where the gap would be split.

    Args:
        lower_split: Where to split the gap at the lower end of a single parameter's axis, fraction
            of its width from its arm.
        upper_split: The same at the upper end.
        upward: What is added to the index of the gap at the upper end, in rewards: a learning
            rate that is too high shows at once, and the best one is seldom far below it.
    """

    lower_split: float = 0.33
    upper_split: float = 0.4
    upward: float = 0.15

    def gaps(self, estimates: Estimates, history: History) -> Gaps:
        """The gaps between all arms."""
        if history.n_parameters > 1:
            return gaps_between(estimates, EVEN_EDGES)
        if history.nothing_learnt:
            return gaps_between(estimates, RETREAT)
        return gaps_between(estimates, Edges(self.lower_split, self.upper_split, self.upward))
