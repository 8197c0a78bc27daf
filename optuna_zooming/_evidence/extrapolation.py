"""What an unfinished trial's last report says about its final value (numpy only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .._arrays import BoolArray, FloatArray, IntArray

# What a trial may still gain or lose is read from so many peers, whose reports were the nearest.
NEAREST = 8


class Finals(NamedTuple):
    """Final values, known or to be expected.

    values: (n,), oriented; larger is better.
    bounds: (n, 2), between which they are expected to lie: the value twice where it is known,
        both infinities where nothing is.
    """

    values: FloatArray
    bounds: FloatArray

    @classmethod
    def known(cls, values: FloatArray) -> Finals:
        """Of trials that ended, (n,)."""
        return cls(values, np.column_stack((values, values)))

    @classmethod
    def of_each(cls, finals: Sequence[Finals | None]) -> Finals:
        """Of single trials; NaN of those of which nothing is known."""
        each = [cls.known(np.array([np.nan])) if final is None else final for final in finals]
        return cls(*(np.concatenate(arrays) for arrays in zip(*each)))

    def at(self, index: IntArray | BoolArray) -> Finals:
        """Those of some trials."""
        return Finals(self.values[index], self.bounds[index])

    def followed_by(self, others: Finals) -> Finals:
        """These and the others'."""
        return Finals(
            np.append(self.values, others.values), np.append(self.bounds, others.bounds, axis=0)
        )

    def with_inserted(self, at: IntArray, others: Finals) -> Finals:
        """These with others, (k,), before the places ``at``, (k,)."""
        return Finals(
            np.insert(self.values, at, others.values),
            np.insert(self.bounds, at, others.bounds, axis=0),
        )


@dataclass(frozen=True, eq=False)
class Peers:
    """Trials that reported at one step, and the final values that they reached.

    reports: (m,), what they reported, in the order of the trials.
    gains: (m, 2), least and most by which they changed from there to the end.
    by_value: (m,), what they reported, increasing.
    by_final: (m,), what they reached, increasing.
    mean: of the final values.
    left: share of their whole improvement that was still before them, 0 to 1.
    trust: how far the order at this step is the final one, 0 to 1.
    shrinkage: by how much differences shrink from this step to the end, at most 1.
    """

    reports: FloatArray
    gains: FloatArray
    by_value: FloatArray
    by_final: FloatArray
    mean: float
    left: float
    trust: float
    shrinkage: float

    @classmethod
    def of(cls, reports: FloatArray, finals: Finals, starts: FloatArray) -> Peers:
        """Of trials with these reports and first reports, (m,), and final values, all finite."""
        values = finals.values
        gains = finals.bounds - reports[:, None]
        by_value, by_final = np.sort(reports), np.sort(values)
        if len(reports) == 0:
            return cls(reports, gains, by_value, by_final, 0.0, 1.0, 1.0, 1.0)
        # Halves: differences of huge values overflow.
        now = by_value[-1] / 2 - by_value[0] / 2
        later = by_final[-1] / 2 - by_final[0] / 2
        return cls(
            reports,
            gains,
            by_value,
            by_final,
            mean=float(np.mean(values)),
            left=_share_left(reports, values, starts),
            trust=_rank_agreement(reports, values),
            shrinkage=float(later / now) if later < now else 1.0,
        )

    def carry_over(self, asked: FloatArray) -> Finals:
        """Final values to be expected of trials with reports ``asked``, (k,), at this step.

        Reports are mapped to finals of the same rank, interpolated between ranks, and pulled
        towards the peers' mean as far as ranks at this step and in the end disagree (a slow start
        that wins late). But no trial is expected to change by more than the most similar of its
        peers did (a lead over a slow starter is no promise), or to catch up with the best of them
        by more than the share of their way that they still had before them. Between that and no
        change at all anything may happen. Nobody to compare with: the report itself, as Optuna
        takes it, and nothing is known.
        """
        if len(self.reports) == 0:
            return Finals(asked, np.tile([-np.inf, np.inf], (len(asked), 1)))
        apart = np.abs(asked[:, None] - self.reports)
        nearest = np.argsort(apart, axis=1, kind="stable")[:, :NEAREST]
        least = np.minimum(self.gains[nearest, 0].min(axis=1), 0.0)
        most = np.maximum(self.gains[nearest, 1].max(axis=1), 0.0)
        # Who is behind may gain more than the others did: at first all that it is behind.
        most = np.maximum(most, self.left * (self.by_final[-1] - asked))
        # The ends of a range from which so many were drawn lie farther out than those were.
        unseen = (most - least) / nearest.shape[1]
        bounds = asked[:, None] + np.column_stack((least - unseen, most + unseen))
        return Finals(np.clip(self._of_same_rank(asked), *bounds.T), bounds)

    def _of_same_rank(self, asked: FloatArray) -> FloatArray:
        mapped = np.interp(asked, self.by_value, self.by_final)
        # Beyond the peers the difference at this step is all that is known. A lead shrinks as
        # the peers' differences do, towards the end.
        mapped += np.minimum(asked - self.by_value[0], 0.0)
        mapped += self.shrinkage * np.maximum(asked - self.by_value[-1], 0.0)
        estimates: FloatArray = self.trust * mapped + (1.0 - self.trust) * self.mean
        return estimates


