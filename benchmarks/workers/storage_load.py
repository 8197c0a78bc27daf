"""What a crew on one study sees: trials per second, and how near its first proposals are."""

from __future__ import annotations

import functools
import itertools
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Optional, cast

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler

from benchmarks.progress import progress
from benchmarks.rivals.samplers import rival
from benchmarks.workers.crew import Crew, meet
from benchmarks.workers.places import Place, open_storage
from benchmarks.workers.prefilled import AXIS, value_at
from benchmarks.workers.simulation import NEAR, unit_place

Opened = Callable[[], optuna.Study]
SEEDS = ("None", "different", "same")
AXES = ("log float", "int", "choices")


class Plan(NamedTuple):
    """What is measured on each storage.

    samplers: By name; the first is what the others are compared with.
    crews: Numbers of workers whose throughput is measured.
    n_trials: Of all workers together in a study.
    repeats: Studies behind a throughput.
    n_together: Workers whose first proposals are compared.
    rounds: Studies behind a number of near-duplicates.
    """

    samplers: Sequence[str]
    crews: Sequence[int]
    n_trials: int
    repeats: int
    n_together: int
    rounds: int


class Load(NamedTuple):
    """What was measured on a storage.

    per_second: (sampler, workers) -> trials per second, one for each repeat.
    near: (sampler, axis, seeds) -> near-duplicates among the first proposals, one for each round.
    """

    per_second: dict[tuple[str, int], list[float]]
    near: dict[tuple[str, str, str], list[int]]


class _Round(NamedTuple):
    """A study in which every worker proposes one value."""

    opened: Opened
    each: BaseDistribution


def measure(place: Place, plan: Plan) -> Load:
    """Everything of the plan on one storage."""
    load = Load({}, {})
    n_measured = len(plan.samplers) * (len(plan.crews) * plan.repeats + len(SEEDS))
    with progress(total=n_measured, unit="study", what=place.kind) as bar:
        _measure_throughput(place, plan, load, bar.update)
        _measure_duplicates(place, plan, load, bar.update)
    return load


def _measure_throughput(place: Place, plan: Plan, load: Load, told: Callable[[], object]) -> None:
    for n_workers in plan.crews:
        with Crew(n_workers, threads=place.kind == "memory") as crew:
            # In turn: what else the machine does strikes all of them.
            for repeat, sampler in itertools.product(range(plan.repeats), plan.samplers):
                found = load.per_second.setdefault((sampler, n_workers), [])
                found.append(trials_per_second(crew, place, sampler, plan.n_trials, repeat))
                told()


def _measure_duplicates(place: Place, plan: Plan, load: Load, told: Callable[[], object]) -> None:
    threads = place.kind == "memory"
    with Crew(plan.n_together, threads=threads) as crew:
        for sampler, seeds in itertools.product(plan.samplers, SEEDS):
            # Threads share one sampler object, which has one seed.
            if not (threads and seeds == "different"):
                found = near_duplicates(crew, place, sampler, seeds, plan.rounds)
                for axis, counts in found.items():
                    load.near[sampler, axis, seeds] = counts
            told()


def trials_per_second(
    crew: Crew, place: Place, sampler: str, n_trials: int, repeat: int = 0
) -> float:
    """Throughput of a new study whose objective takes no time."""
    seeds = [repeat * crew.n_workers + rank for rank in range(crew.n_workers)]
    shares = [len(range(rank, n_trials, crew.n_workers)) for rank in range(crew.n_workers)]
    jobs = list(zip(_new_study(place, sampler, seeds), shares))
    times = np.array(crew.each(_work, jobs))
    return float(n_trials / (times[:, 1].max() - times[:, 0].min()))


def near_duplicates(
    crew: Crew, place: Place, sampler: str, seeds: str, rounds: int
) -> dict[str, list[int]]:
    """How many of the first proposals are near another one: axis -> one number for each round."""
    space = axes(crew.n_workers)
    plan = list(itertools.product(space.items(), range(rounds)))
    studies = [
        _new_study(place, sampler, _seeds(seeds, repeat, crew.n_workers)) for _, repeat in plan
    ]
    jobs = [
        [_Round(study[rank], each) for study, ((_, each), _) in zip(studies, plan)]
        for rank in range(crew.n_workers)
    ]
    places = np.array(crew.each(_propose, jobs)).T
    counts: dict[str, list[int]] = {axis: [] for axis in space}
    for ((axis, _), _), proposed in zip(plan, places):
        counts[axis].append(count_near(proposed))
    return counts


def axes(n_choices: int) -> Mapping[str, BaseDistribution]:
    """The axes on which proposals are compared."""
    choices = CategoricalDistribution([f"choice {i}" for i in range(n_choices)])
    return dict(
        zip(AXES, (FloatDistribution(1e-6, 1.0, log=True), IntDistribution(1, 512), choices))
    )


def count_near(places: NDArray[np.float64]) -> int:
    """How many of the places (n,) lie within 1 % of the axis of another of them."""
    apart = np.abs(places[:, None] - places)
    np.fill_diagonal(apart, np.inf)
    return int((apart.min(axis=1, initial=np.inf) <= NEAR).sum())


def _seeds(seeds: str, repeat: int, n_workers: int) -> list[int | None]:
    if seeds == "None":
        return [None] * n_workers
    if seeds == "same":
        return [repeat] * n_workers
    return [repeat * n_workers + rank for rank in range(n_workers)]


def _new_study(place: Place, sampler: str, seeds: Sequence[int | None]) -> list[Opened]:
    """A new study, as each worker opens it."""
    if place.kind == "memory":
        study = optuna.create_study(direction="maximize", sampler=_sampler(sampler, seeds[0]))
        return [lambda: study for _ in seeds]
    name = f"{place.prefix}-{uuid.uuid4().hex}"
    optuna.create_study(study_name=name, storage=open_storage(place), direction="maximize")
    return [functools.partial(_open_study, place, name, sampler, seed) for seed in seeds]


def _open_study(place: Place, name: str, sampler: str, seed: int | None) -> optuna.Study:
    storage = open_storage(place)
    return optuna.load_study(study_name=name, storage=storage, sampler=_sampler(sampler, seed))


def _sampler(name: str, seed: int | None) -> BaseSampler:
    # A study of the suite always has a seed; what users do without one is measured here only.
    make = cast(Callable[[Optional[int]], BaseSampler], rival(name).make)
    return make(seed)


def _work(job: tuple[Opened, int]) -> tuple[float, float]:
    """When the work began and ended."""
    opened, n_trials = job
    study = opened()
    # What a process pays once, such as its connection, is not to be shared among so few trials.
    _one_trial(study)
    meet()
    began = time.monotonic()
    for _ in range(n_trials):
        _one_trial(study)
    return began, time.monotonic()


def _one_trial(study: optuna.Study) -> None:
    trial = study.ask({"lr": AXIS})
    study.tell(trial, value_at(trial.params["lr"]))


def _propose(rounds: Sequence[_Round]) -> list[float]:
    """The place on the axis that was proposed in each round."""
    places = []
    for opened, each in rounds:
        study = opened()
        meet()
        trial = study.ask({"x": each})
        places.append(unit_place(trial.params["x"], each))
    return places
