"""The figures of :mod:`optuna_zooming.visualization`, drawn by matplotlib.

Matplotlib is optional: ``pip install "optuna-zooming[matplotlib]"``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._arms_info import _get_arms_plot_info
from .._zoom_info import _get_zoom_plot_info
from ._arms import _get_arms_plot
from ._zoom import _get_zoom_plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from optuna import Study

    from ..._policy.arms import Policy

__all__ = ["plot_arms", "plot_zoom"]


def plot_arms(
    study: Study,
    param_name: str,
    *,
    policy: Policy | None = None,
    target_name: str = "Objective Value",
) -> Axes:
    """Plot a parameter's trials, the estimated mean, its arms, and which value is recommended.

    What is shown is what :func:`optuna_zooming.visualization.plot_arms` shows.

    Args:
        study: As there.
        param_name: As there.
        policy: As there.
        target_name: As there.

    Returns:
        The axes of the whole; the panel on the right, if there is one, is ``axes.figure.axes[1]``.
        Empty ones, with a logged warning, if no trial with the parameter finished. The figure has
        no background: give ``facecolor`` to ``savefig`` if the page's own will not do.

    Raises:
        ImportError: If matplotlib is not installed.
        ValueError: If the study is multi-objective or no trial has the parameter.
    """
    _require_matplotlib("plot_arms")
    info = _get_arms_plot_info(study, param_name, policy=policy, target_name=target_name)
    return _get_arms_plot(info)


def plot_zoom(study: Study, param_name: str, *, policy: Policy | None = None) -> Axes:
    """Plot which values of a parameter were tried, trial by trial, and what was recommended.

    What is shown is what :func:`optuna_zooming.visualization.plot_zoom` shows.

    Args:
        study: As there.
        param_name: As there.
        policy: As there.

    Returns:
        The axes; empty ones, with a logged warning, if no trial with the parameter finished.

    Raises:
        ImportError: If matplotlib is not installed.
        ValueError: If the study is multi-objective or no trial has the parameter.
    """
    _require_matplotlib("plot_zoom")
    return _get_zoom_plot(_get_zoom_plot_info(study, param_name, policy=policy))


def _require_matplotlib(function: str) -> None:
    try:
        import matplotlib.pyplot  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f'{function} needs matplotlib; run pip install "optuna-zooming[matplotlib]".'
        ) from error
