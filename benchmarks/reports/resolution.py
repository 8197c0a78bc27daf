"""How finely recorded tables tell learning rates apart: the noise in the means themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from benchmarks.problems.groups import make_problem
from benchmarks.problems.replay import LEARNING_RATE, ReplayProblem
from benchmarks.reports.stats import Floats, interquartile_mean
from benchmarks.reports.tables import markdown

PLACES = 401
# Standard deviation of the smoothing, units of axis; a learning-rate curve is flat over so much.
WIDTHS = (0.02, 0.04)
# Regrets, fractions: what is smoothed, and whose noise is measured.
GOOD, BEST = 0.1, 0.02


class Resolution(NamedTuple):
    """Fractions of (best - worst).

    trial: Standard deviation of a trial near the best rate.
    mean: Standard error of the mean over the recorded seeds there.
    smoothed: (len(WIDTHS),), regret of the rate that is best once the means are smoothed: what is
        left to somebody who knows the curve, but not the luck of the recorded seeds.
    """

    trial: float
    mean: float
    smoothed: Floats


def resolution(problem: ReplayProblem) -> Resolution:
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
    return Resolution(trial, trial / float(np.sqrt(problem.n_seeds)), np.array(smoothed))


def _best_smoothed(u: Floats, regret: Floats, width: float) -> int:
    good = np.flatnonzero(regret <= GOOD)
    weights = np.exp(-0.5 * ((u[good, None] - u[good]) / width) ** 2)
    smooth = weights @ regret[good] / weights.sum(axis=1)
    return int(good[np.argmin(smooth)])


def resolution_table(names: Iterable[str]) -> str:
    """Markdown table of problems that replay a learning-rate table; empty if none does."""
    found = {}
    for name in names:
        problem = make_problem(name)
        if isinstance(problem, ReplayProblem):
            found[name] = resolution(problem)
    if not found:
        return ""
    rows = [
        [name, *(f"{100 * x:.2f}" for x in (one.trial, one.mean, *one.smoothed))]
        for name, one in found.items()
    ]
    smoothed = 100 * np.stack([one.smoothed for one in found.values()])
    rows.append(["mean", "", "", *(f"{x:.2f}" for x in smoothed.mean(axis=0))])
    middle = interquartile_mean(smoothed[:, None, :])
    rows.append(["interquartile mean", "", "", *(f"{x:.2f}" for x in middle)])
    heads = [f"best after smoothing over {100 * width:g} %: regret" for width in WIDTHS]
    head = ["problem", "deviation of a trial", "standard error of the mean", *heads]
    return markdown(head, rows)
