"""How often the intervals of all active arms of a study hold the truth, and how wide they are."""

from __future__ import annotations

import math

import numpy as np
import optuna
from optuna.samplers import BaseSampler

from benchmarks.problems.groups import Problem
from benchmarks.problems.replay import LEARNING_RATE

N_FIGURES = 4
# All arms are asked for where calibration shows them: each time costs as much as a proposal.
ARMS_BUDGETS = (5, 8, 10, 12, 15, 20, 25, 50, 100)


def judged_arms(
    study: optuna.Study, sampler: BaseSampler, problem: Problem
) -> tuple[float, float, float, float]:
    """Of the active arms: how many are judged, hold the truth, are unknown; the others' width.

    An arm is judged if its mean is finite, which it is not where everything diverged, and so is
    the truth. An infinite interval is that of an arm of which nothing is known: it holds. The width
    is the median of the finite ones, a fraction of (best - worst), NaN if there are none. All
    are NaN on problems of several parameters.
    """
    from optuna_zooming import active_arms

    if problem.n_parameters > 1:
        return math.nan, math.nan, math.nan, math.nan
    policy = getattr(sampler, "policy", None)
    intervals, truths = [], []
    for arm in active_arms(study, LEARNING_RATE, policy=policy):
        truth = problem.expected({LEARNING_RATE: arm.value})
        if math.isfinite(arm.mean) and math.isfinite(truth):
            intervals.append(arm.interval)
            truths.append(truth)
    low, high = np.array(intervals).reshape(-1, 2).T
    known = np.isfinite(high - low)
    holds = ~known | ((low <= truths) & (truths <= high))
    width = float(np.median((high - low)[known])) / problem.span if known.any() else math.nan
    return float(len(truths)), float(holds.sum()), float((~known).sum()), width
