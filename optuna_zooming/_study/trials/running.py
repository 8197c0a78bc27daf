"""The running trials of a study: what they may reach, and which of them are dead."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from optuna.trial import FrozenTrial, TrialState

from ..._arrays import BoolArray, FloatArray, IntArray
from ..._evidence.extrapolation import Finals
from ..._evidence.staleness import WINDOW, patience
from ..parameters import Chosen, Places, chosen_parameters
from .finished import FinishedTrials
from .readings import reported_divergence
from .rows import Rows


class RunningPlaces(NamedTuple):
    """Running trials on one axis, n of them, arrays of shape (n,).

    rows: Rows of the trials.
    places: Where they are; NaN off the axis.
    finals: What is to be expected; values of NaN for those that have reported too little.
    lost: Whether they have reported divergence.
    stale: Whether their workers are taken for dead.
    """

    rows: IntArray
    places: FloatArray
    finals: Finals
    lost: BoolArray
    stale: BoolArray


class RunningTrials:
    """The trials that were running at the last look, by row."""

    def __init__(self) -> None:
        self._trials: dict[int, FrozenTrial] = {}
        # Row -> value to be expected, of those that have reported enough.
        self._expected: dict[int, Finals] = {}
        self._n_trials = 0
        self._unfinished: list[int] = []
        # When the latest trials ended; how far that lets a trial fall behind, if asked for.
        self._ended = np.empty(0)
        self._patience: float | None = None

    def update(self, rows: Rows, finished: FinishedTrials) -> None:
        """Take over those that run now."""
        self._n_trials, self._unfinished = len(rows.trials), rows.unfinished
        self._trials = {
            row: rows.trials[row]
            for row in rows.unfinished
            if rows.trials[row].state == TrialState.RUNNING
        }
        expected = {row: finished.expected(trial) for row, trial in self._trials.items()}
        self._expected = {row: final for row, final in expected.items() if final is not None}
        self._ended = finished.ended[max(self._n_trials - WINDOW, 0) : self._n_trials]
        self._patience = None

    @property
    def any_lost(self) -> bool:
        """Whether any has reported divergence."""
        return any(map(reported_divergence, self.trials))

    def others(self, asking: int) -> list[int]:
        """Rows of those that are not the trial that is asking, by its number."""
        return [row for row, trial in self._trials.items() if trial.number != asking]

    def expected(self, row: int) -> Finals | None:
        """The final value to be expected of one, (1,), if others got as far."""
        return self._expected.get(row)

    @property
    def trials(self) -> list[FrozenTrial]:
        """All of them."""
        return list(self._trials.values())

    def places(self, name: str, places: Places) -> tuple[list[int], FloatArray]:
        """(rows, places) of those that have a parameter, NaN for a place off the axis."""
        rows = [row for row, trial in self._trials.items() if name in trial.params]
        return rows, places([self._trials[row].params[name] for row in rows])

    def seen_by(self, asking: int | None, name: str, places: Places) -> RunningPlaces | None:
        """What those that have a parameter are to a trial; ``None`` if there are none.

        Args:
            asking: Number of the trial that is asking, which is left out. To it the reports of
                the others count; to ``None`` they do not.
            name: The parameter.
            places: Its values -> places.
        """
        rows, at = self.places(name, places)
        kept = [i for i, row in enumerate(rows) if self._trials[row].number != asking]
        if not kept:
            return None
        rows = [rows[i] for i in kept]
        expected = {} if asking is None else self._expected
        return RunningPlaces(
            rows=np.array(rows, dtype=np.int64),
            places=at[kept],
            finals=Finals.of_each([expected.get(row) for row in rows]),
            lost=np.array([reported_divergence(self._trials[row]) for row in rows]),
            stale=np.array([self.is_stale(row) for row in rows]),
        )

    def undecided_peers(self, name: str, number: int, chosen: Chosen) -> Iterator[FrozenTrial]:
        """Trials of other workers that are about to choose a parameter, in the order of their rows.

        They run, were started before trial ``number``, have chosen the same parameters and have
        not reported anything yet.
        """
        for trial in self.below(number):
            if name not in trial.params and chosen_parameters(trial).keys() == chosen.keys():
                yield trial

    def below(self, number: int) -> list[FrozenTrial]:
        """Those that began before trial ``number``, live, and have not reported anything yet."""
        return [
            trial
            for row, trial in self._trials.items()
            if trial.number < number and not trial.intermediate_values and not self.is_stale(row)
        ]

    def is_stale(self, row: int) -> bool:
        """Whether a running trial's worker is taken for dead."""
        later_unfinished = len(self._unfinished) - bisect_left(self._unfinished, row)
        if self._patience is None:
            self._patience = patience(self._ended)
        return self._n_trials - row - later_unfinished > self._patience
