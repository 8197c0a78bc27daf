"""A user's code with every public name, for type checkers; .ci/release hands it the built wheel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np
import optuna
from typing_extensions import assert_type

import optuna_zooming
from optuna_zooming import (
    AdaptiveZooming,
    Arm,
    Explanation,
    RecommendedParams,
    StopWhenSure,
    TextbookZooming,
    ZoomingDashboard,
    ZoomingPruner,
    ZoomingSampler,
    active_arms,
    explain,
    recommended_arm,
    recommended_params,
    visualization,
)
from optuna_zooming.visualization import plot_arms, plot_zoom


def objective(trial: optuna.Trial) -> float:
    """Three steps of gradient descent, reported one by one."""
    learning_rate = trial.suggest_float("lr", 1e-5, 1, log=True)
    weight = np.float64(5.0)
    for step in range(3):
        weight -= learning_rate * 2 * (weight - 1)
        trial.report(float((weight - 1) ** 2), step)
        if trial.should_prune():
            raise optuna.TrialPruned
    return float((weight - 1) ** 2)


def searched() -> optuna.Study:
    """A study with all that is handed to Optuna."""
    assert_type(optuna_zooming.__version__, str)
    samplers: list[optuna.samplers.BaseSampler] = [
        ZoomingSampler(),
        ZoomingSampler(seed=0, policy=TextbookZooming(horizon=100, scale=0.05)),
        ZoomingSampler(seed=0, policy=AdaptiveZooming().with_constants(min_slope=4.0)),
    ]
    pruner: optuna.pruners.BasePruner = ZoomingPruner(optimism=2.0, confidence=1.0)
    study = optuna.create_study(sampler=samplers[-1], pruner=pruner)
    study.optimize(
        objective,
        n_trials=12,
        callbacks=[StopWhenSure(share=0.01), ZoomingDashboard(every=10, param_names=["lr"])],
    )
    assert_type(StopWhenSure().is_sure(study), bool)
    return study


def answers(study: optuna.Study) -> None:
    """What a study is asked in the end."""
    explanation = explain(study)
    assert_type(explanation, Explanation)
    assert_type(explanation.recommended, Optional[RecommendedParams])
    assert_type(explanation.improvement, Optional[float])
    assert_type(explanation.further_trials, Optional[int])
    assert_type(explanation.advice, str)
    if explanation.next_step == "stop":
        print(explanation)

    found = recommended_params(study, caution=1.0)
    assert_type(found, RecommendedParams)
    assert_type(found.params, dict[str, Any])
    assert_type(found.interval, tuple[float, float])
    assert_type(found.mean, float)
    assert_type(found.number, int)
    low, high = found.interval
    assert low <= found.mean <= high

    arm = recommended_arm(study, "lr", caution=2, policy=AdaptiveZooming())
    assert_type(arm, Arm)
    assert_type(active_arms(study, "lr"), list[Arm])
    assert_type(arm.mean - arm.standard_error, float)
    assert_type(arm.pulls + arm.complete + arm.diverged, int)
    assert_type(arm.section, Optional[Mapping[str, Any]])
    means = np.array([each.mean for each in active_arms(study, "lr")])
    assert np.isfinite(means).any()


def drawn(study: optuna.Study) -> None:
    """Figures, where plotly (which has no types of its own) and matplotlib are installed."""
    from matplotlib.axes import Axes

    from optuna_zooming.visualization import matplotlib

    print(plot_arms(study, "lr", target_name="loss"), plot_zoom(study, "lr"))
    print(visualization.plot_arms(study, "lr", policy=AdaptiveZooming()))
    assert_type(matplotlib.plot_arms(study, "lr"), Axes)
    assert_type(matplotlib.plot_zoom(study, "lr", policy=TextbookZooming(horizon=100)), Axes)


if __name__ == "__main__":
    answers(searched())
