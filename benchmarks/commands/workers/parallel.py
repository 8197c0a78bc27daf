"""Asynchronous workers on a simulated clock: wall-clock time to a target, and duplicates.

Time is counted in epochs: an epoch takes 1 in the mean, each trial at a pace of its own. A worker
asks for a trial while the others are running and tells it when it ends. Examples:
  python -m benchmarks parallel
  python -m benchmarks parallel --problems tuning --samplers zooming --workers 1 4 8 16
  python -m benchmarks parallel --problems tuning-joint --workers 1 2 8 --trials 100 --name several
"""

from __future__ import annotations

import argparse
import contextlib
import re
import time

from benchmarks.commands.arguments import add_jobs, add_results, at_least
from benchmarks.errors import UserError
from benchmarks.problems.groups import select_problems
from benchmarks.problems.noise import run_seed
from benchmarks.progress import progress
from benchmarks.reports.compact import save_record
from benchmarks.reports.made_by import this_command
from benchmarks.reports.pages import parallel
from benchmarks.reports.parallel import rows
from benchmarks.reports.parallel import summary as parallel_summary
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import select_samplers
from benchmarks.runs.processes import map_unordered
from benchmarks.workers.simulation import Job, simulate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--problems", nargs="+", default=["reporting"], metavar="NAME")
    parser.add_argument(
        "--samplers", nargs="+", default=["zooming", "tpe", "random", "cmaes"], metavar="NAME"
    )
    parser.add_argument("--pruner", choices=list(PRUNERS), default="none")
    parser.add_argument("--workers", nargs="+", type=at_least(1), default=[1, 4, 8], metavar="N")
    parser.add_argument("--seeds", type=at_least(1), default=10)
    parser.add_argument("--trials", type=at_least(1), default=60, help="of all workers together")
    parser.add_argument(
        "--name",
        type=_name,
        help="what the files are called after, parallel-NAME (default: the pruner)",
    )
    add_jobs(parser)
    add_results(parser, of="rows and page")


def main(args: argparse.Namespace) -> int:
    problems = select_problems(args.problems)
    if not problems:
        raise UserError(f"no problems in {' '.join(args.problems)}: record tables first.")
    jobs = [
        Job(problem, sampler, args.pruner, n_workers, run_seed(problem, seed), args.trials)
        for sampler in select_samplers(args.samplers)
        for n_workers in args.workers
        for problem in problems
        for seed in range(args.seeds)
    ]
    start = time.monotonic()
    with contextlib.closing(map_unordered(simulate, jobs, n_jobs=args.jobs)) as results:
        ran = dict(progress(results, total=len(jobs), unit="study"))
    runs = {job: ran[job] for job in jobs}
    origin = rows.origin_of_jobs(runs, this_command(time.monotonic() - start))
    name = args.name or args.pruner
    path = args.out / f"{rows.stem_of(name)}.csv.gz"
    rows.write_rows(runs, origin, path)
    # From the rows as they are saved: the page is the same whether they are old or new.
    summary = parallel_summary.summarise(*rows.read_rows(path), name=name)
    save_record(summary, args.out / f"{summary.stem}.json")
    print(parallel.write_page(summary, args.out))
    print(parallel.results_table(summary))
    print(parallel.equal_trials_table(summary))
    print(parallel.ratio_table(summary))
    return 0


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+", text):
        raise argparse.ArgumentTypeError(f"must be of a-z, 0-9 and '-', got {text!r}")
    return text
