"""Which failed trials diverged, and which merely crashed (numpy only).

A trial that fails without a value is ambiguous: its objective returned NaN because this learning
rate diverges, or it was unlucky (an exception, a dead machine). Where it lies among the trials
that survived tells them apart: divergence fills one side of the axis beyond a cliff, crashes fall
anywhere. Bayes' rule weighs the two.

Model: beyond a cliff at either end of the axis every trial fails; in between, trials crash at an
unknown rate, which has a Beta prior. The upper cliff exists with probability ``UPPER_CLIFF``, and
then lies anywhere on the axis with equal density; the lower one likewise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optuna_zooming.arms import FloatArray

# Too large a learning rate (batch, network) diverges more often than too small a one.
UPPER_CLIFF, LOWER_CLIFF = 0.7, 0.15
# Probability that a choice of a categorical parameter always fails.
DEAD_CHOICE = 0.1
# Prior pseudo-counts of the crash rate.
PRIOR_CRASHES, PRIOR_SURVIVORS = 0.3, 3.0
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
# Failures considered on each side; those farther out are beyond the cliff if these are.
MAX_CONSIDERED = 64
# How densely the region beyond a cliff is barred, units of axis.
BARRED_SPACING = 1.0 / 32.0


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the failures on one axis mean.

    Attributes:
        diverged: (n_failed,), whether each failed trial diverged.
        low, high: Below ``low`` and above ``high`` trials are expected to diverge, units of axis;
            0 and 1 where there is no cliff.
    """

    diverged: NDArray[np.bool_]
    low: float = 0.0
    high: float = 1.0

    def barred(self) -> FloatArray:
        """Points spread over the regions beyond the cliffs and at their edges, increasing."""
        grid = np.arange(BARRED_SPACING, 1.0, BARRED_SPACING)
        points = np.concatenate(
            (grid[grid < self.low], [self.low, self.high], grid[grid > self.high])
        )
        inside: FloatArray = points[(points > 0.0) & (points < 1.0)]
        return inside


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
    lowest, highest = float(survived.min()), float(survived.max())
    # Distances beyond the outermost survivors, nearest first.
    below = np.sort(lowest - failed[failed < lowest])[:MAX_CONSIDERED]
    above = np.sort(failed[failed > highest] - highest)[:MAX_CONSIDERED]
    inside = np.count_nonzero((failed >= lowest) & (failed <= highest))
    # Rows: failures before the lower cliff, which crashed; columns: before the upper one.
    prior = np.outer(
        _cliff_prior(below, lowest, LOWER_CLIFF), _cliff_prior(above, 1.0 - highest, UPPER_CLIFF)
    )
    crashes = inside + np.add.outer(np.arange(len(below) + 1), np.arange(len(above) + 1))
    posterior = prior * _likelihood(crashes, len(survived))
    posterior /= posterior.sum()
    needed = _needed(len(failed) + len(survived))
    reach_below = _nearest_condemned(below, posterior.sum(axis=1), needed)
    reach_above = _nearest_condemned(above, posterior.sum(axis=0), needed)
    return Verdict(
        (lowest - failed >= reach_below) | (failed - highest >= reach_above),
        low=max(lowest - APPROACH * reach_below, 0.0),
        high=min(highest + APPROACH * reach_above, 1.0),
    )


def judge_choices(failed: FloatArray, survived: FloatArray) -> NDArray[np.bool_]:
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
    verdict: NDArray[np.bool_] = never & probable
    return verdict


def _needed(n_trials: int) -> float:
    """Probability of divergence needed to condemn, after ``n_trials``."""
    return max(CONDEMNED, 1.0 - DOUBT / n_trials)


def _cliff_prior(failures: FloatArray, room: float, probability: float) -> FloatArray:
    """(n + 1,): prior mass of a cliff with exactly 0 ... n of the failures before it."""
    mass: FloatArray = probability * np.diff(np.concatenate(([0.0], failures, [room])))
    mass[-1] += 1.0 - probability
    return mass


def _likelihood(crashes: NDArray[np.int64], n_survived: int) -> FloatArray:
    """Probability of so many crashes beside the survivors, up to a factor; any shape."""
    counts = np.arange(int(crashes.max()))
    # Beta(a + k, b): the k-th further crash multiplies it by (a + k) / (a + b + k).
    ratios = (PRIOR_CRASHES + counts) / (PRIOR_CRASHES + PRIOR_SURVIVORS + n_survived + counts)
    logs = np.concatenate(([0.0], np.cumsum(np.log(ratios))))[crashes]
    likelihood: FloatArray = np.exp(logs - logs.max())
    return likelihood


def _nearest_condemned(failures: FloatArray, posterior: FloatArray, needed: float) -> float:
    """Distance of the nearest failure that is probably beyond the cliff; infinite if none is."""
    # A failure is beyond the cliff if at most those nearer than itself crashed.
    beyond = np.cumsum(posterior)[:-1]
    if np.any(beyond >= ESTABLISHED):
        needed = CONDEMNED
    condemned = failures[beyond >= needed]
    return float(condemned[0]) if len(condemned) else math.inf
