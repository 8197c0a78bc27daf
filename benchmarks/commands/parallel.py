"""Asynchronous workers on a simulated clock: wall-clock time to a target, and duplicates.

Time is counted in epochs: an epoch takes 1 in the mean, each trial at a pace of its own. A worker
asks for a trial while the others are running and tells it when it ends. Examples:
  python -m benchmarks parallel
  python -m benchmarks parallel --problems tuning --samplers zooming --workers 1 4 8 16
"""

from __future__ import annotations

import argparse
import contextlib
import time

from tqdm import tqdm

from benchmarks.commands.arguments import add_jobs, add_results, at_least
from benchmarks.errors import UserError
from benchmarks.problems.groups import select_problems
from benchmarks.problems.noise import run_seed
from benchmarks.reports.compact import save_record
from benchmarks.reports.made_by import this_command
from benchmarks.reports.pages import parallel
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
        ran = dict(tqdm(results, total=len(jobs), unit="study", mininterval=1))
    runs = {job: ran[job] for job in jobs}
    origin = parallel.origin_of_jobs(runs, this_command(time.monotonic() - start))
    parallel.write_rows(runs, origin, args.out / f"parallel-{args.pruner}.csv.gz")
    # From the rows as they are saved: the page is the same whether they are old or new.
    summary = parallel.summarise(*parallel.read_rows(args.out / f"parallel-{args.pruner}.csv.gz"))
    save_record(summary, args.out / f"{summary.stem}.json")
    print(parallel.write_page(summary, args.out))
    print(parallel.results_table(summary))
    return 0
