"""Optimisers of other packages: told every trial once, asked for the rest."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Literal

import numpy as np
import optuna
import pytest

from benchmarks.__main__ import EXIT_USER_ERROR, main
from benchmarks.problems.groups import make_problem
from benchmarks.rivals.ask_tell import AskTellSampler
from benchmarks.rivals.samplers import rival
from benchmarks.runs.runner import run_study

PACKAGES = {"smac": "smac", "ax": "ax"}


class _Told:
    """Asks for 0.1, 0.2, ... and remembers what it was told."""

    def __init__(self) -> None:
        self.asked = 0
        self.told: list[tuple[str, float | None]] = []

    def ask(self) -> tuple[str, float]:
        self.asked += 1
        return f"asked {self.asked}", self.asked / 10

    def attach(self, value: float) -> str:
        return f"attached {value}"

    def tell(self, ticket: str, loss: float | None) -> None:
        self.told.append((ticket, loss))


def test_every_trial_is_told_once_with_its_loss() -> None:
    optimiser = _Told()
    sampler = AskTellSampler(lambda axis: optimiser)
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
        ("attached 0.75", -1.0),
        ("asked 1", -2.0),
        ("asked 2", None),
        ("asked 3", None),
        ("asked 4", -4.5),
    ]
    assert [trial.params["x"] for trial in study.trials] == [0.75, 0.1, 0.2, 0.3, 0.4, 0.5]


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
def test_the_extra_is_named_where_a_package_is_missing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None)
    flags = ["--problems", "noise-2pct/0", "--samplers", name, "--out", str(tmp_path)]
    assert main(["compare", *flags]) == EXIT_USER_ERROR
    printed = capsys.readouterr().err
    assert f"needs {PACKAGES[name]}, which is not installed" in printed
    assert 'pip install ".[rivals]"' in printed
