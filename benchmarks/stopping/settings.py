"""On which problems rules are judged, and after which trials they are asked."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.problems.groups import group_names, make_problem

DEFAULT_GROUPS = (
    "reporting",
    "reporting-anywhere",
    "reporting-kinds",
    "noise",
    "adversaries",
    "reporting-grids",
    "reporting-joint",
)
# So many times the seeds, where there are few problems.
MORE_SEEDS = {"reporting-grids": 4, "tuning-grids": 4, "reporting-trainings": 4}

# A recommendation is judged after each of the first trials, then after every so many.
EACH, EVERY = 30, 5
# What is said of further trials is noted here, until the study is settled.
TOLD_AFTER = (5, 8, 10, 15, 20, 30, 50)
# Whether it is said that the range ends too soon; of one parameter.
ENDS_TOLD_AFTER = (10, 20)


@dataclass(frozen=True)
class Job:
    """A study to be watched.

    with_slow: Whether slow rules are asked too.
    """

    problem: str
    seed: int
    n_trials: int
    with_slow: bool


def judged_after(n_trials: int) -> list[int]:
    """Numbers of trials after which the recommendation of every study is judged."""
    return [n for n in range(1, n_trials + 1) if is_judged(n) or n == n_trials]


def is_judged(n: int) -> bool:
    """Whether that, and slow rules, are due after n trials."""
    return n <= EACH or n % EVERY == 0


def seeds_of(group: str, n_seeds: int) -> int:
    """Seeds of each problem of a group."""
    return MORE_SEEDS.get(group, 1) * n_seeds


def jobs_of(group: str, *, n_seeds: int, slow_seeds: int, n_trials: int) -> list[Job]:
    """The studies of a group."""
    return [
        Job(problem, seed, n_trials, seed < seeds_of(group, slow_seeds))
        for problem in group_names(group)
        for seed in range(seeds_of(group, n_seeds))
    ]


def has_one_parameter(group: str) -> bool:
    """Whether the problems of a group have a single parameter."""
    return make_problem(group_names(group)[0]).n_parameters == 1
