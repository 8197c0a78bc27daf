"""The figures that are published: of which parameters, under which names, and how large."""

from __future__ import annotations

import hashlib
import json
import re

from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.study import Study

from ..visualization._arms_info import _get_arms_plot_info
from ..visualization._plotly._arms import _get_arms_plot

# As many as one likes to look at, below the dashboard's own.
MOST_FIGURES = 4
# Trials in a figure; fewer where they take too much room.
_MOST_TRIALS = (300, 100, 30)


def drawn_params(study: Study) -> list[str]:
    """Up to four parameters that vary: logarithmic ones first, then numbers, then choices."""
    latest: dict[str, BaseDistribution] = {}
    for trial in study.get_trials(deepcopy=False):
        if trial.state.is_finished():
            latest.update(trial.distributions)
    varying = [name for name, distribution in latest.items() if not distribution.single()]
    return sorted(varying, key=lambda name: _kind(latest[name]))[:MOST_FIGURES]


def _kind(distribution: BaseDistribution) -> int:
    if isinstance(distribution, CategoricalDistribution):
        return 2
    return 0 if getattr(distribution, "log", False) else 1


def figure_id(param_name: str) -> str:
    """A name for the figure that is valid in HTML, and no other parameter's."""
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", param_name)[:60]
    if safe != param_name:
        safe += "-" + hashlib.sha256(param_name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"zooming-arms-{safe}"


def arms_figure(study: Study, param_name: str, most_bytes: int) -> str:
    """The figure of a parameter's arms as JSON, of a bounded size once it is stored.

    Raises:
        ValueError: If no trial has the parameter, or its names alone take more than that.
    """
    for most_trials in _MOST_TRIALS:
        info = _get_arms_plot_info(study, param_name, most_trials=most_trials)
        figure = _get_arms_plot(info)
        # What a viewer has zoomed into or hidden stays so when the next figure arrives.
        figure.update_layout(uirevision=param_name)
        made = str(figure.to_json())
        # A storage keeps it as JSON of a string, with each quotation mark escaped.
        if len(json.dumps(made)) <= most_bytes:
            return made
    raise ValueError(f"it would take more than {most_bytes} bytes; are names or choices very long?")
