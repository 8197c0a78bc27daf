"""Draw pages and figures from the compact files of results, or first make these from saved rows.

Examples:
  python -m benchmarks report
  python -m benchmarks report --groups reporting --html
  python -m benchmarks report --rows my-rows --results my-results
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.ablation import page as ablation_page
from benchmarks.ablation import summary as ablation
from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.problems.groups import GROUPS, group_names
from benchmarks.progress import progress
from benchmarks.reports.calibration import page as calibration_page
from benchmarks.reports.calibration import summary as calibration
from benchmarks.reports.compact import save_record
from benchmarks.reports.made_by import kept_commands
from benchmarks.reports.pages import group as group_pages
from benchmarks.reports.pages import parallel
from benchmarks.reports.parallel import rows as parallel_rows
from benchmarks.reports.parallel import summary as parallel_summary
from benchmarks.reports.results_table import ResultsTable, load_table
from benchmarks.reports.several import page as several_page
from benchmarks.reports.several import parts as several_parts
from benchmarks.reports.several import summarise as several_rows
from benchmarks.reports.several import summary as several
from benchmarks.reports.summarise import OURS, summarise
from benchmarks.reports.summary import read_summary
from benchmarks.runs.cells import Failure, read_failures
from benchmarks.sensitivity import comparisons
from benchmarks.sensitivity import report as sensitivity
from benchmarks.stopping import page as stopping_page
from benchmarks.stopping import summary as stopping


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
        "stopping, sensitivity and ablation left in this folder (default: the one they write to)",
    )
    parser.add_argument("--html", action="store_true", help="write interactive figures too")


def main(args: argparse.Namespace) -> int:
    if args.rows is not None:
        make_summaries(args.rows, args.results, args.groups)
    n_written = 0
    for path in _pages(args.results, args.groups, html=args.html):
        # Drawing takes seconds each.
        print(path, flush=True)
        n_written += 1
    if not n_written:
        raise UserError(
            f"no results in {args.results}: run compare --out FOLDER, then report --rows FOLDER."
        )
    return 0


def make_summaries(rows: Path, results: Path, groups: Sequence[str] | None) -> None:
    """Write the compact files of some groups, or of everything there is in the folder of rows.

    Raises:
        UserError: If there is nothing.
    """
    table, failures = load_table(rows).of_rivals(), read_failures(rows)
    jobs: list[Callable[[], int]] = [
        partial(_summarise_group, rows, results, name, table, failures) for name in groups or GROUPS
    ]
    if groups is None:
        jobs += [
            partial(_summarise_several, rows, results, s, table, failures) for s in several.STEMS
        ]
        jobs.append(partial(_summarise_others, rows, results))
    if not sum(job() for job in progress(jobs, total=len(jobs), unit="file")):
        raise UserError(f"no rows of sampler zooming in {rows / 'raw'}: run compare first.")


def _summarise_group(
    rows: Path, results: Path, group: str, table: ResultsTable, failures: Sequence[Failure]
) -> bool:
    """Whether a group has rows of sampler zooming."""
    names = set(group_names(group))
    own = table.restricted(names)
    if OURS in own.keys:
        failed = [str(each) for each in failures if each.cell.problem in names]
        summary = summarise(own, group, made_by=kept_commands(rows, names), failures=failed)
        save_record(summary, results / f"{group}.json")
    return OURS in own.keys


def _summarise_several(
    rows: Path, results: Path, stem: str, table: ResultsTable, failures: Sequence[Failure]
) -> bool:
    """Whether the problems of several parameters have rows of sampler zooming."""
    names = set(several_parts.problems_of(stem))
    own = table.restricted(names)
    if OURS in own.keys:
        failed = [str(each) for each in failures if each.cell.problem in names]
        summary = several_rows.summarise(
            own, stem, made_by=kept_commands(rows, names), failures=failed
        )
        save_record(summary, results / f"{stem}.json")
    return OURS in own.keys


def _summarise_others(rows: Path, results: Path) -> int:
    """How many of the other commands left something in the folder."""
    paths = sorted(rows.glob("parallel-*.csv.gz"))
    for path in paths:
        name = parallel_rows.name_of(path)
        simulated = parallel_summary.summarise(*parallel_rows.read_rows(path), name=name)
        save_record(simulated, results / f"{simulated.stem}.json")
    # These commands continue from their rows: theirs is the latest summary.
    files = (calibration.FILE, stopping.FILE, comparisons.FILE, ablation.FILE)
    found = [name for name in files if (rows / name).exists()]
    if calibration.FILE in found:
        save_record(calibration.read_summary(rows), results / calibration.FILE)
    if stopping.FILE in found:
        save_record(stopping.read_summary(rows), results / stopping.FILE)
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
    for stem in several.STEMS:
        if (results / f"{stem}.json").exists():
            yield several_page.write_page(several.read_summary(results, stem), results, html=html)
    for path in sorted(results.glob("parallel-*.json")):
        yield parallel.write_page(parallel_summary.read_summary(path), results, html=html)
    if (results / calibration.FILE).exists():
        yield calibration_page.write_page(calibration.read_summary(results), results, html=html)
    if (results / stopping.FILE).exists():
        yield stopping_page.write_page(stopping.read_summary(results), results, html=html)
    if (results / comparisons.FILE).exists():
        yield sensitivity.write_page(comparisons.read_summary(results), results, html=html)
    if (results / ablation.FILE).exists():
        yield ablation_page.write_page(ablation.read_summary(results), results, html=html)
