"""Which figures the report shows, drawn from a summary only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.drawing.charts import HeatMap, LineChart, Panel, Series
from benchmarks.reports.summary import BUDGETS, EPOCHS, Column, Line, Summary
from benchmarks.rivals.pruners import PRUNERS

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
    "hill": "#000000",
    "grid": "#9aa800",
    "tpe-quasi": "#f49ac1",
    "gp-quasi": "#5fc94b",
    "one-epoch-top-3": "#c2185b",
}
PRUNER_COLORS = {
    "none": "#7a7872",
    "median": "#e08e0b",
    "successive-halving": "#2e8b57",
    "hyperband": "#d1495b",
    "zooming": "#1f4fd8",
}
# The others stand in the tables only: more lines could not be told apart.
LINES = [name for name in COLORS if name != "zooming-textbook"]
# What README shows, by names that a reader knows.
OVERVIEW = {
    "zooming": "zooming",
    "hill": "hill climber",
    "grid": "grid",
    "tpe": "TPE",
    "gp": "GP",
    "hyperopt": "HyperOpt",
}
OTHER = "#444444"
PROCEDURE = "one-epoch-top-3"


def regret_by_trials(summary: Summary) -> LineChart | None:
    """Mean regret of the best trial after each trial, every sampler without a pruner."""
    columns = [each for each in summary.compared_columns if each.sampler in LINES]
    lines = [_series(each.sampler, each.best.curve) for each in columns]
    if not lines:
        return None
    panel = Panel("", "trials", lines)
    return LineChart(f"Regret of the best trial ({summary.group})", _Y_LABEL, [panel])


def overview(summary: Summary) -> LineChart:
    """The same for README: fewer rivals."""
    columns = [summary.column(name) for name in OVERVIEW]
    lines = [
        _series(each.sampler, each.best.curve)._replace(label=OVERVIEW[each.sampler])
        for each in columns
        if each is not None
    ]
    panel = Panel("", "number of trials", lines)
    return LineChart("How far the best trial is from the best learning rate", _Y_LABEL, [panel])


def regret_of_recommendation(summary: Summary) -> LineChart | None:
    """The recommended arm beside the best trial, ours and TPE's."""
    ours, tpe = summary.column("zooming"), summary.column("tpe")
    if ours is None:
        return None
    lines = [
        _series("zooming", ours.recommended.curve)._replace(label="zooming: recommended arm"),
        _series("zooming", ours.best.curve)._replace(
            label="zooming: best trial", dashed=True, wide=False
        ),
    ]
    if tpe is not None:
        lines.append(_series("tpe", tpe.best.curve)._replace(label="tpe: best trial"))
    title = f"What is recommended at the end ({summary.group})"
    return LineChart(title, _Y_LABEL, [Panel("", "trials", lines)])


def regret_by_epochs(summary: Summary) -> LineChart | None:
    """Mean regret over epochs of training, one panel per pruner."""
    crossed = {column.sampler for column in summary.columns if column.pruner != "none"}
    if not crossed:
        return None
    present = {column.pruner for column in summary.columns}
    procedure = summary.column(PROCEDURE)
    panels = []
    for pruner in (name for name in PRUNERS if name in present):
        columns = [summary.column(name, pruner) for name in LINES if name in crossed]
        lines = [_series(each.sampler, each.by_epochs) for each in columns if each is not None]
        if procedure is not None:
            lines.append(_series(PROCEDURE, procedure.by_epochs)._replace(dashed=True))
        panels.append(Panel(f"pruner: {pruner}", "epochs of training", lines))
    return LineChart(f"Regret by epochs of training ({summary.group})", _Y_LABEL, panels)


def regret_by_pruner(summary: Summary) -> LineChart | None:
    """Mean regret over epochs of training, one panel per sampler, one line per pruner."""
    crossed = [column.sampler for column in summary.columns if column.pruner != "none"]
    panels = []
    for sampler in (name for name in LINES if name in crossed):
        found = {pruner: summary.column(sampler, pruner) for pruner in PRUNERS}
        lines = [
            _until(EPOCHS[-1], _series(pruner, column.by_epochs))._replace(
                color=PRUNER_COLORS.get(pruner, OTHER), wide=pruner == "zooming"
            )
            for pruner, column in found.items()
            if column is not None
        ]
        panels.append(Panel(f"sampler: {sampler}", "epochs of training", lines))
    title = f"Regret by epochs of training with each pruner ({summary.group})"
    return LineChart(title, _Y_LABEL, panels) if panels else None


def _until(end: float, line: Series) -> Series:
    shown = line.x <= end
    x, y, low, high = (each[shown] for each in (line.x, line.y, line.low, line.high))
    return line._replace(x=x, y=y, low=low, high=high)


def regret_by_noise(summary: Summary, *, budget: int) -> LineChart | None:
    """Mean regret of the best trial after ``budget`` trials at each noise level."""
    columns = [each for each in summary.compared_columns if each.sampler in LINES]
    lines = [_series(each.sampler, each.by_noise) for each in columns if each.by_noise.x.size]
    if not lines:
        return None
    panel = Panel("", "standard deviation of the noise, % of the range", lines)
    return LineChart(f"Regret after {budget} trials", _Y_LABEL, [panel], log_x=False)


def regret_by_problem(summary: Summary, *, budget: int) -> HeatMap:
    """Mean regret after ``budget`` trials per problem (its variants and sub-ranges together)."""
    columns: list[Column] = [each for each in summary.compared_columns if each.n_trials >= budget]
    values = np.full((len(summary.bases), len(columns)), np.nan)
    for row, base in enumerate(summary.bases):
        for at, column in enumerate(columns):
            if column.sampler in base.regret:
                values[row, at] = 100 * base.regret[column.sampler][BUDGETS.index(budget)]
    title = f"Mean regret of the best trial in % after {budget} trials ({summary.group})"
    names = [base.name for base in summary.bases]
    return HeatMap(title, names, [column.name for column in columns], values)


_Y_LABEL = "mean regret, % of (best - worst); shaded: 95 %"


def _series(sampler: str, line: Line) -> Series:
    # A logarithmic axis has no zero.
    y, low, high = np.maximum([100 * line.mean, 100 * line.low, 100 * line.high], 0.01)
    color = COLORS.get(sampler, OTHER)
    return Series(sampler, color, line.x, y, low, high, wide=sampler == "zooming")
