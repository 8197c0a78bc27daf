"""Which runs there are: each constant halved and doubled, on the tuning tasks, in four modes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.errors import UserError
from benchmarks.problems.groups import group_names
from optuna_zooming import AdaptiveZooming

BUDGETS = (5, 10, 20, 50)
MERITS = ("best", "recommended", "holds", "half_width")
N_WORKERS = 8
OF_THE_MODEL = tuple(asdict(AdaptiveZooming().joint))
OF_ONE_PARAMETER = tuple(name for name in AdaptiveZooming().constants() if name not in OF_THE_MODEL)
# What is run in each mode. "alone": one worker, one parameter; every constant of it. The other
# modes are slower: only for constants on which nothing depends in a study run alone.
MODES = {
    "alone": ("tuning", OF_ONE_PARAMETER),
    f"{N_WORKERS} workers": ("tuning", ("spacing", "jitter")),
    "several parameters": ("tuning-grids", ("share", "profile_slope", "end_share")),
    # One parameter, in landscapes unlike a learning-rate curve.
    "landscapes": ("tuning-landscapes", OF_ONE_PARAMETER),
    # Chosen by the model of all parameters.
    "together": ("tuning-joint", OF_THE_MODEL),
}

FACTORS = (0.5, 2.0)

Floats = NDArray[np.float64]


class Setting(NamedTuple):
    """The default policy with one constant changed; ``factor`` 1 is the default itself."""

    constant: str
    factor: float

    @property
    def changes(self) -> dict[str, float]:
        """What to change in the default policy."""
        if self == DEFAULT:
            return {}
        default = constants()[self.constant]
        return {self.constant: type(default)(self.factor * default)}

    @property
    def sampler(self) -> str:
        """Its name among the samplers under comparison."""
        items = ",".join(f"{name}={value!r}" for name, value in self.changes.items())
        return f"zooming:{items}" if items else "zooming"


DEFAULT = Setting("default", 1.0)


class Job(NamedTuple):
    """One setting on one problem with the seeds 0, 1, ... ``n_seeds - 1``."""

    mode: str
    setting: Setting
    problem: str
    n_seeds: int


class Outcome(NamedTuple):
    """Merits by seed and budget, (n_seeds, len(MERITS), len(BUDGETS)), and a key of each run's
    trials, (n_seeds,), equal where the trials are the same."""

    merits: Floats
    trials: list[str]


Outcomes = dict[Job, Outcome]


def constants() -> dict[str, float]:
    """The policy's constants and their defaults."""
    return AdaptiveZooming().constants()


def settings_of(names: Iterable[str]) -> list[Setting]:
    """The default, then each constant halved and doubled."""
    return [DEFAULT, *(Setting(name, factor) for name in names for factor in FACTORS)]


def jobs_of(names: Sequence[str], problems: Sequence[str], *, n_seeds: int) -> list[Job]:
    """Every mode's settings on every problem of its group.

    Raises:
        UserError: If a problem is no tuning task, or none is left.
    """
    foreign = set(problems) - {name for group, _ in MODES.values() for name in group_names(group)}
    if foreign or not problems:
        raise UserError(
            "sensitivity runs on tuning tasks only, so that nothing is chosen on what is reported; "
            f"got {', '.join(sorted(foreign)) or 'none'}. Choose from the groups "
            f"{', '.join(dict.fromkeys(group for group, _ in MODES.values()))}."
        )
    jobs = []
    for mode, (group, only) in MODES.items():
        chosen = [name for name in names if name in only]
        own = [name for name in group_names(group) if name in set(problems)]
        settings = settings_of(chosen) if chosen else []
        jobs += [Job(mode, setting, name, n_seeds) for setting in settings for name in own]
    return jobs
