"""Dot plots with intervals as plain data, drawn alike by matplotlib (PNG) and plotly (HTML)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from matplotlib.figure import Figure
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from benchmarks.reports.drawing.charts import GRID, INK, MUTED, write_html
from benchmarks.reports.drawing.png import save_png

Floats = NDArray[np.float64]


class Dots(NamedTuple):
    """One kind of dot, a dot in each row: (n_rows,) each, NaN for no dot."""

    label: str
    color: str
    x: Floats
    low: Floats
    high: Floats


class DotPanel(NamedTuple):
    """One pair of axes; ``reference`` is where a line stands, such as "no change".

    ``log``: a logarithmic x axis.
    """

    title: str
    x_label: str
    dots: list[Dots]
    reference: float | None = None
    log: bool = False


class DotChart(NamedTuple):
    """Panels side by side that share their rows, the first row on top."""

    title: str
    y_label: str
    rows: list[str]
    panels: list[DotPanel]


def save_dots(chart: DotChart, stem: Path, *, html: bool) -> None:
    """Write ``stem``.png and, if wanted, ``stem``.html."""
    save_png(_png(chart), stem.with_suffix(".png"))
    if html:
        write_html(_html(chart), stem)


def _places(chart: DotChart, panel: DotPanel, kind: int) -> Floats:
    """(n_rows,), vertical places: the kinds of a row beside each other, the first on top."""
    spread = min(0.3, 0.9 / max(len(panel.dots), 1)) * (kind - (len(panel.dots) - 1) / 2)
    return np.asarray(np.arange(len(chart.rows)) + spread, dtype=np.float64)


def _row_height(chart: DotChart) -> float:
    """In rows of up to three kinds of dots."""
    return max(1.0, max(len(panel.dots) for panel in chart.panels) / 3)


def _png(chart: DotChart) -> Figure:
    n_panels, n_rows = len(chart.panels), len(chart.rows)
    size = (1.8 + 2.9 * n_panels, 1.5 + 0.32 * n_rows * _row_height(chart))
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots(1, n_panels, sharey=True, squeeze=False)[0]
    for ax, panel in zip(axes, chart.panels):
        for kind, dots in enumerate(panel.dots):
            ends = np.abs(np.stack([dots.x - dots.low, dots.high - dots.x]))
            places = _places(chart, panel, kind)
            ax.errorbar(
                dots.x, places, xerr=ends, fmt="o", ms=4, lw=1.2, color=dots.color, label=dots.label
            )
        if panel.log:
            ax.set_xscale("log")
        if panel.reference is not None:
            ax.axvline(panel.reference, color=MUTED, lw=1, zorder=0)
        ax.set_title(panel.title, fontsize=10, loc="left", color=INK)
        ax.set_xlabel(panel.x_label, color=MUTED, fontsize=9)
        _style(ax)
    axes[0].set_yticks(range(n_rows), chart.rows, fontsize=9)
    axes[0].set_ylim(n_rows - 0.4, -0.6)
    axes[0].set_ylabel(chart.y_label, color=MUTED)
    figure.suptitle(chart.title, x=0.01, ha="left", fontsize=12, color=INK)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center", frameon=False, fontsize=9)
    return figure


def _style(ax: Any) -> None:
    ax.grid(True, color=GRID, lw=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(colors=MUTED, which="both", length=0)
    for side in ax.spines.values():
        side.set_visible(False)


def _html(chart: DotChart) -> go.Figure:
    titles = [panel.title for panel in chart.panels]
    figure = make_subplots(1, len(titles), shared_yaxes=True, subplot_titles=titles)
    for column, panel in enumerate(chart.panels, start=1):
        for kind, dots in enumerate(panel.dots):
            places = _places(chart, panel, kind)
            trace = _trace(chart, dots, places, legend=column == 1)
            figure.add_trace(trace, row=1, col=column)
        if panel.reference is not None:
            figure.add_vline(panel.reference, line_color=MUTED, row=1, col=column)
        figure.update_xaxes(title=panel.x_label, gridcolor=GRID, row=1, col=column)
        if panel.log:
            figure.update_xaxes(type="log", row=1, col=column)
    n_rows = len(chart.rows)
    ticks = {"tickvals": list(range(n_rows)), "ticktext": chart.rows}
    figure.update_yaxes(range=[n_rows - 0.4, -0.6], gridcolor=GRID, **ticks)
    figure.update_yaxes(title=chart.y_label, col=1)
    figure.update_layout(
        title=chart.title,
        template="plotly_white",
        height=max(400, 160 + 34 * n_rows * _row_height(chart)),
    )
    return figure


def _trace(chart: DotChart, dots: Dots, places: Floats, *, legend: bool) -> go.Scatter:
    return go.Scatter(
        x=dots.x,
        y=places,
        name=dots.label,
        mode="markers",
        legendgroup=dots.label,
        showlegend=legend,
        marker={"color": dots.color, "size": 7},
        error_x={"array": dots.high - dots.x, "arrayminus": dots.x - dots.low, "thickness": 1.3},
        customdata=np.array([chart.rows, dots.low, dots.high], dtype=object).T,
        hovertemplate="%{customdata[0]}: %{x:.2f} (%{customdata[1]:.2f} to %{customdata[2]:.2f})",
    )
