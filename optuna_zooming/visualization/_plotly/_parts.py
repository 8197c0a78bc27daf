"""What plotly figures have in common: their frame, and the trials in them."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from .. import _style as style
from .._axis import _Axis
from .._points import _TrialPoint
from .._style import _Marker, _translucent
from .._ticks import _log_ticks
from .._wording import _short_name

# Pixels from a line of the title to the next, of the first and of the second part, and above.
_LINE, _SMALL_LINE, _ABOVE = 21, 17, 22
# Numbers are written with so many digits of what is shown: figures are kept in databases.
_DIGITS = 4


class _Kind(NamedTuple):
    """Trials about which the same is told.

    Attributes:
        outcome: Theirs.
        known: Whether they have a value, or one is expected.
        reported: Whether they have a last report; ``None``: whether or not.
        told: Plotly's template of what became of one, after its number and parameter; VALUE stands
            for where its value is found.
    """

    outcome: str
    known: bool
    reported: bool | None
    told: str

    def holds(self, point: _TrialPoint) -> bool:
        """Whether a trial is one of them."""
        known, reported = point.objective is not None, point.report is not None
        same = point.outcome == self.outcome and known == self.known
        return same and self.reported in (None, reported)


_REPORT = "at step %{customdata[1]} with %{customdata[2]:.3~g}"
_TO_REACH = "expected to reach VALUE"
KINDS = (
    _Kind("complete", True, None, "reached VALUE"),
    _Kind("pruned", True, True, f"stopped {_REPORT}; {_TO_REACH}"),
    _Kind("pruned", True, False, f"stopped; {_TO_REACH}"),
    _Kind("pruned", False, True, f"stopped {_REPORT}"),
    _Kind("pruned", False, False, "stopped before it reported anything"),
    _Kind("running", True, True, f"running, {_REPORT}; {_TO_REACH}"),
    _Kind("running", True, False, f"running; {_TO_REACH}"),
    _Kind("running", False, True, f"running, {_REPORT}"),
    _Kind("running", False, False, "running, no report yet"),
    _Kind("diverged", False, None, "diverged"),
    _Kind("failed", False, None, "failed without a value"),
)


def _escaped(text: str) -> str:
    """Text that plotly takes neither for markup nor for a template."""
    return html.escape(text, quote=False).replace("%{", "%&#123;").replace("$", "&#36;")


def _text(lines: Sequence[str]) -> str:
    return "<br>".join(map(_escaped, lines))


def _template(param_name: str, axis: _Axis, told: str, x_is_parameter: bool) -> str:
    """The text beside a trial, whose x is its parameter and y its value, or y its parameter."""
    where, value = ("x", "%{y:.3~g}") if x_is_parameter else ("y", "%{text}")
    given = f"%{{{where}}}"
    if axis.choices is None:
        given = f"%{{{where}:d}}" if axis.is_int else f"%{{{where}:.3~g}}"
    name = _escaped(_short_name(param_name))
    told = told.replace("VALUE", value)
    return f"trial %{{customdata[0]}}: {name} = {given}<br>{told}<extra></extra>"


def _named(what: str, param_name: str) -> str:
    """The text beside something else: what it is, the parameter's name, and its own text."""
    return f"{what} {_escaped(_short_name(param_name))} %{{text}}<extra></extra>"


def _told(point: _TrialPoint) -> list[float]:
    """What the templates tell of a trial beside its place: its number, and its last report."""
    return [point.number] if point.report is None else [point.number, *map(_short, point.report)]


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _layout(title: Sequence[str], subtitle: Sequence[str] = ()) -> dict[str, Any]:
    """A frame that is legible on white pages and on black ones."""
    import plotly.graph_objects as go

    small = [f'<span style="font-size:12px">{_escaped(line)}</span>' for line in subtitle]
    above = _ABOVE + _LINE * len(title) + _SMALL_LINE * len(subtitle)
    return {
        # Of plotly's own nothing is wanted: it would be written into every file.
        "template": go.layout.Template(),
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "font": {"color": style.GREY, "size": 12},
        "title": {
            "text": "<br>".join([*map(_escaped, title), *small]),
            "font": {"size": 16},
            "x": 0.01,
            "xanchor": "left",
            "y": 1.0,
            "yanchor": "top",
            "pad": {"t": _ABOVE},
        },
        "margin": {"t": above + 8, "l": 60, "r": 20, "b": 40},
        "legend": {
            "orientation": "h",
            "x": 0.0,
            "y": -0.17,
            "yanchor": "top",
            "itemsizing": "constant",
        },
        "hoverlabel": {"align": "left"},
    }


