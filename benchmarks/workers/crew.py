"""Processes, or threads, that begin a piece of work at the same moment."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Protocol, TypeVar

import optuna

Job = TypeVar("Job")
Result = TypeVar("Result")

# A worker that does not come has died; starting eight of them on two cores takes ten.
PATIENCE = 120.0


class _Barrier(Protocol):
    def wait(self, timeout: float | None = None) -> int: ...

    def abort(self) -> None: ...


_barrier: _Barrier | None = None


def meet() -> None:
    """Wait here until every worker of the crew does; to be called in one of its jobs."""
    assert _barrier is not None
    _barrier.wait(PATIENCE)


class Crew:
    """``n_workers`` workers; a context manager that ends them.

    Args:
        n_workers: How many.
        threads: Threads of this process, one such crew at a time, instead of processes.
    """

    def __init__(self, n_workers: int, *, threads: bool = False) -> None:
        self.n_workers = n_workers
        self._pool: Executor
        if threads:
            self._pool = ThreadPoolExecutor(
                n_workers, initializer=_join, initargs=(threading.Barrier(n_workers),)
            )
        else:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                n_workers, context, _join_as_process, (context.Barrier(n_workers),)
            )

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def each(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> list[Result]:
        """Results of one job for each worker; every job has to :func:`meet` at least once.

        Raises the error of the worker that failed first; the crew is of no use afterwards.
        """
        assert len(jobs) == self.n_workers
        futures = [self._pool.submit(_guarded, function, job) for job in jobs]
        errors = [error for error in (future.exception() for future in futures) if error]
        # The others only waited in vain.
        errors.sort(key=lambda error: isinstance(error, threading.BrokenBarrierError))
        if errors:
            raise errors[0]
        return [future.result() for future in futures]


def _join(barrier: _Barrier) -> None:
    global _barrier
    _barrier = barrier
    optuna.logging.set_verbosity(optuna.logging.ERROR)


def _join_as_process(barrier: _Barrier) -> None:
    # Ctrl-C is the parent's to handle: it lets the jobs at hand end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _join(barrier)


def _guarded(function: Callable[[Job], Result], job: Job) -> Result:
    # A worker takes one job: as long as it has not met the others, no other job is for it.
    try:
        return function(job)
    except BaseException:
        assert _barrier is not None
        _barrier.abort()
        raise
