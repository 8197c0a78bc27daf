"""What a worker process does. It notes what it was told is stored, and why it died if it did."""

from __future__ import annotations

import contextlib
import json
import math
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import optuna
from optuna.trial import TrialState

from tests.services.requirement import DEADLINE
from tests.services.storages import Place
from tests.services.workers.objective import CrashError, objective

T = TypeVar("T")


class Told(NamedTuple):
    """A trial that the storage has accepted as finished."""

    number: int
    state: str
    value: float | None


class Notes:
    """One worker's files: what it told, and the traceback that ended it."""

    def __init__(self, folder: Path, worker: int) -> None:
        self._told = folder / f"{worker}.told"
        self._error = folder / f"{worker}.error"

    def add(self, told: Told) -> None:
        """Write one line at once: a kill leaves it whole or out."""
        with self._told.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")

    def add_error(self) -> None:
        """Write the exception being handled."""
        self._error.write_text(traceback.format_exc(), encoding="utf-8")


def guarded(target: Callable[..., None], notes: Notes, *arguments: object) -> None:
    """Run a worker, and keep the exception that it should not have raised."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore")
    try:
        target(notes, *arguments)
    except BaseException:
        notes.add_error()
        raise


def work(notes: Notes, place: Place, n_trials: int, patient: bool) -> None:
    """Run trials with one sampler object; if patient, also while the storage comes and goes."""
    outages = place.outages if patient else ()
    with contextlib.ExitStack() as stack:
        study = _patiently(lambda: stack.enter_context(place.study()), outages)
        for _ in range(n_trials):
            _run_trial(study, notes, outages)


def _run_trial(study: optuna.Study, notes: Notes, outages: tuple[type[Exception], ...]) -> None:
    trial = _patiently(study.ask, outages)
    expected: tuple[type[Exception], ...] = (CrashError, *outages)
    value, state = None, TrialState.FAIL
    try:
        result = objective(trial)
    except optuna.TrialPruned:
        state = TrialState.PRUNED
    except expected:
        pass
    else:
        if not math.isnan(result):
            value, state = result, TrialState.COMPLETE
    # Finished already where the storage had obeyed, and only its answer was lost.
    _patiently(lambda: study.tell(trial, value, state, skip_if_finished=bool(outages)), outages)
    notes.add(Told(trial.number, state.name, value))


def _patiently(call: Callable[[], T], outages: tuple[type[Exception], ...]) -> T:
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            return call()
        except outages:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
