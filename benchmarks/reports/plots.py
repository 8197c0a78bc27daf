"""Which figures the report shows, made from saved rows only."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports import stats
from benchmarks.reports.charts import HeatMap, LineChart, Panel, Series
from benchmarks.reports.results_table import Key, Merit, ResultsTable
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import RIVALS, rival

Floats = NDArray[np.float64]

# One colour per sampler in every figure; ours stands out, the rivals differ in hue.
COLORS = {
    "zooming": "#1f4fd8",
    "zooming-textbook": "#8fa8ec",
    "tpe": "#d1495b",
    "gp": "#2e8b57",
    "cmaes": "#e08e0b",
    "qmc": "#7a7872",
    "random": "#b3b1a9",
    "hyperopt": "#8e44ad",
    "autosampler": "#17a2a2",
    "blie": "#8c5a3c",
    "one-epoch-top-3": "#c2185b",
}
LINES = [name for name in COLORS if name != "zooming-textbook"]
OTHER = "#444444"
N_RESAMPLES = 400


def regret_by_trials(table: ResultsTable, group: str) -> LineChart | None:
    """Mean regret of the best trial after each trial, every sampler without a pruner."""
    keys = [key for key in compared_by_trials(table) if key.sampler in LINES]
    lines = [_line(table, key, "best_regret") for key in keys]
    if not lines:
        return None
    panel = Panel("", "trials", lines)
    return LineChart(f"Regret of the best trial ({group})", _Y_LABEL, [panel])


def regret_of_recommendation(table: ResultsTable, group: str) -> LineChart | None:
    """The recommended arm beside the best trial, ours and TPE's."""
    ours, tpe = Key("zooming", "none"), Key("tpe", "none")
    if ours not in table.keys:
        return None
    recommended = _line(table, ours, "recommended_regret")
    lines = [
        recommended._replace(label="zooming: recommended arm"),
        _line(table, ours, "best_regret")._replace(
            label="zooming: best trial", dashed=True, wide=False
        ),
    ]
    if tpe in table.keys:
        lines.append(_line(table, tpe, "best_regret")._replace(label="tpe: best trial"))
    title = f"What is recommended at the end ({group})"
    return LineChart(title, _Y_LABEL, [Panel("", "trials", lines)])


def regret_by_epochs(table: ResultsTable, group: str) -> LineChart | None:
    """Mean regret over epochs of training, one panel per pruner."""
    pruners = list(dict.fromkeys(key.pruner for key in table.keys))
    crossed = {key.sampler for key in table.keys if key.pruner != "none"}
    if not crossed:
        return None
    procedure = Key("one-epoch-top-3", "none")
    order = list(PRUNERS)
    panels = []
    for pruner in sorted(pruners, key=order.index):
        keys = [Key(name, pruner) for name in LINES if name in crossed]
        lines = [_epoch_line(table, key) for key in keys if key in table.keys]
        if procedure in table.keys:
            lines.append(_epoch_line(table, procedure)._replace(dashed=True))
        panels.append(Panel(f"pruner: {pruner}", "epochs of training", lines))
    return LineChart(f"Regret by epochs of training ({group})", _Y_LABEL, panels)


def regret_by_noise(table: ResultsTable, *, budget: int) -> LineChart | None:
    """Mean regret of the best trial after ``budget`` trials at each noise level."""
    levels = sorted({_noise_percent(name) for name in table.problems})
    lines = []
    for key in compared_by_trials(table):
        if key.sampler not in LINES or table.shape(key)[2] < budget:
            continue
        points = [_at_noise(table, key, level, budget) for level in levels]
        y, low, high = np.maximum(np.array(points).T, 0.01)
        x = np.array(levels)
        lines.append(_styled(key, x, y, low, high))
    if not lines:
        return None
    panel = Panel("", "standard deviation of the noise, % of the range", lines)
    return LineChart(f"Regret after {budget} trials", _Y_LABEL, [panel], log_x=False)


def regret_by_problem(table: ResultsTable, group: str, *, budget: int) -> HeatMap:
    """Mean regret after ``budget`` trials per problem (its variants and sub-ranges together)."""
    keys = [key for key in compared_by_trials(table) if table.shape(key)[2] >= budget]
    bases = list(dict.fromkeys(base_name(name) for name in table.problems))
    values = np.full((len(bases), len(keys)), np.nan)
    for row, base in enumerate(bases):
        own = table.restricted(name for name in table.problems if base_name(name) == base)
        for column, key in enumerate(keys):
            if key in own.keys:
                regret = own.array("best_regret", key)[..., budget - 1]
                values[row, column] = 100 * regret.mean()
    title = f"Mean regret of the best trial in % after {budget} trials ({group})"
    return HeatMap(title, bases, [str(key) for key in keys], values)


def compared_by_trials(table: ResultsTable) -> list[Key]:
    """Samplers without a pruner, ours first and the others as they stand in RIVALS.

    Without "one epoch, keep the top k", of which a row is no trial but a whole procedure.
    """
    order = list(RIVALS)
    keys = [key for key in table.keys if key.pruner == "none" and rival(key.sampler).top_k is None]
    return sorted(keys, key=lambda key: order.index(key.sampler.partition(":")[0]))


def base_name(problem: str) -> str:
    """A problem's name without its variant or sub-range."""
    return problem.partition("/")[0]


_Y_LABEL = "mean regret, % of (best - worst), 95 % interval"


def _line(table: ResultsTable, key: Key, merit: Merit) -> Series:
    regret = table.array(merit, key)
    x = np.arange(1, regret.shape[-1] + 1, dtype=float)
    return _styled(key, x, *_in_percent(regret))


def _epoch_line(table: ResultsTable, key: Key) -> Series:
    regret, epochs = table.array("best_regret", key), table.array("epochs", key)
    # To where every run is still going on.
    length = int(epochs.sum(axis=-1).min())
    by_epochs = stats.by_epochs(regret, epochs, length)
    # From where half of the runs have finished a trial: before that there is nothing to see.
    start = int(np.median(epochs[..., 0]))
    points = np.unique(np.geomspace(start, length, 80).astype(int))
    return _styled(key, points.astype(float), *_in_percent(by_epochs[..., points - 1]))


def _in_percent(regret: Floats) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(0)
    low, high = stats.stratified_bootstrap(
        regret, stats.mean_over_runs, rng, n_resamples=N_RESAMPLES
    )
    # A logarithmic axis has no zero.
    mean, low, high = np.maximum([100 * stats.mean_over_runs(regret), 100 * low, 100 * high], 0.01)
    return mean, low, high


def _styled(key: Key, x: Floats, y: Floats, low: Floats, high: Floats) -> Series:
    color = COLORS.get(key.sampler, OTHER)
    return Series(key.sampler, color, x, y, low, high, wide=key.sampler == "zooming")


def _noise_percent(problem: str) -> float:
    return float(problem.partition("-")[2].partition("pct")[0])


def _at_noise(
    table: ResultsTable, key: Key, level: float, budget: int
) -> tuple[float, float, float]:
    own = table.restricted(name for name in table.problems if _noise_percent(name) == level)
    if key not in own.keys:
        # Of a comparison that was interrupted.
        return math.nan, math.nan, math.nan
    regret = own.array("best_regret", key)[..., budget - 1]
    rng = np.random.default_rng(0)
    low, high = stats.stratified_bootstrap(regret, _grand_mean, rng, n_resamples=N_RESAMPLES)
    return 100 * float(regret.mean()), 100 * float(low), 100 * float(high)


def _grand_mean(regret: Floats) -> Floats:
    return np.asarray(regret.mean())
