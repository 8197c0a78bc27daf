"""The figure of arms, drawn from its data with plotly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import _style as style
from .._arms_info import _ArmsPlotInfo
from .._panel import _Panel, _panels
from .._points import _TrialPoint
from .._style import _faded, _Marker, _translucent
from .._wording import _arm_lines, _how_many, _short_name, _subtitle, _title
from ._parts import (
    KINDS,
    _error_bars,
    _frame,
    _in_legend,
    _layout,
    _marks,
    _named,
    _numeric,
    _once_in_legend,
    _parameter_frame,
    _positions,
    _rounded,
    _template,
    _text,
    _told,
)

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Shares of the width: of the whole, and between it and the detail.
_WHOLE, _BETWEEN = 0.57, 0.07


def _get_arms_plot(info: _ArmsPlotInfo) -> go.Figure:
    import plotly.graph_objects as go

    if info.axis is None:
        return go.Figure(layout=_layout([f"Arms of {info.param_name}"]))
    panels = _panels(info, info.axis)
    layout = {
        **_layout(
            _title(info.param_name, info.recommended),
            _subtitle(info.recommended, info.others_vary, info.n_outside),
        ),
        **_axes(info, panels),
        "shapes": [*_recommended_lines(info, panels), *_frame_of_detail(info, panels[0])],
    }
    traces = [trace for panel in panels for trace in _traces(panel)]
    return go.Figure(data=[go.Scatter(**trace) for trace in traces], layout=layout)


def _axes(info: _ArmsPlotInfo, panels: Sequence[_Panel]) -> dict[str, Any]:
    whole = panels[0]
    axes = {
        "xaxis": _parameter_frame(whole.axis, whole.title, whole.ends),
        "yaxis": _frame(
            _short_name(info.target_name), **_numeric(whole.scale[:2], whole.scale.is_log)
        ),
    }
    for detail in panels[1:]:
        axes["xaxis"]["domain"] = [0.0, _WHOLE]
        axes["xaxis2"] = {
            **_parameter_frame(detail.axis, detail.title, detail.ends),
            "domain": [_WHOLE + _BETWEEN, 1.0],
            "anchor": "y2",
        }
        heights = _numeric(detail.scale[:2], detail.scale.is_log)
        axes["yaxis2"] = _frame(anchor="x2", **heights)
    return axes


def _names(panel: _Panel) -> tuple[str, str]:
    return ("x2", "y2") if panel.is_detail else ("x", "y")


def _recommended_lines(info: _ArmsPlotInfo, panels: Sequence[_Panel]) -> list[dict[str, Any]]:
    """A thin line at the recommended value, behind everything."""
    if info.recommended is None:
        return []
    lines = []
    for panel in panels:
        (x,) = _positions(panel.axis, [info.recommended.value], panel.ends)
        xref, yref = _names(panel)
        line = {"color": style.GREEN, "width": 1, "dash": "dash"}
        ends = {"x0": x, "x1": x, "y0": 0, "y1": 1}
        refs = {"xref": xref, "yref": f"{yref} domain"}
        lines.append({"type": "line", **refs, **ends, "line": line, "layer": "below"})
    return lines


def _frame_of_detail(info: _ArmsPlotInfo, whole: _Panel) -> list[dict[str, Any]]:
    """What the second panel shows of the first one."""
    if info.detail is None:
        return []
    left, right, scale, _ = info.detail
    low, high = whole.scale.inside(scale.low), whole.scale.inside(scale.high)
    x0, x1 = (_rounded(x, whole.ends) for x in (left, right))
    y0, y1 = (_rounded(y, whole.scale[:2]) for y in (low, high))
    line = {"color": style.GREY, "width": 1.5, "dash": "dot"}
    return [{"type": "rect", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": line}]


def _traces(panel: _Panel) -> list[dict[str, Any]]:
    traces = [*_curve_traces(panel), *_trial_traces(panel), *_off_scale_traces(panel)]
    traces += [*_arm_traces(panel), *_best_traces(panel), *_recommended_traces(panel)]
    x, y = _names(panel)
    return [{**trace, "xaxis": x, "yaxis": y} for trace in traces]


def _curve_traces(panel: _Panel) -> list[dict[str, Any]]:
    """The band, and the mean on it; None lifts the pen."""
    around: list[tuple[float | None, float | None]] = []
    middle: list[tuple[float | None, float | None]] = []
    for piece in panel.pieces():
        drawn = [
            (_rounded(each.value, panel.ends), *(_rounded(y, panel.scale[:2]) for y in each[1:]))
            for each in piece
        ]
        around += [
            *((x, high) for x, _, _, high in drawn),
            *((x, low) for x, _, low, _ in drawn[::-1]),
        ]
        around.append((None, None))
        middle += [*((x, mean) for x, mean, _, _ in drawn), (None, None)]
    if not middle:
        return []
    line = {"mode": "lines", "hoverinfo": "skip"}
    band = {"fill": "toself", "fillcolor": _translucent(style.BLUE, style.BAND)}
    return [
        {
            **_columns(around),
            **line,
            **band,
            "line": {"width": 0},
            **_in_legend(style.MEAN, False),
        },
        {
            **_columns(middle),
            **line,
            "line": {"color": style.BLUE, "width": 2},
            **_in_legend(style.MEAN, not panel.is_detail),
        },
    ]


def _columns(points: Sequence[tuple[float | None, float | None]]) -> dict[str, Any]:
    return {"x": [x for x, _ in points], "y": [y for _, y in points]}


def _trial_traces(panel: _Panel) -> list[dict[str, Any]]:
    traces: list[dict[str, Any]] = []
    inside = panel.inside()
    for kind in KINDS:
        alike = [point for point in inside if kind.holds(point)]
        if alike:
            marker = style.OF_OUTCOME[kind.outcome]
            trace = _trial_trace(panel, alike, marker, kind.told)
            if kind.known and kind.reported:
                trace["error_y"] = _tails(panel, alike, trace["y"])
            traces.append(trace)
    return _once_in_legend(traces)


def _off_scale_traces(panel: _Panel) -> list[dict[str, Any]]:
    beyond = panel.beyond()
    if not beyond:
        return []
    symbol = "triangle-down" if panel.info.maximize else "triangle-up"
    marker = style.OFF_SCALE._replace(symbol=symbol)
    trace = _trial_trace(panel, beyond, marker, "%{text}")
    values = [point.objective for point in beyond]
    return [{**trace, "text": [f"{value:.3g}, off the scale" for value in values]}]


def _trial_trace(
    panel: _Panel, points: Sequence[_TrialPoint], marker: _Marker, told: str
) -> dict[str, Any]:
    info = panel.info
    opacity, size = _faded(marker, len(info.points), info.others_vary)
    name = None
    if marker is style.COMPLETE:
        name = _how_many(marker.name, len(info.points), info.n_trials)
    return {
        "x": _positions(panel.axis, [point.param_value for point in points], panel.ends),
        "y": [_rounded(panel.height(point), panel.scale[:2]) for point in points],
        "mode": "markers",
        "marker": _marks(marker, size),
        "opacity": opacity,
        "customdata": [_told(point) for point in points],
        "hovertemplate": _template(info.param_name, panel.axis, told, x_is_parameter=True),
        # Markers on the worse edge are drawn whole.
        "cliponaxis": False,
        **_in_legend(marker, not panel.is_detail, name),
    }


def _tails(
    panel: _Panel, points: Sequence[_TrialPoint], heights: Sequence[float]
) -> dict[str, Any]:
    """From what is expected of trials to what they reported last."""
    reports = [panel.scale.inside(point.report[1]) for point in points if point.report]
    ends = [sorted(each) for each in zip(heights, reports)]
    shown, is_log = panel.scale[:2], panel.scale.is_log
    return {**_error_bars(heights, ends, shown, is_log), "thickness": 1, "width": 0}


def _arm_traces(panel: _Panel) -> list[dict[str, Any]]:
    arms = panel.arms()
    if not arms:
        return []
    values = _positions(panel.axis, [arm.value for arm in arms], panel.ends)
    means = [_rounded(arm.mean, panel.scale[:2]) for arm in arms]
    # An interval of which nothing is known reaches from edge to edge.
    intervals = [tuple(map(panel.scale.inside, arm.interval)) for arm in arms]
    trace = {
        "x": values,
        "y": means,
        "mode": "markers",
        "marker": _marks(style.ARM),
        "error_y": {
            **_error_bars(means, intervals, panel.scale[:2], panel.scale.is_log),
            "thickness": 1.5,
            "width": 4,
        },
        "text": [_text(_arm_lines(arm)) for arm in arms],
        "hovertemplate": _named("arm", panel.info.param_name),
        **_in_legend(style.ARM, not panel.is_detail),
    }
    if panel.axis.choices is None:
        balls = [[min(max(end, panel.ends[0]), panel.ends[1]) for end in arm.ball] for arm in arms]
        trace["error_x"] = {
            **_error_bars(values, balls, panel.ends, panel.axis.is_log),
            "thickness": 3,
            "width": 0,
            "color": _translucent(style.BLUE, 0.6),
        }
    return [trace]


def _best_traces(panel: _Panel) -> list[dict[str, Any]]:
    best = panel.best()
    if best is None:
        return []
    told = "the best trial: reached VALUE"
    trace = _trial_trace(panel, [best], style.BEST, told)
    return [{**trace, "marker": _marks(style.BEST), "opacity": 1.0}]


def _recommended_traces(panel: _Panel) -> list[dict[str, Any]]:
    arm = panel.info.recommended
    if arm is None:
        return []
    marks = _marks(style.RECOMMENDED)
    marks["line"]["width"] = 2.5
    return [
        {
            "x": _positions(panel.axis, [arm.value], panel.ends),
            "y": [_rounded(panel.scale.inside(arm.mean), panel.scale[:2])],
            "mode": "markers",
            "marker": marks,
            "text": [_text(_arm_lines(arm))],
            "hovertemplate": _named("recommended arm", panel.info.param_name),
            **_in_legend(style.RECOMMENDED, not panel.is_detail),
        }
    ]
