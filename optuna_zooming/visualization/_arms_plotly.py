"""The figure of arms, drawn from its data with plotly."""

from __future__ import annotations

import html
import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..inspection import Arm
from ._arms_info import _ArmsPlotInfo, _TrialPoint

if TYPE_CHECKING:
    import plotly.graph_objects as go

# A value this many times further from the best than the worse quartile is drawn on the edge.
_OFF_SCALE = 10.0
# Characters of a line of the title's, and pixels from one to the next.
_WIDTH, _LINE = 90, 18


class _Marker(NamedTuple):
    name: str
    symbol: str
    color: str
    size: int


_OUTCOMES = (
    _Marker("complete", "circle", "#7f7f7f", 9),
    _Marker("pruned", "diamond-open", "#7f7f7f", 8),
    _Marker("diverged", "x-thin", "#c0392b", 8),
    _Marker("failed", "cross-thin", "#c0392b", 8),
)
_ARM = _Marker("arms: mean, 95 % interval", "line-ew", "#1f5fa8", 12)
_BEST = _Marker("best trial", "circle-open", "#c0392b", 14)
_RECOMMENDED = _Marker("recommended arm", "star", "#e69f00", 13)


def _get_arms_plot(info: _ArmsPlotInfo) -> go.Figure:
    import plotly.graph_objects as go

    title = f"Arms of {info.param_name}"
    figure = go.Figure(layout={"title": title, "template": "plotly_white"})
    if not info.points:
        return figure
    told = _told_of_others(info)
    shown = _shown_range(info)
    figure.add_traces([go.Scatter(**trace) for trace in _traces(info, shown)])
    figure.update_layout(
        xaxis={"title": info.param_name, **_x_axis(info)},
        yaxis={"title": "objective value", "range": shown},
        legend={"orientation": "h", "y": -0.2, "yanchor": "top"},
        title="<br>".join([title, *(f"<sub>{line}</sub>" for line in told)]),
        margin={"t": 50 + _LINE * len(told)},
    )
    return figure


def _told_of_others(info: _ArmsPlotInfo) -> list[str]:
    """Where the other parameters are, in lines; none if they do not vary."""
    section = None if info.recommended is None else info.recommended.section
    if section is None:
        return ["marginal, whatever the other parameters were"] if info.others_vary else []
    others = ", ".join(f"{name}={_short(value)}" for name, value in section.items())
    # Names and choices are no markup.
    lines = textwrap.wrap(f"section through {others}", _WIDTH)
    return [html.escape(line, quote=False) for line in lines]


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _x_axis(info: _ArmsPlotInfo) -> dict[str, Any]:
    if info.choices is not None:
        labels = _x_values(info, info.choices)
        return {"type": "category", "categoryorder": "array", "categoryarray": labels}
    if info.is_log:
        return {"type": "log", "exponentformat": "power"}
    return {"type": "linear"}