def peers_among(
    members: IntArray,
    reports: FloatArray,
    finals: Finals,
    further: BoolArray,
    starts: FloatArray,
) -> Peers:
    """The trials to compare with at a step.

    Args:
        members: (m,), indices of the trials that reported at this step.
        reports: (m,), what they reported.
        finals: Of all trials, known or estimated; those not finite have no say.
        further: (m,), whether they did not stop here.
        starts: (n,), the first report of every trial.
    """
    bounded = np.isfinite(finals.bounds[members]).all(axis=1)
    keep = further & bounded & np.isfinite(finals.values[members])
    return Peers.of(reports[keep], finals.at(members[keep]), starts[members[keep]])


def estimated_finals(
    finals: FloatArray,
    last_steps: IntArray,
    reports: Mapping[int, tuple[IntArray, FloatArray]],
    starts: FloatArray,
) -> Finals:
    """Final values, with the unknown ones of unfinished trials estimated.

    A pruned trial is compared, at the step it reached, with what the others had at that step; its
    place among them is carried over to their final values. Trials that got furthest are estimated
    first and then serve the earlier ones as peers.

    Args:
        finals: (n,), oriented final values; NaN where a trial has not reached it.
        last_steps: (n,), the last step each trial reported; negative for none.
        reports: Per step, which trials reported (indices) and what (oriented, finite).
        starts: (n,), the first report of each trial; NaN of those without.

    Returns:
        ``finals`` with NaN replaced wherever the trial reported something.
    """
    estimates = Finals.known(finals.copy())
    unknown = np.isnan(finals)
    for step in np.unique(last_steps[unknown])[::-1]:
        if int(step) not in reports:
            continue
        members, values = reports[int(step)]
        asked = unknown[members] & (last_steps[members] == step)
        found = peers_among(members, values, estimates, ~asked, starts).carry_over(values[asked])
        estimates.values[members[asked]] = found.values
        estimates.bounds[members[asked]] = found.bounds
    return estimates


def _share_left(reports: FloatArray, finals: FloatArray, starts: FloatArray) -> float:
    """The share of what trials gained in all that they gained after these reports, (n,) each."""
    # Ratios, and halves: sums and differences of huge values overflow.
    largest = max(float(np.abs(array).max()) for array in (reports, finals, starts)) or 1.0
    later, whole = (
        float(np.maximum(finals / largest - each / largest, 0.0).sum())
        for each in (reports, starts)
    )
    return min(later / whole, 1.0) if whole > 0 else 0.0


def _rank_agreement(values: FloatArray, finals: FloatArray) -> float:
    """Spearman's rank correlation, at least 0, with two pairs of perfect agreement as prior."""
    n = len(values)
    if n < 3:
        return 1.0
    ranks = [np.argsort(np.argsort(x, kind="stable")) - (n - 1) / 2 for x in (values, finals)]
    spearman = float(ranks[0] @ ranks[1]) / float(ranks[0] @ ranks[0])
    return (2.0 + n * max(spearman, 0.0)) / (2.0 + n)
