"""Doing the runs behind the sensitivity page, and continuing where they were interrupted."""

from __future__ import annotations

import contextlib
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np

from benchmarks.problems.groups import make_problem
from benchmarks.problems.noise import run_seed
from benchmarks.progress import progress
from benchmarks.reports.stats import with_nothing_as_worst
from benchmarks.rivals.samplers import rival
from benchmarks.runs.processes import map_unordered
from benchmarks.runs.runner import run_study
from benchmarks.sensitivity.jobs import BUDGETS, MERITS, N_WORKERS, Floats, Job, Outcome, Outcomes
from benchmarks.sensitivity.policy_replay import OneRate, replay_policy
from benchmarks.sensitivity.rows import read_outcomes, write_outcomes
from benchmarks.workers.simulation import Job as Simulation
from benchmarks.workers.simulation import simulate
from optuna_zooming import AdaptiveZooming

SAVE_SECONDS = 10.0


def run_jobs(jobs: Sequence[Job], path: Path, *, n_jobs: int | None = None) -> Outcomes:
    """Run what is not saved yet, saving as it goes; returns the outcomes of these jobs."""
    saved = read_outcomes(path)
    longest = {job[:-1]: job for job in saved}
    missing = [
        job for job in jobs if job[:-1] not in longest or longest[job[:-1]].n_seeds < job.n_seeds
    ]
    written = time.monotonic()
    try:
        with contextlib.closing(map_unordered(run_job, missing, n_jobs=n_jobs)) as results:
            for job, outcome in progress(results, total=len(missing), unit="job"):
                saved.pop(longest.get(job[:-1], job), None)
                longest[job[:-1]] = job
                saved[job] = outcome
                if time.monotonic() - written > SAVE_SECONDS:
                    write_outcomes(saved, path)
                    written = time.monotonic()
    finally:
        # In one order, whatever the order in which they came.
        write_outcomes({job: saved[job] for job in sorted(saved)}, path)
    # As they were rounded: the page is the same whether the rows are old or new.
    rounded = read_outcomes(path)
    return {job: _first_seeds(rounded[longest[job[:-1]]], job.n_seeds) for job in jobs}


def _first_seeds(outcome: Outcome, n_seeds: int) -> Outcome:
    return Outcome(outcome.merits[:n_seeds], outcome.trials[:n_seeds])


def run_job(job: Job) -> tuple[Job, Outcome]:
    """Run all seeds of a job."""
    runs = [_run(job, run_seed(job.problem, seed)) for seed in range(job.n_seeds)]
    return job, Outcome(np.array([merits for merits, _ in runs]), [key for _, key in runs])


def _run(job: Job, seed: int) -> tuple[Floats, str]:
    if job.mode in ("alone", "landscapes"):
        problem = cast(OneRate, make_problem(job.problem))
        policy = AdaptiveZooming().with_constants(**job.setting.changes)
        run = replay_policy(problem, policy, seed, budgets=BUDGETS)
        return np.stack(run[1:]), _key(run.rates.tobytes())
    merits = np.full((len(MERITS), len(BUDGETS)), np.nan)
    at = np.array(BUDGETS) - 1
    if job.mode == "several parameters":
        sampler = rival(job.setting.sampler)
        study = run_study(make_problem(job.problem), sampler, "none", seed, n_trials=BUDGETS[-1])
        merits[:2] = with_nothing_as_worst(
            np.stack([study.best_regret[at], study.recommended_regret[at]])
        )
        return merits, _key("".join(study.params).encode())
    simulated = simulate(
        Simulation(job.problem, job.setting.sampler, "none", N_WORKERS, seed, BUDGETS[-1])
    )[1]
    merits[0] = with_nothing_as_worst(simulated.best_regret)[at]
    return merits, _key(simulated.best_regret.tobytes())


def _key(content: bytes) -> str:
    return f"{zlib.crc32(content):08x}"
