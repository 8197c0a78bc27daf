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

from .._arrays import BoolArray, FloatArray, IntArray
from .failures import APPROACH, DOUBT

# Probability that trials always fail in a gap, before any of them did.
DEAD_GAP = 0.05
# Beta prior (failures, survivors) of the rate at which trials crash anywhere: of few trials so many
# may fail by bad luck, and the best rates may be among them.
CRASHES = (1.0, 2.0)
# A gap counts as dead when that is at least this probable.
CONDEMNED = 0.95
# The same for a single position of a discrete axis, of which less is lost.
CONDEMNED_PLACE = 0.75


class Bands(NamedTuple):
    """What the failures between survivors mean.

    failing: (n_failed,), whether a trial failed because of its place.
    zones: (n_zones, 2), ends of the intervals where trials are expected to fail, units of axis.
    """

    failing: BoolArray
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
    first, last = np.full(len(in_gap), np.inf), np.full(len(in_gap), -np.inf)
    np.minimum.at(first, gap[between], failed[between])
    np.maximum.at(last, gap[between], failed[between])
    condemned = _condemned(
        in_gap, (first == last) & (in_gap > 1), int(np.count_nonzero(~between)), len(survived)
    )
    failing = between & condemned[gap]
    # No survivor beyond: the end of the axis.
    bounded = np.concatenate(([0.0], places, [1.0]))
    left, right = bounded[:-1][condemned], bounded[1:][condemned]
    first, last = first[condemned], last[condemned]
    zones = np.column_stack((left + APPROACH * (first - left), right - APPROACH * (right - last)))
    return Bands(failing, zones)


def _condemned(
    in_gap: IntArray, one_place: BoolArray, n_crashed: int, n_survived: int
) -> BoolArray:
    """Whether each gap is probably dead, (n_gaps,).

    Gaps with few failures are judged first. How often trials crash is seen in those among them
    that are not dead: two dead gaps must not excuse each other.

    Args:
        in_gap: (n_gaps,), how many trials failed in it.
        one_place: (n_gaps,), whether they failed at one and the same place.
        n_crashed: Trials that failed where others survived.
        n_survived: Trials that survived.
    """
    # As trials gather, more is asked: there are more gaps that may have had bad luck.
    of_gap = max(CONDEMNED, 1.0 - DOUBT / (int(in_gap.sum()) + n_crashed + n_survived))
    needed = np.where(one_place, CONDEMNED_PLACE, of_gap)
    condemned = np.zeros(len(in_gap), dtype=np.bool_)
    for gap in np.argsort(in_gap, kind="stable"):
        here = int(in_gap[gap])
        if here == 0:
            continue
        condemned[gap] = _probability_of_dead(here, n_crashed, n_survived) >= needed[gap]
        if not condemned[gap]:
            n_crashed += here
    return condemned


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
