"""Problems by name and by group: what a sampler is asked to solve."""

from __future__ import annotations

import dataclasses
import fnmatch
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from benchmarks.errors import UserError
from benchmarks.problems.problem import Problem as Problem

GROUPS = {
    "tuning": "recorded tables on which the default policy was tuned (digits), and sub-ranges",
    "reporting": "recorded tables kept for reporting (MNIST, CIFAR-10), and sub-ranges",
    "reporting-mute": "the tables kept for reporting, with objectives that report no epoch",
    "tuning-anywhere": "the tables for tuning, accuracies and losses, on ranges of 2 to 7 decades "
    "whose best rate lies anywhere",
    "reporting-anywhere": "the tables kept for reporting, accuracies and losses, on ranges of 2 to "
    "7 decades whose best rate lies anywhere",
    "reporting-anywhere-mute": "the same, with objectives that report no epoch",
    "tuning-grids": "recorded grids of 2, 3 and 4 parameters for tuning (digits)",
    "tuning-landscapes": "the adversaries' shapes and more or less noise, with other optima",
    "tuning-slow-starters": "losses and an accuracy of which the best rates start slowly, for "
    "tuning, with noise in every epoch",
    "reporting-slow-starters": "other losses of which the best rates start slowly",
    "tuning-joint": "known optima of 2 to 12 parameters at noise of 0 to 10 % of the range, for "
    "tuning",
    "reporting-grids": "recorded grids of 2, 3 and 4 parameters for reporting (MNIST)",
    "reporting-joint": "known optima of 2 to 12 parameters at the same noise, of other shapes and "
    "in other places, kept for reporting",
    "tuning-trainings": "searches for 5 to 11 hyperparameters of real trainings (support vectors, "
    "linear, boosting, networks), for tuning; a regret of 1 is that of a median random trial",
    "reporting-trainings": "searches for 2 to 11 hyperparameters of the same kinds of trainings, "
    "on other data and other ranges, kept for reporting; a regret of 1 is that of a median random "
    "trial",
    "tuning-kinds": "tables of other kinds for tuning (regression, cross entropy, fine-tuning, "
    "text, tabular data, batch normalisation), on ranges of 2 to 7 decades whose best rate lies "
    "anywhere",
    "reporting-kinds": "tables of the same other kinds, on other data, kept for reporting",
    "reporting-kinds-mute": "the same, with objectives that report no epoch",
    "noise": "a known optimum at noise of 0 to 10 % of the range",
    "adversaries": "known optima, like those of noise anywhere in the range or at its ends, of "
    "awkward shapes and under awkward noise",
}


SYNTHETIC = (
    "noise",
    "adversaries",
    "tuning-landscapes",
    "tuning-slow-starters",
    "reporting-slow-starters",
    "tuning-joint",
    "reporting-joint",
    "tuning-trainings",
    "reporting-trainings",
)


def group_names(group: str) -> list[str]:
    """Names of the problems in one of GROUPS."""
    if group in SYNTHETIC:
        return list(_synthetic(group))
    if group.endswith("-mute"):
        return [f"{name}+mute" for name in group_names(group.removesuffix("-mute"))]
    if group.endswith("-grids"):
        return [name for name in _grids() if name.partition("/")[0] in _of_role(group)]
    recordings = _of_role(group.removesuffix("-anywhere"))
    tables = [name for name in _tables() if name in recordings]
    return [name for table in tables for name in _problems_of(table, recordings[table], group)]


def _problems_of(table: str, recording: Any, group: str) -> list[str]:
    from benchmarks.problems.replay import MEASURES

    if group.endswith("-kinds"):
        return _ranges_anywhere(table, recording.objective)
    if group.endswith("-anywhere"):
        return [name for measure in MEASURES for name in _ranges_anywhere(table, measure)]
    return _ranges_of(table)


def _of_role(role: str) -> Mapping[str, Any]:
    """The tables that the catalogue has for this role, recorded or not, by name."""
    # Imported here: what replays a table by its name needs no torch.
    from benchmarks.recording.catalogue import ROLES

    return ROLES[role]


def select_problems(patterns: Iterable[str]) -> list[str]:
    """Names of the problems meant by groups, shell patterns or exact names, in that order.

    A recorded table's name may carry a range of rates of one's own choice, and the endings "+nan",
    "+loss" and "+mute" of :class:`ReplayProblem`: ``digits-mlp-sgd/1e-4..0.1+nan``. A function
    with a known optimum may have the ending "+mute".

    Raises:
        UserError: If a pattern means nothing; the message names the choices.
    """
    chosen: dict[str, None] = {}
    for pattern in patterns:
        grouped = pattern in GROUPS
        found = group_names(pattern) if grouped else fnmatch.filter(_all_names(), pattern)
        if not found and not grouped and _is_made_to_order(pattern):
            make_problem(pattern)
            found = [pattern]
        if not found and not grouped:
            raise UserError(_no_such_problem(pattern))
        chosen.update(dict.fromkeys(found))
    return list(chosen)


@functools.lru_cache(maxsize=256)
def make_problem(name: str) -> Problem:
    """The problem of this name.

    Raises:
        UserError: If there is none; the message names the choices.
    """
    bare = name.removesuffix("+mute")
    for group in SYNTHETIC:
        if bare in _synthetic(group):
            found: Problem = _synthetic(group)[bare]
            return found if bare == name else _mute(found, name)
    if name in _grids():
        return _grids()[name]()
    if not _has_base(name):
        raise UserError(_no_such_problem(name))
    return _replay(name)


def _mute(function: Any, name: str) -> Problem:
    muted: Problem = dataclasses.replace(function, name=name, mute=True)
    return muted


