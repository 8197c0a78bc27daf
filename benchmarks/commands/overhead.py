"""Time that a sampler, or a pruner, itself takes per trial in a study with so many trials already.

An in-memory study. A sampler's trial is ask, suggest and tell; what the reports of a trial take
is left out. A pruner's trial is should_prune after each of its reports. Examples:
  python -m benchmarks overhead
  python -m benchmarks overhead --samplers zooming tpe gp --trials 100 300
  python -m benchmarks overhead --trials 1000 10000 30000 --reports 100 --pruned 0.5
  python -m benchmarks overhead --trials 100 1000 --reports 2000 --pruner zooming median
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

import numpy as np
import optuna
from optuna.trial import TrialState

from benchmarks.commands.counts import at_least
from benchmarks.errors import UserError
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import rival, select_samplers
from benchmarks.workers.prefilled import (
    Shape,
    learning_curve,
    prefilled_study,
    search_space,
    value_at,
)

BASELINES = ("random", "tpe")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--samplers", nargs="+", default=["random", "tpe", "zooming"], metavar="NAME"
    )
    parser.add_argument(
        "--pruner", nargs="+", choices=list(PRUNERS), help="time these, and no sampler"
    )
    parser.add_argument(
        "--trials",
        nargs="+",
        type=int,
        default=[100, 1_000, 10_000],
        help="finished trials in the study before the clock starts",
    )
    parser.add_argument("--reports", type=at_least(0), default=0, help="per trial (default: 0)")
    parser.add_argument(
        "--pruned",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="of the finished trials; if any, every second timed trial is pruned too (default: 0)",
    )
    parser.add_argument(
        "--parameters",
        type=at_least(1),
        default=1,
        help="the learning rate, then others of every kind (default: 1)",
    )
    parser.add_argument(
        "--repeats",
        type=at_least(1),
        default=200,
        help="most trials (with --pruner: calls a trial) timed for a figure",
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="longest timing for a figure")


def main(args: argparse.Namespace) -> int:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    shape = Shape(args.reports, args.pruned, args.parameters)
    if not 0 <= shape.pruned <= 1:
        raise UserError(f"--pruned must lie in [0, 1], got {shape.pruned:g}.")
    if shape.reports == 0 and (shape.pruned or args.pruner):
        raise UserError("only trials that report are pruned: give --reports as well.")
    if args.pruner:
        # The first line is what should_prune takes without a pruner.
        names = list(dict.fromkeys(["none", *args.pruner]))

        def seconds(name: str, n_finished: int) -> float:
            return _median_pruner_seconds(name, n_finished, shape, args.repeats)

        _print_table(f"should_prune, {shape.reports:,} reports", names, args.trials, seconds)
        return 0

    def median(name: str, n_finished: int) -> float:
        return _median_seconds(name, n_finished, shape, args.repeats, args.seconds)

    _print_table("sampler", select_samplers(args.samplers), args.trials, median)
    return 0


def _print_table(
    title: str,
    names: Sequence[str],
    sizes: Sequence[int],
    seconds: Callable[[str, int], float],
) -> None:
    """Milliseconds per trial of each name at each size, and how many times the baselines'."""
    bases = [name for name in ("none", *BASELINES) if name in names]
    width = max(18, len(title) + 2)
    ratios = "".join(f"{f'to {name}':>12}" for name in bases)
    print(f"{'finished trials':>16}  {title:{width}}{'ms per trial':>14}{ratios}")
    for n_finished in sizes:
        milliseconds = {name: 1000 * seconds(name, n_finished) for name in names}
        for name, own in milliseconds.items():
            to = [f"{own / milliseconds[base]:12.2f}" for base in bases]
            print(f"{n_finished:16,}  {name:{width}}{own:14.3f}{''.join(to)}")


def _median_seconds(
    sampler: str, n_finished: int, shape: Shape, repeats: int, limit: float
) -> float:
    """Median over the timed trials; the first, which fills caches, is not among them."""
    study = prefilled_study(rival(sampler).make(0), n_finished, shape)
    _sampler_seconds(study, shape, pruned=False)
    times: list[float] = []
    started = time.perf_counter()
    while len(times) < repeats and (len(times) < 3 or time.perf_counter() - started < limit):
        pruned = shape.pruned > 0 and len(times) % 2 == 1
        times.append(_sampler_seconds(study, shape, pruned=pruned))
    return float(np.median(times))


def _sampler_seconds(study: optuna.Study, shape: Shape, *, pruned: bool) -> float:
    """Seconds for ask, suggest and tell; the reports between them are not counted."""
    space = search_space(shape.parameters)
    start = time.perf_counter()
    trial = study.ask(space)
    asked = time.perf_counter()
    value = value_at(trial.params["lr"])
    curve = learning_curve(value, shape.reports, np.random.default_rng((1, trial.number)))
    for step, report in enumerate(curve[: len(curve) // 2 + 1] if pruned else curve):
        trial.report(report, step)
    ended = time.perf_counter()
    if pruned:
        study.tell(trial, state=TrialState.PRUNED)
    else:
        study.tell(trial, value)
    return asked - start + time.perf_counter() - ended


def _median_pruner_seconds(pruner: str, n_finished: int, shape: Shape, calls: int) -> float:
    """Median over three trials; one more before them fills caches."""
    study = prefilled_study(rival("random").make(0), n_finished, shape, PRUNERS[pruner]())
    times = [_pruner_seconds(study, shape, calls) for _ in range(4)]
    return float(np.median(times[1:]))


def _pruner_seconds(study: optuna.Study, shape: Shape, calls: int) -> float:
    """Seconds of should_prune after every report of a trial that stays among the best.

    It is called after at most ``calls`` of them, and their mean stands for the others; but the
    first call alone for itself, since it may read what has ended since the last trial.
    """
    trial = study.ask(search_space(shape.parameters))
    curve = learning_curve(1.0, shape.reports, np.random.default_rng((1, trial.number)))
    asked = set(np.linspace(0, len(curve) - 1, min(calls, len(curve))).astype(int).tolist())
    times = []
    for step, report in enumerate(curve):
        trial.report(report, step)
        if step in asked:
            start = time.perf_counter()
            trial.should_prune()
            times.append(time.perf_counter() - start)
    study.tell(trial, curve[-1])
    return times[0] + (len(curve) - 1) * float(np.mean(times[1:] or [0.0]))
