"""Run by .ci/release with the installed wheel and its dependencies only; not a pytest module."""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import optuna

import optuna_zooming


def main() -> None:
    """Tune a parabola, ask what is best, and be told which extra the figure needs."""
    for absent in ("plotly", "matplotlib", "torch", "sklearn"):
        assert importlib.util.find_spec(absent) is None, f"{absent} is installed here"
    assert "site-packages" in optuna_zooming.__file__
    assert (importlib.resources.files("optuna_zooming") / "py.typed").is_file()

    study = optuna.create_study(sampler=optuna_zooming.ZoomingSampler(seed=0))
    study.optimize(lambda trial: (trial.suggest_float("x", 0, 1) - 0.3) ** 2, n_trials=12)
    assert optuna_zooming.active_arms(study, "x")
    assert abs(optuna_zooming.recommended_arm(study, "x").value - 0.3) < 0.1

    study.optimize(lambda t: t.suggest_float("x", 0, 1) + t.suggest_float("y", 0, 1), n_trials=5)
    assert set(optuna_zooming.recommended_params(study).params) <= {"x", "y"}

    from optuna_zooming.visualization import matplotlib, plot_arms, plot_zoom

    for plot, extra in (
        (plot_arms, "plot"),
        (plot_zoom, "plot"),
        (matplotlib.plot_arms, "matplotlib"),
        (matplotlib.plot_zoom, "matplotlib"),
    ):
        message = ""
        try:
            plot(study, "x")
        except ImportError as error:
            message = str(error)
        assert f"optuna-zooming[{extra}]" in message
    check_dashboard()
    check_command_line()
    check_metadata()


def check_command_line() -> None:
    """The installed command reads a value; a report says which extra it needs."""
    installed = Path(sys.executable).with_name("optuna-zooming")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/study.db"
        study = optuna.create_study(storage=url)
        study.optimize(lambda trial: (trial.suggest_float("x", 0, 1) - 0.3) ** 2, n_trials=5)

        def told(*arguments: str) -> subprocess.CompletedProcess[str]:
            call = [str(installed), *arguments]
            return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)

        value = told("recommend", url)
        expected = optuna_zooming.recommended_params(study).params["x"]
        assert (value.returncode, float(value.stdout)) == (0, expected), value.stderr
        page = told("report", url)
        assert (page.returncode, page.stdout) == (2, "")
        assert "optuna-zooming[plot]" in page.stderr
        study._storage.remove_session()


def check_metadata() -> None:
    """What PyPI shows: the version that the package names, and a page without dead links."""
    shown = importlib.metadata.metadata("optuna-zooming")
    assert shown["Version"] == optuna_zooming.__version__
    page = shown.get_payload() or shown["Description"]  # type: ignore[attr-defined]
    assert "pip install" in page
    assert re.findall(r"\]\((?!https://)[^)]*\)", page) == []


def check_dashboard() -> None:
    """Without plotly nothing is published, and trials go on."""
    study = optuna.create_study()
    callbacks = [optuna_zooming.ZoomingDashboard()]
    study.optimize(lambda t: t.suggest_float("x", 0, 1), n_trials=3, callbacks=callbacks)
    assert len(study.trials) == 3
    assert study._storage.get_study_system_attrs(study._study_id) == {}


if __name__ == "__main__":
    main()
