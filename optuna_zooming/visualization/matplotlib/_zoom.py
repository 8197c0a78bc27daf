"""The figure of the search, drawn from its data with matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _style as style
from .._axis import _Axis
from .._wording import _how_many, _short_name, _subtitle, _title
from .._zoom_info import _ZoomPlotInfo
from ._parts import (
    _empty,
    _legend,
    _panels,
    _scatter,
    _scatter_trials,
    _set_parameter,
    _set_scale,
    _spots,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _get_zoom_plot(info: _ZoomPlotInfo) -> Axes:
    from matplotlib.ticker import MaxNLocator

    if info.axis is None:
        return _empty(f"Search for {info.param_name}")
    (axes,) = _panels(
        _title(info.param_name, info.recommended),
        _subtitle(info.recommended, info.others_vary, info.n_outside),
        labels=info.axis.labels(),
    )
    _set_parameter(axes, "y", info.axis, _short_name(info.param_name), info.axis.padded())
    _set_scale(axes, "x", info.ends_of_numbers(), False)
    axes.get_xaxis().set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("Trial", color=style.GREY)
    _draw_recommended(axes, info, info.axis)
    _draw_trials(axes, info, info.axis)
    _legend(axes)
    return axes


def _draw_recommended(axes: Axes, info: _ZoomPlotInfo, axis: _Axis) -> None:
    corners = info.corners()
    if not corners:
        return
    numbers = [step.number for step in corners]
    if axis.choices is None:
        lows, highs = (_spots(axis, ends) for ends in zip(*(step.ball for step in corners)))
        axes.fill_between(
            numbers,
            lows,
            highs,
            step="post",
            color=style.GREEN,
            alpha=style.BALL,
            linewidth=0,
            label=style.ITS_BALL.name,
        )
    values = _spots(axis, [step.value for step in corners])
    axes.step(
        numbers,
        values,
        where="post",
        color=style.GREEN,
        linewidth=1.5,
        label=style.SO_FAR.name,
        zorder=4,
    )


def _draw_trials(axes: Axes, info: _ZoomPlotInfo, axis: _Axis) -> None:
    numbers = [point.number for point in info.points]
    places = _spots(axis, [point.param_value for point in info.points])
    crowd = len(info.points)
    name = _how_many(style.COMPLETE.name, crowd, info.n_trials)
    _scatter_trials(axes, info.points, (numbers, places), crowd, False, name)
    if info.best is not None:
        at = ([info.best.number], _spots(axis, [info.best.param_value]))
        _scatter(axes, style.BEST, at)
