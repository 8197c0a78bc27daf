"""Studies that have many finished trials already, such as a good sampler leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.pruners import BasePruner
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial, TrialState

from benchmarks.problems.functions import learning_rate_like

AXIS = FloatDistribution(1e-6, 1.0, log=True)
OPTIMUM = 0.7
NOISE = 0.01
# Beside the learning rate, in turn.
OTHERS: tuple[tuple[str, BaseDistribution], ...] = (
    ("momentum", FloatDistribution(0.0, 0.99)),
    ("units", IntDistribution(16, 512, log=True)),
    ("optimiser", CategoricalDistribution(("sgd", "adam", "adamw", "rmsprop"))),
)


class Shape(NamedTuple):
    """What the trials of a study look like.

    reports: Per trial; a pruned one stops somewhere before the last.
    pruned: Share of the trials, the worst ones.
    parameters: The learning rate, and others that do not matter.
    """

    reports: int = 0
    pruned: float = 0.0
    parameters: int = 1


ONE_RATE = Shape()


def search_space(n_parameters: int) -> dict[str, BaseDistribution]:
    """The learning rate, then floats, whole numbers and choices in turn."""
    space: dict[str, BaseDistribution] = {"lr": AXIS}
    for i in range(n_parameters - 1):
        name, each = OTHERS[i % len(OTHERS)]
        space[f"{name}{i // len(OTHERS) or ''}"] = each
    return space


def prefilled_study(
    sampler: BaseSampler,
    n_finished: int,
    shape: Shape = ONE_RATE,
    pruner: BasePruner | None = None,
) -> optuna.Study:
    """An in-memory study with ``n_finished`` trials, most of them near the optimum."""
    study = optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)
    # One by one: each is copied into the study, and 30,000 trials of 100 reports are large.
    for trial in _finished_trials(n_finished, shape):
        study.add_trial(trial)
    return study


def value_at(rate: float) -> float:
    """The noise-free value of a learning rate."""
    u = np.log(rate / AXIS.low) / np.log(AXIS.high / AXIS.low)
    return float(_values(np.array([u]))[0])


def learning_curve(value: float, n_reports: int, rng: np.random.Generator) -> list[float]:
    """Reports that approach the value they end with."""
    shares = 1 - np.exp(-5 * np.arange(1, n_reports + 1) / max(n_reports, 1))
    reports = value * shares + NOISE * rng.standard_normal(n_reports)
    return [*reports[:-1].tolist(), value][:n_reports]


def _finished_trials(n_finished: int, shape: Shape) -> Iterator[FrozenTrial]:
    rng = np.random.default_rng(0)
    near = np.clip(rng.normal(OPTIMUM, 0.05, n_finished), 0, 1)
    points = np.where(rng.random(n_finished) < 0.2, rng.random(n_finished), near)
    values = _values(points) + NOISE * rng.standard_normal(n_finished)
    pruned = np.zeros(n_finished, dtype=bool)
    pruned[np.argsort(values)[: round(shape.pruned * n_finished)]] = True
    space = search_space(shape.parameters)
    # The numbers of the steps are shared by all trials.
    steps = list(range(shape.reports))
    for point, value, is_pruned in zip(points, values.tolist(), pruned):
        curve = learning_curve(value, shape.reports, rng)
        if is_pruned:
            curve = curve[: int(rng.integers(1, max(shape.reports, 2)))]
        yield optuna.create_trial(
            state=TrialState.PRUNED if is_pruned else TrialState.COMPLETE,
            value=(curve[-1] if curve else None) if is_pruned else value,
            params={"lr": _rate(point), **_drawn(space, rng)},
            distributions=space,
            intermediate_values=dict(zip(steps, curve)),
        )


def _drawn(space: dict[str, BaseDistribution], rng: np.random.Generator) -> dict[str, Any]:
    return {name: _draw(each, rng) for name, each in space.items() if name != "lr"}


def _draw(each: BaseDistribution, rng: np.random.Generator) -> Any:
    if isinstance(each, CategoricalDistribution):
        return each.choices[int(rng.integers(len(each.choices)))]
    if isinstance(each, IntDistribution):
        return int(rng.integers(each.low, each.high + 1))
    assert isinstance(each, FloatDistribution)
    return float(rng.uniform(each.low, each.high))


def _values(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return learning_rate_like(OPTIMUM)(points)


def _rate(point: float) -> float:
    return float(min(max(AXIS.low * (AXIS.high / AXIS.low) ** point, AXIS.low), AXIS.high))
