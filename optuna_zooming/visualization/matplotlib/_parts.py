"""What matplotlib figures have in common: their frame, and the trials in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..._study.trials.readings import bounded
from .. import _style as style
from .._axis import _Axis
from .._points import _TrialPoint
from .._style import _faded, _Marker
from .._ticks import _log_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Inches: of the figure, of what is left, right and below of the panels, above them, and of a line
# of the title's first and second part.
_WIDTH, _HEIGHT = 10.0, 5.2
_LEFT, _RIGHT, _BELOW, _ABOVE, _LINE, _SMALL_LINE = 0.75, 0.15, 1.2, 0.2, 0.2, 0.15
# Sizes of text, and points per pixel.
_TITLE, _TEXT, _POINTS = 12, 9, 0.75
_COLUMNS = 4
# Inches of a character beside the vertical axis, and of what else is there.
_CHARACTER, _BESIDE = 0.075, 0.45


def _plain(text: str) -> str:
    """Text in which matplotlib finds no formula."""
    return text.replace("$", r"\$")


def _empty(title: str) -> Axes:
    """Axes with nothing but a title."""
    from matplotlib import pyplot as plt

    axes = plt.figure(figsize=(_WIDTH, _HEIGHT), facecolor="none").add_subplot()
    _framed(axes)
    axes.set_title(_plain(title), loc="left", fontsize=_TITLE, color=style.GREY)
    return axes


def _panels(
    title: Sequence[str],
    subtitle: Sequence[str],
    width_ratios: Sequence[float] = (1.0,),
    labels: Sequence[str] = (),
) -> list[Axes]:
    """Panels side by side, below a title.

    Args:
        title, subtitle: Lines.
        width_ratios: Of the panels.
        labels: What stands beside the vertical axis, if it is no numbers.
    """
    from matplotlib import pyplot as plt

    figure = plt.figure(figsize=(_WIDTH, _HEIGHT), facecolor="none")
    above = _ABOVE + _LINE * len(title) + _SMALL_LINE * len(subtitle)
    grid = figure.add_gridspec(
        1,
        len(width_ratios),
        width_ratios=list(width_ratios),
        left=max(_LEFT, _BESIDE + _CHARACTER * max(map(len, labels), default=0)) / _WIDTH,
        right=1.0 - _RIGHT / _WIDTH,
        bottom=_BELOW / _HEIGHT,
        top=1.0 - above / _HEIGHT,
        wspace=0.16,
    )
    panels = [figure.add_subplot(grid[0, i]) for i in range(len(width_ratios))]
    for axes in panels:
        _framed(axes)
    first = panels[0]
    small = 72 * _SMALL_LINE * len(subtitle)
    first.set_title(
        _plain("\n".join(title)), loc="left", fontsize=_TITLE, color=style.GREY, pad=6 + small
    )
    first.annotate(
        _plain("\n".join(subtitle)),
        (0.0, 1.0),
        xytext=(0.0, 4.0),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=_TEXT - 1,
        color=style.GREY,
        verticalalignment="bottom",
    )
    return panels


def _framed(axes: Axes) -> None:
    """Grey on nothing: legible on white pages and on black ones."""
    axes.set_facecolor("none")
    axes.grid(color=style.GREY, alpha=style.GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", colors=style.GREY, labelsize=_TEXT)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(style.GREY)


def _set_scale(axes: Axes, which: str, ends: tuple[float, float], is_log: bool) -> None:
    """A numeric axis, ``which`` being x or y, with its range and ticks."""
    from matplotlib.ticker import NullFormatter

    axis = getattr(axes, f"{which}axis")
    if is_log:
        getattr(axes, f"set_{which}scale")("log")
        axis.set_minor_formatter(NullFormatter())
        ticks = _log_ticks(*ends)
        if ticks:
            axis.set_ticks([tick for tick, _ in ticks], [text for _, text in ticks])
    getattr(axes, f"set_{which}lim")(*ends)


def _set_parameter(
    axes: Axes, which: str, axis: _Axis, title: str, ends: tuple[float, float]
) -> None:
    """The axis of a parameter, ``which`` being x or y."""
    from matplotlib.ticker import MaxNLocator

    drawn = getattr(axes, f"{which}axis")
    drawn.set_label_text(_plain(title), color=style.GREY)
    if axis.choices is not None:
        labels = [_plain(label) for label in axis.labels()]
        drawn.set_ticks(range(len(labels)), labels)
        getattr(axes, f"set_{which}lim")(-0.5, len(labels) - 0.5)
        return
    _set_scale(axes, which, ends, axis.is_log)
    if axis.is_int and not axis.is_log and ends[1] - ends[0] < 10:
        drawn.set_major_locator(MaxNLocator(integer=True))


def _spots(axis: _Axis, values: Sequence[Any]) -> list[float]:
    """Values of the parameter as matplotlib takes them."""
    if axis.choices is None:
        return [float(bounded(value)) for value in values]
    return [axis.number_of(value) for value in values]


def _scatter(
    axes: Axes,
    marker: _Marker,
    at: tuple[Sequence[float], Sequence[float]],
    opacity: float = 1.0,
    size: float = 1.0,
    name: str | None = None,
) -> None:
    """Marks, drawn whole on the edge."""
    looks: dict[str, Any] = {"color": marker.color, "linewidths": 0.0 if marker.filled else 1.3}
    # A cross has no edge, and no inside.
    if marker.drawn_as == "x":
        looks["linewidths"] = 1.3
    elif not marker.filled:
        looks = {"edgecolors": marker.color, "facecolors": "none", "linewidths": 1.3}
    axes.scatter(
        *at,
        s=(_POINTS * marker.size * size) ** 2,
        marker=marker.drawn_as,
        alpha=opacity,
        clip_on=False,
        label=name or marker.name,
        zorder=3,
        **looks,
    )


def _scatter_trials(
    axes: Axes,
    points: Sequence[_TrialPoint],
    at: tuple[Sequence[float], Sequence[float]],
    crowd: int,
    others_vary: bool,
    name: str,
) -> None:
    """Trials, each kind of outcome with its mark.

    Args:
        axes: Where.
        points: The trials.
        at: Their places.
        crowd: How many there are in the figure.
        others_vary: Whether they differ in other parameters as well.
        name: What the complete ones are called.
    """
    for outcome, marker in style.OF_OUTCOME.items():
        kept = [i for i, point in enumerate(points) if point.outcome == outcome]
        if kept:
            places = ([at[0][i] for i in kept], [at[1][i] for i in kept])
            label = name if marker is style.COMPLETE else None
            _scatter(axes, marker, places, *_faded(marker, crowd, others_vary), label)


def _legend(axes: Axes) -> None:
    """Below the figure, each name once."""
    handles, names = axes.get_legend_handles_labels()
    known = dict(zip(names, handles))
    axes.legend(
        list(known.values()),
        list(known),
        loc="upper left",
        bbox_to_anchor=(0.0, 0.65),
        bbox_transform=_from_below(axes),
        ncol=_COLUMNS,
        fontsize=_TEXT,
        frameon=False,
        labelcolor=style.GREY,
        borderaxespad=0.0,
    )


def _from_below(axes: Axes) -> Any:
    """Shares of the axes' width, and inches above the bottom of the figure."""
    from matplotlib.transforms import blended_transform_factory

    assert axes.figure is not None
    return blended_transform_factory(axes.transAxes, axes.figure.dpi_scale_trans)