def _frame(title: str = "", **more: Any) -> dict[str, Any]:
    """One of the axes."""
    return {
        "title": {"text": _escaped(title), "standoff": 8},
        "gridcolor": _translucent(style.GREY, style.GRID),
        "linecolor": style.GREY,
        "showline": True,
        "ticks": "outside",
        "tickcolor": style.GREY,
        "zeroline": False,
        "automargin": True,
        **more,
    }


def _parameter_frame(axis: _Axis, title: str, ends: tuple[float, float]) -> dict[str, Any]:
    """The axis of a parameter.

    Args:
        axis: The parameter's.
        title: What stands beside it.
        ends: What is shown of it.
    """
    if axis.choices is not None:
        labels = _positions(axis, axis.choices, ends)
        order = {"categoryorder": "array", "categoryarray": labels}
        return _frame(title, type="category", range=[-0.5, len(labels) - 0.5], **order)
    # Ticks at integers only, where there are few.
    whole = axis.is_int and not axis.is_log and ends[1] - ends[0] < 10
    return _frame(title, **_numeric(ends, axis.is_log), **({"dtick": 1} if whole else {}))


def _numeric(ends: tuple[float, float], is_log: bool) -> dict[str, Any]:
    """A numeric axis with its range."""
    if not is_log:
        linear = {"type": "linear", "exponentformat": "power"}
        return {**linear, "range": [_rounded(end, ends) for end in ends]}
    low, high = (math.log10(end) for end in ends)
    limits = [_rounded(end, (low, high)) for end in (low, high)]
    ticks: dict[str, Any] = {"dtick": max(math.ceil((limits[1] - limits[0]) / 8), 1)}
    few = _log_ticks(*ends)
    if few:
        ticks = {"tickvals": [tick for tick, _ in few], "ticktext": [text for _, text in few]}
    return {"type": "log", "exponentformat": "power", "range": limits, **ticks}


def _rounded(value: float, ends: tuple[float, float]) -> float:
    """A number to so many digits of what is shown, or of its own if these are less."""
    width = abs(ends[1] - ends[0])
    if value == 0 or not (math.isfinite(value) and math.isfinite(width)):
        return value
    if width > 0 and abs(value) > width:
        return round(value, _DIGITS - math.floor(math.log10(width)))
    return float(f"{value:.{_DIGITS + 1}g}")


def _positions(axis: _Axis, values: Sequence[Any], ends: tuple[float, float]) -> list[Any]:
    """Values of the parameter as plotly takes them."""
    if axis.choices is not None:
        labels = list(map(_escaped, axis.labels()))
        return [labels[axis.number_of(value)] for value in values]
    if axis.is_int:
        return list(values)
    return [_rounded(value, ends) for value in values]


def _error_bars(
    middles: Sequence[float],
    ends: Sequence[Sequence[float]],
    shown: tuple[float, float],
    is_log: bool,
) -> dict[str, Any]:
    """Bars from the first to the second of ends, around middles as they are drawn."""

    def length(low: float, high: float) -> float:
        # The lower end is a difference, of which a logarithmic axis shows the small ones as well.
        return float(f"{high - low:.12g}") if is_log else _rounded(high - low, shown)

    return {
        "type": "data",
        "symmetric": False,
        "array": [max(length(at, high), 0.0) for at, (_, high) in zip(middles, ends)],
        "arrayminus": [max(length(low, at), 0.0) for at, (low, _) in zip(middles, ends)],
    }


def _marks(marker: _Marker, size: float = 1.0) -> dict[str, Any]:
    return {
        "symbol": marker.symbol,
        "color": marker.color,
        "size": marker.size * size,
        "line": {"color": marker.color, "width": 1.5 if size > 0.5 or not marker.filled else 0},
    }


def _in_legend(marker: _Marker, first: bool, name: str | None = None) -> dict[str, Any]:
    """The legend's part of a trace; of several alike the first one is shown there."""
    return {"name": name or marker.name, "legendgroup": marker.name, "showlegend": first}


def _once_in_legend(traces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of traces that look alike only the first stands in the legend."""
    groups = [trace["legendgroup"] for trace in traces]
    return [
        {**trace, "showlegend": trace["showlegend"] and group not in groups[:i]}
        for i, (trace, group) in enumerate(zip(traces, groups))
    ]
