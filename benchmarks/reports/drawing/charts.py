"""Line charts and heat maps as plain data, drawn alike by matplotlib (PNG) and plotly (HTML)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import plotly.graph_objects as go
from matplotlib import ticker
from matplotlib.figure import Figure
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from benchmarks.reports.drawing.png import save_png

Floats = NDArray[np.float64]

GRID, INK, MUTED = "#e3e2de", "#2b2b29", "#75736c"
MOST_SHADED = 3
# Of dots: matplotlib's names with plotly's.
SYMBOLS = {"o": "circle", "s": "square", "^": "triangle-up"}
LOG_TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]


class Series(NamedTuple):
    """One line: its name and colour, x, y and the ends of its interval, each (n_points,).

    marker: One of SYMBOLS for dots instead of a line.
    """

    label: str
    color: str
    x: Floats
    y: Floats
    low: Floats
    high: Floats
    dashed: bool = False
    wide: bool = False
    marker: str = ""


class Panel(NamedTuple):
    """One pair of axes."""

    title: str
    x_label: str
    series: list[Series]

    def shades(self, line: Series) -> bool:
        """Whether a line's interval is shown: more than a few would hide each other."""
        return not line.marker and (line.wide or len(self.series) <= MOST_SHADED)


class LineChart(NamedTuple):
    """Panels side by side with one logarithmic y axis in percent and logarithmic x axes."""

    title: str
    y_label: str
    panels: list[Panel]
    log_x: bool = True


class HeatMap(NamedTuple):
    """Figures in percent, (n_rows, n_columns), NaN for none, on a logarithmic colour scale."""

    title: str
    rows: list[str]
    columns: list[str]
    values: Floats


def save_lines(chart: LineChart, stem: Path, *, html: bool) -> None:
    """Write ``stem``.png and, if wanted, ``stem``.html."""
    save_png(_lines_png(chart), stem.with_suffix(".png"))
    if html:
        write_html(_lines_html(chart), stem)


def save_heat(chart: HeatMap, stem: Path, *, html: bool) -> None:
    """Write ``stem``.png and, if wanted, ``stem``.html."""
    save_png(_heat_png(chart), stem.with_suffix(".png"))
    if html:
        write_html(_heat_html(chart), stem)


def write_html(figure: go.Figure, stem: Path) -> None:
    """Write ``stem``.html."""
    # The library from its CDN and a fixed id: small files that differ only where the data do.
    figure.write_html(stem.with_suffix(".html"), include_plotlyjs="cdn", div_id=stem.name)


def _lines_png(chart: LineChart) -> Figure:
    n_panels = len(chart.panels)
    figure = Figure(figsize=(7.2 if n_panels == 1 else 4.2 * n_panels, 4.6), layout="constrained")
    axes = figure.subplots(1, n_panels, sharey=True, squeeze=False)[0]
    for ax, panel in zip(axes, chart.panels):
        for line in panel.series:
            style = line.marker or ("--" if line.dashed else "-")
            width = 2.6 if line.wide else 1.5
            ax.plot(line.x, line.y, style, color=line.color, lw=width, label=line.label)
            if panel.shades(line):
                ax.fill_between(line.x, line.low, line.high, color=line.color, alpha=0.12, lw=0)
        ax.set_title(panel.title, fontsize=10, loc="left", color=INK)
        ax.set_xlabel(panel.x_label, color=MUTED)
        _style_log_axes(ax, log_x=chart.log_x)
    axes[0].set_ylabel(chart.y_label, color=MUTED)
    figure.suptitle(chart.title, x=0.01, ha="left", fontsize=12, color=INK)
    handles = {h.get_label(): h for ax in axes for h in ax.get_lines()}
    labels = [str(label) for label in handles]
    figure.legend(handles.values(), labels, loc="outside right center", frameon=False, fontsize=9)
    return figure


def _style_log_axes(ax: Any, *, log_x: bool) -> None:
    ax.set_yscale("log")
    axes = [ax.yaxis]
    if log_x:
        ax.set_xscale("log")
        axes.append(ax.xaxis)
    for axis in axes:
        axis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(ticker.NullFormatter())
    ax.grid(True, color=GRID, lw=0.7)
    ax.tick_params(colors=MUTED, which="both", length=0)
    for side in ax.spines.values():
        side.set_visible(False)


