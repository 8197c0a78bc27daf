"""What a mistaken argument is answered with: its name, the rule, what was given, the remedy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import optuna
import pytest

from optuna_zooming import (
    StopWhenSure,
    TextbookZooming,
    active_arms,
    explain,
    recommended_arm,
    recommended_params,
)
from optuna_zooming.visualization import matplotlib, plot_arms, plot_zoom

OF_A_PARAMETER: list[Callable[..., Any]] = [
    active_arms,
    recommended_arm,
    plot_arms,
    plot_zoom,
    matplotlib.plot_arms,
    matplotlib.plot_zoom,
]
OF_A_STUDY: list[Callable[..., Any]] = [explain, recommended_params, StopWhenSure().is_sure]
ASKED = [
    *((function, ("lr",)) for function in OF_A_PARAMETER),
    *((function, ()) for function in OF_A_STUDY),
]
EACH = pytest.mark.parametrize(("function", "rest"), ASKED)
EACH_OF_A_PARAMETER = pytest.mark.parametrize("function", OF_A_PARAMETER)


def _study(n_trials: int = 3) -> optuna.Study:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(lambda t: t.suggest_float("lr", 1e-5, 1, log=True) ** 2, n_trials=n_trials)
    return study


@EACH
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, "got None: give what optuna.create_study returned; study.optimize returns nothing"),
        ("sqlite:///study.db", r"got a str: load it with optuna.load_study\(study_name=...,"),
        ([1, 2], "got a list: give what optuna.create_study or optuna.load_study returned"),
    ],
)
def test_what_is_no_study(
    function: Callable[..., Any], rest: tuple[str, ...], given: Any, told: str
) -> None:
    with pytest.raises(TypeError, match=f"study must be an Optuna study, {told}"):
        function(given, *rest)


def test_the_password_of_a_storage_is_not_repeated() -> None:
    with pytest.raises(TypeError, match="must be an Optuna study") as error:
        explain("postgresql://me:secret@host/optuna")  # type: ignore[arg-type]
    assert "secret" not in str(error.value)


@EACH
def test_several_objectives(function: Callable[..., Any], rest: tuple[str, ...]) -> None:
    study = optuna.create_study(directions=["minimize", "maximize"])
    told = "needs a study with a single objective, but it has 2: (use|leave)"
    with pytest.raises(ValueError, match=told):
        function(study, *rest)


@EACH_OF_A_PARAMETER
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("rl", r"a parameter 'rl'\. Did you mean 'lr'\? It has 'lr'\."),
        ("LR", r"a parameter 'LR'\. Did you mean 'lr'\? It has 'lr'\."),
        ("learning_rate", r"a parameter 'learning_rate'\. It has 'lr'\."),
    ],
)
def test_a_parameter_that_no_trial_has(function: Callable[..., Any], name: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"No trial of the study has {told}"):
        function(_study(), name)


@EACH_OF_A_PARAMETER
@pytest.mark.parametrize("name", [["lr"], 0, None])
def test_a_name_that_is_no_text(function: Callable[..., Any], name: Any) -> None:
    with pytest.raises(TypeError, match="param_name must be the name of one parameter"):
        function(_study(), name)


@pytest.mark.parametrize("function", [active_arms, recommended_arm])
def test_a_study_without_trials(function: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="a parameter 'lr', or any: run study.optimize first"):
        function(_study(0), "lr")


@EACH_OF_A_PARAMETER
@pytest.mark.parametrize("policy", ["textbook", TextbookZooming])
def test_what_is_no_policy(function: Callable[..., Any], policy: Any) -> None:
    with pytest.raises(TypeError, match=r"policy must be None, AdaptiveZooming\(\) or Textbook"):
        function(_study(), "lr", policy=policy)
