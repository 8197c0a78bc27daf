"""The quickstart's problem: a network on scikit-learn's digits, trained for real; no torch."""

from __future__ import annotations

import math

import optuna
from optuna.trial import FrozenTrial, TrialState

from benchmarks.training.digits import train_by_epoch

LOWEST_RATE, HIGHEST_RATE = 1e-5, 10.0
N_EPOCHS = 15


def objective(trial: optuna.Trial) -> float:
    """Validation accuracy after the last epoch; NaN if training diverged."""
    learning_rate = trial.suggest_float("lr", LOWEST_RATE, HIGHEST_RATE, log=True)
    accuracy = math.nan
    # Another seed in each trial: the noise that any real training has.
    epochs = train_by_epoch(learning_rate, n_epochs=N_EPOCHS, seed=trial.number)
    for epoch, accuracy in enumerate(epochs, start=1):
        trial.report(accuracy, epoch)
    return accuracy


def accuracy_on_test(learning_rate: float) -> float:
    """Of one more network. The only use of the test set: after every choice has been made."""
    *_, accuracy = train_by_epoch(learning_rate, n_epochs=N_EPOCHS, seed=0, held_out="test")
    return accuracy


def finished(study: optuna.Study) -> list[FrozenTrial]:
    """Trials that were trained to their end, not those that an interruption cut short."""
    return [
        trial
        for trial in study.get_trials(deepcopy=False)
        if trial.state == TrialState.COMPLETE or diverged(trial)
    ]


def diverged(trial: FrozenTrial) -> bool:
    """Whether training ended in NaN, which Optuna stores as FAIL."""
    return trial.state == TrialState.FAIL and any(
        math.isnan(value) for value in trial.intermediate_values.values()
    )
