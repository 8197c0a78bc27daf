"""A study's trials as arrays, each finished trial read once."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial, TrialState

from .._evidence.bands import judge_bands
from .._evidence.failures import Verdict, judge, judge_choices
from .._evidence.progress import ENOUGH, Progress
from .._evidence.relaxation import relaxation_times
from .._evidence.staleness import WINDOW, patience
from .._policy.arms import Choices, FloatArray, History, IntArray
from .._policy.forecast import MOST
from .axis import Axis
from .columns import (
    DIVERGED,
    Chosen,
    Column,
    Observations,
    Places,
    bounded,
    chosen_parameters,
    places_on,
)
from .reports import Reports
from .rows import Rows


class TrialLog:
    """What the trials of one study say, per parameter.

    A cache: everything here follows from the study's trials alone, and finished trials never
    change. Values are oriented: larger is better. See :class:`ZoomingSampler` for the meaning of
    each trial state.

    An exception in the middle of any call leaves a log that must not be used any more.
    """

    def __init__(self, sign: float) -> None:
        self.sign = sign
        self._rows = Rows()
        # By row: oriented value, with those of the pruned trials estimated; NaN: no information.
        self._values = np.empty(0)
        self._failed = np.empty(0, dtype=np.bool_)
        # When a trial ended with a value or was pruned, in seconds; NaN for all others.
        self._ended = np.empty(0)
        # Parameters that have more than one value.
        self._n_parameters = np.empty(0, dtype=np.int64)
        # Per parameter: rows of the finished trials that have it, in the order of reading.
        self._with_parameter: dict[str, list[int]] = {}
        self._columns: dict[str, Column] = {}
        self._reports = Reports(sign)
        self._progress = Progress()
        # Row -> trial; row -> value to be expected, of those that have reported enough.
        self._running: dict[int, FrozenTrial] = {}
        self._expected: dict[int, float] = {}
        self._patience: float | None = None
        self.has_constraints = False

    def continued_by(self, trials: list[FrozenTrial]) -> bool:
        """Whether a list of trials goes on where the last one ended; see :class:`Rows`."""
        return self._rows.continued_by(trials)

    def update(self, trials: list[FrozenTrial]) -> None:
        """Read what has finished since the last call; ``trials`` are all trials of the study."""
        self._reserve(len(trials))
        for row in self._rows.advance(trials):
            self._read_finished(row, trials[row])
        self._reports.estimate(trials, self._values)
        self._patience = None
        self._running = {
            row: trials[row]
            for row in self._rows.unfinished
            if trials[row].state == TrialState.RUNNING
        }
        expected = {row: self._reports.expected(t) for row, t in self._running.items()}
        self._expected = {row: value for row, value in expected.items() if math.isfinite(value)}

    def _reserve(self, n_trials: int) -> None:
        missing = n_trials - len(self._values)
        if missing > 0:
            # Doubling: appending one trial at a time stays cheap.
            extra = max(missing, len(self._values))
            self._values = np.append(self._values, np.full(extra, np.nan))
            self._ended = np.append(self._ended, np.full(extra, np.nan))
            self._failed = np.append(self._failed, np.zeros(extra, dtype=np.bool_))
            self._n_parameters = np.append(self._n_parameters, np.zeros(extra, dtype=np.int64))

    def _read_finished(self, row: int, trial: FrozenTrial) -> None:
        self._n_parameters[row] = len(chosen_parameters(trial))
        for name in trial.params:
            self._with_parameter.setdefault(name, []).append(row)
        # Not trial.constraints, which cannot read everything a foreign trial may hold.
        if any(key.split(":", 1)[0] == "constraints" for key in trial.system_attrs):
            self.has_constraints = True
        if trial.state == TrialState.FAIL or (
            trial.state == TrialState.PRUNED and _reported_divergence(trial)
        ):
            self._failed[row] = True
            return
        self._ended[row] = _seconds(trial.datetime_complete)
        last_step = trial.last_step
        if trial.state == TrialState.PRUNED and last_step is not None:
            self._reports.add_stopped(row, last_step, trial.intermediate_values[last_step])
        elif trial.state == TrialState.COMPLETE or trial.value is not None:
            # One that was pruned before any report has a value if it was added by hand.
            self._values[row] = self._oriented(trial.value)
            self._reports.add(row)
        # A trial that was pruned early had no time to learn.
        early = trial.state == TrialState.PRUNED and len(trial.intermediate_values) < ENOUGH
        if self._progress.undecided and not early:
            self._progress.add(self._curve(trial))

    def _curve(self, trial: FrozenTrial) -> FloatArray:
        """(n_reports,): what a trial reported, oriented, in the order of its steps."""
        reports = trial.intermediate_values
        return np.array([self.sign * bounded(reports[step]) for step in sorted(reports)])

    def _oriented(self, value: float | None) -> float:
        """The objective value with its sign; NaN and both infinities mean divergence."""
        if value is None or not math.isfinite(value):
            return DIVERGED
        return self.sign * bounded(value)

    def history(
        self,
        name: str,
        axis: Axis,
        exclude: int | None = None,
        chosen: Chosen | None = None,
        presumed: Sequence[float] = (),
    ) -> History:
        """What is known of a numeric parameter; trials outside the axis are left out.

        Args:
            name: The parameter.
            axis: Its axis as it is now; earlier trials may have had another range.
            exclude: Number of the trial that is asking. To it the reports of running trials
                count; ``None`` leaves them out.
            chosen: Its parameters chosen before this one; see :func:`chosen_parameters`.
            presumed: Places that other workers are about to choose, units of axis.
        """
        seen = self._observations(name, axis.distribution, axis.places, exclude)
        survived = np.isfinite(seen.values)
        nothing_learnt = self._progress.nothing_learnt(seen.values[survived])
        barred, crashed = np.empty(0), np.empty(0)
        if len(seen.failed) or not survived.all():
            verdict, seen, crashed = _judged(seen)
            barred = verdict.barred()
            if axis.cells is not None:
                barred = axis.cells.centre(np.unique(axis.cells.index(barred)))
                barred = barred[verdict.bars(barred)]
        return History(
            points=seen.places,
            values=seen.values,
            pending=np.append(seen.pending, presumed),
            watched=seen.watched,
            nothing_learnt=nothing_learnt,
            cells=axis.cells,
            barred=barred,
            crashed=crashed,
            relaxations=self._relaxations(seen.rows),
            decades=axis.decades,
            rank=len(chosen) if chosen else 0,
            n_parameters=self._parameters_together(),
            distances=self._distances(seen.rows, chosen),
        )

    def choices(
        self,
        name: str,
        distribution: CategoricalDistribution,
        exclude: int | None = None,
        chosen: Chosen | None = None,
        presumed: Sequence[float] = (),
    ) -> Choices:
        """What is known of a categorical parameter; see :meth:`history`."""
        seen = self._observations(name, distribution, places_on(distribution), exclude)
        survived = seen.places[np.isfinite(seen.values)]
        seen = seen.with_failed(judge_choices(seen.failed, survived))
        return Choices(
            count=len(distribution.choices),
            chosen=seen.places.astype(np.int64),
            values=seen.values,
            pending=np.append(seen.pending, presumed).astype(np.int64),
            distances=self._distances(seen.rows, chosen),
        )

    def undecided_peers(self, name: str, number: int, chosen: Chosen) -> Iterator[FrozenTrial]:
        """Trials of other workers that are about to choose a parameter, in the order of their rows.

        They run, were started before trial ``number``, have chosen the same parameters and have
        not reported anything yet.
        """
        for row, trial in self._running.items():
            if (
                trial.number < number
                and name not in trial.params
                and not trial.intermediate_values
                and chosen_parameters(trial).keys() == chosen.keys()
                and not self._is_stale(row)
            ):
                yield trial

    def _relaxations(self, rows: IntArray) -> FloatArray | None:
        """(n,): relaxation times that the trainings lasted, as long as there are few."""
        if len(rows) > MOST:
            return None
        return np.array([self._relaxation(int(row)) for row in rows])

    def _relaxation(self, row: int) -> float:
        trial = self._rows.trials[row]
        if self._failed[row] or not trial.state.is_finished():
            return math.nan
        curve = self._curve(trial)
        if not np.isfinite(curve).all():
            return math.nan
        steps = sorted(trial.intermediate_values)
        # Steps may be too large for a float; shares of the whole are not.
        span = steps[-1] - steps[0] if len(steps) > 1 else 1
        return relaxation_times(np.array([(step - steps[0]) / span for step in steps]), curve)

    def _parameters_together(self) -> int:
        """How many parameters the best trial has, those with a single value left out."""
        n_trials = len(self._rows.trials)
        values = self._values[:n_trials]
        most = int(self._n_parameters[:n_trials].max(initial=1))
        if most == 1 or np.isnan(values).all():
            return 1
        return max(int(self._n_parameters[np.nanargmax(values)]), 1)

    def _distances(self, rows: IntArray, chosen: Chosen | None) -> FloatArray | None:
        """(n,): how far trials are from a trial's parameters, along the farthest of the axes.

        1 for another choice and for a trial that has no such parameter.
        """
        if not chosen:
            return None
        n_trials = len(self._rows.trials)
        farthest = np.zeros(n_trials)
        for name, (distribution, value) in chosen.items():
            places = places_on(distribution)
            column = self._column(name, distribution, places)
            own = places([value])[0]
            apart = np.ones(n_trials)
            apart[column.rows] = np.abs(column.places - own)
            running = [row for row, trial in self._running.items() if name in trial.params]
            at = places([self._running[row].params[name] for row in running])
            apart[running] = np.abs(at - own)
            # Choices are numbers, and an enqueued value may be off its axis.
            apart = np.minimum(np.nan_to_num(apart, nan=1.0), 1.0)
            np.maximum(farthest, apart, out=farthest)
        return farthest[rows]

    def value_at(self, name: str, axis: Axis, place: float) -> float | int:
        """The value at a place; where trials have been, exactly theirs.

        Mapping a value to the axis and back may change its last digit, and then a repeated pull
        would be another arm.
        """
        column = self._column(name, axis.distribution, axis.places)
        at = int(np.searchsorted(column.places, place))
        if at < len(column.places) and column.places[at] == place:
            value = self._rows.trials[int(column.rows[at])].params[name]
            return axis.own_value(value, place)
        return axis.value(place)

    def _observations(
        self, name: str, distribution: BaseDistribution, places: Places, exclude: int | None
    ) -> Observations:
        column = self._column(name, distribution, places)
        values = self._values[column.rows]
        silent = np.isnan(values)
        alone = Observations(column.places, values, column.rows)
        if silent.any():
            failed = silent & self._failed[column.rows]
            alone = Observations(
                places=column.places[~silent],
                values=values[~silent],
                rows=column.rows[~silent],
                failed=column.places[failed],
                failed_rows=column.rows[failed],
            )
        running = {
            row: trial
            for row, trial in self._running.items()
            if name in trial.params and trial.number != exclude
        }
        if not running:
            return alone
        at = places([trial.params[name] for trial in running.values()])
        rows = np.array(list(running), dtype=np.int64)
        on_axis = ~np.isnan(at)
        lost = np.array([_reported_divergence(trial) for trial in running.values()])
        alive = np.array([not self._is_stale(row) for row in running])
        expected = self._expected if exclude is not None else {}
        values = np.array([expected.get(row, math.nan) for row in running])
        valued = ~np.isnan(values) & on_axis & ~lost
        busy = alive & on_axis & ~lost
        lost &= on_axis
        return replace(
            alone.with_more(at[valued], values[valued], rows[valued]),
            failed=np.append(alone.failed, at[lost]),
            failed_rows=np.append(alone.failed_rows, rows[lost]),
            pending=at[busy & ~valued],
            watched=at[busy & valued],
        )

    def _is_stale(self, row: int) -> bool:
        """Whether a running trial's worker is taken for dead."""
        unfinished, n_trials = self._rows.unfinished, len(self._rows.trials)
        finished_since = n_trials - row - (len(unfinished) - bisect_left(unfinished, row))
        if self._patience is None:
            self._patience = patience(self._ended[max(n_trials - WINDOW, 0) : n_trials])
        return finished_since > self._patience

    def _column(self, name: str, distribution: BaseDistribution, places: Places) -> Column:
        """The parameter's column, caught up with what was read since."""
        column = self._columns.get(name)
        if column is None or column.distribution != distribution:
            column = self._columns[name] = Column(distribution)
        unread = self._with_parameter.get(name, [])[column.n_read :]
        if unread:
            column.n_read += len(unread)
            fresh = places([self._rows.trials[row].params[name] for row in unread])
            rows = np.array(unread, dtype=np.int64)
            on_axis = ~np.isnan(fresh)
            column.merge(fresh[on_axis], rows[on_axis])
        return column


def _judged(seen: Observations) -> tuple[Verdict, Observations, FloatArray]:
    """(verdict, observations with those that failed for their place, where others failed)."""
    survived = np.isfinite(seen.values)
    # Trials known to have diverged may have done so for another parameter's sake.
    failed = np.append(seen.failed, seen.places[~survived])
    verdict = judge(failed, seen.places[survived])
    bands = judge_bands(failed[~verdict.diverged], seen.places[survived])
    diverged = verdict.diverged.copy()
    diverged[~diverged] = bands.failing
    verdict = replace(verdict, diverged=diverged, zones=bands.zones)
    of_failed = diverged[: len(seen.failed)]
    return verdict, seen.with_failed(of_failed), np.sort(seen.failed[~of_failed])


def _reported_divergence(trial: FrozenTrial) -> bool:
    """Whether any report was NaN, or the last one infinite."""
    reports = trial.intermediate_values
    if any(map(math.isnan, reports.values())):
        return True
    return len(reports) > 0 and math.isinf(reports[max(reports)])


def _seconds(when: datetime | None) -> float:
    """A time as a number whose differences are seconds."""
    # Foreign trials may come with a time zone, others without.
    return math.nan if when is None else (when.replace(tzinfo=None) - datetime.min).total_seconds()
