"""Figures as parts of the page, which share one copy of plotly.js."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optuna.study import Study

from ...visualization import plot_arms, plot_zoom
from ..errors import UserError
from ..progress import progress
from .elements import Markup, element

_PLOTS = (plot_arms, plot_zoom)
# Transparent: the page's own colours show, light or dark.
_CLEAR = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
_CONFIG = {"responsive": True, "displaylogo": False}


def figures_of(study: Study, names: list[str]) -> Iterator[list[Markup]]:
    """For each of the parameters its figures; the first one brings plotly.js along.

    Raises:
        UserError: If plotly is not installed.
    """
    count = 0
    for name in progress(names, "figures"):
        drawn = []
        for plot in _PLOTS:
            drawn.append(_part(_drawn(plot, study, name), count))
            count += 1
        yield drawn


def _drawn(plot: Any, study: Study, name: str) -> Any:
    try:
        return plot(study, name)
    except ImportError as error:
        # It names the extra that brings plotly.
        raise UserError(str(error)) from None


def _part(figure: Any, number: int) -> Markup:
    figure.update_layout(_CLEAR)
    drawing = figure.to_html(
        full_html=False,
        include_plotlyjs=number == 0,
        config=_CONFIG,
        div_id=f"figure-{number}",
    )
    return element("figure", Markup(drawing))
