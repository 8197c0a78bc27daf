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
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from benchmarks.commands.counts import at_least
from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.problems.noise import run_seed
from benchmarks.reports import stats
from benchmarks.reports.provenance import made_by
from benchmarks.reports.tables import markdown
from benchmarks.rivals.samplers import select_samplers
from benchmarks.runs.processes import map_unordered
from benchmarks.workers.dying_workers import (
    NOISE,
    TOLD,
    UNNOTICED,
    Job,
    Outcome,
    n_late,
    problems,
    simulate,
)


class Key(NamedTuple):
    """Studies that differ in problem and seed only."""

    sampler: str
    n_workers: int
    rate: float
    fate: str


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
    parser.add_argument("--jobs", type=at_least(1), help="processes (default: one per core)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of deaths.md")


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
        outcomes = dict(tqdm(results, total=len(every), unit="study", mininterval=1))
    regret = {key: regrets([outcomes[jobs[at]] for at in jobs if at[0] == key]) for key in keys}
    page = report(regret, args.trials, seconds=time.monotonic() - started)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "deaths.md").write_text(page + "\n")
    print(page)
    return 0


def regrets(outcomes: list[Outcome]) -> stats.Floats:
    """(n_problems, n_seeds, 2): late proposals and best trial, in percent."""
    return 100 * np.array(outcomes, dtype=np.float64).reshape(len(problems()), -1, 2)


def report(
    regret: Mapping[Key, stats.Floats], n_trials: int, *, seconds: float | None = None
) -> str:
    """The page: what deaths do, and what workers do."""
    n_problems, n_seeds, _ = next(iter(regret.values())).shape
    late = f"last {n_late(n_trials)} proposals"
    return "\n\n".join(
        [
            "# Workers that die",
            f"Mean regret in percent of the range once {n_trials} trials were told a value, with "
            f"95 % intervals over {n_problems} x {n_seeds} studies (synthetic curves, "
            f"{100 * NOISE:g} % noise): of the {late} that were told, and of the best trial. A "
            "trial that dies has had its learning rate suggested and reports nothing; it stays "
            "RUNNING for ever, or is told as FAIL when it dies. Both studies meet the same deaths.",
            markdown(_head(["workers", "trials that die"], late, TOLD, UNNOTICED), _deaths(regret)),
            "## Workers side by side, at equal numbers of trials",
            markdown(
                _head(["trials that die", "what becomes of them"], late, "1 worker", "together"),
                _workers(regret),
            ),
            "## How this was made",
            made_by("noise-1pct/0", seconds=seconds),
        ]
    )


def _head(where: list[str], late: str, first: str, second: str) -> list[str]:
    figures = [f"{merit}: {what}" for merit in (late, "best trial") for what in (first, second)]
    return ["sampler", *where, *figures[:2], "difference", *figures[2:], "difference"]


def _deaths(regret: Mapping[Key, stats.Floats]) -> Iterator[list[str]]:
    for key, told in regret.items():
        if key.fate == TOLD:
            cells = _compared(told, regret.get(key._replace(fate=UNNOTICED)))
            yield [key.sampler, str(key.n_workers), f"{100 * key.rate:g} %", *cells]


def _workers(regret: Mapping[Key, stats.Floats]) -> Iterator[list[str]]:
    for key, together in regret.items():
        alone = regret.get(key._replace(n_workers=1))
        if key.n_workers > 1 and alone is not None:
            name = f"{key.sampler}, {key.n_workers} workers"
            fate = key.fate if key.rate else ""
            yield [name, f"{100 * key.rate:g} %", fate, *_compared(alone, together)]


def _compared(first: stats.Floats, second: stats.Floats | None) -> list[str]:
    """Cells (first, second, second - first) of late proposals, then of the best trial."""
    one = _cells(first)
    if second is None:
        return [one[0], "", "", one[1], "", ""]
    other, apart = _cells(second), _cells(second - first, sign="+")
    return [one[0], other[0], apart[0], one[1], other[1], apart[1]]


def _cells(values: stats.Floats, *, sign: str = "") -> list[str]:
    low, high = stats.stratified_bootstrap(values, stats.mean_over_runs, np.random.default_rng(0))
    return [
        f"{mean:{sign}.2f} <sub>{a:{sign}.2f} to {b:{sign}.2f}</sub>"
        for mean, a, b in zip(stats.mean_over_runs(values), low, high)
    ]
