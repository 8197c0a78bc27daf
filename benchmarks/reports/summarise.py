"""Rows -> summary: the statistics of a group, each computed here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.problems.groups import group_names, part_of, table_metadata
from benchmarks.reports import stats
from benchmarks.reports.compact import rounded
from benchmarks.reports.intervals import INTERQUARTILE_MEAN, Estimate, estimate
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.provenance import origin_of
from benchmarks.reports.pruned import pruned
from benchmarks.reports.resolution import resolutions
from benchmarks.reports.results_table import (
    Key,
    Merit,
    ResultsTable,
    base_name,
    compared_by_trials,
    table_of,
)
from benchmarks.reports.shortfalls import far_off, shortfalls
from benchmarks.reports.summary import (
    TARGETS,
    Base,
    Calibration,
    Column,
    Line,
    Regret,
    Summary,
    budgets_up_to,
)

Floats = NDArray[np.float64]
OURS = Key("zooming", "none")
PROCEDURE = Key("one-epoch-top-3", "none")
NOISE_BUDGET = 20
EPOCH_POINTS = 80
_NO_LINE = Line(*[np.empty(0)] * 4)
_NO_REGRET = Regret(_NO_LINE, _NO_LINE, _NO_LINE)


def summarise(
    table: ResultsTable,
    group: str,
    *,
    made_by: Sequence[MadeBy] = (),
    failures: Sequence[str] = (),
) -> Summary:
    """The summary of a group's rows, its figures rounded as in a file.

    Args:
        table: The rows of the group's problems; sampler zooming without a pruner among them.
        group: Its name.
        made_by: The commands that made the rows, as far as they are known.
        failures: The studies that raised.
    """
    compared = compared_by_trials(table)
    summary = Summary(
        group,
        tuple(table.problems),
        tuple(_column(table, key, group, is_compared=key in compared) for key in table.keys),
        tuple(key.sampler for key in compared),
        _ranks(table),
        _paired_by_rival(table),
        tuple(_base(table, name, problems) for name, problems in _together(table, group).items()),
        _calibration(table),
        resolutions(group_names(group)),
        _recordings(table),
        tuple(failures),
        origin_of(table.fingerprints, made_by),
        n_tables=len({table_of(name) for name in table.problems}),
        shortfalls=shortfalls(table),
        far_off=far_off(table),
        pruned=pruned(table),
    )
    return rounded(summary)


def _column(table: ResultsTable, key: Key, group: str, *, is_compared: bool) -> Column:
    regret, epochs = table.array("best_regret", key), table.array("epochs", key)
    curve = stats.mean_over_runs(regret)
    spent = stats.mean_over_runs(stats.by_epochs(regret, epochs, int(epochs.sum(-1).max())))
    problems, seeds, n_trials = table.shape(key)
    # Samplers with a pruner, and beside them the procedure that is a pruner itself.
    crossed = {each.sampler for each in table.keys if each.pruner != "none"}
    shown_by_epochs = key.sampler in crossed or (bool(crossed) and key == PROCEDURE)
    ours = key.sampler.startswith("zooming")
    return Column(
        key.sampler,
        key.pruner,
        len(problems),
        n_trials,
        tuple(seeds),
        _regret(table, key, "best_regret") if is_compared else _NO_REGRET,
        _regret(table, key, "recommended_regret") if is_compared and ours else _NO_REGRET,
        _by_noise(table, key) if is_compared and group == "noise" else _NO_LINE,
        _by_epochs(regret, epochs, table.tables(key)) if shown_by_epochs else _NO_LINE,
        np.array([stats.first_at_or_below(curve, target) for target in TARGETS]),
        np.array([stats.median_run_to(regret, target) for target in TARGETS]),
        np.array([stats.first_at_or_below(spent, target) for target in TARGETS]),
        stats.area_under_curve(regret),
        float(table.array("sampler_seconds", key).mean()),
        float(epochs.mean()),
    )


def _regret(table: ResultsTable, key: Key, merit: Merit) -> Regret:
    regret = table.array(merit, key)
    budgets = budgets_up_to(regret.shape[-1])
    at = regret[..., budgets - 1]
    trials, tables = np.arange(1, regret.shape[-1] + 1), table.tables(key)
    return Regret(
        _line(budgets, estimate(at, tables)),
        _line(budgets, estimate(at, tables, INTERQUARTILE_MEAN)),
        _line(trials, estimate(regret, tables)),
    )


def _line(x: NDArray[np.int64], figures: Estimate) -> Line:
    return Line(x.astype(np.float64), *figures)


def _by_epochs(regret: Floats, epochs: Floats, tables: Sequence[str]) -> Line:
    # To where every run is still going on.
    length = int(epochs.sum(axis=-1).min())
    by_epochs = stats.by_epochs(regret, epochs, length)
    # From where half of the runs have finished a trial: before that there is nothing to see.
    start = int(np.median(epochs[..., 0]))
    points = np.unique(np.geomspace(start, length, EPOCH_POINTS).astype(np.int64))
    return _line(points, estimate(by_epochs[..., points - 1], tables))


def _by_noise(table: ResultsTable, key: Key) -> Line:
    if table.shape(key)[2] < NOISE_BUDGET:
        return _NO_LINE
    levels = sorted({_noise_percent(name) for name in table.problems})
    points = np.array([_at_noise(table, key, level) for level in levels])
    return Line(np.array(levels), *points.T)


def _noise_percent(problem: str) -> float:
    return float(problem.partition("-")[2].partition("pct")[0])


def _at_noise(table: ResultsTable, key: Key, level: float) -> tuple[float, float, float]:
    own = table.restricted(name for name in table.problems if _noise_percent(name) == level)
    if key not in own.keys:
        # Of a comparison that was interrupted.
        return math.nan, math.nan, math.nan
    regret = own.array("best_regret", key)[..., NOISE_BUDGET - 1, None]
    mean, low, high = (float(each[0]) for each in estimate(regret, own.tables(key)))
    return mean, low, high


def _ranks(table: ResultsTable) -> dict[str, Floats]:
    """By sampler, of those with as many problems, seeds and trials as any."""
    sizes = {key: _size(table, key) for key in compared_by_trials(table)}
    most = max(sizes.values(), default=(0, 0, 0))
    keys = [key for key, size in sizes.items() if size == most]
    ranks = stats.mean_ranks([table.array("best_regret", key, *keys) for key in keys])
    ranks = ranks[:, budgets_up_to(ranks.shape[-1]) - 1]
    return {keys[i].sampler: ranks[i] for i in np.argsort(ranks.mean(axis=1))}


def _size(table: ResultsTable, key: Key) -> tuple[int, int, int]:
    problems, seeds, n_trials = table.shape(key)
    return len(problems), len(seeds), n_trials


def _paired_by_rival(table: ResultsTable) -> dict[str, Line]:
    if OURS not in table.keys:
        return {}
    rivals = [key for key in compared_by_trials(table) if not key.sampler.startswith("zooming")]
    return {key.sampler: _paired(table, key) for key in rivals}


def _paired(table: ResultsTable, rival: Key) -> Line:
    budgets = budgets_up_to(table.shape(OURS, rival)[2])
    ours = table.array("best_regret", OURS, rival)[..., budgets - 1]
    theirs = table.array("best_regret", rival, OURS)[..., budgets - 1]
    return _line(budgets, estimate(ours - theirs, table.tables(OURS, rival)))


def _together(table: ResultsTable, group: str) -> dict[str, list[str]]:
    """Problems that a page shows as one: of one table or function; or of one part of the range."""
    name_of = part_of if "-anywhere" in group else base_name
    found: dict[str, list[str]] = {}
    for problem in table.problems:
        found.setdefault(name_of(problem), []).append(problem)
    return dict(sorted(found.items())) if name_of is part_of else found


def _base(table: ResultsTable, base: str, problems: Sequence[str]) -> Base:
    own = table.restricted(problems)
    regret = {}
    for key in compared_by_trials(own):
        of_key = own.array("best_regret", key)
        at = of_key[..., budgets_up_to(of_key.shape[-1]) - 1]
        regret[key.sampler] = stats.mean_over_runs(at)
    return Base(base, regret, _paired_by_rival(own))


def _calibration(table: ResultsTable) -> Calibration:
    holds, width = table.array("interval_holds", OURS), table.array("interval_width", OURS)
    budgets = budgets_up_to(holds.shape[-1])
    budgets = budgets[~np.isnan(holds[..., budgets - 1]).all(axis=(0, 1))]
    return Calibration(
        budgets.astype(np.float64),
        np.nanmean(holds[..., budgets - 1], axis=(0, 1)),
        np.nanmedian(width[..., budgets - 1], axis=(0, 1)),
    )


def _recordings(table: ResultsTable) -> dict[str, str]:
    found = {}
    for name in sorted(table.bases):
        metadata = table_metadata(name)
        if metadata:
            facts = [f"{key} {metadata[key]}" for key in ("device", "date") if key in metadata]
            found[name] = ", ".join(facts)
    return found
