"""Fixed rates with several seeds each: our intervals beside the pooled t-interval."""

from __future__ import annotations

import json
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from benchmarks.problems.groups import Problem, make_problem
from benchmarks.reports.calibration.judgement import (
    Counts,
    arms_counts,
    judged,
    quantiles,
    recommended_counts,
)
from benchmarks.reports.calibration.settings import SEEDS_OF_RATES, replicates_key
from benchmarks.reports.calibration.summary import Replicated
from benchmarks.reports.intervals import LEVEL
from benchmarks.reports.results_table import ResultsTable
from benchmarks.runs.rows import Run

Floats = NDArray[np.float64]


class PooledIntervals(NamedTuple):
    """The t-intervals of every rate's mean with one deviation for all rates.

    means: (n_rates,), by first appearance; of the rates with a finite value.
    half_widths: (n_rates,), NaN where no rate has two values.
    """

    means: Floats
    half_widths: Floats


def pooled_intervals(values_by_rate: list[Floats]) -> PooledIntervals:
    """mean +- t(0.975, N - k) s / sqrt(n): s^2 pooled from k rates with N values altogether."""
    sizes = np.array([len(values) for values in values_by_rate])
    means = np.array([values.mean() for values in values_by_rate])
    freedom = int(sizes.sum()) - len(sizes)
    if freedom < 1:
        return PooledIntervals(means, np.full(len(means), np.nan))
    squares = sum(float(((v - m) ** 2).sum()) for v, m in zip(values_by_rate, means))
    factor = float(scipy_stats.t.ppf((1 + LEVEL) / 2, freedom))
    return PooledIntervals(means, factor * np.sqrt(squares / freedom / sizes))


def replicated(table: ResultsTable, on: str, n_rates: int) -> Replicated:
    """The calibration of a grid of so many rates on some problems."""
    key = replicates_key(n_rates)
    budgets = [n_rates * seeds for seeds in SEEDS_OF_RATES]
    tables = table.tables(key)
    recommended = recommended_counts(table, key, budgets)
    arms = arms_counts(table, key, budgets)
    holds, half_widths = _pooled(table, n_rates, budgets)
    return Replicated(
        on,
        n_rates,
        len(table.shape(key)[1]),
        judged(recommended, tables, one_each=True),
        judged(arms, tables, one_each=False),
        np.nanmean(holds, axis=(0, 1)),
        quantiles(half_widths, [0.5])[0],
        np.stack([_ratio_to(half_widths, each) for each in (recommended, arms)]),
    )


def _ratio_to(pooled: Floats, counts: Counts) -> Floats:
    """(n_budgets,), median over studies of the half-width relative to the pooled interval's."""
    # Where all values of a rate are equal there is no deviation to compare with.
    ratios = counts.half_widths / np.where(pooled > 0, pooled, np.nan)
    return np.asarray(quantiles(ratios, [0.5])[0])


def _pooled(table: ResultsTable, n_rates: int, budgets: list[int]) -> tuple[Floats, Floats]:
    """Share of pooled intervals that hold, and their median half-width, by study and budget."""
    key = replicates_key(n_rates)
    problems, seeds, _ = table.shape(key)
    found = np.full((2, len(problems), len(seeds), len(budgets)), np.nan)
    for i, name in enumerate(problems):
        problem = make_problem(name)
        for j, seed in enumerate(seeds):
            for at, budget in enumerate(budgets):
                found[:, i, j, at] = _of_study(table.runs[key][name][seed], problem, budget)
    return found[0], found[1]


def _of_study(run: Run, problem: Problem, budget: int) -> tuple[float, float]:
    by_rate: dict[str, list[float]] = {}
    for params, value in zip(run.params[:budget], run.value[:budget]):
        if np.isfinite(value):
            by_rate.setdefault(str(params), []).append(float(value))
    if not by_rate:
        return np.nan, np.nan
    means, half_widths = pooled_intervals([np.array(values) for values in by_rate.values()])
    if np.isnan(half_widths).all():
        return np.nan, np.nan
    truths = np.array([problem.expected(json.loads(params)) for params in by_rate])
    return (
        float((np.abs(means - truths) <= half_widths).mean()),
        float(np.median(half_widths)) / problem.span,
    )
