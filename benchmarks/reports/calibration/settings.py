"""What calibration is measured on: groups of problems under every pruner, and fixed rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.problems.groups import GROUPS, group_names
from benchmarks.reports.results_table import Key
from benchmarks.runs.cells import Task, tasks_of

BUDGETS = (5, 10, 15, 25, 50, 100)
# What a pruner does to the intervals shows by then.
PRUNED_TRIALS = 50
OURS = "zooming"
# Rates of a user's grid, and how many seeds of each rate have run: two at least for a deviation.
RATES = (4, 5)
SEEDS_OF_RATES = (2, 3, 5)

# The noise group's problems without noise are a group of their own here.
NOISELESS, REPLICATES = "noiseless", "replicates"
MEANINGS = {
    **GROUPS,
    "noise": "a known optimum at noise of 1 to 10 % of the range",
    NOISELESS: "the same known optima without any noise",
    REPLICATES: "4 or 5 fixed rates, each with several seeds and without a pruner, as many users "
    "do without a sampler",
}
CHOICES = list(MEANINGS)
# Endings of groups of several parameters, where the combination is judged, without pruners.
SEVERAL = ("-grids", "-joint")
DEFAULT = (
    "reporting",
    "reporting-kinds",
    "reporting-slow-starters",
    "noise",
    NOISELESS,
    REPLICATES,
    "reporting-grids",
    "reporting-joint",
)
# Few problems: so many times more seeds.
MORE_SEEDS = {"reporting-slow-starters": 4, "tuning-slow-starters": 4}
REPLICATED = {
    "recorded tables": ("reporting", "reporting-kinds"),
    "functions with noise": ("noise",),
}


@dataclass(frozen=True)
class Setting:
    """A group as it is measured.

    tasks: What is run for it.
    """

    name: str
    tasks: tuple[Task, ...]


def problems_of(group: str) -> list[str]:
    """Names of a group's problems, as they are grouped here."""
    noiseless = [name for name in group_names("noise") if name.startswith("noise-0pct/")]
    if group == NOISELESS:
        return noiseless
    if group == REPLICATES:
        groups = [each for own in REPLICATED.values() for each in own]
        return list(dict.fromkeys(name for each in groups for name in problems_of(each)))
    return [name for name in group_names(group) if name not in noiseless]


def setting(group: str, pruners: Sequence[str], *, n_seeds: int) -> Setting:
    """What is run for a group; fixed rates have no pruner."""
    names = problems_of(group)
    tasks: list[Task] = []
    if group == REPLICATES:
        for n_rates in RATES:
            n_trials = SEEDS_OF_RATES[-1] * n_rates
            sampler = replicates_key(n_rates).sampler
            tasks += tasks_of(names, [sampler], ["none"], n_seeds=n_seeds, n_trials=n_trials)
        return Setting(group, tuple(tasks))
    n_seeds *= MORE_SEEDS.get(group, 1)
    for pruner in pruners:
        if pruner != "none" and group.endswith(SEVERAL):
            continue
        n_trials = BUDGETS[-1] if pruner == "none" else PRUNED_TRIALS
        tasks += tasks_of(names, [OURS], [pruner], n_seeds=n_seeds, n_trials=n_trials)
    return Setting(group, tuple(tasks))


def replicates_key(n_rates: int) -> Key:
    """The column of a grid of so many rates."""
    return Key(f"replicates-{n_rates}", "none")
