"""When one process publishes a study: soon, not too often, and always in the end."""

from __future__ import annotations

import threading
import time
import uuid

from optuna.study import Study

from .._logging import get_logger
from ._publication import (
    Options,
    Publication,
    attributes_of,
    keeps_everything,
    made_of,
    unpublishable,
)
from ._turns import Claim, Turns

_logger = get_logger(__name__)

CLAIM = "optuna_zooming:published"  # attribute of the study
# After a publication the processor's time that it took passes so many times before the next.
_REST = 50.0
# Where nothing is ever overwritten, each wait after so many publications is longer by this factor.
_DENSE, _SLOWER, _SLOWEST = 100, 1.02, 3600.0
# Publications in a row that may fail before the next trial is waited for.
_ATTEMPTS = 3
# Seconds in which workers that claim a turn at the same moment find that out.
_SETTLING = 0.2


class Publisher:
    """Publishes one study from a thread, which lives while there is something to publish.

    Times are those of ``time.monotonic``, in seconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hurry = threading.Event()
        self._me = uuid.uuid4().hex
        self._turns = Turns(self._me)
        self._thread: threading.Thread | None = None
        self._task: tuple[Study, Options] | None = None  # None: all is published
        self._newest = 0.0  # when the latest news came
        self._due = 0.0
        self._attempts = 0
        self._cost = 0.0  # of the latest publication, in seconds
        self._is_off = False
        self._told: set[str] = set()

    def notice(self, study: Study, options: Options) -> None:
        """There is news of the study; returns at once and never raises."""
        if self._is_off:
            return
        try:
            with self._lock:
                self._task, self._newest, self._attempts = (study, options), time.monotonic(), 0
                if self._thread is None:
                    thread = threading.Thread(target=self._work, daemon=True)
                    thread.start()
                    self._thread = thread
        except Exception as error:  # No more threads, say.
            self._warn("the study", error)

    def hurry(self) -> None:
        """Publish at once what has not been published."""
        with self._lock:
            if self._thread is not None:
                self._hurry.set()

    def wait(self, seconds: float) -> None:
        """Wait until all is published, at most so many seconds."""
        thread = self._thread
        if thread is not None and seconds > 0:
            thread.join(seconds)

    def _work(self) -> None:
        while True:
            # At least a moment, in which whoever started the thread goes on.
            self._hurry.wait(max(0.001, self._due - time.monotonic()))
            with self._lock:
                task, self._task, newest = self._task, None, self._newest
            assert task is not None, "A publisher's thread ends when all is published."
            is_told = self._attempt(*task, newest)
            with self._lock:
                if not is_told and self._task is None:
                    self._task = task
                if self._task is None or self._is_off:
                    self._task = self._thread = None
                    self._hurry.clear()
                    return

    def _attempt(self, study: Study, options: Options, newest: float) -> bool:
        """Publish if it is our turn; whether nothing is left to do about these news."""
        started = time.monotonic()
        try:
            reason = unpublishable(study)
            if reason is None:
                return self._take_turn(study, options, newest)
            self._is_off = True
            _logger.warning(f"ZoomingDashboard publishes nothing of {study.study_name!r}: {reason}")
        except Exception as error:
            if isinstance(error, KeyError) and _is_deleted(study):
                return True
            self._warn("the study", error)
            self._attempts += 1
            now = time.monotonic()
            self._due = now + max(options.every, _REST * (now - started))
            return self._attempts >= _ATTEMPTS
        return True

    def _take_turn(self, study: Study, options: Options, newest: float) -> bool:
        storage, study_id = study._storage, study._study_id
        now = time.monotonic()
        stored = storage.get_study_system_attrs(study_id)
        self._turns.look(Claim.read(stored.get(CLAIM)), now)
        if self._turns.others_told(newest):
            return True
        self._due = now + options.every
        if not (self._turns.is_mine or self._hurry.is_set()):
            return False
        claim = self._turns.claimed(now)
        storage.set_study_system_attr(study_id, CLAIM, claim._asdict())
        self._hurry.wait(_SETTLING)
        stored = storage.get_study_system_attrs(study_id)
        self._turns.look(standing := Claim.read(stored.get(CLAIM)), time.monotonic())
        if standing != claim:
            return False
        started = time.thread_time()
        made = made_of(study, options)
        cost = time.thread_time() - started
        self._write(study, made, claim)
        self._due = now + self._pause(options, cost, keeps_everything(storage), claim.number)
        return True

    def _write(self, study: Study, made: Publication, claim: Claim) -> None:
        storage, study_id = study._storage, study._study_id
        # Once more: drawing takes its time.
        stored = storage.get_study_system_attrs(study_id)
        standing = Claim.read(stored.get(CLAIM))
        # A worker that claimed its turn later knows more than we do; at the end of several
        # processes, who all want to have published, that happens.
        if standing is not None and standing != claim and standing.done:
            return
        for key, value in attributes_of(made, stored).items():
            storage.set_study_system_attr(study_id, key, value)
        if standing == claim:
            storage.set_study_system_attr(study_id, CLAIM, claim._replace(done=True)._asdict())
        for what, error in made.failures:
            self._warn(what, error)

    def _pause(self, options: Options, cost: float, is_kept: bool, number: int) -> float:
        """Seconds from one publication to the next."""
        # Of two in a row, the one that has not paid for imports as well.
        pause = max(options.every, _REST * min(cost, self._cost))
        self._cost = cost
        if is_kept and number > _DENSE:
            slower = options.every * _SLOWER ** min(number - _DENSE, 1000)
            pause = max(pause, min(slower, _SLOWEST))
        return pause

    def _warn(self, what: str, error: BaseException) -> None:
        if what not in self._told:
            self._told.add(what)
            _logger.warning(
                f"ZoomingDashboard could not publish {what} ({type(error).__name__}: {error}). "
                "Trials go on, and it will try again without saying so."
            )


def _is_deleted(study: Study) -> bool:
    try:
        study._storage.get_study_system_attrs(study._study_id)
    except Exception as error:
        return isinstance(error, KeyError)
    return False
