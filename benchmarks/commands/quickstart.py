"""Tune the SGD learning rate of a network on scikit-learn's digits; run it again to resume.

Real training, about a second per trial, no torch. Trials go to an SQLite file as they finish, and
optuna-dashboard shows what the sampler makes of them meanwhile.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import optuna

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
from optuna_zooming import ZoomingDashboard, ZoomingSampler, explain
from optuna_zooming._logging import only_errors
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
    with only_errors():
        study = open_study(
            args.storage,
            STUDY_NAME,
            sampler=ZoomingSampler(seed=args.seed),
            pruner=optuna.pruners.NopPruner(),
        )
        n_before = len(finished(study))
        _report_start(n_before, args.trials, args.storage)
        if n_before < args.trials:
            study.optimize(
                objective,
                n_trials=args.trials - n_before,
                callbacks=[ZoomingDashboard()],
                show_progress_bar=True,
            )
    _print_trials(study)
    print(f"\n{explain(study)}")
    _print_test_accuracy(study)
    write_figure(plot_arms(study, "lr", target_name="validation accuracy"), args.figure)
    _print_where(args.storage, args.figure)
    return 0


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


def _print_test_accuracy(study: optuna.Study) -> None:
    recommended = explain(study).recommended
    if recommended is not None:
        accuracy = accuracy_on_test(recommended.params["lr"])
        print(f"Test accuracy with it: {accuracy:.1%} (one training run).")


def _print_where(storage: str, figure: Path) -> None:
    url = storage_url(storage)
    print(f"\nfigure      {figure}")
    print(f"study       {STUDY_NAME!r} in {storage}")
    print(f"dashboard   optuna-dashboard {url}")
    print(f"report      optuna-zooming report {url}")
