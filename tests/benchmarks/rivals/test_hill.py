"""The hill climber, step by step as worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
import optuna
import pytest

from benchmarks.rivals.axis import AxisSampler, Tried
from benchmarks.rivals.hill import HillClimber

FIRST = [0.5, 0.75, 0.25, 0.9, 0.1]


def _climb(
    objective: Callable[[float], float],
    n_trials: int,
    *,
    direction: Literal["minimize", "maximize"] = "maximize",
) -> list[float]:
    """The exponents that it tries for a rate of 1 to 10: the points of the unit axis."""

    def of_trial(trial: optuna.Trial) -> float:
        return objective(math.log10(trial.suggest_float("lr", 1.0, 10.0, log=True)))

    sampler = AxisSampler(HillClimber().next_point)
    study = optuna.create_study(direction=direction, sampler=sampler)
    study.optimize(of_trial, n_trials=n_trials, catch=ArithmeticError)
    return [math.log10(trial.params["lr"]) for trial in study.trials]


@pytest.mark.parametrize(("direction", "sign"), [("maximize", -1.0), ("minimize", 1.0)])
def test_it_climbs_a_parabola(direction: Literal["minimize", "maximize"], sign: float) -> None:
    tried = _climb(lambda u: sign * (u - 0.6) ** 2, 9, direction=direction)
    # 0.5 leads between equal gaps: the lower one first. Then 0.625 does, and again both ways.
    assert tried == pytest.approx([*FIRST, 0.375, 0.625, 0.5625, 0.6875])


def test_it_climbs_to_the_end_of_the_axis() -> None:
    # 0.9 leads: a gap of 0.15 below it, 0.1 above, and 0.075 below then. 0.95 leads between equals.
    tried = _climb(lambda u: u, 9)
    assert tried == pytest.approx([*FIRST, 0.825, 0.95, 0.925, 0.975])


def test_failures_and_nan_are_the_worst() -> None:
    def objective(u: float) -> float:
        if u > 0.7:
            raise ArithmeticError
        return math.nan if u > 0.4 else u - 100

    # 0.25 is the best that has a value, between 0.1 and 0.5.
    assert _climb(objective, 7) == pytest.approx([*FIRST, 0.375, 0.3125])


def test_while_everything_fails_it_halves_the_widest_gap() -> None:
    assert _climb(lambda u: math.nan, 8) == pytest.approx([*FIRST, 0.375, 0.625, 0.175])


def test_pruned_trials_count_with_their_last_report() -> None:
    def objective(trial: optuna.Trial) -> float:
        u = trial.suggest_float("x", 0.0, 1.0)
        trial.report(100.0, 1)
        trial.report(u, 2)
        raise optuna.TrialPruned

    sampler = AxisSampler(HillClimber().next_point)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=6)
    assert study.trials[-1].params["x"] == pytest.approx(0.825)


def test_workers_share_the_first_points_and_the_gaps() -> None:
    study = optuna.create_study(sampler=AxisSampler(HillClimber().next_point))
    running = [study.ask() for _ in range(5)]
    assert [trial.suggest_float("x", 0.0, 1.0) for trial in running] == pytest.approx(FIRST)
    for trial, value in zip(running, [0.0, 1.0, 1.0, 1.0, 1.0]):
        study.tell(trial, value)
    points = [study.ask().suggest_float("x", 0.0, 1.0) for _ in range(3)]
    # The middles of the gaps beside 0.5, then of one that the first of them left.
    assert points == pytest.approx([0.375, 0.625, 0.4375])


def test_other_first_points() -> None:
    rule = HillClimber(first=(0.5, 0.8, 0.2))
    tried = Tried(np.array([0.5, 0.8, 0.2]), np.array([0.0, 1.0, 0.0]))
    assert rule.next_point(3, tried) == pytest.approx(0.65)


def test_it_refuses_what_it_does_not_claim() -> None:
    study = optuna.create_study(sampler=AxisSampler(HillClimber().next_point))
    trial = study.ask()
    with pytest.raises(ValueError, match="without steps"):
        trial.suggest_int("n", 1, 9)
    trial.suggest_float("x", 0.0, 1.0)
    with pytest.raises(ValueError, match="'y' as a second one"):
        trial.suggest_float("y", 0.0, 1.0)
