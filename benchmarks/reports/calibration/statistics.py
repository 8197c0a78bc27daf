"""Rows of a sampler, mostly ours, under each pruner -> the calibration of each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.calibration.fixed_rates import replicated
from benchmarks.reports.calibration.judgement import (
    Counts,
    arms_counts,
    judged,
    recommended_counts,
    short,
)
from benchmarks.reports.calibration.settings import (
    BUDGETS,
    OURS,
    RATES,
    REPLICATED,
    REPLICATES,
    problems_of,
    replicates_key,
)
from benchmarks.reports.calibration.summary import CalibrationSummary, Group, Pruned, Replicated
from benchmarks.reports.compact import rounded
from benchmarks.reports.intervals import estimate
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.provenance import origin_of
from benchmarks.reports.results_table import Key, ResultsTable, base_name
from benchmarks.reports.stats import mean_over_runs

Floats = NDArray[np.float64]
# After so many trials tables and functions are shown one by one.
BASE_BUDGET = 25
UNPRUNED = Key(OURS, "none")


def summarise(
    tables: Mapping[str, ResultsTable], *, n_seeds: int, made_by: Sequence[MadeBy] = ()
) -> CalibrationSummary:
    """The calibration of each group.

    Args:
        tables: By group, its rows.
        n_seeds: As the command was told.
        made_by: The commands that made the rows.
    """
    fingerprints = {
        cell: each for table in tables.values() for cell, each in table.fingerprints.items()
    }
    fixed = tables.get(REPLICATES)
    return rounded(
        CalibrationSummary(
            n_seeds,
            tuple(Group(n, _by_pruner(table)) for n, table in tables.items() if n != REPLICATES),
            () if fixed is None else tuple(_replicated(fixed)),
            origin_of(fingerprints, made_by),
        )
    )


def _replicated(table: ResultsTable) -> Iterable[Replicated]:
    for on, groups in REPLICATED.items():
        own = table.restricted(name for group in groups for name in problems_of(group))
        for n_rates in RATES:
            if replicates_key(n_rates) in own.keys:
                yield replicated(own, on, n_rates)


def _by_pruner(table: ResultsTable) -> tuple[Pruned, ...]:
    return tuple(_pruned(table, key) for key in table.keys)


def _pruned(table: ResultsTable, key: Key) -> Pruned:
    _, seeds, n_trials = table.shape(key)
    budgets = [budget for budget in BUDGETS if budget <= n_trials]
    tables = table.tables(key)
    at = np.array(budgets, dtype=int) - 1
    recommended = table.array("recommended_regret", key)[..., at]
    best = table.array("best_regret", key)[..., at]
    return Pruned(
        key.pruner,
        len(seeds),
        np.array(budgets, dtype=np.float64),
        judged(recommended_counts(table, key, budgets), tables, one_each=True),
        judged(arms_counts(table, key, budgets), tables, one_each=False),
        short(np.stack([mean_over_runs(recommended), mean_over_runs(best)])),
        short(np.stack(estimate(recommended - best, tables))),
        short(_to_none(table, key, budgets)),
        _by_base(table, key),
    )


def _to_none(table: ResultsTable, key: Key, budgets: Sequence[int]) -> Floats:
    if key == UNPRUNED or UNPRUNED not in table.keys:
        return np.empty((4, 0))
    both = table.shared(key, UNPRUNED)
    of_kind = []
    for counts in (recommended_counts, arms_counts):
        pruned, none = (counts(both, each, budgets).half_widths for each in (key, UNPRUNED))
        of_kind += [ratios(pruned, none)]
    return np.concatenate(of_kind)


def ratios(pruned: Floats, none: Floats) -> Floats:
    """(2, n_budgets): ratio of the means and of the medians of what both of a pair have.

    Args:
        pruned: (n_problems, n_seeds, n_budgets).
        none: The same without a pruner.
    """
    found = []
    for ours, theirs in zip(*(each.reshape(-1, each.shape[-1]).T for each in (pruned, none))):
        both = ~np.isnan(ours) & ~np.isnan(theirs)
        if not both.any() or np.median(theirs[both]) == 0:
            found.append((np.nan, np.nan))
            continue
        ours, theirs = ours[both], theirs[both]
        found.append((ours.mean() / theirs.mean(), np.median(ours) / np.median(theirs)))
    return np.asarray(np.array(found).reshape(-1, 2).T)


def _by_base(table: ResultsTable, key: Key) -> dict[str, Floats]:
    bases = {}
    for base in table.bases:
        own = table.restricted(name for name in table.problems if base_name(name) == base)
        if key in own.keys and own.shape(key)[2] >= BASE_BUDGET:
            counts = (count(own, key, [BASE_BUDGET]) for count in (recommended_counts, arms_counts))
            bases[base] = short(np.array([_mean_share(each) for each in counts]))
    return bases


def _mean_share(counts: Counts) -> float:
    share = counts.share[~np.isnan(counts.share)]
    return float(share.mean()) if share.size else np.nan
