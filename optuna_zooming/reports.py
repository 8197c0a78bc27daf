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
from optuna_zooming.progress import ENOUGH, is_erratic, noise_explains, spread


class Reports:
    """A cache of finite reports, oriented so that larger is better.

    Args:
        sign: 1 when the objective is maximised, -1 when it is minimised.
    """

    def __init__(self, sign: float) -> None:
        self._sign = sign
        # Per step: which finished trials reported, and what.
        self._by_step: dict[int, tuple[array[int], array[float]]] = {}
        # Standard deviations of the reports of erratic trials, until another trial turns up.
        self._deviations: list[float] | None = []

    def read(self, number: int, trial: FrozenTrial) -> None:
        """Add a finished trial; each one once."""
        reports = trial.intermediate_values
        for step, value in reports.items():
            if math.isfinite(value):
                numbers, values = self._by_step.setdefault(step, (array("q"), array("d")))
                numbers.append(number)
                values.append(self._sign * bounded(value))

    def read_progress(self, trial: FrozenTrial) -> None:
        """Note whether a trial that ended with a value jumped about without learning."""
        reports = trial.intermediate_values
        cut_short = trial.state == TrialState.PRUNED and len(reports) < ENOUGH
        if self._deviations is None or cut_short:
            return
        curve = self._sign * np.array([bounded(reports[step]) for step in sorted(reports)])
        if is_erratic(curve):
            self._deviations.append(spread(curve))
        else:
            self._deviations = None

    def nothing_learnt(self, values: FloatArray) -> bool:
        """Whether every trial that ended with a value was erratic, and noise explains ``values``.

        Args:
            values: (n,), finite final values.
        """
        if not self._deviations or len(values) == 0:
            return False
        return noise_explains(values, np.array(self._deviations))

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
        """(numbers, values) of all reports at a step, in the order of the trials' numbers.

        The order does not depend on which trial finished first.
        """
        numbers, values = (np.array(each) for each in self._by_step[step])
        now = [(t.number, t.intermediate_values.get(step, math.nan)) for t in running]
        now = [(number, value) for number, value in now if math.isfinite(value)]
        if now:
            numbers = np.append(numbers, [number for number, _ in now])
            values = np.append(values, [self._sign * bounded(value) for _, value in now])
        order = np.argsort(numbers)
        return numbers[order], values[order]
