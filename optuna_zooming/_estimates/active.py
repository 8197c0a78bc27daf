"""Which trials are active arms, and what each is worth in the objective's units (numpy only)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .._arrays import FloatArray, IntArray
from .interval import Interval
from .intervals import mean_at
from .pooling import Estimates
from .sample import Sample


class ArmMeans(NamedTuple):
    """What arms are worth, in value units: arrays of shape (n_arms,).

    pulls: Trials that are nearest to the arm.
    complete: Those of them that ran to their end.
    diverged: Those of them that diverged.
    means: ``-inf`` where all diverged.
    errors: Standard errors of the means.
    intervals: (n_arms, 2), their 95 % confidence intervals.
    """

    pulls: IntArray
    complete: IntArray
    diverged: IntArray
    means: FloatArray
    errors: FloatArray
    intervals: FloatArray


def means_of_arms(arms: FloatArray, sample: Sample) -> ArmMeans:
    """What arms, (n_arms,), unit axis, increasing, are worth.

    Averages leave diverged trials out, but an arm whose own pulls all diverged has mean ``-inf``,
    however good its neighbours are.
    """
    owner = np.abs(sample.points[:, None] - arms[None, :]).argmin(axis=1)
    ended = sample.reached & ~sample.diverged

    def count(which: FloatArray | None = None) -> IntArray:
        return np.bincount(owner, which, minlength=len(arms)).astype(np.int64)

    alive = sample.without_diverged()
    number = np.cumsum(~sample.diverged) - 1
    found = [
        Interval(-np.inf, 0.0, -np.inf, -np.inf)
        if sample.diverged[trial]
        else mean_at(alive, int(number[trial]))
        for trial in trials_of(arms, sample)
    ]
    return ArmMeans(
        count(),
        count(ended.astype(np.float64)),
        count(sample.diverged.astype(np.float64)),
        np.array([each.mean for each in found]),
        np.array([each.error for each in found]),
        np.array([(each.low, each.high) for each in found]),
    )


def trials_of(places: FloatArray, sample: Sample) -> IntArray:
    """(m,): for each place, (m,), unit axis, the trial that stands for it.

    The nearest of those that are nearer to it than to any other place; if it can be, one that did
    not diverge and ran to its end. Where trials were merged, all may be nearer to other places:
    then the nearest of all.
    """
    apart = np.abs(sample.points[:, None] - places)
    nearest = places[apart.argmin(axis=1)]
    trials = []
    for place, distance in zip(places, apart.T):
        own = np.flatnonzero(nearest == place)
        if len(own) == 0:
            own = np.flatnonzero(distance == distance.min())
        order = np.lexsort((~sample.reached[own], distance[own], sample.diverged[own]))
        trials.append(own[order[0]])
    return np.array(trials, dtype=np.int64)


def net_of_arms(estimates: Estimates, reach: FloatArray, first: int) -> IntArray:
    """Indices of the active arms, increasing: greedy by pooled mean, starting with ``first``."""
    points = estimates.points
    covered = np.zeros(len(points), dtype=np.bool_)
    active = []
    for candidate in np.append(first, np.argsort(-estimates.means, kind="stable")):
        if not covered[candidate]:
            active.append(candidate)
            covered |= np.abs(points - points[candidate]) <= reach[candidate]
            covered[candidate] = True
    return np.sort(np.array(active, dtype=np.int64))
