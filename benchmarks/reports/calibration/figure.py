"""Coverage, width and regret by group, a colour per pruner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.calibration.summary import Group, Pruned
from benchmarks.reports.drawing.dots import DotChart, DotPanel, Dots

Floats = NDArray[np.float64]
SHOWN = (10, 50)
COLORS = {
    "none": "#2b2b29",
    "median": "#1f4fd8",
    "successive-halving": "#2e8b57",
    "hyperband": "#e08e0b",
    "zooming": "#d1495b",
}


class _Part(NamedTuple):
    """A panel and what of a pruner's studies it shows: (3, n_budgets), middle, low and high."""

    title: str
    x_label: str
    of: Callable[[Pruned], Floats]
    reference: float | None = None
    log: bool = False


PARTS = (
    _Part("recommended arm holds", "% of studies, Wilson 95 %", lambda p: p.recommended.holds, 95),
    _Part("all arms hold", "% of a study's arms, 95 %", lambda p: p.arms.holds, 95),
    _Part(
        "recommended arm's half-width",
        "% of (best - worst), quartiles",
        lambda p: p.recommended.half_widths[[1, 0, 2]],
        log=True,
    ),
    _Part("regret less best_trial's", "points of %, 95 %", lambda p: p.difference, 0),
)


def calibration_chart(groups: Sequence[Group]) -> DotChart:
    """One row per group and budget of SHOWN, one panel per part, one dot per pruner."""
    pruners = list(dict.fromkeys(each.pruner for group in groups for each in group.pruned))
    panels = [
        DotPanel(
            part.title,
            part.x_label,
            [_dots(groups, pruner, part) for pruner in pruners],
            reference=part.reference,
            log=part.log,
        )
        for part in PARTS
    ]
    rows = [f"{group.name}, {budget}" for group in groups for budget in SHOWN]
    return DotChart("95 % intervals, by pruner", "group, after trials", rows, panels)


def _dots(groups: Sequence[Group], pruner: str, part: _Part) -> Dots:
    points = [_at(group, pruner, budget, part) for group in groups for budget in SHOWN]
    return Dots(pruner, COLORS[pruner], *(100 * np.array(points).T))


def _at(group: Group, pruner: str, budget: int, part: _Part) -> Floats:
    for each in group.pruned:
        if each.pruner == pruner and budget in each.budgets:
            return part.of(each)[:, int(np.flatnonzero(each.budgets == budget)[0])]
    return np.full(3, np.nan)
