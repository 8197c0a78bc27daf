"""Workers on a simulated clock: the page and its figure, drawn from their summary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.reports.drawing import charts
from benchmarks.reports.intervals import how_drawn
from benchmarks.reports.made_by import as_arguments
from benchmarks.reports.parallel.summary import TARGETS, Crew, ParallelSummary
from benchmarks.reports.plots import COLORS, OTHER
from benchmarks.reports.provenance import origin_lines
from benchmarks.reports.summary import Line
from benchmarks.reports.tables import cell, markdown


def write_page(summary: ParallelSummary, folder: Path, *, html: bool = False) -> Path:
    """Write the page and its figure; returns the page's path."""
    chart = _chart(summary)
    charts.save_lines(chart, folder / "figures" / summary.stem, html=html)
    n_runs = len(summary.problems) * summary.n_seeds
    sections = [
        f"# Parallel workers on a simulated clock, pruner: {summary.pruner}",
        f"Mean regret of the best trial over {n_runs} runs; time in epochs of training. "
        f"{how_drawn(summary.tables_drawn)}",
        f"![{chart.title}](figures/{summary.stem}.png)",
        results_table(summary),
        *_equal_trials(summary),
        "## How this was made",
        "\n".join(_provenance(summary)),
    ]
    path = folder / f"{summary.stem}.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def results_table(summary: ParallelSummary) -> str:
    """Time to the targets, how much faster than one worker, and duplicates."""
    alone = {each.sampler: each.times for each in summary.crews if each.n_workers == 1}
    rows = []
    for crew in summary.crews:
        times = ["never" if np.isinf(time) else f"{time:.0f}" for time in crew.times]
        one = alone.get(crew.sampler, np.full(len(TARGETS), np.inf))
        faster = [_ratio(*both) for both in zip(one, crew.times)]
        duplicates = f"{100 * crew.duplicates:.1f} %"
        rows.append([crew.sampler, str(crew.n_workers), *times, *faster, duplicates])
    head = ["sampler", "workers", "time to 2 %", "to 1 %", "times faster to 2 %", "to 1 %"]
    return markdown([*head, "proposals within 1 % of a pending one"], rows)


def _equal_trials(summary: ParallelSummary) -> list[str]:
    """Nothing in summaries of an earlier kind."""
    if not any(crew.after.x.size for crew in summary.crews):
        return []
    return [
        "## Regret at equal numbers of trials",
        "Mean regret of the best trial, in percent, once so many trials of all workers together "
        "have ended; then the same over that of one worker (paired; above 1: worse than alone).",
        equal_trials_table(summary),
        ratio_table(summary),
    ]


def equal_trials_table(summary: ParallelSummary) -> str:
    """Mean regret once so many trials have ended, in percent."""
    return _by_trials("sampler", [(crew, crew.after, 100.0) for crew in summary.crews])


def ratio_table(summary: ParallelSummary) -> str:
    """Mean regret over that of one worker, once so many trials have ended."""
    several = [crew for crew in summary.crews if crew.n_workers > 1]
    return _by_trials("over one worker", [(crew, crew.ratio, 1.0) for crew in several])


def _by_trials(head: str, lines: Sequence[tuple[Crew, Line, float]]) -> str:
    budgets = max((list(line.x) for _, line, _ in lines), key=len, default=[])
    rows = []
    for crew, line, factor in lines:
        points = zip(*(factor * each for each in (line.mean, line.low, line.high)))
        cells = [cell(*point) for point in points]
        empty = [""] * (len(budgets) - len(cells))
        rows.append([crew.sampler, str(crew.n_workers), *cells, *empty])
    return markdown([head, "workers", *(f"after {budget:g} trials" for budget in budgets)], rows)


def _ratio(alone: float, together: float) -> str:
    return "" if np.isinf(alone) or np.isinf(together) else f"{alone / together:.1f}"


def _provenance(summary: ParallelSummary) -> list[str]:
    samplers = " ".join(dict.fromkeys(each.sampler for each in summary.crews))
    workers = " ".join(str(n) for n in dict.fromkeys(each.n_workers for each in summary.crews))
    name = f"--name {summary.name} " if summary.name else ""
    return [
        f"- the same again: `python -m benchmarks parallel --problems "
        f"{as_arguments(summary.problems)} --samplers {samplers} --pruner {summary.pruner} "
        f"--workers {workers} --seeds {summary.n_seeds} --trials {summary.n_trials} "
        f"{name}--out FOLDER`",
        f"- this page and its figure from `{summary.stem}.json` here: "
        "`python -m benchmarks report`; from what was made in FOLDER: "
        "`python -m benchmarks report --rows FOLDER`",
        *origin_lines(summary.origin),
    ]


def _chart(summary: ParallelSummary) -> charts.LineChart:
    panels = []
    for n_workers in sorted({crew.n_workers for crew in summary.crews}):
        own = [crew for crew in summary.crews if crew.n_workers == n_workers]
        title = "1 worker" if n_workers == 1 else f"{n_workers} workers"
        lines = [_series(crew) for crew in own]
        panels.append(charts.Panel(title, "wall-clock time, epochs", lines))
    title = f"Regret by wall-clock time (pruner: {summary.pruner})"
    return charts.LineChart(title, "mean regret, % of (best - worst); shaded: 95 %", panels)


def _series(crew: Crew) -> charts.Series:
    line, color = crew.curve, COLORS.get(crew.sampler, OTHER)
    y, low, high = np.maximum(100 * np.stack([line.mean, line.low, line.high]), 0.01)
    wide = crew.sampler == "zooming"
    return charts.Series(crew.sampler, color, line.x, y, low, high, wide=wide)
