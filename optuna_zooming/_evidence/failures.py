"""Which failed trials diverged, and which merely crashed (numpy only).

A trial that fails without a value, or that reports NaN, is ambiguous: this learning rate diverges,
or the trial was unlucky (an exception, a dead machine, one bad seed). Where it lies among the
trials that survived tells them apart: divergence fills one side of the axis beyond a cliff,
crashes fall anywhere. Bayes' rule weighs the two.

Model: beyond a cliff at either end of the axis trials diverge at an unknown rate, most or all of
them; in between they crash at another one. Both rates have Beta priors. The upper cliff exists
with probability ``UPPER_CLIFF``, and then lies anywhere on the axis with equal density; the lower
one likewise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from .._arrays import BoolArray, FloatArray, IntArray
from .._history import Cells

# Too large a learning rate (batch, network) diverges more often than too small a one.
UPPER_CLIFF, LOWER_CLIFF = 0.7, 0.15
# Probability that a choice of a categorical parameter always fails.
DEAD_CHOICE = 0.1
# Beta priors (failures, survivors) of the rates at which trials crash anywhere, and diverge beyond
# a cliff.
CRASHES, DIVERGENCE = (0.3, 3.0), (3.0, 0.3)
# A failure counts as divergence when that is at least this probable, and more so as trials
# gather: a good rate that was condemned by bad luck gets another chance now and then. A failure
# that does not count says nothing, so its place is tried again as soon as that is worth it.
CONDEMNED, DOUBT = 0.75, 0.7
# How far to go from the outermost survivor towards a cliff, as a share of the distance to the
# nearest failure beyond it: halfway is as likely to fail as not, and a failure teaches less.
APPROACH = 0.5
# From this probability on there is a cliff. Failures before it then need ``CONDEMNED`` only: if
# it does not begin where they say, no more than a strip is lost.
ESTABLISHED = 0.995
# Places considered for each cliff.
MAX_CONSIDERED = 64
# How densely a region where trials fail is barred, units of axis: no gap between two of these
# points is to look worth a trial.
BARRED_SPACING = 1.0 / 48.0
# Of a discrete axis every position of such a region is barred, unless there are more than this.
MOST_BARRED = 128


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the failures on one axis mean.

    Attributes:
        diverged: (n_failed,), whether each failed trial failed because of its place.
        low, high: Below ``low`` and above ``high`` trials are expected to diverge, units of axis;
            0 and 1 where there is no cliff.
        zones: (n_zones, 2), ends of further intervals in which they are expected to fail.
    """

    diverged: BoolArray
    low: float = 0.0
    high: float = 1.0
    zones: FloatArray = field(default_factory=lambda: np.empty((0, 2)))

    def barred(self, cells: Cells | None = None) -> FloatArray:
        """Points spread over the regions where trials fail, and their edges, increasing.

        On a discrete axis the centres of the ``cells`` in these regions.
        """
        grid = np.arange(BARRED_SPACING, 1.0, BARRED_SPACING)
        edges = [self.low, self.high, *self.zones.ravel()]
        points = np.unique(np.concatenate((grid[self.bars(grid)], edges)))
        inside: FloatArray = points[(points > 0.0) & (points < 1.0)]
        if cells is not None:
            inside = cells.centre(np.union1d(cells.index(inside), self._cells_of_regions(cells)))
            inside = inside[self.bars(inside)]
        return inside

    def _cells_of_regions(self, cells: Cells) -> IntArray:
        """All cells from end to end of each region that holds few of them."""
        regions = np.vstack(([0.0, self.low], [self.high, 1.0], self.zones))
        first, last = cells.index(regions[:, 0]), cells.index(regions[:, 1])
        runs = [np.arange(a, b + 1) for a, b in zip(first, last) if b - a < MOST_BARRED]
        return np.concatenate([np.empty(0, dtype=np.int64), *runs])

    def bars(self, points: FloatArray) -> BoolArray:
        """Whether each point, (n,), lies in a region where trials fail, its edges left out."""
        first, last = self.zones[:, :1], self.zones[:, 1:]
        in_zone = np.any((points > first) & (points < last), axis=0)
        barred: BoolArray = (points < self.low) | (points > self.high) | in_zone
        return barred


def judge(failed: FloatArray, survived: FloatArray) -> Verdict:
    """Judge the failures on an axis by where they lie among the survivors.

    Args:
        failed: (n_failed,), unit axis, any order.
        survived: (n_survived,), unit axis, any order.
    """
    if len(failed) == 0:
        return Verdict(np.zeros(0, dtype=np.bool_))
    if len(survived) == 0:
        # Any other place is better; downwards first, unless that has led nowhere.
        high = float(failed.min()) if len(failed) <= 2 else 1.0
        return Verdict(np.ones(len(failed), dtype=np.bool_), high=high)
    mirrored = 1.0 - failed
    upper = _Side.of(failed, survived, UPPER_CLIFF)
    lower = _Side.of(mirrored, 1.0 - survived, LOWER_CLIFF)
    # Rows: what lies beyond the lower cliff; columns: beyond the upper one.
    crashed = len(failed) - np.add.outer(lower.n_failed, upper.n_failed)
    between = len(survived) - np.add.outer(lower.n_survived, upper.n_survived)
    possible = (np.add.outer(lower.edges, upper.edges) > 1.0) & (crashed >= 0) & (between >= 0)
    logs = np.where(
        possible,
        np.add.outer(lower.log_weights, upper.log_weights)
        + _log_evidence(crashed * possible, between * possible, *CRASHES),
        -np.inf,
    )
    posterior = np.exp(logs - logs.max())
    posterior /= posterior.sum()
    needed = _needed(len(failed) + len(survived))
    diverged = failed >= upper.condemned_from(posterior.sum(axis=0), needed)
    diverged |= mirrored >= lower.condemned_from(posterior.sum(axis=1), needed)
    lowest, highest = float(survived.min()), float(survived.max())
    below = np.max(failed[diverged & (failed < lowest)], initial=-math.inf)
    above = np.min(failed[diverged & (failed > highest)], initial=math.inf)
    return Verdict(
        diverged,
        low=max(lowest - APPROACH * (lowest - below), 0.0),
        high=min(highest + APPROACH * (above - highest), 1.0),
    )


