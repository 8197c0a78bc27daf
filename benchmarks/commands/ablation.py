"""Leave out each mechanism of the default policy, one at a time, and compare with the full one.

Tuning tasks only, so that nothing is chosen on what is reported, with reports and mute; the same
seeds for all. An interrupted run continues where it was. Examples:
  python -m benchmarks ablation
  python -m benchmarks ablation --mechanisms cliff ends --groups tuning-anywhere --seeds 20
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.ablation.kinds import TUNING, kinds_of, tasks
from benchmarks.ablation.page import write_page
from benchmarks.ablation.summary import FILE, summarise
from benchmarks.commands.arguments import add_jobs, add_results, at_least
from benchmarks.errors import UserError
from benchmarks.reports.compact import save_record
from benchmarks.reports.made_by import keep_command, kept_commands
from benchmarks.reports.results_table import load_table
from benchmarks.rivals.ablations import ABLATIONS
from benchmarks.runs.cells import run_tasks

# Rows of their own, or the group's pages would take them for rivals.
ROWS = "ablation"
_SHOWN_FAILURES = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mechanisms",
        nargs="+",
        choices=list(ABLATIONS),
        default=list(ABLATIONS),
        metavar="NAME",
        help=f"default: all of them: {', '.join(ABLATIONS)}",
    )
    parser.add_argument(
        "--groups",
        nargs="+",
        choices=TUNING,
        default=TUNING,
        metavar="GROUP",
        help=f"kinds of tuning problems (default: all: {', '.join(TUNING)})",
    )
    parser.add_argument("--seeds", type=at_least(2), default=10, help="of each task (default: 10)")
    add_jobs(parser)
    add_results(parser, of="rows and page")


def main(args: argparse.Namespace) -> int:
    kinds = kinds_of(args.groups)
    wanted = tasks(args.mechanisms, kinds, n_seeds=args.seeds)
    if not wanted:
        raise UserError(f"no problems in {' '.join(args.groups)}: record tables first.")
    folder = args.out / ROWS
    start = time.monotonic()
    failures = run_tasks(wanted, folder, n_jobs=args.jobs)
    problems = [task.cell.problem for task in wanted]
    keep_command(folder, time.monotonic() - start, problems)
    for failure in failures[:_SHOWN_FAILURES]:
        print(f"failed: {failure}", file=sys.stderr)
    table = load_table(folder, cells=[task.cell for task in wanted])
    made_by = kept_commands(folder, problems)
    found = summarise(table, args.mechanisms, kinds, made_by=made_by)
    save_record(found, args.out / FILE)
    print(write_page(found, args.out))
    return 1 if failures else 0
