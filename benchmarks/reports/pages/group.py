"""A group's page and figures, drawn from its summary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.problems.groups import GROUPS
from benchmarks.reports import plots, tables
from benchmarks.reports.drawing import charts
from benchmarks.reports.intervals import how_drawn
from benchmarks.reports.made_by import as_arguments
from benchmarks.reports.pages import pruners, shortfalls
from benchmarks.reports.provenance import origin_lines
from benchmarks.reports.summarise import NOISE_BUDGET
from benchmarks.reports.summary import FAR_OFF, Column, Summary

HEAT_BUDGETS = (10,)
OVERVIEW_GROUP = "reporting-anywhere"


def write_page(summary: Summary, folder: Path, *, html: bool = False) -> Path:
    """Write a group's page and its figures; returns the page's path.

    Args:
        summary: The group's results.
        folder: Where the page goes; figures go to its folder ``figures``.
        html: Whether to write interactive figures too.
    """
    sections = [
        f"# {summary.group.capitalize()}",
        f"{GROUPS[summary.group].capitalize()}. Regret: (best mean - mean at the rate) / "
        f"(best - {_other_end(summary.group)}), in percent, noise-free; runs: problems x seeds"
        f"{_of_tables(summary)}. {how_drawn(summary.n_tables > 0)}",
        *_figures(summary, folder / "figures", html=html),
        *_tables(summary),
        *shortfalls.sections(summary),
        "## Where we lose",
        _losses(summary),
        *pruners.sections(summary),
        *_resolution(summary),
        "## How this was made",
        "\n".join(_provenance(summary)),
    ]
    path = folder / f"{summary.group}.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def _other_end(group: str) -> str:
    """What has a regret of 1."""
    return "median of random trials" if group.endswith("-trainings") else "worst"


def _of_tables(summary: Summary) -> str:
    recorded = len(summary.recordings)
    return f" (on {summary.n_tables} recorded tables)" if summary.n_tables and recorded else ""


def _figures(summary: Summary, folder: Path, *, html: bool) -> Iterator[str]:
    lines = {
        "trials": plots.regret_by_trials(summary),
        "recommendation": plots.regret_of_recommendation(summary),
        "epochs": plots.regret_by_epochs(summary),
        "pruners": plots.regret_by_pruner(summary),
        "noise": plots.regret_by_noise(summary, budget=NOISE_BUDGET),
    }
    if summary.group == OVERVIEW_GROUP:
        charts.save_lines(plots.overview(summary), folder / "overview", html=html)
    for name, chart in lines.items():
        if chart is not None:
            stem = f"{summary.group}-{name}"
            charts.save_lines(chart, folder / stem, html=html)
            yield f"![{chart.title}](figures/{stem}.png)"
    for budget in HEAT_BUDGETS:
        heat = plots.regret_by_problem(summary, budget=budget)
        if heat.values.size:
            stem = f"{summary.group}-problems-{budget}"
            charts.save_heat(heat, folder / stem, html=html)
            yield f"![{heat.title}](figures/{stem}.png)"


def _tables(summary: Summary) -> list[str]:
    far_off = {
        f"Share of the runs above {100 * FAR_OFF:g} % regret, %": tables.far_off_table(summary)
    }
    sections = {
        "Mean regret of the best trial, %": tables.regret_table(summary, interquartile=False),
        "Interquartile mean regret, %": tables.regret_table(summary, interquartile=True),
        **(far_off if summary.far_off else {}),
        "Trials to a target, area, time": tables.target_table(summary),
        "Mean rank": tables.rank_table(summary),
        "Epochs to a target": tables.epoch_table(summary),
        "Paired differences (negative: ours is better)": tables.paired_table(summary),
        "The recommendation's interval": tables.calibration_table(summary),
    }
    return [text for title, table in sections.items() for text in (f"## {title}", table)]


def _losses(summary: Summary) -> str:
    intro = (
        "Problems (variants and sub-ranges together), rivals and budgets at which the paired "
        "difference of the best trial's regret, in points of percent, is above 0 with its whole "
        "95 % interval. No correction for the number of comparisons."
    )
    return "\n".join([intro, "", *(tables.losses(summary) or ["Nowhere."])])


def _resolution(summary: Summary) -> list[str]:
    """What the recorded tables can tell at all; nothing for other groups."""
    intro = (
        "Regret is judged by means over few recorded seeds, which are noisy themselves. Somebody "
        "who knew the curve, but not these seeds' luck, would choose the best rate of the smoothed "
        "means; smaller regrets than that one's are luck or repetition. In percent of (best - "
        "worst); smoothing: Gaussian, standard deviation in percent of the axis."
    )
    if not summary.resolution:
        return []
    return ["## What the tables can tell", intro, tables.resolution_table(summary)]


def _provenance(summary: Summary) -> list[str]:
    group = summary.group
    return [
        "- the same rows again, in a folder of one's choice:",
        *(f"  - `{command}`" for command in compare_commands(summary)),
        f"- `{group}.json` from these rows: "
        f"`python -m benchmarks report --rows FOLDER --groups {group}`",
        f"- this page and its figures from `{group}.json`: "
        f"`python -m benchmarks report --groups {group}` (`--html`: interactive figures too)",
        *origin_lines(summary.origin),
        *(f"- table {name}: {facts}" for name, facts in summary.recordings.items()),
        *([f"- failed study: {each}" for each in summary.failures] or ["- no study failed"]),
    ]


def compare_commands(summary: Summary) -> list[str]:
    """The commands that make the summary's rows anew: one for each number of seeds and trials."""
    by_pruner: dict[tuple[str, int, int], list[str]] = {}
    for column in summary.columns:
        by_pruner.setdefault(_size(column), []).append(column.sampler)
    together: dict[tuple[tuple[str, ...], int, int], list[str]] = {}
    for (pruner, n_seeds, n_trials), samplers in by_pruner.items():
        together.setdefault((tuple(samplers), n_seeds, n_trials), []).append(pruner)
    problems = as_arguments(summary.problems)
    return [
        f"python -m benchmarks compare --problems {problems} --samplers {' '.join(samplers)} "
        f"--pruners {' '.join(pruners)} --seeds {n_seeds} --trials {n_trials} --out FOLDER"
        for (samplers, n_seeds, n_trials), pruners in together.items()
    ]


def _size(column: Column) -> tuple[str, int, int]:
    return column.pruner, len(column.seeds), column.n_trials
