"""Run by .ci/run with the installed wheel and its dependencies only; not a pytest module."""

from __future__ import annotations

import importlib.resources
import importlib.util

import optuna

import optuna_zooming


def main() -> None:
    """Tune a parabola, ask what is best, and be told which extra the figure needs."""
    for absent in ("plotly", "torch", "sklearn"):
        assert importlib.util.find_spec(absent) is None, f"{absent} is installed here"
    assert "site-packages" in optuna_zooming.__file__
    assert (importlib.resources.files("optuna_zooming") / "py.typed").is_file()

    study = optuna.create_study(sampler=optuna_zooming.ZoomingSampler(seed=0))
    study.optimize(lambda trial: (trial.suggest_float("x", 0, 1) - 0.3) ** 2, n_trials=12)
    assert optuna_zooming.active_arms(study, "x")
    assert abs(optuna_zooming.recommended_arm(study, "x").value - 0.3) < 0.1

    study.optimize(lambda t: t.suggest_float("x", 0, 1) + t.suggest_float("y", 0, 1), n_trials=5)
    assert set(optuna_zooming.recommended_params(study).params) <= {"x", "y"}

    from optuna_zooming.visualization import plot_arms

    message = ""
    try:
        plot_arms(study, "x")
    except ImportError as error:
        message = str(error)
    assert "optuna-zooming[plot]" in message


if __name__ == "__main__":
    main()
