"""The third step of the adaptive policy: estimates -> gaps between arms with their index."""

from __future__ import annotations

from dataclasses import dataclass

from .._estimates.pooling import Estimates
from .._history import History
from .forecast import with_forecast
from .gaps import Edges, Gaps, gaps_between

# Of one of several parameters nothing is known beforehand: neither end is likelier to be bad.
EVEN_EDGES = Edges(0.33, 0.33, 0.5, 0.0)
# Where nothing has been learnt yet the rates were too high: to the lower end at once.
RETREAT = Edges(1.0, 0.4, 1.0, 0.0)
# Workers that start together cannot wait for what a step upwards shows: they cover the range.
FIRST_WAVE = Edges(0.35, 0.7, 0.6, 0.15)


@dataclass(frozen=True)
class Index:
    """How good the best point of each gap might be, and where the gap would be split.

    Args:
        lower_split: Where to split the gap at the lower end of the axis, fraction of its width
            from its arm.
        upper_split: The same at the upper end.
        end_split: The same at either end beside the best arm.
        upward: What is added to the index of the gap at the upper end, in rewards: a learning
            rate that is too high shows at once, and the best one is seldom far below it. This and
            the three splits hold for a single parameter.
        relaxed: How many relaxation times a training at the best rate lasts, by its own reports.
            The first trials go up to where it should do so; see :mod:`.forecast`.
    """

    lower_split: float = 0.33
    upper_split: float = 0.4
    end_split: float = 0.6
    upward: float = 0.15
    relaxed: float = 40.0

    def gaps(self, estimates: Estimates, history: History) -> Gaps:
        """The gaps between all arms."""
        gaps = gaps_between(estimates, self._edges(history))
        if history.n_parameters > 1 or history.cells is not None:
            return gaps
        return with_forecast(gaps, history, self.relaxed, self.end_split)

    def _edges(self, history: History) -> Edges:
        if history.n_parameters > 1:
            return EVEN_EDGES
        if history.nothing_learnt:
            return RETREAT
        if len(history.points) == 0:
            return FIRST_WAVE
        return Edges(self.lower_split, self.upper_split, self.end_split, self.upward)
