"""What the best trial lacks in points of accuracy or in loss: the sections of a group's page."""

from __future__ import annotations

import numpy as np

from benchmarks.reports.shortfalls import LOSS_REGRET, POINT
from benchmarks.reports.summary import BUDGETS, Line, Shortfall, Summary
from benchmarks.reports.tables import OURS, cell, markdown, shown

UNITS = {"accuracy": "points of accuracy", "loss": "loss"}
DIGITS = {"accuracy": 2, "loss": 4}
TOO_MUCH = {
    "accuracy": f"more than {POINT:g} point of accuracy",
    "loss": f"more than {100 * LOSS_REGRET:g} % of (best - worst)",
}

_MIXED = " Losses of different kinds are averaged as they are: the last table keeps them apart."


def sections(summary: Summary) -> list[str]:
    """Titles, words and tables in their order; none without recorded tables."""
    return [text for each in summary.shortfalls for text in _sections(each)]


def _sections(found: Shortfall) -> list[str]:
    unit = UNITS[found.measure]
    noise = f"{found.noise:.{DIGITS[found.measure]}f}"
    plural = "" if found.n_problems == 1 else "s"
    return [
        f"## What the best trial lacks, in {unit}",
        f"Over {found.n_problems} problem{plural} on {_tables(found)} whose objective is the "
        f"{found.measure}: "
        "best mean minus mean at the best trial's rate, noise-free. Beside it the noise of one "
        "training: the standard deviation over the recorded seeds at the best rate, on average "
        f"{noise}. What is much smaller than that nobody could see in a single training."
        f"{_MIXED if found.measure == 'loss' else ''}",
        _by_sampler(found),
        f"Share of the runs that lose {TOO_MUCH[found.measure]}, %:",
        _shares(found),
        f"By recorded table, sampler {OURS} (mean over its ranges):",
        _by_table(found),
    ]


def _tables(found: Shortfall) -> str:
    return "1 table" if len(found.tables) == 1 else f"{len(found.tables)} tables"


def _by_sampler(found: Shortfall) -> str:
    digits = DIGITS[found.measure]
    rows = [[shown(name), *_cells(line, digits)] for name, line in found.size.items()]
    noise = f"{found.noise:.{digits}f}"
    rows.append(["noise of one training", *[noise] * len(BUDGETS)])
    return markdown([f"{UNITS[found.measure]}, after trials", *map(str, BUDGETS)], rows)


def _shares(found: Shortfall) -> str:
    rows = []
    for name, line in found.beyond.items():
        percent = Line(line.x, 100 * line.mean, 100 * line.low, 100 * line.high)
        rows.append([shown(name), *_cells(percent, 1)])
    return markdown(["% of the runs, after trials", *map(str, BUDGETS)], rows)


def _by_table(found: Shortfall) -> str:
    digits = DIGITS[found.measure]
    rows = []
    for name, each in found.tables.items():
        figures = [f"{x:.{digits}f}" for x in (each.noise, *each.ours)]
        rows.append([name, *figures, *[""] * (len(BUDGETS) - len(each.ours))])
    return markdown(
        [f"table: {UNITS[found.measure]}", "noise of one training", *map(str, BUDGETS)], rows
    )


def _cells(line: Line, digits: int) -> list[str]:
    figures = [cell(*each, digits=digits) for each in np.stack([line.mean, line.low, line.high]).T]
    return [*figures, *[""] * (len(BUDGETS) - len(figures))]
