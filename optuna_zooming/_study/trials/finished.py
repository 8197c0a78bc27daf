"""The finished trials of a study, by row: what each is worth, and what it failed of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from optuna.trial import FrozenTrial, TrialState

from ..._evidence.extrapolation import Finals
from ..._evidence.progress import ENOUGH, Progress
from .readings import curve, oriented, reported_divergence, seconds
from .reports import Reports


class FinishedTrials:
    """What is read of each trial once, when it has finished.

    Args:
        sign: 1 when the objective is maximised, -1 when it is minimised.

    Attributes:
        finals: By row: oriented value, with those of the pruned trials estimated; NaN: no
            information. These arrays and the next ones have spare places at the end.
        failed: By row: whether the trial failed without a value.
        ended: By row: when a trial ended with a value or was pruned, in seconds; NaN for others.
        with_parameter: Per parameter: rows of the trials that have it, in the order of reading.
        progress: Whether the trainings so far were erratic.
        has_constraints: Whether any trial has constraints.
    """

    def __init__(self, sign: float) -> None:
        self._sign = sign
        self.finals = Finals.known(np.empty(0))
        self.failed = np.empty(0, dtype=np.bool_)
        self.ended = np.empty(0)
        self.with_parameter: dict[str, list[int]] = {}
        self._reports = Reports(sign)
        self.progress = Progress()
        self.has_constraints = False

    def read(self, trials: Sequence[FrozenTrial], rows: Iterable[int]) -> None:
        """Read the trials in ``rows``, which have finished since the last call."""
        self._reserve(len(trials))
        for row in rows:
            self._read_trial(row, trials[row])
        self._reports.estimate(trials, self.finals)

    def expected(self, running: FrozenTrial) -> Finals | None:
        """The final value to be expected of a running trial, (1,), if others got as far."""
        return self._reports.expected(running)

    def best_row(self, n_trials: int) -> int | None:
        """Row of the best of the trials; ``None`` while none has a value."""
        values = self.finals.values[:n_trials]
        return None if np.isnan(values).all() else int(np.nanargmax(values))

    def _reserve(self, n_trials: int) -> None:
        missing = n_trials - len(self.failed)
        if missing > 0:
            # Doubling: appending one trial at a time stays cheap.
            extra = max(missing, len(self.failed))
            self.finals = self.finals.followed_by(Finals.known(np.full(extra, np.nan)))
            self.ended = np.append(self.ended, np.full(extra, np.nan))
            self.failed = np.append(self.failed, np.zeros(extra, dtype=np.bool_))

    def _read_trial(self, row: int, trial: FrozenTrial) -> None:
        for name in trial.params:
            self.with_parameter.setdefault(name, []).append(row)
        # Not trial.constraints, which cannot read everything a foreign trial may hold.
        if any(key.split(":", 1)[0] == "constraints" for key in trial.system_attrs):
            self.has_constraints = True
        if trial.state == TrialState.FAIL or (
            trial.state == TrialState.PRUNED and reported_divergence(trial)
        ):
            self.failed[row] = True
            return
        self.ended[row] = seconds(trial.datetime_complete)
        last_step = trial.last_step
        if trial.state == TrialState.PRUNED and last_step is not None:
            self._reports.add_stopped(row, last_step, trial.intermediate_values[last_step])
        elif trial.state == TrialState.COMPLETE or trial.value is not None:
            # One that was pruned before any report has a value if it was added by hand.
            self.finals.values[row] = oriented(trial.value, self._sign)
            stopped = trial.state == TrialState.PRUNED
            self.finals.bounds[row] = (-np.inf, np.inf) if stopped else self.finals.values[row]
            self._reports.add(row)
        # A trial that was pruned early had no time to learn.
        early = trial.state == TrialState.PRUNED and len(trial.intermediate_values) < ENOUGH
        if self.progress.undecided and not early:
            self.progress.add(curve(trial, self._sign))
