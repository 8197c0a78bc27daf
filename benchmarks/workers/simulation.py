"""One study by several asynchronous workers on a simulated clock."""

from __future__ import annotations

import heapq
import math
import warnings
from typing import NamedTuple

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import TrialState

from benchmarks.problems.groups import Problem, make_problem
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import rival
from benchmarks.runs.runner import best_so_far

PACE_SPREAD = 0.3
NEAR = 0.01


class Job(NamedTuple):
    """A study to simulate."""

    problem: str
    sampler: str
    pruner: str
    n_workers: int
    seed: int
    n_trials: int


class SimulatedRun(NamedTuple):
    """Trials in the order in which they ended.

    ended: (n_trials,), simulated time in epochs.
    best_regret: (n_trials,), regret of ``study.best_trial`` then; NaN while there is none.
    near_duplicate: (n_trials,), whether the proposal was closer than 1 % of every axis to a trial
        that was running when it was made.
    """

    ended: NDArray[np.float64]
    best_regret: NDArray[np.float64]
    near_duplicate: NDArray[np.bool_]


class _Work(NamedTuple):
    """What a worker has at hand; the heap orders it by the end of the epoch, then by number."""

    time: float
    number: int
    epoch: int
    pace: float
    trial: optuna.Trial
    curve: NDArray[np.float64]


def simulate(job: Job) -> tuple[Job, SimulatedRun]:
    """Run the workers until ``n_trials`` trials have ended."""
    problem = make_problem(job.problem)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN slice", RuntimeWarning)
        study = optuna.create_study(
            study_name=job.problem,
            direction=problem.direction,
            sampler=rival(job.sampler).sampler_for(problem, job.seed),
            pruner=PRUNERS[job.pruner](),
        )
        times, near = _work_off(study, problem, job)
    ended = sorted(times, key=lambda number: times[number])
    trials = study.get_trials(deepcopy=False)
    in_order = [trials[number] for number in ended]
    complete = [trial.state == TrialState.COMPLETE for trial in in_order]
    best = best_so_far([trial.value for trial in in_order], complete)
    regret = np.array([problem.regret(trial.params) for trial in in_order])
    return job, SimulatedRun(
        np.array([times[number] for number in ended]),
        np.where(best < 0, np.nan, regret[best]),
        np.array([near[number] for number in ended]),
    )


def _work_off(
    study: optuna.Study, problem: Problem, job: Job
) -> tuple[dict[int, float], dict[int, bool]]:
    """When each trial ended, and whether its proposal was nearly one that was pending."""
    ended: dict[int, float] = {}
    near: dict[int, bool] = {}
    queue: list[_Work] = []
    for _ in range(min(job.n_workers, job.n_trials)):
        heapq.heappush(queue, _start(study, problem, job.seed, 0.0, queue, near))
    while queue:
        work = heapq.heappop(queue)
        if not _epoch_ends_trial(study, work):
            later = work._replace(time=work.time + work.pace, epoch=work.epoch + 1)
            heapq.heappush(queue, later)
            continue
        ended[work.number] = work.time
        if len(near) < job.n_trials:
            heapq.heappush(queue, _start(study, problem, job.seed, work.time, queue, near))
    return ended, near


def _start(
    study: optuna.Study,
    problem: Problem,
    seed: int,
    now: float,
    running: list[_Work],
    near: dict[int, bool],
) -> _Work:
    trial = study.ask()
    curve = problem.learning_curve(trial, seed)
    near[trial.number] = any(_is_near(trial, work.trial) for work in running)
    # A stream apart from the one that draws the trial's noise; the mean of the pace is 1.
    rng = np.random.default_rng((seed, trial.number, 1))
    pace = float(rng.lognormal(-(PACE_SPREAD**2) / 2, PACE_SPREAD))
    return _Work(now + pace, trial.number, 1, pace, trial, curve)


def _epoch_ends_trial(study: optuna.Study, work: _Work) -> bool:
    """Report the epoch that is over now; tell the study if it was the trial's last."""
    value = float(work.curve[work.epoch - 1])
    work.trial.report(value, work.epoch)
    if work.trial.should_prune():
        study.tell(work.trial, state=TrialState.PRUNED)
        return True
    if math.isnan(value):
        study.tell(work.trial, state=TrialState.FAIL)
        return True
    if work.epoch == len(work.curve):
        study.tell(work.trial, value)
        return True
    return False


def _is_near(one: optuna.Trial, other: optuna.Trial) -> bool:
    # With other parameters, as of another optimiser, it is elsewhere.
    return one.params.keys() == other.params.keys() and all(
        abs(unit_place(one.params[name], each) - unit_place(other.params[name], each)) < NEAR
        for name, each in one.distributions.items()
    )


def unit_place(value: object, each: BaseDistribution) -> float:
    """Place on the parameter's axis, 0 to 1; choices are as far apart as can be."""
    internal = each.to_internal_repr(value)
    if isinstance(each, CategoricalDistribution):
        return float(internal)
    assert isinstance(
        each, (optuna.distributions.FloatDistribution, optuna.distributions.IntDistribution)
    )
    if each.log:
        return math.log(internal / each.low) / math.log(each.high / each.low)
    return (internal - each.low) / (each.high - each.low)
