"""A study as it was at one moment, for whoever looks at it more than once."""

from __future__ import annotations

import copy
from collections.abc import Container
from typing import Any

from optuna.storages import BaseStorage
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState


def snapshot(study: Study) -> Study:
    """The study with its trials as they are now, while workers go on; for reading alone."""
    seen = copy.copy(study)
    seen._storage = _Snapshot(study)  # type: ignore[assignment]
    return seen


class _Snapshot:
    """A study's storage, with the trials as they were; all else is the storage's own.

    No storage in memory, which would tell in the log that a study was created.
    """

    def __init__(self, study: Study) -> None:
        self._storage = study._storage
        self._trials = [
            # Finished trials change no more.
            trial if trial.state.is_finished() else copy.deepcopy(trial)
            for trial in study._storage.get_all_trials(study._study_id, deepcopy=False)
        ]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def get_all_trials(
        self,
        study_id: int,
        deepcopy: bool = True,
        states: Container[TrialState] | None = None,
    ) -> list[FrozenTrial]:
        trials = [each for each in self._trials if states is None or each.state in states]
        return copy.deepcopy(trials) if deepcopy else trials

    def get_best_trial(self, study_id: int) -> FrozenTrial:
        # By these trials.
        return BaseStorage.get_best_trial(self, study_id)  # type: ignore[arg-type]
