"""Which arms are judged, what holds, and what counts as unknown."""

from __future__ import annotations

import math

import numpy as np
import optuna
import pytest

import optuna_zooming
from benchmarks.problems.groups import make_problem
from benchmarks.rivals.samplers import rival
from benchmarks.runs.judged import judged_arms
from benchmarks.runs.runner import run_study
from optuna_zooming.inspection import Arm


def _arm(mean: float, low: float, high: float, *, rate: float = 1e-3) -> Arm:
    return Arm(
        value=rate,
        pulls=1,
        complete=1,
        diverged=0,
        mean=mean,
        standard_error=0.1,
        radius=0.1,
        ball=(rate, rate),
        interval=(low, high),
    )


def _judged(monkeypatch: pytest.MonkeyPatch, arms: list[Arm]) -> tuple[float, ...]:
    monkeypatch.setattr(optuna_zooming, "active_arms", lambda study, name, policy: arms)
    return judged_arms(optuna.create_study(), rival("zooming").make(0), make_problem("slow-loss"))


def test_arms_are_judged_by_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = make_problem("slow-loss")
    truth = problem.truth({"lr": 1e-3})
    arms = [
        _arm(truth, truth - 0.1, truth + 0.1),
        # Beside it.
        _arm(truth, truth + 0.1, truth + 0.2),
        _arm(truth, truth - 0.2, truth + 0.2),
        # Nothing is known, on one side or on both.
        _arm(truth, -math.inf, math.inf),
        _arm(truth, truth + 1, math.inf),
        # Everything diverged.
        _arm(-math.inf, -math.inf, -math.inf),
    ]
    judged, hold, unknown, width = _judged(monkeypatch, arms)
    assert (judged, hold, unknown) == (5, 4, 2)
    # The median of 0.2, 0.1 and 0.4.
    assert width == pytest.approx(0.2 / problem.span)


def test_without_a_finite_interval_there_is_no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _judged(monkeypatch, [_arm(0.0, -math.inf, math.inf)])
    assert found[:3] == (1, 1, 1)
    assert math.isnan(found[3])
    found = _judged(monkeypatch, [])
    assert found[:3] == (0, 0, 0)
    assert math.isnan(found[3])


def test_several_parameters_are_not_judged() -> None:
    problem = make_problem("mnist-grid-sgd/lr+momentum")
    assert problem.n_parameters == 2
    run = run_study(problem, rival("zooming"), "none", 0, n_trials=6)
    assert np.isnan([run.arms_judged, run.arms_hold, run.arms_unknown, run.arms_width]).all()
    assert not np.isnan(run.recommended_regret[-1])
