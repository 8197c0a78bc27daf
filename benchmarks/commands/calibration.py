"""How often the recommendation's 95 % interval holds the true mean, and how wide it is.

Uses the rows that ``compare`` saved for sampler zooming, and runs what is missing. Examples:
  python -m benchmarks calibration
  python -m benchmarks calibration --groups reporting tuning noise --seeds 40
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from benchmarks.commands.arguments import at_least
from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.problems.groups import GROUPS, group_names
from benchmarks.reports.dots import DotChart, DotPanel, Dots, save_dots
from benchmarks.reports.plots import base_name
from benchmarks.reports.provenance import made_by
from benchmarks.reports.results_table import Key, ResultsTable, load_table
from benchmarks.reports.tables import markdown
from benchmarks.runs.cells import run_tasks, tasks_of

BUDGETS = (5, 8, 10, 15, 20, 30, 50, 100)
OURS = Key("zooming", "none")
# An interval is stated for problems of one parameter only.
ONE_PARAMETER = [name for name in GROUPS if not name.endswith("-grids")]
COLORS = ("#1f4fd8", "#2e8b57", "#d1495b", "#e08e0b")
STATED = 95.0

Floats = NDArray[np.float64]


class Coverage(NamedTuple):
    """Calibration after some number of trials.

    Attributes:
        n: Recommendations that were judged.
        holds: Share whose interval holds the true mean.
        low, high: Ends of Wilson's 95 % interval of that share.
        half_widths: (3,), quartiles of the half-width, fractions of (best - worst).
    """

    n: int
    holds: float
    low: float
    high: float
    half_widths: Floats


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--groups", nargs="+", choices=ONE_PARAMETER, default=["reporting"])
    parser.add_argument("--seeds", type=at_least(1), default=20, help="of each task (default: 20)")
    parser.add_argument("--jobs", type=at_least(1), help="processes (default: one per core)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of rows and page")


def main(args: argparse.Namespace) -> int:
    problems = {group: group_names(group) for group in dict.fromkeys(args.groups)}
    empty = [group for group, names in problems.items() if not names]
    if empty:
        raise UserError(f"no problems in {' '.join(empty)}: record tables first.")
    names = [name for own in problems.values() for name in own]
    tasks = tasks_of(
        names, [OURS.sampler], [OURS.pruner], n_seeds=args.seeds, n_trials=max(BUDGETS)
    )
    failures = run_tasks(tasks, args.out, n_jobs=args.jobs)
    for failure in failures:
        print(f"failed: {failure}", file=sys.stderr)
    table = load_table(args.out, cells=[task.cell for task in tasks])
    by_group = {group: table.restricted(own) for group, own in problems.items()}
    print(write_page(by_group, args.out))
    return 1 if failures else 0


def coverage(table: ResultsTable, budget: int) -> Coverage:
    """Calibration over all problems and seeds of a table after ``budget`` trials.

    All shares and widths are NaN if no recommendation was judged there.
    """
    judged = table.array("interval_holds", OURS)[..., budget - 1]
    known = ~np.isnan(judged)
    n, n_holds = int(known.sum()), int(judged[known].sum())
    if n == 0:
        return Coverage(0, np.nan, np.nan, np.nan, np.full(3, np.nan))
    wilson = scipy_stats.binomtest(n_holds, n).proportion_ci(method="wilson")
    # The rows hold the whole width.
    half_widths = table.array("interval_width", OURS)[..., budget - 1][known] / 2
    quartiles = np.quantile(half_widths, [0.25, 0.5, 0.75])
    return Coverage(n, n_holds / n, float(wilson.low), float(wilson.high), quartiles)


def write_page(tables: dict[str, ResultsTable], folder: Path) -> Path:
    """Write ``calibration.md`` and its figure; returns the page's path."""
    found = {name: [coverage(table, each) for each in BUDGETS] for name, table in tables.items()}
    chart = calibration_chart(found)
    save_dots(chart, folder / "figures" / "calibration")
    sections = [
        "# Calibration of the recommendation's interval",
        "How often the 95 % interval of `recommended_arm` holds the true, noise-free mean at the "
        "recommended value, with Wilson's 95 % interval for that share over all tasks and seeds, "
        "and the interval's half-width in percent of (best - worst).",
        f"![{chart.title}](figures/calibration.png)\n\n[interactive](figures/calibration.html)",
        *(_group_section(name, rows) for name, rows in found.items()),
        "## By table or function",
        *(f"{name.capitalize()}:\n\n{_by_base(table)}" for name, table in tables.items()),
        "## How this was made",
        made_by(next(iter(tables.values())).problems[0]),
    ]
    path = folder / "calibration.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def _group_section(group: str, rows: Sequence[Coverage]) -> str:
    shown = [
        [
            str(budget),
            f"{100 * row.holds:.1f} %" if row.n else "",
            f"{100 * row.low:.1f} to {100 * row.high:.1f} %" if row.n else "",
            f"{100 * row.half_widths[1]:.2f} %" if row.n else "",
            str(row.n),
        ]
        for budget, row in zip(BUDGETS, rows)
    ]
    head = ["after trials", "holds the true mean", "Wilson 95 %", "median half-width", "runs"]
    return f"## {group.capitalize()}\n\n{GROUPS[group].capitalize()}.\n\n{markdown(head, shown)}"


def _by_base(table: ResultsTable) -> str:
    rows = []
    for base in dict.fromkeys(base_name(name) for name in table.problems):
        own = table.restricted(name for name in table.problems if base_name(name) == base)
        found = [coverage(own, budget) for budget in BUDGETS]
        rows.append([base, *(f"{100 * each.holds:.0f} %" if each.n else "" for each in found)])
    return markdown(["holds after trials", *map(str, BUDGETS)], rows)


def calibration_chart(found: dict[str, list[Coverage]]) -> DotChart:
    """Coverage and half-width by number of trials, a colour per group."""
    shares, widths = [], []
    for (group, rows), color in zip(found.items(), COLORS):
        holds = 100 * np.array([[row.holds, row.low, row.high] for row in rows]).T
        shares.append(Dots(group, color, *holds))
        low, middle, high = 100 * np.array([row.half_widths for row in rows]).T
        widths.append(Dots(group, color, middle, low, high))
    panels = [
        DotPanel("holds the true mean", "% of runs, Wilson 95 %", shares, reference=STATED),
        DotPanel("half-width", "% of (best - worst), median and quartiles", widths),
    ]
    rows_shown = [str(budget) for budget in BUDGETS]
    return DotChart("The recommendation's 95 % interval", "after trials", rows_shown, panels)
