"""When the leader is pulled instead of a challenger, and where (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._history import History

# Standard deviation of pulls around the leader, units of axis: no place is tried twice, even where
# there is no noise. And how many places are looked at for one that no worker is at.
LEADER_SPREAD, PLACES = 0.003, 8


@dataclass(frozen=True)
class LeaderPulls:
    """The leader's turns, on a single continuous axis.

    As in top-two sampling (Russo 2016) the leader takes turns with its challengers: it has to be
    told from them, and the best trial, the luckiest of all, should be one of its pulls.

    Args:
        leader_from: From this many trials on, some pull the leader, the arm recommended so far.
        leader_every: One trial in so many does; the others challenge it.
    """

    leader_from: int = 20
    leader_every: int = 2

    def due(self, history: History) -> bool:
        """Whether it is the leader's turn."""
        # On several axes at once it is a repeat of the same place: measured, no gain.
        alone = history.n_parameters == 1 and history.cells is None
        late = history.n_trials >= self.leader_from and len(history.points) > 0
        return alone and late and history.n_trials % self.leader_every == 0

    def free_place(
        self, leader: float, history: History, spacing: float, rng: np.random.Generator
    ) -> float | None:
        """A free place beside the leader, ``None`` if workers are all over it.

        Args:
            leader: Where it is, unit axis.
            history: All trials.
            spacing: Least distance from a pending trial, units of axis.
            rng: Source of the random displacement.
        """
        places = leader + LEADER_SPREAD * rng.standard_normal(PLACES)
        occupied = np.append(history.running, history.barred)
        free = np.all(np.abs(places[:, None] - occupied) >= spacing, axis=1)
        free &= (places >= 0.0) & (places <= 1.0)
        return float(places[np.argmax(free)]) if free.any() else None
