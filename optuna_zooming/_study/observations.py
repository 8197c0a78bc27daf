"""One parameter's trials of every state as arrays, and what its failures mean."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from .._arrays import BoolArray, FloatArray, IntArray
from .._evidence.bands import judge_bands
from .._evidence.extrapolation import Finals
from .._evidence.failures import Verdict, judge
from .columns import Column
from .trials.finished import FinishedTrials
from .trials.readings import DIVERGED
from .trials.running import RunningPlaces


@dataclass(frozen=True, eq=False)
class Observations:
    """One parameter's trials: finished with a value, failed without one, and pending.

    places, finals, rows: Of n trials, sorted by place; row of the trial.
    failed, failed_rows: (k,).
    pending: (m,), places of running trials without a value.
    watched: (w,), those of running trials whose expected value counts.
    """

    places: FloatArray
    finals: Finals
    rows: IntArray
    failed: FloatArray = field(default_factory=lambda: np.empty(0))
    failed_rows: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    pending: FloatArray = field(default_factory=lambda: np.empty(0))
    watched: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def values(self) -> FloatArray:
        """(n,), oriented; those of unfinished trials are the ones to be expected."""
        return self.finals.values

    @classmethod
    def of(cls, column: Column, finished: FinishedTrials) -> Observations:
        """Those of the finished trials of a column."""
        finals = finished.finals.at(column.rows)
        silent = np.isnan(finals.values)
        if not silent.any():
            return cls(column.places, finals, column.rows)
        failed = silent & finished.failed[column.rows]
        return cls(
            places=column.places[~silent],
            finals=finals.at(~silent),
            rows=column.rows[~silent],
            failed=column.places[failed],
            failed_rows=column.rows[failed],
        )

    def with_running(self, running: RunningPlaces | None) -> Observations:
        """These and the running trials; the dead ones count only by what they reported."""
        if running is None:
            return self
        places, rows = running.places, running.rows
        on_axis = ~np.isnan(places)
        lost, alive = running.lost & on_axis, ~running.lost & on_axis
        valued = alive & ~np.isnan(running.finals.values)
        busy = alive & ~running.stale
        return replace(
            self.with_more(places[valued], running.finals.at(valued), rows[valued]),
            failed=np.append(self.failed, places[lost]),
            failed_rows=np.append(self.failed_rows, rows[lost]),
            pending=places[busy & ~valued],
            watched=places[busy & valued],
        )

    def with_failed(self, diverged: BoolArray) -> Observations:
        """These and those of the failed trials, (k,), that are taken for diverged."""
        places = self.failed[diverged]
        finals = Finals.known(np.full(len(places), DIVERGED))
        return self.with_more(places, finals, self.failed_rows[diverged])

    def with_more(self, places: FloatArray, finals: Finals, rows: IntArray) -> Observations:
        """These and others with a value, (k,) each, in any order."""
        if len(places) == 0:
            return self
        order = np.argsort(places, kind="stable")
        at = np.searchsorted(self.places, places[order])
        return replace(
            self,
            places=np.insert(self.places, at, places[order]),
            finals=self.finals.with_inserted(at, finals.at(order)),
            rows=np.insert(self.rows, at, rows[order]),
        )


class Judged(NamedTuple):
    """What the failures on an axis mean.

    verdict: Which trials diverged, and where others would.
    observations: With those that failed for their place.
    crashed: (c,), increasing, where trials failed that may have had bad luck.
    """

    verdict: Verdict
    observations: Observations
    crashed: FloatArray


def judged(seen: Observations) -> Judged:
    """Tell the failures that are the place's from those that may be bad luck."""
    survived = np.isfinite(seen.values)
    # Trials known to have diverged may have done so for another parameter's sake.
    failed = np.append(seen.failed, seen.places[~survived])
    verdict = judge(failed, seen.places[survived])
    bands = judge_bands(failed[~verdict.diverged], seen.places[survived])
    diverged = verdict.diverged.copy()
    diverged[~diverged] = bands.failing
    verdict = replace(verdict, diverged=diverged, zones=bands.zones)
    of_failed = diverged[: len(seen.failed)]
    return Judged(verdict, seen.with_failed(of_failed), np.sort(seen.failed[~of_failed]))
