"""Plotly figures of what a study knows about one parameter.

Plotly is optional: ``pip install "optuna-zooming[plot]"``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from optuna.distributions import CategoricalDistribution
from optuna.logging import get_logger
from optuna.study import StudyDirection
from optuna.trial import TrialState

from .. import Arm, active_arms, recommended_arm

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

    from .._policy.arms import Policy

_logger = get_logger(__name__)

# A value this many times further from the best than the worse quartile is drawn on the edge.
_OFF_SCALE = 10.0


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


class _TrialPoint(NamedTuple):
    """One finished trial; ``objective`` is None where it reported nothing finite."""

    number: int
    param_value: Any
    objective: float | None
    outcome: str  # "complete", "pruned", "diverged" or "failed"


class _ArmsPlotInfo(NamedTuple):
    param_name: str
    maximize: bool
    is_log: bool
    choices: tuple[Any, ...] | None  # None: a number
    points: list[_TrialPoint]
    arms: list[Arm]
    recommended: Arm | None
    best: _TrialPoint | None


def plot_arms(study: Study, param_name: str, *, policy: Policy | None = None) -> go.Figure:
    """Plot a parameter's trials, active arms and recommended arm.

    A dot is a trial, a bar an arm's mean with its 95 % interval, a band the arm's confidence
    ball along the parameter's axis. The star is the recommended arm, the ring
    ``study.best_trial``. Trials that diverged or failed stand on the worse edge of the figure.

    Args:
        study: Any single-objective study, whichever sampler made it.
        param_name: The parameter on the horizontal axis.
        policy: How arms are built from trials; by default the policy of the study's own
            sampler, or the adaptive one.

    Returns:
        The figure; an empty one, with a logged warning, if no trial with the parameter finished.

    Raises:
        ImportError: If plotly is not installed.
        ValueError: If the study is multi-objective or no trial has the parameter.
    """
    _require_plotly()
    return _get_arms_plot(_get_arms_plot_info(study, param_name, policy=policy))


def _require_plotly() -> None:
    try:
        import plotly.graph_objects  # noqa: F401
    except ImportError as error:
        raise ImportError(
            'plot_arms needs plotly; run pip install "optuna-zooming[plot]".'
        ) from error


def _get_arms_plot_info(
    study: Study, param_name: str, *, policy: Policy | None = None
) -> _ArmsPlotInfo:
    if len(study.directions) > 1:
        raise ValueError(
            f"study must have one objective, got {len(study.directions)} directions; "
            "a study's arms are ranked by one value."
        )
    trials = [
        trial
        for trial in study.get_trials(deepcopy=False)
        if trial.state.is_finished() and param_name in trial.params
    ]
    info = _ArmsPlotInfo(
        param_name=param_name,
        maximize=study.direction == StudyDirection.MAXIMIZE,
        is_log=bool(trials) and getattr(trials[-1].distributions[param_name], "log", False),
        choices=_choices([trial.distributions[param_name] for trial in trials]),
        points=[_trial_point(trial, param_name) for trial in trials],
        arms=[],
        recommended=None,
        best=None,
    )
    if not trials:
        if study.get_trials(deepcopy=False):
            active_arms(study, param_name, policy=policy)  # names an unknown parameter
        _logger.warning(f"No trial with parameter {param_name!r} has finished; nothing to plot.")
        return info
    arms = active_arms(study, param_name, policy=policy)
    # Where every trial diverged there is nothing to recommend.
    alive = any(math.isfinite(arm.mean) for arm in arms)
    return info._replace(
        arms=arms,
        recommended=recommended_arm(study, param_name, policy=policy) if alive else None,
        best=_best_point(study, info.points),
    )


def _choices(distributions: Sequence[BaseDistribution]) -> tuple[Any, ...] | None:
    """Every categorical choice that was offered, in order of appearance."""
    categorical = [d for d in distributions if isinstance(d, CategoricalDistribution)]
    if not categorical:
        return None
    # Not a set: choices may be equal yet distinct (1 and True), and their order matters.
    labels = {repr(choice): choice for d in categorical for choice in d.choices}
    return tuple(labels.values())


def _trial_point(trial: FrozenTrial, param_name: str) -> _TrialPoint:
    objective = trial.value
    if objective is not None and not math.isfinite(objective):
        objective = None
    reported_nan = any(math.isnan(value) for value in trial.intermediate_values.values())
    if reported_nan or (trial.value is not None and objective is None):
        outcome, objective = "diverged", None
    else:
        # An objective that returned NaN without a report looks like a crash: FAIL, no value.
        outcome = "failed" if trial.state == TrialState.FAIL else trial.state.name.lower()
    return _TrialPoint(trial.number, trial.params[param_name], objective, outcome)


def _best_point(study: Study, points: Sequence[_TrialPoint]) -> _TrialPoint | None:
    try:
        number = study.best_trial.number
    except (TypeError, ValueError):
        # No trial is complete; or a foreign trial holds constraints that Optuna cannot read.
        return None
    return next((point for point in points if point.number == number), None)


def _get_arms_plot(info: _ArmsPlotInfo) -> go.Figure:
    import plotly.graph_objects as go

    figure = go.Figure(layout={"title": f"Arms of {info.param_name}", "template": "plotly_white"})
    if not info.points:
        return figure
    shown = _shown_range(info)
    figure.add_traces([go.Scatter(**trace) for trace in _traces(info, shown)])
    figure.update_layout(
        xaxis={"title": info.param_name, **_x_axis(info)},
        yaxis={"title": "objective value", "range": shown},
        legend={"orientation": "h", "y": -0.2, "yanchor": "top"},
        margin={"t": 50},
    )
    return figure


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
    traces = [_arm_trace(info, arms, _ARM)]
    if info.choices is None:
        traces.insert(0, _ball_trace(arms))
    for marker in _OUTCOMES:
        points = [point for point in info.points if point.outcome == marker.name]
        traces.append(_trial_trace(info, points, shown, marker))
        if marker.name == "complete":
            # The order of the trials shows the zooming.
            traces[-1]["marker"].update(_numbered([point.number for point in points]))
    if info.best is not None:
        traces.append(_trial_trace(info, [info.best], shown, _BEST))
    if info.recommended is not None and math.isfinite(info.recommended.mean):
        traces.append(_arm_trace(info, [info.recommended], _RECOMMENDED))
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


def _ball_trace(arms: Sequence[Arm]) -> dict[str, Any]:
    """Each arm's ball along the axis, as high as its 95 % interval; None lifts the pen."""
    x: list[float | None] = []
    y: list[float | None] = []
    for arm in arms:
        (left, right), (bottom, top) = arm.ball, arm.interval
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


def _arm_trace(info: _ArmsPlotInfo, arms: Sequence[Arm], marker: _Marker) -> dict[str, Any]:
    return {
        "x": _x_values(info, [arm.value for arm in arms]),
        "y": [arm.mean for arm in arms],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [arm.interval[1] - arm.mean for arm in arms],
            "arrayminus": [arm.mean - arm.interval[0] for arm in arms],
            "thickness": 1.5,
            "width": 3,
        },
        "text": [f"{arm.pulls} pulls, confidence radius {arm.radius:.3g}" for arm in arms],
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
