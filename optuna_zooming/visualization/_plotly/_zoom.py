"""The figure of the search, drawn from its data with plotly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import _style as style
from .._axis import _Axis
from .._points import _TrialPoint
from .._style import _faded, _Marker, _translucent
from .._wording import _how_many, _number, _short_name, _step_lines, _subtitle, _title
from .._zoom_info import _ZoomPlotInfo
from ._parts import (
    KINDS,
    _frame,
    _in_legend,
    _layout,
    _marks,
    _named,
    _once_in_legend,
    _parameter_frame,
    _positions,
    _template,
    _text,
    _told,
)

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Up to so many trials each number has its tick.
_FEW = 10


def _get_zoom_plot(info: _ZoomPlotInfo) -> go.Figure:
    import plotly.graph_objects as go

    axis = info.axis
    if axis is None:
        return go.Figure(layout=_layout([f"Search for {info.param_name}"]))
    layout = {
        **_layout(
            _title(info.param_name, info.recommended),
            _subtitle(info.recommended, info.others_vary, info.n_outside),
        ),
        "xaxis": _numbers_frame(info),
        "yaxis": _parameter_frame(axis, _short_name(info.param_name), axis.padded()),
    }
    traces = [
        *_ball_traces(info, axis),
        *_trial_traces(info, axis),
        *_line_traces(info, axis),
        *_best_traces(info, axis),
    ]
    return go.Figure(data=[go.Scatter(**trace) for trace in traces], layout=layout)


def _numbers_frame(info: _ZoomPlotInfo) -> dict[str, Any]:
    low, high = info.ends_of_numbers()
    # There is no trial between two others.
    whole = {"dtick": 1} if high < _FEW else {}
    return _frame("Trial", type="linear", range=[low, high], **whole)


def _line_traces(info: _ZoomPlotInfo, axis: _Axis) -> list[dict[str, Any]]:
    """What was recommended, in steps."""
    corners = info.corners()
    if not corners:
        return []
    return [
        {
            "x": [step.number for step in corners],
            "y": _positions(axis, [step.value for step in corners], axis.padded()),
            "mode": "lines",
            "line": {"color": style.GREEN, "width": 2, "shape": "hv"},
            "text": [_text(_step_lines(step.value, step.ball)) for step in corners],
            "hovertemplate": _named("after trial %{x:.0f}:", info.param_name),
            **_in_legend(style.SO_FAR, True),
        }
    ]


def _ball_traces(info: _ZoomPlotInfo, axis: _Axis) -> list[dict[str, Any]]:
    """The ball of what was recommended, as long as it was."""
    corners = info.corners()
    if not corners or axis.choices is not None:
        return []
    numbers, lows, highs = [], [], []
    for step, after in zip(corners, corners[1:]):
        numbers += [step.number, after.number]
        lows += [step.ball[0]] * 2
        highs += [step.ball[1]] * 2
    return [
        {
            "x": numbers + numbers[::-1],
            "y": _positions(axis, highs + lows[::-1], axis.padded()),
            "mode": "lines",
            "line": {"width": 0},
            "fill": "toself",
            "fillcolor": _translucent(style.GREEN, style.BALL),
            "hoverinfo": "skip",
            **_in_legend(style.ITS_BALL, True),
        }
    ]


def _trial_traces(info: _ZoomPlotInfo, axis: _Axis) -> list[dict[str, Any]]:
    traces = []
    for kind in KINDS:
        alike = [point for point in info.points if kind.holds(point)]
        if alike:
            marker = style.OF_OUTCOME[kind.outcome]
            traces.append(_trial_trace(info, axis, alike, marker, kind.told))
    return _once_in_legend(traces)


def _best_traces(info: _ZoomPlotInfo, axis: _Axis) -> list[dict[str, Any]]:
    if info.best is None:
        return []
    told = "the best trial: reached VALUE"
    trace = _trial_trace(info, axis, [info.best], style.BEST, told)
    return [{**trace, "marker": _marks(style.BEST), "opacity": 1.0}]


def _trial_trace(
    info: _ZoomPlotInfo,
    axis: _Axis,
    points: Sequence[_TrialPoint],
    marker: _Marker,
    told: str,
) -> dict[str, Any]:
    opacity, size = _faded(marker, len(info.points), False)
    name = None
    if marker is style.COMPLETE:
        name = _how_many(marker.name, len(info.points), info.n_trials)
    trace = {
        "x": [point.number for point in points],
        "y": _positions(axis, [point.param_value for point in points], axis.padded()),
        "mode": "markers",
        "marker": _marks(marker, size),
        "opacity": opacity,
        "customdata": [_told(point) for point in points],
        "hovertemplate": _template(info.param_name, axis, told, x_is_parameter=False),
        "cliponaxis": False,
        **_in_legend(marker, True, name),
    }
    if "VALUE" in told:
        trace["text"] = [_number(point.objective) for point in points]
    return trace
