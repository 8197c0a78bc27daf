"""Tune the SGD learning rate of a network on scikit-learn's digits; run it again to resume.

Real training, about a second per trial, no torch. Trials go to an SQLite file as they finish.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import optuna
from optuna.trial import TrialState

from benchmarks.commands.arguments import at_least
from benchmarks.problems.digits import (
    HIGHEST_RATE,
    LOWEST_RATE,
    accuracy_on_test,
    diverged,
    finished,
    objective,
)
from benchmarks.reports.drawing.figure_file import check_figure_file, write_figure
from benchmarks.runs.storage import open_study, storage_url
from optuna_zooming import ZoomingSampler, recommended_arm
from optuna_zooming.visualization import plot_arms

STUDY_NAME = "quickstart"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--trials",
        type=at_least(1),
        default=15,
        help="finished trials the study shall have in the end; raise it to go on (default 15)",
    )
    parser.add_argument(
        "--storage",
        default="quickstart.db",
        help="SQLite file or storage URL (default ./quickstart.db)",
    )
    parser.add_argument(
        "--figure",
        type=Path,
        default=Path("quickstart.html"),
        help="figure to write: .html, or with kaleido .png, .svg, .pdf (default ./quickstart.html)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="seed of the sampler (default %(default)s)"
    )


def main(args: argparse.Namespace) -> int:
    """Run what is missing of the study, then print and draw what it found."""
    # Before training: nobody is to wait for a figure that cannot be written.
    check_figure_file(args.figure)
    with _quiet_optuna():
        study = open_study(
            args.storage,
            STUDY_NAME,
            sampler=ZoomingSampler(seed=args.seed),
            pruner=optuna.pruners.NopPruner(),
        )
        n_before = len(finished(study))
        _report_start(n_before, args.trials, args.storage)
        if n_before < args.trials:
            study.optimize(objective, n_trials=args.trials - n_before, show_progress_bar=True)
    _print_trials(study)
    _print_recommendation(study)
    write_figure(plot_arms(study, "lr"), args.figure)
    print(f"\nfigure      {args.figure}")
    _print_where(args.storage)
    return 0


@contextmanager
def _quiet_optuna() -> Iterator[None]:
    """Leave the terminal to the progress bar."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)


def _report_start(n_before: int, n_wanted: int, storage: str) -> None:
    if n_before >= n_wanted:
        print(
            f"{storage} holds {n_before} finished trials already; "
            f"add more with --trials {n_before + 10}, or start afresh with another --storage."
        )
    elif n_before > 0:
        print(f"Resuming {storage}: {n_before} of {n_wanted} trials are finished.")
    else:
        print(f"Tuning the learning rate, {LOWEST_RATE:g} to {HIGHEST_RATE:g}, on digits.")


def _print_trials(study: optuna.Study) -> None:
    print(f"\n{'trial':>5}  {'learning rate':>13}  validation accuracy")
    for trial in study.get_trials(deepcopy=False):
        if "lr" not in trial.params:
            continue
        if trial.value is not None:
            outcome = f"{trial.value:6.1%}"
        elif diverged(trial):
            outcome = "diverged to NaN"
        else:
            outcome = f"not finished ({trial.state.name})"
        print(f"{trial.number:5}  {trial.params['lr']:13.3g}  {outcome}")


def _print_recommendation(study: optuna.Study) -> None:
    arm = recommended_arm(study, "lr")
    low, high = arm.interval
    print(
        f"\nrecommended learning rate {arm.value:.3g}: validation accuracy {arm.mean:.1%}, "
        f"95 % interval {low:.1%} to {high:.1%}"
    )
    if any(trial.state == TrialState.COMPLETE for trial in study.get_trials(deepcopy=False)):
        best = study.best_trial
        print(
            f"study.best_trial          {best.params['lr']:.3g}: validation accuracy "
            f"{best.value:.1%} (one trial, the luckiest of {len(study.trials)})"
        )
    test_accuracy = accuracy_on_test(arm.value)
    print(f"test accuracy at the recommended rate: {test_accuracy:.1%} (one training run)")


def _print_where(storage: str) -> None:
    print(f"study       {STUDY_NAME!r} in {storage}")
    print(f"dashboard   pip install optuna-dashboard && optuna-dashboard {storage_url(storage)}")
