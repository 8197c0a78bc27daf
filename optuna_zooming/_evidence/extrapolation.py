"""What an unfinished trial's last report says about its final value (numpy only)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .._arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Peers:
    """Trials that reported at one step, and the final values that they reached.

    by_value: (m,), what they reported, increasing.
    by_final: (m,), what they reached, increasing.
    mean: of the final values.
    trust: how far the order at this step is the final one, 0 to 1.
    shrinkage: by how much differences shrink from this step to the end, at most 1.
    """

    by_value: FloatArray
    by_final: FloatArray
    mean: float
    trust: float
    shrinkage: float

    @classmethod
    def of(cls, values: FloatArray, finals: FloatArray) -> Peers:
        """Of trials with these reports and final values, (m,) each, finite."""
        by_value, by_final = np.sort(values), np.sort(finals)
        if len(values) == 0:
            return cls(by_value, by_final, 0.0, 1.0, 1.0)
        # Halves: differences of huge values overflow.
        now = by_value[-1] / 2 - by_value[0] / 2
        later = by_final[-1] / 2 - by_final[0] / 2
        return cls(
            by_value,
            by_final,
            mean=float(np.mean(finals)),
            trust=_rank_agreement(values, finals),
            shrinkage=float(later / now) if later < now else 1.0,
        )

    def carry_over(self, asked: FloatArray) -> FloatArray:
        """Final values to be expected of trials with reports ``asked``, (k,), at this step.

        Reports are mapped to finals of the same rank, interpolated between ranks, and pulled
        towards the peers' mean as far as ranks at this step and in the end disagree (a slow start
        that wins late). Nobody to compare with: the report itself, as Optuna takes it.
        """
        if len(self.by_value) == 0:
            return asked
        mapped = np.interp(asked, self.by_value, self.by_final)
        # Beyond the peers the difference at this step is all that is known. A lead shrinks as
        # the peers' differences do, towards the end.
        mapped += np.minimum(asked - self.by_value[0], 0.0)
        mapped += self.shrinkage * np.maximum(asked - self.by_value[-1], 0.0)
        estimates: FloatArray = self.trust * mapped + (1.0 - self.trust) * self.mean
        return estimates


def peers_among(
    members: IntArray, values: FloatArray, finals: FloatArray, further: BoolArray
) -> Peers:
    """The trials to compare with at a step.

    Args:
        members: (m,), indices of the trials that reported at this step.
        values: (m,), what they reported.
        finals: (n,), of all trials, known or estimated; where not finite they have no say.
        further: (m,), whether they did not stop here.
    """
    keep = further & np.isfinite(finals[members])
    return Peers.of(values[keep], finals[members[keep]])


def estimated_finals(
    finals: FloatArray,
    last_steps: IntArray,
    reports: Mapping[int, tuple[IntArray, FloatArray]],
) -> FloatArray:
    """Final values, with the unknown ones of unfinished trials estimated.

    A pruned trial is compared, at the step it reached, with what the others had at that step; its
    place among them is carried over to their final values. Trials that got furthest are estimated
    first and then serve the earlier ones as peers.

    Args:
        finals: (n,), oriented final values; NaN where a trial has not reached it.
        last_steps: (n,), the last step each trial reported; negative for none.
        reports: Per step, which trials reported (indices) and what (oriented, finite).

    Returns:
        (n,), ``finals`` with NaN replaced wherever the trial reported something.
    """
    estimates: FloatArray = finals.copy()
    unknown = np.isnan(finals)
    for step in np.unique(last_steps[unknown])[::-1]:
        if int(step) not in reports:
            continue
        members, values = reports[int(step)]
        asked = unknown[members] & (last_steps[members] == step)
        peers = peers_among(members, values, estimates, ~asked)
        estimates[members[asked]] = peers.carry_over(values[asked])
    return estimates


def _rank_agreement(values: FloatArray, finals: FloatArray) -> float:
    """Spearman's rank correlation, at least 0, with two pairs of perfect agreement as prior."""
    n = len(values)
    if n < 3:
        return 1.0
    ranks = [np.argsort(np.argsort(x, kind="stable")) - (n - 1) / 2 for x in (values, finals)]
    spearman = float(ranks[0] @ ranks[1]) / float(ranks[0] @ ranks[0])
    return (2.0 + n * max(spearman, 0.0)) / (2.0 + n)
