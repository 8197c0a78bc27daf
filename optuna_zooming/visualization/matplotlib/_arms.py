"""The figure of arms, drawn from its data with matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _style as style
from .._arms_info import _ArmsPlotInfo
from .._panel import _Panel
from .._panel import _panels as _panels_of
from .._style import _faded
from .._wording import _how_many, _short_name, _subtitle, _title
from ._parts import (
    _empty,
    _legend,
    _panels,
    _plain,
    _scatter,
    _scatter_trials,
    _set_parameter,
    _set_scale,
    _spots,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH_RATIOS = (0.57, 0.36)


def _get_arms_plot(info: _ArmsPlotInfo) -> Axes:
    if info.axis is None:
        return _empty(f"Arms of {info.param_name}")
    panels = _panels_of(info, info.axis)
    all_axes = _panels(
        _title(info.param_name, info.recommended),
        _subtitle(info.recommended, info.others_vary, info.n_outside),
        _WIDTH_RATIOS[: len(panels)],
    )
    for axes, panel in zip(all_axes, panels):
        _set_parameter(axes, "x", panel.axis, panel.title, panel.ends)
        _set_scale(axes, "y", panel.scale[:2], panel.scale.is_log)
        _draw(axes, panel)
    whole = all_axes[0]
    whole.set_ylabel(_plain(_short_name(info.target_name)), color=style.GREY)
    if info.detail is not None:
        _frame_detail(whole, panels[0])
    _legend(whole)
    return whole


def _draw(axes: Axes, panel: _Panel) -> None:
    _draw_curve(axes, panel)
    _draw_trials(axes, panel)
    _draw_arms(axes, panel)
    best, arm = panel.best(), panel.info.recommended
    if best is not None:
        at = (_spots(panel.axis, [best.param_value]), [panel.height(best)])
        _scatter(axes, style.BEST, at)
    if arm is not None:
        x = _spots(panel.axis, [arm.value])
        axes.axvline(x[0], color=style.GREEN, linewidth=1, linestyle="--", zorder=1)
        _scatter(axes, style.RECOMMENDED, (x, [panel.scale.inside(arm.mean)]))


def _draw_curve(axes: Axes, panel: _Panel) -> None:
    for piece in panel.pieces():
        places, means, lows, highs = (list(column) for column in zip(*piece))
        values = _spots(panel.axis, places)
        axes.fill_between(values, lows, highs, color=style.BLUE, alpha=style.BAND, linewidth=0)
        axes.plot(values, means, color=style.BLUE, linewidth=1.5, label=style.MEAN.name)


def _draw_trials(axes: Axes, panel: _Panel) -> None:
    info, inside = panel.info, panel.inside()
    heights = [panel.height(point) for point in inside]
    places = _spots(panel.axis, [point.param_value for point in inside])
    crowd, name = len(info.points), style.COMPLETE.name
    opacity = _faded(style.PRUNED, crowd, info.others_vary)[0]
    for x, height, point in zip(places, heights, inside):
        if point.report is not None and point.objective is not None:
            end = panel.scale.inside(point.report[1])
            axes.vlines(x, height, end, color=style.GREY, linewidth=0.8, alpha=opacity)
    name = _how_many(name, crowd, info.n_trials)
    _scatter_trials(axes, inside, (places, heights), crowd, info.others_vary, name)
    beyond = panel.beyond()
    if beyond:
        marker = style.OFF_SCALE._replace(drawn_as="v" if info.maximize else "^")
        at = _spots(panel.axis, [point.param_value for point in beyond])
        heights = [panel.height(point) for point in beyond]
        _scatter(axes, marker, (at, heights), *_faded(marker, crowd, info.others_vary))


def _draw_arms(axes: Axes, panel: _Panel) -> None:
    arms = panel.arms()
    if not arms:
        return
    places, means = _spots(panel.axis, [arm.value for arm in arms]), [arm.mean for arm in arms]
    # An interval of which nothing is known reaches from edge to edge.
    intervals = [[panel.scale.inside(end) for end in arm.interval] for arm in arms]
    axes.errorbar(
        places,
        means,
        yerr=[
            [mean - low for mean, (low, _) in zip(means, intervals)],
            [high - mean for mean, (_, high) in zip(means, intervals)],
        ],
        fmt=style.ARM.drawn_as,
        color=style.BLUE,
        markersize=4.5,
        linewidth=1.2,
        capsize=2.5,
        label=style.ARM.name,
        zorder=4,
    )
    if panel.axis.choices is None:
        lefts, rights = (_spots(panel.axis, ends) for ends in zip(*(arm.ball for arm in arms)))
        axes.hlines(means, lefts, rights, color=style.BLUE, alpha=0.6, linewidth=2.2, zorder=4)


def _frame_detail(axes: Axes, whole: _Panel) -> None:
    """What the second panel shows of the first one."""
    from matplotlib.patches import Rectangle

    detail = whole.info.detail
    assert detail is not None
    low, high = whole.scale.inside(detail.scale.low), whole.scale.inside(detail.scale.high)
    frame = Rectangle(
        (detail.left, low),
        detail.right - detail.left,
        high - low,
        fill=False,
        linestyle=":",
        linewidth=1.2,
        edgecolor=style.GREY,
        zorder=5,
    )
    axes.add_patch(frame)
