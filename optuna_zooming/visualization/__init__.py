"""Plotly figures of what a study knows about one parameter.

Plotly is optional: ``pip install "optuna-zooming[plot]"``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._arms_info import _get_arms_plot_info
from ._arms_plotly import _get_arms_plot

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from optuna import Study

    from .._policy.arms import Policy

__all__ = ["plot_arms"]


def plot_arms(study: Study, param_name: str, *, policy: Policy | None = None) -> go.Figure:
    """Plot a parameter's trials, active arms and recommended arm.

    A dot is a trial, a bar an arm's mean with its 95 % interval, a band the arm's confidence
    ball along the parameter's axis. The star is the recommended arm (hovering over an arm tells
    its mean and standard error); the ring is ``study.best_trial``. An interval of which nothing is
    known reaches from edge to edge. Trials that diverged or failed stand on the worse edge of the
    figure.

    Where several parameters vary, the title says where the arms are: on the section through
    the recommended values of the others, or at first on the margin, whatever the others were; see
    :func:`optuna_zooming.active_arms`. The trials are shown wherever their other parameters were.

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
