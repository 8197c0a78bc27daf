"""Whether the best value of a problem's only parameter lies at an end of its range."""

from __future__ import annotations

import numpy as np
import optuna
from optuna.distributions import FloatDistribution

from benchmarks.problems.problem import Problem

# A share of the range's length, on a logarithmic axis where it has one.
AT_END = 0.05
N_PLACES = 1001


def best_is_at_an_end(problem: Problem) -> bool:
    """Whether it does, by the noise-free truth; the middle one where several are equally good."""
    name, distribution = _only_parameter(problem)
    low, high = distribution.low, distribution.high
    spaced = np.geomspace if distribution.log else np.linspace
    # Rounding must not leave the range.
    values = np.clip(spaced(low, high, N_PLACES), low, high)
    truths = np.array([problem.truth({name: float(value)}) for value in values])
    best = np.flatnonzero(truths >= np.nanmax(truths) - 1e-9 * problem.span)
    place = float(np.median(best)) / (N_PLACES - 1)
    return place <= AT_END or place >= 1 - AT_END


def _only_parameter(problem: Problem) -> tuple[str, FloatDistribution]:
    """Its name and range, as a trial suggests it."""
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    trial = study.ask()
    problem.learning_curve(trial, 0)
    ((name, distribution),) = trial.distributions.items()
    assert isinstance(distribution, FloatDistribution)
    return name, distribution
