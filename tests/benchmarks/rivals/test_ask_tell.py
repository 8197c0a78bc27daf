"""Optimisers of other packages: told every trial once, asked for the rest."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import optuna
import pytest

from benchmarks.__main__ import EXIT_USER_ERROR, main
from benchmarks.problems.groups import make_problem
from benchmarks.rivals.ask_tell import AskTellSampler
from benchmarks.rivals.samplers import rival
from benchmarks.rivals.search_spaces import space_of
from benchmarks.runs.runner import run_study
from tests.benchmarks.rivals.spaces import Everything, Layered

PACKAGES = {"smac": "smac", "smac-once": "smac", "ax": "ax"}


class _Told:
    """Asks for 0.1, 0.2, ... and remembers what it was told."""

    def __init__(self) -> None:
        self.asked = 0
        self.told: list[tuple[str, float | None]] = []

    def ask(self) -> tuple[str, dict[str, Any]]:
        self.asked += 1
        return f"asked {self.asked}", {"x": self.asked / 10}

    def attach(self, params: Mapping[str, Any]) -> str:
        return f"attached {dict(params)}"

    def tell(self, ticket: str, loss: float | None) -> None:
        self.told.append((ticket, loss))


def test_every_trial_is_told_once_with_its_loss() -> None:
    optimiser = _Told()
    sampler = AskTellSampler(lambda space: optimiser)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.enqueue_trial({"x": 0.75})
    ends: list[float | None] = [1.0, 2.0, None, math.nan, 5.0, 6.0]

    def objective(trial: optuna.Trial) -> float:
        trial.suggest_float("x", 0.0, 1.0)
        value = ends[trial.number]
        if trial.number == 4:
            trial.report(4.5, 1)
            raise optuna.TrialPruned
        if value is None:
            raise ArithmeticError
        return value

    study.optimize(objective, n_trials=6, catch=ArithmeticError)
    # The last one is told once the next is asked for; losses are the opposite of values.
    assert optimiser.told == [
        ("attached {'x': 0.75}", -1.0),
        ("asked 1", -2.0),
        ("asked 2", None),
        ("asked 3", None),
        ("asked 4", -4.5),
    ]
    assert [trial.params["x"] for trial in study.trials] == [0.75, 0.1, 0.2, 0.3, 0.4, 0.5]


def test_a_second_parameter_has_to_be_declared() -> None:
    sampler = AskTellSampler(lambda space: _Told())
    trial = optuna.create_study(sampler=sampler).ask()
    trial.suggest_float("x", 0, 1)
    with pytest.raises(ValueError, match="declared; got 'y' besides"):
        trial.suggest_float("y", 0, 1)


def test_what_an_enqueued_trial_leaves_open_is_drawn_at_random_and_attached() -> None:
    class Asking(_Told):
        def ask(self) -> tuple[str, dict[str, Any]]:
            return "asked", {"layers": 1}

    optimiser = Asking()
    space = space_of(Layered())
    study = optuna.create_study(sampler=AskTellSampler(lambda _: optimiser, space=space))
    study.enqueue_trial({"layers": 2})
    study.optimize(lambda trial: Layered().learning_curve(trial, 0)[0], n_trials=2)
    first, second = study.trials
    assert second.params == {"layers": 1}
    units = first.params["units"]
    assert optimiser.told == [(f"attached {{'layers': 2, 'units': {units}}}", 0.0)]


def _need(name: str) -> None:
    """Skip where a package is missing; fail where REQUIRE_RIVALS is set, as in CI."""
    if not os.environ.get("REQUIRE_RIVALS"):
        pytest.importorskip(PACKAGES[name], reason=f'{name} is missing: pip install ".[rivals]"')


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.filterwarnings("default")
def test_packages_run_repeat_themselves_and_survive_failures(name: str) -> None:
    _need(name)
    problem = make_problem("diverging/0")
    first, second = (run_study(problem, rival(name), "none", 1, n_trials=14) for _ in range(2))
    assert list(first.params) == list(second.params)
    assert {"COMPLETE", "FAIL"} == set(first.state)
    assert np.nanmin(first.best_regret) < 0.3


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_packages_continue_a_study_in_either_direction(
    name: str, direction: Literal["minimize", "maximize"]
) -> None:
    _need(name)
    sign = 1.0 if direction == "minimize" else -1.0
    study = optuna.create_study(direction=direction, sampler=optuna.samplers.RandomSampler(0))
    for sampler in (study.sampler, rival(name).make(0)):
        study.sampler = sampler
        study.optimize(
            lambda trial: sign * (trial.suggest_float("x", -1, 1) - 0.3) ** 2, n_trials=12
        )
    assert study.best_params["x"] == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.filterwarnings("default")
def test_packages_search_whole_spaces_with_conditions(name: str) -> None:
    _need(name)
    problem, n_trials = Everything(), 8
    study = optuna.create_study(direction="maximize", sampler=rival(name).sampler_for(problem, 0))
    # The optimiser did not ask for the first, and asks for parameters that this one lacks.
    study.enqueue_trial({"layers": 1, "power": 100, "kind": None, "odd": 7, "step": 0.5})
    study.optimize(lambda trial: problem.learning_curve(trial, 0)[0], n_trials=n_trials)
    for trial in study.trials:
        assert trial.state.name == "COMPLETE"
        assert ("units" in trial.params) == (trial.params["layers"] > 1)
        assert ("momentum" in trial.params) == (trial.params["kind"] == "sgd")
    # SMAC repeats its incumbents.
    assert len({str(trial.params) for trial in study.trials}) > n_trials / 4


@pytest.mark.filterwarnings("default")
def test_smac_repeats_itself_unless_told_that_there_is_no_noise() -> None:
    _need("smac")
    problem = make_problem("tuning-ridge-2d/2pct")
    often, once = (
        run_study(problem, rival(name), "none", 1, n_trials=20) for name in ("smac", "smac-once")
    )
    assert len(set(once.params)) == 20 > len(set(often.params))


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.filterwarnings("default")
def test_packages_run_on_problems_of_several_parameters(name: str) -> None:
    _need(name)
    run = run_study(make_problem("tuning-optimisers/2pct"), rival(name), "none", 1, n_trials=8)
    tried = [json.loads(params) for params in run.params]
    assert all(("momentum" in params) == (params["optimiser"] == "sgd") for params in tried)
    assert len({params["lr"] for params in tried}) > 3


@pytest.mark.parametrize("name", PACKAGES)
def test_the_extra_is_named_where_a_package_is_missing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None)
    flags = ["--problems", "noise-2pct/0", "--samplers", name, "--out", str(tmp_path)]
    assert main(["compare", *flags]) == EXIT_USER_ERROR
    printed = capsys.readouterr().err
    assert f"needs {PACKAGES[name]}, which is not installed" in printed
    assert 'pip install ".[rivals]"' in printed
