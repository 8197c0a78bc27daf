"""What the trials of one study reported, step by step, and the final values that this suggests."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence

import numpy as np
from optuna.trial import FrozenTrial, TrialState

from optuna_zooming.arms import FloatArray, IntArray
from optuna_zooming.columns import bounded
from optuna_zooming.extrapolation import estimated_finals
from optuna_zooming.progress import ENOUGH, Progress
from optuna_zooming.relaxation import relaxation_times

# A running trial is compared with at most so many finished ones, so that its cost stays bounded.
MAX_PEERS = 512


class Reports:
    """A cache of finite reports, oriented so that larger is better.

    Args:
        sign: 1 when the objective is maximised, -1 when it is minimised.

    Attributes:
        progress: Whether these trials learnt anything.
        relaxations: Trial number -> relaxation times that its training lasted.
    """

    def __init__(self, sign: float) -> None:
        self._sign = sign
        # Per step: which finished trials reported, and what.
        self._by_step: dict[int, tuple[array[int], array[float]]] = {}
        self.progress = Progress()
        self.relaxations: dict[int, float] = {}

    def read(self, number: int, trial: FrozenTrial) -> None:
        """Add a trial that ended with a value or was pruned; each one once."""
        reports = trial.intermediate_values
        for step, value in reports.items():
            if math.isfinite(value):
                numbers, values = self._by_step.setdefault(step, (array("q"), array("d")))
                numbers.append(number)
                values.append(self._sign * bounded(value))
        # A trial that was pruned early had no time to learn.
        if trial.state == TrialState.COMPLETE or len(reports) >= ENOUGH:
            steps = sorted(reports)
            curve = np.array([self._sign * bounded(reports[step]) for step in steps])
            self.progress.add(curve)
            if np.isfinite(curve).all():
                self.relaxations[number] = relaxation_times(np.array(steps, dtype=float), curve)

    def estimates(self, finals: FloatArray, last_steps: Mapping[int, int]) -> FloatArray:
        """``finals``, (n_trials,), with those of pruned trials estimated.

        Args:
            finals: By trial number; NaN where there is none.
            last_steps: Trial number -> last step, of the trials to estimate.
        """
        return self._estimated(finals, last_steps, ())

    def estimates_of_running(
        self, finals: FloatArray, running: Sequence[FrozenTrial]
    ) -> dict[int, float]:
        """Trial number -> final value to be expected, where a finished trial got as far.

        Args:
            finals: By trial number; NaN where there is none.
            running: Trials that are running.
        """
        last_steps = {}
        for trial in running:
            step = trial.last_step
            if step in self._by_step and math.isfinite(trial.intermediate_values[step]):
                last_steps[trial.number] = step
        if not last_steps:
            return {}
        found = self._estimated(finals, last_steps, running)
        return {n: float(found[n]) for n in last_steps if math.isfinite(found[n])}

    def _estimated(
        self, finals: FloatArray, last_steps: Mapping[int, int], running: Sequence[FrozenTrial]
    ) -> FloatArray:
        steps = np.full(len(finals), -1, dtype=np.int64)
        steps[list(last_steps)] = list(last_steps.values())
        reports = {step: self._at(step, running) for step in set(last_steps.values())}
        return estimated_finals(finals, steps, reports)

    def _at(self, step: int, running: Sequence[FrozenTrial]) -> tuple[IntArray, FloatArray]:
        """(numbers, values) of the reports at a step, in the order of the trials' numbers.

        The order does not depend on which trial finished first. Beside running trials only the
        newest finished ones.
        """
        numbers, values = (np.array(each) for each in self._by_step[step])
        # Nearly sorted: a stable sort is linear there.
        order = np.argsort(numbers, kind="stable")
        if running:
            order = order[-MAX_PEERS:]
        numbers, values = numbers[order], values[order]
        now = [(t.number, t.intermediate_values.get(step, math.nan)) for t in running]
        now = [(number, value) for number, value in now if math.isfinite(value)]
        if now:
            numbers = np.append(numbers, [number for number, _ in now])
            values = np.append(values, [self._sign * bounded(value) for _, value in now])
        return numbers, values
