"""Estimates -> gaps between arms with their index: how the two ends of the axis are treated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .._estimates.pooling import Estimates
from .._history import History
from .gaps import Gaps, gaps_between

MIDDLE = 0.5
# Where nothing has been learnt yet the rates were too high: to the lower end at once.
LOWER_END = 0.0


@dataclass(frozen=True)
class Index:
    """How good the best point of each gap might be, and where the gap would be split.

    A learning rate that is too low costs less than one that is too high: below the best rate
    results fall off slowly, above it there is a cliff. So few trials cover an axis best from a
    little below the middle.

    Args:
        low_share: Where a single parameter's axis is split first, and later the gap at its lower
            end, fraction of the width.
        end_share: Where there are several parameters, the gaps at both ends of an axis are split at
            this fraction of their width from their arm: few problems want an extreme, and hardly
            any all of them at once.
    """

    low_share: float = 0.4
    end_share: float = 0.33

    def gaps(self, estimates: Estimates, history: History) -> Gaps:
        """The gaps between all arms."""
        if history.n_parameters > 1:
            first = len(estimates.points) == 0
            inwards = MIDDLE if first else 1.0 - self.end_share
            return gaps_between(estimates, inwards, self.end_share)
        if history.nothing_learnt:
            # By how much the values differ is noise: only the widths count.
            flat = np.zeros(len(estimates.points))
            level = replace(estimates, means=flat, radii=flat, slopes=flat + 1.0)
            return gaps_between(level, LOWER_END, MIDDLE)
        return gaps_between(estimates, self.low_share, MIDDLE)
