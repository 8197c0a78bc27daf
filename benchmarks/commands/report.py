"""Draw pages and figures from the compact files of results, or first make these from saved rows.

Examples:
  python -m benchmarks report
  python -m benchmarks report --groups reporting --html
  python -m benchmarks report --rows my-rows --results my-results
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.ablation import page as ablation_page
from benchmarks.ablation import summary as ablation
from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.problems.groups import GROUPS, group_names
from benchmarks.reports.calibration import page as calibration_page
from benchmarks.reports.calibration import summary as calibration
from benchmarks.reports.compact import save_record
from benchmarks.reports.made_by import kept_commands
from benchmarks.reports.pages import group as group_pages
from benchmarks.reports.pages import parallel
from benchmarks.reports.results_table import load_table
from benchmarks.reports.summarise import OURS, summarise
from benchmarks.reports.summary import read_summary
from benchmarks.runs.cells import read_failures
from benchmarks.sensitivity import comparisons
from benchmarks.sensitivity import report as sensitivity


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--results", type=Path, default=RESULTS, help="folder of the compact files and the pages"
    )
    parser.add_argument(
        "--groups", nargs="+", choices=list(GROUPS), help="pages to draw (default: all there are)"
    )
    parser.add_argument(
        "--rows",
        type=Path,
        nargs="?",
        const=RESULTS,
        metavar="FOLDER",
        help="first make the compact files anew from what compare, parallel, calibration, "
        "sensitivity and ablation left in this folder (default: the one they write to)",
    )
    parser.add_argument("--html", action="store_true", help="write interactive figures too")


def main(args: argparse.Namespace) -> int:
    if args.rows is not None:
        make_summaries(args.rows, args.results, args.groups)
    written = list(_pages(args.results, args.groups, html=args.html))
    if not written:
        raise UserError(
            f"no results in {args.results}: run compare --out FOLDER, then report --rows FOLDER."
        )
    print("\n".join(str(path) for path in written))
    return 0


def make_summaries(rows: Path, results: Path, groups: Sequence[str] | None) -> None:
    """Write the compact files of some groups, or of everything there is in the folder of rows.

    Raises:
        UserError: If there is nothing.
    """
    made = _summarise_groups(rows, results, groups or list(GROUPS))
    if groups is None:
        made += _summarise_others(rows, results)
    if not made:
        raise UserError(f"no rows of sampler zooming in {rows / 'raw'}: run compare first.")


def _summarise_groups(rows: Path, results: Path, groups: Sequence[str]) -> int:
    """How many groups have rows of sampler zooming."""
    everything, failures = load_table(rows).of_rivals(), read_failures(rows)
    made = 0
    for group in groups:
        names = set(group_names(group))
        table = everything.restricted(names)
        if OURS in table.keys:
            failed = [str(each) for each in failures if each.cell.problem in names]
            commands = kept_commands(rows, names)
            summary = summarise(table, group, made_by=commands, failures=failed)
            save_record(summary, results / f"{group}.json")
            made += 1
    return made


def _summarise_others(rows: Path, results: Path) -> int:
    """How many of the other commands left something in the folder."""
    paths = sorted(rows.glob("parallel-*.csv.gz"))
    for path in paths:
        simulated = parallel.summarise(*parallel.read_rows(path))
        save_record(simulated, results / f"{simulated.stem}.json")
    # These commands continue from their rows: theirs is the latest summary.
    files = (calibration.FILE, comparisons.FILE, ablation.FILE)
    found = [name for name in files if (rows / name).exists()]
    if calibration.FILE in found:
        save_record(calibration.read_summary(rows), results / calibration.FILE)
    if comparisons.FILE in found:
        save_record(comparisons.read_summary(rows), results / comparisons.FILE)
    if ablation.FILE in found:
        save_record(ablation.read_summary(rows), results / ablation.FILE)
    return len(paths) + len(found)


def _pages(results: Path, groups: Sequence[str] | None, *, html: bool) -> Iterator[Path]:
    for group in groups or GROUPS:
        if groups or (results / f"{group}.json").exists():
            yield group_pages.write_page(read_summary(results, group), results, html=html)
    if groups:
        return
    for path in sorted(results.glob("parallel-*.json")):
        yield parallel.write_page(parallel.read_summary(path), results, html=html)
    if (results / calibration.FILE).exists():
        yield calibration_page.write_page(calibration.read_summary(results), results, html=html)
    if (results / comparisons.FILE).exists():
        yield sensitivity.write_page(comparisons.read_summary(results), results, html=html)
    if (results / ablation.FILE).exists():
        yield ablation_page.write_page(ablation.read_summary(results), results, html=html)