def _replay(name: str) -> Problem:
    from benchmarks.problems.replay import ReplayProblem
    from benchmarks.recording.curves import read_curves

    bare = name
    endings: set[str] = set()
    while bare.endswith(("+nan", "+loss", "+mute")):
        # Not split at every plus: a rate may be written 1e+1.
        bare, _, ending = bare.rpartition("+")
        endings.add(ending)
    table, _, interval = bare.partition("/")
    low, dots, high = interval.partition("..")
    try:
        if interval and not dots:
            raise ValueError("the name ends in something unknown.")
        return ReplayProblem(
            _curves(table, read_curves),
            low=float(low) if interval else None,
            high=float(high) if interval else None,
            divergence="nan" if "nan" in endings else "chance",
            mute="mute" in endings,
            measure="loss" if "loss" in endings else "accuracy",
        )
    except (ValueError, FileNotFoundError) as error:
        raise UserError(
            f"problem {name!r} must read TABLE or TABLE/LOW..HIGH, with or without +nan, +loss and "
            f"+mute behind: {error}"
        ) from error


@functools.lru_cache(maxsize=64)
def _curves(table: str, read: Callable[[str], Any]) -> Any:
    return read(table)


@functools.lru_cache(maxsize=1)
def _tables() -> tuple[str, ...]:
    from benchmarks.recording.curves import available_tables

    return tuple(sorted(available_tables()))


def table_metadata(name: str) -> Mapping[str, Any]:
    """What was recorded about a table's making; empty for a problem that replays none."""
    from benchmarks.recording.curves import read_curves

    return dict(_curves(name, read_curves).metadata) if name in _tables() else {}


def _ranges_of(table: str) -> list[str]:
    from benchmarks.problems.ranges import sub_ranges
    from benchmarks.recording.curves import read_curves

    ranges = sub_ranges(_curves(table, read_curves))
    return [table, *(f"{table}/{low:g}..{high:g}" for low, high in ranges)]


def _ranges_anywhere(table: str, measure: Literal["accuracy", "loss"]) -> list[str]:
    from benchmarks.problems.ranges import ranges_anywhere
    from benchmarks.problems.replay import measured
    from benchmarks.recording.curves import read_curves

    curves = _curves(table, read_curves)
    ending = "+loss" if measure == "loss" else ""
    means = measured(curves, measure)[1]
    best = float(curves.learning_rates[means.argmax()])
    ranges = ranges_anywhere(table + ending, curves.learning_rates, best)
    return [f"{table}/{low:g}..{high:g}{ending}" for low, high in ranges]


@functools.lru_cache(maxsize=len(SYNTHETIC))
def _synthetic(group: str) -> Mapping[str, Any]:
    from benchmarks.problems.joint import reporting_joint, tuning_joint
    from benchmarks.problems.slow_starters import reporting_slow_starters, tuning_slow_starters
    from benchmarks.problems.synthetic import adversary_problems, noise_problems
    from benchmarks.problems.trainings import reporting_trainings, tuning_trainings
    from benchmarks.problems.tuning_landscapes import tuning_landscapes

    make: dict[str, Callable[[], Sequence[Any]]] = {
        "noise": noise_problems,
        "adversaries": adversary_problems,
        "tuning-landscapes": tuning_landscapes,
        "tuning-slow-starters": tuning_slow_starters,
        "reporting-slow-starters": reporting_slow_starters,
        "tuning-joint": tuning_joint,
        "reporting-joint": reporting_joint,
        "tuning-trainings": tuning_trainings,
        "reporting-trainings": reporting_trainings,
    }
    return {problem.name: problem for problem in make[group]()}


@functools.lru_cache(maxsize=1)
def _grids() -> Mapping[str, Callable[[], Problem]]:
    from benchmarks.problems.grid_replay import GridProblem, searched_together
    from benchmarks.recording.grid import available_grids, read_grid

    made: dict[str, Callable[[], Problem]] = {}
    for name in available_grids():
        grid = read_grid(name)
        for searched in searched_together(grid):
            make = functools.partial(GridProblem, grid, searched)
            made[f"{name}/{'+'.join(searched)}"] = make
    return made


def part_of(name: str) -> str:
    """What is sought on a table, and in which part of its range the best rate lies, in words."""
    from benchmarks.problems.ranges import N_STRATA
    from benchmarks.problems.replay import ReplayProblem

    problem = make_problem(name)
    assert isinstance(problem, ReplayProblem)
    part = min(int(problem.best_place * N_STRATA), N_STRATA - 1) + 1
    measure = "loss" if "+loss" in name else "accuracy"
    return f"{measure}, best rate in part {part} of {N_STRATA}"


def _is_made_to_order(name: str) -> bool:
    """Whether this may be a table's range of one's own choice, or a function that is mute."""
    bare = name.removesuffix("+mute")
    return _has_base(name) or any(bare in _synthetic(group) for group in SYNTHETIC)


def _has_base(name: str) -> bool:
    return name.partition("+")[0].partition("/")[0] in _tables()


def _all_names() -> list[str]:
    # Patterns mean the objectives that report; the others are asked for by name.
    groups = [group for group in GROUPS if not group.endswith("-mute")]
    return [name for group in groups for name in group_names(group)]


def _no_such_problem(pattern: str) -> str:
    bases = sorted({name.partition("/")[0] for name in _all_names()})
    return (
        f"no problem is called {pattern!r}. Groups: {', '.join(GROUPS)}. "
        f"Problems (a name, or a pattern such as 'mnist-*'): {', '.join(bases)}."
    )
