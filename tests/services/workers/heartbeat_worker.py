"""Workers that give signs of life, so that others can tell when they are gone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import optuna
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState

from tests.services.requirement import wait_until
from tests.services.storages import Place
from tests.services.workers.objective import CrashError, objective
from tests.services.workers.worker import Notes, Told

Late = Literal["suggest", "report", "tell"]


def work(notes: Notes, place: Place, n_trials: int) -> None:
    """Run trials with one sampler object."""
    with place.study() as study:
        _optimize(study, notes, n_trials)


def hang_first(notes: Notes, place: Place, go: Path, late: Late) -> None:
    """Hang in the first trial until a file appears, too late by then; work on nevertheless.

    Args:
        notes: Of this worker.
        place: Of the study.
        go: The file.
        late: What the worker does first with the trial that is over.
    """

    def hang(trial: optuna.Trial) -> float:
        trial.suggest_float("rate", 1e-5, 1e1, log=True)
        trial.suggest_int("depth", 1, 9)
        trial.set_user_attr("hangs", late)
        wait_until(go.exists)
        if late == "suggest":
            trial.suggest_int("width", 16, 512, log=True)
        elif late == "report":
            trial.report(1.0, step=0)
        return 1.0

    with place.study() as study:
        try:
            study.optimize(hang, n_trials=1)
        except Exception as error:
            if not _says_too_late(error):
                raise
        else:
            raise RuntimeError("A trial that others had failed was accepted.")
        _optimize(study, notes, 3)


def _optimize(study: optuna.Study, notes: Notes, n_trials: int) -> None:
    def note(study: optuna.Study, trial: FrozenTrial) -> None:
        value = trial.value if trial.state == TrialState.COMPLETE else None
        notes.add(Told(trial.number, trial.state.name, value))

    for _ in range(n_trials):
        try:
            study.optimize(objective, n_trials=1, catch=CrashError, callbacks=[note])
        except Exception as error:
            # A busy machine may keep a living worker from giving signs of life.
            if not _says_too_late(error):
                raise


def _says_too_late(error: Exception) -> bool:
    """Whether this is one of Optuna's words for a trial that was failed meanwhile."""
    words = ("Cannot tell a FAIL trial.", "Should not reach.")
    return isinstance(error, UpdateFinishedTrialError) or str(error) in words
