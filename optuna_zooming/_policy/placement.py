"""The last step of the adaptive policy: gaps with their index -> the next point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._estimates.pooling import Estimates
from .._history import Cells, History
from .cells import free_cells, nearest
from .crashes import beside, beyond_failures
from .gaps import Gap, Gaps

# A position that failed, of a discrete axis, is tried again only while this share of the survivors
# or less has failed for no known reason: more than bad luck would explain.
MOST_CRASHED = 0.5


@dataclass(frozen=True)
class Placement:
    """Which gap is split, and where inside.

    Args:
        jitter: Random displacement of a proposal, as a fraction of its gap.
        spacing: Least distance from a running trial, units of axis.
    """

    jitter: float = 0.025
    spacing: float = 0.012

    def point(
        self,
        gaps: Gaps,
        estimates: Estimates,
        near: History,
        history: History,
        rng: np.random.Generator,
    ) -> float:
        """A point inside the most promising gap; on a discrete axis a free cell, if there is one.

        Args:
            gaps: Between all arms.
            estimates: At all arms.
            near: The trials that count on this axis.
            history: All trials.
            rng: Source of the random displacement.
        """
        place = beyond_failures(history)
        if place is not None:
            return place
        if history.cells is not None:
            cell = self._free_cell(gaps, history.cells, near, history, rng)
            return _upper_bound_arm(estimates, rng) if cell is None else cell
        gap = beside(gaps, self._best_gap(gaps, history, rng), history.crashed)
        return self._inside(gap, rng)

    def _free_cell(
        self, gaps: Gaps, cells: Cells, near: History, history: History, rng: np.random.Generator
    ) -> float | None:
        """A cell in the most promising gap that nobody near has tried."""
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
        return None

    def _best_gap(self, gaps: Gaps, history: History, rng: np.random.Generator) -> int:
        n_trials = history.n_trials
        index = gaps.index
        if n_trials and history.rank > 0:
            # All axes see the same values: without a random part they would walk along the
            # diagonal together.
            index = index + rng.gumbel(size=len(index)) / np.sqrt(n_trials)
        distance = np.abs(gaps.point[:, None] - history.running)
        taken = np.any(distance < self.spacing, axis=1)
        # Far below every index, yet in order: somewhere to go when all gaps are taken.
        return int(np.argmax(np.where(taken, index - 1e6, index)))

    def _inside(self, gap: Gap, rng: np.random.Generator) -> float:
        """The gap's point, displaced a little so that workers that see the same study part."""
        shift = self.jitter * (gap.right - gap.left) * (2.0 * rng.random() - 1.0)
        return float(min(max(gap.point + shift, 0.0), 1.0))


def _upper_bound_arm(estimates: Estimates, rng: np.random.Generator) -> float:
    """A point with the largest upper confidence bound: every cell has been visited."""
    index = estimates.means + estimates.radii
    return float(estimates.points[rng.choice(np.flatnonzero(index == index.max()))])
