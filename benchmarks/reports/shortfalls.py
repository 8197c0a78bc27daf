"""What the best trial lacks in units that people use, and how often it lacks a lot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.problems.grid_replay import GridProblem
from benchmarks.problems.groups import make_problem
from benchmarks.problems.replay import MEASURES, Measure, ReplayProblem
from benchmarks.reports.intervals import estimate
from benchmarks.reports.results_table import Key, ResultsTable, compared_by_trials, table_of
from benchmarks.reports.summary import FAR_OFF, Line, Shortfall, TableShortfall, budgets_up_to

Floats = NDArray[np.float64]
OURS = Key("zooming", "none")
_RECORDED = (ReplayProblem, GridProblem)
# A point of accuracy, in percent; and what counts for a loss, a fraction of (best - worst).
POINT, LOSS_REGRET = 1.0, 0.01


def far_off(table: ResultsTable) -> dict[str, Line]:
    """By sampler, the share of the runs whose best trial's regret is above FAR_OFF at BUDGETS."""
    found = {}
    for key in compared_by_trials(table):
        regret = table.array("best_regret", key)
        found[key.sampler] = _at_budgets((regret > FAR_OFF).astype(float), table.tables(key))
    return found


def shortfalls(table: ResultsTable) -> tuple[Shortfall, ...]:
    """By measure, over the problems that replay recorded tables."""
    of_measure: dict[Measure, list[str]] = {measure: [] for measure in MEASURES}
    for name in table.problems:
        problem = make_problem(name)
        if isinstance(problem, _RECORDED):
            of_measure[problem.measure].append(name)
    return tuple(
        _shortfall(table.restricted(names), measure)
        for measure, names in of_measure.items()
        if OURS in table.restricted(names).keys
    )


def _shortfall(table: ResultsTable, measure: Measure) -> Shortfall:
    size, beyond = {}, {}
    for key in compared_by_trials(table):
        names, tables = table.shape(key)[0], table.tables(key)
        regret = table.array("best_regret", key)
        lacking = _scales(names, measure)[:, None, None] * regret
        too_much = lacking > POINT if measure == "accuracy" else regret > LOSS_REGRET
        size[key.sampler] = _at_budgets(lacking, tables)
        beyond[key.sampler] = _at_budgets(too_much.astype(float), tables)
    return Shortfall(
        measure,
        len(table.problems),
        _mean_noise(table.problems, measure),
        size,
        beyond,
        _by_table(table, measure),
    )


def _by_table(table: ResultsTable, measure: Measure) -> dict[str, TableShortfall]:
    names = table.shape(OURS)[0]
    regret = table.array("best_regret", OURS)
    lacking = _scales(names, measure)[:, None, None] * regret
    at_budgets = lacking.mean(axis=1)[:, budgets_up_to(regret.shape[-1]) - 1]
    found = {}
    for each in dict.fromkeys(map(table_of, names)):
        own = [at for at, name in enumerate(names) if table_of(name) == each]
        noise = _mean_noise([names[at] for at in own], measure)
        found[each] = TableShortfall(noise, at_budgets[own].mean(axis=0))
    return found


def _at_budgets(values: Floats, tables: Sequence[str]) -> Line:
    budgets = budgets_up_to(values.shape[-1])
    return Line(budgets.astype(np.float64), *estimate(values[..., budgets - 1], tables))


def _scales(names: Sequence[str], measure: Measure) -> Floats:
    """(n_problems,): what a regret of 1 is in the measure's units."""
    return np.array([_unit(measure) * make_problem(name).span for name in names])


def _mean_noise(names: Sequence[str], measure: Measure) -> float:
    """Of a training at the best rate, over those problems that say; NaN if none does."""
    problems = [make_problem(name) for name in names]
    noise = np.array([each.noise for each in problems if isinstance(each, _RECORDED)])
    noise = noise[~np.isnan(noise)]
    return _unit(measure) * float(noise.mean()) if noise.size else float("nan")


def _unit(measure: Measure) -> float:
    return 100.0 if measure == "accuracy" else 1.0
