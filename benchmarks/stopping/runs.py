"""Watching the studies that are missing, and continuing where that was interrupted."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.progress import progress
from benchmarks.runs.processes import map_unordered
from benchmarks.stopping.rows import Watched, read_rows, write_rows
from benchmarks.stopping.rules import available_rules
from benchmarks.stopping.settings import Job
from benchmarks.stopping.watch import watch

SAVE_SECONDS = 10.0


class Failure(NamedTuple):
    """A study that raised."""

    job: Job
    message: str

    def __str__(self) -> str:
        return f"{self.job.problem}, seed {self.job.seed}: {self.message}"


def run_jobs(
    jobs: Iterable[Job], folder: Path, *, n_jobs: int | None = None
) -> tuple[dict[Job, Watched], list[Failure]]:
    """Watch what is not saved yet, saving as it goes; the studies by their jobs."""
    kept, wanted = read_rows(folder), list(dict.fromkeys(jobs))
    missing = [job for job in wanted if not _answers(kept, job)]
    failures: list[Failure] = []
    written = time.monotonic()
    try:
        with contextlib.closing(map_unordered(_run, missing, n_jobs=n_jobs)) as results:
            for found in progress(results, total=len(missing), unit="study"):
                if isinstance(found, Failure):
                    failures.append(found)
                    continue
                kept = [*(study for study in kept if not _is_same(study, found)), found]
                if time.monotonic() - written > SAVE_SECONDS:
                    write_rows(kept, folder)
                    written = time.monotonic()
    finally:
        write_rows(kept, folder)
    # As they were rounded: the page is the same whether the rows are old or new.
    saved = read_rows(folder)
    return {job: study for job in wanted for study in _answers(saved, job)}, failures


def _answers(studies: Sequence[Watched], job: Job) -> list[Watched]:
    """The study that a job asks for, if it is among these."""
    rules = available_rules(slow=job.with_slow)
    return [study for study in studies if study.answers(job, rules)]


def _is_same(one: Watched, other: Watched) -> bool:
    return (one.problem, one.seed, one.n_trials) == (other.problem, other.seed, other.n_trials)


def _run(job: Job) -> Watched | Failure:
    try:
        return watch(job)
    except Exception as error:  # whatever a rule raises is a finding
        where = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
        return Failure(job, message)
