"""How finely recorded tables tell learning rates apart: the noise in the means themselves."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from benchmarks.problems.groups import make_problem
from benchmarks.problems.replay import LEARNING_RATE, ReplayProblem
from benchmarks.reports.stats import Floats
from benchmarks.reports.summary import TableResolution

PLACES = 401
# Standard deviation of the smoothing, units of axis; a learning-rate curve is flat over so much.
WIDTHS = (0.02, 0.04)
# Regrets, fractions: what is smoothed, and whose noise is measured.
GOOD, BEST = 0.1, 0.02


def resolution(problem: ReplayProblem) -> TableResolution:
    """The resolution of a table on the problem's range of rates."""
    u = np.linspace(0.0, 1.0, PLACES)
    rates = np.clip(problem.low * (problem.high / problem.low) ** u, problem.low, problem.high)
    regret = np.array([problem.regret({LEARNING_RATE: rate}) for rate in rates])
    finals = np.array(
        [
            [problem.curve(rate, seed)[-1] for seed in range(problem.n_seeds)]
            for rate in rates[regret <= max(BEST, regret.min())]
        ]
    )
    trial = float(finals.std(axis=1, ddof=1).mean() / problem.span)
    smoothed = [regret[_best_smoothed(u, regret, width)] for width in WIDTHS]
    return TableResolution(trial, trial / float(np.sqrt(problem.n_seeds)), np.array(smoothed))


def _best_smoothed(u: Floats, regret: Floats, width: float) -> int:
    good = np.flatnonzero(regret <= GOOD)
    weights = np.exp(-0.5 * ((u[good, None] - u[good]) / width) ** 2)
    smooth = weights @ regret[good] / weights.sum(axis=1)
    return int(good[np.argmin(smooth)])


def resolutions(names: Iterable[str]) -> dict[str, TableResolution]:
    """By problem, of those that replay a learning-rate table."""
    problems = {name: make_problem(name) for name in names}
    return {
        name: resolution(problem)
        for name, problem in problems.items()
        if isinstance(problem, ReplayProblem)
    }
