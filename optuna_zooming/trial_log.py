"""A study's trials as arrays, each finished trial read once."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial, TrialState

from optuna_zooming.arms import Choices, FloatArray, History, IntArray
from optuna_zooming.axis import Axis
from optuna_zooming.columns import (
    DIVERGED,
    Chosen,
    Column,
    Observations,
    Places,
    bounded,
    chosen_parameters,
    places_on,
)
from optuna_zooming.failures import judge, judge_choices
from optuna_zooming.forecast import MOST
from optuna_zooming.reports import Reports

# A running trial is stale when this many later trials finished meanwhile, plus twice the number
# of running ones: its worker is dead, or so slow that waiting for it costs more than repeating it.
STALE_AFTER = 8


class TrialLog:
    """What the trials of one study say, per parameter.

    A cache: everything here follows from the study's trials alone, and finished trials never
    change. Values are oriented: larger is better. See :class:`ZoomingSampler` for the meaning of
    each trial state.
    """

    def __init__(self, sign: float) -> None:
        self._sign = sign
        self._n_scanned = 0
        self._open: list[int] = []
        # Per trial number: oriented value; NaN where pruned, failed or not finished.
        self._values = np.empty(0)
        self._failed = np.empty(0, dtype=np.bool_)
        # Parameters that have more than one value.
        self._n_parameters = np.empty(0, dtype=np.int64)
        # Trial number -> last step, of the pruned trials.
        self._pruned: dict[int, int] = {}
        # Per parameter: (trial number, value) in the order of reading, and the same by number.
        self._params: dict[str, list[tuple[int, Any]]] = {}
        self._value_of: dict[str, dict[int, Any]] = {}
        self._columns: dict[str, Column] = {}
        self._reports = Reports(sign)
        self._finals: FloatArray | None = None
        self._running: list[FrozenTrial] = []
        # Trial number -> expected value, of the running ones that have reported.
        self._expected: dict[int, float] | None = None
        self.has_constraints = False

    def update(self, trials: Sequence[FrozenTrial]) -> None:
        """Read what has finished since the last call; ``trials`` are all trials by number."""
        self._reserve(len(trials))
        candidates = self._open + list(range(self._n_scanned, len(trials)))
        self._n_scanned = len(trials)
        self._open, self._running, self._expected = [], [], None
        for number in candidates:
            trial = trials[number]
            if trial.state.is_finished():
                self._read_finished(number, trial)
            else:
                self._open.append(number)
                if trial.state == TrialState.RUNNING:
                    self._running.append(trial)

    def _reserve(self, n_trials: int) -> None:
        missing = n_trials - len(self._values)
        if missing > 0:
            # Doubling: appending one trial at a time stays cheap.
            extra = max(missing, len(self._values))
            self._values = np.append(self._values, np.full(extra, np.nan))
            self._failed = np.append(self._failed, np.zeros(extra, dtype=np.bool_))
            self._n_parameters = np.append(self._n_parameters, np.zeros(extra, dtype=np.int64))

    def _read_finished(self, number: int, trial: FrozenTrial) -> None:
        self._finals = None
        self._n_parameters[number] = len(chosen_parameters(trial))
        for name, value in trial.params.items():
            self._params.setdefault(name, []).append((number, value))
            self._value_of.setdefault(name, {})[number] = value
        # Not trial.constraints, which cannot read everything a foreign trial may hold.
        if any(key.split(":", 1)[0] == "constraints" for key in trial.system_attrs):
            self.has_constraints = True
        if trial.state == TrialState.COMPLETE:
            self._values[number] = self._oriented(trial.value)
        elif trial.state == TrialState.FAIL or _reported_divergence(trial):
            self._failed[number] = True
            return
        else:
            self._read_pruned(number, trial)
        self._reports.read(number, trial)

    def _read_pruned(self, number: int, trial: FrozenTrial) -> None:
        last_step = trial.last_step
        if last_step is None:
            # Added by hand with a value, or pruned before any report: nothing to compare.
            if trial.value is not None:
                self._values[number] = self._oriented(trial.value)
            return
        self._pruned[number] = last_step

    def _oriented(self, value: float | None) -> float:
        """The objective value with its sign; NaN and both infinities mean divergence."""
        if value is None or not math.isfinite(value):
            return DIVERGED
        return self._sign * bounded(value)

    def _final_values(self) -> FloatArray:
        """Oriented values by trial number, the pruned trials' estimated; NaN: no information."""
        if not self._pruned:
            return self._values
        if self._finals is None:
            finals = self._values[: self._n_scanned]
            self._finals = self._reports.estimates(finals, self._pruned)
        return self._finals

    def _expected_values(self) -> dict[int, float]:
        """Trial number -> value to be expected, of the running trials that say enough."""
        if self._expected is None:
            self._expected = self._reports.estimates_of_running(
                self._final_values()[: self._n_scanned], self._running
            )
        return self._expected

    def history(
        self, name: str, axis: Axis, exclude: int | None = None, chosen: Chosen | None = None
    ) -> History:
        """What is known of a numeric parameter; trials outside the axis are left out.

        Args:
            name: The parameter.
            axis: Its axis as it is now; earlier trials may have had another range.
            exclude: Number of the trial that is asking. To it the reports of running trials
                count; ``None`` leaves them out.
            chosen: Its parameters chosen before this one; see :func:`chosen_parameters`.
        """
        seen = self._observations(name, axis.distribution, axis.places, exclude)
        survived = np.isfinite(seen.values)
        nothing_learnt = self._reports.progress.nothing_learnt(seen.values[survived])
        barred = np.empty(0)
        if len(seen.failed) or not survived.all():
            # Trials known to have diverged may have done so for another parameter's sake.
            verdict = judge(np.append(seen.failed, seen.places[~survived]), seen.places[survived])
            barred = verdict.barred()
            seen = seen.with_failed(verdict.diverged[: len(seen.failed)])
        if axis.cells is not None:
            barred = axis.cells.centre(np.unique(axis.cells.index(barred)))
        return History(
            points=seen.places,
            values=seen.values,
            pending=seen.pending,
            watched=seen.watched,
            nothing_learnt=nothing_learnt,
            cells=axis.cells,
            barred=barred,
            relaxations=self._relaxations(seen.numbers),
            decades=axis.decades,
            rank=len(chosen) if chosen else 0,
            n_parameters=self._parameters_together(),
            distances=self._distances(seen.numbers, chosen),
        )

    def choices(
        self,
        name: str,
        distribution: CategoricalDistribution,
        exclude: int | None = None,
        chosen: Chosen | None = None,
    ) -> Choices:
        """What is known of a categorical parameter; see :meth:`history`."""
        seen = self._observations(name, distribution, places_on(distribution), exclude)
        survived = seen.places[np.isfinite(seen.values)]
        seen = seen.with_failed(judge_choices(seen.failed, survived))
        return Choices(
            count=len(distribution.choices),
            chosen=seen.places.astype(np.int64),
            values=seen.values,
            pending=seen.pending.astype(np.int64),
            distances=self._distances(seen.numbers, chosen),
        )

    def _relaxations(self, numbers: IntArray) -> FloatArray | None:
        """(n,): relaxation times that the trainings lasted, as long as there are few."""
        if len(numbers) > MOST:
            return None
        known = self._reports.relaxations
        return np.array([known.get(int(number), math.nan) for number in numbers])

    def _parameters_together(self) -> int:
        """How many parameters the best trial has, those with a single value left out."""
        values = self._final_values()[: self._n_scanned]
        most = int(self._n_parameters[: self._n_scanned].max(initial=1))
        if most == 1 or np.isnan(values).all():
            return 1
        return max(int(self._n_parameters[np.nanargmax(values)]), 1)

    def _distances(self, numbers: IntArray, chosen: Chosen | None) -> FloatArray | None:
        """(n,): how far trials are from a trial's parameters, along the farthest of the axes.

        1 for another choice and for a trial that has no such parameter.
        """
        if not chosen:
            return None
        farthest = np.zeros(self._n_scanned)
        for name, (distribution, value) in chosen.items():
            places = places_on(distribution)
            column = self._column(name, distribution, places)
            own = places([value])[0]
            apart = np.ones(self._n_scanned)
            apart[column.numbers] = np.abs(column.places - own)
            running = [trial for trial in self._running if name in trial.params]
            at = places([trial.params[name] for trial in running])
            apart[[trial.number for trial in running]] = np.abs(at - own)
            # Choices are numbers, and an enqueued value may be off its axis.
            apart = np.minimum(np.nan_to_num(apart, nan=1.0), 1.0)
            np.maximum(farthest, apart, out=farthest)
        return farthest[numbers]

    def value_at(self, name: str, axis: Axis, place: float) -> float | int:
        """The value at a place; where trials have been, exactly theirs.

        Mapping a value to the axis and back may change its last digit, and then a repeated pull
        would be another arm.
        """
        column = self._column(name, axis.distribution, axis.places)
        at = int(np.searchsorted(column.places, place))
        if at < len(column.places) and column.places[at] == place:
            value: float | int = self._value_of[name][int(column.numbers[at])]
            return value
        return axis.value(place)

    def _observations(
        self, name: str, distribution: BaseDistribution, places: Places, exclude: int | None
    ) -> Observations:
        column = self._column(name, distribution, places)
        values = self._final_values()[column.numbers]
        silent = np.isnan(values)
        failed = silent & self._failed[column.numbers]
        alone = Observations(
            places=column.places[~silent],
            values=values[~silent],
            numbers=column.numbers[~silent],
            failed=column.places[failed],
            failed_numbers=column.numbers[failed],
        )
        running = [t for t in self._running if name in t.params and t.number != exclude]
        if not running:
            return alone
        at = places([trial.params[name] for trial in running])
        numbers = np.array([trial.number for trial in running], dtype=np.int64)
        on_axis = ~np.isnan(at)
        lost = np.array([_reported_divergence(trial) for trial in running])
        alive = np.array([not self._is_stale(trial.number) for trial in running])
        expected = self._expected_values() if exclude is not None else {}
        values = np.array([expected.get(trial.number, math.nan) for trial in running])
        valued = ~np.isnan(values) & on_axis & ~lost
        busy = alive & on_axis & ~lost
        lost &= on_axis
        return replace(
            alone.with_more(at[valued], values[valued], numbers[valued]),
            failed=np.append(alone.failed, at[lost]),
            failed_numbers=np.append(alone.failed_numbers, numbers[lost]),
            pending=at[busy & ~valued],
            watched=at[busy & valued],
        )

    def _is_stale(self, number: int) -> bool:
        still_open = len(self._open) - bisect_left(self._open, number)
        finished_since = self._n_scanned - number - still_open
        return finished_since > STALE_AFTER + 2 * len(self._running)

    def _column(self, name: str, distribution: BaseDistribution, places: Places) -> Column:
        """The parameter's column, caught up with what was read since."""
        column = self._columns.get(name)
        if column is None or column.distribution != distribution:
            column = self._columns[name] = Column(distribution)
        entries = self._params.get(name, [])[column.n_read :]
        if entries:
            column.n_read += len(entries)
            fresh = places([value for _, value in entries])
            numbers = np.array([number for number, _ in entries], dtype=np.int64)
            on_axis = ~np.isnan(fresh)
            column.merge(fresh[on_axis], numbers[on_axis])
        return column


def _reported_divergence(trial: FrozenTrial) -> bool:
    """Whether any report was NaN, or the last one infinite."""
    reports = trial.intermediate_values
    if any(math.isnan(value) for value in reports.values()):
        return True
    return len(reports) > 0 and math.isinf(reports[max(reports)])
