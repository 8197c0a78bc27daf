"""How often the recommendation's interval holds the true mean: statistics, page and figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from benchmarks.problems.groups import GROUPS
from benchmarks.reports.compact import read_record, rounded
from benchmarks.reports.drawing.dots import DotChart, DotPanel, Dots, save_dots
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.provenance import Origin, origin_lines, origin_of
from benchmarks.reports.results_table import Key, ResultsTable, base_name
from benchmarks.reports.tables import markdown

BUDGETS = (5, 8, 10, 15, 20, 30, 50, 100)
OURS = Key("zooming", "none")
FILE = "calibration.json"
COLORS = ("#1f4fd8", "#2e8b57", "#d1495b", "#e08e0b")
STATED = 95.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Coverage:
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


@dataclass(frozen=True, eq=False)
class GroupCalibration:
    """A group's calibration.

    n_seeds: Of each problem.
    coverage: At each of BUDGETS.
    bases: By table or function, (n_budgets,), share whose interval holds; NaN where none is judged.
    """

    group: str
    n_seeds: int
    coverage: tuple[Coverage, ...]
    bases: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class CalibrationSummary:
    """Everything that the page shows."""

    groups: tuple[GroupCalibration, ...]
    origin: Origin


def summarise(
    tables: Mapping[str, ResultsTable], *, made_by: Sequence[MadeBy] = ()
) -> CalibrationSummary:
    """The calibration of each group's rows of sampler zooming."""
    fingerprints = {
        cell: each
        for table in tables.values()
        for cell, each in table.fingerprints.items()
        if Key(cell.sampler, cell.pruner) == OURS
    }
    groups = tuple(_group(group, table) for group, table in tables.items())
    return rounded(CalibrationSummary(groups, origin_of(fingerprints, made_by)))


def _group(group: str, table: ResultsTable) -> GroupCalibration:
    bases = {}
    for base in table.bases:
        own = table.restricted(name for name in table.problems if base_name(name) == base)
        bases[base] = np.array([coverage(own, budget).holds for budget in BUDGETS])
    found = tuple(coverage(table, budget) for budget in BUDGETS)
    return GroupCalibration(group, len(table.shape(OURS)[1]), found, bases)


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


def read_summary(folder: Path) -> CalibrationSummary:
    """The saved summary.

    Raises:
        UserError: If there is none, or it is damaged.
    """
    return read_record(CalibrationSummary, folder / FILE, remedy="python -m benchmarks calibration")


def write_page(summary: CalibrationSummary, folder: Path, *, html: bool = False) -> Path:
    """Write ``calibration.md`` and its figure; returns the page's path."""
    chart = calibration_chart(summary.groups)
    save_dots(chart, folder / "figures" / "calibration", html=html)
    sections = [
        "# Calibration of the recommendation's interval",
        "How often the 95 % interval of `recommended_arm` holds the true, noise-free mean at the "
        "recommended value, with Wilson's 95 % interval for that share over all tasks and seeds, "
        "and the interval's half-width in percent of (best - worst).",
        f"![{chart.title}](figures/calibration.png)",
        *(_section(each) for each in summary.groups),
        "## By table or function",
        *(f"{each.group.capitalize()}:\n\n{_by_base(each)}" for each in summary.groups),
        "## How this was made",
        "\n".join(_provenance(summary)),
    ]
    path = folder / "calibration.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def _section(each: GroupCalibration) -> str:
    shown = [
        [
            str(budget),
            f"{100 * row.holds:.1f} %" if row.n else "",
            f"{100 * row.low:.1f} to {100 * row.high:.1f} %" if row.n else "",
            f"{100 * row.half_widths[1]:.2f} %" if row.n else "",
            str(row.n),
        ]
        for budget, row in zip(BUDGETS, each.coverage)
    ]
    head = ["after trials", "holds the true mean", "Wilson 95 %", "median half-width", "runs"]
    group = each.group
    return f"## {group.capitalize()}\n\n{GROUPS[group].capitalize()}.\n\n{markdown(head, shown)}"


def _by_base(each: GroupCalibration) -> str:
    rows = [
        [base, *("" if np.isnan(share) else f"{100 * share:.0f} %" for share in shares)]
        for base, shares in each.bases.items()
    ]
    return markdown(["holds after trials", *map(str, BUDGETS)], rows)


def _provenance(summary: CalibrationSummary) -> list[str]:
    seeds = max(each.n_seeds for each in summary.groups)
    groups = " ".join(each.group for each in summary.groups)
    return [
        "- the same again, with the rows that `python -m benchmarks compare --out FOLDER` left, or "
        f"new ones: `python -m benchmarks calibration --groups {groups} --seeds {seeds} "
        "--out FOLDER`",
        f"- this page and its figure from `{FILE}` here: `python -m benchmarks report`; from what "
        "was made in FOLDER: `python -m benchmarks report --rows FOLDER`",
        *origin_lines(summary.origin),
    ]


def calibration_chart(groups: Sequence[GroupCalibration]) -> DotChart:
    """Coverage and half-width by number of trials, a colour per group."""
    shares, widths = [], []
    for each, color in zip(groups, COLORS):
        holds = 100 * np.array([[row.holds, row.low, row.high] for row in each.coverage]).T
        shares.append(Dots(each.group, color, *holds))
        low, middle, high = 100 * np.array([row.half_widths for row in each.coverage]).T
        widths.append(Dots(each.group, color, middle, low, high))
    panels = [
        DotPanel("holds the true mean", "% of runs, Wilson 95 %", shares, reference=STATED),
        DotPanel("half-width", "% of (best - worst), median and quartiles", widths),
    ]
    rows_shown = [str(budget) for budget in BUDGETS]
    return DotChart("The recommendation's 95 % interval", "after trials", rows_shown, panels)
