"""A function over many jobs in one process per core, results as they come."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

import optuna

Job = TypeVar("Job")
Result = TypeVar("Result")


def map_unordered(
    function: Callable[[Job], Result], jobs: Sequence[Job], *, n_jobs: int | None = None
) -> Generator[Result, None, None]:
    """Results of ``function(job)`` in the order in which they are ready.

    Closing the generator lets the jobs at hand end and drops the others.

    Args:
        function: Importable by name, as are its jobs and results.
        jobs: What to do.
        n_jobs: Processes; None for one per core, 1 for this process alone.
    """
    n_jobs = n_jobs or os.cpu_count() or 1
    if n_jobs == 1 or len(jobs) < 2:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        yield from (function(job) for job in jobs)
        return
    # Studies are many and small: one thread of linear algebra in each process.
    os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    context = multiprocessing.get_context("spawn")
    # Not a with statement: that would wait for everything that is still queued.
    pool = ProcessPoolExecutor(n_jobs, mp_context=context, initializer=_prepare)
    try:
        for future in as_completed([pool.submit(function, job) for job in jobs]):
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _prepare() -> None:
    # Ctrl-C is the parent's to handle: it lets the jobs at hand end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
