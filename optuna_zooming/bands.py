"""Places where trials fail though others survive on both sides (numpy only).

A bug at one batch size, a width that does not fit into memory, a band of rates at which training
breaks down: no cliff at an end of the axis, and no bad luck either. Between two neighbouring
survivors nothing has ever survived, so each such gap is judged by how probable it were that crashes
at the rate seen elsewhere fell there one after the other.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optuna_zooming.arms import FloatArray, IntArray
from optuna_zooming.failures import APPROACH, DOUBT

# Probability that trials always fail in a gap, before any of them did.
DEAD_GAP = 0.02
# Beta prior (failures, survivors) of the rate at which trials crash anywhere: of few trials so many
# may fail by bad luck, and the best rates may be among them.
CRASHES = (1.0, 2.0)
# A gap counts as dead when that is at least this probable.
CONDEMNED = 0.95


class Bands(NamedTuple):
    """What the failures between survivors mean.

    failing: (n_failed,), whether a trial failed because of its place.
    zones: (n_zones, 2), ends of the intervals where trials are expected to fail, units of axis.
    """

    failing: NDArray[np.bool_]
    zones: FloatArray


def judge_bands(failed: FloatArray, survived: FloatArray) -> Bands:
    """Judge failures that no cliff explains.

    Args:
        failed: (n_failed,), unit axis, any order.
        survived: (n_survived,), unit axis, any order.
    """
    places = np.unique(survived)
    if len(failed) == 0 or len(places) == 0:
        return Bands(np.zeros(len(failed), dtype=np.bool_), np.empty((0, 2)))
    gap = np.searchsorted(places, failed, side="left")
    # A trial that survived at the very place speaks for bad luck.
    between = places[np.minimum(gap, len(places) - 1)] != failed
    in_gap = np.bincount(gap[between], minlength=len(places) + 1)
    condemned = _condemned(in_gap, len(failed), len(survived))
    failing = between & condemned[gap]
    # No survivor beyond: the end of the axis.
    bounded = np.concatenate(([0.0], places, [1.0]))
    zones = []
    for each in np.flatnonzero(condemned):
        inside = failed[failing & (gap == each)]
        first, last = float(inside.min()), float(inside.max())
        left, right = bounded[each], bounded[each + 1]
        zones.append((left + APPROACH * (first - left), right - APPROACH * (right - last)))
    return Bands(failing, np.array(zones).reshape(-1, 2))


def _condemned(in_gap: IntArray, n_failed: int, n_survived: int) -> NDArray[np.bool_]:
    """Whether each gap is probably dead, (n_gaps,), by how many trials failed in it, (n_gaps,)."""
    dead = np.array(
        [_probability_of_dead(k, n_failed - k, n_survived) for k in range(int(in_gap.max()) + 1)]
    )
    # As trials gather, more is asked: there are more gaps that may have had bad luck.
    needed = max(CONDEMNED, 1.0 - DOUBT / (n_failed + n_survived))
    verdict: NDArray[np.bool_] = (in_gap > 0) & (dead >= needed)[in_gap]
    return verdict


def _probability_of_dead(here: int, elsewhere: int, n_survived: int) -> float:
    """Probability that a gap with so many failures is dead, by those elsewhere and survivors."""
    failures, survivors = CRASHES[0] + elsewhere, CRASHES[1] + n_survived
    # Beta-binomial: that the next trials crash one after the other.
    crashes = math.exp(
        math.lgamma(failures + here)
        - math.lgamma(failures)
        - math.lgamma(failures + survivors + here)
        + math.lgamma(failures + survivors)
    )
    return DEAD_GAP / (DEAD_GAP + (1.0 - DEAD_GAP) * crashes)
