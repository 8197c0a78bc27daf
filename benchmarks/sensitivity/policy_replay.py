"""The adaptive policy on one learning rate with no study in between: the same trials, faster."""

from __future__ import annotations

import math
import zlib
from dataclasses import replace
from typing import NamedTuple, Union, cast

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import FloatDistribution

from benchmarks.problems.replay import LEARNING_RATE, ReplayProblem
from benchmarks.problems.synthetic import SyntheticProblem
from optuna_zooming import AdaptiveZooming
from optuna_zooming._evidence.progress import Progress
from optuna_zooming._history import History
from optuna_zooming._study.axis import Axis

Floats = NDArray[np.float64]
OneRate = Union[ReplayProblem, SyntheticProblem]


class PolicyRun(NamedTuple):
    """One run: its rates, and its merits after each of some budgets.

    Attributes:
        rates: (n_trials,), in the order of the trials.
        best: (n_budgets,), regret of the best trial.
        recommended: (n_budgets,), regret of the recommended arm.
        holds: (n_budgets,), 1 where the recommendation's 95 % interval holds the true mean.
        half_width: (n_budgets,), of that interval, a fraction of (best - worst).
    """

    rates: Floats
    best: Floats
    recommended: Floats
    holds: Floats
    half_width: Floats


def replay_policy(
    problem: OneRate,
    policy: AdaptiveZooming,
    seed: int,
    *,
    budgets: tuple[int, ...],
) -> PolicyRun:
    """Run a policy as ZoomingSampler with this seed would, up to the last budget.

    Args:
        problem: Diverged trainings must return a value: a study that loses trials is more than
            its policy.
        policy: The policy.
        seed: Seed of the sampler and of the problem's noise.
        budgets: Numbers of trials, increasing.

    Raises:
        ValueError: If a trial returns no finite value.
    """
    axis = Axis.of(FloatDistribution(problem.low, problem.high, log=True))
    stream = zlib.crc32(LEARNING_RATE.encode())
    rates, values, merits = np.empty(0), np.empty(0), []
    progress = Progress()
    for number in range(budgets[-1]):
        rng = np.random.default_rng([seed, number, stream])
        history, _ = _history(axis, rates, values)
        history = replace(history, nothing_learnt=progress.nothing_learnt(values))
        rate = float(axis.value(policy.propose(history, rng)))
        rates = np.append(rates, rate)
        curve = _curve(problem, rate, seed, number)
        values = np.append(values, curve[-1])
        progress.add(curve)
        if number + 1 in budgets:
            merits.append(_merits(problem, policy, axis, rates, values))
    return PolicyRun(rates, *np.array(merits).T)


def _history(axis: Axis, rates: Floats, values: Floats) -> tuple[History, NDArray[np.int64]]:
    """What the policy sees, and the number of the trial behind each of its points."""
    points = axis.points(rates)
    order = np.argsort(points, kind="stable")
    return History(points[order], values[order], pending=np.empty(0)), order


def _curve(problem: OneRate, rate: float, seed: int, number: int) -> Floats:
    trial = optuna.trial.FixedTrial({LEARNING_RATE: rate}, number=number)
    curve = problem.learning_curve(cast(optuna.Trial, trial), seed)
    value = float(curve[-1])
    if not math.isfinite(value):
        raise ValueError(
            f"problem must return finite values, but trial {number} of {problem.name} returned "
            f"{value}; run it through a study (python -m benchmarks compare)."
        )
    return curve


def _merits(
    problem: OneRate,
    policy: AdaptiveZooming,
    axis: Axis,
    rates: Floats,
    values: Floats,
) -> tuple[float, float, float, float]:
    history, order = _history(axis, rates, values)
    arms = policy.arms(history)
    chosen = arms.recommended
    # The trial's own rate: mapping it to the axis and back may change the last digit.
    at = int(np.searchsorted(history.points, arms.points[chosen]))
    params = {LEARNING_RATE: float(rates[order[at]])}
    low, high = arms.intervals[chosen]
    return (
        problem.regret({LEARNING_RATE: float(rates[values.argmax()])}),
        problem.regret(params),
        float(low <= problem.expected(params) <= high),
        float(high - low) / 2 / problem.span,
    )
