"""How often the recommendation's 95 % interval holds the true mean, and how wide it is.

Uses the rows that ``compare`` saved for sampler zooming, and runs what is missing. Examples:
  python -m benchmarks calibration
  python -m benchmarks calibration --groups reporting tuning noise --seeds 40
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.commands.arguments import add_jobs, add_results, at_least
from benchmarks.errors import UserError
from benchmarks.problems.groups import GROUPS, group_names
from benchmarks.reports.compact import save_record
from benchmarks.reports.made_by import this_command
from benchmarks.reports.pages.calibration import BUDGETS, FILE, OURS, summarise, write_page
from benchmarks.reports.results_table import load_table
from benchmarks.runs.cells import run_tasks, tasks_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--groups", nargs="+", choices=GROUPS, default=["reporting"])
    parser.add_argument("--seeds", type=at_least(1), default=20, help="of each task (default: 20)")
    add_jobs(parser)
    add_results(parser, of="rows and page")


def main(args: argparse.Namespace) -> int:
    problems = {group: group_names(group) for group in dict.fromkeys(args.groups)}
    empty = [group for group, names in problems.items() if not names]
    if empty:
        raise UserError(f"no problems in {' '.join(empty)}: record tables first.")
    names = [name for own in problems.values() for name in own]
    tasks = tasks_of(
        names, [OURS.sampler], [OURS.pruner], n_seeds=args.seeds, n_trials=max(BUDGETS)
    )
    start = time.monotonic()
    failures = run_tasks(tasks, args.out, n_jobs=args.jobs)
    for failure in failures:
        print(f"failed: {failure}", file=sys.stderr)
    table = load_table(args.out, cells=[task.cell for task in tasks])
    by_group = {group: table.restricted(own) for group, own in problems.items()}
    summary = summarise(by_group, made_by=[this_command(time.monotonic() - start)])
    save_record(summary, args.out / FILE)
    print(write_page(summary, args.out))
    return 1 if failures else 0
