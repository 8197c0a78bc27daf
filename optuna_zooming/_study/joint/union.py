"""Every parameter that a study's trials have had: over which range, and whether it varies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    check_distribution_compatibility,
)
from optuna.trial import FrozenTrial, TrialState

from ..parameters import Chosen


class Union:
    """The parameters of the trials that were read.

    Attributes:
        latest: Name -> distribution of the last trial that has it, by row.
        covering: Name -> distribution with the ranges of all that are of the latest one's kind.
        varied: Those in which any two trials differ, or which one of them lacks.
        mixed: Those that were of several kinds, as foreign trials may have them.
    """

    def __init__(self) -> None:
        self.latest: dict[str, BaseDistribution] = {}
        self.covering: dict[str, BaseDistribution] = {}
        self.varied: set[str] = set()
        self.mixed: set[str] = set()
        self._first: dict[str, Any] = {}
        self._n_ended = 0
        self._row_of_latest: dict[str, int] = {}

    def read(self, trials: Sequence[FrozenTrial], rows: Iterable[int]) -> None:
        """Read the trials in ``rows``, which have finished since the last call."""
        for row in rows:
            trial = trials[row]
            # One that failed may have done so before it was asked for all of its parameters.
            ended = trial.state != TrialState.FAIL
            if ended:
                self.varied.update(self._first.keys() - trial.params.keys())
            for name, distribution in trial.distributions.items():
                self._add(name, distribution, trial.params[name], row)
            self._n_ended += ended

    def _add(self, name: str, distribution: BaseDistribution, value: Any, row: int) -> None:
        known = self.covering.get(name)
        if known is None:
            self._first[name] = value
            self.covering[name] = distribution
            if self._n_ended > 0:
                self.varied.add(name)
        elif known is not distribution and known != distribution:
            if not alike(known, distribution):
                self.mixed.add(name)
            self.covering[name] = _covering(known, distribution)
        # Trials may finish in another order: what follows from a study must not depend on it.
        if row >= self._row_of_latest.get(name, 0):
            self.latest[name], self._row_of_latest[name] = distribution, row
        if self.differs(name, value):
            self.varied.add(name)

    @property
    def together(self) -> list[str]:
        """Those that can be chosen together, in alphabetical order."""
        return sorted(self.varied - self.mixed)

    def differs(self, name: str, value: Any) -> bool:
        """Whether a value is another one than a parameter's first, if there is one."""
        return name in self._first and bool(self._first[name] != value)

    def varying(self, chosen: Chosen, running: Sequence[FrozenTrial]) -> Chosen:
        """Those of a trial's parameters that vary, counting this trial and running ones.

        One that never varies decides nothing, whether it has a single value, is held fixed by
        Optuna's ``PartialFixedSampler`` or is enqueued with the same value again and again.

        Args:
            chosen: The trial's parameters.
            running: Trials that have not finished.
        """
        return {
            name: (distribution, value)
            for name, (distribution, value) in chosen.items()
            if name in self.varied
            or self.differs(name, value)
            or any(trial.params.get(name, value) != value for trial in running)
        }


def alike(one: BaseDistribution, other: BaseDistribution) -> bool:
    """Whether two distributions of a parameter are of one kind, whatever their ranges."""
    try:
        check_distribution_compatibility(one, other)
    except ValueError:
        return False
    return True


def _covering(known: BaseDistribution, latest: BaseDistribution) -> BaseDistribution:
    """A distribution with both ranges, or the latest one where they are of different kinds."""
    if isinstance(latest, CategoricalDistribution) or not alike(known, latest):
        return latest
    both: list[Any] = [known, latest]
    low, high = min(each.low for each in both), max(each.high for each in both)
    covering: BaseDistribution = type(both[1])(low, high, log=both[1].log)
    return covering
