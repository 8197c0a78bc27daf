"""ZoomingPruner beside every other pruner, at equal epochs of training."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports import stats
from benchmarks.reports.intervals import estimate
from benchmarks.reports.results_table import Key, ResultsTable
from benchmarks.reports.summary import EPOCHS, Line

Floats = NDArray[np.float64]
OURS = "zooming"


def pruned(table: ResultsTable) -> dict[str, dict[str, Line]]:
    """By sampler and by other pruner: regret with ZoomingPruner minus regret with that pruner."""
    found: dict[str, dict[str, Line]] = {}
    for ours in (key for key in table.keys if key.pruner == OURS):
        others = [key for key in table.keys if key.sampler == ours.sampler and key != ours]
        lines = {
            other.pruner: _difference(table.shared(ours, other), ours, other) for other in others
        }
        found[ours.sampler] = {name: line for name, line in lines.items() if line.x.size}
    return found


def _difference(table: ResultsTable, ours: Key, other: Key) -> Line:
    """At those of EPOCHS at which every run is still going on."""
    spent = {key: table.array("epochs", key) for key in (ours, other)}
    # Of a comparison that was interrupted there may be no run that both have.
    shortest = min(each.sum(axis=-1).min(initial=np.inf) for each in spent.values())
    epochs = np.array([n for n in EPOCHS if n <= shortest], dtype=np.int64)
    if not np.isfinite(shortest) or not epochs.size:
        return Line(*[np.empty(0)] * 4)
    one, two = (
        stats.by_epochs(table.array("best_regret", key), spent[key], epochs[-1])[..., epochs - 1]
        for key in (ours, other)
    )
    return Line(epochs.astype(np.float64), *estimate(one - two, table.tables(ours)))
