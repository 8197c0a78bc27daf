"""Studies of every kind, played with a fixed script: what a refactoring must not change.

A study is a list of what its trials were given. Playing it again asks a sampler for each of these
values in turn, and then goes on with the recorded one, so that one difference does not hide the
next. Values, reports, failures and the order of events follow from the script alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.storages import BaseStorage
from optuna.study import Study
from optuna.trial import TrialState

from optuna_zooming import (
    AdaptiveZooming,
    TextbookZooming,
    ZoomingSampler,
    active_arms,
    recommended_arm,
)

RECORDED_FILE = Path(__file__).parent / "recorded.json"
SEED = 11
N_TRIALS, N_STEPS = 60, 8
RATE = FloatDistribution(1e-6, 10.0, log=True)
SPACES: dict[str, dict[str, BaseDistribution]] = {
    "rate": {"lr": RATE},
    "heads": {"heads": IntDistribution(1, 40)},
    "sgd": {
        "lr": RATE,
        "momentum": FloatDistribution(0.0, 0.99),
        "batch": IntDistribution(4, 512, log=True),
    },
    "mixed": {
        "optimiser": CategoricalDistribution(["sgd", "adam", None]),
        "lr": RATE,
        "dropout": FloatDistribution(0.0, 0.5, step=0.1),
    },
}
POLICIES: dict[str, Any] = {
    "adaptive": AdaptiveZooming(),
    "textbook": TextbookZooming(horizon=N_TRIALS, scale=0.3),
}
WORKERS = (1, 4)


@dataclass(frozen=True)
class Golden:
    """One recorded study: its space, its policy and how many workers it had."""

    space: str
    policy: str
    n_workers: int

    @property
    def key(self) -> str:
        """Its name in the file."""
        return f"{self.space}/{self.policy}/{self.n_workers}"


STUDIES = [Golden(*each) for each in ((s, p, w) for s in SPACES for p in POLICIES for w in WORKERS)]


class Proposal(NamedTuple):
    """What a sampler proposed, and what it is to be; the latter is ``None`` while recording."""

    number: int
    name: str
    proposed: Any
    recorded: Any


def new_study(golden: Golden) -> Study:
    """The study before its first trial."""
    sampler = ZoomingSampler(policy=POLICIES[golden.policy], seed=SEED)
    return optuna.create_study(direction="maximize", sampler=sampler)


def play(
    golden: Golden,
    study: Study,
    recorded: list[dict[str, Any]] | None,
    *,
    forgetful: bool = False,
) -> Iterator[Proposal]:
    """The proposals of a study, one after the other.

    Args:
        golden: Which study.
        study: A new one, to be filled.
        recorded: What its trials were given, by number; ``None`` takes what is proposed.
        forgetful: Ask a new sampler each time: nothing may depend on what one has seen before.
    """
    storage, sampler = study._storage, study.sampler
    running: list[int] = []
    for number in range(N_TRIALS):
        trial_id = storage.create_new_trial(study._study_id)
        for name, distribution in SPACES[golden.space].items():
            if forgetful:
                sampler = ZoomingSampler(policy=POLICIES[golden.policy], seed=SEED)
            trial = storage.get_trial(trial_id)
            value = sampler.sample_independent(study, trial, name, distribution)
            expected = value if recorded is None else recorded[number][name]
            yield Proposal(number, name, value, expected)
            internal = distribution.to_internal_repr(expected)
            storage.set_trial_param(trial_id, name, internal, distribution)
        running.append(number)
        # One dies; the others of a crew finish in an order of their own.
        if number == 9:
            running.remove(number)
        _report(storage, running[-1:], 3)
        while len(running) >= golden.n_workers:
            _finish(study, running.pop((7 * number) % len(running)))


def _curve(params: dict[str, Any], number: int) -> list[float]:
    """What a training reports: a peak in every parameter, noise, divergence to NaN beyond 1."""
    rng = np.random.default_rng([3, number])
    height, speed = 1.0, 1.0
    if "lr" in params:
        place = math.log10(params["lr"])
        height -= 0.1 * abs(place + 2.0)
        speed = 10.0 ** min(place + 2.5, 1.0)
        if place > 0.3:
            return [round(height * rng.random(), 6) for _ in range(3)] + [math.nan]
    height -= 0.3 * abs(params.get("momentum", 0.8) - 0.8)
    height -= 0.05 * abs(math.log(params.get("batch", 32) / 32.0))
    height -= 0.01 * abs(params.get("heads", 12) - 12)
    height -= 0.4 * abs(params.get("dropout", 0.2) - 0.2)
    height -= {"sgd": 0.0, "adam": 0.05, None: 0.2}[params.get("optimiser", "sgd")]
    steps = np.arange(1, N_STEPS + 1)
    curve = height * (1.0 - np.exp(-speed * steps)) + 0.01 * rng.standard_normal(N_STEPS)
    # Six digits: the last ones of the exponential are another platform's own.
    return [round(float(report), 6) for report in curve]


def _report(storage: BaseStorage, numbers: list[int], n_steps: int) -> None:
    """Report the first steps of running trials."""
    for number in numbers:
        trial = storage.get_trial(number)
        for step, report in enumerate(_curve(trial.params, number)[:n_steps]):
            storage.set_trial_intermediate_value(number, step, report)


def _finish(study: Study, number: int) -> None:
    """End a trial: complete, pruned below the median of what others had, crashed or diverged."""
    storage = study._storage
    curve = _curve(storage.get_trial(number).params, number)
    if number % 11 == 5:
        storage.set_trial_state_values(number, TrialState.FAIL)
        return
    others = [
        trial.intermediate_values[3]
        for trial in study.get_trials(deepcopy=False)
        if trial.state.is_finished() and 3 in trial.intermediate_values
    ]
    if number % 3 and len(others) > 2 and not curve[3] >= np.median(others):
        _report(storage, [number], 4)
        storage.set_trial_state_values(number, TrialState.PRUNED)
        return
    _report(storage, [number], N_STEPS)
    state = TrialState.FAIL if math.isnan(curve[-1]) else TrialState.COMPLETE
    values = None if state == TrialState.FAIL else [curve[-1]]
    storage.set_trial_state_values(number, state, values)


def arms(golden: Golden, study: Study) -> list[list[Any]]:
    """The arms that a study ends with, the recommended one of each parameter first."""
    found = []
    for name in SPACES[golden.space]:
        for arm in (recommended_arm(study, name), *active_arms(study, name)):
            numbers = [arm.mean, arm.radius, *arm.interval]
            found.append([arm.value, arm.pulls, *arm.ball, *numbers])
    return found


def arithmetic() -> str:
    """This numpy, and the last digits of its exponentials, logarithms and matrix products."""
    points = np.linspace(-30.0, 3.0, 64)
    exponentials = np.exp(points)
    products = exponentials.reshape(8, 8) @ exponentials[:8]
    sums = (np.sum(each) for each in (exponentials, np.log(exponentials), products, products**2))
    return " ".join([f"numpy {np.__version__}", *(float(each).hex() for each in sums)])


def record() -> None:
    """Write the file anew: only where proposals are meant to change."""
    parts = [f'"arithmetic": {json.dumps(arithmetic())}']
    for golden in STUDIES:
        trials: list[dict[str, Any]] = [{} for _ in range(N_TRIALS)]
        study = new_study(golden)
        for number, name, proposed, _ in play(golden, study, None):
            trials[number][name] = proposed
        lines: dict[str, list[Any]] = {"trials": trials, "arms": arms(golden, study)}
        lists = [
            f"{json.dumps(key)}: [\n" + ",\n".join(map(json.dumps, rows)) + "\n]"
            for key, rows in lines.items()
        ]
        parts.append(f"{json.dumps(golden.key)}: {{\n" + ",\n".join(lists) + "\n}")
    RECORDED_FILE.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    record()
