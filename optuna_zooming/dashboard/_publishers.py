"""The publishers of this process, one for each study, and what becomes of them in the end."""

from __future__ import annotations

import atexit
import multiprocessing.util
import os
import threading
import time
import weakref

from optuna.storages import BaseStorage
from optuna.study import Study

from ._publisher import Publisher

# A process that ends waits so many seconds, at most, for the last state of its studies.
EXIT_PATIENCE = 5.0


class _Publishers:
    """All publishers of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # By storage and study id; they go when the storage does.
        self._by_storage: weakref.WeakKeyDictionary[BaseStorage, dict[int, Publisher]]
        self._by_storage = weakref.WeakKeyDictionary()
        self._ends_in_order = False

    def of(self, study: Study) -> Publisher:
        with self._lock:
            if not self._ends_in_order:
                self._ends_in_order = True
                # Children of multiprocessing end without what was registered with atexit.
                multiprocessing.util.Finalize(None, flush, exitpriority=100)
            publishers = self._by_storage.setdefault(study._storage, {})
            return publishers.setdefault(study._study_id, Publisher())

    def flush(self) -> None:
        with self._lock:
            everyone = [each for group in self._by_storage.values() for each in group.values()]
        deadline = time.monotonic() + EXIT_PATIENCE
        for each in everyone:
            each.hurry()
        for each in everyone:
            each.wait(deadline - time.monotonic())


_publishers = _Publishers()


def publisher_of(study: Study) -> Publisher:
    """The publisher that all callbacks of this process share for a study."""
    return _publishers.of(study)


def flush() -> None:
    """Publish now what has not been published; gives up after five seconds."""
    _publishers.flush()


def _start_anew() -> None:
    # Of a parent's threads and locks nothing works in a forked child; what the parent has not
    # published is the parent's to publish.
    global _publishers
    _publishers = _Publishers()


atexit.register(flush)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
