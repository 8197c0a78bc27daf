"""ZoomingPruner stops what cannot win, and nothing else."""

from __future__ import annotations

import math
import pickle
from typing import Literal

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState

from optuna_zooming import ZoomingPruner, ZoomingSampler
from optuna_zooming._evidence.stopping import attainable

N_STEPS = 10


def _study(direction: Literal["minimize", "maximize"] = "maximize") -> optuna.Study:
    return optuna.create_study(
        direction=direction, sampler=ZoomingSampler(seed=0), pruner=ZoomingPruner()
    )


def _finish(study: optuna.Study, curve: list[float]) -> optuna.trial.FrozenTrial:
    """Run one trial along a curve, one step per value, as far as the pruner lets it."""
    trial = study.ask({"lr": optuna.distributions.FloatDistribution(1e-5, 1.0, log=True)})
    for step, value in enumerate(curve, start=1):
        trial.report(value, step)
        if trial.should_prune():
            study.tell(trial, state=TrialState.PRUNED)
            return study.trials[-1]
    study.tell(trial, curve[-1])
    return study.trials[-1]


def _saturating(final: float, pace: float) -> list[float]:
    """final * (1 - exp(-pace * step)), steps 1 to N_STEPS."""
    return [final * (1 - math.exp(-pace * step)) for step in range(1, N_STEPS + 1)]


def test_hand_worked_bound_of_a_single_peer() -> None:
    # The peer went from 0.5 to 0.9. Hope: 1.5 * 0.4 = 0.6. Noise: the prior, 2 % of the range
    # from 0.1 (the worst report at this step) to 0.9, that is 0.016.
    top, target = attainable(0.1, np.array([0.5]), np.array([0.9]), optimism=1.5, confidence=1.0)
    assert target == 0.9
    assert top == pytest.approx(0.1 + 0.6 + 0.016)


def test_the_first_trial_always_finishes() -> None:
    assert _finish(_study(), _saturating(0.1, 0.01)).state == TrialState.COMPLETE


def test_a_dead_trial_is_stopped_long_before_its_end() -> None:
    study = _study()
    _finish(study, _saturating(0.9, 0.5))
    dead = _finish(study, [0.1] * N_STEPS)
    assert dead.state == TrialState.PRUNED
    assert dead.last_step is not None
    assert dead.last_step <= 4


def test_a_better_trial_is_never_stopped() -> None:
    study = _study()
    _finish(study, _saturating(0.7, 0.5))
    assert _finish(study, _saturating(0.9, 0.5)).state == TrialState.COMPLETE


def test_a_slow_starter_that_wins_late_is_given_its_time() -> None:
    study = _study()
    _finish(study, _saturating(0.8, 0.5))
    slow = [0.3, 0.46, 0.58, 0.67, 0.74, 0.79, 0.83, 0.86, 0.88, 0.9]
    assert _finish(study, slow).state == TrialState.COMPLETE


def test_a_quarter_of_the_trials_run_to_their_end() -> None:
    study = _study()
    _finish(study, [0.5, 0.8, 0.9, 0.95])
    # Hopeless ones: once three are stopped for each complete one, the next goes on to its end.
    stopped, complete = TrialState.PRUNED, TrialState.COMPLETE
    ends = [_finish(study, [0.1, 0.1, 0.1, 0.1]).state for _ in range(11)]
    assert ends == [stopped] * 3 + ([complete] + [stopped] * 3) * 2
    # Those that diverged are stopped all the same, and do not count.
    assert [_finish(study, [math.nan]).state for _ in range(9)] == [stopped] * 9
    ends = [_finish(study, [0.1, 0.1, 0.1, 0.1]).state for _ in range(4)]
    assert ends == [complete] + [stopped] * 3


def test_once_a_slow_starter_has_won_slower_ones_are_given_time() -> None:
    slow = [0.1] * 6 + [0.9] * 4
    study = _study()
    _finish(study, slow)
    _finish(study, _saturating(0.8, 1.0))
    assert _finish(study, slow).state == TrialState.COMPLETE


def test_nothing_is_stopped_at_its_last_step() -> None:
    study = _study()
    _finish(study, [0.9] * N_STEPS)
    late = _finish(study, [0.9] * (N_STEPS - 1) + [0.1])
    assert late.state == TrialState.COMPLETE


@pytest.mark.parametrize("lost", [math.nan, math.inf, -math.inf])
def test_divergence_is_stopped_at_once_even_in_the_first_trial(lost: float) -> None:
    trial = _finish(_study("minimize"), [0.5, lost, lost])
    assert (trial.state, trial.last_step) == (TrialState.PRUNED, 2)


def test_minimising_mirrors_maximising() -> None:
    curves = [_saturating(0.9, 0.5), [0.1] * N_STEPS, _saturating(0.7, 0.4), _saturating(0.9, 0.4)]
    up, down = _study("maximize"), _study("minimize")
    ends = [
        (_finish(up, curve).last_step, _finish(down, [-value for value in curve]).last_step)
        for curve in curves
    ]
    assert all(a == b for a, b in ends)
    assert ends[1][0] != N_STEPS


def test_a_trial_without_reports_is_left_alone() -> None:
    study = _study()
    assert not study.ask().should_prune()


@pytest.mark.parametrize("name", ["optimism", "confidence"])
@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("2", TypeError),
        (True, TypeError),
        (-1.0, ValueError),
        (math.nan, ValueError),
        (math.inf, ValueError),
    ],
)
def test_wrong_arguments_are_named(name: str, value: object, error: type[Exception]) -> None:
    with pytest.raises(error, match=name):
        ZoomingPruner(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1e155, 1e300, 1.7e308])
@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_reports_of_any_finite_size_are_compared(size: float, direction: str) -> None:
    study = _study("maximize" if direction == "maximize" else "minimize")
    sign = 1.0 if direction == "maximize" else -1.0
    for _ in range(5):
        assert _finish(study, [sign * size] * N_STEPS).state == TrialState.COMPLETE
    assert _finish(study, [-sign * size] * N_STEPS).state == TrialState.PRUNED
    assert _finish(study, [sign * size] * N_STEPS).state == TrialState.COMPLETE


def test_steps_of_any_size_are_compared() -> None:
    study = _study("maximize")
    for value in (0.9, 0.9, 0.9):
        trial = study.ask()
        for step in (1, 2**63, 2**70):
            trial.report(value, step)
        study.tell(trial, value)
    trial = study.ask()
    trial.report(0.1, 2**63)
    assert trial.should_prune()
    study.tell(trial, state=TrialState.PRUNED)
    # The sampler reads them too.
    for _ in range(3):
        study.tell(study.ask({"x": optuna.distributions.FloatDistribution(0, 1)}), 0.5)


def test_pruner_is_pickled_without_its_cache() -> None:
    study = _study("maximize")
    for _ in range(3):
        _finish(study, [0.9] * N_STEPS)
    study.pruner = pickle.loads(pickle.dumps(study.pruner))
    assert _finish(study, [0.1] * N_STEPS).state == TrialState.PRUNED
