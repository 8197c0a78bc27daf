"""What is kept of the studies that a sampler or pruner has seen, shared by threads."""

from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from optuna.storages import BaseStorage
from optuna.study import Study, StudyDirection
from optuna.trial import FrozenTrial

from .trial_log import TrialLog


class Log(Protocol):
    """What is kept of a study's trials; see :class:`TrialLog`."""

    @property
    def sign(self) -> float:
        """1 when the objective is maximised, -1 when it is minimised."""
        ...

    def continued_by(self, trials: list[FrozenTrial]) -> bool:
        """Whether a list of trials goes on where the last one ended."""
        ...

    def update(self, trials: list[FrozenTrial]) -> None:
        """Read what is new in a list of all trials."""
        ...


AnyLog = TypeVar("AnyLog", bound=Log)


class Logs(Generic[AnyLog]):
    """One log for each study, read on where it ends, and anew where the study is another one.

    Args:
        start: Makes a log from the sign of the objective.
    """

    def __init__(self, start: Callable[[float], AnyLog]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._reads = itertools.count()
        # Study id -> log, and the number of the read that it holds.
        self._by_storage: weakref.WeakKeyDictionary[BaseStorage, dict[int, tuple[AnyLog, int]]]
        self._by_storage = weakref.WeakKeyDictionary()

    @contextmanager
    def of(self, study: Study) -> Iterator[AnyLog]:
        """The study's log, up to date, for this thread alone.

        After any exception inside, Ctrl-C as well, the log is dropped and the study read anew.
        """
        # Without the lock: a slow storage must not make other threads wait.
        read = next(self._reads)
        trials = _all_trials(study)
        with self._lock:
            logs = self._by_storage.setdefault(study._storage, {})
            # Out of the dictionary until all went well.
            log, newest = logs.pop(study._study_id, (self._start(sign_of(study)), -1))
            if log.sign != sign_of(study):
                log, newest = self._start(sign_of(study)), -1
            # A list that was asked for later, if there was one, holds all that this one does.
            if read > newest:
                if not log.continued_by(trials):
                    # Another thread's list was made after this one, or the study is another.
                    trials = _all_trials(study)
                    if not log.continued_by(trials):
                        log = self._start(sign_of(study))
                log.update(trials)
            yield log
            logs[study._study_id] = (log, max(read, newest))


def sign_of(study: Study) -> float:
    """1 if the study's objective is maximised, -1 if it is minimised."""
    return 1.0 if study.direction == StudyDirection.MAXIMIZE else -1.0


def read_trials(study: Study) -> TrialLog:
    """A study's trials as the sampler sees them."""
    log = TrialLog(sign_of(study))
    log.update(study.get_trials(deepcopy=False))
    return log


def _all_trials(study: Study) -> list[FrozenTrial]:
    # Neither the trial's snapshot (its running trials are stale) nor a pruner's view (which hides
    # trials of other brackets): pruned trials are compared step by step anyway.
    return study._storage.get_all_trials(study._study_id, deepcopy=False)
