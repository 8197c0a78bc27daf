"""Plotly figures of what a study knows about one parameter.

Plotly is optional: ``pip install "optuna-zooming[plot]"``. For the same figures drawn by matplotlib
see :mod:`optuna_zooming.visualization.matplotlib`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._arms_info import _get_arms_plot_info
from ._plotly._arms import _get_arms_plot
from ._plotly._zoom import _get_zoom_plot
from ._zoom_info import _get_zoom_plot_info

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from optuna import Study

    from .._policy.arms import Policy

__all__ = ["plot_arms", "plot_zoom"]


def plot_arms(
    study: Study,
    param_name: str,
    *,
    policy: Policy | None = None,
    target_name: str = "Objective Value",
) -> go.Figure:
    """Plot a parameter's trials, the estimated mean, its arms, and which value is recommended.

    The title is the answer: the recommended value, its estimated mean and the 95 % interval of
    that, in the objective's units. The ring and the dashed line are at the recommended value; the
    star is ``study.best_trial``.

    The curve is the estimated mean with a 95 % band. It runs from arm to arm, and between them the
    band bulges as far as the slope around them allows; it breaks where every trial diverged. A
    square is an arm: its mean, the 95 % interval of that, and as a horizontal bar its confidence
    ball. An interval of which nothing is known reaches from edge to edge.

    A dot is a trial. One that was pruned or still runs is drawn at the value that it is expected to
    reach, with a line to its last report. Trials that diverged or failed, or whose value is off the
    scale, stand on the worse edge of the figure. The panel on the right shows the part around the
    recommended value once more, on a scale of its own. Losses that span decades are shown on a
    logarithmic axis.

    Where several parameters vary, the title says where the arms are: on the section through
    the recommended values of the others, or at first on the margin, whatever the others were; see
    :func:`optuna_zooming.active_arms`. The trials are shown wherever their other parameters were.

    Args:
        study: Any single-objective study, whichever sampler made it.
        param_name: The parameter on the horizontal axis; all of its latest range is shown.
        policy: How arms are built from trials; by default the policy of the study's own
            sampler, or the adaptive one.
        target_name: What the vertical axis is called; by default the study's metric name, if it
            has one.

    Returns:
        The figure; an empty one, with a logged warning, if no trial with the parameter finished.

    Raises:
        ImportError: If plotly is not installed.
        ValueError: If the study is multi-objective or no trial has the parameter.
    """
    _require_plotly("plot_arms")
    info = _get_arms_plot_info(study, param_name, policy=policy, target_name=target_name)
    return _get_arms_plot(info)


def plot_zoom(study: Study, param_name: str, *, policy: Policy | None = None) -> go.Figure:
    """Plot which values of a parameter were tried, trial by trial, and what was recommended.

    The line is the value that was recommended after each trial, the band the confidence ball of
    that arm: it shrinks as the search zooms in. It is looked up after fifty of the trials at most,
    after twenty where several parameters vary, which takes some seconds in a long study.

    Args:
        study: Any single-objective study, whichever sampler made it.
        param_name: The parameter on the vertical axis; all of its latest range is shown.
        policy: As in :func:`plot_arms`.

    Returns:
        The figure; an empty one, with a logged warning, if no trial with the parameter finished.

    Raises:
        ImportError: If plotly is not installed.
        ValueError: If the study is multi-objective or no trial has the parameter.
    """
    _require_plotly("plot_zoom")
    return _get_zoom_plot(_get_zoom_plot_info(study, param_name, policy=policy))


def _require_plotly(function: str) -> None:
    try:
        import plotly.graph_objects  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f'{function} needs plotly; run pip install "optuna-zooming[plot]".'
        ) from error
