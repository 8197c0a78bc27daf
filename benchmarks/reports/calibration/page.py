"""The calibration page: where it fails, then the tables of each group."""

from __future__ import annotations

from pathlib import Path

from benchmarks.reports.calibration.failures import failures
from benchmarks.reports.calibration.figure import calibration_chart
from benchmarks.reports.calibration.fixed_rate_tables import fixed_rate_tables
from benchmarks.reports.calibration.group_tables import group_tables
from benchmarks.reports.calibration.settings import REPLICATES, UNCROSSED
from benchmarks.reports.calibration.summary import FILE, CalibrationSummary
from benchmarks.reports.drawing.dots import save_dots
from benchmarks.reports.intervals import how_drawn
from benchmarks.reports.provenance import origin_lines

ABOUT = (
    "How often 95 % intervals hold the true, noise-free mean: that of the arm that "
    "`recommended_arm` names, and those of all arms of `active_arms`, without a pruner and with "
    "each. An arm is judged where its mean is finite. An infinite interval says that nothing is "
    "known; it holds, so its share stands apart, as does the share of finite intervals that hold. "
    "A study counts once, however many arms it has. Half-widths are those of finite intervals, in "
    "percent of (best - worst), for slow starters of what the best rate gains. Regret is "
    "noise-free, in percent of the same.",
    "The interval of a share of recommended arms is Wilson's, over all studies.",
)


def write_page(summary: CalibrationSummary, folder: Path, *, html: bool = False) -> Path:
    """Write ``calibration.md`` and its figure; returns the page's path."""
    sections = ["# Calibration of the intervals", f"{' '.join(ABOUT)} {how_drawn(True)}"]
    if summary.groups:
        chart = calibration_chart(summary.groups)
        save_dots(chart, folder / "figures" / "calibration", html=html)
        sections.append(f"![{chart.title}](figures/calibration.png)")
        sections += ["## Where it fails", "\n".join(failures(summary.groups))]
    for group in summary.groups:
        sections += [f"## {group.name.capitalize()}", *group_tables(group)]
    if summary.replicated:
        sections += [f"## {REPLICATES.capitalize()}", *fixed_rate_tables(summary.replicated)]
    sections += ["## How this was made", "\n".join(_provenance(summary))]
    path = folder / "calibration.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def _provenance(summary: CalibrationSummary) -> list[str]:
    names = [group.name for group in summary.groups]
    names += [REPLICATES] if summary.replicated else []
    crossed = [group for group in summary.groups if group.name not in UNCROSSED]
    pruners = dict.fromkeys(each.pruner for group in crossed for each in group.pruned)
    flags = f"--groups {' '.join(names)}"
    flags += f" --pruners {' '.join(pruners)}" if pruners else ""
    return [
        "- the same again, with the rows that `python -m benchmarks compare --out FOLDER` left, or "
        f"new ones: `python -m benchmarks calibration {flags} --seeds {summary.n_seeds} "
        "--out FOLDER`",
        f"- this page and its figure from `{FILE}` here: `python -m benchmarks report`; from what "
        "was made in FOLDER: `python -m benchmarks report --rows FOLDER`",
        *origin_lines(summary.origin),
    ]
