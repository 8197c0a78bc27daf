"""Regret at the stop against trials made: a rule below the line knows when to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.reports.drawing.charts import LineChart, Panel, Series
from benchmarks.reports.intervals import Floats
from benchmarks.stopping.rules import RULES, Kind
from benchmarks.stopping.summary import Group, Stopping

COLORS: dict[Kind, tuple[str, ...]] = {
    "ours": ("#1f4fd8", "#8fa8ec", "#0b1f5c"),
    "optuna": ("#d1495b", "#e08e0b", "#8e44ad", "#c98fb9"),
    "cheap": ("#2e8b57", "#9aa800"),
    "fixed": ("#7a7872",),
}
MARKERS: dict[Kind, str] = {"ours": "o", "optuna": "s", "cheap": "^"}
PARAMETERS = {True: "one parameter", False: "several parameters"}


def stopping_chart(summary: Stopping) -> LineChart:
    """A panel for one parameter and one for several, all groups of the kind weighing the same."""
    panels = [
        _panel(summary, [each for each in summary.groups if each.one_parameter == one], title)
        for one, title in PARAMETERS.items()
    ]
    return LineChart(
        "Regret where a rule stops, by trials made",
        "mean regret of what is recommended, %",
        [panel for panel in panels if panel.series],
    )


def _panel(summary: Stopping, groups: Sequence[Group], title: str) -> Panel:
    label = "trials (a rule's: mean)"
    if not groups:
        return Panel(title, label, [])
    x, color = groups[0].budgets, COLORS["fixed"][0]
    # Without its interval: that of a mean over groups is not the mean of theirs.
    mean = 100 * _mean(groups, lambda each: each.curve[0])
    line = Series("a fixed number", color, x, mean, mean, mean, wide=True)
    dots = [
        _dot(name, color, MARKERS[RULES[name].kind], groups, summary.rules.index(name))
        for name, color in rule_colors(summary.rules).items()
    ]
    return Panel(title, label, [line, *dots])


def rule_colors(rules: Sequence[str]) -> dict[str, str]:
    """The colour of each rule that is not a fixed number."""
    found: dict[str, str] = {}
    for kind in MARKERS:
        names = [name for name in RULES if RULES[name].kind == kind]
        found.update(zip(names, COLORS[kind]))
    return {name: color for name, color in found.items() if name in rules}


def _dot(name: str, color: str, marker: str, groups: Sequence[Group], at: int) -> Series:
    trials = _mean(groups, lambda each: each.trials[:1, at])
    regret = 100 * _mean(groups, lambda each: each.regret[:1, at])
    return Series(name, color, trials, regret, regret, regret, marker=marker)


def _mean(groups: Sequence[Group], of: Callable[[Group], Floats]) -> Floats:
    return np.asarray(np.mean([of(each) for each in groups], axis=0), dtype=np.float64)
