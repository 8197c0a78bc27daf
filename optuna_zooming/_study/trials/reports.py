"""What trials reported, step by step, and the final values that this suggests.

Every trial is compared with a reference: some dozens of trials spread evenly over the study, which
change seldom as it grows. So a proposal costs the same after ten thousand trials as after a
hundred, and what is expected of a trial still follows from the study alone.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Mapping, Sequence

import numpy as np
from optuna.trial import FrozenTrial

from ..._arrays import FloatArray, IntArray
from ..._evidence.extrapolation import Finals, Peers, estimated_finals, peers_among
from .readings import LARGEST, bounded

# So many trials are enough to compare with.
MAX_REFERENCE = 128
# They are chosen anew each time the study has grown by this factor.
GROWTH = 1.25


def reference_ranks(count: int) -> IntArray:
    """Which of so many trials make the reference: all, or ``MAX_REFERENCE`` evenly spread ones."""
    if count <= MAX_REFERENCE:
        return np.arange(count)
    spanned = MAX_REFERENCE
    while spanned * GROWTH <= count:
        spanned = int(spanned * GROWTH)
    return np.arange(MAX_REFERENCE) * spanned // MAX_REFERENCE


class Reports:
    """Expected final values of trials that were stopped early or are still running.

    Args:
        sign: 1 when the objective is maximised, -1 when it is minimised.
    """

    def __init__(self, sign: float) -> None:
        self._sign = sign
        # Increasing rows of the trials that ended with a value or were stopped after a report.
        self._candidates: list[int] = []
        # Row -> last step, of the stopped ones; last step -> their rows and last reports.
        self._last_step: dict[int, int] = {}
        self._stopped: dict[int, tuple[list[int], list[float]]] = {}
        self._fresh: list[tuple[int, int, float]] = []
        # Row -> first report, of those that ever were in the reference.
        self._starts: dict[int, float] = {}
        self._reference = _Reference([], [], np.empty(0), [], np.empty(0), sign)

    def add(self, row: int) -> None:
        """Note a trial that ended with a value."""
        insort(self._candidates, row)

    def add_stopped(self, row: int, step: int, report: float) -> None:
        """Note a trial that was stopped after its last report (finite, not oriented)."""
        insort(self._candidates, row)
        self._last_step[row] = step
        rows, reports = self._stopped.setdefault(step, ([], []))
        rows.append(row)
        reports.append(self._oriented(report))
        self._fresh.append((row, step, reports[-1]))

    def estimate(self, trials: Sequence[FrozenTrial], finals: Finals) -> None:
        """Write what is to be expected of the stopped trials into ``finals``.

        Args:
            trials: By row.
            finals: Of at least n_trials, by row.
        """
        rows = [self._candidates[rank] for rank in reference_ranks(len(self._candidates))]
        if rows != self._reference.rows:
            for row in rows:
                if row not in self._starts:
                    self._starts[row] = _start(trials[row].intermediate_values, self._sign)
            known = finals.values[rows]
            last_steps = [self._last_step.get(row) for row in rows]
            known[[step is not None for step in last_steps]] = math.nan
            self._reference = _Reference(
                rows,
                [trials[row] for row in rows],
                known,
                last_steps,
                np.array([self._starts[row] for row in rows]),
                self._sign,
            )
            for step, (stopped, reports) in self._stopped.items():
                found = self._reference.peers(step).carry_over(np.array(reports))
                finals.values[stopped], finals.bounds[stopped] = found
        else:
            for row, step, report in self._fresh:
                found = self._reference.peers(step).carry_over(np.array([report]))
                finals.values[row], finals.bounds[row] = found.values[0], found.bounds[0]
        self._fresh = []

    def expected(self, running: FrozenTrial) -> Finals | None:
        """The final value to be expected of a running trial, (1,), if others got as far."""
        step = running.last_step
        if step is None or not math.isfinite(running.intermediate_values[step]):
            return None
        if not self._reference.reached(step):
            return None
        report = self._oriented(running.intermediate_values[step])
        return self._reference.peers(step).carry_over(np.array([report]))

    def _oriented(self, report: float) -> float:
        return self._sign * bounded(report)


class _Reference:
    """The trials that others are compared with, step by step.

    Args:
        rows: Their rows, increasing.
        trials: The trials, in this order.
        finals: (n,), oriented final values; NaN for those that were stopped.
        last_steps: Of each trial that was stopped, its last step; ``None`` for the others.
        starts: (n,), the first report of each, oriented; NaN if there is none.
        sign: As in :class:`Reports`.
    """

    def __init__(
        self,
        rows: list[int],
        trials: Sequence[FrozenTrial],
        finals: FloatArray,
        last_steps: Sequence[int | None],
        starts: FloatArray,
        sign: float,
    ) -> None:
        self.rows = rows
        self._curves = [trial.intermediate_values for trial in trials]
        self._sign = sign
        self._starts = starts
        self._peers: dict[int, Peers] = {}
        # Steps may be any integers, also too large for an array: their ranks are not.
        ranked = sorted({step for step in last_steps if step is not None})
        rank = {step: i for i, step in enumerate(ranked)}
        stopped_at = np.array(
            [-1 if step is None else rank[step] for step in last_steps], dtype=np.int64
        )
        self._last_steps = last_steps
        self._finals = estimated_finals(
            finals, stopped_at, {i: self._at(step) for step, i in rank.items()}, self._starts
        )

    def reached(self, step: int) -> bool:
        """Whether any of the trials reported at this step."""
        return any(step in curve for curve in self._curves)

    def peers(self, step: int) -> Peers:
        """Whom to compare with at a step: all that went further, or ended with a value."""
        found = self._peers.get(step)
        if found is None:
            members, values = self._at(step)
            further = np.array([self._last_steps[i] != step for i in members], dtype=np.bool_)
            found = self._peers[step] = peers_among(
                members, values, self._finals, further, self._starts
            )
        return found

    def _at(self, step: int) -> tuple[IntArray, FloatArray]:
        """(indices, oriented reports) of those that reported something finite at a step."""
        found = np.array([curve.get(step, math.nan) for curve in self._curves])
        members = np.flatnonzero(np.isfinite(found))
        return members, self._sign * np.clip(found[members], -LARGEST, LARGEST)


def _start(curve: Mapping[int, float], sign: float) -> float:
    """The first finite report of a trial, oriented; NaN if there is none."""
    steps = sorted(step for step, report in curve.items() if math.isfinite(report))
    return sign * bounded(curve[steps[0]]) if steps else math.nan
