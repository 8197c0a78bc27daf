"""Workers that die in mid-trial: what their trials, RUNNING for ever, do to later proposals.

Asynchronous workers on a simulated clock, synthetic curves with 1 % of noise. A trial dies after
its rate was suggested; a new worker takes over. Each study runs twice with the same deaths: once
nobody notices, once each is told as FAIL. Budgets count the trials that are told a value. Examples:
  python -m benchmarks deaths
  python -m benchmarks deaths --samplers zooming --rates 0 0.2 --workers 1
"""

from __future__ import annotations

import argparse
import contextlib
import time

import numpy as np

from benchmarks.commands.arguments import add_jobs, add_results, at_least
from benchmarks.errors import UserError
from benchmarks.problems.noise import run_seed
from benchmarks.progress import progress
from benchmarks.reports import stats
from benchmarks.reports.pages.deaths import deaths_page
from benchmarks.rivals.samplers import select_samplers
from benchmarks.runs.processes import map_unordered
from benchmarks.workers.dying_workers import (
    TOLD,
    UNNOTICED,
    Job,
    Key,
    Outcome,
    problems,
    simulate,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--samplers", nargs="+", default=["zooming", "tpe"], metavar="NAME")
    parser.add_argument("--workers", nargs="+", type=at_least(1), default=[1, 8], metavar="N")
    parser.add_argument(
        "--rates",
        nargs="+",
        type=float,
        default=[0.0, 0.2, 0.35, 0.6],
        metavar="SHARE",
        help="share of the trials that die",
    )
    parser.add_argument("--seeds", type=at_least(2), default=40, help="of each problem")
    parser.add_argument("--trials", type=at_least(1), default=40, help="that are told a value")
    add_jobs(parser)
    add_results(parser, of="deaths.md")


def main(args: argparse.Namespace) -> int:
    if not all(0 <= rate < 1 for rate in args.rates):
        raise UserError(f"--rates must lie in [0, 1), got {' '.join(map(str, args.rates))}.")
    started = time.monotonic()
    keys = [
        Key(sampler, n_workers, rate, fate)
        for sampler in select_samplers(args.samplers)
        for n_workers in dict.fromkeys(args.workers)
        for rate in dict.fromkeys(args.rates)
        for fate in ((UNNOTICED, TOLD) if rate else (TOLD,))
    ]
    jobs = {
        (key, problem, seed): Job(problem, *key, seed=run_seed(problem, seed), n_trials=args.trials)
        for key in keys
        for problem in problems()
        for seed in range(args.seeds)
    }
    every = list(jobs.values())
    with contextlib.closing(map_unordered(simulate, every, n_jobs=args.jobs)) as results:
        outcomes = dict(progress(results, total=len(every), unit="study"))
    regret = {key: regrets([outcomes[jobs[at]] for at in jobs if at[0] == key]) for key in keys}
    page = deaths_page(regret, args.trials, seconds=time.monotonic() - started)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "deaths.md").write_text(page + "\n")
    print(page)
    return 0


def regrets(outcomes: list[Outcome]) -> stats.Floats:
    """(n_problems, n_seeds, 2): late proposals and best trial, in percent."""
    return 100 * np.array(outcomes, dtype=np.float64).reshape(len(problems()), -1, 2)
