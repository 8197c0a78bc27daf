"""Run samplers with training inside the objective, then report test accuracy.

Each (sampler, seed) is a study in --storage; its result is a row in --out. An interrupted
command continues where it stopped. The learning-rate range test is a rival without a study.

Examples:
  python -m benchmarks live digits-mlp --trials 5 --seeds 1
  python -m benchmarks live cifar10-cnn --samplers zooming tpe range-test --pruner hyperband
"""

from __future__ import annotations

import argparse
import math
import platform
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import optuna
import torch
from optuna.trial import FrozenTrial, TrialState
from tqdm import tqdm

from benchmarks.commands.record import pick_device
from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import RIVALS, rival, select_samplers
from benchmarks.runs.live_rows import LiveResult, LiveRun, append_result, read_results
from benchmarks.runs.storage import open_study
from benchmarks.training.live import (
    HIGHEST_RATE,
    LIVE_PROBLEMS,
    LOWEST_RATE,
    N_FINAL_NETWORKS,
    LiveTask,
    prepare,
)
from benchmarks.training.rate_sweep import suggest_rate
from optuna_zooming import recommended_arm

RANGE_TEST = "range-test"
DEFAULT_SAMPLERS = ["zooming", "tpe", "random", RANGE_TEST]
RANGE_TEST_STEPS = 100  # at least; otherwise one epoch
RESUME_STRIDE = 1_000_003
ROWS = RESULTS / "live.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of ``live``."""
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
    parser.add_argument("--trials", type=_positive, default=15, help="per study (default 15)")
    parser.add_argument("--epochs", type=_positive, help="per trial (default: the problem's own)")
    parser.add_argument("--seeds", type=_positive, default=3, help="number (default 3)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--data-dir", type=Path, help="folder with mnist.npz or cifar10.npz")
    parser.add_argument("--storage", default="live.db", help="SQLite file or URL of the studies")
    parser.add_argument("--out", type=Path, default=RESULTS, help="CSV file of the rows")


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
    finished = read_results(args.out)
    missing = [run for run in runs if run not in finished]
    with tqdm(total=sum(run.trials for run in missing), unit="trial") as bar:
        for run in missing:
            bar.set_description(f"{run.sampler}, seed {run.seed}")
            finished[run] = _make_run(run, task, args.storage, bar)
            append_result(args.out, run, finished[run])
    _print_results(runs, finished)
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
    """Samplers that propose to a study; "one epoch, keep the top k" is a schedule of its own."""
    return [name for name, each in RIVALS.items() if each.top_k is None]


def _select(names: Sequence[str]) -> list[str]:
    chosen = select_samplers([name for name in names if name != RANGE_TEST])
    for name in chosen:
        if rival(name).top_k is not None:
            raise UserError(
                f"--samplers {name} runs on recorded curves only (python -m benchmarks compare); "
                f"choose from {RANGE_TEST}, {', '.join(_live_rivals())}."
            )
    return chosen + [RANGE_TEST] * (RANGE_TEST in names)


def _make_run(run: LiveRun, task: LiveTask, storage: str, bar: tqdm) -> LiveResult:
    if run.sampler == RANGE_TEST:
        return _range_test(run, task)
    study = _optimise(run, task, storage, bar)
    rate, accuracy, low, high = _recommendation(study, run.sampler)
    trials = study.get_trials(deepcopy=False)
    return _result(
        run,
        task,
        rate,
        validation=(accuracy, low, high),
        epochs_spent=sum(len(trial.intermediate_values) for trial in trials),
        seconds=sum(trial.duration.total_seconds() for trial in trials if trial.duration),
    )


def _range_test(run: LiveRun, task: LiveTask) -> LiveResult:
    """One sweep of the rate in a short training, and the rate its losses suggest."""
    n_steps = max(task.batches_per_epoch, RANGE_TEST_STEPS)
    rates = np.geomspace(LOWEST_RATE, HIGHEST_RATE, n_steps)
    start = time.perf_counter()
    rate = suggest_rate(rates, task.sweep_losses(rates, run.seed))
    seconds = time.perf_counter() - start
    epochs = math.ceil(n_steps / task.batches_per_epoch)
    return _result(run, task, rate, epochs_spent=epochs, seconds=seconds)


def _optimise(run: LiveRun, task: LiveTask, storage: str, bar: tqdm) -> optuna.Study:
    with warnings.catch_warnings():
        # HyperbandPruner and a few samplers call themselves experimental.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        pruner = PRUNERS[run.pruner]()
        study = open_study(
            storage, run.study_name, sampler=rival(run.sampler).make(run.seed), pruner=pruner
        )
        n_done = len(_done(study))
        if n_done > run.trials:
            raise UserError(
                f"--storage {storage} holds {n_done} trials of {run.study_name!r}, more than "
                f"--trials {run.trials}; ask for at least {n_done} or name another storage."
            )
        if n_done > 0:
            # Several samplers draw from the seed alone: resumed, they would repeat themselves.
            study.sampler = rival(run.sampler).make(run.seed + RESUME_STRIDE * n_done)
        bar.update(n_done)
        study.optimize(
            task.objective(run.seed),
            n_trials=run.trials - n_done,
            callbacks=[lambda study, trial: bar.update() and None],
        )
    return study


def _done(study: optuna.Study) -> list[FrozenTrial]:
    """Trials that count: not those that an interruption cut short."""
    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))


def _recommendation(study: optuna.Study, sampler: str) -> tuple[float, float, float, float]:
    """Learning rate, accuracy expected of it, and that mean's interval where there is one."""
    if rival(sampler).recommends:
        arm = recommended_arm(study, "lr")
        return float(arm.value), arm.mean, *arm.interval
    best = study.best_trial
    assert best.value is not None
    return best.params["lr"], best.value, math.nan, math.nan


def _result(
    run: LiveRun,
    task: LiveTask,
    rate: float,
    *,
    validation: tuple[float, float, float] = (math.nan, math.nan, math.nan),
    epochs_spent: int,
    seconds: float,
) -> LiveResult:
    on_gpu = run.device == "cuda"
    return LiveResult(
        learning_rate=rate,
        validation_accuracy=validation[0],
        interval_low=validation[1],
        interval_high=validation[2],
        test_accuracy=task.test_accuracy(rate, run.seed),
        n_final=N_FINAL_NETWORKS,
        epochs_spent=epochs_spent,
        seconds=round(seconds, 3),
        hardware=torch.cuda.get_device_name()
        if on_gpu
        else platform.processor() or platform.machine(),
        torch=torch.__version__,
    )


def _print_results(runs: Sequence[LiveRun], results: dict[LiveRun, LiveResult]) -> None:
    print(
        f"\n{'sampler':18}{'seed':>5}{'rate':>10}{'validation':>12}{'test':>8}{'epochs':>8}{'s':>8}"
    )
    for run in sorted(runs, key=lambda run: (run.sampler, run.seed)):
        result = results[run]
        print(
            f"{run.sampler:18}{run.seed:5}{result.learning_rate:10.3g}"
            f"{_percent(result.validation_accuracy):>12}{_percent(result.test_accuracy):>8}"
            f"{result.epochs_spent:8}{result.seconds:8.1f}"
        )
    print(f"test: mean of {N_FINAL_NETWORKS} networks trained at the recommended rate")


def _percent(fraction: float) -> str:
    return "-" if math.isnan(fraction) else f"{fraction:.2%}"


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be a positive whole number, got {text!r}")
    return number
