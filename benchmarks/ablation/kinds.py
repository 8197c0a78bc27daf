"""On which problems mechanisms are left out: each tuning group, with reports and mute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.problems.groups import GROUPS, group_names
from benchmarks.rivals.ablations import sampler_without
from benchmarks.runs.cells import Task, tasks_of

BUDGETS = (3, 5, 10, 20, 30)
OURS = "zooming"
# Of one parameter, so that every mechanism acts, and not for reporting: nothing is chosen there.
LEFT_OUT = ("-grids", "-joint", "-trainings", "-mute")
TUNING = [name for name in GROUPS if name.startswith("tuning") and not name.endswith(LEFT_OUT)]


class Kind(NamedTuple):
    """The problems of a group, which report each epoch or are mute."""

    group: str
    mute: bool

    @property
    def name(self) -> str:
        """As a page shows it."""
        return f"{self.group}, mute" if self.mute else self.group

    @property
    def problems(self) -> list[str]:
        """Names of its problems."""
        names = group_names(self.group)
        return [f"{name}+mute" for name in names] if self.mute else names


def kinds_of(groups: Iterable[str]) -> list[Kind]:
    """Each group with reports and mute; without groups that have no problem."""
    kinds = [Kind(group, mute) for group in groups for mute in (False, True)]
    return [kind for kind in kinds if kind.problems]


def tasks(mechanisms: Sequence[str], kinds: Iterable[Kind], *, n_seeds: int) -> list[Task]:
    """The full policy, and the policy without each mechanism, on every problem."""
    samplers = [OURS, *map(sampler_without, mechanisms)]
    problems = [name for kind in kinds for name in kind.problems]
    return tasks_of(problems, samplers, ["none"], n_seeds=n_seeds, n_trials=BUDGETS[-1])