def _lines_html(chart: LineChart) -> go.Figure:
    titles = [panel.title for panel in chart.panels]
    figure = make_subplots(1, len(titles), shared_yaxes=True, subplot_titles=titles)
    seen: set[str] = set()
    for column, panel in enumerate(chart.panels, start=1):
        for line in panel.series:
            traces = _traces(line, legend=line.label not in seen)
            for trace in traces if panel.shades(line) else traces[1:]:
                figure.add_trace(trace, row=1, col=column)
            seen.add(line.label)
        kind = "log" if chart.log_x else "linear"
        axis = {"type": kind, "title": panel.x_label, "gridcolor": GRID, **_ticks(chart.log_x)}
        figure.update_xaxes(**axis, row=1, col=column)
    figure.update_yaxes(type="log", gridcolor=GRID, **_ticks(True))
    figure.update_yaxes(title=chart.y_label, col=1)
    figure.update_layout(title=chart.title, template="plotly_white", hovermode="x unified")
    return figure


def _ticks(log: bool) -> dict[str, Any]:
    return {"tickvals": LOG_TICKS, "ticktext": [f"{tick:g}" for tick in LOG_TICKS]} if log else {}


def _traces(line: Series, *, legend: bool) -> list[go.Scatter]:
    red, green, blue = (int(line.color[i : i + 2], 16) for i in (1, 3, 5))
    band = go.Scatter(
        x=np.concatenate([line.x, line.x[::-1]]),
        y=np.concatenate([line.high, line.low[::-1]]),
        fill="toself",
        fillcolor=f"rgba({red},{green},{blue},0.12)",
        line={"width": 0},
        hoverinfo="skip",
        legendgroup=line.label,
        showlegend=False,
    )
    middle = go.Scatter(
        x=line.x,
        y=line.y,
        name=line.label,
        mode="markers" if line.marker else "lines",
        marker={"symbol": SYMBOLS.get(line.marker), "size": 9},
        legendgroup=line.label,
        showlegend=legend,
        line={
            "color": line.color,
            "width": 3 if line.wide else 1.5,
            "dash": "dash" if line.dashed else "solid",
        },
        hovertemplate="%{y:.2f} %",
    )
    return [band, middle]


def _heat_png(chart: HeatMap) -> Figure:
    shape = chart.values.shape
    figure = Figure(figsize=(2.6 + 0.85 * shape[1], 1.2 + 0.34 * shape[0]), layout="constrained")
    ax = figure.subplots()
    shades = np.log10(np.clip(chart.values, 0.1, 50))
    image = ax.imshow(shades, cmap=mpl.colormaps["Blues"], aspect="auto")
    ax.set_xticks(range(shape[1]), chart.columns, rotation=30, ha="left", fontsize=8)
    ax.set_yticks(range(shape[0]), chart.rows, fontsize=8)
    ax.xaxis.tick_top()
    ax.tick_params(length=0, colors=INK)
    middle = np.mean(image.get_clim())
    for (row, column), value in np.ndenumerate(chart.values):
        if np.isnan(value):
            continue
        best = value == np.nanmin(chart.values[row])
        color = "white" if shades[row, column] > middle else INK
        weight = "bold" if best else "normal"
        shown = f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
        place = ax.text(column, row, shown, ha="center", va="center", fontsize=8)
        place.set(color=color, weight=weight)
    for side in ax.spines.values():
        side.set_visible(False)
    figure.suptitle(chart.title, x=0.01, ha="left", fontsize=11, color=INK)
    return figure


def _heat_html(chart: HeatMap) -> go.Figure:
    heat = go.Heatmap(
        x=chart.columns,
        y=chart.rows,
        z=np.log10(np.clip(chart.values, 0.1, 50)),
        text=chart.values,
        texttemplate="%{text:.2f}",
        hovertemplate="%{y}, %{x}: %{text:.3f} %<extra></extra>",
        colorscale="Blues",
        showscale=False,
    )
    figure = go.Figure(heat)
    figure.update_layout(title=chart.title, template="plotly_white")
    figure.update_yaxes(autorange="reversed")
    return figure
