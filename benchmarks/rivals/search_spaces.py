"""A problem's whole search space with its conditions, for packages that want it declared."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial

from benchmarks.problems.groups import Problem

# An integer of no more values may decide which parameters there are, as a number of layers does.
MOST_BRANCHES = 8
MOST_PATHS = 10_000


@dataclass(frozen=True)
class Parameter:
    """A parameter and when there is one.

    Attributes:
        distribution: What it ranges over; never a single value.
        parents: The values of other parameters with which it exists; all of them have to agree.
    """

    distribution: BaseDistribution
    parents: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def exists_with(self, params: Mapping[str, Any]) -> bool:
        """Whether a trial with these values of other parameters has it."""
        return all(
            name in params and params[name] in values for name, values in self.parents.items()
        )


Space = Mapping[str, Parameter]
"""Parameters by name, each after its parents."""


def active(space: Space, params: Mapping[str, Any]) -> dict[str, Any]:
    """Of these values those that a trial has."""
    found: dict[str, Any] = {}
    for name, parameter in space.items():
        if name in params and parameter.exists_with(found):
            found[name] = params[name]
    return found


def is_whole(space: Space, params: Mapping[str, Any]) -> bool:
    """Whether a trial with these values has every parameter that it is to have."""
    having = active(space, params)
    return all(name in having for name in space if space[name].exists_with(having))


def to_plain(value: Any, of: BaseDistribution) -> float | int:
    """A choice as its index, a stepped value as a count of steps, any other as it is."""
    if isinstance(of, CategoricalDistribution):
        return int(of.to_internal_repr(value))
    assert isinstance(of, (FloatDistribution, IntDistribution))
    if is_counted(of):
        return int(round((value - of.low) / _step(of)))
    return int(value) if isinstance(of, IntDistribution) else float(value)


def from_plain(plain: float, of: BaseDistribution) -> Any:
    """The value again, inside its range."""
    if isinstance(of, CategoricalDistribution):
        return of.choices[int(plain)]
    assert isinstance(of, (FloatDistribution, IntDistribution))
    value = of.low + int(plain) * _step(of) if is_counted(of) else plain
    value = min(max(value, of.low), of.high)
    return round(value) if isinstance(of, IntDistribution) else float(value)


def first_value(of: BaseDistribution) -> Any:
    """Its first choice or its lower end."""
    if isinstance(of, CategoricalDistribution):
        return of.choices[0]
    assert isinstance(of, (FloatDistribution, IntDistribution))
    return of.low


def is_counted(of: FloatDistribution | IntDistribution) -> bool:
    """Whether it has steps, other than those of a plain integer."""
    return of.step is not None and not (isinstance(of, IntDistribution) and of.step == 1)


def n_steps(of: FloatDistribution | IntDistribution) -> int:
    """How many of its steps lead from the lower end to the upper one."""
    return round((of.high - of.low) / _step(of))


def _step(of: FloatDistribution | IntDistribution) -> float:
    assert of.step is not None
    return of.step


def space_of(problem: Problem) -> Space:
    """What a problem suggests, found out by going once through all its choices.

    Raises:
        ValueError: If a parameter ranges over different things in different trials, or there is no
            set of values of each other parameter that says when it exists.
    """
    return declared(list(_paths(problem)))


@dataclass(frozen=True)
class Asked:
    """A parameter as a trial asked for it, and the value that it got."""

    distribution: BaseDistribution
    value: Any


Path = Mapping[str, Asked]


def _paths(problem: Problem) -> Iterator[Path]:
    """What trials ask for, in its order: one for each combination of choices."""
    waiting: list[dict[str, Any]] = [{}]
    for _ in range(MOST_PATHS):
        if not waiting:
            return
        prefix = waiting.pop()
        probe = _Probe(prefix)
        problem.learning_curve(optuna.create_study(sampler=probe).ask(), 0)
        yield probe.path
        so_far: dict[str, Any] = {}
        for name, asked in probe.path.items():
            if name not in prefix:
                others = [each for each in _branches(asked.distribution) if each != asked.value]
                waiting += [{**so_far, name: each} for each in others]
            so_far[name] = asked.value
    raise ValueError(f"{problem.name} has more than {MOST_PATHS} combinations of choices.")


class _Probe(optuna.samplers.RandomSampler):
    """Answers as told, else with the first choice or the lower end; keeps what it was asked."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(seed=0)
        self._told = told
        self.path: dict[str, Asked] = {}

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        value = self._told.get(param_name, first_value(param_distribution))
        self.path[param_name] = Asked(param_distribution, value)
        return value


def _branches(of: BaseDistribution) -> Sequence[Any]:
    """The values that may decide what else there is."""
    if isinstance(of, CategoricalDistribution):
        return of.choices
    if isinstance(of, IntDistribution) and (of.high - of.low) // of.step < MOST_BRANCHES:
        return range(of.low, of.high + 1, of.step)
    return ()


def declared(paths: Sequence[Path]) -> Space:
    """The space of some trials, one for each combination of choices.

    Raises:
        ValueError: As :func:`space_of`.
    """
    space: dict[str, Parameter] = {}
    for name in _parents_first(paths):
        having = [path for path in paths if name in path]
        distribution = having[0][name].distribution
        if any(path[name].distribution != distribution for path in having):
            raise ValueError(f"{name} does not range over the same in all trials.")
        space[name] = Parameter(distribution, _parents(name, space, paths))
    return space


def _parents_first(paths: Sequence[Path]) -> list[str]:
    """All names, in the order of the trials."""
    before: dict[str, set[str]] = {}
    for path in paths:
        for at, name in enumerate(path):
            before.setdefault(name, set()).update(itertools.islice(path, at))
    return sorted(before, key=lambda name: len(before[name]))


def _parents(name: str, before: Space, paths: Sequence[Path]) -> dict[str, tuple[Any, ...]]:
    """Names among those before it, and the values of theirs with which there is such a one."""
    having = [path for path in paths if name in path]
    found = {}
    for other in before:
        # Only what each trial that has it asked for earlier can decide.
        if all(other in itertools.takewhile(name.__ne__, path) for path in having):
            values = tuple(dict.fromkeys(path[other].value for path in having))
            everywhere = {path[other].value for path in paths if other in path}
            if set(values) != everywhere and _branches(before[other].distribution):
                found[other] = values
    implied = {
        other
        for other in found
        if any(before[each].parents.get(other) == found[other] for each in found)
    }
    parameter = Parameter(having[0][name].distribution, found)
    for path in paths:
        values_of = {other: asked.value for other, asked in path.items()}
        if parameter.exists_with(values_of) != (name in path):
            raise ValueError(f"{name} exists with values of others that cannot be declared.")
    return {other: values for other, values in found.items() if other not in implied}