@dataclass(frozen=True, eq=False)
class _Side:
    """Where the upper cliff may lie: just before one of the failures, or beyond them all.

    edges: (n,), decreasing: the failure behind the cliff; infinite where there is none.
    n_failed, n_survived: (n,), trials beyond the cliff.
    log_weights: (n,), logarithm of the prior times the evidence of those trials.
    """

    edges: FloatArray
    n_failed: IntArray
    n_survived: IntArray
    log_weights: FloatArray

    @classmethod
    def of(cls, failed: FloatArray, survived: FloatArray, probability: float) -> _Side:
        """The places of a cliff that exists with this probability."""
        outwards = np.sort(failed)
        survived = np.sort(survived)
        # Of very many every so-manieth tells as much.
        ranks = np.unique(
            np.linspace(1, len(failed), min(len(failed), MAX_CONSIDERED)).astype(np.int64)
        )
        at = len(failed) - ranks
        edges = outwards[at]
        inner_failed = np.where(at > 0, outwards[at - 1], 0.0)
        inner = np.searchsorted(survived, edges, side="left")
        inner_survived = np.where(inner > 0, survived[inner - 1], 0.0)
        room = edges - np.maximum(inner_failed, inner_survived)
        beyond = len(survived) - np.searchsorted(survived, edges, side="right")
        nowhere = 1.0 - probability * edges[0]
        n_failed, n_survived = np.append(0, ranks), np.append(0, beyond)
        with np.errstate(divide="ignore"):
            log_prior = np.log(np.append(nowhere, probability * room))
        return cls(
            np.append(math.inf, edges),
            n_failed,
            n_survived,
            log_prior + _log_evidence(n_failed, n_survived, *DIVERGENCE),
        )

    def condemned_from(self, posterior: FloatArray, needed: float) -> float:
        """The innermost failure that is probably beyond the cliff; infinite if none is."""
        beyond = np.cumsum(posterior[::-1])[::-1][1:]
        if np.any(beyond >= ESTABLISHED):
            needed = CONDEMNED
        return float(np.min(self.edges[1:][beyond >= needed], initial=math.inf))


def _log_evidence(n_failed: IntArray, n_survived: IntArray, a: float, b: float) -> FloatArray:
    """Log probability of so many failures and survivors at a rate with a Beta(a, b) prior."""
    evidence: FloatArray = (
        _log_rising(a, n_failed)
        + _log_rising(b, n_survived)
        - _log_rising(a + b, n_failed + n_survived)
    )
    return evidence


def _log_rising(x: float, n: IntArray) -> FloatArray:
    """log(x (x + 1) ... (x + n - 1)), in the shape of ``n``."""
    logs: FloatArray = np.append(0.0, np.cumsum(np.log(x + np.arange(int(n.max())))))
    return logs[n]


def judge_choices(failed: FloatArray, survived: FloatArray) -> BoolArray:
    """Whether each failed trial's choice probably always fails, shape (n_failed,).

    Unordered choices have no neighbours; only their own trials tell.

    Args:
        failed: (n_failed,), choices.
        survived: (n_survived,), choices.
    """
    if len(failed) == 0:
        return np.zeros(0, dtype=np.bool_)
    _, choice, count = np.unique(failed, return_inverse=True, return_counts=True)
    never = ~np.isin(failed, survived)
    # Chance that as many crashes fell on this choice alone, relative to none.
    crashes = np.count_nonzero(~never) + np.append(0, count[choice])
    likelihood = _likelihood(crashes, len(survived))
    alive = (1.0 - DEAD_CHOICE) * likelihood[1:] / likelihood[0]
    probable = DEAD_CHOICE / (DEAD_CHOICE + alive) >= _needed(len(failed) + len(survived))
    verdict: BoolArray = never & probable
    return verdict


def _needed(n_trials: int) -> float:
    """Probability of divergence needed to condemn, after ``n_trials``."""
    return max(CONDEMNED, 1.0 - DOUBT / n_trials)


def _likelihood(crashes: IntArray, n_survived: int) -> FloatArray:
    """Probability of so many crashes beside the survivors, up to a factor; any shape."""
    counts = np.arange(int(crashes.max()))
    # Beta(a + k, b): the k-th further crash multiplies it by (a + k) / (a + b + k).
    ratios = (CRASHES[0] + counts) / (sum(CRASHES) + n_survived + counts)
    logs = np.concatenate(([0.0], np.cumsum(np.log(ratios))))[crashes]
    likelihood: FloatArray = np.exp(logs - logs.max())
    return likelihood
