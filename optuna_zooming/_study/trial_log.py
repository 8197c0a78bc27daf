"""A study's trials as arrays, each finished trial read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial, TrialState

from .._arrays import BoolArray, FloatArray, IntArray
from .._evidence.failures import judge_choices
from .._history import Choices, History
from .._joint.model.fitting import Fitted
from .axis import Axis
from .columns import Columns
from .joint.combinations import CombinationReader, Combinations
from .joint.union import Union
from .observations import Observations, judged
from .parameters import Chosen, Places, chosen_parameters, places_on
from .trials.finished import FinishedTrials
from .trials.rows import Rows
from .trials.running import RunningTrials


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
        self._finished = FinishedTrials(sign)
        self._running = RunningTrials()
        self._columns = Columns(self._rows.trials, self._finished.with_parameter)
        self._combinations = CombinationReader(self._rows, self._finished, self._running)
        self.fitted: Fitted = Fitted()

    @property
    def has_constraints(self) -> bool:
        """Whether any finished trial has constraints."""
        return self._finished.has_constraints

    @property
    def union(self) -> Union:
        """Every parameter of the finished trials."""
        return self._combinations.union

    @property
    def n_known(self) -> int:
        """Finished trials whose value is known or expected, diverged ones included."""
        values = self._finished.finals.values[: len(self._rows.trials)]
        return int(np.count_nonzero(~np.isnan(values)))

    def combinations(self, asking: int | None = None) -> Combinations:
        """What was tried of all parameters together; see :meth:`CombinationReader.read`."""
        return self._combinations.read(asking)

    def trial(self, row: int) -> FrozenTrial:
        """The trial in a row."""
        return self._rows.trials[row]

    def is_complete(self, rows: IntArray) -> BoolArray:
        """(n,): whether the trials in rows, (n,), ran to their end."""
        states = [self._rows.trials[row].state for row in rows]
        return np.array([state == TrialState.COMPLETE for state in states], dtype=np.bool_)

    def expected(self, row: int) -> float | None:
        """The oriented value that a trial has or is expected to reach, if anything is known of it.

        ``-inf`` for one that diverged.
        """
        running = self._running.expected(row)
        value = self._finished.finals.values[row] if running is None else running.values[0]
        return None if np.isnan(value) else float(value)

    def continued_by(self, trials: list[FrozenTrial]) -> bool:
        """Whether a list of trials goes on where the last one ended; see :class:`Rows`."""
        return self._rows.continued_by(trials)

    def update(self, trials: list[FrozenTrial]) -> None:
        """Read what has finished since the last call; ``trials`` are all trials of the study."""
        new = self._rows.advance(trials)
        self._finished.read(trials, new)
        self.union.read(trials, new)
        self._running.update(self._rows, self._finished)

    def history(
        self,
        name: str,
        axis: Axis,
        asking: int | None = None,
        chosen: Chosen | None = None,
        presumed: Sequence[float] = (),
    ) -> History:
        """What is known of a numeric parameter; trials outside the axis are left out.

        Args:
            name: The parameter.
            axis: Its axis as it is now; earlier trials may have had another range.
            asking: Number of the trial that is asking. To it the reports of running trials
                count; ``None`` leaves them out.
            chosen: Its parameters chosen before this one; see :func:`chosen_parameters`.
            presumed: Places that other workers are about to choose, units of axis.
        """
        seen = self._observations(name, axis.distribution, axis.places, asking)
        chosen = self._varying(chosen)
        survived = np.isfinite(seen.values)
        nothing_learnt = self._finished.progress.nothing_learnt(seen.values[survived])
        if len(seen.rows) == 1 and len(chosen_parameters(self.trial(int(seen.rows[0])))) > 1:
            # The only trial does not show which of its parameters vary: this may be one of several.
            nothing_learnt = False
        barred, crashed = np.empty(0), np.empty(0)
        if len(seen.failed) or not survived.all():
            verdict, seen, crashed = judged(seen)
            barred = verdict.barred(axis.cells)
        return History(
            points=seen.places,
            values=seen.values,
            bounds=seen.finals.bounds,
            pending=np.append(seen.pending, presumed),
            watched=seen.watched,
            nothing_learnt=nothing_learnt,
            cells=axis.cells,
            barred=barred,
            crashed=crashed,
            rank=len(chosen),
            n_parameters=self._parameters_together(len(chosen)),
            distances=self._distances(seen.rows, chosen),
        )

    def choices(
        self,
        name: str,
        distribution: CategoricalDistribution,
        asking: int | None = None,
        chosen: Chosen | None = None,
        presumed: Sequence[float] = (),
    ) -> Choices:
        """What is known of a categorical parameter; see :meth:`history`."""
        seen = self._observations(name, distribution, places_on(distribution), asking)
        chosen = self._varying(chosen)
        survived = seen.places[np.isfinite(seen.values)]
        seen = seen.with_failed(judge_choices(seen.failed, survived))
        return Choices(
            count=len(distribution.choices),
            chosen=seen.places.astype(np.int64),
            values=seen.values,
            bounds=seen.finals.bounds,
            pending=np.append(seen.pending, presumed).astype(np.int64),
            n_parameters=self._parameters_together(len(chosen)),
            distances=self._distances(seen.rows, chosen),
        )

    def running_below(self, number: int) -> list[FrozenTrial]:
        """Trials of other workers that began before a trial, have not reported and live."""
        return self._running.below(number)

    def undecided_peers(self, name: str, number: int, chosen: Chosen) -> Iterator[FrozenTrial]:
        """Trials of other workers that are about to choose a parameter; see there."""
        return self._running.undecided_peers(name, number, chosen)

    def value_at(self, name: str, axis: Axis, place: float) -> float | int:
        """The value at a place; where trials have been, exactly theirs."""
        return self._columns.value_at(name, axis, place)

    def _varying(self, chosen: Chosen | None) -> Chosen:
        return self.union.varying(chosen, self._running.trials) if chosen else {}

    def _parameters_together(self, n_chosen: int) -> int:
        """How many parameters that vary the best trial has, or the trial that is asking."""
        if len(self.union.varied) < 2 and n_chosen == 0:
            return 1
        best = self._finished.best_row(len(self._rows.trials))
        names = () if best is None else self._rows.trials[best].distributions
        return max(len(self.union.varied.intersection(names)), n_chosen + (n_chosen > 0), 1)

    def _observations(
        self, name: str, distribution: BaseDistribution, places: Places, asking: int | None
    ) -> Observations:
        column = self._columns.of(name, distribution, places)
        running = self._running.seen_by(asking, name, places)
        return Observations.of(column, self._finished).with_running(running)

    def _distances(self, rows: IntArray, chosen: Chosen) -> FloatArray | None:
        """(n,): how far trials are from a trial's parameters, along the farthest of the axes.

        1 for another choice and for a trial that has no such parameter.
        """
        if not chosen:
            return None
        n_trials = len(self._rows.trials)
        farthest = np.zeros(n_trials)
        for name, (distribution, value) in chosen.items():
            places = places_on(distribution)
            column = self._columns.of(name, distribution, places)
            own = places([value])[0]
            apart = np.ones(n_trials)
            apart[column.rows] = np.abs(column.places - own)
            running, at = self._running.places(name, places)
            apart[running] = np.abs(at - own)
            # Choices are numbers, and an enqueued value may be off its axis.
            apart = np.minimum(np.nan_to_num(apart, nan=1.0), 1.0)
            np.maximum(farthest, apart, out=farthest)
        return farthest[rows]
