"""Run samplers on problems and save the raw rows; an interrupted run continues where it was.

Examples:
  python -m benchmarks compare
  python -m benchmarks compare --problems tuning --samplers zooming tpe --seeds 24 --trials 50
  python -m benchmarks compare --problems 'mnist-*' --samplers 'zooming:jitter=0' --pruners median
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.commands.arguments import add_jobs, add_results, at_least
from benchmarks.errors import UserError
from benchmarks.problems.groups import GROUPS, select_problems
from benchmarks.reports.made_by import keep_command
from benchmarks.reports.results_table import load_table, summary_lines
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import RIVALS, select_samplers, unavailable
from benchmarks.runs.cells import Task, default_tasks, run_tasks, tasks_of

DEFAULT_SEEDS = 20
DEFAULT_TRIALS = 100
_SHOWN_FAILURES = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    # argparse formats help texts with the % operator.
    groups = "; ".join(f"{name}: {meaning}" for name, meaning in GROUPS.items()).replace("%", "%%")
    parser.add_argument(
        "--problems",
        nargs="+",
        metavar="NAME",
        default=["reporting"],
        help=f"groups, names or patterns (default: reporting). Groups: {groups}",
    )
    parser.add_argument(
        "--samplers",
        nargs="+",
        metavar="NAME",
        help="names or patterns (default: most of them, slow ones with fewer seeds and "
        f"trials). Choices: {', '.join(RIVALS)}; 'zooming:constant=value,...'",
    )
    parser.add_argument(
        "--pruners",
        nargs="+",
        choices=list(PRUNERS),
        help="default: none for every sampler, the others for a few of them",
    )
    parser.add_argument("--seeds", type=at_least(1), help=f"number (default: {DEFAULT_SEEDS})")
    parser.add_argument("--trials", type=at_least(1), help=f"per study (default: {DEFAULT_TRIALS})")
    add_jobs(parser)
    add_results(parser, of="the rows")
    parser.add_argument("--fresh", action="store_true", help="run again what is already there")


def main(args: argparse.Namespace) -> int:
    tasks = _tasks(args)
    start = time.monotonic()
    failures = run_tasks(tasks, args.out, n_jobs=args.jobs, fresh=args.fresh)
    keep_command(args.out, time.monotonic() - start, [task.cell.problem for task in tasks])
    _print_summary(tasks, args.out)
    for failure in failures[:_SHOWN_FAILURES]:
        print(f"failed: {failure}", file=sys.stderr)
    if failures:
        print(f"{len(failures)} studies failed: see {args.out / 'failures.csv'}", file=sys.stderr)
    return 1 if failures else 0


def _tasks(args: argparse.Namespace) -> list[Task]:
    problems = select_problems(args.problems)
    if not problems:
        raise UserError(f"no problems in {' '.join(args.problems)}: record tables first.")
    if args.samplers is None and args.pruners is None:
        tasks = default_tasks(
            problems, n_seeds=args.seeds or DEFAULT_SEEDS, n_trials=args.trials or DEFAULT_TRIALS
        )
    else:
        tasks = tasks_of(
            problems,
            select_samplers(args.samplers or ["zooming", "tpe", "random"]),
            args.pruners or ["none"],
            n_seeds=args.seeds or DEFAULT_SEEDS,
            n_trials=args.trials or DEFAULT_TRIALS,
        )
    return _without_unavailable(tasks)


def _without_unavailable(tasks: Sequence[Task]) -> list[Task]:
    reasons = {name: unavailable(name) for name in dict.fromkeys(t.cell.sampler for t in tasks)}
    for name, reason in reasons.items():
        if reason:
            print(f"skipped: sampler {name}: {reason}", file=sys.stderr)
    return [task for task in tasks if not reasons[task.cell.sampler]]


def _print_summary(tasks: Sequence[Task], folder: Path) -> None:
    table = load_table(folder, cells=[task.cell for task in tasks])
    print("\n".join(summary_lines(table)))
