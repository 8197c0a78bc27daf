"""Run samplers with training inside the objective, then report test accuracy.

Each (sampler, seed) is a study in --storage; its result is a row in --out. An interrupted
command continues where it stopped; rows that other code made are made anew. The learning-rate
range test is a rival without a study.

Examples:
  python -m benchmarks live digits-mlp --trials 5 --seeds 1
  python -m benchmarks live cifar10-cnn --samplers zooming tpe range-test --pruner hyperband
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import optuna

from benchmarks.commands.arguments import add_device, at_least
from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.progress import progress
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import RIVALS, rival, select_samplers
from benchmarks.runs.live import RANGE_TEST, code_of_run, run_live
from benchmarks.runs.live_rows import LiveRow, LiveRun, read_rows, save_row
from benchmarks.training.devices import pick_device
from benchmarks.training.live import LIVE_PROBLEMS, N_FINAL_NETWORKS, LiveTask, prepare

DEFAULT_SAMPLERS = ["zooming", "tpe", "random", RANGE_TEST]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "problem", choices=list(LIVE_PROBLEMS), metavar="problem", help=", ".join(LIVE_PROBLEMS)
    )
    parser.add_argument(
        "--samplers",
        nargs="+",
        metavar="NAME",
        default=DEFAULT_SAMPLERS,
        help=f"default: {' '.join(DEFAULT_SAMPLERS)}. "
        f"Choices: {RANGE_TEST}, {', '.join(_live_rivals())}",
    )
    parser.add_argument("--pruner", choices=list(PRUNERS), default="median", help="default: median")
    parser.add_argument("--trials", type=at_least(1), default=15, help="per study (default 15)")
    parser.add_argument("--epochs", type=at_least(1), help="per trial (default: the problem's own)")
    parser.add_argument("--seeds", type=at_least(1), default=3, help="number (default 3)")
    add_device(parser)
    parser.add_argument("--data-dir", type=Path, help="folder with mnist.npz or cifar10.npz")
    parser.add_argument("--storage", default="live.db", help="SQLite file or URL of the studies")
    parser.add_argument(
        "--out", type=Path, default=RESULTS / "live.csv", help="CSV file of the rows"
    )


def main(args: argparse.Namespace) -> int:
    """Make the runs that have no row yet, then print the rows of all runs asked for."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers = _select(args.samplers)
    task = prepare(
        args.problem,
        n_epochs=args.epochs,
        device=pick_device(args.device),
        folder=args.data_dir,
    )
    runs = [_run(args, task, sampler, seed) for seed in range(args.seeds) for sampler in samplers]
    rows = read_rows(args.out)
    other_code = {run: changes for run in runs if (changes := _changes(run, rows))}
    for run, changes in other_code.items():
        print(f"made by other code, run again: {run} ({', '.join(changes)})", file=sys.stderr)
    missing = [run for run in runs if run not in rows or run in other_code]
    with progress(total=sum(run.trials for run in missing), unit="trial") as bar:
        for run in missing:
            bar.set_description(f"{run.sampler}, seed {run.seed}")
            rows[run] = LiveRow(code_of_run(run), run_live(run, task, args.storage, bar.update))
            save_row(args.out, run, rows[run])
    _print_results(runs, rows)
    print(f"\nrows     {args.out}\nstudies  {args.storage}")
    return 0


def _run(args: argparse.Namespace, task: LiveTask, sampler: str, seed: int) -> LiveRun:
    is_range_test = sampler == RANGE_TEST
    return LiveRun(
        problem=args.problem,
        sampler=sampler,
        # One sweep, whatever the studies do.
        pruner="none" if is_range_test else args.pruner,
        seed=seed,
        trials=1 if is_range_test else args.trials,
        epochs=task.recipe.n_epochs,
        device=task.device,
    )


def _live_rivals() -> list[str]:
    """Samplers that propose to a study, whatever becomes of it."""
    return [name for name, each in RIVALS.items() if not each.is_procedure]


def _select(names: Sequence[str]) -> list[str]:
    chosen = select_samplers([name for name in names if name != RANGE_TEST])
    for name in chosen:
        if rival(name).is_procedure:
            raise UserError(
                f"--samplers {name} runs on recorded curves only (python -m benchmarks compare); "
                f"choose from {RANGE_TEST}, {', '.join(_live_rivals())}."
            )
    return chosen + [RANGE_TEST] * (RANGE_TEST in names)


def _changes(run: LiveRun, rows: Mapping[LiveRun, LiveRow]) -> list[str]:
    """What the run's row, if there is one, was made by that is another one now."""
    if run not in rows:
        return []
    here, there = vars(code_of_run(run)), vars(rows[run].code)
    return [f"{name} {there[name] or 'unknown'}" for name in here if here[name] != there[name]]


def _print_results(runs: Sequence[LiveRun], rows: Mapping[LiveRun, LiveRow]) -> None:
    print(
        f"\n{'sampler':18}{'seed':>5}{'rate':>10}{'validation':>12}{'test':>8}{'epochs':>8}{'s':>8}"
    )
    for run in sorted(runs, key=lambda run: (run.sampler, run.seed)):
        result = rows[run].result
        print(
            f"{run.sampler:18}{run.seed:5}{result.learning_rate:10.3g}"
            f"{_percent(result.validation_accuracy):>12}{_percent(result.test_accuracy):>8}"
            f"{result.epochs_spent:8}{result.seconds:8.1f}"
        )
    print(f"test: mean of {N_FINAL_NETWORKS} networks trained at the recommended rate")


def _percent(fraction: float) -> str:
    return "-" if math.isnan(fraction) else f"{fraction:.2%}"
