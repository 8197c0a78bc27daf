"""Halve and double every constant of the policy, one at a time, and compare with the default.

Tuning tasks only, so that nothing is chosen on what is reported; the same seeds for all. An
interrupted run continues where it was. Examples:
  python -m benchmarks sensitivity
  python -m benchmarks sensitivity --constants confidence smoothing --seeds 60
"""

from __future__ import annotations

import argparse
import time

from benchmarks.commands.arguments import add_jobs, add_results, at_least
from benchmarks.problems.groups import select_problems
from benchmarks.reports.compact import save_record
from benchmarks.reports.made_by import this_command
from benchmarks.sensitivity.comparisons import FILE, summarise
from benchmarks.sensitivity.jobs import MODES, constants, jobs_of
from benchmarks.sensitivity.report import write_page
from benchmarks.sensitivity.runs import run_jobs

ROWS = "sensitivity.csv.gz"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--constants",
        nargs="+",
        choices=list(constants()),
        default=list(constants()),
        metavar="NAME",
        help=f"default: all of them: {', '.join(constants())}",
    )
    parser.add_argument(
        "--problems",
        nargs="+",
        metavar="NAME",
        default=[group for group, _ in MODES.values()],
        help="tuning tasks by group, name or pattern (default: all)",
    )
    parser.add_argument("--seeds", type=at_least(2), default=20, help="of each task (default: 20)")
    add_jobs(parser)
    add_results(parser, of="rows and page")


def main(args: argparse.Namespace) -> int:
    jobs = jobs_of(args.constants, select_problems(args.problems), n_seeds=args.seeds)
    start = time.monotonic()
    outcomes = run_jobs(jobs, args.out / ROWS, n_jobs=args.jobs)
    summary = summarise(outcomes, made_by=[this_command(time.monotonic() - start)])
    save_record(summary, args.out / FILE)
    print(write_page(summary, args.out))
    return 0
