"""The complete trials of a study, what they had reported at a step, and how many were stopped."""

from __future__ import annotations

import math
from bisect import insort

import numpy as np
from optuna.trial import FrozenTrial, TrialState

from ..._arrays import FloatArray
from .readings import bounded, reported_divergence
from .reports import reference_ranks
from .rows import Rows


class CompleteTrials:
    """A cache of the trials that ended with a finite value.

    Args:
        sign: 1 when the objective is maximised, -1 when it is minimised.

    Attributes:
        sign: The same.
        longest: The last step of the longest of them; -1 if none has reported.
        n_stopped: How many others were stopped that had not diverged.
    """

    def __init__(self, sign: float) -> None:
        self.sign = sign
        self.longest = -1
        self.n_stopped = 0
        self._rows = Rows()
        self._complete: list[int] = []

    def continued_by(self, trials: list[FrozenTrial]) -> bool:
        """Whether a list of trials goes on where the last one ended; see :class:`Rows`."""
        return self._rows.continued_by(trials)

    def update(self, trials: list[FrozenTrial]) -> None:
        """Take over what has finished since; ``trials`` are all trials of the study."""
        for row in self._rows.advance(trials):
            trial = trials[row]
            if trial.state == TrialState.PRUNED:
                self.n_stopped += not reported_divergence(trial)
            elif trial.state == TrialState.COMPLETE:
                last_step = trial.last_step
                self.longest = max(self.longest, -1 if last_step is None else last_step)
                if trial.value is not None and math.isfinite(trial.value):
                    insort(self._complete, row)

    @property
    def share(self) -> float:
        """Share of the complete ones among these and the stopped ones, were one more stopped."""
        return len(self._complete) / (len(self._complete) + self.n_stopped + 1)

    def at(self, step: int) -> tuple[FloatArray, FloatArray]:
        """(reports at a step, final values) of those that have both, oriented, (n,) each.

        Of very many trials some dozens spread evenly over the study: they tell as much.
        """
        pairs = []
        for rank in reference_ranks(len(self._complete)):
            trial = self._rows.trials[self._complete[rank]]
            report, final = trial.intermediate_values.get(step, math.nan), trial.value
            if final is not None and math.isfinite(report):
                pairs.append((self.sign * bounded(report), self.sign * bounded(final)))
        values, finals = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
        return values, finals
