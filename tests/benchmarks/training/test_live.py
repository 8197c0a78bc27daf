"""Live problems: training inside the objective, and the sweep of the rate."""

from __future__ import annotations

import numpy as np
import optuna
import pytest

from benchmarks.training.live import LiveTask, prepare

N_EPOCHS = 2

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def task() -> LiveTask:
    return prepare("digits-mlp", n_epochs=N_EPOCHS, device="cpu", folder=None)


def test_a_trial_meets_the_same_network_whatever_proposed_it(task: LiveTask) -> None:
    def accuracies() -> list[float | None]:
        study = optuna.create_study(direction="maximize")
        for rate in (0.01, 0.1):
            study.enqueue_trial({"lr": rate})
        study.optimize(task.objective(run_seed=5), n_trials=2)
        return [trial.value for trial in study.trials]

    first = accuracies()
    assert first == accuracies()


def test_pruning_stops_training(task: LiveTask) -> None:
    study = optuna.create_study(
        direction="maximize", pruner=optuna.pruners.ThresholdPruner(lower=0.99)
    )
    study.enqueue_trial({"lr": 1e-5})
    study.optimize(task.objective(run_seed=0), n_trials=1)
    (trial,) = study.trials
    assert trial.state == optuna.trial.TrialState.PRUNED
    assert list(trial.intermediate_values) == [1]


def test_a_sweep_falls_and_then_explodes(task: LiveTask) -> None:
    rates = np.geomspace(1e-5, 100.0, 200)
    losses = task.sweep_losses(rates, run_seed=0)
    assert losses.shape == rates.shape
    reached = losses[np.isfinite(losses)]
    # Untrained, ten classes cost ln 10 = 2.3; at a fair rate the loss falls, at 100 it explodes.
    assert 2.0 < reached[0] < 3.0
    assert reached.min() < 1.5
    assert not np.all(losses < 3.0)
