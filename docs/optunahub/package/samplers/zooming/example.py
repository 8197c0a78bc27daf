"""Tune the learning rate of gradient descent, and ask what to use in the end."""

from __future__ import annotations

import optuna
import optunahub


def objective(trial: optuna.Trial) -> float:
    learning_rate = trial.suggest_float("lr", 1e-5, 10, log=True)
    weight = 5.0
    for step in range(3):  # your training loop; this one diverges above 1
        weight -= learning_rate * 2 * (weight - 1)
        trial.report((weight - 1) ** 2, step)
        if trial.should_prune():
            raise optuna.TrialPruned()
    return (weight - 1) ** 2


if __name__ == "__main__":
    zooming = optunahub.load_module("samplers/zooming")

    study = optuna.create_study(
        sampler=zooming.ZoomingSampler(seed=0), pruner=zooming.ZoomingPruner()
    )
    study.optimize(objective, n_trials=15, callbacks=[zooming.StopWhenSure()])
    print(zooming.explain(study))
