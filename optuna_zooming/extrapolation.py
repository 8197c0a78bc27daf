"""What an unfinished trial's last report says about its final value (numpy only)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optuna_zooming.arms import FloatArray, IntArray


def estimated_finals(
    finals: FloatArray,
    last_steps: IntArray,
    reports: Mapping[int, tuple[IntArray, FloatArray]],
) -> FloatArray:
    """Final values, with the unknown ones of unfinished trials estimated.

    A pruned or running trial is compared, at the step it reached, with what the others had at
    that step; its place among them is carried over to their final values. Trials that got
    furthest are estimated first and then serve the earlier ones as peers.

    Args:
        finals: (n,), oriented final values; NaN where a trial has not reached it.
        last_steps: (n,), the last step each trial reported.
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
        peers = ~asked & np.isfinite(estimates[members])
        estimates[members[asked]] = _carry_over(
            values[asked], values[peers], estimates[members[peers]]
        )
    return estimates


def _carry_over(asked: FloatArray, peer_values: FloatArray, peer_finals: FloatArray) -> FloatArray:
    """Final values estimated for reports ``asked``, (k,), from peers at the same step, (m,).

    Reports are mapped to finals of the same rank, interpolated between ranks, and pulled towards
    the peers' mean as far as ranks at this step and in the end disagree (a slow start that wins
    late). Nobody to compare with: the report itself, as Optuna takes it.
    """
    if len(peer_values) == 0:
        return asked
    by_value, by_final = np.sort(peer_values), np.sort(peer_finals)
    mapped = np.interp(asked, by_value, by_final)
    # Beyond the peers the difference at this step is all that is known. A lead shrinks as the
    # peers' differences do, towards the end.
    mapped += np.minimum(asked - by_value[0], 0.0)
    mapped += _shrinkage(by_value, by_final) * np.maximum(asked - by_value[-1], 0.0)
    trust = _rank_agreement(peer_values, peer_finals)
    estimates: FloatArray = trust * mapped + (1.0 - trust) * np.mean(peer_finals)
    return estimates


def _shrinkage(by_value: FloatArray, by_final: FloatArray) -> float:
    """By how much differences shrink from this step to the end, at most 1; sorted, (m,) each."""
    now, later = by_value[-1] - by_value[0], by_final[-1] - by_final[0]
    return float(later / now) if later < now else 1.0


def _rank_agreement(values: FloatArray, finals: FloatArray) -> float:
    """Spearman's rank correlation, at least 0, with two pairs of perfect agreement as prior."""
    n = len(values)
    if n < 3:
        return 1.0
    ranks = [np.argsort(np.argsort(x, kind="stable")) - (n - 1) / 2 for x in (values, finals)]
    spearman = float(ranks[0] @ ranks[1]) / float(ranks[0] @ ranks[0])
    return (2.0 + n * max(spearman, 0.0)) / (2.0 + n)
