"""Time that a sampler, or a pruner, itself takes per trial in a study with so many trials already.

An in-memory study. A sampler's trial is ask, suggest and tell; what the reports of a trial take
is left out. A pruner's trial is should_prune after each of its reports. Examples:
  python -m benchmarks overhead
  python -m benchmarks overhead --samplers zooming tpe gp --trials 100 300
  python -m benchmarks overhead --trials 1000 10000 30000 --reports 100 --pruned 0.5
  python -m benchmarks overhead --parameters 6 --mean
  python -m benchmarks overhead --trials 100 1000 --reports 2000 --pruner zooming median
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import optuna

from benchmarks.commands.arguments import at_least
from benchmarks.errors import UserError
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import select_samplers
from benchmarks.workers.overhead import median_pruner_seconds, seconds_per_trial
from benchmarks.workers.prefilled import Shape

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
    parser.add_argument(
        "--mean",
        action="store_true",
        help="mean over the timed trials, not the median: with what is done only now and then",
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
            return median_pruner_seconds(name, n_finished, shape, args.repeats)

        _print_table(f"should_prune, {shape.reports:,} reports", names, args.trials, seconds)
        return 0

    def per_trial(name: str, n_finished: int) -> float:
        return seconds_per_trial(
            name, n_finished, shape, args.repeats, args.seconds, mean=args.mean
        )

    _print_table("sampler", select_samplers(args.samplers), args.trials, per_trial)
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
