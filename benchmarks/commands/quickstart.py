"""Tune the SGD learning rate of a network on scikit-learn's digits; run it again to resume.

Real training, about a second per trial, no torch. Trials go to an SQLite file as they finish.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import optuna
from optuna.trial import FrozenTrial, TrialState

from benchmarks.errors import UserError
from benchmarks.runs.storage import open_study, storage_url
from benchmarks.training.digits import train_by_epoch
from optuna_zooming import ZoomingSampler, recommended_arm

STUDY_NAME = "quickstart"
LOWEST_RATE, HIGHEST_RATE = 1e-5, 10.0
N_EPOCHS = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of ``quickstart``."""
    parser.add_argument(
        "--trials",
        type=int,
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
        help="figure to write, .html or .png (default ./quickstart.html)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="seed of the sampler (default %(default)s)"
    )


def main(args: argparse.Namespace) -> int:
    """Run what is missing of the study, then print and draw what it found."""
    if args.trials < 1:
        raise UserError(f"--trials must be at least 1, got {args.trials}.")
    if args.figure.suffix not in (".html", ".png"):
        raise UserError(f"--figure must end in .html or .png, got {args.figure}.")
    with _quiet_optuna():
        study = open_study(
            args.storage,
            STUDY_NAME,
            sampler=ZoomingSampler(seed=args.seed),
            pruner=optuna.pruners.NopPruner(),
        )
        n_before = len(_counted_trials(study))
        _report_start(n_before, args.trials, args.storage)
        if n_before < args.trials:
            study.optimize(objective, n_trials=args.trials - n_before, show_progress_bar=True)
    _print_trials(study)
    _print_recommendation(study)
    _write_figure(study, args.figure)
    _print_where(args.storage)
    return 0


def objective(trial: optuna.Trial) -> float:
    """Validation accuracy after the last epoch; NaN if training diverged."""
    learning_rate = trial.suggest_float("lr", LOWEST_RATE, HIGHEST_RATE, log=True)
    accuracy = math.nan
    # Another seed in each trial: the noise that any real training has.
    epochs = train_by_epoch(learning_rate, n_epochs=N_EPOCHS, seed=trial.number)
    for epoch, accuracy in enumerate(epochs, start=1):
        trial.report(accuracy, epoch)
    return accuracy


def _counted_trials(study: optuna.Study) -> list[FrozenTrial]:
    """Trials that count towards ``--trials``: not those that an interruption cut short."""
    return [
        trial
        for trial in study.get_trials(deepcopy=False)
        if trial.state == TrialState.COMPLETE or _diverged(trial)
    ]


def _diverged(trial: FrozenTrial) -> bool:
    """Whether training ended in NaN, which Optuna stores as FAIL."""
    return trial.state == TrialState.FAIL and any(
        math.isnan(value) for value in trial.intermediate_values.values()
    )


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
        elif _diverged(trial):
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
    # The only use of the test set: after every choice has been made.
    *_, test_accuracy = train_by_epoch(arm.value, n_epochs=N_EPOCHS, seed=0, held_out="test")
    print(f"test accuracy at the recommended rate: {test_accuracy:.1%} (one training run)")


def _write_figure(study: optuna.Study, path: Path) -> None:
    from optuna_zooming.visualization import plot_arms

    try:
        figure = plot_arms(study, "lr")
    except ImportError as error:
        print(f"\nno figure: {error}")
        return
    if path.suffix == ".html":
        figure.write_html(path)
    else:
        figure.write_image(path, width=900, height=480, scale=2)
    print(f"\nfigure      {path}")


def _print_where(storage: str) -> None:
    print(f"study       {STUDY_NAME!r} in {storage}")
    print(f"dashboard   pip install optuna-dashboard && optuna-dashboard {storage_url(storage)}")
