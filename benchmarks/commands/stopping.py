"""How many trials a rule that ends studies saves, what that costs, and how many one needs.

Every rule is asked after each trial of studies by ZoomingSampler: StopWhenSure, Optuna's Terminator
and cheap ones. Those with a Gaussian process of Optuna's are asked in fewer seeds, and beyond 30
trials after every 5th. A study of one parameter takes about 2 seconds, one of several 6, half of
that without them; grids have four times the seeds. An interrupted run continues where it was.
Examples:
  python -m benchmarks stopping
  python -m benchmarks stopping --groups reporting reporting-joint --seeds 5 --slow-seeds 1
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.commands.arguments import add_jobs, add_results, at_least
from benchmarks.errors import UserError
from benchmarks.problems.groups import GROUPS
from benchmarks.reports.compact import save_record
from benchmarks.reports.made_by import this_command
from benchmarks.stopping.page import write_page
from benchmarks.stopping.runs import run_jobs
from benchmarks.stopping.settings import DEFAULT_GROUPS, jobs_of
from benchmarks.stopping.summarise import summarise
from benchmarks.stopping.summary import FILE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--groups", nargs="+", choices=list(GROUPS), default=list(DEFAULT_GROUPS), metavar="GROUP",
        help=f"of {', '.join(GROUPS)} (default: {' '.join(DEFAULT_GROUPS)})",
    )  # fmt: skip
    parser.add_argument("--seeds", type=at_least(1), default=1, help="of each problem (default: 1)")
    parser.add_argument(
        "--slow-seeds", type=at_least(0), default=1, help="in which slow rules are asked too"
    )
    parser.add_argument("--trials", type=at_least(5), default=100, help="of each (default: 100)")
    add_jobs(parser)
    add_results(parser, of="rows and page")


def main(args: argparse.Namespace) -> int:
    groups = list(dict.fromkeys(args.groups))
    slow_seeds = min(args.slow_seeds, args.seeds)
    sizes = {"n_seeds": args.seeds, "slow_seeds": slow_seeds, "n_trials": args.trials}
    jobs = {name: jobs_of(name, **sizes) for name in groups}
    empty = [name for name, own in jobs.items() if not own]
    if empty:
        raise UserError(f"no problems in {' '.join(empty)}: record tables first.")
    start = time.monotonic()
    every = [job for own in jobs.values() for job in own]
    watched, failures = run_jobs(every, args.out, n_jobs=args.jobs)
    for failure in failures:
        print(f"failed: {failure}", file=sys.stderr)
    studies = {name: [watched[job] for job in own if job in watched] for name, own in jobs.items()}
    summary = summarise(
        {name: own for name, own in studies.items() if own},
        **sizes,
        made_by=[this_command(time.monotonic() - start)],
    )
    save_record(summary, args.out / FILE)
    print(write_page(summary, args.out))
    return 1 if failures else 0
