"""How often 95 % intervals hold the true mean, how wide they are, and what a recommendation costs.

Of the recommended arm and of all active arms, without a pruner and with each; the regret of the
recommendation beside that of study.best_trial; the intervals at fixed rates with several seeds
each; and all of it on studies that Optuna's TPESampler made. Without a pruner studies have 100
trials, with one 50; slow starters, of which there are few, get four times the seeds, studies of TPE
half of them. 20 seeds of everything take about 20 minutes on two cores. Uses the rows that
``compare`` saved, and runs what is missing. Examples:
  python -m benchmarks calibration
  python -m benchmarks calibration --groups reporting tuning noise --seeds 40
  python -m benchmarks calibration --groups reporting-slow-starters --pruners none median
  python -m benchmarks calibration --groups tpe-studies
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.commands.arguments import add_jobs, add_results, at_least
from benchmarks.errors import UserError
from benchmarks.reports.calibration.page import write_page
from benchmarks.reports.calibration.settings import CHOICES, DEFAULT, UNCROSSED, Setting, setting
from benchmarks.reports.calibration.statistics import summarise
from benchmarks.reports.calibration.summary import FILE
from benchmarks.reports.compact import save_record
from benchmarks.reports.made_by import this_command
from benchmarks.reports.results_table import ResultsTable, load_table
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.runs.cells import run_tasks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--groups", nargs="+", choices=CHOICES, default=list(DEFAULT), metavar="GROUP",
        help=f"of {', '.join(CHOICES)} (default: {' '.join(DEFAULT)})",
    )  # fmt: skip
    parser.add_argument(
        "--pruners", nargs="+", choices=list(PRUNERS), default=list(PRUNERS),
        help=f"for all groups but {' and '.join(UNCROSSED)}, which have none (default: all)",
    )  # fmt: skip
    parser.add_argument("--seeds", type=at_least(1), default=20, help="of each task (default: 20)")
    add_jobs(parser)
    add_results(parser, of="rows and page")


def main(args: argparse.Namespace) -> int:
    pruners = list(dict.fromkeys(args.pruners))
    settings = [setting(group, pruners, n_seeds=args.seeds) for group in dict.fromkeys(args.groups)]
    empty = [each.name for each in settings if not each.tasks]
    if empty:
        raise UserError(f"no problems in {' '.join(empty)}: record tables first.")
    tasks = [task for each in settings for task in each.tasks]
    start = time.monotonic()
    failures = run_tasks(tasks, args.out, n_jobs=args.jobs)
    for failure in failures:
        print(f"failed: {failure}", file=sys.stderr)
    tables = {each.name: _table(each, args) for each in settings}
    made_by = [this_command(time.monotonic() - start)]
    summary = summarise(tables, n_seeds=args.seeds, made_by=made_by)
    save_record(summary, args.out / FILE)
    print(write_page(summary, args.out))
    return 1 if failures else 0


def _table(of: Setting, args: argparse.Namespace) -> ResultsTable:
    return load_table(args.out, cells=[task.cell for task in of.tasks])
