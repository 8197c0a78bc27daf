"""95 % intervals by a bootstrap in two levels: tables are drawn anew, then seeds of each problem.

Seeds alone would say how sure a mean is on these very tables; a reader wants to know it for tables
like them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports import stats

Floats = NDArray[np.float64]
N_RESAMPLES = 1000
LEVEL = 0.95


@functools.lru_cache(maxsize=8)
def resample_counts(tables: tuple[str, ...], n_seeds: int, n_resamples: int) -> Floats:
    """How often each run occurs in each resample, (n_resamples, n_problems, n_seeds).

    As many tables as there are, drawn with replacement; all problems of a table go together, and
    each time a table is drawn, as many seeds of each problem are drawn with replacement. The same
    arguments give the same resamples, so that samplers with the same runs are paired. A single
    table stays, and its seeds are drawn; where it has a single seed, its problems are drawn.

    Args:
        tables: (n_problems,), the table of each problem.
        n_seeds: Runs of each problem.
        n_resamples: Number of resamples.
    """
    rng = np.random.default_rng(0)
    if n_seeds == 1 and len(set(tables)) == 1:
        tables = tuple(str(place) for place in range(len(tables)))
    names, own = np.unique(np.array(tables), return_inverse=True)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=n_resamples)
    # k draws of all seeds are one draw of k times as many.
    runs = rng.multinomial(n_seeds * drawn[:, own], np.full(n_seeds, 1 / n_seeds))
    return runs.astype(np.float64)


def resampled_means(values: Floats, tables: Sequence[str], n_resamples: int) -> Floats:
    """Mean over the runs of each resample, (n_resamples, ...).

    Args:
        values: (n_problems, n_seeds, ...).
        tables: (n_problems,), the table of each problem.
        n_resamples: Number of resamples.
    """
    counts = resample_counts(tuple(tables), values.shape[1], n_resamples)
    sums = np.tensordot(counts, values, axes=2)
    total = counts.sum(axis=(1, 2))
    return np.asarray(sums / total.reshape(-1, *[1] * (sums.ndim - 1)))


def resampled_interquartile_means(
    values: Floats, tables: Sequence[str], n_resamples: int
) -> Floats:
    """Mean of the middle half of the runs of each resample, (n_resamples, n_points).

    Args:
        values: (n_problems, n_seeds, n_points).
        tables: (n_problems,), the table of each problem.
        n_resamples: Number of resamples.
    """
    counts = resample_counts(tuple(tables), values.shape[1], n_resamples)
    counts = counts.reshape(n_resamples, -1)
    total = counts.sum(axis=1, keepdims=True)
    cut = np.floor(total / 4)
    found = []
    for column in values.reshape(counts.shape[1], -1).T:
        order = np.argsort(column)
        upto = np.cumsum(counts[:, order], axis=1)
        # Of the runs in their order, those between the places cut and total - cut.
        inside = np.diff(np.clip(upto, cut, total - cut), prepend=cut, axis=1)
        found.append(inside @ column[order] / (total - 2 * cut)[:, 0])
    return np.stack(found, axis=1)


class Statistic(NamedTuple):
    """A figure of merit over (n_problems, n_seeds, n_points), and the same of each resample."""

    of: Callable[[Floats], Floats]
    resampled: Callable[[Floats, Sequence[str], int], Floats]


MEAN = Statistic(stats.mean_over_runs, resampled_means)
INTERQUARTILE_MEAN = Statistic(stats.interquartile_mean, resampled_interquartile_means)


class Estimate(NamedTuple):
    """A figure and the ends of its interval, (n_points,) each."""

    mean: Floats
    low: Floats
    high: Floats


def estimate(
    values: Floats,
    tables: Sequence[str],
    statistic: Statistic = MEAN,
    *,
    n_resamples: int = N_RESAMPLES,
) -> Estimate:
    """A statistic of some runs with its interval; of paired runs, pass their difference.

    Args:
        values: (n_problems, n_seeds, n_points).
        tables: (n_problems,), the table of each problem.
        statistic: MEAN or INTERQUARTILE_MEAN.
        n_resamples: Number of resamples.
    """
    middle = statistic.of(values)
    if values.shape[0] * values.shape[1] < 2:
        # A single run says nothing of its spread.
        return Estimate(middle, *np.full((2, *middle.shape), np.nan))
    return Estimate(middle, *percentiles(statistic.resampled(values, tables, n_resamples)))


def ratio_of_means(ours: Floats, theirs: Floats, tables: Sequence[str]) -> Estimate:
    """The ratio of two means with its interval, from paired runs that are drawn together.

    Args:
        ours, theirs: (n_problems, n_seeds, n_points).
        tables: (n_problems,), the table of each problem.
    """
    # Where theirs is 0 the ratio is infinite, or nothing if ours is too.
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = stats.mean_over_runs(ours) / stats.mean_over_runs(theirs)
        if ours.shape[0] * ours.shape[1] < 2:
            return Estimate(middle, *np.full((2, *middle.shape), np.nan))
        draws = [resampled_means(each, tables, N_RESAMPLES) for each in (ours, theirs)]
        return Estimate(middle, *percentiles(draws[0] / draws[1]))


def percentiles(draws: Floats) -> tuple[Floats, Floats]:
    """Both ends of the percentile interval of (n_resamples, ...) draws."""
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return np.asarray(low), np.asarray(high)


def how_drawn(tables_drawn: bool) -> str:
    """How intervals were made, in a sentence; False for results that drew seeds only."""
    if not tables_drawn:
        return "Intervals: 95 %, bootstrap over the seeds of each problem."
    return (
        f"Intervals: 95 %, bootstrap in two levels ({N_RESAMPLES:,} resamples): recorded tables "
        "are drawn anew, each with all its ranges (a function with a known optimum stands for "
        "itself), then the seeds of each problem; on a single table, its seeds alone. Differences "
        "are taken between runs with the same problem and seed. With few tables such intervals "
        "are too narrow rather than too wide."
    )
