"""What calibration is measured on: groups under every pruner, fixed rates, studies of TPE."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.problems.groups import GROUPS, group_names
from benchmarks.reports.results_table import Key
from benchmarks.runs.cells import Task, tasks_of

BUDGETS = (5, 10, 15, 25, 50, 100)
# What a pruner does to the intervals shows by then.
PRUNED_TRIALS = 50
OURS = "zooming"
TPE = "tpe-judged"
# Rates of a user's grid, and how many seeds of each rate have run: two at least for a deviation.
RATES = (4, 5)
SEEDS_OF_RATES = (2, 3, 5)

# The noise group's problems without noise are a group of their own here.
NOISELESS, REPLICATES, TPE_STUDIES = "noiseless", "replicates", "tpe-studies"
MEANINGS = {
    **GROUPS,
    "noise": "a known optimum at noise of 1 to 10 % of the range",
    NOISELESS: "the same known optima without any noise",
    REPLICATES: "4 or 5 fixed rates, each with several seeds and without a pruner, as many users "
    "do without a sampler",
    TPE_STUDIES: "the tables of reporting and reporting-kinds as Optuna's own TPESampler, with its "
    "defaults and without a pruner, searches them: what `recommended_arm` and `active_arms` say of "
    "studies that another sampler made; `best_trial` is that of the same studies",
}
CHOICES = list(MEANINGS)
# Endings of groups of several parameters, where the combination is judged, without pruners.
SEVERAL = ("-grids", "-joint", "-trainings")
DEFAULT = (
    "reporting",
    "reporting-kinds",
    "reporting-slow-starters",
    "noise",
    NOISELESS,
    REPLICATES,
    TPE_STUDIES,
    "reporting-grids",
    "reporting-joint",
)
# So many times the seeds: more where there are few problems, fewer where studies take long.
SEEDS_FACTOR = {"reporting-slow-starters": 4, "tuning-slow-starters": 4, TPE_STUDIES: 0.5}
REPLICATED = {
    "recorded tables": ("reporting", "reporting-kinds"),
    "functions with noise": ("noise",),
}
# Put together from other groups, and without a pruner whatever pruners are asked for.
UNCROSSED = {
    REPLICATES: tuple(each for own in REPLICATED.values() for each in own),
    TPE_STUDIES: REPLICATED["recorded tables"],
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
    if group in UNCROSSED:
        names = (name for each in UNCROSSED[group] for name in problems_of(each))
        return list(dict.fromkeys(names))
    return [name for name in group_names(group) if name not in noiseless]


def setting(group: str, pruners: Sequence[str], *, n_seeds: int) -> Setting:
    """What is run for a group; fixed rates and studies of TPE have no pruner."""
    names = problems_of(group)
    n_seeds = math.ceil(SEEDS_FACTOR.get(group, 1) * n_seeds)
    tasks: list[Task] = []
    if group == REPLICATES:
        for n_rates in RATES:
            n_trials = SEEDS_OF_RATES[-1] * n_rates
            sampler = replicates_key(n_rates).sampler
            tasks += tasks_of(names, [sampler], ["none"], n_seeds=n_seeds, n_trials=n_trials)
        return Setting(group, tuple(tasks))
    sampler = TPE if group == TPE_STUDIES else OURS
    for pruner in ["none"] if group in UNCROSSED else pruners:
        if pruner != "none" and group.endswith(SEVERAL):
            continue
        n_trials = BUDGETS[-1] if pruner == "none" else PRUNED_TRIALS
        tasks += tasks_of(names, [sampler], [pruner], n_seeds=n_seeds, n_trials=n_trials)
    return Setting(group, tuple(tasks))


def replicates_key(n_rates: int) -> Key:
    """The column of a grid of so many rates."""
    return Key(f"replicates-{n_rates}", "none")
