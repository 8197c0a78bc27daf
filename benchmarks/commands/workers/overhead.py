"""Time that a sampler, or a pruner, itself takes per trial in a study with so many trials already.

An in-memory study. A sampler's trial is ask, suggest and tell; what the reports of a trial take
is left out. A pruner's trial is should_prune after each of its reports. Examples:
  python -m benchmarks overhead
  python -m benchmarks overhead --samplers zooming tpe gp --trials 100 300
  python -m benchmarks overhead --trials 1000 10000 30000 --reports 100 --pruned 0.5
  python -m benchmarks overhead --parameters 6 --mean
  python -m benchmarks overhead --trials 100 1000 --reports 2000 --pruner zooming median
  python -m benchmarks overhead --imports
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import optuna

from benchmarks.commands.arguments import at_least
from benchmarks.errors import UserError
from benchmarks.progress import progress
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import select_samplers
from benchmarks.workers.importing import STATEMENTS, ImportSeconds, import_seconds
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
    parser.add_argument(
        "--imports",
        type=at_least(1),
        nargs="?",
        const=30,
        metavar="N",
        help="time importing the package, in N fresh processes each (default: 30), and no sampler",
    )


def main(args: argparse.Namespace) -> int:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    if args.imports:
        _print_imports(args.imports)
        return 0
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
    print(f"{'finished trials':>16}  {title:{width}}{'ms per trial':>14}{ratios}", flush=True)
    with progress(total=len(sizes) * len(names), unit="figure") as bar:
        for n_finished in sizes:
            milliseconds = {}
            for name in names:
                milliseconds[name] = 1000 * seconds(name, n_finished)
                bar.update()
            for name, own in milliseconds.items():
                to = [f"{own / milliseconds[base]:12.2f}" for base in bases]
                line = f"{n_finished:16,}  {name:{width}}{own:14.3f}{''.join(to)}"
                # Not into the middle of the bar.
                bar.write(line)


def _print_imports(rounds: int) -> None:
    """Milliseconds that Optuna's import takes, and what each of our statements adds to that."""
    found: dict[str, list[ImportSeconds]] = defaultdict(list)
    total = rounds * len(STATEMENTS)
    for statement, seconds in progress(import_seconds(rounds), total=total, unit="process"):
        found[statement].append(seconds)
    print(f"{f'{rounds} fresh processes each':54}{'ms, median':>12}{'middle half':>16}")
    print(_line("import optuna", [each.optuna for made in found.values() for each in made]))
    print("above that, once it is imported:")
    for statement in STATEMENTS:
        print(_line(f"  {statement}", [each.above for each in found[statement]]))


def _line(title: str, seconds: Sequence[float]) -> str:
    low, median, high = 1000 * np.percentile(seconds, [25, 50, 75])
    return f"{title:54}{median:12.1f}{f'{low:.1f} to {high:.1f}':>16}"
