"""A study's trials in the order of its storage, and which of them are new."""

from __future__ import annotations

from typing import Any

from optuna.trial import FrozenTrial

# Reading every trial of a long study, if only its address, takes longer than a proposal.
MAX_PROBES = 512


class Rows:
    """The trials seen so far; a row is a position in the storage's list.

    Rows and not trial numbers: where rows of a database were deleted, numbers have gaps, and may
    even repeat.

    Attributes:
        trials: By row, as of the last look.
        unfinished: Increasing rows of those that were waiting or running then.
    """

    def __init__(self) -> None:
        self.trials: list[FrozenTrial] = []
        self.unfinished: list[int] = []

    def continued_by(self, trials: list[FrozenTrial]) -> bool:
        """Whether these are the trials seen before, and perhaps more.

        They are not if the study was deleted and created again (a database may give its number
        to another one), if trials were deleted, or if this list was read before the last one.
        """
        n_known = len(self.trials)
        if len(trials) < n_known:
            return False
        for row in self.unfinished:
            if self.trials[row]._trial_id != trials[row]._trial_id:
                return False
            self.trials[row] = trials[row]
        before, now = _probes(self.trials, n_known), _probes(trials, n_known)
        # Storages hand out the same objects again, and then this compares addresses only.
        try:
            if before == now:
                return True
        except ValueError:  # user attributes may be arrays
            pass
        return all(_identity(a) == _identity(b) for a, b in zip(before, now))

    def advance(self, trials: list[FrozenTrial]) -> list[int]:
        """Take over a list that continues the last one; returns the rows that finished since."""
        candidates = [*self.unfinished, *range(len(self.trials), len(trials))]
        for row in self.unfinished:
            self.trials[row] = trials[row]
        self.trials.extend(trials[len(self.trials) :])
        finished = [row for row in candidates if trials[row].state.is_finished()]
        self.unfinished = [row for row in candidates if not trials[row].state.is_finished()]
        return finished


def _probes(trials: list[FrozenTrial], n_known: int) -> list[FrozenTrial]:
    """The trials whose identity is checked: all, or of very many the latest and evenly spread ones.

    Another study has other trials everywhere. Where rows were deleted, later ones move up, and
    numbers that are given twice are late ones.
    """
    if n_known <= 2 * MAX_PROBES:
        return trials[:n_known]
    latest = n_known - MAX_PROBES
    return trials[: latest : latest // MAX_PROBES] + trials[latest:n_known]


def _identity(trial: FrozenTrial) -> tuple[Any, ...]:
    """What tells a trial from every other; unlike all it reported it holds no NaN."""
    return (
        trial._trial_id,
        trial.number,
        trial.state,
        trial.values,
        trial.datetime_start,
        trial.datetime_complete,
    )