def _shown_range(info: _ArmsPlotInfo) -> tuple[float, float]:
    """Range of the vertical axis: every value but the absurdly bad, with a margin.

    A learning rate past the cliff may give a finite loss of 1e30; to scale, all else were flat.
    """
    sign = 1.0 if info.maximize else -1.0
    values = sorted(sign * point.objective for point in info.points if point.objective is not None)
    if not values:
        return 0.0, 1.0
    best, quartile = values[-1], values[len(values) // 4]
    lowest = best - _OFF_SCALE * (best - quartile)
    # Where three quarters are at the best value itself, they say nothing of the spread.
    worst = values[0] if lowest == best else next(value for value in values if value >= lowest)
    margin = 0.1 * (best - worst) or 0.1 * abs(best) or 1.0
    worst, best = worst - margin, best + margin
    return (worst, best) if info.maximize else (-best, -worst)


def _traces(info: _ArmsPlotInfo, shown: tuple[float, float]) -> list[dict[str, Any]]:
    # An arm whose every pull diverged has no height; its trials stand on the worse edge.
    arms = [arm for arm in info.arms if math.isfinite(arm.mean)]
    traces = [_arm_trace(info, arms, shown, _ARM)]
    if info.choices is None:
        traces.insert(0, _ball_trace(arms, shown))
    for marker in _OUTCOMES:
        points = [point for point in info.points if point.outcome == marker.name]
        traces.append(_trial_trace(info, points, shown, marker))
        if marker.name == "complete":
            # The order of the trials shows the zooming.
            traces[-1]["marker"].update(_numbered([point.number for point in points]))
    if info.best is not None:
        traces.append(_trial_trace(info, [info.best], shown, _BEST))
    if info.recommended is not None and math.isfinite(info.recommended.mean):
        traces.append(_arm_trace(info, [info.recommended], shown, _RECOMMENDED))
    # An absent outcome needs no entry in the legend.
    return [trace for trace in traces if trace["x"]]


def _x_values(info: _ArmsPlotInfo, values: Sequence[Any]) -> list[Any]:
    if info.choices is None:
        return list(values)
    return [_label(value, info.choices) for value in values]


def _label(value: Any, choices: Sequence[Any]) -> str:
    """A choice as text; choices that read alike (None and "None") in Python's notation."""
    alike = sum(str(choice) == str(value) for choice in choices)
    return str(value) if alike < 2 else repr(value)


def _drawn_interval(arm: Arm, shown: tuple[float, float]) -> tuple[float, float]:
    """The arm's interval; one of which nothing is known reaches from edge to edge."""
    low, high = arm.interval
    return (
        low if math.isfinite(low) else min(shown[0], arm.mean),
        high if math.isfinite(high) else max(shown[1], arm.mean),
    )


def _ball_trace(arms: Sequence[Arm], shown: tuple[float, float]) -> dict[str, Any]:
    """Each arm's ball along the axis, as high as its 95 % interval; None lifts the pen."""
    x: list[float | None] = []
    y: list[float | None] = []
    for arm in arms:
        (left, right), (bottom, top) = arm.ball, _drawn_interval(arm, shown)
        x += [left, right, right, left, left, None]
        y += [bottom, bottom, top, top, bottom, None]
    return {
        "x": x,
        "y": y,
        "name": "confidence balls",
        "mode": "lines",
        "fill": "toself",
        "fillcolor": "rgba(31, 95, 168, 0.2)",
        "line": {"width": 0.5, "color": "rgba(31, 95, 168, 0.5)"},
        "hoverinfo": "skip",
    }


def _arm_trace(
    info: _ArmsPlotInfo, arms: Sequence[Arm], shown: tuple[float, float], marker: _Marker
) -> dict[str, Any]:
    intervals = [_drawn_interval(arm, shown) for arm in arms]
    return {
        "x": _x_values(info, [arm.value for arm in arms]),
        "y": [arm.mean for arm in arms],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [high - arm.mean for arm, (_, high) in zip(arms, intervals)],
            "arrayminus": [arm.mean - low for arm, (low, _) in zip(arms, intervals)],
            "thickness": 1.5,
            "width": 3,
        },
        # Arms are compared by their means less a standard error.
        "text": [f"{arm}; standard error {arm.standard_error:.3g}" for arm in arms],
        **_style(marker),
    }


def _trial_trace(
    info: _ArmsPlotInfo,
    points: Sequence[_TrialPoint],
    shown: tuple[float, float],
    marker: _Marker,
) -> dict[str, Any]:
    low, high = shown
    worse_edge = low if info.maximize else high
    return {
        "x": _x_values(info, [point.param_value for point in points]),
        "y": [
            worse_edge if point.objective is None else min(max(point.objective, low), high)
            for point in points
        ],
        "text": [f"trial {point.number}: {point.objective}, {point.outcome}" for point in points],
        # Markers on the worse edge are drawn whole.
        "cliponaxis": False,
        **_style(marker),
    }


def _numbered(numbers: Sequence[int]) -> dict[str, Any]:
    return {
        "color": list(numbers),
        "colorscale": "Viridis",
        "reversescale": True,
        "colorbar": {"title": "trial", "thickness": 12},
        "line": {"color": "white", "width": 1},
    }


def _style(marker: _Marker) -> dict[str, Any]:
    style = {
        "symbol": marker.symbol,
        "color": marker.color,
        "size": marker.size,
        "line": {"color": marker.color, "width": 2},
    }
    return {"name": marker.name, "mode": "markers", "marker": style}
