"""The page on several parameters and its figure, drawn from their summary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.problems.groups import GROUPS
from benchmarks.reports.drawing import charts
from benchmarks.reports.intervals import N_RESAMPLES
from benchmarks.reports.made_by import as_arguments
from benchmarks.reports.plots import COLORS, OTHER
from benchmarks.reports.provenance import origin_lines
from benchmarks.reports.several import losses, tables
from benchmarks.reports.several.parts import KIND, NOISE, ORIGIN, PARAMETERS
from benchmarks.reports.several.summary import OURS, SeveralSummary, Standing, groups_of

# Rivals that the groups' figures do not show.
_COLORS = {
    **COLORS,
    "tpe-group": "#f49ac1",
    "tpe-independent": "#7d1a2d",
    "smac": "#000000",
    "smac-once": "#6b6b6b",
    "ax": "#9aa800",
    "qmc-scrambled": "#8c5a3c",
}
_FLOOR = 0.01


def write_page(summary: SeveralSummary, folder: Path, *, html: bool = False) -> Path:
    """Write the page and its figure; returns the page's path."""
    chart = _chart(summary)
    charts.save_lines(chart, folder / "figures" / f"{summary.stem}-trials", html=html)
    sections = [
        f"# Several parameters ({'tuning' if summary.stem.endswith('-tuning') else 'reporting'})",
        _intro(summary),
        f"![{chart.title}](figures/{summary.stem}-trials.png)",
        f"On the {len(summary.drawn)} problems that these samplers ran, each over all its seeds.",
        *_tables(summary),
        "## Where we lose",
        *losses.sections(summary),
        "## Time",
        tables.time_table(summary),
        "## How this was made",
        "\n".join(_provenance(summary)),
    ]
    path = folder / f"{summary.stem}.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def _intro(summary: SeveralSummary) -> str:
    groups = "; ".join(f"`{name}`, {GROUPS[name]}" for name in groups_of(summary.stem))
    return (
        f"{len(summary.problems)} problems of several parameters from these groups: {groups}. "
        "Regret: (best mean - mean at the parameters) / (best - worst), of trainings / (best - "
        "median of random trials), in percent, noise-free, of the trial that is best by its "
        "observed value; runs: problems x seeds. "
        f"Intervals: 95 %, bootstrap in two levels ({N_RESAMPLES:,} resamples): "
        f"{summary.n_tables} landscapes and recordings are drawn anew, each with all its levels of "
        "noise and sets of parameters, then the seeds of each problem; on a single one, its seeds "
        "alone. With few of them such intervals are too narrow rather than too wide. Who ran fewer "
        "problems, seeds or trials is compared on those that both have."
    )


def _tables(summary: SeveralSummary) -> Iterator[str]:
    yield "## Mean regret of the best trial, %"
    yield tables.regret_table(summary)
    yield f"## {OURS} minus each rival (negative: ours is better)"
    yield tables.difference_table(summary)
    yield f"## {OURS} / each rival (below 1: ours is better)"
    yield tables.ratio_table(summary)
    for by in (ORIGIN, PARAMETERS, KIND, NOISE):
        if any(part.by == by for part in summary.parts):
            yield f"## Against TPE by {by}"
            yield f"{OURS} / rival, mean regrets:"
            yield tables.ratios_by(summary, by)
            yield f"{OURS} minus rival, in points of percent:"
            yield tables.differences_by(summary, by)


def _provenance(summary: SeveralSummary) -> list[str]:
    stem = summary.stem
    return [
        "- the same rows again, in a folder of one's choice:",
        *(f"  - `{command}`" for command in compare_commands(summary)),
        f"- `{stem}.json` from these rows: `python -m benchmarks report --rows FOLDER`",
        f"- this page and its figure from `{stem}.json`: `python -m benchmarks report` "
        "(`--html`: an interactive figure too)",
        *origin_lines(summary.origin),
        *([f"- failed study: {each}" for each in summary.failures] or ["- no study failed"]),
    ]


def compare_commands(summary: SeveralSummary) -> list[str]:
    """The commands that make the rows anew: one for each choice of problems, seeds and trials."""
    together: dict[tuple[tuple[str, ...], int, int], list[str]] = {}
    for each in summary.standings:
        size = (each.problems, each.n_seeds, each.n_trials)
        together.setdefault(size, []).append(each.sampler)
    return [
        f"python -m benchmarks compare --problems {as_arguments(problems)} "
        f"--samplers {' '.join(samplers)} --pruners none --seeds {n_seeds} --trials {n_trials} "
        "--out FOLDER"
        for (problems, n_seeds, n_trials), samplers in together.items()
    ]


def _chart(summary: SeveralSummary) -> charts.LineChart:
    # Others would be lower or higher for their problems alone.
    whole = [each for each in summary.standings if len(each.curve.x)]
    panel = charts.Panel("", "trials", [_series(each) for each in whole])
    title = f"Regret of the best trial, several parameters ({len(summary.drawn)} problems)"
    return charts.LineChart(title, "mean regret, % of (best - worst); shaded: 95 %", [panel])


def _series(standing: Standing) -> charts.Series:
    line, name = standing.curve, standing.sampler
    # A logarithmic axis has no zero.
    y, low, high = np.maximum([100 * line.mean, 100 * line.low, 100 * line.high], _FLOOR)
    return charts.Series(name, _COLORS.get(name, OTHER), line.x, y, low, high, wide=name == OURS)
