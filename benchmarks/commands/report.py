"""Turn saved rows into Markdown tables and figures: one page per group of tasks.

Examples:
  python -m benchmarks report
  python -m benchmarks report --results my-results
"""

from __future__ import annotations

import argparse
import platform
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import optuna

from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.problems.groups import GROUPS, group_names, table_metadata
from benchmarks.reports import charts, plots, tables
from benchmarks.reports.resolution import resolution_table
from benchmarks.reports.results_table import ResultsTable, load_table
from benchmarks.rivals.samplers import package_version
from benchmarks.runs.cells import fingerprint_of, read_failures
from benchmarks.runs.rows import Cell, read_runs

HEAT_BUDGETS = (10, 30)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the rows")
    parser.add_argument("--groups", nargs="+", choices=list(GROUPS), default=list(GROUPS))


def main(args: argparse.Namespace) -> int:
    everything = load_table(args.results)
    written = []
    for group in args.groups:
        table = everything.restricted(group_names(group))
        if tables.OURS in table.keys:
            written.append(write_page(table, group, args.results))
    if not written:
        raise UserError(f"no rows of sampler zooming in {args.results / 'raw'}: run compare first.")
    print("\n".join(str(path) for path in written))
    return 0


def write_page(table: ResultsTable, group: str, folder: Path) -> Path:
    """Write a group's page and its figures; returns the page's path."""
    sections = [
        f"# {group.capitalize()}",
        f"{GROUPS[group].capitalize()}. Regret: (best mean - mean at the rate) / (best - worst), "
        "in percent, noise-free; intervals: 95 %, stratified bootstrap over the seeds of each "
        "problem; runs: problems x seeds.",
        *_figures(table, group, folder),
        *_tables(table),
        "## Where we lose",
        _losses(table),
        *_resolution(group),
        "## How this was made",
        _provenance(table, folder),
    ]
    path = folder / f"{group}.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def _figures(table: ResultsTable, group: str, folder: Path) -> list[str]:
    lines = {
        "trials": plots.regret_by_trials(table, group),
        "recommendation": plots.regret_of_recommendation(table, group),
        "epochs": plots.regret_by_epochs(table, group),
        "noise": plots.regret_by_noise(table, budget=20) if group == "noise" else None,
    }
    shown = []
    for name, chart in lines.items():
        if chart is not None:
            charts.save_lines(chart, folder / "figures" / f"{group}-{name}")
            shown.append(_image(chart.title, f"{group}-{name}"))
    for budget in HEAT_BUDGETS:
        heat = plots.regret_by_problem(table, group, budget=budget)
        if heat.values.size:
            stem = f"{group}-problems-{budget}"
            charts.save_heat(heat, folder / "figures" / stem)
            shown.append(_image(heat.title, stem))
    return shown


def _image(title: str, stem: str) -> str:
    return f"![{title}](figures/{stem}.png)\n\n[interactive](figures/{stem}.html)"


def _tables(table: ResultsTable) -> list[str]:
    sections: list[tuple[str, Callable[[], str]]] = [
        (
            "Mean regret of the best trial, %",
            lambda: tables.regret_table(table, interquartile=False),
        ),
        ("Interquartile mean regret, %", lambda: tables.regret_table(table, interquartile=True)),
        ("Trials to a target, area, time", lambda: tables.target_table(table)),
        ("Mean rank", lambda: tables.rank_table(table)),
        ("Epochs to a target", lambda: tables.epoch_table(table)),
        ("Paired differences (negative: ours is better)", lambda: tables.paired_table(table)),
        ("The recommendation's interval", lambda: tables.calibration_table(table)),
    ]
    return [text for title, make in sections for text in (f"## {title}", make())]


def _losses(table: ResultsTable) -> str:
    found = tables.losses(table)
    intro = (
        "Problems (variants and sub-ranges together), rivals and budgets at which the paired "
        "difference of the best trial's regret, in points of percent, is above 0 with its whole "
        "95 % interval. No correction for the number of comparisons."
    )
    return "\n".join([intro, "", *(found or ["Nowhere."])])


def _resolution(group: str) -> list[str]:
    """What the recorded tables can tell at all; nothing for other groups."""
    table = resolution_table(group_names(group))
    intro = (
        "Regret is judged by means over few recorded seeds, which are noisy themselves. Somebody "
        "who knew the curve, but not these seeds' luck, would choose the best rate of the smoothed "
        "means; smaller regrets than that one's are luck or repetition. In percent of (best - "
        "worst); smoothing: Gaussian, standard deviation in percent of the axis."
    )
    return ["## What the tables can tell", intro, table] if table else []


def _provenance(table: ResultsTable, folder: Path) -> str:
    cells = [Cell(name, key.sampler, key.pruner) for key in table.keys for name in table.runs[key]]
    samplers = sorted({cell.sampler for cell in cells})
    versions = sorted({package_version(name) for name in samplers})
    lines = [
        f"- command: `python -m benchmarks {shlex.join(sys.argv[1:])}`",
        f"- machine of the replay: {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, Optuna {optuna.__version__}, {', '.join(versions)}",
        *_commands(folder),
        *_recordings(table),
        *_stale(cells, folder),
        *_failed(cells, folder),
    ]
    return "\n".join(lines)


def _commands(folder: Path) -> list[str]:
    log = folder / "commands.log"
    lines = log.read_text().splitlines() if log.exists() else []
    return [f"- rows: {line}" for line in lines]


def _recordings(table: ResultsTable) -> list[str]:
    names = sorted({plots.base_name(problem) for problem in table.problems})
    lines = []
    for name in names:
        metadata = table_metadata(name)
        if metadata:
            facts = [f"{key} {metadata[key]}" for key in ("device", "date") if key in metadata]
            lines.append(f"- table {name}: {', '.join(facts)}")
    return lines


def _stale(cells: list[Cell], folder: Path) -> list[str]:
    old = [cell for cell in cells if read_runs(cell.path(folder))[1] != fingerprint_of(cell)]
    if not old:
        return ["- all rows were made by the code and tables of this checkout"]
    names = sorted({cell.sampler for cell in old})
    return [f"- {len(old)} of {len(cells)} files are from other code or tables: {', '.join(names)}"]


def _failed(cells: list[Cell], folder: Path) -> list[str]:
    own = set(cells)
    failures = [each for each in read_failures(folder) if each.cell in own]
    return [f"- failed study: {failure}" for failure in failures] or ["- no study failed"]
