"""Asynchronous workers that die in mid-trial, on a simulated clock; synthetic curves."""

from __future__ import annotations

import functools
import heapq
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import optuna
from optuna.trial import TrialState

from benchmarks.problems import functions
from benchmarks.problems.synthetic import SyntheticProblem
from benchmarks.rivals.samplers import rival
from benchmarks.workers.simulation import PACE_SPREAD

NOISE = 0.01
UNNOTICED, TOLD = "stays running", "told as FAIL"


class Key(NamedTuple):
    """Studies that differ in problem and seed only."""

    sampler: str
    n_workers: int
    rate: float
    fate: str


class Job(NamedTuple):
    """A study to simulate: every dead trial meets the same ``fate``."""

    problem: str
    sampler: str
    n_workers: int
    rate: float
    fate: str
    seed: int
    n_trials: int


class Outcome(NamedTuple):
    """How a study ended.

    late: Mean regret of the proposals behind the last told trials.
    best: Regret of ``study.best_trial``.
    """

    late: float
    best: float


class _Work(NamedTuple):
    """What a worker has at hand; the heap orders it by its end, then by number."""

    time: float
    number: int
    trial: optuna.Trial
    value: float


@functools.lru_cache(maxsize=1)
def problems() -> dict[str, SyntheticProblem]:
    """By name; the optimum is at several places."""
    places: dict[str, tuple[Callable[[float], functions.Landscape], Sequence[float]]] = {
        "learning-rate": (functions.learning_rate_like, (0.3, 0.45, 0.6, 0.75, 0.9)),
        "cliff-beside": (functions.cliff_beside, (0.55, 0.8)),
        "edge": (functions.edge, (1.0,)),
    }
    return {
        f"{name}/{optimum:g}": SyntheticProblem(
            name=f"{name}/{optimum:g}", landscape=build(optimum), optimum=optimum, noise=NOISE
        )
        for name, (build, optima) in places.items()
        for optimum in optima
    }


def simulate(job: Job) -> tuple[Job, Outcome]:
    """Run the workers until ``n_trials`` trials were told a value."""
    problem = problems()[job.problem]
    study = run(job)
    trials = study.get_trials(deepcopy=False)
    told = [each for each in trials if each.state == TrialState.COMPLETE]
    regret = [problem.regret(each.params) for each in told]
    return job, Outcome(
        float(np.mean(regret[-n_late(job.n_trials) :])),
        problem.regret(study.best_trial.params),
    )


def run(job: Job) -> optuna.Study:
    """The study behind a job; what still runs at its end is left as it is."""
    study = optuna.create_study(direction="maximize", sampler=rival(job.sampler).make(job.seed))
    queue: list[_Work] = []
    for _ in range(job.n_workers):
        heapq.heappush(queue, _start(study, job, 0.0))
    n_told = 0
    while n_told < job.n_trials:
        work = heapq.heappop(queue)
        if not _dies(job, work.number):
            study.tell(work.trial, work.value)
            n_told += 1
        elif job.fate == TOLD:
            study.tell(work.trial, state=TrialState.FAIL)
        heapq.heappush(queue, _start(study, job, work.time))
    return study


def _start(study: optuna.Study, job: Job, now: float) -> _Work:
    trial = study.ask()
    value = float(problems()[job.problem].learning_curve(trial, job.seed)[-1])
    # Streams 1 and 2: the trial's own draws its noise. The same trials take as long and die as
    # well in every study of a seed, and more of them at a higher rate.
    rng = np.random.default_rng((job.seed, trial.number, 1))
    pace = float(rng.lognormal(-(PACE_SPREAD**2) / 2, PACE_SPREAD))
    return _Work(now + pace, trial.number, trial, value)


def _dies(job: Job, number: int) -> bool:
    return bool(np.random.default_rng((job.seed, number, 2)).random() < job.rate)


def n_late(n_trials: int) -> int:
    """A quarter of the trials: 10 of 40."""
    return max(1, n_trials // 4)
